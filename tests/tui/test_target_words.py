"""What the screen says of a target: enough to be sure of it, nothing secret, and the same before it is looked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from fgtui.config import load
from fgtui.invoke.model import HttpTarget
from fgtui.tui.target_words import called, choice_words, expected_words, host_of, spec_words, whereabouts, words_of
from tests.tui.remote_targets import PROJECT, a_remote_target

SETTINGS = f"""\
[targets.production]
urn = "urn:fss:cn-north-4:{PROJECT}:function:photos:thumbnail:!prod"
profile = "prod"
timeout_s = 30
[profiles.prod]
endpoint = "https://functiongraph.cn-north-4.myhuaweicloud.com"
guard = true
"""


def test_a_deployed_function_says_function_endpoint_project_and_identity() -> None:
    words = words_of(a_remote_target(version="!prod", package="photos", guard=True))
    assert words[:5] == ("production", "photos/thumbnail:!prod", None, 120.0, "remote")
    assert words[5:] == (
        "functiongraph.cn-north-4.myhuaweicloud.com",
        PROJECT,
        "keys of the environment (AKEX…)",
        True,
    )


def test_one_without_a_name_is_called_as_the_function_is() -> None:
    assert words_of(a_remote_target(name=None))[:2] == ("thumbnail:latest", "")


def test_an_endpoint_is_named_where_its_name_does_not_say_it() -> None:
    url = "https://user:geheim@api.example.com:8443/orders?x=1"
    assert words_of(HttpTarget(url, url, name="orders")).host == "api.example.com:8443"
    assert words_of(HttpTarget(url, url)).host == ""
    assert host_of("no url") == ""


def test_settings_alone_say_what_a_deployed_function_will_be(tmp_path: Path) -> None:
    (tmp_path / "fgtui.toml").write_text(SETTINGS)
    words = expected_words("production", load(tmp_path))
    assert words == words_of(a_remote_target(version="!prod", package="photos", guard=True))._replace(
        timeout_s=30.0, identity=""
    )
    spelled = expected_words(f"urn:fss:cn-north-4:{PROJECT}:function:default:thumbnail", load(tmp_path))
    assert spelled[:5] == ("thumbnail:latest", "", None, 120.0, "remote")


@pytest.mark.parametrize(
    ("url", "runtime"),
    [("http://127.0.0.1:8000/invoke", "container"), ("https://api.example.com/v1", ""), ("http://[", "")],
)
def test_a_server_is_a_container_where_its_path_says_so(tmp_path: Path, url: str, runtime: str) -> None:
    assert expected_words(url, load(tmp_path))[:5] == (url, runtime, None, 3.0, "http")
    (tmp_path / "fgtui.toml").write_text(f'[targets.shop]\nhandler = "{url}"\ntimeout_s = 9\n')
    words = expected_words("shop", load(tmp_path))
    assert (words.name, words.runtime, words.timeout_s, words.host) == ("shop", runtime, 9.0, host_of(url))
    assert words.memory_mb is None, "nobody here limits the memory of a server that runs elsewhere"


def test_a_urn_that_cannot_be_read_stands_as_it_is_until_it_is_looked_for(tmp_path: Path) -> None:
    assert expected_words("urn:fss:", load(tmp_path))[:5] == ("urn:fss:", "", None, 120.0, "remote")


@pytest.mark.parametrize(
    ("guard", "words"),
    [
        (False, "● thumbnail:latest · functiongraph.cn-north-4.myhuaweicloud.com · 120 s"),
        (True, "▲ GUARDED thumbnail:latest · functiongraph.cn-north-4.myhuaweicloud.com · 120 s"),
    ],
)
def test_the_list_names_function_and_endpoint_and_the_guard(guard: bool, words: str) -> None:
    assert choice_words(words_of(a_remote_target(guard=guard)), "") == words


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        (f"urn:fss:cn-north-4:{PROJECT}:function:default:thumbnail", "thumbnail:latest"),
        (f"urn:fss:cn-north-4:{PROJECT}:function:photos:thumbnail:!prod", "photos/thumbnail:!prod"),
        ("urn:fss:\x1b[31m", "urn:fss:\x1b[31m"),
        ("src/index.handler", "src/index.handler"),
        ("http://127.0.0.1:9080/orders", "127.0.0.1:9080/orders"),
        ("https://[", "["),
        ("", ""),
    ],
)
def test_a_recorded_function_is_called_as_it_differs_from_others(spec: str, words: str) -> None:
    assert spec_words(spec) == words


def test_a_sentence_has_a_target_s_name_and_no_whole_urn() -> None:
    assert called(a_remote_target()) == "production"
    assert called(a_remote_target(name=None)) == "thumbnail:latest"
    assert called(HttpTarget(spec="http://127.0.0.1:9/", url="http://127.0.0.1:9/")) == "http://127.0.0.1:9/"


def test_before_something_is_sent_everything_is_said_that_a_person_has_to_be_sure_of() -> None:
    assert list(whereabouts(a_remote_target(version="!prod"))) == [
        "function thumbnail, version !prod, package default",
        f"project {PROJECT}, region cn-north-4",
        "at functiongraph.cn-north-4.myhuaweicloud.com, called with keys of the environment (AKEX…)",
    ]
