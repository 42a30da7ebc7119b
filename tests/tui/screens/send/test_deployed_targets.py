"""Deployed functions and servers in the workbench: seen before they are called, asked about where that may do harm."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from fgtui.tui.actions import Where
from fgtui.tui.screens.dialogs import Chooser, Prompt, Question
from fgtui.tui.screens.session.replaying import ReplayScreen
from fgtui.tui.screens.workbench import Opening
from fgtui.tui.widgets.outcome_view import Part
from tests.factories import an_exchange
from tests.invoke.deployed import PROJECT, refused, returned
from tests.invoke.http_servers import Answering, Received, Server, Step, answer, reset, serving, stall
from tests.tui.bench import Bench, a_bench

SECRET = "fgtui-example-secret-key-0123456789abcdef"
ENVIRONMENT = {"TEST_AK": "FGTUIEXAMPLEAK000001", "TEST_SK": SECRET}
NARROW = (80, 24)


def settings(endpoint: str, *, guard: bool = False) -> str:
    return f"""\
[targets.production]
urn = "urn:fss:cn-north-4:{PROJECT}:function:default:demo:!prod"
profile = "prod"
[targets.here]
handler = "index.count"
[profiles.prod]
endpoint = "{endpoint}"
access_key = "${{env:TEST_AK}}"
secret_key = "${{env:TEST_SK}}"
guard = {str(guard).lower()}
"""


@asynccontextmanager
async def at_service(
    folder: Path, *steps: Step | Answering, guard: bool = False, size: tuple[int, int] = NARROW, **more: Any
) -> AsyncIterator[tuple[Bench, Server]]:
    with serving(*steps) as server:
        opening = more.pop("opening", Opening(target="production"))
        async with a_bench(
            folder,
            size=size,
            opening=opening,
            settings=settings(server.url, guard=guard),
            environment=ENVIRONMENT,
            trust_project=True,
        ) as bench:
            yield bench, server


async def test_endpoint_project_and_identity_are_seen_before_anything_is_sent_and_no_credential_ever(
    tmp_path: Path,
) -> None:
    def telling(request: Received) -> Step:
        return returned(json.dumps({"you said": f"{SECRET} {request.header('authorization')}"}).encode())

    async with at_service(tmp_path, telling) as (bench, server):
        assert "● remote  production  demo:!prod 120 s" in bench.lines[0]
        assert server.url.removeprefix("http://") in bench.lines[1]
        assert f"project {PROJECT[:8]}" in bench.lines[1]
        assert "TEST_AK" in bench.lines[1]
        assert SECRET not in bench.text
        await bench.send()
        assert bench.screen.outcome_view.words.startswith("✓ returned")
        bench.screen.outcome_view.part = Part.LOGS
        await bench.sees("INFO hello")
        kept = bench.workspace.store.get("default", 1)
        assert SECRET.encode() not in kept.outcome.body
        assert b"SDK-HMAC-SHA256 Access" not in kept.outcome.body
    assert [request.path.rpartition("/")[2] for request in server.requests] == ["invocations"]


async def test_a_guarded_function_wants_its_name_for_every_send(tmp_path: Path) -> None:
    async with at_service(tmp_path, returned(), guard=True) as (bench, server):
        assert "▲ GUARDED" in bench.lines[0]
        bench.screen.open_text("{", None, "broken")
        await bench.press("ctrl+j")
        await bench.hears("not sent: ")
        assert not isinstance(bench.app.screen, Prompt), "what cannot be sent is not asked about"
        bench.screen.open_text('{"n": 1}', None, "whole")
        await bench.press("ctrl+j", "ctrl+j")
        await bench.sees("GUARDED: type production to agree")
        frame = bench.app.screen.query_one("#frame").styles
        assert frame.border_title_color.hex == bench.app.theme_variables["error"].upper()
        await bench.sees("function demo, version !prod, package default")
        await bench.sees(f"project {PROJECT}, region cn-north-4")
        await bench.sees(f"at {server.url.removeprefix('http://')}, called with AK FGTU")
        await bench.sees("TEST_AK")
        await bench.fill("produktion", "enter")
        await bench.sees("✗ that is not its name: production or prod")
        assert "function demo, version !prod, package default" in bench.text, "where it would go is still said"
        assert server.requests == []
        await bench.fill("production", "enter")
        await bench.until(lambda: bench.screen.sends.running is None and server.requests, "it was sent")
        await bench.sees("✓ returned")
        assert server.requests[0].body == b'{"n": 1}'
        await bench.press("ctrl+j")
        await bench.sees("GUARDED: type")
        await bench.press("escape")
        await bench.hears("nothing was sent")
    assert len(server.requests) == 1


async def look_back(bench: Bench, count: int) -> None:
    """Go to the session, which holds ``count`` exchanges of a handler here."""
    exchanges = [an_exchange(f'{{"n": {n}}}', number=n) for n in range(1, count + 1)]
    assert len(list(bench.workspace.store.append_many("orders", exchanges))) == count
    bench.screen.set_session("orders")
    bench.screen.focus_pane(Where.SESSION)
    await bench.sees(f"Session orders · {count}")


async def test_a_guarded_replay_wants_it_too(tmp_path: Path) -> None:
    async with at_service(tmp_path, returned(), guard=True) as (bench, server):
        await look_back(bench, 2)
        await bench.press("r")
        await bench.sees("The event of orders #2 goes to production.")
        await bench.press("escape")
        await bench.press("R")
        await bench.sees("Replay 2 exchanges of orders at production?")
        await bench.press("y")
        await bench.sees("2 exchanges of orders go to production.")
        assert server.requests == []
        await bench.fill("production", "enter")
        await bench.until(lambda: isinstance(bench.app.screen, ReplayScreen), "it is replayed")
        await bench.until(lambda: len(server.requests) == 2, "both were sent")
        await bench.sees("finished after")


async def test_a_replay_that_stops_where_one_may_have_run_says_so_to_the_end_and_on_leaving(tmp_path: Path) -> None:
    async with at_service(tmp_path, refused(504, "FSS.0504", "late")) as (bench, server):
        await look_back(bench, 2)
        await bench.press("R")
        await bench.sees("Replay 2 exchanges of orders at production?")
        await bench.press("y")
        await bench.sees("2 exchanges of orders go to production.")
        await bench.press("y")
        await bench.sees("✗ stopped at exchange 1: the answer was FSS.0504 late")
        await bench.sees("; look what")
        await bench.press("escape")
        await bench.hears("1 of 2 replayed into orders-replay; stopped at exchange 1: ")
        assert len(server.requests) == 1


async def test_one_replay_that_has_no_answer_says_over_its_difference_that_it_may_have_run(tmp_path: Path) -> None:
    async with at_service(tmp_path, reset()) as (bench, _):
        await look_back(bench, 1)
        await bench.press("r")
        await bench.hears("may have run")
        assert bench.screen.outcome_view.words.startswith("✗ unreachable")
        assert bench.screen.outcome_view.part == Part.DIFF


async def test_what_nothing_can_debug_is_not_sent_either(tmp_path: Path) -> None:
    async with at_service(tmp_path, returned()) as (bench, server):
        await bench.press("alt+w")
        await bench.hears("not sent: production is not started here, so nothing waits for a debugger")
        assert bench.screen.sends.running is None
        assert server.requests == []


async def test_one_event_to_an_unguarded_function_is_sent_at_once_and_many_after_a_yes(tmp_path: Path) -> None:
    async with at_service(tmp_path, refused(404, "FSS.1053", "alias [/x] \x1b[31m not found")) as (bench, server):
        await bench.send()
        assert bench.screen.outcome_view.words.startswith("✗ rejected")
        await bench.sees("the function has no such alias; look at package, name and version of the URN")
        await look_back(bench, 2)
        await bench.press("R")
        await bench.sees("Replay 2 exchanges")
        await bench.press("y")
        assert isinstance(bench.app.screen, Question)
        await bench.sees(f"project {PROJECT}, region cn-north-4")
        await bench.press("n")
        await bench.hears("nothing was sent")
        assert len(server.requests) == 1


async def test_escape_ends_the_call_and_says_that_it_may_have_run_and_quitting_meanwhile_asks(tmp_path: Path) -> None:
    async with at_service(tmp_path, stall()) as (bench, server):
        await bench.press("ctrl+j")
        await bench.until(lambda: server.requests, "the service has the request")
        await bench.sees("… calling")
        await bench.press("f10")
        await bench.sees("what was sent to production may go on there")
        await bench.press("n")
        await bench.until(lambda: bench.screen.is_current, "it stays")
        await bench.press("escape")
        await bench.hears("cancelled: what was sent may have arrived, and run")
        await bench.until(lambda: bench.screen.sends.running is None, "it is over")
        assert bench.screen.outcome_view.words.startswith("○ cancelled")
        server.ended()
    assert len(server.requests) == 1


async def test_an_asynchronous_send_shows_each_step_as_a_line_of_the_log(tmp_path: Path) -> None:
    accepted = answer(202, b'{"request_id": "9f2c"}')

    def status(word: str) -> Step:
        entry = {"request_id": "9f2c", "status": word, "error_code": 0, "error_message": ""}
        return answer(200, json.dumps({"invocations": [entry], "count": 1}).encode())

    async with at_service(tmp_path, accepted, status("RUNNING"), status("SUCCESS")) as (bench, server):
        await bench.press("alt+a")
        await bench.until(lambda: bench.screen.sends.running is None and server.requests, "it is over")
        assert bench.screen.outcome_view.words.startswith("✓ returned")
        await bench.sees("(called asynchronously: ")
        bench.screen.outcome_view.part = Part.LOGS
        await bench.sees("fgtui: taken as request 9f2c")
        await bench.sees("fgtui: SUCCESS")
    assert server.requests[0].path.endswith("/invocations-async")


async def test_limits_count_for_each_call_and_a_guard_that_is_set_meanwhile_from_the_next_send_on(
    tmp_path: Path,
) -> None:
    async with at_service(tmp_path, returned()) as (bench, server):
        await bench.screen.action_set_limits()
        await bench.sees("only of a function with dynamic")
        await bench.fill("30 100", "enter")
        await bench.sees("✗ FunctionGraph has 128")
        await bench.fill("30 512", "enter")
        await bench.sees("demo:!prod 512 MB 30 s")
        await bench.send()
        assert [request.header("x-cff-instance-memory") for request in server.requests] == ["512"]
        (tmp_path / "fgtui.toml").write_text(settings(server.url, guard=True))
        await bench.press("ctrl+j")
        await bench.sees("GUARDED: type")
        assert "▲ GUARDED" in bench.lines[0]
        await bench.press("escape")
        (tmp_path / "fgtui.toml").write_text("no settings")
        await bench.press("ctrl+j")
        await bench.hears("fgtui.toml:1")
        assert bench.screen.sends.running is None
    assert len(server.requests) == 1


async def test_the_list_tells_deployed_functions_and_their_guard(tmp_path: Path) -> None:
    async with at_service(tmp_path, returned(), guard=True, opening=Opening(target="here")) as (bench, server):
        assert "GUARDED" not in bench.lines[0]
        await bench.press("alt+a")
        await bench.hears("here is no deployed function")
        await bench.press("f4")
        await bench.sees("▲ GUARDED demo:!prod · 127.0.0.1:")
        await bench.fill("production", "enter")
        await bench.until(lambda: not isinstance(bench.app.screen, Chooser), "the list is gone")
        assert "▲ GUARDED" in bench.lines[0]
        assert "TEST_AK" in bench.lines[1]
        await bench.press("f4")
        await bench.fill("here", "enter")
        await bench.sees("● local  here")
        assert "GUARDED" not in bench.text
    assert server.requests == []


async def test_a_profile_of_the_command_line_reaches_functions_that_name_none(tmp_path: Path) -> None:
    opening = Opening(target=f"urn:fss:cn-north-4:{PROJECT}:function:default:demo", profile="prod")
    async with at_service(tmp_path, returned(), opening=opening) as (bench, server):
        assert "● remote  demo:latest" in bench.lines[0]
        assert server.url.removeprefix("http://") in bench.lines[1]
        await bench.press("f4")
        await bench.fill("here", "enter")
        await bench.sees("● local  here")


async def test_beside_a_profile_of_the_command_line_a_function_s_short_name_will_do(tmp_path: Path) -> None:
    in_region = settings("https://functiongraph.cn-north-4.myhuaweicloud.com") + f'project = "{PROJECT}"\n'
    async with a_bench(
        tmp_path,
        opening=Opening(target="other", profile="prod"),
        settings=in_region,
        environment=ENVIRONMENT,
        trust_project=True,
    ) as bench:
        assert "● remote  other:latest" in bench.lines[0]
        await bench.press("f4")
        await bench.fill("index.count", "enter")
        await bench.sees("● local  index.count")


async def test_what_would_travel_in_clear_is_asked_about_first(tmp_path: Path) -> None:
    async with a_bench(tmp_path, size=NARROW, opening=Opening(target="http://fgtui.invalid/orders")) as bench:
        assert "http://fgtui.invalid/orders" in bench.lines[0]
        await bench.press("ctrl+j")
        await bench.sees("not encrypted")
        assert isinstance(bench.app.screen, Question)
        await bench.press("n")
        await bench.hears("nothing was sent")
        assert bench.screen.sends.running is None


async def test_what_the_settings_had_wrong_is_asked_of_them_again_by_the_next_send(tmp_path: Path) -> None:
    with serving(returned(b'"right"')) as server:
        right = settings(server.url)
        opening, wrong = Opening(target="production"), right.replace(":demo:", ":演示:")
        async with a_bench(
            tmp_path, opening=opening, settings=wrong, environment=ENVIRONMENT, trust_project=True
        ) as bench:
            await bench.press("ctrl+j")
            await bench.hears("is no function")
            (tmp_path / "fgtui.toml").write_text(right)
            await bench.send()
            assert bench.screen.outcome_view.words.startswith("✓ returned")


async def test_a_yes_to_a_project_whose_target_is_wrong_says_what_is_wrong(tmp_path: Path) -> None:
    wrong = settings("http://127.0.0.1:9").replace(":demo:", ":演示:")
    environment = {**ENVIRONMENT, "FGTUI_HOME": str(tmp_path / "home")}
    async with a_bench(
        tmp_path, opening=Opening(target="production"), settings=wrong, environment=environment
    ) as bench:
        await bench.press("ctrl+j")
        await bench.sees("May this project do this?")
        await bench.press("n")
        assert "waits for your yes" in bench.lines[0]
        await bench.press("ctrl+j")
        await bench.sees("May this project do this?")
        await bench.press("y")
        await bench.hears("is no function")
