"""What a terminal sends, told apart: pastes and keys.

Textual reads a pasted end mark as the end of the paste, and a large paste character by character; some keys it makes
something else of.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from textual import events
from textual._xterm_parser import XTermParser
from textual.message import Message

from fgtui.regex import regex

ESCAPE = "\x1b"
PASTE_START = "\x1b[200~"
PASTE_END = "\x1b[201~"
_KEYS = {
    "\x1b\r": "alt+enter",
    "\x1b?": "alt+question_mark",
    "\x1b/": "alt+slash",
    "\x1b.": "alt+full_stop",
    "\x1b,": "alt+comma",
    "\x1b;": "alt+semicolon",
    "\x1b'": "alt+apostrophe",
    "\x1b-": "alt+minus",
    "\x1b=": "alt+equals_sign",
    "\x1b[27;5;13~": "ctrl+enter",
    **{f"\x1b{digit}": f"alt+{digit}" for digit in range(10)},
    # Alt with b and f is words left and right, and O and P begin longer sequences.
    **{f"\x1b{letter}": f"alt+{letter}" for letter in "acdeghijklmnopqrstuvwxyz"},
    **{f"\x1b{letter.upper()}": f"alt+shift+{letter}" for letter in "abcdefghijklmnqrstuvwxyz"},
}
"""What Textual's parser makes something else of: it takes Alt+Enter for Enter, Alt+? for a question mark that is typed,
Alt+3 for a pound sign, and of Alt with a letter, held down, all but the last for ``^`` and the letter."""
_ODD_KEYS = regex(r"(\x1b(?:[\r0-9?/.,;'=ac-eg-zA-NQ-Z-]|\[27;5;13~))")
QUIET_S = 0.05
"""How long nothing must follow an end mark for it to be the end of the paste."""
ESCAPE_S = 0.1
"""How long nothing must follow an escape for it to be the Esc key."""


class Input(NamedTuple):
    """A part of what the terminal sent."""

    text: str
    pasted: bool


class PasteSplitter:
    """Tells pastes from keys in what a terminal sends.

    Only the last end mark before a pause ends a paste: a mark inside the pasted text is followed at once by the rest of
    it and by the real mark. Linear in what is fed.
    """

    def __init__(self) -> None:
        self._paste: list[str] | None = None
        self._ended = False
        self._held = ""

    @property
    def patience_s(self) -> float:
        """After how long without input ``pause`` is to be called; 0: not at all."""
        if self._ended:
            return QUIET_S
        return ESCAPE_S if self._held and self._paste is None else 0

    def feed(self, text: str) -> list[Input]:
        """Take what came; return what is certain."""
        text, self._held = self._held + text, ""
        found: list[Input] = []
        while text:
            if self._paste is None:
                text = self._keys(text, found)
            elif self._ended:
                text = self._after_end(text, found)
            else:
                text = self._inside(text)
        return found

    def pause(self) -> list[Input]:
        """Nothing came for ``patience_s``: what was held back is what it looks like."""
        found: list[Input] = []
        if self._ended:
            self._finish(found)
        if self._held and self._paste is None:
            found.append(Input(self._held, pasted=False))
            self._held = ""
        return found

    def _keys(self, text: str, found: list[Input]) -> str:
        at = text.find(PASTE_START)
        if at < 0:
            keep = _partial(text, PASTE_START)
            if keep < len(text):
                found.append(Input(text[: len(text) - keep], pasted=False))
            self._held = text[len(text) - keep :]
            return ""
        if at:
            found.append(Input(text[:at], pasted=False))
        self._paste, self._ended = [], False
        return text[at + len(PASTE_START) :]

    def _inside(self, text: str) -> str:
        assert self._paste is not None
        at = text.find(PASTE_END)
        if at < 0:
            keep = _partial(text, PASTE_END)
            self._paste.append(text[: len(text) - keep])
            self._held = text[len(text) - keep :]
            return ""
        self._paste.append(text[:at])
        self._ended = True
        return text[at + len(PASTE_END) :]

    def _after_end(self, text: str, found: list[Input]) -> str:
        """After an end mark: another one before a new start means that the first was pasted text."""
        assert self._paste is not None
        start, end = text.find(PASTE_START), text.find(PASTE_END)
        if end >= 0 and (start < 0 or end < start):
            self._paste += [PASTE_END, text[:end]]
            return text[end + len(PASTE_END) :]
        if start >= 0:
            self._finish(found)
            return text
        self._held = text
        return ""

    def _finish(self, found: list[Input]) -> None:
        found.append(Input("".join(self._paste or ()), pasted=True))
        self._paste, self._ended = None, False


def keys_and_text(text: str) -> list[events.Key | str]:
    """What the terminal sent for keys, in order: keys that are known at once, and text that a parser has to read."""
    found: list[events.Key | str] = []
    for part in filter(None, _ODD_KEYS.split(text)):  # an empty one would mean the end to the parser
        if part == ESCAPE:
            found.append(events.Key("escape", ESCAPE))
        elif part in _KEYS:
            found.append(events.Key(_KEYS[part], None))
        else:
            found.append(part)
    return found


def _partial(text: str, mark: str) -> int:
    """How many characters at the end of ``text`` may be the start of ``mark``."""
    for size in range(min(len(mark) - 1, len(text)), 0, -1):
        if text.endswith(mark[:size]):
            return size
    return 0


class Incoming:
    """Makes messages for the app of what was read."""

    def __init__(self) -> None:
        self._pastes = PasteSplitter()
        self._parser = XTermParser()

    @property
    def patience_s(self) -> float:
        """After how long without input ``pause`` is to be called; 0: not at all."""
        return self._pastes.patience_s

    def feed(self, text: str) -> list[Message]:
        """Take what was read; return what is certain."""
        return list(self._messages(self._pastes.feed(text)))

    def pause(self) -> list[Message]:
        """Nothing came for a while: what was held back is what it looks like."""
        return list(self._messages(self._pastes.pause()))

    def _messages(self, inputs: Iterable[Input]) -> Iterator[Message]:
        for text, pasted in inputs:
            if pasted:
                yield events.Paste(text.replace("\r\n", "\n").replace("\r", "\n"))
            else:
                yield from self._keys(text)
        yield from self._parser.tick()  # what time alone decides: an escape that nothing followed

    def _keys(self, text: str) -> Iterator[Message]:
        for part in keys_and_text(text):
            if not isinstance(part, str):
                yield part
                continue
            try:
                yield from self._parser.feed(part)
            except Exception:  # noqa: BLE001 - Textual's parser on a sequence it did not expect: start afresh
                self._parser = XTermParser()
