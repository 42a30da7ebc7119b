"""When the next recorded event is due."""

from __future__ import annotations

from datetime import timedelta

import pytest

from fgtui.sessions.replay.pacing import AsRecorded, AtOnce, AtRate, Speedometer, pace_of
from tests.factories import MOMENT


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def after(seconds: float):  # a moment of the recording
    return MOMENT + timedelta(seconds=seconds)


def test_a_rate_is_even_and_time_that_was_lost_is_not_made_up_for() -> None:
    clock = Clock()
    pace = AtRate(4, clock)
    assert [pace.due(MOMENT) for _ in range(3)] == [100.0, 100.25, 100.5]
    clock.now = 200.0
    assert [pace.due(MOMENT) for _ in range(2)] == [200.0, 200.25]


def test_the_original_intervals_are_kept_and_what_is_late_catches_up() -> None:
    clock = Clock()
    pace = AsRecorded(1.0, clock)
    assert pace.due(after(3)) == 100.0
    clock.now = 150.0
    assert [pace.due(after(seconds)) for seconds in (4, 60)] == [101.0, 157.0]


def test_the_original_intervals_are_scaled_and_an_earlier_one_is_due_already() -> None:
    clock = Clock()
    pace = AsRecorded(10.0, clock)
    assert [pace.due(after(seconds)) for seconds in (0, 5, -20)] == [100.0, 100.5, 98.0]


@pytest.mark.parametrize(
    ("rate", "speed", "kind"), [(None, None, AtOnce), (5.0, None, AtRate), (None, 1.0, AsRecorded)]
)
def test_the_pace_is_what_was_asked_for(rate: float | None, speed: float | None, kind: type) -> None:
    assert isinstance(pace_of(rate, speed), kind)


def test_the_speed_is_that_of_late() -> None:
    clock = Clock()
    speed = Speedometer(clock)
    assert speed.per_second(0) is None
    for _ in range(20):  # ten a second
        clock.now += 1
        speed.note(int(clock.now - 100) * 10)
    assert speed.per_second(200) == pytest.approx(10)
    for step in range(1, 13):  # then one a second
        clock.now += 1
        speed.note(200 + step)
    assert speed.per_second(212) == pytest.approx(1, rel=0.3)
