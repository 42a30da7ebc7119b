"""What a server at a URL is sent for an event: one rule, and nothing in an event can make two requests of one."""

from __future__ import annotations

import json
from typing import Any

import h11
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgtui.events.model import Event
from fgtui.invoke.gateway import UnsendableError
from fgtui.invoke.http_requests import Kind, becomes_request, request_for

HERE, ELSEWHERE = "http://127.0.0.1:8000", "https://api.example.com"
GET = {"httpMethod": "GET", "path": "/x", "queryStringParameters": {"y": "z"}}
PLATFORM = [("X-CFF-Request-Id", "our own")]


def event(said: Any = GET, trigger: str = "apig") -> Event:
    return Event(trigger, said if isinstance(said, bytes) else json.dumps(said).encode())


@pytest.mark.parametrize(
    ("kind", "trigger", "is_request"),
    [
        ("container", "apig", False),
        ("container", "obs", False),
        ("http", "apig", True),
        ("http", "obs", True),
        (None, "apig", True),
        (None, "obs", False),
        (None, "blank", False),
    ],
)
def test_what_was_declared_decides_and_else_the_event(kind: Kind, trigger: str, is_request: bool) -> None:
    assert becomes_request(kind, trigger) is is_request


@pytest.mark.parametrize(
    ("url", "kind", "target"),
    [
        (HERE, "container", "/invoke"),
        (f"{HERE}/", "container", "/invoke"),
        (f"{HERE}?c=d", "container", "/invoke?c=d"),
        (f"{HERE}/invoke", "container", "/invoke"),
        (f"{HERE}/a/b?c=d", "container", "/a/b?c=d"),
        (ELSEWHERE, "container", "/invoke"),
        (ELSEWHERE, None, "/"),
        (f"{ELSEWHERE}?c=d", None, "/?c=d"),
        (f"{ELSEWHERE}/hooks/größe%20x?c=ü", None, "/hooks/gr%C3%B6%C3%9Fe%20x?c=%C3%BC"),
    ],
)
def test_an_event_is_posted_as_it_is_to_where_the_url_says(url: str, kind: Kind, target: str) -> None:
    wire = '{"n": 52.0, "n": "订单"}'.encode()
    request = request_for(event(wire, "obs"), url, kind, PLATFORM)
    assert (request.method, request.target, request.body) == ("POST", target, wire)
    host = url.partition("//")[2].partition("/")[0].partition("?")[0]
    assert request.headers == [
        ("Host", host), ("Content-Type", "application/json"), *PLATFORM, ("Content-Length", str(len(wire))),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("url", "target"),
    [
        (ELSEWHERE, "/x?y=z"),
        (f"{ELSEWHERE}/", "/x?y=z"),
        (f"{ELSEWHERE}/prod?key=1", "/prod/x?key=1&y=z"),
        (f"{HERE}/v1/", "/v1/x?y=z"),
    ],
)
def test_an_event_of_api_gateway_is_the_request_below_the_urls_path(url: str, target: str) -> None:
    request = request_for(event(), url, None, [])
    assert (request.method, request.target, request.body) == ("GET", target, b"")


@pytest.mark.parametrize(
    ("url", "kind", "host"),
    [
        (f"{HERE}/v1", None, HERE.partition("//")[2]),
        (HERE, "http", "shop.example"),
        (ELSEWHERE, None, "api.example.com"),
        (ELSEWHERE, "http", "api.example.com"),
    ],
)
def test_an_api_is_told_its_own_name_and_a_function_here_that_of_the_event(url: str, kind: Kind, host: str) -> None:
    """An event recorded at one API names its host, where a gateway of many would look for another one."""
    request = request_for(event({**GET, "headers": {"host": "shop.example"}}), url, kind, [])
    assert [value for name, value in request.headers if name.lower() == "host"] == [host]


@pytest.mark.parametrize("kind", ["http", None])
def test_an_event_that_is_no_request_is_refused_where_it_would_have_to_be_one(kind: Kind) -> None:
    with pytest.raises(UnsendableError, match="it has no httpMethod"):
        request_for(event({"a": 1}), f"{HERE}/v1", kind, [])


TEXT = st.text(st.characters(max_codepoint=0x3000), max_size=12)
TRICKS = st.sampled_from([
    "x\r\nX-Smuggled: 1", "\r\n\r\nGET /admin HTTP/1.1", "chunked", "4", "a\0b", "keep-alive, x-a", "订单",
])  # fmt: skip
NAMES = st.sampled_from([
    "Content-Length", "Transfer-Encoding", "Expect", "Connection", "TE", "Upgrade", "Host", "host", "X-A", "x-a\r\nX-B",
    "X A", "", "Content-length ",
])  # fmt: skip


@given(
    said=st.fixed_dictionaries({
        "httpMethod": st.sampled_from(["GET", "POST", "PUT", "get", "CONNECT", "GET / HTTP/1.1\r\nX: y"]) | TEXT,
        "path": st.sampled_from(["/", "/a b", "//x", "/../x", "/x?y#z", "http://other.example/", "/\r\nX: y"]) | TEXT,
        "headers": st.dictionaries(NAMES, TRICKS | TEXT | st.lists(TRICKS, max_size=2), max_size=4),
        "queryStringParameters": st.dictionaries(TEXT | TRICKS, TEXT | TRICKS, max_size=2),
        "body": TEXT | TRICKS,
        "isBase64Encoded": st.just(False),
    }),
    url=st.sampled_from([HERE, f"{HERE}/v1?a=b", ELSEWHERE]),
)  # fmt: skip
def test_whatever_stands_in_an_event_one_request_comes_of_it_or_none(said: dict[str, Any], url: str) -> None:
    try:
        request = request_for(event(said), url, "http", PLATFORM)
    except UnsendableError:
        return
    names = [name.lower() for name, _ in request.headers]
    assert names.count("host") == 1
    assert names.count("content-length") <= 1
    assert not {"transfer-encoding", "expect", "upgrade", "te", "connection"} & set(names)
    assert request.target.isascii()
    assert request.target.startswith("/")
    head = h11.Connection(h11.CLIENT).send(
        h11.Request(
            method=request.method,
            target=request.target,
            headers=[(name.encode(), value.encode()) for name, value in request.headers],
        )
    )
    assert head is not None
    assert head.count(b"\r\n\r\n") == 1
