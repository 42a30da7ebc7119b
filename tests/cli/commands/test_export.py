"""``fgtui export``."""

from __future__ import annotations

import json
import signal
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from fgtui.cli.signals import Stopped
from fgtui.invoke.model import Cancelled, Returned, TargetSummary
from fgtui.sessions.format import dump_line
from fgtui.sessions.interchange import exporting
from fgtui.sessions.interchange.har import HarFile
from fgtui.sessions.interchange.json_lines import JsonLines, write_jsonl
from fgtui.sessions.model import NO_TARGET
from tests.cli.stage import Stage
from tests.factories import an_event, an_exchange


def test_a_session_goes_out_and_opens_elsewhere(recorded: Stage) -> None:
    ran = recorded.run("export", "orders", "-o", "orders.jsonl")
    assert (ran.code, ran.out, ran.said) == (0, "", "orders.jsonl: 3 exchanges\n")
    file = recorded.folder / "orders.jsonl"
    assert JsonLines(file).name == "orders"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    shown = recorded.run("show", "orders", "--json").out
    assert recorded.run("show", "orders.jsonl", "--json").out == shown


def test_the_ending_says_the_form_and_format_wins(recorded: Stage) -> None:
    assert recorded.run("export", "orders", "-o", "o.har").code == 0
    assert recorded.run("export", "orders", "-o", "test_o.py").code == 0
    assert {stat.S_IMODE((recorded.folder / name).stat().st_mode) for name in ("o.har", "test_o.py")} == {0o600}
    assert len(list(HarFile(recorded.folder / "o.har"))) == 3
    assert recorded.run("export", "orders", "-o", "o.txt", "--format", "har").code == 0
    assert len(list(HarFile(recorded.folder / "o.txt"))) == 3


def test_a_file_of_lines_becomes_an_archive(stage: Stage) -> None:
    write_jsonl([an_exchange(seq=1)], stage.folder / "in.jsonl")
    assert stage.run("export", "in.jsonl", "-o", "out.har").said == "out.har: 1 exchange\n"
    archive = HarFile(stage.folder / "out.har")
    assert list(archive) == [an_exchange(seq=1)]
    assert archive.said_name == "in"


def test_a_query_chooses(recorded: Stage) -> None:
    assert recorded.run("export", "orders", "-o", "o.jsonl", "--where", "event.trigger == 'obs'").code == 0
    assert [each.seq for each in JsonLines(recorded.folder / "o.jsonl")] == [3]


def test_what_matches_nothing_writes_nothing(recorded: Stage) -> None:
    ran = recorded.run("export", "orders", "-o", "o.jsonl", "--where", "event.trigger == 'cts'")
    assert (ran.code, ran.said) == (0, "no exchange of orders to export; nothing was written\n")
    assert not (recorded.folder / "o.jsonl").exists()


def test_stdout_takes_lines_or_what_is_asked_for(recorded: Stage) -> None:
    lines = recorded.run("export", "orders", "-o", "-")
    assert [json.loads(line).get("seq") for line in lines.out.splitlines()] == [None, 1, 2, 3]
    assert lines.said == "stdout: 3 exchanges\n"
    archive = recorded.run("export", "orders", "-o", "-", "--format", "har")
    assert len(json.loads(archive.out)["log"]["entries"]) == 3


def test_tests_are_python_that_compiles(recorded: Stage) -> None:
    assert recorded.run("export", "orders", "-o", "test_orders.py", "--target", "src/index.handler").code == 0
    text = (recorded.folder / "test_orders.py").read_text()
    compile(text, "test_orders.py", "exec")
    assert "src/index.handler" in text


def test_events_that_were_never_sent_make_no_test(stage: Stage) -> None:
    never = an_exchange(outcome=Cancelled(), target=TargetSummary(NO_TARGET, ""))
    write_jsonl([never], stage.folder / "n.jsonl")
    ran = stage.run("export", "n.jsonl", "-o", "test_n.py")
    assert ran.said == (
        "no exchange of n.jsonl to export; nothing was written\n"
        "warning: 1 event was never sent, so there is nothing a test could expect\n"
    )
    assert not (stage.folder / "test_n.py").exists()
    assert stage.run("export", "n.jsonl", "-o", "n.har").code == 0


def secrets(stage: Stage) -> Path:
    """A file that somebody wrote by hand, with secrets that no recording would hold."""
    file = stage.folder / "s.jsonl"
    answer = Returned(body=b'{"token": "x9y8z7"}')
    given = [an_exchange(an_event(f'{{"password": "hunter2", "n": {at}}}'), answer, number=at, seq=at) for at in (1, 2)]
    file.write_text("\n".join(map(dump_line, given)))
    return file


@pytest.mark.parametrize("name", ["out.jsonl", "out.har", "test_out.py"])
def test_secrets_stay_here_whatever_the_source_holds(stage: Stage, name: str) -> None:
    secrets(stage)
    ran = stage.run("export", "s.jsonl", "-o", name)
    assert ran.said == f"{name}: 2 exchanges; 4 values redacted (4 of them only now)\n"
    text = (stage.folder / name).read_text()
    assert "hunter2" not in text
    assert "x9y8z7" not in text


def test_a_preview_lists_what_is_replaced_and_writes_nothing(stage: Stage) -> None:
    secrets(stage)
    ran = stage.run("export", "s.jsonl", "-o", "out.jsonl", "--preview")
    assert not (stage.folder / "out.jsonl").exists()
    header, *rows = ran.out.splitlines()
    assert header.split() == ["place", "what", "exchanges", "stands", "there"]
    assert [row.split()[0] for row in rows] == ["event.password", "outcome.result.token"]
    assert all("<redacted:" in row for row in rows)
    found = json.loads(stage.run("export", "s.jsonl", "--preview", "--json").out)
    assert [(each["path"], each["exchanges"], each["distinct"]) for each in found] == [
        ("event.password", 2, 1),
        ("outcome.result.token", 2, 1),
    ]
    assert "hunter2" not in ran.out


def test_a_preview_of_nothing_says_so(recorded: Stage) -> None:
    assert recorded.run("export", "orders", "--preview").said == "nothing in orders is redacted\n"


def test_nothing_is_written_over_or_through(recorded: Stage) -> None:
    file = recorded.folder / "o.jsonl"
    file.write_text("precious")
    ran = recorded.run("export", "orders", "-o", "o.jsonl")
    assert (ran.code, ran.said) == (2, "error: o.jsonl exists; nothing was written\n  --force replaces it\n")
    assert file.read_text() == "precious"
    assert recorded.run("export", "orders", "-o", "o.jsonl", "--force").code == 0
    assert len(list(JsonLines(file))) == 3
    (recorded.folder / "l.jsonl").symlink_to(file)
    ran = recorded.run("export", "orders", "-o", "l.jsonl", "--force")
    assert ran.code == 2
    assert "l.jsonl is a link; nothing was written" in ran.said
    assert sorted(each.name for each in recorded.folder.iterdir()) == ["l.jsonl", "o.jsonl"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param((), "name where to write: -o FILE, or -o - for stdout", id="nowhere"),
        pytest.param(("-o", "x"), "the ending of x does not say which form it has", id="no-form"),
        pytest.param(("-o", "x.har", "--format", "hra"), "there is no format 'hra'", id="format"),
        pytest.param(("-o", ""), "-o names no file: it is empty", id="empty"),
        pytest.param(("-o", "x.har", "--json"), "--json is for --preview", id="json"),
        pytest.param(("-o", "x.har", "--target", "index.handler"), "--target is for tests", id="target"),
        pytest.param(("-o", "x.har", "--where", "a["), "not JMESPath", id="where"),
        pytest.param(("-o", "missing/x.har"), "missing/x.har could not be written: No such file", id="folder"),
    ],
)
def test_what_cannot_be_exported_is_a_usage_error(recorded: Stage, words: tuple[str, ...], said: str) -> None:
    ran = recorded.run("export", "orders", *words)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.said
    assert list(recorded.folder.iterdir()) == []


def test_there_has_to_be_something_to_export(stage: Stage) -> None:
    assert "there is no session 'nothing'" in stage.run("export", "nothing", "-o", "x.har").said
    assert "there is no file" in stage.run("export", "x.jsonl", "-o", "x.har").said


def test_an_export_that_is_stopped_says_what_became_of_it(recorded: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: object, **__: object) -> Iterator[bytes]:
        yield b"{}\n"
        raise Stopped(signal.SIGINT)

    monkeypatch.setattr(exporting, "pieces", stopped)
    ran = recorded.run("export", "orders", "-o", "o.jsonl")
    assert (ran.code, ran.said) == (130, "stopped; nothing was written\n")
    assert list(recorded.folder.iterdir()) == []
    ran = recorded.run("export", "orders", "-o", "-")
    assert (ran.code, ran.data, ran.said) == (130, b"{}\n", "stopped; the output is incomplete\n")
