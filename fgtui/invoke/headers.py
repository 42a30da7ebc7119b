"""Headers of HTTP as pairs, in order and as they were spelled."""

from __future__ import annotations

from collections.abc import Iterable


def header_of(headers: Iterable[tuple[str, str]], name: str) -> str | None:
    """The first value of the header ``name``, which is in lower case here and in any case there."""
    return next((value for spelled, value in headers if spelled.lower() == name), None)
