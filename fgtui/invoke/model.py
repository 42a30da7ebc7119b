"""Targets, every way an invocation can end, and the exchange that keeps both."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import ClassVar, Literal, TypeGuard

from fgtui.events.model import Event
from fgtui.invoke.credentials import CredentialSource
from fgtui.invoke.urns import Urn
from fgtui.records import Record

REMOTE_LIMIT_S = 120.0
"""For the call of a deployed function, where nobody says; as long as the official SDK waits."""

Family = Literal["python", "node", "java", "custom", "http", "container"]
"""How a handler is run: in a host of ours (the first three), or as a program that speaks HTTP."""


class LocalTarget(Record):
    """A handler on this machine (design: targets; runtime.md section 1.3 for the grammar)."""

    kind: ClassVar[str] = "local"

    spec: str
    """As the person spelled it: ``src/index.handler`` or ``src/index.py:handler``."""
    file: Path
    """The file that holds the handler, absolute: a module, a class or a jar, ``bootstrap``."""
    code_root: Path
    """The folder that is ``/opt/function/code`` in the cloud, absolute."""
    module: str
    """Below ``code_root``, with slashes: ``src/index``; of Java the class, ``com.x.Main``."""
    function: str
    """Empty where the program answers for itself: custom runtimes, HTTP functions, containers."""
    runtime: str = "python"
    """As declared: a family's name or FunctionGraph's own, ``Python3.10``."""
    family: Family = "python"
    """Which of the runtimes here runs it."""
    initializer: str | None = None
    pre_stop: str | None = None
    """Called before a warm instance is let go; Java and Python only (runtime.md section 2.4)."""
    timeout_s: float = 3.0
    memory_mb: int = 128
    environment: tuple[tuple[str, str], ...] = ()
    """User variables. May hold secrets: never recorded, never shown."""
    program: Path | None = None
    """The interpreter to use, ``python``, ``node`` or ``java``; looked for when ``None``."""
    class_path: tuple[Path, ...] = ()
    """Of Java: jars and folders of classes, absolute, in order."""
    strict_context: bool = False
    """Context types as the runtime's code has them rather than its documents (runtime.md section 2.5)."""
    debug_port: int | None = None
    """Wait for a debugger at this port of 127.0.0.1 before the handler is loaded; 0 for any free one."""
    name: str | None = None
    """Its name in ``fgtui.toml``."""


class HttpTarget(Record):
    """An HTTP endpoint that somebody else runs: a container's ``/invoke``, or an API behind the gateway."""

    kind: ClassVar[str] = "http"

    spec: str
    """As the person spelled it; the URL."""
    url: str
    """With its path, as far as one was spelled."""
    family: Literal["http", "container"] | None = None
    """``container`` posts each event as it is, ``http`` makes the request each stands for; ``None``: by the event."""
    runtime: str = ""
    """As declared; empty where nothing was."""
    timeout_s: float = 3.0
    """Over the whole call."""
    memory_mb: int = 128
    """What the platform's headers say; nobody enforces it there."""
    ca_file: Path | None = None
    """Certificates that are trusted besides; only of ``https``."""
    name: str | None = None
    """Its name in ``fgtui.toml``."""


class Profile(Record, uncompared=("credentials",)):
    """How a deployed function is reached, and as whom."""

    name: str
    """Its name in the settings; empty where everything came from the environment."""
    endpoint: str
    """``https://host[:port]``, without a path; ``http://`` of this machine only."""
    project_id: str | None
    """As the settings say it; otherwise the URN does."""
    credentials: CredentialSource
    guard: bool = False
    ca_file: Path | None = None


class RemoteTarget(Record):
    """A deployed function, called through the invocation API (runtime.md section 8)."""

    kind: ClassVar[str] = "remote"

    spec: str
    """The whole URN, however it was spelled: what is recorded says by itself which function ran."""
    urn: Urn
    profile: Profile
    is_asynchronous: bool = False
    request_version: Literal["v0", "v1"] = "v0"
    timeout_s: float = REMOTE_LIMIT_S
    """Over the whole call; of an asynchronous one, over following it to its end."""
    memory_mb: int | None = None
    """Asked for with each call, for functions with dynamic memory (runtime.md section 8.2); else the function's own."""
    name: str | None = None
    """Its name in ``fgtui.toml``."""


Target = LocalTarget | HttpTarget | RemoteTarget
"""Everything an event can be sent to."""


class TargetSummary(Record):
    """What an exchange remembers of its target: enough to recognise it, nothing secret."""

    kind: str
    spec: str
    runtime: str | None = None
    code_sha256: str | None = None


def is_started_here(target: Target) -> TypeGuard[LocalTarget]:
    """Whether fgtui starts, times and stops what answers."""
    return isinstance(target, LocalTarget)


def address_of(target: Target) -> str:
    """Where events go that leave this process: the URL, or what was spelled."""
    return target.url if isinstance(target, HttpTarget) else target.spec


def summary_of(target: Target) -> TargetSummary:
    """What an exchange remembers of ``target`` before anything runs."""
    return TargetSummary(target.kind, target.spec, target.family if isinstance(target, HttpTarget) else None)


class HandlerError(Record):
    """What the handler's own exception said (runtime.md section 2.3)."""

    type: str
    message: str
    stack: tuple[str, ...] = ()


class Ended(Record, kw_only=True):
    """What every way to end has in common. Never used by itself."""

    kind: ClassVar[str]

    body: bytes = b""
    """The exact answer; the error body where the platform would send one."""
    logs: str = ""
    logs_truncated: bool = False
    request_id: str | None = None
    duration_ms: float | None = None
    init_ms: float | None = None
    """Time the initializer and the import took, on a cold start."""
    memory_mb: float | None = None
    cold_start: bool | None = None
    status_code: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    redacted: tuple[str, ...] = ()


class Returned(Ended, kw_only=True):
    """The handler gave back a result the platform would pass on."""

    kind: ClassVar[str] = "returned"


class Raised(Ended, kw_only=True):
    """The handler's own error."""

    kind: ClassVar[str] = "raised"
    error: HandlerError


class InitFailed(Ended, kw_only=True):
    """The module could not be loaded, the handler not found, or the initializer raised."""

    kind: ClassVar[str] = "init_failed"
    error: HandlerError


class TimedOut(Ended, kw_only=True):
    """The handler was still running at its limit, and was stopped with all it had started."""

    kind: ClassVar[str] = "timed_out"
    limit_s: float
    stopped_processes: int = 1
    """0 where fgtui had started none."""


class OutOfMemory(Ended, kw_only=True):
    """The handler and what it started went over the memory setting, and were stopped."""

    kind: ClassVar[str] = "out_of_memory"
    limit_mb: int


class Crashed(Ended, kw_only=True):
    """The process ended without an answer."""

    kind: ClassVar[str] = "crashed"
    exit_code: int | None = None
    signal: int | None = None


class InvalidResponse(Ended, kw_only=True):
    """The handler returned, but nothing the platform would pass on."""

    kind: ClassVar[str] = "invalid_response"
    message: str


class Rejected(Ended, kw_only=True):
    """The service said no before the function ran."""

    kind: ClassVar[str] = "rejected"
    code: str
    message: str
    may_have_run: bool = False
    """The service lost it after it was accepted, as by a gateway's time limit."""


class Unreachable(Ended, kw_only=True):
    """Nobody answered, or the line broke."""

    kind: ClassVar[str] = "unreachable"
    message: str
    may_have_run: bool = False


class Cancelled(Ended, kw_only=True):
    """A person stopped it."""

    kind: ClassVar[str] = "cancelled"


Outcome = (
    Returned
    | Raised
    | InitFailed
    | TimedOut
    | OutOfMemory
    | Crashed
    | InvalidResponse
    | Rejected
    | Unreachable
    | Cancelled
)


class Exchange(Record):
    """One event sent to one target, and how it ended.

    Never edited: a replay makes a new exchange whose ``replay_of`` names the old one, so a session reads as a history
    rather than as a latest state.
    """

    id: str
    """A ULID: 26 characters that sort by time."""
    event: Event
    target: TargetSummary
    outcome: Outcome
    started_at: datetime
    """Aware and UTC. Front ends convert to local time; nothing else does."""
    session: str = ""
    """Empty until recorded."""
    seq: int = 0
    """Its number in the session, from 1; 0 until recorded."""
    replay_of: str | None = None
    note: str = ""
    tags: tuple[str, ...] = ()
