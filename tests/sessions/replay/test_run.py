"""A run: order, recording in groups, tally, and every way to end early. What sends is a function here."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from fgtui.errors import StoreError, TargetError, UsageError
from fgtui.events.model import Event
from fgtui.invoke.model import (
    Cancelled,
    Exchange,
    HandlerError,
    Outcome,
    Raised,
    Rejected,
    Returned,
    TargetSummary,
    TimedOut,
    Unreachable,
)
from fgtui.records import replace
from fgtui.sessions.diff.changes import compare_outcomes
from fgtui.sessions.model import NO_TARGET
from fgtui.sessions.redaction.redactor import SHORTEST_KNOWN, Redactor
from fgtui.sessions.replay.run import Replay, Run
from fgtui.sessions.replay.sending import AHEAD
from fgtui.sessions.replay.supplying import NO_SUPPLIES, Supplies, referred
from fgtui.sessions.store import SessionStore
from fgtui.words import say
from tests.factories import an_event, an_exchange

RULES = Redactor(salt=b"s" * 16)
Answer = Callable[[int], object]


def originals(count: int) -> list[Exchange]:
    return [an_exchange(f'{{"n": {number}}}', number=number, seq=number) for number in range(1, count + 1)]


def a_run(
    olds: Iterable[Exchange],
    answer: Answer = lambda number: Returned(body=b'{"ok": true}'),
    *,
    replay: Replay = Replay(into="again"),  # noqa: B008 frozen
    total: int = 0,
    write: Callable[[Iterable[Exchange]], Iterator[Exchange]] | None = None,
    **more: object,
) -> Run:
    """A run whose n-th event ends as ``answer(n)`` says."""
    lock, numbers = threading.Lock(), iter(range(1, 1_000_000))

    def send(event: Event, replay_of: str) -> Exchange:
        with lock:
            number = next(numbers)
        return an_exchange(event, answer(number), id=f"new-{number}", replay_of=replay_of)

    return Run(
        olds,
        replay,
        total=total or (len(olds) if isinstance(olds, list) else 0),
        supply=more.pop("supply", NO_SUPPLIES.of),
        send=more.pop("send", send),
        conceal=lambda exchange, placeholders: RULES.supplied(placeholders).apply(exchange),
        redact=RULES.apply,
        write=write,
        compare=lambda old, new: compare_outcomes(old, new, redactor=RULES),
        **more,
    )


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SessionStore]:
    with SessionStore(tmp_path / "sessions.db", RULES) as store:
        yield store


def test_every_exchange_is_recorded_in_order_and_names_the_one_it_replays(store: SessionStore) -> None:
    run = a_run(originals(600), write=lambda new: store.append_many("again", new))
    replayed = list(run)
    assert [each.old.seq for each in replayed] == list(range(1, 601))
    assert [each.new.seq for each in replayed if each.new] == list(range(1, 601))
    assert [each.replay_of for each in store.iterate("again")] == [each.id for each in originals(600)]
    assert (run.tally.done, run.tally.same, run.tally.left, run.stopped) == (600, 600, 0, None)


def test_an_event_that_was_only_imported_has_nothing_to_compare_with_and_is_told_where_it_fails() -> None:
    imported = [replace(each, target=TargetSummary(NO_TARGET, ""), outcome=Cancelled()) for each in originals(2)]
    failure = Raised(error=HandlerError("ValueError", "boom"))
    run = a_run(imported, lambda number: Returned(body=b"1") if number == 1 else failure)
    replayed = list(run)
    assert [(each.changes, each.is_different, each.has_failed) for each in replayed] == [
        ((), False, False),
        ((), True, True),
    ]
    tally = run.tally
    assert (tally.first, tally.same, tally.different, tally.failed) == (2, 1, 1, 1)


def test_what_is_told_is_durable_already(store: SessionStore) -> None:
    for replayed in a_run(originals(300), write=lambda new: store.append_many("again", new)):
        assert replayed.new is not None
        assert store.get("again", replayed.new.seq) == replayed.new


def test_a_difference_is_counted_and_one_that_fails_now_as_such() -> None:
    answers = {
        1: Returned(body=b'{"ok": true}'),
        2: Returned(body=b'{"ok": false}'),
        3: Raised(error=HandlerError("ValueError", "no")),
        4: TimedOut(limit_s=3.0),
    }
    run = a_run(originals(4), answers.__getitem__)
    found = [[(change.old, change.new) for change in each.changes] for each in run]
    assert found[0] == []
    assert found[1] == [(True, False)]
    assert (run.tally.same, run.tally.different, run.tally.failed) == (1, 3, 2)


def test_equal_json_spelled_otherwise_is_no_difference() -> None:
    run = a_run(originals(1), lambda _: Returned(body=b'{ "ok":true }'))
    assert [(each.changes, each.is_respelled) for each in run] == [((), True)]
    assert (run.tally.same, run.tally.respelled) == (1, 1)


def test_an_empty_selection_is_over_at_once() -> None:
    run = a_run([])
    assert list(run) == []
    assert run.tally.done == run.tally.left == 0
    assert run.tally.seconds_left is None


def test_a_redacted_event_is_refused_in_words_and_the_others_go_on() -> None:
    olds = originals(3)
    olds[1] = replace(olds[1], event=an_event('{"token": "<redacted:0123456789ab>"}', redacted=("token",)))
    run = a_run(olds)
    replayed = list(run)
    assert [each.new is None for each in replayed] == [False, True, False]
    assert str(replayed[1].problem) == "redacted when it was recorded: token"
    assert (run.tally.refused, run.tally.same, run.tally.done) == (1, 2, 3)


def test_reading_goes_a_bounded_way_ahead_of_recording() -> None:
    read = 0

    def source() -> Iterator[Exchange]:
        nonlocal read
        for old in originals(2_000):
            read += 1
            yield old

    told = 0
    for _ in a_run(source(), total=2_000):
        told += 1
        assert read - told <= 2 * AHEAD
    assert told == 2_000


def test_cancelling_records_what_was_under_way_but_neither_tells_nor_counts_it(store: SessionStore) -> None:
    cancelled = threading.Event()

    def answer(number: int) -> object:
        if number < 4:
            return Returned(body=b'{"ok": true}')
        cancelled.set()
        return Cancelled()

    run = a_run(originals(10), answer, write=lambda new: store.append_many("again", new), cancelled=cancelled)
    assert [each.old.seq for each in run] == [1, 2, 3]
    assert (run.tally.done, run.tally.left, run.tally.cancelled) == (3, 7, 1)
    assert [each.outcome.kind for each in store.iterate("again")] == ["returned"] * 3 + ["cancelled"]


def test_leaving_early_cancels_what_is_under_way_and_keeps_what_has_happened(store: SessionStore) -> None:
    run = a_run(originals(50), write=lambda new: store.append_many("again", new))
    for _ in run:
        break
    assert run.cancelled.is_set()
    assert store.count("again") >= 1


def test_a_run_stops_in_words_at_the_first_event_that_may_have_run(store: SessionStore) -> None:
    lost = Unreachable(message="the line broke", may_have_run=True)
    run = a_run(
        originals(9),
        lambda number: lost if number == 3 else Returned(body=b'{"ok": true}'),
        write=lambda new: store.append_many("again", new),
    )
    assert [each.old.seq for each in run] == [1, 2, 3]
    assert str(run.stopped).startswith("stopped at exchange 3: no answer came, and the handler may have run")
    assert store.count("again") == 3


def test_a_limit_only_ends_the_waiting_for_a_server_elsewhere_so_the_run_stops_there() -> None:
    def stopped(kind: str) -> tuple[list[int], bool]:
        outcomes = iter((Returned(body=b"1"), TimedOut(limit_s=1.0), Returned(body=b"1")))
        target = TargetSummary(kind, "there")
        run = a_run(originals(3), send=lambda event, _: an_exchange(event, next(outcomes), target=target))
        return [each.old.seq for each in run], run.stopped is not None

    assert stopped("http") == ([1, 2], True)
    assert stopped("remote") == ([1, 2], True)
    assert stopped("local") == ([1, 2, 3], False)


def test_a_function_that_its_platform_has_stopped_is_known_to_have_ended() -> None:
    stopped = TimedOut(limit_s=3.0, body=b'{"errorMessage": "call invoke timeout 3s"}', stopped_processes=0)
    target = TargetSummary("remote", "urn:fss:r:p:function:default:demo:latest")
    run = a_run(originals(3), send=lambda event, _: an_exchange(event, stopped, target=target))
    assert len(list(run)) == 3
    assert run.stopped is None


def test_a_refusal_stops_a_run_only_where_the_function_may_have_run() -> None:
    def stopped(outcome: Rejected) -> tuple[list[int], str]:
        run = a_run(originals(3), lambda number: outcome if number == 2 else Returned(body=b'{"ok": true}'))
        return [each.old.seq for each in run], str(run.stopped or "")

    too_many = Rejected(code="FSS.0429", message="too many requests", status_code=429)
    assert stopped(too_many) == ([1, 2, 3], "")
    late = Rejected(code="FSS.0504", message="gateway timeout", status_code=504, may_have_run=True)
    sent, why = stopped(late)
    assert sent == [1, 2]
    assert why.startswith(
        "stopped at exchange 2: the answer was FSS.0504 gateway timeout, and the handler may have run;"
    )


def test_what_may_have_run_is_to_be_looked_for_by_its_request() -> None:
    lost = Unreachable(message="the line broke", may_have_run=True, request_id="7f1c0a52")
    run = a_run(originals(2), lambda number: lost)
    assert len(list(run)) == 1
    assert run.stopped is not None
    assert say(run.stopped.hint, run.stopped.values) == "look what request 7f1c0a52 did"


def test_the_first_of_several_that_may_have_run_is_named() -> None:
    together = threading.Barrier(3)

    def answer(number: int) -> object:
        together.wait(30)
        return Unreachable(message="the line broke", may_have_run=True)

    run = a_run(originals(9), answer, replay=Replay(into="again", concurrency=3))
    assert [each.old.seq for each in run] == [1, 2, 3]
    assert str(run.stopped).startswith("stopped at exchange 1:")


def test_nobody_answering_at_all_stops_nothing() -> None:
    run = a_run(originals(3), lambda _: Unreachable(message="refused"))
    assert len(list(run)) == 3
    assert run.stopped is None


def test_a_target_that_cannot_be_started_ends_the_run_with_its_reason() -> None:
    def answer(number: int) -> object:
        raise TargetError("there is no python3")

    run = a_run(originals(3), answer)
    assert list(run) == []
    assert str(run.stopped) == "there is no python3"


def test_what_cannot_be_recorded_any_more_is_told_as_such_and_nothing_further_is_sent() -> None:
    sent: list[int] = []

    def answer(number: int) -> object:
        sent.append(number)
        return Returned(body=b'{"ok": true, "token": "hunter22"}')

    def write(exchanges: Iterable[Exchange]) -> Iterator[Exchange]:
        for number, exchange in enumerate(exchanges, 1):
            if number == 3:
                raise StoreError("no space left")
            yield RULES.apply(exchange)

    run = a_run(originals(2_000), answer, write=write)
    replayed = list(run)
    assert str(run.stopped) == "no space left"
    assert [each.problem is None for each in replayed[:3]] == [True, True, False]
    assert run.tally.unrecorded == len(replayed) - 2
    assert len(sent) < 2_000
    assert all(each.new and b"hunter22" not in each.new.outcome.body for each in replayed)


def test_a_source_that_can_be_read_in_part_is_replayed_in_part_and_then_said() -> None:
    def source() -> Iterator[Exchange]:
        yield from originals(2)
        raise StoreError("1 of 3 exchanges cannot be read")

    run = a_run(source(), total=3)
    assert len(list(run)) == 2
    assert str(run.stopped) == "1 of 3 exchanges cannot be read"


def test_going_on_compares_what_was_replayed_before_without_sending_it() -> None:
    olds = originals(5)
    before = {
        olds[0].id: an_exchange(id="before-1", replay_of=olds[0].id),
        olds[2].id: an_exchange(id="before-3", replay_of=olds[2].id, body='{"ok": 0}'),
    }
    sent: list[int] = []
    run = a_run(
        olds,
        lambda number: sent.append(number) or Returned(body=b'{"ok": true}'),
        earlier=lambda some: {each.id: before[each.id] for each in some if each.id in before},
    )
    replayed = list(run)
    assert [each.is_earlier for each in replayed] == [True, False, True, False, False]
    assert [bool(each.changes) for each in replayed] == [False, False, True, False, False]
    assert len(sent) == 3
    assert (run.tally.earlier, run.tally.done) == (2, 5)


def test_what_was_cancelled_before_is_sent_again_and_counted() -> None:
    olds = originals(3)
    before = {
        olds[0].id: an_exchange(outcome=Cancelled(), replay_of=olds[0].id),
        olds[1].id: an_exchange(outcome=Unreachable(message="refused"), replay_of=olds[1].id),
    }
    run = a_run(olds, earlier=lambda some: {each.id: before[each.id] for each in some if each.id in before})
    assert [(each.is_earlier, each.is_again) for each in run] == [(False, True), (False, False), (False, False)]
    assert (run.tally.again, run.tally.earlier) == (1, 0)


def test_whoever_waits_for_the_end_hears_of_it_once_nothing_is_under_way() -> None:
    ended: list[int] = []
    run: Run = a_run(originals(2), on_end=lambda: ended.append(run.tally.done))
    assert len(list(run)) == 2
    assert ended == [2]


def test_the_time_left_is_told_from_what_was_sent_lately() -> None:
    run = a_run(originals(10), total=10)
    for replayed in run:
        if replayed.old.seq == 5:
            tally = run.tally
            assert tally.per_second is not None
            assert tally.seconds_left == pytest.approx(5 / tally.per_second)


def test_an_error_of_the_selection_ends_the_run_in_its_words() -> None:
    def source() -> Iterator[Exchange]:
        yield from originals(1)
        raise UsageError("session orders has no exchange 7")

    run = a_run(source(), total=2)
    assert len(list(run)) == 1
    assert str(run.stopped) == "session orders has no exchange 7"


def test_once_nothing_is_sent_any_more_the_recording_is_not_read_to_its_end() -> None:
    read = 0

    def source() -> Iterator[Exchange]:
        nonlocal read
        for old in originals(5_000):
            read += 1
            yield old

    lost = Unreachable(message="the line broke", may_have_run=True)
    run = a_run(source(), lambda number: lost if number == 2 else Returned(body=b'{"ok": true}'), total=5_000)
    assert len(list(run)) == 2
    assert read <= 2 * AHEAD


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (Returned(body=b"{}", status_code=200), Returned(body=b"{}", status_code=202)),
        (Returned(body=b"{}", headers=(("X-Kind", "a"),)), Returned(body=b"{}", headers=(("X-Kind", "b"),))),
        (Raised(error=HandlerError("KeyError", "id")), Raised(error=HandlerError("KeyError", "name"))),
        (Raised(error=HandlerError("KeyError", "id")), Raised(error=HandlerError("TypeError", "id"))),
        (Returned(body=b"{}"), TimedOut(limit_s=3.0, stopped_processes=1, body=b"{}")),
    ],
)
def test_whatever_differs_beside_the_answer_is_a_difference(before: Outcome, now: Outcome) -> None:
    (replayed,) = a_run([an_exchange(outcome=before, seq=1)], lambda _: now)
    assert replayed.changes


def test_no_thread_is_left_of_a_run_that_is_over() -> None:
    earlier = set(threading.enumerate())
    assert len(list(a_run(originals(3), replay=Replay(concurrency=4)))) == 3
    assert set(threading.enumerate()) <= earlier


def test_nothing_is_recorded_any_more_once_something_could_not_be() -> None:
    was_refused = threading.Event()
    calls = 0

    def send(event: Event, replay_of: str) -> Exchange:
        assert event.text == '{"n": 1}' or was_refused.wait(30)
        return an_exchange(event, id=f"of {replay_of}", replay_of=replay_of)

    def write(exchanges: Iterable[Exchange]) -> Iterator[Exchange]:
        nonlocal calls
        calls += 1
        if calls > 1:
            yield from exchanges
        for _ in exchanges:
            was_refused.set()
            raise StoreError("no space left")

    run = a_run(originals(2), replay=Replay(into="again", concurrency=2), write=write, send=send)
    assert [str(each.problem) for each in run] == ["no space left"] * 2
    assert (calls, run.tally.unrecorded) == (1, 2)


@pytest.mark.parametrize("value", ["123", "a longer value"])
def test_what_was_supplied_is_recorded_nowhere_and_the_event_is_the_one_it_was(store: SessionStore, value: str) -> None:
    placeholder = RULES.placeholder("what it was")
    old = an_exchange(an_event(f'{{"code": "{placeholder}"}}', redacted=("code",)), seq=1)
    supplies = Supplies((referred("code", value),))

    def send(event: Event, replay_of: str) -> Exchange:
        echo = Returned(
            body=f'{{"said": "[a longer value]", "sent": {event.text}}}'.encode(), logs=f"got {event.text}\n"
        )
        return an_exchange(event, echo, id="new", replay_of=replay_of)

    run = a_run([old], supply=supplies.of, send=send, write=lambda new: store.append_many("again", new))
    assert len(list(run)) == 1
    (kept,) = store.iterate("again")
    assert kept.event == old.event
    if len(value) >= SHORTEST_KNOWN:
        assert value.encode() not in kept.outcome.body
        assert value not in kept.outcome.logs
        assert placeholder in kept.outcome.logs
