"""``fgtui send``: the answer on stdout, the story on stderr, the exchange in the store."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import sys
from pathlib import Path

import pytest

from tests.cli.stage import Ran, Stage

HANDLER = """
import json, os, sys, time

def handler(event, context):
    print("hello from the handler")
    return {"keys": sorted(event), "greeting": context.getUserData("GREETING")}

def echo(event, context):
    return json.dumps(event, separators=(",", ":"))

def nothing(event, context):
    return None

def boom(event, context):
    raise ValueError("no \\x1b[31m good")

def slow(event, context):
    time.sleep(30)

def dies(event, context):
    os._exit(3)

def unserialisable(event, context):
    return {1, 2}

def token(event, context):
    print("token is " + context.getUserData("API_TOKEN"))
    return "ok"

def hostile(event, context):
    print("\\x1b]0;owned\\x07\\x9b2J\\u202e")
    return "\\x1b[2J\\x9b\\u202e"

def memory(event, context):
    return [type(context.getMemorySize()).__name__, context.getMemorySize(), context.getRunningTimeInSeconds()]

def prints(event, context):
    for _ in range(2000):
        print("x" * 500)

def repeats(event, context):
    print("pw", event["password"])
    return {"got": event["password"]}

def initializer(context):
    global READY
    READY = True

def initialized(event, context):
    return READY
"""


@pytest.fixture
def project(stage: Stage) -> Stage:
    (stage.folder / "index.py").write_text(HANDLER)
    (stage.folder / "order.json").write_text('{"id": 12345678901234567890, "price": 1.10} // an order\n')
    return stage


def send(stage: Stage, function: str, *words: str, **more: object) -> Ran:
    return stage.run("send", "blank", "--target", f"index.{function}", *words, **more)


def test_the_answer_is_stdout_byte_for_byte_and_the_story_is_stderr(project: Stage) -> None:
    ran = send(project, "handler")
    assert (ran.code, ran.out) == (0, '{"keys": ["key"], "greeting": null}')
    assert "hello from the handler\n" in ran.said
    assert ran.said.splitlines()[-1].startswith("✓ returned · ")
    assert ran.said.splitlines()[-1].endswith(" · recorded as default 1")


def test_an_event_from_a_file_is_sent_as_written_less_comments(project: Stage) -> None:
    assert project.run("send", "order.json", "--target", "index.echo").code == 0
    assert project.run("show", "default", "1", "--part", "event").data == (
        b'{"id": 12345678901234567890, "price": 1.10}            \n'
    )


def test_an_event_from_stdin_is_sent_and_its_trigger_recognised(project: Stage) -> None:
    event = project.run("event", "obs").data
    project.run("send", "-", "--target", "index.echo", stdin=event)
    recorded = json.loads(project.run("show", "default", "1", "--json").out)
    assert (recorded["event"]["trigger"], recorded["event"]["wire"]) == ("obs", event.decode())
    project.run("send", "-", "--target", "index.echo", "--trigger", "smn", stdin=b"{}")
    assert json.loads(project.run("show", "default", "2", "--json").out)["event"]["trigger"] == "smn"


def test_without_a_target_the_sample_handler_answers_and_that_is_said(stage: Stage) -> None:
    ran = stage.run("send", "obs")
    assert ran.code == 0
    assert ran.said.startswith("no --target: sending to the bundled sample handler, ")


@pytest.mark.parametrize(
    ("trigger", "runtime", "words"),
    [
        pytest.param("lts", "custom", "handlers/custom/bootstrap", id="custom"),
        pytest.param("apig", "http", "handlers/http/bootstrap", id="http"),
        pytest.param("obs", "container", "handlers/container/bootstrap", id="container"),
    ],
)
def test_without_a_target_each_runtime_has_a_sample(stage: Stage, trigger: str, runtime: str, words: str) -> None:
    ran = stage.run("send", trigger, "--runtime", runtime)
    assert (ran.code, "✓ returned" in ran.said) == (0, True), ran.said
    assert words in ran.said


@pytest.mark.parametrize("runtime", ["custom", "http", "container"])
def test_a_library_that_was_added_after_fgtui_was_installed_is_said_before_anything_starts(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, runtime: str
) -> None:
    monkeypatch.setitem(sys.modules, "h11", None)
    ran = stage.run("send", "apig", "--runtime", runtime)
    assert (ran.code, ran.out) == (2, "")
    assert ran.said.count("h11 is missing from") == 1
    assert ran.said.splitlines()[-1].startswith("  install fgtui again: ")
    assert "Traceback" not in ran.said


def test_without_a_target_java_needs_one(stage: Stage) -> None:
    ran = stage.run("send", "obs", "--runtime", "java")
    assert (ran.code, ran.out) == (2, "")
    assert "there is no bundled java handler that is ready to run" in ran.said
    source = re.search(r"javac -cp Runtime.jar -d target/classes (\S+), then --target target/classes:", ran.said)
    assert source is not None
    assert Path(source[1]).is_file()


@pytest.mark.parametrize(
    ("function", "code", "words"),
    [
        pytest.param("nothing", 0, "✓ returned", id="nothing"),
        pytest.param("boom", 1, "✗ raised ValueError: no \\e[31m good", id="raised"),
        pytest.param("missing", 1, "✗ init failed", id="init-failed"),
        pytest.param("dies", 1, "✗ crashed: exit code 3, no answer", id="crashed"),
        pytest.param("unserialisable", 1, "✗ invalid response", id="invalid-response"),
        pytest.param("slow", 3, "◷ timed out after 0.2 s", id="timed-out"),
    ],
)
def test_every_way_to_end_has_its_code_its_words_and_its_recording(
    project: Stage, function: str, code: int, words: str
) -> None:
    ran = send(project, function, "--timeout", "0.2" if function == "slow" else "10")
    assert ran.code == code
    assert words in ran.said
    assert "Traceback (most recent call last)" not in ran.out
    assert "recorded as default 1" in ran.said


def test_json_is_the_exchange_as_recorded(project: Stage) -> None:
    ran = send(project, "handler", "--json")
    exchange = json.loads(ran.out)
    assert (exchange["session"], exchange["seq"], exchange["outcome"]["kind"]) == ("default", 1, "returned")
    assert json.loads(project.run("show", "default", "1", "--json").out) == exchange


def test_repeat_sends_in_a_row_with_a_counter_and_gives_the_highest_code(project: Stage) -> None:
    ran = send(project, "echo", "--repeat", "3", "--set", "key={{counter}}")
    assert (ran.code, ran.out) == (0, '{"key":1}\n{"key":2}\n{"key":3}\n')
    lines = send(project, "boom", "--repeat", "2", "--json")
    assert lines.code == 1
    assert [json.loads(line)["seq"] for line in lines.out.splitlines()] == [4, 5]


MEETING = """
import os, pathlib, time

ROOM = pathlib.Path(os.environ["RUNTIME_CODE_ROOT"]) / "room"

def handler(event, context):
    number = event["key"]
    print(f"first line of {number}")
    (ROOM / f"arrived-{number}").touch()
    while len(list(ROOM.glob("arrived-*"))) < 3 or (number == 1 and len(list(ROOM.glob("left-*"))) < 2):
        time.sleep(0.002)
    print(f"last line of {number}")
    (ROOM / f"left-{number}").touch()
    return os.getpid()
"""


def test_what_a_pre_stop_function_prints_is_told_when_everything_has_ended(project: Stage) -> None:
    """Runtime.md section 2.4, as openYuanrong has it: called without arguments before the instance goes."""
    (project.folder / "fgtui.toml").write_text("[targets.t]\nhandler = 'index.handler'\npre_stop = 'index.stop'\n")
    (project.folder / "index.py").write_text(HANDLER + "\ndef stop():\n    print('good \\x1b[31mbye')\n")
    ran = project.run("send", "blank", "--trust-project", "--repeat", "2")
    assert ran.code == 0
    assert ran.said.splitlines()[-1] == "good \\e[31mbye"
    assert ran.said.count("bye") == 1


def test_several_at_once_each_have_an_instance_and_are_told_in_order(stage: Stage) -> None:
    """Each handler waits for the others to have begun, and the first for the others to have ended."""
    (stage.folder / "index.py").write_text(MEETING)
    (stage.folder / "room").mkdir()
    words = ("blank", "--target", "index.handler", "--timeout", "30", "--set", "key={{counter}}")
    ran = stage.run("send", *words, "--repeat", "3", "--concurrency", "3")
    assert ran.code == 0, ran.said
    assert len(set(ran.out.splitlines())) == 3
    lines = [line for line in ran.said.splitlines() if " line of " in line]
    assert lines == [f"{which} line of {number}" for number in (1, 2, 3) for which in ("first", "last")]
    assert ran.said.count("✓ returned") == 3
    recorded = stage.run("query", "default", "`true`", "--project", "event.body.key", "--json").out
    assert sorted(recorded.split()) == ["1", "2", "3"]


def test_instances_stay_warm_however_many_wait_at_the_same_time(stage: Stage) -> None:
    (stage.folder / "index.py").write_text(MEETING.replace("< 3", "< 12"))
    (stage.folder / "room").mkdir()
    words = ("blank", "--target", "index.handler", "--timeout", "30", "--set", "key={{counter}}")
    ran = stage.run("send", *words, "--repeat", "60", "--concurrency", "12")
    assert ran.code == 0, ran.said
    assert len(set(ran.out.splitlines())) == 12


def test_more_events_than_instances_are_all_sent_once(project: Stage) -> None:
    ran = send(project, "echo", "--repeat", "9", "--concurrency", "2", "--set", "key={{counter}}")
    assert (ran.code, ran.out) == (0, "".join(f'{{"key":{number}}}\n' for number in range(1, 10)))
    lines = send(project, "boom", "--repeat", "3", "--concurrency", "3", "--json")
    assert lines.code == 1
    assert sorted(json.loads(line)["seq"] for line in lines.out.splitlines()) == [10, 11, 12]


def test_settings_of_the_target_can_be_given(project: Stage) -> None:
    assert json.loads(send(project, "memory", "--memory", "256", "--timeout", "7").out) == ["int", 256, 7]
    assert json.loads(send(project, "memory", "--strict-context").out) == ["str", "128", 3000]
    assert send(project, "initialized", "--initializer", "index.initializer").out == "true"
    assert json.loads(send(project, "handler", "--env", "GREETING=a=b").out)["greeting"] == "a=b"


def test_another_session_is_recorded_into_and_no_record_records_nothing(project: Stage) -> None:
    assert "recorded as orders 1" in send(project, "handler", "--session", "orders").said
    assert "recorded" not in send(project, "handler", "--no-record").said
    assert project.run("sessions", "--json").out.count('"name"') == 1


# What acts on a terminal, and what is secret


def test_what_a_handler_prints_or_returns_moves_no_terminal(project: Stage) -> None:
    ran = send(project, "hostile", terminal=True)
    for stream in (ran.out, ran.said):
        assert not set("\x1b\x07\x9b\u202e") & set(stream)
    assert ran.out == "\\e[2J\\x9b\\u202e\n"


def test_a_pipe_gets_the_answer_as_it_is(project: Stage) -> None:
    assert send(project, "hostile").data == "\x1b[2J\x9b\u202e".encode()


def test_what_a_variable_fills_into_an_event_is_kept_nowhere_where_its_name_means_a_secret(project: Stage) -> None:
    project.environment |= {"DB_PASSWORD": "short7", "PWD": "/some/where", "CITY": "Gui an"}
    ran = send(
        project, "echo", "--set", "a={{env:DB_PASSWORD}}", "--set", "b={{env:PWD}} {{ env:CITY }}", "--session", "x"
    )
    assert "short7" in ran.out
    kept = json.loads(project.run("show", "x", "1", "--json").out)
    assert "short7" not in json.dumps(kept)
    assert kept["event"]["redacted"] == ["a"]
    assert json.loads(kept["event"]["wire"])["b"] == "/some/where Gui an"


def test_what_a_handler_repeats_of_a_secret_is_in_no_recording(project: Stage) -> None:
    ran = send(project, "repeats", "--set", "password=Horse-Staple77", "--session", "x")
    assert "Horse-Staple77" in ran.out
    assert "Horse-Staple77" in ran.said
    project.run("export", "x", "-o", "x.jsonl")
    assert "Horse-Staple77" not in (project.folder / "x.jsonl").read_text()
    assert project.run("search", "Staple77").data == b""
    shown = json.loads(project.run("show", "x", "1", "--json").out)
    assert shown["outcome"]["redacted"] == ["result.got", "logs"]
    assert json.loads(shown["outcome"]["body"])["got"] == json.loads(shown["event"]["wire"])["password"]


def test_a_variables_value_is_in_no_recording_and_no_json(project: Stage) -> None:
    ran = send(project, "token", "--env", "API_TOKEN=0123456789-not-for-keeping", "--json")
    assert "not-for-keeping" not in ran.out
    for file in project.folder.parent.glob("fgtui-home/**/*"):
        assert not file.is_file() or b"not-for-keeping" not in file.read_bytes()


# Consent

PROJECT = '[targets.t]\nhandler = "index.handler"\nenvironment = { GREETING = "${env:NAME}" }\n'


def test_a_projects_target_runs_only_after_a_yes(project: Stage) -> None:
    (project.folder / "fgtui.toml").write_text(PROJECT)
    project.environment["NAME"] = "Ann"
    refused = project.run("send", "blank")
    assert (refused.code, refused.data) == (2, b"")
    assert "nobody agreed to yet" in refused.said
    assert project.run("send", "blank", "--target", "t").code == 2
    assert not (project.folder / ".fgtui").exists()
    assert json.loads(project.run("send", "blank", "--trust-project").out)["greeting"] == "Ann"
    assert project.run("send", "blank").code == 2
    project.run("trust", "--yes")
    assert project.run("send", "blank").code == 0


def test_a_person_at_a_terminal_is_asked_once(project: Stage) -> None:
    (project.folder / "fgtui.toml").write_text('[targets.t]\nhandler = "index.handler"\n')
    refused = project.run("send", "blank", answers=b"n\n")
    assert (refused.code, refused.data) == (2, b"")
    assert "  targets.t.handler = index.handler\n" in refused.said
    assert project.run("send", "blank", answers=b"y\n").code == 0
    assert project.run("send", "blank").code == 0


def test_a_handler_a_person_spells_is_a_yes_by_itself(project: Stage) -> None:
    (project.folder / "fgtui.toml").write_text('[targets.t]\nhandler = "evil.handler"\n')
    assert project.run("send", "blank", "--target", "index.handler").code == 0


def test_opening_viewing_and_querying_run_nothing(project: Stage) -> None:
    """Everything that only looks, in a project that would leave a mark if any of its code ran."""
    send(project, "handler", "--session", "orders", "--store", "x.db")
    (project.folder / "index.py").write_text("open('ran', 'w')\n")
    (project.folder / ".venv" / "bin").mkdir(parents=True)
    python = project.folder / ".venv" / "bin" / "python"
    python.write_text("#!/bin/sh\ntouch ran\n")
    python.chmod(0o755)
    (project.folder / "fgtui.toml").write_text(
        '[targets.t]\nhandler = "index.handler"\npython = ".venv/bin/python"\n[targets.u]\nhandler = "index.other"\n'
    )
    for words in (
        ("triggers",), ("event", "obs"), ("validate", "order.json"), ("config",), ("doctor",), ("trust", "--show"),
        ("sessions", "--store", "x.db"), ("show", "orders", "--store", "x.db"), ("show", "orders", "1", "--store", "x.db"),
        ("query", "orders", "outcome.kind == 'returned'", "--store", "x.db"), ("send", "blank", "--target", "t"),
        ("completions", "--words", "targets"),
    ):  # fmt: skip
        project.run(*words)
    assert not (project.folder / "ran").exists()


# What cannot be recorded


def test_a_store_that_cannot_be_written_costs_the_recording_not_the_answer(project: Stage) -> None:
    (project.folder / "x.db").write_text("somebody else's file, and not a small one either " * 100)
    ran = send(project, "echo", "--store", "x.db")
    assert (ran.code, ran.out) == (4, '{"key":"value"}')
    assert "error: not recorded: " in ran.said
    assert "(result shown above)" in ran.said
    assert (project.folder / "x.db").read_text().startswith("somebody else's file")


def test_a_read_only_place_is_said_and_the_answer_shown(project: Stage) -> None:
    ran = send(project, "echo", "--store", "/proc/fgtui/x.db")
    assert (ran.code, ran.out) == (4, '{"key":"value"}')
    assert "not recorded: " in ran.said


def test_a_store_that_fails_wins_over_how_the_handler_ended(project: Stage) -> None:
    assert send(project, "boom", "--store", "/proc/fgtui/x.db").code == 4
    lines = send(project, "echo", "--store", "/proc/fgtui/x.db", "--json")
    assert json.loads(lines.out)["seq"] == 0


def test_a_damaged_store_is_never_written_over(project: Stage) -> None:
    send(project, "echo", "--store", "x.db")
    connection = sqlite3.connect(project.folder / "x.db")
    connection.execute("PRAGMA user_version = 999")
    connection.close()
    before = (project.folder / "x.db").read_bytes()
    assert send(project, "echo", "--store", "x.db").code == 4
    assert (project.folder / "x.db").read_bytes() == before


# What is wrong before anything is sent


@pytest.mark.parametrize(
    ("words", "said"),
    [
        pytest.param(("obss", "--target", "index.handler"), "did you mean obs?", id="trigger"),
        pytest.param(("missing.json", "--target", "index.handler"), "there is no file missing.json", id="file"),
        pytest.param(("ordr.json", "--target", "index.handler"), "did you mean order.json?", id="near-file"),
        pytest.param((".", "--target", "index.handler"), ". is a folder, not a file", id="folder"),
        pytest.param(("bin.json", "--target", "index.handler"), "bin.json", id="binary"),
        pytest.param(("empty.json", "--target", "index.handler"), "empty.json:1:1: ", id="empty"),
        pytest.param(("wrong.json", "--target", "index.handler"), "wrong.json:1:5: ", id="wrong-json"),
        pytest.param(("locked.json", "--target", "index.handler"), "locked.json", id="no-permission"),
        pytest.param(("a\0b.json", "--target", "index.handler"), "a\\x00b.json", id="nul-in-name"),
        pytest.param(
            ("blank", "--target", "index.handler", "--template", "x"), "blank has no template x", id="template"
        ),
        pytest.param(("order.json", "--template", "x"), "--template goes with a trigger", id="template-of-a-file"),
        pytest.param(("lts", "--trigger", "obs"), "--trigger goes with a file", id="trigger-of-a-trigger"),
        pytest.param(("order.json", "--trigger", "ob"), "did you mean obs?", id="no-trigger"),
        pytest.param(("blank", "--target", "nothing.handler"), "there is no handler nothing.handler", id="handler"),
        pytest.param(("blank", "--target", "index"), "'index' names no function", id="function"),
        pytest.param(("blank", "--target", "urn:fss:r:p:function:default:f"), "where the region r is", id="urn"),
        pytest.param(("blank", "--target", "https://a:b@example.com/"), "leave out the name and password", id="http"),
        pytest.param(
            ("blank", "--target", "index.handler", "--runtime", "Node.js18.15"), "no Node.js file", id="runtime"
        ),
        pytest.param(
            ("blank", "--target", "index.handler", "--runtime", "PHP8.3"), "as a custom runtime", id="language"
        ),
        pytest.param(("blank", "--target", "bootstrap"), "there is no bootstrap", id="program"),
        pytest.param(("blank", "--target", "x.jar:com.x.Main.handle"), "no x.jar", id="jar"),
        pytest.param(
            ("blank", "--target", "index.handler", "--timeout", "0"), "--timeout is a number from 0.01", id="timeout"
        ),
        pytest.param(
            ("blank", "--target", "index.handler", "--memory", "1.5"), "--memory is a whole number", id="memory"
        ),
        pytest.param(
            ("blank", "--target", "index.handler", "--repeat", "-1"), "--repeat is a whole number", id="repeat"
        ),
        pytest.param(("blank", "--target", "index.handler", "--env", "X"), "--env wants NAME=VALUE, not 'X'", id="env"),
        pytest.param(("blank", "--target", "index.handler", "--env", "1=x"), "--env: '1' is no name", id="env-name"),
        pytest.param(
            ("blank", "--target", "index.handler", "--env", "RUNTIME_CPU=1"), "set by the platform", id="env-taken"
        ),
        pytest.param(("blank", "--target", "index.handler", "--session", ""), "error: ", id="no-session-name"),
        pytest.param(
            ("blank", "--target", "index.handler", "--session", "a\x1b[2J"), "error: ", id="session-that-acts"
        ),
        pytest.param(("blank", "--target", "index.handler", "--set", "key"), "has no = sign", id="assignment"),
        pytest.param(("blank", "--async"), "--async is for deployed functions", id="async"),
        pytest.param(("blank", "--profile", "p"), "--profile is for deployed functions", id="profile"),
        pytest.param((), "standard input:1:1: ", id="empty-stdin"),
        pytest.param(("",), "the name of the file is empty", id="file-not-set"),
    ],
)
def test_nothing_is_sent_or_recorded_when_the_order_is_wrong(project: Stage, words: tuple[str, ...], said: str) -> None:
    (project.folder / "bin.json").write_bytes(b'{"a": "\xff\xfe"}')
    (project.folder / "empty.json").write_bytes(b"")
    (project.folder / "wrong.json").write_bytes(b'{"a" 1}')
    (project.folder / "locked.json").write_bytes(b"{}")
    (project.folder / "locked.json").chmod(0)
    if "locked.json" in words and os.geteuid() == 0:
        pytest.skip("root may read everything")
    ran = project.run("send", *words)
    assert (ran.code, ran.data) == (2, b"")
    assert said in ran.said
    assert not set("\x1b\x00") & set(ran.said)
    assert "Start invoke request" not in ran.said
    assert not (project.folder.parent / "fgtui-home").exists()


def test_an_event_that_is_too_large_is_refused(project: Stage) -> None:
    (project.folder / "big.json").write_bytes(b'"' + b"x" * (64 << 20) + b'"')
    ran = project.run("send", "big.json", "--target", "index.handler")
    assert ran.said == "error: big.json is larger than 64 MiB, more than an event can be\n"


def test_an_event_larger_than_the_platform_takes_is_sent_with_a_warning(project: Stage) -> None:
    (project.folder / "big.json").write_bytes(b'"' + b"x" * (7 << 20) + b'"')
    ran = project.run("send", "big.json", "--target", "index.nothing", "--no-record")
    assert ran.code == 0
    assert ran.said.startswith("warning: the event has 7,340,034 bytes; FunctionGraph takes at most 6,291,456\n")


def test_an_asynchronous_event_larger_than_such_calls_take_is_sent_with_a_warning(project: Stage) -> None:
    project.run("event", "obs", "--set", f"Records[0].s3.object.key={'x' * (256 << 10)}", "-o", "big.json")
    ran = project.run("send", "big.json", "--target", "index.nothing", "--no-record")
    assert ran.code == 0
    assert "FunctionGraph takes at most 262,144 when it calls asynchronously\n" in ran.said.splitlines(keepends=True)[0]


def test_a_log_that_was_cut_is_said(project: Stage) -> None:
    ran = send(project, "prints", "--no-record")
    assert ran.said.splitlines()[-2] == "the log was long; its middle is left out of the recording"


def test_problems_of_an_event_that_can_be_sent_are_said_and_it_is_sent(project: Stage) -> None:
    (project.folder / "odd.json").write_text('{"a": 1, "a": 2}\n')
    ran = project.run("send", "odd.json", "--target", "index.handler")
    assert ran.code == 0
    assert ran.said.startswith("odd.json:1:10: warning: ")


def test_what_keeps_an_event_from_being_sent_is_said_once(project: Stage) -> None:
    ran = project.run("send", "--target", "index.handler", stdin=b'{"a": 1, "a": 2, "b" 3}')
    assert (ran.code, ran.said.count("error: "), len(ran.said.splitlines())) == (2, 1, 2)


def test_another_python_than_the_target_asks_for_is_said_once(project: Stage) -> None:
    ran = send(project, "handler", "--runtime", "Python3.99", "--repeat", "2")
    assert ran.code == 0
    assert ran.said.count("warning: the target asks for Python3.99; what runs it here is python3.") == 1


def test_placeholders_in_a_file_are_sent_with_a_warning_and_recorded_as_redacted(project: Stage) -> None:
    (project.folder / "redacted.json").write_text('{"a": {"password": "<redacted:0123456789ab>"}}')
    ran = project.run("send", "redacted.json", "--target", "index.echo", "--repeat", "2", "--json")
    assert ran.said.count("warning: placeholders of redacted values are sent as they are: a.password (--set ") == 1
    assert [json.loads(line)["event"]["redacted"] for line in ran.out.splitlines()] == [["a.password"]] * 2
