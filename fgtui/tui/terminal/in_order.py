"""Hands on what is typed one after the other: the next key is for whoever the one before has given the focus to.

Textual hands keys that come together, as over a slow line, to one widget together; a letter is typed there at once,
while a bound key is offered to one widget after the other first. What is typed after a key that opens a line would
stand in the text before it opens.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Any

from textual import events
from textual.app import App
from textual.message import Message
from textual.widget import Widget
from textual.worker import Worker

LOOK_S = 0.01
"""How often it is looked whether who has a key has left with it."""
PATIENCE_S = 1.0
"""How long a key may take before the next one is handed on all the same."""
WORK_S = 0.5
"""How long work that a key has begun in a thread is waited for: it may end in a question."""
APART_S = 0.03
"""How long after a key nobody has to be asked any more whether it has led to something."""
READING = frozenset(("analysis", "explanation", "find"))
"""Groups of workers that only read a text that is shown."""


class Handled(Message):
    """Goes the way of a key, behind it, and is back at the app when nobody has anything more to do with that key."""

    def __init__(self, target: Widget, since: float, *, is_last: bool) -> None:
        super().__init__()
        self.target = target
        self.since = since
        """When the key was handed on."""
        self.is_last = is_last
        """Whether it is behind what the key has led to, not behind the key alone."""
        self.is_back = False
        """Whether it has been at the app, and work in a thread is waited for since."""


class InOrder:
    """What was typed and waits for its turn."""

    def __init__(
        self,
        app: App[Any],
        hand_on: Callable[[events.Event], Awaitable[None]],
        is_typed: Callable[[events.Event], bool],
    ) -> None:
        """``is_typed`` tells of an event whether it would go into a line or a text as it is, and lead to nothing."""
        self._app = app
        self._hand_on = hand_on
        self._is_typed = is_typed
        self._leads = False
        """Whether the last one may have led to something: another screen, another focus, work in a thread."""
        self._workers: set[Worker[Any]] = set()
        """Those that ran before it."""
        self._waiting: deque[events.Event] = deque()
        self._under_way: Handled | None = None
        self._at = float("-inf")
        """When the last key had been handled."""
        self._look: asyncio.TimerHandle | None = None

    @property
    def is_idle(self) -> bool:
        """Whether all that was typed has been handled."""
        return self._under_way is None

    async def take(self, event: events.Event) -> None:
        """Hand it on now, or when its turn comes."""
        self._waiting.append(event)
        if self._under_way is not None:
            return
        if self._leads and (now := monotonic()) - self._at < APART_S:
            self._follow(now, is_last=True, once_shown=True)
        else:
            await self._next()

    async def handled(self, message: Handled) -> None:
        """``message`` is back: the next key's turn has come where the one before has led to nothing else meanwhile."""
        if message is not self._under_way:
            return
        if self._look is not None:
            self._look.cancel()
        message.is_back = True
        if not (self._waiting and self._leads) or monotonic() - message.since > PATIENCE_S:
            await self._next()
        elif self._is_at_work(message):
            message.is_last = False  # what the work leads to comes after it
            self._look_later(message)
        elif self._target is not message.target or not message.is_last:
            self._follow(message.since, is_last=True, once_shown=True)
        else:
            await self._next()

    @property
    def _target(self) -> Widget:
        return self._app.focused or self._app.screen

    def _is_at_work(self, message: Handled) -> bool:
        """Whether a worker runs that the key has started, but for what only reads a text."""
        return monotonic() - message.since < WORK_S and any(
            worker.is_running and worker.group not in READING and worker not in self._workers
            for worker in self._app.workers
        )

    async def _next(self) -> None:
        self._under_way, self._at = None, monotonic()
        if self._waiting and self._app.is_running:
            event = self._waiting.popleft()
            self._leads, self._workers = not self._is_typed(event), set(self._app.workers)
            await self._hand_on(event)
            self._follow(monotonic(), is_last=False)

    def _follow(self, since: float, *, is_last: bool, once_shown: bool = False) -> None:
        """Ask who has the keys now; ``once_shown`` after all that waits for what has just been opened to be shown."""
        if not self._app.is_running:
            return
        self._under_way = message = Handled(target := self._target, since, is_last=is_last)
        if once_shown:
            self._app.screen.call_after_refresh(target.post_message, message)
        else:
            target.post_message(message)
        self._look_later(message)

    def _look_later(self, message: Handled) -> None:
        self._look = asyncio.get_running_loop().call_later(LOOK_S, self._look_after, message)

    def _look_after(self, message: Handled) -> None:
        """A message that a widget took with it as it left, or that takes too long, is not waited for."""
        if message is self._under_way:
            is_late = monotonic() - message.since > PATIENCE_S
            if is_late or not message.target.is_attached or (message.is_back and not self._is_at_work(message)):
                self._app.post_message(message)
            else:
                self._look_later(message)
