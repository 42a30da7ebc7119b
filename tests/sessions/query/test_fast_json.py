"""The faster parser is taken where it says what the strict reader says, and nowhere else."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fgtui.sessions.query.fast_json import content_value, fast_content_value
from tests.sessions.test_strict_json import values

SUITE = os.environ.get("FGTUI_JSON_SUITE", "")
"""A folder with the files of nst/JSONTestSuite, folder ``test_parsing``."""

fast = fast_content_value()

NUMBERS = (
    "-0", "0", "-0.0", "1E2", "1e2", "1.10", "9007199254740993", "9007199254740993.0", "9223372036854775808", "18446744073709551616",
    "-9223372036854775809", "12345678901234567890123", "1e23", "2.5e-324", "1e-400", "1e400", "-1E400", "1.7976931348623159e308", "0.1e1",
    "123456789012345678901234567890.5", "1" * 400, "1" * 5000, "01", "1.", ".5", "-", "+1", "1e", "0x1", "NaN", "Infinity", "-Infinity",
)  # fmt: skip
PIECES = (
    *NUMBERS, '"a"', '"\\ud800"', '"\\ud83d\\ude00"', '"\\udc00\\ud800"', '"\\u0000"', '"\\/"', '"\\x"', '"处理"', '"\x7f"', '"\x01"', '"\t"', '"', "'a'",
    "true", "false", "null", "nul", "{", "}", "[", "]", ",", ":", " ", "\n", "\ufeff", '{"a": 1, "b": 2, "a": 3}', '{"": {"": []}}', "[1,]", "{,}", "//x",
)  # fmt: skip


def told(read: object, content: bytes) -> str:
    return repr(read(content))  # the signs of zeros and the types of numbers are in it


@settings(max_examples=80)
@given(values, st.sampled_from([None, 2]), st.booleans())
def test_whatever_was_written_reads_alike(value: object, indent: int | None, ascii_only: bool) -> None:
    content = json.dumps(value, indent=indent, ensure_ascii=ascii_only).encode("utf-8", "surrogatepass")
    assert told(fast, content) == told(content_value, content)


@settings(max_examples=100)
@given(
    st.lists(st.sampled_from(PIECES), max_size=8).map("".join) | st.text(alphabet='[]{}",:0123e.-\\u "', max_size=12)
)
def test_whatever_looks_like_json_reads_alike(text: str) -> None:
    assert told(fast, text.encode()) == told(content_value, text.encode())


@given(st.binary(max_size=12))
def test_any_bytes_read_alike(content: bytes) -> None:
    for each in (content, b'"' + content + b'"'):
        assert told(fast, each) == told(content_value, each)


@pytest.mark.parametrize("number", NUMBERS)
def test_every_number_reads_alike(number: str) -> None:
    for content in (number.encode(), f'{{"a": [{number}]}}'.encode()):
        assert told(fast, content) == told(content_value, content)


def test_depth_is_no_obstacle() -> None:
    content = b"[" * 20_000 + b"]" * 20_000
    found = fast(content)
    for _ in range(19_999):
        assert isinstance(found, list)
        (found,) = found
    assert found == []


@pytest.mark.skipif(not SUITE, reason="FGTUI_JSON_SUITE names no folder with the files of nst/JSONTestSuite")
def test_the_public_suite_reads_alike() -> None:
    for file in sorted(Path(SUITE).glob("*.json")):
        content = file.read_bytes()
        if "100000" not in file.name and "structure_open" not in file.name:  # repr is what would be too deep
            assert told(fast, content) == told(content_value, content), file.name
