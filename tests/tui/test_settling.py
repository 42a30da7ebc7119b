"""A pilot goes on when what was pressed has had its effect, and no earlier."""

from __future__ import annotations

import asyncio
import threading
from time import thread_time

from tests.tui.settling import settled


async def test_what_calls_what_calls_is_waited_for() -> None:
    done: list[int] = []
    loop = asyncio.get_running_loop()

    def on(number: int) -> None:
        if number:
            loop.call_soon(on, number - 1)
        else:
            done.append(number)

    on(100)
    await settled()
    assert done


async def test_what_is_due_soon_is_waited_for_and_what_is_due_later_is_not() -> None:
    done: list[str] = []
    loop = asyncio.get_running_loop()
    loop.call_later(0.01, done.append, "soon")
    later = loop.call_later(600, done.append, "later")
    await settled()
    assert done == ["soon"]
    later.cancel()


async def test_a_thread_that_works_is_waited_for_and_one_that_waits_is_not() -> None:
    worked, ends = threading.Event(), threading.Event()

    def work() -> None:
        begun = thread_time()
        while thread_time() - begun < 0.05:
            pass
        worked.set()
        ends.wait()

    thread = threading.Thread(target=work)
    thread.start()
    await settled(max_sleep=30)
    assert worked.is_set()
    ends.set()
    thread.join()
