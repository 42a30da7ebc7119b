"""The README's tables are what the program really has."""

from __future__ import annotations

from pathlib import Path

import pytest

from fgtui.cli.main import parser_of, workbench_parser
from fgtui.cli.reference import TABLES, commands_table, fill, settings_table
from fgtui.cli.verbs import VERBS
from fgtui.settings_table import SETTINGS

README = Path(__file__).parents[2] / "README.md"


@pytest.mark.parametrize("name", TABLES)
def test_the_readme_has_each_table_as_it_is_now(name: str) -> None:
    """Where this fails: ``python -m fgtui.cli.reference`` puts the tables in."""
    text = README.read_text(encoding="utf-8")
    _, opening, rest = text.partition(f"<!-- {name} -->\n")
    table, closing, _ = rest.partition(f"<!-- /{name} -->")
    assert opening, f"README.md has no marker <!-- {name} -->"
    assert closing, f"README.md has no marker <!-- /{name} -->"
    assert table == TABLES[name]()


def test_every_option_of_every_verb_is_in_the_commands_table() -> None:
    rows = commands_table().splitlines()[2:]
    parsers = {"fgtui": workbench_parser(), **{verb: parser_of(verb) for verb in VERBS}}
    assert len(rows) == len(parsers)
    for row, (name, parser) in zip(rows, parsers.items(), strict=True):
        assert row.startswith(f"| `{name}")
        said_elsewhere = ("--help", "--output") if name == "fgtui" else ("--help", "--output", "--lang")
        assert all(option in row for option in parser.option_names() if option not in said_elsewhere)


def test_every_key_is_in_the_settings_table() -> None:
    table = settings_table()
    assert all(f"| `{setting.key}` | {setting.type} |" in table for setting in SETTINGS)


def test_filling_changes_nothing_outside_the_markers_and_is_done_once() -> None:
    text = "before\n<!-- settings -->\nold\n<!-- /settings -->\nafter\n"
    filled = fill(text)
    assert filled == f"before\n<!-- settings -->\n{settings_table()}<!-- /settings -->\nafter\n"
    assert fill(filled) == filled
    assert fill("no markers at all\n") == "no markers at all\n"


def test_every_verb_and_option_has_help() -> None:
    for verb in VERBS:
        parser = parser_of(verb)
        assert parser.description
        assert all(action.help for action in parser.actions())
