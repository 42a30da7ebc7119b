from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgtui.sessions.query.completing import SHOWN, complete

DOCUMENT = {
    "seq": 7,
    "started_at": "2026",
    "event": {
        "trigger": "obs",
        "body": {"Records": [{"s3": {"object": {"key": "a", "size": 5}}}, {"eventName": "x"}], "x-auth": {"deep": 1}, "处理": {"in": 1}},
    },
    "outcome": {"kind": "raised", "error": {"type": "E"}, "headers": {"content type": "j"}},
    "tags": ["a"],
}  # fmt: skip


def offered(typed: str) -> list[str]:
    """``|`` twice marks the cursor."""
    before, _, after = typed.partition("¦")
    return list(complete(before + after, len(before), DOCUMENT).candidates)


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("event.¦", ["trigger", "body"]),
        ("event.b¦", ["body"]),
        ("event.B¦", ["body"]),
        ("event . body.Rec¦", ["Records"]),
        ("event.body.x¦", ['"x-auth"']),
        ('event.body."x¦', ['"x-auth"']),
        ('event.body."x-auth".¦', ["deep"]),
        ("event.body.¦", ["Records", '"x-auth"', '"处理"']),
        ('event.body."处理".¦', ["in"]),
        ("event.body.处¦", ['"处理"']),
        ("event.body.订¦", []),
        ("event.body.处理.¦", ["in"]),
        ("event.body.Records[0].¦", ["s3", "eventName"]),
        ("event.body.Records[*].s3.object.¦", ["key", "size"]),
        ("event.body.Records[].e¦", ["eventName"]),
        ("event.body.Records[-1:].e¦", ["eventName"]),
        ("event.body.Records[?s3.¦", ["object"]),
        ("event.body.Records[?s3.object.size > `1`].s3.¦", ["object"]),
        ("event.body.Records[?e¦", ["eventName", "ends_with("]),
        ("event.body.*.¦", ["deep", "in"]),
        ("outcome.kind == 'x' && outcome.err¦", ["error"]),
        ("(outcome || event).k¦", ["kind"]),
        ("!outcome.e¦", ["error"]),
        ("outcome.error | t¦", ["type", "to_array(", "to_number(", "to_string(", "type("]),
        ("length(event.body.R¦", ["Records"]),
        ("contains(tags, outcome.k¦", ["kind"]),
        ("sort_by(event.body.Records, &s3.¦", ["object"]),
        ("sort_by(event.body.Records, &s3)[0].e¦", ["eventName"]),
        ("max_by(event.body.Records, &s3).e¦", ["eventName"]),
        ("{a: outcome.e¦", ["error"]),
        ("outcome.{a: kind, b: err¦", ["error"]),
        ("outcome.[kind, err¦", ["error"]),
        ("[event.tr¦", ["trigger"]),
        ("@.ev¦", ["event"]),
        ("sta¦ == 'x'", ["started_at", "starts_with("]),
        ("from_j¦", ["from_json("]),
        # nothing
        ("event.trigger.¦", []),
        ("nothing.¦", []),
        ("event.trigger ¦", []),
        ("event.trigger == 'ev¦", []),
        ('event.trigger == `"ev¦', []),
        ("{e¦", []),
        ("outcome.{a: kind, e¦", []),
        ("seq[0].¦", []),
        ("`1`.¦", []),
        ("length(event).¦", []),
        (")]}.¦", []),
    ],
)  # fmt: skip
def test_what_can_follow_is_offered(typed: str, names: list[str]) -> None:
    assert offered(typed) == names


def test_an_expression_starts_with_a_key_or_a_function() -> None:
    names = offered("¦")
    assert names[:5] == ["seq", "started_at", "event", "outcome", "tags"]
    assert "powertools_base64_gzip(" in names


@pytest.mark.parametrize(
    ("typed", "replaced"),
    [("event.bo¦dy == 'x'", "body"), ("event.¦", ""), ('event.body."x-¦auth".deep', '"x-auth"'), ('event.body."x-¦', '"x-'), ("¦event", ""), ("event.body.处¦理", "处理")],
)  # fmt: skip
def test_the_whole_name_at_the_cursor_is_replaced(typed: str, replaced: str) -> None:
    before, _, after = typed.partition("¦")
    found = complete(before + after, len(before), DOCUMENT)
    assert (before + after)[found.start : found.end] == replaced


def test_a_document_of_many_names_offers_some() -> None:
    assert len(complete("", 0, {f"k{n}": n for n in range(5000)}).candidates) == SHOWN


@given(st.text(alphabet=" .@*[]{}(),:&|!='`\"?ab1\\\ud800\x1b", max_size=30), st.integers(0, 30))
def test_whatever_is_typed_is_no_trouble(text: str, cursor: int) -> None:
    found = complete(text, min(cursor, len(text)), {"a": [{"b": 1}], "b": {"a": {"b": "x"}}})
    assert 0 <= found.start <= found.end <= len(text)


def test_a_long_expression_is_no_trouble() -> None:
    for typed in ("[" * 4000, '"' * 4000, "a." * 2000, "(a||" * 1000, "\\" * 4000):
        assert complete(typed, len(typed), DOCUMENT)
