"""Reading what a person names: a regular file, or ``-`` for standard input. Lenient about content, not otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO

from fgtui.cli.console import Console
from fgtui.errors import EventError, UsageError
from fgtui.files import open_given
from fgtui.words import Phrase, say

if TYPE_CHECKING:
    from fgtui.events.text import Document

EVENT_LIMIT = 64 << 20
"""Bytes of an event (reliability, section 11)."""
STANDARD_INPUT = "-"


@contextmanager
def about(name: str) -> Iterator[None]:
    """Say of every ``EventError`` from within that it is about ``name``."""
    try:
        yield
    except EventError as error:
        error.name = error.name or name
        raise


def shown(word: str | None) -> str:
    """What messages call the source ``word``."""
    return say(named(word)) if word in (None, STANDARD_INPUT) else str(word)


def named(word: str | None) -> str | Phrase:
    """The same, before it is known who reads it; ``str`` of it is for data."""
    return Phrase("standard input") if word in (None, STANDARD_INPUT) else str(word)


def read_text(console: Console, word: str | None) -> str:
    """The exact text of ``word``, a file, or of standard input (``-``, or nothing where input is no terminal)."""
    from fgtui.events.text import read_bytes

    with about(shown(word)):
        return read_bytes(read_data(console, word), shown(word))


def read_document(console: Console, word: str | None, *, thorough: bool = False) -> Document:
    """The text of ``word``, scanned, perhaps thoroughly; its problems are for the caller to say."""
    from fgtui.events.text import scan

    return scan(read_text(console, word), thorough=thorough)


def read_data(console: Console, word: str | None) -> bytes:
    """The bytes of ``word``. ``UsageError`` when there are none to be had."""
    if word is None or word == STANDARD_INPUT:
        return _standard_input(console, word)
    if not word:
        raise UsageError("the name of the file is empty")
    path = console.folder / word
    try:
        if path.is_dir():
            raise UsageError("{name} is a folder, not a file", name=word)
        stream = open_given(path)
        if stream is None:
            raise UsageError("{name} is no regular file", name=word, hint="a pipe is read as standard input: -")
        with stream:
            return _limited(stream, word)
    except FileNotFoundError as error:
        raise UsageError("there is no file {name}", name=word, **_nearby(console, word)) from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        raise UsageError(
            "{name} cannot be read: {why}", name=word, why=getattr(error, "strerror", None) or str(error)
        ) from error


def _standard_input(console: Console, word: str | None) -> bytes:
    if console.stdin is None:
        raise UsageError("standard input is closed", hint="name a file instead")
    if word is None and console.stdin_is_terminal:
        raise UsageError("what shall be read?", hint="name a file, or - for standard input")
    try:
        return _limited(console.stdin, shown(word))
    except OSError as error:
        raise UsageError("standard input cannot be read: {why}", why=error.strerror or str(error)) from error


def _limited(stream: BinaryIO, name: str) -> bytes:
    data = stream.read(EVENT_LIMIT + 1)
    if len(data) > EVENT_LIMIT:
        raise UsageError("{name} is larger than 64 MiB, more than an event can be", name=name)
    return data


def _nearby(console: Console, word: str) -> dict[str, str]:
    """The file in the same folder that was most likely meant, as a hint."""
    from fgtui.cli.parsing import did_you_mean

    folder = (console.folder / word).parent
    try:
        names = [path.name for path in folder.iterdir()][:10_000]
    except (OSError, ValueError):
        return {}
    found = did_you_mean((console.folder / word).name, names)
    return found if found["hint"] else {}
