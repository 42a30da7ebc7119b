"""Putting some of an exchange on the clipboard, redacted as its record is, and saying by which way it went."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from fgtui.words import say

if TYPE_CHECKING:
    from fgtui.invoke.model import Exchange
    from fgtui.terminal.clipboard import Copied
    from fgtui.tui.screens.dialogs import Choice
    from fgtui.tui.screens.workbench import WorkbenchScreen
    from fgtui.workspace import Workspace


class Part(StrEnum):
    """What of an exchange can be copied."""

    EVENT = "event"
    RESULT = "result"
    LOGS = "logs"
    EXCHANGE = "exchange"


def part_text(workspace: Workspace, exchange: Exchange, part: Part) -> str:
    """The text of one part, redacted (reliability, section 6); a record is so already, and stays as it is."""
    if not exchange.seq:
        exchange = workspace.store.redactor.apply(exchange)
    match part:
        case Part.EVENT:
            return exchange.event.text
        case Part.RESULT:
            return exchange.outcome.body.decode("utf-8", "replace")
        case Part.LOGS:
            return exchange.outcome.logs
        case Part.EXCHANGE:
            from fgtui.sessions.format import dump_line

            return dump_line(exchange)


class Copying:
    """Asks what to copy and copies it off the screen's thread."""

    def __init__(self, screen: WorkbenchScreen) -> None:
        self._screen = screen

    def ask(self, exchange: Exchange) -> None:
        """Ask which part, by one letter."""
        from fgtui.tui.screens.dialogs import Choice, Chooser

        choices = [
            Choice(Part.EVENT, "the event", "the wire text", "e"),
            Choice(Part.RESULT, "the result", "the answer", "r"),
            Choice(Part.LOGS, "the logs", "", "l"),
            Choice(Part.EXCHANGE, "the exchange", "all of it, as one line of JSON", "x"),
        ]

        def picked(choice: Choice[Part] | None) -> None:
            if choice is not None:
                self.copy(exchange, choice.value)

        self._screen.app.push_screen(Chooser("Copy, redacted", choices, letters=True), picked)

    def copy(self, exchange: Exchange, part: Part) -> None:
        """Copy one part and say how it went."""
        workspace = self._screen.workspace
        copier = self._screen.copier()

        def work() -> Copied:
            return copier(part_text(workspace, exchange, part))

        self._screen.in_thread(work, lambda copied: self._tell(part.value, copied), group="copy")

    def copy_text(self, text: str) -> None:
        """Copy a text of the person's own, as it is."""
        copier = self._screen.copier()
        self._screen.in_thread(lambda: copier(text), lambda copied: self._tell("text", copied), group="copy")

    def _tell(self, what: str, copied: Copied) -> None:
        words = say(copied.message, copied.values)
        self._screen.say("{what}: {words}", what=what, words=words)
