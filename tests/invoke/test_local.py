"""Sends to handlers on this machine: memory, logs, stopping, and interpreters that do not start.

Every way a Python handler can end is a row of ``test_python_contract.py``.
"""

from __future__ import annotations

import json
import resource
import sys
import threading
from pathlib import Path

import pytest

from fgtui.errors import TargetError
from fgtui.invoke.invoker import Invoker
from fgtui.invoke.model import (
    Cancelled,
    Crashed,
    InvalidResponse,
    OutOfMemory,
    Returned,
    TimedOut,
)
from tests.invoke.harness import Bench


def test_what_the_handler_gives_back_is_the_body(bench: Bench) -> None:
    exchange = bench.exchange("def handler(event, context): return {'got': event}", {"a": [1, "é"]})
    outcome = exchange.outcome
    assert isinstance(outcome, Returned)
    assert outcome.body == b'{"got": {"a": [1, "\\u00e9"]}}'
    assert outcome.cold_start is True
    assert outcome.init_ms is not None
    assert outcome.init_ms > 0
    assert outcome.duration_ms is not None
    assert outcome.memory_mb is not None
    assert 1 < outcome.memory_mb < 128
    assert exchange.target.kind == "local"
    assert exchange.target.spec == "index.handler"
    assert exchange.target.runtime is not None
    assert exchange.target.runtime.startswith("python3.")
    assert exchange.target.code_sha256 is not None
    assert len(exchange.target.code_sha256) == 64


def test_what_the_handler_started_is_counted_when_it_is_stopped(bench: Bench) -> None:
    target = bench.target(
        """
        import subprocess, time
        def handler(event, context):
            for _ in range(3):
                subprocess.Popen(["sleep", "1000"])
            time.sleep(1000)
        """,
        timeout_s=0.5,
    )
    outcome = bench.send(target)
    assert isinstance(outcome, TimedOut)
    assert outcome.stopped_processes == 4


def test_a_peak_that_was_over_in_an_instant_is_found_all_the_same(bench: Bench) -> None:
    outcome = bench.send(bench.target("def handler(event, context): return len(b'x' * 100000000)", memory_mb=64))
    assert isinstance(outcome, OutOfMemory)


def test_memory_that_children_use_counts(bench: Bench) -> None:
    target = bench.target(
        """
        import subprocess, sys
        def handler(event, context):
            subprocess.call([sys.executable, "-c", "import time; x = b'x' * 100000000; time.sleep(1000)"])
        """,
        memory_mb=64,
        timeout_s=20,
    )
    assert isinstance(bench.send(target), OutOfMemory)


def test_forked_children_that_share_their_memory_do_not_count_it_again(bench: Bench) -> None:
    target = bench.target(
        """
        import os, time
        kept = b"x" * 50000000
        def handler(event, context):
            children = []
            for _ in range(4):
                child = os.fork()
                if child == 0:
                    time.sleep(0.3)
                    os._exit(0)
                children.append(child)
            return [os.waitpid(child, 0)[1] for child in children]
        """,
        memory_mb=128,
        timeout_s=20,
    )
    assert bench.result(target) == [0, 0, 0, 0]


@pytest.mark.parametrize("size", [3_000_000_000, 10**15])
def test_memory_nobody_can_have_is_out_of_memory(bench: Bench, size: int) -> None:
    target = bench.target(f"def handler(event, context): return len(bytearray({size}))", memory_mb=64)
    assert isinstance(bench.send(target), OutOfMemory)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux counts data alone")
def test_a_limit_of_the_system_stands_behind_the_setting_and_leaves_address_space_alone(bench: Bench) -> None:
    source = """
import resource

def handler(event, context):
    return [resource.getrlimit(name)[0] for name in (resource.RLIMIT_DATA, resource.RLIMIT_AS, resource.RLIMIT_NPROC)]
"""
    mine = [resource.getrlimit(name)[0] for name in (resource.RLIMIT_AS, resource.RLIMIT_NPROC)]
    limits = [bench.result(bench.target(source, memory_mb=memory_mb)) for memory_mb in (128, 512)]
    assert [others for _, *others in limits] == [mine, mine]
    (small, *_), (large, *_) = limits
    assert small > 2 * 128 * 1024 * 1024
    assert abs(large - small - 2 * 384 * 1024 * 1024) < 16 * 1024 * 1024


def test_out_of_memory_while_loading(bench: Bench) -> None:
    target = bench.target("kept = bytearray(3000000000)\ndef handler(event, context): pass", memory_mb=64)
    outcome = bench.send(target)
    assert isinstance(outcome, OutOfMemory)
    assert outcome.duration_ms is None


def test_a_hundred_threads_fit_into_the_smallest_setting(bench: Bench) -> None:
    target = bench.target(
        """
        import threading
        def handler(event, context):
            gate = threading.Event()
            threads = [threading.Thread(target=gate.wait) for _ in range(100)]
            for thread in threads: thread.start()
            gate.set()
            for thread in threads: thread.join()
            return len(threads)
        """
    )
    assert bench.result(target) == 100


def test_a_crash_while_loading(bench: Bench) -> None:
    outcome = bench.send("import os\nprint('on the way')\nimport sys; sys.stdout.flush()\nos._exit(4)")
    assert isinstance(outcome, Crashed)
    assert outcome.exit_code == 4
    assert outcome.logs.startswith("on the way\n")


def test_an_event_of_many_megabytes_arrives_whole(bench: Bench) -> None:
    text = "é" * 5_000_000
    target = bench.target("def handler(event, context): return [len(event), event[-1]]", memory_mb=512)
    assert bench.result(target, json.dumps(text, ensure_ascii=False).encode()) == [5_000_000, "é"]


@pytest.mark.parametrize(
    ("result", "kind"),
    [
        ("{'statusCode': 200, 'headers': {}, 'body': '', 'isBase64Encoded': False}", "returned"),
        ("{'statusCode': 204}", "returned"),
        ("'plain text'", "invalid_response"),
        ("None", "invalid_response"),
        ("{'body': 'x'}", "invalid_response"),
    ],
)
def test_an_answer_to_the_gateway_needs_its_shape(bench: Bench, result: str, kind: str) -> None:
    target = bench.target(f"def handler(event, context): return {result}")
    outcome = bench.send(target, {}, trigger="apig")
    assert outcome.kind == kind
    if isinstance(outcome, InvalidResponse):
        assert json.loads(outcome.message)["error_code"] == "FSS.1206"
    assert bench.send(target, {}).kind == "returned"


def test_a_person_can_stop_it(bench: Bench) -> None:
    target = bench.target(
        "import time\ndef handler(event, context):\n    print('begun')\n    time.sleep(1000)", timeout_s=500
    )
    cancelled = threading.Event()
    outcome = bench.send(target, cancelled=cancelled, on_log=lambda text: cancelled.set() if "begun" in text else None)
    assert isinstance(outcome, Cancelled)
    assert "begun" in outcome.logs


def test_it_can_be_stopped_while_it_loads(bench: Bench) -> None:
    target = bench.target("print('begun')\nwhile True: pass", timeout_s=500)
    cancelled = threading.Event()
    outcome = bench.send(target, cancelled=cancelled, on_log=lambda text: cancelled.set())
    assert isinstance(outcome, Cancelled)


def test_it_can_be_stopped_while_the_interpreter_starts(bench: Bench, tmp_path: Path) -> None:
    slow = tmp_path / "python"
    slow.write_text("#!/bin/sh\nsleep 1000\n")
    slow.chmod(0o755)
    cancelled = threading.Event()
    threading.Timer(0.1, cancelled.set).start()
    outcome = bench.send(bench.target("def handler(event, context): pass", python=slow), cancelled=cancelled)
    assert isinstance(outcome, Cancelled)


@pytest.mark.parametrize("wait_s", [0.0, 0.005, 0.01, 0.015, 0.02, 0.025, 0.03, 0.05])
def test_it_can_be_stopped_at_any_moment(bench: Bench, wait_s: float) -> None:
    target = bench.target("import time\ndef handler(event, context): time.sleep(0.02)")
    cancelled = threading.Event()
    threading.Timer(wait_s, cancelled.set).start()
    assert bench.send(target, cancelled=cancelled).kind in {"cancelled", "returned"}
    assert bench.send(target).kind == "returned"


def test_what_was_stopped_before_it_began_never_begins(bench: Bench) -> None:
    cancelled = threading.Event()
    cancelled.set()
    target = bench.target(f"open({str(bench.folder / 'ran')!r}, 'w')")
    assert isinstance(bench.send(target, cancelled=cancelled), Cancelled)
    assert not (bench.folder / "ran").exists()


def test_an_interpreter_that_cannot_be_started_is_an_error_in_words(bench: Bench, tmp_path: Path) -> None:
    broken = tmp_path / "python"
    broken.write_text("#!/no/such/interpreter\n")
    broken.chmod(0o755)
    with pytest.raises(TargetError, match="could not be started: No such file or directory"):
        bench.send(bench.target("def handler(event, context): pass", python=broken))


def test_a_program_that_is_no_python_is_an_error_in_words(bench: Bench, tmp_path: Path) -> None:
    pretender = tmp_path / "python"
    pretender.write_text("#!/bin/sh\necho 'pyenv: python3.99: command not found' >&2\necho 'more' >&2\nexit 127\n")
    pretender.chmod(0o755)
    with pytest.raises(TargetError, match=r"did not start: pyenv: python3\.99: command not found"):
        bench.send(bench.target("def handler(event, context): pass", python=pretender))


def test_the_log_has_the_platforms_lines_around_what_was_printed(bench: Bench) -> None:
    source = """
        import sys
        def handler(event, context):
            print("raw", end="")
            print(" and more")
            sys.stderr.write("to stderr\\n")
            context.getLogger().info("%s of %d", "one", 2)
            print("no newline", end="")
        """
    outcome = bench.send(source)
    lines = outcome.logs.splitlines()
    stamp, identifier = lines[0].split()[0], outcome.request_id
    assert lines[0] == f"{stamp} Start invoke request '{identifier}', version: latest"
    assert lines[1:3] == ["raw and more", "to stderr"]
    assert lines[3].endswith(f" {identifier} INFO one of 2")
    assert lines[4] == "no newline"
    assert lines[5].split(", memory used: ")[1].endswith("MB, billing memory: 128MB")
    assert f"Finish invoke request '{identifier}', duration: {outcome.duration_ms:.3f}ms, " in lines[5]
    assert len(lines) == 6


def test_the_log_is_heard_while_the_handler_runs(bench: Bench) -> None:
    target = bench.target(
        """
        import os, time
        def handler(event, context):
            print("first")
            while not os.path.exists(event): time.sleep(0.005)
            print("second")
        """
    )
    heard: list[str] = []
    signal_file = bench.folder / "go"

    def listen(text: str) -> None:
        heard.append(text)
        if "first" in text:
            signal_file.touch()

    outcome = bench.send(target, str(signal_file), on_log=listen)
    assert outcome.kind == "returned"
    assert "".join(heard) == outcome.logs


def test_fifty_megabytes_of_print_keep_their_head_and_tail(bench: Bench) -> None:
    target = bench.target(
        """
        def handler(event, context):
            print("the beginning")
            for _ in range(500): print("x" * 99999)
            print("the end")
            return "done"
        """,
        timeout_s=20,
    )
    heard: list[str] = []
    outcome = bench.send(target, on_log=heard.append)
    assert outcome.body == b"done"
    assert outcome.logs_truncated
    assert len(outcome.logs) < 600_000
    assert "the beginning\n" in outcome.logs[:200]
    assert "the end\n" in outcome.logs[-400:]
    assert " bytes left out …\n" in outcome.logs
    assert sum(map(len, heard)) < 20_000_000


def test_the_memory_of_a_send_is_of_the_whole_tree(bench: Bench) -> None:
    target = bench.target(
        """
        import subprocess, sys
        def handler(event, context):
            subprocess.call([sys.executable, "-c", "import time; x = b'x' * 60000000; time.sleep(0.3)"])
        """,
        memory_mb=256,
        timeout_s=20,
    )
    outcome = bench.send(target)
    assert outcome.memory_mb is not None
    assert outcome.memory_mb > 60


def test_another_interpreter_for_everything(bench: Bench) -> None:
    invoker = Invoker(python=Path(sys.executable))
    try:
        other = Bench(bench.folder, invoker)
        assert other.result("import sys\ndef handler(e, c): return [sys.executable]") == [sys.executable]
    finally:
        invoker.close()
