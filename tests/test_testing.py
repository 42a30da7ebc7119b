"""What test files lean on, as they lean on it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from fgtui.errors import ConsentError, TargetError, UsageError
from fgtui.sessions.redaction.redactor import Redactor
from fgtui.testing import Handler
from tests.factories import an_exchange
from tests.invoke.deployed import returned
from tests.invoke.http_servers import serving

HANDLER = """
import json

def handler(event, context):
    print("looked at \\x1b[31m", event)
    if event.get("raise"):
        raise ValueError(event["raise"])
    return {"n": event.get("n"), "token": event.get("token"), "id": "00000000-0000-4000-8000-000000000000"}

def page(event, context):
    return {"statusCode": 200, "headers": {"X-Page": "1"}, "isBase64Encoded": False, "body": '{"a": 1}'}
"""
ANSWER = {"n": 1, "token": None, "id": "11111111-0000-4000-8000-000000000000"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("project")
    (folder / "index.py").write_text(HANDLER)
    return folder


@pytest.fixture
def handler(folder: Path) -> Iterator[Handler]:
    with Handler("index.handler", folder=folder, ignore=["outcome.result.id~uuid"]) as handler:
        yield handler


def test_an_answer_as_recorded_passes_and_nothing_is_recorded(handler: Handler, own_home: Path) -> None:
    handler.check('{"n": 1}', {"kind": "returned", "result": ANSWER})
    handler.check(b'{"n": 1}', {"kind": "returned"}, trigger="obs")
    assert not own_home.exists()


def test_what_differs_is_said_with_the_end_of_the_log_and_acts_on_no_terminal(handler: Handler) -> None:
    with pytest.raises(AssertionError) as error:
        handler.check('{"n": 2}', {"kind": "returned", "result": ANSWER})
    first, change, *log = str(error.value).splitlines()
    assert first.startswith("✓ returned · ")
    assert change == "~ outcome.result.n: 1 → 2"
    assert "looked at \\e[31m {'n': 2}" in log


def test_an_error_is_expected_by_its_type_and_message(handler: Handler) -> None:
    error = {"type": "ValueError", "message": "no"}
    handler.check('{"raise": "no"}', {"kind": "raised", "error": error})
    with pytest.raises(AssertionError, match=r'~ outcome\.error\.message: "no" → "never"'):
        handler.check('{"raise": "never"}', {"kind": "raised", "error": error})


def test_headers_status_and_the_opened_body_of_an_answer_to_the_gateway_are_compared(folder: Path) -> None:
    with Handler("index.page", folder=folder) as handler:
        result = {"statusCode": 200, "headers": {"X-Page": "1"}, "isBase64Encoded": False, "body": {"a": 1}}
        handler.check("{}", {"kind": "returned", "result": result}, trigger="blank")


def test_a_redacted_event_is_sent_only_with_its_values(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = Redactor(salt=b"s" * 16).apply(an_exchange('{"n": 1, "token": "hunter22"}', body='{"token": "hunter22"}'))
    event, redacted = old.event.text, old.event.redacted
    with (
        Handler("index.handler", folder=folder) as handler,
        pytest.raises(AssertionError, match=r"^not sent: redacted when it was recorded: token\nsupply each value"),
    ):
        handler.check(event, {"kind": "returned"}, redacted=redacted)
    monkeypatch.setenv("TOKEN", "swordfish")
    (folder / "fgtui.toml").write_text('[replay.secrets]\ntoken = "${env:TOKEN}"\n')
    with Handler("index.handler", folder=folder, trust_project=True) as handler:
        placeholder = old.outcome.body.decode().split('"')[3]
        with pytest.raises(AssertionError) as error:
            handler.check(event, {"result": {"n": 1, "token": placeholder}}, redacted=redacted)
    (folder / "fgtui.toml").unlink()
    assert "outcome.result.id" in str(error.value)
    assert "outcome.result.token" not in str(error.value)
    assert "swordfish" not in str(error.value)


def test_a_member_that_no_outcome_has_is_a_mistake_of_the_test(handler: Handler) -> None:
    with pytest.raises(UsageError, match="an outcome has no body; it has kind, "):
        handler.check("{}", {"body": "x"})


def test_a_handler_that_is_not_there_and_a_target_nobody_agreed_to_are_said(folder: Path) -> None:
    with pytest.raises(TargetError):
        Handler("missing.handler", folder=folder)
    with pytest.raises(UsageError, match="which handler"):
        Handler(folder=folder)
    (folder / "fgtui.toml").write_text('[targets.a]\nhandler = "index.handler"\n[replay]\ntarget = "a"\n')
    try:
        with pytest.raises(ConsentError, match=r"nobody agreed to yet\n.*`fgtui trust`.*FGTUI_TRUST") as error:
            Handler(folder=folder)
        assert error.value.__suppress_context__
        with Handler(folder=folder, trust_project=True) as handler:
            handler.check("{}", {"kind": "returned"})
    finally:
        (folder / "fgtui.toml").unlink()


def test_a_placeholder_that_was_recorded_elsewhere_is_taken_for_what_is_redacted_in_its_place(handler: Handler) -> None:
    expected = {"result": {**ANSWER, "token": "<redacted:aaaabbbbbbbb>"}}
    handler.check('{"n": 1, "token": "hunter22"}', expected)
    with pytest.raises(AssertionError, match=r"outcome\.result\.token") as error:
        handler.check('{"n": 1, "token": ""}', expected)
    assert "hunter22" not in str(error.value)


def test_an_event_that_is_said_to_have_been_redacted_is_not_sent_without_its_values(handler: Handler) -> None:
    with pytest.raises(AssertionError, match=r"^not sent: redacted when it was recorded: n"):
        handler.check('{"n": 1}', {"kind": "returned"}, redacted=["n"])


def test_nothing_runs_any_more_once_it_is_closed(folder: Path) -> None:
    before = set(psutil.Process().children(recursive=True))
    with Handler("index.handler", folder=folder) as handler:
        handler.check("{}", {"kind": "returned"})
        assert set(psutil.Process().children(recursive=True)) - before
    assert set(psutil.Process().children(recursive=True)) <= before


GUARDED = """\
[targets.production]
urn = "urn:fss:cn-north-4:0123456789abcdef0123456789abcdef:function:default:demo"
profile = "prod"
[profiles.prod]
endpoint = "{url}"
token = "${{env:TEST_TOKEN}}"
guard = true
"""


def test_a_guarded_function_is_tested_only_by_who_agrees_to_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_TOKEN", "MIIsecret")
    with serving(returned(b'{"n": 1}')) as server:
        (tmp_path / "fgtui.toml").write_text(GUARDED.format(url=server.url))
        with pytest.raises(UsageError, match="production is guarded") as raised:
            Handler("production", folder=tmp_path, trust_project=True)
        assert "yes_really=True" in str(raised.value)
        assert server.requests == []
        with Handler("production", folder=tmp_path, trust_project=True, yes_really=True) as handler:
            handler.check('{"n": 1}', {"kind": "returned", "result": {"n": 1}})
        assert [request.header("x-auth-token") for request in server.requests] == ["MIIsecret"]
