"""The contract of runtime.md section 2, under every interpreter this machine has."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fgtui.invoke.invoker import Invoker
from fgtui.invoke.model import LocalTarget
from tests.invoke.harness import VERSIONS, Bench, python

CONTRACT = '''
"""What a handler finds, case by case."""
import json, os, sys, threading

loaded_on = threading.current_thread().name

def initializer(context):
    context.set_state("kept")
    context.getLogger().info("in the initializer")

def context_values(event, context):
    return {name: getattr(context, name)() for name in event}

def types(event, context):
    return {name: type(getattr(context, name)()).__name__ for name in event}

def user_data(event, context):
    return [context.getUserData("BUCKET"), context.getUserData("NOT_SET"), context.getUserData("NOT_SET", "default")]

def remaining(event, context):
    before = context.getRemainingTimeInMilliSeconds()
    return [before, context.getRemainingTimeInMilliSeconds() <= before, type(before).__name__]

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
        return [str(error)]

def sibling(event, context):
    import helper
    from package import deeper
    return [helper.NAME, deeper.NAME]

def read_relative(event, context):
    with open("code/src/data.txt") as stream:
        return [stream.read()]

def log(event, context):
    logger = context.getLogger()
    logger.debug("hidden")
    logger.info("plain %s")
    logger.info("formatted %s and %d", "text", 7)
    logger.info("Initializing:", "name")
    logger.warn({"a": 1})
    logger.warning("warning")
    logger.error("error %(key)s", {"key": "value"})
    logger.setLevel("NONSENSE")
    logger.setLevel("DEBUG")
    logger.debug("shown")
    logger.setLevel("WARN")
    logger.info("hidden")
    logger.setLevel(40)
    logger.warn("hidden")
    try:
        raise KeyError("inner")
    except KeyError:
        logger.exception("with a stack")
    logger.setLevel("INFO")
    logger.info("")
    logger.info("\\ud800 %s", "\\x1b[2J")

def long_record(event, context):
    context.getLogger().info("x" * (92160 * 2 + 1))

def raises(event, context):
    raise ValueError("in %s" % context.getRequestID())

def results(event, context):
    return {"none": None, "text": "t", "number": 42, "true": True, "list": [1, "é", None], "nested": {"a": 1.5}}[event]

CASES = {name: value for name, value in list(globals().items()) if callable(value)}

def handler(event, context):
    return CASES[event[0]](event[1], context)
'''


class Contract:
    """One warm instance of the handler above, for all tests of an interpreter."""

    def __init__(self, bench: Bench, target: LocalTarget) -> None:
        self.bench = bench
        self.target = target

    def ask(self, case: str, argument: object = None, **arguments: Any) -> Any:
        return self.bench.result(self.target, [case, argument], **arguments)

    def logs(self, case: str) -> list[str]:
        return self.bench.send(self.target, [case, None]).logs.splitlines()


@pytest.fixture(scope="module", params=VERSIONS)
def interpreter(request: pytest.FixtureRequest) -> Path:
    found = python(request.param)
    if isinstance(found, str):
        pytest.skip(found)
    return found


@pytest.fixture(scope="module")
def contract(interpreter: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Contract]:
    invoker = Invoker()
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
    yield Contract(bench, target)
    invoker.close()


def test_the_context_has_every_method(contract: Contract) -> None:
    identifier = contract.bench.exchange(contract.target, ["context_values", ["getRequestID", "get_invoke_id"]])
    values = json.loads(identifier.outcome.body)
    assert values["getRequestID"] == values["get_invoke_id"] == identifier.outcome.request_id
    assert contract.ask(
        "context_values",
        [
            "getRunningTimeInSeconds", "getMemorySize", "getCPUNumber", "getFunctionName", "getVersion", "getPackage",
            "getProjectID", "getAlias", "get_state", "get_invoke_property",
        ],
    ) == {
        "getRunningTimeInSeconds": 20, "getMemorySize": 256, "getCPUNumber": 400, "getFunctionName": "thumbnail",
        "getVersion": "latest", "getPackage": "default", "getProjectID": "0" * 32, "getAlias": "", "get_state": "kept",
        "get_invoke_property": "",
    }  # fmt: skip
    empty = [
        "getSecurityAccessKey", "getSecuritySecretKey", "getSecurityToken", "getToken", "getAccessKey", "getSecretKey",
        "getWorkflowID", "getWorkflowRunID", "getWorkflowStateID", "getAuthToken", "getTenantID", "get_session_id",
    ]  # fmt: skip
    assert contract.ask("context_values", empty) == dict.fromkeys(empty, "")
    assert contract.ask("types", ["get_trace_id", "get_instance_id", "getLogger", "get_stream"]) == {
        "get_trace_id": "str", "get_instance_id": "str", "getLogger": "Logger", "get_stream": "NoneType",
    }  # fmt: skip


def test_strict_values_are_text_and_milliseconds(interpreter: Path, tmp_path: Path) -> None:
    invoker = Invoker()
    try:
        bench = Bench(tmp_path, invoker)
        target = bench.target(CONTRACT, strict_context=True, python=interpreter)
        names = ["getRunningTimeInSeconds", "getMemorySize", "getCPUNumber"]
        assert bench.result(target, ["context_values", names]) == {
            "getRunningTimeInSeconds": 3000,
            "getMemorySize": "128",
            "getCPUNumber": "300",
        }
    finally:
        invoker.close()


@pytest.mark.parametrize("locale", [{}, {"LC_ALL": "C.UTF-8"}])
def test_names_and_texts_may_be_chinese(
    interpreter: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, locale: dict[str, str]
) -> None:
    for name in ("LC_ALL", "LC_CTYPE", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in locale.items():
        monkeypatch.setenv(name, value)
    invoker = Invoker()
    try:
        bench = Bench(tmp_path / "函数 '[/b] \"q", invoker)
        bench.write(
            """
            def handler(event, context):
                print("打印", event)
                context.getLogger().info("记录 %s", context.getUserData("名"))
                with open("code/数据.txt", encoding="utf-8") as stream: return [stream.read(), event, context.getFunctionName()]
            """,
            "入口.py",
        )
        bench.write("数据", "数据.txt")
        target = bench.target(spec="入口.handler", python=interpreter, environment={"名": "值"}, name="名字")
        outcome = bench.send(target, "事件")
    finally:
        invoker.close()
    assert outcome.kind == "returned", outcome
    assert json.loads(outcome.body) == ["数据", "事件", "名字"]
    assert "\n打印 事件\n" in outcome.logs
    assert " INFO 记录 值\n" in outcome.logs


def test_user_variables_come_through_the_context(contract: Contract) -> None:
    assert contract.ask("user_data") == ["photos", None, "default"]


def test_time_runs_out(contract: Contract) -> None:
    left, runs, kind = contract.ask("remaining")
    assert 10_000 < left <= 20_000
    assert (runs, kind) == (True, "int")


def test_the_environment_is_the_platforms(contract: Contract) -> None:
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


def test_the_process_looks_as_in_the_cloud(contract: Contract) -> None:
    found = contract.ask("process")
    root = str(contract.bench.folder)
    assert re.fullmatch(r"/home/snuser/runtime/python3\.\d+/server\.py", found["argv"][0])
    assert found["argv"][1:] == ["127.0.0.1:31536", root]
    assert found["path"][:2] == [root, root + "/src"]
    assert found["folder"] == ["code"]
    assert found["code"] == root
    assert found["file"] == root + "/src/index.py"
    assert found["name"] == "index"
    assert found["is_main"] is False
    assert found["thread"] == found["loaded_on"]
    assert "python_host" not in "".join(found["main"])
    assert found["host"] is False
    assert found["cached"] is True


def test_there_is_no_event_loop_on_the_handlers_thread(contract: Contract) -> None:
    assert "no current event loop in thread" in contract.ask("loop")[0]


def test_modules_beside_the_handler_and_in_the_code_root_are_found(contract: Contract) -> None:
    assert contract.ask("sibling") == ["beside the handler", "in the code root"]


def test_a_packaged_file_is_below_code(contract: Contract) -> None:
    assert contract.ask("read_relative") == ["packaged"]


@pytest.mark.parametrize(
    ("case", "body"),
    [
        ("none", b""),
        ("text", b"t"),
        ("number", b"42"),
        ("true", b"true"),
        ("list", b'[1, "\\u00e9", null]'),
        ("nested", b'{"a": 1.5}'),
    ],
)
def test_results_are_spelled_as_the_platform_does(contract: Contract, case: str, body: bytes) -> None:
    assert contract.bench.send(contract.target, ["results", case]).body == body


def test_the_logger_formats_filters_and_stamps(contract: Contract) -> None:
    start, *lines, finish = contract.logs("log")
    identifier = re.findall(r"'([0-9a-f-]{36})'", start)[0]
    assert identifier in finish
    stamped = re.compile(rf"\d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\dZ {identifier} ")
    said = [stamped.sub("", line, count=1) for line in lines if stamped.match(line)]
    assert said == [
        "INFO plain %s",
        "INFO formatted text and 7",
        "INFO Initializing: name",
        "WARN {'a': 1}",
        "WARN warning",
        "ERROR error value",
        "DEBUG shown",
        "ERROR with a stack",
        "INFO ",
        "INFO \\ud800 \x1b[2J",
    ]
    assert next(line for line in lines if not stamped.match(line)) == "Traceback (most recent call last):"
    assert "KeyError: 'inner'" in lines


def test_a_long_record_becomes_several(contract: Contract) -> None:
    lines = [line.split(" INFO ")[1] for line in contract.logs("long_record") if " INFO " in line]
    assert [len(line) for line in lines] == [92160, 92160, 1]


def test_an_exception_is_reported_with_the_code_root_as_a_dot(contract: Contract) -> None:
    outcome = contract.bench.send(contract.target, ["raises", None])
    body = json.loads(outcome.body)
    assert body["errorMessage"] == f"function invocation exception, error: in {outcome.request_id}"
    assert body["errorType"] == "ValueError"
    assert re.fullmatch(r'File "\./src/index\.py", line \d+, in handler', body["stackTrace"][0])
    assert body["stackTrace"][-1] == '  raise ValueError("in %s" % context.getRequestID())'
    lines = outcome.logs.splitlines()
    assert lines[1].endswith(f" {outcome.request_id} {body['errorMessage']}")
    assert lines[2] == "Traceback (most recent call last):"
    assert lines[3].startswith(f'  File "{contract.bench.folder}/src/index.py", line ')
    assert lines[-2] == f"ValueError: in {outcome.request_id}"


def test_the_runtime_is_named_by_the_host(contract: Contract, interpreter: Path) -> None:
    ask = "import sys; print('python%d.%d' % sys.version_info[:2])"
    named = subprocess.run([interpreter, "-c", ask], capture_output=True, text=True, check=True).stdout.strip()
    assert contract.bench.exchange(contract.target, ["results", "none"]).target.runtime == named
