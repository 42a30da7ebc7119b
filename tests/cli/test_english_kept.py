"""Whatever programs read, and whatever is recorded, is in English whoever is spoken to; the rest is said.

The language is one of accents: every sentence of the catalogue, and nothing else, so that a sentence put together from
pieces is found too.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fgtui import locale
from fgtui.cli.commands.help import TOPICS
from fgtui.cli.verbs import VERBS
from tests.cli.stage import Ran, Stage
from tests.invoke.http_servers import a_port_nobody_listens_at
from tests.pseudo import accented, sentences, unsaid

HANDLER = """
import os, time

def handler(event, context):
    print("it says something")
    match event.get("how"):
        case "raise":
            raise ValueError("it cannot be so")
        case "end":
            os._exit(3)
        case "hang":
            time.sleep(60)
        case "odd":
            return {1, 2}
    return {"ok": True}
"""
HOWS = ("return", "raise", "end", "hang", "odd")
NEW_EACH_TIME = re.compile(
    r'"(id|started_at|duration_ms|init_ms|memory_mb|request_id|cold_start)": [^,}]+'
    r"|[0-9]{4}-[0-9-]+T[0-9:.]+(Z|\+00:00)|[0-9a-f]{8}-[0-9a-f-]{27}|[0-9.]+(ms|MB| GB)\b|; language (en|zh)"
)


@pytest.fixture(scope="module")
def known() -> frozenset[str]:
    return sentences()


@pytest.fixture
def accents(stage: Stage, known: frozenset[str], monkeypatch: pytest.MonkeyPatch) -> Stage:
    """Commands that say every sentence of the catalogue with accents, as long as ``FGTUI_LANG`` is ``zh``."""
    catalogue = {sentence: accented(sentence) for sentence in known}
    monkeypatch.setattr(locale, "read_catalogue", lambda _language: catalogue)
    stage.environment["FGTUI_LANG"] = "zh"
    (stage.folder / "index.py").write_text(HANDLER)
    (stage.folder / "broken.py").write_text("import nothing_of_that_name\n")
    return stage


def in_english(stage: Stage, *words: str, stdin: bytes = b"") -> Ran:
    return stage.run("--lang", "en", *words, stdin=stdin)


def sends() -> Iterator[tuple[str, ...]]:
    for how in HOWS:
        limit = "0.5" if how == "hang" else "30"
        yield ("blank", "--target", "index.handler", "--set", f"how={how}", "--timeout", limit)
    yield ("blank", "--target", "broken.handler")
    yield ("blank", "--target", f"http://127.0.0.1:{a_port_nobody_listens_at()}/invoke", "--yes")


def settled(text: str) -> str:
    """``text`` without what no two sends have in common."""
    return NEW_EACH_TIME.sub("?", text)


def test_every_word_of_help_was_said_by_the_catalogue(accents: Stage, known: frozenset[str]) -> None:
    helps = [(verb, "--help") for verb in VERBS] + [("help", topic) for topic in (*TOPICS, "exit-codes")]
    drawn = "".join(accents.run(*words).out for words in [*helps, ("help",), ("--help",)])
    assert unsaid(drawn, known) == []


def test_what_is_recorded_is_recorded_in_english(accents: Stage, known: frozenset[str]) -> None:
    for words in sends():
        assert accents.run("send", *words, "--session", "accents").said
        in_english(accents, "send", *words, "--session", "english")
    recorded, english = (
        settled(accents.run("show", session, "--json").out).replace(session, "?") for session in ("accents", "english")
    )
    assert recorded == english
    assert recorded.isascii()


def test_how_a_send_ended_is_said(accents: Stage, known: frozenset[str]) -> None:
    foreign = ("it says something", "it cannot be so", "nothing_of_that_name", "Object of type set is not JSON")
    for words in sends():
        said = accents.run("send", *words).said.splitlines()[-1]
        for each in foreign:
            said = said.replace(each, "")
        assert unsaid(said, known) == []
        assert not said.isascii()


READ = (
    ("sessions", "--json"),
    ("show", "one", "--json"),
    ("query", "one", "outcome.kind == 'returned'", "--json"),
    ("search", "something", "--json"),
    ("stats", "one", "--json"),
    ("stats", "one", "--by", "outcome", "--json"),
    ("diff", "one", "1", "2", "--json"),
    ("report", "one", "2", "--json"),
    ("report", "one", "2", "--format", "curl"),
    ("report", "one", "2", "--format", "cli"),
    ("report", "one", "2", "--format", "python"),
    ("report", "one", "2", "--format", "pytest"),
    ("export", "one", "--preview", "--json"),
    ("export", "one", "-o", "-"),
    ("export", "one", "-o", "-", "--format", "har"),
    ("export", "one", "-o", "-", "--format", "pytest"),
    ("tag", "one", "1", "--json"),
    ("note", "one", "1", "--json"),
    ("vacuum", "--dry-run", "--json"),
    ("import", "odd.jsonl", "--dry-run", "--json"),
    ("replay", "one", "--target", "index.handler", "--no-record", "--json"),
    ("config", "--json"),
    ("config", "--schema"),
    ("doctor", "--json"),
    ("trust", "--show", "--json"),
    ("triggers", "--json"),
    ("validate", "odd.json", "--trigger", "apig", "--json"),
    ("validate", "-", "--json"),
    ("completions", "bash"),
)


def prepared(stage: Stage) -> None:
    """A project whose recordings, settings and files have something to be said of."""
    (stage.folder / "fgtui.toml").write_text(
        '[targets.here]\nhandler = "index.handler"\n'
        '[targets.away]\nurn = "urn:fss:cn-north-4:0123456789abcdef0123456789abcdef:function:default:demo:latest"\n'
        '[profiles.prod]\naccess_key = "${env:AK}"\nsecret_key = "${env:SK}"\nguard = true\n'
    )
    event = {"httpMethod": "get", "path": 5, "body": "***", "isBase64Encoded": True, "queryStringParameters": []}
    (stage.folder / "odd.json").write_text(json.dumps(event))
    (stage.folder / "odd.jsonl").write_text('{"fgtui": "session", "format": 1, "name": "odd"}\n{"a":\n[1]\n')
    for how in ("return", "raise"):
        words = ("--set", f"how={how}", "--set", "password=hunter2hunter2")
        assert stage.run("send", "blank", "--target", "index.handler", "--session", "one", *words).said


def test_what_programs_read_is_the_same_in_every_language(accents: Stage) -> None:
    prepared(accents)
    differing = {}
    for words in READ:
        said, plain = accents.run(*words, stdin=b'{"a": tru'), in_english(accents, *words, stdin=b'{"a": tru')
        if (said.code, settled(said.out)) != (plain.code, settled(plain.out)):
            differing[words] = (said.out, plain.out)
    assert differing == {}


def test_a_report_for_continuous_integration_is_in_english(accents: Stage) -> None:
    prepared(accents)
    words = ("replay", "one", "--target", "broken.handler", "--no-record", "--send-redacted", "--junit")
    accents.run(*words, "said.xml")
    in_english(accents, *words, "plain.xml")
    said, plain = (settled((accents.folder / name).read_text()) for name in ("said.xml", "plain.xml"))
    assert re.sub(r'time(stamp)?="[^"]*"', "", said) == re.sub(r'time(stamp)?="[^"]*"', "", plain)


TOLD = (
    ("show", "one"),
    ("show", "one", "1"),
    ("search", "something"),
    ("stats", "one"),
    ("stats", "one", "--by", "outcome"),
    ("diff", "one", "one"),
    ("report", "one", "2"),
    ("export", "one", "--preview"),
    ("export", "one", "-o", "one.jsonl"),
    ("export", "one", "-o", "odd.json"),
    ("import", "odd.jsonl"),
    ("import", "odd.json", "gone.json"),
    ("replay", "one", "--target", "index.handler"),
    ("replay", "one", "--target", "index.handler", "--send-redacted"),
    ("replay", "one", "--where", "seq > `9`", "--marked", "--target", "index.handler"),
    ("tag", "one", "1", "--mark"),
    ("vacuum", "--older-than", "1d"),
    ("sessions",),
    ("sessions", "create"),
    ("sessions", "merge", "one", "--into", "two"),
    ("config",),
    ("doctor",),
    ("trust", "--show"),
    ("trust",),
    ("send", "odd.json", "--target", "away"),
    ("validate", "odd.json", "--trigger", "apig"),
    ("validate", "-"),
    ("send", "blank", "--target", "nothing.handler"),
    ("send", "blank", "--target", "index.handler", "--timeout", "soon"),
    ("event", "obs", "--set", "Records[9].x=1"),
    ("query", "one", "length(`1`)"),
    ("query", "one", "a ==="),
)


def test_what_people_read_was_said(accents: Stage, known: frozenset[str]) -> None:
    prepared(accents)
    plain: dict[tuple[str, ...], object] = {}
    for words in TOLD:
        ran = accents.run(*words, stdin=b'{"a": tru')
        if left := unsaid(_ours(ran.out + ran.said), known):
            plain[words] = left
        elif (ran.out + ran.said).isascii():
            plain[words] = ran
    assert plain == {}


def _ours(text: str) -> str:
    """``text`` without what was recorded, and what others say."""
    foreign: list[Any] = [
        "it says something",
        "it cannot be so",
        re.compile(r"```.*?```|`[^`]*`", re.DOTALL),
        re.compile(r"(?m)^ *[-+|] .*$"),
    ]
    for each in foreign:
        text = text.replace(each, "") if isinstance(each, str) else each.sub("", text)
    return text


def test_a_question_is_asked_in_the_language(accents: Stage, known: frozenset[str], tmp_path: Path) -> None:
    prepared(accents)
    for words in (("sessions", "delete", "one"), ("vacuum", "--max-size", "1KB"), ("trust",)):
        asked = accents.run(*words, answers=b"n\n").said
        assert unsaid(asked, known) == []
        assert asked.count("[y/N]") == 1
