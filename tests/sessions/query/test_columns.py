"""What columns say of a query is what evaluating it says."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from typing import Any

import jmespath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fgtui.events.model import Event
from fgtui.invoke.model import Exchange, HandlerError, Outcome, Raised, Returned, TargetSummary
from fgtui.records import replace
from fgtui.sessions.format import document
from fgtui.sessions.query.closures import compiled, is_false
from fgtui.sessions.query.columns import Narrowed, narrowed
from fgtui.sessions.storage import migrations, statements
from fgtui.sessions.storage.rows import encode
from tests.factories import MOMENT, an_exchange

TEXTS = (
    "",
    "a",
    "ab",
    "b",
    "A",
    "é",
    "处理",
    "\U0001f600",
    "\ud800",
    "a\0b",
    "\uffff",
    "1",
    '"',
    "obs",
    " a",
    "%",
    "_",
)
WIDE = (2**53 + 1, 2**63 - 1, -(2**63), 2**63, 2**63 + 5, -(2**63) - 1, 10**30, -(10**30))
NUMBERS = (None, 0, 1, 200, 404, 500, -1, *WIDE)
DURATIONS = (
    None,
    0.0,
    -0.0,
    0.1,
    1.0,
    3.25,
    499.99999999999994,
    500.0,
    1e22,
    2.0**53,
    9007199254740993.0,
    5e-324,
    -2.5,
)
TIMES = (
    MOMENT, datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC), datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
    datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 11, 22, tzinfo=UTC),
)  # fmt: skip
TAGS = (
    (),
    ("a",),
    ("a", "b"),
    ("x, ", "a"),
    ('q"a', "c"),
    ('", "a', "z"),
    ("a b",),
    ("marked",),
    ("[", "a"),
    ("\\", "b"),
)

texts, any_number = st.sampled_from(TEXTS), st.sampled_from(NUMBERS)


def _outcome(kind: type[Outcome], status: int | None, duration: float | None) -> Outcome:
    if kind is Raised:
        return Raised(error=HandlerError("E", "m"), status_code=status, duration_ms=duration)
    return Returned(status_code=status, duration_ms=duration)


exchanges = st.builds(
    Exchange,
    id=texts,
    event=st.builds(Event, trigger=texts, wire=st.just(b"{}"), template=st.none() | texts),
    target=st.builds(TargetSummary, texts, texts),
    outcome=st.builds(_outcome, st.sampled_from([Returned, Raised]), any_number, st.sampled_from(DURATIONS)),
    started_at=st.sampled_from(TIMES),
    replay_of=st.none() | texts,
    note=texts,
    tags=st.sampled_from(TAGS),
)

PATHS = (
    "id", "seq", "started_at", "replay_of", "note", "tags", "event.trigger", "event.template", "target.kind", "target.spec",
    "outcome.kind", "outcome.status_code", "outcome.duration_ms",
)  # fmt: skip
SPELLED = (
    "", "2026", "2026-11-22", "2026-11-22T09:46:01.123456Z", "2026-11-22T09:46:01.123456", "2026-11-22T09:46:01.123456Z0", "0001-01-01T00:00:00.000000Z",
    "9999-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999Z", "a", "0", "~", "2026-13",
)  # fmt: skip


def _literal(value: Any) -> dict[str, Any]:
    return {"type": "literal", "value": value, "children": []}


literals = st.one_of(
    st.sampled_from([*TEXTS, *SPELLED, "returned", "raised", "turn"]),
    st.sampled_from([*(n for n in NUMBERS if n is not None), *(d for d in DURATIONS if d is not None), float("inf"), float("nan"), 0.5, 3, 1.0, 2]),
    st.sampled_from([None, True, False, [], {}, ["a"], [1]]),
).map(_literal)  # fmt: skip
columns = st.sampled_from(PATHS).map(lambda path: jmespath.compile(path).parsed)
operands = columns | literals


def _node(kind: str, *children: Any, value: str = "") -> dict[str, Any]:
    return {"type": kind, "children": list(children), "value": value}


leaves = st.one_of(
    columns,
    st.builds(lambda op, one, other: _node("comparator", one, other, value=op), st.sampled_from(["eq", "ne", "lt", "lte", "gt", "gte"]), columns, literals),
    st.builds(lambda op, one, other: _node("comparator", one, other, value=op), st.sampled_from(["eq", "ne", "lt", "gte"]), operands, operands),
    st.builds(lambda name, one, other: _node("function_expression", one, other, value=name), st.sampled_from(["contains", "starts_with", "ends_with"]), columns, literals),
    literals,
    st.sampled_from(["length(event.body) > `0`", "event.body", "event.nothing == 'a'", "outcome.result || note", "!event.body"]).map(
        lambda text: jmespath.compile(text).parsed
    ),
)  # fmt: skip
trees = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(lambda one, other: _node("and_expression", one, other), inner, inner),
        st.builds(lambda one, other: _node("or_expression", one, other), inner, inner),
        st.builds(lambda one: _node("not_expression", one), inner),
    ),
    max_leaves=5,
)


class Table:
    """The small columns alone, as the store makes and fills them."""

    def __init__(self, kept: list[Exchange]) -> None:
        self.connection = sqlite3.connect(":memory:", isolation_level=None)
        migrations.migrate(self.connection)
        place = statements.create(self.connection, "s", MOMENT)
        self.documents = [document(replace(exchange, session="s", seq=seq)) for seq, exchange in enumerate(kept, 1)]
        statements.insert(self.connection, place, [encode(exchange) for exchange in kept])
        self.base = place.key(0)

    def where(self, split: Narrowed) -> set[int]:
        if split.condition is None:
            return {each["seq"] for each in self.documents}
        rows = self.connection.execute(f"SELECT key FROM exchange WHERE {split.condition.sql}", split.condition.values)
        return {key - self.base for (key,) in rows}


def told(tree: Any, of: object) -> bool | str:
    """Whether ``tree`` is true, or the words of its error."""
    try:
        return not is_false(compiled(tree)(of))
    except Exception as error:
        return str(error)


def check(table: Table, tree: Any) -> None:
    split = narrowed(tree)
    chosen = table.where(split)
    for each in table.documents:
        ours = each["seq"] in chosen and (split.rest is None or told(split.rest, each))
        assert ours == told(tree, each), (each["seq"], split)


@settings(max_examples=80)
@given(st.lists(exchanges, min_size=1, max_size=4), st.lists(trees, min_size=1, max_size=3))
def test_columns_say_what_evaluating_says(kept: list[Exchange], asked: list[Any]) -> None:
    table = Table(kept)
    for tree in asked:
        check(table, tree)


@settings(max_examples=100)
@given(
    st.sampled_from(["lt", "lte", "gt", "gte", "eq", "ne"]),
    st.integers(-(2**64), 2**64) | st.floats() | st.text(max_size=30),
)
def test_edges_of_numbers_and_times_are_where_evaluating_has_them(name: str, literal: Any) -> None:
    table = shared_table()
    for path in ("outcome.status_code", "outcome.duration_ms", "seq", "started_at", "id"):
        check(table, _node("comparator", jmespath.compile(path).parsed, _literal(literal), value=name))


_SHARED: list[Table] = []


def shared_table() -> Table:
    if not _SHARED:
        outcomes = [
            Returned(status_code=status, duration_ms=duration)
            for status, duration in zip(NUMBERS, DURATIONS, strict=False)
        ]
        moments = [TIMES[at % len(TIMES)] for at in range(len(outcomes))]
        _SHARED.append(
            Table(
                [
                    an_exchange(outcome=outcome, id=TEXTS[at], started_at=moments[at])
                    for at, outcome in enumerate(outcomes)
                ]
            )
        )
    return _SHARED[0]


@pytest.mark.parametrize(
    ("expression", "is_whole"),
    [
        ("event.trigger == 'obs'", True),
        ("'obs' == event.trigger && outcome.duration_ms > `100`", True),
        ("!(outcome.kind == 'returned') || contains(tags, 'marked')", True),
        ("started_at >= '2026-11-22' && starts_with(started_at, '2026')", True),
        ("(event).trigger == 'obs'", True),
        ("outcome.status_code == `null`", True),
        ("event.trigger == 'obs' && event.body.a == 'x'", False),
        ("event.body.a == 'x' && event.trigger == 'obs'", False),
    ],
)  # fmt: skip
def test_what_is_a_matter_of_columns_is_answered_by_them(expression: str, is_whole: bool) -> None:
    split = narrowed(jmespath.compile(expression).parsed)
    assert split.condition is not None
    assert (split.rest is None) == is_whole


@pytest.mark.parametrize(
    "expression",
    [
        "length(event.body) > `0` && event.trigger == 'obs'",  # the first can fail, and would be hidden
        "event.trigger > `1`",  # an error
        "contains(event.template, 'a')",  # an error where it is null
        "event.trigger == target.kind",
        "event",
        "@",
        "outcome.duration_ms > `1e400`",
        "&seq",
    ],
)
def test_what_columns_cannot_tell_exactly_is_left_to_evaluating(expression: str) -> None:
    tree = jmespath.compile(expression).parsed
    assert narrowed(tree) == Narrowed(None, tree)


def test_a_deep_expression_is_left_to_the_library() -> None:
    tree = jmespath.compile("!" * 150 + "seq").parsed
    assert narrowed(tree) == Narrowed(None, tree)


# The same without chance: every column with every kind of literal


def varied_table() -> Table:
    """Every column with each of its kinds of values, null among them."""
    return Table(
        [
            Exchange(
                id=TEXTS[at],
                event=Event(TEXTS[-1 - at], b"{}", template=None if at % 3 == 0 else TEXTS[at]),
                target=TargetSummary("local" if at % 2 else "http", TEXTS[at]),
                outcome=_outcome(Raised if at % 4 == 0 else Returned, NUMBERS[at % len(NUMBERS)], DURATIONS[at % len(DURATIONS)]),
                started_at=TIMES[at % len(TIMES)],
                replay_of=None if at % 2 == 0 else TEXTS[at],
                note=TEXTS[at],
                tags=TAGS[at % len(TAGS)],
            )
            for at in range(len(TEXTS))
        ]
    )  # fmt: skip


COMPARED = [
    None, True, False, [], {}, ["a"], "", "a", "b", "é", "\ud800", "obs", "\uffff", "1", "2026", "2026-11-22T09:46:01.123456Z",
    "0001-01-01T00:00:00.000000Z", "9999-12-31T23:59:59.999999Z", 0, 1, 1.0, 404, 500.0, 0.1, -2.5, 2**53 + 1, 2**63 - 1, 2**63, -(2**63), 10**30, float("inf"),
]  # fmt: skip


@pytest.mark.parametrize("path", PATHS)
def test_every_comparison_of_a_column_is_what_evaluating_says_whichever_side_it_stands_on(path: str) -> None:
    table, column = varied_table(), jmespath.compile(path).parsed
    for name in ("eq", "ne", "lt", "lte", "gt", "gte"):
        for literal in map(_literal, COMPARED):
            check(table, _node("comparator", column, literal, value=name))
            check(table, _node("comparator", literal, column, value=name))


@pytest.mark.parametrize("path", PATHS)
def test_every_search_in_a_column_is_what_evaluating_says(path: str) -> None:
    table, column = varied_table(), jmespath.compile(path).parsed
    sought = [
        "",
        "a",
        "ab",
        "b",
        "bs",
        "xab",
        "处",
        "\U0001f600",
        '"',
        "%",
        "2026",
        "2026-11-22T",
        "marked",
        "a b",
        'a", "b',
        "x, ",
        "\\",
    ]
    for name in ("contains", "starts_with", "ends_with"):
        for literal in map(_literal, [*sought, None, 1, ["a"]]):
            check(table, _node("function_expression", column, literal, value=name))


def test_a_tag_that_json_spells_otherwise_is_found_as_it_is() -> None:
    table = Table(
        [an_exchange(id=str(at), tags=tags) for at, tags in enumerate([("处理",), ("a", "b"), ('a", "b',), ("é",)])]
    )
    for tag in ("处理", 'a", "b', "é", "a", "b"):
        check(table, _node("function_expression", jmespath.compile("tags").parsed, _literal(tag), value="contains"))
