"""Tells which trigger an event is of, by the ordered rules of the trigger folders (events.md, Recognising an event).

Looks at values only as far as a rule asks, so a half-written event is recognised by what is there.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from fgtui.events.catalogue import BLANK, Catalogue, Trigger, samples_root
from fgtui.events.patterns import Pattern, find_all
from fgtui.events.rules import Condition
from fgtui.events.text import Document, Kind, Node


def recognise(document: Document, catalogue: Catalogue | None = None) -> str:
    """The key of the trigger whose rule ``document`` fits first; ``blank`` where it fits none.

    A person's own triggers are asked before the packaged ones, among themselves in the order of their rules. Without
    a ``catalogue`` only the packaged ones are asked.
    """
    for trigger in _in_order((catalogue or _packaged()).triggers):
        recognition = trigger.rules.recognition
        if recognition and any(_holds(condition, document) for condition in recognition.any):
            return trigger.key
    return BLANK


@cache
def _packaged() -> Catalogue:
    return Catalogue([samples_root()])


def _in_order(triggers: Iterable[Trigger]) -> list[Trigger]:
    def rank(trigger: Trigger) -> tuple[bool, int]:
        recognition = trigger.rules.recognition
        return trigger.builtin, recognition.order if recognition else 0

    return sorted(triggers, key=rank)


def _holds(condition: Condition, document: Document) -> bool:
    return (
        all(_is_there(place, document) for place in condition.has)
        and not any(_is_there(place, document) for place in condition.lacks)
        and all(any(_type(node) == wanted for node in find_all(document, place)) for place, wanted in condition.types)
        and all(
            any(_equals(document, node, wanted) for node in find_all(document, place))
            for place, wanted in condition.equals
        )
    )


def _is_there(place: Pattern, document: Document) -> bool:
    return next(find_all(document, place), None) is not None


def _type(node: Node) -> str:
    return "boolean" if node.kind in {Kind.TRUE, Kind.FALSE} else node.kind.value


def _equals(document: Document, node: Node, wanted: str | int | bool) -> bool:
    if node.kind not in {Kind.STRING, Kind.NUMBER, Kind.TRUE, Kind.FALSE}:
        return False
    value = document.value(node)
    return type(value) is type(wanted) and value == wanted
