"""Many events at once, handed back in their order."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import pytest

from fgtui.errors import TargetError
from fgtui.events.model import Event
from fgtui.invoke.model import Exchange, Returned, Unreachable
from fgtui.sessions.replay.pacing import AsRecorded, AtOnce
from fgtui.sessions.replay.sending import AHEAD, Place, Senders
from fgtui.sessions.replay.supplying import Supplied
from tests.factories import MOMENT, an_exchange

HANG_S = 20.0


def a_place(number: int, **more: object) -> Place:
    old = an_exchange(f'{{"n": {number}}}', number=number, seq=number, **more)
    return Place(old, Supplied(old.event))


def answer(event: Event, replay_of: str) -> Exchange:
    return an_exchange(event, id=f"new-{replay_of}", replay_of=replay_of)


def drained(senders: Senders) -> list[int]:
    seqs = []
    while (place := senders.peek(HANG_S)) is not None:
        senders.pop()
        seqs.append(place.old.seq)
    return seqs


def test_answers_come_in_the_order_of_the_events_though_the_first_takes_longest() -> None:
    others_are_done = threading.Event()
    started: list[str] = []

    def send(event: Event, replay_of: str) -> Exchange:
        started.append(event.text)
        if event.text == '{"n": 1}':
            assert others_are_done.wait(HANG_S)
        if event.text == '{"n": 4}':
            others_are_done.set()
        return answer(event, replay_of)

    senders = Senders(2, send, AtOnce(), threading.Event())
    for number in range(1, 5):
        senders.put(a_place(number))
    assert drained(senders) == [1, 2, 3, 4]
    senders.close()
    assert sorted(started) == [f'{{"n": {number}}}' for number in range(1, 5)]


def test_nothing_is_sent_after_one_that_may_have_run() -> None:
    sent: list[str] = []

    def send(event: Event, replay_of: str) -> Exchange:
        sent.append(replay_of)
        lost = Unreachable(message="the line broke", may_have_run=True)
        return an_exchange(event, lost if len(sent) == 2 else Returned())

    senders = Senders(1, send, AtOnce(), threading.Event())
    for number in range(1, 6):
        senders.put(a_place(number))
    assert drained(senders) == [1, 2]
    assert senders.is_halted
    senders.close()
    assert len(sent) == 2


def test_nothing_is_sent_after_a_target_that_cannot_be_started() -> None:
    def send(event: Event, replay_of: str) -> Exchange:
        raise TargetError("there is no python3")

    senders = Senders(1, send, AtOnce(), threading.Event())
    senders.put(a_place(1))
    senders.put(a_place(2))
    place = senders.peek(HANG_S)
    assert place is not None
    assert str(place.problem) == "there is no python3"
    assert not place.is_sent
    senders.pop()
    assert senders.peek(HANG_S) is None
    senders.close()


def test_a_defect_reaches_whoever_waits() -> None:
    def send(event: Event, replay_of: str) -> Exchange:
        raise ZeroDivisionError

    senders = Senders(2, send, AtOnce(), threading.Event())
    senders.put(a_place(1))
    with pytest.raises(ZeroDivisionError):
        senders.peek(HANG_S)
    senders.close()


def test_what_was_answered_behind_one_that_still_waited_for_its_time_is_not_lost_when_all_is_cancelled() -> None:
    cancelled, sent = threading.Event(), threading.Event()

    def send(event: Event, replay_of: str) -> Exchange:
        if event.text == '{"n": 3}':
            sent.set()
        return answer(event, replay_of)

    senders = Senders(2, send, AsRecorded(), cancelled)
    senders.put(a_place(1))
    senders.put(a_place(2, started_at=MOMENT + timedelta(hours=1)))
    senders.put(a_place(3, started_at=MOMENT))
    assert sent.wait(HANG_S)
    cancelled.set()
    assert drained(senders) == [1, 3]
    senders.close()


def test_an_event_that_waits_for_its_time_is_given_up_when_nothing_is_sent_any_more() -> None:
    def send(event: Event, replay_of: str) -> Exchange:
        return an_exchange(event, Unreachable(message="the line broke", may_have_run=True))

    senders = Senders(2, send, AsRecorded(), threading.Event())
    senders.put(a_place(1))
    senders.put(a_place(2, started_at=MOMENT + timedelta(hours=1)))
    assert drained(senders) == [1]
    senders.close()


def test_what_is_not_to_be_sent_keeps_its_turn() -> None:
    senders = Senders(1, answer, AtOnce(), threading.Event())
    senders.put(a_place(1))
    senders.put(Place(an_exchange(seq=2), None, problem=TargetError("redacted")))
    senders.put(a_place(3))
    assert drained(senders) == [1, 2, 3]
    senders.close()


def test_nobody_waits_longer_than_he_has_patience() -> None:
    may_end = threading.Event()

    def send(event: Event, replay_of: str) -> Exchange:
        assert may_end.wait(HANG_S)
        return answer(event, replay_of)

    senders = Senders(1, send, AtOnce(), threading.Event())
    senders.put(a_place(1))
    assert senders.peek(0.0) is None
    may_end.set()
    assert drained(senders) == [1]
    senders.close()


@pytest.mark.parametrize("size", [10, 6 << 20])
def test_there_is_room_for_many_small_events_and_few_large_ones(size: int) -> None:
    may_end = threading.Event()

    def send(event: Event, replay_of: str) -> Exchange:
        assert may_end.wait(HANG_S)
        return answer(event, replay_of)

    senders = Senders(1, send, AtOnce(), threading.Event())
    old = an_exchange("x" * size)
    count = 0
    while senders.has_room:
        senders.put(Place(old, Supplied(old.event)))
        count += 1
    assert count == (AHEAD if size == 10 else 3)
    senders.halt()
    may_end.set()
    drained(senders)
    senders.close()


def test_answers_that_nobody_takes_hold_the_next_events_back() -> None:
    sent: list[str] = []

    def send(event: Event, replay_of: str) -> Exchange:
        sent.append(replay_of)
        return an_exchange(event, body=b"x" * (6 << 20))

    senders = Senders(1, send, AtOnce(), threading.Event())
    for number in range(1, 10):
        senders.put(a_place(number))
    assert senders.peek(HANG_S) is not None
    assert len(sent) <= 4
    assert drained(senders) == list(range(1, 10))
    senders.close()


def test_what_is_under_way_when_all_is_cancelled_is_waited_for_and_handed_back() -> None:
    cancelled, started, may_end = threading.Event(), threading.Event(), threading.Event()

    def send(event: Event, replay_of: str) -> Exchange:
        started.set()
        assert may_end.wait(HANG_S)
        return answer(event, replay_of)

    senders = Senders(1, send, AtOnce(), cancelled)
    senders.put(a_place(1))
    senders.put(a_place(2))
    assert started.wait(HANG_S)
    cancelled.set()
    assert senders.peek(0.0) is None
    may_end.set()
    assert drained(senders) == [1]
    senders.close()


class LaterFromTheSecondOn:
    """The first event is due at once, each other one in an hour; tells when it was asked for one of those."""

    def __init__(self) -> None:
        self.was_asked = threading.Event()
        self._asked = 0

    def due(self, recorded_at: object) -> float:
        self._asked += 1
        if self._asked == 1:
            return 0.0
        self.was_asked.set()
        return time.monotonic() + 3600


def test_an_event_that_was_taken_and_waits_for_its_time_is_not_sent_after_one_that_may_have_run() -> None:
    pace = LaterFromTheSecondOn()
    sent: list[str] = []

    def send(event: Event, replay_of: str) -> Exchange:
        sent.append(event.text)
        assert pace.was_asked.wait(HANG_S)
        return an_exchange(event, Unreachable(message="the line broke", may_have_run=True))

    senders = Senders(2, send, pace, threading.Event())
    senders.put(a_place(1))
    senders.put(a_place(2))
    assert drained(senders) == [1]
    closing = threading.Thread(target=senders.close, daemon=True)
    closing.start()
    closing.join(HANG_S)
    assert not closing.is_alive()
    assert sent == ['{"n": 1}']


def test_there_is_room_again_once_large_events_were_sent() -> None:
    senders = Senders(1, answer, AtOnce(), threading.Event())
    old = an_exchange("x" * (6 << 20))
    for _ in range(3):
        senders.put(Place(old, Supplied(old.event)))
    drained(senders)
    assert senders.has_room
    senders.close()
