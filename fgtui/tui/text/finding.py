"""Finds and replaces in a text of any size: plain text here, in slices; regular expressions in a process of their own.

Pure work for threads. A text is given with line feeds as line breaks, so that a row and a column mean the same here and
in the editor. Of an expression nobody knows how long it takes: the process that tries it is ended when it takes too
long, or when nobody wants to know any more.
"""

from __future__ import annotations

import marshal
import signal
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from contextlib import suppress
from time import monotonic
from typing import IO, TYPE_CHECKING, Any, NamedTuple

from fgtui.errors import UsageError
from fgtui.regex import regex
from fgtui.tui.text.document import Location, starts_of
from fgtui.words import Phrase

if TYPE_CHECKING:
    import subprocess

MATCH_LIMIT = 200_000
"""Matches that are kept; of more it is said that there are more, and a step beyond them looks again from there."""
SLICE = 1 << 17
"""Characters that are looked at in one go: a thread lets the screen's have its turn in between."""
TOLD_S = 0.1
"""How often the matches so far are told of a search that goes on."""
EXPRESSION_S = 2.0
"""What trying an expression on a whole text may take."""
GROWTH_LIMIT = 64_000_000
"""Characters that a text may have after replacing."""
WRONG_AT = "what it is replaced by is wrong at character {at}: {reason}"
"""As the process says it of the template it was given."""
_GROUPS = regex(r"(?s)\\\$|\\.|\$(?:(?P<sign>[$&])|(?P<number>[0-9]{1,2})|\{(?P<name>[0-9]+|[^\W0-9]\w*)\})")
HOST = "fgtui.tui.text.finding_host"
REASONS = {
    "missing ), unterminated subpattern": "a ( is never closed",
    "unbalanced parenthesis": "a ) closes nothing",
    "unterminated character set": "a [ is never closed",
    "nothing to repeat": "there is nothing to repeat",
    "multiple repeat": "it repeats what is repeated already",
    "min repeat greater than max repeat": "the least is more than the most",
    "bad escape (end of pattern)": "a backslash stands at the end",
    "look-behind requires fixed-width pattern": "what is looked back for must have one length",
    "unexpected end of pattern": "it ends too early",
    "missing group name": "a group has no name",
}
"""What ``re`` says most often, as a person would."""


class Search(NamedTuple):
    """What is looked for."""

    wanted: str
    minds_case: bool = False
    is_word: bool = False
    """Whether what is found must not go on as a word on either side."""
    is_expression: bool = False
    """Whether ``wanted`` is a regular expression of Python's ``re``, ``^`` and ``$`` standing at line breaks."""


class Stop:
    """Ends a search from another thread."""

    def __init__(self) -> None:
        self.is_set = False
        self.process: subprocess.Popen[bytes] | None = None

    def set(self) -> None:
        """Nobody wants to know any more."""
        self.is_set = True
        if self.process is not None:
            self.process.kill()


class Matches:
    """Where a search was found in one text, in order. Immutable."""

    __slots__ = ("begin", "ends", "is_complete", "lines", "starts")

    def __init__(
        self, starts: array[int], ends: array[int], lines: array[int], *, begin: int = 0, is_complete: bool = True
    ) -> None:
        self.starts = starts
        self.ends = ends
        self.lines = lines
        """Where each line of the text begins."""
        self.begin = begin
        """Where the search began: 0, but in what comes behind too many matches."""
        self.is_complete = is_complete
        """Whether there is no other match behind ``begin``."""

    def __len__(self) -> int:
        return len(self.starts)

    def place(self, index: int) -> tuple[Location, Location]:
        """Where the match with this number, from 0, begins and ends."""
        return self.location(self.starts[index]), self.location(self.ends[index])

    def location(self, offset: int) -> Location:
        """The row and column of an offset."""
        row = bisect_right(self.lines, offset) - 1
        return Location(row, offset - self.lines[row])

    def offset(self, location: Location) -> int:
        """The inverse of ``location``."""
        return self.lines[min(location.row, len(self.lines) - 1)] + location.column

    def first_from(self, location: Location) -> int | None:
        """The first match that begins at ``location`` or behind it; None when there is none."""
        index = bisect_left(self.starts, self.offset(location))
        return index if index < len(self.starts) else None

    def last_before(self, location: Location) -> int | None:
        """The last match that begins before ``location``."""
        index = bisect_left(self.starts, self.offset(location)) - 1
        return index if index >= 0 else None

    def at(self, start: Location, end: Location) -> int | None:
        """The match with exactly these ends."""
        index = self.first_from(start)
        return index if index is not None and self.place(index) == (start, end) else None

    def in_row(self, row: int, first: int, last: int) -> tuple[tuple[int, int], ...]:
        """The columns found in a row, as far as they lie between the columns ``first`` and ``last``."""
        if row >= len(self.lines):
            return ()
        base = self.lines[row]
        index = bisect_left(self.ends, base + first)
        found: list[tuple[int, int]] = []
        while index < len(self.starts) and self.starts[index] < base + last:
            found.append((max(self.starts[index] - base, 0), self.ends[index] - base))
            index += 1
        return tuple(found)

    def until(self, location: Location) -> Matches:
        """Those that end before ``location``: what is still true after a change there."""
        count = bisect_left(self.ends, self.offset(location))
        return Matches(self.starts[:count], self.ends[:count], self.lines, begin=self.begin, is_complete=False)


class Replaced(NamedTuple):
    """A text after replacing."""

    text: str
    replaced: int
    """How many matches there were."""
    offset: int
    """Where the place that was asked about is now."""


class Template(NamedTuple):
    """What stands in the place of an expression's match, as ``re`` takes it."""

    text: str
    places: tuple[int, ...]
    """For each character of ``text``, from 0, the one it was typed as."""

    def place(self, at: int) -> int:
        """The character that was typed, both from 1, for one of ``text``."""
        return self.places[at - 1] + 1 if at <= len(self.places) else at


def template_of(by: str) -> Template:
    r"""``by`` with the groups of editors as those of ``re``, beside which they may stand.

    ``$1`` and ``${1}`` are a group, ``${name}`` a named one, ``$&`` and ``$0`` all of the match, ``$$`` and ``\$`` a
    dollar sign, as is one before anything else.
    """
    pieces: list[str] = []
    places: list[int] = []
    done = 0

    def put(piece: str, start: int, *, is_typed: bool) -> None:
        pieces.append(piece)
        places.extend(range(start, start + len(piece)) if is_typed else [start] * len(piece))

    for each in _GROUPS.finditer(by):
        put(by[done : each.start()], done, is_typed=True)
        whole, sign = each[0], each["sign"]
        if whole == r"\$" or sign == "$":
            put("$", each.start(), is_typed=False)
        elif sign is None and whole.startswith("\\"):
            put(whole, each.start(), is_typed=True)
        else:
            group = "0" if sign else (each["number"] or each["name"])
            put(rf"\g<{group}>", each.start(), is_typed=False)
        done = each.end()
    put(by[done:], done, is_typed=True)
    return Template("".join(pieces), tuple(places))


def found(text: str, search: Search, begin: int = 0, stop: Stop | None = None) -> Iterator[Matches]:
    """The matches from ``begin`` on, told as they come: each answer has those of the one before and more.

    The last one is all there is, or as many as are kept; it does not come where ``stop`` was set. UsageError says what
    is wrong with an expression, or that it takes too long.
    """
    stop = stop or Stop()
    lines = starts_of(text)
    if search.is_expression:
        yield from _found_by_expression(text, search, begin, lines, stop)
        return
    starts, ends = array("q"), array("q")
    told = monotonic()
    for start, end in _plain(text, search, begin):
        if start < 0:
            if stop.is_set:
                return
            if monotonic() - told > TOLD_S:
                told = monotonic()
                yield Matches(starts[:], ends[:], lines, begin=begin, is_complete=False)
            continue
        if len(starts) == MATCH_LIMIT:
            yield Matches(starts, ends, lines, begin=begin, is_complete=False)
            return
        starts.append(start)
        ends.append(end)
    yield Matches(starts, ends, lines, begin=begin)


def replaced(text: str, search: Search, by: str, offset: int = 0, stop: Stop | None = None) -> Replaced:
    r"""``text`` with every match replaced; in an expression's ``by``, ``\1``, ``\g<name>`` and what ``template_of``
    knows stand for groups.

    UsageError as ``found``, and where ``by`` names no group, the text would grow beyond measure, or ``stop`` was set.
    """
    if search.is_expression:
        return _replaced_by_expression(text, search, by, stop or Stop(), offset=offset)
    pieces: list[str] = []
    done = count = size = 0
    moved = offset
    for start, end in _plain(text, search, 0):
        if start < 0:
            continue
        pieces += (text[done:start], by)
        size += start - done + len(by)
        if size > GROWTH_LIMIT:
            raise UsageError("the event would have more than {limit:,} characters", limit=GROWTH_LIMIT)
        if end <= offset:
            moved += len(by) - (end - start)
        elif start < offset:
            moved += start - offset
        done = end
        count += 1
    pieces.append(text[done:])
    return Replaced("".join(pieces), count, moved)


def replacement(text: str, search: Search, by: str, start: int, end: int, *, stop: Stop | None = None) -> str:
    """What stands in the place of the one match from ``start`` to ``end``. UsageError as ``replaced``."""
    if not search.is_expression:
        return by
    return _replaced_by_expression(text, search, by, stop or Stop(), span=(start, end)).text


# Plain text


def _plain(text: str, search: Search, begin: int) -> Iterator[tuple[int, int]]:
    """Start and end of each match; twice -1 after each slice, since who asks may want to stop there."""
    wanted = search.wanted if search.minds_case else _lower(search.wanted)
    length, overlap = len(wanted), len(wanted) - 1
    at = slice_start = begin
    while slice_start < len(text):
        part = text[slice_start : slice_start + SLICE + overlap]
        if not search.minds_case:
            part = _lower(part)
        index = part.find(wanted, at - slice_start)
        while 0 <= index < SLICE:
            start = slice_start + index
            if not search.is_word or _is_word(text, start, start + length):
                yield start, start + length
                at = start + length
                index = part.find(wanted, index + length)
            else:
                index = part.find(wanted, index + 1)
        slice_start += SLICE
        at = max(at, slice_start)
        yield -1, -1


def _lower(text: str) -> str:
    """In lower case, each character one: what lower case makes longer stays."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(small if len(small := each.lower()) == 1 else each for each in text)


def _is_word(text: str, start: int, end: int) -> bool:
    before = text[start - 1 : start] + text[start : start + 1] if start else ""
    return not _goes_on(before) and not _goes_on(text[end - 1 : end + 1])


def _goes_on(pair: str) -> bool:
    """Whether two characters belong to one word."""
    return len(pair) == 2 and all(each.isalnum() or each == "_" for each in pair)


# Regular expressions, by finding_host


def _found_by_expression(text: str, search: Search, begin: int, lines: array[int], stop: Stop) -> Iterator[Matches]:
    starts, ends = array("q"), array("q")
    for kind, payload in _asked("find", search, stop, text=text, begin=begin, limit=MATCH_LIMIT):
        if kind == b"m":
            pairs = array("q", payload)
            starts.extend(pairs[::2])
            ends.extend(pairs[1::2])
            yield Matches(starts[:], ends[:], lines, begin=begin, is_complete=False)
        else:
            yield Matches(starts, ends, lines, begin=begin, is_complete=payload == b"1")


def _replaced_by_expression(
    text: str, search: Search, by: str, stop: Stop, *, offset: int = 0, span: tuple[int, int] | None = None
) -> Replaced:
    """With a ``span``, only what stands in the place of the match there."""
    template = template_of(by)
    given = {"text": text, "by": template.text, "offset": offset, "span": span, "limit": GROWTH_LIMIT}
    try:
        for _, payload in _asked("replace", search, stop, **given):
            new, count, moved = marshal.loads(payload)  # noqa: S302  # of a process of ours
            return Replaced(new, count, moved)
    except UsageError as error:
        if error.message != WRONG_AT:
            raise
        at = template.place(int(str(error.values["at"])))
        raise UsageError(WRONG_AT, at=at, reason=error.values["reason"]) from None
    raise UsageError("the text has changed meanwhile; nothing was replaced")  # nobody wants to know any more


def _asked(kind: str, search: Search, stop: Stop, **given: Any) -> Iterator[tuple[bytes, bytes]]:
    """The answers of a process of its own, the last of which is the end. UsageError as it says, or for its silence."""
    from fgtui.sessions import child_processes

    try:
        process = child_processes.start(HOST)
    except OSError as error:
        reason = error.strerror or str(error)
        raise UsageError("the expression could not be tried: {reason}", reason=reason) from error
    stop.process = process
    try:
        if stop.is_set:  # while it was started
            process.kill()
        assert process.stdin is not None
        assert process.stdout is not None
        with suppress(OSError):  # it was ended meanwhile
            process.stdin.write(marshal.dumps((EXPRESSION_S, kind, tuple(search), given)))
            process.stdin.close()
        while True:
            sign, payload = _frame(process.stdout)
            if sign == b"!":
                message, values = marshal.loads(payload)  # noqa: S302
                raise UsageError(message, **_in_words(values))
            if not sign and stop.is_set:
                return
            if not sign:
                raise _silence(process)
            yield sign, payload
            if sign != b"m":
                return
    finally:
        stop.process = None
        child_processes.end(process)


def _silence(process: subprocess.Popen[bytes]) -> UsageError:
    """Why it ended without an answer: of the time it may take, or for want of memory."""
    from fgtui.sessions import child_processes

    child_processes.end(process, patience_s=1.0)
    if process.returncode == -signal.SIGPROF:
        return UsageError("the expression takes too long here; a simpler one is needed")
    return UsageError("the expression takes more memory than it may")


def _in_words(values: dict[str, Any]) -> dict[str, Any]:
    """With the reasons that ``re`` gives most often as sentences of ours."""
    reason = values.get("reason")
    return {**values, "reason": Phrase(REASONS[reason])} if reason in REASONS else values


def _frame(stream: IO[bytes]) -> tuple[bytes, bytes]:
    """The next answer; empty where there is no whole one."""
    head = _read(stream, 9)
    if len(head) < 9:
        return b"", b""
    size = int.from_bytes(head[1:], "big")
    payload = _read(stream, size)
    return (head[:1], payload) if len(payload) == size else (b"", b"")


def _read(stream: IO[bytes], size: int) -> bytes:
    held = bytearray()
    while len(held) < size and (data := stream.read(min(size - len(held), 1 << 20))):
        held += data
    return bytes(held)
