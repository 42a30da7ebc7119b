"""Recording by a process of its own: as durable and as redacted as by ours, and said when it is not."""

from __future__ import annotations

import os
import signal
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from fgtui.errors import StoreError, UsageError
from fgtui.sessions import child_processes
from fgtui.sessions.recording_process import RecordingProcess
from fgtui.sessions.redaction.own import OwnSecrets
from fgtui.sessions.redaction.redactor import Redactor
from fgtui.sessions.store import SessionStore
from tests.cli.waiting import wait_until
from tests.factories import an_exchange


@pytest.fixture
def own() -> OwnSecrets:
    return OwnSecrets()


@pytest.fixture
def redactor(own: OwnSecrets) -> Redactor:
    return Redactor(["pin"], known=own)


@pytest.fixture
def store(tmp_path: Path, redactor: Redactor) -> Iterator[SessionStore]:
    with SessionStore(tmp_path / "sessions.db", redactor) as opened:
        yield opened


@pytest.fixture
def process(store: SessionStore, redactor: Redactor) -> Iterator[RecordingProcess]:
    started = RecordingProcess(store, redactor, "orders")
    started.prepare()
    yield started
    started.close()


def pid_of(process: RecordingProcess) -> int:
    assert process._process is not None
    return process._process.pid


def test_a_session_needs_a_name_that_can_be_one(store: SessionStore, redactor: Redactor) -> None:
    with pytest.raises(UsageError):
        RecordingProcess(store, redactor, "last")


def test_a_process_that_was_killed_is_said_and_another_takes_its_place(
    process: RecordingProcess, store: SessionStore
) -> None:
    list(process.record([an_exchange(number=1)]))
    os.kill(pid_of(process), signal.SIGKILL)
    with pytest.raises(StoreError, match="has ended; 2 exchanges may not be recorded"):
        list(process.record([an_exchange(number=2), an_exchange(number=3)]))
    (kept,) = process.record([an_exchange(number=4)])
    assert [each.id for each in store.iterate("orders")][-1] == kept.id


def test_a_file_that_was_taken_away_is_begun_anew_and_nothing_is_lost_of_what_comes(
    process: RecordingProcess, store: SessionStore, tmp_path: Path
) -> None:
    list(process.record([an_exchange(number=1)]))
    for file in tmp_path.glob("sessions.db*"):
        file.rename(tmp_path / f"old-{file.name}")
    assert [each.seq for each in process.record([an_exchange(number=2), an_exchange(number=3)])] == [1, 2]
    assert [each.seq for each in process.record([an_exchange(number=4)])] == [3]
    assert [each.seq for each in store.iterate("orders")] == [1, 2, 3]


def test_a_store_that_cannot_be_written_says_why_in_its_own_words(tmp_path: Path, redactor: Redactor) -> None:
    (tmp_path / "notes").write_text("these are no recordings but somebody's notes " * 9)
    store = SessionStore(tmp_path / "notes", redactor)
    with pytest.raises(StoreError) as here:
        store.append("orders", an_exchange())
    process = RecordingProcess(store, redactor, "orders")
    with pytest.raises(StoreError) as there:
        list(process.record([an_exchange()]))
    process.close()
    assert (str(there.value), there.value.hint) == (str(here.value), here.value.hint)


def test_where_no_process_can_be_started_this_one_records(
    store: SessionStore, redactor: Redactor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(module: str) -> None:
        raise OSError("no more processes")

    monkeypatch.setattr(child_processes, "start", fail)
    process = RecordingProcess(store, redactor, "orders")
    process.prepare()
    assert [each.seq for each in process.record([an_exchange()])] == [1]


def test_what_comes_back_is_what_was_kept(process: RecordingProcess, store: SessionStore) -> None:
    odd = an_exchange(
        '{"pin": "4711-8822-99", "名": "\\ud800", "n": 1.10}', number=2, body=b"\xff\x00", logs="中\udcff"
    )
    kept = list(process.record([an_exchange(number=1), odd]))
    assert [(each.session, each.seq) for each in kept] == [("orders", 1), ("orders", 2)]
    assert kept == list(store.iterate("orders"))
    assert b"4711" not in kept[1].event.wire
    assert kept[1].event.redacted


def test_a_secret_that_becomes_known_later_is_kept_out(
    process: RecordingProcess, own: OwnSecrets, store: SessionStore
) -> None:
    list(process.record([an_exchange('{"a": "correct-horse-battery"}', number=1)]))
    own.add("correct-horse-battery")
    list(process.record([an_exchange('{"a": "correct-horse-battery"}', number=2)]))
    assert ["correct" in each.event.text for each in store.iterate("orders")] == [True, False]


def test_no_secret_is_on_its_command_line_or_in_its_environment(process: RecordingProcess, own: OwnSecrets) -> None:
    own.add("correct-horse-battery")
    list(process.record([an_exchange()]))
    told = Path(f"/proc/{pid_of(process)}")
    if not told.exists():
        pytest.skip("this system shows no processes as files")
    assert b"correct-horse" not in (told / "cmdline").read_bytes() + (told / "environ").read_bytes()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_that_ends_others_does_not_end_it_before_its_work(
    process: RecordingProcess, number: signal.Signals
) -> None:
    list(process.record([an_exchange(number=1)]))
    os.kill(pid_of(process), number)
    assert len(list(process.record([an_exchange(number=2)]))) == 1


def test_it_ends_with_whoever_started_it(process: RecordingProcess) -> None:
    list(process.record([an_exchange()]))
    child = process._process
    assert child is not None
    assert child.stdin is not None
    child.stdin.close()
    wait_until(lambda: child.poll() is not None, "it has ended")
    assert child.returncode == 0


def test_others_may_record_into_the_same_session(
    process: RecordingProcess, store: SessionStore, tmp_path: Path
) -> None:
    store.append("orders", an_exchange(number=1))
    assert [each.seq for each in process.record([an_exchange(number=2)])] == [2]
    assert store.append("orders", an_exchange(number=3)).seq == 3
    with sqlite3.connect(tmp_path / "sessions.db") as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
