"""From a URN or a name of the settings to a deployed function: profile, region, project, consent and caution."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fgtui import config
from fgtui.errors import ConfigError, ConsentError, FgtuiError, TargetError, UsageError
from fgtui.invoke.model import RemoteTarget, TargetSummary, summary_of
from fgtui.invoke.urns import Urn
from fgtui.sessions.replay.caution import Caution
from fgtui.trust import Consents
from fgtui.workspace import Workspace, open_workspace
from tests.factories import an_exchange
from tests.invoke.deployed import PROJECT, URN

KEYS = {"HUAWEICLOUD_SDK_AK": "FGTUIEXAMPLEAK000001", "HUAWEICLOUD_SDK_SK": "fgtui-example-secret-key"}
PROFILE = """
[profiles.{name}]
endpoint = "{endpoint}"
access_key = "${{env:HUAWEICLOUD_SDK_AK}}"
secret_key = "${{env:HUAWEICLOUD_SDK_SK}}"
"""
CN_NORTH_4 = "https://functiongraph.cn-north-4.myhuaweicloud.com"

Open = Callable[..., Workspace]


def profile(name: str = "prod", endpoint: str = CN_NORTH_4, more: str = "") -> str:
    return PROFILE.format(name=name, endpoint=endpoint) + more


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Open]:
    """Opens a workspace whose settings are a person's own, or with ``project`` a project's."""
    made: list[Workspace] = []
    folder = tmp_path / "work"
    folder.mkdir()
    home = tmp_path / "home"
    environment = {"FGTUI_HOME": str(home), "PATH": os.environ["PATH"], **KEYS}

    def open_one(own: str = "", project: str | None = None, *, agreed: bool = True) -> Workspace:
        (home / "config").mkdir(parents=True, exist_ok=True)
        (home / "config" / "config.toml").write_text(own)
        if project is not None:
            (folder / "fgtui.toml").write_text(project)
        settings = config.load(folder, environment)
        if agreed and settings.project is not None:
            Consents(environment).give(settings.project, settings.claims, now=datetime.now(UTC))
        made.append(open_workspace(settings, environment=environment))
        return made[-1]

    yield open_one
    for workspace in made:
        workspace.close()


def remote(workspace: Workspace, spec: str | None = URN, **more: object) -> RemoteTarget:
    target = workspace.target(spec, **more)
    assert isinstance(target, RemoteTarget)
    return target


def test_a_urn_without_any_settings_goes_to_its_region_as_whoever_the_sdk_would_be(opened: Open) -> None:
    target = remote(opened())
    assert target.urn == Urn("cn-north-4", PROJECT, "default", "demo")
    assert target.profile.endpoint == CN_NORTH_4
    assert target.spec == URN
    assert (target.timeout_s, target.memory_mb, target.request_version, target.name) == (120.0, None, "v0", None)


@pytest.mark.parametrize(("region", "host"), [("eu-de", "otc.t-systems.com"), ("af-south-1", "myhuaweicloud.com")])
def test_each_clouds_regions_are_known(opened: Open, region: str, host: str) -> None:
    target = remote(opened(), URN.replace("cn-north-4", region))
    assert target.profile.endpoint == f"https://functiongraph.{region}.{host}"


def test_no_host_is_guessed_for_a_region_nobody_knows(opened: Open) -> None:
    with pytest.raises(ConfigError, match="no host is guessed"):
        remote(opened(), URN.replace("cn-north-4", "evil.example"))


def test_the_only_profile_is_used_one_of_several_has_to_be_named(opened: Open) -> None:
    one, two = profile("one", "https://one.example"), profile("two", "https://two.example")
    assert remote(opened(one)).profile.name == "one"
    both = opened(one + two)
    with pytest.raises(UsageError, match="which profile\\? the settings have 2: one, two"):
        remote(both)
    assert remote(both, profile="two").profile.endpoint == "https://two.example"


def test_a_profile_that_is_not_there_names_the_nearest(opened: Open) -> None:
    with pytest.raises(UsageError) as raised:
        remote(opened(profile("prod")), profile="prd")
    assert raised.value.values["nearest"] == "prod"


def test_a_target_of_the_settings_says_how_it_is_called_and_flags_go_before(opened: Open) -> None:
    settings = (
        profile("one", "https://one.example")
        + profile("two", "https://two.example")
        + f'[targets.live]\nurn = "{URN}"\nprofile = "one"\ntimeout_s = 9\nmemory_mb = 512\nrequest_version = "v1"\n'
    )
    workspace = opened(settings)
    target = remote(workspace, "live")
    assert (target.name, target.profile.name, target.timeout_s, target.memory_mb) == ("live", "one", 9, 512)
    assert (target.request_version, target.is_asynchronous) == ("v1", False)
    other = remote(workspace, "live", profile="two", timeout_s=4.0, memory_mb=128, is_asynchronous=True)
    assert (other.profile.name, other.timeout_s, other.memory_mb, other.is_asynchronous) == ("two", 4.0, 128, True)


def test_the_only_target_is_the_default_one(opened: Open) -> None:
    assert remote(opened(profile() + f'[targets.live]\nurn = "{URN}"\n'), None).name == "live"


@pytest.mark.parametrize(
    "spelled", ["demo", "default:demo", f"{PROJECT}:default:demo", f"{PROJECT}:default:demo:!prod"]
)
def test_a_short_spelling_takes_region_and_project_from_its_profile(opened: Open, spelled: str) -> None:
    settings = profile(more=f'project = "{PROJECT}"\n') + f'[targets.live]\nurn = "{spelled}"\n'
    target = remote(opened(settings), "live")
    assert (target.urn.region, target.urn.project_id, target.urn.function) == ("cn-north-4", PROJECT, "demo")
    assert target.spec == str(target.urn)


@pytest.mark.parametrize(
    "spelled", ["demo", "default:demo", f"{PROJECT}:default:demo:!prod", f"{PROJECT}:default:demo", f" {URN} "]
)
def test_beside_a_profile_a_short_spelling_needs_no_settings_of_its_own(opened: Open, spelled: str) -> None:
    target = remote(opened(profile(more=f'project = "{PROJECT}"\n')), spelled, profile="prod")
    assert (target.urn.region, target.urn.project_id, target.urn.function) == ("cn-north-4", PROJECT, "demo")


@pytest.mark.parametrize("spelled", ["demo", "default:demo:latest", URN])
def test_a_recorded_function_has_its_name_in_the_settings_however_that_spells_it(opened: Open, spelled: str) -> None:
    workspace = opened(
        profile(more=f'project = "{PROJECT}"\n')
        + f'[targets.live]\nurn = "{spelled}"\n[targets.canary]\nurn = "{URN.removesuffix(":latest")}:!canary"\n'
    )
    recorded = an_exchange(target=summary_of(remote(workspace, "live")))
    assert "--target live" in workspace.report(recorded, "cli")
    other = an_exchange(target=TargetSummary("remote", str(recorded.target.spec).replace("demo", "other")))
    assert "--target urn:fss:" in workspace.report(other, "cli")


def test_a_short_spelling_without_a_profile_says_what_is_missing(opened: Open) -> None:
    with pytest.raises(TargetError, match="does not say the region"):
        remote(opened("[targets.live]\nurn = 'demo'\n"), "live")


def test_a_urn_declared_as_a_handler_is_told_apart(opened: Open) -> None:
    with pytest.raises(TargetError, match="no handler on this machine"):
        opened(f"[targets.live]\nhandler = '{URN}'\n").target("live")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"environment": (("A", "b"),)}, "--env is set where"),
        ({"initializer": "index.init"}, "--initializer is set where"),
        ({"runtime": "python"}, "--runtime is set where"),
        ({"strict_context": True}, "--strict-context is set where"),
        ({"memory_mb": 200}, "a call cannot ask for 200 MB"),
    ],
)
def test_what_is_set_where_a_function_is_deployed_cannot_be_given_to_a_call(
    opened: Open, given: dict[str, object], words: str
) -> None:
    with pytest.raises(TargetError, match=words):
        remote(opened(), **given)


def test_settings_of_handlers_are_refused_for_a_deployed_one_in_the_settings_too(opened: Open) -> None:
    with pytest.raises(TargetError, match="--initializer is set where"):
        remote(opened(f'[targets.live]\nurn = "{URN}"\ninitializer = "index.init"\n'), "live")


@pytest.mark.parametrize(("given", "flag"), [({"is_asynchronous": True}, "--async"), ({"profile": "p"}, "--profile")])
@pytest.mark.parametrize("spec", ["index.handler", "http://127.0.0.1:8000/invoke", None])
def test_what_is_for_deployed_functions_is_refused_for_all_others(
    opened: Open, spec: str | None, given: dict[str, object], flag: str
) -> None:
    with pytest.raises(UsageError, match=f"{flag} is for deployed functions"):
        opened().target(spec, **given)


# Consent


@pytest.mark.parametrize("spec", ["live", URN])
def test_a_profile_of_a_project_wants_consent_however_the_function_is_spelled(opened: Open, spec: str) -> None:
    own = f'[targets.live]\nurn = "{URN}"\n'
    workspace = opened(own, profile("prod", "https://evil.example"), agreed=False)
    with pytest.raises(ConsentError):
        remote(workspace, spec)
    assert remote(opened(own, profile("prod", "https://mine.example")), spec).profile.endpoint == "https://mine.example"


def test_a_target_of_a_project_wants_consent_though_the_profile_is_a_persons_own(opened: Open) -> None:
    with pytest.raises(ConsentError):
        remote(opened(profile(), f'[targets.live]\nurn = "{URN}"\n', agreed=False), "live")


def test_what_a_person_spelled_and_settled_wants_none(opened: Open) -> None:
    assert remote(opened(profile(), "[targets.here]\nhandler = 'index.handler'\n", agreed=False)).profile.name == "prod"


# Caution


def test_one_event_may_go_many_are_asked_for_and_a_guarded_one_always_wants_its_name(opened: Open) -> None:
    workspace = opened(profile())
    assert [workspace.caution(remote(workspace), count) for count in (1, 2)] == [Caution.NONE, Caution.YES]
    guarded = opened(profile(more="guard = true\n"))
    assert [guarded.caution(remote(guarded), count) for count in (1, 2)] == [Caution.NAME, Caution.NAME]


def test_plain_http_away_from_this_machine_is_asked_for_each_time(opened: Open) -> None:
    workspace = opened()
    cautions = {
        url: [workspace.caution(workspace.target(url), count) for count in (1, 2)]
        for url in ("http://127.0.0.1:8000/invoke", "https://api.example.com/v1", "http://api.example.com/v1")
    }
    assert list(cautions.values()) == [
        [Caution.NONE, Caution.YES],
        [Caution.NONE, Caution.YES],
        [Caution.YES, Caution.YES],
    ]


def test_no_order_of_words_makes_anything_but_a_target_or_words(opened: Open) -> None:
    workspace = opened()
    for spec in (
        "urn:",
        "urn:fss",
        "URN:x",
        "urn:fss:\x1b[2J:p:function:default:f",
        "urn:" + "x:" * 1000,
        "urn:fss:" * 3,
    ):
        with pytest.raises(FgtuiError):
            workspace.target(spec)
