"""More records, fewer records, and new ids at each send."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from fgtui.tui.text.document import Form
from tests.tui.bench import Bench, a_bench


def records(bench: Bench) -> list[Any]:
    found: list[Any] = json.loads(bench.screen.event_pane.editor.wire())["Records"]
    return found


async def asked(bench: Bench, count: str) -> None:
    await bench.screen.perform("batch-event")
    await bench.sees("How many records?")
    await bench.fill(count)


async def test_records_get_ids_of_their_own_and_one_is_left_again(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        before = bench.screen.event_pane.editor.text
        await asked(bench, "7")
        await bench.sees("With 7 it comes to about 8 KiB.")
        await bench.press("enter")
        await bench.until(lambda: len(records(bench)) == 7, "there are seven")
        keys = {each["responseElements"]["x-amz-request-id"] for each in records(bench)}
        assert len(keys) == 7
        await asked(bench, "1")
        await bench.press("enter")
        await bench.until(lambda: len(records(bench)) == 1, "there is one")
        assert bench.screen.event_pane.editor.text == before
        await bench.press("ctrl+underscore")
        assert len(records(bench)) == 7
        await bench.press("ctrl+underscore")
        assert bench.screen.event_pane.editor.text == before


async def test_limits_and_wrong_numbers_are_said_before(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        await asked(bench, "10000")
        await bench.sees("at most 256 KiB")
        await bench.sees("at most 6 MiB")
        await bench.fill("0", "enter")
        await bench.sees("a number from 1 to 10,000")
        await bench.press("escape")
        assert len(records(bench)) == 1


async def test_a_trigger_without_records_says_so(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        bench.screen.jumping.open_trigger("apig")
        await bench.screen.perform("batch-event")
        await bench.hears("has no records to repeat")


async def test_the_decoded_form_stays_the_form(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        await bench.press("ctrl+t")
        await bench.until(lambda: bench.screen.event_pane.editor.form is Form.DECODED, "it is decoded")
        await asked(bench, "3")
        await bench.press("enter")
        await bench.until(lambda: bench.screen.event_pane.editor.text.count('"$form"') == 3, "there are three")
        assert bench.screen.event_pane.editor.form is Form.DECODED


async def test_each_send_gets_new_ids_while_that_is_on_and_the_text_stays(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        before = bench.screen.event_pane.editor.text
        await bench.screen.perform("toggle-fresh")
        await bench.sees("new ids at each send")
        await bench.send()
        await bench.send()
        sent = [bench.workspace.store.get("default", seq).event.text for seq in (1, 2)]
        assert len({before, *sent}) == 3
        assert bench.screen.event_pane.editor.text == before
        await bench.screen.perform("toggle-fresh")
        await bench.send()
        assert bench.workspace.store.get("default", 3).event.text == before
