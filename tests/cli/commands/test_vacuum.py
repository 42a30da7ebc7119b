"""``fgtui vacuum``."""

from __future__ import annotations

import json
import signal
from datetime import UTC, datetime

import pytest

from fgtui.cli import signals
from fgtui.cli.commands import vacuum
from fgtui.cli.progress import Progress
from fgtui.sessions.redaction.redactor import Redactor
from fgtui.sessions.storage import retention
from fgtui.sessions.store import SessionStore
from tests.cli.stage import Stage
from tests.factories import an_exchange


@pytest.fixture
def old(recorded: Stage) -> Stage:
    """What is recorded, and twenty exchanges that are years old, one of them marked."""
    (file,) = (recorded.folder.parent / "fgtui-home").rglob("sessions.db")
    long_ago = datetime(2020, 1, 1, tzinfo=UTC)
    with SessionStore(file, Redactor()) as store:
        for number in range(20):
            store.append("old", an_exchange(number=number, started_at=long_ago, body="x" * 5000))
        store.annotate("old", [4], add_tags=["marked"])
    return recorded


def counts(stage: Stage) -> dict[str, int]:
    return {session["name"]: session["count"] for session in json.loads(stage.run("sessions", "--json").out)}


def test_where_nothing_is_recorded_there_is_nothing_to_do(stage: Stage) -> None:
    ran = stage.run("vacuum", "--older-than", "1d", "--yes")
    assert (ran.code, ran.data) == (0, b"")
    assert "nothing is recorded yet in" in ran.said


def test_without_options_nothing_is_deleted(old: Stage) -> None:
    ran = old.run("vacuum")
    assert (ran.code, ran.data) == (0, b"")
    assert ran.said.startswith("the file has ")
    assert counts(old) == {"old": 20, "orders": 3, "other": 1}


def test_it_asks_with_numbers_and_a_no_keeps_everything(old: Stage) -> None:
    for answers in (b"n\n", b"", b"maybe\n"):
        ran = old.run("vacuum", "--older-than", "30d", answers=answers)
        assert ran.code == 2
        assert ran.said.startswith("Delete 19 exchanges of 1 session, for good? The file has ")
        assert "nothing was deleted" in ran.said
    assert counts(old)["old"] == 20
    ran = old.run("vacuum", "--older-than", "30d", answers=b"y\n")
    assert ran.code == 0
    assert "19 exchanges of 1 session deleted\n" in ran.said
    assert counts(old) == {"old": 1, "orders": 3, "other": 1}


def test_without_a_terminal_it_wants_yes_said(old: Stage) -> None:
    ran = old.run("vacuum", "--older-than", "30d", stdin=b"y\n")
    assert ran.code == 2
    assert "--yes deletes without asking" in ran.said
    assert old.run("vacuum", "--older-than", "30d", "--include-marked", "--yes").code == 0
    assert counts(old) == {"old": 0, "orders": 3, "other": 1}


def test_a_dry_run_says_what_would_be_deleted(old: Stage) -> None:
    ran = old.run("vacuum", "--max-size", "1KB", "--dry-run", "--json")
    said = json.loads(ran.out)
    assert (said["exchanges"], said["sessions"], said["dry_run"]) == (23, 3, True)
    assert said["bytes_after"] < said["bytes_before"]
    assert ran.said.startswith("23 exchanges of 3 sessions would be deleted; the file has ")
    assert counts(old)["old"] == 20


def test_the_oldest_go_first_when_it_is_too_much(old: Stage) -> None:
    ran = old.run("vacuum", "--max-size", "70KB", "--yes", "--json")
    assert json.loads(ran.out)["bytes_after"] <= 70_000
    assert counts(old)["orders"] == 3


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(("--older-than", "30"), "'30' is no age", id="no-unit"),
        pytest.param(("--older-than", "-1d"), "'-1d' is no age", id="negative"),
        pytest.param(("--max-size", "500"), "'500' is no size", id="size-without-unit"),
        pytest.param(("--max-size", "many MB"), "a number and its unit: 900KB, 500MB", id="no-number"),
        pytest.param(("orders",), "nothing is expected where 'orders' stands", id="session"),
    ],
)
def test_what_is_wrong_is_a_2_and_deletes_nothing(old: Stage, words: tuple[str, ...], said: str) -> None:
    ran = old.run("vacuum", *words, "--yes")
    assert (ran.code, ran.data) == (2, b"")
    assert said in ran.said
    assert counts(old)["old"] == 20


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_what_is_stopped_says_how_far_it_came_and_goes_on_the_next_time(
    old: Stage, number: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Interrupting(Progress):
        def __call__(self, count: int, **more: object) -> None:
            signal.raise_signal(number)

    monkeypatch.setattr(signals, "_leave_soon", lambda *_: None)  # which would end the process the tests run in
    monkeypatch.setattr(retention, "DELETED_TOGETHER", 5)
    monkeypatch.setattr(vacuum, "Progress", Interrupting)
    ran = old.run("vacuum", "--older-than", "30d", "--yes")
    assert ran.code == 128 + number
    assert ran.said == "stopped; 5 exchanges deleted, and the file was not made small; the same vacuum goes on\n"
    assert counts(old)["old"] == 15
    monkeypatch.setattr(vacuum, "Progress", Progress)
    assert "14 exchanges of 1 session deleted" in old.run("vacuum", "--older-than", "30d", "--yes").said


def test_one_exchange_alone_is_asked_for_too(recorded: Stage) -> None:
    (file,) = (recorded.folder.parent / "fgtui-home").rglob("sessions.db")
    with SessionStore(file, Redactor()) as store:
        store.append("old", an_exchange(started_at=datetime(2020, 1, 1, tzinfo=UTC)))
    ran = recorded.run("vacuum", "--older-than", "30d")
    assert ran.code == 2
    assert "no terminal to ask on: --yes deletes without asking" in ran.said
    assert counts(recorded)["old"] == 1
