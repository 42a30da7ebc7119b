"""A difference in one line of text, and as JSON; and what is said where there is none."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fgtui.events.model import Path
from fgtui.events.path import format_path
from fgtui.sessions.diff.changes import Change, Kind
from fgtui.words import plural, say

RESPELLED = "the texts differ, the values do not: white space, escapes or the order of members"

VALUE_LIMIT = 200
"""Characters of a value that a line shows."""
PLACE_LIMIT = 300
"""Characters of a path that a line shows, half of them from its beginning and half from its end."""


def change_line(change: Change, tell: Callable[[str], str] = say) -> str:
    """``~ outcome.result.key: "a" → "b"``, ``+`` with the new value, or ``-`` with the old one. Foreign text is raw.

    Of items in another order ``>`` with their old and their new indexes.
    """
    place = place_words(change.path) or tell("the whole")
    match change.kind:
        case Kind.ADDED:
            return f"+ {place}: {value_words(change.new)}"
        case Kind.REMOVED:
            return f"- {place}: {value_words(change.old)}"
        case Kind.CHANGED:
            return f"~ {place}: {value_words(change.old)} → {value_words(change.new)}"
        case Kind.MOVED:
            return f"> {place}: {value_words(change.old)} → {value_words(change.new)}"


def unknown_sentence(count: int) -> str:
    """What is said of values that could not be compared; ``{count}`` in it is for their number."""
    return plural(
        count,
        "1 value could not be compared: it was redacted in another store",
        "{count} values could not be compared: they were redacted in another store",
    )


def place_words(path: Path) -> str:
    """``path``, cut in the middle where it is long."""
    text = format_path(path)
    half = PLACE_LIMIT // 2
    return text if len(text) <= PLACE_LIMIT else f"{text[:half]}…{text[-half:]}"


def value_words(value: object) -> str:
    """``value`` as JSON on one line, cut where it is long."""
    from fgtui.sessions.strict_json import write

    text = write(value)
    return text if len(text) <= VALUE_LIMIT else text[: VALUE_LIMIT - 1] + "…"


def change_json(change: Change) -> dict[str, Any]:
    """``{"path", "kind", "old", "new"}``; what was or is not there has no member."""
    members: dict[str, Any] = {"path": format_path(change.path), "kind": change.kind.value}
    if change.kind is not Kind.ADDED:
        members["old"] = change.old
    if change.kind is not Kind.REMOVED:
        members["new"] = change.new
    return members
