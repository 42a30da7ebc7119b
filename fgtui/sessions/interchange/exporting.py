"""A session as a file for others: JSON Lines, an HTTP archive, or tests for pytest, redacted by today's rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import PurePath

from fgtui.errors import UsageError
from fgtui.invoke.model import Exchange
from fgtui.records import Record
from fgtui.sessions.model import was_sent
from fgtui.sessions.redaction.places import Finding
from fgtui.sessions.redaction.redactor import Redactor
from fgtui.words import Names

FORMS: dict[str, tuple[str, ...]] = {"jsonl": (".jsonl", ".ndjson"), "har": (".har",), "pytest": (".py",)}
"""Each form, and how the names of its files end."""
FORMATS = tuple(FORMS)
FINDINGS_KEPT = 10_000


def form_of(name: str) -> str:
    """The form that a file's name asks for. UsageError where it asks for none."""
    ending = PurePath(name).suffix.lower()
    for form, endings in FORMS.items():
        if ending in endings:
            return form
    raise UsageError(
        "the ending of {name} does not say which form it has",
        name=name,
        hint="--format {forms}, or a name that ends with {endings}",
        forms="|".join(FORMS),
        endings=Names(ending for endings in FORMS.values() for ending in endings),
    )


class Leaving:
    """Exchanges on their way out: iterating yields them redacted, and counts.

    A test needs something to compare with, so ``is_test`` leaves out what was never sent.
    """

    def __init__(
        self,
        exchanges: Iterable[Exchange],
        redactor: Redactor,
        *,
        is_test: bool = False,
        on_progress: Callable[[int], None] | None = None,
    ) -> None:
        self._exchanges = exchanges
        self._redactor = redactor
        self._is_test = is_test
        self._on_progress = on_progress
        self.count = 0
        self.left_out = 0
        self.redacted = 0
        """Values that are replaced, since they were recorded or on the way out."""
        self.newly = 0
        """Those that today's rules replace, and the ones it was recorded by did not."""

    def __iter__(self) -> Iterator[Exchange]:
        for exchange in self._exchanges:
            if self._is_test and not was_sent(exchange):
                self.left_out += 1
                continue
            kept = self._redactor.apply(exchange)
            replaced = _redacted(kept)
            self.count += 1
            self.redacted += replaced
            self.newly += replaced - _redacted(exchange)
            if self._on_progress is not None:
                self._on_progress(self.count)
            yield kept


def _redacted(exchange: Exchange) -> int:
    return len(exchange.event.redacted) + len(exchange.outcome.redacted)


def pieces(
    leaving: Iterable[Exchange],
    form: str,
    *,
    session: str,
    redactor: Redactor,
    target: str | None = None,
    folder: str = ".",
    ignore: Sequence[str] = (),
) -> Iterator[bytes]:
    """The file's content, piece by piece. ``target``, ``folder`` and ``ignore`` are for pytest; see ``pytest_file``."""
    if form == "jsonl":
        from fgtui.sessions.interchange.json_lines import jsonl_lines

        return jsonl_lines(leaving, session=session)
    if form == "har":
        from fgtui.sessions.interchange.har import har_pieces

        return har_pieces(leaving, session=session)
    from fgtui.sessions.export.forms import pytest_file

    text = pytest_file(leaving, redactor=redactor, target=target, folder=folder, ignore=ignore)
    return (piece.encode("utf-8", "surrogatepass") for piece in text)


class Replaced(Record):
    """Values that are replaced at one place, in however many exchanges."""

    finding: Finding
    """The first of them."""
    exchanges: int
    distinct: int
    """How many different values that are."""


def preview(exchanges: Iterable[Exchange], redactor: Redactor) -> tuple[Replaced, ...]:
    """What is replaced when ``exchanges`` leave, by place and kind, the most frequent first."""
    found: dict[tuple[str, str], tuple[Finding, set[str], set[int]]] = {}
    for number, exchange in enumerate(exchanges):
        for finding in redactor.preview(exchange):
            place = (finding.path, finding.words)
            if place not in found and len(found) < FINDINGS_KEPT:
                found[place] = (finding, set(), set())
            if place in found:
                _, values, numbers = found[place]
                values.add(finding.placeholder)
                numbers.add(number)
    replaced = [Replaced(finding, len(numbers), len(values)) for finding, values, numbers in found.values()]
    return tuple(sorted(replaced, key=lambda each: (-each.exchanges, each.finding.path)))
