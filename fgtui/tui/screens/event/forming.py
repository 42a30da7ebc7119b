"""The event as a form, in the place of its text: the same document, the same history, the field's pane below."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from fgtui.errors import EventError, FgtuiError, UsageError
from fgtui.events.fields import Place, locate
from fgtui.events.forms import Form, Row
from fgtui.events.model import Path
from fgtui.events.reasons import Reason
from fgtui.events.text import Kind, quote, scan
from fgtui.records import replace
from fgtui.tui.actions import keys_in
from fgtui.tui.text import document as event_document
from fgtui.tui.text.analysis import reason_of
from fgtui.tui.text_work import is_short
from fgtui.tui.threads import in_thread
from fgtui.tui.widgets.event_editor import SETTLE_SECONDS
from fgtui.tui.widgets.form_view import FormRows, FormView
from fgtui.words import say, translated

if TYPE_CHECKING:
    from textual.timer import Timer

    from fgtui.events.forms import Entry
    from fgtui.tui.screens.dialogs import Choice
    from fgtui.tui.screens.event.crafting import EventCrafting


class Listing(NamedTuple):
    """The rows of a form, and which of them the cursor is to be on."""

    form: Form | None
    """None where the text has errors."""
    entries: list[Entry]
    words: str
    """What stands in their place where there are none; raw text."""
    sought: Path | None
    """Where the cursor was to be; None: where it is."""
    cursor: int = 0
    """The row nearest to that."""


class Forming:
    """What the form does; made when it is first wanted. ``EventPane`` passes on what its widgets say."""

    def __init__(self, pane: EventCrafting) -> None:
        self._pane = pane
        self.view: FormView | None = None
        """The form; there once it was wanted, and shown while ``is_shown``."""
        self.is_shown = False
        self._turned: dict[Path, bool] = {}
        self._all: bool | None = None
        """Whether all objects and lists are open, or closed; None: as they are at first."""
        self._wanted = ""
        self._seek: Path | None = None
        """Where the cursor is to be once the rows are there."""
        self._order = 0
        self._place_order = 0
        self._settle: Timer | None = None

    # ── there and back ──────────────────────────────────────────────────────────────────────────────────────────────
    async def toggle(self) -> None:
        """Show the form in the place of the text, the cursor on the same field; or the text again."""
        if self.is_shown:
            self.leave()
            return
        pane = self._pane
        path = pane.editor.path_at_cursor()
        if self.view is None:
            self.view = FormView()
            await pane.mount(self.view, before=pane.editor)
        self._seek = path or ()
        self.is_shown = True
        self._show(form=True)
        await pane.make_field()
        self.view.rows.focus()
        self.follow()

    def leave(self) -> None:
        """Show the text again, the cursor at the field whose row it was on."""
        view, pane = self.view, self._pane
        if view is None or not self.is_shown:
            return
        row = view.rows.at_cursor()
        self.is_shown = False
        self._order += 1
        self._show(form=False)
        pane.editor.show_path(None)
        if row is not None:
            pane.editor.go_to_path(row.path)
        pane.editor.area.focus()

    def _show(self, *, form: bool) -> None:
        assert self.view is not None
        self.view.display = form
        editor = self._pane.editor
        editor.area.display = not form
        editor.styles.height = 1 if form else None
        self._pane.set_class(form, "-form")

    def step_out(self) -> None:
        """Esc: show all rows again, else the text."""
        assert self.view is not None
        if self.view.widen():
            self.view.rows.focus()
        else:
            self.leave()

    def focus(self) -> None:
        """Give the keys to the rows."""
        if self.view is not None:
            self.view.rows.focus()

    @property
    def row(self) -> Row | None:
        """The row under the cursor."""
        return self.view.rows.at_cursor() if self.view is not None and self.is_shown else None

    def go_to(self, path: Path) -> None:
        """Put the cursor on the row of ``path``, and open what it is inside of."""
        for length in range(len(path)):
            self._turned[path[:length]] = True
        if self.view is not None:
            self.view.widen()
        self._wanted = ""
        self._again(at=path)

    # ── rows ────────────────────────────────────────────────────────────────────────────────────────────────────────
    def follow(self) -> None:
        """Read the text as it stands anew, for other rows."""
        view, editor = self.view, self._pane.editor
        if view is None or not self.is_shown:
            return
        if self._seek is None and (row := view.rows.at_cursor()) is not None:
            self._seek = row.path
        snapshot, shown_as, trigger, problems = editor.document.snapshot(), editor.form, editor.trigger, editor.problems
        is_open, wanted, sought, keys = self._opener(), self._wanted, self._seek, self._keys()
        if view.rows.form is None and not is_short(snapshot.length):
            view.rows.words = say("reading the text…")
            view.rows.refresh()

        def read() -> Listing:
            from fgtui.events.fields import encode

            text = snapshot.take()
            try:
                document = scan(encode(text) if shown_as is event_document.Form.DECODED else text)
                if document.has_errors:
                    document.wire()
            except EventError as error:
                return Listing(None, [], _no_form(error, keys), sought)
            form = Form(document, trigger, problems)
            entries = form.matching(wanted) if wanted else form.entries(is_open)
            words = say("nothing matches") if wanted else say("the event is empty")
            return Listing(form, entries, words, sought, _nearest(entries, sought or ()))

        self._in_order(read, snapshot.length)

    def _opener(self) -> Callable[[Path], bool | None]:
        turned, everything = dict(self._turned), self._all
        return lambda path: turned.get(path, everything)

    def _show_rows(self, found: Listing) -> None:
        view = self.view
        if view is None or not self.is_shown:
            return
        rows = view.rows
        rows.is_filtered = bool(self._wanted)
        rows.words = found.words
        if self._seek == found.sought:
            self._seek = None
        rows.show(found.form, found.entries, cursor=rows.cursor if found.sought is None else found.cursor)
        self._pane.idle = self._idle()
        if found.form is None:
            self._pane.show_place(None)
            self._pane.editor.show_path(None)

    def _again(self, *, at: Path | None = None) -> None:
        """List the rows anew of the form that is there."""
        view = self.view
        form = view.rows.form if view else None
        if view is None or form is None:
            return
        if at is not None:
            self._seek = at
        elif self._seek is None and (row := view.rows.at_cursor()) is not None:
            self._seek = row.path
        is_open, wanted, sought = self._opener(), self._wanted, self._seek

        def read() -> Listing:
            entries = form.matching(wanted) if wanted else form.entries(is_open)
            return Listing(form, entries, say("nothing matches"), sought, _nearest(entries, sought or ()))

        self._in_order(read, len(form.document.text))

    def turned(self, event: FormRows.Turned) -> None:
        """Open or close an object or list."""
        self._turned[event.path] = event.is_open
        self._again(at=event.path)

    def turn(self) -> None:
        """Open or close the object or list under the cursor."""
        row = self.row
        if row is not None and row.leads_on:
            self._turned[row.path] = not row.is_open
            self._again(at=row.path)

    def all_turned(self) -> None:
        """Close all, then open all, then leave each as it was at first."""
        self.turn_all(is_open={None: False, False: True, True: None}[self._all])

    def turn_all(self, *, is_open: bool | None) -> None:
        """Open all, close all, or leave each as it is at first."""
        self._turned.clear()
        self._all = is_open
        self._again()

    def ask_filter(self) -> None:
        """Let the rows be narrowed."""
        if self.view is not None:
            self.view.ask()

    def narrowed(self, wanted: str) -> None:
        """Show rows with those words only."""
        if wanted != self._wanted:
            self._wanted = wanted
            self._again()

    # ── the field below ─────────────────────────────────────────────────────────────────────────────────────────────
    def highlighted(self) -> None:
        """Explain the row under the cursor, when it stands still; say at once what can be done with it."""
        self._pane.idle = self._idle()
        if self._settle is None:
            self._settle = self._pane.set_timer(SETTLE_SECONDS, self._explain)

    def _explain(self) -> None:
        self._settle = None
        view = self.view
        if view is None or not self.is_shown:
            return
        row, form = view.rows.at_cursor(), view.rows.form
        if row is None or form is None:
            self._pane.show_place(None)
            return
        self._pane.editor.show_path(row.path)
        self._pane.editor.go_to_path(row.path)  # what copies, wraps or unwraps at the cursor means this
        self._place_order += 1
        order = self._place_order

        def show(place: Place | None) -> None:
            if order == self._place_order and self.is_shown:
                self._pane.show_place(place)

        work = partial(_place_of, form, row, self._keys())
        if is_short(len(form.document.text)):
            show(work())
        else:
            in_thread(self._pane, work, show, group="form-place")

    # ── changes ─────────────────────────────────────────────────────────────────────────────────────────────────────
    async def chosen(self, row: Row) -> None:
        """Change what a row holds: from a list where there is a choice, else in the field below."""
        if row.is_absent:
            self.add(row)
        elif row.is_shadowed:
            self._say("a member of the same name follows, and it is the one that counts; edit this one in the text")
        elif not row.leads_on and row.kind is not None and (literals := _choices(row)):
            await self._choose(row, literals)
        else:
            self._pane.post_message(self._pane.FieldWanted())

    async def _choose(self, row: Row, literals: list[tuple[str, str]]) -> None:
        from fgtui.events.text import format_path
        from fgtui.tui.screens.dialogs import Choice, Chooser

        current = quote(row.value) if row.kind is Kind.STRING else row.value
        choices = [
            Choice(literal, _said(literal), translated(meaning), is_current=literal == current)
            for literal, meaning in literals
        ]

        def free(text: str) -> Choice[str]:
            literal = quote(text) if row.kind is Kind.STRING else text
            return Choice(literal, text, say("none of the allowed values"))

        def picked(choice: Choice[str] | None) -> None:
            self.focus()
            if choice is not None and choice.value != current:
                self._put(row.path, choice.value)

        title = format_path(row.path) or say("the event")
        about = translated(row.info.description)
        await self._pane.app.push_screen(Chooser(title, choices, free=free, text=about), picked)

    def add(self, row: Row) -> None:
        """Add the absent member of the row, or an item to its list or the list around it."""
        path = self._place_to_add(row)
        if row.is_shadowed:
            self._say("a member of the same name follows, and it is the one that counts; edit this one in the text")
            return
        if path is None:
            self._say("this is neither absent nor in a list: nothing can be added here")
            return
        is_item = not row.is_absent
        trigger = self._pane.editor.trigger

        def make(text: str, is_decoded: bool) -> tuple[str, Path]:
            from fgtui.events.altering import with_sample

            return with_sample(text, trigger, path, decoded=is_decoded, one_more=is_item)

        self._change(make)

    def _idle(self) -> frozenset[str]:
        """What can do nothing now."""
        view, row = self.view, self.row
        if view is None or view.rows.form is None:
            return frozenset({"form-add", "form-remove", "form-fold-all", "form-filter"})
        idle = {"form-fold-all"} if self._wanted else set()
        if row is None or self._place_to_add(row) is None:
            idle.add("form-add")
        if row is None or not self._can_remove(row):
            idle.add("form-remove")
        return frozenset(idle)

    @staticmethod
    def _place_to_add(row: Row) -> Path | None:
        """The path of what is absent, or of the list that would get an item; None where there is neither."""
        path = row.path
        if row.is_shadowed:  # it would get into the one that counts
            return None
        if row.is_absent or (row.leads_on and row.is_list):
            return path
        while path and not isinstance(path[-1], int):
            path = path[:-1]
        return path[:-1] if path else None

    @staticmethod
    def _can_remove(row: Row) -> bool:
        return bool(row.path) and not row.is_absent and not row.is_shadowed

    def remove(self, row: Row) -> None:
        """Take out what the row shows."""
        if not self._can_remove(row):
            self._say("there is nothing here that could be taken out")
            return
        trigger = self._pane.editor.trigger

        def make(text: str, is_decoded: bool) -> tuple[str, Path]:
            from fgtui.events.altering import without

            return without(text, trigger, row.path, decoded=is_decoded), row.path

        self._change(make)

    def _put(self, path: Path, literal: str) -> None:
        trigger = self._pane.editor.trigger

        def make(text: str, is_decoded: bool) -> tuple[str, Path]:
            from fgtui.events.altering import with_value

            return with_value(text, trigger, path, literal, decoded=is_decoded), path

        self._change(make)

    def _change(self, make: Callable[[str, bool], tuple[str, Path]]) -> None:
        """Change the text as one step of the history; the cursor goes to the place that ``make`` names."""
        editor = self._pane.editor
        moment, snapshot = editor.document.moment, editor.document.snapshot()
        is_decoded = editor.form is event_document.Form.DECODED

        def show(made: tuple[str, Path]) -> None:
            if editor.document.moment != moment:
                failed(UsageError("the text has changed meanwhile; nothing was done"))
                return
            new, self._seek = made
            editor.area.replace_all(new)

        def failed(error: FgtuiError) -> None:
            self._say(error.message, severity="error", **error.values)

        in_thread(self._pane, lambda: make(snapshot.take(), is_decoded), show, failed, group="form-change")

    # ── odds ────────────────────────────────────────────────────────────────────────────────────────────────────────
    def step_problem(self, by: int) -> None:
        """Go to the next problem's row, or the one before; what it is inside of is opened."""
        row = self.row
        paths = list(dict.fromkeys(problem.path for problem in self._pane.editor.problems))
        if row is None or not paths:
            return
        order = sorted(paths, key=_by_place)
        here = _by_place(row.path)
        beyond = [path for path in order if (_by_place(path) > here if by > 0 else _by_place(path) < here)]
        self.go_to((beyond or order)[0 if by > 0 else -1])

    def _keys(self) -> dict[str, str]:
        return keys_in(self._pane.app, choose="list-choose", add="form-add", leave="leave-form")

    def _say(self, sentence: str, *, severity: str = "warning", **values: object) -> None:
        from fgtui.terminal.display import displayable

        words = displayable(say(sentence, values))
        self._pane.notify(words, severity="error" if severity == "error" else "warning", markup=False)

    def _in_order(self, read: Callable[[], Listing], size: int) -> None:
        """Show what ``read`` gives, unless something newer was asked for meanwhile."""
        self._order += 1
        order = self._order
        if is_short(size):
            self._show_rows(read())
            return

        async def carry_out() -> None:
            found = await asyncio.to_thread(read)
            if order == self._order:
                self._show_rows(found)

        self._pane.run_worker(carry_out(), group="form")


def _by_place(path: Path) -> tuple[tuple[bool, str | int], ...]:
    return tuple((isinstance(step, str), step) for step in path)


def _nearest(entries: list[Entry], path: Path) -> int:
    """The row of ``path``, or of the nearest thing around it."""
    best, longest = 0, -1
    for index, entry in enumerate(entries):
        if len(path) <= longest:
            break
        at = entry.path
        if len(at) > longest and at == path[: len(at)]:
            best, longest = index, len(at)
    return best


def _choices(row: Row) -> list[tuple[str, str]]:
    """The literals that a row may hold where there are few, each with its meaning."""
    if row.info.allowed:
        meanings = row.info.meanings or ("",) * len(row.info.allowed)
        literals = (json.dumps(each, ensure_ascii=False) for each in row.info.allowed)
        return list(zip(literals, meanings, strict=False))
    if row.info.type == "boolean" or (row.kind in {Kind.TRUE, Kind.FALSE} and row.info.type in {"", "boolean"}):
        return [("true", ""), ("false", "")]
    return []


def _said(literal: str) -> str:
    """What a literal says: text without its quotation marks."""
    return str(json.loads(literal)) if literal.startswith('"') else literal


def _place_of(form: Form, row: Row, keys: Mapping[str, str]) -> Place | None:
    """What the field's pane shows for a row, with what is wrong with it before any other reason."""
    if row.is_absent:
        reason = Reason("not in the event; {choose} adds it", {**keys})
        return Place(row.path, 0, 0, Kind.INVALID, "", row.info, (), False, "", True, False, reason)
    try:
        place = locate(form.document, form.trigger, row.path)
    except FgtuiError:
        return None
    problem = row.problem
    if problem is not None:
        place = replace(place, reason=reason_of(problem))
    elif place.reason is None and row.leads_on and place.kind.is_container:
        words = "{choose} opens or closes it, {add} adds an item" if row.is_list else "{choose} opens or closes it"
        place = replace(place, reason=Reason(words, {**keys}))
    return replace(place, editable=False) if row.is_shadowed else place


def _no_form(error: EventError, keys: Mapping[str, str]) -> str:
    why = say(error.message, error.values)
    return say(
        "There is no form while the text has errors; {leave} shows the text there.\n\nLine {line}: {why}",
        keys,
        line=error.line or 1,
        why=why,
    )
