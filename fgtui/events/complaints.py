"""The findings of the JSON Schema library in our words: what, where, why, what next.

Only kinds and their values are used, never the library's sentences; a kind nobody foresaw gets a general one.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from fgtui.events.model import Path, Severity
from fgtui.words import Names, Phrase, folded, nearest, plural

_TYPES: dict[str, str | Phrase] = {
    "object": Phrase("an object"),
    "array": Phrase("a list"),
    "string": Phrase("text"),
    "number": Phrase("a number"),
    "integer": Phrase("a whole number"),
    "boolean": Phrase("true or false"),
    "null": "null",
}
_LIMITS = {
    "Minimum": "{place} is {found}; the least is {limit}",
    "Maximum": "{place} is {found}; the most is {limit}",
    "ExclusiveMinimum": "{place} is {found}; it must be more than {limit}",
    "ExclusiveMaximum": "{place} is {found}; it must be less than {limit}",
    "MultipleOf": "{place} is {found}, which is no multiple of {limit}",
    "MinLength": "{place} must have at least {limit} characters",
    "MaxLength": "{place} may have at most {limit} characters",
    "MinItems": "{place} must have at least {limit} items",
    "MaxItems": "{place} may have at most {limit} items",
    "MinProperties": "{place} must have at least {limit} members",
    "MaxProperties": "{place} may have at most {limit} members",
    "Pattern": "{place} does not match {limit}",
    "Format": "{place} is not in the format {limit}",
}
"""Kinds with one value, and what they say."""
_LIMITS_OF_ONE = {
    "MinLength": "{place} must have at least {limit} character",
    "MaxLength": "{place} may have at most {limit} character",
    "MinItems": "{place} must have at least {limit} item",
    "MaxItems": "{place} may have at most {limit} item",
    "MinProperties": "{place} must have at least {limit} member",
    "MaxProperties": "{place} may have at most {limit} member",
}
"""The same of one."""
_PLAIN = {
    "UniqueItems": "{place} holds the same item twice",
    "Contains": "{place} lacks a required item",
    "FalseSchema": "{place} is not allowed here",
    "Not": "{place} has a value that the schema rules out",
    "OneOfMultipleValid": "{place} fits several alternatives of the schema, and may fit only one",
    "UnevaluatedItems": "{place} has items beyond those it may have",
}
"""Kinds without a value worth telling."""
_CHOICES_LIMIT = 12
"""Allowed values that one message lists."""


class Complaint(NamedTuple):
    """One finding, with the place it is about still to be spelled: ``{place}`` in ``message`` is ``path``."""

    severity: Severity
    code: str
    message: str
    hint: str
    values: dict[str, object]
    path: Path
    at_name: bool = False
    """Whether it is about the member's name rather than its value."""


def complaints(errors: Sequence[Any]) -> Iterator[Complaint]:
    """The findings ``errors`` of the library; all members missing from one object make one complaint."""
    missing: dict[Path, list[str]] = {}
    for error in errors:
        path = tuple(error.instance_path)
        kind = type(error.kind).__name__
        if kind == "Required":
            missing.setdefault(path, []).append(error.kind.property)
        elif kind in {"AdditionalProperties", "UnevaluatedProperties"}:
            yield from _unknown(path, error.kind.unexpected)
        else:
            yield _complaint(kind, error, path)
    for path, names in missing.items():
        yield _missing(path, list(dict.fromkeys(names)))


def _complaint(kind: str, error: Any, path: Path) -> Complaint:
    value = error.instance
    choices = _choices(kind, error.kind)
    if choices is not None:
        return _no_choice(path, value, choices)
    values: dict[str, object] = {"found": spell(value)}
    if kind == "Type":
        names = sorted(error.kind.types, key=list(_TYPES).index)
        expected = folded([_TYPES.get(name, name) for name in names], "{these} or {this}")
        values = {"found": _article(value), "expected": expected}
        return _error("schema-type", "{place} must be {expected}, not {found}", path, values)
    if kind in _LIMITS:
        values["limit"] = _limit(error.kind)
        message = _LIMITS_OF_ONE.get(kind, _LIMITS[kind]) if values["limit"] == 1 else _LIMITS[kind]
        return _error(_code(kind), message, path, values)
    if kind == "PropertyNames":
        return _error(_code(kind), "{place} has a member whose name is not allowed: {found}", path, _name(error))
    if kind in _PLAIN:
        return _error(_code(kind), _PLAIN[kind], path, values)
    return _error(_code(kind), "{place} does not fit the schema", path, values)


def _choices(kind: str, details: Any) -> list[object] | None:
    """The allowed values, where the finding is that ``found`` is none of them."""
    if kind == "Constant":
        return [details.expected_value]
    if kind == "Enum":
        return list(details.options)
    if kind in {"OneOfNotValid", "AnyOf"}:
        constants = [
            inner[0].kind.expected_value
            for inner in details.context
            if len(inner) == 1 and type(inner[0].kind).__name__ == "Constant"
        ]
        return constants if len(constants) == len(details.context) else None
    return None


def _no_choice(path: Path, value: object, choices: list[object]) -> Complaint:
    texts = [choice for choice in choices if isinstance(choice, str)]
    near = nearest(value, texts) if isinstance(value, str) else None
    listed = ", ".join(str(spell(each)) for each in choices[:_CHOICES_LIMIT]) + (
        ", …" if len(choices) > _CHOICES_LIMIT else ""
    )
    return Complaint(
        Severity.ERROR,
        "schema-value",
        plural(
            len(choices), "{place} must be {allowed}, not {found}", "{place} is {found}, which is none of {allowed}"
        ),
        "did you mean {nearest}?" if near and len(choices) > 1 else "",
        {"found": spell(value), "allowed": listed, "nearest": near or ""},
        path,
    )


def _unknown(path: Path, names: Sequence[str]) -> Iterator[Complaint]:
    for name in names:
        yield Complaint(
            Severity.INFO,
            "unknown-field",
            "{place} is not a known field",
            "",
            {},
            (*path, name),
            at_name=True,
        )


def _missing(path: Path, names: list[str]) -> Complaint:
    return Complaint(
        Severity.WARNING,
        "missing-field",
        "{place} lacks {names}",
        plural(len(names), "the service always sends it", "the service always sends them"),
        {"names": Names(names)},
        path,
    )


def _error(code: str, message: str, path: Path, values: dict[str, object]) -> Complaint:
    return Complaint(Severity.ERROR, code, message, "", values, path)


def _code(kind: str) -> str:
    return "schema" + "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in kind)


def _limit(details: Any) -> object:
    names: tuple[str, ...] = type(details).__match_args__
    return getattr(details, names[0]) if names else ""


def _name(error: Any) -> dict[str, object]:
    return {"found": spell(error.kind.error.instance)}


def spell(value: object) -> str | Phrase:
    """``value`` as JSON writes it, if it is a scalar; else what it is."""
    return _article(value) if isinstance(value, dict | list) else json.dumps(value, ensure_ascii=False)


def _article(value: object) -> str | Phrase:
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, str):
        return Phrase("text")
    if isinstance(value, int | float):
        return Phrase("a number")
    return Phrase("an object") if isinstance(value, dict) else Phrase("a list")
