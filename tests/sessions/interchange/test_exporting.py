from __future__ import annotations

import pytest

from fgtui.errors import UsageError
from fgtui.invoke.model import Cancelled, Returned, TargetSummary
from fgtui.sessions.interchange.exporting import FORMATS, Leaving, form_of, pieces, preview
from fgtui.sessions.model import NO_TARGET
from fgtui.sessions.redaction.redactor import Redactor
from tests.factories import an_event, an_exchange

REDACTOR = Redactor(salt=b"salt")
SECRET = an_exchange('{"password": "hunter2"}', Returned(body=b'{"token": "x1y2"}'), seq=1)


@pytest.mark.parametrize(
    ("name", "form"),
    [("a.jsonl", "jsonl"), ("a.b/c.HAR", "har"), ("test_x.py", "pytest"), (".x.ndjson", "jsonl")],
)
def test_a_name_asks_for_a_form(name: str, form: str) -> None:
    assert form_of(name) == form


@pytest.mark.parametrize("name", ["a", "a.json", "har", ".har", ""])
def test_other_names_ask_for_none(name: str) -> None:
    with pytest.raises(UsageError, match="does not say which form"):
        form_of(name)


def test_what_leaves_is_redacted_and_counted() -> None:
    heard: list[int] = []
    leaving = Leaving([SECRET, REDACTOR.apply(SECRET), an_exchange()], REDACTOR, on_progress=heard.append)
    kept = list(leaving)
    assert kept[0] == kept[1] == REDACTOR.apply(SECRET)
    assert (leaving.count, leaving.redacted, leaving.newly, heard) == (3, 4, 2, [1, 2, 3])


def test_a_test_expects_something() -> None:
    never = an_exchange(outcome=Cancelled(), target=TargetSummary(NO_TARGET, ""))
    leaving = Leaving([never, an_exchange()], REDACTOR, is_test=True)
    assert len(list(leaving)) == 1
    assert (leaving.count, leaving.left_out) == (1, 1)
    assert len(list(Leaving([never], REDACTOR))) == 1


@pytest.mark.parametrize("form", FORMATS)
def test_every_form_is_text_in_pieces(form: str) -> None:
    content = list(
        pieces([an_exchange('"\\ud800"', seq=at) for at in (1, 2)], form, session="orders", redactor=REDACTOR)
    )
    assert len(content) > 2
    assert "orders" in b"".join(content).decode() or form == "pytest"


def test_a_preview_gathers_what_is_replaced_by_place() -> None:
    others = [an_exchange(an_event(f'{{"password": "{word}"}}')) for word in ("a1b2c3", "hunter2")]
    found = [(each.finding.path, each.exchanges, each.distinct) for each in preview([SECRET, *others], REDACTOR)]
    assert found == [("event.password", 3, 2), ("outcome.result.token", 1, 1)]
    assert preview([an_exchange()], REDACTOR) == ()
