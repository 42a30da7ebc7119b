"""How the deployed function of a recorded exchange would be reached from here, for commands that repeat it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from fgtui.config import resolve
from fgtui.errors import ConfigError, TargetError
from fgtui.invoke.service.endpoints import of_region
from fgtui.invoke.urns import Urn, parse
from fgtui.sessions.export.http_calls import Reach

if TYPE_CHECKING:
    from fgtui.config import ProfileSettings, Settings
    from fgtui.invoke.model import TargetSummary


def reach_of(target: TargetSummary, name: str | None, settings: Settings, environment: Mapping[str, str]) -> Reach:
    """By the profile of the target that the settings call ``name``, else by the one that would be called through.

    Where several profiles might be meant it is the only one whose endpoint and project are the function's. No secret
    is resolved.
    """
    try:
        urn = parse(target.spec)
    except TargetError:
        return Reach()
    named = settings.targets[name].profile if name else None
    profiles = list(settings.profiles.values())
    if named is None and len(profiles) > 1:
        fitting = [each for each in profiles if _fits(each, urn, environment)]
        if len(fitting) != 1:
            return Reach(profile=None)
        return _through(fitting[0], environment)._replace(profile=fitting[0].name)
    chosen = settings.profiles.get(named) if named is not None else next(iter(profiles), None)
    return Reach() if chosen is None else _through(chosen, environment)


def _through(profile: ProfileSettings, environment: Mapping[str, str]) -> Reach:
    return Reach(_value(profile, "endpoint", environment).rstrip("/"), _value(profile, "project", environment))


def _fits(profile: ProfileSettings, urn: Urn, environment: Mapping[str, str]) -> bool:
    endpoint, project = _through(profile, environment)[:2]
    return project in {"", urn.project_id} and (endpoint or of_region(urn.region)) == of_region(urn.region)


def _value(profile: ProfileSettings, key: str, environment: Mapping[str, str]) -> str:
    """What the settings say; nothing where they refer to a variable that is not set."""
    try:
        return resolve(getattr(profile, key) or "", environment, wanted_by=f"profiles.{profile.name}.{key}")
    except ConfigError:
        return ""
