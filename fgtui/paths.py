"""Where settings, recordings and drafts live. Computes paths, never creates them: whoever writes does.

``FGTUI_HOME`` moves everything. ``platformdirs`` is asked only when it is not set.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

PROJECT_FILE = "fgtui.toml"
STORE_NAME = "sessions.db"


def config_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """The person's own settings and event folders."""
    home = environment.get("FGTUI_HOME")
    if home:
        return Path(home).expanduser() / "config"
    import platformdirs

    return Path(platformdirs.user_config_dir("fgtui", appauthor=False))


def data_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Recordings made outside any project, consents, drafts."""
    home = environment.get("FGTUI_HOME")
    if home:
        return Path(home).expanduser() / "data"
    import platformdirs

    return Path(platformdirs.user_data_dir("fgtui", appauthor=False))


def find_project(start: Path) -> Path | None:
    """The nearest folder at or above ``start`` that holds ``fgtui.toml``."""
    for folder in (start, *start.parents):
        if (folder / PROJECT_FILE).is_file():
            return folder
    return None


def store_file(project: Path | None, environment: Mapping[str, str] = os.environ) -> Path:
    """``<project>/.fgtui/sessions.db`` beside a project file, else the data folder; ``FGTUI_HOME`` wins over both."""
    if project is not None and not environment.get("FGTUI_HOME"):
        return project / ".fgtui" / STORE_NAME
    return data_folder(environment) / STORE_NAME
