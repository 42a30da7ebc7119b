"""Makes any text displayable: the last step before a widget, a tty or a toast (reliability, section 2).

Copying gives the original; only what is drawn passes here.
"""

from __future__ import annotations

import re
from functools import cache

_HOSTILE = (
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 but tab and newline, DEL, C1
    "\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\u2028\u2029"  # direction marks, line separators
    "\u200b\u2060-\u2064\ufeff\u00ad\u180e\ufff9-\ufffb\U000e0000-\U000e007f"  # invisible
    "\ud800-\udfff"  # lone surrogates
)
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\x1b": "\\e"}


def displayable(text: str) -> str:
    """``text`` with every character that could act on a terminal as a visible escape; tabs and newlines stay."""
    return text if text.isprintable() else _pattern("").sub(_escape, text)


def displayable_line(text: str) -> str:
    """The same for one line: tabs and newlines are escaped too."""
    return text if text.isprintable() else _pattern("\t\n").sub(_escape, text)


def is_displayable(text: str) -> bool:
    """Whether ``displayable`` would leave ``text`` as it is."""
    return text.isprintable() or _pattern("").search(text) is None


@cache
def _pattern(more: str) -> re.Pattern[str]:
    """What is hostile, and ``more``. Most text is printable and never needs it, so it is compiled when first asked."""
    return re.compile(f"{_HOSTILE}{more}]")


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    if character in _SHORT:
        return _SHORT[character]
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
