"""What tests of the workbench get besides: pilots that lose no time."""

from __future__ import annotations

import asyncio
from typing import Any

import textual.app
import textual.pilot
from textual.pilot import Pilot

from tests.tui.settling import settled

MOST_TURNS = 100_000
"""Of the event loop, after which something keeps it busy for good."""


async def nothing_is_ready(_: Pilot[Any]) -> bool:
    """In place of ``Pilot._wait_for_screen``, which asks every widget, and waits in vain where the app ends meanwhile."""
    loop: Any = asyncio.get_running_loop()
    for _turn in range(MOST_TURNS):
        await asyncio.sleep(0)
        if not loop._ready:
            break
    return True


for module in (textual.app, textual.pilot):
    vars(module)["wait_for_idle"] = settled
type.__setattr__(Pilot, "_wait_for_screen", nothing_is_ready)
