"""A send that waits for a debugger says where, for as long as it waits; it goes on when one attaches, and Esc ends it."""

from __future__ import annotations

import asyncio
import base64
import json
import os
import re
import socket
import struct
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

from fgtui.invoke.debugging import USUAL_PORTS, is_free
from fgtui.tui.screens.workbench import Opening
from tests.invoke.debug_client import DebugClient
from tests.tui.bench import Bench, a_bench

PYTHON_HANDLER = """\
def handler(event, context):
    answer = {"seen": sorted(event)}
    return answer
"""
HANDLER = "exports.handler = async (event, context) => { console.log('loaded'); return 'through'; };\n"
GUARD_S = 20.0


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    (folder / "app.js").write_text(HANDLER)
    return folder


@contextmanager
def attached(address: str) -> Iterator[None]:
    """What an editor does at its least: connect to the inspector, let the program go on, and stay."""
    host, port = address.rsplit(":", 1)
    with urlopen(f"http://{address}/json/list", timeout=GUARD_S) as answer:
        url = json.load(answer)[0]["webSocketDebuggerUrl"]
    with socket.create_connection((host, int(port)), timeout=GUARD_S) as line:
        key = base64.b64encode(os.urandom(16)).decode()
        line.sendall(
            f"GET {url.removeprefix(f'ws://{address}')} HTTP/1.1\r\nHost: {address}\r\nUpgrade: websocket\r\n"
            f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )
        line.recv(4096)
        command = json.dumps({"id": 1, "method": "Runtime.runIfWaitingForDebugger"}).encode()
        line.sendall(struct.pack("!BB4x", 0x81, 0x80 | len(command)) + command)  # masked with zeros
        line.recv(4096)
        yield


async def waited_for(bench: Bench) -> str:
    """Order the send, and the address at which it waits."""
    await bench.press("alt+w")
    await bench.sees("Waiting for a debugger at")
    (address,) = set(re.findall(r"127\.0\.0\.1:\d+", bench.screen.outcome_view.text.shown.text))
    assert f"debugger? {address}" in bench.screen.outcome_view.words
    assert not bench.said
    return address


async def test_esc_gives_up_waiting_and_the_address_goes(project: Path) -> None:
    async with a_bench(project, opening=Opening(target="app.handler")) as bench:
        await waited_for(bench)
        assert 'chrome://inspect, or VS Code ("Attach to Node.js")' in bench.screen.outcome_view.text.shown.text
        await bench.press("escape")
        await bench.sees("○ cancelled")
        assert "Waiting for" not in bench.text
        await bench.send()
        await bench.sees("through")


async def test_with_a_debugger_attached_it_goes_on_and_waits_for_one_again_the_next_time(project: Path) -> None:
    async with a_bench(project, opening=Opening(target="app.handler")) as bench:
        with attached(await waited_for(bench)):
            await bench.until(lambda: bench.screen.sends.running is None, "the send is over")
            await bench.sees("through")
            assert bench.screen.targets.target is not None
            assert bench.screen.targets.target.debug_port is None
        await waited_for(bench)
        await bench.press("escape")
        await bench.sees("○ cancelled")


async def test_a_python_handler_stops_at_its_breakpoint_while_the_workbench_stays_alive(project: Path) -> None:
    """With debugpy, as an editor drives it; past the limit of the target, which is suspended."""
    file = project / "debugged.py"
    file.write_text(PYTHON_HANDLER)
    settings = f"[targets.here]\nhandler = 'debugged.handler'\ntimeout_s = 0.2\npython = '{sys.executable}'\n"
    async with a_bench(project, settings=settings, opening=Opening(target="here"), trust_project=True) as bench:
        client = await asyncio.to_thread(DebugClient, await waited_for(bench))
        assert await asyncio.to_thread(client.attach, file, [3]) == [True]
        thread, name, line = await asyncio.to_thread(client.stopped_at)
        assert (name, line) == ("handler", 3)
        since = time.monotonic()
        await bench.until(lambda: time.monotonic() > since + 0.4, "more than the limit has passed")
        assert bench.screen.sends.running is not None
        assert (await asyncio.to_thread(client.value, thread, "answer")).startswith("{'seen': [")
        await bench.press("f1")
        await bench.press("escape")
        await asyncio.to_thread(client.go_on, thread)
        await bench.until(lambda: bench.screen.sends.running is None, "the send is over")
        await bench.sees('"seen"')
        client.close()


async def test_a_port_that_is_taken_is_left_for_another(project: Path) -> None:
    with socket.socket() as taken:
        try:
            taken.bind(("127.0.0.1", USUAL_PORTS["node"]))
            taken.listen()
        except OSError:
            pass  # by somebody else, which is as good
        assert not is_free(USUAL_PORTS["node"])
        async with a_bench(project, opening=Opening(target="app.handler")) as bench:
            address = await waited_for(bench)
            assert not address.endswith(f":{USUAL_PORTS['node']}")
            await bench.press("escape")
            await bench.sees("○ cancelled")


async def test_a_server_is_told_that_it_has_to_wait_itself(tmp_path: Path) -> None:
    (tmp_path / "bootstrap").write_text("#!/bin/sh\nexec sleep 600\n")
    (tmp_path / "bootstrap").chmod(0o755)
    async with a_bench(tmp_path, opening=Opening(target="bootstrap")) as bench:
        await bench.press("alt+w")
        await bench.sees("a debugger is what bootstrap starts")
        await bench.press("escape")
        await bench.sees("○ cancelled")
        assert not bench.said
