"""A preview names each value that was replaced: where, what kind, and what stands there now."""

from __future__ import annotations

import base64
import gzip
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fgtui.invoke.model import Exchange, HandlerError, InvalidResponse, Outcome, Raised, Returned, TargetSummary
from fgtui.sessions.redaction.places import FINDINGS_LIMIT
from fgtui.sessions.redaction.redactor import PLACEHOLDER, Redactor
from tests.factories import an_exchange
from tests.sessions.redaction.test_walk import documents, wrap
from tests.sessions.strategies import exchanges

REDACTOR = Redactor(["x-internal"], known=["own-literal"], salt=b"0123456789abcdef")


def found(leaving: str | Exchange) -> list[tuple[str, str]]:
    return [(finding.path, finding.words) for finding in REDACTOR.preview(leaving)]


def test_every_part_of_an_exchange_is_looked_at() -> None:
    data = base64.b64encode(b'{"password": "a"}').decode()
    exchange = an_exchange(
        json.dumps({"headers": {"X-Auth-Token": "b"}, "data": data, "list": [{"name": "sk", "value": "c"}], "n": 1}),
        Returned(
            body=b'{"x-internal": 1, "note": "own-literal"}',
            headers=(("Set-Cookie", "d"), ("Date", "today")),
            logs="one\npassword=e\nBearer f1f1f1 https://u:g@h --token k\n",
        ),
        target=TargetSummary("http", "https://u:h@h/"),
        note="pwd: i",
        tags=("ok", "token=j"),
    )
    expected = [
        ('event.headers."X-Auth-Token"', "a value under X-Auth-Token"),
        ("event.data.password", "a value under password"),
        ("event.list[0].value", "a value beside a name that means a secret"),
        ("target.spec", "a password in an address"),
        ('outcome.result."x-internal"', "a value under x-internal"),
        ("outcome.result.note", "a secret known by its look"),
        ('outcome.headers."Set-Cookie"', "a value under Set-Cookie"),
        ("outcome.logs", "a value behind password"),
        ("outcome.logs", "a credential behind Bearer"),
        ("outcome.logs", "a password in an address"),
        ("outcome.logs", "a value behind token"),
        ("note", "a value behind pwd"),
        ("tags[1]", "a value behind token"),
    ]
    assert sorted(found(exchange)) == sorted(expected)
    assert found(REDACTOR.apply(exchange)) == found(exchange)


@pytest.mark.parametrize(
    ("outcome", "path"),
    [
        (Raised(error=HandlerError("E", "token=a")), "outcome.error.message"),
        (Raised(error=HandlerError("E", "", ("x", "token=a"))), "outcome.error.stack[1]"),
        (InvalidResponse(message="token=a"), "outcome.error.message"),
    ],
)
def test_what_went_wrong_is_looked_at_too(outcome: Outcome, path: str) -> None:
    assert found(an_exchange(outcome=outcome)) == [(path, "a value behind token")]


def test_json_between_other_text_is_looked_into() -> None:
    assert found('x {"password":"y"}\n') == [("", "a value behind password")]
    assert found(json.dumps('x {"password":"y"}\n')) == [("", "a value behind password")]


def test_a_text_is_named_by_its_own_places() -> None:
    assert found('{"a": {"token": "x"}}') == [("a.token", "a value under token")]
    assert found("token=x") == [("", "a value behind token")]
    assert found("nothing here") == []


def test_a_compressed_answer_is_looked_into() -> None:
    assert found(an_exchange(body=gzip.compress(b'{"password": "x"}'))) == [
        ("outcome.result.password", "a value under password")
    ]


def test_what_another_store_redacted_is_listed() -> None:
    placeholder = "<redacted:0123456789ab>"
    findings = REDACTOR.preview(f'{{"x": "{placeholder}"}}')
    assert [(finding.path, finding.placeholder) for finding in findings] == [("x", placeholder)]


def test_a_list_has_an_end() -> None:
    assert len(found(json.dumps([{"password": str(number)} for number in range(2000)]))) == FINDINGS_LIMIT


@settings(max_examples=40)
@given(documents, st.lists(st.sampled_from(["json", "base64", "gzip", "field"]), max_size=2))
def test_whatever_is_replaced_is_listed(value: object, layers: list[str]) -> None:
    text = json.dumps(value)
    for layer in layers:
        text = wrap(text, layer)
    kept, paths = REDACTOR.document(text)
    assert {finding.path for finding in REDACTOR.preview(text)} >= set(paths)
    assert {finding.placeholder for finding in REDACTOR.preview(text)} >= set(PLACEHOLDER.findall(kept))


@settings(max_examples=30)
@given(exchanges)
def test_a_preview_changes_nothing_and_never_fails(exchange: Exchange) -> None:
    kept = REDACTOR.apply(exchange)
    assert REDACTOR.preview(kept) == REDACTOR.preview(exchange)
    assert REDACTOR.apply(exchange) == kept
