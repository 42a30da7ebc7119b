r"""Which texts must stand in an exchange for a query to be true: looked for in the bytes before anything is parsed.

Sound for every spelling that JSON has: a character is written as itself, as ``\uXXXX``, or, a few of them, after a
backslash of its own. Texts with those few are looked for in pieces, and nothing is ruled out where ``\u`` stands. Says
nothing where ruling an exchange out would hide an error that evaluating the query gives.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fgtui.regex import regex
from fgtui.sessions.query.tree import SEQUENCES, Tree, is_safe, is_shallow

CLAUSE_LIMIT = 8
"""Clauses, and texts of one: more would cost more than they spare."""

_PLAIN = regex(r'[^"\\/\x00-\x1f\x7f-\x9f\ud800-\udfff]+')
"""What JSON spells as it is or as ``\\uXXXX``."""
_ESCAPE = b"\\u"

_ROOT, _EVENT, _OUTCOME, _TEXTS, _LOGS = "exchange", "event", "outcome", "texts", "logs"
_COMPUTED = {
    _ROOT: frozenset({"session", "seq", "note", "tags", "format"}),
    _EVENT: frozenset({"decoded", "wire_base64"}),
    _OUTCOME: frozenset({"body_base64"}),
}
"""Members that are not in the bytes as they are in the value."""


Clause = tuple[bytes, ...]
"""At least one of these stands in the bytes of every exchange for which the query is true."""


def clauses(tree: Tree) -> tuple[Clause, ...]:
    """All that can be said of ``tree``."""
    return tuple(_clauses(tree, _ROOT)[:CLAUSE_LIMIT]) if is_shallow(tree) else ()


def ruling_out(needed: Sequence[Clause]) -> Callable[[bytes], bool]:
    """Whether the query cannot be true for an exchange of these bytes; it raises nothing for such either."""
    if not needed:
        return lambda _: False
    if len(needed) == 1 and len(needed[0]) == 1:
        (only,) = needed[0]
        return lambda content: only not in content and _ESCAPE not in content

    def is_ruled_out(content: bytes) -> bool:
        for texts in needed:
            for text in texts:
                if text in content:
                    break
            else:
                return _ESCAPE not in content
        return False

    return is_ruled_out


def _clauses(tree: Tree, here: str | None) -> list[Clause]:
    """Of ``tree`` on the object ``here``: without a text of each, its value is false, and no error."""
    kind, children = tree["type"], tree["children"]
    if kind == "and_expression":
        left = _clauses(children[0], here)
        return left + _clauses(children[1], here) if is_safe(children[0]) else left
    if kind == "or_expression":
        both = [(one, other) for one in _clauses(children[0], here) for other in _clauses(children[1], here)]
        joined = (tuple(dict.fromkeys(one + other)) for one, other in both)
        return [clause for clause in joined if len(clause) <= CLAUSE_LIMIT]
    if kind == "comparator" and tree["value"] == "eq":
        for one, other in (children, children[::-1]):
            if one["type"] == "literal" and _place(other, here) in {_TEXTS, _LOGS}:
                return _clause(one["value"])
    if kind == "function_expression" and _finds_in_logs(tree, here):
        return _clause(children[1]["value"])
    if kind == "filter_projection" and _place(children[0], here) == _TEXTS:
        return _clauses(children[2], _TEXTS)
    return []


def _finds_in_logs(tree: Tree, here: str | None) -> bool:
    """Logs are always text, so looking for text in them cannot fail."""
    children = tree["children"]
    return (
        tree["value"] in {"contains", "starts_with", "ends_with"}
        and len(children) == 2
        and children[1]["type"] == "literal"
        and isinstance(children[1]["value"], str)
        and _place(children[0], here) == _LOGS
    )


def _clause(literal: object) -> list[Clause]:
    pieces = _PLAIN.findall(literal) if isinstance(literal, str) else []
    return [(max(pieces, key=len).encode(),)] if pieces else []


def _place(tree: Tree, here: str | None) -> str | None:
    """Where the value of a path comes from; ``None`` where that is not the bytes."""
    kind = tree["type"]
    if kind in SEQUENCES:
        for child in tree["children"]:
            here = _place(child, here)
        return here
    if kind in {"current", "identity"}:
        return here
    if kind == "index":
        return _TEXTS if here == _TEXTS else None
    if kind != "field" or here is None:
        return None
    name = tree["value"]
    if name in _COMPUTED.get(here, ()):
        return None
    if here == _ROOT and name in {_EVENT, _OUTCOME}:
        return str(name)
    return _LOGS if here == _OUTCOME and name == "logs" else None if here == _LOGS else _TEXTS
