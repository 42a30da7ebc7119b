"""What differs although nothing changed: proposed as rules that pass over it and nothing more."""

from __future__ import annotations

import json
import shlex
import tomllib
from typing import Any

import pytest
from hypothesis import given

from fgtui.errors import TargetError, UsageError
from fgtui.invoke.model import Cancelled, Exchange, Outcome, Rejected, TargetSummary, TimedOut, Unreachable
from fgtui.records import replace
from fgtui.sessions.diff.changes import compare_outcomes, diff
from fgtui.sessions.diff.comparison import Comparison
from fgtui.sessions.diff.noise import Noise, check_complete, find_noise, proposals
from tests.factories import an_event, an_exchange
from tests.sessions.diff.test_changes import rows, values


def rules(old: Any, new: Any) -> list[str]:
    return [proposal.rule for proposal in proposals(diff(old, new, opens=True))]


@pytest.mark.parametrize(
    ("old", "new", "proposed"),
    [
        ({}, {}, []),
        ({"at": "2026-11-22T09:46:01Z"}, {"at": "2026-11-22T09:46:02Z"}, ["at~time"]),
        ({"at": 1_795_651_636}, {"at": 1_795_651_637}, ["at~time"]),
        ({"n": 1}, {"n": 2}, ["n~number"]),
        ({"x": "a"}, {"x": "b"}, ["x"]),
        ({"x": "a"}, {}, ["x"]),
        ({}, {"x": "a"}, ["x"]),
        ([{"n": 1}] * 3, [{"n": 2}] * 3, ["[*].n~number"]),
        ([{"n": 1}, {"n": "a"}], [{"n": 2}, {"n": "b"}], ["[*].n"]),
        ({"list": ["a", "b"]}, {"list": ["b", "a"]}, ["list~order"]),
        ({"x-id": 1, "a b": 1, "~": 1, "0": 1}, {"x-id": 2, "a b": 2, "~": 2, "0": 2},
         ["x-id~number", '"a b"~number', '"~"~number', '"0"~number']),
        ({"s": '{"id": "01d6067dca094e0a9ffb392c"}'}, {"s": '{"id": "d19742b8eaaf4a5dacf1535c"}'}, ["s.id~id"]),
    ],
)  # fmt: skip
def test_a_rule_is_as_narrow_as_its_differences_allow(old: Any, new: Any, proposed: list[str]) -> None:
    assert rules(old, new) == proposed


@given(values | rows, values | rows)
def test_what_is_proposed_passes_over_all_of_it(old: Any, new: Any) -> None:
    assert diff(old, new, Comparison.parse(rules(old, new))) == ()


def test_how_often_and_where_is_told_with_each() -> None:
    (proposal,) = proposals(diff([{"n": 1}] * 3, [{"n": 2}] * 3))
    assert (proposal.count, proposal.kind, proposal.example.path) == (3, "number", (0, "n"))


def noise_of(*answers: str) -> Noise:
    sent = iter([an_exchange(body=answer, number=number) for number, answer in enumerate(answers)])
    return find_noise(lambda: next(sent), lambda old, new: compare_outcomes(old, new).changes)


def test_the_event_is_sent_twice() -> None:
    noise = noise_of('{"id": 1}', '{"id": 2}')
    assert noise.rules == ("outcome.result.id~number",)
    assert (noise.first.outcome.body, noise.second.outcome.body) == (b'{"id": 1}', b'{"id": 2}')
    assert noise_of("1", "1").rules == ()


def test_rules_can_be_pasted_into_the_settings_and_into_a_shell() -> None:
    names = ["it's", 'say "x"', "中文", "$HOME", "a\\b", "new\nline"]
    noise = noise_of(json.dumps(dict.fromkeys(names, "a")), json.dumps(dict.fromkeys(names, "b")))
    assert tuple(tomllib.loads(noise.toml())["ignore"]) == noise.rules
    assert shlex.split(noise.flags())[1::2] == list(noise.rules)
    assert compare_outcomes(noise.first, noise.second, comparison=Comparison.parse(noise.rules)).changes == ()


def test_a_redacted_event_is_not_sent() -> None:
    exchange: Exchange = replace(an_exchange(seq=3), event=an_event(redacted=("headers.token",)), session="orders")
    with pytest.raises(UsageError, match=r"orders #3 was redacted.*headers\.token"):
        check_complete(exchange)
    check_complete(an_exchange())


@pytest.mark.parametrize(
    "outcome",
    [
        Unreachable(message="the line broke", may_have_run=True),
        Rejected(code="FSS.0504", message="late", may_have_run=True),
        TimedOut(limit_s=3.0, stopped_processes=0),
    ],
)
def test_an_event_that_may_have_run_is_sent_no_second_time(outcome: Outcome) -> None:
    sent: list[Exchange] = []

    def send() -> Exchange:
        sent.append(an_exchange(outcome=outcome, target=TargetSummary("remote", "urn")))
        return sent[-1]

    with pytest.raises(TargetError, match="not sent a second time: the handler may have run"):
        find_noise(send, lambda old, new: ())
    assert len(sent) == 1


@pytest.mark.parametrize("outcome", [Cancelled(), Unreachable(message="refused"), Rejected(code="1", message="no")])
def test_what_has_not_run_is_compared_as_it_ended(outcome: Outcome) -> None:
    noise = find_noise(
        lambda: an_exchange(outcome=outcome, target=TargetSummary("http", "https://a.b")), lambda old, new: ()
    )
    assert (noise.first.outcome, noise.second.outcome) == (outcome, outcome)
