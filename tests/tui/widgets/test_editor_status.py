from __future__ import annotations

import pytest
from rich.cells import cell_len
from textual.color import Color
from textual.pilot import Pilot

from fgtui.events.model import Path, Problem, Severity
from fgtui.terminal.display import is_displayable
from fgtui.tui.styles.inks import cut_left
from fgtui.tui.text.document import Caret, Form, Location
from fgtui.tui.widgets.editor_status import EditorStatus
from tests.tui.stage import Stage


def a_problem(line: int = 1, column: int = 1, severity: Severity = Severity.ERROR, message: str = "wrong") -> Problem:
    return Problem(severity, "a-code", message, line, column, 0, 3)


async def said(pilot: Pilot[None], problems: tuple[Problem, ...], row: int = 0, column: int = 0) -> EditorStatus:
    status = pilot.app.query_one(EditorStatus)
    status.problems = problems
    status.caret = Caret.at(Location(row, column))
    await pilot.pause()
    return status


async def test_nothing_wrong_is_said_too() -> None:
    stage = Stage(EditorStatus)
    async with stage.play(size=(40, 3)) as pilot:
        assert (await said(pilot, (), 2, 6)).words == "no problems"
        assert stage.screen_lines()[0] == " ✓ no problems" + " " * 22 + "3:7 "


async def test_it_is_a_bar_and_no_line_of_the_text() -> None:
    stage = Stage(EditorStatus)
    async with stage.play(size=(40, 3)) as pilot:
        status = await said(pilot, ())
        ground = Color.parse(pilot.app.get_css_variables()["panel"])
        assert {segment.style.bgcolor for segment in status.render_line(0) if segment.style} == {ground.rich_color}


async def test_the_problem_at_the_cursor_comes_first_then_the_gravest_of_its_line_then_the_nearest() -> None:
    problems = (
        a_problem(2, 1, Severity.ERROR, "at the start"),
        a_problem(2, 9, Severity.WARNING, "at the end"),
        a_problem(9, 1, Severity.ERROR, "far away"),
        a_problem(4, 1, Severity.INFO, "a remark"),
    )
    async with Stage(EditorStatus).play() as pilot:
        assert (await said(pilot, problems, 1, 9)).words == "at the end"
        assert (await said(pilot, problems, 1, 30)).words == "at the start"
        assert (await said(pilot, problems, 3, 0)).words == "a remark"
        assert (await said(pilot, problems, 2, 0)).words == "line 2: at the start"
        assert (await said(pilot, problems, 7, 0)).words == "line 9: far away"


async def test_where_not_all_are_listed_the_tally_says_that_there_are_more() -> None:
    more = Problem(Severity.ERROR, "more-problems", "3 more problems are not listed", 9, 1)
    stage = Stage(EditorStatus)
    async with stage.play(size=(60, 3)) as pilot:
        await said(pilot, (a_problem(1), a_problem(2), a_problem(3, 1, Severity.WARNING), more))
        assert stage.screen_lines()[0].rstrip().endswith("✗ 2+  ! 1  1:1")


async def test_of_very_many_on_one_line_the_one_at_the_cursor_is_found() -> None:
    problems = tuple(a_problem(1, 10 * number + 1, message=f"the {number}th") for number in range(5000))
    async with Stage(EditorStatus).play() as pilot:
        assert (await said(pilot, problems, 0, 41_231)).words == "the 4123th"
        assert (await said(pilot, problems, 0, 0)).words == "the 0th"
        assert (await said(pilot, problems, 70, 0)).words == "line 1: the 0th"


async def test_all_problems_are_counted_by_sign() -> None:
    problems = (a_problem(), a_problem(), a_problem(3, severity=Severity.WARNING), a_problem(4, severity=Severity.INFO))
    stage = Stage(EditorStatus)
    async with stage.play(size=(60, 3)) as pilot:
        await said(pilot, problems)
        assert stage.screen_lines()[0].rstrip().endswith("✗ 2  ! 1  i 1  1:1")


@pytest.mark.parametrize("width", [8, 20, 33, 60])
@pytest.mark.parametrize("words", ["[/b] \x1b[2J\u202e" * 4, "日志" * 40, "short", "{ } [$x]"])
async def test_any_words_fit_and_do_nothing_to_the_screen(words: str, width: int) -> None:
    stage = Stage(EditorStatus)
    async with stage.play(size=(width, 3)) as pilot:
        await said(pilot, (Problem(Severity.ERROR, "c", "{words}", 1, 1, 0, 0, values={"words": words}),))
        line = stage.screen_lines()[0]
        assert cell_len(line) == width
        assert is_displayable(line)


async def test_an_answer_stays_until_the_cursor_moves() -> None:
    async with Stage(EditorStatus).play() as pilot:
        status = await said(pilot, (a_problem(),))
        status.say(Severity.ERROR, "{what} [/b]", {"what": "no"})
        assert status.words == "no [/b]"
        assert (await said(pilot, (a_problem(),), 3)).words == "line 1: wrong"


async def test_the_decoded_form_is_named() -> None:
    stage = Stage(EditorStatus)
    async with stage.play(size=(60, 3)) as pilot:
        (await said(pilot, ())).form = Form.DECODED
        await pilot.pause()
        assert stage.screen_lines()[0].rstrip().endswith("decoded form  1:1")


async def test_a_hint_follows_its_problem() -> None:
    problem = Problem(Severity.ERROR, "c", "{a} is wrong", 1, 1, hint="try {b}", values={"a": "this", "b": "that"})
    async with Stage(EditorStatus).play() as pilot:
        assert (await said(pilot, (problem,))).words == "this is wrong (try that)"


async def test_the_path_at_the_cursor_is_cut_from_the_left_and_makes_room_for_errors() -> None:
    stage = Stage(EditorStatus)
    async with stage.play(size=(40, 3)) as pilot:
        status = await said(pilot, (), 2, 6)
        status.path = ("Records", 0, "s3", "object", "key")
        await pilot.pause()
        assert stage.screen_lines()[0] == " ✓ Records[0] › s3 › object › key   3:7 "
        status.path = ("Records", 0, "目录", "objects", "of", "many")
        await pilot.pause()
        assert stage.screen_lines()[0] == ' ✓ … › "目录" › objects › of › many 3:7 '
        await said(pilot, (a_problem(9, 1, Severity.WARNING, "a warning elsewhere"),), 2, 6)
        assert "› of › many" in stage.screen_lines()[0], "the sign and the tally say that there is one"
        await said(pilot, (a_problem(9, 1, Severity.ERROR, "an error elsewhere"),), 2, 6)
        assert stage.screen_lines()[0].startswith(" ✗ line 9: an error elsewhere")


async def test_a_click_on_a_step_of_the_path_asks_for_it_and_one_elsewhere_for_the_problems() -> None:
    stage = Stage(EditorStatus)
    async with stage.play(size=(40, 3)) as pilot:
        status = await said(pilot, (a_problem(9, 1, Severity.WARNING),), 2, 6)
        status.path = path = ("Records", 0, "目录", "objects", "of", "many")
        await pilot.pause()
        line = stage.screen_lines()[0]

        async def asked(words: str, after: int = 0) -> Path:
            await pilot.click(EditorStatus, offset=(cell_len(line[: line.index(words)]) + after, 0))
            return stage.heard(EditorStatus.PathAsked)[-1].path

        assert await asked("many") == path
        assert await asked("many", 3) == path
        assert await asked("of") == path[:5]
        assert await asked("objects") == path[:4]
        await pilot.click(EditorStatus, offset=(38, 0))
        assert len(stage.heard(EditorStatus.PathAsked)) == 4
        assert len(stage.heard(EditorStatus.ProblemsAsked)) == 1
        status.path = ("deep",) * 100
        await pilot.pause()
        line = stage.screen_lines()[0]
        assert await asked("deep") == ("deep",) * (100 - line.count("deep") + 1)


@pytest.mark.parametrize("width", range(1, 12))
def test_what_is_cut_from_the_left_fits_in_cells(width: int) -> None:
    for text in ("", "abc", "目录 › 名字", "a" * 50):
        assert cell_len(cut_left(text, width)) <= width
