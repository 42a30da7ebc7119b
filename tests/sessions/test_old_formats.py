"""Recordings of every released format open for good, and say the same as ever."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from fgtui.records import replace
from fgtui.sessions.interchange.har import HarFile
from fgtui.sessions.interchange.json_lines import JsonLines
from fgtui.sessions.redaction.redactor import Redactor
from fgtui.sessions.storage.journal import JournalMode
from fgtui.sessions.store import SessionStore
from tests.factories import MOMENT, an_exchange
from tests.sessions import make_format_1 as format_1
from tests.sessions.children import start


@pytest.fixture(params=[False, True], ids=["rollback", "write-ahead"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> SessionStore:
    file = shutil.copy(format_1.STORE, tmp_path / "sessions.db")
    with SessionStore(file, Redactor(), journal=JournalMode(request.param, "as the test wants it")) as store:
        yield store


def test_a_store_of_format_1_opens(store: SessionStore) -> None:
    empty, orders = store.sessions()
    assert (empty.name, empty.count) == ("empty", 0)
    assert (orders.name, orders.count, orders.created_at) == (format_1.SESSION, len(format_1.OUTCOMES), MOMENT)
    recorded = list(store.iterate(format_1.SESSION))
    expected = [
        replace(store.redactor.apply(given), session=format_1.SESSION, seq=seq)
        for seq, given in enumerate(format_1.exchanges(), 1)
    ]
    assert recorded == expected
    assert [row.outcome for row in reversed(store.page(format_1.SESSION))] == [each.kind for each in format_1.OUTCOMES]


def test_a_store_of_format_1_takes_more_and_keeps_its_salt(store: SessionStore) -> None:
    first = store.get(format_1.SESSION, 1)
    again = store.append(format_1.SESSION, an_exchange(format_1.WIRES[0]))
    assert again.seq == len(format_1.OUTCOMES) + 1
    assert again.event.wire == first.event.wire


RECORD = """
for number in range(5):
    say(store.append("new", an_exchange(id=f"{arguments[0]}-{number}")).seq)
"""


def test_several_processes_upgrade_a_store_of_format_1_at_once(tmp_path: Path) -> None:
    file = Path(shutil.copy(format_1.STORE, tmp_path / "sessions.db"))
    children = [start(RECORD, file, arguments=(str(number),)) for number in range(3)]
    said = [int(line) for child in children for line in child.communicate()[0].split()]
    assert [child.returncode for child in children] == [0] * 3
    assert sorted(said) == list(range(1, 16))
    with SessionStore(file, Redactor(), journal=JournalMode(wal=False, reason="as the test wants it")) as store:
        assert store.count(format_1.SESSION) == len(format_1.OUTCOMES)
        assert store.annotate(format_1.SESSION, [1], note="") == 1


def test_reading_a_store_of_format_1_changes_nothing(store: SessionStore) -> None:
    before = store.file.read_bytes()
    assert store.last(format_1.SESSION) is not None
    assert list(store.iterate_rows(format_1.SESSION))
    assert list(store.search("checked")) != []
    if not store.journal.wal:
        assert store.file.read_bytes() == before


def test_lines_of_format_1_read_as_the_store_does(store: SessionStore) -> None:
    recording = JsonLines(format_1.LINES)
    assert list(recording) == list(store.iterate(format_1.SESSION))
    assert recording.name == format_1.SESSION
    assert recording.skipped == ()


def test_an_archive_of_format_1_reads_as_the_lines_do() -> None:
    archive = HarFile(format_1.ARCHIVE)
    assert list(archive) == list(JsonLines(format_1.LINES))
    assert (archive.said_name, archive.skipped) == (format_1.SESSION, [])


def test_the_files_show_every_outcome_there_is() -> None:
    from fgtui.sessions.format import _OUTCOMES

    assert {outcome.kind for outcome in format_1.OUTCOMES} == set(_OUTCOMES)
