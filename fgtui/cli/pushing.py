"""Puts files here among the saved test events of a deployed function: everything is checked, shown and asked before
the first is sent.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from fgtui.cli.exit_codes import ExitCode
from fgtui.cli.saved_events import ENDING, Saved, wire_of
from fgtui.cli.signals import Stopped
from fgtui.errors import CallError, UsageError
from fgtui.invoke.service.saved_events import UnreadableError, check_count, check_name, check_size, file_name_of
from fgtui.records import Record, replace
from fgtui.words import plural

if TYPE_CHECKING:
    from fgtui.invoke.service.saved_events import SavedEvent


class Push(Record):
    """One event on its way."""

    name: str
    source: str
    """What messages call the file."""
    content: bytes
    there: SavedEvent | None = None
    """What it takes the place of."""
    old: bytes = b""
    """What that says; nothing where it is no event."""


def push(saved: Saved, files: Sequence[str]) -> int:
    """Send what is agreed to, one after the other; after a call that came to nothing there is no other."""
    pushes = [_read(saved, word) for word in files]
    _check_names(pushes)
    listed = {event.name: event for event in saved.there.list()}
    check_count(len(listed), sum(each.name not in listed for each in pushes))
    planned = [each for each in (_planned(saved, each, listed.get(each.name)) for each in pushes) if each is not None]
    agreed = [each for each in planned if _is_agreed(saved, each)]
    if agreed:
        saved.confirm(
            plural(
                len(agreed),
                "1 test event changes in {target}, which is guarded. Type {name} to go on:",
                "{count} test events change in {target}, which is guarded. Type {name} to go on:",
            ),
            count=len(agreed),
        )
    _send(saved, agreed)
    return ExitCode.OK if len(agreed) == len(planned) else ExitCode.USAGE


def _read(saved: Saved, word: str) -> Push:
    from fgtui.cli.sources import read_data

    name = Path(word).name.removesuffix(ENDING)
    check_name(name)
    content = wire_of(read_data(saved.console, _file_of(saved, word)), word)
    check_size(word, content)
    return Push(name, word, content)


def _file_of(saved: Saved, word: str) -> str:
    """The file that ``word`` means: itself, or where only an event's name is said the one that ``pull`` writes."""
    file_name = file_name_of(word)
    if file_name is None or (saved.console.folder / word).exists():
        return word
    pulled = saved.folder / file_name
    if pulled.is_symlink():
        raise UsageError(
            "{name} is a link; nothing was sent", name=saved.spelled(pulled), hint="name the file it leads to"
        )
    return str(pulled) if pulled.exists() else word


def _check_names(pushes: Sequence[Push]) -> None:
    sources: dict[str, str] = {}
    for each in pushes:
        if (other := sources.setdefault(each.name, each.source)) != each.source:
            raise UsageError("{one} and {other} would be one event", one=other, other=each.source)


def _planned(saved: Saved, push: Push, there: SavedEvent | None) -> Push | None:
    """``push`` with what it replaces; ``None`` where the service has the same."""
    if there is None:
        return push
    try:
        old = saved.there.content(there)
    except UnreadableError:
        old = b""
    if old == push.content:
        saved.tell(push.name, "unchanged", "{name}: the service has the same already")
        return None
    return replace(push, there=there, old=old)


def _is_agreed(saved: Saved, push: Push) -> bool:
    """Whether it may go. Where nobody can be asked ``UsageError``: nothing was sent."""
    can_ask = saved.console.can_ask
    if saved.warn_of_secrets(push.name, push.content, SECRETS) and not saved.arguments.yes:
        if not can_ask:
            raise UsageError("nothing was sent", hint="--yes sends secrets too")
        if not saved.console.ask("Send {name} all the same?", name=push.name):
            saved.tell(push.name, "kept", "{name}: not sent")
            return False
    if push.there is None or saved.may_replace(push.old, push.content, "Replace {name} there?", name=push.name):
        return True
    if not can_ask:
        raise UsageError(
            "the service has another {name}; nothing was sent",
            name=push.name,
            hint="--force replaces it; fgtui remote-events diff {name} says what differs",
        )
    saved.tell(push.name, "kept", "{name}: not sent; the service keeps its own")
    return False


SECRETS = "{name} holds what looks like a secret, at {places}; whoever sees the function in the console sees it"


def _send(saved: Saved, pushes: Sequence[Push]) -> None:
    for at, each in enumerate(pushes):
        size = f"{len(each.content):,}"
        try:
            if each.there is None:
                saved.there.create(each.name, each.content)
                saved.tell(each.name, "created", "{name}: created, {size} bytes", size=size)
            else:
                saved.there.replace(each.there, each.content)
                saved.tell(each.name, "replaced", "{name}: replaced, {size} bytes", size=size)
        except (CallError, Stopped) as error:
            saved.stop(error, [left.name for left in pushes[at:]], "{name}: not sent")
            raise
