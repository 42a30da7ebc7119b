"""``fgtui show``."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from tests.cli.stage import Stage


def test_a_session_is_a_table_oldest_first(recorded: Stage) -> None:
    rows = [row.split() for row in recorded.run("show", "orders").out.splitlines()]
    assert rows[0] == ["#", "when", "trigger", "target", "outcome", "ms", "note"]
    assert [(row[0], row[3]) for row in rows[1:]] == [("1", "lts"), ("2", "lts"), ("3", "obs")]


def test_all_of_a_session_as_json_lines(recorded: Stage) -> None:
    exchanges = [json.loads(line) for line in recorded.run("show", "orders", "--json").out.splitlines()]
    assert [exchange["seq"] for exchange in exchanges] == [1, 2, 3]


def test_parts_are_exact(recorded: Stage) -> None:
    event = recorded.run("event", "lts").data
    assert recorded.run("show", "orders", "2", "--part", "event").data == event
    decoded = recorded.run("show", "orders", "2", "--part", "decoded").data
    assert decoded == recorded.run("event", "lts", "--decoded").data
    result = json.loads(recorded.run("show", "orders", "last", "--part", "result").out)
    assert result["trigger"] == "obs"
    assert "Start invoke request" in recorded.run("show", "orders", "1", "--part", "logs").out


def test_one_exchange_is_told_whole(recorded: Stage) -> None:
    out = recorded.run("show", "orders", "3").out
    assert out.startswith("orders 3 · ")
    assert "event   obs default\n" in out
    assert "outcome ✓ returned" in out
    assert '"eventName": "ObjectCreated:Put"' in out


def test_characters_that_were_escaped_are_readable_in_the_whole_and_exact_in_a_part(stage: Stage) -> None:
    (stage.folder / "index.py").write_text("def handler(event, context):\n    return event\n")
    (stage.folder / "event.json").write_text(r'{"\u72b6\u6001": "\u6210\u202e", "n": 1.10}')
    assert stage.run("send", "event.json", "--target", "index.handler", "--session", "s").code == 0
    whole = stage.run("show", "s", "1").out
    assert '{"状态": "成\\u202e", "n": 1.10}' in whole
    assert '{"状态": "成\\u202e", "n": 1.1}' in whole
    assert r"\u72b6" not in whole
    assert r"\u72b6\u6001" in stage.run("show", "s", "1", "--part", "result").out


def test_reading_changes_nothing(recorded: Stage) -> None:
    def files() -> dict[Path, bytes]:
        return {file: file.read_bytes() for file in recorded.folder.parent.rglob("*.db")}

    before = files()
    recorded.run("show", "orders")
    recorded.run("show", "orders", "1", "--json")
    assert before
    assert files() == before


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(("ordres",), "did you mean orders?", id="session"),
        pytest.param(("a\x1b[2J",), "there is no session", id="session-that-acts"),
        pytest.param(("orders", "5"), "orders has no exchange 5", id="number"),
        pytest.param(("orders", "999999999999999"), "SEQ is a whole number", id="endless-number"),
        pytest.param(("orders", "x"), "SEQ is a whole number", id="no-number"),
        pytest.param(("orders", "1", "--part", "evnt"), "did you mean event?", id="part"),
        pytest.param(("orders", "--part", "event"), "the event of which exchange?", id="part-of-all"),
        pytest.param(("orders", "1", "--part", "event", "--json"), "do not go together", id="part-as-json"),
        pytest.param(("missing.jsonl",), "missing.jsonl", id="missing-file"),
        pytest.param(("folder.jsonl",), "folder.jsonl", id="folder"),
        pytest.param(("binary.jsonl",), "binary.jsonl", id="binary"),
        pytest.param(("empty.jsonl",), "empty.jsonl", id="empty"),
        pytest.param(("foreign.jsonl",), "foreign.jsonl", id="foreign"),
    ],
)
def test_what_is_wrong_is_a_2_and_nothing_is_printed(recorded: Stage, words: tuple[str, ...], said: str) -> None:
    (recorded.folder / "folder.jsonl").mkdir()
    (recorded.folder / "binary.jsonl").write_bytes(bytes(range(256)) * 10)
    (recorded.folder / "empty.jsonl").write_bytes(b"")
    (recorded.folder / "foreign.jsonl").write_bytes(b'{"a": 1}\n')
    ran = recorded.run("show", *words)
    assert (ran.code, ran.data) == (2, b"")
    assert said in ran.said
    assert "\x1b" not in ran.said


def test_a_file_of_json_lines_is_read_like_a_session(recorded: Stage) -> None:
    lines = recorded.run("show", "orders", "--json").data
    (recorded.folder / "orders.jsonl").write_bytes(lines + b'{"torn": ')
    ran = recorded.run("show", "orders.jsonl")
    assert ran.out == recorded.run("show", "orders").out
    assert ran.said.startswith("warning: orders.jsonl:4: passed over: ")
    for words in (("2",), ("last",), ("2", "--part", "event"), ("--json",)):
        assert recorded.run("show", "orders.jsonl", *words).data == recorded.run("show", "orders", *words).data
    assert recorded.run("query", "orders.jsonl", "event.trigger == 'obs'", "--count").out == "1\n"


def test_a_store_that_cannot_be_read_is_a_4(stage: Stage) -> None:
    (stage.folder / "x.db").mkdir()
    assert stage.run("show", "orders", "--store", "x.db").code == 4


@pytest.mark.parametrize(
    "words", [("orders",), ("orders", "last"), ("orders", "--json")], ids=["table", "last", "lines"]
)
@pytest.mark.parametrize("terminal", [False, True], ids=["pipe", "terminal"])
def test_exchanges_of_a_damaged_store_that_cannot_be_read_are_told_with_a_4(
    recorded: Stage, words: tuple[str, ...], *, terminal: bool
) -> None:
    file = Path(recorded.environment["FGTUI_HOME"]) / "data" / "sessions.db"
    connection = sqlite3.connect(file)
    pages = [page for (page,) in connection.execute("SELECT rootpage FROM sqlite_schema WHERE tbl_name = 'exchange'")]
    connection.close()
    content = bytearray(file.read_bytes())
    for page in pages:
        content[(page - 1) * 4096 : page * 4096] = b"\xa5" * 4096
    file.write_bytes(content)
    ran = recorded.run("show", *words, terminal=terminal)
    assert ran.code == 4
    assert "3 of 3 exchanges of orders cannot be " in ran.said
    assert file.read_bytes() == content
