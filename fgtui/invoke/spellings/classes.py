"""``target/classes:com.x.Main.handle``: a method of a Java class (runtime.md sections 1.3 and 4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from fgtui.errors import TargetError
from fgtui.invoke.spellings import Place, listed, placed, shown
from fgtui.regex import regex

_METHOD = regex(r"((?:[^\W\d][\w$]*\.)*[^\W\d][\w$]*)\.([^\W\d][\w$]*)")
"""``package.Class.method``, the package being optional; a class within another is spelled with ``$``."""
_DEEPEST_CLASSES = 4
"""How far below its project a folder of classes lies: ``build/classes/java/main``."""
_PATTERN_SIGNS = frozenset("*?[")


def is_class_spelling(spec: str, base: Path) -> bool:
    """Whether what stands before the last colon is a class path: a jar, a pattern of them, or a folder of classes."""
    prefix, colon, method = spec.rpartition(":")
    if not colon or "." not in method:
        return False
    return all(entry.endswith((".jar", "*")) or placed(base, entry).is_dir() for entry in prefix.split(":"))


def of_class(spec: str, base: Path, class_path: Sequence[str | Path]) -> Place:
    """The method that ``spec`` means when it is read in ``base``.

    Its classes are looked for in what stands before the colon, then in ``class_path``; without the latter, where Maven,
    Gradle and a package for the cloud have them.
    """
    from fgtui.invoke.runtimes.java import find_class_path, locate_class

    prefix, colon, method = spec.rpartition(":")
    found = _METHOD.fullmatch(method)
    if found is None:
        raise _no_method(spec, base)
    first = tuple(_entries(prefix.split(":"), base)) if colon else ()
    if class_path:
        rest: Iterable[Path] = _entries(class_path, base)
    else:
        rest = _beside(first[0]) if first else find_class_path(base)
    searched = tuple(dict.fromkeys((*first, *rest)))
    file = locate_class(found[1], searched)
    if file is None:
        raise _not_found(spec, found[1], base, searched, is_named=bool(first or class_path))
    return Place("java", file, _code_root(file, found[1], base), found[1], found[2], searched)


def _beside(entry: Path) -> tuple[Path, ...]:
    """What else is on the class path of the project or package that ``entry`` is a part of."""
    from fgtui.invoke.runtimes.java import find_class_path

    if not entry.is_dir():
        return find_class_path(entry)
    folders = reversed((entry, *entry.parents[:_DEEPEST_CLASSES]))  # a folder is on its own class path at least
    return next(found for folder in folders if entry in (found := find_class_path(folder)))


def method_of(spelling: str, class_name: str) -> str | None:
    """``package.Class.method`` for an initializer or pre-stop, whose class may be left out; ``None`` for no method."""
    if _METHOD.fullmatch(spelling):
        return spelling
    return f"{class_name}.{spelling}" if _METHOD.fullmatch(f"{class_name}.{spelling}") else None


def _entries(named: Iterable[str | Path], base: Path) -> Iterator[Path]:
    """Absolute, patterns written out in order of names; ``lib/*`` means its jars, as it does to Java."""
    for each in named:
        entry = placed(base, each)
        if not _PATTERN_SIGNS & set(str(each)) or entry.exists():
            yield entry
            continue
        pattern = entry.name if entry.name != "*" else "*.jar"
        yield from sorted(entry.parent.glob(pattern))


def _code_root(file: Path, class_name: str, base: Path) -> Path:
    """``base`` for what lies below it, else the folder of the jar, or the one where the package's names begin."""
    if file.is_relative_to(base):
        return base
    return file.parent if file.suffix == ".jar" else file.parents[class_name.count(".")]


def _is_jar(file: Path) -> bool:
    from zipfile import is_zipfile

    return file.is_file() and is_zipfile(file)


def _no_method(spec: str, base: Path) -> TargetError:
    from fgtui.invoke.discovery import discover

    known = [each for each in discover(base) if is_class_spelling(each, base)]
    return TargetError(
        "{spec!r} names no method of a Java class",
        spec=spec,
        known=listed(known),
        hint="did you mean {known}?" if known else "spell it package.Class.method, after a jar and a colon if need be",
    )


def _not_found(spec: str, class_name: str, base: Path, searched: tuple[Path, ...], *, is_named: bool) -> TargetError:
    from fgtui.invoke.discovery import discover
    from fgtui.words import nearest

    missing = [each for each in searched if not each.exists()]
    if missing:
        return TargetError(
            "there is no class {name}: no {entry}",
            name=class_name,
            entry=shown(missing[0], base),
            hint="build it first, or correct what stands before the colon and class_path",
        )
    damaged = [each for each in searched if each.suffix == ".jar" and not _is_jar(each)]
    if damaged:
        return TargetError(
            "there is no class {name}: {entry} is no jar",
            name=class_name,
            entry=shown(damaged[0], base),
            hint="a jar is a zip file of classes; build it or fetch it again",
        )
    known = {each.rpartition(":")[2]: each for each in discover(base) if is_class_spelling(each, base)}
    found = nearest(spec.rpartition(":")[2], known)
    hint = (
        "is it compiled?"
        if is_named
        else "is it compiled? A jar or folder of classes is named before a colon, app.jar:{name}.handle, or in "
        "class_path"
    )
    return TargetError(
        "there is no class {name} in {searched}" if searched else "there is no class {name}: the class path is empty",
        name=class_name,
        searched=", ".join(shown(each, base) for each in searched),
        nearest=found and known[found],
        hint="did you mean {nearest}?" if found else hint,
    )
