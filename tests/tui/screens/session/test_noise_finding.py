"""Finding out in the workbench what differs by itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from fgtui.invoke.model import Exchange
from fgtui.tui.actions import Where
from fgtui.tui.screens.workbench import Opening
from tests.factories import an_event, an_exchange
from tests.tui.bench import Bench, a_bench

NOISY = """
import uuid
def handler(event, context):
    return {"id": str(uuid.uuid4()), "[/x]": uuid.uuid4().hex, "n": event["n"]}
"""


async def asked(bench: Bench, exchange: Exchange) -> None:
    list(bench.workspace.store.append_many("orders", [exchange]))
    bench.screen.set_session("orders")
    bench.screen.focus_pane(Where.SESSION)
    await bench.sees("Session orders · 1")
    await bench.screen.perform("find-noise")


async def test_what_differs_by_itself_is_shown_as_rules_to_paste(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fgtui.sessions.diff.noise.PAUSE_S", 0.0)
    (tmp_path / "noisy.py").write_text(NOISY)
    async with a_bench(tmp_path, size=(100, 30), opening=Opening(target="noisy.handler")) as bench:
        await asked(bench, an_exchange('{"n": 1}'))
        await bench.sees('ignore = ["outcome.result.id~uuid"')
        assert "orders #1 sent twice" in bench.text
        assert '~ outcome.result."[/x]"' in bench.text
        await bench.press("y")
        await bench.hears("rules: ")
        await bench.press("escape")
        assert bench.workspace.store.count("orders") == 1


async def test_the_same_answer_twice_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fgtui.sessions.diff.noise.PAUSE_S", 0.0)
    async with a_bench(tmp_path, size=(80, 24), opening=Opening(target="index.count")) as bench:
        await asked(bench, an_exchange('{"n": 1}'))
        await bench.sees("the same answer twice")


async def test_a_redacted_event_is_not_sent(tmp_path: Path) -> None:
    async with a_bench(tmp_path, size=(80, 24), opening=Opening(target="index.count")) as bench:
        await asked(bench, an_exchange(an_event('{"token": "secret-value-1"}', redacted=())))
        await bench.hears("was redacted when it was recorded")


async def test_esc_stops_the_sending(tmp_path: Path) -> None:
    async with a_bench(tmp_path, size=(80, 24), opening=Opening(target="index.slow")) as bench:
        await asked(bench, an_exchange('{"n": 1}'))
        await bench.sees("sending twice to")
        await bench.press("escape")
        await bench.until(lambda: bench.app.screen is bench.screen, "the workbench again")
