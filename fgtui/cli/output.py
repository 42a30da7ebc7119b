"""The only writer of stdout. Data goes out byte for byte; a terminal gets the same with nothing in it that acts.

Tables are laid out here rather than by Rich, whose import alone costs more than most verbs take.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO

from fgtui.errors import StoreError
from fgtui.terminal.display import displayable, displayable_line

_COLOURS = {
    "good": "32", "bad": "31", "warn": "33", "muted": "2", "strong": "1", "underlined good": "4;32",
    "underlined bad": "4;31",
}  # fmt: skip


SKIN_TONES = range(0x1F3FB, 0x1F400)
"""Characters that colour the emoji before them."""


class Output:
    """Standard output, or whatever takes its place in a test."""

    def __init__(
        self,
        stream: BinaryIO | None,
        *,
        is_terminal: bool = False,
        width: int = 80,
        in_colour: bool = False,
        charset: str = "",
    ) -> None:
        self._stream = stream
        self.is_terminal = is_terminal
        """A person is watching: foreign text is escaped, a last newline added, tables cut to ``width``."""
        self.width = width
        self._in_colour = in_colour
        self.charset = charset if is_terminal else ""
        """What the terminal shows, where that is not UTF-8; everything that is no terminal gets UTF-8."""
        self.closed = stream is None
        """Nobody reads any more (``| head``): writing does nothing, long work may stop."""

    def text(self, text: str) -> None:
        """Foreign text, exactly; a terminal gets it escaped and ended with a newline."""
        if self.is_terminal:
            shown = displayable(text.replace("\r\n", "\n"))
            text = shown if shown.endswith("\n") or not shown else shown + "\n"
        self._write(self._encode(text, foreign=True))

    def json_text(self, text: str) -> None:
        r"""Foreign JSON text, exactly; on a terminal what could act becomes ``\uXXXX``, which means the same."""
        if self.is_terminal:
            from fgtui.sessions import strict_json

            text = strict_json.escape(text.replace("\r\n", "\n"))
        self.text(text)

    def data(self, data: bytes) -> None:
        """Foreign bytes, exactly; a terminal gets them as escaped text."""
        if self.is_terminal:
            self.text(data.decode("utf-8", "surrogateescape"))
        else:
            self._write(data)

    def line(self, line: str = "") -> None:
        """One line of ours; foreign text in it is escaped wherever it goes."""
        self._write(self._encode(displayable_line(line) + "\n"))

    def pieces(self, pieces: Iterable[tuple[str, str]]) -> None:
        """One line of texts, each with the name of its colour; they say the same without it."""
        self._write(self._encode("".join(self._coloured(*piece) for piece in pieces) + "\n"))

    def _coloured(self, text: str, colour: str) -> str:
        shown = displayable_line(text)
        return f"\x1b[{_COLOURS[colour]}m{shown}\x1b[0m" if self._in_colour and colour and shown else shown

    def document(self, value: object) -> None:
        """One strict JSON document, indented."""
        self._write(self._encode(dump_json(value) + "\n", foreign=True))

    def json_line(self, value: object) -> None:
        """One line of JSON Lines."""
        from fgtui.sessions import strict_json

        self._write(self._encode(strict_json.write(value) + "\n", foreign=True))

    def table(
        self, header: Sequence[str], rows: Iterable[Sequence[str]], *, right: frozenset[int] = frozenset()
    ) -> None:
        """Aligned columns under a header; ``right`` names the columns that line up at their end."""
        cells = [[displayable_line(cell) for cell in row] for row in (header, *rows)]
        widths = [max(display_width(row[at]) for row in cells) for at in range(len(header))]
        for row in cells:
            line = "  ".join(
                _pad(cell, widths[at], at_end=at in right, last=at == len(row) - 1) for at, cell in enumerate(row)
            )
            self._write(self._encode((_cut(line, self.width) if self.is_terminal else line) + "\n"))

    def sequence(self, sequence: str) -> None:
        """A control sequence of ours, as it is; only a terminal can make anything of it."""
        if self.is_terminal:
            self._write(sequence.encode("ascii"), flush=True)

    def flush(self) -> None:
        """Hand everything to the system; a full disk is said, a closed pipe is not."""
        self._write(b"", flush=True)

    def _encode(self, text: str, *, foreign: bool = False) -> bytes:
        """As it goes out: what a terminal lacks is an escape in ``foreign`` text, and a like sign in ours."""
        if self.charset:
            from fgtui.terminal.charset import in_charset

            return in_charset(text, self.charset, foreign=foreign)
        return _encode(text)

    def _write(self, data: bytes, *, flush: bool = False) -> None:
        if self.closed or self._stream is None:
            return
        try:
            self._stream.write(data)
            if flush:
                self._stream.flush()
        except BrokenPipeError:
            self._give_up()
        except OSError as error:
            self._give_up()
            if error.errno != errno.EIO:  # a terminal that went away
                raise StoreError("the output is incomplete: {why}", why=error.strerror or str(error)) from error

    def _give_up(self) -> None:
        """Point the descriptor nowhere, so that the interpreter's last flush finds nothing to complain about."""
        self.closed = True
        if self._stream is not None:
            try:
                nowhere = os.open(os.devnull, os.O_WRONLY)
                os.dup2(nowhere, self._stream.fileno())
                os.close(nowhere)
            except (OSError, ValueError):  # a stream without a descriptor has nothing to flush into
                return


def dump_json(value: object) -> str:
    """Strict JSON, indented, that no terminal acts on; on one line where it is nested too deeply to be read anyway."""
    import json

    from fgtui.sessions import strict_json

    try:
        return strict_json.escape(json.dumps(value, ensure_ascii=False, allow_nan=False, indent=2))
    except RecursionError:
        return strict_json.write(value)
    except TypeError:  # a ``Numeral``
        from fgtui.events.text import reformat, scan

        return reformat(scan(strict_json.write(value)))


def _encode(text: str) -> bytes:
    """UTF-8; bytes that were never text go out as they came in."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "backslashreplace")


def display_width(text: str) -> int:
    """How many columns a terminal gives ``text``: Chinese takes two each, marks none, an emoji of several parts two.

    Terminals differ in emoji; these are the columns that Unicode wants.
    """
    if text.isascii():
        return len(text)
    width = 0
    for width in _columns(text):  # noqa: B007 - the last one
        pass
    return width


def _columns(text: str) -> Iterator[int]:
    """The columns up to and with each character."""
    from unicodedata import category, east_asian_width

    width = last = 0
    is_joined = False
    for each in text:
        if category(each) in {"Mn", "Me", "Cf"}:
            is_joined = each == "\u200d"
            wider = int(each == "\ufe0f" and last == 1)
            width, last = width + wider, last + wider
        else:
            cells = 2 if east_asian_width(each) in "WF" else 1
            if cells == 1 or not last or not (is_joined or ord(each) in SKIN_TONES):
                width += cells
            last, is_joined = cells, False
        yield width


def padded(text: str, width: int) -> str:
    """``text`` with as many spaces behind it as fill ``width`` columns, and none where it is longer."""
    return text + " " * (width - display_width(text))


def _pad(cell: str, width: int, *, at_end: bool, last: bool) -> str:
    space = " " * (width - display_width(cell))
    if at_end:
        return space + cell
    return cell if last else cell + space


def _cut(line: str, width: int) -> str:
    if display_width(line) <= width:
        return line
    return line[: next(at for at, taken in enumerate(_columns(line)) if taken > width - 1)] + "…"
