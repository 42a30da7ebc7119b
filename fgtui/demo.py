"""The project of ``fgtui demo``: a small function, its settings and an example session, made from ``samples/demo``.

The example session is read by the workbench too, which offers it to whoever has recorded nothing yet.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import datetime
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from fgtui import paths
from fgtui.errors import UsageError
from fgtui.events.catalogue import samples_root
from fgtui.files import make_private_folder

if TYPE_CHECKING:
    from fgtui.sessions.interchange.import_sources import Source
    from fgtui.sessions.store import SessionStore
    from fgtui.workspace import Workspace

EXAMPLE = "example"
"""The session of the example recordings."""


class Fate(Enum):
    """What became of the example session."""

    ABSENT = "absent"
    DELETED = "deleted"
    RECORDED_INTO = "grown"
    """It stays: it holds other recordings too."""
    CHANGED = "changed"
    """It stays: somebody has annotated or deleted recordings, or they are those of another version."""


_FILES = (paths.PROJECT_FILE, "src/orders.py")


def make_project(folder: Path, *, private: bool = False) -> bool:
    """Make the project in ``folder``, which need not be there; whether it was made, rather than found as it was left.

    Nothing is ever overwritten. ``private`` makes the folder, and what is missing above it, for its owner alone.
    UsageError where something else is in ``folder``, or it cannot be written.
    """
    try:
        if (folder / _FILES[0]).is_file() and (folder / _FILES[1]).is_file():
            return False
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise UsageError(
                "{folder} holds something else already", folder=str(folder), hint="name a folder that is new or empty"
            )
        if private:
            make_private_folder(folder)
        for name in _FILES:
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(samples_root() / "demo" / name, file)
    except OSError as error:
        why = error.strerror or str(error)
        raise UsageError("the demo cannot be made in {folder}: {why}", folder=str(folder), why=why) from error
    return True


def agree(workspace: Workspace, *, now: datetime) -> None:
    """Agree to what the demo's own settings name; what somebody has changed in them is asked for as ever."""
    from fgtui.trust import Consents

    project = workspace.settings.project
    own = samples_root() / "demo" / paths.PROJECT_FILE
    if project is not None and (project / paths.PROJECT_FILE).read_bytes() == own.read_bytes():
        Consents(workspace.environment).give(project, workspace.settings.claims, now=now)


def import_example(workspace: Workspace) -> str:
    """Bring the example recordings into the store, once; the name of their session."""
    from fgtui.sessions.interchange.importing import import_exchanges

    import_exchanges(workspace.store, _example(workspace.store), EXAMPLE)
    return EXAMPLE


def _example(store: SessionStore) -> Source:
    from fgtui.sessions.interchange.import_sources import Source
    from fgtui.sessions.store import utc_now

    file = samples_root() / "demo" / "sessions" / f"{EXAMPLE}.jsonl"
    return Source(file, file.name, redactor=lambda: store.redactor, recognise=lambda _: "blank", clock=utc_now)


def remove_example(folder: Path, environment: Mapping[str, str]) -> Fate:
    """Delete the example session of the demo in ``folder`` from a store that others share, as ``FGTUI_HOME`` has it.

    Only where it is as it was brought in. StoreError where that cannot be told, or done.
    """
    from fgtui.sessions.redaction.redactor import Redactor
    from fgtui.sessions.store import SessionStore

    file = paths.store_file(folder, environment)
    if file.is_relative_to(folder):  # gone with it
        return Fate.ABSENT
    with SessionStore(file, Redactor()) as store:
        fate = _fate(store)
        if fate is Fate.DELETED:
            store.delete(EXAMPLE)
        return fate


def _fate(store: SessionStore) -> Fate:
    from fgtui.sessions.interchange.importing import import_exchanges

    held = {each.id: (each.note, each.tags) for each in store.iterate(EXAMPLE)}
    if not held:
        return Fate.ABSENT
    own = {each.id: (each.note, each.tags) for each in _example(store)}
    if store.count(EXAMPLE) > len(own):
        return Fate.RECORDED_INTO
    missing = import_exchanges(store, _example(store), EXAMPLE, dry_run=True).imported
    return Fate.CHANGED if missing or held != own else Fate.DELETED


def remove_project(folder: Path) -> bool:
    """Delete the demo in ``folder`` with what was recorded there; whether there was one."""
    if not (folder / _FILES[0]).is_file():
        return False
    try:
        shutil.rmtree(folder)
    except OSError as error:
        why = error.strerror or str(error)
        raise UsageError("{folder} cannot be deleted: {why}", folder=str(folder), why=why) from error
    return True
