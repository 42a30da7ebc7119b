"""A parsed JMESPath expression as functions that call each other: quicker than the library, and the same in all else.

Agrees with the library's interpreter on every value and every error. What is not made into a function here, and every
call whose arguments are not as the function wants them, goes to the library, which is only then imported.
"""

from __future__ import annotations

import json
import math
import operator
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

from fgtui.sessions.query.functions import FUNCTIONS, call
from fgtui.sessions.query.tree import SEQUENCES, Tree, is_shallow

Evaluate = Callable[[Any], Any]


def compiled(tree: Tree) -> Evaluate:
    """What ``tree`` is on a JSON value. The function raises what the library would."""
    return _compiled(tree) if is_shallow(tree) else interpreted(tree)


def interpreted(tree: Tree) -> Evaluate:
    """The same by the library."""

    def interpret(value: Any) -> Any:
        from jmespath.visitor import TreeInterpreter

        from fgtui.sessions.query.functions import options

        interpreter: Any = TreeInterpreter(options())
        return interpreter.visit(tree, value)

    return interpret


def is_false(value: Any) -> bool:
    """JMESPath's falsehood: false, null, and empty text, lists and objects; no number is false."""
    return value is None or value is False or (not value and isinstance(value, str | list | dict))


def _compiled(tree: Tree) -> Evaluate:
    return _MAKERS.get(tree["type"], interpreted)(tree)


# Paths


def _sequence(tree: Tree) -> Evaluate:
    """Each step on what the one before it gives; runs of names and indexes in one function."""
    steps: list[Evaluate] = []
    run: list[Tree] = []
    for node in (*_flat(tree), None):
        if node is not None and node["type"] in {"field", "index"}:
            run.append(node)
            continue
        if run:
            steps.append(_path(run))
            run = []
        if node is not None and node["type"] not in {"identity", "current"}:
            steps.append(_compiled(node))
    if len(steps) == 2:
        first, second = steps
        return lambda value: second(first(value))
    if len(steps) == 1:
        return steps[0]

    def follow(value: Any) -> Any:
        for step in steps:
            value = step(value)
        return value

    return follow


def _flat(tree: Tree) -> list[Tree]:
    flat: list[Tree] = []
    for node in tree["children"]:
        flat += _flat(node) if node["type"] in SEQUENCES else [node]
    return flat


def _path(nodes: Sequence[Tree]) -> Evaluate:
    if len(nodes) == 1:
        return _MAKERS[nodes[0]["type"]](nodes[0])
    steps: list[tuple[type, Any]] = [(dict if node["type"] == "field" else list, node["value"]) for node in nodes]

    def path(value: Any) -> Any:
        for container, key in steps:
            kind = type(value)
            if kind is not container:
                return None
            if kind is dict:
                value = value.get(key)
            else:
                try:
                    value = value[key]
                except IndexError:
                    return None
        return value

    return path


def _field(tree: Tree) -> Evaluate:
    name = tree["value"]
    return lambda value: value.get(name) if type(value) is dict else None


def _index(tree: Tree) -> Evaluate:
    at = tree["value"]

    def index(value: Any) -> Any:
        if type(value) is not list:
            return None
        try:
            return value[at]
        except IndexError:
            return None

    return index


def _slice(tree: Tree) -> Evaluate:
    chosen = slice(*tree["children"])
    return lambda value: value[chosen] if type(value) is list else None


def _current(tree: Tree) -> Evaluate:
    return lambda value: value


def _literal(tree: Tree) -> Evaluate:
    literal = tree["value"]
    return lambda _: literal


# Comparisons and logic


def equal(left: Any, right: Any) -> bool:
    """``==``: a truth value is no number."""
    return bool(left == right and (type(left) is bool) == (type(right) is bool))


_ORDER: dict[str, Callable[[Any, Any], bool]] = {
    "lt": operator.lt,
    "gt": operator.gt,
    "lte": operator.le,
    "gte": operator.ge,
}
_COMPARABLE = frozenset({int, float, str})


def _comparator(tree: Tree) -> Evaluate:
    name = tree["value"]
    left, right = map(_compiled, tree["children"])
    literal = tree["children"][1]["value"] if tree["children"][1]["type"] == "literal" else None
    if name in _ORDER:
        return _ordered(_ORDER[name], left, right)
    if isinstance(literal, str):
        if name == "eq":
            return lambda value: left(value) == literal
        return lambda value: left(value) != literal
    if name == "eq":
        return lambda value: equal(left(value), right(value))
    return lambda value: not equal(left(value), right(value))


def _ordered(order: Callable[[Any, Any], bool], left: Evaluate, right: Evaluate) -> Evaluate:
    def compare(value: Any) -> bool | None:
        one, other = left(value), right(value)
        if type(one) not in _COMPARABLE or type(other) not in _COMPARABLE:
            return None
        return order(one, other)

    return compare


def _or(tree: Tree) -> Evaluate:
    left, right = map(_compiled, tree["children"])

    def either(value: Any) -> Any:
        found = left(value)
        return right(value) if is_false(found) else found

    return either


def _and(tree: Tree) -> Evaluate:
    left, right = map(_compiled, tree["children"])

    def both(value: Any) -> Any:
        found = left(value)
        return found if is_false(found) else right(value)

    return both


def _not(tree: Tree) -> Evaluate:
    inner = _compiled(tree["children"][0])

    def negated(value: Any) -> bool:
        found = inner(value)
        if found == 0 and type(found) in {int, float}:
            return False
        return not found

    return negated


# Projections and selections


def _projection(tree: Tree) -> Evaluate:
    base, each = map(_compiled, tree["children"])
    identity = tree["children"][1]["type"] == "identity"

    def project(value: Any) -> list[Any] | None:
        found = base(value)
        if type(found) is not list:
            return None
        if identity:
            return [item for item in found if item is not None]
        return [made for item in found if (made := each(item)) is not None]

    return project


def _value_projection(tree: Tree) -> Evaluate:
    base, each = map(_compiled, tree["children"])

    def project(value: Any) -> list[Any] | None:
        found = base(value)
        if type(found) is not dict:
            return None
        return [made for item in found.values() if (made := each(item)) is not None]

    return project


def _filter_projection(tree: Tree) -> Evaluate:
    base, each, condition = map(_compiled, tree["children"])

    def keep(value: Any) -> list[Any] | None:
        found = base(value)
        if type(found) is not list:
            return None
        return [made for item in found if not is_false(condition(item)) and (made := each(item)) is not None]

    return keep


def _flatten(tree: Tree) -> Evaluate:
    base = _compiled(tree["children"][0])

    def flatten(value: Any) -> list[Any] | None:
        found = base(value)
        if type(found) is not list:
            return None
        merged: list[Any] = []
        for item in found:
            if type(item) is list:
                merged.extend(item)
            else:
                merged.append(item)
        return merged

    return flatten


def _multi_select_list(tree: Tree) -> Evaluate:
    each = [_compiled(child) for child in tree["children"]]
    return lambda value: None if value is None else [one(value) for one in each]


def _multi_select_dict(tree: Tree) -> Evaluate:
    pairs = [(child["value"], _compiled(child["children"][0])) for child in tree["children"]]
    return lambda value: None if value is None else {name: one(value) for name, one in pairs}


# Functions

_Types = frozenset[type[Any]]
_ANY: _Types = frozenset({str, int, float, bool, list, dict, type(None)})
_STRING: _Types = frozenset({str})
_ARRAY: _Types = frozenset({list})
_NUMBER: _Types = frozenset({int, float})
_OBJECT: _Types = frozenset({dict})


def _to_string(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, separators=(",", ":"), default=str)


def _to_number(value: Any) -> float | None:
    if type(value) in _NUMBER:
        return value  # type: ignore[no-any-return]
    if not isinstance(value, str):
        return None
    for make in (int, float):
        try:
            return make(value)
        except ValueError:
            continue
    return None


_TYPE_NAMES = {
    str: "string", bool: "boolean", list: "array", dict: "object", float: "number", int: "number", type(None): "null",
}  # fmt: skip

_PLAIN: dict[str, tuple[tuple[_Types, ...], Callable[..., Any]]] = {
    "abs": ((_NUMBER,), abs),
    "ceil": ((_NUMBER,), math.ceil),
    "contains": ((_ARRAY | _STRING, _ANY), lambda subject, sought: sought in subject),
    "ends_with": ((_STRING, _STRING), str.endswith),
    "floor": ((_NUMBER,), math.floor),
    "keys": ((_OBJECT,), list),
    "length": ((_STRING | _ARRAY | _OBJECT,), len),
    "reverse": ((_ARRAY | _STRING,), lambda subject: subject[::-1]),
    "starts_with": ((_STRING, _STRING), str.startswith),
    "to_array": ((_ANY,), lambda value: value if isinstance(value, list) else [value]),
    "to_number": ((_ANY,), _to_number),
    "to_string": ((_ANY,), _to_string),
    "type": ((_ANY,), lambda value: _TYPE_NAMES[type(value)]),
    "values": ((_OBJECT,), lambda subject: list(subject.values())),
}
"""What each argument may be, and what the function does with such."""


def _function(tree: Tree) -> Evaluate:
    name, children = tree["value"], tree["children"]
    arguments = [_argument(child) for child in children]
    if name in FUNCTIONS and len(arguments) == 1:
        return _unary(name, _STRING, lambda text: call(name, text), arguments[0])
    if name == "not_null" and arguments and not any(child["type"] == "expref" for child in children):
        return lambda value: next((each for each in [one(value) for one in arguments] if each is not None), None)
    wanted, function = _PLAIN.get(name, ((), None))
    if function is None or len(wanted) != len(arguments):
        return lambda value: _library_call(name, [one(value) for one in arguments])
    if len(wanted) == 1:
        return _unary(name, wanted[0], function, arguments[0])
    return _binary(name, wanted, function, arguments)


def _unary(name: str, types: _Types, function: Callable[..., Any], argument: Evaluate) -> Evaluate:
    def apply(value: Any) -> Any:
        given = argument(value)
        return function(given) if type(given) in types else _library_call(name, [given])

    return apply


def _binary(
    name: str, wanted: tuple[_Types, ...], function: Callable[..., Any], arguments: Sequence[Evaluate]
) -> Evaluate:
    first, second = arguments
    first_types, second_types = wanted

    def apply(value: Any) -> Any:
        one, other = first(value), second(value)
        if type(one) in first_types and type(other) in second_types:
            return function(one, other)
        return _library_call(name, [one, other])

    return apply


def _argument(tree: Tree) -> Evaluate:
    if tree["type"] != "expref":
        return _compiled(tree)
    inner = _Inner(_compiled(tree["children"][0]))
    return lambda _: _expression()(tree["children"][0], inner)


class _Inner:
    """Stands for the interpreter where the library's functions evaluate an expression they were given."""

    def __init__(self, evaluate: Evaluate) -> None:
        self._evaluate = evaluate

    def visit(self, tree: Tree, value: Any) -> Any:
        """The expression's value; ``tree`` is what it was made from."""
        return self._evaluate(value)


@cache
def _expression() -> Callable[[Tree, _Inner], Any]:
    from jmespath import visitor

    made: Any = visitor._Expression  # noqa: SLF001  # the only thing its functions take for an expression
    return made  # type: ignore[no-any-return]


def _library_call(name: str, arguments: list[Any]) -> Any:
    from fgtui.sessions.query.functions import library

    return library().call_function(name, arguments)


_MAKERS: dict[str, Callable[[Tree], Evaluate]] = {
    "and_expression": _and,
    "comparator": _comparator,
    "current": _current,
    "field": _field,
    "filter_projection": _filter_projection,
    "flatten": _flatten,
    "function_expression": _function,
    "identity": _current,
    "index": _index,
    "index_expression": _sequence,
    "literal": _literal,
    "multi_select_dict": _multi_select_dict,
    "multi_select_list": _multi_select_list,
    "not_expression": _not,
    "or_expression": _or,
    "pipe": _sequence,
    "projection": _projection,
    "slice": _slice,
    "subexpression": _sequence,
    "value_projection": _value_projection,
}
