"""The file under the session store: checked before it is opened, private before its first byte, durable, shared.

One connection reads and one writes, each behind a lock, so that a page on the screen does not wait for a commit that
waits for another process. Neither is used in a forked child. Nothing but SQLite opens the file: closing any other
descriptor of it would drop the locks of this process.
"""

from __future__ import annotations

import errno
import os
import sqlite3
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from fgtui import __version__
from fgtui.errors import StoreError
from fgtui.files import make_private_folder, sync_folder, write_private
from fgtui.paths import leaves_project
from fgtui.sessions.storage import migrations
from fgtui.sessions.storage.journal import JournalMode, choose
from fgtui.words import Phrase

BUSY_TIMEOUT_S = 15.0
"""How long a writer waits for the others."""

_PRAGMAS = (
    "synchronous = FULL",
    "secure_delete = ON",
    "mmap_size = 0",
    "trusted_schema = OFF",
    "cell_size_check = ON",
    "temp_store = MEMORY",
)
_LOOKED_AFTER = 10_000
"""Steps of SQLite's between two looks at whether somebody still waits."""
_GITIGNORE = b"# made by fgtui: recordings stay here, your own events are for everybody\n/*\n!/.gitignore\n!/events/\n"
_NOT_FILES = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a named pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)
_PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/._-")
"""Bytes of a path that need no escape in a URI."""
_BESIDE = ("-journal", "-wal", "-shm")
"""Names of what SQLite keeps beside a store, behind its own."""
_opening = threading.Lock()
"""Held while a file is made and opened: no descriptor is closed under a connection of another thread."""
_abandoned: list[object] = []
"""Connections of the process this one was forked from: neither used nor closed here."""


class DamagedError(StoreError):
    """SQLite found something in the file that cannot be."""


class FullError(StoreError):
    """The file system has no room for what was to be written."""


class BusyError(StoreError):
    """Somebody else kept the file locked for too long."""


class Database:
    """One store file. Opens what it needs when it is first asked."""

    def __init__(
        self,
        file: Path,
        *,
        new_salt: Callable[[], bytes],
        journal: JournalMode | None = None,
        busy_timeout_s: float = BUSY_TIMEOUT_S,
    ) -> None:
        self.file = file
        self._new_salt = new_salt
        self._sound = journal
        self._busy_timeout_s = busy_timeout_s
        self._begin()

    def _begin(self) -> None:
        self._process = os.getpid()
        self._reader: sqlite3.Connection | None = None
        self._writer: sqlite3.Connection | None = None
        self._read_lock = threading.RLock()
        self._write_lock = threading.RLock()

    # What callers use

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection | None]:
        """A connection to read with, for as long as fetching takes; ``None`` when there is no store yet."""
        self._check_process()
        with self._read_lock:
            try:
                with self._in_words():
                    if self._reader is None:
                        self._reader = self._open(create=False, waits_s=self._busy_timeout_s)
                    yield self._reader
            except DamagedError:  # a page is checked when it is read into memory, not when it is used again
                self._forget_reader()
                raise

    @contextmanager
    def writing(self, *, waits_s: float | None = None) -> Iterator[sqlite3.Connection]:
        """A connection inside one transaction: committed, and so durable, when the block ends; else nothing is.

        ``waits_s`` is for other programs to let go of the file; BusyError when they do not.
        """
        with self._write_lock, self._in_words():
            connection = self.prepared(waits_s)
            if waits_s is not None:
                self._wait(connection, waits_s)
            try:
                connection.execute("BEGIN IMMEDIATE")
            finally:
                if waits_s is not None:
                    self._wait(connection, self._busy_timeout_s)
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):  # SQLite may have rolled back by itself
                    connection.execute("ROLLBACK")
                raise

    def prepare_at_once(self) -> None:
        """Open what writes before it is needed, and wait for nobody: ``StoreError`` when the store is locked now."""
        with self._write_lock:
            self._wait(self.prepared(waits_s=0.0), self._busy_timeout_s)

    def _wait(self, connection: sqlite3.Connection, seconds: float) -> None:
        connection.execute(f"PRAGMA busy_timeout = {round(seconds * 1000)}")

    def prepared(self, waits_s: float | None = None) -> sqlite3.Connection:
        """The connection that writes; makes the store when there is none. ``waits_s`` is for a lock, while opening."""
        self._check_process()
        with self._write_lock, self._in_words():
            if self._writer is None:
                self._writer = self._open(create=True, waits_s=self._busy_timeout_s if waits_s is None else waits_s)
            assert self._writer is not None
            return self._writer

    def scrub(self) -> None:
        """Leave nothing of what was deleted in a write-ahead log, unless somebody is reading it."""
        with self._write_lock, self._in_words():
            self.prepared().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()

    def compact(self, cancelled: threading.Event | None = None) -> int:
        """Give the space of what was deleted back to the file system; the file's size then, in bytes.

        Others wait while the file is written anew. StoreError, and nothing was changed, where there is no room for it.
        Nothing was changed either where ``cancelled`` is set before it is done.
        """
        with self._write_lock, self._in_words():
            connection = self.prepared()
            (free_pages,) = connection.execute("PRAGMA freelist_count").fetchone()
            if free_pages and not (cancelled is not None and cancelled.is_set()):
                self._require_room(used_bytes(connection))
                connection.execute("PRAGMA temp_store = FILE")  # the copy may be larger than memory
                if cancelled is not None:
                    connection.set_progress_handler(cancelled.is_set, _LOOKED_AFTER)
                try:
                    connection.execute("VACUUM")
                except sqlite3.OperationalError:
                    if cancelled is None or not cancelled.is_set():
                        raise
                finally:
                    connection.set_progress_handler(None, 0)
                    connection.execute("PRAGMA temp_store = MEMORY")
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            return file_bytes(connection)

    def _require_room(self, size: int) -> None:
        """A copy is made where temporary files are, and then a journal beside the store, each as large."""
        needed: dict[int, int] = {}
        places = (_temporary_folder(), self.file.absolute().parent)
        devices = [place.stat().st_dev for place in places]
        for place, device in zip(places, devices, strict=True):
            needed[device] = needed.get(device, 0) + size
            free = _free_bytes(place)
            if free < needed[device]:
                raise StoreError(
                    "compacting {file} needs {needed} MB on {place}, where {free} MB are free; nothing was changed",
                    hint="SQLITE_TMPDIR names another folder for the copy",
                    file=self.file,
                    place=mount_point(place),
                    needed=f"{needed[device] / 1e6:,.1f}",
                    free=f"{free / 1e6:,.1f}",
                )

    @property
    def journal(self) -> JournalMode:
        """The journal in force, and why."""
        with self.reading() as connection:
            sound = self._what_is_sound()
            if connection is None or not sound.wal or setting(connection, "journal") == b"wal":
                return sound
        reason = Phrase("the store has been in use where a write-ahead log is not safe")
        return JournalMode(wal=False, reason=reason)

    def close(self) -> None:
        """Close both connections; the next use opens them again."""
        self._check_process()
        with self._read_lock:
            self._forget_reader()
        with self._write_lock:
            writer, self._writer = self._writer, None
            if writer is not None:
                writer.close()

    def _forget_reader(self) -> None:
        reader, self._reader = self._reader, None
        if reader is not None:
            reader.close()

    # Opening

    def _check_process(self) -> None:
        if self._process != os.getpid():
            _abandoned.extend((self._reader, self._writer))
            self._begin()

    def _open(self, *, create: bool, waits_s: float) -> sqlite3.Connection | None:
        with _opening:
            place, size = _examine(self.file)
            if not size and not create:
                return None
            _check_links(place, self.file)
            if size is None:
                _make(place)
            elif size:
                _check_ours(place, self.file)
            connection = sqlite3.connect(
                _uri(place, "mode=rw"),
                uri=True,
                timeout=waits_s,
                isolation_level=None,
                check_same_thread=False,
            )
        try:
            if self._ready(connection, create=create):
                return connection
        except BaseException:
            connection.close()
            raise
        connection.close()
        return None

    def _ready(self, connection: sqlite3.Connection, *, create: bool) -> bool:
        """Bring the store up to date. False for one that another process is about to make."""
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")
        version = _version(connection)
        if version > migrations.SCHEMA_VERSION:
            raise _newer(self.file, version)
        if not version and not create:
            return False
        if version < migrations.SCHEMA_VERSION and create:  # what is only read stays as it is
            self._migrate(connection)
        self._choose_journal(connection)
        return True

    def _migrate(self, connection: sqlite3.Connection) -> None:
        first = {
            "salt": self._new_salt(),
            "journal": b"wal" if self._what_is_sound().wal else b"rollback",
            "made_by": f"fgtui {__version__}".encode(),
        }
        connection.execute("BEGIN IMMEDIATE")
        try:
            migrations.migrate(connection)
            connection.executemany("INSERT OR IGNORE INTO setting VALUES (?, ?)", first.items())
            connection.execute("COMMIT")
        except BaseException:
            with suppress(sqlite3.Error):
                connection.execute("ROLLBACK")
            raise

    def _choose_journal(self, connection: sqlite3.Connection) -> None:
        """The journal the store says, where it is sound; once it was not, the store stays with the other one.

        Processes with an older SQLite may share it, and the mode of one is the mode of all.
        """
        (current,) = connection.execute("PRAGMA journal_mode").fetchone()
        try:
            wanted = setting(connection, "journal")
        except sqlite3.DatabaseError:  # damaged, and still readable elsewhere perhaps
            wanted = None
        if wanted == b"wal" and self._what_is_sound().wal:
            if current != "wal":
                with suppress(sqlite3.OperationalError):  # somebody is reading; the next one to open it tries again
                    connection.execute("PRAGMA journal_mode = WAL").fetchone()
            return
        try:
            (current,) = connection.execute("PRAGMA journal_mode = TRUNCATE").fetchone()
        except sqlite3.OperationalError as error:
            if current != "wal":
                raise
            raise self._in_use_elsewhere() from error
        if current == "wal":
            raise self._in_use_elsewhere()
        if wanted == b"wal":
            connection.execute("UPDATE setting SET value = ? WHERE name = 'journal'", (b"rollback",))

    def _in_use_elsewhere(self) -> StoreError:
        return StoreError(
            "{file} is in use by an fgtui with a newer SQLite, in a mode that is not safe here",
            hint="close the other one, or run both with the same Python",
            file=self.file,
        )

    def _what_is_sound(self) -> JournalMode:
        if self._sound is None:
            self._sound = choose(self.file, sqlite3.sqlite_version_info)
        return self._sound

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise self._said(error) from error
        except UnicodeDecodeError as error:  # even the names in SQLite's own message are not text
            raise self._damage() from error

    def _damage(self) -> DamagedError:
        return DamagedError("{file} is damaged; nothing was changed", file=self.file)

    def _said(self, error: sqlite3.Error) -> StoreError:
        code = getattr(error, "sqlite_errorcode", None)
        primary = None if code is None else code & 0xFF
        if primary in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB} or "decode to UTF-8" in str(error):
            return self._damage()
        if primary == sqlite3.SQLITE_FULL:
            return FullError("no space left on {place}", place=mount_point(self.file), file=self.file)
        if primary in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
            return BusyError(
                "{file} has been locked by another program for {seconds:g} s",
                hint="close what keeps it open",
                file=self.file,
                seconds=self._busy_timeout_s,
            )
        if primary == sqlite3.SQLITE_READONLY:
            return StoreError("{file} is read-only", hint="--store keeps recordings elsewhere", file=self.file)
        if primary == sqlite3.SQLITE_CANTOPEN:
            return StoreError("{file} cannot be opened", hint="its folder must be there and writable", file=self.file)
        if primary == sqlite3.SQLITE_IOERR:
            return StoreError(
                "the disk failed while {file} was read or written: {reason}", file=self.file, reason=error
            )
        if isinstance(error, sqlite3.DataError):
            return StoreError("too large to be recorded: {reason}", reason=error)
        return StoreError("{file} could not be used: {reason}", file=self.file, reason=error)


def setting(connection: sqlite3.Connection, name: str) -> bytes | None:
    """One of the store's own settings."""
    row = connection.execute("SELECT value FROM setting WHERE name = ?", (name,)).fetchone()
    return None if row is None else row[0]


def used_bytes(connection: sqlite3.Connection) -> int:
    """What the store takes, without the space that was given back to it."""
    pages, free, size = _pages(connection)
    return (pages - free) * size


def file_bytes(connection: sqlite3.Connection) -> int:
    """What the file takes."""
    pages, _, size = _pages(connection)
    return pages * size


def _pages(connection: sqlite3.Connection) -> tuple[int, int, int]:
    numbers = [
        connection.execute(f"PRAGMA {name}").fetchone()[0] for name in ("page_count", "freelist_count", "page_size")
    ]
    return numbers[0], numbers[1], numbers[2]


def _free_bytes(place: Path) -> int:
    """What is left for us on the file system of ``place``."""
    found = os.statvfs(place)
    return found.f_bavail * found.f_frsize


def _temporary_folder() -> Path:
    """Where SQLite puts temporary files."""
    named = (os.environ.get("SQLITE_TMPDIR"), os.environ.get("TMPDIR"), "/var/tmp", "/usr/tmp", "/tmp", ".")  # noqa: S108
    usable = (Path(each) for each in named if each)
    return next((each for each in usable if each.is_dir() and os.access(each, os.W_OK | os.X_OK)), Path())


def mount_point(file: Path) -> Path:
    """The nearest place at or above ``file`` where a file system is mounted: what is full when it is."""
    place = file.absolute()
    while not os.path.ismount(place) and place != place.parent:
        place = place.parent
    return place


def _version(connection: sqlite3.Connection) -> int:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)


def _uri(place: Path, options: str) -> str:
    """SQLite's spelling of a path with options, whatever bytes the path has."""
    path = "".join(chr(byte) if byte in _PLAIN else f"%{byte:02X}" for byte in os.fsencode(place.absolute()))
    return f"file:{path}?{options}"


def _examine(file: Path) -> tuple[Path, int | None]:
    """Where ``file`` really is, and its size: ``None`` when there is nothing. Refuses what is no regular file."""
    try:
        found = file.stat()
    except (FileNotFoundError, NotADirectoryError):
        if file.is_symlink():
            raise StoreError("{file} is a link to nothing", file=file) from None
        return file, None
    except ValueError as error:
        raise StoreError("{file!r} cannot be a file: {reason}", file=str(file), reason=error) from error
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise StoreError("{file} is a link that leads back to itself", file=file) from error
        raise StoreError("{file} cannot be reached: {reason}", file=file, reason=error.strerror) from error
    if not stat.S_ISREG(found.st_mode):
        what = next((words for is_one, words in _NOT_FILES if is_one(found.st_mode)), "no file")
        raise StoreError("{file} is {what}, not a store of recordings", file=file, what=what)
    return file.resolve(), found.st_size


def _check_links(place: Path, file: Path) -> None:
    """Refuse to read and write where a link leads that came with a project."""
    if leaves_project(file):
        raise StoreError(
            "{file} leads out of the project by a link",
            hint="name where it leads, if you mean that: --store {place}",
            file=file,
            place=place.resolve(),
        )
    for each in (Path(f"{place}{end}") for end in _BESIDE):
        if each.is_symlink():
            raise StoreError("{file} is a link; SQLite would write through it", hint="remove it", file=each)


def _check_ours(place: Path, file: Path) -> None:
    """Refuse somebody else's database and a newer version. Reads past locks and journals, and so changes nothing."""
    try:
        probe = sqlite3.connect(_uri(place, "mode=ro&immutable=1"), uri=True)
        try:
            # a commit that is under way, or was cut short, may have said a size that the file has not: no damage yet
            probe.execute("PRAGMA writable_schema = ON")
            (application,) = probe.execute("PRAGMA application_id").fetchone()
            version = _version(probe)
        finally:
            probe.close()
    except sqlite3.OperationalError as error:
        raise StoreError("{file} cannot be opened: {reason}", file=file, reason=error) from error
    except sqlite3.DatabaseError as error:
        raise StoreError(
            "{file} is not a store of recordings, or its beginning is damaged; nothing was changed",
            hint="--store names another file",
            file=file,
        ) from error
    if application != migrations.APPLICATION_ID:
        raise StoreError(
            "{file} is another program's database; nothing was changed", hint="--store names another file", file=file
        )
    if version > migrations.SCHEMA_VERSION:
        raise _newer(file, version)


def _newer(file: Path, version: int) -> StoreError:
    return StoreError(
        "{file} was written by a newer fgtui (format {found}; this one knows {known}); nothing was changed",
        hint="update fgtui, or name another file with --store",
        file=file,
        found=version,
        known=migrations.SCHEMA_VERSION,
    )


def _make(place: Path) -> None:
    """An empty file that only its owner can read, and what is missing above it."""
    try:
        make_private_folder(place.parent)
        descriptor = os.open(place, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        try:
            os.fchmod(descriptor, 0o600)
        finally:
            os.close(descriptor)
        sync_folder(place.parent)
        _keep_out_of_history(place.parent)
    except OSError as error:
        if isinstance(error, FileExistsError) and place.is_file():
            return  # another process was first
        if error.errno == errno.ENOSPC:
            raise StoreError("no space left on {place}", place=mount_point(place), file=place) from error
        raise StoreError(
            "{file} cannot be made: {reason}",
            hint="--store keeps recordings elsewhere",
            file=place,
            reason=error.strerror or error,
        ) from error


def _keep_out_of_history(folder: Path) -> None:
    """In a project, recordings are ignored and the events people share are not."""
    if folder.name == ".fgtui" and not os.path.lexists(folder / ".gitignore"):
        with suppress(OSError):  # what keeps it from being written keeps the store too, which says so
            write_private(folder / ".gitignore", _GITIGNORE)
