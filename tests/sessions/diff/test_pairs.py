"""Which exchange is compared with which: replays with what they replay, others by their events."""

from __future__ import annotations

from pathlib import Path

from fgtui.invoke.model import Exchange
from fgtui.sessions.diff.pairs import Pairs, Side, exchanges_of, pair_up
from fgtui.sessions.interchange.json_lines import read_jsonl, write_jsonl
from tests.factories import an_exchange


def side(folder: Path, name: str, *exchanges: Exchange) -> Side:
    file = folder / f"{name}.jsonl"
    write_jsonl(exchanges, file, session=name)
    return Side(read_jsonl(file), name)


def an(seq: int, wire: str = '"x"', *, id: str | None = None, replay_of: str | None = None) -> Exchange:  # noqa: A002
    return an_exchange(wire, number=seq, seq=seq, id=id, replay_of=replay_of)


def test_a_replay_goes_with_what_it_replays_whatever_its_event(tmp_path: Path) -> None:
    old = side(tmp_path, "old", an(1, id="A"), an(2, id="B"))
    new = side(tmp_path, "new", an(1, "1", replay_of="B"), an(2, "2", replay_of="A"))
    assert pair_up(old, new) == Pairs([(1, 2), (2, 1)], [], [])
    assert pair_up(new, old) == Pairs([(1, 2), (2, 1)], [], [])


def test_every_replay_of_one_is_compared(tmp_path: Path) -> None:
    old = side(tmp_path, "old", an(1, id="A"))
    new = side(tmp_path, "new", an(1, replay_of="A"), an(2, replay_of="A"))
    assert pair_up(old, new) == Pairs([(1, 1), (1, 2)], [], [])


def test_others_go_with_the_first_that_has_their_event(tmp_path: Path) -> None:
    old = side(tmp_path, "old", an(1, "1"), an(2, "2"), an(3, "1"), an(4, "4"))
    new = side(tmp_path, "new", an(1, "2"), an(2, "1"), an(3, "1"), an(4, "5"), an(5, "1"))
    assert pair_up(old, new) == Pairs([(1, 2), (2, 1), (3, 3)], [4], [4, 5])


def test_the_same_text_of_another_trigger_is_another_event(tmp_path: Path) -> None:
    old = side(tmp_path, "old", an_exchange("1", trigger="obs", seq=1))
    new = side(tmp_path, "new", an_exchange("1", trigger="smn", seq=1))
    assert pair_up(old, new) == Pairs([], [1], [1])


def test_a_placeholder_of_another_store_is_the_same_secret(tmp_path: Path) -> None:
    old = side(tmp_path, "old", an(1, '"<redacted:aaaabbbbbbbb>"'))
    new = side(tmp_path, "new", an(1, '"<redacted:ccccdddddddd>"'))
    assert pair_up(old, new).pairs == [(1, 1)]


def test_of_a_session_and_itself_the_replays_are_paired(tmp_path: Path) -> None:
    both = side(tmp_path, "both", an(1, "1", id="A"), an(2, "1"), an(3, "1", replay_of="A"))
    assert pair_up(both, both) == Pairs([(1, 3)], [], [])


def test_an_empty_session_has_no_pairs(tmp_path: Path) -> None:
    old, new = side(tmp_path, "old"), side(tmp_path, "new", an(1))
    assert pair_up(old, new) == Pairs([], [], [1])


def test_the_exchanges_of_pairs_come_in_order(tmp_path: Path) -> None:
    old = side(tmp_path, "old", *(an(seq, f"{seq}") for seq in range(1, 151)))
    new = side(tmp_path, "new", *(an(seq, f"{151 - seq}") for seq in range(1, 151)))
    pairs = pair_up(old, new).pairs
    told = list(exchanges_of(old, new, pairs))
    assert [(one.seq, other.seq) for one, other in told] == pairs
    assert all(one.event.wire == other.event.wire for one, other in told)
