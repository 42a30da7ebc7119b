"""JSON of somebody else's, where an object is expected and anything may have come."""

from __future__ import annotations

from typing import Any


def json_object(text: bytes | str) -> dict[str, Any] | None:
    """The members of the object that ``text`` is; ``None`` where it is none, or no JSON."""
    import json

    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
