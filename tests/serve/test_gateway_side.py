from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from fgtui.events.catalogue import Catalogue, samples_root
from fgtui.events.recognition import recognise
from fgtui.events.text import scan
from fgtui.events.validation import validate
from fgtui.invoke.gateway import answer_of, refusal, request_of
from fgtui.invoke.model import (
    Cancelled,
    Crashed,
    HandlerError,
    InitFailed,
    InvalidResponse,
    Outcome,
    OutOfMemory,
    Raised,
    Rejected,
    Returned,
    TimedOut,
    Unreachable,
)
from fgtui.serve.gateway_side import event_of, no_such_api, response_of
from fgtui.serve.messages import Incoming
from fgtui.serve.routes import parse

SAMPLES = Path(__file__).parents[2] / "samples" / "events" / "apig"
API_ID = "41b45ea3-70b5-11e6-b7bd-69b5aaebc7d9"
REQUEST_ID = "dd4337362c02c7d77299e78781beb4b1"


def an_incoming(
    method: str = "GET",
    path: str = "/",
    query: str = "",
    *headers: tuple[str, str],
    body: bytes = b"",
    client: str = "127.0.0.1",
) -> Incoming:
    return Incoming(method, path, query, headers, body, client)


def event(incoming: Incoming, *patterns: str) -> dict[str, Any]:
    wire = event_of(incoming, routes=parse(patterns), request_id=REQUEST_ID, api_id=API_ID)
    read = json.loads(wire)
    assert isinstance(read, dict)
    return read


# From the request to the event


def test_a_request_is_the_event_that_the_samples_show() -> None:
    sample = json.loads((SAMPLES / "default.json").read_text())
    body = b'{"message":"hello"}'
    made = event(
        an_incoming("GET", "/test/hello", "name=me", ("host", "x-apigw.example"), ("content-type", "a/b"), body=body),
        "/test/{proxy+}",
    )
    assert list(made) == list(sample)
    assert {name: made[name] for name in sample if name not in {"headers", "requestContext"}} == {
        name: sample[name] for name in sample if name not in {"headers", "requestContext"}
    }
    assert list(made["requestContext"]) == [*sample["requestContext"], "sourceIp"]
    assert made["requestContext"] == {
        "stage": "RELEASE",
        "requestId": REQUEST_ID,
        "apiId": API_ID,
        "sourceIp": "127.0.0.1",
    }


def test_the_gateway_adds_what_it_knows_of_the_caller() -> None:
    made = event(an_incoming("GET", "/", "", ("host", "localhost:9080"), client="::1"))
    assert made["headers"] == {
        "host": "localhost:9080",
        "x-forwarded-for": "::1",
        "x-forwarded-host": "localhost",
        "x-forwarded-port": "9080",
        "x-forwarded-proto": "http",
        "x-real-ip": "::1",
        "x-request-id": REQUEST_ID,
        "x-stage": "RELEASE",
    }


@pytest.mark.parametrize(
    ("host", "name", "port"),
    [
        ("localhost", "localhost", "80"),
        ("[::1]:9080", "[::1]", "9080"),
        ("[::1]", "[::1]", "80"),
        ("127.0.0.1:", "127.0.0.1", "80"),
    ],
)
def test_a_host_is_told_apart_from_its_port(host: str, name: str, port: str) -> None:
    headers = event(an_incoming("GET", "/", "", ("host", host)))["headers"]
    assert (headers["x-forwarded-host"], headers["x-forwarded-port"]) == (name, port)


def test_without_a_host_none_is_made_up() -> None:
    assert not {"host", "x-forwarded-host", "x-forwarded-port"} & event(an_incoming())["headers"].keys()


def test_what_a_gateway_in_front_has_said_stays_as_it_said_it() -> None:
    said = [("x-forwarded-for", "203.0.113.9"), ("x-forwarded-proto", "https"), ("x-stage", "TEST")]
    headers = event(an_incoming("GET", "/", "", *said))["headers"]
    assert headers["x-forwarded-for"] == "203.0.113.9, 127.0.0.1"
    assert (headers["x-forwarded-proto"], headers["x-stage"]) == ("https", "TEST")


def test_headers_of_the_connection_end_with_it() -> None:
    made = event(
        an_incoming(
            "POST", "/", "", ("connection", "keep-alive, X-Once"), ("x-once", "1"), ("transfer-encoding", "chunked")
        )
    )
    assert not {"connection", "x-once", "transfer-encoding"} & made["headers"].keys()


def test_repeated_headers_are_one_text_as_every_header_of_an_event_is() -> None:
    headers = event(
        an_incoming("GET", "/", "", ("accept", "a/b"), ("cookie", "a=1"), ("accept", "c/d"), ("cookie", "b=2"))
    )["headers"]
    assert (headers["accept"], headers["cookie"]) == ("a/b, c/d", "a=1; b=2")


@pytest.mark.parametrize(
    ("query", "parameters"),
    [
        ("", {}),
        ("&&", {}),
        ("a=1", {"a": "1"}),
        ("a=1&b=2&a=3", {"a": ["1", "3"], "b": "2"}),
        ("a=1&a=1", {"a": ["1", "1"]}),
        ("a", {"a": ""}),
        ("a=", {"a": ""}),
        ("=b", {"": "b"}),
        ("a=b=c", {"a": "b=c"}),
        ("a+b=c+d", {"a b": "c d"}),
        ("a%20b=c%2Bd%26e", {"a b": "c+d&e"}),
        ("%E5%90%8D=%E8%AE%A2%E5%8D%95", {"名": "订单"}),
        ("a=%D6%D0&a=1", {"a": ["%D6%D0", "1"]}),
        ("a=100%", {"a": "100%"}),
        ("a=%zz", {"a": "%zz"}),
        ("a=%00", {"a": "\0"}),
        ("a;b=c", {"a;b": "c"}),
    ],
)
def test_a_query_is_read_as_a_form_is(query: str, parameters: dict[str, Any]) -> None:
    assert event(an_incoming("GET", "/", query))["queryStringParameters"] == parameters


@pytest.mark.parametrize("path", ["/", "//", "/a%20b", "/a%2Fb", "/%D6%D0", "/a%zz", "/a%00", "/..%2f..", "/a;b=c"])
def test_a_path_stays_as_it_came(path: str) -> None:
    assert event(an_incoming("GET", path))["path"] == path


@pytest.mark.parametrize(
    ("value", "text"),
    [("订单".encode().decode("latin-1"), "订单"), ("caf\xe9", "café"), ("\x80", "\x80"), ("a\tb", "a\tb")],
)
def test_a_header_is_read_as_utf_8_and_as_latin_1_where_it_is_none(value: str, text: str) -> None:
    assert event(an_incoming("GET", "/", "", ("x-name", value)))["headers"]["x-name"] == text


@pytest.mark.parametrize("body", [b"", b"{}", b"\0\xff\xfe", "订单".encode(), b"x" * 100_000])
def test_a_body_is_base64_whatever_it_holds(body: bytes) -> None:
    made = event(an_incoming("POST", "/", "", body=body))
    assert made["isBase64Encoded"] is True
    assert base64.b64decode(made["body"], validate=True) == body


def test_an_event_that_was_made_is_one_of_the_catalogue_and_has_no_problems() -> None:
    asked = an_incoming("POST", "/a", "b=c&b=d", ("host", "x"), ("accept", "a"), ("accept", "b"), body=b"\0")
    document = scan(event_of(asked, request_id=REQUEST_ID, api_id=API_ID).decode())
    assert recognise(document) == "apig"
    assert validate(document, Catalogue([samples_root()]).get("apig")) == ()


path_text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
paths = st.lists(path_text, max_size=4).map(
    lambda parts: "/" + "/".join(quote(part, safe="~!$&'()*+,;=:@") for part in parts)
)
parameters = st.lists(st.tuples(path_text, path_text), max_size=5)
header_names = st.from_regex(r"x(-[a-z0-9]{1,6}){1,2}", fullmatch=True)
header_values = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).map(str.strip)


@given(
    st.sampled_from(["GET", "POST", "PUT", "DELETE", "HEAD", "PATCH", "OPTIONS", "PURGE"]),
    paths,
    parameters,
    st.lists(st.tuples(header_names, header_values), max_size=5, unique_by=lambda pair: pair[0]),
    st.binary(),
)
@example("GET", "/", [("", "x"), ("a b", "+"), ("a b", "&=%")], [("x-a", "订单")], b"")
def test_the_event_of_a_request_is_that_request_again(
    method: str, path: str, query: list[tuple[str, str]], headers: list[tuple[str, str]], body: bytes
) -> None:
    sent = [("host", "localhost:9080"), *((name, value.encode().decode("latin-1")) for name, value in headers)]
    incoming = an_incoming(method, path, urlencode(query), *sent, body=body)
    made = request_of(event_of(incoming, request_id=REQUEST_ID, api_id=API_ID), [], host="elsewhere")
    target, _, again = made.target.partition("?")
    named = {name for name, _ in headers}
    assert (made.method, target, made.body) == (method, path, body)
    assert sorted(parse_qsl(again, keep_blank_values=True)) == sorted(query)
    assert [value for name, value in parse_qsl(again, keep_blank_values=True) if name == "a"] == [
        value for name, value in query if name == "a"
    ]
    assert made.headers[0] == ("Host", "localhost:9080")
    assert [(name, value) for name, value in made.headers if name in named] == headers


# Paths that an API has


def test_a_path_that_the_api_does_not_have_is_not_found() -> None:
    routes = parse(["/orders/{id}"])
    answer = no_such_api(an_incoming("GET", "/favicon.ico"), routes)
    assert answer is not None
    assert answer.status == 404
    assert json.loads(answer.body)["error_code"] == "APIG.0101"
    assert no_such_api(an_incoming("GET", "/orders/5"), routes) is None
    assert no_such_api(an_incoming("GET", "/favicon.ico"), ()) is None


def test_names_in_a_path_are_in_the_event() -> None:
    made = event(an_incoming("GET", "/orders/a%20b"), "/orders/{id}", "/{proxy+}")
    assert made["pathParameters"] == {"id": "a b"}
    assert event(an_incoming("GET", "/orders/a%20b"))["pathParameters"] == {}


# From the outcome to the response


def answered(**answer: object) -> Returned:
    return Returned(body=json.dumps({"statusCode": 200, **answer}).encode())


def said(outcome: Outcome) -> tuple[int, str, str]:
    """Status, code and message of an error in the service's words."""
    outgoing = response_of(outcome)
    words = json.loads(outgoing.body)
    assert outgoing.headers == (("content-type", "application/json"),)
    return outgoing.status, words["error_code"], words["error_msg"]


def test_an_answer_is_the_response_that_it_says() -> None:
    outgoing = response_of(
        answered(
            statusCode=201,
            headers={"Content-Type": "text/html", "Set-Cookie": ["a=1; Path=/", "b=2"], "X-Name": "订单"},
            body="<p>订单</p>",
        )
    )
    assert outgoing.status == 201
    assert outgoing.headers == (
        ("Content-Type", "text/html"),
        ("Set-Cookie", "a=1; Path=/"),
        ("Set-Cookie", "b=2"),
        ("X-Name", "订单".encode().decode("latin-1")),
    )
    assert outgoing.body == "<p>订单</p>".encode()


@pytest.mark.parametrize("name", ["base64-body.json", "default.json", "authorizer-allow.json"])
def test_the_published_answers_become_responses(name: str) -> None:
    answer = (SAMPLES / "responses" / name).read_bytes()
    outgoing = response_of(Returned(body=answer))
    assert outgoing.status == 200
    assert json.loads(outgoing.body)


def test_the_answer_of_an_http_function_is_its_reply_again() -> None:
    body = answer_of(404, [("content-type", "text/html"), ("set-cookie", "a"), ("set-cookie", "b")], b"\0\xff")
    outgoing = response_of(Returned(body=body, status_code=404, headers=(("content-type", "text/html"),)))
    assert outgoing.status == 404
    assert outgoing.headers == (("Content-Type", "text/html"), ("Set-Cookie", "a"), ("Set-Cookie", "b"))
    assert outgoing.body == b"\0\xff"


def test_lengths_dates_and_the_connection_are_the_servers_business() -> None:
    outgoing = response_of(
        answered(
            headers={
                "Content-Length": "5",
                "Transfer-Encoding": "chunked",
                "Connection": "x-mine",
                "X-Mine": "1",
                "Date": "today",
                "X-Kept": "2",
            },
            body="ok",
        )
    )
    assert outgoing.headers == (("X-Kept", "2"),)


@pytest.mark.parametrize("status", [204, 304])
def test_a_status_that_has_no_body_gets_none(status: int) -> None:
    assert response_of(answered(statusCode=status, body="body")).body == b""


@pytest.mark.parametrize("body", [b'"text"', b"", b"[]", b"\xff", b'{"statusCode": "200"}'])
def test_a_result_of_another_shape_is_answered_as_the_gateway_answers_it(body: bytes) -> None:
    status, code, message = said(Returned(body=body))
    assert (status, code) == (500, "FSS.1206")
    assert message.startswith("invalid type of APIG trigger invocation result:[")


def test_a_result_that_was_found_wrong_before_is_answered_in_the_same_words() -> None:
    words = refusal(b"text")
    assert words is not None
    assert said(InvalidResponse(body=b"text", message=words)) == said(Returned(body=b"text"))


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ({"statusCode": 99}, "its statusCode is 99"),
        ({"statusCode": 101}, "its statusCode is 101"),
        ({"body": "no", "isBase64Encoded": True}, "its body is not base64"),
        ({"headers": {"X": "a\r\nSet-Cookie: b"}}, "headers.X has a line end or another control character"),
        ({"headers": {"X\r\nY": "a"}}, "headers is "),
        ({"headers": {"X": [["a"]]}}, 'headers.X is ["a"]'),
    ],
)
def test_an_answer_that_http_cannot_carry_is_a_wrong_result(answer: dict[str, object], words: str) -> None:
    status, code, message = said(answered(**answer))
    assert (status, code) == (500, "FSS.1206")
    assert message.startswith(f"invalid APIG trigger invocation result: {words}")


ERROR = HandlerError("ValueError", "boom")
ERROR_BODY = b'{"errorMessage": "boom", "errorType": "ValueError", "stackTrace": []}'


@pytest.mark.parametrize(
    ("outcome", "message"),
    [
        (Raised(body=ERROR_BODY, error=ERROR), "'statusCode' of APIG trigger invocation result not specified, "),
        (InitFailed(body=ERROR_BODY, error=ERROR), "'statusCode' of APIG trigger invocation result not specified, "),
        (Crashed(body=b"runtime process is exited", exit_code=1), "invalid type of APIG trigger invocation result:[runtime process is exited]"),
        (TimedOut(body=b"call invoke timeout 3s", limit_s=3), "invalid type of APIG trigger invocation result:[call invoke timeout 3s]"),
        (OutOfMemory(body=b"runtime memory limit exceeded", limit_mb=128), "invalid type of APIG trigger invocation result:[runtime memory limit exceeded]"),
        (InvalidResponse(body=b"response body size 9 exceeds the limit of 8", message="too large"), "invalid type of APIG trigger invocation result:[response body size 9"),
        (TimedOut(limit_s=3), "invalid type of APIG trigger invocation result:[]"),
    ],
)  # fmt: skip
def test_a_function_that_failed_has_given_a_wrong_result(outcome: Outcome, message: str) -> None:
    status, code, told = said(outcome)
    assert (status, code) == (500, "FSS.1206")
    assert told.startswith(message)


def test_a_function_that_fails_with_an_answer_has_still_failed() -> None:
    assert said(Raised(body=b'{"statusCode": 200}', error=ERROR)) == (500, "FSS.0500", "Internal server error.")


@pytest.mark.parametrize(
    ("outcome", "status", "code"),
    [
        (Rejected(code="FSS.0429", message="Function Disabled", status_code=429), 429, "FSS.0429"),
        (Rejected(code="301", message="elsewhere", status_code=301), 502, "301"),
        (Unreachable(message="connection refused"), 502, "FSS.0502"),
        (Cancelled(), 503, "FSS.0503"),
    ],
)
def test_where_no_function_has_answered_the_service_says_so(outcome: Outcome, status: int, code: str) -> None:
    assert said(outcome)[:2] == (status, code)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.fixed_dictionaries(
        {"statusCode": st.integers(-5, 700) | json_values},
        optional={
            "headers": st.dictionaries(st.text(), json_values),
            "body": json_values,
            "isBase64Encoded": json_values,
        },
    )
)
def test_whatever_a_handler_answers_http_can_carry_what_is_made_of_it(answer: dict[str, object]) -> None:
    outgoing = response_of(Returned(body=json.dumps(answer).encode()))
    assert 200 <= outgoing.status <= 599
    for name, value in outgoing.headers:
        assert name.isascii()
        assert not set("\r\n\0") & set(name + value)
        value.encode("latin-1")
