from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fgtui.errors import StoreError, UsageError
from fgtui.invoke.model import Exchange, Returned
from fgtui.records import replace
from fgtui.sessions.interchange import har
from fgtui.sessions.interchange.har import HarFile, har_pieces
from tests.factories import an_event, an_exchange
from tests.sessions.strategies import exchanges

DATA = Path(__file__).parents[2] / "data" / "har"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "orders.har"


def written(file: Path, given: Iterable[Exchange], session: str = "orders") -> HarFile:
    file.write_bytes(b"".join(har_pieces(given, session=session)))
    return HarFile(file)


def foreign(file: Path, *entries: object) -> HarFile:
    log = {"version": "1.2", "creator": {"name": "x", "version": "1"}, "entries": entries}
    file.write_text(json.dumps({"log": log}, indent=1))
    return HarFile(file)


def an_entry(**changes: Any) -> dict[str, Any]:
    request = {"method": "GET", "url": "https://api.example.com/a?b=1", "headers": [], "queryString": []}
    response = {"status": 200, "headers": [], "content": {"size": 2, "mimeType": "text/plain", "text": "ok"}}
    entry = {"startedDateTime": "2026-11-22T09:46:01.123+08:00", "time": 12.5, "request": request, "response": response}
    return {**entry, **changes}


def skipped(archive: HarFile) -> list[tuple[int, str]]:
    return [(each.line, str(each)) for each in archive.skipped]


# What fgtui wrote


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(given=st.lists(exchanges, max_size=3), trigger=st.sampled_from(["apig", "obs", None]))
def test_any_exchange_comes_back(file: Path, given: list[Exchange], trigger: str | None) -> None:
    if trigger:
        given = [replace(each, event=replace(each.event, trigger=trigger)) for each in given]
    archive = written(file, given)
    assert list(archive) == given
    assert (archive.said_name, archive.skipped) == ("orders", [])


def test_an_archive_is_one_document_with_a_line_for_each_entry(file: Path) -> None:
    written(file, [an_exchange(number=1), an_exchange(number=2)])
    log = json.loads(file.read_text())["log"]
    assert (log["version"], log["creator"]["name"], len(log["entries"])) == ("1.2", "fgtui", 2)
    assert len(file.read_text().splitlines()) == 4
    assert json.loads("".join(map(bytes.decode, har_pieces([]))))["log"]["entries"] == []


def test_what_was_edited_in_the_archive_counts(file: Path) -> None:
    written(file, [an_exchange('{"key": "before"}')])
    file.write_text(file.read_text().replace("before", "after"))
    (exchange,) = HarFile(file)
    assert exchange.event.wire == b'{"key": "after"}'


def test_an_archive_of_a_newer_fgtui_is_refused_whole(file: Path) -> None:
    archive = written(file, [an_exchange()])
    file.write_text(file.read_text().replace('"_fgtui": {"format": 1, "session"', '"_fgtui": {"format": 2, "session"'))
    with pytest.raises(StoreError, match=r"written by a newer fgtui .*; nothing was read"):
        list(archive)


def test_a_broken_entry_of_ours_is_passed_over(file: Path) -> None:
    written(file, [an_exchange(number=at) for at in (1, 2, 3)])
    first, *rest = file.read_text().splitlines()
    rest[0] = rest[0].replace('"kind": "returned"', '"kind": "exploded"')
    rest[1] = '{"startedDateTime": "2026-11-22T09:46:01Z", "_fgtui": 7},'
    file.write_text("\n".join([first, *rest]))
    archive = HarFile(file)
    assert [each.id for each in archive] == [an_exchange(number=3).id]
    assert skipped(archive) == [
        (1, "not an exchange: there is no outcome 'exploded'"),
        (2, "not an exchange: _fgtui is no object"),
    ]


# What others wrote


@pytest.mark.parametrize(
    ("name", "count", "first"),
    [("chromium.har", 3, "GET /orders"), ("mitmproxy.har", 2, "POST /upload"), ("charles.har", 2, "PUT /form")],
)
def test_archives_of_other_programs_are_read(name: str, count: int, first: str) -> None:
    archive = HarFile(DATA / name)
    found = list(archive)
    assert len(found) == count
    event = json.loads(found[0].event.wire)
    assert f"{event['httpMethod']} {event['path']}" == first
    assert {each.event.trigger for each in found} == {"apig"}
    assert all(isinstance(each.outcome, Returned) for each in found)


def test_entries_that_are_no_exchange_are_told_by_number(file: Path) -> None:
    socket = {**an_entry()["request"], "url": "wss://api.example.com/"}
    archive = foreign(
        file, an_entry(), 7, an_entry(request=socket), an_entry(request=None), an_entry(startedDateTime="?")
    )
    assert len(list(archive)) == 1
    assert skipped(archive) == [
        (2, "not an entry: it is no object"),
        (3, "not a request over HTTP: wss://api.example.com/"),
        (4, "not an entry: request is not an object"),
        (5, "not an entry: startedDateTime is not a time"),
    ]
    assert len(list(archive)) == 1
    assert len(archive.skipped) == 4


def test_an_entry_that_is_no_json_does_not_spoil_the_others(file: Path) -> None:
    foreign(file, an_entry(), an_entry(), an_entry())
    text = file.read_text()
    before, first, rest = text.partition('"time": 12.5')
    file.write_text(before + first + rest.replace('"time": 12.5', '"time": NaN', 1))
    archive = HarFile(file)
    assert len(list(archive)) == 2
    assert skipped(archive)[0][0] == 2
    assert skipped(archive)[0][1].startswith("not JSON: ")


def test_an_entry_beyond_the_limit_is_passed_over(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(har, "LINE_LIMIT", 1000)
    archive = foreign(file, an_entry(comment="x" * 1000), an_entry())
    assert len(list(archive)) == 1
    assert [number for number, _ in skipped(archive)] == [1]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_file_from_an_editor_reads_as_well(file: Path, encoding: str) -> None:
    archive = foreign(file, an_entry(request={**an_entry()["request"], "url": "https://例.cn/订单"}))
    file.write_text(json.dumps(json.loads(file.read_text()), ensure_ascii=False), encoding=encoding)
    (exchange,) = archive
    assert exchange.target.spec == "https://例.cn"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(b"", "or not all of one: it breaks off", id="empty"),
        pytest.param(b"[]", "'[' stands where { is due", id="list"),
        pytest.param(b'{"a": 1}', "is no HTTP archive: it has no log", id="no-log"),
        pytest.param(b'{"log": []}', "'[' stands where { is due", id="log-is-a-list"),
        pytest.param(b'{"log": {"entries": {}}}', "'{' stands where [ is due", id="entries-are-an-object"),
        pytest.param(b'{"log": {"entries": [{}, {"a"', "it breaks off after entry 2", id="cut"),
        pytest.param(b'{"log": {}} x', "'x' stands where the end is due", id="more"),
        pytest.param(b'{"log": "\xff"}', "is not UTF-8 at offset 9", id="bytes"),
        pytest.param(b"\xff\xfe\0\0", "is UTF-32", id="utf-32"),
        pytest.param(b"\xff\xfe{", "is not UTF-16 at offset 2", id="half-utf-16"),
    ],
)
def test_what_is_no_archive_is_refused_in_words(file: Path, text: bytes, said: str) -> None:
    file.write_bytes(text)
    with pytest.raises(StoreError, match=r"orders\.har") as error:
        list(HarFile(file))
    assert said in str(error.value)


def test_a_folder_is_no_archive(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is no regular file"):
        list(HarFile(tmp_path))


def test_ours_and_others_stand_side_by_side(file: Path) -> None:
    written(file, [an_exchange(an_event("{}", "obs"))])
    document = json.loads(file.read_text())
    document["log"]["entries"].append(an_entry())
    file.write_text(json.dumps(document))
    assert [each.event.trigger for each in HarFile(file)] == ["obs", "apig"]
