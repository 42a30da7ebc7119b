"""What was used last: newest first, bounded, shared by workbenches, references only; a strange file is no reason to fail."""

from __future__ import annotations

import json
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgtui.tui.remembered.recents import (
    FORMAT_VERSION,
    KEPT_EVENTS,
    KEPT_TARGETS,
    LONGEST_TEXT,
    RecentExchange,
    RecentFile,
    RecentFiles,
    Recents,
    RecentTemplate,
    _event,
)

MOMENT = datetime(2026, 11, 26, 7, 0, tzinfo=UTC)
THINGS = (RecentTemplate("obs", "default"), RecentFile("/a/[b].json"), RecentExchange("orders", 7, "01ABC"))


def kept_in(folder: Path, working_folder: str = "/a/project") -> RecentFiles:
    moments = (MOMENT + timedelta(seconds=number) for number in range(10_000))
    return RecentFiles(folder, Path(working_folder), clock=lambda: next(moments))


def test_nothing_is_remembered_and_nothing_made_before_anything_is_used(tmp_path: Path) -> None:
    assert kept_in(tmp_path / "data").read() == Recents()
    assert not (tmp_path / "data").exists()


def test_the_newest_is_first_and_nothing_stands_there_twice(tmp_path: Path) -> None:
    kept = kept_in(tmp_path)
    for what in (*THINGS, THINGS[0]):
        kept.add_event(what)
    for spec in ("a.handler", "https://x.example", "a.handler"):
        kept.add_target(spec)
    again = kept_in(tmp_path).read()
    assert [each.what for each in again.events] == [THINGS[0], THINGS[2], THINGS[1]]
    assert again.targets == ("a.handler", "https://x.example")
    assert kept_in(tmp_path, "/elsewhere").read() == Recents()


def test_several_workbenches_lose_nothing_of_each_other(tmp_path: Path) -> None:
    one, other = kept_in(tmp_path), kept_in(tmp_path)
    one.add_event(THINGS[0])
    other.add_event(THINGS[1])
    one.add_target("x.handler")
    assert {each.what for each in other.read().events} == {THINGS[0], THINGS[1]}
    assert other.read().targets == ("x.handler",)


def test_only_so_many_are_kept_and_none_that_is_too_long(tmp_path: Path) -> None:
    kept = kept_in(tmp_path)
    for number in range(KEPT_EVENTS + 3):
        kept.add_event(RecentExchange("orders", number, "id"))
    for number in range(KEPT_TARGETS + 3):
        kept.add_target(f"h{number}.handler")
    kept.add_event(RecentFile("x" * (LONGEST_TEXT + 1)))
    kept.add_target("x" * (LONGEST_TEXT + 1))
    found = kept.read()
    assert (len(found.events), len(found.targets)) == (KEPT_EVENTS, KEPT_TARGETS)
    assert found.targets[0] == f"h{KEPT_TARGETS + 2}.handler"


def test_what_is_too_long_is_not_kept_and_puts_nothing_out(tmp_path: Path) -> None:
    kept = kept_in(tmp_path)
    for length in (LONGEST_TEXT, LONGEST_TEXT + 1):
        kept.add_event(RecentFile("x" * length))
        kept.add_target("x" * length)
    found = kept.read()
    assert [each.what for each in found.events] == [RecentFile("x" * LONGEST_TEXT)]
    assert found.targets == ("x" * LONGEST_TEXT,)


def test_what_was_opened_earlier_is_put_in_its_place_and_all_is_written_once(tmp_path: Path) -> None:
    kept = kept_in(tmp_path)
    kept.add_event(THINGS[0])
    kept.add_event(THINGS[1], MOMENT - timedelta(days=1))
    assert [each.what for each in kept.read().events] == [THINGS[0], THINGS[1]]
    for number in (*range(KEPT_TARGETS + 3), KEPT_TARGETS, KEPT_TARGETS + 3):
        kept.add_target(f"h{number}.handler")
        written = json.loads(kept.file.read_bytes())["targets"]
        assert len(written) == len(set(written)) == min(number + 1, KEPT_TARGETS)


@pytest.mark.parametrize(
    "entry",
    [
        {"kind": "file", "path": 5},
        {"kind": "exchange", "session": "orders", "seq": "7", "id": "x"},
        {"kind": "exchange", "session": "orders", "seq": True, "id": "x"},
        {"kind": "template", "trigger": "obs"},
    ],
)
def test_an_entry_with_something_else_in_it_is_none(entry: dict[str, object]) -> None:
    assert _event({**entry, "at": MOMENT.isoformat()}) is None


@pytest.mark.parametrize("at", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00"])
def test_a_time_that_no_clock_can_show_is_no_time(at: str) -> None:
    assert _event({"kind": "file", "path": "/a.json", "at": at}) is None


def test_what_is_kept_is_private(tmp_path: Path) -> None:
    kept = kept_in(tmp_path / "data")
    kept.add_event(THINGS[0])
    for path in (tmp_path / "data").rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b'{"format": 99}',
        b"[" * 100_000,
        b'{"format": 2, "targets": ["a.handler"]}',
        b'{"format": 1, "events": {}, "targets": [1, null]}',
        b"\xff",
    ],
    ids=["empty", "torn", "list", "newer", "deep", "newer-with-targets", "strange", "bytes"],
)
def test_a_file_that_means_nothing_is_nothing(tmp_path: Path, content: bytes) -> None:
    kept = kept_in(tmp_path)
    kept.file.parent.mkdir(parents=True)
    kept.file.write_bytes(content)
    assert kept.read() == Recents()
    kept.add_target("a.handler")
    assert kept.read().targets == ("a.handler",)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
FIELDS = st.sampled_from(["kind", "trigger", "template", "path", "session", "seq", "id", "at"])
VALUES = JSON | st.sampled_from(["template", "file", "exchange", "2026-11-26T07:00:00+00:00", "2026-11-26"])


@given(st.dictionaries(FIELDS, VALUES, max_size=8) | JSON)
def test_whatever_an_entry_holds_it_is_an_event_or_none(entry: Any) -> None:
    found = _event(entry)
    assert found is None or (
        found.at.tzinfo is not None and isinstance(found.what, RecentTemplate | RecentFile | RecentExchange)
    )


def test_an_entry_of_a_kind_that_is_not_known_is_passed_over(tmp_path: Path) -> None:
    kept = kept_in(tmp_path)
    kept.add_event(THINGS[0])
    document = json.loads(kept.file.read_bytes())
    document["events"].insert(0, {"kind": "dream", "at": MOMENT.isoformat()})
    assert document["format"] == FORMAT_VERSION
    kept.file.write_text(json.dumps(document))
    assert [each.what for each in kept.read().events] == [THINGS[0]]
