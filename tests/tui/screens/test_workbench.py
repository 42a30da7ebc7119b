"""The workbench as one: open, send, look, find again; nothing lost, nothing frozen, every trouble in words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fgtui.tui.actions import Where
from fgtui.tui.remembered.drafts import Draft
from fgtui.tui.screens.help import HelpScreen
from fgtui.tui.screens.workbench import Opening
from fgtui.tui.widgets.outcome_view import Part
from fgtui.workspace import open_workspace
from tests.factories import MOMENT, an_event, an_exchange
from tests.tui.bench import Bench, a_bench, a_session
from tests.tui.hostile import EVERYTHING, shows_no_control

# Opening


async def test_a_first_run_opens_on_a_template_with_the_bundled_handler_and_sends_at_once(tmp_path: Path) -> None:
    async with a_bench(tmp_path / "empty", opening=Opening()) as bench:
        assert "bundled handler" in bench.lines[0]
        assert "▸OBS" in bench.text
        await bench.send()
        assert bench.screen.outcome_view.words.startswith("✓ returned")
        await bench.sees("example-bucket")
        await bench.sees("Session default · 1")


async def test_a_file_is_opened_and_its_trigger_recognised(tmp_path: Path) -> None:
    (tmp_path / "mine.json").write_text('{"Records": [{"eventName": "ObjectCreated:Put", "s3": {}}]} // mine')
    async with a_bench(tmp_path, opening=Opening(file=Path("mine.json"))) as bench:
        assert bench.screen.event_pane.title.startswith("OBS · mine.json")


async def test_a_long_file_is_open_before_it_is_recognised(tmp_path: Path) -> None:
    event = {"Records": [{"eventName": "ObjectCreated:Put", "s3": {}}], "padding": "x" * 2_000_000}
    (tmp_path / "long.json").write_text(json.dumps(event, indent=1))
    async with a_bench(tmp_path, opening=Opening(file=Path("long.json"))) as bench:
        assert '"Records": [' in bench.text
        await bench.until(lambda: bench.screen.event_pane.title.startswith("OBS · long.json"), "it is recognised")


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("absent.json", None, "there is no file"),
        ("bytes.json", b"\xff\xfe\xff", "mine"),
        ("folder", b"", "no regular file"),
    ],
)
async def test_a_file_that_cannot_be_opened_is_said_and_a_template_stands_there(
    tmp_path: Path, name: str, content: bytes | None, words: str
) -> None:
    if name == "folder":
        (tmp_path / name).mkdir()
    elif content is not None:
        (tmp_path / name).write_bytes(content)
    async with a_bench(tmp_path, opening=Opening(file=Path(name))) as bench:
        await bench.until(lambda: bench.said, "the reason is said")
        assert "Traceback" not in bench.text
        assert bench.screen.event_pane.title.startswith("OBS")


async def test_a_handler_that_is_not_there_is_said_at_the_top_and_again_when_sent_to(tmp_path: Path) -> None:
    async with a_bench(tmp_path, opening=Opening(target="nosuch.handler")) as bench:
        assert "✗" in bench.lines[0]
        await bench.press("ctrl+j")
        await bench.hears("nosuch")
        assert bench.screen.sends.running is None


# Sending


async def test_the_outcome_the_log_and_the_record_of_a_send(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        await bench.send()
        assert bench.screen.outcome_view.words.startswith("✓ returned")
        assert json.loads(bench.screen.outcome_view.text_of(Part.RESULT).text)["Records"]
        bench.screen.outcome_view.part = Part.LOGS
        await bench.sees("echo [/x] \\e[31m")
        await bench.send()
        await bench.sees("Session default · 2")
        assert shows_no_control(bench.text.replace("\n", ""))


async def test_a_handler_that_raises_is_an_outcome_in_words(tmp_path: Path) -> None:
    async with a_bench(tmp_path, opening=Opening(target="index.boom")) as bench:
        await bench.send()
        assert bench.screen.outcome_view.words.startswith("✗ raised ValueError")
        await bench.sees("ValueError: boom [/x] \\e[31m \\u202e")
        await bench.sees("✗ raised")
        assert shows_no_control(bench.text.replace("\n", ""))


async def test_logs_come_while_it_runs_and_escape_cancels(tmp_path: Path) -> None:
    async with a_bench(tmp_path, opening=Opening(target="index.slow")) as bench:
        bench.screen.targets._limits = {"timeout_s": 600}
        bench.screen.targets.choose("index.slow")
        await bench.press("ctrl+j")
        await bench.sees("under way")
        assert "running" in bench.screen.outcome_view.words
        await bench.press("ctrl+j")
        await bench.hears("one event is under way")
        await bench.press("escape")
        await bench.until(lambda: bench.screen.sends.running is None, "the send is over")
        assert bench.screen.outcome_view.words.startswith("○ cancelled")
        await bench.sees("○ cancelled")
        last = bench.workspace.store.last("default")
        assert last is not None
        assert last.outcome.kind == "cancelled"


async def test_text_that_is_no_event_is_not_sent_and_the_cursor_goes_to_the_place(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        bench.screen.open_text('{"a": 1,\n "b": nonsense}', "blank", "broken")
        await bench.send()
        await bench.hears("not sent")
        assert bench.screen.event_pane.editor.area.cursor.row == 1
        await bench.sees("✗ not sent: line 2: ")
        assert bench.workspace.store.count("default") == 0
        bench.app.clear_notifications()
        bench.screen.jumping.open_trigger("lts")
        await bench.until(lambda: "not sent" not in bench.text, "nothing is said of the former event")
        await bench.sees("Ctrl+J sends the event")


async def test_what_cannot_be_recorded_is_sent_and_shown_all_the_same(tmp_path: Path, own_home: Path) -> None:
    (own_home / "data").mkdir(parents=True)
    (own_home / "data" / "sessions.db").write_text("somebody else's file, long enough to be read as one" * 10)
    async with a_bench(tmp_path) as bench:
        await bench.send()
        assert bench.screen.outcome_view.words.startswith("✓ returned")
        await bench.hears("not recorded: ")
        assert bench.screen.outcome_view.words.endswith("· not recorded")
        bench.app.clear_notifications()  # which may lie over what is looked for
        bench.screen.outcome_view.part = Part.EXCHANGE
        await bench.sees("recorded    not recorded: ")
        await bench.sees("✗ ")


async def test_the_answer_shows_as_received_and_the_record_is_redacted(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        bench.screen.open_text('{"password": "hunter2-hunter2"}', "blank", "secret")
        await bench.send()
        await bench.sees('"password": "hunter2-hunter2"')
        bench.screen.focus_pane(Where.SESSION)
        await bench.press("enter")
        await bench.until(lambda: bench.screen.outcome_view.exchange and bench.screen.outcome_view.exchange.seq, "read")
        await bench.pilot.pause()
        assert "hunter2" not in bench.screen.outcome_view.text_of(Part.RESULT).text
        await bench.press("r")
        await bench.hears("redacted at password")


async def test_a_six_megabyte_answer_does_not_freeze_the_screen(tmp_path: Path) -> None:
    async with a_bench(tmp_path, opening=Opening(target="index.big")) as bench:
        await bench.send()
        await bench.press("f1")
        await bench.until(lambda: isinstance(bench.app.screen, HelpScreen), "help opens while the answer is laid out")
        await bench.press("escape")
        await bench.sees('"number": 0')


# Looking back


async def test_enter_shows_a_recorded_exchange_and_leaves_the_editor_alone(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        await a_session(bench)
        before = bench.screen.event_pane.editor.text
        await bench.press("down", "enter")
        await bench.sees("▸ 29")
        assert bench.screen.outcome_view.exchange is not None
        assert bench.screen.outcome_view.exchange.seq == 29
        assert bench.screen.event_pane.editor.text == before


async def test_what_another_process_records_shows_when_the_table_is_looked_at(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        await a_session(bench, 3)
        bench.screen.focus_pane(Where.EVENT)
        other = open_workspace(bench.workspace.settings)
        for number in (4, 5):
            other.store.append("orders", an_exchange(number=number, note=f"from elsewhere {number}"))
        other.close()
        bench.screen.focus_pane(Where.SESSION)
        await bench.sees("Session orders · 5")
        await bench.sees("from elsewhere 4")


async def test_e_opens_its_event_and_keeps_what_was_typed(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        await a_session(bench)
        bench.screen.event_pane.editor.area.replace_all('{"typed": true}')
        await bench.press("e")
        await bench.until(lambda: bench.screen.event_pane.editor.text == '{"n": 30}', "the event is in the editor")
        await bench.hears("kept as a draft")
        assert [draft.text for draft in bench.app.drafts.aside()] == ['{"typed": true}']


async def test_r_sends_again_to_today_s_target_and_shows_the_difference(tmp_path: Path) -> None:
    async with a_bench(tmp_path, opening=Opening(target="index.count")) as bench:
        await a_session(bench, 3)
        await bench.press("r")
        await bench.sees("~ 1 difference to orders #3")
        assert bench.screen.outcome_view.part is Part.DIFF
        await bench.sees("Session orders · 4")
        replayed = bench.workspace.store.last("orders")
        assert replayed is not None
        assert replayed.replay_of == bench.workspace.store.get("orders", 3).id
        bench.screen.session_pane.table.cursor = 0
        bench.screen.focus_pane(Where.SESSION)
        await bench.press("r")
        await bench.sees("= the same as orders #4")


async def test_a_filter_streams_its_matches_says_how_many_and_escape_drops_it(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        await a_session(bench, 340)
        await bench.press("slash")
        await bench.sees("JMESPath")
        await bench.fill("event.body.n > `328`", "enter")
        await bench.sees("12 of 340")
        await bench.sees("Session orders · 12 of 340 · where event.body.n > `328`")
        assert bench.screen.session_pane.table.has_focus
        await bench.press("end", "enter")
        await bench.until(
            lambda: bench.screen.outcome_view.exchange is not None and bench.screen.outcome_view.exchange.seq == 329,
            "the last match is shown",
        )
        bench.screen.focus_pane(Where.SESSION)
        await bench.press("escape")
        await bench.sees("Session orders · 340")


NOTHING_FOUND = {
    "event.body.n >": "column 15",
    "nosuch(@)": "there is no function nosuch",
    "event.body.n == `-1`": "matches nothing",
    "length(`1`)": "could not be tried",
    "[/x]": "column 2",
}


async def test_a_filter_that_finds_nothing_says_why(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        await a_session(bench, 5)
        await bench.press("slash")
        await bench.sees("JMESPath")
        for typed, words in NOTHING_FOUND.items():
            bench.screen.focus_pane(Where.SESSION)
            assert words not in bench.text
            await bench.press("slash")
            await bench.fill(typed, "enter")
            await bench.sees(words)


async def test_decoded_payloads_can_be_filtered(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        wire = '{"lts": {"data": "eyJsb2dzIjpbeyJtZXNzYWdlIjoiYm9vbSJ9XX0="}}'
        bench.workspace.store.append("lts", an_exchange(an_event(wire, "lts")))
        bench.screen.set_session("lts")
        await bench.sees("Session lts · 1")
        bench.screen.focus_pane(Where.SESSION)
        await bench.press("slash")
        await bench.sees("JMESPath")
        await bench.fill("event.decoded.lts.data.logs[0].message == 'boom'", "enter")
        await bench.sees("1 of 1")


async def test_an_expression_that_would_never_end_is_stopped_and_said(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        await a_session(bench, 3)
        bomb = "[seq]" + " | [@,@][]" * 40
        await bench.press("slash")
        await bench.sees("JMESPath")
        await bench.fill(bomb, "enter")
        await bench.sees("read, stopped · where")
        await bench.sees("one exchange")
        await bench.send()
        assert bench.screen.outcome_view.words.startswith("✓ returned"), "and the next thing works"


async def test_the_end_of_a_long_session_is_a_key_away(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        await a_session(bench, 1000)
        await bench.press("end")
        await bench.until(lambda: bench.screen.session_pane.table.row_for(1) is not None, "the oldest page is here")
        assert any(line.split()[1:2] == ["1"] for line in bench.lines)


async def test_a_session_is_switched_made_and_recorded_into(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        await a_session(bench, 3)
        bench.screen.focus_pane(Where.EVENT)
        await bench.press("f3")
        await bench.sees("3 exchanges")
        await bench.fill("mine", "enter")
        await bench.sees("Session mine")
        await bench.until(lambda: bench.screen.session_pane.table.has_focus, "the keys are for its rows")
        await bench.send()
        assert bench.workspace.store.count("mine") == 1
        await bench.press("f3")
        await bench.sees("1 exchange")
        await bench.fill("bad.jsonl", "enter")
        await bench.hears("cannot name a session")


# Events and drafts


async def test_choosing_a_template_keeps_what_was_typed_and_it_can_be_restored(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        bench.screen.event_pane.editor.area.replace_all('{"mine": [1]}')
        bench.screen.focus_pane(Where.TRIGGERS)
        await bench.press("down", "enter")
        await bench.hears("kept as a draft")
        await bench.until(lambda: bench.screen.event_pane.title.startswith("DIS"), "the next trigger is open")
        await bench.screen.perform("restore-draft")
        await bench.sees('{"mine": [1]}')
        await bench.press("enter")
        await bench.until(lambda: bench.screen.event_pane.editor.text == '{"mine": [1]}', "the draft is back")
        await bench.until(lambda: bench.app.drafts.aside() == (), "it is kept as the open text alone")


def in_the_way(home: Path) -> None:
    home.mkdir(exist_ok=True)
    (home / "data").write_text("a file where a folder should be")


async def test_when_a_draft_cannot_be_kept_the_text_stays(tmp_path: Path, own_home: Path) -> None:
    async with a_bench(tmp_path) as bench:
        in_the_way(own_home)
        bench.screen.event_pane.editor.area.replace_all('{"mine": 1}')
        bench.screen.jumping.open_trigger("lts")
        await bench.hears("so it stays")
        assert bench.screen.event_pane.editor.text == '{"mine": 1}'


async def test_unsent_text_survives_and_is_restored_with_a_word(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        bench.screen.event_pane.editor.area.replace_all('{"mine": "[/x]"}')
        await bench.until(lambda: list((tmp_path / "fgtui-home").rglob("open-*.json")), "the draft is on the disk")
        await bench.until(
            lambda: "mine" in next((tmp_path / "fgtui-home").rglob("open-*.json")).read_text(), "with what was typed"
        )
    async with a_bench(tmp_path, opening=Opening()) as bench:
        assert bench.screen.event_pane.editor.text == '{"mine": "[/x]"}'
        assert bench.screen.event_pane.editor.is_modified
        await bench.hears("is back")
        assert bench.screen.target_bar.target.name == "index.echo", "and what was chosen beside it"


async def test_the_workbench_opens_where_it_was_left(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        bench.screen.jumping.open_trigger("timer")
        bench.screen.set_session("nightly")
        await bench.press("ctrl+q")
    async with a_bench(tmp_path, opening=Opening()) as bench:
        assert bench.screen.event_pane.title.startswith("TIMER")
        assert bench.screen.session == "nightly"
        assert bench.said == []


async def test_a_draft_of_a_trigger_that_is_gone_opens_all_the_same(tmp_path: Path, own_home: Path) -> None:
    async with a_bench(tmp_path) as bench:
        drafts = bench.app.drafts
    drafts.save(Draft("{}", "gone [/x]", "gone", modified=True, saved_at=MOMENT, form="wire"))
    drafts.close()
    async with a_bench(tmp_path, opening=Opening()) as bench:
        assert bench.screen.event_pane.editor.text == "{}"


async def test_what_is_pasted_is_checked_as_what_it_is(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        lts = bench.workspace.catalogue.get("lts").templates[0].text
        await bench.until(lambda: bench.screen.event_pane.editor.analysis is not None, "the first text is read")
        bench.screen.event_pane.editor.area.replace_all(lts)
        await bench.until(lambda: bench.screen.event_pane.title.startswith("LTS"), "it is recognised")
        await bench.sees("▸LTS")
        assert bench.screen.trigger_list.rows.current == ("lts", "")
        bench.screen.event_pane.editor.area.action_undo()
        await bench.until(lambda: bench.screen.event_pane.title.startswith("OBS"), "and what it was before, too")
        await bench.sees("▸OBS")
        assert bench.screen.trigger_list.rows.current == ("obs", "default")


async def pasted_over(bench: Bench, key: str) -> None:
    """The default event of a trigger in place of the text of the template that was open."""
    pane = bench.screen.event_pane
    await bench.until(lambda: pane.editor.analysis is not None, "the first text is read")
    pane.editor.area.replace_all(bench.workspace.catalogue.get(key).templates[0].text)
    await bench.until(lambda: pane.title == f"{key.upper()} · modified", "it is recognised")


async def test_the_record_of_what_was_pasted_over_a_template_names_no_template(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        await pasted_over(bench, "lts")
        await bench.send()
        await bench.sees("▸  1")
        event = bench.workspace.store.get("default", 1).event
        assert (event.trigger, event.template) == ("lts", None)


async def test_what_was_pasted_over_a_template_is_not_called_by_it_after_a_restart(tmp_path: Path) -> None:
    async with a_bench(tmp_path, opening=Opening()) as bench:
        await pasted_over(bench, "lts")
        await bench.press("ctrl+q")
    async with a_bench(tmp_path, opening=Opening()) as bench:
        await bench.until(lambda: bench.screen.event_pane.title == "LTS · modified · draft", "it is back, as a draft")


async def test_ids_and_times_are_renewed_in_one_step_that_can_be_undone(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        bench.screen.jumping.open_trigger("smn")
        editor = bench.screen.event_pane.editor
        before = editor.text
        await bench.screen.perform("renew-event")
        await bench.until(lambda: editor.text != before, "something is new")
        assert len(editor.text.split("\n")) == len(before.split("\n"))
        await bench.screen.perform("undo")
        assert editor.text == before


async def test_an_event_is_searched_around_its_end(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        bench.screen.open_text('{"needle": 1,\n"a": 2,\n"b": "Needle [/x]"}', "blank", "text")
        bench.screen.focus_pane(Where.EVENT)
        await bench.press("ctrl+f")
        await bench.sees("find; Enter next")
        await bench.fill("needle")
        area = bench.screen.event_pane.editor.area
        await bench.until(lambda: area.selected_text == "needle", "the first place is selected")
        await bench.press("ctrl+g")
        assert area.selected_text == "Needle"
        await bench.press("ctrl+g")
        assert area.cursor.row == 0


async def test_a_path_leads_to_its_value_through_what_is_encoded(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        await bench.screen.perform("go-to-path")
        await bench.sees("Go to a path")
        await bench.fill("Recordz[", "enter")
        await bench.sees("✗")
        await bench.fill("Records[0].s3.object.key", "enter")
        await bench.until(
            lambda: bench.screen.event_pane.editor.path_at_cursor() == ("Records", 0, "s3", "object", "key"),
            "the cursor is there",
        )


# The target


CONSENT = """\
default_target = "thumb"
[targets.thumb]
handler = "index.echo"
environment = { TOKEN = "[/x]" }
"""


async def test_what_a_project_names_is_shown_and_asked_for_once(tmp_path: Path) -> None:
    async with a_bench(tmp_path, opening=Opening(), settings=CONSENT) as bench:
        assert "waits for your yes" in bench.lines[0]
        await bench.press("ctrl+j")
        await bench.sees("targets.thumb.environment.TOKEN = [/x]")
        await bench.press("escape")
        assert bench.screen.targets.target is None
        await bench.press("ctrl+j")
        await bench.sees("where calls go, and with whose credentials")
        await bench.sees("May this project do this?")
        await bench.press("enter")
        assert bench.screen.targets.target is None, "no yes by a stray Enter"
        await bench.press("ctrl+j")
        await bench.sees("May this project do this?")
        await bench.press("y")
        await bench.until(lambda: bench.screen.targets.target is not None, "there is a target")
        await bench.send()
        assert bench.screen.outcome_view.words.startswith("✓ returned")
    async with a_bench(tmp_path, opening=Opening(), settings=CONSENT) as bench:
        assert bench.screen.targets.target is not None


async def test_handlers_in_the_folder_are_offered_and_others_can_be_typed(tmp_path: Path) -> None:
    async with a_bench(tmp_path, opening=Opening()) as bench:
        await bench.press("f4")
        await bench.sees("index.boom")
        await bench.fill("boom", "enter")
        await bench.until(lambda: "index.boom" in bench.lines[0], "it is the target")
        await bench.press("f4")
        await bench.sees("index.count")
        await bench.fill("nosuch.handler", "enter")
        await bench.sees("✗ ")
        await bench.press("escape")
        assert "index.boom" in bench.lines[0], "the one that worked stays"


async def test_limits_are_checked_and_hold(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        await bench.screen.perform("set-limits")
        await bench.sees("Limits of the target")
        await bench.fill("soon", "enter")
        await bench.sees("two numbers are wanted")
        await bench.fill("0.5 64", "enter")
        await bench.until(lambda: "64 MB 0.5 s" in bench.lines[0], "the limits show")
        assert bench.screen.targets.target.timeout_s == 0.5


# Panes


@pytest.mark.parametrize("size", [(160, 45), (100, 40), (80, 24), (60, 20), (40, 12)])
async def test_every_pane_can_be_reached_and_its_title_says_so(tmp_path: Path, size: tuple[int, int]) -> None:
    async with a_bench(tmp_path, size=size) as bench:
        bench.screen.event_pane.editor.go_to_path(("Records", 0, "eventName"))
        await bench.until(lambda: bench.screen.event_pane.holds_field, "the cursor is in a field")
        seen = []
        for _ in range(5):
            await bench.press("f6")
            await bench.pilot.pause()
            seen.append(bench.screen.where)
            focused = bench.app.focused
            assert focused is not None
            assert focused.region.width > 0, "what has the focus is on the screen"
            assert focused.region.height > 0
            assert bench.text.count("▸ ") >= 1
        assert set(seen) == {Where.TRIGGERS, Where.EVENT, Where.FIELD, Where.OUTCOME, Where.SESSION}
        for _ in range(5):
            await bench.press("shift+tab")
        assert bench.screen.where is Where.EVENT


async def test_a_narrow_screen_turns_to_the_outcome_of_a_send(tmp_path: Path) -> None:
    async with a_bench(tmp_path, size=(60, 20)) as bench:
        assert not bench.screen.session_pane.region
        assert " 1 Triggers ▸2 Event  3 Outcome  4 Session " in bench.lines[1]
        await bench.send()
        await bench.sees("✓ returned")
        assert bench.screen.where is Where.OUTCOME


async def test_one_pane_can_have_the_whole_screen(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        await bench.press("f8")
        await bench.until(lambda: "Triggers" not in bench.text, "the event is alone")
        await bench.press("f8")
        await bench.sees("Triggers")


async def test_resizing_keeps_every_layout_usable(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        for size in ((60, 20), (160, 45), (80, 24), (30, 8), (130, 40)):
            await bench.pilot.resize_terminal(*size)
            await bench.pilot.pause()
            await bench.until(lambda size=size: len(bench.lines) == size[1], "it is drawn anew")
            assert "send" in bench.lines[-1]


@pytest.mark.parametrize(("where", "lower"), [(Where.SESSION, Where.OUTCOME), (Where.OUTCOME, Where.SESSION)])
async def test_the_pane_with_the_focus_stays_in_sight_where_a_resize_makes_panes_take_turns(
    tmp_path: Path, where: Where, lower: Where
) -> None:
    async with a_bench(tmp_path, size=(140, 45)) as bench:
        bench.screen.focus_pane(where)
        await bench.until(lambda: bench.screen.where is where, "it has the focus")
        bench.screen.show_lower(lower)
        for size in ((80, 24), (40, 20), (80, 24)):
            await bench.pilot.resize_terminal(*size)
            await bench.until(lambda size=size: len(bench.lines) == size[1], "it is drawn anew")
            assert bench.screen.panes()[where].region
            assert not bench.screen.panes()[lower].region
            assert bench.screen.focused is dict(bench.screen.stops())[where]


async def test_every_action_can_be_found_in_the_palette_and_done(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        await bench.press("ctrl+p")
        await bench.sees("Find text in the event")
        await bench.press(*"new id")
        await bench.sees("Give the event new ids and times")
        await bench.fill("choose a theme", "enter")
        await bench.sees("on a light background")
        await bench.press("down")
        await bench.until(lambda: bench.app.theme == "fgtui-light", "the theme is shown")
        await bench.press("enter")
        assert bench.app.theme == "fgtui-light"


async def test_jumping_opens_a_template_by_name_to_be_edited(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        bench.screen.focus_pane(Where.OUTCOME)
        await bench.press("ctrl+o", "slash")
        await bench.sees("Jump")
        await bench.fill("timer default", "enter")
        await bench.until(lambda: bench.screen.event_pane.title.startswith("TIMER"), "it is open")
        await bench.until(lambda: bench.screen.focused is bench.screen.event_pane.editor.area, "it has the keys")


async def test_help_is_about_the_focused_pane(tmp_path: Path) -> None:
    async with a_bench(tmp_path) as bench:
        bench.screen.focus_pane(Where.SESSION)
        await bench.pilot.pause()
        await bench.press("f1")
        await bench.sees("Help: Session")
        await bench.press("escape")
        assert bench.app.screen is bench.screen


async def test_names_from_files_draw_no_control_character(tmp_path: Path) -> None:
    name = "[red]x[x] \x1b[31m \x9b2J \u202e \u2028 \u200b \x7f \r \n.json"
    (tmp_path / name).write_text("{}")
    async with a_bench(tmp_path, size=(400, 40), opening=Opening(file=Path(name))) as bench:
        await bench.sees("[red]x[")
        assert shows_no_control(bench.text.replace("\n", ""))


async def test_recordings_of_hostile_text_draw_no_control_character(tmp_path: Path, own_home: Path) -> None:
    async with a_bench(tmp_path, size=(200, 45)) as bench:
        hostile = an_exchange(
            json.dumps({EVERYTHING: EVERYTHING}, ensure_ascii=False).encode("utf-8", "surrogatepass"),
            body=json.dumps(EVERYTHING, ensure_ascii=False).encode("utf-8", "surrogatepass"),
            logs=EVERYTHING,
            note=EVERYTHING,
        )
        bench.workspace.store.append("default", hostile)
        bench.screen.set_session("default")
        await bench.sees("Session default · 1")
        bench.screen.focus_pane(Where.SESSION)
        await bench.press("enter")
        await bench.until(lambda: bench.screen.outcome_view.exchange is not None, "it is shown")
        for part in Part:
            bench.screen.outcome_view.part = part
            await bench.pilot.pause()
            assert shows_no_control(bench.text.replace("\n", ""))
        await bench.press("e")
        await bench.pilot.pause()
        assert shows_no_control(bench.text.replace("\n", ""))
