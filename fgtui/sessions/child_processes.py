"""Processes of ours that run a module of ours, with a pipe each way."""

from __future__ import annotations

import subprocess
import sys
from contextlib import suppress


def start(module: str) -> subprocess.Popen[bytes]:
    """One that runs ``main`` of ``module``. ``OSError`` when it cannot be started."""
    # isolated, but with this process's own path: neither the working folder nor a variable can put code in it
    begin = "from fgtui.sessions.child_waking import be_woken; be_woken()"
    program = f"import sys; sys.path[:] = {sys.path!r}; {begin}; from {module} import main; main()"
    return subprocess.Popen(
        [sys.executable, "-I", "-S", "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        bufsize=0,
        # Ctrl+C is for whoever waits, who then ends it; in the same session, where the system wakes who was stopped
        # and has lost whoever started it
        process_group=0,
    )


def end(process: subprocess.Popen[bytes], patience_s: float = 0.0) -> None:
    """Tell it that nothing more comes, and end it if it does not end by itself in time."""
    if process.stdin is not None:
        with suppress(OSError):
            process.stdin.close()
    with suppress(subprocess.TimeoutExpired):
        process.wait(patience_s)
    process.kill()
    process.wait()
    if process.stdout is not None:
        with suppress(OSError):
            process.stdout.close()
