"""``--debug``: the port a debugger attaches to, and what is refused."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from fgtui.cli.debugging import debugged
from fgtui.errors import UsageError
from fgtui.invoke.debugging import ANY_PORT, USUAL_PORTS
from fgtui.invoke.model import LocalTarget
from fgtui.invoke.targets import parse_local
from tests.cli.stage import Stage


@contextmanager
def taken(port: int = 0) -> Iterator[int]:
    """A port of 127.0.0.1 that somebody listens at."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen()
        yield listener.getsockname()[1]


@pytest.fixture
def target(tmp_path: Path) -> LocalTarget:
    (tmp_path / "index.py").touch()
    return parse_local("index.handler", base=tmp_path)


def attached(target: LocalTarget, asked: int) -> int | None:
    return debugged(target, asked).debug_port


def test_a_port_that_is_taken_is_refused(target: LocalTarget) -> None:
    with taken() as port, pytest.raises(UsageError, match=f"port {port} of 127.0.0.1 is taken"):
        attached(target, port)


def test_without_a_port_the_next_free_one_after_the_usual_is_taken(
    target: LocalTarget, monkeypatch: pytest.MonkeyPatch
) -> None:
    with taken() as port:
        monkeypatch.setitem(USUAL_PORTS, "python", port)
        found = attached(target, ANY_PORT)
        assert found is not None
        assert port < found < port + 100


def test_a_free_port_is_taken_as_asked(target: LocalTarget) -> None:
    with taken() as port:
        pass
    assert attached(target, port) == port


def test_a_program_that_answers_for_itself_has_its_limits_suspended_only(tmp_path: Path) -> None:
    (tmp_path / "bootstrap").touch()
    assert attached(parse_local("bootstrap", base=tmp_path), ANY_PORT) is not None


def test_nothing_waits_for_a_debugger_where_fgtui_starts_nothing(stage: Stage) -> None:
    ran = stage.run("send", "blank", "--target", "http://127.0.0.1:9/", "--debug")
    assert (ran.code, ran.out) == (2, "")
    assert "http://127.0.0.1:9/ is not started here, so nothing waits for a debugger" in ran.said
    assert "--timeout 900 gives whoever debugs it the time" in ran.said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--debug", "--repeat", "2"), "--debug waits for a person, and goes with one event: leave out --repeat"),
        (("--debug", "0"), "--debug is a whole number from 1 to 65,535, not '0'"),
        (("--debug", "x"), "--debug is a whole number from 1 to 65,535, not 'x'"),
        (("--debug=many",), "--debug is a whole number from 1 to 65,535, not 'many'"),
        (("--concurrency", "2"), "--concurrency 2 needs as many events: --repeat 1 is fewer"),
        (("--concurrency", "65", "--repeat", "99"), "--concurrency is a whole number from 1 to 64, not '65'"),
        (("--debug", "--repeat", "2", "--concurrency", "2"), "leave out --repeat"),
    ],
)
def test_what_does_not_go_together_is_refused_before_anything_is_sent(
    stage: Stage, words: tuple[str, ...], said: str
) -> None:
    ran = stage.run("send", "blank", *words)
    assert (ran.code, ran.out) == (2, "")
    assert said in ran.said
