"""``fgtui serve``: where it listens, a line for each request, exchanges on stdout, and an end by a signal."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fgtui import paths
from fgtui.cli.console import Console
from fgtui.cli.diagnostics import Diagnostics
from fgtui.cli.main import run
from fgtui.cli.output import Output
from tests.cli.stage import Stage
from tests.cli.test_processes import HANG_GUARD_S, Runner, runner
from tests.cli.waiting import wait_until
from tests.invoke.http_servers import answer, serving

__all__ = ["runner"]

HANDLER = """
import pathlib, time

def handler(event, context):
    path = event.get("path", "")
    if path == "/boom":
        raise ValueError("no \\x1b[31m good")
    if path == "/sleeps":
        pathlib.Path(__file__).with_name("asleep").touch()
        time.sleep(60)
    return {"statusCode": 200, "headers": {}, "body": context.getUserData("PASSWORD") or "ok"}
"""


class Serve:
    """``fgtui serve`` on a thread, which ends when nobody reads its exchanges any more."""

    def __init__(self, stage: Stage, *words: str) -> None:
        reading, writing = os.pipe()
        self._reading, self._said = os.fdopen(reading, "rb", buffering=0), io.StringIO()
        self._writing = os.fdopen(writing, "wb", buffering=0)
        console = Console(
            Output(self._writing), Diagnostics(self._said), environment=stage.environment, folder=stage.folder
        )
        words = ("serve", "--json", "--port", "0", *words)
        self.code = -1
        self._thread = threading.Thread(target=lambda: setattr(self, "code", run(words, console=console)))
        self._thread.start()
        wait_until(lambda: "SDK: " in self.said or not self._thread.is_alive(), "it listens")
        found = re.search(r"http://\S+?(?=; )", self.said)
        self.url = found[0] if found else ""

    @property
    def said(self) -> str:
        return self._said.getvalue()

    def ask(self, path: str, body: bytes | None = None, **headers: str) -> bytes:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            with urllib.request.urlopen(urllib.request.Request(self.url + path, body, named)) as answer:
                return bytes(answer.read())
        except urllib.error.HTTPError as error:
            with error:
                return error.read()

    def next_exchange(self) -> Any:
        line = b""
        while not line.endswith(b"\n"):
            line += self._reading.read(1)
        return json.loads(line)

    def end(self, path: str = "/last") -> int:
        if not self._reading.closed:
            self._reading.close()
            if self._thread.is_alive():
                self.ask(path)
        self._thread.join(HANG_GUARD_S)
        self._writing.close()
        return self.code


@pytest.fixture
def project(stage: Stage) -> Stage:
    (stage.folder / "index.py").write_text(HANDLER)
    return stage


@pytest.fixture
def serve(project: Stage) -> Iterator[Serve]:
    started = Serve(project, "--target", "index.handler")
    yield started
    started.end()


def refused(stage: Stage, *words: str) -> tuple[int, str]:
    ran = stage.run("serve", "--target", "index.handler", *words)
    assert ran.data == b""
    return ran.code, ran.said


def test_a_taken_port_is_said_with_the_next_free_one(project: Stage) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, said = refused(project, "--port", str(port))
    assert code == 2
    assert re.fullmatch(rf"error: port {port} of 127\.0\.0\.1 is taken\n  --port \d+ is free\n", said)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--route", "orders"), "route 'orders': it has to begin with /"),
        (("--allow-host", "http://x"), "'http://x' is no name of a host"),
        (("--session", "last"), "'last' cannot name a session"),
        (("--host", "192.0.2.1"), "192.0.2.1 is no address of this machine"),
        (("--port", "65536"), "--port"),
        (("--profile", "prod"), "prod"),
    ],
)
def test_what_cannot_be_served_is_said_in_words(project: Stage, words: tuple[str, ...], said: str) -> None:
    code, told = refused(project, *words, *(() if "--port" in words else ("--port", "0")))
    assert code == 2
    assert said in told
    assert "Traceback" not in told


def test_a_target_that_cannot_be_started_is_said_before_anybody_calls(stage: Stage) -> None:
    ran = stage.run("serve", "--target", "missing.handler", "--port", "0")
    assert ran.code == 2
    assert "missing" in ran.said


def test_calls_are_passed_on_elsewhere_only_after_a_yes(stage: Stage) -> None:
    ran = stage.run("serve", "--target", "http://192.0.2.1/invoke", "--port", "0")
    assert ran.code == 2
    assert ran.said == (
        "error: http://192.0.2.1/invoke is not served\n  no terminal to ask on: --yes serves without asking\n"
    )


def test_where_it_listens_is_said_in_lines_that_can_be_pasted(serve: Serve) -> None:
    lines = serve.said.splitlines()
    assert lines[0] == f"serving index.handler at {serve.url}; recorded into default; Ctrl+C ends it"
    assert f"  curl {serve.url}/" in lines
    assert f'  SDK: .with_endpoint("{serve.url}")' in lines
    (command,) = [line for line in lines if "/invocations" in line]
    path = command.split(serve.url)[1]
    assert json.loads(serve.ask(path, b"{}"))["body"] == "ok"


def test_each_request_is_a_line_that_says_how_it_ended(serve: Serve) -> None:
    assert serve.ask("/orders?token=hunter2hunter2") == b"ok"
    serve.next_exchange()
    serve.ask("/boom")
    serve.next_exchange()
    serve.ask("/v2/p/fgs/functions/x/invocations", b"no json")
    wait_until(lambda: "406" in serve.said, "it is told of")
    serve.ask("/v2/p/fgs/functions/urn%3Afss%3Acn-north-4%3Ap%3Afunction%3Adefault%3Ademo%3A%21live/invocations", b"!")
    wait_until(lambda: "!live" in serve.said, "it is told of")
    lines = serve.said.splitlines()[4:]
    assert re.fullmatch(r"GET /orders → 200 · ✓ returned · .* ms · .* · recorded as default 1", lines[0])
    assert re.fullmatch(
        r"GET /boom → 500 · ✗ raised ValueError: no \\e\[31m good · .* · recorded as default 2", lines[1]
    )
    assert lines[2].startswith("POST /v2/p/fgs/functions/x/invocations → 406 FSS.0406 The request body is not")
    assert lines[3].startswith("POST …/default:demo:!live/invocations → 406 FSS.0406 The request body is not")
    assert "hunter2" not in serve.said


def test_exchanges_are_lines_of_json_and_recorded(project: Stage, serve: Serve) -> None:
    serve.ask("/orders", authorization="Bearer hunter2hunter2hunter2")
    exchange = serve.next_exchange()
    assert (exchange["session"], exchange["seq"], exchange["event"]["trigger"]) == ("default", 1, "apig")
    assert "hunter2" not in json.dumps(exchange)
    assert json.loads(project.run("show", "default", "1", "--json").out)["id"] == exchange["id"]


def test_nothing_is_recorded_when_nothing_is_to_be(project: Stage) -> None:
    serve = Serve(project, "--target", "index.handler", "--no-record", "--route", "/orders/{id}")
    serve.ask("/orders/7")
    assert json.loads(serve.next_exchange()["event"]["wire"])["pathParameters"] == {"id": "7"}
    assert json.loads(serve.ask("/other"))["error_code"] == "APIG.0101"
    serve.ask("/orders/8")
    assert serve.next_exchange()["session"] in ("", None)
    assert serve.end("/orders/9") == 0
    assert "nothing is recorded; Ctrl+C ends it" in serve.said
    assert "recorded into" not in serve.said
    assert project.run("sessions").out == ""


def test_a_store_that_cannot_be_written_is_said_once_and_the_answers_go_on(project: Stage) -> None:
    store = project.folder / "not-a-store"
    store.write_text("somebody's notes, and longer than the header of a database is long " * 3)
    serve = Serve(project, "--target", "index.handler", "--store", str(store))
    assert [serve.ask("/a"), serve.ask("/b")] == [b"ok", b"ok"]
    serve.next_exchange()
    serve.next_exchange()
    assert serve.end() == 4
    assert serve.said.count("not recorded, the answers go on: ") == 1
    assert len(re.findall(r"^GET /[ab] → .* · not recorded$", serve.said, re.MULTILINE)) == 2
    assert "not recorded" in serve.said.splitlines()[-1]
    assert store.read_text().startswith("somebody's notes")


def test_a_changed_handler_answers_the_next_call(project: Stage, serve: Serve) -> None:
    assert serve.ask("/") == b"ok"
    (project.folder / "index.py").write_text(HANDLER.replace('or "ok"', 'or "changed"'))
    assert serve.ask("/") == b"changed"


def test_an_address_that_others_reach_is_a_warning(project: Stage) -> None:
    serve = Serve(project, "--target", "index.handler", "--host", "0.0.0.0")
    assert serve.url.startswith("http://127.0.0.1:")
    serve.end()
    assert "warning: other machines can call index.handler through 0.0.0.0: whoever reaches this port" in serve.said
    assert "any web page that one of their browsers opens, by a plain GET" in serve.said


def test_a_guard_that_is_set_while_something_is_served_holds_from_the_next_call_on(stage: Stage) -> None:
    config = paths.config_folder(stage.environment) / "config.toml"
    config.parent.mkdir(parents=True)
    settings = (
        '[targets.live]\nurn = "urn:fss:cn-north-4:p:function:default:f:latest"\nprofile = "prod"\n'
        '[profiles.prod]\nendpoint = "http://127.0.0.1:9"\naccess_key = "${env:AK}"\nsecret_key = "${env:SK}"\n'
    )
    config.write_text(settings)
    stage.environment |= {"AK": "FGTUIEXAMPLEAK000001", "SK": "fgtui-example-secret-key"}
    serve = Serve(stage, "--target", "live", "--yes")
    assert b"is guarded by now" not in serve.ask("/")
    config.write_text(settings + "guard = tr")
    assert b"is guarded by now" not in serve.ask("/")
    config.write_text(settings + "guard = true\n")
    assert b"function:default:f:latest is guarded by now: serve it anew, with its name" in serve.ask("/")
    serve.end()


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ((), "warning: whoever calls here reaches function default:f, "),
        (("--profile", "prod"), "warning: whoever calls through the gateway side here reaches function default:f, "),
    ],
)
def test_who_is_asked_for_no_credentials_in_front_of_what_is_guarded_is_said(
    stage: Stage, words: tuple[str, ...], asked: str
) -> None:
    config = paths.config_folder(stage.environment) / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text(
        '[targets.live]\nurn = "urn:fss:cn-north-4:p:function:default:f:latest"\nprofile = "prod"\n'
        '[profiles.prod]\nendpoint = "http://127.0.0.1:9"\naccess_key = "${env:AK}"\nsecret_key = "${env:SK}"\n'
        "guard = true\n"
    )
    stage.environment |= {"AK": "FGTUIEXAMPLEAK000001", "SK": "fgtui-example-secret-key"}
    serve = Serve(stage, "--target", "live", "--yes-really", *words)
    picture = json.loads(serve.ask("/", user_agent="Mozilla/5.0 (X11; Linux x86_64)", host="localhost"))
    serve.end()
    assert "this browser does not say which page led here" in picture["error_msg"]
    assert asked in serve.said
    assert ", which is guarded, and is asked for no credentials\n" in serve.said
    assert ("of profile prod; the gateway side asks nobody for any" in serve.said) is bool(words)


def test_a_profile_whose_tokens_no_caller_can_have_is_a_warning(project: Stage) -> None:
    config = paths.config_folder(project.environment) / "config.toml"
    config.parent.mkdir(parents=True)
    project.environment |= {"IAM_PASSWORD": "correct-horse-battery"}
    with serving(answer(201, b'{"token": {}}', (("X-Subject-Token", "MIIabc"),))) as iam:
        config.write_text(
            f'[profiles.prod]\nendpoint = "http://127.0.0.1:9"\nproject = "0123"\niam_endpoint = "{iam.url}"\n'
            'iam_user = "deployer"\niam_domain = "acme"\niam_password = "${env:IAM_PASSWORD}"\n'
        )
        serve = Serve(project, "--target", "index.handler", "--profile", "prod")
    assert b"APIGW.0301" in serve.ask("/v2/p/fgs/functions/x/invocations", b"{}", X_Auth_Token="MIIdef")
    serve.end()
    assert "warning: nobody can call the invocation API here: profile prod has its tokens from IAM" in serve.said


def test_variables_of_the_function_that_are_secret_are_recorded_nowhere(project: Stage) -> None:
    serve = Serve(project, "--target", "index.handler", "--env", "PASSWORD=correct-horse-battery")
    assert serve.ask("/") == b"correct-horse-battery"
    assert "correct-horse" not in json.dumps(serve.next_exchange())
    serve.end()
    assert "correct-horse" not in serve.said
    assert not any(b"correct-horse" in each.read_bytes() for each in project.folder.parent.rglob("*.db*"))


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)], ids=["int", "term", "hup"]
)
def test_a_signal_records_what_is_under_way_as_cancelled_and_ends(
    runner: Runner, number: signal.Signals, code: int
) -> None:
    (runner.folder / "index.py").write_text(HANDLER)
    process = runner.start("serve", "--target", "index.handler", "--timeout", "50", "--port", "0")
    url = _url_of(process)
    with socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2]))) as line:
        line.sendall(b"GET /sleeps HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        wait_until((runner.folder / "asleep").exists, "the handler sleeps")
        process.send_signal(number)
        out, said = process.communicate(timeout=HANG_GUARD_S)
    assert (process.returncode, out) == (code, b"")
    assert "GET /sleeps → 503 · ○ cancelled".encode() in said
    assert b"1 call, 1 recorded into default" in said
    assert b"Traceback" not in said


def _url_of(process: subprocess.Popen[bytes]) -> str:
    assert process.stderr is not None
    first = process.stderr.readline().decode()
    found = re.search(r"at (http://\S+);", first)
    assert found, first
    return found[1]


def test_who_starts_it_for_a_script_finds_no_trace_of_the_modules_it_needs(tmp_path: Path) -> None:
    asked = (
        "import sys, fgtui.cli.commands.serve; print([each for each in ('uvicorn', 'asyncio') if each in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert found.stdout == "[]\n"
