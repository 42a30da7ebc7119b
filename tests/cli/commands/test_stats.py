"""``fgtui stats``."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from fgtui.invoke.model import Cancelled, HandlerError, Raised, Rejected, Returned, TargetSummary, TimedOut
from fgtui.sessions.interchange.json_lines import write_jsonl
from fgtui.sessions.model import NO_TARGET
from tests.cli.stage import Stage
from tests.factories import MOMENT, an_event, an_exchange

OUTCOMES = (
    *(Returned(duration_ms=1.5, cold_start=False) for _ in range(6)),
    Returned(duration_ms=40.0, cold_start=True, init_ms=35.0, memory_mb=31.5),
    Raised(error=HandlerError("ValueError", "boom"), duration_ms=3.0),
    TimedOut(limit_s=3, duration_ms=3000.0),
    Rejected(code="FSS.0429", message="no", status_code=429),
)


@pytest.fixture
def mixed(stage: Stage) -> Stage:
    """Ten exchanges of two triggers, a second apart, in ``mixed.jsonl``."""
    exchanges = [
        an_exchange(an_event(f'{{"n": {at}}}', "obs" if at % 2 else "lts"), outcome, number=at, seq=at)
        for at, outcome in enumerate(OUTCOMES, 1)
    ]
    write_jsonl(exchanges, stage.folder / "mixed.jsonl")
    stage.environment["LANG"] = "C.UTF-8"
    return stage


def test_all_there_is_to_count_is_told_in_lines(mixed: Stage) -> None:
    ran = mixed.run("stats", "mixed.jsonl")
    assert (ran.code, ran.said) == (0, "")
    assert ran.out.splitlines()[:8] == [
        "invocations 10",
        "errors      2 (20.00 %): 1 raised, 1 timed out",
        "rejections  1, 1 of them throttled (429)",
        "at once     at most 2",
        "duration    average 339 ms · min 1.5 ms · max 3000 ms",
        "percentiles p50 1.5 ms · p90 3000 ms · p95 3000 ms · p99 3000 ms",
        "cold starts 1 · average 35.0 ms · max 35.0 ms",
        "memory      at most 31.5 MB",
    ]
    assert "over time   ▁" in ran.out or "over time   █" in ran.out
    assert "     1 to 2 ms  6  ████████████████████████████████████████\n" in ran.out


def test_pictures_are_ascii_where_the_locale_is(mixed: Stage) -> None:
    mixed.environment["LANG"] = "C"
    out = mixed.run("stats", "mixed.jsonl").out
    assert "     1 to 2 ms  6  ########################################\n" in out
    assert not set("█▁▂▃▄▅▆▇▏") & set(out)


def test_a_query_narrows_what_is_counted(mixed: Stage) -> None:
    for words in (("event.trigger == 'obs'",), ("--where", "event.trigger == 'obs'")):
        (group,) = json.loads(mixed.run("stats", "mixed.jsonl", *words, "--json").out)["groups"]
        assert (group["invocations"], group["errors"], group["p50_ms"]) == (5, 1, 1.5)


@pytest.mark.parametrize(
    ("by", "groups"),
    [
        pytest.param("trigger", {"lts": 5, "obs": 5}, id="trigger"),
        pytest.param("outcome", {"returned": 7, "raised": 1, "rejected": 1, "timed_out": 1}, id="outcome"),
        pytest.param("status", {"null": 9, "429": 1}, id="status"),
        pytest.param("event.body.n > `7`", {"false": 7, "true": 3}, id="expression"),
        pytest.param("{t: event.trigger}", {'{"t": "lts"}': 5, '{"t": "obs"}': 5}, id="object"),
    ],
)
def test_groups_are_by_a_column_or_an_expression(mixed: Stage, by: str, groups: dict[str, int]) -> None:
    found = json.loads(mixed.run("stats", "mixed.jsonl", "--by", by, "--json").out)
    assert {group["name"]: group["invocations"] for group in found["groups"]} == groups
    assert list(groups) == [group["name"] for group in found["groups"]]
    rows = mixed.run("stats", "mixed.jsonl", "--by", by).out.splitlines()
    assert len(rows) == len(groups) + 1


def test_a_query_and_groups_go_together(mixed: Stage) -> None:
    ran = mixed.run("stats", "mixed.jsonl", "outcome.kind != 'returned'", "--by", "event.trigger", "--json")
    assert [(each["name"], each["invocations"]) for each in json.loads(ran.out)["groups"]] == [("lts", 2), ("obs", 1)]


def test_many_groups_are_cut_with_a_note(stage: Stage) -> None:
    write_jsonl((an_exchange(number=at) for at in range(1, 71)), stage.folder / "m.jsonl")
    ran = stage.run("stats", "m.jsonl", "--by", "id")
    assert len(ran.out.splitlines()) == 51
    assert ran.said == "20 more groups, the largest of 1; --json has them all\n"
    assert len(json.loads(stage.run("stats", "m.jsonl", "--by", "id", "--json").out)["groups"]) == 70


def test_an_expression_that_is_nothing_everywhere_is_said(mixed: Stage) -> None:
    ran = mixed.run("stats", "mixed.jsonl", "--by", "evnt.trigger")
    assert ran.said == "evnt.trigger is null for every exchange; see: fgtui help statistics\n"


def test_an_empty_session_is_told_in_words(stage: Stage) -> None:
    stage.run("sessions", "create", "empty")
    assert stage.run("stats", "empty").said == "empty is empty: there is nothing to count\n"
    assert json.loads(stage.run("stats", "empty", "--json").out)["groups"] == []


def test_what_matches_nothing_or_cannot_be_tried_is_told(mixed: Stage) -> None:
    ran = mixed.run("stats", "mixed.jsonl", "event.trigger == 'cts'")
    assert (ran.code, ran.out) == (0, "")
    assert ran.said == "no exchange of mixed.jsonl matches: there is nothing to count\n"
    ran = mixed.run("stats", "mixed.jsonl", "length(event.body.n) > `1`")
    assert ran.said.startswith("warning: 10 exchanges could not be tried; the first: ")


def test_imported_events_are_no_invocations(stage: Stage) -> None:
    never = an_exchange(outcome=Cancelled(), target=TargetSummary(NO_TARGET, ""))
    write_jsonl([never], stage.folder / "n.jsonl")
    assert (
        stage.run("stats", "n.jsonl").out
        == "invocations 0\nerrors      0\nrejections  0\nnever sent  1 imported, and no invocations\n"
    )


def test_a_hostile_name_acts_on_no_terminal(stage: Stage) -> None:
    hostile = an_exchange(an_event("{}", "\x1b[2J[/b]" + "x" * 300), started_at=MOMENT + timedelta(days=1))
    write_jsonl([hostile, an_exchange()], stage.folder / "h.jsonl")
    out = stage.run("stats", "h.jsonl", "--by", "trigger", terminal=True).out
    assert "\x1b" not in out
    assert "\\e[2J[/b]xx" in out
    assert "\x1b" not in stage.run("stats", "h.jsonl", "--by", "trigger", "--json").out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(("nothing",), "there is no session 'nothing'", id="session"),
        pytest.param(("x.jsonl",), "there is no file", id="file"),
        pytest.param(("mixed.jsonl", "a["), "not JMESPath", id="expression"),
        pytest.param(("mixed.jsonl", "--by", "a["), "not JMESPath", id="by"),
        pytest.param(("mixed.jsonl", "a", "--where", "b"), "EXPR and --where are the same", id="both"),
    ],
)
def test_what_cannot_be_counted_is_a_usage_error(mixed: Stage, words: tuple[str, ...], said: str) -> None:
    ran = mixed.run("stats", *words)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.said


def test_recordings_of_the_store_are_counted(recorded: Stage, tmp_path: Path) -> None:
    ran = recorded.run("stats", "orders", "--by", "trigger", "--json")
    assert [(each["name"], each["invocations"], each["errors"]) for each in json.loads(ran.out)["groups"]] == [
        ("lts", 2, 0),
        ("obs", 1, 0),
    ]


@pytest.mark.parametrize(
    "words", [(), ("event.body",), ("--by", "trigger"), ("--by", "outcome.kind"), ("seq", "--by", "event.trigger")]
)
def test_of_a_damaged_store_what_can_be_read_is_counted(recorded: Stage, words: tuple[str, ...]) -> None:
    (file,) = recorded.folder.parent.rglob("sessions.db")
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("UPDATE content SET crc = crc + 1 WHERE id = 2")
        connection.commit()
    ran = recorded.run("stats", "orders", *words, "--json")
    assert ran.code == 4
    assert sum(group["invocations"] for group in json.loads(ran.out)["groups"]) == 2
    assert "1 of 3 exchanges of orders cannot be read" in ran.said
    if "event.trigger" in words:
        assert {group["name"]: group["invocations"] for group in json.loads(ran.out)["groups"]} == {"lts": 1, "obs": 1}
