"""What would put a problem right: for each finding of the scanner and the validation, no fix or some to choose from.

A fix is splices of the text that the problem is about; every other character stays. Each one offered was tried: the
problem is gone with it, and nothing grave has come instead. A fix is *certain* when it says what is sent anyway, or
what can only have been meant: nobody has to look at it. Codes without a fix are listed too, so that none is forgotten.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from fgtui.errors import FgtuiError
from fgtui.events.fixes_of_text import FIXES_OF_TEXT
from fgtui.events.fixes_of_values import FIXES_OF_VALUES, fixes_of_schema
from fgtui.events.flaws import FLAWS
from fgtui.events.mending import Fix, Ground, Splice
from fgtui.events.model import Problem, Severity
from fgtui.events.text import Document, scan

if TYPE_CHECKING:
    from fgtui.events.catalogue import Trigger

__all__ = ["FIXES", "Fix", "Mended", "Splice", "apply", "fixes", "mend", "mend_all"]

_LONG = 500_000
"""Characters from which on reading a text once more for every fix is too slow for more than a ``_FEW``."""
_FEW = 3
_READ = 10_000_000
"""Characters that are read in all to mend a text, the same ones again and again."""
_READINGS = 12
"""Times at least that a text is read for that."""
_AT_ONCE = 500_000
"""Problems that are put right in one reading."""
_GIVEN_UP = frozenset({
    "lone-surrogate", "number-overflow", "number-underflow", "missing-name", "more-problems", "event-too-large",
    "event-over-6-mib", "event-over-256-kib", "schema-unusable", "too-deep", "not-checked", "checked-partly",
    "content-not-text", "decoded-form",
})  # fmt: skip
"""Codes of what is sent as it was meant, or what only a person can put right."""
_NEVER_CERTAIN = _GIVEN_UP | {
    "alternatives", "bare-word", "elided-value", "empty-text", "extra-text", "looks-like-base64", "mismatched-bracket",
    "missing-field", "missing-value", "name-without-value", "not-a-number", "not-form-encoded", "placeholder",
    "schema-max-items", "schema-min-items", "text-after-string", "unclosed-bracket", "unclosed-brackets",
    "unclosed-comment", "unclosed-string", "unexpected-text",
}  # fmt: skip
"""Codes whose fixes need not be made where only what is certain is wanted."""
FIXES: Mapping[str, Callable[[Ground, Problem], Iterable[Fix]] | None] = {
    **dict.fromkeys(_GIVEN_UP),
    **FIXES_OF_TEXT,
    **FIXES_OF_VALUES,
}
"""For each code what makes its fixes; None where there are none. Other codes that begin with ``schema-`` are served by
``fixes_of_schema``."""


def fixes(document: Document, trigger: Trigger | None, problem: Problem, *, decoded: bool = False) -> tuple[Fix, ...]:
    """What would put ``problem`` of ``document`` right, the most likely first; none where nobody can tell.

    ``decoded`` says that the document is a decoded form. Reads the text once for each fix that is tried.
    """
    ground = Ground(document, trigger, decoded=decoded)
    before = _standing(ground, problem, document)
    found: list[tuple[int, Fix]] = []
    seen = {document.text}
    most = None if len(document.text) <= _LONG else _FEW
    for fix in islice(_tried(ground, problem), most):
        text = apply(document.text, fix)
        if text not in seen:
            seen.add(text)
            after = _standing(ground, problem, scan(text))
            if after.is_better(before):
                found.append((after.total, fix))
    return tuple(fix for _, fix in sorted(found, key=lambda each: each[0]))


def apply(text: str, fix: Fix) -> str:
    """``text`` with the splices of ``fix``."""
    return _spliced(text, fix.splices)


def _tried(ground: Ground, problem: Problem) -> Iterator[Fix]:
    try:
        yield from _made(ground, problem)
    except FgtuiError:  # the place cannot be written, so there is no way to mend it here
        return


def _first(ground: Ground, problem: Problem) -> Fix | None:
    try:
        return next(iter(_made(ground, problem)), None)
    except FgtuiError:
        return None


def _made(ground: Ground, problem: Problem) -> Iterable[Fix]:
    make = FIXES.get(problem.code)
    if make is None and problem.code.startswith("schema-") and problem.code not in FIXES:
        make = fixes_of_schema
    return () if make is None else make(ground, problem)


# Whether it is better with it


class _Standing(NamedTuple):
    """How a text stands: how much there is of the problem's kind, how much at all, and what is grave."""

    own: int
    total: int
    errors: Counter[str]

    def is_better(self, before: _Standing) -> bool:
        if self.own >= before.own and self.total >= before.total:
            return False
        return self.total <= before.total and all(self.errors[code] <= before.errors[code] for code in self.errors)


def _standing(ground: Ground, problem: Problem, document: Document) -> _Standing:
    """Of what the problem belongs to: the text alone, or, where that can be checked, the event."""
    findings = document.tree.findings
    if problem.code in FLAWS:
        problems: tuple[Problem, ...] = document.problems
        total = findings.departures_in_all + findings.benign
    else:
        problems = ground.problems(document)
        total = len(problems)
    errors = Counter(each.code for each in problems if each.severity is Severity.ERROR)
    return _Standing(sum(_is_like(each, problem) for each in problems), total, errors)


def _is_like(one: Problem, other: Problem) -> bool:
    return one.code == other.code and (other.code in FLAWS or one.path == other.path)


# Many at once


class Mended(NamedTuple):
    """A text put right as far as it was asked."""

    text: str
    fixed: Counter[str]
    """How many problems of each code were put right."""
    problems: tuple[Problem, ...]
    """What is left."""


def mend_all(
    event: str | Document,
    trigger: Trigger | None,
    *,
    code: str | None = None,
    decoded: bool = False,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> Mended:
    """``event`` with everything put right that is certain; with ``code``, the likeliest fix of all of that kind.

    First what departs from JSON, all at once; then what the trigger makes of it. Reads the text a few times, however
    much is wrong with it; once less where it was scanned thoroughly.
    """
    mending = _Mending(event, trigger, code, decoded=decoded, is_cancelled=is_cancelled)
    if code is None or code in FLAWS:
        mending.mend(_Text)
    if trigger is not None and code not in FLAWS:
        mending.mend(_Values)
    return mending.mended()


def mend(document: Document, trigger: Trigger | None, problem: Problem, *, decoded: bool = False) -> Fix | None:
    """The fix of ``problem`` where there is exactly one."""
    found = fixes(document, trigger, problem, decoded=decoded)
    return found[0] if len(found) == 1 else None


class _Text:
    """A state of a text, and what departs from JSON in it."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        findings = ground.document.tree.findings
        self.errors = findings.errors
        self.count = findings.departures_in_all + findings.benign

    def problems(self) -> Iterator[Problem]:
        """All of them, in order."""
        return self.ground.document.all_problems()

    def is_better(self, before: _Text) -> bool:
        """Whether it is nearer to JSON than ``before``. What could not be read there is worse than any error."""
        unread = self.ground.document.tree.findings.unread
        unread_before = before.ground.document.tree.findings.unread
        if unread != unread_before:
            return unread < unread_before
        return self.errors <= before.errors and self.count < before.count


class _Values(_Text):
    """The same, and what the trigger makes of it."""

    def __init__(self, ground: Ground) -> None:
        super().__init__(ground)
        self._found = [each for each in ground.problems(ground.document, thorough=True) if each.code not in FLAWS]
        self.errors += sum(each.severity is Severity.ERROR for each in self._found)
        self.count += len(self._found)

    def problems(self) -> Iterator[Problem]:
        """What the trigger makes of it."""
        return iter(self._found)


class _Mending:
    """A text on its way to a better one."""

    def __init__(
        self,
        event: str | Document,
        trigger: Trigger | None,
        code: str | None,
        *,
        decoded: bool,
        is_cancelled: Callable[[], bool],
    ) -> None:
        text = event if isinstance(event, str) else event.text
        self._trigger = trigger
        self._decoded = decoded
        self._code = code
        self._is_cancelled = is_cancelled
        self._left = max(_READ, _READINGS * len(text))
        """Characters that may still be read."""
        self._document = event if isinstance(event, Document) and event.tells_all else self._scan(text)
        self._fixed: Counter[str] = Counter()
        self._given_up: set[tuple[str, object]] = set()

    def mend(self, kind: type[_Text]) -> None:
        """Put problems of one kind right until there is none left that can be."""
        now = kind(self._ground())
        most = _AT_ONCE
        while self._left > 0 and not self._is_cancelled():
            chosen = self._chosen(now, most)
            if not chosen:
                return
            splices = (splice for each in chosen for splice in each.splices)
            document = self._scan(_spliced(now.ground.document.text, splices))
            after = kind(Ground(document, self._trigger, decoded=self._decoded))
            if after.is_better(now):
                self._document, now = document, after
                self._fixed.update(each.code for each in chosen)
                most = _AT_ONCE
            elif len(chosen) == 1:
                self._given_up.add(chosen[0].mark)
                most = _AT_ONCE
            else:
                most = len(chosen) // 2

    def mended(self) -> Mended:
        """What has come of it."""
        return Mended(self._document.text, self._fixed, self._ground().problems(self._document))

    def _ground(self) -> Ground:
        return Ground(self._document, self._trigger, decoded=self._decoded)

    def _scan(self, text: str) -> Document:
        self._left -= len(text)
        return scan(text, thorough=True)

    def _chosen(self, now: _Text, most: int) -> list[_Chosen]:
        """Fixes of the first ``most`` problems that have one, but for those that overlap others."""
        wanted = (each for each in now.problems() if self._code in {None, each.code})
        found = (self._choice(now.ground, each) for each in wanted)
        chosen: list[_Chosen] = []
        end, is_insertion = -1, False
        for each in sorted(islice(filter(None, found), most), key=lambda each: each.splices[0].start):
            first, last = each.splices[0], each.splices[-1]
            begins_with_insertion = first.start == first.end
            if first.start > end or (first.start == end and not (is_insertion and begins_with_insertion)):
                chosen.append(each)
                end, is_insertion = last.end, last.start == last.end
        return chosen

    def _choice(self, ground: Ground, problem: Problem) -> _Chosen | None:
        if self._code is None and problem.code in _NEVER_CERTAIN:
            return None
        mark = (problem.code, problem.path or (problem.line, problem.column))
        if mark in self._given_up:
            return None
        fix = _first(ground, problem)
        if fix is None or not (fix.is_certain or self._code):
            return None
        return _Chosen(fix.splices, problem.code, mark)


class _Chosen(NamedTuple):
    splices: tuple[Splice, ...]
    code: str
    mark: tuple[str, object]
    """What the problem is told by where its fix turns out to be none."""


def _spliced(text: str, splices: Iterable[Splice]) -> str:
    pieces: list[str] = []
    pos = 0
    for splice in sorted(splices):
        pieces += (text[pos : splice.start], splice.text)
        pos = splice.end
    return "".join([*pieces, text[pos:]])
