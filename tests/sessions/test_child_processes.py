"""Processes of ours end with whoever started them, whatever state they are in."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import psutil

PROGRAM = """
import os, signal, threading
from fgtui.sessions import child_processes
from fgtui.sessions.process_messages import receive, send
started = []
starting = threading.Thread(target=lambda: started.append(child_processes.start("fgtui.tui.text.reading_host")))
starting.start()
starting.join()  # which the system takes for the end of its parent
child = started[0]
send(child.stdin.fileno(), (os.getpid, (), {}))
print(receive(child.stdout.fileno())[1], flush=True)
os.kill(child.pid, signal.SIGSTOP)
os.waitid(os.P_PID, child.pid, os.WSTOPPED)
print("stopped", flush=True)
signal.pause()
"""


def test_one_that_was_stopped_ends_when_who_started_it_is_killed() -> None:
    with subprocess.Popen([sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE) as starter:
        assert starter.stdout is not None
        child = psutil.Process(int(starter.stdout.readline()))
        assert starter.stdout.readline() == b"stopped\n"
        assert child.status() == psutil.STATUS_STOPPED
        os.kill(starter.pid, signal.SIGKILL)
    assert psutil.wait_procs([child], timeout=10)[1] == []
