"""Keys and tokens that a profile names one by one: variables of the environment, entries of the keyring."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from fgtui.errors import ConfigError
from fgtui.invoke.credential_sources import checked
from fgtui.invoke.credential_sources.kept import Fetched, Hears, KeptSource, Patience
from fgtui.invoke.credential_sources.keyrings import look_up
from fgtui.invoke.credentials import Credentials, Keys, Token
from fgtui.records import Record
from fgtui.regex import regex
from fgtui.words import Phrase

_SPELLING = regex(r"\$\{(?:env:([^{}]+)|keyring:([^/{}]+)/([^{}]+))\}")
KEYRING_LIMIT_S = 60.0
"""A person may have to unlock it."""


class Reference(Record):
    """``${env:NAME}`` or ``${keyring:SERVICE/NAME}``, and which setting it is."""

    wanted_by: str | Phrase
    name: str
    service: str | None = None
    """Of the keyring; ``None`` of a variable."""

    @property
    def place(self) -> Phrase:
        """Where it leads."""
        if self.service is None:
            return Phrase("{name}", name=self.name)
        return Phrase("the keyring ({service}/{name})", service=self.service, name=self.name)

    def resolved(self, environment: Mapping[str, str], patience: Patience) -> str:
        """What it refers to. ``ConfigError`` in words."""
        if self.service is not None:
            return look_up(self.service, self.name, wanted_by=self.wanted_by, patience=patience)
        if self.name in environment:
            return environment[self.name]
        raise ConfigError(
            "{wanted_by} takes {name} from the environment, where it is not set",
            wanted_by=self.wanted_by,
            name=self.name,
            hint="set it and try again: export {name}=…",
        )


def reference(spelled: str, *, wanted_by: str | Phrase) -> Reference:
    """The reference that settings spell, which were checked when they were read."""
    found = _SPELLING.fullmatch(spelled)
    if found is None:
        raise ConfigError("{wanted_by} is no reference", wanted_by=wanted_by)
    variable, service, name = found.groups()
    return Reference(wanted_by, variable or name, service)


class ReferredKeys(KeptSource):
    """Keys, each by its reference."""

    _limit_s = KEYRING_LIMIT_S

    def __init__(
        self,
        access_key: Reference,
        secret_key: Reference,
        security_token: Reference | None,
        environment: Mapping[str, str],
        *,
        now: Callable[[], datetime],
        hears: Hears,
    ) -> None:
        super().__init__(now=now, hears=hears)
        self._references = (access_key, secret_key, security_token)
        self._environment = environment

    def _fetch(self, patience: Patience) -> Fetched:
        access_key, secret_key, security_token = (
            None if each is None else _checked(each, self._environment, patience) for each in self._references
        )
        assert access_key is not None
        assert secret_key is not None
        return Fetched(Keys(access_key, secret_key, security_token))

    def _describe(self, credentials: Credentials | None) -> Phrase:
        first = self._references[0]
        if credentials is None and first.service is None:
            value = self._environment.get(first.name)
            if not value:
                return Phrase("AK from {place}, which is not set", place=first.place)
            return Phrase("{who} from {place}", who=checked.short(value), place=first.place)
        return Phrase("{who} from {place}", who=checked.whose(credentials), place=first.place)


class ReferredToken(KeptSource):
    """A token by its reference."""

    _limit_s = KEYRING_LIMIT_S

    def __init__(
        self, token: Reference, environment: Mapping[str, str], *, now: Callable[[], datetime], hears: Hears
    ) -> None:
        super().__init__(now=now, hears=hears)
        self._reference = token
        self._environment = environment

    def _fetch(self, patience: Patience) -> Fetched:
        return Fetched(Token(_checked(self._reference, self._environment, patience)))

    def _describe(self, credentials: Credentials | None) -> Phrase:
        is_missing = self._reference.service is None and not self._environment.get(self._reference.name)
        return Phrase(
            "token from {place}, which is not set" if is_missing else "token from {place}", place=self._reference.place
        )


def _checked(wanted: Reference, environment: Mapping[str, str], patience: Patience) -> str:
    place = Phrase("{setting}, from {place},", setting=wanted.wanted_by, place=wanted.place)
    return checked.text(wanted.resolved(environment, patience), place=place)
