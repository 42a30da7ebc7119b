"""Which requests the invocation API grants, in whose words it refuses the others, and what it has invoked."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgtui.events.text import is_json
from fgtui.invoke.headers import header_of
from fgtui.invoke.model import Returned
from fgtui.serve.async_calls import AsyncCalls
from fgtui.serve.calls import Invocation
from fgtui.serve.invocation_api import InvocationApi, Served, body_limit, speaks_to_api
from fgtui.serve.messages import Incoming, Outgoing
from fgtui.serve.stored_events import StoredEvents
from tests.factories import an_exchange

FUNCTION = "/v2/p1/fgs/functions/urn%3Afss%3Acn-north-4%3Ap1%3Afunction%3Adefault%3Ademo%3A%21prod"


def now() -> datetime:
    return datetime(2026, 1, 2, tzinfo=UTC)


@pytest.fixture
def api() -> InvocationApi:
    served = Served("demo", "index.handler", "Python3.10", 128, 3.0)
    return InvocationApi(served, AsyncCalls(now), StoredEvents(now, lambda: "e-1"), lambda wire: "obs")


def request(method: str, path: str, body: bytes = b"{}", query: str = "", **headers: str) -> Incoming:
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return Incoming(method, path, query, named, body, "127.0.0.1")


def refused(api: InvocationApi, *asked: object, **more: object) -> tuple[int, str]:
    answer = api.answer(request(*asked, **more))
    assert isinstance(answer, Outgoing)
    return answer.status, json.loads(answer.body)["error_code"]


def invoked(api: InvocationApi, *asked: object, **more: object) -> Invocation:
    invocation = api.answer(request(*asked, **more))
    assert isinstance(invocation, Invocation)
    return invocation


@pytest.mark.parametrize(
    "path",
    ["/v2/p/fgs/", "/v2/p/fgs", "/v2/p/fgs/triggers", FUNCTION, f"{FUNCTION}/", f"{FUNCTION}/code",
     f"{FUNCTION}/invocations/x", f"{FUNCTION}/invocations/x/y", f"{FUNCTION}/async-invocations/x", f"{FUNCTION}/events/a/b",
     "/v2/p/fgs/functions//invocations"],
)  # fmt: skip
def test_an_unknown_path_is_not_found(api: InvocationApi, path: str) -> None:
    assert refused(api, "POST", path) == (404, "FSS.0404")


@pytest.mark.parametrize(
    ("method", "end", "allowed"),
    [("GET", "invocations", "POST"), ("PUT", "invocations-async", "POST"), ("POST", "async-invocations", "GET"),
     ("DELETE", "active-async-invocations", "GET"), ("PATCH", "events", "GET, POST"), ("HEAD", "invocations", "POST")],
)  # fmt: skip
def test_another_method_is_told_which_one_is_meant(api: InvocationApi, method: str, end: str, allowed: str) -> None:
    answer = api.answer(request(method, f"{FUNCTION}/{end}"))
    assert isinstance(answer, Outgoing)
    assert (answer.status, dict(answer.headers)["allow"]) == (405, allowed)
    assert json.loads(answer.body)["error_code"] == "FSS.0405"


@pytest.mark.parametrize(
    "urn",
    ["a%3Ab%3Ac%3Ad%3Ae", "urn%3Afss", "urn%3Asmn%3Ar%3Ap%3Afunction%3Ad%3An", "%20", "x%0Ay", "%ff", "%E4%B8%AD",
     "urn%3Afss%3Ar%3Ap%3Afunction%3Adefault%3A"],
)  # fmt: skip
def test_what_is_no_urn_is_a_bad_request(api: InvocationApi, urn: str) -> None:
    assert refused(api, "POST", f"/v2/p/fgs/functions/{urn}/invocations") == (400, "FSS.1309")


@pytest.mark.parametrize(
    "body", [b"", b"x", b"{", b'{"a":}', b"NaN", b"[Infinity]", b"\xff", b"\xef\xbb\xbf{}", b'{"a": "\n"}', b"{} {}"]
)
def test_what_is_no_json_is_not_acceptable(api: InvocationApi, body: bytes) -> None:
    for end in ("invocations", "invocations-async"):
        assert refused(api, "POST", f"{FUNCTION}/{end}", body) == (406, "FSS.0406")


@pytest.mark.parametrize(
    "body",
    [b"null", b"1E400", b"1" * 5000, b"[" * 20_000 + b"]" * 20_000, b'"\\ud800"', b' {"a": 1, "a": 2} ', b"-0", b"[]"],
)
def test_any_json_reaches_the_handler_byte_for_byte(api: InvocationApi, body: bytes) -> None:
    event = invoked(api, "POST", f"{FUNCTION}/invocations", body).event()
    assert (event.wire, event.trigger) == (body, "obs")


@given(st.text(max_size=40) | st.sampled_from(["[1,]", "01", '"\t"', "{'a': 1}", "[1] // a", "+1", "1.", ".5"]))
def test_what_is_json_is_decided_as_everywhere_else(text: str) -> None:
    from fgtui.serve.invocation_api import _is_json

    if not text.startswith("\ufeff") and not any("\ud800" <= each <= "\udfff" for each in text):
        assert _is_json(text.encode()) == is_json(text)


@pytest.mark.parametrize("memory", ["0", "100", "-128", "128MB", "", "1" * 5000])
def test_memory_that_the_platform_does_not_have_is_not_acceptable(api: InvocationApi, memory: str) -> None:
    assert refused(api, "POST", f"{FUNCTION}/invocations", x_cff_instance_memory=memory) == (406, "FSS.0406")


def test_memory_is_taken_for_one_call(api: InvocationApi) -> None:
    assert invoked(api, "POST", f"{FUNCTION}/invocations", x_cff_instance_memory="512").memory_mb == 512
    assert invoked(api, "POST", f"{FUNCTION}/invocations").memory_mb is None


def test_a_request_version_that_is_none_is_a_bad_request(api: InvocationApi) -> None:
    assert refused(api, "POST", f"{FUNCTION}/invocations", x_cff_request_version="v2") == (400, "FSS.0400")


@pytest.mark.parametrize("query", ["limit=0", "marker=x", "status=DONE", "&".join("a=1" for _ in range(500))])
def test_a_query_that_means_nothing_is_a_bad_request(api: InvocationApi, query: str) -> None:
    assert refused(api, "GET", f"{FUNCTION}/async-invocations", query=query) == (400, "FSS.0400")


def test_an_asynchronous_call_is_accepted_at_once_and_known_by_every_spelling(api: InvocationApi) -> None:
    invocation = invoked(api, "POST", f"{FUNCTION}/invocations-async")
    assert invocation.accepted is not None
    assert (invocation.accepted.status, json.loads(invocation.accepted.body)) == (
        202,
        {"request_id": invocation.request_id},
    )
    assert invocation.on_accept is not None
    invocation.on_accept()
    for spelled in (FUNCTION, "/v2/p1/fgs/functions/demo", "/v2/p1/fgs/functions/default%3Ademo"):
        answer = api.answer(request("GET", f"{spelled}/active-async-invocations"))
        assert isinstance(answer, Outgoing)
        assert [each["status"] for each in json.loads(answer.body)["invocations"]] == ["WAIT"]


def test_the_function_is_listed_for_who_looks_whether_an_endpoint_answers(api: InvocationApi) -> None:
    answer = api.answer(request("GET", "/v2/p1/fgs/functions", query="maxitems=1"))
    assert isinstance(answer, Outgoing)
    (function,) = json.loads(answer.body)["functions"]
    assert function["func_urn"] == "urn:fss:local:p1:function:default:demo:latest"


@pytest.mark.parametrize(
    "path", ["/", "/v2", "/v2/orders", "/v2/p/fgsx", "/v1/p/fgs/functions", "/x/v2/p/fgs/functions"]
)
def test_other_paths_are_the_gateways(path: str) -> None:
    assert not speaks_to_api(path)


def test_bodies_have_the_platforms_limits() -> None:
    assert body_limit(f"{FUNCTION}/invocations") == 6 * 1024 * 1024 + 100
    assert body_limit(f"{FUNCTION}/invocations-async") == 256 * 1024


def test_who_calls_a_deployed_function_is_told_the_id_that_its_log_and_recording_have(api: InvocationApi) -> None:
    invocation = invoked(api, "POST", f"{FUNCTION}/invocations", x_cff_request_version="v1")
    theirs, ours = (
        invocation.reply(an_exchange(outcome=Returned(request_id=name))) for name in ("of-the-deployed-one", None)
    )
    assert header_of(theirs.headers, "x-cff-request-id") == "of-the-deployed-one"
    assert json.loads(theirs.body)["request_id"] == "of-the-deployed-one"
    assert header_of(ours.headers, "x-cff-request-id") == invocation.request_id
