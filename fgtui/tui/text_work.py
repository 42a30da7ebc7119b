"""Work on the text of an editor that no key waits for: at once where it is short, in threads, a long one in processes.

An answer is shown unless something newer of the same kind was asked for meanwhile.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from textual.widget import Widget
from textual.worker import Worker

from fgtui.errors import FgtuiError, UsageError

if TYPE_CHECKING:
    from fgtui.tui.text.document import Snapshot
    from fgtui.tui.text.reading import ReadingProcess

PROMPT_CHARACTERS = 40_000
LONG_TEXT = 200_000

Answer = TypeVar("Answer")
Given = ParamSpec("Given")


def is_short(length: int) -> bool:
    """Whether an action that reads a text of so many characters is carried out at once, without a thread."""
    return length <= PROMPT_CHARACTERS


def is_long(length: int) -> bool:
    """Whether a text of so many characters is read in a process: up to there a thread has it before the next key."""
    return length > LONG_TEXT


class TextWork:
    """What is under way for one editor."""

    def __init__(self, editor: Widget, tell: Callable[[bool], None]) -> None:
        """``tell`` hears whether something is being read that a person may wait for."""
        self._editor = editor
        self._tell = tell
        self._orders: dict[str, Callable[[], Awaitable[None]]] = {}
        self._busy: set[str] = set()
        self._shown_groups: set[str] = set()
        self.reader: ReadingProcess | None = None
        """Reads a long text while it is edited; there while one is."""
        self._doer: ReadingProcess | None = None
        """Does what a person waits for."""
        self._is_closed = False

    # Processes

    def reader_of(self, length: int) -> ReadingProcess | None:
        """What reads a text of so many characters; None where no process is worth it."""
        if not is_long(length):
            self._stop_reader()
        elif self.reader is None:
            from fgtui.tui.text.reading import ReadingProcess

            self.reader = ReadingProcess()
        return self.reader

    def _stop_reader(self) -> None:
        if self.reader is not None:
            self.reader.stop()
            self.reader = None

    def stop_doing(self) -> bool:
        """Let what a person waits for be; whether there was anything."""
        doer, self._doer = self._doer, None
        if doer is None or doer.is_stopped:
            return False
        doer.stop()
        return True

    def drop(self) -> None:
        """Nobody wants to know any more what was asked about the text: it is another one now."""
        self.stop_doing()
        if self.reader is not None:
            self.reader.drop()

    def close(self) -> None:
        """Leave no process behind, and begin nothing more: a last message may still ask an editor that has left."""
        self._is_closed = True
        self._orders.clear()
        self._stop_reader()
        self.stop_doing()

    # Orders

    def done_by(self, snapshot: Snapshot, work: Callable[[str], Answer]) -> Callable[[], Answer | FgtuiError]:
        """What does ``work`` with the text, for a thread: its answer, or why there is none."""
        doer: ReadingProcess | None = None
        if is_long(snapshot.length):
            from fgtui.tui.text.reading import ReadingProcess

            self.stop_doing()
            doer = self._doer = ReadingProcess()

        def do() -> Answer | FgtuiError:
            from fgtui.tui.text.reading import ReadingStoppedError

            try:
                return work(snapshot.take()) if doer is None else asked(doer, work, snapshot.take())
            except FgtuiError as error:
                return error
            except ReadingStoppedError:
                return UsageError("it was stopped; nothing was changed")
            finally:
                if doer is not None:
                    doer.stop()

        return do

    def do(
        self, snapshot: Snapshot, work: Callable[[str], Answer], show: Callable[[Answer | FgtuiError], None], group: str
    ) -> None:
        """``show`` what ``work`` makes of the text, or why it makes nothing of it."""
        if is_short(snapshot.length):
            show(self.done_by(snapshot, work)())
        else:
            self.in_thread(self.done_by(snapshot, work), show, group, is_shown=True)

    def in_thread(
        self, work: Callable[[], Answer], show: Callable[[Answer], None], group: str, *, is_shown: bool = False
    ) -> None:
        """``show`` what ``work`` answers, unless another order of the ``group`` has come meanwhile.

        One thread a group: reading a large text takes longer than typing the next word. That it is read is told while
        it ``is_shown``. Nothing is done once this is closed.
        """
        if self._is_closed:
            return

        async def carry_out() -> None:
            from fgtui.tui.text.reading import ReadingStoppedError

            try:
                answer = await asyncio.to_thread(work)
            except ReadingStoppedError:
                return
            if group not in self._orders:
                show(answer)

        self._orders[group] = carry_out
        if is_shown:
            self._shown_groups.add(group)
            self._tell(True)
        if self._editor.is_attached and group not in self._busy:
            self._busy.add(group)
            _: Worker[None] = self._editor.run_worker(partial(self._serve, group), group=group)

    async def _serve(self, group: str) -> None:
        try:
            while carry_out := self._orders.pop(group, None):
                await carry_out()
        finally:
            self._busy.discard(group)
            self._shown_groups.discard(group)
            self._tell(bool(self._shown_groups))


def asked(
    process: ReadingProcess, function: Callable[Given, Answer], *given: Given.args, **named: Given.kwargs
) -> Answer:
    """What ``function`` answers in ``process``; here, where the system has no process for it."""
    from fgtui.tui.text.reading import ReadingDroppedError, ReadingStoppedError

    for _ in range(2):  # one that was ended by others is started anew
        try:
            return process.ask(function, *given, **named)
        except OSError:
            break
        except ReadingStoppedError as error:
            if process.is_stopped or isinstance(error, ReadingDroppedError):
                raise
    return function(*given, **named)
