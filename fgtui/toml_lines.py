"""On which line each key of a TOML text stands: what ``tomllib`` knows while it reads and then forgets.

Only for text that ``tomllib`` accepted, so that nothing here has to judge.
"""

from __future__ import annotations

import re

from fgtui.regex import regex

KeyPath = tuple[str | int, ...]

_BARE = regex(r"[A-Za-z0-9_-]+")
_BLANK = regex(r"[ \t]*")
_FILLER = regex(r"(?:[ \t\r\n]+|#[^\n]*)*")
_BASIC = regex(r'"(?:[^"\\\n]|\\.)*"')
_LITERAL = regex(r"'[^'\n]*'")
_MULTILINE = regex(r'"""(?:[^\\]|\\.)*?"{3,5}|\'\'\'.*?\'{3,5}', re.DOTALL)
_SCALAR = regex(r"[^,\]}\n#]*")


def key_lines(text: str) -> dict[KeyPath, int]:
    """The line, from 1, of every table and key in ``text``, list indexes included."""
    return _Scanner(text).scan()


class _Scanner:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._line = 1
        self._counted_to = 0
        self._lines: dict[KeyPath, int] = {}
        self._lengths: dict[KeyPath, int] = {}
        """How many elements each array of tables has so far."""

    def scan(self) -> dict[KeyPath, int]:
        table: KeyPath = ()
        self._skip(_FILLER)
        while self._at < len(self._text):
            if self._text[self._at] == "[":
                table = self._header()
            else:
                self._pair(table)
            self._skip(_FILLER)
        return self._lines

    def _header(self) -> KeyPath:
        is_array = self._text.startswith("[[", self._at)
        self._at += 2 if is_array else 1
        line = self._current_line()
        *above, last = self._dotted()
        self._at += 2 if is_array else 1
        path: KeyPath = ()
        for name in above:
            path = self._into_last(self._note((*path, name), line))
        path = self._note((*path, last), line)
        if is_array:
            self._lengths[path] = self._lengths.get(path, 0) + 1
        return self._note(self._into_last(path), line)

    def _into_last(self, path: KeyPath) -> KeyPath:
        """Below an array of tables its newest element is meant."""
        return (*path, self._lengths[path] - 1) if path in self._lengths else path

    def _pair(self, table: KeyPath) -> None:
        line = self._current_line()
        path = table
        for name in self._dotted():
            path = self._note((*path, name), line)
        self._at += 1  # the equals sign
        self._skip(_BLANK)
        self._value(path)

    def _dotted(self) -> list[str]:
        names = [self._name()]
        while self._text.startswith(".", self._at):
            self._at += 1
            names.append(self._name())
        return names

    def _name(self) -> str:
        self._skip(_BLANK)
        start = self._at
        for pattern in (_BARE, _BASIC, _LITERAL):
            if self._skip(pattern):
                break
        written = self._text[start : self._at]
        self._skip(_BLANK)
        if written[:1] not in ('"', "'"):
            return written
        import tomllib

        return str(tomllib.loads(f"name = {written}")["name"])

    def _value(self, path: KeyPath) -> None:
        opening = self._text[self._at : self._at + 1]
        if opening == "[":
            self._list(path)
        elif opening == "{":
            self._inline_table(path)
        elif opening not in ('"', "'"):
            self._skip(_SCALAR)
        elif not self._skip(_MULTILINE) and not self._skip(_BASIC):
            self._skip(_LITERAL)

    def _list(self, path: KeyPath) -> None:
        self._at += 1
        index = 0
        while True:
            self._skip(_FILLER)
            if self._text.startswith("]", self._at):
                self._at += 1
                return
            self._value(self._note((*path, index), self._current_line()))
            index += 1
            self._skip(_FILLER)
            if self._text.startswith(",", self._at):
                self._at += 1

    def _inline_table(self, path: KeyPath) -> None:
        self._at += 1
        while True:
            self._skip(_FILLER)
            if self._text.startswith("}", self._at):
                self._at += 1
                return
            self._pair(path)
            self._skip(_FILLER)
            if self._text.startswith(",", self._at):
                self._at += 1

    def _skip(self, pattern: re.Pattern[str]) -> bool:
        found = pattern.match(self._text, self._at)
        if found is None:
            return False
        self._at = found.end()
        return True

    def _note(self, path: KeyPath, line: int) -> KeyPath:
        self._lines.setdefault(path, line)
        return path

    def _current_line(self) -> int:
        self._line += self._text.count("\n", self._counted_to, self._at)
        self._counted_to = self._at
        return self._line
