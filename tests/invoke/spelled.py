"""Spellings read in a folder, and what is said about wrong ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from fgtui.errors import TargetError
from fgtui.invoke.model import HttpTarget, LocalTarget
from fgtui.invoke.targets import parse
from fgtui.words import say


def target(spec: str, base: Path, **settings: Any) -> LocalTarget | HttpTarget:
    return parse(spec, base=base, **settings)


def refused(spec: str, base: Path, **settings: Any) -> str:
    """What is wrong and the way out, as a person reads them."""
    with pytest.raises(TargetError) as caught:
        parse(spec, base=base, **settings)
    error = caught.value
    words = say(error.message, error.values)
    return f"{words} · {say(error.hint, error.values)}" if error.hint else words
