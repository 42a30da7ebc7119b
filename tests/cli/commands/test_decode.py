"""``fgtui decode`` and ``fgtui encode``: byte for byte there and back."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.stage import Stage

SAMPLES = sorted((Path(__file__).parents[3] / "samples" / "events").glob("*/*.json"))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: f"{sample.parent.name}-{sample.stem}")
def test_every_sample_survives_the_pipe(stage: Stage, sample: Path) -> None:
    decoded = stage.run("decode", str(sample))
    assert decoded.code == 0
    assert stage.run("encode", stdin=decoded.data).data == sample.read_bytes()


@pytest.mark.parametrize(
    "wire",
    [
        pytest.param(b'{"a":1}', id="no-newline"),
        pytest.param(b' {"a": 1.10, "a": 1E400}\r\n\r\n', id="numbers-and-line-ends"),
        pytest.param(b'"\\ud800"', id="lone-surrogate"),
        pytest.param('{"a": "\u202e\x9b"}'.encode(), id="acting-characters"),
        pytest.param(b'{"$base64": "x"}', id="looks-like-a-codec"),
        pytest.param(b"[" * 5000 + b"]" * 5000, id="deep"),
    ],
)
def test_any_json_survives_the_pipe(stage: Stage, wire: bytes) -> None:
    assert stage.run("encode", stdin=stage.run("decode", stdin=wire).data).data == wire


def test_what_is_lenient_comes_back_as_its_wire_text(stage: Stage) -> None:
    decoded = stage.run("decode", stdin=b'\xef\xbb\xbf{"a": 1, // one\n}')
    assert stage.run("encode", stdin=decoded.data).data == b'{"a": 1        \n}'


def test_a_broken_codec_object_names_its_place(stage: Stage) -> None:
    ran = stage.run("encode", stdin=b'{"a":\n {"$base64": 3}}')
    assert (ran.code, ran.data) == (2, b"")
    assert ran.said.startswith("standard input:2:")


def test_json_with_an_error_names_its_place(stage: Stage) -> None:
    (stage.folder / "x.json").write_text('{"a" 1}')
    for verb in ("decode", "encode"):
        ran = stage.run(verb, "x.json")
        assert (ran.code, ran.data) == (2, b"")
        assert ran.said.startswith("x.json:1:5: error: ")
