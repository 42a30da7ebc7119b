"""When a pilot may go on: as soon as the app has nothing left to do, rather than after a while in which it did little."""

from __future__ import annotations

import asyncio
import threading
from contextlib import suppress
from pathlib import Path
from time import monotonic, process_time, thread_time
from typing import Any

from textual._context import active_app

from fgtui.tui.app import FgtuiApp

SOON_S = 0.02
"""What is due by then belongs to what has just happened: a screen is painted up to a sixtieth of a second later."""
PATIENCE = 5
"""How many times longer a busy machine may take for the same work."""
GLANCE_S = 0.003
BUSY_S = 0.0005
"""Of processor time in a glance, for other threads to count as working."""


async def settled(min_sleep: float = 0.0, max_sleep: float = 1.0) -> None:
    """In place of ``textual._wait.wait_for_idle``, which sleeps 20 ms at least and three times for each key."""
    loop: Any = asyncio.get_running_loop()
    begun, worked = monotonic(), process_time()
    while process_time() - worked < max_sleep and monotonic() - begun < max_sleep * PATIENCE:
        await asyncio.sleep(0)
        if loop._ready:
            continue
        due_in = next_due(loop) - loop.time()
        if monotonic() + due_in < begun + SOON_S:
            await asyncio.sleep(max(0.0, due_in))
        elif keys_are_waiting():
            await asyncio.sleep(GLANCE_S)
        elif not await others_work(loop):
            return


def keys_are_waiting() -> bool:
    """Whether the workbench has not handed on all that was typed: a key may wait for what the one before it opens."""
    app = active_app.get(None)
    return isinstance(app, FgtuiApp) and app.is_running and not (app.typed.is_idle or app.is_ending)


def next_due(loop: Any) -> float:
    """By the loop's clock."""
    return min((handle.when() for handle in loop._scheduled if not handle.cancelled()), default=float("inf"))


async def others_work(loop: Any) -> bool:
    """Whether another thread is at work, or has handed something over."""
    if threading.active_count() == 1:
        return False
    before = process_time() - thread_time()
    await asyncio.sleep(GLANCE_S)
    return bool(loop._ready) or process_time() - thread_time() - before > BUSY_S or one_is_runnable()


def one_is_runnable(process: int | None = None) -> bool:
    """Whether a thread of ``process``, or of this one another, would work if this busy machine let it (Linux)."""
    for task in Path(f"/proc/{process or 'self'}/task").glob("[0-9]*"):
        if int(task.name) != threading.get_native_id():
            with suppress(OSError):  # it has ended meanwhile
                if task.joinpath("stat").read_text("utf-8", "replace").rpartition(")")[2].split()[0] in "RD":
                    return True
    return False
