"""A text of which rows are hidden: whatever is done to it, the cursor is in sight and the rows are the text's own."""

from __future__ import annotations

import random
from functools import partial

import pytest

from fgtui.tui.text.collapsed_rows import Block
from fgtui.tui.text.document import EventDocument, Location
from fgtui.tui.text.finding import Search, found
from fgtui.tui.widgets.code_area import CodeArea
from tests.tui.stage import Stage

ROWS = 60
TEXT = "\n".join(f"{row} {'{' if row % 7 == 3 else '}' if row % 7 == 6 else 'x'}" for row in range(ROWS))
KEYS = [
    *("up", "down", "left", "right", "pageup", "pagedown", "home", "end", "ctrl+home", "ctrl+end"),
    *("shift+down", "shift+up", "ctrl+left", "ctrl+right", "enter", "backspace", "delete", "a", "{", "}"),
    *("ctrl+underscore", "ctrl+y", "ctrl+shift+k", "alt+up", "alt+down", "alt+shift+down"),
]


def holds(area: CodeArea, keys: list[str]) -> None:
    lines, collapsed = area.document.lines, area.collapsed
    assert collapsed.hiding(area.cursor.row) is None, keys
    assert area.virtual_size.height == len(lines) - collapsed.hidden, keys
    assert area.cursor == area.document.clamp(area.cursor), keys
    top = area.scroll_offset.y
    assert top <= collapsed.shown_row(area.cursor.row) < top + area.size.height, keys
    hidden = {row for block in collapsed for row in range(block.head + 1, block.last + 1)}
    shown = [row for row in range(len(lines)) if row not in hidden]
    seen = [area.render_line(y).text for y in range(min(area.size.height, len(shown) - top))]
    numbers = [text[1 : area.gutter_width - 1].strip() for text in seen]
    assert numbers == [str(row + 1) for row in shown[top : top + area.size.height]], keys


@pytest.mark.parametrize("seed", range(3))
async def test_keys_leave_the_cursor_in_sight_and_every_row_its_number(seed: int) -> None:
    chance = random.Random(seed)
    async with Stage(partial(CodeArea, EventDocument(TEXT))).play(size=(30, 9)) as pilot:
        area = pilot.app.query_one(CodeArea)
        area.collapses = True
        area.focus()
        pressed: list[str] = []
        for _ in range(8):
            head = chance.randrange(len(area.document.lines) - 1)
            last = min(head + chance.randrange(1, 9), len(area.document.lines) - 1)
            area.collapse([Block(head, last)])
            keys = chance.choices(KEYS, k=5)
            pressed += [f"{head}-{last}", *keys]
            await pilot.press(*keys)
            await pilot.pause()
            holds(area, pressed)


async def test_hidden_rows_are_selected_and_deleted_with_those_around_them() -> None:
    async with Stage(partial(CodeArea, EventDocument("a {\nb\n}\nc"))).play(size=(30, 9)) as pilot:
        area = pilot.app.query_one(CodeArea)
        area.focus()
        area.collapse([Block(0, 2)])
        assert area.render_line(0).text.rstrip() == "  1▸a { … 1 line }"
        await pilot.press("home", "shift+down")
        assert area.selected_text == "a {\nb\n}\n"
        await pilot.press("delete")
        assert area.document.text == "c"
        await pilot.press("ctrl+underscore")
        assert area.document.text == "a {\nb\n}\nc"


async def test_what_was_found_is_marked_only_where_it_is_and_no_longer_behind_an_edit() -> None:
    text = "ab ab\nab"
    async with Stage(partial(CodeArea, EventDocument(text))).play(size=(30, 9)) as pilot:
        area = pilot.app.query_one(CodeArea)
        area.focus()
        area.show_found(list(found(text, Search("ab")))[-1])
        assert area.found is not None
        assert area.found.in_row(0, 0, 2) == ((0, 2),)
        area.move_to(Location(0, 3))
        await pilot.press("x")
        assert area.found.in_row(0, 0, 9) == ((0, 2),)
        assert area.found.in_row(1, 0, 9) == ()
