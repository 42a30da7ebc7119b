"""Keys that a program prints: real programs, which print, fail, hang, flood and leave children behind."""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest

from fgtui.errors import ConfigError
from fgtui.invoke.credential_sources.command import CommandKeys
from fgtui.invoke.credential_sources.kept import secrets_of
from fgtui.invoke.credentials import Token
from fgtui.invoke.http.errors import LateError, StoppedError
from fgtui.invoke.processes import _is_alive
from fgtui.words import say
from tests.invoke.harness import wait_until

KEYS = {"access_key": "FGTUIEXAMPLEAK000001", "secret_key": "hunter2-secret"}


def command(folder: Path, *words: str, environment: Mapping[str, str] = os.environ, limit_s: float = 30) -> CommandKeys:
    return CommandKeys(
        words,
        folder,
        environment,
        now=lambda: datetime(2026, 1, 2, tzinfo=UTC),
        hears=lambda _: None,
        limit_s=limit_s,
    )


def shell(folder: Path, script: str, *, limit_s: float = 30) -> CommandKeys:
    return command(folder, "sh", "-c", script, limit_s=limit_s)


def printing(folder: Path, value: object) -> CommandKeys:
    (folder / "printed").write_text(value if isinstance(value, str) else json.dumps(value))
    return command(folder, "cat", "printed")


def refused(source: CommandKeys) -> str:
    with pytest.raises(ConfigError) as error:
        source.get()
    raised = error.value
    said = say(f"{raised.message} | {raised.hint}", raised.values)
    assert "hunter2" not in said
    return said


def test_keys_are_what_it_prints_and_it_runs_once(tmp_path: Path) -> None:
    source = shell(tmp_path, f"echo ran >>runs; echo '{json.dumps(KEYS)}'")
    assert str(source.identity) == "keys from the command sh"
    assert source.get() is source.get()
    assert secrets_of(source.get()) == list(KEYS.values())
    assert str(source.identity) == "AK FGTU…0001 from the command sh"
    assert (tmp_path / "runs").read_text() == "ran\n"


def test_temporary_keys_and_tokens_expire(tmp_path: Path) -> None:
    temporary = {**KEYS, "security_token": "st==", "expires_at": "2026-01-02T00:30:00.000000Z"}
    assert secrets_of(printing(tmp_path, temporary).get()) == [*KEYS.values(), "st=="]
    token = printing(tmp_path, {"token": "MIIabc", "expires_at": "2026-01-02T00:30:00"})
    assert secrets_of(token.get()) == ["MIIabc"]
    expired = printing(tmp_path, {"token": "hunter2", "expires_at": "2026-01-01T23:59:59+00:00"})
    assert refused(expired).startswith("token from the command cat has expired at 2026-01-01T23:59:59+00:00")


@pytest.mark.parametrize(
    ("printed", "words"),
    [
        pytest.param("", "printed nothing", id="nothing"),
        pytest.param("hunter2", "printed something else (7 bytes)", id="text"),
        pytest.param('["hunter2"]', "printed something else (11 bytes)", id="list"),
        pytest.param('{"access_key": "hunter2"', "printed something else", id="half-written"),
        pytest.param("[" * 60_000, "printed something else", id="deep"),
        pytest.param("{}", "printed no access_key", id="empty"),
        pytest.param({"access_key": "FGTUI"}, "printed no secret_key", id="half"),
        pytest.param({**KEYS, "secret_key": 7}, "printed no secret_key", id="number"),
        pytest.param(
            {**KEYS, "secret_key": "hunter2\n"}, "secret_key, from the command cat, is no key", id="line-break"
        ),
        pytest.param({**KEYS, "secret_key": ""}, "secret_key, from the command cat, is empty", id="empty-key"),
        pytest.param({**KEYS, "expires_at": "hunter2"}, "an expires_at that is no time", id="no-time"),
        pytest.param({**KEYS, "expires_at": {}}, "an expires_at that is no time", id="no-time-at-all"),
        pytest.param(" " * 70_000 + "hunter2", "printed more than 64 KiB", id="huge"),
    ],
)
def test_what_it_prints_instead_is_said_and_never_quoted(tmp_path: Path, printed: object, words: str) -> None:
    assert words in refused(printing(tmp_path, printed))


def test_bytes_that_are_no_text_are_said(tmp_path: Path) -> None:
    (tmp_path / "printed").write_bytes(b"\xff\xfe\x00hunter2")
    assert "printed something else (10 bytes)" in refused(command(tmp_path, "cat", "printed"))


@pytest.mark.parametrize(
    ("script", "words"),
    [
        pytest.param("echo hunter2 >&2; exit 3", "ended with exit code 3 | run it by hand", id="fails"),
        pytest.param("kill -9 $$", "was ended by signal 9", id="killed"),
        pytest.param("yes hunter2", "printed more than 64 KiB", id="floods"),
        pytest.param("cat; echo hunter2", "printed something else", id="reads-no-terminal"),
    ],
)
def test_a_command_that_fails_is_said(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], script: str, words: str
) -> None:
    assert words in refused(shell(tmp_path, script))
    assert capfd.readouterr() == ("", "")  # what it says itself goes nowhere


def test_what_is_piped_to_us_is_not_the_commands_to_read(tmp_path: Path) -> None:
    ours, (reading, writing) = os.dup(0), os.pipe()
    try:
        os.write(writing, b'{"token": "hunter2"}')
        os.close(writing)
        os.dup2(reading, 0)
        assert "printed nothing" in refused(shell(tmp_path, "cat"))
        assert os.read(0, 100) == b'{"token": "hunter2"}'
    finally:
        os.dup2(ours, 0)
        os.close(ours)
        os.close(reading)


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_command_has_a_session_of_its_own_and_so_no_terminal(tmp_path: Path) -> None:
    source = shell(tmp_path, 'printf \'{"token": "%s"}\' "$(cut -d" " -f6 /proc/$$/stat)-$$"')
    [said] = secrets_of(source.get())
    session, _, own = said.partition("-")
    assert session == own


def test_a_command_that_is_not_there_or_no_program_is_said(tmp_path: Path) -> None:
    assert refused(command(tmp_path, "no-such-tool")) == (
        "the command no-such-tool could not be started: there is no such program | install it, or name it with its path"
    )
    (tmp_path / "tool").write_text("hunter2")
    assert "Permission denied" in refused(command(tmp_path, "./tool"))
    (tmp_path / "tool").chmod(0o700)
    assert "could not be started" in refused(command(tmp_path, "./tool"))


def test_a_relative_program_is_meant_from_the_files_folder_and_words_are_no_shell(tmp_path: Path) -> None:
    (tmp_path / "tool").write_text('#!/bin/sh\nprintf \'{"token": "%s"}\' "$(echo "$1" | tr -d " ")"\n')
    (tmp_path / "tool").chmod(0o700)
    assert secrets_of(command(tmp_path, "./tool", "$(touch ran); *").get()) == ["$(touchran);*"]
    assert not (tmp_path / "ran").exists()


def living(pids: Path) -> list[str]:
    return [each for each in pids.read_text().split() if _is_alive(int(each))]


HANGS = "sleep 600 & echo $! >>pids; setsid sleep 600 & echo $! >>pids; echo $$ >>pids; wait"


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_one_that_hangs_is_stopped_at_the_limit_with_all_it_started(tmp_path: Path) -> None:
    assert "gave no answer within 0.3 s and was stopped" in refused(shell(tmp_path, HANGS, limit_s=0.3))
    wait_until(lambda: not living(tmp_path / "pids"), "nothing is left of it")
    assert len((tmp_path / "pids").read_text().split()) == 3


def test_one_that_hangs_is_stopped_when_the_caller_is_late_or_stops(tmp_path: Path) -> None:
    with pytest.raises(LateError):
        shell(tmp_path, "sleep 600").get(timeout_s=0.05)
    stop, ended = threading.Event(), []

    def ask() -> None:
        with pytest.raises(StoppedError):
            shell(tmp_path, "touch begun; sleep 600").get(cancelled=stop)
        ended.append("stopped")

    asking = threading.Thread(target=ask)
    asking.start()
    wait_until((tmp_path / "begun").exists, "it has begun")
    stop.set()
    asking.join()
    assert ended == ["stopped"]


def test_one_it_leaves_behind_cannot_hold_the_answer_back(tmp_path: Path) -> None:
    source = shell(tmp_path, f"sleep 600 & echo '{json.dumps(KEYS)}'")
    assert secrets_of(source.get()) == list(KEYS.values())


def test_no_secret_is_on_its_command_line_or_inherited_by_accident(tmp_path: Path) -> None:
    """It gets the person's variables, and nothing of ours: no terminal, no open files."""
    source = command(
        tmp_path,
        "sh",
        "-c",
        'printf \'{"token": "%s"}\' "$MARK-$(ls /dev/fd | wc -l | tr -d " ")"',
        environment={"MARK": "mark", "PATH": os.environ["PATH"]},
    )
    token = source.get()
    assert isinstance(token, Token)
    assert token.value.startswith("mark-")
    assert int(token.value.rpartition("-")[2]) <= 5
