"""``fgtui send`` to a deployed function: who is called as whom, what is asked first, and what a failure means."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.cli.stage import Ran, Stage
from tests.cli.test_processes import HANG_GUARD_S, heed_signals
from tests.invoke.deployed import LOG, PROJECT, REQUEST_ID, URN, failed, refused, returned
from tests.invoke.http_servers import Server, Step, a_port_nobody_listens_at, answer, reset, serving, stall

KEYS = {"DEMO_AK": "FGTUIEXAMPLEAK000001", "DEMO_SK": "fgtui-example-secret-key-0123456789abcdef"}
CALLED = f"calling function default:demo, version latest, project {PROJECT}, region cn-north-4, at http://127.0.0.1:"


class Cloud:
    """A service with one function, and a project whose settings name both."""

    def __init__(self, stage: Stage, opened: ExitStack) -> None:
        self.stage = stage
        self._opened = opened
        stage.environment.update(KEYS)

    def answers(self, *script: Step, guard: bool = False, more: str = "") -> Server:
        server = self._opened.enter_context(serving(*script))
        self.at(server.url, guard=guard, more=more)
        return server

    def at(self, endpoint: str, *, guard: bool = False, more: str = "") -> None:
        """The person's own settings: what they name needs no consent."""
        home = Path(self.stage.environment["FGTUI_HOME"]) / "config"
        home.mkdir(parents=True, exist_ok=True)
        (home / "config.toml").write_text(
            f'[profiles.prod]\nendpoint = "{endpoint}"\naccess_key = "${{env:DEMO_AK}}"\n'
            f'secret_key = "${{env:DEMO_SK}}"\nguard = {str(guard).lower()}\n'
            f'[targets.live]\nurn = "{URN}"\nprofile = "prod"\n{more}'
        )

    def send(self, *words: str, stdin: bytes = b'{"n": 52.0}', **more: object) -> Ran:
        return self.stage.run("send", "-", *words, stdin=stdin, **more)


@pytest.fixture
def cloud(stage: Stage):
    with ExitStack() as opened:
        yield Cloud(stage, opened)


def test_the_answer_is_on_stdout_and_who_was_called_as_whom_and_what_it_cost_on_stderr(cloud: Cloud) -> None:
    server = cloud.answers(returned(b'{"ok":  true}'))
    ran = cloud.send("--target", "live")
    assert (ran.code, ran.data) == (0, b'{"ok":  true}')
    first, *log, last = ran.said.splitlines()
    assert first.startswith(CALLED)
    assert "FGTU" in first
    assert log == LOG.splitlines()
    assert last == "✓ returned · 1.9 ms · 42 MB · billed 100 ms · recorded as default 1"
    assert server.requests[0].body == b'{"n": 52.0}'


def test_no_secret_is_said_or_recorded_even_when_the_function_repeats_it(cloud: Cloud) -> None:
    secret = KEYS["DEMO_SK"]
    cloud.answers(returned(json.dumps({"you sent": secret}).encode(), log=f"signed with {secret}\n"))
    ran = cloud.send("--target", "live", "--json")
    assert secret not in ran.out
    assert secret not in cloud.stage.run("show", "default", "last", "--json").out
    store = next(Path(cloud.stage.environment["FGTUI_HOME"]).rglob("sessions.db"))
    assert secret.encode() not in store.read_bytes()


def test_what_is_recorded_reads_back_as_a_deployed_function(cloud: Cloud) -> None:
    cloud.answers(returned())
    cloud.send("--target", "live")
    kept = json.loads(cloud.stage.run("show", "default", "1", "--json").out)
    assert kept["target"] == {"kind": "remote", "spec": URN, "runtime": None, "code_sha256": None}
    assert kept["outcome"]["kind"] == "returned"
    assert kept["outcome"]["status_code"] is None
    assert kept["outcome"]["request_id"] == REQUEST_ID
    assert kept["outcome"]["logs"] == LOG
    assert "X-Cff-Invoke-Summary" in kept["outcome"]["headers"]


def test_a_urn_is_a_target_by_itself_and_the_only_profile_reaches_it(cloud: Cloud) -> None:
    server = cloud.answers(returned())
    assert cloud.send("--target", URN.replace("latest", "!prod")).code == 0
    assert "%21prod/invocations" in server.requests[0].target


@pytest.mark.parametrize("flags", [("--async",), ("--async", "--json")])
def test_an_asynchronous_call_is_followed_to_its_end(cloud: Cloud, flags: tuple[str, ...]) -> None:
    done = {"invocations": [{"request_id": REQUEST_ID, "status": "SUCCESS", "error_code": 0}]}
    server = cloud.answers(
        answer(202, json.dumps({"request_id": REQUEST_ID}).encode()), answer(200, json.dumps(done).encode())
    )
    ran = cloud.send("--target", "live", *flags)
    assert ran.code == 0
    assert f"fgtui: taken as request {REQUEST_ID}\nfgtui: SUCCESS\n" in ran.said
    assert [request.method for request in server.requests] == ["POST", "GET"]


def test_a_refusal_says_what_it_means_and_what_to_do(cloud: Cloud) -> None:
    cloud.answers(refused(404, "FSS.1051", "Not found the function"))
    ran = cloud.send("--target", "live")
    assert ran.code == 1
    assert "✗ rejected: FSS.1051 Not found the function" in ran.said
    assert "\n  there is no such function; look at package, name and version of the URN" in ran.said
    assert "may have run" not in ran.said


def test_what_was_lost_in_the_service_may_have_run_and_is_not_sent_again(cloud: Cloud) -> None:
    server = cloud.answers(refused(504, "FSS.0504", "Gateway timeout"))
    ran = cloud.send("--target", "live")
    assert ran.code == 1
    assert f"the function may have run (request {REQUEST_ID}); the event was not sent again" in ran.said
    assert len(server.requests) == 1
    kept = json.loads(cloud.stage.run("show", "default", "1", "--json").out)
    assert kept["outcome"]["error"]["may_have_run"] is True
    assert "the function may have run" in cloud.stage.run("show", "default", "1").out


def test_a_refusal_cannot_act_on_the_terminal(cloud: Cloud) -> None:
    cloud.answers(answer(400, b'{"error_code": "\x1b[2J", "error_msg": "\\u001b]0;x\\u0007\\u202e"}'))
    said = cloud.send("--target", "live").said
    assert not set("\x1b\x07\u202e") & set(said)


@pytest.mark.parametrize(
    ("step", "code", "words"),
    [
        (failed("4002", "boom"), 1, "✗ raised KeyError: boom"),
        (failed("4010", "call invoke timeout 3s"), 3, "◷ timed out after 3 s"),
        (failed("4205", "runtime memory limit exceeded"), 1, "✗ out of memory"),
        (failed("4204", "runtime process is exited"), 1, "✗ crashed: no answer"),
        (reset(), 3, "✗ unreachable: "),
        (stall(), 3, "◷ timed out after 0.2 s"),
        (answer(302, b"", (("Location", "https://elsewhere.example"),)), 1, "points to https://elsewhere.example"),
    ],
)
def test_each_end_has_its_exit_code(cloud: Cloud, step: Step, code: int, words: str) -> None:
    cloud.answers(step)
    ran = cloud.send("--target", "live", "--timeout", "0.2" if step == stall() else "30")
    assert ran.code == code
    assert words in ran.said


def test_nobody_there_is_unreachable_and_says_nothing_of_having_run(cloud: Cloud) -> None:
    with a_port_nobody_listens_at() as port:
        cloud.at(f"http://127.0.0.1:{port}")
        ran = cloud.send("--target", "live")
    assert ran.code == 3
    assert "may have run" not in ran.said
    assert "nothing has run; fgtui doctor --profile prod tries the way there" in ran.said
    assert "fgtui doctor --profile prod tries the way there" in cloud.stage.run("show", "default", "1").out


@pytest.mark.parametrize("concurrency", ["1", "3"])
def test_several_are_sent_one_after_the_other_or_at_once_after_a_yes(cloud: Cloud, concurrency: str) -> None:
    server = cloud.answers(returned())
    ran = cloud.send("--target", "live", "--repeat", "3", "--concurrency", concurrency, "--yes")
    assert ran.code == 0
    assert len(server.requests) == 3
    assert ran.said.count("recorded as default") == 3


@pytest.mark.parametrize("concurrency", ["1", "2"])
def test_several_stop_at_the_first_that_may_have_run(cloud: Cloud, concurrency: str) -> None:
    server = cloud.answers(returned(), reset())
    ran = cloud.send("--target", "live", "--repeat", "9", "--concurrency", concurrency, "--yes")
    assert ran.code == 3
    sent = len(server.requests)
    assert sent in {2, 1 + int(concurrency)}
    assert ran.said.count("recorded as default") == sent
    assert ran.said.splitlines()[-1].startswith("stopped: one may have run though nobody knows how it ended; the other")
    assert f"the other {9 - sent} were not sent" in ran.said


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(None, "ca.pem cannot be read: no such file or directory", id="missing"),
        pytest.param("none", "ca.pem holds no certificates", id="no-certificates"),
    ],
)
def test_certificates_that_are_none_are_an_error_of_the_settings_and_nothing_is_recorded(
    cloud: Cloud, content: str | None, said: str
) -> None:
    home = Path(cloud.stage.environment["FGTUI_HOME"]) / "config"
    home.mkdir(parents=True, exist_ok=True)
    if content is not None:
        (home / "ca.pem").write_text(content)
    file = home / "config.toml"
    file.write_text(
        '[profiles.prod]\nendpoint = "https://127.0.0.1:9"\naccess_key = "${env:DEMO_AK}"\n'
        'secret_key = "${env:DEMO_SK}"\nca_file = "ca.pem"\n'
        f'[targets.live]\nurn = "{URN}"\nprofile = "prod"\n'
        '[targets.server]\nhandler = "https://127.0.0.1:9/invoke"\nca_file = "ca.pem"\n'
    )
    for target, line in (("live", 5), (URN, 5), ("server", 11)):
        ran = cloud.send("--target", target)
        assert (ran.code, ran.out) == (2, "")
        assert f"{file}:{line}: ca_file " in ran.said
        assert said in ran.said
        assert "recorded as" not in ran.said
    assert said in cloud.stage.run("doctor", "--profile", "prod").out


def test_several_go_on_where_nothing_can_have_run(cloud: Cloud) -> None:
    server = cloud.answers(refused(429, "FSS.0429", "too many requests"))
    ran = cloud.send("--target", "live", "--repeat", "3", "--yes")
    assert (ran.code, len(server.requests)) == (1, 3)
    assert "stopped" not in ran.said


def test_many_are_asked_for_with_all_that_says_where_they_go(cloud: Cloud) -> None:
    server = cloud.answers(returned())
    refusal = cloud.send("--target", "live", "--repeat", "3")
    assert refusal.code == 2
    assert f"nothing was sent to function default:demo, version latest, project {PROJECT}" in refusal.said
    assert "3 events go there only after a yes" in refusal.said
    assert "--yes sends without asking" in refusal.said
    event = cloud.stage.folder / "event.json"
    event.write_text("{}")
    for answers, code, sent in ((b"n\n", 2, 0), (b"y\n", 0, 3)):
        ran = cloud.stage.run("send", str(event), "--target", "live", "--repeat", "3", answers=answers)
        assert (ran.code, len(server.requests)) == (code, sent)
        assert "3 events go to function default:demo" in ran.said


def test_a_guarded_one_wants_its_name_even_for_one_event(cloud: Cloud) -> None:
    server = cloud.answers(returned(), guard=True)
    event = cloud.stage.folder / "event.json"
    event.write_text("{}")
    for answers, flags, code in (
        (None, (), 2),
        (None, ("--yes",), 2),
        (b"y\n", (), 2),
        (b"prod2\n", (), 2),
    ):
        ran = cloud.stage.run("send", str(event), "--target", "live", *flags, answers=answers)
        assert ran.code == code
        assert server.requests == []
    assert "Type live to send:" in ran.said
    assert "it is guarded\n  what was typed is not its name, live\n" in ran.said
    ran = cloud.stage.run("send", str(event), "--target", "live", answers=b"live\n")
    assert ran.code == 0
    assert ", which is guarded, as" in ran.said
    assert cloud.send("--target", "live", "--yes-really").code == 0
    assert len(server.requests) == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--env", "A=B"), "--env is set where"),
        (("--initializer", "index.init"), "--initializer is set where"),
        (("--runtime", "python"), "--runtime is set where"),
        (("--strict-context",), "--strict-context is set where"),
        (("--memory", "500"), "a call cannot ask for 500 MB"),
        (("--watch",), "not started here"),
        (("--debug",), "--debug"),
        (("--profile", "prd"), "there is no profile 'prd'"),
    ],
)
def test_what_a_deployed_function_is_not_called_with_is_refused(
    cloud: Cloud, words: tuple[str, ...], said: str
) -> None:
    server = cloud.answers(returned())
    ran = cloud.send("--target", "live", *words)
    assert ran.code == 2
    assert said in ran.said
    assert server.requests == []


@pytest.mark.parametrize(("words", "limit"), [((), 6 << 20), (("--async",), 256 << 10)])
def test_an_event_that_would_be_refused_is_not_uploaded(cloud: Cloud, words: tuple[str, ...], limit: int) -> None:
    server = cloud.answers(returned())
    ran = cloud.send("--target", "live", *words, stdin=b'"' + b"x" * limit + b'"')
    assert ran.code == 2
    assert "nothing was sent" in ran.said
    assert server.requests == []


def test_several_profiles_and_none_named_is_asked_back(cloud: Cloud) -> None:
    server = cloud.answers(returned(), more='[profiles.other]\nendpoint = "https://o.example"\n')
    ran = cloud.send("--target", URN)
    assert ran.code == 2
    assert "which profile? the settings have 2: prod, other" in ran.said
    assert cloud.send("--target", URN, "--profile", "prod").code == 0
    assert len(server.requests) == 1


def test_keys_that_are_not_set_are_asked_for_by_name_before_anything_is_sent(cloud: Cloud) -> None:
    server = cloud.answers(returned())
    del cloud.stage.environment["DEMO_SK"]
    ran = cloud.send("--target", "live")
    assert ran.code == 2
    assert "DEMO_SK" in ran.said
    assert server.requests == []


def test_a_project_file_that_nobody_agreed_to_sends_no_credentials_anywhere(cloud: Cloud) -> None:
    with serving(returned()) as elsewhere:
        server = cloud.answers(returned())
        (cloud.stage.folder / "fgtui.toml").write_text(
            f'[profiles.prod]\nendpoint = "{elsewhere.url}"\naccess_key = "${{env:DEMO_AK}}"\n'
            'secret_key = "${env:DEMO_SK}"\n'
        )
        for target in ("live", URN):
            ran = cloud.send("--target", target)
            assert ran.code == 2
            assert "nobody agreed to" in ran.said
        assert elsewhere.requests == server.requests == []
        assert cloud.send("--target", URN, "--trust-project").code == 0
        assert len(elsewhere.requests) == 1


@pytest.mark.parametrize("more", [(), ("--repeat", "4", "--concurrency", "2", "--yes")])
def test_ctrl_c_closes_the_line_and_records_that_it_was_cancelled(cloud: Cloud, more: tuple[str, ...]) -> None:
    server = cloud.answers(stall())
    process = subprocess.Popen(
        [sys.executable, "-m", "fgtui", "send", "blank", "--target", "live", *more],
        cwd=cloud.stage.folder,
        env={**cloud.stage.environment, "PYTHONPATH": str(Path(__file__).parents[3])},
        stderr=subprocess.PIPE,
        preexec_fn=heed_signals,  # noqa: PLW1509 as every test of signals
    )
    server.heard(2 if more else 1)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=HANG_GUARD_S)
    server.ended()
    assert process.returncode == 130, said
    assert b"may have arrived, and run" in said
    kept = map(json.loads, cloud.stage.run("show", "default", "--json").out.splitlines())
    assert [each["outcome"]["kind"] for each in kept] == ["cancelled"] * (2 if more else 1)


def test_a_recorded_call_is_replayed_at_the_same_function_after_a_yes(cloud: Cloud) -> None:
    server = cloud.answers(returned())
    for _ in range(2):
        cloud.send("--target", "live")
    assert cloud.stage.run("replay", "default", "--target", "live").code == 2
    ran = cloud.stage.run("replay", "default", "--target", "live", "--yes")
    assert ran.code == 0
    assert CALLED in ran.said
    assert len(server.requests) == 4


def test_a_call_of_the_cloud_compares_with_one_of_this_machine_by_what_the_function_gave(cloud: Cloud) -> None:
    cloud.answers(returned(b'{"ok": true}'))
    (cloud.stage.folder / "index.py").write_text("def handler(event, context):\n    return {'ok': True}\n")
    cloud.send("--target", "live")
    ran = cloud.stage.run("replay", "default", "--target", "index.handler", "--json")
    assert ran.code == 0, ran.out
    assert json.loads(ran.out.splitlines()[0])["verdict"] == "same"


def test_a_server_elsewhere_that_is_spoken_to_in_clear_wants_a_yes_for_each_event(cloud: Cloud) -> None:
    event = cloud.stage.folder / "event.json"
    event.write_text("{}")
    ran = cloud.stage.run("send", str(event), "--target", "http://192.0.2.1/v1", answers=b"n\n")
    assert ran.code == 2
    assert "1 event goes to http://192.0.2.1/v1 over plain http, where others can read along. Send?" in ran.said
    assert "nothing was sent" in ran.said


@pytest.mark.parametrize("verb", [("diff", "default", "1", "--find-noise"), ("replay", "default", "--find-noise")])
def test_finding_noise_sends_twice_and_so_asks_first(cloud: Cloud, verb: tuple[str, ...]) -> None:
    server = cloud.answers(returned())
    cloud.send("--target", "live")
    ran = cloud.stage.run(*verb, "--target", "live")
    assert ran.code == 2
    assert "--yes sends without asking" in ran.said
    assert len(server.requests) == 1
