"""Tokens from IAM, over real sockets: given, renewed, refused, and whatever else a server may do."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from fgtui.errors import ConfigError
from fgtui.invoke.credential_sources.iam import IamTokens, User
from fgtui.invoke.credential_sources.kept import secrets_of
from fgtui.invoke.credential_sources.references import reference
from fgtui.invoke.http.errors import BrokenError, LateError, StoppedError
from fgtui.invoke.http.transport import Transport
from fgtui.words import say
from tests.invoke.http_servers import (
    AUTHORITY,
    Server,
    Step,
    a_port_nobody_listens_at,
    answer,
    raw,
    redirect,
    reset,
    serving,
    stall,
    truncated,
)

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
HANG_S = 5.0
"""A hundred times what is waited for."""
PASSWORD = 'hunter2 密码 "\\'


class Clock:
    """What time it is, as the test says."""

    now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture(scope="module")
def transport() -> Iterator[Transport]:
    transport = Transport()
    yield transport
    transport.close()


def issued(token: str = "MIIabc", expires_at: object = "2026-01-03T03:04:05.000000Z") -> Step:
    body = {"token": {"expires_at": expires_at, "project": {"name": "cn-north-4"}}}
    return answer(201, json.dumps(body).encode(), (("X-Subject-Token", token),))


def tokens(
    endpoint: str,
    transport: Transport,
    *,
    clock: Clock | None = None,
    heard: list[str] | None = None,
    project_id: str | None = "0123",
    region: str | None = None,
    password: str | None = PASSWORD,
    ca_file: Path | None = None,
) -> IamTokens:
    wanted = reference("${env:IAM_PASSWORD}", wanted_by="profiles.prod.iam_password")
    return IamTokens(
        User("deployer", "acme", wanted, project_id, region),
        endpoint,
        {} if password is None else {"IAM_PASSWORD": password},
        transport=lambda: transport,
        now=clock or Clock(),
        hears=([] if heard is None else heard).append,
        ca_file=ca_file,
    )


def said(error: pytest.ExceptionInfo[ConfigError]) -> str:
    raised = error.value
    return say(f"{raised.message} | {raised.hint}", raised.values)


def refused(step: Step, transport: Transport) -> str:
    with serving(step) as server, pytest.raises(ConfigError) as error:
        tokens(server.url, transport).get()
    words = said(error)
    assert "hunter2" not in words
    return words.replace(server.url, "SERVER")


def test_a_token_is_asked_for_one_project_and_kept(transport: Transport) -> None:
    heard: list[str] = []
    with serving(issued()) as server:
        source = tokens(server.url, transport, heard=heard)
        assert source.get() is source.get()
    assert secrets_of(source.get()) == ["MIIabc"]
    assert heard == [PASSWORD, "MIIabc"]
    asked = server.requests[0]
    assert (asked.method, asked.path, asked.header("Content-Type")) == ("POST", "/v3/auth/tokens", "application/json")
    user = {"name": "deployer", "password": PASSWORD, "domain": {"name": "acme"}}
    assert json.loads(asked.body) == {
        "auth": {
            "identity": {"methods": ["password"], "password": {"user": user}},
            "scope": {"project": {"id": "0123"}},
        }
    }
    assert len(server.requests) == 1
    assert str(source.identity) == f"user deployer of acme, by 127.0.0.1:{server.port}"


def test_without_a_project_it_is_for_the_regions_own(transport: Transport) -> None:
    with serving(issued()) as server:
        tokens(server.url, transport, project_id=None, region="eu-de").get()
    assert json.loads(server.requests[0].body)["auth"]["scope"] == {"project": {"name": "eu-de"}}
    with pytest.raises(ConfigError, match="nothing says for which"):
        tokens(server.url, transport, project_id=None).get()


def test_a_token_is_renewed_before_it_expires_and_when_it_was_refused(transport: Transport) -> None:
    clock = Clock()
    with serving(issued("one"), issued("two", "2026-01-04T03:04:05Z"), issued("three", "soon")) as server:
        source = tokens(server.url, transport, clock=clock)
        assert secrets_of(source.get()) == ["one"]
        clock.now = NOW + timedelta(hours=23, minutes=56)
        second = source.get()
        assert second.value == "two"
        source.forget(second)
        assert source.get().value == "three"
        clock.now += timedelta(minutes=54)
        assert source.get().value == "three"  # one hour, where nobody says how long
    assert len(server.requests) == 3


def test_threads_at_once_ask_once(transport: Transport) -> None:
    got: list[object] = []
    with serving(issued()) as server:
        source = tokens(server.url, transport)
        threads = [threading.Thread(target=lambda: got.append(source.get())) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(got) == 8
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("step", "words"),
    [
        pytest.param(
            answer(401, b'{"error": {"code": 401, "message": "The username or password is wrong."}}'),
            "IAM at SERVER gives deployer of acme no token (status 401): The username or password is wrong. | check "
            "iam_user, iam_domain, what profiles.prod.iam_password refers to, and the project",
            id="wrong-password",
        ),
        pytest.param(
            answer(401, json.dumps({"error": {"code": 401, "message": f"not {PASSWORD}!"}}).encode()),
            "(status 401): not …! | check",
            id="repeats-the-password",
        ),
        pytest.param(
            answer(401, b"you said " + json.dumps(PASSWORD).encode()),
            '(status 401): you said "…"',
            id="repeats-it-escaped",
        ),
        pytest.param(
            answer(401, json.dumps(f"you sent {json.dumps({'password': PASSWORD})}").encode()),
            r"you sent {\"password\": \"…\"}",
            id="repeats-the-request-as-json-in-json",
        ),
        pytest.param(
            answer(401, b"x" * 190 + PASSWORD.encode()),
            "(status 401): " + "x" * 190 + "… | check",
            id="repeats-it-where-words-are-cut",
        ),
        pytest.param(answer(403, b"\xff\x00\x1b[2J"), "(status 403): ", id="garbage"),
        pytest.param(answer(500, b"<html>oops"), "gave no token (status 500): ", id="server-error"),
        pytest.param(answer(429), "gave no token (status 429)", id="too-many"),
        pytest.param(answer(200, b"{}", (("X-Subject-Token", "MIIhunter2"),)), "gave no token (status 200)", id="200"),
        pytest.param(answer(201, b"{}"), "answered without a token | is it IAM? see iam_endpoint", id="no-header"),
        pytest.param(issued("hunter2 x"), "the token from IAM is no key or token", id="no-token"),
        pytest.param(issued("h" * 40_000), "the token from IAM is no key or token: it is too long", id="huge-token"),
        pytest.param(issued(expires_at="2026-01-02T03:04:04Z"), "has expired at 2026-01-02T03:04:04", id="expired"),
        pytest.param(
            issued(expires_at="0001-01-01T00:00:00+14:00"), "has expired at 0001-01-01T00:00:00", id="expired-for-ever"
        ),
        pytest.param(
            redirect("http://127.0.0.1:9/steal"), "sends elsewhere (status 302); passwords follow no redirect", id="302"
        ),
        pytest.param(redirect("/v3/auth/tokens", 307), "sends elsewhere (status 307)", id="307"),
    ],
)
def test_what_iam_says_instead_is_said_without_the_password(transport: Transport, step: Step, words: str) -> None:
    assert words in refused(step, transport)


@pytest.mark.parametrize(
    "body", [b"", b"null", b'{"token": []}', b'{"token": {"expires_at": 7}}', b"[" * 60_000, b"\xff"]
)
def test_a_token_whose_life_nobody_understands_is_good_for_an_hour(transport: Transport, body: bytes) -> None:
    clock = Clock()
    with serving(answer(201, body, (("X-Subject-Token", "MIIabc"),)), issued("next")) as server:
        source = tokens(server.url, transport, clock=clock)
        assert secrets_of(source.get()) == ["MIIabc"]
        clock.now += timedelta(minutes=54)
        assert secrets_of(source.get()) == ["MIIabc"]
        clock.now += timedelta(minutes=2)
        assert secrets_of(source.get()) == ["next"]


def test_a_life_that_names_no_zone_is_utc(transport: Transport) -> None:
    clock = Clock()
    with serving(issued("one", "2026-01-02T04:04:05"), issued("two")) as server:
        source = tokens(server.url, transport, clock=clock)
        assert secrets_of(source.get()) == ["one"]
        clock.now += timedelta(minutes=56)
        assert secrets_of(source.get()) == ["two"]


@pytest.mark.parametrize(
    "step", [reset(), reset(b"HTTP/1.1 201"), raw(b"hunter3\r\n\r\n"), truncated(b"{}", 100)], ids=lambda _: ""
)
def test_a_line_that_breaks_has_run_nothing(transport: Transport, step: Step) -> None:
    with serving(step) as server, pytest.raises(BrokenError) as error:
        tokens(server.url, transport).get()
    assert not error.value.may_have_run
    assert error.value.message.startswith(f"IAM at {server.url}: ")
    assert "hunter2" not in error.value.message


def test_nobody_there_has_run_nothing(transport: Transport) -> None:
    with a_port_nobody_listens_at() as port, pytest.raises(BrokenError) as error:
        tokens(f"http://127.0.0.1:{port}", transport).get()
    assert not error.value.may_have_run


def test_a_wrong_certificate_gets_no_password(transport: Transport) -> None:
    with serving(issued(), tls="elsewhere") as server, pytest.raises(BrokenError):
        tokens(server.url, transport, ca_file=AUTHORITY).get()
    assert not server.requests


def test_a_private_authority_is_trusted_where_it_is_named(transport: Transport) -> None:
    with serving(issued(), tls="loopback") as server:
        assert secrets_of(tokens(server.url, transport, ca_file=AUTHORITY).get()) == ["MIIabc"]


def test_one_that_does_not_answer_holds_nobody_longer_than_the_caller_waits(transport: Transport) -> None:
    with serving(stall()) as server:
        asked_at = time.monotonic()
        with pytest.raises(LateError) as late:
            tokens(server.url, transport).get(timeout_s=0.05)
        assert time.monotonic() - asked_at < HANG_S
        assert not late.value.may_have_run
        stop = threading.Event()
        ended: list[StoppedError] = []

        def ask(server: Server) -> None:
            try:
                tokens(server.url, transport).get(cancelled=stop)
            except StoppedError as error:
                ended.append(error)

        asking = threading.Thread(target=ask, args=(server,))
        asking.start()
        server.heard(2)
        stop.set()
        asking.join(HANG_S)
    assert [error.may_have_run for error in ended] == [False]


def test_no_password_no_request(transport: Transport) -> None:
    with serving(issued()) as server:
        with pytest.raises(ConfigError) as error:
            tokens(server.url, transport, password=None).get()
        assert said(error).startswith("profiles.prod.iam_password takes IAM_PASSWORD from the environment")
        with pytest.raises(ConfigError, match="is empty"):
            tokens(server.url, transport, password="").get()
    assert not server.requests
