"""``fgtui search``."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cli.stage import Ran, Stage


def lines(ran: Ran) -> list[dict[str, Any]]:
    return [json.loads(line) for line in ran.out.splitlines()]


def test_where_nothing_is_recorded_nothing_is_found_and_nothing_made(stage: Stage) -> None:
    ran = stage.run("search", "anything")
    assert (ran.code, ran.data, ran.said) == (0, b"", "'anything' was not found\n")
    assert not (stage.folder.parent / "fgtui-home").exists()


def test_what_is_found_is_a_table_with_signs_around_it(recorded: Stage) -> None:
    ran = recorded.run("search", "telescope")
    head, *rows = ran.out.splitlines()
    assert head.split() == ["session", "#", "when", "trigger", "outcome", "in", "text"]
    assert [row.split()[:2] for row in rows] == [["orders", "2"], ["orders", "1"]]
    assert all("decoded" in row and "«telescope»" in row for row in rows)
    assert (ran.code, ran.said) == (0, "")


def test_every_word_has_to_be_there_in_the_sessions_that_are_named(recorded: Stage) -> None:
    assert len(recorded.run("search", "finish").out.splitlines()) == 5
    assert len(recorded.run("search", "finish", "orders").out.splitlines()) == 4
    ran = recorded.run("search", "finish photos", "orders", "other")
    assert [row.split()[:2] for row in ran.out.splitlines()[1:]] == [["orders", "3"]]


def test_json_says_where_it_is(recorded: Stage) -> None:
    (hit,) = lines(recorded.run("search", "photos*", "--json", "--limit", "1"))
    assert (hit["session"], hit["seq"], hit["trigger"], hit["outcome"]) == ("orders", 3, "obs", "returned")
    assert [hit["excerpt"][start:end] for start, end in hit["spans"]] == ["photos"]


def test_chinese_in_a_note_is_found(recorded: Stage) -> None:
    recorded.run("note", "orders", "1", "上传失败，正在处理")
    for text in ("失败", "处理", "上传失败", "败"):
        (hit,) = lines(recorded.run("search", text, "--json"))
        assert (hit["seq"], hit["part"]) == (1, "note")


def test_a_person_is_shown_the_newest_and_told_of_the_others(recorded: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    from fgtui.cli.commands import search

    monkeypatch.setattr(search, "SHOWN", 2)
    ran = recorded.run("search", "finish", "orders", terminal=True)
    assert len(ran.out.splitlines()) == 3
    assert ran.said == "the newest 2; --limit shows more, a pipe gets all\n"
    assert len(recorded.run("search", "finish", "orders").out.splitlines()) == 4
    assert recorded.run("search", "finish", "orders", "--limit", "2", terminal=True).said == ""


def test_files_are_searched_under_their_own_name(recorded: Stage) -> None:
    exchanges = recorded.run("show", "orders", "--json").data
    (recorded.folder / "shared.jsonl").write_bytes(b'{"fgtui": "session", "format": 1, "session": "x"}\n' + exchanges)
    hits = lines(recorded.run("search", "photos", "shared.jsonl", "--json"))
    assert [(hit["session"], hit["seq"]) for hit in hits] == [("shared.jsonl", 3)]
    hits = lines(recorded.run("search", "photos", "shared.jsonl", "orders", "--json"))
    assert [hit["session"] for hit in hits] == ["orders", "shared.jsonl"]


def test_nothing_found_says_so_and_is_a_0(recorded: Stage) -> None:
    for words in ((), ("--json",), ("orders",)):
        ran = recorded.run("search", "no\x1b[2Jwhere", *words)
        assert (ran.code, ran.data) == (0, b"")
        assert ran.said == "'no\\x1b[2Jwhere' was not found\n"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param((), "TEXT is missing", id="nothing"),
        pytest.param(("",), "there is nothing to look for in ''", id="empty"),
        pytest.param(("{}",), "it has no letter and no digit", id="signs"),
        pytest.param(("x", "ordres"), "did you mean orders?", id="typo"),
        pytest.param(("x", "none.jsonl"), "there is no file", id="no-file"),
        pytest.param(("x", "--limit", "0"), "--limit is a whole number from 1", id="limit"),
    ],
)
def test_what_is_wrong_is_a_2(recorded: Stage, words: tuple[str, ...], said: str) -> None:
    ran = recorded.run("search", *words)
    assert (ran.code, ran.data) == (2, b"")
    assert said in ran.said


def test_what_acts_on_a_terminal_is_shown_and_does_not(recorded: Stage) -> None:
    (recorded.folder / "event.json").write_text('{"odd": "before\\u001b[2J\\u202eneedle"}')
    recorded.run("send", "event.json", "--session", "odd")
    ran = recorded.run("search", "needle", "odd", terminal=True)
    assert "«needle»" in ran.out
    assert "\x1b" not in ran.out
    assert "\u202e" not in ran.out


def test_somebody_elses_file_is_refused_with_a_4(stage: Stage) -> None:
    (stage.folder / "x.db").write_text("no database " * 1000)
    assert stage.run("search", "x", "--store", "x.db").code == 4
