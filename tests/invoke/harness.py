"""Handlers written for one test, really run, and a look at what they leave behind."""

from __future__ import annotations

import functools
import json
import os
import shutil
import subprocess
import textwrap
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil

from fgtui.events.model import Event
from fgtui.invoke.invoker import Invoker
from fgtui.invoke.model import Exchange, HttpTarget, LocalTarget, Outcome
from fgtui.invoke.targets import parse

GUARD_S = 30.0
"""Ten times what the slowest send here may take: it ends a hang, it times nothing."""
VERSIONS = ("3.6", "3.7", "3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14")


class Bench:
    """A folder for handlers and an invoker that runs them."""

    def __init__(self, folder: Path, invoker: Invoker) -> None:
        self.folder = folder
        self.invoker = invoker
        folder.mkdir(parents=True, exist_ok=True)

    def write(self, source: str, file: str = "index.py") -> Path:
        path = self.folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(source), "utf-8")
        return path

    def target(
        self, source: str | None = None, spec: str = "index.handler", **settings: Any
    ) -> LocalTarget | HttpTarget:
        if source is not None:
            self.write(source)
        return parse(spec, base=self.folder, **settings)

    def exchange(self, target: LocalTarget | HttpTarget | str, event: object = None, **arguments: Any) -> Exchange:
        if isinstance(target, str):
            target = self.target(target)
        trigger = arguments.pop("trigger", "blank")
        wire = event if isinstance(event, bytes) else json.dumps(event).encode()
        with hang_guard(arguments):
            return self.invoker.invoke(Event(trigger, wire), target, **arguments)

    def send(self, target: LocalTarget | HttpTarget | str, event: object = None, **arguments: Any) -> Outcome:
        return self.exchange(target, event, **arguments).outcome

    def result(self, target: LocalTarget | HttpTarget | str, event: object = None, **arguments: Any) -> Any:
        outcome = self.send(target, event, **arguments)
        assert outcome.kind == "returned", outcome
        return json.loads(outcome.body)


@contextmanager
def hang_guard(arguments: dict[str, Any]) -> Iterator[None]:
    """Cancel a send that hangs; the test then sees an outcome it did not expect."""
    cancelled = arguments.setdefault("cancelled", threading.Event())
    timer = threading.Timer(GUARD_S, cancelled.set)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def wait_until(condition: Callable[[], object], words: str) -> None:
    give_up = time.monotonic() + GUARD_S
    while not condition():
        if time.monotonic() > give_up:
            raise AssertionError(f"waited {GUARD_S:g} s in vain: {words}")
        time.sleep(0.005)


def left_behind(mark: str, before: Iterable[int] = ()) -> list[psutil.Process]:
    """Processes that carry ``mark`` in their command line or environment, and zombies of ours.

    Those in ``before`` were there already.
    """
    found = []
    for number in set(psutil.pids()) - {os.getpid(), *before}:
        try:
            process = psutil.Process(number)
            if process.status() == psutil.STATUS_ZOMBIE:
                if process.ppid() == os.getpid():
                    found.append(process)
            elif mark in " ".join([*process.cmdline(), *process.environ().values()]):
                found.append(process)
        except psutil.Error:
            continue
    return found


def is_gone(process: int) -> bool:
    try:
        return psutil.Process(process).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


@functools.cache
def python(version: str) -> Path | str:
    """The interpreter of a version, or why there is none: on ``PATH``, or named in ``FGTUI_TEST_PYTHONS``."""
    named = [Path(each) for each in os.environ.get("FGTUI_TEST_PYTHONS", "").split(os.pathsep) if each]
    on_path = shutil.which(f"python{version}")
    candidates = [*named, *([Path(on_path)] if on_path else [])]
    if on_path and Path(on_path).parent.name == "shims":
        candidates += sorted(Path(on_path).parents[1].glob(f"versions/{version}.*/bin/python{version}"))
    for candidate in candidates:
        if version_of(candidate) == version:
            return candidate
    return f"no python{version} on PATH or in FGTUI_TEST_PYTHONS"


@functools.cache
def version_of(interpreter: Path) -> str | None:
    ask = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        answer = subprocess.run([interpreter, "-S", "-c", ask], capture_output=True, text=True, timeout=GUARD_S)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return answer.stdout.strip() or None
