"""Invocations that cannot be made: the client is told so, whoever is at fault, and the next one has its turn."""

from __future__ import annotations

import asyncio
import json
import threading

import pytest

from fgtui.errors import FgtuiError, TargetError
from fgtui.events.model import Event
from fgtui.invoke.model import Exchange
from fgtui.serve.calls import Calls, Invocation
from fgtui.serve.messages import Incoming, Outgoing
from fgtui.serve.recorder import Handled, Recorder
from tests.factories import an_exchange


class Place:
    def __init__(self, problem: Exception | None = None) -> None:
        self.problem = problem
        self.told: list[Handled] = []
        self.ended: list[Exchange | None] = []
        self.recorder = Recorder(None, self.told.append)
        self.calls = Calls(self.invoke, self.recorder, at_once=1, waiting=0)

    def invoke(self, event: Event, *, request_id: str, memory_mb: int | None, cancelled: threading.Event) -> Exchange:
        if self.problem is not None:
            raise self.problem
        return an_exchange(event)

    async def ask(self, reply: Exception | None = None) -> Outgoing:
        loop = asyncio.get_running_loop()
        answered: asyncio.Future[Outgoing] = loop.create_future()

        def replied(exchange: Exchange) -> Outgoing:
            if reply is not None:
                raise reply
            return Outgoing(200)

        invocation = Invocation(
            "r-1", Incoming("POST", "/x", "", ()), lambda: Event("blank", b"{}"), replied, on_end=self.ended.append
        )
        assert self.calls.submit(
            invocation, lambda outgoing: loop.call_soon_threadsafe(answered.set_result, outgoing) and None
        )
        return await answered

    def close(self) -> None:
        self.calls.close()
        self.recorder.close()


@pytest.mark.parametrize(
    ("problem", "words"),
    [
        (TargetError("{program} did not start", program="python9"), "python9 did not start"),
        (RuntimeError("a secret of ours"), "the local endpoint failed at this request"),
    ],
)
async def test_what_cannot_be_invoked_is_told_to_the_client_and_to_us(problem: Exception, words: str) -> None:
    place = Place(problem)
    answer = await place.ask()
    place.close()
    assert (answer.status, json.loads(answer.body)) == (500, {"error_code": "FSS.0500", "error_msg": words})
    (handled,) = place.told
    assert isinstance(handled.problem, FgtuiError)
    assert place.ended == [None]


async def test_an_answer_that_cannot_be_made_is_our_fault_and_leaves_its_turn_to_the_next() -> None:
    place = Place()
    assert (await place.ask(RuntimeError("an odd outcome"))).status == 500
    place.close()
    assert place.calls._under_way == 0
