"""What waits to be drawn of a local endpoint: little, and the screen is woken once for all of it."""

from __future__ import annotations

from fgtui.errors import StoreError
from fgtui.invoke.model import Exchange
from fgtui.serve.recorder import Handled
from fgtui.tui.serving import KEPT, Arrivals
from tests.factories import an_exchange


def handled(kept: Exchange | None = None, problem: StoreError | None = None) -> Handled:
    return Handled("GET", "/", 200, kept, kept, problem)


def test_the_screen_is_woken_once_until_it_has_looked() -> None:
    woken: list[None] = []
    arrivals = Arrivals(lambda: woken.append(None))
    for seq in (1, 2, 3):
        arrivals.hear(handled(an_exchange(session="orders", seq=seq)))
    assert len(woken) == 1
    assert [row.seq for row in arrivals.take().rows] == [1, 2, 3]
    assert arrivals.take() == ((), None)
    arrivals.hear(handled(an_exchange(session="orders", seq=4)))
    assert len(woken) == 2


def test_of_a_flood_the_newest_wait_and_what_invoked_nothing_wakes_nobody() -> None:
    woken: list[None] = []
    arrivals = Arrivals(lambda: woken.append(None))
    arrivals.hear(handled())
    assert woken == []
    exchange = an_exchange(session="orders", seq=1)
    for seq in range(1, KEPT + 3):
        arrivals.hear(handled(an_exchange(id=exchange.id, session="orders", seq=seq)))
    assert [row.seq for row in arrivals.take().rows] == list(range(3, KEPT + 3))


def test_why_something_was_not_recorded_is_told_though_others_were() -> None:
    arrivals = Arrivals(lambda: None)
    arrivals.hear(handled(problem=StoreError("no space left")))
    arrivals.hear(handled(an_exchange(session="orders", seq=1)))
    rows, problem = arrivals.take()
    assert (len(rows), str(problem)) == (1, "no space left")
