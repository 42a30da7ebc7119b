"""What a trigger's schema says about one place of an event: JSON Schema 2020-12, read for people.

Validation is the library's business (``fgtui.events.validation``). Here the parts of a schema that apply to a place
are gathered, so that a person's schema, however odd, gives an answer: nothing raises, nothing recurses, and what
refers to itself ends. References reach ``#…`` only; inside ``contentSchema`` they reach the ``$defs`` of the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from fgtui.events.model import JsonSchema, Path
from fgtui.records import Record
from fgtui.regex import regex

if TYPE_CHECKING:
    from fgtui.events.text import Document, Node

Read = Callable[[Path], object | None]
"""The value at a path from where one stands; ``None`` where there is none."""
Parts = tuple[JsonSchema, ...]
"""The schemas that apply to one place, the outermost first."""

_PARTS_LIMIT = 200
_DEPTH_LIMIT = 1000
_WORK_LIMIT = 2000
"""Schemas gathered for one place, steps of a path, and conditions weighed for one place; more is nobody's schema."""
_NESTING_LIMIT = 24
"""Conditions inside one another that are weighed."""
_WEIGHT_CUT = 1_000_000
_CACHED = 64
_PARTS_CACHED = 5000
"""Schemas, and gatherings of one, that are kept."""


class Encoding(Record):
    """How a string holds something else: ``contentEncoding``, ``contentMediaType``, ``contentSchema``."""

    base64: bool
    media_type: str | None
    schema: JsonSchema | None
    """Of the decoded content. Stands alone: its references are answered by its own ``$defs``."""


class FieldInfo(Record):
    """What a schema says about one place."""

    description: str
    type: str
    """In words: ``string``, ``object or string``; empty where any type will do."""
    allowed: tuple[object, ...]
    encoding: Encoding | None
    required: bool
    known: bool
    """Whether the schema speaks of the place at all."""
    subschema: JsonSchema
    meanings: tuple[str, ...] = ()
    """One for each of ``allowed``, where the schema explains them."""
    examples: tuple[object, ...] = ()


def describe(schema: JsonSchema, path: Path, value: Read) -> FieldInfo:
    """What ``schema`` says about ``path``, which may lead on through encoded strings.

    ``value`` reads any path of the event, for conditions on a neighbour; of objects and arrays only their being there
    counts, so ``reader`` is enough.
    """
    here, required = _parts(schema, path, value)
    is_free = bool(schema) and "type" not in schema  # takes any document: no place of it is strange
    return _field(view_of(schema), here, required=required, known=is_free or bool(here))


def _parts(schema: JsonSchema, path: Path, value: Read) -> tuple[Parts, bool]:
    """The parts that apply to ``path``, and whether the place has to be there."""
    view = view_of(schema)
    here = view.start(value)
    required = False
    for depth, key in enumerate(path):
        if depth >= _DEPTH_LIMIT or not here:
            return (), False
        required = any(key in _list(part.get("required")) for part in here)
        here = view.below(here, key, _from(value, path[: depth + 1]))
    return here, required


def members(schema: JsonSchema, path: Path, value: Read) -> tuple[str, ...]:
    """The names of the members that ``schema`` describes at ``path``; ``value`` as for ``describe``."""
    return tuple(
        dict.fromkeys(name for part in _parts(schema, path, value)[0] for name in _dict(part.get("properties")))
    )


def required(schema: JsonSchema, path: Path, value: Read) -> tuple[str, ...]:
    """The names of the members that have to be there at ``path``; ``value`` as for ``describe``."""
    parts = _parts(schema, path, value)[0]
    names = (name for part in parts for name in _list(part.get("required")) if isinstance(name, str))
    return tuple(dict.fromkeys(names))


def reader(document: Document) -> Read:
    """Reads ``document`` for conditions: scalars as they are, objects and arrays empty, so the cost stays small."""

    def read(path: Path) -> object | None:
        node = document.find(path)
        return None if node is None else shallow(document, node)

    return read


def shallow(document: Document, node: Node) -> object | None:
    """The value of ``node``; an empty one of its kind for an object or array."""
    kind = node.kind.value
    if kind == "object":
        return {}
    return [] if kind == "array" else document.value(node)


def view_of(schema: JsonSchema) -> View:
    """The view of ``schema``; the same one for the same object, as far as memory of them goes."""
    view = _VIEWS.get(id(schema))
    if view is None:
        if len(_VIEWS) >= _CACHED:
            _VIEWS.clear()
        view = _VIEWS[id(schema)] = View(schema)
    return view


class View:
    """One schema document, asked place by place."""

    def __init__(self, schema: JsonSchema) -> None:
        self.schema = schema  # kept, so that its id stays its own
        self._contents: dict[int, JsonSchema] = {}
        self._gathered: dict[tuple[int, ...], Parts] = {}
        """What schemas bring along, by their ids, where that is the same whatever the event."""

    def start(self, read: Read) -> Parts:
        """The parts that apply to the outermost value."""
        return self._gather([self.schema], read)

    def below(self, here: Parts, key: str | int, read: Read) -> Parts:
        """The parts that apply to the member or item ``key`` of a place, or of what the string there decodes to.

        ``read`` reads from that member or item.
        """
        content = [part["contentSchema"] for part in here if isinstance(part.get("contentSchema"), dict)]
        if content:
            here = (*here, *self._gather(content, lambda _: None))
        return self._gather([each for part in here for each in _step(part, key)], read)

    def encoding(self, here: Parts) -> Encoding | None:
        """How a string at this place holds something else."""
        encoded = next((_text(part.get("contentEncoding")) for part in here if "contentEncoding" in part), "")
        media = next((_text(part.get("contentMediaType")) for part in here if "contentMediaType" in part), "")
        content = next((part["contentSchema"] for part in here if isinstance(part.get("contentSchema"), dict)), None)
        base64 = encoded.lower() in {"base64", "base64url"}
        if not base64 and not media:
            return None
        return Encoding(base64, media or None, None if content is None else self._standing_alone(content))

    @cached_property
    def leads_to_content(self) -> frozenset[int]:
        """The ids of the schemas below whose members or items some string has to be decoded to be checked."""
        reaching = self._reaching_content
        return frozenset(
            id(each) for each in self._all_schemas() if any(id(inner) in reaching for inner in _members_and_items(each))
        )

    def leads_from(self, here: Parts, key: str | int) -> bool:
        """Whether that is so of the member or item ``key`` or what it holds; spares ``below`` where it is not."""
        return any(id(each) in self._reaching_content for part in here for each in _step(part, key))

    @cached_property
    def _reaching_content(self) -> set[int]:
        """The ids of the schemas that say so of a string, or hold or refer to one that does."""
        above: dict[int, list[int]] = {}
        found: list[int] = []
        stack: list[Any] = [self.schema]
        seen: set[int] = {id(self.schema)}
        while stack:
            each = stack.pop()
            if isinstance(each, dict) and _promises(each):
                found.append(id(each))
            for inner in self._inside(each):
                above.setdefault(id(inner), []).append(id(each))
                if id(inner) not in seen:
                    seen.add(id(inner))
                    stack.append(inner)
        reaching = set(found)
        while found:
            for outer in above.get(found.pop(), ()):
                if outer not in reaching:
                    reaching.add(outer)
                    found.append(outer)
        return reaching

    @cached_property
    def weight(self) -> int:
        """How many schemas apply to one value at most, each counted as often as it is reached; a huge one is cut off.

        Libraries walk that many, so a few lines of references to references can keep one busy for years.
        """
        weights: dict[int, int] = {}
        stack: list[tuple[JsonSchema, bool]] = [(each, False) for each in self._all_schemas()]
        while stack:
            each, weighed = stack.pop()
            along = [inner for inner in self._along(each, None) if isinstance(inner, dict)]
            if weighed:
                weights[id(each)] = min(1 + sum(weights[id(inner)] for inner in along), _WEIGHT_CUT)
            elif id(each) not in weights:
                weights[id(each)] = 1  # what a circle adds
                stack.append((each, True))
                stack.extend((inner, False) for inner in along if id(inner) not in weights)
        return max(weights.values(), default=1)

    def _all_schemas(self) -> Iterator[JsonSchema]:
        stack: list[Any] = [self.schema]
        while stack:
            each = stack.pop()
            if isinstance(each, dict):
                yield each
            stack.extend(
                value for value in (each.values() if isinstance(each, dict) else each) if isinstance(value, dict | list)
            )

    def _inside(self, each: Any) -> Iterator[Any]:
        """What stands in a schema or list, or is referred to; decoded content has a view of its own."""
        items = each.items() if isinstance(each, dict) else enumerate(each)
        yield from (value for key, value in items if isinstance(value, dict | list) and key != "contentSchema")
        if isinstance(each, dict):
            target = self.resolve(each.get("$ref"))
            if target is not None:
                yield target

    def _gather(self, schemas: list[Any], read: Read) -> Parts:
        """``schemas`` with all they bring along for the value that ``read(())`` is, each once."""
        key = tuple(map(id, schemas))
        gathered = self._gathered.get(key)
        if gathered is None:
            gathered = self._gather_anew(schemas, read)
            if len(self._gathered) < _PARTS_CACHED and not any(map(_is_conditional, gathered)):
                self._gathered[key] = gathered
        return gathered

    def _gather_anew(self, schemas: list[Any], read: Read) -> Parts:
        weigh = _Scales(self, read)
        parts: list[JsonSchema] = []
        seen: set[int] = set()
        stack = list(reversed(schemas))
        while stack and len(parts) < _PARTS_LIMIT:
            schema = stack.pop()
            if not isinstance(schema, dict) or id(schema) in seen:
                continue
            seen.add(id(schema))
            parts.append(schema)
            stack.extend(reversed(list(self._along(schema, weigh))))
        return tuple(parts)

    def _along(self, schema: JsonSchema, weigh: _Scales | None) -> Iterator[Any]:
        """The schemas that apply to the same value because ``schema`` does; without scales, those that ever could."""
        yield self.resolve(schema.get("$ref", schema.get("$dynamicRef")))
        yield from _list(schema.get("allOf"))
        if weigh is None:
            yield from (schema.get(key) for key in ("if", "then", "else", "not"))
            yield from (*_list(schema.get("anyOf")), *_list(schema.get("oneOf")))
            yield from _dict(schema.get("dependentSchemas")).values()
            return
        if "if" in schema and ("then" in schema or "else" in schema):
            yield schema.get("then" if weigh.holds(schema["if"]) else "else")
        for key in ("anyOf", "oneOf"):
            branches = _list(schema.get(key))
            if not _is_choice(branches):
                fitting = [branch for branch in branches if weigh.holds(branch)]
                yield from fitting or branches
        for name, dependent in _dict(schema.get("dependentSchemas")).items():
            if weigh.read((name,)) is not None:
                yield dependent

    def resolve(self, reference: object) -> JsonSchema | None:
        """What a local reference names; ``None`` for any other, which is never fetched."""
        if not isinstance(reference, str) or not reference.startswith("#"):
            return None
        target: Any = self.schema
        for token in unquote(reference[1:]).split("/")[1:] if reference != "#" else ():
            step = token.replace("~1", "/").replace("~0", "~")
            if isinstance(target, dict):
                target = target.get(step)
            elif isinstance(target, list) and step.isdecimal() and int(step) < len(target):
                target = target[int(step)]
            else:
                return None
        return target if isinstance(target, dict) else None

    def _standing_alone(self, content: JsonSchema) -> JsonSchema:
        """``content`` with what its references need; the same object for the same content."""
        alone = self._contents.get(id(content))
        if alone is None:
            alone = dict(content)
            for _ in range(_DEPTH_LIMIT):
                target = self.resolve(alone.get("$ref"))
                if target is None:
                    break
                del alone["$ref"]
                alone = {**target, **alone}
            for key in ("$defs", "definitions"):
                shared = {**_dict(self.schema.get(key)), **_dict(alone.get(key))}
                if shared:
                    alone[key] = shared
            self._contents[id(content)] = alone
        return alone


_VIEWS: dict[int, View] = {}


class _Scales:
    """Weighs conditions on the value at one place. Keywords it does not know hold."""

    def __init__(self, view: View, read: Read) -> None:
        self.read = read
        self._view = view
        self._left = _WORK_LIMIT
        self._deep = 0

    def holds(self, condition: object, at: Path = ()) -> bool:
        """Whether the value at ``at`` is as ``condition`` wants it; what is not there fits all but ``required``."""
        self._left -= 1
        if not isinstance(condition, dict) or self._left < 0 or self._deep > _NESTING_LIMIT:
            return condition is not False
        value = self.read(at)
        self._deep += 1
        try:
            return all(check(self, condition[key], at, value) for key, check in _CHECKS.items() if key in condition)
        finally:
            self._deep -= 1

    def check_properties(self, members: object, at: Path, value: object) -> bool:
        return all(
            self.holds(member, (*at, name))
            for name, member in _dict(members).items()
            if self.read((*at, name)) is not None
        )

    def check_required(self, names: object, at: Path, value: object) -> bool:
        return all(isinstance(name, str) and self.read((*at, name)) is not None for name in _list(names))

    def check_all(self, branches: object, at: Path, value: object) -> bool:
        return all(self.holds(branch, at) for branch in _list(branches))

    def check_any(self, branches: object, at: Path, value: object) -> bool:
        return any(self.holds(branch, at) for branch in _list(branches))

    def check_not(self, branch: object, at: Path, value: object) -> bool:
        return not self.holds(branch, at)

    def check_reference(self, reference: object, at: Path, value: object) -> bool:
        return self.holds(self._view.resolve(reference), at)

    def check_const(self, wanted: object, at: Path, value: object) -> bool:
        return value is None or _same(value, wanted)

    def check_enum(self, wanted: object, at: Path, value: object) -> bool:
        return value is None or any(_same(value, each) for each in _list(wanted))

    def check_type(self, wanted: object, at: Path, value: object) -> bool:
        names = _list(wanted) if isinstance(wanted, list) else [wanted]
        return value is None or any(_is_a(value, name) for name in names)

    def check_pattern(self, pattern: object, at: Path, value: object) -> bool:
        return not isinstance(value, str) or (isinstance(pattern, str) and found(pattern, value))


_CHECKS: dict[str, Callable[[_Scales, object, Path, object], bool]] = {
    "const": _Scales.check_const,
    "enum": _Scales.check_enum,
    "type": _Scales.check_type,
    "pattern": _Scales.check_pattern,
    "required": _Scales.check_required,
    "properties": _Scales.check_properties,
    "not": _Scales.check_not,
    "allOf": _Scales.check_all,
    "anyOf": _Scales.check_any,
    "oneOf": _Scales.check_any,
    "$ref": _Scales.check_reference,
}


def found(pattern: str, text: str) -> bool:
    """Whether ``pattern`` is found in ``text``. Foreign patterns go to an engine that cannot run away."""
    plain = _PLAIN_PATTERN.fullmatch(pattern)
    if plain is None:
        import jsonschema_rs

        try:
            return jsonschema_rs.is_valid({"type": "string", "pattern": pattern}, text)
        except ValueError:  # no pattern at all, or a text with lone surrogates
            return False
    start, literal, end = plain.groups()
    if start and end:
        return text == literal
    if start or end:
        return text.startswith(literal) if start else text.endswith(literal)
    return literal in text


_PLAIN_PATTERN = regex(r"(\^?)([^\\^$.|?*+()\[\]{}]*)(\$?)")


def _step(part: JsonSchema, key: str | int) -> Iterator[Any]:
    """The schemas that ``part`` has for the member or item ``key``."""
    if isinstance(key, int):
        first = _list(part.get("prefixItems", part.get("items") if isinstance(part.get("items"), list) else None))
        yield first[key] if 0 <= key < len(first) else part.get("items", part.get("unevaluatedItems"))
        return
    members = _dict(part.get("properties"))
    fitting = [each for pattern, each in _dict(part.get("patternProperties")).items() if found(pattern, key)]
    if key in members:
        fitting.insert(0, members[key])
    yield from fitting or [part.get("additionalProperties", part.get("unevaluatedProperties"))]


def _members_and_items(part: JsonSchema) -> Iterator[Any]:
    """The schemas that ``_step`` can lead to from ``part``."""
    yield from _dict(part.get("properties")).values()
    yield from _dict(part.get("patternProperties")).values()
    yield from _list(part.get("prefixItems"))
    items = part.get("items")
    yield from items if isinstance(items, list) else (items,)
    yield from (part.get(key) for key in ("additionalProperties", "unevaluatedProperties", "unevaluatedItems"))


def _field(view: View, here: Parts, *, required: bool, known: bool) -> FieldInfo:
    allowed, meanings = _allowed(here)
    return FieldInfo(
        description=next((_text(part["description"]) for part in here if "description" in part), ""),
        type=next((_type_in_words(part["type"]) for part in here if "type" in part), ""),
        allowed=allowed,
        encoding=view.encoding(here),
        required=required,
        known=known,
        subschema=here[0] if here else {},
        meanings=meanings,
        examples=next((tuple(_list(part["examples"])) for part in here if "examples" in part), ()),
    )


def _allowed(here: Parts) -> tuple[tuple[object, ...], tuple[str, ...]]:
    for part in here:
        if "const" in part:
            return (part["const"],), ()
        if isinstance(part.get("enum"), list):
            return tuple(part["enum"]), ()
        for key in ("oneOf", "anyOf"):
            branches = _list(part.get(key))
            if _is_choice(branches):
                meanings = tuple(_text(branch.get("description")) for branch in branches)
                return tuple(branch["const"] for branch in branches), meanings
    return (), ()


def _is_conditional(part: JsonSchema) -> bool:
    """Whether what applies beside ``part`` depends on the event."""
    return any(key in part for key in ("if", "anyOf", "oneOf", "dependentSchemas"))


def _is_choice(branches: list[Any]) -> bool:
    """Whether the branches only list the allowed values, each with its meaning."""
    return bool(branches) and all(isinstance(branch, dict) and "const" in branch for branch in branches)


def _promises(part: JsonSchema) -> bool:
    """Whether a string has to decode, or has to hold what a schema describes."""
    return "contentEncoding" in part or "contentSchema" in part or "x-www-form" in _text(part.get("contentMediaType"))


def _type_in_words(types: object) -> str:
    names = [name for name in (_list(types) if isinstance(types, list) else [types]) if isinstance(name, str)]
    return " or ".join(names)


def _is_a(value: object, name: object) -> bool:
    if isinstance(value, bool):
        return name == "boolean"
    if isinstance(value, int | float):
        return name == "number" or (name == "integer" and (isinstance(value, int) or value.is_integer()))
    return name == ("string" if isinstance(value, str) else "array" if isinstance(value, list) else "object")


def _same(one: object, other: object) -> bool:
    """Whether two JSON values are equal; a truth value is no number."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    try:
        return one == other
    except RecursionError:  # a constant nested beyond reason
        return False


def _from(value: Read, place: Path) -> Read:
    return lambda path: value((*place, *path))


def _dict(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""
