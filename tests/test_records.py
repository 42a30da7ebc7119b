from __future__ import annotations

import copy
import pickle
from dataclasses import make_dataclass
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgtui.records import NOTHING, Record, replace


class Place(Record):
    """A record with and without defaults."""

    name: str
    line: int = 1
    notes: tuple[str, ...] = ()


class Ending(Record, kw_only=True):
    kind: ClassVar[str]
    logs: str = ""


class Crash(Ending, kw_only=True):
    kind: ClassVar[str] = "crashed"
    code: int


class Opened(Record, uncompared=("cache",)):
    text: str
    cache: object = None


AS_DATACLASS = make_dataclass("Place", [("name", str), ("line", int, 1), ("notes", tuple, ())], frozen=True, slots=True)
VALUES = st.lists(st.integers(0, 3), max_size=4)
NAMED = st.dictionaries(st.sampled_from(["name", "line", "notes", "other"]), st.integers(0, 3))


def said(make: type, values: list[int], named: dict[str, int]) -> str | None:
    try:
        return repr(make(*values, **named))
    except TypeError:
        return None


@given(values=VALUES, named=NAMED)
def test_a_record_takes_and_refuses_what_a_dataclass_does(values: list[int], named: dict[str, int]) -> None:
    assert said(Place, values, named) == said(AS_DATACLASS, values, named)


@pytest.mark.parametrize(
    ("values", "named", "reason"),
    [
        pytest.param((), {}, "Place needs name", id="missing"),
        pytest.param(("a", 1, (), 2), {}, "Place has 3 fields, not 4", id="too-many"),
        pytest.param(("a",), {"name": "b"}, "Place was given name twice", id="twice"),
        pytest.param(("a",), {"lines": 2}, "Place has no field lines", id="unknown"),
        pytest.param((), {"lines": 2}, "Place has no field lines", id="unknown-for-missing"),
    ],
)
def test_a_wrong_call_says_what_is_wrong(values: tuple[object, ...], named: dict[str, object], reason: str) -> None:
    with pytest.raises(TypeError, match=reason):
        Place(*values, **named)


@pytest.mark.parametrize("name", ["line", "colour"])
def test_nothing_of_a_record_changes(name: str) -> None:
    place = Place("a")
    with pytest.raises(AttributeError, match="frozen"):
        setattr(place, name, 2)
    with pytest.raises(AttributeError, match="frozen"):
        delattr(place, name)
    assert not hasattr(place, "__dict__")


def test_records_are_equal_by_their_fields_and_their_kind() -> None:
    assert Place("a", 2) == Place(name="a", line=2)
    assert hash(Place("a", 2)) == hash(Place(name="a", line=2))
    assert Place("a") != Place("b")
    assert Ending(logs="x") != Crash(code=1, logs="x")
    assert Place("a") != ("a", 1, ())


def test_inherited_fields_come_first() -> None:
    assert repr(Crash(code=3, logs="x")) == "Crash(logs='x', code=3)"
    assert Crash.kind == Crash(code=1).kind == "crashed"


def test_what_is_not_compared_is_not_told_either() -> None:
    opened = Opened("a", cache=object())
    assert opened == Opened("a")
    assert hash(opened) == hash(Opened("a"))
    assert repr(opened) == "Opened(text='a')"
    assert replace(opened, text="b").cache is opened.cache


def test_replacing_makes_another_record() -> None:
    place = Place("a", 2)
    assert replace(place, line=3) == Place("a", 3)
    assert place == Place("a", 2)
    with pytest.raises(TypeError, match="no field colour"):
        replace(place, colour="red")


@pytest.mark.parametrize("record", [Place("a", 2, ("x",)), Crash(code=3, logs="y")])
def test_a_record_survives_copying_and_pickling(record: Record) -> None:
    assert copy.copy(record) == copy.deepcopy(record) == pickle.loads(pickle.dumps(record)) == record


def test_the_fields_can_be_matched_in_order() -> None:
    match Place("a", 7):
        case Place(name, line):
            assert (name, line) == ("a", 7)
        case _:
            pytest.fail("it does not match")


def test_the_empty_mapping_cannot_be_filled_by_mistake() -> None:
    with pytest.raises(TypeError):
        NOTHING["a"] = 1
