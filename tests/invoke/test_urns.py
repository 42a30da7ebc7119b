"""URNs of functions, in every spelling the service takes."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fgtui.errors import TargetError
from fgtui.invoke.urns import Urn, looks_like_urn, parse
from tests.invoke.deployed import PROJECT

DEMO = Urn("cn-north-4", PROJECT, "default", "demo")


@pytest.mark.parametrize(
    ("spelled", "version"),
    [
        (f"urn:fss:cn-north-4:{PROJECT}:function:default:demo", "latest"),
        (f"urn:fss:cn-north-4:{PROJECT}:function:default:demo:latest", "latest"),
        (f"urn:fss:cn-north-4:{PROJECT}:function:default:demo:v1.2", "v1.2"),
        (f"urn:fss:cn-north-4:{PROJECT}:function:default:demo:!prod", "!prod"),
        (f" URN:FSS:cn-north-4:{PROJECT}:function:default:demo ", "latest"),
        (f"urn%3Afss%3Acn-north-4%3A{PROJECT}%3Afunction%3Adefault%3Ademo%3A%21prod", "!prod"),
        (f"urn%3afss%3acn-north-4%3a{PROJECT}%3afunction%3adefault%3ademo", "latest"),
        ("demo", "latest"),
        ("default:demo", "latest"),
        (f"{PROJECT}:default:demo", "latest"),
        (f"{PROJECT}:default:demo:!prod", "!prod"),
    ],
)
def test_every_spelling_of_the_service_names_the_same_function(spelled: str, version: str) -> None:
    assert parse(spelled, region="cn-north-4", project_id=PROJECT) == Urn(
        "cn-north-4", PROJECT, "default", "demo", version
    )


@pytest.mark.parametrize("spelled", ["theirs:default:demo", "theirs:default:demo:v1"])
def test_a_project_that_is_spelled_wins_over_the_one_that_is_known(spelled: str) -> None:
    assert parse(spelled, region="cn-north-4", project_id=PROJECT).project_id == "theirs"
    assert parse(spelled, region="cn-north-4").project_id == "theirs"


@pytest.mark.parametrize(
    ("spelled", "words"),
    [
        ("", "its function is empty"),
        ("urn:", "the URN of something else"),
        ("urn:smn:cn-north-4:p:topic", "the URN of something else"),
        ("urn:fss:cn-north-4:p:trigger:default:demo", "'trigger' stands where"),
        ("urn:fss:cn-north-4:p:function:demo", "names no package"),
        ("urn:fss:cn-north-4:p", "has 4 parts"),
        ("urn:fss:cn-north-4:p:function:default:demo:latest:more", "has 9 parts"),
        ("urn:fss::p:function:default:demo", "its region is empty"),
        ("urn:fss:cn-north-4::function:default:demo", "its project is empty"),
        ("urn:fss:cn-north-4:p:function:default:", "its function is empty"),
        ("urn:fss:cn-north-4:p:function:default:demo:", "its version is empty"),
        ("urn:fss:cn-north-4:p:function:default:demo:!", "'!' is no version"),
        ("urn:fss:cn-north-4:p:function:default:de mo", "'de mo' is no function"),
        ("urn:fss:cn-north-4:p:function:default:demo/../x", "is no function"),
        ("urn:fss:cn-north-4:<project>:function:default:demo", "'<project>' is no project"),
        ("urn:fss:cn-north-4:p:function:default:演示", "is no function"),
        ("urn:fss:cn-north-4:p:function:default:demo\x1b[2J", "is no function"),
        ("a:b:c:d:e", "is no function's URN"),
    ],
)
def test_what_is_no_functions_urn_says_which_part_is_wrong(spelled: str, words: str) -> None:
    with pytest.raises(TargetError) as raised:
        parse(spelled, region="cn-north-4", project_id=PROJECT)
    assert words in str(raised.value)


def test_a_forgotten_package_is_proposed() -> None:
    with pytest.raises(TargetError) as raised:
        parse(f"urn:fss:cn-north-4:{PROJECT}:function:demo")
    assert raised.value.values["meant"] == f"urn:fss:cn-north-4:{PROJECT}:function:default:demo"


@pytest.mark.parametrize(("region", "project", "what"), [(None, "p", "region"), ("cn-north-4", None, "project")])
def test_a_short_spelling_says_what_nobody_has_said(region: str | None, project: str | None, what: str) -> None:
    with pytest.raises(TargetError) as raised:
        parse("demo", region=region, project_id=project)
    assert f"does not say the {what}" in str(raised.value)


_part = st.from_regex(r"[A-Za-z0-9_-]{1,20}", fullmatch=True)


@settings(max_examples=30)
@given(_part, _part, _part, _part, st.booleans(), _part)
def test_what_is_spelled_out_reads_back(  # noqa: PLR0917
    region: str, project: str, package: str, function: str, is_alias: bool, version: str
) -> None:
    urn = Urn(region, project, package, function, f"!{version}" if is_alias else version)
    assert parse(str(urn)) == urn


@settings(max_examples=30)
@given(st.text(max_size=60))
def test_whatever_is_typed_is_a_urn_or_an_error_in_words(text: str) -> None:
    try:
        found = parse(text, region="r", project_id="p")
    except TargetError:
        return
    assert parse(str(found)) == found


def test_only_the_long_spelling_is_known_by_its_looks() -> None:
    assert looks_like_urn(str(DEMO))
    assert not looks_like_urn("default:demo")
