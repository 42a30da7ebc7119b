"""Node.js handlers that misbehave: right outcome, nothing left behind, and the next send works.

The bench fixture checks after each test that no process, zombie or folder stays. What is the same for every runtime,
such as the keeper's work, is proved with Python in ``test_containment``.
"""

from __future__ import annotations

import contextlib
import json
import re
import resource
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from fgtui.invoke.invoker import Invoker
from fgtui.invoke.model import (
    Crashed,
    InitFailed,
    InvalidResponse,
    LocalTarget,
    Outcome,
    OutOfMemory,
    Raised,
    Returned,
    TimedOut,
)
from tests.invoke.harness import Bench, wait_until

NEXT = "if (event === 'next') return 'fine';"


def handling(bench: Bench, body: str, before: str = "", **settings: Any) -> LocalTarget:
    """A target whose handler runs ``body``, but answers the event ``next``."""
    bench.write(
        f"""
        {before}
        exports.handler = async (event, context) => {{
          {NEXT}
          {body}
        }};
        """,
        "index.js",
    )
    return bench.target(spec="index.js:handler", **settings)


def next_works(bench: Bench, target: LocalTarget) -> bool:
    return bench.send(target, "next").body == b"fine"


def sleepers() -> set[int]:
    return {process.pid for process in psutil.process_iter() if sleeps(process)}


def sleeps(process: psutil.Process) -> bool:
    try:
        return process.cmdline() == ["sleep", "1000"] and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


# Handlers that do not end


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("await new Promise(() => {});", id="promise-never-settles"),
        pytest.param("for (;;);", id="spins"),
        pytest.param("for (;;) await null;", id="spins-in-microtasks"),
        pytest.param("/(a+)+$/.test('a'.repeat(40) + 'b');", id="regular-expression"),
        pytest.param("Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);", id="waits-for-itself"),
        pytest.param("process.kill(process.pid, 'SIGSTOP'); await new Promise(() => {});", id="stops-itself"),
        pytest.param("process.kill(process.ppid, 'SIGSTOP'); await new Promise(() => {});", id="stops-its-keeper"),
        pytest.param(
            "for (const name of ['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGUSR2', 'SIGPIPE']) process.on(name, () => {});"
            "process.kill(process.pid, 'SIGTERM'); await new Promise(() => {});",
            id="ignores-signals",
        ),
        pytest.param("fs.readSync(3, Buffer.alloc(9));", id="reads-its-events"),
        pytest.param(
            "const { Worker } = require('worker_threads'); new Worker('for (;;);', { eval: true });"
            "await new Promise(() => {});",
            id="thread-that-spins",
        ),
    ],
)  # fmt: skip
def test_a_handler_that_does_not_end_is_ended(bench: Bench, body: str) -> None:
    target = handling(bench, body, "const fs = require('fs');", timeout_s=0.3)
    assert isinstance(bench.send(target), TimedOut)
    assert next_works(bench, target)


@pytest.mark.parametrize(
    ("file", "statement"), [("index.js", "for (;;);"), ("index.mjs", "await new Promise(() => {})")]
)
def test_a_module_that_does_not_end_is_ended(bench: Bench, file: str, statement: str) -> None:
    bench.write(statement, file)
    outcome = bench.send(bench.target(spec=f"{file}:handler", timeout_s=0.3))
    assert isinstance(outcome, TimedOut)
    assert outcome.body == b"call load timeout 0.3s"


# Processes


@pytest.mark.parametrize(
    "start",
    [
        pytest.param("spawn('sleep', ['1000'])", id="child"),
        pytest.param("spawn('sleep', ['1000'], { detached: true, stdio: 'ignore', env: {} }).unref()", id="detached"),
        pytest.param("spawn('sh', ['-c', 'sleep 1000 & sleep 1000 &'], { detached: true, stdio: 'ignore' })", id="orphans"),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    ("end", "kind"),
    [("await new Promise(() => {})", "timed_out"), ("process.exit(3)", "crashed"), ("return 1", "returned")],
)
def test_no_descendant_survives(bench: Bench, start: str, end: str, kind: str) -> None:
    target = handling(bench, f"{start}; {end};", "const { spawn } = require('child_process');", timeout_s=0.3)
    before = sleepers()
    assert bench.send(target).kind == kind
    assert next_works(bench, target)
    bench.invoker.close()
    wait_until(lambda: sleepers() <= before, "nobody sleeps any more")


@pytest.mark.parametrize(
    ("statement", "exit_code", "number"),
    [
        ("process.exit(0)", 0, None),
        ("process.exit(7)", 7, None),
        ("process.exitCode = 3; process.exit()", 3, None),
        ("process.reallyExit(9)", 9, None),
        ("process.on('exit', () => process.exit(5)); process.exit(0)", 5, None),
        ("process.abort()", None, signal.SIGABRT),
        ("process.kill(process.pid, 'SIGSEGV'); await new Promise(() => {})", None, signal.SIGSEGV),
        ("process.kill(process.pid); await new Promise(() => {})", None, signal.SIGTERM),
        ("setImmediate(() => { throw new Error('beside it') }); await new Promise(() => {})", 1, None),
        ("Promise.reject(new Error('beside it')); await new Promise(() => {})", 1, None),
        ("new (require('events'))().emit('error', new Error('beside it')); await new Promise(() => {})", None, None),
    ],
)
def test_an_end_without_an_answer_is_a_crash(
    bench: Bench, statement: str, exit_code: int | None, number: int | None
) -> None:
    target = handling(bench, statement)
    outcome = bench.send(target)
    if exit_code is None and number is None:
        assert isinstance(outcome, Raised)  # thrown where the handler stands
    else:
        assert isinstance(outcome, Crashed)
        assert (outcome.exit_code, outcome.signal) == (exit_code, number)
        assert outcome.body == b"runtime process is exited"
    if "beside it" in statement:
        assert "Error: beside it" in outcome.logs
    assert next_works(bench, target)


@pytest.mark.parametrize("statement", ["process.exit(4)", "process.abort()"])
def test_an_end_while_loading_is_a_crash(bench: Bench, statement: str) -> None:
    bench.write(statement, "index.js")
    assert isinstance(bench.send(bench.target(spec="index.js:handler")), Crashed)


ANSWERS = [
    pytest.param("async (event, context) => { if (event === 'next') return 'fine'; %s; return 'answered'; }", id="promise"),
    pytest.param(
        "(event, context, callback) => { if (event === 'next') return callback(null, 'fine');"
        " callback(null, 'answered'); %s; }",
        id="callback",
    ),
]  # fmt: skip


@pytest.mark.parametrize("form", ANSWERS)
def test_an_error_after_the_answer_ends_the_instance_and_not_the_next_event(bench: Bench, form: str) -> None:
    """A promise nobody waits for: the cloud has answered by then, and starts another instance."""
    bench.write(f"exports.handler = {form % 'Promise.reject(new Error(`nobody waits`))'}", "index.js")
    target = bench.target(spec="index.js:handler")
    for _ in range(3):
        outcome = bench.send(target)
        assert outcome.body == b"answered"
        assert outcome.cold_start is True
        assert "Error: nobody waits\n" in outcome.logs
    assert next_works(bench, target)


@pytest.mark.parametrize("form", ANSWERS)
def test_an_exit_after_the_answer_ends_the_instance_and_not_the_next_event(bench: Bench, form: str) -> None:
    steps = "const steps = (n) => (n ? queueMicrotask(() => steps(n - 1)) : process.exit(0)); steps(5)"
    bench.write(f"exports.handler = {form % steps}", "index.js")
    target = bench.target(spec="index.js:handler")
    for _ in range(3):
        assert bench.send(target).body == b"answered"


def test_who_listens_for_errors_nobody_catches_lives_on(bench: Bench) -> None:
    target = handling(
        bench,
        "Promise.reject(new Error('caught')); return ++calls;",
        "let calls = 0; process.on('uncaughtException', (error) => console.log('heard', error.message));",
    )
    assert bench.send(target).body == b"1"
    outcome = bench.send(target)
    assert outcome.body == b"2"
    assert "heard caught" in outcome.logs


def test_an_error_between_two_events_starts_another_instance(bench: Bench, tmp_path: Path) -> None:
    mark = tmp_path / "mark"
    target = handling(
        bench,
        """
        setTimeout(() => { process.on('exit', () => fs.writeFileSync(event, '')); throw new Error('later'); }, 20);
        return 'answered';
        """,
        "const fs = require('fs');",
    )
    assert bench.send(target, str(mark)).body == b"answered"
    wait_until(mark.exists, "the error has ended the process")
    wait_until(lambda: not hosts(), "it is gone")
    assert next_works(bench, target)


def hosts() -> list[psutil.Process]:
    """Our own that live below this process."""
    found = []
    for process in psutil.Process().children(recursive=True):
        with contextlib.suppress(psutil.Error):
            if "node_host" in " ".join(process.cmdline()) and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
    return found


def test_background_children_live_as_long_as_the_instance_is_warm(bench: Bench) -> None:
    target = handling(
        bench,
        "if (event === 'start') child = spawn('sleep', ['1000']); return [child.exitCode];",
        "const { spawn } = require('child_process'); let child;",
    )
    assert bench.result(target, "start") == [None]
    assert bench.result(target) == [None]


# The line


def test_forged_frames_are_no_answer(bench: Bench) -> None:
    target = handling(
        bench,
        """
        const forged = Buffer.concat([Buffer.from('o'), Buffer.from([0, 0, 0, 1]), Buffer.from('1'), Buffer.alloc(4),
                                      Buffer.from([0, 0, 0, 6]), Buffer.from('forged')]);
        const size = Buffer.alloc(8);
        size.writeUInt32BE(forged.length, 4);
        for (const nonce of [Buffer.alloc(16), Buffer.alloc(16, 'x'), require('crypto').randomBytes(16)]) {
          for (let descriptor = 0; descriptor < 5; descriptor += 1) {
            try { fs.writeSync(descriptor, Buffer.concat([nonce, size, forged, nonce])); } catch (error) {}
          }
        }
        return 'true';
        """,
        "const fs = require('fs');",
    )
    for _ in range(3):
        assert bench.send(target).body == b"true"


@pytest.mark.parametrize("where", ["the handler", "a thread"])
def test_garbage_in_every_descriptor_is_no_answer_and_bounded(bench: Bench, where: str) -> None:
    garbage = (
        "for (const fd of [1, 2, 4]) for (let n = 0; n < 100; n += 1) fs.writeSync(fd, crypto.randomBytes(65536));"
    )
    requires = "const fs = require('fs'); const crypto = require('crypto');"
    thread = f"await new Promise((done) => new (require('worker_threads').Worker)({requires + garbage!r}, {{ eval: true }}).on('exit', done));"
    target = handling(
        bench, f"{garbage if where == 'the handler' else thread} return 'true';", requires, timeout_s=20, memory_mb=256
    )
    outcome = bench.send(target)
    assert outcome.body == b"true"
    assert len(outcome.logs) < 4_000_000


def test_a_child_does_not_inherit_the_line(bench: Bench) -> None:
    target = handling(
        bench,
        "return execFileSync('ls', ['-l', '/proc/self/fd'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });",
        "const { execFileSync } = require('child_process');",
    )
    listed = bench.send(target).body.decode()
    numbers = {line.split(" -> ")[0].rsplit(" ", 1)[1] for line in listed.splitlines() if " -> " in line}
    assert numbers == {"0", "1", "2", "3"}  # the last one is the listing's own


PATCH = """
let isPatched = false;
const patchEverything = () => {
  if (isPatched) return;
  isPatched = true;
  const { ownKeys, getOwnPropertyDescriptor, defineProperty } = Reflect;
  const forged = function forged() { return 'forged'; };
  const owners = [
    fs, require('net'), require('net').Socket.prototype, require('stream'), require('stream').Writable.prototype,
    require('util'), require('module'), require('module').prototype, require('url'), require('path'), require('events'),
    require('events').prototype, process, console, Promise, Promise.prototype, Buffer, Buffer.prototype,
    TextEncoder.prototype, Uint8Array.prototype, Object.getPrototypeOf(Uint8Array.prototype), Array.prototype, Array,
    String.prototype, String, Number.prototype, RegExp.prototype, Date.prototype, Date, JSON, Math, Map.prototype,
    Set.prototype, Error, Atomics, performance, Object.prototype, Object, Function.prototype, Reflect,
  ];
  const globals = ['setImmediate', 'setInterval', 'setTimeout', 'queueMicrotask', 'String', 'Date', 'Buffer',
                   'Uint8Array', 'TextEncoder', 'Promise', 'JSON', 'Error', 'RangeError', 'Atomics'];
  for (let index = 0; index < globals.length; index += 1) globalThis[globals[index]] = forged;
  for (let at = 0; at < owners.length; at += 1) {
    const names = ownKeys(owners[at]);
    for (let index = 0; index < names.length; index += 1) {
      const name = names[index];
      const found = getOwnPropertyDescriptor(owners[at], name);
      if (typeof name === 'string' && name !== 'constructor' && found.configurable && typeof found.value === 'function') {
        found.value = forged;
        defineProperty(owners[at], name, found);
      }
    }
  }
};
"""


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("close(3, 64);", id="closes-all-but-standard"),
        pytest.param("close(0, 64);", id="closes-all"),
        pytest.param("close(3, 5); take(6);", id="replaces-the-line"),
        pytest.param("close(0, 5); take(8);", id="replaces-all"),
        pytest.param("process.stdout.destroy(); process.stderr.end();", id="closes-streams"),
        pytest.param("Object.defineProperty(process, 'stdout', { value: null });", id="no-streams"),
        pytest.param("new (require('net').Socket)({ fd: 1, readable: false }); new (require('net').Socket)({ fd: 4, readable: false });", id="non-blocking"),
        pytest.param("process.chdir('/'); for (const name of Object.keys(process.env)) delete process.env[name];", id="elsewhere"),
        pytest.param("fs.rmSync(process.cwd(), { recursive: true, force: true });", id="deletes-its-folder"),
        pytest.param("fs.chmodSync('.', 0o700); fs.writeFileSync('made', ''); fs.mkdirSync('a/b', { recursive: true });", id="fills-its-folder"),
        pytest.param("for (const name of Object.keys(require.cache)) delete require.cache[name];", id="clears-modules"),
        pytest.param("cached._cache = null;", id="no-modules"),
        pytest.param("for (const handle of process._getActiveHandles()) { handle.destroy?.(); handle.unref?.(); }", id="destroys-handles"),
        pytest.param("process.removeAllListeners(); process.exit = process.reallyExit = () => {};", id="no-listeners"),
        pytest.param("Error.prepareStackTrace = () => { throw new Error('no stack'); };", id="hostile-stacks"),
        pytest.param("Error.stackTraceLimit = 0;", id="no-stacks"),
        pytest.param("patchEverything();", id="patches-everything"),
        pytest.param("Object.freeze(Object.prototype); Object.freeze(Array.prototype);", id="freezes"),
        pytest.param("Array.prototype[Symbol.iterator] = Object.prototype.toJSON = () => 'forged';", id="patches-iteration"),
        pytest.param("process.kill(process.pid, 'SIGWINCH'); process.kill(process.pid, 'SIGCONT');", id="signals-itself"),
    ],
)  # fmt: skip
def test_the_answer_arrives_whatever_was_done_to_the_process(bench: Bench, body: str) -> None:
    scratch = bench.folder.parent / "scratch"
    target = handling(
        bench,
        f"const error = new OwnError('told'); {body} if (event === 'raise') throw error; return 'ended ' + 'well';",
        f"""
        const fs = require('fs');
        const OwnError = RangeError;
        const cached = require('module');
        const close = (from, to) => {{
          for (let fd = from; fd < to; fd += 1) if (!isEpoll(fd)) try {{ fs.closeSync(fd); }} catch (error) {{}}
        }};
        const isEpoll = (fd) => {{
          try {{ return fs.readlinkSync(`/proc/self/fd/${{fd}}`).startsWith('anon_inode'); }} catch (error) {{ return false; }}
        }};
        const take = (count) => {{ for (; count > 0; count -= 1) fs.openSync({str(scratch)!r}, 'a+'); }};
        {PATCH}
        """,
        timeout_s=10,
    )
    for event in ("return", "raise", "return"):
        outcome = bench.send(target, event)
        if event == "raise":
            assert isinstance(outcome, Raised), outcome
            assert (outcome.error.type, outcome.error.message) == ("RangeError", "told")
            assert json.loads(outcome.body)["errorType"] == "RangeError"
        else:
            assert isinstance(outcome, Returned), outcome
            assert outcome.body == b"ended well"
    assert not scratch.exists() or scratch.read_bytes() == b""


def test_what_was_patched_stays_patched_for_the_handler(bench: Bench) -> None:
    target = handling(
        bench,
        "return [JSON.parse('1'), Date.now(), new Date(0).toISOString()];",
        "JSON.parse = () => 'patched'; Date.now = () => 7; Date.prototype.toISOString = () => 'never';",
    )
    assert bench.result(target) == ["patched", 7, "never"]


def test_a_handler_may_teach_json_a_new_type(bench: Bench) -> None:
    assert bench.result(
        handling(bench, "return [10n];", "BigInt.prototype.toJSON = function () { return `${this}`; };")
    ) == ["10"]


THROWN = {
    "new Proxy({}, { get() { throw 1; }, getPrototypeOf() { throw 2; } })": (
        "UserFunctionError",
        "<unprintable object>",
    ),
    "Object.create(null)": ("UserFunctionError", "<unprintable object>"),
    "Object.assign(new Error('x'), { toString() { throw 1; }, name: 7 })": ("7", "x"),
    "Object.defineProperty(new Error('x'), 'stack', { get() { throw 1; } })": ("Error", "x"),
    "Object.defineProperty(new Error('x'), 'message', { get() { throw 1; } })": ("Error", "undefined"),
    "Object.assign(new Error('x'), { stack: ['not', 'text'] })": ("Error", "x"),
    "Object.assign(new Error('x'), { message: Symbol('s') })": ("Error", "Symbol(s)"),
    "new Error('\\x1b]52;c;!\\x07')": ("Error", "\x1b]52;c;!\x07"),
    "new Error('\\ud800')": ("Error", "\ufffd"),
    "Symbol('s')": ("UserFunctionError", "Symbol(s)"),
    "() => {}": ("UserFunctionError", "() => {}"),
    "Object.assign(Object.create(Error.prototype), { message: 'made' })": ("Error", "made"),
    "require('vm').runInNewContext('new Error(\\'elsewhere\\')')": ("UserFunctionError", "Error: elsewhere"),
}
RESULTS = [
    "new Proxy({}, { get() { throw new Error('trap'); } })",
    "new Proxy(Promise.resolve(1), {})",
    "{ toJSON() { return this; } }",
    "{ toJSON() { return { toJSON() { return 1; } }; } }",
    "(() => { let deep = []; for (let n = 0; n < 1e5; n += 1) deep = [deep]; return deep; })()",
    "new Proxy({}, { getPrototypeOf() { throw 1; } })",
    "{ get then() { throw new Error('then'); } }",
    "{ then(done) { done({ then(again) { throw 2; } }); } }",
    "Object.assign(Promise.resolve(1), { constructor: null })",
    "Object.defineProperty(Promise.resolve(1), 'then', { get() { throw new Error('then'); } })",
]


class Hostile:
    """One warm handler that throws or returns what a table says."""

    def __init__(self, bench: Bench) -> None:
        thrown = ", ".join(f"() => {{ throw {each}; }}" for each in THROWN)
        results = ", ".join(f"() => ({each})" for each in RESULTS)
        self.bench = bench
        self.target = handling(
            bench,
            "return tables[event.table][event.at]();",
            f"const tables = {{ thrown: [{thrown}], results: [{results}] }};",
            timeout_s=20,
        )

    def send(self, table: str, at: int) -> Outcome:
        return self.bench.send(self.target, {"table": table, "at": at})


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hostile]:
    invoker = Invoker()
    yield Hostile(Bench(tmp_path_factory.mktemp("hostile"), invoker))
    invoker.close()


@pytest.mark.parametrize("thrown", THROWN)
def test_what_is_thrown_may_be_hostile_itself(hostile: Hostile, thrown: str) -> None:
    outcome = hostile.send("thrown", list(THROWN).index(thrown))
    assert isinstance(outcome, Raised)
    kind, message = THROWN[thrown]
    assert (outcome.error.type, outcome.error.message) == (kind, message)
    assert json.loads(outcome.body)["errorType"] == kind
    assert next_works(hostile.bench, hostile.target)


@pytest.mark.parametrize("result", RESULTS)
def test_a_result_may_be_hostile_itself(hostile: Hostile, result: str) -> None:
    outcome = hostile.send("results", RESULTS.index(result))
    assert isinstance(outcome, InvalidResponse | Returned | Raised)
    assert next_works(hostile.bench, hostile.target)


def test_a_result_without_end_is_stopped(bench: Bench) -> None:
    target = handling(bench, "return new Proxy([], { get: () => 1e9 });", timeout_s=1)
    assert isinstance(bench.send(target), InvalidResponse | OutOfMemory | TimedOut)
    assert next_works(bench, target)


def test_the_text_of_an_error_is_cut(bench: Bench) -> None:
    outcome = bench.send(handling(bench, "throw new Error('x'.repeat(10000000));", memory_mb=512))
    assert isinstance(outcome, Raised)
    assert len(outcome.error.message) < 300_000
    assert outcome.error.message.endswith("… (10000000 characters)")
    assert len(outcome.body) < 400_000
    assert len(outcome.logs) < 700_000


@pytest.mark.parametrize(
    "statement", ["const a = () => a() + 1; a();", "new Array(-1);", "Buffer.alloc(2 ** 53);", "'x'.repeat(2 ** 30);"]
)
def test_an_ordinary_range_error_is_raised(bench: Bench, statement: str) -> None:
    target = handling(bench, statement)
    outcome = bench.send(target)
    assert isinstance(outcome, Raised)
    assert outcome.error.type == "RangeError"
    assert next_works(bench, target)


# Memory


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("for (;;) kept.push(Buffer.alloc(1 << 20, 1));", id="buffers"),
        pytest.param("for (;;) kept.push({ at: kept.length, text: 'x' + kept.length });", id="objects"),
        pytest.param("for (;;) kept.push('x'.repeat(1 << 20) + kept.length);", id="texts"),
        pytest.param("for (;;) { kept.push(Buffer.alloc(1 << 22, 1)); await null; }", id="in-turns"),
        pytest.param("for (;;) kept.push(Buffer.alloc(2 ** 31));", id="buffers-nobody-can-have"),
        pytest.param("for (;;) kept.push(new WebAssembly.Memory({ initial: 30000 }));", id="memories-nobody-can-have"),
        pytest.param("return Buffer.alloc(300 << 20, 1).length;", id="a-peak"),
        pytest.param(
            "await new Promise((done) => new (require('worker_threads').Worker)("
            "'const kept = []; for (;;) kept.push(Buffer.alloc(1 << 20, 1))', { eval: true }).on('error', done));",
            id="in-a-thread",
        ),
        pytest.param(
            "require('child_process').spawnSync(process.execPath,"
            " ['-e', 'const kept = []; for (;;) kept.push(Buffer.alloc(1 << 20, 1))'], { stdio: 'ignore' });",
            id="in-a-child",
        ),
    ],
)
def test_memory_over_the_setting_is_stopped(bench: Bench, statement: str) -> None:
    target = handling(bench, statement, "const kept = [];", timeout_s=20, memory_mb=128)
    outcome = bench.send(target)
    assert isinstance(outcome, OutOfMemory), outcome
    assert outcome.limit_mb == 128
    assert outcome.body == b"runtime memory limit exceeded"
    assert next_works(bench, target)


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        pytest.param("for (;;) kept.push(new ArrayBuffer(2 ** 40));", "Array buffer allocation failed", id="buffers"),
        pytest.param(
            "for (;;) kept.push(new WebAssembly.Memory({ initial: 65000 }));",
            "WebAssembly.Memory(): could not allocate memory",
            id="web-assembly",
        ),
        pytest.param("return { toJSON() { eat(); } };", "Array buffer allocation failed", id="result"),
    ],
)
def test_the_log_says_where_there_was_no_memory(bench: Bench, statement: str, words: str) -> None:
    """2.3, row "out of memory": the platform names no place; the log does."""
    before = "const kept = [];\nfunction eat() { for (;;) kept.push(new ArrayBuffer(2 ** 40)); }"
    outcome = bench.send(handling(bench, statement, before, timeout_s=20, memory_mb=128))
    assert isinstance(outcome, OutOfMemory), outcome
    assert f" ERROR {words}\nRangeError: {words}\n    at " in outcome.logs
    assert re.search(r"\n    at .*\./index\.js:\d+:\d+\)?\n", outcome.logs)


def test_memory_that_can_be_given_back_is_no_reason_to_stop(bench: Bench) -> None:
    """Garbage does not pile up beyond the setting, as it would with the heap a large machine allows."""
    target = handling(
        bench,
        "let n = 0; for (let i = 0; i < 300; i += 1) n += JSON.parse(text).length; return n;",
        "const text = JSON.stringify(Array.from({ length: 30000 }, (_, n) => ({ n })));",
        timeout_s=20,
    )
    assert bench.result(target) == 300 * 30000


def test_a_hundred_threads_of_the_pool_fit_into_the_smallest_setting(bench: Bench) -> None:
    target = handling(
        bench,
        "return (await Promise.all(Array.from({ length: 64 }, () => fs.promises.readFile(__filename)))).length;",
        "const fs = require('fs');",
        environment={"UV_THREADPOOL_SIZE": "64"},
    )
    assert bench.result(target) == 64


def test_output_of_half_a_gigabyte_does_not_grow_us(bench: Bench) -> None:
    """A tenth of it here; the same code keeps the same amount of any length."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    target = handling(bench, "for (let n = 0; n < 800; n += 1) console.log('y'.repeat(65535)); return 1;", timeout_s=20)
    assert bench.send(target).logs_truncated
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 50 * 1024


# Files


def test_nothing_is_written_beside_the_handler(bench: Bench) -> None:
    bench.write("exports.value = 1", "package/index.js")
    bench.write("export default 1", "module.mjs")
    bench.result(handling(bench, "await import('./module.mjs'); return require('./package').value;"))
    bench.send(handling(bench, "process.abort();"))
    bench.send(handling(bench, "const kept = []; for (;;) kept.push({});", timeout_s=20))
    files = {path.relative_to(bench.folder).as_posix() for path in bench.folder.rglob("*")}
    assert files == {"index.js", "module.mjs", "package", "package/index.js"}


def test_the_handler_has_no_terminal_and_no_descriptor_of_ours(bench: Bench) -> None:
    found = bench.result(
        handling(
            bench,
            """
            const links = fs.readdirSync('/proc/self/fd').map((fd) => {
              try { return [Number(fd), fs.readlinkSync(`/proc/self/fd/${fd}`)]; } catch (error) { return [-1, '']; }
            });
            let terminal = true;
            try { fs.openSync('/dev/tty', 'r+'); } catch (error) { terminal = false; }
            return { links, terminal, stdin: fs.readFileSync(0, 'utf8'), tty: Boolean(process.stdout.isTTY) };
            """,
            "const fs = require('fs');",
        )
    )
    assert (found["terminal"], found["stdin"], found["tty"]) == (False, "", False)
    links = {number: link for number, link in found["links"] if not link.startswith("anon_inode:")}
    assert links[0] == "/dev/null"
    assert links[1] == links[2]
    assert {number for number, link in links.items() if link == links[3] or link == links[4]} == {3, 4}


@pytest.mark.parametrize("name", ["fs", "util", "events", "net"])
def test_a_file_named_like_a_module_of_nodes_reaches_nobody(bench: Bench, name: str) -> None:
    bench.write("throw new Error('mine')", f"{name}.js")
    assert bench.send(handling(bench, f"return typeof require('{name}');")).body in {b"object", b"function"}


def test_a_module_that_hides_its_exports_is_not_loaded(bench: Bench) -> None:
    bench.write("module.exports = new Proxy({}, { get() { throw new TypeError('hidden'); } })", "index.js")
    outcome = bench.send(bench.target(spec="index.js:handler"))
    assert isinstance(outcome, InitFailed)
    assert outcome.error.message == "hidden"
