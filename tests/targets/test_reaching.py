"""The profile, endpoint and project that a command needs to repeat a call of a deployed function."""

from __future__ import annotations

from pathlib import Path

import pytest

from fgtui.config import Settings, load
from fgtui.invoke.model import TargetSummary
from fgtui.sessions.export.http_calls import Reach
from fgtui.targets.reaching import reach_of

PROJECT = "0123456789abcdef0123456789abcdef"
URN = f"urn:fss:cn-north-4:{PROJECT}:function:default:demo:latest"
USUAL = "https://functiongraph.cn-north-4.myhuaweicloud.com"
ELSEWHERE = "https://functiongraph.eu-de.otc.t-systems.com"


def profiles(**endpoints: str) -> str:
    return "".join(f'[profiles.{name}]\nendpoint = "{endpoint}"\n' for name, endpoint in endpoints.items())


def settings_of(folder: Path, text: str) -> Settings:
    (folder / "fgtui.toml").write_text(text)
    return load(folder)


@pytest.mark.parametrize(
    ("text", "reach"),
    [
        ("", Reach()),
        (profiles(prod="https://fg.example.com/"), Reach("https://fg.example.com")),
        (profiles(prod="https://${env:FG}"), Reach("https://from.example.com")),
        (profiles(prod="https://${env:UNSET}"), Reach()),
        (profiles(prod=USUAL, otc=ELSEWHERE), Reach(USUAL, profile="prod")),
        (profiles(prod=USUAL, test=USUAL), Reach(profile=None)),
        (profiles(one=ELSEWHERE, otc=ELSEWHERE), Reach(profile=None)),
        (profiles(prod=USUAL) + '[profiles.other]\nproject = "' + "b" * 32 + '"\n', Reach(USUAL, profile="prod")),
    ],
    ids=["none", "one", "referred", "unset", "the-fitting", "two-fit", "none-fits", "another-project"],
)
def test_the_profile_that_reaches_it_is_the_only_one_that_could(tmp_path: Path, text: str, reach: Reach) -> None:
    settings = settings_of(tmp_path, text)
    assert reach_of(TargetSummary("remote", URN), None, settings, {"FG": "from.example.com"}) == reach


def test_a_target_of_the_settings_is_reached_by_its_own(tmp_path: Path) -> None:
    text = f'[targets.demo]\nurn = "{URN}"\nprofile = "test"\n' + profiles(prod=USUAL, test="https://test.example.com")
    settings = settings_of(tmp_path, text)
    assert reach_of(TargetSummary("remote", URN), "demo", settings, {}) == Reach("https://test.example.com")


def test_what_is_no_deployed_function_is_reached_as_it_is_spelled(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, profiles(prod=USUAL, test=USUAL))
    assert reach_of(TargetSummary("local", "src/index.handler"), None, settings, {}) == Reach()
