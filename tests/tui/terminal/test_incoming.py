"""What a terminal sends is told apart, however it is cut: pastes are text, and keys the keys that were pressed."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events

from fgtui.tui.terminal.incoming import PASTE_END, PASTE_START, Incoming, Input, PasteSplitter


def test_a_large_paste_is_not_read_character_by_character() -> None:
    splitter = PasteSplitter()
    text = "x" * 6_000_000
    found = splitter.feed(PASTE_START + text + PASTE_END)
    assert found == []
    assert splitter.pause() == [Input(text, pasted=True)]


KEYS = st.text(st.sampled_from("ab\r\x1b[~201;"), max_size=12).filter(
    lambda text: PASTE_START not in text and PASTE_END not in text
)


def fed(splitter: PasteSplitter, parts: list[str]) -> tuple[str, list[str]]:
    """What came out as keys, joined, and the pastes."""
    found = [each for part in parts for each in splitter.feed(part)]
    while splitter.patience_s:
        found += splitter.pause()
    return "".join(each.text for each in found if not each.pasted), [each.text for each in found if each.pasted]


@given(before=KEYS, pasted=st.text(max_size=40), cuts=st.lists(st.integers(0, 60), max_size=6))
def test_however_it_is_cut_a_paste_comes_whole_and_keys_stay_keys(before: str, pasted: str, cuts: list[int]) -> None:
    pasted = pasted.replace(PASTE_START, "")
    stream = before + PASTE_START + pasted + PASTE_END
    places = [0, *sorted(cuts), len(stream)]
    parts = [stream[start:end] for start, end in pairwise(places)]
    keys, pastes = fed(PasteSplitter(), parts)
    assert pastes == [pasted]
    assert keys == before


def test_keys_after_a_paste_are_keys() -> None:
    splitter = PasteSplitter()
    assert splitter.feed(PASTE_START + "text" + PASTE_END) == []
    assert splitter.pause() == [Input("text", pasted=True)]
    assert splitter.feed("\n") == [Input("\n", pasted=False)]


def test_two_pastes_in_a_row_stay_two() -> None:
    keys, pastes = fed(PasteSplitter(), [f"{PASTE_START}1{PASTE_END}x{PASTE_START}2{PASTE_END}"])
    assert (keys, pastes) == ("x", ["1", "2"])


def test_a_lone_escape_is_the_esc_key() -> None:
    splitter = PasteSplitter()
    assert splitter.feed("\x1b") == []
    assert splitter.pause() == [Input("\x1b", pasted=False)]
    assert splitter.patience_s == 0


@pytest.mark.parametrize(
    ("sent", "keys"),
    [
        ("\x1bu\x1bu\x1bu", ["alt+u", "alt+u", "alt+u"]),
        ("\x1b\x1bm", ["escape", "alt+m"]),
        ("\x1bN\x1bN\x1bz", ["alt+shift+n", "alt+shift+n", "alt+z"]),
        ("a\x1bub", ["a", "alt+u", "b"]),
        ("\x1bb\x1bf\x1bOP\x1b[1;3D", ["ctrl+left", "ctrl+right", "f1", "alt+left"]),
    ],
    ids=["held down", "after Esc", "capitals", "between letters", "left to the parser"],
)
def test_alt_with_a_letter_is_that_key_however_fast_it_comes(sent: str, keys: list[str]) -> None:
    heard = Incoming().feed(sent)
    assert [message.key for message in heard if isinstance(message, events.Key)] == keys
