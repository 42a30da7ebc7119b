"""What of an exchange is compared, and what strings hold beyond doubt."""

from __future__ import annotations

import base64
import gzip
import json
from typing import Any

import pytest

from fgtui.events.codecs import Budget
from fgtui.invoke.model import HandlerError, Raised, Rejected, Returned, TargetSummary, TimedOut
from fgtui.sessions.diff.compared import event_document, opened, outcome_document
from tests.factories import an_exchange


def result(body: str | bytes) -> Any:
    return outcome_document(an_exchange(body=body))["outcome"]["result"]


def packed(text: str | bytes) -> str:
    return base64.b64encode(text if isinstance(text, bytes) else text.encode()).decode()


@pytest.mark.parametrize(
    ("body", "flag", "held"),
    [
        (packed('{"a": [1]}'), True, {"a": [1]}),
        ('{"a": [1]}', False, {"a": [1]}),
        ('{"a": [1]}', None, {"a": [1]}),
        (packed("plain 中文"), True, "plain 中文"),
        ("not base64!", True, "not base64!"),
        (packed(b"\xff\xfe"), True, packed(b"\xff\xfe")),
        ("{broken", False, "{broken"),
        ("12", False, "12"),
        ("", True, ""),
    ],
)
def test_the_body_of_an_answer_to_the_gateway_is_opened_as_it_says(body: str, flag: bool | None, held: object) -> None:
    answer = {"statusCode": 200, "body": body} if flag is None else {"isBase64Encoded": flag, "body": body}
    assert result(json.dumps(answer)) == {**answer, "body": held}


@pytest.mark.parametrize(
    "body",
    ['{"body": "eyJhIjogMX0="}', '{"body": 1, "statusCode": 200}', "[1]", "x", "", "null", '{"statusCode": "200"}'],
)
def test_any_other_result_is_as_it_is(body: str) -> None:
    assert result(body) == (json.loads(body) if body not in {"x", ""} else body or None)


def test_what_is_new_each_time_is_left_out() -> None:
    raised = Raised(error=HandlerError("E", "m", ("line 1",)), headers=(("Date", "now"), ("A", "1"), ("a", "2")))
    assert outcome_document(an_exchange(outcome=raised))["outcome"] == {
        "kind": "raised",
        "status_code": None,
        "headers": {"a": ["1", "2"]},
        "error": {"type": "E", "message": "m"},
        "result": None,
    }
    timed_out = outcome_document(an_exchange(outcome=TimedOut(limit_s=3, stopped_processes=2)))
    assert timed_out["outcome"]["error"] == {"limit_s": 3}
    assert outcome_document(an_exchange(outcome=Returned(logs="x", request_id="y")))["outcome"]["error"] is None


def test_an_event_that_is_no_json_is_its_text() -> None:
    assert event_document(an_exchange("{").event, None) == {"event": {"trigger": "blank", "decoded": "{"}}


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ('{"a": 1}', {"a": 1}),
        (' [{"a": 1}]', [{"a": 1}]),
        (packed('{"a": "b"}'), {"a": "b"}),
        (packed(gzip.compress(b'{"a": "b"}', mtime=0)), {"a": "b"}),
        (packed("a sentence long enough to be none by chance"), "a sentence long enough to be none by chance"),
        ("plain", "plain"),
        ("[1, 2]", "[1, 2]"),
        ("deadbeefdeadbeef", "deadbeefdeadbeef"),
        ('{"a": ', '{"a": '),
        ("", ""),
        (packed(b"\x00\xff" * 20), packed(b"\x00\xff" * 20)),
    ],
)
def test_a_string_is_opened_only_beyond_doubt(text: str, held: object) -> None:
    assert opened(text, Budget()) == held


@pytest.mark.parametrize(("told", "status_code"), [(404, None), (200, 404)])
def test_what_an_answer_to_the_gateway_tells_itself_is_compared_once(told: int, status_code: int | None) -> None:
    answer = json.dumps({"statusCode": told, "headers": {"a": "1"}, "body": "", "isBase64Encoded": False}).encode()
    outcome = Returned(body=answer, status_code=404, headers=(("A", "1"),))
    compared = outcome_document(an_exchange(outcome=outcome))["outcome"]
    assert (compared["status_code"], compared["headers"]) == (status_code, {} if status_code is None else {"a": "1"})


def test_headers_of_a_deployed_functions_answer_are_the_services() -> None:
    headers = (("Server", "api-gateway"), ("X-Cff-Response-Version", "v0"))
    remote = TargetSummary("remote", "urn:fss:r:p:function:default:demo:latest")
    for outcome in (
        Returned(headers=headers),
        Rejected(code="FSS.0404", message="no", status_code=404, headers=headers),
    ):
        compared = outcome_document(an_exchange(outcome=outcome, target=remote))["outcome"]
        assert compared["headers"] == {}
        assert compared["status_code"] == outcome.status_code


def test_the_time_in_a_reply_is_no_part_of_the_answer_that_is_made_of_it() -> None:
    headers = {"Date": ["now"], "X-Request-Id": ["7"], "Content-Type": ["text/plain"]}
    answer = json.dumps({"body": "", "headers": headers, "statusCode": 200, "isBase64Encoded": True}).encode()
    made = outcome_document(an_exchange(outcome=Returned(body=answer, status_code=200)))["outcome"]["result"]
    assert made["headers"] == {"Content-Type": ["text/plain"]}
    own = outcome_document(an_exchange(outcome=Returned(body=answer)))["outcome"]["result"]
    assert own["headers"] == headers
