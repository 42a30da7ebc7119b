"""Programs that tests run as processes of their own: ``run(script, arguments…)`` starts one with ``store`` at hand."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

PRELUDE = """
import os, sys
from pathlib import Path
from fgtui.errors import FgtuiError
from fgtui.sessions.storage.journal import JournalMode
from fgtui.sessions.redaction import Redactor
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
