"""Hosts a part of the workbench over a real workspace, without the rest of it: starting all of it takes longest."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

from textual.app import App
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input

from fgtui.config import load
from fgtui.tui.screens.session.pane import SessionPane
from fgtui.workspace import Workspace, open_workspace
from tests.factories import an_exchange
from tests.tui.stage import Stage
from tests.tui.waiting import wait_until

ScreenType = TypeVar("ScreenType", bound=Screen[Any])


class PaneStage:
    """One run."""

    def __init__(self, app: Stage, pilot: Pilot[None], workspace: Workspace) -> None:
        self.app = app
        self.pilot = pilot
        self.workspace = workspace

    @property
    def pane(self) -> SessionPane:
        return self.app.query_one(SessionPane)

    @property
    def lines(self) -> list[str]:
        return self.app.screen_lines()

    @property
    def text(self) -> str:
        """What is on the screen, and the pane's title."""
        titles = [pane.title for pane in self.app.screen_stack[0].query(SessionPane)]
        return "\n".join([*titles, *self.lines])

    @property
    def said(self) -> list[str]:
        return [notification.message for notification in self.app._notifications]

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def fill(self, text: str, *keys: str) -> None:
        line = self.app.focused
        assert isinstance(line, Input)
        line.value = text
        await self.press(*keys)

    async def until(self, condition: Callable[[], object], words: str) -> None:
        await wait_until(self.pilot, condition, lambda: f"{words}:\n{self.text}\n{self.said}")

    async def sees(self, text: str) -> None:
        await self.until(lambda: text in self.text, repr(text))

    async def hears(self, text: str) -> None:
        await self.until(lambda: any(text in words for words in self.said), repr(text))


@asynccontextmanager
async def a_pane(folder: Path, count: int, *, size: tuple[int, int] = (100, 20)) -> AsyncIterator[PaneStage]:
    """A pane that shows ``count`` exchanges of the session ``orders``, every third of obs, and has the keys."""
    workspace = open_workspace(load(folder))
    exchanges = [
        an_exchange(f'{{"n": {number}}}', number=number, trigger="lts" if number % 3 else "obs")
        for number in range(1, count + 1)
    ]
    assert len(list(workspace.store.append_many("orders", exchanges))) == count
    stage = Stage(lambda: SessionPane(workspace, "orders"))
    try:
        async with stage.play(size=size) as pilot:
            run = PaneStage(stage, pilot, workspace)
            run.pane.open("orders")
            run.pane.table.focus()
            await run.sees(f"Session orders · {count:,}")
            yield run
            run.pane.stop()
    finally:
        workspace.close()


@asynccontextmanager
async def over_nothing(
    folder: Path, make: Callable[[Workspace], ScreenType], *, size: tuple[int, int] = (100, 20)
) -> AsyncIterator[tuple[PaneStage, ScreenType, list[Any]]]:
    """A dialog of a workspace over an empty screen; the list takes what it ends with."""
    workspace = open_workspace(load(folder))
    stage = Stage()
    answers: list[Any] = []
    screen = make(workspace)
    try:
        async with stage.play(size=size) as pilot:
            app: App[None] = stage
            await app.push_screen(screen, answers.append)
            yield PaneStage(stage, pilot, workspace), screen, answers
    finally:
        workspace.close()
