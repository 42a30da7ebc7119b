"""The contract of Node.js handlers, row by row of runtime.md section 3, with the bodies the cloud gives."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fgtui.invoke.invoker import Invoker
from fgtui.invoke.model import InitFailed, InvalidResponse, LocalTarget, Outcome, Raised, Returned, TimedOut
from tests.invoke.harness import Bench, wait_until

CASES = r"""
'use strict';
const results = {
  nothing: async () => {},
  null: async () => null,
  number: async () => 42,
  boolean: async () => true,
  text: async () => 'täxt "as is"',
  object: async () => ({ a: [1, 'é', null], none: undefined }),
  array: async () => [1, 'two'],
  buffer: async () => Buffer.from('ab'),
  date: async () => new Date(0),
  symbol: async () => Symbol('s'),
  bigint: async () => 10n,
  'not a number': async () => NaN,
  surrogate: async () => '\ud800x',
  'surrogate inside': async () => ['\ud800x'],
  largest: async () => 'x'.repeat(6291456),
  'code root': async () => __dirname,
  'callback(null)': (event, context, callback) => callback(null),
  'callback(null, data)': (event, context, callback) => callback(null, { data: 1 }),
  'callback(0, "zero")': (event, context, callback) => callback(0, 'zero'),
  'callback("", data)': (event, context, callback) => callback('', 'empty text'),
  'callback later': (event, context, callback) => { setTimeout(callback, 5, null, 'later'); },
  'callback twice': (event, context, callback) => { callback(null, 1); callback(null, 2); callback(new Error('3')); },
  'callback, then a throw': (event, context, callback) => { callback(null, 'kept'); throw new Error('too late'); },
  'callback, then a result': async (event, context, callback) => { callback(null, 'first'); return 'second'; },
  'subclass of Promise': () => (class extends Promise {}).resolve('resolved'),
  'promise of a thenable': async () => ({ then(done) { done('unwrapped'); } }),
  'promise after a turn': () => new Promise((done) => setImmediate(done, 'turned')),

  throw: async () => { throw new Error('Something bad happened!'); },
  'throw now': () => { throw new RangeError('now'); },
  'throw own class': async () => { class OwnError extends Error { get name() { return 'OwnError'; } } throw new OwnError('o'); },
  'throw text': async () => { throw 'plain string'; },
  'throw null': async () => { throw null; },
  'throw nothing': async () => { throw undefined; },
  'reject object': () => Promise.reject({ a: 1 }),
  'throw paths': async () => { throw new Error(`${__dirname}/a and ${__dirname}/b`); },
  'callback(Error)': (event, context, callback) => callback(new TypeError('tt')),
  'callback(text)': (event, context, callback) => callback('bad thing'),
  'callback(number)': (event, context, callback) => callback(7),
  'callback(object)': (event, context, callback) => callback({ code: 7, message: 'm' }),
  'callback(object without message)': (event, context, callback) => callback({ code: 7 }),
  'callback(frozen)': (event, context, callback) => callback(Object.freeze({ code: 7, message: 'm' })),
  'callback()': (event, context, callback) => callback(),
  'callback(undefined, x)': (event, context, callback) => callback(undefined, 'x'),

  circular: async () => { const a = {}; a.a = a; return a; },
  'bigint inside': async () => ({ n: 10n }),
  'toJSON throws': async () => ({ toJSON() { throw new RangeError('no JSON'); } }),
  'toJSON throws text': async () => ({ toJSON() { throw 'no JSON'; } }),
  'toJSON of nothing': async () => ({ toJSON() {} }),
  'getter throws': async () => ({ get a() { throw new Error('getter'); } }),
  'too large': async () => 'x'.repeat(6291457),
  'too large in UTF-8': async () => 'é'.repeat(3145729),
};

const facts = {
  event: async (event) => event,
  values: async (names, context) => Object.fromEntries(names.map((name) => [name, context[name]()])),
  data: async (keys, context) => keys.map((key) => [typeof context.getUserData(key), context.getUserData(key)]),
  context: async (event, context) => JSON.stringify(context),
  scribble: async (event, context) => {
    const before = [context.state, context.userData.BUCKET];
    context.state = 'mine';
    context.userData.BUCKET = 'mine';
    return before;
  },
  remaining: async (event, context) => {
    const before = context.getRemainingTimeInMilliSeconds();
    return [before, Number.isInteger(before), context.getRemainingTimeInMilliSeconds() <= before];
  },
  environment: async (names) => Object.fromEntries(names.map((name) => [name, process.env[name]])),
  process: async () => ({
    folder: process.cwd(), listing: require('fs').readdirSync('.'), file: __filename, main: require.main === module,
    parent: module.parent, packaged: require('fs').readFileSync('code/data.txt', 'utf8'),
    helper: require('./src/helper').name,
  }),
  log: async (event, context) => {
    const logger = context.getLogger();
    logger.debug('hidden');
    logger.info('plain %s');
    logger.info('%s is %d and %j', 'text', 7, { a: 1 });
    logger.info('Initializing:', 'name', { deep: [1] });
    logger.warn('warned');
    logger.error('failed');
    logger.setLevel('NONSENSE');
    logger.setLevel('toString');
    logger.setLevel('DEBUG');
    logger.debug('shown');
    logger.setLevel('WARN');
    logger.info('hidden');
    logger.setLevel('ERROR');
    logger.warn('hidden');
    logger.error(new TypeError('with a stack'));
    logger.error();
  },
  level: async (event, context) => context.getLogger().info('INFO is the level of every event'),
  long: async (event, context) => context.getLogger().info('x'.repeat(92160 * 2 + 1)),
  exact: async (event, context) => context.getLogger().info('x'.repeat(92160)),
  print: async () => {
    console.log('logged %s', 'out', { a: 1 });
    console.error('logged to error');
    process.stdout.write('written ');
    process.stdout.write(Buffer.from('bytes '));
    process.stdout.write(new Uint16Array([0x4141]));
    process.stdout.write('6869', 'hex');
    await new Promise((done) => process.stdout.write('\n', done));
    process.stdout.end('ended\n');
    process.stderr.destroy();
    console.error('still there');
    require('stream').Readable.from(['piped\n']).pipe(process.stdout);
    await new Promise(setImmediate);
    try { process.stdout.write(7); } catch (error) { return error.code; }
  },
};

exports.handler = (event, context, callback) => (
  typeof event === 'string' ? results[event](event, context, callback) : facts[event[0]](event[1], context, callback)
);
exports.named = exports.handler;
"""


class Contract:
    """One warm instance of the handler above."""

    def __init__(self, bench: Bench, target: LocalTarget) -> None:
        self.bench = bench
        self.target = target

    def send(self, event: object) -> Outcome:
        return self.bench.send(self.target, event)

    def ask(self, case: str, argument: object = None) -> Any:
        return self.bench.result(self.target, [case, argument])

    def logs(self, case: str) -> list[str]:
        return self.send([case, None]).logs.splitlines()


@pytest.fixture(scope="module")
def contract(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Contract]:
    invoker = Invoker()
    bench = Bench(tmp_path_factory.mktemp("contract"), invoker)
    bench.write(CASES, "index.js")
    bench.write("exports.name = 'in a folder'", "src/helper.js")
    bench.write("packaged", "data.txt")
    target = bench.target(
        spec="index.handler",
        runtime="Node.js20.15",
        environment={"BUCKET": "photos", "RUNTIME_MEMORY": "user's own"},
        timeout_s=20,
        memory_mb=256,
        name="thumbnail",
    )
    yield Contract(bench, target)
    invoker.close()


def error_body(message: str, kind: str, stack: list[str] | None = None) -> str:
    """As ``JSON.stringify(…, null, 4)`` writes it, keys in the platform's order (section 3.4)."""
    body: dict[str, object] = {"errorMessage": message, "errorType": kind}
    if stack is not None:
        body["stackTrace"] = stack
    return json.dumps(body, indent=4, ensure_ascii=False)


# 3.4: errors


@pytest.mark.parametrize(
    ("case", "kind", "message"),
    [
        pytest.param("throw", "Error", "Something bad happened!", id="rejection-with-an-error"),
        pytest.param("throw now", "RangeError", "now", id="thrown-error"),
        pytest.param("throw own class", "OwnError", "o", id="error-type-is-the-errors-name"),
        pytest.param("throw paths", "Error", "./a and ./b", id="every-code-root-is-a-dot"),
    ],
)
def test_a_thrown_error_has_the_frames_of_user_code(contract: Contract, case: str, kind: str, message: str) -> None:
    """3.4, first row: from the first frame to the last one inside the code root."""
    outcome = contract.send(case)
    assert isinstance(outcome, Raised)
    stack = json.loads(outcome.body)["stackTrace"]
    assert outcome.body.decode() == error_body(f"function invocation exception, error: {message}", kind, stack)
    assert all(re.fullmatch(r"at .+ \(\./index\.js:\d+:\d+\)", frame) for frame in stack)
    assert stack[-1].startswith("at exports.handler (./index.js:")
    assert outcome.error.type == kind
    assert outcome.error.stack == tuple(stack)


@pytest.mark.parametrize(
    ("case", "message"),
    [
        pytest.param("throw text", "plain string", id="text"),
        pytest.param("throw null", "null", id="null"),
        pytest.param("throw nothing", "", id="undefined"),
        pytest.param("reject object", "[object Object]", id="plain-object"),
    ],
)
def test_a_thrown_value_that_is_no_error(contract: Contract, case: str, message: str) -> None:
    """3.4: ``throw "plain string"``, rejection with a plain object."""
    outcome = contract.send(case)
    assert isinstance(outcome, Raised)
    expected = error_body(f"function invocation exception, error: {message}", "UserFunctionError", [])
    assert outcome.body.decode() == expected
    assert outcome.error.message == message


@pytest.mark.parametrize(
    ("case", "body"),
    [
        ("callback(Error)", error_body("function entry exception, error: tt", "TypeError")),
        ("callback(text)", "bad thing"),
        ("callback(number)", "7"),
        ("callback(object)", '{"code":7,"message":"function entry exception, error: m"}'),
        ("callback(object without message)", '{"code":7,"message":"function entry exception, error: undefined"}'),
        ("callback(frozen)", '{"code":7,"message":"m"}'),
        ("callback()", '{"message":"function entry exception, error: undefined"}'),
        ("callback(undefined, x)", '{"message":"function entry exception, error: undefined"}'),
    ],
)
def test_an_error_given_to_the_callback(contract: Contract, case: str, body: str) -> None:
    """3.4, the rows of ``callback``; code 4001 has another prefix and no stack."""
    outcome = contract.send(case)
    assert isinstance(outcome, Raised)
    assert outcome.body.decode() == body


def test_a_callback_without_arguments_is_explained_to_people(contract: Contract) -> None:
    outcome = contract.send("callback()")
    assert isinstance(outcome, Raised)
    assert "null" in outcome.error.message


@pytest.mark.parametrize(
    ("case", "message", "kind"),
    [
        ("circular", "Converting circular structure to JSON", "TypeError"),
        ("bigint inside", "Do not know how to serialize a BigInt", "TypeError"),
        ("toJSON throws", "no JSON", "RangeError"),
        ("toJSON of nothing", "the result has no JSON form", "TypeError"),
        ("getter throws", "getter", "Error"),
    ],
)
def test_a_result_that_does_not_serialise(contract: Contract, case: str, message: str, kind: str) -> None:
    """3.4: code 4007; nothing is logged for it."""
    outcome = contract.send(case)
    assert isinstance(outcome, InvalidResponse)
    found = json.loads(outcome.body)
    assert found["errorMessage"].startswith(f"function result is invalid, error: {message}")
    assert outcome.body.decode() == error_body(found["errorMessage"], kind)
    assert outcome.message == found["errorMessage"]
    assert " ERROR " not in outcome.logs


def test_a_result_whose_json_throws_a_text(contract: Contract) -> None:
    outcome = contract.send("toJSON throws text")
    assert isinstance(outcome, InvalidResponse)
    assert outcome.body == b"no JSON"


@pytest.mark.parametrize(("case", "size"), [("too large", 6291457), ("too large in UTF-8", 6291458)])
def test_a_result_that_is_too_large(contract: Contract, case: str, size: int) -> None:
    """3.4: code 4004, bare text, bytes are counted."""
    outcome = contract.send(case)
    assert isinstance(outcome, InvalidResponse)
    assert outcome.body.decode() == f"response body size {size} exceeds the limit of 6291456"
    assert " ERROR " not in outcome.logs


@pytest.mark.parametrize(
    ("wire", "message"),
    [
        (b"not json", "Unexpected token"),
        (b"", "Unexpected end of JSON input"),
        (b"\xef\xbb\xbf{}", "Unexpected token"),
        (b"[1,]", "Unexpected token"),
    ],
)
def test_an_event_that_is_no_json(contract: Contract, wire: bytes, message: str) -> None:
    """3.4: the parser's bare message, other in each version; nothing is logged, the handler does not run."""
    outcome = contract.bench.send(contract.target, wire)
    assert isinstance(outcome, Raised)
    assert outcome.body.decode() == outcome.error.message
    assert outcome.error.message.startswith(message)
    assert outcome.error.type == "SyntaxError"
    assert len(outcome.logs.splitlines()) == 2


def test_one_error_record_goes_before_the_error(contract: Contract) -> None:
    """3.4, last paragraph: message, newline, the stack of user frames with shortened paths."""
    outcome = contract.send("throw paths")
    _, *lines, finish = outcome.logs.splitlines()
    assert re.fullmatch(rf"[-\d]+T[:\d]+Z {outcome.request_id} ERROR \./a and \./b", lines[0])
    assert lines[1] == "Error: ./a and ./b"
    assert lines[2:]
    assert all(line.startswith("    at ") and "(./index.js:" in line for line in lines[2:])
    assert "(invoke Failed)" in finish


@pytest.mark.parametrize(
    ("case", "text"),
    [
        ("throw text", "plain string\nUserFunctionError: plain string\n"),
        ("throw nothing", "\nUserFunctionError\n"),
        ("callback(text)", "bad thing\n"),
        ("callback(object)", '{"code":7,"message":"m"}\n'),
        ("callback()", "{}\n"),
    ],
)
def test_values_that_are_no_errors_are_logged_too(contract: Contract, case: str, text: str) -> None:
    assert f" ERROR {text}" in contract.send(case).logs


@pytest.mark.parametrize(
    ("source", "message", "kind"),
    [
        pytest.param(None, "not found module './index.js'", "FunctionLoadError", id="file-missing"),
        pytest.param(
            "exports.handle = async (e, c) => 1",
            "handler 'handler' not found in module './index.js'",
            "FunctionConfigError",
            id="export-missing",
        ),
        pytest.param(
            "module.exports = null", "handler 'handler' not found in module './index.js'", "FunctionConfigError",
            id="no-exports",
        ),
        pytest.param(
            "exports.handler = async (event) => 1",
            "handler expect to have 2 or 3 parameters, but received 1",
            "FunctionLoadError",
            id="one-parameter",
        ),
        pytest.param(
            "exports.handler = (a, b, c, d) => 1",
            "handler expect to have 2 or 3 parameters, but received 4",
            "FunctionLoadError",
            id="four-parameters",
        ),
        pytest.param(
            "exports.handler = (event, context = {}) => 1",
            "handler expect to have 2 or 3 parameters, but received 1",
            "FunctionLoadError",
            id="declared-parameters-count",
        ),
        pytest.param("\nconst = 1;", "Unexpected token '=' (./index.js:2)", "SyntaxError", id="syntax-error"),
        pytest.param("throw new Error('at load')", "at load", "Error", id="other-error"),
        pytest.param("throw 'at load'", "at load", "FunctionLoadError", id="thrown-text"),
        pytest.param("throw { message: 'at load' }", "at load", "FunctionLoadError", id="thrown-object"),
        pytest.param(
            "require('xxxx')", "Cannot find module 'xxxx'\nRequire stack:\n- ./index.js", "Error", id="dependency-missing"
        ),
    ],
)  # fmt: skip
def test_a_module_that_cannot_be_loaded(bench: Bench, source: str | None, message: str, kind: str) -> None:
    """3.4, the rows of loading: code 4001 and no stack."""
    outcome = bench.send(target_of(bench, source))
    assert isinstance(outcome, InitFailed)
    assert outcome.body.decode() == error_body(f"function entry exception, error: {message}", kind)
    assert f" ERROR {message}\n" in outcome.logs
    assert outcome.error.type == kind


def target_of(bench: Bench, source: str | None, file: str = "index.js", **settings: Any) -> LocalTarget:
    """A target whose file may be gone by the time it is used."""
    bench.write(source or "", file)
    target = bench.target(spec=f"{file}:handler", **settings)
    if source is None:
        target.file.unlink()
    return target


def test_a_misspelt_export_is_told_what_there_is(bench: Bench) -> None:
    outcome = bench.send(target_of(bench, "exports.handle = async (e, c) => 1; exports.setting = 7"))
    assert isinstance(outcome, InitFailed)
    assert outcome.error.message == "handler 'handler' not found in module './index.js'; it has: handle"


def test_a_syntax_error_shows_the_place(bench: Bench) -> None:
    outcome = bench.send(target_of(bench, "\nconst = 1;"))
    assert isinstance(outcome, InitFailed)
    assert outcome.error.stack[:3] == ("./index.js:2", "const = 1;", "      ^")


HANDLER = "exports.handler = async (event, context) => 1;"


@pytest.mark.parametrize(
    ("initializer", "message", "kind"),
    [
        pytest.param("", "initializer 'initializer' not found in module './index.js'", "FunctionConfigError", id="missing"),
        pytest.param(
            "exports.initializer = (context) => {}",
            "initializer expect to have 2 parameters, but received 1",
            "FunctionConfigError",
            id="wrong-count",
        ),
        pytest.param(
            "exports.initializer = (context, callback) => callback(new TypeError('told'))", "told", "TypeError",
            id="callback",
        ),
    ],
)  # fmt: skip
def test_an_initializer_that_is_not_as_it_must_be(bench: Bench, initializer: str, message: str, kind: str) -> None:
    """3.4, last row: code 4009."""
    outcome = bench.send(target_of(bench, f"{initializer};{HANDLER}", initializer="initializer"))
    assert isinstance(outcome, InitFailed)
    assert outcome.body.decode() == error_body(f"function initialization exception, error: {message}", kind)


@pytest.mark.parametrize(
    ("initializer", "message", "kind", "frames"),
    [
        ("exports.initializer = (c, d) => { throw new TypeError('it') }", "it", "TypeError", 1),
        ("exports.initializer = async (c, d) => { throw new TypeError('it') }", "it", "TypeError", 1),
        ("exports.initializer = (c, d) => { throw 'text' }", "text", "UserFunctionError", 0),
    ],
)
def test_an_initializer_that_throws(bench: Bench, initializer: str, message: str, kind: str, frames: int) -> None:
    """3.4, last row: the error with ``stackTrace``, and its record carries the word ``initializer`` (2.6)."""
    outcome = bench.send(target_of(bench, f"{initializer};{HANDLER}", initializer="initializer"))
    assert isinstance(outcome, InitFailed)
    stack = json.loads(outcome.body)["stackTrace"]
    expected = error_body(f"function initialization exception, error: {message}", kind, stack)
    assert outcome.body.decode() == expected
    assert len(stack) == frames
    assert f" initializer ERROR {message}\n" in outcome.logs


@pytest.mark.parametrize(
    ("argument", "body"),
    [
        ("'bad thing'", "bad thing"),
        ("", '{"message":"function initialization exception, error: undefined"}'),
        ("{ code: 7 }", '{"code":7,"message":"function initialization exception, error: undefined"}'),
    ],
)
def test_an_initializer_that_calls_back_with_another_value(bench: Bench, argument: str, body: str) -> None:
    source = f"exports.initializer = (context, callback) => callback({argument});{HANDLER}"
    outcome = bench.send(target_of(bench, source, initializer="initializer"))
    assert isinstance(outcome, InitFailed)
    assert outcome.body.decode() == body


def test_a_module_that_cannot_be_loaded_fails_the_initializer_first(bench: Bench) -> None:
    outcome = bench.send(target_of(bench, "throw new Error('at load')", initializer="initializer"))
    assert outcome.body.decode() == error_body("function initialization exception, error: at load", "Error")


# 3.2: results


@pytest.mark.parametrize(
    ("case", "body"),
    [
        ("nothing", ""),
        ("null", "null"),
        ("number", "42"),
        ("boolean", "true"),
        ("text", 'täxt "as is"'),
        ("object", '{"a":[1,"é",null]}'),
        ("array", '[1,"two"]'),
        ("buffer", '{"type":"Buffer","data":[97,98]}'),
        ("callback(null)", ""),
        ('callback(0, "zero")', "zero"),
        ('callback("", data)', "empty text"),
        ("callback(null, data)", '{"data":1}'),
        ("date", '"1970-01-01T00:00:00.000Z"'),
        ("symbol", "Symbol(s)"),
        ("bigint", "10"),
        ("not a number", "NaN"),
        ("surrogate", "\ufffdx"),
        ("surrogate inside", '["\\ud800x"]'),
        ("largest", "x" * 6291456),
        ("callback later", "later"),
        ("callback twice", "1"),
        ("callback, then a throw", "kept"),
        ("callback, then a result", "first"),
        ("subclass of Promise", "resolved"),
        ("promise of a thenable", "unwrapped"),
        ("promise after a turn", "turned"),
    ],
)
def test_results_are_spelled_as_the_platform_does(contract: Contract, case: str, body: str) -> None:
    """3.2, and 3.1: only the first call of the callback counts."""
    outcome = contract.send(case)
    assert isinstance(outcome, Returned), outcome
    assert outcome.body.decode() == body


def test_a_result_keeps_the_code_root(contract: Contract) -> None:
    assert contract.send("code root").body.decode() == str(contract.bench.folder)


# 3.1: entry points


@pytest.mark.parametrize("value", ["5", "undefined", "({ then(done) { done(1) } })", "Object.create({})"])
def test_a_plain_result_of_a_synchronous_handler_hangs(bench: Bench, value: str) -> None:
    """3.1: a result counts only if it is a ``Promise`` or arrives through the callback; the log says what is missing."""
    outcome = bench.send(target_of(bench, f"exports.handler = (event, context) => {value}", timeout_s=0.3))
    assert isinstance(outcome, TimedOut)
    assert "fgtui: the handler returned no Promise and takes no callback" in outcome.logs


@pytest.mark.parametrize("event", [[1, "two", None], {"a": {"b": "é"}, "n": 1e3}, 7, True, None])
def test_the_event_is_the_json_value_of_any_type(contract: Contract, event: object) -> None:
    """3.1, last line."""
    assert contract.ask("event", event) == event


def test_large_events_arrive_whole(contract: Contract) -> None:
    event = ["é" * 300_000, list(range(100_000))]
    assert contract.ask("event", event) == event


@pytest.mark.parametrize(
    "initializer",
    [
        "(context, callback) => { seen.push('initializer'); callback(null, ''); }",
        "(context, callback) => { setTimeout(() => { seen.push('initializer'); callback(0); callback(1); }, 5); }",
        "async (context, callback) => { await null; seen.push('initializer'); }",
    ],
)
def test_the_initializer_runs_once_and_before_the_first_event(bench: Bench, initializer: str) -> None:
    """3.1 and 2.4; its log records carry the word ``initializer`` (2.6)."""
    target = target_of(
        bench,
        f"""
        const seen = [];
        exports.initializer = {initializer.replace("{", "{ context.getLogger().info('ready in %s', context.getFunctionName());", 1)};
        exports.handler = async (event, context) => {{ seen.push(event); return seen; }};
        """,
        initializer="index.initializer",
        name="demo",
    )
    first = bench.send(target, 1)
    assert json.loads(first.body) == ["initializer", 1]
    assert re.search(r"^[-\d]+T[:\d]+Z initializer INFO ready in demo$", first.logs, re.MULTILINE)
    assert bench.result(target, 2) == ["initializer", 1, 2]


def test_an_initializer_that_never_ends_is_timed_out(bench: Bench) -> None:
    source = f"exports.initializer = (context, callback) => {{}}; {HANDLER}"
    outcome = bench.send(target_of(bench, source, initializer="initializer", timeout_s=0.3))
    assert isinstance(outcome, TimedOut)
    assert outcome.body == b"call initializer timeout 0.3s"


MODULE = "import { name } from './other.mjs'; export const handler = async (event, context) => [name, event];"


@pytest.mark.parametrize(
    ("files", "missing"),
    [
        pytest.param({"index.mjs": MODULE}, "", id="mjs"),
        pytest.param({"index.js": "", "index.mjs": MODULE}, "index.js", id="mjs-where-js-is-missing"),
        pytest.param({"index.js": MODULE, "package.json": '{"type": "module"}'}, "", id="package-of-modules"),
        pytest.param({"index.js": "", "index.cjs": "exports.handler = async (e, c) => ['there', e]"}, "index.js", id="cjs"),
        pytest.param(
            {"index.js": "exports.handler = async (e, c) => [(await import('./other.mjs')).name, e]"}, "", id="imports"
        ),
    ],
)  # fmt: skip
def test_modules_of_both_kinds(bench: Bench, files: dict[str, str], missing: str) -> None:
    """3.1: ``require``, and what is tried when the ``.js`` is missing."""
    bench.write("export const name = 'there'", "other.mjs")
    for file, source in files.items():
        bench.write(source, file)
    target = bench.target(spec=f"{'index.js' if 'index.js' in files else 'index.mjs'}:handler")
    if missing:
        (bench.folder / missing).unlink()
    assert bench.result(target, 1) == ["there", 1]
    assert bench.result(target, 2) == ["there", 2]


@pytest.mark.parametrize(
    ("source", "message", "kind"),
    [
        ("export const = 1", "Unexpected token '=' (./index.mjs:1)", "SyntaxError"),
        ("import './broken.mjs'", "Unexpected token '=' (./broken.mjs:1)", "SyntaxError"),
        ("throw new TypeError('at load')", "at load", "TypeError"),
        ("export const handle = 1", "handler 'handler' not found in module './index.mjs'", "FunctionConfigError"),
        ("import 'xxxx'", "Cannot find package 'xxxx' imported from ./index.mjs", "Error"),
    ],
)
def test_an_es_module_that_cannot_be_loaded(bench: Bench, source: str, message: str, kind: str) -> None:
    bench.write("export const = 1", "broken.mjs")
    outcome = bench.send(target_of(bench, source, "index.mjs"))
    assert isinstance(outcome, InitFailed)
    assert outcome.body.decode() == error_body(f"function entry exception, error: {message}", kind)


def test_frames_of_es_modules_are_below_the_code_root_too(bench: Bench) -> None:
    outcome = bench.send(
        target_of(bench, "export const handler = async (e, c) => { throw new Error('x') }", "index.mjs")
    )
    assert json.loads(outcome.body)["stackTrace"] == ["at handler (./index.mjs:1:48)"]


def test_requiring_an_es_module_is_the_handlers_own_error(bench: Bench) -> None:
    bench.write("export default 1; await null", "other.mjs")
    outcome = bench.send(target_of(bench, "console.log('loaded'); require('./other.mjs'); " + HANDLER))
    assert isinstance(outcome, InitFailed)
    assert outcome.logs.count("loaded\n") == 1
    assert b"other.mjs" in outcome.body


# 2.5 to 2.7: context, logger, environment


def test_the_context_has_every_method_in_its_strict_form(contract: Contract) -> None:
    """2.5: texts for memory and CPU, milliseconds for the running time."""
    exchange = contract.bench.exchange(contract.target, ["values", ["getRequestID"]])
    assert json.loads(exchange.outcome.body) == {"getRequestID": exchange.outcome.request_id}
    expected = {
        "getRunningTimeInSeconds": 20000, "getMemorySize": "256", "getCPUNumber": "400", "getFunctionName": "thumbnail",
        "getVersion": "latest", "getPackage": "default", "getProjectID": "0" * 32, "getAlias": "",
        "getSecurityAccessKey": "", "getSecuritySecretKey": "", "getSecurityToken": "", "getToken": "",
        "getAccessKey": "", "getSecretKey": "", "getWorkflowID": "", "getWorkflowRunID": "", "getWorkflowStateID": "",
    }  # fmt: skip
    assert contract.ask("values", list(expected)) == expected


def test_the_context_in_json_has_the_fields_of_the_platforms(contract: Contract) -> None:
    """2.5, as the wrapper NR has them: a published sample answers with ``JSON.stringify(context)``."""
    exchange = contract.bench.exchange(contract.target, ["context", None])
    found = json.loads(exchange.outcome.body)
    identifier = exchange.outcome.request_id
    assert found.pop("startTime") == pytest.approx(exchange.started_at.timestamp() * 1000, abs=60_000)
    assert list(found.items()) == list(
        {
            "functionName": "thumbnail", "package": "default", "projectID": "0" * 32, "functionVersion": "latest",
            "memory": "256", "cpu": "400", "userData": {"BUCKET": "photos", "RUNTIME_MEMORY": "user's own"},
            "timeout": 20000, "requestID": identifier, "accessKey": "", "secretKey": "", "securityAccessKey": "",
            "securitySecretKey": "", "authToken": "", "securityToken": "",
            "logger": {"requestID": identifier, "invokeID": identifier, "logLevel": "INFO"}, "invokeID": identifier,
            "invokeProperty": None, "fromTask": False, "instanceID": None, "state": None, "traceID": identifier,
            "alias": "", "workflowID": "", "workflowRunID": "", "workflowStateID": "",
        }.items()
    )  # fmt: skip


def test_what_is_written_into_one_context_is_not_in_the_next(contract: Contract) -> None:
    assert contract.ask("scribble") == [None, "photos"]
    assert contract.ask("scribble") == [None, "photos"]


def test_user_variables_come_through_the_context(contract: Contract) -> None:
    """2.5: ``undefined`` when there is none; 2.7: platform names win, ``RUNTIME_USERDATA`` holds the user's."""
    found = contract.ask("data", ["BUCKET", "RUNTIME_MEMORY", "MISSING", "toString", "__proto__"])
    undefined = ["undefined", None]
    assert found == [["string", "photos"], ["string", "user's own"], undefined, undefined, undefined]


def test_time_runs_out(contract: Contract) -> None:
    left, is_integer, falls = contract.ask("remaining")
    assert 10_000 < left <= 20_000
    assert is_integer
    assert falls


def test_the_environment_is_the_platforms(contract: Contract) -> None:
    """2.7."""
    expected = {
        "BUCKET": "photos",
        "RUNTIME_FUNC_NAME": "thumbnail",
        "RUNTIME_HANDLER": "index.handler",
        "RUNTIME_TIMEOUT": "20",
        "RUNTIME_MEMORY": "256",
        "RUNTIME_USERDATA": '{"BUCKET": "photos", "RUNTIME_MEMORY": "user\'s own"}',
        "RUNTIME_MAX_RESP_BODY_SIZE": "6291456",
        "RUNTIME_CODE_ROOT": str(contract.bench.folder),
    }
    assert contract.ask("environment", list(expected)) == expected


def test_the_working_folder_holds_the_code(contract: Contract) -> None:
    """2.8: a packaged file is reached as ``code/…``."""
    found = contract.ask("process")
    assert found["listing"] == ["code"]
    assert found["packaged"] == "packaged"
    assert found["helper"] == "in a folder"
    assert found["file"] == str(contract.bench.folder / "index.js")
    assert found["main"] is False
    assert found.get("parent") is None


def test_the_logger_formats_filters_and_stamps(contract: Contract) -> None:
    """2.6."""
    start, *lines, finish = contract.logs("log")
    identifier = re.findall(r"'([0-9a-f-]{36})'", start)[0]
    assert identifier in finish
    stamped = re.compile(rf"\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\dZ {identifier} ")
    said = [stamped.sub("", line, count=1) for line in lines if stamped.match(line)]
    assert said == [
        "INFO plain %s",
        'INFO text is 7 and {"a":1}',
        "INFO Initializing: name { deep: [ 1 ] }",
        "WARN warned",
        "ERROR failed",
        "DEBUG shown",
        "ERROR TypeError: with a stack",
        "ERROR ",
    ]
    assert any(line.startswith("    at ") for line in lines)


def test_the_level_is_info_again_for_the_next_event(contract: Contract) -> None:
    contract.logs("log")
    assert any(line.endswith(" INFO INFO is the level of every event") for line in contract.logs("level"))


@pytest.mark.parametrize(("case", "sizes"), [("long", [92160, 92160, 1]), ("exact", [92160])])
def test_a_long_record_becomes_several(contract: Contract, case: str, sizes: list[int]) -> None:
    """2.6: 90 KiB each."""
    lines = [line.split(" INFO ")[1] for line in contract.logs(case) if " INFO " in line]
    assert [len(line) for line in lines] == sizes


def test_what_is_printed_is_raw_and_in_order(contract: Contract) -> None:
    """2.6: neither time nor id; the streams take everything they take elsewhere, and cannot be closed."""
    outcome = contract.send(["print", None])
    assert outcome.body == b"ERR_INVALID_ARG_TYPE"
    assert outcome.logs.splitlines()[1:-1] == [
        "logged out { a: 1 }",
        "logged to error",
        "written bytes AAhi",
        "ended",
        "still there",
        "piped",
    ]


# Between events


def test_the_runtime_is_named_by_the_host(contract: Contract) -> None:
    runtime = contract.bench.exchange(contract.target, "null").target.runtime
    assert runtime is not None
    assert re.fullmatch(r"node\d+\.\d+", runtime)


def test_state_stays_and_the_event_loop_turns_between_events(bench: Bench, tmp_path: Path) -> None:
    """2.8: module state survives between calls on one instance."""
    target = target_of(
        bench,
        """
        const fs = require('fs');
        let ticks = 0;
        setInterval(() => { ticks += 1; }, 1);
        exports.handler = async (event, context) => {
          if (event) setTimeout(fs.writeFileSync, 1, event, 'by a timer');
          return ticks;
        };
        """,
    )
    mark = tmp_path / "mark"
    first = bench.result(target, str(mark))
    wait_until(lambda: mark.exists() and mark.read_text() == "by a timer", "a timer ran between two events")
    assert bench.result(target) > first


def test_the_handler_is_looked_up_for_every_event(bench: Bench) -> None:
    """As the wrapper NR does: one that exports another is heard, and one that is gone is missed (3.4)."""
    target = target_of(
        bench,
        """
        const shapes = {
          another: () => { exports.handler = (event, context, callback) => { shapes.none(); callback(null, 'another'); }; },
          none: () => { module.exports = { helper() {} }; },
        };
        exports.handler = async (event, context) => { shapes[event](); return 'first'; };
        """,
    )
    assert [bench.send(target, "another").body, bench.send(target, "").body] == [b"first", b"another"]
    missed = bench.send(target, "")
    assert isinstance(missed, Raised)
    message = "handler 'handler' not found in module './index.js'"
    assert missed.body.decode() == error_body(f"function entry exception, error: {message}", "FunctionConfigError")
    assert missed.error.message == f"{message}; it has: helper"
    assert f"{missed.request_id} ERROR {message}\n" in missed.logs


def test_a_handler_that_takes_another_number_of_parameters_by_now_is_refused(bench: Bench) -> None:
    source = "exports.handler = async (event, context) => { exports.handler = (event) => event; };"
    target = target_of(bench, source)
    assert isinstance(bench.send(target), Returned)
    outcome = bench.send(target)
    assert isinstance(outcome, Raised)
    assert outcome.error.message == "handler expect to have 2 or 3 parameters, but received 1"


def test_a_handler_that_can_no_longer_be_read_is_the_handlers_error(bench: Bench) -> None:
    source = """
        exports.handler = async (event, context) => {
          Object.defineProperty(exports, 'handler', { get() { throw new TypeError('gone'); } });
        };
        """
    target = target_of(bench, source)
    assert isinstance(bench.send(target), Returned)
    outcome = bench.send(target)
    assert isinstance(outcome, Raised)
    assert (outcome.error.type, outcome.error.message) == ("TypeError", "gone")


@pytest.mark.parametrize("changed", ["index.js", "lib/helper.js", "lib/data.json", "lib/module.mjs", "lib/deeper.mjs"])
def test_a_changed_file_starts_the_handler_anew(bench: Bench, changed: str) -> None:
    """Whatever was required or imported, also while an event was handled."""
    bench.write("exports.name = 'helper'; require('./data.json')", "lib/helper.js")
    bench.write("[1]", "lib/data.json")
    bench.write("export * from './deeper.mjs'", "lib/module.mjs")
    bench.write("export const name = 'deeper'", "lib/deeper.mjs")
    target = target_of(
        bench,
        """
        let calls = 0;
        exports.handler = async (event, context) => {
          require('./lib/helper');
          await import('./lib/module.mjs');
          return ++calls;
        };
        """,
    )
    assert [bench.result(target), bench.result(target)] == [1, 2]
    file = bench.folder / changed
    file.write_text(f"{file.read_text()} ")
    assert bench.result(target) == 1


@pytest.mark.parametrize("changed", ["index.mjs", "other.mjs", "data.cjs"])
def test_a_changed_es_module_starts_the_handler_anew(bench: Bench, changed: str) -> None:
    bench.write("module.exports = 1", "data.cjs")
    bench.write("import './data.cjs'", "other.mjs")
    source = "import './other.mjs'; let calls = 0; export const handler = async (event, context) => ++calls;"
    target = target_of(bench, source, "index.mjs")
    assert [bench.result(target), bench.result(target)] == [1, 2]
    file = bench.folder / changed
    file.write_text(f"{file.read_text()} ")
    assert bench.result(target) == 1


def test_packages_of_others_are_not_watched(bench: Bench) -> None:
    bench.write("module.exports = 1", "node_modules/dependency/index.js")
    target = target_of(bench, "let n = 0; require('dependency'); exports.handler = async (e, c) => ++n;")
    assert bench.result(target) == 1
    (bench.folder / "node_modules/dependency/index.js").write_text("module.exports = 2")
    assert bench.result(target) == 2
