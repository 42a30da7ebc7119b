"""Credentials that turn up while we work are kept out of whatever is written from then on."""

from __future__ import annotations

import threading

from fgtui.sessions.redaction.own import OwnSecrets
from fgtui.sessions.redaction.redactor import Redactor
from tests.factories import an_exchange

SECRET = "resolved-while-working"


def test_a_redactor_knows_a_secret_from_the_moment_it_is_resolved() -> None:
    own = OwnSecrets()
    redactor = Redactor(known=own)
    exchange = an_exchange('{"n": "resolved-while-working"}', body=b"and resolved-while-working again")
    assert SECRET in redactor.text(f"say {SECRET}")
    assert SECRET in str(redactor.apply(exchange).event.wire)  # now remembered as holding none
    own.add(SECRET)
    kept = redactor.apply(exchange)
    assert SECRET not in redactor.text(f"say {SECRET}")
    assert SECRET.encode() not in kept.event.wire
    assert SECRET.encode() not in kept.outcome.body


def test_redactors_made_of_one_learn_with_it() -> None:
    own = OwnSecrets()
    salted = Redactor(known=own).salted(b"s" * 16)
    supplied = salted.supplied({"a-supplied-value": "<redacted:000000000000>"})
    own.add(SECRET)
    assert SECRET not in salted.text(SECRET)
    assert supplied.text(f"{SECRET} a-supplied-value").endswith(" <redacted:000000000000>")
    assert SECRET not in supplied.text(SECRET)


def test_nothing_is_known_twice_and_an_empty_text_is_no_secret() -> None:
    own = OwnSecrets(["", "one", "one"])
    before = own.values
    assert before == ("one",)
    own.add("one")
    own.add("")
    assert own.values is before


def test_threads_that_add_at_once_lose_none() -> None:
    own = OwnSecrets()
    threads = [
        threading.Thread(target=lambda part=part: [own.add(f"{part}-{n}") for n in range(50)]) for part in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(own.values) == 400
