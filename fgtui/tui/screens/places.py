"""Opening the places in files that logs and errors name, in the editor a person uses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, cast

from fgtui.errors import FgtuiError, UsageError

if TYPE_CHECKING:
    import subprocess

    from fgtui.invoke.model import Exchange, LocalTarget
    from fgtui.terminal.editor import EditorCommand, Place
    from fgtui.tui.app import FgtuiApp
    from fgtui.tui.screens.workbench import WorkbenchScreen

WINDOW_S = 2.0
"""How long an editor with a window of its own may take to fail; one that is there by then stays open."""


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
            self._screen.in_thread(lambda: self._open_window(found), self._told, group="editor")
        else:
            self._told(self._on_terminal(found))

    # ── how ─────────────────────────────────────────────────────────────────────────────────────────────────────────
    def _on_terminal(self, found: Found) -> UsageError | None:
        """Lend the terminal to the editor until it ends; what went wrong, if anything did."""
        app = cast("FgtuiApp", self._screen.app)
        try:
            return _ended(found.command.name, app.lend_terminal(found.command.words))
        except OSError as error:
            return _not_started(found.command.name, error)
        except FgtuiError as error:
            return UsageError(error.message, hint=error.hint, **error.values)

    def _open_window(self, found: Found) -> UsageError | None:
        """Start an editor that has a window of its own; what went wrong, if that shows at once."""
        import subprocess

        self._windows = [each for each in self._windows if each.poll() is None]
        try:
            process = subprocess.Popen(
                found.command.words,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                cwd=self._screen.workspace.settings.folder,
                env=dict(self._screen.workspace.environment),
                start_new_session=True,
            )
        except OSError as error:
            return _not_started(found.command.name, error)
        try:
            return _ended(found.command.name, process.wait(WINDOW_S))
        except subprocess.TimeoutExpired:
            self._windows.append(process)
            return None

    def _told(self, problem: UsageError | None) -> None:
        if problem is not None:
            self._screen.say_error(problem)

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
        if chosen is not None and spec in {None, chosen.spec}:
            yield chosen
        if spec is None:
            return
        declared = [name for name, each in screen.workspace.settings.targets.items() if each.handler == spec]
        for name in (*declared, spec):
            try:
                yield screen.workspace.target(name)
            except FgtuiError:
                continue  # it may have been moved since, or nobody has agreed to the project


def _ended(name: str, exit_code: int) -> UsageError | None:
    """What an editor's exit code says; vim gives 1 on purpose, after ``:cq``."""
    if exit_code == 0:
        return None
    if exit_code < 0:
        return UsageError("{name} was ended by signal {signal}", name=name, signal=-exit_code)
    return UsageError("{name} ended with exit code {code}", name=name, code=exit_code)


def _not_started(name: str, error: OSError) -> UsageError:
    return UsageError("{name} could not be started: {reason}", name=name, reason=error.strerror or str(error))
