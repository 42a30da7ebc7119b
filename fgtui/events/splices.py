"""Changes to a text that leave every other character as it is."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import TYPE_CHECKING

from fgtui.errors import EventError
from fgtui.events import lexis
from fgtui.events.tree import Tree
from fgtui.regex import regex
from fgtui.words import Phrase

if TYPE_CHECKING:
    from fgtui.events.text import Document, Node

_NOT_A_BREAK = regex(r"[^\r\n]")
_MARGIN = regex(r"[ \t>]*+")
_TAIL = regex(r"[ \t]*+([,，]?)[ \t]*+((?://|#)[^\r\n]*+|)")
"""What may follow an element on its line: a comma, a comment."""
_COLON = regex(r"[ \t\r\n]*+[:：][ \t\r\n]*+")
_GAP = regex(r"\s*+[,，]([ \t]*+)")
_MARGINS = regex(r"[ \t\r\n>]*+")
_SPACE = regex(r"[ \t]*+")
_TOKEN = regex(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[{}\[\],:]|[^\s"{}\[\],:]++')
_DEEPEST = 40
_LOOK = 64
"""Values looked at to see how the text spaces its colons."""


def repaired(text: str, tree: Tree) -> str:
    """``text`` without its byte-order mark, with everything blanked or replaced that the scan says."""
    pieces: list[str] = []
    pos = 1 if text.startswith("\ufeff") else 0
    bounds = tree.blanks
    changes = [(bounds[at], bounds[at + 1], "") for at in range(0, len(bounds), 2)]
    changes += [(at, at + 1, lexis.ASCII[text[at]]) for at in tree.signs]
    for start, end, instead in sorted(changes):
        if start < pos:  # a full-width comma that is blanked after all
            continue
        pieces.append(text[pos:start])
        pieces.append(instead or _NOT_A_BREAK.sub(" ", text[start:end]))
        pos = end
    pieces.append(text[pos:])
    return "".join(pieces)


def reformatted(wire: str, indent: int | None, separators: tuple[str, str]) -> str:
    """Strict JSON with new whitespace between its tokens, each as written."""
    tokens = _TOKEN.findall(wire)
    if indent is None:
        signs = {",": separators[0], ":": separators[1]}
        return "".join([signs.get(token, token) for token in tokens])
    breaks = ["\n" + " " * (indent * depth) for depth in range(_DEEPEST + 1)]
    pieces: list[str] = []
    depth = 0
    previous = ""
    for written in tokens:
        if written in {"}", "]"}:
            depth -= 1
            if previous not in {"{", "["}:
                pieces.append(breaks[min(depth, _DEEPEST)])
        elif previous in {"{", "[", ","}:
            pieces.append(breaks[min(depth, _DEEPEST)])
        pieces.append(": " if written == ":" else written)
        if written in {"{", "["}:
            depth += 1
        previous = written
    return "".join(pieces)


def inserted(document: Document, node: Node, literal: str, name: str | None) -> str:
    """``document.text`` with one more element at the end of ``node``; ``name`` is a member's, as a literal."""
    text, tree = document.text, document.tree
    if not (tree.is_array(node.ordinal) if name is None else tree.is_object(node.ordinal)):
        what = Phrase("an item" if name is None else "a member")
        raise EventError("only an object has members and only an array has items; {what} fits nowhere here", what=what)
    children = tree.items(node.ordinal)
    if not children:
        return _into_empty(document, node, literal if name is None else f"{name}:{_space(document, node)}{literal}")
    last = children[-1]
    if name is not None:
        colon = _COLON.fullmatch(text, tree.key_ends[last], tree.starts[last]) if tree.key_starts[last] >= 0 else None
        literal = f"{name}{colon[0].replace('：', ':') if colon else ': '}{literal}"
    begin, end = tree.begin(last), tree.ends[last]
    tail = _TAIL.match(text, end)
    assert tail is not None
    comma = "" if tail[1] else ","
    line_break, margin = _margin(document, begin)
    if not line_break:  # it shares its line with what comes before it
        where = tail.end(1) if tail[1] else end
        return f"{text[:where]}{comma}{_inline_gap(document, children)}{literal}{text[where:]}"
    where = tail.end() if tail[2] else tail.end(1) if tail[1] else end
    return f"{text[:end]}{comma}{text[end:where]}{line_break}{margin}{literal}{text[where:]}"


def _into_empty(document: Document, node: Node, element: str) -> str:
    text = document.text
    where = node.start + 1
    inside = text[where : max(where, node.end - 1)]
    if "\n" not in inside and "\r" not in inside:
        return text[:where] + element + text[where:]
    line_break, margin = _margin(document, node.start, anywhere=True)
    line_break = line_break or ("\r\n" if "\r\n" in inside else "\n")
    return f"{text[:where]}{line_break}{margin}{_unit(document)}{element}{text[where:]}"


def _unit(document: Document) -> str:
    """One level of indentation in this document: that of its first value inside another."""
    tree = document.tree
    if len(tree.starts) > 1:
        line_break, margin = _margin(document, tree.begin(1))
        if line_break and margin.lstrip(">"):
            return margin.lstrip(">")
    return "  "


def _margin(document: Document, pos: int, *, anywhere: bool = False) -> tuple[str, str]:
    """The line break before ``pos`` and the margin behind it.

    Two empty texts where more than a margin stands before ``pos``, unless ``anywhere``. The first line has no break.
    """
    text, start = document.text, document.line_start(pos)
    margin = _MARGIN.match(text, 1 if start == 0 and text.startswith("\ufeff") else start)
    assert margin is not None
    if margin.end() < pos and not anywhere:
        return "", ""
    line_break = "\r\n" if text[max(0, start - 2) : start] == "\r\n" else text[max(0, start - 1) : start]
    return line_break, margin[0]


def _space(document: Document, node: Node) -> str:
    return " " if _is_spaced(document, node.ordinal) else ""


def _inline_gap(document: Document, children: Sequence[int]) -> str:
    """What stands between a comma and the next element on the same line."""
    tree = document.tree
    if len(children) > 1:
        gap = _GAP.fullmatch(document.text, tree.ends[children[-2]], tree.begin(children[-1]))
        return gap[1] if gap else " "
    return " " if _is_spaced(document, children[0]) else ""


def _is_spaced(document: Document, near: int) -> bool:
    """Whether a space follows the colons around the value ``near``."""
    tree = document.tree
    for index in range(near, max(-1, near - _LOOK), -1):
        if tree.key_starts[index] >= 0:
            return document.text[tree.starts[index] - 1 : tree.starts[index]].isspace()
    return True


def removed(document: Document, node: Node) -> str:
    """``document.text`` without ``node``, its name and one comma."""
    pieces: list[str] = []
    pos = 0
    for start, end in removal(document, node):
        pieces.append(document.text[pos:start])
        pos = end
    return "".join([*pieces, document.text[pos:]])


def removal(document: Document, node: Node) -> list[tuple[int, int]]:
    """What has to go for ``node`` to go, in order."""
    text, tree = document.text, document.tree
    parent = tree.parents[node.ordinal]
    if parent < 0:
        raise EventError("the whole event cannot be removed from itself", hint="empty the text instead")
    begin, end = tree.begin(node.ordinal), node.end
    after = tree.after(node.ordinal)
    follows = after < len(tree.starts) and tree.parents[after] == parent
    commas = _commas(text, end, tree.begin(after) if follows else tree.ends[parent])
    if commas:
        return _cut(document, (begin, end), (commas[0], commas[0] + 1))
    siblings = tree.items(parent)
    place = bisect_left(siblings, node.ordinal)
    commas = _commas(text, tree.ends[siblings[place - 1]], begin) if place else []
    if commas:
        return _cut(document, (commas[-1], commas[-1] + 1), (begin, end))
    return [_taken_out(document, begin, end, with_space=False)]


def _commas(text: str, start: int, end: int) -> list[int]:
    """The commas between two elements; those in comments do not count."""
    return [match.start() for match in lexis.COMMA_OR_COMMENT.finditer(text, start, end) if match[1]]


def _cut(document: Document, first: tuple[int, int], second: tuple[int, int]) -> list[tuple[int, int]]:
    """Two spans, a comma and an element, and what is between them if it is whitespace."""
    comma_first = document.text[first[0]] in ",，"
    if _MARGINS.fullmatch(document.text, first[1], second[0]):
        return [_taken_out(document, first[0], second[1], with_space=not comma_first)]
    if comma_first:
        return [first, _taken_out(document, *second, with_space=False)]
    return [_taken_out(document, *first, with_space=True), second]


def _taken_out(document: Document, start: int, end: int, *, with_space: bool) -> tuple[int, int]:
    """The span, with its line where nothing else is on that, else perhaps with the space after it."""
    text = document.text
    line_break, margin = _margin(document, start)
    rest = _SPACE.match(text, end)
    assert rest is not None
    at_line_end = rest.end() == len(text) or text[rest.end()] in "\r\n"
    if line_break and at_line_end:
        return start - len(margin) - len(line_break), rest.end()
    if at_line_end or not with_space or text[rest.end()] in "}]":
        return start, end
    return start, rest.end()
