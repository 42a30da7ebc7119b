"""The event and its values in a person's own editor: one step comes back, and nothing is lost on the way."""

from __future__ import annotations

import shlex
import stat
from collections.abc import Mapping
from pathlib import Path

import pytest

from fgtui.tui.actions import Where
from fgtui.tui.remembered import lent_files
from fgtui.tui.screens.event import elsewhere
from tests.tui.bench import Bench, a_bench

TEXT = '{"name": "old", "count": 1.50, "data": "eyJhIjogMX0="}'


def an_editor(folder: Path, then: str) -> Mapping[str, str]:
    """An editor with a window, which needs no terminal, as a pilot has none; ``$FILE`` is what it is to edit."""
    folder.mkdir(exist_ok=True)
    program = folder / "code"
    kept = shlex.quote(str(folder / "arguments"))
    program.write_text(f'#!/bin/sh\nfor last; do :; done\nFILE="${{last%:*:*}}"\necho "$@" >{kept}\n{then}\n')
    program.chmod(0o755)
    return {"VISUAL": shlex.quote(str(program))}


async def edited(bench: Bench, action: str = "open-in-editor") -> None:
    await bench.screen.perform(action)
    await bench.hears("open in code")


async def shows(bench: Bench, text: str = TEXT, path: tuple[str, ...] = ("name",)) -> None:
    bench.screen.open_text(text, "blank", "event")
    bench.screen.event_pane.editor.go_to_path(path)
    await bench.until(lambda: (place := bench.screen.event_pane.editor.place) and place.path == path, "it is there")


def no_folder(path: Path) -> Path:
    """Have something else stand there."""
    path.write_text("no folder")
    return path


def left(home: Path) -> list[Path]:
    return sorted((home / "data" / "elsewhere").glob("*"))


async def test_the_event_comes_back_as_one_step(tmp_path: Path, own_home: Path) -> None:
    editor = an_editor(tmp_path / "bin", 'stat -c %a "$FILE" >"$0.mode"; sed -i s/old/new/ "$FILE"; echo >>"$FILE"')
    async with a_bench(tmp_path / "project", environment=editor) as bench:
        await shows(bench)
        await edited(bench)
        area = bench.screen.event_pane.editor.area
        await bench.until(lambda: "new" in area.document.text, "it has come back")
        assert area.document.text == TEXT.replace("old", "new"), "without the line end that editors add"
        assert left(own_home) == []
        assert (tmp_path / "bin" / "code.mode").read_text() == "600\n"
        words = (tmp_path / "bin" / "arguments").read_text().split()
        assert words[:2] == ["--wait", "--goto"]
        assert ".json:1:" in words[2]
        area.action_undo()
        assert area.document.text == TEXT


async def test_a_value_is_edited_decoded_with_the_suffix_of_what_it_holds(tmp_path: Path, own_home: Path) -> None:
    editor = an_editor(tmp_path / "bin", 'cat "$FILE" >"$0.held"; printf \'{"a": 2}\' >"$FILE"')
    async with a_bench(tmp_path / "project", environment=editor) as bench:
        await shows(bench, path=("data",))
        await edited(bench, "open-value-in-editor")
        text = bench.screen.event_pane.editor.document
        await bench.until(lambda: "eyJhIjogMn0=" in text.text, lambda: f"it has come back: {text.text} {bench.said}")
        assert (tmp_path / "bin" / "code.held").read_text().split() == ["{", '"a":', "1", "}"]
        assert "data-" in (tmp_path / "bin" / "arguments").read_text()
        assert ".json:" in (tmp_path / "bin" / "arguments").read_text()
        assert left(own_home) == []


async def test_where_the_field_has_the_focus_it_is_the_field_that_is_edited(tmp_path: Path) -> None:
    editor = an_editor(tmp_path / "bin", 'printf typed >>"$FILE"')
    async with a_bench(tmp_path / "project", environment=editor) as bench:
        await shows(bench)
        bench.screen.focus_pane(Where.FIELD)
        await bench.until(lambda: bench.screen.where is Where.FIELD, "the field has the focus")
        await edited(bench)
        await bench.until(lambda: "oldtyped" in bench.screen.event_pane.editor.text, "it is written into the event")


async def test_a_value_that_cannot_be_edited_by_itself_says_why(tmp_path: Path, own_home: Path) -> None:
    async with a_bench(tmp_path / "project", environment=an_editor(tmp_path / "bin", "true")) as bench:
        bench.screen.open_text("ma(m", "blank", "event")
        await bench.until(lambda: bench.screen.event_pane.editor.place, "it was read")
        await bench.screen.perform("open-value-in-editor")
        await bench.hears('if it is text, write "ma(m"')
        assert left(own_home) == []


@pytest.mark.parametrize(
    ("then", "words", "stays"),
    [
        pytest.param("true", "if a window of it is open", True, id="it-may-have-a-window-that-nobody-waits-for"),
        pytest.param("exit 3", "ended with exit code 3", False, id="it-failed"),
        pytest.param('echo x >"$FILE"; exit 3', "is kept in", True, id="it-failed-after-a-change"),
        pytest.param('printf "\\377" >"$FILE"', "is not UTF-8", True, id="not-utf-8"),
        pytest.param('rm "$FILE"', "cannot be read back", False, id="the-file-is-gone"),
        pytest.param('rm "$FILE"; mkfifo "$FILE"', "is no regular file", True, id="a-pipe-in-its-place"),
        pytest.param('ln -sf /dev/zero "$FILE"', "is no regular file", True, id="a-link-to-what-never-ends"),
        pytest.param('truncate -s 65M "$FILE"', "too long to be taken back", True, id="huge"),
    ],
)
async def test_what_cannot_be_taken_back_changes_nothing_and_stays(
    tmp_path: Path, own_home: Path, then: str, words: str, stays: bool
) -> None:
    async with a_bench(tmp_path / "project", environment=an_editor(tmp_path / "bin", then)) as bench:
        await shows(bench)
        await edited(bench)
        if words:
            await bench.hears(words)
        await bench.until(lambda: bool(left(own_home)) is stays, "the file is removed, or stays")
        assert bench.screen.event_pane.editor.text == TEXT
        assert not bench.screen.event_pane.editor.document.can_undo


async def test_what_was_changed_here_meanwhile_is_not_overwritten(tmp_path: Path, own_home: Path) -> None:
    gate = tmp_path / "gate"
    editor = an_editor(tmp_path / "bin", f'while [ ! -e {gate} ]; do sleep 0.02; done; echo other >"$FILE"')
    async with a_bench(tmp_path / "project", environment=editor) as bench:
        await shows(bench)
        await edited(bench)
        bench.screen.event_pane.editor.area.replace_all(TEXT + " ")
        gate.touch()
        await bench.hears("changed meanwhile")
        assert bench.screen.event_pane.editor.text == TEXT + " "
        (file,) = left(own_home)
        assert file.read_text() == "other\n"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600


async def test_whoever_leaves_is_told_where_a_window_still_shows_the_event_or_what_could_not_be_taken_back(
    tmp_path: Path, own_home: Path
) -> None:
    gate = tmp_path / "gate"
    editor = an_editor(tmp_path / "bin", f'echo other >"$FILE"; while [ ! -e {gate} ]; do sleep 0.02; done')
    async with a_bench(tmp_path / "project", environment=editor) as bench:
        await shows(bench)
        await edited(bench)
        await edited(bench, "open-value-in-editor")
        await bench.until(lambda: len(left(own_home)) == 2, "both are open")
        event, value = left(own_home)
        event_words, value_words = bench.screen.parting_words()
        assert event_words.endswith(f"this opens it: fgtui {event}")
        assert f"a value of the event in {value}" in value_words
        bench.screen.event_pane.editor.area.replace_all(TEXT + " ")
        gate.touch()
        await bench.until(lambda: "kept in" in bench.screen.parting_words()[-1], "the windows are closed")
        await bench.press("ctrl+q")
    assert sorted(bench.app.parting_words) == [f"what was edited is kept in {file}" for file in (event, value)]


async def test_where_nothing_can_be_kept_what_is_edited_is_a_temporary_file(tmp_path: Path, own_home: Path) -> None:
    nobody_s = no_folder(own_home)
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    editor = an_editor(tmp_path / "bin", 'stat -c "%a %n" "$FILE" >"$0.mode"; sed -i s/old/new/ "$FILE"')
    async with a_bench(tmp_path / "project", environment={**editor, "TMPDIR": str(temporary)}) as bench:
        await shows(bench)
        await edited(bench)
        await bench.until(lambda: "new" in bench.screen.event_pane.editor.text, "it has come back")
        assert (tmp_path / "bin" / "code.mode").read_text().startswith(f"600 {temporary}/fgtui-event-")
        assert list(temporary.iterdir()) == []
        temporary.rmdir()
        no_folder(temporary)
        await bench.screen.perform("open-in-editor")
        await bench.hears(f"{nobody_s / 'data'} cannot be written: ")


async def test_nothing_that_was_changed_leaves_no_file(
    tmp_path: Path, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(elsewhere, "AT_ONCE_S", 0.0)
    async with a_bench(tmp_path / "project", environment=an_editor(tmp_path / "bin", "true")) as bench:
        await shows(bench)
        await edited(bench)
        await bench.until(lambda: not left(own_home), "the file is removed")


async def test_an_editor_that_is_not_there_leaves_no_file_and_a_start_removes_what_was_left(
    tmp_path: Path, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lent_files, "KEPT_S", -60)
    lent_files.LentFiles(own_home / "data").write(TEXT, "event", ".json")
    async with a_bench(tmp_path, environment={"VISUAL": "nobody-s-editor"}) as bench:
        await shows(bench)
        await bench.screen.perform("open-in-editor")
        await bench.hears("nobody-s-editor was not found")
        await bench.screen.perform("read-in-pager")
        await bench.hears("no terminal here")
        assert left(own_home) == []
