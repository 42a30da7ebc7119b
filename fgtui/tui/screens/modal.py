"""What every screen over the workbench is: it ends once, however many keys were typed ahead."""

from __future__ import annotations

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen, ScreenResultType


class Modal(ModalScreen[ScreenResultType]):
    """A screen that has the keys until it ends."""

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """End with ``result``. What is not on top has ended already: Textual would end another screen in its place."""
        if self.is_current:
            return super().dismiss(result)
        return AwaitComplete()
