"""What was fetched is kept until it expires, and fetched once for all threads."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from fgtui.errors import ConfigError
from fgtui.invoke.credential_sources.kept import Fetched, KeptSource, Patience, secrets_of
from fgtui.invoke.credentials import Credentials, Keys, Token
from fgtui.invoke.http.errors import LateError, StoppedError
from fgtui.words import Phrase
from tests.invoke.harness import wait_until

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


class Looked(threading.Event):
    """Knows whether somebody who waits has looked at it."""

    looked = False

    def is_set(self) -> bool:
        self.looked = True
        return super().is_set()


class Source(KeptSource):
    """Counts what is fetched; ``life`` is how long it is good for, ``fetch`` what is done instead."""

    def __init__(self, life: timedelta | None = None, fetch: Callable[[Patience], object] | None = None) -> None:
        self.clock = NOW
        self.heard: list[str] = []
        super().__init__(now=lambda: self.clock, hears=self.heard.append)
        self.life = life
        self.count = 0
        self.fetch = fetch

    def _fetch(self, patience: Patience) -> Fetched:
        self.count += 1
        if self.fetch is not None:
            self.fetch(patience)
        return Fetched(Token(f"token-{self.count}"), None if self.life is None else self.clock + self.life)

    def _describe(self, credentials: Credentials | None) -> Phrase:
        return Phrase("the source")


def in_threads(count: int, work: Callable[[], object]) -> list[threading.Thread]:
    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    return threads


def test_what_does_not_expire_is_fetched_once_and_told_before_it_is_used() -> None:
    source = Source()
    assert source.get() is source.get()
    assert source.count == 1
    assert source.heard == ["token-1"]


@pytest.mark.parametrize(
    ("life", "still_good", "renewed"),
    [
        pytest.param(timedelta(hours=24), timedelta(hours=23, minutes=54), timedelta(hours=23, minutes=56), id="a-day"),
        pytest.param(timedelta(minutes=10), timedelta(minutes=8), timedelta(minutes=9), id="minutes"),
    ],
)
def test_what_expires_is_renewed_shortly_before(life: timedelta, still_good: timedelta, renewed: timedelta) -> None:
    source = Source(life)
    assert secrets_of(source.get()) == ["token-1"]
    source.clock = NOW + still_good
    assert source.get().value == "token-1"
    source.clock = NOW + renewed
    assert source.get().value == "token-2"


def test_what_has_expired_already_is_not_used() -> None:
    source = Source(timedelta(seconds=-1))
    with pytest.raises(ConfigError, match=r"the source has expired at 2026-01-02T03:04:04\+00:00"):
        source.get()


def test_what_a_service_refused_is_fetched_anew_unless_somebody_already_has() -> None:
    source = Source()
    first = source.get()
    source.forget(first)
    second = source.get()
    source.forget(first)
    assert source.get() is second
    assert source.count == 2


def test_threads_that_need_it_at_once_wait_for_one_fetch() -> None:
    all_wait = threading.Event()
    source = Source(fetch=lambda _: all_wait.wait())
    got: list[Credentials] = []
    threads = in_threads(8, lambda: got.append(source.get()))
    wait_until(lambda: source.count == 1, "one of them fetches")
    all_wait.set()
    for thread in threads:
        thread.join()
    assert len(got) == 8
    assert source.count == 1


def test_threads_that_waited_for_a_fetch_that_failed_do_not_try_again_each() -> None:
    """Eight wrong passwords in a row lock an account."""
    may_fail = threading.Event()
    failed: list[str] = []

    def fail(_: Patience) -> None:
        may_fail.wait()
        raise ConfigError("refused")

    source = Source(fetch=fail)

    flags = [Looked() for _ in range(7)]
    unused = iter(flags)

    def ask(cancelled: Looked | None = None) -> None:
        with pytest.raises(ConfigError):
            source.get(cancelled=cancelled)
        failed.append("so")

    first = in_threads(1, ask)
    wait_until(lambda: source.count == 1, "the first one fetches")
    others = in_threads(7, lambda: ask(next(unused)))
    wait_until(lambda: all(flag.looked for flag in flags), "the others wait")
    may_fail.set()
    for thread in first + others:
        thread.join()
    assert len(failed) == 8
    assert source.count == 1
    with pytest.raises(ConfigError):
        source.get()  # a later one does
    assert source.count == 2


def test_whoever_waits_is_stopped_or_late_whatever_the_fetch_does() -> None:
    may_end, stop = threading.Event(), threading.Event()
    source = Source(fetch=lambda _: may_end.wait())
    fetching = in_threads(1, source.get)
    wait_until(lambda: source.count == 1, "somebody fetches")
    stop.set()
    with pytest.raises(StoppedError):
        source.get(cancelled=stop)
    with pytest.raises(LateError):
        source.get(timeout_s=0.01)
    may_end.set()
    fetching[0].join()


def test_nothing_is_fetched_for_whoever_is_stopped_already() -> None:
    source, stop = Source(), threading.Event()
    stop.set()
    with pytest.raises(StoppedError):
        source.get(cancelled=stop)
    assert source.count == 0


def test_every_part_of_temporary_keys_is_told() -> None:
    source = Source()
    source._fetch = lambda _: Fetched(Keys("AKIA", "secret", "temporary"))
    source.get()
    assert source.heard == ["AKIA", "secret", "temporary"]
