"""What handlers that misbehave cost: how late they end, how soon a signal ends fgtui, what a flood of output takes.

The deadlines are promises of behaviour; tests prove that they end, and here is how soon.
"""

from __future__ import annotations

import os
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from fgtui.invoke.invoker import Invoker
from fgtui.invoke.targets import parse_local

from .harness import FGTUI, Row, milliseconds
from .local_send import CONTENDERS, JAVA_CONTEXT, Contender, event_for, missing

RUNS = 5
TIMEOUT_S = 2.0
LATE_S = 0.5
"""Allowed beyond the limit (reliability section 1)."""
SIGNAL_S = 1.0
FLOOD_MB = 500
FLOOD_MEMORY_MB, FLOOD_STORE_MB = 300, 20

PYTHON = """\
import subprocess, time
def handler(event, context):
    subprocess.Popen(["sh", "-c", "sleep 1000 & sleep 1000"], start_new_session=True)
    time.sleep(1000)
"""
NODE = """\
exports.handler = async (event, context) => {
  require("child_process").spawn("sleep", ["1000"], { detached: true, stdio: "ignore" });
  for (;;);
};
"""
JAVA = """\
import com.huawei.services.runtime.Context;
public class Main {
    public String handle(String event, Context context) throws Exception {
        new ProcessBuilder("sleep", "1000").start();
        for (;;);
    }
}
"""
SHELL = "#!/bin/sh\ntrap '' TERM INT HUP\nsleep 1000 &\nsleep 1000\n"
HOSTILE = {
    "python": (("index.py", PYTHON),),
    "node": (("index.js", NODE),),
    "java": (("com/huawei/services/runtime/Context.java", JAVA_CONTEXT), ("Main.java", JAVA)),
    "custom": (("bootstrap", SHELL),),
    "container": (("bootstrap", SHELL),),
    "http": (("bootstrap", SHELL),),
}
"""By runtime: handlers that never end and start others."""


def late(contender: Contender, folder: Path) -> Iterator[Row]:
    """How long after its limit a send comes back with everything stopped; a cold start is in it."""
    replace(contender, files=HOSTILE[contender.runtime]).settle(folder)
    target = parse_local(contender.spec, base=folder, runtime=contender.runtime, timeout_s=TIMEOUT_S)
    found = []
    for _ in range(RUNS):
        invoker = Invoker()
        started = time.perf_counter()
        outcome = invoker.invoke(event_for(contender), target).outcome
        found.append(time.perf_counter() - started - TIMEOUT_S)
        invoker.close()
        assert outcome.kind == "timed_out", outcome
    measured = statistics.median(found)
    yield Row(
        "containment",
        f"{contender.name}: over after its limit of {TIMEOUT_S:g} s, start and tree of processes included",
        milliseconds(measured),
        "",
        None,
        f"≤ {LATE_S:g} s",
        measured <= LATE_S,
    )


def signalled(folder: Path) -> Iterator[Row]:
    """From SIGTERM to the end of ``fgtui send`` whose handler sleeps."""
    started_file = folder / "started"
    (folder / "index.py").write_text(
        f"import time\ndef handler(event, context):\n    open({str(started_file)!r}, 'w').close()\n    time.sleep(1000)\n",
        encoding="utf-8",
    )
    found = []
    for _ in range(RUNS):
        started_file.unlink(missing_ok=True)
        child = subprocess.Popen(
            (*FGTUI, "send", "timer", "--target", "index.handler", "--timeout", "1000"),
            cwd=folder,
            env={**os.environ, "FGTUI_HOME": str(folder / "home")},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while not started_file.exists():
            time.sleep(0.001)
        told = time.perf_counter()
        child.send_signal(signal.SIGTERM)
        code = child.wait()
        found.append(time.perf_counter() - told)
        assert code == 143, code
    measured = statistics.median(found)
    yield Row(
        "containment",
        "SIGTERM to the end of fgtui send, exchange recorded",
        milliseconds(measured),
        "",
        None,
        f"≤ {SIGNAL_S:g} s",
        measured <= SIGNAL_S,
    )


def flooded(folder: Path) -> Iterator[Row]:
    """Memory and disk of ``fgtui send`` when its handler prints without end."""
    (folder / "index.py").write_text(
        f"def handler(event, context):\n    line = 'x' * 99999\n    for _ in range({FLOOD_MB * 10}): print(line)\n",
        encoding="utf-8",
    )
    subprocess.run(
        (*FGTUI, "send", "timer", "--target", "index.handler", "--timeout", "100"),
        cwd=folder,
        env={**os.environ, "FGTUI_HOME": str(folder / "home")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    memory_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / (1024 if sys.platform != "darwin" else 1 << 20)
    store_mb = sum(file.stat().st_size for file in (folder / "home").rglob("*") if file.is_file()) / 1e6
    yield Row(
        "containment",
        f"{FLOOD_MB} MB printed: memory of the largest process; store",
        f"{memory_mb:.0f} MB; {store_mb:.1f} MB",
        "",
        None,
        f"≤ {FLOOD_MEMORY_MB} MB; ≤ {FLOOD_STORE_MB} MB",
        memory_mb <= FLOOD_MEMORY_MB and store_mb <= FLOOD_STORE_MB,
    )


def rows() -> Iterator[Row]:
    """Each promise with a figure; the flood first, since memory is that of the largest child so far."""
    for measure in (flooded, signalled):
        with tempfile.TemporaryDirectory() as folder:
            yield from measure(Path(folder))
    for contender in CONTENDERS:
        if contender.needs and not shutil.which(contender.needs):
            yield missing(contender)
            continue
        with tempfile.TemporaryDirectory() as folder:
            yield from late(contender, Path(folder))
