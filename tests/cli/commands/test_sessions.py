"""``fgtui sessions``."""

from __future__ import annotations

import json

import pytest

from tests.cli.stage import Stage


def names(stage: Stage) -> dict[str, int]:
    return {session["name"]: session["count"] for session in json.loads(stage.run("sessions", "--json").out)}


def test_before_the_first_recording_there_is_nothing_and_nothing_is_made(stage: Stage) -> None:
    ran = stage.run("sessions")
    assert (ran.code, ran.data) == (0, b"")
    assert "nothing is recorded yet" in ran.said
    assert stage.run("sessions", "list", "--json").out == "[]\n"
    assert not (stage.folder.parent / "fgtui-home").exists()


def test_sessions_are_a_table(recorded: Stage) -> None:
    rows = [row.split() for row in recorded.run("sessions").out.splitlines()]
    assert rows[0] == ["session", "exchanges", "last"]
    assert [row[:2] for row in rows[1:]] == [["orders", "3"], ["other", "1"]]


def test_create_rename_and_merge(recorded: Stage) -> None:
    assert recorded.run("sessions", "create", "new").code == 0
    assert recorded.run("sessions", "rename", "other", "another").code == 0
    ran = recorded.run("sessions", "merge", "orders", "another", "--into", "new")
    assert (ran.code, ran.said) == (0, "4 exchanges appended to new\n")
    assert names(recorded) == {"another": 1, "new": 4, "orders": 3}


def test_a_session_named_twice_is_deleted_once(recorded: Stage) -> None:
    ran = recorded.run("sessions", "delete", "orders", "orders", "--yes")
    assert (ran.code, ran.said) == (0, "deleted orders with 3 exchanges\n")


@pytest.mark.parametrize("words", [("rename", "a", "b"), ("merge", "a", "--into", "b")], ids=["rename", "merge"])
def test_what_is_not_there_is_neither_renamed_nor_merged_and_makes_no_store(
    stage: Stage, words: tuple[str, ...]
) -> None:
    assert stage.run("sessions", *words, "--store", "x.db").code == 2
    assert not (stage.folder / "x.db").exists()


def test_deletion_asks_and_a_no_keeps_everything(recorded: Stage) -> None:
    for answers in (b"\n", b"n\n", b"", b"maybe\n"):
        ran = recorded.run("sessions", "delete", "orders", answers=answers)
        assert ran.code == 2
        assert ran.said.startswith("Delete orders with its 3 exchanges, for good? [y/N] ")
    assert names(recorded) == {"orders": 3, "other": 1}
    assert recorded.run("sessions", "delete", "orders", answers=b"y\n").code == 0
    assert names(recorded) == {"other": 1}


def test_without_a_terminal_deletion_wants_yes_said(recorded: Stage) -> None:
    ran = recorded.run("sessions", "delete", "orders", stdin=b"y\n")
    assert ran.code == 2
    assert "--yes deletes without asking" in ran.said
    assert recorded.run("sessions", "delete", "orders", "other", "--yes").code == 0
    assert names(recorded) == {}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(("lst",), "did you mean list?", id="action"),
        pytest.param(("list", "orders"), "fgtui sessions list takes no name", id="list-with-name"),
        pytest.param(("create",), "fgtui sessions create takes one name", id="create-nothing"),
        pytest.param(("create", "orders"), "error: ", id="create-again"),
        pytest.param(("create", "a\x1b[2J"), "error: ", id="create-what-acts"),
        pytest.param(("create", "x" * 300), "error: ", id="create-long"),
        pytest.param(("rename", "orders"), "takes two names", id="rename-half"),
        pytest.param(("rename", "ordres", "x"), "did you mean orders?", id="rename-typo"),
        pytest.param(("rename", "orders", "other"), "error: ", id="rename-to-taken"),
        pytest.param(("delete",), "takes at least one name", id="delete-nothing"),
        pytest.param(("delete", "orders", "ohter", "--yes"), "did you mean other?", id="delete-typo"),
        pytest.param(("list", "--store", ""), "--store names no file: it is empty", id="store-not-set"),
        pytest.param(("merge", "orders"), "into which session?", id="merge-nowhere"),
        pytest.param(("merge", "ordres", "--into", "x"), "did you mean orders?", id="merge-typo"),
    ],
)
def test_what_is_wrong_is_a_2_and_changes_nothing(recorded: Stage, words: tuple[str, ...], said: str) -> None:
    ran = recorded.run("sessions", *words)
    assert (ran.code, ran.data) == (2, b"")
    assert said in ran.said
    assert "\x1b" not in ran.said
    assert names(recorded) == {"orders": 3, "other": 1}


@pytest.mark.parametrize("words", [(), ("create", "x"), ("delete", "x", "--yes"), ("merge", "x", "--into", "y")])
def test_somebody_elses_file_is_refused_with_a_4_and_left_alone(stage: Stage, words: tuple[str, ...]) -> None:
    (stage.folder / "x.db").write_text("no database " * 1000)
    ran = stage.run("sessions", *words, "--store", "x.db")
    assert (ran.code, ran.data) == (4, b"")
    assert len(ran.said.splitlines()) <= 2
    assert (stage.folder / "x.db").read_text() == "no database " * 1000


def test_files_are_merged_too_and_nothing_twice(recorded: Stage) -> None:
    (recorded.folder / "x.jsonl").write_bytes(recorded.run("show", "orders", "--json").data)
    ran = recorded.run("sessions", "merge", "x.jsonl", "other", "--into", "all")
    assert (ran.code, ran.said) == (0, "4 exchanges appended to all\n")
    assert (
        recorded.run("sessions", "merge", "x.jsonl", "orders", "--into", "all").said == "0 exchanges appended to all\n"
    )
    assert names(recorded) == {"all": 4, "orders": 3, "other": 1}
    ran = recorded.run("sessions", "merge", "none.jsonl", "other", "--into", "new")
    assert (ran.code, names(recorded).get("new")) == (2, None)
