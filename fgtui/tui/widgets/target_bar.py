"""The top line: which session records, where an event would go and within which limits, and what is served.

A deployed function has a second line, since endpoint, project and identity are to be seen at every width.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from rich.cells import cell_len
from textual import events
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget

from fgtui.terminal.display import displayable_line
from fgtui.tui.actions import keys_in
from fgtui.tui.styles.inks import Piece, cut, draw, inks_of
from fgtui.words import say, sentence

NAME = " fgtui   "
CHANGE = " ▾"
SHORTEST_NAME = 14
"""Cells of a target's name that are shown at least: where there are fewer, what runs it makes room."""
BOTH_ENDS = 70
"""Cells below which a second line has no room for the whole endpoint and some of who calls it."""
SHORTEST_SESSION = 8
"""Cells of a session's name that are shown at least."""
GUARDED = sentence("GUARDED")
KINDS = {"local": sentence("local"), "http": sentence("http"), "remote": sentence("remote")}
"""Kinds of target, each with the word for it."""
SERVED = "⇄ "
SHORT_PROJECT = 8
"""Characters of a project's id that tell it apart where there is no room for all 32."""


class TargetWords(NamedTuple):
    """What the line says about a target; ``name`` is raw text."""

    name: str
    runtime: str
    """What runs it: as declared, with its version once it has run; empty before that is known."""
    memory_mb: int | None
    """``None`` where it is the function's own business."""
    timeout_s: float
    kind: str = "local"
    """``local``; ``http`` for a server that somebody else has started; ``remote`` for a deployed function."""
    host: str = ""
    """Of the endpoint, where the name does not say it; raw text like the others."""
    project: str = ""
    identity: str = ""
    """As whom a deployed function is called."""
    is_guarded: bool = False


class TargetBar(Widget):
    """One line; a click on the session or the target asks for another."""

    DEFAULT_CSS = """
    TargetBar { height: 1; width: 1fr; background: $panel; }
    TargetBar.-remote { height: 2; }
    """

    session: reactive[str] = reactive("default")
    target: reactive[TargetWords | None] = reactive(None)
    trouble: reactive[str] = reactive("")
    """Why there is no target, in words; raw text."""
    served: reactive[str] = reactive("")
    """Where the local endpoint listens, and for which target where that is not the one in force; raw text."""

    @dataclass
    class SessionAsked(Message):
        """A person wants another session."""

    @dataclass
    class TargetAsked(Message):
        """A person wants another target."""

    def watch_target(self, target: TargetWords | None) -> None:
        """Have a second line where there is more to say than fits one."""
        self.set_class(target is not None and target.kind == "remote", "-remote")

    def render_line(self, y: int) -> Strip:
        """Draw a line; of a guarded target in a colour of its own."""
        inks, base, target = inks_of(self.app), self.rich_style, self.target
        pieces = self._first_line() if y == 0 or target is None else self._second_line(target)
        if target is not None and target.is_guarded and not self.trouble:
            base += inks["guarded"]
            pieces = [(text, ink if ink == "strong" else "") for text, ink in pieces]
        return draw(pieces, self.size.width, inks, base)

    def _first_line(self) -> list[Piece]:
        left = self._left()
        room = max(0, self.size.width - _width(left))
        rights = self._rights(room)
        right = next((pieces for pieces in rights if _width(pieces) < room), rights[-1])
        return [*left, (" " * max(1, room - _width(right)), ""), *right]

    def _second_line(self, target: TargetWords) -> list[Piece]:
        """Endpoint, project and identity: the endpoint's end and the project's start where there is no room for all."""
        project, width = target.project, self.size.width
        ways = [
            (target.host, project),
            (target.host, _start_of(project)),
            (_without_service(target.host), _start_of(project)),
        ]
        lines = [
            _joined([host, say("project {project}", project=short) if short else "", target.identity])
            for host, short in ways
        ]
        if width < BOTH_ENDS:
            lines.append(self._tightest(target))
        line = next((line for line in lines if cell_len(displayable_line(line)) + 2 <= width), lines[-1])
        shown = cut_to(line, max(1, width - 2))
        return [(" " * max(1, width - cell_len(shown) - 1), ""), (shown, "muted")]

    def _tightest(self, target: TargetWords) -> str:
        """A little of each, since none of them alone says where an event would go."""
        identity, project = cut_to(target.identity, 12), cut_to(target.project, 5)
        rest = self.size.width - 2 - cell_len(_joined(["", project, identity])) - 3
        return _joined([cut_to(_without_service(target.host), max(4, rest)), project, identity])

    def _left(self) -> list[Piece]:
        """Session and endpoint, in fewer words where they would leave no room for where an event would go."""
        target = self.target
        sign = guarded() if target is not None and target.is_guarded else "● "
        least = cell_len(sign) + min(SHORTEST_NAME, SHORTEST_NAME if target is None else cell_len(target.name)) + 2
        port = self.served.split(" ", 1)[0]
        ways = [(NAME, 24, self.served), (NAME, 24, port), (" ", 24, port), (" ", SHORTEST_SESSION, "")]
        lefts = [self._left_of(*way) for way in ways]
        return next((left for left in lefts if _width(left) + least <= self.size.width), lefts[-1])

    def _left_of(self, name: str, session: int, served: str) -> list[Piece]:
        endpoint: list[Piece] = [(f"  {SERVED}{cut_to(served, 30)}".rstrip(), "accent")] if self.served else []
        return [(name, "strong"), (cut_to(self.session, session), ""), (CHANGE, "muted"), *endpoint]

    def _rights(self, room: int) -> list[list[Piece]]:
        """The target in words, from all of them to the fewest."""
        if self.trouble:
            return [[(f"✗ {self.trouble} ", "bad")]]
        target = self.target
        if target is None:
            return [[(f"○ {say('no target; {key} chooses one', keys_in(self.app, key='choose-target'))} ", "warn")]]
        sign: list[Piece] = [(guarded(), "strong")] if target.is_guarded else [("● ", "good")]
        kind: list[Piece] = [(f"{say(KINDS.get(target.kind, target.kind))}  ", "muted")]
        name: list[Piece] = [(f"{target.name} ", "strong")]
        limits: list[Piece] = [(f" {_limits(target)} ", "muted")]
        runtime: list[Piece] = [(f" {target.runtime}", "muted")] if target.runtime else []
        host: list[Piece] = [(f" {target.host} ", "muted")] if target.host and target.kind == "http" else []
        left = max(SHORTEST_NAME, room - _width([*sign, *host, *runtime, *limits]) - 2)
        end: list[Piece] = [(f"{end_of(target.name, left)} ", "strong")]
        return [
            [*sign, *kind, *name, *host, *runtime, *limits],
            [*sign, *name, *host, *runtime, *limits],
            [*sign, *end, *host, *runtime, *limits],
            [*sign, *name, *host, *limits],
            [*sign, *name, *host],
            [*sign, *name],
            [*sign, *name] if target.is_guarded else name,
        ]

    @property
    def target_column(self) -> int:
        """The column before the target's part of the line."""
        left = self._left()
        return _width(self._first_line()[: len(left) + 1]) - 1

    @property
    def session_column(self) -> int:
        """The column before the session's name."""
        return _width(self._left()[:1]) - 1

    def on_click(self, event: events.Click) -> None:
        """Ask for another session or target."""
        is_left = event.y == 0 and event.x <= _width(self._left())
        self.post_message(self.SessionAsked() if is_left else self.TargetAsked())


def guarded() -> str:
    """What stands before a guarded target."""
    return f"▲ {say(GUARDED)} "


def _limits(target: TargetWords) -> str:
    memory = "" if target.memory_mb is None else f"{target.memory_mb} MB "
    return f"{memory}{target.timeout_s:g} s"


def _start_of(project: str) -> str:
    return project if len(project) <= SHORT_PROJECT + 1 else f"{project[:SHORT_PROJECT]}…"


def _without_service(host: str) -> str:
    """A host without its first name, which is the service's: region and cloud stand behind it."""
    service, dot, rest = host.partition(".")
    return f"…{rest}" if dot and service == "functiongraph" else host


def _joined(parts: list[str]) -> str:
    return " · ".join(part for part in parts if part)


def cut_to(text: str, width: int) -> str:
    """``text`` as it is when it fits, else its start and an ellipsis."""
    shown = displayable_line(text)
    return shown if cell_len(shown) <= width else cut(shown, width)


def end_of(text: str, width: int) -> str:
    """``text`` as it is when it fits, else an ellipsis and its end: the handler's name stands there."""
    shown = displayable_line(text)
    while cell_len(shown) > width:
        shown = f"…{shown.lstrip('…')[max(1, (cell_len(shown) - width) // 2) :]}"
    return shown


def _width(pieces: list[Piece]) -> int:
    return sum(cell_len(displayable_line(text)) for text, _ in pieces)
