"""The store's file: what is refused, what is private, what survives, who shares it."""

from __future__ import annotations

import os
import random
import shutil
import signal
import socket
import sqlite3
import stat
import subprocess
import threading
from pathlib import Path

import pytest

from fgtui.errors import StoreError
from fgtui.invoke.model import Exchange
from fgtui.sessions.redaction.redactor import Redactor
from fgtui.sessions.storage.journal import JournalMode
from fgtui.sessions.store import SessionStore
from tests.factories import an_exchange
from tests.sessions.children import in_namespace, may_mount, start

WAL = JournalMode(wal=True, reason="as the test wants it")
ROLLBACK = JournalMode(wal=False, reason="as the test wants it")


def open_store(file: Path, journal: JournalMode = ROLLBACK) -> SessionStore:
    return SessionStore(file, Redactor(), journal=journal)


def a_store(file: Path, count: int = 1, journal: JournalMode = ROLLBACK) -> Path:
    with open_store(file, journal) as store:
        list(store.append_many("orders", (an_exchange(number=number) for number in range(1, count + 1))))
    return file


def refused(file: Path, words: str) -> None:
    """Neither read nor written, and left as it was."""
    before = file.read_bytes() if file.is_file() else None
    for journal in (ROLLBACK, WAL):
        for use in (lambda s: s.sessions(), lambda s: s.append("x", an_exchange()), lambda s: s.journal):
            with open_store(file, journal) as store, pytest.raises(StoreError, match=words):
                use(store)
    assert (file.read_bytes() if file.is_file() else None) == before
    assert {each.name for each in file.parent.iterdir()} <= {file.name, "target"}


# What is refused


def test_a_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    refused(tmp_path / "x", "is a folder, not a store")


def test_a_named_pipe_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x")
    refused(tmp_path / "x", "is a named pipe, not a store")


def test_a_device_is_refused() -> None:
    with open_store(Path("/dev/zero")) as store, pytest.raises(StoreError, match="is a device, not a store"):
        store.append("x", an_exchange())


def test_a_socket_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)  # a socket's path is short
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind("x")
        refused(tmp_path / "x", "is a socket, not a store")


def test_links_that_lead_nowhere_are_refused(tmp_path: Path) -> None:
    (tmp_path / "x").symlink_to("target")
    refused(tmp_path / "x", "is a link to nothing")
    (tmp_path / "target").symlink_to("x")
    refused(tmp_path / "x", "is a link that leads back to itself")


def test_a_link_to_a_store_is_followed(tmp_path: Path) -> None:
    a_store(tmp_path / "target.db")
    (tmp_path / "x").symlink_to("target.db")
    with open_store(tmp_path / "x") as store:
        assert store.append("orders", an_exchange()).seq == 2
    assert (tmp_path / "x").is_symlink()


@pytest.mark.parametrize("linked", [".fgtui", ".fgtui/sessions.db"])
@pytest.mark.parametrize("is_there", [False, True])
def test_a_link_that_leads_out_of_a_project_is_refused(tmp_path: Path, linked: str, *, is_there: bool) -> None:
    project, elsewhere = tmp_path / "project", tmp_path / "elsewhere"
    project.mkdir()
    elsewhere.mkdir()
    (project / "fgtui.toml").touch()
    if is_there:
        a_store(elsewhere / "sessions.db")
    elif linked != ".fgtui":
        (elsewhere / "sessions.db").touch()
    before = [(each.name, each.read_bytes()) for each in elsewhere.iterdir()]
    link = project / linked
    link.parent.mkdir(exist_ok=True)
    link.symlink_to(elsewhere if linked == ".fgtui" else elsewhere / "sessions.db")
    with open_store(project / ".fgtui" / "sessions.db") as store:
        with pytest.raises(StoreError, match="leads out of the project by a link") as caught:
            store.append("x", an_exchange())
        assert caught.value.values["place"] == elsewhere / "sessions.db"
    assert [(each.name, each.read_bytes()) for each in elsewhere.iterdir()] == before


def test_a_link_within_a_project_and_one_that_is_in_no_project_are_followed(tmp_path: Path) -> None:
    for folder in (tmp_path / "project", tmp_path / "none"):
        (folder / "kept").mkdir(parents=True)
        (folder / ".fgtui").symlink_to("kept")
    (tmp_path / "project" / "fgtui.toml").touch()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "data").symlink_to("elsewhere")
    for file in ("project/.fgtui/sessions.db", "none/.fgtui/sessions.db", "data/sessions.db"):
        with open_store(tmp_path / file) as store:
            assert store.append("x", an_exchange()).seq == 1


@pytest.mark.parametrize("end", ["-journal", "-wal", "-shm"])
@pytest.mark.parametrize("is_there", [False, True])
def test_nothing_is_written_through_a_link_beside_the_store(tmp_path: Path, end: str, *, is_there: bool) -> None:
    (tmp_path / "notes").write_text("mine")
    if is_there:
        a_store(tmp_path / "x")
        (tmp_path / f"x{end}").unlink(missing_ok=True)
    (tmp_path / f"x{end}").symlink_to("notes")
    with open_store(tmp_path / "x") as store, pytest.raises(StoreError, match="is a link; SQLite would write"):
        store.append("x", an_exchange())
    assert (tmp_path / "notes").read_text() == "mine"


@pytest.mark.parametrize("content", [b"x", b"not a database, but long enough to be read as one " * 99, b"\0" * 4096])
def test_a_file_that_is_no_database_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x").write_bytes(content)
    refused(tmp_path / "x", r"is not a store of recordings|is another program's database")


@pytest.mark.parametrize("mode", ["delete", "wal"])
def test_somebody_else_s_database_is_refused(tmp_path: Path, mode: str) -> None:
    other = sqlite3.connect(tmp_path / "x")
    other.execute(f"PRAGMA journal_mode = {mode}")
    other.executescript("CREATE TABLE session (name); CREATE TABLE exchange (id); PRAGMA user_version = 1;")
    other.close()
    refused(tmp_path / "x", "is another program's database; nothing was changed")


@pytest.mark.parametrize("journal", [ROLLBACK, WAL])
def test_a_newer_version_is_refused(tmp_path: Path, journal: JournalMode) -> None:
    file = a_store(tmp_path / "x", journal=journal)
    newer = sqlite3.connect(file)
    newer.execute("PRAGMA user_version = 7")
    newer.close()
    for sidecar in ("x-journal", "x-wal", "x-shm"):
        (tmp_path / sidecar).unlink(missing_ok=True)
    refused(file, r"written by a newer fgtui \(format 7; this one knows 2\); nothing was changed")


def test_a_path_that_cannot_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for path, words in (
        ("a\0b", "cannot be a file"),
        ("x" * 300, "cannot be reached"),
        ("file/x.db", "cannot be made"),
    ):
        with open_store(tmp_path / path) as store, pytest.raises(StoreError, match=words):
            store.append("x", an_exchange())


def test_a_store_with_a_difficult_path_works(tmp_path: Path) -> None:
    folder = tmp_path / os.fsdecode(b"a b%41?mode=memory&x#y \xff\n")
    with open_store(folder / "s?.db") as store:
        store.append("x", an_exchange())
    assert (folder / "s?.db").stat().st_size > 0


def test_an_empty_file_becomes_a_store_when_something_is_recorded(tmp_path: Path) -> None:
    file = tmp_path / "x"
    file.touch()
    with open_store(file) as store:
        assert store.sessions() == ()
        assert file.stat().st_size == 0
        assert store.append("x", an_exchange()).seq == 1


# Who may read it


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o277])
@pytest.mark.parametrize("journal", [ROLLBACK, WAL])
def test_everything_is_private_whatever_the_umask(tmp_path: Path, umask: int, journal: JournalMode) -> None:
    file = tmp_path / "a" / "b" / "sessions.db"
    before = os.umask(umask)
    try:
        store = open_store(file, journal)
        store.append("x", an_exchange())
    finally:
        os.umask(before)
    modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in (file.parent, *file.parent.iterdir())}
    store.close()
    assert modes.pop("b") & 0o077 == 0
    assert len(modes) == (3 if journal.wal else 2)
    assert set(modes.values()) == {0o600}


def test_a_project_s_recordings_are_ignored_by_git_and_its_events_are_not(tmp_path: Path) -> None:
    folder = tmp_path / ".fgtui"
    a_store(folder / "sessions.db")
    (folder / "events" / "mine").mkdir(parents=True)
    (folder / "events" / "mine" / "default.json").write_text("{}")
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    listed = subprocess.run(
        ["git", "-C", tmp_path, "status", "--short", "-uall"], check=True, capture_output=True, text=True
    ).stdout
    assert listed.split() == ["??", ".fgtui/.gitignore", "??", ".fgtui/events/mine/default.json"]


def test_a_project_s_own_ignore_file_stays(tmp_path: Path) -> None:
    (tmp_path / ".fgtui").mkdir()
    (tmp_path / ".fgtui" / ".gitignore").write_text("mine")
    a_store(tmp_path / ".fgtui" / "sessions.db")
    assert (tmp_path / ".fgtui" / ".gitignore").read_text() == "mine"


def test_elsewhere_no_ignore_file_is_made(tmp_path: Path) -> None:
    a_store(tmp_path / "data" / "sessions.db")
    assert not (tmp_path / "data" / ".gitignore").exists()


# How it is written


def pragma(store: SessionStore, name: str) -> object:
    with store._database.writing() as connection:
        return connection.execute(f"PRAGMA {name}").fetchone()[0]


@pytest.mark.parametrize(("journal", "mode"), [(ROLLBACK, "truncate"), (WAL, "wal")])
def test_the_file_is_written_as_promised(tmp_path: Path, journal: JournalMode, mode: str) -> None:
    with open_store(tmp_path / "x", journal) as store:
        store.append("x", an_exchange())
        promised = {
            "journal_mode": mode, "synchronous": 2, "secure_delete": 1, "mmap_size": 0, "trusted_schema": 0,
            "user_version": 2, "application_id": 0x66677475,
        }  # fmt: skip
        assert {name: pragma(store, name) for name in promised} == promised
        assert pragma(store, "busy_timeout") >= 5000
        assert store.journal == journal


def test_where_a_write_ahead_log_is_not_safe_the_store_leaves_it_for_good(tmp_path: Path) -> None:
    file = a_store(tmp_path / "x", journal=WAL)
    with open_store(file, ROLLBACK) as store:
        assert store.count("orders") == 1
        assert pragma(store, "journal_mode") == "truncate"
    with open_store(file, WAL) as store:
        assert pragma(store, "journal_mode") == "truncate"
        assert str(store.journal.reason) == "the store has been in use where a write-ahead log is not safe"


def test_a_write_ahead_log_that_others_use_is_not_joined_where_it_is_not_safe(tmp_path: Path) -> None:
    file = a_store(tmp_path / "x", journal=WAL)
    with open_store(file, WAL) as newer, open_store(file, ROLLBACK) as older:
        assert newer.count("orders") == 1
        with pytest.raises(StoreError, match="in use by an fgtui with a newer SQLite"):
            older.append("orders", an_exchange())
        with pytest.raises(StoreError, match="in use by an fgtui with a newer SQLite"):
            older.sessions()
        newer.close()
        assert older.append("orders", an_exchange()).seq == 2


def test_no_home_no_recording_but_words(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file, not a folder")
    with open_store(tmp_path / "home" / "fgtui" / "sessions.db") as store:
        assert store.sessions() == ()
        with pytest.raises(StoreError, match="cannot be made: ") as caught:
            store.append("x", an_exchange())
        assert caught.value.hint


ON_A_SMALL_DISK = """
import subprocess
file = Path(file)
disk = file.parent
subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", disk], check=True)
try:
    for number in range(1000):
        store.append("x", an_exchange(number=number, body=os.urandom(5000)))
except FgtuiError as error:
    say(error)
say(store.count("x"), number)
store.close()
subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
store = SessionStore(file, Redactor(), journal=JournalMode(False, ""))
try:
    store.append("x", an_exchange())
except FgtuiError as error:
    say(error)
say(len(list(store.iterate("x"))))
import fgtui.sessions.search.searching
fgtui.sessions.search.searching.INDEXED_TOGETHER = 4
say(len(list(store.search("value"))))
for write in (lambda: store.annotate("x", [1], note="n"), lambda: store.prune(max_bytes=1)):
    try:
        write()
    except FgtuiError as error:
        say(error)
other = SessionStore(disk / "new.db", Redactor())
try:
    other.append("x", an_exchange())
except FgtuiError as error:
    say(error)
"""


def test_a_commit_that_was_cut_short_after_its_first_page_is_rolled_back(tmp_path: Path) -> None:
    store = a_store(tmp_path / "x.db", 3)
    copy = tmp_path / "copy.db"
    writer = sqlite3.connect(store, isolation_level=None)
    writer.execute("PRAGMA cache_size = 5")
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("UPDATE session SET count = count + 1")
    for key in range(1000, 1050):  # more than the cache holds, so that journal and file are on the disk
        writer.execute("INSERT INTO content VALUES (?, 0, 0, 0, 0, 0, ?)", (key, bytes(20_000)))
    content = bytearray(store.read_bytes())
    content[28:32] = (len(content) // 4096 + 5).to_bytes(4, "big")  # the first page is written before the last ones
    content[92:96] = content[24:28]
    copy.write_bytes(content)
    shutil.copy(f"{store}-journal", f"{copy}-journal")
    writer.execute("ROLLBACK")
    writer.close()
    with open_store(copy) as opened:
        assert [exchange.seq for exchange in opened.iterate("orders")] == [1, 2, 3]
        assert opened.append("orders", an_exchange()).seq == 4


@pytest.mark.parametrize("journal", [ROLLBACK, WAL])
def test_where_no_space_is_left_it_is_said_and_what_was_recorded_stays(tmp_path: Path, journal: JournalMode) -> None:
    with open_store(tmp_path / "x.db", journal) as store:
        store.append("x", an_exchange())
        connection = store._database.prepared()
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages + 1}")
        with pytest.raises(StoreError, match="no space left on "):
            store.append("x", an_exchange(body=os.urandom(50_000)))
        assert [exchange.seq for exchange in store.iterate("x")] == [1]
        connection.execute("PRAGMA max_page_count = 1000000")
        assert store.append("x", an_exchange(body=os.urandom(50_000))).seq == 2


def test_a_full_disk_and_a_read_only_one_are_words_and_lose_nothing(tmp_path: Path) -> None:
    if not may_mount(tmp_path):
        pytest.skip("this machine lets nobody mount a small disk")
    disk = tmp_path / "disk"
    disk.mkdir()
    full, counts, read_only, read, found, annotating, pruning, new = in_namespace(ON_A_SMALL_DISK, disk / "sessions.db")
    assert full == f"no space left on {disk}"
    count, appended = map(int, counts.split())
    assert count == appended > 10
    assert read_only == annotating == pruning == f"{disk}/sessions.db is read-only"
    assert int(read) == int(found) == count
    assert new.startswith(f"{disk}/new.db cannot be made: Read-only")


# Several processes

APPEND = """
for number in range(int(arguments[1])):
    say(store.append("shared", an_exchange(id=f"{arguments[0]}-{number}")).seq)
"""


@pytest.mark.parametrize("journal", ["rollback", "wal"])
def test_eight_processes_lose_and_double_nothing_from_the_first_use_on(tmp_path: Path, journal: str) -> None:
    file = tmp_path / "new" / "sessions.db"
    children = [start(APPEND, file, wal=journal == "wal", arguments=(str(number), "12")) for number in range(8)]
    acknowledged = [int(line) for child in children for line in child.communicate()[0].split()]
    assert [child.returncode for child in children] == [0] * 8
    assert sorted(acknowledged) == list(range(1, 97))
    with open_store(file, WAL if journal == "wal" else ROLLBACK) as store:
        assert {exchange.id for exchange in store.iterate("shared")} == {
            f"{child}-{number}" for child in range(8) for number in range(12)
        }
        assert store.count("shared") == 96


ENDLESS = """
import itertools
exchanges = (an_exchange(number=number, id=f"{arguments[0]}-{number}") for number in itertools.count())
if arguments[1] == "one":
    for exchange in exchanges:
        kept = store.append("shared", exchange)
        say(kept.seq, kept.id, "recorded")
else:
    for kept in store.append_many("shared", exchanges):
        say(kept.seq, kept.id, "recorded")
"""


@pytest.mark.parametrize("journal", ["rollback", "wal"])
def test_a_kill_at_any_moment_loses_nothing_acknowledged(tmp_path: Path, journal: str) -> None:
    file = tmp_path / "sessions.db"
    moments = random.Random(journal)
    acknowledged: dict[int, str] = {}
    for life in range(6):
        child = start(ENDLESS, file, wal=journal == "wal", arguments=(str(life), ("one", "many")[life % 2]))
        assert child.stdout is not None
        lines = [child.stdout.readline() for _ in range(moments.randrange(1, 60) * (1 + 10 * (life % 2)))]
        child.send_signal(signal.SIGKILL)
        lines += child.stdout.read().splitlines()
        child.stdout.close()
        child.wait()
        for seq, identity in (line.split()[:2] for line in lines if "recorded" in line):  # the last may be torn
            acknowledged[int(seq)] = identity
        with open_store(file, WAL if journal == "wal" else ROLLBACK) as store:
            found = {exchange.seq: exchange.id for exchange in store.iterate("shared")}
            assert acknowledged.items() <= found.items()
            assert list(found) == list(range(1, len(found) + 1))
            assert store.count("shared") == len(found)
    check = sqlite3.connect(file)
    assert check.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    check.close()


def test_a_store_that_another_process_is_just_making_is_waited_for(tmp_path: Path) -> None:
    file = tmp_path / "sessions.db"
    file.touch(mode=0o600)
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with open_store(file, ROLLBACK) as store:
        recording = threading.Thread(target=store.append, args=("x", an_exchange()))
        recording.start()
        recording.join(0.2)  # long enough for one that does not wait to give up
        other.execute("COMMIT")
        other.close()
        recording.join()
        assert store.count("x") == 1


FORKED = """
store = SessionStore(Path(file), Redactor(), journal=store.journal, busy_timeout_s=0.05)
store.append("shared", an_exchange())
with store._database.writing():
    child = os.fork()
    if child == 0:
        # the transaction is the parent's; what the child does must neither end it nor wait for itself
        say("child reads", store.count("shared"))
        try:
            store.append("shared", an_exchange())
        except FgtuiError as error:
            say("child is told:", error.message)
        os._exit(0)
    os.waitpid(child, 0)
child = os.fork()
if child == 0:
    say("child writes", store.append("shared", an_exchange()).seq)
    os._exit(0)
os.waitpid(child, 0)
say("parent writes", store.append("shared", an_exchange()).seq)
"""


def test_a_forked_child_has_connections_of_its_own(tmp_path: Path) -> None:
    child = start(FORKED, tmp_path / "sessions.db")
    assert child.communicate()[0].splitlines() == [
        "child reads 1",
        "child is told: {file} has been locked by another program for {seconds:g} s",
        "child writes 2",
        "parent writes 3",
    ]
    assert child.returncode == 0


# Damage


def test_a_damaged_store_gives_what_can_be_read_and_says_how_much_cannot(tmp_path: Path) -> None:
    noise = random.Random(1)
    file = tmp_path / "sessions.db"
    with open_store(file) as store:
        written = list(
            store.append_many("orders", [an_exchange(number=n, body=noise.randbytes(900)) for n in range(1, 81)])
        )
    whole = file.read_bytes()
    partly = unnoticed = 0
    for page in range(len(whole) // 4096):
        damaged = bytearray(whole)
        at = page * 4096 + noise.choice([0, 0, 8, 2000])
        damaged[at : at + 1000] = noise.randbytes(1000)
        file.write_bytes(damaged)
        with open_store(file) as store:
            for newest_first in (False, True):
                read, error = everything(store, newest_first=newest_first)
                assert set(read) <= set(written)
                if error is None:
                    assert len(read) == len(written)
                    unnoticed += 1
                elif "lost" in error.values:
                    assert error.values["lost"] == len(written) - len(read)
                    partly += bool(read)
                else:
                    assert "is damaged" in str(error) or "not a store" in str(error)
        assert file.read_bytes() == damaged
    assert partly > 30
    assert unnoticed < 20


def everything(store: SessionStore, *, newest_first: bool) -> tuple[list[Exchange], StoreError | None]:
    read: list[Exchange] = []
    try:
        read.extend(store.iterate("orders", newest_first=newest_first))
    except StoreError as error:
        return read, error
    return read, None


def test_a_page_of_a_damaged_store_has_the_rows_that_can_be_read(tmp_path: Path) -> None:
    file = a_store(tmp_path / "x", count=100)
    raw = sqlite3.connect(file)
    (page,) = (
        raw.execute(
            "SELECT pageno FROM dbstat WHERE name = 'exchange' AND pagetype = 'leaf' ORDER BY path LIMIT 1 OFFSET 1"
        ).fetchone()
        if has_dbstat(raw)
        else (None,)
    )
    raw.close()
    if page is None:
        pytest.skip("this SQLite does not tell its pages")
    damaged = bytearray(file.read_bytes())
    damaged[(page - 1) * 4096 : page * 4096] = b"\xa5" * 4096
    file.write_bytes(damaged)
    with open_store(file) as store:
        newest = [row.seq for row in store.page("orders", limit=100)]
        assert 0 < len(newest) < 100
        assert newest == sorted(newest, reverse=True)
        assert [row.seq for row in store.page("orders", after=0, limit=100)] == newest
        read, error = everything(store, newest_first=True)
        assert [exchange.seq for exchange in read] == newest
        assert error is not None
        assert error.values["lost"] == 100 - len(newest)


def has_dbstat(connection: sqlite3.Connection) -> bool:
    return any("DBSTAT" in option for (option,) in connection.execute("PRAGMA compile_options"))


def test_recording_into_a_damaged_store_is_refused_in_words(tmp_path: Path) -> None:
    file = a_store(tmp_path / "x", count=300)
    damaged = bytearray(file.read_bytes())
    damaged[4096 : len(damaged)] = b"\xa5" * (len(damaged) - 4096)
    file.write_bytes(damaged)
    with open_store(file) as store, pytest.raises(StoreError, match="is damaged; nothing was changed"):
        store.append("orders", an_exchange())
    assert file.read_bytes() == damaged


def test_content_that_was_changed_is_not_passed_off_as_recorded(tmp_path: Path) -> None:
    file = a_store(tmp_path / "x", count=3)
    other = sqlite3.connect(file)
    other.execute("UPDATE content SET data = zeroblob(length(data)) WHERE id = 2")
    other.execute("DELETE FROM content WHERE id = 3")
    other.commit()
    other.close()
    with open_store(file) as store:
        for seq in (2, 3):
            with pytest.raises(StoreError, match=f"exchange {seq} of session orders cannot be read"):
                store.get("orders", seq)
        read, error = everything(store, newest_first=False)
        assert [exchange.seq for exchange in read] == [1]
        assert str(error).startswith("2 of 3 exchanges of orders cannot be read")
        assert [row.seq for row in store.page("orders")] == [3, 2, 1]
