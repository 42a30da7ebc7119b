"""How warm instances are let go: a pre-stop function has its say, within limits, and leaves nothing behind."""

from __future__ import annotations

import socket
from contextlib import closing

import pytest

from fgtui.events.model import Event
from fgtui.invoke.invoker import Invoker
from fgtui.invoke.model import LocalTarget, TimedOut
from tests.invoke.harness import GUARD_S, Bench, is_gone, wait_until

LEAVES = """
import os, time
def handler(event, context): return os.getpid()
def leave(context):
    print("leaving", context.getFunctionName())
    {then}
"""


def leaving(bench: Bench, then: str = "pass", **settings: object) -> LocalTarget:
    return bench.target(LEAVES.format(then=then), pre_stop="index.leave", name="orders", **settings)


def test_a_pre_stop_function_runs_when_everything_is_closed_and_is_heard(bench: Bench) -> None:
    heard: list[tuple[str | None, str]] = []
    with closing(Invoker(on_leave=lambda target, said: heard.append((target.name, said)))) as invoker:
        invoker.invoke(Event("blank", b"{}"), leaving(bench))
        invoker.close(GUARD_S)
    assert heard == [("orders", "leaving orders\n")]


def test_in_a_hurry_it_does_not_run(bench: Bench) -> None:
    heard: list[str] = []
    with closing(Invoker(on_leave=lambda target, said: heard.append(said))) as invoker:
        invoker.invoke(Event("blank", b"{}"), leaving(bench))
    assert heard == []


def test_one_that_does_not_end_has_as_long_as_an_event_and_is_told_of(bench: Bench) -> None:
    heard: list[str] = []
    target = leaving(bench, "time.sleep(1000)", timeout_s=0.3)
    with closing(Invoker(on_leave=lambda target, said: heard.append(said))) as invoker:
        outcome = invoker.invoke(Event("blank", b"{}"), target).outcome
        invoker.close(1000)
    assert heard == ["leaving orders\nfgtui: the pre-stop function was stopped after 0.3 s\n"]
    assert is_gone(int(outcome.body))


@pytest.mark.parametrize("then", ["raise OSError('gone')", "os._exit(3)"])
def test_one_that_fails_keeps_nobody(bench: Bench, then: str) -> None:
    heard: list[str] = []
    with closing(Invoker(on_leave=lambda target, said: heard.append(said))) as invoker:
        outcome = invoker.invoke(Event("blank", b"{}"), leaving(bench, then, timeout_s=GUARD_S)).outcome
        invoker.close(GUARD_S)
    assert heard[0].startswith("leaving orders\n")
    assert ("OSError: gone" in heard[0]) == ("gone" in then)
    assert is_gone(int(outcome.body))


def test_it_runs_when_an_instance_has_waited_too_long(bench: Bench) -> None:
    heard: list[str] = []
    with closing(Invoker(idle_limit_s=0.05, on_leave=lambda target, said: heard.append(said))) as invoker:
        invoker.invoke(Event("blank", b"{}"), leaving(bench))
        wait_until(lambda: heard, "the idle instance has taken its leave")


def test_a_working_folder_of_any_depth_is_removed(bench: Bench) -> None:
    """Deeper than a path may be long, and than Python may recurse."""
    target = bench.target(
        """
        import os
        def handler(event, context):
            for _ in range(3000):
                os.mkdir("d")
                os.chdir("d")
            return "deep"
        """,
        timeout_s=GUARD_S,
    )
    assert bench.send(target).body == b"deep"


def test_a_timeout_stops_nothing_of_a_server_that_runs_already(bench: Bench) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as silent:
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/invoke"
        outcome = bench.send(bench.target(spec=url, timeout_s=0.3))
    assert isinstance(outcome, TimedOut)
    assert outcome.stopped_processes == 0


def test_a_bootstrap_alone_is_one_process(bench: Bench) -> None:
    bench.write("#!/bin/sh\nexec sleep 1000\n", "bootstrap").chmod(0o755)
    outcome = bench.send(bench.target(spec="bootstrap", timeout_s=0.3))
    assert isinstance(outcome, TimedOut)
    assert outcome.stopped_processes == 1
