"""HTTP functions and container event functions: a program of ours sends the requests (runtime.md section 7).

The server is the package's ``bootstrap``, or one that somebody else has started.
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
    """Start ``bootstrap`` of ``target``, or reach the server at its URL. Raises ``TargetError``."""
    check_libraries()
    return Launch(
        interpreter=Path(sys.executable),
        host="http_host",
        program=target.file if target.url is None else target.url,
        hint="fgtui starts it with its own Python; run fgtui doctor",
        is_isolated=True,
        libraries=NEEDED,
        is_between=True,
    )
