"""Why there is no connection, and what to do about it: urllib3's and OpenSSL's reasons as sentences yet to be said."""

from __future__ import annotations

import socket
import ssl
from pathlib import Path

from fgtui.invoke.http.proxies import Proxy
from fgtui.regex import regex
from fgtui.words import Phrase

_REFUSED = regex(r"(?s)Tunnel connection failed: (\d+) ?(.*)")
_EXPIRED, _NOT_YET = 10, 9
_OTHER_NAMES = frozenset({62, 64})
"""Codes of OpenSSL's verification (X509_V_ERR_…); of names and addresses."""
_HOW_TO_TRUST = Phrase('if it is yours, name its authority: ca_file = "FILE.pem"')


def not_connected(place: str, error: Exception, proxy: Proxy | None) -> Phrase:
    """No line to ``place``, or to the proxy before it."""
    where = place if proxy is None else Phrase("the proxy {proxy} ({variable})", proxy=proxy, variable=proxy.variable)
    if isinstance(error, socket.gaierror):
        return Phrase("{where}: no address is known for that name: {reason}", where=where, reason=_reason(error))
    if isinstance(error, UnicodeError):
        return Phrase("{where}: that is no name of a host", where=where)
    if isinstance(error, TimeoutError):
        return Phrase("{where} does not answer: no connection came about", where=where)
    return Phrase("{where}: {reason}", where=where, reason=_reason(error))


def not_trusted(place: str, error: ssl.SSLError, ca_file: Path | None) -> Phrase:
    """TLS came to nothing."""
    if not isinstance(error, ssl.SSLCertVerificationError):
        if error.reason in {"WRONG_VERSION_NUMBER", "HTTP_REQUEST", "PACKET_LENGTH_TOO_LONG"}:
            return Phrase("{place} does not speak TLS: is its address http:// rather than https://?", place=place)
        return Phrase("{place}: no TLS came about: {reason}", place=place, reason=_tls_reason(error))
    reason = error.verify_message
    if error.verify_code in _OTHER_NAMES:
        return Phrase("{place} presents the certificate of another host: {reason}", place=place, reason=reason)
    if error.verify_code == _EXPIRED:
        return Phrase("the certificate of {place} has expired, unless this machine's clock is wrong", place=place)
    if error.verify_code == _NOT_YET:
        return Phrase("the certificate of {place} is not valid yet, unless this machine's clock is wrong", place=place)
    if ca_file is not None:
        return Phrase(
            "{place} presents a certificate that neither this system nor {file} vouches for: {reason}",
            place=place,
            file=ca_file,
            reason=reason,
        )
    return Phrase(
        "{place} presents a certificate that this system does not trust: {reason}; {how}",
        place=place,
        reason=reason,
        how=_HOW_TO_TRUST,
    )


def no_tls(place: str, proxy: Proxy | None) -> Phrase:
    """There is a line, and nothing comes over it."""
    if proxy is not None:
        return Phrase(
            "the proxy {proxy} ({variable}) opened no way to {place}", proxy=proxy, variable=proxy.variable, place=place
        )
    return Phrase("{place} takes connections, but no TLS came about", place=place)


def unreadable_certificates(file: Path, error: OSError) -> Phrase:
    """A ``ca_file`` that is not there, or not ours to read."""
    return Phrase("ca_file {file} cannot be read: {reason}", file=file, reason=_reason(error))


def no_certificates(file: Path) -> Phrase:
    """A ``ca_file`` that is something else."""
    return Phrase("ca_file {file} holds no certificates; it takes those of authorities, in PEM form", file=file)


def proxy_refused(proxy: Proxy, error: Exception) -> Phrase | None:
    """What to say when it is the proxy that has said no; ``None`` when it has not."""
    found = _REFUSED.match(str(error)) if isinstance(error, OSError) else None
    return None if found is None else proxy_says(proxy, int(found[1]), found[2])


def proxy_says(proxy: Proxy, status: int, reason: str = "") -> Phrase:
    """The proxy answered in place of whoever was asked."""
    values = {"proxy": proxy, "variable": proxy.variable, "status": status, "reason": reason}
    if status == 407:
        return Phrase(
            "the proxy {proxy} wants other credentials (407): {variable} holds http://NAME:PASSWORD@…"
            if proxy.credentials
            else "the proxy {proxy} wants a name and a password (407): {variable} may hold http://NAME:PASSWORD@…",
            values,
        )
    if not reason:
        return Phrase("the proxy {proxy} ({variable}) refused: {status}", values)
    return Phrase("the proxy {proxy} ({variable}) refused: {status} {reason}", values)


def proxy_not_spoken(proxy: Proxy) -> Phrase:
    """A proxy of a kind that nothing here speaks."""
    return Phrase(
        "the proxy {proxy} ({variable}) would be spoken to by {scheme}; only http:// is understood here",
        proxy=proxy,
        variable=proxy.variable,
        scheme=proxy.scheme,
    )


def no_proxy_url(variable: str) -> Phrase:
    """A variable that cannot be understood, and is not quoted: it may hold a password."""
    return Phrase("{variable} holds no address of a proxy; it is spelled http://HOST:PORT", variable=variable)


def _reason(error: Exception) -> str:
    text = (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__
    return text[:1].lower() + text[1:]


def _tls_reason(error: ssl.SSLError) -> str:
    return (error.reason or str(error)).replace("_", " ").lower()
