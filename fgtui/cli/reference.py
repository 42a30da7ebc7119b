"""The README's tables, rendered from the parsers, the settings and the exit codes that are really there.

``python -m fgtui.cli.reference`` puts them into the README of the working folder; a test compares.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from fgtui.cli.exit_codes import MEANINGS
from fgtui.cli.main import parser_of, workbench_parser
from fgtui.cli.verbs import VERBS
from fgtui.settings_table import SETTINGS, Setting


def commands_table() -> str:
    """Every verb with everything it takes, and what it does."""
    rows = [(_synopsis("fgtui", workbench_parser().actions()), "open the workbench")]
    rows += [(_synopsis(verb, parser_of(verb).actions()), summary) for verb, summary in VERBS.items()]
    return _markdown(("command", "does"), ((_code(words), summary) for words, summary in rows))


def settings_table() -> str:
    """Every key of ``fgtui.toml`` and ``config.toml``: type, default, meaning."""
    return _markdown(
        ("key", "type", "default", "meaning"),
        ((_code(each.key), each.type.value, _default(each), each.description) for each in SETTINGS),
    )


def exit_codes_table() -> str:
    """Every exit code and what it says."""
    return _markdown(("code", "means"), ((str(code.value), meaning) for code, meaning in MEANINGS.items()))


TABLES: dict[str, Callable[[], str]] = {
    "commands": commands_table,
    "settings": settings_table,
    "exit-codes": exit_codes_table,
}


def fill(readme: str) -> str:
    """``readme`` with each table between its markers, ``<!-- NAME -->`` and ``<!-- /NAME -->``."""
    for name, render in TABLES.items():
        opening, closing = f"<!-- {name} -->\n", f"<!-- /{name} -->"
        before, found, rest = readme.partition(opening)
        if found:
            readme = before + opening + render() + closing + rest.partition(closing)[2]
    return readme


def _synopsis(name: str, actions: Iterable[argparse.Action]) -> str:
    everywhere = {"help"} if name == "fgtui" else {"help", "lang"}  # what every verb takes is said once
    return " ".join([name, *(_spelled(action) for action in actions if action.dest not in everywhere)])


def _spelled(action: argparse.Action) -> str:
    """``FILE``, ``[FILE]``, ``[--json]``, ``[--set P=V]…``."""
    is_repeated = action.nargs in ("*", "+") or isinstance(action, argparse._AppendAction)  # noqa: SLF001 - no public name
    value = "" if action.nargs == 0 else str(action.metavar or action.dest.upper())
    if action.option_strings:
        value = f"[{value}]" if action.nargs == "?" else value
        words = " ".join(filter(None, [action.option_strings[0], value]))
        return f"[{words}]" + ("…" if is_repeated else "")
    words = value + ("…" if is_repeated else "")
    return f"[{words}]" if action.nargs in ("?", "*") else words


def _default(setting: Setting) -> str:
    if setting.default is None:
        return ""
    if setting.default == ():
        return _code("[]")
    if isinstance(setting.default, bool):
        return _code(str(setting.default).lower())
    return _code(f"{setting.default:g}" if isinstance(setting.default, int | float) else str(setting.default))


def _code(words: str) -> str:
    return f"`{words}`"


def _markdown(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [header, ["---"] * len(header), *rows]
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)


if __name__ == "__main__":
    README = Path("README.md")
    README.write_text(fill(README.read_text(encoding="utf-8")), encoding="utf-8")
