"""What is said of an expression that is true for nothing: only what cannot be otherwise."""

from __future__ import annotations

import pytest

from fgtui.invoke.model import HandlerError, Raised
from fgtui.sessions.format import document
from fgtui.sessions.query.advice import KEYS, advice
from fgtui.sessions.query.expressions import Query
from tests.factories import an_exchange


@pytest.mark.parametrize(
    ("expression", "words"),
    [
        ("outcome.kind == returned", "text is written 'returned', a bare returned is a key"),
        ("seq > `1` && outcome.kind != raised", "text is written 'raised', a bare raised is a key"),
        ("outcome.knd == 'x'", "exchanges have no outcome.knd; did you mean kind?"),
        ("!outcom.kind", "exchanges have no outcom; did you mean outcome?"),
        ("contains(outcome.log, 'x')", "exchanges have no outcome.log; did you mean logs?"),
        ("Records[0].eventName", "exchanges have no Records; events are in event.body, answers in outcome.result"),
        ('target."名字"', "exchanges have no target.名字; target has code_sha256, kind, runtime, spec"),
        ("[seq, {a: target.Kind}]", "exchanges have no target.Kind; did you mean kind?"),
    ],
)
def test_a_word_that_means_nothing_here_is_said(expression: str, words: str) -> None:
    assert advice(Query.compile(expression)) == words


@pytest.mark.parametrize(
    "expression",
    [
        "outcome.kind == 'timed_out'",
        "event.body.Records[0].s3.bucket == event.decoded.other",
        "event.body.Records[?name == other]",
        "event | trigger == 'obs'",
        "sort_by(event.body.items, &price)[0].name",
        "outcome.error.type == outcome.result.anything",
        "`{}`.a == @",
        "*.kind",
        "!" * 150 + "nonsense",
    ],
)
def test_what_may_be_there_is_not_called_wrong(expression: str) -> None:
    assert advice(Query.compile(expression)) == ""


def test_the_keys_are_those_that_exchanges_have() -> None:
    binary = b"\xff\xfe"
    seen = {parent: set[str]() for parent in KEYS}
    raised = Raised(error=HandlerError("a", "b", ()))
    for exchange in (an_exchange(), an_exchange(binary, body=binary), an_exchange(outcome=raised)):
        whole = document(exchange, decoded=True)
        for parent in KEYS:
            seen[parent] |= (whole[parent] if parent else whole).keys()
    assert seen == {parent: set(keys) for parent, keys in KEYS.items()}
