"""Makes deployed functions into targets: a URN, the profile that reaches it, and what is asked of each call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from fgtui.errors import TargetError, UsageError
from fgtui.invoke.limits import MEMORY_SIZES
from fgtui.invoke.model import Profile, RemoteTarget
from fgtui.invoke.service.endpoints import region_of
from fgtui.invoke.urns import Urn, looks_like_urn, parse
from fgtui.words import Names, nearest

if TYPE_CHECKING:
    from fgtui.config import ProfileSettings, Settings, TargetSettings

_TAKEN = ("timeout_s", "memory_mb", "is_asynchronous", "request_version")
"""What of a target's settings counts for a deployed function; the rest is set where it is deployed."""
_FLAGS = {
    "initializer": "--initializer",
    "runtime": "--runtime",
    "strict_context": "--strict-context",
    "environment": "--env",
    "debug_port": "--debug",
    "pre_stop": "pre_stop",
    "python": "python",
    "node": "node",
    "java": "java",
    "class_path": "class_path",
}

ProfileOf = Callable[["ProfileSettings | None", "Urn | None"], Profile]
"""Gives the profile that settings describe, or for ``None`` the environment; for a function, where one is known."""


def chosen_profile(name: str | None, settings: Settings) -> ProfileSettings | None:
    """The profile of that name; without one the only one there is, or ``None`` where there is none.

    ``UsageError`` where there is none of that name, or several and none is named.
    """
    profiles = settings.profiles
    if name is not None:
        if name in profiles:
            return profiles[name]
        found = nearest(name, profiles)
        raise UsageError(
            "there is no profile {name!r} in the settings",
            name=name,
            hint="did you mean {nearest}?"
            if found
            else "there is: {known}"
            if profiles
            else "[profiles.NAME] makes one",
            nearest=found,
            known=Names(profiles),
        )
    if len(profiles) > 1:
        raise UsageError(
            "which profile? the settings have {count}: {known}",
            count=len(profiles),
            known=Names(profiles),
            hint="name one with --profile, or as profile of the target in the settings",
        )
    return next(iter(profiles.values()), None)


def deployed_target(
    spec: str,
    *,
    profile: ProfileSettings | None,
    profile_of: ProfileOf,
    given: Mapping[str, Any],
    name: str | None = None,
) -> RemoteTarget:
    """The deployed function that ``spec`` names, called through ``profile``.

    ``given`` are settings of the target that are not ``None``; ``name`` is its name in the settings. ``TargetError``
    for a URN that is none, and for settings that a deployed function is not called with.
    """
    settings = _checked(spec, given)
    if looks_like_urn(spec) or profile is None:
        urn = parse(spec)
        reached = profile_of(profile, urn)
    else:
        reached = profile_of(profile, None)
        urn = parse(spec, region=region_of(reached.endpoint), project_id=reached.project_id)
    return RemoteTarget(spec=str(urn), urn=urn, profile=reached, name=name, **settings)


def declared_settings(target: TargetSettings) -> dict[str, Any]:
    """What a table of the settings says about how its deployed function is called."""
    names = (*_TAKEN, *_FLAGS)
    values = {name: getattr(target, name, None) for name in names}
    return {name: value for name, value in values.items() if value not in (None, (), False)}


def _checked(spec: str, given: Mapping[str, Any]) -> dict[str, Any]:
    for name, value in given.items():
        if name in _FLAGS and value:
            raise TargetError(
                "{what} is set where {spec} is deployed, and cannot be given to a call of it",
                what=_FLAGS[name],
                spec=spec,
                hint="leave it out; handlers on this machine take it",
            )
    memory = given.get("memory_mb")
    if memory is not None and memory not in MEMORY_SIZES:
        raise TargetError(
            "a call cannot ask for {memory} MB: FunctionGraph has {sizes}",
            memory=memory,
            sizes=Names(map(str, MEMORY_SIZES)),
            hint="without it the function has what it is configured with",
        )
    return {name: given[name] for name in _TAKEN if name in given}
