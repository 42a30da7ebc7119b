from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from time import monotonic

import pytest
from rich.cells import cell_len
from textual import events
from textual._xterm_parser import XTermParser
from textual.color import Color
from textual.pilot import Pilot

from fgtui.events.model import Severity
from fgtui.terminal.display import is_displayable
from fgtui.tui.text.document import Caret, EventDocument, Location
from fgtui.tui.text.row_notes import Hint, Mark
from fgtui.tui.widgets.code_area import CodeArea
from fgtui.tui.widgets.safe_input import SafeInput
from tests.tui.stage import Stage
from tests.tui.waiting import wait_until

EVENT = '{\n  "key": "value",\n  "list": [\n    1,\n    2\n  ]\n}'


def stage_with(text: str, *, highlight: bool = True) -> Stage:
    return Stage(partial(CodeArea, EventDocument(text), highlight=highlight))


async def press_all(pilot: Pilot[None], *keys: str) -> CodeArea:
    area = pilot.app.query_one(CodeArea)
    area.focus()
    await pilot.pause()
    await pilot.press(*keys)
    await pilot.pause()
    return area


def row_text(area: CodeArea, row: int) -> str:
    return area.render_line(row - area.scroll_offset.y).text


def cells_in_reverse(area: CodeArea, row: int) -> list[int]:
    """The cells drawn in reverse: the cursor, on a text without hostile characters."""
    cells, x = [], 0
    for segment in area.render_line(row - area.scroll_offset.y):
        if segment.style is not None and segment.style.reverse:
            cells.extend(range(x, x + cell_len(segment.text)))
        x += cell_len(segment.text)
    return cells


# Typing


async def test_typing_changes_the_document_and_says_so() -> None:
    stage = stage_with("{}")
    async with stage.play() as pilot:
        area = await press_all(pilot, "right", "1", "2")
        assert area.document.text == "{12}"
        assert area.cursor == (0, 3)
    assert len(stage.heard(CodeArea.Edited)) == 2
    assert [message.caret.head.column for message in stage.heard(CodeArea.Moved)] == [1, 2, 3]


@pytest.mark.parametrize("build", [partial(CodeArea, highlight=False), SafeInput], ids=["text", "line"])
async def test_every_character_but_controls_is_typed_as_it_is(build: Callable[[], CodeArea | SafeInput]) -> None:
    text = "甲\u3000乙👩\u200d💻\u200c\xa0\ue000"
    stage = Stage(build)
    async with stage.play() as pilot:
        widget = stage.query_one("CodeArea, SafeInput")
        assert isinstance(widget, CodeArea | SafeInput)
        widget.focus()
        for message in XTermParser().feed(f"{text}\x85\x00"):
            widget.post_message(message)
        await pilot.pause()
        assert (widget.document.text if isinstance(widget, CodeArea) else widget.value) == text


async def test_a_read_only_text_can_be_walked_but_not_changed() -> None:
    stage = stage_with("{}")
    async with stage.play() as pilot:
        stage.the(CodeArea).read_only = True
        area = await press_all(pilot, "right", "x", "enter", "backspace", "delete", "ctrl+k", "ctrl+x", "ctrl+v")
        area.post_message(events.Paste("pasted"))
        await pilot.pause()
        assert area.document.text == "{}"
        assert area.cursor == (0, 1)
    assert not stage.heard(CodeArea.Edited)


async def test_enter_indents_and_a_closing_bracket_steps_back() -> None:
    async with stage_with("").play() as pilot:
        area = await press_all(pilot, "{", "enter", "[", "enter", "1", "enter", "]", "enter", "}")
        assert area.document.text == "{\n  [\n    1\n  ]\n}"


async def test_enter_between_brackets_opens_them() -> None:
    async with stage_with("{}").play() as pilot:
        area = await press_all(pilot, "right", "enter")
        assert area.document.text == "{\n  \n}"
        assert area.cursor == (1, 2)


async def test_plain_text_is_not_indented_or_matched() -> None:
    async with stage_with("  [", highlight=False).play() as pilot:
        area = await press_all(pilot, "end", "enter", "]")
        assert area.document.text == "  [\n]"


async def test_what_each_deleting_key_leaves() -> None:
    leaves = [
        (["end", "backspace"], "ab c"),
        (["delete"], "b cd"),
        (["end", "ctrl+w"], "ab "),
        (["ctrl+delete"], " cd"),
        (["right", "ctrl+k"], "a"),
        (["right", "ctrl+u"], "b cd"),
        (["shift+right", "shift+right", "delete"], " cd"),
        (["backspace"], "ab cd"),
        (["end", "delete"], "ab cd"),
    ]
    async with stage_with("").play() as pilot:
        for keys, left in leaves:
            pilot.app.query_one(CodeArea).open(EventDocument("ab cd"))
            area = await press_all(pilot, *keys)
            assert area.document.text == left, keys


async def test_deleting_a_line_takes_its_line_break() -> None:
    async with stage_with("a\nb\nc").play() as pilot:
        area = await press_all(pilot, "down", "ctrl+shift+k")
        assert area.document.text == "a\nc"
        area = await press_all(pilot, "ctrl+shift+k")
        assert area.document.text == "a"
        await press_all(pilot, "ctrl+shift+k", "ctrl+shift+k")
        assert area.document.text == ""


async def test_undo_and_redo_go_through_the_document() -> None:
    async with stage_with("{}").play() as pilot:
        area = await press_all(pilot, "right", *"abc", "ctrl+underscore")
        assert area.document.text == "{}"
        assert area.cursor == (0, 1)
        await press_all(pilot, "ctrl+y")
        assert area.document.text == "{abc}"
        assert area.cursor == (0, 4)


# Moving


async def test_a_text_that_is_laid_out_leaves_the_cursor_in_it() -> None:
    async with stage_with('{"a": [1, 2]}').play() as pilot:
        area = await press_all(pilot, "end", "left", "left", "left")
        area.replace_all('{\n"a": [\n1, 3]}')
        assert area.document.clamp(area.cursor) == area.cursor


async def test_where_keys_lead() -> None:
    places = [
        (["down", "end"], (1, 17)),
        (["down", "end", "down", "down"], (3, 6)),
        (["down", "end", "down", "down", "up", "up"], (1, 17)),
        (["ctrl+end"], (6, 1)),
        (["ctrl+end", "ctrl+home"], (0, 0)),
        (["down", "home"], (1, 2)),
        (["down", "home", "home"], (1, 0)),
        (["up"], (0, 0)),
        (["ctrl+end", "down"], (6, 1)),
        (["left"], (0, 0)),
        (["right", "right"], (1, 0)),
        (["pagedown"], (6, 1)),
        (["down", "ctrl+right"], (1, 3)),
        (["down", "shift+end", "left"], (1, 0)),
        (["down", "shift+end", "right"], (1, 17)),
    ]
    async with stage_with(EVENT).play() as pilot:
        for keys, place in places:
            pilot.app.query_one(CodeArea).move_to(Location(0, 0))
            area = await press_all(pilot, *keys)
            assert area.cursor == place, keys
            assert area.caret.is_empty


async def test_selected_text_is_replaced_by_what_is_typed_and_copied_as_it_is() -> None:
    async with stage_with("a\x1bb\r\n\r\n").play() as pilot:
        area = await press_all(pilot, "shift+down", "ctrl+c")
        assert pilot.app.clipboard == "a\x1bb\r\n"
        await press_all(pilot, "x")
        assert area.document.text == "x\r\n"


async def test_copying_nothing_keeps_what_was_copied() -> None:
    async with stage_with("abc").play() as pilot:
        area = await press_all(pilot, "shift+right", "ctrl+c", "end", "ctrl+c", "ctrl+v")
        assert area.document.text == "abca"


async def test_cutting_without_a_selection_cuts_the_line() -> None:
    async with stage_with("a\nb").play() as pilot:
        area = await press_all(pilot, "ctrl+x")
        assert area.document.text == "b"
        assert pilot.app.clipboard == "a\n"


async def test_the_cursor_scrolls_the_text() -> None:
    async with stage_with("\n".join(str(number) for number in range(100))).play(size=(40, 10)) as pilot:
        area = await press_all(pilot, *["down"] * 12)
        assert 12 in area.visible_rows
        await press_all(pilot, "ctrl+end")
        assert area.visible_rows == range(90, 100)
        await press_all(pilot, "pageup")
        assert area.cursor.row == 90
        area.move_to(Location(50, 0), center=True)
        await pilot.pause()
        assert area.scroll_offset.y == 45


# The mouse


async def test_a_click_puts_the_cursor_and_a_drag_selects() -> None:
    async with stage_with(EVENT).play() as pilot:
        area = stage_area = pilot.app.query_one(CodeArea)
        left = area.gutter_width
        await pilot.click(CodeArea, offset=(left + 4, 1))
        assert area.cursor == (1, 4)
        await pilot.mouse_down(CodeArea, offset=(left + 2, 1))
        await pilot.hover(CodeArea, offset=(left + 4, 2))
        await pilot.mouse_up(CodeArea, offset=(left + 4, 2))
        assert stage_area.caret == Caret(Location(1, 2), Location(2, 4))
        await pilot.click(CodeArea, offset=(left + 70, 20))
        assert area.cursor == (6, 1)
        await pilot.click(CodeArea, offset=(0, 1))
        assert area.cursor == (1, 0)


async def test_a_double_click_takes_what_is_between_the_quotes_and_a_triple_click_the_line() -> None:
    async with stage_with('{"a b": 1}').play() as pilot:
        area = pilot.app.query_one(CodeArea)
        await pilot.click(CodeArea, offset=(area.gutter_width + 3, 0), times=2)
        assert area.selected_text == "a b"
        await pilot.click(CodeArea, offset=(area.gutter_width + 3, 0), times=3)
        assert area.selected_text == '{"a b": 1}'


async def test_a_click_on_the_second_cell_of_a_wide_character_is_a_click_on_it() -> None:
    async with stage_with('"日志"').play() as pilot:
        area = pilot.app.query_one(CodeArea)
        for cell, column in ((1, 1), (2, 1), (3, 2), (4, 2), (5, 3)):
            await pilot.click(CodeArea, offset=(area.gutter_width + cell, 0))
            assert area.cursor == (0, column)


# Pasting


async def test_a_paste_is_text_whatever_is_in_it() -> None:
    payload = '{"a": "\x1b[201~\x1b]0;title\x07",\r\n\r "b": 1}'
    stage = stage_with("")
    async with stage.play() as pilot:
        area = await press_all(pilot)
        area.post_message(events.Paste(payload))
        await pilot.pause()
        assert area.document.text == '{"a": "\x1b[201~\x1b]0;title\x07",\n\n "b": 1}'
        await press_all(pilot, "ctrl+underscore")
        assert area.document.text == ""


# What is drawn

HOSTILE = {
    "escape": "\x1b[2J\x1b]52;c;aGk=\x07",
    "c1": "\x9b31m\x90q\x9c",
    "delete": "a\x7fb",
    "bidi": "\u202eabc\u202c\u2066x\u2069",
    "invisible": "a\u200bb\ufeffc\u00add",
    "separators": "a\u2028b\u2029c\x85d\x0ce",
    "tags": "a\U000e0041b",
    "surrogate": "\ud800",
}


@pytest.mark.parametrize("payload", HOSTILE.values(), ids=HOSTILE.keys())
async def test_hostile_text_is_drawn_as_signs_and_kept_as_it_is(payload: str) -> None:
    text = f'{{"a": "{payload}"}}'
    async with stage_with(text).play() as pilot:
        area = await press_all(pilot, "end", "left", "left")
        line = row_text(area, 0)
        assert is_displayable(line)
        assert cell_len(line) == 80
        assert area.document.text == text
        quote = line.rstrip().rindex('"')
        signs = [cell for cell in cells_in_reverse(area, 0) if cell >= quote]
        assert signs == [quote]


async def test_hints_and_marks_from_data_are_drawn_as_signs() -> None:
    async with stage_with('{"a": "eA=="}').play() as pilot:
        area = pilot.app.query_one(CodeArea)
        area.set_hints({0: (Hint(6, 12, "[/b]\x1b[2J\u202ex\n"),)}, range(1))
        await pilot.pause()
        line = row_text(area, 0)
        assert "⇢ [/b]\\e[2J\\u202ex\\n" in line
        assert cell_len(line) == 80


PROGRAM = """
import sys
from textual.app import App
from fgtui.tui.text.document import EventDocument
from fgtui.tui.widgets.code_area import CodeArea
from fgtui.tui.text.row_notes import Hint
text = open(sys.argv[1], encoding="utf-8", errors="surrogatepass", newline="").read()
class Show(App):
    def compose(self):
        yield CodeArea(EventDocument(text))
    def on_mount(self):
        area = self.query_one(CodeArea)
        area.cursor_blink = False
        area.set_hints({0: (Hint(0, 1, text),)}, range(1))
        area.focus()
Show().run()
"""


@pytest.fixture
def terminal() -> Iterator[tuple[int, int]]:
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
    yield master, slave
    os.close(master)


def test_no_control_byte_of_the_text_reaches_the_terminal(terminal: tuple[int, int], tmp_path: Path) -> None:
    master, slave = terminal
    payload = "\n".join([*HOSTILE.values(), "the_end"])
    file = tmp_path / "payload.txt"
    file.write_bytes(payload.encode("utf-8", "surrogatepass"))
    command = [sys.executable, "-c", PROGRAM, str(file)]
    environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
    process = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, env=environment)
    os.close(slave)
    try:
        seen = read_until(master, b"the_end")
        os.write(master, b"\x1b[B\x1b[1;2B\x1b[1;2B")  # walk into it, select some
        seen += read_until(master, b"")
    finally:
        process.kill()
        process.wait()
    shown = seen.decode("utf-8", "strict")
    ours = re.compile(r"\x1b(\[[0-9;?<>=$]*[A-Za-z]|\[\?[0-9;$]*[a-z]|\]22;[a-z-]*\x07|[78=>])")
    left = ours.sub("", shown).replace("\n", "").replace("\r", "")
    assert is_displayable(left), [character for character in left if not is_displayable(character)]
    assert "\x1b[2J\x1b]" not in shown
    assert "]52;" not in shown.replace("\\e]52;", "")


def read_until(descriptor: int, words: bytes) -> bytes:
    """What a terminal gets until ``words`` have come and nothing more follows."""
    seen, give_up = b"", monotonic() + 20
    while monotonic() < give_up:
        ready, _, _ = select.select([descriptor], [], [], 0.3 if words in seen else 1)
        if ready:
            seen += os.read(descriptor, 65536)
        elif words in seen:
            return seen
    raise AssertionError(f"waited in vain for {words!r}; saw {seen[-2000:]!r}")


async def test_wide_characters_keep_the_columns_right() -> None:
    async with stage_with('{"名字": "日志", "b": 1}').play() as pilot:
        area = await press_all(pilot, "end", "left")
        line = row_text(area, 0)
        assert cell_len(line) == 80
        assert cells_in_reverse(area, 0) == [area.gutter_width + cell_len('{"名字": "日志", "b": 1')]


async def test_the_cursor_covers_a_wide_character_whole() -> None:
    async with stage_with("日志").play() as pilot:
        area = await press_all(pilot, "right")
        assert cells_in_reverse(area, 0) == [area.gutter_width + 2, area.gutter_width + 3]


async def test_only_the_row_of_the_cursor_scrolls_sideways() -> None:
    long = '"' + "abcdefghij" * 30 + '", 1, 2, 3'
    async with stage_with(f"[{long},\n {long}\n]").play(size=(60, 5)) as pilot:
        area = await press_all(pilot)
        area.move_to(Location(0, 40))
        assert "‹" not in row_text(area, 0)
        area.move_to(Location(0, 100))
        assert row_text(area, 0)[area.gutter_width] == "‹"
        assert row_text(area, 0).rstrip().endswith("›")
        assert row_text(area, 1)[area.gutter_width :].startswith(' "abcdef')
        assert len(row_text(area, 0)) == 60


async def test_a_folded_string_opens_when_the_cursor_enters_it() -> None:
    line = '{"data": "' + "QUJD" * 100 + '"}'
    async with stage_with(line).play(size=(60, 5)) as pilot:
        area = await press_all(pilot)
        assert row_text(area, 0).rstrip().endswith('…"}')
        await press_all(pilot, "end")
        assert "…" in row_text(area, 0)
        await press_all(pilot, "left", "left")
        assert "…" not in row_text(area, 0)
        assert "‹" in row_text(area, 0)


async def test_what_a_narrow_screen_scrolled_away_comes_back_with_the_room() -> None:
    async with stage_with('{"fail": true}').play() as pilot:
        area = await press_all(pilot, "end")
        await pilot.resize_terminal(10, 10)
        await pilot.pause()
        assert "‹" in row_text(area, 0)
        await pilot.resize_terminal(60, 10)
        await pilot.pause()
        assert '{"fail": true}' in row_text(area, 0)


async def test_a_hint_has_room_even_beside_a_long_string() -> None:
    line = '{"data": "' + "QUJD" * 100 + '"}'
    async with stage_with(line).play(size=(60, 5)) as pilot:
        area = pilot.app.query_one(CodeArea)
        area.set_hints({0: (Hint(9, len(line) - 1, "ABCABCABC" * 30),)}, range(1))
        await pilot.pause()
        text = row_text(area, 0)
        assert re.search(r'"data": "QUJD[A-Z]+…"}  ⇢ ABCABC[ABC]+…', text)
        assert len(text.rstrip()) == 60


async def test_matching_brackets_are_marked() -> None:
    async with stage_with(EVENT).play() as pilot:
        area = await press_all(pilot, "ctrl+end")
        stage_background = area.rich_style.bgcolor
        marked = [
            (row, segment.text)
            for row in range(7)
            for segment in area.render_line(row)
            if segment.style
            and segment.style.bold
            and segment.text in "{}"
            and segment.style.bgcolor != stage_background
        ]
        assert marked == [(0, "{"), (6, "}")]


async def test_problems_have_a_sign_beside_the_line_number() -> None:
    async with stage_with(EVENT).play() as pilot:
        area = pilot.app.query_one(CodeArea)
        area.set_marks(
            {1: (Mark(2, 7, Severity.WARNING), Mark(9, 16, Severity.ERROR)), 3: (Mark(4, 5, Severity.INFO),)}
        )
        await pilot.pause()
        assert [row_text(area, row)[0] for row in range(4)] == [" ", "✗", " ", "i"]
        underlined = [s.text for s in area.render_line(1) if s.style and s.style.underline]
        assert underlined == ['"key"', '"value"']


async def test_hints_and_signs_move_with_their_lines() -> None:
    async with stage_with(EVENT).play() as pilot:
        area = pilot.app.query_one(CodeArea)
        area.set_hints({1: (Hint(9, 16, "one"),), 3: (Hint(4, 5, "three"),)}, range(7))
        area.set_marks({4: (Mark(4, 5, Severity.ERROR),)})
        await press_all(pilot, "down", "down", "end", "enter", "0", ",")
        assert set(area.notes.hints) == {1, 4}
        assert set(area.notes.marks) == {5}
        await press_all(pilot, "ctrl+home", "down", "x")
        assert set(area.notes.hints) == {4}


async def test_without_colour_cursor_and_selection_can_still_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    async with stage_with(EVENT).play() as pilot:
        area = await press_all(pilot, "down", "shift+right", "shift+right", "shift+right")
        assert len(cells_in_reverse(area, 1)) == 4


async def test_colours_follow_the_theme() -> None:
    async with stage_with('"a"').play() as pilot:
        area = pilot.app.query_one(CodeArea)
        dark = area.render_line(0)
        pilot.app.theme = "textual-light"
        await wait_until(pilot, lambda: area.render_line(0) != dark, "the row to be drawn in the new theme")
        background = next(iter(area.render_line(0))).style
        assert background is not None
        assert background.bgcolor is not None
        assert Color.from_rich_color(background.bgcolor).brightness > 0.5


async def test_a_huge_text_opens_and_is_edited() -> None:
    text = "[\n" + '  {"key": "value", "n": 1},\n' * 40_000 + "]"
    async with stage_with(text).play() as pilot:
        area = await press_all(pilot, "ctrl+end", "up", "end", "x")
        assert area.document.lines[-2].endswith("x")
        assert len(area.visible_rows) == 24


# One line in several rows


async def wrapping(pilot: Pilot[None], *keys: str) -> CodeArea:
    area = pilot.app.query_one(CodeArea)
    area.show_gutter, area.wraps = False, True
    area.open(area.document)
    return await press_all(pilot, *keys)


LONG_VALUE = "".join(f"{number:03}-" for number in range(20))


async def test_the_only_line_of_a_text_wraps_and_is_edited_as_one() -> None:
    async with stage_with(LONG_VALUE, highlight=False).play(size=(21, 8)) as pilot:
        area = await wrapping(pilot)
        assert [row_text(area, row).rstrip() for row in range(5)] == [
            "000-001-002-003-004-", "005-006-007-008-009-", "010-011-012-013-014-", "015-016-017-018-019-", "",
        ]  # fmt: skip
        await press_all(pilot, "right", "down", "down")
        assert area.cursor == Location(0, 41)
        assert cells_in_reverse(area, 2) == [1]
        assert not any(cells_in_reverse(area, row) for row in (0, 1, 3))
        await press_all(pilot, "x", "end", "y")
        assert area.document.text == LONG_VALUE[:41] + "x" + LONG_VALUE[41:] + "y"
        assert row_text(area, 4).rstrip() == "-y"
        assert cells_in_reverse(area, 4) == [2]
        await press_all(pilot, "down")
        assert area.cursor == area.document.end
        await press_all(pilot, "up", "up", "up", "up", "up", "up")
        assert area.cursor == Location(0, 0)


async def test_a_click_goes_to_the_character_of_a_wrapped_line_that_is_drawn_there() -> None:
    async with stage_with(LONG_VALUE, highlight=False).play(size=(21, 8)) as pilot:
        area = await wrapping(pilot)
        for offset, column in [((4, 0), 4), ((4, 2), 44), ((20, 1), 39), ((20, 3), 80), ((3, 7), 80)]:
            await pilot.click(CodeArea, offset=offset)
            assert area.cursor == Location(0, column)


async def test_a_wrapped_line_scrolls_with_its_cursor_where_it_has_more_rows_than_fit() -> None:
    async with stage_with(LONG_VALUE * 4, highlight=False).play(size=(21, 4)) as pilot:
        area = await wrapping(pilot, "end")
        assert area.scroll_offset.y == area.virtual_size.height - 4 > 0
        assert area.render_line(3).text.rstrip().endswith("019-")
        await press_all(pilot, "home")
        assert area.scroll_offset.y == 0


async def test_several_lines_wrap_each_with_a_sign_only_at_its_own_end() -> None:
    async with stage_with(LONG_VALUE[:30] + "\n\nend", highlight=False).play(size=(21, 8)) as pilot:
        area = pilot.app.query_one(CodeArea)
        area.shows_breaks = True
        await wrapping(pilot, "down", "down", "down", "end")
        assert [row_text(area, row).rstrip() for row in range(5)] == [
            LONG_VALUE[:20],
            LONG_VALUE[20:30] + "↵",
            "↵",
            "end",
            "",
        ]
        assert area.cursor == Location(2, 3)
        await press_all(pilot, "up", "up", "backspace")
        assert area.document.text == LONG_VALUE[:22] + LONG_VALUE[23:30] + "\n\nend"
        await pilot.click(CodeArea, offset=(9, 2))
        assert area.cursor == Location(1, 0)


async def test_json_of_several_lines_does_not_wrap_and_what_is_very_long_does_not_either() -> None:
    for text, highlight in [("x" * 100 + "\n", True), ("x" * 5000, False), ("x\n" * 5000 + "y" * 100, False)]:
        async with stage_with(text, highlight=highlight).play(size=(21, 8)) as pilot:
            area = await wrapping(pilot)
            assert area.virtual_size.height == len(area.document.lines)
