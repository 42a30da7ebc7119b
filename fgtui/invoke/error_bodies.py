"""What an error body says (runtime.md section 2.3), of whatever a function or a server has sent instead of one too."""

from __future__ import annotations

from fgtui.invoke.json_objects import json_object

STACK_LIMIT = 2000
"""Lines of a stack that are passed on."""


def error_parts(body: bytes, unnamed: str = "Error") -> tuple[str, str, tuple[str, ...]]:
    """Class, message and stack, any of which may be missing; ``unnamed`` is the class of an error that names none."""
    said = json_object(body) or {}
    name, text, stack = said.get("errorType"), said.get("errorMessage"), said.get("stackTrace")
    return (
        name if isinstance(name, str) and name else unnamed,
        text if isinstance(text, str) else body.decode("utf-8", "replace"),
        tuple(str(line) for line in stack[:STACK_LIMIT]) if isinstance(stack, list) else (),
    )
