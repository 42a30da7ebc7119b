"""Bootstraps for tests, and a turn at port 8000 for those that need it: tests of several processes share one machine."""

from __future__ import annotations

import fcntl
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.invoke.harness import Bench

PYTHON = f"#!{sys.executable} -ISu\n"


def write_bootstrap(bench: Bench, source: str, *, first: str = PYTHON, mode: int = 0o755) -> Path:
    """An executable ``bootstrap``, in Python unless its first line says otherwise."""
    path = bench.write(source)
    bootstrap = path.with_name("bootstrap")
    bootstrap.write_text(first + path.read_text("utf-8").lstrip("\n"), "utf-8")
    path.unlink()
    bootstrap.chmod(mode)
    return bootstrap


@contextmanager
def ports_are_shared(kind: int = fcntl.LOCK_SH) -> Iterator[None]:
    """While this lasts, no test claims port 8000 for itself."""
    with (Path(tempfile.gettempdir()) / "fgtui-tests-port-8000").open("w") as file:
        fcntl.flock(file, kind)
        yield


@contextmanager
def the_usual_port() -> Iterator[bool]:
    """Port 8000 for this test alone; whether it is free."""
    with ports_are_shared(fcntl.LOCK_EX):
        yield is_free(8000)


def is_free(port: int) -> bool:
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("0.0.0.0", port))
        except OSError:
            return False
    return True
