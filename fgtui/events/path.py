"""Paths as people write them: ``Records[0].s3.object.key``, ``responseElements."x-amz-request-id"``.

The notation is JMESPath's, less everything that could name several places. What ``format_path`` writes is JMESPath;
``parse_path`` also takes what is clear though JMESPath is stricter: ``headers.x-stage``, ``headers["x-stage"]``.
"""

from __future__ import annotations

import re

from fgtui.errors import EventError
from fgtui.events.model import Path
from fgtui.regex import regex

_IDENTIFIER = regex(r"[A-Za-z_][A-Za-z0-9_]*+")
_BARE = regex(r"[^\s.\[\]\"'`=:*@&|(),{}0-9\-\x00-\x1f][^\s.\[\]\"'`=:*@&|(),{}\x00-\x1f]*+")
_QUOTED = regex(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_INDEX = regex(r"\[\s*+([0-9]{1,18})\s*+\]")
_NAME_IN_BRACKETS = regex(rf"\[\s*+({_QUOTED.pattern})\s*+\]", re.DOTALL)
_NEGATIVE = regex(r"\[\s*+-[0-9]++\s*+\]")


def format_path(path: Path) -> str:
    """``path`` in words that ``parse_path`` and JMESPath read; empty for the root."""
    from fgtui.events.text import quote

    pieces: list[str] = []
    for step in path:
        if isinstance(step, int):
            pieces.append(f"[{step}]")
            continue
        if pieces:
            pieces.append(".")
        pieces.append(step if _IDENTIFIER.fullmatch(step) else quote(step))
    return "".join(pieces)


def parse_path(text: str) -> Path:
    """The inverse of ``format_path``. EventError names the column where no single place is meant."""
    steps: list[str | int] = []
    pos, end = 0, len(text)
    name_due = not text.startswith("[")
    while pos < end:
        if text[pos] == "[" and not (name_due and steps):
            pos = _bracketed(text, pos, steps)
        else:
            pos = _named(text, pos, steps)
        name_due = text.startswith(".", pos)
        if name_due:
            pos += 1
            if pos == end:
                raise _wrong(text, pos, "a name is missing after the last dot of {path}")
        elif pos < end and text[pos] != "[":
            raise _wrong(
                text, pos, "{sign} is unexpected in the path {path}", 'names with such signs need quotes: a."b c"'
            )
    return tuple(steps)


def _bracketed(text: str, pos: int, steps: list[str | int]) -> int:
    from fgtui.events.lexis import unquote

    if match := _INDEX.match(text, pos):
        steps.append(int(match[1]))
        return match.end()
    if match := _NAME_IN_BRACKETS.match(text, pos):
        steps.append(unquote(match[1]))
        return match.end()
    if _NEGATIVE.match(text, pos):
        raise _wrong(text, pos, "an index counts from 0; {path} has a negative one")
    raise _wrong(text, pos, "an index such as [0] is due in the path {path}", "a path names one place; [*] names many")


def _named(text: str, pos: int, steps: list[str | int]) -> int:
    from fgtui.events.lexis import unquote

    if match := _QUOTED.match(text, pos):
        steps.append(unquote(match[0]))
    elif match := _BARE.match(text, pos):
        steps.append(match[0])
    elif text[pos : pos + 1].isdigit():
        raise _wrong(text, pos, "a name cannot begin with a digit in the path {path}", 'an index is [0], a name is "0"')
    else:
        raise _wrong(text, pos, "a name is missing in the path {path}", 'names with other signs need quotes: a."b c"')
    return match.end()


def _wrong(text: str, pos: int, message: str, hint: str = "") -> EventError:
    return EventError(message, hint=hint, column=pos + 1, path=text, sign=text[pos : pos + 1])
