"""Recorded exchanges as a query sees them (design, section 5), made of no more than the query reads.

The members that are there have the values that ``format.document`` gives them.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from fgtui.errors import StoreError
from fgtui.sessions.query.fast_json import content_value
from fgtui.sessions.query.tree import WHOLE

if TYPE_CHECKING:
    from fgtui.events.catalogue import Catalogue
    from fgtui.invoke.model import Exchange

Document = dict[str, Any]

_MEASURES = ("duration_ms", "init_ms", "memory_mb")
_HEAD_ALONE = frozenset({"head", "session", "seq", "note", "tags"})
_THERE = {"": None}
"""An object of an exchange is never empty, and so true, whatever was left out of it."""


class Recorded(NamedTuple):
    """One row of a store: what the documents of queries are made of."""

    seq: int
    note: str | bytes
    tags: str
    head: int
    """Bytes of the exchange's JSON without its texts; wire text and answer follow, and then the logs."""
    wire: int
    answer: int
    content: bytes
    """Unpacked, as far as it is read."""


class Documents:
    """Makes the documents for the queries that read ``parts`` of an exchange."""

    def __init__(self, *, session: str, parts: frozenset[str], decoded: bool, roots: tuple[str, ...]) -> None:
        self.read: Callable[[bytes], object] = content_value
        self._session = session
        self._decoded = decoded
        self._roots = roots
        self._catalogue: Catalogue | None = None
        self._parts = parts
        self._whole = WHOLE in parts
        wanted = parts | {"head"} if "decoded" in parts else parts  # it names the trigger
        self.needs_head_alone = not self._whole and wanted <= _HEAD_ALONE
        """Whether nothing is made of the texts."""
        self._fillings = [filling for name, filling in self._fillers().items() if name in wanted]

    def _fillers(self) -> dict[str, Callable[[Recorded, Document], None]]:
        return {
            "head": self._fill_head,
            "session": self._fill_session,
            "note": self._fill_note,
            "tags": self._fill_tags,
            "wire": self._fill_wire,
            "body": self._fill_body,
            "decoded": self._fill_decoded,
            "answer": self._fill_answer,
            "result": self._fill_result,
            "logs": self._fill_logs,
        }

    def of_row(self, row: Recorded) -> Document:
        """The document of an exchange of the store. One of ``DAMAGE`` where it is not what was written."""
        if self._whole:
            return self.of_exchange(_exchange(row, self._session))
        document: Document = {"event": dict(_THERE), "outcome": dict(_THERE), "seq": row.seq}
        for fill in self._fillings:
            fill(row, document)
        return document

    def of_exchange(self, exchange: Exchange) -> Document:
        """The document of an exchange that came from elsewhere."""
        from fgtui.sessions.format import decoded_or_body, to_json

        members = to_json(exchange)
        event, outcome = members["event"], members["outcome"]
        if self._whole or "body" in self._parts:
            event["body"] = self.read(exchange.event.wire)
        if self._whole or "result" in self._parts:
            outcome["result"] = self.read(exchange.outcome.body)
        if self._decoded and (self._whole or "decoded" in self._parts):
            event["decoded"] = decoded_or_body(exchange.event.text, self._find_trigger(exchange.event.trigger))
        return members

    def _find_trigger(self, key: str) -> Any:
        if self._catalogue is None:
            from fgtui.events.catalogue import Catalogue

            self._catalogue = Catalogue([Path(root) for root in self._roots])
        return self._catalogue.find(key)

    def _fill_head(self, row: Recorded, document: Document) -> None:
        members: Any = self.read(row.content[: row.head])
        outcome = members["outcome"]
        for name in _MEASURES:
            if type(outcome[name]) is int:
                outcome[name] = float(outcome[name])
        if outcome["kind"] == "timed_out":
            outcome["error"]["limit_s"] = float(outcome["error"]["limit_s"])
        document.update(members)

    def _fill_session(self, row: Recorded, document: Document) -> None:
        document["session"] = self._session

    def _fill_note(self, row: Recorded, document: Document) -> None:
        from fgtui.sessions.storage.rows import text

        document["note"] = text(row.note)

    def _fill_tags(self, row: Recorded, document: Document) -> None:
        document["tags"] = self.read(row.tags.encode())

    def _fill_wire(self, row: Recorded, document: Document) -> None:
        _put_content(document["event"], "wire", _wire(row))

    def _fill_body(self, row: Recorded, document: Document) -> None:
        document["event"]["body"] = self.read(_wire(row))

    def _fill_decoded(self, row: Recorded, document: Document) -> None:
        from fgtui.sessions.format import decoded_or_body

        event = document["event"]
        wire = _wire(row).decode("utf-8", "surrogateescape")
        event["decoded"] = decoded_or_body(wire, self._find_trigger(event["trigger"]))

    def _fill_answer(self, row: Recorded, document: Document) -> None:
        _put_content(document["outcome"], "body", _answer(row))

    def _fill_result(self, row: Recorded, document: Document) -> None:
        document["outcome"]["result"] = self.read(_answer(row))

    def _fill_logs(self, row: Recorded, document: Document) -> None:
        document["outcome"]["logs"] = row.content[row.head + row.wire + row.answer :].decode("utf-8", "surrogatepass")


def _wire(row: Recorded) -> bytes:
    return row.content[row.head : row.head + row.wire]


def _answer(row: Recorded) -> bytes:
    start = row.head + row.wire
    return row.content[start : start + row.answer]


def _put_content(members: Document, name: str, content: bytes) -> None:
    from fgtui.sessions.format import content_member

    members.update(content_member(name, content))


def _exchange(row: Recorded, session: str) -> Exchange:
    from fgtui.sessions.storage.rows import decode_content

    sizes = row.head, row.wire, row.answer
    return decode_content(session, row.seq, row.content, note=row.note, tags=row.tags, sizes=sizes)


DAMAGE = (StoreError, ValueError, LookupError, TypeError, AttributeError, OverflowError, zlib.error)
"""What unpacking and making a document raises where the store holds something else than was written."""
