"""Say what works on this machine, and the way out where something does not.

fgtui doctor                   stays off the network, and runs nothing that a project names
fgtui doctor --profile NAME    tries one profile instead: its credentials, the way to its
                               endpoint, the clock, whether it is known there, the project;
                               one signed request lists functions, nothing is invoked

With --profile the exit code is 3 where nobody answers, and 1 where anything else is missing.
"""

from __future__ import annotations

import os
import shutil
import stat
import sys
from argparse import Namespace
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from fgtui.cli.console import Console
from fgtui.cli.exit_codes import ExitCode
from fgtui.cli.findings import Row, State
from fgtui.cli.output import padded
from fgtui.cli.parsing import Parser
from fgtui.cli.profile_findings import checked_rows, code_of, deployed_words, profile_rows
from fgtui.cli.proxies import proxies_set
from fgtui.cli.runtime_findings import runtime_rows
from fgtui.cli.targeting import add_profile, agreed
from fgtui.errors import FgtuiError, StoreError
from fgtui.words import LANGUAGES, Phrase, folded, language_named, plural, say, spoken

if TYPE_CHECKING:
    from fgtui.invoke.model import LocalTarget, Target
    from fgtui.workspace import Workspace

LITTLE_SPACE = 200 << 20
"""Bytes free below which recordings are about to fail."""
STATES = {State.OK: Phrase("ok"), State.WARN: Phrase("warn"), State.MISSING: Phrase("missing")}
_RECORDINGS, _PROJECT, _PRIVACY = Phrase("recordings"), Phrase("project"), Phrase("privacy")
_TERMINAL, _COLOURS = Phrase("terminal"), Phrase("colours")
_CLIPBOARD, _LOCALE = Phrase("clipboard"), Phrase("locale")
ANSWER_S = 0.5
"""How long the terminal may take to say where its cursor is."""
CLIPBOARD_TOOLS = ("wl-copy", "xclip", "xsel", "pbcopy", "clip.exe")


def add_arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    add_profile(parser, "try this profile of the settings, over the network, and nothing else")
    parser.add_trust()
    parser.add_json("the findings as one JSON document")
    parser.add_store()


def run(arguments: Namespace, console: Console) -> int:
    """Look at everything; exit code 4 only when recordings cannot be read or written."""
    if arguments.profile is not None:
        return _try_profile(arguments, console)
    rows = list(_examine(arguments, console))
    if arguments.json:
        console.output.document([_json(row) for row in rows])
    else:
        for row in rows:
            _print(console, row)
    broken = any(row.what == _RECORDINGS and row.state is State.MISSING for row in rows)
    return ExitCode.STORE if broken else ExitCode.OK


def _print(console: Console, row: Row) -> None:
    state, what = padded(say(STATES[row.state]), 8), padded(_shown(row.what), 12)
    console.output.line(f"{state} {what} {_shown(row.finding)}")
    if row.way_out:
        console.output.line(f"{'':<21} → {_shown(row.way_out)}")


def _shown(words: str | Phrase) -> str:
    return say(words) if isinstance(words, Phrase) else words


def _json(row: Row) -> dict[str, str]:
    return {"what": str(row.what), "state": row.state, "finding": str(row.finding), "way_out": str(row.way_out)}


def _try_profile(arguments: Namespace, console: Console) -> int:
    """Each step as it is done; exit code 3 where nobody answered, 1 where something else is missing."""
    workspace = console.workspace(arguments)
    try:
        agreed(console, workspace.settings, lambda: workspace.targets.profile(arguments.profile))
        rows = []
        for row in checked_rows(workspace, arguments.profile):
            rows.append(row)
            if not arguments.json:
                _print(console, row)
                console.output.flush()
    finally:
        workspace.close()
    if arguments.json:
        console.output.document([_json(row) for row in rows])
    return code_of(rows)


def _examine(arguments: Namespace, console: Console) -> Iterator[Row]:
    from fgtui import __version__

    environment = console.environment
    version = ".".join(map(str, sys.version_info[:3]))
    words = Phrase(
        "{version} on Python {python}, {executable}", version=__version__, python=version, executable=sys.executable
    )
    yield Row("fgtui", State.OK, words)
    try:
        workspace = console.workspace(arguments)
    except FgtuiError as error:
        yield _failed(Phrase("settings"), error)
    else:
        try:
            yield from _workspace_rows(workspace)
        finally:
            workspace.close()
    yield from runtime_rows(environment)
    yield _terminal(environment)
    if console.stdin_is_terminal and console.output.is_terminal and not arguments.json:
        yield from _widths(console)
    yield _colours(environment)
    yield _clipboard(environment)
    yield _locale(environment, console.output.charset)
    yield from _language(environment)
    yield _proxies(environment)


def _failed(what: str | Phrase, error: FgtuiError, state: State = State.MISSING) -> Row:
    hint = Phrase(error.hint, error.values) if error.hint else ""
    return Row(what, state, Phrase(error.message, error.values), hint)


def _workspace_rows(workspace: Workspace) -> Iterator[Row]:
    settings = workspace.settings
    if settings.project is None:
        yield Row(_PROJECT, State.OK, Phrase("none here: no fgtui.toml in this folder or above"))
    elif workspace.targets.needs_consent():
        words = Phrase("{project}: what it names was not agreed to", project=settings.project)
        yield Row(_PROJECT, State.WARN, words, "fgtui trust")
    else:
        yield Row(_PROJECT, State.OK, str(settings.project))
    for problem in workspace.catalogue.problems:
        yield Row(Phrase("triggers"), State.WARN, problem, Phrase("the others work; mend or remove that folder"))
    yield from _targets(workspace)
    yield from profile_rows(workspace)
    yield from _recordings(workspace)


def _targets(workspace: Workspace) -> Iterator[Row]:
    """What would run each target; none of it is started."""
    settings = workspace.settings
    for name in (None, *settings.targets):
        if name is None and not workspace.targets.uses_sample(None):
            continue
        what = Phrase("target {name}", name=name) if name else Phrase("target")
        try:
            yield Row(what, State.OK, _how_it_runs(workspace.target(name)))
        except FgtuiError as error:
            yield _failed(what, error, State.WARN)


def _how_it_runs(target: Target) -> Phrase:
    from fgtui.invoke import runtimes
    from fgtui.invoke.model import HttpTarget, RemoteTarget, address_of, is_started_here

    if isinstance(target, RemoteTarget):
        return deployed_words(target)
    if not is_started_here(target):
        family = target.family if isinstance(target, HttpTarget) else None
        return Phrase(
            "{address}, as {family}: somebody else runs it" if family else "{address}: somebody else runs it",
            address=address_of(target),
            family=family,
        )
    program = runtimes.launch(target).program
    if program == target.file:
        return Phrase("{file}, as {family}: started by itself", file=target.file, family=target.family)
    gson = _gson(target)
    return Phrase(
        "{file}, by {program}, with {gson}" if gson else "{file}, by {program}",
        file=target.file,
        program=program,
        gson=gson,
    )


def _gson(target: LocalTarget) -> Path | None:
    """What stands in for the Gson of the cloud where a Java project has none."""
    from fgtui.invoke.runtimes import java

    if target.family != "java" or java.locate_class("com.google.gson.Gson", target.class_path):
        return None
    return java.gson_in_caches()


def _recordings(workspace: Workspace) -> Iterator[Row]:
    import sqlite3

    store = workspace.settings.store
    try:
        journal = workspace.store.journal
        sessions = workspace.store.sessions()
        count = sum(session.count for session in sessions)
        held = Phrase(
            "{store}: {exchanges} in {sessions}" if store.exists() else "{store}: none yet",
            store=store,
            exchanges=Phrase(plural(count, "1 exchange", "{count} exchanges"), count=f"{count:,}"),
            sessions=Phrase(plural(len(sessions), "1 session", "{count} sessions"), count=len(sessions)),
        )
        yield Row(_RECORDINGS, State.OK, held)
        values = {"version": sqlite3.sqlite_version, "mode": journal.mode, "reason": journal.reason}
        yield Row("sqlite", State.OK, Phrase("{version}, {mode} journal: {reason}", values))
        if not _has_full_text():
            words = Phrase("this SQLite has no FTS5, so searches look through every recording")
            yield Row(Phrase("search"), State.WARN, words)
        if store.exists():
            yield from _reach(store)
    except StoreError as error:
        yield _failed(_RECORDINGS, error)
    yield from _writable(store)
    yield _space(store)


def _has_full_text() -> bool:
    import sqlite3

    from fgtui.sessions.search.index import has_full_text

    with closing(sqlite3.connect(":memory:")) as connection:
        return has_full_text(connection)


def _reach(store: Path) -> Iterator[Row]:
    """Who else could read the recordings: the file's own mode decides, its folder may be a shared one (``/tmp``)."""
    if stat.S_IMODE(store.stat().st_mode) & 0o077:
        yield Row(
            _PRIVACY, State.WARN, Phrase("others on this machine may reach {file}", file=store), f"chmod go= {store}"
        )


def _writable(store: Path) -> Iterator[Row]:
    for path in (store, store.parent):
        if path.exists() and not os.access(path, os.W_OK):
            words = Phrase("{path} cannot be written: nothing new is recorded", path=path)
            yield Row(_PRIVACY, State.WARN, words, f"chmod u+w {path}")


def _space(store: Path) -> Row:
    folder = next(each for each in store.parents if each.exists())
    free = shutil.disk_usage(folder).free
    words = Phrase("{count} GB free on {folder}", count=f"{free / 1e9:.1f}", folder=folder)
    if free < LITTLE_SPACE:
        return Row(
            Phrase("disk"),
            State.WARN,
            words,
            Phrase("sends go on, but what cannot be recorded is lost: make room, or --store elsewhere"),
        )
    return Row(Phrase("disk"), State.OK, words)


def _terminal(environment: Mapping[str, str]) -> Row:
    term = environment.get("TERM", "")
    between = [
        name for name, sign in (("tmux", "TMUX"), ("screen", "STY"), ("ssh", "SSH_CONNECTION")) if environment.get(sign)
    ]
    if term in ("", "dumb"):
        words = Phrase("TERM={term}", term=term or Phrase("(not set)"))
        return Row(_TERMINAL, State.WARN, words, Phrase("the workbench needs a terminal; verbs do not"))
    size = shutil.get_terminal_size()
    return Row(
        _TERMINAL,
        State.OK,
        Phrase(
            "{term}, {columns}×{lines}, through {between}" if between else "{term}, {columns}×{lines}",
            term=term,
            columns=size.columns,
            lines=size.lines,
            between=folded(between, "{these} and {this}"),
        ),
    )


def _widths(console: Console) -> Iterator[Row]:
    """How wide the terminal draws the signs of frames; nothing where it does not tell."""
    from fgtui.terminal.widths import SIGN, measured

    console.output.flush()
    cells = measured(0, 1, patience_s=ANSWER_S)
    if cells == 1:
        yield Row(Phrase("signs"), State.OK, Phrase("{sign} takes one cell, as it should", sign=SIGN))
    elif cells:
        words = Phrase(
            "{sign} takes {count} cells here, which breaks the frames of the workbench", sign=SIGN, count=cells
        )
        yield Row(Phrase("signs"), State.WARN, words, _way_to_narrow(console.environment))


def _way_to_narrow(environment: Mapping[str, str]) -> Phrase:
    if environment.get("STY"):
        return Phrase("put cjkwidth off into ~/.screenrc")
    return Phrase("in the settings of the terminal, have characters of ambiguous width be narrow")


def _colours(environment: Mapping[str, str]) -> Row:
    if environment.get("NO_COLOR"):
        return Row(_COLOURS, State.OK, Phrase("off, by NO_COLOR"))
    if environment.get("COLORTERM", "").lower() in ("truecolor", "24bit"):
        return Row(_COLOURS, State.OK, Phrase("16 million"))
    if "256color" in environment.get("TERM", ""):
        return Row(_COLOURS, State.OK, Phrase("256; export COLORTERM=truecolor where the terminal has more"))
    return Row(_COLOURS, State.OK, Phrase("16, as far as TERM tells"))


def _clipboard(environment: Mapping[str, str]) -> Row:
    tools = [name for name in CLIPBOARD_TOOLS if shutil.which(name, path=environment.get("PATH"))]
    has_display = sys.platform == "darwin" or any(
        environment.get(name) for name in ("WAYLAND_DISPLAY", "DISPLAY", "WSL_DISTRO_NAME")
    )
    is_remote = any(environment.get(name) for name in ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"))
    if tools and has_display and not is_remote:
        return Row(_CLIPBOARD, State.OK, Phrase("native, by {tool}", tool=tools[0]))
    if environment.get("TMUX"):
        return _tmux_clipboard(environment)
    words = Phrase("copies go to the terminal (OSC 52, which does not say whether it took them), and to a file")
    if is_remote:
        return Row(_CLIPBOARD, State.OK, words)
    return Row(_CLIPBOARD, State.WARN, words, Phrase("with a desktop here: install wl-clipboard or xclip"))


def _tmux_clipboard(environment: Mapping[str, str]) -> Row:
    from fgtui.terminal.clipboard import Reach, tmux_reach

    match tmux_reach(environment):
        case Reach.TERMINAL:
            words = Phrase("copies go to a buffer of tmux, which sends them on to the terminal (OSC 52)")
            return Row(_CLIPBOARD, State.OK, words)
        case Reach.BUFFER:
            words = Phrase("copies stay in a buffer of tmux and in a file: its set-clipboard is off")
            return Row(_CLIPBOARD, State.WARN, words, Phrase("in tmux: set -s set-clipboard on"))
        case _:
            words = Phrase("copies go to a buffer of tmux and to a file; it knows no way to its terminal's clipboard")
            hint = Phrase("in tmux: set -as terminal-features {features}, and attach again", features="',*:clipboard'")
            return Row(_CLIPBOARD, State.WARN, words, hint)


def _locale(environment: Mapping[str, str], charset: str) -> Row:
    name = next((environment[each] for each in ("LC_ALL", "LC_CTYPE", "LANG") if environment.get(each)), "")
    words = Phrase("{locale}; language {language}", locale=name or Phrase("not set"), language=spoken())
    if charset:
        from fgtui.terminal.charset import way_to_utf8

        words = Phrase("{locale}: the terminal's characters are {charset}", locale=name, charset=charset)
        return Row(
            _LOCALE, State.WARN, words, Phrase("the workbench needs UTF-8: {command}", command=way_to_utf8(environment))
        )
    if "utf-8" in name.lower().replace("utf8", "utf-8"):
        return Row(_LOCALE, State.OK, words)
    return Row(_LOCALE, State.WARN, words, Phrase("export LANG=C.UTF-8, or signs and Chinese may not show"))


def _language(environment: Mapping[str, str]) -> Iterator[Row]:
    """What keeps words from being in the language that was asked for; nothing where nothing does."""
    from fgtui.locale import FOLDERS
    from fgtui.locale.reading import read_folder

    wanted = environment.get("FGTUI_LANG", "")
    if wanted and language_named(wanted) is None:
        words = Phrase("FGTUI_LANG is {word!r}, no language there are words in", word=wanted)
        yield Row(Phrase("language"), State.WARN, words, Phrase("it is {languages}", languages=" / ".join(LANGUAGES)))
    for folder in FOLDERS.values():
        for found in read_folder(folder).findings:
            words = Phrase(
                "{file} is not used, line {line}: {why}" if found.line else "{file} is not used: {why}",
                file=found.file,
                line=found.line,
                why=Phrase(found.why),
            )
            yield Row(Phrase("language"), State.WARN, words, Phrase("its sentences are in English until it is mended"))


def _proxies(environment: Mapping[str, str]) -> Row:
    set_ones = [f"{name}={value}" for name, value in proxies_set(environment).items()]
    return Row(Phrase("proxies"), State.OK, ", ".join(set_ones) or Phrase("none"))
