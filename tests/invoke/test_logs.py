from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgtui.invoke.logs import HEAD, TAIL, Log, left_out_words


def kept(*pieces: bytes) -> tuple[str, bool]:
    log = Log()
    for piece in pieces:
        log.add(piece)
    return log.finish()


def test_a_short_log_is_kept_whole() -> None:
    assert kept(b"one\n", b"", b"two\n") == ("one\ntwo\n", False)


def test_a_log_that_just_fits_is_kept_whole() -> None:
    text, truncated = kept(b"a" * HEAD, b"b" * TAIL)
    assert (text, truncated) == ("a" * HEAD + "b" * TAIL, False)


def test_one_byte_more_is_left_out_and_counted() -> None:
    text, truncated = kept(b"a" * HEAD + b"x" + b"b" * TAIL)
    assert truncated
    assert text == "a" * HEAD + "\n… 1 bytes left out …\n" + "b" * TAIL


@given(st.lists(st.integers(1, 300_000), min_size=1, max_size=12))
def test_head_tail_and_count_add_up_however_it_comes(sizes: list[int]) -> None:
    whole = b"".join(bytes([65 + number % 26]) * size for number, size in enumerate(sizes))
    pieces, at = [], 0
    for size in sizes:
        pieces.append(whole[at : at + size])
        at += size
    text, truncated = kept(*pieces)
    if not truncated:
        assert text.encode() == whole
    else:
        assert text.startswith(whole[:HEAD].decode())
        assert text.endswith(whole[-TAIL:].decode())
        assert left_out_words(len(whole) - HEAD - TAIL) in text


def test_a_character_that_was_cut_is_left_out_rather_than_shown_in_pieces() -> None:
    text, _ = kept(b"a" * (HEAD - 1) + "é".encode() + b"x" * 10 + "é".encode() * (TAIL // 2) + b"y")
    assert "\\x" not in text


def test_bytes_that_are_no_text_become_escapes() -> None:
    assert kept(b"\xff\xc3(\x00")[0] == "\\xff\\xc3(\x00"


def test_a_line_of_the_platforms_starts_a_line() -> None:
    log = Log()
    log.add_line("first")
    log.add(b"no newline")
    log.add_line("second")
    log.add_line("third")
    assert log.finish()[0] == "first\nno newline\nsecond\nthird\n"


def test_a_listener_hears_characters_whole_and_in_order() -> None:
    heard: list[str] = []
    log = Log(heard.append)
    for byte in "a é 漢 😀".encode():
        log.add(bytes([byte]))
    log.add(b"\xc3")
    log.finish()
    assert "".join(heard) == "a é 漢 😀\\xc3"
    assert all(heard)


def test_a_listener_hears_a_flood_in_samples_and_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []
    log = Log(heard.append)
    for number in range(2000):
        log.add(b"%06d " % number * 1000)
    log.add(b"the end")
    log.finish()
    text = "".join(heard)
    assert text.startswith("000000 000000")
    assert text.endswith("the end")
    assert "bytes left out" in text
    assert len(text) < 2_000_000
