"""New identifiers that look like the old ones: a UUID for a UUID, as many digits for digits."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from fgtui.regex import regex

_UUID = regex(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_HEX = regex(r"[0-9a-f-]+|[0-9A-F-]+")
_ULID = regex(r"[0-7][0-9A-HJKMNP-TV-Z]{25}")
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOWER = "abcdefghijklmnopqrstuvwxyz"
_DIGITS = "0123456789"
_TRIES = 16


def alike(old: str, new_id: Callable[[], str]) -> str:
    """An identifier of the form of ``old`` and other than it, made from what ``new_id`` gives.

    That itself where it has the form already; else letters and digits drawn from it, in the places and of the kinds of
    ``old``'s, whose leading zeros stay. ``old`` again where it has nothing to draw.
    """
    new = new_id()
    for candidate in (new, new.replace("-", "")):
        for cased in (candidate.lower(), candidate.upper()):
            if _form(cased) == _form(old) != "" and cased != old:
                return cased
    for attempt in range(_TRIES):
        drawn = _drawn(old, f"{new}/{attempt}")
        if drawn != old:
            return drawn
    return old


def _form(text: str) -> str:
    """What kind of identifier ``text`` is, its letters' case included; empty for none that is well known."""
    if _ULID.fullmatch(text):
        return "ulid"
    case = "" if text == text.lower() else "upper" if text == text.upper() else "mixed"
    if _UUID.fullmatch(text):
        return f"uuid {case}"
    return f"hex {case}" if len(text) == 32 and _HEX.fullmatch(text) and "-" not in text else ""


def _drawn(old: str, seed: str) -> str:
    draws = iter(hashlib.shake_256(seed.encode("utf-8", "surrogatepass")).digest(2 * len(old)))
    alphabets = _alphabets(old)
    kept = len(old) - len(old.lstrip("0")) if old.strip("0") else 0
    drawn = []
    for position, (character, alphabet) in enumerate(zip(old, alphabets, strict=True)):
        draw = next(draws) << 8 | next(draws)
        if not alphabet or position < kept:
            drawn.append(character)
        else:  # a number's first digit stays one that counts
            choice = alphabet[1:] if position == kept and character != "0" and alphabet == _DIGITS else alphabet
            drawn.append(choice[draw % len(choice)])
    if _UUID.fullmatch(old):
        drawn[14], drawn[19] = old[14], old[19]  # version and variant
    return "".join(drawn)


def _alphabets(old: str) -> list[str]:
    """For each character of ``old`` those that may take its place; none where it stays."""
    if old.isascii() and old.isdecimal():
        return [_DIGITS] * len(old)
    if _ULID.fullmatch(old):
        return ["01234567", *[_CROCKFORD] * 25]
    if _HEX.fullmatch(old) and any(character in _DIGITS for character in old):
        digits = _DIGITS + ("ABCDEF" if old != old.lower() else "abcdef")
        return ["" if character == "-" else digits for character in old]
    return [
        _DIGITS
        if character in _DIGITS
        else _LOWER
        if character in _LOWER
        else _LOWER.upper()
        if "A" <= character <= "Z"
        else ""
        for character in old
    ]
