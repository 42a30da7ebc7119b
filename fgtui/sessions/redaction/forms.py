"""Secrets behind a name in text that is neither ``key=value`` nor ``key: value``: options of a command line, elements
of XML, a name beside its value, lists of pairs, blocks of YAML, parts of a form, names and JSON encoded for a URL.

Answers are spans of characters, as in ``redaction.text``, and every expression is linear on hostile input likewise.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from urllib.parse import unquote_plus

from fgtui.regex import regex
from fgtui.sessions.redaction.keys import SecretKeys, words

Span = tuple[int, int]
After = Callable[[int], Span | None]
"""Where the value that begins at an offset stands."""

_Q = r"(?:\\{0,7}[\"'`])?"
_NAME = r"[\w.-]{1,128}"
_WORD = regex(r"[\w.-]+")
_GAP = r"[ \t]{0,16}"

_OPTION = regex(rf"(?<![\w-])--({_NAME})[ \t]{{1,8}}(?![-\s])", re.ASCII)
_NO_VALUE = frozenset({"file", "path", "stdin", "env", "prompt", "policy", "type", "helper"})
"""Last words of options that hold no secret: ``--password-stdin``, ``--token-file``."""
_ELEMENT = regex(rf"<({_NAME}(?::{_NAME})?)(?:\s[^<>]{{0,256}}+)?>(?:(<!\[CDATA\[)|([^<]++)(?=<))", re.ASCII)
_KEYED = regex(rf"(?i:name|key|header|field|id)=[\"']({_NAME})[\"'][ \t]{{0,8}}>([^<]++)(?=<)", re.ASCII)
_END_OF_CDATA = "]]>"
_PAIR = regex(
    rf"(?i:name|key|header|field){_Q}{_GAP}(?:=>|[:=]){_GAP}[bu]?{_Q}({_NAME}){_Q}"
    rf"[ \t]{{0,16}}(?:[,;][ \t]{{0,16}})?(?:\r?\n[ \t]{{0,64}})?{_Q}(?i:values?){_Q}{_GAP}(?:=>|[:=]){_GAP}",
    re.ASCII,
)
_PAIR_REVERSED = regex(
    rf"(?i:values?){_Q}{_GAP}[:=]{_GAP}[bu]?(\\{{0,7}}[\"'])([^\"'\\\n]{{1,8192}}+)\1{_GAP}[,;]{_GAP}{_Q}"
    rf"(?i:name|key|header|field){_Q}{_GAP}[:=]{_GAP}[bu]?{_Q}({_NAME})",
    re.ASCII,
)
_TUPLE = regex(
    rf"(?:[\[(]|[\])][ \t]{{0,8}},)[ \t]{{0,8}}(?:\r?\n[ \t]{{0,64}})?[\[(][ \t]{{0,8}}[bu]?(\\{{0,7}}[\"'])({_NAME})\1"
    r"[ \t]{0,8},[ \t]{0,8}(?=[bu]?\\{0,7}[\"'])",
    re.ASCII,
)
_CURL = regex(r"(?<![\w-])curl(?:\.exe)?[ \t][^\r\n]*+")
_CURL_USER = regex(
    r"(?<=\s)(?:-u|-U|--user|--proxy-user)[ \t=]{0,8}"
    r"(?:\\{0,7}[\"'][^:\"'\\]{0,128}+:([^\"'\\]++)|[^\s:\"'\\]{0,128}+:([^\s\"'\\]++))"
)
_NETRC = regex(r"(?<!\w)login[ \t]{1,8}\S{1,128}\s{1,8}password[ \t]{1,8}(\S++)")
_BLOCK = regex(rf"(?m:^)([ \t]{{0,64}})(?:- )?({_NAME}):[ \t]{{0,8}}(?:[|>][0-9+-]{{0,2}})?[ \t]{{0,8}}\r?\n", re.ASCII)
_ITEM = regex(r"([ \t]{0,64})- ([^\r\n]{1,8192}+)\r?\n?")
_LINE = regex(r"([ \t]{0,64})([^\r\n]*+)(?:\r?\n)?")


_FIELD = regex(r"(?<![^?&;\s\"'`])([\w.%+\[\]-]{1,256})=([^\s&\"'`<>#]++)", re.ASCII)
"""A parameter of a URL or a form; asked only where its name is not written with letters alone."""
_PART = regex(r"(?i:form-data)[^\r\n]{0,256}?[; ]name=\"?([^\"\r\n]{1,128})[^\r\n]*+(?:\r?\n[^\r\n]++){0,8}\r?\n\r?\n")
"""What stands before the content of a part of ``multipart/form-data``."""
_ENCODED_BLANKS = r"(?:\+|%20|%0[AaDd])*+"
_MEMBER = regex(
    rf"%22([\w.+-]{{1,128}})%22{_ENCODED_BLANKS}(?:%3[Aa]|:){_ENCODED_BLANKS}"
    r"(?:%22((?:[^%\s&\"'`<>#]++|%5[Cc]%22|%(?!22))++)|([\w.+-]++))"
)
"""A member of JSON that is encoded for a URL."""


def may_name(text: str) -> bool:
    """Whether a value can stand behind a name in ``text`` at all: quick, and never a wrong no."""
    return (
        "=" in text
        or ":" in text
        or "--" in text
        or ("<" in text and ">" in text)
        or "'," in text
        or '",' in text
        or "login" in text
        or "%3" in text
        or "%22" in text
        or (not text.isascii() and ("：" in text or "＝" in text))
    )


def formed(text: str, keys: SecretKeys, after: After) -> Iterator[Span]:
    """The values; ``after`` finds the end of one whose start is known."""
    if "--" in text:
        yield from _options(text, keys, after)
    if "<" in text:
        yield from _elements(text, keys)
    if "alue" in text or "ALUE" in text:
        yield from _pairs(text, keys, after)
    if "'" in text or '"' in text:
        for found in _TUPLE.finditer(text):
            if found[2] in keys and (span := after(found.end())):
                yield span
    if "curl" in text:
        for line in _CURL.finditer(text):
            for found in _CURL_USER.finditer(text, line.start(), line.end()):
                yield found.span(found.lastindex or 0)
    if "login" in text:
        for found in _NETRC.finditer(text):
            yield found.span(1)
    if ":" in text and "\n" in text:
        yield from _blocks(text, keys)
    if "=" in text and ("%" in text or "+" in text or "[" in text):
        for found in _FIELD.finditer(text):
            if not _WORD.fullmatch(found[1]) and unquote_plus(found[1]) in keys:
                yield found.span(2)
    if "%22" in text:
        for found in _MEMBER.finditer(text):
            if found[1] in keys:
                yield found.span(found.lastindex or 0)
    if "orm-" in text and "name=" in text:
        yield from _parts(text, keys)


def _options(text: str, keys: SecretKeys, after: After) -> Iterator[Span]:
    for found in _OPTION.finditer(text):
        if found[1] in keys and words(found[1])[-1] not in _NO_VALUE and (span := after(found.end())):
            yield span


def _elements(text: str, keys: SecretKeys) -> Iterator[Span]:
    closed = 0
    for found in _ELEMENT.finditer(text):
        if found[1] not in keys:
            continue
        if found[2] is None:
            yield found.span(3)
        elif closed >= 0:
            closed = text.find(_END_OF_CDATA, found.end()) if closed < found.end() else closed
            yield found.end(), closed if closed >= 0 else len(text)
    for found in _KEYED.finditer(text):
        if found[1] in keys:
            yield found.span(2)


def _pairs(text: str, keys: SecretKeys, after: After) -> Iterator[Span]:
    for found in _PAIR.finditer(text):
        if found[1] in keys and (span := after(found.end())):
            yield span
    for found in _PAIR_REVERSED.finditer(text):
        if found[3] in keys:
            yield found.span(2)


def _parts(text: str, keys: SecretKeys) -> Iterator[Span]:
    """The contents of the parts of a form, each as far as the next boundary."""
    end = 0
    for found in _PART.finditer(text):
        if found[1] in keys and found.end() > end:
            end = text.find("\n--", found.end())
            end = len(text) if end < 0 else end
            yield found.end(), end - text.endswith("\r", 0, end)


def _blocks(text: str, keys: SecretKeys) -> Iterator[Span]:
    """What is indented below a name of YAML: the items of a list, or the lines of a text."""
    for found in _BLOCK.finditer(text):
        if found[2] not in keys:
            continue
        margin = len(found[1])
        position = found.end()
        is_text = "|" in found[0] or ">" in found[0]
        while position < len(text):
            line = (_LINE if is_text else _ITEM).match(text, position)
            if line is None or (line[2] and len(line[1]) < margin + is_text) or line.end() == position:
                break
            if line[2]:
                yield line.start(2), line.start(2) + len(line[2].rstrip())
            position = line.end()
