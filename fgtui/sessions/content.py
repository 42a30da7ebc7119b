"""The packed bytes of one exchange, for whoever reads many: imports next to nothing."""

from __future__ import annotations

import zlib

from fgtui.errors import StoreError

_ROOM = 4096
"""Bytes that most exchanges fit into: made at once rather than by doubling."""


def unpacked(packed: int, crc: int, data: bytes) -> bytes:
    """What was packed. StoreError or ``zlib.error`` where it is not what was written."""
    if zlib.crc32(data) != crc:
        raise StoreError("its content is not what was written")
    return zlib.decompress(data, zlib.MAX_WBITS, _ROOM) if packed else data
