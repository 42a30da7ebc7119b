"""Handlers that misbehave: right outcome, nothing left behind, and the next send works.

The bench fixture checks after each test that no process, zombie or folder stays.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from fgtui.invoke import processes
from fgtui.invoke.invoker import Invoker
from fgtui.invoke.model import Crashed, InitFailed, InvalidResponse, OutOfMemory, Raised, Returned, TimedOut
from fgtui.records import replace
from tests.invoke.harness import GUARD_S, Bench, is_gone, left_behind, wait_until

NEXT = "if event == 'next': return 'fine'"


def next_works(bench: Bench, target: object) -> bool:
    return bench.send(target, "next").body == b"fine"


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Invoker]:
    """One invoker for many handlers; afterwards no process is left of any of them."""
    before = psutil.pids()
    invoker = Invoker()
    yield invoker
    invoker.close()
    mark = str(tmp_path_factory.getbasetemp())
    wait_until(lambda: not left_behind(mark, before), "every process has ended")


@pytest.fixture
def quick(tmp_path: Path, crowd: Invoker) -> Bench:
    return Bench(tmp_path / "code", crowd)


ENDLESS = {
    "sleeps": "time.sleep(1000)",
    "spins": "while True: pass",
    "holds-the-interpreter-in-arithmetic": "'a' * 100 == pow(7, 10 ** 7)",
    "holds-the-interpreter-in-a-regular-expression": "re.match(r'(a+)+$', 'a' * 40 + 'b')",
    "stops-itself": "os.kill(os.getpid(), signal.SIGSTOP); time.sleep(1000)",
    "ignores-signals": "ignore_everything(); time.sleep(1000)",
    "sleeps-in-finally": "try: time.sleep(1000)\n    finally: time.sleep(1000)",
    "sleeps-at-exit": "atexit.register(time.sleep, 1000); time.sleep(1000)",
    "reads-every-descriptor": "[os.read(fd, 9) for fd in range(3, 20) if is_open(fd)]",
    "reads-standard-input": "sys.stdin.read(); time.sleep(1000)",
    "threads": "t = threading.Thread(target=time.sleep, args=[1000]); t.start(); t.join()",
    "own-group": "os.setpgid(0, 0) if os.getpgrp() != os.getpid() else 0; time.sleep(1000)",
    "stops-its-keeper": "os.kill(os.getppid(), signal.SIGSTOP); time.sleep(1000)",
    "stops-its-group": "os.killpg(0, signal.SIGSTOP); time.sleep(1000)",
    "traces-its-keeper": "libc.ptrace(16, os.getppid(), 0, 0); time.sleep(1000)",
    "hides-from-proc": "libc.prctl(4, 0); time.sleep(1000)",
    "becomes-another-program": "os.execv('/bin/sleep', ['sleep', '1000'])",
    "hangs-in-a-trace-function": "sys.settrace(Hangs()); return 1",
    "hangs-when-its-output-is-flushed": "sys.stdout = Hangs(); return 1",
    "hangs-when-its-error-is-shown": "raise Hangs()",
    "prints-without-end-or-newline": "while True: print('x' * 100, end='')",
    "writes-lines-without-end": "while True: os.write(2, b'x\\n' * 30000)",
    "writes-answers-without-end": "while True: os.write(4, b'x' * 65536)",
}
ENDLESS_SOURCE = """
import atexit, ctypes, os, re, signal, sys, threading, time
libc = ctypes.CDLL(None)

class Hangs(Exception):
    def __call__(self, *arguments):
        while True: pass
    __str__ = flush = write = __call__

def ignore_everything():
    import ctypes
    for number in range(1, 32):
        ctypes.CDLL(None).signal(number, ctypes.c_void_p(1))

def is_open(fd):
    try: os.fstat(fd)
    except OSError: return False
    return True

def handler(event, context):
    if event == 'next': return 'fine'
    BODY
"""


def test_a_handler_that_does_not_end_is_ended(tmp_path: Path, crowd: Invoker) -> None:
    def how_it_ends(name: str) -> tuple[str, bytes, bool, bool]:
        bench = Bench(tmp_path / name, crowd)
        target = bench.target(ENDLESS_SOURCE.replace("BODY", ENDLESS[name]), timeout_s=0.5)
        outcome = bench.send(target)
        fine = next_works(bench, replace(target, timeout_s=20.0))
        return outcome.kind, outcome.body, len(outcome.logs) < 600_000, fine

    expected = ("timed_out", b"call invoke timeout 0.5s", True, True)
    with ThreadPoolExecutor(8) as pool:
        assert dict(zip(ENDLESS, pool.map(how_it_ends, ENDLESS), strict=True)) == dict.fromkeys(ENDLESS, expected)


@pytest.mark.parametrize(
    "start",
    [
        pytest.param("subprocess.Popen(['sleep', '1000'])", id="child"),
        pytest.param("subprocess.Popen(['sleep', '1000'], start_new_session=True, env={}, cwd='/')", id="own-session"),
        pytest.param(
            "subprocess.Popen(['sh', '-c', 'sleep 1000 & sleep 1000 &'], start_new_session=True)", id="orphans"
        ),
        pytest.param("daemonise()", id="double-fork"),
        pytest.param("[os.fork() for _ in range(4)]; os.setsid() if os.getpid() != me else 0", id="fork-of-forks"),
    ],
)
def test_no_descendant_survives_however_its_handler_ends(tmp_path: Path, crowd: Invoker, start: str) -> None:
    ends = {
        "time.sleep(1000)": "timed_out",
        "os._exit(3)": "crashed",
        "os.kill(os.getpid(), 9)": "crashed",
        "return 'left'": "returned",
        "raise OSError": "raised",
    }
    source = f"""
import os, subprocess, sys, time
me = os.getpid()

def daemonise():
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.execve("/bin/sleep", ["sleep", "1000"], {{}})
        os._exit(0)
    os.wait()

def handler(event, context):
    {NEXT}
    {start}
    if os.getpid() != me: time.sleep(1000)
    END
"""

    def how_it_ends(end: str) -> tuple[str, bool]:
        bench = Bench(tmp_path / end[:9].strip("."), crowd)
        target = bench.target(source.replace("END", end), timeout_s=0.7)
        return bench.send(target).kind, next_works(bench, target)

    before = sleepers()
    with ThreadPoolExecutor(len(ends)) as pool:
        found = dict(zip(ends, pool.map(how_it_ends, ends), strict=True))
    assert found == {end: (kind, True) for end, kind in ends.items()}
    crowd.retire()
    wait_until(lambda: sleepers() <= before, "nobody sleeps any more")


def sleepers() -> set[int]:
    return {process.pid for process in psutil.process_iter() if sleeps(process)}


def sleeps(process: psutil.Process) -> bool:
    try:
        return process.cmdline() == ["sleep", "1000"] and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def test_a_grandchild_that_holds_the_pipes_is_no_hang(bench: Bench) -> None:
    target = bench.target(
        """
        import subprocess
        def handler(event, context):
            subprocess.Popen("sleep 1000 & sleep 1000", shell=True)
            return "answered"
        """,
        timeout_s=20,
    )
    assert bench.send(target).body == b"answered"


def test_background_children_live_as_long_as_the_instance_is_warm(bench: Bench) -> None:
    target = bench.target(
        """
        import subprocess
        children = []
        def handler(event, context):
            if event == "start": children.append(subprocess.Popen(["sleep", "1000"]))
            return [child.poll() for child in children]
        """
    )
    assert bench.result(target, "start") == [None]
    assert bench.result(target) == [None]


def test_a_modest_fork_bomb_is_swept_up(bench: Bench) -> None:
    target = bench.target(
        f"""
        import os, time
        def handler(event, context):
            {NEXT}
            for _ in range(6):
                if os.fork() == 0: os.setpgid(0, 0)
            time.sleep(1000)
        """,
        timeout_s=0.7,
    )
    outcome = bench.send(target)
    assert isinstance(outcome, TimedOut)
    assert outcome.stopped_processes > 30
    assert next_works(bench, target)


def test_a_forked_child_cannot_answer(bench: Bench) -> None:
    target = bench.target(
        """
        import os, time
        def handler(event, context):
            if os.fork() == 0:
                return "forged by the child"
            os.wait()
            return "by the original"
        """
    )
    for _ in range(3):
        assert bench.send(target).body == b"by the original"


def test_a_forked_child_that_raises_is_only_a_log(bench: Bench) -> None:
    outcome = bench.send(
        """
        import os
        def handler(event, context):
            child = os.fork()
            if child == 0:
                raise LookupError("in the child")
            return os.waitpid(child, 0)[1]
        """
    )
    assert isinstance(outcome, Returned)
    assert outcome.body == b"256"
    assert "LookupError: in the child" in outcome.logs


def test_a_child_forked_while_loading_cannot_answer(bench: Bench) -> None:
    outcome = bench.send("import os\nchild = os.fork()\ndef handler(event, context): return [child != 0]")
    assert outcome.body == b"[true]"


def test_forged_frames_are_no_answer(bench: Bench) -> None:
    target = bench.target(
        """
        import os
        def handler(event, context):
            forged = b"o" + (4).to_bytes(4, "big") + b"1234" + bytes(4) + (6).to_bytes(4, "big") + b"forged"
            for nonce in (bytes(16), b"x" * 16, os.urandom(16)):
                frame = nonce + len(forged).to_bytes(8, "big") + forged + nonce
                for descriptor in range(256):
                    try: os.write(descriptor, frame)
                    except OSError: pass
            return "true"
        """
    )
    for _ in range(3):
        assert bench.send(target).body == b"true"


def test_garbage_in_every_descriptor_is_no_answer_and_bounded(bench: Bench) -> None:
    target = bench.target(
        """
        import os
        def handler(event, context):
            for descriptor in (1, 2, 4):
                for _ in range(300): os.write(descriptor, os.urandom(65536))
            return "true"
        """,
        timeout_s=20,
    )
    outcome = bench.send(target)
    assert outcome.body == b"true"
    assert len(outcome.logs) < 4_000_000


def test_garbage_in_the_middle_of_an_answer_is_never_taken_for_it(bench: Bench) -> None:
    target = bench.target(
        f"""
        import os, threading
        def disturb():
            while True: os.write(4, b"garbage" * 100)
        def handler(event, context):
            {NEXT}
            threading.Thread(target=disturb).start()
            return "x" * 6000000
        """,
        timeout_s=20,
        memory_mb=512,
    )
    outcome = bench.send(target)
    assert isinstance(outcome, Crashed) or outcome.body == b"x" * 6000000
    assert next_works(bench, target)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("os.closerange(3, 4096)", id="closes-all-but-standard"),
        pytest.param("os.closerange(0, 4096)", id="closes-all"),
        pytest.param("sys.stdout.close(); sys.stderr.close()", id="closes-streams"),
        pytest.param("quietly(os.close, 1); quietly(os.close, 2)", id="closes-the-log"),
        pytest.param("sys.stdout = sys.stderr = None", id="no-streams"),
        pytest.param("sys.stdout = Hostile()", id="hostile-stream"),
        pytest.param("[os.dup2(os.open('/dev/null', os.O_RDWR), fd) for fd in range(32)]", id="replaces-all"),
        pytest.param("[os.dup2(os.open(scratch, os.O_RDWR | os.O_CREAT), fd) for fd in range(3, 9)]", id="into-a-file"),
        pytest.param("[fcntl.fcntl(fd, fcntl.F_SETFL, os.O_NONBLOCK) for fd in (1, 3, 4)]", id="non-blocking"),
        pytest.param("os.chdir('/'); os.environ.clear()", id="elsewhere"),
        pytest.param("quietly(lambda: shutil.rmtree(os.getcwd()))", id="deletes-its-folder"),
        pytest.param(
            "os.chmod('.', 0o700); open('made', 'w').close(); os.makedirs('a/b', exist_ok=True)", id="fills-its-folder"
        ),
        pytest.param("sys.modules.clear()", id="clears-modules"),
        pytest.param("sys.path.clear(); sys.meta_path.clear()", id="no-imports"),
        pytest.param("patch_everything()", id="patches-everything"),
        pytest.param("sys.setrecursionlimit(40)", id="little-recursion"),
        pytest.param("signal_self()", id="signals-itself"),
        pytest.param("gc.disable(); [setattr(o, '__class__', o.__class__) for o in gc.get_objects()[:0]]", id="gc"),
        pytest.param("threading.Thread(target=interrupt).start()", id="interrupts-the-main-thread"),
        pytest.param("[resource.setrlimit(n, (0, 0)) for n in LIMITS]", id="leaves-itself-nothing"),
        pytest.param(
            "quietly(lambda: [opened.append(os.open('/dev/null', 0)) for _ in range(10**5)])", id="opens-100000"
        ),
        pytest.param("os.umask(0o777); os.nice(19); os.chdir('/')", id="umask-and-nice"),
        pytest.param("libc.prctl(1, 0); libc.prctl(4, 0); libc.prctl(36, 1)", id="changes-what-the-kernel-does-for-us"),
        pytest.param("libc.unshare(0x10020000)", id="unshares-its-namespaces"),
        pytest.param("sys.setprofile(lambda *arguments: print(arguments[1]))", id="profiles"),
        pytest.param("gc.callbacks.append(Hostile); gc.set_threshold(1)", id="watches-the-collector"),
        pytest.param("sys.modules = {}", id="replaces-modules"),
        pytest.param("[sys.modules.__setitem__(n, None) for n in list(sys.modules)]", id="takes-every-module-away"),
        pytest.param("sys.modules['os'] = sys.modules['io'] = sys.modules['_io'] = Hostile()", id="replaces-os"),
        pytest.param("_thread.start_new_thread = threading.Thread = threading.current_thread = None", id="no-threads"),
        pytest.param("faulthandler.dump_traceback_later(0.001, repeat=True)", id="dumps-all-the-time"),
        pytest.param("os.close(4); os.close(3); os.dup2(1, 3); os.dup2(1, 4)", id="puts-the-log-in-their-place"),
        pytest.param("opened.append(Undying())", id="cannot-be-collected"),
        pytest.param("[signal.pthread_kill(i, 10) for i in ignoring(10)]", id="signals-its-threads"),
    ],
)
@pytest.mark.parametrize(("end", "kind"), [("return {'n': 1}", "returned"), ("raise KeyError('k')", "raised")])
def test_the_answer_arrives_whatever_was_done_to_the_process(quick: Bench, body: str, end: str, kind: str) -> None:
    scratch = quick.folder / "scratch"
    source = f"""
import _thread, builtins, ctypes, faulthandler, fcntl, gc, io, json, os, resource, shutil, signal, sys, threading, time, traceback
scratch = {str(scratch)!r}
libc = ctypes.CDLL(None)
opened = []
LIMITS = [resource.RLIMIT_NOFILE, resource.RLIMIT_FSIZE, resource.RLIMIT_AS, resource.RLIMIT_DATA, resource.RLIMIT_STACK]

class Hostile:
    def __getattribute__(self, name): raise SystemExit(name)

def forged(*arguments, **options): return "forged"

def quietly(function, *arguments):
    try: return function(*arguments)
    except OSError: return None

def patch_everything():
    for module in (json, json.encoder, json.decoder, os, io, time, threading, traceback, sys):
        for name in list(vars(module)):
            if callable(vars(module)[name]) and name != "modules":
                setattr(module, name, forged)
    for kind in (json.JSONEncoder, json.JSONDecoder):
        kind.default = kind.encode = kind.decode = kind.raw_decode = kind.iterencode = forged
    for name in list(vars(builtins)):
        if name not in ("KeyError", "__build_class__"):
            setattr(builtins, name, forged)

def signal_self():
    os.kill(os.getpid(), signal.SIGINT)

def interrupt():
    for _ in range(20): _thread.interrupt_main()

def ignoring(number):
    libc.signal(number, ctypes.c_void_p(1))
    return [thread.ident for thread in threading.enumerate()]

class Undying:
    def __del__(self):
        opened.append(self)
        raise SystemExit

def handler(event, context):
    {body}
    {end}
"""
    target = quick.target(source, timeout_s=10)
    for _ in range(2):
        outcome = quick.send(target)
        assert outcome.kind == kind, outcome
        if isinstance(outcome, Returned):
            assert outcome.body == b'{"n": 1}'
        elif isinstance(outcome, Raised):
            assert (outcome.error.type, outcome.error.message) == ("KeyError", "'k'")
            assert json.loads(outcome.body)["errorType"] == "KeyError"
    assert not scratch.exists() or scratch.read_bytes() == b""


def test_what_was_patched_stays_patched_for_the_handler(bench: Bench) -> None:
    target = bench.target(
        """
        import json, time
        json.dumps = lambda value: "patched"
        time.time = lambda: 7
        def handler(event, context): return {"dumps": json.dumps(1), "time": time.time()}
        """
    )
    assert bench.result(target) == {"dumps": "patched", "time": 7}


def test_a_handler_may_teach_json_a_new_type(bench: Bench) -> None:
    target = bench.target(
        """
        import datetime, json
        json.JSONEncoder.default = lambda self, value: value.isoformat()
        def handler(event, context): return {"day": datetime.date(2026, 11, 22)}
        """
    )
    assert bench.result(target) == {"day": "2026-11-22"}


def test_streams_that_were_closed_are_open_again_for_the_next_event(bench: Bench) -> None:
    target = bench.target(
        """
        import os, sys
        def handler(event, context):
            print("printed", event)
            if event == 1:
                sys.stdout.close()
                os.close(1)
        """
    )
    bench.send(target, 1)
    assert "printed 2\n" in bench.send(target, 2).logs


@pytest.mark.parametrize(
    ("definition", "name", "message"),
    [
        ("class E(Exception):\n    def __str__(self): raise ValueError", "E", "<unprintable E object>"),
        ("class E(Exception):\n    def __str__(self): raise SystemExit", "E", "<unprintable E object>"),
        ("class E(Exception):\n    def __str__(self): return 7", "E", "<unprintable E object>"),
        ("class E(Exception):\n    def __str__(self): return '\\x1b]52;c;!\\x07\\ud800'", "E", "\x1b]52;c;!\x07\ud800"),
        ("E = type('\\x1b[2J', (Exception,), {})", "\x1b[2J", "told"),
        ("class M(type):\n    __name__ = property(lambda c: 1 / 0)\nclass E(Exception, metaclass=M): pass", "E", "told"),
        ("class E(Exception):\n    __class__ = property(lambda s: str)", "E", "told"),
        ("class E(Exception):\n    __traceback__ = property(lambda s: 1 / 0)", "E", "told"),
        ("class S(str):\n    def __len__(self): raise SystemExit\nclass E(Exception):\n    def __str__(s): return S('x')",
         "E", "x"),
    ],
)  # fmt: skip
def test_an_exception_may_be_hostile_itself(bench: Bench, definition: str, name: str, message: str) -> None:
    target = bench.target(f"{definition}\ndef handler(event, context):\n    {NEXT}\n    raise E('told')")
    outcome = bench.send(target)
    assert isinstance(outcome, Raised)
    assert (outcome.error.type, outcome.error.message) == (name, message)
    assert json.loads(outcome.body)["errorType"] == name
    assert next_works(bench, target)


def test_the_text_of_an_exception_is_cut(bench: Bench) -> None:
    target = bench.target("def handler(event, context): raise ValueError('x' * 10000000)")
    outcome = bench.send(target)
    assert isinstance(outcome, Raised)
    assert len(outcome.error.message) < 300_000
    assert outcome.error.message.endswith("… (10000000 characters)")
    assert len(outcome.body) < 400_000
    assert len(outcome.logs) < 700_000


def test_an_endless_chain_of_causes_is_described(bench: Bench) -> None:
    outcome = bench.send(
        """
        def handler(event, context):
            first, second = ValueError("first"), ValueError("second")
            first.__cause__, second.__cause__ = second, first
            raise first
        """
    )
    assert isinstance(outcome, Raised)
    assert outcome.error.message == "first"


@pytest.mark.parametrize(
    "definition",
    [
        "class R:\n    __class__ = property(lambda s: str)",
        "class R:\n    __class__ = property(lambda s: 1 / 0)",
        "class R(dict):\n    def items(self): raise SystemExit\n    def __iter__(self): raise SystemExit",
        "class R(int):\n    def __repr__(self): raise KeyboardInterrupt\n    __str__ = __repr__",
        "class R(list):\n    def __iter__(self): return iter(lambda: self, 0)",
        "class R:\n    def __getattribute__(self, name): raise MemoryError",
    ],
)
def test_a_result_may_be_hostile_itself(bench: Bench, definition: str) -> None:
    target = bench.target(f"{definition}\ndef handler(event, context):\n    {NEXT}\n    return R()")
    assert isinstance(bench.send(target), InvalidResponse | Returned | OutOfMemory)
    assert next_works(bench, target)


def test_a_subclass_of_text_is_text(bench: Bench) -> None:
    outcome = bench.send(
        """
        class S(str):
            def encode(self, *arguments): return b"forged"
            def __str__(self): return "forged"
        def handler(event, context): return S("é true")
        """
    )
    assert outcome.body == "é true".encode()


def test_memory_used_up_in_a_child_ends_all_of_it(bench: Bench) -> None:
    target = bench.target(
        f"""
        import subprocess, sys
        EAT = "kept = []\\nwhile True: kept.append(b'x' * 1000000)"
        def handler(event, context):
            {NEXT}
            subprocess.call([sys.executable, "-c", EAT], start_new_session=True, stderr=subprocess.DEVNULL)
            return "survived: the child hit its own limit"
        """,
        memory_mb=64,
        timeout_s=20,
    )
    assert isinstance(bench.send(target), OutOfMemory)
    assert next_works(bench, target)


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("import mmap; m = mmap.mmap(-1, 2 ** 28); [m.write(b'x' * 2 ** 20) for _ in range(256)]", id="shared"),
        pytest.param("resource.setrlimit(resource.RLIMIT_DATA, (-1, -1)); kept = [b'x' * 2 ** 20 for _ in range(256)]", id="no-limit"),
        pytest.param("kept = [b'x' * 2 ** 20 for _ in range(256)]; kept[0][0]", id="private"),
        pytest.param("class E(MemoryError): pass\n    raise E('told')", id="says-so-itself"),
    ],
)  # fmt: skip
def test_memory_of_any_kind_is_found(quick: Bench, body: str) -> None:
    source = f"import resource, time\ndef handler(event, context):\n    {NEXT}\n    {body}\n    time.sleep(1000)"
    target = quick.target(source, memory_mb=64, timeout_s=20)
    outcome = quick.send(target)
    if isinstance(outcome, Raised):  # not the superuser, and so not allowed to raise a limit
        assert (body.startswith("resource."), outcome.error.type) == (True, "ValueError")
    else:
        assert isinstance(outcome, OutOfMemory)
    assert next_works(quick, target)


def test_files_in_memory_are_files(quick: Bench) -> None:
    """What lies in ``/dev/shm`` or a ``memfd`` is no process's memory here; it is gone with the last who has it open."""
    target = quick.target(
        """
        import os
        kept = []
        def handler(event, context):
            kept.append(os.memfd_create("kept"))
            return [os.write(kept[0], b"x" * 2 ** 20) for _ in range(100)]
        """,
        memory_mb=64,
    )
    outcome = quick.send(target)
    assert isinstance(outcome, Returned)
    assert outcome.memory_mb is not None
    assert outcome.memory_mb < 64


@pytest.mark.parametrize(
    ("body", "exit_code", "number"),
    [
        pytest.param("import _signal; _signal.setitimer(0, 0.01); time.sleep(1000)", None, 14, id="timer"),
        pytest.param("import faulthandler; faulthandler.dump_traceback_later(0.01, exit=True); time.sleep(1000)", 1, None, id="watchdog"),
        pytest.param("os.execv('/bin/true', ['true'])", 0, None, id="becomes-another-program"),
        pytest.param("import faulthandler; faulthandler._sigsegv()", None, 11, id="segmentation-fault"),
        pytest.param("d = Deadly(); return 'x'", 5, None, id="exits-while-its-values-go"),
        pytest.param("os.kill(os.getpid(), 9)", None, 9, id="kills-itself"),
        pytest.param("os.kill(os.getpid(), 31); time.sleep(1000)", None, 31, id="bad-system-call"),
        pytest.param("sys.setrecursionlimit(10 ** 9); return deep()", None, 11, id="overflows-the-stack"),
    ],
)  # fmt: skip
def test_an_end_of_any_kind_is_a_crash(
    quick: Bench, tmp_path: Path, body: str, exit_code: int | None, number: int | None
) -> None:
    source = f"""
import os, sys, time

class Deadly:
    def __del__(self): os._exit(5)

def deep():
    nested = []
    for _ in range(300000): nested = [nested]
    return nested

def handler(event, context):
    {NEXT}
    os.chdir({str(tmp_path)!r})
    {body}
"""
    target = quick.target(source, timeout_s=20)
    outcome = quick.send(target)
    if body.startswith("sys.") and isinstance(outcome, InvalidResponse):  # newer versions watch the stack themselves
        assert "recursion" in outcome.message
    else:
        assert isinstance(outcome, Crashed), outcome
        assert (outcome.exit_code, outcome.signal) == (exit_code, number)
    assert [path.name for path in tmp_path.iterdir() if "core" in path.name] == []
    assert next_works(quick, target)


def test_no_memory_is_dumped_into_a_file(quick: Bench) -> None:
    source = "import resource\ndef handler(event, context): return list(resource.getrlimit(resource.RLIMIT_CORE))"
    assert quick.result(source) == [0, 0]


def test_a_thread_that_prints_for_ever_keeps_nobody_from_answering(quick: Bench) -> None:
    target = quick.target(
        """
        import threading
        def for_ever():
            while True: print("still here " * 100)
        def handler(event, context):
            if event == "start": threading.Thread(target=for_ever, daemon=True).start()
            return "fine"
        """
    )
    for event in ("start", "next", "next", "next"):
        outcome = quick.send(target, event)
        assert outcome.body == b"fine"
        assert len(outcome.logs) < 600_000


def test_what_was_left_of_a_thread_is_gone_with_the_instance(quick: Bench) -> None:
    """A thread that takes the next event away costs that event, and no more."""
    target = quick.target(
        """
        import os, threading
        def steal():
            while True: os.read(3, 65536)
        def handler(event, context):
            if event == "steal": threading.Thread(target=steal, daemon=True).start()
            return "fine"
        """,
        timeout_s=0.5,
    )
    assert quick.send(target, "steal").body == b"fine"
    assert quick.send(target, "taken").kind in {"timed_out", "returned"}
    assert quick.send(replace(target, timeout_s=20.0), "next").body == b"fine"


def test_a_working_folder_full_of_files_is_removed(bench: Bench) -> None:
    """The fixture finds no folder of ours afterwards."""
    outcome = bench.send(
        bench.target(
            """
            import os
            def handler(event, context):
                os.chmod(".", 0o700)
                for number in range(1000): open("file%d" % number, "w").close()
                os.makedirs("deep/" * 100)
                os.symlink("/", "root")
                os.chmod("deep/deep", 0)
                return "filled"
            """,
            timeout_s=20,
        )
    )
    assert outcome.body == b"filled"


@pytest.mark.parametrize(
    ("definition", "name", "message"),
    [
        ("E = lambda told: ExceptionGroup('many', [ValueError(told)])", "ExceptionGroup", "many (1 sub-exception)"),
        ("E = lambda told: BaseExceptionGroup('many', [SystemExit(told)] * 20000)", "BaseExceptionGroup", "many (20000 "),
        ("def E(told):\n    error = ValueError(told)\n    error.__notes__ = ['n' * 10 ** 7] * 2\n    return error", "ValueError", "told"),
        ("def E(told):\n    error = ValueError(told)\n    error.__notes__ = 7\n    return error", "ValueError", "told"),
        ("class M(type):\n    def mro(c): return [c, BaseException, object]\nclass E(BaseException, metaclass=M): pass", "E", "told"),
        ("class M(type):\n    def __getattribute__(c, n): raise SystemExit(n)\nclass E(BaseException, metaclass=M): pass", "E", "told"),
        ("class E(BaseException):\n    def __getattribute__(s, n): raise SystemExit(n)", "E", "told"),
        ("class E(BaseException):\n    __cause__ = __context__ = property(lambda s: 1 / 0)", "E", "told"),
        ("class E(BaseException):\n    __eq__ = __hash__ = lambda s, *o: 1 / 0", "E", "told"),
    ],
)  # fmt: skip
def test_an_exception_of_any_kind_is_described(quick: Bench, definition: str, name: str, message: str) -> None:
    source = f"{definition}\ndef handler(event, context):\n    {NEXT}\n    raise E('told')"
    target = quick.target(source, timeout_s=20, memory_mb=256, python=sys.executable)
    outcome = quick.send(target)
    assert isinstance(outcome, Raised), outcome
    assert outcome.error.type == name
    assert outcome.error.message.startswith(message)
    assert "told" in outcome.logs
    assert len(outcome.logs) < 600_000
    assert next_works(quick, target)


@pytest.mark.skipif(not processes.HAS_PROC, reason="only Linux gives orphans to anybody but process 1")
def test_an_orphan_that_kills_the_keeper_before_anybody_has_looked_is_ended(bench: Bench) -> None:
    source = """
        import os, subprocess
        subprocess.Popen(
            ["sh", "-c", "kill -9 %d; exec sleep 1000" % os.getppid()], start_new_session=True, env={}, cwd="/"
        )
        def handler(event, context): return "fine"
    """
    before = sleepers()
    for _ in range(4):
        assert bench.send(bench.target(source, timeout_s=5)).kind in {"returned", "crashed"}
    bench.invoker.close()
    wait_until(lambda: sleepers() <= before, "nobody sleeps any more")


def test_a_handler_that_kills_its_keeper_dies_with_it(bench: Bench) -> None:
    target = bench.target(
        f"""
        import os, subprocess, time
        def handler(event, context):
            {NEXT}
            subprocess.Popen(["sleep", "1000"], start_new_session=True)
            time.sleep(0.3)
            os.kill(os.getppid(), 9)
            time.sleep(1000)
        """,
        timeout_s=20,
    )
    before = sleepers()
    assert isinstance(bench.send(target), Crashed)
    assert next_works(bench, target)
    wait_until(lambda: sleepers() <= before, "what was seen before has been stopped too")


@pytest.mark.parametrize("end", ["time.sleep(1000)", "time.sleep(0.5); os._exit(1)"])
def test_without_help_from_the_kernel_what_was_seen_is_stopped(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    """As on macOS, which neither adopts orphans nor ends a child with its parent."""
    without = tmp_path / "without"
    without.mkdir()
    (without / "sitecustomize.py").write_text("import sys\nsys.modules['_ctypes'] = None")
    monkeypatch.setenv("PYTHONPATH", str(without))
    monkeypatch.setattr(processes, "HAS_PROC", False)
    target = bench.target(
        f"""
        import os, subprocess, time
        def handler(event, context):
            {NEXT}
            subprocess.Popen(["sleep", "1000"], start_new_session=True)
            subprocess.Popen(["sh", "-c", "sleep 0.3; sleep 1000 &"], start_new_session=True)
            {end}
        """,
        timeout_s=1,
    )
    assert bench.send(target).kind in {"timed_out", "crashed"}
    assert next_works(bench, target)


def test_nothing_is_written_beside_the_handler(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX"):
        monkeypatch.delenv(name, raising=False)
    bench.write("VALUE = 1", "package/module.py")
    bench.write("", "package/__init__.py")
    bench.result("import package.module\nimport ctypes\ndef handler(e, c): return package.module.VALUE")
    bench.send("import os\ndef handler(e, c): os.abort()")
    files = {path.relative_to(bench.folder).as_posix() for path in bench.folder.rglob("*")}
    assert files == {"index.py", "package", "package/module.py", "package/__init__.py"}


def test_the_handler_has_no_terminal_and_no_descriptor_of_ours(bench: Bench) -> None:
    inherited = os.open("/dev/null", os.O_RDWR)
    os.set_inheritable(inherited, True)
    try:
        found = bench.result(
            """
            import os, sys
            def handler(event, context):
                try: terminal = os.open("/dev/tty", os.O_RDWR)
                except OSError: terminal = None
                links = []
                for name in os.listdir("/proc/self/fd"):
                    try: links.append([int(name), os.readlink("/proc/self/fd/" + name)])
                    except OSError: pass
                return {"terminal": terminal, "stdin": sys.stdin.read(), "session": os.getsid(0) == os.getpid(),
                        "links": links}
            """
        )
    finally:
        os.close(inherited)
    assert found["terminal"] is None
    assert found["stdin"] == ""
    assert found["session"] is True
    links = dict(found["links"])
    assert links.pop(0) == "/dev/null"
    assert links[1] == links[2]
    assert {fd for fd, link in links.items() if not link.startswith("/proc/")} == {1, 2, 3, 4}


def test_everything_dies_with_fgtui(bench: Bench, tmp_path: Path) -> None:
    """Killed outright, fgtui cannot tidy up: its keepers do."""
    bench.write(
        """
        import os, subprocess, time
        def handler(event, context):
            subprocess.Popen(["sleep", "1000"], start_new_session=True)
            open(event, "w").close()
            time.sleep(1000)
        """
    )
    ready = tmp_path / "ready"
    program = textwrap.dedent(
        f"""
        from pathlib import Path
        from fgtui.events.model import Event
        from fgtui.invoke.invoker import Invoker
        from fgtui.invoke.targets import parse_local
        target = parse_local("index.handler", base=Path({str(bench.folder)!r}), timeout_s=1000)
        Invoker().invoke(Event("blank", b'"{ready}"'), target)
        """
    )
    fgtui = subprocess.Popen([sys.executable, "-c", program])
    try:
        wait_until(ready.exists, "the handler runs")
        assert len(left_behind(str(tmp_path))) >= 4
    finally:
        fgtui.kill()
        fgtui.wait(GUARD_S)
    wait_until(lambda: not left_behind(str(tmp_path)), "all of it has ended")
    wait_until(lambda: not list((tmp_path / "work").iterdir()), "the working folder is gone")


def test_a_thread_that_ends_does_not_take_the_instance_it_started_along(bench: Bench) -> None:
    """The parent-death signal of Linux looks at the thread that forked."""
    target = bench.target("count = []\ndef handler(event, context):\n    count.append(1)\n    return len(count)")
    thread = threading.Thread(target=bench.send, args=[target])
    thread.start()
    thread.join()
    assert bench.result(target) == 2


def test_output_of_half_a_gigabyte_does_not_grow_us(bench: Bench) -> None:
    """A tenth of it here; the same code keeps the same amount of any length."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    target = bench.target("def handler(e, c):\n    for _ in range(800): print('y' * 65535)", timeout_s=20)
    assert bench.send(target).logs_truncated
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50 * 1024


def test_a_handler_that_stops_its_own_children_first(bench: Bench) -> None:
    outcome = bench.send(
        bench.target(
            """
            import os, signal, subprocess, time
            def handler(event, context):
                child = subprocess.Popen(["sleep", "1000"])
                os.kill(child.pid, signal.SIGSTOP)
                print(child.pid)
                time.sleep(1000)
            """,
            timeout_s=0.4,
        )
    )
    assert isinstance(outcome, TimedOut)
    child = int(outcome.logs.splitlines()[1])
    wait_until(lambda: is_gone(child), "the stopped child has ended")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1])
def test_signals_to_the_keeper_change_nothing(bench: Bench, number: int) -> None:
    target = bench.target(
        "import os\ndef handler(event, context):\n    os.kill(os.getppid(), event)\n    return 'fine'"
    )
    assert bench.send(target, number).body == b"fine"
    for _ in range(3):  # a keeper that died would be replaced, and a new instance is cold
        outcome = bench.send(target, 0)
        assert (outcome.body, outcome.cold_start) == (b"fine", False)


def test_a_module_that_hides_a_standard_one_reaches_only_the_handler(bench: Bench) -> None:
    for name in ("json", "traceback", "threading", "io"):
        bench.write("raise RuntimeError('mine')", f"{name}.py")
    assert bench.send("def handler(event, context): return [event]", 1).body == b"[1]"
    outcome = bench.send("def handler(event, context): raise ValueError('still told')")
    assert isinstance(outcome, Raised)
    assert outcome.error.message == "still told"
    assert isinstance(bench.send("import json\ndef handler(event, context): pass"), InitFailed | Returned)
