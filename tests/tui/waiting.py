"""Waits for a condition instead of for the clock."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Any

from textual.pilot import Pilot

GUARD_SECONDS = 20.0
"""Far above anything a condition needs: it ends a hang, it times nothing."""


async def wait_until(pilot: Pilot[Any], condition: Callable[[], object], words: str) -> None:
    """Let the app run until ``condition`` holds; ``words`` say what never came about."""
    give_up = monotonic() + GUARD_SECONDS
    while not condition():
        if monotonic() > give_up:
            raise AssertionError(f"waited {GUARD_SECONDS:g} s in vain: {words}")
        await pilot.pause(0.01)
