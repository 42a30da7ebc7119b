"""``fgtui`` opens the workbench, ``fgtui VERB`` the command line; the one module that knows both."""

from __future__ import annotations

import gc
import os
import sys

TYPE_CHECKING = False  # `typing` is not worth 2 ms to a verb that does without
if TYPE_CHECKING:
    from argparse import Namespace
    from typing import NoReturn

    from fgtui.cli.console import Console, WorkbenchNames

INTERRUPTED = 130
"""``ExitCode.INTERRUPTED``, which may not be imported yet."""
FEW_COLLECTIONS = 50_000
"""Allocations between two looks for garbage: starting makes thousands of objects and next to no garbage."""


def main() -> NoReturn:
    """Run what the command line asks for and end the process with its exit code.

    Everything is written, closed and stopped by then, so the interpreter is spared taking itself apart object by
    object, a tenth of what a short verb costs.
    """
    try:
        gc.set_threshold(FEW_COLLECTIONS, 20, 50)
        from fgtui.cli.main import run

        code = run(sys.argv[1:], workbench=_open_workbench, names=_workbench_names)
    except KeyboardInterrupt:  # Ctrl+C before `run` listens: nothing has begun that would have to be said
        code = INTERRUPTED
    os._exit(code)


def _open_workbench(console: Console, arguments: Namespace) -> int:
    from pathlib import Path

    gc.disable()  # nothing is garbage before the first frame, which turns it on again
    from fgtui.tui.app import run_workbench

    file = Path(arguments.file) if arguments.file else None
    workspace = console.workspace(arguments)
    try:
        return run_workbench(
            workspace,
            target=arguments.target,
            session=arguments.session,
            file=file,
            profile=arguments.profile,
            tour=getattr(arguments, "tour", False),
            note=console.diagnostics.line,
        )
    finally:
        workspace.close()


def _workbench_names() -> WorkbenchNames:
    """What settings may name of the workbench."""
    from fgtui.cli.console import WorkbenchNames
    from fgtui.tui.actions import ACTIONS
    from fgtui.tui.app import THEME_NAMES
    from fgtui.tui.keymap import key_lines, keymap_for

    actions = tuple(action.id for action in ACTIONS)
    return WorkbenchNames(actions, tuple(THEME_NAMES), lambda settings: keymap_for(settings, {}), key_lines)


if __name__ == "__main__":
    main()
