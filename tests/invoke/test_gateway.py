from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import h11
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgtui.invoke.gateway import Request, UnsendableError, answer_of, platform_headers, refusal, reply_of, request_of

SAMPLES = Path(__file__).parents[2] / "samples"
SHAPE = '{"statusCode":200,"isBase64Encoded":false,"headers":{},"body":""}'


@pytest.mark.parametrize(
    "answer",
    [
        {"statusCode": 200, "isBase64Encoded": False, "headers": {}, "body": ""},
        {"statusCode": 200, "body": "text"},
        {"statusCode": 404},
        {"statusCode": 200, "headers": {"Set-Cookie": ["a", "b"]}, "body": None},
        {"statusCode": 200, "more": 1},
    ],
)
def test_an_answer_of_the_right_shape_passes(answer: object) -> None:
    assert refusal(json.dumps(answer).encode()) is None


@pytest.mark.parametrize("body", [b'"text"', b"text", b"", b"[]", b"200", b"\xff", b"[" * 100_000])
def test_an_answer_of_another_shape_is_refused_in_the_gateways_words(body: bytes) -> None:
    words = json.loads(refusal(body) or "null")
    shown = words["error_msg"].removeprefix("invalid type of APIG trigger invocation result:[")
    assert words["error_code"] == "FSS.1206"
    assert shown.endswith(f"], type format must be: {SHAPE}")
    assert len(shown) < 300


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("statusCode", "200"),
        ("statusCode", 200.5),
        ("statusCode", True),
        ("headers", []),
        ("headers", ""),
        ("body", {"a": 1}),
        ("body", 0),
        ("isBase64Encoded", "false"),
        ("isBase64Encoded", 0),
    ],
)
def test_a_member_of_the_wrong_type_is_refused(name: str, value: object) -> None:
    assert "invalid type" in (refusal(json.dumps({"statusCode": 200, name: value}).encode()) or "")


@pytest.mark.parametrize("answer", [{}, {"statusCode": 0}, {"statusCode": None, "body": "x"}])
def test_an_answer_without_a_status_is_refused(answer: object) -> None:
    words = json.loads(refusal(json.dumps(answer).encode()) or "null")
    assert words == {
        "error_code": "FSS.1206",
        "error_msg": "'statusCode' of APIG trigger invocation result not specified, statusCode can not be 0",
    }


# From the event to the request

PLATFORM = [("X-CFF-Request-Id", "id")]


def request(event: object, **settings: str) -> Request:
    wire = event if isinstance(event, bytes) else json.dumps(event).encode()
    return request_of(wire, PLATFORM, **{"host": "127.0.0.1:8000", **settings})


def refusal_of(event: object) -> str:
    with pytest.raises(UnsendableError) as caught:
        request(event)
    return str(caught.value)


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (b"", "it is no JSON: "),
        (b"\xff", "it is no JSON: "),
        (b"[" * 100_000, "it is no JSON: "),
        ("text", "it is no JSON object; an HTTP function needs an event of API Gateway"),
        ({"Records": []}, "it has no httpMethod; an HTTP function needs an event of API Gateway"),
        ({"httpMethod": None, "path": "/"}, "httpMethod is missing; it is the method of an HTTP request, such as GET"),
        ({"httpMethod": 7, "path": "/"}, "httpMethod is "),
        ({"httpMethod": "", "path": "/"}, 'httpMethod is ""; '),
        ({"httpMethod": "GET /x HTTP/1.1\r\nA: b", "path": "/"}, "httpMethod is "),
        ({"httpMethod": "ÉTÉ", "path": "/"}, "httpMethod is "),
        ({"httpMethod": "CONNECT", "path": "/"}, "httpMethod is CONNECT"),
        ({"httpMethod": "GET"}, 'path is missing; it is text that begins with "/"'),
        ({"httpMethod": "GET", "path": "x"}, 'path is "x"; it has to be text that begins with "/"'),
        ({"httpMethod": "GET", "path": "http://evil.example/"}, "path is "),
        ({"httpMethod": "GET", "path": ["/"]}, "path is "),
        ({"httpMethod": "GET", "path": "/\r\nA: b"}, "path has a control character"),
        ({"httpMethod": "GET", "path": "/\0"}, "path has a control character"),
        ({"httpMethod": "GET", "path": "/\ud800"}, "path has half of a surrogate pair, which has no bytes"),
        ({"httpMethod": "GET", "path": "/" * 70_000}, "path and queryStringParameters are longer than 65536 bytes"),
    ],
)
def test_an_event_without_a_method_and_a_path_is_no_request(event: object, words: str) -> None:
    assert refusal_of(event).startswith(words)


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({"queryStringParameters": []}, "queryStringParameters is []; it has to be an object"),
        ({"queryStringParameters": {"a": {}}}, "queryStringParameters.a is {}; it has to be text or a list of texts"),
        ({"queryStringParameters": {"a": [["b"]]}}, 'queryStringParameters.a is ["b"]; '),
        ({"queryStringParameters": {"\ud800": ""}}, "queryStringParameters has half of a surrogate pair"),
        ({"headers": []}, "headers is []; it has to be an object"),
        ({"headers": {"A": {}}}, "headers.A is {}; "),
        ({"headers": {"": "b"}}, 'headers is ""; it has to be names made of '),
        ({"headers": {"A: b\r\nC": "d"}}, "headers is "),
        ({"headers": {"A B": "c"}}, "headers is "),
        ({"headers": {"A": "b\r\nC: d"}}, "headers.A has a line end or another control character in its value"),
        ({"headers": {"A": "b\nC: d"}}, "headers.A has a line end"),
        ({"headers": {"A": ["b", "\0"]}}, "headers.A has a line end or another control character"),
        ({"headers": {"A": "\udfff"}}, "headers.A has half of a surrogate pair"),
        ({"headers": {"Connection": "a\r\nb"}}, "headers.Connection has a line end"),
        ({"body": {"a": 1}}, 'body is {"a": "1"}; it has to be text; JSON in it is text too'),
        ({"body": 1}, "body is "),
        ({"body": "no base64"}, "body is not base64, which it is unless isBase64Encoded is false; set "),
        ({"body": "YQ"}, "body is not base64"),
        ({"body": "YQ==YQ=="}, "body is not base64"),
        ({"body": "é", "isBase64Encoded": True}, "body is not base64"),
        ({"body": "x", "isBase64Encoded": 1}, "isBase64Encoded is "),
        ({"body": "\ud800", "isBase64Encoded": False}, "body has half of a surrogate pair"),
    ],
)
def test_a_member_of_no_use_is_refused_by_name(members: dict[str, object], words: str) -> None:
    assert refusal_of({"httpMethod": "GET", "path": "/", **members}).startswith(words)


@pytest.mark.parametrize(
    ("members", "target"),
    [
        ({}, "/"),
        ({"path": "/a b/é/%2F/%zz/?#"}, "/a%20b/%C3%A9/%2F/%25zz/%3F%23"),
        ({"path": "//evil.example/../x;y=1,2"}, "//evil.example/../x;y=1,2"),
        ({"queryStringParameters": None}, "/"),
        ({"queryStringParameters": {}}, "/"),
        ({"queryStringParameters": {"a": "b", "c": ["d", "e"]}}, "/?a=b&c=d&c=e"),
        ({"queryStringParameters": {"a&b": "=", "+": " ", "é": "%20"}}, "/?a%26b=%3D&%2B=%20&%C3%A9=%2520"),
        ({"queryStringParameters": {"n": 1, "t": True, "x": None}}, "/?n=1&t=true&x="),
        ({"queryStringParameters": {"a": []}}, "/"),
    ],
)
def test_path_and_query_become_the_target(members: dict[str, object], target: str) -> None:
    assert request({"httpMethod": "GET", "path": "/", **members}).target == target


def test_numbers_in_the_query_are_as_they_were_written() -> None:
    event = b'{"httpMethod": "GET", "path": "/", "queryStringParameters": {"a": 1.10, "b": 1E400, "c": 12345678901234567890}}'
    assert request(event).target == "/?a=1.10&b=1E400&c=12345678901234567890"


@pytest.mark.parametrize(
    ("prefix", "target"), [("/api", "/api/x?a=b"), ("/api/", "/api/x?a=b"), ("/", "/x?a=b"), ("/p?k=v", "/p/x?k=v&a=b")]
)
def test_a_prefix_comes_before_the_path(prefix: str, target: str) -> None:
    event = {"httpMethod": "GET", "path": "/x", "queryStringParameters": {"a": "b"}}
    assert request(event, prefix=prefix).target == target


@pytest.mark.parametrize(
    ("headers", "sent"),
    [
        (None, [("Host", "127.0.0.1:8000")]),
        ({"host": "api.example"}, [("Host", "api.example")]),
        ({"HOST": ["", "a", "b"]}, [("Host", "a")]),
        (
            {"A": ["1", "2"], "b": 3, "C": None},
            [("Host", "127.0.0.1:8000"), ("A", "1"), ("A", "2"), ("b", "3"), ("C", "")],
        ),
        ({"Name": " Zürich\t"}, [("Host", "127.0.0.1:8000"), ("Name", "Zürich")]),
        ({"Connection": "keep-alive, X-Hop", "x-hop": "1", "TE": "a", "Upgrade": "h2c"}, [("Host", "127.0.0.1:8000")]),
        ({"Proxy-Authorization": "Basic eA==", "Proxy-Connection": "close"}, [("Host", "127.0.0.1:8000")]),
        ({"Content-Length": "99", "Transfer-Encoding": "chunked", "Expect": "x"}, [("Host", "127.0.0.1:8000")]),
        ({"x-cff-request-id": "forged"}, [("Host", "127.0.0.1:8000")]),
    ],
)
def test_headers_are_passed_on_but_for_those_of_a_connection(headers: object, sent: list[tuple[str, str]]) -> None:
    assert request({"httpMethod": "GET", "path": "/", "headers": headers}).headers == [*sent, *PLATFORM]


@pytest.mark.parametrize(
    ("members", "body"),
    [
        ({}, b""),
        ({"body": None}, b""),
        ({"body": ""}, b""),
        ({"body": "aGk="}, b"hi"),
        ({"body": "a\r\nGk=\n"}, b"hi"),
        ({"body": "aGk=", "isBase64Encoded": True}, b"hi"),
        ({"body": "aGk=", "isBase64Encoded": "true"}, b"hi"),
        ({"body": "aGk=", "isBase64Encoded": None}, b"hi"),
        ({"body": "aGk=", "isBase64Encoded": False}, b"aGk="),
        ({"body": '{"é": 1}', "isBase64Encoded": "false"}, '{"é": 1}'.encode()),
    ],
)
def test_the_body_is_base64_unless_the_event_says_otherwise(members: dict[str, object], body: bytes) -> None:
    """Row "request side" (runtime.md section 9)."""
    made = request({"httpMethod": "POST", "path": "/", **members})
    assert made.body == body
    assert made.headers[-1] == ("Content-Length", str(len(body)))


def test_a_get_without_a_body_has_no_length() -> None:
    assert "Content-Length" not in dict(request({"httpMethod": "GET", "path": "/"}).headers)
    assert dict(request({"httpMethod": "GET", "path": "/", "body": "aGk="}).headers)["Content-Length"] == "2"


@pytest.mark.parametrize("file", sorted((SAMPLES / "events/apig").glob("*.json")), ids=lambda file: file.stem)
def test_every_sample_with_a_method_is_a_request(file: Path) -> None:
    wire = file.read_bytes()
    members = json.loads(wire)
    if "httpMethod" not in members:
        assert "httpMethod" in refusal_of(wire)
        return
    made = request(wire)
    assert made.method == members["httpMethod"]
    assert made.target == "/test/hello?name=me"


TEXTS = st.text(st.characters(), max_size=12) | st.sampled_from(
    ["\r\n", "a\r\nB: c", "\n\n", "\0", "%", "%0d%0a", " ", "é"]
)
VALUES = TEXTS | st.none() | st.booleans() | st.integers() | st.floats() | st.lists(TEXTS, max_size=3)
MAPPINGS = st.dictionaries(TEXTS | st.sampled_from(["Host", "connection", "A"]), VALUES, max_size=4) | VALUES
EVENTS = st.fixed_dictionaries(
    {},
    optional={
        "httpMethod": st.sampled_from(["GET", "POST", "patch", "GET / HTTP/1.1\r\n"]) | VALUES,
        "path": TEXTS.map("/".__add__) | VALUES,
        "queryStringParameters": MAPPINGS,
        "headers": MAPPINGS,
        "body": VALUES,
        "isBase64Encoded": st.booleans() | VALUES,
    },
)


@given(EVENTS | VALUES, st.sampled_from(["", "/", "/p", "/p?q=r"]))
def test_whatever_the_event_the_bytes_are_one_request_or_there_is_a_refusal(event: object, prefix: str) -> None:
    try:
        made = request(event, prefix=prefix)
    except UnsendableError:
        return
    sender, receiver = h11.Connection(h11.CLIENT), h11.Connection(h11.SERVER)
    headers = [(name.encode(), value.encode()) for name, value in made.headers]
    receiver.receive_data(sender.send(h11.Request(method=made.method, target=made.target, headers=headers)))
    receiver.receive_data(
        (sender.send(h11.Data(data=made.body)) if made.body else b"") + sender.send(h11.EndOfMessage())
    )
    head, *pieces, end = received(receiver)
    assert (head.method, head.target) == (made.method.encode(), made.target.encode())
    assert head.headers.raw_items() == [(name, value.strip(b" \t")) for name, value in headers]
    assert b"".join(piece.data for piece in pieces) == made.body
    assert type(end) is h11.EndOfMessage
    assert receiver.trailing_data == (b"", False)
    names = [name for name, _ in head.headers]
    assert names.count(b"host") == 1
    assert [value for name, value in head.headers if name == b"x-cff-request-id"] == [b"id"]


def received(connection: h11.Connection) -> list[Any]:
    """Every event until the connection waits for more."""
    return list(iter(connection.next_event, h11.NEED_DATA))


@given(st.binary(max_size=40))
def test_whatever_the_bytes_of_an_event_nothing_but_a_refusal_is_raised(wire: bytes) -> None:
    assert refusal_of(wire)


def test_the_platform_adds_the_eight_documented_headers() -> None:
    """The table of runtime.md section 7.2 without credentials; a timeout of half a second counts as one."""
    made = platform_headers("id", name="demo", version="latest", package="default", memory_mb=128, timeout_s=2.5)
    assert made == [
        ("X-CFF-Request-Id", "id"),
        ("X-CFF-Memory", "128"),
        ("X-CFF-Timeout", "3"),
        ("X-CFF-Func-Name", "demo"),
        ("X-CFF-Func-Version", "latest"),
        ("X-CFF-Package", "default"),
        ("X-CFF-Project-Id", "sn"),
        ("X-CFF-Region", "cn"),
    ]


# From the reply to the answer


def test_a_reply_becomes_the_answer_in_the_documented_order() -> None:
    """Row "the reply becomes" (runtime.md section 7.1), in which headers are lists and the body is base64."""
    headers = [("date", "today"), ("Set-Cookie", "b"), ("set-cookie", "a"), ("Connection", "x-hop"), ("X-Hop", "1")]
    assert answer_of(201, headers, b"hi").decode() == (
        '{"body":"aGk=","headers":{"Date":["today"],"Set-Cookie":["b","a"]},"statusCode":201,"isBase64Encoded":true}'
    )


@given(
    st.integers(200, 599), st.lists(st.tuples(st.from_regex("[A-Za-z-]{1,9}", fullmatch=True), st.text())), st.binary()
)
def test_every_answer_of_a_reply_passes_the_gateway(status: int, headers: list[tuple[str, str]], body: bytes) -> None:
    headers = [(name, value.encode("utf-8", "replace").decode()) for name, value in headers]
    answer = answer_of(status, headers, body)
    assert refusal(answer) is None
    assert base64.b64decode(json.loads(answer)["body"]) == body


# From the answer to the reply


def refused_reply(**answer: object) -> str:
    body = json.dumps({"statusCode": 200, **answer}).encode()
    assert refusal(body) is None
    with pytest.raises(UnsendableError) as caught:
        reply_of(body)
    return str(caught.value)


@pytest.mark.parametrize("status", [1, 99, 100, 101, 103, 199, 600, 1000, -200, 10**400])
def test_an_answer_with_a_status_that_ends_no_request_is_no_reply(status: int) -> None:
    assert refused_reply(statusCode=status).startswith("its statusCode is ")


@pytest.mark.parametrize("body", ["e30", "e30=e30=", "{}", "é", " e30=", "e3-_", "="])
def test_an_answer_whose_body_only_claims_to_be_base64_is_no_reply(body: str) -> None:
    assert refused_reply(body=body, isBase64Encoded=True) == "its body is not base64, which isBase64Encoded says it is"


@pytest.mark.parametrize(
    ("headers", "words"),
    [
        ({"名称\u202e": "x"}, 'headers is "名称\\u202e"; it has to be names made of letters, digits and -'),
        ({"": "x"}, 'headers is ""; it has to be names made of letters, digits and -'),
        ({"A B": "x"}, 'headers is "A B"; '),
        ({"X\r\nSet-Cookie: a": "b"}, "headers is "),
        ({"名": "x"}, "headers is "),
        ({"X": "a\r\nSet-Cookie: b"}, "headers.X has a line end or another control character in its value"),
        ({"X": ["a", "b\n\n<html>"]}, "headers.X has a line end"),
        ({"X": "\0"}, "headers.X has a line end"),
        ({"X": {"a": "b"}}, 'headers.X is {"a": "b"}; it has to be text or a list of texts'),
        ({"X": "\ud800"}, "headers.X has half of a surrogate pair"),
    ],
)
def test_headers_that_would_end_early_make_no_reply(headers: object, words: str) -> None:
    assert refused_reply(headers=headers).startswith(words)


@pytest.mark.parametrize(
    ("members", "headers", "body"),
    [
        ({}, [], b""),
        ({"body": None, "headers": None, "isBase64Encoded": None}, [], b""),
        ({"body": "订单"}, [], "订单".encode()),
        ({"body": "a\ud800b"}, [], "a\ufffdb".encode()),
        ({"body": "AAH/", "isBase64Encoded": True}, [], b"\0\x01\xff"),
        ({"body": "AAH/\r\nAAH/\n", "isBase64Encoded": True}, [], b"\0\x01\xff\0\x01\xff"),
        ({"headers": {"Set-Cookie": ["a=1", "b=2"]}}, [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")], b""),
        ({"headers": {"X-A": 1.5, "X-B": True, "X-C": None, "X-D": " e "}},
         [("X-A", "1.5"), ("X-B", "true"), ("X-C", ""), ("X-D", "e")], b""),
    ],
)  # fmt: skip
def test_an_answer_is_the_reply_that_it_says(
    members: dict[str, object], headers: list[tuple[str, str]], body: bytes
) -> None:
    reply = reply_of(json.dumps({"statusCode": 201, **members}).encode())
    assert (reply.status, reply.headers, reply.body) == (201, headers, body)


@given(
    st.integers(200, 599),
    st.lists(
        st.tuples(
            st.from_regex(r"X(-[A-Z][a-z0-9]{0,5}){1,2}", fullmatch=True),
            st.text(st.characters(min_codepoint=0x20, exclude_categories=["Cs", "Cc"])).map(str.strip),
        )
    ),
    st.binary(),
)
def test_a_reply_that_became_an_answer_is_the_same_reply_again(
    status: int, headers: list[tuple[str, str]], body: bytes
) -> None:
    reply = reply_of(answer_of(status, headers, body))
    assert (reply.status, sorted(reply.headers), reply.body) == (status, sorted(headers), body)
