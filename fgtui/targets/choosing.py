"""Finds out what a person names: a target of the settings, a handler, a URL, a URN; and which profile reaches it.

Nothing that a project file names is used before somebody agreed to it (reliability, section 8).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fgtui.errors import ConfigError, TargetError, UsageError
from fgtui.words import Names, Phrase, nearest

if TYPE_CHECKING:  # what only annotations need would slow the start of `fgtui send`
    from fgtui.config import ProfileSettings, Settings, TargetSettings
    from fgtui.invoke.http.transport import Transport
    from fgtui.invoke.model import Profile, RemoteTarget, Target, TargetSummary
    from fgtui.invoke.urns import Urn

JAVA_SAMPLE = "src/demo/Thumbnails.java"
"""The only one of the bundled handlers that has to be compiled first."""
SAMPLE_HANDLER = "index.handler"
"""The bundled handler: Ctrl+J and ``fgtui send`` work before anybody has written one."""

_DECLARED = (
    "name", "runtime", "initializer", "pre_stop", "timeout_s", "memory_mb", "python", "node", "java", "class_path",
    "strict_context", "ca_file",
)  # fmt: skip
"""What a table of the settings says about its target beyond handler and variables."""


class Targets:
    """The targets and profiles of one place of work. Threads may share it."""

    def __init__(
        self,
        settings: Callable[[], Settings],
        environment: Mapping[str, str],
        *,
        trust_project: bool,
        transport: Callable[[], Transport],
        hear: Callable[[str], None],
    ) -> None:
        """``settings`` are those in force, whenever they are asked for; ``hear`` learns each secret that a profile's
        source gives; ``trust_project`` agrees to the project file.
        """
        self._settings_now = settings
        self._environment = environment
        self._trust_project = trust_project
        self._transport = transport
        self._hear = hear
        self._profiles: dict[object, Profile] = {}

    @property
    def _settings(self) -> Settings:
        return self._settings_now()

    def choose(
        self, spec: str | None = None, *, environment: Sequence[tuple[str, str]] = (), **overrides: Any
    ) -> Target:
        """A name of the settings, a handler as a person spelled it, or with ``None`` the default one.

        ``overrides`` are settings of the target (``timeout_s``, ``memory_mb``, ``initializer``, ``runtime``,
        ``strict_context``, ``debug_port``; of a deployed function ``profile``, ``is_asynchronous``) that are not
        ``None``; ``environment`` adds variables. Raises ``ConsentError`` when the target or the profile comes from a
        project file nobody agreed to; a handler a person spelled is a yes by itself. ``ConfigError`` where the
        settings name certificates that cannot be read or are none.
        """
        given = {name: value for name, value in overrides.items() if value is not None}
        chosen = self._settings.targets.get(spec) if spec is not None else self._default()
        if spec is None and chosen is not None:
            self.require_claimed("default_target")
        if (urn := _urn_of(spec, chosen, given.get("profile"))) is not None:
            return self._deployed(urn, chosen, environment, given)
        _check_for_here(spec, given)
        if chosen is not None:
            target = self._declared(chosen, environment, given)
            self._check_certificates(getattr(target, "ca_file", None), ("targets", chosen.name))
            return target
        if spec is None:
            return self._sample(environment, given)
        return self._spelled(spec, environment, given)

    def is_deployed(self, spec: str | None) -> bool:
        """Whether ``choose(spec)`` is a deployed function."""
        return _urn_of(spec, self._settings.targets.get(spec) if spec is not None else self._default()) is not None

    def uses_sample(self, spec: str | None) -> bool:
        """Whether ``choose(spec)`` is the bundled handler because nothing else was chosen."""
        return spec is None and self._default() is None

    def needs_consent(self) -> bool:
        """Whether the project file names something nobody agreed to yet."""
        project = self._settings.project
        if project is None or self._trust_project:
            return False
        from fgtui.trust import Consents

        return not Consents(self._environment).given(project, self._settings.claims)

    def profile(self, name: str) -> Profile:
        """The profile of that name, for the functions that the settings call through it; nothing is fetched.

        ``UsageError`` where there is none of that name, ``ConsentError`` where the project file has it and nobody
        agreed to what that names.
        """
        from fgtui.targets.deployed import chosen_profile

        chosen = chosen_profile(name, self._settings)
        assert chosen is not None
        self._require_consent(chosen.from_project)
        return self._profile_of(chosen, self.function_of(name))

    def function_of(self, profile: str) -> Urn | None:
        """A function of the settings that is called through ``profile``: it tells a region and a project."""
        from fgtui.invoke.urns import looks_like_urn, parse

        spelled = (each.urn for each in self._settings.targets.values() if each.profile == profile and each.urn)
        return next((parse(urn) for urn in spelled if looks_like_urn(urn)), None)

    def require_claimed(self, key: str) -> None:
        """Raise ``ConsentError`` where the project file has the say in ``key`` about what is the user's own."""
        self._require_consent(any(claimed == key for claimed, _ in self._settings.claims))

    def is_guarded(self, target: Target) -> bool:
        """By the profile that calls it, or that is named beside it where none is needed; as the settings are now."""
        from fgtui.invoke.model import RemoteTarget

        if isinstance(target, RemoteTarget):
            if target.profile.guard:
                return True
            name: str | None = target.profile.name
        else:
            chosen = self._settings.targets.get(target.name) if target.name is not None else None
            name = None if chosen is None else chosen.profile
        profile = self._settings.profiles.get(name) if name else None
        return profile is not None and profile.guard

    def word_for(self, target: TargetSummary) -> str | None:
        """What stands for a recorded target in a command line typed here: its name in the settings, where one of them
        is spelled so; nothing for the bundled handler; ``None`` where only its spelling does.
        """
        names = [name for name, each in self._settings.targets.items() if _is_spelled(target, each)]
        if len(names) == 1:
            return names[0]
        return "" if self._default() is None and _is_sample(target) else None

    def profile_for(self, target: TargetSummary) -> str:
        """The name of the profile that calls a recorded function from here; empty where that cannot be told."""
        if target.kind != "remote":
            return ""
        named = {each.profile for each in self._settings.targets.values() if _is_spelled(target, each)} - {None}
        names = list(named or self._settings.profiles)
        return names[0] or "" if len(names) == 1 else ""

    def _default(self) -> TargetSettings | None:
        targets = self._settings.targets
        if self._settings.default_target is not None:
            return targets[self._settings.default_target]
        return next(iter(targets.values())) if len(targets) == 1 else None

    def _declared(
        self, chosen: TargetSettings, environment: Sequence[tuple[str, str]], given: dict[str, Any]
    ) -> Target:
        from fgtui.config import resolve

        assert chosen.handler is not None
        self._require_consent(chosen.from_project)
        declared = {name: getattr(chosen, name) for name in _DECLARED}
        variables = [
            (name, resolve(value, self._environment, wanted_by=f"targets.{chosen.name}.environment.{name}"))
            for name, value in chosen.environment
        ]
        return _parse(chosen.handler, chosen.folder, [*variables, *environment], {**declared, **given})

    def _spelled(self, spec: str, environment: Sequence[tuple[str, str]], given: dict[str, Any]) -> Target:
        targets = self._settings.targets
        if targets and spec != "bootstrap" and not any(sign in spec for sign in "./:"):
            found = nearest(spec, targets)
            raise UsageError(
                "there is no target {spec!r} in the settings",
                spec=spec,
                hint="did you mean {nearest}?" if found else "there is: {known}; or spell a handler: src/index.handler",
                nearest=found,
                known=Names(targets),
            )
        return _parse(spec, self._settings.folder, environment, given)

    def _deployed(
        self,
        urn: str,
        chosen: TargetSettings | None,
        environment: Sequence[tuple[str, str]],
        given: dict[str, Any],
    ) -> RemoteTarget:
        """A deployed function, spelled or of the settings; ``given`` may name its profile."""
        from fgtui.targets.deployed import chosen_profile, declared_settings, deployed_target
        from fgtui.targets.profiles import path_of

        name = given.pop("profile", None)
        if chosen is not None:
            self._require_consent(chosen.from_project)
            given = {**declared_settings(chosen), **given}
            name = name or chosen.profile
        profile = chosen_profile(name, self._settings)
        if profile is not None:
            self._require_consent(profile.from_project)  # credentials go where it says
            self._check_certificates(path_of(profile, profile.ca_file), ("profiles", profile.name))
        return deployed_target(
            urn,
            profile=profile,
            profile_of=self._profile_of,
            given={**given, "environment": tuple(environment)},
            name=None if chosen is None else chosen.name,
        )

    def _check_certificates(self, file: Path | None, table: tuple[str, str]) -> None:
        """Whether what ``table`` of the settings names for its ``ca_file`` can be trusted at all."""
        if file is None:
            return
        from fgtui.invoke.http.authorities import why_not

        if (why := why_not(file)) is not None:
            from fgtui.config import spell_key

            key = spell_key(*table, "ca_file")
            origin = next(each.origin for each in self._settings.in_force if each.key == key)
            raise ConfigError("{file}:{line}: {what}", file=str(origin.file), line=origin.line, what=why)

    def _profile_of(self, chosen: ProfileSettings | None, urn: Urn | None) -> Profile:
        """Kept, with the token or the keys that it has fetched, for as long as the settings say the same."""
        from fgtui.targets.profiles import Means, profile_for_region, profile_of

        key = chosen, None if urn is None else (urn.region, urn.project_id)
        made = self._profiles.get(key)
        if made is None:
            means = Means(self._environment, self._transport, self._hear)
            if chosen is not None:
                made = profile_of(chosen, means, urn=urn)
            else:
                assert urn is not None  # only a profile tells what the short spellings leave out
                made = profile_for_region(urn.region, means)
            made = self._profiles.setdefault(key, made)
        return made

    def _require_consent(self, from_project: bool) -> None:
        """Raise ``ConsentError`` where the project file names it, and nobody agreed to what that names."""
        if from_project and not self._trust_project and self._settings.project is not None:
            from fgtui.trust import Consents

            Consents(self._environment).require(self._settings.project, self._settings.claims)

    def _sample(self, environment: Sequence[tuple[str, str]], given: dict[str, Any]) -> Target:
        """The bundled handler, of the runtime that is asked for."""
        from fgtui.events.catalogue import samples_root
        from fgtui.invoke.runtime_names import SERVERS, family_of

        family = family_of(given.get("runtime", "python"))
        folder = samples_root() / "handlers" / family
        if family == "java" or not folder.is_dir():
            raise TargetError(
                "there is no bundled {family} handler that is ready to run",
                family=family,
                source=f"{folder}/{JAVA_SAMPLE}",
                hint="name one with --target (see: fgtui help targets)"
                if family != "java"
                else "name one with --target, or compile the bundled one with FunctionGraph's library: "
                "javac -cp Runtime.jar -d target/classes {source}, then "
                "--target target/classes:Runtime.jar:demo.Thumbnails.handle",
            )
        return _parse("bootstrap" if family in SERVERS else SAMPLE_HANDLER, folder, environment, given)


def _is_spelled(target: TargetSummary, settings: TargetSettings) -> bool:
    """Whether a table of the settings is about the target that was recorded."""
    if settings.urn is None or target.kind != "remote":
        return target.spec == settings.handler
    from fgtui.invoke.urns import is_spelling, parse

    try:
        return is_spelling(settings.urn, parse(target.spec))
    except TargetError:  # it came in a file
        return False


def _is_sample(target: TargetSummary) -> bool:
    """Whether the bundled handler was sent to, as it is now."""
    if target.spec != SAMPLE_HANDLER:
        return False
    from fgtui.digests import sha256
    from fgtui.events.catalogue import samples_root

    file = samples_root() / "handlers" / "python" / "index.py"
    return sha256(file.read_bytes()).hexdigest() == target.code_sha256


def _urn_of(spec: str | None, chosen: TargetSettings | None, profile: str | None = None) -> str | None:
    """The URN of what is sent to; ``None`` of handlers and servers. A short spelling is one beside a ``profile``."""
    if chosen is not None:
        return chosen.urn
    from fgtui.invoke.urns import looks_like_urn, may_be_short

    if spec is None:
        return None
    return spec if looks_like_urn(spec) or (profile is not None and may_be_short(spec)) else None


def _check_for_here(spec: str | None, given: Mapping[str, Any]) -> None:
    """``UsageError`` for what only a deployed function is called with."""
    for name, flag in (("is_asynchronous", "--async"), ("profile", "--profile")):
        if given.get(name):
            raise UsageError(
                "{flag} is for deployed functions, and {target} is none",
                flag=flag,
                target=spec or Phrase("the default target"),
                hint="name one: --target urn:fss:…, or a target of the settings that has a urn",
            )


def _parse(spec: str, base: Path, environment: Sequence[tuple[str, str]], settings: dict[str, Any]) -> Target:
    from fgtui.invoke.targets import parse

    return parse(spec, base=base, environment=tuple(dict(environment).items()), **settings)
