"""Every key a settings file may hold, declared once: names, types, defaults and the words that explain them.

From this table come the errors of ``settings_file``, the README's table and the JSON Schema.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from fgtui.invoke.limits import LEAST_MEMORY_MB, LEAST_TIMEOUT_S, MOST_MEMORY_MB, MOST_TIMEOUT_S
from fgtui.invoke.runtime_names import NAMES
from fgtui.records import Record


class Type(StrEnum):
    """What a value must be, in the words of the README."""

    TEXT = "text"
    PATH = "path"
    NUMBER = "number"
    WHOLE = "whole number"
    FLAG = "true or false"
    TEXTS = "list of texts"
    PATHS = "list of paths"
    VARIABLES = "table of texts"
    TOLERANCE = "number, or a share such as 1%"
    REFERENCE = "reference"
    SECRET = "secret's reference"  # noqa: S105
    ENDPOINT = "base URL"
    COMMAND = "command, as a list"


TOLERANCE = r"^[0-9]{1,15}(\.[0-9]{1,15})?%?$"
"""What a tolerance looks like as text."""


SECRET = r"^\$\{(env:[A-Za-z_][A-Za-z0-9_]*|keyring:[^/{}]+/[^{}]+)\}$"  # noqa: S105
"""What the reference to a secret looks like; there is nothing but the reference."""


class Setting(Record):
    """One key a settings file may hold."""

    key: str
    """Dotted; ``<name>`` stands for a name the person chooses."""
    type: Type
    description: str
    default: object = None
    """``None``: not set."""
    least: float | None = None
    most: float | None = None
    allowed: tuple[str, ...] = ()
    needs_consent: bool = False
    """Names a program, an environment or an endpoint (reliability, section 8)."""


SETTINGS: tuple[Setting, ...] = (
    Setting("default_target", Type.TEXT, "the one of `[targets]` that `send` and the workbench use when none is given"),
    Setting(
        "targets.<name>.handler",
        Type.TEXT,
        "a handler on this machine, relative to the file: `src/index.handler`, `src/index.js:handler`, "
        "`target/app.jar:com.x.Main.handle`, `bootstrap`; or a server that runs already, "
        "`http://127.0.0.1:8000/invoke`, `https://api.example.com/v1`",
        needs_consent=True,
    ),
    Setting(
        "targets.<name>.runtime",
        Type.TEXT,
        "FunctionGraph's name (`Python3.10`, `Custom Image`), or `python`, `node`, `java`, `custom`, `http`, "
        "`container`; default: by the ending, or the only file that fits",
        allowed=NAMES,
        needs_consent=True,
    ),
    Setting(
        "targets.<name>.initializer",
        Type.TEXT,
        "run once before the first event, spelled like the handler; Python, Node.js and Java",
        needs_consent=True,
    ),
    Setting(
        "targets.<name>.pre_stop",
        Type.TEXT,
        "run before an instance is let go, spelled like the handler; Python and Java",
        needs_consent=True,
    ),
    Setting(
        "targets.<name>.timeout_s",
        Type.NUMBER,
        "seconds that starting, and then each event, may take; default: 3, of Java 15; of a deployed function 120 for "
        "the whole call",
        least=LEAST_TIMEOUT_S,
        most=MOST_TIMEOUT_S,
    ),
    Setting(
        "targets.<name>.memory_mb",
        Type.WHOLE,
        "MB the handler and what it starts may use; default: 128, of Java 512; asked for with each call of a deployed "
        "function that has dynamic memory",
        least=LEAST_MEMORY_MB,
        most=MOST_MEMORY_MB,
    ),
    Setting(
        "targets.<name>.environment",
        Type.VARIABLES,
        "the function's variables; `${env:NAME}` takes one of yours",
        needs_consent=True,
    ),
    Setting(
        "targets.<name>.python",
        Type.PATH,
        "the interpreter, relative to the file; default: `$VIRTUAL_ENV`, `.venv` beside the code, `python3` on `PATH`",
        needs_consent=True,
    ),
    Setting(
        "targets.<name>.node",
        Type.PATH,
        "Node.js, 18 or later, relative to the file; default: `node` on `PATH`",
        needs_consent=True,
    ),
    Setting(
        "targets.<name>.java",
        Type.PATH,
        "Java, 11 or later, relative to the file; default: that of `$JAVA_HOME`, `java` on `PATH`",
        needs_consent=True,
    ),
    Setting(
        "targets.<name>.class_path",
        Type.PATHS,
        "where Java finds classes: jars, folders and patterns such as `lib/*.jar`; default: where Maven, Gradle and "
        "packages for the cloud have them",
        needs_consent=True,
    ),
    Setting(
        "targets.<name>.strict_context",
        Type.FLAG,
        "context values as the runtime's code has them (texts, milliseconds) rather than as its documents say",
        default=False,
    ),
    Setting(
        "targets.<name>.ca_file",
        Type.PATH,
        "of a server at `https://…`: a file of certificates that are trusted besides, relative to the settings file",
        needs_consent=True,
    ),
    Setting(
        "targets.<name>.urn",
        Type.TEXT,
        "a deployed function, `urn:fss:<region>:<project>:function:<package>:<name>[:<version>]`, an alias as "
        "`:!<alias>`; without region and project where the profile says them",
        needs_consent=True,
    ),
    Setting(
        "targets.<name>.request_version",
        Type.TEXT,
        "of a deployed function: whether its answer comes as it is, `v0`, or in JSON that is unwrapped, `v1`",
        default="v0",
        allowed=("v0", "v1"),
    ),
    Setting("targets.<name>.profile", Type.TEXT, "the profile that reaches the deployed function", needs_consent=True),
    Setting(
        "profiles.<name>.endpoint",
        Type.ENDPOINT,
        "where the service is, `https://…`; default: that of the function's region",
        needs_consent=True,
    ),
    Setting(
        "profiles.<name>.project",
        Type.TEXT,
        "the project's id; default: the one in the function's URN",
        needs_consent=True,
    ),
    Setting(
        "profiles.<name>.access_key",
        Type.SECRET,
        "a reference, `${env:NAME}` or `${keyring:SERVICE/NAME}`; a profile that says nothing of whom it is takes the "
        "official SDK's variables, `HUAWEICLOUD_SDK_AK` and `HUAWEICLOUD_SDK_SK`, or else its file",
        needs_consent=True,
    ),
    Setting("profiles.<name>.secret_key", Type.SECRET, "a reference, as `access_key`", needs_consent=True),
    Setting(
        "profiles.<name>.security_token", Type.SECRET, "of temporary keys; a reference, as them", needs_consent=True
    ),
    Setting("profiles.<name>.token", Type.SECRET, "a token in place of keys; a reference, as them", needs_consent=True),
    Setting(
        "profiles.<name>.credential_file",
        Type.PATH,
        "the keys are in a file as the official SDK reads it, section `[basic]`; relative to this file",
        needs_consent=True,
    ),
    Setting(
        "profiles.<name>.credential_command",
        Type.COMMAND,
        'a program that prints `{"access_key": …, "secret_key": …}`, with `security_token` and `expires_at` where they '
        'are temporary, or `{"token": …}`; run without a shell, once, and again when they expire',
        needs_consent=True,
    ),
    Setting("profiles.<name>.iam_user", Type.TEXT, "a user for whom tokens are fetched from IAM", needs_consent=True),
    Setting("profiles.<name>.iam_domain", Type.TEXT, "the user's account", needs_consent=True),
    Setting("profiles.<name>.iam_password", Type.SECRET, "a reference, as `access_key`", needs_consent=True),
    Setting(
        "profiles.<name>.iam_endpoint",
        Type.ENDPOINT,
        "where IAM is; default: beside the endpoint, `iam` in place of `functiongraph`",
        needs_consent=True,
    ),
    Setting(
        "profiles.<name>.ca_file",
        Type.PATH,
        "certificates that are trusted besides, of an endpoint with an issuer of its own; relative to this file",
        needs_consent=True,
    ),
    Setting(
        "profiles.<name>.guard",
        Type.FLAG,
        "a production profile: each send is confirmed by its name; a project cannot take a guard away",
        default=False,
        needs_consent=True,
    ),
    Setting("replay.target", Type.TEXT, "the one of `[targets]` that replays use when none is given"),
    Setting("replay.ignore", Type.TEXTS, "what a replay does not compare; see `fgtui help diff`", default=()),
    Setting(
        "replay.tolerance",
        Type.TOLERANCE,
        "how far apart two numbers may be and count as equal, `0.01` or `1%`; default: not at all",
    ),
    Setting(
        "replay.secrets.<name>",
        Type.REFERENCE,
        "takes the place of redacted values in what is sent again: of those at a path, `Records[*].token`, or under a "
        "name, `token`; a reference, `${env:NAME}`",
        needs_consent=True,
    ),
    Setting(
        "redaction.keys",
        Type.TEXTS,
        "more keys whose values are replaced before anything is written; the files' lists add up",
        default=(),
    ),
    Setting(
        "keys.preset",
        Type.TEXT,
        "keys that suit a terminal: `tmux`, `screen`, `ide` (VS Code, JetBrains), `mac` (Option types signs); `auto` "
        "sees for itself, `none` leaves the usual keys",
        default="auto",
        allowed=("auto", "none", "tmux", "screen", "ide", "mac"),
    ),
    Setting(
        "keys.<action>",
        Type.TEXT,
        "keys in place of an action's usual ones, `ctrl+s,f6`, `alt+?`; the workbench's help names the actions",
    ),
    Setting(
        "workbench.theme",
        Type.TEXT,
        "the workbench's theme: `dark`, `light`, `dark-contrast`, `light-contrast`, or `ansi` for the terminal's own "
        "colours; default: the one chosen in the workbench, else what the terminal says of its background",
    ),
)


def json_schema() -> dict[str, object]:
    """The table as a JSON Schema 2020-12 of a settings file."""
    root: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "fgtui.toml",
        "type": "object",
        "additionalProperties": False,
    }
    for setting in SETTINGS:
        place = root
        *above, last = setting.key.split(".")
        for name in above:
            place = _table_schema(place, name)
        if last.startswith("<"):
            place["additionalProperties"] = _value_schema(setting)
        else:
            place.setdefault("properties", {})[last] = _value_schema(setting)
    return root


def _table_schema(place: dict[str, Any], name: str) -> dict[str, Any]:
    empty = {"type": "object", "additionalProperties": False}
    if name.startswith("<"):
        if place["additionalProperties"] is False:
            place["additionalProperties"] = empty
        found: dict[str, Any] = place["additionalProperties"]
    else:
        found = place.setdefault("properties", {}).setdefault(name, empty)
    return found


_SCHEMA_TYPES: dict[Type, dict[str, object]] = {
    Type.TEXT: {"type": "string"},
    Type.PATH: {"type": "string"},
    Type.NUMBER: {"type": "number"},
    Type.WHOLE: {"type": "integer"},
    Type.FLAG: {"type": "boolean"},
    Type.TEXTS: {"type": "array", "items": {"type": "string"}},
    Type.PATHS: {"type": "array", "items": {"type": "string", "minLength": 1}},
    Type.VARIABLES: {"type": "object", "additionalProperties": {"type": "string"}},
    Type.TOLERANCE: {"type": ["number", "string"], "minimum": 0, "pattern": TOLERANCE},
    Type.REFERENCE: {"type": "string", "pattern": r"\$\{env:[A-Za-z_][A-Za-z0-9_]*\}"},
    Type.SECRET: {"type": "string", "pattern": SECRET},
    Type.ENDPOINT: {"type": "string", "pattern": r"^(https?://|\$\{env:)"},
    Type.COMMAND: {"type": "array", "items": {"type": "string"}, "minItems": 1},
}


def _value_schema(setting: Setting) -> dict[str, object]:
    schema = {**_SCHEMA_TYPES[setting.type], "description": setting.description}
    limits = {"default": setting.default, "minimum": setting.least, "maximum": setting.most}
    schema.update({name: value for name, value in limits.items() if value is not None})
    if isinstance(setting.default, tuple):
        schema["default"] = list(setting.default)
    if setting.allowed:
        schema["enum"] = list(setting.allowed)
    return schema
