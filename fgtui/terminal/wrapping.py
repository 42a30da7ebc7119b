"""Breaks prose into lines that fit: at blanks, and between Chinese characters, which have none.

Widths are cells of a terminal: a Chinese character takes two.
"""

from __future__ import annotations

FIRST_WIDE = "\u2e80"
"""From here on nearly every character is two cells wide, and a line may be broken beside it."""
_NOT_FIRST = frozenset("，。、：；！？·…—～％‰℃°”’」』）》〉】〕］｝,.;:!?)]}>%'\"/")
"""Never begins a line that was broken before it."""
_NOT_LAST = frozenset("“‘「『（《〈【〔［｛([{<$#\"'")
"""Never ends one."""


def wrap(text: str, width: int) -> list[str]:
    """The words of ``text`` in lines of at most ``width`` cells; longer only where a single character is. ASCII's
    words stay whole where they fit into a line.
    """
    return broken(" ".join(text.split()), width)


def broken(text: str, width: int) -> list[str]:
    """The same with all the blanks that are not at a break: where words stand in columns."""
    lines: list[str] = []
    start = 0
    while start < len(text):
        limit = _limit(text, start, width)
        end, then = (len(text), len(text)) if limit == len(text) else break_of(text, start, limit, start)
        lines.append(text[start:end])
        start = then
    return lines


def break_of(text: str, start: int, limit: int, first: int) -> tuple[int, int]:
    """Where the line that begins at ``start`` is broken when it can hold no more than up to ``limit``: its end, and
    where the next one begins, which is behind the blank of the break. Both are ``limit`` where there is no place
    behind ``first``.
    """
    if text.isascii():
        blank = text.rfind(" ", first + 1, limit + 1)
        return (limit, limit) if blank < 0 else (blank, blank + 1)
    for at in range(limit, first, -1):
        if text[at] == " ":
            return at, at + 1
        if may_break(text[at - 1], text[at]):
            return at, at
    return limit, limit


def may_break(before: str, after: str) -> bool:
    """Whether a line may be broken between these two characters although there is no blank."""
    if before == " " or (before < FIRST_WIDE and after < FIRST_WIDE):
        return False
    return not (after in _NOT_FIRST or before in _NOT_LAST or _clings(after))


def _clings(character: str) -> bool:
    """Whether it is drawn over, or as one with, what stands before it."""
    from unicodedata import category

    return category(character)[0] == "M" or character == "\u200d" or "\U0001f3fb" <= character <= "\U0001f3ff"


def _limit(text: str, start: int, width: int) -> int:
    """The first character from ``start`` on that has no room any more; at least one always has."""
    if text.isascii():
        return min(len(text), start + max(1, width))
    from unicodedata import combining, east_asian_width

    left = width
    for at in range(start, len(text)):
        character = text[at]
        left -= 0 if combining(character) else 2 if east_asian_width(character) in "WF" else 1
        if left < 0:
            return max(start + 1, at)
    return len(text)
