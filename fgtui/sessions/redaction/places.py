"""Finds what redaction has replaced: every placeholder with its place, through JSON strings, base64 and gzip, and what
kind of secret stood there, so far as what is left around it tells.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from fgtui.events.model import Path
from fgtui.events.text import format_path
from fgtui.records import NOTHING, Record
from fgtui.regex import regex
from fgtui.sessions.redaction.keys import NO_KEYS, SecretKeys
from fgtui.sessions.redaction.literals import Literals
from fgtui.sessions.redaction.text import PLACEHOLDER, Gate, Span
from fgtui.sessions.redaction.walk import Edit, PathOf, Rules, SecretWalk
from fgtui.words import say

FINDINGS_LIMIT = 1000
"""Findings listed for one text or exchange; more would say no more."""
_CONTEXT = 200
"""Characters before a placeholder that are looked at."""
_BY_LOOK = "a secret known by its look"
_BEHIND_NAMES = (
    regex(
        r"([\w.-]{1,128})(?:\\{0,7}[\"'`])?[ \t]{0,16}(?:=>|:=|={1,2}|[:：＝])[ \t]{0,16}"
        r"(?:[A-Za-z]{0,2}\\{0,7}[\"'`“])?$"
    ),
    regex(r"--([\w.-]{1,128})[ \t]{1,8}[\"']?$"),
    regex(r"<([\w.:-]{1,128})(?:\s[^<>]{0,128})?>(?:<!\[CDATA\[)?$"),
)
"""``name=``, ``"name": "``, ``--name ``, ``<name>``."""
_BEHIND_SCHEME = regex(r"(?i:\b(bearer|basic|[A-Za-z0-9]{1,16}-hmac-sha[0-9]{3}))[ \t]{1,8}$")
_IN_URL = regex(r"://[^\s/?#\"'\\]{0,128}:$")


class Finding(Record):
    """One secret that was replaced."""

    path: str
    """Its place in the exchange or text: ``event.headers."X-Auth-Token"``, ``outcome.logs``; empty for a whole text."""
    kind: str
    """An English sentence part with ``{named}`` holes: ``a value under {name}``."""
    placeholder: str
    """What stands there now."""
    values: Mapping[str, object] = NOTHING

    @property
    def words(self) -> str:
        """``kind`` with its holes filled."""
        return say(self.kind, self.values)


class PlaceholderWalk(SecretWalk):
    """Changes nothing; ``findings`` grows with each text it is given.

    ``keys`` are the names that mean a secret, to say what kind of value stood there.
    """

    def __init__(self, keys: SecretKeys | None = None) -> None:
        super().__init__(Rules(NO_KEYS, _Placeholders(()), lambda placeholder: placeholder))
        self._keys = keys or NO_KEYS
        self.findings: dict[tuple[str, str], Finding] = {}
        self._places: dict[str, str] = {}
        """Where each placeholder was met first."""

    def _is_done(self, text: str, start: int, end: int) -> bool:
        return PLACEHOLDER.fullmatch(text, start, end) is None  # what is sought here is what redaction passes by

    def _islands(self, text: str, path: PathOf, depth: int, gate: Gate) -> Iterator[tuple[Span, list[Edit]]]:
        return iter(())  # what stands in JSON between other text is found with that

    def _merged(self, text: str, edits: list[Edit]) -> list[Edit]:
        for edit in edits:
            if edit.path is not None and len(self.findings) < FINDINGS_LIMIT:
                self._add(edit.path, text, edit.start, edit.end)
        return []

    def _add(self, path: Path, text: str, start: int, end: int) -> None:
        kind, values = self._kind(path, text, start, end)
        place, placeholder = format_path(path), text[start:end]
        first = self._places.setdefault(placeholder, place)
        if kind == _BY_LOOK and first != place:
            kind, values = "the same as at {place}", {"place": first}
        finding = Finding(place, kind, placeholder, values)
        self.findings.setdefault((finding.path, finding.placeholder), finding)

    def _kind(self, path: Path, text: str, start: int, end: int) -> tuple[str, Mapping[str, object]]:
        if end - start == len(text):
            if (name := self._secret_step(path)) is not None:
                return "a value under {name}", {"name": name}
            if path and str(path[-1]).lower().endswith(("value", "values")):
                return "a value beside a name that means a secret", NOTHING
            return _BY_LOOK, NOTHING
        before = text[max(0, start - _CONTEXT) : start]
        if found := _BEHIND_SCHEME.search(before):
            return "a credential behind {name}", {"name": found[1]}
        if _IN_URL.search(before):
            return "a password in an address", NOTHING
        for pattern in _BEHIND_NAMES:
            if (found := pattern.search(before)) and found[1] in self._keys:
                return "a value behind {name}", {"name": found[1]}
        return _BY_LOOK, NOTHING

    def _secret_step(self, path: Path) -> str | None:
        return next((step for step in reversed(path) if isinstance(step, str) and step in self._keys), None)


class _Placeholders(Literals):
    """All of them, as what is replaced."""

    def are_in(self, text: str) -> bool:
        return PLACEHOLDER.search(text) is not None

    def may_be_in(self, text: str) -> bool:
        return "\\" in text or self.are_in(text)

    def spans(self, text: str) -> Iterator[Span]:
        return (found.span() for found in PLACEHOLDER.finditer(text))
