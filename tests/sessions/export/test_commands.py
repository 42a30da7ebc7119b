"""Commands that repeat an exchange: run in real shells, against a real server, byte for byte."""

from __future__ import annotations

import base64
import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from fgtui.errors import UsageError
from fgtui.invoke.model import Cancelled, Exchange, OutOfMemory, Returned, TargetSummary, TimedOut
from fgtui.sessions.export.commands import send_command, variables
from fgtui.sessions.export.forms import render
from fgtui.sessions.model import NO_TARGET
from fgtui.sessions.redaction.redactor import Redactor
from fgtui.terminal.display import is_displayable
from tests.factories import an_exchange
from tests.sessions.conftest import Server
from tests.sessions.export.test_shell_words import HOSTILE, contents
from tests.sessions.shells import SHELLS, run_in

REDACTOR = Redactor(salt=b"0123456789abcdef")
needs_curl = pytest.mark.skipif(not shutil.which("curl"), reason="no curl here")
several = settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])


def curl(exchange: Exchange) -> str:
    return render(exchange, "curl", redactor=REDACTOR)


def an_apig_exchange(target: TargetSummary | None = None, **members: Any) -> Exchange:
    event = {"httpMethod": "POST", "path": "/", "headers": {}, "queryStringParameters": {}, **members}
    return an_exchange(json.dumps(event, ensure_ascii=False), trigger="apig", target=target)


# curl


@needs_curl
@pytest.mark.parametrize("shell", SHELLS)
@several
@given(contents)
@example(b'{"it\'s": "100% \\\\ ! $HOME `id`"}\n\n')
@example(b"@/etc/passwd")
@example(b"\x00\xff\n")
@example(b"")
def test_curl_posts_the_same_bytes(shell: tuple[str, ...], tmp_path: Path, server: Server, wire: bytes) -> None:
    server.heard.clear()
    ran = run_in(shell, curl(an_exchange(wire)), tmp_path, {"FGTUI_URL": f"{server.url}/invoke"})
    assert ran.returncode == 0, ran.stderr
    ((line, headers, body),) = server.heard
    assert (line, headers["content-type"]) == ("POST /invoke HTTP/1.1", "application/json")
    assert body == REDACTOR.apply(an_exchange(wire)).event.wire


@needs_curl
@pytest.mark.parametrize("shell", SHELLS)
def test_a_body_beyond_the_length_of_arguments_goes_whole(
    shell: tuple[str, ...], tmp_path: Path, server: Server
) -> None:
    server.heard.clear()
    wire = json.dumps(["it's é\\ %", "<x>"] * 30_000, ensure_ascii=False).encode()
    assert len(wire) > 500_000
    run_in(shell, curl(an_exchange(wire)), tmp_path, {"FGTUI_URL": server.url})
    assert server.heard[0][2] == wire


values = st.lists(st.sampled_from([each for each in HOSTILE if each.isprintable()]), max_size=5).map("".join)


@needs_curl
@pytest.mark.parametrize("shell", SHELLS)
@several
@given(values, values, values, contents)
@example("'", "[1-3]{a,b}", "@x", b"\xff")
def test_an_event_of_api_gateway_is_the_request_again(  # noqa: PLR0917
    shell: tuple[str, ...], tmp_path: Path, server: Server, path: str, parameter: str, header: str, body: bytes
) -> None:
    server.heard.clear()
    exchange = an_apig_exchange(
        path=f"/{path}",
        queryStringParameters={"q": parameter},
        headers={"X-Note": header, "X-Empty": ""},
        body=base64.b64encode(body).decode(),
        isBase64Encoded=True,
    )
    ran = run_in(shell, curl(exchange), tmp_path, {"FGTUI_URL": server.url})
    assert ran.returncode == 0, ran.stderr
    from fgtui.invoke.gateway import request_of

    wanted = request_of(exchange.event.wire, [], host="x")
    ((line, headers, got),) = server.heard
    assert line == f"POST {wanted.target} HTTP/1.1"
    assert headers["x-note"].encode("latin-1").decode() == header.strip(" ")
    assert headers["x-empty"] == ""
    assert "content-type" not in headers
    assert got == body


@needs_curl
@pytest.mark.parametrize(("method", "body"), [("GET", ""), ("HEAD", ""), ("DELETE", ""), ("PUT", "x"), ("GET", "x")])
def test_every_method_goes_as_it_is(tmp_path: Path, server: Server, method: str, body: str) -> None:
    server.heard.clear()
    exchange = an_apig_exchange(httpMethod=method, body=body, isBase64Encoded=False)
    assert run_in(("sh",), curl(exchange), tmp_path, {"FGTUI_URL": server.url}).returncode == 0
    assert [(line, got) for line, _, got in server.heard] == [(f"{method} / HTTP/1.1", body.encode())]


@needs_curl
def test_an_http_function_gets_its_request_and_a_container_its_event(tmp_path: Path, server: Server) -> None:
    server.heard.clear()
    for spec in (f"{server.url}/base?k=v", f"{server.url}/invoke"):
        exchange = an_apig_exchange(TargetSummary("http", spec), httpMethod="GET", path="/a")
        assert run_in(("sh",), curl(exchange), tmp_path).returncode == 0
    assert [line for line, _, _ in server.heard] == ["GET /base/a?k=v HTTP/1.1", "POST /invoke HTTP/1.1"]


@needs_curl
@pytest.mark.parametrize("shell", SHELLS)
def test_a_credential_is_a_variable_and_nothing_is_sent_without(
    shell: tuple[str, ...], tmp_path: Path, server: Server
) -> None:
    server.heard.clear()
    exchange = an_apig_exchange(
        headers={"X-Auth-Token": "hunter2"},
        queryStringParameters={"password": "p w"},
        body='{"secret": "s3"}',
        isBase64Encoded=False,
    )
    command = curl(exchange)
    assert "hunter2" not in command
    assert run_in(shell, command, tmp_path, {"FGTUI_URL": server.url}).returncode != 0
    assert server.heard == []
    variables = {"FGTUI_URL": server.url, "X_AUTH_TOKEN": "hunter2", "PASSWORD": "p%20w", "SECRET": "s3"}
    assert run_in(shell, command, tmp_path, variables).returncode == 0
    ((line, headers, body),) = server.heard
    assert line == "POST /?password=p%20w HTTP/1.1"
    assert headers["x-auth-token"] == "hunter2"
    assert body == b'{"secret": "s3"}'


@needs_curl
def test_a_placeholder_that_no_variable_reaches_needs_a_yes(tmp_path: Path, server: Server) -> None:
    server.heard.clear()
    data = base64.b64encode(b'{"password": "hunter2"}').decode()
    command = curl(an_exchange(json.dumps({"data": data})))
    ran = run_in(("sh",), command, tmp_path, {"FGTUI_URL": server.url})
    assert ran.returncode != 0
    assert b"SEND_REDACTED" in ran.stderr
    assert server.heard == []
    assert run_in(("sh",), command, tmp_path, {"FGTUI_URL": server.url, "SEND_REDACTED": "1"}).returncode == 0


def test_a_deployed_function_is_called_through_the_invocation_api() -> None:
    spec = "urn:fss:cn-north-4:0123456789abcdef0123456789abcdef:function:default:demo:!prod"
    command = curl(an_exchange(target=TargetSummary("remote", spec)))
    assert (
        "'https://functiongraph.cn-north-4.myhuaweicloud.com''/v2/0123456789abcdef0123456789abcdef/fgs/functions/"
        "urn:fss:cn-north-4:0123456789abcdef0123456789abcdef:function:default:demo:%21prod/invocations'"
    ) in command
    assert '"${X_AUTH_TOKEN:?' in command


@pytest.mark.parametrize("spec", ["urn:fss:x'$(id):p:function:d:n", "https://h/$(touch x)'`id`", "-K/etc/passwd"])
def test_no_target_runs_a_word(tmp_path: Path, spec: str) -> None:
    for form in ("curl", "cli"):
        command = render(an_exchange(target=TargetSummary("remote", spec)), form, redactor=REDACTOR)
        quiet = command.replace("curl --globoff", "true --globoff").replace("fgtui send", "true")
        ran = run_in(("sh",), quiet, tmp_path, {"FGTUI_URL": "http://127.0.0.1:9"})
        assert ran.stdout == b""
        assert [file.name for file in tmp_path.iterdir() if file.name != "fgtui-home"] == ["script"]


# fgtui send


def cli(exchange: Exchange, **how: Any) -> str:
    return render(exchange, "cli", redactor=REDACTOR, **how)


@pytest.fixture
def recorder(tmp_path: Path) -> Path:
    """A folder with an ``fgtui`` that keeps what it is told and given."""
    program = tmp_path / "bin" / "fgtui"
    program.parent.mkdir()
    program.write_text("#!/bin/sh\ncat > given\nprintf '%s\\0' \"$@\" > told\n")
    program.chmod(0o755)
    return program.parent


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    "wire",
    ['{"it\'s": "100% \\\\ ! $HOME `id`"}', '{\n  "é": "EOF"\n}\n', '{"\u202e": 1}\t\n', '"' + "x" * 300_000 + '"'],
)
def test_fgtui_send_is_given_the_same_bytes(shell: tuple[str, ...], tmp_path: Path, recorder: Path, wire: str) -> None:
    exchange = an_exchange(wire, target=TargetSummary("local", "it's/index.handler"))
    path = f"{recorder}:{os.environ['PATH']}"
    assert run_in(shell, cli(exchange), tmp_path, {"PATH": path}).returncode == 0
    assert (tmp_path / "given").read_bytes() == wire.encode()
    assert (tmp_path / "told").read_bytes().split(b"\0")[:-1] == [b"send", b"-", b"--target", b"it's/index.handler"]


@pytest.mark.parametrize(
    ("outcome", "limits"),
    [
        (TimedOut(limit_s=1.5), ["--timeout", "1.5"]),
        (TimedOut(limit_s=3.0), []),
        (OutOfMemory(limit_mb=512), ["--memory", "512"]),
        (
            Returned(logs="x\n2026-01-01T00:00:00Z Finish invoke request 'a', duration: 1ms, billing memory: 256MB\n"),
            ["--memory", "256"],
        ),
        (Returned(logs="billing memory: 999MB"), []),
    ],
)
def test_the_limits_that_are_known_come_along(outcome: Any, limits: list[str]) -> None:
    assert cli(an_exchange(outcome=outcome)).split()[-len(limits) - 1 :] == ["src/index.handler", *limits]
    named = cli(an_exchange(outcome=outcome), target_name="thumb")
    assert named.endswith("--target thumb\n")


@pytest.mark.parametrize(
    ("target", "words"),
    [
        (TargetSummary("local", "com.x.Main.handle", "java17.0.1"), ["com.x.Main.handle", "--runtime", "java"]),
        (TargetSummary("local", "target/a.jar:com.x.Main.handle", "java17.0.1"), ["target/a.jar:com.x.Main.handle"]),
        (TargetSummary("http", "http://127.0.0.1:8000/", "http"), ["http://127.0.0.1:8000/", "--runtime", "http"]),
        (TargetSummary("http", "http://127.0.0.1:8000/invoke"), ["http://127.0.0.1:8000/invoke"]),
        (TargetSummary("", ""), ["-"]),
    ],
)
def test_the_runtime_is_named_where_the_spelling_does_not_tell(target: TargetSummary, words: list[str]) -> None:
    assert cli(an_apig_exchange(target)).split()[-len(words) :] == words


def test_a_place_that_hides_characters_is_written_in_octal(tmp_path: Path, recorder: Path) -> None:
    command = cli(an_exchange('{"\u202e token": "hunter2"}'))
    assert is_displayable(command)
    assert run_in(("sh",), command, tmp_path, {"PATH": f"{recorder}:{os.environ['PATH']}"}).returncode == 0
    assert (tmp_path / "told").read_bytes().split(b"\0")[-2].decode() == '"\u202e token":="{{env:TOKEN}}"'


def test_a_target_with_half_a_character_is_spelled_all_the_same() -> None:
    command = render(an_exchange(target=TargetSummary("local", "\udd00")), "cli", redactor=REDACTOR)
    assert is_displayable(command)
    assert "\\355\\264\\200" in command


def test_a_redacted_value_is_asked_of_the_environment() -> None:
    data = base64.b64encode(b'{"password": "hunter2"}').decode()
    event = json.dumps({"h": {"X-Auth-Token": "a"}, "d": data, "note": "see Bearer abc123 {{now}}"})
    command = cli(an_exchange(event))
    assert """--set 'h."X-Auth-Token":="{{env:X_AUTH_TOKEN}}"'""" in command
    assert """--set 'd.password:="{{env:PASSWORD}}"'""" in command
    assert """--set 'note:="see Bearer {{env:SECRET_BEARER}} {\\u007bnow}}"'""" in command


@pytest.mark.parametrize("wire", [b"not json", b"\xff", b"\xef\xbb\xbf{}", b"", b"{} // c", b"[1,]"])
def test_an_event_that_would_be_refused_or_changed_is_no_command_line(wire: bytes) -> None:
    with pytest.raises(UsageError, match="strict JSON"):
        cli(an_exchange(wire))


def test_variables_have_names_of_their_own() -> None:
    text = json.dumps({"token": "a", "a": {"token": "b"}, "path": "Bearer abc1234", "1": "Bearer abc12345"})
    names = list(variables(REDACTOR.preview(text)).values())
    assert sorted(names) == ["SECRET_BEARER", "SECRET_BEARER_2", "TOKEN", "TOKEN_2"]


def test_an_event_that_was_only_imported_names_no_target() -> None:
    imported = an_exchange(outcome=Cancelled(), target=TargetSummary(NO_TARGET, ""))
    assert send_command(imported, ()) == "fgtui send -"
