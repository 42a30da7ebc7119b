"""Secrets leave an exchange before it is written (reliability, section 6).

A secret's place is taken by ``<redacted:TTTTDDDDDDDD>``: a digest under a salt, so that equal secrets stay equal and
nobody can try passwords on a shared recording. The salt belongs to a store and never leaves it; ``TTTT`` tells salts
apart, so a placeholder of another store is known as one and taken as equal to whatever is redacted in its place.

Values are replaced in the text, every other character stays: in JSON by name and by shape, in other text by shape and
by the name in front; inside JSON strings, base64 and gzip, five layers down, encoded again as they were. Compressed
data beyond the limit of ``events.codecs`` is not looked into.

What a name gives away in one place, a handler may repeat where nothing does: a secret of an exchange's event is
replaced all over the exchange, and one of its outcome all over that, where it is no word or number that may stand
anywhere (``redaction.literals``).
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from fgtui.digests import blake2b
from fgtui.events.model import Event, Path
from fgtui.invoke.model import Exchange, InitFailed, InvalidResponse, Outcome, Raised, Rejected, Unreachable
from fgtui.records import NOTHING, replace
from fgtui.sessions.redaction.keys import NO_KEYS, SecretKeys, is_secret_key
from fgtui.sessions.redaction.leftovers import placeholder_paths
from fgtui.sessions.redaction.literals import Literals, is_telling, own_spellings, spelled, told_by
from fgtui.sessions.redaction.own import OwnSecrets
from fgtui.sessions.redaction.text import PLACEHOLDER
from fgtui.sessions.redaction.walk import Clean, Rules, SecretWalk

if TYPE_CHECKING:
    from fgtui.sessions.redaction.places import Finding

__all__ = ["PLACEHOLDER", "SALT_SIZE", "SHORTEST_KNOWN", "Redactor", "is_secret_key"]

SALT_SIZE = 16
"""Bytes."""
SHORTEST_KNOWN = 6
"""Characters. A shorter value is no secret, and replacing it wherever it is would tear other text apart."""
_TAG = slice(10, 14)
"""Where a placeholder says which salt made it."""


class _Made(NamedTuple):
    """What a redactor works with, for as long as no more secrets become known."""

    known: tuple[str, ...]
    rules: Rules
    clean: Clean
    """Events and answers that were found to hold no secret: a replay meets each of them several times."""


class Redactor:
    """Replaces secrets. Threads may share it.

    ``keys`` are more secret names, ``known`` literal values (credentials of ours) that are replaced wherever they are,
    ``OwnSecrets`` from the moment they are added; ``also`` are more that stay as they are. Without ``salt``
    placeholders compare only among those of this redactor. ``placeholders`` are those that certain values get in any
    case.
    """

    def __init__(
        self,
        keys: Sequence[str] = (),
        *,
        known: Iterable[str] | OwnSecrets = (),
        also: Iterable[str] = (),
        salt: bytes | None = None,
        placeholders: Mapping[str, str] = NOTHING,
    ) -> None:
        self._names = tuple(keys)
        self._own = known if isinstance(known, OwnSecrets) else OwnSecrets(known)
        self._also = tuple(value for value in also if value)
        self._salt = salt or os.urandom(SALT_SIZE)
        self._tag = blake2b(b"fgtui", key=self._salt, digest_size=2).hexdigest()
        self._placeholders = spelled(placeholders)
        self._keys = SecretKeys(keys)
        self._made = self._make(self._own.values)

    @property
    def recipe(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What another process makes one like it from, ``keys`` and ``also``: secrets, for a pipe and nothing else."""
        return self._names, (*self._own.values, *self._also)

    def salted(self, salt: bytes) -> Redactor:
        """The same rules with the salt of a store."""
        return Redactor(self._names, known=self._own, also=self._also, salt=salt)

    def supplied(self, placeholders: Mapping[str, str]) -> Redactor:
        """The same rules after values were supplied: each of them, and the placeholder that it gets back."""
        known = [value for value in placeholders if len(value) >= SHORTEST_KNOWN]
        parts = (part for value in known for part in told_by(value) if is_telling(part))
        also = (*self._also, *known, *parts)
        return Redactor(self._names, known=self._own, also=also, salt=self._salt, placeholders=placeholders)

    def apply(self, exchange: Exchange) -> Exchange:
        """``exchange`` without its secrets; their paths join ``event.redacted`` and ``outcome.redacted``."""
        event, outcome, rest = self._walk(), self._walk(), SecretWalk(self._current.rules)
        kept = _walked(exchange, event, outcome, rest)
        told = spelled({**outcome.told, **event.told})
        if not told or not _repeats(kept, Literals(told), event, outcome):
            return kept  # as most do
        return _walked(
            kept,
            self._echoes(spelled(event.told)) if event.told else None,
            self._echoes(told),
            self._echoes(told),
        )

    def event(self, event: Event) -> Event:
        """``event`` without its secrets."""
        walk = self._walk()
        kept = _event(event, walk)
        return _event(kept, self._echoes(spelled(walk.told))) if walk.told else kept

    def outcome(self, outcome: Outcome) -> Outcome:
        """``outcome`` without its secrets, as far as it gives them away itself."""
        walk = self._walk()
        kept = _outcome(outcome, walk)
        return _outcome(kept, self._echoes(spelled(walk.told))) if walk.told else kept

    def _walk(self) -> SecretWalk:
        made = self._current
        return SecretWalk(made.rules, made.clean)

    @property
    def _current(self) -> _Made:
        """What was made of the secrets that are known now."""
        known = self._own.values
        if self._made.known is not known:
            self._made = self._make(known)
        return self._made

    def _make(self, known: tuple[str, ...]) -> _Made:
        literals = own_spellings((*known, *self._also))
        return _Made(known, Rules(self._keys, literals if known or self._also else None, self.placeholder), {})

    def _echoes(self, told: Mapping[str, str]) -> SecretWalk:
        """What finds the secrets that an exchange has told where nothing gives them away."""

        def placeholder(secret: str) -> str:
            return told.get(secret) or self.placeholder(secret)

        return SecretWalk(Rules(NO_KEYS, Literals(told), placeholder))

    def text(self, text: str) -> str:
        """``text``, JSON or not, without its secrets."""
        return SecretWalk(self._current.rules).text(text, ())

    def document(self, text: str) -> tuple[str, tuple[str, ...]]:
        """The same with the paths of what was replaced, as ``--set`` takes them; ``""`` is the whole text."""
        walk = SecretWalk(self._current.rules)
        return walk.text(text, ()), walk.paths()

    def preview(self, leaving: str | Exchange) -> tuple[Finding, ...]:
        """What is replaced in a text or an exchange when it leaves, and what was when it was recorded."""
        from fgtui.sessions.redaction.places import PlaceholderWalk

        walk = PlaceholderWalk(self._keys)
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


def _walked(exchange: Exchange, of_event: SecretWalk | None, of_outcome: SecretWalk, rest: SecretWalk) -> Exchange:
    """``exchange`` after the walks over its event, its outcome, and what else can hold a secret; the same object when
    they found nothing.
    """
    event = exchange.event if of_event is None else _event(exchange.event, of_event)
    outcome = _outcome(exchange.outcome, of_outcome)
    target, spec = exchange.target, rest.text(exchange.target.spec, ())
    is_clean = event is exchange.event and outcome is exchange.outcome and spec is target.spec
    if is_clean and not exchange.note and not exchange.tags:
        return exchange
    return replace(
        exchange,
        event=event,
        target=replace(target, spec=spec),
        outcome=outcome,
        note=rest.text(exchange.note, ()),
        tags=tuple(rest.text(tag, ()) for tag in exchange.tags),
    )


def _repeats(exchange: Exchange, told: Literals, *walks: SecretWalk) -> bool:
    """Whether one of ``told`` may still be somewhere in ``exchange``, or in what ``walks`` have opened in it."""
    return (
        not all(walk.has_opened_all for walk in walks)
        or any(told.may_be_in(_as_text(content)) for _, content in _contents(exchange))
        or any(told.may_be_in(text) for walk in walks for text in walk.opened)
    )


def _as_text(content: str | bytes) -> str:
    return content if isinstance(content, str) else content.decode("utf-8", "surrogateescape")


def _event(event: Event, walk: SecretWalk) -> Event:
    wire = walk.content(event.wire, ())
    earlier = event.redacted or placeholder_paths(event.wire, walk.opened)  # lest a replay sends them unawares
    if not walk.found and earlier == event.redacted:
        return event
    return replace(event, wire=wire, redacted=walk.paths(earlier))


def _outcome(outcome: Outcome, walk: SecretWalk) -> Outcome:
    changes: dict[str, Any] = {
        "body": walk.content(outcome.body, ("result",)),
        "headers": _headers(outcome.headers, walk),
        "logs": walk.text(outcome.logs, ("logs",)),
    }
    if outcome.request_id is not None:  # whoever answers chooses it
        changes["request_id"] = walk.text(outcome.request_id, ("request_id",))
    match outcome:
        case Raised() | InitFailed():
            error = outcome.error
            changes["error"] = replace(
                error,
                type=walk.text(error.type, ("error", "type")),
                message=walk.text(error.message, ("error", "message")),
                stack=tuple(walk.text(line, ("error", "stack", at)) for at, line in enumerate(error.stack)),
            )
        case InvalidResponse() | Rejected() | Unreachable():
            changes["message"] = walk.text(outcome.message, ("error", "message"))
        case _:
            pass
    if isinstance(outcome, Rejected):
        changes["code"] = walk.text(outcome.code, ("error", "code"))
    return replace(outcome, redacted=walk.paths(outcome.redacted), **changes) if walk.found else outcome


def _headers(headers: Sequence[tuple[str, str]], walk: SecretWalk) -> tuple[tuple[str, str], ...]:
    """``headers`` without secrets; names lose what is known only."""
    names = [walk.name(name, ("headers",)) for name, _ in headers]
    return tuple(
        (kept, walk.value(name, value, ("headers", kept))) for kept, (name, value) in zip(names, headers, strict=True)
    )


def _contents(exchange: Exchange) -> Iterator[tuple[Path, str | bytes]]:
    """Every text of an exchange that a secret can stand in, with its place."""
    outcome = exchange.outcome
    yield ("event",), exchange.event.wire
    yield ("target", "spec"), exchange.target.spec
    yield ("outcome", "result"), outcome.body
    for name, value in outcome.headers:
        yield ("outcome", "headers"), name
        yield ("outcome", "headers", name), value
    if outcome.request_id is not None:
        yield ("outcome", "request_id"), outcome.request_id
    if isinstance(outcome, Rejected):
        yield ("outcome", "error", "code"), outcome.code
    match outcome:
        case Raised() | InitFailed():
            yield ("outcome", "error", "type"), outcome.error.type
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
