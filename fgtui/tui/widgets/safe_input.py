"""A line to type in that can be drawn whatever is pasted into it: Textual's own draws its value as it is."""

from __future__ import annotations

from unicodedata import category

from textual import events
from textual.geometry import Offset
from textual.widgets import Input
from textual.widgets._input import Selection

from fgtui.terminal.display import displayable_line
from fgtui.tui.widgets.row_view import boundary_before, boundary_behind
from fgtui.words import say

LONGEST_PASTE = 50_000
"""Characters that a line takes at once; with many more, each key and each search for them would take seconds."""


def typed(key: str, character: str | None) -> str:
    """The text a key types; empty where it is a key only.

    Wide spaces and joiners are text as well, which Textual takes for unprintable. A letter with Alt is a key.
    """
    if not character or key.startswith("alt+") or category(character[0]) == "Cc":
        return ""
    return character


class SafeInput(Input):
    """Holds displayable text only: what could act on a terminal becomes a visible escape as it comes in."""

    def validate_value(self, value: str) -> str:
        """Make the value displayable."""
        return displayable_line(value)

    def validate_selection(self, selection: Selection) -> Selection:
        """Keep the cursor out of what is drawn as one: a flag, an emoji of several characters."""
        start, end = super().validate_selection(selection)
        if self.value.isascii() or end in (self.selection.end, len(self.value)):
            return Selection(start, end)
        snapped = boundary_before(self.value, end) if end < self.selection.end else boundary_behind(self.value, end)
        return Selection(snapped if start == end else start, snapped)

    def delete(self, start: int, end: int) -> None:
        """Delete whole characters, however many code points they are made of."""
        end = min(end, len(self.value))
        if 0 <= start < end:
            start, end = boundary_before(self.value, start), boundary_behind(self.value, end)
        super().delete(start, end)

    @property
    def cursor_screen_offset(self) -> Offset:
        """Where the cursor is drawn: behind the last character Textual's own is a cell too far to the right."""
        return super().cursor_screen_offset - Offset(int(self.cursor_at_end), 0)

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Leave Alt with a letter, which comes with the letter, to whoever has it as a key."""
        return bool(typed(key, character))

    async def _on_key(self, event: events.Key) -> None:
        """Type every character that is one, and no letter that came with Alt."""
        event.prevent_default()  # of Textual's own
        self._restart_blink()
        if text := typed(event.key, event.character):
            event.stop()
            self.replace(text, *self.selection)

    def _on_paste(self, event: events.Paste) -> None:
        """Take every line of a paste, not the first alone; nothing of one that belongs into an event."""
        event.prevent_default()
        event.stop()
        if (count := len(event.text)) > LONGEST_PASTE:
            words = say(
                "nothing is pasted: a line takes at most {limit:,} characters, and these are {count:,}",
                limit=LONGEST_PASTE,
                count=count,
            )
            self.notify(words, severity="warning", markup=False)
            return
        text = displayable_line(" ".join(event.text.splitlines()))
        start, end = sorted(self.selection)
        self.replace(text, start, end)
