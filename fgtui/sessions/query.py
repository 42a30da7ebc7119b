"""JMESPath over exchanges: compiled here, evaluated in a process that can be killed (reliability, sections 3 and 11).

Truth is JMESPath's own: ``false``, ``null``, ``""``, ``[]`` and ``{}`` do not match, everything else does, zero too.
A document on which an expression cannot be evaluated, say the length of ``null``, does not match and is counted.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING, Any, Self

from fgtui.errors import QueryError
from fgtui.records import Record
from fgtui.sessions import strict_json
from fgtui.words import nearest

if TYPE_CHECKING:
    from jmespath.parser import ParsedResult

EXPRESSION_LIMIT = 4096
"""Bytes of an expression."""
TIME_LIMIT_S = 1.0
"""For one evaluation, of the processor's time."""
MEMORY_LIMIT_MB = 256
"""For the process that evaluates, beyond what it starts with and its documents need."""
RESULT_LIMIT_MB = 16
"""For the JSON of one result, beyond twice that of its document."""

_HANG_S = 30.0
"""With no answer for so long the process is given up, whatever it waits for."""
_AHEAD_BYTES = 128 * 1024
_AHEAD = 512
"""Documents, and bytes of them, that wait for an answer: enough to keep the process busy."""
_PULL_S = 0.02
"""How long documents are read before answers are looked at again."""

Document = dict[str, Any]


class Query(Record):
    """A compiled expression."""

    text: str
    mentions_decoded: bool
    """Whether ``event.decoded`` is worth its price."""

    @classmethod
    def compile(cls, text: str) -> Self:
        """``text`` as a query. QueryError says what is wrong and at which column."""
        size = len(text.encode("utf-8", "surrogatepass"))
        if size > EXPRESSION_LIMIT:
            raise QueryError(
                "an expression has at most {limit} bytes; this one has {size}", limit=EXPRESSION_LIMIT, size=size
            )
        fields: set[str] = set()
        for node in _nodes(_parsed(text).parsed):
            if node["type"] == "field":
                fields.add(node["value"])
            elif node["type"] == "function_expression":
                _check_function(text, node)
        return cls(text, mentions_decoded="decoded" in fields)


class Match(Record):
    """A document for which a query is true."""

    document: Document
    value: object = None
    """What it is reshaped to, where that was asked."""


def scan(
    query: Query | None,
    documents: Iterable[Document],
    *,
    project: Query | None = None,
    cancelled: threading.Event | None = None,
    on_error: Callable[[Document, QueryError], None] | None = None,
) -> Iterator[Match]:
    """The documents for which ``query`` is true, as they are found; without one, all of them.

    Reads no further than a little ahead of what is asked for, and leaves no process behind, also when it is closed
    early. ``cancelled`` ends it quietly. QueryError when an evaluation had to be stopped; for documents that could not
    be tried ``on_error`` is called, or without it one QueryError comes at the end.
    """
    failed: list[QueryError] = []
    with _Evaluator(query, project) as evaluator:
        for document, answer in evaluator.answers(documents, cancelled):
            if answer.startswith(b"1"):
                yield Match(document, strict_json.read(answer[1:].decode()) if project is not None else None)
            elif answer.startswith(b"!"):
                error = _worded(answer)
                if error.message == _WORDS["memory"]:
                    raise error  # as after the time limit: the next exchange would cost as much
                if on_error is not None:
                    on_error(document, error)
                else:
                    failed.append(error)
    if failed:
        raise QueryError("{count} could not be tried; the first: {reason}", count=len(failed), reason=failed[0])


def evaluate(query: Query, value: object) -> object:
    """The value of ``query`` on a JSON value. QueryError when there is none, or it was stopped."""
    with _Evaluator(None, query) as evaluator:
        for _, answer in evaluator.answers([value]):
            if answer.startswith(b"!"):
                raise _worded(answer)
            return strict_json.read(answer[1:].decode())
    return None


# Compiling


def _parsed(text: str) -> ParsedResult:
    import warnings

    import jmespath
    from jmespath.exceptions import EmptyExpressionError, JMESPathError, LexerError, ParseError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the library frowns at `text` without quotes, which it still takes
            return jmespath.compile(text)
    except EmptyExpressionError as error:
        raise QueryError("there is no expression", column=1) from error
    except LexerError as error:
        raise _not_jmespath(error.message, error.lexer_position) from error
    except ParseError as error:
        if error.token_type is None or error.token_value == "":
            raise _not_jmespath("it is not complete", len(text)) from error
        raise _not_jmespath(error.msg, error.lex_position) from error
    except JMESPathError as error:
        raise _not_jmespath(str(error), None) from error
    except RecursionError as error:
        raise QueryError("the expression is nested too deeply") from error
    except (TypeError, ValueError, OverflowError, LookupError, AttributeError) as error:  # the library's own slips
        raise _not_jmespath(str(error), None) from error


def _not_jmespath(reason: str, position: int | None) -> QueryError:
    return QueryError(
        "not JMESPath: {reason}",
        hint="see jmespath.org; text is written 'so', numbers `so`, names with signs \"so\"",
        column=None if position is None else position + 1,
        reason=reason[:1].lower() + reason[1:],
    )


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict) and "type" in node:
            yield node
            waiting.extend(node.get("children", ()))


def _check_function(text: str, node: dict[str, Any]) -> None:
    """The library would only say so once it gets there."""
    import re

    from fgtui.sessions.query_functions import library

    functions = library().FUNCTION_TABLE
    name, given = node["value"], len(node["children"])
    place = re.search(rf"(?<![\w\"']){re.escape(name)}\s*\(", text)
    column = place.start() + 1 if place else None
    known = functions.get(name)
    if known is None:
        found = nearest(name, functions)
        raise QueryError(
            "there is no function {name}",
            hint="did you mean {nearest}?" if found else "",
            column=column,
            name=name,
            nearest=found,
        )
    signature = known["signature"]
    least = len(signature)
    variadic = bool(signature) and signature[-1].get("variadic", False)
    if given < least or (given > least and not variadic):
        raise QueryError(
            "{name} takes {least} or more arguments, not {given}"
            if variadic
            else "{name} takes {least} arguments, not {given}",
            column=column,
            name=name,
            least=least,
            given=given,
        )


# Evaluating


_WORDS = {
    "memory": "the expression needs more than {memory} MB on one exchange",
    "depth": "the expression, or what it is tried on, is nested too deeply",
    "order": "only numbers are larger or smaller than each other, and texts than texts",
    "expression": "an expression without its value is no result; & belongs inside a function",
    "number": "the result holds a number that JSON cannot say",
    "size": "the result is larger than {result} MB",
    "value": "{reason}",
}


def _worded(answer: bytes) -> QueryError:
    told: Any = strict_json.read(answer[1:].decode())
    kind, words = told
    reason = " ".join(words.split())
    return QueryError(_WORDS[kind], memory=MEMORY_LIMIT_MB, result=RESULT_LIMIT_MB, reason=reason)


class _Evaluator:
    """One ``query_host`` and the pipes to it."""

    def __init__(self, condition: Query | None, project: Query | None) -> None:
        settings = {
            "filter": condition.text if condition else None,
            "project": project.text if project else None,
            "seconds": TIME_LIMIT_S,
            "memory_mb": MEMORY_LIMIT_MB,
            "result_mb": RESULT_LIMIT_MB,
        }
        # isolated, but with this process's own path: neither the working folder nor a variable can put code in it
        program = f"import sys; sys.path[:] = {sys.path!r}; from fgtui.sessions.query_host import main; main()"
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", program],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            start_new_session=True,  # Ctrl+C is for whoever waits, who then ends it
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._to, self._from = self._process.stdin.fileno(), self._process.stdout.fileno()
        os.set_blocking(self._to, False)
        self._unsent = bytearray(strict_json.write(settings).encode() + b"\n")
        self._unread = bytearray()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()

    def answers(
        self, documents: Iterable[Any], cancelled: threading.Event | None = None
    ) -> Iterator[tuple[Any, bytes]]:
        """Each document with its answer, in order."""
        source = iter(documents)
        waiting: deque[Any] = deque()
        exhausted = False
        last_progress = monotonic()
        while True:
            if cancelled is not None and cancelled.is_set():
                return
            exhausted = exhausted or self._pull(source, waiting)
            if exhausted and not waiting:
                return
            full = len(waiting) >= _AHEAD or len(self._unsent) >= _AHEAD_BYTES
            before = len(self._unsent)
            answered = self._exchange(wait_s=0.1 if exhausted or full else 0.0)
            for answer in answered:
                yield waiting.popleft(), answer
            if answered or len(self._unsent) < before or not waiting:
                last_progress = monotonic()
            elif monotonic() - last_progress > _HANG_S:
                raise QueryError("the evaluation does not answer", hint="try again; the machine may be busy")

    def _pull(self, source: Iterator[Any], waiting: deque[Any]) -> bool:
        """Read documents ahead for a moment; whether there are no more."""
        until = monotonic() + _PULL_S
        while len(waiting) < _AHEAD and len(self._unsent) < _AHEAD_BYTES:
            try:
                document = next(source)
            except StopIteration:
                return True
            self._unsent += strict_json.write(document).encode() + b"\n"
            waiting.append(document)
            if monotonic() >= until:
                break
        return False

    def _exchange(self, wait_s: float) -> list[bytes]:
        """Write what the pipe takes, read what is there; the whole answers."""
        readable, writable, _ = select.select([self._from], [self._to] if self._unsent else [], [], wait_s)
        if writable:
            try:
                sent = os.write(self._to, self._unsent)
            except BlockingIOError:
                sent = 0
            except BrokenPipeError:
                raise self._death() from None
            del self._unsent[:sent]
        if not readable:
            return []
        chunk = os.read(self._from, 1 << 20)
        if not chunk:
            raise self._death()
        *whole, rest = (bytes(self._unread) + chunk).split(b"\n")
        self._unread = bytearray(rest)
        return whole

    def _death(self) -> QueryError:
        status = self._process.wait(_HANG_S)
        if status == -signal.SIGPROF:
            return QueryError(
                "the expression takes longer than {seconds:g} s on one exchange and was stopped",
                hint="it may double its result at every step",
                seconds=TIME_LIMIT_S,
            )
        if status == 1:
            return QueryError(_WORDS["memory"], memory=MEMORY_LIMIT_MB)
        return QueryError("the evaluation broke off ({status})", status=status)
