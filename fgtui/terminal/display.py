"""Makes any text displayable: the last step before a widget, a tty or a toast (reliability, section 2).

Copying gives the original; only what is drawn passes here.
"""

from __future__ import annotations

import re

_HOSTILE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 but tab and newline, DEL, C1
    "\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\u2028\u2029"  # direction marks, line separators
    "\u200b\ufeff\u00ad\u180e\ufff9-\ufffb\U000e0000-\U000e007f"  # invisible
    "\ud800-\udfff]"  # lone surrogates
)
_HOSTILE_IN_LINE = re.compile(_HOSTILE.pattern[:-1] + "\t\n]")
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\x1b": "\\e"}


def displayable(text: str) -> str:
    """``text`` with every character that could act on a terminal as a visible escape; tabs and newlines stay."""
    return _HOSTILE.sub(_escape, text)


def displayable_line(text: str) -> str:
    """The same for one line: tabs and newlines are escaped too."""
    return _HOSTILE_IN_LINE.sub(_escape, text)


def is_displayable(text: str) -> bool:
    """Whether ``displayable`` would leave ``text`` as it is."""
    return _HOSTILE.search(text) is None


def _escape(match: re.Match[str]) -> str:
    character = match.group()
    if character in _SHORT:
        return _SHORT[character]
    code = ord(character)
    if code < 0x100:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
