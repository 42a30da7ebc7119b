"""Programs that repeat an exchange: they compile whatever it holds, and run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings

from fgtui.invoke.model import Exchange, TargetSummary
from fgtui.sessions.export.forms import render
from fgtui.sessions.redaction.redactor import Redactor
from tests.factories import an_exchange
from tests.sessions.conftest import Server
from tests.sessions.export.test_commands import an_apig_exchange
from tests.sessions.strategies import exchanges

REDACTOR = Redactor(salt=b"0123456789abcdef")
ECHO = """
import helper
def handler(event, context):
    context.getLogger().info("got %s", context.getRequestID())
    return {"event": event, "helped": helper.HELPED, "user": context.getUserData("REGION"), "none": context.getToken()}
"""


def python(exchange: Exchange) -> str:
    return render(exchange, "python", redactor=REDACTOR)


def run(text: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[bytes]:
    environment = {"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1", **variables}
    return subprocess.run(
        [sys.executable, "-S", "-"], input=text.encode(), cwd=folder, env=environment, capture_output=True, timeout=60
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "it's"
    (folder / "src").mkdir(parents=True)
    (folder / "src" / "index.py").write_text(ECHO)
    (folder / "src" / "helper.py").write_text("HELPED = True")
    return folder


@settings(max_examples=40)
@given(exchanges)
def test_a_program_compiles_whatever_an_exchange_holds(exchange: Exchange) -> None:
    text = python(exchange)
    compile(text.encode(), "program.py", "exec")


@pytest.mark.parametrize("spec", ["src/index.handler", "src/index.py:handler", "src.index.handler"])
def test_a_python_handler_is_called_with_the_event(project: Path, spec: str) -> None:
    event = {"it's": "'''\\ \u202e", "n": [1.5, None]}
    ran = run(python(an_exchange(json.dumps(event), target=TargetSummary("local", spec))), project, REGION="cn")
    assert ran.returncode == 0, ran.stderr
    assert json.loads(ran.stdout) == {"event": event, "helped": True, "user": "cn", "none": ""}
    assert ran.stderr == b"INFO got 00000000-0000-0000-0000-000000000000\n"


def test_halves_of_characters_and_controls_are_printed_as_escapes_whatever_the_terminal_takes(project: Path) -> None:
    (project / "src" / "index.py").write_text("def handler(event, context):\n    print(event['e'])\n    return event\n")
    event = {"e": "\ud800", "n": "\0\x1b\x7f", "long": "\ud800\u4e2d" * 100_000}
    text = python(an_exchange(json.dumps(event), target=TargetSummary("local", "src/index.handler")))
    for encoding in ("utf-8", "ascii"):
        ran = run(text, project, PYTHONIOENCODING=encoding)
        assert (ran.returncode, ran.stderr) == (0, b"")
        printed, answer = ran.stdout.decode(encoding).splitlines()
        assert printed == "\\ud800"
        assert json.loads(answer) == event


def test_a_handler_that_is_not_there_is_said_in_words(tmp_path: Path) -> None:
    ran = run(python(an_exchange()), tmp_path)
    assert b"there is no src/index.py here" in ran.stderr
    assert b"Traceback" not in ran.stderr


def test_redacted_values_are_asked_of_the_environment(project: Path) -> None:
    text = python(an_exchange('{"password": "hunter2"}'))
    assert "hunter2" not in text
    refused = run(text, project)
    assert refused.stdout == b""
    assert b"set these variables first, to what was redacted: PASSWORD" in refused.stderr
    ran = run(text, project, PASSWORD='a"b\\')
    assert json.loads(ran.stdout)["event"] == {"password": 'a"b\\'}


@pytest.mark.parametrize("wire", [b'{"a": "\xc3\xa9\\n"}\n', b"\xff\x00'''", b"not json"])
def test_anything_else_is_posted_as_it_is(tmp_path: Path, server: Server, wire: bytes) -> None:
    server.heard.clear()
    target = TargetSummary("local", "src/index.js:handler", "nodejs20.1")
    text = python(an_exchange(wire, target=target))
    assert b"set FGTUI_URL to the address that runs the function" in run(text, tmp_path).stderr
    ran = run(text, tmp_path, FGTUI_URL=f"{server.url}/invoke")
    assert (ran.returncode, ran.stderr) == (0, b"200\n")
    ((line, headers, body),) = server.heard
    assert (line, headers["content-type"], body) == ("POST /invoke HTTP/1.1", "application/json", wire)


def test_an_event_of_api_gateway_is_the_request_again(tmp_path: Path, server: Server) -> None:
    server.heard.clear()
    exchange = an_apig_exchange(
        TargetSummary("http", f"{server.url}/base?k=v"),
        path="/a b",
        headers={"X-Auth-Token": "hunter2", "X-Note": "é"},
        queryStringParameters={"token": "abc"},
        body="password=x&y=1",
        isBase64Encoded=False,
    )
    ran = run(python(exchange), tmp_path, X_AUTH_TOKEN="t", TOKEN="u", PASSWORD="p")
    assert ran.stderr == b"200\n"
    ((line, headers, body),) = server.heard
    assert line == "POST /base/a%20b?k=v&token=u HTTP/1.1"
    assert headers["x-auth-token"] == "t"
    assert headers["x-note"].encode("latin-1").decode() == "é"
    assert body == b"password=p&y=1"
