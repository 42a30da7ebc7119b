"""Finding the verb, and ending in words whatever happens."""

from __future__ import annotations

import re
from argparse import Namespace
from pathlib import Path

import pytest

from fgtui import __version__, locale
from fgtui.cli import main
from fgtui.cli.commands.help import TOPICS
from fgtui.cli.console import Console
from fgtui.cli.verbs import VERBS
from fgtui.settings_table import SETTINGS
from tests.cli.stage import Stage


def test_the_version_is_one_line(stage: Stage) -> None:
    assert stage.run("--version").out == f"fgtui {__version__}\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(("tirggers",), "error: there is no verb 'tirggers'; there is triggers, event, ", id="typo"),
        pytest.param(("\x1b[2J",), "error: there is no verb '\\x1b[2J'; there is ", id="control-characters"),
        pytest.param(("{x}",), "error: there is no verb '{x}'; there is ", id="braces"),
        pytest.param(("--store", "x.db", "shwo"), "error: there is no verb 'shwo'", id="after-an-option"),
        pytest.param(
            ("--vrsion",), "error: fgtui: there is no option --vrsion\n  did you mean --version?", id="option"
        ),
        pytest.param((), "error: the workbench needs a terminal for its input and output\n", id="no-terminal"),
        pytest.param(("orders.json",), "error: the workbench needs a terminal for its input and output\n", id="file"),
    ],
)
def test_an_unknown_command_line_is_a_2_in_one_or_two_lines(stage: Stage, words: tuple[str, ...], said: str) -> None:
    ran = stage.run(*words)
    assert ran.code == 2
    assert ran.said.startswith(said)
    assert len(ran.said.splitlines()) <= 2
    assert ran.data == b""


@pytest.mark.parametrize(
    ("words", "environment", "said"),
    [
        pytest.param(("tirggers",), {}, "there is", id="english"),
        pytest.param(("tirggers",), {"FGTUI_LANG": "zh"}, "没有命令", id="environment"),
        pytest.param(("--lang", "zh", "tirggers"), {}, "没有命令", id="before-the-verb"),
        pytest.param(("tirggers", "--lang=zh_CN.UTF-8"), {}, "没有命令", id="after-it"),
        pytest.param(("--lang", "en", "tirggers"), {"LC_ALL": "zh_CN.UTF-8"}, "there is", id="over-the-environment"),
    ],
)
def test_words_are_in_the_language_asked_for(
    stage: Stage,
    monkeypatch: pytest.MonkeyPatch,
    words: tuple[str, ...],
    environment: dict[str, str],
    said: str,
) -> None:
    sentence = "there is no verb {word!r}; there is {verbs}"
    monkeypatch.setattr(locale, "read_catalogue", lambda _language: {sentence: "没有命令 {word!r}；有 {verbs}"})
    stage.environment |= environment
    assert stage.run(*words).said.startswith(f"error: {said}")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(("--lang", "fr", "triggers"), "error: --lang is en or zh, not 'fr'\n", id="unknown"),
        pytest.param(("triggers", "--lang="), "error: --lang needs a value: en or zh\n", id="empty"),
        pytest.param(("triggers", "--lang"), "error: --lang needs a value: en or zh\n", id="missing"),
    ],
)
def test_a_language_there_is_not_is_a_2_that_names_those_there_are(
    stage: Stage, words: tuple[str, ...], said: str
) -> None:
    ran = stage.run(*words)
    assert (ran.code, ran.data, ran.said) == (2, b"", said)


def test_the_nearest_verb_is_named(stage: Stage) -> None:
    assert stage.run("tirggers").said.endswith("\n  did you mean triggers?\n")


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_explains_itself_on_stdout(stage: Stage, verb: str) -> None:
    ran = stage.run(verb, "--help")
    assert (ran.code, ran.said) == (0, "")
    assert ran.out.startswith(f"usage: fgtui {verb} ")
    assert stage.run("help", verb).out.startswith(ran.out)


def test_help_lists_every_verb(stage: Stage) -> None:
    assert all(f"\n  {verb} " in stage.run("help").out for verb in VERBS)
    assert stage.run("--help").out in stage.run("help").out


def test_every_topic_of_help_is_there(stage: Stage) -> None:
    for topic in TOPICS:
        assert TOPICS[topic] in stage.run("help", topic).out
    ran = stage.run("help", "target")
    assert (ran.code, ran.data) == (2, b"")
    assert "did you mean targets?" in ran.said


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_names_only_options_and_settings_that_there_are(topic: str) -> None:
    options = {option for verb in VERBS for option in main.parser_of(verb).option_names()}
    assert set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", TOPICS[topic])) <= options
    keys = {setting.key.rsplit(".", 1)[1] for setting in SETTINGS if setting.key.startswith("profiles.")}
    assert topic != "profiles" or set(re.findall(r"^  (\w+) = ", TOPICS[topic], re.MULTILINE)) <= keys


def test_options_before_the_verb_belong_to_it(stage: Stage) -> None:
    assert stage.run("--json", "triggers").out.startswith("[")


def test_the_workbench_gets_what_was_said(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = []
    console = Console.of_process()
    console.stdin_is_terminal = console.output.is_terminal = True

    def workbench(console: Console, arguments: Namespace) -> int:
        opened.append((arguments.file, arguments.target, arguments.session))
        return 7

    words = ["--target", "src/index.handler", "--session", "default", "./orders.json"]
    assert main.run(words, workbench=workbench, console=console) == 7
    assert main.run([], workbench=workbench, console=console) == 7
    assert opened == [("./orders.json", "src/index.handler", "default"), (None, None, None)]


def test_a_defect_is_a_place_of_ours_without_values_and_no_traceback(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fgtui import words
    from fgtui.cli.commands import triggers

    def broken(console: Console) -> int:
        try:
            words.spell_seconds(float("nan"))
        except ValueError as error:
            raise RuntimeError("password=hunter2") from error
        return 0

    monkeypatch.setattr(triggers, "run_bare", broken)
    ran = stage.run("triggers")
    assert ran.code == 70
    assert f"error: a defect in fgtui: ValueError at {words.__file__}:" in ran.said
    assert "hunter2" not in ran.said
    assert "Traceback" not in ran.said


def test_running_out_of_memory_is_said(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    from fgtui.cli.commands import triggers

    def hungry(console: Console) -> int:
        raise MemoryError

    monkeypatch.setattr(triggers, "run_bare", hungry)
    assert stage.run("triggers").said == "error: not enough memory for this\n"


def test_a_working_folder_that_is_gone_is_said(stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    console = Console.of_process()
    assert main.run(["validate", "x.json"], console=console) == 2


def test_help_on_what_there_is_none_on_names_every_topic(stage: Stage) -> None:
    ran = stage.run("help", "nosuch")
    assert (ran.code, ran.out) == (2, "")
    assert all(topic in ran.said for topic in TOPICS)
