from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fgtui.errors import StoreError
from fgtui.events.catalogue import Catalogue, samples_root
from fgtui.events.recognition import recognise
from fgtui.events.text import scan
from fgtui.events.validation import validate
from fgtui.invoke.model import Exchange, Returned, TargetSummary, Unreachable
from fgtui.sessions.interchange.har_requests import exchange_of


def an_entry(request: dict[str, Any] | None = None, response: object = None, **changes: object) -> dict[str, Any]:
    asked = {"method": "GET", "url": "https://api.example.com/a?b=1", "headers": [], **(request or {})}
    answered = (
        {"status": 200, "headers": [], "content": {"text": "ok"}, **response}
        if isinstance(response, dict)
        else response
    )
    return {
        "startedDateTime": "2026-11-22T09:46:01.123+08:00",
        "time": 12.5,
        "request": asked,
        "response": answered,
        **changes,
    }


def event_of(**request: Any) -> dict[str, Any]:
    event: dict[str, Any] = json.loads(exchange_of(an_entry(request, {})).event.wire)
    return event


def answered(response: object, **changes: object) -> Exchange:
    return exchange_of(an_entry(None, response, **changes))


def result_of(**response: Any) -> dict[str, Any]:
    result: dict[str, Any] = json.loads(answered(response).outcome.body)
    return result


def pairs(*named: tuple[str, str]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in named]


def test_a_request_is_an_event_the_gateway_would_make() -> None:
    exchange = exchange_of(an_entry({"headers": pairs((":authority", "x"), ("X-A", "1"), ("x-a", "2"))}, {}))
    assert json.loads(exchange.event.wire) == {
        "httpMethod": "GET",
        "path": "/a",
        "pathParameters": {},
        "queryStringParameters": {"b": "1"},
        "headers": {"Host": "api.example.com", "X-A": "1, 2"},
        "body": "",
        "isBase64Encoded": False,
        "requestContext": {"apiId": "", "requestId": "", "stage": "RELEASE"},
    }
    assert exchange.target == TargetSummary("http", "https://api.example.com", "http")
    assert exchange.started_at.isoformat() == "2026-11-22T01:46:01.123000+00:00"
    catalogue = Catalogue([samples_root()])
    document = scan(exchange.event.text)
    assert recognise(document, catalogue) == "apig"
    apig = catalogue.find("apig")
    assert apig
    assert [each.message for each in validate(document, apig)] == []


@pytest.mark.parametrize(
    ("url", "path", "query"),
    [
        ("https://h", "/", {}),
        (
            "https://h/a%2Fb/%E4%B8%AD?x=%E4%B8%AD+1&x=2&flag&e=",
            "/a%2Fb/%E4%B8%AD",
            {"x": ["中 1", "2"], "flag": "", "e": ""},
        ),
        ("https://u:p@h:8443/a;v=1?q=a;b#frag", "/a;v=1", {"q": "a;b"}),
        ("http://h/订单", "/订单", {}),
    ],
)
def test_an_address_is_path_and_query(url: str, path: str, query: dict[str, object]) -> None:
    event = event_of(url=url)
    assert (event["path"], event["queryStringParameters"]) == (path, query)
    assert "u:p" not in event["headers"]["Host"]


def test_the_list_of_parameters_serves_where_the_address_has_none() -> None:
    event = event_of(url="https://h/a", queryString=pairs(("x", "1"), ("x", "2")))
    assert event["queryStringParameters"] == {"x": ["1", "2"]}


@pytest.mark.parametrize(
    ("data", "body", "is_base64"),
    [
        ({"text": '{"a": "中"}'}, '{"a": "中"}', False),
        ({"text": "iVBO/w==", "encoding": "base64"}, "iVBO/w==", True),
        ({"text": "aGVs\r\nbG8=", "_encoding": "base64"}, "hello", False),
        ({"text": "\udcff"}, "/w==", True),
        ({"text": "\ud800"}, "7aCA", True),
        ({"params": pairs(("a b", "1&2"), ("c", ""))}, "a+b=1%262&c=", False),
        ({"text": None}, "", False),
    ],
)
def test_a_body_is_text_or_base64(data: dict[str, Any], body: str, is_base64: bool) -> None:
    event = event_of(method="POST", postData={"mimeType": "x", **data})
    assert (event["body"], event["isBase64Encoded"]) == (body, is_base64)


def test_cookies_are_one_header() -> None:
    assert event_of(headers=pairs(("cookie", "a=1"), ("cookie", "b=2")))["headers"]["cookie"] == "a=1; b=2"


def test_a_response_is_what_a_function_behind_the_gateway_would_answer() -> None:
    sent = pairs(
        ("Content-Type", "text/html"),
        ("Content-Encoding", "gzip"),
        ("Content-Length", "9"),
        ("Set-Cookie", "a"),
        ("Set-Cookie", "b"),
        ("X-Request-Id", "r1"),
    )
    exchange = answered({"status": 404, "headers": sent, "content": {"text": "中"}})
    assert json.loads(exchange.outcome.body) == {
        "statusCode": 404,
        "isBase64Encoded": False,
        "headers": {"Content-Type": "text/html", "Set-Cookie": ["a", "b"], "X-Request-Id": "r1"},
        "body": "中",
    }
    outcome = exchange.outcome
    assert isinstance(outcome, Returned)
    assert (outcome.status_code, outcome.duration_ms, outcome.request_id) == (404, 12.5, "r1")
    assert [name for name, _ in outcome.headers] == ["Content-Type", "Set-Cookie", "Set-Cookie", "X-Request-Id"]


def test_an_answer_that_is_no_text_is_base64() -> None:
    result = result_of(content={"text": "iVBO/w==", "encoding": "base64"})
    assert (result["body"], result["isBase64Encoded"]) == ("iVBO/w==", True)
    assert result_of(content={"size": 9})["body"] == ""
    assert result_of(content=None)["body"] == ""


@pytest.mark.parametrize(
    ("response", "said"),
    [
        (None, "no answer is in the archive"),
        ({"status": 0}, "no answer is in the archive"),
        ({"status": 0, "_error": "net::ERR_CONNECTION_RESET"}, "net::ERR_CONNECTION_RESET"),
    ],
)
def test_a_request_without_an_answer_may_have_run(response: object, said: str) -> None:
    outcome = answered(response).outcome
    assert isinstance(outcome, Unreachable)
    assert (outcome.message, outcome.may_have_run) == (said, True)


@pytest.mark.parametrize("time", [-1, None, "1", True, 10**400, 1e300])
def test_a_time_that_is_none_is_no_duration(time: object) -> None:
    assert answered({}, time=time).outcome.duration_ms is None


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        pytest.param({}, "request is not an object", id="nothing"),
        pytest.param(an_entry({"url": None}), "its request has no address", id="no-url"),
        pytest.param(an_entry({"url": "data:text/plain,x"}), "not a request over HTTP: data:text/plain,x", id="data"),
        pytest.param(an_entry({"url": "https://[::1"}), "its address is not valid", id="address"),
        pytest.param(an_entry({"method": "CONNECT"}), "httpMethod is CONNECT", id="connect"),
        pytest.param(an_entry({"method": "GE T"}), "httpMethod is", id="method"),
        pytest.param(an_entry({"url": "https://h/?a=%ff"}), "its query is not UTF-8", id="query"),
        pytest.param(an_entry({"headers": {"a": 1}}), "headers is not a list", id="headers"),
        pytest.param(an_entry({"headers": [1]}), "headers is not names and values", id="header"),
        pytest.param(an_entry({"headers": pairs(("a b", "1"))}), "headers is", id="header-name"),
        pytest.param(an_entry({"headers": pairs(("a", "1\r\nb: 2"))}), "headers.a has a line end", id="header-value"),
        pytest.param(an_entry({"postData": "x"}), "request.postData is not an object", id="post-data"),
        pytest.param(an_entry({"postData": {"text": 1}}), "request.postData.text is not text", id="text"),
        pytest.param(an_entry({"postData": {"text": "a*", "encoding": "base64"}}), "request.postData is not base64", id="base64"),
        pytest.param(an_entry({"postData": {"params": [{"name": "f", "fileName": "x"}]}}), "its form has a file", id="form"),
        pytest.param(an_entry(None, {"status": "200"}), "response.status is not a status", id="status"),
        pytest.param(an_entry(None, {"content": {"text": "?", "encoding": "base64"}}), "response.content is not base64", id="content"),
        pytest.param(an_entry(None, {}, startedDateTime="yesterday"), "startedDateTime is not a time", id="time"),
    ],
)  # fmt: skip
def test_what_is_no_exchange_is_said(entry: dict[str, Any], said: str) -> None:
    with pytest.raises(StoreError) as error:
        exchange_of(entry)
    assert said in str(error.value)


any_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6) | st.sampled_from(["https://h/?%zz", "base64", "GET"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["name", "value", "text", "encoding", "params"]), inner, max_size=3),
    max_leaves=5,
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(
    st.dictionaries(st.sampled_from(["method", "url", "headers", "queryString", "postData"]), any_json),
    st.dictionaries(st.sampled_from(["status", "headers", "content", "_error"]), any_json),
    any_json,
)
def test_anything_is_an_exchange_or_told_in_words(
    request: dict[str, Any], response: dict[str, Any], time: object
) -> None:
    with suppress(StoreError):
        assert json.loads(exchange_of(an_entry(request, response, time=time)).event.wire)["path"]


def test_who_was_signed_in_in_an_address_is_in_no_exchange() -> None:
    exchange = exchange_of(an_entry({"url": "https://me:hunter22@api.example.com:8443/a"}, {}))
    assert exchange.target.spec == "https://api.example.com:8443"
    assert "hunter22" not in repr(exchange)
