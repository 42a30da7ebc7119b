#!/bin/sh
# Made the certificates beside it, once: an authority, and what a server presents that it has signed, or not.
# Their keys are in public and vouch for 127.0.0.1, ::1 and localhost only. Run it here to make them anew.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
here=$(cd "$(dirname "$0")" && pwd)
cd "$work"
touch index.txt
cat >openssl.cnf <<'END'
[ca]
default_ca = authority
[authority]
dir = .
database = ./index.txt
new_certs_dir = .
rand_serial = yes
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
[req]
distinguished_name = name
[name]
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[loopback]
subjectAltName = DNS:localhost,IP:127.0.0.1,IP:::1
authorityKeyIdentifier = keyid
subjectKeyIdentifier = hash
[elsewhere]
subjectAltName = DNS:elsewhere.example
authorityKeyIdentifier = keyid
subjectKeyIdentifier = hash
END

key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1.key"; }

authority() { # NAME
    key "$1"
    openssl req -new -key "$1.key" -subj "/CN=fgtui tests: $1" -config openssl.cnf -out "$1.csr"
    openssl ca -selfsign -batch -notext -config openssl.cnf -keyfile "$1.key" -extensions root \
        -startdate 20200101000000Z -enddate 21200101000000Z -in "$1.csr" -out "$1.pem"
}

signed() { # NAME EXTENSIONS FROM TO
    key "$1"
    openssl req -new -key "$1.key" -subj "/CN=$1" -config openssl.cnf -out "$1.csr"
    openssl ca -batch -notext -config openssl.cnf -cert authority.pem -keyfile authority.key -extensions "$2" \
        -startdate "$3" -enddate "$4" -in "$1.csr" -out "$1.crt"
    cat "$1.key" "$1.crt" >"$1.pem"
}

authority authority
authority stranger
signed loopback loopback 20200101000000Z 21200101000000Z
signed elsewhere elsewhere 20200101000000Z 21200101000000Z
signed expired loopback 20200101000000Z 20200102000000Z
signed early loopback 21000101000000Z 21200101000000Z
cp authority.pem stranger.pem loopback.pem elsewhere.pem expired.pem early.pem "$here"
