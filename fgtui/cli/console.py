"""What a verb is handed: its streams, its folder, its environment, and the settings and parts built from them."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterable, Mapping
from copy import copy
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from fgtui.cli.diagnostics import Diagnostics, wants_colour
from fgtui.cli.output import Output
from fgtui.errors import UsageError
from fgtui.words import Phrase

if TYPE_CHECKING:
    from argparse import Namespace

    from fgtui.config import Settings
    from fgtui.events.catalogue import Catalogue
    from fgtui.workspace import Workspace


class WorkbenchNames(NamedTuple):
    """What settings may name of the workbench, which the command line does not know by itself."""

    actions: tuple[str, ...]
    themes: tuple[str, ...]
    check_keys: Callable[[Settings], object] = bool
    """Raises ``ConfigError`` where settings give an action a key that it cannot have."""
    list_keys: Callable[[Settings, Mapping[str, str]], Iterable[str]] = lambda _, __: ()
    """Lines that say what is done by which keys, those of the settings and of the environment's terminal."""


class Console:
    """The edge between a verb and the machine."""

    def __init__(
        self,
        output: Output,
        diagnostics: Diagnostics,
        *,
        stdin: BinaryIO | None = None,
        stdin_is_terminal: bool = False,
        environment: Mapping[str, str] | None = None,
        folder: Path | None = None,
        names: Callable[[], WorkbenchNames] | None = None,
    ) -> None:
        self.output = output
        self.diagnostics = diagnostics
        self.stdin = stdin
        self.stdin_is_terminal = stdin_is_terminal
        self.environment = os.environ if environment is None else environment
        self._folder = folder
        self.names = names
        """Loads a good part of the workbench: asked only when there is something to look up."""
        self.workbench: Callable[[Console, Namespace], int] | None = None
        """Opens the workbench; handed in, since the command line does not know it."""

    @classmethod
    def of_process(cls, names: Callable[[], WorkbenchNames] | None = None) -> Console:
        """The process's own streams."""
        out_is_terminal = _is_terminal(1)
        error_is_terminal = _is_terminal(2)
        charset = _charset()
        return cls(
            Output(
                sys.stdout.buffer if sys.stdout else None,
                is_terminal=out_is_terminal,
                width=_width() if out_is_terminal else 80,
                in_colour=wants_colour(os.environ, is_terminal=out_is_terminal),
                charset=charset,
            ),
            Diagnostics(
                sys.stderr,
                is_terminal=error_is_terminal,
                in_colour=wants_colour(os.environ, is_terminal=error_is_terminal),
                charset=charset,
            ),
            stdin=sys.stdin.buffer if sys.stdin else None,
            stdin_is_terminal=_is_terminal(0),
            names=names,
        )

    def open_workbench(self, arguments: Namespace) -> int:
        """Open the workbench, which needs a terminal that shows every character anywhere; the exit code."""
        assert self.workbench is not None
        if self.environment.get("TERM") == "dumb":
            raise UsageError(
                "TERM=dumb is a terminal without a cursor to move, which the workbench needs",
                hint="verbs do without: fgtui --help",
            )
        if charset := self.output.charset:
            from fgtui.terminal.charset import way_to_utf8

            raise UsageError(
                "the terminal's characters are {charset}, and the workbench needs UTF-8",
                charset=charset,
                hint="where the terminal can show UTF-8: {command}",
                command=way_to_utf8(self.environment),
            )
        if _has_no_colour(self.environment.get("TERM", "")):
            os.environ.setdefault("NO_COLOR", "1")  # where the workbench, and what it starts on the terminal, look
        return self.workbench(self, arguments)

    @property
    def folder(self) -> Path:
        """The working folder."""
        if self._folder is None:
            try:
                self._folder = Path.cwd()
            except OSError as error:
                raise UsageError("the working folder is gone", hint="cd somewhere that exists and try again") from error
        return self._folder

    def within(self, folder: Path) -> Console:
        """The same in another working folder."""
        other = copy(self)
        other._folder = folder  # noqa: SLF001 - of its own class
        return other

    @property
    def can_ask(self) -> bool:
        """Whether a person sees a question and can answer it."""
        return self.stdin_is_terminal and self.diagnostics.is_terminal

    def ask(self, question: str, /, **values: object) -> bool:
        """Ask for a yes on the terminal; anything else, and no terminal, is a no."""
        if not self.can_ask or self.stdin is None:
            return False
        self.diagnostics.ask("{question} [y/N]", question=Phrase(question, values))
        return self.stdin.readline().strip().lower() in (b"y", b"yes")

    def ask_for(self, word: str, question: str, /, **values: object) -> bool:
        """Ask for ``word`` itself, on the terminal; anything else, and no terminal, is a no."""
        if not self.can_ask or self.stdin is None:
            return False
        self.diagnostics.ask(question, **values)
        return self.stdin.readline().strip() == word.encode(self.diagnostics.charset or "utf-8", "surrogateescape")

    def settings(self, arguments: Namespace) -> Settings:
        """What is in force; reads the settings files."""
        from fgtui import config

        store = getattr(arguments, "store", None)
        return config.load(self.folder, self.environment, config.Flags(store=self.folder / store if store else None))

    def workspace(self, arguments: Namespace) -> Workspace:
        """Catalogue, store and invoker by the settings, each built when first used. Close it."""
        from fgtui.workspace import open_workspace

        return open_workspace(
            self.settings(arguments),
            environment=self.environment,
            trust_project=getattr(arguments, "trust_project", False),
        )

    def catalogue(self) -> Catalogue:
        """The triggers known here, without reading any settings file."""
        from fgtui.events.catalogue import Catalogue, samples_root
        from fgtui.paths import event_folders, find_project

        catalogue = Catalogue([samples_root(), *event_folders(find_project(self.folder), self.environment)])
        for problem in catalogue.own_problems:
            self.diagnostics.warn("{problem}", problem=problem)
        return catalogue


def _is_terminal(descriptor: int) -> bool:
    try:
        return os.isatty(descriptor)
    except OSError:
        return False


def _has_no_colour(terminal: str) -> bool:
    """Whether a terminal of that name is known to have none."""
    return terminal.startswith(("vt1", "vt2", "vt3")) or terminal.endswith(("-mono", "-m"))


def _charset() -> str:
    """What the locale has the terminal show; empty for UTF-8."""
    encoding = getattr(sys.stderr, "encoding", None)
    if encoding in (None, "utf-8"):
        return ""
    from fgtui.terminal.charset import other_charset

    return other_charset(encoding)


def _width() -> int:
    try:
        return os.get_terminal_size(1).columns or 80
    except OSError:
        return 80
