"""Places that logs and errors name open in the person's editor; what cannot be opened is said and harms nothing."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from pathlib import Path

import pytest

from fgtui.invoke.model import HandlerError, Raised, Returned, TargetSummary
from fgtui.tui.actions import Where
from fgtui.tui.screens.workbench import Opening
from fgtui.tui.widgets.outcome_view import Part
from tests.factories import an_exchange
from tests.tui.bench import Bench, a_bench

WINDOWED = "code"
"""The name of an editor with a window of its own: it needs no terminal, and a pilot has none."""


def an_editor(folder: Path, name: str = WINDOWED, then: str = "") -> Mapping[str, str]:
    """An editor that writes its arguments, one a line, into ``arguments`` beside it, as the environment that names it."""
    folder.mkdir(exist_ok=True)
    program = folder / name
    kept = shlex.quote(str(folder / "arguments"))
    program.write_text(f'#!/bin/sh\nprintf "%s\\n" "$@" >{kept}.part\nmv {kept}.part {kept}\n{then}\n')
    program.chmod(0o755)
    return {"VISUAL": f"{shlex.quote(str(program))} --reuse-window"}


async def opened(bench: Bench, folder: Path) -> list[str]:
    file = folder / "arguments"
    await bench.until(file.exists, f"the editor was started; heard {bench.said}")
    arguments = file.read_text().splitlines()
    file.unlink()
    return arguments


async def show(bench: Bench, outcome: Raised | Returned, part: Part = Part.RESULT, spec: str = "index.echo") -> None:
    exchange = an_exchange(outcome=outcome, target=TargetSummary("local", spec, "python3.11"))
    bench.screen.show_exchange(exchange, "", record=None)
    bench.screen.outcome_view.part = part
    bench.screen.focus_pane(Where.OUTCOME)
    await bench.pilot.pause()


async def test_enter_opens_where_the_handler_raised(tmp_path: Path) -> None:
    editor = tmp_path / "bin"
    project = tmp_path / "project"
    async with a_bench(project, environment=an_editor(editor), opening=Opening(target="index.boom")) as bench:
        await bench.send()
        bench.screen.focus_pane(Where.OUTCOME)
        await bench.pilot.pause()
        await bench.press("enter")
        lines = (project / "index.py").read_text().splitlines()
        number = next(number for number, line in enumerate(lines, 1) if "raise ValueError" in line)
        assert await opened(bench, editor) == ["--reuse-window", "--goto", f"{project}/index.py:{number}"]


async def test_the_log_s_untouched_stack_opens_too_and_p_walks_in_it(tmp_path: Path) -> None:
    editor, project = tmp_path / "bin", tmp_path / "project"
    async with a_bench(project, environment=an_editor(editor)) as bench:
        (project / "deep.py").write_text("x = 1\n" * 9)
        logs = f'File "{project}/index.py", line 2\n  code\nFile "./deep.py", line 9\n  code\n'
        await show(bench, Returned(logs=logs), Part.LOGS)
        await bench.press("p", "o")
        assert (await opened(bench, editor))[-1] == f"{project}/index.py:2"
        await bench.press("p", "o")
        assert (await opened(bench, editor))[-1] == f"{project}/deep.py:9"
        await bench.press("P", "o")
        assert (await opened(bench, editor))[-1] == f"{project}/index.py:2"


async def test_walking_is_counted_in_the_frame_and_each_frame_of_a_stack_is_visited_once(tmp_path: Path) -> None:
    async with a_bench(tmp_path, opening=Opening(target="index.boom")) as bench:
        await bench.send()
        bench.screen.focus_pane(Where.OUTCOME)
        await bench.pilot.pause()
        assert "Enter open" in bench.lines[-1]
        await bench.press("p")
        assert "place 1 of 1" in bench.text
        await bench.press("p")
        assert "place 1 of 1 · from the start again" in bench.text


async def test_nothing_to_open_is_offered_by_no_key_and_said_once(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        await show(bench, Returned(logs="nothing of the kind"), Part.LOGS)
        assert "Enter open" not in bench.lines[-1]
        await bench.press("p", "p", "p")
        assert len(bench.said) == 1
        await show(bench, Returned(logs="see index.py:2"), Part.LOGS)
        assert "Enter open" in bench.lines[-1]


async def test_a_click_opens_a_place(tmp_path: Path) -> None:
    editor, project = tmp_path / "bin", tmp_path / "project"
    async with a_bench(project, environment=an_editor(editor)) as bench:
        await show(bench, Returned(logs="see index.py:2:3"), Part.LOGS)
        await bench.pilot.click(type(bench.screen.outcome_view.text), offset=(6, 0))
        assert (await opened(bench, editor))[-1] == f"{project}/index.py:2:3"


async def test_an_old_exchange_opens_the_code_of_its_own_target(tmp_path: Path) -> None:
    editor, project = tmp_path / "bin", tmp_path / "project"
    other = project / "other"
    other.mkdir(parents=True)
    (other / "there.py").write_text("def handler(event, context):\n    pass\n")
    async with a_bench(project, environment=an_editor(editor)) as bench:
        await show(bench, Returned(logs="there.py:1"), Part.LOGS, spec="other/there.handler")
        await bench.press("enter")
        assert (await opened(bench, editor))[-1] == f"{other}/there.py:1"


NOT_OPENED = {
    "nothing of the kind": "nothing here names a place",
    'File "/etc/passwd; touch /tmp/x", line 1': "there is no file /etc/passwd; touch /tmp/x here",
    'File "-rf", line 1': "there is no file -rf here",
    'File "/dev/tty", line 1': "/dev/tty is no regular file",
    'File "/opt/function/code/gone.py", line 1': "is in the cloud, and there is no such file in",
    'File "/\u202egone\x1b[31m.py", line 1': "there is no file /\\u202egone\\e[31m.py here",
    "at com.x.Gone.handle(Gone.java:1)": "there is no source of com/x/Gone.java",
}


async def test_what_cannot_be_opened_is_said(tmp_path: Path) -> None:
    editor = tmp_path / "bin"
    async with a_bench(tmp_path / "project", environment=an_editor(editor)) as bench:
        for logs, words in NOT_OPENED.items():
            await show(bench, Returned(logs=logs), Part.LOGS)
            await bench.press("enter")
            await bench.hears(words)
        assert not (editor / "arguments").exists()


NAMES = ("-rf.py", "$(touch x).py", "a b;c.py", "'.py", "\u202e\x1b.py")


async def show_named(bench: Bench, name: str) -> None:
    """Show an error in a file that is called so, and try to open it."""
    (bench.workspace.settings.folder / name).write_text("x\n")
    await show(bench, Raised(error=HandlerError("E", "", (f'File "{name}", line 1',))))
    await bench.press("enter")


async def test_a_name_is_one_argument_that_is_no_option_and_no_shell_s(tmp_path: Path) -> None:
    editor, project = tmp_path / "bin", tmp_path / "project"
    async with a_bench(project, environment=an_editor(editor)) as bench:
        for name in NAMES:
            await show_named(bench, name)
            assert await opened(bench, editor) == ["--reuse-window", "--goto", f"{project}/{name}:1"]
    assert not (project / "x").exists()


async def test_where_there_is_no_terminal_to_lend_it_is_said_whatever_the_name(tmp_path: Path) -> None:
    async with a_bench(tmp_path / "project", environment=an_editor(tmp_path / "bin", "nobody-knows-it")) as bench:
        for name in NAMES:
            bench.app.clear_notifications()
            await show_named(bench, name)
            await bench.hears("there is no terminal here to lend to nobody-knows-it")
        assert not (tmp_path / "project" / "x").exists()


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"VISUAL": "", "EDITOR": "nosuch-editor"}, "the editor nosuch-editor was not found; VISUAL, then EDITOR, names it"),
        ({"VISUAL": "vim 'x"}, "VISUAL is no command, since a quote is never closed"),
        ({"VISUAL": "", "EDITOR": "", "PATH": "/nowhere"}, "no editor was found; set EDITOR to the command of one"),
    ],
)  # fmt: skip
async def test_no_editor_is_said_with_the_way_out(tmp_path: Path, environment: dict[str, str], words: str) -> None:
    async with a_bench(tmp_path, environment=environment) as bench:
        await show(bench, Returned(logs="index.py:1"), Part.LOGS)
        await bench.press("enter")
        await bench.hears(words)


FAILURES = {
    "exit 3": "code ended with exit code 3",
    "echo one >&2; printf 'no \\033[31mdisplay\\n' >&2; exit 7": "exit code 7: one no \\e[31mdisplay",
    "kill -9 $$": "code was ended by signal 9",
}


async def test_an_editor_that_fails_is_said(tmp_path: Path) -> None:
    async with a_bench(tmp_path / "project", environment=an_editor(tmp_path / "bin")) as bench:
        await show(bench, Returned(logs="index.py:1"), Part.LOGS)
        for then, words in FAILURES.items():
            an_editor(tmp_path / "bin", then=then)
            await bench.press("enter")
            await bench.hears(words)


async def test_a_window_that_another_program_opens_is_said(tmp_path: Path) -> None:
    async with a_bench(tmp_path / "project", environment=an_editor(tmp_path / "bin")) as bench:
        await show(bench, Returned(logs="index.py:3"), Part.LOGS)
        await bench.press("enter")
        await bench.hears("opened index.py:3 in code")


async def test_an_editor_that_is_no_program_is_said(tmp_path: Path) -> None:
    program = tmp_path / WINDOWED
    program.write_text("no program")
    program.chmod(0o755)
    async with a_bench(tmp_path / "project", environment={"VISUAL": str(program)}) as bench:
        await show(bench, Returned(logs="index.py:1"), Part.LOGS)
        await bench.press("enter")
        await bench.hears("code could not be started: Exec format error")


async def test_a_log_opens_while_the_handler_still_runs(tmp_path: Path) -> None:
    editor, project = tmp_path / "bin", tmp_path / "project"
    project.mkdir()
    (project / "late.py").write_text(
        'import time\ndef handler(event, context):\n    print("at late.py:2", flush=True)\n    time.sleep(600)\n'
    )
    opening = Opening(target="late.handler")
    async with a_bench(project, environment=an_editor(editor), opening=opening) as bench:
        bench.screen.targets._limited("600 128")
        await bench.press("ctrl+j")
        await bench.sees("late.py:2")
        bench.screen.focus_pane(Where.OUTCOME)
        await bench.press("enter")
        assert (await opened(bench, editor))[-1] == f"{project}/late.py:2"
        await bench.press("escape")
        await bench.sees("cancelled")
