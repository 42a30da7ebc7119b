from __future__ import annotations

from fgtui.invoke.model import HttpTarget
from fgtui.records import replace
from fgtui.sessions.replay.caution import names_of
from tests.tui.remote_targets import a_remote_target


def test_a_target_goes_by_its_name_or_its_profile_s_and_else_as_it_is_spelled() -> None:
    target = a_remote_target()
    assert names_of(target) == ["production", "prod"]
    assert names_of(replace(target, name=None)) == ["prod"]
    assert names_of(replace(target, name=None, profile=replace(target.profile, name=""))) == [target.spec]
    assert names_of(HttpTarget("http://h/", "http://h/")) == ["http://h/"]
