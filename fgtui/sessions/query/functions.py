"""The functions that queries have besides JMESPath's own: what is encoded, opened.

Each takes text and gives a value, or raises ``ValueError`` in the words of the library's own type errors. Bytes that
are no UTF-8 travel as lone surrogates, so ``gunzip(base64_decode(x))`` gets them back.
"""

from __future__ import annotations

import binascii
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from fgtui.regex import regex
from fgtui.sessions import strict_json

if TYPE_CHECKING:
    from jmespath import Options
    from jmespath.functions import Functions

_ESCAPE = regex(rb"%([0-9A-Fa-f]{2})?")


def from_json(text: str) -> object:
    """The value of JSON text."""
    try:
        return strict_json.read(text)
    except ValueError as error:
        raise ValueError(f"the text is not JSON: {error}") from None


def base64_decode(text: str) -> str:
    """What strict base64 holds, in any of its four spellings."""
    return _text(_from_base64(text))


def gunzip(text: str) -> str:
    """The content of one gzip member, of 16 MiB at most."""
    return _text(_inflated(_bytes(text)))


def base64_gunzip(text: str) -> str:
    """The content of base64 around gzip."""
    return _text(_inflated(_from_base64(text)))


def url_decode(text: str) -> str:
    """Form encoding undone: ``+`` is a blank, ``%41`` a byte."""
    data = _bytes(text).replace(b"+", b" ")
    if b"%" not in data:
        return _text(data)
    broken = [found for found in _ESCAPE.finditer(data) if found[1] is None]
    if broken:
        raise ValueError("a % is not followed by two hexadecimal digits")
    return _text(_ESCAPE.sub(lambda found: binascii.unhexlify(found[1]), data))


FUNCTIONS: dict[str, Callable[[str], object]] = {
    "from_json": from_json,
    "base64_decode": base64_decode,
    "gunzip": gunzip,
    "url_decode": url_decode,
    "powertools_json": from_json,
    "powertools_base64": base64_decode,
    "powertools_base64_gzip": base64_gunzip,
}


def call(name: str, text: str) -> object:
    """One of them by its name, which is in what it says when it cannot."""
    try:
        return FUNCTIONS[name](text)
    except ValueError as error:
        raise ValueError(f"In function {name}(), {error}") from None


@cache
def library() -> Functions:
    """The library's functions with these among them."""
    from jmespath.functions import Functions, signature

    def method(name: str) -> Callable[..., object]:
        def function(self: Functions, text: str) -> object:
            return call(name, text)

        return signature({"types": ["string"]})(function)  # type: ignore[no-any-return,no-untyped-call,unused-ignore]

    members: dict[str, Any] = {f"_func_{name}": method(name) for name in FUNCTIONS}
    made: Any = type(Functions)
    return made("QueryFunctions", (Functions,), members)()  # type: ignore[no-any-return]


@cache
def options() -> Options:
    """What the library's interpreter needs to know of them."""
    from jmespath import Options

    return Options(custom_functions=library())


def _from_base64(text: str) -> bytes:
    from fgtui.events import packing

    raw = packing.base64_decode(text)
    if raw is None:
        raise ValueError("the text is not base64")
    return raw


def _inflated(raw: bytes) -> bytes:
    from fgtui.events.packing import GZIP_MAGIC, INFLATE_LIMIT, Budget, inflate

    budget = Budget()
    content = inflate(raw, budget)
    if content is not None:
        return content
    if budget.refused:
        raise ValueError(f"it holds more than {INFLATE_LIMIT >> 20} MiB")
    if raw.startswith(GZIP_MAGIC):
        raise ValueError("the gzip data is broken, cut short, or followed by something else")
    raise ValueError("the text is not gzip data; where it is base64 around that, powertools_base64_gzip opens both")


def _bytes(text: str) -> bytes:
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        raise ValueError("the text has half of a surrogate pair, which stands for no bytes") from None


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "surrogateescape")
