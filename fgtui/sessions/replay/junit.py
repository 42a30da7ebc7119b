"""A run as JUnit XML, as systems for continuous integration read it: a test case for each recorded exchange.

It is in English, whoever started the run.

What differs is a failure; what could not be sent or recorded, and why a run ended early, is an error. Cases are kept in
a file beside the report until it ends, so that none of them waits in memory; the report takes its place in one step.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from fgtui.errors import FgtuiError, UsageError
from fgtui.invoke.outcome_words import Sayer, headline_parts, kind_words
from fgtui.regex import regex
from fgtui.sessions.diff.change_words import change_line
from fgtui.sessions.interchange.saving import new_file
from fgtui.sessions.replay.run import Replayed
from fgtui.terminal.display import displayable
from fgtui.words import clauses, english, plural, say

CHANGES_LISTED = 100
LOG_LINES = 50
LOG_LIMIT = 8_000
"""Characters of a log's end, which the report holds beside what differs."""
_COPIED_AT_ONCE = 1 << 20
_NO_CHARACTER = regex("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 has no way to write."""
_IS_REPORT = regex(
    rb"(?:\xef\xbb\xbf)?\s*+(?:<\?xml[^>]*+>\s*+)?(?:<!--(?:[^-]++|-(?!->))*+-->\s*+)*+<testsuites?[\s/>]"
)
"""How a file begins that is JUnit XML."""
_LOOKED_AT = 4096
"""Bytes of a file that show what it is."""


@contextmanager
def junit_report(file: Path, *, suite: str, target: str, began: datetime) -> Iterator[JUnitReport]:
    """A report that is written when the block ends, however it ends.

    UsageError, before the block begins, when there can be no file of this name, or one is there that is no such report:
    a suite or a program whose name was given by mistake stays.
    """
    _check_report(file)
    stopped: BaseException | None = None
    with (
        new_file(file, force=True, name=str(file)) as stream,
        tempfile.TemporaryFile(dir=file.parent) as cases,
    ):
        report = JUnitReport(cases, suite=suite, target=target, began=began)
        try:
            yield report
        except BaseException as error:  # noqa: BLE001 - what is known by then is written all the same
            stopped = error
        stream.writelines(report.pieces())
    if stopped is not None:
        raise stopped


def _check_report(file: Path) -> None:
    """UsageError when ``file`` holds anything but a report; what cannot be written at all is told by ``new_file``."""
    if file.is_symlink() or not file.is_file():
        return
    try:
        with file.open("rb") as stream:
            beginning = stream.read(_LOOKED_AT)
    except OSError as error:
        raise UsageError("{file} cannot be read: {why}", file=str(file), why=error.strerror or str(error)) from error
    if beginning.strip() and _IS_REPORT.match(beginning) is None:
        raise UsageError(
            "{file} is there and is no JUnit report; it was not replaced",
            hint="name another file, or delete this one first",
            file=str(file),
        )


class JUnitReport:
    """Collects cases; see ``junit_report``."""

    def __init__(self, cases: IO[bytes], *, suite: str, target: str, began: datetime) -> None:
        self._cases = cases
        self._suite = suite
        self._target = target
        self._began = began
        self._counts: Counter[str] = Counter()
        self._seconds = 0.0

    def add(self, replayed: Replayed) -> None:
        """The case of one exchange."""
        old, new = replayed.old, replayed.new
        name = " ".join(filter(None, (str(old.seq), old.event.trigger, old.event.template)))
        inner = [*_verdict(replayed)]
        if new is not None and (replayed.is_different or replayed.problem) and new.outcome.logs:
            inner.append(_element("system-out", log_end(new.outcome.logs)))
        duration_ms = new.outcome.duration_ms if new is not None else None
        self._case(name, old.event.trigger, (duration_ms or 0.0) / 1000, inner)

    def add_error(self, name: str, problem: FgtuiError) -> None:
        """A case for what concerns no single exchange."""
        self._case(name, "fgtui", 0.0, [_problem(problem)])

    def _case(self, name: str, group: str, seconds: float, inner: Sequence[str]) -> None:
        self._counts["tests"] += 1
        for kind in ("failure", "error"):
            self._counts[kind] += any(each.startswith(f"<{kind}") for each in inner)
        self._seconds += seconds
        case = _element("testcase", *inner, classname=f"{self._suite}.{group}", name=name, time=f"{seconds:.6f}")
        self._cases.write(case.encode() + b"\n")

    def pieces(self) -> Iterator[bytes]:
        """The whole report."""
        counts = {
            "tests": self._counts["tests"],
            "failures": self._counts["failure"],
            "errors": self._counts["error"],
            "skipped": 0,
            "time": f"{self._seconds:.6f}",
        }
        yield b'<?xml version="1.0" encoding="UTF-8"?>\n'
        yield _opening("testsuites", name="fgtui replay", **counts)
        yield _opening("testsuite", name=self._suite, timestamp=f"{self._began:%Y-%m-%dT%H:%M:%S}", **counts)
        yield b"<properties>\n"
        yield (_element("property", name="target", value=self._target) + "\n").encode()
        yield b"</properties>\n"
        self._cases.seek(0)
        while piece := self._cases.read(_COPIED_AT_ONCE):
            yield piece
        yield b"</testsuite>\n</testsuites>\n"


def headline(replayed: Replayed, tell: Sayer = say) -> str:
    """How the old outcome and the new one ended, and how much differs."""
    old, new = replayed.old.outcome, replayed.new
    before = tell("never sent") if replayed.is_first else kind_words(old.kind, tell=tell).words
    after = tell("not sent") if new is None else headline_parts(new.outcome, tell)[0].partition(" ")[2]
    ended = after if new is not None and new.outcome.kind == old.kind else f"{before} → {after}"
    count = len(replayed.changes)
    if not count:
        return ended
    return clauses([ended, tell(plural(count, "1 difference", "{count} differences"), count=count)], tell)


def log_end(logs: str) -> str:
    """The last lines of a log, as many as say something."""
    lines = logs[-LOG_LIMIT:].splitlines()[-LOG_LINES:]
    text = "\n".join(lines)
    return text if len(text) >= len(logs.rstrip("\n")) else f"…\n{text}"


def _verdict(replayed: Replayed) -> Iterator[str]:
    if replayed.is_different:
        lines = [change_line(change, english) for change in replayed.changes[:CHANGES_LISTED]]
        if len(replayed.changes) > CHANGES_LISTED:
            lines.append(f"… {len(replayed.changes) - CHANGES_LISTED:,} more")
        yield _element("failure", "\n".join(lines), message=headline(replayed, english), type="difference")
    if replayed.problem is not None:
        yield _problem(replayed.problem)


def _problem(problem: FgtuiError) -> str:
    hint = english(problem.hint, problem.values) if problem.hint else ""
    return _element("error", hint, message=english(problem.message, problem.values), type=type(problem).__name__)


# XML


def _element(tag: str, *inner: str, **attributes: object) -> str:
    """``inner`` is text, or elements where each begins with ``<``."""
    content = "\n".join(each if each.startswith("<") and tag == "testcase" else _text(each) for each in inner)
    start = f"<{tag}{_attributes(attributes)}"
    return f"{start}>{content}</{tag}>" if content else f"{start}/>"


def _opening(tag: str, **attributes: object) -> bytes:
    return f"<{tag}{_attributes(attributes)}>\n".encode()


def _attributes(attributes: dict[str, Any]) -> str:
    return "".join(f' {name}="{_attribute(str(value))}"' for name, value in attributes.items())


def _text(text: str) -> str:
    """Any text as character data: what XML cannot hold, or would act on a terminal, is a visible escape."""
    text = _NO_CHARACTER.sub("\ufffd", displayable(text))
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _attribute(text: str) -> str:
    return _text(text).replace('"', "&quot;").replace("\n", "&#10;").replace("\t", "&#9;")
