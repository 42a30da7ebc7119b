"""What there is to be found in an exchange."""

from __future__ import annotations

import base64
import gzip
import json

import pytest

from fgtui.events.codecs import LAYER_LIMIT
from fgtui.invoke.model import HandlerError, Raised, Rejected, Returned
from fgtui.sessions.search.text import indexed_words, opened, recorded_texts, shortened, texts_of
from tests.factories import an_exchange


def b64(content: str | bytes) -> str:
    return base64.b64encode(content.encode() if isinstance(content, str) else content).decode()


def inside(text: str) -> list[str]:
    return list(opened(text.encode("utf-8", "surrogateescape"), text))


@pytest.mark.parametrize(
    ("wrapped", "innermost"),
    [
        pytest.param(json.dumps({"data": b64("<Buffer>")}), "<Buffer>", id="base64"),
        pytest.param(json.dumps([b64("hello")]), "hello", id="short-base64"),
        pytest.param(json.dumps([b64("失败").rstrip("=")]), "失败", id="base64-without-padding"),
        pytest.param(json.dumps([base64.urlsafe_b64encode(b"?>?>?>~~~").decode()]), "?>?>?>~~~", id="base64url"),
        pytest.param(json.dumps([b64(gzip.compress(b"deep inside"))]), "deep inside", id="gzip"),
        pytest.param(json.dumps({"a": json.dumps({"b": json.dumps(["c d"])})}), '["c d"]', id="json-in-json-in-json"),
        pytest.param(json.dumps(["失败"]), "失败", id="escaped-chinese"),
        pytest.param(json.dumps([b64(json.dumps({"x": b64("two layers")}))]), "two layers", id="base64-in-base64"),
        pytest.param('{"key": "a%20b%E5%A4%B1.png"}', "a b失.png", id="percent-signs"),
        pytest.param(b64("a whole body of base64"), "a whole body of base64", id="no-json"),
        pytest.param(json.dumps([b64("first"), "line\nend"]), "line\nend", id="several"),
    ],
)
def test_encoded_strings_are_opened_through_every_layer(wrapped: str, innermost: str) -> None:
    assert innermost in inside(wrapped)


@pytest.mark.parametrize(
    "text",
    ["", "{}", '"', '"unclosed', '{"a": "b"}', '["AAAAAAAAAAAAAAAA"]', '["eventVersion", "handlers", "%zz"]', "\udcff"],
)
def test_what_is_not_encoded_gives_nothing(text: str) -> None:
    assert [piece for piece in inside(text) if piece not in text] == []


def test_a_compressed_body_is_opened_and_a_bomb_is_not() -> None:
    assert list(opened(gzip.compress(b"compressed"), "")) == ["compressed"]
    assert list(opened(gzip.compress(bytes(40_000_000)), "")) == []


def test_layers_end_somewhere() -> None:
    text = "core"
    for _ in range(9):
        text = json.dumps([text])
    assert len(inside(text)) <= 5


def test_long_runs_of_base64_are_cut_and_long_words_of_a_path_are_not() -> None:
    assert shortened("A" * 5000) == "A" * 64 + "…"
    path = "/".join(["a-rather-long-folder"] * 4) + ".json"
    assert shortened(f'{{"path": "{path}", "rest": "{"x " * 100}"}}').count(path) == 1


def test_everything_an_exchange_says_is_searched_with_its_part() -> None:
    outcome = Raised(
        body=b'"answer"', logs="a log", request_id="req-1", headers=(("X-Kind", "odd"),),
        error=HandlerError("ValueError", "boom", ("line 3",)),
    )  # fmt: skip
    exchange = an_exchange(json.dumps({"d": b64("decoded text")}), outcome, note="noted", tags=("slow", "marked"))
    parts = list(texts_of(exchange))
    assert [part for part, _ in parts] == [
        "note", "tags", "event", "decoded", "result", "error", "logs", "headers", "id",
    ]  # fmt: skip
    texts = dict(parts)
    assert texts["error"] == "ValueError\nboom\nline 3"
    assert texts["headers"] == "X-Kind: odd"
    assert texts["id"] == f"{exchange.id}\nreq-1"


def test_notes_and_tags_are_not_in_the_index_and_all_else_is() -> None:
    exchange = an_exchange('{"key": "失败"}', Rejected(code="FSS.0406", message="no way"), note="noted", tags=("slow",))
    words = indexed_words(exchange)
    assert {"key", "失败", "fss", "0406", "way"} <= words
    assert not words & {"noted", "slow"}


def test_bytes_that_are_no_text_are_searched_as_far_as_they_are() -> None:
    exchange = an_exchange(b"\xff\xfebinary\x00word", Returned(body=b"\x89PNG\r\n"))
    assert {"binary", "word", "png"} <= indexed_words(exchange)
    assert list(recorded_texts(exchange))


def test_as_many_layers_are_opened_as_are_anywhere_else_and_one_more_is_not() -> None:
    wrapped = "needle in a stack"
    for layer in range(1, LAYER_LIMIT + 2):
        wrapped = b64(wrapped)
        assert ("needle in a stack" in inside(json.dumps([wrapped]))) is (layer <= LAYER_LIMIT)
