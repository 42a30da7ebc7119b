"""Secrets leave an exchange before it is written (reliability, section 6).

A secret's place is taken by ``<redacted:TTTTDDDDDDDD>``: a digest under a salt, so that equal secrets stay equal and
nobody can try passwords on a shared recording. The salt belongs to a store and never leaves it; ``TTTT`` tells salts
apart, so a placeholder of another store is known as one and taken as equal to whatever is redacted in its place.

Values are replaced in the text, every other character stays: in JSON by name and by shape, in other text by shape and
by the name in front; inside JSON strings, base64 and gzip, five layers down, encoded again as they were. Compressed
data beyond the limit of ``events.codecs`` is not looked into.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from fgtui.digests import blake2b
from fgtui.events.model import Event, Path
from fgtui.invoke.model import Exchange, InitFailed, InvalidResponse, Outcome, Raised, Rejected, Unreachable
from fgtui.records import NOTHING, replace
from fgtui.regex import regex
from fgtui.sessions.redaction.keys import SecretKeys, is_secret_key
from fgtui.sessions.redaction.text import PLACEHOLDER
from fgtui.sessions.redaction.walk import Rules, SecretWalk

if TYPE_CHECKING:
    from fgtui.sessions.redaction.places import Finding

__all__ = ["PLACEHOLDER", "SALT_SIZE", "SHORTEST_KNOWN", "Redactor", "is_secret_key"]

SALT_SIZE = 16
"""Bytes."""
SHORTEST_KNOWN = 6
"""Characters. A shorter value is no secret, and replacing it wherever it is would tear other text apart."""
_REMEMBERED = 512
_REMEMBERED_SIZE = 16_384
"""Bytes."""
_TAG = slice(10, 14)
"""Where a placeholder says which salt made it."""


class Redactor:
    """Replaces secrets. Immutable; threads may share it.

    ``keys`` are more secret names, ``known`` literal values (credentials of ours) that are replaced wherever they are.
    Without ``salt`` placeholders compare only among those of this redactor. ``placeholders`` are those that certain
    values get in any case.
    """

    def __init__(
        self,
        keys: Sequence[str] = (),
        *,
        known: Iterable[str] = (),
        salt: bytes | None = None,
        placeholders: Mapping[str, str] = NOTHING,
    ) -> None:
        self._names = tuple(keys)
        self._placeholders = placeholders
        self._known = tuple(sorted({value for value in known if value}, key=len, reverse=True))
        self._salt = salt or os.urandom(SALT_SIZE)
        self._tag = blake2b(b"fgtui", key=self._salt, digest_size=2).hexdigest()
        known_pattern = regex("|".join(map(re.escape, self._known))) if self._known else None
        self._clean: dict[bytes, None] = {}
        """Events and answers that were found to hold no secret: a replay meets each of them several times."""
        self._rules = Rules(SecretKeys(keys), known_pattern, self.placeholder)

    def salted(self, salt: bytes) -> Redactor:
        """The same rules with the salt of a store."""
        return Redactor(self._names, known=self._known, salt=salt)

    def supplied(self, placeholders: Mapping[str, str]) -> Redactor:
        """The same rules after values were supplied: each of them, and the placeholder that it gets back."""
        known = (value for value in placeholders if len(value) >= SHORTEST_KNOWN)
        return Redactor(self._names, known=(*self._known, *known), salt=self._salt, placeholders=placeholders)

    def apply(self, exchange: Exchange) -> Exchange:
        """``exchange`` without its secrets; their paths join ``event.redacted`` and ``outcome.redacted``."""
        event, outcome = self.event(exchange.event), self.outcome(exchange.outcome)
        target, spec = exchange.target, self.text(exchange.target.spec)
        is_clean = event is exchange.event and outcome is exchange.outcome and spec is target.spec
        if is_clean and not exchange.note and not exchange.tags:
            return exchange  # as most are
        return replace(
            exchange,
            event=event,
            target=replace(target, spec=spec),
            outcome=outcome,
            note=self.text(exchange.note),
            tags=tuple(self.text(tag) for tag in exchange.tags),
        )

    def text(self, text: str) -> str:
        """``text``, JSON or not, without its secrets."""
        return SecretWalk(self._rules).text(text, ())

    def document(self, text: str) -> tuple[str, tuple[str, ...]]:
        """The same with the paths of what was replaced, as ``--set`` takes them; ``""`` is the whole text."""
        walk = SecretWalk(self._rules)
        return walk.text(text, ()), walk.paths()

    def preview(self, leaving: str | Exchange) -> tuple[Finding, ...]:
        """What is replaced in a text or an exchange when it leaves, and what was when it was recorded."""
        from fgtui.sessions.redaction.places import PlaceholderWalk

        walk = PlaceholderWalk(self._rules.keys)
        if isinstance(leaving, str):
            walk.text(self.text(leaving), ())
        else:
            for path, content in _contents(self.apply(leaving)):
                walk.content(content, path) if isinstance(content, bytes) else walk.text(content, path)
        return tuple(walk.findings.values())

    def placeholder(self, secret: str) -> str:
        """What takes the place of ``secret``: the same for the same secret and salt."""
        if secret in self._placeholders:
            return self._placeholders[secret]
        digest = blake2b(secret.encode("utf-8", "surrogatepass"), key=self._salt, digest_size=4).hexdigest()
        return f"<redacted:{self._tag}{digest}>"

    def takes_as_equal(self, one: str, other: str) -> bool:
        """Whether two redacted texts are equal as far as can be known.

        Placeholders of one salt are compared; of those made with different salts only the places are.
        """
        if one == other:
            return True
        ones, others = PLACEHOLDER.findall(one), PLACEHOLDER.findall(other)
        return (
            bool(ones)
            and len(ones) == len(others)
            and PLACEHOLDER.split(one) == PLACEHOLDER.split(other)
            and all(mine == theirs or mine[_TAG] != theirs[_TAG] for mine, theirs in zip(ones, others, strict=True))
        )

    def event(self, event: Event) -> Event:
        """``event`` without its secrets."""
        walk = SecretWalk(self._rules)
        wire = self._content(walk, event.wire, ())
        return replace(event, wire=wire, redacted=walk.paths(event.redacted)) if walk.found else event

    def outcome(self, outcome: Outcome) -> Outcome:
        """``outcome`` without its secrets."""
        walk = SecretWalk(self._rules)
        changes: dict[str, Any] = {
            "body": self._content(walk, outcome.body, ("result",)),
            "headers": tuple((name, walk.value(name, value, ("headers", name))) for name, value in outcome.headers),
            "logs": walk.text(outcome.logs, ("logs",)),
        }
        match outcome:
            case Raised() | InitFailed():
                error = outcome.error
                changes["error"] = replace(
                    error,
                    message=walk.text(error.message, ("error", "message")),
                    stack=tuple(walk.text(line, ("error", "stack", at)) for at, line in enumerate(error.stack)),
                )
            case InvalidResponse() | Rejected() | Unreachable():
                changes["message"] = walk.text(outcome.message, ("error", "message"))
            case _:
                pass
        return replace(outcome, redacted=walk.paths(outcome.redacted), **changes) if walk.found else outcome

    def _content(self, walk: SecretWalk, content: bytes, path: Path) -> bytes:
        if content in self._clean:
            return content
        kept = walk.content(content, path)
        if kept is content and len(content) <= _REMEMBERED_SIZE:
            if len(self._clean) >= _REMEMBERED:
                self._clean.clear()
            self._clean[content] = None
        return kept


def _contents(exchange: Exchange) -> Iterator[tuple[Path, str | bytes]]:
    """Every text of an exchange that a secret can stand in, with its place."""
    outcome = exchange.outcome
    yield ("event",), exchange.event.wire
    yield ("target", "spec"), exchange.target.spec
    yield ("outcome", "result"), outcome.body
    for name, value in outcome.headers:
        yield ("outcome", "headers", name), value
    match outcome:
        case Raised() | InitFailed():
            yield ("outcome", "error", "message"), outcome.error.message
            for at, line in enumerate(outcome.error.stack):
                yield ("outcome", "error", "stack", at), line
        case InvalidResponse() | Rejected() | Unreachable():
            yield ("outcome", "error", "message"), outcome.message
        case _:
            pass
    yield ("outcome", "logs"), outcome.logs
    yield ("note",), exchange.note
    for at, tag in enumerate(exchange.tags):
        yield ("tags", at), tag
