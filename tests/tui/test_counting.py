"""Counting for the screen: a first look, then all; stopped when nobody looks any more."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from fgtui.config import load
from fgtui.sessions.query.expressions import Query
from fgtui.tui import counting
from fgtui.tui.counting import Counted, Counting
from fgtui.tui.selection import Chosen, Selection
from fgtui.workspace import Workspace, open_workspace
from tests.factories import an_exchange
from tests.tui.bench import a_project


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(counting, "FIRST_LOOK", 2)
    monkeypatch.setattr(counting, "AT_ONCE", 3)
    workspace = open_workspace(load(a_project(tmp_path / "project")))
    list(workspace.store.append_many("orders", [an_exchange(f'{{"n": {n % 3}}}', number=n) for n in range(1, 31)]))
    yield workspace
    workspace.close()


def counted(workspace: Workspace, selection: Selection, by: str | Query | None) -> list[Counted]:
    told: list[Counted] = []
    Counting(workspace, selection, by).run(told.append)
    return told


@pytest.mark.parametrize("whole", [1000, 0], ids=["whole", "rows"])
def test_a_first_look_comes_before_all(workspace: Workspace, monkeypatch: pytest.MonkeyPatch, whole: int) -> None:
    monkeypatch.setattr(counting, "WHOLE", whole)
    told = counted(workspace, Selection("orders", Chosen.ALL, 30), "trigger")
    assert [(each.of, each.is_all, each.groups[0].invocations) for each in told] == [
        (2, False, 2), (20, False, 20), (30, True, 30),
    ]  # fmt: skip


def test_an_expression_groups_what_is_selected_and_what_was_deleted_is_in_no_group(workspace: Workspace) -> None:
    selection = Selection("orders", Chosen.SHOWN, 5, (1, 2, 3, 4, 7))
    last = counted(workspace, selection, Query.compile("event.body.n"))[-1]
    assert [(group.name, group.invocations) for group in last.groups] == [("1", 3), ("0", 1), ("2", 1)]


def test_what_nobody_waits_for_is_not_counted(workspace: Workspace) -> None:
    told: list[Counted] = []
    stopped = Counting(workspace, Selection("orders", Chosen.ALL, 30), None)
    stopped.stop()
    stopped.run(told.append)
    assert told == []
