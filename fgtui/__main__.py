"""``fgtui`` opens the workbench, ``fgtui VERB`` the command line; the one module that knows both."""

from __future__ import annotations

import sys


def main() -> int:
    """Run what the command line asks for and return the exit code."""
    from fgtui.cli.main import run

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
