"""The contract of Python functions, row by row: runtime.md section 2, in its order.

Each test names its row in its name or docstring. Where the same handler answers many questions it is asked under every
interpreter this machine has. Rows about folders, packages and files named like standard modules are proven in
``hosts/test_python_modules.py``, pre-stop in ``hosts/test_python_host.py``.
"""

from __future__ import annotations

import json
import re
import resource
import signal
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

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
from tests.invoke.harness import VERSIONS, Bench, python, wait_until

CONTRACT = '''
"""What a handler finds, case by case."""
import json, os, sys, threading

loaded_on = threading.current_thread().name

def initializer(context):
    context.set_state("kept")
    context.getLogger().info("in the initializer")
    return "ignored"

def same(event, context):
    return [type(event).__name__, event]

def context_values(event, context):
    return {name: getattr(context, name)() for name in event}

def types(event, context):
    return {name: type(getattr(context, name)()).__name__ for name in event}

def user_data(event, context):
    return [context.getUserData("BUCKET"), context.getUserData("NOT_SET"), context.getUserData("NOT_SET", "default")]

def remaining(event, context):
    import time
    before = context.getRemainingTimeInMilliSeconds()
    time.sleep(0.002)
    return [before, context.getRemainingTimeInMilliSeconds() < before, type(before).__name__]

def state(event, context):
    found = context.get_state()
    context.set_state(event)
    return found

def environment(event, context):
    return {name: value for name, value in os.environ.items() if name.startswith("RUNTIME_") or name == "BUCKET"}

def process(event, context):
    return {
        "argv": sys.argv, "path": sys.path[:3], "folder": os.listdir("."), "code": os.path.realpath("code"),
        "file": __file__, "name": __name__, "thread": threading.current_thread().name, "loaded_on": loaded_on,
        "is_main": threading.current_thread() is threading.main_thread(),
        "main": sorted(vars(sys.modules["__main__"])), "host": "python_host" in sys.modules,
        "cached": sys.dont_write_bytecode,
    }

def loop(event, context):
    import asyncio
    try:
        asyncio.get_event_loop()
    except RuntimeError as error:
        words = str(error)
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    async def answer():
        await asyncio.sleep(0)
        return "a new one works"
    try:
        return [words, loop.run_until_complete(answer())]
    finally:
        asyncio.set_event_loop(None)
        loop.close()

def arguments(event, context):
    import argparse
    parser = argparse.ArgumentParser()
    parser.parse_args(args=[])
    parser.parse_args()

def sibling(event, context):
    import helper
    from package import deeper
    return [helper.NAME, deeper.NAME]

def read(event, context):
    try:
        with open(event) as stream:
            return [stream.read()]
    except EnvironmentError as error:
        return type(error).__name__

def log(event, context):
    logger = context.getLogger()
    logger.debug("hidden")
    logger.info("plain %s")
    logger.info("formatted %s and %d", "text", 7)
    logger.info("Initializing:", "name")
    logger.info("100 %d", "no number")
    logger.warn({"a": 1})
    logger.error("error %(key)s", {"key": "value"})
    logger.setLevel("NONSENSE")
    logger.info("still shown")
    logger.setLevel("DEBUG")
    logger.debug("shown")
    logger.setLevel("WARN")
    logger.info("hidden")
    logger.warn("shown at WARN")
    logger.setLevel("ERROR")
    logger.warn("hidden")
    logger.error("only errors")
    logger.setLevel("INFO")
    logger.info("")
    logger.info("\\ud800 %s", "\\x1b[2J")

def standard_log(event, context):
    import logging
    logger = context.getLogger()
    logger.warning("warning")
    logger.setLevel(logging.DEBUG)
    logger.debug("shown")
    logger.log(logging.INFO, "by %s", "number")
    logger.log(logging.CRITICAL, "beyond")
    logger.log(1, "hidden")
    logger.critical("critical")
    try:
        raise KeyError("inner")
    except KeyError:
        logger.exception("with a stack")
    enabled = [logger.isEnabledFor(level) for level in (5, logging.DEBUG, logging.ERROR)]
    logger.setLevel(logging.INFO)
    return enabled

def long_record(event, context):
    context.getLogger().info("x" * (92160 * 2 + 1))

def prints(event, context):
    print("to stdout", end="")
    print(" and more")
    sys.stderr.write("to stderr\\n")
    context.getLogger().info("logged")
    print("no newline", end="")

def background(event, context):
    import subprocess
    os.system("echo by os.system")
    subprocess.Popen(["echo", "by Popen"]).wait()

def raises(event, context):
    raise ValueError("in %s" % context.getRequestID())

def results(event, context):
    class Text(str): pass
    class Number(int): pass
    return {
        "none": None, "empty": "", "text": "t", "quoted": '"t"', "unicode": "é", "number": 42, "true": True,
        "float": 1.5, "list": [1, "é", None, "\\u2028"], "tuple": (1, 2), "nested": {"a": {"b": []}, "é": 1}, "keys": {1: 2, None: 3},
        "subclass": Text("t"), "int": Number(7),
    }[event]

CASES = {name: value for name, value in list(globals().items()) if callable(value)}

def handler(event, context):
    return CASES[event[0]](event[1], context)
'''


class Contract:
    """One warm instance of the handler above, for all tests of an interpreter."""

    def __init__(self, bench: Bench, target: LocalTarget) -> None:
        self.bench = bench
        self.target = target
        self.first = self.send("results", "none")

    def send(self, case: str, argument: object = None) -> Outcome:
        return self.bench.send(self.target, [case, argument])

    def ask(self, case: str, argument: object = None) -> Any:
        return self.bench.result(self.target, [case, argument])

    def logs(self, case: str) -> list[str]:
        return self.send(case).logs.splitlines()


@pytest.fixture(scope="module", params=VERSIONS)
def interpreter(request: pytest.FixtureRequest) -> Path:
    found = python(request.param)
    if isinstance(found, str):
        pytest.skip(found)
    return found


@pytest.fixture(scope="module")
def invoker() -> Iterator[Invoker]:
    invoker = Invoker()
    yield invoker
    invoker.close()


@pytest.fixture(scope="module")
def contract(interpreter: Path, invoker: Invoker, tmp_path_factory: pytest.TempPathFactory) -> Contract:
    bench = Bench(tmp_path_factory.mktemp("contract"), invoker)
    bench.write(CONTRACT, "src/index.py")
    bench.write("NAME = 'beside the handler'", "src/helper.py")
    bench.write("NAME = 'in the code root'", "package/deeper.py")
    bench.write("", "package/__init__.py")
    bench.write("packaged", "src/data.txt")
    target = bench.target(
        spec="src/index.handler",
        initializer="index.initializer",
        environment={"BUCKET": "photos", "RUNTIME_MEMORY": "user's own"},
        python=interpreter,
        timeout_s=20,
        memory_mb=256,
        name="thumbnail",
    )
    return Contract(bench, target)


@pytest.fixture
def quick(tmp_path: Path, invoker: Invoker) -> Bench:
    """A bench for handlers of one test that leave nothing behind: unlike ``bench`` it does not look."""
    return Bench(tmp_path / "code", invoker)


# 2.1 Signature and event


def test_too_few_parameters_are_raised_and_not_a_failed_start(quick: Bench) -> None:
    """2.1, row ``def handler(event, context)``."""
    outcome = quick.send("def handler(event): return 1")
    assert isinstance(outcome, Raised)
    assert outcome.error.type == "TypeError"
    assert outcome.error.stack == ()


def test_parameters_beyond_the_two_are_nobodys(quick: Bench) -> None:
    """2.1, row "Extra positional parameters are not part of the contract": they get their defaults, or are missing."""
    assert quick.result("def handler(event, context, third='default', *rest): return [third, rest]") == ["default", []]
    outcome = quick.send("def handler(event, context, third): return 1")
    assert isinstance(outcome, Raised)
    assert outcome.error.type == "TypeError"
    assert "third" in outcome.error.message


@pytest.mark.parametrize(
    ("event", "kind"),
    [({"a": [1, "é"]}, "dict"), ([1], "list"), ("text", "str"), (7, "int"), (1.5, "float"), (True, "bool"), (None, "NoneType")],
)  # fmt: skip
def test_the_event_is_the_parsed_body_of_any_json_type(contract: Contract, event: object, kind: str) -> None:
    """2.1, row "``event`` is the parsed JSON of the request body" (I for other types than dict)."""
    assert contract.ask("same", event) == [kind, event]


@pytest.mark.parametrize(
    ("wire", "words"),
    [
        (b"not json", "Expecting value: line 1 column 1 (char 0)"),
        (b"", "Expecting value: line 1 column 1 (char 0)"),
        (b'{"a": 1} x', "Extra data: line 1 column 10 (char 9)"),
        (b'{"a": }', "Expecting value: line 1 column 7 (char 6)"),
        (b"{oops", "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
        (b'"a', "Unterminated string starting at: line 1 column 1 (char 0)"),
        (b"\xff", "'utf-8' codec can't decode byte 0xff"),
        (b"[" * 200_000, "maximum recursion depth exceeded"),
    ],
)
def test_a_body_that_is_no_json_never_reaches_the_handler(quick: Bench, wire: bytes, words: str) -> None:
    """2.1, row "A body that is not JSON": openYuanrong's text."""
    outcome = quick.send("def handler(event, context): print('called')", wire)
    assert isinstance(outcome, Raised)
    assert outcome.body.decode().startswith("failed to loads event body err: ")
    assert words in outcome.error.message
    assert "called" not in outcome.logs


def test_an_async_handler_is_not_awaited_and_told_the_way_out(quick: Bench) -> None:
    """2.1, row "``async def`` handlers": not supported (I), since a coroutine does not serialise."""
    outcome = quick.send("async def handler(event, context): return 1")
    assert isinstance(outcome, InvalidResponse)
    refusal = "function result is invalid, error: Object of type coroutine is not JSON serializable"
    assert json.loads(outcome.body) == {"errorMessage": refusal, "errorType": "TypeError", "stackTrace": []}
    assert outcome.message == refusal + (
        "; the platform awaits nothing: let the handler be a plain function that calls asyncio.run()"
    )


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({}, "let the handler be a plain function"),
        ({"initializer": "index.handler"}, "the initializer did not run: the platform awaits nothing"),
    ],
)
@pytest.mark.parametrize("body", ["pass", "yield 1"], ids=["coroutine", "generator"])
def test_nothing_warns_of_a_coroutine_at_a_line_of_ours(
    quick: Bench, body: str, settings: dict[str, str], told: str
) -> None:
    """2.1, row "``async def`` handlers": what is wrong is said once, and of the user's own code."""
    target = quick.target(f"async def handler(event, context=None): {body}", **settings)
    outcome = quick.send(target)
    assert isinstance(outcome, InvalidResponse)
    assert "RuntimeWarning" not in outcome.logs
    assert "python_host" not in outcome.logs
    if body == "pass":
        assert told in outcome.logs + outcome.message


@pytest.mark.parametrize(
    ("source", "settings"),
    [
        pytest.param("import os\n\ndef handler(event): pass", {}, id="handler"),
        pytest.param(
            "import os\n\ndef start(): pass\ndef handler(event, context): pass",
            {"initializer": "index.start"},
            id="initializer",
        ),
    ],
)
def test_a_function_with_too_few_parameters_is_named_with_its_place(
    quick: Bench, source: str, settings: dict[str, str]
) -> None:
    """2.3, row "handler raises": the body has no stack, as nothing of the user's ran; the log leads to the function."""
    target = quick.target(source, **settings)
    outcome = quick.send(target)
    assert isinstance(outcome, Raised | InitFailed)
    assert json.loads(outcome.body)["stackTrace"] == []
    assert f'\n  File "{target.file}", line 3, in ' in outcome.logs
    assert re.search(r"\nTypeError: .* positional argument", outcome.logs)


def test_a_plain_handler_may_run_what_is_async(quick: Bench) -> None:
    """2.1, row "``async def`` handlers": what the words above advise works."""
    source = (
        "import asyncio\nasync def work(): return ['done']\ndef handler(event, context): return asyncio.run(work())"
    )
    assert quick.result(source) == ["done"]


# 2.2 Return value


@pytest.mark.parametrize(
    ("case", "body"),
    [
        pytest.param("none", b"", id="row-None-is-an-empty-body"),
        pytest.param("empty", b"", id="row-str-is-the-text-as-is-empty"),
        pytest.param("text", b"t", id="row-str-is-the-text-as-is"),
        pytest.param("quoted", b'"t"', id="row-str-keeps-its-own-quotes"),
        pytest.param("unicode", "é".encode(), id="row-str-is-not-escaped"),
        pytest.param("subclass", b"t", id="row-str-of-a-subclass"),
        pytest.param("number", b"42", id="row-anything-else-int"),
        pytest.param("int", b"7", id="row-anything-else-int-of-a-subclass"),
        pytest.param("true", b"true", id="row-anything-else-bool"),
        pytest.param("float", b"1.5", id="row-anything-else-float"),
        pytest.param("list", b'[1, "\\u00e9", null, "\\u2028"]', id="row-separators-and-escapes-list"),
        pytest.param("tuple", b"[1, 2]", id="row-anything-else-tuple"),
        pytest.param("nested", b'{"a": {"b": []}, "\\u00e9": 1}', id="row-separators-and-escapes-dict"),
        pytest.param("keys", b'{"1": 2, "null": 3}', id="row-anything-else-keys-as-json-dumps"),
    ],
)
def test_results_are_spelled_as_the_platform_does(contract: Contract, case: str, body: bytes) -> None:
    """2.2, rows ``None``, ``str``, anything else, separators and escapes; a local send reports no content type."""
    outcome = contract.send("results", case)
    assert isinstance(outcome, Returned)
    assert outcome.body == body
    assert outcome.headers == ()


@pytest.mark.parametrize(
    ("expression", "words", "way_out"),
    [
        pytest.param("b'bytes'", "Object of type bytes is not JSON serializable", "; decode it to text", id="row-bytes"),
        pytest.param("{'a': [bytearray()]}", "Object of type bytearray is not", "; decode it to text", id="bytes-within"),
        pytest.param("object()", "Object of type object is not JSON serializable", "", id="row-not-serialisable-object"),
        pytest.param("{1, 2}", "Object of type set is not JSON serializable", "", id="row-not-serialisable-set"),
        pytest.param("cycle", "Circular reference detected", "", id="row-not-serialisable-circular"),
        pytest.param("{'a': float('nan')}", "Out of range float values are not JSON compliant", "", id="nan"),
        pytest.param("float('-inf')", "Out of range float values are not JSON compliant", "", id="infinity"),
        pytest.param("deep", "maximum recursion depth exceeded", "", id="deep"),
        pytest.param("{(1, 2): 3}", "keys must be ", "", id="keys"),
        pytest.param("'\\ud800'", "surrogates not allowed", "", id="lone-surrogate"),
        pytest.param("coroutine()", "Object of type coroutine is not", "; the platform awaits nothing: ", id="coroutine"),
        pytest.param("(n for n in [1])", "Object of type generator is not", "; the platform iterates over nothing: ", id="generator"),
        pytest.param("Answer()", "Object of type Answer is not", "; give back what its to_json() gives", id="doubt-APIGResponse"),
        pytest.param("Answer", "Object of type type is not JSON serializable", "", id="class"),
    ],
)  # fmt: skip
def test_a_result_that_is_no_json_is_invalid_and_the_way_out_is_said(
    quick: Bench, expression: str, words: str, way_out: str
) -> None:
    """2.2, rows ``bytes`` (I), not serialisable (I), and the doubt about the ``APIGResponse`` of a sample."""
    target = quick.target(
        f"""
        async def coroutine(): pass
        class Answer:
            def to_json(self): return "{{}}"
        cycle = []
        cycle.append(cycle)
        deep = []
        for _ in range(100000): deep = [deep]
        def handler(event, context):
            return 'next' if event else {expression}
        """
    )
    outcome = quick.send(target, 0)
    assert isinstance(outcome, InvalidResponse)
    refusal = json.loads(outcome.body)["errorMessage"]
    assert refusal.startswith("function result is invalid, error: ")
    assert words in refusal
    assert outcome.message.startswith(refusal + way_out)
    assert outcome.message == refusal or way_out
    assert f" {refusal}\n" in outcome.logs
    assert "(invoke Failed), " in outcome.logs
    assert quick.send(target, 1).body == b"next"


@pytest.mark.parametrize(("extra", "kind"), [(0, "returned"), (1, "invalid_response")])
def test_a_result_ends_at_six_mebibytes(quick: Bench, extra: int, kind: str) -> None:
    """2.2, row "larger than 6 291 456 bytes": openYuanrong's text."""
    outcome = quick.send("def handler(event, context): return 'x' * (6291456 + event)", extra)
    assert outcome.kind == kind
    if isinstance(outcome, InvalidResponse):
        assert outcome.message == "response body size 6291457 exceeds the limit of 6291456"
        assert outcome.body == outcome.message.encode()
    else:
        assert outcome.body == b"x" * 6291456


# 2.3 Errors


def test_an_exception_is_reported_with_the_code_root_as_a_dot(contract: Contract) -> None:
    """2.3, rows on the shape, "handler raises", and on the untouched traceback in the log (section 11)."""
    outcome = contract.send("raises")
    body = json.loads(outcome.body)
    assert list(body) == ["errorMessage", "errorType", "stackTrace"]
    assert body["errorMessage"] == f"function invocation exception, error: in {outcome.request_id}"
    assert body["errorType"] == "ValueError"
    assert re.fullmatch(r'File "\./src/index\.py", line \d+, in handler', body["stackTrace"][0])
    assert body["stackTrace"][-1] == '  raise ValueError("in %s" % context.getRequestID())'
    lines = outcome.logs.splitlines()
    assert lines[1].endswith(f" {outcome.request_id} {body['errorMessage']}")
    assert lines[2] == "Traceback (most recent call last):"
    assert lines[3].startswith(f'  File "{contract.bench.folder}/src/index.py", line ')
    assert lines[-2] == f"ValueError: in {outcome.request_id}"
    assert "(invoke Failed), duration: " in lines[-1]


def test_an_exception_is_the_handlers_own(quick: Bench) -> None:
    """2.3, row "handler raises": ``errorType`` is the class name; each line of the stack is one element."""
    outcome = quick.send(
        """
        def check(value):
            raise ValueError("no [/b] for you: %r" % value)

        def handler(event, context):
            check(event["n"])
        """,
        {"n": 7},
    )
    assert isinstance(outcome, Raised)
    assert (outcome.error.type, outcome.error.message) == ("ValueError", "no [/b] for you: 7")
    assert outcome.error.stack == (
        'File "./index.py", line 6, in handler',
        '  check(event["n"])',
        'File "./index.py", line 3, in check',
        '  raise ValueError("no [/b] for you: %r" % value)',
    )
    assert json.loads(outcome.body) == {
        "errorMessage": "function invocation exception, error: no [/b] for you: 7",
        "errorType": "ValueError",
        "stackTrace": list(outcome.error.stack),
    }


@pytest.mark.parametrize(
    ("statement", "kind", "message"),
    [
        pytest.param("import sys; sys.exit()", "SystemExit", "", id="row-sys.exit-in-the-handler"),
        pytest.param("import sys; sys.exit(3)", "SystemExit", "3", id="row-sys.exit-with-a-code"),
        ("raise KeyboardInterrupt", "KeyboardInterrupt", ""),
        ("raise GeneratorExit('x')", "GeneratorExit", "x"),
        ("raise BaseException('x')", "BaseException", "x"),
        ("handler(event, context)", "RecursionError", "maximum recursion depth exceeded"),
        ("raise KeyError('bucket')", "KeyError", "'bucket'"),
    ],
)
def test_whatever_is_raised_is_raised(quick: Bench, statement: str, kind: str, message: str) -> None:
    """2.3, rows "handler raises" and "``sys.exit()`` in the handler": caught, in the shape of the cloud.

    The texts of openYuanrong ("Fail to run user call handler") are not the cloud's and are not used.
    """
    target = quick.target(f"def handler(event, context):\n    if event: return 'next'\n    {statement}")
    outcome = quick.send(target, 0)
    assert isinstance(outcome, Raised)
    assert outcome.error.type == kind
    assert outcome.error.message.startswith(message)
    assert json.loads(outcome.body)["errorType"] == kind
    assert quick.send(target, 1).body == b"next"


@pytest.mark.parametrize(
    ("source", "kind", "message"),
    [
        pytest.param("def handler(event, context)\n    return 1", "SyntaxError", "", id="row-syntax-error"),
        pytest.param("import not_there_at_all", "ModuleNotFoundError", "No module named", id="row-import-error"),
        pytest.param("raise RuntimeError('at load')", "RuntimeError", "at load", id="raises-at-load"),
        pytest.param("import sys; sys.exit(1)", "SystemExit", "1", id="exits-at-load"),
        pytest.param(
            "def handle(event, context): pass",
            "FunctionConfigError",
            "handler 'handler' not found in module './index.py'; it has: handle",
            id="row-handler-missing",
        ),
        pytest.param("handler = 7", "FunctionConfigError", "handler 'handler' in module", id="handler-no-function"),
        pytest.param("x = '\\x00\0'", "", "", id="null-byte"),
    ],
)
def test_a_module_that_cannot_be_loaded_is_a_failed_start(quick: Bench, source: str, kind: str, message: str) -> None:
    """2.3, row "module missing, handler missing, import error": Node's prefix (I)."""
    outcome = quick.send(source)
    assert isinstance(outcome, InitFailed)
    assert outcome.error.type == kind or not kind
    assert outcome.error.message.startswith(message)
    assert json.loads(outcome.body)["errorMessage"].startswith("function entry exception, error: ")
    assert outcome.duration_ms is None
    assert outcome.cold_start is True
    assert "python_host" not in outcome.logs


def test_a_module_that_vanished_is_a_failed_start(quick: Bench) -> None:
    """2.3, row "module missing"; when it is missing from the beginning, the target is refused in words."""
    target = quick.target("def handler(event, context): pass")
    (quick.folder / "index.py").unlink()
    outcome = quick.send(target)
    assert isinstance(outcome, InitFailed)
    assert (outcome.error.type, outcome.error.message) == ("FunctionLoadError", "not found module './index.py'")


def test_an_end_without_an_answer_is_a_crash_with_its_code_or_signal(quick: Bench) -> None:
    """2.3, row "process dies (segfault, ``os._exit``)"."""
    ends = [
        ("os._exit(0)", 0, None),
        ("os._exit(7)", 7, None),
        ("os.kill(os.getpid(), 9)", None, signal.SIGKILL),
        ("import ctypes; ctypes.string_at(0)", None, signal.SIGSEGV),
        ("os.abort()", None, signal.SIGABRT),
    ]
    for statement, exit_code, number in ends:
        target = quick.target(f"import os\ndef handler(event, context):\n    if event: return 'next'\n    {statement}")
        outcome = quick.send(target, 0)
        assert isinstance(outcome, Crashed), statement
        assert (outcome.exit_code, outcome.signal) == (exit_code, number), statement
        assert outcome.body == b"runtime process is exited"
        assert quick.send(target, 1).body == b"next"


def test_memory_over_the_setting_is_stopped(quick: Bench) -> None:
    """2.3, row "out of memory": its text and the reason in the log."""
    target = quick.target(
        """
        import time
        def handler(event, context):
            kept = [b"x" * 1048576 for _ in range(100)]
            time.sleep(1000)
        """,
        memory_mb=64,
        timeout_s=20,
    )
    outcome = quick.send(target)
    assert isinstance(outcome, OutOfMemory)
    assert outcome.limit_mb == 64
    assert outcome.memory_mb is not None
    assert outcome.memory_mb > 64
    assert outcome.body == b"runtime memory limit exceeded"
    assert "(invoke Failed:RuntimeMemoryExceedLimit), " in outcome.logs


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("bytearray(2 ** 45)", id="at-once"),
        pytest.param("while True: kept.append(bytes(2 ** 18))", id="bit-by-bit"),
        pytest.param("deeper()", id="far-down"),
    ],
)
def test_the_log_says_where_memory_ran_out(quick: Bench, statement: str) -> None:
    """2.3, row "out of memory": the platform names no place; the log does."""
    target = quick.target(
        f"""
        kept = []
        def deeper(depth=900):
            return deeper(depth - 1) if depth else [bytes(2 ** 18) for _ in iter(int, 1)]
        def eat():
            {statement}
        def handler(event, context):
            eat()
        """,
        memory_mb=64,
        timeout_s=20,
    )
    outcome = quick.send(target)
    assert isinstance(outcome, OutOfMemory)
    assert "function invocation exception, error: MemoryError\nTraceback (most recent call last):\n" in outcome.logs
    assert f'File "{target.file}", line 8, in handler\n  File "{target.file}", line 6, in eat\n' in outcome.logs
    assert "\nMemoryError\n" in outcome.logs


@pytest.mark.parametrize(
    ("source", "phase"),
    [
        pytest.param("import time\ntime.sleep(1000)", "load", id="import"),
        pytest.param(
            "import time\ndef initializer(context): time.sleep(1000)\ndef handler(e, c): pass", "initializer", id="init"
        ),
        pytest.param(
            "import time\ndef initializer(context): pass\ndef handler(e, c): print('x'); time.sleep(1000)",
            "invoke",
            id="handler",
        ),
    ],
)
def test_the_limit_holds_in_every_phase_and_the_outcome_says_which(quick: Bench, source: str, phase: str) -> None:
    """2.3, row "timeout": openYuanrong's text (I)."""
    quick.write(source)
    initializer = "initializer" if "initializer" in source else None
    outcome = quick.send(quick.target(timeout_s=0.3, initializer=initializer))
    assert isinstance(outcome, TimedOut)
    assert outcome.limit_s == 0.3
    assert outcome.stopped_processes == 1
    assert outcome.body == f"call {phase} timeout 0.3s".encode()
    assert outcome.body.decode() in outcome.logs
    if phase == "invoke":
        assert "\nx\n" in outcome.logs
        assert "(invoke Failed), duration: " in outcome.logs


def test_a_full_disk_is_the_handlers_own_error(quick: Bench) -> None:
    """2.3, row "``/tmp`` full": no limit of 512 MB is set here, so what the disk says reaches the handler."""
    outcome = quick.send("def handler(event, context):\n    with open('/dev/full', 'w') as stream: stream.write('x')")
    assert isinstance(outcome, Raised)
    assert outcome.error.type == "OSError"
    assert "No space left on device" in outcome.error.message


def test_a_handler_that_always_crashes_is_started_anew_for_each_event(quick: Bench) -> None:
    """2.3, row "container keeps crashing": its own output is in each log; the platform's wording is of containers."""
    target = quick.target(
        "import os\ndef handler(event, context):\n    print('going down', flush=True)\n    os._exit(1)"
    )
    outcomes = [quick.send(target) for _ in range(3)]
    assert [(outcome.kind, outcome.cold_start) for outcome in outcomes] == [("crashed", True)] * 3
    assert all("going down\n" in outcome.logs for outcome in outcomes)


# 2.4 Initializer, pre-stop, heartbeat


@pytest.mark.parametrize(
    ("initializer", "message"),
    [
        pytest.param("def initializer(context): raise OSError('no database')", "no database", id="raises"),
        pytest.param("def initializer(): pass", "initializer() takes 0 positional arguments", id="row-no-parameter"),
        pytest.param(
            "def initializer(context, more): pass", "initializer() missing 1 required", id="row-two-parameters"
        ),
        pytest.param("", "initializer 'initializer' not found in module './index.py'", id="missing"),
    ],
)
def test_an_initializer_that_fails_is_a_failed_start_and_tried_anew(
    quick: Bench, initializer: str, message: str
) -> None:
    """2.4, rows "no other parameter" and "on failure the instance is dropped"; 2.3, row "initializer raises".

    The platform tries three instances at most; here each send tries one.
    """
    quick.write(f"import os\nprint('pid', os.getpid())\n{initializer}\ndef handler(event, context): return 1")
    target = quick.target(initializer="index.initializer")
    first, second = quick.send(target), quick.send(target)
    assert isinstance(first, InitFailed)
    assert first.error.message.startswith(message)
    assert json.loads(first.body)["errorMessage"].startswith("function initialization exception, error: ")
    assert isinstance(second, InitFailed)
    assert first.logs.splitlines()[0] != second.logs.splitlines()[0]


def test_the_initializer_runs_once_before_the_first_event_and_its_result_is_ignored(contract: Contract) -> None:
    """2.4, rows "the result is ignored", "once per instance before the first request", "the word ``initializer``"."""
    ran = [line for line in contract.first.logs.splitlines() if " initializer INFO in the initializer" in line]
    assert len(ran) == 1
    assert contract.first.body == b""
    assert "in the initializer" not in contract.send("results", "none").logs


def test_the_initializer_has_the_time_of_an_event(quick: Bench) -> None:
    """2.4, row "Timeout 1–300 s": here the target's own limit, for import and initializer together."""
    source = """
        def initializer(context): context.set_state(context.getRemainingTimeInMilliSeconds())
        def handler(event, context): return [context.get_state()]
        """
    (left_ms,) = quick.result(quick.target(source, initializer="index.initializer", timeout_s=30))
    assert 20_000 < left_ms <= 30_000


# 2.5 Context methods


def test_request_id(contract: Contract) -> None:
    """2.5, row ``getRequestID()``; ``get_trace_id()`` and ``get_invoke_id()`` name the same here."""
    outcome = contract.send("context_values", ["getRequestID", "get_invoke_id", "get_trace_id"])
    values = json.loads(outcome.body)
    assert set(values.values()) == {outcome.request_id}
    assert str(uuid.UUID(outcome.request_id)) == outcome.request_id
    assert outcome.logs.count(f"request '{outcome.request_id}'") == 2


def test_remaining_time_falls(contract: Contract) -> None:
    """2.5, row ``getRemainingTimeInMilliSeconds()``."""
    left, falls, kind = contract.ask("remaining")
    assert 10_000 < left <= 20_000
    assert (falls, kind) == (True, "int")


def test_remaining_time_goes_below_zero_once_it_has_run_out(quick: Bench) -> None:
    """2.5, row ``getRemainingTimeInMilliSeconds()``: a context that is kept beyond its event shows it."""
    target = quick.target(
        """
        kept = []
        def handler(event, context):
            kept.append(context)
            return [kept[0].getRemainingTimeInMilliSeconds() < 0]
        """,
        timeout_s=0.1,
    )
    wait_until(lambda: quick.result(target)[0], "the time of the first event has run out")


def test_numbers_of_the_context_are_documented_ones(contract: Contract) -> None:
    """2.5, rows ``getRunningTimeInSeconds()``, ``getMemorySize()``, ``getCPUNumber()``."""
    assert contract.ask("context_values", ["getRunningTimeInSeconds", "getMemorySize", "getCPUNumber"]) == {
        "getRunningTimeInSeconds": 20,
        "getMemorySize": 256,
        "getCPUNumber": 400,
    }


def test_strict_values_are_text_and_milliseconds(interpreter: Path, quick: Bench) -> None:
    """2.5, the trap of ``getRunningTimeInSeconds()``, and the "strict OTC" switch."""
    target = quick.target(CONTRACT, strict_context=True, python=interpreter)
    names = ["getRunningTimeInSeconds", "getMemorySize", "getCPUNumber"]
    assert quick.result(target, ["context_values", names]) == {
        "getRunningTimeInSeconds": 3000,
        "getMemorySize": "128",
        "getCPUNumber": "300",
    }


@pytest.mark.parametrize(
    ("memory_mb", "millicores"),
    [
        (128, 300), (256, 400), (512, 600), (768, 800), (1024, 1000), (1280, 1200), (1536, 1400), (1792, 1600),
        (2048, 1800), (2560, 2200), (3072, 2600), (3584, 3000), (4096, 3400), (8192, 6600), (10240, 8200),
    ],
)  # fmt: skip
def test_processor_share_goes_with_memory(memory_mb: int, millicores: int) -> None:
    """2.5, row ``getCPUNumber()``: its whole table."""
    from fgtui.invoke.surroundings import cpu_millicores

    assert cpu_millicores(memory_mb) == millicores


def test_names_of_the_function(contract: Contract) -> None:
    """2.5, row ``getFunctionName()``, ``getVersion()``, ``getPackage()``, ``getProjectID()``, ``getAlias()``."""
    names = ["getFunctionName", "getVersion", "getPackage", "getProjectID", "getAlias"]
    assert contract.ask("context_values", names) == {
        "getFunctionName": "thumbnail", "getVersion": "latest", "getPackage": "default", "getProjectID": "0" * 32,
        "getAlias": "",
    }  # fmt: skip


def test_user_variables_come_through_the_context(contract: Contract) -> None:
    """2.5, row ``getUserData(key)``, with openYuanrong's default."""
    assert contract.ask("user_data") == ["photos", None, "default"]


def test_credentials_are_empty_as_without_an_agency(contract: Contract) -> None:
    """2.5, rows ``getSecurityAccessKey()`` and the like, ``getToken()``, ``getAccessKey()`` and ``getSecretKey()``."""
    names = [
        "getSecurityAccessKey", "getSecuritySecretKey", "getSecurityToken", "getToken", "getAccessKey", "getSecretKey",
    ]  # fmt: skip
    assert contract.ask("context_values", names) == dict.fromkeys(names, "")


def test_workflow_ids_are_empty(contract: Contract) -> None:
    """2.5, row ``getWorkflowID()``, ``getWorkflowRunID()``, ``getWorkflowStateID()``."""
    names = ["getWorkflowID", "getWorkflowRunID", "getWorkflowStateID"]
    assert contract.ask("context_values", names) == dict.fromkeys(names, "")


def test_what_stateful_functions_have(contract: Contract) -> None:
    """2.5, row ``get_trace_id()``, …, ``get_invoke_property()``: state is the instance's."""
    assert contract.ask("types", ["get_trace_id", "get_instance_id", "get_invoke_id", "getLogger"]) == {
        "get_trace_id": "str", "get_instance_id": "str", "get_invoke_id": "str", "getLogger": "Logger",
    }  # fmt: skip
    assert contract.ask("context_values", ["get_invoke_property"]) == {"get_invoke_property": ""}
    before = contract.ask("context_values", ["get_instance_id"])
    contract.send("state", ["new"])
    assert contract.ask("state", "kept") == ["new"]
    assert contract.ask("context_values", ["get_instance_id"]) == before


def test_what_only_openyuanrong_has(contract: Contract) -> None:
    """2.5, row ``getAuthToken()``, ``getTenantID()``, ``get_stream()``, ``get_session_id()``."""
    names = ["getAuthToken", "getTenantID", "get_session_id"]
    assert contract.ask("context_values", [*names, "get_stream"]) == {**dict.fromkeys(names, ""), "get_stream": None}


# 2.6 Logger


def test_the_logger_formats_filters_and_stamps(contract: Contract) -> None:
    """2.6, rows "Methods and ``setLevel``", "``%``-style, else joined with spaces", "Line in the cloud log"."""
    start, *lines, finish = contract.logs("log")
    identifier = re.findall(r"'([0-9a-f-]{36})'", start)[0]
    assert identifier in finish
    stamped = re.compile(rf"\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\dZ {identifier} ")
    assert all(stamped.match(line) for line in lines)
    assert [stamped.sub("", line, count=1) for line in lines] == [
        "INFO plain %s",
        "INFO formatted text and 7",
        "INFO Initializing: name",
        "INFO 100 %d no number",
        "WARN {'a': 1}",
        "ERROR error value",
        "INFO still shown",
        "DEBUG shown",
        "WARN shown at WARN",
        "ERROR only errors",
        "INFO ",
        "INFO \\ud800 \x1b[2J",
    ]


def test_the_logger_answers_to_the_names_of_the_standard_one(contract: Contract) -> None:
    """2.6, row "In the newer OTC Python package the logger is a standard ``logging.Logger``"; the root logger is not it."""
    outcome = contract.send("standard_log")
    assert json.loads(outcome.body) == [False, True, True]
    lines = outcome.logs.splitlines()[1:-1]
    said = [" ".join(line.split(" ")[2:]) for line in lines if str(outcome.request_id) in line]
    assert said == [
        "WARN warning", "DEBUG shown", "INFO by number", "ERROR beyond", "ERROR critical", "ERROR with a stack",
    ]  # fmt: skip
    assert "Traceback (most recent call last):" in lines
    assert "KeyError: 'inner'" in lines


def test_a_long_record_becomes_several(contract: Contract) -> None:
    """2.6, row "A record longer than 90 KiB (92,160 characters)"."""
    lines = [line.split(" INFO ")[1] for line in contract.logs("long_record") if " INFO " in line]
    assert [len(line) for line in lines] == [92160, 92160, 1]


def test_what_is_printed_is_raw_and_in_order(contract: Contract) -> None:
    """2.6, row "``print()`` and writes to stderr appear raw, without time, id or level"."""
    _, *lines, _ = contract.logs("prints")
    assert lines[:2] == ["to stdout and more", "to stderr"]
    assert lines[2].endswith(" INFO logged")
    assert lines[3:] == ["no newline"]


def test_what_its_commands_print_is_collected(contract: Contract) -> None:
    """2.6, row "Output of a background command": here both ways are collected, as long as the instance is warm."""
    assert contract.logs("background")[1:-1] == ["by os.system", "by Popen"]


# 2.7 Environment variables


def test_the_environment_is_the_platforms(contract: Contract) -> None:
    """2.7, every row of the table; ``RUNTIME_API_ADDR`` belongs to custom runtimes and Go and is not set.

    A user variable cannot take a name of the platform's, and is in ``os.environ`` too (I).
    """
    found = contract.ask("environment")
    assert json.loads(found.pop("RUNTIME_USERDATA")) == {"BUCKET": "photos", "RUNTIME_MEMORY": "user's own"}
    assert found == {
        "BUCKET": "photos",
        "RUNTIME_PROJECT_ID": "0" * 32,
        "RUNTIME_FUNC_NAME": "thumbnail",
        "RUNTIME_FUNC_VERSION": "latest",
        "RUNTIME_PACKAGE": "default",
        "RUNTIME_HANDLER": "src/index.handler",
        "RUNTIME_TIMEOUT": "20",
        "RUNTIME_CPU": "400",
        "RUNTIME_MEMORY": "256",
        "RUNTIME_MAX_RESP_BODY_SIZE": "6291456",
        "RUNTIME_INITIALIZER_HANDLER": "src/index.initializer",
        "RUNTIME_INITIALIZER_TIMEOUT": "20",
        "RUNTIME_ROOT": "/home/snuser/runtime",
        "RUNTIME_CODE_ROOT": str(contract.bench.folder),
        "RUNTIME_LOG_DIR": "/home/snuser/log",
    }


def test_more_variables_than_the_platform_takes_reach_the_handler(quick: Bench) -> None:
    """2.7, row "at most 4,096 characters": what is too much for the console is not cut here."""
    target = quick.target(
        "import os\ndef handler(event, context): return [len(os.environ['BIG']), len(context.getUserData('BIG'))]",
        environment={"BIG": "x" * 100_000},
    )
    assert quick.result(target) == [100_000, 100_000]


# 2.8 Process and file system


def test_the_handler_is_not_on_the_main_thread(contract: Contract) -> None:
    """2.8, row "does **not** run on the main thread": no event loop there, and a new one works."""
    words, answer = contract.ask("loop")
    assert "no current event loop in thread" in words
    assert answer == "a new one works"
    found = contract.ask("process")
    assert found["is_main"] is False
    assert found["thread"] == found["loaded_on"]


def test_the_arguments_are_the_servers(contract: Contract) -> None:
    """2.8, row ``sys.argv``: a bare ``parse_args()`` fails, ``parse_args(args=[])`` does not."""
    program, address, root = contract.ask("process")["argv"]
    assert re.fullmatch(r"/home/snuser/runtime/python3\.\d+/server\.py", program)
    assert (address, root) == ("127.0.0.1:31536", str(contract.bench.folder))
    outcome = contract.send("arguments")
    assert isinstance(outcome, Raised)
    assert outcome.error.type == "SystemExit"
    assert "unrecognized arguments: 127.0.0.1:31536" in outcome.logs


def test_the_working_folder_is_the_parent_of_the_code(contract: Contract) -> None:
    """2.8, rows "The working folder is its **parent**" and "a working folder in which an entry called ``code``"."""
    found = contract.ask("process")
    assert found["folder"] == ["code"]
    assert found["code"] == str(contract.bench.folder)
    assert contract.ask("read", "code/src/data.txt") == ["packaged"]
    assert contract.ask("read", f"{contract.bench.folder}/src/data.txt") == ["packaged"]
    assert contract.bench.send(contract.target, ["read", "src/data.txt"]).body == b"FileNotFoundError"


def test_the_code_folder_can_be_written_here(quick: Bench) -> None:
    """2.8, row "Code folder is read-only, only ``/tmp`` (512 MB)": neither is enforced; the README says so.

    The working folder above the code is read-only, but for the superuser.
    """
    source = """
        import os, tempfile
        def handler(event, context):
            with open("code/made.txt", "w") as stream: stream.write("x")
            with tempfile.TemporaryFile() as stream: written = stream.write(b"x")
            return [written, oct(os.stat(".").st_mode)[-3:]]
        """
    assert quick.result(source) == [1, "500"]
    assert (quick.folder / "made.txt").read_text() == "x"


def test_code_root_and_folder_are_where_modules_are_found(contract: Contract) -> None:
    """2.8, row "``sys.path`` contains the code root and the handler's folder"; the order is ours (I)."""
    found = contract.ask("process")
    root = str(contract.bench.folder)
    assert found["path"][:2] == [root, root + "/src"]
    assert found["file"] == root + "/src/index.py"
    assert found["name"] == "index"
    assert contract.ask("sibling") == ["beside the handler", "in the code root"]


def test_nothing_of_the_host_is_in_sight(contract: Contract) -> None:
    """2.8, on ``sys.argv`` and the process: what started the handler is no module it could find."""
    found = contract.ask("process")
    assert "python_host" not in "".join(found["main"])
    assert found["host"] is False
    assert found["cached"] is True


def test_libraries_are_those_of_the_interpreter_that_is_chosen(contract: Contract, interpreter: Path) -> None:
    """2.8, row "Pre-installed libraries are listed per version": none are added here; the version is reported."""
    ask = "import sys; print('python%d.%d' % sys.version_info[:2])"
    named = subprocess.run([interpreter, "-c", ask], capture_output=True, text=True, check=True).stdout.strip()
    assert contract.bench.exchange(contract.target, ["results", "none"]).target.runtime == named


def test_module_state_survives_on_an_instance_and_a_new_one_starts_empty(quick: Bench) -> None:
    """2.8, row "Module state survives between calls on one instance"."""
    source = "calls = []\ndef handler(event, context):\n    calls.append(1)\n    return len(calls)"
    target = quick.target(source)
    first, second = quick.send(target), quick.send(target)
    assert (first.body, second.body) == (b"1", b"2")
    assert (first.cold_start, second.cold_start) == (True, False)
    assert second.init_ms is None
    assert first.request_id != second.request_id
    quick.write(source + "  # changed")
    assert quick.send(target).body == b"1"


LIMITS = """
    import os, resource, threading
    def handler(event, context):
        opened = []
        try:
            while True: opened.append(os.open("/dev/null", os.O_RDONLY))
        except OSError as error:
            words = error.strerror
        for descriptor in opened: os.close(descriptor)
        return [resource.getrlimit(resource.RLIMIT_NOFILE), len(opened), words, resource.getrlimit(resource.RLIMIT_NPROC)]
    """


def test_a_function_has_2048_descriptors_and_as_many_processes_as_its_user(quick: Bench) -> None:
    """2.8, row "File descriptors 2048, processes plus threads 1024": the second is no limit that can be set for a tree."""
    limits, opened, words, processes = quick.result(LIMITS)
    assert limits == [2048, 2048]
    assert 2030 < opened < 2048
    assert words == "Too many open files"
    assert processes == list(resource.getrlimit(resource.RLIMIT_NPROC))


def test_a_system_that_allows_fewer_descriptors_is_respected(quick: Bench) -> None:
    """2.8, row "File descriptors 2048": a hard limit below it stays, and nothing fails."""
    quick.write(LIMITS)
    program = f"""if True:
        import resource
        from pathlib import Path
        resource.setrlimit(resource.RLIMIT_NOFILE, (200, 300))
        from fgtui.events.model import Event
        from fgtui.invoke.invoker import Invoker
        from fgtui.invoke.targets import parse_local
        invoker = Invoker()
        print(invoker.invoke(Event("blank", b"1"), parse_local("index.handler", base=Path({str(quick.folder)!r}))).outcome.body.decode())
        invoker.close()
        """
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    limits, opened, words, _ = json.loads(ran.stdout)
    assert limits == [300, 300]
    assert 280 < opened < 300
    assert words == "Too many open files"


def test_the_folders_of_the_handler_are_absolute(quick: Bench) -> None:
    """2.8, row "Code root": relative spellings of the target do not reach the handler."""
    target = quick.target("import os\ndef handler(event, context): return [__file__, os.environ['RUNTIME_CODE_ROOT']]")
    assert quick.result(target) == [str(quick.folder / "index.py"), str(quick.folder)]
