"""Work in threads, answers on the screen: how every pane waits for the disk, a handler or a long text."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from textual.dom import DOMNode

from fgtui.errors import FgtuiError

Answer = TypeVar("Answer")


def in_thread(
    node: DOMNode,
    work: Callable[[], Answer],
    then: Callable[[Answer], object],
    failed: Callable[[FgtuiError], object] | None = None,
    *,
    group: str,
) -> None:
    """Do ``work`` in a thread, then ``then`` with its answer on the screen; an error of ours is for ``failed``.

    Any other exception, and an error nobody is there for, is a defect, which the app says and survives.
    """

    def run() -> None:
        try:
            answer = work()
        except FgtuiError as error:
            if failed is None:
                raise
            node.call_later(failed, error)
        else:
            node.call_later(then, answer)

    node.run_worker(run, thread=True, group=group)
