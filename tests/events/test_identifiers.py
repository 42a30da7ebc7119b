"""New identifiers look like the old ones and are others."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgtui.events.identifiers import alike

UUID = "7c307f6a-cf68-4e65-8be0-4c77405a1b2c"
ULID = "01JD0000000000000000000001"


def giving(text: str) -> Callable[[], str]:
    return lambda: text


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("48d11a53-e498-4964-84a2-aaa56442d5ca", UUID, UUID),
        ("48D11A53-E498-4964-84A2-AAA56442D5CA", UUID, UUID.upper()),
        ("a5dbd701d70d4ac2a153e7dd6dd9b601", UUID, UUID.replace("-", "")),
        ("0000017D3245A0F1480A5B2C3D4E5F60", UUID, UUID.replace("-", "").upper()),
        ("01ARZ3NDEKTSV4RRFFQ69G5FAV", ULID, ULID),
    ],
)
def test_an_identifier_that_fits_is_taken_as_it_is(old: str, new: str, expected: str) -> None:
    assert alike(old, giving(new)) == expected


@pytest.mark.parametrize(
    ("old", "form"),
    [
        (UUID, r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}"),
        ("0000017D3245A0F1", r"0000[0-9A-F]{12}"),
        ("663d6930-792d", r"[0-9a-f]{8}-[0-9a-f]{4}"),
        ("000001747880625259000", r"00000[1-9][0-9]{15}"),
        ("4711", r"[1-9][0-9]{3}"),
        ("ExampleHost-7", r"[A-Z][a-z]{6}[A-Z][a-z]{3}-[0-9]"),
        ("01ARZ3NDEKTSV4RRFFQ69G5FAV", r"[0-7][0-9A-HJKMNP-TV-Z]{25}"),
        ("触发器-7a", r"触发器-[0-9][a-z]"),
    ],
)
@pytest.mark.parametrize("new", [ULID, "any text at all"])
def test_another_identifier_lends_its_randomness_only(old: str, form: str, new: str) -> None:
    drawn = alike(old, giving(new))
    assert re.fullmatch(form, drawn)
    assert drawn != old


@pytest.mark.parametrize("old", ["", "……", "-", "0-"[1:]])
def test_what_has_nothing_to_draw_stays(old: str) -> None:
    assert alike(old, giving(UUID)) == old


def test_an_identifier_is_never_renewed_to_itself() -> None:
    assert alike(UUID, giving(UUID)) != UUID
    assert all(alike(str(digit), giving(UUID)) != str(digit) for digit in range(10))


@given(st.text(max_size=40), st.text(max_size=40))
def test_length_and_kinds_of_characters_stay(old: str, new: str) -> None:
    drawn = alike(old, giving(new))
    assert len(drawn) == len(old)
    for one, other in zip(old, drawn, strict=True):
        assert one == other or (one.isascii() and one.isalnum() and other.isascii() and other.isalnum())
    assert alike(old, giving(new)) == drawn
