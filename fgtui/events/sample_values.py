"""Values for places that have none yet: what a schema gives as default or example, else an empty one of the type."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from fgtui.events.codecs import close_string
from fgtui.events.edits import codecs_declared
from fgtui.events.model import Path
from fgtui.events.scopes import Scope
from fgtui.events.text import quote

if TYPE_CHECKING:
    from fgtui.events.schema import Encoding, FieldInfo

_DEPTH = 6
"""Objects inside one another that are filled with what they have to hold."""
_EMPTY = {
    "string": '""', "number": "0", "integer": "0", "boolean": "false", "array": "[]", "object": "{}", "null": "null",
}  # fmt: skip


def sample_content(scope: Scope, path: Path) -> str:
    """What the value at ``path`` should hold, as a JSON literal; of an encoded string, what is inside it."""
    info = scope.info(path)
    if info.encoding is not None and info.type in {"", "string"}:
        return _content(scope, info.encoding)
    return _literal(scope, path, info, _DEPTH)


def sample_literal(scope: Scope, path: Path) -> str:
    """The same as it is written: a string that holds something else encoded."""
    return _literal(scope, path, scope.info(path), _DEPTH)


def _literal(scope: Scope, path: Path, info: FieldInfo, room: int) -> str:
    """The same as it stands in the text around it: strings encoded."""
    told = declared(info)
    if told:
        return told[0]
    kind = info.type.split(" or ")[0]
    if kind == "object" or (not kind and scope.required(path)):
        return _object(scope, path, room)
    if kind == "array" and info.subschema.get("minItems"):
        return f"[{_literal(scope, (*path, 0), scope.info((*path, 0)), room - 1)}]" if room > 0 else "[]"
    if kind == "string" and info.encoding is not None:
        content = _content(scope, info.encoding)
        text = json.loads(content) if content.startswith('"') else content
        return quote(close_string(codecs_declared(info.encoding), text))
    return _EMPTY.get(kind, "null")


def _object(scope: Scope, path: Path, room: int) -> str:
    if room <= 0:
        return "{}"
    members = [
        f"{quote(name)}: {_literal(scope, (*path, name), scope.info((*path, name)), room - 1)}"
        for name in scope.required(path)
    ]
    return "{" + ", ".join(members) + "}"


def _content(scope: Scope, encoding: Encoding) -> str:
    """What an encoded string should hold: JSON where a schema says so, else text."""
    if encoding.schema is None:
        return '""'
    inner = scope.inner(encoding, lambda _: None)
    return _literal(inner, (), inner.info(()), _DEPTH)


def declared(info: FieldInfo) -> list[str]:
    """The values that the schema itself gives, as literals: default, allowed values, examples."""
    schema: dict[str, Any] = info.subschema
    given = [*([schema["default"]] if "default" in schema else []), *info.allowed, *info.examples]
    return list(dict.fromkeys(json.dumps(each, ensure_ascii=False) for each in given))
