"""What config says of deployed functions beyond the settings: whom each profile calls as, and what it leaves open.

Nothing is fetched, no command is run and no keyring opened.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from fgtui.config import InForce, Origin, spell_key
from fgtui.errors import ConsentError, FgtuiError
from fgtui.invoke.model import REMOTE_LIMIT_S, RemoteTarget
from fgtui.words import Phrase

if TYPE_CHECKING:
    from fgtui.config import TargetSettings
    from fgtui.workspace import Workspace

_DEFAULT = Origin(name="default")
_LEFT_OPEN = {
    "endpoint": Phrase("that of the function's region"),
    "project": Phrase("the one in the function's URN"),
    "ca_file": Phrase("none but the system's authorities"),
}
"""What a profile that does not set them means."""


def deployment_rows(workspace: Workspace) -> Iterator[InForce]:
    """A row for each value that is in force and in no file."""
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


def caller(environment: Mapping[str, str]) -> InForce:
    """Whom a URN is called as where the settings name neither profiles nor deployed functions."""
    from fgtui.invoke.credential_sources.sdk import usual_source

    source, _ = usual_source(environment, now=lambda: datetime.now(UTC), hears=lambda _: None)
    return InForce("identity", source.identity, Origin(name="environment"))


def _identity(workspace: Workspace, profile: str) -> Phrase:
    try:
        return workspace.targets.profile(profile).credentials.identity
    except ConsentError:
        return Phrase("whatever the project file says, once it is agreed to: fgtui trust")
    except FgtuiError as error:
        return Phrase(error.message, error.values)


def _unnamed(workspace: Workspace, target: TargetSettings) -> InForce:
    """Of a deployed function whose settings name no profile which it is, or whom it is called as."""
    profiles = list(workspace.settings.profiles)
    key = spell_key("targets", target.name, "profile")
    if len(profiles) == 1:
        return InForce(key, profiles[0], Origin(name="the only one"))
    if profiles:
        return InForce(key, Phrase("to be named: there are several"), _DEFAULT)
    try:
        found = workspace.target(target.name)
    except FgtuiError as error:
        return InForce(key, Phrase(error.message, error.values), _DEFAULT)
    assert isinstance(found, RemoteTarget)
    return InForce(key, Phrase("none: called as {who}", who=found.profile.credentials.identity), _DEFAULT)
