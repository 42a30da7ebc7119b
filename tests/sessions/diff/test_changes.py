from __future__ import annotations

import base64
import copy
import json
import threading
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgtui.events.model import Path
from fgtui.events.text import format_path
from fgtui.invoke.model import (
    Cancelled,
    Crashed,
    HandlerError,
    Outcome,
    OutOfMemory,
    Raised,
    Returned,
    TargetSummary,
    TimedOut,
)
from fgtui.records import replace
from fgtui.sessions.diff.changes import (
    Change,
    DiffCancelledError,
    Kind,
    compare_events,
    compare_outcomes,
    compare_texts,
    diff,
)
from fgtui.sessions.diff.comparison import Comparison
from fgtui.sessions.model import NO_TARGET
from fgtui.sessions.redaction.redactor import Redactor
from tests.factories import an_event, an_exchange

values = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 2) | st.sampled_from([0.0, 1.0, 1.5]) | st.sampled_from(["", "a", "b"]),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.sampled_from("abcd"), inner, max_size=4),
    max_leaves=25,
)


def told(old: object, new: object, *comparison: Comparison) -> list[str]:
    """Changes in short: ``~a.b 1 2``."""
    signs = {Kind.ADDED: "+", Kind.REMOVED: "-", Kind.CHANGED: "~", Kind.MOVED: ">"}
    return [
        f"{signs[change.kind]}{format_path(change.path)} {json.dumps(change.old)} {json.dumps(change.new)}"
        for change in diff(old, new, *comparison)
    ]


@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        (1, 1, []),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, []),
        (1, 2, ["~ 1 2"]),
        (1, True, ["~ 1 true"]),
        (0, False, ["~ 0 false"]),
        (1, 1.0, ["~ 1 1.0"]),
        ([1], {"0": 1}, ['~ [1] {"0": 1}']),
        (None, [], ["~ null []"]),
        ({"a": None}, {}, ["-a null null"]),
        ({}, {"a": None}, ["+a null null"]),
        ({"a": {"b": [1, {"c": 2}]}}, {"a": {"b": [1, {"c": 3}]}}, ["~a.b[1].c 2 3"]),
        ({"a": 1, "c": 1, "d": 1}, {"b": 1, "c": 2, "d": 1}, ["-a 1 null", "~c 1 2", "+b null 1"]),
        ([1, 2, 3], [1, 3], ["-[1] 2 null"]),
        ([1, 3], [1, 2, 3], ["+[1] null 2"]),
        ([], [1, 2], ["+[0] null 1", "+[1] null 2"]),
        ([{"a": 1}, {"a": 2}], [{"a": 0}, {"a": 1}, {"a": 2}], ['+[0] null {"a": 0}']),
        ([1, 2, 3, 4], [1, 9, 4], ["~[1] 2 9", "-[2] 3 null"]),
        ([[1, [2]], 5, 6], [[1, [2]], 6], ["-[1] 5 null"]),
        ([1, 1, 1], [1, 1], ["-[2] 1 null"]),
        ([True, 1], [1, True, 1], ["+[0] null 1"]),
    ],
)
def test_differences_are_told_by_path(old: object, new: object, changes: list[str]) -> None:
    assert told(old, new) == changes


def typed(value: object) -> object:
    """A value that is equal only to one of the same types all through."""
    if isinstance(value, dict):
        return {name: typed(member) for name, member in value.items()}
    return [typed(item) for item in value] if isinstance(value, list) else (type(value), value)


def applied(value: object, changes: tuple[Change, ...]) -> object:
    """``value`` with ``changes`` made to it, those inside others first: all places are those in the old value."""
    root: dict[str, Any] = {"": copy.deepcopy(value)}
    by_parent: dict[Path, list[Change]] = {}
    for change in changes:
        path = ("", *change.path)
        by_parent.setdefault(path if change.kind is Kind.MOVED else path[:-1], []).append(change)
    for parent in sorted(by_parent, key=len, reverse=True):
        place: Any = root
        for step in parent:
            place = place[step]
        for change in by_parent[parent]:
            if change.kind is Kind.CHANGED:
                place[change.path[-1] if change.path else ""] = change.new
        if isinstance(place, list):
            place[:] = rearranged(place, by_parent[parent])
            continue
        for change in by_parent[parent]:
            if change.kind is Kind.REMOVED:
                del place[change.path[-1]]
            elif change.kind is Kind.ADDED:
                place[change.path[-1]] = change.new
    return root[""]


def rearranged(items: list[Any], changes: list[Change]) -> list[Any]:
    """``items`` without what was removed, with what was added and moved at its new index, the others in order."""
    moved: Any = [(change.old, change.new) for change in changes if change.kind is Kind.MOVED]
    places = {to: items[at] for old, new in moved for at, to in zip(old, new, strict=True)}
    places |= {change.path[-1]: change.new for change in changes if change.kind is Kind.ADDED}
    gone = {change.path[-1] for change in changes if change.kind is Kind.REMOVED}
    gone |= {at for old, _ in moved for at in old}
    staying = iter([item for index, item in enumerate(items) if index not in gone])
    count = len(places) + len(items) - len(gone)
    return [places[index] if index in places else next(staying) for index in range(count)]


@given(values, values)
def test_the_differences_make_the_new_of_the_old(old: object, new: object) -> None:
    changes = diff(old, new)
    assert typed(applied(old, changes)) == typed(new)
    assert bool(changes) == (typed(old) != typed(new))


@given(values)
def test_a_value_does_not_differ_from_its_copy(value: object) -> None:
    assert diff(value, copy.deepcopy(value)) == ()


def test_depth_and_size_are_no_obstacle() -> None:
    old: Any = [1, 2]
    new: Any = [1, 3, 2]
    for _ in range(50_000):
        old, new = [old, 0], [new, 0, 0]  # every list on the way differs in length
    changes = diff(old, new)
    assert [change.new for change in changes[1:]] == [0] * 1000
    assert len(changes[0].path) == 1000
    wide = [{"id": number, "name": "x"} for number in range(50_000)]
    assert told(wide, [*wide[:40_000], *wide[40_001:]]) == ['-[40000] {"id": 40000, "name": "x"} null']


@pytest.mark.parametrize(
    ("ignore", "left"),
    [
        ([], ["~a.id 1 2", "~a.list[0].at 1 2", "~a.list[1].at 1 2", "+b null 1"]),
        (["a.id"], ["~a.list[0].at 1 2", "~a.list[1].at 1 2", "+b null 1"]),
        (["a"], ["+b null 1"]),
        (["a", "b"], []),
        (["**"], []),
        (["a.list[*].at"], ["~a.id 1 2", "+b null 1"]),
        (["a.list[1]", 'a."id"'], ["~a.list[0].at 1 2", "+b null 1"]),
        (['a."[*]"', "a.list.at", "a[*]", "a.list[*].at.deeper"], ["~a.id 1 2", "~a.list[0].at 1 2", "~a.list[1].at 1 2", "+b null 1"]),
    ],
)  # fmt: skip
def test_what_is_ignored_is_not_told(ignore: list[Any], left: list[str]) -> None:
    old = {"a": {"id": 1, "list": [{"at": 1}, {"at": 1}]}}
    new = {"a": {"id": 2, "list": [{"at": 2}, {"at": 2}]}, "b": 1}
    assert told(old, new, Comparison.parse(ignore)) == left


# Outcomes


def changed(old: Outcome, new: Outcome, **options: Any) -> list[str]:
    changes = compare_outcomes(an_exchange(outcome=old), an_exchange(outcome=new, number=2), **options).changes
    return [format_path(change.path) for change in changes]


def test_what_is_new_each_time_is_no_difference() -> None:
    old = Returned(
        body=b'{"a": 1}', logs="1", request_id="1", duration_ms=1, memory_mb=1, headers=(("Date", "1"), ("A", "b"))
    )
    new = Returned(
        body=b'{ "a":1 }', logs="2", request_id="2", duration_ms=2, cold_start=True, headers=(("date", "2"), ("a", "b"))
    )
    assert changed(old, new) == []


def test_a_result_here_and_the_same_over_http_do_not_differ_by_its_envelope() -> None:
    """A handler on this machine, a container, a deployed function, an API: the one has a status, the other none."""
    here, there = Returned(body=b'{"a": 1}'), Returned(body=b'{"a": 1}', status_code=201, headers=(("Server", "x"),))
    assert changed(here, there) == changed(there, here) == []
    assert changed(here, replace(there, body=b"2")) == ["outcome.result"]
    assert "outcome.status_code" in changed(here, replace(there, status_code=500))
    assert changed(there, replace(there, status_code=200)) == ["outcome.status_code"]


@pytest.mark.parametrize(
    ("old", "new", "paths"),
    [
        (Returned(body=b"1"), Returned(body=b"1.0"), ["outcome.result"]),
        (Returned(body=b"ok"), Returned(body=b'"ok"'), []),
        (Returned(body=b""), Returned(body=b"null"), []),
        (Returned(body=b"\xff"), Returned(body=b"\xfe"), ["outcome.result"]),
        (Returned(status_code=200), Returned(status_code=201), ["outcome.status_code"]),
        (Returned(headers=(("a", "1"),)), Returned(headers=(("a", "1"), ("A", "2"))), ["outcome.headers.a"]),
        (Returned(), Crashed(signal=11), ["outcome.kind", "outcome.error"]),
        (Crashed(signal=11), Crashed(signal=6), ["outcome.error.signal"]),
        (
            Raised(error=HandlerError("E", "1", ("line 3",))),
            Raised(error=HandlerError("E", "2", ("line 4",))),
            ["outcome.error.message"],
        ),
        (TimedOut(limit_s=3, stopped_processes=1), TimedOut(limit_s=3, stopped_processes=4), []),
        (OutOfMemory(limit_mb=128), OutOfMemory(limit_mb=256), ["outcome.error.limit_mb"]),
    ],
)
def test_what_a_caller_would_notice_is_a_difference(old: Outcome, new: Outcome, paths: list[str]) -> None:
    assert changed(old, new) == paths


@pytest.mark.parametrize(
    ("old", "new", "paths"),
    [
        ('{"price": 123456789012345678.5}', '{"price": 123456789012345678.6}', ["outcome.result.price"]),
        ('{"a": 1, "a": 2}', '{"a": 3, "a": 2}', ['outcome.result."a #1"']),
        ('{"a": 1, "a": 2}', '{"a": 2}', ['outcome.result."a #1"']),
        ("[1E999999999, 5]", "[1E999999998, 5]", ["outcome.result[0]"]),
        (json.dumps({"in": '{"x": 0.1}'}), json.dumps({"in": '{"x": 0.10000000000000000001}'}), ["outcome.result.in.x"]),
        ('{"isBase64Encoded": false, "body": "[1E999]"}', '{"isBase64Encoded": false, "body": "[2E999]"}',
         ["outcome.result.body[0]"]),
    ],
)  # fmt: skip
def test_what_a_double_cannot_tell_apart_is_a_difference_all_the_same(old: str, new: str, paths: list[str]) -> None:
    assert changed(Returned(body=old.encode()), Returned(body=new.encode())) == paths
    one, other = an_exchange(old), an_exchange(new)
    assert len(compare_events(one, other).changes) == len(paths)
    assert compare_events(one, one).changes == ()


@pytest.mark.parametrize(
    ("old", "new", "is_respelled"),
    [
        ('{"a": 1}', '{ "a":1 }', True),
        ('["\\u0061"]', '["a"]', True),
        ('{"a": 1, "b": 1.10}', '{"b": 1.1, "a": 1}', True),
        ('{"a": 1}', '{"a": 1}', False),
        ('{"a": 1}', '{"a": 2}', False),
    ],
)
def test_texts_that_differ_though_their_values_do_not_are_told(old: str, new: str, is_respelled: bool) -> None:
    one, other = an_exchange(old, body=old), an_exchange(new, body=new)
    for compare in (compare_outcomes, compare_events):
        assert compare(one, other).is_respelled is is_respelled
        assert not compare(one, other, comparison=Comparison.parse(["~time"])).is_respelled


def test_an_event_that_was_never_sent_has_no_outcome_to_compare_with() -> None:
    never = an_exchange(outcome=Cancelled(), target=TargetSummary(NO_TARGET, ""))
    assert compare_outcomes(never, an_exchange()).changes == compare_outcomes(an_exchange(), never).changes == ()
    assert compare_events(never, an_exchange("[]")).changes != ()


def test_ignored_paths_begin_with_the_outcome() -> None:
    old, new = Returned(body=b'{"id": 1, "x": 1}'), Returned(body=b'{"id": 2, "x": 1}')
    assert changed(old, new, comparison=Comparison.parse(["outcome.result.id"])) == []


def test_a_placeholder_equals_what_is_redacted_to_it() -> None:
    redactor = Redactor(salt=b"0123456789abcdef")
    received = Returned(body=b'{"token": "t", "url": "https://u:p@h/x", "n": 1}')
    recorded = redactor.apply(an_exchange(outcome=received)).outcome
    other = Returned(body=b'{"token": "other", "url": "https://u:p@h/y", "n": 1}')
    assert changed(recorded, received, redactor=redactor) == []
    assert changed(recorded, other, redactor=redactor) == ["outcome.result.token", "outcome.result.url"]


def test_of_another_store_s_placeholders_only_the_places_are_compared() -> None:
    received = Returned(body=b'{"token": "t", "n": 1}')
    recorded = Redactor(salt=b"fedcba9876543210").apply(an_exchange(outcome=received)).outcome
    mine = Redactor(salt=b"0123456789abcdef")
    assert changed(recorded, Returned(body=b'{"token": "other", "n": 1}'), redactor=mine) == []
    assert changed(recorded, Returned(body=b'{"token": null, "n": 1}'), redactor=mine) == ["outcome.result.token"]
    new = an_exchange(outcome=Returned(body=b'{"token": "other", "n": 1}'))
    compared = compare_outcomes(an_exchange(outcome=recorded), new, redactor=mine)
    assert (compared.changes, compared.unknown, compared.is_respelled) == ((), 1, False)
    assert compare_outcomes(new, new, redactor=mine).unknown == 0


def test_a_placeholder_of_a_recording_equals_what_was_recorded_before_there_was_such_a_rule() -> None:
    redactor = Redactor(salt=b"0123456789abcdef")
    before = Returned(body=b'{"token": "t-1234", "n": 1}')
    after = redactor.apply(an_exchange(outcome=before)).outcome
    assert changed(before, after, redactor=redactor, are_recorded=True) == []
    other = Returned(body=b'{"token": "t-1234", "n": 2}')
    assert changed(before, other, redactor=redactor, are_recorded=True) == ["outcome.result.n"]


# Arrays in another order


def test_a_member_that_names_nothing_may_change() -> None:
    assert told([{"n": 1}, {"n": 2}], [{"n": 1}, {"n": 3}]) == ["~[1].n 2 3"]


ITEMS = [{"id": f"i{number}", "price": number} for number in range(6)]


@pytest.mark.parametrize(
    ("new", "changes"),
    [
        ([*reversed(ITEMS)], [">list [0, 1, 2, 3, 4] [5, 4, 3, 2, 1]"]),
        ([ITEMS[5], *ITEMS[:5]], [">list [5] [0]"]),
        ([ITEMS[5], *ITEMS[:3], {**ITEMS[3], "price": 9}, ITEMS[4]], ["~list[3].price 3 9", ">list [5] [0]"]),
        ([ITEMS[0], *ITEMS[2:]], ['-list[1] {"id": "i1", "price": 1} null']),
        ([{"id": "new", "price": 7}, *ITEMS], ['+list[0] null {"id": "new", "price": 7}']),
        ([ITEMS[0], {**ITEMS[1], "id": "renamed"}, *ITEMS[2:]], ['~list[1].id "i1" "renamed"']),
        ([ITEMS[0], {"id": "other", "x": 1}, *ITEMS[2:]],
         ['-list[1] {"id": "i1", "price": 1} null', '+list[1] null {"id": "other", "x": 1}']),
    ],
)  # fmt: skip
def test_items_are_known_by_their_names(new: list[Any], changes: list[str]) -> None:
    assert told({"list": ITEMS}, {"list": new}) == changes


@pytest.mark.parametrize("rule", ["~order", "list~order", "**~order"])
def test_another_order_is_ignored_where_it_is_said(rule: str) -> None:
    new = [*reversed(ITEMS[1:]), {**ITEMS[0], "price": 7}]
    assert told({"list": ITEMS}, {"list": new}, Comparison.parse([rule])) == ["~list[0].price 0 7"]
    assert told(["a", "b", "b"], ["b", "a", "b"], Comparison.parse(["~order"])) == []
    assert told([["a", "b"], ["c"]], [["c"], ["b", "a"]], Comparison.parse(["~order"])) == []


def test_numbers_that_repeat_are_known_by_their_places() -> None:
    assert told([0, 1, 0, 1, 0, 0], [1, 0, 0, 1, 0, 0]) == ["~[0] 0 1", "~[1] 1 0"]


def test_what_is_ignored_in_items_does_not_tell_them_apart() -> None:
    old = [{"trace": f"old{number}", "kind": number, "more": [number]} for number in range(9)]
    new = [{**item, "trace": f"new{item['kind']}"} for item in (*old[:3], *old[4:])]
    assert [change.path for change in diff(old, new, Comparison.parse(["[*].trace"]))] == [(3,)]
    nested = [[item] for item in old], [[item] for item in new]
    assert [change.path for change in diff(*nested, Comparison.parse(["**.trace"]))] == [(3,)]
    assert diff(old, new[::-1], Comparison.parse(["**.trace", "~order"]))[0].path == (3,)


rows = st.lists(
    st.fixed_dictionaries({"id": st.integers(0, 8), "v": st.integers(0, 2)}, optional={"w": values}),
    max_size=6,
    unique_by=lambda row: row["id"],
)


@given(rows, rows)
def test_the_differences_make_the_new_rows_of_the_old(old: list[Any], new: list[Any]) -> None:
    assert typed(applied(old, diff(old, new))) == typed(new)


@given(values | rows, values | rows)
def test_there_is_a_difference_in_both_directions_or_in_none(old: object, new: object) -> None:
    assert bool(diff(old, new)) == bool(diff(new, old))


flat = st.recursive(
    st.integers(0, 2) | st.none(),
    lambda inner: st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=9,
)


@given(flat, flat, st.lists(st.sampled_from(["a", "*.b", "**.c", "~number", "/.*a/"]), max_size=3))
def test_what_is_ignored_takes_away_and_adds_nothing(old: object, new: object, ignore: list[str]) -> None:
    everything = diff(old, new)
    assert len(diff(new, old)) == len(everything)
    assert set(map(repr, diff(old, new, Comparison.parse(ignore)))) <= set(map(repr, everything))


# Patterns and tolerance


@pytest.mark.parametrize(
    ("ignore", "left"),
    [
        ([r"/.*\.(createdAt|updatedAt)/"], ["~a.at 1 2", "~a.n 1 2"]),
        (["/a/"], []),
        (["/b/"], ["~a.createdAt 1 2", "~a.at 1 2", "~a.n 1 2"]),
        (["/a\\..*At/~number"], ["~a.at 1 2", "~a.n 1 2"]),
        (["/a\\..*At/~time"], ["~a.createdAt 1 2", "~a.at 1 2", "~a.n 1 2"]),
        (["a~/[0-9]/"], []),
        (["**.at~/1/"], ["~a.createdAt 1 2", "~a.at 1 2", "~a.n 1 2"]),
        (["~number"], []),
    ],
)
def test_places_and_values_are_ignored_by_patterns(ignore: list[str], left: list[str]) -> None:
    old = {"a": {"createdAt": 1, "at": 1, "n": 1}}
    new = {"a": {"createdAt": 2, "at": 2, "n": 2}}
    assert told(old, new, Comparison.parse(ignore)) == left


def test_a_kind_that_became_another_is_told() -> None:
    old = {"at": "2026-11-22T09:46:01Z", "id": "b53cf3a2-a7c2-4705-822e-085f0d325fea"}
    assert told(old, {"at": None, "id": ""}, Comparison.parse(["~time", "~uuid"])) == [
        '~at "2026-11-22T09:46:01Z" null',
        '~id "b53cf3a2-a7c2-4705-822e-085f0d325fea" ""',
    ]


def test_true_is_no_one_whatever_is_ignored() -> None:
    assert told([1, None], [True, None], Comparison.parse(["~time"])) == ["~[0] 1 true"]


def test_near_numbers_are_equal_where_a_tolerance_is_given() -> None:
    assert told({"a": 1.0, "b": 5}, {"a": 1, "b": 6}, Comparison.parse(tolerance=0.1)) == ["~b 5 6"]


# What is encoded


def test_a_difference_inside_an_encoded_string_is_told_there() -> None:
    inner, other = {"items": [{"n": 1}, {"n": 2}]}, {"items": [{"n": 1}, {"n": 3}]}
    packed = [base64.b64encode(json.dumps({"deep": json.dumps(each)}).encode()).decode() for each in (inner, other)]
    changes = diff({"data": packed[0]}, {"data": packed[1]}, opens=True)
    assert [format_path(change.path) for change in changes] == ["data.deep.items[1].n"]
    assert diff({"data": packed[0]}, {"data": packed[1]}) != changes


@pytest.mark.parametrize(
    ("old", "new"),
    [('{"a": 1}', "plain"), ('{"a": 1}', '{"a": '), ("aGVsbG8=", "aGVsbG8"), ("[1", "[2")],
)
def test_strings_that_do_not_open_on_both_sides_are_compared_as_they_are(old: str, new: str) -> None:
    (change,) = diff([old], [new], opens=True)
    assert (change.path, change.old, change.new) == ((0,), old, new)


def test_whitespace_inside_encoded_json_is_no_difference() -> None:
    assert diff(['{"a": 1}'], ['{"a":1}'], opens=True) == ()


def test_rules_reach_into_encoded_strings() -> None:
    assert diff({"s": '{"id": 1}'}, {"s": '{"id": 2}'}, Comparison.parse(["s.id"]), opens=True) == ()


def test_what_is_opened_one_after_the_other_is_not_mixed_up() -> None:
    old = [[[number, at] for at in range(number % 5 + 2)] for number in range(150)]
    new = [[*items[1:], items[0], [number]] for number, items in enumerate(old)]
    inside = [tuple(change.path) for change in diff(dict(enumerate(old)), dict(enumerate(new)))]
    packed = [{at: json.dumps(items) for at, items in enumerate(each)} for each in (old, new)]
    assert [tuple(change.path) for change in diff(*packed, opens=True)] == inside


def test_deeply_encoded_strings_end() -> None:
    old, new = "1", "2"
    for _ in range(12):
        old, new = json.dumps([old]), json.dumps([new])
    assert len(diff(old, new, opens=True)) == 1


def test_the_body_of_an_answer_to_the_gateway_is_opened() -> None:
    def answer(body: object) -> Returned:
        packed = base64.b64encode(json.dumps(body).encode()).decode()
        return Returned(body=json.dumps({"statusCode": 200, "isBase64Encoded": True, "body": packed}).encode())

    old, new = {"items": [{"price": 1}]}, {"items": [{"price": 2}]}
    assert changed(answer(old), answer(new)) == ["outcome.result.body.items[0].price"]
    rules = Comparison.parse(["outcome.result.body.items[*].price"])
    assert changed(answer(old), answer(new), comparison=rules) == []


def test_events_are_compared_opened() -> None:
    packed = (base64.b64encode(b'{"k": %d}' % number).decode() for number in (1, 2))
    one, other = (an_exchange(json.dumps({"data": each})) for each in packed)
    assert [format_path(change.path) for change in compare_events(one, other).changes] == ["event.decoded.data.k"]
    assert compare_events(one, one).changes == ()
    broken = an_exchange(b"\xff{", number=2)
    assert [format_path(change.path) for change in compare_events(one, broken).changes] == ["event.decoded"]


def test_a_comparison_that_is_not_wanted_any_more_ends() -> None:
    cancelled = threading.Event()
    cancelled.set()
    with pytest.raises(DiffCancelledError):
        compare_outcomes(an_exchange(body="[1]"), an_exchange(body="[2]"), cancelled=cancelled)


def test_where_no_item_is_looked_at_their_order_is_not_either() -> None:
    old, new = {"list": [{"id": 1}, {"id": 2}]}, {"list": [{"id": 2}, {"id": 1}]}
    assert diff(old, new, Comparison.parse(["list[*]"])) == ()
    assert [change.kind for change in diff(old, new, Comparison.parse(["list[0]"]))] != []


def test_texts_that_were_not_sent_are_compared_opened_and_by_places_of_their_own() -> None:
    old, new = (json.dumps({"Message": json.dumps({"id": number})}) for number in (7, 8))
    compared = compare_texts(an_event(old), an_event(new, "smn"), redactor=Redactor())
    assert [(format_path(change.path), change.old, change.new) for change in compared.changes] == [("Message.id", 7, 8)]


def test_of_texts_that_were_not_sent_no_secret_is_told() -> None:
    old, new = (an_event(json.dumps({"password": f"hunter{number}"})) for number in (21, 22))
    (change,) = compare_texts(old, new, redactor=Redactor()).changes
    assert "hunter" not in f"{change.old}{change.new}"
    assert compare_texts(old, old, redactor=Redactor()).changes == ()


def test_texts_that_differ_in_white_space_alone_say_so() -> None:
    compared = compare_texts(an_event("[1]"), an_event("[ 1 ]"), redactor=Redactor())
    assert (compared.changes, compared.is_respelled) == ((), True)
