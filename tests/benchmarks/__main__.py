"""Prints every budget that is built: ``python -m tests.benchmarks [--peers] [GROUP …]``."""

from __future__ import annotations

import argparse
import importlib
import sys

from .harness import Row, show

GROUPS = (
    "startup",
    "editor",
    "local_send",
    "containment",
    "recording",
    "store",
    "table",
    "filter",
    "search",
    "diff",
    "replay",
    "remote",
    "serve",
)


def main() -> int:
    """Measure the groups asked for, print the rows, and say by the exit code whether every budget holds."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("groups", nargs="*", metavar="GROUP", help="of " + ", ".join(GROUPS))
    parser.add_argument("--peers", action="store_true", help="install the rivals into a throwaway environment, too")
    arguments = parser.parse_args()
    if unknown := set(arguments.groups) - set(GROUPS):
        parser.error(f"no such group: {', '.join(sorted(unknown))}")
    rows: list[Row] = []
    for group in arguments.groups or GROUPS:
        print(f"measuring {group} …", file=sys.stderr, flush=True)
        rows.extend(importlib.import_module(f"{__package__}.{group}").rows())
    if arguments.peers:
        from . import peers

        print("measuring the rivals …", file=sys.stderr, flush=True)
        rows.extend(peers.rows())
    show(rows)
    return 0 if all(row.holds is not False for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
