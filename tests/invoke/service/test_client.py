"""Calls of the service's API: where they go, what goes with them, and within what time."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest

from fgtui.invoke.credentials import Credentials, Token
from fgtui.invoke.http.errors import LateError
from fgtui.invoke.http.transport import Reply, Transport
from fgtui.invoke.model import Profile
from fgtui.invoke.service.client import ServiceClient, function_path
from fgtui.invoke.urns import parse
from tests.invoke.deployed import KEYS, NOW, PROJECT, URN, Given, a_profile
from tests.invoke.http_servers import AUTHORITY, answer, serving, stall


def ask(profile: Profile, path: str = "/v2/x", **more: object) -> Reply:
    transport = Transport()
    try:
        given = {"timeout_s": 30.0, **more}
        return ServiceClient(profile, transport, lambda: NOW).call("GET", path, **given)
    finally:
        transport.close()


def test_a_query_is_sent_in_the_order_it_is_signed_in_and_encoded_as_the_sdk_does() -> None:
    with serving() as server:
        query = [("package_name", "a b~c"), ("marker", "0"), ("maxitems", "20"), ("x", "/+:&=é")]
        ask(a_profile(server.url), query=query)
        assert server.requests[0].target == "/v2/x?marker=0&maxitems=20&package_name=a%20b~c&x=%2F%2B%3A%26%3D%C3%A9"


def test_an_answer_is_given_whatever_its_status() -> None:
    with serving(answer(404, b"no")) as server:
        assert (ask(a_profile(server.url)).status, ask(a_profile(server.url)).body) == (404, b"no")


@pytest.mark.parametrize(
    ("project", "headers", "sent"),
    [(PROJECT, (), PROJECT), (None, (), None), (PROJECT, (("X-Project-Id", "other"),), "other")],
)
def test_the_project_goes_with_the_call_where_one_is_known(
    project: str | None, headers: tuple[tuple[str, str], ...], sent: str | None
) -> None:
    with serving() as server:
        ask(a_profile(server.url, project_id=project), headers=headers)
        assert server.requests[0].header("x-project-id") == sent


@pytest.mark.parametrize(("status", "is_forgotten"), [(200, False), (401, True), (403, False), (404, False)])
def test_only_credentials_that_are_refused_are_forgotten(status: int, is_forgotten: bool) -> None:
    given = Given(Token("MIIT"))
    with serving(answer(status)) as server:
        ask(a_profile(server.url, given))
        assert len(server.requests) == 1
    assert bool(given.refused) is is_forgotten


def test_credentials_are_fetched_within_the_same_deadline() -> None:
    class Slow(Given):
        def get(self, *, timeout_s: float | None = None, cancelled: threading.Event | None = None) -> Credentials:
            assert timeout_s == 0.3
            threading.Event().wait(0.3)
            return KEYS

    started = time.monotonic()
    with serving(stall()) as server, pytest.raises(LateError):
        ask(a_profile(server.url, Slow()), timeout_s=0.3)
    assert time.monotonic() - started < 3


def test_credentials_that_do_not_come_in_time_are_what_is_said_to_be_late() -> None:
    class Late(Given):
        def get(self, *, timeout_s: float | None = None, cancelled: threading.Event | None = None) -> Credentials:
            raise LateError

    with serving() as server, pytest.raises(LateError, match="no credentials came"):
        ask(a_profile(server.url, Late()), timeout_s=0.3)
    assert server.requests == []


def test_what_fetching_credentials_took_is_taken_off_the_calls_time() -> None:
    class Noting(Transport):
        left_s = 0.0

        def send(self, *request: Any, timeout_s: float, **more: Any) -> Reply:
            self.left_s = timeout_s
            return super().send(*request, timeout_s=timeout_s, **more)

    class Slow(Given):
        def get(self, *, timeout_s: float | None = None, cancelled: threading.Event | None = None) -> Credentials:
            threading.Event().wait(0.05)
            return KEYS

    transport = Noting()
    with serving() as server:
        ServiceClient(a_profile(server.url, Slow()), transport, lambda: NOW).call("GET", "/v2/x", timeout_s=30.0)
    transport.close()
    assert transport.left_s < 29.96


def test_a_private_authority_is_trusted_where_the_profile_names_it() -> None:
    with serving(tls="loopback") as server:
        assert ask(a_profile(server.url, ca_file=AUTHORITY)).status == 200


def test_the_path_of_a_function_is_encoded_as_the_sdk_does() -> None:
    profile = a_profile("https://x.example", project_id=None)
    assert function_path(profile, parse(URN.replace("latest", "!prod")), "events", "a/b") == (
        f"/v2/{PROJECT}/fgs/functions/urn%3Afss%3Acn-north-4%3A{PROJECT}%3Afunction%3Adefault%3Ademo%3A%21prod/events/a%2Fb"
    )


def test_a_slash_at_the_end_of_an_endpoint_is_none_in_the_path() -> None:
    with serving() as server:
        ask(a_profile(f"{server.url}/"))
        assert server.requests[0].target == "/v2/x"
