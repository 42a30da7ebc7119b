r"""What a comparison does not look at, in the words that ``--ignore`` and ``[replay] ignore`` take.

A rule is ``PATH``, ``~WHAT`` or ``PATH~WHAT``::

    outcome.result.id              this place, with all below it
    outcome.result.items[*].id     [*] any index, * any member, ** any number of steps
    outcome.result.createdAt~time  a difference there, or below, that is only one of times
    ~uuid                          the same anywhere
    /.*(At|_time)/                 places whose path, or its beginning, the expression stands for
    **.etag~/W\/.*/                 two texts that the expression stands for

WHAT is ``time``, ``uuid``, ``id`` (a word of sixteen or more letters and digits, with a digit in it), ``number``,
``order`` (of an array's items) or an expression of ``linear_regex`` between slashes. The kinds are looked for inside
longer texts as well; what is left of both texts has to be equal.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from enum import Enum
from typing import TYPE_CHECKING, Any, NoReturn

from fgtui.errors import UsageError
from fgtui.events.numerals import Numeral
from fgtui.records import Record
from fgtui.regex import regex
from fgtui.words import Names, Phrase

if TYPE_CHECKING:
    from fgtui.sessions.diff.linear_regex import LinearRegex

Blank = Callable[[Any], object]
"""Gives a value without what is not to be looked at; two values are taken as equal when that is equal."""


class Wild(Enum):
    """A step of a rule that is no one place."""

    ITEM = "[*]"
    MEMBER = "*"
    DEPTH = "**"


Step = str | int | Wild


class Rule(Record, uncompared=("steps", "where", "blank")):
    """One rule, read."""

    text: str
    """As it was written."""
    steps: tuple[Step, ...] = ()
    where: LinearRegex | None = None
    """Stands for the paths it is about, in place of ``steps``."""
    what: str = ""
    """A kind, or an expression with its slashes; empty for everything."""
    blank: Blank | None = None
    """What carries out ``what``, but for ``order``."""


class Tolerance(Record):
    """How far apart two numbers may be and count as equal."""

    limit: float
    is_relative: bool = False
    """Of the larger one's size, rather than as it is."""

    @classmethod
    def parse(cls, word: str | float) -> Tolerance:
        """``0.01`` is absolute, ``1%`` relative to the larger of the two. ``UsageError`` for anything else."""
        text = str(word).strip()
        is_relative = text.endswith("%")
        try:
            limit = float(text.removesuffix("%"))
        except ValueError:
            limit = float("nan")
        if not 0 <= limit < float("inf"):
            raise UsageError(
                "a tolerance is a number such as 0.01, or a share such as 1%, not {word!r}", word=str(word)
            )
        return cls(limit / 100 if is_relative else limit, is_relative)

    def covers(self, old: object, new: object) -> bool:
        """Whether both are numbers, and near enough."""
        if type(old) not in _NUMBERS or type(new) not in _NUMBERS:
            return False
        if Numeral in (type(old), type(new)):
            return self._covers_exactly(old, new)
        one: Any = old
        other: Any = new
        try:
            limit = self.limit * max(abs(one), abs(other)) if self.is_relative else self.limit
            return bool(abs(one - other) <= limit)
        except OverflowError:  # a whole number that no double holds, beside one that is none
            return False

    def _covers_exactly(self, old: object, new: object) -> bool:
        from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, localcontext

        with localcontext(Context(prec=50, Emax=MAX_EMAX, Emin=MIN_EMIN)):
            try:
                one, other = (Decimal(each.literal if isinstance(each, Numeral) else repr(each)) for each in (old, new))
                limit = Decimal(repr(self.limit)) * (max(abs(one), abs(other)) if self.is_relative else 1)
                return abs(one - other) <= limit
            except ArithmeticError:  # an exponent beyond all counting
                return False


class Comparison(Record):
    """What is not looked at, and how near numbers count as equal."""

    rules: tuple[Rule, ...] = ()
    tolerance: Tolerance | None = None

    @classmethod
    def parse(cls, ignore: Iterable[str] = (), *, tolerance: str | float | None = None) -> Comparison:
        """The comparison of rules as they are written. ``UsageError`` names the rule and the character it fails at."""
        return cls(
            tuple(map(parse_rule, dict.fromkeys(ignore))), None if tolerance is None else Tolerance.parse(tolerance)
        )

    def places(self) -> Place:
        """The root, from which the walk asks its way down."""
        here: list[_Rest] = [(rule.steps, rule) for rule in self.rules if rule.where is None]
        return _place(here, (), ignores_order=False) if here else NOWHERE

    @property
    def by_pattern(self) -> tuple[Rule, ...]:
        """The rules whose places an expression names."""
        return tuple(rule for rule in self.rules if rule.where is not None)


# Places

_Rest = tuple[tuple[Step, ...], Rule]
"""What is left of a rule's path below some place."""


class Place:
    """What the rules say of a place, and of those below it; made as the walk comes to them, and kept."""

    __slots__ = ("_below", "_rests", "blanks", "ignored", "ignores_order", "is_plain")

    def __init__(
        self, rests: tuple[_Rest, ...], blanks: tuple[Blank, ...], *, ignored: bool, ignores_order: bool
    ) -> None:
        self._rests = rests
        self._below: dict[Step, Place] = {}
        self.ignored = ignored
        self.blanks = blanks
        """What is taken out of values here and below before they are compared."""
        self.ignores_order = ignores_order
        self.is_plain = not (rests or blanks or ignored or ignores_order)
        """No rule speaks of it or of what is below."""

    def below(self, key: str | int) -> Place:
        """Of the member or item ``key``."""
        if not self._rests:
            return self
        is_named = any(steps[0] == key and type(steps[0]) is type(key) for steps, _ in self._rests)
        step: Step = key if is_named else Wild.MEMBER if type(key) is str else Wild.ITEM
        found = self._below.get(step)
        if found is None:
            found = self._below[step] = self._entered(step)
        return found

    def _entered(self, key: Step) -> Place:
        wild = Wild.MEMBER if key is Wild.MEMBER or isinstance(key, str) else Wild.ITEM
        rests: list[_Rest] = []
        for steps, rule in self._rests:
            if steps[0] is Wild.DEPTH:
                rests.append((steps, rule))
            elif steps[0] is wild or (steps[0] == key and type(steps[0]) is type(key)):
                rests.append((steps[1:], rule))
        return _place(rests, self.blanks, ignores_order=self.ignores_order)


def _place(rests: Sequence[_Rest], blanks: tuple[Blank, ...], *, ignores_order: bool) -> Place:
    waiting, left = list(rests), dict[_Rest, None]()
    ignored = False
    while waiting:
        rest = waiting.pop()
        steps, rule = rest
        if steps:
            left[rest] = None
            if steps[0] is Wild.DEPTH:
                waiting.append((steps[1:], rule))
        elif rule.blank is not None:
            blanks = blanks if rule.blank in blanks else (*blanks, rule.blank)
        elif rule.what == ORDER:
            ignores_order = True
        else:
            ignored = True
    return Place(tuple(left), blanks, ignored=ignored, ignores_order=ignores_order)


NOWHERE = Place((), (), ignored=False, ignores_order=False)
"""A place that no rule speaks of."""


# Kinds of values

ORDER = "order"

_TIME = regex(
    r"(?<!\d)(?:\d{4}[-/]\d\d[-/]\d\d(?:[Tt ]\d\d:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?:Z|z| ?[+-]\d\d:?\d\d)?)?"
    r"|\d{8}T\d{6}Z?|\d\d:\d\d:\d\d(?:[.,]\d{1,9})?"
    r"|(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d? (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4}"
    r" \d\d:\d\d:\d\d (?:GMT|[+-]\d{4})"
    r"|[12]\d{9}(?:\.\d{1,9}|\d{3})?)(?!\d)"
)
_UUID = regex(r"(?<![0-9A-Za-z])[0-9A-Fa-f]{8}-(?:[0-9A-Fa-f]{4}-){3}[0-9A-Fa-f]{12}(?![0-9A-Za-z])")
_WORD = regex(r"[0-9A-Za-z_-]{16,}+")
_NUMBER = regex(r"\d++(?:\.\d++)?(?:[eE][+-]?\d++)?")
_EARLIEST_S, _LATEST_S = 1_000_000_000, 3_000_000_000
"""Seconds since 1970 that a number is taken for a time between: 2001 to 2065."""
_NUMBERS = (int, float, Numeral)
_GONE = "\0"
"""Takes the place of what is blanked; no text of JSON that people write holds it."""


def _blank_time(value: Any) -> object:
    if type(value) is str:
        return _TIME.sub(_GONE, value)
    if type(value) not in _NUMBERS:
        return value
    size = float(value.literal) if type(value) is Numeral else value
    is_time = any(_EARLIEST_S * unit <= size <= _LATEST_S * unit for unit in (1, 1000))
    return ("time",) if is_time else value


def _blank_uuid(value: Any) -> object:
    return _UUID.sub(_GONE, value) if type(value) is str else value


def _blank_id(value: Any) -> object:
    return _WORD.sub(_without_digits, value) if type(value) is str else value


def _without_digits(found: re.Match[str]) -> str:
    return _GONE if any(map(str.isdecimal, found[0])) else found[0]


def _blank_number(value: Any) -> object:
    if type(value) is str:
        return _NUMBER.sub(_GONE, value)
    return ("number",) if type(value) in _NUMBERS else value


KINDS: dict[str, Blank] = {"uuid": _blank_uuid, "time": _blank_time, "id": _blank_id, "number": _blank_number}
"""From the narrowest to the widest."""


def _blank_matching(pattern: str) -> Blank:
    from fgtui.sessions.diff.linear_regex import LinearRegex
    from fgtui.sessions.strict_json import write

    expression = LinearRegex(pattern)

    def blank(value: Any) -> object:
        if type(value) in (dict, list):
            return value
        text = value if type(value) is str else write(value)
        return ("matched",) if expression.fullmatch(text) else value

    return blank


# Reading rules

_NAME = regex(r"[^\s.\[\]\"'`*~/(){}|&,\x00-\x1f]++")
_QUOTED = regex(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"', re.DOTALL)
_INDEX = regex(r"\[\s*+(\*|[0-9]{1,18})\s*+\]")
_IN_BRACKETS = regex(rf"\[\s*+({_QUOTED.pattern})\s*+\]", re.DOTALL)
_EXPRESSION = regex(r"/((?:[^/\\]++|\\.)++)/", re.DOTALL)


def parse_rule(text: str) -> Rule:
    """One rule as it is written."""
    if not text.strip():
        raise UsageError(
            "an empty rule would ignore everything",
            hint="name what is not compared, outcome.result.id or ~time; see: fgtui help diff",
        )
    where = None
    if text.startswith("/"):
        from fgtui.sessions.diff.linear_regex import LinearRegex

        expression, at = _expression(text, 0)
        where = LinearRegex(expression)
        steps: tuple[Step, ...] = ()
    else:
        steps, at = _steps(text)
    if at == len(text):
        return Rule(text, steps, where)
    if text[at] != "~":
        _refuse(text, at, 'names with such signs need quotes: a."b c"')
    if text.startswith("~/", at):
        expression, end = _expression(text, at + 1)
        if end != len(text):
            _refuse(text, end, "a / inside the expression is written \\/")
        return Rule(text, steps, where, text[at + 1 :], _blank_matching(expression))
    kind = text[at + 1 :]
    if kind == ORDER:
        if where is not None:
            _refuse(text, at, "order is ignored by a path: outcome.result.items~order")
        return Rule(text, steps, where, ORDER)
    if kind not in KINDS:
        raise UsageError(
            "there is no kind of value {kind!r} to ignore; there is {kinds}",
            hint="an expression stands between slashes: ~/{kind}/; see: fgtui help diff",
            kind=kind,
            kinds=Names((*KINDS, ORDER)),
        )
    return Rule(text, steps, where, kind, KINDS[kind])


def _expression(text: str, at: int) -> tuple[str, int]:
    found = _EXPRESSION.match(text, at)
    if found is None:
        _refuse(text, at, "an expression stands between slashes: /.*At/")
    return found[1], found.end()


def _steps(text: str) -> tuple[tuple[Step, ...], int]:
    """The steps of a path, and where it ends."""
    steps: list[Step] = []
    at = 0
    while at < len(text) and text[at] != "~":
        if text[at] == "[" and not (steps and text[at - 1] == "."):
            at = _bracketed(text, at, steps)
        else:
            at = _named(text, at, steps)
        if at < len(text) and text[at] == ".":
            at += 1
            if at == len(text) or text[at] == "~":
                _refuse(text, at - 1, "a name is missing after the last dot")
        elif at < len(text) and text[at] not in "[~":
            _refuse(text, at, 'names with such signs need quotes: a."b c"')
    return tuple(steps), at


def _bracketed(text: str, at: int, steps: list[Step]) -> int:
    from fgtui.events.lexis import unquote

    if found := _INDEX.match(text, at):
        steps.append(Wild.ITEM if found[1] == "*" else int(found[1]))
        return found.end()
    found = _IN_BRACKETS.match(text, at)
    if found is None:
        _refuse(text, at, "an index is [0], any index [*]; they count from 0")
    steps.append(unquote(found[1]))
    return found.end()


def _named(text: str, at: int, steps: list[Step]) -> int:
    from fgtui.events.lexis import unquote

    if text.startswith("**", at):
        steps.append(Wild.DEPTH)
        return at + 2
    if text.startswith("*", at):
        steps.append(Wild.MEMBER)
        return at + 1
    if found := _QUOTED.match(text, at):
        steps.append(unquote(found[0]))
    elif (found := _NAME.match(text, at)) and not found[0].isdecimal():
        steps.append(found[0])
    elif found:
        _refuse(text, at, 'an index is [0], a name "0"')
    else:
        _refuse(text, at, 'names with other signs need quotes: a."b c"')
    return found.end()


def _refuse(text: str, at: int, hint: str) -> NoReturn:
    raise UsageError(
        "{rule} cannot be ignored: it cannot be read from character {column} on",
        hint="{way_out}; see: fgtui help diff",
        way_out=Phrase(hint),
        rule=text or '""',
        column=at + 1,
    )
