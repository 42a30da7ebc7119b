"""The console's saved test events of a deployed function: list, fetch, put, compare, delete.

fgtui remote-events --target T                 list them
fgtui remote-events pull [NAME…] --target T    write each to FOLDER/NAME.json; all without a name
fgtui remote-events push FILE… --target T      NAME.json becomes the event NAME, new or replaced
fgtui remote-events diff [NAME…] --target T    how files and service differ; exit code 1 if they do
fgtui remote-events delete NAME… --target T    for good

FOLDER is test-events/FUNCTION beside fgtui.toml, or --folder. Events come back
byte for byte. The service keeps 10 for each function, of at most 4,096 bytes;
names have 1 to 25 letters, digits, - and _.

What would be replaced by something else is shown and asked for, or --force.
Deletion asks, or --yes, which answers every question. Where the profile is
guarded its name is typed before anything is changed, or --yes-really.
"""

from __future__ import annotations

from argparse import Namespace
from collections import Counter
from collections.abc import Sequence
from shlex import quote
from typing import TYPE_CHECKING, NamedTuple

from fgtui.cli.console import Console
from fgtui.cli.exit_codes import ExitCode
from fgtui.cli.parsing import Parser, file_name, one_of
from fgtui.cli.targeting import add_profile, add_target, agreed, announce
from fgtui.errors import CallError, EventError, FgtuiError, UsageError
from fgtui.words import Phrase, Uncut, english, plural, say

if TYPE_CHECKING:
    from pathlib import Path

    from fgtui.cli.saved_events import Saved
    from fgtui.invoke.model import RemoteTarget, Target
    from fgtui.invoke.service.saved_events import SavedEvent
    from fgtui.sessions.diff.changes import Change

ACTIONS = ("list", "pull", "push", "diff", "delete")
_WRITING = ("pull", "push")
_ABOUT = ("test events of {target}, as {identity}", "test events of {target}, which is guarded, as {identity}") * 2
"""What this is about; as ``targeting.CALLING``."""


def add_arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    parser.add_argument(
        "action",
        metavar="|".join(ACTIONS),
        nargs="?",
        default="list",
        type=one_of(Phrase("action"), ACTIONS),
        help="what to do (list)",
    )
    parser.add_argument("names", metavar="NAME|FILE", nargs="*", help="the events it is about; push: files")
    parser.offers |= {"action": ACTIONS}
    add_target(parser)
    add_profile(parser)
    parser.add_argument(
        "--folder",
        metavar="F",
        type=file_name("--folder"),
        help="where files are (test-events/FUNCTION beside fgtui.toml)",
    )
    parser.add_argument("--force", action="store_true", help="replace what says something else without asking")
    parser.add_argument("--yes", action="store_true", help="yes to every question, but not for a guarded profile")
    parser.add_argument("--yes-really", action="store_true", help="agree to a change where the profile is guarded")
    parser.add_trust()
    parser.add_json("one JSON document: the events, what became of each, or what differs")


def run(arguments: Namespace, console: Console) -> int:
    """Do it, and say of each event what was done."""
    from fgtui.cli.saved_events import Saved

    _check(arguments)
    workspace = console.workspace(arguments)
    try:
        target = _deployed(
            agreed(console, workspace.settings, lambda: workspace.target(arguments.target, profile=arguments.profile))
        )
        saved = Saved(arguments, console, workspace, target)
        announce(console, target, _ABOUT)
        try:
            return _ACTIONS[arguments.action](saved, arguments.names)
        except CallError as error:
            _name_profile(error, target)
            raise
        finally:
            if arguments.json and arguments.action in ("pull", "push", "delete"):
                console.output.document(saved.done)
    finally:
        workspace.close()


def _check(arguments: Namespace) -> None:
    action, names = arguments.action, arguments.names
    if action == "list" and names:
        raise UsageError("fgtui remote-events list takes no name")
    if action in ("push", "delete") and not names:
        raise UsageError(
            "fgtui remote-events push takes at least one file"
            if action == "push"
            else "fgtui remote-events delete takes at least one name"
        )
    if arguments.force and action not in _WRITING:
        raise UsageError("--force lets pull and push replace what says something else")
    if arguments.folder is not None and action not in (*_WRITING, "diff"):
        raise UsageError("fgtui remote-events {action} looks into no --folder", action=action)
    arguments.names = list(dict.fromkeys(names))


def _deployed(target: Target) -> RemoteTarget:
    from fgtui.invoke.model import RemoteTarget

    if not isinstance(target, RemoteTarget):
        raise UsageError(
            "{target} is no deployed function, and only those have saved test events",
            target=target.name or target.spec,
            hint="name one: --target urn:fss:…, or a target of fgtui.toml with a urn",
        )
    return target


def _name_profile(error: CallError, target: RemoteTarget) -> None:
    """Have the command that ``error`` advises named as it is typed for the profile in use."""
    if target.profile.name:
        advice = say(error.hint, error.values).replace("--profile NAME", f"--profile {quote(target.profile.name)}")
        error.hint, error.values["advice"] = "{advice}", Uncut(advice)


def _list(saved: Saved, _: Sequence[str]) -> int:
    events = saved.there.list()
    output = saved.console.output
    if saved.arguments.json:
        output.document([_json(event) for event in events])
    elif events:
        output.table((say("name"), say("changed")), [(event.name, _changed(event)) for event in events])
    else:
        saved.console.diagnostics.note("{function} has no test events", function=saved.function)
    return ExitCode.OK


def _json(event: SavedEvent) -> dict[str, object]:
    moment = event.modified_at
    return {"name": event.name, "id": event.id, "last_modified": None if moment is None else moment.isoformat()}


def _changed(event: SavedEvent) -> str:
    from fgtui.cli.recordings import local_time

    return "" if event.modified_at is None else local_time(event.modified_at)


def _pull(saved: Saved, names: Sequence[str]) -> int:
    from fgtui.cli.pulling import pull

    return pull(saved, names)


def _push(saved: Saved, names: Sequence[str]) -> int:
    from fgtui.cli.pushing import push

    return push(saved, names)


# Delete


def _delete(saved: Saved, names: Sequence[str]) -> int:
    from fgtui.cli.signals import Stopped

    chosen = saved.chosen(names, saved.there.list())
    agreed_to = [event for event in chosen if _may_delete(saved, event)]
    if agreed_to:
        saved.confirm(
            plural(
                len(agreed_to),
                "1 test event goes in {target}, which is guarded. Type {name} to go on:",
                "{count} test events go in {target}, which is guarded. Type {name} to go on:",
            ),
            count=len(agreed_to),
        )
    for at, event in enumerate(agreed_to):
        try:
            saved.there.delete(event)
        except (CallError, Stopped) as error:
            saved.stop(error, [left.name for left in agreed_to[at:]], "{name}: not deleted")
            raise
        saved.tell(event.name, "deleted", "{name}: deleted")
    return ExitCode.OK if len(agreed_to) == len(chosen) else ExitCode.USAGE


def _may_delete(saved: Saved, event: SavedEvent) -> bool:
    question = "Delete {name} of {function}, for good?"
    if saved.arguments.yes or saved.console.ask(question, name=event.name, function=saved.function):
        return True
    if not saved.console.can_ask:
        raise UsageError("nothing was deleted", hint="no terminal to ask on: --yes deletes without asking")
    saved.tell(event.name, "kept", "{name}: kept")
    return False


# Diff


class Difference(NamedTuple):
    """What came of comparing one event."""

    name: str
    state: str
    """``same``, ``respelled``, ``different``, ``only here``, ``only there``, ``unreadable``."""
    changes: tuple[Change, ...] = ()
    why: FgtuiError | None = None
    """Why it could not be compared."""


CODES = {"same": ExitCode.OK, "respelled": ExitCode.OK, "unreadable": ExitCode.USAGE}
"""All others are differences."""


def _diff(saved: Saved, names: Sequence[str]) -> int:
    """What the service has is old and what is here is new, as it would be after a push."""
    from fgtui.cli.saved_events import files_in

    there = {event.name: event for event in saved.there.list()}
    here = files_in(saved.folder)
    for name in names:
        if name not in here:
            saved.chosen([name], list(there.values()))  # raises, and names the nearest
    found: list[Difference] = []
    for name in names or sorted(there.keys() | here.keys()):
        found.append(_difference(saved, name, there.get(name), here.get(name)))
        if not saved.arguments.json:
            _print(saved, found[-1])
    if saved.arguments.json:
        saved.console.output.document([_difference_json(each) for each in found])
    _tally(saved, found)
    return max((CODES.get(each.state, ExitCode.FAILED) for each in found), default=ExitCode.OK)


def _difference(saved: Saved, name: str, there: SavedEvent | None, here: Path | None) -> Difference:
    from fgtui.cli.saved_events import content_of, wire_of
    from fgtui.invoke.service.saved_events import UnreadableError

    if there is None or here is None:
        return Difference(name, "only here" if there is None else "only there")
    try:
        new = wire_of(content_of(here) or b"", saved.spelled(here))
        old = saved.there.content(there)
    except UnreadableError as error:
        return Difference(name, "unreadable", why=FgtuiError("{why}", why=error))
    except EventError as error:
        return Difference(name, "unreadable", why=error)
    if old == new:
        return Difference(name, "same")
    changes = saved.compared(old, new).changes
    return Difference(name, "different" if changes else "respelled", changes)


def _difference_json(found: Difference) -> dict[str, object]:
    from fgtui.sessions.diff.change_words import change_json

    why = None if found.why is None else english(found.why.message, found.why.values)
    changes = [change_json(change) for change in found.changes]
    return {"name": found.name, "state": found.state, "changes": changes, "why": why}


def _print(saved: Saved, found: Difference) -> None:
    output = saved.console.output
    match found.state:
        case "different":
            from fgtui.cli.diffing import print_changes

            count = len(found.changes)
            words = plural(count, "{name}: 1 difference", "{name}: {count} differences")
            output.pieces([(say(words, name=found.name, count=count), "strong")])
            print_changes(saved.console, found.changes, side_by_side=False)
        case "only here":
            output.pieces([("+ ", "good"), (say("{name} is only here", name=found.name), "")])
        case "only there":
            output.pieces([("- ", "bad"), (say("{name} is only there", name=found.name), "")])
        case "respelled":
            from fgtui.sessions.diff.change_words import RESPELLED

            saved.console.diagnostics.note("{name}: {why}", name=found.name, why=Phrase(RESPELLED))
        case "unreadable" if found.why is not None:
            saved.refuse(found.name, found.why)


def _tally(saved: Saved, found: Sequence[Difference]) -> None:
    """How many are how; nothing where there are none."""
    if not found:
        folder = saved.spelled(saved.folder)
        saved.console.diagnostics.note(
            "{function} has no test events, and {folder} none either", function=saved.function, folder=folder
        )
        return
    counts = Counter(each.state for each in found)
    saved.console.diagnostics.note(
        "{count} compared with {folder}: {states}",
        count=len(found),
        folder=saved.spelled(saved.folder),
        states=", ".join(say(_STATES[state], count=counts[state]) for state in counts),
    )


_STATES = {
    "same": "{count} same",
    "respelled": "{count} respelled",
    "different": "{count} different",
    "only here": "{count} only here",
    "only there": "{count} only there",
    "unreadable": "{count} unreadable",
}
"""What the tally says of how many that are so."""


_ACTIONS = {"list": _list, "pull": _pull, "push": _push, "diff": _diff, "delete": _delete}
