"""What both front ends are handed: targets, consent, sending and recording."""

from __future__ import annotations

import json
import os
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fgtui import config
from fgtui.errors import ConfigError, ConsentError, UsageError
from fgtui.events.model import Event
from fgtui.invoke.model import Cancelled, Returned
from fgtui.sessions.diff.comparison import Tolerance
from fgtui.sessions.replay.replaying import Selection
from fgtui.sessions.replay.run import Replay
from fgtui.trust import Consents
from fgtui.words import say
from fgtui.workspace import Workspace, open_workspace
from tests.factories import an_exchange
from tests.invoke.http_servers import AUTHORITY, answer, serving

HANDLER = """
import time

def handler(event, context):
    return event

def other(event, context):
    return context.getUserData("TOKEN")

def slow(event, context):
    time.sleep(30)
"""
EVENT = Event("blank", b'{"a": 1}')


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "index.py").write_text(HANDLER)
    return folder


class Place:
    """Opens workspaces in one folder and closes them all."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = {"FGTUI_HOME": str(folder.parent / "home"), "PATH": os.environ["PATH"]}
        self._opened: list[Workspace] = []

    def open(self, settings: str | None = None, *, agreed: bool = True, trust_project: bool = False) -> Workspace:
        if settings is not None:
            (self.folder / "fgtui.toml").write_text(settings)
        loaded = config.load(self.folder, self.environment)
        if agreed and loaded.project is not None:
            Consents(self.environment).give(loaded.project, loaded.claims, now=datetime.now(UTC))
        self._opened.append(open_workspace(loaded, environment=self.environment, trust_project=trust_project))
        return self._opened[-1]

    def close(self) -> None:
        for workspace in self._opened:
            workspace.close()


@pytest.fixture
def place(folder: Path):
    place = Place(folder)
    yield place
    place.close()


def test_opening_makes_nothing_and_starts_nothing(place: Place) -> None:
    workspace = place.open()
    assert workspace.catalogue.get("obs").key == "obs"
    assert workspace.store.sessions() == ()
    workspace.close()
    assert sorted(path.name for path in place.folder.parent.iterdir()) == ["project"]


# Targets


def test_a_handler_is_meant_from_the_working_folder(place: Place) -> None:
    target = place.open().target("index.handler", timeout_s=7.0, environment=[("A", "1")])
    assert (target.file, target.function) == (place.folder / "index.py", "handler")
    assert (target.timeout_s, target.memory_mb, target.environment) == (7.0, 128, (("A", "1"),))


def test_a_target_of_the_settings_is_meant_from_their_file(place: Place) -> None:
    workspace = place.open(
        "[targets.t]\nhandler = 'index.other'\nmemory_mb = 256\nenvironment = { A = '1', B = '2' }\npython = 'py/python'\n"
    )
    target = workspace.target("t", memory_mb=512, environment=[("B", "3")])
    assert (target.name, target.function, target.memory_mb) == ("t", "other", 512)
    assert target.environment == (("A", "1"), ("B", "3"))
    assert target.program == place.folder / "py" / "python"


def test_programs_and_class_paths_are_meant_from_the_settings_file(place: Place) -> None:
    (place.folder / "main.js").touch()
    workspace = place.open(
        "[targets.js]\nhandler = 'main.handler'\nnode = 'bin/node'\n[targets.py]\nhandler = 'index.handler'\nnode = 'x'\n"
        "pre_stop = 'index.other'\n"
    )
    assert workspace.target("js").program == place.folder / "bin/node"
    assert (workspace.target("py").program, workspace.target("py").pre_stop) == (None, "index.other")


def test_a_bootstrap_is_a_spelling_and_no_name(place: Place) -> None:
    (place.folder / "bootstrap").touch()
    workspace = place.open("[targets.t]\nhandler = 'index.handler'\n")
    assert workspace.target("bootstrap").family == "custom"
    assert workspace.target("bootstrap", runtime="http").family == "http"


def test_a_server_that_runs_here_is_a_target_of_the_settings(place: Place) -> None:
    workspace = place.open("[targets.t]\nhandler = 'http://127.0.0.1:8000/invoke'\n")
    assert workspace.target("t").url == "http://127.0.0.1:8000/invoke"


def test_a_server_elsewhere_is_one_too_with_a_certificate_beside_the_settings(place: Place) -> None:
    workspace = place.open("[targets.t]\nhandler = 'https://api.example.com/v1'\nca_file = 'certs/ca.pem'\n")
    (place.folder / "certs").mkdir()
    (place.folder / "certs" / "ca.pem").write_bytes(AUTHORITY.read_bytes())
    target = workspace.target("t", timeout_s=9.0)
    assert (target.url, target.name, target.timeout_s) == ("https://api.example.com/v1", "t", 9.0)
    assert target.ca_file == place.folder / "certs" / "ca.pem"
    assert workspace.target("https://b\u00fccher.example/").url == "https://xn--bcher-kva.example/"


def test_references_are_resolved_when_a_target_is_chosen(place: Place) -> None:
    workspace = place.open("[targets.t]\nhandler = 'index.other'\nenvironment = { TOKEN = 'x-${env:SECRET_ONE}' }\n")
    with pytest.raises(ConfigError) as error:
        workspace.target("t")
    assert "targets.t.environment.TOKEN takes SECRET_ONE" in say(error.value.message, error.value.values)
    place.environment["SECRET_ONE"] = "abc"
    assert workspace.target("t").environment == (("TOKEN", "x-abc"),)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        pytest.param(None, "samples", id="nothing-declared"),
        pytest.param("[targets.t]\nhandler='index.handler'\n", "t", id="the-only-one"),
        pytest.param(
            "[targets.t]\nhandler='index.handler'\n[targets.u]\nhandler='index.other'\n", "samples", id="several"
        ),
        pytest.param(
            "default_target='u'\n[targets.t]\nhandler='index.handler'\n[targets.u]\nhandler='index.other'\n",
            "u",
            id="the-default",
        ),
    ],
)
def test_without_a_name_the_default_is_taken(place: Place, settings: str | None, expected: str) -> None:
    workspace = place.open(settings)
    target = workspace.target()
    assert workspace.targets.uses_sample(None) == (expected == "samples")
    assert target.name == (None if expected == "samples" else expected)
    assert not workspace.targets.uses_sample("index.handler")


def test_an_unknown_name_names_the_nearest(place: Place) -> None:
    workspace = place.open("[targets.thumbnail]\nhandler = 'index.handler'\n")
    with pytest.raises(UsageError) as error:
        workspace.target("thumbnial")
    assert error.value.values["nearest"] == "thumbnail"


# Consent


def test_a_projects_target_needs_a_yes_and_a_spelled_handler_none(place: Place) -> None:
    workspace = place.open("[targets.t]\nhandler = 'index.handler'\n", agreed=False)
    assert workspace.targets.needs_consent()
    with pytest.raises(ConsentError):
        workspace.target("t")
    with pytest.raises(ConsentError):
        workspace.target()
    assert workspace.target("index.handler").function == "handler"
    assert place.open(agreed=False, trust_project=True).target("t").name == "t"


def test_the_persons_own_settings_need_no_yes(place: Place) -> None:
    user = Path(place.environment["FGTUI_HOME"]) / "config"
    user.mkdir(parents=True)
    (user / "config.toml").write_text("[targets.mine]\nhandler = 'index.handler'\n")
    (user / "index.py").write_text(HANDLER)
    (place.folder / "fgtui.toml").write_text("[targets.theirs]\nhandler = 'index.handler'\n")
    workspace = place.open(agreed=False)
    assert workspace.target("mine").file == user / "index.py"


@pytest.mark.parametrize("text", ["default_target = 'mine'\n", "[replay]\ntarget = 'mine'\n"])
def test_a_project_that_sends_to_the_persons_own_target_needs_a_yes_unless_they_name_it(
    place: Place, text: str
) -> None:
    user = Path(place.environment["FGTUI_HOME"]) / "config"
    user.mkdir(parents=True)
    (user / "config.toml").write_text("[targets.mine]\nhandler = 'index.handler'\n[targets.other]\nhandler = 'a.b'\n")
    (user / "index.py").write_text(HANDLER)
    (place.folder / "fgtui.toml").write_text(text)
    workspace = place.open(agreed=False)
    with pytest.raises(ConsentError):
        workspace.target() if "default" in text else workspace.replay_target(
            None, Selection(workspace.store, "default")
        )
    assert workspace.target("mine").name == "mine"


# Sending


def test_an_exchange_is_recorded_and_given_back_both_ways(place: Place) -> None:
    workspace = place.open()
    recorded = workspace.send(EVENT, workspace.target("index.handler"), session="orders")
    assert recorded.problem is None
    assert recorded.kept is not None
    assert (recorded.kept.session, recorded.kept.seq) == ("orders", 1)
    assert recorded.exchange.session == ""
    assert workspace.store.get("orders", 1) == recorded.kept


def test_what_is_received_is_shown_and_what_is_kept_is_redacted(place: Place) -> None:
    place.environment["SECRET_ONE"] = "one-two-three-four"
    workspace = place.open("[targets.t]\nhandler = 'index.other'\nenvironment = { TOKEN = '${env:SECRET_ONE}' }\n")
    recorded = workspace.send(EVENT, workspace.target("t"))
    assert recorded.exchange.outcome.body == b"one-two-three-four"
    assert recorded.kept is not None
    assert b"one-two-three-four" not in recorded.kept.outcome.body
    assert "one-two-three-four" not in str(workspace.exported(recorded))


@pytest.mark.parametrize("value", ["${env:DB_PASSWORD}", "postgres:me,${env:DB_PASSWORD},db"])
def test_a_reference_to_a_secret_makes_one_whatever_the_variable_is_called(place: Place, value: str) -> None:
    place.environment["DB_PASSWORD"] = "one-two-three-four"
    source = (place.folder / "index.py").read_text().replace("TOKEN", "DSN")
    (place.folder / "index.py").write_text(source)
    workspace = place.open(f"[targets.t]\nhandler = 'index.other'\nenvironment = {{ DSN = '{value}' }}\n")
    recorded = workspace.send(EVENT, workspace.target("t"))
    assert b"one-two-three-four" in recorded.exchange.outcome.body
    assert "one-two-three-four" not in str(workspace.exported(recorded))


def test_nothing_recorded_is_exported_redacted_all_the_same(place: Place) -> None:
    workspace = place.open()
    event = Event("blank", b'{"password": "hunter2hunter2"}')
    recorded = workspace.send(event, workspace.target("index.handler"), session=None)
    assert (recorded.kept, recorded.problem) == (None, None)
    assert "hunter2hunter2" not in str(workspace.exported(recorded))
    assert not Path(place.environment["FGTUI_HOME"]).exists()


def test_a_store_that_cannot_be_written_is_a_problem_not_an_exception(place: Place) -> None:
    (place.folder / "x.db").mkdir()
    flags = config.Flags(store=place.folder / "x.db")
    workspace = open_workspace(config.load(place.folder, place.environment, flags), environment=place.environment)
    recorded = workspace.send(EVENT, workspace.target("index.handler"))
    workspace.close()
    assert isinstance(recorded.exchange.outcome, Returned)
    assert recorded.kept is None
    assert recorded.problem is not None


@pytest.mark.parametrize("session", ["", "a\x1b[2J", "x" * 1000])
def test_a_session_that_cannot_be_named_so_stops_the_send(place: Place, session: str) -> None:
    workspace = place.open()
    with pytest.raises(UsageError):
        workspace.send(EVENT, workspace.target("index.handler"), session=session)
    assert workspace.store.sessions() == ()


def test_a_cancelled_send_is_recorded_as_such(place: Place) -> None:
    workspace = place.open()
    cancelled = threading.Event()
    target = workspace.target("index.slow", timeout_s=60)

    def cancel_at_first_line(_: str) -> None:
        cancelled.set()

    recorded = workspace.send(EVENT, target, on_log=cancel_at_first_line, cancelled=cancelled)
    assert isinstance(recorded.exchange.outcome, Cancelled)
    assert recorded.kept is not None


def test_threads_share_a_workspace(place: Place) -> None:
    workspace = place.open()
    target = workspace.target("index.handler")
    threads = [threading.Thread(target=lambda: workspace.send(EVENT, target)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(row.seq for row in workspace.store.page("default")) == [1, 2, 3, 4]


def test_recordings_of_a_project_stay_out_of_its_history_but_its_events_do_not(place: Place) -> None:
    del place.environment["FGTUI_HOME"]
    place.environment |= {
        "XDG_DATA_HOME": str(place.folder.parent / "d"),
        "XDG_CONFIG_HOME": str(place.folder.parent / "c"),
    }
    workspace = place.open("")
    workspace.send(EVENT, workspace.target("index.handler"))
    assert (place.folder / ".fgtui" / "sessions.db").is_file()
    lines = (place.folder / ".fgtui" / ".gitignore").read_text().splitlines()
    assert "!events/" in lines or "!/events/" in lines


# Helpers


def test_a_query_sees_the_events_value_and_opens_it_when_asked(place: Place) -> None:
    workspace = place.open()
    lts = workspace.catalogue.get("lts")
    event = Event("lts", lts.template().text.encode(), "default")
    recorded = workspace.send(event, workspace.target("index.handler"))
    document = workspace.query_document(recorded.exchange)
    assert isinstance(document["event"]["body"]["lts"]["data"], str)
    opened = workspace.query_document(recorded.exchange, decoded=True)
    assert opened["event"]["decoded"]["lts"]["data"]["owner"]


def test_a_trigger_this_installation_does_not_know_is_none(place: Place) -> None:
    assert place.open().trigger_of(Event("carrier-pigeon", b"{}")) is None


def test_secrets_written_out_are_found_and_references_are_not(place: Place) -> None:
    workspace = place.open(
        "[targets.t]\nhandler = 'index.handler'\nenvironment = { API_KEY = 'abc', TOKEN = '${env:X}', BUCKET = 'photos' }\n"
    )
    assert list(workspace.literal_secrets()) == ["targets.t.environment.API_KEY"]


# Replaying

GUARDED = """
[targets.here]
handler = "index.handler"

[targets.prod]
handler = "index.handler"
profile = "prod"

[targets.server]
handler = "http://127.0.0.1:8000/invoke"

[profiles.prod]
guard = true

[replay]
target = "here"
tolerance = "1%"
ignore = ["~uuid"]

[replay.secrets]
token = "${env:A_TOKEN}"
"""


def test_a_handler_here_is_sent_to_at_once_a_server_after_a_yes_and_a_guarded_target_by_its_name(place: Place) -> None:
    workspace = place.open(GUARDED)
    assert [workspace.caution(workspace.target(name), 2).name for name in ("here", "server", "prod")] == [
        "NONE",
        "YES",
        "NAME",
    ]
    assert workspace.caution(workspace.target("index.other"), 2).name == "NONE"
    assert workspace.caution(workspace.target("server")).name == "NONE"


def test_a_replay_goes_where_the_person_or_the_settings_say_and_never_where_the_recording_says(place: Place) -> None:
    recorded = Selection(place.open().store, "orders")
    with pytest.raises(UsageError, match="replay where"):
        place.open().replay_target(None, recorded)
    workspace = place.open(GUARDED)
    assert workspace.replay_target(None, recorded).name == "here"
    assert workspace.replay_target("index.other", recorded).spec == "index.other"


def test_a_replay_is_compared_by_the_settings_and_by_what_is_given_besides(place: Place) -> None:
    workspace = place.open(GUARDED)
    comparison = workspace.comparison(["outcome.result.id"])
    assert [rule.text for rule in comparison.rules] == ["~uuid", "outcome.result.id"]
    assert comparison.tolerance == Tolerance.parse("1%")
    assert workspace.comparison(tolerance="5").tolerance == Tolerance.parse(5)


@pytest.mark.parametrize(
    ("rule", "said"), [("", "an empty rule would ignore everything"), ("~tim", "there is no kind of value 'tim'")]
)
def test_a_rule_of_the_settings_that_means_nothing_is_told_with_its_place(place: Place, rule: str, said: str) -> None:
    workspace = place.open(f'[replay]\nignore = ["a", "{rule}"]\n')
    with pytest.raises(ConfigError) as error:
        workspace.comparison()
    assert f"fgtui.toml:2: replay.ignore[1]: {said}" in str(error.value)


def test_values_of_the_settings_are_withheld_until_somebody_agreed(place: Place) -> None:
    place.environment["A_TOKEN"] = "swordfish"
    withheld = place.open(GUARDED, agreed=False).supplies(["a=b"])
    assert (withheld.withheld, [each.value for each in withheld.values]) == (True, ['"b"'])
    agreed = place.open(GUARDED).supplies()
    assert (agreed.withheld, [each.value for each in agreed.values]) == (False, ["swordfish"])
    del place.environment["A_TOKEN"]
    (missing,) = place.open(GUARDED).supplies().values
    assert "takes A_TOKEN from the environment, where it is not set" in str(missing.problem)


def test_a_replay_gets_a_session_of_its_own_or_goes_on_in_its_newest(place: Place) -> None:
    workspace = place.open()
    assert workspace.replay_name("orders", newest=True) == "orders-replay"
    workspace.store.create("orders-replay")
    workspace.store.create("orders-replay-2")
    assert workspace.replay_name("orders") == "orders-replay-3"
    assert workspace.replay_name("orders", newest=True) == "orders-replay-2"


def test_a_replay_that_says_nothing_else_is_compared_by_the_settings(place: Place) -> None:
    workspace = place.open(GUARDED)
    recorded = Event("blank", b'{"n": 100, "id": "00000000-0000-4000-8000-000000000000"}')
    workspace.store.append("orders", an_exchange(recorded, body=recorded.wire.replace(b"100", b"101")))
    (replayed,) = workspace.replay(Selection(workspace.store, "orders"), workspace.target("here"), Replay())
    assert replayed.changes == ()


def test_a_value_that_replays_are_supplied_with_is_never_written_by_a_send_either(place: Place) -> None:
    place.environment["A_TOKEN"] = "swordfish"
    workspace = place.open(GUARDED)
    recorded = workspace.send(Event("blank", b'{"said": "it is swordfish"}'), workspace.target("here"))
    assert recorded.kept is not None
    assert b"swordfish" not in recorded.kept.event.wire + recorded.kept.outcome.body


# Credentials


URN = "urn:fss:cn-north-4:0123456789abcdef:function:default:demo"
RESOLVED = "printed-by-a-command"


def calling(url: str) -> str:
    """Settings for a function at ``url``, called with keys that only a command knows."""
    return (
        f"[targets.deployed]\nurn = '{URN}'\nprofile = 'prod'\n"
        f"[profiles.prod]\nendpoint = '{url}'\ncredential_command = ['cat', 'keys.json']\n"
    )


def test_keys_that_only_a_command_knows_are_in_no_recording_whatever_comes_back(place: Place) -> None:
    keys = {"access_key": "FGTUIEXAMPLEAK000001", "secret_key": RESOLVED, "security_token": "st-of-an-hour"}
    (place.folder / "keys.json").write_text(json.dumps(keys))
    said = json.dumps({"errorMessage": f"seen {RESOLVED}", "got": list(keys.values())}).encode()
    with serving(answer(body=said, headers=(("X-Seen", RESOLVED),))) as server:
        workspace = place.open(calling(server.url))
        assert RESOLVED in workspace.redactor.text(RESOLVED)  # nobody has asked the command yet
        recorded = workspace.send(Event("blank", json.dumps(keys).encode()), workspace.target("deployed"))
    assert server.requests[0].header("Authorization").startswith("SDK-HMAC-SHA256 Access=FGTUIEXAMPLEAK000001, ")
    assert server.requests[0].header("X-Security-Token") == "st-of-an-hour"
    assert RESOLVED in recorded.exchange.outcome.body.decode()
    read_again = place.open().store.find(recorded.exchange.id)
    for kept in (workspace.exported(recorded), workspace.report(recorded.kept), read_again):
        assert not [secret for secret in keys.values() if secret in repr(kept)]


def test_the_sdks_own_variables_are_in_no_recording_of_a_handler_here_either(place: Place) -> None:
    place.environment |= {"HUAWEICLOUD_SDK_AK": "FGTUIEXAMPLEAK000001", "HUAWEICLOUD_SDK_SK": "nobody-asked-for-it"}
    workspace = place.open()
    event = Event("blank", b'["FGTUIEXAMPLEAK000001", "nobody-asked-for-it"]')
    recorded = workspace.send(event, workspace.target("index.handler"))
    assert b"nobody-asked-for-it" in recorded.exchange.outcome.body
    assert "nobody-asked-for-it" not in repr(recorded.kept)
    assert "FGTUIEXAMPLEAK000001" not in repr(recorded.kept)


def test_credentials_are_fetched_once_for_all_targets_and_sends_until_the_settings_say_otherwise(place: Place) -> None:
    tool = place.folder / "tool"
    tool.write_text('#!/bin/sh\necho ran >>runs\necho \'{"token": "MIIabc"}\'\n')
    tool.chmod(0o700)
    with serving(answer(body=b"1")) as server:
        settings = calling(server.url).replace("['cat', 'keys.json']", "['./tool']")
        workspace = place.open(settings)
        for _ in range(2):
            workspace.send(EVENT, workspace.target("deployed"), session=None)
        assert (place.folder / "runs").read_text() == "ran\n"
        (place.folder / "fgtui.toml").write_text(settings + "project = 'another'\n")
        workspace.renew_settings()
        with pytest.raises(ConsentError):
            workspace.target("deployed")  # changed content asks again
    assert [request.header("X-Auth-Token") for request in server.requests] == ["MIIabc"] * 2


def test_a_command_that_a_project_names_does_not_run_before_a_yes(place: Place) -> None:
    text = f"[profiles.prod]\nendpoint = 'https://evil.example'\ncredential_command = ['touch', '{place.folder}/ran']\n"
    workspace = place.open(text, agreed=False)
    with pytest.raises(ConsentError):
        workspace.target(URN, profile="prod")
    assert not (place.folder / "ran").exists()
    shown = dict(workspace.settings.claims)
    assert shown["profiles.prod.endpoint"] == "https://evil.example"
    assert shown["profiles.prod.credential_command"] == f"touch {place.folder}/ran"
