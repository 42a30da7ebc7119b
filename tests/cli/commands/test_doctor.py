"""``fgtui doctor``."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from email.utils import formatdate
from pathlib import Path

import pytest

from fgtui import paths
from fgtui.locale import reading
from fgtui.locale.reading import Finding, Read
from tests.cli.stage import Stage
from tests.invoke.http_servers import Server, answer, serving
from tests.invoke.saved_service import KEYS, PROJECT, URN

ROOT = Path(__file__).resolve().parents[3]
Rows = dict[str, dict[str, str]]


def rows(stage: Stage, *words: str) -> Rows:
    return {row["what"]: row for row in json.loads(stage.run("doctor", "--json", *words).out)}


def test_everything_is_a_row_with_a_state(stage: Stage) -> None:
    found = rows(stage)
    assert {
        "fgtui", "project", "target", "recordings", "sqlite", "disk", "python", "node", "java", "bootstrap", "terminal",
        "colours", "clipboard", "locale", "proxies",
    } <= set(found)  # fmt: skip
    assert {row["state"] for row in found.values()} <= {"ok", "warn", "missing"}
    assert all(row["way_out"] for row in found.values() if row["state"] == "missing")


def test_looking_makes_nothing(stage: Stage) -> None:
    ran = stage.run("doctor")
    assert (ran.code, ran.said) == (0, "")
    assert not Path(stage.environment["FGTUI_HOME"]).exists()


def test_the_journal_says_which_and_why(recorded: Stage) -> None:
    found = rows(recorded)
    assert "journal: " in found["sqlite"]["finding"]
    assert "4 exchanges in 2 sessions" in found["recordings"]["finding"]


def test_a_store_that_cannot_be_read_is_a_4(stage: Stage) -> None:
    (stage.folder / "x.db").write_text("no database" * 1000)
    ran = stage.run("doctor", "--store", "x.db")
    assert ran.code == 4
    assert "missing  recordings" in ran.out


def test_recordings_others_can_read_are_a_warning_with_the_way_out(recorded: Stage) -> None:
    store = Path(recorded.environment["FGTUI_HOME"]) / "data" / "sessions.db"
    store.chmod(0o644)
    assert f"chmod go= {store}" in recorded.run("doctor").out


@pytest.mark.parametrize("words", [(), ("--store", "/dev/null"), ("--store", "mine.db")], ids=["own", "device", "file"])
def test_only_our_own_file_is_to_be_closed_to_others(recorded: Stage, words: tuple[str, ...]) -> None:
    (recorded.folder / "mine.db").write_text("somebody else's" * 1000)
    recorded.folder.chmod(0o755)
    (Path(recorded.environment["FGTUI_HOME"]) / "data").chmod(0o755)
    assert "chmod go=" not in recorded.run("doctor", *words).out


@pytest.mark.parametrize(
    ("variables", "what", "said"),
    [
        pytest.param({"TERM": "dumb"}, "terminal", "TERM=dumb", id="dumb"),
        pytest.param(
            {"TERM": "xterm", "TMUX": "x", "SSH_CONNECTION": "y"}, "terminal", "through tmux and ssh", id="through"
        ),
        pytest.param({"NO_COLOR": "1"}, "colours", "off, by NO_COLOR", id="no-color"),
        pytest.param({"LANG": "C"}, "locale", "C; language en", id="locale"),
        pytest.param({"LANG": "zh_CN.UTF-8"}, "locale", "zh_CN.UTF-8; language zh", id="chinese"),
        pytest.param(
            {"HTTPS_PROXY": "http://ann:hunter2@proxy:80"}, "proxies", "HTTPS_PROXY=http://…@proxy:80", id="proxy"
        ),
        pytest.param({"FGTUI_LANG": "fr"}, "language", "FGTUI_LANG is 'fr', no language there are words in", id="fr"),
        pytest.param({"PATH": ""}, "python", "no python3 on PATH", id="no-python"),
        pytest.param({"PATH": ""}, "node", "no node on PATH", id="no-node"),
        pytest.param({"PATH": ""}, "java", "no java on PATH", id="no-java"),
        pytest.param({"PATH": ""}, "bootstrap", "no bash on PATH", id="no-bash"),
    ],
)
def test_the_environment_is_read(stage: Stage, variables: dict[str, str], what: str, said: str) -> None:
    stage.environment |= variables
    assert said in rows(stage)[what]["finding"]
    assert "hunter2" not in stage.run("doctor").out


def test_a_catalogue_that_cannot_be_used_is_said(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    finding = Finding("tui.po", 7, "this is no entry of a catalogue")
    monkeypatch.setattr(reading, "read_folder", lambda _language: Read({}, (finding,)))
    assert rows(stage)["language"]["finding"] == "tui.po is not used, line 7: this is no entry of a catalogue"


def program(stage: Stage, name: str, prints: str) -> Path:
    """A program of our choosing, alone on ``PATH``."""
    file = stage.folder.parent / "bin" / name
    file.parent.mkdir(exist_ok=True)
    file.write_text(f"#!/bin/sh\necho '{prints}'\n")
    file.chmod(0o755)
    stage.environment["PATH"] = str(file.parent)
    return file


@pytest.mark.parametrize(
    ("name", "prints", "state", "said"),
    [
        pytest.param("node", "v20.20.2", "ok", "node 20.20.2 ", id="node"),
        pytest.param("node", "v16.17.0", "warn", ": too old", id="old-node"),
        pytest.param("node", "", "ok", "node /", id="silent-node"),
        pytest.param("python3", "Python 3.11.7", "ok", "python3 3.11.7 ", id="python"),
        pytest.param("java", "", "warn", "without JDWP, which send --debug needs", id="java-without-debugger"),
    ],
)
def test_a_runtime_says_its_version_and_what_it_lacks(
    stage: Stage, name: str, prints: str, state: str, said: str
) -> None:
    file = program(stage, name, prints)
    row = rows(stage)["python" if name == "python3" else name]
    assert row["state"] == state
    assert said in row["finding"]
    assert str(file) in row["finding"]
    assert (row["way_out"] == "") == (state == "ok")


def test_a_library_that_was_added_after_fgtui_was_installed_is_said_with_the_way_out(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "h11", None)
    row = rows(stage)["bootstrap"]
    assert (row["state"], row["way_out"]) == ("missing", f"{sys.executable} -m pip install -e {ROOT}")
    assert "h11 is missing from" in row["finding"]


def test_the_debugger_of_python_is_looked_for_beside_it(stage: Stage) -> None:
    python = program(stage, "python3", "Python 3.11.7")
    assert rows(stage)["debugpy"]["way_out"] == f"{python} -m pip install debugpy"
    (stage.folder.parent / "lib/python3.11/site-packages/debugpy").mkdir(parents=True)
    assert rows(stage)["debugpy"]["state"] == "ok"


def test_each_target_says_its_interpreter_or_what_is_missing(stage: Stage) -> None:
    (stage.folder / "index.py").write_text("def handler(event, context): return 1\n")
    (stage.folder / "fgtui.toml").write_text(
        "[targets.good]\nhandler = 'index.handler'\n[targets.gone]\nhandler = 'gone.handler'\n"
        "[targets.far]\nurn = 'urn:fss:cn-north-4:p:function:default:f'\n"
        "[targets.web]\nhandler = 'bootstrap'\nruntime = 'http'\n"
        "[targets.box]\nhandler = 'http://127.0.0.1:9/invoke'\n"
        "[targets.js]\nhandler = 'main.handler'\nnode = 'gone/node'\n"
    )
    (stage.folder / "bootstrap").touch()
    (stage.folder / "main.js").touch()
    assert rows(stage)["target good"]["state"] == "warn"
    assert rows(stage)["project"]["way_out"] == "fgtui trust"
    stage.run("trust", "--yes")
    found = rows(stage)
    assert found["target good"]["finding"].startswith(f"{stage.folder}/index.py, by ")
    assert "no file gone.py" in found["target gone"]["finding"]
    assert found["target far"]["finding"].startswith(
        "urn:fss:cn-north-4:p:function:default:f:latest at https://functiongraph.cn-north-4.myhuaweicloud.com, as "
    )
    assert found["target web"]["finding"] == f"{stage.folder}/bootstrap, as http: started by itself"
    assert found["target box"]["finding"] == "http://127.0.0.1:9/invoke, as container: somebody else runs it"
    assert (found["target js"]["state"], found["target js"]["finding"]) == (
        "warn",
        f"{stage.folder}/gone/node is not a program that can be run",
    )


def test_a_java_project_without_gson_gets_that_of_maven(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(stage.folder))
    jar = stage.folder / ".m2/repository/com/google/code/gson/gson/2.10.1/gson-2.10.1.jar"
    jar.parent.mkdir(parents=True)
    jar.touch()
    java = stage.folder / "bin" / "java"
    java.parent.mkdir()
    java.touch(0o755)
    (stage.folder / "Main.class").touch()
    (stage.folder / "own/com/google/gson").mkdir(parents=True)
    (stage.folder / "own/com/google/gson/Gson.class").touch()
    common = "handler = 'Main.handle'\nruntime = 'java'\njava = 'bin/java'\n"
    (stage.folder / "fgtui.toml").write_text(
        f"[targets.without]\n{common}class_path = ['.']\n[targets.own]\n{common}class_path = ['.', 'own']\n"
    )
    stage.run("trust", "--yes")
    found = rows(stage)
    assert found["target without"]["finding"] == f"{stage.folder}/Main.class, by {java}, with {jar}"
    assert found["target own"]["finding"] == f"{stage.folder}/Main.class, by {java}"


def test_nothing_that_a_project_names_is_run_to_be_looked_at(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(stage.folder))
    for name in ("python", "node", "java"):
        file = stage.folder / "bin" / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"#!/bin/sh\ntouch {stage.folder}/ran\n")
        file.chmod(0o755)
    for file in ("index.py", "main.js", "Main.class", "bootstrap"):
        (stage.folder / file).touch()
    (stage.folder / "fgtui.toml").write_text(
        "[targets.py]\nhandler = 'index.handler'\npython = 'bin/python'\n"
        "[targets.js]\nhandler = 'main.handler'\nnode = 'bin/node'\n"
        "[targets.jvm]\nhandler = 'Main.handle'\nruntime = 'java'\njava = 'bin/java'\nclass_path = ['.']\n"
        "[targets.own]\nhandler = 'bootstrap'\n"
    )
    stage.run("trust", "--yes")
    found = rows(stage)
    assert [found[f"target {name}"]["state"] for name in ("py", "js", "jvm", "own")] == ["ok"] * 4
    assert found["target jvm"]["finding"].endswith(f"Main.class, by {stage.folder}/bin/java")
    assert not (stage.folder / "ran").exists()


def test_broken_settings_are_a_row_and_the_rest_is_looked_at(stage: Stage) -> None:
    (stage.folder / "fgtui.toml").write_text("[targets.a]\ntimout_s = 3\n")
    found = rows(stage)
    assert found["settings"]["state"] == "missing"
    assert "did you mean timeout_s?" in found["settings"]["way_out"]
    assert "python" in found


# Profiles


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(answer(200, b'{"functions": []}', (("Date", formatdate(usegmt=True)),))) as server:
        yield server


@pytest.fixture
def cloud(stage: Stage, server: Server) -> Stage:
    """A person with profiles for ``server``: of keys, guarded, of a command that must not run, and of a keyring."""
    stage.environment |= {"AK": KEYS.access_key, "SK": KEYS.secret_key}
    config = paths.config_folder(stage.environment) / "config.toml"
    config.parent.mkdir(parents=True)
    keys = 'access_key = "${env:AK}"\nsecret_key = "${env:SK}"\n'
    config.write_text(
        f'[targets.deployed]\nurn = "{URN}"\nprofile = "keys"\n'
        f'[profiles.keys]\nendpoint = "{server.url}"\n{keys}'
        f'[profiles.guarded]\nendpoint = "{server.url}"\nproject = "mine"\nguard = true\n{keys}'
        f'[profiles.command]\nendpoint = "{server.url}"\ncredential_command = ["touch", "{stage.folder}/ran"]\n'
        f'[profiles.ring]\nendpoint = "{server.url}"\ntoken = "${{keyring:fgtui/token}}"\n'
        f"[profiles.nowhere]\n{keys}"
    )
    return stage


def test_profiles_are_listed_with_whom_they_call_as_and_nothing_is_asked(cloud: Stage, server: Server) -> None:
    found = rows(cloud)
    assert found["profile keys"]["finding"].startswith(f"{server.url}, the function's project, as ")
    assert KEYS.access_key[:4] in found["profile keys"]["finding"]
    assert found["profile keys"]["way_out"] == "fgtui doctor --profile keys tests it"
    assert found["profile guarded"]["finding"].startswith(f"{server.url}, project mine, as ")
    assert found["profile guarded"]["finding"].endswith(", guarded")
    assert (found["profile command"]["state"], found["profile ring"]["state"]) == ("ok", "ok")
    assert found["profile nowhere"]["state"] == "warn"
    assert found["target deployed"]["finding"].startswith(f"{URN} at {server.url}, as ")
    assert server.connections == []
    assert not (cloud.folder / "ran").exists()
    assert not any(KEYS.secret_key in row["finding"] + row["way_out"] for row in found.values())


def test_a_profile_that_is_named_is_tried_step_by_step(cloud: Stage, server: Server) -> None:
    ran = cloud.run("doctor", "--profile", "keys")
    assert (ran.code, ran.said) == (0, "")
    assert [line.split()[1] for line in ran.out.splitlines()] == [
        "profile", "credentials", "proxy", "endpoint", "tls", "clock", "accepted", "project", "permission",
    ]  # fmt: skip
    assert server.requests[0].target == f"/v2/{PROJECT}/fgs/functions?maxitems=1"
    assert KEYS.secret_key not in ran.out
    assert rows(cloud, "--profile", "guarded")["project"]["finding"] == "mine"


def test_what_is_missing_of_a_profile_is_a_1_and_nobody_there_a_3(cloud: Stage, server: Server) -> None:
    ran = cloud.run("doctor", "--profile", "command")
    assert ran.code == 1
    assert "missing  credentials" in ran.out
    assert (cloud.folder / "ran").exists()
    server.stop()
    ran = cloud.run("doctor", "--profile", "keys")
    assert ran.code == 3
    assert "missing  endpoint" in ran.out
    assert "→ " in ran.out


@pytest.mark.parametrize(
    ("name", "said"),
    [
        pytest.param("kyes", "did you mean keys?", id="typo"),
        pytest.param("", "there is no profile ''", id="empty"),
        pytest.param("nowhere", "names no endpoint", id="no-endpoint"),
    ],
)
def test_a_profile_that_there_is_not_is_a_2(cloud: Stage, server: Server, name: str, said: str) -> None:
    ran = cloud.run("doctor", "--profile", name)
    assert (ran.code, ran.data, server.connections) == (2, b"", [])
    assert said in ran.said


def test_a_profile_of_a_project_is_tried_once_somebody_agreed(stage: Stage, server: Server) -> None:
    stage.environment |= {"AK": KEYS.access_key, "SK": KEYS.secret_key}
    (stage.folder / "fgtui.toml").write_text(
        f'[profiles.p]\nendpoint = "{server.url}"\nproject = "mine"\n'
        'access_key = "${env:AK}"\nsecret_key = "${env:SK}"\n'
    )
    ran = stage.run("doctor", "--profile", "p")
    assert (ran.code, ran.data, server.connections) == (2, b"", [])
    assert rows(stage)["profile p"]["state"] == "warn"
    ran = stage.run("doctor", "--profile", "p", answers=b"n\n")
    assert (ran.code, server.connections) == (2, [])
    assert stage.run("doctor", "--profile", "p", answers=b"y\n").code == 0
    assert stage.run("doctor", "--profile", "p").code == 0


@pytest.mark.parametrize(
    ("told", "state", "said"),
    [
        (r"external /dev/pts/1\nTerminal 0: xterm for /dev/pts/1, flags=0x0:\n 192: Ms: (string) \\033", "ok", "on to"),
        (r"external /dev/pts/1\nTerminal 0: screen for /dev/pts/1, flags=0x0:\n 192: Ms: [missing]", "warn", "no way"),
        (r"off /dev/pts/1\nTerminal 0: xterm for /dev/pts/1, flags=0x0:\n 192: Ms: (string) \\033", "warn", "is off"),
        (r"external \n", "warn", "no way"),
    ],
    ids=["sends-on", "knows-no-way", "off", "nobody-looks"],
)
def test_in_tmux_it_says_how_far_copies_get(stage: Stage, told: str, state: str, said: str) -> None:
    program = stage.folder / "bin" / "tmux"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\nprintf '{told}\\n'\n")
    program.chmod(0o755)
    stage.environment |= {"PATH": str(program.parent), "TMUX": "/tmp/x,1,0", "SSH_TTY": "/dev/pts/9"}
    row = rows(stage)["clipboard"]
    assert row["state"] == state
    assert said in row["finding"]
    assert bool(row["way_out"]) is (state == "warn")
