"""What every screen over the workbench is: it ends once, however many keys were typed ahead."""

from __future__ import annotations

from typing import ClassVar

from textual.await_complete import AwaitComplete
from textual.binding import BindingType
from textual.screen import ModalScreen, ScreenResultType

from fgtui.tui.actions import ACTIONS, Where, bindings


class Modal(ModalScreen[ScreenResultType]):
    """A screen that has the keys until it ends."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.DIALOG)]

    def action_keys(self) -> None:
        """Say which keys there are: the screen's own, those of what has the focus, those of every dialog."""
        from fgtui.tui.screens.help import HelpScreen

        found = {each.binding.id: each.node is self for each in self.active_bindings.values()}
        places = {action.where: found[action.id] for action in ACTIONS if action.id in found}
        last = (Where.DIALOG, Where.PROGRAM)
        order = sorted(places, key=lambda where: (where in last, not places[where]))
        self.app.push_screen(HelpScreen(order, getattr(self.app, "keymap", {})))

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """End with ``result``. What is not on top has ended already: Textual would end another screen in its place."""
        if self.is_current:
            return super().dismiss(result)
        return AwaitComplete()
