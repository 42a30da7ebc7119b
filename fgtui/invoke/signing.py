"""Requests that say who sends them: signatures of ``SDK-HMAC-SHA256`` and tokens, made and verified.

Pure functions of request, credentials and time. Facts: runtime.md section 8.7; what the official SDK signs and sends is
the measure, character for character, its replacement of percent-encoded bytes that are no UTF-8 included.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from urllib.parse import quote, unquote

from fgtui.digests import sha256
from fgtui.invoke.credentials import Credentials, Keys, Token
from fgtui.invoke.headers import header_of
from fgtui.regex import regex

ALGORITHM = "SDK-HMAC-SHA256"
DATE_FORMAT = "%Y%m%dT%H%M%SZ"
UNSIGNED = "UNSIGNED-PAYLOAD"
ALLOWED_SKEW = timedelta(minutes=15)
"""How far the date of a request may be from now."""

_SIGNED_TYPES = ("application/json", "application/bson")
"""What the SDK signs the body of."""
_HASH = "X-Sdk-Content-Sha256"
_OURS = ("authorization", "host", "x-auth-token", "x-sdk-content-sha256", "x-sdk-date", "x-security-token")
"""Headers that nobody else gives."""
_URL = regex(r"https?://([0-9A-Za-z.:\[\]_-]+)((?:/[!-\"$->@-~]*)?(?:\?[!-\"$-~]*)?)")
"""Host, then path and query, of printable ASCII: what was not encoded yet could not be sent as it was signed."""
_NAME = regex(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_AUTHORIZATION = regex(r"SDK-HMAC-SHA256 Access=([^,\s]+), ?SignedHeaders=([^,\s]+), ?Signature=([0-9a-fA-F]{64})")

Headers = Sequence[tuple[str, str]]


def authenticated(
    method: str, url: str, headers: Headers, body: bytes, credentials: Credentials, *, now: datetime
) -> list[tuple[str, str]]:
    """All headers to send with a request for it to be taken, those given first and in their order.

    ``url`` is percent-encoded and sent as it is. Every character of a value that is returned is one byte (ISO 8859-1),
    as ``http.client`` sends them; those given may hold any text, which becomes UTF-8. ``now`` is aware. ``ValueError``
    for what could not be sent as it would be signed: line breaks, a header given twice, a URL that is not encoded.
    """
    host, target = _parts_of(url)
    sent = _checked(headers)
    if isinstance(credentials, Token):
        sent += [("Host", host), ("X-Auth-Token", credentials.value)]
        return [(name, _as_bytes(value)) for name, value in sent]
    if credentials.security_token is not None:
        sent.append(("X-Security-Token", credentials.security_token))
    media = header_of(sent, "content-type")
    if media and not media.startswith(_SIGNED_TYPES):
        sent.append((_HASH, UNSIGNED))
    sent += [("X-Sdk-Date", now.astimezone(UTC).strftime(DATE_FORMAT)), ("Host", host)]
    values = {name.lower(): value for name, value in sent if "_" not in name}
    signed = sorted(values)
    request = _canonical_request(method, target, values, signed, _hash_of(body, values))
    signature = _signature(request, values["x-sdk-date"], credentials.secret_key)
    spelled = f"{ALGORITHM} Access={credentials.access_key}, SignedHeaders={';'.join(signed)}, Signature={signature}"
    return [(name, _as_bytes(value)) for name, value in (*sent, ("Authorization", spelled))]


def _canonical_request(
    method: str, target: str, values: Mapping[str, str], signed: Sequence[str], body_hash: str
) -> str:
    """What is signed: ``target`` is path and query as sent, ``values`` the headers by lower-case name."""
    path, _, query = target.partition("?")
    lines = [method.upper(), _canonical_path(path), canonical_query(pairs_of(query))]
    return "\n".join([*lines, *(f"{name}:{values[name]}" for name in signed), "", ";".join(signed), body_hash])


def _canonical_path(path: str) -> str:
    """``path`` with each segment encoded anew, and a slash at its end."""
    encoded = "/".join(encode(part) for part in unquote(path).split("/"))
    return encoded if encoded.endswith("/") else encoded + "/"


def canonical_query(pairs: Iterable[tuple[str, str]]) -> str:
    """Parameters in the order and the spelling that are signed, and sent by the SDK."""
    return "&".join(f"{encode(name)}={encode(value)}" for name, value in sorted(pairs))


def pairs_of(query: str) -> list[tuple[str, str]]:
    """The parameters of a percent-encoded query; a ``+`` is one."""
    parted = (part.partition("=") for part in query.split("&") if part)
    return [(unquote(name), unquote(value)) for name, _, value in parted]


def encode(text: str) -> str:
    """``text`` percent-encoded but for letters, digits, ``-``, ``.``, ``_`` and ``~``."""
    return quote(text, safe="~", errors="surrogateescape")


class _Claim(NamedTuple):
    """What an ``Authorization`` header says."""

    access_key: str
    signed: list[str]
    signature: str


def refusal(
    method: str,
    target: str,
    headers: Headers,
    body: bytes,
    keys_of: Callable[[str], Keys | None],
    *,
    now: datetime,
) -> str | None:
    """Why a request is not taken, in words without a secret; ``None`` when its signature is right.

    ``target`` is path and query as they came, each character of a header's value one byte; ``keys_of`` knows keys by
    their access key.
    """
    claim = _claim(headers)
    if isinstance(claim, str):
        return claim
    values: dict[str, str] = {}
    for name, value in headers:
        lower = name.lower()
        if lower in claim.signed and lower in values:
            return f"the signed header {lower} is there twice"
        values[lower] = _as_text(value).strip()
    if problem := _missing(claim, values) or _out_of_time(values["x-sdk-date"], now):
        return problem
    keys = keys_of(claim.access_key)
    if keys is None:
        return f"the access key {_cut(claim.access_key)} is not known here"
    if not _equal(values.get("x-security-token", ""), keys.security_token or ""):
        return "the security token is not that of the access key"
    body_hash = _hash_of(body, values)
    if body and body_hash not in (UNSIGNED, sha256(body).hexdigest()):
        return "x-sdk-content-sha256 is not the hash of the body"
    request = _canonical_request(method, target, values, claim.signed, body_hash)
    if not _equal(_signature(request, values["x-sdk-date"], keys.secret_key), claim.signature.lower()):
        return "the signature does not fit the request: another secret key, or something was changed on the way"
    return None


def token_refusal(headers: Headers, token: Token) -> str | None:
    """The same of a request that is to carry ``token``."""
    given = [value for name, value in headers if name.lower() == "x-auth-token"]
    if not given:
        return "the request carries no X-Auth-Token"
    return None if len(given) == 1 and _equal(given[0], token.value) else "the token is not the one that is taken here"


def _claim(headers: Headers) -> _Claim | str:
    given = [value for name, value in headers if name.lower() == "authorization"]
    if not given:
        return "the request is not signed: it carries no Authorization"
    found = _AUTHORIZATION.fullmatch(given[0].strip())
    if found is None or len(given) > 1:
        return f"Authorization is not of the form {ALGORITHM} Access=…, SignedHeaders=…, Signature=…"
    return _Claim(found[1], found[2].lower().split(";"), found[3])


def _missing(claim: _Claim, values: dict[str, str]) -> str | None:
    for name in ("host", "x-sdk-date"):
        if name not in claim.signed:
            return f"the header {name} is not signed"
    for name in ("x-security-token", "x-sdk-content-sha256"):
        if name in values and name not in claim.signed:
            return f"the header {name} is there but not signed"
    absent = next((name for name in claim.signed if name not in values), None)
    return None if absent is None else f"the signed header {_cut(absent)} is not there"


def _out_of_time(date: str, now: datetime) -> str | None:
    try:
        said = datetime.strptime(date, DATE_FORMAT).replace(tzinfo=UTC)
    except ValueError:
        return "X-Sdk-Date is not of the form YYYYMMDDTHHMMSSZ"
    if abs(said - now) <= ALLOWED_SKEW:
        return None
    return f"the request is of {date}, here it is {now.astimezone(UTC).strftime(DATE_FORMAT)}: 15 minutes are allowed"


def _parts_of(url: str) -> tuple[str, str]:
    """Host and target."""
    found = _URL.fullmatch(url)
    if found is None:
        raise ValueError("the URL is not http or https, or holds something that is not percent-encoded")
    return found[1], found[2]


def _checked(headers: Headers) -> list[tuple[str, str]]:
    """``headers`` as the SDK trims them."""
    seen = set()
    for name, value in headers:
        lower = name.lower()
        if lower in seen or lower in _OURS or not _NAME.fullmatch(name) or any(sign in value for sign in "\r\n\0"):
            raise ValueError(f"the header {name!r} is given twice, belongs to the signature, or cannot be sent")
        seen.add(lower)
    return [(name, value.strip()) for name, value in headers]


def _hash_of(body: bytes, values: dict[str, str]) -> str:
    """What stands for ``body`` in the signature; of an empty one always its hash."""
    return (values.get(_HASH.lower()) if body else None) or sha256(body).hexdigest()


def _signature(request: str, date: str, secret_key: str) -> str:
    hashed = sha256(request.encode("utf-8", "surrogateescape")).hexdigest()
    text = f"{ALGORITHM}\n{date}\n{hashed}"
    return hmac.digest(secret_key.encode(), text.encode("utf-8", "surrogateescape"), "sha256").hex()


def _equal(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode("utf-8", "surrogateescape"), other.encode("utf-8", "surrogateescape"))


def _as_bytes(value: str) -> str:
    return value.encode().decode("iso-8859-1")


def _as_text(value: str) -> str:
    return value.encode("iso-8859-1", "replace").decode("utf-8", "surrogateescape")


def _cut(text: str) -> str:
    return text if len(text) <= 40 else text[:39] + "…"
