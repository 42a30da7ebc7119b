"""Completion, in the shells themselves: what is offered where, and that no name is ever run."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from fgtui.cli.completion_scripts import script
from fgtui.cli.main import parser_of
from fgtui.cli.verbs import VERBS

Complete = Callable[..., list[str]]

BASH = 'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _fgtui; printf "%s\\n" "${COMPREPLY[@]}"'
ZSH = """
compdef() { :; }
_files() { :; }
compadd() {
    local -a taken
    if [[ $1 == -a ]]; then taken=("${(@P)3}"); else shift; taken=("$@"); fi
    print -rl -- "${(@M)taken:#${cur}*}"
}
source $1
shift
words=("$@")
CURRENT=$#
_fgtui
"""
FISH = 'source $argv[1]; complete -C (string join " " -- $argv[2..-1])'
PROGRAMS = {
    "bash": ["bash", "--norc", "-c", BASH, "bash"],
    "zsh": ["zsh", "-f", "-c", ZSH, "zsh"],
    "fish": ["fish", "--no-config", "-c", FISH],
}


@pytest.fixture(params=PROGRAMS)
def complete(request: pytest.FixtureRequest, tmp_path: Path, own_home: Path) -> Complete:
    """Completes the last of the words of a command line in one shell, in ``tmp_path``."""
    shell: str = request.param
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed here")
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "fgtui"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m fgtui "$@"\n')
    program.chmod(0o755)
    file = tmp_path / "script"
    file.write_text(script(shell))
    environment = {
        "PATH": f"{tmp_path}/bin:{os.environ['PATH']}",
        "FGTUI_HOME": str(own_home),
        "HOME": str(tmp_path),
        "LANG": "C.UTF-8",
    }

    def run(*words: str) -> list[str]:
        ran = subprocess.run(
            [*PROGRAMS[shell], str(file), "fgtui", *words],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
        )
        assert ran.stderr == ""
        return [line.split("\t")[0] for line in ran.stdout.splitlines() if line]

    return run


def test_verbs_are_offered_first(complete: Complete) -> None:
    assert set(VERBS) <= set(complete(""))
    assert complete("ev") == ["event"]
    assert complete("--store", "x.db", "deco") == ["decode"]


def test_every_option_of_every_verb_is_offered(complete: Complete) -> None:
    for verb in ("event", "send", "show", "query"):
        assert set(parser_of(verb).option_names()) <= set(complete(verb, "--"))


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        pytest.param(("event", "ob"), {"obs"}, id="triggers"),
        pytest.param(("event", "obs", "--template", "remo"), {"removed"}, id="templates"),
        pytest.param(("send", "--template", "x", "ob"), {"obs"}, id="after-an-option-with-value"),
        pytest.param(("send", "--no-record", "ob"), {"obs"}, id="after-an-option-without"),
        pytest.param(("show", "s", "--part", ""), {"event", "decoded", "result", "logs"}, id="parts"),
        pytest.param(("show", "s", "la"), {"last"}, id="second-word"),
        pytest.param(("sessions", "mer"), {"merge"}, id="actions"),
        pytest.param(("completions", ""), {"bash", "zsh", "fish"}, id="shells"),
        pytest.param(("help", "que"), {"query", "queries"}, id="topics"),
        pytest.param(("remote-events", "pu"), {"pull", "push"}, id="actions-of-a-verb-with-a-dash"),
    ],
)
def test_values_are_offered_where_they_belong(complete: Complete, words: Sequence[str], offered: set[str]) -> None:
    assert offered <= set(complete(*words))


def test_a_name_from_a_project_is_quoted_and_never_run(complete: Complete, tmp_path: Path) -> None:
    names = ["$(touch ran)", "`touch ran`", "a b", "x;touch ran", "plain"]
    (tmp_path / "fgtui.toml").write_text("".join(f"[targets.'{name}']\nhandler = 'x.y'\n" for name in names))
    offered = complete("send", "--target", "")
    assert "plain" in offered
    assert len(offered) == len(names)
    assert not (tmp_path / "ran").exists()


def test_profiles_of_the_settings_are_offered(complete: Complete, tmp_path: Path) -> None:
    (tmp_path / "fgtui.toml").write_text("[profiles.prod]\nguard = true\n[profiles.test]\nguard = false\n")
    assert complete("doctor", "--profile", "") == ["prod", "test"]
    assert complete("remote-events", "--profile", "te") == ["test"]


def test_bash_quotes_what_it_inserts(tmp_path: Path) -> None:
    assert '$(printf %q "$word")' in script("bash")
    assert "compgen" not in script("bash")
