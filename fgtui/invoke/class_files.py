"""Reads the names a Java class file declares, as far as finding handlers needs (the Java Virtual Machine's format)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

_MAGIC = b"\xca\xfe\xba\xbe"
_PUBLIC = 0x0001
_UTF8 = 1
_CLASS = 7
_SIZES = {3: 4, 4: 4, 5: 8, 6: 8, 7: 2, 8: 2, 9: 4, 10: 4, 11: 4, 12: 4, 15: 3, 16: 2, 17: 4, 18: 4, 19: 2, 20: 2}
"""Bytes after the tag of a constant, by tag; text alone says its own length."""
_WIDE = (5, 6)
"""Constants that count for two."""


class Method(NamedTuple):
    """One method, as declared."""

    name: str
    descriptor: str
    """``(Ljava/lang/String;Lcom/x/Context;)V``"""
    is_public: bool


class ClassFile(NamedTuple):
    """What a class file declares."""

    name: str
    """``com.x.Main$Inner``"""
    is_public: bool
    methods: tuple[Method, ...]


def read_class(data: bytes) -> ClassFile:
    """What ``data``, a whole class file, declares. ``ValueError`` when it is none."""
    try:
        return _read(data)
    except (struct.error, KeyError, IndexError, TypeError) as error:
        raise ValueError(f"no class file: {error}") from error


def _read(data: bytes) -> ClassFile:
    if data[:4] != _MAGIC:
        raise ValueError("no class file: it begins with something else")
    constants, at = _constants(data)
    flags, this, _, interfaces = struct.unpack_from(">4H", data, at)
    at = _after_members(data, at + 8 + 2 * interfaces)
    found = tuple(_methods(data, at, constants))
    return ClassFile(_text(constants, _number(constants, this)).replace("/", "."), bool(flags & _PUBLIC), found)


def _constants(data: bytes) -> tuple[dict[int, bytes | int], int]:
    """Texts, and the number of the text that names a class, by their numbers; where the constants end."""
    (count,) = struct.unpack_from(">H", data, 8)
    constants: dict[int, bytes | int] = {}
    at, number = 10, 1
    while number < count:
        tag = data[at]
        if tag == _UTF8:
            (length,) = struct.unpack_from(">H", data, at + 1)
            constants[number] = data[at + 3 : at + 3 + length]
            at += 3 + length
        else:
            if tag == _CLASS:
                (constants[number],) = struct.unpack_from(">H", data, at + 1)
            at += 1 + _SIZES[tag]
        number += 2 if tag in _WIDE else 1
    return constants, at


def _text(constants: dict[int, bytes | int], number: int) -> str:
    found = constants[number]
    if isinstance(found, int):
        raise TypeError("a text was expected")
    return found.decode("utf-8", "replace")


def _number(constants: dict[int, bytes | int], number: int) -> int:
    found = constants[number]
    if not isinstance(found, int):
        raise TypeError("a class was expected")
    return found


def _after_members(data: bytes, at: int) -> int:
    """Where a list of fields or methods ends that begins at ``at``."""
    (count,) = struct.unpack_from(">H", data, at)
    at += 2
    for _ in range(count):
        at = _after_attributes(data, at + 6)
    return at


def _after_attributes(data: bytes, at: int) -> int:
    (count,) = struct.unpack_from(">H", data, at)
    at += 2
    for _ in range(count):
        (length,) = struct.unpack_from(">I", data, at + 2)
        at += 6 + length
    return at


def _methods(data: bytes, at: int, constants: dict[int, bytes | int]) -> Iterator[Method]:
    (count,) = struct.unpack_from(">H", data, at)
    at += 2
    for _ in range(count):
        flags, name, descriptor = struct.unpack_from(">3H", data, at)
        yield Method(_text(constants, name), _text(constants, descriptor), bool(flags & _PUBLIC))
        at = _after_attributes(data, at + 6)
