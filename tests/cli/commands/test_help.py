from __future__ import annotations

from fgtui.cli.console import WorkbenchNames
from fgtui.settings_table import SETTINGS
from fgtui.tui.keymap import key_lines
from tests.cli.stage import Stage


def test_the_settings_are_explained_each_by_its_key(stage: Stage) -> None:
    lines = stage.run("help", "settings").out.splitlines()
    keys = [line.partition(" (")[0] for line in lines if not line.startswith(" ")]
    assert keys == [each.key for each in SETTINGS]
    assert max(map(len, lines)) <= 80


def test_the_keys_are_those_in_force_by_the_names_that_settings_take(stage: Stage) -> None:
    stage.names = lambda: WorkbenchNames((), (), list_keys=key_lines)
    (stage.folder / "fgtui.toml").write_text("[keys]\nsend = 'Alt+Shift+S'\n", encoding="utf-8")
    lines = stage.run("help", "keys").out.splitlines()
    assert "  send                     Alt+Shift+S" in lines
    assert lines[lines.index("  send                     Alt+Shift+S") + 1].strip() == "Send the event to the target"
    assert "  hide-pane                (palette)" in lines
    (stage.folder / "fgtui.toml").write_text("[keys]\nsend = 'f6'\n", encoding="utf-8")
    ran = stage.run("help", "keys")
    assert (ran.code, "F6 is the key of next-pane already" in ran.said) == (2, True)
