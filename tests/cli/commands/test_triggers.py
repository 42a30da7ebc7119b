"""``fgtui triggers``."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.stage import Stage


def test_every_trigger_is_a_row(stage: Stage) -> None:
    ran = stage.run("triggers")
    rows = ran.out.splitlines()
    assert (ran.code, ran.said) == (0, "")
    assert any(row.startswith("obs ") and "对象存储服务 OBS" in row and "asynchronous" in row for row in rows)
    assert len(rows) == 1 + len(json.loads(stage.run("triggers", "--json").out))


def test_json_names_templates_and_their_sources(stage: Stage) -> None:
    triggers = {trigger["key"]: trigger for trigger in json.loads(stage.run("triggers", "--json").out)}
    assert triggers["lts"]["templates"][0]["name"] == "default"
    assert {"source", "date", "title", "title_zh"} <= set(triggers["lts"]["templates"][0])


def own_trigger(stage: Stage, name: str, toml: str) -> None:
    (stage.folder / "fgtui.toml").write_text("")
    folder = stage.folder / ".fgtui" / "events" / name
    folder.mkdir(parents=True)
    (folder / "trigger.toml").write_text(toml)
    (folder / "default.json").write_text('{"order": 1}\n')


def test_a_projects_own_trigger_is_listed_without_any_consent(stage: Stage) -> None:
    own_trigger(stage, "orders", 'name = "Orders"\nname_zh = "订单"\n')
    assert any(row.startswith("orders ") for row in stage.run("triggers").out.splitlines())
    assert stage.run("event", "orders").out == '{"order": 1}\n'


def test_a_broken_trigger_is_named_and_the_others_stand(stage: Stage) -> None:
    own_trigger(stage, "orders", "name = ")
    ran = stage.run("triggers")
    assert ran.code == 0
    assert "\nobs " in ran.out
    assert "warning: " in ran.said
    assert "orders" in ran.said


def test_names_from_a_project_move_no_terminal(stage: Stage, tmp_path: Path) -> None:
    own_trigger(stage, "orders", 'name = "\\u001b]0;title\\u0007\\u202e"\n')
    ran = stage.run("triggers", terminal=True)
    assert "\x1b" not in ran.out
    assert "\\e]0;title" in ran.out
