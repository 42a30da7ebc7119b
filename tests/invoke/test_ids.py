from __future__ import annotations

import re
import threading
import uuid
from datetime import UTC, datetime

from fgtui.invoke.ids import content_id, request_id, ulid


def test_a_ulid_is_26_characters_of_crockfords_alphabet() -> None:
    assert re.fullmatch(r"[0-7][0-9A-HJKMNP-TV-Z]{25}", ulid())


def test_ulids_sort_by_time_even_within_a_millisecond() -> None:
    made = [ulid() for _ in range(5000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)


def test_a_ulid_tells_its_time() -> None:
    alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
    milliseconds = 0
    for character in ulid()[:10]:
        milliseconds = milliseconds * 32 + alphabet.index(character)
    assert abs(datetime.now(UTC).timestamp() - milliseconds / 1000) < 60


def test_threads_never_get_the_same_one() -> None:
    made: list[str] = []
    threads = [threading.Thread(target=lambda: made.extend(ulid() for _ in range(500))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(made)) == 2000


def test_a_request_id_is_a_random_uuid() -> None:
    made = request_id()
    parsed = uuid.UUID(made)
    assert str(parsed) == made
    assert (parsed.version, parsed.variant) == (4, uuid.RFC_4122)
    assert made != request_id()


def test_an_id_made_of_a_content_is_the_same_each_time_and_sorts_by_time() -> None:
    one, other = bytes(range(16)), bytes(range(1, 17))
    assert content_id(1, one) == content_id(1, one)
    assert len({content_id(1, one), content_id(1, other), content_id(2, one)}) == 3
    assert content_id(1, b"\xff" * 10) < content_id(2, bytes(10))
    assert content_id(-5, bytes(10)) == "0" * 26
    assert content_id(1 << 60, b"\xff" * 10) == "7" + "Z" * 25
