from __future__ import annotations

import json
import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from fgtui.errors import UsageError
from fgtui.events.catalogue import Catalogue, samples_root
from fgtui.events.recognition import recognise
from fgtui.invoke.model import Exchange
from fgtui.records import replace
from fgtui.sessions.format import dump_line, to_json
from fgtui.sessions.interchange import import_sources
from fgtui.sessions.interchange.har import har_pieces
from fgtui.sessions.interchange.import_sources import Source
from fgtui.sessions.interchange.importing import Imported, import_exchanges
from fgtui.sessions.model import was_sent
from fgtui.sessions.redaction.redactor import Redactor
from fgtui.sessions.store import SessionStore
from tests.factories import MOMENT, an_event, an_exchange

HEADER = '{"fgtui": "session", "format": 1, "session": "orders"}\n'
REDACTOR = Redactor(salt=b"salt")
HAR = Path(__file__).parents[2] / "data" / "har"


def a_source(path: Path, redactor: Redactor = REDACTOR) -> Source:
    catalogue = Catalogue([samples_root()])
    return Source(
        path,
        path.name,
        redactor=lambda: redactor,
        recognise=lambda document: recognise(document, catalogue),
        clock=lambda: MOMENT,
    )


def read(path: Path) -> tuple[list[Exchange], list[str]]:
    source = a_source(path)
    source.check()
    return list(source), [str(each) for each in source.passed]


def event_file(folder: Path, name: str, content: str | bytes) -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


# What a file is


LINES = HEADER + dump_line(an_exchange(seq=1)) + "\n"
ARCHIVE = b"".join(har_pieces([an_exchange(seq=1)], session="orders")).decode()
PRETTY = json.dumps(to_json(an_exchange(seq=1)), indent=2)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        pytest.param("x.jsonl", LINES, id="lines"),
        pytest.param("x.txt", LINES, id="lines-of-another-name"),
        pytest.param("x.json", LINES.removeprefix(HEADER), id="lines-without-a-header"),
        pytest.param("x.json", LINES.removesuffix("\n"), id="lines-without-an-end"),
        pytest.param("x.json", LINES.encode("utf-16"), id="lines-in-utf-16"),
        pytest.param("x.har", ARCHIVE, id="archive"),
        pytest.param("x", ARCHIVE, id="archive-of-another-name"),
        pytest.param("x.json", json.dumps(json.loads(ARCHIVE), indent=4).encode("utf-8-sig"), id="archive-laid-out"),
        pytest.param("x.json", PRETTY, id="one-exchange"),
    ],
)
def test_the_content_decides_what_a_file_is(tmp_path: Path, name: str, content: str | bytes) -> None:
    assert read(event_file(tmp_path, name, content)) == ([an_exchange(seq=1)], [])


def test_a_first_line_longer_than_is_looked_at_is_a_line(tmp_path: Path) -> None:
    long = an_exchange("x" * 100_000, seq=1)
    assert read(event_file(tmp_path, "x.json", dump_line(long)))[0] == [long]


@pytest.mark.parametrize(
    "content", ['{"log": {"level": "info"}}', '{"log": "x"}', '{"format": "A4", "outcome": {}}', "[1]", '"x"']
)
def test_what_looks_like_one_and_is_not_is_an_event(tmp_path: Path, content: str) -> None:
    (exchange,), passed = read(event_file(tmp_path, "x.json", content))
    assert exchange.event.wire == content.encode()
    assert passed == []


def test_an_ending_is_a_promise(tmp_path: Path) -> None:
    assert read(event_file(tmp_path, "x.jsonl", '{"a": 1}\n')) == (
        [],
        ["x.jsonl:1: not an exchange: it does not say its format"],
    )
    with pytest.raises(UsageError, match="is no HTTP archive"):
        read(event_file(tmp_path, "x.har", '{"a": 1}'))


# Plain events


def test_a_plain_event_is_an_exchange_that_was_never_sent(tmp_path: Path) -> None:
    text = '\ufeff{\n  // a comment\n  "Records": [{"s3": {"size": 1.10}},],\n}'
    (exchange,), passed = read(event_file(tmp_path, "put.json", text))
    assert passed == []
    assert json.loads(exchange.event.wire) == {"Records": [{"s3": {"size": 1.1}}]}
    assert b"1.10" in exchange.event.wire
    assert (exchange.event.trigger, exchange.outcome.kind, was_sent(exchange)) == ("obs", "cancelled", False)
    assert (exchange.note, exchange.tags, exchange.started_at) == ("from put.json, never sent", ("imported",), MOMENT)


def test_an_event_is_known_by_its_content_whatever_it_is_called(tmp_path: Path) -> None:
    ids = [
        read(event_file(tmp_path, name, content))[0][0].id
        for name, content in [("a.json", '{"a": 1}'), ("b.txt", b'\xef\xbb\xbf{"a": 1}'), ("c.json", '{"a": 1.0}')]
    ]
    assert ids[0] == ids[1] != ids[2]
    assert len(ids[0]) == 26


def test_no_id_lets_a_password_be_tried(tmp_path: Path) -> None:
    file = event_file(tmp_path, "a.json", '{"password": "hunter2"}')
    (one,), (again,) = list(a_source(file)), list(a_source(file))
    (elsewhere,) = a_source(file, Redactor(salt=b"other"))
    assert b"hunter2" not in one.event.wire
    assert one.id == again.id != elsewhere.id


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'{"a": }', "x.json:1:6: "),
        (b"", "x.json:1:1: "),
        (b'{"a": "\xff"}', "x.json:1:8: x.json is not UTF-8: byte 0xFF at offset 7"),
        (json.dumps({**to_json(an_exchange()), "format": 2}, indent=1).encode(), "x.json: written by a newer fgtui"),
        (
            json.dumps({**to_json(an_exchange()), "outcome": {}}, indent=1).encode(),
            "x.json: not an exchange: kind is not text",
        ),
    ],
)
def test_what_is_no_event_is_told_with_its_place(tmp_path: Path, content: bytes, said: str) -> None:
    exchanges, passed = read(event_file(tmp_path, "x.json", content))
    assert exchanges == []
    assert len(passed) == 1
    assert passed[0].startswith(said)


def test_an_event_has_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_sources, "LINE_LIMIT", 1000)
    assert read(event_file(tmp_path, "x.json", '"' + "x" * 1000 + '"'))[1] == [
        "x.json: larger than 0 MiB, more than an event can be"
    ]


# Folders


def test_a_folder_is_read_with_the_folders_in_it(tmp_path: Path) -> None:
    folder = tmp_path / "events"
    event_file(folder, "b.json", '{"b": 1}')
    event_file(folder, "a/2.jsonc", '{"a": 2}')
    event_file(folder, "a/1.JSON", '{"a": 1}')
    event_file(folder, "a/deep/{x}.jsonl", LINES + "torn")
    event_file(folder, ".hidden.json", "{}")
    event_file(folder, ".git/config.json", "{}")
    event_file(folder, "README.md", "# not an event")
    event_file(folder, "bad.json", "{")
    (folder / "loop").symlink_to(folder)
    (folder / "link.json").symlink_to(folder / "b.json")
    os.mkfifo(folder / "pipe.json")
    exchanges, passed = read(folder)
    assert [each.event.wire for each in exchanges] == [b'{"a": 1}', b'{"a": 2}', b'{"key": "value"}', b'{"b": 1}']
    assert [each.split(": ")[0] for each in passed] == [
        "events/a/deep/{x}.jsonl:3", "events/bad.json:1:1", "events/link.json", "events/loop", "events/pipe.json",
    ]  # fmt: skip
    assert "a link, which is not followed" in passed[2]


def test_one_bad_file_does_not_spoil_a_folder(tmp_path: Path) -> None:
    event_file(tmp_path, "a.har", "{")
    event_file(tmp_path, "b.jsonl", '{"fgtui": "session", "format": 2}\n')
    event_file(tmp_path, "c.json", "{}")
    exchanges, passed = read(tmp_path)
    assert len(exchanges) == 1
    assert len(passed) == 2
    assert "written by a newer fgtui" in passed[1]


def test_what_comes_before_the_end_of_a_torn_archive_counts(tmp_path: Path) -> None:
    text = b"".join(har_pieces([an_exchange(number=at, seq=at) for at in (1, 2, 3)])).decode()
    exchanges, passed = read(event_file(tmp_path, "x.har", text[: -len(text) // 6]))
    assert [each.seq for each in exchanges] == [1, 2]
    assert len(passed) == 1
    assert "not all of one: it breaks off after entry 3" in passed[0]


def test_reasons_are_kept_up_to_a_limit_and_all_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_sources, "PASSED_KEPT", 2)
    source = a_source(event_file(tmp_path, "x.jsonl", "a\nb\nc\n"))
    assert list(source) == []
    assert (len(source.passed), source.passed_count) == (2, 3)


# Where it goes, and what is refused before anything goes anywhere


@pytest.mark.parametrize(
    ("name", "content", "session"),
    [
        ("x.jsonl", LINES, "orders"),
        ("x.jsonl", LINES.removeprefix(HEADER), "x"),
        ("x.har", ARCHIVE, "orders"),
        ("x.json", "{}", "imported"),
        ("x.jsonl", LINES.replace("orders", "a\\nb"), "imported"),
        ("x.jsonl", LINES.replace("orders", "../../etc/passwd"), "../../etc/passwd"),
    ],
)
def test_a_session_is_called_as_the_file_says(tmp_path: Path, name: str, content: str, session: str) -> None:
    source = a_source(event_file(tmp_path, name, content))
    source.check()
    assert source.session == session


def test_a_folder_gives_its_session_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    event_file(tmp_path, "events/x.jsonl", LINES)
    monkeypatch.chdir(tmp_path / "events")
    for path in (tmp_path / "events", Path()):
        source = a_source(path)
        source.check()
        assert len(list(source)) == 1
        assert source.session == "events"


@pytest.mark.parametrize("make", ["nothing", "pipe", "newer", "newer-archive", "secret"])
def test_what_cannot_be_read_is_refused_at_the_start(
    tmp_path: Path, make: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "x.jsonl"
    said = {"nothing": "there is no file x.jsonl", "pipe": "is no regular file", "secret": "cannot be read: "}
    if make == "pipe":
        os.mkfifo(file)
    elif make == "newer":
        file.write_text('\n{"fgtui": "session", "format": 2}\n')
    elif make == "newer-archive":
        file.write_text(ARCHIVE.replace('"_fgtui": {"format": 1, "session"', '"_fgtui": {"format": 2, "session"'))
    elif make == "secret":
        file.write_text("{}")

        def refuse(*_: object) -> int:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(os, "open", refuse)
    with pytest.raises(UsageError, match=said.get(make, "written by a newer fgtui")):
        a_source(file).check()


# Into the store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SessionStore]:
    with SessionStore(tmp_path / "home" / "sessions.db", Redactor()) as store:
        yield store


@pytest.mark.parametrize("name", ["chromium.har", "mitmproxy.har", "charles.har"])
def test_an_archive_comes_in_once(store: SessionStore, name: str) -> None:
    first = import_exchanges(store, a_source(HAR / name, REDACTOR), "x")
    assert (first.imported, first.already) == (3 if name == "chromium.har" else 2, 0)
    again = import_exchanges(store, a_source(HAR / name, REDACTOR), "x")
    assert (again.imported, again.already) == (0, first.imported)


def test_events_come_in_once_also_with_secrets_and_in_the_first_import_of_a_store(
    tmp_path: Path, store: SessionStore
) -> None:
    folder = tmp_path / "events"
    event_file(folder, "a.json", '{"password": "hunter2"}')
    event_file(folder, "b.json", '{"password": "hunter2"}')
    event_file(folder, "c.json", '{"password": "other"}')

    def source() -> Source:
        return Source(
            folder, "events", redactor=lambda: store.redactor, recognise=lambda document: "blank", clock=lambda: MOMENT
        )

    assert import_exchanges(store, source(), "x") == Imported("x", 2, 1)
    assert import_exchanges(store, source(), "x") == Imported("x", 0, 3)
    (first, second) = store.iterate("x")
    assert first.event.redacted == ("password",)
    assert replace(first, id="", seq=0).note == "from a.json, never sent"
    assert second.event.wire != first.event.wire


def test_an_archive_goes_out_and_in_again(tmp_path: Path, store: SessionStore) -> None:
    recorded = [an_exchange(an_event('{"httpMethod": "GET", "path": "/"}', "apig"), number=at) for at in (1, 2)]
    import_exchanges(store, recorded, "orders")
    file = event_file(tmp_path, "x.har", b"".join(har_pieces(store.iterate("orders"), session="orders")))
    assert import_exchanges(store, a_source(file), "orders") == Imported("orders", 0, 2)
    assert import_exchanges(store, a_source(file), "copy") == Imported("copy", 2, 0)
    assert [replace(each, session="orders") for each in store.iterate("copy")] == list(store.iterate("orders"))


def test_an_event_is_the_same_one_whenever_it_is_read(tmp_path: Path) -> None:
    file = event_file(tmp_path, "put.json", '{"key": "value"}')
    ids = set()
    for days in (0, 1, 400):
        source = Source(
            file,
            file.name,
            redactor=lambda: REDACTOR,
            recognise=lambda document: "blank",
            clock=lambda days=days: MOMENT + timedelta(days=days),
        )
        source.check()
        ids.update(exchange.id for exchange in source)
    assert len(ids) == 1


def test_an_entry_that_is_none_is_told_by_its_number(tmp_path: Path) -> None:
    archive = json.loads(ARCHIVE)
    archive["log"]["entries"].insert(0, {"request": {"url": "ftp://somewhere/x"}})
    exchanges, passed = read(event_file(tmp_path, "x.har", json.dumps(archive)))
    assert [exchange.id for exchange in exchanges] == [an_exchange().id]
    assert passed == ["x.har: entry 1: not a request over HTTP: ftp://somewhere/x"]
