"""The catalogues hold every sentence of the source, each of them translated, with the same holes in it."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from string import Formatter

import pytest
from rich.cells import cell_len

from fgtui.locale import FOLDERS
from fgtui.locale.extract import AREAS, FOLDER, Extracted, entries, extract, merged, missing
from fgtui.locale.reading import read_file
from fgtui.tui.actions import ACTIONS

WIDEST_LABEL = 10
"""Cells of a word of the key bar: on 80 columns it has room for eight of them with their keys."""
LANGUAGES = sorted(FOLDERS.values())
MARKUP = re.compile(r"`[^`]+`|--[a-z][a-z-]+|\$[A-Z_]{2,}|FGTUI_[A-Z]+|\[[a-z.]+\]|https?://[\w.:/-]*[\w/]")
"""What a person types as it stands."""


@cache
def source() -> Extracted:
    return extract()


@cache
def catalogue(folder: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for area in AREAS:
        found |= read_file(FOLDER / folder / f"{area}.po", folder)
    return found


def translated(folder: str) -> dict[str, str]:
    return {sentence: said for sentence, said in catalogue(folder).items() if said}


def holes(sentence: str) -> set[tuple[str, str, str]]:
    """The holes with how they are formatted."""
    parsed = Formatter().parse(sentence)
    return {(name, spec or "", conversion or "") for _, name, spec, conversion in parsed if name is not None}


def is_said_with_holes(sentence: str) -> bool:
    """Whether it may be formatted: a text of help has braces of its own."""
    try:
        holes(sentence)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("folder", LANGUAGES)
@pytest.mark.parametrize("area", AREAS)
def test_a_catalogue_holds_what_the_source_says(folder: str, area: str) -> None:
    """Else: python -m fgtui.locale.extract."""
    held = set(read_file(FOLDER / folder / f"{area}.po", folder))
    said = set(entries(source().found)[area])
    assert (sorted(said - held), sorted(held - said)) == ([], [])  # what is new, what is gone
    assert (FOLDER / folder / f"{area}.po").read_text("utf-8") == merged(FOLDER / folder, source())[area]


@pytest.mark.parametrize("folder", LANGUAGES)
@pytest.mark.parametrize("area", AREAS)
def test_no_sentence_lacks_its_translation(folder: str, area: str) -> None:
    assert missing(FOLDER / folder, (area,))[area] == ()


def test_no_sentence_is_made_of_pieces() -> None:
    assert source().built == ()


def test_no_exemption_is_left_over() -> None:
    assert source().unused == ()


@pytest.mark.parametrize("folder", LANGUAGES)
def test_a_translation_has_the_holes_of_its_sentence(folder: str) -> None:
    wrong = {
        sentence: said
        for sentence, said in translated(folder).items()
        if is_said_with_holes(sentence) and (not is_said_with_holes(said) or holes(said) != holes(sentence))
    }
    assert wrong == {}


@pytest.mark.parametrize("folder", LANGUAGES)
def test_a_translation_holds_no_control_characters_and_ends_as_its_sentence_does(folder: str) -> None:
    wrong = {
        sentence: said
        for sentence, said in translated(folder).items()
        if re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]", said)
        or said.startswith((" ", "\n")) != sentence.startswith((" ", "\n"))
        # a full-width sign has its space in itself
        or (said.endswith((" ", "\n")) != sentence.endswith((" ", "\n")) and not re.search("[、；：]$", said))
    }
    assert wrong == {}


@pytest.mark.parametrize("folder", LANGUAGES)
def test_a_translation_leaves_what_is_typed_as_it_is(folder: str) -> None:
    wrong = {
        sentence: sorted(set(MARKUP.findall(sentence)) ^ set(MARKUP.findall(said)))
        for sentence, said in translated(folder).items()
        if set(MARKUP.findall(sentence)) != set(MARKUP.findall(said))
    }
    assert wrong == {}


@pytest.mark.parametrize("folder", LANGUAGES)
def test_a_word_of_the_key_bar_is_short(folder: str) -> None:
    known = catalogue(folder)
    said = {action.label: known.get(action.label) or action.label for action in ACTIONS if action.label}
    assert {label: words for label, words in said.items() if cell_len(words) > WIDEST_LABEL} == {}


@pytest.mark.parametrize("folder", LANGUAGES)
def test_a_sentence_stands_in_one_catalogue_only(folder: str) -> None:
    counts = [sentence for area in AREAS for sentence in read_file(FOLDER / folder / f"{area}.po", folder)]
    assert len(counts) == len(set(counts))


def test_every_catalogue_is_one_of_the_areas() -> None:
    files = {file.relative_to(FOLDER).as_posix() for file in Path(FOLDER).rglob("*.po")}
    assert files == {f"{folder}/{area}.po" for folder in LANGUAGES for area in AREAS}
