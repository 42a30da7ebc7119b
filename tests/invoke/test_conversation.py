"""What passes between fgtui and an instance around the end of it: nothing is lost, and nothing is believed too much.

Where a race decides, the listener of the log holds fgtui's thread until what it would race with has happened.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest

from fgtui.invoke.model import Crashed
from tests.invoke.harness import Bench, is_gone, wait_until

LARGER_PIPE = """
import fcntl, os, sys, threading
def enlarge(descriptor): fcntl.fcntl(descriptor, 1031, 1 << 20)  # F_SETPIPE_SZ
"""
linux_alone = pytest.mark.skipif(sys.platform != "linux", reason="pipes have one size on this system")


def after(word: str, act: Callable[[], object]) -> Callable[[str], None]:
    """A listener that acts once, when the log says ``word``."""
    is_done = False

    def listen(text: str) -> None:
        nonlocal is_done
        if word in text and not is_done:
            is_done = True
            act()

    return listen


def kill(process: int) -> None:
    psutil.Process(process).kill()
    wait_until(lambda: is_gone(process), "it is gone")


@linux_alone
@pytest.mark.parametrize("size", [900_000, 6_291_400])
def test_an_answer_is_received_whole_although_the_process_ends_at_once(bench: Bench, size: int) -> None:
    target = bench.target(
        LARGER_PIPE
        + f"""
def end(written):
    while int(open("/proc/self/io").read().split()[3]) < written: pass
    os._exit(3)
def handler(event, context):
    enlarge(4)
    os.write(1, b"keeper %d\\n" % os.getppid())
    written = int(open("/proc/self/io").read().split()[3])
    threading.Thread(target=end, args=[written + {size}]).start()
    return "x" * {size}
""",
        timeout_s=20,
        memory_mb=256,
    )

    keepers: list[int] = []

    def hold(text: str) -> None:
        if text.startswith("keeper "):
            keepers.append(int(text.split()[1]))
            if size < 1 << 20:  # all of it fits into the pipe
                wait_until(lambda: is_gone(keepers[0]), "it has answered and ended, and that was reported")

    outcome = bench.send(target, on_log=hold)
    assert outcome.kind == "returned", outcome
    assert outcome.body == b"x" * size
    wait_until(lambda: is_gone(keepers[0]), "it has ended")
    assert bench.send(target).cold_start


@linux_alone
def test_what_was_printed_last_is_in_the_log_however_much_it_was(bench: Bench, tmp_path: Path) -> None:
    go_on = tmp_path / "go-on"
    target = bench.target(
        LARGER_PIPE
        + """
def handler(event, context):
    enlarge(1)
    os.write(1, b"keeper %d\\n" % os.getppid())
    while not os.path.exists(event[0]): pass
    for number in range(20000): print("line", number)
    print("last words", flush=True)
    os._exit(3)
""",
        timeout_s=20,
    )

    def hold(text: str) -> None:
        if text.startswith("keeper "):
            go_on.touch()
            wait_until(lambda: is_gone(int(text.split()[1])), "it has ended, and that was reported")

    outcome = bench.send(target, [str(go_on)], on_log=hold)
    assert isinstance(outcome, Crashed)
    assert outcome.exit_code == 3
    assert "\nline 19999\nlast words\n" in outcome.logs
    assert not outcome.logs_truncated


def test_the_memory_of_an_event_is_not_the_next_ones(bench: Bench) -> None:
    target = bench.target(
        """
        import subprocess, sys, time
        child = "x = b'x' * 80_000_000; print(flush=True); input()"
        def handler(event, context):
            if event == "large":
                program = subprocess.Popen([sys.executable, "-c", child], stdin=-1, stdout=-1)
                program.stdout.readline()
                time.sleep(0.3)
                program.communicate(b"\\n")
        """,
        memory_mb=256,
        timeout_s=20,
    )
    large, small = bench.send(target, "large").memory_mb, bench.send(target, "small").memory_mb
    assert large is not None
    assert small is not None
    assert large > 80 > small


@linux_alone
def test_an_instance_that_reads_half_of_an_event_and_is_gone_has_crashed(bench: Bench, tmp_path: Path) -> None:
    """Its keeper is killed as well, so that nobody reports the end: the pipe that breaks is all there is."""
    begun = tmp_path / "begun"
    target = bench.target(
        f"""
        import array, fcntl, os, termios, threading, time
        def watch():
            while not os.path.exists({str(begun)!r}): time.sleep(0.001)
            waiting = array.array("i", [1])
            while waiting[0]: fcntl.ioctl(3, termios.FIONREAD, waiting)
            print("half", flush=True)
            open({str(begun)!r} + "-read", "w").close()
        def handler(event, context):
            threading.Thread(target=watch, daemon=True).start()
            return [os.getpid(), os.getppid()]
        """,
        timeout_s=20,
    )
    host, keeper = bench.result(target)

    def wait_for_half() -> None:
        begun.touch()
        wait_until(Path(f"{begun}-read").exists, "it has read what was in the pipe")

    def kill_both() -> None:
        kill(keeper)
        wait_until(lambda: is_gone(host), "the host is gone with its keeper")

    on_start, on_half = after("Start invoke", wait_for_half), after("half", kill_both)

    def listen(text: str) -> None:
        on_start(text)
        on_half(text)

    outcome = bench.send(target, "x" * 5_000_000, on_log=listen)
    assert isinstance(outcome, Crashed), outcome
    assert "half\n" in outcome.logs
    assert bench.result(target)[0] != host


def test_a_long_event_of_which_nothing_was_read_is_another_instances(bench: Bench) -> None:
    target = bench.target("import os\ndef handler(event, context): return [os.getpid(), len(event)]", timeout_s=20)
    host = bench.result(target, "")[0]
    stopped = psutil.Process(host)
    stopped.suspend()
    wait_until(lambda: stopped.status() == psutil.STATUS_STOPPED, "it reads nothing any more")
    outcome = bench.send(target, "x" * 5_000_000, on_log=after("Start invoke", lambda: kill(host)))
    assert outcome.kind == "returned", outcome
    assert outcome.cold_start
    assert outcome.body.endswith(b", 5000000]")
