"""Notes and tags: what may be one, and what becomes of those an exchange has.

A mark is the tag ``MARK`` (sessions/model.py) and nothing else.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import NamedTuple

from fgtui.errors import StoreError, UsageError
from fgtui.invoke.model import Exchange
from fgtui.records import replace
from fgtui.sessions.redaction.redactor import Redactor
from fgtui.sessions.storage.rows import Cell, cell
from fgtui.terminal.display import displayable, displayable_line, is_displayable

NOTE_LIMIT = 4_000
"""Characters of a note."""
TAG_LIMIT = 60
"""Characters of a tag."""
TAGS_LIMIT = 100
"""Tags of one exchange."""


class Annotation(NamedTuple):
    """What is to become of the notes and tags of exchanges: checked and redacted."""

    note: str | None
    """The new note, ``""`` for none; ``None`` leaves each as it is."""
    added: tuple[str, ...]
    removed: frozenset[str]

    def applied(self, note: Cell, tags: str) -> tuple[Cell, str]:
        """Note and tags as they are kept, after it."""
        try:
            known: list[str] = json.loads(tags)
        except ValueError as error:
            raise StoreError("the tags that are there cannot be read; nothing was changed") from error
        left = [tag for tag in known if tag not in self.removed]
        wanted = left + [tag for tag in self.added if tag not in left]
        if len(wanted) > max(TAGS_LIMIT, len(known)):
            raise UsageError("an exchange can have {limit} tags, not {count}", limit=TAGS_LIMIT, count=len(wanted))
        kept_tags = tags if wanted == known else json.dumps(wanted)
        return (note if self.note is None else cell(self.note)), kept_tags


def annotation(redactor: Redactor, note: str | None, add_tags: Sequence[str], remove_tags: Sequence[str]) -> Annotation:
    """What the arguments of ``SessionStore.annotate`` ask for. UsageError for what cannot be a note or a tag."""
    if note is not None:
        _check_note(note)
    for tag in add_tags:
        _check_tag(tag)
    return Annotation(
        note=None if note is None else redactor.text(note),
        added=tuple(dict.fromkeys(redactor.text(tag) for tag in add_tags)),
        removed=frozenset((*remove_tags, *(redactor.text(tag) for tag in remove_tags))),
    )


def acceptable(exchange: Exchange) -> Exchange:
    """``exchange`` with a note and tags that ``annotate`` would take: what cannot be seen is spelled out.

    A tag with commas is several; what is too long is cut.
    """
    note = _cut(displayable(exchange.note.replace("\r\n", "\n")), NOTE_LIMIT)
    pieces = (piece for tag in exchange.tags for piece in tag.split(","))
    cut = (_cut(_spelled_out(piece.strip()), TAG_LIMIT).strip() for piece in pieces)
    tags = tuple(dict.fromkeys(filter(None, cut)))[:TAGS_LIMIT]
    return exchange if (note, tags) == (exchange.note, exchange.tags) else replace(exchange, note=note, tags=tags)


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


def _spelled_out(tag: str) -> str:
    """As one line, with a blank for every kind of blank."""
    shown = displayable_line(tag)
    return shown if shown.isprintable() else "".join(sign if sign.isprintable() else " " for sign in shown)


def _check_note(note: str) -> None:
    if len(note) > NOTE_LIMIT:
        raise UsageError(
            "a note has at most {limit} characters, not {count}", limit=f"{NOTE_LIMIT:,}", count=f"{len(note):,}"
        )
    if not is_displayable(note):
        raise UsageError("{note!r} cannot be a note: it has characters that cannot be seen", note=note)


def _check_tag(tag: str) -> None:
    if not tag.strip() or tag != tag.strip():
        raise UsageError("{tag!r} cannot be a tag: it is empty or has blanks at an end", tag=tag)
    if not tag.isprintable() or not is_displayable(tag):
        raise UsageError("{tag!r} cannot be a tag: it has characters that cannot be seen", tag=tag)
    if "," in tag:
        raise UsageError("{tag!r} cannot be a tag: a comma stands between two", tag=tag)
    if len(tag) > TAG_LIMIT:
        raise UsageError("{tag!r} cannot be a tag: it is longer than {limit} characters", tag=tag, limit=TAG_LIMIT)
