"""Plays the whole workbench over a real workspace in a temporary folder, with a pilot at the keys."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from textual.message import Message
from textual.pilot import Pilot
from textual.widgets import Input

from fgtui.config import Flags, load
from fgtui.tui.actions import Where
from fgtui.tui.app import FgtuiApp
from fgtui.tui.screens.workbench import Opening, WorkbenchScreen
from fgtui.workspace import Workspace, open_workspace
from tests.factories import an_exchange
from tests.tui.waiting import wait_until

HANDLERS = """\
import os, time

def echo(event, context):
    print("echo [/x] \\x1b[31m")
    return event

def count(event, context):
    return {"keys": sorted(event)}

def boom(event, context):
    raise ValueError("boom [/x] \\x1b[31m \\u202e")

def slow(event, context):
    print("under way", flush=True)
    time.sleep(600)

def big(event, context):
    return [{"number": number} for number in range(60000)]
"""


class Bench:
    """One run of the workbench."""

    def __init__(self, app: FgtuiApp, pilot: Pilot[None], workspace: Workspace, messages: list[Message]) -> None:
        self.app = app
        self.pilot = pilot
        self.workspace = workspace
        self.messages = messages

    @property
    def screen(self) -> WorkbenchScreen:
        return self.app.workbench

    @property
    def text(self) -> str:
        """What is on the screen now, line by line."""
        return "\n".join(self.lines)

    @property
    def lines(self) -> list[str]:
        width, height = self.app.size
        strips = self.app.screen._compositor.render_strips()
        return ["".join(segment.text for segment in strip.crop(0, width)) for strip in strips[:height]]

    @property
    def said(self) -> list[str]:
        """The words of every notification so far."""
        return [notification.message for notification in self.app._notifications]

    async def press(self, *keys: str) -> None:
        await self.pilot.press(*keys)
        await self.pilot.pause()

    async def fill(self, text: str, *keys: str) -> None:
        """Put ``text`` into the line that has the focus, at once, and press ``keys``."""
        line = self.app.focused
        assert isinstance(line, Input)
        line.value = text
        await self.press(*keys)

    async def until(self, condition: Any, words: str | Callable[[], str]) -> None:
        await wait_until(self.pilot, condition, words)

    async def sees(self, text: str) -> None:
        await self.until(lambda: text in self.text, lambda: f"{text!r} on the screen:\n{self.text}")

    async def hears(self, text: str) -> None:
        await self.until(lambda: any(text in words for words in self.said), lambda: f"{text!r} said; heard {self.said}")

    async def send(self) -> None:
        """Send and wait for the outcome."""
        await self.press("ctrl+j")
        await self.until(lambda: self.screen.sends.running is None, "the send is over")
        await self.pilot.pause()


async def a_session(bench: Bench, count: int = 30) -> None:
    """Record ``count`` exchanges, every third of obs, show them, and put the keys in their list."""
    exchanges = [
        an_exchange(
            f'{{"n": {number}}}',
            number=number,
            trigger="lts" if number % 3 else "obs",
            body=f'{{"keys": ["n", {number}]}}',
        )
        for number in range(1, count + 1)
    ]
    assert len(list(bench.workspace.store.append_many("orders", exchanges))) == count
    bench.screen.set_session("orders")
    bench.screen.focus_pane(Where.SESSION)
    await bench.sees(f"Session orders · {count:,}")
    await bench.pilot.pause()


def a_project(folder: Path, settings: str = "") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "index.py").write_text(HANDLERS)
    if settings:
        (folder / "fgtui.toml").write_text(settings)
    return folder


@asynccontextmanager
async def a_bench(
    folder: Path,
    *,
    size: tuple[int, int] = (130, 40),
    opening: Opening | None = None,
    settings: str = "",
    environment: Mapping[str, str] | None = None,
    trust_project: bool = False,
    flags: Flags | None = None,
) -> AsyncIterator[Bench]:
    a_project(folder, settings)
    variables = {**os.environ, "TERM": "xterm-256color", **(environment or {})}
    workspace = open_workspace(load(folder, variables, flags), environment=variables, trust_project=trust_project)
    app = FgtuiApp(workspace, opening or Opening(target="index.echo"))
    messages: list[Message] = []
    try:
        async with app.run_test(size=size, message_hook=messages.append, notifications=True) as pilot:
            bench = Bench(app, pilot, workspace, messages)
            await bench.until(lambda: bench.screen.targets.target or bench.screen.target_bar.trouble, "it has opened")
            yield bench
            app.workbench.session_pane.stop()
            if app.workbench.sends.running is not None:
                app.workbench.sends.running.cancel()
    finally:
        workspace.close()
        app.drafts.close()
