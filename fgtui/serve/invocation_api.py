"""The invocation API: which function is called how, and what it is answered (runtime.md section 8).

Decides quickly and without waiting; what takes long is left to the thread that invokes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from fgtui.errors import TargetError
from fgtui.events.model import Event
from fgtui.events.sizes import ASYNCHRONOUS_LIMIT
from fgtui.invoke.headers import header_of
from fgtui.invoke.ids import request_id as new_request_id
from fgtui.invoke.limits import MEMORY_SIZES
from fgtui.invoke.urns import Urn, parse
from fgtui.records import Record
from fgtui.serve.answers import accepted, sync_answer
from fgtui.serve.async_calls import AsyncCalls, question_of
from fgtui.serve.calls import Invocation
from fgtui.serve.limits import SYNCHRONOUS_BYTES
from fgtui.serve.messages import Incoming, Outgoing, RefusedError, json_answer, no_such_method, service_error
from fgtui.serve.stored_events import StoredEvents

REGION = "local"
"""Of a function that is named without one."""
_API = re.compile(r"/v2/[^/]*/fgs(?:/|$)")
_FUNCTION = re.compile(r"/v2/([^/]+)/fgs/functions/([^/]+)/([a-z-]+)(?:/([^/]*))?/?")
_FUNCTIONS = re.compile(r"/v2/[^/]+/fgs/functions/?")
_LIMITS = {"invocations": SYNCHRONOUS_BYTES, "invocations-async": ASYNCHRONOUS_LIMIT, "events": 64 * 1024}
_METHODS = {
    "invocations": "POST",
    "invocations-async": "POST",
    "async-invocations": "GET",
    "active-async-invocations": "GET",
}


class Served(Record):
    """What stands behind the endpoint."""

    name: str
    handler: str
    runtime: str
    memory_mb: int
    timeout_s: float


def speaks_to_api(path: str) -> bool:
    """Whether a request for ``path`` is one of the invocation API's."""
    return _API.match(path) is not None


def body_limit(path: str) -> int:
    """Bytes that the service takes there."""
    found = _FUNCTION.fullmatch(path)
    return _LIMITS.get(found[3] if found else "", ASYNCHRONOUS_LIMIT)


class InvocationApi:
    """Answers every well-formed URN with the one function that is served."""

    def __init__(
        self, served: Served, calls: AsyncCalls, events: StoredEvents, trigger_of: Callable[[bytes], str]
    ) -> None:
        """``trigger_of`` recognises an event, on the thread that invokes."""
        self._served = served
        self._calls = calls
        self._events = events
        self._trigger_of = trigger_of

    def answer(self, incoming: Incoming) -> Outgoing | Invocation:
        """The answer, or what has to be invoked for it."""
        try:
            return self._answer(incoming)
        except RefusedError as refused:
            return refused.answer

    def _answer(self, incoming: Incoming) -> Outgoing | Invocation:
        if _FUNCTIONS.fullmatch(incoming.path):
            _check_method(incoming.method, "GET")
            return self._functions(incoming.path.split("/")[2])
        found = _FUNCTION.fullmatch(incoming.path)
        if found is None or (found[3] not in _METHODS and found[3] != "events") or (found[4] and found[3] != "events"):
            raise RefusedError(service_error(404, "FSS.0404", "Not found the specified resource"))
        urn = _urn(found[2], found[1])
        if found[3] == "events":
            return self._events.answer(incoming.method, urn, found[4] or None, incoming.body)
        _check_method(incoming.method, _METHODS[found[3]])
        function = f"{urn.package}:{urn.function}"
        if found[3] == "invocations":
            return self._call(incoming)
        if found[3] == "invocations-async":
            return self._call_asynchronously(incoming, function)
        return self._status(incoming, function, active=found[3].startswith("active"))

    def _call(self, incoming: Incoming) -> Invocation:
        version = (header_of(incoming.headers, "x-cff-request-version") or "v0").lower()
        if version not in {"v0", "v1"}:
            raise RefusedError(service_error(400, "FSS.0400", "X-CFF-Request-Version has to be v0 or v1"))
        request_id = new_request_id()
        asked = _checked_call(incoming)
        wants_log = (header_of(incoming.headers, "x-cff-log-type") or "").lower() == "tail"
        memory_mb = asked or self._served.memory_mb
        return Invocation(
            request_id,
            incoming,
            lambda: self._event(incoming.body),
            lambda exchange: sync_answer(
                exchange.outcome,
                request_id=exchange.outcome.request_id or request_id,  # of a deployed function its own
                memory_mb=memory_mb,
                version=version,
                wants_log=wants_log,
            ),
            memory_mb=asked,
        )

    def _call_asynchronously(self, incoming: Incoming, function: str) -> Invocation:
        request_id = new_request_id()
        asked = _checked_call(incoming)
        return Invocation(
            request_id,
            incoming,
            lambda: self._event(incoming.body),
            lambda _: accepted(request_id),
            memory_mb=asked,
            accepted=accepted(request_id),
            on_accept=lambda: self._calls.accept(request_id, function),
            on_begin=lambda: self._calls.begin(request_id),
            on_end=lambda exchange: self._calls.end(request_id, exchange),
        )

    def _status(self, incoming: Incoming, function: str, *, active: bool) -> Outgoing:
        try:
            question = question_of(function, _parameters(incoming.query), active=active)
        except ValueError as error:
            raise RefusedError(service_error(400, "FSS.0400", str(error))) from error
        return json_answer(200, self._calls.find(question))

    def _functions(self, project: str) -> Outgoing:
        """The one function, for who looks whether an endpoint answers (runtime.md section 8.7, vector D)."""
        served = self._served
        urn = Urn(REGION, _text(project), "default", served.name)
        function = {
            "func_urn": str(urn),
            "func_name": served.name,
            "package": urn.package,
            "handler": served.handler,
            "runtime": served.runtime,
            "memory_size": served.memory_mb,
            "timeout": -int(-served.timeout_s // 1),
            "version": urn.version,
        }
        return json_answer(200, {"functions": [function], "next_marker": 1, "count": 1})

    def _event(self, wire: bytes) -> Event:
        return Event(self._trigger_of(wire), wire)


def _check_method(method: str, wanted: str) -> None:
    if method != wanted:
        raise RefusedError(no_such_method(method, wanted))


def _urn(segment: str, project: str) -> Urn:
    text = _text(segment)
    try:
        return parse(text, region=REGION, project_id=_text(project))
    except TargetError as error:
        raise RefusedError(service_error(400, "FSS.1309", f"Invalid function URN: {error}"[:400])) from error


def _text(segment: str) -> str:
    return unquote_to_bytes(segment).decode("utf-8", "replace")


def _parameters(query: str) -> list[tuple[str, str]]:
    from urllib.parse import parse_qsl

    try:
        return parse_qsl(query, keep_blank_values=True, max_num_fields=100)
    except ValueError as error:
        raise RefusedError(service_error(400, "FSS.0400", "the query has too many parameters")) from error


def _checked_call(incoming: Incoming) -> int | None:
    """The memory that a call asks for, after a look at what the service looks at before it begins."""
    memory = header_of(incoming.headers, "x-cff-instance-memory")
    if memory is not None and memory not in map(str, MEMORY_SIZES):
        sizes = ", ".join(map(str, MEMORY_SIZES))
        raise RefusedError(service_error(406, "FSS.0406", f"X-Cff-Instance-Memory has to be one of {sizes}"))
    if not _is_json(incoming.body):
        raise RefusedError(service_error(406, "FSS.0406", "The request body is not in the required JSON format."))
    return None if memory is None else int(memory)


def _is_json(body: bytes) -> bool:
    """Whether ``body`` is strict JSON; numbers stay text, however long they are."""
    try:
        text = body.decode("utf-8")
        json.loads(text, parse_int=str, parse_float=str, parse_constant=_refuse)
    except RecursionError:
        from fgtui.events.text import is_json

        return is_json(text)
    except ValueError:
        return False
    return True


def _refuse(constant: str) -> None:
    raise ValueError(constant)
