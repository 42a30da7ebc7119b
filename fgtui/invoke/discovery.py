"""Looks for handlers in a folder, for the workbench and for errors: by their text, nothing is run.

Bounded in depth, files and bytes, so that it may be pointed at a home. Each handler found is spelled so that
``parse_local`` takes it as it is.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from fgtui.regex import regex

DEPTH = 3
FILES = 2000
BYTES = 262_144
JARS = 20
PACKAGES = 32
"""How deep packages of Java are looked into."""
CLASSES = 4000
"""Class files looked at, those in jars included."""
_SKIPPED = {"__pycache__", "node_modules", "site-packages", "venv", "env", "build", "tests"}
_JAR_FOLDERS = (".", "target", "build/libs", "lib")
_ENDINGS = (".py", ".js", ".mjs", ".cjs")
_CONTEXT = b"services/runtime/Context;)"
"""How the parameters of a handler end, whichever of the three packages the class is from (runtime.md section 4)."""
_HANDLER = regex(r"\((?:\[+[BCDFIJSZ]|\[*L[^;()]+;)L(?:[a-z]+/)*services/runtime/Context;\)")
_EVENT_NAMES = {"event", "evt", "e", "_event"}
_CONTEXT_NAMES = {"context", "ctx", "c", "_context"}

_DEFINITION = regex(r"^def[ \t]+(\w+)[ \t]*\([ \t\n]*(\w+)(?:[^\w,()\n][^,()\n]*)?,[ \t\n]*(\w+)", 8)  # re.MULTILINE
_PARAMETERS = r"\([ \t\n]*([\w$]+)(?:[^\w$,()\n][^,()\n]*)?,[ \t\n]*([\w$]+)"
_FUNCTION = r"(?:async\b[ \t]*)?(?:function\b[ \t]*[\w$]*[ \t]*)?"
_ASSIGNED = regex(rf"^[ \t]*(?:module\.)?exports\.([\w$]+)[ \t]*=(?!=)[ \t]*(?:{_FUNCTION}{_PARAMETERS})?", 8)
_DECLARED = regex(
    rf"^export[ \t]+(?:(?:const|let|var)[ \t]+([\w$]+)[ \t]*=[ \t]*{_FUNCTION}"
    rf"|(?:async[ \t]+)?function[ \t]+([\w$]+)[ \t]*)(?:{_PARAMETERS})?",
    8,
)
_LISTED = regex(r"^(?:module\.exports[ \t]*=|export)[ \t]*\{([^{}]{0,2000})[{}]", 8)
_LISTED_HANDLER = regex(r"(?:^|[\s,])handler[ \t]*(?:,|:|\(|$|\s*$)", 8)


class _Found(NamedTuple):
    """One handler, in the order people want them."""

    depth: int
    is_program: bool
    is_unusual_file: bool
    is_unusual_name: bool
    spec: str


def discover(folder: Path) -> tuple[str, ...]:
    """Handlers in ``folder`` as FunctionGraph spells them, likeliest first: functions of an event and a context."""
    found = sorted({*_in_modules(folder), *_in_classes(folder)})
    return tuple(dict.fromkeys(each.spec for each in found))


def handlers_in(file: Path) -> Iterator[str]:
    """The handlers of one Python or Node.js module, by name; none of a file that is something else."""
    if file.suffix not in _ENDINGS or not file.is_file():
        return
    text = _head(file)
    pairs = _python_functions(text) if file.suffix == ".py" else _node_functions(text)
    for name, first, second in pairs:
        is_handler = first in _EVENT_NAMES and second in _CONTEXT_NAMES and not name.startswith("_")
        if name == "handler" or is_handler:
            yield name


def _python_functions(text: str) -> Iterator[tuple[str, str | None, str | None]]:
    for match in _DEFINITION.finditer(text):
        yield match[1], match[2], match[3]


def _node_functions(text: str) -> Iterator[tuple[str, str | None, str | None]]:
    for match in _ASSIGNED.finditer(text):
        yield match[1], match[2], match[3]
    for match in _DECLARED.finditer(text):
        yield match[1] or match[2], match[3], match[4]
    if any(_LISTED_HANDLER.search(match[1]) for match in _LISTED.finditer(text)):
        yield "handler", None, None


def _head(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            return stream.read(BYTES).decode("utf-8", "replace")
    except OSError:
        return ""


# Modules and programs


def _in_modules(folder: Path) -> Iterator[_Found]:
    for file in _files(folder):
        module = file.relative_to(folder).with_suffix("")
        depth = len(module.parts)
        if file.name == "bootstrap":
            yield _Found(depth, True, False, False, module.as_posix())
            continue
        for name in handlers_in(file):
            spec = (
                f"{file.relative_to(folder).as_posix()}:{name}"
                if _is_ambiguous(file)
                else f"{module.as_posix()}.{name}"
            )
            yield _Found(depth, False, module.name != "index", name != "handler", spec)


def _is_ambiguous(file: Path) -> bool:
    """Whether a spelling without its ending would not lead to ``file``, or not to it alone."""
    if file.suffix == ".cjs":
        return True
    return any(file.with_suffix(ending).is_file() for ending in (".py", ".js", ".mjs", ".php") if ending != file.suffix)


def _files(folder: Path) -> Iterator[Path]:
    """Modules and programs below ``folder``, as far as a package usually goes; links are not followed."""
    left = FILES
    for current, folders, files in os.walk(folder):
        depth = len(Path(current).relative_to(folder).parts)
        folders[:] = sorted(each for each in folders if depth + 1 < DEPTH and _is_searched(current, each))
        for name in sorted(files):
            stem, ending = os.path.splitext(name)  # noqa: PTH122 thousands of times
            if name == "bootstrap" or (ending in _ENDINGS and stem.isidentifier()):
                left -= 1
                if left < 0:
                    return
                yield Path(current, name)


def _is_searched(parent: str, name: str) -> bool:
    return not name.startswith(".") and name not in _SKIPPED and not Path(parent, name, "pyvenv.cfg").exists()


# Java


def _in_classes(folder: Path) -> Iterator[_Found]:
    """Compiled handlers: in the folders build tools write to, and in jars."""
    seen = set()
    for place, data in islice(_class_files(folder), CLASSES):
        for name in _handlers_of_class(data) if _CONTEXT in data else ():
            if name not in seen:  # in the folder it was compiled to and in the jar that was made of it
                seen.add(name)
                spec = f"{place.relative_to(folder).as_posix()}:{name}"
                yield _Found(DEPTH, False, True, not name.endswith(".handler"), spec)


def _handlers_of_class(data: bytes) -> Iterator[str]:
    from fgtui.invoke.class_files import read_class

    try:
        found = read_class(data)
    except ValueError:
        return
    for method in found.methods:
        if found.is_public and method.is_public and _is_handler(method.descriptor):
            yield f"{found.name}.{method.name}"


def _is_handler(descriptor: str) -> bool:
    """Whether it takes an event, which is an object, and the context."""
    return _HANDLER.match(descriptor) is not None


def _class_files(folder: Path) -> Iterator[tuple[Path, bytes]]:
    """The head of each class file with the class path entry it is in."""
    from fgtui.invoke.runtimes.java import CLASS_FOLDERS

    for name in CLASS_FOLDERS:
        place = folder / name
        for current, folders, files in os.walk(place):
            depth = len(Path(current).relative_to(place).parts)
            folders[:] = sorted(folders) if depth < PACKAGES else ()
            for file in sorted(files):
                if file.endswith(".class") and (data := _bytes(Path(current, file))) is not None:
                    yield place, data
    jars = [jar for name in _JAR_FOLDERS for jar in sorted((folder / name).glob("*.jar")) if jar.is_file()]
    for jar in jars[:JARS]:
        for data in _in_jar(jar):
            yield jar, data


def _bytes(file: Path) -> bytes | None:
    try:
        with file.open("rb") as stream:
            return stream.read(BYTES)
    except OSError:
        return None


def _in_jar(jar: Path) -> Iterator[bytes]:
    from zipfile import BadZipFile, ZipFile
    from zlib import error as zlib_error

    try:
        with ZipFile(jar) as archive:
            entries = [each for each in archive.infolist() if each.filename.endswith(".class")]
            for entry in entries:
                if entry.file_size <= BYTES:
                    yield archive.read(entry)
    except (OSError, BadZipFile, zlib_error, NotImplementedError, RuntimeError, ValueError, EOFError):
        return  # encrypted, damaged, or packed in a way nobody uses for jars
