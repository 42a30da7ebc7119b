"""Putting the event in the editor into another one, and taking out what it carries.

Each is one step of the text's history. The event is put in without its white space, as services send it, so that the
decoded form opens it; what is taken out is laid out to be read. No number and no string is written anew.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, TypeVar, cast

from fgtui.tui.text.document import Form
from fgtui.tui.text_work import is_long
from fgtui.words import say, spoken

if TYPE_CHECKING:
    from fgtui.events.catalogue import Catalogue, Template, Trigger
    from fgtui.events.chains import Carried
    from fgtui.events.model import Path, Problem
    from fgtui.tui.screens.dialogs import Choice
    from fgtui.tui.screens.workbench import WorkbenchScreen
    from fgtui.tui.text.document import Moment

Answer = TypeVar("Answer")
READABLE = 120
"""Characters of one line that may stay one line when it is taken out."""


class Edited(NamedTuple):
    """The text in the editor at one moment."""

    moment: Moment
    text: str
    form: Form
    trigger: Trigger | None
    path: Path | None
    """Of the value at the cursor; ``None`` while that is not known."""


class Linked(NamedTuple):
    """The text that takes its place, and where the cursor goes."""

    text: str
    path: Path
    trigger: Trigger
    """Whose event it is …"""
    looks_like: str
    """… and the key of whose it is recognised as."""
    problems: tuple[Problem, ...] = ()


class Chaining:
    """Wraps and unwraps the event in the editor."""

    def __init__(self, screen: WorkbenchScreen) -> None:
        self._screen = screen

    def wrap(self) -> None:
        """Ask what shall carry the event, and put it in."""
        edited, catalogue = self._edited(), self._screen.workspace.catalogue
        self._screen.in_thread(lambda: _carriers(edited, catalogue), partial(self._ask_carrier, edited), group="chain")

    def unwrap(self) -> None:
        """Take out the event at the cursor, or the only one; of several ask which."""
        edited, catalogue = self._edited(), self._screen.workspace.catalogue

        def found(events: Sequence[Carried]) -> None:
            from fgtui.events.chains import carried_at

            one = carried_at(events, edited.path) if edited.path is not None else None
            if one is not None or len(events) == 1:
                self._take_out(edited, one or events[0])
            else:
                self._ask_which(edited, events)

        self._work(edited, say("Take out"), lambda: _carried(edited, catalogue), found)

    def _work(self, edited: Edited, title: str, work: Callable[[], Answer], then: Callable[[Answer], None]) -> None:
        """Go on with what ``work`` makes of the text; while that takes its time, keys are not typed into the event."""
        if not is_long(len(edited.text)):
            self._screen.in_thread(work, then, group="chain")
            return
        from fgtui.tui.screens.working import Worked, WorkScreen

        def ended(worked: Worked[Answer] | None) -> None:
            if worked is None or worked.is_cancelled:
                return
            if worked.error is not None:
                self._screen.say_error(worked.error)
            else:
                then(cast("Answer", worked.answer))

        self._screen.app.push_screen(WorkScreen[Answer](title, lambda _: work()), ended)

    def _edited(self) -> Edited:
        editor = self._screen.event_pane.editor
        return Edited(editor.document.moment, editor.text, editor.form, editor.trigger, editor.path_at_cursor())

    def _ask_carrier(self, edited: Edited, templates: Sequence[tuple[Trigger, Template]]) -> None:
        from fgtui.tui.screens.dialogs import Choice, Chooser

        choices = [Choice(each, f"{each[0].key} {each[1].name}", _about(*each)) for each in templates]

        def picked(choice: Choice[tuple[Trigger, Template]] | None) -> None:
            if choice is not None:
                carrier, template = choice.value
                catalogue = self._screen.workspace.catalogue
                self._work(
                    edited,
                    say("Wrap the event in {trigger}", trigger=carrier.key),
                    lambda: _wrapped(edited, carrier, template, catalogue),
                    lambda linked: self._show(edited, linked, say("wrapped in {trigger}", trigger=carrier.key)),
                )

        self._screen.app.push_screen(
            Chooser(say("Wrap the event in"), choices, placeholder=say("a trigger that carries others")), picked
        )

    def _ask_which(self, edited: Edited, events: Sequence[Carried]) -> None:
        from fgtui.events.text import format_path
        from fgtui.tui.screens.dialogs import Choice, Chooser

        choices = [
            Choice(each, format_path(each.path), f"{each.trigger}  {' '.join(each.text[:200].split())}")
            for each in events
        ]

        def picked(choice: Choice[Carried] | None) -> None:
            if choice is not None:
                self._take_out(edited, choice.value)

        self._screen.app.push_screen(Chooser(say("Take out"), choices), picked)

    def _take_out(self, edited: Edited, carried: Carried) -> None:
        catalogue = self._screen.workspace.catalogue
        self._work(
            edited,
            say("Take out"),
            lambda: _unwrapped(edited, carried, catalogue),
            lambda linked: self._show(edited, linked, say("taken out: an event of {trigger}", trigger=carried.trigger)),
        )

    def _show(self, edited: Edited, linked: Linked, words: str) -> None:
        """Put the text in as one step of the history; not over one that changed meanwhile."""
        editor = self._screen.event_pane.editor
        if editor.document.moment != edited.moment:
            self._screen.say("the text has changed meanwhile; nothing was done", severity="warning")
            return
        editor.area.replace_all(linked.text)
        self._screen.event_pane.made_into(linked.trigger, linked.looks_like)  # an undo is recognised as what it is
        editor.go_to_path(linked.path)
        self._screen.say("{words}; undo goes back", words=words)
        for problem in linked.problems:
            self._screen.say("{words}", severity="warning", words=say(problem.message, problem.values))


def _about(carrier: Trigger, template: Template) -> str:
    chinese = spoken() == "zh"
    name, title = (carrier.name_zh, template.title_zh) if chinese else (carrier.name, template.title)
    return f"{name} · {title}"


# In a thread


def _wire(edited: Edited) -> str:
    from fgtui.tui.text.analysis import strict_text

    return strict_text(edited.text, edited.form)


def _in_form(edited: Edited, wire: str, trigger: Trigger) -> str:
    from fgtui.tui.text.analysis import turned

    return wire if edited.form is Form.WIRE else turned(wire, Form.WIRE, trigger)


def _carriers(edited: Edited, catalogue: Catalogue) -> list[tuple[Trigger, Template]]:
    """Every template that can carry the event; of each trigger first the one in which it usually travels."""
    from fgtui.events.chains import carriers, carrying_templates, template_for

    if not is_long(len(edited.text)):  # a long one is refused when it has been read, which nobody waits for here
        _wire(edited)  # an event that is none is refused before anything is asked
    inner = edited.trigger.key if edited.trigger else ""
    found = []
    for carrier in carriers(catalogue):
        usual = template_for(carrier, inner).name
        templates = sorted(carrying_templates(carrier), key=lambda each: each.name != usual)
        found += [(carrier, template) for template in templates]
    return found


def _wrapped(edited: Edited, carrier: Trigger, template: Template, catalogue: Catalogue) -> Linked:
    from fgtui.events.chains import carrying_place, problems_of, wrap
    from fgtui.events.layout import compact
    from fgtui.events.recognition import recognise
    from fgtui.events.text import scan
    from fgtui.invoke.ids import request_id

    wire = _wire(edited)
    rules = carrier.rules.carrying
    inner = wire.strip() if rules and rules.codec == "value" else compact(wire)
    wrapped = wrap([inner], carrier, template.text, catalogue, new_id=request_id)
    place = carrying_place(wrapped, carrier)
    looks_like = carrier.key if carrier.rules.recognition else recognise(scan(wrapped), catalogue)
    return Linked(
        _in_form(edited, wrapped, carrier), place, carrier, looks_like, problems_of(wrapped, carrier, catalogue)
    )


def _carried(edited: Edited, catalogue: Catalogue) -> tuple[Carried, ...]:
    from fgtui.events.catalogue import BLANK
    from fgtui.events.chains import unwrap

    return unwrap(_wire(edited), edited.trigger or catalogue.get(BLANK), catalogue)


def _unwrapped(edited: Edited, carried: Carried, catalogue: Catalogue) -> Linked:
    from fgtui.events.layout import pretty

    text = carried.text.strip()
    if len(text) > READABLE or "\n" in text:
        text = pretty(text)
    trigger = catalogue.get(carried.trigger)
    return Linked(_in_form(edited, text + "\n", trigger), (), trigger, trigger.key)
