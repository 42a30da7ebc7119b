"""The workbench as a program: theme, screen, keymap, and an end that leaves the terminal as it was found.

No domain logic. What is beyond words here, a defect of ours, is written to a private file and said in one line.
"""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, ClassVar

from textual import events, on
from textual._time import get_time
from textual.app import App
from textual.binding import BindingType
from textual.driver import Driver
from textual.geometry import Offset
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Input
from textual.worker import WorkerFailed

from fgtui import paths
from fgtui.errors import UsageError
from fgtui.tui.actions import Keymap, Where, bindings, key_of
from fgtui.tui.remembered.drafts import Drafts
from fgtui.tui.screens.workbench import Opening, WorkbenchScreen
from fgtui.tui.sending import Sending
from fgtui.tui.styles.themes import ANSI, DARK, LIGHT, NAMED, THEMES
from fgtui.tui.terminal.guard import Guard, WorkbenchDriver
from fgtui.tui.terminal.in_order import Handled, InOrder
from fgtui.tui.terminal.incoming import AFTERWARDS_S
from fgtui.tui.widgets.code_area import CodeArea
from fgtui.tui.widgets.safe_input import typed
from fgtui.words import say

if TYPE_CHECKING:
    from textual.notifications import SeverityLevel

    from fgtui.tui.remembered.workspace_state import StateFile, WorkspaceState
    from fgtui.tui.rerunning import Rerun
    from fgtui.tui.screens.dialogs import Choice
    from fgtui.tui.terminal.lending import Lent
    from fgtui.workspace import Workspace

DEFECT_FILE = "defects.log"
DEFECT_BYTES = 200_000
LINE_BREAKS = {"enter", "ctrl+j", "tab"}
"""What line breaks and tabs of a pasted text look like as keys."""
REMEMBERING_S = 0.7
"""From a change of how the panes stand to its being kept."""
RECORDING_S = 1.2
"""How long a cancelled send may take to be recorded, or a field to be written, before the workbench ends without it."""


class FgtuiApp(App[None]):
    """The workbench."""

    TITLE = "fgtui"
    CSS_PATH: ClassVar[list[str | PurePath]] = ["styles/app.tcss", "screens/workbench.tcss"]
    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.PROGRAM)]

    def __init__(self, workspace: Workspace, opening: Opening | None = None) -> None:
        super().__init__(ansi_color=True if os.environ.get("NO_COLOR") else None)
        self.workspace = workspace
        self.defect: BaseException | None = None
        """What ended the workbench although nobody asked for it."""
        for theme in THEMES:
            self.register_theme(theme)
        self._data = paths.data_folder(workspace.environment)
        self.remembered = self.state_file.read() if (self._data / "workspaces").is_dir() else None
        """How the workbench was left in this folder; ``None`` the first time."""
        self.theme_picked = None if self.remembered is None else self.remembered.theme
        """The theme that was chosen here, by its name in the settings."""
        self.theme = chosen_theme(workspace.settings.theme or self.theme_picked, workspace.environment)
        self._opening = opening or Opening()
        self.is_ending = False
        """Whether it has been asked to end."""
        self.was_touched = False
        """Whether there was a key, a click or a paste."""
        self.at_first_touch: Callable[[], None] | None = None
        """What is done before the first of them."""
        self.keeps_unsent = False
        """Whether an event that was changed was kept for the next start when the workbench ended."""
        self._gives_up_unsent = False
        """Whether a person agreed to lose what cannot be kept."""
        self.parting_words: tuple[str, ...] = ()
        """What else to know when it has ended."""
        self._remembering: Timer | None = None
        self._state_lock = threading.Lock()
        self._pasted_at = float("-inf")
        """When something was pasted the last time where it cannot be."""
        self._back_since = 0.0
        """When another program had the terminal last."""
        self.typed = InOrder(self, self._hand_on, self._is_text)
        self.drafts = Drafts(self._data, workspace.settings.folder)
        self.keymap = keymap_of(workspace)
        """The keys in force."""
        self.set_keymap(self.keymap)

    def get_driver_class(self) -> type[Driver]:
        """Textual's driver for this platform, guarded."""
        return WorkbenchDriver

    def get_default_screen(self) -> Screen[Any]:
        """The one screen; dialogs come over it."""
        return WorkbenchScreen(self.workspace, self.drafts, self._opening, self.keymap, self.remembered)

    @property
    def workbench(self) -> WorkbenchScreen:
        """The screen below all dialogs."""
        screen = self.screen_stack[0]
        assert isinstance(screen, WorkbenchScreen)
        return screen

    # ── the terminal's cursor ───────────────────────────────────────────────────────────────────────────────────────
    @property
    def cursor_position(self) -> Offset:
        """Where an input method shows what is being composed: at the cursor of what has the focus, wherever it is now.

        Asked at every paint: scrolling and a new layout move a line that is typed in without a word of the line's own.
        """
        typed_in = self.focused if self.is_running and self._screen_stack else None
        offset = getattr(typed_in, "cursor_screen_offset", None)
        return self._cursor_position if offset is None else offset

    @cursor_position.setter
    def cursor_position(self, offset: Offset) -> None:
        self._cursor_position = offset

    # ── keys ────────────────────────────────────────────────────────────────────────────────────────────────────────
    async def on_event(self, event: events.Event) -> None:
        """Give a key to whoever has the focus when it is its turn."""
        if not self.was_touched and isinstance(event, events.Key | events.Paste | events.MouseDown):
            self.was_touched = True
            if self.at_first_touch is not None:
                self.at_first_touch()
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            await self.typed.take(event)
        else:
            await super().on_event(event)

    async def _hand_on(self, event: events.Event) -> None:
        if event.time < self._back_since:  # typed for the program that had the terminal, or before it came
            return
        if isinstance(event, events.Paste):
            self._pasted_at = event.time
        elif isinstance(event, events.Key) and not (typed(event.key, event.character) or event.key in LINE_BREAKS):
            self._pasted_at = float("-inf")  # no pasted text looks like that: somebody goes on
        elif event.time - self._pasted_at < AFTERWARDS_S and not self._is_typed_in:
            return  # the rest of a paste where it cannot be, which must press no key
        if self._is_typed_in:
            self._pasted_at = float("-inf")
        await super().on_event(event)

    def _is_text(self, event: events.Event) -> bool:
        """Whether ``event`` is text for the line that has the focus."""
        is_text = isinstance(event, events.Paste) or (
            isinstance(event, events.Key) and typed(event.key, event.character) != ""
        )
        return is_text and self._is_typed_in

    async def on_handled(self, message: Handled) -> None:
        """A key has been dealt with."""
        await self.typed.handled(message)

    @property
    def _is_typed_in(self) -> bool:
        focused = self.focused
        return isinstance(focused, Input) or (isinstance(focused, CodeArea) and not focused.read_only)

    def on_paste(self) -> None:
        """Say that nobody took what was pasted, rather than lose it without a word."""
        self.notify(say("pasted text was ignored: no line to type in has the focus"), severity="warning", markup=False)

    # ── actions of the whole program ────────────────────────────────────────────────────────────────────────────────
    def action_quit_workbench(self) -> None:
        """End, after what runs is cancelled and recorded; not unasked where something would be lost by it."""
        from fgtui.invoke.model import LocalTarget
        from fgtui.tui.target_words import called

        far = next((each.target for each in self.workbench.under_way if not isinstance(each.target, LocalTarget)), None)
        if far is None:
            self._end_unless_lost()
        else:
            words = say(
                "what was sent to {target} may go on there; how it ends is not recorded then", target=called(far)
            )
            self._ask_to_quit(words, self._end_unless_lost)

    def _end_unless_lost(self) -> None:
        """End, unless unsent text cannot be kept."""
        if self.workbench.event_pane.is_unsent:
            self.run_worker(self._quit_if_kept(), group="quit", exclusive=True)
        else:
            self.end(0)

    async def _quit_if_kept(self) -> None:
        if await asyncio.to_thread(self.workbench.event_pane.save_now):
            self.end(0)
        else:
            self.call_later(self._ask_to_give_up)  # after what the pane has to say of it

    def _ask_to_give_up(self) -> None:
        def agreed() -> None:
            self._gives_up_unsent = True
            self.end(0)

        trouble = self.workbench.event_pane.trouble
        self._ask_to_quit(f"{trouble}\n{say('what was changed in the event would be lost')}", agreed)

    def _ask_to_quit(self, words: str, agreed: Callable[[], None]) -> None:
        from fgtui.tui.screens.dialogs import Question

        def answered(answer: object) -> None:
            if answer:
                agreed()

        if not isinstance(self.screen, Question):
            self.push_screen(Question(say("Quit?"), words, yes=say("Quit")), answered)

    def action_help_quit(self) -> None:
        """Say how to quit to who presses Ctrl+C where there is nothing to copy."""
        words = say("nothing is selected to copy; {key} quits", key=key_of("quit-workbench", self.keymap))
        self.notify(words, markup=False)

    async def action_suspend(self) -> None:
        """Sleep until the shell's ``fg``; nobody would answer for a local endpoint meanwhile, so it stops before."""
        if self.workbench.served is not None:
            await self.workbench.serves.stop_before_sleep()
        self.action_suspend_process()

    @on(Driver.SignalResume)
    def _repaint(self) -> None:
        """Draw everything again: the terminal is as large as before, so nothing else would."""
        self._back_since = get_time()
        for screen in self.screen_stack:
            screen.refresh(layout=True)
        self.refresh(repaint=True, layout=True)

    async def action_switch_theme(self) -> None:
        """Offer the themes; each is shown as the cursor comes to it."""
        from fgtui.tui.screens.theming import ThemeChooser

        def chosen(choice: Choice[str] | None) -> None:
            if choice is not None:
                self.theme_picked = choice.value
                self.remember()
                if self.workspace.settings.theme is not None:
                    self.notify(say("the next start has the theme of the settings again"), markup=False)

        await self.push_screen(ThemeChooser(self.theme), chosen)

    # ── how it was left ─────────────────────────────────────────────────────────────────────────────────────────────
    @cached_property
    def state_file(self) -> StateFile:
        """Where it is kept how the panes stand in this folder."""
        from fgtui.tui.remembered.workspace_state import StateFile

        return StateFile(self._data, self.workspace.settings.folder)

    def remember(self) -> None:
        """Keep how the workbench looks now, after a pause in which nothing else changes."""
        if self._remembering is not None:
            self._remembering.stop()
        self._remembering = self.set_timer(REMEMBERING_S, self._remember)

    def on_mount(self) -> None:
        """Say what was not understood of how the workbench was left."""
        if self.remembered is not None and self.state_file.trouble:
            self.call_after_refresh(self.notify, self.state_file.trouble, severity="warning", markup=False)

    def _remember(self) -> None:
        if not self._screen_stack:  # it has ended, and was remembered as it did
            return
        state = self.workbench.state(self.remembered, self.theme_picked)
        self.run_worker(lambda: self._write_state(state), thread=True, group="remember", exclusive=True)

    def _write_state(self, state: WorkspaceState) -> None:
        """The look of the workbench is not worth a word when it cannot be kept: the next start has the usual one."""
        with self._state_lock, suppress(OSError):
            self.state_file.write(state)

    # ── the end ─────────────────────────────────────────────────────────────────────────────────────────────────────
    def end(self, exit_code: int) -> None:
        """Cancel and record what runs, keep the draft, and end with ``exit_code``. On the event loop's thread."""
        if self.is_ending:
            return
        self.is_ending = True
        self.run_worker(self._finish(exit_code), name="end")

    async def _finish(self, exit_code: int) -> None:
        """Give a cancelled send the time it takes to be recorded, and no more."""
        workbench = self.workbench
        under_way = workbench.under_way
        for sending in under_way:
            sending.cancel()
        workbench.session_pane.stop()
        served = workbench.served
        try:
            with suppress(TimeoutError):
                await asyncio.wait_for(workbench.event_pane.write_field(), RECORDING_S)
            closing = [] if served is None else [asyncio.to_thread(workbench.serves.close, RECORDING_S)]
            await asyncio.gather(asyncio.to_thread(self._save_and_wait, workbench, under_way), *closing)
        finally:
            self.exit(return_code=exit_code)

    def _save_and_wait(self, workbench: WorkbenchScreen, under_way: Sequence[Sending | Rerun]) -> None:
        lost = self._keep_unsent()
        self._write_state(workbench.state(self.remembered, self.theme_picked))
        notes = [say("unfinished note kept; opening it again brings it back")] if self._keep_typed() else []
        self.parting_words = (*lost, *notes, *workbench.parting_words())
        for sending in under_way:
            sending.wait(RECORDING_S)

    def _keep_unsent(self) -> list[str]:
        """Keep the event as it stands; where it cannot be kept as a draft, the sentence that says what became of it."""
        pane = self.workbench.event_pane
        is_kept = pane.save_now()
        self.keeps_unsent = is_kept and pane.is_unsent
        if is_kept or self._gives_up_unsent or not pane.is_unsent:
            return []
        from fgtui.tui.screens.remembering import last_copy

        return [last_copy(self.workbench)]

    def keep_text(self) -> str:
        """The same, whatever else does not answer. Safe in any thread."""
        with suppress(Exception):  # the screen may be half there, or half gone
            self._keep_typed()
        with suppress(Exception):
            return "\n".join(self._keep_unsent())
        return ""

    def _keep_typed(self) -> bool:
        """Keep what is typed in dialogs that remember it; whether there was anything."""
        keepers = [getattr(screen, "keep_typed", None) for screen in self.screen_stack]
        kept = [keep() for keep in keepers if keep is not None]
        return any(kept)

    def end_from_signal(self, exit_code: int) -> None:
        """The same, from a signal handler or another thread; before there is a loop, at once."""
        loop = self._loop
        if loop is None:
            raise SystemExit(exit_code)
        loop.call_soon_threadsafe(self.end, exit_code)

    # ── words ───────────────────────────────────────────────────────────────────────────────────────────────────────
    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = True,
    ) -> None:
        """Say something for a while, and not again while it still stands there."""
        if not any(each.message == message for each in self._notifications):
            super().notify(message, title=title, severity=severity, timeout=timeout, markup=markup)

    # ── the clipboard ───────────────────────────────────────────────────────────────────────────────────────────────
    def copy_to_clipboard(self, text: str) -> None:
        """Copy by the ladder, in a thread, and say which way it went."""
        self._clipboard = text
        self.workbench.copying.copy_text(text)

    def copy_as(self, text: str, what: str) -> None:
        """The same, and say what it was."""
        self._clipboard = text
        self.workbench.copying.copy_text(text, what)

    def terminal_writer(self) -> Callable[[str], None] | None:
        """What writes to the terminal beside the screen's own output; ``None`` without a terminal."""
        driver = self._driver
        return None if driver is None or driver.is_headless else driver.write

    def lend_terminal(self, words: Sequence[str]) -> Lent:
        """Let another program have the terminal until it ends, and say how it did.

        Raises ``OSError`` when it cannot be started, ``UsageError`` without a terminal that can be lent.
        """
        from textual.app import SuspendNotSupported

        from fgtui.tui.terminal.lending import run_on_terminal

        driver = self._driver
        self.workbench.event_pane.save_now()  # nothing of ours runs until the program has ended
        problem: OSError | None = None
        lent: Lent | None = None
        try:
            with self.suspend():
                try:  # an exception must not keep the workbench from coming back
                    assert isinstance(driver, WorkbenchDriver)
                    settings = self.workspace.settings
                    lent = run_on_terminal(
                        words, driver.terminal, folder=settings.folder, environment=self.workspace.environment
                    )
                except OSError as error:
                    problem = error
        except SuspendNotSupported:
            raise UsageError(
                "there is no terminal here to lend to {name}",
                name=Path(words[0]).name,
                hint="an editor with a window of its own needs none",
            ) from None
        self._repaint()
        if problem is not None:
            raise problem
        assert lent is not None
        return lent

    # ── defects ─────────────────────────────────────────────────────────────────────────────────────────────────────
    def _handle_exception(self, error: Exception) -> None:
        """Textual's one place for what nobody caught. A worker's defect is said and survived; any other ends the app.

        No traceback reaches the screen: where it happened goes to a private file, without the values involved.
        """
        cause = error.error if isinstance(error, WorkerFailed) else error
        file = self._note_defect(cause)
        if self.is_headless and self._exception is None:  # under test: the pilot raises it
            self._exception = cause if isinstance(cause, Exception) else error
            self._exception_event.set()
        if isinstance(error, WorkerFailed) and not self.is_ending:
            self.workbench.say(
                "a defect of fgtui: {kind}; nothing recorded is affected, the place is noted in {file}",
                severity="error",
                kind=type(cause).__name__,
                file=str(file),
            )
            return
        self.defect = self.defect or cause
        self._return_code = 1
        self._close_messages_no_wait()

    def panic(self, *renderables: Any) -> None:
        """End without printing what Textual would print."""
        self._close_messages_no_wait()

    def _note_defect(self, error: BaseException) -> Path:
        file = paths.data_folder(self.workspace.environment) / DEFECT_FILE
        note_defect(file, error)
        return file


def note_defect(file: Path, error: BaseException) -> None:
    """Append where ``error`` happened to a private file; its message may quote anybody's secrets and is left out."""
    import traceback
    from datetime import UTC, datetime

    from fgtui import __version__
    from fgtui.files import write_private

    frames = "".join(
        f"  {frame.filename}:{frame.lineno} {frame.name}\n" for frame in traceback.extract_tb(error.__traceback__)
    )
    entry = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}Z fgtui {__version__} {type(error).__name__}\n{frames}"
    try:
        before = file.read_bytes()[-DEFECT_BYTES:] if file.is_file() else b""
        write_private(file, before + entry.encode("utf-8", "replace"))
    except OSError:
        return


def keymap_of(workspace: Workspace) -> Keymap:
    """The keys in force; ``ConfigError`` where settings name some that cannot be."""
    settings, environment = workspace.settings, workspace.environment
    if settings.keys or settings.key_preset or not TELLING.isdisjoint(environment):
        from fgtui.tui.keymap import keymap_for

        return keymap_for(settings, environment)
    return Keymap()


TELLING = frozenset({"TMUX", "STY", "TERM_PROGRAM", "TERMINAL_EMULATOR", "VSCODE_INJECTION"})
"""Variables that tell a terminal whose keys need looking after."""
THEME_NAMES = {name: theme.name for name, theme in NAMED.items()} | {theme.name: theme.name for theme in THEMES}
"""What settings call the themes."""


def chosen_theme(wanted: str | None, environment: Mapping[str, str]) -> str:
    """The theme the settings name, else the one that suits what the terminal says of its colours and its background.

    The terminal is not asked: its answer would come late, or be taken for keys.
    """
    if wanted in THEME_NAMES:
        return THEME_NAMES[wanted]
    if _has_sixteen_colours(environment):
        return ANSI.name
    background = environment.get("COLORFGBG", "").rpartition(";")[2]
    return LIGHT.name if background in {"7", "15"} else DARK.name


def _has_sixteen_colours(environment: Mapping[str, str]) -> bool:
    """Whether shades would become greys on that terminal; what says nothing of itself is taken to have them."""
    terminal = environment.get("TERM", "dumb")
    if terminal in {"", "dumb", "unknown"} or environment.get("COLORTERM", "") in {"truecolor", "24bit"}:
        return False
    return terminal.rpartition("-")[2] not in {"256color", "direct", "kitty", "ghostty", "alacritty"}


SWITCH_S = 0.001
"""How long a thread that computes may keep a key waiting; Python's own five times as long shows."""


def run_workbench(
    workspace: Workspace,
    *,
    target: str | None = None,
    session: str | None = None,
    file: Path | None = None,
    profile: str | None = None,
    tour: bool = False,
    note: Callable[[str], object] = len,
) -> int:
    """Run the workbench on this terminal until it is quit; the exit code. The caller closes ``workspace``.

    ``None`` leaves the target or the session as they were left, at first the session ``default``; ``profile`` reaches
    deployed functions that name none. ``tour`` shows that of the demo. ``note`` is called with a sentence for the
    terminal once it is the person's again.
    Raises what ended it, when that was a defect, after the terminal has been restored.
    """
    opening = Opening(target, session, file, profile, tour, is_first=not _was_used(workspace))
    app = FgtuiApp(workspace, opening)
    guard = Guard(app.end_from_signal, workspace.close, app.keep_text)
    sys.setswitchinterval(SWITCH_S)
    with guard.watching():
        app.run()
        workspace.close()
    app.drafts.close()
    if app.keeps_unsent:
        note(say("unsent event kept; fgtui brings it back"))
    for words in app.parting_words:
        note(words)
    if app.defect is not None:
        raise app.defect
    return app.return_code or 0


def _was_used(workspace: Workspace) -> bool:
    """Whether anything was kept on this machine, or recorded here: then nobody is new."""
    try:
        with os.scandir(paths.data_folder(workspace.environment)) as found:
            return next(found, None) is not None
    except OSError:
        return False
