"""Reads the text of an editor in one of its forms: problems, trigger, fields, the same place in the other form.

Pure and without a screen, so that a worker may do it; imports are deferred, as the workbench starts before it reads.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from fgtui.errors import EventError
from fgtui.events.model import Path, Problem, Severity
from fgtui.records import replace
from fgtui.regex import regex
from fgtui.tui.text.document import Difference, Form, Lines, Location, difference

if TYPE_CHECKING:
    from fgtui.events.catalogue import Catalogue, Trigger
    from fgtui.events.fields import Place
    from fgtui.events.reasons import Reason
    from fgtui.events.text import Document, Node
    from fgtui.tui.text.row_notes import Hint

LOOKED_BACK = 4096
"""Characters before the cursor in which the value is looked for that it stands behind: a line may be megabytes long."""
HINTS_IN_ROW = 20
"""More have no room beside a row; a text on one line may have thousands."""
_GRAVITY = {severity: place for place, severity in enumerate(Severity)}
_MARGIN = regex(r"[ \t]*+")


@dataclass(frozen=True, slots=True)
class Analysis:
    """What was found out about one text. Everything but ``wire`` and ``trigger`` is about the text as it is shown."""

    version: int
    """Of the ``EventDocument``."""
    form: Form
    document: Document
    wire: Document | None
    """The event as it is sent; None while the text has errors."""
    problems: tuple[Problem, ...]
    """In order of their places."""
    trigger: str
    """The key of the trigger whose events look like this."""


def analyse(version: int, form: Form, text: str, trigger: Trigger | None, catalogue: Catalogue | None) -> Analysis:
    """Read ``text``. Never raises."""
    from fgtui.events.recognition import recognise
    from fgtui.events.text import scan

    document = scan(text)
    if form is Form.WIRE:
        problems = _checked(document, trigger)
        wire = None if document.has_errors else document
        return Analysis(version, form, document, wire, problems, recognise(document, catalogue))
    wire, problems = _encoded(document)
    if wire is not None:
        found = [_placed(problem, document) for problem in _checked(wire, trigger) if problem not in wire.problems]
        problems = tuple(sorted([*problems, *found], key=lambda problem: problem.start))
    return Analysis(version, form, document, wire, problems, recognise(wire or document, catalogue))


def strict_text(text: str, form: Form) -> str:
    """What is sent for a text shown in ``form``; EventError with line and column says why nothing is."""
    from fgtui.events.fields import encode
    from fgtui.events.text import scan

    return scan(encode(text) if form is Form.DECODED else text).wire()


def turned(text: str, form: Form, trigger: Trigger | None) -> str:
    """``text``, shown in ``form``, in the other one. EventError with line and column where it has errors."""
    from fgtui.events.fields import decode, encode

    return decode(text, trigger) if form is Form.WIRE else encode(text)


@dataclass(frozen=True, slots=True)
class Turned:
    """A text in its other form, and where in it the value is that the cursor was at."""

    text: str
    offset: int


def turned_at(text: str, form: Form, trigger: Trigger | None, offset: int, known: str | None = None) -> Turned:
    """The same with the place that ``offset`` becomes, and without the work where the other text is ``known``."""
    from fgtui.events.text import scan

    other = turned(text, form, trigger) if known is None else known
    path = path_at(scan(text), form, offset)
    landing = None if path is None else offset_of(scan(other), form.other, path)
    return Turned(other, landing or 0)


def turned_at_cursor(text: str, *, form: Form, trigger: Trigger | None, cursor: Location, known: str | None) -> Turned:
    """The same for a ``cursor``, whose offset is not known yet."""
    return turned_at(text, form, trigger, Lines(text).offset(cursor), known)


def field_difference(
    text: str, *, form: Form, trigger: Trigger | None, path: Path, new: str, newline: str
) -> Difference | None:
    """What ``with_field`` changes in a text whose lines end in ``newline``; ``None`` for nothing."""
    return difference(text, with_field(text, form, trigger, path, new), newline)


def with_field(text: str, form: Form, trigger: Trigger | None, path: Path, new: str) -> str:
    """``text``, shown in ``form``, with the value at ``path`` reading ``new`` (see ``Place.text``).

    In the decoded form too the field is encoded as it was, and everything around it stays as the person wrote it.
    EventError where the value cannot be written.
    """
    from fgtui.events.altering import whole_decoded
    from fgtui.events.fields import decode, encode, set_text
    from fgtui.events.text import scan

    if form is Form.WIRE:
        return set_text(text, trigger, path, new)
    changed = decode(set_text(encode(text), trigger, path, new), trigger)
    shown, other = scan(text), scan(changed)
    here, there = whole_decoded(shown, path), whole_decoded(other, path)
    return changed if here is None or there is None else shown.replace(here, other.literal(there))


def _checked(document: Document, trigger: Trigger | None) -> tuple[Problem, ...]:
    if trigger is None:
        return document.problems
    from fgtui.events.validation import validate

    return validate(document, trigger)


def _encoded(document: Document) -> tuple[Document | None, tuple[Problem, ...]]:
    """The wire text of a decoded form, and the problems of the form itself."""
    from fgtui.events.fields import encode
    from fgtui.events.text import scan

    if document.has_errors:
        return None, document.problems
    try:
        return scan(encode(document.text)), document.problems
    except EventError as error:
        return None, (*document.problems, problem_of(error, document))


def problem_of(error: EventError, document: Document) -> Problem:
    """The error as a finding about ``document``."""
    line, column = error.line or 1, error.column or 1
    offset = document.offset(line, column)
    node = document.node_at(offset)
    end = node.end if node is not None and node.start == offset else offset + 1
    return Problem(
        severity=Severity.ERROR,
        code="decoded-form",
        message=error.message,
        line=line,
        column=column,
        start=offset,
        end=end,
        hint=error.hint,
        values=error.values,
    )


def _placed(problem: Problem, decoded: Document) -> Problem:
    """A finding about the wire text, at the same value of its decoded form."""
    node = decoded.node_at(offset_of(decoded, Form.DECODED, problem.path) or 0)
    start, end = (node.start, node.end) if node else (0, 0)
    line, column = decoded.position(start)
    return replace(problem, line=line, column=column, start=start, end=end)


# One place in two forms. Its path goes through encoded strings as if they were what they hold: the codec objects of
# the decoded form are no steps.


def offset_of(document: Document, form: Form, path: Path) -> int | None:
    """Where the value at ``path``, or the nearest one around it, begins in a text shown in ``form``: with its name."""
    from fgtui.events.altering import whole_decoded

    for length in range(len(path), -1, -1):
        node = whole_decoded(document, path[:length]) if form is Form.DECODED else document.find(path[:length])
        if node is not None:
            return node.key_start if node.key_start >= 0 else node.start
    return None


def path_at(document: Document, form: Form, offset: int) -> Path | None:
    """The path of the value at ``offset`` of a text shown in ``form``; None where there is none."""
    from fgtui.events.fields import plain_path

    node = node_near(document, offset)
    if node is None:
        return None
    return plain_path(document, node) if form is Form.DECODED else document.path_of(node)


def place_at(analysis: Analysis, trigger: Trigger | None, offset: int) -> Place | None:
    """The field at ``offset`` of the text shown; None where there is none, or a decoded form that means nothing.

    What is wrong with the field is its ``reason``, before any other.
    """
    from fgtui.events import fields
    from fgtui.events.reasons import Reason

    document, wire = analysis.document, analysis.wire
    node = node_near(document, offset)
    if node is None:
        return None
    if analysis.form is Form.WIRE:
        place = fields.place_at(document, trigger, node.start)
    elif wire is None:
        return None
    else:
        try:
            place = fields.locate(wire, trigger, fields.plain_path(document, node))
        except EventError:
            return None
    if place is None:
        return None
    if (problem := problem_at(analysis, node, offset)) is not None:
        place = replace(place, reason=reason_of(problem))
    elif wire is None:
        line = next(problem.line for problem in analysis.problems if problem.severity is Severity.ERROR)
        place = replace(place, reason=Reason("the error in line {line} comes first", {"line": line}))
    return place if wire is not None else replace(place, editable=False)


class Explanation(NamedTuple):
    """What is at the cursor and beside the rows around it."""

    place: Place | None
    hints: dict[int, tuple[Hint, ...]]


def explain(analysis: Analysis, trigger: Trigger | None, offset: int | None, rows: range) -> Explanation:
    """The field at ``offset`` of the text shown, if wanted; what the encoded strings that begin in ``rows`` hold."""
    place = None if offset is None else place_at(analysis, trigger, offset)
    return Explanation(place, hints_beside(analysis, trigger, rows))


def hints_beside(analysis: Analysis, trigger: Trigger | None, rows: range) -> dict[int, tuple[Hint, ...]]:
    """What strings that begin in ``rows`` of a wire text hold, if it cannot be read; of a long one its size too."""
    if analysis.form is not Form.WIRE or not rows:
        return {}
    from fgtui.events import fields
    from fgtui.tui.text.row_notes import Hint, sized

    found: dict[int, tuple[Hint, ...]] = {}
    for hint in fields.hints(analysis.document, trigger, rows.start + 1, rows.stop):
        line, column = analysis.document.position(hint.start)
        words = sized(analysis.document.text, hint.start, hint.end, f"{hint.summary} {hint.preview}".strip())
        span = Hint(column - 1, column - 1 + hint.end - hint.start, words)
        beside = found.get(line - 1, ())
        if len(beside) < HINTS_IN_ROW:
            found[line - 1] = (*beside, span)
    return found


def reason_of(problem: Problem) -> Reason:
    """What is wrong with a field, and the way out, as the reason that stands below it."""
    from fgtui.events.reasons import Reason
    from fgtui.words import Phrase

    values = dict(problem.values)
    if not problem.hint:
        return Reason(problem.message, values)
    return Reason("{what}; {hint}", {"what": Phrase(problem.message, values), "hint": Phrase(problem.hint, values)})


def problem_at(analysis: Analysis, node: Node, offset: int) -> Problem | None:
    """The gravest problem at ``offset``, else of the value ``node`` or its name; None where there is none.

    What is wrong with an object or list is said where it begins, not all through it.
    """
    name = node.key_start if node.key_start >= 0 else node.start
    starts = range(name, node.end) if not node.kind.is_container else (name, node.start)
    found: list[tuple[int, bool, Problem]] = []
    for problem in analysis.problems:
        is_around = problem.start < name and problem.end >= node.end
        is_here = problem.start <= offset <= problem.end and not is_around
        if is_here or problem.start in starts:
            found.append((_GRAVITY[problem.severity], not is_here, problem))
    return min(found, key=lambda each: each[:2])[2] if found else None


def node_near(document: Document, offset: int) -> Node | None:
    """The value a cursor at ``offset`` is about: the one it is in, ends at, or stands before on its line."""
    best = None
    for candidate in _candidates(document.text, offset):
        node = document.node_at(candidate)
        if node is not None and (best is None or node.start > best.start):
            best = node
    return best


def _candidates(text: str, offset: int) -> Iterator[int]:
    yield offset
    begin = max(offset - LOOKED_BACK, 0)
    line = max(text.rfind("\n", begin, offset) + 1, begin)
    before = text[line:offset].rstrip(" \t,:")
    if before:
        yield line + len(before) - 1
    else:
        margin = _MARGIN.match(text, offset)
        yield margin.end() if margin else offset
