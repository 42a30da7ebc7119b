"""The processes that try queries: no code of others in them, kept while they are idle, ended when they are not wanted."""

from __future__ import annotations

import os
import select
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from fgtui.errors import QueryError, StoreError, UsageError
from fgtui.sessions import strict_json
from fgtui.sessions.query import processes as query_processes
from fgtui.sessions.query.expressions import Query
from fgtui.sessions.query.processes import PROCESSES_LIMIT, Process, Processes, Work, processes_for, text_of, wait

GUARD_S = 30


@pytest.fixture
def process() -> Iterator[Process]:
    process = Process()
    yield process
    process.close()


def is_running(process: Process) -> bool:
    return process._process.poll() is None


def children() -> set[psutil.Process]:
    return set(psutil.Process().children(recursive=True))


def test_no_variable_and_no_folder_puts_code_into_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("encodings/__init__.py", "sitecustomize.py", "marshal.py", "fgtui/__init__.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"open({str(tmp_path / 'ran')!r}, 'w').close()")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    assert text_of(Query.compile("a").told, '{"a": 1}') == "1"
    assert not (tmp_path / "ran").exists()


def test_an_interrupt_at_the_terminal_does_not_reach_it(process: Process) -> None:
    assert os.getpgid(process._process.pid) != os.getpgid(0)


def test_no_more_is_read_while_too_much_waits_to_be_taken(process: Process) -> None:
    process.begin(settings("a"))
    work = Work("value", strict_json.write({"a": 1}))
    process.give(work)
    assert select.select([process.output], [], [], GUARD_S)[0]
    work.waiting_bytes = 100 * 1024 * 1024
    assert not wait([process], 0)
    assert work.take() == []
    while not work.is_done:
        assert wait([process], GUARD_S)
    assert work.take() == [b"0 1"]


def settings(expression: str) -> dict[str, Any]:
    return {
        **query_processes.LIMITS,
        "filter": None,
        "rest": None,
        "project": Query.compile(expression).told,
        "clauses": (),
        "documents": {"session": "", "decoded": False, "roots": ()},
        "parts": frozenset(),
        "all_parts": frozenset(),
        "is_long": False,
    }


def test_one_that_has_ended_is_not_given_out() -> None:
    with Processes() as kept:
        first = kept.take()
        kept.give_back(first)
        first._process.kill()
        first._process.wait()
        second = kept.take()
        assert second is not first
        assert is_running(second)
        second.close()


def test_one_that_is_idle_serves_again_and_no_more_are_kept_than_help() -> None:
    with Processes() as kept:
        taken = [kept.take() for _ in range(PROCESSES_LIMIT + 1)]
        for each in taken:
            kept.give_back(each)
        assert [is_running(each) for each in taken] == [True] * PROCESSES_LIMIT + [False]
        assert kept.take() is taken[PROCESSES_LIMIT - 1]
        taken[PROCESSES_LIMIT - 1].close()
    assert not any(map(is_running, taken))


def test_what_is_given_back_after_the_end_is_ended_and_nothing_is_prepared_any_more() -> None:
    kept = Processes()
    at_work = kept.take()
    kept.close()
    kept.give_back(at_work)
    assert not is_running(at_work)
    before = children()
    kept.prepare()
    assert children() <= before


def test_one_that_is_still_at_work_is_ended_rather_than_kept() -> None:
    with Processes() as kept:
        busy = kept.take()
        busy.begin(settings("|".join(["[@,@]"] * 60)))
        busy.give(Work("value", "[1]"))
        kept.give_back(busy)
        assert not is_running(busy)


@pytest.mark.parametrize("count", [0, 1, 499, 10**9])
def test_there_are_never_more_than_help(count: int) -> None:
    assert 1 <= processes_for(count) <= min(PROCESSES_LIMIT, os.cpu_count() or 1)


def test_few_exchanges_are_worth_one() -> None:
    assert processes_for(0) == processes_for(10) == 1


@pytest.mark.parametrize(
    ("name", "kind"), [("UsageError", UsageError), ("QueryError", QueryError), ("DamagedError", StoreError)]
)
def test_what_it_could_not_do_is_raised_as_what_it_is(name: str, kind: type[Exception]) -> None:
    told = strict_json.write([name, "{file} is no file", "look again", {"file": "a.jsonl"}]).encode()
    error = query_processes.failure(told)
    assert type(error) is kind
    assert (str(error), error.hint) == ("a.jsonl is no file", "look again")


def test_words_of_a_refusal_stand_on_one_line() -> None:
    assert str(query_processes.refusal(b'["value", "one\\n  two\\tthree"]')) == "one two three"


def test_of_what_needs_too_much_memory_the_next_would_need_as_much() -> None:
    assert query_processes.is_out_of_memory(query_processes.refusal(b'["memory", ""]'))
    assert not query_processes.is_out_of_memory(query_processes.refusal(b'["size", ""]'))
