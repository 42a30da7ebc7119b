"""Each way to spell a handler, taken apart and found: modules, classes, programs and servers."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from fgtui.invoke.model import Family

NAMED = 5
"""Names that a message lists at most."""


class Place(NamedTuple):
    """What a spelling leads to; the fields are ``LocalTarget``'s."""

    family: Family
    file: Path
    code_root: Path
    module: str
    function: str
    class_path: tuple[Path, ...] = ()


def shown(path: Path, base: Path) -> str:
    """``path`` as a person standing in ``base`` would spell it."""
    return path.relative_to(base).as_posix() if path.is_relative_to(base) else str(path)


def listed(names: Sequence[str]) -> str:
    """The first few of ``names``, with a sign where there are more."""
    return ", ".join((*names[:NAMED], "…") if len(names) > NAMED else names)


def placed(base: Path, path: Path | str) -> Path:
    """``path`` as it is meant in ``base``: absolute, ``~`` a home, ``..`` resolved without following links."""
    return Path(os.path.normpath(base / os.path.expanduser(path)))  # noqa: PTH111 a home nobody knows is left as spelled
