"""What is typed by who means a guarded target; how it is asked for is in ``test_deployed_targets``."""

from __future__ import annotations

import pytest

from fgtui.errors import UsageError
from fgtui.tui.screens.send.guarding import check_name


@pytest.mark.parametrize("typed", ["production", " prod "])
def test_either_name_agrees(typed: str) -> None:
    check_name(["production", "prod"], typed)


@pytest.mark.parametrize("typed", ["", "y", "yes", "Production", "production2"])
def test_nothing_else_does(typed: str) -> None:
    with pytest.raises(UsageError, match="that is not its name: production or prod"):
        check_name(["production", "prod"], typed)
