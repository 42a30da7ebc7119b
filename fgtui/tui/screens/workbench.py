"""The workbench: opens on what was left, and carries what one pane says to the others.

Domain work is the workspace's and happens in threads; widgets show and ask; here the asking meets the doing.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple, cast

from textual import events, on
from textual.binding import BindingType
from textual.dom import DOMNode

from fgtui.errors import FgtuiError
from fgtui.records import replace
from fgtui.terminal.display import displayable
from fgtui.tui.actions import Where, action_called, bindings, key_of
from fgtui.tui.screens.copying import Copying
from fgtui.tui.screens.event.pane import EventPane
from fgtui.tui.screens.jumping import Jumping
from fgtui.tui.screens.outcome.pane import OutcomePane
from fgtui.tui.screens.outcome.places import Places
from fgtui.tui.screens.parts import WorkbenchParts
from fgtui.tui.screens.send.sends import Sends
from fgtui.tui.screens.send.targets import TargetChoice
from fgtui.tui.screens.session.pane import SessionPane
from fgtui.tui.terminal.compositing import WholeCompositor
from fgtui.tui.threads import in_thread
from fgtui.tui.widgets.event_editor import EventEditor
from fgtui.tui.widgets.exchange_table import ExchangeTable
from fgtui.tui.widgets.key_bar import KeyBar
from fgtui.tui.widgets.outcome_view import OutcomeView
from fgtui.tui.widgets.target_bar import TargetBar
from fgtui.tui.widgets.trigger_list import TriggerList
from fgtui.words import Names, say

if TYPE_CHECKING:
    from fgtui.events.catalogue import Template, Trigger
    from fgtui.invoke.model import Exchange
    from fgtui.sessions.model import ExchangeRow
    from fgtui.terminal.clipboard import Copied
    from fgtui.tui.app import FgtuiApp
    from fgtui.tui.remembered.drafts import Draft, Drafts, OpenedFile
    from fgtui.tui.remembered.workspace_state import WorkspaceState
    from fgtui.tui.rerunning import Rerun
    from fgtui.tui.screens.reopening import Reopening
    from fgtui.tui.screens.touring import Touring
    from fgtui.tui.selection import Shown
    from fgtui.tui.sending import Sending
    from fgtui.tui.widgets.code_area import CodeArea
    from fgtui.tui.widgets.diff_view import Difference
    from fgtui.tui.widgets.tour_strip import TourStrip
    from fgtui.workspace import Workspace

FIRST_TRIGGER = "obs"
"""What a first run opens on: an event that shows what decoding is about."""
FIRST_WORDS = """\
{key} sends the event to the target
named at the top. What comes back shows
here, and is recorded in the session."""

Severity = Literal["information", "warning", "error"]


class Opening(NamedTuple):
    """What the workbench opens on, where the command line says so."""

    target: str | None = None
    session: str | None = None
    file: Path | None = None
    profile: str | None = None
    tour: bool = False
    """Whether there is a tour: that of the demo."""
    is_first: bool = False
    """Whether nothing was kept of an earlier start: a person is welcomed."""


class WorkbenchScreen(WorkbenchParts):
    """Triggers, event, outcome and session at once, or one after the other where there is no room."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.EVERYWHERE)]

    def __init__(
        self,
        workspace: Workspace,
        drafts: Drafts,
        opening: Opening,
        keymap: Mapping[str, str],
        remembered: WorkspaceState | None = None,
    ) -> None:
        """``remembered`` is how the workbench was left in this folder."""
        draft = drafts.claim()
        super().__init__(workspace, drafts, opening.session or (draft.session if draft else "default"), keymap)
        self._compositor = WholeCompositor()
        self.workspace = workspace
        self.keymap = keymap
        self._opening = opening
        self._draft = draft
        self._remembered = remembered
        self._has_opened = False
        """Whether the first frame is there, and what was left is being taken up."""
        self.record: Exchange | None = None
        """The record of the exchange that is shown; ``None`` when it was not recorded."""
        self.rerun: Rerun | None = None
        """The last bulk replay; it may be over."""
        if remembered is not None:
            from fgtui.tui.screens.remembering import take_up

            take_up(self, remembered)
        self.targets = TargetChoice(self, opening.profile)
        self.sends = Sends(self)
        self.copying = Copying(self)
        self.jumping = Jumping(self)
        self.places = Places(self)

    # ── what is made when it is first wanted ────────────────────────────────────────────────────────────────────────
    @cached_property
    def reopening(self) -> Reopening:
        """How the workbench was and is looked at."""
        from fgtui.tui.screens.reopening import Reopening

        return Reopening(self, self._remembered)

    @cached_property
    def touring(self) -> Touring | None:
        """The tour, where there is one."""
        if not self._opening.tour:
            return None
        from fgtui.tui.screens.touring import Touring

        return Touring(self, None if self._remembered is None else self._remembered.tour)

    # ── how it was left ─────────────────────────────────────────────────────────────────────────────────────────────
    def state(self, before: WorkspaceState | None, theme: str | None) -> WorkspaceState:
        """How the workbench looks now, to be kept with what else is known of ``before``."""
        from fgtui.tui.screens.remembering import state_of

        state = state_of(self, before, theme)
        return self.reopening.state(state) if self._has_opened else state

    def arrangement_changed(self) -> None:
        """Remember it."""
        cast("FgtuiApp", self.app).remember()

    def look_changed(self) -> None:
        """Remember how the workbench is looked at, once it has been opened."""
        if self._has_opened:
            self.arrangement_changed()

    @on(EventEditor.Changed)
    def _look_at_step(self) -> None:
        if self._has_opened and self.touring is not None:
            self.touring.look()

    def on_screen_suspend(self) -> None:
        """Something stands over the workbench, which a step of the tour may have asked for."""
        super().on_screen_suspend()
        self._look_at_step()

    def on_tour_strip_taken(self, event: TourStrip.Taken) -> None:
        """Do what was clicked."""
        event.stop()
        self.run_worker(self.perform(event.action))

    @on(events.DescendantFocus)
    def _remember_focus(self) -> None:
        self.look_changed()

    @on(OutcomeView.LookChanged)
    def _remember_look(self, event: OutcomeView.LookChanged) -> None:
        event.stop()
        self.arrangement_changed()

    # ── opening ─────────────────────────────────────────────────────────────────────────────────────────────────────
    def on_mount(self) -> None:
        """Open what was asked for, else what was left, else the first template; the recordings come after."""
        draft, opening = self._draft, self._opening
        self._open_first()
        self.targets.announce(opening.target or (draft.target if draft else None))
        self.show_no_outcome(say("Nothing sent yet."))
        self._set_session(self.session)
        self.watch_titles()
        if self._opening.tour:
            self.watch(self.session_pane, "title", self._look_at_step, init=False)
        self.watch(self.event_pane, "trouble", self._warn, init=False)
        self.watch(self.event_pane.editor, "trigger", self._mark_recognised, init=False)
        self.call_after_refresh(self._after_first_frame)

    def _mark_recognised(self) -> None:
        """Move the sign in the list to what the text is taken for now."""
        self.trigger_list.mark(*self.event_pane.chosen)

    def _after_first_frame(self) -> None:
        if not gc.isenabled():  # as run_workbench left it: what is here now stays to the end
            gc.freeze()
            gc.enable()
        if Where.EVENT in self.arrangement.hidden:
            self.focus_pane(self.desk.shown()[0])
        self.targets.choose(self.targets.spec)
        self.reopening.reopen(is_same_event=self._draft is not None and self._opening.file is None)
        self._has_opened = True
        self.event_pane.look_at_file()
        self.run_worker(self._look_after_leftovers, thread=True, group="leftovers")
        if self.touring is not None:
            self.touring.show()
        elif self._opening.is_first:
            self._welcome()
        for problem in self.workspace.catalogue.problems:
            self._warn(say(problem))

    def _look_after_leftovers(self) -> None:
        """Of what earlier runs have left: tell of a note that was being typed, remove what was lent to programs."""
        from time import time

        from fgtui.paths import data_folder
        from fgtui.tui.remembered.lent_files import LentFiles
        from fgtui.tui.remembered.unfinished_notes import UnfinishedNote, unfinished

        folder, store = data_folder(self.workspace.environment), self.workspace.settings.store
        with suppress(FgtuiError):  # that the store cannot be read is said where it is shown
            for exchange_id in unfinished(folder, store):
                exchange = self.workspace.store.find(exchange_id)
                if exchange is not None:
                    self.call_later(self._tell_of_note, exchange)
                    break
                if self.workspace.store.exists():  # the exchange was deleted
                    UnfinishedNote(folder, store, exchange_id).drop()
        LentFiles(folder).sweep(time())

    def _tell_of_note(self, exchange: Exchange) -> None:
        self.say(
            "the note of {session} #{number} is unfinished; {key} there goes on with it",
            session=exchange.session,
            number=exchange.seq,
            key=key_of("note-exchange", self.keymap),
        )

    def _welcome(self) -> None:
        """Say what this is, over the outcome or where there is room; the first key or click takes it away."""
        from fgtui.tui.widgets.welcome_card import WelcomeCard

        app = cast("FgtuiApp", self.app)
        if app.was_touched:  # somebody knows the way
            return
        card = WelcomeCard(self.keymap)
        self.mount(card)
        card.place(self.outcome_view.region or self.event_pane.region)
        app.at_first_touch = card.leave

    def _open_first(self) -> None:
        """Never fails: what cannot be opened is said, and a template stands in its place."""
        catalogue, draft = self.workspace.catalogue, self._draft
        if self._opening.file is not None and self._keeps_left():
            self.open_file(self._opening.file)
            return
        if draft is not None and (draft.modified or draft.name is not None):
            self.event_pane.restore(draft)
            self.trigger_list.mark(draft.trigger, draft.template or "")
            if draft.modified:
                self.say("your unsent event of {when} is back", when=_when(draft))
            return
        wanted = (draft.trigger, draft.template) if draft else (FIRST_TRIGGER, None)
        triggers = {trigger.key: trigger for trigger in catalogue.triggers}
        trigger = triggers.get(wanted[0]) or triggers.get(FIRST_TRIGGER) or next(iter(triggers.values()))
        template = next((each for each in trigger.templates if each.name == wanted[1]), trigger.templates[0])
        self.open_template(trigger, template)
        if draft is not None and self.event_pane.chosen == (draft.trigger, draft.template):
            self.event_pane.set_renewing(renews=draft.renews)

    def _keeps_left(self) -> bool:
        """Put what was left unsent aside before a file takes its place; whether nothing is lost by that."""
        draft = self._draft
        if draft is None or not draft.modified:
            return True
        try:
            self.event_pane.drafts.put_aside(draft)
        except OSError as error:
            reason = error.strerror or str(error)
            self.say(
                "the unsent event cannot be kept as a draft, so it stays: {reason}", severity="error", reason=reason
            )
            return False
        self.say("your unsent event of {when} is kept as a draft; the palette restores it", when=_when(draft))
        return True

    def open_template(self, trigger: Trigger, template: Template) -> None:
        """Open a template in the editor; what was modified there is kept as a draft."""
        try:
            text = template.text
        except FgtuiError as error:
            self.say_error(error)
            return

        def show() -> None:
            self.event_pane.open_template(text, trigger, template)
            self.trigger_list.mark(trigger.key, template.name)

        self._instead(show)

    def _instead(self, show: Callable[[], None]) -> None:
        """Show another event once what was changed, or typed for a field, is kept; else the old one stays."""

        def go_on(kept: bool) -> None:
            show()
            self.sends.forget_refusal()
            if kept:
                self.say("what you had changed is kept as a draft; the palette restores it")

        self._use_when_written(lambda: self.event_pane.put_aside(go_on, self.say_error))

    def choose_template(self, trigger: Trigger, template: Template) -> None:
        """Open a template that a person has asked for, to be edited."""
        self.open_template(trigger, template)
        self.recent.note_template(trigger, template)
        self.focus_pane(Where.EVENT)

    def open_text(
        self,
        text: str,
        trigger: str | None,
        name: str,
        template: str | None = None,
        *,
        opened: OpenedFile | None = None,
    ) -> None:
        """Open any text in the editor, that of a file ``opened``; what was modified there is kept as a draft."""

        def show() -> None:
            self.event_pane.open_text(text, trigger, name, template, opened=opened)
            shown = self.event_pane.editor.trigger
            self.trigger_list.mark(shown.key if shown else "", template or "")

        self._instead(show)

    def open_file(self, file: Path) -> None:
        """Open an event from a file."""
        from fgtui.tui.remembered.drafts import OpenedFile
        from fgtui.tui.remembered.event_files import open_event_file

        path = self.workspace.settings.folder / file
        try:
            text, digest = open_event_file(path)
        except FgtuiError as error:
            self.say_error(error)
            if not self.event_pane.title:
                self.jumping.open_trigger(FIRST_TRIGGER)
        else:
            self.open_text(text, None, file.name, opened=OpenedFile(path, digest))
            self.recent.note_file(path)

    @property
    def under_way(self) -> Sequence[Sending | Rerun]:
        """What is being sent now."""
        rerun = None if self.rerun is None or self.rerun.is_over else self.rerun
        return [each for each in (self.sends.running, rerun) if each is not None]

    @property
    def session(self) -> str:
        """The session that is shown and recorded into."""
        return self.session_pane.session

    # ── words ───────────────────────────────────────────────────────────────────────────────────────────────────────
    def say(
        self, sentence: str, *, severity: Severity = "information", stays_s: float | None = None, **values: object
    ) -> None:
        """Say something for a few seconds, or for ``stays_s``."""
        words = displayable(say(sentence, values))
        usual_s = 4 if severity == "information" else 8
        self.notify(words, severity=severity, markup=False, timeout=stays_s or usual_s)

    def say_error(self, error: FgtuiError) -> None:
        """Say what could not be done, and the way out."""
        from fgtui.tui.screens.dialogs import error_words

        self.say("{words}", severity="error", words=error_words(error))

    def _warn(self, words: str) -> None:
        if words:
            self.say("{words}", severity="warning", words=words)

    # ── threads ─────────────────────────────────────────────────────────────────────────────────────────────────────
    def in_thread(
        self,
        work: Callable[[], Any],
        then: Callable[[Any], None],
        failed: Callable[[FgtuiError], None] | None = None,
        *,
        group: str,
    ) -> None:
        """Do ``work`` in a thread and go on with its answer; an error of ours is said, unless ``failed`` is for it."""
        in_thread(self, work, then, failed or self.say_error, group=group)

    def copier(self) -> Callable[[str], Copied]:
        """What copies a text in a thread."""
        from fgtui.paths import data_folder
        from fgtui.terminal.clipboard import copy

        environment = self.workspace.environment
        write = cast("FgtuiApp", self.app).terminal_writer()
        return lambda text: copy(text, folder=data_folder(environment), write=write, environment=environment)

    # ── what panes ask ──────────────────────────────────────────────────────────────────────────────────────────────
    @on(TriggerList.Chosen)
    def _open_chosen(self, event: TriggerList.Chosen) -> None:
        event.stop()
        self.choose_template(event.trigger, event.template)

    @on(EventPane.FieldWanted)
    def _edit_field(self, event: EventPane.FieldWanted) -> None:
        event.stop()
        self.focus_pane(Where.FIELD)

    @on(TargetBar.TargetAsked)
    async def _ask_target(self, event: TargetBar.TargetAsked) -> None:
        event.stop()
        await self.targets.ask()

    @on(SessionPane.SearchAsked)
    async def _ask_search(self, event: SessionPane.SearchAsked) -> None:
        event.stop()
        await self.searching.ask()

    @on(TargetBar.SessionAsked)
    async def _ask_session(self, event: TargetBar.SessionAsked) -> None:
        event.stop()
        await self.jumping.ask_session()

    @on(KeyBar.Pressed)
    async def _press(self, event: KeyBar.Pressed) -> None:
        event.stop()
        await self.perform(event.action.id)

    @on(OutcomeView.CopyAsked)
    def _copy_shown(self, event: OutcomeView.CopyAsked) -> None:
        event.stop()
        self.copying.ask(self.record or event.exchange)

    @on(OutcomeView.PlacesAsked)
    def _open_place(self, event: OutcomeView.PlacesAsked) -> None:
        event.stop()
        self.places.open(event.places, event.exchange)

    @on(OutcomePane.ReplayAsked)
    def _replay_shown(self, event: OutcomePane.ReplayAsked) -> None:
        event.stop()
        if self.record is None:
            self.say("this was not recorded, so there is nothing to compare with", severity="warning")
        else:
            self.sends.replay(self.record)

    @on(OutcomePane.EditAsked)
    def _edit_shown(self, event: OutcomePane.EditAsked) -> None:
        event.stop()
        self.edit_exchange(self.record or event.exchange)

    @on(OutcomePane.ReportAsked)
    def _report_shown(self, event: OutcomePane.ReportAsked) -> None:
        event.stop()
        self.reporting.ask(self.record or event.exchange)

    @on(ExchangeTable.Asked)
    def _use_exchange(self, event: ExchangeTable.Asked) -> None:
        event.stop()
        uses: dict[type[ExchangeTable.Asked], Callable[[Exchange], None]] = {
            ExchangeTable.OpenAsked: self._open_exchange,
            ExchangeTable.ReplayAsked: self.sends.replay,
            ExchangeTable.EditAsked: self.edit_exchange,
            ExchangeTable.CopyAsked: self.copying.ask,
            ExchangeTable.NoteAsked: self.annotating.ask_note,
            ExchangeTable.TagsAsked: self.annotating.ask_tags,
            ExchangeTable.ReportAsked: self.reporting.ask,
            ExchangeTable.CompareAsked: self.counterparts.ask,
            ExchangeTable.NoiseAsked: self.noise_finding.ask,
        }
        self.in_thread(lambda: self.session_pane.read(event.seq), uses[type(event)], group="exchange")

    @on(ExchangeTable.SelectionAsked)
    def _use_selection(self, event: ExchangeTable.SelectionAsked) -> None:
        event.stop()
        uses: dict[type[ExchangeTable.SelectionAsked], Callable[[str, Shown | None], None]] = {
            ExchangeTable.StatisticsAsked: self.statistics.open,
            ExchangeTable.ReplaySelectionAsked: self.replaying.ask,
            ExchangeTable.ExportAsked: self.exchanging.export,
        }
        uses[type(event)](self.session, event.shown)

    @on(ExchangeTable.ImportAsked)
    def _import(self, event: ExchangeTable.ImportAsked) -> None:
        event.stop()
        self.exchanging.ask_import()

    def _open_exchange(self, exchange: Exchange) -> None:
        self.reveal(Where.OUTCOME)
        self.show_exchange(exchange, f"{exchange.session} #{exchange.seq}", record=exchange)

    def show_no_outcome(self, *words: str) -> None:
        """Say, after ``words``, what would be shown."""
        first = say(FIRST_WORDS, key=key_of("send", self.keymap))
        self.outcome_view.show_nothing("\n\n".join((*words, first)))

    def show_exchange(
        self, exchange: Exchange, note: str, *, record: Exchange | None, difference: Difference | None = None
    ) -> None:
        """Show an exchange in the outcome pane and mark the row of its record, which is what is copied of it."""
        self.record = record
        profile = self.targets.profile_for(exchange.target)
        self.outcome_view.show_exchange(exchange, note, difference=difference, profile=profile)
        self.session_pane.table.mark_shown(*(("", 0) if record is None else (record.session, record.seq)))
        self.show_lower(Where.OUTCOME)
        self.look_changed()
        self._look_at_step()

    def show_again(self, record: Exchange) -> None:
        """Show the recorded exchange that was shown when the workbench was left, and nothing else differently."""
        self.record = record
        profile = self.targets.profile_for(record.target)
        self.outcome_view.show_exchange(record, f"{record.session} #{record.seq}", profile=profile)
        self.session_pane.table.mark_shown(record.session, record.seq)

    def show_annotated(self, rows: Sequence[ExchangeRow]) -> None:
        """Show notes and tags that have changed, in the table and of the exchange that is shown."""
        self.session_pane.table.update_rows(rows)
        record, shown = self.record, self.outcome_view.exchange
        for row in rows:
            if record is not None and shown is not None and (record.session, record.seq) == (row.session, row.seq):
                self.record = replace(record, note=row.note, tags=row.tags)
                self.outcome_view.show_annotated(replace(shown, note=row.note, tags=row.tags))

    def edit_exchange(self, exchange: Exchange) -> None:
        """Open the event of an exchange in the editor."""
        event = exchange.event
        name = f"#{exchange.seq}" if exchange.seq else say("not recorded")
        self.open_text(event.text, event.trigger, name, event.template)
        self.recent.note_exchange(exchange)
        if event.redacted:
            self.say("redacted, to be filled in again: {paths}", severity="warning", paths=Names(event.redacted))
        self.focus_pane(Where.EVENT)

    def restore_draft(self, draft: Draft) -> None:
        """Open a draft again; what was modified in its place becomes one."""

        def show() -> None:
            self.event_pane.take_over(draft)
            self.trigger_list.mark(draft.trigger, draft.template or "")
            self.focus_pane(Where.EVENT)

        self._instead(show)

    def set_session(self, name: str, where: str = "", *, seq: int | None = None) -> None:
        """Show and record into another session; of it what ``where`` is true for, the cursor on ``seq``."""
        self._set_session(name)
        self.session_pane.open(name, where=where, seq=seq)
        if self.served is not None:
            self.serves.session_changed()

    def _set_session(self, name: str) -> None:
        self.target_bar.session = name
        self.event_pane.record_into(name)

    # ── actions ─────────────────────────────────────────────────────────────────────────────────────────────────────
    async def perform(self, action_id: str) -> None:
        """Do an action of the table, wherever the focus is."""
        action = action_called(action_id)
        namespaces: dict[Where, DOMNode] = {
            Where.PROGRAM: self.app,
            Where.TRIGGERS: self.trigger_list if action.around_list else self.trigger_list.rows,
            Where.EVENT: self.event_pane,
            Where.FIELD: self.event_pane.field or self.event_pane,
            Where.FORM: self.event_pane.front_widget,
            Where.TEXT: self._text(),
            Where.FIND: self.bar or self,
            Where.OUTCOME: self.outcome_view,
            Where.SESSION: self.session_pane if action.around_list else self.session_pane.table,
        }
        await self.app.run_action(action.does, namespaces.get(action.where, self))

    def _text(self) -> CodeArea:
        """The text that is typed in, or would be."""
        field = self.event_pane.field
        return field.area if field is not None and self.where is Where.FIELD else self.event_pane.editor.area

    def action_send(self) -> None:
        """Send the event."""
        self._when_written(self.sends.send)

    def action_send_debug(self) -> None:
        """Send the event to a handler that waits for a debugger."""
        self._when_written(self.sends.send_debug)

    def action_send_async(self) -> None:
        """Send the event to a deployed function that runs it later."""
        self._when_written(self.sends.send_async)

    def _when_written(self, use: Callable[[], None]) -> None:
        """Go on with the event once it holds what was typed for the field; where it cannot, say so and do not.

        A key of the whole workbench is heard before what was typed or pasted just before it, which is the widget's.
        """
        typed_in = self.focused or self.event_pane
        if not typed_in.call_later(self._use_when_written, use):
            self._use_when_written(use)

    def _use_when_written(self, use: Callable[[], None]) -> None:
        pane = self.event_pane
        if pane.is_written:
            use()
            return

        async def write() -> None:
            if await pane.write_field():
                use()
            else:
                self.say(
                    "nothing was done: what was typed for the field cannot be written; {key} there drops it",
                    severity="warning",
                    key=key_of("restore-field", self.keymap),
                )

        self.run_worker(write(), group="field")

    def action_cancel(self) -> None:
        """Stop a send that runs or a long text's turning, else go back to where an outcome was opened from, else end a
        filter.
        """
        if self.sends.cancel() or self.event_pane.editor.stop_doing():
            return
        came_from, self.came_from = self.came_from, None
        if came_from is not None and self.where is Where.OUTCOME:
            self.focus_pane(came_from)
        elif not self.session_pane.cancel() and self.arrangement.is_zoomed:
            self.action_zoom_pane()

    def action_toggle_decoded(self) -> None:
        """Turn the editor to its other form."""
        self._when_written(self.event_pane.editor.toggle_form)

    async def action_help(self) -> None:
        """Explain the focused pane's keys."""
        from fgtui.tui.screens.help import HelpScreen, sections_of

        await self.app.push_screen(HelpScreen(sections_of(self.keys_where), self.keymap))

    def action_renew_event(self) -> None:
        """Renew the event's ids and times."""
        make = self.event_pane.renewal()
        if make is not None:
            self.in_thread(make, self.event_pane.renewed, group="renew")

    def action_wrap_event(self) -> None:
        """Put the event into another."""
        self._when_written(self.chaining.wrap)

    def action_unwrap_event(self) -> None:
        """Take out the event that this one carries."""
        self._when_written(self.chaining.unwrap)

    def action_copy_event(self) -> None:
        """Ask what of the event is copied."""
        self._when_written(self.copying.ask_event)

    def action_discard_changes(self) -> None:
        """Open the template again; the changed text becomes a draft."""
        trigger, name = self.event_pane.editor.trigger, self.event_pane.editor.template
        if self.event_pane.opened is not None:
            self.open_file(self.event_pane.opened.path)
        elif trigger is not None:
            template = next((each for each in trigger.templates if each.name == name), trigger.templates[0])
            self.open_template(trigger, template)

    def action_save_event(self) -> None:
        """Write the event to its file."""
        self._when_written(self.saving.save_event)

    def action_save_event_as(self) -> None:
        """Write the event to another file."""
        self._when_written(self.saving.save_event_as)

    def action_tour_next(self) -> None:
        """Take the next step of the tour."""
        self._step_tour(lambda tour: tour.go(1))

    def action_tour_back(self) -> None:
        """Go back a step of the tour."""
        self._step_tour(lambda tour: tour.go(-1))

    def action_tour_end(self) -> None:
        """End the tour."""
        self._step_tour(lambda tour: tour.end())

    def _step_tour(self, step: Callable[[Touring], None]) -> None:
        if self.touring is None:
            self.say("only the demo has a tour: fgtui demo")
        else:
            step(self.touring)

    def action_open_example(self) -> None:
        """Bring the example recordings into the store, where they are not there yet, and show them."""

        def read() -> str:
            from fgtui.demo import import_example

            return import_example(self.workspace)

        def show(session: str) -> None:
            self.set_session(session)
            self.focus_pane(Where.SESSION)
            self.say(
                "this is the example session: {show} shows a recording; {back} leads back to yours",
                stays_s=8,
                show=key_of("open-exchange", self.keymap),
                back=key_of("switch-session", self.keymap),
            )

        self.say("the example recordings are brought in…")
        self.in_thread(read, show, group="example")

    async def action_open_file(self) -> None:
        """Ask for a file with an event."""
        from fgtui.tui.remembered.event_files import read_event_file
        from fgtui.tui.screens.dialogs import Prompt

        folder = self.workspace.settings.folder

        def opened(answer: str | None) -> None:
            if answer:
                self.open_file(Path(answer).expanduser())

        def check(answer: str) -> None:
            read_event_file(folder / Path(answer).expanduser())

        hint = say("a file, from {folder}", folder=folder)
        await self.app.push_screen(Prompt(say("Open an event"), hint=hint, check=check), opened)


def _when(draft: Draft) -> str:
    return f"{draft.saved_at.astimezone():%m-%d %H:%M}"
