"""Credentials of ours, by value: those that settings refer to, and those that are resolved while we work."""

from __future__ import annotations

import threading
from collections.abc import Iterable


class OwnSecrets:
    """Grows, and never shrinks. Threads may share it."""

    def __init__(self, values: Iterable[str] = ()) -> None:
        self.values = tuple(dict.fromkeys(value for value in values if value))
        """All of them so far: another object whenever one is added."""
        self._lock = threading.Lock()

    def add(self, secret: str) -> None:
        """Know ``secret`` from now on."""
        with self._lock:
            if secret and secret not in self.values:
                self.values = (*self.values, secret)
