"""What of a replay is worth a look."""

from __future__ import annotations

from pathlib import Path as FilePath
from typing import Any

import pytest

from fgtui.config import load
from fgtui.errors import StoreError, UsageError
from fgtui.events.model import Path
from fgtui.invoke.model import HandlerError, Raised
from fgtui.sessions.diff.changes import Change, Kind
from fgtui.sessions.replay.run import Replay, Replayed
from fgtui.tui import rerunning
from fgtui.tui.rerunning import Rerun, finding_of
from fgtui.tui.selection import Chosen, Selection
from fgtui.workspace import open_workspace
from tests.factories import an_exchange
from tests.tui.bench import a_project


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


def test_of_very_many_findings_the_first_are_told_and_the_others_counted(
    tmp_path: FilePath, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rerunning, "KEPT", 2)
    workspace = open_workspace(load(a_project(tmp_path / "project")))
    try:
        list(workspace.store.append_many("orders", [an_exchange(number=number) for number in range(1, 6)]))
        target = workspace.target("index.count")
        rerun = Rerun(workspace, Selection("orders", Chosen.ALL, 5), target, Replay(into="again"))
        rerun.run()
    finally:
        workspace.close()
    assert [found.old for found in rerun.take()] == [1, 2]
    assert (rerun.found, list(rerun.different), rerun.is_over) == (5, [1, 2, 3, 4, 5], True)
    assert rerun.take() == []
