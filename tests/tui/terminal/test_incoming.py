"""What a terminal sends is told apart, however it is cut: pastes are text, and keys the keys that were pressed."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual import events
from textual.message import Message

from fgtui.tui.terminal.incoming import (
    LONGEST_TYPED,
    PASTE_END,
    PASTE_START,
    QUIET_S,
    Incoming,
    Input,
    PasteSplitter,
)
from tests.tui.pseudo_terminal import PseudoTerminal


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


class Typist:
    """Sends to an ``Incoming`` at times of its own."""

    def __init__(self) -> None:
        self.now = 0.0
        self._incoming = Incoming(lambda: self.now)
        self.heard: list[str] = []

    def send(self, text: str, *, then_waits_s: float = 1.0) -> None:
        self._hear(self._incoming.feed(text))
        self.now += then_waits_s
        while then_waits_s >= QUIET_S and self._incoming.patience_s:
            self._hear(self._incoming.pause())

    def _hear(self, messages: list[Message]) -> None:
        for message in messages:
            if isinstance(message, events.Paste):
                self.heard.append(f"pasted {message.text}")
            elif isinstance(message, events.Key):
                self.heard.append(message.key)


JSON = '{\r\t"name":\t"订单",\r\t"r": [1]\r}\r'


@given(cuts=st.lists(st.integers(4, len(JSON)), max_size=3), gap=st.sampled_from([0.001, 0.04]))
def test_json_that_is_pasted_without_marks_is_one_paste_however_it_is_cut(cuts: list[int], gap: float) -> None:
    places = [0, *sorted({*cuts, len(JSON)})]
    typist = Typist()
    for start, end in pairwise(places):
        typist.send(JSON[start:end], then_waits_s=gap)
    typist.send("", then_waits_s=1.0)
    assert typist.heard == ["pasted " + JSON.replace("\r", "\n")]


@pytest.mark.parametrize(
    "sent",
    ["jjjj", "/red\r", "n" * 40, "\x1b[B" * 30, "\x1b[97;;97u" * 30, '/a=="b"\r', "\x1b[<35;1;1M" * 30, "\t\t\r"],
)
def test_keys_that_come_at_once_are_keys(sent: str) -> None:
    typist = Typist()
    typist.send(sent)
    assert not any(each.startswith("pasted") for each in typist.heard)


def test_what_comes_character_by_character_is_a_paste_where_nobody_types_so_fast() -> None:
    typist = Typist()
    text = "a long word or two\tand r"
    for character in text:
        typist.send(character, then_waits_s=0.002)
    typist.send("", then_waits_s=1.0)
    assert typist.heard[-1] == f"pasted {text[LONGEST_TYPED:]}"


def test_the_parts_of_a_paste_that_come_slowly_press_no_key_either() -> None:
    typist = Typist()
    for part in ('{"a": "a text of some length"', ",\r\t\t", "}\r", "\n"):
        typist.send(part, then_waits_s=0.15)
    assert typist.heard == ['pasted {"a": "a text of some length"', "pasted ,\n\t\t", "pasted }\n", "pasted \n"]


def test_after_a_paste_without_marks_keys_are_keys_again() -> None:
    typist = Typist()
    typist.send("src/index.handler", then_waits_s=0.06)
    typist.send("\r")
    typist.send("jj")
    assert typist.heard == ["pasted src/index.handler", "enter", "j", "j"]


def test_what_was_typed_ahead_for_seconds_keeps_its_corrections_and_runs_nothing() -> None:
    typist = Typist()
    typist.send("typed ahead for secnds\x7f\x1b[D\x1b[17~r\x1b[<0;1;1M")
    assert typist.heard == ["pasted typed ahead for secnds", "backspace", "left", "pasted \x1b[17~r"]


@pytest.mark.parametrize(
    ("sent", "heard"),
    [
        ("\x10format the event so far", ["ctrl+p", "pasted format the event so far"]),
        ("\x1bOSsrc/index.handler_of_mine", ["f4", "pasted src/index.handler_of_mine"]),
        ("\x1bgRecords[0].s3.object", ["alt+g", "pasted Records[0].s3.object"]),
        ("\x06\x19\x0e\x14" * 5, ["ctrl+f", "ctrl+y", "ctrl+n", "ctrl+t"] * 5),
        ("\x1b[31mred and a few more words", ["pasted \x1b[31mred and a few more words"]),
        ("\nred and a few more words", ["pasted \nred and a few more words"]),
    ],
    ids=["a-ctrl-key", "a-function-key", "alt-with-a-letter", "keys-alone", "colour", "a-line-break"],
)
def test_keys_that_no_text_begins_with_are_keys_before_what_is_typed_into_what_they_open(
    sent: str, heard: list[str]
) -> None:
    typist = Typist()
    typist.send(sent, then_waits_s=0.06)
    assert typist.heard == heard


def test_a_paste_without_marks_is_text_where_text_is_typed_and_presses_no_key_elsewhere(tmp_path: Path) -> None:
    (tmp_path / "event.json").write_text("1")
    calls = tmp_path / "calls"
    calls.touch()
    (tmp_path / "index.py").write_text(f"def handler(event, context):\n    print(file=open({str(calls)!r}, 'a'))\n")
    pasted = json.dumps({"Records": [{"name": f"订单 {number}"} for number in range(200)]}, indent="\t") + "\n"
    with PseudoTerminal("--target", "index.handler", "event.json", folder=tmp_path, size=(180, 40)) as terminal:
        terminal.wait_for("help")
        terminal.send("\n")
        terminal.wait_until(lambda: calls.read_text() == "\n", "a first call")
        terminal.send("\x1b[18~")  # F7: all of it
        terminal.settle()
        terminal.send(pasted.replace("\n", "\r"))
        terminal.wait_for("订单 199")
        terminal.send("\x13")
        terminal.wait_until(lambda: (tmp_path / "event.json").read_text() == pasted, "the event in its file")
        for _ in range(4):  # through all the panes
            terminal.settle()
            terminal.send("\x1b[17~")
            terminal.settle()
            terminal.send(pasted[:300])
            terminal.settle(0.07)
        terminal.wait_for("pasted text was ignored: no line to type in has the focus")
        assert terminal.process.poll() is None
        terminal.send("\x11")
        assert terminal.wait_for_end() == 0
    assert calls.read_text() == "\n"
