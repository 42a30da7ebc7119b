"""Menus of what can be put on the clipboard, of an exchange or of the event in the editor; says which way it went.

What is copied of an exchange is redacted as its record is (reliability, section 6). The event in the editor is a
person's own text and leaves as it stands; in commands made of it, which others see, secrets are variables.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from fgtui.errors import FgtuiError, UsageError
from fgtui.tui.actions import keys_in
from fgtui.words import say, sentence

if TYPE_CHECKING:
    from fgtui.events.catalogue import Trigger
    from fgtui.invoke.model import Exchange, Target
    from fgtui.terminal.clipboard import Copied
    from fgtui.tui.screens.dialogs import Choice
    from fgtui.tui.screens.workbench import WorkbenchScreen
    from fgtui.tui.text.analysis import Analysis
    from fgtui.tui.text.document import Form
    from fgtui.workspace import Workspace

WORTH_A_WORD = 1000
"""Bytes from which on it is said how many were copied."""
WEIGHED = 2_000_000
"""Characters up to which every part is made once to say how large it is."""


class Part(StrEnum):
    """What can be copied."""

    EVENT = sentence("event")
    DECODED = sentence("decoded event")
    PATH = sentence("path")
    VALUE = sentence("value")
    DECODED_VALUE = sentence("decoded value")
    RESULT = sentence("result")
    LOGS = sentence("logs")
    EXCHANGE = sentence("exchange")
    MARKDOWN = sentence("bug report")
    COMMAND = sentence("command line")
    CURL = sentence("curl command")
    PYTHON = sentence("Python")
    PYTEST = sentence("test")


class Offer(NamedTuple):
    """How a part is offered."""

    part: Part
    letter: str
    words: str
    detail: str
    format: str = ""
    """Its name among ``sessions.export.FORMATS``, where it is one of these."""


OFFERS = (
    Offer(Part.EVENT, "e", sentence("the event"), sentence("the wire text")),
    Offer(Part.DECODED, "d", sentence("the decoded event"), sentence("what encoded strings hold, opened")),
    Offer(Part.RESULT, "r", sentence("the result"), sentence("the answer")),
    Offer(Part.LOGS, "l", sentence("the logs"), ""),
    Offer(Part.EXCHANGE, "x", sentence("the exchange"), sentence("all of it, as one line of JSON")),
    Offer(
        Part.MARKDOWN,
        "b",
        sentence("the bug report"),
        sentence("Markdown; {report} in the list shows it first"),
        "markdown",
    ),
    Offer(Part.COMMAND, "f", sentence("the command line"), sentence("fgtui send, with the event"), "cli"),
    Offer(Part.CURL, "c", sentence("the curl command"), "", "curl"),
    Offer(Part.PYTHON, "p", sentence("Python"), sentence("a script that sends the event again"), "python"),
    Offer(Part.PYTEST, "t", sentence("the test"), sentence("pytest, with the outcome it expects"), "pytest"),
)
"""What can be copied of an exchange, in the order it is offered."""

TYPED_OFFERS = (
    Offer(Part.EVENT, "e", sentence("the event"), sentence("the wire text, as it would be sent")),
    Offer(Part.DECODED, "d", sentence("the decoded event"), sentence("what encoded strings hold, opened")),
    Offer(Part.PATH, "p", sentence("the path"), sentence("of the value at the cursor")),
    Offer(Part.VALUE, "v", sentence("the value"), sentence("at the cursor")),
    Offer(Part.DECODED_VALUE, "o", sentence("the decoded value"), sentence("what the string at the cursor holds")),
    Offer(
        Part.COMMAND,
        "f",
        sentence("the command line"),
        sentence("fgtui send, with the event; secrets as variables"),
        "cli",
    ),
    Offer(Part.CURL, "c", sentence("the curl command"), sentence("to the target; secrets as variables"), "curl"),
)
"""What can be copied of the event in the editor."""
CURL_ANYWHERE = sentence("to $FGTUI_URL, where the function answers; secrets as variables")
"""Of a target that nobody reaches by a request."""


def part_text(workspace: Workspace, exchange: Exchange, part: Part) -> str:
    """The text of one part, redacted (reliability, section 6); a record is so already, and stays as it is.

    For a thread: a large event takes its time to be opened. UsageError where there is no such part.
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
            if not exchange.outcome.body:
                raise UsageError("the answer is empty")
            return exchange.outcome.body.decode("utf-8", "replace")
        case Part.LOGS:
            if not exchange.outcome.logs:
                raise UsageError("nothing was logged")
            return exchange.outcome.logs
        case Part.EXCHANGE:
            from fgtui.sessions.format import dump_line

            return dump_line(exchange)
        case _:
            return workspace.report(exchange, next(offer.format for offer in OFFERS if offer.part is part))


class Typed(NamedTuple):
    """The event in the editor at one moment."""

    text: str
    form: Form
    trigger: Trigger | None
    offset: int
    """Of the cursor, in ``text``."""
    target: Target | None
    template: str | None = None
    analysis: Analysis | None = None
    """Of ``text``, where it has been read already."""


def typed_text(workspace: Workspace, typed: Typed, part: Part) -> str:
    """The text of one part of the event in the editor. For a thread. FgtuiError where there is no such part."""
    from fgtui.events.fields import decode
    from fgtui.tui.text.analysis import strict_text

    if part in {Part.PATH, Part.VALUE, Part.DECODED_VALUE}:
        return _at_cursor(typed, part)
    wire = strict_text(typed.text, typed.form)
    if part is Part.EVENT:
        return wire
    if part is Part.DECODED:
        return decode(wire, typed.trigger)
    exchange = _unsent(typed, wire)
    if part is Part.COMMAND and (words := _template_words(typed, wire)):
        from fgtui.sessions.export.commands import send_command
        from fgtui.targets.reaching import reach_of

        name = workspace.targets.word_for(exchange.target)
        reach = reach_of(exchange.target, name, workspace.settings, workspace.environment)
        return send_command(exchange, (), target_name=name, reach=reach).replace("send -", f"send {words}", 1) + "\n"
    return workspace.report(exchange, next(each.format for each in OFFERS if each.part is part))


def _at_cursor(typed: Typed, part: Part) -> str:
    from fgtui.tui.text.analysis import analyse
    from fgtui.tui.text.places import decoded_at, value_at

    analysis = typed.analysis or analyse(0, typed.form, typed.text, typed.trigger, None)
    if part is Part.DECODED_VALUE:
        taken = decoded_at(analysis, typed.trigger, typed.offset)
    else:
        taken = value_at(analysis, typed.offset)
    if taken is None:
        raise UsageError("there is no value at the cursor")
    if part is Part.PATH and not taken.path:
        raise UsageError("the cursor is at the whole event")
    if part is Part.DECODED_VALUE and not taken.how:
        raise UsageError("nothing is encoded at the cursor")
    return taken.path if part is Part.PATH else taken.text


def _template_words(typed: Typed, wire: str) -> str:
    """What ``fgtui send`` calls the event by, where it is a template as it comes; else empty."""
    from fgtui.events.text import scan

    trigger, name = typed.trigger, typed.template
    template = next((each for each in trigger.templates if each.name == name), None) if trigger else None
    if trigger is None or template is None or scan(template.text).wire() != wire:
        return ""
    return trigger.key if template is trigger.templates[0] else f"{trigger.key} --template {template.name}"


def _unsent(typed: Typed, wire: str) -> Exchange:
    """What an export needs: the event and where it would go."""
    from fgtui.events.model import Event
    from fgtui.invoke.ids import ulid
    from fgtui.invoke.model import Cancelled, Exchange, summary_of

    if typed.target is None:
        raise UsageError("no target is chosen")
    event = Event(typed.trigger.key if typed.trigger else "blank", wire.encode())
    return Exchange(ulid(), event, summary_of(typed.target), Cancelled(), datetime.now(UTC))


class Copying:
    """Asks what to copy and copies it off the screen's thread."""

    def __init__(self, screen: WorkbenchScreen) -> None:
        self._screen = screen

    def ask(self, exchange: Exchange) -> None:
        """Ask which part of an exchange, by one letter."""
        workspace = self._screen.workspace
        length = len(exchange.event.wire) + len(exchange.outcome.body) + len(exchange.outcome.logs)
        self._ask(say("Copy, redacted"), OFFERS, lambda part: part_text(workspace, exchange, part), length)

    def ask_event(self) -> None:
        """Ask which part of the event in the editor, by one letter."""
        from fgtui.invoke.model import LocalTarget

        editor, workspace = self._screen.event_pane.editor, self._screen.workspace
        offset = editor.document.offset(editor.area.cursor)
        target = self._screen.targets.target
        typed = Typed(editor.text, editor.form, editor.trigger, offset, target, editor.template, editor.analysis)
        is_here = isinstance(target, LocalTarget)
        offers = [
            each._replace(detail=CURL_ANYWHERE) if is_here and each.part is Part.CURL else each for each in TYPED_OFFERS
        ]
        self._ask(say("Copy"), offers, lambda part: typed_text(workspace, typed, part), len(typed.text))

    def _ask(self, title: str, offers: Sequence[Offer], text_of: Callable[[Part], str], length: int) -> None:
        """Offer at once, with sizes when they are known; what cannot be made says why."""
        from fgtui.tui.screens.dialogs import Choice, Chooser

        keys = keys_in(self._screen.app, report="report-exchange")

        def choice_of(offer: Offer, size: str = "", why_not: str = "") -> Choice[Part]:
            details = [size, say(offer.detail, keys) if offer.detail else ""]
            detail = " · ".join(each for each in details if each)  # what is cut where it is narrow is the end
            return Choice(offer.part, say(offer.words), detail, offer.letter, why_not=why_not)

        def picked(choice: Choice[Part] | None) -> None:
            if choice is not None:
                part = choice.value
                self._copy(lambda: text_of(part), say(part.value))

        def weigh() -> list[Choice[Part]]:
            return [choice_of(offer, *_weighed(text_of, offer.part)) for offer in offers]

        chooser = Chooser(title, [choice_of(offer) for offer in offers], letters=True)
        self._screen.app.push_screen(chooser, picked)
        if length <= WEIGHED:
            self._screen.in_thread(weigh, chooser.offer, group="sizes")

    def copy(self, exchange: Exchange, part: Part) -> None:
        """Copy one part and say how it went."""
        workspace = self._screen.workspace
        self._copy(lambda: part_text(workspace, exchange, part), say(part.value))

    def copy_text(self, text: str, what: str = "") -> None:
        """Copy a text as it is: one of the person's own, or one that has been redacted. ``what`` it is, is said."""
        self._copy(lambda: text, what or say("text"))

    def _copy(self, make: Callable[[], str], what: str) -> None:
        copier = self._screen.copier()
        self._screen.in_thread(lambda: copier(make()), lambda copied: self._tell(what, copied), group="copy")

    def _tell(self, what: str, copied: Copied) -> None:
        from fgtui.invoke.outcome_words import size

        words = say(copied.message, copied.values)
        if copied.size < WORTH_A_WORD:
            self._screen.say("{what}: {words}", what=what, words=words)
        else:
            self._screen.say("{what}: {words} ({size})", what=what, words=words, size=size(copied.size))


def _weighed(text_of: Callable[[Part], str], part: Part) -> tuple[str, str]:
    """How large a part is, or why there is none; in words."""
    from fgtui.invoke.outcome_words import size

    try:
        text = text_of(part)
    except FgtuiError as error:
        return "", say(error.message, error.values)
    return size(len(text.encode("utf-8", "surrogatepass"))), ""
