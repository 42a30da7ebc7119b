"""Turns sentences with holes into what a person reads.

A sentence stands in English where it is said, as in gettext, and is its own key: the code reads like the screen, and
a translator's catalogue can be extracted from the calls. Nothing here escapes: ``terminal.display`` does, last of all.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

QUOTED_LIMIT = 200
"""Characters of foreign text quoted in a message (reliability: limits)."""


def say(sentence: str, values: Mapping[str, object] | None = None, /, **more: object) -> str:
    """``sentence`` with its holes filled; text values are cut at ``QUOTED_LIMIT`` characters."""
    filled = {name: _cut(value) for name, value in {**(values or {}), **more}.items()}
    return sentence.format_map(filled) if filled else sentence.format()


def _cut(value: object) -> object:
    if isinstance(value, str) and len(value) > QUOTED_LIMIT:
        return value[: QUOTED_LIMIT - 1] + "…"
    return value


def plural(count: int, one: str, many: str) -> str:
    """``one`` or ``many``, as ``count`` asks for."""
    return one if count == 1 else many


def language(environment: Mapping[str, str] = os.environ) -> str:
    """``"zh"`` or ``"en"``: ``FGTUI_LANG``, else what the locale variables say."""
    for name in ("FGTUI_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = environment.get(name)
        if value:
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"
