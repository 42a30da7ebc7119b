"""Collects what a scan finds wrong without drowning anybody: counts all, keeps the first hundred of each weight."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from fgtui.events.flaws import BENIGN, FLAWS
from fgtui.events.model import Path, Problem, Severity
from fgtui.words import plural

LIMIT = 100
"""Problems told about one text; the last says how many more there are."""


class _Finding(NamedTuple):
    code: str
    start: int
    end: int
    node: int
    other: int
    values: dict[str, object]


class Findings:
    """The findings of one scan. Errors are kept before other departures, and those before what is benign."""

    __slots__ = ("_benign", "_departures", "_errors", "benign", "departures", "errors", "given_up")

    def __init__(self) -> None:
        self.errors = self.departures = self.benign = 0
        """How many there are; departures are those that are no errors."""
        self.given_up = False
        """Whether there was so much that the rest of the text was not read."""
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
            room, kept = self.errors <= LIMIT, self._errors
        elif code in BENIGN:
            self.benign += 1
            room, kept = self.benign <= LIMIT, self._benign
        else:
            self.departures += 1
            room, kept = self.departures <= LIMIT, self._departures
        if room:
            kept.append(_Finding(code, start, end, node, other, values))

    def told(self, position: Callable[[int], tuple[int, int]], path: Callable[[int], Path]) -> tuple[Problem, ...]:
        """At most ``LIMIT`` problems in order of position; the last one speaks for those left out."""
        total = self.errors + self.departures + self.benign
        ranked = [*_sorted(self._errors), *_sorted(self._departures), *_sorted(self._benign)]
        kept = _sorted(ranked if total <= LIMIT else ranked[: LIMIT - 1])
        problems = [_problem(finding, position, path) for finding in kept]
        if total > LIMIT:
            problems.append(self._more(total - len(kept), problems[-1]))
        return tuple(problems)

    def _more(self, count: int, last: Problem) -> Problem:
        message = plural(count, "{count} more problem is not listed", "{count} more problems are not listed")
        if self.given_up:
            message = "{count} more problems are not listed, and the rest of the text was not read"
        return Problem(
            severity=Severity.ERROR if self.errors >= LIMIT else Severity.WARNING,
            code="more-problems",
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
    return Problem(
        severity=flaw.severity,
        code=finding.code,
        message=flaw.message,
        line=line,
        column=column,
        start=finding.start,
        end=finding.end,
        path=path(finding.node),
        hint=flaw.hint,
        values=values,
    )
