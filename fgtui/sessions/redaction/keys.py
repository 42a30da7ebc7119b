"""Which names mean that their value is a secret (reliability, section 6).

A name is its words, split at every sign and at camelCase humps, digits left out: ``X-Auth-Token``, ``DB_PASSWORD``,
``securitySecretKey``. It is secret when one of the words, or several in a row, are on the list; also when only its
humps keep one from being so: ``PaSsWoRd``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise

from fgtui.regex import regex

_WORD = regex(r"[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z]+|[A-Z]+|[^\W\d_A-Za-z]+")

_LETTERS = regex(r"[A-Za-z]+")

_SECRET_WORDS = frozenset(
    {
        "authorization", "cookie", "cookies", "token", "password", "passwords", "passwd", "pwd", "pwds", "passphrase",
        "passphrases", "secret", "secrets", "credential", "credentials", "signature", "signatures", "appcode",
        "appcodes",
        # written without a hump
        "apikey", "accesskey", "secretkey", "privatekey", "accountkey", "sessionid", "jsessionid", "phpsessid",
        "accesstoken", "authtoken", "apitoken", "idtoken", "refreshtoken", "sessiontoken", "bearertoken",
        "csrftoken", "xsrftoken", "usertoken", "logintoken", "securitytoken", "subjecttoken",
        "apikeys", "accesskeys", "secretkeys", "privatekeys",
    }
)  # fmt: skip
_SECRET_ENDINGS = ("password", "passwd", "secret")
"""Nothing else ends so: ``dbpassword``, ``clientsecret``."""
_SECRET_ROWS = frozenset(
    {
        ("access", "key"), ("secret", "key"), ("private", "key"), ("api", "key"), ("account", "key"),
        ("access", "keys"), ("secret", "keys"), ("private", "keys"), ("api", "keys"), ("account", "keys"),
        ("session", "id"), ("session", "ids"), ("app", "code"), ("app", "codes"), ("user", "data"),
        ("pass", "word"), ("pass", "words"), ("pass", "phrase"),
    }
)  # fmt: skip
_CHINESE_ENDINGS = (
    "密码",
    "密碼",
    "口令",
    "令牌",
    "密钥",
    "密鑰",
    "密匙",
    "私钥",
    "私鑰",
    "凭证",
    "憑證",
    "凭据",
    "憑據",
)
"""``用户密码``, ``访问密钥``, ``密码是``; not so ``密码强度``, ``公钥``."""
_TOKENS = "tokens"
_TOKENS_OF = frozenset(
    {"access", "auth", "refresh", "api", "bearer", "session", "security", "csrf", "user", "device", "id", "iam"}
)
"""Before ``tokens``, which alone means secrets too; most others count what a model reads and writes."""
_SECRET_LAST = frozenset({"ak", "sk"})
_HARMLESS_ROWS = frozenset({("next", "token"), ("token", "count"), ("token", "counts")})
"""Where a page goes on, and how long a text is."""

_ABOUT = frozenset(
    {
        "algorithm", "at", "endpoint", "expiration", "expires", "expiry", "file", "format", "header", "in", "length",
        "method", "name", "path", "policy", "provider", "scope", "status", "ttl", "type", "uri", "url", "version",
    }
)  # fmt: skip
"""Last words of names whose value says something about a secret: ``tokenType``, ``signature_method``."""

_SIGNS = (
    r"t(?=oken)|s(?:ecret|ess(?:ion|id)|ig(?:nature|=))|c(?:ookie|redential|url|ff)"
    r"|p(?:ass[^a-z]*+(?:w|phrase)|wd|rivate[^a-z]*+key)|user[^a-z]*+data"
    r"|a(?:uthorization|ccess[^a-z]*+key|pi[^a-z]*+key|ccount[^a-z]*+key|pp[^a-z]*+code)"
)
"""In lower case: a text with one of these may name a secret, written as a tree, which is tried once at each letter …"""
_SIGNS_OF_SHAPES = r"b(?:earer|asic)|-hmac-sha|ya29\.|sg\.|hv[sbr]\."
"""… or may hold one that a word announces; ``private key`` is among the others."""
_CHINESE_SIGN = regex(
    r"[密令钥鑰匙凭憑]|\\u(?:5bc6|4ee4|94a5|9470|5319|51ed|6191)"
    r"|%e(?:5%(?:af%86|8c%99|87%ad)|4%bb%a4|9%9(?:2%a5|1%b0)|6%86%91)"
)
"""… or with one of these, perhaps as an escape, or as a form has them; in lower case."""
_SHORT_SIGN = regex(r"(?:(?<![A-Za-z])[as]|[AS])[kK](?![A-Za-z])")
"""… or with ``ak`` or ``sk`` as a word that may be the last."""

_LONGEST = 256
"""Characters of a name that are looked at, from its end."""
_CACHE_LIMIT = 10_000


def words(name: str) -> tuple[str, ...]:
    """The words of a name, in lower case."""
    return tuple(word.lower() for word in _WORD.findall(name))


class SecretKeys:
    """The list, with a project's own names added. Remembers its answers: events repeat their names."""

    def __init__(self, keys: Iterable[str] = ()) -> None:
        self._own = tuple(row for row in (words(key) for key in keys) if row)
        self._known: dict[str, bool] = {}
        self._signs = regex("|".join((_SIGNS, _SIGNS_OF_SHAPES, *(re.escape(row[0]) for row in self._own))))

    def __contains__(self, name: str) -> bool:
        known = self._known.get(name)
        if known is None:
            known = self._judge(words(name[-_LONGEST:])) or _is_torn_secret(name[-_LONGEST:])
            if len(self._known) < _CACHE_LIMIT and len(name) <= _LONGEST:
                self._known[name] = known
        return known

    def announced_in(self, lowered: str) -> bool:
        """Whether a word that names or announces a secret may be in a text, given in lower case. Never a wrong no."""
        return self._signs.search(lowered) is not None

    def short_in(self, text: str, lowered: str) -> bool:
        """The same of the names ``ak`` and ``sk``, and of Chinese ones."""
        return (("ak" in lowered or "sk" in lowered) and _SHORT_SIGN.search(text) is not None) or (
            (not text.isascii() or "\\u" in lowered or "%e" in lowered) and _CHINESE_SIGN.search(lowered) is not None
        )

    def _judge(self, row: tuple[str, ...]) -> bool:
        if not row:
            return False
        if any(_holds(row, own) for own in self._own):
            return True
        pairs = tuple(pairwise(row))
        harmless = {index for index, pair in enumerate(pairs) if pair in _HARMLESS_ROWS}
        return (
            row[-1] in _SECRET_LAST
            or (row[-1] == _TOKENS and (len(row) == 1 or row[-2] in _TOKENS_OF))
            or any(pair in _SECRET_ROWS for pair in pairs)
            or (row[:2] == ("x", "cff") and row[-1] == "key")
            or any(
                _is_secret(word) and index not in harmless and index - 1 not in harmless
                for index, word in enumerate(row)
            )
        )


def is_secret_key(name: str) -> bool:
    """Whether the value under ``name`` is a secret by its name alone."""
    return name in _BUILTIN


def may_count(name: str) -> bool:
    """Whether a number under ``name`` says how many tokens there are, and hides nothing."""
    return words(name)[-1:] == (_TOKENS,)


def is_about(name: str) -> bool:
    """Whether what stands under a secret name is no secret that would be one elsewhere too."""
    return not _ABOUT.isdisjoint(words(name)[-1:])


def _is_secret(word: str) -> bool:
    return (
        word in _SECRET_WORDS
        or word.endswith(_SECRET_ENDINGS)
        or (not word.isascii() and word.rstrip("是为為").endswith(_CHINESE_ENDINGS))
    )


def _is_torn_secret(name: str) -> bool:
    """Whether only its humps keep a part of ``name`` from being a secret word."""
    return any(_is_secret(part.lower()) and _WORD.fullmatch(part) is None for part in _LETTERS.findall(name))


def _holds(row: tuple[str, ...], part: tuple[str, ...]) -> bool:
    return any(row[start : start + len(part)] == part for start in range(len(row) - len(part) + 1))


class _NoKeys(SecretKeys):
    """No name means a secret: what stands under one is looked into like everything else."""

    def __contains__(self, name: str) -> bool:
        return False

    def announced_in(self, lowered: str) -> bool:
        return False

    def short_in(self, text: str, lowered: str) -> bool:
        return False


_BUILTIN = SecretKeys()
NO_KEYS = _NoKeys()
