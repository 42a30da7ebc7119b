"""The budgets of comparing: 1 MB against 1 MB with 1,000 differences."""

from __future__ import annotations

import copy
import gc
import json
import random
import time
from collections.abc import Callable, Iterator
from typing import Any

from fgtui.invoke.model import Returned
from fgtui.sessions.diff.changes import compare_outcomes, diff
from fgtui.sessions.diff.comparison import Comparison
from fgtui.sessions.redaction.redactor import Redactor
from tests.factories import an_exchange

from .harness import Row, alternate, milliseconds

GROUP = "diff"
RUNS = 15
ORDERS, CHANGES = 3_300, 1_000


def a_large_result() -> dict[str, Any]:
    """An answer of 1 MB: orders, each of some members and two items."""
    chance = random.Random(20_261_122)
    orders = [
        {
            "id": f"order-{number}",
            "customer": {"name": f"客户 {number}", "city": "深圳", "vip": number % 7 == 0},
            "createdAt": f"2026-11-22T{number % 24:02}:00:00Z",
            "total": round(chance.uniform(1, 500), 2),
            "items": [
                {"sku": f"{chance.randrange(16**10):010x}", "count": chance.randrange(1, 9), "price": chance.random()}
                for _ in range(2)
            ],
            "note": None,
        }
        for number in range(ORDERS)
    ]
    return {"page": 1, "orders": orders}


def changed(result: dict[str, Any]) -> dict[str, Any]:
    """A copy with ``CHANGES`` values changed."""
    chance = random.Random(7)
    copied = copy.deepcopy(result)
    for number in chance.sample(range(ORDERS), CHANGES):
        order = copied["orders"][number]
        chance.choice((order, order["customer"], order["items"][1]))["changed"] = number
    return copied


def bare_walk(old: Any, new: Any) -> int:
    """The least that finds all of them: recursive, without paths; how many there are."""
    if type(old) is not type(new):
        return 1
    if type(old) is dict:
        found = 0
        for name, value in old.items():
            found += bare_walk(value, new[name]) if name in new else 1
        return found + sum(name not in old for name in new)
    if type(old) is list:
        return sum(map(bare_walk, old, new)) + abs(len(old) - len(new))
    return int(old != new)


def timed(action: Callable[[], object]) -> Callable[[], float]:
    """Seconds that ``action`` takes, without the garbage collector's share."""

    def run() -> float:
        gc.collect()
        gc.disable()
        started = time.perf_counter()
        action()
        took = time.perf_counter() - started
        gc.enable()
        return took

    return run


def rows() -> Iterator[Row]:
    """In order, with rules, and in another order; then two recordings, read and redacted."""
    old = a_large_result()
    new = changed(old)
    shuffled = {**new, "orders": random.Random(3).sample(new["orders"], ORDERS)}
    size = f"{len(json.dumps(old, ensure_ascii=False).encode()) / 1e6:.2f} MB"
    assert bare_walk(old, new) == len(diff(old, new)) == CHANGES
    assert len(diff(old, shuffled)) == CHANGES + 1
    rules = Comparison.parse(["orders[*].createdAt", "**.etag", "~uuid", "total~number"], tolerance="1%")
    walk = timed(lambda: bare_walk(old, new))
    for what, other, comparison, budget in (
        (f"{size}, {CHANGES:,} differences", new, None, 5.0),
        ("the same with five rules", new, rules, None),
        ("the same with its 3,300 items in another order", shuffled, None, None),
    ):
        compare = timed(lambda other=other, comparison=comparison: diff(old, other, comparison))
        floor, measured = alternate(RUNS, walk, compare)
        ratio = measured / floor
        yield Row(
            GROUP,
            what,
            milliseconds(measured),
            f"bare walk {milliseconds(floor)}",
            ratio,
            "" if budget is None else f"≤ {budget:g} ×",
            None if budget is None else ratio <= budget,
        )
    exchanges = [
        an_exchange(outcome=Returned(body=json.dumps(each, ensure_ascii=False).encode()), number=number)
        for number, each in enumerate((old, new), 1)
    ]
    for what, redactor in (("two recordings, read", None), ("two recordings, redacted and read", Redactor())):
        (measured,) = alternate(
            5, timed(lambda redactor=redactor: compare_outcomes(*exchanges, redactor=redactor).changes)
        )
        yield Row(GROUP, what, milliseconds(measured), "", None, "", None)
