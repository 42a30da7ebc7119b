"""What doctor and config say of profiles: whom each would call as, and for one that is named whether that works.

Only the named one is tried: the others cost no network, run no command and open no keyring.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fgtui.cli.exit_codes import ExitCode
from fgtui.cli.findings import Row, State
from fgtui.config import InForce, Origin, spell_key
from fgtui.errors import ConsentError, FgtuiError
from fgtui.invoke.model import REMOTE_LIMIT_S, RemoteTarget
from fgtui.words import say

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fgtui.config import TargetSettings
    from fgtui.invoke.model import Profile
    from fgtui.workspace import Workspace

_ON_THE_WAY = frozenset({"endpoint", "tls"})
"""Steps without which nobody answered."""


def profile_rows(workspace: Workspace) -> Iterator[Row]:
    """A row for each profile of the settings."""
    for name in workspace.settings.profiles:
        what = f"profile {name}"
        try:
            yield Row(what, State.OK, _words(workspace.profile(name)), f"fgtui doctor --profile {name} tests it")
        except FgtuiError as error:
            hint = say(error.hint, error.values) if error.hint else ""
            yield Row(what, State.WARN, say(error.message, error.values), hint)


def checked_rows(workspace: Workspace, name: str) -> Iterator[Row]:
    """A row for each step of trying one profile, as it is done."""
    yield Row("profile", State.OK, f"{name}: {_words(workspace.profile(name))}")
    for step in workspace.check_profile(name):
        yield Row(step.what, State(step.state), step.finding, step.way_out)


def code_of(rows: Sequence[Row]) -> ExitCode:
    """The exit code of having tried a profile."""
    missing = {row.what for row in rows if row.state is State.MISSING}
    if missing & _ON_THE_WAY:
        return ExitCode.NO_ANSWER
    return ExitCode.FAILED if missing else ExitCode.OK


def deployment_rows(workspace: Workspace) -> Iterator[InForce]:
    """What is in force for profiles and deployed functions beyond what the settings say."""
    settings = workspace.settings
    for name, profile in settings.profiles.items():
        origins = {each.key: each.origin for each in settings.in_force}
        said = (spell_key("profiles", name, each) for each in profile.identities())
        origin = next((origins[key] for key in said if key in origins), _DEFAULT)
        yield InForce(spell_key("profiles", name, "identity"), _identity(workspace, name), origin)
        for key, words in _LEFT_OPEN.items():
            if getattr(profile, key) is None:
                yield InForce(spell_key("profiles", name, key), words, _DEFAULT)
    for target in settings.targets.values():
        if target.urn is None:
            continue
        if target.timeout_s is None:
            yield InForce(spell_key("targets", target.name, "timeout_s"), REMOTE_LIMIT_S, _DEFAULT)
        if target.profile is None:
            yield _unnamed(workspace, target)


_DEFAULT = Origin(name="default")
_LEFT_OPEN = {
    "endpoint": "that of the function's region",
    "project": "the one in the function's URN",
    "ca_file": "none but the system's authorities",
}


def _identity(workspace: Workspace, profile: str) -> str:
    try:
        return workspace.profile(profile).credentials.identity
    except ConsentError:
        return "whatever the project file says, once it is agreed to: fgtui trust"
    except FgtuiError as error:
        return say(error.message, error.values)


def _unnamed(workspace: Workspace, target: TargetSettings) -> InForce:
    """Of a deployed function whose settings name no profile which it is, or whom it is called as."""
    profiles = list(workspace.settings.profiles)
    key = spell_key("targets", target.name, "profile")
    if len(profiles) == 1:
        return InForce(key, profiles[0], Origin(name="the only one"))
    if profiles:
        return InForce(key, "to be named: there are several", _DEFAULT)
    try:
        found = workspace.target(target.name)
    except FgtuiError as error:
        return InForce(key, say(error.message, error.values), _DEFAULT)
    assert isinstance(found, RemoteTarget)
    return InForce(key, f"none: called as {found.profile.credentials.identity}", _DEFAULT)


def deployed_words(target: RemoteTarget) -> str:
    """Where a deployed function is and whom it is called as."""
    return f"{target.urn} at {_reached(target.profile)}"


def _words(profile: Profile) -> str:
    project = "the function's project" if profile.project_id is None else f"project {profile.project_id}"
    return f"{profile.endpoint}, {project}{_reached(profile).removeprefix(profile.endpoint)}"


def _reached(profile: Profile) -> str:
    guarded = ", guarded" if profile.guard else ""
    return f"{profile.endpoint}, as {profile.credentials.identity}{guarded}"
