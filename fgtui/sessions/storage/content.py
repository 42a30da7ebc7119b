"""The packed bytes of one exchange, for whoever reads many: imports next to nothing."""

from __future__ import annotations

import zlib

from fgtui.errors import StoreError

_SIZE_LIMIT = 2**40
_ROOM = 4096
"""Bytes that most exchanges fit into: made at once rather than by doubling."""


def unpacked(packed: int, crc: int, data: bytes) -> bytes:
    """What was packed. StoreError or ``zlib.error`` where it is not what was written."""
    _check(crc, data)
    return zlib.decompress(data, zlib.MAX_WBITS, _ROOM) if packed else data


def unpacked_to(end: int, packed: int, crc: int, data: bytes) -> bytes:
    """The first ``end`` bytes of the same, in less time; all of it is checked."""
    _check(crc, data)
    return zlib.decompressobj().decompress(data, end) if packed else data[:end]


def sane_size(size: object) -> int:
    """``size`` where it can be one of an exchange, else 0: what is damaged may be anything."""
    return size if isinstance(size, int) and 0 <= size < _SIZE_LIMIT else 0


def _check(crc: int, data: bytes) -> None:
    if zlib.crc32(data) != crc:
        raise StoreError("its content is not what was written")
