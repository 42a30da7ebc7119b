"""JSON values read and written strictly: what leaves is RFC 8259 and shows no raw control to a terminal.

Reading keeps what the standard parser loses: a number no double holds stays a number (see ``events.text``), and depth
is no obstacle. Duplicate members: the last counts, as parsers do.

Values are what a number is, not how it was spelled: ``1.10`` is written ``1.1``. ``read_as_written`` keeps the
spelling with the number, for ``write_as_written``.
"""

from __future__ import annotations

import json
import re
from typing import Any

from fgtui.events.numerals import Numeral
from fgtui.regex import regex

_UNSAFE = regex(
    "[\x7f-\x9f\u200b\u2060-\u2064\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069\u061c\ufeff\u00ad\u180e\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
"""What must not reach a terminal raw (reliability, section 2) and what UTF-8 cannot hold."""


class _TooWideError(ValueError):
    """A number that no double holds."""


def _double(literal: str) -> float:
    value = float(literal)
    if value in _INFINITE:
        raise _TooWideError
    return value


def _no_constant(name: str) -> object:
    raise json.JSONDecodeError(f"{name} is not JSON", name, 0)


_INFINITE = (float("inf"), float("-inf"))
_ENCODE = json.JSONEncoder(ensure_ascii=False, allow_nan=False).encode
_DECODER = json.JSONDecoder(parse_float=_double, parse_constant=_no_constant)


def read(text: str) -> object:
    """The value of JSON text. Raises ``ValueError`` for anything that is not strictly JSON."""
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError:
        raise
    except (RecursionError, ValueError):  # too deep for the standard parser, or a number too large
        return _read_slowly(text)


def read_or_text(text: str) -> object:
    """The value when ``text`` is JSON, ``None`` when it is empty, else ``text`` itself."""
    if not text:
        return None
    try:
        return read(text)
    except ValueError:
        return text


def read_as_written(text: str) -> tuple[object, bool]:
    """The value of JSON text as ``read`` gives it, and whether ``write`` would spell a number in it otherwise.

    Such a number remembers its spelling, but for one in what is too deep for the standard parser.
    """
    spellings = _Spellings()
    try:
        value = json.JSONDecoder(
            parse_float=spellings.broken, parse_int=spellings.whole, parse_constant=_no_constant
        ).decode(text)
    except RecursionError:
        return _read_slowly(text), False
    return value, bool(spellings.kept)


class _Spellings:
    """Makes numbers of literals; equal ones share one."""

    def __init__(self) -> None:
        self.kept: dict[str, int | float] = {}

    def whole(self, literal: str) -> int | float:
        """Python has no other spelling of it, but for minus zero; nor one for more digits than it converts."""
        return int(literal) if len(literal) < 300 and literal != "-0" else self._spelled(literal)

    def broken(self, literal: str) -> int | float:
        value = float(literal)
        return value if repr(value) == literal else self._spelled(literal)

    def _spelled(self, literal: str) -> int | float:
        if literal not in self.kept:
            from fgtui.events.numerals import number

            value = number(literal)
            made = _SpelledFloat(value) if isinstance(value, float) else _SpelledInt(value)
            made.literal = literal
            self.kept[literal] = made
        return self.kept[literal]


_SpelledInt: Any = type("int", (int,), {})
_SpelledFloat: Any = type("float", (float,), {"__slots__": ("literal",)})
"""By these names libraries know the types of numbers."""


def write(value: object) -> str:
    r"""One line of strict JSON: no ``NaN``, lone surrogates as ``\udXXX``, characters that act on terminals escaped."""
    try:
        text = _ENCODE(value)
    except (RecursionError, TypeError):  # too deep for it, or a ``Numeral``
        text = "".join(_pieces(value))
    return escape(text)


def write_as_written(value: object) -> str:
    """The same, of what ``read_as_written`` gave or a part of it: numbers are spelled as they were."""
    return escape("".join(_pieces(value)))


def escape(text: str) -> str:
    """JSON text with every unsafe character, which can only stand inside a string, as its escape."""
    if text.isascii() and "\x7f" not in text:
        return text
    return _UNSAFE.sub(_escape, text)


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x10000:
        return f"\\u{code:04x}"
    code -= 0x10000
    return f"\\u{0xD800 + (code >> 10):04x}\\u{0xDC00 + (code & 0x3FF):04x}"


def _read_slowly(text: str) -> object:
    from fgtui.events.text import scan

    document = scan(text)
    if not document.is_strict:
        raise ValueError("not JSON")
    return document.value()


def _pieces(value: object) -> list[str]:
    """``value`` in pieces of text, without recursion."""
    pieces: list[str] = []
    waiting: list[object] = [value]
    while waiting:
        item = waiting.pop()
        if isinstance(item, _Piece):
            pieces.append(item)
        elif isinstance(item, dict):
            waiting.append(_Piece("}"))
            members = list(item.items())
            for index in range(len(members) - 1, -1, -1):
                name, member = members[index]
                waiting += [member, _Piece(f"{', ' if index else ''}{json.dumps(name, ensure_ascii=False)}: ")]
            waiting.append(_Piece("{"))
        elif isinstance(item, list | tuple):
            waiting.append(_Piece("]"))
            for index in range(len(item) - 1, -1, -1):
                waiting.append(item[index])
                if index:
                    waiting.append(_Piece(", "))
            waiting.append(_Piece("["))
        elif isinstance(item, _SpelledInt | _SpelledFloat | Numeral):
            pieces.append(item.literal)
        else:
            pieces.append(json.dumps(item, ensure_ascii=False, allow_nan=False))
    return pieces


class _Piece(str):
    """Finished text among values that wait to be written."""

    __slots__ = ()
