"""The values of a document as plain Python values; without recursion. The rule for numbers is in ``events.text``."""

from __future__ import annotations

import sys
from typing import Any

from fgtui.events import lexis
from fgtui.events.tree import Tree

_DIGITS = 4300
"""Digits of the longest integer that Python converts unless told otherwise."""
_QUICK_DEPTH = 400
"""What the standard parser, which recurses, is trusted with."""
_WORDS = {"true": True, "false": False, "null": None}


def value(tree: Tree, index: int, *, strict: bool) -> object:
    """The value at ``index``. Of duplicate members the last counts, as in the standard parser."""
    if strict and tree.exact_numbers and tree.depth <= _QUICK_DEPTH:
        import json

        try:
            return json.loads(tree.text[tree.starts[index] : tree.ends[index]])
        except RecursionError:  # the caller is deep already
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


def number(literal: str) -> int | float:
    """A JSON number as Python has it."""
    digits = literal.lstrip("-")
    longest = min(sys.get_int_max_str_digits() or _DIGITS, _DIGITS)
    if digits.isdecimal():
        if len(digits) <= longest:
            return int(literal)
    elif lexis.fate_as_double(literal) <= 0:
        return float(literal)
    significant, magnitude = lexis.scientific(literal)
    size: int = 10**longest - 1 if magnitude > longest else int(significant[:magnitude].ljust(magnitude, "0"))
    return -size if literal.startswith("-") else size
