"""Times are read from every format that events use, and written back in it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fgtui.events.times import read_moment

INSTANT = 1530009653  # 2018-06-26T10:40:53Z

FORMATS = [
    "2018-06-26T10:40:53Z",
    "2018-06-26T10:40:53.000Z",
    "2018-06-26T18:40:53.000000000+08:00",
    "2018-06-26T05:40:53-0500",
    "2018-06-26 10:40:53,000",
    "2018-06-26T10:40:53.000Z+08:00",
    "2018/06/26 18:40:53 GMT+08:00",
    "Tue Jun 26 2018 18:40:53 GMT+0800 (CST)",
    "Tue Jun 26 2018 10:40:53 GMT+0000",
    "20180626T104053Z",
    "1530009653",
    "1530009653000",
    "1530009653000000",
    "1530009653000000000",
]


@pytest.mark.parametrize("text", FORMATS)
def test_every_format_of_events_names_its_instant(text: str) -> None:
    moment = read_moment(text)
    assert moment is not None
    assert moment.nanoseconds == INSTANT * 10**9
    assert moment.write(moment.nanoseconds) == text


@pytest.mark.parametrize("text", FORMATS)
@given(instant=st.datetimes(datetime(2001, 9, 10), datetime(2286, 11, 20), timezones=st.just(UTC)))  # noqa: DTZ001
@settings(max_examples=20)
def test_what_is_written_reads_as_the_same_instant(text: str, instant: datetime) -> None:
    moment = read_moment(text)
    assert moment is not None
    nanoseconds = (instant - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1) * 1000
    again = read_moment(moment.write(nanoseconds))
    assert again is not None
    assert len(moment.write(nanoseconds)) == len(text)
    assert 0 <= nanoseconds - again.nanoseconds < 10**9


@pytest.mark.parametrize(
    "text",
    ["", "soon", "2018", "15300096530", "2018-13-01T00:00:00Z", "2018-02-31T00:00:00Z", "2018-06-26", "2018-06-26T25:00:00Z",
     "Tue Foo 26 2018 18:40:53 GMT+0800", "20181326T104053Z", "2018/06/31 18:40:53 GMT+08:00", "０１２３４５６７８９",
     "2018-06-26T10:40:53.0000000001Z", " 1530009653", "2018-06-26T10:40:53Z\n"],
)  # fmt: skip
def test_what_is_no_time_is_none(text: str) -> None:
    assert read_moment(text) is None


def test_an_instant_without_a_date_is_an_overflow() -> None:
    moment = read_moment("2018-06-26T10:40:53Z")
    assert moment is not None
    with pytest.raises(OverflowError):
        moment.write(10**21)


@given(st.text(max_size=30))
def test_no_text_raises(text: str) -> None:
    read_moment(text)
