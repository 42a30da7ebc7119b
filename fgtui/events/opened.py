"""An event as a plain value with every encoded string opened: what queries call ``event.decoded``."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from fgtui.events.codecs import LAYER_LIMIT, Budget, open_string
from fgtui.events.model import Path
from fgtui.events.scopes import DEPTH, Reader, Scope, scope_of
from fgtui.events.text import Document, scan

if TYPE_CHECKING:
    from fgtui.events.catalogue import Trigger
    from fgtui.events.schema import Encoding


ValueOf = Callable[[Document], object]
"""Makes a value of a document."""


def decoded_value(wire: str, trigger: Trigger | None, value_of: ValueOf = Document.value) -> object:
    """The value of ``wire``, opened as deep as it goes.

    Deeper than the decoded form, which must be able to close again: indented JSON and foreign gzip open too. Bytes that
    are no text stay the string they came in. ``EventError`` where ``wire`` is no JSON.
    """
    document = scan(wire)
    if document.has_errors:
        document.wire()
    value = value_of(document)
    return _open_value(value, scope_of(trigger, _value_reader(value)), Budget(), 0, value_of)


def _open_value(root: Any, scope: Scope, budget: Budget, used: int, value_of: ValueOf) -> Any:
    """``root``, changed in place, with its strings opened."""
    if isinstance(root, str):
        return _open_text(root, scope.expected(()), scope, budget, used, value_of)
    pending: list[_Frame] = [(root, None, None, 0)] if isinstance(root, dict | list) else []
    while pending:
        container, above, around, depth = pending.pop()
        members = container.items() if isinstance(container, dict) else enumerate(container)
        for key, item in members:
            if isinstance(item, str):
                name = key if isinstance(key, str) else around
                expected = scope.expected(_path((above, key))) if depth < DEPTH and scope.names_encoded(name) else None
                opened = _open_text(item, expected, scope, budget, used, value_of)
                if opened is not item:
                    container[key] = opened
            elif isinstance(item, dict | list):
                pending.append((item, (above, key), key if isinstance(key, str) else around, depth + 1))
    return root


_Link = tuple[Any, str | int]
"""The container's own link, and the key in it; ``None`` for the root."""
_Frame = tuple[Any, _Link | None, str | None, int]
"""A container, its link, the nearest member name around its items, its depth."""


def _open_text(  # noqa: PLR0917 - one after the other, they are all there is
    value: str, expected: Encoding | None, scope: Scope, budget: Budget, used: int, value_of: ValueOf
) -> Any:
    layer = open_string(value, expected, limit=LAYER_LIMIT - used, budget=budget)
    if layer is None or layer.text is None:
        return value
    if layer.document is None:
        return layer.text
    inner = value_of(layer.document)
    return _open_value(inner, scope.inner(expected, _value_reader(inner)), budget, used + layer.depth, value_of)


def _path(link: _Link | None) -> Path:
    steps: list[str | int] = []
    while link is not None:
        link, key = link
        steps.append(key)
    return tuple(reversed(steps))


def _value_reader(root: object) -> Reader:
    def read(path: Path) -> object:
        value: Any = root
        for step in path:
            if isinstance(value, dict):
                value = value.get(step)
            elif isinstance(value, list) and isinstance(step, int) and step < len(value):
                value = value[step]
            else:
                return None
        return value

    return read
