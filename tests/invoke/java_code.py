"""Java sources compiled by the JDK that is installed, for tests about classes."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from zipfile import ZipFile

import pytest

JAVAC = shutil.which("javac")
needs_jdk = pytest.mark.skipif(JAVAC is None, reason="no javac on PATH")

CONTEXT = {
    "com/huawei/services/runtime/Context.java": (
        "package com.huawei.services.runtime; public interface Context { String getRequestID(); }"
    )
}
"""The interface a handler names, which the cloud's runtime brings."""


def compiled(sources: Mapping[str, str], into: Path) -> Path:
    """Compile ``sources``, by their paths, into the folder ``into``."""
    assert JAVAC is not None
    into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        files = []
        for name, text in sources.items():
            file = Path(folder, name)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
            files.append(str(file))
        ran = subprocess.run(
            [JAVAC, "-J-XX:TieredStopAtLevel=1", "-J-Xshare:auto", "-d", str(into), *files],
            capture_output=True,
            text=True,
            check=False,
        )
    assert ran.returncode == 0, ran.stderr
    return into


def pack(folder: Path, jar: Path) -> Path:
    """Put what ``folder`` holds into ``jar``."""
    with ZipFile(jar, "w") as archive:
        for file in sorted(folder.rglob("*")):
            archive.write(file, file.relative_to(folder))
    return jar
