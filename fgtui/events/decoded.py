"""Wire text ⇄ decoded form (design: decoded form).

Both directions splice: a string literal becomes an object that names its codecs, or such an object a literal; every
other character stays. So ``encode(decode(text)) == text``, whatever the text's whitespace, escapes and numbers.
Recursion goes from string to string inside it, at most ``LAYER_LIMIT`` deep, never along the nesting of JSON.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, NoReturn

from fgtui.errors import EventError
from fgtui.events.codecs import (
    BASE64_CODECS,
    JSON_CODECS,
    LAYER_LIMIT,
    LITERAL,
    Budget,
    Codec,
    Layer,
    close_string,
    open_string,
)
from fgtui.events.layout import pretty
from fgtui.events.lexis import SURROGATE, unquote
from fgtui.events.model import Path
from fgtui.events.schema import reader
from fgtui.events.scopes import DEPTH, Scope, scope_of
from fgtui.events.text import Document, Node, quote, scan
from fgtui.regex import regex
from fgtui.words import Phrase

if TYPE_CHECKING:
    from fgtui.events.catalogue import Trigger
    from fgtui.events.schema import Encoding
    from fgtui.events.tree import Tree

CODEC_NAMES = frozenset({*Codec, LITERAL})
_INLINE = frozenset(f'"{name}"' for name in CODEC_NAMES)
_MARGIN = regex(r"[ \t]*")
_FIRST_MARGIN = regex(r"\n([ \t]+)[^ \t\r\n]")
_GROWTH = 4
_GROWTH_FLOOR = 1 << 20
"""How much whitespace a decoded form may gain, in lengths of the text and in characters."""
_NAMELESS = 8
"""Lists in lists in lists: how far up a string's member name is looked for."""
_SHORTEST = 10
"""Characters of the shortest literal that could be opened unasked, ``"[[\\"a\\"]]"`` or so."""
_COULD_BE_OPENED = regex(r'"(?:[ \t{\[]|\\[nrt]|[A-Za-z0-9+/_-]{8})')


# Wire text → decoded form


def decode(wire: str, trigger: Trigger | None) -> str:
    """The decoded form of ``wire``, which is valid JSON (or JSON with comments and the like, which stay).

    ``EventError`` where it is neither.
    """
    document = scan(wire)
    if document.has_errors:
        document.wire()
    return _Decoder(document, Budget()).decoded(scope_of(trigger, reader(document)))


class _Decoder:
    """One document, or the content of one opened string, on its way to the decoded form."""

    def __init__(self, document: Document, budget: Budget, used: int = 0) -> None:
        self.document = document
        self.budget = budget
        self.used = used
        """Codecs around this document."""

    def decoded(self, scope: Scope) -> str:
        text = self.document.text
        lines = _Lines(text) if self.used == 0 else None
        pieces: list[str] = []
        done = 0
        for start, end, instead, is_codec in self._changes(scope):
            pieces.append(text[done:start])
            pieces.append(lines.laid_out(instead, start) if lines and is_codec else instead)
            done = end
        pieces.append(text[done:])
        return "".join(pieces)

    def _changes(self, scope: Scope) -> Iterator[tuple[int, int, str, bool]]:
        """Start, end and replacement of every literal that opens and every object that must be protected, in order.

        The last value tells the two apart: what is protected keeps its own whitespace.
        """
        tree = self.document.tree
        text, starts = self.document.text, tree.starts
        index, count = 0, len(starts)
        while index < count:
            start = starts[index]
            sign = text[start : start + 1]
            if sign == "{" and _looks_like_codec(tree, index):
                end = tree.ends[index]
                yield start, end, _wrapped((LITERAL,), text[start:end]), False
                index = tree.after(index)
                continue
            if sign == '"' and index not in tree.invalid:
                end = tree.ends[index]
                instead = self._opened(index, start, end, scope)
                if instead is not None:
                    yield start, end, instead, True
            index += 1

    def _opened(self, index: int, start: int, end: int, scope: Scope) -> str | None:
        expected = expected_at(self.document.tree, index, scope)
        if expected is None and not worth_a_look(self.document.text, start, end):
            return None
        literal = self.document.text[start:end]
        value = _string(literal)
        layer = open_string(value, expected, limit=LAYER_LIMIT - self.used, budget=self.budget)
        if layer is None or not layer.exact or layer.text is None or not layer.codecs or quote(value) != literal:
            return None
        return _wrapped(layer.codecs, self._content(layer, expected, scope))

    def _content(self, layer: Layer, expected: Encoding | None, scope: Scope) -> str:
        """What stands innermost: JSON with its own strings opened, or the text as a literal."""
        if layer.codecs[-1] not in JSON_CODECS:
            return quote(layer.text or "")
        assert layer.document is not None
        inner = _Decoder(layer.document, self.budget, self.used + len(layer.codecs))
        return inner.decoded(scope.inner(expected, reader(layer.document)))


class _Lines:
    """Lays out what is opened like the lines of the text around it; asked in order."""

    def __init__(self, text: str) -> None:
        self._text = text
        first = _FIRST_MARGIN.search(text)
        self._unit = first[1] if first else "  "
        self._margin = ""
        self._seen = -1
        self._room = _GROWTH * len(text) + _GROWTH_FLOOR

    def laid_out(self, opened: str, offset: int) -> str:
        """``opened``, which stands at ``offset``, indented under its line; as it is where all would grow too much."""
        line = self._text.rfind("\n", max(self._seen, 0), offset) + 1
        if line or self._seen < 0:
            margin = _MARGIN.match(self._text, line)
            self._margin = margin[0] if margin else ""
        self._seen = offset
        shown = pretty(opened, self._margin, self._unit, _INLINE) if self._room > 0 else opened
        self._room -= len(shown) - len(opened)
        return shown


def _wrapped(names: tuple[str, ...], content: str) -> str:
    return "".join(f'{{"{name}": ' for name in names) + content + "}" * len(names)


def _string(literal: str) -> str:
    """What a string literal says."""
    return unquote(literal) if "\\" in literal else literal[1:-1]


def worth_a_look(text: str, start: int, end: int) -> bool:
    """Whether an undeclared literal could be opened at all; most strings cannot, and are not read twice."""
    return end - start >= _SHORTEST and _COULD_BE_OPENED.match(text, start) is not None


def expected_at(tree: Tree, index: int, scope: Scope) -> Encoding | None:
    """What the schema expects of the string at ``index``."""
    if not scope.names_encoded(_nearest_name(tree, index)) or tree.deeper_than(index, DEPTH):
        return None
    return scope.expected(tree.path(index))


def _nearest_name(tree: Tree, index: int) -> str | int | None:
    for _ in range(_NAMELESS):
        if index < 0:
            break
        if tree.key_starts[index] >= 0:
            return tree.key(index)
        index = tree.parents[index]
    return None


def _looks_like_codec(tree: Tree, index: int) -> bool:
    """Whether the object at ``index`` would be taken for a codec, or for a misspelled one."""
    child = index + 1
    if child >= len(tree.starts) or tree.parents[child] != index or tree.key_starts[child] < 0:
        return False
    start = tree.key_starts[child]
    if tree.text[start + 1] not in "$\\" or tree.after(child) != tree.after(index):
        return False
    name = tree.key(child)
    return isinstance(name, str) and (name in CODEC_NAMES or meant_codec(name) is not None)


@lru_cache(maxsize=256)
def meant_codec(name: str) -> str | None:
    """The codec that a person surely meant by ``name``, which is none; MongoDB's ``$oid`` and its kin are nobody's."""
    if not name.startswith("$") or not 4 <= len(name) <= 24:
        return None
    from difflib import get_close_matches

    return next(iter(get_close_matches(name.lower(), sorted(CODEC_NAMES), n=1, cutoff=0.82)), None)


# Decoded form → wire text


def encode(decoded: str) -> str:
    """The wire text of a decoded form; ``EventError`` with line and column where a codec object makes no sense.

    An object is a codec only if it has that one member; any other, MongoDB's ``{"$oid": …}`` too, is data.
    """
    document = scan(decoded)
    strict = document.wire()
    text = document.text
    encoder = _Encoder(document, " " * (len(text) - len(strict)) + strict)
    return encoder.spliced(0, text, 0, len(text))


class _Encoder:
    """One decoded form on its way to wire text."""

    def __init__(self, document: Document, strict: str) -> None:
        self.document = document
        self.tree = document.tree
        self.strict = strict
        """The document as strict JSON, at the same offsets: what becomes the content of a string."""

    def spliced(self, index: int, source: str, start: int, end: int, depth: int = 0) -> str:
        """``source[start:end]``, which holds the value ``index``, with its codec objects turned into literals."""
        tree = self.tree
        pieces: list[str] = []
        after = tree.after(index) if tree.starts else 0
        while index < after:
            name = _codec_name(tree, index)
            if name is None:
                index += 1
                continue
            pieces.append(source[start : tree.starts[index]])
            pieces.append(self._literal(index, name, source, depth))
            start = tree.ends[index]
            index = tree.after(index)
        pieces.append(source[start:end])
        return "".join(pieces)

    def _literal(self, index: int, name: str, source: str, depth: int) -> str:
        if name == LITERAL:
            return source[self.tree.starts[index + 1] : self.tree.ends[index + 1]]
        codecs: list[Codec] = []
        at: str | None = name
        while at is not None:
            codecs.append(self._codec(at, index, codecs, depth))
            index += 1
            if codecs[-1] in JSON_CODECS:
                start, end = self.tree.starts[index], self.tree.ends[index]
                content = self.spliced(index, self.strict, start, end, depth + len(codecs))
                return quote(close_string(tuple(codecs), content))
            at = _codec_name(self.tree, index)
        return quote(close_string(tuple(codecs), self._text(index, codecs[-1])))

    def _codec(self, name: str, index: int, around: list[Codec], depth: int) -> Codec:
        if name not in CODEC_NAMES:
            self._refuse(
                index,
                "{name} is no codec",
                hint="did you mean {near}? to keep it as data write {example}",
                name=name,
                near=meant_codec(name),
                example=_wrapped((LITERAL, name), "…"),
            )
        if name == LITERAL:
            self._refuse(
                index, "{name} protects a JSON value and has no place inside {codec}", name=name, codec=around[-1]
            )
        if name == Codec.GZIP and not (around and around[-1] in BASE64_CODECS):
            self._refuse(
                index,
                "{name} has no place here: compressed bytes are no text",
                hint="put it inside a base64 codec: {example}",
                name=name,
                example=_wrapped((Codec.BASE64, Codec.GZIP), "…"),
            )
        if depth + len(around) >= LAYER_LIMIT:
            self._refuse(
                index, "{name} would be one layer more than the {limit} that are opened", name=name, limit=LAYER_LIMIT
            )
        return Codec(name)

    def _text(self, index: int, codec: Codec) -> str:
        start, end = self.tree.starts[index], self.tree.ends[index]
        literal = self.strict[start:end]
        if not literal.startswith('"'):
            self._refuse(
                index,
                "{name} holds text, and this is {kind}",
                hint="for JSON inside it write {example}",
                name=codec,
                kind=_kind_in_words(literal),
                example=_wrapped((codec, Codec.JSON), "…"),
            )
        text = _string(literal)
        if not text.isascii() and SURROGATE.search(text):
            self._refuse(index, "half of a surrogate pair has no bytes, so {name} cannot hold this text", name=codec)
        return text

    def _refuse(self, index: int, message: str, *, hint: str = "", **values: object) -> NoReturn:
        line, column = self.document.position(self.tree.starts[index])
        raise EventError(message, hint=hint, line=line, column=column, **values)


def _kind_in_words(literal: str) -> Phrase:
    return _KINDS_IN_WORDS.get(literal[:1]) or Phrase("a number")


_KINDS_IN_WORDS = {
    "{": Phrase("an object"),
    "[": Phrase("a list"),
    "t": Phrase("true"),
    "f": Phrase("false"),
    "n": Phrase("null"),
}


def _codec_name(tree: Tree, index: int) -> str | None:
    """The one member's name of an object that is a codec, or a misspelled one; ``None`` for data."""
    if not tree.text.startswith("{", tree.starts[index]) or not _looks_like_codec(tree, index):
        return None
    name = tree.key(index + 1)
    assert isinstance(name, str)
    return name


# Places in the decoded form


def plain_path(document: Document, node: Node) -> Path:
    """The path of a value of a decoded form in the event itself: the steps into codec objects left out."""
    tree = document.tree
    upwards = [node.ordinal]
    while tree.parents[upwards[-1]] >= 0:
        upwards.append(tree.parents[upwards[-1]])
    steps: list[str | int] = []
    protected = False
    for index in reversed(upwards[:-1]):
        key = tree.key(index)
        codec = None if protected else _codec_name(tree, tree.parents[index])
        protected = protected or codec == LITERAL
        if codec is None and key is not None:
            steps.append(key)
    return tuple(steps)


def find_decoded(document: Document, path: Path) -> Node | None:
    """The value of a decoded form that stands for ``path`` in the event: the inverse of ``plain_path``."""
    tree = document.tree
    index = _inside_codecs(tree, 0) if tree.starts else -1
    for key in path:
        index = tree.step(index, key)
        if index < 0:
            return None
        index = _inside_codecs(tree, index)
    if index < 0:
        return None
    begin = tree.begin(index)
    return next(each for each in document.nodes_between(begin, begin + 1) if each.ordinal == index)


def _inside_codecs(tree: Tree, index: int) -> int:
    while (name := _codec_name(tree, index)) is not None:
        index += 1
        if name == LITERAL:
            break
    return index
