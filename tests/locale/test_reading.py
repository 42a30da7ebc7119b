"""Catalogues are read strictly: a file is one or it gives nothing, and says why."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgtui import locale, words
from fgtui.locale.extract import AREAS
from fgtui.locale.reading import READ_IN_ORDER, CatalogueError, Catalogues, read_file, read_folder
from fgtui.locale.writing import Entry, write_catalogue

HEADER = 'msgid ""\nmsgstr ""\n"Language: zh_CN\\n"\n'
SENTENCE = st.text(st.characters(blacklist_categories=["Cs", "Cc"], whitelist_characters="\n\t"), min_size=1)


def a_catalogue(folder: Path, text: str, name: str = "tui.po") -> Path:
    file = folder / "zh_CN" / name
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(text.encode())
    return file


@given(st.dictionaries(SENTENCE, SENTENCE | st.just(""), max_size=5))
def test_what_was_written_is_read(tmp_path_factory: pytest.TempPathFactory, said: dict[str, str]) -> None:
    entries = [Entry(sentence, translation, ("fgtui/tui/app.py",)) for sentence, translation in said.items()]
    file = a_catalogue(tmp_path_factory.mktemp("po"), write_catalogue("zh_CN", entries))
    assert read_file(file, "zh_CN") == said


def test_what_is_written_is_a_line_of_text_on_a_line_of_its_own() -> None:
    entries = [
        Entry("a {hole}", "甲", ("x.py", "y.py")),
        Entry('"a"\n\tb\\', "", ("x.py",)),
        Entry("c\n", "丙\n丁\n", ("x.py",)),
    ]
    header, *written = write_catalogue("zh_CN", entries).split("\n\n")
    assert header.startswith('msgid ""\nmsgstr ""\n"Project-Id-Version: fgtui\\n"\n"Language: zh_CN\\n"\n')
    assert written == [
        '#: x.py y.py\n#, python-brace-format\nmsgid "a {hole}"\nmsgstr "甲"',
        '#: x.py\nmsgid ""\n"\\"a\\"\\n"\n"\\tb\\\\"\nmsgstr ""',
        '#: x.py\nmsgid "c\\n"\nmsgstr ""\n"丙\\n"\n"丁\\n"\n',
    ]


def test_what_poedit_writes_is_read(tmp_path: Path) -> None:
    text = (
        "# a translator's remark\n" + HEADER + '"X-Generator: Poedit 3.4\\n"\n\n'
        "#. a remark\n#: fgtui/a.py fgtui/b.py\n#, python-brace-format\n"
        'msgid ""\n"one line\\n"\n"and \\"another\\""\nmsgstr "一行\\n另一行"\n\n'
        '#~ msgid "gone"\n#~ msgstr "没了"\n\n'
        '#, fuzzy\n#| msgid "before"\nmsgid "after"\nmsgstr "之前"\n\n'
        '#~ msgid "gone too"\n#~ msgstr "没了"\n'
    )
    found = read_file(a_catalogue(tmp_path, text.replace("\n", "\r\n")), "zh_CN")
    assert found == {'one line\nand "another"': "一行\n另一行", "after": ""}


@pytest.mark.parametrize(
    ("text", "line", "why"),
    [
        ("", 0, "another language"),
        (HEADER.replace("zh_CN", "de"), 0, "another language"),
        (HEADER + '\nmsgid "a"\n', 5, "no entry"),
        (HEADER + '\nmsgid "a"\nmsgid_plural "b"\nmsgstr[0] "c"\n', 5, "no entry"),
        (HEADER + '\nmsgctxt "x"\nmsgid "a"\nmsgstr "b"\n', 5, "not in quotes"),
        (HEADER + '\nmsgid "a"\nmsgstr "b\n', 5, "not in quotes"),
        (HEADER + '\nmsgid "a"b"\nmsgstr "c"\n', 5, "not in quotes"),
        (HEADER + '\nmsgid "a"\nmsgstr "\\x1b"\n', 5, "not in quotes"),
        (HEADER + '\nmsgid "a"\nmsgstr "b"\n\nmsgid "a"\nmsgstr "c"\n', 8, "twice"),
        (HEADER + "\n<<<<<<< HEAD\n", 5, "no entry"),
        (HEADER + '\n<<<<<<< HEAD\nmsgid "a"\nmsgstr "b"\n', 5, "not in quotes"),
        (HEADER + '\n# x\n<<<<<<< HEAD\nmsgid "a"\nmsgstr "b"\n', 5, "no entry"),
        (HEADER + '\nmsgid a"\nmsgstr "b"\n', 5, "not in quotes"),
        (HEADER + '\nmsgid "a\nmsgstr "b"\n', 5, "not in quotes"),
    ],
    ids=[
        *("empty", "foreign", "cut", "plural", "context", "open", "quote", "escape", "twice", "merge"),
        *("merge-in-entry", "merge-in-comment", "no-first-quote", "no-last-quote"),
    ],
)
def test_anything_else_is_refused_with_its_line(tmp_path: Path, text: str, line: int, why: str) -> None:
    file = a_catalogue(tmp_path, text)
    with pytest.raises(CatalogueError, match=why) as caught:
        read_file(file, "zh_CN")
    assert caught.value.finding.line == line


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    file = a_catalogue(tmp_path, "")
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(CatalogueError, match="UTF-8"):
        read_file(file, "zh_CN")
    with pytest.raises(CatalogueError, match=r"gone\.po:0: it cannot be read"):
        read_file(tmp_path / "gone.po", "zh_CN")


def test_a_damaged_catalogue_costs_its_own_area_only(tmp_path: Path) -> None:
    a_catalogue(tmp_path, HEADER + '\nmsgid "a"\nmsgstr "甲"\n\nmsgid "b"\nmsgstr ""\n', "cli.po")
    a_catalogue(tmp_path, "nonsense", "tui.po")
    read = read_folder("zh_CN", str(tmp_path))
    assert read.sentences == {"a": "甲"}
    assert [Path(finding.file).name for finding in read.findings] == ["tui.po"]
    assert read_folder("de", str(tmp_path)).sentences == {}


def test_no_more_catalogues_are_read_than_a_sentence_needs(tmp_path: Path) -> None:
    a_catalogue(tmp_path, HEADER + '\nmsgid "a"\nmsgstr "甲"\n', "cli.po")
    tui = a_catalogue(tmp_path, "nonsense", "tui.po")
    found = Catalogues("zh_CN", str(tmp_path))
    assert found.get("a", "a") == "甲"
    tui.write_text(HEADER + '\nmsgid "b"\nmsgstr "乙"\n', "utf-8")
    assert found.get("b", "b") == "乙"
    assert found.get("c", "c") == "c"
    tui.write_text(HEADER + '\nmsgid "c"\nmsgstr "丙"\n', "utf-8")
    assert found.get("c", "c") == "c", "each is read once"


def test_every_catalogue_is_read_at_last() -> None:
    assert sorted(READ_IN_ORDER) == sorted(AREAS)


def test_a_catalogue_is_read_when_the_first_sentence_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def read(language: str) -> dict[str, str]:
        asked.append(language)
        return {"a": "甲"}

    monkeypatch.setattr(locale, "read_catalogue", read)
    words.speak("zh")
    assert asked == []
    assert [words.say("a"), words.say("b"), words.translated("a")] == ["甲", "b", "甲"]
    assert asked == ["zh"]
    words.speak("en")
    assert words.say("a") == "a"
