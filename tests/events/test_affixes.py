from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from fgtui.events.affixes import common_prefix, common_suffix

AWKWARD = st.text(st.sampled_from('ab"\\\n\r\u2028中\ud800'), max_size=40)


@given(AWKWARD, AWKWARD)
def test_common_ends_are_what_a_loop_would_find(one: str, two: str) -> None:
    def slow(a: str, b: str) -> int:
        return next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))

    assert common_prefix(one, two) == slow(one, two)
    assert common_suffix(one, two) == slow(one[::-1], two[::-1])
