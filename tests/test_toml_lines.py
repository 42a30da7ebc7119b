"""Where a key stands, for every way TOML lets it be written."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from fgtui.toml_lines import key_lines

EVERY_FORM = r'''# comment with = and [brackets]
"a b" = 1
x . y."z.w" = "q # no"
[t]
s = """
fake = 1
\" quote """ # tail
s2 = \'\'\'
z=1\'\'\'
quotes = """a"""""
empty = ""
literal = 'C:\dir'
when = 1979-05-27 07:32:00
list = [ 1, # one
  {a = 1, b.c = [2]},
  "x]", ]
inline = { A = "1", 'B' = "}" }
[[arr]]
k=1
[[arr]]
k=2
[arr.sub]
m=3
'''.replace("\\'", "'")


def test_every_form_of_key_is_found_on_its_line() -> None:
    lines = key_lines(EVERY_FORM)
    expected = {
        ("a b",): 2,
        ("x", "y", "z.w"): 3,
        ("t",): 4,
        ("t", "s"): 5,
        ("t", "s2"): 8,
        ("t", "quotes"): 10,
        ("t", "list", 1, "b", "c", 0): 15,
        ("t", "list", 2): 16,
        ("t", "inline", "B"): 17,
        ("arr", 1): 20,
        ("arr", 1, "sub", "m"): 23,
    }
    assert {path: lines[path] for path in expected} == expected
    assert set(paths_of(tomllib.loads(EVERY_FORM))) == set(lines)


def paths_of(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    if path:
        yield path
    if isinstance(value, dict):
        for name, below in value.items():
            yield from paths_of(below, (*path, name))
    elif isinstance(value, list):
        for at, below in enumerate(value):
            yield from paths_of(below, (*path, at))


def basic(text: str) -> str:
    return (
        '"'
        + "".join(f"\\U{ord(each):08x}" if each in '"\\' or ord(each) < 32 or each == "\x7f" else each for each in text)
        + '"'
    )


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
SCALARS = st.one_of(
    TEXT.map(basic), st.integers(-9, 9).map(str), st.sampled_from(["true", "''", '"""a\n= [b]"""', "'''{'''"])
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: "[\n" + ", # x = 1\n".join(items) + "\n]"),
        st.dictionaries(TEXT, inner, max_size=3).map(
            lambda table: "{" + ", ".join(f"{basic(name)} = {value}" for name, value in table.items()) + "}"
        ),
    ),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None)
@given(st.dictionaries(TEXT, st.dictionaries(TEXT, VALUES, max_size=4), max_size=4))
def test_every_key_of_any_file_has_a_line_that_holds_it(tables: dict[str, dict[str, str]]) -> None:
    text, expected = "", {}
    for table, keys in tables.items():
        expected[table,] = text.count("\n") + 1
        text += f"[{basic(table)}] # = \n"
        for name, value in keys.items():
            expected[table, name] = text.count("\n") + 1
            text += f"  {basic(name)} = {value}\n\n"
    lines = key_lines(text)
    assert set(paths_of(tomllib.loads(text))) == set(lines)
    assert {path: lines[path] for path in expected} == expected
