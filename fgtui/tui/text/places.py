"""Places of an event as a person means them: the steps that lead to one, what can be hidden, what can be copied.

Pure and without a screen, like ``analysis``, whose answers it is about.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from fgtui.errors import EventError
from fgtui.events.model import Path
from fgtui.tui.text.analysis import Analysis, node_near, offset_of, path_at
from fgtui.tui.text.collapsed_rows import Block, Inside
from fgtui.tui.text.document import Difference, Form, Lines, Location, difference
from fgtui.words import sentence

if TYPE_CHECKING:
    from fgtui.events.catalogue import Trigger
    from fgtui.events.fields import Place
    from fgtui.events.text import Document, Node

SHOWN_BYTES = 1024
"""Bytes that are copied as hexadecimal; more of them as base64."""
OFFERED = 200
"""Ways to go on that are offered of a path."""
LOOKED_AT = 20_000
"""Members or items of one value that are looked at for that."""


# Where the cursor is


class Crumb(NamedTuple):
    """A step of a path as a person reads it, and the path up to there."""

    words: str
    path: Path


def crumbs(path: Path) -> tuple[Crumb, ...]:
    """The steps of ``path``, an index beside what it is of: ``Records[0]``, ``s3``."""
    from fgtui.events.text import format_path

    found: list[Crumb] = []
    for count, step in enumerate(path, 1):
        words = format_path((step,))
        if isinstance(step, int) and found:
            words = found.pop().words + words
        found.append(Crumb(words, path[:count]))
    return tuple(found)


# What can be hidden


def block_at(analysis: Analysis, offset: int) -> Block | None:
    """The rows of the innermost object or list at ``offset`` that has several; None where there is none."""
    document = analysis.document
    node = node_near(document, offset)
    while node is not None:
        block = _block(document, node)
        if block is not None:
            return block
        node = document.parent(node)
    return None


def block_in_row(analysis: Analysis, row: int) -> Block | None:
    """The rows of what begins in ``row`` and goes on below, the outermost of it."""
    document = analysis.document
    begin, end = document.offset(row + 1, 1), document.offset(row + 2, 1)
    for node in document.nodes_between(begin, max(end, begin + 1)):
        block = _block(document, node)
        if block is not None and block.head == row:
            return block
    return None


def path_of_block(analysis: Analysis, block: Block) -> Path | None:
    """The path of the object or list that has the rows of ``block``; None where none has them."""
    from fgtui.events.fields import plain_path

    document, node = analysis.document, _node_of(analysis, block)
    if node is None:
        return None
    return plain_path(document, node) if analysis.form is Form.DECODED else document.path_of(node)


def _node_of(analysis: Analysis, block: Block) -> Node | None:
    document = analysis.document
    begin, end = document.offset(block.head + 1, 1), document.offset(block.head + 2, 1)
    nodes = document.nodes_between(begin, max(end, begin + 1))
    return next((node for node in nodes if _block(document, node) == block), None)


def inside_of(analysis: Analysis, blocks: Iterable[Block]) -> dict[Block, Inside]:
    """How much is in the objects and lists that have the rows of ``blocks``, as far as there are such."""
    found = {}
    for block in blocks:
        node = _node_of(analysis, block)
        if node is not None:
            found[block] = Inside(analysis.document.count(node), node.kind.value == "array")
    return found


def blocks_at_paths(analysis: Analysis, paths: Iterable[Path]) -> list[Block]:
    """The rows of the objects and lists at ``paths``, as far as there are such."""
    found = []
    for path in paths:
        offset = offset_of(analysis.document, analysis.form, path)
        block = None if offset is None else block_in_row(analysis, analysis.document.position(offset)[0] - 1)
        if block is not None and path_of_block(analysis, block) == path:
            found.append(block)
    return found


def blocks_below_first(analysis: Analysis) -> tuple[Block, ...]:
    """The rows of each member or item of the first level that has several rows.

    An object or list that holds but one thing, as ``Records`` often does, is no level of its own.
    """
    document, node = analysis.document, analysis.document.root
    found: tuple[Block, ...] = ()
    while node is not None:
        children = list(document.children(node))
        blocks = tuple(block for block in (_block(document, child) for child in children) if block is not None)
        found = blocks or found
        node = children[0] if len(children) == 1 and blocks else None
    return found


def _block(document: Document, node: Node) -> Block | None:
    if not node.kind.is_container:
        return None
    head, last = document.position(node.start)[0] - 1, document.position(max(node.end - 1, node.start))[0] - 1
    return Block(head, last) if last > head else None


# Where a path leads


class Way(NamedTuple):
    """One way to go on."""

    path: str
    """The whole path, as it is written."""
    about: str
    """What is there, as foreign text."""


def ways_on(analysis: Analysis, trigger: Trigger | None, typed: str) -> tuple[Way, ...]:
    """What a path that was typed so far could become: through what is encoded too."""
    around, name = _divided(typed)
    try:
        document, node = _value_at(analysis, trigger, around)
    except EventError:
        return ()
    from fgtui.events.text import format_path

    found: list[tuple[bool, Way]] = []
    wanted = name.casefold()
    for count, child in enumerate(document.children(node)):
        if count == LOOKED_AT or len(found) == OFFERED:
            break
        key = child.key
        if key is None or wanted not in f"{key}".casefold():
            continue
        found.append(
            (not f"{key}".casefold().startswith(wanted), Way(format_path((*around, key)), _about(document, child)))
        )
    return tuple(way for _, way in sorted(found, key=lambda each: each[0]))


def refuse_path(analysis: Analysis, trigger: Trigger | None, path: Path) -> None:
    """EventError where ``path`` leads nowhere: how far it leads, and what is nearest there."""
    from fgtui.events.reach import reach

    if analysis.wire is not None:
        reach(analysis.wire, trigger, path)


def _divided(typed: str) -> tuple[Path, str]:
    """The whole steps of what was typed, and the beginning of the last one."""
    from fgtui.events.text import parse_path

    text = typed.strip()
    for at in range(len(text), -1, -1):
        if at and at < len(text) and text[at] not in ".[":
            continue
        name = text[at:].lstrip(".[").strip('"]')
        try:
            if at == len(text) and not text.endswith(("]", '"')):
                continue
            return parse_path(text[:at]), name
        except EventError:
            continue
    return (), text


def _value_at(analysis: Analysis, trigger: Trigger | None, path: Path) -> tuple[Document, Node]:
    """The value whose members or items go on from ``path``; of an encoded string, of what it holds."""
    from fgtui.events.reach import follow

    document = analysis.wire
    if document is None:  # a text with errors: as far as it goes by itself
        document = analysis.document
        node = document.find(path)
        if node is None:
            raise EventError("there is no such place")
        return document, node
    spot = follow(document, trigger, path)
    if spot.rest:
        raise EventError("there is no such place")
    layer = spot.layer()
    if layer is not None and layer.document is not None and layer.document.root is not None:
        return layer.document, layer.document.root
    return spot.document, spot.node


def _about(document: Document, node: Node) -> str:
    if node.kind.is_container:
        return "{…}" if node.kind.value == "object" else "[…]"
    literal = document.text[node.start : min(node.end, node.start + 60)]
    return literal if node.end - node.start <= 60 else literal + "…"


# What can be copied or opened elsewhere


class Taken(NamedTuple):
    """A value as text."""

    text: str
    path: str
    how: str
    """A sentence's hole: what was done to it; a key of ``HOW``."""
    suffix: str
    """The ending of a file that holds it."""
    data: bytes = b""
    """The value itself, where it is no text."""


HOW = {
    "": sentence("as it is"),
    "json": sentence("as JSON"),
    "opened": sentence("opened"),
    "hex": sentence("bytes as hexadecimal"),
    "base64": sentence("bytes as base64"),
}


def value_at(analysis: Analysis, offset: int) -> Taken | None:
    """The value at ``offset`` as it stands: what a string says, anything else as it is written."""
    from fgtui.events.text import format_path

    node = node_near(analysis.document, offset)
    if node is None:
        return None
    text = analysis.document.string(node)
    path = path_at(analysis.document, analysis.form, offset) or ()
    is_text = node.kind.value == "string"
    return Taken(text, format_path(path), "" if is_text else "json", suffix_of(text))


def decoded_at(analysis: Analysis, trigger: Trigger | None, offset: int) -> Taken | None:
    """The value at ``offset`` with every layer opened; bytes that are no text as hexadecimal or base64."""
    from fgtui.events.text import format_path
    from fgtui.tui.text.analysis import place_at

    place = place_at(analysis, trigger, offset)
    if place is None:
        return value_at(analysis, offset)
    path = format_path(place.path)
    layer = place.layers[-1] if place.opened else None
    if layer is not None and layer.text is None:
        return _of_bytes(layer.raw, path)
    if layer is None and not place.is_text and not place.kind.is_container:
        return Taken(place.text, path, "json", ".json")
    if layer is not None and not layer.holds_json:
        return Taken(place.text, path, "opened", suffix_of(place.text))
    if layer is None and place.is_text:
        return Taken(place.text, path, "", suffix_of(place.text))
    text = place.text if layer is None or layer.text is None else layer.text
    return _of_json(text, trigger if not place.path else None, path, place)


def _of_json(text: str, trigger: Trigger | None, path: str, place: Place) -> Taken:
    """JSON with what is encoded in it opened too, each number as it is written."""
    from fgtui.events.fields import decoded_value
    from fgtui.events.layout import pretty
    from fgtui.sessions import strict_json

    try:
        value = decoded_value(text, trigger, lambda document: strict_json.read_as_written(document.wire())[0])
    except EventError:
        return Taken(place.text, path, "json", suffix_of(place.text))
    return Taken(pretty(strict_json.write_as_written(value)), path, "opened", ".json")


def _of_bytes(data: bytes, path: str) -> Taken:
    from base64 import b64encode

    if len(data) <= SHOWN_BYTES:
        return Taken(data.hex(" "), path, "hex", ".bin", data)
    return Taken(b64encode(data).decode("ascii"), path, "base64", ".bin", data)


def suffix_of(text: str) -> str:
    """The ending of a file with ``text`` in it, for programs that go by it."""
    from fgtui.events.text import is_json

    head = text[:200].lstrip("\ufeff \t\r\n")
    if head.startswith(("{", "[")) and is_json(text):
        return ".json"
    if head.startswith("<?xml") or (head.startswith("<") and text.rstrip()[-1:] == ">"):
        return ".xml"
    return ".txt"


# Layout


class LaidOut(NamedTuple):
    """A text with other white space."""

    difference: Difference | None
    place: Location
    """Where the place is now that was asked about."""
    drops: bool
    """Whether something was left out that is no JSON: comments, trailing commas and the like."""


def laid_out(
    text: str, *, cursor: Location, indent: int | None, span: tuple[Location, Location] | None = None
) -> LaidOut:
    """What gives ``text``, or the value that ``span`` is about, ``indent`` spaces a level; one line for None.

    A span within a string or a number, as finding leaves it, is about the whole. Numbers and strings stay as they are
    written. EventError where the text has errors.
    """
    from fgtui.events.text import reformat, scan

    lines = Lines(text)
    document = scan(text)
    if document.has_errors:
        document.wire()
    offset = lines.offset(cursor)
    node = node_near(document, offset)
    value = None if span is None else _around(document, (lines.offset(span[0]), lines.offset(span[1])))
    if value is None or not value.kind.is_container:
        new, drops = reformat(document, indent), not document.is_strict
        if text.endswith("\n"):
            new = new.rstrip("\n") + "\n"
    else:
        inner = scan(document.literal(value))
        literal = reformat(inner, indent).rstrip("\n").replace("\n", "\n" + _margin(text, value.start))
        new, drops = document.replace(value, literal), not inner.is_strict
    if lines.newline == "\r\n":
        new = new.replace("\r\n", "\n").replace("\n", "\r\n")
    landing = 0 if node is None else _landing(new, node, offset)
    return LaidOut(difference(text, new, lines.newline), Lines(new).location(landing), drops)


def _landing(new: str, node: Node, offset: int) -> int:
    """Where ``offset``, which is at ``node``, is in a text of the same values with other white space."""
    from fgtui.events.text import scan

    tree = scan(new).tree
    if offset < node.start and node.key_start >= 0:
        return tree.begin(node.ordinal) + min(max(offset - node.key_start, 0), node.key_end - node.key_start)
    is_inside = not node.kind.is_container
    into = min(max(offset - node.start, 0), node.end - node.start) if is_inside else 0
    return tree.starts[node.ordinal] + into


def _around(document: Document, span: tuple[int, int]) -> Node | None:
    """The innermost value that holds all of ``span``, but for white space and commas around it."""
    start, end = span
    selected = document.text[start:end]
    start += len(selected) - len(selected.lstrip(" \t\r\n,"))
    end -= len(selected) - len(selected.rstrip(" \t\r\n,"))
    node = node_near(document, start)
    while node is not None and node.end < end:
        node = document.parent(node)
    return node


def _margin(text: str, offset: int) -> str:
    line = text[text.rfind("\n", 0, offset) + 1 : offset]
    return line[: len(line) - len(line.lstrip(" \t"))]
