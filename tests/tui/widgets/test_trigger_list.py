"""The triggers: found in either language, opened by choosing, templates one step away."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from textual.geometry import Size

from fgtui.events.catalogue import Catalogue, samples_root
from fgtui.tui.widgets.trigger_list import SHORTEST_NAME, TriggerList, TriggerRows
from fgtui.words import speak
from tests.tui.hostile import EVERYTHING, shows_no_control
from tests.tui.stage import Stage
from tests.tui.waiting import wait_until


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return Catalogue([samples_root()])


def own_catalogue(folder: Path) -> Catalogue:
    own = folder / "events" / "nightly-import"
    own.mkdir(parents=True)
    name = "Import [/x] \\u202e" + EVERYTHING.encode("ascii", "ignore").decode().replace("\\", "").replace('"', "")
    visible = "".join(character if character.isprintable() else f"\\u{ord(character):04x}" for character in name[16:])
    (own / "trigger.toml").write_text(f'name = "Import [/x] \\u202e{visible}"\n')
    (own / "default.json").write_text("{}")
    return Catalogue([samples_root(), folder / "events"])


def shown_keys(stage: Stage) -> list[str]:
    return [entry.trigger.key for entry in stage.the(TriggerRows).entries if entry.trigger and entry.template is None]


async def test_every_trigger_is_listed_in_catalogue_order(catalogue: Catalogue) -> None:
    stage = Stage(partial(TriggerList, catalogue.triggers))
    async with stage.play(size=(60, 30)):
        assert shown_keys(stage) == [trigger.key for trigger in catalogue.triggers]
        assert "OBS               Object Storage Service" in stage.screen_text()
        assert "KAFKA             DMS for Kafka" in stage.screen_text()


@pytest.mark.parametrize("width", [22, 27, 34, 40, 60])
async def test_names_stand_in_one_column_and_no_scrap_of_a_name_is_left(catalogue: Catalogue, width: int) -> None:
    stage = Stage(partial(TriggerList, catalogue.triggers))
    async with stage.play(size=(width, 30)):
        lines = [line.rstrip() for line in stage.screen_lines()]
        column = next(line for line in lines if line.startswith(" OBS ")).index("Object")
        for trigger in catalogue.triggers:
            line = next(line for line in lines if line.startswith(f" {trigger.key.upper()}"))
            if len(trigger.key) + 2 <= column:
                assert line[column - 1 :].startswith(f" {trigger.name[:6]}")
            else:
                rest = line[len(trigger.key) + 2 :]
                assert rest in ("", trigger.name) or len(rest) >= SHORTEST_NAME


async def test_a_longer_key_than_fits_leaves_the_others_their_column(catalogue: Catalogue, tmp_path: Path) -> None:
    own = tmp_path / "events" / ("a-very-long-key-" * 3).rstrip("-")
    own.mkdir(parents=True)
    (own / "trigger.toml").write_text('name = "Import"\n')
    (own / "default.json").write_text("{}")
    triggers = Catalogue([samples_root(), tmp_path / "events"]).triggers
    stage = Stage(partial(TriggerList, triggers))
    async with stage.play(size=(60, 30)):
        assert " ASYNC-DESTINATION Asynchronous" in stage.screen_text()
        assert " OBS               Object Storage Service" in stage.screen_text()


async def test_names_are_whole_rather_than_in_one_column(catalogue: Catalogue) -> None:
    stage = Stage(partial(TriggerList, catalogue.triggers))
    async with stage.play(size=(31, 30)):
        assert " OBS   Object Storage Service " in stage.screen_text()
        assert " ROCKETMQ DMS for RocketMQ " in stage.screen_text()
        assert sum("…" in line for line in stage.screen_lines()) <= 7, stage.screen_text()


async def test_at_80_columns_a_name_shows_six_chinese_characters(catalogue: Catalogue) -> None:
    speak("zh")
    stage = Stage(partial(TriggerList, catalogue.triggers))
    async with stage.play(size=(20, 12)):  # what the list has there, its scroll bar included
        lines = [line.rstrip("▁▂▃▄▅▆▇█ ") for line in stage.screen_lines()]
        assert " OBS   对象存储服务" in lines, "the name's OBS says no more than the key"
        assert " DMS   分布式消息…" in lines


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        ("obs", ["obs"]),
        ("云日志", ["lts"]),
        ("Log Tank", ["lts"]),
        ("[/x]", []),
    ],
)
async def test_the_filter_knows_keys_and_both_languages(catalogue: Catalogue, typed: str, keys: list[str]) -> None:
    stage = Stage(partial(TriggerList, catalogue.triggers))
    async with stage.play(size=(60, 30)) as pilot:
        stage.the(TriggerList).filter(typed)
        await pilot.pause()
        assert shown_keys(stage)[: len(keys) or None] == keys
        if not keys:
            assert "nothing matches" in stage.screen_text()


async def test_in_the_filter_enter_goes_to_the_first_of_several_and_escape_drops_it(catalogue: Catalogue) -> None:
    stage = Stage(partial(TriggerList, catalogue.triggers))
    async with stage.play(size=(60, 30)) as pilot:
        rows = stage.the(TriggerRows)
        rows.focus()
        await pilot.press("end", "slash")
        await wait_until(pilot, lambda: stage.focused is not rows, "the filter has the focus")
        await pilot.press(*"kafka", "enter")
        await wait_until(pilot, lambda: stage.focused is rows, "the rows have the focus")
        assert rows.cursor == 0
        assert len(shown_keys(stage)) > 1
        assert "/ kafka" in stage.screen_text()
        assert stage.heard(TriggerList.Chosen) == []
        await pilot.press("slash")
        await wait_until(pilot, lambda: stage.focused is not rows, "the filter has the focus")
        await pilot.press("escape")
        await wait_until(pilot, lambda: len(shown_keys(stage)) == len(catalogue.triggers), "all are shown again")


@pytest.mark.parametrize(
    ("typed", "key", "template"),
    [("云日志", "lts", 0), ("removed", "obs", 2), ("no such trigger", "", 0)],
)
async def test_enter_in_the_filter_opens_the_only_match_and_waits_for_one(
    catalogue: Catalogue, typed: str, key: str, template: int
) -> None:
    stage = Stage(partial(TriggerList, catalogue.triggers))
    async with stage.play(size=(60, 30)) as pilot:
        stage.the(TriggerRows).focus()
        await pilot.press("slash")
        await wait_until(pilot, lambda: stage.focused is not stage.the(TriggerRows), "the filter has the focus")
        await pilot.press(*typed, "enter")
        chosen = [
            (each.trigger.key, each.trigger.templates.index(each.template)) for each in stage.heard(TriggerList.Chosen)
        ]
        assert chosen == ([(key, template)] if key else [])
        if key:
            assert len(shown_keys(stage)) == len(catalogue.triggers), "the filter has done what it was for"
            assert stage.the(TriggerRows).entry().trigger.key == key
        else:
            assert stage.focused is not stage.the(TriggerRows), "what was typed can be put right"


async def test_enter_asks_for_the_default_template(catalogue: Catalogue) -> None:
    stage = Stage(partial(TriggerList, catalogue.triggers))
    async with stage.play(size=(60, 30)) as pilot:
        stage.the(TriggerRows).focus()
        await pilot.press("down", "enter")
        (chosen,) = stage.heard(TriggerList.Chosen)
        assert chosen.trigger is catalogue.triggers[1]
        assert chosen.template is catalogue.triggers[1].templates[0]


async def test_templates_unfold_and_can_be_chosen(catalogue: Catalogue) -> None:
    obs = catalogue.get("obs")
    stage = Stage(partial(TriggerList, catalogue.triggers))
    async with stage.play(size=(60, 40)) as pilot:
        stage.the(TriggerRows).focus()
        stage.the(TriggerList).mark("obs", "default")
        await pilot.press("space")
        assert obs.templates[1].title in stage.screen_text()
        await pilot.press("down", "down", "enter")
        (chosen,) = stage.heard(TriggerList.Chosen)
        assert chosen.template is obs.templates[1]
        await pilot.press("left")
        assert obs.templates[1].title not in stage.screen_text()
        assert stage.the(TriggerRows).entry().trigger is obs


async def test_what_is_in_the_editor_carries_a_sign(catalogue: Catalogue) -> None:
    stage = Stage(partial(TriggerList, catalogue.triggers))
    async with stage.play(size=(60, 30)) as pilot:
        stage.the(TriggerList).mark("lts", "default")
        await pilot.pause()
        assert "▸LTS" in stage.screen_text()
        assert stage.screen_text().count("▸") == 1


async def test_ones_own_triggers_come_last_under_a_heading(tmp_path: Path) -> None:
    catalogue = own_catalogue(tmp_path)
    assert catalogue.problems == ()
    stage = Stage(partial(TriggerList, catalogue.triggers))
    async with stage.play(size=(120, 30)):
        lines = [line.strip() for line in stage.screen_lines()]
        assert lines[lines.index("Mine") + 1].startswith("NIGHTLY-IMPORT    Import [/x]")
        assert shows_no_control(stage.screen_text().replace("\n", ""))


@pytest.mark.parametrize(("columns", "width"), [(120, 25), (139, 25), (140, 32), (179, 32), (180, 38), (400, 38)])
def test_a_wider_screen_gives_the_list_a_little_more(columns: int, width: int) -> None:
    assert TriggerList(()).get_content_width(Size(columns, 20), Size(columns, 40)) == width
