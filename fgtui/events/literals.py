"""Strings, numbers and words of a text: where each ends, and what is wrong with it."""

from __future__ import annotations

import re
import sys

from fgtui.events import lexis, numerals
from fgtui.events.tree import Tree

_FLAWS_TOLD = 3
"""Wrong escapes or control characters named for one string: a pasted base64 body may have a line break in each line."""
_SLIP = 2000
"""Length of a string within which a typographic quotation mark is taken for its end: the rest is read again."""
_QUOTED = 200
"""Characters of the text that a problem carries along."""

_CONSTANTS = {"true", "false", "null"}
_MEANT = {
    "True": "true", "TRUE": "true", "yes": "true", "False": "false", "FALSE": "false", "no": "false",
    "None": "null", "NULL": "null", "Null": "null", "nil": "null", "undefined": "null",
}  # fmt: skip
_NOT_A_NUMBER = {"nan", "inf", "infinity"}


class Literals:
    """Reads single tokens for the scanner; ``node`` is always the value that a problem is told about."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.text = tree.text
        self.findings = tree.findings
        self.surrogates = not tree.text.isascii() and lexis.SURROGATE.search(tree.text) is not None
        """Whether the text holds surrogates anywhere; files never do, Python strings may."""

    def quoted(self, pos: int, node: int) -> int:
        """The end of whatever stands in quotation marks at ``pos``; ``pos`` when nothing does."""
        if self.text.startswith('"', pos):
            return self.string(pos, node)
        if match := lexis.TYPOGRAPHIC_STRING.match(self.text, pos):
            code = "typographic-quotes"
        elif match := lexis.APOSTROPHE_STRING.match(self.text, pos):
            code = "single-quotes"
        else:
            return pos
        end = pos + lexis.length_closed(match[0])
        self.findings.tell(code, pos, end, node, sign=self.text[pos])
        return end

    def string(self, pos: int, node: int) -> int:
        """The end of the string that opens at ``pos``."""
        match = lexis.STRICT_STRING.match(self.text, pos)
        sound = match is not None and self.is_sound(pos, match.end())
        end = match.end() if match is not None and sound else self._unsound_string(pos, node)
        if self.surrogates:
            self._name_surrogates(pos, end, node)
        return end

    def is_sound(self, start: int, end: int) -> bool:
        r"""Whether each ``\u`` of a string whose other escapes are right has its digits; names lone surrogates."""
        if self.text.find("\\u", start, end) < 0:
            return True
        if lexis.BAD_UNICODE_ESCAPE.search(self.text, start, end):
            return False
        if self.text.find("\\ud", start, end) >= 0 or self.text.find("\\uD", start, end) >= 0:
            self._name_lone_escapes(start, end)
        return True

    def has_surrogates(self, start: int, end: int) -> bool:
        """Whether surrogates stand unescaped between ``start`` and ``end``."""
        return self.surrogates and lexis.SURROGATE.search(self.text, start, end) is not None

    def typographic_close(self, start: int, end: int) -> int:
        """Behind a typographic quotation mark that was meant to close the string there; 0 when there is none."""
        match = lexis.TYPOGRAPHIC_CLOSE.search(self.text, start, end) if end - start <= _SLIP else None
        if match is None:
            return 0
        self.findings.tell("typographic-quotes", match.start(), match.end(), len(self.tree.starts), sign=match[0])
        return match.end()

    def word(self, word: str, start: int, node: int) -> tuple[int, bool]:
        """The end of what stands there without quotes, and whether it is a value; names what is wrong with it."""
        end = start + len(word)
        if word in _CONSTANTS:
            return end, True
        if lexis.STRICT_NUMBER.fullmatch(word):
            self._name_range(word, start, end, node)
            return end, True
        code, meant = _meaning(word)
        if code == "bare-word" and (phrase := lexis.PHRASE.match(self.text, start)):
            end = phrase.end()
            word = phrase[0]
        self.findings.tell(code, start, end, node, word=word[:_QUOTED], meant=meant)
        return end, False

    def alternatives(self, start: int, end: int, node: int) -> int:
        """The end of a choice of values such as ``true|false``; ``end``, that of the first, when there is no choice."""
        separator = lexis.ALTERNATIVE.match(self.text, end)
        if separator is None:
            return end
        example = self.text[start:end]
        while separator is not None:
            option = _option(self.text, separator.end())
            if option[0] == "true":
                example = "true"
            end = option.end()
            separator = lexis.ALTERNATIVE.match(self.text, end)
        choice = self.text[start : min(end, start + _QUOTED)]
        self.findings.tell("alternatives", start, end, node, text=choice, example=example[:_QUOTED])
        return end

    def _unsound_string(self, pos: int, node: int) -> int:
        match = lexis.LINE_STRING.match(self.text, pos)
        assert match is not None
        end = match.end()
        if not match[1]:
            later = lexis.CLOSED_LATER.match(self.text, end)
            if later is not None:
                end = later.end()
            elif mark := self.typographic_close(pos, end):
                end = mark
            else:
                end = pos + lexis.length_closed(match[0])
                self.findings.tell("unclosed-string", pos, end, node)
        self._name_flaws(pos + 1, end, node)
        return end

    def _name_flaws(self, start: int, end: int, node: int) -> None:
        """Wrong escapes and control characters of a string."""
        told = 0
        for match in lexis.FLAW.finditer(self.text, start, end):
            if match[2]:
                code = ord(match[2][0])
                escape = lexis.escape(code)
                self.findings.tell("control-character", match.start(), match.end(), node, code=code, escape=escape)
            elif match[1] is not None:
                self.findings.tell("bad-escape", match.start(), match.end(), node, escape=match[0])
            else:
                continue
            told += 1
            if told == _FLAWS_TOLD:
                break

    def _name_surrogates(self, start: int, end: int, node: int) -> None:
        for match in lexis.SURROGATE.finditer(self.text, start, end):
            code = ord(match[0][0])
            escape = lexis.escape(code)
            self.findings.tell("surrogate-character", match.start(), match.end(), node, code=code, escape=escape)

    def _name_lone_escapes(self, start: int, end: int) -> None:
        waiting: re.Match[str] | None = None
        for match in lexis.ESCAPE.finditer(self.text, start, end):
            code = int(match[1], 16) if match[1] else 0
            if 0xDC00 <= code < 0xE000 and waiting is not None and waiting.end() == match.start():
                waiting = None
                continue
            if waiting is not None:
                self._lone(waiting)
            waiting = match if 0xD800 <= code < 0xDC00 else None
            if 0xDC00 <= code < 0xE000:
                self._lone(match)
        if waiting is not None:
            self._lone(waiting)

    def _lone(self, match: re.Match[str]) -> None:
        node = len(self.tree.starts)  # the value being read is added after it is
        self.findings.tell("lone-surrogate", match.start(), match.end(), node, escape=match[0])

    def _name_range(self, number: str, start: int, end: int, node: int) -> None:
        """Names what a double would turn into infinity or zero."""
        limit = sys.get_int_max_str_digits()
        if limit and len(number) > limit:
            self.tree.exact_numbers = False
        fate = numerals.fate_as_double(number)
        if fate:
            self.tree.exact_numbers = False
            code = "number-overflow" if fate > 0 else "number-underflow"
            self.findings.tell(code, start, end, node, number=number[:_QUOTED])


def _option(text: str, pos: int) -> re.Match[str]:
    for pattern in (lexis.LINE_STRING, lexis.TYPOGRAPHIC_STRING, lexis.APOSTROPHE_STRING, lexis.WORD):
        if match := pattern.match(text, pos):
            return match
    match = lexis.ANYTHING.match(text, pos)
    assert match is not None  # a choice goes on only where something follows
    return match


def _meaning(word: str) -> tuple[str, str]:
    """What is wrong with a word that is no JSON value, as a code, and what was probably meant; empty if unknown."""
    plain = lexis.half_width(word)
    if plain in _CONSTANTS:
        return "bad-word", plain
    if lexis.STRICT_NUMBER.fullmatch(plain):
        return "bad-number", plain
    word = plain
    if word.lstrip("+-").lower() in _NOT_A_NUMBER:
        return "not-a-number", "null"
    if numerals.looks_numeric(word):
        meant = numerals.meant(word)
        return ("bad-number" if meant else "bare-word"), meant
    meant = _MEANT.get(word, "") or next((name for name in ("true", "false", "null") if name.startswith(word)), "")
    return ("bad-word" if meant else "bare-word"), meant
