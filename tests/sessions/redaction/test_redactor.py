from __future__ import annotations

import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgtui.invoke.model import (
    Exchange,
    HandlerError,
    InitFailed,
    InvalidResponse,
    Outcome,
    Raised,
    Rejected,
    Returned,
    TargetSummary,
    Unreachable,
)
from fgtui.records import replace
from fgtui.sessions.redaction.redactor import PLACEHOLDER, Redactor
from tests.factories import an_event, an_exchange
from tests.sessions.strategies import exchanges

REDACTOR = Redactor(known=["our-own-secret-key"], salt=b"0123456789abcdef")
SECRET = "hunter2"


def everything(exchange: Exchange) -> str:
    return repr(exchange)


def test_an_exchange_loses_its_secrets_and_says_where() -> None:
    outcome = Returned(
        body=b'{"access_token": "hunter2", "ok": true}',
        logs="start\npassword=hunter2\nend",
        headers=(("Set-Cookie", "hunter2"), ("X-Note", "Bearer hunter2"), ("Date", "today")),
    )
    exchange = an_exchange(
        '{"headers": {"Authorization": "hunter2"}, "n": 1.10}',
        outcome,
        target=TargetSummary("http", "https://u:hunter2@h/x"),
        note="pwd: hunter2",
        tags=("token=hunter2",),
    )
    kept = REDACTOR.apply(exchange)
    assert SECRET not in everything(kept)
    assert kept.event.redacted == ("headers.Authorization",)
    assert kept.outcome.redacted == ("result.access_token", 'headers."Set-Cookie"', 'headers."X-Note"', "logs")
    assert kept.event.wire.endswith(b', "n": 1.10}')
    assert kept.outcome.headers[2] == ("Date", "today")
    assert kept.outcome.logs.startswith("start\npassword=<redacted:")


@pytest.mark.parametrize(
    ("outcome", "paths"),
    [
        (
            Raised(error=HandlerError("E", "token=hunter2", ("at a", "pwd=hunter2"))),
            ("error.message", "error.stack[1]"),
        ),
        (InitFailed(error=HandlerError("E", "token=hunter2")), ("error.message",)),
        (InvalidResponse(message="secret: hunter2"), ("error.message",)),
        (Rejected(code="1", message="secret: hunter2"), ("error.message",)),
        (Unreachable(message="https://u:hunter2@h refused"), ("error.message",)),
    ],
)
def test_what_went_wrong_tells_no_secret_either(outcome: Outcome, paths: tuple[str, ...]) -> None:
    kept = REDACTOR.apply(an_exchange(outcome=outcome))
    assert SECRET not in everything(kept)
    assert kept.outcome.redacted == paths
    assert type(kept.outcome) is type(outcome)


def test_an_exchange_without_secrets_is_kept_as_it_is() -> None:
    exchange = an_exchange(b'{"n": 1.10, "a": 1, "a": 2, "\xff": "\\ud800"}', body=b"\x00\xff", logs="\udcff plain")
    assert REDACTOR.apply(exchange) == exchange


def test_bytes_around_a_secret_stay() -> None:
    kept = REDACTOR.apply(an_exchange(b"\xff\xfe password=hunter2 \x80"))
    assert PLACEHOLDER.sub("#", kept.event.text).encode("utf-8", "surrogateescape") == b"\xff\xfe password=# \x80"


def test_a_compressed_answer_is_looked_into() -> None:
    kept = REDACTOR.apply(an_exchange(body=gzip.compress(b'{"password": "hunter2"}')))
    assert PLACEHOLDER.search(gzip.decompress(kept.outcome.body).decode())


def test_our_own_credentials_go_wherever_they_are() -> None:
    exchange = an_exchange("our-own-secret-key", body=b'{"x": "a our-own-secret-key b"}', logs="our-own-secret-key")
    assert "our-own" not in everything(REDACTOR.apply(exchange))


OWN = "our-own-secret-key"


@pytest.mark.parametrize(
    ("outcome", "paths"),
    [
        (Returned(request_id=f"9f2c-{OWN}"), ("request_id",)),
        (Returned(request_id=f"SDK-HMAC-SHA256 Access=AK, SignedHeaders=host, Signature={'0' * 64}"), ("request_id",)),
        (Rejected(code=OWN, message="no"), ("error.code",)),
        (Raised(error=HandlerError(OWN, "no")), ("error.type",)),
        (InitFailed(error=HandlerError(f"E {OWN}", "no")), ("error.type",)),
    ],
)
def test_what_whoever_answers_chooses_tells_no_credential_of_ours(outcome: Outcome, paths: tuple[str, ...]) -> None:
    kept = REDACTOR.apply(an_exchange(outcome=outcome))
    assert OWN not in everything(kept)
    assert "0" * 64 not in everything(kept)
    assert kept.outcome.redacted == paths


def test_names_of_headers_tell_no_credential_of_ours_nor_does_their_place() -> None:
    kept = REDACTOR.apply(an_exchange(outcome=Returned(headers=((f"X-{OWN}", "1"), (f"y-{OWN}", f"is {OWN}")))))
    assert OWN not in everything(kept)
    assert [name[:12] for name, _ in kept.outcome.headers] == ["X-<redacted:", "y-<redacted:"]
    assert all(path.startswith("headers.") for path in kept.outcome.redacted)


def test_a_secret_of_the_event_that_comes_back_as_a_request_id_or_a_header_s_name_goes_too() -> None:
    outcome = Returned(request_id="s3cr3t-of-the-event", headers=(("x-s3cr3t-of-the-event", "1"),))
    kept = REDACTOR.apply(an_exchange('{"password": "s3cr3t-of-the-event"}', outcome))
    assert "s3cr3t-of-the-event" not in everything(kept)


def test_paths_listed_before_stay_and_new_secrets_still_go() -> None:
    event = an_event('{"token": "hunter2"}', redacted=("earlier", "token"))
    kept = REDACTOR.apply(an_exchange(event, Returned(logs="pwd=hunter2", redacted=("logs",))))
    assert kept.event.redacted == ("earlier", "token")
    assert kept.outcome.redacted == ("logs",)
    assert SECRET not in everything(kept)


@given(exchanges)
def test_redacting_an_exchange_twice_changes_nothing(exchange: Exchange) -> None:
    once = REDACTOR.apply(exchange)
    assert REDACTOR.apply(once) == once


def test_a_placeholder_tells_nothing_without_the_salt() -> None:
    other = Redactor(salt=b"fedcba9876543210")
    assert REDACTOR.placeholder(SECRET) == REDACTOR.salted(b"0123456789abcdef").placeholder(SECRET)
    assert REDACTOR.placeholder(SECRET) != other.placeholder(SECRET)
    assert Redactor().placeholder(SECRET) != Redactor().placeholder(SECRET)


def test_placeholders_compare_within_a_salt_and_stand_for_anything_across() -> None:
    other = Redactor(salt=b"fedcba9876543210")
    mine, theirs = REDACTOR.text("pwd=a; x"), other.text("pwd=a; x")
    assert REDACTOR.takes_as_equal(mine, mine)
    assert REDACTOR.takes_as_equal(theirs, mine)
    assert not REDACTOR.takes_as_equal(mine, REDACTOR.text("pwd=b; x"))
    assert not REDACTOR.takes_as_equal(theirs, REDACTOR.text("pwd=a; y"))
    assert not REDACTOR.takes_as_equal(theirs, "x")
    assert not REDACTOR.takes_as_equal("x", "y")


def test_the_rules_of_a_project_travel_with_the_salt() -> None:
    salted = Redactor(["pin"], known=["abcdef"]).salted(b"0123456789abcdef")
    kept = salted.apply(replace(an_exchange('{"pin": 1, "x": "abcdef"}')))
    assert kept.event.redacted == ("pin", "x")


@given(st.lists(exchanges, max_size=3))
def test_what_a_redactor_has_seen_changes_nothing(some: list[Exchange]) -> None:
    used = Redactor(salt=b"0123456789abcdef")
    for _ in range(2):
        for exchange in some:
            assert used.apply(exchange) == Redactor(salt=b"0123456789abcdef").apply(exchange)


@pytest.mark.parametrize(
    "text", ["a own-literal b", '{"x": "own-literal"}', '{"own-literal": 1}', '["own-\\u006citeral"]']
)
def test_a_credential_of_ours_goes_from_text_without_another_secret(text: str) -> None:
    kept = Redactor(known=["own-literal"], salt=b"0123456789abcdef").text(text)
    assert len(PLACEHOLDER.findall(kept)) == 1
    assert "literal" not in kept


@pytest.mark.parametrize("known", [["Ab3dEf", "Ab3dEf9xYz"], ["Ab3dEf9xYz", "Ab3dEf"], ["9xYz12", "Ab3dEf9xYz12"]])
def test_of_two_credentials_of_which_one_holds_the_other_nothing_is_left(known: list[str]) -> None:
    redactor = Redactor(known=known)
    for text in (f"say {' '.join(known)} aloud", f'{{"said": "{max(known, key=len)}"}}', max(known, key=len)):
        kept = PLACEHOLDER.sub("", redactor.text(text))
        assert not any(piece in kept for piece in ("Ab3", "9xY", "Yz"))


def test_a_note_and_a_tag_are_redacted_though_nothing_else_has_to_be() -> None:
    kept = REDACTOR.apply(an_exchange(note="try token=hunter22 again", tags=("fine", "password=hunter22")))
    assert "hunter22" not in everything(kept)
    assert kept.event == an_exchange().event
    assert kept.tags[0] == "fine"


def test_places_of_an_outcome_that_were_listed_before_stay_listed() -> None:
    before = Returned(body=b'{"token": "hunter22"}', redacted=("headers.X-Old",))
    assert REDACTOR.apply(an_exchange(outcome=before)).outcome.redacted == ("headers.X-Old", "result.token")


def test_after_values_were_supplied_every_other_secret_gets_the_placeholder_it_had() -> None:
    supplied = REDACTOR.supplied({"what it was": REDACTOR.placeholder("of the recording")})
    assert supplied.placeholder("hunter22") == REDACTOR.placeholder("hunter22")
    assert supplied.text("I say what it was") == f"I say {REDACTOR.placeholder('of the recording')}"
    assert "our-own-secret-key" not in supplied.text("our-own-secret-key, as before")


def test_what_was_redacted_once_is_redacted_every_time() -> None:
    redactor = Redactor()
    exchange = an_exchange('{"token": "hunter22"}', body='{"token": "hunter22"}')
    for _ in range(3):
        assert "hunter22" not in everything(redactor.apply(exchange))
        assert redactor.apply(an_exchange()) == an_exchange()


@pytest.mark.parametrize(
    "wire", ['{"said": "Zx81\\u006dmQp4r"}', '{"said": "\\u005ax81mmQp4r", "n": 1}', '{"Zx81mmQp4\\u0072": 1}']
)
def test_a_credential_that_json_spells_otherwise_goes_too(wire: str) -> None:
    assert "Zx81mmQp4r" in repr(json.loads(wire))
    kept = Redactor(known=["Zx81mmQp4r"]).apply(an_exchange(wire)).event.text
    assert "Zx81mmQp4r" not in repr(json.loads(kept))


def test_a_credential_of_digits_goes_as_a_number_too() -> None:
    redactor = Redactor(known=["918273645"])
    for wire in ('{"n": 918273645}', "[1, 918273645]", '{"n": "918273645"}', "918273645"):
        assert "918273645" not in redactor.apply(an_exchange(wire)).event.text
