"""One send as the screen follows it: bounded, cancellable, over when it is over."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fgtui.config import load
from fgtui.errors import EventError
from fgtui.tui.sending import LINE_CHARACTERS, WAITING_CHARACTERS, Sending
from fgtui.workspace import Workspace, open_workspace
from tests.factories import an_event, an_exchange
from tests.tui.bench import a_project


@pytest.fixture
def workspace(tmp_path: Path) -> Any:
    workspace = open_workspace(load(a_project(tmp_path / "project")))
    yield workspace
    workspace.close()


def a_sending(workspace: Workspace, handler: str, make_event: Callable[[], Any] = an_event, **more: Any) -> Sending:
    return Sending(workspace, make_event, workspace.target(f"index.{handler}"), "default", **more)


def test_what_is_logged_comes_in_whole_lines(workspace: Workspace) -> None:
    sending = a_sending(workspace, "echo")
    sending._log("one\ntw")
    assert sending.take_lines() == ["one"]
    sending._log("o\n")
    assert sending.take_lines() == ["two"]
    assert sending.take_lines() == []


def test_a_flood_of_logs_waits_in_bounded_memory(workspace: Workspace) -> None:
    sending = a_sending(workspace, "echo")
    for number in range(10_000):
        sending._log(f"{number:04} " + "x" * 995 + "\n")
    lines = sending.take_lines()
    assert lines[-1].startswith("9999")
    assert sum(map(len, lines)) <= WAITING_CHARACTERS + 1000


def test_a_line_without_an_end_is_given_out_in_parts(workspace: Workspace) -> None:
    sending = a_sending(workspace, "echo")
    sending._log("x" * (LINE_CHARACTERS + 1))
    assert len(sending.take_lines()[0]) == LINE_CHARACTERS + 1
    assert sending.take_lines() == []


def test_a_send_is_recorded_and_knows_its_end(workspace: Workspace) -> None:
    sending = a_sending(workspace, "echo")
    assert not sending.wait(0)
    recorded = sending.run()
    assert sending.wait(0)
    assert recorded.exchange.outcome.kind == "returned"
    assert recorded.kept is not None
    assert any("echo [/x]" in line for line in sending.take_lines())


def test_a_replay_says_what_it_is_one_of(workspace: Workspace) -> None:
    recording = an_exchange(seq=7, session="orders")
    assert a_sending(workspace, "echo", recording=recording).run().exchange.replay_of == recording.id


def test_text_that_is_no_event_ends_it_with_nothing_sent(workspace: Workspace) -> None:
    def no_event() -> None:
        raise EventError("not JSON", line=1, column=1)

    sending = a_sending(workspace, "echo", no_event)
    with pytest.raises(EventError):
        sending.run()
    assert sending.wait(0)
    assert workspace.store.count("default") == 0


def test_cancelling_ends_it_from_another_thread(workspace: Workspace) -> None:
    sending = a_sending(workspace, "slow")
    thread = threading.Thread(target=sending.run)
    thread.start()
    sending.cancel()
    assert sending.is_cancelled
    assert sending.wait(30)
    thread.join(30)
    assert sending.result is not None
    assert sending.result.exchange.outcome.kind == "cancelled"
