"""Numbers as pictures of one line: a sparkline and bars, in block characters or, where these cannot be shown, ASCII."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

_BLOCKS = " ▁▂▃▄▅▆▇█"
_BLOCKS_ASCII = " .:-=+*%#"
_PARTS = " ▏▎▍▌▋▊▉"
"""Eighths of a column; the whole is ``█``."""


def shows_blocks(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether the locale is one of UTF-8, which has block characters."""
    for name in ("LC_ALL", "LC_CTYPE", "LANG"):
        if value := environment.get(name):
            return value.lower().replace("-", "").endswith(("utf8", "utf8@euro"))
    return False


def sparkline(counts: Sequence[float], *, blocks: bool = True) -> str:
    """A column for each count, as high as it is beside the highest; only nothing is drawn as nothing."""
    steps = _BLOCKS if blocks else _BLOCKS_ASCII
    highest = max(counts, default=0)
    if highest <= 0:
        return " " * len(counts)
    most = len(steps) - 1
    return "".join(steps[max(1, round(count / highest * most)) if count > 0 else 0] for count in counts)


def bar(count: float, highest: float, width: int, *, blocks: bool = True) -> str:
    """A bar of at most ``width`` columns, as long as ``count`` is beside ``highest``; only nothing has no bar."""
    if count <= 0 or highest <= 0 or width <= 0:
        return ""
    share = min(1.0, count / highest) * width
    if not blocks:
        return "#" * max(1, round(share))
    whole, eighths = divmod(max(1, round(share * 8)), 8)
    return "█" * whole + (_PARTS[eighths] if eighths else "")
