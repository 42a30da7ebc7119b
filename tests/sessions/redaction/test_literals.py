"""Secrets that an exchange repeats where nothing gives them away, and other texts that are known, through the Redactor."""

from __future__ import annotations

import ast
import base64
import gzip
import json
from collections.abc import Callable
from urllib.parse import quote, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgtui.invoke.model import Exchange, HandlerError, Outcome, Raised, Rejected, Returned
from fgtui.records import replace
from fgtui.sessions.redaction.literals import LIMIT, Literals, is_telling, own_spellings, spellings
from fgtui.sessions.redaction.redactor import PLACEHOLDER, Redactor
from tests.factories import an_event, an_exchange
from tests.sessions.strategies import exchanges

REDACTOR = Redactor(salt=b"0123456789abcdef")
SECRET = "Horse-Staple77"
INSTEAD = REDACTOR.placeholder(SECRET)


def told(secret: str = SECRET, name: str = "password", **more: object) -> str:
    return json.dumps({name: secret, **more})


def packed(text: str) -> str:
    return base64.b64encode(text.encode("utf-8", "surrogatepass")).decode()


def test_a_secret_of_the_event_goes_wherever_the_handler_repeats_it() -> None:
    outcome = Raised(
        body=f'{{"got": "{SECRET}", "{SECRET}": [1, "a{SECRET}b"]}}'.encode(),
        logs=f"start\npw {SECRET}\nend",
        headers=(("X-Echo", f"is {SECRET}"), ("Date", "today")),
        error=HandlerError("ValueError", f"{SECRET} is wrong", ("at a", f"raise ValueError('{SECRET}')")),
    )
    kept = REDACTOR.apply(an_exchange(told(note=f"see {SECRET}"), outcome, note=SECRET, tags=(SECRET,)))
    assert SECRET not in repr(kept)
    assert kept.event.text == told(INSTEAD, note=f"see {INSTEAD}")
    assert kept.event.redacted == ("password", "note")
    assert kept.outcome.body == f'{{"got": "{INSTEAD}", "{INSTEAD}": [1, "a{INSTEAD}b"]}}'.encode()
    assert kept.outcome.logs == f"start\npw {INSTEAD}\nend"
    assert kept.outcome.redacted == (
        "result.got",
        f'result."{INSTEAD}"',
        f'result."{INSTEAD}"[1]',
        'headers."X-Echo"',
        "logs",
        "error.message",
        "error.stack[1]",
    )


def test_a_secret_of_the_answer_goes_from_the_log_and_leaves_the_event_as_it_was_sent() -> None:
    event = json.dumps({"order": SECRET})
    kept = REDACTOR.apply(an_exchange(event, body=told(), logs=f"made {SECRET}"))
    assert (kept.event.text, kept.event.redacted) == (event, ())
    assert kept.outcome.logs == f"made {INSTEAD}"
    assert kept.outcome.redacted == ("result.password", "logs")


def test_a_place_whose_name_repeats_a_secret_is_listed_under_its_new_name() -> None:
    body = json.dumps({SECRET: {"token": "x"}, "token": SECRET})
    kept = REDACTOR.apply(an_exchange(body=body))
    assert kept.outcome.redacted == (f'result."{INSTEAD}".token', "result.token", f'result."{INSTEAD}"')


@pytest.mark.parametrize(
    ("event", "repeated"),
    [
        ({"headers": {"Authorization": f"Bearer {SECRET}"}}, SECRET),
        ({"password": [SECRET]}, SECRET),
        ([{"name": "token", "value": SECRET}], SECRET),
        ({"password": 918273645}, "918273645"),
        ({"password": "a b/c+\u00e9\"'x"}, "a%20b%2Fc%2B%C3%A9%22%27x"),
        ({"password": "a b/c+\u00e9\"'x"}, "a%20b%2Fc%2B%C3%A9%22'x"),
        ({"password": "a b/c+\u00e9\"'x"}, "a+b%2Fc%2B%C3%A9%22%27x"),
        ({"password": "a b/c+\u00e9\"'x"}, 'log {"a": "a b/c+\\u00e9\\"\'x"'),
        ({"password": "a b/c+\u00e9\"'x"}, repr({"a": "a b/c+\u00e9\"'x"})),
        ({"password": SECRET}, packed(f"a:{SECRET}")),
        ({"password": SECRET}, json.dumps({"a": json.dumps([SECRET])})),
        ({"user_data": '{"a": "some text"}'}, '{"a": "some text"}'),
        ({"body": f"user=a&password={SECRET}"}, SECRET),
        ({"body": "user=a&password=Horse%2FStaple77"}, "Horse/Staple77"),
        ({"body": packed(json.dumps({"password": SECRET}))}, SECRET),
        ({"uri": f"postgres://u:{SECRET}@h/db"}, SECRET),
    ],
)  # fmt: skip
def test_it_is_known_in_every_way_it_is_written(event: object, repeated: str) -> None:
    for body, logs in ((json.dumps({"got": repeated}), ""), ("{}", f"got {repeated}")):
        kept = REDACTOR.apply(an_exchange(json.dumps(event), body=body, logs=logs))
        assert repeated not in kept.outcome.logs
        assert json.dumps(repeated)[1:-1] not in kept.outcome.body.decode()
        assert len(kept.outcome.redacted) == 1


def test_an_escape_hides_it_as_little() -> None:
    kept = REDACTOR.apply(an_exchange(told(), body=f'{{"got": "\\u0048{SECRET[1:]}", "\\u0048{SECRET[1:]}": 1}}'))
    assert kept.outcome.body.decode() == f'{{"got": "{INSTEAD}", "{INSTEAD}": 1}}'


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("password", "short77"),
        ("password", "password"),
        ("token", "undefined"),
        ("token", "redacted"),
        ("token", "12345678"),
        ("token", 12345678),
        ("password", "x" * 20),
        ("tokenType", "HMAC-SHA512"),
        ("token_expires_at", 1767225600),
        ("credentials", {"region": "cn-north-4"}),
        ("token", None),
    ],
)
def test_what_may_stand_anywhere_is_replaced_under_its_name_alone(name: str, value: object) -> None:
    body = json.dumps({"got": value})
    kept = REDACTOR.apply(an_exchange(json.dumps({name: value}), body=body, logs=f"got {value}"))
    assert kept.outcome.body.decode() == body
    assert kept.outcome.redacted == ()


def test_a_word_behind_a_name_in_text_stays_elsewhere() -> None:
    body = '{"expected": "a token, unexpected"}'
    kept = REDACTOR.apply(an_exchange(body=body, logs="invalid token: unexpected end; token: expected"))
    assert kept.outcome.body.decode() == body


def test_placeholders_are_no_place_to_find_anything() -> None:
    tag = INSTEAD[4:]
    kept = REDACTOR.apply(an_exchange(told(tag), body=told(), logs=f"{INSTEAD} {tag}"))
    assert kept.outcome.logs == f"{INSTEAD} {REDACTOR.placeholder(tag)}"


def test_many_secrets_and_long_ones_take_no_time_to_speak_of() -> None:
    many = json.dumps([{"password": f"secret number {number}"} for number in range(5_000)])
    long = told("ab-" * 50_000)
    for event in (many, long):
        kept = REDACTOR.apply(an_exchange(event, body=event, logs="secret number 7;" + "ab-" * 50_000))
        assert kept.outcome.redacted[-1] == "logs"
    assert len(Literals(f"{number:08}" for number in range(LIMIT))._values) == LIMIT


def test_what_was_supplied_comes_back_as_its_placeholder_however_it_is_written() -> None:
    redactor = REDACTOR.supplied({'a "b"/c': "<redacted:0123456789ab>", f"Bearer {SECRET}": "<redacted:0123456789ac>"})
    kept = redactor.apply(an_exchange(body=json.dumps({"got": SECRET}), logs='got a%20%22b%22%2Fc, "a \\"b\\"/c"'))
    assert kept.outcome.body.decode() == json.dumps({"got": INSTEAD})
    assert kept.outcome.logs == 'got <redacted:0123456789ab>, "<redacted:0123456789ab>"'


# What holds for all input

some_text = st.text(st.sampled_from("aB7 -_/+\"'\\%\n\u00e9\u5bc6\U0001f600&<="), min_size=8, max_size=14)
some_secrets = st.one_of(some_text, st.text(min_size=8, max_size=12)).filter(is_telling)
names = st.sampled_from(["password", "X-Auth-Token", "db_secret", "sk"])
ways: list[tuple[Callable[[str], str], Callable[[str], str]]] = [
    (lambda text: text, lambda kept: kept),
    (lambda text: f"got {text}!", lambda kept: kept),
    (lambda text: json.dumps({"a": text}), lambda kept: json.loads(kept)["a"]),
    (lambda text: json.dumps({text: 1}, ensure_ascii=False), lambda kept: "".join(json.loads(kept))),
    (lambda text: json.dumps([json.dumps({"a": [text]})]), lambda kept: json.loads(json.loads(kept)[0])["a"][0]),
    (lambda text: f"it {json.dumps({'a': text})}", lambda kept: json.loads(kept[3:])["a"]),
    (lambda text: f"it { ({'a': text}) }", lambda kept: ast.literal_eval(kept[3:])["a"]),
    (lambda text: f"/x?y={quote(text, safe='')}&z=1", unquote),
    (
        lambda text: json.dumps({"a": packed(json.dumps({"b": text}))}),
        lambda kept: unpacked(json.loads(kept)["a"])["b"],
    ),
    (
        lambda text: json.dumps({"a": base64.b64encode(gzip.compress(json.dumps({"b": text}).encode())).decode()}),
        lambda kept: unpacked(json.loads(kept)["a"])["b"],
    ),
]


def unpacked(encoded: str) -> dict[str, str]:
    raw = base64.b64decode(encoded)
    found: dict[str, str] = json.loads(gzip.decompress(raw) if raw.startswith(b"\x1f\x8b") else raw)
    return found


def with_text(where: int, text: str, of_event: str) -> Exchange:
    """An exchange with ``text`` at one of the places where a handler puts it."""
    outcome: Outcome
    match where:
        case 0:
            outcome = Returned(body=text.encode())
        case 1:
            outcome = Returned(logs=f"{text}\nend")
        case 2:
            outcome = Returned(headers=(("X-Said", text),))
        case 3:
            outcome = Raised(error=HandlerError("E", text, (text,)))
        case _:
            outcome = Rejected(code="1", message=text)
    return an_exchange(of_event, outcome)


def texts_of(exchange: Exchange) -> list[str]:
    outcome = exchange.outcome
    error = outcome.error if isinstance(outcome, Raised) else HandlerError("", "", ())
    message = outcome.message if isinstance(outcome, Rejected) else ""
    said = [outcome.body.decode(), outcome.logs.removesuffix("\nend"), *(value for _, value in outcome.headers)]
    return [text for text in (*said, error.message, *error.stack, message) if text]


@given(some_secrets, names, st.integers(0, 4), st.sampled_from(ways))
def test_no_secret_of_an_event_survives_in_its_exchange(
    secret: str, name: str, where: int, way: tuple[Callable[[str], str], Callable[[str], str]]
) -> None:
    write, read = way
    kept = REDACTOR.apply(with_text(where, write(secret), told(secret, name)))
    for text in texts_of(kept):
        assert secret not in read(text)
        assert PLACEHOLDER.search(read(text))
    assert len(set(kept.outcome.redacted)) == len(texts_of(kept))
    assert REDACTOR.apply(kept) == kept


@given(some_secrets, exchanges)
def test_text_without_the_secret_is_untouched(secret: str, exchange: Exchange) -> None:
    alone = REDACTOR.apply(exchange)
    kept = REDACTOR.apply(replace(exchange, event=an_event(told(secret), exchange.event.trigger)))
    if not any(each in repr(exchange) for each in spellings(secret)):  # as it nearly never is
        assert kept.outcome == alone.outcome
    assert REDACTOR.apply(kept) == kept


@given(st.lists(some_secrets, min_size=1, max_size=4), st.lists(some_text | some_secrets, max_size=4))
def test_they_are_found_where_each_one_alone_is(secrets: list[str], texts: list[str]) -> None:
    text = "".join(texts)
    literals = Literals(secrets)
    assert literals.are_in(text) == any(secret in text for secret in secrets) == bool(list(literals.spans(text)))
    assert literals.may_be_in(text) >= literals.are_in(text)
    for start, end in literals.spans(text):
        assert text[start:end] in secrets
    assert all(spelling for secret in secrets for spelling in spellings(secret))


# Credentials of ours, echoed in ways of their own

OWN = "vR7+kQ2/Zp9xWm4TcLb8"
WAYS: tuple[Callable[[str], str], ...] = (
    str.lower,
    str.upper,
    str.swapcase,
    lambda secret: secret.encode().hex(),
    lambda secret: secret.encode().hex().upper(),
    lambda secret: "".join(f"%{byte:02x}" for byte in secret.encode()),
    lambda secret: "".join(f"%{byte:02X}" for byte in secret.encode()),
    lambda secret: quote(secret, safe="").lower(),
    lambda secret: packed(secret.encode().hex()),
    lambda secret: json.dumps(secret.upper())[1:-1].replace("/", "\\/"),
)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("around", ["{}", "is {} so", "订单 {} İ", '{{"a": [{{"b": "x {} y"}}]}}', "({})"])
def test_a_credential_of_ours_is_recorded_in_no_case_and_no_digits(way: Callable[[str], str], around: str) -> None:
    redactor = Redactor(known=(OWN,))
    body, echoed = around.format(way(OWN)), way(OWN)
    outcome = Returned(body=body.encode(), logs=f"got {echoed}\n", headers=(("X-Echo", echoed),))
    kept = redactor.apply(an_exchange(body, outcome, note=echoed))
    for text in (kept.event.text, kept.outcome.body.decode(), kept.outcome.logs, kept.outcome.headers[0][1], kept.note):
        assert echoed not in text
    assert kept.outcome.redacted[1:] == ('headers."X-Echo"', "logs")


def test_a_known_word_is_replaced_as_it_is_and_in_no_other_case() -> None:
    redactor = Redactor(known=("Password", "Ordersv"))
    kept = redactor.apply(an_exchange('{"a": "password PASSWORD ORDERSV ordersv"}'))
    assert kept.event.redacted == ()
    assert "Password" not in redactor.text("the Password, the Ordersv")


@given(st.text(), st.sampled_from(WAYS[:7]))
def test_what_is_beside_a_credential_of_ours_stays(text: str, way: Callable[[str], str]) -> None:
    literals = own_spellings([OWN])
    echoed = way(OWN)
    found = [(text + echoed + text)[start:end] for start, end in literals.spans(text + echoed + text)]
    assert echoed in found
    assert literals.are_in(text + echoed)
    assert echoed in literals


def test_the_bare_signature_of_a_request_goes_wherever_it_is_echoed() -> None:
    signature = "0f1e2d3c4b5a6978" * 4
    header = f"SDK-HMAC-SHA256 Access=AKEXAMPLE0001, SignedHeaders=host;x-sdk-date, Signature={signature}"
    event = json.dumps({"headers": {"Authorization": header}})
    outcome = Returned(body=json.dumps({"sent": signature}).encode(), logs=f"signature was {signature}\n")
    kept = REDACTOR.apply(an_exchange(event, outcome))
    assert signature not in repr(kept)
    of_answer = Returned(headers=(("Authorization", header),), body=json.dumps({"sent": signature}).encode())
    assert signature not in repr(REDACTOR.apply(an_exchange("{}", of_answer)))
