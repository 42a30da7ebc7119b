"""Recording beside the answers: in groups, in order, never without bounds, and whatever goes wrong said of each."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence

import pytest

from fgtui.errors import StoreError
from fgtui.invoke.model import Exchange
from fgtui.records import replace
from fgtui.serve import recorder as module
from fgtui.serve.recorder import GROUP, Handled, Recorder
from tests.factories import an_exchange
from tests.invoke.harness import wait_until

GUARD_S = 30.0


class Store:
    """What records, as far as a test lets it."""

    def __init__(self) -> None:
        self.groups: list[int] = []
        self.may_go_on = threading.Event()
        self.may_go_on.set()
        self.problem: StoreError | None = None
        self.after = 0

    def record(self, exchanges: Sequence[Exchange]) -> Iterator[Exchange]:
        assert self.may_go_on.wait(GUARD_S)
        self.groups.append(len(exchanges))
        for number, exchange in enumerate(exchanges):
            if self.problem is not None and number >= self.after:
                raise self.problem
            yield replace(exchange, session="s", seq=sum(self.groups[:-1]) + number + 1)


def handled(number: int, body: str = "x") -> Handled:
    return Handled("GET", f"/{number}", 200, an_exchange(number=number + 1, body=body))


def paths(told: list[Handled]) -> list[str]:
    return [each.path for each in told]


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def told() -> list[Handled]:
    return []


def test_what_cannot_be_recorded_is_told_of_with_the_reason(store: Store, told: list[Handled]) -> None:
    store.problem, store.after = StoreError("the disk is full"), 1
    recorder = Recorder(store.record, told.append)
    store.may_go_on.clear()
    recorder.put(handled(0))
    recorder.put(handled(1))
    store.may_go_on.set()
    recorder.close()
    assert [each.kept is not None for each in told if each.problem is None] in ([True], [])
    assert {str(each.problem) for each in told if each.problem} == {"the disk is full"}
    assert paths(told) == ["/0", "/1"]


def test_a_fault_of_what_records_keeps_nobody_waiting_and_is_told_of(told: list[Handled]) -> None:
    def record(exchanges):
        raise RuntimeError("a fault")

    recorder = Recorder(record, told.append)
    for number in range(3):
        recorder.put(handled(number))
    assert recorder.close(within_s=10)
    assert {str(each.problem) for each in told} == {"recording failed: RuntimeError"}


def test_recording_goes_on_when_the_store_can_be_written_again(store: Store, told: list[Handled]) -> None:
    store.problem = StoreError("locked")
    recorder = Recorder(store.record, told.append)
    recorder.put(handled(0))
    wait_until(lambda: told != [], "the failure is told of")
    store.problem = None
    recorder.put(handled(1))
    recorder.close()
    assert [each.kept is not None for each in told] == [False, True]


def test_a_listener_that_fails_ends_nothing(store: Store, told: list[Handled]) -> None:
    def tell(each: Handled) -> None:
        told.append(each)
        raise RuntimeError("a fault")

    recorder = Recorder(store.record, tell)
    for number in range(3):
        recorder.put(handled(number))
    recorder.close()
    assert len(told) == 3


def test_many_share_a_commit_and_stay_in_order(store: Store, told: list[Handled]) -> None:
    recorder = Recorder(store.record, told.append)
    for number in range(2 * GROUP):
        recorder.put(handled(number))
    recorder.close()
    assert paths(told) == [f"/{number}" for number in range(2 * GROUP)]
    assert [each.kept.seq for each in told if each.kept] == list(range(1, 2 * GROUP + 1))
    assert max(store.groups) <= GROUP
    assert len(store.groups) < GROUP


@pytest.mark.parametrize(("limit", "value"), [("MOST", 3), ("MOST_BYTES", 400), ("MOST_S", 0.002)])
def test_who_answers_waits_where_recording_is_slower(
    store: Store, told: list[Handled], limit: str, value: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, limit, value)
    store.may_go_on.clear()
    recorder = Recorder(store.record, told.append)
    put: list[int] = []

    def answer() -> None:
        for number in range(12):
            recorder.put(handled(number, "x" * 100))
            put.append(number)

    thread = threading.Thread(target=answer)
    thread.start()
    wait_until(lambda: len(put) >= 3, "some are taken")
    assert len(put) < 12
    store.may_go_on.set()
    thread.join(GUARD_S)
    recorder.close()
    assert len(told) == 12
    assert all(each.kept for each in told)


def test_no_more_may_wait_than_can_be_recorded_in_time(
    store: Store, told: list[Handled], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_FIRST_PACE_S", 60.0)  # as where a machine has much else to do
    recorder = Recorder(store.record, told.append)
    store.may_go_on.clear()
    assert recorder.put_at_once(handled(1))
    assert not recorder.put_at_once(handled(2))
    store.may_go_on.set()
    recorder.close()
    assert paths(told) == ["/1"]


def test_nobody_waits_any_more_once_everything_ends(
    store: Store, told: list[Handled], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST_BYTES", 400)
    store.may_go_on.clear()
    recorder = Recorder(store.record, told.append)
    recorder.hurry()
    for number in range(3):
        recorder.put(handled(number, "x" * 1000))
    store.may_go_on.set()
    recorder.close()
    assert [each.kept is not None for each in told] == [True, True, True]


def test_nobody_waits_for_a_store_that_fails(
    store: Store, told: list[Handled], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST", 2)
    store.problem = StoreError("locked")
    recorder = Recorder(store.record, told.append)
    recorder.put(handled(0))
    wait_until(lambda: told != [], "the failure is known")
    store.may_go_on.clear()
    for number in range(1, 20):
        recorder.put(handled(number))
    store.may_go_on.set()
    recorder.close()
    assert len(told) == 20
    assert all(isinstance(each.problem, StoreError) for each in told)


def test_where_nothing_is_to_be_recorded_everything_is_told_of(told: list[Handled]) -> None:
    recorder = Recorder(None, told.append)
    recorder.put(handled(0))
    recorder.mention(Handled("GET", "/refused", 404))
    recorder.close()
    assert paths(told) == ["/0", "/refused"]
    assert told[0].kept is None
    assert told[0].problem is None


def test_an_end_that_does_not_wait_says_that_something_is_left(store: Store, told: list[Handled]) -> None:
    store.may_go_on.clear()
    recorder = Recorder(store.record, told.append)
    recorder.put(handled(0))
    assert not recorder.close(within_s=0)
    store.may_go_on.set()
    assert recorder.close()
    assert len(told) == 1
