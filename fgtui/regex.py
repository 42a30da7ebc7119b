"""Regular expressions that are compiled when something is first matched: a start pays for the few it needs."""

from __future__ import annotations

import re
from typing import AnyStr, cast


class _Regex:
    """Stands for a compiled pattern; each method is looked up in it once."""

    def __init__(self, pattern: str | bytes, flags: int) -> None:
        self.pattern = pattern
        self.flags = flags

    def __getattr__(self, name: str) -> object:
        found = getattr(re.compile(self.pattern, self.flags), name)
        setattr(self, name, found)
        return found


def regex(pattern: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """As ``re.compile``, but a mistake in ``pattern`` shows at the first match."""
    return cast("re.Pattern[AnyStr]", _Regex(pattern, flags))
