"""Keys that a program prints: one that a person's company has for it, or a few lines of theirs.

Its own session, no shell, no terminal; what it started is stopped with it, but for a process that has detached itself
twice over. What it prints is never repeated.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

from fgtui.errors import ConfigError
from fgtui.invoke import processes
from fgtui.invoke.credential_sources import checked
from fgtui.invoke.credential_sources.kept import LOOK_S, Fetched, Hears, KeptSource, Patience
from fgtui.invoke.credentials import Credentials, Keys, Token
from fgtui.invoke.json_objects import json_object
from fgtui.words import Phrase

LIMIT_S = 30.0
OUTPUT_LIMIT = 1 << 16
"""Bytes."""
_SHAPE = 'it is to print {{"access_key": …, "secret_key": …}} or {{"token": …}}, with expires_at where they expire'


class CommandKeys(KeptSource):
    """Keys or a token, printed as JSON by a program."""

    def __init__(
        self,
        words: Sequence[str],
        folder: Path,
        environment: Mapping[str, str],
        *,
        now: Callable[[], datetime],
        hears: Hears,
        limit_s: float = LIMIT_S,
    ) -> None:
        super().__init__(now=now, hears=hears)
        self._limit_s = limit_s
        program = os.path.expanduser(words[0])  # noqa: PTH111 - a bare name stays one
        self._words = [str(folder / program) if "/" in program else program, *words[1:]]
        self._folder = folder
        self._environment = environment

    def _describe(self, credentials: Credentials | None) -> Phrase:
        who = checked.whose(credentials, Phrase("keys"))
        return Phrase("{who} from the command {program}", who=who, program=self._words[0])

    def _fetch(self, patience: Patience) -> Fetched:
        return self._read(self._run(patience))

    def _run(self, patience: Patience) -> bytes:
        try:
            process = subprocess.Popen(
                self._words,
                cwd=self._folder,
                env=dict(self._environment),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        except OSError as error:
            is_missing = isinstance(error, FileNotFoundError)
            raise self._error(
                "the command {program} could not be started: {why}",
                why=Phrase("there is no such program") if is_missing else error.strerror,
                hint="install it, or name it with its path" if is_missing else "",
            ) from None
        assert process.stdout is not None
        tree = processes.watch(process.pid)
        try:
            printed = self._printed(process, process.stdout, tree, patience)
        finally:
            _stop(process, tree)
            process.stdout.close()
        if len(printed) > OUTPUT_LIMIT:
            raise self._error("the command {program} printed more than 64 KiB", hint=_SHAPE)
        if process.returncode:
            code = process.returncode
            raise self._error(
                "the command {program} ended with exit code {code}"
                if code > 0
                else "the command {program} was ended by signal {code}",
                code=abs(code),
            )
        return printed

    def _printed(
        self, process: subprocess.Popen[bytes], stream: IO[bytes], tree: processes.Tree, patience: Patience
    ) -> bytes:
        """What it printed until it ended: one that it left behind may hold the pipe open for ever."""
        os.set_blocking(stream.fileno(), False)
        printed = bytearray()
        with selectors.DefaultSelector() as selector:
            selector.register(stream, selectors.EVENT_READ)
            while len(printed) <= OUTPUT_LIMIT:
                has_ended = process.poll() is not None  # before the last look at what it printed
                if selector.get_map() and selector.select(0 if has_ended else LOOK_S):
                    piece = os.read(stream.fileno(), OUTPUT_LIMIT)
                    printed += piece
                    if piece:
                        continue
                    selector.unregister(stream)
                elif has_ended:
                    break
                tree.look(float("inf"))
                if not patience.check():
                    raise self._error(
                        "the command {program} gave no answer within {limit_s:g} s and was stopped",
                        limit_s=self._limit_s,
                    )
                if not selector.get_map():
                    _wait(process, LOOK_S)
        return bytes(printed)

    def _read(self, printed: bytes) -> Fetched:
        found = json_object(printed)
        if found is None:
            raise self._error(
                "the command {program} printed something else ({count:,} bytes)"
                if printed.strip()
                else "the command {program} printed nothing",
                count=len(printed),
                hint=_SHAPE,
            )
        if found.get("token") is not None:
            credentials: Credentials = Token(self._value(found, "token"))
        else:
            token = self._value(found, "security_token") if found.get("security_token") is not None else None
            credentials = Keys(self._value(found, "access_key"), self._value(found, "secret_key"), token)
        return Fetched(credentials, self._expiry(found.get("expires_at")))

    def _value(self, found: Mapping[str, Any], name: str) -> str:
        value = found.get(name)
        if not isinstance(value, str):
            raise self._error("the command {program} printed no {name}", name=name, hint=_SHAPE)
        return checked.text(
            value, place=Phrase("{name}, from the command {program},", name=name, program=self._words[0])
        )

    def _expiry(self, value: object) -> datetime | None:
        if value is None:
            return None
        try:
            said = datetime.fromisoformat(str(value))
        except ValueError:
            raise self._error(
                "the command {program} printed an expires_at that is no time",
                hint="spell it as ISO 8601 does: 2026-01-02T03:04:05Z",
            ) from None
        return said if said.tzinfo is not None else said.replace(tzinfo=UTC)

    def _error(self, message: str, *, hint: str = "", **values: object) -> ConfigError:
        return ConfigError(message, program=self._words[0], hint=hint or "run it by hand to see what it says", **values)


def _wait(process: subprocess.Popen[bytes], seconds: float) -> None:
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        return


def _stop(process: subprocess.Popen[bytes], tree: processes.Tree) -> None:
    """End it and whatever it started and left behind."""
    tree.look(float("inf"))
    with contextlib.suppress(OSError):
        os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()
    tree.end_strays()
