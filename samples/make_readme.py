"""Writes samples/README.md from the trigger folders: ``python samples/make_readme.py``. A test compares."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

SAMPLES = Path(__file__).resolve().parent
sys.path.insert(0, str(SAMPLES.parent))

from fgtui.events.catalogue import Catalogue, Trigger, samples_root  # noqa: E402  # from this checkout
from fgtui.events.patterns import spell  # noqa: E402
from fgtui.events.schema import view_of  # noqa: E402

INTRODUCTION = """\
# Samples

Made by `python samples/make_readme.py` from the folders below; a test keeps it true.

`events/<trigger>/` holds what fgtui knows of a trigger: `trigger.toml` (names, invocation, how its events are told from
others), `schema.json` (every field, and what is encoded in it), `default.json` and a file for each other template.
Adding a trigger is adding a folder, here or as your own in `.fgtui/events/` beside `fgtui.toml`.

Some triggers carry the events of others, as a topic carries what a bucket reports: `fgtui wrap` and `fgtui unwrap`, and
`[carries]` in the trigger.toml.

`events/apig/responses/` holds what a function behind API Gateway returns, `events/apig/edge/` an event that is wrong
on purpose. `handlers/` holds small handlers to send events to.
"""


def page() -> str:
    """The whole page."""
    triggers = Catalogue([samples_root()]).triggers
    return "\n".join([INTRODUCTION, *_triggers(triggers), "", *_templates(triggers)]) + "\n"


def _triggers(triggers: tuple[Trigger, ...]) -> Iterator[str]:
    yield "## Triggers\n"
    yield "| key | name | 名称 | invocation | fires when | base64 in | carries another event in |"
    yield "|---|---|---|---|---|---|---|"
    for trigger in triggers:
        mode = {"either": "either way"}.get(trigger.mode, trigger.mode)
        fields = "<br>".join(f"`{field}`" for field in _base64_fields(trigger)) or "–"
        yield _row(f"`{trigger.key}`", trigger.name, trigger.name_zh, mode, trigger.summary, fields, _carries(trigger))


def _templates(triggers: tuple[Trigger, ...]) -> Iterator[str]:
    yield "## Templates\n"
    yield "| trigger | template | what it is | 说明 | source | date |"
    yield "|---|---|---|---|---|---|"
    for trigger in triggers:
        for each in trigger.templates:
            file = f"[`{each.name}`](events/{trigger.key}/{each.file.name})"
            yield _row(f"`{trigger.key}`", file, each.title, each.title_zh, each.source, each.date or "–")


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _base64_fields(trigger: Trigger) -> list[str]:
    flagged = {spell(place): spell(flag) for place, flag in trigger.rules.base64_flags}
    fields = dict.fromkeys(_encoded(trigger.schema, trigger.schema, "", frozenset()))
    return [f"{field}, if {flagged[field]}" if field in flagged else field for field in fields]


def _carries(trigger: Trigger) -> str:
    rules = trigger.rules.carrying
    if rules is None:
        return "–"
    how = {"text": "as text", "base64": "in base64", "value": "as it is"}[rules.codec]
    return "<br>".join(f"`{spell(place)}`" for place in rules.at) + f", {how}"


def _encoded(schema: Any, root: dict[str, Any], place: str, above: frozenset[int]) -> Iterator[str]:
    """The places, below ``place``, of strings in base64; the members of a recursive schema are told once."""
    if not isinstance(schema, dict) or id(schema) in above:
        return
    above |= {id(schema)}
    if "contentEncoding" in schema:
        yield place
    yield from _encoded(view_of(root).resolve(schema.get("$ref")), root, place, above)
    for key in ("allOf", "anyOf", "oneOf"):
        for each in schema.get(key, ()):
            yield from _encoded(each, root, place, above)
    for key in ("if", "then", "else"):
        yield from _encoded(schema.get(key), root, place, above)
    for name, member in schema.get("properties", {}).items():
        yield from _encoded(member, root, f"{place}.{name}" if place else name, above)
    yield from _encoded(schema.get("additionalProperties"), root, f"{place}.*", above)
    yield from _encoded(schema.get("items"), root, f"{place}[*]", above)


if __name__ == "__main__":
    (SAMPLES / "README.md").write_text(page(), encoding="utf-8")
