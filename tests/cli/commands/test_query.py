"""``fgtui query``."""

from __future__ import annotations

import json
import sqlite3

import pytest

from tests.cli.stage import Stage
from tests.factories import an_exchange


def test_matches_are_a_table(recorded: Stage) -> None:
    rows = [row.split() for row in recorded.run("query", "orders", "event.trigger == 'obs'").out.splitlines()]
    assert [(row[0], row[3]) for row in rows[1:]] == [("3", "obs")]


def test_matches_as_json_lines_are_what_was_recorded(recorded: Stage) -> None:
    ran = recorded.run("query", "orders", "event.trigger == 'obs'", "--json")
    (exchange,) = map(json.loads, ran.out.splitlines())
    assert exchange == json.loads(recorded.run("show", "orders", "3", "--json").out)


def test_encoded_strings_are_opened_when_they_are_asked_for(recorded: Stage) -> None:
    ran = recorded.run("query", "orders", "event.decoded.lts.data.logs[0].line_no > `1`", "--count")
    assert (ran.code, ran.out) == (0, "2\n")


def test_project_reshapes_each_match(recorded: Stage) -> None:
    ran = recorded.run(
        "query", "orders", "event.trigger == 'obs'", "--project", "{n: seq, key: event.body.Records[0].s3.object.key}"
    )
    assert json.loads(ran.out) == {"n": 3, "key": "photos%2Fholiday+2021%2Fcat.png"}


def test_no_match_is_an_answer(recorded: Stage) -> None:
    ran = recorded.run("query", "orders", "outcome.kind == 'crashed'", "--json")
    assert (ran.code, ran.data) == (0, b"")
    assert ran.said == "nothing matches outcome.kind == 'crashed'; 3 looked at\n"
    counted = recorded.run("query", "orders", "outcome.kind == 'crashed'", "--count")
    assert (counted.out, counted.said) == ("0\n", "")


def test_a_file_of_lines_is_asked_like_a_session(recorded: Stage) -> None:
    exchanges = recorded.run("query", "orders", "@", "--json").out
    (recorded.folder / "orders.jsonl").write_text(exchanges)
    for words in (
        ("event.trigger == 'obs'", "--json"),
        ("event.body", "--project", "seq"),
        ("seq > `1`", "--count"),
        ("seq",),
    ):
        assert recorded.run("query", "orders.jsonl", *words).out == recorded.run("query", "orders", *words).out != ""


def test_what_is_encoded_opens_inside_an_expression(recorded: Stage) -> None:
    ran = recorded.run(
        "query",
        "orders",
        "event.trigger == 'lts'",
        "--project",
        "from_json(powertools_base64(event.body.lts.data)).owner",
    )
    assert set(map(json.loads, ran.out.splitlines())) == {"6280e170bd934f60a4d851cf5ca05129"}


def test_of_a_damaged_store_what_can_be_read_is_printed(recorded: Stage) -> None:
    (file,) = recorded.folder.parent.rglob("sessions.db")
    connection = sqlite3.connect(file)
    connection.execute("UPDATE content SET crc = crc + 1 WHERE id = 2")
    connection.commit()
    connection.close()
    for words in ((), ("--json",), ("--project", "seq")):
        ran = recorded.run("query", "orders", "event.body", *words)
        assert ran.code == 4
        assert len(ran.out.splitlines()) == (2 if words else 3)
        assert "1 of 3 exchanges of orders cannot be read" in ran.said
    ran = recorded.run("query", "orders", "event.trigger == 'lts' || event.trigger == 'obs'", "--json")
    assert (ran.code, len(ran.out.splitlines())) == (4, 2)
    assert "1 of 3 exchanges of orders cannot be read" in ran.said


def test_what_cannot_be_tried_is_no_match_and_is_said(recorded: Stage) -> None:
    ran = recorded.run("query", "orders", "length(event.body.Records) == `1`", "--count")
    assert (ran.code, ran.out) == (0, "1\n")
    assert ran.said.startswith("warning: 2 exchanges could not be tried; the first: ")


def test_one_json_file_gives_the_expressions_value(stage: Stage) -> None:
    (stage.folder / "e.json").write_text('{"a": [{"b": 12345678901234567890}, {"b": "\\u202e"}]} // lenient')
    ran = stage.run("query", "e.json", "a[].b")
    assert json.loads(ran.out) == [12345678901234567890, "\u202e"]
    assert "\u202e" not in ran.out
    assert stage.run("query", "-", "a", stdin=b'{"a": "x"}').out == '"x"\n'


@pytest.mark.parametrize("name", ["releases/2026", "orders.json"])
def test_a_session_whose_name_reads_as_a_file_is_meant_where_no_such_file_is(recorded: Stage, name: str) -> None:
    recorded.run("sessions", "rename", "orders", name)
    assert recorded.run("query", name, "seq", "--count").out == "3\n"


def test_a_file_of_any_name_is_meant_where_no_such_session_is(recorded: Stage) -> None:
    (recorded.folder / "answer.txt").write_text('{"a": 1}')
    (recorded.folder / "orders").write_text('{"a": 1}')
    assert recorded.run("query", "answer.txt", "a").out == "1\n"
    assert recorded.run("query", "orders", "seq", "--count").out == "3\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(("ordres", "@"), "did you mean orders?", id="session"),
        pytest.param(("orders",), "EXPR is missing", id="no-expression"),
        pytest.param(("orders", "a[", "--json"), "error: not JMESPath: ", id="expression"),
        pytest.param(("orders", "@", "--project", "b ]"), "\n  b ]\n    ^\n", id="project-caret"),
        pytest.param(("orders", "outcme() == 'x'"), "error: there is no function outcme", id="function"),
        pytest.param(("orders", "x" * 5000), "error: an expression has at most", id="long"),
        pytest.param(("orders", "\x1b[2J"), "error: not JMESPath: ", id="control-characters"),
        pytest.param(("missing.json", "@"), "there is no file missing.json", id="no-file"),
        pytest.param(("wrong.json", "@"), "wrong.json:1:5: error: ", id="wrong-json"),
        pytest.param((".", "@"), "there is no session '.'", id="dot"),
        pytest.param(("./", "@"), "./ is a folder, not a file", id="folder"),
        pytest.param(("wrong.json", "@", "--count"), "--count and --project are for recordings", id="count-a-file"),
        pytest.param(("missing.jsonl", "@"), "missing.jsonl", id="no-lines"),
    ],
)
def test_what_is_wrong_is_a_2_with_a_mark_at_the_place(recorded: Stage, words: tuple[str, ...], said: str) -> None:
    (recorded.folder / "wrong.json").write_text('{"a" 1}')
    ran = recorded.run("query", *words)
    assert (ran.code, ran.data) == (2, b"")
    assert said in ran.said
    assert "\x1b" not in ran.said


def test_the_mark_stands_below_the_place(recorded: Stage) -> None:
    said = recorded.run("query", "orders", "a == [").said.splitlines()
    assert said[-2] == "  a == ["
    assert said[-1].strip() == "^"


def test_an_expression_that_doubles_its_result_is_stopped(stage: Stage) -> None:
    doubling = "[@, @]" + " | [@, @]" * 40 + " | length(to_string(@))"
    ran = stage.run("query", "-", doubling, stdin=b'"x"')
    assert (ran.code, ran.data) == (2, b"")
    assert len(ran.said.splitlines()) <= 2


def test_numbers_of_a_file_are_printed_as_they_are_written(stage: Stage) -> None:
    (stage.folder / "i.json").write_text("[1E999999,-0,1.10] // as written")
    assert stage.run("query", "i.json", "@").out == "[\n  1E999999,\n  -0,\n  1.10\n]\n"


def test_what_cannot_be_tried_on_one_exchange_is_tried_on_the_others(stage: Stage) -> None:
    from fgtui.sessions.interchange.json_lines import write_jsonl

    bodies = ["7", "[" * 5000 + "]" * 5000, "1E999999"]
    write_jsonl([an_exchange(number=at, body=body) for at, body in enumerate(bodies, 1)], stage.folder / "o.jsonl")
    ran = stage.run("query", "o.jsonl", "abs(outcome.result)", "--project", "seq")
    assert (ran.code, ran.out) == (0, "1\n3\n")
    assert ran.said.startswith("warning: 1 exchange could not be tried; the first: ")
    ran = stage.run("query", "o.jsonl", "seq != `2`", "--project", "outcome.result")
    assert (ran.code, ran.out) == (0, "7\n")
    assert "more digits than are kept of it" in ran.said


def test_a_status_that_no_integer_of_the_store_holds_is_shown(stage: Stage) -> None:
    from fgtui.invoke.model import Returned
    from fgtui.sessions.interchange.json_lines import write_jsonl

    exchanges = [an_exchange(number=at, outcome=Returned(status_code=status)) for at, status in ((1, 200), (2, 10**20))]
    write_jsonl(exchanges, stage.folder / "sc.jsonl")
    assert stage.run("import", "sc.jsonl").code == 0
    ran = stage.run("query", "sc", "seq")
    assert (ran.code, len(ran.out.splitlines())) == (0, 3)
    assert stage.run("query", "sc", "outcome.status_code > `200`", "--count").out == "1\n"
    assert "100000000000000000000" in stage.run("stats", "sc", "--by", "status").out
