"""A bug report says everything, and nothing in it is more than text."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from fgtui.events.catalogue import Catalogue, samples_root
from fgtui.invoke.model import Exchange, HandlerError, Raised, Rejected, Returned, TargetSummary, TimedOut
from fgtui.sessions.diff.changes import compare_outcomes
from fgtui.sessions.export.forms import render
from fgtui.sessions.export.reports import LOG_LIMIT, PART_LIMIT, code
from fgtui.sessions.redaction.redactor import Redactor
from fgtui.terminal.display import is_displayable
from tests.factories import an_event, an_exchange
from tests.sessions.strategies import exchanges

REDACTOR = Redactor(salt=b"0123456789abcdef")
CATALOGUE = Catalogue([samples_root()])
OURS = {"Note", "Replay", "Redacted", "Event, decoded", "Event, as sent", "Answer", "Error", "What it means",
        "Log", "Run it again"}  # fmt: skip
FOREIGN = "ZZZ"
HOSTILE = [
    FOREIGN, "`", "``", "```", "~~~", "\n", "\r", "\r\n", "# ", "- ", "> ", "<b>", "<!--", "<script>", "</pre>", "[a](b)", "![a](b)",
    "|", "*", "_", "\\", "&lt;", " ", "    ", "\t", "\x1b[2J", "\u2028", "\udcff", "---", "===", "1. ", "\x00", "http://x.y",
]  # fmt: skip


def report(exchange: Exchange, **how: object) -> str:
    trigger = CATALOGUE.find(exchange.event.trigger)
    return render(exchange, "markdown", redactor=REDACTOR, trigger=trigger, **how)


def tokens(text: str) -> list[Token]:
    """The blocks of a document, each followed by what is inside it."""
    return [inner for block in MarkdownIt("commonmark").parse(text) for inner in (block, *(block.children or ()))]


def blocks(text: str) -> list[str]:
    return [token.content for token in tokens(text) if token.type == "fence"]


def test_a_report_is_complete() -> None:
    wire = CATALOGUE.get("lts").template("default").text
    error = HandlerError("KeyError", "'owner'", ("  File index.py, line 3\n", "    x\n"))
    exchange = an_exchange(
        wire,
        Raised(error=error, logs="one\ntwo\n", duration_ms=3.21, memory_mb=31.0, cold_start=False, request_id="7f1c"),
        trigger="lts",
        session="orders",
        seq=7,
        note="look at this",
        tags=("bug",),
    )
    text = report(exchange)
    lines = text.splitlines()
    assert lines[0] == "# `lts` event to `src/index.handler`: raised `KeyError`"
    assert lines[2] == "`✗ raised KeyError: 'owner' · 3.2 ms · 31 MB`"
    for fact in (
        "- Exchange: `orders` 7, `01JD0000000000000000000001`",
        "- Sent at: 2026-11-22T09:46:01.123456Z",
        "- Request: `7f1c`",
        "- Target: `src/index.handler`, on this machine, `python3.11`, code `abababababab`",
        "- Took: 3.2 ms, warm, 31.0 MB",
        "- Note: `look at this`",
        "- Tags: `bug`",
    ):
        assert fact in lines
    assert "- Reported by: fgtui " in text
    decoded, sent, error_text, stack, log, again = blocks(text)
    assert '"$base64"' in decoded
    assert sent == wire.rstrip("\n") + "\n"
    assert (error_text, stack, log) == (
        "KeyError: 'owner'\n", "  File index.py, line 3\n    x\n", "one\ntwo\n",
    )  # fmt: skip
    assert "fgtui send - --trigger lts --target src/index.handler" in again
    assert "## Redacted" not in text


def test_an_event_with_nothing_encoded_is_said_once() -> None:
    text = report(an_exchange('{"a": 1}'))
    assert "## Event, decoded" not in text
    assert "## Event, as sent\n\n```json\n" in text


def test_characters_that_were_escaped_are_readable_and_the_event_is_also_as_sent() -> None:
    text = report(an_exchange(r'{"a": "\u72b6"}', Returned(body=rb'{"b": "\u6001\u202e", "c": 1.0}')))
    decoded, sent, answer, *_ = blocks(text)
    assert decoded == '{"a": "状"}\n'
    assert sent == '{"a": "\\u72b6"}\n'
    assert answer == '{"b": "态\\u202e", "c": 1.0}\n'
    assert "stand as themselves here" in text
    assert "stand as themselves" not in report(an_exchange(outcome=Returned(body=b"\\u6001 is no JSON")))


def test_what_was_redacted_is_listed_and_nothing_of_it_left() -> None:
    event = an_event('{"X-Auth-Token": "hunter2"}')
    outcome = Returned(body=b'"Bearer hunter2x"', headers=(("Set-Cookie", "a=hunter2"),), logs="password=hunter2")
    text = report(an_exchange(event, outcome, note="pwd=hunter2", target=TargetSummary("http", "https://u:hunter2@h/")))
    assert "hunter2" not in text
    assert "6 values were replaced" in text
    assert '`event."X-Auth-Token"`: `<redacted:' in text
    assert "a value under `X-Auth-Token`" in text
    assert "Set `X_AUTH_TOKEN` in the environment first" in text


def test_a_replay_says_what_it_repeats_and_what_came_out_differently() -> None:
    old = an_exchange(body='{"total": 1, "at": 1}', session="orders", seq=3)
    new = an_exchange(body='{"total": 2, "b": "`x`"}', number=2, replay_of=old.id, session="again", seq=1)
    text = report(new, original=old, changes=compare_outcomes(old, new).changes)
    assert "It repeats `orders` 3 of 2026-11-22T09:46:01.123456Z, which ended in `✓ returned · 3.2 ms`." in text
    assert "- `outcome.result.total`: `1` → `2`" in text
    assert "- `outcome.result.at`: removed `1`" in text
    assert '- `outcome.result.b`: added ``"`x`"``' in text
    assert "The outcome is the same." in report(new, original=old)
    assert "which is not at hand" in report(new)


def test_a_refusal_comes_with_its_meaning_the_way_out_and_whether_the_function_may_have_run() -> None:
    spec = f"urn:fss:cn-north-4:{'0' * 32}:function:default:demo:latest"
    outcome = Rejected(code="FSS.0504", message="late", status_code=504, may_have_run=True, request_id="9f`2c\x1b")
    text = report(an_exchange(outcome=outcome, target=TargetSummary("remote", spec)))
    assert f"- Target: `{spec}`, deployed" in text
    assert "nobody waits longer than the gateway" in blocks(text)[-2]
    assert "the function may have run (request 9f`2c\\e); the event was not sent again" in blocks(text)[-2]
    assert blocks(text)[-1] == f"printf '%s' '{{\"key\": \"value\"}}' | fgtui send - --target {spec}\n"


def test_a_long_event_is_cut_in_words_and_read_from_the_recording() -> None:
    wire = json.dumps({"a": "x" * 6_000_000})
    text = report(an_exchange(wire, session="it's", seq=3))
    assert len(text) < 4 * PART_LIMIT
    assert "Cut at 20,000 of 6,000,009 characters. All of it: `fgtui show 'it'\\''s' 3 --part event`" in text
    assert "fgtui show 'it'\\''s' 3 --part event | fgtui send - --target src/index.handler" in text


def test_a_long_note_has_a_place_of_its_own() -> None:
    text = report(an_exchange(note="first `line`\nsecond", tags=tuple(f"t{number}" for number in range(60))))
    assert "## Note\n\n```\nfirst `line`\nsecond\n```\n" in text
    assert "`t49` and 10 more\n" in text


def test_a_long_log_keeps_its_end() -> None:
    logs = "".join(f"line {number}\n" for number in range(100_000))
    text = report(an_exchange(outcome=TimedOut(limit_s=3, logs=logs, logs_truncated=True), session="s", seq=1))
    log = next(block for block in blocks(text) if "line 99999" in block)
    assert log.startswith("line ")
    assert LOG_LIMIT // 2 < len(log) <= LOG_LIMIT
    assert "characters before are left out. All of it: `fgtui show s 1 --part logs`" in text
    assert "the recording leaves out its middle" in text


def test_bytes_that_are_no_text_are_base64() -> None:
    text = report(an_exchange(b"\xff\x00", body=b"\xfe"))
    assert "2 bytes that are no UTF-8, as base64:\n\n```\n/wA=\n```" in text
    assert "fgtui send would not send it as it is" in text


def test_the_way_to_run_it_again_is_whole(tmp_path: Path) -> None:
    text = report(an_exchange('{\n  "a": 1\n}\n'))
    assert "```sh\nfgtui send - --target src/index.handler <<'EOF'\n{\n  \"a\": 1\n}\nEOF\n```" in text


@settings(max_examples=30)
@given(exchanges)
def test_any_exchange_can_be_reported(exchange: Exchange) -> None:
    text = report(exchange)
    assert is_displayable(text)
    assert text.encode()
    assert {token.content for token in headings(text)[1:]} <= OURS


def headings(text: str) -> list[Token]:
    every = tokens(text)
    return [after for token, after in pairwise(every) if token.type == "heading_open"]


hostile = st.lists(st.sampled_from(HOSTILE), max_size=6).map("".join)


@settings(max_examples=40)
@given(st.lists(hostile, min_size=14, max_size=14))
def test_no_payload_is_outside_code(texts: list[str]) -> None:
    event, kind, message, line, log, name, value, spec, session, note, tag, body, code_, trigger = texts
    of = an_event(event, trigger)
    target = TargetSummary(kind, spec, kind, value)
    outcomes = (
        Raised(error=HandlerError(kind, message, (line,)), logs=log, headers=((name, value),), request_id=tag),
        Rejected(code=code_, message=message, body=body.encode("utf-8", "surrogatepass")),
    )
    old = an_exchange(body=json.dumps({name: value}), session=session, id=tag)
    for outcome in outcomes:
        exchange = an_exchange(of, outcome, target=target, session=session, note=note, tags=(tag,), replay_of=name)
        text = report(exchange, original=old, changes=compare_outcomes(old, exchange).changes, target_name=name)
        for token in tokens(text):
            assert token.type not in {
                "html_block",
                "html_inline",
                "link_open",
                "image",
                "blockquote_open",
                "code_block",
            }
            if token.type == "text":
                assert FOREIGN not in token.content
        assert {token.content for token in headings(text)[1:]} <= OURS


@pytest.mark.parametrize("text", ["", "`", "``a`", " a ", "a\nb", "x" * 300, "\u202e"])
def test_a_code_span_holds_any_text(text: str) -> None:
    spans = [token for token in tokens(f"- x {code(text)} y") if token.type == "code_inline"]
    assert len(spans) == 1
