from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgtui.errors import CallError, TargetError, UsageError
from fgtui.invoke.http.transport import Transport
from fgtui.invoke.model import Profile
from fgtui.invoke.service.client import ServiceClient, function_path
from fgtui.invoke.service.saved_events import (
    SavedEvent,
    SavedEvents,
    UnreadableError,
    check_count,
    check_name,
    check_size,
    checked_content,
    file_name_of,
    folder_of,
)
from fgtui.invoke.urns import parse
from tests.invoke.http_servers import Step, a_port_nobody_listens_at, answer, reset, stall, truncated
from tests.invoke.saved_service import PATH, SAVED_AT, URN, KnownKeys, SavedService, refused, serving_events


@pytest.fixture
def service() -> Iterator[SavedService]:
    with serving_events() as service:
        yield service


@pytest.fixture
def transport() -> Iterator[Transport]:
    transport = Transport()
    yield transport
    transport.close()


def events_at(url: str, transport: Transport, *, timeout_s: float = 30.0) -> SavedEvents:
    profile = Profile("prod", url, None, KnownKeys())
    client = ServiceClient(profile, transport, lambda: datetime.now(UTC))
    path = function_path(profile, parse(URN), "events")
    return SavedEvents(client, path, timeout_s=timeout_s, cancelled=threading.Event())


@pytest.fixture
def events(service: SavedService, transport: Transport) -> SavedEvents:
    return events_at(service.server.url, transport)


# Talking to the service


def test_what_was_created_is_listed_and_comes_back_byte_for_byte(events: SavedEvents) -> None:
    wire = '{"k": 1.10, "k": 1E400,\n "é": "\\u00e9"}'.encode()
    events.create("first", wire)
    (saved,) = events.list()
    assert saved == SavedEvent("1", "first", datetime.fromtimestamp(SAVED_AT, UTC))
    assert events.content(saved) == wire


def test_an_event_is_replaced_and_deleted_where_it_is(service: SavedService, events: SavedEvents) -> None:
    service.save("other", b"1")
    service.save("mine", b"2")
    (_, mine) = events.list()
    events.replace(mine, b'{"new": true}')
    assert service.contents() == {"other": b"1", "mine": b'{"new": true}'}
    events.delete(mine)
    assert service.contents() == {"other": b"1"}
    assert service.writes() == ["PUT 2", "DELETE 2"]


@pytest.mark.parametrize("size", [1, 3, 7, 100])
def test_pages_are_followed_to_their_end(service: SavedService, events: SavedEvents, size: int) -> None:
    service.page_size = size
    names = [service.save(f"event-{number}", b"{}") and f"event-{number}" for number in range(7)]
    assert [event.name for event in events.list()] == names
    assert len(service.calls) == -(-7 // size)


@pytest.mark.parametrize(
    "page",
    [
        pytest.param({"count": 5, "events": [{"id": "1", "name": "a"}], "next_marker": 1}, id="the-same-page-again"),
        pytest.param({"events": [{"id": "1", "name": "a"}], "next_marker": 0}, id="no-count"),
        pytest.param({"events": [{"id": "1", "name": "a"}], "next_marker": None}, id="no-marker"),
        pytest.param({"count": 5, "events": [{"id": "1", "name": "a"}], "next_marker": "\ud800"}, id="no-text"),
        pytest.param({"count": 5, "events": [{"id": "1", "name": "a"}], "next_marker": [{}]}, id="no-value"),
        pytest.param({"events": [{"id": "1", "name": "a"}, {"id": 2}, None, {"name": "b"}]}, id="rows-that-are-none"),
    ],
)
def test_pages_that_lead_nowhere_end(service: SavedService, events: SavedEvents, page: dict[str, object]) -> None:
    service.next_answers = [answer(200, json.dumps(page).encode())] * 3
    assert [event.name for event in events.list()] == ["a"]


def test_no_events_are_an_empty_list(events: SavedEvents, service: SavedService) -> None:
    assert events.list() == ()
    service.next_answers = [answer(200, b'{"count": 0, "events": null, "next_marker": null}')]
    assert events.list() == ()


@pytest.mark.parametrize("moment", [None, True, "yesterday", 1e300, -1e300, [1]])
def test_a_time_that_is_none_is_left_out(service: SavedService, events: SavedEvents, moment: object) -> None:
    service.save("a", b"{}")
    service.events["1"]["last_modified"] = moment
    assert events.list()[0].modified_at is None


@pytest.mark.parametrize("id", ["..", ".", "", "a/b", "a%2fb", "x" * 129, "ä", "a b", "?x", "#"])
def test_an_id_that_would_lead_elsewhere_is_followed_nowhere(
    service: SavedService,
    events: SavedEvents,
    id: str,  # noqa: A002 the service's word
) -> None:
    event = SavedEvent(id, "mine")
    for call in (lambda: events.delete(event), lambda: events.replace(event, b"1"), lambda: events.content(event)):
        with pytest.raises(CallError, match="mine has an id that no address may hold"):
            call()
    assert service.calls == []


@pytest.mark.parametrize(
    ("content", "why"),
    [
        pytest.param("eyJrIjoidiJ9\n", "is not base64", id="line-end"),
        pytest.param("eyJrIjoidiJ", "is not base64", id="no-padding"),
        pytest.param("{'k'}", "is not base64", id="plain-text"),
        pytest.param("é", "is not base64", id="not-ascii"),
        pytest.param("", "is not JSON", id="empty"),
        pytest.param(base64.b64encode(b"{'k': 1}").decode(), "is not JSON", id="python"),
        pytest.param(base64.b64encode(b"[1,]").decode(), "is not JSON", id="lenient"),
        pytest.param(base64.b64encode(b'"\xff"').decode(), "is not JSON", id="not-utf-8"),
        pytest.param(base64.b64encode(b"[" * 4000).decode(), "is not JSON", id="deep"),
    ],
)
def test_what_is_saved_and_is_no_event_says_so(content: str, why: str) -> None:
    with pytest.raises(UnreadableError, match=why):
        checked_content(content)


@given(st.binary(max_size=200) | st.text('0123456789.eE-+[]{},:"tru \\', max_size=20).map(str.encode))
def test_whatever_is_saved_is_the_same_bytes_or_no_event(data: bytes) -> None:
    encoded = base64.b64encode(data).decode()
    if is_event(data):
        assert checked_content(encoded) == data
    else:
        with pytest.raises(UnreadableError):
            checked_content(encoded)


def is_event(data: bytes) -> bool:
    try:
        json.loads(data.decode(), parse_constant=int)  # ValueError: none of the names is a number
    except ValueError:
        return False
    return True


def test_content_that_is_missing_says_so(service: SavedService, events: SavedEvents) -> None:
    service.next_answers = [answer(200, b'{"id": "1"}')]
    with pytest.raises(UnreadableError, match="gave no content"):
        events.content(SavedEvent("1", "a"))


# When it says no, or nothing


@pytest.mark.parametrize(
    ("step", "said"),
    [
        pytest.param(
            refused(403, "FSS.1068", "Too many."),
            "the service would not create a: FSS.1068 Too many. (a function keeps at most 10 test events)",
            id="too-many",
        ),
        pytest.param(refused(403, "FSS.1073", "Exists."), "there is a test event of that name", id="exists"),
        pytest.param(refused(403, "FSS.0403", "Forbidden"), "who calls may not do this", id="forbidden"),
        pytest.param(refused(401, "APIGW.0301", "x"), "the signature or token is not accepted", id="unauthorized"),
        pytest.param(answer(404, b"<html>nginx</html>"), "404 Not Found", id="page"),
        pytest.param(answer(302, b"", (("Location", "http://elsewhere/"),)), "no redirect is followed", id="redirect"),
    ],
)
def test_a_no_of_the_service_is_said_with_what_it_means(
    service: SavedService, events: SavedEvents, step: Step, said: str
) -> None:
    service.next_answers = [step]
    with pytest.raises(CallError) as caught:
        events.create("a", b"{}")
    assert said in str(caught.value)
    assert (caught.value.was_answered, caught.value.may_have_run) == (True, False)
    assert len(service.calls) == 1


@pytest.mark.parametrize(
    ("step", "was_answered"),
    [
        pytest.param(refused(500, "FSS.0500", "x"), True, id="failed"),
        pytest.param(answer(504), True, id="gateway"),
        pytest.param(reset(), False, id="reset"),
        pytest.param(truncated(b'{"id"', 100), False, id="truncated"),
        pytest.param(stall(), False, id="stall"),
    ],
)
def test_what_is_lost_may_have_been_done_and_is_not_done_again(
    service: SavedService, transport: Transport, step: Step, was_answered: bool
) -> None:
    service.next_answers = [step]
    with pytest.raises(CallError, match="it may have been done all the same") as caught:
        events_at(service.server.url, transport, timeout_s=0.2).create("a", b"{}")
    assert (caught.value.was_answered, caught.value.may_have_run) == (was_answered, True)
    assert "remote-events list" in caught.value.hint
    assert len(service.calls) == 1


def test_where_nothing_was_to_be_changed_nothing_can_have_been(service: SavedService, events: SavedEvents) -> None:
    for step in (reset(), answer(500)):
        service.next_answers = [step]
        with pytest.raises(CallError) as caught:
            events.list()
        assert not caught.value.may_have_run
        assert "all the same" not in str(caught.value)


def test_nobody_there_is_a_call_without_an_answer(transport: Transport) -> None:
    with a_port_nobody_listens_at() as port, pytest.raises(CallError, match="could not list the test events") as caught:
        events_at(f"http://127.0.0.1:{port}", transport).list()
    assert (caught.value.was_answered, caught.value.may_have_run) == (False, False)


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b"[" * 100_000, b'{"a": ', b"\xff"])
def test_what_is_no_answer_of_the_service_is_not_taken_for_one(
    service: SavedService, events: SavedEvents, body: bytes
) -> None:
    service.next_answers = [answer(200, body)]
    with pytest.raises(CallError, match="what answered is not FunctionGraph"):
        events.list()


# Rules


@pytest.mark.parametrize("name", ["a", "Z9", "even-123test", "a_b", "a" * 25])
def test_names_the_console_takes(name: str) -> None:
    check_name(name)
    assert file_name_of(name) == f"{name}.json"


@pytest.mark.parametrize(
    "name",
    [
        "",
        "1a",
        "-a",
        "a-",
        "a_",
        "a b",
        "a.b",
        "é",
        "a" * 26,
        "a\n",
        "../a",
        "a/b",
        "a\\b",
        "a\x00",
        "订单",
        "a:b",
        ".",
    ],
)
def test_names_it_does_not_take_become_no_file(name: str) -> None:
    with pytest.raises(UsageError, match="1 to 25 letters"):
        check_name(name)
    assert file_name_of(name) is None


@pytest.mark.parametrize("name", ["con", "NUL", "Aux", "prn", "COM1", "lpt9"])
def test_devices_of_windows_are_names_and_no_files(name: str) -> None:
    check_name(name)
    assert file_name_of(name) is None


@given(st.text(max_size=30))
def test_no_name_leads_out_of_a_folder(name: str) -> None:
    file = file_name_of(name)
    assert file is None or (file.endswith(".json") and not set(file) & set("/\\:\x00 ") and file[0] not in ".-")


def test_sizes_are_of_what_is_sent() -> None:
    check_size("a", b"x" * 4096)
    with pytest.raises(UsageError, match="a has 4,097 bytes; a test event has at most 4,096"):
        check_size("a", b"x" * 4097)


def test_ten_events_are_all_a_function_keeps() -> None:
    check_count(7, 3)
    check_count(12, 0)
    with pytest.raises(UsageError, match="it has 8, and 3 more would be 11"):
        check_count(8, 3)


@pytest.mark.parametrize(
    ("urn", "folder"),
    [
        pytest.param(URN, "test-events/thumbnail", id="default-package"),
        pytest.param(URN.replace(":latest", ":!prod"), "test-events/thumbnail", id="an-alias-shares-it"),
        pytest.param(URN.replace(":default:", ":shop:"), "test-events/shop.thumbnail", id="package"),
    ],
)
def test_each_function_has_a_folder(urn: str, folder: str) -> None:
    assert folder_of(parse(urn)) == folder


@pytest.mark.parametrize("function", ["..", ".", ".git", "con", "NUL.x", "@x", "x" * 129])
def test_a_function_whose_name_is_no_folders_is_asked_for_one(function: str) -> None:
    from fgtui.invoke.urns import Urn

    with pytest.raises(TargetError, match="no folder may be called"):
        folder_of(Urn("cn-north-4", "p", "default", function))


def test_the_path_is_the_one_the_official_client_takes() -> None:
    assert function_path(Profile("", "http://x", None, KnownKeys()), parse(URN), "events") == PATH
