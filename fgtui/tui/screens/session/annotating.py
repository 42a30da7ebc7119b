"""Notes and tags: asks for them, has the store keep them, and has the session's table show them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Static

from fgtui.errors import UsageError
from fgtui.paths import data_folder
from fgtui.terminal.display import displayable_line
from fgtui.tui.actions import Where, bindings, key_of, keys_in
from fgtui.tui.remembered.unfinished_notes import UnfinishedNote
from fgtui.tui.screens.dialogs import FRAME
from fgtui.tui.screens.modal import Modal
from fgtui.tui.text.document import EventDocument
from fgtui.tui.widgets.code_area import CodeArea
from fgtui.words import listed, plural, say

if TYPE_CHECKING:
    from fgtui.invoke.model import Exchange
    from fgtui.sessions.model import ExchangeRow
    from fgtui.tui.screens.workbench import WorkbenchScreen

KEEP_SECONDS = 0.7
"""From a change of a note to its being kept."""
KNOWN_SHOWN = 12
"""Tags in use that the question for tags names."""
_COMMAS = {ord("，"): ",", ord("、"): ","}
"""What an input method types for a comma."""


class NoteScreen(Modal[str | None]):
    """A note of any length: Enter keeps it while it is one line, F9 always; ``None`` when a person gives up."""

    DEFAULT_CSS = (
        FRAME.format(name="NoteScreen")
        + """
    NoteScreen CodeArea { height: auto; min-height: 3; max-height: 14; background: $panel; }
    NoteScreen Static { height: auto; color: $foreground-muted; }
    """
    )
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.NOTE)]

    def __init__(self, title: str, note: str, unfinished: UnfinishedNote | None = None) -> None:
        """``unfinished`` is where what is typed is kept until it is decided on, and what was typed before, if any."""
        super().__init__()
        self._title = title
        self._note = note
        self._unfinished = unfinished
        typed = None if unfinished is None else unfinished.read()
        self.is_back = typed not in {None, note}
        """Whether what was typed before stands there rather than the note."""
        self._area = CodeArea(EventDocument(note if typed is None else typed), highlight=False)
        self._timer: Timer | None = None
        self._area.show_gutter = False
        self._area.submits = self._area.wraps = True

    def compose(self) -> ComposeResult:
        """The note, and how it is kept."""
        with Vertical(id="frame") as frame:
            frame.border_title = Content(displayable_line(self._title))
            frame.border_subtitle = Content(self._keys())
            yield self._area
            keymap = getattr(self.app, "keymap", {})
            words = say(
                "{line} begins a line, and {key} keeps several; secrets are redacted",
                line=key_of("new-line", keymap, "note-keep"),
                key=key_of("note-keep", keymap),
            )
            yield Static(words, markup=False)

    def _keys(self) -> str:
        """Which key keeps it now: Enter begins another line where there are several."""
        keys = keys_in(self.app, keep="note-keep", leave="note-leave")
        if len(self._area.document.lines) > 1:
            return say("{keep} keeps it, {leave} leaves", keys)
        return say("Enter keeps it, {leave} leaves", keys)

    def on_mount(self) -> None:
        """Begin behind what is there."""
        self._area.action_move("bottom")
        self._area.focus()

    @on(CodeArea.Edited)
    def _keep_soon(self, message: Message) -> None:
        message.stop()
        self.query_one("#frame").border_subtitle = Content(self._keys())
        if self._timer is None:
            self._timer = self.set_timer(KEEP_SECONDS, self._keep)

    def _keep(self) -> None:
        self._timer = None
        self.run_worker(self.keep_typed, thread=True, group="note")

    def keep_typed(self) -> bool:
        """Keep what has been typed so far, in case the workbench ends; whether there is anything. For any thread."""
        text = self._area.document.snapshot().text
        if self._unfinished is None or text == self._note:
            return False
        with suppress(OSError):  # that the disk is full is said of the event's draft
            self._unfinished.write(text)
        return True

    @on(CodeArea.Moved)
    @on(CodeArea.Scrolled)
    def _heard(self, message: Message) -> None:
        message.stop()

    @on(CodeArea.Submitted)
    def _submitted(self, message: CodeArea.Submitted) -> None:
        message.stop()
        self.action_keep()

    def action_keep(self) -> None:
        """End with the note."""
        self.dismiss(self._area.document.text.strip())

    def action_give_up(self) -> None:
        """End without one."""
        self.dismiss(None)


class Annotating:
    """Asks for notes and tags of recorded exchanges."""

    def __init__(self, screen: WorkbenchScreen) -> None:
        self._screen = screen

    # ── the note ────────────────────────────────────────────────────────────────────────────────────────────────────
    def ask_note(self, exchange: Exchange) -> None:
        """Ask for the note of one exchange, beginning with the one it has."""
        settings, environment = self._screen.workspace.settings, self._screen.workspace.environment
        unfinished = UnfinishedNote(data_folder(environment), settings.store, exchange.id)

        def answered(note: str | None) -> None:
            if note is not None and note != exchange.note:
                self._keep(exchange.session, (exchange.seq,), note=note, unfinished=unfinished)
            else:
                unfinished.drop()

        title = say("Note of {session} #{number}", session=exchange.session, number=exchange.seq)
        asking = NoteScreen(title, exchange.note, unfinished)
        self._screen.app.push_screen(asking, answered)
        if asking.is_back:
            key = key_of("note-leave", self._screen.keymap)
            self._screen.say("what was typed here last is back; {key} drops it", key=key)

    # ── tags ────────────────────────────────────────────────────────────────────────────────────────────────────────
    def ask_tags(self, exchange: Exchange) -> None:
        """Ask for the tags of what is marked, else of one exchange."""
        store, session = self._screen.workspace.store, exchange.session

        def look() -> tuple[tuple[int, ...], list[str]]:
            from collections import Counter

            from fgtui.sessions.model import MARK

            tagged = store.tags(session)
            used = Counter(tag for tags in tagged.values() for tag in tags if tag != MARK)
            marked = tuple(seq for seq, tags in tagged.items() if MARK in tags)
            return marked, [tag for tag, _ in used.most_common(KNOWN_SHOWN)]

        self._screen.in_thread(look, lambda found: self._ask_tags(exchange, *found), group="exchange")

    def _ask_tags(self, exchange: Exchange, marked: tuple[int, ...], known: Sequence[str]) -> None:
        from fgtui.sessions.model import MARK
        from fgtui.tui.screens.dialogs import Prompt

        used = say("in use here: {tags}", tags=listed(known)) if known else ""
        present = [] if marked else [tag for tag in exchange.tags if tag != MARK]

        def answered(text: str | None) -> None:
            if text is None:
                return
            if marked:
                added, removed = changes_of(text)
            else:
                wanted = tags_of(text)
                added = tuple(tag for tag in wanted if tag not in present)
                removed = tuple(tag for tag in present if tag not in wanted)
            if added or removed:
                self._keep(exchange.session, marked or (exchange.seq,), added=added, removed=removed)

        if marked:
            words = plural(len(marked), "Tags of 1 marked exchange", "Tags of {count} marked exchanges")
            title = say(words, count=f"{len(marked):,}")
            how = say("new, other: these are added; -old takes one away")
        else:
            title = say("Tags of {session} #{number}", session=exchange.session, number=exchange.seq)
            how = say("separated by commas")
        check = changes_of if marked else tags_of
        hint = "\n".join(filter(None, (how, used)))
        self._screen.app.push_screen(Prompt(title, ", ".join(present), hint=hint, check=check), answered)

    # ── keeping ─────────────────────────────────────────────────────────────────────────────────────────────────────
    def _keep(
        self,
        session: str,
        seqs: Sequence[int],
        *,
        note: str | None = None,
        added: Sequence[str] = (),
        removed: Sequence[str] = (),
        unfinished: UnfinishedNote | None = None,
    ) -> None:
        store = self._screen.workspace.store

        def work() -> tuple[ExchangeRow, ...]:
            if unfinished is not None and note is not None:
                with suppress(OSError):  # it is about to be kept for good
                    unfinished.write(note)
            store.annotate(session, seqs, note=note, add_tags=added, remove_tags=removed)
            if unfinished is not None:
                unfinished.drop()
            return tuple(store.rows(session, seqs))

        self._screen.in_thread(work, self._kept, group="annotate")

    def _kept(self, rows: Sequence[ExchangeRow]) -> None:
        self._screen.show_annotated(rows)
        if len(rows) > 1:
            self._screen.say("{count} exchanges have other tags now", count=f"{len(rows):,}")


def tags_of(text: str) -> tuple[str, ...]:
    """``flaky, slow`` as tags, each once. UsageError for one that is used for marks."""
    from fgtui.sessions.model import MARK

    parts = text.translate(_COMMAS).split(",")
    tags = tuple(dict.fromkeys(filter(None, (" ".join(part.split()) for part in parts))))
    if MARK in tags:
        raise UsageError("{tag} is the tag of marked exchanges; marking sets it", tag=MARK)
    return tags


def changes_of(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """``flaky, -slow`` as the tags to add and those to take away."""
    tags = tags_of(text)
    removed = tuple(tag[1:].strip() for tag in tags if tag.startswith("-"))
    added = tuple(tag for tag in tags if not tag.startswith("-"))
    return added, tags_of(", ".join(removed))
