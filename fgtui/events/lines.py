"""Where the lines of a text begin."""

from __future__ import annotations

from array import array
from itertools import accumulate, chain, count
from operator import add

from fgtui.regex import regex

_BREAK = regex(r"\r\n?|\n")


def line_starts(text: str) -> array[int]:
    """The offset of each line's first character. LF, CR LF and CR end a line, nothing else does."""
    code = "i" if len(text) < 1 << 31 else "q"
    if text.count("\r") != text.count("\r\n"):
        return array(code, chain((0,), (match.end() for match in _BREAK.finditer(text))))
    lengths = accumulate(map(len, text.split("\n")), initial=0)
    starts = array(code, map(add, lengths, count()))
    starts.pop()
    return starts
