"""Which exchanges of a session something is done with: the marked ones, else what a filter shows, else all of them."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from fgtui.words import plural, say, with_aside

if TYPE_CHECKING:
    from fgtui.invoke.model import Exchange
    from fgtui.sessions.model import ExchangeRow
    from fgtui.sessions.store import SessionStore


class Chosen(StrEnum):
    """Why these and no others."""

    MARKED = "marked"
    SHOWN = "shown"
    ALL = "all"


class Shown(NamedTuple):
    """The matches of a filter so far."""

    seqs: tuple[int, ...]
    """Their numbers, newest first."""
    how_far: str = ""
    """How far the filter has looked, in words; empty once it has looked at everything."""


class Selection(NamedTuple):
    """Exchanges of one session, in the order they were recorded."""

    session: str
    why: Chosen
    total: int
    seqs: tuple[int, ...] | None = None
    """Their numbers; ``None`` where it is the whole session, however long."""
    besides: str = ""
    """What a person may not expect of them: that a filter has not looked at everything, or is passed over."""

    @property
    def words(self) -> str:
        """How many of which: ``12 marked exchanges of orders``."""
        match self.why:
            case Chosen.ALL:
                sentence = plural(self.total, "1 exchange of {session}", "{count} exchanges of {session}")
            case Chosen.MARKED:
                sentence = plural(self.total, "1 marked exchange of {session}", "{count} marked exchanges of {session}")
            case _:
                sentence = plural(
                    self.total, "1 filtered exchange of {session}", "{count} filtered exchanges of {session}"
                )
        words = say(sentence, count=f"{self.total:,}", session=self.session)
        return with_aside(words, self.besides) if self.besides else words

    def rows(self, store: SessionStore) -> Iterator[ExchangeRow]:
        """Their small columns."""
        return store.iterate_rows(self.session) if self.seqs is None else store.rows(self.session, self.seqs)

    def exchanges(self, store: SessionStore) -> Iterator[Exchange]:
        """Each of them whole."""
        return store.iterate(self.session) if self.seqs is None else store.exchanges(self.session, self.seqs)


def select(store: SessionStore, session: str, shown: Shown | None) -> Selection:
    """What is marked in ``session``, else what is ``shown`` of it (``None``: all). Reads the store: for a thread."""
    from fgtui.sessions.model import MARK

    marked = tuple(seq for seq, tags in store.tags(session).items() if MARK in tags)
    if marked:
        besides = ""
        if shown is not None and set(shown.seqs) != set(marked):
            besides = say("not the {count} filtered", count=f"{len(shown.seqs):,}")
        return Selection(session, Chosen.MARKED, len(marked), marked, besides)
    if shown is not None:
        return Selection(session, Chosen.SHOWN, len(shown.seqs), tuple(sorted(shown.seqs)), shown.how_far)
    return Selection(session, Chosen.ALL, store.count(session))
