"""What a person has opened and used last, offered again: events, drafts that were put aside, targets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from fgtui.errors import FgtuiError
from fgtui.tui.remembered.recents import RecentExchange, RecentFile, RecentFiles, Recents, RecentTemplate, Reference
from fgtui.words import say, spoken

if TYPE_CHECKING:
    from fgtui.events.catalogue import Template, Trigger
    from fgtui.invoke.model import Exchange
    from fgtui.tui.remembered.drafts import Draft
    from fgtui.tui.screens.dialogs import Choice
    from fgtui.tui.screens.workbench import WorkbenchScreen

    Going = Callable[[], None]

RECENT = "recent"
"""What finds them among everything that can be gone to."""
CHARACTERS = 200
"""Of a draft, of which a line shows some."""


class Recent:
    """Remembers, and offers."""

    def __init__(self, screen: WorkbenchScreen) -> None:
        from fgtui.paths import data_folder

        self._screen = screen
        workspace = screen.workspace
        self._kept = RecentFiles(data_folder(workspace.environment), workspace.settings.folder)

    # ── remembering ─────────────────────────────────────────────────────────────────────────────────────────────────
    def note_template(self, trigger: Trigger, template: Template) -> None:
        """A person has opened a template."""
        self._note(RecentTemplate(trigger.key, template.name))

    def note_file(self, file: Path) -> None:
        """A person has opened a file, or saved to it."""
        self._note(RecentFile(str(file)))

    def note_exchange(self, exchange: Exchange) -> None:
        """A person has opened the event of an exchange."""
        if exchange.seq:
            self._note(RecentExchange(exchange.session, exchange.seq, exchange.id))

    def note_target(self, spec: str) -> None:
        """A person has chosen a target."""
        self._in_thread(lambda: self._kept.add_target(spec))

    def _note(self, what: Reference) -> None:
        at = self._kept.now()
        self._in_thread(lambda: self._kept.add_event(what, at))

    def _in_thread(self, add: Callable[[], None]) -> None:
        def work() -> None:
            try:
                add()
            except OSError:  # a full disk, a folder that is read only: what is offered later is shorter, nothing worse
                return

        self._screen.in_thread(work, lambda _: None, group="recent")

    def read(self) -> Recents:
        """What is remembered. Reads one small file."""
        return self._kept.read()

    # ── offering ────────────────────────────────────────────────────────────────────────────────────────────────────
    async def ask(self) -> None:
        """Offer the events that were opened last, and the drafts that were put aside, newest first."""
        from fgtui.tui.screens.dialogs import Choice, Chooser

        screen = self._screen

        def picked(choice: Choice[Going] | None) -> None:
            if choice is not None:
                choice.value()

        chooser = Chooser[Callable[[], None]](say("Recent events"), (), placeholder=say("a part of it"))
        await screen.app.push_screen(chooser, picked)

        def offer(choices: Sequence[Choice[Going]]) -> None:
            if not choices:
                choices = [Choice(lambda: None, say("no event has been opened here yet"))]
            chooser.offer(choices)

        screen.in_thread(self.choices, offer, group="recent")

    def choices(self, *, has_templates: bool = True) -> list[Choice[Going]]:
        """What can be opened again, newest first; with or without templates.

        For a thread: looks whether files are still there.
        """
        events = self.read().events
        if not has_templates:
            events = tuple(each for each in events if not isinstance(each.what, RecentTemplate))
        found = [(each.at, self._choice(each.what, each.at)) for each in events]
        found += [(draft.saved_at, self._draft(draft)) for draft in self._screen.event_pane.drafts.aside()]
        found.sort(key=lambda each: each[0], reverse=True)
        return [choice for _, choice in found if choice is not None]

    def _choice(self, what: Reference, at: datetime) -> Choice[Going] | None:
        """``None`` for what is gone."""
        from fgtui.tui.screens.dialogs import Choice

        screen = self._screen
        match what:
            case RecentTemplate(key, name):
                triggers = (each for each in screen.workspace.catalogue.triggers if each.key == key)
                for trigger in triggers:
                    for template in trigger.templates:
                        if template.name == name:
                            title = template.title_zh if spoken() == "zh" and template.title_zh else template.title
                            return Choice(
                                partial(self._open_template, trigger, template),
                                f"{key} {name}",
                                _detail(at, say("template"), title),
                            )
                return None
            case RecentFile(path):
                file = Path(path)
                if not file.is_file():
                    return None
                folder = screen.workspace.settings.folder
                shown = str(file.relative_to(folder)) if file.is_relative_to(folder) else path
                return Choice(partial(self._open_file, file), shown, _detail(at, say("file")), also=RECENT)
            case RecentExchange(session, seq, _):
                return Choice(
                    partial(self._open_exchange, what),
                    f"{session} #{seq}",
                    _detail(at, say("exchange")),
                    also=RECENT,
                )

    def _draft(self, draft: Draft) -> Choice[Going]:
        from fgtui.tui.screens.dialogs import Choice

        begins = " ".join(draft.text[:CHARACTERS].split())
        return Choice(
            partial(self._screen.restore_draft, draft),
            draft.trigger,
            _detail(draft.saved_at, say("draft"), begins),
            also=RECENT,
        )

    # ── opening ─────────────────────────────────────────────────────────────────────────────────────────────────────
    def _open_template(self, trigger: Trigger, template: Template) -> None:
        from fgtui.tui.actions import Where

        self._screen.open_template(trigger, template)
        self._screen.focus_pane(Where.EVENT)

    def _open_file(self, file: Path) -> None:
        from fgtui.tui.actions import Where

        self._screen.open_file(file)
        self._screen.focus_pane(Where.EVENT)

    def _open_exchange(self, what: RecentExchange) -> None:
        screen = self._screen

        def open_it(exchange: Exchange | None) -> None:
            if exchange is None or exchange.id != what.id:
                screen.say(
                    "{session} #{seq} is gone: it was deleted", severity="warning", session=what.session, seq=what.seq
                )
            else:
                screen.edit_exchange(exchange)

        def read() -> Exchange | None:
            try:
                return screen.workspace.store.get(what.session, what.seq)
            except FgtuiError:
                return None

        screen.in_thread(read, open_it, group="exchange")


def _detail(at: datetime, *parts: str) -> str:
    return " · ".join(filter(None, (f"{at.astimezone():%m-%d %H:%M}", *parts)))
