"""Which name is typed by who means a guarded target; how it is asked for is in ``test_deployed_targets``."""

from __future__ import annotations

import pytest

from fgtui.errors import UsageError
from fgtui.invoke.model import HttpTarget
from fgtui.records import replace
from fgtui.tui.screens.guarding import check_name, names_of
from tests.tui.remote_targets import a_remote_target


def test_a_target_goes_by_its_name_or_its_profile_s_and_else_as_it_is_spelled() -> None:
    target = a_remote_target()
    assert names_of(target) == ["production", "prod"]
    assert names_of(replace(target, name=None)) == ["prod"]
    assert names_of(replace(target, name=None, profile=replace(target.profile, name=""))) == [target.spec]
    assert names_of(HttpTarget("http://h/", "http://h/")) == ["http://h/"]


@pytest.mark.parametrize("typed", ["production", " prod "])
def test_either_name_agrees(typed: str) -> None:
    check_name(["production", "prod"], typed)


@pytest.mark.parametrize("typed", ["", "y", "yes", "Production", "production2"])
def test_nothing_else_does(typed: str) -> None:
    with pytest.raises(UsageError, match="that is not its name: production or prod"):
        check_name(["production", "prod"], typed)
