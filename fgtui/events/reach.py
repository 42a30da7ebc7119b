"""Follows a path through an event, and on through every encoded string on the way.

``lts.data.logs[0].message`` leads into base64, JSON and, in two of the three shapes of LTS, a JSON string once more.
A path that was asked for opens what no guess would: ``"{}"``, JSON of any spacing, gzip of any making.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, NoReturn

from fgtui.errors import EventError
from fgtui.events.codecs import JSON_TYPE, LAYER_LIMIT, Budget, Layer, open_string
from fgtui.events.model import Path
from fgtui.events.path import format_path
from fgtui.events.reasons import Reason, reason_closed
from fgtui.events.schema import Encoding, reader
from fgtui.events.scopes import Scope, scope_of
from fgtui.events.text import Document, Kind, Node, scan
from fgtui.records import replace
from fgtui.regex import regex
from fgtui.words import Names, Phrase, nearest

if TYPE_CHECKING:
    from fgtui.events.catalogue import Trigger

_ANY_JSON = Encoding(base64=True, media_type=JSON_TYPE, schema=None)
_CONTAINER = regex(r"[ \t\r\n]*[{\[]")
_NAMES_TOLD = 12
_NAMES_WEIGHED = 1000
KINDS_IN_WORDS = {
    Kind.OBJECT: Phrase("an object"),
    Kind.ARRAY: Phrase("a list"),
    Kind.STRING: Phrase("text"),
    Kind.NUMBER: Phrase("a number"),
    Kind.TRUE: Phrase("true"),
    Kind.FALSE: Phrase("false"),
    Kind.NULL: Phrase("null"),
    Kind.INVALID: Phrase("no JSON value"),
}


class Crossing(NamedTuple):
    """An encoded string on the way: where it stands, and what it holds."""

    document: Document
    node: Node
    layer: Layer


class Spot(NamedTuple):
    """How far a path leads."""

    crossed: tuple[Crossing, ...]
    """Outermost first."""
    document: Document
    """The innermost one: the event, or the content of the last string crossed."""
    scope: Scope
    node: Node
    """The last value there is."""
    path: Path
    """The whole path asked for."""
    inner: Path
    """The path of ``node`` in ``document``."""
    rest: Path
    """What leads nowhere yet; empty when all of it is there."""

    @property
    def expected(self) -> Encoding | None:
        """How the schema wants a string here to be encoded."""
        return self.scope.expected(self.inner)

    @property
    def room(self) -> int:
        """How many more codecs may be opened."""
        return LAYER_LIMIT - sum(crossing.layer.depth for crossing in self.crossed)

    def layer(self) -> Layer | None:
        """The string at ``node``, opened; ``None`` where it is plain text or no string."""
        if self.node.kind is not Kind.STRING:
            return None
        return open_string(self.document.string(self.node), self.expected, limit=self.room)


def follow(document: Document, trigger: Trigger | None, path: Path) -> Spot:
    """As far as ``path`` leads in ``document``. ``EventError`` where it goes on inside what has no inside."""
    if document.root is None:
        raise EventError("there is no value in the event yet, so {path} leads nowhere", path=format_path(path))
    around = Spot((), document, scope_of(trigger, reader(document)), document.root, path, (), path)
    budget = Budget()
    node = around.node
    begin = 0  # in the path, of the root of the innermost document
    for place, key in enumerate(path):
        if node.kind is Kind.STRING:
            spot = around._replace(node=node, inner=path[begin:place], rest=path[place:])
            crossed = _crossed(spot, budget)
            if crossed is None:
                return spot
            around, node, begin = crossed, crossed.node, place
        child = child_of(around.document, node, key)
        if child is None:
            return around._replace(node=node, inner=path[begin:place], rest=path[place:])
        node = child
    return around._replace(node=node, inner=path[begin:], rest=())


def reach(document: Document, trigger: Trigger | None, path: Path) -> Spot:
    """The place at ``path``. ``EventError`` where that does not lead all the way: how far, and what is there."""
    spot = follow(document, trigger, path)
    if spot.rest:
        refuse_nowhere(spot)
    return spot


def child_of(document: Document, node: Node, key: str | int) -> Node | None:
    """The member or item ``key`` of ``node``; of duplicate members the last."""
    tree = document.tree
    index = tree.step(node.ordinal, key)
    if index < 0:
        return None
    begin = tree.begin(index)
    return next(each for each in document.nodes_between(begin, begin + 1) if each.ordinal == index)


def _crossed(spot: Spot, budget: Budget) -> Spot | None:
    """``spot`` inside the string where it stands; ``None`` where that is empty and something may be put there."""
    value = spot.document.string(spot.node)
    expected = spot.expected
    if spot.room < 1:
        raise EventError(
            "{place} is {limit} layers of encoding deep; deeper ones are not opened",
            place=place_in_words(spot),
            limit=LAYER_LIMIT,
        )
    if not value and expected is not None and may_hold_json(expected):
        return None
    layer = _with_json(value, expected, open_string(value, expected, limit=spot.room, budget=budget))
    document = None if layer is None else layer.document
    if layer is None or document is None or document.root is None:
        _refuse_string(spot, reason_closed(value, expected))
    scope = spot.scope.inner(expected, reader(document))
    crossing = Crossing(spot.document, spot.node, layer)
    return spot._replace(crossed=(*spot.crossed, crossing), document=document, scope=scope, node=document.root)


def may_hold_json(expected: Encoding) -> bool:
    """Whether an object or list may be put into a string of this encoding."""
    return expected.base64 or expected.media_type == JSON_TYPE


def _with_json(value: str, expected: Encoding | None, layer: Layer | None) -> Layer | None:
    """``layer`` with any object or list that its text is, also one that nobody would open unasked."""
    if layer is None and expected is not None and expected.base64:
        return None
    if layer is not None and layer.document is not None:
        return layer
    text = value if layer is None else layer.text
    if text is not None and _CONTAINER.match(text):
        document = scan(text)
        if document.is_strict:
            around = layer or Layer(value, (), value.encode(), text, holds_json=True, exact=True)
            return replace(around, holds_json=True, document=document)
    return layer or open_string(value, _ANY_JSON)


# In words


def place_in_words(spot: Spot) -> str | Phrase:
    """The longest part of the path that exists."""
    return format_path(spot.path[: len(spot.path) - len(spot.rest)]) or Phrase("the event")


def refuse_nowhere(spot: Spot) -> NoReturn:
    """Say where the path of ``spot`` stops, and what is there instead."""
    key = spot.rest[0]
    kind = spot.node.kind
    place = place_in_words(spot)
    if kind is Kind.OBJECT and isinstance(key, str):
        _refuse_name(spot, place, key)
    if kind is Kind.ARRAY and isinstance(key, int):
        count = sum(1 for _ in spot.document.children(spot.node))
        raise EventError(
            "{place} has no item [{index}]; it has {count}",
            hint="[{count}] adds one" if key > count else "",
            place=place,
            index=key,
            count=count,
        )
    if kind is Kind.ARRAY:
        raise EventError(
            "{place} is a list and has no member {name}",
            hint="say which item: {example}",
            place=place,
            name=key,
            example=format_path((*_found(spot), 0, key)),
        )
    if kind is Kind.OBJECT:
        raise EventError("{place} is an object and has no item [{index}]", place=place, index=key)
    raise EventError(
        "{place} is {kind}, so {rest} cannot be inside it",
        hint="set {place} itself",
        place=place,
        kind=KINDS_IN_WORDS[kind],
        rest=format_path(spot.rest),
    )


def _found(spot: Spot) -> Path:
    return spot.path[: len(spot.path) - len(spot.rest)]


def _refuse_name(spot: Spot, place: str | Phrase, name: str) -> NoReturn:
    names = list(dict.fromkeys(str(child.key) for child in spot.document.children(spot.node)))
    near = nearest(name, names[:_NAMES_WEIGHED])
    hint = "did you mean {near}?" if near else "its members: {names}" if names else "it has no members yet"
    raise EventError(
        "{place} has no member {name}",
        hint=hint,
        place=place,
        name=name,
        near=near,
        names=Names([*names[:_NAMES_TOLD], *(["…"] if len(names) > _NAMES_TOLD else [])]),
    )


def _refuse_string(spot: Spot, reason: Reason | None) -> NoReturn:
    raise EventError(
        "{place} is text that holds no object or list, so {rest} cannot be inside it"
        if reason is None
        else "{place} does not open, so {rest} cannot be inside it: {reason}",
        hint="set {place} itself",
        place=place_in_words(spot),
        rest=format_path(spot.rest),
        reason=str(reason) if reason else "",
    )
