"""``fgtui config``."""

from __future__ import annotations

import json

from tests.cli.stage import Stage

PROJECT = """\
[targets.thumbnail]
handler = "src/index.handler"
environment = { BUCKET = "photos", TOKEN = "${env:PHOTO_TOKEN}", API_KEY = "s3cr3t-value" }
"""


def rows(stage: Stage) -> dict[str, tuple[object, str]]:
    return {row["key"]: (row["value"], row["from"]) for row in json.loads(stage.run("config", "--json").out)}


def test_every_value_says_where_it_comes_from(stage: Stage) -> None:
    (stage.folder / "fgtui.toml").write_text(PROJECT)
    found = rows(stage)
    assert found["targets.thumbnail.handler"] == ("src/index.handler", f"{stage.folder}/fgtui.toml:2")
    assert found["targets.thumbnail.timeout_s"] == (3.0, "default")
    (stage.folder / "fgtui.toml").write_text("[targets.api]\nhandler = 'com.x.Main.handle'\nruntime = 'Java17'\n")
    assert (rows(stage)["targets.api.timeout_s"], rows(stage)["targets.api.memory_mb"]) == (
        (15.0, "default"),
        (512, "default"),
    )
    assert found["store"][1] == "FGTUI_HOME"


def test_references_are_never_resolved_and_written_out_secrets_never_shown(stage: Stage) -> None:
    (stage.folder / "fgtui.toml").write_text(PROJECT)
    stage.environment["PHOTO_TOKEN"] = "resolved-token-value"
    for words in (("config",), ("config", "--json")):
        ran = stage.run(*words)
        assert "${env:PHOTO_TOKEN}" in ran.out
        assert "resolved-token-value" not in ran.out + ran.said
        assert "s3cr3t-value" not in ran.out + ran.said
    assert "warning: targets.thumbnail.environment.API_KEY is a secret written out" in stage.run("config").said


def test_the_flag_for_the_store_is_shown(stage: Stage) -> None:
    assert f"{stage.folder}/x.db" in stage.run("config", "--store", "x.db").out


def test_the_schema_is_printed_even_where_the_settings_are_broken(stage: Stage) -> None:
    (stage.folder / "fgtui.toml").write_text("broken")
    assert json.loads(stage.run("config", "--schema").out)["title"] == "fgtui.toml"
    ran = stage.run("config")
    assert (ran.code, ran.data) == (2, b"")
    assert "fgtui.toml:1: " in ran.said


def test_what_the_workbench_does_not_have_is_a_warning_with_its_place(stage: Stage) -> None:
    (stage.folder / "fgtui.toml").write_text("[keys]\nsned = 'f7'\nsend = 'f5'\n[workbench]\ntheme = 'nord'\n")
    ran = stage.run("config")
    file = f"{stage.folder}/fgtui.toml"
    assert ran.code == 0
    assert ran.said == (
        f"warning: {file}:2: the workbench has no action 'sned'; did you mean send?\n"
        f"warning: {file}:5: the workbench has no theme 'nord'; there is dark, light\n"
    )


def test_what_the_workbench_has_is_not(stage: Stage) -> None:
    (stage.folder / "fgtui.toml").write_text("[keys]\nnext-pane = 'f7'\n[workbench]\ntheme = 'light'\n")
    assert stage.run("config").said == ""
