"""From the bytes of a file to text, without guessing."""

from __future__ import annotations

import codecs

from fgtui.errors import EventError
from fgtui.events.lines import line_starts

_UTF32 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


def decoded(data: bytes, name: str) -> str:
    """See ``fgtui.events.text.read_bytes``."""
    if data.startswith(_UTF32):
        raise EventError(
            "{name} is UTF-32; UTF-8 or UTF-16 is read",
            hint="save it as UTF-8",
            line=1,
            column=1,
            name=name or "the text",
        )
    encoding = _UTF16.get(data[:2], "utf-8")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        before = data[: error.start].decode(encoding)
        starts = line_starts(before)
        raise EventError(
            "{name} is not {encoding}: byte 0x{byte:02X} at offset {offset}",
            hint="save it as UTF-8",
            line=len(starts),
            column=len(before) - starts[-1] + 1,
            name=name or "the text",
            encoding="UTF-8" if encoding == "utf-8" else "UTF-16",
            byte=data[error.start],
            offset=error.start,
        ) from error
