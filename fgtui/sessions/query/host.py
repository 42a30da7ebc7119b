"""The process that evaluates what a person typed, so that it can be killed (reliability, section 3).

An expression can double its result with every few characters, inside one call that no thread or signal handler
interrupts. Here each evaluation runs under a timer whose signal ends the process, and under a memory limit. It reads
recordings itself, on a connection of its own, and answers with numbers.

Messages in, each a length of four bytes and a ``marshal``ed tuple::

    ("job", settings)              what follows is for these queries; see ``_Job``
    ("range", low, high)           the exchanges of a session with these numbers
    ("among", [seq, …])            or with these
    ("lines", [(offset, seq), …])  exchanges of a file of JSON Lines
    ("value", text)                a JSON value: no filter, only what it is reshaped to

Lines out, in order::

    7, or 7 JSON                   exchange 7 matches; what it is reshaped to
    !7 [kind, words]               it could not be tried, and why
    .looked lost                   a message is done: how many were looked at, how many cannot be read
    ?[class, message, hint, {}]    a message could not be done
"""

from __future__ import annotations

import marshal
import os
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from fgtui.errors import FgtuiError
from fgtui.regex import regex
from fgtui.sessions import strict_json
from fgtui.sessions.query.closures import Evaluate, compiled, interpreted, is_false
from fgtui.sessions.query.documents import DAMAGE, Documents, Recorded
from fgtui.sessions.query.fast_json import fast_content_value
from fgtui.sessions.query.prefilter import ruling_out
from fgtui.sessions.storage.content import unpacked, unpacked_to
from fgtui.sessions.told_errors import packed

if TYPE_CHECKING:
    from fgtui.sessions.query.reading import StoreRange

OUT_OF_MEMORY = 71
"""The exit status of a process that could not even say so."""
_MB = 1024 * 1024
_LARGE = 256 * 1024
"""Bytes of a document from which its own size is allowed for."""
_VALUES_OF_TEXT = 12
"""Bytes of memory for one of JSON text, at most, that is none of the expression's doing."""
_READING_MB = 32
"""Of memory for what reads: the database, a faster parser."""
_CHUNK = 1024 * 1024
_LONG_NUMBER = 4300
_STAND_IN = regex(r"(?<![^\[ -])9{4300}(?![^,\]}])")
"""What is read of a number that has more digits."""
_WORDS_LIMIT = 1000
"""Characters of an error: more than is shown."""
_REARM_S = 0.1
"""How often the timer is set anew: an evaluation has up to so much more than its limit."""
_PARSER_AFTER = 256
"""Documents after which a long scan takes the faster parser: the first matches do not wait for its import."""


class EvaluationError(Exception):
    """Why one document could not be tried: a kind that the other side words, and the library's words."""

    def __init__(self, kind: str, words: str = "") -> None:
        super().__init__(words)
        self.kind = kind


def search(evaluate: Evaluate, document: object) -> object:
    """What ``evaluate`` makes of ``document``. EvaluationError for whatever the library raises."""
    try:
        return evaluate(document)
    except TypeError as error:
        if "not supported between" in str(error):
            raise EvaluationError("order") from None
        raise _in_words(error) from None
    except MemoryError:
        raise EvaluationError("memory") from None
    except RecursionError:
        raise EvaluationError("depth") from None
    except Exception as error:  # noqa: BLE001  # the library raises whatever Python does, and is not ours
        raise _in_words(error) from None


def _in_words(error: Exception) -> EvaluationError:
    """The library's words, which quote the value: its depth and its size are anybody's."""
    try:
        return EvaluationError("value", str(error)[:_WORDS_LIMIT])
    except RecursionError:
        return EvaluationError("depth")
    except MemoryError:
        return EvaluationError("memory")


def main() -> None:
    """Answer messages until there are no more."""
    import gc

    gc.freeze()
    gc.set_threshold(100_000)  # JSON values have no circles
    try:
        _serve()
    except MemoryError:
        os._exit(OUT_OF_MEMORY)


def _serve() -> None:
    job: _Job | None = None
    for name, *given in _messages():
        try:
            if name == "job":
                if job is not None:
                    job.close()
                job = _Job(given[0])
            elif job is not None:
                job.do(name, given)
        except FgtuiError as error:
            _write("?" + failure(error))


def failure(error: FgtuiError) -> str:
    """``error`` for the other side, which raises it again."""
    return strict_json.write([type(error).__name__, error.message, error.hint, packed(error.values)])


class _Job:
    """Two queries over one recording.

    ``settings``: ``filter``, ``rest`` (what is left of it where columns say yes) and ``project``, each ``None``,
    ``("tree", tree)`` or, where that is too deep, ``("text", text)``; the limits ``seconds``, ``memory_mb``,
    ``result_mb``; ``store``, what ``query.reading.StoreRange`` needs, or ``lines``, a file of JSON Lines;
    ``clauses`` of ``query.prefilter``; ``documents``, what ``query.documents.Documents`` needs, for ``rest`` with
    ``parts``, for ``filter`` with ``all_parts``; ``is_long``, whether the faster parser is worth its import.
    """

    def __init__(self, settings: dict[str, Any]) -> None:
        self._settings = settings
        self._filter = _evaluator(settings["filter"])
        self._rest = _evaluator(settings["rest"])
        self._project = _evaluator(settings["project"])
        self._result_limit = settings["result_mb"] * _MB
        self._write_result = strict_json.write
        self._limits = _Limits(settings["seconds"], settings["memory_mb"])
        self._is_ruled_out = ruling_out(settings["clauses"])
        self._documents = Documents(**settings["documents"], parts=settings["parts"])
        self._all_documents = Documents(**settings["documents"], parts=settings["all_parts"])
        self._store: StoreRange | None = None
        self._base = settings["store"]["base"] if "store" in settings else 0
        self._until_parser = _PARSER_AFTER if settings["is_long"] else -1

    def do(self, name: str, given: list[Any]) -> None:
        """One message."""
        self._limits.start()
        try:
            if name in {"range", "among"}:
                looked, lost = self._range(name, given)
            elif name == "lines":
                looked, lost = self._lines(given[0]), 0
            else:
                looked, lost = self._value(given[0]), 0
        finally:
            self._limits.stop()
        _write(f".{looked} {lost}")

    def close(self) -> None:
        """Let go of the store."""
        if self._store is not None:
            self._store.close()

    def _range(self, name: str, given: list[Any]) -> tuple[int, int]:
        if self._store is None:
            from fgtui.sessions.query.reading import StoreRange

            self._store = StoreRange(**self._settings["store"])
        looked = lost = 0
        store, limits = self._store, self._limits
        groups = store.between(given[0], given[1], limits) if name == "range" else store.among(given[0], limits)
        for group in groups:
            looked += group.beside
            for cells in group.rows:
                if cells is not None and self._row(cells, is_narrowed=group.is_narrowed):
                    looked += 1
                else:
                    lost += 1
        return looked, lost

    def _row(self, cells: tuple[Any, ...], *, is_narrowed: bool) -> bool:
        """Try one exchange of the store; whether it can be read."""
        key, note, tags, packed, head, wire, answer, crc, data = cells
        documents = self._documents if is_narrowed else self._all_documents
        try:
            if self._project is None and documents.needs_head_alone:
                content = unpacked_to(head, packed, crc, data)
            else:
                content = unpacked(packed, crc, data)
        except DAMAGE:
            return False
        if self._is_ruled_out(content):
            return True
        seq, size = key - self._base, len(content)
        self._limits.next(size)
        try:
            document = documents.of_row(Recorded(seq, note, tags, head, wire, answer, content))
        except MemoryError:
            _refuse(seq, "memory")
        except DAMAGE:
            return False
        else:
            self._answer(seq, document, size, self._rest if is_narrowed else self._filter)
        self._until_parser -= 1
        if not self._until_parser:
            documents.read = fast_content_value()
        return True

    def _lines(self, places: Sequence[tuple[int, int]]) -> int:
        from fgtui.sessions.interchange.json_lines import exchanges_at

        for size, exchange in exchanges_at(Path(self._settings["lines"]), places):
            self._limits.next(size)
            self._answer(exchange.seq, self._all_documents.of_exchange(exchange), size, self._filter)
        return len(places)

    def _value(self, text: str) -> int:
        self._limits.next(len(text))
        try:
            value, is_spelled = strict_json.read_as_written(text)
        except MemoryError:
            _refuse(0, "memory")
            return 1
        if is_spelled:
            self._project = _evaluator(self._settings["project"], by_library=True)  # ours looks for Python's own types
            self._write_result = strict_json.write_as_written
        self._answer(0, value, len(text), None)
        return 1

    def _answer(self, seq: int, document: object, size: int, condition: Evaluate | None) -> None:
        try:
            if condition is not None and is_false(search(condition, document)):
                return
            if self._project is None:
                _write(f"{seq}")
            else:
                result = search(self._project, document)
                _write(f"{seq} {_result(result, self._result_limit + 2 * size, self._write_result)}")
        except EvaluationError as error:
            _refuse(seq, error.kind, str(error))
        except MemoryError:
            _refuse(seq, "memory")


def _refuse(seq: int, kind: str, words: str = "") -> None:
    _write(f"!{seq} {strict_json.write([kind, words])}")


def _evaluator(told: tuple[str, Any] | None, *, by_library: bool = False) -> Evaluate | None:
    if told is None:
        return None
    kind, given = told
    if kind == "tree":
        return interpreted(given) if by_library else compiled(given)
    import jmespath

    tree: Any = jmespath.compile(given).parsed
    return interpreted(tree)


def _result(value: object, limit: int, write: Callable[[object], str]) -> str:
    try:
        text = write(value)
    except TypeError:
        raise EvaluationError("expression") from None
    except ValueError:
        raise EvaluationError("number") from None
    if len(text) >= _LONG_NUMBER and _STAND_IN.search(text):
        raise EvaluationError("digits")
    if len(text) > limit:
        raise EvaluationError("size")
    return text


class _Limits:
    """Time, by a timer of used time whose signal ends the process even inside a long call; and memory."""

    def __init__(self, seconds: float, memory_mb: int) -> None:
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        self._seconds = seconds + _REARM_S
        self._memory = _used_memory() + (memory_mb + _READING_MB) * _MB
        self._due = 0.0
        self._limit_memory(self._memory)

    def start(self) -> None:
        """From now on it counts."""
        self._arm(0)

    def next(self, size: int) -> None:
        """Before a document of ``size`` bytes is read or tried: what went before it counts no longer."""
        if size > _LARGE:
            self.make_room(size)
        elif monotonic() >= self._due:
            self._arm(0)

    def make_room(self, size: int) -> None:
        """Before so many bytes are read together."""
        if size > _LARGE:
            self._limit_memory(self._memory + _VALUES_OF_TEXT * size)
            self._arm(size)

    def stop(self) -> None:
        """Nothing counts until the next start."""
        signal.setitimer(signal.ITIMER_PROF, 0)

    def _arm(self, size: int) -> None:
        reading_s = size / 1e6  # ten times what reading it takes
        signal.setitimer(signal.ITIMER_PROF, self._seconds + reading_s)
        self._due = 0.0 if size else monotonic() + _REARM_S

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


def _messages() -> Iterator[tuple[Any, ...]]:
    held = bytearray()
    while chunk := os.read(0, _CHUNK):
        held += chunk
        while len(held) >= 4 and len(held) >= (end := 4 + int.from_bytes(held[:4], "big")):
            message = marshal.loads(held[4:end])  # noqa: S302  # from the process that started this one
            del held[:end]
            yield message


def _write(line: str) -> None:
    """At once: what was found before an evaluation that is stopped has been told."""
    data = memoryview(f"{line}\n".encode())
    while data:
        try:
            data = data[os.write(1, data) :]
        except BrokenPipeError:  # nobody wants to know any more
            sys.exit(0)
