from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgtui.errors import EventError
from fgtui.events.text import read_bytes, scan

TEXTS = st.text(st.characters(blacklist_categories=["Cs"]))


@given(TEXTS)
def test_utf_8_is_read_as_it_is(text: str) -> None:
    assert read_bytes(text.encode()) == text or text.startswith(("\ufeff", "\ufffe"))


@given(TEXTS, st.sampled_from(["utf-8", "utf-16-le", "utf-16-be"]))
def test_a_byte_order_mark_tells_the_encoding_and_stays(text: str, encoding: str) -> None:
    if not text.startswith("\x00"):  # that would be UTF-32
        assert read_bytes(f"\ufeff{text}".encode(encoding)) == f"\ufeff{text}"


def test_no_bytes_are_an_empty_text() -> None:
    assert not read_bytes(b"")
    assert [problem.code for problem in scan(read_bytes(b"")).problems] == ["empty-text"]


@pytest.mark.parametrize(
    ("data", "words", "place"),
    [
        (b'{\n "a": "\xe9"}', "orders.json is not UTF-8: byte 0xE9 at offset 9", (2, 8)),
        (b'"\xed\xa0\x80"', "orders.json is not UTF-8: byte 0xED at offset 1", (1, 2)),
        ("中".encode()[:2], "orders.json is not UTF-8: byte 0xE4 at offset 0", (1, 1)),
        ("中文".encode("gbk"), "orders.json is not UTF-8: byte 0xD6 at offset 0", (1, 1)),
        (codecs.BOM_UTF16_LE + b"[\x001", "orders.json is not UTF-16: byte 0x31 at offset 4", (1, 3)),
        (codecs.BOM_UTF16_BE + b"\xdc\x00", "orders.json is not UTF-16: byte 0xDC at offset 2", (1, 2)),
        (codecs.BOM_UTF32_LE + b"[\x00\x00\x00", "orders.json is UTF-32; UTF-8 or UTF-16 is read", (1, 1)),
        (codecs.BOM_UTF32_BE + b"\x00\x00\x00[", "orders.json is UTF-32; UTF-8 or UTF-16 is read", (1, 1)),
    ],
    ids=ascii,
)
def test_other_bytes_are_refused_with_their_offset(data: bytes, words: str, place: tuple[int, int]) -> None:
    with pytest.raises(EventError) as raised:
        read_bytes(data, "orders.json")
    assert str(raised.value) == words
    assert (raised.value.line, raised.value.column) == place


@given(st.binary())
def test_any_bytes_are_text_or_an_error_with_its_place(data: bytes) -> None:
    try:
        scan(read_bytes(data))
    except EventError as error:
        place = (error.line, error.column)
    else:
        place = (1, 1)
    assert all(place)


def test_bytes_without_a_name_are_called_the_text() -> None:
    with pytest.raises(EventError, match="the text is not UTF-8"):
        read_bytes(b"\xff")
