"""At which port of this machine a debugger attaches to a handler that waits for one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fgtui.invoke.model import Family

ANY_PORT = 0
"""Stands for one that the system chooses."""
USUAL_PORTS: dict[Family, int] = {"python": 5678, "node": 9229, "java": 5005}
"""Where editors look by themselves. Families that are not here start their debugger by themselves."""
_PORTS_TRIED = 100
_ESTABLISHED = "01"


def usual_port(family: Family) -> int:
    """Where a handler of ``family`` waits for a debugger: the usual port, or the next free one."""
    usual = USUAL_PORTS.get(family)
    return ANY_PORT if usual is None else free_port_from(usual)


def free_port_from(usual: int) -> int:
    """``usual`` or the next port above it that is free; ``ANY_PORT`` where all around it are taken."""
    last = min(usual + _PORTS_TRIED, 1 << 16)
    return next((port for port in range(usual, last) if is_free(port)), ANY_PORT)


def is_free(port: int) -> bool:
    """Whether a port of ``127.0.0.1`` can be listened at."""
    import socket

    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def is_attached(port: int) -> bool:
    """Whether somebody is connected to a port of this machine; where the system does not say, nobody is."""
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        try:
            with open(table, encoding="ascii") as rows:  # noqa: PTH123 read before a send
                next(rows, None)
                if any(_connected_at(row.split()) == port for row in rows):
                    return True
        except OSError:
            continue
    return False


def _connected_at(fields: list[str]) -> int | None:
    """The local port of a row of ``/proc/net/tcp`` that is a connection."""
    return int(fields[1].rpartition(":")[2], 16) if fields[3] == _ESTABLISHED else None
