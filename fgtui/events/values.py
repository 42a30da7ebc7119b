"""The values of a document as plain Python values; without recursion. The rule for numbers is in ``events.text``."""

from __future__ import annotations

from typing import Any

from fgtui.events import lexis
from fgtui.events.numerals import number
from fgtui.events.tree import Tree

_WORDS = {"true": True, "false": False, "null": None}


def value(tree: Tree, index: int, *, strict: bool) -> object:
    """The value at ``index``. Of duplicate members the last counts, as in the standard parser."""
    if strict and tree.exact_numbers:
        import json

        try:
            return json.loads(tree.text[tree.starts[index] : tree.ends[index]])
        except RecursionError:  # nested too deep for a parser that recurses
            pass
    return _built(tree, index)


def _built(tree: Tree, top: int) -> object:
    containers: dict[int, Any] = {}
    root: object = None
    for index in range(top, tree.after(top)):
        made: object
        if tree.is_object(index):
            made = containers[index] = {}
        elif tree.is_array(index):
            made = containers[index] = []
        else:
            made = _scalar(tree.text[tree.starts[index] : tree.ends[index]], invalid=index in tree.invalid)
        if index == top:
            root = made
            continue
        around = containers[tree.parents[index]]
        if isinstance(around, list):
            around.append(made)
        else:
            around[tree.key(index)] = made
    return root


def _scalar(literal: str, *, invalid: bool) -> object:
    if invalid:
        return literal
    if literal.startswith('"'):
        return lexis.unquote(literal)
    return _WORDS[literal] if literal in _WORDS else number(literal)
