"""Python handlers: the user's own interpreter is both keeper and host (runtime.md section 2)."""

from __future__ import annotations

import os
from collections.abc import Mapping

from fgtui.invoke.launch import Launch
from fgtui.invoke.model import LocalTarget
from fgtui.invoke.targets import interpreter


def launch(target: LocalTarget, environment: Mapping[str, str] = os.environ) -> Launch:
    """Start the interpreter of ``target``. Raises ``TargetError``."""
    python = interpreter(target, environment)
    return Launch(
        interpreter=python,
        host="python_host",
        program=python,
        hint="handlers need Python 3.6 or later; name an interpreter with python = … in fgtui.toml",
    )
