"""Writes saved test events of a deployed function to files here: never over another unasked, and one is no hindrance
to the next.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from fgtui.cli.exit_codes import ExitCode
from fgtui.cli.saved_events import Saved, content_of, says
from fgtui.errors import CallError, FgtuiError, UsageError
from fgtui.invoke.service.saved_events import UnreadableError, file_name_of

if TYPE_CHECKING:
    from fgtui.invoke.service.saved_events import SavedEvent


def pull(saved: Saved, names: Sequence[str]) -> int:
    """Write each event that is asked for to a file of its name."""
    chosen = saved.chosen(names, saved.there.list())
    if not chosen:
        saved.console.diagnostics.note("{function} has no test events", function=saved.function)
    taken: dict[str, SavedEvent] = {}
    code = int(ExitCode.OK)
    for event in chosen:
        file_name = file_name_of(event.name)
        if file_name is None:
            saved.refuse(event.name, FgtuiError("no file here could have that name"))
            code = max(code, ExitCode.FAILED)
        elif (other := taken.setdefault(file_name.lower(), event)) is not event:
            saved.refuse(event.name, FgtuiError("{other} has the same name but for capitals", other=other.name))
            code = max(code, ExitCode.FAILED)
        else:
            code = max(code, _pull_one(saved, event, saved.folder / file_name))
    return code


def _pull_one(saved: Saved, event: SavedEvent, file: Path) -> int:
    try:
        content = saved.there.content(event)
    except UnreadableError as error:
        saved.refuse(event.name, FgtuiError("{why}; no file was written", why=error))
        return ExitCode.FAILED
    except CallError as error:
        if not error.was_answered:
            raise
        saved.refuse(event.name, error)
        return ExitCode.FAILED
    here = content_of(file)
    if here is not None and says(here, content):
        saved.tell(event.name, "unchanged", "{name}: {file} is the same already", file=file)
        return ExitCode.OK
    if here is not None and not saved.may_replace(here, content, "Replace {file}?", file=saved.spelled(file)):
        hint = "" if saved.console.can_ask else "--force replaces it"
        kept = UsageError("{file} says something else, and was kept", hint=hint, file=saved.spelled(file))
        saved.refuse(event.name, kept, file=file)
        return ExitCode.USAGE
    return _write(saved, event.name, file, content, replaces=here is not None)


def _write(saved: Saved, name: str, file: Path, content: bytes, *, replaces: bool) -> int:
    """Whole or not at all; a new file for its owner alone, since nobody knows what secrets the console was given."""
    from fgtui.sessions.interchange.saving import save

    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        save(file, content, force=replaces, name=saved.spelled(file), private=True)
    except OSError as error:
        saved.refuse(
            name, UsageError("{folder} could not be made: {why}", folder=saved.spelled(file.parent), why=error.strerror)
        )
        return ExitCode.USAGE
    except UsageError as error:
        saved.refuse(name, error)
        return ExitCode.USAGE
    saved.tell(name, "written", "{name}: written to {file}", file=file)
    saved.warn_of_secrets(name, content, "{name} holds what looks like a secret, at {places}")
    return ExitCode.OK
