"""How an instance of a target is started: what each runtime in ``runtimes/`` says, and ``child`` does."""

from __future__ import annotations

from pathlib import Path

from fgtui.records import Record


class Launch(Record):
    """One way to start the processes of an instance.

    ``interpreter`` runs the keeper and, forked from it, the host. Either the host is the user's own interpreter
    (``python_host``), or a program of ours that stands between fgtui and what it starts (``custom_host``,
    ``http_host``), or it becomes another program (``program_host`` executes ``arguments``).
    """

    interpreter: Path
    """A Python: the user's own for ``python_host``, else fgtui's."""
    host: str
    """The module in ``hosts/`` that is started."""
    program: Path
    """What the person knows as the runtime; named in errors."""
    hint: str
    """The way out when it does not start."""
    arguments: tuple[str, ...] = ()
    """After the working folder on the command line. Never a secret: every process of the machine may read it."""
    environment: tuple[tuple[str, str], ...] = ()
    """Variables set beyond fgtui's own for every process of the instance."""
    is_isolated: bool = False
    """Whether ``interpreter`` ignores the user's packages and variables for Python: it does in programs of ours."""
    libraries: tuple[str, ...] = ()
    """Packages that an isolated host imports besides fgtui's own."""
    is_between: bool = False
    """Whether the host is a program of ours whose own memory is not the handler's."""
    data_mb: int = 0
    """Of ``program_host``: private memory in MB that the bare runtime reserves, on top of which the backstop of twice
    the memory setting is set (reliability section 4); 0 for no backstop."""
    attach: str = ""
    """Where a debugger can attach from the moment of the start, for a runtime that waits before it can say so."""
