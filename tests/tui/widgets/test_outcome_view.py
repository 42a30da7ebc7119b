"""How an invocation ended: in words, as received, whatever was answered and however large."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgtui.invoke.model import (
    Cancelled,
    Crashed,
    HandlerError,
    InitFailed,
    InvalidResponse,
    Outcome,
    OutOfMemory,
    Raised,
    Rejected,
    Returned,
    TargetSummary,
    TimedOut,
    Unreachable,
)
from fgtui.sessions.diff.changes import Compared, diff
from fgtui.tui.widgets.diff_view import Difference
from fgtui.tui.widgets.outcome_text import LARGE, body_text, exchange_text, result_text, texts_of
from fgtui.tui.widgets.outcome_view import LIVE_LINES, OutcomeText, OutcomeView, Part
from tests.factories import an_exchange
from tests.tui.hostile import EVERYTHING, shows_no_control
from tests.tui.stage import Stage
from tests.tui.waiting import wait_until

ERROR = HandlerError("ValueError", f"bad [/x] {EVERYTHING}", ("  File index.py, line 3\n    raise\n",))
OUTCOMES: list[Outcome] = [
    Returned(body=b'{"ok": true}', duration_ms=3.2, memory_mb=31.0),
    Raised(error=ERROR, body=b'{"errorMessage": "bad"}'),
    InitFailed(error=ERROR),
    TimedOut(limit_s=3, stopped_processes=4),
    OutOfMemory(limit_mb=128),
    Crashed(exit_code=3),
    InvalidResponse(message=EVERYTHING),
    Rejected(code="FSS.1", message=EVERYTHING),
    Unreachable(message=EVERYTHING),
    Cancelled(),
]


def test_the_examples_are_every_way_to_end() -> None:
    assert {type(outcome) for outcome in OUTCOMES} == set(get_args(Outcome))


MAY_HAVE_RUN = "the function may have run (request 9f2c); the event was not sent again"


@pytest.mark.parametrize(
    ("outcome", "lines"),
    [
        (
            Rejected(code="FSS.0404", message="no [/x]", status_code=404, request_id="9f2c"),
            ["✗ rejected: FSS.0404 no [/x]", "there is no such function; look at package, name and version of the URN"],
        ),
        (
            Rejected(code="FSS.0504", message="late", status_code=504, may_have_run=True, request_id="9f2c"),
            ["✗ rejected: FSS.0504 late", "nobody waits longer than the gateway", MAY_HAVE_RUN],
        ),
        (Rejected(code="X", message="odd", status_code=418), ["✗ rejected: X odd"]),
        (Unreachable(message="nobody listens"), ["✗ unreachable: nobody listens"]),
        (
            Unreachable(message="answer cut short", may_have_run=True, request_id="9f2c"),
            ["✗ unreachable: answer cut short", MAY_HAVE_RUN],
        ),
        (TimedOut(limit_s=3, stopped_processes=0, request_id="9f2c"), ["◷ timed out after 3 s", MAY_HAVE_RUN]),
        (TimedOut(limit_s=3, stopped_processes=1), ["◷ timed out after 3 s; 1 process stopped"]),
    ],
    ids=["no-such-function", "lost", "unknown", "never-sent", "cut", "late", "stopped-here"],
)
def test_what_the_service_said_comes_with_its_meaning_the_way_out_and_whether_it_may_have_run(
    outcome: Outcome, lines: list[str]
) -> None:
    said = list(result_text(outcome).lines)
    assert len(said) == len(lines)
    assert all(line.startswith(begin) for line, begin in zip(said, lines, strict=True)), said


@pytest.mark.parametrize(
    ("kind", "outcome", "words"),
    [
        ("remote", Cancelled(), "what was sent may have arrived, and run"),
        ("http", Cancelled(), "what was sent may have arrived, and run"),
        ("remote", Cancelled(logs="fgtui: taken as request 9f2c\n"), "the service has taken the event, and runs it"),
        ("remote", Unreachable(message="connection refused"), "nothing has run; fgtui doctor --profile prod"),
        ("http", Unreachable(message="connection refused"), "nothing has run; does something listen there?"),
        ("http", Unreachable(message="the certificate of x:443 has expired"), "nothing has run"),
        ("remote", Returned(logs="fgtui: taken as request 9f2c\nfgtui: SUCCESS\n"), "(called asynchronously: "),
    ],
)
def test_what_is_open_of_an_event_that_has_left_is_said_with_its_recording(
    kind: str, outcome: Outcome, words: str
) -> None:
    assert words in list(result_text(outcome, kind, "prod").lines)[-1]
    assert words not in "".join(result_text(outcome).lines), "of what was stopped here nothing is open"
    recorded = an_exchange(outcome=outcome, target=TargetSummary(kind, "spec"))
    result = texts_of(recorded, "", None, "prod")[Part.RESULT]
    assert result is not None
    assert words in list(result.lines)[-1]


@pytest.mark.parametrize("outcome", OUTCOMES, ids=lambda outcome: outcome.kind)
async def test_every_way_to_end_is_said_and_draws_no_control_character(outcome: Outcome) -> None:
    stage = Stage(OutcomeView)
    async with stage.play(size=(300, 40)) as pilot:
        view = stage.the(OutcomeView)
        view.show_exchange(an_exchange(EVERYTHING.encode("utf-8", "surrogatepass"), outcome), note=EVERYTHING)
        assert view.words
        assert view.ink == ("good" if outcome.kind == "returned" else view.ink)
        for _ in Part:
            await pilot.pause()
            assert stage.the(OutcomeText).shown.lines
            assert shows_no_control(stage.screen_text().replace("\n", ""))
            view.action_next_tab()


async def test_a_result_is_laid_out_with_its_numbers_and_duplicates_as_received() -> None:
    stage = Stage(OutcomeView)
    async with stage.play(size=(80, 20)) as pilot:
        body = '{"a":1E400,"b":12345678901234567890123,"c":52.0,"a":-0,"d":"\\u00e9[/x]"}'
        stage.the(OutcomeView).show_exchange(an_exchange(body=body))
        await pilot.pause()
        lines = [line.strip() for line in stage.screen_lines() if line.strip()]
        assert lines[1:] == [
            "{", '"a": 1E400,', '"b": 12345678901234567890123,', '"c": 52.0,', '"a": -0,', '"d": "é[/x]"', "}",
        ]  # fmt: skip


async def test_characters_that_an_answer_escapes_are_shown_and_found_as_themselves() -> None:
    body = json.dumps({"状态": "成功 \u202e", "n": [1.5], "body": json.dumps({"订单": "\u200b中"})}).encode()
    exchange = an_exchange(outcome=Raised(error=ERROR, body=body))
    stage = Stage(OutcomeView)
    async with stage.play() as pilot:
        view = stage.the(OutcomeView)
        view.show_exchange(exchange)
        await pilot.pause()
        lines = list(view.text.shown.lines)
        assert '  "状态": "成功 \\u202e",' in lines
        assert r'  "body": "{\"订单\": \"\\u200b中\"}"' in lines
        assert view.text.find("状态")
        assert view.exchange is exchange, "what is copied"
        assert "received with" in view.text_of(Part.EXCHANGE).text


@given(st.binary(max_size=200))
def test_any_answer_becomes_lines(body: bytes) -> None:
    text = body_text(body)
    assert len(text.lines) >= 1
    assert max(map(len, text.lines)) <= max(text.width, 1) or not body.isascii()


def test_an_answer_that_is_no_text_shows_its_bytes_and_where_it_stops_being_text() -> None:
    lines = body_text(b"abc\xff" + bytes(range(32))).lines
    assert "byte 3 is 0xff" in lines[0]
    assert lines[1].startswith("00000000  61 62 63 ff 00")
    assert len(lines) == 4
    assert lines[-1].startswith("00000020")


def test_what_the_handler_raised_comes_before_what_the_platform_answers() -> None:
    lines = list(result_text(Raised(error=ERROR, body=b'{"errorMessage": "bad"}')).lines)
    assert lines[0].startswith("ValueError: bad [/x]")
    assert "    raise" in lines
    assert lines.index("The platform answers:") < lines.index('  "errorMessage": "bad"')


WRAPPED = (  # as runtime.md section 7.1 has it: the key order, header values in lists, the body always in base64
    b'{"body": "%s", "headers": {"Content-Type": ["application/json"]}, "statusCode": 200, "isBase64Encoded": true}'
)


@pytest.mark.parametrize(
    ("carried", "lines"),
    [
        pytest.param(b'{"n":1}', ["{", '  "n": 1', "}"], id="json-is-laid-out"),
        pytest.param("对象\n".encode(), ["对象"], id="text"),
        pytest.param(b"\xff\x00", ["2 bytes that are not UTF-8 (byte 0 is 0xff)"], id="bytes"),
    ],
)
def test_the_body_of_an_http_answer_is_shown_decoded_before_the_answer(carried: bytes, lines: list[str]) -> None:
    body = WRAPPED % b64encode(carried)
    text = result_text(Returned(body=body))
    shown = list(text.lines)
    assert shown[0] == f"the body of the answer, decoded from base64: {len(carried)} bytes"
    assert [line for line in shown[1 : shown.index("")] if not line.startswith("00000000")] == lines
    assert shown[shown.index("") + 1 :][:2] == ["the answer as it was received:", "{"]
    for index, line in enumerate(text.lines):
        assert "".join(piece for piece, _ in text.paint(index, line, 0, len(line))) == line
    assert text.width >= max(map(len, shown))


@pytest.mark.parametrize(
    "body",
    [
        b'{"body": "eA==", "isBase64Encoded": false}',
        b'{"body": "not base64!", "isBase64Encoded": true}',
        b'{"body": 12, "isBase64Encoded": true}',
        b'{"body": "", "isBase64Encoded": true}',
        b'["isBase64Encoded"]',
        b'{"isBase64Encoded": true',
        b"[" * 100_000 + b'"isBase64Encoded"',
    ],
)
def test_an_answer_that_carries_no_base64_is_shown_as_it_is(body: bytes) -> None:
    assert not any("decoded from base64" in line for line in result_text(Returned(body=body)).lines)


def test_status_and_headers_of_an_http_answer_are_said() -> None:
    headers = (("Content-Type", "text/html"), ("X-Odd\x1b", "two\nlines"))
    exchange = an_exchange(outcome=Returned(body=b"x", status_code=404, headers=headers))
    text = list(exchange_text(exchange).lines)
    assert text[0] == "outcome     ✓ returned 404"
    assert "status      404" in text
    assert "header      Content-Type: text/html" in text
    assert "header      X-Odd\\e: two\\nlines" in text


@pytest.mark.parametrize(
    ("columns", "recorded", "words"),
    [
        (60, True, "✓ returned · 3.2 ms · 31 MB · cold start 18.5 ms"),
        (50, True, "✓ returned · 3.2 ms · 31 MB · cold start"),
        (44, True, "✓ returned · 3.2 ms · 31 MB · cold"),
        (38, True, "✓ returned · 3.2 ms · 31 MB"),
        (30, True, "✓ returned · 3.2 ms"),
        (12, True, "✓ returned"),
        (42, False, "✓ returned · 3.2 ms · not recorded"),
    ],
)
async def test_the_title_leaves_out_whole_parts_and_cuts_no_figure(columns: int, recorded: bool, words: str) -> None:
    outcome = Returned(duration_ms=3.2, memory_mb=31.0, init_ms=18.5, cold_start=True)
    stage = Stage(OutcomeView)
    async with stage.play(size=(80, 10)) as pilot:
        view = stage.the(OutcomeView)
        view.show_exchange(an_exchange(outcome=outcome))
        if not recorded:
            view.say_not_recorded()
        await pilot.resize_terminal(columns, 10)
        await wait_until(pilot, lambda: view.words == words, words)
        await pilot.resize_terminal(80, 10)
        await wait_until(pilot, lambda: "cold start 18.5 ms" in view.words, "all of it again")


LONG_ERROR = Raised(
    error=HandlerError("ValueError", "the key of the order is missing"),
    duration_ms=3.2,
    memory_mb=31.0,
    init_ms=18.5,
    cold_start=True,
)


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        (100, "✗ raised ValueError: the key of the order is missing · 3.2 ms · 31 MB · cold start 18.5 ms"),
        (90, "✗ raised ValueError: the key of the order is missing · 3.2 ms · 31 MB · cold start"),
        (60, "✗ raised ValueError: the ke… · 3.2 ms · 31 MB · cold"),
        (40, "✗ raised Value… · 3.2 ms · 31 MB"),
        (32, "✗ raised Value… · 3.2 ms"),
    ],
)
async def test_a_long_message_leaves_room_for_the_figures_and_stands_whole_below(columns: int, words: str) -> None:
    stage = Stage(OutcomeView)
    async with stage.play(size=(columns, 10)) as pilot:
        view = stage.the(OutcomeView)
        view.show_exchange(an_exchange(outcome=LONG_ERROR))
        await pilot.pause()
        assert view.words == words
        below = " ".join(line.strip() for line in stage.screen_lines()[1:])
        assert "ValueError: the key of the order is missing" in below


async def test_a_message_cut_before_a_wide_character_leaves_no_second_blank() -> None:
    stage = Stage(OutcomeView)
    async with stage.play(size=(60, 10)) as pilot:
        view = stage.the(OutcomeView)
        for message in ("", "a"):
            error = HandlerError("E", message + "订单状态" * 30)
            view.show_exchange(an_exchange(outcome=Raised(error=error, duration_ms=3.2)))
            await pilot.pause()
            assert "… · 3.2 ms" in view.words


async def test_a_resize_leaves_what_runs_as_it_says() -> None:
    stage = Stage(OutcomeView)
    async with stage.play(size=(80, 10)) as pilot:
        view = stage.the(OutcomeView)
        view.show_exchange(an_exchange())
        view.show_running()
        view.words = "… running"
        await pilot.resize_terminal(30, 10)
        await pilot.pause()
        assert view.words == "… running"


def test_an_exchange_s_facts_stay_on_their_lines() -> None:
    exchange = an_exchange(note="two\nlines", seq=7, session="orders", replay_of="01JDOLD")
    text = "\n".join(exchange_text(exchange).lines)
    assert "note        two\\nlines" in text
    assert "orders #7" in text
    assert "01JDOLD" in text
    assert text.endswith('the event as it was sent:\n{"key": "value"}')


async def test_a_large_answer_does_not_wait_on_the_screen() -> None:
    stage = Stage(OutcomeView)
    async with stage.play(size=(80, 20)) as pilot:
        body = json.dumps([{"number": number} for number in range(LARGE // 10)])
        stage.the(OutcomeView).show_exchange(an_exchange(body=body))
        assert "laying it out" in stage.the(OutcomeText).shown.text
        await wait_until(pilot, lambda: len(stage.the(OutcomeText).shown.lines) > LARGE // 10, "the answer is laid out")
        assert '"number": 0' in stage.screen_text()


async def test_an_answer_that_comes_late_does_not_replace_a_newer_one() -> None:
    stage = Stage(OutcomeView)
    async with stage.play(size=(80, 20)) as pilot:
        view = stage.the(OutcomeView)
        view.show_exchange(an_exchange(body="[" + "1," * LARGE + "1]"))
        view.show_exchange(an_exchange(body='"newer"'))
        await stage.workers.wait_for_complete()
        await pilot.pause()
        assert '"newer"' in stage.screen_text()


async def test_logs_stream_while_it_runs_and_only_the_last_are_kept() -> None:
    stage = Stage(OutcomeView)
    async with stage.play(size=(80, 10)) as pilot:
        view = stage.the(OutcomeView)
        view.add_logs(["before anything runs"])
        view.show_running()
        await pilot.pause()
        assert "no logs yet" in stage.screen_text()
        view.add_logs([f"line {number} [/x]" for number in range(LIVE_LINES + 50)])
        await pilot.pause()
        assert f"line {LIVE_LINES + 49} [/x]" in stage.screen_text()
        assert len(stage.the(OutcomeText).shown.lines) == LIVE_LINES + 1
        assert stage.the(OutcomeText).shown.lines[0].startswith("… 50 earlier lines")
        view.show_exchange(an_exchange(logs="all of it\n"))
        view.part = Part.LOGS
        await pilot.pause()
        assert "all of it" in stage.screen_text()


async def test_what_is_waited_for_stands_below_the_log_until_it_has_come() -> None:
    stage = Stage(OutcomeView)
    async with stage.play(size=(40, 10)) as pilot:
        view = stage.the(OutcomeView)
        view.show_waiting("nothing runs yet")
        view.show_running()
        view.show_waiting("Waiting for\n[/x] \x1b")
        await pilot.pause()
        assert [line.strip() for line in stage.screen_lines()[1:3]] == ["Waiting for", "[/x] \\e"]
        view.add_logs(["a log"])
        await pilot.pause()
        assert [line.strip() for line in stage.screen_lines()[1:5]] == ["a log", "", "Waiting for", "[/x] \\e"]
        view.show_waiting("")
        await pilot.pause()
        assert "Waiting" not in stage.screen_text()


async def test_logs_look_the_same_while_they_come_and_afterwards() -> None:
    stage = Stage(OutcomeView)
    request_id = "960d089c-2f7e-4b3f-a5e1-0123456789ab"
    lines = [
        f"2026-03-17T10:13:22Z Start invoke request '{request_id}', version: latest",
        f"2026-03-17T10:13:22Z {request_id} INFO the order is paid",
    ]
    async with stage.play(size=(42, 10)) as pilot:
        view = stage.the(OutcomeView)
        view.part = Part.LOGS
        view.show_running()
        view.add_logs(lines)
        await pilot.pause()
        live = stage.screen_lines()
        assert "10:13:22Z INFO the order is paid" in "\n".join(live)
        exchange = an_exchange(outcome=Returned(request_id=request_id, logs="\n".join(lines)))
        view.show_exchange(exchange)
        await pilot.pause()
        assert stage.screen_lines() == live
        assert request_id in exchange.outcome.logs


async def test_a_difference_shows_first_and_is_forgotten_with_the_next_outcome() -> None:
    stage = Stage(OutcomeView)
    async with stage.play(size=(80, 10)) as pilot:
        view = stage.the(OutcomeView)
        view.show_exchange(an_exchange(), difference=Difference(Compared(), "orders #1"))
        await pilot.pause()
        assert "= the same as orders #1" in stage.screen_text()
        view.show_exchange(an_exchange())
        await pilot.pause()
        assert view.part is Part.RESULT


async def test_parts_turn_by_keys_and_clicks() -> None:
    stage = Stage(OutcomeView)
    async with stage.play(size=(80, 30)) as pilot:
        stage.the(OutcomeView).show_exchange(an_exchange(logs="a log [/x]"))
        stage.the(OutcomeText).focus()
        await pilot.press("right_square_bracket")
        assert "a log [/x]" in stage.screen_text()
        await pilot.press("left_square_bracket", "left_square_bracket")
        assert "the event as it was sent" in stage.screen_text()
        await pilot.click(offset=(2, 0))
        assert stage.the(OutcomeView).part is Part.RESULT


async def test_slash_finds_in_what_is_shown_and_n_goes_on() -> None:
    stage = Stage(OutcomeView)
    async with stage.play(size=(60, 8)) as pilot:
        body = json.dumps({f"key {number}": "needle" if number in (50, 90) else "hay" for number in range(100)})
        stage.the(OutcomeView).show_exchange(an_exchange(body=body))
        stage.the(OutcomeText).focus()
        await pilot.press("slash", *"needle", "enter")
        await wait_until(pilot, lambda: '"key 50": "needle"' in stage.screen_text(), "the first place")
        assert str(stage.the(OutcomeView).border_subtitle) == "found 1 of 2"
        await pilot.press("n")
        await wait_until(pilot, lambda: '"key 90": "needle"' in stage.screen_text(), "the second place")
        assert str(stage.the(OutcomeView).border_subtitle) == "found 2 of 2"
        await pilot.press("N")
        await wait_until(pilot, lambda: '"key 50": "needle"' in stage.screen_text(), "the first place again")
        await pilot.press("slash", "x", "enter")
        assert str(stage.the(OutcomeView).border_subtitle) == ""


async def test_y_asks_for_a_copy_of_what_is_shown() -> None:
    stage = Stage(OutcomeView)
    async with stage.play() as pilot:
        stage.the(OutcomeText).focus()
        await pilot.press("y")
        assert stage.heard(OutcomeView.CopyAsked) == []
        exchange = an_exchange()
        stage.the(OutcomeView).show_exchange(exchange)
        await pilot.press("y")
        assert [message.exchange for message in stage.heard(OutcomeView.CopyAsked)] == [exchange]


def a_log(lines: int) -> str:
    return "".join(f"tick {number}\n" for number in range(lines))


@pytest.mark.parametrize(
    "outcome",
    [Returned(logs=a_log(50)), TimedOut(limit_s=3, logs=a_log(50)), Crashed(exit_code=1, logs=a_log(50))],
    ids=lambda outcome: outcome.kind,
)
async def test_a_log_that_was_followed_stays_at_its_end_when_the_send_ends(outcome: Outcome) -> None:
    stage = Stage(OutcomeView)
    async with stage.play(size=(40, 10)) as pilot:
        view = stage.the(OutcomeView)
        view.part = Part.LOGS
        view.show_running()
        view.add_logs(a_log(50).splitlines())
        await pilot.pause()
        view.show_exchange(an_exchange(outcome=outcome))
        await pilot.pause()
        assert "tick 49" in stage.screen_text()
        view.show_running()  # sent again from there, and too fast for anything to be followed
        view.show_exchange(an_exchange(outcome=Returned(logs=a_log(60))))
        await pilot.pause()
        assert "tick 59" in stage.screen_text()


async def test_a_log_that_was_left_at_a_place_stays_there_when_the_send_ends() -> None:
    stage = Stage(OutcomeView)
    async with stage.play(size=(40, 10)) as pilot:
        view = stage.the(OutcomeView)
        view.part = Part.LOGS
        view.show_running()
        view.add_logs(a_log(50 + LIVE_LINES).splitlines())
        await pilot.pause()
        view.text.focus()
        await pilot.press("pageup", "pageup")
        place = stage.screen_lines()[1].strip()
        view.show_exchange(an_exchange(outcome=TimedOut(limit_s=3, logs=a_log(50 + LIVE_LINES))))
        await pilot.pause()
        assert place.startswith("tick ")
        assert stage.screen_lines()[1].strip() == place


@pytest.mark.parametrize(
    ("outcome", "first"),
    [(Returned(logs=a_log(50)), "tick 0"), (OutOfMemory(limit_mb=128, logs=a_log(50)), "tick 49")],
    ids=lambda value: value if isinstance(value, str) else value.kind,
)
async def test_a_log_that_nobody_followed_begins_where_it_matters(outcome: Outcome, first: str) -> None:
    stage = Stage(OutcomeView)
    async with stage.play(size=(40, 10)) as pilot:
        view = stage.the(OutcomeView)
        view.show_running()
        view.show_exchange(an_exchange(outcome=outcome))
        view.part = Part.LOGS
        await pilot.pause()
        assert first in [line.strip() for line in stage.screen_lines()]


async def test_long_lines_of_a_log_go_on_in_the_next_row_until_a_person_wants_them_cut() -> None:
    stage = Stage(OutcomeView)
    async with stage.play(size=(30, 10)) as pilot:
        view = stage.the(OutcomeView)
        view.part = Part.LOGS
        view.show_exchange(an_exchange(outcome=Returned(logs="one two three four five six seven\nlast\n")))
        view.text.focus()
        await pilot.pause()
        assert [line.strip() for line in stage.screen_lines()[1:4]] == ["one two three four five six", "seven", "last"]
        await pilot.press("w")
        assert [line.strip() for line in stage.screen_lines()[1:3]] == ["one two three four five six s…", "last"]
        view.show_exchange(an_exchange(outcome=Returned(logs="one two three four five six sevens")))
        await pilot.pause()
        assert stage.screen_lines()[1].strip().endswith("…")


def test_a_place_in_a_stack_is_not_one_again_in_what_the_platform_answers() -> None:
    error = HandlerError("E", "no", ('File "./index.py", line 5, in handler',))
    text = result_text(Raised(error=error, body=b'{"stackTrace": ["File \\"./index.py\\", line 5, in handler"]}'))
    assert text.last_places < len(text.lines)
    assert result_text(InvalidResponse(message="no", body=b'{"at": "index.py:5"}')).last_places >= 5


async def test_v_lays_the_difference_out_side_by_side_where_there_is_room() -> None:
    difference = Difference(Compared(diff({"a": "old"}, {"a": "new"})), "orders #1")
    stage = Stage(OutcomeView)
    async with stage.play(size=(80, 20)) as pilot:
        view = stage.the(OutcomeView)
        view.show_exchange(an_exchange(), difference=difference)
        view.text.focus()
        await pilot.press("v")
        await wait_until(
            pilot, lambda: '"old"' in stage.screen_text() and '~ "new"' in stage.screen_text(), "two columns"
        )
        view.show_exchange(an_exchange(number=2), difference=difference)
        await wait_until(pilot, lambda: '~ "new"' in stage.screen_text(), "two columns, as it was left")
        await pilot.resize_terminal(50, 20)
        await wait_until(pilot, lambda: '+ "new"' in stage.screen_text(), "one below the other")
        await pilot.resize_terminal(90, 20)
        await wait_until(pilot, lambda: '~ "new"' in stage.screen_text(), "two columns again")
        await pilot.press("v")
        await wait_until(pilot, lambda: '+ "new"' in stage.screen_text(), "one below the other, as it was asked")


async def test_v_says_so_where_nothing_was_compared() -> None:
    stage = Stage(OutcomeView)
    async with stage.play(size=(80, 20)) as pilot:
        stage.the(OutcomeView).show_exchange(an_exchange())
        stage.the(OutcomeView).text.focus()
        await pilot.press("v")
        assert [each.message[:30] for each in stage._notifications] == ["there is no difference to show"]


async def test_each_part_says_what_will_stand_there() -> None:
    stage = Stage(OutcomeView)
    async with stage.play(size=(80, 12)) as pilot:
        view = stage.the(OutcomeView)
        view.show_nothing("Nothing sent yet.")
        for words in ("No log yet", "Nothing to compare yet: r sends", "No exchange yet"):
            view.action_next_tab()
            await pilot.pause()
            assert words in stage.screen_text()
