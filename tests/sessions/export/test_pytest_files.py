"""A test file a team can own: it compiles whatever it holds, and passes or fails as the handler does."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fgtui.invoke.model import Exchange, HandlerError, Raised, Returned, TargetSummary, TimedOut
from fgtui.sessions.export.forms import pytest_file
from fgtui.sessions.export.pytest_files import expected
from fgtui.sessions.redaction.redactor import Redactor
from tests.factories import an_exchange
from tests.sessions.export.test_shell_words import HOSTILE
from tests.sessions.strategies import exchanges

REDACTOR = Redactor(salt=b"0123456789abcdef")
HANDLER = """
def handler(event, context):
    if "boom" in event:
        raise ValueError(event["boom"])
    return {"echo": event}
"""


def text_of(some: Iterable[Exchange], **how: Any) -> str:
    return "".join(pytest_file(some, redactor=REDACTOR, **how))


def cases(text: str) -> list[tuple[tuple[Any, ...], str]]:
    """The values and the name of each case."""
    space: dict[str, Any] = {"__file__": "/work/tests/test_x.py"}
    head = text.partition("\n@pytest.fixture")[0].replace("from fgtui.testing import Handler\n", "")
    exec(compile(head.encode(), "test_x.py", "exec"), space)
    return [(case.values, case.id) for case in space["EXCHANGES"]]


hostile = st.lists(st.sampled_from([*HOSTILE, "'''", '"""', "coding: utf-7"]), max_size=6).map("".join)


@settings(max_examples=40)
@given(st.lists(exchanges, max_size=3), hostile, hostile)
def test_a_file_means_exactly_what_was_recorded(some: list[Exchange], target: str, folder: str) -> None:
    text = text_of(some, target=target, folder=folder)
    compile(text.encode(), "test_x.py", "exec")
    found = cases(text)
    assert len(found) == len(some)
    for exchange, (values, _) in zip(some, found, strict=True):
        kept = REDACTOR.apply(exchange)
        event = values[1]["event"]
        assert (event.encode() if isinstance(event, str) else event) == kept.event.wire
        assert values[0] == target
        assert values[1]["trigger"] == kept.event.trigger
        assert tuple(values[1].get("redacted", ())) == kept.event.redacted
        assert values[2]["kind"] == kept.outcome.kind


@settings(max_examples=30)
@given(hostile, hostile)
def test_nothing_recorded_becomes_code(spec: str, session: str) -> None:
    target = TargetSummary("local", spec)
    ((values, name),) = cases(text_of([an_exchange(spec, target=target, session=session, trigger=session)]))
    assert values[0] == spec
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-")


def test_what_is_compared_is_what_does_not_change_by_itself() -> None:
    assert expected(an_exchange(body='{"a": 1}')) == {"kind": "returned", "result": {"a": 1}}
    assert expected(an_exchange(body="")) == {"kind": "returned", "result": None}
    outcome = Returned(body=b"x", status_code=200, headers=(("Content-Type", "a"), ("Date", "today")))
    assert expected(an_exchange(outcome=outcome)) == {
        "kind": "returned", "result": "x", "status_code": 200, "headers": {"content-type": "a"},
    }  # fmt: skip
    raised = Raised(error=HandlerError("E", "m", ("line 3",)), body=b'{"stackTrace": ["line 3"]}')
    assert expected(an_exchange(outcome=raised)) == {"kind": "raised", "error": {"type": "E", "message": "m"}}
    assert expected(an_exchange(outcome=TimedOut(limit_s=3, stopped_processes=4)))["error"] == {"limit_s": 3}


@pytest.mark.parametrize("body", ["[" * 300 + "]" * 300, "1E99999", "9" * 5000])
def test_a_result_that_python_cannot_spell_is_left_out_in_words(body: str) -> None:
    text = text_of([an_exchange(body=body)])
    assert "too large a number, to stand here" in text
    ((values, _),) = cases(text)
    assert "result" not in values[2]


def test_a_case_is_named_by_its_number_and_trigger() -> None:
    text = text_of(
        [an_exchange(seq=7, trigger="obs"), an_exchange(seq=8, target=TargetSummary("local", "other.handler"))]
    )
    assert [name for _, name in cases(text)] == ["7-obs-returned", "8-blank-returned"]
    assert [values[0] for values, _ in cases(text)] == ["src/index.handler", "other.handler"]
    assert 'HANDLER = "src/index.handler"' in text
    assert '        "other.handler",\n' in text


def test_an_empty_session_is_a_file_without_cases() -> None:
    assert cases(text_of([])) == []


def test_it_passes_and_fails_as_the_handler_does(tmp_path: Path) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "index.py").write_text(HANDLER)
    tests = tmp_path / "tests"
    tests.mkdir()
    some = [
        an_exchange('{"a": [1.50, "it\'s"]}\n', seq=1, body='{"echo": {"a": [1.5, "it\'s"]}}'),
        an_exchange('{"boom": "x"}', Raised(error=HandlerError("ValueError", "x")), seq=2),
        an_exchange('{"b": 1}', seq=3, body='{"echo": {"b": 2}}'),
        an_exchange('{"password": "hunter2"}', seq=4, body='{"echo": {"password": "hunter2"}}'),
    ]
    (tests / "test_recorded.py").write_text(text_of(some, folder=".."), "utf-8")
    (tmp_path / "fgtui.toml").write_text('[targets.nobody-agreed]\nhandler = "src/index.handler"\n')
    (tests / "test_project.py").write_text(text_of(some[:1], folder="..", target="nobody-agreed"), "utf-8")
    environment = {"PATH": os.environ["PATH"], "FGTUI_HOME": str(tmp_path / "home"), "PYTHONPATH": str(Path.cwd())}
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-rA", "--tb=short", "-p", "no:cacheprovider", "-c", os.devnull, "tests"],
        cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert "3 failed, 2 passed" in ran.stdout, ran.stdout
    assert "fgtui.toml names programs, variables or endpoints that nobody agreed to yet" in ran.stdout
    assert "agree with `fgtui trust`; where nobody can be asked: FGTUI_TRUST=<the hash>" in ran.stdout
    assert not re.search(r"^fgtui/|/fgtui/\w+\.py:", ran.stdout, re.MULTILINE), ran.stdout  # nothing of ours is shown
    for name in ("1-blank-returned", "2-blank-raised"):
        assert f"PASSED tests/test_recorded.py::test_the_answer_is_as_recorded[{name}]" in ran.stdout
    assert "outcome.result.echo.b" in ran.stdout
    assert "replay.secrets" in ran.stdout
    assert "hunter2" not in json.dumps(ran.stdout)
