"""Hides the rows of objects and lists of the event in an editor, and shows them again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from fgtui.events.model import Path
from fgtui.events.text import format_path
from fgtui.tui.text.places import (
    block_at,
    block_in_row,
    blocks_at_paths,
    blocks_below_first,
    inside_of,
    path_of_block,
)

if TYPE_CHECKING:
    from fgtui.tui.text.analysis import Analysis
    from fgtui.tui.text.collapsed_rows import Block, Inside
    from fgtui.tui.widgets.event_editor import EventEditor

ON_ONE_LINE = "all on one line here; format the event first"


class Collapsing:
    """What is hidden is known by rows; where it lies in the event only while that has been read."""

    def __init__(self, editor: EventEditor) -> None:
        self._editor = editor

    def toggle(self, row: int | None = None) -> None:
        """Hide the rows of the object or list at the cursor, or that begins in ``row``; show them where they are."""
        editor, area = self._editor, self._editor.area
        shown = area.collapsed.block_at(area.cursor.row if row is None else row)
        if shown is not None:
            area.open_block(shown)
        elif (analysis := editor.analysis) is None:
            editor.when_read(partial(self.toggle, row))
        elif (
            block := block_at(analysis, editor.cursor_offset) if row is None else block_in_row(analysis, row)
        ) is None:
            editor.say(ON_ONE_LINE)
        else:
            area.collapse([block])

    def hide_all(self) -> None:
        """Hide what is below the first level, but for the first row of each."""
        editor = self._editor
        if (analysis := editor.analysis) is None:
            editor.when_read(self.hide_all)
            return

        def show(blocks: tuple[Block, ...]) -> None:
            if editor.analysis is not analysis:
                return
            if blocks:
                editor.area.open_all()
                editor.area.collapse(blocks)
            else:
                is_short = len(editor.document.lines) < 3
                editor.say(ON_ONE_LINE if is_short else "there is nothing to collapse here")

        editor.work.in_thread(lambda: blocks_below_first(analysis), show, "collapse")

    def count_in_sight(self, analysis: Analysis) -> None:
        """Have it said how much is in what is hidden between the rows in sight; ``analysis`` is of the text now."""
        editor = self._editor
        blocks = editor.area.blocks_in_sight()

        def show(inside: dict[Block, Inside]) -> None:
            if editor.analysis is analysis:
                editor.area.tell_inside(inside)

        if blocks:
            editor.work.in_thread(lambda: inside_of(analysis, blocks), show, "inside")

    def paths(self, limit: int) -> tuple[str, ...]:
        """Where rows are hidden, as paths; none where these are more than ``limit``, or the text was not read yet."""
        analysis, blocks = self._editor.analysis, self._editor.area.collapsed
        if analysis is None or not 0 < len(blocks) <= limit:
            return ()
        paths = (path_of_block(analysis, block) for block in blocks)
        return tuple(format_path(path) for path in paths if path)

    def hide_at(self, paths: Sequence[Path], *, then: Callable[[], None]) -> None:
        """Hide the rows of what is at ``paths``, and do ``then``: at once, or when the text is read."""
        editor = self._editor
        if (analysis := editor.analysis) is None:
            editor.when_read(partial(self.hide_at, paths, then=then))
            return
        editor.area.collapse(blocks_at_paths(analysis, paths))
        editor.call_after_refresh(then)
