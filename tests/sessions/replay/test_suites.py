"""Renewing the expected outcomes of a suite."""

from __future__ import annotations

from pathlib import Path

import pytest

from fgtui.errors import StoreError, UsageError
from fgtui.invoke.model import Cancelled, Exchange, TargetSummary
from fgtui.records import replace
from fgtui.sessions.diff.changes import compare_outcomes
from fgtui.sessions.interchange.json_lines import JsonLines, write_jsonl
from fgtui.sessions.model import NO_TARGET
from fgtui.sessions.replay.run import Replayed
from fgtui.sessions.replay.suites import Renewal
from tests.factories import an_exchange


@pytest.fixture
def suite(tmp_path: Path) -> JsonLines:
    olds = [an_exchange(number=number, seq=number, note=f"note {number}", tags=("a",)) for number in (1, 2, 3)]
    write_jsonl(olds, tmp_path / "suite.jsonl", session="orders")
    return JsonLines(tmp_path / "suite.jsonl")


def replayed(old: Exchange, body: str) -> Replayed:
    new = an_exchange(old.event, body=body, id=f"new-{old.seq}", session="again", seq=9, replay_of=old.id)
    return Replayed(old, new, compare_outcomes(old, new).changes)


def test_what_differs_is_renewed_and_every_other_line_stays_to_the_byte(suite: JsonLines) -> None:
    before = suite.file.read_bytes().splitlines()
    with Renewal(suite) as renewal:
        for old in suite:
            renewal.note(replayed(old, '{"ok": false}' if old.seq == 2 else '{"ok": true}'))
        assert renewal.count == 1
        renewal.write()
    after = suite.file.read_bytes().splitlines()
    assert [one == other for one, other in zip(before, after, strict=True)] == [True, True, False, True]
    renewed = JsonLines(suite.file).get("", 2)
    assert renewed.outcome.body == b'{"ok": false}'
    assert (renewed.id, renewed.seq, renewed.replay_of) == ("new-2", 2, None)
    assert (renewed.note, renewed.tags, renewed.event) == ("note 2", ("a",), suite.get("", 2).event)


def test_an_event_that_was_only_imported_gets_its_first_outcome(suite: JsonLines) -> None:
    old = suite.get("", 1)
    imported = replace(old, target=TargetSummary(NO_TARGET, ""), outcome=Cancelled())
    new = an_exchange(old.event, replay_of=old.id)
    with Renewal(suite) as renewal:
        renewal.note(Replayed(imported, new))
        assert renewal.count == 1


def test_what_was_not_sent_stays(suite: JsonLines) -> None:
    with Renewal(suite) as renewal:
        renewal.note(Replayed(suite.get("", 1), None, problem=UsageError("redacted")))
        assert renewal.count == 0


def test_a_file_that_has_changed_meanwhile_is_left_alone(suite: JsonLines) -> None:
    with Renewal(suite) as renewal:
        renewal.note(replayed(suite.get("", 2), "{}"))
        others = [an_exchange(number=number + 7, seq=number) for number in (1, 2)]
        write_jsonl(others, suite.file, overwrite=True)
        before = suite.file.read_bytes()
        with pytest.raises(StoreError, match="has changed since it was replayed"):
            renewal.write()
    assert suite.file.read_bytes() == before


def test_a_file_with_a_line_that_would_be_lost_is_refused_before_anything_is_sent(suite: JsonLines) -> None:
    with suite.file.open("ab") as stream:
        stream.write(b'{"torn": ')
    with pytest.raises(UsageError, match=r"suite\.jsonl:5 is no exchange"):
        Renewal(JsonLines(suite.file))
