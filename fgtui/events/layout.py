"""The whitespace of strict JSON text: laid out anew without touching one token. Linear, no recursion.

Everything here takes text that is valid JSON; ``text.is_json`` tells. Tokens come out as they went in.
"""

from __future__ import annotations

from collections.abc import Collection

from fgtui.regex import regex

_STRING = r'"[^"\\]*(?:\\.[^"\\]*)*"'
_STRINGS = regex(f"({_STRING})")
_TOKENS = regex(rf'{_STRING}|[{{}}\[\],:]|[^\s{{}}\[\],:"]+')
_NO_SPACE: dict[int, str | None] = dict.fromkeys(map(ord, " \t\r\n"))
_SPACED: dict[int, str | None] = {**_NO_SPACE, ord(","): ", ", ord(":"): ": "}

PRETTY_FACTOR = 12
PRETTY_FLOOR = 1 << 14
"""How long pretty text may get, in lengths of the text or in characters: deep nesting would square it."""


def compact(text: str) -> str:
    """No whitespace at all, as ``JSON.stringify`` writes."""
    return _relay(text, _NO_SPACE)


def spaced(text: str) -> str:
    """On one line with ``", "`` and ``": "``, as Python's ``json.dumps`` writes."""
    return _relay(text, _SPACED)


def pretty(text: str, indent: str = "", unit: str = "  ", inline: Collection[str] = ()) -> str:
    """One member or item a line, ``indent`` before each line but the first; ``text`` itself where that would be huge.

    An object that starts with one of the ``inline`` names (literals, quotes included) stays on the line it began on.
    """
    parts: list[str] = []
    breaks: list[bool] = []  # of each open container: whether its members stand on lines of their own
    line = "\n" + indent
    room = max(PRETTY_FACTOR * len(text), PRETTY_FLOOR)
    empty = False  # nothing yet in the innermost container
    for sign in _TOKENS.findall(text):
        piece = sign
        if sign in {"}", "]"}:
            if breaks.pop():
                line = line[: len(line) - len(unit)]
                piece = line + sign
        elif empty and sign not in inline:
            breaks[-1] = True
            line += unit
            piece = line + sign
        empty = sign in {"{", "["}
        if empty:
            breaks.append(False)
        elif sign == ",":
            piece = "," + (line if breaks[-1] else " ")
        elif sign == ":":
            piece = ": "
        parts.append(piece)
        room -= len(piece)
        if room < 0:
            return text
    return "".join(parts)


def moved(text: str, indent: str) -> str:
    """``text``, its lines behind the first moved by what brings the last one to ``indent``, where they can be."""
    first, *lines = text.split("\n")
    if not lines:
        return text
    before = lines[-1][: len(lines[-1]) - len(lines[-1].lstrip(" \t"))]
    return "\n".join([first, *(indent + line[len(before) :] if line.startswith(before) else line for line in lines)])


def _relay(text: str, table: dict[int, str | None]) -> str:
    parts = _STRINGS.split(text)  # strings stand at the odd places
    parts[::2] = [part.translate(table) for part in parts[::2]]
    return "".join(parts)
