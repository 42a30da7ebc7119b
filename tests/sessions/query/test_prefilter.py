"""Looking for bytes first rules out no exchange that matches, or that cannot be tried."""

from __future__ import annotations

from typing import Any

import jmespath
import pytest

from fgtui.invoke.model import Exchange, Returned
from fgtui.records import replace
from fgtui.sessions.format import document
from fgtui.sessions.query.closures import compiled
from fgtui.sessions.query.prefilter import CLAUSE_LIMIT, clauses, ruling_out
from fgtui.sessions.storage.content import unpacked
from fgtui.sessions.storage.rows import encode
from tests.factories import an_exchange


def bytes_of(exchange: Exchange) -> bytes:
    """What the store holds of it, as it is looked at."""
    packed, _, _, _, crc, data = encode(exchange).content
    return unpacked(packed, crc, data)


def is_ruled_out(exchange: Exchange, expression: str) -> bool:
    return ruling_out(clauses(jmespath.compile(expression).parsed))(bytes_of(exchange))


def is_true(exchange: Exchange, expression: str) -> bool:
    tree: Any = jmespath.compile(expression).parsed
    return bool(compiled(tree)(document(exchange, decoded="decoded" in expression)))


@pytest.mark.parametrize(
    "wire",
    [
        '{"a": "abc/def"}',
        '{"a": "abc\\/def"}',
        '{"a": "\\u0061bc/def"}',
        '{"a": "abc\\u002fdef"}',
        '{"a": "\\u0061\\u0062\\u0063\\u002f\\u0064\\u0065\\u0066"}',
    ],
)
@pytest.mark.parametrize(
    "expression",
    [
        "event.body.a == 'abc/def'",
        "'abc/def' == event.body.a",
        "event.body.a == 'abc/def' && outcome.result.ok",
        "event.body.a == 'abc/def' || event.body.a == 'other'",
        "event.body.[a][?@ == 'abc/def']",
    ],
)
def test_however_json_spells_a_text_the_exchange_that_has_it_is_kept(wire: str, expression: str) -> None:
    exchange = an_exchange(wire)
    assert is_true(exchange, expression)
    assert not is_ruled_out(exchange, expression)


@pytest.mark.parametrize(
    "expression",
    [
        "session == 'of the shop'",
        "note == 'look here'",
        "tags[0] == 'marked'",
        "event.wire_base64 == '//8='",
        "outcome.body_base64 == '/v4='",
    ],
)
def test_what_stands_elsewhere_or_otherwise_than_in_the_bytes_is_not_looked_for_there(expression: str) -> None:
    exchange = an_exchange(
        b"\xff\xff", body=b"\xfe\xfe", session="of the shop", seq=3, note="look here", tags=("marked",)
    )
    assert is_true(exchange, expression)
    assert not is_ruled_out(exchange, expression)


def test_what_is_decoded_is_not_looked_for_as_it_is_encoded() -> None:
    assert clauses(jmespath.compile("event.decoded.a == 'abc'").parsed) == ()


@pytest.mark.parametrize(
    "expression",
    [
        "event.body.a == 'abc'",
        "event.body.a == 'abc' && outcome.result.ok",
        "outcome.kind == 'returned' && event.body.a == 'abc'",
        "contains(outcome.logs, 'abc')",
        "event.body.a == 'abc' || contains(outcome.logs, 'xyz')",
    ],
)
def test_an_exchange_without_the_text_is_ruled_out(expression: str) -> None:
    assert is_ruled_out(an_exchange('{"a": "def"}'), expression)
    assert not is_true(an_exchange('{"a": "def"}'), expression)


@pytest.mark.parametrize(
    "expression",
    [
        "length(outcome.error) > `0` && event.body.a == 'abc'",  # the first fails before the second is asked
        "contains(event.body.b, 'abc')",  # fails where there is no b
        "event.body.a != 'abc'",
        "!(event.body.a == 'abc')",
        "event.body.a == 'abc' || outcome.result.ok",
    ],
)
def test_nothing_is_ruled_out_where_that_would_hide_a_match_or_an_error(expression: str) -> None:
    assert not is_ruled_out(an_exchange('{"a": "def"}'), expression)


def test_logs_are_text_as_it_is() -> None:
    exchange = an_exchange(outcome=Returned(body=b"{}", logs='said "quoted" and \\u0061 and more/than that'))
    for sought in ("quoted", "more/than", "and more"):
        assert not is_ruled_out(exchange, f"contains(outcome.logs, '{sought}')")
    plain = replace(exchange, outcome=Returned(body=b"{}", logs="nothing of it"))
    assert is_ruled_out(plain, "contains(outcome.logs, 'quoted')")


def test_more_clauses_than_are_worth_it_are_left_out() -> None:
    many = " && ".join(f"event.body.a{at} == 'x{at}'" for at in range(30))
    assert len(clauses(jmespath.compile(many).parsed)) == CLAUSE_LIMIT
    either = " || ".join(f"event.body.a == 'x{at}'" for at in range(30))
    assert clauses(jmespath.compile(either).parsed) == ()
    assert not is_ruled_out(an_exchange('{"a": "x29"}'), either)
