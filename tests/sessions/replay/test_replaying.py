"""What a run is put together from: names for its session, a selection, and what was replayed before."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path

import pytest

from fgtui.errors import TargetError
from fgtui.invoke.invoker import Invoker
from fgtui.invoke.model import Cancelled, Exchange, Outcome, Rejected, Returned, TargetSummary, TimedOut, Unreachable
from fgtui.invoke.targets import parse, parse_local
from fgtui.sessions.redaction.redactor import Redactor
from fgtui.sessions.replay import replaying
from fgtui.sessions.replay.replaying import Selection, left_to_send, names_after, run
from fgtui.sessions.replay.run import Replay
from fgtui.sessions.replay.sending import has_run, may_have_run
from fgtui.sessions.replay.supplying import Supplies, referred
from fgtui.sessions.store import NAME_LIMIT, SessionStore, check_name
from tests.factories import an_event, an_exchange

RULES = Redactor(salt=b"s" * 16)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SessionStore]:
    with SessionStore(tmp_path / "sessions.db", RULES) as store:
        for number in range(1, 6):
            store.append("orders", an_exchange(f'{{"n": {number}}}', number=number))
        yield store


@pytest.mark.parametrize(
    "session", ["orders", "a/b c.jsonl", "../../x.jsonl", "订单", "x" * NAME_LIMIT, ".jsonl", "/", "a\n\x1b.jsonl", " "]
)
def test_every_replay_can_be_named_after_its_source(session: str) -> None:
    names = list(islice(names_after(session), 3))
    for name in names:
        check_name(name)
    assert len(set(names)) == 3
    assert names[1] == f"{names[0]}-2"


@pytest.mark.parametrize(("session", "name"), [("a/b", "a/b-replay"), ("a/b.jsonl", "b-replay")])
def test_only_of_a_file_the_folders_are_left_out_of_the_name(session: str, name: str) -> None:
    assert next(names_after(session)) == name


def test_a_selection_is_a_session_or_some_of_it(store: SessionStore) -> None:
    whole, some = Selection(store, "orders"), Selection(store, "orders", [4, 2])
    assert (whole.count, some.count) == (5, 2)
    assert [each.seq for each in whole.exchanges()] == [1, 2, 3, 4, 5]
    assert [each.seq for each in some.exchanges()] == [each.seq for each in some.rows()] == [4, 2]


@pytest.mark.parametrize(
    ("outcome", "ran"),
    [
        (Returned(), True),
        (Cancelled(), False),
        (Unreachable(message="refused"), False),
        (Unreachable(message="broken", may_have_run=True), True),
        (Rejected(code="FSS.0401", message="no"), False),
        (Rejected(code="FSS.0504", message="late", may_have_run=True), True),
    ],
)
def test_what_has_surely_not_run_is_sent_again(outcome: Outcome, ran: bool) -> None:
    assert has_run(an_exchange(outcome=outcome)) is ran


@pytest.mark.parametrize("kind", ["http", "remote"])
@pytest.mark.parametrize("outcome", [Cancelled(), TimedOut(limit_s=3.0, stopped_processes=0)])
def test_what_was_given_up_elsewhere_may_have_run(kind: str, outcome: Outcome) -> None:
    exchange = an_exchange(outcome=outcome, target=TargetSummary(kind, "there"))
    assert has_run(exchange)
    assert may_have_run(exchange)


def test_going_on_sends_what_the_session_does_not_replay_yet(store: SessionStore, tmp_path: Path) -> None:
    olds = list(store.iterate("orders"))

    def replayed(old: Exchange, outcome: object, number: int) -> None:
        new = an_exchange(old.event, outcome, id=f"again-{number}", replay_of=old.id)
        store.append("again", new)

    replayed(olds[0], Returned(body=b"1"), 1)
    replayed(olds[0], Returned(body=b"2"), 2)  # the newest counts
    replayed(olds[2], Cancelled(), 3)
    replayed(olds[3], Unreachable(message="refused"), 4)
    assert left_to_send(Selection(store, "orders"), store, "again") == 4
    (tmp_path / "index.py").write_text('def handler(event, context):\n    return {"ok": True}\n')
    invoker = Invoker()
    try:
        found = list(
            run(
                Selection(store, "orders"),
                parse_local("index.handler", base=tmp_path),
                Replay(into="again", resume=True),
                redactor=store.redactor,
                store=store,
                invoker=invoker,
                trigger_of=lambda event: None,
            )
        )
    finally:
        invoker.close()
    assert [each.is_earlier for each in found] == [True, False, False, False, False]
    assert [each.is_again for each in found] == [False, False, True, False, False]
    assert found[0].new is not None
    assert found[0].new.outcome.body == b"2"
    assert [each.replay_of for each in store.iterate("again")][4:] == [old.id for old in olds[1:]]


def test_what_may_have_run_is_not_among_what_is_left(store: SessionStore) -> None:
    lost = (
        Unreachable(message="broken", may_have_run=True),
        Rejected(code="FSS.0504", message="late", may_have_run=True),
        Cancelled(),
        Rejected(code="FSS.0429", message="too many"),
    )
    for number, (old, outcome) in enumerate(zip(store.iterate("orders"), lost, strict=False)):
        new = an_exchange(
            old.event, outcome, id=f"again-{number}", replay_of=old.id, target=TargetSummary("remote", "urn")
        )
        store.append("again", new)
    assert left_to_send(Selection(store, "orders"), store, "again") == 2
    assert left_to_send(Selection(store, "orders", [1, 4]), store, "again") == 1
    assert left_to_send(Selection(store, "orders"), store, "never") == 5


def test_what_was_supplied_comes_back_as_its_placeholder_and_secrets_of_other_stores_are_taken_as_equal(
    store: SessionStore, tmp_path: Path
) -> None:
    other = Redactor(salt=b"t" * 16)
    code, token = other.placeholder("the code"), other.placeholder("the token of then")
    old = an_exchange(
        an_event(f'{{"code": "{code}"}}', redacted=("code",)),
        body=f'{{"said": "{code}", "token": "{token}"}}',
        number=9,
    )
    store.append("redacted", old)
    (tmp_path / "index.py").write_text(
        "def handler(event, context):\n    return {'said': event['code'], 'token': 'the token of now'}\n"
    )
    invoker = Invoker()
    try:
        (replayed,) = run(
            Selection(store, "redacted"),
            parse_local("index.handler", base=tmp_path),
            Replay(into="after", supplies=Supplies((referred("code", "what it was"),))),
            redactor=store.redactor,
            store=store,
            invoker=invoker,
            trigger_of=lambda event: None,
        )
    finally:
        invoker.close()
    (kept,) = store.iterate("after")
    assert kept.event == store.get("redacted", 1).event
    assert b"what it was" not in kept.outcome.body
    assert b"the token of now" not in kept.outcome.body
    assert code.encode() in kept.outcome.body
    assert replayed.changes == ()


@pytest.mark.parametrize("answered", [0, 4])
def test_looking_for_noise_ends_at_the_first_event_that_may_have_run_and_sends_it_no_second_time(
    store: SessionStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answered: int
) -> None:
    monkeypatch.setattr(replaying, "PAUSE_S", 0.0)
    heard: list[bytes] = []
    invoker = Invoker()
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(20)  # where nobody comes, the test fails rather than waits
        address = server.getsockname()

        def serve() -> None:
            while True:
                connection, _ = server.accept()
                with connection:
                    request = connection.recv(65_536)
                    if request == b"enough":
                        return
                    heard.append(request)
                    if len(heard) <= answered:
                        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}")

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            with pytest.raises(TargetError, match="the handler may have run; it is not sent again"):
                replaying.find_noise(
                    Selection(store, "orders", [1, 2, 3]),
                    parse(f"http://127.0.0.1:{address[1]}/invoke", base=tmp_path),
                    Replay(),
                    redactor=store.redactor,
                    invoker=invoker,
                    trigger_of=lambda event: None,
                    cancelled=threading.Event(),
                    on_progress=lambda _: None,
                )
        finally:
            with socket.create_connection(address) as connection:
                connection.sendall(b"enough")
            thread.join()
            invoker.close()
    assert len(heard) == answered + 1


@pytest.mark.parametrize("outcomes", [[Returned(), Cancelled()], [Cancelled(), Returned()]])
def test_what_has_run_once_is_not_sent_again_because_it_was_cancelled_another_time(
    store: SessionStore, outcomes: list[Outcome]
) -> None:
    old = store.get("orders", 3)
    for number, outcome in enumerate(outcomes):
        store.append("again", an_exchange(outcome=outcome, id=f"again-{number}", replay_of=old.id))
    assert has_run(replaying._earlier(store, "again")([old])[old.id])
    assert left_to_send(Selection(store, "orders"), store, "again") == 4


def test_what_was_replayed_late_in_a_long_session_is_known_too(store: SessionStore) -> None:
    old = store.get("orders", 3)
    others = (an_exchange(number=number, replay_of=f"of {number}") for number in range(1_100))
    for _ in store.append_many("again", chain(others, [an_exchange(id="again-3", replay_of=old.id)])):
        pass
    found = replaying._earlier(store, "again")(list(store.iterate("orders")))
    assert {id_: new.id for id_, new in found.items()} == {old.id: "again-3"}
