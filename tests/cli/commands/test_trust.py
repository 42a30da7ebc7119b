"""``fgtui trust``."""

from __future__ import annotations

import json

import pytest

from tests.cli.stage import Stage

PROJECT = '[targets.a]\nhandler = "src/index.handler"\n'


@pytest.fixture
def project(stage: Stage) -> Stage:
    (stage.folder / "fgtui.toml").write_text(PROJECT)
    return stage


def agreed(stage: Stage) -> bool:
    return bool(json.loads(stage.run("trust", "--show", "--json").out)["agreed"])


def test_show_prints_what_is_named_and_its_hash(project: Stage) -> None:
    out = project.run("trust", "--show").out
    assert out.splitlines()[0] == "targets.a.handler = src/index.handler"
    assert out.splitlines()[1].startswith("hash: ")
    assert out.splitlines()[2] == "agreed: no"


def test_the_hash_that_show_prints_is_a_yes(project: Stage) -> None:
    hash_line = project.run("trust", "--show").out.splitlines()[1]
    project.environment["FGTUI_TRUST"] = hash_line.removeprefix("hash: ")
    assert agreed(project)


def test_a_person_is_shown_what_it_is_and_asked(project: Stage) -> None:
    refused = project.run("trust", answers=b"\n")
    assert refused.code == 2
    assert "  targets.a.handler = src/index.handler\n" in refused.said
    assert not agreed(project)
    assert project.run("trust", answers=b"yes\n").code == 0
    assert agreed(project)


def test_without_a_terminal_nothing_is_agreed_to_unless_yes_is_said(project: Stage) -> None:
    refused = project.run("trust", stdin=b"y\n")
    assert refused.code == 2
    assert "--yes" in refused.said
    assert not agreed(project)
    assert project.run("trust", "--yes").code == 0
    assert agreed(project)


def test_a_yes_is_taken_back_and_ends_with_another_content(project: Stage) -> None:
    project.run("trust", "--yes")
    project.run("trust", "--revoke")
    assert not agreed(project)
    project.run("trust", "--yes")
    (project.folder / "fgtui.toml").write_text(PROJECT.replace("index", "other"))
    assert not agreed(project)


def test_names_cannot_act_while_a_person_decides(project: Stage) -> None:
    (project.folder / "fgtui.toml").write_text('[targets.a]\nhandler = "x\\u001b[1A\\u001b[2K\\nharmless.handler"\n')
    ran = project.run("trust", answers=b"n\n")
    assert "\x1b" not in ran.said
    assert "\nharmless" not in ran.said


def test_a_person_is_shown_all_of_what_is_named(project: Stage) -> None:
    (project.folder / "fgtui.toml").write_text(f'{PROJECT}environment = {{ A = "{"x" * 5000}END" }}\n')
    ran = project.run("trust", answers=b"n\n")
    assert f"  targets.a.environment.A = {'x' * 5000}END\n" in ran.said


def test_outside_a_project_there_is_nothing_to_agree_to(stage: Stage) -> None:
    assert stage.run("trust").code == 2
