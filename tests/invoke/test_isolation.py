"""What a handler must not inherit from fgtui, in every runtime: seen from outside, in the processes of a warm instance.

Each instance of ``Family`` is started in hostile surroundings: input that somebody has typed, a signal that is blocked
and one that is ignored. Facts: runtime.md section 2.8, reliability section 4.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import signal
import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil
import pytest

from fgtui.invoke.invoker import Invoker
from fgtui.invoke.model import LocalTarget, Outcome, Returned
from tests.invoke.harness import Bench, is_gone, wait_until
from tests.invoke.java_bench import JAVA, JAVAC, JavaBench
from tests.invoke.servers import ports_are_shared, write_bootstrap

pytest_plugins = ["tests.invoke.java_fixtures"]
NODE = shutil.which("node")
MIB = 1_048_576
MEMORY_MB = 8192
"""More than what any bare runtime reserves, so that twice as much can be told from once and three times."""
SECRET = "hunter2-" + "0123456789abcdef" * 2
TYPED = b"typed by somebody\n"
FAMILIES = ["python", "node", "java", "custom", "http"]
BETWEEN = {"custom", "http"}
"""Where a program of ours stands between fgtui and the function's own."""
PROCESSES = [
    pytest.param("python", 2, id="python"),
    pytest.param("node", 2, id="node"),
    pytest.param("java", 2, id="java"),
    pytest.param("custom", 2, id="custom-host"),
    pytest.param("custom", 3, id="custom-bootstrap"),
    pytest.param("http", 2, id="http-host"),
    pytest.param("http", 3, id="http-bootstrap"),
]
"""Every process that runs user code or starts what does, by its place below the guard."""
LAST = {"python": 2, "node": 2, "java": 2, "custom": 3, "http": 3}
"""The place of the one that runs user code."""
CUSTOM = """
import http.client, os, time
while True:
    line = http.client.HTTPConnection(os.environ["RUNTIME_API_ADDR"])
    line.request("GET", "/v1/runtime/invocation/request")
    event = line.getresponse()
    event.read()
    body = os.environ["BUCKET"]
    line.request("POST", "/v1/runtime/invocation/response/" + event.headers["X-CFF-Request-Id"], body)
    line.getresponse().read()
    line.close()
"""
HTTP = """
import http.server, os
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = os.environ["BUCKET"].encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *arguments): pass
http.server.HTTPServer(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
"""


class Family:
    """Functions of one runtime that say the value of their variable ``BUCKET``."""

    def __init__(self, name: str, bench: Bench, java_classes: Callable[[], Path]) -> None:
        self.name = name
        self.bench = bench
        self.java_classes = java_classes
        self.found = bench.folder.parent / "as-it-began"
        """``/proc/self/status`` as Node.js and Java found it, which change their signals themselves."""

    def target(self, **settings: object) -> LocalTarget:
        settings = {"environment": {"BUCKET": SECRET}, "timeout_s": 15.0, **settings}
        bench = self.bench
        if self.name == "python":
            source = "import os\ndef handler(event, context): return os.environ['BUCKET']"
            return bench.target(source, runtime="python", **settings)
        if self.name == "node":
            bench.write("exports.handler = async (event, context) => process.env.BUCKET;", "index.js")
            return bench.target(spec="index.js:handler", node=self.watched(NODE), **settings)
        if self.name == "java":
            java = JavaBench(bench, self.java_classes())
            return java.target("handlers.Life.surroundings", program=self.watched(JAVA), **settings)
        write_bootstrap(bench, CUSTOM if self.name == "custom" else HTTP)
        return bench.target(spec="bootstrap", runtime=self.name, **settings)

    def watched(self, program: str | None) -> Path:
        file = self.bench.folder.parent / "program"
        file.write_text(f'#!/bin/sh\ncat /proc/self/status > {self.found}\nexec {program} "$@"\n')
        file.chmod(0o755)
        return file

    def send(self, target: LocalTarget) -> Outcome:
        event = {"httpMethod": "GET", "path": "/"}
        return self.bench.send(target, event, trigger="apig" if self.name == "http" else "blank")

    def said(self, outcome: Outcome) -> str:
        """The value of ``BUCKET`` in an outcome."""
        assert isinstance(outcome, Returned), outcome
        text = outcome.body.decode()
        if self.name == "java":
            return str(json.loads(text)["variable"])
        return base64.b64decode(json.loads(text)["body"]).decode() if self.name == "http" else text

    @contextmanager
    def instance(self, target: LocalTarget) -> Iterator[list[psutil.Process]]:
        """A warm one, begun with a send: guard, keeper, host and what it started, in this order."""
        before = set(psutil.Process().children())
        assert SECRET in self.said(self.send(target))
        (guard,) = set(psutil.Process().children()) - before
        chain = [guard, *guard.children(recursive=True)]
        assert len(chain) == LAST[self.name] + 1, chain
        yield chain


@contextmanager
def family_of(name: str, folder: Path, java_classes: Callable[[], Path]) -> Iterator[Family]:
    if name == "node" and NODE is None:
        pytest.skip("no node on PATH")
    if name == "java" and (JAVA is None or JAVAC is None):
        pytest.skip("no java and javac on PATH")
    invoker = Invoker()
    with ports_are_shared():
        yield Family(name, Bench(folder / "code", invoker), java_classes)
        invoker.close()


@contextmanager
def typed_input() -> Iterator[None]:
    """fgtui's own standard input is a pipe that holds something."""
    reading, writing = os.pipe()
    os.write(writing, TYPED)
    kept = os.dup(0)
    os.dup2(reading, 0)
    try:
        yield
        assert os.read(0, 100) == TYPED  # nobody has taken it
    finally:
        os.dup2(kept, 0)
        for descriptor in (reading, writing, kept):
            os.close(descriptor)


@contextmanager
def odd_signals() -> Iterator[None]:
    """The thread that sends ignores some signals and blocks another."""
    before = {number: signal.signal(number, signal.SIG_IGN) for number in (signal.SIGINT, signal.SIGHUP)}
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
        for number, handler in before.items():
            signal.signal(number, handler)


class Started:
    """One warm instance of each family, started when a test asks for it."""

    def __init__(self, folder: Path, java_classes: Callable[[], Path]) -> None:
        self.folder = folder
        self.java_classes = java_classes
        self.stack = ExitStack()
        self.chains: dict[str, list[psutil.Process]] = {}
        self.families: dict[str, Family] = {}

    def chain(self, name: str) -> list[psutil.Process]:
        if name not in self.chains:
            family = self.stack.enter_context(family_of(name, self.folder / name, self.java_classes))
            self.families[name] = family
            with typed_input(), odd_signals():
                self.chains[name] = self.stack.enter_context(family.instance(family.target(memory_mb=MEMORY_MB)))
        return self.chains[name]


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Started]:
    found = Started(tmp_path_factory.mktemp("isolation"), lambda: request.getfixturevalue("java_classes"))
    with found.stack:
        yield found


@pytest.fixture
def family(name: str, bench: Bench, request: pytest.FixtureRequest) -> Iterator[Family]:
    """One that a test may break."""
    with family_of(name, bench.folder.parent, lambda: request.getfixturevalue("java_classes")) as found:
        yield found


def rows(text: str) -> dict[str, str]:
    return {name: value.strip() for name, _, value in (row.partition(":") for row in text.splitlines())}


def signals(mask: str) -> set[int]:
    """The standard ones in a mask of /proc; those from 32 on are the C library's own."""
    return {number for number in range(1, 32) if int(mask, 16) >> (number - 1) & 1}


def limits(process: psutil.Process) -> dict[str, tuple[str, str]]:
    text = Path(f"/proc/{process.pid}/limits").read_text()
    return {row[:26].strip(): (row[26:47].strip(), row[47:68].strip()) for row in text.splitlines()[1:]}


# What is inherited


@pytest.mark.parametrize("name", FAMILIES)
def test_standard_input_of_everybody_is_the_null_device_whatever_ours_is(started: Started, name: str) -> None:
    for process in started.chain(name):
        assert Path(f"/proc/{process.pid}/fd/0").readlink() == Path("/dev/null")


@pytest.mark.parametrize("name", FAMILIES)
def test_a_function_has_2048_descriptors_and_dumps_no_memory(started: Started, name: str) -> None:
    """Row "file descriptors 2048" (runtime.md section 2.8)."""
    found = limits(started.chain(name)[LAST[name]])
    assert found["Max open files"] == ("2048", "2048")
    assert found["Max core file size"] == ("0", "0")


@pytest.mark.parametrize("name", FAMILIES)
def test_private_memory_is_bounded_by_twice_the_setting_and_what_a_bare_runtime_reserves(
    started: Started, name: str
) -> None:
    """The backstop of reliability section 4."""
    soft, hard = limits(started.chain(name)[LAST[name]])["Max data size"]
    assert soft == hard
    assert 0 < int(soft) - 2 * MEMORY_MB * MIB < 6000 * MIB


@pytest.mark.parametrize(("name", "place"), PROCESSES)
def test_no_signal_is_blocked_or_ignored_that_was_so_where_the_send_came_from(
    started: Started, name: str, place: int
) -> None:
    process = started.chain(name)[place]
    found = rows(Path(f"/proc/{process.pid}/status").read_text())
    assert signals(found["SigBlk"]) == set()
    assert not signals(found["SigIgn"]) & {signal.SIGINT, signal.SIGHUP, signal.SIGTERM, signal.SIGQUIT, signal.SIGCHLD}


@pytest.mark.parametrize("name", ["node", "java"])
def test_a_program_that_becomes_the_host_begins_with_every_signal_as_it_should_be(started: Started, name: str) -> None:
    """Python ignores SIGPIPE and SIGXFSZ, and a program that it becomes would do so too."""
    started.chain(name)
    found = rows(started.families[name].found.read_text())
    assert signals(found["SigBlk"]) == signals(found["SigIgn"]) == set()


@pytest.mark.parametrize("name", sorted(BETWEEN))
def test_a_bootstrap_in_shell_begins_with_every_signal_as_it_should_be(name: str, bench: Bench, tmp_path: Path) -> None:
    seen = tmp_path / "seen"
    write_bootstrap(bench, f"cat /proc/self/status > {seen}\n", first="#!/bin/sh\n")
    with typed_input(), odd_signals(), ports_are_shared():
        bench.send(bench.target(spec="bootstrap", runtime=name))
    found = rows(seen.read_text())
    assert signals(found["SigBlk"]) == signals(found["SigIgn"]) == set()


@pytest.mark.parametrize(("name", "place"), PROCESSES)
def test_each_has_a_session_of_its_own_and_no_terminal(started: Started, name: str, place: int) -> None:
    process = started.chain(name)[place]
    assert os.getsid(process.pid) == os.getpgid(process.pid) == process.pid
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    assert fields[4] == "0"  # tty_nr


@pytest.mark.parametrize("name", FAMILIES)
def test_no_command_line_tells_a_secret(started: Started, name: str) -> None:
    """Every process of the machine may read it (reliability section 7)."""
    for process in started.chain(name):
        assert SECRET not in Path(f"/proc/{process.pid}/cmdline").read_bytes().decode("utf-8", "replace")


@pytest.mark.parametrize("name", ["node", "java", "custom", "http"])
def test_modules_of_a_user_for_python_are_nothing_to_a_program_of_ours(
    family: Family, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """``PYTHONPATH`` is for their programs; only the interpreter of a Python handler obeys it."""
    for module in ("json", "select", "h11", "keeper", "wire", "socket", "sitecustomize", "usercustomize", "encodings"):
        file = tmp_path / "mine" / f"{module}.py"
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"import os\nos.write(2, b'{module} of the user')\nos._exit(3)\n")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "mine"))
    monkeypatch.setenv("PYTHONSTARTUP", str(tmp_path / "mine" / "json.py"))
    outcome = family.send(family.target())
    assert family.said(outcome) == SECRET
    assert "of the user" not in outcome.logs


# Who ends


@pytest.mark.parametrize("name", FAMILIES)
def test_with_guard_and_keeper_gone_the_system_ends_the_host_and_what_it_started(family: Family) -> None:
    with family.instance(family.target()) as (guard, keeper, *others):
        guard.suspend()  # so that it cannot clean up after the keeper
        keeper.kill()
        try:
            for process in others:
                wait_until(lambda process=process: is_gone(process.pid), f"{process} has ended")
        finally:
            guard.kill()
    assert family.said(family.send(family.target())) == SECRET


# What Python handlers leave to their children


LISTING = """
import os, subprocess
def handler(event, context):
    if event == "close": return os.close(4)
    seen = subprocess.run(["ls", "/proc/self/fd"], stdout=subprocess.PIPE, close_fds=False)
    return sorted(map(int, seen.stdout.split()))
"""


def test_a_child_that_keeps_its_descriptors_has_none_of_ours(bench: Bench) -> None:
    target = bench.target(LISTING)
    assert bench.result(target, "list") == [0, 1, 2, 3]  # the last is the listing's own
    assert bench.send(target, "close").body == b""
    outcome = bench.send(target, "list")
    assert (outcome.body, outcome.cold_start) == (b"[0, 1, 2, 3]", False)


@pytest.mark.parametrize(
    ("source", "printed"),
    [
        pytest.param(
            """
            child = os.fork()
            if child == 0: raise ValueError("in the child")
            os.waitpid(child, 0)
            def initializer(context): print("set up")
            """,
            "ValueError: in the child",
            id="while-loading",
        ),
        pytest.param(
            """
            child = os.fork()
            if child: os.waitpid(child, 0)
            def initializer(context): print("set up")
            """,
            "",
            id="before-the-initializer",
        ),
        pytest.param(
            """
            def initializer(context):
                global child
                print("set up")
                child = os.fork()
                if child == 0: raise ValueError("in the child")
                os.waitpid(child, 0)
            """,
            "ValueError: in the child",
            id="in-the-initializer",
        ),
        pytest.param(
            """
            def initializer(context):
                global child
                print("set up")
                child = os.fork()
                if child: os.waitpid(child, 0)
            """,
            "",
            id="out-of-the-initializer",
        ),
    ],
)
def test_of_a_process_that_forks_as_it_starts_the_original_alone_goes_on(
    bench: Bench, source: str, printed: str
) -> None:
    source = "import os\n" + textwrap.dedent(source) + "def handler(event, context): return [child != 0, os.getpid()]"
    target = bench.target(source, initializer="initializer")
    first, *others = [bench.send(target) for _ in range(3)]
    assert isinstance(first, Returned), first
    assert json.loads(first.body)[0] is True
    assert first.logs.count("set up") == 1
    assert printed in first.logs
    assert [(outcome.body, outcome.cold_start) for outcome in others] == [(first.body, False)] * 2
    assert not any("set up" in outcome.logs for outcome in others)


@pytest.mark.parametrize("runtime", ["custom", "http"])
def test_a_bootstrap_in_python_leaves_no_byte_code_beside_itself(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, runtime: str
) -> None:
    for name in ("PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX"):
        monkeypatch.delenv(name, raising=False)
    bench.write("VALUE = 1", "package/module.py")
    body = f"import package.module\n{CUSTOM if runtime == 'custom' else HTTP}"
    write_bootstrap(bench, body, first=f"#!{sys.executable}\n")
    with ports_are_shared():
        target = bench.target(spec="bootstrap", runtime=runtime, environment={"BUCKET": "x"})
        event = {"httpMethod": "GET", "path": "/"}
        outcome = bench.send(target, event, trigger="apig" if runtime == "http" else "blank")
        assert isinstance(outcome, Returned), outcome
        bench.invoker.retire()
    files = {path.relative_to(bench.folder).as_posix() for path in bench.folder.rglob("*")}
    assert files == {"bootstrap", "package", "package/module.py"}
