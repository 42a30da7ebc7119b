"""Custom runtimes, HTTP functions and containers: a program of ours stands before the package's own ``bootstrap``.

It serves the runtime API (runtime.md section 6), or sends requests to ``bootstrap`` (section 7).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from fgtui.invoke.launch import Launch
from fgtui.invoke.model import LocalTarget
from fgtui.invoke.runtimes.libraries import NEEDED, check_libraries


def launch(target: LocalTarget, environment: Mapping[str, str] = os.environ) -> Launch:
    """Start ``bootstrap`` of ``target``. Raises ``TargetError``."""
    check_libraries()
    return Launch(
        interpreter=Path(sys.executable),
        host="custom_host" if target.family == "custom" else "http_host",
        program=target.file,
        hint="fgtui starts it with its own Python; run fgtui doctor",
        is_isolated=True,
        libraries=NEEDED,
        is_between=True,
    )
