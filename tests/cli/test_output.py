"""stdout: data byte for byte, JSON strict, and nothing that acts on a terminal."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgtui.cli.output import Output, display_width, dump_json
from fgtui.errors import StoreError
from fgtui.terminal.display import is_displayable

HOSTILE = "\x1b]52;c;aGk=\x07 \x9b2J \u202e \u2028 \ufeff \U000e0041 \x7f"


def written(*, is_terminal: bool = False, width: int = 80) -> tuple[Output, io.BytesIO]:
    stream = io.BytesIO()
    return Output(stream, is_terminal=is_terminal, width=width), stream


@given(st.binary(max_size=200))
def test_data_reaches_a_pipe_byte_for_byte(data: bytes) -> None:
    output, stream = written()
    output.data(data)
    assert stream.getvalue() == data


@given(st.binary(max_size=200))
def test_data_on_a_terminal_moves_nothing(data: bytes) -> None:
    output, stream = written(is_terminal=True)
    output.data(data)
    assert is_displayable(stream.getvalue().decode())


def test_text_on_a_terminal_ends_its_line_and_on_a_pipe_does_not() -> None:
    for is_terminal, expected in ((True, b"ok\n"), (False, b"ok")):
        output, stream = written(is_terminal=is_terminal)
        output.text("ok")
        assert stream.getvalue() == expected


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=8,
    )
)
def test_a_document_is_strict_json_that_acts_on_no_terminal_and_means_the_same(value: object) -> None:
    text = dump_json(value)
    assert json.loads(text) == value
    assert is_displayable(text)
    text.encode()


def test_lone_surrogates_are_written_as_escapes() -> None:
    assert dump_json(["a\udfffb"]) == '[\n  "a\\udfffb"\n]'


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -float("inf")])
def test_what_json_has_no_word_for_is_never_written(value: float) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        dump_json(value)


def test_json_text_on_a_terminal_keeps_its_meaning() -> None:
    output, stream = written(is_terminal=True)
    output.json_text(json.dumps({"a": HOSTILE}, ensure_ascii=False))
    shown = stream.getvalue().decode()
    assert is_displayable(shown)
    assert json.loads(shown) == {"a": HOSTILE}


def test_json_text_on_a_pipe_is_exact() -> None:
    output, stream = written()
    text = json.dumps({"a": HOSTILE}, ensure_ascii=False) + "\r\n"
    output.json_text(text)
    assert stream.getvalue() == text.encode()


def test_depth_is_no_obstacle() -> None:
    value: object = 1
    for _ in range(100_000):
        value = [value]
    assert dump_json(value).count("[") == 100_000


def test_table_cells_are_escaped_even_on_a_pipe() -> None:
    output, stream = written()
    output.table(("name",), [(f"a{HOSTILE}\nb",)])
    lines = stream.getvalue().decode().splitlines()
    assert len(lines) == 2
    assert all(is_displayable(line) for line in lines)


def test_table_columns_line_up_with_chinese_in_them() -> None:
    output, stream = written()
    output.table(("名称", "n"), [("对象存储", "1"), ("obs", "22")], right=frozenset((1,)))
    lines = stream.getvalue().decode().splitlines()
    assert len({display_width(line) for line in lines}) == 1


def test_a_table_on_a_terminal_keeps_to_its_width() -> None:
    output, stream = written(is_terminal=True, width=10)
    output.table(("a", "b"), [("存储对象存储", "xyz")])
    assert [display_width(line) <= 10 for line in stream.getvalue().decode().splitlines()] == [True, True]


def test_pieces_say_the_same_with_and_without_colours() -> None:
    pieces = [("+ ", "good"), ("a\x1b[2J\n", "underlined good"), ("b", ""), ("", "bad")]
    plain, stream = written()
    plain.pieces(pieces)
    assert stream.getvalue() == b"+ a\\e[2J\\nb\n"
    coloured = io.BytesIO()
    Output(coloured, is_terminal=True, in_colour=True).pieces(pieces)
    assert coloured.getvalue() == b"\x1b[32m+ \x1b[0m\x1b[4;32ma\\e[2J\\n\x1b[0mb\n"


def test_a_reader_that_went_away_is_no_error(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as stream:
        output = Output(stream)
        output.text("x" * 100_000)
        output.flush()
        assert output.closed
        output.text("more")


def test_a_full_disk_is_said() -> None:
    with Path("/dev/full").open("wb") as stream:
        output = Output(stream)
        output.text("x")
        with pytest.raises(StoreError, match="incomplete: No space left"):
            output.flush()


def test_a_closed_stdout_takes_everything_in_silence() -> None:
    output = Output(None)
    output.text("x")
    output.flush()
    assert output.closed


@pytest.mark.parametrize(
    ("text", "width"),
    [("订单", 4), ("e\u0301", 1), ("❤\ufe0f", 2), ("❤", 1), ("1\ufe0f\u20e3", 2), ("👍🏽", 2), ("👩\u200d🚀", 2), ("🇨🇳", 2), ("a\u200db", 2)],
)  # fmt: skip
def test_columns_are_those_of_what_is_drawn_as_one(text: str, width: int) -> None:
    assert display_width(text) == width
