"""Conditions of a query that the small columns of ``exchange`` answer, as SQL.

Gives exactly what evaluating the expression gives, also where a column is null, text that UTF-8 cannot hold (a blob),
or of another type than what it is compared with; what it cannot give so, and what would be an error, it leaves alone.
"""

# ruff: noqa: S608  # every statement is built from the names in this package alone

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from fgtui.records import Record
from fgtui.sessions.query.closures import compiled, is_false
from fgtui.sessions.query.reading import SOME
from fgtui.sessions.query.tree import Tree, conjuncts, is_safe, is_shallow, joined, path_of
from fgtui.sessions.storage.rows import CONTENT_COLUMNS, cell, microseconds, moment
from fgtui.sessions.storage.statements import SEQ_MASK, marks

_TEXT, _NUMBER, _TIME, _TAGS = "text", "number", "time", "tags"
_INTEGER_LIMIT = 2**63


class Condition(Record):
    """A condition on a row of ``exchange``: SQL that is 0 or 1, never null, and what its ``?`` stand for."""

    sql: str
    values: tuple[str | bytes | int | float, ...] = ()


class Narrowed(Record):
    """A query as a condition on columns, and what is still to be evaluated where that holds."""

    condition: Condition | None
    rest: Tree | None
    """Its truth is the query's wherever ``condition`` holds; elsewhere the query is false."""


class _Column(Record):
    sql: str
    kind: str
    nullable: bool = False
    has_wide: bool = False
    """Integers that SQLite has no room for are there as the bytes of their digits."""


_COLUMNS: dict[tuple[str, ...], _Column] = {
    ("id",): _Column("exchange.id", _TEXT),
    ("seq",): _Column(f"(exchange.key & {SEQ_MASK})", _NUMBER),
    ("started_at",): _Column("exchange.started_us", _TIME),
    ("replay_of",): _Column("exchange.replay_of", _TEXT, nullable=True),
    ("note",): _Column("exchange.note", _TEXT),
    ("tags",): _Column("exchange.tags", _TAGS),
    ("event", "trigger"): _Column("exchange.trigger", _TEXT),
    ("event", "template"): _Column("exchange.template", _TEXT, nullable=True),
    ("target", "kind"): _Column("exchange.target_kind", _TEXT),
    ("target", "spec"): _Column("exchange.target", _TEXT),
    ("outcome", "kind"): _Column("exchange.outcome", _TEXT),
    ("outcome", "status_code"): _Column("exchange.status_code", _NUMBER, nullable=True, has_wide=True),
    ("outcome", "duration_ms"): _Column("exchange.duration_ms", _NUMBER, nullable=True),
}

_ALWAYS, _NEVER = Condition("1"), Condition("0")


def scan_statements(condition: Condition | None, *, newest_first: bool) -> dict[str, str]:
    """What ``finding`` and ``query.reading`` say to SQLite: of a range of keys, or of ``SOME`` keys.

    ``sizes``, ``keys`` and ``matches`` take the values of ``condition`` after them.
    """
    order = "DESC" if newest_first else "ASC"
    range_, some = "WHERE exchange.key BETWEEN ? AND ?", f"WHERE exchange.key IN ({marks(SOME)})"
    also = f" AND {condition.sql}" if condition else ""
    contents = (
        f"SELECT exchange.key, note, tags, {CONTENT_COLUMNS} FROM exchange"
        " LEFT JOIN content ON content.id = exchange.content"  # LEFT, so that lost content shows
    )
    return {
        "order": order,
        "count": f"SELECT count(*) FROM exchange {range_}",
        "count_of_some": f"SELECT count(*) FROM exchange {some}",
        "matches": f"SELECT count(*) FROM exchange {range_}{also}",
        "keys": f"SELECT key FROM exchange {range_}{also} ORDER BY key {order}",
        "sizes": f"SELECT key, size FROM exchange {range_}{also} ORDER BY key {order}",
        "sizes_of_some": f"SELECT key, size FROM exchange {some}{also} ORDER BY key {order}",
        "contents_of_some": f"{contents} {some} ORDER BY exchange.key {order}",
        "content": f"{contents} WHERE exchange.key = ?",  # a range would look at the next one too
    }


def narrowed(tree: Tree) -> Narrowed:
    """As much of ``tree`` as a condition on columns as can be, without hiding an error that evaluating it gives."""
    if not is_shallow(tree):
        return Narrowed(None, tree)
    conditions: list[Condition] = []
    rest: list[Tree] = []
    nothing_fails = True
    for each in conjuncts(tree):
        condition = _truth(each) if nothing_fails else None
        if condition is None:
            rest.append(each)
            nothing_fails = nothing_fails and is_safe(each)
        else:
            conditions.append(condition)
    return Narrowed(_all(conditions) if conditions else None, joined(rest))


def _truth(tree: Tree) -> Condition | None:
    """The truth of ``tree``; ``None`` where columns cannot tell it."""
    kind, children = tree["type"], tree["children"]
    if kind in {"and_expression", "or_expression"}:
        left, right = map(_truth, children)
        if left is None or right is None:
            return None
        word = "AND" if kind == "and_expression" else "OR"
        return Condition(f"({left.sql} {word} {right.sql})", left.values + right.values)
    if kind == "not_expression":
        inner = _truth(children[0])
        return None if inner is None else _not(inner)
    if kind == "comparator":
        return _comparison(tree)
    if kind == "function_expression":
        return _function(tree)
    if kind == "literal":
        return _constant(not is_false(tree["value"]))
    column = _column(tree)
    return None if column is None else _is_true(column)


def _is_true(column: _Column) -> Condition:
    if column.kind == _TEXT:
        return _two_valued(column, f"{column.sql} <> ''")
    if column.kind == _TAGS:
        return Condition(f"{column.sql} <> '[]'")
    return Condition(f"{column.sql} IS NOT NULL")


def _comparison(tree: Tree) -> Condition | None:
    left, right = tree["children"]
    name = tree["value"]
    if left["type"] == "literal" and right["type"] == "literal":
        try:
            return _constant(not is_false(compiled(tree)(None)))
        except TypeError:
            return None
    if left["type"] == "literal":
        left, right, name = right, left, _TURNED.get(name, name)
    column = _column(left)
    if column is None or right["type"] != "literal":
        return None
    if name in _SIGNS:
        return _order(column, name, right["value"])
    same = _equality(column, right["value"])
    return _not(same) if same is not None and name == "ne" else same


_SIGNS = {"lt": "<", "lte": "<=", "gt": ">", "gte": ">="}
_TURNED = {"lt": "gt", "lte": "gte", "gt": "lt", "gte": "lte"}


def _equality(column: _Column, literal: Any) -> Condition | None:
    if literal is None:
        return Condition(f"{column.sql} IS NULL") if column.nullable else _NEVER
    if column.kind == _TAGS:
        return Condition(f"{column.sql} = '[]'") if literal == [] else None
    if column.kind == _NUMBER:
        if isinstance(literal, bool) or not isinstance(literal, int | float):
            return _NEVER
        if not _is_exact(column, literal):
            return None
        return _two_valued(column, f"{column.sql} = ?", literal)
    if not isinstance(literal, str):
        return _NEVER
    if column.kind == _TIME:
        at = _first(lambda spelled: spelled >= literal)
        return Condition(f"{column.sql} = ?", (at,)) if at <= _LAST_US and _spelled(at) == literal else _NEVER
    return _two_valued(column, f"{column.sql} = ?", cell(literal))


def _order(column: _Column, name: str, literal: Any) -> Condition | None:
    if column.kind == _TAGS or literal is None or isinstance(literal, bool | list | dict):
        return _NEVER  # what has no order is null
    sign = _SIGNS[name]
    if column.kind == _NUMBER:
        if isinstance(literal, str) or not _is_exact(column, literal):
            return None
        condition = _two_valued(column, f"{column.sql} {sign} ?", literal)
        return _also_wide(column, condition, sign) if column.has_wide else condition
    if not isinstance(literal, str):
        return None
    if column.kind == _TIME:
        bound = _first(
            (lambda spelled: spelled > literal) if name in {"lte", "gt"} else (lambda spelled: spelled >= literal)
        )
        return Condition(f"{column.sql} {'<' if name in {'lt', 'lte'} else '>='} ?", (bound,))
    return _two_valued(column, f"{_bytes_of(column)} {sign} ?", _as_bytes(literal))


def _function(tree: Tree) -> Condition | None:
    if tree["value"] not in {"contains", "starts_with", "ends_with"} or len(tree["children"]) != 2:
        return None
    column, sought = _column(tree["children"][0]), tree["children"][1]
    if column is None or column.nullable or sought["type"] != "literal" or not isinstance(sought["value"], str):
        return None  # what is null, or no text, is an error
    if column.kind == _TEXT:
        return _within(tree["value"], _bytes_of(column), _as_bytes(sought["value"]))
    if column.kind == _TIME and tree["value"] == "starts_with":
        start = sought["value"]
        low = _first(lambda spelled: spelled >= start)
        high = _first(lambda spelled: spelled[: len(start)] > start)
        return Condition(f"({column.sql} >= ? AND {column.sql} < ?)", (low, high))
    if column.kind == _TAGS and tree["value"] == "contains":
        return _has_tag(column, sought["value"])
    return None


def _within(name: str, text: str, sought: bytes) -> Condition:
    size = len(sought)
    if not size:
        return _ALWAYS
    if name == "contains":
        return Condition(f"instr({text}, ?) > 0", (sought,))
    if name == "starts_with":
        return Condition(f"substr({text}, 1, {size}) = ?", (sought,))
    return Condition(f"(length({text}) >= {size} AND substr({text}, length({text}) - {size - 1}) = ?)", (sought,))


def _has_tag(column: _Column, tag: str) -> Condition | None:
    """By the JSON of the list, where no quotation mark in it can be taken for another one."""
    if not tag or not all(sign.isalnum() or sign in "-_ .:/" for sign in tag) or not tag.isascii():
        return None
    first, later = f'["{tag}"', f', "{tag}"'
    return Condition(f"(instr({column.sql}, ?) = 1 OR instr({column.sql}, ?) > 0)", (first, later))


def _column(tree: Tree) -> _Column | None:
    path = path_of(tree)
    return None if path is None else _COLUMNS.get(path)


def _bytes_of(column: _Column) -> str:
    """Bytes of UTF-8 have the order of the characters they stand for, text and blobs alike."""
    return f"CAST({column.sql} AS BLOB)"


def _as_bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _is_exact(column: _Column, number: float) -> bool:
    """Whether SQLite compares the column with ``number`` as Python does."""
    if isinstance(number, float) and not column.has_wide:
        return math.isfinite(number)
    return -_INTEGER_LIMIT <= number < _INTEGER_LIMIT


def _two_valued(column: _Column, sql: str, *values: str | bytes | float) -> Condition:
    return Condition(f"coalesce({sql}, 0)" if column.nullable else f"({sql})", values)


def _also_wide(column: _Column, condition: Condition, sign: str) -> Condition:
    """``condition``, and its counterpart for numbers beyond all that a literal here can be."""
    is_less = f"substr({column.sql}, 1, 1) {'=' if sign.startswith('<') else '<>'} CAST('-' AS BLOB)"
    return Condition(
        f"(CASE typeof({column.sql}) WHEN 'blob' THEN {is_less} ELSE {condition.sql} END)", condition.values
    )


def _constant(truth: bool) -> Condition:
    return _ALWAYS if truth else _NEVER


def _not(condition: Condition) -> Condition:
    return Condition(f"NOT ({condition.sql})", condition.values)


def _all(conditions: list[Condition]) -> Condition:
    values = [value for each in conditions for value in each.values]
    return Condition("(" + " AND ".join(f"({each.sql})" for each in conditions) + ")", tuple(values))


# Times, which are spelled with a fixed width: their text has their order


def _spelled(us: int) -> str:
    return moment(us).isoformat(timespec="microseconds").removesuffix("+00:00") + "Z"


def _first(is_reached: Callable[[str], bool]) -> int:
    """The first microsecond whose spelling ``is_reached``, as all after it are; one after the last where none is."""
    low, high = _FIRST_US, _LAST_US + 1
    while low < high:
        middle = (low + high) // 2
        if is_reached(_spelled(middle)):
            high = middle
        else:
            low = middle + 1
    return low


def _limits() -> tuple[int, int]:
    from datetime import UTC, datetime

    return microseconds(datetime.min.replace(tzinfo=UTC)), microseconds(datetime.max.replace(tzinfo=UTC))


_FIRST_US, _LAST_US = _limits()
