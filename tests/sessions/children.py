"""Programs that tests run as processes of their own: ``run(script, arguments…)`` starts one with ``store`` at hand."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

PRELUDE = """
import os, sys
from pathlib import Path
from fgtui.errors import FgtuiError
from fgtui.sessions.storage.journal import JournalMode
from fgtui.sessions.redaction.redactor import Redactor
from fgtui.sessions.store import SessionStore
from tests.factories import an_exchange

file, wal, *arguments = sys.argv[1:]
store = SessionStore(Path(file), Redactor(), journal=JournalMode(wal == "wal", "as the test wants it"))

def say(*words):
    print(*words, flush=True)
"""


def start(
    script: str, file: Path, *, wal: bool = False, arguments: tuple[str, ...] = (), feeds: bool = False
) -> subprocess.Popen[str]:
    """Start ``script`` with a store on ``file``; its words come through a pipe, and with ``feeds`` ours reach it."""
    return subprocess.Popen(
        [sys.executable, "-c", PRELUDE + script, str(file), "wal" if wal else "rollback", *arguments],
        stdin=subprocess.PIPE if feeds else None,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )


def may_mount(folder: Path) -> bool:
    """Whether a script may have a file system of its own at ``folder``."""
    if shutil.which("unshare") is None:
        return False
    tried = subprocess.run([*NAMESPACE, "mount", "-t", "tmpfs", "tmpfs", folder], capture_output=True)
    return tried.returncode == 0


def in_namespace(script: str, file: Path, *arguments: str) -> list[str]:
    """Run ``script`` where what it mounts is its own; the lines it says."""
    words = [*NAMESPACE, sys.executable, "-c", PRELUDE + script, file, "rollback", *arguments]
    return subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True, cwd=ROOT).stdout.splitlines()


NAMESPACE = ("unshare", "--mount", "--map-root-user")
