"""The project of ``fgtui demo``: a small function, its settings and an example session, made from ``samples/demo``.

The example session is read by the workbench too, which offers it to whoever has recorded nothing yet.
"""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from fgtui import paths
from fgtui.errors import UsageError
from fgtui.events.catalogue import samples_root
from fgtui.files import make_private_folder

if TYPE_CHECKING:
    from fgtui.workspace import Workspace

EXAMPLE = "example"
"""The session of the example recordings."""
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
    from fgtui.sessions.interchange.import_sources import Source
    from fgtui.sessions.interchange.importing import import_exchanges
    from fgtui.sessions.store import utc_now

    file = samples_root() / "demo" / "sessions" / f"{EXAMPLE}.jsonl"
    source = Source(
        file, file.name, redactor=lambda: workspace.store.redactor, recognise=lambda _: "blank", clock=utc_now
    )
    import_exchanges(workspace.store, source, EXAMPLE)
    return EXAMPLE


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
