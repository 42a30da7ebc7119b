from __future__ import annotations

import pytest

from fgtui.sessions.redaction.keys import SecretKeys, is_secret_key, words


@pytest.mark.parametrize(
    "name",
    [
        "authorization", "Authorization", "Proxy-Authorization", "cookie", "Set-Cookie", "token", "X-Auth-Token",
        "x-security-token", "x-subject-token", "accessToken", "id_token", "password", "DB_PASSWORD", "userPassword1",
        "mysql.password", "passwd", "pwd", "userPWD", "secret", "client_secret", "securitySecretKey", "credential",
        "AWSCredentials", "signature", "X-Amz-Signature", "accessKey", "AccessKeyId", "secret_key", "private-key",
        "apiKey", "APIKey", "X-API-KEY", "ak", "AK", "sk", "HUAWEICLOUD_SDK_AK", "HUAWEICLOUD_SDK_SK", "userSk",
        "appcode", "X-Apig-AppCode", "app_code", "session_id", "sessionId", "JSESSIONID", "X-CFF-Auth-Token",
        "X-Cff-Access-Key", "x-cff-security-secret-key", "x-cff-anything-key", "user_data", "userData", "PASSWORD",
        "dbpassword", "secretName", "tokens", "accessTokens", "refresh_tokens", "apiKeys", "passwords", "sessionIds",
        "passWord", "PaSsWoRd", "pass_word", "AcCeSsKeY", "csrftoken",
        "密码", "用户密码", "口令", "令牌", "访问密钥", "密碼", "凭证", "db_密码",
    ],
)  # fmt: skip
def test_a_name_that_means_a_secret(name: str) -> None:
    assert is_secret_key(name)


@pytest.mark.parametrize(
    "name",
    [
        "token_count", "tokenCount", "task", "disk", "mask", "max_tokens", "next_token", "NextToken", "author",
        "monkey", "key", "keys", "name", "partition_key", "skill", "sk_name", "ak-region", "basket", "md5", "eTag",
        "sha256", "requestId", "x-amz-request-id", "X-Cff-Request-Id", "user", "user_name", "data", "user_event", "session",
        "sessionContext", "code", "statusCode", "application", "access", "accessTime", "id", "", "-", "123", "公钥", "密码强度", "令牌数量", "验证码",
        "total_tokens", "promptTokens", "NextTOKEN", "tokenizer", "compassWords", "bypass_words",
        "sequence_number", "x-cff-key-name",
    ],
)  # fmt: skip
def test_a_name_that_means_none(name: str) -> None:
    assert not is_secret_key(name)


def test_an_exempt_pair_exempts_nothing_else() -> None:
    assert is_secret_key("next_token_secret")
    assert is_secret_key("token_next")


def test_a_project_adds_its_own_names() -> None:
    keys = SecretKeys(["x-internal-token", "ssn", "pinCode", "--"])
    assert all(name in keys for name in ("SSN", "customerSsn", "pin_code", "X-Internal-Token", "password"))
    assert not any(name in keys for name in ("pin", "code", "pins_code", "session"))


def test_words_are_split_at_signs_and_humps() -> None:
    assert words("X-AuthToken_v2.HTTPHeader") == ("x", "auth", "token", "v", "http", "header")


def test_a_name_of_any_length_is_judged() -> None:
    assert is_secret_key("x" * 100_000 + "_password")
    assert not is_secret_key("A" * 100_000)
