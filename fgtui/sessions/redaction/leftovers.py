"""Placeholders in an event that does not list them: one that was edited, or that somebody read from a file."""

from __future__ import annotations

from collections.abc import Iterable

_MARK = "<redacted:"
_MARKS = (b"redacted:", b"cmVkYWN0ZWQ6", b"JlZGFjdGVkO", b"yZWRhY3RlZD")
"""A placeholder as it is, and in base64, wherever in it the word begins."""


def shows_placeholder(wire: bytes) -> bool:
    """Whether one may stand in ``wire`` outside of what is compressed or encoded twice: quick, for any event."""
    return any(mark in wire for mark in _MARKS)


def placeholder_paths(wire: bytes, opened: Iterable[str] | None = None) -> tuple[str, ...]:
    """The places of the placeholders in ``wire``, encoded ones too.

    ``opened`` are the texts inside of it that were encoded, where somebody has opened them already.
    """
    if not shows_placeholder(wire) and opened is not None and not any(_MARK in text for text in opened):
        return ()
    from fgtui.sessions.redaction.places import PlaceholderWalk

    walk = PlaceholderWalk()
    walk.content(wire, ())
    return tuple(dict.fromkeys(path for path, _ in walk.findings))
