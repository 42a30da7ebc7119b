"""What doctor says of profiles: whom each would call as, and for one that is named whether that works.

Only the named one is tried: the others cost no network, run no command and open no keyring.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fgtui.cli.exit_codes import ExitCode
from fgtui.cli.findings import Row, State
from fgtui.errors import FgtuiError
from fgtui.words import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fgtui.invoke.model import Profile, RemoteTarget
    from fgtui.workspace import Workspace

_ON_THE_WAY = frozenset({"endpoint", "tls"})
"""Steps without which nobody answered."""


def profile_rows(workspace: Workspace) -> Iterator[Row]:
    """A row for each profile of the settings."""
    for name in workspace.settings.profiles:
        what = f"profile {name}"
        try:
            words = _words(workspace.targets.profile(name))
            yield Row(what, State.OK, words, f"fgtui doctor --profile {name} tests it")
        except FgtuiError as error:
            hint = say(error.hint, error.values) if error.hint else ""
            yield Row(what, State.WARN, say(error.message, error.values), hint)


def checked_rows(workspace: Workspace, name: str) -> Iterator[Row]:
    """A row for each step of trying one profile, as it is done."""
    yield Row("profile", State.OK, f"{name}: {_words(workspace.targets.profile(name))}")
    for step in workspace.check_profile(name):
        yield Row(step.what, State(step.state), step.finding, step.way_out)


def code_of(rows: Sequence[Row]) -> ExitCode:
    """The exit code of having tried a profile."""
    missing = {row.what for row in rows if row.state is State.MISSING}
    if missing & _ON_THE_WAY:
        return ExitCode.NO_ANSWER
    return ExitCode.FAILED if missing else ExitCode.OK


def deployed_words(target: RemoteTarget) -> str:
    """Where a deployed function is and whom it is called as."""
    return f"{target.urn} at {_reached(target.profile)}"


def _words(profile: Profile) -> str:
    project = "the function's project" if profile.project_id is None else f"project {profile.project_id}"
    return f"{profile.endpoint}, {project}{_reached(profile).removeprefix(profile.endpoint)}"


def _reached(profile: Profile) -> str:
    guarded = ", guarded" if profile.guard else ""
    return f"{profile.endpoint}, as {profile.credentials.identity}{guarded}"
