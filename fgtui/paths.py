"""Where settings, recordings and drafts live. Computes paths, never creates them: whoever writes does.

``FGTUI_HOME`` moves everything. ``platformdirs`` is asked only when it is not set.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

PROJECT_FILE = "fgtui.toml"
STORE_NAME = "sessions.db"
_OF_PROJECT = ".fgtui"


def config_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """The person's own settings and event folders."""
    home = environment.get("FGTUI_HOME")
    if home:
        return Path(home).expanduser() / "config"
    return _platform_folder(environment, "config", "XDG_CONFIG_HOME", ".config")


def data_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Recordings made outside any project, consents, drafts."""
    home = environment.get("FGTUI_HOME")
    if home:
        return Path(home).expanduser() / "data"
    return _platform_folder(environment, "data", "XDG_DATA_HOME", ".local/share")


def temporary_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Where everybody puts temporary files: what is written there has to be private."""
    return Path("/tmp", environment.get("TMPDIR", ""))  # noqa: S108


def name_of_folder(folder: str) -> str:
    """What files about a working folder are called: always the same, and nothing else for another folder."""
    from fgtui.digests import sha256

    return sha256(os.fsencode(folder)).hexdigest()[:24]


def _platform_folder(environment: Mapping[str, str], kind: str, variable: str, below_home: str) -> Path:
    """What ``platformdirs`` says; on Linux, where it is one line, without the 5 ms its import takes."""
    platform: str = sys.platform
    if platform == "linux":
        folder = environment.get(variable, "").strip()
        return (Path(folder) if folder else _home(environment) / below_home) / "fgtui"
    import platformdirs

    return Path(getattr(platformdirs, f"user_{kind}_dir")("fgtui", appauthor=False))


def _home(environment: Mapping[str, str]) -> Path:
    """The home folder; where there is none, one that nothing can be read from or, but for root, written to."""
    home = Path(environment.get("HOME") or "~").expanduser()
    return home if home.is_absolute() else Path("/nonexistent")


def event_folders(project: Path | None, environment: Mapping[str, str] = os.environ) -> list[Path]:
    """Where people keep triggers of their own: for themselves, then, winning, in the project."""
    own = config_folder(environment) / "events"
    return [own] if project is None else [own, project / _OF_PROJECT / "events"]


def find_project(start: Path) -> Path | None:
    """The nearest folder at or above ``start`` that holds ``fgtui.toml``.

    Whatever has that name counts: a folder or a broken link is for whoever reads it to refuse in words, not to pass
    over. What cannot be looked into holds none.
    """
    for folder in (start, *start.parents):
        if os.path.lexists(folder / PROJECT_FILE):
            return folder
    return None


def store_file(project: Path | None, environment: Mapping[str, str] = os.environ) -> Path:
    """``<project>/.fgtui/sessions.db`` beside a project file, else the data folder; ``FGTUI_HOME`` wins over both."""
    if project is not None and not environment.get("FGTUI_HOME"):
        return project / _OF_PROJECT / STORE_NAME
    return data_folder(environment) / STORE_NAME


def leaves_project(store: Path) -> bool:
    """Whether ``store`` is the one of a project, and a link of that project leads out of it: nobody chose that place
    who had not looked at what they have cloned.
    """
    project = store.parent.parent
    if store.name != STORE_NAME or store.parent.name != _OF_PROJECT or not os.path.lexists(project / PROJECT_FILE):
        return False
    return not store.resolve().is_relative_to(project.resolve())
