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

_ROUNDS = 200
"""Times that a text is read anew while it is mended; a hundred problems are told at a time."""
_LONG = 500_000
"""Characters from which on reading a text once more for every fix is too slow for more than a ``_FEW``."""
_FEW = 3
_READ = 10_000_000
"""Characters that are read in all to mend a text: of a huge one, some hundred problems are put right at a time."""
_LEAST_ROUNDS = 3
_WORTH_A_ROUND = 10
"""Problems that have to be put right in one reading of such a text for another reading."""
_GIVEN_UP = frozenset({
    "lone-surrogate", "number-overflow", "number-underflow", "missing-name", "more-problems", "event-too-large",
    "event-over-6-mib", "event-over-256-kib", "schema-unusable", "too-deep", "not-checked", "checked-partly",
    "content-not-text", "decoded-form",
})  # fmt: skip
"""Codes of what is sent as it was meant, or what only a person can put right."""
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
    make = FIXES.get(problem.code)
    if make is None and problem.code.startswith("schema-") and problem.code not in FIXES:
        make = fixes_of_schema
    if make is None:
        return
    try:
        yield from make(ground, problem)
    except FgtuiError:  # the place cannot be written, so there is no way to mend it here
        return


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
    text: str,
    trigger: Trigger | None,
    *,
    code: str | None = None,
    decoded: bool = False,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> Mended:
    """``text`` with everything put right that is certain; with ``code``, the likeliest fix of all of that kind."""
    count: Counter[str] = Counter()
    document = scan(text)
    problems = Ground(document, trigger, decoded=decoded).problems(document)
    given_up: set[tuple[str, object]] = set()
    for _ in range(min(_ROUNDS, max(_LEAST_ROUNDS, _READ // max(len(text), 1)))):
        ground = Ground(document, trigger, decoded=decoded)
        wanted = [each for each in problems if (code is None or each.code == code) and _mark(each) not in given_up]
        chosen = [(each, fix) for each in wanted if (fix := _likeliest(ground, each, certain=code is None))]
        if not chosen or is_cancelled():
            break
        better = _at_once(ground, problems, chosen) or _one_by_one(ground, chosen, given_up)
        if better is None:
            continue
        text, after = better
        document = scan(text)
        problems = Ground(document, trigger, decoded=decoded).problems(document)
        count.update(after)
        if len(text) > _LONG and sum(after.values()) < _WORTH_A_ROUND:
            break  # of a huge event the schema names a few at a time, and each time takes seconds
    return Mended(document.text, count, problems)


def mend(document: Document, trigger: Trigger | None, problem: Problem, *, decoded: bool = False) -> Fix | None:
    """The fix of ``problem`` where there is exactly one."""
    found = fixes(document, trigger, problem, decoded=decoded)
    return found[0] if len(found) == 1 else None


def _mark(problem: Problem) -> tuple[str, object]:
    return problem.code, problem.path or (problem.line, problem.column)


def _likeliest(ground: Ground, problem: Problem, *, certain: bool) -> Fix | None:
    return next((fix for fix in _tried(ground, problem) if fix.is_certain or not certain), None)


def _at_once(
    ground: Ground, problems: tuple[Problem, ...], chosen: list[tuple[Problem, Fix]]
) -> tuple[str, Counter[str]] | None:
    """All that do not touch one another; None where that makes something worse."""
    splices: list[Splice] = []
    codes: Counter[str] = Counter()
    end = -1
    for problem, fix in sorted(chosen, key=lambda each: each[1].splices[0].start):
        if fix.splices[0].start > end or end < 0:
            splices += fix.splices
            end = fix.splices[-1].end
            codes[problem.code] += 1
    text = _spliced(ground.document.text, splices)
    after = scan(text)
    if ground.document.has_errors or after.has_errors:
        old, new = ground.document.tree.findings, after.tree.findings
        is_worse = new.errors > old.errors or new.departures_in_all + new.benign >= old.departures_in_all + old.benign
        return None if is_worse else (text, codes)
    left = ground.problems(after)
    errors_before = sum(each.severity is Severity.ERROR for each in problems)
    errors_after = sum(each.severity is Severity.ERROR for each in left)
    is_more = len(left) >= len(problems) and after.tree.findings.departures_in_all == (
        ground.document.tree.findings.departures_in_all
    )
    return None if errors_after > errors_before or is_more else (text, codes)


def _one_by_one(
    ground: Ground, chosen: list[tuple[Problem, Fix]], given_up: set[tuple[str, object]]
) -> tuple[str, Counter[str]] | None:
    """The first that makes it better; those before it are not tried again."""
    document = ground.document
    for problem, fix in chosen:
        text = apply(document.text, fix)
        if _standing(ground, problem, scan(text)).is_better(_standing(ground, problem, document)):
            return text, Counter({problem.code: 1})
        given_up.add(_mark(problem))
    return None


def _spliced(text: str, splices: Iterable[Splice]) -> str:
    pieces: list[str] = []
    pos = 0
    for splice in sorted(splices):
        pieces += (text[pos : splice.start], splice.text)
        pos = splice.end
    return "".join([*pieces, text[pos:]])
