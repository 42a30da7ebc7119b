from __future__ import annotations

from datetime import timedelta

import pytest

from fgtui.errors import UsageError
from fgtui.sessions.storage.quantities import age, size


@pytest.mark.parametrize(
    ("word", "means"),
    [
        ("12h", timedelta(hours=12)), ("30d", timedelta(days=30)), ("2w", timedelta(weeks=2)),
        ("1.5 D", timedelta(hours=36)), ("0h", timedelta()),
    ],
)  # fmt: skip
def test_an_age_is_a_number_and_its_unit(word: str, means: timedelta) -> None:
    assert age(word) == means


@pytest.mark.parametrize(
    ("word", "means"),
    [("0B", 0), ("900KB", 900_000), ("1.5 gb", 1_500_000_000), ("2GiB", 2**31), ("1tb", 10**12), ("0.5KiB", 512)],
)
def test_a_size_is_a_number_and_its_unit(word: str, means: int) -> None:
    assert size(word) == means


@pytest.mark.parametrize(
    "word",
    ["", "30", "d", "-1d", "+1d", "1e3d", "nan d", "inf", "1 year", "30m", "٣d", "1d ", "999999999w", "1" * 5000 + "d"],
)
def test_what_is_no_age_is_said(word: str) -> None:
    with pytest.raises(UsageError, match="is no age"):
        age(word)


@pytest.mark.parametrize(
    "word", ["", "500", "MB", "-1MB", "1e3MB", "1,5GB", "5 M", "5MBit", "1d", "٣MB", "1" * 5000 + "MB"]
)
def test_what_is_no_size_is_said(word: str) -> None:
    with pytest.raises(UsageError, match="is no size"):
        size(word)
