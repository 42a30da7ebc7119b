"""What runtimes are called, by FunctionGraph and for short, and what runs each here (runtime.md section 1.1)."""

from __future__ import annotations

from typing import NamedTuple

from fgtui.errors import TargetError
from fgtui.invoke.model import Family
from fgtui.regex import regex
from fgtui.words import nearest

NAMES = (
    "python", "node", "java", "custom", "http", "container",
    "Python2.7", "Python3.6", "Python3.9", "Python3.10", "Python3.12",
    "Node.js6.10", "Node.js8.10", "Node.js10.16", "Node.js12.13", "Node.js14.18", "Node.js16.17", "Node.js18.15",
    "Node.js20.15",
    "Java8", "Java11", "Java17", "Java21",
    "Go1.x", "Go1.8",
    "C#(.NET Core 2.0)", "C#(.NET Core 2.1)", "C#(.NET Core 3.1)", "C#(.NET Core 6.0)",
    "PHP7.3", "PHP8.3", "Cangjie1.0", "Custom", "Custom Image",
)  # fmt: skip
"""The short names, then FunctionGraph's own."""

SERVERS: tuple[Family, ...] = ("custom", "http", "container")
"""Families whose program answers for itself: no function of it is named, none of it is called from here."""

AS_CUSTOM_RUNTIME = (
    "it runs all the same as a custom runtime: an executable file `bootstrap` that asks http://$RUNTIME_API_ADDR "
    "for its events (see: fgtui help targets)"
)
"""The way out for every language that has no host here."""
_GO_AS_CUSTOM_RUNTIME = (
    "it runs all the same as a custom runtime: an executable file `bootstrap` that asks http://$RUNTIME_API_ADDR "
    "for its events (see: fgtui help targets); programs of the Go runtime library, whose runtime.Register listens "
    "there instead, are not run by this version"
)

_FAMILIES: dict[str, Family] = {
    "python": "python",
    "node": "node",
    "node.js": "node",
    "java": "java",
    "custom": "custom",
    "http": "http",
    "container": "container",
    "custom image": "container",
}
_VERSIONED = regex(r"(python)([0-9]+)\.([0-9]+)|(node\.js)[0-9]+\.[0-9]+|(java)[0-9]+")
_VERSION = regex(r"[0-9]+(?:\.[0-9]+)*$")
_ELSEWHERE = regex(r"(go|c#|php|cangjie)(?![a-z])[^\n]*")
_SPELLED = {"go": "Go", "c#": "C#", "php": "PHP", "cangjie": "Cangjie"}


class Limits(NamedTuple):
    """What a function may use when nothing is said."""

    timeout_s: float
    memory_mb: int


def usual_limits(family: Family) -> Limits:
    """What FunctionGraph sets when a function is made (runtime.md section 1.3)."""
    return Limits(15.0, 512) if family == "java" else Limits(3.0, 128)


def way_out(language: str) -> str:
    """How a function in ``language``, which has no host here, runs all the same."""
    return _GO_AS_CUSTOM_RUNTIME if language == "Go" else AS_CUSTOM_RUNTIME


def family_of(runtime: str) -> Family:
    """What runs ``runtime``. ``TargetError`` for names of nothing and of what does not run here."""
    name = runtime.lower()
    found = None if name in _FAMILIES else _VERSIONED.fullmatch(name)
    family = _FAMILIES.get((found[1] or found[4] or found[5]) if found else name)
    if family is None:
        raise _refused(runtime, name)
    if found and family == "python" and (int(found[2]), int(found[3])) < (3, 6):
        raise TargetError(
            "{runtime} is too old: handlers need Python 3.6 or later",
            runtime=runtime,
            hint="with --runtime python the interpreter at hand runs it",
        )
    return family


def differ(asked: str, ran: str) -> bool:
    """Whether ``ran`` (``python3.11``, ``node20.20``) is another version than ``asked`` (``Python3.10``) names, if any.

    A version of Python is two numbers, of the others one.
    """
    wanted, found = _VERSION.search(asked), _VERSION.search(ran)
    if wanted is None or found is None:
        return False
    numbers = 2 if asked.lower().startswith("python") else 1
    return wanted[0].split(".")[:numbers] != found[0].split(".")[:numbers]


def _refused(runtime: str, name: str) -> TargetError:
    if found := _ELSEWHERE.fullmatch(name):
        return TargetError(
            "{runtime}: {language} handlers are not started by themselves here",
            runtime=runtime,
            language=_SPELLED[found[1]],
            hint=way_out(_SPELLED[found[1]]),
        )
    likeliest = nearest(runtime, NAMES)
    return TargetError(
        "there is no runtime {runtime!r}",
        runtime=runtime,
        nearest=likeliest,
        hint="did you mean {nearest}?"
        if likeliest
        else "there is python, node, java, custom, http, container, and what FunctionGraph calls them: Python3.10",
    )
