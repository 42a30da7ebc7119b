"""The process that evaluates what a person typed, so that it can be killed (reliability, section 3).

An expression can double its result with every few characters, inside one call that no thread or signal handler
interrupts. Here each evaluation runs under a timer whose signal ends the process, and under a memory limit.

Lines in: first ``{"filter", "project", "seconds", "memory_mb", "result_mb"}``, then one JSON document a line. Lines
out, one for each: ``0`` or ``1``, after it what the document is reshaped to, as JSON; or ``!`` and why it could not be
told, as ``[kind, words]``. Lines are answered in order.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from fgtui.sessions import strict_json
from fgtui.sessions.query_functions import options

if TYPE_CHECKING:
    from jmespath.parser import ParsedResult

_MB = 1024 * 1024
_LARGE = 256 * 1024
"""Bytes of a document from which its own size is allowed for."""
_VALUES_OF_TEXT = 12
"""Bytes of memory for one of JSON text, at most, that is none of the expression's doing."""
_CHUNK = 1024 * 1024


class EvaluationError(Exception):
    """Why one document could not be tried: a kind that the other side words, and the library's words."""

    def __init__(self, kind: str, words: str = "") -> None:
        super().__init__(words)
        self.kind = kind


def search(expression: ParsedResult, document: object) -> object:
    """The value of ``expression`` on ``document``. EvaluationError for whatever the library raises."""
    try:
        return expression.search(document, options())
    except TypeError as error:
        if "not supported between" in str(error):
            raise EvaluationError("order") from None
        raise EvaluationError("value", str(error)) from None
    except MemoryError:
        raise EvaluationError("memory") from None
    except RecursionError:
        raise EvaluationError("depth") from None
    except Exception as error:  # noqa: BLE001  # the library raises whatever Python does, and is not ours
        raise EvaluationError("value", str(error)) from None


def is_true(value: object) -> bool:
    """JMESPath's truth: false, null, and empty text, lists and objects are false; every number is true."""
    return not (value is None or value is False or (isinstance(value, str | list | dict) and not value))


def main() -> None:
    """Answer documents until there are no more."""
    import jmespath

    lines = _lines(0)
    settings: Any = strict_json.read(next(lines).decode())
    condition = jmespath.compile(settings["filter"]) if settings["filter"] is not None else None
    project = jmespath.compile(settings["project"]) if settings["project"] is not None else None
    limits = _Limits(settings["seconds"], settings["memory_mb"])
    for line in lines:
        limits.start(len(line))
        answer = _answer(line, condition, project, settings["result_mb"] * _MB + 2 * len(line))
        limits.stop()
        _write(answer)


def _answer(line: bytes, condition: ParsedResult | None, project: ParsedResult | None, limit: int) -> str:
    try:
        document = strict_json.read(line.decode())
        if condition is not None and not is_true(search(condition, document)):
            return "0"
        return "1" if project is None else "1" + _result(search(project, document), limit)
    except MemoryError:
        return _refusal("memory")
    except EvaluationError as error:
        return _refusal(error.kind, str(error))


def _result(value: object, limit: int) -> str:
    try:
        text = strict_json.write(value)
    except TypeError:
        raise EvaluationError("expression") from None
    except ValueError:
        raise EvaluationError("number") from None
    if len(text) > limit:
        raise EvaluationError("size")
    return text


def _refusal(kind: str, words: str = "") -> str:
    return "!" + strict_json.write([kind, words])


class _Limits:
    """Time, by a timer of used time whose signal ends the process even inside a long call; and memory."""

    def __init__(self, seconds: float, memory_mb: int) -> None:
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        self._seconds = seconds
        self._memory = _used_memory() + memory_mb * _MB
        self._limit_memory(self._memory)

    def start(self, size: int) -> None:
        """Before a document of ``size`` bytes is tried."""
        if size > _LARGE:
            self._limit_memory(self._memory + _VALUES_OF_TEXT * size)
        reading_s = size / 1e6  # ten times what reading it takes
        signal.setitimer(signal.ITIMER_PROF, self._seconds + reading_s)

    def stop(self) -> None:
        """After it."""
        signal.setitimer(signal.ITIMER_PROF, 0)

    def _limit_memory(self, limit: int) -> None:
        import resource

        with suppress(ValueError, OSError):  # where the system has no such limit
            resource.setrlimit(resource.RLIMIT_AS, (limit, resource.getrlimit(resource.RLIMIT_AS)[1]))


def _used_memory() -> int:
    try:
        with open("/proc/self/statm", "rb") as numbers:  # noqa: PTH123  # pathlib is a millisecond this process has not
            return int(numbers.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 64 * _MB


def _lines(descriptor: int) -> Iterator[bytes]:
    pieces: list[bytes] = []
    while chunk := os.read(descriptor, _CHUNK):
        *whole, rest = chunk.split(b"\n")
        for line in whole:
            yield b"".join([*pieces, line])
            pieces = []
        pieces.append(rest)


def _write(answer: str) -> None:
    """At once: what was found before an evaluation that is stopped has been told."""
    data = memoryview(f"{answer}\n".encode())
    while data:
        data = data[os.write(1, data) :]
