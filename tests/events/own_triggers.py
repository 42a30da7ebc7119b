"""Builds somebody's own trigger folders."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from fgtui.events.catalogue import Catalogue, Trigger


def a_trigger_folder(
    root: Path,
    key: str = "nightly-import",
    *,
    toml: str = "",
    schema: dict[str, Any] | str | None = None,
    events: dict[str, str] | None = None,
) -> Path:
    """``root/key`` with a trigger.toml, the given events (a default one unless told) and a schema if given."""
    folder = root / key
    folder.mkdir(parents=True)
    (folder / "trigger.toml").write_text(toml, encoding="utf-8")
    for name, text in (events or {"default": '{"job": "import"}'}).items():
        (folder / f"{name}.json").write_text(text, encoding="utf-8")
    if schema is not None:
        text = schema if isinstance(schema, str) else json.dumps(schema)
        (folder / "schema.json").write_text(text, encoding="utf-8")
    return folder


def an_own_trigger(root: Path, schema: dict[str, Any] | str | None = None, toml: str = "") -> Trigger:
    """The trigger of such a folder."""
    key = "nightly-import"
    a_trigger_folder(root, key, toml=toml, schema=schema)
    return Catalogue([root]).get(key)
