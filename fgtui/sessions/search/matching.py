"""Full text search: whether an exchange has what is wanted, where, and the same over whatever can be read in order.

A store has an index to begin with (``searching``); that a hit is one is always decided here, on the text itself.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from fgtui.invoke.model import Exchange
from fgtui.regex import regex
from fgtui.sessions.model import Hit
from fgtui.sessions.recording import Recording, row_of
from fgtui.sessions.search.text import texts_of
from fgtui.sessions.search.words import Term, Wanted, fold

EXCERPT = 120
"""Characters of an excerpt, about."""
_BEFORE = 30
"""Of them before the first match."""
_LONGEST_SPAN = 400
_TERMS_SHOWN = 32
_BLANKS = regex(r"[^\S\x1c-\x1f]++")
"""What is one blank in an excerpt; other controls stay, to be shown as such."""


def search_recording(
    recording: Recording, session: str, wanted: Wanted, *, cancelled: threading.Event | None = None
) -> Iterator[Hit]:
    """The hits of one session, newest first, by looking at every exchange: for a file of JSON Lines."""
    for exchange in recording.iterate(session, newest_first=True):
        if cancelled is not None and cancelled.is_set():
            return
        found = hit_in(exchange, wanted)
        if found is not None:
            yield found


def hit_in(exchange: Exchange, wanted: Wanted) -> Hit | None:
    """Where ``exchange`` has all that is wanted; shown is the first text that has most of it."""
    missing = set(wanted.terms)
    best: _Found | None = None
    for part, text in texts_of(exchange):
        if best is not None and len(best.terms) == len(wanted.terms) and best.part != part:
            break
        folded = fold(text)
        here = [term for term in wanted.terms if term.is_in(folded)]
        missing.difference_update(here)
        if here and (best is None or len(here) > len(best.terms) - (part == best.part)):  # the innermost is plainest
            best = _Found(part, text, folded, here)
    if missing or best is None:
        return None
    excerpt, spans = _excerpt(best.text, best.folded, best.terms[:_TERMS_SHOWN])
    return Hit(row_of(exchange), best.part, excerpt, spans)


class _Found(NamedTuple):
    """Terms in one text of an exchange."""

    part: str
    text: str
    folded: str
    terms: list[Term]


def _excerpt(text: str, folded: str, terms: Sequence[Term]) -> tuple[str, tuple[tuple[int, int], ...]]:
    """A piece of ``text`` around the first match, and where in it the matches are."""
    firsts = [(term, found) for term in terms if (found := term.first(folded))]
    first = min(at for _, (at, _) in firsts)
    start = first - _BEFORE if first > _BEFORE else 0
    end = min(len(text), start + EXCERPT)
    spans: list[tuple[int, int]] = []
    for at, to in sorted(span for term, found in firsts for span in _spans(term, folded, found, end)):
        if spans and at < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(to, spans[-1][1]))
        else:
            spans.append((at, to))
    end = min(len(text), max(end, spans[-1][1]))
    shown = "…" if start else ""
    places: list[tuple[int, int]] = []
    for at, to in spans:
        shown += _BLANKS.sub(" ", text[start:at])
        place = len(shown)
        shown += _BLANKS.sub(" ", text[at:to])
        places.append((place, len(shown)))
        start = to
    return shown + _BLANKS.sub(" ", text[start:end]) + ("…" if end < len(text) else ""), tuple(places)


def _spans(term: Term, folded: str, first: tuple[int, int], end: int) -> Iterator[tuple[int, int]]:
    """Where matches begin before ``end``, from the first one on; nothing far behind it is looked at."""
    for at, to in (first, *term.spans(folded, first[1], end + _LONGEST_SPAN)):
        if at < end:
            yield at, min(to, at + _LONGEST_SPAN)
