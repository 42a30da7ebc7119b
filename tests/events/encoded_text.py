"""Strategies that write events as text: any whitespace, any spelling of strings, encoded strings in encoded strings."""

from __future__ import annotations

import base64
import gzip
import json
from functools import cache

from hypothesis import strategies as st

from fgtui.events.catalogue import Catalogue, Trigger, samples_root
from fgtui.events.layout import compact, spaced

NAMES = st.sampled_from(
    ["a", "b c", "data", "lts", "logs", "body", "isBase64Encoded", "Records", "s3", "object", "key", "user_event",
     "records", "dds", "token", "Message", "$base64", "$json", "$gzip", "$form", "$literal", "$oid", "$bsae64", ""]
)  # fmt: skip
GAPS = st.sampled_from(["", "", " ", "\n", "\n  ", "\t", "\r\n"])
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12) | st.sampled_from(
    [
        "test",
        "notification",
        "1167bf8c-87b0-43ab-8f5f-26b16c64f252",
        "photos%2Fa+b.png",
        "photos%2fa.png",
        "d2VsY29tZQ==",
        "",
        "{}",
    ]
)
NUMBERS = st.integers().map(str) | st.sampled_from(["52.0", "-0", "1E400", "1.10", "12345678901234567890123", "1e-999"])


def slashed(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("/", "\\/")


def lone(value: str) -> str:
    return json.dumps(value)[:-1] + '\\ud83d"'


SPELLINGS = st.sampled_from(
    [
        json.dumps,
        lambda value: json.dumps(value, ensure_ascii=False),
        slashed,
        lone,
        lambda value: json.dumps(value, ensure_ascii=False),
    ]
)
LAYOUTS = st.sampled_from([str, compact, compact, spaced, spaced])


def b64(data: str | bytes) -> str:
    return base64.b64encode(data.encode() if isinstance(data, str) else data).decode()


WRAPS = [
    str,
    b64,
    lambda text: b64(text).rstrip("="),
    lambda text: base64.urlsafe_b64encode(text.encode()).decode(),
    lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
    lambda text: b64(gzip.compress(text.encode(), mtime=0)),
    lambda text: b64(gzip.compress(text.encode(), compresslevel=1, mtime=7)),
    lambda text: base64.encodebytes(text.encode()).decode(),
]


@st.composite
def strings(draw: st.DrawFn) -> str:
    return draw(SPELLINGS)(draw(WORDS))


@st.composite
def containers(draw: st.DrawFn, values: st.SearchStrategy[str]) -> str:
    gap = lambda: draw(GAPS)  # noqa: E731
    if draw(st.booleans()):
        items = [f"{gap()}{draw(values)}{gap()}" for _ in range(draw(st.integers(0, 3)))]
        return f"[{','.join(items)}{gap() if not items else ''}]"
    members = [
        f"{gap()}{json.dumps(draw(NAMES))}{gap()}:{gap()}{draw(values)}{gap()}" for _ in range(draw(st.integers(0, 3)))
    ]
    return f"{{{','.join(members)}{gap() if not members else ''}}}"


@st.composite
def encoded(draw: st.DrawFn, values: st.SearchStrategy[str]) -> str:
    text = draw(LAYOUTS)(draw(values))
    for wrap in draw(st.lists(st.sampled_from(WRAPS), min_size=1, max_size=2)):
        text = wrap(text)
    return draw(SPELLINGS)(text)


VALUES = st.recursive(
    NUMBERS | strings() | st.sampled_from(["true", "false", "null"]),
    lambda inner: containers(inner) | containers(inner) | encoded(inner),
    max_leaves=16,
)
EVENTS = st.builds(lambda before, value, after: before + value + after, GAPS, VALUES, GAPS)
"""JSON text of an event, as bad as it gets."""


@cache
def catalogue() -> Catalogue:
    return Catalogue([samples_root()])


def trigger(key: str) -> Trigger:
    return catalogue().get(key)


TRIGGERS = st.sampled_from(
    ["lts", "obs", "apig", "dis", "timer", "dds", "async-destination", "geminidb-dynamodb", None]
).map(lambda key: None if key is None else trigger(key))
SAMPLES = [
    (each.key, file)
    for each in catalogue().triggers
    for file in sorted(each.folder.rglob("*.json"))
    if file.name != "schema.json"
]
