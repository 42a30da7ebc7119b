from __future__ import annotations

import base64
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgtui.invoke.urns import Urn
from fgtui.serve.stored_events import MOST_FUNCTIONS, StoredEvents
from tests.factories import MOMENT

DEMO = Urn("cn-north-4", "0123456789abcdef", "default", "demo")
SECONDS = int(MOMENT.timestamp())


def in_base64(content: str | bytes) -> str:
    return base64.b64encode(content.encode() if isinstance(content, str) else content).decode()


class Console:
    """Asks for the events of one function as the console does."""

    def __init__(self, stored: StoredEvents, urn: Urn = DEMO) -> None:
        self._stored = stored
        self._urn = urn

    def ask(self, method: str, event_id: str | None = None, body: object = None) -> tuple[int, Any]:
        sent = body if isinstance(body, bytes) else b"" if body is None else json.dumps(body).encode()
        answer = self._stored.answer(method, self._urn, event_id, sent)
        return answer.status, json.loads(answer.body) if answer.body else None

    def create(self, name: str = "first", content: str | bytes = "{}") -> tuple[int, Any]:
        return self.ask("POST", body={"name": name, "content": in_base64(content)})

    def names(self) -> list[str]:
        return [each["name"] for each in self.ask("GET")[1]["events"]]


def counting() -> Callable[[], str]:
    ids = iter(range(10_000))
    return lambda: f"id-{next(ids)}"


@pytest.fixture
def stored() -> StoredEvents:
    return StoredEvents(lambda: MOMENT, counting())


@pytest.fixture
def console(stored: StoredEvents) -> Console:
    return Console(stored)


# What is refused


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[]", b"null", b'"text"', b"[" * 100_000])
def test_a_body_that_is_no_json_object_is_not_acceptable(console: Console, body: bytes) -> None:
    event_id = console.create()[1]["id"]
    for refused in (console.ask("POST", body=body), console.ask("PUT", event_id, body)):
        assert refused[0] == 406
        assert refused[1]["error_code"] == "FSS.0406"


@pytest.mark.parametrize(
    "name",
    [None, 7, "", "1st", "-a", "_a", "a-", "a_", "a b", "a/b", "../a", "名", "a\n", "a" * 26, ["a"], "a.json"],
)
def test_a_name_outside_the_rules_is_an_invalid_field(console: Console, name: object) -> None:
    status, answer = console.ask("POST", body={"name": name, "content": in_base64("{}")})
    assert (status, answer["error_code"]) == (400, "FSS.1074")
    assert "name has to be 1 to 25 letters" in answer["error_msg"]
    assert console.names() == []


@pytest.mark.parametrize(
    "content",
    [
        None,
        7,
        {"k": "v"},
        "{}",
        "e30",
        "e30=\n",
        " e30=",
        "e3 0=",
        "e30=e30=",
        in_base64(""),
        in_base64("not json"),
        in_base64("{}x"),
        in_base64("NaN"),
        in_base64(b"\xff"),
        in_base64("[" * 2000),
        "é",
    ],
)
def test_content_that_is_no_json_in_base64_is_an_invalid_field(console: Console, content: object) -> None:
    event_id = console.create()[1]["id"]
    for status, answer in (
        console.ask("POST", body={"name": "second", "content": content}),
        console.ask("PUT", event_id, {"content": content}),
    ):
        assert (status, answer["error_code"]) == (400, "FSS.1074")
        assert "content has to be" in answer["error_msg"]
    assert console.ask("GET", event_id)[1]["content"] == "e30="


def test_an_event_may_have_four_kilobytes_and_not_a_byte_more(console: Console) -> None:
    largest, larger = json.dumps("x" * 4094), json.dumps("x" * 4095)
    event_id = console.create("largest", largest)[1]["id"]
    for status, answer in (
        console.create("larger", larger),
        console.ask("PUT", event_id, {"content": in_base64(larger)}),
    ):
        assert (status, answer) == (
            403,
            {"error_code": "FSS.1069", "error_msg": "The size of EventData exceeds 4 KB."},
        )
    assert console.names() == ["largest"]


def test_a_function_has_ten_events_at_most(console: Console) -> None:
    assert [console.create(f"event-{number}")[0] for number in range(10)] == [200] * 10
    status, answer = console.create("event-10")
    assert (status, answer["error_code"]) == (403, "FSS.1068")
    console.ask("DELETE", "id-3")
    assert console.create("event-10")[0] == 200
    assert console.names()[-1] == "event-10"


def test_a_name_is_taken_once_even_when_there_is_no_room_anyway(console: Console) -> None:
    for number in range(10):
        console.create(f"event-{number}")
    status, answer = console.create("event-4")
    assert (status, answer) == (
        403,
        {"error_code": "FSS.1073", "error_msg": "The function event already exists."},
    )
    assert console.create("Event-4")[1]["error_code"] == "FSS.1068"


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
@pytest.mark.parametrize("event_id", ["", "id-7", "../id-0", "id-0/", "ID-0"])
def test_an_id_that_names_no_event_is_not_found(console: Console, method: str, event_id: str) -> None:
    console.create()
    status, answer = console.ask(method, event_id, {"content": "e30="})
    assert (status, answer) == (404, {"error_code": "FSS.1070", "error_msg": "The event cannot be found."})


@pytest.mark.parametrize(
    ("method", "event_id", "allowed"),
    [
        ("PUT", None, "GET, POST"),
        ("DELETE", None, "GET, POST"),
        ("POST", "id-0", "GET, PUT, DELETE"),
        ("HEAD", "id-0", "GET, PUT, DELETE"),
    ],
)
def test_another_method_is_told_which_there_are(
    stored: StoredEvents, method: str, event_id: str | None, allowed: str
) -> None:
    answer = stored.answer(method, DEMO, event_id)
    assert answer.status == 405
    assert ("allow", allowed) in answer.headers


def test_events_of_more_functions_than_an_account_has_are_refused(stored: StoredEvents) -> None:
    consoles = [Console(stored, Urn("r", "p", "default", f"f{number}")) for number in range(MOST_FUNCTIONS + 1)]
    assert {console.create()[0] for console in consoles[:-1]} == {200}
    assert consoles[-1].create()[1]["error_code"] == "FSS.1041"
    assert consoles[0].create("second")[0] == 200
    consoles[1].ask("DELETE", "id-1")
    assert consoles[-1].create()[0] == 200


# What is granted


def test_an_event_lives_as_the_service_lets_it_live() -> None:
    moments = iter([MOMENT, MOMENT + timedelta(seconds=5)])
    console = Console(StoredEvents(lambda: next(moments), counting()))
    assert console.ask("GET") == (200, {"events": [], "next_marker": 0, "count": 0})
    assert console.ask("POST", body={"name": "event-xx", "content": "eyJrIjoidiJ9"}) == (
        200,
        {"id": "id-0", "name": "event-xx"},
    )
    listed = {"id": "id-0", "name": "event-xx", "last_modified": SECONDS}
    assert console.ask("GET") == (200, {"events": [listed], "next_marker": 1, "count": 1})
    assert console.ask("GET", "id-0") == (200, {**listed, "content": "eyJrIjoidiJ9"})
    assert console.ask("PUT", "id-0", {"content": "e30="}) == (200, {"id": "id-0", "name": "event-xx"})
    assert console.ask("GET", "id-0") == (200, {**listed, "last_modified": SECONDS + 5, "content": "e30="})
    assert console.ask("DELETE", "id-0") == (204, None)
    assert console.ask("GET") == (200, {"events": [], "next_marker": 0, "count": 0})


def test_all_spellings_of_a_function_share_events_and_other_functions_have_their_own(stored: StoredEvents) -> None:
    Console(stored, DEMO).create()
    for region, version in ((DEMO.region, "v1"), (DEMO.region, "!prod"), ("local", "latest")):
        assert Console(stored, Urn(region, DEMO.project_id, "default", "demo", version)).names() == ["first"]
    for other in (
        Urn(DEMO.region, "another", "default", "demo"),
        Urn(DEMO.region, DEMO.project_id, "another", "demo"),
        Urn(DEMO.region, DEMO.project_id, "default", "another"),
    ):
        assert Console(stored, other).names() == []


@given(
    st.from_regex(r"[A-Za-z](?:[A-Za-z0-9_-]{0,23}[A-Za-z0-9])?", fullmatch=True),
    st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists, max_leaves=5).map(
        lambda value: json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")
    ),
)
def test_every_event_within_the_rules_comes_back_as_it_went(name: str, content: bytes) -> None:
    console = Console(StoredEvents(datetime.now, lambda: "id"))
    try:
        content.decode()
    except UnicodeDecodeError:
        assert console.create(name, content)[0] == 400
    else:
        assert console.create(name, content) == (200, {"id": "id", "name": name})
        assert base64.b64decode(console.ask("GET", "id")[1]["content"]) == content
