"""The copy ladder: puts text on a clipboard, by the best way there is, and says which one that was.

Over SSH the person's clipboard is at the other end of the terminal, so OSC 52 comes first; on this machine the native
clipboard does. Inside tmux its own command is surer than OSC 52, which it takes from a program only when told to: the
text lands in a buffer of tmux, and tmux sends it on where it knows how to (``Ms``) and may (``set-clipboard``). OSC 52
has no acknowledgement, so it never counts as copied, and a private file keeps the text as well (reliability, section
9). What is copied is the original text; only its caller knows whether it must be redacted.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path

from fgtui.files import write_private
from fgtui.records import NOTHING, Record, replace
from fgtui.regex import regex

OSC52_LIMIT = 74_994
"""Bytes of base64 that terminals are known to take in one OSC 52 (reliability: limits)."""
SCREEN_CHUNK = 240
"""GNU screen cuts a device control string at 256 bytes."""
NATIVE_SECONDS = 3.0
FILE_NAME = "copied.txt"
_SENDS_ON = regex(r"(?m)^ *[0-9]+: Ms: \(string\)")
"""How tmux tells that it knows how to set the clipboard of a terminal."""

_ASK_NATIVE = """
import sys, pyperclip
text = sys.stdin.buffer.read().decode()
pyperclip.copy(text)
sys.exit(pyperclip.paste() != text)  # the tools' own failures are not reported by pyperclip
"""


class Route(StrEnum):
    """How a copy left."""

    NATIVE = "native"
    TMUX = "tmux"
    TERMINAL = "terminal"
    FILE = "file"
    NONE = "none"


class Copied(Record):
    """Which way a copy went. ``message`` is a sentence with ``{named}`` holes, filled by ``values``."""

    route: Route
    message: str
    values: Mapping[str, object] = NOTHING
    size: int = 0
    """Bytes of the text."""


def copy(
    text: str,
    *,
    folder: Path,
    write: Callable[[str], None] | None,
    environment: Mapping[str, str] = os.environ,
) -> Copied:
    """Copy ``text``. ``write`` reaches the terminal (``None``: there is none); ``folder`` takes the file.

    Blocks for up to ``NATIVE_SECONDS``: call it off the screen's thread. Never raises.
    """
    content = text.encode("utf-8", "surrogatepass")
    return replace(_copy(content, folder, write, environment), size=len(content))


def _copy(content: bytes, folder: Path, write: Callable[[str], None] | None, environment: Mapping[str, str]) -> Copied:
    remote = any(environment.get(name) for name in ("SSH_CONNECTION", "SSH_CLIENT", "SSH_TTY"))
    if not remote and copy_native(content, environment):
        return Copied(Route.NATIVE, "copied to the clipboard")
    if environment.get("TMUX"):
        copied = _into_tmux(content, folder, write, environment)
        if copied is not None:
            return copied
    sequence = osc52(content, environment) if write is not None else None
    if write is not None and sequence is not None:
        write(sequence)
        kept = _keep(content, folder)
        if environment.get("TMUX"):
            needs = "sent to the terminal; tmux passes it on with: set -s set-clipboard on"
            return Copied(Route.TERMINAL, *_also_kept(needs, kept))
        if kept is None:
            return Copied(Route.TERMINAL, "sent to the terminal, which does not say whether it took it")
        return Copied(Route.TERMINAL, "sent to the terminal; also kept in {file}", _kept_in(kept))
    if remote and _has_display(environment) and copy_native(content, environment):
        return Copied(Route.NATIVE, "copied to the clipboard of the display that SSH forwards")
    kept = _keep(content, folder)
    if kept is None:
        return Copied(
            Route.NONE,
            "could not be copied: no clipboard here, and no file can be written in {folder}",
            {"folder": str(folder)},
        )
    return Copied(Route.FILE, "no clipboard here; written to {file}", _kept_in(kept))


def _into_tmux(
    content: bytes, folder: Path, write: Callable[[str], None] | None, environment: Mapping[str, str]
) -> Copied | None:
    """Into a buffer of the tmux that is around, and on from there; ``None`` where tmux does not answer."""
    sequence = osc52(content, environment)
    reach = tmux_reach(environment) if sequence is not None else Reach.UNKNOWN
    if not copy_tmux(content, environment, send_on=reach is Reach.TERMINAL):
        return None
    if reach is Reach.TERMINAL:
        return Copied(Route.TMUX, "copied to a buffer of tmux, and sent on to the terminal")
    if sequence is None:
        return _in_buffer("copied to a buffer of tmux; it is too long to be sent on to the terminal", content, folder)
    if reach is Reach.BUFFER:
        words = "copied to a buffer of tmux, which keeps it: its set-clipboard is off"
        return _in_buffer(words, content, folder)
    if write is not None:
        write(sequence)  # what passes through is not asked for by tmux, only let through
    return _in_buffer("copied to a buffer of tmux, perhaps no further", content, folder)


def _in_buffer(words: str, content: bytes, folder: Path) -> Copied:
    kept = _keep(content, folder)
    return Copied(Route.TMUX, *_also_kept(words, kept))


def _also_kept(words: str, kept: Path | None) -> tuple[str, Mapping[str, object]]:
    """``words``, and which file has the text too, if any: a sentence and what fills it."""
    return (words, NOTHING) if kept is None else (_ALSO_KEPT[words], _kept_in(kept))


_ALSO_KEPT = {
    "sent to the terminal; tmux passes it on with: set -s set-clipboard on": (
        "sent to the terminal; tmux passes it on with: set -s set-clipboard on; also kept in {file}"
    ),
    "copied to a buffer of tmux; it is too long to be sent on to the terminal": (
        "copied to a buffer of tmux; it is too long to be sent on to the terminal; also kept in {file}"
    ),
    "copied to a buffer of tmux, which keeps it: its set-clipboard is off": (
        "copied to a buffer of tmux, which keeps it: its set-clipboard is off; also kept in {file}"
    ),
    "copied to a buffer of tmux, perhaps no further": (
        "copied to a buffer of tmux, perhaps no further; also kept in {file}"
    ),
}


def osc52(content: bytes, environment: Mapping[str, str] = os.environ) -> str | None:
    """The sequence that asks the terminal to take ``content``, wrapped for what stands between; ``None``: too long."""
    import base64

    data = base64.b64encode(content).decode("ascii")
    if len(data) > OSC52_LIMIT:
        return None
    bare = f"\x1b]52;c;{data}\x07"
    if environment.get("TMUX"):
        # tmux hands on only what is wrapped, and only when passthrough is on; bare, it is read when set-clipboard is on
        wrapped = bare.replace("\x1b", "\x1b\x1b")
        return f"\x1bPtmux;{wrapped}\x1b\\{bare}"
    if environment.get("STY") or environment.get("TERM", "").startswith("screen"):
        return "".join(f"\x1bP{bare[at : at + SCREEN_CHUNK]}\x1b\\" for at in range(0, len(bare), SCREEN_CHUNK))
    return bare


def copy_native(content: bytes, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether this machine's own clipboard took ``content``.

    The tools it leans on may hang or write to the terminal they find, so they run in a child process without one.
    """
    if not _has_display(environment):
        return False
    import subprocess

    try:
        done = subprocess.run(
            [sys.executable, "-I", "-c", _ASK_NATIVE],
            input=content,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=NATIVE_SECONDS,
            start_new_session=True,
            env=dict(environment),
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


class Reach(StrEnum):
    """How far a copy gets that tmux is given."""

    TERMINAL = "terminal"
    BUFFER = "buffer"
    """Its own buffer: it is told to leave the terminal's clipboard alone."""
    UNKNOWN = "unknown"
    """Its own buffer, and perhaps further: it does not know how to reach the clipboard of its terminal."""


def tmux_reach(environment: Mapping[str, str] = os.environ) -> Reach:
    """How far the tmux that fgtui runs in sends a copy on."""
    told = _tmux(environment, "display-message", "-p", "#{set-clipboard} #{client_name}", ";", "show-messages", "-T")
    first, _, terminals = (told or b"").decode("utf-8", "replace").partition("\n")
    setting, _, client = first.partition(" ")
    if setting == "off":
        return Reach.BUFFER
    own = terminals.partition(f" for {client}, ")[2] if client else ""
    capabilities = own.partition("\nTerminal ")[0]
    return Reach.TERMINAL if _SENDS_ON.search(capabilities) else Reach.UNKNOWN


def copy_tmux(content: bytes, environment: Mapping[str, str] = os.environ, *, send_on: bool = True) -> bool:
    """Whether the tmux that fgtui runs in took ``content`` as its newest buffer.

    With ``send_on`` it has sent it on to its terminal, too.
    """
    words = ("load-buffer", "-w", "-") if send_on else ("load-buffer", "-")
    return _tmux(environment, *words, content=content) is not None


def _tmux(environment: Mapping[str, str], *words: str, content: bytes = b"") -> bytes | None:
    """What the tmux around answers; ``None`` where there is none, or it does not."""
    if not environment.get("TMUX"):
        return None
    import subprocess
    from shutil import which

    program = which("tmux", path=environment.get("PATH"))
    if program is None:
        return None
    try:
        done = subprocess.run(
            [program, *words],
            input=content,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=NATIVE_SECONDS,
            env=dict(environment),
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout if done.returncode == 0 else None


def _has_display(environment: Mapping[str, str]) -> bool:
    """Whether there can be a clipboard: always on macOS and WSL, elsewhere when there is a display server."""
    if sys.platform == "darwin" or environment.get("WSL_DISTRO_NAME"):
        return True
    return bool(environment.get("WAYLAND_DISPLAY") or environment.get("DISPLAY"))


def _kept_in(file: Path | None) -> Mapping[str, object]:
    return {"file": str(file)}


def _keep(content: bytes, folder: Path) -> Path | None:
    file = folder / FILE_NAME
    try:
        write_private(file, content)
    except OSError:
        return None
    return file
