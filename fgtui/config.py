"""Settings: flags, environment, project file and user file become one frozen ``Settings``.

Secrets stay references here: ``${env:NAME}`` is resolved where it is used, never shown and never kept.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from fgtui import paths
from fgtui.errors import ConfigError
from fgtui.records import NOTHING, Record, replace
from fgtui.regex import regex
from fgtui.words import Phrase, folded, nearest

USER_FILE = "config.toml"
_PRESET = ("keys", "preset")
_SECRETS = ("replay", "secrets")
_CHOICES: tuple[tuple[str, ...], ...] = (("default_target",), ("replay", "target"))
"""Keys that choose one of the targets."""
_SPELLED = regex(r"urn:|https?://", re.IGNORECASE)
"""How what is no name begins."""
_BARE = r"[A-Za-z0-9_-]+"
_REFERENCE = r"\$\{env:([^}]*)\}"


class Origin(NamedTuple):
    """Where a value comes from."""

    file: Path | None = None
    line: int = 0
    name: str = ""
    """The flag or variable, when it is no file."""

    @property
    def phrase(self) -> Phrase:
        """Where that is, to be said."""
        if self.file:
            return Phrase("{file}:{line}", file=self.file, line=self.line)
        return _NAMES.get(self.name) or Phrase("{name}", name=self.name)

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.file else self.name


_NAMES = {
    "default": Phrase("default"),
    "environment": Phrase("environment"),
    "the only one": Phrase("the only one"),
    "beside fgtui.toml": Phrase("beside fgtui.toml"),
}
"""Those that are words rather than the names of flags and variables."""


class TargetSettings(Record):
    """One ``[targets.NAME]``, as written: references unresolved, paths as spelled."""

    name: str
    folder: Path
    """The file's folder; what the table spells relatively is meant from here."""
    from_project: bool
    origin: Origin
    handler: str | None = None
    runtime: str | None = None
    initializer: str | None = None
    pre_stop: str | None = None
    timeout_s: float | None = None
    """``None``: what is usual for the runtime."""
    memory_mb: int | None = None
    environment: tuple[tuple[str, str], ...] = ()
    python: str | None = None
    node: str | None = None
    java: str | None = None
    class_path: tuple[str, ...] = ()
    strict_context: bool = False
    ca_file: str | None = None
    """Of a server at ``https://``."""
    urn: str | None = None
    profile: str | None = None
    request_version: str = "v0"


class ProfileSettings(Record):
    """One ``[profiles.NAME]``, as written: references unresolved, paths as spelled."""

    name: str
    origin: Origin
    folder: Path = Path()
    """The file's folder; what the table spells relatively is meant from here."""
    from_project: bool = False
    endpoint: str | None = None
    project: str | None = None
    access_key: str | None = None
    secret_key: str | None = None
    security_token: str | None = None
    token: str | None = None
    credential_file: str | None = None
    credential_command: tuple[str, ...] = ()
    iam_user: str | None = None
    iam_domain: str | None = None
    iam_password: str | None = None
    iam_endpoint: str | None = None
    ca_file: str | None = None
    guard: bool = False

    def secrets(self) -> tuple[tuple[str, str], ...]:
        """Its references to secrets, by name."""
        names = ("access_key", "secret_key", "security_token", "token", "iam_password")
        return tuple((name, value) for name in names if (value := getattr(self, name)) is not None)

    def identities(self) -> list[str]:
        """The kinds of credentials it names, by their first key; one at most makes sense."""
        return [first for first, *more in IDENTITIES if any(getattr(self, key) for key in (first, *more))]


IDENTITIES: tuple[tuple[str, ...], ...] = (
    ("access_key", "secret_key", "security_token"),
    ("token",),
    ("credential_file",),
    ("credential_command",),
    ("iam_user", "iam_domain", "iam_password", "iam_endpoint"),
)
"""The keys of a profile that say who calls, by kind."""
_OPTIONAL = ("security_token", "iam_endpoint")


class InForce(NamedTuple):
    """One value as ``fgtui config`` shows it."""

    key: str
    value: object
    """A ``Phrase`` where it is no value of a setting but words of ours."""
    origin: Origin


class Stamp(NamedTuple):
    """What a file of settings was like when it was read."""

    file: Path
    changed_ns: int = -1
    size: int = -1
    """Both ``-1`` where there is none."""


class Settings(Record, uncompared=("stamps",)):
    """Everything that was decided before the work starts."""

    folder: Path
    """The working folder, absolute: handlers spelled on the command line are meant from here."""
    store: Path
    project: Path | None = None
    """The folder that holds ``fgtui.toml``."""
    targets: Mapping[str, TargetSettings] = NOTHING
    profiles: Mapping[str, ProfileSettings] = NOTHING
    default_target: str | None = None
    replay_target: str | None = None
    replay_ignore: tuple[str, ...] = ()
    replay_tolerance: str | None = None
    replay_secrets: tuple[tuple[str, str], ...] = ()
    """Path or name of redacted values, and the reference that takes their place."""
    redaction_keys: tuple[str, ...] = ()
    keys: Mapping[str, str] = NOTHING
    """Action id to keys, as the workbench remaps them."""
    key_preset: str | None = None
    """The terminal whose keys are wanted; ``None``: that of the environment."""
    theme: str | None = None
    claims: tuple[tuple[str, str], ...] = ()
    """What the project file names as program, environment or endpoint: dotted key and value, in order of keys."""
    in_force: tuple[InForce, ...] = ()
    """Every value that is set, and the store; defaults are in ``SETTINGS``."""
    stamps: tuple[Stamp, ...] = ()
    """Of the files that were read, or looked for; none of settings that come from no file."""


class Flags(NamedTuple):
    """What the command line says over everything else."""

    store: Path | None = None


def load(folder: Path, environment: Mapping[str, str] = os.environ, flags: Flags | None = None) -> Settings:
    """What is in force in ``folder``: flags over environment over project file over user file over defaults."""
    folder = Path(os.path.abspath(folder))  # noqa: PTH100 - keeps links as the person spelled them
    project = paths.find_project(folder)
    user_file = paths.config_folder(environment) / USER_FILE
    stamps = tuple(map(_stamp, (user_file, (project or folder) / paths.PROJECT_FILE)))  # before they are read
    user = _read_if_there(user_file)
    own = _read_if_there(project / paths.PROJECT_FILE) if project else {}
    merged = _merge(user, own)
    store, origin = _store(project, environment, flags or Flags())
    settings = Settings(
        folder=folder,
        store=store,
        project=project,
        targets=_targets(merged, project),
        profiles=_profiles(merged, project),
        default_target=_value(merged, "default_target"),
        replay_target=_value(merged, "replay", "target"),
        replay_ignore=_value(merged, "replay", "ignore") or (),
        replay_tolerance=_value(merged, "replay", "tolerance"),
        replay_secrets=tuple((path[2], str(found.value)) for path, found in merged.items() if path[:2] == _SECRETS),
        redaction_keys=_value(merged, "redaction", "keys") or (),
        keys={path[1]: str(found.value) for path, found in merged.items() if path[0] == "keys" and path != _PRESET},
        key_preset=_value(merged, *_PRESET),
        theme=_value(merged, "workbench", "theme"),
        claims=tuple(sorted(_claims(own))),
        in_force=(
            *(InForce(spell_key(*path), found.value, found.origin) for path, found in merged.items()),
            InForce("store", str(store), origin),
        ),
        stamps=stamps,
    )
    _check_names(merged, settings)
    return settings


def renewed(settings: Settings, environment: Mapping[str, str] = os.environ) -> Settings:
    """``settings`` as their files are now: what they say of targets and of replays, and the same object where no file
    has changed. The store, the keys and what is redacted stay. ConfigError where a file cannot be read any more.
    """
    if all(_stamp(stamp.file) == stamp for stamp in settings.stamps):
        return settings
    now = load(settings.folder, environment)
    kept = {name: getattr(settings, name) for name in ("store", "redaction_keys", "keys", "key_preset", "theme")}
    in_force = tuple(each for each in now.in_force if each.key != "store")
    store = tuple(each for each in settings.in_force if each.key == "store")
    return replace(now, **kept, in_force=(*in_force, *store))


def _stamp(file: Path) -> Stamp:
    try:
        found = file.stat()
    except OSError:
        return Stamp(file)
    return Stamp(file, found.st_mtime_ns, found.st_size)


def spell_key(*names: str) -> str:
    """A dotted key as TOML spells it: names with other signs in quotes, so that no two keys are spelled the same."""
    return ".".join(name if re.fullmatch(_BARE, name) else _quoted(name) for name in names)


def _quoted(name: str) -> str:
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


def resolve(text: str, environment: Mapping[str, str], *, wanted_by: str) -> str:
    """``text`` with each ``${env:NAME}`` replaced; ``ConfigError`` names the variable that is not set."""

    def look_up(found: re.Match[str]) -> str:
        name = found[1]
        if name not in environment:
            raise ConfigError(
                "{wanted_by} takes {name} from the environment, where it is not set",
                wanted_by=wanted_by,
                name=name,
                hint="set it and try again: export {name}=…",
            )
        return environment[name]

    return re.sub(_REFERENCE, look_up, text)


def references(text: str) -> list[str]:
    """The variables that ``text`` refers to."""
    return re.findall(_REFERENCE, text)


class _Found(NamedTuple):
    value: Any
    origin: Origin


_Values = dict[tuple[str, ...], _Found]


def _read_if_there(file: Path) -> _Values:
    if not os.path.lexists(file):
        return {}
    from fgtui.settings_file import read

    return {path: _Found(value, Origin(file, line)) for path, (value, line) in read(file).items()}


def _merge(user: _Values, own: _Values) -> _Values:
    """The project's values over the user's: targets and profiles whole, so that none is half of each; lists of
    redaction keys added up and guards kept, so that a project cannot take one away. A table that says nothing but a
    guard puts it on the user's profile.
    """
    replaced = {path[:2] for path in own if path[0] in ("targets", "profiles") and not _is_guard(path)}
    merged = {path: found for path, found in user.items() if path[:2] not in replaced}
    keys = ("redaction", "keys")
    for path, found in own.items():
        if path == keys and keys in merged:
            merged[path] = _Found(tuple(dict.fromkeys((*merged[keys].value, *found.value))), found.origin)
        else:
            merged[path] = found
    return merged | {path: found for path, found in user.items() if _is_guard(path) and found.value}


def _is_guard(path: tuple[str, ...]) -> bool:
    return path[0] == "profiles" and path[2] == "guard"


def _value(values: _Values, *path: str) -> Any:
    return values[path].value if path in values else None


def _store(project: Path | None, environment: Mapping[str, str], flags: Flags) -> tuple[Path, Origin]:
    if flags.store is not None:
        return flags.store, Origin(name="--store")
    file = paths.store_file(project, environment)
    if environment.get("FGTUI_HOME"):
        return file, Origin(name="FGTUI_HOME")
    return file, Origin(name="beside fgtui.toml" if project else "default")


def _named(values: _Values, table: str, project: Path | None) -> Iterator[tuple[str, dict[str, Any], Origin]]:
    """Each ``[table.NAME]``: its name, its keys, and where it begins; in the project's file, where some of it is."""
    own = None if project is None else project / paths.PROJECT_FILE
    names = dict.fromkeys(path[1] for path in values if path[0] == table)
    for name in names:
        found = {path[2]: value for path, value in values.items() if path[:2] == (table, name)}
        telling = [each.origin for key, each in found.items() if not _is_guard((table, name, key))]
        origins = telling or [each.origin for each in found.values()]
        first = min(origins, key=lambda origin: (origin.file != own, origin.line))
        yield name, {key: each.value for key, each in found.items()}, first


def _targets(values: _Values, project: Path | None) -> dict[str, TargetSettings]:
    targets = {}
    for name, keys, origin in _named(values, "targets", project):
        assert origin.file is not None
        targets[name] = TargetSettings(
            name=name,
            folder=origin.file.parent,
            from_project=project is not None and origin.file == project / paths.PROJECT_FILE,
            origin=origin,
            **keys,
        )
    return targets


def _profiles(values: _Values, project: Path | None) -> dict[str, ProfileSettings]:
    profiles = {}
    for name, keys, origin in _named(values, "profiles", project):
        assert origin.file is not None
        profiles[name] = ProfileSettings(
            name=name,
            origin=origin,
            folder=origin.file.parent,
            from_project=project is not None and origin.file == project / paths.PROJECT_FILE,
            **keys,
        )
    return profiles


def _claims(own: _Values) -> Iterator[tuple[str, str]]:
    """What the project file names that could run, be reached or be handed over."""
    if not own:
        return
    from fgtui.settings_table import SETTINGS, Type

    consent = {setting.key.rsplit(".", 1)[1]: setting.type for setting in SETTINGS if setting.needs_consent}
    for path, found in own.items():
        if path[:2] == _SECRETS:
            yield spell_key(*path), str(found.value)
        if path in _CHOICES and not any(each[:2] == ("targets", found.value) for each in own):
            yield spell_key(*path), str(found.value)  # it sends to one of the user's own targets
        if path[0] not in ("targets", "profiles") or path[2] not in consent:
            continue
        match consent[path[2]]:
            case Type.VARIABLES:
                yield from ((spell_key(*path, name), value) for name, value in found.value)
            case Type.PATHS:
                yield from ((f"{spell_key(*path)}[{at}]", value) for at, value in enumerate(found.value))
            case Type.COMMAND:
                import shlex

                yield spell_key(*path), shlex.join(found.value)
            case Type.FLAG:
                yield spell_key(*path), str(found.value).lower()
            case _:
                yield spell_key(*path), str(found.value)


def _check_names(values: _Values, settings: Settings) -> None:
    """What one key says about another."""
    for target in settings.targets.values():
        if _SPELLED.match(target.name):
            raise _located(
                target.origin,
                "a target cannot be called {name!r}: whoever types that means the function or the server itself",
                name=target.name,
                hint="give it a short name",
            )
        if (target.handler is None) == (target.urn is None):
            raise _located(
                target.origin,
                "target {name} needs a handler (on this machine) or a urn (deployed), one of the two",
                name=target.name,
            )
        if target.urn is not None and target.ca_file is not None:
            raise _located(
                values["targets", target.name, "ca_file"].origin,
                "target {name} is reached through a profile, which says what certificates are trusted",
                name=target.name,
                hint="put ca_file into its table, [profiles.NAME]",
            )
        if target.profile is not None and target.profile not in settings.profiles:
            origin = values["targets", target.name, "profile"].origin
            raise _no_such(origin, _NO_PROFILE, target.profile, settings.profiles)
    for profile in settings.profiles.values():
        _check_identity(profile)
    for path in _CHOICES:
        name = _value(values, *path)
        if name is not None and name not in settings.targets:
            raise _no_such(values[path].origin, _NO_TARGET, name, settings.targets)


def _check_identity(profile: ProfileSettings) -> None:
    """That a profile says once, and wholly, who calls."""
    kinds = profile.identities()
    if len(kinds) > 1:
        raise _located(
            profile.origin,
            "profile {name} says twice who calls: {one} and {other}",
            name=profile.name,
            one=kinds[0],
            other=kinds[1],
            hint="keep one of them",
        )
    for keys in IDENTITIES:
        missing = [key for key in keys if key not in _OPTIONAL and not getattr(profile, key)]
        if keys[0] in kinds and missing:
            there = next(key for key in keys if getattr(profile, key))
            raise _located(
                profile.origin,
                "profile {name} has {there} but no {missing}",
                name=profile.name,
                there=there,
                missing=folded(missing, "{these}, no {this}"),
            )


_NO_TARGET = (
    "there is no target {name!r}",
    "it names a table of the settings, [targets.NAME]; a handler is spelled there, as its handler",
)
_NO_PROFILE = ("there is no profile {name!r}", "it names a table of the settings, [profiles.NAME]")


def _no_such(origin: Origin, words: tuple[str, str], name: str, known: Mapping[str, object]) -> ConfigError:
    """``words`` are the sentence and the hint where no name is near."""
    found = nearest(name, known)
    return _located(origin, words[0], name=name, hint="did you mean {nearest}?" if found else words[1], nearest=found)


def _located(origin: Origin, message: str, *, hint: str = "", **values: object) -> ConfigError:
    from fgtui.settings_file import error_at

    return error_at(origin.file, origin.line, message, hint=hint, **values)
