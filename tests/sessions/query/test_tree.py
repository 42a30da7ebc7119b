"""What is told of an expression without evaluating it."""

from __future__ import annotations

from typing import Any

import jmespath
import pytest
from hypothesis import given

from fgtui.sessions.query.closures import compiled, is_false
from fgtui.sessions.query.tree import DEPTH, conjuncts, is_safe, is_shallow, joined, nodes, path_of
from tests.sessions.query_strategies import documents, expressions


def parsed(expression: str) -> Any:
    return jmespath.compile(expression).parsed


@pytest.mark.parametrize(
    ("expression", "safe"),
    [
        ("a.b[0] || c && !d", True),
        ("a == 'x'", True),
        ("a != `1`", True),
        ("a[?b == 'x'].c | [0]", True),
        ("{a: b, c: [d, e]}", True),
        ("not_null(a, b)", True),
        ("type(a) == 'string'", True),
        ("a[::2]", True),
        ("a[::0]", False),
        ("a < `1`", False),  # texts and numbers are not compared
        ("a == b", False),  # both may be nested too deeply
        ("a == `[1]`", False),
        ("length(a) == `1`", False),
        ("a || length(b)", False),
        ("a[?length(b) == `1`]", False),
        ("{a: from_json(b)}", False),
        ("sort_by(a, &b)", False),
    ],
)
def test_what_may_fail_on_some_document_is_not_safe(expression: str, safe: bool) -> None:
    assert is_safe(parsed(expression)) is safe


@given(documents, expressions)
def test_what_is_safe_fails_on_no_document(document: Any, expression: str) -> None:
    tree = parsed(expression)
    if is_safe(tree):
        compiled(tree)(document)


@pytest.mark.parametrize("expression", ["a", "a && b", "a && b && c", "(a && b) && (c && d)", "a && (b || c) && !d"])
@pytest.mark.parametrize(
    "document", [{}, {"a": 1}, {"a": 1, "b": 2}, {"a": 1, "b": 2, "c": 3}, {"a": 1, "b": 2, "c": 3, "d": 4}]
)
def test_what_and_joins_comes_apart_in_order_and_goes_together_again(expression: str, document: Any) -> None:
    tree = parsed(expression)
    apart = conjuncts(tree)
    together = joined(apart)
    assert together is not None
    assert conjuncts(together) == apart
    assert is_false(compiled(together)(document)) == is_false(compiled(tree)(document))


def test_nothing_joined_is_nothing() -> None:
    assert joined([]) is None


def test_what_and_joins_keeps_the_order_of_evaluation() -> None:
    assert [each["value"] for each in conjuncts(parsed("a && (b && c) && d"))] == ["a", "b", "c", "d"]


@pytest.mark.parametrize(
    ("expression", "path"),
    [
        ("a", ("a",)),
        ("a.b.c", ("a", "b", "c")),
        ("(a).b", ("a", "b")),
        ("@.a", ("a",)),
        ("a | b", ("a", "b")),
        ('"d e".a', ("d e", "a")),
        ("a[0]", None),
        ("a.*", None),
        ("a.b[*]", None),
        ("'a'", None),
        ("length(a)", None),
    ],
)
def test_a_path_is_names_alone(expression: str, path: tuple[str, ...] | None) -> None:
    assert path_of(parsed(expression)) == path


def test_a_tree_is_shallow_up_to_its_limit() -> None:
    tree: dict[str, Any] = {"type": "field", "children": [], "value": "a"}
    for _ in range(DEPTH - 1):
        tree = {"type": "not_expression", "children": [tree]}
    assert is_shallow(tree)
    assert not is_shallow({"type": "not_expression", "children": [tree]})
    assert len(list(nodes(tree))) == DEPTH
