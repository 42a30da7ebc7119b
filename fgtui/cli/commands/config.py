"""Print the settings in force and where each comes from. References are shown as written, never resolved.

Of each profile it says too whom it calls as, and what it leaves to the
function's URN; whom deployed functions without one are called as, or any where
only the environment has credentials. Nothing is fetched and no command runs;
fgtui doctor --profile NAME tries one.
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from fgtui.cli.console import Console
from fgtui.cli.exit_codes import ExitCode
from fgtui.cli.parsing import Parser
from fgtui.cli.proxies import proxies_set
from fgtui.config import InForce, Origin, Settings, spell_key
from fgtui.errors import ConfigError, FgtuiError
from fgtui.invoke.credentials import USUAL_VARIABLES
from fgtui.words import Phrase, english, nearest, say, say_error

if TYPE_CHECKING:
    from fgtui.config import TargetSettings
    from fgtui.workspace import Workspace

WRITTEN_OUT = Phrase("(a secret, written out)")


def add_arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    parser.add_json("one JSON document")
    parser.add_argument("--schema", action="store_true", help="print the JSON Schema of a settings file instead")
    parser.add_store()


def run(arguments: Namespace, console: Console) -> int:
    """Print what is set, then what keeps its default."""
    if arguments.schema:
        from fgtui.settings_table import json_schema

        console.output.document(json_schema())
        return ExitCode.OK
    workspace = console.workspace(arguments)
    settings = workspace.settings
    secrets = set(workspace.literal_secrets())
    in_force = (*settings.in_force, *_defaults(settings), *_deployed(workspace), *_proxies(console))
    if arguments.json:
        names = ("key", "value", "from")
        console.output.document([dict(zip(names, _row(each, secrets, english), strict=True)) for each in in_force])
    else:
        rows = [_row(each, secrets, say) for each in in_force]
        header = (say("key"), say("value"), say("from"))
        console.output.table(header, [(key, _words(value), origin) for key, value, origin in rows])
    _check_workbench_names(console, settings)
    for key in sorted(secrets):
        console.diagnostics.warn(
            "{key} is a secret written out; a reference keeps it out of the file: {spelling}",
            key=key,
            spelling="${env:NAME}",
        )
    return ExitCode.OK


def _check_workbench_names(console: Console, settings: Settings) -> None:
    """Warn of keys for an action that there is not, and of others that cannot be, with which the workbench does not
    start; and of a theme that there is not, which it passes over.
    """
    if console.names is None or not (settings.keys or settings.theme):
        return
    names = console.names()
    origins = {each.key: each.origin for each in settings.in_force}
    wrong = [(_NO_ACTION, spell_key("keys", each), each, names.actions) for each in settings.keys]
    wrong += [(_NO_THEME, "workbench.theme", settings.theme, names.themes)] if settings.theme else []
    for sentences, key, name, known in wrong:
        if name not in known:
            found = nearest(name, known)
            console.diagnostics.warn(
                sentences[0] if found else sentences[1],
                origin=origins[key].phrase,
                name=name,
                nearest=found,
                known=", ".join(known),
            )
    if settings.keys and all(name in names.actions for name in settings.keys):
        try:
            names.check_keys(settings)
        except ConfigError as error:
            console.diagnostics.warn("{problem}", problem=say_error(error))


_NO_ACTION = (
    "{origin}: the workbench has no action {name!r}; did you mean {nearest}?",
    "{origin}: the workbench has no action {name!r}; there is {known}",
)
_NO_THEME = (
    "{origin}: the workbench has no theme {name!r}; did you mean {nearest}?",
    "{origin}: the workbench has no theme {name!r}; there is {known}",
)


def _row(each: InForce, secrets: set[str], tell: Callable[[Phrase], str]) -> tuple[str, object, str]:
    value = each.value
    if each.key in secrets:
        value = tell(WRITTEN_OUT)
    elif each.key.endswith(".environment") and isinstance(value, tuple):
        value = {name: tell(WRITTEN_OUT) if f"{each.key}.{name}" in secrets else text for name, text in value}
    elif isinstance(value, tuple):
        value = list(value)
    elif isinstance(value, Phrase):
        value = tell(value)
    return each.key, value, tell(each.origin.phrase)


def _defaults(settings: Settings) -> list[InForce]:
    """The keys that are not set anywhere but have a default; those of a target, for each target."""
    from fgtui.settings_table import SETTINGS

    given = {each.key for each in settings.in_force}
    defaults = []
    for setting in SETTINGS:
        if setting.default is None:
            continue
        above, _, last = setting.key.rpartition("<name>.")
        named = [name for name, target in settings.targets.items() if _counts(last, target)]
        names = named if above == "targets." else list(settings.profiles)
        keys = [spell_key(above[:-1], name, last) for name in names] if above else [setting.key]
        defaults += [InForce(key, setting.default, Origin(name="default")) for key in keys if key not in given]
    return [*defaults, *_usual_limits(settings)]


def _counts(key: str, target: TargetSettings) -> bool:
    """Whether a key that has a default means anything for ``target``."""
    match key:
        case "strict_context":
            return target.handler is not None
        case "request_version":
            return target.urn is not None
    return True


def _usual_limits(settings: Settings) -> Iterator[InForce]:
    """Timeout and memory of each target on this machine that sets none: they depend on its runtime."""
    from fgtui.invoke.runtime_names import usual_limits
    from fgtui.invoke.targets import family_by_spelling

    for target in settings.targets.values():
        if target.handler is None:
            continue
        try:
            limits = usual_limits(family_by_spelling(target.handler, target.folder, target.runtime))
        except FgtuiError:  # a runtime that does not run here; `doctor` and `send` say so
            continue
        for key, value in limits._asdict().items():
            if getattr(target, key) is None:
                yield InForce(spell_key("targets", target.name, key), value, Origin(name="default"))


def _deployed(workspace: Workspace) -> Iterator[InForce]:
    settings = workspace.settings
    if settings.profiles or any(target.urn is not None for target in settings.targets.values()):
        from fgtui.cli.deployments import deployment_rows

        yield from deployment_rows(workspace)
    elif any(workspace.environment.get(name) for name in USUAL_VARIABLES):
        from fgtui.cli.deployments import caller

        yield caller(workspace.environment)


def _proxies(console: Console) -> Iterator[InForce]:
    for variable, shown in proxies_set(console.environment).items():
        yield InForce("no_proxy" if variable.lower() == "no_proxy" else "proxy", shown, Origin(name=variable))


def _words(value: object) -> str:
    if isinstance(value, str):
        return value
    from fgtui.sessions import strict_json

    return strict_json.write(value)
