"""What stands behind an endpoint: how it is described, what it takes events for, and whom it lets call."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from fgtui.cli.exit_codes import ExitCode, of_error
from fgtui.errors import CallError, ConfigError
from fgtui.events.catalogue import Catalogue, samples_root
from fgtui.invoke.credentials import Credentials, Keys, Token
from fgtui.invoke.http.errors import BrokenError, StoppedError
from fgtui.invoke.model import HttpTarget, LocalTarget, Profile, RemoteTarget
from fgtui.invoke.signing import authenticated
from fgtui.invoke.urns import Urn
from fgtui.serve.messages import Incoming
from fgtui.served import RECOGNISED_BYTES, credentials_of, described, refusal, trigger_of

KEYS = Keys("AK-1", "the-secret-key-of-a-test")


class Source:
    identity = "a test"

    def __init__(self, credentials: Credentials | Exception) -> None:
        self.credentials = credentials

    def get(self, **_: object) -> Credentials:
        if isinstance(self.credentials, Exception):
            raise self.credentials
        return self.credentials

    def forget(self, refused: Credentials) -> None:
        raise AssertionError


def profile(credentials: Credentials | Exception) -> Profile:
    return Profile("prod", "https://service.example", None, Source(credentials))


def signed(credentials: Credentials, *, query: str = "", body: bytes = b"{}") -> Incoming:
    path = "/v2/p/fgs/functions/urn%3Ax/invocations"
    url = f"http://127.0.0.1:9080{path}" + (f"?{query}" if query else "")
    headers = authenticated("POST", url, [], body, credentials, now=datetime.now(UTC))
    return Incoming("POST", path, query, tuple((name.lower(), value) for name, value in headers), body)


@pytest.mark.parametrize("credentials", [KEYS, Keys("AK-1", "another-secret-key", "a-token"), Token("a-token-of-iam")])
@pytest.mark.parametrize("query", ["", "b=2&a=%20"])
def test_the_credentials_of_the_profile_are_taken(credentials: Credentials, query: str) -> None:
    assert refusal(signed(credentials, query=query), profile(credentials)) is None


@pytest.mark.parametrize(
    ("sent", "wanted"),
    [
        (Keys("AK-1", "not-the-secret-key"), KEYS),
        (Keys("AK-2", KEYS.secret_key), KEYS),
        (Token("x"), KEYS),
        (KEYS, Token("a-token-of-iam")),
        (Token("another-token"), Token("a-token-of-iam")),
    ],
)
def test_others_are_refused_in_words_without_a_secret(sent: Credentials, wanted: Credentials) -> None:
    said = refusal(signed(sent), profile(wanted))
    assert said
    assert not any(secret in said for secret in ("secret-key", "a-token-of-iam", "another-token"))


def test_a_call_is_refused_while_the_credentials_cannot_be_had() -> None:
    missing = ConfigError("the variable AK is not set")
    assert refusal(signed(KEYS), profile(missing)) == (
        "the credentials of profile prod cannot be had here: the variable AK is not set"
    )


@pytest.mark.parametrize(
    ("error", "why"), [(BrokenError("IAM does not answer"), "IAM does not answer"), (StoppedError(), "it was stopped")]
)
def test_who_issues_credentials_and_does_not_answer_is_told_of_in_words(error: Exception, why: str) -> None:
    with pytest.raises(CallError) as caught:
        credentials_of(profile(error))
    assert str(caught.value) == f"a test: no credentials came: {why}"
    assert of_error(caught.value) is ExitCode.NO_ANSWER
    assert why in str(refusal(signed(KEYS), profile(error)))


@pytest.mark.parametrize(
    ("wire", "trigger"),
    [
        (b'{"a": 1}', "blank"),
        (b"null", "blank"),
        (b'"\xff"', "blank"),
        (b'{"Records": [' + b" " * RECOGNISED_BYTES + b"]}", "blank"),
        ((samples_root() / "events" / "obs" / "default.json").read_bytes(), "obs"),
    ],
)
def test_an_event_is_taken_for_what_it_looks_like(wire: bytes, trigger: str) -> None:
    assert trigger_of(wire, Catalogue([samples_root()])) == trigger


def test_a_function_is_named_as_one_can_be() -> None:
    def local(folder: str, name: str | None = None) -> str:
        root = Path("/code") / folder
        return described(LocalTarget("index.handler", root / "index.py", root, "index", "handler", name=name)).name

    assert [local("demo"), local("订单"), local("demo", "orders"), local("a b")] == [
        "demo",
        "function",
        "orders",
        "function",
    ]
    remote = RemoteTarget("urn", Urn("r", "p", "default", "f"), profile(KEYS))
    assert described(remote).name == "f"
    assert described(HttpTarget("http://x/", "http://x/", name="api")).name == "api"
