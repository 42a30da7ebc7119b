"""Frozen records: what ``@dataclass(frozen=True, slots=True)`` makes, without what making it costs.

A dataclass writes its methods as text and compiles them, half a millisecond for each class at every start, and its
module takes five milliseconds to import. Records share their methods, and type checkers take them for dataclasses.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, ClassVar, TypeVar, dataclass_transform

NOTHING: Mapping[str, Any] = MappingProxyType({})
"""The default of a field that is a mapping."""


@dataclass_transform(frozen_default=True)
class _RecordType(type):
    """Takes the annotated names of a class for its fields, in order and behind the inherited ones.

    ``kw_only`` is for type checkers, and has its meaning for dataclasses; ``uncompared`` names fields that equality,
    hash and representation leave out.
    """

    def __new__(
        cls,
        name: str,
        bases: tuple[Any, ...],
        members: dict[str, Any],
        *,
        kw_only: bool = False,  # noqa: ARG004
        uncompared: tuple[str, ...] = (),
    ) -> _RecordType:
        annotations = members.get("__annotations__", {})
        own = [field for field, meaning in annotations.items() if not meaning.startswith("ClassVar")]
        fields = tuple(own)
        defaults = {field: members.pop(field) for field in own if field in members}
        for base in bases:
            fields = (*base.__match_args__, *fields)
            defaults = {**base._defaults, **defaults}  # noqa: SLF001 it is one of our own
        members["__slots__"] = tuple(own)
        members["__match_args__"] = fields
        members["_defaults"] = defaults
        members["_compared"] = tuple(field for field in fields if field not in uncompared)
        made = super().__new__(cls, name, bases, members)
        type.__setattr__(made, "_puts", tuple((field, getattr(made, field).__set__) for field in fields))
        return made


class Record(metaclass=_RecordType):
    """What all records have in common; a subclass adds annotated fields, with defaults or without."""

    __match_args__: ClassVar[tuple[str, ...]]
    """The fields, in order."""
    _defaults: ClassVar[dict[str, Any]]
    _compared: ClassVar[tuple[str, ...]]
    _puts: ClassVar[tuple[tuple[str, Callable[[Record, Any], None]], ...]]
    """What sets each field, past the ``__setattr__`` that forbids it."""

    def __init__(self, *values: Any, **named: Any) -> None:
        fields = self.__match_args__
        if len(values) == len(fields) and not named:
            for (_, put), value in zip(self._puts, values, strict=True):
                put(self, value)
            return
        filled = {**self._defaults, **named}
        if values:
            given = dict(zip(fields, values, strict=False))
            if len(given) < len(values) or not given.keys().isdisjoint(named):
                raise self._misfit(values, named)
            filled.update(given)
        if len(filled) != len(fields):
            raise self._misfit(values, named)
        try:
            for field, put in self._puts:
                put(self, filled[field])
        except KeyError:
            raise self._misfit(values, named) from None

    def _misfit(self, values: tuple[Any, ...], named: dict[str, Any]) -> TypeError:
        fields, name = self.__match_args__, type(self).__qualname__
        if len(values) > len(fields):
            return TypeError(f"{name} has {len(fields)} fields, not {len(values)}")
        if twice := [field for field in fields[: len(values)] if field in named]:
            return TypeError(f"{name} was given {', '.join(twice)} twice")
        if unknown := [field for field in named if field not in fields]:
            return TypeError(f"{name} has no field {', '.join(unknown)}")
        missing = [field for field in fields[len(values) :] if field not in named and field not in self._defaults]
        return TypeError(f"{name} needs {', '.join(missing)}")

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"{type(self).__qualname__} is frozen: {name} stays as it is")

    def __delattr__(self, name: str) -> None:
        raise AttributeError(f"{type(self).__qualname__} is frozen: {name} stays as it is")

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return all(getattr(self, field) == getattr(other, field) for field in self._compared)

    def __hash__(self) -> int:
        return hash(tuple(getattr(self, field) for field in self._compared))

    def __repr__(self) -> str:
        fields = ", ".join(f"{field}={getattr(self, field)!r}" for field in self._compared)
        return f"{type(self).__qualname__}({fields})"

    def __reduce__(self) -> tuple[type, tuple[Any, ...]]:
        return type(self), tuple(getattr(self, field) for field in self.__match_args__)


SomeRecord = TypeVar("SomeRecord", bound=Record)


def replace(record: SomeRecord, **changes: object) -> SomeRecord:
    """A record like ``record`` in all but ``changes``."""
    return type(record)(**{**{field: getattr(record, field) for field in record.__match_args__}, **changes})
