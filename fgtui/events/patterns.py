"""Paths with wildcards, as trigger folders write them: ``Records[*].s3.object.key``, ``Records[0].obs``.

A name ends at ``.``, ``[`` or ``]``; ``"quoted"`` names may hold anything but quotation marks. ``[*]`` is each item.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from fgtui.errors import EventError
from fgtui.events.model import Path
from fgtui.regex import regex

if TYPE_CHECKING:
    from fgtui.events.text import Document, Node

Pattern = tuple[str | int | None, ...]
"""Member names and indexes from the root; ``None`` stands for each item of an array."""

_STEP = regex(r'(?:^|(?<=.)\.)(?:"([^"]*)"|([^."\[\]]+))|\[(?:(\d{1,9})|(\*))\]')


def parse_pattern(text: str) -> Pattern:
    """The steps of ``text``; EventError names the column of what is no step."""
    steps: list[str | int | None] = []
    position = 0
    while position < len(text) or not steps:
        found = _STEP.match(text, position)
        if found is None:
            raise EventError(
                "{text} is no path: nothing can be read at character {character}",
                hint="write it as Records[*].s3.object.key",
                column=position + 1,
                text=text,
                character=position + 1,
            )
        quoted, name, index, _ = found.groups()
        steps.append(quoted if quoted is not None else name if name is not None else int(index) if index else None)
        position = found.end()
    return tuple(steps)


def spell(pattern: Pattern) -> str:
    """``pattern`` as it is written."""
    parts: list[str] = []
    for step in pattern:
        if isinstance(step, str):
            name = step if re.fullmatch(r'[^."\[\]]+', step) else f'"{step}"'
            parts.append(f".{name}" if parts else name)
        else:
            parts.append("[*]" if step is None else f"[{step}]")
    return "".join(parts)


def matches(pattern: Pattern, path: Path) -> bool:
    """Whether ``path`` is one of the places that ``pattern`` speaks of."""
    return len(pattern) == len(path) and all(
        isinstance(step, int) if wanted is None else wanted == step for wanted, step in zip(pattern, path, strict=True)
    )


def find_all(document: Document, pattern: Pattern) -> Iterator[Node]:
    """The values of ``document`` at ``pattern``, in order; of duplicate members the last."""
    found = [document.root] if document.root else []
    for step in pattern:
        found = [child for node in found for child in children_at(document, node, step)]
    return iter(found)


def children_at(document: Document, node: Node, step: str | int | None) -> list[Node]:
    """The values that one step of a pattern leads to from ``node``."""
    from fgtui.events.text import Kind

    if isinstance(step, str):
        if node.kind is not Kind.OBJECT:
            return []
        named = [child for child in document.children(node) if child.key == step]
        return named[-1:]
    if node.kind is not Kind.ARRAY:
        return []
    if step is None:
        return list(document.children(node))
    return next(([child] for child in document.children(node) if child.key == step), [])
