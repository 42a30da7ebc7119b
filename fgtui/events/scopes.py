"""Which encodings a trigger's schema declares, asked place by place while something walks over an event.

A scope is a schema together with one document, or with the content of one opened string: conditions of the schema look
at the values there. Answers are kept, so that a hundred thousand records cost as much thought as one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from fgtui.events.model import JsonSchema, Path

if TYPE_CHECKING:
    from fgtui.events.catalogue import Trigger
    from fgtui.events.schema import Encoding, FieldInfo

Reader = Callable[[Path], object]
"""Gives the value at a path, ``None`` where there is none."""

DEPTH = 64
"""Values deeper than this are declared by no schema: a path of 100,000 steps is not worth looking up."""
_KEPT = 64
_ANSWERS = 4096
_CONDITIONS = ("if", "anyOf", "oneOf", "prefixItems", "dependentSchemas")


class _Vocabulary:
    """One schema, surveyed: where an encoding can be declared at all, and what was answered before."""

    def __init__(self, schema: JsonSchema) -> None:
        self.schema = schema
        self.conditional = any(word in each for each in _subschemas(schema) for word in _CONDITIONS)
        self.names = _encoded_names(schema)
        """Member names that may lead to an encoded string; ``None`` for any."""
        self.answers: dict[Path, Encoding | None] = {}


_vocabularies: dict[int, _Vocabulary] = {}


def _vocabulary(schema: JsonSchema) -> _Vocabulary:
    """Kept by identity: a trigger's schema is one object for as long as its catalogue lives, a part of it as well."""
    found = _vocabularies.get(id(schema))
    if found is None or found.schema is not schema:
        if len(_vocabularies) >= _KEPT:
            _vocabularies.clear()
        found = _vocabularies[id(schema)] = _Vocabulary(schema)
    return found


class Scope:
    """What is declared for the values of one document."""

    __slots__ = ("_answers", "_read", "_vocabulary")

    def __init__(self, vocabulary: _Vocabulary | None, read: Reader) -> None:
        self._vocabulary = vocabulary
        self._read = read
        self._answers: dict[Path, Encoding | None] = (
            vocabulary.answers if vocabulary and not vocabulary.conditional else {}
        )

    def names_encoded(self, name: str | int | None) -> bool:
        """Whether a string in the member ``name`` may be encoded, or in none; cheap, and sometimes wrongly true."""
        vocabulary = self._vocabulary
        return vocabulary is not None and (name is None or vocabulary.names is None or name in vocabulary.names)

    def expected(self, path: Path) -> Encoding | None:
        """How the string at ``path`` is encoded, as far as the schema says."""
        vocabulary = self._vocabulary
        if vocabulary is None or len(path) > DEPTH:
            return None
        kin = _kin(path, everywhere=not vocabulary.conditional)
        try:
            return self._answers[kin]
        except KeyError:
            if len(self._answers) >= _ANSWERS:
                self._answers.clear()  # names that data makes up
            answer = self._answers[kin] = self.info(path).encoding
            return answer

    def info(self, path: Path) -> FieldInfo:
        """What the schema says of the value at ``path``."""
        from fgtui.events.schema import describe

        return describe(self._vocabulary.schema if self._vocabulary else {}, path, self._read)

    def members(self, path: Path) -> tuple[str, ...]:
        """The names of the members that the schema describes at ``path``."""
        from fgtui.events.schema import members

        return members(self._vocabulary.schema, path, self._read) if self._vocabulary else ()

    def required(self, path: Path) -> tuple[str, ...]:
        """The names of the members that have to be there at ``path``."""
        from fgtui.events.schema import required

        return required(self._vocabulary.schema, path, self._read) if self._vocabulary else ()

    def inner(self, expected: Encoding | None, read: Reader) -> Scope:
        """The scope of what an encoded string holds."""
        if self._vocabulary is None or expected is None or expected.schema is None:
            return Scope(None, read)
        return Scope(_vocabulary(expected.schema), read)


def scope_of(trigger: Trigger | None, read: Reader) -> Scope:
    """The scope of a whole event."""
    return Scope(_vocabulary(trigger.schema) if trigger and trigger.schema else None, read)


def _kin(path: Path, *, everywhere: bool) -> Path:
    """``path`` with its indexes alike: all of them, or the last ones where conditions may tell records apart."""
    if everywhere:
        return tuple(0 if isinstance(step, int) else step for step in path)
    tail = len(path)
    while tail and isinstance(path[tail - 1], int):
        tail -= 1
    return path[:tail] + (0,) * (len(path) - tail)


def _subschemas(schema: object) -> Iterator[dict[str, Any]]:
    """Every object inside ``schema``, itself first; those that are no schemas do no harm."""
    pending = [schema]
    while pending:
        current = pending.pop()
        if isinstance(current, dict):
            yield current
            pending.extend(current.values())
        elif isinstance(current, list):
            pending.extend(current)


def _encoded_names(schema: JsonSchema) -> frozenset[str] | None:
    names: set[str] = set()
    for each in _subschemas(schema):
        if "patternProperties" in each or _may_encode(each.get("additionalProperties")):
            return None
        properties = each.get("properties")
        if isinstance(properties, dict):
            names.update(name for name, inside in properties.items() if _may_encode(inside))
    return frozenset(names)


def _may_encode(schema: object) -> bool:
    return any(
        "contentEncoding" in each or "contentMediaType" in each or "$ref" in each or "$dynamicRef" in each
        for each in _subschemas(schema)
    )
