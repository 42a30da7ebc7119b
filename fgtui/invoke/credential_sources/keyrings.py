"""The system's own keyring, by way of the package ``keyring``, which the extra of that name installs."""

from __future__ import annotations

import threading

from fgtui.errors import ConfigError
from fgtui.invoke.credential_sources.kept import LOOK_S, Patience
from fgtui.words import Phrase


def look_up(service: str, name: str, *, wanted_by: str | Phrase, patience: Patience) -> str:
    """What the keyring has for ``name`` of ``service``. ``ConfigError`` where there is none, or no keyring."""
    try:
        import keyring
    except ImportError:
        raise ConfigError(
            "{wanted_by} is in the keyring, for which the package keyring is needed",
            wanted_by=wanted_by,
            hint="install it: pip install 'fgtui[keyring]'",
        ) from None
    answer: list[str | Exception | None] = []

    def ask() -> None:
        try:
            answer.append(keyring.get_password(service, name))
        except Exception as error:  # noqa: BLE001 - every system's keyring has errors of its own
            answer.append(error)

    asking = threading.Thread(target=ask, daemon=True)  # a locked keyring may ask its person, who may be elsewhere
    asking.start()
    while asking.is_alive():
        asking.join(LOOK_S)
        if asking.is_alive() and not patience.check():
            raise _problem("{wanted_by} is in the keyring, which did not answer; it may be locked", wanted_by)
    found = answer[0]
    if isinstance(found, Exception):
        sentence = "{wanted_by} is in the keyring, which could not be read ({kind})"
        raise _problem(sentence, wanted_by, kind=type(found).__name__)
    if found is None:
        raise ConfigError(
            "{wanted_by} is not in the keyring: it has no {name} of {service}",
            wanted_by=wanted_by,
            name=name,
            service=service,
            hint="put it there: keyring set {service} {name}",
        )
    return found


def _problem(sentence: str, wanted_by: str | Phrase, **values: object) -> ConfigError:
    hint = "unlock it, or see with `keyring diagnose` which one is meant"
    return ConfigError(sentence, wanted_by=wanted_by, hint=hint, **values)
