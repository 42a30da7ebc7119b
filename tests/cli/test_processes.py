"""The real command as a process: signals, closed streams, full disks. Few, since each costs an interpreter."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import signal
import sqlite3
import struct
import subprocess
import sys
import termios
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from fgtui.terminal.display import is_displayable
from tests.cli.waiting import wait_until
from tests.invoke.debug_client import DebugClient

HANG_GUARD_S = 10.0
"""Ten times what is promised."""

HANDLER = """
import os, pathlib, subprocess, time

def sleepy(event, context):
    child = subprocess.Popen(["sh", "-c", "trap '' INT TERM HUP; sleep 60"], start_new_session=True)
    print("asleep", flush=True)
    pathlib.Path(context.getUserData("PIDS")).write_text(f"{os.getpid()} {child.pid}")
    time.sleep(60)

def waits(event, context):
    pathlib.Path(os.environ["RUNTIME_CODE_ROOT"], "room", str(os.getpid())).touch()
    time.sleep(60)

def quick(event, context):
    return "ok"

def hostile(event, context):
    text = next(iter(event))
    print(text)
    raise ValueError(text)

def chatty(event, context):
    return "x" * 5_000_000
"""


def heed_signals() -> None:
    """A test run in the background is itself deaf to some, and its children would stay so."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


class Runner:
    def __init__(self, folder: Path, home: Path) -> None:
        self.folder = folder
        self.home = home
        self.pids = folder / "pids"
        self._started: list[subprocess.Popen[bytes]] = []

    def start(self, *words: str, **more: object) -> subprocess.Popen[bytes]:
        environment = {**os.environ, "FGTUI_HOME": str(self.home)}
        options = {
            "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL,
            "preexec_fn": heed_signals, **more,
        }  # fmt: skip
        process = subprocess.Popen([sys.executable, "-m", "fgtui", *words], cwd=self.folder, env=environment, **options)
        self._started.append(process)
        return process

    def run(self, *words: str, **more: object) -> tuple[int, bytes, bytes]:
        process = self.start(*words, **more)
        out, said = process.communicate(timeout=HANG_GUARD_S)
        return process.returncode, out, said

    def close(self) -> None:
        for process in self._started:
            process.kill()
            process.communicate()


@pytest.fixture
def runner(tmp_path: Path, own_home: Path) -> Iterator[Runner]:
    (tmp_path / "index.py").write_text(HANDLER)
    runner = Runner(tmp_path, own_home)
    yield runner
    runner.close()


def is_running(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)], ids=["int", "term", "hup"]
)
def test_a_signal_stops_the_tree_records_and_ends(runner: Runner, number: signal.Signals, code: int) -> None:
    process = runner.start(
        "send", "blank", "--target", "index.sleepy", "--timeout", "50", "--env", f"PIDS={runner.pids}"
    )
    wait_until(lambda: runner.pids.exists() and runner.pids.read_text().count(" ") == 1, "the handler sleeps")
    process.send_signal(number)
    out, said = process.communicate(timeout=HANG_GUARD_S)
    assert (process.returncode, out) == (code, b"")
    assert b"asleep\n" in said
    assert b"cancelled" in said
    assert b"recorded as default 1" in said
    assert b"Traceback" not in said
    wait_until(lambda: not any(map(is_running, map(int, runner.pids.read_text().split()))), "no process is left")


def test_a_signal_records_each_of_several_that_are_under_way_and_none_that_is_not(runner: Runner) -> None:
    (runner.folder / "room").mkdir()
    process = runner.start(
        "send", "blank", "--target", "index.waits", "--timeout", "50", "--repeat", "20", "--concurrency", "3"
    )
    wait_until(lambda: len(list((runner.folder / "room").iterdir())) == 3, "three handlers wait")
    process.send_signal(signal.SIGINT)
    out, said = process.communicate(timeout=HANG_GUARD_S)
    assert (process.returncode, out.strip(), said.count(b"cancelled")) == (130, b"", 3)
    _, rows, _ = runner.run("show", "default", "--json")
    assert rows.count(b'"cancelled"') == 3


def test_debug_says_where_to_attach_and_suspends_the_timeout_until_the_debugger_lets_it_run(runner: Runner) -> None:
    (runner.folder / "fgtui.toml").write_text(f"[targets.t]\nhandler = 'index.quick'\npython = '{sys.executable}'\n")
    process = runner.start("send", "blank", "--trust-project", "--debug", "--timeout", "0.05")
    assert process.stderr is not None
    said = process.stderr.readline()
    while said and not said.startswith(b"waiting for a debugger at "):
        said = process.stderr.readline()
    client = DebugClient(said.removeprefix(b"waiting for a debugger at ").partition(b";")[0].decode())
    line = HANDLER[: HANDLER.index('return "ok"')].count("\n") + 1
    assert client.attach(runner.folder / "index.py", [line]) == [True]
    thread, name, stopped = client.stopped_at()
    assert (name, stopped) == ("quick", line)
    client.send("continue", threadId=thread)  # the process may have ended before it says that it heard
    out, rest = process.communicate(timeout=HANG_GUARD_S)
    client.close()
    assert (process.returncode, out) == (0, b"ok")
    assert "✓ returned".encode() in rest


def test_a_signal_while_the_store_is_locked_does_not_wait_for_it(runner: Runner) -> None:
    runner.run("send", "blank", "--target", "index.quick")
    (store,) = runner.home.rglob("sessions.db")
    lock = sqlite3.connect(store, isolation_level=None)
    lock.execute("BEGIN EXCLUSIVE")
    process = runner.start("send", "blank", "--target", "index.quick")
    assert process.stderr is not None
    while b"Finish invoke request" not in process.stderr.readline():
        pass
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=HANG_GUARD_S)
    lock.close()
    assert process.returncode == 143
    assert b"may not be recorded" in said


def test_any_verb_that_waits_for_a_locked_store_ends_on_a_signal(runner: Runner) -> None:
    runner.run("send", "blank", "--target", "index.quick")
    (store,) = runner.home.rglob("sessions.db")
    lock = sqlite3.connect(store, isolation_level=None)
    lock.execute("BEGIN EXCLUSIVE")
    process = runner.start("sessions", "create", "new")
    wait_until(lambda: has_open(process.pid, store), "it has the store open")
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=HANG_GUARD_S)
    lock.close()
    assert (process.returncode, said) == (143, b"")


def has_open(pid: int, file: Path) -> bool:
    return str(file) in {opened.path for opened in psutil.Process(pid).open_files()}


def test_a_signal_between_two_sends_ends_too(runner: Runner) -> None:
    process = runner.start("send", "blank", "--target", "index.chatty", "--repeat", "100000", "--no-record")
    assert process.stdout is not None
    process.stdout.read(6_000_000)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=HANG_GUARD_S)
    assert process.returncode == 143


def test_watching_sends_again_after_an_edit_until_a_signal(runner: Runner) -> None:
    handler = runner.folder / "index.py"
    process = runner.start("send", "blank", "--target", "index.quick", "--watch")
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.readline() == b"ok\n"
    while b"watching " not in process.stderr.readline():
        pass
    handler.write_text(HANDLER.replace('return "ok"', "return broken"))
    while "✗ raised NameError".encode() not in process.stderr.readline():
        pass
    handler.write_text(HANDLER.replace('return "ok"', 'return "mended"'))
    while b"recorded as default 3" not in process.stderr.readline():
        pass
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=HANG_GUARD_S)
    assert process.returncode == 130
    assert out.endswith(b"mended\n")


def test_nohup_stays_nohup(runner: Runner) -> None:
    process = runner.start(
        "send", "blank", "--target", "index.sleepy", "--timeout", "1", "--no-record", "--env", f"PIDS={runner.pids}",
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN),
    )  # fmt: skip
    wait_until(runner.pids.exists, "the handler sleeps")
    process.send_signal(signal.SIGHUP)
    _, said = process.communicate(timeout=HANG_GUARD_S)
    assert process.returncode == 3
    assert b"timed out after 1 s" in said


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_verb_that_waits_for_input_ends_on_a_signal(runner: Runner, number: signal.Signals) -> None:
    reading, writing = os.pipe()
    process = runner.start("format", "-", stdin=reading)
    os.write(writing, b"[1, ")
    wait_until(lambda: unread(reading) == 0, "it has read what there is")
    process.send_signal(number)
    _, said = process.communicate(timeout=HANG_GUARD_S)
    os.close(writing)
    os.close(reading)
    assert (process.returncode, said) == (128 + number, b"")


def unread(pipe: int) -> int:
    (count,) = struct.unpack("i", fcntl.ioctl(pipe, termios.FIONREAD, b"\0\0\0\0"))
    return int(count)


HOSTILE = "\x1b[2J\x1b]52;c;aGk=\x07\x9b2J\u202e\u2028\u200b\ufeff\U000e0041\x7f\r\x08"
OURS = re.compile(rb"\x1b\[(?:31|32|33|36|0)m|\r\n")


def test_no_foreign_control_reaches_a_real_terminal(runner: Runner) -> None:
    event = runner.folder / f"hostile{HOSTILE}.json".replace("/", "")
    event.write_text(json.dumps({HOSTILE: HOSTILE, "a": 1}, ensure_ascii=False)[:-1] + ",}")
    for words in (
        ("validate", f"./{event.name}"),
        ("format", f"./{event.name}"),
        ("decode", f"./{event.name}"),
        ("send", f"./{event.name}", "--target", "index.hostile"),
        ("show", "default"),
        ("show", "default", "last"),
        ("show", "default", "last", "--json"),
        ("show", HOSTILE),
        ("query", "default", HOSTILE),
        ("query", "default", "@", "--project", "event.body"),
        (HOSTILE,),
    ):
        seen = OURS.sub(b"", on_a_terminal(runner, *words)).decode()
        assert seen, words
        assert is_displayable(seen), words


def on_a_terminal(runner: Runner, *words: str) -> bytes:
    """Everything a terminal is sent while a command line runs with all three streams on it."""
    leader, follower = pty.openpty()
    process = runner.start(*words, stdin=follower, stdout=follower, stderr=follower)
    os.close(follower)
    seen = b""
    with suppress(OSError):  # the other end closed
        while piece := os.read(leader, 65536):
            seen += piece
    os.close(leader)
    process.wait(timeout=HANG_GUARD_S)
    return seen


def test_a_reader_that_leaves_early_ends_it_quietly(runner: Runner) -> None:
    reading, writing = os.pipe()
    process = runner.start("send", "blank", "--target", "index.chatty", "--no-record", stdout=writing)
    os.close(writing)
    os.read(reading, 100)
    os.close(reading)
    _, said = process.communicate(timeout=HANG_GUARD_S)
    assert process.returncode == 0
    assert b"Traceback" not in said
    assert b"BrokenPipe" not in said
    assert "✓ returned" in said.decode()


def test_a_full_disk_behind_stdout_is_a_4(runner: Runner) -> None:
    with Path("/dev/full").open("wb") as full:
        code, _, said = runner.run("event", "obs", stdout=full)
    assert code == 4
    assert said == b"error: the output is incomplete: No space left on device\n"


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="only Linux shows where a descriptor leads")
def test_streams_that_are_closed_at_the_start_lead_nowhere(runner: Runner) -> None:
    process = runner.start(
        "send", "blank", "--target", "index.sleepy", "--timeout", "50", "--env", f"PIDS={runner.pids}",
        preexec_fn=lambda: os.closerange(0, 3),
    )  # fmt: skip
    wait_until(runner.pids.exists, "the handler sleeps")
    assert {str(Path(f"/proc/{process.pid}/fd/{number}").readlink()) for number in range(3)} == {os.devnull}
    process.terminate()
    process.communicate(timeout=HANG_GUARD_S)


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_streams_that_are_closed_at_the_start_are_nobody_elses(runner: Runner, closed: str) -> None:
    command = f'exec "$0" -m fgtui send blank --target index.chatty {closed}'
    ran = subprocess.run(
        ["sh", "-c", command, sys.executable],
        cwd=runner.folder,
        env={**os.environ, "FGTUI_HOME": str(runner.home)},
        capture_output=True,
    )
    assert ran.returncode == 0
    assert b"Traceback" not in ran.stderr
    code, out, _ = runner.run("show", "default", "1", "--part", "result")
    assert (code, len(out)) == (0, 5_000_000)


def test_the_locale_does_not_change_the_data(runner: Runner) -> None:
    process = subprocess.run(
        [sys.executable, "-m", "fgtui", "triggers"],
        env={"LC_ALL": "C", "PATH": os.environ["PATH"], "FGTUI_HOME": str(runner.home)},
        capture_output=True,
    )
    assert "对象存储服务" in process.stdout.decode()


INTERRUPTED_WHILE_IMPORTING = """
import os, signal, sys

class Finder:
    def find_spec(self, name, path, target=None):
        if name == "fgtui.cli.main":
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Finder())
sys.argv = ["fgtui", "triggers"]
from fgtui.__main__ import main

main()
"""


def test_ctrl_c_while_fgtui_is_being_loaded_ends_it_quietly() -> None:
    finished = subprocess.run(
        [sys.executable, "-c", INTERRUPTED_WHILE_IMPORTING],
        capture_output=True,
        check=False,
        preexec_fn=heed_signals,
        timeout=HANG_GUARD_S,
    )
    assert (finished.returncode, finished.stdout, finished.stderr) == (130, b"", b"")
