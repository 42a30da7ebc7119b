"""A filter over a session: newest first, in batches, stopped when told to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from fgtui.config import load
from fgtui.errors import QueryError
from fgtui.sessions.query.expressions import Query
from fgtui.tui.filtering import FIRST_ROWS, Batch, Filtering
from fgtui.workspace import Workspace, open_workspace
from tests.factories import an_exchange


@pytest.fixture
def workspace(tmp_path: Path) -> Iterator[Workspace]:
    workspace = open_workspace(load(tmp_path))
    exchanges = [an_exchange(f'{{"n": {number}}}', number=number) for number in range(1, 301)]
    assert len(list(workspace.store.append_many("orders", exchanges))) == 300
    yield workspace
    workspace.close()


def matches(workspace: Workspace, expression: str, session: str = "orders") -> list[int]:
    found: list[int] = []
    Filtering(workspace, session, Query.compile(expression)).run(lambda batch: found.extend(batch.seqs))
    return found


def test_matches_come_newest_first(workspace: Workspace) -> None:
    assert matches(workspace, "event.body.n > `297`") == [300, 299, 298]


def test_nothing_matches_in_a_session_that_is_not_there(workspace: Workspace) -> None:
    assert matches(workspace, "@", session="nosuch") == []


def test_stopping_ends_it_quietly_before_all_is_read(workspace: Workspace) -> None:
    filtering = Filtering(workspace, "orders", Query.compile("@"))
    filtering.stop()
    filtering.run(lambda _: None)
    assert filtering.is_stopped
    assert filtering.looked_at < 300


def test_what_cannot_be_tried_is_counted_and_does_not_match(workspace: Workspace) -> None:
    filtering = Filtering(workspace, "orders", Query.compile("length(event.body.n) > `1`"))
    found: list[int] = []
    filtering.run(lambda batch: found.extend(batch.seqs))
    assert (found, filtering.untried, filtering.looked_at) == ([], 300, 300)
    assert isinstance(filtering.first_error, QueryError)


def test_the_rows_of_the_first_matches_come_with_them(workspace: Workspace) -> None:
    batches: list[Batch] = []
    Filtering(workspace, "orders", Query.compile("event.body.n > `100`")).run(batches.append)
    rows = [row.seq for batch in batches for row in batch.rows]
    assert rows == list(range(300, 300 - FIRST_ROWS, -1))
    assert sum(len(batch.seqs) for batch in batches) == 200


def test_what_was_recorded_after_it_had_ended_is_looked_at_once(workspace: Workspace) -> None:
    filtering = Filtering(workspace, "orders", Query.compile("event.body.n > `290`"), newest=295)
    filtering.run(lambda _: None)
    assert list(filtering.look_at_newer(300).seqs) == [300, 299, 298, 297, 296]
    assert (list(filtering.look_at_newer(300).seqs), filtering.newest, filtering.looked_at) == ([], 300, 305)
