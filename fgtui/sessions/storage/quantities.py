"""Ages and sizes as people write them: ``30d``, ``500MB``. Strict: a number without its unit could mean anything."""

from __future__ import annotations

from datetime import timedelta

from fgtui.errors import UsageError
from fgtui.regex import regex

_AGES = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_SIZES = {
    "B": 1,
    "KB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12,
    "KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "TiB": 2**40,
}  # fmt: skip
_BY_LOWER = {unit.lower(): size for unit, size in _SIZES.items()}
_QUANTITY = regex(r"([0-9]{1,9}(?:\.[0-9]{1,6})?)\s?([A-Za-z]{1,3})")
_LONGEST = timedelta(days=365 * 1000)


def age(word: str) -> timedelta:
    """``12h``, ``30d`` or ``2w``."""
    found = _QUANTITY.fullmatch(word)
    unit = _AGES.get(found[2].lower()) if found else None
    if found is None or unit is None or float(found[1]) * unit.total_seconds() > _LONGEST.total_seconds():
        raise UsageError("{word!r} is no age", hint="a number of hours, days or weeks: 12h, 30d, 2w", word=word)
    return float(found[1]) * unit


def size(word: str) -> int:
    """Bytes: ``500MB``, ``1.5GiB``."""
    found = _QUANTITY.fullmatch(word)
    unit = _BY_LOWER.get(found[2].lower()) if found else None
    if found is None or unit is None:
        raise UsageError("{word!r} is no size", hint="a number and its unit: 900KB, 500MB, 1.5GB, 2GiB", word=word)
    return round(float(found[1]) * unit)
