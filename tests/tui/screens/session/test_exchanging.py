"""Recordings as files from the workbench: seen before they leave, whole or not at all, and taken in again once."""

from __future__ import annotations

import json
from pathlib import Path

from fgtui.sessions.model import MARK
from fgtui.tui.actions import Where
from tests.factories import an_event, an_exchange
from tests.tui.bench import Bench, a_bench
from tests.tui.hostile import EVERYTHING, shows_no_control

SMALL = (100, 24)


async def a_session(bench: Bench, count: int = 3) -> None:
    exchanges = [an_exchange(f'{{"n": {number}}}', number=number) for number in range(1, count)]
    exchanges.append(an_exchange(an_event('{"password": "hunter2-hunter2"}'), number=count))
    assert len(list(bench.workspace.store.append_many("orders", exchanges))) == count
    bench.screen.set_session("orders")
    bench.screen.focus_pane(Where.SESSION)
    await bench.sees(f"Session orders · {count}")


async def test_an_export_shows_what_is_redacted_and_comes_back_by_an_import_once(tmp_path: Path) -> None:
    async with a_bench(tmp_path, size=SMALL) as bench:
        await a_session(bench)
        await bench.press("E")
        await bench.sees("Export 3 exchanges of orders")
        await bench.fill("orders.txt", "enter")
        await bench.sees("the ending of orders.txt does not say")
        await bench.fill("mine.jsonl", "enter")
        await bench.sees("Export?")
        await bench.sees("event.password  a value under password  in 1")
        assert not (tmp_path / "mine.jsonl").exists()
        await bench.press("y")
        await bench.hears("3 exchanges written to ")
        written = (tmp_path / "mine.jsonl").read_text()
        assert "hunter2" not in written
        (tmp_path / "mine.jsonl").write_text(written + '{"torn": \n')
        for into, imported in (("copy", "3 imported into copy · 1 passed over"), ("copy", "3 already there")):
            await bench.press("I")
            await bench.sees("Import a file or a folder")
            await bench.fill("mine.jsonl", "enter")
            await bench.sees("Into which session?")
            await bench.fill(into, "enter")
            await bench.hears(imported)
            await bench.sees("Passed over in mine.jsonl")
            await bench.press("escape")
        await bench.sees("Session copy · 3")
        assert bench.workspace.store.count("copy") == 3


async def test_what_is_marked_becomes_an_archive_over_a_file_only_when_asked(tmp_path: Path) -> None:
    async with a_bench(tmp_path, size=SMALL) as bench:
        await a_session(bench)
        bench.workspace.store.annotate("orders", [1], add_tags=(MARK,))
        (tmp_path / "orders.har").write_text("mine")
        await bench.press("E")
        await bench.sees("Export 1 marked exchange of orders")
        await bench.fill("orders.har", "enter")
        await bench.sees("Replace the file?")
        await bench.press("y")
        await bench.sees("Export?")
        assert (tmp_path / "orders.har").read_text() == "mine"
        await bench.press("y")
        await bench.hears("1 exchange written to ")
        assert len(json.loads((tmp_path / "orders.har").read_text())["log"]["entries"]) == 1


async def test_what_cannot_be_imported_is_said_harmlessly(tmp_path: Path) -> None:
    (tmp_path / "bad.jsonl").write_text(
        '{"fgtui": "session", "format": 1, "session": "bad"}\n' + json.dumps({EVERYTHING: EVERYTHING}) + "\n"
    )
    async with a_bench(tmp_path, size=SMALL) as bench:
        await bench.screen.perform("import-recordings")
        await bench.sees("Import a file or a folder")
        for name, words in (
            ("absent [/x].jsonl", "there is no file absent [/x]"),
            ("", "a file or a folder is wanted"),
        ):
            await bench.fill(name, "enter")
            await bench.sees(words)
        await bench.fill("bad.jsonl", "enter")
        await bench.sees("Into which session?")
        await bench.press("enter")
        await bench.sees("Passed over in bad.jsonl")
        assert shows_no_control(bench.text.replace("\n", ""))
