"""What is said of a target before anything goes there."""

from __future__ import annotations

from fgtui.cli.targeting import whereabouts
from tests.invoke.deployed import PROJECT, deployed


def test_an_endpoint_is_named_where_it_is_not_the_region_s_own() -> None:
    function = f"function default:demo, version latest, project {PROJECT}, region cn-north-4"
    assert str(whereabouts(deployed("https://functiongraph.cn-north-4.myhuaweicloud.com"))) == function
    assert str(whereabouts(deployed("https://fg.example:8443"))) == f"{function}, at https://fg.example:8443"
    assert "cn-north-1" in str(whereabouts(deployed("https://functiongraph.cn-north-1.myhuaweicloud.com")))
