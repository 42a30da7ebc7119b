"""The report that systems for continuous integration read."""

from __future__ import annotations

import os
import stat
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fgtui.errors import StoreError, TargetError, UsageError
from fgtui.invoke.model import Cancelled, Exchange, HandlerError, Raised, Returned, TargetSummary
from fgtui.sessions.diff.changes import compare_outcomes
from fgtui.sessions.model import NO_TARGET
from fgtui.sessions.replay.junit import CHANGES_LISTED, junit_report, log_end
from fgtui.sessions.replay.run import Replayed
from tests.factories import MOMENT, an_exchange


def replayed(new: Exchange | None = None, old: Exchange | None = None, **more: object) -> Replayed:
    old = old or an_exchange(seq=7, trigger="obs")
    return Replayed(old, new, compare_outcomes(old, new).changes if new else (), **more)


def written(file: Path, *cases: Replayed) -> ET.Element:
    with junit_report(file, suite="orders", target="src/index.handler", began=MOMENT) as report:
        for case in cases:
            report.add(case)
    return ET.fromstring(file.read_bytes())


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "report.xml"


@pytest.mark.parametrize(
    "content", [b"def handler(event, context): pass", b'{"fgtui": "session"}\n', b"<?xml version='1.0'?><pom/>", b"\0"]
)
def test_a_file_that_is_no_report_is_not_replaced(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with pytest.raises(UsageError, match=r"report\.xml is there and is no JUnit report; it was not replaced"):
        written(file)
    assert file.read_bytes() == content


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- x -->\n<testsuites/>", b"<testsuite name='a'>"]
)
def test_a_report_and_an_empty_file_are_replaced(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    assert written(file).get("tests") == "0"
    assert written(file, replayed(an_exchange())).get("tests") == "1"


def test_a_case_for_each_exchange_and_counts_that_agree(file: Path) -> None:
    failing = an_exchange(
        outcome=Raised(error=HandlerError("ValueError", "no <good>"), logs="one\ntwo\n", duration_ms=5.0)
    )
    root = written(
        file,
        replayed(an_exchange()),
        replayed(failing),
        replayed(problem=UsageError("redacted when it was recorded: token", hint="supply it")),
    )
    suite = root.find("testsuite")
    assert suite is not None
    for counted in (root, suite):
        assert [counted.get(name) for name in ("tests", "failures", "errors", "skipped")] == ["3", "1", "1", "0"]
    assert suite.get("timestamp") == "2026-11-22T09:46:01"
    same, different, refused = suite.findall("testcase")
    assert (same.get("classname"), same.get("name"), same.get("time")) == ("orders.obs", "7 obs default", "0.003250")
    assert list(same) == []
    failure, log = different
    assert failure.get("message") == "returned → raised ValueError: no <good>, 3 differences"
    assert failure.text is not None
    assert failure.text.splitlines()[0] == '~ outcome.kind: "returned" → "raised"'
    assert (log.tag, log.text) == ("system-out", "one\ntwo")
    (error,) = refused
    assert (error.tag, error.get("message"), error.text) == (
        "error",
        "redacted when it was recorded: token",
        "supply it",
    )


def test_an_empty_run_is_an_empty_suite(file: Path) -> None:
    assert written(file).get("tests") == "0"


def test_an_event_that_was_never_sent_is_a_failure_only_where_it_fails(file: Path) -> None:
    never = an_exchange(seq=1, outcome=Cancelled(), target=TargetSummary(NO_TARGET, ""))
    failing = an_exchange(outcome=Raised(error=HandlerError("ValueError", "no")))
    root = written(file, replayed(an_exchange(), never), replayed(failing, never))
    assert [each.get("message") for each in root.iter("failure")] == ["never sent → raised ValueError: no"]
    assert [root.get(name) for name in ("tests", "failures", "errors")] == ["2", "1", "0"]


def test_why_a_run_ended_early_and_what_could_not_be_read_are_errors(file: Path) -> None:
    with junit_report(file, suite="orders", target="t", began=MOMENT) as report:
        report.add_error("line 3", StoreError("cut short"))
        report.add_error("the replay ended early", TargetError("there is no python3"))
    root = ET.fromstring(file.read_bytes())
    assert [root.get(name) for name in ("tests", "failures", "errors", "skipped")] == ["2", "0", "2", "0"]


@settings(max_examples=40)
@given(st.text(), st.text(alphabet="]>&<\"'\x00\x1b\x85\ud800\ufffe\U0001f600\n\r\t失"))
def test_any_text_makes_a_report_that_can_be_read(text: str, signs: str) -> None:
    file = Path(os.environ["FGTUI_HOME"]).parent / "any.xml"
    old = an_exchange(seq=1, trigger=signs or "blank", body=b'{"a": "b"}')
    new = an_exchange(outcome=Raised(error=HandlerError(signs, text), logs=f"{signs}\n{text}]]>"))
    root = written(file, replayed(new, old))
    (failure,) = root.iter("failure")
    assert failure.text
    assert "\x1b" not in file.read_text()


def test_many_differences_and_long_logs_are_cut(file: Path) -> None:
    old = an_exchange(body=str(list(range(1000))))
    new = an_exchange(outcome=Returned(body=str(list(range(1, 1001))).replace("1", "9").encode(), logs="x" * 100_000))
    written(file, replayed(new, old))
    text = file.read_text()
    assert len(text) < 40_000
    assert text.count("\n~ ") <= CHANGES_LISTED


def test_the_end_of_a_log_is_what_is_kept() -> None:
    assert log_end("a\nb\n") == "a\nb"
    lines = [f"line {number}" for number in range(100)]
    assert log_end("\n".join(lines)).splitlines() == ["…", *lines[-50:]]


def test_the_report_is_written_though_the_run_was_interrupted(file: Path) -> None:
    with (
        pytest.raises(KeyboardInterrupt),
        junit_report(file, suite="orders", target="t", began=MOMENT) as report,
    ):
        report.add(replayed(an_exchange()))
        raise KeyboardInterrupt
    assert ET.fromstring(file.read_bytes()).get("tests") == "1"


def test_the_report_before_is_replaced_in_one_step_and_nothing_is_left_beside_it(file: Path) -> None:
    file.write_text("<testsuites/>")
    with junit_report(file, suite="orders", target="t", began=MOMENT):
        assert file.read_text() == "<testsuites/>"
    assert file.read_text().startswith("<?xml")
    assert list(file.parent.iterdir()) == [file]
    assert stat.S_IMODE(file.stat().st_mode) & 0o444 == 0o444


@pytest.mark.parametrize("kind", ["link", "folder", "fifo", "nowhere"])
def test_where_no_report_can_be_is_known_before_anything_is_sent(file: Path, kind: str) -> None:
    match kind:
        case "link":
            file.symlink_to(file.parent / "other")
        case "folder":
            file.mkdir()
        case "fifo":
            os.mkfifo(file)
        case "nowhere":
            file = file.parent / "missing" / "report.xml"
    with (
        pytest.raises((UsageError, StoreError)),
        junit_report(file, suite="orders", target="t", began=MOMENT),
    ):
        pytest.fail("the block began")


def test_nothing_in_a_report_acts_on_a_terminal_that_shows_it(file: Path) -> None:
    hostile = "a\x1b[31mb\x9b31mc\u202ed\u200be\x07"
    new = an_exchange(outcome=Raised(error=HandlerError(hostile, hostile), logs=f"{hostile}\n"), trigger=hostile)
    written(file, replayed(new, old=an_exchange(seq=7, trigger=hostile)))
    text = file.read_text("utf-8")
    assert not set(text) & set("\x1b\x9b\u202e\u200b\x07")
    assert "\\e[31m" in text
