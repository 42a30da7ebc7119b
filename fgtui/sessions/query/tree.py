"""What can be told of a parsed JMESPath expression without evaluating it: what it reads, and whether it can fail."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Tree = dict[str, Any]
"""A node of the library's tree: ``type``, ``children``, often ``value``."""

SEQUENCES = frozenset({"subexpression", "index_expression", "pipe"})
"""Nodes whose children are steps, each on what the one before gives."""

DEPTH = 100
"""Of the trees that this package looks into; the library alone says of deeper ones when they are too deep."""
WHOLE = "whole"
"""Every part of the exchange."""
_ROOT, _EVENT, _OUTCOME = "exchange", "event", "outcome"
_OWN = frozenset({"session", "seq", "note", "tags"})
_EVENT_PARTS = {"body": "body", "decoded": "decoded", "wire": "wire", "wire_base64": "wire"}
_OUTCOME_PARTS = {"result": "result", "body": "answer", "body_base64": "answer", "logs": "logs"}
_NOWHERE: frozenset[str] = frozenset()


def is_shallow(tree: Tree) -> bool:
    """Whether no node is below ``DEPTH`` others."""
    level = [tree]
    for _ in range(DEPTH):
        level = [child for node in level for child in node["children"] if isinstance(child, dict)]
        if not level:
            return True
    return False


def nodes(tree: Tree) -> Iterator[Tree]:
    """All of them."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(child for child in node["children"] if isinstance(child, dict))


def conjuncts(tree: Tree) -> list[Tree]:
    """What ``&&`` joins at the top, in the order of evaluation."""
    found: list[Tree] = []
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if node["type"] == "and_expression":
            waiting += [node["children"][1], node["children"][0]]
        else:
            found.append(node)
    return found


def joined(trees: list[Tree]) -> Tree | None:
    """The inverse of ``conjuncts``, as far as truth goes."""
    if not trees:
        return None
    tree = trees[0]
    for other in trees[1:]:
        tree = {"type": "and_expression", "children": [tree, other]}
    return tree


def path_of(tree: Tree) -> tuple[str, ...] | None:
    """The names of a path of names alone; ``None`` for anything else."""
    if tree["type"] == "field":
        return (tree["value"],)
    if tree["type"] not in SEQUENCES:
        return None
    names: list[str] = []
    for child in tree["children"]:
        if child["type"] in {"identity", "current"}:
            continue
        path = path_of(child)
        if path is None:
            return None
        names += path
    return tuple(names)


# What is read


def parts_read(tree: Tree, *, keeps_result: bool) -> frozenset[str]:
    """The parts of an exchange whose values can show in the value of ``tree``, or only in its truth.

    ``body``, ``decoded``, ``wire``, ``result``, ``answer``, ``logs``, ``session``, ``seq``, ``note``, ``tags``;
    ``head`` for everything else, and ``whole`` where an object is looked at as one.
    """
    reader = _Reader()
    result = reader.visit(tree, frozenset({_ROOT}))
    if keeps_result:
        reader.use(result)
    return frozenset(reader.parts)


class _Reader:
    """Walks an expression with the set of objects that the value at hand can be."""

    def __init__(self) -> None:
        self.parts: set[str] = set()

    def use(self, places: frozenset[str]) -> None:
        if places:
            self.parts.add(WHOLE)

    def visit(self, tree: Tree, here: frozenset[str]) -> frozenset[str]:
        kind, children = tree["type"], tree["children"]
        if kind in SEQUENCES:
            for child in children:
                here = self.visit(child, here)
            return here
        if kind == "field":
            return _NOWHERE.union(*(self._step(place, tree["value"]) for place in here))
        if kind in {"current", "identity"}:
            return here
        if kind in {"and_expression", "or_expression"}:
            return self.visit(children[0], here) | self.visit(children[1], here)
        if kind == "not_expression":
            self.visit(children[0], here)
            return _NOWHERE
        if kind in {"projection", "filter_projection", "value_projection", "flatten"}:
            base = self.visit(children[0], here)
            if kind == "value_projection":
                self.use(base)
            for child in children[1:]:  # on items, which none of the objects is
                self.use(self.visit(child, _NOWHERE))
            return _NOWHERE
        if kind in {"literal", "index", "slice"}:
            return _NOWHERE
        for child in children:
            self.use(self.visit(child, here))
        return _NOWHERE

    def _step(self, place: str, name: str) -> frozenset[str]:
        if place == _ROOT and name in {_EVENT, _OUTCOME}:
            return frozenset({name})
        if place == _ROOT:
            self.parts.add(name if name in _OWN else "head")
        else:
            self.parts.add((_EVENT_PARTS if place == _EVENT else _OUTCOME_PARTS).get(name, "head"))
        return _NOWHERE


# What can fail


def is_safe(tree: Tree) -> bool:
    """Whether evaluating ``tree`` raises nothing, whatever it is tried on."""
    kind, children = tree["type"], tree["children"]
    if kind == "comparator":
        if tree["value"] not in {"eq", "ne"}:
            return False
        if not any(child["type"] == "literal" and not isinstance(child["value"], dict | list) for child in children):
            return False  # values nested too deeply cannot be compared
    elif kind == "slice":
        return bool(children[2] != 0)
    elif kind == "function_expression":
        if tree["value"] not in {"not_null", "to_array", "type"}:
            return False
    elif kind not in _SAFE:
        return False
    return all(map(is_safe, children))


_SAFE = SEQUENCES | {
    "and_expression", "current", "field", "filter_projection", "flatten", "identity", "index", "key_val_pair",
    "literal", "multi_select_dict", "multi_select_list", "not_expression", "or_expression", "projection",
    "value_projection",
}  # fmt: skip
