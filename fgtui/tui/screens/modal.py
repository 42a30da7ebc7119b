"""What every screen over the workbench is: it ends once, however many keys were typed ahead."""

from __future__ import annotations

from typing import ClassVar

from textual.await_complete import AwaitComplete
from textual.binding import BindingType
from textual.screen import ModalScreen, ScreenResultType

from fgtui.tui.actions import ACTIONS, Action, Where, bindings, keys_that_arrive, spell_all
from fgtui.tui.terminal.compositing import WholeCompositor

WIDTHS = [(0, "-one-column"), (60, "-roomy")]
HEIGHTS = [(0, "-low"), (14, "-high")]
"""From how many columns and lines on a screen leaves some of what is below in sight."""


class Modal(ModalScreen[ScreenResultType]):
    """A screen that has the keys until it ends."""

    HORIZONTAL_BREAKPOINTS = WIDTHS
    VERTICAL_BREAKPOINTS = HEIGHTS

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.DIALOG)]

    def __init__(self) -> None:
        super().__init__()
        self._compositor = WholeCompositor()

    def action_keys(self) -> None:
        """Say which keys there are: the screen's own, those of what has the focus, those of every dialog."""
        from fgtui.tui.screens.help import HelpScreen

        found = {each.binding.id: each.node is self for each in self.active_bindings.values()}
        places = {action.where: found[action.id] for action in ACTIONS if action.id in found}
        last = (Where.DIALOG, Where.PROGRAM)
        order = sorted(places, key=lambda where: (where in last, not places[where]))
        self.app.push_screen(HelpScreen(order, getattr(self.app, "keymap", {})))

    def action_palette(self) -> None:
        """Offer what can be done on this screen, and do what is chosen; nothing where there is nothing to offer."""
        from fgtui.tui.screens.dialogs import Choice, Chooser
        from fgtui.words import say

        keymap = getattr(self.app, "keymap", {})
        bound = {each.binding.id: each.node for each in self.active_bindings.values()}
        choices = [
            Choice(action, say(action.words), "", spell_all(keys_that_arrive(action, keymap)), also=also_called(action))
            for action in ACTIONS
            if action.id in bound and not action.is_plain and action.where not in {Where.DIALOG, Where.PROGRAM}
        ]

        def picked(choice: Choice[Action] | None) -> None:
            if choice is not None:
                self.call_after_refresh(self.app.run_action, choice.value.does, bound[choice.value.id])

        if choices:
            self.app.push_screen(Chooser(say("Actions"), choices, placeholder=say("what to do")), picked)

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """End with ``result``. What is not on top has ended already: Textual would end another screen in its place."""
        if self.is_current:
            return super().dismiss(result)
        return AwaitComplete()


def also_called(action: Action) -> str:
    """What else finds an action in a palette: its words in English, and its name in settings."""
    return f"{action.words}\n{action.id}"
