"""Reading a trigger.toml key by key, so that a wrong key or type is named with what it should be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NoReturn

from fgtui.errors import EventError
from fgtui.words import Names, Phrase, nearest

TRIGGER_FILE = "trigger.toml"


class Table:
    """One table of a trigger.toml. Every method raises EventError, which names the key, for a value of another type."""

    def __init__(self, content: Mapping[str, object], name: str = "") -> None:
        self._content = content
        self._name = name
        self._asked: dict[str, None] = {}

    def __bool__(self) -> bool:
        return bool(self._content)

    def __iter__(self) -> Iterator[str]:
        return iter(self._content)

    @property
    def name(self) -> str:
        """As a message calls it."""
        return f"[{self._name}]" if self._name else TRIGGER_FILE

    def text(self, key: str, default: str = "") -> str:
        """A text."""
        value = self._get(key, default)
        return value if isinstance(value, str) else self._wrong(key, "text")

    def number(self, key: str, default: int) -> int:
        """A whole number."""
        value = self._get(key, default)
        return value if isinstance(value, int) and not isinstance(value, bool) else self._wrong(key, "a whole number")

    def scalar(self, key: str) -> str | int | bool:
        """A text, whole number or truth value."""
        value = self._get(key, "")
        return value if isinstance(value, str | int) else self._wrong(key, "text, a whole number or a truth value")

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts."""
        value = self._get(key, [])
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            self._wrong(key, "a list of texts")
        return tuple(value)

    def table(self, key: str) -> Table:
        """A table; an empty one when there is none."""
        value = self._get(key, {})
        return Table(value, self._below(key)) if isinstance(value, dict) else self._wrong(key, "a table")

    def tables(self, key: str) -> tuple[Table, ...]:
        """A list of tables, at least one."""
        value = self._get(key, [])
        if not isinstance(value, list) or not value or not all(isinstance(each, dict) for each in value):
            self._wrong(key, "a list of tables, at least one")
        return tuple(Table(each, self._below(key)) for each in value)

    def all_known(self) -> None:
        """EventError for the first key that nobody asked for."""
        unknown = next((key for key in self._content if key not in self._asked), None)
        if unknown is None:
            return
        near = nearest(unknown, self._asked)
        raise EventError(
            "unknown key {key} in {table}; did you mean {nearest}?" if near else "unknown key {key} in {table}",
            hint="its keys: {keys}",
            key=unknown,
            table=self.name,
            nearest=near or "",
            keys=Names(self._asked),
        )

    def _get(self, key: str, default: object) -> object:
        self._asked[key] = None
        return self._content.get(key, default)

    def _below(self, key: str) -> str:
        return f"{self._name}.{key}" if self._name else key

    def _wrong(self, key: str, wanted: str) -> NoReturn:
        raise EventError("{key} in {table} must be {wanted}", key=key, table=self.name, wanted=Phrase(wanted))
