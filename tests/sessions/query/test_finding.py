"""What is found in a recording, by whatever way it is found, is what plain evaluation of each exchange gives."""

from __future__ import annotations

import json
import os
import select
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import jmespath
import psutil
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fgtui.errors import QueryError, StoreError, UsageError
from fgtui.events.catalogue import samples_root
from fgtui.invoke.model import Exchange, HandlerError, Raised, Returned
from fgtui.sessions.format import document
from fgtui.sessions.interchange.json_lines import JsonLines, write_jsonl
from fgtui.sessions.query import finding
from fgtui.sessions.query import processes as query_processes
from fgtui.sessions.query.closures import compiled, is_false
from fgtui.sessions.query.expressions import Query
from fgtui.sessions.query.finding import Found, count, find
from fgtui.sessions.query.processes import Process, Processes
from fgtui.sessions.redaction.redactor import Redactor
from fgtui.sessions.store import SessionStore
from tests.factories import an_event, an_exchange
from tests.sessions import strategies
from tests.sessions.children import ROOT

COUNT = 700
"""Exchanges of the common session: more than one process and one group take."""
DOUBLING = "|".join(["[@,@]"] * 60)


def recorded(number: int) -> Exchange:
    outcome = (
        Raised(
            error=HandlerError("KeyError", "no"), status_code=500, duration_ms=float(number), logs=f"ERROR {number}\n"
        )
        if number % 7 == 0
        else Returned(body=b'{"ok": %d}' % number, status_code=200, duration_ms=0.5, logs="fine\n")
    )
    wire = json.dumps({"n": number, "word": f"w{number}", "Records": [{"key": f"k{number}"}]})
    return an_exchange(
        an_event(wire, "obs" if number % 2 else "lts"), outcome, number=number, tags=("marked",) if number == 70 else ()
    )


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SessionStore]:
    with SessionStore(tmp_path_factory.mktemp("finding") / "sessions.db", Redactor()) as store:
        list(store.append_many("other", [recorded(7)]))
        list(store.append_many("s", map(recorded, range(1, COUNT + 1))))
        yield store


@pytest.fixture(scope="module")
def lines(shared: SessionStore, tmp_path_factory: pytest.TempPathFactory) -> JsonLines:
    file = tmp_path_factory.mktemp("lines") / "s.jsonl"
    write_jsonl(shared.iterate("s"), file, session="s")
    return JsonLines(file)


@pytest.fixture(scope="module")
def processes() -> Iterator[Processes]:
    """Kept between the tests, as a workbench keeps them between two keys."""
    with Processes() as kept:
        yield kept


@pytest.fixture
def no_process_is_left() -> Iterator[None]:
    before = set(psutil.Process().children(recursive=True))
    yield
    assert set(psutil.Process().children(recursive=True)) <= before


def plainly(expression: str, exchange: Exchange) -> bool | str:
    """What evaluating the expression on the whole document gives, as a truth, or the error's words."""
    tree: Any = jmespath.compile(expression).parsed
    try:
        return not is_false(compiled(tree)(document(exchange, decoded="decoded" in expression)))
    except Exception as error:
        return " ".join(str(error).split())


def found(recording: Any, expression: str | None, **options: Any) -> list[int]:
    where = None if expression is None else Query.compile(expression)
    return [each.seq for each in find(recording, "s", where, **options)]


EXPRESSIONS = [
    "outcome.kind == 'raised'",
    "outcome.duration_ms > `350` && event.trigger == 'lts'",
    "contains(tags, 'marked')",
    "event.body.n > `690`",
    "event.body.word == 'w500'",
    "event.trigger == 'obs' && event.body.n > `690`",
    "contains(outcome.logs, 'ERROR 49')",
    "event.body.Records[?key == 'k3']",
    "length(event.body.word) == `2`",
    "outcome.result.ok == `8`",
    "outcome.error.type == 'KeyError' && seq < `50`",
    "from_json(event.wire).n == `12`",
    "@",
    "event.decoded.n == `12`",
    "session == 's' && seq == `5`",
    "nothing",
]


@pytest.mark.parametrize("newest_first", [False, True])
@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_a_session_and_a_file_hold_what_plain_evaluation_finds(
    shared: SessionStore, lines: JsonLines, processes: Processes, expression: str, newest_first: bool
) -> None:
    expected = [
        exchange.seq for exchange in shared.iterate("s", newest_first=newest_first) if plainly(expression, exchange)
    ]
    options: dict[str, Any] = {"newest_first": newest_first, "processes": processes, "roots": [samples_root()]}
    assert found(shared, expression, **options) == expected
    if newest_first:
        assert found(lines, expression, **options) == expected
    else:
        assert count(shared, "s", Query.compile(expression), processes=processes) == len(expected)


def test_without_a_query_everything_is_found(shared: SessionStore, lines: JsonLines, processes: Processes) -> None:
    assert found(shared, None) == found(lines, None, processes=processes) == list(range(1, COUNT + 1))
    assert count(shared, "s", None) == COUNT


def test_matches_are_reshaped(shared: SessionStore, lines: JsonLines, processes: Processes) -> None:
    for recording in (shared, lines):
        matches = find(
            recording, "s", Query.compile("seq > `698`"), project=Query.compile("{n: event.body.n, all: outcome.kind}"), processes=processes
        )  # fmt: skip
        assert list(matches) == [Found(699, {"n": 699, "all": "returned"}), Found(700, {"n": 700, "all": "raised"})]


def test_what_is_decoded_is_there_for_whatever_asks_for_it(
    shared: SessionStore, lines: JsonLines, processes: Processes
) -> None:
    for recording in (shared, lines):
        for where, project in (("seq == `7`", "event.decoded.n"), ("event.decoded.n == `7`", "seq")):
            matches = find(
                recording, "s", Query.compile(where), project=Query.compile(project), seqs=[7], processes=processes
            )
            assert list(matches) == [Found(7, 7)]


def test_the_whole_exchange_comes_out_as_it_is_recorded(shared: SessionStore, processes: Processes) -> None:
    (match,) = find(shared, "s", Query.compile("seq == `7`"), project=Query.compile("@"), processes=processes)
    assert match.value == document(shared.get("s", 7))


def test_only_the_numbers_that_were_chosen_are_looked_at(
    shared: SessionStore, lines: JsonLines, processes: Processes
) -> None:
    for recording in (shared, lines):
        options: dict[str, Any] = {"seqs": [650, 9, 14, 14, 7, 9999, 0, -1], "processes": processes}
        assert found(recording, "outcome.kind == 'raised'", **options) == [7, 14]
        assert found(recording, "event.body.n > `8`", newest_first=True, **options) == [650, 14, 9]
        assert found(recording, None, seqs=[]) == []


def test_many_chosen_numbers_come_in_order_both_ways(
    shared: SessionStore, lines: JsonLines, processes: Processes
) -> None:
    chosen = list(range(3, 400, 2))
    for recording in (shared, lines):
        options: dict[str, Any] = {"seqs": [*chosen[100:], *chosen[:100]], "processes": processes}
        assert found(recording, "event.body.n", **options) == chosen
        assert found(recording, "event.body.n", newest_first=True, **options) == chosen[::-1]


def test_progress_is_told_to_the_end(shared: SessionStore, lines: JsonLines, processes: Processes) -> None:
    for recording, expression in (
        (shared, "seq"),
        (shared, "event.body"),
        (shared, "seq == `1` && event.body"),
        (lines, "seq"),
    ):
        heard: list[int] = []
        found(recording, expression, on_progress=heard.append, processes=processes)
        assert heard[-1] == COUNT
        assert heard == sorted(heard)


def test_what_is_not_there_holds_nothing(shared: SessionStore, tmp_path: Path) -> None:
    assert list(find(shared, "missing", Query.compile("@"))) == []
    assert count(shared, "missing", None) == 0
    assert list(find(SessionStore(tmp_path / "none.db", Redactor()), "s", Query.compile("event.body"))) == []
    assert not (tmp_path / "none.db").exists()
    with pytest.raises(UsageError):
        list(find(JsonLines(tmp_path / "none.jsonl"), "s", None))


def test_large_exchanges_and_large_results_pass(tmp_path: Path, processes: Processes) -> None:
    text = "x" * 3_000_000
    with SessionStore(tmp_path / "sessions.db", Redactor()) as store:
        list(store.append_many("s", (an_exchange(json.dumps({"text": text, "n": n}), number=n) for n in (1, 2, 3))))
        matches = find(
            store,
            "s",
            Query.compile("event.body.n != `2`"),
            project=Query.compile("event.body.text"),
            processes=processes,
        )
        assert [(match.seq, len(match.value)) for match in matches] == [(1, 3_000_000), (3, 3_000_000)]


# What cannot be tried


def test_what_cannot_be_tried_is_no_match_and_is_told(
    shared: SessionStore, lines: JsonLines, processes: Processes
) -> None:
    for recording in (shared, lines):
        heard: dict[int, QueryError] = {}
        numbers = found(
            recording,
            "length(outcome.error) > `0` && seq < `9`",
            on_error=heard.__setitem__,
            seqs=[5, 6, 7, 8],
            processes=processes,
        )
        assert numbers == [7]
        assert list(heard) == [5, 6, 8]
        assert str(heard[5]) == "length() takes string, array, object, not null"
        with pytest.raises(QueryError, match=r"3 could not be tried; the first: length\(\) takes"):
            found(recording, "length(outcome.error) > `0`", seqs=[5, 6, 7, 8], processes=processes)


def test_a_column_hides_no_error_of_what_comes_before_it(shared: SessionStore, processes: Processes) -> None:
    heard: list[int] = []
    expression = "length(outcome.error) > `0` && outcome.kind == 'raised'"
    found(shared, expression, on_error=lambda seq, _: heard.append(seq), processes=processes)
    assert len(heard) == COUNT - COUNT // 7


# What goes too far


@pytest.mark.usefixtures("no_process_is_left")
def test_an_expression_that_takes_too_long_ends_the_search_after_the_matches_before(shared: SessionStore) -> None:
    matches = find(shared, "s", Query.compile(f"event.body.n < `3` || length(to_string(@|{DOUBLING})) > `0`"))
    assert [next(matches).seq, next(matches).seq] == [1, 2]
    with pytest.raises(QueryError, match="takes longer than 1 s on one exchange and was stopped"):
        next(matches)


@pytest.mark.usefixtures("no_process_is_left")
def test_an_expression_that_takes_too_much_memory_ends_the_search_at_the_first_exchange(shared: SessionStore) -> None:
    doubled = "|".join(["join('', [@, @])"] * 40)
    heard: list[object] = []
    with pytest.raises(QueryError, match="needs more than 256 MB"):
        found(shared, f"length(to_string(@)|{doubled}) > `0`", on_error=lambda *told: heard.append(told), seqs=[1, 2])
    assert not heard


def test_a_search_that_went_too_far_does_not_touch_the_next(shared: SessionStore) -> None:
    with Processes() as kept:
        matches = find(
            shared, "s", Query.compile(f"event.body.n < `3` || length(to_string(@|{DOUBLING})) > `0`"), processes=kept
        )
        next(matches)
        matches.close()  # its processes are at work on what nobody waits for
        assert found(shared, "event.body.n < `3`", processes=kept) == [1, 2]


# Ending early


@pytest.mark.usefixtures("no_process_is_left")
def test_no_more_is_read_than_a_little_ahead(shared: SessionStore) -> None:
    heard: list[int] = []
    matches = find(shared, "s", Query.compile("event.body"), on_progress=heard.append)
    assert next(matches).seq == 1
    matches.close()
    assert not heard


@pytest.mark.usefixtures("no_process_is_left")
@pytest.mark.parametrize("expression", ["event.body", "seq"])
def test_a_search_that_is_cancelled_ends_quietly(shared: SessionStore, expression: str) -> None:
    cancelled = threading.Event()
    matches = find(shared, "s", Query.compile(expression), cancelled=cancelled)
    next(matches)
    cancelled.set()
    assert len(list(matches)) < COUNT
    assert found(shared, expression, cancelled=cancelled) == []


def test_processes_that_are_kept_serve_the_next_query(shared: SessionStore) -> None:
    me = psutil.Process()
    before = set(me.children())
    with Processes() as kept:
        kept.prepare()
        prepared = set(me.children()) - before
        for expression in ("event.body.n > `690`", "outcome.logs"):
            assert found(shared, expression, processes=kept)
            assert set(me.children()) - before == prepared
    assert set(me.children()) == before
    with kept:  # closed already, so what is used is not kept
        assert found(shared, "event.body.n > `699`", processes=kept) == [700]
    assert set(me.children()) == before


@pytest.mark.usefixtures("no_process_is_left")
def test_a_process_that_was_killed_is_said_so(shared: SessionStore, monkeypatch: pytest.MonkeyPatch) -> None:
    begin = Process.begin

    def killed(process: Process, told: dict[str, Any]) -> None:
        begin(process, told)
        process._process.kill()

    monkeypatch.setattr(Process, "begin", killed)
    with pytest.raises(QueryError, match=r"broke off \(-9\)"):
        found(shared, "event.body")


@pytest.mark.usefixtures("no_process_is_left")
def test_a_process_that_stands_still_is_given_up(shared: SessionStore, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(query_processes, "HANG_S", 0.2)
    begin = Process.begin

    def suspended(process: Process, told: dict[str, Any]) -> None:
        psutil.Process(process._process.pid).suspend()
        begin(process, told)

    monkeypatch.setattr(Process, "begin", suspended)
    with pytest.raises(QueryError, match="does not answer"):
        found(shared, "event.body")


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="nothing here tells of other people's processes")
def test_a_process_ends_with_the_one_that_started_it() -> None:
    program = (
        "import os; from fgtui.sessions.query.processes import Process;"
        "print(Process()._process.pid, flush=True); os.kill(os.getpid(), 9)"
    )
    told = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True)
    with suppress(ProcessLookupError):  # it was quick
        ended = os.pidfd_open(int(told.stdout))
        assert select.select([ended], [], [], 30)[0]
        os.close(ended)


# Damage, and other hands on the store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SessionStore]:
    with SessionStore(tmp_path / "sessions.db", Redactor()) as store:
        list(store.append_many("s", map(recorded, range(1, 21))))
        yield store


def changed(store: SessionStore, statement: str) -> None:
    store.close()
    connection = sqlite3.connect(store.file)
    connection.execute(statement)
    connection.commit()
    connection.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE content SET data = zeroblob(50) WHERE id = 3",
        "DELETE FROM content WHERE id = 3",
        "UPDATE content SET head = 5 WHERE id = 3",
        "UPDATE content SET packed = 1 - packed WHERE id = 3",
    ],
)
def test_what_cannot_be_read_is_passed_over_and_told_at_the_end(
    store: SessionStore, statement: str, processes: Processes
) -> None:
    changed(store, statement)
    matches = find(store, "s", Query.compile("event.body.n && outcome.error || outcome.result"), processes=processes)
    numbers: list[int] = []
    with pytest.raises(StoreError, match=r"1 of 20 exchanges of s cannot be read; .* is damaged and was not changed"):
        numbers.extend(each.seq for each in matches)
    assert numbers == [1, 2, *range(4, 21)]


def test_a_row_that_is_lost_is_told(store: SessionStore, processes: Processes) -> None:
    changed(store, "DELETE FROM exchange WHERE key & 255 = 4")
    for expression in ("outcome.kind", "event.body.n"):
        with pytest.raises(StoreError, match="1 of 20 exchanges"):
            found(store, expression, processes=processes)
    with pytest.raises(StoreError, match="1 of 20 exchanges"):
        count(store, "s", None, processes=processes)


def test_of_a_store_with_a_broken_page_what_can_be_read_is_found(tmp_path: Path, processes: Processes) -> None:
    with SessionStore(tmp_path / "sessions.db", Redactor()) as store:
        list(store.append_many("s", map(recorded, range(1, 401))))
    connection = sqlite3.connect(store.file)
    size = connection.execute("PRAGMA page_size").fetchone()[0]
    pages = leaf_pages(connection)
    connection.close()
    if not pages:
        pytest.skip("this SQLite cannot say where its pages are")
    with store.file.open("r+b") as stream:
        stream.seek((pages[len(pages) // 2] - 1) * size)
        stream.write(b"\xff" * size)
    expected: list[int] = []
    with pytest.raises(StoreError):
        expected.extend(exchange.seq for exchange in store.iterate("s"))
    assert 0 < len(expected) < 400
    for expression in ("event.body.n", "outcome.kind", "outcome.kind && event.body.n"):
        for newest_first in (False, True):
            numbers: list[int] = []
            with pytest.raises(StoreError, match="of 400 exchanges"):
                numbers.extend(
                    each.seq
                    for each in find(
                        store, "s", Query.compile(expression), newest_first=newest_first, processes=processes
                    )
                )
            assert sorted(numbers) == expected


def test_of_a_store_with_a_broken_page_no_more_is_found_than_columns_and_values_say_together(
    tmp_path: Path, processes: Processes
) -> None:
    with SessionStore(tmp_path / "sessions.db", Redactor()) as store:
        list(store.append_many("s", map(recorded, range(1, 401))))
    with closing(sqlite3.connect(store.file)) as connection:
        size = connection.execute("PRAGMA page_size").fetchone()[0]
        pages = leaf_pages(connection)
    if not pages:
        pytest.skip("this SQLite cannot say where its pages are")
    with store.file.open("r+b") as stream:
        stream.seek((pages[len(pages) // 2] - 1) * size)
        stream.write(b"\xff" * size)
    numbers: list[int] = []
    matches = find(store, "s", Query.compile("outcome.kind == 'raised' && event.body.n"), processes=processes)
    with pytest.raises(StoreError, match="of 400 exchanges"):
        numbers.extend(each.seq for each in matches)
    assert numbers
    assert all(number % 7 == 0 for number in numbers)


def test_a_process_that_is_kept_lets_go_of_the_store_of_the_query_before(store: SessionStore) -> None:
    before = set(psutil.Process().children())
    with Processes() as kept:
        for number in range(1, 6):
            assert found(store, f"event.body.n == `{number}`", processes=kept) == [number]
        for process in set(psutil.Process().children()) - before:
            opened = [each.path for each in process.open_files()]
            assert opened.count(str(store.file)) <= 1


@pytest.mark.parametrize("newest_first", [False, True])
def test_columns_are_asked_range_by_range_in_order_and_each_number_once(
    shared: SessionStore, monkeypatch: pytest.MonkeyPatch, newest_first: bool
) -> None:
    monkeypatch.setattr(finding, "_COLUMN_RANGE", 100)
    heard: list[int] = []
    expected = [number for number in range(1, COUNT + 1) if number % 7 == 0]
    numbers = found(shared, "outcome.kind == 'raised'", newest_first=newest_first, on_progress=heard.append)
    assert numbers == (expected[::-1] if newest_first else expected)
    assert heard == list(range(100, COUNT + 1, 100))


def test_no_further_range_is_asked_once_a_search_by_columns_is_cancelled(
    shared: SessionStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(finding, "_COLUMN_RANGE", 100)
    cancelled = threading.Event()
    matches = find(shared, "s", Query.compile("outcome.kind == 'raised'"), cancelled=cancelled)
    next(matches)
    cancelled.set()
    assert len(list(matches)) == 100 // 7 - 1


@pytest.mark.parametrize("newest_first", [False, True])
def test_where_columns_break_off_the_rest_is_tried_and_nothing_comes_twice(
    tmp_path: Path, processes: Processes, monkeypatch: pytest.MonkeyPatch, newest_first: bool
) -> None:
    monkeypatch.setattr(finding, "_COLUMN_RANGE", 50)
    with SessionStore(tmp_path / "sessions.db", Redactor()) as store:
        list(store.append_many("s", map(recorded, range(1, 401))))
    with closing(sqlite3.connect(store.file)) as connection:
        size = connection.execute("PRAGMA page_size").fetchone()[0]
        pages = leaf_pages(connection)
    if not pages:
        pytest.skip("this SQLite cannot say where its pages are")
    with store.file.open("r+b") as stream:
        stream.seek((pages[len(pages) // 2] - 1) * size)
        stream.write(b"\xff" * size)
    numbers: list[int] = []
    matches = find(store, "s", Query.compile("outcome.kind"), newest_first=newest_first, processes=processes)
    with pytest.raises(StoreError, match="of 400 exchanges"):
        numbers.extend(each.seq for each in matches)
    assert numbers == sorted(set(numbers), reverse=newest_first)
    assert {1, 400} <= set(numbers)


def leaf_pages(connection: sqlite3.Connection) -> list[int]:
    """Of the table of small columns; none where SQLite cannot say."""
    try:
        found = connection.execute("SELECT pageno FROM dbstat WHERE name = 'exchange' AND pagetype = 'leaf'").fetchall()
    except sqlite3.OperationalError:
        return []
    return sorted(at for (at,) in found)


def test_what_is_recorded_meanwhile_is_left_to_the_next_search(store: SessionStore, processes: Processes) -> None:
    matches = find(store, "s", Query.compile("event.body.n"), processes=processes)
    first = next(matches)
    store.append("s", recorded(21))
    assert [first.seq, *(each.seq for each in matches)] == list(range(1, 21))


def test_a_store_that_a_newer_version_took_over_is_said_so(store: SessionStore, processes: Processes) -> None:
    store.sessions()
    connection = sqlite3.connect(store.file)
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(StoreError, match="was written by a newer fgtui"):
        found(store, "event.body.n", processes=processes)


def test_a_file_that_changed_meanwhile_is_said_so(lines: JsonLines, tmp_path: Path, processes: Processes) -> None:
    file = tmp_path / "s.jsonl"
    file.write_bytes(lines.file.read_bytes())
    copied = JsonLines(file)
    copied.count()
    file.write_bytes(b"\n" * 1000)
    with pytest.raises(StoreError, match="has changed while it was read"):
        found(copied, "event.body.n", processes=processes)


def test_an_odd_name_and_place_are_no_trouble(tmp_path: Path, processes: Processes) -> None:
    folder = tmp_path / "a b'%?#处"
    with SessionStore(folder / "sessions.db", Redactor()) as store:
        store.append("订单 'x'", recorded(7))
        (match,) = find(
            store, "订单 'x'", Query.compile("event.body.n"), project=Query.compile("session"), processes=processes
        )
    assert match == Found(1, "订单 'x'")


# Anything at all

_any_expression = st.sampled_from([
    "event.body", "event.wire", "event.wire_base64", "outcome.result", "outcome.body", "outcome.logs", "outcome.error", "outcome.headers", "note", "tags", "id",
    "event.trigger == id", "outcome.status_code > `0`", "outcome.duration_ms < `0.5`", "length(note) > `0`", "tags[0] == note", "replay_of", "!replay_of && outcome.init_ms",
    "started_at > '2000'", "target.runtime || event.template", "event.redacted", "contains(outcome.logs, 'a')", "event.body.n == outcome.result.n", "keys(@)",
    "event.decoded == event.body", "sort_by([event, outcome], &to_string(@))",
])  # fmt: skip


@settings(max_examples=15)
@given(st.lists(strategies.exchanges, min_size=1, max_size=4), st.lists(_any_expression, min_size=1, max_size=4))
def test_of_any_store_is_found_what_plain_evaluation_finds(
    tmp_path_factory: pytest.TempPathFactory, processes: Processes, kept: list[Exchange], expressions: list[str]
) -> None:
    with SessionStore(tmp_path_factory.mktemp("any") / "sessions.db", Redactor()) as store:
        list(store.append_many("s", kept))
        for expression in expressions:
            untried: dict[int, QueryError] = {}
            numbers = found(store, expression, processes=processes, on_error=untried.__setitem__)
            expected = {exchange.seq: plainly(expression, exchange) for exchange in store.iterate("s")}
            assert numbers == [seq for seq, told in expected.items() if told is True]
            assert untried.keys() == {seq for seq, told in expected.items() if isinstance(told, str)}


def test_ranges_cover_a_session_whatever_they_take() -> None:
    for newest_first in (False, True):
        ranges = finding._Ranges(1, 100_000, newest_first=newest_first)
        covered: list[int] = []
        for took_s in (0.001, 0.1, 0.02) * 100_000:
            if ranges.is_empty:
                break
            _, low, high = ranges.next().message
            covered += range(low, high + 1)
            ranges.learn(took_s)
        assert sorted(covered) == list(range(1, 100_001))
