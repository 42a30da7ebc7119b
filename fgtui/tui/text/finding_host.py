"""The process that tries a regular expression a person typed, so that it can be ended (reliability, section 3).

One question in, ``marshal``ed, until the end of input. Answers out, each a sign, a length of eight bytes and so many
bytes: ``m`` matches as pairs of offsets, ``.`` the end of a search (``1`` where there are no more), ``=`` a text that
was replaced, ``!`` a sentence and its values. A timer of used time ends the process even inside a long match.
"""

from __future__ import annotations

import marshal
import os
import re
import signal
import sys
from array import array
from contextlib import suppress
from time import monotonic

_TOLD_S = 0.1
_MEMORY = 2 << 30


class _Refusal(Exception):  # noqa: N818  # it is no error of ours
    def __init__(self, message: str, **values: object) -> None:
        super().__init__(message)
        self.message = message
        self.values = values


def main() -> None:
    """Answer the question."""
    with open(0, "rb") as stream:
        seconds, kind, search, given = marshal.loads(stream.read())  # noqa: S302  # of the process that started this one
    signal.signal(signal.SIGPROF, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    _limit_memory()
    try:
        wanted, minds_case, is_word, _ = search
        pattern = compiled(wanted, minds_case=minds_case, is_word=is_word)
        _find(pattern, **given) if kind == "find" else _replace(pattern, **given)
    except _Refusal as refusal:
        _say("!", marshal.dumps((refusal.message, refusal.values)))
    except (MemoryError, RecursionError):
        _say("!", marshal.dumps(("the expression takes more memory than it may", {})))


def compiled(wanted: str, *, minds_case: bool, is_word: bool) -> re.Pattern[str]:
    """The expression."""
    flags = re.MULTILINE if minds_case else re.MULTILINE | re.IGNORECASE
    try:
        pattern = re.compile(wanted, flags)
    except re.error as error:
        at = 1 if error.pos is None else error.pos + 1
        raise _Refusal("the expression is wrong at character {at}: {reason}", at=at, reason=error.msg) from None
    except OverflowError:
        raise _Refusal("the expression repeats something too often") from None
    except ValueError as error:  # flags at its beginning that exclude each other
        raise _Refusal("the expression is wrong at character {at}: {reason}", at=1, reason=str(error)) from None
    if not is_word:
        return pattern
    end = "\n" if pattern.flags & re.VERBOSE else ""  # or a comment at its end would go on
    return re.compile(rf"(?<!\w)(?:{_bare(wanted)}{end})(?!\w)", pattern.flags & ~re.UNICODE)


def _bare(wanted: str) -> str:
    """Without flags at the beginning, which have to stay there: ``compiled`` takes them from the whole."""
    return re.sub(r"^(?:\(\?[aiLmsux]+\))+", "", wanted)


def _find(pattern: re.Pattern[str], *, text: str, begin: int, limit: int) -> None:
    found = array("q")
    told = monotonic()
    for count, match in enumerate(pattern.finditer(text, begin), 1):
        if count > limit:
            _say("m", found.tobytes())
            _say(".", b"0")
            return
        found.extend(match.span())
        if not count % 64 and monotonic() - told > _TOLD_S:
            told = monotonic()
            _say("m", found.tobytes())
            found = array("q")
    _say("m", found.tobytes())
    _say(".", b"1")


def _replace(
    pattern: re.Pattern[str], *, text: str, by: str, offset: int, span: tuple[int, int] | None, limit: int
) -> None:
    if span is not None:
        match = next(pattern.finditer(text, span[0]), None)
        if match is None or match.span() != span:
            raise _Refusal("the text has changed meanwhile; nothing was replaced")
        _say("=", marshal.dumps((_expanded(match, by), 1, offset)))
        return
    pieces: list[str] = []
    done = count = size = 0
    moved = offset
    for match in pattern.finditer(text):
        instead = _expanded(match, by)
        start, end = match.span()
        pieces += (text[done:start], instead)
        size += start - done + len(instead)
        if size > limit:
            raise _Refusal("the event would have more than {limit:,} characters", limit=limit)
        if end <= offset:
            moved += len(instead) - (end - start)
        elif start < offset:
            moved += start - offset
        done = end
        count += 1
    pieces.append(text[done:])
    _say("=", marshal.dumps(("".join(pieces), count, moved)))


def _expanded(match: re.Match[str], by: str) -> str:
    try:
        return match.expand(by)
    except re.error as error:
        at = 1 if error.pos is None else error.pos + 1
        raise _Refusal("what it is replaced by is wrong at character {at}: {reason}", at=at, reason=error.msg) from None
    except IndexError as error:
        raise _Refusal("what it is replaced by is wrong: {reason}", reason=str(error)) from None


def _limit_memory() -> None:
    import resource

    with suppress(ValueError, OSError):  # where the system has no such limit
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, resource.getrlimit(resource.RLIMIT_AS)[1]))


def _say(sign: str, payload: bytes) -> None:
    data = memoryview(sign.encode() + len(payload).to_bytes(8, "big") + payload)
    while data:
        try:
            data = data[os.write(1, data) :]
        except BrokenPipeError:  # nobody wants to know any more
            sys.exit(0)
