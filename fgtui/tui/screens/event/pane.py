"""The event being crafted: the editor and the field below it, and the draft that is kept of it while it is unsent."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from time import monotonic
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.reactive import reactive
from textual.timer import Timer

from fgtui.errors import EventError, FgtuiError, UsageError
from fgtui.tui.actions import Where, bindings
from fgtui.tui.remembered.drafts import Draft, Drafts, OpenedFile, Unwritten
from fgtui.tui.screens.event.crafting import EventCrafting
from fgtui.tui.text.document import Form, Location, Moment, Snapshot
from fgtui.tui.text_work import is_short
from fgtui.tui.widgets.event_editor import EditorState, EventEditor
from fgtui.words import say, spoken

if TYPE_CHECKING:
    from fgtui.events.catalogue import Catalogue, Template, Trigger
    from fgtui.events.fields import Place
    from fgtui.tui.screens.event.making import EventMaker, FileMaker, Renewal, Renewed
    from fgtui.tui.widgets.field_pane import FieldPane

SAVE_SECONDS = 0.7
"""From a change to its draft on the disk: a kill loses less than the last second."""
SAVE_SHARE = 0.05
"""Of the time, what saving a draft may take; one that takes longer is saved less often."""


class EventPane(EventCrafting):
    """One event, its trigger and its template. Whoever opens another one has ``put_aside`` keep what is unsaved."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.EVENT)]

    title: reactive[str] = reactive("", init=False)
    """Trigger, template and whether it was modified, as raw text for the pane's border."""
    trouble: reactive[str] = reactive("", init=False)
    """What keeps drafts from being kept; raw text."""

    def __init__(self, catalogue: Catalogue, drafts: Drafts, *, id: str, classes: str) -> None:  # noqa: A002
        super().__init__(catalogue, id=id, classes=classes)
        self.catalogue = catalogue
        self.drafts = drafts
        self.field: FieldPane | None = None
        """Explains the cursor's field; there once it was wanted."""
        self._target: str | None = None
        self._usual_target: str | None = None
        self._session = "default"
        """What is chosen beside the event; kept with the draft, so that the workbench opens as it was left."""
        self._name = ""
        self.opened: OpenedFile | None = None
        """The file that the event was opened from, or saved to."""
        self._file_differs = False
        """Whether that holds something else by now."""
        self.has_room = True
        """Whether the field pane may stand below the editor all the time."""
        self._place: Place | None = None
        self._unwritten: Unwritten | None = None
        """What a draft brought back that was typed for a field which is not explained yet."""
        self._opened_as = "blank"
        self._guess: str | None = None
        self._made: dict[str, str] = {}
        """What an event that looks like the one key was made to be of: where nothing in it tells the two apart."""
        self._timer: Timer | None = None
        self._writing = asyncio.Lock()
        self._saving = threading.Lock()
        self._waiting: tuple[Callable[[bool], None], Callable[[FgtuiError], None]] | None = None
        """Who waits for a long text to be put aside."""
        self._is_putting_aside = False
        self._save_after_s = SAVE_SECONDS
        self._saved_at = datetime.min.replace(tzinfo=UTC)

    def compose(self) -> ComposeResult:
        """The editor; the field below comes with the first explanation there is room for."""
        yield self.editor

    @on(EventEditor.CursorMoved)
    async def _explain(self, event: EventEditor.CursorMoved) -> None:
        event.stop()
        if self.shows_form or not self.is_attached:  # the last words of an editor of a workbench that has ended
            return
        self._place = event.place
        if self.field is not None:
            if self.field.children:
                self.field.show(event.place)
        elif self.has_room:
            await self.make_field()
        if self._unwritten is not None and event.place is not None:
            await self._type_again(event.place, self._unwritten)

    async def _type_again(self, place: Place, unwritten: Unwritten) -> None:
        """Have the field hold again what was typed for it, once it is explained."""
        from fgtui.events.path import format_path

        if format_path(place.path) != unwritten.path or not place.editable:
            return
        field = await self.make_field()
        if field.children and field.place is not None and field.place.path == place.path:
            self._unwritten = None
            field.area.replace_all(unwritten.text)
            self.post_message(self.FieldWanted())

    def show_place(self, place: Place | None) -> None:
        """Explain a place that is not the text cursor's: that of a row of the form."""
        self._place = place
        if self.field is not None and self.field.children:
            self.field.show(place)

    @property
    def holds_field(self) -> bool:
        """Whether the cursor is at a value that can be edited by itself, which objects and arrays cannot."""
        return self._place is not None and not self._place.kind.is_container

    async def make_field(self) -> FieldPane:
        """The field pane, made when it is first wanted."""
        if self.field is None:
            from fgtui.tui.widgets.field_pane import FieldPane

            self.field = FieldPane()
            await self.mount(self.field)
            self.post_message(self.FieldMade())
            if self.field.children:  # the workbench may have ended meanwhile
                self.field.show(self._place)
        return self.field

    @on(EventEditor.FieldRefused)
    def _refused(self, event: EventEditor.FieldRefused) -> None:
        event.stop()
        if self.field is not None:
            self.field.fail(event.error)

    @on(EventEditor.Analysed)
    def _recognise(self, event: EventEditor.Analysed) -> None:
        """Follow the text: what was pasted over an event of another trigger is explained and checked as what it is."""
        event.stop()
        guess, editor = event.trigger_guess, self.editor
        if self._guess is None or not editor.is_modified:
            self._guess = guess
            self._opened_as = self._opened_as or guess
        wanted = self._made.get(guess) or (self._opened_as if guess == self._guess else guess)
        current = editor.trigger.key if editor.trigger else "blank"
        if wanted != current and (wanted != "blank" or editor.trigger is None):
            editor.trigger = self._trigger(wanted)
            self._tell()

    def made_into(self, trigger: Trigger, looks_like: str) -> None:
        """Take the text for an event of ``trigger`` from now on, as long as it looks like the key ``looks_like``."""
        self._made[looks_like] = trigger.key
        self.editor.trigger = trigger
        self._tell()

    def on_field_pane_typed(self, event: FieldPane.Typed) -> None:
        """Keep it with the draft."""
        event.stop()
        self._keep_soon()

    def on_field_pane_applied(self, event: FieldPane.Applied) -> None:
        """Write a field that was edited into the text."""
        event.stop()
        self.editor.set_field(event.path, event.text)

    @property
    def is_written(self) -> bool:
        """Whether the text holds all that was typed, for the field too."""
        return not self._writing.locked() and not self._holds_unwritten()

    def _holds_unwritten(self) -> bool:
        return self.field is not None and self.field.is_changed

    async def write_field(self) -> bool:
        """Write what was typed for the field before the text is used; whether the text holds it now.

        The field says why not. The event loop is free while a long text is written.
        """
        async with self._writing:
            field = self.field
            if field is None or field.place is None or not self._holds_unwritten():
                return True
            path, text = field.place.path, field.area.document.text
            with field.prevent(type(field).Applied):  # written here, so that it is known when
                field.action_write()
            if self._holds_unwritten():
                return False
            try:
                await self.editor.write_field(path, text)
            except FgtuiError as error:
                field.fail(error)
                return False
            return True

    # ── what is edited ──────────────────────────────────────────────────────────────────────────────────────────────
    def open_template(self, text: str, trigger: Trigger, template: Template) -> None:
        """Open a template, which has that text."""
        self._name = _title_of(template)
        self._load(text, trigger, template.name)

    def open_text(
        self,
        text: str,
        trigger_key: str | None,
        name: str,
        template: str | None = None,
        *,
        opened: OpenedFile | None = None,
    ) -> None:
        """Open any text; its trigger is recognised when none is named, a long one's once it has been read."""
        self._name = name
        if trigger_key is None and is_short(len(text)):
            trigger_key = self._recognised(text)
        self._load(text, None if trigger_key is None else self._trigger(trigger_key), template, opened)
        if trigger_key is None:
            self._opened_as = ""

    def _load(self, text: str, trigger: Trigger | None, template: str | None, opened: OpenedFile | None = None) -> None:
        self.opened, self._file_differs, self._unwritten = opened, False, None
        self._opened_as = trigger.key if trigger else "blank"
        self._guess = None
        self._made.clear()
        self.editor.load(text, trigger, template)
        self.set_renewing(renews=False)
        self._tell()

    def _recognised(self, text: str) -> str:
        from fgtui.events.recognition import recognise
        from fgtui.events.text import scan

        return recognise(scan(text), self.catalogue)

    def _trigger(self, key: str) -> Trigger | None:
        try:
            return self.catalogue.get(key)
        except UsageError:
            return None

    def event_maker(self) -> EventMaker:
        """What makes the event out of the text as it stands, for a thread."""
        from fgtui.tui.screens.event.making import EventMaker

        editor = self.editor
        trigger = editor.trigger.key if editor.trigger else "blank"
        renewed_as = editor.trigger if self.renews else None
        template = None if self._is_another else editor.template
        return EventMaker(editor.document.snapshot(), editor.form, trigger, template, renewed_as)

    def renewal(self) -> Renewal | None:
        """What makes new ids and times in the text as it stands, for a thread; ``None`` without a trigger."""
        from fgtui.tui.screens.event.making import Renewal

        editor = self.editor
        if editor.trigger is None:
            return None
        return Renewal(editor.document.snapshot(), editor.form, editor.trigger, editor.document.moment)

    def renewed(self, renewed: Renewed) -> None:
        """Show the text with new ids and times, as one step of the history; not over a text that changed meanwhile."""
        if self.editor.document.moment == renewed.moment:
            self.editor.area.carry_out(renewed.difference)

    def show_error(self, error: FgtuiError) -> None:
        """Put the cursor where an event is not one."""
        if isinstance(error, EventError) and error.line is not None:
            self.editor.go_to(error.line, error.column or 1)

    @property
    def _is_another(self) -> bool:
        """Whether the text is an event of another trigger than its template's: pasted over it, or made out of it."""
        trigger = self.editor.trigger
        return self.editor.template is not None and (trigger.key if trigger else "blank") != self._opened_as

    @property
    def chosen(self) -> tuple[str, str]:
        """The keys of the trigger and the template that the text is taken for; empty where there is none."""
        trigger, template = self.editor.trigger, self.editor.template
        return trigger.key if trigger else "", "" if self._is_another else template or ""

    def _tell(self) -> None:
        trigger = self.editor.trigger
        modified = say("modified") if self.editor.is_modified else ""  # before the name: what is cut is its end
        differs = say("its file has changed") if self._file_differs else ""
        name = "" if self._is_another else self._name  # a template's title says what is in it
        parts = [trigger.key.upper() if trigger else "", modified, differs, name]
        self.title = " · ".join(part for part in parts if part)

    @on(EventEditor.Changed)
    def _changed(self, event: EventEditor.Changed) -> None:
        self._tell()
        self._keep_soon()

    def _keep_soon(self) -> None:
        if self._timer is None:
            self._timer = self.set_timer(self._save_after_s, self._save_soon)

    def set_renewing(self, *, renews: bool) -> None:
        """Give this event new ids and times at each send, or not; for another one it is off."""
        if renews != self.renews:
            super().set_renewing(renews=renews)
            self._keep_soon()

    # ── actions ─────────────────────────────────────────────────────────────────────────────────────────────────────
    async def action_edit_field(self) -> None:
        """Edit the field at the cursor below the text."""
        self.post_message(self.FieldWanted())

    # ── drafts ──────────────────────────────────────────────────────────────────────────────────────────────────────
    def restore(self, draft: Draft) -> None:
        """Open a draft as it was left."""
        trigger = self._trigger(draft.trigger)
        state = EditorState(draft.text, Form(draft.form), draft.line, 1, draft.trigger, draft.template, draft.modified)
        self._name = draft.name or self._title_of_template(trigger, draft.template)
        self.opened, self._file_differs = draft.opened, False
        self._opened_as, self._guess = draft.trigger, None
        self._made.clear()
        self.editor.restore(state, trigger)
        if draft.modified and draft.opened is None and trigger is not None and draft.template is not None:
            with suppress(FgtuiError):  # a template that is gone
                self.editor.document.mark_changed_from(trigger.template(draft.template).text)
        self.set_renewing(renews=draft.renews)
        self._tell()
        self._unwritten = draft.unwritten
        if draft.unwritten is not None:
            self._go_to_unwritten(draft.unwritten)
            return
        # How far to scroll sideways for the cursor is known once there is a width
        self.call_after_refresh(self.editor.area.move_to, Location(draft.line - 1, draft.column - 1))

    def _go_to_unwritten(self, unwritten: Unwritten) -> None:
        from fgtui.events.path import parse_path

        with suppress(EventError):  # a file that somebody has edited
            self.editor.go_to_path(parse_path(unwritten.path))

    def take_over(self, draft: Draft) -> None:
        """Open a draft that was put aside. Its file goes once the text is kept as the open one: a crash loses none."""
        self.restore(draft)
        opened, snapshot = self._draft(""), self.editor.document.snapshot()

        def keep() -> None:
            if self._save(opened, snapshot):
                self.drafts.drop(draft)

        self.run_worker(keep, thread=True, group="draft")

    def _title_of_template(self, trigger: Trigger | None, name: str | None) -> str:
        if trigger is None or name is None:
            return say("draft")
        try:
            return _title_of(trigger.template(name))
        except UsageError:
            return name

    def aim(self, target: str | None, usual: str | None) -> None:
        """Keep with the event which target a person has chosen for it; ``usual``: the one in force where none was.

        An unsent event goes back to the target that was on the screen, whatever is the usual one by then.
        """
        if (self._target, self._usual_target) != (target, usual):
            self._target, self._usual_target = target, usual
            self._keep_soon()

    def record_into(self, session: str) -> None:
        """Keep with the event which session was chosen."""
        if session != self._session:
            self._session = session
            self._keep_soon()

    def draft(self) -> Draft:
        """The text and what is chosen beside it, as they stand."""
        return self._draft(self.editor.text)

    def _draft(self, text: str) -> Draft:
        editor = self.editor
        row, column = editor.area.cursor
        unwritten = self._typed_for_field()
        is_unsent = editor.is_modified or unwritten is not None
        has_title = self._is_another or self._name == self._title_of_template(editor.trigger, editor.template)
        return Draft(
            text=text,
            trigger=editor.trigger.key if editor.trigger else "blank",
            template=None if self._is_another else editor.template,
            modified=is_unsent,
            saved_at=datetime.now(UTC),
            form=editor.form.value,
            line=row + 1,
            column=column + 1,
            target=self._target or (self._usual_target if is_unsent else None),
            session=self._session,
            name=None if has_title else self._name,
            opened=self.opened,
            unwritten=unwritten,
            renews=self.renews,
        )

    def _typed_for_field(self) -> Unwritten | None:
        field = self.field
        if field is None or field.place is None or not self._holds_unwritten():
            return self._unwritten
        from fgtui.events.path import format_path

        return Unwritten(format_path(field.place.path), field.area.document.text)

    @property
    def is_unsent(self) -> bool:
        """Whether there is anything that was typed and not kept elsewhere."""
        return self.editor.is_modified or self._typed_for_field() is not None

    def put_aside(self, then: Callable[[bool], None], failed: Callable[[FgtuiError], None]) -> None:
        """Keep modified text among the drafts, ``then`` open something in its place; told whether there was any.

        At once where the text is short. A long one is written in a thread, and kept as it is by then; whoever comes
        meanwhile takes the place of who came before. ``failed`` hears why it has to stay.
        """
        self._waiting = None
        if not self.editor.is_modified:
            then(False)
        elif is_short(self.editor.document.length):
            try:
                self._put_aside(self.draft())
            except EventError as error:
                failed(error)
            else:
                then(True)
        else:
            self._waiting = then, failed
            if not self._is_putting_aside:
                self._is_putting_aside = True
                self.run_worker(self._put_aside_in_thread(), group="aside")

    def _put_aside(self, draft: Draft, snapshot: Snapshot | None = None) -> Draft:
        try:
            return self.drafts.put_aside(draft, None if snapshot is None else snapshot.parts())
        except OSError as error:
            reason = error.strerror or str(error)
            raise EventError(
                "the changed event cannot be kept as a draft, so it stays: {reason}", reason=reason
            ) from error

    async def _put_aside_in_thread(self) -> None:
        """Until what is kept is what stands there: more may be typed meanwhile."""
        kept: Draft | None = None
        moment: Moment | None = None
        problem: EventError | None = None
        try:
            while self._waiting and self.editor.is_modified and self.editor.document.moment != moment:
                older, moment = kept, self.editor.document.moment
                kept = await asyncio.to_thread(self._put_aside, self._draft(""), self.editor.document.snapshot())
                if older is not None:
                    self.drafts.drop(older)
        except EventError as error:
            problem = error
        finally:
            self._is_putting_aside = False
        waiting, self._waiting = self._waiting, None
        if waiting is None:  # what was modified could be given up at once meanwhile
            return
        then, failed = waiting
        if problem is None:
            then(kept is not None)
        else:
            failed(problem)

    def _save_soon(self) -> None:
        self._timer = None
        draft, snapshot = self._draft(""), self.editor.document.snapshot()
        self.run_worker(lambda: self._save(draft, snapshot), thread=True, group="draft")

    def _save(self, draft: Draft, snapshot: Snapshot) -> bool:
        """Keep a draft, unless a newer one was; whether it is kept."""
        is_kept = True
        with self._saving:
            if draft.saved_at < self._saved_at:
                return True
            self._saved_at = draft.saved_at
            began = monotonic()
            try:
                self.drafts.save(draft, snapshot.parts())
            except OSError as error:
                is_kept = False
                self._say_trouble(error.strerror or str(error))
            self._save_after_s = max(SAVE_SECONDS, (monotonic() - began) / SAVE_SHARE)
        self._look_at_file()
        return is_kept

    # ── its file ────────────────────────────────────────────────────────────────────────────────────────────────────
    def look_at_file(self) -> None:
        """Say in the title whether the event's file holds something else by now."""
        if self.opened is not None:
            self.run_worker(self._look_at_file, thread=True, group="file")

    def _look_at_file(self) -> None:
        from fgtui.tui.remembered.event_files import digest_of

        opened = self.opened
        if opened is not None:
            self.app.call_later(self._told_of_file, opened, digest_of(opened.path) != opened.digest)

    def _told_of_file(self, opened: OpenedFile, differs: bool) -> None:
        if opened == self.opened and differs != self._file_differs:
            self._file_differs = differs
            self._tell()

    def file_maker(self) -> FileMaker:
        """What makes the content of a file out of the text as it stands, for a thread."""
        from fgtui.tui.screens.event.making import FileMaker

        editor = self.editor
        return FileMaker(editor.document.snapshot(), editor.form, editor.trigger, editor.document.moment)

    def saved(self, moment: Moment, opened: OpenedFile) -> None:
        """The text of ``moment`` stands in a file now; it is of no use for another event, opened meanwhile."""
        if self.editor.document is not moment.document:
            return
        self.opened, self._file_differs, self._name = opened, False, opened.path.name
        if self.editor.document.moment == moment:
            self.editor.document.mark_saved()
        self._tell()
        self._keep_soon()

    def _say_trouble(self, reason: str) -> None:
        self.app.call_later(setattr, self, "trouble", say("drafts are not kept: {reason}", reason=reason))

    def save_now(self) -> bool:
        """Keep the text as it stands before the workbench ends; whether it is kept."""
        return self._save(self._draft(""), self.editor.document.snapshot())


def _title_of(template: Template) -> str:
    title = template.title_zh if spoken() == "zh" else template.title
    return title or template.name
