"""Fixes for what the validation finds: values, names and encodings that are not as the trigger has them."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Iterator

from fgtui.errors import EventError
from fgtui.events.lexis import STRICT_NUMBER
from fgtui.events.mending import Fix, Ground
from fgtui.events.model import Problem
from fgtui.events.packing import base64_encode, form_encode
from fgtui.events.path import format_path, parse_path
from fgtui.events.reach import Spot
from fgtui.events.reasons import base64_reason
from fgtui.events.sample_values import declared, sample_content, sample_literal
from fgtui.events.text import Kind, is_json, quote, scan
from fgtui.words import nearest

_OPTIONS = 12
"""Values that are offered for one place."""
_TO_STANDARD = str.maketrans("-_", "+/", "= \t\r\n")


# Types


def _type(ground: Ground, problem: Problem) -> Iterator[Fix]:
    """The same value in another type where nothing is lost, else one that the schema gives."""
    spot = ground.spot(problem.path)
    kinds = spot.scope.info(spot.inner).type.split(" or ")
    for literal in _converted(spot, kinds):
        yield ground.writing(problem.path, literal, "write {value}", is_certain=True, value=_short(literal))
    yield from fixes_of_schema(ground, problem)


def _converted(spot: Spot, kinds: list[str]) -> Iterator[str]:
    literal = spot.document.literal(spot.node)
    kind = spot.node.kind
    if kind is Kind.STRING:
        yield from _out_of_text(spot.document.string(spot.node), kinds)
    elif "string" in kinds and kind in {Kind.NUMBER, Kind.TRUE, Kind.FALSE}:
        yield quote(literal)
    if "array" in kinds and kind in {Kind.OBJECT, Kind.STRING, Kind.NUMBER} and "[" not in literal[:2]:
        yield f"[{literal}]"


def _out_of_text(text: str, kinds: list[str]) -> Iterator[str]:
    """What a string says, as a value of its own."""
    stripped = text.strip(" \t\r\n")
    is_whole = text.lstrip("-").isdecimal()
    if STRICT_NUMBER.fullmatch(text) and ("number" in kinds or ("integer" in kinds and is_whole)):
        yield text
    if "boolean" in kinds and text in {"true", "false"}:
        yield text
    if "null" in kinds and text == "null":
        yield text
    is_wanted = (stripped.startswith("{") and "object" in kinds) or (stripped.startswith("[") and "array" in kinds)
    if is_wanted and is_json(stripped):
        yield stripped


def fixes_of_schema(ground: Ground, problem: Problem) -> Iterator[Fix]:
    """Any value that the schema gives for the place."""
    info = ground.info(problem.path)
    if info is None or not info.known:
        return
    spot = ground.spot(problem.path)
    if info.encoding is not None and spot.node.kind is Kind.STRING:
        return
    literals = [*declared(info)[:_OPTIONS], sample_literal(spot.scope, spot.inner)]
    for literal in dict.fromkeys(literals):
        yield ground.writing(problem.path, literal, "write {value}", value=_short(literal))


def _allowed(ground: Ground, problem: Problem) -> Iterator[Fix]:
    info, spot = ground.info(problem.path), ground.spot(problem.path)
    found = spot.document.string(spot.node)
    texts = [each for each in info.allowed if isinstance(each, str)] if info else []
    near = nearest(found, texts) if spot.node.kind is Kind.STRING else None
    if near is not None:
        certain = near.lower() == found.strip().lower()
        yield ground.writing(problem.path, quote(near), "write {value}", is_certain=certain, value=quote(near))
    yield from fixes_of_schema(ground, problem)


def _limit(ground: Ground, problem: Problem) -> Iterator[Fix]:
    limit = problem.values.get("limit")
    if isinstance(limit, int | float) and not isinstance(limit, bool):
        step = {"schema-exclusive-minimum": 1, "schema-exclusive-maximum": -1}.get(problem.code, 0)
        literal = json.dumps(limit + step)
        yield ground.writing(problem.path, literal, "write {value}", value=literal)
    yield from fixes_of_schema(ground, problem)


def _too_few(ground: Ground, problem: Problem) -> Iterator[Fix]:
    """One more item, as the schema describes it."""
    spot = ground.inside(problem.path, sys.maxsize)
    count = sum(1 for _ in spot.document.children(spot.node))
    literal = sample_content(spot.scope, (*spot.inner, count))
    yield ground.putting((*problem.path, count), literal, "add an item: {value}", value=_short(literal))


def _forbidden(ground: Ground, problem: Problem) -> Iterator[Fix]:
    yield ground.removing(problem.path, "take it out")


# Members


def _missing(ground: Ground, problem: Problem) -> Iterator[Fix]:
    """All that an object lacks, in one."""
    spot = ground.inside(problem.path, "")
    there = {child.key for child in spot.document.children(spot.node)}
    names = [name for name in spot.scope.required(spot.inner) if name not in there]
    text, made = ground.document.text, Ground(ground.document, ground.trigger, decoded=ground.decoded)
    for name in names:
        literal = sample_content(spot.scope, (*spot.inner, name))
        fix = made.putting((*problem.path, name), literal, "")
        splice = fix.splices[0]
        text = text[: splice.start] + splice.text + text[splice.end :]
        made = Ground(scan(text), ground.trigger, decoded=ground.decoded)
    yield ground.to_text(text, "add {names}", names=", ".join(names))


def _unknown(ground: Ground, problem: Problem) -> Iterator[Fix]:
    name = str(problem.path[-1])
    spot = ground.spot(problem.path)
    near = nearest(name, spot.scope.members(spot.inner[:-1]))
    if near is not None:
        certain = near.lower() == name.lower()
        yield ground.renaming(problem.path, near, "call it {name}", is_certain=certain, name=near)
    yield ground.removing(problem.path, "take it out")


# Encodings


def _base64(ground: Ground, problem: Problem) -> Iterator[Fix]:
    spot = ground.spot(problem.path)
    text = spot.document.string(spot.node)
    repaired = text.translate(_TO_STANDARD)
    repaired += "=" * (-len(repaired) % 4)
    if repaired and base64_reason(repaired) is None:
        words = "spell the base64 as it should be"
        yield ground.writing(problem.path, quote(repaired), words, is_certain=True)
    encoded = base64_encode(text.encode("utf-8", "surrogatepass"))
    yield ground.writing(problem.path, quote(encoded), "encode it as base64")
    if spot.expected is not None and spot.expected.schema is not None:
        literal = sample_literal(spot.scope, spot.inner)
        yield ground.writing(problem.path, literal, "write {value}", value=_short(literal))
    yield from _flag(ground, problem, "false")


def _looks_like_base64(ground: Ground, problem: Problem) -> Iterator[Fix]:
    yield from _flag(ground, problem, "true")


def _flag(ground: Ground, problem: Problem, literal: str) -> Iterator[Fix]:
    flag = problem.values.get("flag")
    if isinstance(flag, str):
        path = parse_path(flag)
        yield ground.writing(path, literal, "set {flag} to {value}", flag=format_path(path), value=literal)


def _form(ground: Ground, problem: Problem) -> Iterator[Fix]:
    spot = ground.spot(problem.path)
    text = spot.document.string(spot.node)
    literal = quote(form_encode(text.encode("utf-8", "surrogatepass")))
    yield ground.writing(problem.path, literal, "encode it for a URL: {value}", value=_short(literal))


def _content(ground: Ground, problem: Problem) -> Iterator[Fix]:
    """Text that is JSON but for a comma or so, made JSON; else a value that the schema gives."""
    spot = ground.spot(problem.path)
    layer = spot.layer()
    text = layer.text if layer else spot.document.string(spot.node)
    if text is not None and text.strip():
        try:
            strict = scan(text).wire().strip(" \t\r\n")
        except EventError:
            pass
        else:
            inside = layer.reclose(strict) if layer else strict
            yield ground.writing(problem.path, quote(inside), "make it strict JSON", is_certain=True)
    literal = sample_content(spot.scope, spot.inner)
    yield ground.putting(problem.path, literal, "write {value} into it", value=_short(literal))


# Rules of the trigger


def _event_name(ground: Ground, problem: Problem) -> Iterator[Fix]:
    types = ground.trigger.rules.event_types if ground.trigger else None
    spot = ground.spot(problem.path)
    meant = types.meant_by(spot.document.string(spot.node)) if types else ()
    for name in meant:
        yield ground.writing(problem.path, quote(name), "write {value}", is_certain=len(meant) == 1, value=quote(name))


def _placeholder(ground: Ground, problem: Problem) -> Iterator[Fix]:
    spot = ground.spot(problem.path)
    info = spot.scope.info(spot.inner)
    if info.encoding is not None:
        literal = sample_content(spot.scope, spot.inner)
        yield ground.putting(problem.path, literal, "write {value} into it", value=_short(literal))
        return
    for literal in dict.fromkeys([*declared(info)[:_OPTIONS], sample_content(spot.scope, spot.inner), '""']):
        yield ground.writing(problem.path, literal, "write {value}", value=_short(literal))


def _short(literal: str) -> str:
    return literal if len(literal) <= 60 else literal[:59] + "…"


FIXES_OF_VALUES: dict[str, Callable[[Ground, Problem], Iterable[Fix]]] = {
    "content-not-json": _content,
    "event-name": _event_name,
    "looks-like-base64": _looks_like_base64,
    "missing-field": _missing,
    "not-base64": _base64,
    "not-form-encoded": _form,
    "placeholder": _placeholder,
    "schema-exclusive-maximum": _limit,
    "schema-exclusive-minimum": _limit,
    "schema-false-schema": _forbidden,
    "schema-maximum": _limit,
    "schema-min-items": _too_few,
    "schema-minimum": _limit,
    "schema-type": _type,
    "schema-value": _allowed,
    "unknown-field": _unknown,
}
"""What makes the fixes of each code that the validation gives; ``fixes_of_schema`` serves those of schemas left."""
