from __future__ import annotations

import pytest

from fgtui.invoke.headers import header_of


@pytest.mark.parametrize("spelled", ["date", "Date", "DATE"])
def test_a_header_is_found_however_it_is_spelled(spelled: str) -> None:
    assert header_of([("Other", "no"), (spelled, "now"), ("date", "later")], "date") == "now"


def test_an_empty_value_is_one_and_a_missing_header_has_none() -> None:
    assert header_of([("date", "")], "date") == ""
    assert header_of([("dates", "now")], "date") is None
