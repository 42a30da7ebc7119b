"""The host of Python handlers: what it takes care of beyond the contract's rows (``test_python_contract.py``)."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from fgtui.invoke.invoker import Invoker
from tests.invoke.harness import VERSIONS, Bench, python


@pytest.fixture(scope="module", params=VERSIONS)
def interpreter(request: pytest.FixtureRequest) -> Path:
    found = python(request.param)
    if isinstance(found, str):
        pytest.skip(found)
    return found


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
            "包/入口.py",
        )
        bench.write("数据", "数据.txt")
        target = bench.target(spec="包/入口.handler", python=interpreter, environment={"名": "值"}, name="名字")
        outcome = bench.send(target, "事件")
    finally:
        invoker.close()
    assert outcome.kind == "returned", outcome
    assert json.loads(outcome.body) == ["数据", "事件", "名字"]
    assert "\n打印 事件\n" in outcome.logs
    assert " INFO 记录 值\n" in outcome.logs


# Pre-stop (runtime.md section 2.4)

LEAVING = """
import functools

def handler(event, context):
    return 1

def without():
    print("left without a context")

def with_context(context):
    context.getLogger().info("%s left", context.getFunctionName())

def with_default(context=None):
    print("left, given", type(context).__name__)

@functools.wraps(without)
def wrapped(*arguments):
    without(*arguments)

def failing():
    raise OSError("no way out")

def forking():
    import os
    if os.fork() == 0:
        return
    os.wait()
    print("the original left")

class Leaver:
    def leave(self, context):
        print("bound", context.getRequestID())

bound = Leaver().leave
"""


@pytest.mark.parametrize(
    ("pre_stop", "said"),
    [
        ("without", "left without a context\n"),
        ("with_context", " prestop INFO code left\n"),
        ("with_default", "left, given Context\n"),
        ("wrapped", "left without a context\n"),
        ("bound", "bound prestop\n"),
        ("failing", " prestop function pre-stop exception, error: no way out\nTraceback (most recent call last):\n"),
        ("forking", "the original left\n"),
    ],
)
def test_a_pre_stop_function_is_called_before_an_instance_is_let_go(tmp_path: Path, pre_stop: str, said: str) -> None:
    """2.4, row "Pre-stop": openYuanrong calls it with no arguments; one that wants a context gets it."""
    heard: list[str] = []
    invoker = Invoker(on_leave=lambda target, words: heard.append(words))
    bench = Bench(tmp_path / "code", invoker)
    target = bench.target(LEAVING, pre_stop=f"index.{pre_stop}")
    assert bench.send(target).body == b"1"
    invoker.close(patience_s=30)
    assert len(heard) == 1
    assert said in heard[0]
    assert heard[0].count("left") <= 1


def test_a_pre_stop_function_under_every_interpreter(interpreter: Path, tmp_path: Path) -> None:
    heard: list[str] = []
    invoker = Invoker(on_leave=lambda target, words: heard.append(words))
    bench = Bench(tmp_path / "code", invoker)
    assert bench.send(bench.target(LEAVING, pre_stop="with_context", python=interpreter)).body == b"1"
    invoker.close(patience_s=30)
    assert heard[0].endswith(" prestop INFO code left\n")


def test_it_is_not_called_when_the_instance_is_stopped_for_a_reason(tmp_path: Path) -> None:
    heard: list[str] = []
    invoker = Invoker(on_leave=lambda target, words: heard.append(words))
    bench = Bench(tmp_path / "code", invoker)
    source = f"""
import os, time
def handler(event, context):
    time.sleep(1000) if event == "sleep" else os._exit(1)
def leave():
    open({str(tmp_path / "left")!r}, "w").close()
"""
    target = bench.target(source, pre_stop="leave", timeout_s=0.3)
    assert [bench.send(target, event).kind for event in ("sleep", "exit")] == ["timed_out", "crashed"]
    invoker.close(patience_s=30)
    assert heard == []
    assert not (tmp_path / "left").exists()


def test_a_pre_stop_function_that_is_missing_is_said_at_the_start(bench: Bench) -> None:
    outcome = bench.send(bench.target("def handler(event, context): pass", pre_stop="index.leave"))
    assert outcome.kind == "init_failed"
    assert "pre-stop function 'leave' not found in module './index.py'" in outcome.body.decode()


def test_a_pre_stop_function_that_does_not_come_back_is_stopped(tmp_path: Path) -> None:
    heard: list[str] = []
    invoker = Invoker(on_leave=lambda target, words: heard.append(words))
    bench = Bench(tmp_path / "code", invoker)
    source = (
        "import time\ndef handler(event, context): return 1\ndef leave():\n    print('begun')\n    time.sleep(1000)"
    )
    assert bench.send(bench.target(source, pre_stop="leave")).body == b"1"
    invoker.close(patience_s=0.2)
    (words,) = heard
    assert re.fullmatch(r"begun\nfgtui: the pre-stop function was stopped after \S+ s\n", words)
