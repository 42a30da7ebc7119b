"""Where a region's services are, and where credentials may be sent."""

from __future__ import annotations

import pytest
from huaweicloudsdkfunctiongraph.v2.region.functiongraph_region import FunctionGraphRegion

from fgtui.errors import TargetError
from fgtui.invoke.service.endpoints import HUAWEI_CLOUD, OPEN_TELEKOM_CLOUD, endpoint, iam_beside, of_region, region_of


def test_the_official_sdk_knows_the_same_regions_at_the_same_hosts() -> None:
    theirs = {name: each.endpoints[0] for name, each in FunctionGraphRegion.static_fields.items()}
    assert {region: of_region(region) for region in HUAWEI_CLOUD} == theirs


def test_open_telekom_cloud_has_hosts_of_its_own() -> None:
    assert [of_region(region) for region in OPEN_TELEKOM_CLOUD] == [
        "https://functiongraph.eu-de.otc.t-systems.com",
        "https://functiongraph.eu-nl.otc.t-systems.com",
    ]


@pytest.mark.parametrize("region", ["", "mars-1", "cn-north-4.evil.example", "evil.example/", "CN-NORTH-4"])
def test_no_host_is_guessed_from_a_region_nobody_knows(region: str) -> None:
    assert of_region(region) is None


@pytest.mark.parametrize("region", [*HUAWEI_CLOUD, *OPEN_TELEKOM_CLOUD])
def test_an_endpoint_says_its_region(region: str) -> None:
    assert region_of(of_region(region) or "") == region


@pytest.mark.parametrize(
    ("host", "region"),
    [
        ("functiongraph.cn-east-9.myhuaweicloud.com", "cn-east-9"),
        ("functiongraph.corp.example", None),
        ("functiongraph.cn-north-4.myhuaweicloud.com.example", None),
        ("functiongraph.cn-north-4.myhuaweicloud.com:8443", None),
        ("127.0.0.1:9193", None),
    ],
)
def test_so_does_that_of_a_new_one_but_no_host_of_other_people(host: str, region: str | None) -> None:
    assert region_of(f"https://{host}") == region


def test_tokens_are_issued_beside_the_service() -> None:
    assert iam_beside("https://functiongraph.eu-de.otc.t-systems.com") == "https://iam.eu-de.otc.t-systems.com"
    assert iam_beside("https://127.0.0.1:8443") is None
    assert iam_beside("https://notfunctiongraph.example") is None


@pytest.mark.parametrize(
    ("spec", "meant"),
    [
        ("https://functiongraph.cn-north-4.myhuaweicloud.com/", "https://functiongraph.cn-north-4.myhuaweicloud.com"),
        ("HTTPS://FG.example:8443", "https://fg.example:8443"),
        ("https://köln.example", "https://xn--kln-sna.example"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("http://[::1]:8000/", "http://[::1]:8000"),
    ],
)
def test_an_endpoint_is_a_host(spec: str, meant: str) -> None:
    assert endpoint(spec) == meant


@pytest.mark.parametrize(
    "spec",
    [
        "", "functiongraph.cn-north-4.myhuaweicloud.com", "ftp://h", "https://", "https:///x", "https://h:0",
        "http://fg.example", "http://127.0.0.1.evil.example", "http://2130706433", "https://h/v2", "https://h?x",
        "https://h/?", "https://h#x", "https://h\\@evil.example", "https://h\n", "https://h:x",
        "https://user:hunter2@h", "https://[::1",
    ],
)  # fmt: skip
def test_what_is_no_endpoint_is_refused_without_its_password(spec: str) -> None:
    with pytest.raises(TargetError) as error:
        endpoint(spec)
    assert "hunter2" not in str(error.value)
