"""Numbers as text: what was meant by a wrong one, what a double makes of a right one, and its value in Python."""

from __future__ import annotations

import sys

from fgtui.regex import regex

_DIGITS = 4300
"""Digits of the longest integer that Python converts unless told otherwise."""
_EXPONENT_KNOWN = 17
"""Characters of an exponent that are counted with; longer ones are told apart by how they are written."""
_NUMBER_LIKE = regex(r"[+-]?\.?[0-9]")
_HEX = regex(r"[+-]?0[xX][0-9a-fA-F]{1,16}")
_LOOSE_NUMBER = regex(r"([+-]?)0*+([0-9]*)(?:\.([0-9]*))?(?:[eE]([+-]?[0-9]+))?")


def looks_numeric(word: str) -> bool:
    """Whether a word begins as numbers do, right or wrong."""
    return _NUMBER_LIKE.match(word) is not None


def meant(word: str) -> str:
    """The JSON number that a wrong one such as ``01``, ``+1``, ``.5`` or ``0x1F`` stands for; empty if unknown."""
    if _HEX.fullmatch(word) is not None:
        return str(int(word, 16))
    match = _LOOSE_NUMBER.fullmatch(word[:400])
    if match is None or len(word) > 400:
        return ""
    sign, whole, fraction, exponent = match.groups()
    if not whole and not fraction and "0" not in word:
        return ""
    text = ("-" if sign == "-" else "") + (whole or "0") + (f".{fraction}" if fraction else "")
    return text + (f"e{exponent}" if exponent else "")


def fate_as_double(number: str) -> int:
    """1 where the JSON number ``number`` is beyond a double, -1 where it is not zero but becomes zero, else 0."""
    if len(number) < 300 and "e" not in number and "E" not in number:
        return 0
    digits, magnitude = scientific(number)
    if not digits:
        return 0
    if magnitude > 310:
        return 1
    if magnitude < -330:
        return -1
    double = float(f"0.{digits[:40]}e{magnitude}")
    if double == float("inf"):
        return 1
    return 0 if double else -1


def scientific(number: str) -> tuple[str, int]:
    """The significant digits of a JSON number and its magnitude: it is 0.DIGITS × 10^magnitude, sign apart."""
    mantissa, _, exponent = number.replace("E", "e").partition("e")
    whole, _, fraction = mantissa.lstrip("-").partition(".")
    digits = (whole + fraction).lstrip("0")
    leading_zeros = len(whole) + len(fraction) - len(digits)
    return digits, len(whole) - leading_zeros + _clamped(exponent)


def _clamped(exponent: str) -> int:
    """An exponent as an integer; eighteen digits are as good as any more."""
    digits = exponent.lstrip("+-").lstrip("0")[:19]
    size = min(int(digits or 0), 10**18)
    return -size if exponent.startswith("-") else size


def number(literal: str) -> int | float:
    """A JSON number as Python has it."""
    digits = literal.lstrip("-")
    longest = min(sys.get_int_max_str_digits() or _DIGITS, _DIGITS)
    if digits.isdecimal():
        if len(digits) <= longest:
            return int(literal)
    elif fate_as_double(literal) <= 0:
        return float(literal)
    significant, magnitude = scientific(literal)
    size: int = 10**longest - 1 if magnitude > longest else int(significant[:magnitude].ljust(magnitude, "0"))
    return -size if literal.startswith("-") else size


class Numeral:
    """A JSON number known by what it says: for those that no double, and no integer of Python's, stands for alone.

    Equal when they say the same size and are of one kind: ``1e400`` and ``10e399``, but not an integer and one with a
    point.
    """

    __slots__ = ("_size", "literal")

    def __init__(self, literal: str) -> None:
        self.literal = literal
        """As it was written."""
        digits, magnitude = scientific(literal)
        exponent = literal.lower().partition("e")[2]
        self._size = (
            literal.lstrip("-").isdecimal(),
            literal.startswith("-") and digits != "",
            digits.rstrip("0"),
            magnitude if digits else 0,
            exponent if len(exponent) > _EXPONENT_KNOWN and digits else "",
        )

    def __eq__(self, other: object) -> bool:
        return self._size == other._size if isinstance(other, Numeral) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._size)

    def __repr__(self) -> str:
        return f"Numeral({self.literal!r})"
