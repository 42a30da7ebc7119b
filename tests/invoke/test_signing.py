"""Signatures: the documented vectors, the official SDK's signer as oracle, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from types import SimpleNamespace
from urllib.parse import quote

import pytest
from huaweicloudsdkcore.sdk_request import SdkRequest
from huaweicloudsdkcore.signer.signer import Signer
from hypothesis import example, given
from hypothesis import strategies as st

from fgtui.invoke.credentials import Keys, Token
from fgtui.invoke.signing import UNSIGNED, authenticated, canonical_query, pairs_of, refusal, token_refusal

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
KEYS = Keys("FGTUIEXAMPLEAK000001", "fgtui-example-secret-key-0123456789abcdef")
TEMPORARY = Keys(KEYS.access_key, KEYS.secret_key, "EXAMPLESECURITYTOKEN==")
PROJECT = "0123456789abcdef0123456789abcdef"
HOST = "functiongraph.cn-north-4.myhuaweicloud.com"
URN = f"urn:fss:cn-north-4:{PROJECT}:function:default:demo"
FUNCTIONS = f"https://{HOST}/v2/{PROJECT}/fgs/functions"
JSON = [("Content-Type", "application/json")]


def signed(
    url: str = f"{FUNCTIONS}/{URN}:latest/invocations",
    headers: list[tuple[str, str]] = JSON,
    body: bytes = b"{}",
    *,
    method: str = "POST",
    keys: Keys = KEYS,
    now: datetime = NOW,
) -> dict[str, str]:
    return dict(authenticated(method, url, headers, body, keys, now=now))


def authorization(names: str, signature: str) -> str:
    return f"SDK-HMAC-SHA256 Access={KEYS.access_key}, SignedHeaders={names}, Signature={signature}"


@pytest.mark.parametrize("urn", [URN, URN.replace(":", "%3A")], ids=["colons", "encoded"])
def test_vector_a_a_minimal_call(urn: str) -> None:
    headers = signed(f"{FUNCTIONS}/{urn}:latest/invocations", body=b'{"key": "value"}')
    assert headers["Authorization"] == authorization(
        "content-type;host;x-sdk-date", "dcc1528893d814579cbe0ac03e338b279a9016605a60cd02825acc9fd9ac7431"
    )


def test_vector_b_headers_of_the_call_and_a_body_that_is_not_ascii() -> None:
    asked = [("X-Project-Id", PROJECT), ("X-Cff-Log-Type", "tail"), ("X-CFF-Request-Version", "v1")]
    headers = signed(headers=[*JSON, *asked], body='{"name": "café", "n": 1}'.encode())
    assert headers["Authorization"] == authorization(
        "content-type;host;x-cff-log-type;x-cff-request-version;x-project-id;x-sdk-date",
        "85907870804507d9c729f64ac40bbc269524e058a787fe1caf1f9cd372621f67",
    )


def test_vector_c_temporary_keys_and_an_alias() -> None:
    url = f"{FUNCTIONS}/{URN.replace(':', '%3A')}%3A%21prod/invocations-async"
    headers = signed(url, [*JSON, ("X-Project-Id", PROJECT)], keys=TEMPORARY)
    assert headers["X-Security-Token"] == "EXAMPLESECURITYTOKEN=="
    assert headers["Authorization"] == authorization(
        "content-type;host;x-project-id;x-sdk-date;x-security-token",
        "c763f29808ea6c6d0da88af09ffa369dca90bf7bff30587f818beef40792a708",
    )


def test_vector_d_a_query_in_another_order() -> None:
    headers = signed(f"{FUNCTIONS}?package_name=a%20b~c&maxitems=20&marker=0", body=b"", method="GET")
    assert headers["Authorization"] == authorization(
        "content-type;host;x-sdk-date", "1f327171bbffd6d63f2c7159fab55b0b983732768eb7eae1d41dd5af99c8ced3"
    )


def by_the_sdk(  # noqa: PLR0917
    method: str, path: str, query: list[tuple[str, str]], headers: dict[str, str], body: bytes, keys: Keys
) -> SdkRequest:
    """What the official signer makes of a request, which it is handed in parts."""
    given = dict(headers)
    if keys.security_token is not None:
        given["X-Security-Token"] = keys.security_token
    given["X-Sdk-Date"] = "20260102T030405Z"
    request = SdkRequest(method, "https", HOST, path, None, query, given, body)
    return Signer(SimpleNamespace(ak=keys.access_key, sk=keys.secret_key)).sign(request)


NAMES = st.text("abcdefghXYZ0123456789-_!~", min_size=1, max_size=12).filter(
    lambda name: name.lower() not in ("host", "content-type")
)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n\0"), max_size=20)
ENCODED = st.lists(st.sampled_from([*"/aZ09-._~!$&'()*+,;=:@", *(f"%{n:02X}" for n in range(256))]), max_size=20)
TYPES = st.sampled_from([None, "application/json", "application/json;charset=utf8", "application/bson", "text/plain"])


@example(method="GET", path="/", query=[], headers={}, media="text/plain", body=b"", security_token=None)
@example(method="GET", path="/", query=[], headers={"a": " b\t"}, media=None, body=b"", security_token=None)
@given(
    method=st.sampled_from(["GET", "POST", "put", "Delete", "PATCH"]),
    path=ENCODED.map(lambda parts: "/" + "".join(parts)),
    query=st.lists(st.tuples(TEXTS, TEXTS), max_size=5),
    headers=st.dictionaries(NAMES, TEXTS, max_size=5),
    media=TYPES,
    body=st.binary(max_size=40),
    security_token=st.none() | st.text("abcABC+/=", min_size=1),
)
def test_what_is_sent_is_what_the_official_signer_sends(  # noqa: PLR0917
    method: str,
    path: str,
    query: list[tuple[str, str]],
    headers: dict[str, str],
    media: str | None,
    body: bytes,
    security_token: str | None,
) -> None:
    keys = Keys(KEYS.access_key, KEYS.secret_key, security_token)
    sent = {name.lower(): (name, value) for name, value in headers.items()}
    given = dict(sent.values()) | ({} if media is None else {"Content-Type": media})
    sdk = by_the_sdk(method, path, query, given, body, keys)
    ours = f"?{canonical_query(query)}" if query else ""
    assert path + ours == sdk.uri
    assert signed(f"https://{HOST}{path}{ours}", list(given.items()), body, method=method, keys=keys) == dict(
        sdk.header_params
    )
    received = [(name.lower(), value) for name, value in sdk.header_params.items()]
    assert refusal(method.upper(), sdk.uri, received, body, {KEYS.access_key: keys}.get, now=NOW) is None


@given(st.lists(st.tuples(TEXTS, TEXTS.filter(bool)), max_size=6))
def test_a_query_is_signed_as_it_is_read_back(pairs: list[tuple[str, str]]) -> None:
    spelled = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in pairs)
    assert canonical_query(pairs_of(spelled)) == canonical_query(pairs)


def test_a_body_of_another_type_is_not_signed_and_says_so() -> None:
    headers = [("content-type", "image/png")]
    one, other = signed(headers=headers, body=b"\x00\xff"), signed(headers=headers, body=b"else")
    assert one["X-Sdk-Content-Sha256"] == UNSIGNED
    assert one["Authorization"] == other["Authorization"]


def test_the_date_is_utc_wherever_one_is() -> None:
    there = NOW.astimezone(timezone(timedelta(hours=8)))
    assert signed(now=there) == signed()


def test_a_token_takes_the_place_of_a_signature() -> None:
    headers = authenticated("POST", f"{FUNCTIONS}?a=b", [*JSON], b"{}", Token("MIIabc"), now=NOW)
    assert headers == [*JSON, ("Host", HOST), ("X-Auth-Token", "MIIabc")]


@pytest.mark.parametrize(
    ("url", "headers"),
    [
        pytest.param("https://h/a b", [], id="space"),
        pytest.param("https://h/é", [], id="not-ascii"),
        pytest.param("https://h/a#b", [], id="fragment"),
        pytest.param("https://h/\nX: y", [], id="line-break"),
        pytest.param("https://user:word@h/", [], id="user"),
        pytest.param("ftp://h/", [], id="scheme"),
        pytest.param("", [], id="empty"),
        pytest.param("https://h/", [("A", "x\r\nB: y")], id="header-with-a-line-break"),
        pytest.param("https://h/", [("A", "x\rB: y")], id="header-with-a-carriage-return"),
        pytest.param("https://h/", [("A", "x\0")], id="header-with-nothing-in-it"),
        pytest.param("https://h/", [("A", "x"), ("a", "y")], id="header-twice"),
        pytest.param("https://h/", [("A b", "x")], id="header-name"),
        pytest.param("https://h/", [("", "x")], id="header-without-a-name"),
        pytest.param("https://h/", [("A", "\ud800")], id="lone-surrogate"),
        pytest.param("https://h/", [("host", "other")], id="another-host"),
        pytest.param("https://h/", [("X-Auth-Token", "x")], id="a-token-of-ones-own"),
    ],
)
def test_what_could_not_be_sent_as_signed_is_not_signed(url: str, headers: list[tuple[str, str]]) -> None:
    with pytest.raises(ValueError):
        authenticated("GET", url, headers, b"", KEYS, now=NOW)


# What comes in


def received(keys: Keys = KEYS, body: bytes = b"{}", **changes: str | None) -> list[tuple[str, str]]:
    """A signed request's headers; ``changes`` by name with ``_`` for ``-``."""
    changed = {name.replace("_", "-"): value for name, value in changes.items()}
    headers = {name.lower(): value for name, value in signed(body=body, keys=keys).items()} | changed
    return [(name, value) for name, value in headers.items() if value is not None]


def refused(
    headers: list[tuple[str, str]],
    body: bytes = b"{}",
    *,
    method: str = "POST",
    target: str = f"/v2/{PROJECT}/fgs/functions/{URN}:latest/invocations",
    keys: Keys = KEYS,
    now: datetime = NOW,
) -> str | None:
    return refusal(method, target, headers, body, {keys.access_key: keys}.get, now=now)


def test_a_right_signature_is_taken() -> None:
    assert refused(received()) is None
    assert refused(received(TEMPORARY), keys=TEMPORARY) is None
    names, _, signature = dict(received())["authorization"].rpartition("=")
    assert refused(received(authorization=f"{names}={signature.upper()}")) is None


@pytest.mark.parametrize(
    ("refuse", "words"),
    [
        pytest.param(lambda: refused([]), "not signed", id="nothing"),
        pytest.param(lambda: refused(received(authorization="")), "not of the form", id="empty"),
        pytest.param(lambda: refused(received(authorization="Basic YTpi")), "not of the form", id="basic"),
        pytest.param(lambda: refused(received(authorization="\x00" * 9999)), "not of the form", id="binary"),
        pytest.param(lambda: refused([*received(), ("authorization", "x")]), "not of the form", id="two"),
        pytest.param(lambda: refused(received(host="other.example")), "does not fit", id="host"),
        pytest.param(lambda: refused(received(host=None)), "host is not there", id="no-host"),
        pytest.param(lambda: refused([*received(), ("host", "x")]), "host is there twice", id="two-hosts"),
        pytest.param(lambda: refused(received(x_sdk_date="20260102T030406Z")), "does not fit", id="date"),
        pytest.param(lambda: refused(received(x_sdk_date="yesterday")), "not of the form", id="no-date"),
        pytest.param(lambda: refused(received(), now=NOW + timedelta(minutes=16)), "15 minutes", id="late"),
        pytest.param(lambda: refused(received(), now=NOW - timedelta(minutes=16)), "15 minutes", id="early"),
        pytest.param(lambda: refused(received(), b'{"a": 1}'), "does not fit", id="body"),
        pytest.param(lambda: refused(received(), b""), "does not fit", id="no-body"),
        pytest.param(lambda: refused(received(), method="PUT"), "does not fit", id="method"),
        pytest.param(lambda: refused(received(), target="/"), "does not fit", id="path"),
        pytest.param(lambda: refused(received(), keys=Keys("OTHER", "x")), "not known here", id="access-key"),
        pytest.param(lambda: refused(received(), keys=Keys(KEYS.access_key, "x")), "another secret", id="secret-key"),
        pytest.param(lambda: refused(received(), keys=TEMPORARY), "security token", id="no-security-token"),
        pytest.param(lambda: refused(received(TEMPORARY)), "security token", id="a-security-token-too-many"),
        pytest.param(lambda: refused(received(x_security_token="")), "not signed", id="unsigned-security-token"),
        pytest.param(lambda: refused(received(x_sdk_content_sha256=UNSIGNED), b"x"), "not signed", id="unsigned-hash"),
    ],
)
def test_a_wrong_signature_is_refused_in_words(refuse: Callable[[], str | None], words: str) -> None:
    said = refuse()
    assert said is not None
    assert words in said
    assert KEYS.secret_key not in said


@pytest.mark.parametrize("missing", ["host", "x-sdk-date"])
def test_host_and_date_have_to_be_signed(missing: str) -> None:
    names = ";".join(name for name in ("host", "x-sdk-date") if name != missing)
    assert refused(received(authorization=authorization(names, "0" * 64))) == f"the header {missing} is not signed"


def test_a_hash_that_is_sent_has_to_be_that_of_the_body() -> None:
    headers = received(
        x_sdk_content_sha256="0" * 64, authorization=authorization("host;x-sdk-content-sha256;x-sdk-date", "0" * 64)
    )
    assert refused(headers) == "x-sdk-content-sha256 is not the hash of the body"


@given(st.text(max_size=200), st.binary(max_size=20))
def test_whatever_comes_is_refused_without_a_traceback(value: str, body: bytes) -> None:
    names = "host;x-sdk-date"
    for headers in (received(authorization=value), received(authorization=authorization(names, "0" * 64), host=value)):
        assert refused(headers, body, target="/" + quote(value, safe="?&=/%", errors="replace")) is not None


def test_a_refusal_repeats_no_more_of_an_access_key_than_a_person_can_read() -> None:
    said = refused(
        received(authorization=authorization("host;x-sdk-date", "0" * 64).replace(KEYS.access_key, "A" * 9999))
    )
    assert said is not None
    assert len(said) < 200


def test_a_token_is_compared() -> None:
    assert token_refusal([("x-auth-token", "MIIabc")], Token("MIIabc")) is None
    assert token_refusal([], Token("MIIabc")) == "the request carries no X-Auth-Token"
    assert token_refusal([("x-auth-token", "MIIabd")], Token("MIIabc")) == "the token is not the one that is taken here"
    assert token_refusal([("x-auth-token", "MIIabc"), ("X-Auth-Token", "MIIabd")], Token("MIIabc")) is not None


def test_no_representation_holds_a_secret() -> None:
    said = json.dumps([repr(TEMPORARY), repr(Token("MIIabc")), str(TEMPORARY)])
    assert KEYS.secret_key not in said
    assert "EXAMPLESECURITYTOKEN" not in said
    assert "MIIabc" not in said
