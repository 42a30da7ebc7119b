"""What leaves is seen first: every form of a report, what is replaced in it, and by which way it went."""

from __future__ import annotations

import json
from pathlib import Path

from fgtui.tui.actions import Where
from fgtui.tui.screens.dialogs import Prompt
from fgtui.tui.screens.outcome.reporting import FORMS
from tests.factories import an_event, an_exchange
from tests.tui.bench import Bench, a_bench

SMALL = (100, 24)

NO_CLIPBOARD = {"DISPLAY": "", "WAYLAND_DISPLAY": "", "WSL_DISTRO_NAME": "", "TMUX": ""}
SECRET = '{"password": "hunter2-hunter2", "名字": "失败 [/x]"}'


async def a_recording(bench: Bench, wire: str = SECRET, logs: str = "") -> None:
    bench.workspace.store.append("orders", an_exchange(an_event(wire), logs=logs))
    bench.screen.set_session("orders")
    bench.screen.focus_pane(Where.SESSION)
    await bench.sees("Session orders · 1")


async def test_b_twice_copies_the_bug_report_that_was_seen_and_letters_show_the_other_forms(
    tmp_path: Path, own_home: Path
) -> None:
    copied = own_home / "data" / "copied.txt"
    async with a_bench(tmp_path, environment=NO_CLIPBOARD, size=SMALL) as bench:
        await a_recording(bench)
        await bench.press("b", "b")
        await bench.hears("bug report: ")
        assert copied.read_text().startswith("#")
        assert "失败 [/x]" in copied.read_text()
        assert "hunter2" not in copied.read_text()
        await bench.sees("1 value is replaced:")
        await bench.sees("event.password")
        for form in FORMS[1:]:
            await bench.press(form.letter, "y")
            await bench.hears(f"{form.what}: ")
        assert "<redacted:" in copied.read_text()
        await bench.press("escape")
        assert bench.app.screen is bench.screen


async def test_a_report_is_saved_but_never_over_a_file_unasked(tmp_path: Path) -> None:
    async with a_bench(tmp_path, size=SMALL) as bench:
        await a_recording(bench)
        (tmp_path / "orders-1.json").write_text("mine")
        await bench.press("b")
        await bench.sees("what will leave")
        await bench.press("J")
        await bench.press("s")
        await bench.sees("Save the exchange")
        await bench.press("enter")
        await bench.sees("Replace the file?")
        await bench.press("n")
        assert (tmp_path / "orders-1.json").read_text() == "mine"
        await bench.press("s")
        await bench.fill("absent/file", "enter")
        await bench.sees("there is no folder")
        assert isinstance(bench.app.screen, Prompt)
        await bench.fill("other.json", "enter")
        await bench.hears("written to ")
        assert json.loads((tmp_path / "other.json").read_text())["session"] == "orders"
