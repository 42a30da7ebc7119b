"""An endpoint from beginning to end, through the workspace: what happens is recorded, whatever ends it."""

from __future__ import annotations

import asyncio
import json
import os
import re
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from fgtui import config
from fgtui.errors import UsageError
from fgtui.serve.recorder import Handled
from fgtui.serve.serving import ServeOptions, Serving
from fgtui.workspace import Workspace, open_workspace
from tests.invoke.harness import wait_until

HANDLER = """
import os, pathlib, time

def handler(event, context):
    print("hello")
    what = event.get("what") or event.get("path")
    if what == "raises":
        raise ValueError("boom")
    if what == "dies":
        os._exit(3)
    if what == "takes a while":
        time.sleep(0.05)
    if what == "long":
        return "x" * 100_000
    if what == "too long":
        return "x" * 7_000_000
    if what == "prints":
        print("y" * 300_000)
    if event.get("path") == "/sleeps":
        pathlib.Path(__file__).with_name("asleep").touch()
        time.sleep(60)
    return {"statusCode": 200, "headers": {}, "body": "ok"}
"""
CALL = "/v2/p/fgs/functions/demo/invocations"


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "index.py").write_text(HANDLER)
    environment = {"FGTUI_HOME": str(tmp_path / "home"), "PATH": os.environ["PATH"]}
    opened = open_workspace(config.load(folder, environment), environment=environment)
    yield opened
    opened.close()


@pytest.fixture
def told() -> list[Handled]:
    return []


def serve(workspace: Workspace, told: list[Handled], **options: object) -> Serving:
    target = workspace.target("index.handler", timeout_s=50)
    return workspace.serve(target, ServeOptions(port=0, **options), on_recorded=told.append)


@pytest.fixture
def serving(workspace: Workspace, told: list[Handled]) -> Iterator[Serving]:
    started = serve(workspace, told, session="orders", at_once=1)
    yield started
    started.stop()


def ask(serving: Serving, path: str, body: bytes | None = None) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(serving.url + path, body) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()


def ask_beside(serving: Serving, path: str, body: bytes | None = None) -> tuple[threading.Thread, list[int]]:
    statuses: list[int] = []
    thread = threading.Thread(target=lambda: statuses.append(ask(serving, path, body)[0]))
    thread.start()
    return thread, statuses


def kinds(workspace: Workspace) -> list[str]:
    return [each.outcome.kind for each in workspace.store.iterate("orders")]


def test_stopping_records_what_is_under_way_and_what_waits_as_cancelled(
    workspace: Workspace, serving: Serving, told: list[Handled]
) -> None:
    asleep = workspace.settings.folder / "asleep"
    first, first_status = ask_beside(serving, "/sleeps")
    wait_until(asleep.exists, "the first runs")
    assert ask(serving, f"{CALL}-async", b"{}")[0] == 202
    assert serving.stop()
    first.join()
    assert first_status == [503]
    assert kinds(workspace) == ["cancelled", "cancelled"]
    assert (serving.counts.invoked, serving.counts.recorded) == (2, 2)
    assert [each.kept is not None for each in told] == [True, True]


def test_who_calls_while_it_stops_is_told_so_and_nothing_of_it_is_recorded(
    workspace: Workspace, serving: Serving
) -> None:
    serving._calls.cancel()  # the first thing that stopping does
    status, body = ask(serving, "/")
    assert (status, b"the local endpoint stops; nothing was called" in body) == (503, True)
    assert serving.stop()
    assert kinds(workspace) == []
    assert serving.counts.invoked == 0


def test_an_asynchronous_call_is_recorded_under_the_id_its_client_was_told(
    workspace: Workspace, serving: Serving, told: list[Handled]
) -> None:
    _, body = ask(serving, f"{CALL}-async", b'{"a": 1.10}')
    wait_until(lambda: told != [], "it is recorded")
    (exchange,) = workspace.store.iterate("orders")
    assert exchange.event.wire == b'{"a": 1.10}'
    assert exchange.outcome.request_id is not None
    assert exchange.outcome.request_id.encode() in body


def test_everything_answered_before_the_end_is_recorded(workspace: Workspace, serving: Serving) -> None:
    for _ in range(40):
        assert ask(serving, "/orders")[0] == 200
    serving.stop()
    assert kinds(workspace) == ["returned"] * 40


def test_unless_told_otherwise_only_this_machine_reaches_it(workspace: Workspace, told: list[Handled]) -> None:
    started = serve(workspace, told)
    assert not started.is_open
    started.stop()


def test_a_caller_cannot_say_to_be_somebody_else(workspace: Workspace, serving: Serving, told: list[Handled]) -> None:
    forged = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}
    with urllib.request.urlopen(urllib.request.Request(serving.url + "/orders", headers=forged)) as answer:
        assert answer.status == 200
    wait_until(lambda: told != [], "it is recorded")
    (exchange,) = workspace.store.iterate("orders")
    assert json.loads(exchange.event.wire)["requestContext"]["sourceIp"] == "127.0.0.1"


def test_a_session_that_has_no_name_is_refused_before_anything_listens(
    workspace: Workspace, told: list[Handled]
) -> None:
    with pytest.raises(UsageError):
        serve(workspace, told, session="last")


def test_it_can_be_stopped_twice_and_served_again(workspace: Workspace, told: list[Handled]) -> None:
    port = 0
    for _ in range(2):
        started = serve(workspace, told)
        assert ask(started, "/")[0] == 200
        assert started.stop()
        assert started.stop()
        port = int(started.url.rpartition(":")[2])
    with pytest.raises(OSError):
        urllib.request.urlopen(f"http://127.0.0.1:{port}/")


def test_no_thread_and_no_hurry_is_left_behind(workspace: Workspace, told: list[Handled]) -> None:
    hurry = sys.getswitchinterval()
    started = serve(workspace, told)
    ask(started, "/")
    started.stop()
    left = [
        each.name for each in threading.enumerate() if each.name.startswith(("fgtui-serve", "fgtui-call", "fgtui-rec"))
    ]
    assert (left, sys.getswitchinterval()) == ([], hurry)


async def test_it_runs_beside_the_loop_of_a_workbench(workspace: Workspace, told: list[Handled]) -> None:
    started = await asyncio.to_thread(serve, workspace, told)
    assert (await asyncio.to_thread(ask, started, "/"))[0] == 200
    assert await asyncio.to_thread(started.stop)


def test_memory_of_a_call_is_that_calls_alone(serving: Serving) -> None:
    asked = urllib.request.Request(serving.url + CALL, b"{}", {"X-Cff-Instance-Memory": "512"})
    with urllib.request.urlopen(asked) as answer:
        assert '"memorySize":512' in answer.headers["X-Cff-Invoke-Summary"]
    with urllib.request.urlopen(serving.url + CALL, b"{}") as answer:
        assert '"memorySize":128' in answer.headers["X-Cff-Invoke-Summary"]


@pytest.mark.parametrize(
    ("what", "kind"),
    [("quick", "returned"), ("raises", "raised"), ("dies", "crashed"), ("takes a while", "returned"),
     ("long", "returned"), ("too long", "invalid_response"), ("prints", "returned")],
)  # fmt: skip
def test_a_warm_handler_is_answered_and_recorded_for_as_a_cold_one(
    workspace: Workspace, serving: Serving, what: str, kind: str
) -> None:
    event = f'{{"what": "{what}"}}'.encode()
    cold = ask(serving, CALL, event)
    ask(serving, CALL, b'{"what": "quick"}')
    warm = [ask(serving, CALL, event) for _ in range(2)]
    assert warm == [cold, cold]
    serving.stop()
    first, _, *others = workspace.store.iterate("orders")
    assert {each.outcome.kind for each in (first, *others)} == {kind}
    assert others[0].outcome.cold_start is False
    told = re.compile(r"[0-9a-f-]{36}|[0-9.:TZ-]+")
    assert told.sub("", others[0].outcome.logs) == told.sub("", first.outcome.logs)


def test_a_warm_handler_has_no_more_time_than_its_limit(workspace: Workspace, told: list[Handled]) -> None:
    target = workspace.target("index.handler", timeout_s=0.5)
    started = workspace.serve(target, ServeOptions(port=0), on_recorded=told.append)
    assert ask(started, "/")[0] == 200
    assert ask(started, "/sleeps")[0] == 500
    assert ask(started, "/")[0] == 200
    started.stop()
    assert [each.exchange.outcome.kind for each in told if each.exchange] == ["returned", "timed_out", "returned"]
