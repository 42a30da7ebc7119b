"""The questions: one answer each, no yes by accident, and data that is only data."""

from __future__ import annotations

from typing import Any

import pytest
from textual.screen import ModalScreen
from textual.widgets import Button, Input

from fgtui.errors import UsageError
from fgtui.tui.screens.dialogs import Choice, ChoiceRows, Chooser, Prompt, Question, error_words, narrowed
from tests.tui.hostile import EVERYTHING, shows_no_control
from tests.tui.stage import Stage
from tests.tui.waiting import wait_until

CHOICES = [
    Choice(1, "obs default", "Object Storage [/x]", "^O"),
    Choice(2, "lts default", EVERYTHING),
    Choice(3, "timer", "a job on time"),
]
NOTHING = object()


async def answer(dialog: ModalScreen[Any], *keys: str, typed: str = "") -> Any:
    """What the dialog ends with after ``typed`` and ``keys``; ``NOTHING`` while it is still open."""
    answers: list[Any] = []
    stage = Stage()
    async with stage.play(size=(100, 30)) as pilot:
        await stage.push_screen(dialog, answers.append)
        await pilot.pause()
        if typed:
            dialog.query_one(Input).value = typed
            await pilot.pause()
        await pilot.press(*keys)
        await pilot.pause()
        assert shows_no_control(stage.screen_text().replace("\n", ""))
    return answers[0] if answers else NOTHING


@pytest.mark.parametrize(
    ("typed", "keys", "chosen"),
    [
        ("", ["enter"], 1),
        ("", ["down", "enter"], 2),
        ("", ["up", "enter"], 1),
        ("tim", ["enter"], 3),
        ("default lts", ["enter"], 2),
        ("STORAGE", ["enter"], 1),
        ("job on", ["enter"], 3),
        ("", ["escape"], None),
    ],
)
async def test_typing_narrows_and_keys_choose(typed: str, keys: list[str], chosen: int | None) -> None:
    choice = await answer(Chooser("Things", CHOICES), *keys, typed=typed)
    assert (choice and choice.value) == chosen


async def test_nothing_left_is_nothing_chosen() -> None:
    assert await answer(Chooser("Things", CHOICES), "enter", typed="no such thing") is NOTHING


async def test_a_list_without_a_match_says_so_until_there_is_one() -> None:
    stage = Stage()
    async with stage.play(size=(100, 30)) as pilot:
        chooser = Chooser("Things", CHOICES)
        await stage.push_screen(chooser)
        await pilot.press(*"zzz")
        await pilot.pause()
        assert "nothing matches" in stage.screen_text()
        await pilot.press("backspace", "backspace", "backspace")
        await pilot.pause()
        assert "nothing matches" not in stage.screen_text()


async def test_a_choice_that_will_not_do_keeps_the_list_open_and_says_why() -> None:
    answers: list[Any] = []
    stage = Stage()
    async with stage.play(size=(100, 30)) as pilot:
        chooser = Chooser(
            "Things", CHOICES, refuse=lambda choice: f"no {choice.text} [/x]" if choice.value == 1 else ""
        )
        await stage.push_screen(chooser, answers.append)
        await pilot.press("enter")
        await pilot.pause()
        assert "✗ no obs default [/x]" in stage.screen_text()
        await pilot.press(*"tim")
        await pilot.pause()
        assert "✗" not in stage.screen_text()
        await pilot.press("enter")
        await pilot.pause()
    assert [choice.value for choice in answers] == [3]


async def test_what_no_row_stands_for_can_be_meant_all_the_same() -> None:
    chooser = Chooser[int]("Things", CHOICES, free=lambda text: Choice(99, text, "as typed"))
    assert (await answer(chooser, "enter", typed="something else")).value == 99
    chooser = Chooser[int]("Things", CHOICES, free=lambda text: Choice(99, text, "as typed"))
    assert (await answer(chooser, "enter", typed="timer")).value == 3, "a row that stands for it wins"


async def test_what_is_offered_later_is_narrowed_by_what_was_typed_meanwhile() -> None:
    stage = Stage()
    answers: list[Any] = []
    async with stage.play() as pilot:
        chooser = Chooser[int]("Things", ())
        await stage.push_screen(chooser, answers.append)
        await pilot.press(*"tim")
        chooser.offer(CHOICES)
        await pilot.pause()
        await pilot.press("enter")
    assert answers[0].value == 3


async def test_letters_choose_where_there_are_letters() -> None:
    letters = [Choice(1, "the event", keys="e"), Choice(2, "the result", keys="r")]
    assert (await answer(Chooser("Copy", letters, letters=True), "r")).value == 2
    assert (await answer(Chooser("Copy", letters, letters=True), "down", "enter")).value == 2
    assert await answer(Chooser("Copy", letters, letters=True), "x") is NOTHING
    assert await answer(Chooser("Copy", letters, letters=True), "escape") is None


async def test_a_click_chooses() -> None:
    answers: list[Any] = []
    stage = Stage()
    async with stage.play() as pilot:
        chooser = Chooser("Things", CHOICES)
        await stage.push_screen(chooser, answers.append)
        await pilot.pause()
        await pilot.click(chooser.rows, offset=(3, 1), times=2)
        await wait_until(pilot, lambda: answers, "a choice")
    assert answers[0].value == 2


def test_what_starts_with_what_was_typed_comes_first() -> None:
    choices = [Choice(1, "a timer"), Choice(2, "timer"), Choice(3, "other")]
    assert [choice.value for choice in narrowed(choices, "timer")] == [2, 1]
    assert [choice.value for choice in narrowed(choices, " ")] == [1, 2, 3]


def short(text: str) -> None:
    if len(text) > 3:
        raise UsageError("{text} is too long [/x]", text=text, hint="three letters do")


async def test_a_line_is_checked_before_it_is_an_answer() -> None:
    prompt = Prompt("Say", "abcdef", hint="three letters [/x]", check=short)
    stage = Stage()
    answers: list[Any] = []
    async with stage.play() as pilot:
        await stage.push_screen(prompt, answers.append)
        await pilot.press("enter")
        assert answers == []
        assert "✗ abcdef is too long [/x]; three letters do" in stage.screen_text()
        assert "three letters [/x]" in stage.screen_text(), "what is wanted is still said"
        await pilot.press("a", "b", "enter")
    assert answers == ["ab"]


async def test_giving_up_on_a_line_is_no_answer() -> None:
    assert await answer(Prompt("Say"), "escape", typed=EVERYTHING) is None


@pytest.mark.parametrize(
    ("keys", "agreed"),
    [
        (["y"], True),
        (["n"], False),
        (["escape"], False),
        (["enter"], False),
        (["tab", "enter"], True),
    ],
)
async def test_a_question_is_answered_with_no_unless_somebody_says_yes(keys: list[str], agreed: bool) -> None:
    assert await answer(Question("May it?", f"It names [/x]\n{EVERYTHING}"), *keys) is agreed


def test_an_error_and_its_way_out_are_one_line() -> None:
    assert error_words(UsageError("no {what}", hint="try {other}", what="luck", other="again")) == "no luck; try again"
    assert error_words(UsageError("which luck?", hint="try {other}", other="again")) == "which luck? try again"
    assert error_words(UsageError("no luck")) == "no luck"


async def test_what_cannot_be_chosen_says_why_and_may_be_offered_anew() -> None:
    answers: list[Any] = []
    stage = Stage()
    chooser = Chooser("Copy", [Choice(1, "the event", keys="e"), Choice(2, "the logs", keys="l")], letters=True)
    async with stage.play(size=(60, 20)) as pilot:
        await stage.push_screen(chooser, answers.append)
        await pilot.pause()
        chooser.offer(
            [Choice(1, "the event", "8 bytes", "e"), Choice(2, "the logs", keys="l", why_not="nothing was logged [/x]")]
        )
        await pilot.pause()
        assert "the event  8 bytes" in stage.screen_text()
        assert "the logs  nothing was logged [/x]" in stage.screen_text()
        await pilot.press("l")
        await pilot.pause()
        assert "✗ nothing was logged [/x]" in stage.screen_text()
        assert answers == []
        await pilot.press("e")
        await pilot.pause()
    assert [choice.value for choice in answers] == [1]


LONG = "\n".join(f"line {number} of what will be done there, in some words" for number in range(30))
SMALL = [(80, 24), (40, 24), (30, 10), (20, 8)]


@pytest.mark.parametrize("size", SMALL[:-1])
async def test_both_buttons_of_a_question_are_in_sight_however_much_there_is_to_read(size: tuple[int, int]) -> None:
    stage = Stage()
    async with stage.play(size=size) as pilot:
        await stage.push_screen(Question("Delete the session orders?", LONG, yes="Yes"))
        await pilot.pause()
        for button in stage.screen.query(Button):
            region, frame = button.region, stage.screen.query_one("#frame").region
            assert frame.contains_region(region), (button.label, region, frame)


@pytest.mark.parametrize("size", SMALL)
async def test_choices_are_in_sight_below_what_is_said_about_them(size: tuple[int, int]) -> None:
    stage = Stage()
    choices = [Choice(1, "go back and look at it again", "and more", "n"), Choice(2, "send it as it is", keys="y")]
    async with stage.play(size=size) as pilot:
        await stage.push_screen(Chooser("Send it?", choices, letters=True, text=LONG[:120]))
        await pilot.pause()
        shown = [line for line in stage.screen_lines() if line.rstrip("│ ").endswith((" n", " y"))]
        assert len(shown) == 2, stage.screen_text()


@pytest.mark.parametrize(
    ("width", "line"),
    [
        (48, " Send the event  not now          F5 Ctrl+Enter "),
        (32, " Send the event  not now     F5 "),
        (24, " Send the event      F5 "),
        (16, " Send the e… F5 "),
    ],
)
def test_where_it_is_narrow_a_choice_keeps_its_words_before_its_second_key_and_its_detail(
    width: int, line: str
) -> None:
    choice = Choice("send", "Send the event", keys="F5 Ctrl+Enter", why_not="not now")
    assert "".join(text for text, _ in ChoiceRows([choice]).row(0, width)) == line
