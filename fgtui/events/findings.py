"""Collects what a scan finds wrong without drowning anybody: counts all, keeps the first hundred of each weight."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from fgtui.events.model import Path, Problem, Severity
from fgtui.words import plural

LIMIT = 100
"""Problems told about one text; the last says how many more there are."""
BENIGN = frozenset({"duplicate-key", "lone-surrogate", "number-range"})
"""Codes of what RFC 8259 allows and people should know of; every other finding is a departure from JSON."""


class _Finding(NamedTuple):
    start: int
    end: int
    severity: Severity
    code: str
    message: str
    hint: str
    node: int
    other: int
    """An offset named in the message as ``{other_line}:{other_column}``; -1 when none."""
    values: dict[str, object]


class Findings:
    """The findings of one scan. Errors are kept before departures, and those before what is benign."""

    __slots__ = ("_benign", "_departures", "_errors", "benign", "departures", "errors")

    def __init__(self) -> None:
        self.errors = self.departures = self.benign = 0
        self._errors: list[_Finding] = []
        self._departures: list[_Finding] = []
        self._benign: list[_Finding] = []

    def error(
        self,
        code: str,
        message: str,
        start: int,
        end: int,
        node: int,
        /,
        *,
        hint: str = "",
        other: int = -1,
        **values: object,
    ) -> None:
        """Something that keeps the text from being sent. ``node`` is the nearest value, -1 when none."""
        self.errors += 1
        if self.errors <= LIMIT:
            self._errors.append(_Finding(start, end, Severity.ERROR, code, message, hint, node, other, values))

    def warning(
        self,
        code: str,
        message: str,
        start: int,
        end: int,
        node: int,
        /,
        *,
        hint: str = "",
        other: int = -1,
        **values: object,
    ) -> None:
        """Something that is repaired on the way out, or sent as it is."""
        finding = _Finding(start, end, Severity.WARNING, code, message, hint, node, other, values)
        if code in BENIGN:
            self.benign += 1
            if self.benign <= LIMIT:
                self._benign.append(finding)
        else:
            self.departures += 1
            if self.departures <= LIMIT:
                self._departures.append(finding)

    def info(self, code: str, message: str, start: int, end: int, node: int, /, **values: object) -> None:
        """Something that is JSON and that many programs read differently; its code is one of ``BENIGN``."""
        self.benign += 1
        if self.benign <= LIMIT:
            self._benign.append(_Finding(start, end, Severity.INFO, code, message, "", node, -1, values))

    def told(self, position: Callable[[int], tuple[int, int]], path: Callable[[int], Path]) -> tuple[Problem, ...]:
        """At most ``LIMIT`` problems in order of position; the last one speaks for those left out."""
        ranked = [*_sorted(self._errors), *_sorted(self._departures), *_sorted(self._benign)]
        total = self.errors + self.departures + self.benign
        kept = _sorted(ranked if total <= LIMIT else ranked[: LIMIT - 1])
        problems = [_problem(finding, position, path) for finding in kept]
        if total > LIMIT:
            problems.append(_more(total - len(kept), problems[-1], any_error=self.errors >= LIMIT))
        return tuple(problems)


def _sorted(findings: list[_Finding]) -> list[_Finding]:
    return sorted(findings, key=lambda finding: finding.start)


def _problem(finding: _Finding, position: Callable[[int], tuple[int, int]], path: Callable[[int], Path]) -> Problem:
    line, column = position(finding.start)
    values = finding.values
    if finding.other >= 0:
        other_line, other_column = position(finding.other)
        values = {**values, "other_line": other_line, "other_column": other_column}
    return Problem(
        severity=finding.severity,
        code=finding.code,
        message=finding.message,
        line=line,
        column=column,
        start=finding.start,
        end=finding.end,
        path=path(finding.node),
        hint=finding.hint,
        values=values,
    )


def _more(count: int, last: Problem, *, any_error: bool) -> Problem:
    return Problem(
        severity=Severity.ERROR if any_error else Severity.WARNING,
        code="more-problems",
        message=plural(count, "{count} more problem is not listed", "{count} more problems are not listed"),
        line=last.line,
        column=last.column,
        start=last.start,
        end=last.end,
        values={"count": count},
    )
