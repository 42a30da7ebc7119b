"""Names of files that are offered: safe whatever the session is called."""

from __future__ import annotations

import pytest

from fgtui.tui.screens.saving import file_stem


@pytest.mark.parametrize(
    ("session", "stem"),
    [
        ("orders", "orders"),
        ("a/b", "a-b"),
        ("../../etc/passwd", "-..-etc-passwd".lstrip("-.")),
        ("-rf", "rf"),
        (".hidden", "hidden"),
        ("~", "recordings"),
        ("...", "recordings"),
        ("x\x1b[2J\u202e", "x-[2J-"),
        ("订单", "订单"),
        ("订" * 200, "订" * 60),
    ],
)
def test_a_session_becomes_a_safe_name_for_files(session: str, stem: str) -> None:
    assert file_stem(session) == stem
    assert len(file_stem(session).encode()) < 250
