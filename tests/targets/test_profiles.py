"""Profiles: how a function is reached and as whom, made of settings; nothing is fetched before the first call."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fgtui import config
from fgtui.errors import ConfigError
from fgtui.invoke.credential_sources.kept import secrets_of
from fgtui.invoke.http.transport import Transport
from fgtui.invoke.model import Profile
from fgtui.invoke.urns import Urn, parse
from fgtui.targets.profiles import Means, profile_for_region, profile_of
from fgtui.words import say
from tests.invoke.http_servers import AUTHORITY, answer, serving

URN = parse("urn:fss:cn-north-4:0123456789abcdef:function:default:demo")
KEYS = {"FG_AK": "FGTUIEXAMPLEAK000001", "FG_SK": "hunter2-secret"}
OWN_KEYS = "access_key = '${env:FG_AK}'\nsecret_key = '${env:FG_SK}'\n"


def no_transport() -> Transport:
    raise AssertionError("nobody asked for the network")


def means(
    environment: Mapping[str, str] = KEYS, transport: object = no_transport, heard: list[str] | None = None
) -> Means:
    return Means(
        environment, transport, ([] if heard is None else heard).append, lambda: datetime(2026, 1, 2, tzinfo=UTC)
    )


def profile(
    folder: Path, text: str, environment: Mapping[str, str] = KEYS, *, urn: Urn | None = URN, **more: object
) -> Profile:
    (folder / "fgtui.toml").write_text(f"[profiles.prod]\n{text}")
    settings = config.load(folder, {"FGTUI_HOME": str(folder / "home")})
    return profile_of(settings.profiles["prod"], means(environment, **more), urn=urn)


def refused(folder: Path, text: str, environment: Mapping[str, str] = KEYS, *, urn: Urn | None = URN) -> str:
    with pytest.raises(ConfigError) as error:
        profile(folder, text, environment, urn=urn)
    raised = error.value
    words = say(f"{raised.message} | {raised.hint}", raised.values).replace(f"{folder}/", "")
    assert "hunter2" not in words
    return words


def test_a_profile_says_where_and_as_whom(tmp_path: Path) -> None:
    heard: list[str] = []
    made = profile(
        tmp_path,
        f"{OWN_KEYS}endpoint = 'https://fg.example:8443/'\nproject = 'p'\nguard = true\nca_file = 'ca.pem'",
        heard=heard,
    )
    assert (made.name, made.endpoint, made.project_id, made.guard) == ("prod", "https://fg.example:8443", "p", True)
    assert made.ca_file == tmp_path / "ca.pem"
    assert str(made.credentials.identity) == "AK FGTU…0001 from FG_AK"
    assert heard == []
    assert secrets_of(made.credentials.get()) == list(KEYS.values())
    assert heard == list(KEYS.values())
    assert "hunter2" not in repr(made)


def test_the_function_tells_the_endpoint_that_is_left_out(tmp_path: Path) -> None:
    assert profile(tmp_path, OWN_KEYS).endpoint == "https://functiongraph.cn-north-4.myhuaweicloud.com"
    telekom = parse("urn:fss:eu-de:0123:function:default:demo")
    assert profile(tmp_path, OWN_KEYS, urn=telekom).endpoint == "https://functiongraph.eu-de.otc.t-systems.com"


def test_no_host_is_guessed(tmp_path: Path) -> None:
    nowhere = parse("urn:fss:mars-1:0123:function:default:demo")
    assert refused(tmp_path, OWN_KEYS, urn=nowhere) == (
        "nobody has said where the region mars-1 is; no host is guessed | "
        "name its endpoint in a profile, [profiles.NAME], and call with --profile NAME"
    )
    with pytest.raises(ConfigError, match="mars-1"):
        profile_for_region("mars-1", means())
    assert refused(tmp_path, OWN_KEYS, urn=None).startswith(
        "fgtui.toml:2: profile prod names no endpoint, and no function says its region"
    )


def test_an_endpoint_may_be_a_reference_and_is_judged_when_it_is_known(tmp_path: Path) -> None:
    text = OWN_KEYS + "endpoint = '${env:FG_URL}'"
    assert profile(tmp_path, text, {**KEYS, "FG_URL": "https://fg.example"}).endpoint == "https://fg.example"
    assert refused(tmp_path, text).startswith("profiles.prod.endpoint takes FG_URL from the environment")
    clear = {**KEYS, "FG_URL": "http://fg.example"}
    assert "profiles.prod.endpoint: http://fg.example would carry credentials in clear" in refused(
        tmp_path, text, clear
    )
    password = {**KEYS, "FG_URL": "https://me:hunter2@fg.example"}
    assert "leave out the name and password" in refused(tmp_path, text, password)


@pytest.mark.parametrize(
    ("text", "environment", "identity", "credentials"),
    [
        pytest.param("token = '${env:T}'", {"T": "MIIabc"}, "token from T", ["MIIabc"], id="token"),
        pytest.param(
            OWN_KEYS + "security_token = '${env:T}'",
            {**KEYS, "T": "st"},
            "AK FGTU…0001 (temporary) from FG_AK",
            [*KEYS.values(), "st"],
            id="temporary",
        ),
        pytest.param(
            "credential_file = 'keys'",
            {},
            "AK FGTU…0002 from FOLDER/keys",
            ["FGTUIEXAMPLEAK000002", "sk"],
            id="file",
        ),
        pytest.param(
            "credential_command = ['cat', 'keys.json']",
            {"PATH": "/usr/bin:/bin"},
            "token from the command cat",
            ["MIIabc"],
            id="command",
        ),
        pytest.param(
            "guard = true",
            {"HUAWEICLOUD_SDK_AK": "FGTUIEXAMPLEAK000003", "HUAWEICLOUD_SDK_SK": "sk"},
            "AK FGTU…0003 from HUAWEICLOUD_SDK_AK",
            ["FGTUIEXAMPLEAK000003", "sk"],
            id="nothing-named",
        ),
    ],
)
def test_each_way_to_say_who_calls(
    tmp_path: Path, text: str, environment: dict[str, str], identity: str, credentials: list[str]
) -> None:
    (tmp_path / "keys").write_text("[basic]\nak = FGTUIEXAMPLEAK000002\nsk = sk\nproject_id = of-the-file\n")
    (tmp_path / "keys").chmod(0o600)
    (tmp_path / "keys.json").write_text('{"token": "MIIabc"}')
    source = profile(tmp_path, text, environment).credentials
    assert secrets_of(source.get()) == credentials
    assert str(source.identity).replace(str(tmp_path), "FOLDER") == identity


def test_the_project_is_the_settings_then_the_functions_then_that_of_the_keys(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("[basic]\nak = a\nsk = b\nproject_id = of-the-file\n")
    text = "credential_file = 'keys'\nendpoint = 'https://fg.example'\n"
    assert profile(tmp_path, text + "project = 'own'", urn=None).project_id == "own"
    assert profile(tmp_path, text).project_id is None  # the URN says it
    assert profile(tmp_path, text, urn=None).project_id == "of-the-file"


def test_without_a_profile_it_is_the_regions_endpoint_as_whoever_the_sdk_would_be() -> None:
    environment = {"HUAWEICLOUD_SDK_AK": "FGTUIEXAMPLEAK000003", "HUAWEICLOUD_SDK_SK": "sk"}
    made = profile_for_region("cn-north-4", means(environment))
    assert (made.name, made.guard) == ("", False)
    assert made.endpoint == "https://functiongraph.cn-north-4.myhuaweicloud.com"
    assert secrets_of(made.credentials.get()) == ["FGTUIEXAMPLEAK000003", "sk"]


IAM = "iam_user = 'me'\niam_domain = '${env:ACME}'\niam_password = '${env:FG_PW}'\n"


def test_a_user_of_iam_gets_tokens_for_the_functions_project(tmp_path: Path) -> None:
    transport, heard = Transport(), []
    environment = {"FG_PW": "hunter2-password", "ACME": "acme"}
    with serving(answer(201, b"{}", (("X-Subject-Token", "MIIabc"),))) as server:
        text = f"{IAM}iam_endpoint = '{server.url}'"
        made = profile(tmp_path, text, environment, transport=lambda: transport, heard=heard)
        assert str(made.credentials.identity) == f"user me of acme, by 127.0.0.1:{server.port}"
        assert secrets_of(made.credentials.get()) == ["MIIabc"]
    transport.close()
    assert heard == ["hunter2-password", "MIIabc"]
    asked = json.loads(server.requests[0].body)["auth"]
    assert asked["scope"] == {"project": {"id": "0123456789abcdef"}}
    assert asked["identity"]["password"]["user"]["domain"] == {"name": "acme"}


def test_a_password_goes_to_no_iam_in_clear_however_its_address_is_spelled(tmp_path: Path) -> None:
    environment = {"FG_PW": "hunter2-password", "ACME": "acme", "IAM_URL": "http://iam.example"}
    said = refused(tmp_path, IAM + "iam_endpoint = '${env:IAM_URL}'", environment)
    assert said.startswith("profiles.prod.iam_endpoint: http://iam.example would carry credentials in clear")


def test_the_profiles_authorities_vouch_for_iam_too(tmp_path: Path) -> None:
    transport = Transport()
    issued = answer(201, b"{}", (("X-Subject-Token", "MIIabc"),))
    with serving(issued, tls="loopback") as server:
        text = f"{IAM}iam_endpoint = '{server.url}'\nca_file = '{AUTHORITY}'"
        made = profile(tmp_path, text, {"FG_PW": "x", "ACME": "acme"}, transport=lambda: transport)
        assert secrets_of(made.credentials.get()) == ["MIIabc"]
    transport.close()


def test_iam_is_beside_the_endpoint_where_that_tells(tmp_path: Path) -> None:
    environment = {"FG_PW": "x", "ACME": "acme"}
    made = profile(tmp_path, IAM, environment)
    assert str(made.credentials.identity) == "user me of acme, by iam.cn-north-4.myhuaweicloud.com"
    said = refused(tmp_path, IAM + "endpoint = 'https://fg.example'", environment)
    assert said == (
        "fgtui.toml:2: profile prod does not say where IAM is, and its endpoint does not tell | "
        'iam_endpoint = "https://iam.REGION.myhuaweicloud.com"'
    )
    assert "takes ACME from the environment" in refused(tmp_path, IAM, {"FG_PW": "x"})


@pytest.mark.parametrize("key", ["endpoint", "project", "iam_endpoint"])
def test_a_secret_becomes_no_part_of_what_is_shown_or_of_an_address(tmp_path: Path, key: str) -> None:
    iam = "iam_user = 'u'\niam_domain = 'd'\niam_password = '${env:P}'\n" if key == "iam_endpoint" else ""
    host = "https://${env:HUAWEICLOUD_SDK_SK}.example" if key != "project" else "${env:HUAWEICLOUD_SDK_SK}"
    with pytest.raises(ConfigError) as error:
        profile(tmp_path, f"{iam}{key} = '{host}'")
    words = say(error.value.message, error.value.values)
    assert words == (
        f"profiles.prod.{key} takes HUAWEICLOUD_SDK_SK, a secret by its name, which would be shown to everybody"
    )


@pytest.mark.parametrize("project", ["a\\r\\nX: y", "\\u0000", "..", "a/b", "x" * 129, "\u5317\u4eac"])
def test_a_project_that_could_be_no_project_s_id_is_refused_in_words(tmp_path: Path, project: str) -> None:
    words = refused(tmp_path, f'endpoint = "https://fg.example"\nproject = "{project}"')
    assert words.startswith("fgtui.toml:2: profile prod has '")
    assert "for its project, which is no id of one" in words
