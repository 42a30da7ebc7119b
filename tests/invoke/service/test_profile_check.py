from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from fgtui.errors import ConfigError
from fgtui.invoke.credentials import Credentials, CredentialSource
from fgtui.invoke.http.errors import BrokenError
from fgtui.invoke.http.transport import Transport
from fgtui.invoke.model import Profile
from fgtui.invoke.service.profile_check import Step, check
from fgtui.records import replace
from tests.invoke import http_servers
from tests.invoke.http_servers import AUTHORITY, STRANGER, a_port_nobody_listens_at, answer, reset, serving
from tests.invoke.saved_service import KEYS, PROJECT, KnownKeys, refused

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
FUNCTIONS = b'{"functions": [], "next_marker": 0, "count": 0}'
RIGHT = answer(200, FUNCTIONS, (("Date", format_datetime(NOW, usegmt=True)),))


class NoKeys:
    identity = "AK from $NOWHERE"

    def __init__(self, error: Exception) -> None:
        self._error = error

    def get(self, *, timeout_s: float | None = None, cancelled: threading.Event | None = None) -> Credentials:
        raise self._error

    def forget(self, refused: Credentials) -> None:
        raise AssertionError


@pytest.fixture
def transport() -> Iterator[Transport]:
    transport = Transport({})
    yield transport
    transport.close()


def steps(
    url: str,
    transport: Transport,
    *,
    credentials: CredentialSource | None = None,
    project: str | None = PROJECT,
    ca_file: Path | None = None,
    environment: dict[str, str] | None = None,
    now: datetime = NOW,
) -> dict[str, Step]:
    profile = Profile("prod", url, None, credentials or KnownKeys(), ca_file=ca_file)
    found = [
        replace(step, finding=str(step.finding), way_out=str(step.way_out))
        for step in check(
            profile, transport=transport, environment=environment or {}, now=lambda: now, project_id=project
        )
    ]
    assert len({step.what for step in found}) == len(found)
    return {step.what: step for step in found}


def states(found: dict[str, Step]) -> dict[str, str]:
    return {what: step.state for what, step in found.items()}


def test_when_all_is_well_each_step_says_so_and_one_request_was_made(transport: Transport) -> None:
    with serving(RIGHT) as server:
        found = steps(server.url, transport)
    assert states(found) == dict.fromkeys(
        ("credentials", "proxy", "endpoint", "tls", "clock", "accepted", "project", "permission"), "ok"
    )
    assert found["credentials"].finding == "example keys"
    assert found["project"].finding == PROJECT
    (request,) = server.requests
    assert (request.method, request.target) == ("GET", f"/v2/{PROJECT}/fgs/functions?maxitems=1")
    assert str(request.header("authorization")).startswith(f"SDK-HMAC-SHA256 Access={KEYS.access_key},")
    assert not any(KEYS.secret_key in step.finding + step.way_out for step in found.values())


def test_without_credentials_the_way_is_tested_all_the_same_and_nothing_is_signed(transport: Transport) -> None:
    missing = NoKeys(ConfigError("{name} is not set", name="SK", hint="export {name}=…"))
    with serving(RIGHT) as server:
        found = steps(server.url, transport, credentials=missing)
    assert found["credentials"] == Step("credentials", "missing", "SK is not set", "export SK=…")
    assert states(found)["accepted"] == "warn"
    assert (found["endpoint"].state, found["clock"].state) == ("ok", "ok")
    (request,) = server.requests
    assert (request.target, request.header("authorization")) == (f"/v2/{PROJECT}/fgs/functions?maxitems=1", None)


def test_the_profiles_authorities_are_trusted_without_credentials_too(transport: Transport) -> None:
    missing = NoKeys(ConfigError("SK is not set"))
    with serving(RIGHT, tls="loopback") as server:
        found = steps(server.url, transport, credentials=missing, ca_file=AUTHORITY)
    assert (found["endpoint"].state, found["tls"].state) == ("ok", "ok")


def test_an_issuer_of_tokens_that_is_not_reached_is_the_credentials_fault(transport: Transport) -> None:
    with serving(RIGHT) as server:
        found = steps(server.url, transport, credentials=NoKeys(BrokenError("IAM at x: refused")))
    assert found["credentials"].finding == "AK from $NOWHERE: IAM at x: refused"


def test_a_profile_of_no_project_signs_nothing_and_says_what_is_missing(transport: Transport) -> None:
    with serving(RIGHT) as server:
        found = steps(server.url, transport, project=None)
    assert states(found)["project"] == "warn"
    assert "accepted" not in found
    (request,) = server.requests
    assert request.header("authorization") is None
    assert request.target.startswith("/v2/0000"), "a path that no gateway would give a handler"


@pytest.mark.parametrize("page", [answer(404, b"<html>no such page</html>"), answer(405, b""), answer(200, b"hello")])
@pytest.mark.parametrize("project", [PROJECT, None])
def test_a_web_server_that_is_no_service_is_told_from_one(
    transport: Transport, page: http_servers.Step, project: str | None
) -> None:
    with serving(page) as server:
        found = steps(server.url, transport, project=project)
    assert found["endpoint"].state == "missing"
    assert "as no FunctionGraph does" in found["endpoint"].finding


def test_nobody_there_ends_the_way(transport: Transport) -> None:
    with a_port_nobody_listens_at() as port:
        found = steps(f"http://127.0.0.1:{port}", transport)
    assert states(found) == {"credentials": "ok", "proxy": "ok", "endpoint": "missing"}
    assert "refused" in found["endpoint"].finding
    with serving(reset()) as server:
        assert states(steps(server.url, transport))["endpoint"] == "missing"


@pytest.mark.parametrize(
    ("certificate", "ca_file", "said"),
    [
        pytest.param("loopback", None, "a certificate that this system does not trust", id="unknown-issuer"),
        pytest.param("loopback", STRANGER, "vouches for", id="another-issuer"),
        pytest.param("elsewhere", AUTHORITY, "the certificate of another host", id="another-host"),
        pytest.param("expired", AUTHORITY, "has expired", id="expired"),
    ],
)
def test_a_wrong_certificate_is_told_from_a_host_that_is_not_there(
    transport: Transport, certificate: str, ca_file: Path | None, said: str
) -> None:
    with serving(RIGHT, tls=certificate) as server:
        found = steps(server.url, transport, ca_file=ca_file)
    assert states(found) == {"credentials": "ok", "proxy": "ok", "endpoint": "ok", "tls": "missing"}
    assert said in found["tls"].finding
    assert server.requests == []


def test_an_authority_of_ones_own_is_named(transport: Transport) -> None:
    with serving(RIGHT, tls="loopback") as server:
        found = steps(server.url, transport, ca_file=AUTHORITY)
    assert (found["tls"].state, str(AUTHORITY) in found["tls"].finding) == ("ok", True)


def test_a_certificate_file_that_holds_none_is_said(transport: Transport, tmp_path: Path) -> None:
    (tmp_path / "ca.pem").write_text("none")
    with serving(RIGHT, tls="loopback") as server:
        found = steps(server.url, transport, ca_file=tmp_path / "ca.pem")
    assert "holds no certificates" in found["endpoint"].finding


@pytest.mark.parametrize(
    ("ahead_s", "state", "said"),
    [
        pytest.param(1, "ok", "as there", id="rounding"),
        pytest.param(30, "ok", "30 s ahead", id="little"),
        pytest.param(-90, "warn", "1 min 30 s behind", id="more"),
        pytest.param(1200, "missing", "20 min 0 s ahead; signatures are taken up to 15 min 0 s", id="too-much"),
        pytest.param(-7200, "missing", "2 h 0 min behind", id="a-wrong-zone"),
    ],
)
def test_a_clock_that_differs_is_told_by_the_date_of_the_answer(
    transport: Transport, ahead_s: int, state: str, said: str
) -> None:
    with serving(RIGHT) as server:
        clock = steps(server.url, transport, now=NOW + timedelta(seconds=ahead_s))["clock"]
    assert clock.state == state
    assert said in clock.finding


@pytest.mark.parametrize("date", ["", "yesterday", "99 Jan", "Fri, 02 Jan 99999 03:04:05 GMT"])
def test_an_answer_that_does_not_tell_the_time_is_no_failure(transport: Transport, date: str) -> None:
    with serving(answer(200, FUNCTIONS, (("Date", date),))) as server:
        found = steps(server.url, transport)
    assert (found["clock"].state, found["accepted"].state) == ("warn", "ok")


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        pytest.param(401, "APIGW.0301", {"accepted": "missing"}, id="not-accepted"),
        pytest.param(403, "FSS.0403", {"accepted": "ok", "permission": "missing"}, id="forbidden"),
        pytest.param(404, "FSS.0404", {"accepted": "ok", "project": "missing"}, id="no-project"),
        pytest.param(400, "FSS.0400", {"accepted": "ok", "project": "missing"}, id="no-id"),
        pytest.param(429, "FSS.0429", {"accepted": "warn"}, id="too-many"),
        pytest.param(503, "FSS.0503", {"accepted": "warn"}, id="down"),
    ],
)
def test_what_the_service_says_tells_who_or_what_it_does_not_know(
    transport: Transport, status: int, code: str, expected: dict[str, str]
) -> None:
    with serving(refused(status, code, "No\x1b[2J.")) as server:
        found = steps(server.url, transport)
    last = ("accepted", "project", "permission")
    assert {what: state for what, state in states(found).items() if what in last} == expected
    told = next(step for step in found.values() if code in step.finding)
    assert told.way_out


def test_a_refusal_under_a_wrong_clock_says_the_clock_first(transport: Transport) -> None:
    date = (("Date", format_datetime(NOW - timedelta(hours=1), usegmt=True)),)
    with serving(answer(401, b'{"error_code": "APIGW.0301", "error_msg": "x"}', date)) as server:
        assert "clock" in steps(server.url, transport)["accepted"].way_out


@pytest.mark.parametrize(("status", "body"), [(200, b"<html>"), (200, b"[" * 100_000), (200, b"{}"), (302, b"")])
def test_what_is_no_functiongraph_is_told(transport: Transport, status: int, body: bytes) -> None:
    with serving(answer(status, body)) as server:
        found = steps(server.url, transport)
    assert (found["endpoint"].state, "accepted" in found) == ("missing", False)


def test_a_proxy_on_the_way_is_named_without_its_password() -> None:
    environment = {"https_proxy": "http://ann:hunter22@127.0.0.1:9"}
    transport = Transport(environment)
    found = steps("https://functiongraph.example", transport, environment=environment)
    transport.close()
    assert found["proxy"] == Step("proxy", "ok", "http://127.0.0.1:9, by https_proxy")
    assert found["endpoint"].state == "missing"
    assert not any("hunter22" in step.finding + step.way_out for step in found.values())


def test_a_variable_that_holds_no_proxy_is_named_and_not_quoted() -> None:
    environment = {"https_proxy": "http://ann:hunter22@"}
    transport = Transport(environment)
    found = steps("https://functiongraph.example", transport, environment=environment)
    transport.close()
    assert found["proxy"].finding == "https_proxy holds no address of a proxy"
    assert not any("hunter22" in step.finding + step.way_out for step in found.values())
