"""HTTP/1.1 for whoever speaks it, hosts or transport: ``h11`` with our limits, and its errors as sentences."""

from __future__ import annotations

import re
from collections.abc import Iterable

import h11

HEAD_LIMIT = 65536
"""Bytes of a first line and all headers; of trailers as well."""
SHOWN_LIMIT = 80
"""Characters of foreign bytes in a sentence."""
VERSIONS = (b"1.0", b"1.1")
QUOTE = re.compile(r"(.*?): bytearray\(b(['\"])(.*?)\2\)(?: \(expected .*\))?")


class MalformedError(Exception):
    """Bytes that are no HTTP, in words that say why."""


def connection(role: type[h11.CLIENT | h11.SERVER]) -> h11.Connection:
    """One side of a connection, for one exchange or several."""
    return h11.Connection(role, max_incomplete_event_size=HEAD_LIMIT)


def next_event(http: h11.Connection) -> h11.Event | type[h11.NEED_DATA | h11.PAUSED]:
    """The next event that is all here, else ``NEED_DATA`` or ``PAUSED``. Raises ``MalformedError``."""
    state = http.their_state
    try:
        return http.next_event()
    except h11.RemoteProtocolError as error:
        raise MalformedError(in_words(error, http, state)) from None


def check(head: h11.Request | h11.Response) -> None:
    """Refuse what ``h11`` lets pass: other versions, and a message framed twice, which may smuggle another (RFC 9112
    section 6.3). Raises ``MalformedError``.
    """
    if head.http_version not in VERSIONS:
        raise MalformedError(f"it speaks HTTP/{head.http_version.decode('ascii')}")
    if values(head, "transfer-encoding") and values(head, "content-length"):
        raise MalformedError("it has both Content-Length and Transfer-Encoding, so that its end is not certain")


def in_words(error: h11.RemoteProtocolError, http: h11.Connection, state: object) -> str:
    """What ``h11`` says, with the bytes it is about on one line. ``state`` was theirs before."""
    if error.error_status_hint == 431:
        what = "a line between its chunks is" if state is h11.SEND_BODY else "its headers are"
        return f"{what} larger than {HEAD_LIMIT} bytes"
    text = str(error)
    if "_SWITCH_" in text:
        return "it switches to another protocol"
    if "status_code" in text:
        return "its status is not between 100 and 999"
    found = QUOTE.fullmatch(text)
    what, shown = (found[1], found[3]) if found else (text, "")
    if what == "illegal request line":  # also said of the other side's first bytes
        shown = shown or repr(http.trailing_data[0][:SHOWN_LIMIT])[2:-1]
        what = what if http.our_role is h11.SERVER else "illegal status line"
    what, shown = what[:1].lower() + what[1:], shown.removesuffix("\\r\\n")
    if not shown:
        return what
    return f"{what} “{shown if len(shown) <= SHOWN_LIMIT else shown[:SHOWN_LIMIT] + '…'}”"


def values(event: h11.Request | h11.Response, name: str) -> list[str]:
    """Every value of a header, as text."""
    return [text_of(value) for known, value in event.headers if known == name.encode()]


def length(event: h11.Request | h11.Response) -> int | None:
    """What a head declares for its body in bytes, or ``None``."""
    found = values(event, "content-length")
    return int(found[0]) if found else None


def headers(event: h11.Request | h11.Response) -> list[tuple[str, str]]:
    """All headers, names as they were written."""
    return [(name.decode("ascii"), text_of(value)) for name, value in event.headers.raw_items()]


def text_of(value: bytes) -> str:
    """A header's value: UTF-8 where it is, as every byte is a character otherwise."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")


def encoded(pairs: Iterable[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    """Headers for ``h11``, which takes text only when it is ASCII."""
    return [(name.encode(), value.encode()) for name, value in pairs]
