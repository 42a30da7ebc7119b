"""A table of a trigger.toml names the key that is wrong and what it should be."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from fgtui.errors import EventError
from fgtui.events.tables import Table
from fgtui.words import say

READERS: dict[str, tuple[Callable[[Table], object], object, str]] = {
    "text": (lambda table: table.text("key"), ["x"], "text"),
    "number": (lambda table: table.number("key", 0), True, "a whole number"),
    "scalar": (lambda table: table.scalar("key"), 1.5, "text, a whole number or a truth value"),
    "texts": (lambda table: table.texts("key"), ["x", 1], "a list of texts"),
    "one text": (lambda table: table.texts("key"), "x", "a list of texts"),
    "table": (lambda table: table.table("key"), [], "a table"),
    "tables": (lambda table: table.tables("key"), [{}, 1], "a list of tables, at least one"),
    "no tables": (lambda table: table.tables("key"), [], "a list of tables, at least one"),
}


@pytest.mark.parametrize(("read", "value", "wanted"), READERS.values(), ids=READERS)
def test_a_wrong_type_names_key_table_and_type(read: Callable[[Table], object], value: object, wanted: str) -> None:
    with pytest.raises(EventError) as caught:
        read(Table({"key": value}, "fresh"))
    assert say(caught.value.message, caught.value.values) == f"key in [fresh] must be {wanted}"


def test_tables_inside_tables_are_called_by_their_whole_name() -> None:
    inner = Table({"a": {"b": {}}}).table("a").table("b")
    assert inner.name == "[a.b]"
    assert not inner


def test_what_is_not_there_is_its_default() -> None:
    table = Table({})
    assert (table.text("a", "x"), table.number("a", 5), table.texts("a"), bool(table.table("a"))) == ("x", 5, (), False)


def test_a_key_that_nobody_asks_for_is_unknown_and_the_nearest_is_named() -> None:
    table = Table({"name": "x", "moed": "y"})
    table.text("name")
    table.text("mode")
    with pytest.raises(EventError) as caught:
        table.all_known()
    assert say(caught.value.message, caught.value.values) == "unknown key moed in trigger.toml; did you mean mode?"
    assert say(caught.value.hint, caught.value.values) == "its keys: name, mode"
