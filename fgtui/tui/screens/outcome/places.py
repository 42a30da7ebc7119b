"""Opening the places in files that logs and errors name, in the editor a person uses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, cast

from fgtui.errors import FgtuiError, UsageError
from fgtui.invoke.model import LocalTarget

if TYPE_CHECKING:
    import subprocess

    from fgtui.invoke.model import Exchange
    from fgtui.terminal.editor import EditorCommand, Place
    from fgtui.tui.app import FgtuiApp
    from fgtui.tui.screens.workbench import WorkbenchScreen

WINDOW_S = 2.0
"""How long an editor with a window of its own may take to fail; one that is there by then stays open."""

READ_BYTES = 4000
LINES_SAID = 3
"""Of what an editor that fails has written as errors."""


class Ended(NamedTuple):
    """How opening a place went."""

    problem: UsageError | None
    is_elsewhere: bool = False
    """Whether the editor has ended and the file is open in a window that may be behind this one."""


class Roots(NamedTuple):
    """Where the relative paths of an exchange begin."""

    code_root: Path
    folders: tuple[Path, ...]


class Found(NamedTuple):
    """A place that can be opened, and what opens it."""

    row: int
    place: Place
    file: Path
    command: EditorCommand


class Places:
    """Finds what a place names and opens it."""

    def __init__(self, screen: WorkbenchScreen) -> None:
        self._screen = screen
        self._windows: list[subprocess.Popen[bytes]] = []
        """Editors that were still open when they were last looked at."""
        self._told_of: set[str] = set()
        """Editors of which it was said that they get no line."""

    def open(self, places: Sequence[tuple[int, Place]], exchange: Exchange | None) -> None:
        """Open the place where it happened, of those of one stack."""
        roots = self._roots(exchange)
        environment = self._screen.workspace.environment

        def find() -> Found:
            from fgtui.terminal.editor import editor_command, innermost, is_own, locate

            named = [place for _, place in places]
            own = [is_own(place, *roots) for place in named] if len(named) > 1 else [True]
            chosen = innermost(named, own) or named[0]
            row = next(row for row, place in places if place is chosen)
            file = locate(chosen, *roots)
            return Found(row, chosen, file, editor_command(file, chosen.line, chosen.column, environment))

        self._screen.in_thread(find, self._open, group="place")

    def _open(self, found: Found) -> None:
        text = self._screen.outcome_view.text
        if found.row < len(text.shown.lines) and found.place in text.places_in(found.row):
            text.choose(found.row, found.place)
        if found.command.is_graphical:
            self._screen.in_thread(
                lambda: self._open_window(found), lambda ended: self._tell(found, ended), group="editor"
            )
        else:
            self._tell(found, self._on_terminal(found))

    # ── how ─────────────────────────────────────────────────────────────────────────────────────────────────────────
    def _on_terminal(self, found: Found) -> Ended:
        """Lend the terminal to the editor until it ends."""
        app = cast("FgtuiApp", self._screen.app)
        try:
            lent = app.lend_terminal(found.command.words)
            return Ended(how_it_ended(found.command.name, lent.exit_code, lent.last_words))
        except OSError as error:
            return Ended(not_started(found.command.name, error))
        except FgtuiError as error:
            return Ended(UsageError(error.message, hint=error.hint, **error.values))

    def _open_window(self, found: Found) -> Ended:
        """Start an editor that has a window of its own, and see whether it fails at once."""
        import subprocess
        from tempfile import TemporaryFile

        self._windows = [each for each in self._windows if each.poll() is None]
        with TemporaryFile() as errors:  # a file, since an editor that stays may write into it for as long as it lives
            try:
                process = subprocess.Popen(
                    found.command.words,
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=errors,
                    cwd=self._screen.workspace.settings.folder,
                    env=dict(self._screen.workspace.environment),
                    start_new_session=True,
                )
            except OSError as error:
                return Ended(not_started(found.command.name, error))
            try:
                exit_code = process.wait(WINDOW_S)
            except subprocess.TimeoutExpired:
                self._windows.append(process)
                return Ended(None)
            errors.seek(0)
            said = errors.read(READ_BYTES).decode("utf-8", "replace")
        return Ended(how_it_ended(found.command.name, exit_code, said), is_elsewhere=True)

    def _tell(self, found: Found, ended: Ended) -> None:
        """Say what went wrong; else what a person cannot see here: that a window has it, or that the line is theirs."""
        command, place = found.command, f"{found.file.name}:{found.place.line}"
        if ended.problem is not None:
            self._screen.say_error(ended.problem)
        elif not command.takes_line and command.name not in self._told_of:
            self._told_of.add(command.name)
            self._screen.say(
                "it was {place}; {editor} was given no line, since fgtui does not know how it takes one",
                place=place,
                editor=command.name,
            )
        elif ended.is_elsewhere:
            self._screen.say("opened {place} in {editor}", place=place, editor=command.name)

    # ── where ───────────────────────────────────────────────────────────────────────────────────────────────────────
    def _roots(self, exchange: Exchange | None) -> Roots:
        """The code the exchange was sent to: its target's, as far as that can still be told from its spelling."""
        folder = self._screen.workspace.settings.folder
        targets = list(self._targets(exchange))
        if not targets:
            return Roots(folder, ())
        others = [each for target in targets for each in (target.code_root, target.file.parent)]
        return Roots(targets[0].code_root, tuple(dict.fromkeys([*others[1:], folder])))

    def _targets(self, exchange: Exchange | None) -> Iterator[LocalTarget]:
        screen = self._screen
        running = screen.sends.running
        chosen = screen.targets.target if running is None or exchange is not None else running.target
        spec = None if exchange is None else exchange.target.spec
        if isinstance(chosen, LocalTarget) and spec in {None, chosen.spec}:
            yield chosen
        if spec is None:
            return
        declared = [name for name, each in screen.workspace.settings.targets.items() if each.handler == spec]
        for name in (*declared, spec):
            try:
                target = screen.workspace.target(name)
            except FgtuiError:
                continue  # it may have been moved since, or nobody has agreed to the project
            if isinstance(target, LocalTarget):
                yield target


def how_it_ended(name: str, exit_code: int, said: str) -> UsageError | None:
    """What an editor's exit code says, and the last of its errors; vim gives 1 on purpose, after ``:cq``."""
    if exit_code == 0:
        return None
    words = " ".join(line.strip() for line in said.splitlines()[-LINES_SAID:] if line.strip())
    if exit_code < 0:
        return UsageError(
            "{name} was ended by signal {signal}: {said}" if words else "{name} was ended by signal {signal}",
            name=name,
            signal=-exit_code,
            said=words,
        )
    return UsageError(
        "{name} ended with exit code {code}: {said}" if words else "{name} ended with exit code {code}",
        name=name,
        code=exit_code,
        said=words,
    )


def not_started(name: str, error: OSError) -> UsageError:
    """Why a program is not there."""
    return UsageError("{name} could not be started: {reason}", name=name, reason=error.strerror or str(error))
