"""Keys and tokens named one by one: variables, and the keyring that may not be installed."""

from __future__ import annotations

import sys
import threading
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from fgtui.errors import ConfigError
from fgtui.invoke.credential_sources.kept import secrets_of
from fgtui.invoke.credential_sources.references import ReferredKeys, ReferredToken, reference
from fgtui.invoke.http.errors import LateError, StoppedError
from fgtui.words import say

KEYS = {"FG_AK": "FGTUIEXAMPLEAK000001", "FG_SK": "fgtui-example-secret-key", "FG_ST": "EXAMPLESECURITYTOKEN=="}


def keys(environment: dict[str, str], *spelled: str) -> ReferredKeys:
    names = ("access_key", "secret_key", "security_token")
    given = spelled or ("${env:FG_AK}", "${env:FG_SK}")
    found = [reference(each, wanted_by=f"profiles.prod.{name}") for name, each in zip(names, given, strict=False)]
    return ReferredKeys(
        found[0],
        found[1],
        found[2] if found[2:] else None,
        environment,
        now=lambda: datetime(2026, 1, 2, tzinfo=UTC),
        hears=lambda _: None,
    )


def token(environment: dict[str, str], spelled: str = "${env:FG_TOKEN}") -> ReferredToken:
    wanted = reference(spelled, wanted_by="profiles.prod.token")
    return ReferredToken(wanted, environment, now=lambda: datetime(2026, 1, 2, tzinfo=UTC), hears=lambda _: None)


def said(error: pytest.ExceptionInfo[ConfigError]) -> str:
    raised = error.value
    return say(f"{raised.message} | {raised.hint}", raised.values)


def test_keys_come_from_the_environment_and_say_so() -> None:
    source = keys(KEYS)
    assert str(source.identity) == "AK FGTU…0001 from FG_AK"
    assert secrets_of(source.get()) == ["FGTUIEXAMPLEAK000001", "fgtui-example-secret-key"]
    assert keys(KEYS, "${env:FG_AK}", "${env:FG_SK}", "${env:FG_ST}").get().security_token == KEYS["FG_ST"]


def test_a_token_comes_from_the_environment_and_is_not_shown() -> None:
    source = token({"FG_TOKEN": "MIIhunter2"})
    assert source.get().value == "MIIhunter2"
    assert str(source.identity) == "token from FG_TOKEN"
    assert str(token({}).identity) == "token from FG_TOKEN, which is not set"


def test_temporary_keys_say_that_they_are() -> None:
    source = keys(KEYS, "${env:FG_AK}", "${env:FG_SK}", "${env:FG_ST}")
    source.get()
    assert str(source.identity) == "AK FGTU…0001 (temporary) from FG_AK"


def test_a_variable_that_is_not_set_is_named_with_the_way_out() -> None:
    source = keys({"FG_AK": KEYS["FG_AK"]})
    with pytest.raises(ConfigError) as error:
        source.get()
    assert said(error) == (
        "profiles.prod.secret_key takes FG_SK from the environment, where it is not set | "
        "set it and try again: export FG_SK=…"
    )
    assert str(keys({}).identity) == "AK from FG_AK, which is not set"


@pytest.mark.parametrize(
    ("value", "words"),
    [
        pytest.param("", "is empty", id="empty"),
        pytest.param("hunter2\n", "line breaks", id="line-break"),
        pytest.param("hun ter2", "blanks", id="blank"),
        pytest.param("hunter2\x1b[2J", "other characters", id="control"),
        pytest.param("密码hunter2", "other characters", id="chinese"),
        pytest.param("hunter2\udcff", "other characters", id="binary"),
        pytest.param("hunter2" * 10_000, "too long", id="huge"),
    ],
)
def test_what_can_be_no_key_is_refused_and_not_quoted(value: str, words: str) -> None:
    with pytest.raises(ConfigError) as error:
        keys({**KEYS, "FG_SK": value}).get()
    assert words in said(error)
    assert said(error).startswith("profiles.prod.secret_key, from FG_SK, is")
    assert "hunter2" not in said(error)


def test_a_short_access_key_is_not_shown_at_all() -> None:
    assert str(keys({**KEYS, "FG_AK": "short"}).identity) == "AK from FG_AK"


# The keyring


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Another backend of the real package, as its users can choose one."""
    import keyring as package
    from keyring.backend import KeyringBackend

    kept = SimpleNamespace(values={}, asked=0, holds=None, fails=None)

    class Memory(KeyringBackend):
        priority = 1

        def get_password(self, service: str, username: str) -> str | None:
            kept.asked += 1
            if kept.holds is not None:
                kept.holds.wait()
            if kept.fails is not None:
                raise kept.fails
            return kept.values.get((service, username))

        def set_password(self, service: str, username: str, password: str) -> None:
            kept.values[service, username] = password

    before = package.get_keyring()
    package.set_keyring(Memory())
    yield kept
    package.set_keyring(before)


IN_KEYRING = "${keyring:fgtui/prod token}"


def test_a_keyring_is_asked_once(keyring: SimpleNamespace) -> None:
    keyring.values["fgtui", "prod token"] = "MIIabc"
    source = token({}, IN_KEYRING)
    assert str(source.identity) == "token from the keyring (fgtui/prod token)"
    assert keyring.asked == 0
    assert source.get() is source.get()
    assert secrets_of(source.get()) == ["MIIabc"]
    assert keyring.asked == 1


def test_what_the_keyring_does_not_have_is_named(keyring: SimpleNamespace) -> None:
    with pytest.raises(ConfigError) as error:
        token({}, IN_KEYRING).get()
    assert said(error) == (
        "profiles.prod.token is not in the keyring: it has no prod token of fgtui | "
        "put it there: keyring set fgtui prod token"
    )


def test_a_keyring_that_fails_is_not_quoted(keyring: SimpleNamespace) -> None:
    keyring.fails = RuntimeError("hunter2 is wrong")
    with pytest.raises(ConfigError) as error:
        token({}, IN_KEYRING).get()
    assert "could not be read (RuntimeError)" in said(error)
    assert "hunter2" not in said(error)


def test_a_locked_keyring_holds_nobody_who_stops_or_is_late(keyring: SimpleNamespace) -> None:
    keyring.holds = threading.Event()
    with pytest.raises(LateError):
        token({}, IN_KEYRING).get(timeout_s=0.01)
    stop = threading.Event()
    source = token({}, IN_KEYRING)
    failed = []

    def ask() -> None:
        with pytest.raises(StoppedError):
            source.get(cancelled=stop)
        failed.append("stopped")

    asking = threading.Thread(target=ask)
    asking.start()
    stop.set()
    asking.join()
    keyring.holds.set()
    assert failed == ["stopped"]


def test_without_the_extra_the_words_say_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    with pytest.raises(ConfigError) as error:
        token({}, IN_KEYRING).get()
    assert said(error) == (
        "profiles.prod.token is in the keyring, for which the package keyring is needed | "
        "install it: pip install 'fgtui[keyring]'"
    )
