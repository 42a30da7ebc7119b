"""Times as events write them (events.md, Timestamps): read to an instant, and written back in the same format."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NamedTuple

from fgtui.regex import regex

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  # offsets are counted by hand: formats keep theirs
_SECOND = 1_000_000_000
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class Moment(NamedTuple):
    """An instant, and how to write another one in the format this one was read from."""

    nanoseconds: int
    """Since 1970-01-01T00:00:00Z."""
    write: Callable[[int], str]
    """Raises ``OverflowError`` for instants that have no date. What the format has no room for is cut off."""


def read_moment(text: str) -> Moment | None:
    """The instant that ``text`` (of a string or number) names; ``None`` where it is no time.

    Digits are seconds, milliseconds, microseconds or nanoseconds by how many there are: 10, 13, 16 or 19.
    """
    if text.isdecimal() and text.isascii():
        return _unix(text)
    for pattern, read in _FORMATS:
        found = pattern.fullmatch(text)
        if found:
            try:
                return read(found)
            except ValueError:  # the 31st of February
                return None
    return None


def _unix(text: str) -> Moment | None:
    unit = {10: _SECOND, 13: _SECOND // 10**3, 16: _SECOND // 10**6, 19: 1}.get(len(text))
    return None if unit is None else Moment(int(text) * unit, lambda instant: str(instant // unit))


def _iso(found: re.Match[str]) -> Moment:
    date, between, time, point, fraction, zone = found.groups(default="")
    local = datetime.fromisoformat(f"{date} {time}")
    digits = len(fraction)

    def write(written: datetime, nanoseconds: int) -> str:
        tail = f"{point}{nanoseconds:09}"[: 1 + digits] if digits else ""
        return f"{written:%Y-%m-%d}{between}{written:%H:%M:%S}{tail}{zone}"

    return _moment(local, int(fraction.ljust(9, "0")), _offset(zone), write)


def _slashes(found: re.Match[str]) -> Moment:
    local = datetime.strptime(found[1], "%Y/%m/%d %H:%M:%S")  # noqa: DTZ007
    return _moment(local, 0, _offset(found[2]), lambda written, _: f"{written:%Y/%m/%d %H:%M:%S} GMT{found[2]}")


def _javascript(found: re.Match[str]) -> Moment:
    month, day, year, time, zone, name = found.groups(default="")
    local = datetime.fromisoformat(f"{year}-{_MONTHS.index(month) + 1:02}-{day} {time}")

    def write(written: datetime, _: int) -> str:
        day_and_month = f"{_DAYS[written.weekday()]} {_MONTHS[written.month - 1]}"
        return f"{day_and_month} {written:%d} {written.year:04} {written:%H:%M:%S} GMT{zone}{name}"

    return _moment(local, 0, _offset(zone), write)


def _packed(found: re.Match[str]) -> Moment:
    local = datetime.strptime(found[0], "%Y%m%dT%H%M%SZ")  # noqa: DTZ007
    return _moment(local, 0, 0, lambda written, _: f"{written:%Y%m%dT%H%M%SZ}")


def _moment(local: datetime, fraction: int, offset: int, write: Callable[[datetime, int], str]) -> Moment:
    """``local`` time with ``fraction`` nanoseconds, ``offset`` seconds ahead of UTC."""

    def written(instant: int) -> str:
        seconds, nanoseconds = divmod(instant, _SECOND)
        return write(_EPOCH + timedelta(seconds=seconds + offset), nanoseconds)

    seconds = (local - _EPOCH) // timedelta(seconds=1) - offset
    return Moment(seconds * _SECOND + fraction, written)


def _offset(zone: str) -> int:
    """Seconds ahead of UTC of ``+08:00`` or ``+0800``; none for ``Z``, nothing, or both."""
    found = re.fullmatch(r"([+-])(\d\d):?(\d\d)", zone)
    if found is None:
        return 0
    seconds = int(found[2]) * 3600 + int(found[3]) * 60
    return -seconds if found[1] == "-" else seconds


_TIME = r"\d\d:\d\d:\d\d"
_FORMATS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Moment]], ...] = (
    (
        regex(rf"(\d{{4}}-\d\d-\d\d)([T ])({_TIME})(?:([.,])(\d{{1,9}}))?(Z?(?:[+-]\d\d:?\d\d)?)", re.ASCII),
        _iso,
    ),
    (regex(rf"(\d{{4}}/\d\d/\d\d {_TIME}) GMT([+-]\d\d:\d\d)", re.ASCII), _slashes),
    (
        regex(
            rf"(?:{'|'.join(_DAYS)}) ({'|'.join(_MONTHS)}) (\d\d) (\d{{4}}) ({_TIME}) GMT([+-]\d{{4}})( \([^()]*\))?",
            re.ASCII,
        ),
        _javascript,
    ),
    (regex(r"\d{8}T\d{6}Z", re.ASCII), _packed),
)
