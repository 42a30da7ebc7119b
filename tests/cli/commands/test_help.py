from __future__ import annotations

from fgtui.settings_table import SETTINGS
from tests.cli.stage import Stage


def test_the_settings_are_explained_each_by_its_key(stage: Stage) -> None:
    lines = stage.run("help", "settings").out.splitlines()
    keys = [line.partition(" (")[0] for line in lines if not line.startswith(" ")]
    assert keys == [each.key for each in SETTINGS]
    assert max(map(len, lines)) <= 80
