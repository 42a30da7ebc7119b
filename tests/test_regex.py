from __future__ import annotations

import importlib
import pkgutil
import re
import subprocess
import sys

import pytest

import fgtui
from fgtui.regex import _Regex, regex

MODULES = [
    module.name
    for module in pkgutil.walk_packages(fgtui.__path__, "fgtui.")
    if ".hosts" not in module.name and not module.name.endswith("__main__")
]


def test_it_matches_as_a_compiled_pattern_does() -> None:
    words, compiled = regex(r"(\w+)-?", re.ASCII), re.compile(r"(\w+)-?", re.ASCII)
    text = "ab-cd é"
    assert words.findall(text) == compiled.findall(text)
    assert words.sub("x", text) == compiled.sub("x", text)
    assert [found.span() for found in words.finditer(text, 1)] == [found.span() for found in compiled.finditer(text, 1)]
    assert words.fullmatch("é") is None
    assert words.groups == 1


def test_bytes_are_matched_by_patterns_of_bytes() -> None:
    found = regex(rb"\d+").search(b"a12")
    assert found is not None
    assert found[0] == b"12"


def test_nothing_of_ours_is_compiled_before_something_is_matched() -> None:
    code = (
        "import argparse, json, re, sqlite3, string, tomllib, urllib.parse; re.compile = None\n"
        "import fgtui.cli.commands.event, fgtui.cli.commands.send, fgtui.config, fgtui.events.assignments\n"
        "import fgtui.events.fields, fgtui.invoke.invoker, fgtui.sessions.store, fgtui.workspace"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr


def test_a_mistake_shows_at_the_first_match() -> None:
    broken = regex("(")
    with pytest.raises(re.error):
        broken.match("")


def test_every_expression_of_the_package_compiles() -> None:
    found = [value for name in MODULES for value in vars(importlib.import_module(name)).values()]
    expressions = [value for value in found if isinstance(value, _Regex)]
    assert len(expressions) > 50
    for expression in expressions:
        re.compile(expression.pattern, expression.flags)
