"""Keys and tokens from texts: what can be no key is refused in words that do not quote it."""

from __future__ import annotations

from fgtui.errors import ConfigError
from fgtui.invoke.credentials import Credentials, Keys, Token
from fgtui.regex import regex
from fgtui.words import Phrase

LONGEST = 32_768
"""Characters; tokens of IAM have some 7,000 where there are many permissions."""
_PLAIN = regex(r"[!-~]+")


def text(value: str, *, place: str | Phrase) -> str:
    """``value`` where it can be a key: printable ASCII without blanks. ``place`` says in words what it is and where."""
    if not value:
        raise ConfigError("{place} is empty", place=place)
    if len(value) > LONGEST or not _PLAIN.fullmatch(value):
        raise ConfigError(
            "{place} is no key or token: it is too long"
            if len(value) > LONGEST
            else "{place} is no key or token: it holds blanks, line breaks or other characters that no key has",
            place=place,
            hint="copy it again, whole and without what stands around it",
        )
    return value


def short(access_key: str) -> str:
    """Enough of an access key to know it by."""
    return f"AK {access_key[:4]}…{access_key[-4:]}" if len(access_key) >= 12 else "AK"


def whose(credentials: Credentials | None, otherwise: str | Phrase = "AK") -> str | Phrase:
    """Whose ``credentials`` are, as far as they tell."""
    match credentials:
        case Keys(security_token=None):
            return short(credentials.access_key)
        case Keys():
            return Phrase("{key} (temporary)", key=short(credentials.access_key))
        case Token():
            return Phrase("token")
        case None:
            return otherwise
