"""Getting around in the event: finding and replacing, going to a place, hiding, copying, laying out."""

from __future__ import annotations

import signal
from pathlib import Path

from rich.cells import cell_len

from fgtui.tui.screens.event.going import GoTo
from fgtui.tui.text.document import Form, Location
from fgtui.tui.text.finding import Search
from fgtui.tui.widgets.code_area import CodeArea
from fgtui.tui.widgets.find_bar import FindBar, Sign
from fgtui.tui.widgets.key_bar import KeyBar
from tests.tui.bench import Bench, a_bench

TEXT = """{
  "name": "old",
  "list": [
    {"key": "a", "n": 1.50},
    {
      "key": "Key",
      "data": "eyJhIjogMX0="
    }
  ],
  "last": null
}"""


async def shows(bench: Bench, text: str = TEXT) -> CodeArea:
    """Open ``text`` and wait until it was read."""
    bench.screen.open_text(text, "blank", "event")
    editor = bench.screen.event_pane.editor
    await bench.until(lambda: editor.analysis is not None, "it was read")
    editor.area.focus()
    await bench.pilot.pause()
    return editor.area


def bar(bench: Bench) -> FindBar:
    return bench.screen.query_one(FindBar)


def count(bench: Bench) -> str:
    return str(bar(bench).query_one("#count").render())


async def finds(bench: Bench, words: str) -> None:
    """Of all that was typed: its beginning may be found as often."""
    finding = bench.screen.event_pane.finding
    await bench.until(
        lambda: count(bench) == words and (not finding.is_looking or "…" in words),
        lambda: f"{words!r}, not {count(bench)!r}\n{bench.text}",
    )


def marks(area: CodeArea) -> tuple[tuple[int, int], ...]:
    """The columns that are marked in the sixth line."""
    return () if area.found is None else area.found.in_row(5, 0, 99)


# Finding


async def test_an_expression_that_is_being_tried_holds_up_no_end(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        await shows(bench, f'"{"x" * 5000}"')
        finding = bench.screen.event_pane.finding
        await bench.press("ctrl+f")
        finding.changed(Search("(x+x+)+y", is_expression=True))
        await bench.until(lambda: finding._stop.process is not None, "its process")
        process = finding._stop.process
        assert process is not None
        process.send_signal(signal.SIGSTOP)
    assert process.wait(30) == -signal.SIGKILL


async def test_an_expression_that_replaces_holds_up_no_end_either(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        await shows(bench, f'"{"x" * 5000}"')
        finding = bench.screen.event_pane.finding
        await bench.press("ctrl+f")
        finding.changed(Search("(x+x+)+y", is_expression=True))
        finding.replace("z", every=True)
        await bench.until(lambda: finding._replacing.process is not None, "its process")
        process = finding._replacing.process
        assert process is not None
        process.send_signal(signal.SIGSTOP)
    assert process.wait(30) == -signal.SIGKILL


async def test_what_is_typed_is_counted_marked_and_gone_to(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        area = await shows(bench)
        await bench.press("ctrl+f", *"key")
        await finds(bench, "1 of 3")
        assert area.caret.span == (Location(3, 6), Location(3, 9))
        assert marks(area) == ((7, 10), (14, 17))
        await bench.press("enter")
        await finds(bench, "2 of 3")
        await bench.press("shift+enter", "alt+j")
        await finds(bench, "3 of 3")
        await bench.press("ctrl+g")
        await finds(bench, "1 of 3")
        await bench.press("escape")
        assert area.has_focus
        assert not marks(area)
        assert area.selected_text == "key"
        await bench.press("ctrl+g")
        assert area.caret.head == Location(5, 10), "the next place is found without the bar too"


async def test_what_was_found_of_another_expression_is_neither_said_nor_left_with(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        area = await shows(bench)
        area.move_to(Location(1, 0))
        await bench.press("ctrl+f")
        finding = bench.screen.event_pane.finding
        finding.changed(Search("old"))
        assert (count(bench), area.selected_text) == ("1 of 1", "old")
        finding.changed(Search("K.y", minds_case=True, is_expression=True))
        assert (count(bench), area.found) == ("…", None)
        finding.close()
        assert (area.selected_text, area.cursor) == ("", Location(1, 0))


async def test_the_bar_says_its_own_keys_and_undoes_what_it_replaced(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        area = await shows(bench)
        await bench.press("alt+h", *"key")
        await finds(bench, "1 of 3")
        assert "Alt+J before  Esc close  Alt+C case" in bench.lines[-1]
        await bench.press("alt+enter")
        await bench.until(lambda: area.document.text != TEXT, "it was replaced")
        await bench.press("alt+u")
        assert area.document.text == TEXT
        await bench.press("ctrl+y")
        assert area.document.text != TEXT
        await bench.pilot.click(KeyBar, offset=(bench.lines[-1].index("Alt+U"), 0))
        assert area.document.text == TEXT
        assert bar(bench).find_input.has_focus
        await bench.press("f1")
        await bench.until(lambda: "Help: Find and replace" in bench.text, "help of the bar")


async def test_options_are_reached_by_keys_and_by_the_mouse(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        await shows(bench)
        await bench.press("ctrl+f", *"Ke", "alt+c")
        await finds(bench, "1 of 1")
        await bench.press("alt+o")
        await finds(bench, "none")
        await bench.pilot.click("#word")
        await finds(bench, "1 of 1")
        await bench.press("tab", "tab", "tab", "space")
        assert bar(bench).query_one("#expression", Sign).is_on
        assert bar(bench).search.is_expression


async def test_what_is_selected_is_looked_for_and_an_earlier_search_comes_back(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        area = await shows(bench)
        area.select(Location(1, 3), Location(1, 7))
        await bench.press("ctrl+f")
        assert bar(bench).find_input.value == "name"
        await finds(bench, "1 of 1")
        await bench.press("enter", "escape", "ctrl+f", *"last", "enter", "up")
        assert bar(bench).find_input.value == "name"


async def test_an_expression_stays_when_what_it_found_is_to_be_replaced_too(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        area = await shows(bench)
        await bench.press("ctrl+f", "alt+e", *"k.y")
        await finds(bench, "1 of 3")
        assert area.selected_text == "key"
        await bench.press("alt+h")
        await finds(bench, "1 of 3")
        assert bar(bench).find_input.value == "k.y"


async def test_every_match_is_replaced_in_one_step_and_nothing_else(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        area = await shows(bench)
        await bench.press("alt+h", *"key")
        await finds(bench, "1 of 3")
        area.move_to(Location(9, 4))
        bar(bench).replace_input.value = "longer"
        bar(bench).replace_input.focus()
        await bench.press("alt+enter")
        await bench.hears("replaced 3 places; Alt+U undoes it")
        assert area.document.text == TEXT.replace("key", "longer").replace("Key", "longer")
        assert area.cursor == Location(9, 4)
        area.action_undo()
        assert area.document.text == TEXT


async def test_one_match_is_replaced_and_the_next_one_shown(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        area = await shows(bench)
        await bench.press("alt+h", *"key")
        await finds(bench, "1 of 3")
        bar(bench).replace_input.value = "k"
        bar(bench).replace_input.focus()
        await bench.press("enter")
        await finds(bench, "1 of 2")
        assert area.document.text == TEXT.replace('"key": "a"', '"k": "a"')
        assert area.selected_text == "key"


async def test_an_expression_replaces_with_its_groups_and_a_broken_one_is_said(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        area = await shows(bench)
        await bench.press("alt+h")
        await bench.press("alt+e")
        bar(bench).find_input.value = r'"(\w+)": ("old"'
        await bench.sees("wrong at character 10")
        bar(bench).find_input.value = r'"(?P<name>\w+)": "(old)"'
        await finds(bench, "1 of 1")
        bar(bench).replace_input.value = r'"\2": "\g<name>"'
        bar(bench).replace_input.focus()
        await bench.press("alt+enter")
        await bench.hears("replaced 1 place")
        assert '"old": "name"' in area.document.text
        bar(bench).find_input.value = "n"
        await finds(bench, "2 of 3")
        bar(bench).replace_input.value = r"\9"
        await bench.press("enter")
        await bench.sees("replaced by is wrong at character 2")


async def test_the_decoded_form_is_searched_as_it_is_shown(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        await shows(bench)
        await bench.press("ctrl+f", *"$base64")
        await finds(bench, "none")
        await bench.press("escape", "ctrl+t")
        await bench.until(lambda: bench.screen.event_pane.editor.form is Form.DECODED, "it has turned")
        await bench.press("ctrl+f")
        await finds(bench, "1 of 1")


# Going


async def test_a_line_or_a_path_is_gone_to(tmp_path: Path) -> None:
    places = {"7": (6, 0), "2:4": (1, 3), "list[1].key": (5, 6), "list[0": (3, 4), "list[1].data.a": (6, 6)}
    async with a_bench(tmp_path) as bench:
        area = await shows(bench)
        for typed, place in places.items():
            await bench.press("alt+l")
            await bench.fill(typed)
            assert isinstance(bench.app.screen, GoTo)
            if typed == "list[0":
                await bench.sees("list[0]  {…}")
            await bench.press("enter")
            await bench.until(lambda place=place: area.cursor == Location(*place), typed)


async def test_what_leads_nowhere_is_said_with_what_is_nearest(tmp_path: Path) -> None:
    said = {
        "99": "there is no line 99; the last one is 11",
        "list[1].kee": "did you mean key?",
        "list[5]": "list has no item [5]; it has 2",
        "a..b": "a name is missing",
    }
    async with a_bench(tmp_path) as bench:
        area = await shows(bench)
        await bench.press("alt+g")
        for typed, words in said.items():
            await bench.fill(typed, "enter")
            await bench.sees(words)
        await bench.press("escape")
        assert area.cursor == Location(0, 0)


async def test_the_next_steps_of_a_path_are_offered_and_completed(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        area = await shows(bench)
        await bench.press("alt+g")
        await bench.sees("last  null")
        await bench.fill("list[1].")
        await bench.sees("list[1].data")
        await bench.press("down", "tab")
        await bench.fill("list[1].data.")
        await bench.sees("list[1].data.a  1")
        await bench.press("down", "enter")
        await bench.until(lambda: area.cursor == Location(6, 6), "it leads through what is encoded")


# Hiding


async def test_what_is_hidden_is_passed_over_and_stays_part_of_the_text(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        area = await shows(bench)
        await bench.press("down", "down", "alt+z")
        await bench.sees('"list": [ … 2 items ],')
        assert area.cursor == Location(2, 0)
        await bench.press("down")
        assert area.cursor.row == 9
        await bench.press("up", "end", "right")
        assert area.cursor == Location(9, 0)
        await bench.press("left", "shift+down")
        assert area.selected_text.startswith('\n    {"key": "a"')
        assert area.selected_text.endswith('],\n  "last": n')
        assert bench.screen.event_pane.editor.wire() == TEXT
        await bench.press("ctrl+f", *"Key")
        await finds(bench, "1 of 3") if count(bench) else None
        await bench.sees('"key": "a"')


async def test_typing_undo_and_going_show_what_was_hidden(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        area = await shows(bench)
        area.move_to(Location(5, 7))
        await bench.press("x", "alt+k")
        await bench.sees("… 2 items")
        await bench.press("alt+u")
        assert not len(area.collapsed), "undo shows where it was"
        assert area.document.text == TEXT
        await bench.until(lambda: bench.screen.event_pane.editor.analysis is not None, "it was read")
        await bench.press("alt+k")
        bench.screen.event_pane.editor.go_to_path(("list", 1, "key"))
        await bench.pilot.pause()
        assert area.cursor == Location(5, 6)
        assert not len(area.collapsed)


async def test_all_is_hidden_and_shown_and_the_sign_in_the_gutter_does_one(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        area = await shows(bench)
        await bench.press("alt+k")
        await bench.sees('▸  "list": [ … 2 items ],')
        await bench.press("alt+o")
        await bench.until(lambda: not len(area.collapsed), "nothing is hidden")
        await bench.pilot.click(CodeArea, offset=(area.gutter_width - 1, 4))
        await bench.sees("▸    { … 2 members }")
        assert area.cursor == Location(0, 0)
        await bench.pilot.click(CodeArea, offset=(area.gutter_width - 1, 4))
        await bench.until(lambda: not len(area.collapsed), "it is shown again")


async def test_a_text_on_one_line_says_why_nothing_is_hidden(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        await shows(bench, '{"a": [1, 2]}')
        for key in ("alt+z", "alt+k"):
            await bench.press(key)
            await bench.sees("format the event first")


# Where the cursor is


async def test_the_path_at_the_cursor_stands_below_in_both_forms(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        area = await shows(bench)
        area.move_to(Location(5, 8))
        await bench.sees("list[1] › key")
        area.move_to(Location(6, 8))
        await bench.sees("list[1] › data")
        await bench.press("ctrl+t")
        await bench.until(lambda: bench.screen.event_pane.editor.form is Form.DECODED, "it has turned")
        area.move_to(Location(area.cursor.row + 1, 8))
        await bench.sees("list[1] › data › a")


# Copying


async def test_what_is_copied_is_named(tmp_path: Path) -> None:
    copies: list[tuple[str, tuple[str | int, ...], str, str]] = [
        ("copy-path", ("list", 1, "data"), "list[1].data", "path: "),
        ("copy-value", ("list", 0, "n"), "1.50", "value of list[0].n: "),
        ("copy-decoded", ("list", 1, "data"), '{\n  "a": 1\n}', "decoded value of list[1].data, opened: "),
        ("copy-decoded", ("name",), "old", "decoded value of name, as it is: "),
        ("copy-decoded", ("list", 0), '{\n  "key": "a",\n  "n": 1.50\n}', "decoded value of list[0], opened: "),
    ]
    async with a_bench(tmp_path) as bench:
        await shows(bench)
        for action, path, copied, words in copies:
            bench.screen.event_pane.editor.go_to_path(path)
            await bench.screen.perform(action)
            await bench.hears(words)
            assert bench.app.clipboard == copied
        bench.screen.event_pane.editor.go_to_path(())
        await bench.screen.perform("copy-path")
        await bench.sees("all of the event is at the cursor")
        assert bench.app.clipboard == copied


# Layout


async def test_white_space_is_all_that_changes_and_the_cursor_stays_at_its_value(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        area = await shows(bench)
        area.move_to(Location(3, 23))
        await bench.screen.perform("compact-event")
        assert area.document.text == (
            '{"name":"old","list":[{"key":"a","n":1.50},{"key":"Key","data":"eyJhIjogMX0="}],"last":null}'
        )
        assert area.document.text[area.cursor.column :].startswith(".50")
        await bench.press("alt+shift+f")
        await bench.until(lambda: len(area.document.lines) > 1, "it is laid out")
        assert area.document.lines[area.cursor.row][area.cursor.column :] == ".50"
        area.action_undo()
        area.action_undo()
        assert area.document.text == TEXT


async def test_only_what_is_selected_is_laid_out_and_what_is_dropped_is_said(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        area = await shows(bench, TEXT.replace('"key": "Key",', '"key": "Key", // why'))
        area.select(Location(4, 4), Location(7, 5))
        await bench.screen.perform("compact-event")
        await bench.sees("what is no JSON was left out")
        assert area.document.lines[4] == '    {"key":"Key","data":"eyJhIjogMX0="}'
        assert area.document.lines[3] == '    {"key": "a", "n": 1.50},'


async def test_a_text_with_errors_is_not_laid_out(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        area = await shows(bench, '{"a": \n}')
        await bench.screen.perform("format-event")
        assert area.document.text == '{"a": \n}'
        assert not area.document.can_undo


async def test_what_is_asked_of_a_text_that_is_not_read_yet_is_done_once_it_is(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        area = await shows(bench)
        editor = bench.screen.event_pane.editor
        for action, words in (
            ("copy-path", "path: "),
            ("copy-value", "value of first.n: "),
            ("copy-decoded", "decoded value of first.n"),
        ):
            area.replace_all('{"first": {"n": 1.50}}')
            area.move_to(Location(0, 18))
            editor.area.paste("7")
            assert editor.analysis is None
            await bench.screen.perform(action)
            await bench.hears(words)
            assert bench.app.clipboard == ("first.n" if action == "copy-path" else "1.750")
        area.paste("7")
        editor.go_to_path(("first",))
        await bench.until(lambda: area.cursor == Location(0, 1), "it is gone to")


async def test_what_was_asked_of_a_text_is_forgotten_with_it(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        area = await shows(bench)
        asked: list[str] = []
        area.replace_all("[1]")
        bench.screen.event_pane.editor.when_read(lambda: asked.append("of the first"))
        await shows(bench, "[2]")
        bench.screen.event_pane.editor.when_read(lambda: asked.append("of the second"))
        assert asked == ["of the second"]


async def test_a_click_on_a_step_of_the_path_below_goes_there(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        area = await shows(bench)
        area.move_to(Location(6, 16))
        await bench.sees("list[1] › data")
        line = next(line for line in bench.lines if "list[1] › data" in line)
        y, x = bench.lines.index(line), cell_len(line[: line.index("list[1]")])
        await bench.pilot.click(offset=(x + 1, y))
        await bench.until(lambda: area.cursor == Location(4, 4), lambda: f"it is at the item, not {area.cursor}")
        assert area.has_focus
