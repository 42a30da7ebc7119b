"""URNs of deployed functions, in every spelling the service takes (runtime.md section 8.5)."""

from __future__ import annotations

import re

from fgtui.errors import TargetError
from fgtui.records import Record
from fgtui.regex import regex
from fgtui.words import Phrase

LATEST = "latest"
DEFAULT_PACKAGE = "default"
HOW_TO_SPELL = "spell it urn:fss:<region>:<project>:function:<package>:<name>[:<version>], or :!<alias> at its end"

_NAME = r"[A-Za-z0-9_.@-]{1,128}"
_VERSION = r"!?[A-Za-z0-9_.-]{1,128}"
_SHORT = regex(r"[A-Za-z0-9_-]{1,128}(:!?[A-Za-z0-9_.@-]{1,128}){0,3}", re.ASCII)
_BEGINNING = ("urn", "fss")
_ENCODED = "urn%3a"
"""How one begins that comes from an address: the SDK's, a log's, a browser's."""
_FULL = 8
"""Fields of a complete URN; without its version one less, and without its package and version not a URN at all."""


class Urn(Record):
    """``urn:fss:<region>:<project>:function:<package>:<name>[:<version>|:!<alias>]``, complete."""

    region: str
    project_id: str
    package: str
    function: str
    version: str = LATEST
    """``latest``, a published name, or ``!`` and an alias."""

    def __str__(self) -> str:
        return f"urn:fss:{self.region}:{self.project_id}:function:{self.package}:{self.function}:{self.version}"


def looks_like_urn(text: str) -> bool:
    """Whether ``text`` is meant as a URN; the short spellings of one have no mark of their own."""
    return text.lstrip()[:6].lower().startswith(("urn:", _ENCODED))


def may_be_short(text: str) -> bool:
    """Whether ``text`` could be a short spelling, where a profile says that a deployed function is meant.

    Handlers of files have a dot in the first part, and servers a slash somewhere.
    """
    return _SHORT.fullmatch(text.strip()) is not None


def parse(text: str, *, region: str | None = None, project_id: str | None = None) -> Urn:
    """The function that ``text`` names, complete.

    Spellings: ``name``, ``package:name``, ``project:package:name``, ``project:package:name:version``, and the URN with
    its version or without, percent-encoded too. What a short one leaves out comes from ``region`` and ``project_id``.
    ``TargetError`` says which part is missing or wrong.
    """
    parts = _decoded(text.strip()).split(":")
    urn = _complete(text, parts) if looks_like_urn(text.strip()) else _short(text, parts, region, project_id)
    for what, part, pattern in (
        (Phrase("region"), urn.region, _NAME),
        (Phrase("project"), urn.project_id, _NAME),
        (Phrase("package"), urn.package, _NAME),
        (Phrase("function"), urn.function, _NAME),
        (Phrase("version"), urn.version, _VERSION),
    ):
        if not re.fullmatch(pattern, part):
            raise TargetError(
                "{text}: {part!r} is no {what}" if part else "{text}: its {what} is empty",
                text=text,
                part=part,
                what=what,
                hint=HOW_TO_SPELL,
            )
    return urn


def _decoded(text: str) -> str:
    if not text.lower().startswith(_ENCODED):
        return text
    from urllib.parse import unquote

    return unquote(text)


def is_project(text: str) -> bool:
    """Whether ``text`` can be a project's id."""
    return re.fullmatch(_NAME, text) is not None and bool(text.strip("."))


def is_spelling(text: str, urn: Urn) -> bool:
    """Whether ``text`` may mean ``urn``, where it leaves region or project out."""
    try:
        return parse(text, region=urn.region, project_id=urn.project_id) == urn
    except TargetError:
        return False


def _complete(text: str, parts: list[str]) -> Urn:
    fields = len(parts)
    if fields >= 2 and tuple(part.lower() for part in parts[:2]) != _BEGINNING:
        raise TargetError("{text} is the URN of something else: a function's begins urn:fss:", text=text)
    if fields > 4 and parts[4].lower() != "function":
        raise TargetError(
            "{text}: {part!r} stands where a function's URN says function", text=text, part=parts[4], hint=HOW_TO_SPELL
        )
    if fields == _FULL - 2 and parts[-1]:
        raise TargetError(
            "{text} names no package, or no function",
            text=text,
            hint="did you mean {meant}?",
            meant=":".join((*parts[:5], DEFAULT_PACKAGE, parts[5])),
        )
    if fields not in (_FULL - 1, _FULL):
        raise TargetError(
            "{text} has {count} parts; the URN of a function has 7, or 8 with a version",
            text=text,
            count=fields,
            hint=HOW_TO_SPELL,
        )
    return Urn(parts[2], parts[3], parts[5], parts[6], *parts[7:])


def _short(text: str, parts: list[str], region: str | None, project_id: str | None) -> Urn:
    """A spelling that leaves out the region, and perhaps more."""
    version = LATEST
    match parts:
        case [function]:
            package = DEFAULT_PACKAGE
        case [package, function]:
            pass
        case [project_id, package, function]:
            pass
        case [project_id, package, function, version]:
            pass
        case _:
            raise TargetError("{text} is no function's URN", text=text, hint=HOW_TO_SPELL)
    if region is None or project_id is None:
        raise TargetError(
            "{text} does not say the region of the function, and nothing else does"
            if region is None
            else "{text} does not say the project of the function, and nothing else does",
            text=text,
            hint=HOW_TO_SPELL if region is None else "name the project in the profile, or {how}",
            how=Phrase(HOW_TO_SPELL),
        )
    return Urn(region, project_id, package, function, version)
