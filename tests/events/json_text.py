"""Strategies that write JSON as text: strict, decorated as people decorate it, and broken."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

SPACES = st.sampled_from(["", "", " ", "  ", "\n", "\r\n", "\t", "\n    "])
BETWEEN = st.sampled_from(
    ["", " ", "\n  ", " // a comment\n", '/* { [ " */', "# '\r\n", "\u00a0", "\u3000", " /**/ ", "//\n//\n"]
)
INTEGERS = st.one_of(st.integers().map(str), st.just("-0"))
NUMBERS = st.one_of(INTEGERS, st.from_regex(r"\A-?(0|[1-9][0-9]{0,30})(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,2})?\Z"))
PLAIN = st.text(st.characters(blacklist_characters='"\\', min_codepoint=32, blacklist_categories=["Cs"]), max_size=12)
ESCAPES = st.sampled_from(
    [r"\"", r"\\", r"\/", r"\b", r"\f", r"\n", r"\r", r"\t", r"\u4e2d", r"\u0041", r"\ud83d\ude00"]
)
STRINGS = st.lists(st.one_of(PLAIN, ESCAPES), max_size=4).map(lambda pieces: '"' + "".join(pieces) + '"')
SCALARS = st.one_of(NUMBERS, STRINGS, st.sampled_from(["true", "false", "null"]))

Tree = Any
"""A literal, a list of trees, or a tuple of pairs of a name literal and a tree."""
TREES: st.SearchStrategy[Tree] = st.recursive(
    SCALARS,
    lambda children: st.one_of(
        st.lists(children, max_size=5),
        st.lists(st.tuples(STRINGS, children), max_size=5).map(tuple),
    ),
    max_leaves=20,
)


def render(
    tree: Tree,
    gaps: Iterator[str],
    commas: Iterator[str] | None = None,
    colons: Iterator[str] | None = None,
    ends: Iterator[str] | None = None,
) -> str:
    """``tree`` as text. ``ends`` stand before the closing bracket of what is not empty."""

    commas, colons, ends = (
        commas or itertools.repeat(","),
        colons or itertools.repeat(":"),
        ends or itertools.repeat(""),
    )

    def write(part: Tree) -> str:
        if isinstance(part, str):
            return part
        if isinstance(part, tuple):
            elements = [f"{name}{next(gaps)}{next(colons)}{next(gaps)}{write(value)}" for name, value in part]
        else:
            elements = [write(item) for item in part]
        opening, closing = "{}" if isinstance(part, tuple) else "[]"
        text = opening + next(gaps)
        for at, element in enumerate(elements):
            text += (next(commas) + next(gaps) if at else "") + element + next(gaps)
        return text + (next(ends) + next(gaps) if elements else "") + closing

    return next(gaps) + write(tree) + next(gaps)


def cycled(draw: st.DrawFn, choices: st.SearchStrategy[str]) -> Iterator[str]:
    return itertools.cycle(draw(st.lists(choices, min_size=1, max_size=7)))


@st.composite
def strict_text(draw: st.DrawFn) -> str:
    return render(draw(TREES), cycled(draw, SPACES))


@st.composite
def decorated(draw: st.DrawFn) -> tuple[str, str]:
    """Text with everything that is repaired, and the strict text it means."""
    tree = draw(TREES)
    lenient = render(
        tree,
        cycled(draw, BETWEEN),
        cycled(draw, st.sampled_from([",", ",", "，"])),
        cycled(draw, st.sampled_from([":", ":", "："])),
        cycled(draw, st.sampled_from(["", ",", "，", ", ……", "...", ",…,"])),
    )
    if draw(st.booleans()):
        lines = lenient.replace("\r\n", "\n").split("\n")
        lenient = "\n".join(f"> {line}" for line in lines)
    return draw(st.sampled_from(["", "\ufeff"])) + lenient, render(tree, itertools.repeat(""))


@st.composite
def broken(draw: st.DrawFn) -> str:
    """JSON with a few characters cut out, put in or doubled."""
    text = draw(st.one_of(strict_text(), decorated().map(lambda pair: pair[0])))
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(text)))
        width = draw(st.integers(0, 4))
        text = text[:at] + draw(st.one_of(FRAGMENTS, st.text(max_size=3))) + text[at + width :]
    return text


FRAGMENTS = st.sampled_from(
    [
        *"{}[],:\"\\'`“”‘’＂，：；、｛｝［］【】…/#|=<>-+.*\t\n\r\x00\ufeff\u00a0\ud800",
        *[
            "...",
            "……",
            "/*",
            "*/",
            "//",
            "\\u",
            "\\ud800",
            "true|false",
            "NaN",
            "01",
            "1E400",
            "nul",
            "abc",
            "'a'",
            '"a"',
        ],
    ]
)
