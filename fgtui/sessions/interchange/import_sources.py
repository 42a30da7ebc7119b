"""Files and folders as exchanges to import: JSON Lines, HTTP archives, single exchanges, plain events.

What a file is, its content decides; only where that leaves a doubt does the ending of its name. In a folder, and in the
folders in it, files are read whose names end as such files do; hidden ones and links are not. A plain event becomes an
exchange that was never sent: its target is of the kind ``NO_TARGET`` and its outcome ``cancelled``. What has no id gets
one made of its content, after secrets are replaced, so that the same thing is known the next time.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from fgtui.digests import blake2b
from fgtui.errors import EventError, StoreError, UsageError
from fgtui.events.model import Event
from fgtui.events.text import Document, read_bytes, scan
from fgtui.invoke.ids import content_id
from fgtui.invoke.model import Cancelled, Exchange, TargetSummary
from fgtui.records import NOTHING, Record, replace
from fgtui.regex import regex
from fgtui.sessions import strict_json
from fgtui.sessions.format import dump_line, from_json
from fgtui.sessions.interchange.har import HarFile
from fgtui.sessions.interchange.json_lines import LINE_LIMIT, JsonLines, Skipped
from fgtui.sessions.interchange.text_files import encoding_of, opened
from fgtui.sessions.model import NO_TARGET
from fgtui.sessions.redaction.redactor import Redactor
from fgtui.sessions.storage.rows import microseconds
from fgtui.sessions.store import check_name
from fgtui.words import Phrase, english

ENDINGS = (".jsonl", ".ndjson", ".har", ".json", ".jsonc")
"""Of the files in a folder that are read."""
IMPORTED = "imported"
"""The session of plain events that were named one by one, and the tag of all that fgtui has not recorded itself."""
PASSED_KEPT = 1000
"""Reasons that are kept; the rest are counted."""

_HEAD = 64 * 1024
_MEMBERS = {"format", "id", "event", "target", "outcome"}
"""What an exchange has at the least."""
_IS_LINE = regex(r'\s*\{[ \t]*"(?:fgtui|format)"[ \t]*:')
_IS_ARCHIVE = regex(r'\s*\{\s*"log"\s*:\s*\{\s*"(?:version|creator|browser|pages|entries|comment|_\w+)"\s*:')


class Passed(Record):
    """Something of a source that was not imported."""

    place: str | Phrase
    """The file as it was named, with the number of the line or entry."""
    message: str
    """Why: an English sentence with ``{named}`` holes."""
    values: Mapping[str, object] = NOTHING

    def __str__(self) -> str:
        return f"{self.place}: {self.message.format_map(self.values)}"


class Source:
    """A file or folder, called ``name`` in messages. Iterating reads it; ``passed`` tells of what was left out."""

    def __init__(
        self,
        path: Path,
        name: str | Phrase,
        *,
        redactor: Callable[[], Redactor],
        recognise: Callable[[Document], str],
        clock: Callable[[], datetime],
    ) -> None:
        self.path = path
        self.name = name
        self.passed: list[Passed] = []
        self.passed_count = 0
        self._redactor = redactor
        self._recognise = recognise
        self._clock = clock
        self._session = ""

    def check(self) -> None:
        """Look at the beginning, before anything is imported. UsageError where this cannot be read at all."""
        if not os.path.lexists(self.path):
            raise UsageError("there is no file {name}", name=self.name)
        if self.path.is_dir():
            self._session = self.path.resolve().name
            return
        with _told_as_usage():
            kind = _kind(self.path)
            if kind != "document":
                recording = JsonLines(self.path) if kind == "lines" else HarFile(self.path)
                next(iter(recording), None)
                self._session = recording.said_name or self.path.stem

    @property
    def session(self) -> str:
        """The session it goes to unless another is named: what it says, else its own name where that can be one."""
        try:
            check_name(self._session)
        except UsageError:
            return IMPORTED
        return self._session

    def __iter__(self) -> Iterator[Exchange]:
        """Where reading breaks off, what came before counts, and why it broke off is told like any other reason."""
        for file, name in self._files() if self.path.is_dir() else ((self.path, self.name),):
            try:
                yield from self._file(file, name)
            except (StoreError, UsageError) as error:
                self._pass(name, error.message, error.values)

    def _files(self) -> Iterator[tuple[Path, str | Phrase]]:
        """The files of a folder in the order of their names, folders in it among them, with what they are called."""
        waiting = [(self.path, str(self.name).rstrip("/") or "/")]
        while waiting:
            path, name = waiting.pop()
            if path.is_symlink() and path != self.path:
                self._pass(name, "a link, which is not followed")
            elif path.is_dir():
                waiting += [(path / inner, f"{name}/{inner}") for inner in reversed(self._listed(path, name))]
            elif path.name.lower().endswith(ENDINGS):
                yield path, name

    def _listed(self, folder: Path, name: str) -> list[str]:
        try:
            return sorted(each for each in os.listdir(folder) if not each.startswith("."))  # noqa: PTH208 - names only
        except OSError as error:
            self._pass(name, "cannot be read: {reason}", {"reason": error.strerror})
            return []

    def _file(self, file: Path, name: str | Phrase) -> Iterator[Exchange]:
        match _kind(file):
            case "lines":
                lines = JsonLines(file)
                yield from lines
                self._pass_all(lines.skipped, "{name}:{line}", name)
            case "archive":
                archive = HarFile(file)
                yield from (each if each.id else self._identified(each, name) for each in archive)
                self._pass_all(archive.skipped, "{name}: entry {line}", name)
            case _:
                yield from self._document(file, name)

    def _document(self, file: Path, name: str | Phrase) -> Iterator[Exchange]:
        """The one event or exchange of a file."""
        with opened(file) as stream:
            data = stream.read(LINE_LIMIT + 1)
        if len(data) > LINE_LIMIT:
            self._pass(name, "larger than {limit} MiB, more than an event can be", {"limit": LINE_LIMIT >> 20})
            return
        try:
            document = scan(read_bytes(data, str(name)))
            wire = document.wire()
            recorded = _recorded(document)
        except EventError as error:
            self._pass(_placed(name, error), error.message, error.values)
        except StoreError as error:
            self._pass(name, error.message, error.values)
        else:
            yield recorded or self._identified(self._never_sent(wire, document), name)

    def _never_sent(self, wire: str, document: Document) -> Exchange:
        return Exchange(
            id="",
            event=Event(self._recognise(document), wire.encode("utf-8", "surrogatepass")),
            target=TargetSummary(NO_TARGET, ""),
            outcome=Cancelled(),
            started_at=self._clock(),
        )

    def _identified(self, exchange: Exchange, name: str | Phrase) -> Exchange:
        """``exchange`` without its secrets, with an id of its content and a word about where it is from.

        Without its secrets, because an id of a content with them would let a password be tried.
        """
        kept = self._redactor().apply(exchange)
        was_sent = kept.target.kind != NO_TARGET
        moment = microseconds(kept.started_at) // 1000 if was_sent else 0
        content = dump_line(kept) if was_sent else kept.event.wire
        content = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
        identity = content_id(moment, blake2b(content, digest_size=10).digest())
        note = english("from {file}" if was_sent else "from {file}, never sent", file=Path(str(name)).name)
        return replace(kept, id=identity, note=note, tags=(IMPORTED,))

    def _pass_all(self, skipped: Iterable[Skipped], place: str, name: str | Phrase) -> None:
        for each in skipped:
            self._pass(Phrase(place, name=name, line=each.line), each.message, each.values)

    def _pass(self, place: str | Phrase, message: str, values: Mapping[str, object] = NOTHING) -> None:
        self.passed_count += 1
        if len(self.passed) < PASSED_KEPT:
            self.passed.append(Passed(place, message, values))


def _placed(name: str | Phrase, error: EventError) -> str | Phrase:
    """``name`` with the line and the column of ``error``, where they are known."""
    if error.line is None:
        return name
    if error.column is None:
        return Phrase("{name}:{line}", name=name, line=error.line)
    return Phrase("{name}:{line}:{column}", name=name, line=error.line, column=error.column)


def _kind(file: Path) -> str:
    """``lines``, ``archive`` or ``document``, as the beginning of the file says, else the end of its name."""
    with opened(file) as stream:
        data = stream.read(_HEAD)
    encoding, skipped = encoding_of(data)
    head = data[skipped:].decode(encoding, "replace")
    if _IS_ARCHIVE.match(head):
        return "archive"
    if _IS_LINE.match(head):
        return "lines" if _is_first_of_lines(head, is_all=len(data) < _HEAD) else "document"
    match file.suffix.lower():
        case ".jsonl" | ".ndjson":
            return "lines"
        case ".har":
            return "archive"
    return "document"


def _is_first_of_lines(head: str, *, is_all: bool) -> bool:
    """Whether ``head`` begins with a line of JSON Lines: a document may have other members, and go on below."""
    line, end, _ = head.lstrip().partition("\n")
    if not end and not is_all:
        return True
    try:
        value = strict_json.read(line.strip())
    except ValueError:
        return False
    return isinstance(value, dict) and ("fgtui" in value or value.keys() >= _MEMBERS)


def _recorded(document: Document) -> Exchange | None:
    """The exchange that a document is, as ``show --json`` prints one. StoreError for one that cannot be read."""
    if '"outcome"' not in document.text or '"format"' not in document.text:
        return None
    value = document.value()
    if not isinstance(value, dict) or not value.keys() >= _MEMBERS:
        return None
    return from_json(value)


@contextmanager
def _told_as_usage() -> Iterator[None]:
    """What is wrong with a file that a person named is no trouble of the store."""
    try:
        yield
    except StoreError as error:
        raise UsageError(error.message, hint=error.hint, **error.values) from error
