"""Getting somewhere by name: the palette of actions, the jump list, sessions, drafts."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from string import ascii_uppercase
from typing import TYPE_CHECKING

from fgtui.errors import FgtuiError
from fgtui.tui.actions import ACTIONS, PANES, Where, action_called, keys_that_arrive, spell_all
from fgtui.tui.screens.panes import OF_OUTCOME
from fgtui.words import counted, say, spoken

NAMES_IN_A_LINE = 100
"""Columns below which what the letters lead to takes lines in which messages stand."""
OPENS = "trigger "
"""What the palette's entry of a trigger is called by, with its key behind: no action's id has a space."""
GOING = (Where.TRIGGERS, Where.EVENT, Where.FIELD, Where.OUTCOME, Where.SESSION)

if TYPE_CHECKING:
    from textual.geometry import Offset
    from textual.widget import Widget

    from fgtui.tui.remembered.drafts import Draft
    from fgtui.tui.screens.dialogs import Choice
    from fgtui.tui.screens.jump_overlay import Goal
    from fgtui.tui.screens.workbench import WorkbenchScreen


class Jumping:
    """Offers lists, and does what is chosen from them."""

    def __init__(self, screen: WorkbenchScreen) -> None:
        self._screen = screen
        self._recent: deque[str] = deque(maxlen=5)
        """Ids of the actions that the palette was asked for last, the latest first."""

    async def ask_action(self) -> None:
        """Offer every action: those chosen last, then the focused pane's, then all others; and to open each trigger."""
        from fgtui.tui.screens.dialogs import Choice, Chooser
        from fgtui.tui.screens.modal import also_called

        screen = self._screen
        own = screen.pane_where
        recent = {name: at for at, name in enumerate(self._recent)}
        actions = sorted(
            (action for action in ACTIONS if action.is_offered and action.id != "palette"),
            key=lambda action: (recent.get(action.id, len(recent)), action.where is not own),
        )
        idle = self._idle()
        places = {Where.EVERYWHERE, Where.PROGRAM, own}
        choices = [
            Choice(
                action.id,
                say(action.words),
                "" if action.where in places else say(PANES[action.where].title),
                spell_all(keys_that_arrive(action, screen.keymap)),
                also=also_called(action),
                why_not=idle.get(action.id) or idle.get(action.where, ""),
            )
            for action in actions
        ]
        triggers = {f"{OPENS}{trigger.key}": trigger for trigger in screen.workspace.catalogue.triggers}
        chinese = spoken() == "zh"
        choices += [
            Choice(
                value,
                say("Open trigger {key}: {name}", key=trigger.key, name=trigger.name_zh if chinese else trigger.name),
                also=f"{trigger.name}\n{trigger.name_zh}",
            )
            for value, trigger in triggers.items()
        ]

        def picked(choice: Choice[str] | None) -> None:
            if choice is not None and choice.value in triggers:
                trigger = triggers[choice.value]
                screen.choose_template(trigger, trigger.templates[0])
            elif choice is not None:
                if choice.value in self._recent:
                    self._recent.remove(choice.value)
                self._recent.appendleft(choice.value)
                screen.call_after_refresh(screen.perform, choice.value)

        await screen.app.push_screen(Chooser(say("Actions"), choices, placeholder=say("what to do")), picked)

    def _idle(self) -> dict[str, str]:
        """Why some actions can do nothing now: by the action's name, or by the place of all of them."""
        screen = self._screen
        found: dict[str, str] = {}
        if screen.served is None:
            found |= dict.fromkeys(("serve-stop", "serve-copy"), say("nothing is served"))
        if screen.touring is None:
            found |= dict.fromkeys(("tour-next", "tour-back", "tour-end"), say("only in fgtui demo"))
        if screen.event_pane.field is None:
            found[Where.FIELD] = say("no field is open")
        if screen.outcome_view.exchange is None:
            found |= dict.fromkeys(OF_OUTCOME, say("nothing is shown there"))
        if not screen.outcome_view.has_places:
            found |= dict.fromkeys(("open-place", "next-place", "previous-place"), say("no place in a file is shown"))
        return found

    async def ask_where(self) -> None:
        """Put a letter on everything that can be gone to, and go where it leads; or show the list."""
        from fgtui.tui.screens.jump_overlay import JumpOverlay

        screen = self._screen

        def picked(answer: Callable[[], None] | str | None) -> None:
            if isinstance(answer, str):
                screen.run_worker(self.ask_place(answer), group="jump")
            elif answer is not None:
                answer()

        goals = self._goals()
        messages = [message.region for message in screen.query("Toast")]
        on_letter = any(region.contains_point(goal.at) for goal in goals if goal.at is not None for region in messages)
        if messages and (on_letter or screen.size.width < NAMES_IN_A_LINE):
            screen.app.clear_notifications()  # a letter, or what it leads to, could not be read below one
        await screen.app.push_screen(JumpOverlay(goals), picked)

    def _goals(self) -> list[Goal]:
        from textual.geometry import Offset

        from fgtui.tui.screens.jump_overlay import Goal

        screen = self._screen
        bar, tabs = screen.target_bar, screen.outcome_view.tabs

        def corner(widget: Widget | None) -> Offset | None:
            """The cell of a frame before its title."""
            return widget.region.offset + Offset(1, 0) if widget is not None and widget.region else None

        def start(widget: Widget) -> Offset | None:
            return widget.region.offset if widget.region else None

        field = screen.event_pane.field
        goals = [
            Goal(letter, say(PANES[where].title), partial(screen.focus_pane, where), corner(screen.panes()[where]))
            for letter, where in (("t", Where.TRIGGERS), ("e", Where.EVENT), ("o", Where.OUTCOME), ("s", Where.SESSION))
        ]
        at = start(field) if field is not None and screen.event_pane.holds_field else None
        goals.insert(2, Goal("f", say("Field"), partial(screen.focus_pane, Where.FIELD), at))
        at = start(bar)
        to_session = None if at is None else at + Offset(max(0, bar.session_column), 0)
        to_target = None if at is None else at + Offset(max(0, bar.target_column), 0)
        goals += [
            Goal("n", say("session name"), partial(self._do, "switch-session"), to_session),
            Goal("g", say("target"), partial(self._do, "choose-target"), to_target),
            Goal("w", say("filter"), partial(self._do, "filter-session"), None),
        ]
        goals += self._trigger_goals()
        if tabs.region:
            for index, column in enumerate(tabs.starts()):
                spot = tabs.region.offset + Offset(column, 0)
                goals.append(Goal(str(index + 1), "", partial(self._show_part, index), spot))
        return goals

    def _trigger_goals(self) -> Iterator[Goal]:
        """The triggers and templates in sight, by capital letters: small ones begin the list's line."""
        from fgtui.tui.screens.jump_overlay import Goal

        rows = self._screen.trigger_list.rows
        entries = ((rows.entries[index], at) for index, at in rows.in_sight())
        shown = [(each.trigger, each.template, at) for each, at in entries if each.trigger is not None]
        for letter, (trigger, template, at) in zip(ascii_uppercase, shown, strict=False):
            go = partial(self._screen.choose_template, trigger, template or trigger.templates[0])
            yield Goal(letter, "", go, at)

    def _do(self, action_id: str) -> None:
        self._screen.call_after_refresh(self._screen.perform, action_id)

    def _show_part(self, index: int) -> None:
        self._screen.outcome_view.tabs.pick(index)
        self._screen.focus_pane(Where.OUTCOME)

    async def ask_place(self, typed: str = "") -> None:
        """Offer panes, triggers and their templates, and sessions as soon as they are read."""
        from fgtui.tui.screens.dialogs import Choice, Chooser

        screen = self._screen
        chinese = spoken() == "zh"
        choices: list[Choice[Callable[[], None]]] = [
            Choice(partial(screen.focus_pane, where), say(PANES[where].title), say("pane")) for where in GOING
        ]
        for action_id in ("open-recent", "choose-target", "open-file", "open-example"):
            action = action_called(action_id)
            choices.append(Choice(partial(self._do, action_id), say(action.words), also=action_id))
        for trigger in screen.workspace.catalogue.triggers:
            name = trigger.name_zh if chinese else trigger.name
            for template in trigger.templates:
                title = template.title_zh if chinese and template.title_zh else template.title
                choices.append(
                    Choice(
                        partial(screen.choose_template, trigger, template),
                        f"{trigger.key} {template.name}",
                        f"{name} · {title}",
                    )
                )

        def picked(choice: Choice[Callable[[], None]] | None) -> None:
            if choice is not None:
                choice.value()

        placeholder = say("a trigger, template, pane, session")
        chooser = Chooser(say("Jump"), choices, placeholder=placeholder, typed=typed)
        await screen.app.push_screen(chooser, picked)

        def read() -> list[Choice[Callable[[], None]]]:
            sessions: list[Choice[Callable[[], None]]] = [
                Choice(partial(self._open_session, each.name), each.name, say("session"))
                for each in screen.workspace.store.sessions()
            ]
            return [*sessions, *screen.recent.choices(has_templates=False)]

        screen.in_thread(read, lambda found: chooser.offer([*choices, *found]), group="sessions")

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
    def ask_draft(self) -> None:
        """Offer the drafts that were put aside."""
        from fgtui.tui.screens.dialogs import Choice, Chooser

        screen = self._screen

        def picked(choice: Choice[Draft] | None) -> None:
            if choice is not None:
                screen.restore_draft(choice.value)

        def offer(drafts: Sequence[Draft]) -> None:
            if not drafts:
                screen.say("no drafts are kept for this folder")
                return
            choices = [
                Choice(
                    draft,
                    f"{draft.saved_at.astimezone():%m-%d %H:%M}  {draft.trigger}",
                    " ".join(draft.text[:200].split()),
                )
                for draft in drafts
            ]
            screen.app.push_screen(Chooser(say("Drafts"), choices), picked)

        screen.in_thread(screen.event_pane.drafts.aside, offer, group="drafts")


def _counted(count: int) -> str:
    return say(counted(count, "1 exchange", "{count} exchanges"))
