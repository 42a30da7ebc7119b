"""Collects what a scan finds wrong without drowning anybody: counts all, keeps the first hundred of each weight.

A thorough scan, which is there to put much right at once, keeps half a million.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from fgtui.events.flaws import BENIGN, FLAWS, MUDDLES
from fgtui.events.model import MORE, Path, Problem, Severity
from fgtui.words import plural

LIMIT = 100
"""Problems told about one text; the last says how many more there are."""


ALL = 500_000
"""Findings of each weight that a thorough scan keeps: some 400 bytes each."""


class _Finding(NamedTuple):
    code: str
    start: int
    end: int
    node: int
    other: int
    values: dict[str, object]


class Findings:
    """The findings of one scan. Errors are kept before other departures, and those before what is benign."""

    __slots__ = (
        "_benign", "_departures", "_errors", "_most", "benign", "departures", "errors", "is_thorough", "muddles",
        "unread",
    )  # fmt: skip

    def __init__(self, *, thorough: bool = False) -> None:
        self.is_thorough = thorough
        self._most = ALL if thorough else LIMIT
        self.errors = self.departures = self.benign = 0
        """How many there are; departures are those that are no errors."""
        self.muddles = 0
        """How many of the errors are ``MUDDLES``."""
        self.unread = 0
        """Characters at the end that were not read, since so much was wrong before."""
        self._errors: list[_Finding] = []
        self._departures: list[_Finding] = []
        self._benign: list[_Finding] = []

    @property
    def departures_in_all(self) -> int:
        """How much keeps the text from being JSON as RFC 8259 has it."""
        return self.errors + self.departures

    def tell(self, code: str, start: int, end: int, node: int, other: int = -1, /, **values: object) -> None:
        """Something wrong from ``start`` to ``end``.

        ``node`` is the value it is about, -1 for the whole text; ``other`` a second place that the sentence names;
        ``values`` fill the other holes of the sentence.
        """
        if FLAWS[code].severity is Severity.ERROR:
            self.errors += 1
            self.muddles += code in MUDDLES
            room, kept = self.errors <= self._most, self._errors
        elif code in BENIGN:
            self.benign += 1
            room, kept = self.benign <= self._most, self._benign
        else:
            self.departures += 1
            room, kept = self.departures <= self._most, self._departures
        if room:
            kept.append(_Finding(code, start, end, node, other, values))

    def told(self, position: Callable[[int], tuple[int, int]], path: Callable[[int], Path]) -> tuple[Problem, ...]:
        """At most ``LIMIT`` problems in order of position; the last one speaks for those left out."""
        total = self.errors + self.departures + self.benign
        ranked = [each for kept in self._kept() for each in _sorted(kept)[:LIMIT]]
        kept = _sorted(ranked if total <= LIMIT else ranked[: LIMIT - 1])
        problems = [_problem(finding, position, path) for finding in kept]
        if total > LIMIT:
            problems.append(self._more(total - len(kept), problems[-1]))
        return tuple(problems)

    def all(self, position: Callable[[int], tuple[int, int]], path: Callable[[int], Path]) -> Iterator[Problem]:
        """All that were kept, in order of position."""
        for finding in _sorted([each for kept in self._kept() for each in kept]):
            yield _problem(finding, position, path)

    def _kept(self) -> tuple[list[_Finding], ...]:
        return self._errors, self._departures, self._benign

    def _more(self, count: int, last: Problem) -> Problem:
        message = plural(count, "{count} more problem is not listed", "{count} more problems are not listed")
        if self.unread:
            message = "{count} more problems are not listed, and the rest of the text was not read"
        return Problem(
            severity=Severity.ERROR if self.errors >= LIMIT else Severity.WARNING,
            code=MORE,
            message=message,
            line=last.line,
            column=last.column,
            start=last.start,
            end=last.end,
            values={"count": count},
        )


def _sorted(findings: list[_Finding]) -> list[_Finding]:
    return sorted(findings, key=lambda finding: finding.start)


def _problem(finding: _Finding, position: Callable[[int], tuple[int, int]], path: Callable[[int], Path]) -> Problem:
    flaw = FLAWS[finding.code]
    line, column = position(finding.start)
    values = finding.values
    if finding.other >= 0:
        other_line, other_column = position(finding.other)
        values = {**values, "other_line": other_line, "other_column": other_column}
    code, start, end = finding.code, finding.start, finding.end
    return Problem(flaw.severity, code, flaw.message, line, column, start, end, path(finding.node), flaw.hint, values)
