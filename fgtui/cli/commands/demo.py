"""Look around in a small project with recordings that went well and wrong: in the workbench, or by commands.

fgtui demo               the workbench on it, with a tour
fgtui demo FOLDER        the project in a folder of yours
fgtui demo --commands    the tour as commands of fgtui, to be typed or pasted
fgtui demo --remove      delete the project that fgtui keeps for this

All of it is on this machine. What is changed and recorded there stays until --remove. Without a terminal the
commands are printed.
"""

from __future__ import annotations

import shlex
from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path

from fgtui.cli.console import Console
from fgtui.cli.exit_codes import ExitCode
from fgtui.cli.parsing import Parser, file_name
from fgtui.errors import UsageError
from fgtui.words import say

TOUR = (
    ("fgtui show example", "what is recorded"),
    ("fgtui query example \"outcome.kind != 'returned'\" --project '[seq, outcome.error.message]'", "what failed"),
    ("fgtui show example 3 --part decoded", "an event with its encoded strings opened"),
    ("fgtui search 磁盘", "found inside base64"),
    ("fgtui send obs --set 'Records[0].s3.object.key=holiday 2026/cat.png'", "send one to the handler"),
    ("fgtui replay example --where \"outcome.kind == 'raised'\"", "after a change of src/orders.py: is it better?"),
    ("fgtui report example 8", "tell somebody"),
)
"""Commands, and what each is for."""


def add_arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    parser.add_argument(
        "folder", metavar="FOLDER", nargs="?", type=file_name("FOLDER"), help="where the project is made, or is"
    )
    parser.add_argument("--commands", action="store_true", help="print the tour as commands, and open nothing")
    parser.add_argument(
        "--remove", action="store_true", help="delete the project that fgtui keeps, and the recordings in it"
    )
    parser.add_json("one JSON document: the folder, the session and the commands")


def run(arguments: Namespace, console: Console) -> int:
    """Make the project where it is not there yet, and show it."""
    from fgtui import demo, paths

    kept = paths.data_folder(console.environment) / "demo"
    if arguments.remove:
        if arguments.folder:
            raise UsageError("--remove deletes what fgtui keeps itself; a folder of yours is yours to delete")
        gone = demo.remove_project(kept)
        console.diagnostics.note("deleted {folder}" if gone else "there is no demo in {folder}", folder=str(kept))
        _remove_example(console, kept)
        return ExitCode.OK
    folder = console.folder / arguments.folder if arguments.folder else kept
    made = demo.make_project(folder, private=folder == kept)
    inside = console.within(folder)
    workspace = inside.workspace(arguments)
    try:
        if made:
            demo.agree(workspace, now=datetime.now(UTC))
        if not workspace.store.count(demo.EXAMPLE):  # anew, or what was begun there was not brought to its end
            demo.import_example(workspace)
    finally:
        workspace.close()
    is_watched = console.stdin_is_terminal and console.output.is_terminal
    if arguments.json:
        commands = [command for command, _ in TOUR]
        console.output.document({"folder": str(folder), "session": demo.EXAMPLE, "commands": commands})
    elif arguments.commands or not is_watched or console.workbench is None:
        _print_tour(console, folder)
    else:
        code = _open_workbench(inside, demo.EXAMPLE)
        stays = (
            "the demo stays in {folder}" if arguments.folder else "the demo stays; fgtui demo --remove deletes {folder}"
        )
        console.diagnostics.note(stays, folder=str(folder))
        return code
    return ExitCode.OK


def _remove_example(console: Console, folder: Path) -> None:
    from fgtui import demo

    fate, note = demo.remove_example(folder, console.environment), console.diagnostics.note
    if fate is demo.Fate.DELETED:
        note("deleted the session {session}", session=demo.EXAMPLE)
    elif fate is demo.Fate.RECORDED_INTO:
        note(
            "the session {session} stays, since more was recorded into it; fgtui sessions delete {session} deletes it",
            session=demo.EXAMPLE,
        )
    elif fate is demo.Fate.CHANGED:
        note(
            "the session {session} stays, since it is not as the demo made it; fgtui sessions delete {session} deletes "
            "it",
            session=demo.EXAMPLE,
        )


def _print_tour(console: Console, folder: Path) -> None:
    console.output.line(f"cd {shlex.quote(str(folder))}")
    for command, words in TOUR:
        console.output.line()
        console.output.line(f"# {say(words)}")
        console.output.line(command)


def _open_workbench(console: Console, session: str) -> int:
    from fgtui.cli.main import workbench_parser

    arguments = workbench_parser().read(["--session", session])
    arguments.tour = True
    return console.open_workbench(arguments)
