"""More rows of runtime.md section 3 for Node.js handlers: at the edges of what the platform says."""

from __future__ import annotations

import shutil
from typing import Any

import pytest

from fgtui.invoke.model import InitFailed, LocalTarget, OutOfMemory, Raised
from fgtui.invoke.runtimes import node
from tests.invoke.harness import Bench


def target_of(bench: Bench, source: str, file: str = "index.js", **settings: Any) -> LocalTarget:
    bench.write(source, file)
    return bench.target(spec=f"{file}:handler", **settings)


@pytest.mark.parametrize("handler", ["async () => 1", "(...everything) => 1", "(event = {}, context) => 1"])
def test_a_handler_that_declares_no_parameter_is_refused(bench: Bench, handler: str) -> None:
    """3.1 and 3.4, row "wrong parameter count"."""
    outcome = bench.send(target_of(bench, f"exports.handler = {handler};"))
    assert isinstance(outcome, InitFailed)
    assert outcome.error.type == "FunctionLoadError"
    assert outcome.body.decode() == (
        '{\n    "errorMessage": "function entry exception, error: handler expect to have 2 or 3 parameters, '
        'but received 0",\n    "errorType": "FunctionLoadError"\n}'
    )


def test_the_remaining_time_falls_while_the_handler_works(bench: Bench) -> None:
    """2.5, row ``getRemainingTimeInMilliSeconds()``."""
    target = target_of(
        bench,
        """
        exports.handler = async (event, context) => {
          const first = context.getRemainingTimeInMilliSeconds();
          const until = Date.now() + 20;
          while (Date.now() < until);
          return first - context.getRemainingTimeInMilliSeconds();
        };
        """,
    )
    assert bench.result(target) >= 20


def test_the_remaining_time_goes_below_zero_once_it_has_run_out(bench: Bench) -> None:
    """2.5, row ``getRemainingTimeInMilliSeconds()``: a context that is kept beyond its event shows it."""
    target = target_of(
        bench,
        """
        let kept = null;
        exports.handler = async (event, context) => {
          kept = kept || { context, since: Date.now() };
          return [Date.now() - kept.since, kept.context.getRemainingTimeInMilliSeconds()];
        };
        """,
        timeout_s=0.3,
    )
    passed, left = bench.result(target)
    while passed <= 310:
        passed, left = bench.result(target)
    assert left < 0


def test_a_level_that_there_is_not_changes_nothing(bench: Bench) -> None:
    """2.6: DEBUG, INFO, WARN and ERROR are the levels."""
    target = target_of(
        bench,
        """
        exports.handler = async (event, context) => {
          const logger = context.getLogger();
          for (const level of ['NONSENSE', 'toString', 'debug', '', null, 10]) {
            logger.setLevel(level);
            logger.info(`info after ${level}`);
            logger.debug(`debug after ${level}`);
          }
          logger.setLevel('DEBUG');
          for (const level of ['NONSENSE', 'toString']) {
            logger.setLevel(level);
            logger.debug(`still shown after ${level}`);
          }
        };
        """,
    )
    records = [line.split(" ", 3)[2:] for line in bench.send(target).logs.splitlines()[1:-1]]
    assert records == [
        *(["INFO", f"info after {level}"] for level in ("NONSENSE", "toString", "debug", "", "null", "10")),
        ["DEBUG", "still shown after NONSENSE"],
        ["DEBUG", "still shown after toString"],
    ]


def test_the_initializer_has_no_request_id(bench: Bench) -> None:
    """2.5, row ``getRequestID()``: the initializer belongs to no event."""
    target = target_of(
        bench,
        """
        let seen = null;
        exports.initializer = async (context, callback) => { seen = [context.getRequestID()]; };
        exports.handler = async (event, context) => [...seen, context.getRequestID() !== ''];
        """,
        initializer="index.initializer",
    )
    assert bench.result(target) == ["", True]


@pytest.mark.parametrize("function", ["handler", "initializer"])
def test_no_frame_is_the_runtimes_even_if_fgtui_lies_in_the_project(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, function: str
) -> None:
    """3.4, first row: as where a project has its ``.venv`` beside the handler."""
    host = bench.folder / ".venv" / "node_host.cjs"
    host.parent.mkdir()
    shutil.copy(node.HOST, host)
    monkeypatch.setattr(node, "HOST", host)
    target = target_of(
        bench,
        f"""
        exports.initializer = async (context, callback) => {{}};
        exports.handler = async (event, context) => 1;
        exports.{function} = (first, second) => {{ throw new Error('bad'); }};
        """,
        initializer="index.initializer",
    )
    outcome = bench.send(target)
    assert isinstance(outcome, Raised | InitFailed)
    assert outcome.error.message == "bad"
    assert len(outcome.error.stack) == 1
    assert "./index.js:" in outcome.error.stack[0]
    assert "node_host" not in outcome.body.decode() + outcome.logs


NOBODY_HAS = "const kept = []; for (;;) kept.push(Buffer.alloc(2 ** 31));"


@pytest.mark.parametrize(
    ("file", "source"),
    [
        pytest.param("index.js", f"{NOBODY_HAS}\nexports.handler = async (e, c) => 1;", id="module"),
        pytest.param("index.mjs", f"{NOBODY_HAS}\nexport const handler = async (e, c) => 1;", id="es-module"),
        pytest.param(
            "index.js",
            f"exports.handler = async (event, context) => ({{ toJSON() {{ {NOBODY_HAS} }} }});",
            id="to-json",
        ),
    ],
)
def test_memory_nobody_can_have_is_out_of_memory_outside_the_handler_too(bench: Bench, file: str, source: str) -> None:
    """2.3, row "out of memory"."""
    outcome = bench.send(target_of(bench, source, file, memory_mb=128, timeout_s=20))
    assert isinstance(outcome, OutOfMemory), outcome
    assert (outcome.limit_mb, outcome.body) == (128, b"runtime memory limit exceeded")
    assert "Array buffer allocation failed" in outcome.logs
