r"""Regular expressions that a person types, matched in time that is linear in the text, whatever they say.

Python's own can take years for one text. This one walks the states of the expression side by side, and remembers where
each set of states leads. Literals, ``.``, ``[a-z]``, ``\d \w \s``, groups, ``|`` and ``* + ? {2,5}``; no references
back, nothing that looks around, since those have no such bound. An expression stands for the whole text.
"""

from __future__ import annotations

from collections.abc import Callable, Container
from typing import NoReturn

from fgtui.errors import UsageError
from fgtui.words import Phrase

PATTERN_LIMIT = 500
"""Characters of an expression."""
REPEAT_LIMIT = 100
_GROUP_LIMIT = 40
_STATE_LIMIT = 4000
_KEPT_STEPS = 20_000
_WORK_LIMIT = 500_000
"""States looked at for steps that were not remembered, over the life of one expression: half a second."""

_Holds = Callable[[str], bool]
_SETS: dict[str, _Holds] = {
    "d": str.isdecimal,
    "w": lambda each: each.isalnum() or each == "_",
    "s": str.isspace,
}
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}
_ACCEPT = -1


class LinearRegex:
    """One expression, compiled. ``UsageError`` says where it cannot be read."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        machine = _Machine(pattern)
        self._atoms = machine.atoms
        self._jumps = machine.jumps
        self._first = self._closed([machine.first])
        self._steps: dict[tuple[frozenset[int], str], frozenset[int]] = {}
        self._work = 0

    def fullmatch(self, text: str) -> bool:
        """Whether the expression stands for all of ``text``."""
        return self.ends_at(text, (len(text),))

    def ends_at(self, text: str, ends: Container[int]) -> bool:
        """Whether the expression stands for ``text`` from its start to one of ``ends``."""
        states = self._first
        if 0 in ends and _ACCEPT in states:
            return True
        for at, character in enumerate(text, 1):
            states = self._next(states, character)
            if not states:
                return False
            if _ACCEPT in states and at in ends:
                return True
        return False

    def _next(self, states: frozenset[int], character: str) -> frozenset[int]:
        found = self._steps.get((states, character))
        if found is None:
            self._work += len(states)
            if self._work > _WORK_LIMIT:
                raise UsageError(
                    "the pattern {pattern} takes too long on this text", hint="write it simpler", pattern=self.pattern
                )
            if len(self._steps) >= _KEPT_STEPS:
                self._steps.clear()
            after = [self._atoms[each][1] for each in states if each >= 0 and self._atoms[each][0](character)]
            found = self._steps[states, character] = self._closed(after)
        return found

    def _closed(self, states: list[int]) -> frozenset[int]:
        """Where ``states`` lead without a character, down to those that take one."""
        seen: set[int] = set()
        while states:
            state = states.pop()
            if state not in seen:
                seen.add(state)
                states += self._jumps.get(state, ())
        return frozenset(state for state in seen if state in self._atoms or state == _ACCEPT)


class _Machine:
    """The states of an expression, built from its end: each part is told which state comes after it."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._at = 0
        self._depth = 0
        self._count = 0
        self.atoms: dict[int, tuple[_Holds, int]] = {}
        """What a state takes, and which one comes after."""
        self.jumps: dict[int, tuple[int, ...]] = {}
        """Which states stand for one."""
        if len(pattern) > PATTERN_LIMIT:
            self._refuse("it is longer than {limit} characters", limit=PATTERN_LIMIT)
        made = self._choice()
        if self._at < len(pattern):
            self._refuse("a group is closed that was not opened")
        self.first = made(_ACCEPT)

    def _state(self) -> int:
        self._count += 1
        if self._count > _STATE_LIMIT:
            self._refuse("its repetitions make it too large")
        return self._count

    def _choice(self) -> _Part:
        choices = [self._sequence()]
        while self._take("|"):
            choices.append(self._sequence())
        return choices[0] if len(choices) == 1 else self._either(choices)

    def _either(self, choices: list[_Part]) -> _Part:
        def made(after: int) -> int:
            state = self._state()
            self.jumps[state] = tuple([each(after) for each in choices])
            return state

        return made

    def _sequence(self) -> _Part:
        parts: list[_Part] = []
        while self._at < len(self._pattern) and self._pattern[self._at] not in "|)":
            part = self._part()
            if part is not None:
                parts.append(self._repeated(part))

        def made(after: int) -> int:
            for part in reversed(parts):
                after = part(after)
            return after

        return made

    def _part(self) -> _Part | None:
        sign = self._pattern[self._at]
        self._at += 1
        if sign == "(":
            return self._group()
        if sign == "[":
            return self._atom(self._class())
        if sign == ".":
            return self._atom(lambda _: True)
        if sign == "\\":
            return self._atom(self._escape())
        if sign == "^" and self._at == 1:
            return None  # it stands for the whole text anyway
        if sign == "$" and self._at == len(self._pattern):
            return None
        if sign in "*+?{^$":
            self._at -= 1
            self._refuse("{sign} means nothing there; as a sign of the text it is \\{sign}", sign=sign)
        return self._atom(sign.__eq__)

    def _group(self) -> _Part:
        if self._take("?") and not self._take(":"):
            self._refuse("of groups there is (…) and (?:…) only")
        self._depth += 1
        if self._depth > _GROUP_LIMIT:
            self._refuse("its groups are nested deeper than {limit}", limit=_GROUP_LIMIT)
        inner = self._choice()
        if not self._take(")"):
            self._refuse("a group is not closed")
        self._depth -= 1
        return inner

    def _atom(self, holds: _Holds) -> _Part:
        def made(after: int) -> int:
            state = self._state()
            self.atoms[state] = (holds, after)
            return state

        return made

    def _escape(self) -> _Holds:
        if self._at == len(self._pattern):
            self._refuse("nothing follows the last \\")
        sign = self._pattern[self._at]
        self._at += 1
        if sign.lower() in _SETS:
            holds = _SETS[sign.lower()]
            return holds if sign.islower() else lambda each: not holds(each)
        if sign in _ESCAPES:
            return _ESCAPES[sign].__eq__
        if sign.isalnum():
            self._refuse("\\{sign} is not known", sign=sign)
        return sign.__eq__

    def _class(self) -> _Holds:
        is_negated = self._take("^")
        parts: list[_Holds] = []
        while not parts or not self._take("]"):
            parts.append(self._range())
        return lambda each: any(part(each) for part in parts) is not is_negated

    def _range(self) -> _Holds:
        if self._at >= len(self._pattern):
            self._refuse("a [ is not closed")
        if self._take("\\"):
            return self._escape()
        first = self._pattern[self._at]
        self._at += 1
        if self._pattern[self._at : self._at + 1] != "-" or self._pattern[self._at + 1 : self._at + 2] in ("]", ""):
            return first.__eq__
        last = self._pattern[self._at + 1]
        self._at += 2
        return lambda each: first <= each <= last

    def _repeated(self, part: _Part) -> _Part:
        while self._at < len(self._pattern) and self._pattern[self._at] in "*+?{":
            least, most = self._times()
            self._take("?")  # which of several ways is taken makes no difference to the whole text
            part = self._times_of(part, least, most)
        return part

    def _times(self) -> tuple[int, int | None]:
        sign = self._pattern[self._at]
        self._at += 1
        if sign != "{":
            return {"*": (0, None), "+": (1, None), "?": (0, 1)}[sign]
        end = self._pattern.find("}", self._at)
        least, comma, most = self._pattern[self._at : max(end, self._at)].partition(",")
        if not all(each.isascii() and each.isdecimal() and int(each) <= REPEAT_LIMIT for each in (least, most or "0")):
            self._refuse("a repetition is {{3}}, {{3,}} or {{3,5}}, up to {limit}", limit=REPEAT_LIMIT)
        self._at = end + 1
        return int(least), (int(most) if most else None) if comma else int(least)

    def _times_of(self, part: _Part, least: int, most: int | None) -> _Part:
        def made(after: int) -> int:
            if most is None:
                loop = self._state()
                self.jumps[loop] = (part(loop), after)
                after = loop
            for _ in range(0 if most is None else most - least):
                choice = self._state()
                self.jumps[choice] = (part(after), after)
                after = choice
            for _ in range(least):
                after = part(after)
            return after

        return made

    def _take(self, sign: str) -> bool:
        if self._pattern.startswith(sign, self._at):
            self._at += len(sign)
            return True
        return False

    def _refuse(self, why: str, **values: object) -> NoReturn:
        raise UsageError(
            "the pattern {pattern} cannot be used: at character {column} {why}",
            hint="see: fgtui help diff",
            pattern=self._pattern,
            column=self._at + 1,
            why=Phrase(why, values),
        )


_Part = Callable[[int], int]
"""Builds a part before the state that comes after it, and gives the part's first state."""
