"""Values as Python source that people read: it compiles for any content, means exactly the value, and hides nothing."""

from __future__ import annotations

from collections.abc import Iterator

from fgtui.terminal.display import displayable_line, is_displayable

DEPTH_LIMIT = 60
"""Levels of lists and dictionaries; Python's own parser stops at some more."""
DIGITS_LIMIT = 4000
"""Digits of a whole number; Python refuses to read longer ones."""
_WIDTH = 100
"""What is longer goes over several lines."""
_STEP = 4


class UnspellableError(ValueError):
    """A value that no Python source spells: nested too deeply, or a number no Python type holds."""


def text_literal(text: str, indent: int = 0) -> str:
    """``text`` as a string literal: plain, raw over several lines, or line by line, whichever reads best."""
    if "\n" not in text and "\\" not in text and "'" not in text:
        return _quoted(text)
    if _can_be_raw(text):
        return f"r'''{text}'''"
    lines = text.splitlines(keepends=True)
    if len(lines) < 2:
        return _quoted(text)
    margin = "\n" + " " * (indent + _STEP)
    return "(" + "".join(margin + _quoted(line) for line in lines) + "\n" + " " * indent + ")"


def content_literal(content: bytes, indent: int = 0) -> str:
    """Bytes as a text literal, or as one of bytes where they are no UTF-8."""
    try:
        return text_literal(content.decode(), indent)
    except UnicodeDecodeError:
        return repr(content)


def bytes_literal(content: bytes) -> str:
    """The same, always of bytes."""
    written = content_literal(content)
    return written if written.startswith("b") else f"{written}.encode()"


def literal(value: object, indent: int = 0) -> str:
    """A JSON value as Python source, indented where it is long. Raises ``UnspellableError``."""
    return _literal(value, indent, DEPTH_LIMIT)


def comment(text: str) -> str:
    """``text`` as one line that is safe behind ``#``."""
    return displayable_line(text)


def _quoted(text: str) -> str:
    written = repr(text)
    return f'"{written[1:-1]}"' if written[0] == "'" and '"' not in text else written


def _can_be_raw(text: str) -> bool:
    return "'''" not in text and text[-1] not in "'\\" and is_displayable(text)


def _literal(value: object, indent: int, depth: int) -> str:
    if depth == 0:
        raise UnspellableError
    if isinstance(value, dict):
        items = [
            f"{text_literal(name)}: {_literal(member, indent + _STEP, depth - 1)}" for name, member in value.items()
        ]
        return _bracketed("{", items, "}", indent)
    if isinstance(value, list):
        return _bracketed("[", [_literal(item, indent + _STEP, depth - 1) for item in value], "]", indent)
    if isinstance(value, str):
        return text_literal(str(value), indent) if type(value) is str else _refused()
    if value is None or isinstance(value, bool):
        return repr(value)
    if type(value) is int:
        return repr(value) if value.bit_length() < DIGITS_LIMIT * 3 else _refused()
    if type(value) is float and value - value == 0:  # finite
        return repr(value)
    return _refused()


def _refused() -> str:
    raise UnspellableError


def _bracketed(opening: str, items: list[str], closing: str, indent: int) -> str:
    if sum(map(len, items)) + 2 * len(items) + indent <= _WIDTH and not any("\n" in item for item in items):
        return opening + ", ".join(items) + closing
    return "".join([f"{opening}\n", *_lines(items, indent + _STEP), " " * indent, closing])


def _lines(items: list[str], indent: int) -> Iterator[str]:
    for item in items:
        yield f"{' ' * indent}{item},\n"
