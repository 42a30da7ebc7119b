"""``fgtui tag``."""

from __future__ import annotations

import json

import pytest

from tests.cli.stage import Stage


def tags(stage: Stage) -> list[list[str]]:
    return [json.loads(line)["tags"] for line in stage.run("show", "orders", "--json").out.splitlines()]


def test_tags_are_added_printed_and_taken_away(recorded: Stage) -> None:
    ran = recorded.run("tag", "orders", "1", "last", "--add", "slow one", "--add", "对")
    assert (ran.code, ran.data, ran.said) == (0, b"", "2 exchanges of orders changed\n")
    assert tags(recorded) == [["slow one", "对"], [], ["slow one", "对"]]
    assert recorded.run("tag", "orders", "1", "2").out == "1  slow one, 对\n2\n"
    assert recorded.run("tag", "orders", "1", "--remove", "slow one", "--remove", "x").said == (
        "1 exchange of orders changed\n"
    )
    assert tags(recorded)[0] == ["对"]
    assert recorded.run("tag", "orders", "1", "--add", "对").said == "0 exchanges of orders changed\n"


def test_a_mark_is_a_tag(recorded: Stage) -> None:
    recorded.run("tag", "orders", "3", "2", "--mark")
    assert tags(recorded) == [[], ["marked"], ["marked"]]
    recorded.run("tag", "orders", "2", "--unmark", "--add", "seen")
    assert tags(recorded) == [[], ["seen"], ["marked"]]


def test_json_lines_say_what_they_have_now(recorded: Stage) -> None:
    ran = recorded.run("tag", "orders", "3", "1", "--add", "slow", "--json")
    assert [json.loads(line) for line in ran.out.splitlines()] == [
        {"session": "orders", "seq": 3, "tags": ["slow"]},
        {"session": "orders", "seq": 1, "tags": ["slow"]},
    ]


def test_a_file_is_read_and_not_written(recorded: Stage) -> None:
    recorded.run("tag", "orders", "2", "--mark")
    (recorded.folder / "x.jsonl").write_bytes(recorded.run("show", "orders", "--json").data)
    assert recorded.run("tag", "x.jsonl", "2").out == "2  marked\n"
    ran = recorded.run("tag", "x.jsonl", "2", "--unmark")
    assert ran.code == 2
    assert "tags are changed in sessions" in ran.said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param((), "SESSION, SEQ", id="nothing"),
        pytest.param(("orders",), "SEQ", id="no-number"),
        pytest.param(("ordres", "1"), "did you mean orders?", id="typo"),
        pytest.param(("orders", "1", "9", "--mark"), "session orders has no exchange 9", id="no-exchange"),
        pytest.param(("orders", "1", "x"), "SEQ is a whole number", id="no-number-but-a-word"),
        pytest.param(("orders", "1", "--add", "a,b"), "a comma stands between two", id="comma"),
        pytest.param(("orders", "1", "--add", ""), "it is empty or has blanks at an end", id="empty"),
        pytest.param(("orders", "1", "--mark", "--unmark"), "both added and taken away", id="both"),
    ],
)
def test_what_is_wrong_is_a_2_and_changes_nothing(recorded: Stage, words: tuple[str, ...], said: str) -> None:
    ran = recorded.run("tag", *words)
    assert (ran.code, ran.data) == (2, b"")
    assert said in ran.said
    assert tags(recorded) == [[], [], []]
