"""The local endpoint: started and stopped from the palette, named in the top line, its exchanges shown as they come."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, NamedTuple

from fgtui.errors import FgtuiError, UsageError
from fgtui.tui.actions import Where
from fgtui.tui.serving import Arrivals
from fgtui.tui.target_words import called
from fgtui.words import plural, say

if TYPE_CHECKING:
    from fgtui.invoke.model import Target
    from fgtui.serve.serving import Serving
    from fgtui.tui.screens.workbench import WorkbenchScreen

GATHER_S = 0.1
"""How long arrivals are gathered before they are drawn."""
HIGHEST_PORT = 65_535
NOTHING_SERVED = "nothing is served"


class Served(NamedTuple):
    """An endpoint that listens."""

    serving: Serving
    url: str
    target: Target
    session: str
    arrivals: Arrivals


class Serves:
    """The endpoint that runs, if one does: one at a time."""

    def __init__(self, screen: WorkbenchScreen) -> None:
        self._screen = screen
        self.served: Served | None = None
        self._is_starting = False

    # ── starting ────────────────────────────────────────────────────────────────────────────────────────────────────
    def ask(self) -> None:
        """Ask for a port, and serve the target that is chosen now there."""
        screen = self._screen
        if self.served is not None or self._is_starting:
            screen.say(
                "{words}; the palette stops it, and copies its address",
                words=self._words() or say("the endpoint is being started"),
            )
            return
        target = screen.targets.ready()
        if target is None:
            return
        from fgtui.tui.screens.send.guarding import when_agreed

        words = "Whatever is sent to the local endpoint goes to {target}, unasked, until it is stopped."
        when_agreed(
            screen,
            target,
            lambda: self._ask_port(target),
            caution=screen.workspace.caution(target, 2),
            question=say("Pass everything on?"),
            summary=say(words, target=called(target)),
            yes=say("Serve it"),
            otherwise=say("nothing is served"),
        )

    def _ask_port(self, target: Target, port: int | None = None, why: str = "") -> None:
        """Ask for one; ``why`` says what was wrong with ``port``."""
        from fgtui.serve.limits import DEFAULT_HOST, DEFAULT_PORT
        from fgtui.tui.screens.dialogs import Prompt

        hint = say("a port of {host}, 0 for any that is free; each call is recorded into {session}",
                   host=DEFAULT_HOST, session=self._screen.session)  # fmt: skip
        prompt = Prompt(
            say("Serve {target}", target=called(target)),
            str(DEFAULT_PORT if port is None else port),
            hint=hint,
            why=why,
            check=port_of,
        )

        def answered(answer: str | None) -> None:
            if answer is not None:
                self._start(target, port_of(answer))

        self._screen.app.push_screen(prompt, answered)

    def _start(self, target: Target, port: int) -> None:
        from fgtui.serve.serving import ServeOptions
        from fgtui.sessions.replay.caution import Caution

        screen, session = self._screen, self._screen.session
        arrivals = Arrivals(lambda: screen.call_later(self._gather))
        self._is_starting = True

        def start() -> Served:
            is_guarded = screen.workspace.caution(target) is Caution.NAME
            options = ServeOptions(port=port, session=session, is_guarded=is_guarded)
            screen.workspace.invoker.prepare(target)  # it starts while the endpoint does
            serving = screen.workspace.serve(target, options, on_recorded=arrivals.hear)
            return Served(serving, serving.url, target, session, arrivals)

        def failed(error: FgtuiError) -> None:
            from fgtui.tui.screens.dialogs import error_words

            self._is_starting = False
            self._ask_port(target, port, error_words(error))

        screen.in_thread(start, self._started, failed, group="serve")

    def _started(self, served: Served) -> None:
        self._is_starting = False
        self.served = served
        self.tell()
        self._screen.show_lower(Where.SESSION)
        self._screen.say(
            "{url} answers for {target}; what is called is recorded into {session}",
            stays_s=8,
            url=served.url,
            target=called(served.target),
            session=served.session,
        )

    def copy_address(self) -> None:
        """Put the address on the clipboard."""
        if self.served is None:
            self._screen.say(NOTHING_SERVED)
        else:
            self._screen.copying.copy_text(self.served.url, self.served.url)

    # ── what comes ──────────────────────────────────────────────────────────────────────────────────────────────────
    def _gather(self) -> None:
        """Let others come too before they are drawn: who draws each of a thousand does nothing else."""
        self._screen.set_timer(GATHER_S, self.show_arrived)

    def show_arrived(self) -> None:
        """Show what has come; where it could not be recorded, say so once for all."""
        served = self.served
        if served is None:
            return
        arrived = served.arrivals.take()
        if arrived.rows:
            self._screen.session_pane.add_rows(arrived.rows)
        if arrived.problem is not None:
            problem = arrived.problem
            self._screen.say(
                "at the local endpoint: {words}", severity="warning", words=say(problem.message, problem.values)
            )

    # ── words ───────────────────────────────────────────────────────────────────────────────────────────────────────
    def tell(self) -> None:
        """Say in the top line where it listens, and of its target and session those that are not in force there."""
        served = self.served
        if served is None:
            self._screen.target_bar.served = ""
            return
        words = [f":{served.url.rpartition(':')[2]}"]
        if not self._is_in_force(served.target):
            words.append(called(served.target))
        if served.session != self._screen.session:
            words.append(f"→ {served.session}")
        self._screen.target_bar.served = " ".join(words)

    def target_changed(self) -> None:
        """Say that another target than the chosen one is served."""
        if self.served is not None:
            self.tell()
            if not self._is_in_force(self.served.target):
                self._screen.say("{words}", words=self._words())

    def session_changed(self) -> None:
        """Say that another session than the one that is shown takes what is called."""
        if self.served is not None:
            self.tell()
            if self.served.session != self._screen.session:
                self._screen.say("{words}", words=self._words())

    def _is_in_force(self, target: Target) -> bool:
        chosen = self._screen.targets.target
        return chosen is not None and (chosen.name, chosen.spec) == (target.name, target.spec)

    def _words(self) -> str:
        served = self.served
        if served is None:
            return ""
        return say("{url} answers for {target} and records into {session}",
                   url=served.url, target=called(served.target), session=served.session)  # fmt: skip

    # ── stopping ────────────────────────────────────────────────────────────────────────────────────────────────────
    def stop(self) -> None:
        """Stop answering; what is under way is recorded as cancelled."""
        served, screen = self.served, self._screen
        if served is None:
            screen.say(NOTHING_SERVED)
            return
        screen.in_thread(self.close, lambda words: self._stopped(served, words), group="serve")

    async def stop_before_sleep(self) -> None:
        """The same before nobody can answer for a while; it is said for whoever comes back."""
        served = self.served
        if served is not None:
            self._stopped(served, await asyncio.to_thread(self.close))

    def close(self, within_s: float | None = None) -> str:
        """Stop answering and say what came of it, for a thread that has time, or so many seconds."""
        served = self.served
        if served is None:
            return ""
        served.serving.stop(within_s)
        counts = served.serving.counts
        words = say(
            plural(counts.recorded, "1 call was recorded into {session}", "{count} calls were recorded into {session}"),
            count=f"{counts.recorded:,}",
            session=served.session,
        )
        if counts.not_recorded:
            words += " · " + say("{count} were not", count=f"{counts.not_recorded:,}")
        return words

    def _stopped(self, served: Served, words: str) -> None:
        self.show_arrived()
        if self.served is served:
            self.served = None
        self.tell()
        self._screen.say("{url} is closed: {words}", url=served.url, words=words)


def port_of(text: str) -> int:
    """The port a person typed; ``UsageError`` where it is none."""
    digits = text.strip().removeprefix(":")
    if not (digits.isascii() and digits.isdigit() and int(digits[:6]) <= HIGHEST_PORT):
        raise UsageError("a port is a number up to 65535, or 0 for any that is free")
    return int(digits)
