"""Unsent text that survives a crash: one private file for each running workbench, and the drafts it put aside.

A workbench holds a lock while it lives, so a file without one belongs to a process that is gone: the next workbench in
the same folder takes it over. Text is kept as written (reliability, section 6) and goes when its owner closes it.
"""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from fgtui.files import make_private_folder, open_regular, sync_folder, write_private
from fgtui.paths import name_of_folder

FORMAT_VERSION = 1
KEPT_ASIDE = 30
"""Drafts put aside that are kept for one folder; the oldest go first."""


class OpenedFile(NamedTuple):
    """The file an event was opened from, or saved to."""

    path: Path
    digest: str
    """Of its bytes then."""


class Unwritten(NamedTuple):
    """What was typed for a field and is not written into the event yet."""

    path: str
    """The field's, as ``format_path`` spells it."""
    text: str


class Draft(NamedTuple):
    """An event as it stood in the editor, and what was chosen beside it."""

    text: str
    trigger: str
    template: str | None
    modified: bool
    saved_at: datetime
    """Aware and UTC."""
    form: str = "wire"
    """Whether ``text`` is the wire text or the decoded form."""
    line: int = 1
    column: int = 1
    target: str | None = None
    """As the person spelled it; ``None``: the one that is chosen by itself."""
    session: str = "default"
    name: str | None = None
    """What the event is called beside its trigger; ``None``: the template's title."""
    opened: OpenedFile | None = None
    """The file the event belongs to, if any."""
    unwritten: Unwritten | None = None
    renews: bool = False
    """Whether the event gets new ids and times at each send."""
    file: Path | None = None
    """Where it is kept; ``None`` until it is."""


class Drafts:
    """The drafts of one working folder."""

    def __init__(
        self, data_folder: Path, working_folder: Path, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._root = data_folder / "drafts"
        self._working_folder = str(working_folder)
        self._clock = clock
        self._lock: int | None = None
        self._file: Path | None = None

    def claim(self) -> Draft | None:
        """Take over the newest open text that no running workbench holds; ``None`` when there is none.

        Call once, before ``save``. A file that cannot be read as a draft is left where it is.
        """
        if not self._root.is_dir():
            return None
        for draft in self._read_all("open"):
            if draft.file is not None and self._take(draft.file):
                self._file = draft.file
                return draft
        return None

    def save(self, draft: Draft, text: Iterable[str] | None = None) -> None:
        """Keep ``draft`` as the open text. Raises ``OSError``. Safe in any thread, one call at a time.

        ``text`` is its text in parts, in the place of the one it has: a thread that writes them one after the other
        keeps nobody waiting for long, however long they are together.
        """
        if self._file is None:
            self._file = self._new_file("open")
        write_private(self._file, self._parts(draft, [draft.text] if text is None else text))

    def put_aside(self, draft: Draft, text: Iterable[str] | None = None) -> Draft:
        """Keep ``draft`` beside the open text, to be restored when a person asks for it, and say where.

        ``text`` as in ``save``. One that was claimed is not written again: its file gets another name. Raises
        ``OSError``. Safe in any thread.
        """
        file = self._new_file("aside", locked=False)
        if draft.file is not None and draft.file == self._file:
            os.utime(draft.file)  # or it might be the oldest, which goes first
            draft.file.replace(file)
            sync_folder(file.parent)
        else:
            write_private(file, self._parts(draft, [draft.text] if text is None else text))
        for each in self._files("aside")[KEPT_ASIDE:]:
            old = _from_bytes(each)
            if old is not None:
                self.drop(old)
        return draft._replace(file=file)

    def aside(self) -> tuple[Draft, ...]:
        """The drafts put aside, newest first, and the open texts of workbenches that are gone."""
        orphans = [draft for draft in self._read_all("open") if draft.file != self._file and self._is_free(draft.file)]
        found = [draft for draft in [*self._read_all("aside"), *orphans] if draft.modified]
        return tuple(sorted(found, key=lambda draft: draft.saved_at, reverse=True))

    def drop(self, draft: Draft) -> None:
        """Delete a draft; one that is gone already is none."""
        if draft.file is not None:
            draft.file.unlink(missing_ok=True)
            draft.file.with_suffix(".lock").unlink(missing_ok=True)

    def close(self) -> None:
        """Let go of the open text, which stays for the next workbench."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    # ── files ───────────────────────────────────────────────────────────────────────────────────────────────────────
    def _folder(self) -> Path:
        return self._root / name_of_folder(self._working_folder)

    def _new_file(self, kind: str, *, locked: bool = True) -> Path:
        """A name nobody else has; an open one is locked from the start."""
        import secrets

        folder = self._folder()
        make_private_folder(folder)
        file = folder / f"{kind}-{self._clock():%Y%m%d%H%M%S}-{secrets.token_hex(6)}.json"
        if locked:
            self._take(file)
        return file

    def _take(self, file: Path) -> bool:
        """Lock ``file`` for as long as this process lives; whether it was free."""
        lock = _open_lock(file)
        if lock is None:
            return False
        self._lock = lock
        return True

    def _is_free(self, file: Path | None) -> bool:
        lock = None if file is None else _open_lock(file)
        if lock is None:
            return False
        os.close(lock)
        return True

    def _read_all(self, kind: str) -> Iterator[Draft]:
        """Every readable draft of that kind, newest first."""
        for file in self._files(kind):
            draft = _from_bytes(file)
            if draft is not None:
                yield draft

    def _files(self, kind: str) -> list[Path]:
        """Those of that kind, newest first."""
        try:
            return sorted(self._folder().glob(f"{kind}-*.json"), key=_changed_at, reverse=True)
        except OSError:
            return []

    def _parts(self, draft: Draft, text: Iterable[str]) -> Iterator[bytes]:
        """The file, the text last."""
        import json

        document: dict[str, Any] = {
            "fgtui": "draft",
            "format": FORMAT_VERSION,
            "folder": self._working_folder,
            "trigger": draft.trigger,
            "template": draft.template,
            "modified": draft.modified,
            "saved_at": self._clock().isoformat(),
            "target": draft.target,
            "session": draft.session,
            "form": draft.form,
            "line": draft.line,
            "column": draft.column,
            "name": draft.name,
            "opened": None if draft.opened is None else [str(draft.opened.path), draft.opened.digest],
            "unwritten": draft.unwritten,
            "renews": draft.renews,
        }
        yield json.dumps(document).removesuffix("}").encode("ascii") + b', "text": "'
        for part in text:
            yield json.dumps(part)[1:-1].encode("ascii")
        yield b'"}\n'


def _changed_at(file: Path) -> int:
    try:
        return file.stat().st_mtime_ns
    except OSError:  # another workbench has deleted it meanwhile
        return 0


def _from_bytes(file: Path) -> Draft | None:
    import json

    try:
        stream = open_regular(file)
        if stream is None:
            return None
        with stream:
            document = json.loads(stream.read())
        if document["fgtui"] != "draft" or document["format"] != FORMAT_VERSION:
            return None
        draft = Draft(
            text=document["text"],
            trigger=document["trigger"],
            template=document["template"],
            modified=document["modified"],
            saved_at=_time(document["saved_at"]),
            target=document["target"],
            session=document["session"],
            form=document["form"],
            line=int(document["line"]),
            column=int(document["column"]),
            name=_text(document.get("name")),
            opened=_opened(document.get("opened")),
            unwritten=_unwritten(document.get("unwritten")),
            renews=document.get("renews") is True,
        )
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError):
        return None  # not ours, torn, or newer: left alone
    texts = (draft.text, draft.trigger, draft.template or "", draft.target or "", draft.session, draft.form)
    is_sound = all(isinstance(each, str) for each in texts) and draft.form in {"wire", "decoded"}
    return draft._replace(file=file, modified=draft.modified is True) if is_sound else None


def _time(text: str) -> datetime:
    """What ``isoformat`` wrote; ``OverflowError`` for what no clock of here can show."""
    at = datetime.fromisoformat(text)
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone().astimezone(UTC)


def _opened(value: object) -> OpenedFile | None:
    match value:
        case [str(path), str(digest)]:
            return OpenedFile(Path(path), digest)
    return None


def _unwritten(value: object) -> Unwritten | None:
    match value:
        case [str(path), str(text)]:
            return Unwritten(path, text)
    return None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _open_lock(file: Path) -> int | None:
    """A descriptor that holds the lock beside ``file``; ``None`` when another process does."""
    try:
        descriptor = os.open(file.with_suffix(".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    except OSError:  # a file system without locks: the text matters more than who else may hold it
        return descriptor
    return descriptor
