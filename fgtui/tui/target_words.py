"""What the screen says of a target: in the top line, in the list it is chosen from, and before something is sent.

From settings alone, or from the target itself. Raw text throughout; whoever draws it makes it displayable.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fgtui.errors import FgtuiError
from fgtui.invoke.model import REMOTE_LIMIT_S, LocalTarget, RemoteTarget
from fgtui.tui.widgets.target_bar import TargetWords, guarded
from fgtui.words import say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fgtui.config import ProfileSettings, Settings, TargetSettings
    from fgtui.invoke.model import Family, Target
    from fgtui.invoke.urns import Urn


def words_of(target: Target, name: str | None = None) -> TargetWords:
    """What the top line says of ``target``, by ``name`` where it has another one here."""
    if isinstance(target, RemoteTarget):
        function = function_words(target.urn)
        name = name or called(target)
        return TargetWords(
            name,
            function if function != name else "",
            target.memory_mb,
            target.timeout_s,
            target.kind,
            host=host_of(target.profile.endpoint),
            project=target.urn.project_id,
            identity=say(target.profile.credentials.identity),
            is_guarded=target.profile.guard,
        )
    name = name or called(target)
    if isinstance(target, LocalTarget):
        return TargetWords(name, target.runtime, target.memory_mb, target.timeout_s)
    runtime, host = target.runtime or target.family or "", "" if target.url == name else host_of(target.url)
    return TargetWords(name, runtime, None, target.timeout_s, target.kind, host=host)


def expected_words(spec: str, settings: Settings) -> TargetWords:
    """What a target will be, by its spelling and what is declared of it: no file of its own is looked at."""
    from fgtui.invoke.targets import is_url
    from fgtui.invoke.urns import looks_like_urn

    declared = settings.targets.get(spec)
    urn = declared.urn if declared is not None else spec if looks_like_urn(spec) else None
    if urn is not None:
        return _expected_function(urn, declared, settings)
    handler = spec if declared is None else declared.handler or ""
    if is_url(handler):
        return _expected_server(handler, declared)
    folder = settings.folder if declared is None else declared.folder
    return _expected_handler(spec, handler, folder, declared)


def _expected_function(spelled: str, declared: TargetSettings | None, settings: Settings) -> TargetWords:
    from fgtui.invoke.urns import parse

    profile = settings.profiles.get(declared.profile or "") if declared is not None else None
    try:
        urn = parse(spelled)
        function, project = function_words(urn), urn.project_id
    except FgtuiError:  # what is missing comes from the profile, and what is wrong is said when it is chosen
        function, project = spelled, ""
    name = function if declared is None else declared.name
    return TargetWords(
        name,
        function if function != name else "",
        None if declared is None else declared.memory_mb,
        (None if declared is None else declared.timeout_s) or REMOTE_LIMIT_S,
        RemoteTarget.kind,
        host=host_of(profile.endpoint) if profile is not None and profile.endpoint else "",
        project=project,
        is_guarded=profile is not None and profile.guard,
    )


def _expected_handler(spec: str, handler: str, folder: Path, declared: TargetSettings | None) -> TargetWords:
    from fgtui.invoke.runtime_names import usual_limits
    from fgtui.invoke.targets import family_by_spelling

    runtime = None if declared is None else declared.runtime
    family: Family
    try:
        family = family_by_spelling(handler, folder, runtime)
    except FgtuiError:
        family = "python"  # what is wrong with it is said when it is looked for
    limits = usual_limits(family)
    if runtime is None:
        runtime = "" if family == "python" else family  # which only a look at the files would tell from Node.js
    return _limited(TargetWords(spec, runtime, limits.memory_mb, limits.timeout_s), declared)


def _expected_server(url: str, declared: TargetSettings | None) -> TargetWords:
    from fgtui.invoke.addresses import usual_family
    from fgtui.invoke.runtime_names import usual_limits

    try:
        family = usual_family(url) or ""
    except ValueError:  # what is wrong with it is said when it is looked for
        family = ""
    limits = usual_limits("http")
    if declared is None:
        return TargetWords(url, family, None, limits.timeout_s, "http")
    runtime, timeout_s = declared.runtime or family, declared.timeout_s or limits.timeout_s
    return TargetWords(declared.name, runtime, None, timeout_s, "http", host=host_of(url))


def _limited(words: TargetWords, declared: TargetSettings | None) -> TargetWords:
    """With the name and the limits that are declared."""
    if declared is None:
        return words
    return words._replace(
        name=declared.name,
        memory_mb=declared.memory_mb or words.memory_mb,
        timeout_s=declared.timeout_s or words.timeout_s,
    )


def choice_words(words: TargetWords, spelled: str) -> str:
    """A target in the list: how it is spelled, what runs it where, and within which limits."""
    if words.kind == RemoteTarget.kind:
        parts = [words.runtime or words.name, words.host, f"{words.timeout_s:g} s"]
        return f"{guarded() if words.is_guarded else '● '}{' · '.join(part for part in parts if part)}"
    runtime = f"{words.runtime} " if words.runtime else ""
    memory = "" if words.memory_mb is None else f"{words.memory_mb} MB "
    return f"● {spelled} · {runtime}{memory}{words.timeout_s:g} s"


def profile_words(profile: ProfileSettings) -> str:
    """A profile in the list it is chosen from: whether it is guarded, and where it leads."""
    host = host_of(profile.endpoint) if profile.endpoint else say("the function's region")
    return f"{guarded() if profile.guard else '● '}{host}"


def called(target: Target) -> str:
    """What a target is called in a sentence: by its name, a function without one as it differs from others."""
    return target.name or (function_words(target.urn) if isinstance(target, RemoteTarget) else target.spec)


def function_words(urn: Urn) -> str:
    """A function and its version, with its package where that is not the usual one."""
    from fgtui.invoke.urns import DEFAULT_PACKAGE

    package = "" if urn.package == DEFAULT_PACKAGE else f"{urn.package}/"
    return f"{package}{urn.function}:{urn.version}"


def spec_words(spec: str) -> str:
    """A recorded target where there is little room: functions differ at the end of a URN, servers behind the scheme."""
    from fgtui.invoke.targets import is_url
    from fgtui.invoke.urns import looks_like_urn, parse

    if is_url(spec):
        return spec.partition("://")[2]
    if not looks_like_urn(spec):
        return spec
    try:
        return function_words(parse(spec))
    except FgtuiError:
        return spec


def host_of(url: str) -> str:
    """The host of a URL and its port, without credentials that somebody may have spelled there."""
    return url.partition("://")[2].partition("/")[0].partition("?")[0].rpartition("@")[2]


def whereabouts(target: Target) -> Iterator[str]:
    """Where an event would go, a line for each thing a person has to be sure of before it does."""
    if isinstance(target, RemoteTarget):
        urn, profile = target.urn, target.profile
        yield say("function {function}, version {version}, package {package}",
                  function=urn.function, version=urn.version, package=urn.package)  # fmt: skip
        yield say("project {project}, region {region}", project=urn.project_id, region=urn.region)
        yield say(
            "at {endpoint}, called with {identity}",
            endpoint=host_of(profile.endpoint),
            identity=profile.credentials.identity,
        )
    elif not isinstance(target, LocalTarget):
        yield say("at {url}", url=target.url)
