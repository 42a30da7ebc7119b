"""Finds what an exchange is to be compared with, and shows how they differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fgtui.errors import FgtuiError, UsageError
from fgtui.tui.actions import key_of
from fgtui.words import say

if TYPE_CHECKING:
    from fgtui.invoke.model import Exchange
    from fgtui.tui.screens.workbench import WorkbenchScreen


class Pair(NamedTuple):
    """Two exchanges, the older one first."""

    old: Exchange
    new: Exchange


class Counterparts:
    """Opens comparisons."""

    def __init__(self, screen: WorkbenchScreen) -> None:
        self._screen = screen

    def ask(self, exchange: Exchange) -> None:
        """Compare with the recording that ``exchange`` replays, else with the marked one."""
        self._screen.in_thread(lambda: self._pair(exchange), self._open, group="compare")

    def open(self, session: str, seq: int, with_session: str, with_seq: int) -> None:
        """Compare two exchanges, the older one first."""
        store = self._screen.workspace.store

        def read() -> Pair:
            return Pair(store.get(session, seq), store.get(with_session, with_seq))

        self._screen.in_thread(read, self._open, group="compare")

    def _pair(self, exchange: Exchange) -> Pair:
        from fgtui.sessions.model import MARK

        store = self._screen.workspace.store
        if exchange.replay_of is not None and (old := store.find(exchange.replay_of)) is not None:
            return Pair(old, exchange)
        tagged = store.tags(exchange.session)
        others = [seq for seq, tags in tagged.items() if MARK in tags and seq != exchange.seq]
        if len(others) == 1:
            other = store.get(exchange.session, others[0])
            return Pair(*sorted((other, exchange), key=lambda each: each.seq))
        if others:
            raise UsageError("with which of the {count} marked exchanges?", count=len(others), hint="mark one alone")
        raise UsageError(
            "#{seq} replays nothing that is recorded here, and no other exchange is marked",
            seq=exchange.seq,
            hint="{key} marks the one to compare with",
            key=key_of("mark-exchange", self._screen.keymap),
        )

    def _open(self, pair: Pair) -> None:
        from fgtui.tui.screens.session.comparing import ComparingScreen

        screen = self._screen
        try:
            comparison = screen.workspace.comparison()
        except FgtuiError as error:  # a rule of the settings that cannot be read
            screen.say_error(error)
            return

        def copy(text: str) -> None:
            screen.copying.copy_text(text, say("difference"))

        screen.app.push_screen(ComparingScreen(screen.workspace, pair.old, pair.new, comparison, copy))
