"""Warm instances: when they serve again, when they are replaced, and that they all end."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest

from fgtui.errors import TargetError
from fgtui.events.model import Event
from fgtui.invoke import invoker as invoker_module
from fgtui.invoke.invoker import Begun, Invoker
from fgtui.invoke.model import Cancelled, HttpTarget, Returned
from tests.invoke.harness import GUARD_S, Bench, hang_guard, wait_until

WHO = "import os\ndef handler(event, context): return [os.getpid(), event]"
WAITS = """
import os, time
def handler(event, context):
    open(event[0], "w").close()
    while not os.path.exists(event[1]): time.sleep(0.005)
    return [os.getpid()]
"""


def test_an_exchange_says_who_when_and_what(bench: Bench) -> None:
    moment = datetime(2026, 11, 22, 9, 46, 1, tzinfo=UTC)
    invoker = Invoker(clock=lambda: moment, new_id=lambda: "01ID", new_request_id=lambda: "the-request")
    try:
        target = bench.target(WHO)
        event = Event("timer", b"7", "default")
        exchange = invoker.invoke(event, target, replay_of="01OLD")
    finally:
        invoker.close()
    assert (exchange.id, exchange.started_at, exchange.replay_of) == ("01ID", moment, "01OLD")
    assert exchange.event is event
    assert (exchange.session, exchange.seq) == ("", 0)
    assert exchange.outcome.request_id == "the-request"
    assert exchange.outcome.logs.startswith("2026-11-22T09:46:01Z Start invoke request 'the-request', version: latest")


def test_the_same_target_is_served_by_the_same_process(bench: Bench) -> None:
    target = bench.target(WHO)
    assert bench.result(target)[0] == bench.result(target)[0]


@pytest.mark.parametrize("change", [{"memory_mb": 256}, {"timeout_s": 5}, {"environment": {"A": "1"}}, {"name": "x"}])
def test_another_setting_is_another_process(bench: Bench, change: dict[str, object]) -> None:
    bench.write(WHO)
    assert bench.result(bench.target())[0] != bench.result(bench.target(**change))[0]


def test_a_changed_file_starts_the_handler_afresh(bench: Bench) -> None:
    target = bench.target("def handler(event, context): return 1")
    first = bench.exchange(target)
    bench.write("def handler(event, context): return 2")
    second = bench.exchange(target)
    assert (first.outcome.body, second.outcome.body) == (b"1", b"2")
    assert second.outcome.cold_start
    assert first.target.code_sha256 != second.target.code_sha256


@pytest.mark.parametrize("file", ["helper.py", "package/__init__.py", "package/deeper.py"])
def test_a_changed_import_does_too(bench: Bench, file: str) -> None:
    bench.write("VALUE = 1", "helper.py")
    bench.write("VALUE = 1", "package/__init__.py")
    bench.write("VALUE = 1", "package/deeper.py")
    target = bench.target(
        "import helper, package.deeper\n"
        "def handler(event, context): return helper.VALUE + package.VALUE + package.deeper.VALUE"
    )
    assert bench.result(target) == 3
    bench.write("VALUE = 10", file)
    assert bench.result(target) == 12


def test_an_import_that_came_late_counts(bench: Bench) -> None:
    bench.write("VALUE = 1", "late.py")
    target = bench.target("def handler(event, context):\n    import late\n    return late.VALUE")
    assert bench.result(target) == 1
    bench.write("VALUE = 2", "late.py")
    assert bench.result(target) == 2


def test_a_file_that_is_gone_is_said_by_the_next_send(bench: Bench) -> None:
    target = bench.target("def handler(event, context): return 1")
    bench.send(target)
    target.file.unlink()
    outcome = bench.send(target)
    assert outcome.kind == "init_failed"
    assert b"not found module './index.py'" in outcome.body


@pytest.mark.parametrize("name", ["notes.txt", ".index.py.swp", "index.py~", "4913", "__pycache__/index.pyc"])
def test_a_file_beside_it_that_is_no_code_changes_nothing(bench: Bench, name: str) -> None:
    target = bench.target(WHO)
    process = bench.result(target)[0]
    bench.write("unrelated", name)
    assert bench.result(target)[0] == process


def test_code_that_was_missing_is_seen_when_it_appears_beside_it(bench: Bench) -> None:
    target = bench.target(
        """
        try:
            from local_settings import GREETING
        except ImportError:
            GREETING = "default"
        def handler(event, context): return GREETING
        """
    )
    assert bench.send(target).body == b"default"
    bench.write("GREETING = 'local'", "local_settings.py")
    assert bench.send(target).body == b"local"


def test_a_file_that_an_editor_swaps_with_the_same_size_and_time_is_noticed(bench: Bench) -> None:
    target = bench.target("def handler(event, context): return 'a'")
    assert bench.send(target).body == b"a"
    before = target.file.stat()
    swapped = bench.write("def handler(event, context): return 'b'", "index.py.new")
    os.utime(swapped, ns=(before.st_atime_ns, before.st_mtime_ns))
    swapped.replace(target.file)
    assert bench.send(target).body == b"b"


def test_a_failed_start_is_tried_again(bench: Bench) -> None:
    target = bench.target("def handler(event context)")
    assert bench.send(target).kind == "init_failed"
    bench.write("def handler(event, context): return 1")
    assert bench.result(target) == 1


def test_an_instance_that_died_between_two_events_is_replaced(bench: Bench) -> None:
    target = bench.target(WHO)
    process = bench.result(target)[0]
    psutil.Process(process).kill()
    wait_until(lambda: not psutil.pid_exists(process), "the host has been collected")
    assert bench.result(target)[0] != process


def test_what_an_instance_said_before_it_died_between_two_events_is_not_lost(bench: Bench) -> None:
    target = bench.target(
        """
        import os, sys, threading, time
        def die(go_on):
            while not os.path.exists(go_on): time.sleep(0.005)
            print("cannot go on: 磁盘已满", file=sys.stderr, flush=True)
            os._exit(3)
        def handler(event, context):
            if event: threading.Thread(target=die, args=[event]).start()
            return os.getpid()
        """
    )
    go_on = bench.folder / "go-on.txt"
    first = bench.result(target, str(go_on))
    go_on.touch()
    wait_until(lambda: not psutil.pid_exists(first), "the handler has died")
    outcome = bench.send(target)
    assert isinstance(outcome, Returned)
    assert "ended after its answer, exit code 3; it said: cannot go on: 磁盘已满" in outcome.logs.splitlines()[0]
    assert "ended after its answer" not in bench.send(target).logs


def test_two_sends_at_once_use_two_instances(bench: Bench, tmp_path: Path) -> None:
    target = bench.target(WAITS, timeout_s=20)
    begun, go = [tmp_path / "begun-1", tmp_path / "begun-2"], tmp_path / "go"
    with ThreadPoolExecutor(2) as pool:
        sends = [pool.submit(bench.result, target, [str(file), str(go)]) for file in begun]
        wait_until(lambda: all(file.exists() for file in begun), "both run at the same time")
        go.touch()
        assert sends[0].result(GUARD_S) != sends[1].result(GUARD_S)


def test_many_threads_get_each_its_own_answer(bench: Bench) -> None:
    target = bench.target("def handler(event, context): return event")
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda number: bench.result(target, number), range(200))) == list(range(200))


def test_no_more_than_a_few_wait_idle(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(invoker_module, "IDLE_LIMIT", 2)
    bench.write(WHO)
    targets = [bench.target(name=str(number)) for number in range(4)]
    processes = [bench.result(target)[0] for target in targets]
    wait_until(lambda: not any(map(psutil.pid_exists, processes[:2])), "the first two have ended")
    assert all(map(psutil.pid_exists, processes[2:]))


def test_as_many_stay_warm_as_there_are_expected_to_be_at_once(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(invoker_module, "IDLE_LIMIT", 2)
    bench.invoker.expect(3)
    bench.write(WHO)
    processes = [bench.result(bench.target(name=str(number)))[0] for number in range(4)]
    wait_until(lambda: not psutil.pid_exists(processes[0]), "the first, one too many, has ended")
    wait_until(lambda: is_at_rest(bench.invoker), "nobody else is to end")
    assert all(map(psutil.pid_exists, processes[1:]))


def test_fewer_than_usual_are_never_expected(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(invoker_module, "IDLE_LIMIT", 2)
    bench.invoker.expect(1)
    bench.write(WHO)
    processes = [bench.result(bench.target(name=str(number)))[0] for number in range(3)]
    wait_until(lambda: not psutil.pid_exists(processes[0]), "the first, one too many, has ended")
    wait_until(lambda: is_at_rest(bench.invoker), "nobody else is to end")
    assert all(map(psutil.pid_exists, processes[1:]))


def is_at_rest(invoker: Invoker) -> bool:
    """Whether the thread that ends idle instances waits for something to do."""
    return bool(vars(invoker._changed)["_waiters"])


def test_a_send_that_was_stopped_before_it_began_starts_no_process(bench: Bench) -> None:
    """A program that cannot be started would be an error."""
    target = bench.target(WHO, python=bench.folder / "no-python")
    cancelled = threading.Event()
    cancelled.set()
    exchange = bench.exchange(target, cancelled=cancelled)
    assert isinstance(exchange.outcome, Cancelled)
    assert exchange.outcome.duration_ms is None
    with pytest.raises(TargetError):
        bench.exchange(target)


def test_a_pre_stop_function_has_no_longer_than_the_platform_gives_it(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Runtime.md section 4, row "pre-stop (1–90 s)": neither the timeout nor a patient closing is more."""
    assert invoker_module.LEAVE_LIMIT_S == 90
    monkeypatch.setattr(invoker_module, "LEAVE_LIMIT_S", 0.2)
    source = WHO + "\nimport time\ndef leave(context): time.sleep(1000)"
    target = bench.target(source, pre_stop="index.leave", timeout_s=1000)
    heard: list[str] = []
    with closing(Invoker(on_leave=lambda target, said: heard.append(said))) as invoker:
        invoker.invoke(Event("blank", b"{}"), target)
        invoker.close(5)
    assert heard == ["fgtui: the pre-stop function was stopped after 0.2 s\n"]


def test_what_waited_too_long_is_ended_although_nothing_is_sent(bench: Bench) -> None:
    target = bench.target(WHO)
    with closing(Invoker(idle_limit_s=0.05)) as invoker:
        outcome = invoker.invoke(Event("blank", b"{}"), target).outcome
        old = json.loads(outcome.body)[0]
        wait_until(lambda: not psutil.pid_exists(old), "the handler has ended")
        again = json.loads(invoker.invoke(Event("blank", b"{}"), target).outcome.body)[0]
        assert again != old


def test_what_is_used_again_in_time_is_not_ended(bench: Bench) -> None:
    target = bench.target(WHO)
    with closing(Invoker(idle_limit_s=GUARD_S)) as invoker:
        first, second = (invoker.invoke(Event("blank", b"{}"), target).outcome for _ in range(2))
        assert first.body == second.body


def test_closing_ends_what_is_under_way(bench: Bench, tmp_path: Path) -> None:
    target = bench.target(WAITS, timeout_s=1000)
    with ThreadPoolExecutor(1) as pool:
        send = pool.submit(bench.send, target, [str(tmp_path / "begun"), str(tmp_path / "never")])
        wait_until((tmp_path / "begun").exists, "it runs")
        bench.invoker.close()
        assert isinstance(send.result(GUARD_S), Cancelled)


def test_closing_does_not_wait_for_a_listener_that_never_returns(bench: Bench) -> None:
    """A screen that is closing is waited for by a thread that waits for the screen."""
    target = bench.target("import os\ndef handler(e, c):\n    print(os.getpid())\n    while True: pass", timeout_s=1000)
    heard: list[int] = []
    closed = threading.Event()

    def listen(text: str) -> None:
        if text.strip().isdigit():
            heard.append(int(text))
            closed.wait(GUARD_S)

    with ThreadPoolExecutor(1) as pool:
        send = pool.submit(bench.send, target, on_log=listen)
        wait_until(lambda: heard, "it prints")
        bench.invoker.close()
        wait_until(lambda: not psutil.pid_exists(heard[0]), "it has ended")
        closed.set()
        assert isinstance(send.result(GUARD_S), Cancelled)


def test_after_closing_nothing_is_sent(bench: Bench) -> None:
    bench.invoker.close()
    target = bench.target("open('/dev/null')\ndef handler(event, context): return 1")
    assert isinstance(bench.send(target), Cancelled)
    bench.invoker.close()


def test_a_listener_that_fails_ends_the_send_and_the_process(bench: Bench) -> None:
    target = bench.target("def handler(event, context): print('x'); return event")

    def fail(text: str) -> None:
        raise LookupError(text)

    with pytest.raises(LookupError):
        bench.send(target, on_log=fail)
    assert bench.result(target, 1) == 1


def test_an_interrupt_in_the_waiting_thread_leaves_nothing(bench: Bench) -> None:
    target = bench.target(
        "import time\ndef handler(event, context):\n    print('begun')\n    time.sleep(1000)", timeout_s=99
    )

    def interrupt(text: str) -> None:
        if "begun" in text:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bench.send(target, on_log=interrupt)


def test_an_interpreter_that_is_started_ahead_serves_the_first_event(bench: Bench) -> None:
    marker = bench.folder / "loaded"
    target = bench.target(f"open({str(marker)!r}, 'w').close()\ndef handler(event, context): return event")
    bench.invoker.prepare(target)
    bench.invoker.prepare(target)
    assert len(bench.invoker._idle) == 1
    assert not marker.exists()
    outcome = bench.send(target, 7)
    assert isinstance(outcome, Returned)
    assert (outcome.body, outcome.cold_start) == (b"7", True)
    assert len(bench.invoker._idle) == 1


def test_an_interpreter_that_is_started_ahead_and_never_used_ends_too(bench: Bench) -> None:
    bench.invoker.prepare(bench.target("def handler(event, context): return event"))


def test_a_retired_handler_ends_by_itself_and_the_next_event_has_a_new_one(bench: Bench) -> None:
    target = bench.target(WHO)
    first = bench.result(target)[0]
    bench.invoker.retire()
    wait_until(lambda: not psutil.pid_exists(first), "the retired handler has ended")
    assert bench.result(target)[0] != first


def test_retiring_leaves_a_handler_at_work_alone(bench: Bench) -> None:
    started, go_on = bench.folder / "started", bench.folder / "go-on"
    target = bench.target(WAITS)
    with ThreadPoolExecutor(1) as pool:
        sending = pool.submit(bench.result, target, [str(started), str(go_on)])
        wait_until(started.exists, "the handler has begun")
        bench.invoker.retire()
        go_on.touch()
        assert sending.result(GUARD_S) == bench.result(target, [str(started), str(go_on)])


def test_preparing_what_cannot_be_started_is_an_error(bench: Bench) -> None:
    with pytest.raises(TargetError):
        bench.invoker.prepare(bench.target("", python=bench.folder / "no-python"))


def test_a_working_folder_that_cannot_be_made_is_an_error_in_words(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setenv("TMPDIR", "/no/such/folder")
        with pytest.raises(TargetError, match="no working folder could be made in /no/such/folder: No such file"):
            bench.send(bench.target(WHO))


def test_no_descriptor_is_lost(bench: Bench) -> None:
    target = bench.target(WHO)
    bench.send(target)
    bench.invoker.close()
    before = list(Path("/dev/fd").iterdir())
    for _ in range(3):
        invoker = Invoker()
        other = Bench(bench.folder, invoker)
        other.send(target)
        with pytest.raises(TargetError):
            other.send(bench.target(python=Path("/dev/null/python")))
        invoker.close()
    assert len(list(Path("/dev/fd").iterdir())) == len(before)


def test_a_limit_is_kept_while_other_threads_send(bench: Bench) -> None:
    fast = bench.target(WHO)
    bench.write("while True: pass", "slow.py")
    slow = bench.target(spec="slow.handler", timeout_s=0.3)
    with ThreadPoolExecutor(2) as pool:
        stuck = pool.submit(bench.send, slow)
        arguments: dict[str, object] = {}
        with hang_guard(arguments):
            until = time.monotonic() + 0.2
            while time.monotonic() < until:
                bench.send(fast)
        assert stuck.result(GUARD_S).kind == "timed_out"


# Not waiting for how it ends


def begun(bench: Bench, target: object, event: object = None, **more: object) -> Begun | None:
    wire = json.dumps(event).encode()
    return bench.invoker.begin(Event("blank", wire), target, request_id="r-1", **more)


def test_only_a_warm_handler_is_not_waited_for(bench: Bench) -> None:
    target = bench.target(WHO)
    assert begun(bench, target) is None
    pid, _ = bench.result(target)
    started = begun(bench, target, 7)
    assert started is not None
    wait_until(started.is_answered, "it has answered")
    exchange = started.wait()
    assert json.loads(exchange.outcome.body) == [pid, 7]
    assert (exchange.outcome.request_id, exchange.outcome.cold_start) == ("r-1", False)
    assert bench.result(target)[0] == pid


def test_a_changed_or_cancelled_or_distant_one_is_left_to_who_has_the_time(bench: Bench) -> None:
    target = bench.target(WHO)
    bench.result(target)
    cancelled = threading.Event()
    cancelled.set()
    assert begun(bench, target, cancelled=cancelled) is None
    assert begun(bench, HttpTarget("http://127.0.0.1:1/", "http://127.0.0.1:1/")) is None
    bench.write("def handler(event, context): return 2")
    assert begun(bench, target) is None
    assert bench.result(target) == 2


def test_waiting_for_it_keeps_its_limits_and_can_be_cancelled(bench: Bench) -> None:
    target = bench.target("import time\ndef handler(event, context): time.sleep(event)", timeout_s=0.3)
    bench.send(target, 0)
    started = begun(bench, target, 60)
    assert started is not None
    assert not started.is_answered()
    assert started.wait().outcome.kind == "timed_out"
    bench.send(target, 0)
    cancelled = threading.Event()
    stopped = begun(bench, target, 60, cancelled=cancelled)
    assert stopped is not None
    cancelled.set()
    assert stopped.wait().outcome.kind == "cancelled"


def test_one_that_had_ended_before_it_read_anything_leaves_the_event_to_another(bench: Bench) -> None:
    target = bench.target("import os, threading\ndef handler(event, context): return os.getpid()")
    pid = bench.result(target)
    os.kill(pid, signal.SIGSTOP)
    wait_until(lambda: psutil.Process(pid).status() == psutil.STATUS_STOPPED, "it reads nothing more")
    started = begun(bench, target)
    os.kill(pid, signal.SIGKILL)
    assert started is not None
    with hang_guard({}):
        exchange = started.wait()
    assert exchange.outcome.kind == "returned"
    assert json.loads(exchange.outcome.body) != pid
