"""``bootstrap``, a program that answers for itself, and ``http://127.0.0.1:8000/invoke``, one that runs already.

Facts: runtime.md sections 6 and 7.
"""

from __future__ import annotations

from pathlib import Path

from fgtui.errors import TargetError
from fgtui.invoke.model import Family
from fgtui.invoke.spellings import Place, placed, shown

BOOTSTRAP = "bootstrap"


def of_program(spec: str, base: Path, family: Family) -> Place:
    """The ``bootstrap`` that ``spec`` means when it is read in ``base``; its folder is the package."""
    file = placed(base, spec)
    if file.name != BOOTSTRAP or spec.endswith("/"):
        inside = file / BOOTSTRAP if file.is_dir() else file.with_name(BOOTSTRAP)
        raise TargetError(
            "{spec} is not called bootstrap, the only name FunctionGraph starts with the runtime {family}",
            spec=spec,
            family=family,
            example=shown(inside, base),
            hint="did you mean {example}?" if inside.is_file() else "name it bootstrap; it may start anything else",
        )
    if not file.is_file():
        raise TargetError(
            "there is no {file}" if not file.exists() else "{file} is no file that could be started",
            file=shown(file, base),
            hint="an executable file of that name, such as a shell script, is what the runtime {family} starts",
            family=family,
        )
    return Place(family, file, file.parent, BOOTSTRAP, "")


def not_for(spec: str, family: Family) -> TargetError:
    """``spec`` is a ``bootstrap``, and ``family`` one of those that call a function."""
    return TargetError(
        "{spec} is a program that answers for itself; the runtime {family} calls a function",
        spec=spec,
        family=family,
        hint="leave the runtime out, or name one that starts it: custom, http, container",
    )


def of_url(spec: str, base: Path, family: Family | None) -> Place:
    """The server at ``spec``: a container, unless it is declared to be an HTTP function. On this machine only."""
    if family not in (None, "http", "container"):
        raise TargetError(
            "{spec} is a server that runs already; the runtime {family} starts a file",
            spec=spec,
            family=family,
            hint="--runtime container posts the event as it is, --runtime http makes a request of an APIG event",
        )
    _check_url(spec)
    return Place(family or "container", base, base, "", "", url=spec)


def _check_url(spec: str) -> None:
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(spec)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise TargetError("{spec} is no address: {why}", spec=spec, why=str(error)) from error
    if not host or any(sign <= " " or sign == "\x7f" for sign in spec):
        raise TargetError("{spec} is no address", spec=spec, hint="spell it http://127.0.0.1:8000/invoke")
    if parts.scheme.lower() == "https" and _is_loopback(host):
        raise TargetError(
            "{spec} is spoken to by https, which servers on this machine are not",
            spec=spec,
            hint="did you mean {plain}?",
            plain=f"http{spec[len('https') :]}",
        )
    if not _is_loopback(host):
        raise TargetError(
            "{spec} is elsewhere; this version reaches servers on this machine: http://127.0.0.1:8000/invoke",
            spec=spec,
            hint="to send to a function on this machine, spell its handler: src/index.handler",
        )
    if parts.username is not None or parts.fragment:
        raise TargetError(
            "{spec} has more than a server takes: leave out the {part}",
            spec=spec,
            part="name and password" if parts.username is not None else "part after #",
        )


def _is_loopback(host: str) -> bool:
    from ipaddress import ip_address

    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
