"""What differs between two answers to one event although nothing was changed, and the rules that pass it over.

The event is sent twice; each difference becomes a rule for all items of its array, limited to the kind of value that it
is where it is one (see ``comparison``): a time that becomes null is a difference still.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from fgtui.errors import TargetError, UsageError
from fgtui.invoke.model import Cancelled
from fgtui.records import Record, replace
from fgtui.regex import regex
from fgtui.sessions.diff.changes import Change, Kind
from fgtui.sessions.diff.comparison import KINDS, ORDER, parse_rule
from fgtui.words import Names

if TYPE_CHECKING:
    from fgtui.invoke.model import Exchange

PAUSE_S = 1.1
"""Between two sends, so that times in whole seconds differ too."""
_BARE = regex(r"[A-Za-z_][A-Za-z0-9_-]*+")


class Proposal(Record):
    """A rule to add to what is ignored."""

    rule: str
    count: int
    """How many differences it passes over."""
    example: Change
    """One of them."""
    kind: str = ""
    """The kind of value that both are, ``time`` and so on; empty where they are none, and the whole place is meant."""


class Proposals(Record):
    """What to ignore."""

    proposals: tuple[Proposal, ...]

    @property
    def rules(self) -> tuple[str, ...]:
        """What to ignore, as ``--ignore`` and ``[replay] ignore`` take it."""
        return tuple(proposal.rule for proposal in self.proposals)

    def toml(self) -> str:
        """The rules as a line for the settings, below ``[replay]``."""
        from fgtui.events.text import quote

        return f"ignore = [{', '.join(map(quote, self.rules))}]"

    def flags(self) -> str:
        """The rules as words of a command line."""
        from shlex import quote

        return " ".join(f"--ignore {quote(rule)}" for rule in self.rules)


class Noise(Proposals):
    """What two sends of one event differ in."""

    first: Exchange
    second: Exchange


class SelectionNoise(Proposals):
    """What two sends of each of many events differ in."""

    sent: int
    """Events that were sent twice."""
    refused: int
    """Events that were not, since values of them were redacted."""


def check_complete(exchange: Exchange) -> None:
    """``UsageError`` where the event is not what was sent, since values in it were redacted."""
    from fgtui.sessions.replay.supplying import is_redacted

    if is_redacted(exchange.event):
        raise UsageError(
            "{session} #{seq} was redacted when it was recorded, so its event is not what was sent: {paths}",
            hint="record an exchange without secrets in its event, and find the noise with that",
            session=exchange.session,
            seq=exchange.seq,
            paths=Names(exchange.event.redacted),
        )


def find_noise(
    send: Callable[[], Exchange],
    compare: Callable[[Exchange, Exchange], Sequence[Change]],
    pause: Callable[[], object] = lambda: None,
) -> Noise:
    """Send twice, with a ``pause`` between, and compare: what ``compare`` finds is noise.

    ``TargetError`` where nobody knows what became of the first.
    """
    from fgtui.sessions.replay.sending import may_have_run

    first = send()
    if may_have_run(first) and not isinstance(first.outcome, Cancelled):
        raise TargetError(
            "not sent a second time: the handler may have run, though nobody knows how that ended",
            hint="look what it did",
        )
    pause()
    second = send()
    return Noise(proposals(compare(first, second)), first, second)


def proposals(changes: Sequence[Change]) -> tuple[Proposal, ...]:
    """A rule for each kind of place, in the order they were met; one that covers another takes its place."""
    found: dict[tuple[str, str], list[Change]] = {}
    for change in changes:
        found.setdefault((_spelled(change), kind_of(change)), []).append(change)
    return merged(
        Proposal(f"{path}~{kind}" if kind else path, len(alike), alike[0], kind)
        for (path, kind), alike in found.items()
    )


def merged(found: Iterable[Proposal]) -> tuple[Proposal, ...]:
    """Those of several events as one list; a whole place covers the kinds of values in it."""
    by_rule: dict[str, Proposal] = {}
    for each in found:
        same = by_rule.get(each.rule)
        by_rule[each.rule] = each if same is None else replace(same, count=same.count + each.count)
    return tuple(
        each for each in by_rule.values() if not each.kind or each.rule.removesuffix(f"~{each.kind}") not in by_rule
    )


def kind_of(change: Change) -> str:
    """The narrowest kind that explains a change by itself; empty for none."""
    if change.kind is Kind.MOVED:
        return ORDER
    if change.kind is not Kind.CHANGED:
        return ""
    for name, blank in KINDS.items():
        old, new = blank(change.old), blank(change.new)
        if type(old) is type(new) and old == new:
            return name
    return ""


def _spelled(change: Change) -> str:
    """The place with any index in each array, as a rule is written; the array where items were added or removed."""
    from fgtui.events.text import quote

    pieces: list[str] = []
    for step in change.path:
        if isinstance(step, int):
            pieces.append("[*]")
            continue
        if pieces:
            pieces.append(".")
        pieces.append(step if _BARE.fullmatch(step) else quote(step))
    rule = "".join(pieces) or "**"
    parse_rule(rule)
    return rule
