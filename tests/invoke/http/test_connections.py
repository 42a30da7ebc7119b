"""Connections: kept while they are good, verified, and said in words where there is none."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from fgtui.invoke.http import connections
from fgtui.invoke.http.authorities import MOST_TRUSTED
from fgtui.invoke.http.connections import Pool, Route
from fgtui.invoke.http.errors import BrokenError, Call
from fgtui.invoke.http.transport import Reply, Transport
from tests.invoke.harness import GUARD_S, wait_until
from tests.invoke.http_servers import AUTHORITY, STRANGER, Server, answer, raw, serving, tunnel


@pytest.fixture
def transport() -> Iterator[Transport]:
    made = Transport({})
    yield made
    made.close()


def sent(transport: Transport, url: str, ca_file: Path | None = AUTHORITY) -> Reply:
    return transport.send("POST", url, [], b"{}", timeout_s=GUARD_S, ca_file=ca_file)


def failure(transport: Transport, url: str, ca_file: Path | None = AUTHORITY) -> str:
    with pytest.raises(BrokenError) as caught:
        sent(transport, url, ca_file)
    assert not caught.value.may_have_run
    return caught.value.message


@pytest.fixture(scope="module")
def secure() -> Iterator[Server]:
    with serving(answer(200, b"{}"), tls="loopback") as server:
        yield server


# Keeping


@pytest.mark.parametrize("tls", [None, "loopback"])
def test_one_call_after_the_other_shares_a_connection(transport: Transport, tls: str | None) -> None:
    with serving(tls=tls) as server:
        for _ in range(3):
            sent(transport, server.url)
        assert len(server.connections) == 1


@pytest.mark.parametrize("tls", [None, "loopback"])
def test_a_connection_that_was_closed_meanwhile_is_found_out_before_anything_is_sent(
    transport: Transport, tls: str | None
) -> None:
    with serving(answer(200, b"first", then="close"), answer(200, b"second"), tls=tls) as server:
        assert sent(transport, server.url).body == b"first"
        server.ended()
        assert sent(transport, server.url).body == b"second"
        assert len(server.requests) == 2


def test_hosts_and_authorities_do_not_share(transport: Transport, tmp_path: Path) -> None:
    other = tmp_path / "other.pem"
    other.write_bytes(AUTHORITY.read_bytes())
    with serving(tls="loopback") as server:
        sent(transport, server.url)
        sent(transport, server.url, other)
        sent(transport, server.url.replace("127.0.0.1", "localhost"))
        assert len(server.connections) == 3


def test_a_connection_that_waited_long_is_not_trusted_to_be_there_still(
    transport: Transport, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "IDLE_S", 0.0)
    with serving() as server:
        sent(transport, server.url)
        sent(transport, server.url)
        assert len(server.connections) == 2


def test_what_comes_back_after_the_end_is_closed() -> None:
    with serving() as server:
        route, pool = Route("http", "127.0.0.1", server.port), Pool()
        connection = pool.take(route, Call(GUARD_S))
        pool.close()
        pool.keep(route, connection)
        wait_until(lambda: server.connections, "the connection has come")
        server.ended()


def test_what_is_kept_is_closed_in_the_end() -> None:
    transport = Transport({})
    with serving() as server:
        sent(transport, server.url)
        transport.close()
        server.ended()


# TLS


def test_an_authority_of_ones_own_is_trusted_besides(transport: Transport, secure: Server) -> None:
    assert sent(transport, secure.url).body == b"{}"
    assert sent(transport, secure.url.replace("127.0.0.1", "localhost")).body == b"{}"


def test_an_unknown_authority_is_refused_and_the_way_out_named(transport: Transport, secure: Server) -> None:
    assert failure(transport, secure.url, None) == (
        f"127.0.0.1:{secure.port} presents a certificate that this system does not trust: "
        'unable to get local issuer certificate; if it is yours, name its authority: ca_file = "FILE.pem"'
    )
    assert failure(transport, secure.url, STRANGER) == (
        f"127.0.0.1:{secure.port} presents a certificate that neither this system nor {STRANGER} vouches for: "
        "unable to get local issuer certificate"
    )


@pytest.mark.parametrize(
    ("certificate", "words"),
    [
        (
            "elsewhere",
            "{place} presents the certificate of another host: IP address mismatch, certificate is not valid",
        ),
        ("expired", "the certificate of {place} has expired, unless this machine's clock is wrong"),
        ("early", "the certificate of {place} is not valid yet, unless this machine's clock is wrong"),
    ],
)
def test_a_wrong_certificate_is_refused_before_the_request_leaves(
    transport: Transport, certificate: str, words: str
) -> None:
    with serving(tls=certificate) as server:
        assert failure(transport, server.url).startswith(words.format(place=f"127.0.0.1:{server.port}"))
        assert server.requests == []


def test_a_name_is_held_against_the_certificate_too(transport: Transport) -> None:
    with serving(tls="elsewhere") as server:
        words = failure(transport, server.url.replace("127.0.0.1", "localhost"))
    assert "another host: Hostname mismatch, certificate is not valid for 'localhost'" in words


def test_no_certificate_is_trusted_by_an_earlier_look_at_the_same_host(transport: Transport, secure: Server) -> None:
    sent(transport, secure.url)
    assert "does not trust" in failure(transport, secure.url, None)
    sent(transport, secure.url)


def test_a_file_of_authorities_that_has_changed_is_read_anew(
    transport: Transport, secure: Server, tmp_path: Path
) -> None:
    file = tmp_path / "ca.pem"
    file.write_bytes(STRANGER.read_bytes())
    assert "vouches" in failure(transport, secure.url, file)
    file.write_bytes(STRANGER.read_bytes() + AUTHORITY.read_bytes())
    assert sent(transport, secure.url, file).status == 200


@pytest.mark.parametrize(
    "content", [b"", b"no certificate", b"\x30\x82\xff", "证书".encode(), b"-----BEGIN CERTIFICATE-----\n"]
)
def test_a_file_without_certificates_is_named(
    transport: Transport, secure: Server, tmp_path: Path, content: bytes
) -> None:
    file = tmp_path / "ca.pem"
    file.write_bytes(content)
    assert failure(transport, secure.url, file) == (
        f"ca_file {file} holds no certificates; it takes those of authorities, in PEM form"
    )


def test_a_file_that_is_not_there_or_no_file_is_named(transport: Transport, secure: Server, tmp_path: Path) -> None:
    absent = tmp_path / "absent.pem"
    assert failure(transport, secure.url, absent) == f"ca_file {absent} cannot be read: no such file or directory"
    assert failure(transport, secure.url, tmp_path) == f"ca_file {tmp_path} cannot be read: is a directory"


def test_a_file_that_never_ends_or_waits_for_a_writer_is_named_at_once(
    transport: Transport, secure: Server, tmp_path: Path
) -> None:
    pipe, large = tmp_path / "pipe", tmp_path / "large"
    os.mkfifo(pipe)
    with large.open("wb") as stream:
        stream.truncate(MOST_TRUSTED + 1)
    assert failure(transport, secure.url, pipe) == f"ca_file {pipe} cannot be read: is no regular file"
    assert failure(transport, secure.url, Path("/dev/zero")) == "ca_file /dev/zero cannot be read: is no regular file"
    assert "holds no certificates" in failure(transport, secure.url, large)


def test_plain_http_does_not_look_at_the_file(transport: Transport, tmp_path: Path) -> None:
    with serving() as server:
        assert sent(transport, server.url, tmp_path / "absent.pem").status == 200


def test_a_server_that_speaks_no_tls_is_said_to(transport: Transport) -> None:
    with serving(raw(b"HTTP/1.1 400 Bad Request\r\n\r\n", then="hold", unasked=True)) as server:
        words = failure(transport, server.url.replace("http:", "https:"))
    assert words == f"127.0.0.1:{server.port} does not speak TLS: is its address http:// rather than https://?"


def test_a_handshake_that_breaks_off_is_said(transport: Transport) -> None:
    with serving(raw(unasked=True)) as server:
        words = failure(transport, server.url.replace("http:", "https:"))
    assert words.startswith(f"127.0.0.1:{server.port}")


def test_a_certificate_behind_a_proxy_is_held_against_the_host_that_is_asked() -> None:
    with serving(tls="loopback") as server, serving(tunnel(server.port)) as proxy:
        transport = Transport({"https_proxy": proxy.url})
        words = failure(transport, "https://elsewhere.example")
        transport.close()
    assert words.startswith("elsewhere.example:443 presents the certificate of another host")
