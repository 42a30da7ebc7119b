"""Runs command lines in this process, with streams and a folder of their own, and gives back what came out."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from fgtui.cli.console import Console, WorkbenchNames
from fgtui.cli.diagnostics import Diagnostics
from fgtui.cli.main import run
from fgtui.cli.output import Output
from fgtui.config import Settings


def _check_keys(settings: Settings) -> None:
    from fgtui.tui.keymap import keymap_for

    keymap_for(settings, {})


@dataclass(frozen=True)
class Ran:
    """What a command line left behind."""

    code: int
    data: bytes
    said: str
    """stderr."""

    @property
    def out(self) -> str:
        return self.data.decode()


class Stage:
    """One working folder and environment, in which any number of command lines run."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder = folder
        self.environment = dict(environment)
        self.names = lambda: WorkbenchNames(("send", "next-pane"), ("dark", "light"), _check_keys)

    def run(self, *words: str, stdin: bytes = b"", terminal: bool = False, answers: bytes | None = None) -> Ran:
        """Run ``fgtui WORDS``; ``terminal`` makes stdout one, ``answers`` makes stdin and stderr one."""
        out, said = io.BytesIO(), io.StringIO()
        console = Console(
            Output(out, is_terminal=terminal, width=100),
            Diagnostics(said, is_terminal=answers is not None),
            stdin=io.BytesIO(stdin if answers is None else answers),
            stdin_is_terminal=answers is not None,
            environment=self.environment,
            folder=self.folder,
            names=self.names,
        )
        code = run(words, console=console)
        return Ran(code, out.getvalue(), said.getvalue())
