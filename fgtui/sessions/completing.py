"""What can follow in a JMESPath expression that is being typed: the keys of a document at that place, and functions."""

from __future__ import annotations

from fgtui.records import Record


class Completions(Record):
    """What may stand in place of ``text[start:end]``, which is a name that has begun or nothing yet."""

    start: int
    end: int
    candidates: tuple[str, ...] = ()
    """As they are to be written, quoted where they have to be; best first."""


def complete(text: str, cursor: int, document: object) -> Completions:
    """The completions of ``text`` at ``cursor``, by the keys that ``document`` has there."""
    return Completions(cursor, cursor)
