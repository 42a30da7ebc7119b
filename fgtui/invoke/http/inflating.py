"""Bodies that come compressed, opened within a limit."""

from __future__ import annotations

import zlib

from fgtui.words import Phrase

INFLATED_LIMIT = 16 << 20
"""Bytes that a body may have once it is open (reliability: limits)."""
LAYERS = 5
_KNOWN = frozenset({"gzip", "x-gzip", "deflate", "identity"})
_WRAPPED, _BARE = 47, -15
"""Of zlib: gzip or zlib by its first bytes, and neither."""


class InflatedError(Exception):
    """A body that is not what it says, or too much, in words."""

    def __init__(self, sentence: str, **values: object) -> None:
        self.phrase = Phrase(sentence, values)
        super().__init__(str(self.phrase))


def inflated(body: bytes, codings: str) -> bytes:
    """``body`` without the codings that ``Content-Encoding`` lists, the last one first; one we do not know stays.

    Raises ``InflatedError``.
    """
    named = _named(codings)
    if len(named) > LAYERS:
        raise InflatedError(
            "its body is compressed {count} times, over the limit of {limit}", count=len(named), limit=LAYERS
        )
    for coding in reversed(named):
        if not body or coding not in _KNOWN:
            return body
        if coding != "identity":
            body = _opened(body, coding)
    return body


def is_opened(codings: str) -> bool:
    """Whether nothing of ``codings`` is left on a body that ``inflated`` has given."""
    return _KNOWN.issuperset(_named(codings))


def _named(codings: str) -> list[str]:
    return [each.strip().lower() for each in codings.split(",") if each.strip()]


def _opened(body: bytes, coding: str) -> bytes:
    is_bare = coding == "deflate" and not _is_zlib(body)
    opened = b""
    try:
        while body:  # gzip may be several, one behind the other
            engine = zlib.decompressobj(_BARE if is_bare else _WRAPPED)
            opened += engine.decompress(body, INFLATED_LIMIT + 1 - len(opened))
            if len(opened) > INFLATED_LIMIT or engine.unconsumed_tail:
                raise InflatedError(
                    "its body is larger than {limit} MiB once it is decompressed", limit=INFLATED_LIMIT >> 20
                )
            if not engine.eof:
                raise InflatedError("its body is cut short within its {coding}", coding=coding)
            body = engine.unused_data.lstrip(b"\0")  # some fill up with zeros
    except zlib.error:
        raise InflatedError("its body is no {coding}, though its headers say so", coding=coding) from None
    return opened


def _is_zlib(body: bytes) -> bool:
    """Many send bare deflate under a name that means zlib's (RFC 1950 section 2.2 for the first two bytes)."""
    return len(body) > 1 and body[0] & 15 == 8 and int.from_bytes(body[:2], "big") % 31 == 0
