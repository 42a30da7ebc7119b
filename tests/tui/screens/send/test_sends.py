"""What a send leaves on the screen, in the session and on the clipboard."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from textual import events

from fgtui.tui.actions import Where
from fgtui.tui.screens.dialogs import Chooser
from fgtui.tui.screens.workbench import Opening
from tests.factories import an_event, an_exchange
from tests.tui.bench import Bench, a_bench

NO_CLIPBOARD = {"DISPLAY": "", "WAYLAND_DISPLAY": "", "WSL_DISTRO_NAME": ""}


async def test_what_was_just_sent_is_copied_as_it_was_recorded(tmp_path: Path, own_home: Path) -> None:
    async with a_bench(tmp_path, environment=NO_CLIPBOARD) as bench:
        bench.screen.open_text('{"password": "hunter2-hunter2"}', "blank", "secret")
        await bench.send()
        await bench.sees('"password": "hunter2-hunter2"')
        bench.screen.focus_pane(Where.OUTCOME)
        await bench.pilot.pause()
        await bench.press("y")
        await bench.sees("Copy, redacted")
        await bench.press("x")
        await bench.hears("written to ")
    copied = (own_home / "data" / "copied.txt").read_text()
    line = json.loads(copied)
    assert (line["session"], line["seq"]) == ("default", 1)
    assert "hunter2" not in copied


async def test_what_is_pasted_right_before_the_key_that_sends_is_what_is_sent(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        bench.screen.open_text('{"old": 1}', "blank", "pasted over")
        await bench.press("f7")
        bench.app.post_message(events.Paste('{"new": 2}'))
        bench.app.post_message(events.Key("f5", None))
        await bench.sees("returned")
        assert bench.workspace.store.get("default", 1).event.text == '{"new": 2}'


async def test_only_the_row_of_what_is_shown_carries_the_sign_in_whichever_session(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        await bench.send()
        await bench.sees("▸  1")
        bench.screen.set_session("other")
        await bench.sees("Nothing recorded yet")
        bench.workspace.store.append("other", an_exchange(number=1))
        bench.screen.set_session("other")
        await bench.sees("Session other · 1")
        assert "▸  1" not in bench.text
        bench.screen.set_session("default")
        await bench.sees("▸  1")


SLOW_START = """\
import time
print("importing", flush=True)
time.sleep(600)
"""


async def test_an_instance_that_is_being_started_is_said_to_be_starting(tmp_path: Path) -> None:
    (tmp_path / "late.py").write_text(SLOW_START + "def handler(event, context): pass\n")
    async with a_bench(tmp_path, opening=Opening(target="late.handler")) as bench:
        bench.screen.targets._limited("600 128")
        await bench.press("ctrl+j")
        await bench.sees("importing")
        assert bench.screen.outcome_view.words.startswith("… starting · ")
        assert bench.screen.outcome_view.words.endswith(" s · Esc cancels")
        await bench.press("escape")
        await bench.sees("○ cancelled")


async def test_a_handler_that_was_called_is_said_to_be_running(tmp_path: Path) -> None:
    async with a_bench(tmp_path, opening=Opening(target="index.slow")) as bench:
        bench.screen.targets._limited("600 128")
        await bench.press("ctrl+j")
        await bench.sees("under way")
        await bench.until(lambda: bench.screen.outcome_view.words.startswith("… running · "), "it is running")
        await bench.press("escape")
        await bench.sees("○ cancelled")


async def test_while_time_passes_only_the_title_is_drawn(tmp_path: Path) -> None:
    async with a_bench(tmp_path, opening=Opening(target="index.slow")) as bench:
        screen = bench.screen
        screen.targets._limited("600 128")
        await bench.press("ctrl+j")
        await bench.sees("under way")
        drawn: list[object] = []
        for widget in (screen.outcome_view.text, screen.trigger_list.rows, screen.session_pane.table, screen.key_bar):

            def draw(y: int, widget: Any = widget, render_line: Any = widget.render_line) -> Any:
                drawn.append(widget)
                return render_line(y)

            widget.render_line = draw
        before = screen.outcome_view.words
        await bench.until(lambda: screen.outcome_view.words != before, "time passes")
        await bench.sees(screen.outcome_view.words)
        assert drawn == []
        await bench.press("escape")
        await bench.sees("cancelled")


SECRET = '{"password": "hunter2-hunter2"}'
REFERENCES = '[targets.mine]\nhandler = "index.echo"\n[replay.secrets]\npassword = "${env:THE_PASSWORD}"\n'


async def a_redacted_one(bench: Bench) -> str:
    """Record an exchange with a secret, show its session, and put the keys there; its event as it was recorded."""
    kept = bench.workspace.store.append("orders", an_exchange(an_event(SECRET), body=SECRET))
    bench.screen.set_session("orders")
    bench.screen.focus_pane(Where.SESSION)
    await bench.sees("Session orders · 1")
    await bench.pilot.pause()
    return kept.event.text


def asks(bench: Bench) -> bool:
    return isinstance(bench.app.screen, Chooser)


async def test_placeholders_are_not_sent_from_the_editor_unasked_and_the_record_lists_them(tmp_path: Path) -> None:
    async with a_bench(tmp_path, size=(80, 24)) as bench:
        redacted = await a_redacted_one(bench)
        await bench.press("e")
        await bench.until(lambda: bench.screen.event_pane.editor.text == redacted, "its event is in the editor")
        for unwilling in ("escape", "enter", "n"):
            await bench.press("ctrl+j")
            await bench.until(lambda: asks(bench), "it asks")
            await bench.sees("redacted at password, so it is not what was sent")
            await bench.press(unwilling)
            await bench.until(lambda: not asks(bench), "it has been answered")
        assert bench.workspace.store.count("orders") == 1
        await bench.press("ctrl+j")
        await bench.until(lambda: asks(bench), "it asks")
        await bench.press("y")
        await bench.until(lambda: bench.workspace.store.count("orders") == 2, "it is sent and recorded")
        await bench.until(lambda: bench.screen.sends.running is None, "the screen has heard of it")
        kept = bench.workspace.store.get("orders", 2)
        assert kept.event.redacted == ("password",)
        bench.screen.sends.replay(kept)
        await bench.hears("not sent: redacted at password")
        assert bench.workspace.store.count("orders") == 2


async def test_placeholders_are_filled_in_from_the_settings_and_what_was_is_kept_nowhere(tmp_path: Path) -> None:
    async with a_bench(
        tmp_path,
        opening=Opening(target="mine"),
        settings=REFERENCES,
        environment={"THE_PASSWORD": "hunter2-hunter2"},
        trust_project=True,
    ) as bench:
        redacted = await a_redacted_one(bench)
        await bench.press("e")
        await bench.until(lambda: bench.screen.event_pane.editor.text == redacted, "its event is in the editor")
        await bench.press("ctrl+j")
        await bench.sees("fill them in from [replay.secrets]")
        await bench.press("f")
        await bench.sees("Session orders · 2")
        bench.screen.focus_pane(Where.SESSION)
        await bench.pilot.pause()
        await bench.press("end", "r")
        await bench.sees("Session orders · 3")
        for seq in (2, 3):
            kept = bench.workspace.store.get("orders", seq)
            assert kept.event.text == kept.outcome.body.decode() == redacted
            assert kept.event.redacted == ("password",)
        assert kept.replay_of is not None


async def test_a_replay_of_a_redacted_event_says_which_value_the_settings_do_not_have(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        await a_redacted_one(bench)
        await bench.press("r")
        await bench.hears("not sent: redacted at password")
        await bench.sees("[replay.secrets] can refer")
        assert not asks(bench)
