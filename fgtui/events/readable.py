r"""JSON text for the eye: characters that stand as ``\uXXXX`` shown as themselves, everything else as it is written.

For what is shown only. Copies, exports and comparisons take the text as it was recorded.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice

from fgtui.events.lexis import unescape
from fgtui.regex import regex
from fgtui.terminal.display import is_displayable

_ESCAPES = regex(r"(?:\\(?:u[0-9a-fA-F]{4}|[^u]))++")
r"""A run of escapes, so that ``\\u72b6`` is seen to be a backslash and five letters."""
_CHARACTER = regex(r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4}|\\[^u]")
_HOLDS_JSON = regex(r'(?<!\\)"(?=[\[{])')
"""The opening quotation mark of a string that may hold JSON: inside a string one has a backslash before it."""
_UNSEEN = frozenset(
    "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"  # letters and marks with nothing to see
    "\ufe00\ufe01\ufe02\ufe03\ufe04\ufe05\ufe06\ufe07\ufe08\ufe09\ufe0a\ufe0b\ufe0c\ufe0d\ufe0e\ufe0f"
)
_DEPTH = 4
"""Strings of JSON in strings of JSON that are read."""
_CACHED = 100
"""Characters of the longest run of escapes that is remembered."""
_HELD_LIMIT = 20_000
"""Strings that are looked into: each costs some microseconds."""


def readable(text: str) -> str:
    r"""JSON text with ``\uXXXX`` as the character it means, in strings that hold JSON too.

    An escape stays where its character cannot be seen, acts on a terminal, is half a pair, or would be JSON's own sign.
    A part of a text will do.
    """
    return _readable(text, _DEPTH)


def readable_if_json(text: str) -> str:
    """``readable`` where it is JSON; any other text as it is, since a backslash means something else there."""
    return readable(text) if has_escapes(text) and _is_json(text) else text


def has_escapes(text: str, start: int = 0, end: int | None = None) -> bool:
    r"""Whether ``readable`` may change anything: whether there is any ``\u``."""
    return text.find("\\u", start, len(text) if end is None else end) >= 0


def _readable(text: str, depth: int) -> str:
    if not has_escapes(text):
        return text
    text = _ESCAPES.sub(_shown, text)
    return _with_held_json(text, depth) if depth and "\\\\u" in text else text


def _shown(match: re.Match[str]) -> str:
    run = match[0]
    if "\\u" not in run:
        return run
    marks = _carries_marks(match.string[max(0, match.start() - 1) : match.start()])
    return _same_again(run, marks) if len(run) <= _CACHED else _run_shown(run, marks)


def _run_shown(run: str, marks: bool) -> str:
    said = unescape(run)
    if said.isalnum() and _UNSEEN.isdisjoint(said):  # nearly always: words of a language
        return said
    parts: list[str] = []
    for escape in _CHARACTER.findall(run):
        parts.append(_one_shown(escape, marks))
        marks = len(parts[-1]) == 1 and _carries_marks(parts[-1])
    return "".join(parts)


_same_again = lru_cache(4096)(_run_shown)
"""Names of members come again and again."""


@lru_cache(4096)
def _one_shown(escape: str, marks: bool) -> str:
    """What is shown for an escape behind what ``marks`` may be drawn over."""
    character = unescape(escape) if escape[1] == "u" else '"'
    if not (character.isprintable() or character == "\u3000") or character in '"\\' or character in _UNSEEN:
        return escape
    if "\U000e0100" <= character <= "\U000e01ef" or (_is_mark(character) and not marks):
        return escape
    return character if is_displayable(character) else escape


def _carries_marks(character: str) -> bool:
    return character.isalpha() or (character != "" and not character.isascii() and _is_mark(character))


def _is_mark(character: str) -> bool:
    from unicodedata import category

    return category(character)[0] == "M"


def _with_held_json(text: str, depth: int) -> str:
    """With the JSON that strings hold made readable, where writing it back gives the same characters."""
    import json

    read = json.JSONDecoder().raw_decode
    parts: list[str] = []
    at = 0
    for match in islice(_HOLDS_JSON.finditer(text), _HELD_LIMIT):
        start = match.start()
        try:
            held, end = read(text, start)
        except ValueError:  # the beginning of a text, cut in this string
            continue
        if not has_escapes(held) or not _is_json(held):
            continue
        shown = _readable(held, depth - 1)
        if shown != held and json.dumps(held, ensure_ascii=False) == text[start:end]:
            parts += [text[at:start], json.dumps(shown, ensure_ascii=False)]
            at = end
    return "".join([*parts, text[at:]])


def _is_json(text: str) -> bool:
    import json

    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
