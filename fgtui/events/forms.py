"""An event as a form: its trigger's fields in rows, with what they mean, hold and may hold; also those that are absent.

Rows come in two steps, so that ten thousand records cost what is open and what is visible: ``Form.entries`` lists what
there is without looking into it, and ``Form.row`` says all about one entry. Strings that hold an object or list have
it as their members; a path leads through them as everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

from fgtui.events.codecs import LAYER_LIMIT, Codec, Layer, open_string
from fgtui.events.decoded import expected_at, worth_a_look
from fgtui.events.model import Path, Problem, Severity
from fgtui.events.path import format_path
from fgtui.events.schema import reader
from fgtui.events.scopes import Scope, scope_of
from fgtui.events.text import Document, Kind, Node
from fgtui.records import Record

if TYPE_CHECKING:
    from fgtui.events.catalogue import Trigger
    from fgtui.events.schema import Encoding, FieldInfo

SHOWN = 200
"""Characters of a value that a row shows."""
WEIGHED = 100_000
"""Characters of the longest string that is opened to be shown in a row; opening its row opens any."""
ENTRIES_LIMIT = 100_000
"""Entries listed at most; a form of more is nobody's."""
_FEW = 8
"""Items of a list that are open from the start; of longer ones the first is."""
_DEPTH = 64
_GRAVITY = {severity: place for place, severity in enumerate(Severity)}

IsOpen = Callable[[Path], bool | None]
"""Whether a person has opened or closed the object or list at a path; None: neither."""


class _Part:
    """The event, or what one of its strings holds."""

    __slots__ = ("above", "depth", "document", "scope", "used")

    def __init__(self, document: Document, scope: Scope, above: Path, depth: int, used: int) -> None:
        self.document = document
        self.scope = scope
        self.above = above
        """The path of the string around it."""
        self.depth = depth
        self.used = used
        """Layers around it."""


class Entry(NamedTuple):
    """One place of the form, not looked into yet."""

    part: _Part
    ordinal: int
    """Of the value in its document; of an absent member, that of the object that lacks it."""
    depth: int
    siblings: int
    """How many members or items the object or list around it has."""
    absent: str | None = None
    """The name of a member that the schema knows and the event lacks."""
    is_shadowed: bool = False
    """Whether a member of the same name follows, which is the one that counts; so is all that is inside it."""
    is_open: bool = False
    """Whether its members or items are listed behind it."""

    @property
    def path(self) -> Path:
        """Where it is in the event."""
        inside = self.part.document.tree.path(self.ordinal)
        return (*self.part.above, *inside, *(() if self.absent is None else (self.absent,)))


class Row(Record):
    """All about one entry."""

    path: Path
    depth: int
    name: str
    """The member's name, or the index in brackets."""
    kind: Kind | None
    """None where the member is absent."""
    info: FieldInfo
    value: str = ""
    """The beginning of what it holds, opened where it opens; of an object or list nothing."""
    count: int = 0
    """Members or items; 0 for all else."""
    codecs: tuple[Codec, ...] = ()
    """How the value itself is encoded, outermost first."""
    leads_on: bool = False
    """Whether it has members or items, itself or decoded."""
    is_list: bool = False
    """Whether those are items."""
    is_open: bool = False
    is_shadowed: bool = False
    is_stranger: bool = False
    """Whether the schema does not speak of it, though it names others that may stand beside it."""
    problem: Problem | None = None
    """The gravest of its own."""
    inside: int = 0
    """Problems of what is inside it."""

    @property
    def is_absent(self) -> bool:
        """Whether the event lacks it."""
        return self.kind is None


class Form:
    """The form of one state of an event."""

    def __init__(self, document: Document, trigger: Trigger | None, problems: Iterable[Problem] = ()) -> None:
        """``document`` is the wire text, without errors; ``problems`` are told at the rows of their paths."""
        self.document = document
        self.trigger = trigger
        self._root = _Part(document, scope_of(trigger, reader(document)), (), 0, 0)
        self._layers: dict[tuple[_Part, int], Layer | None] = {}
        self._parts: dict[tuple[_Part, int], _Part] = {}
        self._rows: dict[Entry, Row] = {}
        self._descriptions: dict[Path, str] = {}
        self._names: dict[tuple[Path, tuple[object, ...]], list[str]] = {}
        self._own: dict[Path, Problem] = {}
        self._inside: dict[Path, int] = {}
        self._lacking: dict[Path, Problem] = {}
        """What is said of objects that lack members they have to have."""
        for problem in problems:
            self._tell(problem)

    def _tell(self, problem: Problem) -> None:
        path = problem.path
        if problem.code == "missing-field":
            self._lacking[path] = problem
        own = self._own.get(path)
        if own is None or _GRAVITY[problem.severity] < _GRAVITY[own.severity]:
            self._own[path] = problem
        for length in range(min(len(path), _DEPTH)):
            self._inside[path[:length]] = self._inside.get(path[:length], 0) + 1

    # ── what there is ───────────────────────────────────────────────────────────────────────────────────────────────
    def entries(self, is_open: IsOpen = lambda _: None, *, all_open: bool = False) -> list[Entry]:
        """The places of the form in order, of closed objects and lists only themselves."""
        root = self.document.root
        if root is None:
            return []
        found: list[Entry] = []
        first = Entry(self._root, root.ordinal, -1, 1, is_open=True)
        if not root.kind.is_container:
            return [first._replace(depth=0, is_open=False)]
        stack = [self._members(first)]
        while stack and len(found) < ENTRIES_LIMIT:
            entry = next(stack[-1], None)
            if entry is None:
                stack.pop()
                continue
            if entry.absent is None and entry.depth < _DEPTH and self._opens(entry, is_open, all_open=all_open):
                entry = entry._replace(is_open=True)
                stack.append(self._members(entry, in_bulk=all_open))
            found.append(entry)
        return found

    def _opens(self, entry: Entry, is_open: IsOpen, *, all_open: bool) -> bool:
        """Whether the members of ``entry`` are listed."""
        tree = entry.part.document.tree
        start = tree.starts[entry.ordinal]
        is_container = tree.text.startswith(("{", "["), start) and entry.ordinal not in tree.invalid
        if not is_container and not tree.text.startswith('"', start):
            return False
        wish = is_open(entry.path)
        if wish is None:
            key = tree.key_ends[entry.ordinal] if tree.key_starts[entry.ordinal] < 0 else 0
            wish = all_open or entry.siblings <= _FEW or key == 0 or tree.key_starts[entry.ordinal] >= 0
            if wish and not is_container and tree.ends[entry.ordinal] - start > WEIGHED:
                return False
        return wish and (is_container or self._inside_of(entry) is not None)

    def _members(self, entry: Entry, *, in_bulk: bool = False) -> Iterator[Entry]:
        """What is inside ``entry``; ``in_bulk`` takes records of the same members for alike."""
        part = entry.part
        tree = part.document.tree
        ordinal = entry.ordinal
        if not tree.text.startswith(("{", "["), tree.starts[ordinal]):
            inner = self._inside_of(entry)
            if inner is None:
                return
            part, ordinal = inner, 0
            tree = part.document.tree
        children = tree.items(ordinal)
        depth, count = entry.depth + 1, len(children)
        if not tree.is_object(ordinal):
            yield from (Entry(part, child, depth, count, is_shadowed=entry.is_shadowed) for child in children)
            return
        last = {tree.key(child): child for child in children}
        for child in children:
            is_shadowed = entry.is_shadowed or last[tree.key(child)] != child
            yield Entry(part, child, depth, count, is_shadowed=is_shadowed)
        if entry.is_shadowed:  # what is added would go into the one that counts
            return
        for name in self._known(part, ordinal, tuple(last)) if in_bulk else _names(part.scope, tree.path(ordinal)):
            if name not in last:
                yield Entry(part, ordinal, depth, count, absent=name)

    def _known(self, part: _Part, ordinal: int, there: tuple[object, ...]) -> list[str]:
        inside = part.document.tree.path(ordinal)
        key = (_kin((*part.above, *inside)), there)
        if key not in self._names:
            self._names[key] = _names(part.scope, inside)
        return self._names[key]

    def _inside_of(self, entry: Entry) -> _Part | None:
        """What the string at ``entry`` holds, where that has members or items."""
        key = (entry.part, entry.ordinal)
        if key in self._parts:
            return self._parts[key]
        layer = self._layer(entry)
        document = None if layer is None else layer.document
        root = None if document is None else document.root
        if layer is None or document is None or root is None or not root.kind.is_container:
            return None
        expected = self._expected(entry)
        scope = entry.part.scope.inner(expected, reader(document))
        made = _Part(document, scope, entry.path, entry.depth, entry.part.used + layer.depth)
        self._parts[key] = made
        return made

    def _layer(self, entry: Entry) -> Layer | None:
        """The string at ``entry`` opened; None where it is plain text or no string."""
        key = (entry.part, entry.ordinal)
        if key not in self._layers:
            self._layers[key] = self._opened(entry)
        return self._layers[key]

    def _opened(self, entry: Entry) -> Layer | None:
        tree = entry.part.document.tree
        start, end = tree.starts[entry.ordinal], tree.ends[entry.ordinal]
        if not tree.text.startswith('"', start) or entry.ordinal in tree.invalid:
            return None
        expected = self._expected(entry)
        if expected is None and not worth_a_look(tree.text, start, end):
            return None
        node = _node(entry)
        return open_string(entry.part.document.string(node), expected, limit=LAYER_LIMIT - entry.part.used)

    def _expected(self, entry: Entry) -> Encoding | None:
        return expected_at(entry.part.document.tree, entry.ordinal, entry.part.scope)

    # ── all about one ───────────────────────────────────────────────────────────────────────────────────────────────
    def row(self, entry: Entry) -> Row:
        """What there is to say about ``entry``; kept."""
        row = self._rows.get(entry)
        if row is None:
            row = self._rows[entry] = self._made(entry)
        return row

    def _made(self, entry: Entry) -> Row:
        path = entry.path
        inside = entry.part.document.tree.path(entry.ordinal)
        if entry.absent is not None:
            info = entry.part.scope.info((*inside, entry.absent))
            lacking = self._lacking.get(path[:-1]) if info.required else None
            return Row(path, entry.depth, entry.absent, None, info, problem=self._own.get(path) or lacking)
        node = _node(entry)
        layer = None if node.end - node.start > WEIGHED and not entry.is_open else self._layer(entry)
        count = self._count(entry, node, layer)
        info = entry.part.scope.info(inside)
        leads_on = node.kind.is_container or count > 0 or entry.is_open
        return Row(
            path=path,
            depth=entry.depth,
            name=f"[{path[-1]}]" if path and isinstance(path[-1], int) else str(path[-1]) if path else "",
            kind=node.kind,
            info=info,
            value="" if leads_on else _beginning(entry.part.document, node, layer),
            count=count,
            codecs=() if layer is None else layer.codecs,
            leads_on=leads_on,
            is_list=_is_list(node, layer),
            is_open=entry.is_open,
            is_shadowed=entry.is_shadowed,
            is_stranger=not info.known and bool(inside) and bool(entry.part.scope.members(inside[:-1])),
            problem=None if entry.is_shadowed else self._own.get(path),
            inside=self._inside.get(path, 0),
        )

    def _count(self, entry: Entry, node: Node, layer: Layer | None) -> int:
        document, ordinal = entry.part.document, entry.ordinal
        if not node.kind.is_container:
            if layer is None or layer.document is None or layer.document.root is None:
                return 0
            document, ordinal = layer.document, 0
            if not layer.document.root.kind.is_container:
                return 0
        return len(document.tree.items(ordinal))

    def matching(self, wanted: str) -> list[Entry]:
        """The places whose path, value or description holds every word of ``wanted``, in whatever case."""
        words = wanted.casefold().split()
        found: list[Entry] = []
        for entry in self.entries(all_open=True):
            path = entry.path
            text = f"{format_path(path)}\n{self._searched(entry)}\n{self._described(entry, path)}".casefold()
            if all(word in text for word in words):
                found.append(entry._replace(is_open=False))
        return found

    def _searched(self, entry: Entry) -> str:
        """The text of a value that is found by: opened where it is open to be read, and cut."""
        if entry.absent is not None or entry.is_open:
            return ""
        node = _node(entry)
        if node.kind.is_container:
            return ""
        layer = self._layer(entry) if node.end - node.start <= WEIGHED else None
        return _beginning(entry.part.document, node, layer, most=WEIGHED)

    def _described(self, entry: Entry, path: Path) -> str:
        """The description, taken to be that of the first record for all of them."""
        kin = _kin(path)
        if kin not in self._descriptions:
            inside = entry.part.document.tree.path(entry.ordinal)
            at = inside if entry.absent is None else (*inside, entry.absent)
            self._descriptions[kin] = entry.part.scope.info(at).description
        return self._descriptions[kin]


def _kin(path: Path) -> Path:
    """``path`` with its indexes alike."""
    return tuple(0 if isinstance(step, int) else step for step in path)


def _node(entry: Entry) -> Node:
    tree = entry.part.document.tree
    begin = tree.begin(entry.ordinal)
    found = entry.part.document.nodes_between(begin, begin + 1)
    return next(node for node in found if node.ordinal == entry.ordinal)


def _is_list(node: Node, layer: Layer | None) -> bool:
    root = layer.document.root if layer is not None and layer.document is not None else node
    return root is not None and root.kind is Kind.ARRAY


def _beginning(document: Document, node: Node, layer: Layer | None, most: int = SHOWN) -> str:
    if layer is not None:
        return layer.raw[:SHOWN].hex(" ") if layer.text is None else layer.text[:most]
    if node.end - node.start > WEIGHED:
        return document.text[node.start + (node.kind is Kind.STRING) : node.start + most]
    return document.string(node)[:most]


def _names(scope: Scope, path: Path) -> list[str]:
    """The members that the schema knows at ``path``: those that have to be there first."""
    required = scope.required(path)
    return list(dict.fromkeys([*required, *scope.members(path)]))
