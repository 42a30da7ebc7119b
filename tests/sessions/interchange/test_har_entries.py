from __future__ import annotations

import base64
import json
from datetime import UTC
from typing import Any

import pytest

from fgtui.invoke.model import (
    Cancelled,
    HandlerError,
    InvalidResponse,
    Outcome,
    Raised,
    Rejected,
    Returned,
    TargetSummary,
    Unreachable,
)
from fgtui.sessions.interchange.har_entries import OURS, entry_of, exchange_in, invocation_url
from tests.factories import an_event, an_exchange

REQUEST = {
    "httpMethod": "POST",
    "path": "/orders/7",
    "queryStringParameters": {"tag": ["a", "b c"], "q": "中"},
    "headers": {"Host": "api.example.com", "Content-Type": "text/plain", "Connection": "close"},
    "body": "aGVsbG8=",
    "isBase64Encoded": True,
}


def an_apig(outcome: Outcome | None = None, target: TargetSummary | None = None, **changes: object) -> dict[str, Any]:
    wire = json.dumps({**REQUEST, **changes})
    exchange = an_exchange(an_event(wire, "apig"), outcome, target=target)
    entry = entry_of(exchange)
    assert exchange_in(entry) == exchange
    return entry


def headers(part: dict[str, Any]) -> dict[str, str]:
    return {each["name"]: each["value"] for each in part["headers"]}


def test_an_event_of_the_gateway_is_the_request_it_stands_for() -> None:
    request = an_apig()["request"]
    assert request["method"] == "POST"
    assert request["url"] == "https://api.example.com/orders/7?tag=a&tag=b%20c&q=%E4%B8%AD"
    assert request["queryString"] == [
        {"name": "tag", "value": "a"},
        {"name": "tag", "value": "b c"},
        {"name": "q", "value": "中"},
    ]
    assert headers(request) == {"Host": "api.example.com", "Content-Type": "text/plain", "Content-Length": "5"}
    assert request["postData"] == {"mimeType": "text/plain", "text": "hello"}
    assert request["bodySize"] == 5


def test_a_body_that_is_no_text_is_base64() -> None:
    request = an_apig(body=base64.b64encode(b"\x89PNG\xff").decode())["request"]
    assert request["postData"]["_encoding"] == "base64"
    assert base64.b64decode(request["postData"]["text"]) == b"\x89PNG\xff"


def test_an_http_function_is_asked_at_its_own_address() -> None:
    target = TargetSummary("local", "http://127.0.0.1:9000/base?k=1", "http")
    assert (
        an_apig(target=target)["request"]["url"]
        == "http://127.0.0.1:9000/base/orders/7?k=1&tag=a&tag=b%20c&q=%E4%B8%AD"
    )


def test_a_container_is_posted_the_event() -> None:
    target = TargetSummary("local", "http://127.0.0.1:8000/invoke", "container")
    request = an_apig(target=target)["request"]
    assert (request["method"], request["url"]) == ("POST", "http://127.0.0.1:8000/invoke")
    assert json.loads(request["postData"]["text"]) == REQUEST


def test_an_event_that_is_no_request_is_posted_as_it_is() -> None:
    request = an_apig(httpMethod=None)["request"]
    assert request["url"] == "https://functiongraph.invalid/v2/-/fgs/functions/src%2Findex.handler/invocations"


def test_the_gateways_answer_is_the_response() -> None:
    answer = {
        "statusCode": 201,
        "headers": {"Content-Type": "image/png", "X": ["1", "2"], "N": 7},
        "body": "iVBO/w==",
        "isBase64Encoded": True,
    }
    response = an_apig(Returned(body=json.dumps(answer).encode()))["response"]
    assert response["status"] == 201
    assert [(each["name"], each["value"]) for each in response["headers"]] == [
        ("Content-Type", "image/png"), ("X", "1"), ("X", "2"), ("N", "7"),
    ]  # fmt: skip
    assert response["content"] == {"size": 4, "mimeType": "image/png", "text": "iVBO/w==", "encoding": "base64"}


@pytest.mark.parametrize(
    "answer", [b"plain", b'{"statusCode": 200, "body": "?", "isBase64Encoded": true}', b'{"a": 1}']
)
def test_an_answer_the_gateway_would_refuse_is_shown_as_it_is(answer: bytes) -> None:
    response = an_apig(Returned(body=answer))["response"]
    assert response["content"]["text"].encode() == answer


@pytest.mark.parametrize(
    ("outcome", "status", "status_text"),
    [
        (Returned(body=b"1"), 200, "OK"),
        (Raised(error=HandlerError("E", "boom"), body=b"{}"), 500, ""),
        (InvalidResponse(message="no"), 500, ""),
        (Rejected(code="FSS.0429", message="no", status_code=429), 429, ""),
        (Rejected(code="FSS.0429", message="no"), 0, "rejected"),
        (Unreachable(message="connection refused"), 0, "unreachable"),
        (Cancelled(), 0, "cancelled"),
    ],
)
def test_every_way_to_end_has_a_status(outcome: Outcome, status: int, status_text: str) -> None:
    response = an_apig(outcome)["response"]
    assert (response["status"], response["statusText"]) == (status, status_text)
    assert ("_error" in response) is (status == 0)


def test_any_other_event_is_posted_to_where_its_function_is_invoked() -> None:
    urn = "urn:fss:cn-north-4:0123:function:default:thumbnail:!prod"
    exchange = an_exchange(an_event('{"a": 1.10}', "obs"), target=TargetSummary("remote", urn))
    entry = entry_of(exchange)
    request = entry["request"]
    assert (request["method"], headers(request)) == ("POST", {"Content-Type": "application/json"})
    assert request["url"] == (
        "https://functiongraph.cn-north-4.myhuaweicloud.com/v2/0123/fgs/functions/"
        "urn%3Afss%3Acn-north-4%3A0123%3Afunction%3Adefault%3Athumbnail%3A%21prod/invocations"
    )
    assert request["postData"] == {"mimeType": "application/json", "text": '{"a": 1.10}'}
    assert entry["response"]["content"]["text"] == '{"ok": true}'
    assert headers(entry["response"])["X-Cff-Request-Id"] == "7f1c0a52"


@pytest.mark.parametrize(
    ("region", "host"),
    [("eu-de", "functiongraph.eu-de.otc.t-systems.com"), ("moon-1", "functiongraph.invalid")],
)
def test_a_function_is_where_its_region_is_and_of_a_region_unknown_nowhere(region: str, host: str) -> None:
    url = invocation_url(f"urn:fss:{region}:0123:function:default:thumbnail")
    assert url.startswith(f"https://{host}/v2/0123/fgs/functions/urn%3Afss%3A{region}%3A0123")


def test_texts_the_entry_has_stand_there_once() -> None:
    entry = entry_of(an_exchange())
    assert "wire" not in entry[OURS]["event"]
    assert "body" not in entry[OURS]["outcome"]
    assert json.dumps(entry).count('{\\"ok\\": true}') == 1


def test_times_add_up() -> None:
    entry = entry_of(an_exchange(outcome=Returned(duration_ms=3.5, init_ms=40.0)))
    assert entry["time"] == 43.5
    assert entry["timings"] == {"blocked": 40.0, "send": 0, "wait": 3.5, "receive": 0}
    assert entry_of(an_exchange(outcome=Returned()))["timings"] == {"blocked": -1, "send": 0, "wait": 0, "receive": 0}
    assert entry["startedDateTime"] == "2026-11-22T09:46:01.123456Z"
    assert UTC


def test_a_function_of_no_name_has_an_address_all_the_same() -> None:
    assert invocation_url("") == "https://functiongraph.invalid/v2/-/fgs/functions/-/invocations"
    assert (
        invocation_url("a\ud800/..") == "https://functiongraph.invalid/v2/-/fgs/functions/a%ED%A0%80%2F../invocations"
    )


@pytest.mark.parametrize("spec", ["urn:fss", "urn:fss:", "urn:fss:cn-north-4", "urn:fss:a:b:function:x", "urn"])
def test_a_spelling_that_only_begins_as_a_functions_name_is_taken_for_none(spec: str) -> None:
    assert invocation_url(spec).startswith("https://functiongraph.invalid/v2/-/fgs/functions/urn")
    entry_of(an_exchange(target=TargetSummary("local", spec)))
