"""``fgtui format``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.stage import Stage

LENIENT = b'\xef\xbb\xbf{ // an order\n  "id": 12345678901234567890, "price": 1.10, "big": 1E400,\n  "zero": -0, "tags": ["a",],\n}\n'


def test_lenient_in_strict_out_with_numbers_as_written(stage: Stage) -> None:
    ran = stage.run("format", stdin=LENIENT)
    assert ran.code == 0
    assert ran.out == (
        '{\n  "id": 12345678901234567890,\n  "price": 1.10,\n  "big": 1E400,\n  "zero": -0,\n  "tags": [\n    "a"\n  ]\n}\n'
    )


def test_compact_has_no_white_space_and_formatting_again_changes_nothing(stage: Stage) -> None:
    compact = stage.run("format", "--compact", stdin=LENIENT)
    assert compact.out == '{"id":12345678901234567890,"price":1.10,"big":1E400,"zero":-0,"tags":["a"]}\n'
    pretty = stage.run("format", stdin=compact.data)
    assert stage.run("format", stdin=pretty.data).data == pretty.data
    assert stage.run("format", "--compact", stdin=pretty.data).data == compact.data


def test_strict_refuses_names_every_place_and_prints_nothing(stage: Stage) -> None:
    (stage.folder / "order.json").write_bytes(LENIENT)
    ran = stage.run("format", "--strict", "order.json")
    assert (ran.code, ran.data) == (2, b"")
    assert ran.said.count("order.json:") >= 3
    assert ran.said.endswith("error: order.json is not strict JSON (RFC 8259); nothing was printed\n")
    assert "order.json:1:4: " in ran.said


def test_strict_passes_what_is_strict(stage: Stage) -> None:
    assert stage.run("format", "--strict", stdin=b'{"a": "\\ud800"}').out == '{\n  "a": "\\ud800"\n}\n'


@pytest.mark.parametrize("depth", [100_000])
def test_depth_is_an_answer_not_a_crash(stage: Stage, depth: int) -> None:
    ran = stage.run("format", "--compact", stdin=b"[" * depth + b"]" * depth)
    assert (ran.code, len(ran.data)) == (0, 2 * depth + 1)


def test_what_is_no_json_names_the_place(stage: Stage) -> None:
    ran = stage.run("format", stdin=b'{\n "a": tru }')
    assert (ran.code, ran.data) == (2, b"")
    assert ran.said.startswith("standard input:2:7: error: ")


def test_every_sample_formats_to_the_same_value(stage: Stage) -> None:
    samples = list((Path(__file__).parents[3] / "samples" / "events").glob("*/*.json"))
    for sample in samples:
        assert json.loads(stage.run("format", str(sample)).out) == json.loads(sample.read_bytes()), sample
    assert len(samples) > 30
