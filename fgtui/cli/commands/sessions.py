"""List, create, rename, delete and merge sessions.

fgtui sessions                            list them
fgtui sessions create NAME
fgtui sessions rename OLD NEW
fgtui sessions delete NAME…               asks first, or --yes
fgtui sessions merge NAME… --into NAME    append their exchanges; the sources stay, and may be .jsonl files
"""

from __future__ import annotations

from argparse import Namespace
from typing import TYPE_CHECKING

from fgtui.cli.console import Console
from fgtui.cli.exit_codes import ExitCode
from fgtui.cli.parsing import Parser, one_of
from fgtui.cli.recordings import local_time, recording_of, require_session
from fgtui.errors import UsageError
from fgtui.words import Phrase, plural, say

if TYPE_CHECKING:
    from fgtui.workspace import Workspace

ACTIONS = ("list", "create", "rename", "delete", "merge")


def add_arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    parser.add_argument(
        "action",
        metavar="list|create|rename|delete|merge",
        nargs="?",
        default="list",
        type=one_of(Phrase("action"), ACTIONS),
        help="what to do (list)",
    )
    parser.add_argument("names", metavar="NAME", nargs="*", help="the sessions it is about")
    parser.offers |= {"action": ACTIONS, "names": "sessions", "into": "sessions"}
    parser.add_argument("--into", metavar="NAME", help="merge: the session that takes the exchanges")
    parser.add_argument("--yes", action="store_true", help="delete without asking")
    parser.add_json("list: one JSON document")
    parser.add_store()


def run(arguments: Namespace, console: Console) -> int:
    """Do it, and say what was done."""
    workspace = console.workspace(arguments)
    try:
        return _ACTIONS[arguments.action](arguments, console, workspace)
    finally:
        workspace.close()


def _list(arguments: Namespace, console: Console, workspace: Workspace) -> int:
    _expect(arguments, 0, "fgtui sessions list takes no name")
    sessions = workspace.store.sessions()
    if arguments.json:
        console.output.document(
            [
                {
                    "name": session.name,
                    "count": session.count,
                    "created_at": session.created_at.isoformat(),
                    "last_at": session.last_at.isoformat() if session.last_at else None,
                }
                for session in sessions
            ]
        )
    elif sessions:
        console.output.table(
            (say("session"), say("exchanges"), say("last")),
            [
                (session.name, f"{session.count:,}", local_time(session.last_at) if session.last_at else "")
                for session in sessions
            ],
            right=frozenset((1,)),
        )
    else:
        console.diagnostics.note("nothing is recorded yet in {file}", file=str(workspace.settings.store))
    return ExitCode.OK


def _create(arguments: Namespace, console: Console, workspace: Workspace) -> int:
    (name,) = _expect(arguments, 1, "fgtui sessions create takes one name")
    workspace.store.create(name)
    console.diagnostics.note("created {name}", name=name)
    return ExitCode.OK


def _rename(arguments: Namespace, console: Console, workspace: Workspace) -> int:
    old, new = _expect(arguments, 2, "fgtui sessions rename takes two names, the old and the new")
    require_session(workspace, old)
    workspace.store.rename(old, new)
    console.diagnostics.note("{old} is now {new}", old=old, new=new)
    return ExitCode.OK


def _delete(arguments: Namespace, console: Console, workspace: Workspace) -> int:
    names = list(dict.fromkeys(_expect(arguments, None, "fgtui sessions delete takes at least one name")))
    for name in names:
        require_session(workspace, name)
    for name in names:
        count = workspace.store.count(name)
        values = {"name": name, "count": f"{count:,}"}
        question = plural(
            count, "Delete {name} with its 1 exchange, for good?", "Delete {name} with its {count} exchanges, for good?"
        )
        if not arguments.yes and not console.ask(question, **values):
            raise UsageError(
                "{name} was not deleted",
                name=name,
                hint="" if console.can_ask else "no terminal to ask on: --yes deletes without asking",
            )
        workspace.store.delete(name)
        console.diagnostics.note(
            plural(count, "deleted {name} with 1 exchange", "deleted {name} with {count} exchanges"), **values
        )
    return ExitCode.OK


def _merge(arguments: Namespace, console: Console, workspace: Workspace) -> int:
    sources = _expect(arguments, None, "fgtui sessions merge takes at least one name")
    if arguments.into is None:
        raise UsageError("into which session?", hint="fgtui sessions merge NAME… --into NAME")
    from fgtui.sessions.interchange.importing import import_exchanges

    files = [(name, recording_of(console, workspace, name)) for name in sources if name.endswith(".jsonl")]
    names = [name for name in sources if not name.endswith(".jsonl")]
    for name in names:
        require_session(workspace, name)
    count = workspace.store.merge(names, arguments.into) if names else 0
    for name, recording in files:
        count += import_exchanges(workspace.store, recording.iterate(name), arguments.into).imported
    console.diagnostics.note(
        plural(count, "1 exchange appended to {into}", "{count} exchanges appended to {into}"),
        count=f"{count:,}",
        into=arguments.into,
    )
    return ExitCode.OK


def _expect(arguments: Namespace, count: int | None, rule: str) -> list[str]:
    names: list[str] = arguments.names
    if len(names) != count if count is not None else not names:
        raise UsageError(rule)
    return names


_ACTIONS = {"list": _list, "create": _create, "rename": _rename, "delete": _delete, "merge": _merge}
