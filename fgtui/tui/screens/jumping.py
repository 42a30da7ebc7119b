"""Getting somewhere by name: the palette of actions, the jump list, sessions, drafts."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from fgtui.errors import FgtuiError
from fgtui.tui.actions import ACTIONS, PANES, Where, keys_that_arrive, spell_all
from fgtui.words import counted, say, spoken

if TYPE_CHECKING:
    from fgtui.tui.drafts import Draft
    from fgtui.tui.screens.dialogs import Choice
    from fgtui.tui.screens.workbench import WorkbenchScreen


class Jumping:
    """Offers lists, and does what is chosen from them."""

    def __init__(self, screen: WorkbenchScreen) -> None:
        self._screen = screen

    async def ask_action(self) -> None:
        """Offer every action, the focused pane's first."""
        from fgtui.tui.screens.dialogs import Choice, Chooser

        screen = self._screen
        own = screen.where
        actions = sorted(ACTIONS, key=lambda action: action.where is not own)
        choices = [
            Choice(action.id, say(action.words), "", spell_all(keys_that_arrive(action, screen.keymap)))
            for action in actions
            if action.is_offered and action.id != "palette"
        ]

        def picked(choice: Choice[str] | None) -> None:
            if choice is not None:
                screen.call_after_refresh(screen.perform, choice.value)

        await screen.app.push_screen(Chooser(say("Actions"), choices, placeholder=say("what to do")), picked)

    async def ask_place(self) -> None:
        """Offer panes, triggers and their templates."""
        from fgtui.tui.screens.dialogs import Choice, Chooser

        screen = self._screen
        chinese = spoken() == "zh"
        choices: list[Choice[Callable[[], None]]] = []
        for where, about in PANES.items():
            if where is not Where.EVERYWHERE:
                choices.append(Choice(partial(screen.focus_pane, where), say(about.title), say("pane")))
        for trigger in screen.workspace.catalogue.triggers:
            name = trigger.name_zh if chinese else trigger.name
            for template in trigger.templates:
                title = template.title_zh if chinese and template.title_zh else template.title
                choices.append(
                    Choice(
                        partial(screen.open_template, trigger, template),
                        f"{trigger.key} {template.name}",
                        f"{name} · {title}",
                    )
                )

        def picked(choice: Choice[Callable[[], None]] | None) -> None:
            if choice is not None:
                choice.value()

        chooser = Chooser(say("Jump"), choices, placeholder=say("a pane, a trigger, a template"))
        await screen.app.push_screen(chooser, picked)

    def open_trigger(self, key: str) -> None:
        """Open the default template of a trigger; the first there is when nobody knows it."""
        triggers = self._screen.workspace.catalogue.triggers
        trigger = next((each for each in triggers if each.key == key), triggers[0])
        self._screen.open_template(trigger, trigger.templates[0])

    # ── sessions ────────────────────────────────────────────────────────────────────────────────────────────────────
    async def ask_session(self) -> None:
        """Offer the sessions there are; another name makes one when something is recorded into it."""
        from fgtui.tui.screens.dialogs import Choice, Chooser

        screen = self._screen

        def free(text: str) -> Choice[str]:
            return Choice(text.strip(), text.strip(), say("a new session"))

        def picked(choice: Choice[str] | None) -> None:
            if choice is not None:
                self._open_session(choice.value)

        current = screen.session
        chooser = Chooser[str](say("Session"), (), placeholder=say("a name"), free=free)
        await screen.app.push_screen(chooser, picked)

        def read() -> list[Choice[str]]:
            return [
                Choice(each.name, each.name, _counted(each.count), is_current=each.name == current)
                for each in screen.workspace.store.sessions()
            ]

        screen.in_thread(read, chooser.offer, group="sessions")

    def _open_session(self, name: str) -> None:
        from fgtui.sessions.store import check_name

        try:
            check_name(name)
        except FgtuiError as error:
            self._screen.say_error(error)
        else:
            self._screen.set_session(name)
            if self._screen.session_pane.region:
                self._screen.focus_pane(Where.SESSION)

    # ── drafts ──────────────────────────────────────────────────────────────────────────────────────────────────────
    async def ask_draft(self) -> None:
        """Offer the drafts that were put aside."""
        from fgtui.tui.screens.dialogs import Choice, Chooser

        screen = self._screen
        drafts = screen.event_pane.drafts.aside()
        if not drafts:
            screen.say("no drafts are kept for this folder")
            return
        choices = [
            Choice(
                draft, f"{draft.saved_at.astimezone():%m-%d %H:%M}  {draft.trigger}", " ".join(draft.text[:200].split())
            )
            for draft in drafts
        ]

        def picked(choice: Choice[Draft] | None) -> None:
            if choice is not None:
                screen.restore_draft(choice.value)

        await screen.app.push_screen(Chooser(say("Drafts"), choices), picked)


def _counted(count: int) -> str:
    return say(counted(count, "1 exchange", "{count} exchanges"))
