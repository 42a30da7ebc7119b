"""Secrets that show themselves in any text: by their shape, or by a name in front of them (reliability, section 6).

Answers are spans of characters, one for each secret. Every expression is linear on hostile input: repeats are
possessive or bounded, and none can start anew inside a run it has passed. What stands in a secret's place matches
the same rule as exactly itself, so redacting twice changes nothing.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from fgtui.events.packing import GZIP_MAGIC
from fgtui.regex import regex
from fgtui.sessions.redaction.forms import formed
from fgtui.sessions.redaction.keys import SecretKeys, may_count

Span = tuple[int, int]

PLACEHOLDER = regex(r"<redacted:[0-9a-f]{12}>")

_NOTHING = frozenset({"null", "none", "nil", "undefined", "true", "false", "yes", "no"})

RESUME_TOKEN = regex(r"\{\s*+\\*+\"_data\\*+\"\s*+:\s*+\\*+\"[0-9A-Fa-f]++\\*+\"\s*+\}")
"""A change stream's place, under the name ``token`` (events.md, dds): no secret."""


def hides(value: str) -> bool:
    """Whether the text under a secret name hides anything: not so an empty one, a null, a mask, a placeholder."""
    bare = value.strip("* \t\r\n")
    return bool(bare) and bare.lower() not in _NOTHING and PLACEHOLDER.fullmatch(value) is None


# By shape


class Gate(NamedTuple):
    """What a text can hold at all, found quickly; strings cut out of it need not be asked again."""

    names: bool
    """It may name a secret."""
    shapes: tuple[Shape, ...]
    """What may be recognised in it."""
    layers: bool
    """It may hold base64 of something readable."""

    @property
    def closed(self) -> bool:
        """None of these."""
        return not (self.names or self.shapes or self.layers)


NOTHING = Gate(names=False, shapes=(), layers=False)

SHORTEST_RUN = 14
"""Characters of the shortest base64 that says a secret, and of the shortest token without one."""
BASE64_RUN = regex(rf"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{{{SHORTEST_RUN},}}+={{0,2}}")
_RUN = regex(rf"[A-Za-z0-9+/_-]{{{SHORTEST_RUN},}}+")
_ESCAPE = regex(r"\\+(?:u[0-9a-fA-F]{4}|.)", re.DOTALL)
_SLASH = regex(r"\\+/")
_FIRST_OF_TEXT = frozenset("CDHIJKLMNOPQRSTUVWXYZabcdefwxyz0123456789")
"""With what base64 of UTF-8 or gzip can begin."""
_OUTSIDE_RUNS = {code: " " for code in range(128) if not (chr(code).isalnum() or chr(code) in "+/_-")}
_HEAD = 12
"""Characters that stand for nine bytes, which tell most of what is no text."""
_ASCII = r"[\x09-\x0d\x20-\x7f]"
_MORE = r"[\x80-\xbf]"
_READABLE_HEADS = regex(
    (
        rf"(?:.{{9}})*?(?:\x1f\x8b|{_ASCII}{{9}}|{_ASCII}{{0,7}}[\xc2-\xdf]{_MORE}|{_ASCII}{{0,6}}[\xe0-\xef]{_MORE}{{2}}"
        rf"|{_ASCII}{{0,5}}[\xf0-\xf4]{_MORE}{{3}}|{_ASCII}{{8}}[\xc2-\xf4]|{_ASCII}{{7}}[\xe0-\xf4]{_MORE}"
        rf"|{_ASCII}{{6}}[\xf0-\xf4]{_MORE}{{2}})"
    ).encode(),
    re.DOTALL,
)
"""One of several heads of nine bytes is compressed, or text as far as its first character beyond ASCII."""
_NOT_TEXT = regex(rb"[\x00-\x08\x0e-\x1f\xf8-\xff]")
_URL_SAFE = str.maketrans("-_", "+/")


def gate(text: str, keys: SecretKeys) -> Gate:
    """What may be in ``text``. Where escapes hide letters, anything may."""
    if "\\/" in text:  # as some write every slash
        text = _SLASH.sub("/", text)
    lowered = text.lower()
    if "\\u00" in lowered:
        return Gate(names=True, shapes=_SHAPES, layers=True)
    runs = _long_runs(text)
    announced = keys.announced_in(lowered)
    short = keys.short_in(text, lowered)
    if "\\" in text:  # the letter of an escape is no part of what follows it
        plain = _ESCAPE.sub(" ", text)
        runs += _long_runs(plain)
        announced = announced or keys.announced_in(plain.lower())
        short = short or keys.short_in(plain, lowered)
    long = "\n".join(["", *runs])
    return Gate(
        names=announced or short,
        shapes=tuple(
            [shape for shape in _SHAPES if (announced or not shape.announced) and shape.may_be(text, lowered, long)]
        ),
        layers=may_hold_layers(runs),
    )


def may_name_secret(text: str, keys: SecretKeys) -> bool:
    """Whether a string cut out of a text that may, may itself."""
    lowered = text.lower()
    return (
        "\\" in text  # escapes may hide anything
        or keys.announced_in(lowered)
        or keys.short_in(text, lowered)
    )


def _long_runs(text: str) -> list[str]:
    if not text.isascii():
        return _RUN.findall(text)
    return [run for run in text.translate(_OUTSIDE_RUNS).split() if len(run) >= SHORTEST_RUN]


def may_hold_layers(runs: Sequence[str]) -> bool:
    """Whether one of the runs of base64's characters may be base64 of something readable."""
    if not runs:
        return False
    heads = "".join([run[:_HEAD] for run in runs]).translate(_URL_SAFE)
    packed = binascii.a2b_base64(heads)
    if _READABLE_HEADS.match(packed) is None:
        return False
    for run in runs:  # noqa: SIM110  # a generator costs three times as much
        if may_be_base64(run):
            return True
    return False


def may_be_shaped(text: str, shapes: Iterable[Shape]) -> bool:
    """Whether a text without long runs may hold one of ``shapes``."""
    for shape in shapes:  # noqa: SIM110  # a generator costs three times as much
        if not shape.in_runs and shape.may_be(text, text.lower(), ""):
            return True
    return False


def may_be_base64(run: str) -> bool:
    """Whether base64 may hold text or something compressed; its first twelve bytes tell nearly always."""
    if run[0] not in _FIRST_OF_TEXT:
        return False
    try:
        head = binascii.a2b_base64(run[: min(16, len(run) // 4 * 4)].translate(_URL_SAFE))
    except binascii.Error:
        return False
    if _NOT_TEXT.search(head):
        return head.startswith(GZIP_MAGIC)
    try:
        head.decode()
    except UnicodeDecodeError as error:
        return error.start > len(head) - 4  # a character that goes on behind them
    return True


def shaped(text: str, shapes: Iterable[Shape]) -> Iterator[Span]:
    """Keys, tokens and passwords that are recognised wherever they stand."""
    for shape in shapes:
        yield from shape.find(text)


class Shape(NamedTuple):
    """How one kind of secret looks."""

    may_be: Callable[[str, str, str], bool]
    """Quickly, and never a wrong no: of a text, the text in lower case, and its long runs."""
    find: Callable[[str], Iterator[Span]]
    announced: bool = True
    """A word of ``SecretKeys.announced_in`` stands beside or in it."""
    in_runs: bool = False
    """It stands in a long run."""


def _matches(
    pattern: str, accept: Callable[[str], bool] | None = None, flags: int = 0
) -> Callable[[str], Iterator[Span]]:
    """Finds the first group of ``pattern``."""
    compiled = regex(pattern, flags)

    def find(text: str) -> Iterator[Span]:
        for found in compiled.finditer(text):
            if accept is None or accept(found[1]):
                yield found.span(1)

    return find


_KEY_HEAD = regex(r"-----BEGIN (?:[A-Z0-9]{1,20} ){0,4}PRIVATE KEY(?: BLOCK)?-----")
_KEY_TAIL = regex(r"-----END [A-Z0-9 ]{1,64}-----")
_KEY_BODY = regex(r"[A-Za-z0-9+/=\s\\:,.-]*+")


def _private_keys(text: str) -> Iterator[Span]:
    """PEM private keys, also ones that are cut short."""
    position = tail_at = 0
    while head := _KEY_HEAD.search(text, position):
        position = head.end()
        if 0 <= tail_at < position:
            tail_at = text.find("-----END ", position)
        next_head = text.find("-----BEGIN ", position, tail_at if tail_at >= 0 else len(text))
        tail = _KEY_TAIL.match(text, tail_at) if tail_at >= 0 > next_head else None
        if tail is None:
            tail = _KEY_BODY.match(text, position, next_head if next_head >= 0 else len(text))
        position = tail.end() if tail else position
        yield head.start(), position


_AUTHORITY = regex(r"://([^\s/?#\"'\\]*+)")


def _url_passwords(text: str) -> Iterator[Span]:
    for found in _AUTHORITY.finditer(text):
        user, at, _ = found[1].rpartition("@")
        if at:
            name, colon, password = user.partition(":")
            if colon and password and not name.endswith("<redacted"):
                start = found.start(1) + len(name) + 1
                yield start, start + len(password)


def credential_like(word: str) -> bool:
    """Whether what follows ``Bearer`` or ``Basic`` is a credential rather than English."""
    return len(word) >= 20 or _HUMP.search(word) is not None or any(sign.isdigit() or sign in "+/=_~" for sign in word)


_HUMP = regex(r"[a-z][A-Z]")

_B = r"(?<![A-Za-z0-9])"
_VENDORS = (
    r"(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}",  # AWS
    r"HPUA[A-Z0-9]{16}|HST[A-Z0-9]{17}",  # Huawei Cloud access keys, permanent and temporary
    r"LTAI[A-Za-z0-9]{12,30}",  # Alibaba Cloud
    r"AKID[A-Za-z0-9]{13,40}",  # Tencent Cloud
    r"gh[pousr]_[A-Za-z0-9]{20,}+|github_pat_[A-Za-z0-9_]{20,}+",
    r"gl(?:pat|ptt|dt|rt|cbt|soat)-[A-Za-z0-9_-]{16,}+",  # GitLab
    r"xox[abeoprs]-[A-Za-z0-9-]{10,}+|xapp-[A-Za-z0-9-]{10,}+",  # Slack
    r"[spr]k_(?:live|test)_[A-Za-z0-9]{10,}+|whsec_[A-Za-z0-9+/=]{16,}+",  # Stripe
    r"AIza[A-Za-z0-9_-]{30,}+|GOCSPX-[A-Za-z0-9_-]{16,}+",  # Google
    r"sk-[A-Za-z0-9_-]{20,}+",  # several vendors of models
    r"hf_[A-Za-z0-9]{20,}+",  # Hugging Face
    r"npm_[A-Za-z0-9]{30,}+|pypi-[A-Za-z0-9_-]{30,}+",
    r"do[opr]_v1_[a-f0-9]{30,}+",  # DigitalOcean
    r"dapi[a-f0-9]{32}",  # Databricks
    r"shp(?:at|ca|pa|ss)_[A-Fa-f0-9]{32}",  # Shopify
    r"ATATT3[A-Za-z0-9_=-]{20,}+",  # Atlassian
    r"AGE-SECRET-KEY-1[A-Z0-9]{20,}+",
    r"dckr_pat_[A-Za-z0-9_-]{20,}+",  # Docker
)

_VENDOR = regex(f"{_B}({'|'.join(_VENDORS)})")
_VENDOR_IN_RUNS = regex(rf"[\n+/_-](?:{'|'.join(_VENDORS)})")
"""The same among runs, each behind a line end: between them there are no other signs."""
_DOTTED_VENDORS = (
    r"ya29\.[A-Za-z0-9_-]{16,}+",  # Google
    r"SG\.[A-Za-z0-9_-]{16,}+\.[A-Za-z0-9_-]{16,}+",  # SendGrid
    r"hv[sbr]\.[A-Za-z0-9_-]{20,}+",  # Vault
)

_DOTTED_START = regex(r"ya29\.|SG\.|hv[sbr]\.")

_SHAPES = (
    Shape(lambda text, _, __: "PRIVATE KEY" in text, _private_keys),
    Shape(lambda text, _, __: "://" in text, _url_passwords, announced=False),
    Shape(
        lambda _, __, long: "eyJ" in long,  # a JWT
        _matches(r"(?<![A-Za-z0-9_-])(eyJ[A-Za-z0-9_-]{11,}+(?:\.[A-Za-z0-9_-]*+){2,4}+)"),
        announced=False,
        in_runs=True,
    ),
    Shape(  # an IAM token; the first line of a certificate or of a public key looks the same
        lambda _, __, long: "MII" in long,
        _matches(
            r"(?<![A-Za-z0-9+/_-])(?<!CERTIFICATE-----\n)(?<!CERTIFICATE-----\r\n)(?<!CERTIFICATE-----\\n)"
            r"(?<!PUBLIC KEY-----\n)(?<!PUBLIC KEY-----\r\n)(?<!PUBLIC KEY-----\\n)"
            r"(MII[A-Za-z0-9+/_-]{29,}+={0,2})"
        ),
        announced=False,
        in_runs=True,
    ),
    Shape(
        lambda _, lowered, __: "-hmac-sha" in lowered,
        _matches(
            r"-HMAC-SHA[0-9]{3}[ \t]{1,8}([A-Za-z]{1,32}=[^\s,\"'\\]++(?:,?+[ \t]{0,8}[A-Za-z]{1,32}=[^\s,\"'\\]++)*+)",
            flags=re.IGNORECASE,
        ),
    ),
    Shape(
        lambda _, lowered, __: "bearer" in lowered or "basic" in lowered,
        _matches(rf"{_B}(?:bearer|basic)[ \t]{{1,8}}([A-Za-z0-9._~+/=-]{{6,}}+)", credential_like, re.IGNORECASE),
    ),
    Shape(
        lambda _, __, long: _VENDOR_IN_RUNS.search(long) is not None,
        _matches(_VENDOR.pattern),
        announced=False,
        in_runs=True,
    ),
    Shape(
        lambda text, _, __: _DOTTED_START.search(text) is not None,
        _matches(f"{_B}({'|'.join(_DOTTED_VENDORS)})"),
    ),
)  # fmt: skip


# By name

_NAME = regex(
    r"(?:(?<![\w.-])"
    r"(?:((?i:secret access key|(?:access|secret|private|api) key|session id|app code|user data))|([\w.-]++))"
    r"|(?<![\u4e00-\u9fff])([\u4e00-\u9fff]{1,64}+)[0-9]{0,3}+)"
    r"(?:\\{0,7}[\"'`])?\]?[ \t]{0,16}(?:=>|:=|={1,2}|:(?!:)|[：＝]|%3[dD])[ \t]{0,16}",
    re.ASCII,
)
_OPENING_QUOTE = regex(r"[A-Za-z$@]{0,2}(\\{0,7}[\"'`])")
_QUOTED = {
    '"': regex(r'(?:[^"\\]++|\\.)*+', re.DOTALL),
    "'": regex(r"(?:[^'\\]++|\\.)*+", re.DOTALL),
    "`": regex(r"[^`]*+"),
}
_BARE = regex(r"[^\s,;&\"'`()\[\]{}|\\，；。、！？）】》」』”’]++")
_ENCODED = regex(r"(?:[^\s,;&\"'`()\[\]{}|\\%]++|%(?!26|23))++")
"""In a URL inside a URL, as far as its next parameter."""
_FIRST_OF_ESCAPE = frozenset("23")
"""With what the signs before a parameter in a URL are written."""
_LINE = regex(r"[^\r\n\"'`]*+")
_PARAMETERS = regex(
    r"(?:digest|oauth|hawk|mac|signature|token)[ \t]{1,8}"
    r"(?:[\w-]{1,64}=(?:\\{0,7}\"[^\"\\\r\n]*+\\{0,7}\"|[^\s,;\"'`\\]*+)[ \t]{0,8}[,;]?+[ \t]{0,8})++",
    re.IGNORECASE,
)
"""Of an ``Authorization`` that has quotation marks inside."""
_COOKIES = regex(
    r"(?:[^\s=;,\"'`\\]{1,256}+=(?:\"[^\"\r\n;]*+\"(?=;|[ \t]*+[\r\n]|[ \t]*+\Z)|[^\r\n;\"'`]*+)(?:;[ \t]{0,8})?+)++"
)
SCHEME = regex(r"(?:bearer|basic|digest|negotiate|token|apikey|hmac)[ \t]{1,8}", re.IGNORECASE)
_CLOSING = {"(": ")", "[": "]", "{": "}", "“": "”", "‘": "’", "«": "»", "「": "」", "『": "』"}
_CLOSINGS = " \t)]}>,;"
"""What may follow a value that was replaced together with its brackets."""
_WHOLE_LINE = ("authorization", "cookie")


def named(text: str, keys: SecretKeys) -> Iterator[Span]:
    """Values behind a secret name: ``password=…``, ``"token": "…"``, ``Authorization: …``, ``?Signature=…&``."""
    reader = _Values(text)
    for form in formed(text, keys, reader.behind):
        if hides(text[form[0] : form[1]]):
            yield form
    position = 0
    while found := _NAME.search(text, position):
        position = found.end()
        if not _names_secret(text, found, keys):
            continue
        inner = _NAME.match(text, position)
        if inner and _names_secret(text, inner, keys):
            continue
        name = _name(found)
        span = reader.after(position, whole_line=name.lower().endswith(_WHOLE_LINE))
        if span is not None:
            position = max(position, span[1])
            value = text[span[0] : span[1]]
            if hides(value) and not (value.isdecimal() and may_count(name)):
                yield span


def _names_secret(text: str, found: re.Match[str], keys: SecretKeys) -> bool:
    name = _name(found)
    return name in keys or (name == "sig" and found.start() > 0 and text[found.start() - 1] in "?&")


def _name(found: re.Match[str]) -> str:
    name: str = found[2] or found[1] or found[3]
    if name[0] in _FIRST_OF_ESCAPE and found.string[found.start() - 1 : found.start()] == "%":
        return name[2:]  # behind ``%3F``, ``%26``
    return name


class _Values:
    """Finds where the value behind a name ends."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._unclosed: set[str] = set()

    def behind(self, start: int) -> Span | None:
        """The value at ``start``, as an ordinary name has one."""
        return self.after(start, whole_line=False)

    def after(self, start: int, *, whole_line: bool) -> Span | None:
        text = self._text
        if opening := _OPENING_QUOTE.match(text, start):
            return opening.end(), self._closed(opening[1], opening.end())
        if text[start : start + 1] in _CLOSING:
            return None if RESUME_TOKEN.match(text, start) else (start, self._bracketed(start))
        if whole_line:
            line = _PARAMETERS.match(text, start) or _COOKIES.match(text, start)
            if line is None or line[0].find('"') < 0:
                line = _LINE.match(text, start)
            if line is None:
                return None
            done = PLACEHOLDER.match(text, start)
            if done and not text[done.end() : line.end()].strip(_CLOSINGS):
                return done.span()
            return start, start + len(line[0].rstrip())
        if text[start - 3 : start].lower() == "%3d":
            encoded = _ENCODED.match(text, start)
            return encoded.span() if encoded else None
        scheme = SCHEME.match(text, start)
        bare = _BARE.match(text, scheme.end() if scheme else start) or _BARE.match(text, start)
        if bare is None:
            return None
        end = bare.end()
        return start, self._bracketed(end) if text[end : end + 1] == "(" else end

    def _closed(self, quote: str, start: int) -> int:
        """Where the text in ``quote`` ends; with an escaped quote, at the next one escaped as often."""
        if len(quote) == 1:
            content = _QUOTED[quote].match(self._text, start)
            end = content.end() if content else start
            return end if end < len(self._text) else self._line_end(start)
        if quote not in self._unclosed:
            end = self._text.find(quote, start)
            if end >= 0:
                return end
            self._unclosed.add(quote)
        return self._line_end(start)

    def _bracketed(self, start: int) -> int:
        line = self._line_end(start)
        end = self._text.find(_CLOSING[self._text[start]], start, line)
        return end + 1 if end >= 0 else line

    def _line_end(self, start: int) -> int:
        end = self._text.find("\n", start)
        return end if end >= 0 else len(self._text)
