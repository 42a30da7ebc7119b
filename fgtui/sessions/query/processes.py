"""The processes that try queries, from outside: started, told what to do, read from, killed."""

from __future__ import annotations

import marshal
import os
import select
import signal
import threading
from collections import deque
from collections.abc import Iterable
from time import monotonic
from typing import Any, Self, cast

from fgtui.errors import FgtuiError, QueryError, StoreError, UsageError
from fgtui.regex import regex
from fgtui.sessions import child_processes, strict_json
from fgtui.sessions.query.host import OUT_OF_MEMORY
from fgtui.sessions.told_errors import unpacked
from fgtui.words import Phrase, folded, sentence

PROCESSES_LIMIT = 4
TIME_LIMIT_S = 1.0
"""For one evaluation, of the processor's time."""
MEMORY_LIMIT_MB = 256
"""For the process that evaluates, beyond what it starts with and its documents need."""
RESULT_LIMIT_MB = 16
"""For the JSON of one result, beyond twice that of its document."""
HANG_S = 30.0
"""With no answer for so long a process is given up, whatever it waits for."""

LIMITS = {"seconds": TIME_LIMIT_S, "memory_mb": MEMORY_LIMIT_MB, "result_mb": RESULT_LIMIT_MB}
_FINISH_S = 0.05
"""How long a process that is no longer needed has to become idle."""
_EACH = 500
"""Exchanges that are worth a process more."""
_MANY = 1_000_000
_AHEAD_BYTES = 8 * 1024 * 1024
"""Of answers that wait for those before them; then no more are read, and the process waits too."""
_WORDS = {
    "memory": "the expression needs more than {memory} MB on one exchange",
    "depth": "the expression, or what it is tried on, is nested too deeply",
    "order": "only numbers are larger or smaller than each other, and texts than texts",
    "expression": "an expression without its value is no result; & belongs inside a function",
    "number": "the result holds a number that JSON cannot say",
    "digits": "the result holds a number of more digits than are kept of it",
    "size": "the result is larger than {result} MB",
    "value": "{reason}",
}
_MISTYPED = r"In function (\w+)\(\), invalid type for value: .*, expected one of: \[(.*)\], received: \"(.*)\""
_UNOPENED = r"In function (\w+)\(\), (.*)"
_ONE_MORE = sentence("{these}, {this}")
_UNOPENED_WORDS = frozenset((
    sentence("the text is not base64"),
    sentence("the gzip data is broken, cut short, or followed by something else"),
    sentence("the text is not gzip data; where it is base64 around that, powertools_base64_gzip opens both"),
    sentence("the text has half of a surrogate pair, which stands for no bytes"),
    sentence("a % is not followed by two hexadecimal digits"),
))  # fmt: skip
"""What the functions that open text say, and no more than that."""


class Work:
    """One message to a process, and what came back of it."""

    def __init__(self, *message: object) -> None:
        self.message = message
        self.answers: list[bytes] = []
        self.waiting_bytes = 0
        self.looked = 0
        self.lost = 0
        self.is_done = False
        self.failure: FgtuiError | None = None
        """Why there is no more."""
        self.began_at = 0.0
        self.took_s = 0.0
        """From when the process had nothing else to do first."""

    def take(self) -> list[bytes]:
        """The answers that are there, each once."""
        taken, self.answers, self.waiting_bytes = self.answers, [], 0
        return taken


class Process:
    """One ``query.host`` and the pipes to it."""

    def __init__(self) -> None:
        try:
            self._process = child_processes.start("fgtui.sessions.query.host")
        except OSError as error:
            raise QueryError(
                "no process could be started to evaluate in: {reason}", reason=error.strerror or error
            ) from error
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self.input, self.output = self._process.stdin.fileno(), self._process.stdout.fileno()
        os.set_blocking(self.input, False)
        os.set_blocking(self.output, False)
        self._unsent = bytearray()
        self._unread = b""
        self.work: deque[Work] = deque()
        """What it was given and has not finished, in order."""

    @property
    def wants_to_send(self) -> bool:
        """Whether something waits for room in the pipe."""
        return bool(self._unsent)

    @property
    def is_ahead(self) -> bool:
        """Whether so much of it waits to be taken that nothing more is read."""
        return sum(each.waiting_bytes for each in self.work) > _AHEAD_BYTES

    def begin(self, settings: dict[str, Any]) -> None:
        """What all work from now on is for."""
        self._post(("job", settings))

    def give(self, work: Work) -> None:
        """Something more to do."""
        work.began_at = monotonic()
        self.work.append(work)
        self._post(work.message)

    def _post(self, message: tuple[object, ...]) -> None:
        data = marshal.dumps(cast("Any", message))
        self._unsent += len(data).to_bytes(4, "big") + data
        self.send()

    def send(self) -> bool:
        """Write what the pipe takes; whether that was anything."""
        try:
            sent = os.write(self.input, self._unsent)
        except BlockingIOError:
            return False
        except BrokenPipeError:
            self._unsent.clear()  # its end is read from the other pipe
            return False
        del self._unsent[:sent]
        return sent > 0

    def receive(self) -> None:
        """Read what is there, and sort it to the work it belongs to."""
        try:
            chunk = os.read(self.output, 1 << 18)
        except BlockingIOError:
            return
        if not chunk:
            self._fail(self._death())
            return
        *lines, self._unread = (self._unread + chunk).split(b"\n")
        for line in lines:
            if not self.work:
                continue
            work = self.work[0]
            if line.startswith(b"."):
                work.looked, work.lost = map(int, line[1:].split())
                work.is_done = True
                self.work.popleft()
                now = monotonic()
                work.took_s = now - work.began_at
                if self.work:
                    self.work[0].began_at = now
            elif line.startswith(b"?"):
                work.failure = failure(line[1:])
                self.work.popleft()
            else:
                work.answers.append(line)
                work.waiting_bytes += len(line)

    def _fail(self, error: FgtuiError) -> None:
        for work in self.work:
            work.failure = error
        self.work.clear()

    def _death(self) -> QueryError:
        status = self._process.wait(HANG_S)
        if status == -signal.SIGPROF:
            return QueryError(
                "the expression takes longer than {seconds:g} s on one exchange and was stopped",
                hint="it may double its result at every step",
                seconds=TIME_LIMIT_S,
            )
        if status == OUT_OF_MEMORY:
            return out_of_memory()
        return QueryError("the evaluation broke off ({status})", status=status)

    @property
    def is_idle(self) -> bool:
        """Whether it runs and has nothing to do."""
        return not self.work and not self._unsent and self._process.poll() is None

    def finish(self, patience_s: float) -> None:
        """Let it finish what nobody waits for any more, if that is soon."""
        until = monotonic() + patience_s
        while self.work and (left := until - monotonic()) > 0:
            if select.select([self.output], [], [], left)[0]:
                self.receive()
            for work in self.work:
                work.answers.clear()

    def close(self) -> None:
        """End it, whatever it does."""
        child_processes.end(self._process)


class Processes:
    """Keeps those that are idle for the next query: starting one takes longer than most answers. Threads may share it.

    Whoever made it closes it; then those at work end with their work.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._idle: list[Process] = []
        self._is_closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def take(self) -> Process:
        """One for a new job."""
        with self._lock:
            while self._idle:
                process = self._idle.pop()
                if process.is_idle:
                    return process
                process.close()
        return Process()

    def give_back(self, process: Process) -> None:
        """Keep it if it will soon be idle, else end it."""
        process.finish(_FINISH_S)
        with self._lock:
            if process.is_idle and not self._is_closed and len(self._idle) < PROCESSES_LIMIT:
                self._idle.append(process)
                return
        process.close()

    def prepare(self) -> None:
        """Start what a query will need, while nobody waits yet."""
        with self._lock:
            if not self._idle and not self._is_closed:
                self._idle += [Process() for _ in range(processes_for(_MANY))]

    def close(self) -> None:
        """End all that are idle."""
        with self._lock:
            self._is_closed = True
            idle, self._idle = self._idle, []
        for process in idle:
            process.close()


def wait(processes: Iterable[Process], wait_s: float) -> bool:
    """Let bytes pass both ways, for which it waits so long at most; whether any did."""
    readable = {each.output: each for each in processes if each.work and not each.is_ahead}
    writable = {each.input: each for each in processes if each.wants_to_send}
    to_read, to_write, _ = select.select(list(readable), list(writable), [], wait_s)
    moved = [writable[at].send() for at in to_write]
    for at in to_read:
        readable[at].receive()
    return bool(to_read) or any(moved)


def text_of(query: tuple[str, object], text: str) -> str:
    """What ``query``, as ``Query.told`` has it, makes of the value of JSON text, as JSON text on one line.

    Numbers that are left as they are keep their spelling. QueryError when there is no result.
    """
    settings: dict[str, Any] = {
        **LIMITS,
        "filter": None,
        "rest": None,
        "project": query,
        "clauses": (),
        "documents": {"session": "", "decoded": False, "roots": ()},
        "parts": frozenset(),
        "all_parts": frozenset(),
        "is_long": False,
    }
    process = Process()
    try:
        process.begin(settings)
        work = Work("value", text)
        process.give(work)
        while not work.is_done and work.failure is None:
            if not wait([process], HANG_S):
                raise no_answer()
        if work.failure is not None:
            raise work.failure
        (answer,) = work.take()
    finally:
        process.close()
    number, _, told = answer.partition(b" ")
    if number.startswith(b"!"):
        raise refusal(told)
    return told.decode()


def processes_for(count: int) -> int:
    """How many processes are worth their start for so many exchanges."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(PROCESSES_LIMIT, cores, 1 + count // _EACH))


def no_answer() -> QueryError:
    """What is said of a process that stands still."""
    return QueryError("the evaluation does not answer", hint="try again; the machine may be busy")


def out_of_memory() -> QueryError:
    """What is said when an expression needs too much."""
    return QueryError(_WORDS["memory"], memory=MEMORY_LIMIT_MB)


def refusal(told: bytes) -> QueryError:
    """Why a document could not be tried, from the JSON of kind and words."""
    kind_and_words: Any = strict_json.read(told.decode())
    kind, words = kind_and_words
    reason = " ".join(words.split())
    if kind == "value" and (found := regex(_MISTYPED).fullmatch(reason)):
        function, wanted, given = found.groups()
        return QueryError(
            "{function}() takes {wanted}, not {given}",
            function=function,
            wanted=folded([Phrase(each) for each in wanted.replace("'", "").split(", ")], _ONE_MORE),
            given=Phrase(given),
        )
    if kind == "value" and (found := regex(_UNOPENED).fullmatch(reason)) and found[2] in _UNOPENED_WORDS:
        return QueryError("in function {function}(): {reason}", function=found[1], reason=Phrase(found[2]))
    return QueryError(_WORDS[kind], memory=MEMORY_LIMIT_MB, result=RESULT_LIMIT_MB, reason=reason)


def is_out_of_memory(error: QueryError) -> bool:
    """Whether the next exchange would cost as much."""
    return error.message == _WORDS["memory"]


def failure(told: bytes) -> FgtuiError:
    """What a process could not do, from the JSON of ``query.host.failure``."""
    parts: Any = strict_json.read(told.decode())
    name, message, hint, values = parts
    kind: type[FgtuiError] = {"UsageError": UsageError, "QueryError": QueryError}.get(name, StoreError)
    return kind(message, hint=hint, **unpacked(values))
