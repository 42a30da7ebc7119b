"""Waiting for a condition instead of the clock."""

from __future__ import annotations

import time
from collections.abc import Callable

PATIENCE_S = 20.0


def wait_until(condition: Callable[[], object], words: str) -> None:
    """Return once ``condition`` holds; fail with ``words`` when it never does."""
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline, f"never: {words}"
        time.sleep(0.005)
