"""How the panes stood comes back, and a file that is torn, strange or newer keeps nobody from opening the workbench."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgtui.tui.remembered.workspace_state import (
    FORMAT_VERSION,
    LARGEST_BYTES,
    LONGEST_TEXT,
    MOST_ENTRIES,
    USUAL,
    EventLook,
    ShownExchange,
    StateFile,
    WorkspaceState,
    _from_document,
)

A_STATE = WorkspaceState(
    shares={"wide.outcome": 0.25, "medium.lower": 0.5},
    hidden=("session",),
    is_zoomed=True,
    theme="light",
    outcome_part="logs",
    turned_parts=("logs", "result"),
    is_side_by_side=True,
    focus="session",
    event=EventLook(1165, 4, 2, 9, ("Records", "Records[0].s3"), is_form=True),
    filter="outcome.kind != 'returned'",
    filter_session="orders",
    shown=ShownExchange("orders", 7, "01ABC"),
    expanded=("obs", "smn"),
    find_options=("minds_case",),
    tour=3,
)


def a_file(folder: Path, working_folder: str = "/a/project") -> StateFile:
    return StateFile(folder, Path(working_folder))


def a_document(**entries: Any) -> str:
    return json.dumps({"fgtui": "workspace", "format": FORMAT_VERSION, **entries})


def written(folder: Path, text: str) -> StateFile:
    kept = a_file(folder)
    kept.file.parent.mkdir(parents=True, exist_ok=True)
    kept.file.write_text(text)
    return kept


def test_a_look_too_long_to_be_read_again_is_kept_without_what_was_hidden(tmp_path: Path) -> None:
    kept = a_file(tmp_path)
    paths = tuple(f"Records[{number}].{'键' * 200}" for number in range(100))
    look = EventLook(1165, 4, 2, 9, paths)
    kept.write(A_STATE._replace(event=look, filter="订" * 8000))
    again = a_file(tmp_path)
    assert again.read().event == look._replace(collapsed=())
    assert again.trouble == ""


def test_of_each_entry_what_makes_no_sense_is_the_usual() -> None:
    def read(**entries: Any) -> WorkspaceState:
        return _from_document(json.loads(a_document(**entries)))

    assert read(shares={"a": 0, "b": 1, "c": 1.5, "d": -1, "e": "0"}).shares == {"a": 0, "b": 1}
    assert read(tour=(1 << 40) - 1).tour == (1 << 40) - 1
    assert read(tour=1 << 40).tour is None
    look = {"length": 3, "line": 0, "column": 0, "top": -1}
    assert read(event=look).event == EventLook(3, 1, 1, 0, (), is_form=False)
    shown = {"session": "s", "seq": 1, "id": "x"}
    assert read(shown=shown).shown == ShownExchange("s", 1, "x")
    for name in look:
        assert read(event={**look, name: None}).event is None
    for name in shown:
        assert read(shown={**shown, name: None}).shown is None


def test_no_more_is_written_than_would_be_read(tmp_path: Path) -> None:
    kept = a_file(tmp_path)
    many = tuple(f"t{number}" for number in range(MOST_ENTRIES + 1))
    kept.write(A_STATE._replace(filter="x" * LONGEST_TEXT, expanded=many))
    assert len(json.loads(kept.file.read_bytes())["expanded"]) == MOST_ENTRIES
    assert a_file(tmp_path).read().filter == "x" * LONGEST_TEXT
    kept.write(A_STATE._replace(filter="x" * (LONGEST_TEXT + 1)))
    assert a_file(tmp_path).read().filter is None


def test_what_was_written_is_read_and_private(tmp_path: Path) -> None:
    a_file(tmp_path).write(A_STATE)
    kept = a_file(tmp_path)
    assert kept.read() == A_STATE
    assert not kept.trouble
    assert stat.S_IMODE(kept.file.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.file.parent.stat().st_mode) == 0o700


def test_each_working_folder_has_its_own(tmp_path: Path) -> None:
    a_file(tmp_path, "/one").write(A_STATE)
    assert a_file(tmp_path, "/other").read() == USUAL
    assert a_file(tmp_path, "/a\udcffb").file.name != a_file(tmp_path, "/ab").file.name


def test_nothing_is_written_while_nothing_has_changed(tmp_path: Path) -> None:
    kept = a_file(tmp_path)
    kept.write(USUAL)
    assert not kept.file.exists()
    kept.write(A_STATE)
    before = kept.file.stat().st_mtime_ns, kept.file.stat().st_ino
    kept.write(A_STATE._replace())
    assert (kept.file.stat().st_mtime_ns, kept.file.stat().st_ino) == before


def test_entries_of_another_version_are_kept(tmp_path: Path) -> None:
    kept = written(tmp_path, a_document(recent=["obs", {"a": 1}], zoomed=True))
    state = kept.read()
    kept.write(state._replace(theme="dark"))
    document = json.loads(kept.file.read_text())
    assert document["recent"] == ["obs", {"a": 1}]
    assert document["zoomed"] is True
    assert document["theme"] == "dark"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param('{"fgtui": "works', id="torn"),
        pytest.param("[]", id="a-list"),
        pytest.param('{"fgtui": "draft", "format": 1}', id="a-draft"),
        pytest.param('{"fgtui": "workspace"}', id="without-version"),
        pytest.param("[" * 30_000, id="deep"),
        pytest.param(a_document(recent="x" * LARGEST_BYTES), id="too-large"),
        pytest.param("\x00\x01\x02", id="no-text"),
    ],
)
def test_what_cannot_be_read_is_said_and_the_usual_stands_in(tmp_path: Path, text: str) -> None:
    kept = written(tmp_path, text)
    assert kept.read() == USUAL
    assert kept.trouble.startswith("the layout kept for this folder could not be read: ")
    kept.write(A_STATE)
    assert a_file(tmp_path).read() == A_STATE


def test_a_folder_or_a_pipe_in_its_place_holds_nobody_up(tmp_path: Path) -> None:
    for make in (os.mkdir, os.mkfifo):
        kept = a_file(tmp_path, f"/{make.__name__}")
        kept.file.parent.mkdir(exist_ok=True)
        make(kept.file)
        assert kept.read() == USUAL
        assert kept.trouble


def test_what_a_newer_version_has_kept_is_never_written_over(tmp_path: Path) -> None:
    text = json.dumps({"fgtui": "workspace", "format": FORMAT_VERSION + 1, "panes": "otherwise"})
    kept = written(tmp_path, text)
    assert kept.read() == USUAL
    assert "newer" in kept.trouble
    kept.write(A_STATE)
    assert kept.file.read_text() == text


JSON = st.recursive(st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5), lambda inner:
                    st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
                    max_leaves=8)  # fmt: skip
MORE = ["focus", "event", "filter", "filter_session", "shown", "expanded", "find_options", "tour"]
NAMES = st.sampled_from(
    ["shares", "hidden", "zoomed", "theme", "outcome_part", "turned_parts", "side_by_side", "else", *MORE]
)


@given(st.dictionaries(NAMES, JSON))
def test_whatever_an_entry_holds_the_state_is_sound(document: dict[str, Any]) -> None:
    state = _from_document(document)
    assert all(0 <= share <= 1 for share in state.shares.values())
    assert all(isinstance(name, str) for name in (*state.hidden, *state.turned_parts))
    assert isinstance(state.is_zoomed, bool)
    assert isinstance(state.is_side_by_side, bool)
    assert isinstance(state.event, EventLook | None)
    assert isinstance(state.shown, ShownExchange | None)
    assert state.tour is None or type(state.tour) is int
    assert all(name is None or isinstance(name, str) for name in (state.theme, state.outcome_part))
    assert set(state.others) <= {"else"}
