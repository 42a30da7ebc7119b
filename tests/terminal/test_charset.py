"""A terminal whose characters are not all of Unicode gets those it has, and like signs for ours."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgtui.cli.console import Console
from fgtui.cli.diagnostics import Diagnostics
from fgtui.cli.output import Output
from fgtui.terminal.charset import in_charset, other_charset, way_to_utf8
from tests.tui.pseudo_terminal import PseudoTerminal


@pytest.mark.parametrize(
    ("encoding", "charset"),
    [("gbk", "GBK"), ("iso8859-1", "ISO8859-1"), ("utf-8", ""), ("UTF8", ""), ("ANSI_X3.4-1968", ""), (None, "")],
)
def test_only_what_is_known_not_to_be_utf8_is_another_charset(encoding: str | None, charset: str) -> None:
    assert other_charset(encoding) == charset


@given(st.text(), st.sampled_from(["GBK", "ISO8859-1", "BIG5"]), st.booleans())
def test_any_text_can_be_written_in_any_charset(text: str, charset: str, foreign: bool) -> None:
    shown = in_charset(text, charset, foreign=foreign).decode(charset)
    assert all(sign in shown for sign in text if sign.isascii())


def test_signs_of_ours_become_like_ones_and_foreign_text_escapes() -> None:
    assert in_charset("✓ 订单 …", "ISO8859-1") == rb"+ \u8ba2\u5355 ..."
    assert in_charset("✓ 订单", "GBK", foreign=True) == rb"\u2713 " + "订单".encode("gbk")


@pytest.mark.parametrize(
    ("environment", "command"),
    [
        ({"LC_ALL": "", "LANG": "zh_CN.GBK"}, "export LANG=zh_CN.UTF-8"),
        ({"LC_ALL": "de_DE@euro", "LANG": "C"}, "export LC_ALL=de_DE.UTF-8"),
    ],
)
def test_the_way_out_keeps_the_language(environment: dict[str, str], command: str) -> None:
    assert way_to_utf8(environment) == command


def test_on_a_terminal_that_is_not_utf8_verbs_write_its_characters_and_the_workbench_says_why_not(
    tmp_path: Path,
) -> None:
    environment = {"PYTHONIOENCODING": "gbk", "LC_ALL": "zh_CN.GBK", "FGTUI_LANG": "zh"}
    with PseudoTerminal("sessions", "--help", folder=tmp_path, environment=environment) as terminal:
        assert terminal.wait_for_end() == 0
        assert "会话" in terminal.output.decode("gbk")
    with PseudoTerminal(folder=tmp_path, environment=environment) as terminal:
        assert terminal.wait_for_end() == 2
        said = terminal.output.decode("gbk")
    assert "终端的字符集是 GBK，工作台需要 UTF-8" in said
    assert "export LC_ALL=zh_CN.UTF-8" in said


def test_a_name_is_asked_for_in_the_characters_of_the_terminal() -> None:
    said = io.TextIOWrapper(io.BytesIO(), encoding="gbk", errors="backslashreplace")
    console = Console(
        Output(None),
        Diagnostics(said, is_terminal=True, charset="GBK"),
        stdin=io.BytesIO("订单\n".encode("gbk")),
        stdin_is_terminal=True,
    )
    assert console.ask_for("订单", "✓ {name}?", name="订单")
    assert said.buffer.getvalue() == "+ 订单? ".encode("gbk")


def test_a_dumb_terminal_is_refused_and_one_without_colours_gets_none(tmp_path: Path) -> None:
    with PseudoTerminal(folder=tmp_path, environment={"TERM": "dumb"}) as terminal:
        assert terminal.wait_for_end() == 2
        assert "TERM=dumb is a terminal without a cursor to move" in terminal.text()
        assert terminal.modes() == {}
    with PseudoTerminal(folder=tmp_path, environment={"TERM": "vt100"}) as terminal:
        terminal.wait_for("help")
        assert re.search(rb"\x1b\[(?:[0-9]+;)*(?:3[0-8]|4[0-8]|9[0-7])[;m]", bytes(terminal.output)) is None
