"""``fgtui import``."""

from __future__ import annotations

import json
import os
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fgtui.cli.signals import Stopped
from fgtui.invoke.model import Exchange
from fgtui.sessions.format import dump_line
from fgtui.sessions.interchange import importing
from fgtui.sessions.interchange.importing import _parts
from fgtui.sessions.interchange.json_lines import write_jsonl
from fgtui.sessions.store import SessionStore
from tests.cli.stage import Stage
from tests.factories import an_exchange

HAR = Path(__file__).parents[2] / "data" / "har"


def some(count: int) -> list[str]:
    return [dump_line(an_exchange(number=number, seq=number)) for number in range(1, count + 1)]


def test_what_was_exported_comes_in_as_it_was(recorded: Stage, stage: Stage, tmp_path: Path) -> None:
    for name in ("orders.jsonl", "orders.har"):
        recorded.run("export", "orders", "-o", name)
        recorded.environment["FGTUI_HOME"] = str(tmp_path / f"elsewhere-{name}")
        ran = recorded.run("import", name)
        assert (ran.code, ran.out, ran.said) == (0, "", f"{name}: 3 imported into orders\n")
        again = recorded.run("import", name)
        assert (again.code, again.said) == (0, f"{name}: 0 imported into orders, 3 already there\n")
        assert json.loads(recorded.run("sessions", "--json").out)[0]["count"] == 3


def test_lines_that_are_no_exchanges_are_told_and_passed_over(stage: Stage) -> None:
    one, two = some(2)
    lines = [one, *("torn {" for _ in range(7)), two, '{"format": 9}']
    (stage.folder / "x.jsonl").write_text("\n".join(lines))
    ran = stage.run("import", "x.jsonl", "--into", "orders")
    assert ran.code == 0
    first, *warnings, last = ran.said.splitlines()
    assert first == "x.jsonl: 2 imported into orders, 8 skipped"
    assert warnings == [
        f"warning: x.jsonl:{number}: not JSON: Expecting value: line 1 column 1 (char 0)" for number in range(2, 7)
    ]
    assert last == "3 more reasons; --json lists them"


def test_a_report_is_json_for_machines(stage: Stage) -> None:
    shutil.copy(HAR / "chromium.har", stage.folder)
    (found,) = json.loads(stage.run("import", "chromium.har", "--json").out)
    assert found == {
        "file": "chromium.har",
        "session": "chromium",
        "imported": 3,
        "already": 0,
        "skipped": 1,
        "reasons": [
            {"place": "chromium.har: entry 4", "reason": "not a request over HTTP: wss://shop.example.com/live"}
        ],
    }
    rows = stage.run("show", "chromium").out.splitlines()
    assert len(rows) == 4
    assert all("apig" in row for row in rows[1:])


def test_events_of_a_folder_are_a_session_to_be_replayed(stage: Stage) -> None:
    for trigger in ("obs", "lts"):
        (stage.folder / "events" / trigger).mkdir(parents=True)
        stage.run("event", trigger, "-o", f"events/{trigger}/one.json")
    (stage.folder / "events" / "notes.md").write_text("not an event")
    assert stage.run("import", "events/").said == "events/: 2 imported into events\n"
    exchanges = [json.loads(line) for line in stage.run("export", "events", "-o", "-").out.splitlines()[1:]]
    assert sorted(each["event"]["trigger"] for each in exchanges) == ["lts", "obs"]
    assert {(each["target"]["kind"], each["outcome"]["kind"], *each["tags"]) for each in exchanges} == {
        ("none", "cancelled", "imported")
    }


def test_several_files_come_in_each_where_it_belongs(stage: Stage) -> None:
    write_jsonl([an_exchange(seq=1)], stage.folder / "a.jsonl", session="orders")
    (stage.folder / "put.json").write_text('{"a": 1}')
    (stage.folder / "delete.json").write_text('{"a": 2}')
    ran = stage.run("import", "a.jsonl", "put.json", "delete.json", "put.json")
    assert ran.said.splitlines() == [
        "a.jsonl: 1 imported into orders",
        "put.json: 1 imported into imported",
        "delete.json: 1 imported into imported",
    ]
    assert stage.run("import", "a.jsonl", "put.json", "--into", "all").code == 0
    assert len(stage.run("show", "all").out.splitlines()) == 3


def test_an_import_that_is_stopped_keeps_what_came_in_and_goes_on(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    (stage.folder / "x.jsonl").write_text("\n".join(some(300)))

    def interrupted(*given: object) -> Iterator[list[Exchange]]:
        parts = _parts(*given)
        yield next(parts)
        raise Stopped(signal.SIGINT)

    with monkeypatch.context() as patched:
        patched.setattr(importing, "_parts", interrupted)
        ran = stage.run("import", "x.jsonl")
    assert (ran.code, ran.said) == (130, "x.jsonl: stopped; what came in stays, and the same import goes on\n")
    assert stage.run("import", "x.jsonl").said == "x.jsonl: 44 imported into x, 256 already there\n"


def test_a_dry_run_records_nothing(stage: Stage) -> None:
    (stage.folder / "x.jsonl").write_text("\n".join(some(2)))
    assert stage.run("import", "x.jsonl", "--dry-run").said == "x.jsonl: 2 would be imported into x\n"
    assert stage.run("sessions", "--json").out == "[]\n"


def test_secrets_do_not_come_in(stage: Stage) -> None:
    (stage.folder / "x.json").write_text('{"password": "hunter2"}')
    stage.run("import", "x.json")
    shown = stage.run("show", "imported", "1", "--json").out
    assert "hunter2" not in shown
    assert json.loads(shown)["event"]["redacted"] == ["password"]


def test_nothing_is_imported_when_one_of_several_cannot_be(stage: Stage) -> None:
    (stage.folder / "a.jsonl").write_text("\n".join(some(2)))
    (stage.folder / "b.jsonl").write_text('{"fgtui": "session", "format": 2}\n')
    for other, said in (
        ("b.jsonl", "written by a newer fgtui (format 2; this one knows 1)"),
        ("c.jsonl", "there is no file c.jsonl"),
    ):
        ran = stage.run("import", "a.jsonl", other)
        assert ran.code == 2
        assert said in ran.said
        assert ran.said.endswith("error: nothing was imported: 1 of 2 cannot be read\n  what can be read: a.jsonl\n")
    assert stage.run("sessions", "--json").out == "[]\n"


def test_a_file_without_anything_is_a_failure(stage: Stage) -> None:
    (stage.folder / "bad.json").write_text("{")
    (stage.folder / "good.json").write_text("{}")
    ran = stage.run("import", "good.json", "bad.json")
    assert (ran.code, "warning: bad.json:1:1: " in ran.said) == (2, True)
    assert len(stage.run("show", "imported").out.splitlines()) == 2


def test_a_name_from_a_file_is_a_name_and_no_path(stage: Stage) -> None:
    header = '{"fgtui": "session", "format": 1, "session": "../../\\u001b[2J"}'
    (stage.folder / "x.jsonl").write_text(f"{header}\n{some(1)[0]}")
    ran = stage.run("import", "x.jsonl")
    assert ran.said == "x.jsonl: 1 imported into imported\n"


def test_what_a_file_says_acts_on_no_terminal(stage: Stage) -> None:
    (stage.folder / "\x1b[2J.jsonl").write_text(some(1)[0] + '\n{"format": 1, "id": "\\u001b]0;x"}\nx\x1b[31m')
    ran = stage.run("import", "\x1b[2J.jsonl", "--into", "x")
    assert "\x1b" not in ran.said
    assert "\\e[2J.jsonl:2: " in ran.said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param((), "what shall be imported?", id="nothing"),
        pytest.param(("",), "the name of the file is empty", id="empty"),
        pytest.param(("a.jsonl", "--into", "x.jsonl"), "cannot name a session", id="into"),
        pytest.param(("/dev/zero",), "is no regular file", id="device"),
    ],
)
def test_what_cannot_be_imported_is_a_usage_error(stage: Stage, words: tuple[str, ...], said: str) -> None:
    ran = stage.run("import", *words)
    assert ran.code == 2
    assert said in ran.said


def test_standard_input_and_pipes_that_a_shell_opened_come_in_like_files(stage: Stage) -> None:
    lines = "\n".join(some(2)).encode()
    assert stage.run("import", "-", stdin=lines).said == "standard input: 2 imported into imported\n"
    assert (
        stage.run("import", "-", "--into", "events", stdin=b'{"a": 1}').said
        == "standard input: 1 imported into events\n"
    )
    assert json.loads(stage.run("show", "events", "1", "--json").out)["note"] == "from standard input, never sent"
    reading, writing = os.pipe()
    os.write(writing, b'{"fgtui": "session", "format": 1, "session": "orders"}\n' + lines)
    os.close(writing)
    ran = stage.run("import", f"/dev/fd/{reading}")
    os.close(reading)
    assert ran.said == f"/dev/fd/{reading}: 2 imported into orders\n"
    ran = stage.run("import", "-")
    assert (ran.code, "standard input:1:1: there is no value here" in ran.said) == (2, True)


def test_a_disk_that_gets_full_is_said_with_how_much_came_in(stage: Stage) -> None:
    (stage.folder / "x.jsonl").write_text("\n".join(some(600)))
    assert stage.run("import", "x.jsonl", "--into", "first").code == 0
    fill = SessionStore.append_group

    def filled(store: SessionStore, *given: Any, **more: Any) -> bool:
        if store.count("x"):
            connection = store._database.prepared()
            (pages,) = connection.execute("PRAGMA page_count").fetchone()
            connection.execute(f"PRAGMA max_page_count = {pages}")
        return fill(store, *given, **more)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(SessionStore, "append_group", filled)
        ran = stage.run("import", "x.jsonl", "--into", "x")
    assert ran.code == 4
    assert ran.said.startswith("error: x.jsonl: no space left on ")
    assert ran.said.endswith("; 256 imported before that, and the same import goes on\n")
    assert stage.run("import", "x.jsonl", "--into", "x").said == "x.jsonl: 344 imported into x, 256 already there\n"


def test_the_same_file_again_is_no_failure_though_a_line_of_it_is_none(stage: Stage) -> None:
    (stage.folder / "orders.jsonl").write_text(f"{dump_line(an_exchange(seq=1))}\nno exchange\n")
    for already in (0, 1):
        ran = stage.run("import", "orders.jsonl", "--json")
        (told,) = json.loads(ran.out)
        assert (ran.code, told["already"], told["skipped"]) == (0, already, 1)
