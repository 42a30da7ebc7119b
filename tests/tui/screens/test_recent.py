"""What was opened and used last is offered again, newest first; what is gone is not, or is said."""

from __future__ import annotations

from pathlib import Path

from fgtui.tui.actions import Where
from fgtui.tui.screens.dialogs import Chooser
from fgtui.tui.screens.workbench import Opening
from tests.tui.bench import Bench, a_bench, a_session


async def offered(bench: Bench) -> list[str]:
    """What the list on the screen holds, once it is there."""
    await bench.until(lambda: isinstance(bench.app.screen, Chooser), "a list")
    chooser = bench.app.screen
    assert isinstance(chooser, Chooser)
    await bench.until(lambda: chooser.rows.choices, "it is filled")
    return [choice.text for choice in chooser.rows.choices]


async def test_templates_files_recordings_and_drafts_are_offered_newest_first(tmp_path: Path) -> None:
    folder = tmp_path / "p"
    async with a_bench(folder) as bench:
        (folder / "[mine].json").write_text('{"mine": 1}')
        (folder / "gone.json").write_text("{}")
        await a_session(bench)
        trigger = bench.workspace.catalogue.get("smn")
        bench.screen.trigger_list.rows.post_message(bench.screen.trigger_list.Chosen(trigger, trigger.templates[0]))
        await bench.until(lambda: bench.screen.event_pane.title.startswith("SMN"), "it is open")
        bench.screen.open_file(Path("gone.json"))
        bench.screen.open_file(Path("[mine].json"))
        bench.screen.event_pane.editor.area.paste("x")
        await bench.until(lambda: "modified" in bench.screen.event_pane.title, "it is changed")
        bench.screen.edit_exchange(bench.workspace.store.get("orders", 7))
        (folder / "gone.json").unlink()
        await bench.until(lambda: len(bench.screen.recent.read().events) == 4, "all is remembered")
        await bench.screen.perform("open-recent")
        assert await offered(bench) == ["orders #7", "blank", "[mine].json", "smn default"]
        await bench.press("down", "enter")
        await bench.until(lambda: bench.screen.event_pane.editor.text.startswith("x"), "the draft is back")


async def test_a_recording_that_was_deleted_is_said_to_be_gone(tmp_path: Path) -> None:
    async with a_bench(tmp_path / "p") as bench:
        await a_session(bench, 3)
        bench.screen.edit_exchange(bench.workspace.store.get("orders", 2))
        await bench.until(lambda: bench.screen.recent.read().events, "it is remembered")
        bench.workspace.store.delete("orders")
        await bench.screen.perform("open-recent")
        await offered(bench)
        await bench.press("enter")
        await bench.hears("orders #2 is gone")


async def test_where_nothing_was_opened_the_list_says_so(tmp_path: Path) -> None:
    async with a_bench(tmp_path / "p") as bench:
        await bench.screen.perform("open-recent")
        assert await offered(bench) == ["no event has been opened here yet"]
        await bench.press("enter")
        assert not isinstance(bench.app.screen, Chooser)


async def test_recent_files_and_the_list_itself_are_in_the_jump_list(tmp_path: Path) -> None:
    folder = tmp_path / "p"
    async with a_bench(folder) as bench:
        (folder / "mine.json").write_text("{}")
        bench.screen.open_file(Path("mine.json"))
        await bench.until(lambda: bench.screen.recent.read().events, "it is remembered")
        await bench.screen.jumping.ask_place()
        chooser = bench.app.screen
        assert isinstance(chooser, Chooser)
        await bench.until(lambda: any(each.text == "mine.json" for each in chooser.rows.choices), "it is offered")
        assert any(each.text.startswith("Open a recent event") for each in chooser.rows.choices)


async def test_targets_that_were_used_last_are_first_and_marked(tmp_path: Path) -> None:
    settings = "[targets.one]\nhandler = 'index.echo'\n[targets.two]\nhandler = 'index.count'\n"
    async with a_bench(tmp_path / "p", opening=Opening(target="two"), settings=settings, trust_project=True) as bench:
        await bench.send()
        await bench.until(lambda: bench.screen.recent.read().targets == ("two",), "it is remembered")
        await bench.press("f4")
        names = await offered(bench)
        assert names[:2] == ["two", "one"]
        chooser = bench.app.screen
        assert isinstance(chooser, Chooser)
        assert chooser.rows.choices[0].detail.endswith("recent")
        assert not chooser.rows.choices[1].detail.endswith("recent")


async def test_the_example_session_is_brought_in_once_and_shown_with_words(tmp_path: Path) -> None:
    async with a_bench(tmp_path / "p") as bench:
        await bench.send()
        for _ in range(2):
            await bench.screen.perform("open-example")
            await bench.sees("Session example · 12")
            await bench.hears("F3 leads back to yours")
            assert bench.screen.where is Where.SESSION
            bench.screen.set_session("default")
            await bench.sees("Session default · 1")
        assert sorted(each.name for each in bench.workspace.store.sessions()) == ["default", "example"]
