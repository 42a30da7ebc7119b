"""Every form of an exchange, redacted."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings

from fgtui.errors import UsageError
from fgtui.invoke.model import Exchange, HandlerError, Raised, Returned
from fgtui.sessions.export.forms import FORMATS, render
from fgtui.sessions.format import from_json
from fgtui.sessions.redaction.redactor import Redactor
from fgtui.terminal.display import is_displayable
from tests.factories import an_exchange
from tests.sessions.strategies import exchanges

REDACTOR = Redactor(salt=b"0123456789abcdef")


@settings(max_examples=40)
@given(exchanges)
def test_the_json_is_the_exchange(exchange: Exchange) -> None:
    text = render(exchange, "json", redactor=REDACTOR)
    assert from_json(json.loads(text)).event == REDACTOR.apply(exchange).event
    assert is_displayable(text)


@pytest.mark.parametrize("form", FORMATS)
def test_nothing_leaves_as_it_was_recorded_under_older_rules(form: str) -> None:
    exchange = an_exchange('{"token": "hunter2"}', Returned(logs="pwd=hunter2"), note="secret: hunter2")
    text = render(exchange, form, redactor=REDACTOR)
    assert "hunter2" not in text
    assert text.endswith("\n")


def test_an_unknown_form_is_refused() -> None:
    with pytest.raises(UsageError, match="no format 'pdf'"):
        render(an_exchange(), "pdf", redactor=REDACTOR)


def test_what_a_report_says_of_the_exchange_before_is_redacted_too() -> None:
    before = an_exchange(
        id="first", outcome=Raised(error=HandlerError("ValueError", "no: token=hunter22")), session="orders", seq=1
    )
    after = an_exchange(number=2, replay_of="first", session="orders", seq=2)
    text = render(after, "markdown", redactor=Redactor(), original=before)
    assert "It repeats `orders` 1" in text
    assert "hunter22" not in text
