"""``fgtui`` opens the workbench, ``fgtui VERB`` the command line; the one module that knows both."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from argparse import Namespace

    from fgtui.cli.console import Console


def main() -> int:
    """Run what the command line asks for and return the exit code."""
    from fgtui.cli.main import run

    return run(sys.argv[1:], workbench=_open_workbench)


def _open_workbench(console: Console, arguments: Namespace) -> int:
    from pathlib import Path

    from fgtui.tui.app import run_workbench

    file = Path(arguments.file) if arguments.file else None
    workspace = console.workspace(arguments)
    try:
        return run_workbench(workspace, target=arguments.target, session=arguments.session, file=file)
    finally:
        workspace.close()


if __name__ == "__main__":
    sys.exit(main())
