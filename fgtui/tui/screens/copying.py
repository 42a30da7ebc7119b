"""Putting some of an exchange on the clipboard, redacted as its record is, and saying by which way it went."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from fgtui.words import say

if TYPE_CHECKING:
    from fgtui.invoke.model import Exchange
    from fgtui.terminal.clipboard import Copied
    from fgtui.tui.screens.workbench import WorkbenchScreen
    from fgtui.workspace import Workspace


class Part(StrEnum):
    """What of an exchange can be copied."""

    EVENT = "event"
    DECODED = "decoded event"
    RESULT = "result"
    LOGS = "logs"
    EXCHANGE = "exchange"
    MARKDOWN = "bug report"
    COMMAND = "command line"
    CURL = "curl command"
    PYTHON = "Python"
    PYTEST = "test"


class Offer(NamedTuple):
    """How a part is offered."""

    part: Part
    letter: str
    words: str
    detail: str
    format: str = ""
    """Its name among ``sessions.export.FORMATS``, where it is one of these."""


OFFERS = (
    Offer(Part.EVENT, "e", "the event", "the wire text"),
    Offer(Part.DECODED, "d", "the decoded event", "what encoded strings hold, opened"),
    Offer(Part.RESULT, "r", "the result", "the answer"),
    Offer(Part.LOGS, "l", "the logs", ""),
    Offer(Part.EXCHANGE, "x", "the exchange", "all of it, as one line of JSON"),
    Offer(Part.MARKDOWN, "b", "the bug report", "Markdown; b in the list shows it first", "markdown"),
    Offer(Part.COMMAND, "f", "the command line", "fgtui send, with the event", "cli"),
    Offer(Part.CURL, "c", "the curl command", "", "curl"),
    Offer(Part.PYTHON, "p", "Python", "a script that sends the event again", "python"),
    Offer(Part.PYTEST, "t", "the test", "pytest, with the outcome it expects", "pytest"),
)
"""The one list of what can be copied, in the order it is offered."""


def part_text(workspace: Workspace, exchange: Exchange, part: Part) -> str:
    """The text of one part, redacted (reliability, section 6); a record is so already, and stays as it is.

    For a thread: a large event takes its time to be opened.
    """
    if not exchange.seq:
        exchange = workspace.store.redactor.apply(exchange)
    match part:
        case Part.EVENT:
            return exchange.event.text
        case Part.DECODED:
            from fgtui.events.fields import decode

            return decode(exchange.event.text, workspace.trigger_of(exchange.event))
        case Part.RESULT:
            return exchange.outcome.body.decode("utf-8", "replace")
        case Part.LOGS:
            return exchange.outcome.logs
        case Part.EXCHANGE:
            from fgtui.sessions.format import dump_line

            return dump_line(exchange)
        case _:
            return workspace.report(exchange, next(offer.format for offer in OFFERS if offer.part is part))


class Copying:
    """Asks what to copy and copies it off the screen's thread."""

    def __init__(self, screen: WorkbenchScreen) -> None:
        self._screen = screen

    def ask(self, exchange: Exchange) -> None:
        """Ask which part, by one letter."""
        from fgtui.tui.screens.dialogs import Choice, Chooser

        choices = [Choice(offer.part, offer.words, offer.detail, offer.letter) for offer in OFFERS]

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

    def copy_text(self, text: str, what: str = "text") -> None:
        """Copy a text as it is: one of the person's own, or one that has been redacted."""
        copier = self._screen.copier()
        self._screen.in_thread(lambda: copier(text), lambda copied: self._tell(what, copied), group="copy")

    def _tell(self, what: str, copied: Copied) -> None:
        words = say(copied.message, copied.values)
        self._screen.say("{what}: {words}", what=what, words=words)
