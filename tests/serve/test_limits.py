from __future__ import annotations

from fgtui.serve.limits import Room


def test_room_is_given_until_there_is_none_and_again_when_it_is_given_back() -> None:
    room = Room(10)
    assert [room.take(6), room.take(5), room.take(4), room.take(1)] == [True, False, True, False]
    room.give_back(6)
    assert room.take(5)
