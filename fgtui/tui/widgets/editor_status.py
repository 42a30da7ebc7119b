"""One line under the editor: the problem at the cursor or the nearest one, how many there are, the cursor's place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from rich.cells import cell_len
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from fgtui.events.model import Problem, Severity
from fgtui.terminal.display import displayable_line
from fgtui.tui.event_document import START, Caret, Form
from fgtui.tui.styles.inks import Piece, cut, draw, inks_of
from fgtui.tui.widgets.row_notes import SIGNS
from fgtui.words import say

_INKS = {Severity.ERROR: "bad", Severity.WARNING: "warn", Severity.INFO: "muted"}
_ORDER = list(Severity)
_RIGHT: Piece = ("✓ ", "good")


class EditorStatus(Widget):
    """Says what is wrong where. Every change redraws this line and nothing else."""

    DEFAULT_CSS = """
    EditorStatus {
        height: 1;
        width: 1fr;
        padding: 0 1;
        color: $foreground;
        background: $panel;
    }
    """

    problems: reactive[tuple[Problem, ...]] = reactive(())
    caret = reactive(Caret.at(START))
    form = reactive(Form.WIRE)
    is_reading = reactive(default=False)
    """The problems are those of an earlier text; a new answer takes a while."""

    def __init__(self) -> None:
        super().__init__()
        self._said: tuple[Severity, str] | None = None

    def say(self, severity: Severity, sentence: str, values: Mapping[str, object] | None = None) -> None:
        """Say something about what was just asked for, until the cursor moves or the text is read anew."""
        self._said = (severity, say(sentence, values))
        self.refresh()

    @property
    def words(self) -> str:
        """What stands on the left, uncut."""
        return self._message()[1]

    def watch_problems(self) -> None:
        """The text was read anew."""
        self._said = None

    def watch_caret(self) -> None:
        """The person has moved on."""
        self._said = None

    def render_line(self, y: int) -> Strip:
        """The message as far as it fits, the tally and the place on the right."""
        width = self.content_size.width
        right = self._tally()
        room = width - sum(cell_len(text) for text, _ in right) - 1
        sign, message = self._message()
        text = displayable_line(message)
        left_room = max(room - cell_len(sign[0]), 0)
        left = [sign, (text if cell_len(text) <= left_room else cut(text, left_room), "")]
        used = sum(cell_len(piece) for piece, _ in left)
        gap = " " * max(width - used - sum(cell_len(piece) for piece, _ in right), 0)
        return draw([*left, (gap, ""), *right], width, inks_of(self.app), self.rich_style)

    def _tally(self) -> list[Piece]:
        found = Counter(problem.severity for problem in self.problems)
        pieces: list[Piece] = [(f"{SIGNS[each]} {found[each]}  ", _INKS[each]) for each in Severity if found[each]]
        if self.form is Form.DECODED:
            pieces.append(("decoded form  ", "accent"))
        row, column = self.caret.head
        return [*pieces, (f"{row + 1}:{column + 1}", "muted")]

    def _message(self) -> tuple[Piece, str]:
        """A sign, empty for none, and the words behind it."""
        if self._said is not None:
            severity, said = self._said
            return _sign(severity), said
        if self.is_reading:
            return ("", ""), "reading the text…"
        problem = self._nearest()
        if problem is None:
            return (("", ""), "") if self.problems else (_RIGHT, "no problems")
        words = say(problem.message, problem.values)
        if problem.hint:
            words += f" ({say(problem.hint, problem.values)})"
        if problem.line != self.caret.head.row + 1:
            words = say("line {line}: ", line=problem.line) + words
        return _sign(problem.severity), words

    def _nearest(self) -> Problem | None:
        """The gravest problem of the cursor's line, the one at the cursor first; else the nearest error or warning."""
        row, column = self.caret.head
        here = [problem for problem in self.problems if problem.line == row + 1]
        if here:
            return min(
                here, key=lambda p: (not _holds(p, column), _ORDER.index(p.severity), abs(p.column - 1 - column))
            )
        grave = [problem for problem in self.problems if problem.severity is not Severity.INFO]
        return min(grave, key=lambda p: (p.severity is not Severity.ERROR, abs(p.line - 1 - row)), default=None)


def _sign(severity: Severity) -> Piece:
    return f"{SIGNS[severity]} ", _INKS[severity]


def _holds(problem: Problem, column: int) -> bool:
    first = problem.column - 1
    return first <= column <= first + max(problem.end - problem.start, 1)
