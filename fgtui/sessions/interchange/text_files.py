"""Regular files, read as bytes or, piece by piece, as text: UTF-8 with or without a mark, UTF-16 with one."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from fgtui.errors import StoreError, UsageError
from fgtui.files import open_regular

PIECE = 1024 * 1024
"""Bytes."""

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_UTF32 = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)


@contextmanager
def opened(file: Path) -> Iterator[BinaryIO]:
    """``file`` to read. UsageError where there is none or it is no regular one, StoreError where reading fails."""
    try:
        stream = open_regular(file)
    except FileNotFoundError as error:
        raise UsageError("there is no file {file}", file=file) from error
    except (OSError, ValueError) as error:
        raise StoreError("{file} cannot be read: {reason}", file=file, reason=error) from error
    if stream is None:
        raise UsageError("{file} is no regular file", file=file)
    with stream:
        try:
            yield stream
        except OSError as error:
            raise StoreError("{file} cannot be read: {reason}", file=file, reason=error.strerror) from error


def encoding_of(head: bytes) -> tuple[str, int]:
    """The encoding that a text which begins with ``head`` says, and the length of what says it."""
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return encoding, len(mark)
    return "utf-8", 0


def text_pieces(file: Path) -> Iterator[str]:
    """The text of ``file``. StoreError at bytes that are none."""
    with opened(file) as stream:
        data = stream.read(PIECE)
        if data.startswith(_UTF32):
            raise StoreError("{file} is UTF-32; UTF-8 or UTF-16 is read", hint="save it as UTF-8", file=file)
        encoding, skipped = encoding_of(data)
        decode = codecs.getincrementaldecoder(encoding)("strict").decode
        data, offset = data[skipped:], skipped
        try:
            while data:
                yield decode(data)
                offset += len(data)
                data = stream.read(PIECE)
            yield decode(b"", final=True)
        except UnicodeDecodeError as error:
            raise StoreError(
                "{file} is not {encoding} at offset {offset}",
                hint="save it as UTF-8",
                file=file,
                encoding=encoding.upper().removesuffix("-LE").removesuffix("-BE"),
                offset=max(0, offset + error.start - (len(error.object) - len(data))),
            ) from error
