"""Reads one settings file, strictly: whatever is not declared or not right is an error with file and line."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fgtui.errors import ConfigError, TargetError
from fgtui.regex import regex
from fgtui.settings_table import SECRET, SETTINGS, TOLERANCE, Setting, Type
from fgtui.words import Names, Phrase, nearest, sentence

FILE_LIMIT = 1 << 20
"""Bytes of a settings file; a larger one is a mistake."""

_REFERENCE = regex(r"\$\{([^}]*)\}")
_URN = regex(r"urn:fss:[^:]+:[^:]+:function:[^:]+:[^:]+(?::!?[^:]+)?|(?!urn:)[^:]+(?::[^:]+){0,3}")
_VARIABLE = regex(r"[A-Za-z][A-Za-z0-9_]*")


Values = dict[tuple[str, ...], tuple[Any, int]]
"""Each key that is set, by path: its value (lists and tables of texts as tuples) and its line."""


def read(file: Path) -> Values:
    """What ``file`` sets. ``ConfigError`` names file and line."""
    import tomllib

    from fgtui.toml_lines import key_lines

    text = _text_of(file)
    try:
        table = tomllib.loads(text)
        lines = key_lines(text)
    except tomllib.TOMLDecodeError as error:
        raise _syntax_error(file, str(error), text) from error
    except RecursionError as error:
        raise ConfigError("{file}: nested too deeply to be settings", file=str(file)) from error
    checker = _Checker(file, lines)
    checker.table(table, (), tuple(setting.key.split(".") for setting in SETTINGS))
    return checker.values


def _text_of(file: Path) -> str:
    try:
        if not file.is_file():
            raise ConfigError("{file}: not a regular file", file=str(file))
        with file.open("rb") as stream:
            data = stream.read(FILE_LIMIT + 1)
    except OSError as error:
        raise ConfigError("{file}: {why}", file=str(file), why=error.strerror or str(error)) from error
    if len(data) > FILE_LIMIT:
        raise ConfigError("{file}: larger than 1 MiB; settings are not", file=str(file))
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise ConfigError("{file}: not UTF-8 at byte {offset}", file=str(file), offset=error.start) from error


def error_at(file: Path | None, line: int, message: str, *, hint: str = "", **values: object) -> ConfigError:
    """What is wrong in a line of a file of settings: where that is, and ``message`` with its values."""
    what = Phrase(message, values)
    values |= {"file": str(file), "line": line, "what": what}
    return ConfigError("{file}:{line}: {what}", hint=hint, **values)


def _syntax_error(file: Path, words: str, text: str) -> ConfigError:
    """``tomllib`` says ``… (at line 3, column 5)`` or ``… (at end of document)``."""
    found = re.fullmatch(r"(.*) \(at line (\d+), column (\d+)\)", words, re.DOTALL)
    if found is None:
        last = text.rstrip().count("\n") + 1
        reason = _reason(words.removesuffix(" (at end of document)"))
        return ConfigError("{file}:{line}: {what}, where the file ends", file=str(file), line=last, what=reason)
    line, column = int(found[2]), int(found[3])
    place: dict[str, Any] = {"file": str(file), "line": line, "column": column}
    key = _bare_key(text.split("\n")[line - 1], column - 1)
    if key and found[1] in _OF_KEYS:
        return ConfigError(
            "{file}:{line}:{column}: a key of other than ASCII letters needs quotes: {example}",
            **place,
            example=f'"{key}"',
        )
    return ConfigError("{file}:{line}:{column}: {what}", **place, what=_reason(found[1]))


def _bare_key(line: str, column: int) -> str:
    """What stands at ``column`` and goes on as no bare key may; empty where that is not so."""
    found = re.match(r"[^\x00-\x7f][^\s.\[\]=\"'#]*", line[column:])
    before = re.search(r"[\w-]*$", line[:column])
    return before[0] + found[0] if found and before else ""


_OF_KEYS = {
    "Invalid initial character for a key part",
    "Invalid statement",
    "Expected '=' after a key in a key/value pair",
    "Expected ']' at the end of a table declaration",
    "Expected ']]' at the end of an array declaration",
}
_REASONS = (
    sentence("Invalid initial character for a key part"),
    sentence("Invalid statement"),
    sentence("Invalid value"),
    sentence("Invalid date or datetime"),
    sentence("Invalid hex value"),
    sentence("Expected '=' after a key in a key/value pair"),
    sentence("Expected ']' at the end of a table declaration"),
    sentence("Expected ']]' at the end of an array declaration"),
    sentence("Expected newline or end of document after a statement"),
    sentence("Cannot overwrite a value"),
    sentence("Cannot declare {what} twice"),
    sentence("Unclosed array"),
    sentence("Unclosed inline table"),
    sentence("Unterminated string"),
    sentence("Unescaped '\\' in a string"),
    sentence("Illegal character {what}"),
    sentence("Found invalid character {what}"),
    sentence("Duplicate inline table key {what}"),
    sentence("Escaped character is not a Unicode scalar value"),
)
"""What ``tomllib`` says."""


def _reason(words: str) -> str | Phrase:
    for reason in _REASONS:
        before, hole, after = reason.partition("{what}")
        if words == reason or (hole and words.startswith(before)):
            return Phrase(reason, what=words.removeprefix(before).removesuffix(after)) if hole else Phrase(reason)
    return words


class _Checker:
    """Walks one file's table along the declarations and collects what is right; the first wrong thing is raised."""

    def __init__(self, file: Path, lines: Mapping[tuple[str | int, ...], int]) -> None:
        self.values: Values = {}
        self._file = file
        self._lines = lines

    def table(self, table: Mapping[str, Any], path: tuple[str, ...], known: tuple[list[str], ...]) -> None:
        """Check ``table`` at ``path``; ``known`` holds the declared keys below it, split at the dots."""
        for name, value in table.items():
            here = (*path, name)
            below = tuple(key for key in known if key[0] == name) or tuple(key for key in known if key[0][0] == "<")
            if not below:
                raise self._unknown(here, [key[0] for key in known])
            if below[0][1:]:
                if not isinstance(value, dict):
                    raise self._wrong(here, value, Phrase("a table"))
                if not value and below[0][0].startswith("<"):
                    raise self._error(here, "[{table}] is empty", table=".".join(here))
                self.table(value, here, tuple(key[1:] for key in below))
            else:
                setting = _setting(path, below[0][0])
                self.values[here] = (self._value(here, value, setting), self._line(here))

    def _value(self, path: tuple[str, ...], value: object, setting: Setting) -> object:
        match setting.type:
            case Type.TEXT | Type.PATH if isinstance(value, str):
                if setting.type is Type.PATH and not value:
                    raise self._empty(path)
                return self._text(path, value, setting)
            case Type.REFERENCE if isinstance(value, str):
                return self._reference(path, value)
            case Type.SECRET if isinstance(value, str):
                return self._secret(path, value)
            case Type.ENDPOINT if isinstance(value, str):
                return self._endpoint(path, value)
            case Type.COMMAND if isinstance(value, list):
                return self._command(path, value)
            case Type.TOLERANCE if isinstance(value, int | float | str) and not isinstance(value, bool):
                return self._tolerance(path, value)
            case Type.NUMBER if isinstance(value, int | float) and not isinstance(value, bool):
                return float(self._within(path, value, setting))
            case Type.WHOLE if isinstance(value, int) and not isinstance(value, bool):
                return int(self._within(path, value, setting))
            case Type.FLAG if isinstance(value, bool):
                return value
            case Type.TEXTS | Type.PATHS if isinstance(value, list):
                return tuple(self._item((*path, at), item, setting) for at, item in enumerate(value))
            case Type.VARIABLES if isinstance(value, dict):
                return tuple(self._variable((*path, name), name, item) for name, item in value.items())
        raise self._wrong(path, value, _WANTED[setting.type])

    def _text(self, path: tuple[str, ...], value: str, setting: Setting) -> str:
        if setting.allowed and value not in setting.allowed:
            found = nearest(value, setting.allowed)
            raise self._error(
                path,
                "{key} cannot be {value!r}",
                key=path[-1],
                value=value,
                hint="did you mean {nearest}?" if found else "see the README's table of settings",
                nearest=found,
            )
        if setting.key == "targets.<name>.urn" and not _URN.fullmatch(value):
            raise self._error(
                path,
                "urn is no function's URN: {value!r}",
                value=value,
                hint="urn:fss:REGION:PROJECT:function:PACKAGE:NAME, then :VERSION or :!ALIAS",
            )
        return self._references(path, value)

    def _references(self, path: tuple[str | int, ...], value: str) -> str:
        for found in _REFERENCE.finditer(value):
            if not re.fullmatch(r"env:[A-Za-z_][A-Za-z0-9_]*", found[1]):
                raise self._error(
                    path,
                    "{reference!r} is no reference",
                    reference=found[0],
                    hint="references are spelled {spelling}",
                    spelling="${env:NAME}",
                )
        return value

    def _reference(self, path: tuple[str, ...], value: str) -> str:
        if not _REFERENCE.search(value):
            raise self._error(
                path,
                "{key} is written out; a secret is named by a reference",
                key=path[-1],
                hint="put it into a variable: {spelling}",
                spelling="${env:NAME}",
            )
        return self._references(path, value)

    def _secret(self, path: tuple[str, ...], value: str) -> str:
        """Never quoted: what is no reference may be the secret itself."""
        if not re.fullmatch(SECRET, value):
            raise self._error(
                path,
                "{key} is written out, or no reference; a secret is named by a reference alone",
                key=path[-1],
                hint="put it into a variable: {spelling}; or into the keyring: {other}",
                spelling="${env:NAME}",
                other="${keyring:SERVICE/NAME}",
            )
        return value

    def _endpoint(self, path: tuple[str, ...], value: str) -> str:
        if _REFERENCE.search(value) and "@" not in value:  # else there may be a password in front of it
            return self._references(path, value)  # judged when it is known
        from fgtui.invoke.service.endpoints import endpoint

        try:
            return endpoint(value)
        except TargetError as error:
            values = {**error.values, "key": path[-1], "why": Phrase(error.message, error.values)}
            raise self._error(path, "{key}: {why}", hint=error.hint, **values) from None

    def _command(self, path: tuple[str, ...], value: list[object]) -> tuple[str, ...]:
        words = tuple(self._word((*path, at), item) for at, item in enumerate(value))
        if not words or not words[0]:
            raise self._error(
                path, "{key} names no program", key=path[-1], hint='a list: ["tool", "first argument", "second"]'
            )
        return words

    def _word(self, path: tuple[str | int, ...], item: object) -> str:
        if not isinstance(item, str):
            raise self._wrong(path, item, _WANTED[Type.TEXT])
        if _REFERENCE.search(item) or "\0" in item:
            raise self._error(
                path,
                "a command line can be read by every process; references do not belong there",
                hint="let the program read the variable itself: it gets yours",
            )
        return item

    def _tolerance(self, path: tuple[str, ...], value: float | str) -> str:
        is_right = re.fullmatch(TOLERANCE, value) if isinstance(value, str) else 0 <= value < math.inf
        if not is_right:
            raise self._error(
                path, "{key} is {value!r}, not a number such as 0.01 or a share such as 1%", key=path[-1], value=value
            )
        return str(value)

    def _within(self, path: tuple[str, ...], value: float, setting: Setting) -> float:
        least, most = setting.least, setting.most
        if (least is not None and not value >= least) or (most is not None and not value <= most):
            raise self._error(
                path,
                "{key} is {value}; it goes from {least} to {most}",
                key=path[-1],
                value=f"{value:g}",
                least=f"{least:g}",
                most=f"{most:,g}",
            )
        return value

    def _item(self, path: tuple[str | int, ...], item: object, setting: Setting) -> str:
        if not isinstance(item, str):
            raise self._wrong(path, item, _WANTED[Type.TEXT])
        if setting.type is Type.PATHS and not item:
            raise self._empty(path)
        return item

    def _variable(self, path: tuple[str, ...], name: str, item: object) -> tuple[str, str]:
        if not isinstance(item, str):
            raise self._error(
                path,
                "variable {name} is {actual}; variables are texts",
                name=name,
                actual=_kind(item),
                hint="put it in quotes",
            )
        if wrong := check_variable(name):
            raise self._error(path, wrong, name=name)
        return name, self._references(path, item)

    def _unknown(self, path: tuple[str, ...], known: list[str]) -> ConfigError:
        found = nearest(path[-1], known)
        return self._error(
            path,
            "there is no key {key!r} in {table}" if path[1:] else "there is no key {key!r}",
            key=path[-1],
            table=f"[{'.'.join(path[:-1])}]",
            hint="did you mean {nearest}?" if found else "there is: {known}",
            nearest=found,
            known=Names(dict.fromkeys(known)),
        )

    def _empty(self, path: tuple[str | int, ...]) -> ConfigError:
        names = [name for name in path if isinstance(name, str)]
        return self._error(path, "{key} names an empty path", key=names[-1], hint="leave it out, or name a file")

    def _wrong(self, path: tuple[str | int, ...], value: object, wanted: Phrase) -> ConfigError:
        names = [str(name) for name in path if isinstance(name, str)]
        return self._error(path, "{key} is {actual}, not {wanted}", key=names[-1], actual=_kind(value), wanted=wanted)

    def _error(self, path: tuple[str | int, ...], message: str, *, hint: str = "", **values: object) -> ConfigError:
        return error_at(self._file, self._line(path), message, hint=hint, **values)

    def _line(self, path: tuple[str | int, ...]) -> int:
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)


def _setting(above: tuple[str, ...], last: str) -> Setting:
    """The declaration of the key ``last`` of the table at ``above``."""
    for setting in SETTINGS:
        *names, end = setting.key.split(".")
        fits = len(names) == len(above) and all(
            name in (part, "<name>") for name, part in zip(names, above, strict=True)
        )
        if end == last and fits:
            return setting
    raise KeyError(last)


_WANTED = {
    Type.TEXT: Phrase("a text"),
    Type.PATH: Phrase("a path"),
    Type.NUMBER: Phrase("a number"),
    Type.WHOLE: Phrase("a whole number"),
    Type.FLAG: Phrase("true or false"),
    Type.TEXTS: Phrase("a list of texts"),
    Type.PATHS: Phrase("a list of paths"),
    Type.VARIABLES: Phrase("a table of texts"),
    Type.TOLERANCE: Phrase("a number, or a share such as 1%"),
    Type.REFERENCE: Phrase("a reference"),
    Type.SECRET: Phrase("a secret's reference"),
    Type.ENDPOINT: Phrase("a base URL"),
    Type.COMMAND: Phrase("a command, as a list"),
}


def _kind(value: object) -> Phrase:
    match value:
        case bool():
            return Phrase("true or false")
        case int() | float():
            return Phrase("a number")
        case str():
            return Phrase("a text")
        case list():
            return Phrase("a list")
        case dict():
            return Phrase("a table")
    return Phrase("a date or time")


def check_variable(name: str) -> str | None:
    """What is wrong with ``name`` as a variable of a function, a sentence with a hole for the name; ``None`` when
    nothing is (runtime.md 2.7).
    """
    if not _VARIABLE.fullmatch(name):
        return "{name!r} is no name FunctionGraph takes for a variable: letters, digits and _, a letter first"
    from fgtui.invoke.surroundings import RESERVED

    if name in RESERVED:
        return "{name!r} is set by the platform"
    return None
