from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fgtui.errors import StoreError, UsageError
from fgtui.invoke.model import Exchange
from fgtui.records import replace
from fgtui.sessions.format import dump_line
from fgtui.sessions.interchange import json_lines as interchange
from fgtui.sessions.interchange import text_files
from fgtui.sessions.interchange.json_lines import JsonLines, read_jsonl, write_jsonl
from fgtui.sessions.recording import Recording, row_of
from tests.factories import MOMENT, an_exchange
from tests.sessions.strategies import exchanges

HEADER = '{"fgtui": "session", "format": 1, "session": "orders"}'


def some(count: int) -> list[Exchange]:
    return [an_exchange(number=seq, seq=seq, session="orders") for seq in range(1, count + 1)]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "orders.jsonl"


def lines(file: Path, *written: str | bytes) -> JsonLines:
    file.write_bytes(b"\n".join(line.encode() if isinstance(line, str) else line for line in written))
    return read_jsonl(file)


def skipped(recording: JsonLines) -> list[tuple[int, str]]:
    return [(each.line, str(each)) for each in recording.skipped]


# Writing


def test_a_session_is_a_header_and_a_line_for_each_exchange(file: Path) -> None:
    assert write_jsonl(some(2), file, session="orders") == 2
    header, *rest = file.read_text("utf-8").splitlines()
    assert header == HEADER
    assert rest == [dump_line(exchange) for exchange in some(2)]
    assert file.read_bytes().endswith(b"}\n")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(given=st.lists(exchanges, max_size=3))
def test_any_session_comes_back(file: Path, given: list[Exchange]) -> None:
    written = [replace(exchange, seq=seq) for seq, exchange in enumerate(given, 1)]
    write_jsonl(written, file, overwrite=True)
    recording = read_jsonl(file)
    assert list(recording) == written
    assert recording.skipped == ()


def test_nothing_is_written_over_unasked(file: Path) -> None:
    file.write_text("precious")
    with pytest.raises(UsageError, match="exists; nothing was written"):
        write_jsonl(some(1), file)
    assert file.read_text() == "precious"
    write_jsonl(some(1), file, overwrite=True)
    assert len(list(read_jsonl(file))) == 1
    assert [each.name for each in file.parent.iterdir()] == [file.name]


@pytest.mark.parametrize("overwrite", [False, True])
def test_all_of_it_is_on_the_disk_before_it_takes_its_place(
    file: Path, overwrite: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[tuple[int, int, bool]] = []

    def noted(descriptor: int) -> None:
        found = os.fstat(descriptor)
        synced.append((found.st_ino, found.st_size, file.exists()))

    monkeypatch.setattr(os, "fsync", noted)
    write_jsonl(some(3), file, overwrite=overwrite)
    written, folder = synced
    assert written == (file.stat().st_ino, file.stat().st_size, False)
    assert folder[::2] == (file.parent.stat().st_ino, True)


def test_a_file_that_appears_meanwhile_is_not_written_over(file: Path) -> None:
    def slow() -> Iterator[Exchange]:
        yield from some(1)
        file.write_text("precious")

    with pytest.raises(UsageError, match="exists; nothing"):
        write_jsonl(slow(), file)
    assert file.read_text() == "precious"
    assert [each.name for each in file.parent.iterdir()] == [file.name]


@pytest.mark.parametrize("overwrite", [False, True])
def test_nothing_is_written_through_a_link(file: Path, overwrite: bool) -> None:
    target = file.with_name("target")
    target.write_text("precious")
    file.symlink_to(target)
    with pytest.raises(UsageError, match="is a link; nothing was written"):
        write_jsonl(some(1), file, overwrite=overwrite)
    file.unlink()
    file.symlink_to("nowhere")
    with pytest.raises(UsageError, match="is a link"):
        write_jsonl(some(1), file, overwrite=overwrite)
    assert target.read_text() == "precious"


def test_what_is_no_file_is_not_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name in ("pipe", "."):
        with pytest.raises(UsageError, match="is no regular file; nothing was written"):
            write_jsonl(some(1), tmp_path / name, overwrite=True)


def test_a_session_that_breaks_off_leaves_nothing(file: Path) -> None:
    def broken() -> Iterator[Exchange]:
        yield from some(1)
        raise StoreError("the store is damaged")

    file.write_text("precious")
    with pytest.raises(StoreError, match="the store is damaged"):
        write_jsonl(broken(), file, overwrite=True)
    assert file.read_text() == "precious"
    assert [each.name for each in file.parent.iterdir()] == [file.name]


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"missing/x.jsonl could not be written: No such file or directory"):
        write_jsonl(some(1), tmp_path / "missing" / "x.jsonl")


# Reading


def test_lines_that_are_no_exchanges_are_told_by_number(file: Path) -> None:
    one, two = map(dump_line, some(2))
    recording = lines(
        file, HEADER, one, "", "not json", '{"a": 1}', b'{"\xff": 1}', "[]", one.replace('"format": 1', '"format": 2'),
        one.replace('"kind": "returned"', '"kind": "exploded"'), "  ", two, '{"format": 1, "id": "cut of',
    )  # fmt: skip
    assert [exchange.seq for exchange in recording] == [1, 2]
    assert skipped(recording) == [
        (4, "not JSON: Expecting value: line 1 column 1 (char 0)"),
        (5, "not an exchange: it does not say its format"),
        (6, "not UTF-8 at byte 3"),
        (7, "not an exchange: it does not say its format"),
        (8, "written by a newer fgtui (format 2; this one knows 1)"),
        (9, "not an exchange: there is no outcome 'exploded'"),
        (12, "cut short"),
    ]


def test_a_last_line_without_its_end_counts_when_it_is_whole(file: Path) -> None:
    assert len(list(lines(file, HEADER, dump_line(some(1)[0])))) == 1


def test_a_newer_file_is_refused_whole(file: Path) -> None:
    recording = lines(file, '{"fgtui": "session", "format": 2}', dump_line(some(1)[0]))
    with pytest.raises(StoreError, match=r"orders.jsonl:1: written by a newer fgtui .*; nothing was read"):
        list(recording)


def test_a_file_from_an_editor_reads_as_well(file: Path) -> None:
    one, two = map(dump_line, some(2))
    file.write_bytes(b"\xef\xbb\xbf" + f"{HEADER}\r\n{one}\r\n{two}\r\n".encode())
    recording = read_jsonl(file)
    assert list(recording) == some(2)
    assert recording.skipped == ()
    assert recording.name == "orders"


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_file_in_utf_16_reads_as_well(file: Path, encoding: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(text_files, "PIECE", 101)
    monkeypatch.setattr(interchange, "LINE_LIMIT", 900)
    one, two = map(dump_line, some(2))
    text = f"\ufeff{HEADER}\n{one}\r\n中\n{'x' * 1000}\n{two}"
    file.write_bytes(text.encode(encoding))
    recording = read_jsonl(file)
    assert list(recording) == some(2)
    assert [each.line for each in recording.skipped] == [3, 4]
    assert recording.get("", 2) == some(2)[1]
    assert list(recording.iterate(newest_first=True)) == some(2)[::-1]


def test_a_file_without_a_header_is_named_by_itself(file: Path) -> None:
    recording = lines(file, dump_line(some(1)[0]))
    assert recording.name == "orders"
    assert recording.count() == 1
    assert lines(file.with_name("x.jsonl"), dump_line(some(1)[0])).name == "x"


def test_a_line_beyond_the_limit_is_passed_over(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interchange, "LINE_LIMIT", 2000)
    monkeypatch.setattr(interchange, "_CHUNK", 300)
    long = dump_line(an_exchange("x" * 5000, seq=1))
    recording = lines(file, HEADER, long, dump_line(some(1)[0]), long)
    assert [exchange.seq for exchange in recording] == [1]
    assert [each.line for each in recording.skipped] == [2, 4]
    assert recording.get("", 1) == some(1)[0]


def test_numbers_that_come_twice_or_not_at_all_follow_the_highest(file: Path) -> None:
    given = [an_exchange(number=at, seq=seq) for at, seq in enumerate([5, 0, 5, 2, -1, 2**70], 1)]
    recording = lines(file, *map(dump_line, given))
    assert [exchange.seq for exchange in recording] == [5, 6, 7, 2, 8, 9]
    assert recording.get("", 2).id == given[3].id
    assert recording.get("", 9).id == given[5].id
    assert [row.seq for row in recording.page(before=2)] == [7, 6, 5]
    assert [row.seq for row in recording.page(after=7)] == [9, 8, 2]


@pytest.mark.parametrize("make", ["folder", "pipe", "nothing", "device"])
def test_only_regular_files_are_read(tmp_path: Path, make: str) -> None:
    file = tmp_path / "x.jsonl"
    if make == "folder":
        file.mkdir()
    elif make == "pipe":
        os.mkfifo(file)
    elif make == "device":
        file = Path("/dev/zero")
    with pytest.raises(UsageError, match=r"there is no file .*x.jsonl" if make == "nothing" else "is no regular file"):
        list(read_jsonl(file))


def test_a_path_that_cannot_be_is_said(tmp_path: Path) -> None:
    for name in ("a\0b", "x" * 300):
        with pytest.raises(StoreError, match="cannot be read"):
            list(read_jsonl(tmp_path / name))


# Like a session


def test_a_file_reads_like_a_session(file: Path) -> None:
    write_jsonl(some(20), file, session="orders")
    recording: Recording = JsonLines(file)
    assert recording.count("orders") == 20
    (session,) = recording.sessions()
    assert (session.name, session.count, session.created_at) == ("orders", 20, MOMENT)
    assert recording.get("orders", 7) == some(20)[6]
    assert recording.last("orders") == some(20)[-1]
    assert list(recording.iterate("orders")) == some(20)
    assert list(recording.iterate("orders", newest_first=True)) == some(20)[::-1]
    assert recording.page("orders", limit=2) == (row_of(some(20)[19]), row_of(some(20)[18]))
    recording.close()
    for seq in (0, 21, -1, 2**70):
        with pytest.raises(UsageError, match="has no exchange"):
            recording.get("orders", seq)


@pytest.mark.parametrize(
    ("keys", "seqs"),
    [
        ({"before": 4}, [3, 2, 1]),
        ({"before": 20, "limit": 2}, [19, 18]),
        ({"before": 1}, []),
        ({"before": 2**70, "limit": 1}, [20]),
        ({"after": 17}, [20, 19, 18]),
        ({"after": 3, "limit": 2}, [5, 4]),
        ({"after": 20}, []),
        ({"after": -3, "limit": 1}, [1]),
        ({"after": 3, "before": 6}, [5, 4]),
        ({"limit": 0}, []),
    ],
)
def test_pages_are_those_of_a_store(file: Path, keys: dict[str, int], seqs: list[int]) -> None:
    write_jsonl(some(20), file)
    assert [row.seq for row in JsonLines(file).page("orders", **keys)] == seqs


def test_an_empty_file_is_an_empty_session(file: Path) -> None:
    recording = lines(file)
    assert recording.sessions() == ()
    assert recording.last() is None
    assert recording.page() == ()
    assert list(recording.iterate()) == []


def test_a_file_that_changes_while_it_is_read_is_said(file: Path) -> None:
    recording = lines(file, HEADER, *map(dump_line, some(3)))
    assert recording.count() == 3
    file.write_text("gone\n")
    with pytest.raises(StoreError, match="has changed while it was read"):
        recording.get("", 3)


@pytest.mark.parametrize("now", ["not an exchange at all", HEADER, '{"format": 1}', '{"cut": "sh'])
def test_another_line_where_an_exchange_stood_is_a_change_too(file: Path, now: str) -> None:
    recording = lines(file, dump_line(an_exchange(seq=1)))
    assert recording.count() == 1
    file.write_text(now)
    with pytest.raises(StoreError, match="has changed while it was read"):
        recording.get("", 1)
