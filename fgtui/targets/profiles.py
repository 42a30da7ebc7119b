"""Profiles from settings: how a deployed function is reached, and as whom. Nothing is fetched before the first call."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from fgtui.config import ProfileSettings, references, resolve, spell_key
from fgtui.errors import ConfigError, TargetError
from fgtui.invoke.credentials import CredentialSource
from fgtui.invoke.model import Profile
from fgtui.invoke.service import endpoints
from fgtui.records import Record
from fgtui.words import Phrase

if TYPE_CHECKING:
    from fgtui.invoke.credential_sources.kept import Hears
    from fgtui.invoke.credential_sources.references import Reference
    from fgtui.invoke.http.transport import Transport
    from fgtui.invoke.urns import Urn


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Means(Record):
    """What sources of credentials work with."""

    environment: Mapping[str, str]
    transport: Callable[[], Transport]
    """Asked for when IAM is."""
    hears: Hears
    """Is told each secret that was resolved, so that it is kept out of whatever is written."""
    now: Callable[[], datetime] = _utc_now


def profile_of(settings: ProfileSettings, means: Means, *, urn: Urn | None = None) -> Profile:
    """The profile that ``settings`` describe, for the function ``urn`` where its whole name is known.

    It tells the endpoint that the settings leave out, and for what tokens of IAM are. ``ConfigError`` where the
    settings do not suffice, or refer to variables that are not set.
    """
    endpoint = _endpoint(settings, means, None if urn is None else urn.region)
    source, usual_project = _source(settings, means, endpoint, urn)
    project = _text(settings, "project", means) or (usual_project if urn is None else None)
    _check_project(settings, project)
    return Profile(settings.name, endpoint, project, source, settings.guard, path_of(settings, settings.ca_file))


def _check_project(settings: ProfileSettings, project: str | None) -> None:
    from fgtui.invoke.urns import is_project

    if project is not None and not is_project(project):
        raise ConfigError(
            "{origin}: profile {name} has {project!r} for its project, which is no id of one",
            origin=str(settings.origin),
            name=settings.name,
            project=project,
            hint="the console shows it among My Credentials",
        )


def profile_for_region(region: str, means: Means) -> Profile:
    """The profile of a call for which none is named: the region's endpoint, as whoever the official SDK would be."""
    from fgtui.invoke.credential_sources.sdk import usual_source

    source, _ = usual_source(means.environment, now=means.now, hears=means.hears)
    return Profile("", _of_region(region), None, source)


def _endpoint(settings: ProfileSettings, means: Means, region: str | None) -> str:
    spelled = _text(settings, "endpoint", means)
    if spelled is not None:
        return _checked(settings, "endpoint", spelled)
    if region is None:
        raise ConfigError(
            "{origin}: profile {name} names no endpoint, and no function says its region",
            origin=str(settings.origin),
            name=settings.name,
            hint='endpoint = "https://functiongraph.REGION.myhuaweicloud.com"',
        )
    return _of_region(region)


def _of_region(region: str) -> str:
    found = endpoints.of_region(region)
    if found is None:
        raise ConfigError(
            "nobody has said where the region {region} is; no host is guessed",
            region=region,
            hint="name its endpoint in a profile, [profiles.NAME], and call with --profile NAME",
        )
    return found


def _source(
    settings: ProfileSettings, means: Means, endpoint: str, urn: Urn | None
) -> tuple[CredentialSource, str | None]:
    """Who calls, and the project that comes with them."""
    kind = next(iter(settings.identities()), None)
    if kind is None:
        from fgtui.invoke.credential_sources.sdk import usual_source

        return usual_source(means.environment, now=means.now, hears=means.hears)
    if kind == "credential_file":
        from fgtui.invoke.credential_sources.sdk import FileKeys

        file = path_of(settings, settings.credential_file)
        assert file is not None
        keys = FileKeys(file, now=means.now, hears=means.hears)
        return keys, keys.project()
    if kind == "credential_command":
        from fgtui.invoke.credential_sources.command import CommandKeys

        words, environment = settings.credential_command, means.environment
        return CommandKeys(words, settings.folder, environment, now=means.now, hears=means.hears), None
    if kind == "iam_user":
        return _tokens(settings, means, endpoint, urn), None
    return _referred(settings, means), None


def _referred(settings: ProfileSettings, means: Means) -> CredentialSource:
    from fgtui.invoke.credential_sources.references import ReferredKeys, ReferredToken

    if settings.token is not None:
        return ReferredToken(_reference(settings, "token"), means.environment, now=means.now, hears=means.hears)
    return ReferredKeys(
        _reference(settings, "access_key"),
        _reference(settings, "secret_key"),
        _reference(settings, "security_token") if settings.security_token is not None else None,
        means.environment,
        now=means.now,
        hears=means.hears,
    )


def _tokens(settings: ProfileSettings, means: Means, endpoint: str, urn: Urn | None) -> CredentialSource:
    from fgtui.invoke.credential_sources.iam import IamTokens, User

    spelled = _text(settings, "iam_endpoint", means)
    found = endpoints.iam_beside(endpoint) if spelled is None else _checked(settings, "iam_endpoint", spelled)
    if found is None:
        raise ConfigError(
            "{origin}: profile {name} does not say where IAM is, and its endpoint does not tell",
            origin=str(settings.origin),
            name=settings.name,
            hint='iam_endpoint = "https://iam.REGION.myhuaweicloud.com"',
        )
    user = User(
        _text(settings, "iam_user", means) or "",
        _text(settings, "iam_domain", means) or "",
        _reference(settings, "iam_password"),
        _text(settings, "project", means) or (None if urn is None else urn.project_id),
        endpoints.region_of(endpoint),
    )
    return IamTokens(
        user,
        found,
        means.environment,
        transport=means.transport,
        now=means.now,
        hears=means.hears,
        ca_file=path_of(settings, settings.ca_file),
    )


def _reference(settings: ProfileSettings, key: str) -> Reference:
    from fgtui.invoke.credential_sources.references import reference

    return reference(getattr(settings, key), wanted_by=_spelled(settings, key))


def _text(settings: ProfileSettings, key: str, means: Means) -> str | None:
    """What ``key`` says, which is shown and sent in clear; ``ConfigError`` where that would be a secret."""
    value = getattr(settings, key)
    if value is None:
        return None
    for name in references(value):
        from fgtui.sessions.redaction.keys import is_secret_key

        if is_secret_key(name):
            raise ConfigError(
                "{wanted_by} takes {name}, a secret by its name, which would be shown to everybody",
                wanted_by=_spelled(settings, key),
                name=name,
                hint="refer to a variable that holds no secret",
            )
    return resolve(value, means.environment, wanted_by=_spelled(settings, key))


def _checked(settings: ProfileSettings, key: str, value: str) -> str:
    """An endpoint, once what it refers to is known."""
    try:
        return endpoints.endpoint(value)
    except TargetError as error:
        why = Phrase(error.message, error.values)
        values = {**error.values, "wanted_by": _spelled(settings, key), "why": why}
        raise ConfigError("{wanted_by}: {why}", hint=error.hint, **values) from None


def _spelled(settings: ProfileSettings, key: str) -> str:
    return spell_key("profiles", settings.name, key)


def path_of(settings: ProfileSettings, spelled: str | None) -> Path | None:
    """What a file is called in full that the profile's table spells."""
    return None if spelled is None else settings.folder / Path(spelled).expanduser()
