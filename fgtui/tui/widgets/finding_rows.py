"""What a replay has found, a row each: which exchange ended otherwise than before, and where."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.message import Message

from fgtui.invoke.outcome_words import kind_words
from fgtui.tui.rerunning import SIGNS
from fgtui.tui.styles.inks import Piece, fit
from fgtui.tui.widgets.row_list import RowList
from fgtui.words import say

if TYPE_CHECKING:
    from fgtui.tui.rerunning import Finding

NUMBER = 7
TRIGGER = 8
OUTCOME = 12
"""Columns of an outcome, where none needs more and there is room."""
WHERE = 24
"""Columns that the place of a difference gets before the outcomes do."""
GAP = "  "


class FindingRows(RowList):
    """The findings in the order they came."""

    head_lines = 1

    @dataclass
    class Chosen(Message):
        """A person wants to see one."""

        finding: Finding
        finding_rows: FindingRows

        @property
        def control(self) -> FindingRows:
            """The rows it happened in."""
            return self.finding_rows

    def __init__(self) -> None:
        super().__init__()
        self.findings: list[Finding] = []
        """What is shown."""
        self._longest = OUTCOME
        self.hint = ""
        """What stands there while there are none; raw text."""

    def add(self, findings: Iterable[Finding]) -> None:
        """Show more."""
        for finding in findings:
            self.findings.append(finding)
            words = [kind_words(kind).words for kind in (finding.before, finding.after) if kind]
            self._longest = max(self._longest, *(2 + cell_len(each) for each in words))
        self.rows_changed()

    def at_cursor(self) -> Finding | None:
        """The one under the cursor."""
        return self.findings[self.cursor] if self.findings else None

    def _outcome(self, width: int) -> int:
        """Columns of an outcome: as many as the longest needs, where there is room beside the place."""
        room = (width - 3 - NUMBER - TRIGGER - 4 * len(GAP) - WHERE) // 2
        return max(3, min(self._longest, room))

    def row_count(self) -> int:
        """How many there are."""
        return len(self.findings)

    def row_chosen(self, index: int) -> None:
        """Say that somebody wants to see it."""
        self.post_message(self.Chosen(self.findings[index], self))

    def head(self, line: int, width: int) -> Sequence[Piece]:
        """The names of the columns."""
        outcome = self._outcome(width)
        names = (
            f"{'#':>{NUMBER}}",
            fit(say("trigger"), TRIGGER),
            fit(say("was"), outcome),
            fit(say("is"), outcome),
            say("place"),
        )
        return (("   " + GAP.join(names), ""),)

    def row(self, index: int, width: int) -> Sequence[Piece]:
        """One finding."""
        finding, outcome = self.findings[index], self._outcome(width)
        before, after = kind_words(finding.before), kind_words(finding.after) if finding.after else None
        now = say("not sent") if after is None else f"{after.sign} {after.words}"
        return (
            (f" {finding.sign} ", SIGNS[finding.sign]),
            (f"{finding.old:>{NUMBER}}{GAP}", "muted"),
            (fit(finding.trigger, TRIGGER) + GAP, ""),
            (fit(f"{before.sign} {before.words}", outcome) + GAP, before.ink),
            (fit(now, outcome) + GAP, "muted" if after is None else after.ink),
            (finding.words, ""),
        )

    def empty(self) -> Sequence[Sequence[Piece]]:
        """Why there are none."""
        return (((f" {self.hint}", "muted"),),)
