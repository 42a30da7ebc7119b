"""``bootstrap``, a program that answers for itself (runtime.md sections 6 and 7)."""

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
