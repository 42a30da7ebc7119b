"""What fills the sentence of an error on its way from one of our processes to another, which says it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fgtui.errors import FgtuiError
from fgtui.words import Phrase


def packed(values: Mapping[str, object]) -> dict[str, Any]:
    """``values`` as JSON may have them: a phrase is a list of its sentence and its own values, anything else text."""
    return {name: _packed(value) for name, value in values.items()}


def _packed(value: object) -> Any:
    match value:
        case int() | float():
            return value
        case Phrase():
            return [value.sentence, packed(value.values)]
        case FgtuiError():
            return [value.message, packed(value.values)]
        case _:
            return str(value)


def unpacked(values: Mapping[str, Any]) -> dict[str, object]:
    """The values that ``packed`` was given, as far as they matter to a sentence."""
    return {
        name: Phrase(value[0], unpacked(value[1])) if isinstance(value, list) else value
        for name, value in values.items()
    }
