"""The event, to be read and edited: in its wire text or its decoded form, with hints, problems and a place in it.

Keys go to the ``CodeArea`` inside and wait for nothing. What has to be read is read after a pause, in threads, and a
long text in a process of its own; an answer about a text that has changed since is dropped.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, partial
from time import monotonic
from typing import TYPE_CHECKING

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.reactive import reactive
from textual.timer import Timer

from fgtui.errors import EventError, FgtuiError, UsageError
from fgtui.events.model import Path, Problem, Severity
from fgtui.tui.text.analysis import (
    Analysis,
    Explanation,
    Turned,
    analyse,
    explain,
    field_difference,
    node_near,
    offset_of,
    path_at,
    strict_text,
    turned_at_cursor,
)
from fgtui.tui.text.document import Difference, EventDocument, Form, Location
from fgtui.tui.text.row_notes import LONG_STRING, Mark
from fgtui.tui.text_work import TextWork, asked, is_long, is_short
from fgtui.tui.widgets.code_area import CodeArea
from fgtui.tui.widgets.editor_status import EditorStatus

if TYPE_CHECKING:
    from fgtui.events.catalogue import Catalogue, Trigger
    from fgtui.events.fields import Place
    from fgtui.events.text import Node
    from fgtui.tui.text.places import LaidOut, Taken
    from fgtui.tui.text.reading_host import Reading
    from fgtui.tui.widgets.collapsing import Collapsing

PAUSE_SECONDS = 0.15
"""How long nothing may be typed before the text is read."""
LONG_PAUSE_SECONDS = 0.3
"""The same for a text that is read in a process."""
SETTLE_SECONDS = 0.03
"""How long the cursor or the window must stand still before what is there is explained."""
HINTED_ROWS = 2000
"""Rows from the first to the last in sight for which hints are looked for."""
MARKED_PROBLEMS = 1000
"""Problems that are marked in the text; all are counted."""


@dataclass(frozen=True, slots=True)
class EditorState:
    """What has to be kept to open an editor again as it was."""

    text: str
    form: Form
    line: int
    column: int
    trigger: str | None
    template: str | None
    modified: bool


class EventEditor(Vertical):
    """Edits one event. ``load`` opens one; ``text``, ``wire`` and ``state`` tell what it has become."""

    DEFAULT_CSS = """
    EventEditor {
        width: 1fr;
        height: 1fr;
        background: $surface;
    }
    """

    trigger: reactive[Trigger | None] = reactive(None, init=False)
    """Whose schema explains and checks the event; None: nobody's."""

    @dataclass
    class Changed(Message):
        """The text, its form or its trigger is another one than before."""

        editor: EventEditor

        @property
        def control(self) -> EventEditor:
            """The sender."""
            return self.editor

    @dataclass
    class Analysed(Message):
        """The text was read. ``trigger_guess`` is the key of the trigger whose events look like this one."""

        analysis: Analysis
        problems: tuple[Problem, ...]
        trigger_guess: str
        editor: EventEditor

        @property
        def control(self) -> EventEditor:
            """The sender."""
            return self.editor

    @dataclass
    class CursorMoved(Message):
        """The cursor is in another field, or the field has changed; None: in none, or the text has errors."""

        place: Place | None
        editor: EventEditor

        @property
        def control(self) -> EventEditor:
            """The sender."""
            return self.editor

    @dataclass
    class FieldRefused(Message):
        """What ``set_field`` was to write at ``path`` could not be written."""

        path: Path
        error: FgtuiError
        editor: EventEditor

        @property
        def control(self) -> EventEditor:
            """The sender."""
            return self.editor

    def __init__(
        self,
        catalogue: Catalogue | None = None,
        *,
        id: str | None = None,  # noqa: A002 - Textual's own name
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.template: str | None = None
        self.area = CodeArea()
        self.area.collapses = True
        self._catalogue = catalogue
        self._status = EditorStatus()
        self._path_shown: Path | None = None
        """What the line below says for the place of the cursor."""
        self._analysis: Analysis | None = None
        self._waits_for_frame = False
        self._due = 0.0
        self._pause: Timer | None = None
        self._settle: Timer | None = None
        self._awaiting: list[Callable[[], object]] = []
        """What is done once the text has been read, in order."""
        self._place: Place | None = None
        self._place_told = False
        self._told_of: tuple[Analysis | None, Trigger | None, Node | None] = (None, None, None)
        """What the place was found in, and the value it is of."""
        self.work = TextWork(self, self._tell_reading)
        """What is done to the text in threads, and in its reading process."""

    def compose(self) -> ComposeResult:
        """The text, and a line about it."""
        yield self.area
        yield self._status

    # What is edited

    def load(self, text: str, trigger: Trigger | None, template: str | None = None) -> None:
        """Open a wire text with a history of its own."""
        self._open(EventDocument(text), trigger, template, Location(0, 0))

    def restore(self, state: EditorState, trigger: Trigger | None) -> None:
        """Open a text as it was left, without its history."""
        document = EventDocument(state.text, state.form)
        if state.modified:
            document.mark_modified()
        self._open(document, trigger, state.template, Location(state.line - 1, state.column - 1))

    @property
    def state(self) -> EditorState:
        """What has to be kept to come back here."""
        row, column = self.area.cursor
        trigger = self.trigger.key if self.trigger else None
        return EditorState(self.text, self.form, row + 1, column + 1, trigger, self.template, self.is_modified)

    @property
    def text(self) -> str:
        """The text as it is shown, in ``form``."""
        return self.document.text

    @property
    def form(self) -> Form:
        """Whether the wire text or the decoded form is shown."""
        return self.document.form

    @property
    def document(self) -> EventDocument:
        """The text, its two forms and its history."""
        return self.area.document

    @property
    def is_modified(self) -> bool:
        """Whether the text is another one than was loaded."""
        return self.document.is_modified

    def wire(self) -> str:
        """The strict JSON text that is sent. EventError says why there is none, with line and column where shown.

        ``strict_text(editor.text, editor.form)`` does the same in a worker.
        """
        return strict_text(self.text, self.form)

    @property
    def analysis(self) -> Analysis | None:
        """What is known about the text as it stands; None while it has not been read."""
        current = self._analysis is not None and self._analysis.version == self.document.version
        return self._analysis if current else None

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Of the text as it was read last, in order."""
        return self._analysis.problems if self._analysis else ()

    # Places

    @property
    def place(self) -> Place | None:
        """The field at the cursor as it was explained last; None while the text is being read."""
        return self._place if self.analysis is not None and self._place_told else None

    def go_to(self, line: int, column: int) -> None:
        """Put the cursor at a line and column, counted from 1, and bring it into sight."""
        self.area.move_to(Location(line - 1, column - 1), center=True)

    def go_to_path(self, path: Path) -> None:
        """Put the cursor at the value at ``path``, or the nearest around it: at once, or when the text is read."""
        self.when_read(partial(self._go_to_path, path))

    def go_to_problem(self, by: int = 1) -> None:
        """Put the cursor at the next problem after it, or with ``by`` -1 at the one before; around the ends."""
        starts = sorted({self.document.location(problem.start) for problem in self.problems}) if self.analysis else []
        if not starts:
            return
        cursor = self.area.cursor
        beyond = [start for start in starts if (start > cursor if by > 0 else start < cursor)]
        nearest = (beyond or starts)[0 if by > 0 else -1]
        self.go_to(nearest.row + 1, nearest.column + 1)

    def path_at_cursor(self) -> Path | None:
        """The path of the value at the cursor; None where there is none, or while the text is being read."""
        analysis = self.analysis
        return path_at(analysis.document, analysis.form, self.cursor_offset) if analysis else None

    def show_path(self, path: Path | None) -> None:
        """Say ``path`` for where a person is; None: for the cursor's place again."""
        self._path_shown = path
        if path is None:
            self._explain_soon()
        else:
            self._status.path = path

    def value_at_cursor(self) -> Taken | None:
        """The value at the cursor: what a string says, anything else as it is written; None as ``path_at_cursor``."""
        from fgtui.tui.text.places import value_at

        analysis = self.analysis
        return None if analysis is None else value_at(analysis, self.cursor_offset)

    def take_decoded(self, show: Callable[[Taken | None], None]) -> None:
        """``show`` the value at the cursor with every layer of it opened: at once, or when the text is read."""
        if (analysis := self.analysis) is None:
            self.when_read(partial(self.take_decoded, show))
            return
        from fgtui.tui.text.places import decoded_at

        trigger, offset = self.trigger, self.cursor_offset
        if is_short(self.document.length):
            show(decoded_at(analysis, trigger, offset))
        else:
            self.work.in_thread(lambda: decoded_at(analysis, trigger, offset), show, "decoded")

    @property
    def cursor_offset(self) -> int:
        """Of the cursor in ``text``, in characters."""
        return self.document.offset(self.area.cursor)

    def when_read(self, action: Callable[[], object]) -> None:
        """Do it as soon as the text has been read: at once where it is; never, where another one is opened before."""
        if self.analysis is None:
            self._awaiting.append(action)
        else:
            action()

    @on(CodeArea.HandleClicked)
    def _handle_clicked(self, message: CodeArea.HandleClicked) -> None:
        message.stop()
        self.collapsing.toggle(message.row)

    @on(EditorStatus.PathAsked)
    def _path_asked(self, message: EditorStatus.PathAsked) -> None:
        message.stop()
        self.go_to_path(message.path)
        self.area.focus()

    def say(self, sentence: str, *, severity: Severity = Severity.INFO, **values: object) -> None:
        """Say something below the text, until the cursor moves."""
        self._status.say(severity, sentence, values)

    @cached_property
    def collapsing(self) -> Collapsing:
        """What is hidden of the text, and shown again."""
        from fgtui.tui.widgets.collapsing import Collapsing

        return Collapsing(self)

    # Layout

    def lay_out(self, indent: int | None) -> None:
        """Give the event, or what is selected of it, other white space, as one step; the cursor stays at its value.

        ``indent`` spaces a level, or everything on one line for None. What is no JSON, such as comments, goes.
        """
        from fgtui.tui.text.places import laid_out

        area, moment = self.area, self.document.moment
        start, end = area.caret.span
        span = None if area.caret.is_empty else (start, end)

        def show(found: LaidOut | FgtuiError) -> None:
            if self.document.moment != moment:
                self.say("the text has changed meanwhile; nothing was laid out", severity=Severity.WARNING)
            elif isinstance(found, FgtuiError):
                self._show_error(found)
            elif not area.carry_out(found.difference):
                self.say("it has this layout already")
            else:
                area.move_to(found.place, center=True)
                if found.drops:
                    self.say("laid out; what is no JSON was left out: comments, trailing commas and the like")
                else:
                    self.say("laid out; numbers and strings stand as they were")

        work = partial(laid_out, cursor=area.cursor, indent=indent, span=span)
        self.work.do(self.document.snapshot(), work, show, "layout")

    # Two forms, and fields of them

    def toggle_form(self) -> None:
        """Turn to the decoded form, or back to the wire text. The cursor stays at its value.

        A text with errors stays as it is; the line below says why, and the cursor stands at the place.
        """
        document, moment = self.document, self.document.moment
        known, cursor = document.other_text(), self.area.cursor

        def show(other: Turned | FgtuiError) -> None:
            if self.document.moment != moment:
                self._status.say(Severity.WARNING, "the text has changed meanwhile; it stays in this form")
            elif isinstance(other, FgtuiError):
                self._show_error(other)
            else:
                document.show_other(other.text)
                self.area.open(document, document.location(other.offset))
                self._text_changed(at_once=True)

        work = partial(turned_at_cursor, form=document.form, trigger=self.trigger, cursor=cursor, known=known)
        self.work.do(self.document.snapshot(), work, show, "turn")

    def set_field(self, path: Path, text: str) -> None:
        """Write a field's new value (see ``Place.text``), encoded as the old one was.

        One step of the history; every character outside the field and the cursor stay. What cannot be written is said
        below and by ``FieldRefused``.
        """
        moment = self.document.moment

        def show(new: Difference | FgtuiError | None) -> None:
            if self.document.moment != moment:
                new = UsageError("the text has changed meanwhile; the field was not written")
            if isinstance(new, FgtuiError):
                self._status.say(Severity.ERROR, new.message, new.values)
                self.post_message(self.FieldRefused(path, new, self))
            else:
                self.area.carry_out(new)

        self.work.do(self.document.snapshot(), self._field_writer(path, text), show, "field")

    async def write_field(self, path: Path, text: str) -> None:
        """The same, and done when it returns. Raises ``FgtuiError`` where it cannot be, or the text has changed."""
        moment = self.document.moment
        found = await asyncio.to_thread(self.work.done_by(self.document.snapshot(), self._field_writer(path, text)))
        if self.document.moment != moment:
            raise UsageError("the text has changed meanwhile; the field was not written")
        if isinstance(found, FgtuiError):
            raise found
        self.area.carry_out(found)

    def _field_writer(self, path: Path, text: str) -> Callable[[str], Difference | None]:
        document = self.document
        return partial(
            field_difference,
            form=document.form,
            trigger=self.trigger,
            path=path,
            new=text,
            newline=document.newline,
        )

    def _show_error(self, error: FgtuiError) -> None:
        if isinstance(error, EventError) and error.line is not None:
            self.go_to(error.line, error.column or 1)
        self._status.say(Severity.ERROR, error.message, error.values)

    # Reading the text

    def _on_mount(self, event: events.Mount) -> None:
        if self.text:  # loaded before there was a screen
            self._analyse_once_shown()

    def watch_trigger(self) -> None:
        """Read the text anew with the other schema."""
        self.document.forget_other()
        self._analysis = None
        if self.is_attached:
            self._text_changed(at_once=True)

    def _open(self, document: EventDocument, trigger: Trigger | None, template: str | None, at: Location) -> None:
        self.template = template
        self.set_reactive(EventEditor.trigger, trigger)
        self._analysis = None
        self._awaiting = []
        self._place_told = False
        self._status.problems = ()
        self.area.open(document, at)
        self._text_changed(at_once=True)

    @on(CodeArea.Edited)
    def _edited(self, message: CodeArea.Edited) -> None:
        message.stop()
        self.work.drop()
        self._text_changed()

    def _text_changed(self, *, at_once: bool = False) -> None:
        self._status.form = self.form
        if is_long(self.document.length):  # what stands there is about another text, for as long as a person can read
            self._status.is_reading = True
        self.post_message(self.Changed(self))
        if at_once:
            self._analyse_once_shown()
            return
        pause_s = LONG_PAUSE_SECONDS if is_long(self.document.length) else PAUSE_SECONDS
        self._due = monotonic() + pause_s
        if self._pause is None:
            self._pause = self.set_timer(pause_s, self._analyse_when_due)

    def _analyse_once_shown(self) -> None:
        """A text that has just been opened is painted before anything is found out about it."""
        if not self._waits_for_frame:
            self._waits_for_frame = True
            self.call_after_refresh(self._analyse)

    def _analyse_when_due(self) -> None:
        """Wait on while keys keep coming: one timer serves a whole burst of them."""
        left = self._due - monotonic()
        self._pause = self.set_timer(left, self._analyse_when_due) if left > 0.005 else None
        if self._pause is None and self.analysis is None:
            self._analyse()

    def _analyse(self) -> None:
        self._waits_for_frame = False
        document, trigger, catalogue = self.document, self.trigger, self._catalogue
        moment, form, snapshot = document.moment, document.form, document.snapshot()
        reader = self.work.reader_of(document.length)

        def read() -> Reading:
            from fgtui.tui.text import reading_host

            if reader is not None:
                return asked(reader, reading_host.read, moment.version, form, snapshot.take(), trigger, catalogue)
            return reading_host.Reading(analyse(moment.version, form, snapshot.take(), trigger, catalogue), None)

        def show(reading: Reading) -> None:
            if self.document.moment == moment and self.trigger is trigger:
                if reading.starts is not None:
                    document.know_starts(reading.starts)
                self._show_analysis(reading.analysis)

        self.work.in_thread(read, show, "analysis", is_shown=not is_short(snapshot.length))

    def _tell_reading(self, is_reading: bool) -> None:
        is_unknown = is_long(self.document.length) and self.analysis is None
        self._status.is_reading = is_reading or is_unknown

    def stop_doing(self) -> bool:
        """Let what a person waits for be; whether there was anything."""
        return self.work.stop_doing()

    def on_unmount(self) -> None:
        """Leave no process behind."""
        self.work.close()

    def _show_analysis(self, analysis: Analysis) -> None:
        self._analysis = analysis
        if self.document.is_back():
            self.post_message(self.Changed(self))
        self._status.problems = analysis.problems
        self.area.set_marks(self._marks(analysis.problems[:MARKED_PROBLEMS]))
        awaiting, self._awaiting = self._awaiting, []
        for action in awaiting:
            action()
        self.post_message(self.Analysed(analysis, analysis.problems, analysis.trigger, self))
        self._explain()

    def _marks(self, problems: tuple[Problem, ...]) -> dict[int, tuple[Mark, ...]]:
        marks: dict[int, tuple[Mark, ...]] = {}
        for problem in problems:
            row, column = self.document.location(problem.start)
            end = self.document.location(max(problem.end, problem.start + 1))
            last = end.column if end.row == row else len(self.document.lines[row])
            marks[row] = (*marks.get(row, ()), Mark(column, max(last, column + 1), problem.severity))
        return marks

    def _go_to_path(self, path: Path) -> None:
        if (analysis := self.analysis) is None:
            return
        offset = offset_of(analysis.document, analysis.form, path)
        if offset is not None:
            self.area.move_to(self.document.location(offset), center=True)

    # What is at the cursor and in the window

    @on(CodeArea.Moved)
    def _moved(self, message: CodeArea.Moved) -> None:
        message.stop()
        self._status.caret = message.caret
        self._explain_soon()

    @on(CodeArea.Scrolled)
    def _scrolled(self, message: CodeArea.Scrolled) -> None:
        message.stop()
        self._explain_soon()

    def _explain_soon(self) -> None:
        if self._settle is None:
            self._settle = self.set_timer(SETTLE_SECONDS, self._explain)

    def _explain(self) -> None:
        """Find the field at the cursor and the hints in the window; nothing while the text has not been read."""
        self._settle = None
        analysis, trigger = self.analysis, self.trigger
        if analysis is None:
            return
        at, rows, reader = self.cursor_offset, self._rows_around_window(), self.work.reader
        offset = None if self._is_in_told_place(analysis, at) else at
        if len(self.area.collapsed):
            self.collapsing.count_in_sight(analysis)

        def find() -> tuple[Explanation | None, Path | None, Node | None]:
            path, node = path_at(analysis.document, analysis.form, at), node_near(analysis.document, at)
            if reader is None:
                return explain(analysis, trigger, offset, rows), path, node
            from fgtui.tui.text import reading_host

            return asked(reader, reading_host.explain_last, analysis.version, trigger, offset, rows), path, node

        def show(found: tuple[Explanation | None, Path | None, Node | None]) -> None:
            explanation, path, node = found
            if explanation is not None and self.analysis is analysis and self.trigger is trigger:
                self._status.path = (path or ()) if self._path_shown is None else self._path_shown
                self.area.set_hints(explanation.hints, rows)
                if offset is not None:
                    self._told_of = (analysis, trigger, node)
                    self._tell_place(explanation.place)

        self.work.in_thread(find, show, "explanation")

    def _is_in_told_place(self, analysis: Analysis, offset: int) -> bool:
        """Whether the cursor has not left a long string that is explained already: it may take a second to decode."""
        told_of, trigger, node = self._told_of
        if told_of is not analysis or trigger is not self.trigger or node is None or node.kind.value != "string":
            return False
        return node.end - node.start > LONG_STRING and node.start < offset < node.end

    def _tell_place(self, place: Place | None) -> None:
        if not self._place_told or place != self._place:
            self._place, self._place_told = place, True
            self.post_message(self.CursorMoved(place, self))

    def _rows_around_window(self) -> range:
        rows = self.area.visible_rows
        if len(rows) > HINTED_ROWS:  # most of them are hidden
            parts = self.area.visible_ranges
            rows = next((part for part in parts if self.area.cursor.row in part), parts[0])
        return range(max(rows.start - len(rows), 0), min(rows.stop + len(rows), len(self.document.lines)))
