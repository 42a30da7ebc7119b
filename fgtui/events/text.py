"""JSON text with positions: what a person wrote, every value's place in it, and the text that is sent.

Text is never parsed and printed again. ``scan`` reads it once, leniently, and names each departure from JSON;
``Document.wire`` is the same text with comments blanked; splices change one value and leave every other character.
Offsets count characters from 0; lines and columns count from 1, and a line ends at LF, CR or CR LF.

Numbers as Python values (``Document.value``): integers are exact; other numbers are floats. What no double holds
becomes an integer too, cut behind the point, and beyond 4,300 digits (what Python prints) the largest integer below
that, with its sign: a number stays a number and is never infinite. Such values serve validation and queries only.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from fgtui.errors import EventError
from fgtui.events.model import Path, Problem, Severity
from fgtui.events.path import format_path, parse_path

if TYPE_CHECKING:
    from array import array

    from fgtui.events.tree import Tree

__all__ = [
    "Document", "Kind", "Node", "format_path", "is_json", "parse_path", "quote", "read_bytes", "reformat", "scan",
    "strict_problems",
]  # fmt: skip

_PATH_DEPTH = 200
"""Problems deeper than this carry no path: a hundred of them with 100,000 steps each would be no help."""


class Kind(StrEnum):
    """What a value is."""

    OBJECT = "object"
    ARRAY = "array"
    STRING = "string"
    NUMBER = "number"
    TRUE = "true"
    FALSE = "false"
    NULL = "null"
    INVALID = "invalid"
    """No JSON value: a bare word, wrong quotation marks, a choice of values, or nothing where a value is due."""

    @property
    def is_container(self) -> bool:
        """Whether it has members or items."""
        return self is Kind.OBJECT or self is Kind.ARRAY


_KINDS = {
    "{": Kind.OBJECT, "｛": Kind.OBJECT, "[": Kind.ARRAY, "［": Kind.ARRAY, "【": Kind.ARRAY, '"': Kind.STRING,
    "t": Kind.TRUE, "f": Kind.FALSE, "n": Kind.NULL,
}  # fmt: skip


class Node(NamedTuple):
    """One value of a document: a view, made when asked for. Equal views are the same value."""

    ordinal: int
    """Place among all values of the document, in the order they begin."""
    kind: Kind
    start: int
    end: int
    """Exclusive. Equals ``start`` where the value of a member is missing."""
    key: str | int | None
    """Member name without quotes and escapes, or index in an array; None for the root."""
    key_start: int
    """Of the member name as written, quotes included; -1 when there is none."""
    key_end: int


class Document:
    """A text as it was scanned. Immutable; its values are addressed by ``Node``, by path or by offset."""

    __slots__ = ("_lines", "_wire", "has_errors", "is_strict", "problems", "root", "text", "tree")

    def __init__(self, text: str, tree: Tree) -> None:
        self.text = text
        self.tree = tree
        """For this package only."""
        self._lines: array[int] | None = None
        self._wire: str | None = None
        findings = tree.findings
        self.has_errors = findings.errors > 0
        self.is_strict = findings.departures_in_all == 0
        """Whether the text is JSON (RFC 8259) as it stands: no departure at all."""
        self.problems: tuple[Problem, ...] = findings.told(self.position, self._short_path)
        self.root = self._node(0) if tree.starts else None

    # -- places ------------------------------------------------------------------------------------------------------

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of ``offset``, from 1."""
        offset = max(0, min(offset, len(self.text)))
        lines = self._line_starts()
        line = bisect_right(lines, offset)
        return line, offset - lines[line - 1] + 1

    def line_start(self, offset: int) -> int:
        """Where the line of ``offset`` begins."""
        return offset - self.position(offset)[1] + 1

    def offset(self, line: int, column: int) -> int:
        """The offset at ``line`` and ``column``; beyond a line's end, the end of that line."""
        lines = self._line_starts()
        if line < 1:
            return 0
        if line > len(lines):
            return len(self.text)
        start = lines[line - 1]
        stop = lines[line] if line < len(lines) else len(self.text)
        end = max(start, stop - 2)
        end += len(self.text[end:stop].rstrip("\r\n"))
        return max(start, min(start + column - 1, end))

    @property
    def line_count(self) -> int:
        """Lines of the text; one more than its line breaks."""
        return len(self._line_starts())

    def _line_starts(self) -> array[int]:
        if self._lines is None:
            from fgtui.events.lines import line_starts

            self._lines = line_starts(self.text)
        return self._lines

    @property
    def tells_all(self) -> bool:
        """Whether ``all_problems`` are all that a thorough scan would tell."""
        findings = self.tree.findings
        return findings.is_thorough or findings.departures_in_all + findings.benign <= len(self.problems)

    def all_problems(self) -> Iterator[Problem]:
        """Each problem of the text that was kept, in order of position; ``problems`` are the first hundred."""
        return self.tree.findings.all(self.position, self._short_path)

    # -- values ------------------------------------------------------------------------------------------------------

    def children(self, node: Node) -> Iterator[Node]:
        """The members or items of ``node``, as written, duplicates included."""
        return map(self._node, self.tree.children(node.ordinal))

    def count(self, node: Node) -> int:
        """How many members or items ``node`` has, duplicates included."""
        return self.tree.count(node.ordinal)

    def parent(self, node: Node) -> Node | None:
        """The object or array that holds ``node``."""
        return self._node_or_none(self.tree.parents[node.ordinal])

    def path_of(self, node: Node) -> Path:
        """Names and indexes from the root to ``node``."""
        return self.tree.path(node.ordinal)

    def find(self, path: Path) -> Node | None:
        """The value at ``path``; of duplicate members the last, as parsers do."""
        index = 0 if self.tree.starts else -1
        for key in path:
            if index < 0:
                break
            index = self.tree.step(index, key)
        return self._node_or_none(index)

    def node_at(self, offset: int) -> Node | None:
        """The innermost value whose span, or whose member name's span, holds ``offset``."""
        return self._node_or_none(self.tree.at(offset))

    def nodes_between(self, start: int, end: int) -> Iterator[Node]:
        """The values that begin, member name included, from ``start`` to before ``end``; in order."""
        tree = self.tree
        return map(self._node, range(tree.first_from(start), tree.first_from(end)))

    def string(self, node: Node) -> str:
        """What a string says, without quotes and escapes; lone surrogates stay. Other values: as written."""
        if node.kind is Kind.STRING:
            text = self.text[node.start + 1 : node.end - 1]
            if "\\" not in text and self.text[node.end - 1 : node.end] == '"' and node.end - node.start > 1:
                return text
        return _unquote(self.literal(node)) if node.kind in (Kind.STRING, Kind.INVALID) else self.literal(node)

    def literal(self, node: Node) -> str:
        """``node`` as written."""
        return self.text[node.start : node.end]

    def value(self, node: Node | None = None) -> object:
        """``node``, or the root, as a plain Python value; see the module for numbers. Invalid values as written."""
        from fgtui.events.values import value

        return None if self.root is None else value(self.tree, (node or self.root).ordinal, strict=self.is_strict)

    # -- text --------------------------------------------------------------------------------------------------------

    def wire(self) -> str:
        """The strict JSON text that is sent.

        As long as ``text`` without its byte-order mark: comments, elisions, trailing commas and quote marks are
        blanked, line breaks kept, full-width signs between members replaced. EventError says why not, with the line
        and column of the first error.
        """
        if self._wire is None:
            self._wire = self._repaired()
        return self._wire

    def _repaired(self) -> str:
        if self.has_errors:
            first = next(problem for problem in self.problems if problem.severity is Severity.ERROR)
            raise EventError(first.message, hint=first.hint, line=first.line, column=first.column, **first.values)
        from fgtui.events.splices import repaired

        return repaired(self.text, self.tree)

    def replace(self, node: Node, literal: str) -> str:
        """The text with ``literal`` in the place of ``node``."""
        return self.text[: node.start] + literal + self.text[node.end :]

    def insert_member(self, obj_node: Node, key: str, literal: str) -> str:
        """The text with one more member at the end of an object, laid out as its last member is."""
        from fgtui.events.splices import inserted

        return inserted(self, obj_node, literal, quote(key))

    def insert_item(self, array_node: Node, literal: str) -> str:
        """The text with one more item at the end of an array, laid out as its last item is."""
        from fgtui.events.splices import inserted

        return inserted(self, array_node, literal, None)

    def remove(self, node: Node) -> str:
        """The text without ``node``, its name and one comma, and without its line when nothing else is on it."""
        from fgtui.events.splices import removed

        return removed(self, node)

    def _node_or_none(self, index: int) -> Node | None:
        return self._node(index) if index >= 0 else None

    def _node(self, index: int) -> Node:
        tree = self.tree
        start = tree.starts[index]
        kind = Kind.INVALID if index in tree.invalid else _KINDS.get(tree.text[start], Kind.NUMBER)
        key_start = tree.key_starts[index]
        key_end = tree.key_ends[index] if key_start >= 0 else -1
        return Node(index, kind, start, tree.ends[index], tree.key(index), key_start, key_end)

    def _short_path(self, index: int) -> Path:
        tree = self.tree
        if not 0 <= index < len(tree.starts) or tree.deeper_than(index, _PATH_DEPTH):
            return ()
        return tree.path(index)


def scan(text: str, *, thorough: bool = False) -> Document:
    """Read ``text`` as JSON, leniently. Never raises; linear in the length of ``text`` and without recursion.

    ``thorough`` keeps all problems rather than a hundred, and reads on where there are thousands of errors.
    """
    from fgtui.events.scanner import read

    return Document(text, read(text, thorough=thorough))


def is_json(text: str) -> bool:
    """Whether ``text`` is JSON as RFC 8259 has it, with no departure at all."""
    from fgtui.events.scanner import read

    return read(text).findings.departures_in_all == 0


def strict_problems(document: Document) -> tuple[Problem, ...]:
    """The problems that are departures from RFC 8259; duplicate keys, lone surrogates and huge numbers are not."""
    from fgtui.events.flaws import BENIGN

    if document.is_strict:
        return ()
    return tuple(problem for problem in document.problems if problem.code not in BENIGN)


def read_bytes(data: bytes, name: str = "") -> str:
    """The text of a file: UTF-8 with or without byte-order mark, or UTF-16 with one; the mark stays as U+FEFF.

    Other bytes are refused in an EventError with the offset of the first wrong one, never guessed. ``name`` is what
    the message calls the data.
    """
    from fgtui.events.encoding import decoded

    return decoded(data, name)


def reformat(document: Document, indent: int | None = 2, separators: tuple[str, str] = (",", ":")) -> str:
    """The wire text with new whitespace: numbers, strings and duplicate keys as written.

    ``indent`` is the spaces of each level, with ``": "`` after names; None is one line, with ``separators`` (between
    elements, after names). Indentation stops growing 40 levels deep.
    """
    from fgtui.events.splices import reformatted

    return reformatted(document.wire(), indent, separators)


def quote(value: str) -> str:
    r"""The JSON literal of a text: only what must be escaped is, lone surrogates as ``\udXXX`` in lower case.

    The inverse of ``Document.string``, but that two surrogates in a row which form a pair come back as one character.
    """
    from fgtui.events.lexis import RARE, escape

    text = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return '"' + RARE.sub(lambda match: escape(ord(match[0])), text) + '"'


def _unquote(literal: str) -> str:
    from fgtui.events.lexis import unquote

    return unquote(literal)
