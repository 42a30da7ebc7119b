"""``fgtui demo``."""

from __future__ import annotations

import io
import json
import os
import shlex
import stat
import subprocess
import sys
from argparse import Namespace
from pathlib import Path

import pytest

from fgtui.cli.console import Console
from fgtui.cli.diagnostics import Diagnostics
from fgtui.cli.main import run
from fgtui.cli.output import Output
from tests.cli.stage import Stage


def test_without_a_terminal_the_tour_is_printed_as_commands_that_all_run(stage: Stage) -> None:
    said = json.loads(stage.run("demo", "shop", "--json").out)
    assert said["folder"] == str(stage.folder / "shop")
    in_shop = Stage(stage.folder / "shop", stage.environment)
    codes = []
    for command in said["commands"]:
        words = shlex.split(command)
        assert words[0] == "fgtui"
        codes.append(in_shop.run(*words[1:]).code)
    assert codes == [0] * len(said["commands"])
    printed = stage.run("demo", "shop").out
    assert printed.startswith(f"cd {stage.folder / 'shop'}\n")
    assert all(f"\n{command}\n" in printed for command in said["commands"])


def test_the_commands_as_printed_run_in_a_shell(stage: Stage, tmp_path: Path) -> None:
    script = stage.run("demo").out
    (tmp_path / "fgtui").write_text(f'#!/bin/sh\nexec {sys.executable} -m fgtui "$@"\n')
    (tmp_path / "fgtui").chmod(0o755)
    environment = {**stage.environment, "PATH": f"{tmp_path}:/usr/bin:/bin"}
    ran = subprocess.run(["sh", "-e"], input=script, env=environment, capture_output=True, text=True, check=False)
    assert (ran.returncode, "Traceback" in ran.stderr) == (0, False), ran.stderr


def test_the_example_recordings_are_what_the_handler_of_the_demo_does(stage: Stage) -> None:
    stage.run("demo", "shop")
    ran = Stage(stage.folder / "shop", stage.environment).run("replay", "example", "--no-record", "--send-redacted")
    assert ran.code == 0, ran.out + ran.said
    assert "12 replayed" in ran.said


def test_example_recordings_that_are_gone_come_back_with_the_next_demo(stage: Stage) -> None:
    stage.run("demo", "shop")
    in_shop = Stage(stage.folder / "shop", stage.environment)
    assert in_shop.run("sessions", "delete", "example", "--yes").code == 0
    stage.run("demo", "shop")
    assert len(in_shop.run("show", "example").out.splitlines()) > 12


def test_what_was_changed_in_the_demo_stays_and_is_no_longer_agreed_to(stage: Stage) -> None:
    stage.run("demo", "shop")
    handler, settings = stage.folder / "shop/src/orders.py", stage.folder / "shop/fgtui.toml"
    handler.write_text("def handler(event, context):\n    return 'mine'\n")
    in_shop = Stage(stage.folder / "shop", stage.environment)
    assert in_shop.run("send", "obs").out == "mine"
    settings.write_text(settings.read_text().replace("timeout_s = 2", "python = './mine'"))
    stage.run("demo", "shop")
    assert handler.read_text().endswith("return 'mine'\n")
    ran = in_shop.run("send", "obs")
    assert (ran.code, "agreed" in ran.said) == (2, True)


def test_a_folder_with_something_else_in_it_is_left_alone(stage: Stage) -> None:
    (stage.folder / "mine").mkdir()
    (stage.folder / "mine/file").write_text("x")
    ran = stage.run("demo", "mine")
    assert (ran.code, ran.data) == (2, b"")
    assert "holds something else already" in ran.said
    assert [each.name for each in (stage.folder / "mine").iterdir()] == ["file"]
    (stage.folder / "file").write_text("x")
    assert stage.run("demo", "file").code == 2
    assert (stage.folder / "file").read_text() == "x"


def test_the_project_fgtui_keeps_is_deleted_on_request_and_nothing_else(stage: Stage) -> None:
    folder = Path(json.loads(stage.run("demo", "--json").out)["folder"])
    assert (folder / "src/orders.py").is_file()
    assert stage.run("demo", "--remove", "mine").code == 2
    ran = stage.run("demo", "--remove")
    said = f"deleted {folder}\ndeleted the session example\n"
    assert (ran.code, ran.said, folder.exists()) == (0, said, False)
    assert stage.run("sessions", "--json").out.strip() == "[]"
    assert stage.run("demo", "--remove").said == f"there is no demo in {folder}\n"


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (("send", "obs", "--session", "example"), "more was recorded into it"),
        (("note", "example", "3", "look here"), "not as the demo made it"),
    ],
    ids=["sent", "noted"],
)
def test_an_example_that_somebody_has_changed_stays_and_it_is_said_why(
    stage: Stage, change: tuple[str, ...], why: str
) -> None:
    stage.run("demo", "--json")
    assert stage.run(*change).code == 0
    before = stage.run("show", "example", "--json").out
    ran = stage.run("demo", "--remove")
    assert (ran.code, why in ran.said) == (0, True), ran.said
    assert stage.run("show", "example", "--json").out == before


def test_the_folders_fgtui_makes_for_what_it_keeps_are_for_their_owner_alone(stage: Stage) -> None:
    before = os.umask(0o022)
    try:
        folder = Path(json.loads(stage.run("demo", "--json").out)["folder"])
    finally:
        os.umask(before)
    made = [each for each in (folder, *folder.parents) if each.is_relative_to(stage.environment["FGTUI_HOME"])]
    assert [stat.S_IMODE(each.stat().st_mode) for each in made] == [0o700] * len(made)


def test_on_a_terminal_the_workbench_opens_in_the_project_at_the_example_session(stage: Stage) -> None:
    opened: list[tuple[Path, str]] = []

    def workbench(console: Console, arguments: Namespace) -> int:
        opened.append((console.folder, arguments.session))
        return 0

    said = io.StringIO()
    console = Console(
        Output(io.BytesIO(), is_terminal=True),
        Diagnostics(said, is_terminal=True),
        stdin=io.BytesIO(),
        stdin_is_terminal=True,
        environment=stage.environment,
        folder=stage.folder,
    )
    assert run(["demo", "shop"], workbench=workbench, console=console) == 0
    assert opened == [(stage.folder / "shop", "example")]
    assert said.getvalue() == f"the demo stays in {stage.folder / 'shop'}\n"
