"""A document that holds only what a query reads, and bytes that are looked at first, change nothing of its answer."""

from __future__ import annotations

import json
import zlib
from typing import Any

import jmespath
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fgtui.events.catalogue import samples_root
from fgtui.invoke.model import Exchange, TimedOut
from fgtui.records import replace
from fgtui.sessions.format import document
from fgtui.sessions.query.closures import compiled, is_false
from fgtui.sessions.query.documents import DAMAGE, Documents, Recorded
from fgtui.sessions.query.fast_json import fast_content_value
from fgtui.sessions.query.prefilter import clauses, ruling_out
from fgtui.sessions.query.tree import parts_read
from fgtui.sessions.redaction.redactor import Redactor
from fgtui.sessions.storage.content import unpacked, unpacked_to
from fgtui.sessions.storage.rows import encode
from fgtui.sessions.store import _kept
from tests.factories import an_event, an_exchange
from tests.sessions import strategies

WORDS = ("a", "ab", "处理", "a/b", 'q"t', "ERROR", "x y", "\\", "é", "", "b\n")
_json = st.recursive(
    st.sampled_from([*WORDS, 1, 2.5, None, True]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b", "c"]), inner, max_size=3),
    max_leaves=8,
)
wires = st.one_of(
    st.builds(lambda value, plain: json.dumps({"a": value, "b": value}, ensure_ascii=not plain).encode(), _json, st.booleans()),
    _json.map(lambda value: json.dumps(value).replace("/", "\\/").encode()),
    st.sampled_from([b"", b"plain a", b"\xffab", b'{"a": "\\u0061b"}', b'{"a": "a\\/b"}', "处理".encode()]),
)  # fmt: skip
exchanges = st.builds(
    lambda exchange, wire, body, logs: replace(
        exchange,
        event=replace(exchange.event, wire=wire),
        outcome=replace(exchange.outcome, body=body, logs=logs),
    ),
    strategies.exchanges,
    wires,
    wires,
    st.lists(st.sampled_from(WORDS), max_size=3).map("".join),
)
PATHS = (
    "event.body", "event.body.a", "event.body.b.c", "event.body[0]", "event.body.a[0].b", "event.wire", "event.wire_base64", "event.trigger", "event.redacted",
    "outcome.result", "outcome.result.a", "outcome.body", "outcome.logs", "outcome.kind", "outcome.duration_ms", "outcome.init_ms", "outcome.status_code",
    "outcome.headers", "outcome.error", "outcome.error.limit_s", "outcome.error.message", "target.spec", "id", "seq", "session", "note", "tags", "tags[0]",
    "started_at", "format", "replay_of", "event", "outcome", "@", "*", "event.*", "nothing", "event.nothing", "event.decoded", "event.decoded.a", "outcome.*[0]",
)  # fmt: skip
_words = st.sampled_from(WORDS).map(lambda word: "`" + json.dumps(word).replace("`", "\\`") + "`")
_paths = st.sampled_from(PATHS)
_leaves = st.one_of(
    _paths,
    st.builds("{} == {}".format, _paths, _words),
    st.builds("{} == {}".format, _words, _paths),
    st.builds("{} != {}".format, _paths, _words),
    st.builds("{}({}, {})".format, st.sampled_from(["contains", "starts_with", "ends_with"]), _paths, _words),
    st.builds("{}[?a == {}]".format, _paths, _words),
    st.builds("{}[?@ == {} || b]".format, _paths, _words),
    st.builds("{}.[{}]".format, st.sampled_from(["event", "outcome", "@"]), st.sampled_from(["body", "logs", "body.a", "kind", "@"])),
    st.builds("to_string({})".format, _paths),
    st.builds("length({}) > `1`".format, _paths),
    st.builds("keys({})".format, _paths),
    st.builds("({} || event).{}".format, _paths, st.sampled_from(["body", "trigger", "a"])),
    st.builds("{{x: {}, y: {}}}".format, _paths, _paths),
    st.builds("sort_by([event, outcome], &to_string({}))".format, st.sampled_from(["kind", "body", "logs"])),
)  # fmt: skip
expressions = st.recursive(
    _leaves,
    lambda inner: st.one_of(
        st.builds("({} && {})".format, inner, inner),
        st.builds("({} || {})".format, inner, inner),
        inner.map("!({})".format),
        st.builds("({} | @)".format, inner),
        st.builds("[{}, {}][0]".format, inner, inner),
    ),
    max_leaves=4,
)


def row_of(exchange: Exchange, seq: int = 7) -> Recorded:
    """As the store gives it back."""
    encoded = encode(exchange)
    packed, head, wire, answer, crc, data = encoded.content
    note, tags = encoded.row[-2:]
    assert isinstance(note, str | bytes)
    assert isinstance(tags, str)
    return Recorded(seq, note, tags, head, wire, answer, unpacked(packed, crc, data))


def told(tree: Any, of: object) -> str:
    try:
        return repr(compiled(tree)(of))
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def check(exchange: Exchange, expression: str) -> None:
    exchange = _kept(Redactor(()), replace(exchange, session="s", seq=7))
    tree: Any = jmespath.compile(expression).parsed
    decoded = "decoded" in expression
    whole = document(exchange, decoded=decoded)
    result, row = told(tree, whole), row_of(exchange)
    for keeps_result in (True, False):
        parts = parts_read(tree, keeps_result=keeps_result)
        documents = Documents(session="s", parts=parts, decoded=decoded, roots=())
        documents.read = fast_content_value()
        if documents.needs_head_alone:
            row = row._replace(content=row.content[: row.head])
            assert not keeps_result or truth(result) is not True or not ruling_out(clauses(tree))(row.content)
        for partial in (documents.of_row(row), documents.of_exchange(exchange)):
            found = told(tree, partial)
            if keeps_result:
                assert found == result
            else:
                assert truth(found) == truth(result)
    if ruling_out(clauses(tree))(row.content):
        assert truth(result) is False, "an exchange was ruled out that matches, or cannot be tried"


def truth(result: str) -> bool | str:
    return result if "Error" in result else not is_false(eval(result, {}))


@settings(max_examples=80)
@given(exchanges, st.lists(expressions, min_size=1, max_size=3))
def test_a_query_says_of_the_parts_it_reads_what_it_says_of_the_whole(exchange: Exchange, asked: list[str]) -> None:
    for expression in asked:
        check(exchange, expression)


@pytest.mark.parametrize(
    ("expression", "parts"),
    [
        ("event.body.a == 'x'", {"body"}),
        ("outcome.kind == 'raised' && contains(outcome.logs, 'x')", {"head", "logs"}),
        ("(event || outcome).body", {"body", "answer"}),
        ("event.{a: body, b: wire}", {"body", "wire"}),
        ("event.decoded.lts", {"decoded"}),
        ("event | wire_base64", {"wire"}),
        ("outcome.[result, body_base64]", {"result", "answer"}),
        ("seq > `5` || session == 'x' || note || tags", {"seq", "session", "note", "tags"}),
        ("event.body.Records[?s3.event == 'x'].outcome | [0]", {"body"}),
        ("@", set()),
        ("event && outcome", set()),
        ("keys(event)", {"whole"}),
        ("*.body", {"whole"}),
        ("to_string(@)", {"whole"}),
    ],
)
def test_no_more_is_read_than_an_expression_names(expression: str, parts: set[str]) -> None:
    assert parts_read(jmespath.compile(expression).parsed, keeps_result=False) == parts


@pytest.mark.parametrize(
    ("expression", "needed"),
    [
        ("event.body.a == 'abc'", [(b"abc",)]),
        ("'abc' == outcome.result.b[0].c", [(b"abc",)]),
        ("event.body.a == 'abc' && contains(outcome.logs, 'boom')", [(b"abc",), (b"boom",)]),
        ("event.body.a == 'abc' || event.body.a == '处理'", [(b"abc", "处理".encode())]),
        ("event.body.Records[?name == 'x1']", [(b"x1",)]),
        ("event.body.key == 'photos/2026.png'", [(b"2026.png",)]),
        ("outcome.error.type == 'KeyError'", [(b"KeyError",)]),
        ("length(event.body.a) > `0` && event.body.b == 'abc'", []),  # the first can fail
        ("contains(event.body.a, 'abc')", []),  # can fail
        ("event.decoded.a == 'abc'", []),
        ("event.wire_base64 == 'abc'", []),
        ("note == 'abc'", []),
        ("tags[0] == 'abc'", []),
        ("event.body.a != 'abc'", []),
        ("event.body.n == `5`", []),
        ("event.body.a == ''", []),
        ("event.body.a == '\"'", []),
        ("!(event.body.a == 'abc')", []),
        ("outcome.logs.a == 'abc'", []),
    ],
)
def test_what_must_stand_in_the_bytes(expression: str, needed: list[tuple[bytes, ...]]) -> None:
    assert list(clauses(jmespath.compile(expression).parsed)) == needed


def test_an_escape_anywhere_rules_nothing_out() -> None:
    is_ruled_out = ruling_out(((b"abc",), (b"def", b"ghi")))
    assert is_ruled_out(b"abc")
    assert is_ruled_out(b"def")
    assert not is_ruled_out(b"abc ghi")
    assert not is_ruled_out(b"\\u0061bc")


def test_encoded_strings_are_opened_by_the_triggers_schema() -> None:
    event = an_event((samples_root() / "events" / "lts" / "default.json").read_bytes(), "lts")
    documents = Documents(session="s", parts=frozenset({"decoded"}), decoded=True, roots=(str(samples_root()),))
    decoded = documents.of_row(row_of(an_exchange(event)))["event"]["decoded"]
    assert "line_no" in decoded["lts"]["data"]["logs"][0]


def test_an_event_that_is_no_json_is_opened_as_itself() -> None:
    documents = Documents(session="s", parts=frozenset({"decoded"}), decoded=True, roots=())
    assert documents.of_row(row_of(an_exchange("not json")))["event"]["decoded"] == "not json"


@pytest.mark.parametrize(
    "head", [b"", b"[]", b"{}", b'{"outcome": {}, "event": {}}', b'{"outcome": {"kind": "timed_out"}}', b"\xff"]
)
def test_a_head_that_is_none_is_damage(head: bytes) -> None:
    row = Recorded(1, "", "[]", len(head), 0, 0, head)
    for parts in ({"head"}, {"whole"}):
        with pytest.raises(DAMAGE):
            Documents(session="s", parts=frozenset(parts), decoded=False, roots=()).of_row(row)


def test_bytes_that_were_changed_are_damage() -> None:
    packed = zlib.compress(b"x" * 100)
    for crc, data in ((0, packed), (zlib.crc32(packed[:-1]), packed[:-1]), (zlib.crc32(b"?"), b"?")):
        with pytest.raises(DAMAGE):
            unpacked(1, crc, data)
    with pytest.raises(DAMAGE):
        unpacked_to(10, 1, 0, packed)


def test_the_beginning_alone_can_be_unpacked() -> None:
    content = bytes(range(256)) * 40
    packed = zlib.compress(content)
    assert unpacked_to(300, 1, zlib.crc32(packed), packed) == content[:300]
    assert unpacked_to(300, 0, zlib.crc32(content), content) == content[:300]


PARTS = {
    "event.body": "body",
    "event.decoded": "decoded",
    "event.wire": "wire",
    "event.wire_base64": "wire",
    "outcome.result": "result",
    "outcome.body": "answer",
    "outcome.body_base64": "answer",
    "outcome.logs": "logs",
    "outcome.duration_ms": "head",
    "outcome.init_ms": "head",
    "outcome.memory_mb": "head",
    "outcome.error": "head",
    "note": "note",
    "tags": "tags",
}


@pytest.mark.parametrize("wire", [b'{"n": 1.10}', b"\xff\xfe", '"处理 \\ud800"'.encode(), b""])
@pytest.mark.parametrize("path", PARTS)
def test_every_part_by_itself_is_what_it_is_in_the_whole(path: str, wire: bytes) -> None:
    outcome = TimedOut(
        limit_s=3, body=wire, logs="half \ud800 and 处理\n", duration_ms=3000, init_ms=7, memory_mb=64, cold_start=True
    )
    exchange = replace(an_exchange(an_event(wire), outcome, note="half \udfff", tags=("处理",)), session="s", seq=7)
    tree: Any = jmespath.compile(path).parsed
    documents = Documents(session="s", parts=frozenset({PARTS[path]}), decoded=True, roots=())
    expected: Any = jmespath.compile(path).search(document(exchange, decoded=True))
    assert repr(compiled(tree)(documents.of_row(row_of(exchange)))) == repr(whole_numbers_as_read(path, expected))


def whole_numbers_as_read(path: str, value: Any) -> Any:
    """Times and memory are read as numbers with a fraction, however they were given."""
    if path == "outcome.error":
        return {**value, "limit_s": float(value["limit_s"])}
    return float(value) if path.endswith(("_ms", "_mb")) else value
