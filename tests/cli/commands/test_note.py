"""``fgtui note``."""

from __future__ import annotations

import json

import pytest

from tests.cli.stage import Stage


def test_a_note_is_written_printed_and_taken_away(recorded: Stage) -> None:
    ran = recorded.run("note", "orders", "2")
    assert (ran.code, ran.data, ran.said) == (0, b"", "orders 2 has no note\n")
    ran = recorded.run("note", "orders", "2", "fails on empty ids")
    assert (ran.code, ran.data, ran.said) == (0, b"", "orders 2 has a new note\n")
    assert recorded.run("note", "orders", "2", "fails on empty ids").said == "orders 2: nothing to change\n"
    assert recorded.run("note", "orders", "2").out == "fails on empty ids\n"
    assert "fails on empty ids" in recorded.run("show", "orders").out
    assert recorded.run("note", "orders", "2", "").said == "orders 2 has no note any more\n"
    assert recorded.run("note", "orders", "2").data == b""


def test_a_note_is_read_from_standard_input(recorded: Stage) -> None:
    assert recorded.run("note", "orders", "last", "-", stdin="two\nlines 失败\n".encode()).code == 0
    assert recorded.run("note", "orders", "3").out == "two\nlines 失败\n"
    ran = recorded.run("note", "orders", "3", "-", stdin=b"\xff")
    assert (ran.code, ran.said) == (2, "error: the note is not UTF-8 at byte 1\n")


def test_json_has_the_number_and_the_note_as_it_was_written(recorded: Stage) -> None:
    ran = recorded.run("note", "orders", "last", "token=hunter2", "--json")
    said = json.loads(ran.out)
    assert (said["session"], said["seq"]) == ("orders", 3)
    assert said["note"].startswith("token=<redacted:")
    assert "hunter2" not in ran.out + ran.said


def test_a_file_is_read_and_not_written(recorded: Stage) -> None:
    recorded.run("note", "orders", "2", "noted")
    (recorded.folder / "x.jsonl").write_bytes(recorded.run("show", "orders", "--json").data)
    before = (recorded.folder / "x.jsonl").read_bytes()
    assert recorded.run("note", "x.jsonl", "2").out == "noted\n"
    ran = recorded.run("note", "x.jsonl", "2", "other")
    assert ran.code == 2
    assert "fgtui import x.jsonl makes a session of it" in ran.said
    assert (recorded.folder / "x.jsonl").read_bytes() == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param((), "SESSION, SEQ", id="nothing"),
        pytest.param(("orders",), "SEQ", id="no-number"),
        pytest.param(("ordres", "1", "x"), "did you mean orders?", id="typo"),
        pytest.param(("orders", "9", "x"), "session orders has no exchange 9", id="no-exchange"),
        pytest.param(("orders", "0"), "SEQ is a whole number", id="zero"),
        pytest.param(("orders", "1", "\x1b[2J"), "it has characters that cannot be seen", id="acts"),
        pytest.param(("orders", "1", "x" * 5000), "a note has at most 4,000 characters, not 5,000", id="long"),
        pytest.param(("orders", "1", "\udcff"), "TEXT is not UTF-8", id="bytes"),
    ],
)
def test_what_is_wrong_is_a_2_and_writes_nothing(recorded: Stage, words: tuple[str, ...], said: str) -> None:
    ran = recorded.run("note", *words)
    assert (ran.code, ran.data) == (2, b"")
    assert said in ran.said
    assert "\x1b" not in ran.said
    assert all(json.loads(line)["note"] == "" for line in recorded.run("show", "orders", "--json").out.splitlines())
