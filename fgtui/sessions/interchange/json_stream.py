"""JSON text read piece by piece: what is looked for in a document of any size comes out value by value.

Finds where values end without looking at what they mean; whoever takes one reads it strictly. A value beyond the limit
is passed over and not kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from fgtui.regex import regex
from fgtui.sessions import strict_json
from fgtui.words import Phrase, folded

_BLANKS = regex(r"[ \t\n\r]*+")
_SCALAR = regex(r"[^,\]}\s]*+")
_PLAIN = regex(r'[^"{}\[\]]*+')
"""Up to what opens or closes."""
_IN_STRING = regex(r'(?:[^"\\]++|\\.)*+', re.DOTALL)
"""Up to the closing quotation mark, or to a backslash that ends the piece."""


class NotJsonError(ValueError):
    """The text breaks off, or something stands where another thing is due."""

    def __init__(self, sentence: str, **values: object) -> None:
        self.phrase = Phrase(sentence, values)
        super().__init__(str(self.phrase))


class JsonStream:
    """Walks through the one JSON text that ``pieces`` make together; ``limit`` is the characters of a value."""

    def __init__(self, pieces: Iterable[str], *, limit: int) -> None:
        self._pieces: Iterator[str] = iter(pieces)
        self._limit = limit
        self._text = ""
        self._at = 0

    def members(self) -> Iterator[str]:
        """The names in the object that begins here. The value of each has to be taken before the next is asked for."""
        self._take("{")
        if self._next() == "}":
            self._at += 1
            return
        while True:
            if self._next() != '"':
                raise self._misplaced("a name")
            yield str(strict_json.read(self.value() or '""'))
            if self._take(",}") == "}":
                return

    def elements(self) -> Iterator[None]:
        """One turn for each element of the list that begins here. Each has to be taken before the next turn."""
        self._take("[")
        if self._next() == "]":
            self._at += 1
            return
        while True:
            yield
            if self._take(",]") == "]":
                return

    def enter(self) -> None:
        """Step from a name to its value."""
        self._take(":")

    def value(self) -> str | None:
        """The text of the value that begins here, whole; ``None`` for one beyond the limit."""
        first = self._next()
        if first in ("{", "[", '"'):
            return self._until_closed()
        return self._scalar(first)

    def end(self) -> None:
        """NotJsonError when something follows."""
        if self._next():
            raise self._misplaced(Phrase("the end"))

    def _scalar(self, first: str) -> str:
        while (found := _SCALAR.match(self._text, self._at)) and found.end() == len(self._text) and self._more():
            if len(self._text) > self._limit:
                raise self._misplaced(Phrase("a value"))
        if found is None or not found[0] or first == ":":
            raise self._misplaced(Phrase("a value"))
        self._at = found.end()
        return found[0]

    def _until_closed(self) -> str | None:
        kept: list[str] = []
        size = depth = 0
        within = closed = False
        begin = at = self._at
        while True:
            text = self._text
            while not closed and at < len(text):
                found = (_IN_STRING if within else _PLAIN).match(text, at)
                at = found.end() if found else at
                if at == len(text) or (within and text[at] == "\\"):
                    break
                mark = text[at]
                at += 1
                if mark == '"':
                    within = not within
                elif mark in "{[":
                    depth += 1
                else:
                    depth -= 1
                closed = depth <= 0 and not within
            size += at - begin
            if size <= self._limit:
                kept.append(text[begin:at])
            else:
                kept.clear()
            self._at = at
            if closed:
                return "".join(kept) if size <= self._limit else None
            if not self._more():
                raise NotJsonError("it breaks off")
            begin = at = 0

    def _next(self) -> str:
        """The next character that is no blank; empty at the end."""
        while True:
            found = _BLANKS.match(self._text, self._at)
            self._at = found.end() if found else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def _take(self, marks: str) -> str:
        mark = self._next()
        if not mark or mark not in marks:
            raise self._misplaced(folded(list(marks), "{these} or {this}"))
        self._at += 1
        return mark

    def _more(self) -> bool:
        """Read on, forgetting what was taken; whether there was more."""
        for piece in self._pieces:
            if piece:
                self._text = self._text[self._at :] + piece
                self._at = 0
                return True
        return False

    def _misplaced(self, wanted: str | Phrase) -> NotJsonError:
        found = self._next()
        if not found:
            return NotJsonError("it breaks off")
        return NotJsonError("{found!r} stands where {wanted} is due", found=found, wanted=wanted)
