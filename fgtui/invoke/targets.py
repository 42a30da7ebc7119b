"""Spells out what a target means: which file and function, which folder is the package, which runtime.

Grammar: design section 4 and runtime.md section 1.3; each kind of spelling has its module in ``spellings``. What a
module defines is known only when it runs, so a function that is not there is an outcome; a file that is not there is an
error here.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from fgtui.errors import TargetError
from fgtui.invoke.limits import MOST_TIMEOUT_S
from fgtui.invoke.model import Family, HttpTarget, LocalTarget
from fgtui.invoke.runtime_names import AS_CUSTOM_RUNTIME, SERVERS, family_of, usual_limits
from fgtui.invoke.spellings import Place, placed
from fgtui.invoke.spellings.modules import ENDINGS, of_module, same_file_function
from fgtui.words import Phrase

PRE_STOP_LIMIT = 128
"""Characters of a pre-stop handler (runtime.md section 1.3)."""
_ALSO_CALLED = {"initializer": Phrase("initializer"), "pre-stop": Phrase("pre-stop")}
"""The words for what is called besides the handler."""


def is_url(spec: str) -> bool:
    """Whether ``spec`` is spelled as the address of a server."""
    return spec[:8].lower().startswith(("http://", "https://"))


def parse(spec: str, *, base: Path, ca_file: str | Path | None = None, **settings: Any) -> LocalTarget | HttpTarget:
    """What ``spec`` means: a URL is a server that runs already, anything else a handler on this machine.

    ``settings`` are those of ``parse_local``. Raises ``TargetError``.
    """
    if is_url(spec):
        return _of_url(spec, base, ca_file, **settings)
    if ca_file is not None:
        raise TargetError(
            "{spec} is no server, so there is no certificate to trust", spec=spec, hint="leave out ca_file"
        )
    return parse_local(spec, base=base, **settings)


def parse_local(
    spec: str,
    *,
    base: Path,
    runtime: str | None = None,
    initializer: str | None = None,
    pre_stop: str | None = None,
    class_path: Sequence[str | Path] = (),
    python: Path | str | None = None,
    node: Path | str | None = None,
    java: Path | str | None = None,
    **settings: Any,
) -> LocalTarget:
    """The target on this machine that ``spec`` means when it is read in ``base``.

    The code root, ``/opt/function/code`` in the cloud, is ``base`` for what lies below it, and the file's own folder
    for an absolute path or one that leads elsewhere; a ``bootstrap`` is always at the top of its package.
    ``python``, ``node`` and ``java`` name what runs handlers of their kind; relative paths start at ``base``.
    ``settings`` are ``LocalTarget``'s; ``None`` means what is usual for the runtime. Raises ``TargetError``.
    """
    base = base.absolute()
    place = _place(spec, base, None if runtime is None else family_of(runtime), class_path)
    program = {"python": python, "node": node, "java": java}.get(place.family)
    given = _checked(settings)
    limits = usual_limits(place.family)
    return LocalTarget(
        spec=spec,
        **place._asdict(),
        runtime=runtime or place.family,
        initializer=_also_called("initializer", initializer, place),
        pre_stop=_also_called("pre-stop", pre_stop, place),
        program=None if program is None else placed(base, program),  # a link stays one: it tells a virtual environment
        **{"timeout_s": limits.timeout_s, "memory_mb": limits.memory_mb, **given},
    )


def _place(spec: str, base: Path, family: Family | None, class_path: Sequence[str | Path]) -> Place:
    """Where ``spec`` leads; what it is spelled as decides where no runtime is declared."""
    if "\0" in spec or "\n" in spec:
        raise TargetError("a target is one line of text, not {spec!r}", spec=spec)
    if spec.lower().startswith("urn:"):
        raise TargetError(
            "{spec} is a deployed function, and no handler on this machine",
            spec=spec,
            hint='the settings name it as urn = "{spec}" in place of a handler',
        )
    if family is None and "::" in spec:
        raise TargetError("{spec} is a C# handler, which is not started here", spec=spec, hint=AS_CUSTOM_RUNTIME)
    is_program = spec.rpartition("/")[2] == "bootstrap"
    if family in SERVERS or (family is None and is_program):
        from fgtui.invoke.spellings.servers import of_program

        return of_program(spec, base, family or "custom")
    if family is not None and is_program and placed(base, spec).is_file():
        from fgtui.invoke.spellings.servers import not_for

        raise not_for(spec, family)
    if family == "java" or (family is None and _may_be_a_class(spec)):
        from fgtui.invoke.spellings.classes import is_class_spelling, of_class

        if family == "java" or is_class_spelling(spec, base):
            return of_class(spec, base, class_path)
    return of_module(spec, base, family)


def family_by_spelling(spec: str, base: Path, runtime: str | None = None) -> Family:
    """What will run ``spec``, so far as it shows without looking for its file: Node.js where its ending says so.

    Raises ``TargetError`` for a ``runtime`` that does not run here.
    """
    if runtime is not None:
        return family_of(runtime)
    if is_url(spec):
        return "container"
    if spec.rpartition("/")[2] == "bootstrap":
        return "custom"
    if _may_be_a_class(spec):
        from fgtui.invoke.spellings.classes import is_class_spelling

        if is_class_spelling(spec, base):
            return "java"
    return ENDINGS.get(Path(spec.rpartition(":")[0]).suffix, "python")


def _may_be_a_class(spec: str) -> bool:
    _, colon, method = spec.rpartition(":")
    return bool(colon) and "." in method


def _of_url(
    spec: str,
    base: Path,
    ca_file: str | Path | None,
    *,
    runtime: str | None = None,
    name: str | None = None,
    **settings: Any,
) -> HttpTarget:
    """The server at ``spec``; what only a program that is started here could be given is refused."""
    from fgtui.invoke import addresses

    url = addresses.checked(spec)
    family = addresses.usual_family(url) if runtime is None else family_of(runtime)
    if family is not None and family != "http" and family != "container":  # noqa: PLR1714 type checkers follow it
        raise TargetError(
            "{spec} is a server that runs already; the runtime {family} starts a file",
            spec=spec,
            family=family,
            hint="--runtime container posts the event as it is, --runtime http makes a request of an APIG event",
        )
    given = _checked(settings)
    for what in ("initializer", "pre_stop"):
        if given.get(what) is not None:
            raise TargetError(
                "{spec} runs already, so no {what} is called", spec=spec, what=_ALSO_CALLED[what.replace("_", "-")]
            )
    if given.get("environment"):
        raise TargetError(
            "variables cannot be given to {url}, which runs already",
            url=spec,
            hint="give them to whoever starts it",
        )
    if ca_file is not None and not url.startswith("https:"):
        raise TargetError("{spec} shows no certificate that could be checked", spec=spec, hint="leave out ca_file")
    limits = usual_limits("http")
    return HttpTarget(
        spec=spec,
        url=url,
        family=family,
        runtime=runtime or "",
        timeout_s=given.get("timeout_s", limits.timeout_s),
        memory_mb=given.get("memory_mb", limits.memory_mb),
        ca_file=None if ca_file is None else placed(base, ca_file),
        name=name,
    )


# Settings


def _checked(settings: dict[str, Any]) -> dict[str, Any]:
    given = {name: value for name, value in settings.items() if value is not None}
    timeout = given.get("timeout_s", 1.0)
    if not (isinstance(timeout, int | float) and math.isfinite(timeout) and 0 < timeout <= MOST_TIMEOUT_S):
        raise TargetError(
            "a timeout of {timeout} s is not possible: more than 0 and at most {most} s",
            timeout=timeout,
            most=MOST_TIMEOUT_S,
        )
    memory = given.get("memory_mb", 128)
    if not (isinstance(memory, int) and memory > 0):
        raise TargetError("a memory setting of {memory} MB is not possible", memory=memory)
    if "environment" in given:
        pairs = given["environment"]
        given["environment"] = tuple(pairs.items() if isinstance(pairs, Mapping) else pairs)
        for name, value in given["environment"]:
            if not name or "=" in name or "\0" in name + value:
                raise TargetError("{name!r} cannot be a variable of the environment", name=name)
    return given


def _also_called(what: str, spelling: str | None, place: Place) -> str | None:
    """An initializer or pre-stop as the host is told of it; ``TargetError`` when the runtime has none there."""
    if spelling is None:
        return None
    if place.family in SERVERS:
        raise TargetError(
            "the runtime {family} calls no {what}: its program does that by itself before it takes events"
            if what == "initializer"
            else "the runtime {family} calls no {what}",
            family=place.family,
            what=_ALSO_CALLED[what],
            hint="leave it out",
        )
    if what == "pre-stop":
        _check_pre_stop(spelling, place)
    if place.family == "java":
        from fgtui.invoke.spellings.classes import method_of

        if (method := method_of(spelling, place.module)) is not None:
            return method
        raise TargetError(
            "the {what} {spelling!r} is no method of a Java class",
            what=_ALSO_CALLED[what],
            spelling=spelling,
            hint="spell it package.Class.method",
        )
    if same_file_function(spelling, place) is None:
        function = spelling.replace(":", ".").rpartition(".")[2]
        raise TargetError(
            "the {what} {spelling} is not in {file}, where the handler is",
            what=_ALSO_CALLED[what],
            spelling=spelling,
            file=place.file.name,
            hint="spell it {example}, and keep both in one file",
            example=f"{place.file.stem}.{function if function.isidentifier() else what.replace('-', '_')}",
        )
    return spelling


def _check_pre_stop(spelling: str, place: Place) -> None:
    if place.family == "node":
        raise TargetError("Node.js functions have no pre-stop handler; Python and Java ones do", hint="leave it out")
    if len(spelling) > PRE_STOP_LIMIT:
        raise TargetError(
            "the pre-stop handler has {length} characters; FunctionGraph takes {most}",
            length=len(spelling),
            most=PRE_STOP_LIMIT,
        )
