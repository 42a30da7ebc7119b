"""Any answer is an outcome, and its parts stay within bounds; ``test_remote`` has what each one means."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fgtui.events.model import Event
from fgtui.invoke.http.errors import LateError
from fgtui.invoke.http.transport import Reply
from fgtui.invoke.logs import HEAD, TAIL
from fgtui.invoke.model import Exchange, Rejected, Returned, TargetSummary, TimedOut, Unreachable
from fgtui.invoke.outcome_words import advice
from fgtui.invoke.service.outcomes import answered, unanswered
from fgtui.sessions.format import from_json, to_json
from tests.factories import MOMENT

HEADERS = (
    "X-Func-Err-Code", "X-Is-Func-Err", "X-Cff-Function-Log", "X-Cff-Invoke-Summary", "X-Cff-Request-Id",
    "X-Cff-Response-Version", "X-CFF-Billing-Duration", "Location",
)  # fmt: skip
VALUES = st.sampled_from(
    ("", "0", "1", "true", "false", "v0", "v1", "4001", "4010", "4205", "150430", "YQ==", "!", '{"duration": 1}', "[]")
)
BODIES = st.one_of(
    st.binary(max_size=40),
    st.dictionaries(
        st.sampled_from(
            ("errorMessage", "errorType", "stackTrace", "result", "log", "status", "error_code", "error_msg")
        ),
        st.one_of(st.none(), st.integers(), st.text(max_size=9), st.lists(st.text(max_size=3), max_size=2)),
    ).map(lambda members: json.dumps(members).encode()),
)


@settings(max_examples=30)
@given(
    st.integers(100, 599),
    st.lists(st.tuples(st.sampled_from(HEADERS), VALUES), max_size=5),
    BODIES,
    st.sampled_from(("v0", "v1")),
    st.booleans(),
)
def test_any_answer_is_an_outcome_that_is_recorded_and_read_back(
    status: int, headers: list[tuple[str, str]], body: bytes, version: str, for_gateway: bool
) -> None:
    outcome = answered(Reply(status, tuple(headers), body), version=version, for_gateway=for_gateway)
    exchange = Exchange("0" * 26, Event("blank", b"{}"), TargetSummary("remote", "urn"), outcome, MOMENT)
    kept = from_json(json.loads(json.dumps(to_json(exchange)))).outcome
    assert (kept.kind, kept.body, kept.logs) == (outcome.kind, outcome.body, outcome.logs)


@pytest.mark.parametrize("status", [301, 302, 304, 307, 399])
def test_a_redirect_is_the_services_no_whatever_else_it_says(status: int) -> None:
    headers = (("Location", "https://elsewhere.example/"), ("X-Func-Err-Code", "4002"), ("X-Is-Func-Err", "true"))
    outcome = answered(Reply(status, headers, b'{"errorMessage": "raised"}'))
    assert isinstance(outcome, Rejected)
    assert (outcome.message, outcome.may_have_run) == ("the endpoint points to https://elsewhere.example/", False)


def test_an_answer_is_taken_in_the_form_that_it_says_it_has() -> None:
    wrapped = Reply(200, (("X-Cff-Response-Version", "v1"),), b'{"result": "7", "log": "", "status": 200}')
    assert answered(wrapped, version="v0").body == b"7"
    bare = Reply(200, (("X-Cff-Response-Version", "v0"),), b'{"result": "7"}')
    assert answered(bare, version="v1").body == b'{"result": "7"}'


def test_what_was_late_before_it_was_handed_over_has_not_run() -> None:
    outcome = unanswered(LateError(), 3.0)
    assert isinstance(outcome, Unreachable)
    assert not outcome.may_have_run
    assert isinstance(unanswered(LateError(may_have_run=True), 3.0), TimedOut)


def test_a_log_that_comes_in_the_answer_keeps_its_beginning_and_its_end() -> None:
    log = "Start invoke request\n" + "x" * (HEAD + TAIL) + "\nend"
    outcome = answered(Reply(200, (), json.dumps({"result": "1", "log": log}).encode()), version="v1")
    assert len(outcome.logs) < HEAD + TAIL + 100
    assert outcome.logs.startswith("Start")
    assert outcome.logs.endswith("end")
    assert outcome.logs_truncated


@pytest.mark.parametrize("half", ["\\ud800", "\\udfff\\ud800"])
def test_half_a_surrogate_pair_in_a_wrapped_answer_is_data(half: str) -> None:
    body = f'{{"result": "{half}", "log": "{half}", "request_id": "{half}"}}'.encode()
    outcome = answered(Reply(200, (), body), version="v1")
    assert isinstance(outcome, Returned)
    assert outcome.body == json.loads(f'"{half}"').encode("utf-8", "surrogatepass")
    assert outcome.logs == half


PAGE = (("Content-Type", "text/html; charset=utf-8"),)


@pytest.mark.parametrize("version", ["v0", "v1"])
def test_the_page_of_a_proxy_is_no_answer_of_the_function(version: str) -> None:
    outcome = answered(Reply(200, PAGE, b"<html>Please log in</html>"), version=version)
    assert isinstance(outcome, Rejected)
    assert (outcome.may_have_run, outcome.body) == (True, b"<html>Please log in</html>")
    assert "in the service's place" in advice(outcome)[0]


def test_a_function_may_answer_a_page() -> None:
    headers = (*PAGE, ("X-Cff-Request-Id", "9f2c"))
    assert isinstance(answered(Reply(200, headers, b"<html>")), Returned)
