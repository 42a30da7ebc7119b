"""What every test gets: a home of its own, a closed network, no project of the machine's."""

from __future__ import annotations

import gc
import os
import socket
import sys
from itertools import count
from pathlib import Path

import hypothesis
import pytest

from fgtui.words import speak

EXAMPLES = int(os.environ.get("FGTUI_EXAMPLES", "30"))
"""Of each property; more of them for a search by night."""
hypothesis.settings.register_profile("suite", deadline=None, max_examples=EXAMPLES)  # a busy machine is no failure
hypothesis.settings.load_profile("suite")

gc.set_threshold(50_000, 20, 20)  # not at every few hundred objects: the heap is large

if os.environ.pop("PYTHONDONTWRITEBYTECODE", None):  # then in a folder of its own, or all of it is compiled each time
    os.environ["PYTHONPYCACHEPREFIX"] = str(Path(__file__).parents[1] / ".pytest_cache" / "byte-code")
    sys.pycache_prefix, sys.dont_write_bytecode = os.environ["PYTHONPYCACHEPREFIX"], False

COUNT = count()
LOOPBACK = ("127.", "::1", "localhost")

MEMORY = Path("/dev/shm")
ROOM_BYTES = 4 << 30


def _has_room_in_memory() -> bool:
    """Whether programs may be run from a file system in memory that holds all that tests write (Linux)."""
    try:
        found = os.statvfs(MEMORY)
    except OSError:
        return False
    return not found.f_flag & os.ST_NOEXEC and found.f_bavail * found.f_frsize >= ROOM_BYTES


if _has_room_in_memory():  # what tests write is made durable a hundred thousand times: no disk need do it
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


def pytest_collection_finish() -> None:
    """Ten thousand collected tests stay to the end: they need not be searched for garbage."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def own_home(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Path:
    """``FGTUI_HOME`` is nowhere yet; English; nothing is read from or written to the person's folders."""
    speak("en")
    home = _a_home(request)
    monkeypatch.setenv("FGTUI_HOME", str(home))
    monkeypatch.setenv("FGTUI_LANG", "en")  # over a locale of the machine's
    for name in ("FGTUI_TRUST", "VIRTUAL_ENV", "NO_COLOR", "PYTEST_DEBUG_TEMPROOT"):
        monkeypatch.delenv(name, raising=False)
    return home


def _a_home(request: pytest.FixtureRequest) -> Path:
    """Below ``tmp_path`` for a test that asks for it; no folder is made for the others: most write nothing."""
    if "tmp_path" in request.fixturenames:
        return Path(request.getfixturevalue("tmp_path")) / "fgtui-home"
    factory: pytest.TempPathFactory = request.getfixturevalue("tmp_path_factory")
    return factory.getbasetemp() / f"fgtui-home-{next(COUNT)}"


@pytest.fixture(autouse=True)
def closed_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only loopback and unix sockets connect."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        if isinstance(address, tuple) and not str(address[0]).startswith(LOOPBACK):
            raise AssertionError(f"a test reached for {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
