"""The local endpoint from the workbench: started, seen, flooded, stopped, with real clients on loopback."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import pytest
from textual import events

from fgtui.errors import UsageError
from fgtui.terminal.clipboard import Copied, Route
from fgtui.tui.actions import Where
from fgtui.tui.screens.dialogs import Prompt
from fgtui.tui.screens.send.serving import port_of
from fgtui.tui.screens.workbench import Opening
from tests.invoke.deployed import returned
from tests.invoke.http_servers import serving
from tests.tui.bench import Bench, a_bench
from tests.tui.screens.send.test_deployed_targets import ENVIRONMENT, settings

MOST = 2000
"""Calls of one caller in a flood that nobody ends."""


@asynccontextmanager
async def a_served_bench(folder: Path, target: str = "index.page", **more: Any) -> AsyncIterator[tuple[Bench, str]]:
    """A bench that serves ``target``, and its address."""
    async with a_bench(folder, size=(80, 24), opening=Opening(target=target), **more) as bench:
        (folder / "index.py").write_text(PAGES.replace("BEGUN", str(folder / "begun")))
        try:
            bench.screen.action_serve_start()
            await bench.sees(f"Serve {target}")
            await bench.fill("0", "enter")
            await bench.until(lambda: bench.screen.served, "it is served")
            assert bench.screen.served is not None
            yield bench, bench.screen.served.url
        finally:
            if bench.screen.served is not None:
                await asyncio.to_thread(bench.screen.serves.close)


PAGES = """\
import time
def page(event, context):
    return {"statusCode": 200, "headers": {}, "body": event["path"], "isBase64Encoded": False}
def slow(event, context):
    open("BEGUN", "w").close()
    time.sleep(600)
"""


def get(url: str, *paths: str, agent: str = "tests") -> list[bytes]:
    connection = HTTPConnection(url.removeprefix("http://"), timeout=20)
    bodies = []
    for path in paths:
        connection.request("GET", path, headers={"User-Agent": agent})
        bodies.append(connection.getresponse().read())
    connection.close()
    return bodies


def call_until(enough: threading.Event, url: str) -> int:
    """How many calls were answered."""
    connection, count = HTTPConnection(url.removeprefix("http://"), timeout=20), 0
    while not enough.is_set() and count < MOST:
        connection.request("GET", "/x")
        connection.getresponse().read()
        count += 1
    connection.close()
    return count


async def test_what_is_called_is_answered_and_shown_and_nobody_answers_once_it_is_stopped(tmp_path: Path) -> None:
    async with a_served_bench(tmp_path) as (bench, url):
        port = url.rpartition(":")[2]
        assert f"default ▾  ⇄ :{port} " in bench.lines[0]
        await bench.hears(f"{url} answers for index.page; what is called is recorded into default")
        assert await asyncio.to_thread(get, url, "/orders/[/x]") == [b"/orders/[/x]"]
        await bench.until(lambda: "Session default · 1" in bench.screen.session_pane.title, "it is shown")
        bench.screen.action_serve_start()
        await bench.hears("the palette stops it")
        bench.screen.action_serve_stop()
        await bench.hears(f"{url} is closed: 1 call was recorded into default")
        assert "⇄" not in bench.lines[0]
        with pytest.raises(ConnectionError):
            await asyncio.to_thread(get, url, "/")
        bench.screen.action_serve_stop()
        await bench.hears("nothing is served")


async def test_the_address_is_copied_while_somebody_answers_there(tmp_path: Path) -> None:
    async with a_served_bench(tmp_path) as (bench, url):
        copied: list[str] = []

        def take(text: str) -> Copied:
            copied.append(text)
            return Copied(Route.NATIVE, "copied")

        bench.screen.copier = lambda: take
        bench.screen.action_serve_copy()
        await bench.hears(f"{url}: copied")
        assert copied == [url]
        await asyncio.to_thread(bench.screen.serves.close)
        bench.screen.serves.served = None
        bench.screen.action_serve_copy()
        await bench.hears("nothing is served")


async def test_a_flood_neither_moves_the_cursor_nor_keeps_a_key_waiting(tmp_path: Path) -> None:
    async with a_served_bench(tmp_path) as (bench, url):
        await asyncio.to_thread(get, url, "/1", "/2", "/3")
        bench.screen.focus_pane(Where.SESSION)
        await bench.sees("Session default · 3")
        await bench.press("down")
        table = bench.screen.session_pane.table
        assert table.seq_at(table.cursor) == 2
        handled = threading.Event()
        with ThreadPoolExecutor(4) as callers:
            flood = [callers.submit(call_until, handled, url) for _ in range(4)]
            await bench.until(lambda: table.newest > 3, "the first of them are shown")
            bench.app.post_message(events.Key("down", None))  # a pilot would wait until nothing happens any more
            await bench.until(lambda: table.seq_at(table.cursor) == 1, "the key is handled while they come")
            handled.set()
            await bench.until(lambda: all(each.done() for each in flood), "all are answered")
        count = 3 + sum(each.result() for each in flood)
        await bench.sees(f"Session default · {count:,}")
        assert table.seq_at(table.cursor) == 1


async def test_a_port_that_is_taken_is_said_where_another_can_be_typed(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        async with a_bench(tmp_path, size=(80, 24), opening=Opening(target="index.count")) as bench:
            bench.screen.action_serve_start()
            await bench.sees("Serve index.count")
            await bench.fill(str(port), "enter")
            await bench.sees("✗ ")
            await bench.sees(str(port))
            assert isinstance(bench.app.screen, Prompt)
            assert bench.screen.served is None
            await bench.fill("70000", "enter")
            await bench.sees("a port is a number up to 65535")
            await bench.press("escape")
            await bench.until(lambda: "Serve index.count" not in bench.text, "the question is gone")
            assert "⇄" not in bench.lines[0]
            bench.screen.action_serve_start()
            await bench.sees("Serve index.count")


async def test_another_target_or_session_says_what_is_still_served_and_where_it_is_recorded(tmp_path: Path) -> None:
    async with a_served_bench(tmp_path) as (bench, url):
        await bench.press("f4")
        await bench.fill("index.slow", "enter")
        await bench.hears(f"{url} answers for index.page and records into default")
        assert " index.page " in bench.lines[0]
        bench.screen.set_session("orders")
        await bench.sees("index.page → default")
        await asyncio.to_thread(get, url, "/")
        bench.screen.set_session("default")
        await bench.sees("Session default · 1")
        assert "→" not in bench.lines[0]


async def test_quitting_ends_what_is_under_way_and_records_it(tmp_path: Path) -> None:
    async with a_served_bench(tmp_path, "index.slow") as (bench, url):
        with ThreadPoolExecutor(1) as callers:
            call = callers.submit(get, url, "/")
            served = bench.screen.served
            assert served is not None
            await bench.until((tmp_path / "begun").exists, "the handler runs")
            bench.app.end(0)
            await bench.until(lambda: served.serving.counts.recorded, "it is recorded")
            with suppress(OSError, HTTPException):
                call.result(20)
        assert bench.workspace.store.get("default", 1).outcome.kind == "cancelled"


async def test_sleeping_stops_it_since_nobody_would_answer(tmp_path: Path) -> None:
    async with a_served_bench(tmp_path) as (bench, url):
        await bench.press("ctrl+z")
        await bench.hears(f"{url} is closed")
        assert bench.screen.served is None
        with pytest.raises(ConnectionError):
            await asyncio.to_thread(get, url, "/")


async def test_what_is_guarded_is_served_only_to_who_types_its_name(tmp_path: Path) -> None:
    with serving(returned()) as server:
        async with a_bench(
            tmp_path,
            size=(80, 24),
            opening=Opening(target="production"),
            settings=settings(server.url, guard=True),
            environment=ENVIRONMENT,
            trust_project=True,
        ) as bench:
            bench.screen.action_serve_start()
            await bench.sees("goes to production, unasked")
            await bench.sees("function demo, version !prod")
            await bench.press("escape")
            await bench.hears("nothing is served")
            assert not isinstance(bench.app.screen, Prompt)
            bench.screen.action_serve_start()
            await bench.sees("GUARDED: type production to agree")
            await bench.fill("production", "enter")
            await bench.sees("Serve production")
            await bench.fill("0", "enter")
            await bench.until(lambda: bench.screen.served, "it is served")
            assert bench.screen.served is not None
            try:
                url = bench.screen.served.url
                (said,) = await asyncio.to_thread(get, url, "/", agent="Mozilla/5.0")
                assert b"what is here is guarded" in said
                assert server.requests == []
            finally:
                await asyncio.to_thread(bench.screen.serves.close)


async def test_what_costs_something_elsewhere_is_served_after_a_yes(tmp_path: Path) -> None:
    opening, somewhere = Opening(target="production"), settings("http://127.0.0.1:9")
    async with a_bench(
        tmp_path, size=(80, 24), opening=opening, settings=somewhere, environment=ENVIRONMENT, trust_project=True
    ) as bench:
        bench.screen.action_serve_start()
        await bench.sees("Pass everything on?")
        await bench.press("n")
        await bench.hears("nothing is served")
        await bench.until(lambda: "Pass everything on?" not in bench.text, "the question is gone")
        bench.screen.action_serve_start()
        await bench.sees("Pass everything on?")
        await bench.press("y")
        await bench.sees("Serve production")


@pytest.mark.parametrize(("typed", "port"), [("9080", 9080), (" :80 ", 80), ("0", 0), ("65535", 65535)])
def test_a_port(typed: str, port: int) -> None:
    assert port_of(typed) == port


@pytest.mark.parametrize("typed", ["", "x", "-1", "65536", "9080.5", "９０８０", "1" * 5000])
def test_no_port(typed: str) -> None:
    with pytest.raises(UsageError, match="a port is a number"):
        port_of(typed)
