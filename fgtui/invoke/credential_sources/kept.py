"""What every source has in common: what was fetched is kept until it expires, and fetched once for all threads."""

from __future__ import annotations

import math
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from fgtui.errors import ConfigError
from fgtui.invoke.credentials import Credentials, Keys
from fgtui.invoke.http.errors import LateError, StoppedError
from fgtui.records import Record
from fgtui.words import Phrase

RENEWED_BEFORE = timedelta(minutes=5)
"""Before it expires; a tenth of its life where that is shorter."""
LOOK_S = 0.02
"""How often whoever waits looks whether it still should."""

Hears = Callable[[str], object]
"""Is told each secret before anybody can use it, so that it is kept out of whatever is written."""


class Fetched(Record, uncompared=("credentials",)):
    """Credentials, and until when they are good."""

    credentials: Credentials
    expires_at: datetime | None = None
    """Aware; ``None``: nobody said."""


class _Kept(NamedTuple):
    credentials: Credentials
    renew_at: datetime | None


class Patience:
    """How long somebody waits."""

    def __init__(self, own_limit_s: float, timeout_s: float | None, cancelled: threading.Event | None) -> None:
        self.is_callers = timeout_s is not None and timeout_s < own_limit_s
        """Whether the caller's time is over before the source's own."""
        self.cancelled = cancelled
        self._until = time.monotonic() + (timeout_s if timeout_s is not None and self.is_callers else own_limit_s)

    @property
    def left_s(self) -> float:
        """Never below a millisecond; ``check`` says when it is over."""
        return max(0.001, self._until - time.monotonic())

    def check(self) -> bool:
        """Whether there is time left. ``StoppedError``, and ``LateError`` when it was the caller's that is over."""
        if self.cancelled is not None and self.cancelled.is_set():
            raise StoppedError
        if time.monotonic() < self._until:
            return True
        if self.is_callers:
            raise LateError
        return False


class KeptSource(ABC):
    """A source that fetches with ``_fetch``; see ``CredentialSource`` for what is promised."""

    _limit_s = math.inf
    """How long fetching may take; forever where nothing has to be waited for."""

    def __init__(self, *, now: Callable[[], datetime], hears: Hears) -> None:
        self._now = now
        self._hears = hears
        self._lock = threading.Lock()
        self._kept: _Kept | None = None
        self._failures = 0
        self._failed: ConfigError | None = None

    @property
    def identity(self) -> Phrase:
        """Whose they are and where they come from."""
        kept = self._kept
        return self._describe(None if kept is None else kept.credentials)

    def get(self, *, timeout_s: float | None = None, cancelled: threading.Event | None = None) -> Credentials:
        """Them, fetched if need be; whoever waited for a fetch that failed shares how it failed."""
        kept = self._current()
        if kept is not None:
            return kept.credentials
        patience, failures = Patience(self._limit_s, timeout_s, cancelled), self._failures
        while not self._lock.acquire(timeout=LOOK_S):
            patience.check()
        try:
            kept = self._current()
            if kept is None:
                if self._failed is not None and self._failures > failures:
                    raise self._failed
                kept = self._renew(patience)
            return kept.credentials
        finally:
            self._lock.release()

    def forget(self, refused: Credentials) -> None:
        """Fetch anew next time, unless somebody already has."""
        kept = self._kept
        if kept is not None and kept.credentials is refused:
            self._kept = None

    def _renew(self, patience: Patience) -> _Kept:
        patience.check()
        try:
            fetched = self._fetch(patience)
        except ConfigError as error:
            self._failures += 1
            self._failed = error
            raise
        for secret in secrets_of(fetched.credentials):
            self._hears(secret)
        self._kept = kept = _Kept(fetched.credentials, self._renewal(fetched))
        return kept

    def _renewal(self, fetched: Fetched) -> datetime | None:
        now, expires_at = self._now(), fetched.expires_at
        if expires_at is None:
            return None
        if expires_at <= now:
            raise ConfigError(
                "{source} has expired at {when}",
                source=self._describe(fetched.credentials),
                when=_in_utc(expires_at).isoformat(timespec="seconds"),
                hint="renew it where it comes from",
            )
        return expires_at - min(RENEWED_BEFORE, (expires_at - now) / 10)

    def _current(self) -> _Kept | None:
        kept = self._kept
        if kept is None or (kept.renew_at is not None and self._now() >= kept.renew_at) or self._has_changed():
            return None
        return kept

    def _has_changed(self) -> bool:
        """Whether what was fetched is out of date before it expires."""
        return False

    @abstractmethod
    def _fetch(self, patience: Patience) -> Fetched:
        """Raises ``ConfigError``, and what ``patience.check`` raises."""

    @abstractmethod
    def _describe(self, credentials: Credentials | None) -> Phrase:
        """``identity``, with credentials or before there are any."""


def _in_utc(moment: datetime) -> datetime:
    """``moment`` in UTC; as it is where the calendar begins too late for that."""
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        return moment


def secrets_of(credentials: Credentials) -> list[str]:
    """What must never be written."""
    if isinstance(credentials, Keys):
        parts = (credentials.access_key, credentials.secret_key, credentials.security_token)
        return [part for part in parts if part is not None]
    return [credentials.value]
