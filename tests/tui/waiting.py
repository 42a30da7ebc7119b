"""Waits for a condition instead of for the clock."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from typing import Any

from textual.pilot import Pilot

GUARD_SECONDS = 20.0
"""Far above anything a condition needs: it ends a hang, it times nothing."""


async def wait_until(pilot: Pilot[Any], condition: Callable[[], object], words: str | Callable[[], str]) -> None:
    """Let the app run until ``condition`` holds; ``words`` say what never came about, and may be asked for at the end."""
    give_up = monotonic() + GUARD_SECONDS
    while not condition():
        if monotonic() > give_up:
            said = words if isinstance(words, str) else words()
            raise AssertionError(f"waited {GUARD_SECONDS:g} s in vain: {said}")
        await pilot.pause(0.01)
