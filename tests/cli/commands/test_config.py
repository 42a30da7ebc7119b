"""``fgtui config``."""

from __future__ import annotations

import json

from fgtui import paths
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


def test_a_key_that_cannot_be_is_a_warning_too(stage: Stage) -> None:
    (stage.folder / "fgtui.toml").write_text("[keys]\nsend = 'ctrl+i'\n")
    ran = stage.run("config")
    assert (ran.code, ran.said) == (
        0,
        f"warning: {stage.folder}/fgtui.toml:2: Ctrl+I never arrives: terminals send it as Tab\n",
    )


def test_what_the_workbench_has_is_not(stage: Stage) -> None:
    (stage.folder / "fgtui.toml").write_text("[keys]\nnext-pane = 'f11'\n[workbench]\ntheme = 'light'\n")
    assert stage.run("config").said == ""


# Profiles

URN = "urn:fss:cn-north-4:p:function:default:thumbnail"
CLOUD = f"""\
[profiles.prod]
access_key = "${{env:AK}}"
secret_key = "${{env:SK}}"
guard = true

[profiles.command]
endpoint = "https://functiongraph.example"
project = "mine"
ca_file = "ca.pem"
credential_command = ["touch", "ran"]

[targets.live]
urn = "{URN}"
profile = "prod"

[targets.which]
urn = "{URN}"
"""


def in_user_file(stage: Stage, text: str) -> str:
    """Where no consent is needed for it."""
    config = paths.config_folder(stage.environment) / "config.toml"
    config.parent.mkdir(parents=True, exist_ok=True)
    config.write_text(text)
    return str(config)


def test_of_each_profile_it_is_said_what_is_in_force_and_nothing_is_run(stage: Stage) -> None:
    file = in_user_file(stage, CLOUD)
    stage.environment |= {"AK": "FGTUIEXAMPLEAK000001", "SK": "fgtui-example-secret-key"}
    found = rows(stage)
    assert found["profiles.prod.endpoint"] == ("that of the function's region", "default")
    assert found["profiles.prod.project"] == ("the one in the function's URN", "default")
    assert found["profiles.prod.ca_file"] == ("none but the system's authorities", "default")
    assert found["profiles.prod.guard"] == (True, f"{file}:4")
    assert found["profiles.prod.access_key"] == ("${env:AK}", f"{file}:2")
    identity, origin = found["profiles.prod.identity"]
    assert (identity, origin) == ("AK FGTU…0001 from AK", f"{file}:2")
    assert found["profiles.command.endpoint"] == ("https://functiongraph.example", f"{file}:7")
    assert found["profiles.command.identity"][1] == f"{file}:10"
    assert found["profiles.command.guard"] == (False, "default")
    assert found["targets.live.timeout_s"] == (120.0, "default")
    assert "targets.live.strict_context" not in found
    assert found["targets.which.profile"] == ("to be named: there are several", "default")
    assert not list(stage.folder.rglob("ran"))
    ran = stage.run("config")
    assert "fgtui-example-secret-key" not in ran.out + ran.said


def test_without_settings_config_says_whom_the_environment_calls_as_and_never_its_secret(stage: Stage) -> None:
    assert "identity" not in rows(stage)
    stage.environment.update(HUAWEICLOUD_SDK_AK="FGTUIEXAMPLEAK000001", HUAWEICLOUD_SDK_SK="hunter2hunter2hunter2")
    assert rows(stage)["identity"] == ("AK FGTU…0001 from HUAWEICLOUD_SDK_AK", "environment")
    assert "hunter2" not in stage.run("config").out


def test_a_deployed_function_without_a_profile_is_called_as_the_only_one_or_as_the_environment_says(
    stage: Stage,
) -> None:
    in_user_file(stage, f'[targets.f]\nurn = "{URN}"\n')
    stage.environment["HOME"] = str(stage.folder)
    assert str(rows(stage)["targets.f.profile"][0]).startswith("none: called as ")
    in_user_file(stage, f'[targets.f]\nurn = "{URN}"\n[profiles.prod]\nguard = true\n')
    assert rows(stage)["targets.f.profile"] == ("prod", "the only one")
    in_user_file(stage, '[targets.f]\nurn = "urn:fss:mars-1:p:function:default:f"\n')
    assert "mars-1" in str(rows(stage)["targets.f.profile"][0])


def test_whom_a_project_file_would_call_as_is_not_looked_up_before_somebody_agreed(stage: Stage) -> None:
    (stage.folder / "fgtui.toml").write_text('[profiles.p]\ncredential_file = "/etc/hostname"\n')
    assert "once it is agreed to: fgtui trust" in str(rows(stage)["profiles.p.identity"][0])


def test_proxies_are_shown_without_their_passwords(stage: Stage) -> None:
    stage.environment |= {"HTTPS_PROXY": "http://ann:hunter22@proxy:80", "no_proxy": "127.0.0.1"}
    found = rows(stage)
    assert (found["proxy"], found["no_proxy"]) == (
        ("http://…@proxy:80", "HTTPS_PROXY"),
        ("127.0.0.1", "no_proxy"),
    )
