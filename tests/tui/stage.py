"""Hosts one widget in an app of its own and remembers every message it caused."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from textual.app import App, ComposeResult
from textual.message import Message
from textual.pilot import Pilot
from textual.widget import Widget

MessageType = TypeVar("MessageType", bound=Message)
WidgetType = TypeVar("WidgetType", bound=Widget)


class Stage(App[None]):
    """An app with nothing in it but the widgets that ``build`` makes.

    ``heard`` lists the messages of one kind in the order they were posted, each once however far it bubbled.
    """

    ENABLE_COMMAND_PALETTE = False

    def __init__(self, *build: Callable[[], Widget]) -> None:
        super().__init__()
        self._build = build
        self._messages: dict[int, Message] = {}
        """By identity: one that bubbles is posted again and again."""

    def compose(self) -> ComposeResult:
        for build in self._build:
            yield build()

    @asynccontextmanager
    async def play(self, size: tuple[int, int] = (80, 24)) -> AsyncIterator[Pilot[None]]:
        async with self.run_test(size=size, message_hook=self._remember) as pilot:
            yield pilot

    def the(self, kind: type[WidgetType]) -> WidgetType:
        """The one widget of that kind on the stage."""
        return self.query_one(kind)

    def heard(self, kind: type[MessageType]) -> list[MessageType]:
        return [message for message in self._messages.values() if isinstance(message, kind)]

    def screen_text(self) -> str:
        """What is on the screen, line by line, without its colours."""
        return "\n".join(self.screen_lines())

    def screen_lines(self) -> list[str]:
        width, height = self.size
        screen = self.screen
        strips = screen._compositor.render_strips()
        return ["".join(segment.text for segment in strip.crop(0, width)) for strip in strips[:height]]

    def _remember(self, message: Any) -> None:
        self._messages.setdefault(id(message), message)
