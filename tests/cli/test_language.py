"""Help and errors are said, every word of them: in a language of accents no sentence of the catalogue is plain."""

from __future__ import annotations

import os

import pytest

from fgtui import locale
from fgtui.cli.commands.help import TOPICS
from fgtui.cli.output import display_width
from fgtui.cli.parsing import HELP_WIDTH
from fgtui.cli.verbs import VERBS
from tests.cli.stage import Stage
from tests.pseudo import Pseudo, sentences, unsaid

ERRORS = (
    ("tirggers",),
    ("send", "--foo"),
    ("send", "nothing"),
    ("event",),
    ("event", "obs", "--set", "a"),
    ("show", "gone", "1"),
    ("query", "outcome.["),
    ("replay", "gone"),
    ("help", "nothing"),
    ("--session", "x"),
)


@pytest.fixture
def accents(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Stage:
    monkeypatch.setattr(locale, "read_catalogue", lambda _language: Pseudo())
    stage.environment["FGTUI_LANG"] = "zh"
    return stage


def test_every_word_of_help_was_said(accents: Stage) -> None:
    helps = [(verb, "--help") for verb in VERBS] + [("help", topic) for topic in TOPICS] + [("help",), ("--help",)]
    assert unsaid("".join(accents.run(*words).out for words in helps), sentences()) == []


def test_the_usage_of_every_verb_fits_where_its_word_is_wider_than_it_has_characters(stage: Stage) -> None:
    stage.environment["FGTUI_LANG"] = "zh"
    for verb in VERBS:
        usage = stage.run(verb, "-h").out.partition("\n\n")[0].splitlines()
        assert max(map(display_width, usage)) <= HELP_WIDTH
        assert {line[:6] for line in usage} == {"用法：fgt", " " * 6} or len(usage) == 1


def test_every_word_of_an_error_was_said(accents: Stage) -> None:
    ran = [accents.run(*words) for words in ERRORS]
    assert [each.code for each in ran if each.code == 0] == []
    assert unsaid("".join(each.said for each in ran), sentences()) == []


def test_what_programs_read_stays_english(accents: Stage, stage: Stage) -> None:
    words = ("validate", "-", "--json")
    said = accents.run(*words, stdin=b"{").out
    stage.environment["FGTUI_LANG"] = "en"
    assert said == stage.run(*words, stdin=b"{").out
    assert said


def test_the_language_of_the_words_is_no_business_of_a_handler(stage: Stage) -> None:
    before = dict(os.environ), dict(stage.environment)
    assert stage.run("--lang", "zh", "triggers").code == 0
    assert (dict(os.environ), stage.environment) == before
