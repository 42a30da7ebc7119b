"""The top line: where an event would go, in as many words as there is room for."""

from __future__ import annotations

import pytest

from fgtui.tui.widgets.target_bar import TargetBar, TargetWords
from tests.tui.hostile import EVERYTHING, shows_no_control
from tests.tui.stage import Stage

TARGET = TargetWords("src/index.handler", "python3.11", 128, 3.0)


async def line(stage: Stage, width: int, **what: object) -> str:
    async with stage.play(size=(width, 2)) as pilot:
        for name, value in what.items():
            setattr(stage.the(TargetBar), name, value)
        await pilot.pause()
        return stage.screen_lines()[0]


async def test_session_and_target_stand_at_the_two_ends() -> None:
    shown = await line(Stage(TargetBar), 107, session="orders", target=TARGET)
    assert shown.startswith(" fgtui   orders ▾ ")
    assert shown.endswith("● local  src/index.handler  python3.11 128 MB 3 s ")


@pytest.mark.parametrize(
    ("width", "end"),
    [
        (64, "● src/index.handler  python3.11 128 MB 3 s "),
        (60, "● …c/index.handler  python3.11 128 MB 3 s "),
        (57, "● src/index.handler  128 MB 3 s "),
        (45, "● src/index.handler "),
        (38, " src/index.handler "),
    ],
)
async def test_a_narrow_line_says_less_and_keeps_the_name(width: int, end: str) -> None:
    assert (await line(Stage(TargetBar), width, session="orders", target=TARGET)).endswith(end)


async def test_a_long_name_leaves_room_for_what_runs_it_and_its_limits() -> None:
    target = TargetWords("services/orders/deeply/nested/對象/thumbnails/index.handler", "python3.11", 128, 3.0)
    shown = await line(Stage(TargetBar), 80, target=target)
    assert shown.endswith("thumbnails/index.handler  python3.11 128 MB 3 s ")
    assert "● …" in shown


@pytest.mark.parametrize("runtime", ["node20.20", "java17", "custom", "http", "container"])
async def test_every_runtime_is_named_in_eighty_columns(runtime: str) -> None:
    target = TargetWords("com.example.orders.Main.handle", runtime, 512, 15.0)
    assert (await line(Stage(TargetBar), 80, target=target)).endswith(f"Main.handle  {runtime} 512 MB 15 s ")


async def test_a_server_that_somebody_else_has_started_is_told_apart() -> None:
    target = TargetWords("http://127.0.0.1:8000/invoke", "container", 128, 3.0, "http")
    assert "● http  http://127.0.0.1:8000/invoke  container" in await line(Stage(TargetBar), 100, target=target)


PRODUCTION = TargetWords(
    "production",
    "thumbnail:!prod",
    None,
    120.0,
    "remote",
    host="functiongraph.cn-north-4.myhuaweicloud.com",
    project="0123456789abcdef0123456789abcdef",
    identity="keys of the environment (AKEX…)",
)


async def lines(stage: Stage, width: int, target: TargetWords, **what: object) -> list[str]:
    async with stage.play(size=(width, 3)) as pilot:
        stage.the(TargetBar).target = target
        for name, value in what.items():
            setattr(stage.the(TargetBar), name, value)
        await pilot.pause()
        assert stage.the(TargetBar).size.height == 2
        return stage.screen_lines()[:2]


async def test_a_deployed_function_says_endpoint_project_and_identity_in_a_second_line() -> None:
    first, second = await lines(Stage(TargetBar), 140, PRODUCTION)
    assert first.endswith("● remote  production  thumbnail:!prod 120 s ")
    assert second.endswith(
        " functiongraph.cn-north-4.myhuaweicloud.com · project 0123456789abcdef0123456789abcdef · "
        "keys of the environment (AKEX…) "
    )


@pytest.mark.parametrize(
    ("width", "end"),
    [
        (100, "functiongraph.cn-north-4.myhuaweicloud.com · project 01234567… · keys of the environment (AKEX…) "),
        (86, "…cn-north-4.myhuaweicloud.com · project 01234567… · keys of the environment (AKEX…) "),
        (80, "…cn-north-4.myhuaweicloud.com · project 01234567… · keys of the environment (… "),
        (60, "…cn-north-4.myhuaweicloud.com · 0123… · keys of the… "),
        (40, "…cn-north-4.my… · 0123… · keys of the… "),
    ],
)
async def test_a_narrow_second_line_keeps_what_tells_one_place_from_another(width: int, end: str) -> None:
    first, second = await lines(Stage(TargetBar), width, PRODUCTION)
    assert "production" in first
    assert second.endswith(f" {end}")


@pytest.mark.parametrize("width", [30, 80])
async def test_a_guarded_target_has_the_word_and_a_colour_of_its_own(width: int) -> None:
    stage = Stage(TargetBar)
    async with stage.play(size=(width, 3)) as pilot:
        bar = stage.the(TargetBar)
        bar.target = PRODUCTION
        await pilot.pause()
        before = [bar.render_line(line) for line in (0, 1)]
        bar.target = PRODUCTION._replace(is_guarded=True)
        await pilot.pause()
        after = [bar.render_line(line) for line in (0, 1)]
        assert "▲ GUARDED" in after[0].text
        assert "GUARDED" not in before[0].text
        for old, new in zip(before, after, strict=True):
            colours = {segment.style.bgcolor for segment in new if segment.style}
            assert len(colours) == 1
            assert colours.isdisjoint(segment.style.bgcolor for segment in old if segment.style)


async def test_without_colours_a_guarded_target_is_reversed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    stage = Stage(TargetBar)
    async with stage.play(size=(100, 3)) as pilot:
        bar = stage.the(TargetBar)
        bar.target = PRODUCTION._replace(is_guarded=True)
        await pilot.pause()
        assert all(segment.style and segment.style.reverse for segment in bar.render_line(0))
        assert "▲ GUARDED" in bar.render_line(0).text


async def test_an_endpoint_that_its_name_does_not_say_is_named() -> None:
    target = TargetWords("orders-api", "", 128, 3.0, "http", host="api.example.com:8443")
    assert (await line(Stage(TargetBar), 80, target=target)).endswith(
        "● http  orders-api  api.example.com:8443  128 MB 3 s "
    )


async def test_what_is_served_stands_beside_the_session() -> None:
    shown = await line(Stage(TargetBar), 80, session="orders", target=TARGET, served=":9080")
    assert shown.startswith(" fgtui   orders ▾  ⇄ :9080 ")
    shown = await line(Stage(TargetBar), 80, session="orders", target=TARGET, served=f":9080 {EVERYTHING}")
    assert shown.startswith(" fgtui   orders ▾  ⇄ :9080 ")
    assert shows_no_control(shown)


@pytest.mark.parametrize("width", [36, 41, 60, 80])
async def test_an_endpoint_leaves_room_for_where_an_event_would_go(width: int) -> None:
    target = TargetWords("production", "", None, 120.0, "remote", is_guarded=True)
    more = {"session": "default", "target": target, "served": ":9080 a-handler → captured"}
    shown = await line(Stage(TargetBar), width, **more)
    assert "▲ GUARDED production" in shown
    assert ("⇄ :9080" if width > 40 else "⇄") in shown
    assert ("a-handler → captured" in shown) is (width == 80)


async def test_no_target_says_how_to_get_one() -> None:
    assert "F4 chooses one" in await line(Stage(TargetBar), 80)


async def test_trouble_takes_the_target_s_place() -> None:
    shown = await line(Stage(TargetBar), 80, target=TARGET, trouble="there is no module [/x]")
    assert "✗ there is no module [/x]" in shown
    assert "src/index.handler" not in shown


async def test_no_name_draws_a_control_character() -> None:
    target = TargetWords(EVERYTHING, "python", 128, 3.0)
    assert shows_no_control(await line(Stage(TargetBar), 400, session=EVERYTHING, target=target))
    assert shows_no_control(await line(Stage(TargetBar), 400, trouble=EVERYTHING))
    hostile = TargetWords(EVERYTHING, EVERYTHING, None, 3.0, "remote", EVERYTHING, EVERYTHING, EVERYTHING)
    assert shows_no_control("".join(await lines(Stage(TargetBar), 400, hostile)))


@pytest.mark.parametrize(("column", "asked"), [(10, TargetBar.SessionAsked), (70, TargetBar.TargetAsked)])
async def test_a_click_asks_for_another(column: int, asked: type) -> None:
    stage = Stage(TargetBar)
    async with stage.play(size=(80, 2)) as pilot:
        await pilot.click(TargetBar, offset=(column, 0))
    assert len(stage.heard(asked)) == 1
