"""Waits with a person for something that takes its time: says how far it is, and Esc ends it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from time import monotonic
from typing import ClassVar, Generic, NamedTuple, TypeVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from fgtui.errors import FgtuiError
from fgtui.terminal.display import displayable, displayable_line
from fgtui.tui.actions import Where, bindings, keys_in
from fgtui.tui.screens.dialogs import FRAME
from fgtui.tui.screens.modal import Modal
from fgtui.tui.threads import in_thread
from fgtui.words import say

Answer = TypeVar("Answer")

TICK_S = 0.2


class Progress:
    """What a piece of work tells of itself; it looks at ``cancelled`` between two steps. Any thread may use it."""

    def __init__(self) -> None:
        self.cancelled = threading.Event()
        self.words = ""
        """How far it is; raw text."""

    def tell(self, words: str) -> None:
        """Say how far it is."""
        self.words = words


class Worked(NamedTuple, Generic[Answer]):
    """What came of it: an answer, or an error of ours."""

    answer: Answer | None = None
    error: FgtuiError | None = None
    is_cancelled: bool = False


class WorkScreen(Modal[Worked[Answer]], Generic[Answer]):
    """Does one thing in a thread while everything else waits; ends with what came of it."""

    DEFAULT_CSS = (
        FRAME.format(name="WorkScreen")
        + """
    WorkScreen Static { height: auto; color: $foreground-muted; }
    """
    )
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.WORK)]

    def __init__(self, title: str, work: Callable[[Progress], Answer]) -> None:
        super().__init__()
        self._title = title
        self._work = work
        self.progress = Progress()
        """What the work tells."""
        self._began = monotonic()

    def compose(self) -> ComposeResult:
        """How far it is."""
        with Vertical(id="frame") as frame:
            frame.border_title = Content(displayable_line(self._title))
            frame.border_subtitle = Content(say("{key} stops", keys_in(self.app, key="work-stop")))
            yield Static("…", markup=False)

    def on_mount(self) -> None:
        """Begin."""
        self.set_interval(TICK_S, self._tick)
        in_thread(
            self,
            lambda: self._work(self.progress),
            lambda answer: self._end(Worked(answer, is_cancelled=self.progress.cancelled.is_set())),
            lambda error: self._end(Worked(None, error, self.progress.cancelled.is_set())),
            group="work",
        )

    def _end(self, worked: Worked[Answer]) -> None:
        self.dismiss(worked)

    def _tick(self) -> None:
        words = f"{self.progress.words or '…'} · {monotonic() - self._began:.0f} s"
        if self.progress.cancelled.is_set():
            words = f"{say('stopping')}… {words}"
        self.query_one(Static).update(Content(displayable(words)))

    def action_stop(self) -> None:
        """Have it end at its next step."""
        self.progress.cancelled.set()
        self._tick()
