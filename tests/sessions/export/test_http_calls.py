"""The request that repeats an exchange with a deployed function or a server: to whom, by which path, with what."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from fgtui.invoke.model import Exchange, Returned, TargetSummary, TimedOut
from fgtui.sessions.export.forms import render
from fgtui.sessions.export.http_calls import Reach, http_call
from fgtui.sessions.redaction.redactor import Redactor
from tests.factories import an_exchange
from tests.sessions.conftest import Server
from tests.sessions.export.test_commands import an_apig_exchange
from tests.sessions.shells import SHELLS, run_in

REDACTOR = Redactor(salt=b"0123456789abcdef")
PROJECT = "0123456789abcdef0123456789abcdef"
ASYNCHRONOUS = Returned(logs="fgtui: taken as request 9f2c\nfgtui: SUCCESS\n")
needs_curl = pytest.mark.skipif(not shutil.which("curl"), reason="no curl here")


def a_remote_exchange(
    wire: str = '{"n": 1}', *, region: str = "cn-north-4", version: str = ":!prod", outcome: Any = None
) -> Exchange:
    urn = f"urn:fss:{region}:{PROJECT}:function:default:demo{version}"
    return an_exchange(wire, outcome, target=TargetSummary("remote", urn))


def rendered(exchange: Exchange, form: str, **how: Any) -> str:
    return render(exchange, form, redactor=REDACTOR, **how)


@pytest.mark.parametrize(
    ("region", "endpoint"),
    [
        ("cn-north-4", "https://functiongraph.cn-north-4.myhuaweicloud.com"),
        ("eu-de", "https://functiongraph.eu-de.otc.t-systems.com"),
        ("mars-1", ""),
    ],
)
def test_a_region_says_where_its_functions_are_called(region: str, endpoint: str) -> None:
    call = http_call(a_remote_exchange(region=region))
    assert (call.address, call.needs_token) == (endpoint, True)
    assert (
        call.path == f"/v2/{PROJECT}/fgs/functions/urn:fss:{region}:{PROJECT}:function:default:demo:%21prod/invocations"
    )


def test_the_settings_may_say_another_endpoint_and_another_project() -> None:
    call = http_call(a_remote_exchange(version=""), Reach("https://fg.example.com:8443", "b" * 32))
    assert call.address == "https://fg.example.com:8443"
    assert call.path.startswith(f"/v2/{'b' * 32}/fgs/")
    assert call.path.endswith("function:default:demo:latest/invocations")


def test_what_was_handed_over_to_be_run_later_is_so_again() -> None:
    exchange = a_remote_exchange(outcome=ASYNCHRONOUS)
    assert http_call(exchange).path.endswith("/invocations-async")
    assert rendered(exchange, "cli").endswith(":!prod' --async\n")


def test_a_test_of_what_ran_later_compares_no_result_that_nobody_has_seen() -> None:
    text = rendered(a_remote_exchange(outcome=ASYNCHRONOUS), "pytest")
    assert '{"kind": "returned"},' in text
    assert '"result": ' in rendered(a_remote_exchange(), "pytest")


@needs_curl
@pytest.mark.parametrize("shell", SHELLS)
def test_curl_calls_a_deployed_function_with_a_token_that_stands_nowhere(
    shell: tuple[str, ...], tmp_path: Path, server: Server
) -> None:
    server.heard.clear()
    command = rendered(a_remote_exchange('{"it\'s": "é !"}'), "curl", reach=Reach(server.url))
    refused = run_in(shell, command, tmp_path)
    assert refused.returncode != 0
    assert b"X_AUTH_TOKEN" in refused.stderr
    assert server.heard == []
    ran = run_in(shell, command, tmp_path, {"X_AUTH_TOKEN": "MIIsecret"})
    assert ran.returncode == 0, ran.stderr
    ((line, headers, body),) = server.heard
    assert line.startswith(
        f"POST /v2/{PROJECT}/fgs/functions/urn:fss:cn-north-4:{PROJECT}:function:default:demo:%21prod"
    )
    assert (headers["x-auth-token"], headers["content-type"]) == ("MIIsecret", "application/json")
    assert body == '{"it\'s": "é !"}'.encode()


@needs_curl
def test_in_a_region_nobody_has_told_of_the_endpoint_is_asked_for(tmp_path: Path, server: Server) -> None:
    server.heard.clear()
    command = rendered(a_remote_exchange(region="mars-1"), "curl")
    refused = run_in(("sh",), command, tmp_path, {"X_AUTH_TOKEN": "t"})
    assert b"the endpoint of FunctionGraph there" in refused.stderr
    assert run_in(("sh",), command, tmp_path, {"X_AUTH_TOKEN": "t", "FGTUI_URL": server.url}).returncode == 0
    assert server.heard[0][0].startswith("POST /v2/")


def test_a_program_calls_a_deployed_function_with_a_token_of_the_environment(tmp_path: Path, server: Server) -> None:
    server.heard.clear()
    text = rendered(a_remote_exchange(), "python", reach=Reach(server.url))

    def run(**variables: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [sys.executable, "-S", "-"], input=text.encode(), cwd=tmp_path, env=variables, capture_output=True
        )

    refused = run()
    assert b"set X_AUTH_TOKEN to a token of IAM" in refused.stderr
    assert b"Traceback" not in refused.stderr
    ran = run(X_AUTH_TOKEN="t")
    assert (ran.returncode, ran.stderr) == (0, b"200\n")
    ((_, headers, body),) = server.heard
    assert (headers["x-auth-token"], body) == ("t", b'{"n": 1}')


# fgtui send


@pytest.mark.parametrize(
    ("profile", "words"),
    [
        ("", []),
        ("prod", ["--profile", "prod"]),
        ("it's", ["--profile", "'it'\\''s'"]),
        (None, ["--profile", '"${FGTUI_PROFILE:?the profile of the settings that reaches this function}"']),
    ],
)
def test_the_profile_is_named_where_the_settings_know_several(profile: str | None, words: list[str]) -> None:
    command = rendered(a_remote_exchange(), "cli", reach=Reach(profile=profile)).rstrip("\n")
    assert command.endswith(" ".join(["demo:!prod'", *words]))
    assert "--profile" not in rendered(an_exchange(), "cli", reach=Reach(profile="prod"))
    assert "--profile" not in rendered(
        a_remote_exchange(), "cli", reach=Reach(profile="prod"), target_name="production"
    )


def test_what_a_function_is_configured_with_is_not_asked_of_a_call() -> None:
    logs = "2026-01-01T00:00:00Z Finish invoke request 'a', duration: 1ms, billing memory: 256MB\n"
    assert "--memory" not in rendered(a_remote_exchange(outcome=Returned(logs=logs)), "cli")
    assert "--timeout" not in rendered(a_remote_exchange(outcome=TimedOut(limit_s=120.0)), "cli")
    assert rendered(a_remote_exchange(outcome=TimedOut(limit_s=30.0)), "cli").endswith("--timeout 30\n")


@pytest.mark.parametrize(
    ("url", "runtime", "words"),
    [
        ("http://127.0.0.1:8000", None, ""),
        ("http://127.0.0.1:8000", "container", " --runtime container"),
        ("http://127.0.0.1:8000", "http", " --runtime http"),
        ("https://api.example.com/v1", None, ""),
        ("https://api.example.com/v1", "container", " --runtime container"),
        ("https://api.example.com/invoke", "container", ""),
    ],
)
def test_what_a_server_is_is_named_where_its_url_does_not_tell(url: str, runtime: str | None, words: str) -> None:
    assert rendered(an_exchange(target=TargetSummary("http", url, runtime)), "cli").endswith(f"--target {url}{words}\n")


# servers


@pytest.mark.parametrize(
    ("path", "runtime", "request_line", "is_event"),
    [
        ("", None, "DELETE /orders", False),
        ("/invoke", None, "POST /invoke", True),
        ("/v1?k=v", None, "DELETE /v1/orders?k=v", False),
        ("/v1", "container", "POST /v1", True),
        ("", "http", "DELETE /orders", False),
    ],
)
def test_a_server_is_sent_what_it_was_sent(path: str, runtime: str | None, request_line: str, is_event: bool) -> None:
    target = TargetSummary("http", f"http://127.0.0.1:8000{path}", runtime)
    exchange = an_apig_exchange(target, httpMethod="DELETE", path="/orders", body="x", isBase64Encoded=False)
    call = http_call(exchange)
    assert f"{call.method} {call.path}" == request_line
    assert call.address == "http://127.0.0.1:8000"
    assert call.body == (exchange.event.wire if is_event else b"x")
    assert all(name.lower() not in {"host", "content-length"} for name, _ in call.headers)


def test_another_event_is_posted_to_an_api_as_json() -> None:
    call = http_call(an_exchange('{"n": 1}', trigger="obs", target=TargetSummary("http", "https://api.example.com/v1")))
    assert call[:3] == ("POST", "https://api.example.com", "/v1")
    assert (call.headers, call.body) == ([("Content-Type", "application/json")], b'{"n": 1}')


def test_a_url_that_is_none_is_left_to_curl() -> None:
    call = http_call(an_exchange(target=TargetSummary("http", "http://[")))
    assert call[:3] == ("POST", "http://[", "")
    assert json.loads(call.body) == {"key": "value"}
