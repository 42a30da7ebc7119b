"""Tells on stderr how far long work is, now and then, while a person is watching."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from fgtui.cli.diagnostics import Diagnostics

EVERY_S = 0.2


class Progress:
    """Hears how many are done; ``sentence`` has the holes ``{count}``, ``{total}`` and ``{percent}``."""

    def __init__(
        self,
        diagnostics: Diagnostics,
        sentence: str,
        *,
        total: int | None = None,
        clock: Callable[[], float] = monotonic,
        **values: object,
    ) -> None:
        self._diagnostics = diagnostics
        self._sentence = sentence
        self._total = total
        self._values = values
        self._clock = clock
        self._due = clock() + EVERY_S

    @property
    def is_due(self) -> bool:
        """Whether what it hears next is told."""
        return self._diagnostics.is_terminal and self._clock() >= self._due

    def __call__(self, count: int, **more: object) -> None:
        """So many are done; ``more`` fills further holes."""
        if not self.is_due:
            return
        self._due = self._clock() + EVERY_S
        total = self._total
        self._diagnostics.progress(
            self._sentence,
            count=f"{count:,}",
            total="?" if total is None else f"{total:,}",
            percent=f"{100 * min(count, total) // total}" if total else "?",
            **{**self._values, **more},
        )

    def end(self) -> None:
        """Take the line away."""
        self._diagnostics.end_progress()
