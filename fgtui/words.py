"""Turns sentences with holes into what a person reads.

A sentence stands in English where it is said, as in gettext, and is its own key: the code reads like the screen, and
a translator's catalogue can be extracted from the calls. Nothing here escapes: ``terminal.display`` does, last of all.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping

QUOTED_LIMIT = 200
"""Characters of foreign text quoted in a message (reliability: limits)."""


def say(sentence: str, values: Mapping[str, object] | None = None, /, **more: object) -> str:
    """``sentence`` with its holes filled; whatever is no number is cut at ``QUOTED_LIMIT`` characters."""
    filled = {name: _cut(value) for name, value in {**(values or {}), **more}.items()}
    return sentence.format_map(filled) if filled else sentence.format()


def _cut(value: object) -> object:
    if isinstance(value, int | float):
        return value
    text = str(value)  # a path or a library's exception quotes foreign text too
    return text if len(text) <= QUOTED_LIMIT else text[: QUOTED_LIMIT - 1] + "…"


def plural(count: int, one: str, many: str) -> str:
    """``one`` or ``many``, as ``count`` asks for."""
    return one if count == 1 else many


def spell_seconds(seconds: float) -> str:
    """``8 s``, ``3 min 20 s``, ``2 h 5 min``."""
    whole = max(1, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name a person most likely meant by ``name``, or ``None`` when none is near."""
    from difflib import get_close_matches

    by_lower = {each.lower(): each for each in known}
    wanted = name.lower()[:QUOTED_LIMIT]
    found = get_close_matches(wanted, list(by_lower), n=5, cutoff=0.6)
    return by_lower[min(found, key=lambda each: _slips(wanted, each))] if found else None


def _slips(one: str, other: str) -> int:
    """How many slips of a finger lie between: a letter more, less or another, or two swapped."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        row = [at]
        for to, against in enumerate(other, 1):
            row.append(min(last[to] + 1, row[-1] + 1, last[to - 1] + (letter != against)))
            if at > 1 and to > 1 and letter == other[to - 2] and one[at - 2] == against:
                row[to] = min(row[to], before[to - 2] + 1)
        before, last = last, row
    return last[-1]


def language(environment: Mapping[str, str] = os.environ) -> str:
    """``"zh"`` or ``"en"``: ``FGTUI_LANG``, else what the locale variables say."""
    for name in ("FGTUI_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = environment.get(name)
        if value:
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"
