"""What every screen over the workbench is: it ends once, however many keys were typed ahead."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.await_complete import AwaitComplete
from textual.binding import BindingType
from textual.screen import ModalScreen, ScreenResultType

from fgtui.tui.actions import Where, bindings


class Modal(ModalScreen[ScreenResultType]):
    """A screen that has the keys until it ends."""

    KEYS: ClassVar[Sequence[tuple[str, str]]] = (("Enter", "agree"), ("Esc", "leave"))
    """Its keys and what each does, as F1 says them."""
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.DIALOG)]

    def action_keys(self) -> None:
        """Say which keys there are; in what says so, go back."""
        from fgtui.tui.screens.dialogs import Notice
        from fgtui.words import say

        if isinstance(self, Notice):
            self.dismiss()
            return
        width = max(len(keys) for keys, _ in self.KEYS) + 2
        self.app.push_screen(
            Notice(say("Keys"), "\n".join(f"{keys:<{width}}{say(words)}" for keys, words in self.KEYS))
        )

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """End with ``result``. What is not on top has ended already: Textual would end another screen in its place."""
        if self.is_current:
            return super().dismiss(result)
        return AwaitComplete()
