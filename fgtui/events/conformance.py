"""An event against its trigger's schema: the library's verdict on its values, and on what its strings decode to.

The library recurses, and collects every error before it hands over the first, so it is given what it can bear: no deep
value, no schema that multiplies itself, and of a huge event that is not all right only a part. Nothing that a schema
names outside itself is ever fetched.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from fgtui.errors import EventError
from fgtui.events.codecs import FORM_TYPE, open_string
from fgtui.events.complaints import Complaint, complaints
from fgtui.events.model import JsonSchema, Path, Problem, Severity
from fgtui.events.patterns import children_at
from fgtui.events.reasons import base64_reason, reason_closed
from fgtui.events.schema import Encoding, Parts, Read, members, shallow, view_of
from fgtui.events.text import Document, Kind, Node, format_path, scan
from fgtui.regex import regex
from fgtui.words import Phrase, nearest

if TYPE_CHECKING:
    from jsonschema_rs import Draft202012Validator

DEPTH_LIMIT = 200
"""Levels that the library is trusted with."""
VALUES_LIMIT = 50_000
"""Values that the library may find one error each in."""
WEIGHT_LIMIT = 10_000
"""Schemas that may apply to one value, each counted as often as it is reached."""
LAYERS_LIMIT = 5
"""Encoded strings inside one another (reliability: limits)."""
_CACHED = 64
_ABOUT_THE_WHOLE = {"Required", "MinItems", "MinProperties", "Contains"}
"""Kinds of errors that leaving items or members out can cause."""


class UnusableSchemaError(EventError):
    """A schema that cannot be used; the message says why."""


class _Ground:
    """A document, and where what is wrong with it is told: at its own places, or at the string it was decoded from."""

    def __init__(self, document: Document, above: Path = (), outside: Problem | None = None, layers: int = 0) -> None:
        self.document = document
        self.layers = layers
        self._above = above
        self._outside = outside
        self._children: dict[Path, dict[str | int | None, Node]] = {}

    def problem(self, complaint: Complaint) -> Problem:
        """``complaint`` with its place found and spelled."""
        path = (*self._above, *complaint.path)
        place = self._outside or self._place(complaint)
        return Problem(
            severity=complaint.severity,
            code=complaint.code,
            message=complaint.message,
            line=place.line,
            column=place.column,
            start=place.start,
            end=place.end,
            path=path,
            hint=complaint.hint,
            values={**complaint.values, "place": format_path(path) or Phrase("the event")},
        )

    def inside(self, node: Node, text: Document) -> _Ground:
        """The ground of what the string ``node`` decodes to."""
        outside = self._outside or self._at(node.start, node.end)
        return _Ground(text, (*self._above, *self.document.path_of(node)), outside, self.layers + 1)

    def _place(self, complaint: Complaint) -> Problem:
        path = complaint.path
        node = self._find(path)
        while node is None and path:  # a name that the library was given in another spelling
            path = path[:-1]
            node = self._find(path)
        if node is None:
            return self._at(0, 0)
        if complaint.at_name and node.key_start >= 0 and path == complaint.path:
            return self._at(node.key_start, node.key_end)
        return self._at(node.start, node.start + 1 if node.kind.is_container else node.end)

    def _find(self, path: Path) -> Node | None:
        """As ``Document.find``, but a hundred complaints about one huge object search it once."""
        if not path or isinstance(path[-1], int):
            return self.document.find(path)
        outer = path[:-1]
        if outer not in self._children:
            node = self._find(outer)
            self._children[outer] = {child.key: child for child in self.document.children(node)} if node else {}
        return self._children[outer].get(path[-1])

    def _at(self, start: int, end: int) -> Problem:
        line, column = self.document.position(start)
        return Problem(Severity.INFO, "", "", line, column, start, end)


def check(document: Document, schema: JsonSchema, *, trusted: bool) -> Iterator[Problem]:
    """Where ``document`` is not as ``schema`` wants it, as far down as its strings can be opened.

    ``trusted`` spares a packaged schema the question whether the library can bear it. Raises ``UnusableSchemaError``.
    """
    yield from _check(_Ground(document), schema, trusted=trusted)


def _check(ground: _Ground, schema: JsonSchema, *, trusted: bool) -> Iterator[Problem]:
    for complaint in _complaints(ground.document, schema, trusted=trusted):
        yield ground.problem(complaint)
    for node, encoding in _encoded(ground.document, schema):
        yield from _check_string(ground, node, encoding, trusted=trusted)


# Values


def _complaints(document: Document, schema: JsonSchema, *, trusted: bool) -> Iterator[Complaint]:
    validator = _validator(schema, trusted=trusted)
    value = document.value()
    if _SURROGATES_WRITTEN.search(document.text):
        value, _ = _copied(value)
    depth, count = _measure(value)
    if depth > DEPTH_LIMIT:
        message = "{place} is nested {depth} levels deep, too deep to check against the schema"
        yield Complaint(Severity.INFO, "too-deep", message, "", {"depth": depth}, ())
        return
    try:
        errors, partly = _errors(validator, value, count)
    except ValueError as error:  # whatever else the library cannot bear
        message = "{place} could not be checked against the schema"
        yield Complaint(Severity.INFO, "not-checked", message, "", {"reason": str(error)}, ())
        return
    for complaint in complaints(errors):
        yield _with_nearest(complaint, document, schema) if complaint.at_name else complaint
    if partly:
        message = "{place} has {count} values; only some of them were checked one by one"
        yield Complaint(Severity.INFO, "checked-partly", message, "", {"count": count}, ())


def _with_nearest(complaint: Complaint, document: Document, schema: JsonSchema) -> Complaint:
    """A complaint about an unknown name, with the known name that may have been meant."""
    *path, name = complaint.path
    near = nearest(str(name), members(schema, tuple(path), _reader(document, document.root)))
    if near is None:
        return complaint
    return complaint._replace(hint="did you mean {nearest}?", values={**complaint.values, "nearest": near})


def _errors(validator: Draft202012Validator, value: object, count: int) -> tuple[list[Any], bool]:
    """The library's errors, and whether there may be more than these."""
    if validator.is_valid(value):
        return [], False
    if count <= VALUES_LIMIT:
        return list(validator.iter_errors(value)), False
    return _some_errors(validator, value), True


def _some_errors(validator: Draft202012Validator, value: object) -> list[Any]:
    """The first error of all of ``value``, after those of a part that has the first items of every list."""
    errors: list[Any] = []
    for most in (1000, 100, 10):
        part, count = _copied(value, most, VALUES_LIMIT)
        if count <= VALUES_LIMIT:
            errors = [each for each in validator.iter_errors(part) if not _is_of_the_cut(each, value, most)]
            break
    told = {(tuple(each.instance_path), type(each.kind)) for each in errors}
    try:
        validator.validate(value)
    except ValueError as first:
        if (tuple(first.instance_path), type(first.kind)) not in told:  # type: ignore[attr-defined]
            errors.append(first)
    return errors


def _is_of_the_cut(error: Any, value: Any, most: int) -> bool:
    if type(error.kind).__name__ not in _ABOUT_THE_WHOLE:
        return False
    for step in error.instance_path:
        value = value[step]
    return len(value) > most


def _copied(value: object, most: int = sys.maxsize, limit: int = sys.maxsize) -> tuple[object, int]:
    """A copy with ``most`` items or members of each container, and how many values that is; beyond ``limit`` it ends.

    U+FFFD stands for every lone surrogate, which the library cannot take.
    """
    whole: list[object] = []
    stack: list[tuple[object, Callable[[object], None]]] = [(value, whole.append)]
    count = 0
    while stack and count <= limit:
        each, put = stack.pop()
        count += 1
        if isinstance(each, list):
            items: list[object] = [None] * min(len(each), most)
            put(items)
            stack.extend((item, _setter(items, index)) for index, item in enumerate(islice(each, most)))
        elif isinstance(each, dict):
            table: dict[object, object] = dict.fromkeys(map(_clean, islice(each, most)))
            put(table)
            stack.extend((item, _setter(table, _clean(name))) for name, item in islice(each.items(), most))
        else:
            put(_clean(each))
    return whole[0], count


def _clean(value: object) -> object:
    return _SURROGATES.sub("\ufffd", value) if isinstance(value, str) else value


_SURROGATES = regex("[\ud800-\udfff]")
_SURROGATES_WRITTEN = regex(r"\\u[dD][89a-fA-F]|[\ud800-\udfff]")
"""JSON text that may hold lone surrogates: pairs are found too, which does no harm."""


def _setter(container: Any, key: object) -> Callable[[object], None]:
    return lambda value: container.__setitem__(key, value)


def _measure(value: object) -> tuple[int, int]:
    """How deep ``value`` is, and of how many values it is made."""
    deepest = count = 1
    stack = [(value, 1)]
    while stack:
        each, depth = stack.pop()
        if isinstance(each, dict | list) and each:
            count += len(each)
            deepest = max(deepest, depth + 1)
            inner = each.values() if isinstance(each, dict) else each
            stack.extend((value, depth + 1) for value in inner if isinstance(value, dict | list))
    return deepest, count


# Strings that hold something else


def _encoded(document: Document, schema: JsonSchema) -> Iterator[tuple[Node, Encoding]]:
    """The strings that have to decode, in order, with how; looks only where the schema knows of some."""
    view = view_of(schema)
    leads = view.leads_to_content
    root = document.root
    stack: list[tuple[Node, Parts]] = [(root, view.start(_reader(document, root)))] if root else []
    while stack:
        node, here = stack.pop()
        if node.kind is Kind.STRING:
            encoding = view.encoding(here)
            if encoding is not None:
                yield node, encoding
            continue
        if not any(id(part) in leads for part in here):
            continue
        last = {child.key: child for child in document.children(node)}  # of duplicate members
        for key, child in reversed(last.items()):
            if key is not None and view.leads_from(here, key):
                stack.append((child, view.below(here, key, _reader(document, child))))


def _reader(document: Document, start: Node | None) -> Read:
    """Reads ``document`` from ``start`` on, for the conditions of a schema."""

    def read(path: Path) -> object | None:
        node = start
        for step in path:
            node = next(iter(children_at(document, node, step)), None) if node else None
        return None if node is None else shallow(document, node)

    return read


def _check_string(ground: _Ground, node: Node, encoding: Encoding, *, trusted: bool) -> Iterator[Problem]:
    """The string ``node``: whether it decodes, and what it holds."""
    text = ground.document.string(node)
    complaint = _undecodable(text, encoding)
    if complaint is None and encoding.schema is not None and ground.layers < LAYERS_LIMIT:
        layer = open_string(text, encoding) if encoding.base64 else None
        content = layer.text if layer else text
        inner = scan(content or "")
        if inner.is_strict:
            yield from _check(ground.inside(node, inner), encoding.schema, trusted=trusted)
        elif "type" in encoding.schema:  # else it may hold anything
            complaint = _no_json(content, inner)
    if complaint is not None:
        yield ground.problem(complaint._replace(path=ground.document.path_of(node)))


def _undecodable(text: str, encoding: Encoding) -> Complaint | None:
    if encoding.base64:
        reason, code, severity = base64_reason(text), "not-base64", Severity.ERROR
    elif encoding.media_type == FORM_TYPE:
        reason, code, severity = reason_closed(text, encoding), "not-form-encoded", Severity.WARNING
    else:
        return None
    if reason is None:
        return None
    hint = "write it in the decoded form, or as the service encodes it"
    return Complaint(severity, code, "{place} is {reason}", hint, {"reason": Phrase(reason.message, reason.values)}, ())


def _no_json(content: str | None, inner: Document) -> Complaint:
    hint = "JSON belongs there, encoded; write it in the decoded form"
    if content is None:
        message = "{place} holds bytes that are not UTF-8 text"
        return Complaint(Severity.ERROR, "content-not-text", message, hint, {}, ())
    if not content.strip():
        return Complaint(Severity.ERROR, "content-not-json", "{place} holds nothing", hint, {}, ())
    first = inner.problems[0]
    return Complaint(
        Severity.ERROR,
        "content-not-json",
        "{place} holds text that is not JSON: {reason} (line {row}, column {column} of it)",
        hint,
        {"reason": Phrase(first.message, first.values), "row": first.line, "column": first.column},
        (),
    )


# Validators


_VALIDATORS: dict[int, tuple[JsonSchema, Draft202012Validator]] = {}


def _validator(schema: JsonSchema, *, trusted: bool) -> Draft202012Validator:
    """The library's validator of ``schema``, made once. Formats are never asserted: no event fails by a timestamp."""
    made = _VALIDATORS.get(id(schema))
    if made is None:
        if not trusted and view_of(schema).weight > WEIGHT_LIMIT:
            raise UnusableSchemaError("it applies more than {limit} schemas to one value", limit=WEIGHT_LIMIT)
        if len(_VALIDATORS) >= _CACHED:
            _VALIDATORS.clear()
        made = _VALIDATORS[id(schema)] = (schema, _make(schema))  # the schema is kept so that its id stays its own
    return made[1]


def _make(schema: JsonSchema) -> Draft202012Validator:
    import jsonschema_rs

    try:
        return jsonschema_rs.Draft202012Validator(schema, retriever=_never, validate_formats=False)
    except jsonschema_rs.ValidationError as error:
        if type(error.kind).__name__ == "Referencing":
            raise UnusableSchemaError(
                "it refers to something that is not in the file, and nothing else is ever read",
            ) from error
        raise UnusableSchemaError(
            "what stands at {place} is not what JSON Schema allows there",
            place=format_path(tuple(error.instance_path)) or Phrase("its root"),
        ) from error
    except ValueError as error:  # nested beyond what the library takes, or no UTF-8
        raise UnusableSchemaError("it is nested too deep, or holds text that is no Unicode") from error


def _never(address: str) -> Any:
    raise LookupError(address)
