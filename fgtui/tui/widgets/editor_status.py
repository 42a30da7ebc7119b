"""One line under the editor: the problem at the cursor or the nearest one, how many there are, the cursor's place."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual import events
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from fgtui.events.model import MORE, Path, Problem, Severity
from fgtui.terminal.display import displayable_line
from fgtui.tui.styles.inks import Piece, cut, cut_left, draw, inks_of
from fgtui.tui.text.document import START, Caret, Form
from fgtui.tui.text.row_notes import SIGN_INKS, SIGNS
from fgtui.words import say, with_aside

if TYPE_CHECKING:
    from fgtui.tui.text.places import Crumb

_ORDER = list(Severity)
WEIGHED = 100
"""Problems of one line that are looked at on either side of the cursor: a text on one line has all of them there."""
CRUMB = " › "
"""Between two steps of a path."""
PATH_GAP = 2
MOST_STEPS = 40
"""Steps of a path that are looked at: a text may be nested as deep as it likes."""
SHORTEST_PATH = 12
"""Cells below which a path that is cut says nothing."""
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
    path: reactive[Path] = reactive(())
    """Of the value at the cursor, when it last stood still."""
    renews = reactive(default=False)
    """Whether the event gets new ids and times at each send."""
    is_reading = reactive(default=False)
    """The problems are those of an earlier text; a new answer takes a while."""

    class ProblemsAsked(Message):
        """A person wants to see all problems."""

    @dataclass
    class PathAsked(Message):
        """A person wants to go to what a step of the path names."""

        path: Path

    def __init__(self) -> None:
        super().__init__()
        self._crumbs_end = 0
        """The cell behind the path as it is drawn; 0 where none is."""
        self._crumbs_width = 0
        self._said: tuple[Severity, str] | None = None
        self._found: dict[Severity | None, _Lined] = {}
        """The problems of each severity; of all under None."""

    def say(self, severity: Severity, sentence: str, values: Mapping[str, object] | None = None) -> None:
        """Say something about what was just asked for, until the cursor moves or the text is read anew."""
        self._said = (severity, say(sentence, values))
        self.refresh()

    @property
    def words(self) -> str:
        """What stands on the left, uncut."""
        return self._message()[1]

    def on_click(self, event: events.Click) -> None:
        """Go to the step of the path, else list the problems, where there are some."""
        offset = event.get_content_offset(self)
        path = None if offset is None else self._path_at(offset.x)
        if path is not None:
            self.post_message(self.PathAsked(path))
        elif self.problems:
            self.post_message(self.ProblemsAsked())

    def _path_at(self, cell: int) -> Path | None:
        """Up to the step of the path that is drawn at ``cell``; None where none is."""
        end = self._crumbs_end
        if not end - self._crumbs_width <= cell < end:
            return None
        for crumb in reversed(self._crumbs()):
            end -= cell_len(displayable_line(crumb.words))
            if cell >= end:
                return self.path[: len(self.path) - len(self.path[-MOST_STEPS:]) + len(crumb.path)]
            end -= len(CRUMB)
        return None

    def watch_problems(self) -> None:
        """The text was read anew: what each key asks for is counted now."""
        self._said = None
        ordered = sorted(self.problems, key=lambda problem: (problem.line, problem.column))
        self._found = {None: _Lined(ordered)}
        for severity in {problem.severity for problem in ordered}:
            self._found[severity] = _Lined([problem for problem in ordered if problem.severity is severity])

    def watch_caret(self) -> None:
        """The person has moved on."""
        self._said = None

    def render_line(self, y: int) -> Strip:
        """The message as far as it fits, the path at the cursor where there is room, tally and place on the right."""
        width = self.content_size.width
        right = self._tally()
        room = width - sum(cell_len(text) for text, _ in right) - 1
        sign, message = self._message()
        text = displayable_line(message)
        path = self._crumb_words()
        if path and self._has_no_news:
            text = ""
        left_room = max(room - cell_len(sign[0]), 0)
        left = [sign, (text if cell_len(text) <= left_room else cut(text, left_room), "")]
        used = sum(cell_len(piece) for piece, _ in left)
        path_room = room - used - (PATH_GAP if text else 0)
        self._crumbs_end = 0
        if path and path_room >= min(SHORTEST_PATH, cell_len(path)):
            shown = cut_left(path, path_room)
            left += [(" " * PATH_GAP if text else "", ""), (shown, "muted" if text else "")]
            self._crumbs_end = used = sum(cell_len(piece) for piece, _ in left)
            self._crumbs_width = cell_len(shown)
        gap = " " * max(width - used - sum(cell_len(piece) for piece, _ in right), 0)
        return draw([*left, (gap, ""), *right], width, inks_of(self.app), self.rich_style)

    def _crumbs(self) -> tuple[Crumb, ...]:
        if not self.path:
            return ()
        from fgtui.tui.text.places import crumbs

        return crumbs(self.path[-MOST_STEPS:])

    def _crumb_words(self) -> str:
        """The path at the cursor, displayable."""
        words = CRUMB.join(crumb.words for crumb in self._crumbs())
        return displayable_line(("…" if len(self.path) > MOST_STEPS else "") + words)

    @property
    def _has_no_news(self) -> bool:
        """Whether the message says nothing about the cursor's line that a person would miss."""
        if self._said is not None or self.is_reading:
            return False
        problem = self._nearest()
        return problem is None or (problem.line != self.caret.head.row + 1 and problem.severity is not Severity.ERROR)

    def _tally(self) -> list[Piece]:
        found = self._found
        pieces: list[Piece] = [
            (f"{SIGNS[each]} {found[each].count}  ", SIGN_INKS[each]) for each in Severity if each in found
        ]
        if self.renews:
            pieces.append((f"{say('new ids at each send')}  ", "accent"))
        if self.form is Form.DECODED:
            pieces.append((f"{say('decoded form')}  ", "accent"))
        row, column = self.caret.head
        return [*pieces, (f"{row + 1}:{column + 1}", "muted")]

    def _message(self) -> tuple[Piece, str]:
        """A sign, empty for none, and the words behind it."""
        if self._said is not None:
            severity, said = self._said
            return _sign(severity), said
        if self.is_reading:
            return ("", ""), say("reading the text…")
        problem = self._nearest()
        if problem is None:
            return (("", ""), "") if self.problems else (_RIGHT, say("no problems"))
        words = say(problem.message, problem.values)
        if problem.hint:
            words = with_aside(words, say(problem.hint, problem.values))
        if problem.line != self.caret.head.row + 1:
            words = say("line {line}: {words}", line=problem.line, words=words)
        return _sign(problem.severity), words

    def _nearest(self) -> Problem | None:
        """The gravest problem of the cursor's line, the one at the cursor first; else the nearest error or warning."""
        row, column = self.caret.head
        if here := self._found[None].on(row + 1, column + 1) if self._found else []:
            return min(
                here, key=lambda p: (not _holds(p, column), _ORDER.index(p.severity), abs(p.column - 1 - column))
            )
        for severity in (Severity.ERROR, Severity.WARNING):
            if severity in self._found:
                return self._found[severity].near(row + 1)
        return None


class _Lined:
    """Problems in order of their places, found by line in no time however many there are."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        self._places = [(problem.line, problem.column) for problem in problems]

    @property
    def count(self) -> str:
        """How many there are; with a plus where one of them says that there are more than are listed."""
        more = sum(problem.code == MORE for problem in self.problems)
        return f"{len(self.problems) - more}+" if more else str(len(self.problems))

    def on(self, line: int, column: int) -> list[Problem]:
        """Those of ``line``; of very many the ones around ``column``."""
        first, last = bisect_left(self._places, (line,)), bisect_left(self._places, (line + 1,))
        at = bisect_left(self._places, (line, column))
        return self.problems[max(first, at - WEIGHED) : min(last, at + WEIGHED)]

    def near(self, line: int) -> Problem | None:
        """The first of those on the nearest line."""
        at = bisect_left(self._places, (line,))
        before = bisect_left(self._places, (self._places[at - 1][0],)) if at else at
        near = [self.problems[index] for index in (before, at) if index < len(self.problems)]
        return min(near, key=lambda problem: abs(problem.line - line), default=None)


def _sign(severity: Severity) -> Piece:
    return f"{SIGNS[severity]} ", SIGN_INKS[severity]


def _holds(problem: Problem, column: int) -> bool:
    first = problem.column - 1
    return first <= column <= first + max(problem.end - problem.start, 1)
