"""Certain texts, found wherever they stand: credentials of ours, values that were supplied, and what an exchange itself
has told by a name in one place and repeats in another, where nothing else gives it away.

They are found in the ways in which handlers write a value into a text: as it is, and escaped as JSON, Python and
addresses do. Credentials of ours are found in any letter case besides, and as hexadecimal digits or with every byte
escaped as in addresses.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from fgtui.regex import regex
from fgtui.sessions.redaction.text import PLACEHOLDER, SCHEME, Span

LIMIT = 256
"""Secrets of one event or outcome that are looked for elsewhere in the exchange."""
_SHORTEST = 8
"""Characters. A shorter value may stand anywhere by chance."""
_FEWEST = 3
"""Different characters."""
_MARK = "<redacted:"
_BLANK = "\0" * len(f"{_MARK}000000000000>")
_COUNTED = "01234567890123456789", "98765432109876543210"
_COMMON = frozenset(
    {
        "abcdefgh", "anonymous", "changeit", "changeme", "disabled", "example.com", "external", "hmac-sha1",
        "hmac-sha256", "internal", "localhost", "optional", "passw0rd", "password", "password1", "placeholder",
        "production", "required", "rsa-sha256", "temporary", "undefined", "username",
    }
)  # fmt: skip
"""Of so many characters, in lower case."""
_PLAIN = regex(r"[A-Za-z0-9_.~-]*+")
"""Written alike everywhere."""
_UNESCAPED = regex(r"[ !#-&(-.0-\[\]-~]*+")
"""Written alike in every JSON, unless as code points from 00 to 7f, which open every text anyway."""
_SIGNATURE = regex(r"Signature=(?P<hex>[0-9A-Fa-f]{64})")
"""Of a signed request (runtime.md section 8.7)."""
_OF_JAVASCRIPT = "!'()*"


class Literals:
    """Texts that are known, those of ``folded`` in any case of the letters of ASCII. Threads may share it."""

    def __init__(self, values: Iterable[str], folded: Iterable[str] = ()) -> None:
        folded = tuple(folded)
        self._folded = dict.fromkeys(map(_fold, folded))
        self._values = {value: None for value in values if _fold(value) not in self._folded}
        self._are_escaped = any(_UNESCAPED.fullmatch(value) is None for value in (*self._values, *folded))
        self._shortest_folded = min(map(len, self._folded), default=0)

    def __contains__(self, text: str) -> bool:
        return text in self._values or (bool(self._folded) and _fold(text) in self._folded)

    def are_in(self, text: str) -> bool:
        """Whether one of them is, as it is."""
        for value in self._values:  # a generator costs three times as much
            if value in text:
                return True
        if self._folded and len(text) >= self._shortest_folded:
            text = _fold(text)
            for value in self._folded:
                if value in text:
                    return True
        return False

    def may_be_in(self, text: str) -> bool:
        """Whether one of them is, perhaps behind escapes that open no text by themselves. Never a wrong no."""
        return (self._are_escaped and "\\" in text) or self.are_in(text)

    def spans(self, text: str) -> Iterator[Span]:
        """Where they stand, in no order."""
        if not self.are_in(text):
            return
        if _MARK in text:  # what has been replaced is no place to find anything
            text = PLACEHOLDER.sub(_BLANK, text)
        yield from _found(text, self._values)
        if self._folded:
            yield from _found(_fold(text), self._folded)


def _found(text: str, values: Iterable[str]) -> Iterator[Span]:
    for value in values:
        start = text.find(value)
        while start >= 0:
            yield start, start + len(value)
            start = text.find(value, start + len(value))


def _fold(text: str) -> str:
    """``text`` with the letters of ASCII in lower case, each character where it was."""
    if text.isascii():
        return text.lower()
    return text.encode("utf-8", "surrogatepass").lower().decode("utf-8", "surrogatepass")


def is_telling(secret: str) -> bool:
    """Whether a secret is one of its kind, rather than a word or number that may stand anywhere."""
    bare = secret.strip()
    return (
        len(bare) >= _SHORTEST
        and len(set(bare)) >= _FEWEST
        and _MARK not in bare
        and bare not in _MARK
        and bare.lower() not in _COMMON
        and not any(bare in counted for counted in _COUNTED)
    )


def spellings(secret: str) -> Iterable[str]:
    """How ``secret`` is written into a text, itself first."""
    if _PLAIN.fullmatch(secret):
        return (secret,)
    import json
    from urllib.parse import quote, quote_plus

    wire = secret.encode("utf-8", "surrogatepass")
    escaped = [json.dumps(secret), json.dumps(secret, ensure_ascii=False), repr(secret)]
    if "/" in secret:  # PHP's JSON escapes that as well
        escaped.append(escaped[0].replace("/", r"\/"))
    in_address = quote(wire, safe=""), quote(wire), quote(wire, safe=_OF_JAVASCRIPT), quote_plus(wire)
    return dict.fromkeys((secret, *(each[1:-1] for each in escaped), *in_address))


def own_spellings(secrets: Iterable[str]) -> Literals:
    """All ways in which ``secrets``, credentials of ours, are looked for. Of one that is no word, letters may be in any
    case: it is written so where somebody makes a name or a header of it.
    """
    exactly: list[str] = []
    folded: list[str] = []
    for secret in secrets:
        wire = secret.encode("utf-8", "surrogatepass")
        (folded if is_telling(secret) else exactly).extend(spellings(secret))
        folded += wire.hex(), "".join(f"%{byte:02x}" for byte in wire)
    return Literals(exactly, folded)


def spelled(placeholders: Mapping[str, str]) -> dict[str, str]:
    """The same for every way in which the secrets are written."""
    return {spelling: placeholder for secret, placeholder in placeholders.items() for spelling in spellings(secret)}


def told_by(value: str, *, in_text: bool = False) -> Iterator[str]:
    """What a value that was replaced tells besides itself: the credential behind a scheme, the signature in it, and, of
    a value ``in_text``, what it says in an address or form.
    """
    if scheme := SCHEME.match(value):
        yield value[scheme.end() :]
    if signature := _SIGNATURE.search(value):
        yield signature["hex"]
    if in_text and ("%" in value or "+" in value):
        from urllib.parse import unquote_plus

        yield unquote_plus(value, errors="surrogateescape")
