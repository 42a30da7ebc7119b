from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgtui.sessions.redaction.forms import may_name
from fgtui.sessions.redaction.keys import SecretKeys
from fgtui.sessions.redaction.redactor import PLACEHOLDER, Redactor
from fgtui.sessions.redaction.text import _SHAPES, BASE64_RUN, gate, may_be_base64, may_name_secret, named

REDACTOR = Redactor(salt=b"0123456789abcdef")
JWT = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl"
IAM = "MIIDkgYJKoZIhvcNAQcCoIIDgzCCA38CAQExDTALBglghkgBZQMEAgEwggHlBgkqhkiG9w0BBwGgggHW"
PEM = "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA7\nabc+/=\n-----END RSA PRIVATE KEY-----"


def redacted(text: str) -> str:
    """``text`` redacted, its placeholders as ``#``."""
    return PLACEHOLDER.sub("#", REDACTOR.text(text))


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f"a {JWT} b", "a # b"),
        ("user%5Bpassword%5D=hunter2&x=1", "user%5Bpassword%5D=#&x=1"),
        ("/p?session+id=abc123&api%20key=k&page%5Bnext_token%5D=n", "/p?session+id=#&api%20key=#&page%5Bnext_token%5D=n"),
        ("a=1&%E5%AF%86%E7%A0%81=hunter2", "a=1&%E5%AF%86%E7%A0%81=#"),
        ("password[]=a1&password%5B%5D=b2&x[]=c", "password[]=#&password%5B%5D=#&x[]=c"),
        ("payload=%7B%22token%22%3A+%22a%5C%22b%22%2C%22n%22%3A1%7D&x=2", "payload=%7B%22token%22%3A+%22#%22%2C%22n%22%3A1%7D&x=2"),
        ('-x\r\nContent-Disposition: form-data; name="password"\r\n\r\na b\r\n--x--', '-x\r\nContent-Disposition: form-data; name="password"\r\n\r\n#\r\n--x--'),
        ('Authorization: Digest username="bob", realm="x", response="0f0f"\nHost: h', "Authorization: #\nHost: h"),
        ('Cookie: a="x y"; sid=hunter2\nHost: h', "Cookie: #\nHost: h"),
        ('curl -H "Authorization: Basic dXNlcjE6cGFzcw=" -d "x=1"', 'curl -H "Authorization: #" -d "x=1"'),
        (f"-----BEGIN PUBLIC KEY-----\n{IAM}\n-----END PUBLIC KEY-----", f"-----BEGIN PUBLIC KEY-----\n{IAM}\n-----END PUBLIC KEY-----"),
        (f"jwe {JWT}.x.y", "jwe #"),
        (f"got {IAM}", "got #"),
        (f"x={IAM}==, y", "x=#, y"),
        (f"key:\n{PEM}\nrest", "key:\n#\nrest"),
        (f"{PEM}\n{PEM}", "#\n#"),
        ("-----BEGIN OPENSSH PRIVATE KEY-----\nabc", "#"),
        ("-----BEGIN PRIVATE KEY-----\\nabc\\n-----END PRIVATE KEY-----\\n", "#\\n"),
        ("Bearer abc123", "Bearer #"),
        ("scheme bearer AbCdEf", "scheme bearer #"),
        ("Basic dXNlcjE6cGFzc3dvcmQ=", "Basic #"),
        ("SDK-HMAC-SHA256 Access=AK1, SignedHeaders=a;b, Signature=0f0f", "SDK-HMAC-SHA256 #"),
        ("AWS4-HMAC-SHA256 Credential=AK/x, Signature=0f, end", "AWS4-HMAC-SHA256 #, end"),
        ("postgres://user:pass@host/db", "postgres://user:#@host/db"),
        ("redis://:p@ss:word@host", "redis://:#@host"),
        ("https://b.obs.com/k?AccessKeyId=AK&Expires=1&Signature=a%2Fb", "https://b.obs.com/k?AccessKeyId=#&Expires=1&Signature=#"),
        ("?X-Amz-Credential=AK%2Fx&X-Amz-Signature=0f&X-Amz-Date=2", "?X-Amz-Credential=#&X-Amz-Signature=#&X-Amz-Date=2"),
        ("https://x.blob/y?sv=1&sig=abc%3D", "https://x.blob/y?sv=1&sig=#"),
        ("AKIAIOSFODNN7EXAMPLE", "#"),
        ("key-HPUAABCDEFGHIJKLMNOP.", "key-#."),
        ("ghp_0123456789abcdefghijABCDEFGHIJ012345", "#"),
        ("use sk-proj-0123456789abcdefghij now", "use # now"),
        ("xoxb-1234567890-abcdef glpat-0123456789abcdefghij", "# #"),
        ("password=hunter2 user=x", "password=# user=x"),
        ("password: hunter2, user: x", "password: #, user: x"),
        ("--password=hunter2", "--password=#"),
        ("DB_PASSWORD = hunter2", "DB_PASSWORD = #"),
        ("a.b.token=>x", "a.b.token=>#"),
        ('{"token": "a b", "x": 1', '{"token": "#", "x": 1'),
        ("{'token': 'it\\'s', 'x': 1}", "{'token': '#', 'x': 1}"),
        ("{'token': b'raw', 'x': 1}", "{'token': b'#', 'x': 1}"),
        (r'INFO {\"token\": \"a\", \"x\": \"b\"}', r'INFO {\"token\": \"#\", \"x\": \"b\"}'),
        (r"{\\\"token\\\":\\\"a\\\"}", r"{\\\"token\\\":\\\"#\\\"}"),
        ("token='never closed\nnext", "token='#\nnext"),
        ('secrets: ["a", "b"] x', "secrets: # x"),
        ("password=“a b” x; token: «c d»; 密码：「e f」，x", "password=# x; token: #; 密码：#，x"),
        ("password=$\"a b\" token=@'c d' x", "password=$\"#\" token=@'#' x"),
        ("token = SecretStr('abc')", "token = #"),
        ("Authorization: Basic abc\nHost: x", "Authorization: #\nHost: x"),
        ("curl -H 'Authorization: Bearer abc' -H 'Host: x'", "curl -H 'Authorization: #' -H 'Host: x'"),
        ("Cookie: a=b; c=d\r\nHost: x", "Cookie: #\r\nHost: x"),
        ("X-Auth-Token: Bearer abc def", "X-Auth-Token: # def"),
        ("secret access key: abc", "secret access key: #"),
        ("ak=A1 sk=S1", "ak=# sk=#"),
        ("user=x&password=a%20b&go=1", "user=x&password=#&go=1"),
        ("密码password=abc，", "密码password=#，"),
        ("user_data: x", "user_data: #"),
        ("密码：abc，用户：x", "密码：#，用户：x"),
        ("DB密码 = abc；访问密钥: x。", "DB密码 = #；访问密钥: #。"),
        ("您的密码是：abc，请", "您的密码是：#，请"),
        ("/go?to=https%3A%2F%2Fh%3Ftoken%3Dabc%2Fd%26x%3D1&y=2", "/go?to=https%3A%2F%2Fh%3Ftoken%3D#%26x%3D1&y=2"),
        ("{'x': 'y', 'authorization': ['Bearer abc']}", "{'x': 'y', 'authorization': #}"),
        ("[password] => abc", "[password] => #"),
        (":password=>'abc', map[token:abc user:x]", ":password=>'#', map[token:# user:x]"),
        ("tokens: [a, b] x", "tokens: # x"),
        ("access_tokens: abc", "access_tokens: #"),
        ("passwords=a,b", "passwords=#,b"),
        ("> X-Auth-Token: abc\n< X-Subject-Token: d", "> X-Auth-Token: #\n< X-Subject-Token: #"),
        ("{password=abc, x=1}", "{password=#, x=1}"),
        ("{X-Auth-Token=[abc], y=1}", "{X-Auth-Token=#, y=1}"),
        ("key: '-----BEGIN RSA PRIVATE KEY-----\\\\nMIIabc\\\\n-----END RSA PRIVATE KEY-----'", "key: '#'"),
        ("https://h/?access_token=abc&x=1&appcode=y", "https://h/?access_token=#&x=1&appcode=#"),
    ],
)  # fmt: skip
def test_a_secret_in_text_goes_and_the_rest_stays(text: str, kept: str) -> None:
    assert redacted(text) == kept


@pytest.mark.parametrize(
    "text",
    [
        "token_count=12 next_token: abc max_tokens=5 task=x disk: 5 mask=1 author: me monkey=x",
        "checksum d41d8cd98f00b204e9800998ecf8427e",
        "sha256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "request 7f1c0a52-2f0a-4c0e-8f3a-0123456789ab",
        "token: null password=None secret = true cookie:",
        "password=***",
        "Access denied for user 'x' (using password: YES)",
        "tokens=12 max_tokens: 5 prompt_tokens: 7 密码强度: high 公钥: x",
        "docker run -u 1000:1000; curl -u me https://h:80; --token-file /x --password-stdin x --no-password",
        "('password', 'token') fields=['password', 'token'] {'name': 'password'} <password/> <password></password>",
        "{'name': 'City', 'value': 'x'} <user>password</user> login a user b",
        "password:\nnext: |\n  x",
        "Basic authentication failed; Bearer token expected",
        "Token::parse failed",
        "see https://user@host/path and mailto:a@b",
        "-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBaMQswCQYDVQQGEwJJ\n-----END CERTIFICATE-----",
        "-----BEGIN PUBLIC KEY-----\nMFwwDQYJKoZIhvcNAQEBBQADSwAwSAJB\n-----END PUBLIC KEY-----",
        "SDK-HMAC-SHA256\n20260102T030405Z",
        "eyJ is how it starts",
        'token: {"_data": "825D8C2F4D0000001529295A100474039A3412A64BA89041DC"}',
        "the password is not here, nor a token",
        "2026-03-17T10:13:22Z 7f1c0a52 INFO processed 12",
    ],
)
def test_what_is_no_secret_stays(text: str) -> None:
    assert REDACTOR.text(text) == text


def test_truncated_keys_do_not_swallow_what_follows_another() -> None:
    head = "-----BEGIN PRIVATE KEY-----\nabc\n"
    certificate = "-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----"
    assert redacted(head + "!? kept " + certificate) == "#!? kept " + certificate


HOSTILE = [
    'form-data; name="pwd"\r\n\r\n', "%22token%22%3A%22%5C%22", "&token%5D=", 'Cookie: a="', 'Authorization: Digest a="b", ',
    "-----BEGIN PRIVATE KEY-----a-", "-----BEGIN PRIVATE KEY-----", "-----BEGIN A PRIVATE KEY-----x\n", "-----END ", "eyJ", "eyJa.", "eyJa-", "MII", "MIIa_",
    "Bearer ", "basic a", "://", "://a:b@", "://a@b", "password", "password=", "password='", 'password="', 'password=\\"',
    "password=[", "password=a(", "Authorization: ", "token:token:", "secret access ", "a.", "a-", "ghp_", "sk-", "SG.a",
    "-HMAC-SHA256 a=b", "-HMAC-SHA256 a=b,", "A", "aB", "{", "[", '"', "\\", '\\"', '{"a":', '["password",', "[[", "ak ",
    '"password": [\n', '{"a":{\n', '[1,\n[\n"x",\n', '"a" {\n', 'x {"password":"y"}\n', "cookie=a;", "\\u0070", "AAAA", "AAAA\n", "=", "= ", "xoxb-", "é", "--password ", "--password x ", "<password>", "<password>a", "<password><![CDATA[", "<password a",
    "name='token", "name: 'token', value: ", "value:'a', name:", "value: 'a", "[('token', ", "(['token','a'],", "curl -u a:", "curl --user 'a:b ",
    "login a password ", "login ", "password: |\n a\n", "password:\n- a\n", " password: >\n", "密码：", "密码：「", "password=“", 'password=$"', "密码", "密", "token%3Da%", "token%3D%26", "[token]", "\\u5bc6\\u7801:", "key='a'>",
]  # fmt: skip


ENCODINGS = [
    lambda text: text,
    json.dumps,
    lambda text: json.dumps({"a": json.dumps([text])}),
    lambda text: json.dumps({"a": text}, ensure_ascii=False).replace("/", "\\/"),
    lambda text: json.dumps(f"\n{text}\t"),
    lambda text: "".join(f"\\u{ord(character):04x}" for character in text),
]
fragments = st.sampled_from(
    [*HOSTILE, JWT, IAM, "%5Btoken%5D=a", "%22pwd%22%3Aa", "%E5%AF%86%E7%A0%81=a", "PaSsWoRd", "userAK", "x-cff-a-key", "api-key", "=", ": ", "x", "\n", "SG." + "a" * 16 + "." + "b" * 16, "ghp_" + "a" * 20]
)  # fmt: skip


@given(st.lists(fragments, max_size=5).map("".join), st.sampled_from(ENCODINGS))
def test_the_quick_look_never_misses_what_the_close_one_finds(text: str, encode: Callable[[str], str]) -> None:
    keys = SecretKeys()
    seen = gate(encode(text), keys)
    assert {shape for shape in _SHAPES if any(True for _ in shape.find(text))} <= set(seen.shapes)
    assert seen.names or not list(named(text, keys))
    assert (may_name(text) and may_name_secret(text, keys)) or not list(named(text, keys))
    assert seen.layers or not any(may_be_base64(run) for run in BASE64_RUN.findall(text))


@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_text_takes_no_time_to_speak_of(piece: str) -> None:
    # Quadratic would be minutes for each; the test run's own patience is the guard.
    for text in (piece * (100_000 // len(piece)), "password " + piece * (100_000 // len(piece)) + "\x00"):
        assert isinstance(REDACTOR.text(text), str)
