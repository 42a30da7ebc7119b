"""The problems of the event in a list, and what puts them right: one, all of a kind, all that is certain."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from fgtui.events.fixes import Fix, Mended, apply, fixes, mend_all
from fgtui.events.model import MORE, Problem, Severity
from fgtui.events.text import format_path, scan
from fgtui.terminal.display import displayable, displayable_line
from fgtui.tui.actions import Where, bindings, keys_in
from fgtui.tui.screens.dialogs import FRAME
from fgtui.tui.screens.modal import Modal
from fgtui.tui.styles.inks import Piece, fit
from fgtui.tui.text.document import Form
from fgtui.tui.text.row_notes import SIGN_INKS, SIGNS
from fgtui.tui.threads import in_thread
from fgtui.tui.widgets.row_list import RowList
from fgtui.words import plural, say

if TYPE_CHECKING:
    from fgtui.tui.screens.event.crafting import EventCrafting

LOOKED_AT = 200_000
"""Characters of the longest text whose fixes are told as the cursor moves; of longer ones they are told when asked."""
PLACE = 9
"""Columns of a line and column."""


class Mending:
    """What is done about problems; made when it is first wanted."""

    def __init__(self, pane: EventCrafting) -> None:
        self._pane = pane
        self.screen: ProblemsScreen | None = None
        """The list, while it is open."""

    async def list(self) -> None:
        """Open the list, the cursor at the problem that is nearest."""
        if self.screen is not None:
            return
        editor = self._pane.editor
        if editor.analysis is None:
            editor.when_read(lambda: self._pane.call_later(self.list))
            return
        problems = editor.problems
        if not problems:
            self._say("no problems")
            return
        here = self._at_cursor()
        self.screen = screen = ProblemsScreen(self, problems, problems.index(here) if here in problems else 0)

        def closed(problem: Problem | None) -> None:
            self.screen = None
            if problem is not None:
                self.go_to(problem)

        await self._pane.app.push_screen(screen, closed)

    @property
    def is_short(self) -> bool:
        """Whether the fixes of the text are told unasked."""
        return self._pane.editor.document.length <= LOOKED_AT

    def text_read(self) -> None:
        """The text was read anew: show what is wrong with it now."""
        if self.screen is not None:
            self.screen.show(self._pane.editor.problems)

    def go_to(self, problem: Problem) -> None:
        """Put the cursor at the problem, in the text; in the form at its row."""
        pane = self._pane
        if pane.shows_form:
            pane.forming.go_to(problem.path)
            pane.forming.focus()
        else:
            pane.editor.go_to(problem.line, problem.column)
            pane.editor.area.focus()

    # ── one problem ─────────────────────────────────────────────────────────────────────────────────────────────────
    def _at_cursor(self) -> Problem | None:
        """The problem at the cursor: of those in its line the one it is in, then the gravest; of the form's row."""
        pane = self._pane
        if pane.shows_form:
            row = pane.forming.row
            return None if row is None else row.problem
        row_number, column = pane.editor.area.cursor
        here = [each for each in pane.editor.problems if each.line == row_number + 1]
        order = list(Severity)

        def rank(problem: Problem) -> tuple[bool, int, int]:
            first = problem.column - 1
            is_in = first <= column <= first + max(problem.end - problem.start, 1)
            return not is_in, order.index(problem.severity), abs(first - column)

        return min(here, key=rank, default=None)

    def fix_at_cursor(self) -> None:
        """Put right what is wrong at the cursor, or offer the ways to."""
        self._pane.editor.when_read(self._fix_at_cursor)

    def _fix_at_cursor(self) -> None:
        problem = self._at_cursor()
        if problem is None:
            self._say("nothing is wrong here; the list of problems has them all")
        else:
            self.fix(problem)

    def fix(self, problem: Problem) -> None:
        """Put a problem right by the only fix there is, or offer those there are."""

        def offer(found: tuple[Fix, ...]) -> None:
            if not found:
                hint = say(problem.hint, problem.values) if problem.hint else ""
                sentence = "only you can put this right: {hint}" if hint else "only you can put this right"
                self._say(sentence, hint=hint)
            elif len(found) == 1:
                self._use(found[0])
            else:
                self._choose(problem, found)

        self.find(problem, offer)

    def find(self, problem: Problem, then: Callable[[tuple[Fix, ...]], None]) -> None:
        """Give ``then`` the fixes of ``problem``, unless the text changes meanwhile."""
        editor = self._pane.editor
        snapshot, trigger, decoded = editor.document.snapshot(), editor.trigger, editor.form is Form.DECODED
        moment = editor.document.moment

        def show(found: tuple[Fix, ...]) -> None:
            if editor.document.moment == moment:
                then(found)

        in_thread(
            self._pane,
            lambda: fixes(scan(snapshot.take()), trigger, problem, decoded=decoded),
            show,
            lambda error: self._say(error.message, severity="error", **error.values),
            group="fixes",
        )

    def _choose(self, problem: Problem, found: Sequence[Fix]) -> None:
        from fgtui.tui.screens.dialogs import Choice, Chooser

        choices = [Choice(fix, say(fix.words, fix.values)) for fix in found]
        moment = self._pane.editor.document.moment

        def picked(choice: Choice[Fix] | None) -> None:
            if choice is not None and self._pane.editor.document.moment == moment:
                self._use(choice.value)

        about = say(problem.message, problem.values)
        self._pane.app.push_screen(Chooser(say("Put it right"), choices, text=about), picked)

    def _use(self, fix: Fix) -> None:
        editor = self._pane.editor
        editor.area.replace_all(apply(editor.text, fix))
        self._say("put right: {words}", severity="information", words=say(fix.words, fix.values))

    # ── many ────────────────────────────────────────────────────────────────────────────────────────────────────────
    def fix_all(self, code: str | None = None) -> None:
        """Put right all that is certain, or with ``code`` all of that kind, as one step of the history."""
        editor = self._pane.editor
        snapshot, trigger, decoded = editor.document.snapshot(), editor.trigger, editor.form is Form.DECODED
        moment = editor.document.moment
        if not self.is_short:
            self._say("putting right what can be; of a text this long it takes a while", severity="information")

        def show(mended: Mended) -> None:
            if editor.document.moment != moment:
                self._say("the text has changed meanwhile; nothing was done")
                return
            count = sum(mended.fixed.values())
            if not count:
                self._say("no problem has a fix that is certain" if code is None else "these have no fix")
                return
            editor.area.replace_all(mended.text)
            left = len(mended.problems)
            sentence = plural(count, "1 problem put right, {left} left", "{count:,} problems put right, {left} left")
            self._say(sentence, severity="information", count=count, left=left)

        in_thread(
            self._pane,
            lambda: mend_all(snapshot.take(), trigger, code=code, decoded=decoded),
            show,
            lambda error: self._say(error.message, severity="error", **error.values),
            group="mend",
        )

    def _say(
        self, sentence: str, *, severity: Literal["information", "warning", "error"] = "warning", **values: object
    ) -> None:
        self._pane.notify(displayable(say(sentence, values)), severity=severity, markup=False)


class ProblemRows(RowList):
    """One problem a row."""

    DEFAULT_CSS = """
    ProblemRows { height: auto; min-height: 1; max-height: 14; }
    """

    @dataclass
    class Highlighted(Message):
        """The cursor is at another problem."""

        problem: Problem

    @dataclass
    class Chosen(Message):
        """A person wants to go to one."""

        problem: Problem

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__()
        self.problems = problems

    def at_cursor(self) -> Problem | None:
        """The problem under the cursor."""
        return self.problems[self.cursor] if self.problems else None

    def row_count(self) -> int:
        """How many there are."""
        return len(self.problems)

    def row_highlighted(self, index: int) -> None:
        """Say which problem the cursor is at."""
        self.post_message(self.Highlighted(self.problems[index]))

    def row_chosen(self, index: int) -> None:
        """Say that somebody wants to go there."""
        self.post_message(self.Chosen(self.problems[index]))

    def row(self, index: int, width: int) -> Sequence[Piece]:
        """Sign, place, path where there is room, words."""
        problem = self.problems[index]
        pieces: list[Piece] = [
            (f"{SIGNS[problem.severity]} ", SIGN_INKS[problem.severity]),
            (fit(f"{problem.line}:{problem.column}", PLACE) + " ", "muted"),
        ]
        words = say(problem.message, problem.values)
        path = format_path(problem.path)
        if path and path not in words and width - PLACE - 3 - cell_len(displayable_line(words)) > cell_len(path) + 2:
            pieces.append((f"{path}  ", "accent"))
        return [*pieces, (words, "")]

    def empty(self) -> Sequence[Sequence[Piece]]:
        """There is nothing wrong any more."""
        return ((("✓ ", "good"), (say("no problems"), "")),)


class ProblemsScreen(Modal[Problem | None]):
    """All problems; ends with the one to go to."""

    DEFAULT_CSS = (
        FRAME.format(name="ProblemsScreen")
        + """
    ProblemsScreen > #frame { width: 100; }
    ProblemsScreen Static { height: auto; margin-top: 1; color: $foreground; }
    """
    )
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.PROBLEMS)]

    def __init__(self, mending: Mending, problems: Sequence[Problem], cursor: int) -> None:
        super().__init__()
        self._mending = mending
        self._cursor = cursor
        self.rows = ProblemRows(problems)
        self._about = Static(markup=False)

    def compose(self) -> ComposeResult:
        """The rows, and all about the one under the cursor."""
        with Vertical(id="frame") as frame:
            keys = keys_in(
                self.app, go="list-choose", fix="problem-fix", kind="problem-fix-kind", certain="problem-fix-certain"
            )
            hint = say("{go} goes there, {fix} fixes, {kind} all of the kind, {certain} all certain", keys)
            frame.border_subtitle = Content(hint)
            yield self.rows
            yield self._about

    def on_mount(self) -> None:
        """Begin at the nearest."""
        self.rows.rows_changed(cursor=self._cursor)
        self.rows.focus()
        self._title()
        if (problem := self.rows.at_cursor()) is not None:
            self._tell(problem)

    def show(self, problems: Sequence[Problem]) -> None:
        """Show what is wrong now, the cursor on the same row as far as there is one."""
        self.rows.problems = problems
        self.rows.rows_changed()
        self.rows.refresh(layout=True)
        self._title()
        if (problem := self.rows.at_cursor()) is not None:
            self._tell(problem)
        else:
            self._about.update("")

    def _title(self) -> None:
        listed = self.rows.problems
        count = sum(problem.code != MORE for problem in listed)
        words = plural(count, "1 problem", "{count:,} problems") if count else "no problems"
        if count < len(listed):
            words = "over {count:,} problems"
        self.query_one("#frame").border_title = Content(say(words, count=count))

    @on(ProblemRows.Highlighted)
    def _highlighted(self, event: ProblemRows.Highlighted) -> None:
        event.stop()
        self._tell(event.problem)

    def _tell(self, problem: Problem, found: Sequence[Fix] | None = None) -> None:
        lines = [say(problem.message, problem.values)]
        path = format_path(problem.path)
        if path and path not in lines[0]:
            lines.insert(0, path)
        ways = [say(fix.words, fix.values) for fix in (found or ())[:4]]
        if problem.hint and (hint := say(problem.hint, problem.values)) not in ways:
            lines.append(hint)
        lines += [f"f  {way}" for way in ways]
        if found is not None and not found:
            lines.append(say("only you can put this right"))
        self._about.update(Content(displayable("\n".join(lines))))
        if found is None and self._mending.is_short:
            self._mending.find(problem, lambda fixes: self._found(problem, fixes))

    def _found(self, problem: Problem, found: Sequence[Fix]) -> None:
        if self.is_attached and self.rows.at_cursor() == problem:
            self._tell(problem, found)

    @on(ProblemRows.Chosen)
    def _chosen(self, event: ProblemRows.Chosen) -> None:
        event.stop()
        self.dismiss(event.problem)

    def action_fix(self) -> None:
        """Put the problem right."""
        if (problem := self.rows.at_cursor()) is not None:
            self._mending.fix(problem)

    def action_fix_kind(self) -> None:
        """Put all of its kind right."""
        if (problem := self.rows.at_cursor()) is not None:
            self._mending.fix_all(problem.code)

    def action_fix_certain(self) -> None:
        """Put right all that is certain."""
        self._mending.fix_all()

    def action_leave(self) -> None:
        """Leave the list."""
        self.dismiss(None)
