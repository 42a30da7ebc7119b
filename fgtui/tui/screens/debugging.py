"""Sending to a handler that waits for a debugger: at which port, and saying where to attach for as long as it waits."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fgtui.invoke.debugging import ANY_PORT, USUAL_PORTS, free_port_from
from fgtui.records import replace

if TYPE_CHECKING:
    from fgtui.invoke.model import LocalTarget
    from fgtui.tui.screens.workbench import WorkbenchScreen
    from fgtui.tui.sending import Sending

STAYS_S = 60.0
"""How long a toast with an address stays: it is copied by hand into another program."""


class Debugging:
    """What is known of the handlers that are being debugged."""

    def __init__(self, screen: WorkbenchScreen) -> None:
        self._screen = screen
        self._ports: dict[LocalTarget, int] = {}
        """By what was debugged: the same port again is the same warm instance again, its debugger still attached."""
        self._told: Sending | None = None

    def debugged(self, target: LocalTarget) -> LocalTarget:
        """``target``, waiting for a debugger at its runtime's usual port, or at the next free one."""
        usual = USUAL_PORTS.get(target.family)
        if usual is None:
            self._screen.say("no limit is in force; the server has to start a debugger by itself")
            return replace(target, debug_port=ANY_PORT)
        if target not in self._ports:
            self._ports[target] = free_port_from(usual)
        return replace(target, debug_port=self._ports[target])

    def tell(self, sending: Sending) -> None:
        """Say where to attach, once for each send; and no longer when the handler has been called."""
        if not sending.attach:
            return
        if sending is not self._told:
            self._told = sending
            self._screen.say(
                "attach a debugger at {address}; the handler waits for it", address=sending.attach, stays_s=STAYS_S
            )
            self._screen.outcome_view.show_waiting(
                f"Waiting for a debugger at\n{sending.attach}\n\n"
                "Then the handler is loaded.\nNo limit is in force; Esc cancels."
            )
        elif sending.is_invoked:
            self.end(sending)

    def end(self, sending: Sending) -> None:
        """Take back what was said of where to attach."""
        if sending is self._told:
            self._told = None
            sending.attach = ""
            self._screen.app.clear_notifications()
            self._screen.outcome_view.show_waiting("")
