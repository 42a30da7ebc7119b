"""Java handlers that misbehave: right outcome, nothing left behind, and the next send works (reliability section 4).

What they do is in ``java/faulty/Hostile.java``. The bench checks after each test that no process or folder stays.
"""

from __future__ import annotations

import re
import resource
import threading

import psutil
import pytest

from fgtui.invoke.model import Cancelled, Crashed, OutOfMemory, Raised, Returned, TimedOut
from tests.invoke.harness import wait_until
from tests.invoke.java_bench import JavaBench, needs_java

pytest_plugins = ["tests.invoke.java_fixtures"]
pytestmark = [needs_java, pytest.mark.usefixtures("empty_caches")]
HOSTILE = "faulty.Hostile.handle"


def next_works(java: JavaBench, target: object) -> bool:
    return java.send(target, "next").body == b"fine"


@pytest.mark.parametrize(
    "deed",
    [
        "sleep",
        "spin",
        "deadlock",
        "ignore-interrupts",
        "sleep-in-finally",
        "exit-hook",
        "stop-self",
        "wait-for-child",
        "busy-threads",
    ],
)
def test_a_handler_that_does_not_end_is_ended(java: JavaBench, deed: str) -> None:
    target = java.target(HOSTILE, timeout_s=0.4)
    assert isinstance(java.send(target, deed), TimedOut)


@pytest.mark.parametrize(
    ("deed", "code", "number"),
    [
        ("exit-0", 0, None),
        ("exit-3", 3, None),
        ("halt", 4, None),
        ("exit-in-thread", 5, None),
        ("kill", None, 9),
        ("term", 143, None),
        ("segfault", None, 6),
    ],
)
def test_a_process_that_ends_has_crashed(java: JavaBench, deed: str, code: int | None, number: int | None) -> None:
    """The machine itself turns SIGTERM into exit code 143 and a bad address into SIGABRT."""
    target = java.target(HOSTILE)
    outcome = java.send(target, deed)
    assert isinstance(outcome, Crashed), outcome
    assert (outcome.exit_code, outcome.signal) == (code, number)
    assert next_works(java, target)


def test_a_crash_leaves_no_report_in_anybodys_folder(java: JavaBench) -> None:
    outcome = java.send(java.target(HOSTILE), "segfault")
    assert "SIGSEGV" in outcome.logs
    assert list(java.classes.glob("hs_err*")) == []


@pytest.mark.parametrize(
    ("deed", "memory_mb"),
    [
        ("heap", 128),
        ("heap", 512),
        ("small-objects", 256),
        ("heap-in-thread", 128),
        ("huge-array", 128),
        ("off-heap", 128),
    ],
)
def test_too_much_memory_is_out_of_memory(java: JavaBench, deed: str, memory_mb: int) -> None:
    target = java.target(HOSTILE, memory_mb=memory_mb, timeout_s=25)
    outcome = java.send(target, deed)
    assert isinstance(outcome, OutOfMemory), outcome
    assert outcome.limit_mb == memory_mb
    assert next_works(java, target)


@pytest.mark.parametrize(
    ("deed", "memory_mb"),
    [("heap", 128), ("heap", 512), ("small-objects", 256), ("heap-in-thread", 128), ("huge-array", 128)],
)
def test_the_log_says_where_memory_ran_out(java: JavaBench, deed: str, memory_mb: int) -> None:
    """2.3, row "out of memory": the platform names no place; the log does, though the handler has left no memory."""
    outcome = java.send(java.target(HOSTILE, memory_mb=memory_mb, timeout_s=25), deed)
    assert isinstance(outcome, OutOfMemory), outcome
    assert re.search(r"Z [0-9a-f-]{36} (OutOfMemoryError|.*: java\.lang\.OutOfMemoryError): ", outcome.logs)
    assert re.search(r"\n\tat (app//)?faulty\.Hostile\..*\(Hostile\.java:\d+\)\n", outcome.logs)


def test_the_memory_of_children_counts(java: JavaBench) -> None:
    assert isinstance(java.send(java.target(HOSTILE), "child-memory"), OutOfMemory)


@pytest.mark.parametrize("deed", ["caught", "garbage", "threads"])
def test_a_handler_that_stays_within_its_memory_is_left_alone(java: JavaBench, deed: str) -> None:
    """A caught ``OutOfMemoryError``, two gigabytes of garbage, three hundred threads."""
    target = java.target(HOSTILE, memory_mb=256)
    assert java.body(target, deed) == "fine"
    assert next_works(java, target)


def test_recursion_without_end_is_raised(java: JavaBench) -> None:
    outcome = java.send("faulty.Raising.handle", "recursion")
    assert isinstance(outcome, Raised)
    assert outcome.error.type == "java.lang.StackOverflowError"
    assert len(outcome.error.stack) > 100


@pytest.mark.parametrize(
    ("deed", "kind"),
    [
        ("child", "returned"),
        ("session", "returned"),
        ("orphans", "returned"),
        ("child-exit", "crashed"),
        ("child-raise", "raised"),
        ("child-hang", "timed_out"),
    ],
)
def test_no_descendant_survives(java: JavaBench, deed: str, kind: str) -> None:
    before = sleepers()
    target = java.target(HOSTILE, timeout_s=1.0)
    assert java.send(target, deed).kind == kind
    assert next_works(java, target)
    java.bench.invoker.close()
    wait_until(lambda: sleepers() <= before, "nobody sleeps any more")


def sleepers() -> set[int]:
    return {process.pid for process in psutil.process_iter() if sleeps(process)}


def sleeps(process: psutil.Process) -> bool:
    try:
        return process.cmdline() == ["sleep", "1000"] and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


@pytest.mark.parametrize(
    "deed",
    [
        "close-streams",
        "no-streams",
        "hostile-streams",
        "interrupted",
        "interrupts-everybody",
        "other-loader",
        "clears-properties",
        "uncaught-elsewhere",
        "pool",
        "replace-answers",
    ],
)
def test_a_handler_that_breaks_its_surroundings_is_answered_all_the_same(java: JavaBench, deed: str) -> None:
    target = java.target(HOSTILE)
    assert java.body(target, deed) == "fine"
    for _ in range(2):
        assert java.body(target, "next") == "fine"


def test_a_closed_stream_is_heard_from_again(java: JavaBench) -> None:
    assert "still heard" in java.send(java.target(HOSTILE), "close-streams").logs


def test_what_another_thread_throws_is_in_the_log(java: JavaBench) -> None:
    outcome = java.send(java.target(HOSTILE), "uncaught-elsewhere")
    assert 'Exception in thread "Thread-' in outcome.logs
    assert "java.lang.IllegalStateException: elsewhere" in outcome.logs


def test_there_is_no_standard_input(java: JavaBench) -> None:
    assert java.body(java.target(HOSTILE), "read") == "-1"


def test_forged_frames_are_no_answer(java: JavaBench) -> None:
    target = java.target(HOSTILE)
    for _ in range(3):
        assert java.body(target, "forge") == "true"


def test_garbage_in_the_middle_of_an_answer_is_never_taken_for_it(java: JavaBench) -> None:
    target = java.target(HOSTILE)
    outcome = java.send(target, "garble")
    assert isinstance(outcome, Crashed) or outcome.body == b"x" * 6000000
    assert next_works(java, target)


def test_output_without_end_does_not_grow_us(java: JavaBench) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    outcome = java.send(java.target(HOSTILE), "print")
    assert isinstance(outcome, Returned)
    assert outcome.logs_truncated
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50 * 1024


def test_a_send_can_be_cancelled(java: JavaBench) -> None:
    cancelled = threading.Event()
    timer = threading.Timer(0.3, cancelled.set)
    timer.start()
    assert isinstance(java.send(java.target(HOSTILE), "spin", cancelled=cancelled), Cancelled)
    timer.join()


def test_an_idle_machine_holds_no_more_than_the_smallest_setting(java: JavaBench) -> None:
    """128 MB is what a function may have at least; a bare machine needs less than half of it."""
    outcome = java.send(java.target(HOSTILE, memory_mb=128), "next")
    assert isinstance(outcome, Returned)
    assert (outcome.memory_mb or 0) < 64
