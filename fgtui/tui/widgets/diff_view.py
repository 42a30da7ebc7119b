"""Shows what changed between a recording and its replay: one line for each difference, a sign before every colour."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from fgtui.terminal.display import displayable_line
from fgtui.tui.styles.inks import Piece
from fgtui.tui.widgets.text_view import Shown, shown
from fgtui.words import plural, say

if TYPE_CHECKING:
    from fgtui.sessions.diff import Change

VALUE_LIMIT = 2000
"""Characters of one value; the Result tab has the rest."""
_SIGNS = {"added": "+", "removed": "-", "changed": "~"}
_INKS = {"+": "good", "-": "bad", "~": "warn"}


class Difference(NamedTuple):
    """The changes from one exchange's outcome to another's."""

    changes: tuple[Change, ...]
    compared_with: str
    """What the older one is called: ``orders #340``."""

    @property
    def words(self) -> str:
        """How many there are, in words."""
        if not self.changes:
            return say("the same as {old}", old=self.compared_with)
        count = len(self.changes)
        return say(
            plural(count, "1 difference to {old}", "{count} differences to {old}"), count=count, old=self.compared_with
        )


def diff_text(difference: Difference | None) -> Shown:
    """A difference as lines; without one, how to get one."""
    if difference is None:
        return shown("Nothing to compare. In the session table, r sends a recorded event again and compares.", _painted)
    sign = "~" if difference.changes else "="
    lines = [f"{sign} {difference.words}"]
    for change in difference.changes:
        lines.append("")
        lines.extend(_lines_of(change))
    return shown("\n".join(lines), _painted)


def _lines_of(change: Change) -> list[str]:
    from fgtui.events.text import format_path

    place = displayable_line(format_path(change.path)) or "(the whole outcome)"
    sign = _SIGNS[change.kind]
    head = f"{sign} {place}"
    if sign == "~":
        return [head, f"  - {_spelled(change.old)}", f"  + {_spelled(change.new)}"]
    return [head, f"  {sign} {_spelled(change.new if sign == '+' else change.old)}"]


def _spelled(value: object) -> str:
    import json

    text = json.dumps(value, ensure_ascii=False, default=str)
    return displayable_line(text if len(text) <= VALUE_LIMIT else text[: VALUE_LIMIT - 1] + "…")


def _painted(index: int, line: str, start: int, end: int) -> Sequence[Piece]:
    part = line[start:end]
    if not line.startswith("  "):
        return ((part, "strong" if index else ""),)
    return ((part, _INKS.get(line[2:3], "")),)
