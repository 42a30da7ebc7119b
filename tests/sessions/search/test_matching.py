"""Whether an exchange has what is wanted, and what is shown of it."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest
from hypothesis import given, settings

from fgtui.invoke.model import Exchange
from fgtui.sessions.interchange.json_lines import JsonLines, write_jsonl
from fgtui.sessions.model import Hit
from fgtui.sessions.search.matching import EXCERPT, hit_in, search_recording
from fgtui.sessions.search.words import Wanted
from tests.factories import an_exchange
from tests.sessions.strategies import exchanges


def hit(wanted: str, exchange: Exchange) -> Hit:
    found = hit_in(exchange, Wanted.parse(wanted))
    assert found is not None
    return found


def marked(found: Hit) -> list[str]:
    return [found.excerpt[start:end] for start, end in found.spans]


def test_words_may_be_in_different_texts_of_one_exchange() -> None:
    exchange = an_exchange('{"order": 7}', body='"refused"', logs="card 4411")
    found = hit("order refused 4411", exchange)
    assert (found.row.id, found.part, marked(found)) == (exchange.id, "event", ["order"])
    assert hit_in(exchange, Wanted.parse("order refused 4412")) is None


def test_the_text_that_has_most_is_shown() -> None:
    found = hit("card refused", an_exchange('{"card": 1}', body='"refused"', logs="the card was refused"))
    assert (found.part, marked(found)) == ("logs", ["card", "refused"])


def test_a_decoded_text_is_shown_without_its_escapes() -> None:
    wire = json.dumps({"Records": [{"body": json.dumps({"说": "处理失败"})}]})
    found = hit("失败", an_exchange(wire))
    assert (found.part, found.excerpt, marked(found)) == ("decoded", "处理失败", ["失败"])


def test_an_excerpt_has_one_blank_for_many_and_keeps_other_controls_to_be_seen() -> None:
    found = hit("31mred", an_exchange("{}", logs="a\r\n\t  x[/]\x1b[31mred\x1f\x00\u202e\u3000end"))
    assert found.excerpt == "a x[/]\x1b[31mred\x1f\x00\u202e end"


def test_an_excerpt_is_a_piece_around_the_first_match() -> None:
    found = hit("needle", an_exchange(logs="hay " * 500 + "\n\tNEEDLE\r\n" + "straw " * 500))
    assert marked(found) == ["NEEDLE"]
    assert found.excerpt.startswith("…")
    assert found.excerpt.endswith("…")
    assert " NEEDLE straw" in found.excerpt
    assert len(found.excerpt) <= EXCERPT + 2


def test_matches_that_touch_are_marked_as_one_and_the_others_each() -> None:
    found = hit("a失败 失败了 b", an_exchange("{}", logs="a失败了 b b a"))
    assert marked(found) == ["a失败了", "b", "b"]


def test_a_long_phrase_is_shown_whole_but_not_endlessly() -> None:
    phrase = "word " * 300
    found = hit(f'"{phrase}"', an_exchange("{}", logs=phrase))
    assert len(found.excerpt) < 450


def test_the_beginning_and_the_end_of_a_text_are_shown_as_such() -> None:
    assert hit("a", an_exchange("{}", logs="a")).excerpt == "a"


@settings(max_examples=60)
@given(exchanges)
def test_any_exchange_can_be_searched(exchange: Exchange) -> None:
    found = hit_in(exchange, Wanted.parse(f'"{exchange.id}" a') if '"' not in exchange.id else Wanted.parse("a"))
    if found is not None:
        assert all(found.excerpt[start:end] for start, end in found.spans)
        ends = [place for span in found.spans for place in span]
        assert ends == sorted(ends)


@pytest.fixture
def shared(tmp_path: Path) -> JsonLines:
    file = tmp_path / "shared.jsonl"
    write_jsonl(
        [an_exchange(f'{{"n": "n{number}"}}', number=number, seq=number, logs="ok") for number in range(1, 6)], file
    )
    return JsonLines(file)


def test_a_file_of_lines_is_searched_from_its_end(shared: JsonLines) -> None:
    assert [found.row.seq for found in search_recording(shared, "x", Wanted.parse("ok"))] == [5, 4, 3, 2, 1]
    assert [found.row.seq for found in search_recording(shared, "x", Wanted.parse("n3 ok"))] == [3]


def test_a_search_that_is_over_looks_no_further(shared: JsonLines) -> None:
    over = threading.Event()
    found = search_recording(shared, "x", Wanted.parse("ok"), cancelled=over)
    assert next(found).row.seq == 5
    over.set()
    assert list(found) == []
