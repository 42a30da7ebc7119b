"""What the extractor takes for a sentence, and what it does with translations that are there."""

from __future__ import annotations

from pathlib import Path

import pytest

from fgtui.locale.extract import Extracted, Found, extract, merged
from fgtui.locale.reading import read_file


def sentences_of(tmp_path: Path, source: str, name: str = "fgtui/tui/some.py") -> list[str]:
    file = tmp_path / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(source, encoding="utf-8")
    return [found.sentence for found in extract(tmp_path).found]


@pytest.mark.parametrize(
    ("source", "sentences"),
    [
        ('say("Find")', ["Find"]),
        ('say("one" if last else plural(count, "two", "many"), count=count)', ["one", "two", "many"]),
        ('raise UsageError("no {what}", hint="try it" if it else "")', ["no {what}", "try it"]),
        ('Action("send", "Send it", here, "ctrl+j", "send")', ["Send it", "send"]),
        ('KEYS = (("Esc", "leave"), ("y", "agree"))', ["leave", "agree"]),
        ('WORDS = "reads like a sentence"', ["reads like a sentence"]),
        ('NAME = "ctrl+j"', []),
        ('english("only in English")', []),
        ('"""A docstring of the module."""', []),
        ('X = 1\n"""What it is for."""', []),
        ('if word == "two words": pass', []),
        ('DEFAULT_CSS = "Some { color: red; width: auto }"', []),
        ('regex("[a-z] or [b-c]")', []),
    ],
    ids=[
        *("said", "choice", "error", "action", "keys", "constant", "name", "english", "docstring", "about", "compared"),
        *("style", "pattern"),
    ],
)
def test_a_sentence_is_what_is_said_or_reads_like_one(tmp_path: Path, source: str, sentences: list[str]) -> None:
    assert sentences_of(tmp_path, source) == sentences


def test_help_is_taken_by_paragraphs(tmp_path: Path) -> None:
    source = '"""Do it.\n\nMore about it.\n"""\n'
    assert sentences_of(tmp_path, source, "fgtui/cli/commands/do.py") == ["Do it.", "More about it."]


def test_a_sentence_made_of_pieces_is_told(tmp_path: Path) -> None:
    sentences_of(tmp_path, 'title = f"Note of {name}"\nkey = f"{a}-{b}"\n')
    assert [(built.text, built.line) for built in extract(tmp_path).built] == [("Note of {…}", 1)]


def test_translations_are_kept_and_gone_sentences_go(tmp_path: Path) -> None:
    folder = tmp_path / "zh_CN"
    folder.mkdir()
    first = merged(folder, Extracted((Found("stays", "fgtui/a.py", 1), Found("goes", "fgtui/a.py", 2)), (), ()))
    (folder / "rest.po").write_text(first["rest"].replace('"stays"\nmsgstr ""', '"stays"\nmsgstr "留"'), "utf-8")
    moved = Found("stays", "fgtui/tui/a.py", 1)
    (folder / "tui.po").write_text(merged(folder, Extracted((moved, Found("new", "fgtui/tui/a.py", 2)), (), ()))["tui"])
    assert read_file(folder / "tui.po", "zh_CN") == {"stays": "留", "new": ""}
