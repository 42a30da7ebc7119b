"""What of a replay is worth a look."""

from __future__ import annotations

from typing import Any

import pytest

from fgtui.errors import StoreError, UsageError
from fgtui.events.model import Path
from fgtui.invoke.model import HandlerError, Raised
from fgtui.sessions.diff import Change, Kind
from fgtui.sessions.replay import Replayed
from fgtui.tui.rerunning import finding_of
from tests.factories import an_exchange


def changes(*paths: Path) -> tuple[Change, ...]:
    return tuple(Change(path, Kind.CHANGED, 1, 2) for path in paths)


OLD = an_exchange(seq=7, session="orders")
NEW = an_exchange(seq=3, session="orders-replay")
RAISED = an_exchange(None, Raised(error=HandlerError("E", "[/x]")), seq=3)
REFUSED = UsageError("redacted at {places}", places="token")
FULL = StoreError("no space left on {file}", file="/home")
FIRST = ("outcome", "result", "a b")


@pytest.mark.parametrize(
    ("replayed", "sign", "new", "words"),
    [
        (Replayed(OLD, NEW, changes(FIRST)), "~", 3, 'outcome.result."a b"'),
        (Replayed(OLD, NEW, changes(FIRST, ("outcome", "kind"))), "~", 3, 'outcome.result."a b" and 1 more'),
        (Replayed(OLD, RAISED, changes(("outcome", "kind"))), "✗", 3, "outcome.kind"),
        (Replayed(OLD, None, problem=REFUSED), "⊘", 0, "redacted at token"),
        (Replayed(OLD, NEW, problem=FULL), "!", 0, "not recorded: no space left on /home"),
    ],
)
def test_what_did_not_go_as_before_is_a_finding(replayed: Any, sign: str, new: int, words: str) -> None:
    found = finding_of(replayed)
    assert found is not None
    assert (found.sign, found.old, found.new, found.words) == (sign, 7, new, words)


def test_what_ended_as_before_is_none() -> None:
    assert finding_of(Replayed(OLD, NEW)) is None
