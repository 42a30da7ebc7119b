"""Sentences with holes: what is quoted in them is cut, and they are said in the language that was chosen."""

from __future__ import annotations

from pathlib import Path

import pytest

from fgtui.errors import UsageError
from fgtui.words import (
    QUOTED_LIMIT,
    Names,
    Phrase,
    Uncut,
    _slips,
    clauses,
    counted,
    english,
    folded,
    language,
    language_named,
    listed,
    nearest,
    say,
    say_error,
    speak,
    spell_seconds,
    spoken,
)


@pytest.mark.parametrize(
    "value", ["x" * 500, Path("x" * 500), ValueError("x" * 500)], ids=["text", "path", "exception"]
)
def test_whatever_is_quoted_is_cut(value: object) -> None:
    assert say("{what}", what=value) == "x" * (QUOTED_LIMIT - 1) + "…"


def test_what_somebody_else_has_cut_stands_whole() -> None:
    assert say("{what}", what=Uncut("x" * 500)) == "x" * 500


def test_a_phrase_is_its_sentence_and_what_is_in_its_holes() -> None:
    phrase = Phrase("{a} {b}", {"a": 1}, b=2)
    assert str(phrase) == "1 2"
    assert phrase == Phrase("{a} {b}", a=1, b=2)
    assert phrase not in (Phrase("{a} {b}", a=1, b=3), "1 2", None)


def test_several_are_said_in_one_sentence() -> None:
    assert listed(["a", "b", "c"]) == listed(["a", "b", "c"], english) == "a, b, c"
    assert str(folded(["a", "b", "c"], "{these} or {this}")) == "a or b or c"
    assert folded(["a"], "{these} or {this}") == "a"
    assert folded([], "{these} or {this}") == ""
    assert [str(counted(count, "{count} event", "{count} events")) for count in (1, 0, 2000)] == [
        "1 event",
        "0 events",
        "2,000 events",
    ]


@pytest.mark.parametrize(
    ("name", "meant"),
    [("sned", "send"), ("shw", "show"), ("SEARCH", "search"), ("tempaltes", "templates"), ("xyz", None)],
)
def test_a_name_with_a_slip_in_it_is_known(name: str, meant: str | None) -> None:
    assert nearest(name, ["serve", "show", "send", "search", "sessions", "template", "templates"]) == meant


@pytest.mark.parametrize(
    ("one", "other", "slips"),
    [("", "abc", 3), ("abc", "", 3), ("ab", "ba", 1), ("kitten", "sitting", 3), ("abcd", "acbd", 1), ("ca", "abc", 3)],
)
def test_slips_are_letters_more_less_another_or_swapped(one: str, other: str, slips: int) -> None:
    assert _slips(one, other) == _slips(other, one) == slips


def test_the_language_in_force_is_the_one_that_was_chosen() -> None:
    speak("zh", {})
    assert spoken() == "zh"
    speak("en", {"a": "b"})
    assert (spoken(), say("a")) == ("en", "b")
    speak("en")
    assert say("a") == "a"


def test_numbers_keep_their_formats() -> None:
    assert say("{count:,} of {limit:g} s", count=10**210, limit=1.50) == f"{10**210:,} of 1.5 s"


def test_braces_in_what_is_quoted_are_no_holes() -> None:
    assert say("{what} is wrong", what="{secret}") == "{secret} is wrong"


@pytest.mark.parametrize(
    ("seconds", "said"), [(0.2, "1 s"), (59.4, "59 s"), (59.6, "1 min 0 s"), (200, "3 min 20 s"), (7_500, "2 h 5 min")]
)
def test_a_while_is_said_in_two_units_at_most(seconds: float, said: str) -> None:
    assert str(spell_seconds(seconds)) == said


@pytest.fixture
def chinese() -> None:
    speak(
        "zh",
        {
            "{count} events of {session}": "{session}的 {count} 个事件",
            "sending {what}": "正在发送{what}",
            "a slip {name}": "疏漏 {nme}",
            "a sign {name}": "符号 {name!z}",
            "gone: {name}": "没有 {name}",
        },
    )


@pytest.mark.usefixtures("chinese")
def test_a_phrase_inside_a_sentence_is_said_in_the_language_of_its_sayer() -> None:
    events = Phrase("{count} events of {session}", count=3, session="orders")
    assert say("sending {what}", what=events) == "正在发送orders的 3 个事件"
    assert english("sending {what}", what=events) == "sending 3 events of orders"
    assert str(events) == "3 events of orders"
    assert say(events) == "orders的 3 个事件"


@pytest.mark.usefixtures("chinese")
def test_what_no_catalogue_has_is_said_in_english() -> None:
    assert say("nobody translated {what}", what="this") == "nobody translated this"


@pytest.mark.usefixtures("chinese")
@pytest.mark.parametrize("sentence", ["a slip {name}", "a sign {name}"])
def test_a_translation_whose_holes_are_wrong_is_said_in_english(sentence: str) -> None:
    assert say(sentence, name="x") == sentence.format(name="x")


@pytest.mark.parametrize(
    "said",
    [
        *("{name.__class__}", "{name[0]}", "{name[a]}", "{count:>1000000000}", "{count:.999999999f}", "{count:c}"),
        *("{name:{count}}", "{name", "}", "{}", "{0}", "\x1b[31m{name}", "\u202e{name}", "\x9d0;t\x9c", "{name}\u200b"),
    ],
    ids=ascii,
)
def test_a_translation_that_asks_for_anything_else_than_its_sentence_is_not_said(said: str) -> None:
    speak("zh", {"{count} of {name}": said})
    assert say("{count} of {name}", count=7, name="x") == "7 of x"


@pytest.mark.usefixtures("chinese")
def test_an_error_inside_a_sentence_speaks_too() -> None:
    error = UsageError("gone: {name}", name="x")
    assert say_error(error) == "没有 x"
    assert say("sending {what}", what=error) == "正在发送没有 x"
    assert english("sending {what}", what=error) == "sending gone: x"


@pytest.mark.parametrize(
    ("environment", "meant"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LANG": "zh-Hans"}, "zh"),
        ({"LC_ALL": "Chinese (Simplified)_China.936"}, "zh"),
        ({"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, "en"),
        ({"LC_MESSAGES": "de_DE", "LANG": "zh_CN"}, "en"),
        ({"FGTUI_LANG": "en", "LC_ALL": "zh_CN"}, "en"),
        ({"FGTUI_LANG": "", "LC_ALL": "zh_CN"}, "zh"),
        ({"FGTUI_LANG": "fr", "LC_ALL": "zh_CN"}, "en"),
    ],
    ids=["none", "locale", "script", "windows", "all-first", "other", "own-first", "empty", "own-wrong"],
)
def test_the_language_is_the_first_that_the_environment_names(environment: dict[str, str], meant: str) -> None:
    assert language(environment) == meant
    assert language_named("fr") is None, "what a person names themselves must be one of them"


def test_what_the_system_says_is_said_in_the_language_of_the_sentence_around_it() -> None:
    speak("zh", {"{what}: {why}": "{what}：{why}", "Permission denied": "权限不足"})
    assert say("{what}: {why}", what="Permission denied!", why="Permission denied") == "Permission denied!：权限不足"
    assert say("{what}: {why}", what="a", why="permission denied") == "a：权限不足"
    assert say("{what}: {why}", what="a", why=Uncut("Permission denied")) == "a：Permission denied", "a handler's words"
    assert say("{what}: {why}", what="a", why="Not a directory") == "a：Not a directory"
    assert english("{what}: {why}", what="a", why="Permission denied") == "a: Permission denied"


def test_names_are_listed_as_the_language_does_and_none_is_cut() -> None:
    names = Names(["trust", "config", "doctor"])
    assert (names, english("{names}", names=names)) == ("trust, config, doctor", "trust, config, doctor")
    speak("zh", {", ": "、"})
    assert say("{names}", names=names) == "trust、config、doctor"
    many = say("{names}", names=Names(f"name-{number}" for number in range(100)))
    assert len(many) <= QUOTED_LIMIT
    assert set(many.split("、")) <= {*(f"name-{number}" for number in range(100)), "…"}
    assert say("{names}", names=Names(["x" * 300])) == "x" * (QUOTED_LIMIT - 1) + "…"


def test_clauses_are_divided_otherwise_than_names() -> None:
    speak("zh", {", ": "、", "{clauses}, {clause}": "{clauses}，{clause}"})
    assert clauses(["a", "b", "c"]) == "a，b，c"
    assert clauses(["a", "b"], english) == "a, b"
