"""``fgtui replay``: what differs on stdout, the story on stderr, the new exchanges in a session of their own."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from fgtui.invoke.model import Cancelled, Exchange, Returned, TargetSummary, TimedOut
from fgtui.records import replace
from fgtui.sessions.interchange.json_lines import JsonLines, write_jsonl
from fgtui.sessions.model import NO_TARGET
from fgtui.sessions.redaction.redactor import Redactor
from fgtui.sessions.store import SessionStore
from tests.cli.stage import Ran, Stage
from tests.cli.waiting import wait_until
from tests.factories import an_event, an_exchange
from tests.invoke import deployed as deployed_function
from tests.invoke.deployed import refused, returned
from tests.invoke.http_servers import Received, Step, a_port_nobody_listens_at, answer, serving

HANDLER = """
import json, os, time

def handler(event, context):
    with open(os.environ["SEEN"], "a") as seen:
        seen.write(json.dumps(event) + "\\n")
    if "sleep" in event:
        time.sleep(event["sleep"])
    if event.get("n") == 113:
        raise ValueError("thirteen \\x1b[31m")
    return {"n": event.get("n"), "token": event.get("token")}
"""


def answered(number: int) -> Returned:
    return Returned(body=json.dumps({"n": number, "token": None}).encode(), duration_ms=1.0)


@pytest.fixture
def project(stage: Stage) -> Stage:
    (stage.folder / "index.py").write_text(HANDLER)
    stage.environment["SEEN_AT"] = str(stage.folder / "seen")
    return stage


def a_suite(stage: Stage, *exchanges: object, count: int = 3, name: str = "suite.jsonl") -> Path:
    """A file of ``exchanges``, else of ``count`` that the handler answers as recorded."""
    made = exchanges or tuple(
        an_exchange(f'{{"n": {number}}}', answered(number), number=number, seq=number) for number in range(1, count + 1)
    )
    write_jsonl(made, stage.folder / name, session="orders", overwrite=True)
    return stage.folder / name


def replay(stage: Stage, *words: str, **more: object) -> Ran:
    seen = ("--env", f"SEEN={stage.folder / 'seen'}")
    return stage.run("replay", *words, "--target", "index.handler", *seen, **more)


def seen(stage: Stage) -> list[object]:
    file = stage.folder / "seen"
    return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []


def recorded(stage: Stage, session: str) -> list[Exchange]:
    with SessionStore(Path(stage.environment["FGTUI_HOME"], "data", "sessions.db"), Redactor()) as store:
        return list(store.iterate(session))


def summary(ran: Ran) -> str:
    """The last line but for the time it took."""
    return re.sub(r" · \d+ (min \d+ )?s\b", "", next(line for line in ran.said.splitlines() if line[0] in "✓✗"))


# What is sent, and what it comes to


def test_a_suite_is_sent_in_order_and_recorded_under_a_name_of_its_own(project: Stage) -> None:
    a_suite(project)
    ran = replay(project, "suite.jsonl")
    assert (ran.code, ran.out) == (0, "")
    assert seen(project) == [{"n": 1}, {"n": 2}, {"n": 3}]
    assert "3 events of suite.jsonl to index.handler, recorded as suite-replay\n" in ran.said
    assert summary(ran) == "✓ 3 replayed · nothing differs · recorded as suite-replay"
    assert [each.replay_of for each in recorded(project, "suite-replay")] == [
        an_exchange(number=number).id for number in (1, 2, 3)
    ]
    assert "recorded as suite-replay-2" in replay(project, "suite.jsonl").said


def test_what_differs_is_listed_with_the_number_the_outcomes_and_the_first_changes(project: Stage) -> None:
    a_suite(
        project,
        an_exchange('{"n": 1}', answered(2), number=1, seq=4, trigger="obs"),
        an_exchange('{"n": 113}', answered(113), number=2, seq=5),
        an_exchange('{"n": 3}', answered(3), number=3, seq=6),
    )
    ran = replay(project, "suite.jsonl")
    assert ran.code == 1
    assert ran.out.splitlines()[:5] == [
        "~ 4 obs default  returned, 1 difference",
        "    ~ outcome.result.n: 2 → 1",
        "✗ 5 blank default  returned → raised ValueError: thirteen \\e[31m, 7 differences",
        '    ~ outcome.kind: "returned" → "raised"',
        '    ~ outcome.error: null → {"type": "ValueError", "message": "thirteen \\\\u001b[31m"}'.replace("\\\\", "\\"),
    ]
    assert summary(ran).startswith("✗ 3 replayed · 2 differ · 1 of them failed · ")


def test_json_has_a_line_for_each_exchange_and_the_tally_last(project: Stage) -> None:
    a_suite(project, an_exchange('{"n": 1}', answered(2), seq=1), an_exchange('{"n": 2}', answered(2), number=2, seq=2))
    ran = replay(project, "suite.jsonl", "--json", "--as", "after")
    first, second, last = map(json.loads, ran.out.splitlines())
    assert (first["seq"], first["verdict"], second["verdict"]) == (1, "different", "same")
    assert first["changes"] == [{"path": "outcome.result.n", "kind": "changed", "old": 2, "new": 1}]
    assert first["replay"]["session"] == "after"
    assert last["tally"] | {"per_second": 0} == {
        "total": 2, "done": 2, "same": 1, "different": 1, "failed": 0, "refused": 0, "first": 0, "earlier": 0,
        "again": 0, "cancelled": 0, "unrecorded": 0, "respelled": 0, "unknown": 0, "unread": 0, "per_second": 0,
    }  # fmt: skip
    assert (last["session"], last["target"], last["stopped"]) == ("after", "index.handler", None)


def test_a_recorded_session_is_replayed_by_numbers_by_a_query_and_by_marks(project: Stage) -> None:
    marked = [
        an_exchange(f'{{"n": {number}}}', answered(number), number=number, seq=number, tags=("marked",) * (number == 2))
        for number in (1, 2, 3)
    ]
    a_suite(project, *marked)
    assert replay(project, "suite.jsonl", "3", "1", "--as", "numbers").code == 0
    assert seen(project) == [{"n": 1}, {"n": 3}]
    assert replay(project, "numbers", "--where", "event.body.n == `3`", "--no-record").code == 0
    assert replay(project, "suite.jsonl", "--marked", "--no-record").code == 0
    assert seen(project)[2:] == [{"n": 3}, {"n": 2}]


def test_a_selection_of_nothing_is_told_and_no_success(project: Stage) -> None:
    a_suite(project)
    for words, said in (
        (
            ("--where", "event.trigger == 'obs'"),
            "no exchange of suite.jsonl is one for which event.trigger == 'obs' is",
        ),
        (("--marked",), "nothing is selected: no exchange of suite.jsonl is marked; nothing was sent"),
        (("--marked", "--where", "`true`"), "is one for which `true` is true, and marked; nothing was sent"),
    ):
        ran = replay(project, "suite.jsonl", *words)
        assert (ran.code, ran.out, seen(project)) == (2, "", [])
        assert said in ran.said
    with SessionStore(Path(project.environment["FGTUI_HOME"], "data", "sessions.db"), Redactor()) as store:
        store.create("empty")
    assert "empty is empty; nothing was sent" in replay(project, "empty").said


def test_the_last_exchange_has_a_name(project: Stage) -> None:
    a_suite(project)
    assert replay(project, "suite.jsonl", "1", "last", "--no-record").code == 0
    assert seen(project) == [{"n": 1}, {"n": 3}]


def test_an_event_that_was_never_sent_has_nothing_to_compare_with(project: Stage) -> None:
    never = [
        an_exchange(f'{{"n": {number}}}', Cancelled(), number=number, seq=number, target=TargetSummary(NO_TARGET, ""))
        for number in (1, 113)
    ]
    a_suite(project, never[0])
    ran = replay(project, "suite.jsonl", "--no-record")
    assert (ran.code, ran.out) == (0, "")
    assert summary(ran) == "✓ 1 replayed · 1 never sent before, so nothing to compare with"
    a_suite(project, *never)
    ran = replay(project, "suite.jsonl", "--no-record")
    assert (ran.code, ran.out) == (1, "✗ 113 blank default  never sent → raised ValueError: thirteen \\e[31m\n")
    verdicts = [json.loads(line) for line in replay(project, "suite.jsonl", "--no-record", "--json").out.splitlines()]
    assert [each.get("verdict") for each in verdicts] == ["first", "different", None]


def test_the_limit_at_which_an_exchange_had_timed_out_is_told_where_it_returns(project: Stage) -> None:
    timed_out = an_exchange('{"n": 1}', TimedOut(limit_s=0.5), seq=1)
    a_suite(project, timed_out)
    ran = replay(project, "suite.jsonl", "--no-record")
    assert "1 that returned was recorded as timed out after 0.5 s; to replay with that: --timeout 0.5\n" in ran.said
    assert "recorded as timed out" not in replay(project, "suite.jsonl", "--no-record", "--timeout", "0.5").said


def test_several_at_once_are_told_in_their_order(project: Stage) -> None:
    a_suite(project, count=9)
    ran = replay(project, "suite.jsonl", "--concurrency", "3", "--json", "--no-record")
    assert [json.loads(line)["seq"] for line in ran.out.splitlines()[:-1]] == list(range(1, 10))
    assert sorted(each["n"] for each in seen(project)) == list(range(1, 10))


def test_a_pace_and_a_rate_are_kept_in_time(project: Stage) -> None:
    a_suite(project)  # a second between two
    assert replay(project, "suite.jsonl", "--pace", "100×", "--no-record").code == 0
    assert replay(project, "suite.jsonl", "--rate", "500", "--no-record").code == 0
    assert len(seen(project)) == 6


def test_rules_and_a_tolerance_pass_over_what_is_no_difference(project: Stage) -> None:
    a_suite(project, an_exchange('{"n": 100}', answered(101), seq=1))
    assert replay(project, "suite.jsonl", "--no-record").code == 1
    assert replay(project, "suite.jsonl", "--no-record", "--ignore", "outcome.result.n").code == 0
    assert replay(project, "suite.jsonl", "--no-record", "--tolerance", "1%").code == 0
    (project.folder / "fgtui.toml").write_text('[replay]\ntolerance = "1%"\n')
    assert replay(project, "suite.jsonl", "--no-record").code == 0


# Where it goes


def test_without_a_target_the_recorded_one_is_named_and_never_used(project: Stage) -> None:
    a_suite(project)
    ran = project.run("replay", "suite.jsonl")
    assert ran.code == 2
    assert "replay where? it was recorded at src/index.handler" in ran.said
    assert seen(project) == []


def test_the_target_of_the_settings_is_used_once_it_was_agreed_to(project: Stage) -> None:
    (project.folder / "fgtui.toml").write_text(
        '[targets.here]\nhandler = "index.handler"\nenvironment = { SEEN = "${env:SEEN_AT}" }\n'
        '[replay]\ntarget = "here"\n'
    )
    a_suite(project)
    assert project.run("replay", "suite.jsonl").code == 2
    assert project.run("replay", "suite.jsonl", "--trust-project").code == 0
    assert len(seen(project)) == 3


@pytest.fixture
def guarded(project: Stage) -> Stage:
    (project.folder / "fgtui.toml").write_text(
        '[targets.prod]\nhandler = "index.handler"\nprofile = "prod"\n'
        'environment = { SEEN = "${env:SEEN_AT}" }\n[profiles.prod]\nguard = true\n'
    )
    a_suite(project)
    return project


GUARDED = ("replay", "suite.jsonl", "--target", "prod", "--trust-project", "--no-record")


@pytest.mark.parametrize(
    ("words", "answers", "code"),
    [
        ((), None, 2),
        (("--yes",), None, 2),
        ((), b"yes\n", 2),
        ((), b"prod\n", 0),
        (("--yes-really",), None, 0),
    ],
    ids=["no-terminal", "yes-is-not-enough", "another-word", "its-name", "really"],
)
def test_a_guarded_target_wants_its_name(
    guarded: Stage, words: tuple[str, ...], answers: bytes | None, code: int
) -> None:
    ran = guarded.run(*GUARDED, *words, answers=answers)
    assert ran.code == code
    assert len(seen(guarded)) == (3 if code == 0 else 0)
    if code:
        assert ": it is guarded\n" in ran.said
    if code and answers is None:
        assert "--yes-really sends without asking" in ran.said
    if answers:
        assert "3 events of suite.jsonl go to index.handler, which is guarded. Type prod to send: " in ran.said


@pytest.mark.parametrize(("answers", "code"), [(None, 2), (b"n\n", 2)], ids=["no-terminal", "no"])
def test_a_server_that_fgtui_has_not_started_gets_nothing_without_a_yes(
    project: Stage, answers: bytes | None, code: int
) -> None:
    a_suite(project)
    ran = project.run("replay", "suite.jsonl", "--target", "http://127.0.0.1:9/invoke", answers=answers)
    assert ran.code == code
    assert "nothing was sent to http://127.0.0.1:9/invoke" in ran.said
    assert ("no terminal to ask on: --yes sends without asking" in ran.said) == (answers is None)


def test_one_event_alone_needs_no_yes_and_nobody_listening_is_a_difference(project: Stage) -> None:
    a_suite(project, count=1)
    ran = project.run("replay", "suite.jsonl", "--target", "http://127.0.0.1:9/invoke", "--no-record")
    assert ran.code == 1
    assert "returned → unreachable" in ran.out


def test_a_server_that_breaks_off_ends_the_replay_in_words_with_what_is_left(project: Stage) -> None:
    a_suite(project)
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(20)  # where nobody comes, the test fails rather than waits
        asked: list[bytes] = []

        def break_off() -> None:
            connection, _ = server.accept()
            with connection:
                asked.append(connection.recv(65_536))

        thread = threading.Thread(target=break_off)
        thread.start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}/invoke"
        ran = project.run("replay", "suite.jsonl", "--target", url, "--yes", "--junit", "report.xml")
        thread.join()
    assert ran.code == 3
    assert len(asked) == 1
    assert "stopped at exchange 1: no answer came, and the handler may have run; it is not sent again" in ran.said
    assert f"2 left; to go on: fgtui replay suite.jsonl --target {url} --as suite-replay --resume" in ran.said
    assert ET.parse(project.folder / "report.xml").getroot().get("errors") == "1"


# At a deployed function


@pytest.fixture
def deployed(project: Stage) -> Stage:
    """A project whose function is deployed, and a suite of its events; ``point`` says where the service is."""
    project.environment |= {"AK": deployed_function.KEYS.access_key, "SK": deployed_function.KEYS.secret_key}
    a_suite(project)
    return project


def point(stage: Stage, endpoint: str, *, guard: bool = False) -> None:
    (stage.folder / "fgtui.toml").write_text(
        f'[targets.production]\nurn = "{deployed_function.URN}"\nprofile = "prod"\n'
        f'[profiles.prod]\nendpoint = "{endpoint}"\naccess_key = "${{env:AK}}"\nsecret_key = "${{env:SK}}"\n'
        f'guard = {str(guard).lower()}\n[replay]\ntarget = "production"\n'
    )


AT_DEPLOYED = ("replay", "suite.jsonl", "--trust-project")


def echo(received: Received) -> Step:
    """What the handler of the suite answers."""
    number = json.loads(received.body)["n"]
    return returned(
        json.dumps({"n": number, "token": None}).encode(), ("X-Served-By", received.header("X-Sdk-Date") or "")
    )


@pytest.mark.parametrize(
    ("words", "answers", "sent"),
    [((), None, 0), ((), b"n\n", 0), ((), b"y\n", 3), (("--yes",), None, 3), (("1",), None, 1)],
    ids=["no-terminal", "no", "yes", "said-before", "one-alone"],
)
def test_many_events_go_to_a_deployed_function_after_a_summary_and_a_yes(
    deployed: Stage, words: tuple[str, ...], answers: bytes | None, sent: int
) -> None:
    with serving(echo) as server:
        point(deployed, server.url)
        ran = deployed.run(*AT_DEPLOYED, *words, answers=answers)
        assert len(server.requests) == sent
        assert all((each.header("Authorization") or "").startswith("SDK-HMAC-SHA256 ") for each in server.requests)
    assert ran.code == (0 if sent else 2)
    if answers:
        assert (
            "3 events of suite.jsonl go to function default:demo, version latest, project "
            f"0123456789abcdef0123456789abcdef, region cn-north-4, at {server.url}. Send? [y/N]"
        ) in ran.said
    if sent:
        assert "nothing differs" in ran.said
        assert {each.target.kind for each in recorded(deployed, "suite-replay")} == {"remote"}
    assert deployed_function.KEYS.secret_key not in ran.said


@pytest.mark.parametrize(
    ("words", "answers", "sent"),
    [
        (("--yes",), None, 0),
        ((), b"yes\n", 0),
        ((), b"production\n", 3),
        (("--yes-really",), None, 3),
        (("1", "--yes"), None, 0),
    ],
    ids=["yes-is-not-enough", "another-word", "its-name", "really", "one-alone"],
)
def test_a_guarded_function_wants_its_name(
    deployed: Stage, words: tuple[str, ...], answers: bytes | None, sent: int
) -> None:
    with serving(echo) as server:
        point(deployed, server.url, guard=True)
        ran = deployed.run(*AT_DEPLOYED, *words, answers=answers)
        assert len(server.requests) == sent
    assert ran.code == (0 if sent else 2)


def test_what_may_have_run_ends_the_replay_and_is_sent_again_only_by_its_number(deployed: Stage) -> None:
    def late_once(received: Received) -> Step:
        lost = json.loads(received.body)["n"] == 2 and not lates
        lates.extend([received] * lost)
        return refused(504, "FSS.0504", "no answer from the function") if lost else echo(received)

    lates: list[Received] = []
    with serving(late_once) as server:
        point(deployed, server.url)
        ran = deployed.run(*AT_DEPLOYED, "--yes", "--junit", "report.xml")
        assert ran.code == 3
        assert len(server.requests) == 2
        assert (
            "stopped at exchange 2: the answer was FSS.0504 no answer from the function, and the handler may have run; "
            "it is not sent again"
        ) in ran.said
        assert f"look what request {deployed_function.REQUEST_ID} did" in ran.said
        assert "1 left; to go on: fgtui replay suite.jsonl --as suite-replay --resume" in ran.said
        report = ET.parse(deployed.folder / "report.xml").getroot()
        assert (report.get("tests"), report.get("failures"), report.get("errors")) == ("3", "1", "1")

        ran = deployed.run(*AT_DEPLOYED, "--as", "suite-replay", "--resume")  # one is left: no question
        assert [json.loads(each.body)["n"] for each in server.requests] == [1, 2, 3]
        assert summary(ran).startswith("✗ 3 replayed · 1 differs · 1 of them failed · 2 of them before")

        assert deployed.run(*AT_DEPLOYED, "2").code == 0
        assert [json.loads(each.body)["n"] for each in server.requests] == [1, 2, 3, 2]


def test_what_was_refused_before_it_ran_is_sent_again_when_a_replay_goes_on(deployed: Stage) -> None:
    with serving(refused(429, "FSS.0429", "too many requests"), echo) as server:
        point(deployed, server.url)
        ran = deployed.run(*AT_DEPLOYED, "--yes")
        assert ran.code == 1
        assert "returned → rejected: FSS.0429 too many requests" in ran.out
        assert "stopped" not in ran.said
        assert deployed.run(*AT_DEPLOYED, "--as", "suite-replay", "--resume").code == 0
        assert [json.loads(each.body)["n"] for each in server.requests] == [1, 2, 3, 1]


def test_looking_for_noise_at_a_deployed_function_asks_the_same(
    deployed: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fgtui.sessions.replay.replaying.PAUSE_S", 0.0)
    with serving(echo) as server:
        point(deployed, server.url)
        assert deployed.run(*AT_DEPLOYED, "1", "--find-noise").code == 2
        assert server.connections == []
        assert deployed.run(*AT_DEPLOYED, "1", "--find-noise", "--yes").code == 0
        assert len(server.requests) == 2


def test_a_profile_that_is_named_reaches_another_service(deployed: Stage) -> None:
    with serving(echo) as server, a_port_nobody_listens_at() as port:
        point(deployed, f"http://127.0.0.1:{port}")
        with (deployed.folder / "fgtui.toml").open("a") as file:
            file.write(
                f'[profiles.other]\nendpoint = "{server.url}"\naccess_key = "${{env:AK}}"\nsecret_key = "${{env:SK}}"\n'
            )
        assert deployed.run(*AT_DEPLOYED, "1", "--profile", "other").code == 0
        assert len(server.requests) == 1


def test_a_token_in_an_address_is_told_to_nobody_and_no_other_target(project: Stage) -> None:
    a_suite(project, count=2)
    with serving(answer(body=b"{}")) as server:
        url = f"{server.url}/hooks?access_token=hunter2hunter2"
        words = ("replay", "suite.jsonl", "--target", url, "--yes", "--json", "--as", "after")
        first = project.run(*words, "--junit", "report.xml")
        again = project.run(*words, "--resume")
        assert server.requests[0].target == "/hooks?access_token=hunter2hunter2"
        assert len(server.requests) == 2
    for told in (first.out, first.said, again.out, again.said, (project.folder / "report.xml").read_text()):
        assert "hunter2" not in told
    assert "was sent to" not in again.said
    assert "hunter2" not in recorded(project, "after")[0].target.spec


# Redacted events


@pytest.fixture
def redacted(project: Stage) -> Stage:
    rules = Redactor(salt=b"s" * 16)
    event = an_event('{"n": 1, "token": "hunter22"}')
    outcome = Returned(body=b'{"n": 1, "token": "hunter22"}')
    a_suite(project, rules.apply(an_exchange(event, outcome, seq=1)))
    return project


def test_a_redacted_event_is_refused_and_counts(redacted: Stage) -> None:
    ran = replay(redacted, "suite.jsonl", "--junit", "report.xml")
    assert (ran.code, seen(redacted)) == (1, [])
    assert ran.out == "⊘ 1 blank default  not sent: redacted when it was recorded: token\n"
    assert "not sent: supply each value: --set PATH=VALUE or [replay.secrets]; or --send-redacted" in ran.said
    assert ET.parse(redacted.folder / "report.xml").getroot().get("errors") == "1"


def test_a_supplied_value_is_sent_and_not_kept_and_is_no_difference(redacted: Stage) -> None:
    redacted.environment["TOKEN"] = "swordfish"
    ran = replay(redacted, "suite.jsonl", "--set", "token={{env:TOKEN}}", "--json")
    assert ran.code == 0
    assert seen(redacted) == [{"n": 1, "token": "swordfish"}]
    home = Path(redacted.environment["FGTUI_HOME"])
    written = b"".join(file.read_bytes() for file in home.rglob("*") if file.is_file())
    assert b"swordfish" not in written + ran.data + ran.said.encode()
    assert "<redacted:" in redacted.run("show", "suite-replay", "1", "--json").out


def test_a_value_for_a_place_that_is_not_there_is_an_error_before_anything_is_sent(redacted: Stage) -> None:
    for place, hint in (("tokn", "did you mean token?"), ("n", "fgtui show SESSION SEQ names the places")):
        ran = replay(redacted, "suite.jsonl", "--set", "token=x", "--set", f"{place}=5")
        assert (ran.code, seen(redacted)) == (2, [])
        assert f"--set {place}: no selected event has a value there that was redacted; nothing was sent" in ran.said
        assert hint in ran.said
    whole = an_exchange('{"n": 2}', answered(2), number=2, seq=2)
    a_suite(redacted, *JsonLines(redacted.folder / "suite.jsonl"), whole)
    replay(redacted, "suite.jsonl", "--set", "token=x", "--no-record")
    assert seen(redacted) == [{"n": 1, "token": "x"}, {"n": 2}]


def test_values_that_were_redacted_elsewhere_are_counted(project: Stage) -> None:
    outcome = Redactor().outcome(Returned(body=b'{"n": 1, "token": "hunter22"}'))
    a_suite(project, an_exchange('{"n": 1, "token": "hunter23"}', outcome, seq=1))
    ran = replay(project, "suite.jsonl")
    assert ran.code == 0
    assert "1 value could not be compared: it was redacted in another store\n" in ran.said


def test_references_of_the_settings_supply_values_once_they_were_agreed_to(redacted: Stage) -> None:
    redacted.environment["TOKEN"] = "swordfish"
    (redacted.folder / "fgtui.toml").write_text('[replay.secrets]\ntoken = "${env:TOKEN}"\n')
    ran = replay(redacted, "suite.jsonl")
    assert (ran.code, seen(redacted)) == (1, [])
    assert "fgtui.toml names values nobody agreed to: fgtui trust" in ran.said
    assert replay(redacted, "suite.jsonl", "--trust-project").code == 0
    assert seen(redacted) == [{"n": 1, "token": "swordfish"}]


def test_placeholders_are_sent_when_that_is_asked_for(redacted: Stage) -> None:
    assert replay(redacted, "suite.jsonl", "--send-redacted").code == 0
    ((only),) = seen(redacted)
    assert only["token"].startswith("<redacted:")


# Suites


def test_a_suite_in_continuous_integration_writes_a_report_and_needs_no_store(project: Stage) -> None:
    a_suite(project, an_exchange('{"n": 1}', answered(2), seq=1), an_exchange('{"n": 2}', answered(2), number=2, seq=2))
    (project.folder / "no-folder").write_text("")
    project.environment["FGTUI_HOME"] = str(project.folder / "no-folder" / "home")
    ran = replay(project, "suite.jsonl", "--junit", "report.xml")
    assert ran.code == 1
    assert "warning: nothing is recorded: " in ran.said
    (failure,) = ET.parse(project.folder / "report.xml").getroot().iter("failure")
    assert failure.text == "~ outcome.result.n: 2 → 1"
    assert replay(project, "suite.jsonl", "2", "--no-record").code == 0


def test_where_recording_was_asked_for_a_store_that_cannot_be_written_ends_it_before_anything_is_sent(
    project: Stage,
) -> None:
    a_suite(project)
    (project.folder / "no-folder").write_text("")
    ran = replay(project, "suite.jsonl", "--as", "after", "--store", "no-folder/sessions.db")
    assert (ran.code, seen(project)) == (4, [])
    assert "--no-record replays without recording" in ran.said


def test_a_report_that_cannot_be_written_is_known_before_anything_is_sent(project: Stage) -> None:
    a_suite(project)
    ran = replay(project, "suite.jsonl", "--junit", "missing/report.xml")
    assert (ran.code, seen(project)) == (2, [])


def test_torn_lines_of_a_suite_are_lost_cases_and_so_a_failure(project: Stage) -> None:
    with a_suite(project).open("ab") as stream:
        stream.write(b'{"torn')
    ran = replay(project, "suite.jsonl", "--junit", "report.xml", "--no-record")
    assert ran.code == 1
    assert "suite.jsonl:5: passed over: cut short" in ran.said
    assert summary(ran) == "✗ 3 replayed · nothing differs · 1 line could not be read"
    root = ET.parse(project.folder / "report.xml").getroot()
    assert [root.get(name) for name in ("tests", "failures", "errors")] == ["4", "0", "1"]
    assert replay(project, "suite.jsonl", "1", "2", "--no-record").code == 0


def test_a_report_never_takes_the_place_of_the_suite_or_of_a_program(project: Stage) -> None:
    a_suite(project)
    for name in ("suite.jsonl", "index.py"):
        before = (project.folder / name).read_bytes()
        ran = replay(project, "suite.jsonl", "--junit", name)
        assert (ran.code, seen(project)) == (2, [])
        assert "is there and is no JUnit report; it was not replaced" in ran.said
        assert (project.folder / name).read_bytes() == before


def test_what_differs_becomes_what_is_expected_after_a_yes(project: Stage) -> None:
    file = a_suite(
        project, an_exchange('{"n": 1}', answered(2), seq=1), an_exchange("{}", answered(0), seq=2, number=2)
    )
    before = file.read_bytes()
    ran = replay(project, "suite.jsonl", "--no-record", "--update")
    assert (ran.code, file.read_bytes()) == (2, before)
    assert "--yes updates without asking" in ran.said
    ran = replay(project, "suite.jsonl", "1", "--no-record", "--update", "--yes")
    assert ran.code == 0
    assert "1 outcome in suite.jsonl updated" in ran.said
    assert replay(project, "suite.jsonl", "1", "--no-record").code == 0
    assert JsonLines(file).get("", 2).outcome == answered(0)


NOISY = """
import time, uuid

def handler(event, context):
    return {"id": str(uuid.uuid4()), "items": [{"at": time.time()}], "n": event["n"]}
"""


def test_what_differs_between_two_sends_of_each_is_proposed_as_rules(project: Stage) -> None:
    (project.folder / "noisy.py").write_text(NOISY)
    a_suite(project, count=3)
    ran = project.run("replay", "suite.jsonl", "--target", "noisy.handler", "--concurrency", "3", "--find-noise")
    assert ran.code == 1
    assert 'ignore = ["outcome.result.id~uuid", "outcome.result.items[*].at~time"]' in ran.out.splitlines()
    assert "3 events were sent twice\n" in ran.said
    assert not Path(project.environment["FGTUI_HOME"]).exists()


# Usage


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("9",), "has no exchange 9"),
        (("1", "--marked"), "numbers, or --where and --marked"),
        (("--rate", "1", "--pace", "original"), "--rate or --pace"),
        (("--no-record", "--resume"), "--no-record keeps nothing"),
        (("--find-noise", "--junit", "r.xml"), "--find-noise records nothing"),
        (("--where", "outcome.["), "^"),
        (("--pace", "fast"), "--pace is a number from 0.001 to 1,000,000, not 'fast'"),
        (("--ignore", "a..b"), "cannot be ignored"),
        (("--ignore", ""), "an empty rule would ignore everything"),
        (("--set", "token=1", "--send-redacted"), "--set or --send-redacted"),
        (("--set", "token"), "has no = sign"),
        (("--as", " x "), "cannot name a session"),
        (("--tolerance", "much"), "a tolerance is a number"),
    ],
)
def test_what_makes_no_sense_is_said_before_anything_is_sent(project: Stage, words: tuple[str, ...], said: str) -> None:
    a_suite(project)
    ran = replay(project, "suite.jsonl", *words)
    assert (ran.code, seen(project)) == (2, [])
    assert said in ran.said


def test_a_session_that_is_not_there_and_an_update_of_one_are_refused(project: Stage) -> None:
    assert "there is no session 'orders'" in replay(project, "orders").said
    assert "recorded sessions are not changed" in replay(project, "orders", "--update").said


# Ends and beginnings


@pytest.fixture
def slow(project: Stage) -> Stage:
    """A suite whose later events take long, and an environment for processes of its own."""
    quick = [an_exchange(f'{{"n": {number}}}', answered(number), number=number, seq=number) for number in range(1, 31)]
    slow = [
        replace(each, event=an_event(f'{{"n": {each.seq}, "sleep": 60}}')) if each.seq > 20 else each for each in quick
    ]
    a_suite(project, *slow)
    a_suite(project, *quick, name="quick.jsonl")
    return project


def started(stage: Stage, *words: str) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "fgtui", "replay", *words, "--target", "index.handler"]
    settings = ["--env", f"SEEN={stage.folder / 'seen'}", "--timeout", "50"]
    environment = {**os.environ, **stage.environment, "PYTHONPATH": str(Path(__file__).parents[3])}
    return subprocess.Popen(
        [*command, *settings], cwd=stage.folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_keeps_what_is_done_and_says_how_to_go_on(slow: Stage, number: int, code: int) -> None:
    child = started(slow, "suite.jsonl", "--as", "after", "--junit", "report.xml")
    wait_until(lambda: len(seen(slow)) >= 21, "the slow event has begun")
    child.send_signal(number)
    out, said = child.communicate(timeout=30)
    assert (child.returncode, out) == (code, b"")
    assert re.search(r"✓ 20 of 30 replayed · nothing differs · \d+ s · recorded as after\n", said.decode())
    command = "fgtui replay suite.jsonl --target index.handler --as after --resume"
    assert f"10 left, 1 of them cancelled; to go on: {command}\n" in said.decode()
    root = ET.parse(slow.folder / "report.xml").getroot()
    assert [root.get(name) for name in ("tests", "failures", "errors")] == ["21", "0", "1"]
    assert [each.get("message") for each in root.iter("error")] == ["interrupted: 10 of 30 were not replayed"]
    kinds = [each.outcome.kind for each in recorded(slow, "after")]
    assert kinds == ["returned"] * 20 + ["cancelled"]
    (slow.folder / "quick.jsonl").replace(slow.folder / "suite.jsonl")
    ran = replay(slow, "suite.jsonl", "--as", "after", "--resume", "--json")
    assert ran.code == 0
    tally = json.loads(ran.out.splitlines()[-1])["tally"]
    assert (tally["earlier"], tally["again"], tally["done"]) == (20, 1, 30)
    assert [each["n"] for each in seen(slow)] == [*range(1, 22), *range(21, 31)]


def test_where_nobody_reads_any_more_nothing_further_is_sent(slow: Stage) -> None:
    child = started(slow, "suite.jsonl", "--json", "--as", "after")
    assert child.stdout is not None
    child.stdout.close()
    child.wait(timeout=30)
    assert child.returncode == 0
    assert child.stderr is not None
    assert "to go on: fgtui replay" in child.stderr.read().decode()
    child.stderr.close()


def test_after_being_killed_a_replay_goes_on_and_each_event_is_recorded_once(slow: Stage) -> None:
    child = started(slow, "suite.jsonl")
    wait_until(lambda: len(seen(slow)) >= 21, "the slow event has begun")
    wait_until(lambda: len(recorded(slow, "suite-replay")) == 20, "the others are recorded")
    child.kill()
    child.communicate()
    (slow.folder / "quick.jsonl").replace(slow.folder / "suite.jsonl")
    ran = replay(slow, "suite.jsonl", "--resume")
    assert ran.code == 0
    assert summary(ran).endswith("· 20 of them before · recorded as suite-replay")
    olds = [an_exchange(number=number).id for number in range(1, 31)]
    assert [each.replay_of for each in recorded(slow, "suite-replay")] == olds


def test_going_on_twice_at_once_sends_nothing_twice(slow: Stage) -> None:
    child = started(slow, "suite.jsonl", "--as", "after", "--resume")
    wait_until(lambda: len(seen(slow)) >= 21, "the slow event has begun")
    ran = replay(slow, "suite.jsonl", "--as", "after", "--resume")
    assert ran.code == 2
    assert "another replay records into after right now; nothing was sent, so that nothing is sent twice" in ran.said
    child.kill()
    child.communicate()
    assert len(seen(slow)) == 21
    (slow.folder / "quick.jsonl").replace(slow.folder / "suite.jsonl")
    assert replay(slow, "suite.jsonl", "--as", "after", "--resume").code == 0


def test_going_on_at_another_target_is_told(project: Stage) -> None:
    a_suite(project)
    (project.folder / "other.py").write_text(HANDLER)
    replay(project, "suite.jsonl", "1")
    ran = project.run("replay", "suite.jsonl", "--resume", "--target", "other.handler", "--env", "SEEN=/dev/null")
    assert ran.code == 0
    assert "suite-replay was sent to index.handler; what is left goes to other.handler" in ran.said


def test_going_on_where_nothing_was_begun_begins(project: Stage) -> None:
    a_suite(project)
    assert "recorded as suite-replay\n" in replay(project, "suite.jsonl", "--resume").said


def test_two_events_are_many_and_a_server_gets_neither_without_a_yes(project: Stage) -> None:
    a_suite(project, count=2)
    ran = project.run("replay", "suite.jsonl", "--target", "http://127.0.0.1:9/invoke")
    assert ran.code == 2
    assert "nothing was sent to http://127.0.0.1:9/invoke" in ran.said


def test_a_suite_whose_last_event_may_have_run_is_not_updated(project: Stage) -> None:
    file = a_suite(project, count=1)
    before = file.read_bytes()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(20)  # where nobody comes, the test fails rather than waits

        def break_off() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(65_536)

        thread = threading.Thread(target=break_off)
        thread.start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}/invoke"
        ran = project.run("replay", "suite.jsonl", "--target", url, "--yes", "--update")
        thread.join()
    assert ran.code == 3
    assert file.read_bytes() == before
    assert "suite.jsonl was not updated: the replay ended early" in ran.said


def test_what_was_refused_is_a_1_though_all_else_was_updated(project: Stage) -> None:
    a_suite(
        project,
        an_exchange('{"n": 1}', answered(7), number=1, seq=1),
        an_exchange(an_event('{"token": "<redacted:aaaabbbbbbbb>"}', redacted=("token",)), number=2, seq=2),
    )
    ran = replay(project, "suite.jsonl", "--update", "--yes", "--no-record")
    assert ran.code == 1
    assert "1 outcome in suite.jsonl updated" in ran.said
    assert seen(project) == [{"n": 1}]


def test_a_number_that_is_not_there_is_said_before_anything_is_sent(project: Stage) -> None:
    a_suite(project)
    ran = replay(project, "suite.jsonl", "1", "99")
    assert ran.code == 2
    assert "has no exchange 99" in ran.said
    assert seen(project) == []


def test_what_is_marked_and_what_is_asked_for_both_count_whatever_joins_the_question(project: Stage) -> None:
    a_suite(
        project,
        *(
            an_exchange(
                f'{{"n": {number}}}', answered(number), number=number, seq=number, tags=("marked",) * (number == 2)
            )
            for number in (1, 2, 3)
        ),
    )
    words = ("--marked", "--where", "event.body.n == `2` || event.body.n == `3`", "--no-record")
    assert replay(project, "suite.jsonl", *words).code == 0
    assert seen(project) == [{"n": 2}]
