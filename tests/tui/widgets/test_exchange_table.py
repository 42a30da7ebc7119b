"""The session's table: any length, pages as they are looked at, the cursor stays with its exchange."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest
from rich.cells import cell_len
from textual.pilot import Pilot

from fgtui.records import replace
from fgtui.sessions.model import ExchangeRow
from fgtui.tui.selection import Shown
from fgtui.tui.widgets.exchange_table import COLUMNS, PAGE, ExchangeTable
from tests.factories import MOMENT
from tests.tui.hostile import EVERYTHING, shows_no_control
from tests.tui.stage import Stage
from tests.tui.waiting import wait_until


def a_row(seq: int, outcome: str = "returned", *, note: str = "", target: str = "src/index.handler") -> ExchangeRow:
    return ExchangeRow(
        session="orders",
        seq=seq,
        id=f"01JD{seq:022d}",
        started_at=MOMENT + timedelta(seconds=seq),
        trigger="obs",
        template="default",
        target_kind="local",
        target=target,
        outcome=outcome,
        duration_ms=seq / 10,
        note=note,
    )


def answer(stage: Stage, rows: Iterable[ExchangeRow] = ()) -> int:
    """Give the table every page it has asked for; how many there were."""
    known = {row.seq: row for row in rows}
    wanted = stage.heard(ExchangeTable.PageWanted)
    for message in wanted:
        numbers = range(message.before - 1, max(0, message.before - 1 - message.limit), -1)
        stage.the(ExchangeTable).add_page(message.before, [known.get(seq) or a_row(seq) for seq in numbers])
    return len(wanted)


async def press(pilot: Pilot[Any], *keys: str) -> None:
    await pilot.press(*keys)
    await pilot.pause()


async def test_an_empty_session_says_what_will_stand_there() -> None:
    stage = Stage(ExchangeTable)
    async with stage.play(size=(100, 8)) as pilot:
        table = stage.the(ExchangeTable)
        table.show_session(0, hint="Nothing recorded yet [/x]")
        keys = ("enter", "r", "e", "y", "n", "t", "b", "d", "m", "R", "s", "E")
        await press(pilot, *keys)
        assert "Nothing recorded yet [/x]" in stage.screen_text()
        assert len(stage.heard(ExchangeTable.NothingHere)) == len(keys)
        assert stage.heard(ExchangeTable.Asked) == []
        assert stage.heard(ExchangeTable.PageWanted) == []


async def test_the_newest_exchange_is_first_and_rows_wait_for_their_page() -> None:
    stage = Stage(ExchangeTable)
    async with stage.play(size=(100, 8)) as pilot:
        stage.the(ExchangeTable).show_session(340)
        await pilot.pause()
        assert stage.screen_lines()[1].split() == ["340", "…"]
        answer(stage)
        await pilot.pause()
        assert stage.screen_lines()[1].split()[0] == "340"
        assert "✓ returned" in stage.screen_lines()[1]
        assert "34.0" in stage.screen_lines()[1]


async def test_a_million_exchanges_ask_for_the_pages_that_are_seen() -> None:
    stage = Stage(ExchangeTable)
    async with stage.play(size=(100, 12)) as pilot:
        stage.the(ExchangeTable).show_session(1_000_000)
        await press(pilot, "end")
        await press(pilot, "home", "pagedown")
        assert answer(stage) <= 4
        await press(pilot, "end")
        assert stage.screen_lines()[-1].split()[0] == "1"
        assert {message.limit for message in stage.heard(ExchangeTable.PageWanted)} == {PAGE}


async def test_what_was_deleted_leaves_the_cursor_on_its_exchange_or_near_it() -> None:
    stage = Stage(ExchangeTable)
    async with stage.play(size=(100, 12)) as pilot:
        table = stage.the(ExchangeTable)
        table.show_session(50)
        await press(pilot, "down", "down")
        table.resize(50, 21, missing=4)
        assert (table.seq_at(table.cursor), table.total, table.oldest) == (48, 26, 21)
        table.resize(40, 21, missing=0)
        assert table.seq_at(table.cursor) == 40


async def test_a_page_is_asked_for_once() -> None:
    stage = Stage(ExchangeTable)
    async with stage.play(size=(100, 12)) as pilot:
        stage.the(ExchangeTable).show_session(50)
        await press(pilot, "down", "down", "up")
        assert answer(stage) == 1
        await press(pilot, "down", "down", "up")
        assert answer(stage) == 1


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("enter", ExchangeTable.OpenAsked),
        ("r", ExchangeTable.ReplayAsked),
        ("e", ExchangeTable.EditAsked),
        ("y", ExchangeTable.CopyAsked),
        ("n", ExchangeTable.NoteAsked),
        ("t", ExchangeTable.TagsAsked),
        ("b", ExchangeTable.ReportAsked),
        ("d", ExchangeTable.CompareAsked),
    ],
)
async def test_keys_ask_for_what_is_to_be_done_with_an_exchange(key: str, kind: type[ExchangeTable.Asked]) -> None:
    stage = Stage(ExchangeTable)
    async with stage.play(size=(100, 12)) as pilot:
        stage.the(ExchangeTable).show_session(50)
        await press(pilot, "down", "down", key)
        (asked,) = stage.heard(ExchangeTable.Asked)
        assert type(asked) is kind
        assert asked.seq == 48


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("R", ExchangeTable.ReplaySelectionAsked),
        ("s", ExchangeTable.StatisticsAsked),
        ("E", ExchangeTable.ExportAsked),
    ],
)
async def test_keys_ask_for_what_is_to_be_done_with_all_that_is_shown(
    key: str, kind: type[ExchangeTable.SelectionAsked]
) -> None:
    stage = Stage(ExchangeTable)
    async with stage.play(size=(100, 12)) as pilot:
        await press(pilot, key)
        assert stage.heard(kind) == [], "an empty session has nothing to do it with"
        stage.the(ExchangeTable).show_session(50)
        await press(pilot, key)
        stage.the(ExchangeTable).show_matches()
        stage.the(ExchangeTable).add_matches([7, 3])
        await press(pilot, key)
        assert [asked.shown for asked in stage.heard(kind)] == [None, Shown((7, 3))]


async def test_an_import_needs_no_exchange() -> None:
    stage = Stage(ExchangeTable)
    async with stage.play(size=(100, 12)) as pilot:
        await press(pilot, "I")
    assert len(stage.heard(ExchangeTable.ImportAsked)) == 1


async def test_a_new_exchange_shows_first_and_the_cursor_follows_only_from_the_top() -> None:
    stage = Stage(ExchangeTable)
    async with stage.play(size=(100, 12)) as pilot:
        table = stage.the(ExchangeTable)
        table.show_session(50)
        await pilot.pause()
        answer(stage)
        table.add_newest(a_row(51, "raised"))
        await pilot.pause()
        assert "51" in stage.screen_lines()[1]
        assert "✗ raised" in stage.screen_lines()[1]
        assert table.seq_at(table.cursor) == 51
        await press(pilot, "down", "down")
        table.add_newest(a_row(52))
        await pilot.pause()
        assert table.seq_at(table.cursor) == 49


async def test_exchanges_recorded_by_others_in_between_are_asked_for() -> None:
    stage = Stage(ExchangeTable)
    async with stage.play(size=(100, 12)) as pilot:
        table = stage.the(ExchangeTable)
        table.show_session(PAGE - 1)
        await pilot.pause()
        assert answer(stage) == 1
        table.add_newest(a_row(PAGE + 2))
        await pilot.pause()
        assert [message.before for message in stage.heard(ExchangeTable.PageWanted)[1:]] == [2 * PAGE + 1, PAGE + 1]


async def test_the_first_exchange_of_a_session_shows() -> None:
    stage = Stage(ExchangeTable)
    async with stage.play(size=(100, 12)) as pilot:
        table = stage.the(ExchangeTable)
        table.show_session(0)
        table.add_newest(a_row(1))
        await pilot.pause()
        assert "✓ returned" in stage.screen_lines()[1]
        assert table.row_count() == 1
        table.add_newest(a_row(1))
        assert table.row_count() == 1, "the same twice is once"


@pytest.mark.parametrize("seq", [1, PAGE, PAGE + 1, 2 * PAGE])
async def test_a_page_ends_where_the_next_begins(seq: int) -> None:
    stage = Stage(ExchangeTable)
    async with stage.play(size=(100, 12)) as pilot:
        table = stage.the(ExchangeTable)
        table.show_session(2 * PAGE)
        table.go_to(seq)
        await pilot.pause()
        answer(stage)
        assert table.row_for(seq) == a_row(seq)


async def test_old_exchanges_that_are_gone_leave_no_rows() -> None:
    stage = Stage(ExchangeTable)
    async with stage.play(size=(100, 12)) as pilot:
        table = stage.the(ExchangeTable)
        table.show_session(1000, 995)
        await press(pilot, "end")
        assert table.row_count() == 6
        assert table.seq_at(table.cursor) == 995


async def test_numbers_that_are_missing_in_between_say_so_and_are_not_counted() -> None:
    stage = Stage(ExchangeTable)
    async with stage.play(size=(100, 12)) as pilot:
        table = stage.the(ExchangeTable)
        table.show_session(10, 6, missing=2)
        await pilot.pause()
        table.add_page(PAGE + 1, [a_row(seq) for seq in (10, 8, 6)])
        await pilot.pause()
        assert table.total == 3
        lines = stage.screen_lines()
        assert ("not here: deleted" in lines[2], "not here: deleted" in lines[4]) == (True, True)
        await press(pilot, "down", "m")
        assert stage.heard(ExchangeTable.Marked) == []


@pytest.mark.parametrize(("seq", "is_there"), [(300, True), (7, True), (8, False), (0, False), (301, False)])
async def test_a_number_is_gone_to_where_it_is_shown(seq: int, is_there: bool) -> None:
    stage = Stage(ExchangeTable)
    async with stage.play(size=(100, 12)) as pilot:
        table = stage.the(ExchangeTable)
        table.show_session(300, 5)
        table.show_matches()
        table.add_matches([300, 200, 7])
        await press(pilot, "down")
        assert table.go_to(seq) is is_there
        assert table.seq_at(table.cursor) == (seq if is_there else 200)
        table.show_all()
        assert table.go_to(seq) is (5 <= seq <= 300)


def answer_rows(stage: Stage, rows: Iterable[ExchangeRow] | None = None) -> list[tuple[int, ...]]:
    """Give the table every match it has asked for; what it asked for."""
    wanted = [message.seqs for message in stage.heard(ExchangeTable.RowsWanted)]
    for seqs in wanted:
        stage.the(ExchangeTable).add_rows(seqs, map(a_row, seqs) if rows is None else rows)
    return wanted


async def test_matches_are_asked_for_by_number_around_what_is_seen() -> None:
    stage = Stage(ExchangeTable)
    async with stage.play(size=(100, 12)) as pilot:
        table = stage.the(ExchangeTable)
        table.show_session(1_000_000)
        table.show_matches()
        table.add_matches(range(900_000, 0, -1000))
        await pilot.pause()
        (asked,) = answer_rows(stage)
        assert asked == tuple(range(900_000, 900_000 - 64 * 1000, -1000))
        await press(pilot, "end")
        await wait_until(pilot, lambda: len(stage.heard(ExchangeTable.RowsWanted)) > 1, "the end is asked for")
        assert sorted(seq for seqs in answer_rows(stage)[1:] for seq in seqs)[:3] == [1000, 2000, 3000]
        await pilot.pause()
        assert "✓ returned" in stage.screen_lines()[-1]


async def test_a_match_that_is_gone_says_so() -> None:
    stage = Stage(ExchangeTable)
    async with stage.play(size=(100, 12)) as pilot:
        stage.the(ExchangeTable).show_session(900)
        stage.the(ExchangeTable).show_matches()
        stage.the(ExchangeTable).add_matches([5])
        await pilot.pause()
        answer_rows(stage, [])
        await pilot.pause()
        assert "not here: deleted" in stage.screen_lines()[1]


async def test_a_mark_shows_at_once_the_cursor_goes_on_and_a_second_takes_it_away() -> None:
    stage = Stage(ExchangeTable)
    async with stage.play(size=(100, 12)) as pilot:
        table = stage.the(ExchangeTable)
        table.session = "orders"
        table.show_session(5)
        await press(pilot, "m")
        assert stage.heard(ExchangeTable.Marked) == [], "its row is not here yet"
        answer(stage)
        await press(pilot, "m", "m", "up", "m")
        assert [(message.seq, message.is_marked) for message in stage.heard(ExchangeTable.Marked)] == [
            (5, True),
            (4, True),
            (4, False),
        ]
        assert [line[0] for line in stage.screen_lines()[1:4]] == ["●", " ", " "]
        assert table.seq_at(table.cursor) == 3


@pytest.mark.parametrize(
    ("outcome", "status", "words"),
    [
        ("returned", 404, "✓ returned 404"),
        ("returned", 502, "! returned 502"),
        ("returned", None, "✓ returned"),
        ("rejected", 401, "✗ rejected 401"),
        ("raised", 502, "✗ raised"),
    ],
)
def test_the_status_stands_where_it_tells_outcomes_apart(outcome: str, status: int | None, words: str) -> None:
    column = next(column for column in COLUMNS if column.name == "outcome")
    text, _ = column.show(replace(a_row(1, outcome), status_code=status))
    assert text == words
    assert cell_len(text) <= column.cells


async def test_the_note_column_shows_notes_and_tags_but_not_the_mark() -> None:
    stage = Stage(ExchangeTable)
    async with stage.play(size=(160, 8)) as pilot:
        stage.the(ExchangeTable).show_session(3)
        await pilot.pause()
        answer(stage, [replace(a_row(3, note="对象 [/x]"), tags=("slow", "marked", "[b]"))])
        await pilot.pause()
        line = stage.screen_lines()[1]
        assert "对象 [/x] #slow #[b]" in line
        assert "#marked" not in line


async def test_a_filter_shows_its_matches_as_they_come_and_all_again_without() -> None:
    stage = Stage(ExchangeTable)
    async with stage.play(size=(100, 12)) as pilot:
        table = stage.the(ExchangeTable)
        table.show_session(340)
        table.show_matches(hint="matches nothing")
        await pilot.pause()
        assert "matches nothing" in stage.screen_text()
        table.add_matches([300, 200])
        table.add_matches([7])
        await press(pilot, "end")
        answer_rows(stage)
        await pilot.pause()
        assert [line.split()[0] for line in stage.screen_lines()[1:4]] == ["300", "200", "7"]
        assert (table.row_count(), table.total) == (3, 340)
        await press(pilot, "up", "r")
        assert stage.heard(ExchangeTable.ReplayAsked)[0].seq == 200
        table.show_all()
        await pilot.pause()
        assert table.seq_at(table.cursor) == 200
        assert table.row_count() == 340


async def test_what_is_recorded_during_a_filter_does_not_join_it() -> None:
    stage = Stage(ExchangeTable)
    async with stage.play(size=(100, 12)):
        table = stage.the(ExchangeTable)
        table.show_session(340)
        table.show_matches()
        table.add_matches([5])
        table.add_newest(a_row(341))
        assert (table.row_count(), table.total) == (1, 341)


@pytest.mark.parametrize("width", [40, 60, 80, 120, 200])
async def test_columns_line_up_at_any_width(width: int) -> None:
    stage = Stage(ExchangeTable)
    async with stage.play(size=(width, 8)) as pilot:
        stage.the(ExchangeTable).show_session(3)
        await pilot.pause()
        answer(stage, [a_row(3, "out_of_memory", note="对象 note", target="对象/index.handler")])
        await pilot.pause()
        lines = stage.screen_lines()
        assert lines[0].index("outcome") >= 0
        place = lines[2].index("✓ returned")
        assert lines[0].index("outcome") == place
        assert lines[0].rindex("ms") + 2 == lines[2].rindex("0.2") + 3


async def test_a_long_session_still_says_in_eighty_columns_where_its_events_went() -> None:
    stage = Stage(ExchangeTable)
    async with stage.play(size=(78, 8)) as pilot:  # what the frame leaves
        stage.the(ExchangeTable).show_session(99_999)
        await pilot.pause()
        answer(stage)
        await pilot.pause()
        assert "target" in stage.screen_lines()[0]


async def test_the_exchange_that_is_open_carries_a_sign() -> None:
    stage = Stage(ExchangeTable)
    async with stage.play(size=(100, 8)) as pilot:
        stage.the(ExchangeTable).show_session(3)
        stage.the(ExchangeTable).session = "orders"
        stage.the(ExchangeTable).mark_shown("orders", 2)
        await pilot.pause()
        assert stage.screen_lines()[2].startswith(" ▸")
        stage.the(ExchangeTable).mark_shown("another", 2)
        await pilot.pause()
        assert "▸" not in stage.screen_text(), "a number alone is no exchange"


async def test_no_column_draws_a_control_character() -> None:
    stage = Stage(ExchangeTable)
    async with stage.play(size=(400, 8)) as pilot:
        stage.the(ExchangeTable).show_session(3)
        await pilot.pause()
        hostile = ExchangeRow(
            "s", 3, "id", MOMENT, EVERYTHING, EVERYTHING, EVERYTHING, EVERYTHING, EVERYTHING, None, note=EVERYTHING
        )
        answer(stage, [replace(hostile, tags=(EVERYTHING,))])
        await pilot.pause()
        assert "[/x]" in stage.screen_text()
        assert shows_no_control(stage.screen_text().replace("\n", ""))


async def test_a_match_that_is_newer_than_the_session_is_known_to_be_is_no_deleted_one() -> None:
    stage = Stage(ExchangeTable)
    async with stage.play(size=(100, 8)) as pilot:
        table = stage.the(ExchangeTable)
        table.show_session(3)
        table.add_page(4, [a_row(seq) for seq in (1, 2, 3)])
        table.show_matches()
        table.add_rows([5], [a_row(5)])
        table.add_matches([6, 5, 3])
        await pilot.pause()
        shown = stage.screen_lines()
        assert "…" in shown[1]
        assert "returned" in shown[2]
        table.add_newest(a_row(4), a_row(5), a_row(6))
        await pilot.pause()
        assert "returned" in stage.screen_lines()[1]
