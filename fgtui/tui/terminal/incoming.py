"""What a terminal sends, told apart: pastes and keys.

Textual reads a pasted end mark as the end of the paste, and a large paste character by character; what a terminal
pastes without marks it takes for keys, and of some keys it makes something else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from time import monotonic
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
"""How long nothing must follow an end mark, or text that came too fast to be typed, for the paste to be whole."""
QUICK_S = 0.004
"""What comes within this time is read as if it had come at once: no key is pressed, nor painted, so soon."""
LONGEST_TYPED = 16
"""Characters that come at once and may still be keys: typed ahead while a slow line stood still."""
AFTERWARDS_S = 0.3
"""How long after a paste without marks the next part of it may come."""
_SEQUENCE = regex(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|O?[^\x1b])")
_NO_TEXT = regex(
    r"([\x7f\b]|\x1b(?:\[(?:1;\d+)?[A-DFH]|O[A-DFH]|\[[1-8](?:;\d+)?~"  # keys that move or erase
    r"|\[<[\d;]+[Mm]|\[[IO]|\[\?[\d;]*\$?[a-z]|\[\d+;\d+R))"  # what a terminal says of mouse, focus and itself
)
_KEYS_FIRST = regex(r"(?:[\x01-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f]|\x1b(?:O[P-S]|\[\d+(?:;\d+)?~|[a-z]))+")
"""Keys that no text begins with, and that may bring the line which the rest is typed into."""
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


class UnmarkedPastes:
    """Finds pastes in what looks like keys: many terminals within others mark none (GNU screen), and some never do.

    What comes at once and is longer than anybody types is one, and so is a piece of JSON; one key held down is none.
    Until nothing follows any more all of it is text, but for keys that only move or erase, which text does not hold:
    who typed ahead for seconds has corrected it meanwhile.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._text: list[str] = []
        self._recent = ""
        self._at = self._ended = float("-inf")

    @property
    def patience_s(self) -> float:
        """After how long without input ``pause`` is to be called; 0: not at all."""
        return QUIET_S if self._text else 0

    def feed(self, text: str) -> list[Input]:
        """Take what came and is not marked; return what is certain."""
        now = self._clock()
        found = self.pause() if now - self._at > QUIET_S else []
        self._recent = (self._recent[-4 * LONGEST_TYPED :] if now - self._at <= QUICK_S else "") + text
        self._at = now
        if not (self._text or _is_pasted(self._recent) or self._goes_on(text)):
            return [*found, Input(text, pasted=False)]
        if not self._text and (keys := _KEYS_FIRST.match(text)) is not None:
            self._recent = text = text[keys.end() :]
            found.append(Input(keys[0], pasted=False))
            if not _is_pasted(text):
                return [*found, Input(text, pasted=False)] if text else found
        for index, part in enumerate(_NO_TEXT.split(text)):
            if index % 2 == 0:
                self._text += [part] if part else []
            else:
                found += [*self.pause(), Input(part, pasted=False)]
        return found

    def pause(self) -> list[Input]:
        """Nothing came for ``patience_s``, or something that is no text: the paste is whole."""
        if not self._text:
            return []
        text, self._text = "".join(self._text), []
        self._ended = self._at
        return [Input(text, pasted=True)]

    def _goes_on(self, text: str) -> bool:
        """Whether ``text`` is more of the last one: several characters, or the line break that no key but Ctrl+J is."""
        if self._at - self._ended >= AFTERWARDS_S:
            return False
        return text == "\n" or (len(text) > 1 and len(_SEQUENCE.sub("", text)) > 1)


def _is_pasted(text: str) -> bool:
    if len(text) <= LONGEST_TYPED and '"' not in text:
        return False
    plain = _SEQUENCE.sub("", text)
    if len(plain) > LONGEST_TYPED:
        return len(set(plain)) > 2
    return '"' in plain and len(plain) > 2 and plain.lstrip()[0] in '{["'


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

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._pastes = PasteSplitter()
        self._unmarked = UnmarkedPastes(clock)
        self._parser = XTermParser()

    @property
    def patience_s(self) -> float:
        """After how long without input ``pause`` is to be called; 0: not at all."""
        return self._unmarked.patience_s or self._pastes.patience_s

    def feed(self, text: str) -> list[Message]:
        """Take what was read; return what is certain."""
        return list(self._messages(self._tell_apart(self._pastes.feed(text))))

    def pause(self) -> list[Message]:
        """Nothing came for a while: what was held back is what it looks like."""
        if self._unmarked.patience_s:
            return list(self._messages(self._unmarked.pause()))
        return list(self._messages(self._pastes.pause()))

    def _tell_apart(self, inputs: Iterable[Input]) -> Iterator[Input]:
        for each in inputs:
            if each.pasted:
                yield from self._unmarked.pause()
                yield each
            else:
                yield from self._unmarked.feed(each.text)

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
