"""Sending to a handler that waits for a debugger: at which port, and what to do about it for as long as it waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fgtui.invoke.debugging import usual_port
from fgtui.invoke.model import LocalTarget
from fgtui.records import replace
from fgtui.tui.actions import keys_in
from fgtui.words import say, sentence

if TYPE_CHECKING:
    from fgtui.invoke.model import Family
    from fgtui.tui.screens.workbench import WorkbenchScreen
    from fgtui.tui.sending import Sending

CLIENTS: dict[Family, str] = {
    "python": sentence('VS Code ("Python Debugger: Remote Attach"), or whatever speaks to debugpy'),
    "node": sentence('chrome://inspect, or VS Code ("Attach to Node.js")'),
    "java": sentence('IntelliJ IDEA ("Remote JVM Debug"), or jdb -attach {address}'),
}
"""What attaches to the handlers that wait, as the help about debugging has it."""


class Debugging:
    """Says in the outcome pane what a send that is debugged waits for."""

    def __init__(self, screen: WorkbenchScreen) -> None:
        self._screen = screen
        self._told: Sending | None = None

    @staticmethod
    def debugged(target: LocalTarget) -> LocalTarget:
        """``target``, waiting for a debugger at its runtime's usual port, or at the next free one."""
        return replace(target, debug_port=usual_port(target.family))

    def tell(self, sending: Sending) -> None:
        """Say where to attach, until the handler is called; what is started from a bootstrap says so in its log."""
        target = sending.target
        if not isinstance(target, LocalTarget) or target.debug_port is None:
            return
        if target.family not in CLIENTS:
            self._told = sending
            self._screen.outcome_view.show_waiting("")
        elif sending.is_invoked:
            self.end(sending)
        elif sending.attach and sending is not self._told:
            self._told = sending
            self._screen.outcome_view.show_waiting(self._words(target.family, sending.attach))

    def end(self, sending: Sending) -> None:
        """Take back what was said."""
        if sending is self._told:
            self._told = None
            sending.attach = ""
            self._screen.outcome_view.show_waiting("")

    def _words(self, family: Family, address: str) -> str:
        waits = say("Waiting for a debugger at {address}", address=address)
        client = say("Attach with {client}.", client=say(CLIENTS[family], address=address))
        key = keys_in(self._screen.app, key="cancel")
        return "\n".join((waits, client, say("Then the handler is loaded. No limit is in force; {key} cancels.", key)))
