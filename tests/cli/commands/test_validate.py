"""``fgtui validate``."""

from __future__ import annotations

import json
from pathlib import Path

from fgtui.cli.fixing import NAMES
from fgtui.events.fixes import _NEVER_CERTAIN, FIXES
from tests.cli.stage import Stage

SAMPLES = Path(__file__).parents[3] / "samples" / "events"


def test_a_sample_is_recognised_and_right(stage: Stage) -> None:
    ran = stage.run("validate", str(SAMPLES / "obs" / "default.json"))
    assert ran.code == 0
    assert "in an event of obs (recognised)" in ran.said


def test_an_error_is_a_2_with_place_and_severity_on_stdout(stage: Stage) -> None:
    (stage.folder / "order.json").write_text('{"a": [1, 2}\n')
    ran = stage.run("validate", "order.json")
    assert ran.code == 2
    assert ran.out.startswith("order.json:1:")
    assert ": error: " in ran.out


def test_what_is_lenient_is_no_error(stage: Stage) -> None:
    ran = stage.run("validate", "-", stdin=b'{"a": 1,} // no more\n')
    assert ran.code == 0
    assert ": warning: " in ran.out or ": info: " in ran.out


def test_json_gives_line_column_path_severity_and_code(stage: Stage) -> None:
    ran = stage.run("validate", "--json", "--trigger", "obs", stdin=b'{"Records": "x"}')
    document = json.loads(ran.out)
    assert (document["file"], document["trigger"]) == ("standard input", "obs")
    problem = next(problem for problem in document["problems"] if problem["path"] == "Records")
    assert (problem["line"], problem["column"]) == (1, 13)
    assert {"severity", "code", "message", "hint"} <= set(problem)


def test_an_unknown_trigger_names_the_nearest(stage: Stage) -> None:
    ran = stage.run("validate", "--trigger", "osb", stdin=b"{}")
    assert ran.code == 2
    assert "did you mean obs?" in ran.said


def test_an_empty_input_is_said(stage: Stage) -> None:
    ran = stage.run("validate", stdin=b"")
    assert ran.code == 2
    assert "standard input:1:1: error: " in ran.out


class TestFix:
    def test_all_that_is_certain_to_be_fixed_has_words(self) -> None:
        assert {code for code, fix in FIXES.items() if fix is not None} - _NEVER_CERTAIN == set(NAMES)

    def test_the_text_is_on_stdout_and_what_was_done_is_said(self, stage: Stage) -> None:
        ran = stage.run("validate", "--fix", stdin=b"{'a': 1.10, // one\n}")
        assert (ran.code, ran.out) == (0, '{"a": 1.10\n}')
        assert "fixed: single quotes (1)" in ran.said
        assert "fixed: trailing commas (1)" in ran.said

    def test_what_is_left_is_said_and_an_error_is_a_2(self, stage: Stage) -> None:
        ran = stage.run("validate", "--fix", stdin=b'{"a": NaN, "b": 1,}')
        assert (ran.code, ran.out) == (2, '{"a": NaN, "b": 1}')
        assert "standard input:1:7: error: " in ran.said
        assert "1 problem is left" in ran.said

    def test_what_is_right_comes_out_as_it_went_in(self, stage: Stage) -> None:
        ran = stage.run("validate", "--fix", stdin=b'{"a":  52.0}\n')
        assert (ran.code, ran.out) == (0, '{"a":  52.0}\n')
        assert "nothing was changed" in ran.said

    def test_a_file_is_written_and_none_is_replaced_unasked(self, stage: Stage) -> None:
        (stage.folder / "order.json").write_text('{"a": 1,}')
        assert stage.run("validate", "--fix", "order.json", "-o", "fixed.json").code == 0
        assert (stage.folder / "fixed.json").read_text() == '{"a": 1}'
        ran = stage.run("validate", "--fix", "order.json", "-o", "order.json")
        assert ran.code == 2
        assert (stage.folder / "order.json").read_text() == '{"a": 1,}'
        assert stage.run("validate", "--fix", "order.json", "-o", "order.json", "--force").code == 0
        assert (stage.folder / "order.json").read_text() == '{"a": 1}'

    def test_options_that_make_no_sense_together_are_refused(self, stage: Stage) -> None:
        assert stage.run("validate", "-o", "x.json", stdin=b"{}").code == 2
        ran = stage.run("validate", "--fix", "--json", stdin=b"{}")
        assert (ran.code, ran.out) == (2, "")
