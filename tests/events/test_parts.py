"""One value of an event, maybe inside encoded strings: what can be put in its place."""

from __future__ import annotations

from fgtui.events.catalogue import Catalogue, samples_root
from fgtui.events.parts import open_event

BLANK = Catalogue([samples_root()]).get("blank")


def test_what_can_be_written_over_is_text_with_something_in_it_and_whole_numbers() -> None:
    event = open_event('["x", 5, "", 5.5, -5, true, null, {}, "[1]"]', BLANK)
    assert [place.text for place in event.places([(None,)]) if place.is_writable] == ["x", "5", "[1]"]
    for place in event.places([(None,)]):
        if place.is_writable:
            place.put("7")
    assert event.text() == '["7", 7, "", 5.5, -5, true, null, {}, "7"]'
