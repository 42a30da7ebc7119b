"""``src/index.handler`` and ``src/index.py:handler``: a function of a Python or Node.js module.

Grammar: design section 4 and runtime.md section 1.3.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from fgtui.errors import TargetError
from fgtui.invoke.model import Family
from fgtui.invoke.runtime_names import way_out
from fgtui.invoke.spellings import Place, listed, placed, shown
from fgtui.regex import regex
from fgtui.words import folded, nearest

HOW_TO_SPELL = "spell a handler: src/index.handler or src/index.py:handler (see: fgtui help targets)"
ENDINGS: dict[str, Family] = {".py": "python", ".js": "node", ".mjs": "node", ".cjs": "node"}
"""The endings that say which runtime a file is for."""
LANGUAGES: dict[Family, str] = {"python": "Python", "node": "Node.js"}
_TRIED: dict[Family | None, tuple[str, ...]] = {
    None: (".py", ".js", ".mjs", ".php"),
    "python": (".py",),
    "node": (".js", ".mjs"),
}
"""What a spelling without an ending may stand for. Node.js tries the second when there is no first (runtime.md 3.1)."""
_OTHER = {
    ".php": "PHP", ".go": "Go", ".so": "Go", ".cs": "C#", ".dll": "C#", ".cj": "Cangjie",
    ".ts": "TypeScript", ".java": "Java", ".jar": "Java", ".class": "Java",
}  # fmt: skip
"""Files that hold a handler, but none of a module's functions."""
_ADDRESS = regex(r"(?:127(?:\.[0-9]{1,3}){3}|localhost)(?::[0-9]{1,5})?(?:/\S*)?")
"""A server of this machine without what shows it."""
_CLASS = regex(r"(?:\w+\.)*[A-Z]\w*\.\w+")


class _Spelled(NamedTuple):
    """A spec taken apart: the module's path as written and the function."""

    module: str
    function: str
    is_file: bool
    """Spelled as Python does, with a colon."""


def of_module(spec: str, base: Path, family: Family | None) -> Place:
    """The function that ``spec`` means when it is read in ``base``; ``family`` is python, node, or not known."""
    spelled = _split(spec, base)
    file = _find(spelled, spec, base, family)
    inside = not spelled.module.startswith(("/", "~")) and file.is_relative_to(base)
    code_root = base if inside else file.parent
    module = file.relative_to(code_root).with_suffix("").as_posix()
    return Place(ENDINGS[file.suffix], file, code_root, module, spelled.function)


def same_file_function(spelling: str, place: Place) -> str | None:
    """The function that ``spelling``, whose module may be left out, means in ``place``; ``None`` when it is another's.

    FunctionGraph wants an initializer in the handler's own file (runtime.md section 1.3).
    """
    module, _, function = spelling.replace(":", ".").rpartition(".")
    for ending in ENDINGS:
        module = module.removesuffix(ending)
    module = module.replace(".", "/").removeprefix("/")
    fits = not module or f"/{place.module}".endswith(f"/{module}")
    return function if fits and _is_function(function) else None


# Taking a spelling apart


def _split(spec: str, base: Path) -> _Spelled:
    module, colon, function = spec.rpartition(":")
    if not colon:
        module, _, function = spec.rpartition(".")
        if f".{function}" in {*ENDINGS, *_OTHER} and (base / spec).is_file():
            raise _no_function(spec, base)
    if not _last(module) or not _is_function(function):
        raise _no_function(spec, base)
    return _Spelled(module, function, is_file=bool(colon))


def _is_function(name: str) -> bool:
    return name.replace("$", "_").isidentifier()


def _last(path: str) -> str:
    return path.rsplit("/", 1)[-1].strip(".")


def _no_function(spec: str, base: Path) -> TargetError:
    from fgtui.invoke.discovery import discover, handlers_in

    path = base / spec
    if path.suffix in _OTHER and path.is_file():
        return _other_file(spec, path, base)
    known = discover(base)
    if path.is_dir():
        found = [each for each in known if each.startswith(f"{shown(path, base)}:")]
        found += [f"{shown(path, base)}/{each}" if spec else each for each in discover(path)]
    else:
        files = [path, *(path.with_name(path.name + ending) for ending in ENDINGS)]
        found = [f"{shown(file, base)}:{name}" for file in files for name in handlers_in(file)]
    if not found and (likeliest := _nearest_spelling(spec, known)):
        found = [likeliest]
    return TargetError(
        "{spec!r} names no function",
        spec=spec,
        candidates=listed(found),
        known=listed(known),
        hint="for a server that runs already: http://{spec}"
        if _ADDRESS.fullmatch(spec)
        else "did you mean {candidates}?"
        if found
        else "there is: {known} (see: fgtui help targets)"
        if known
        else HOW_TO_SPELL,
    )


# Finding the file


def _find(spelled: _Spelled, spec: str, base: Path, family: Family | None) -> Path:
    module = spelled.module
    if spelled.is_file and Path(module).suffix in {*ENDINGS, *_OTHER}:
        return _named_file(placed(base, module), spelled, spec, base, family)
    stems = [placed(base, stem) for stem in _stems(module)]
    for stem in stems:
        files = [file for ending in _TRIED[family] if (file := _with_ending(stem, ending)).is_file()]
        if len(files) > 1 and family is None:
            raise _several(files, spelled, spec, base)
        if files:
            if files[0].suffix not in ENDINGS:
                raise _other_file(spec, files[0], base)
            return files[0]
    raise _not_found(spelled, spec, base, family, stems)


def _named_file(file: Path, spelled: _Spelled, spec: str, base: Path, family: Family | None) -> Path:
    """A file spelled with its ending."""
    if file.suffix in _OTHER:
        raise _other_file(spec, file, base)
    own = ENDINGS[file.suffix]
    if family is not None and own != family:
        raise _for_another(spec, file, base, family)
    if not file.is_file():
        raise _not_found(spelled, spec, base, family, [file.with_suffix("")], named=file)
    return file


def _stems(module: str) -> Iterator[str]:
    """As spelled first; then with dots for folders, which FunctionGraph allows in the module part."""
    yield module
    folder, slash, name = module.rpartition("/")
    for dotted in dict.fromkeys((folder + slash + name.replace(".", "/"), _without_dots(module))):
        if dotted != module:
            yield dotted


def _without_dots(module: str) -> str:
    return "/".join(part if part in {"", ".", ".."} else part.replace(".", "/") for part in module.split("/"))


def _with_ending(stem: Path, ending: str) -> Path:
    return stem.with_name(stem.name + ending)


# What is wrong


def _several(files: list[Path], spelled: _Spelled, spec: str, base: Path) -> TargetError:
    kinds = dict.fromkeys(ENDINGS[file.suffix] for file in files if file.suffix in ENDINGS)
    return TargetError(
        "{spec} may be {files}",
        spec=spec,
        files=folded([shown(each, base) for each in files], "{these} or {this}"),
        hint="name the file: {example}; or the runtime: --runtime {kinds}",
        example=f"{shown(files[0], base)}:{spelled.function}",
        kinds=folded(list(kinds), "{these} or {this}"),
    )


_HINTS_FOR_JAVA = {
    "did you mean {nearest}?": "for a Java class: --runtime java; did you mean {nearest}?",
    "there is: {known}": "for a Java class: --runtime java; there is: {known}",
    "no handler was found below {base}": "for a Java class: --runtime java; no handler was found below {base}",
}


def _other_file(spec: str, file: Path, base: Path) -> TargetError:
    language = _OTHER[file.suffix]
    if language == "Java":
        return TargetError(
            "{spec}: a Java handler is a method of a class, not of a file",
            spec=spec,
            hint="{example}, where the jar or folder of classes before the colon may be left out with --runtime java",
            example=f"{shown(file, base) if file.suffix == '.jar' else 'target/classes'}:com.x.Main.handle",
        )
    if language == "TypeScript":
        return TargetError(
            "{spec} is {file}, TypeScript, which FunctionGraph does not run",
            spec=spec,
            file=shown(file, base),
            hint="compile it, and name the .js file that comes out",
        )
    return TargetError(
        "{spec} is {file}, a {language} file, whose handlers are not started by themselves here",
        spec=spec,
        file=shown(file, base),
        language=language,
        hint=way_out(language),
    )


def _for_another(spec: str, file: Path, base: Path, family: Family) -> TargetError:
    return TargetError(
        "{spec} is {file}, no {language} file, which the runtime {family} wants",
        spec=spec,
        file=shown(file, base),
        language=LANGUAGES[family],
        family=family,
        hint="leave the runtime out, or name another file",
    )


def _not_found(
    spelled: _Spelled, spec: str, base: Path, family: Family | None, stems: list[Path], *, named: Path | None = None
) -> TargetError:
    if family is not None and named is None:
        for stem in stems:
            for ending in _TRIED[None]:
                if (rival := _with_ending(stem, ending)).is_file():
                    return _for_another(spec, rival, base, family)
    from fgtui.invoke.discovery import discover

    known = discover(base)
    found = _nearest_spelling(spec, known)
    endings = _TRIED[family]
    files = [named] if named else [_with_ending(stem, endings[0]) for stem in stems]
    others = ", ".join(endings[1:]) if family is not None else ", ".join(endings[1:-1])
    hint = "did you mean {nearest}?" if found else "there is: {known}" if known else "no handler was found below {base}"
    if family is None and _CLASS.fullmatch(spec):
        hint = _HINTS_FOR_JAVA[hint]
    return TargetError(
        "there is no handler {spec}: no file {file}" if named or not others else
        "there is no handler {spec}: no file {file}, nor one with {others}",
        spec=spec,
        file=folded(list(dict.fromkeys(shown(each, base) for each in files)), "{these} or {this}"),
        others=others,
        nearest=found,
        known=listed(known),
        base=str(base),
        hint=hint,
    )  # fmt: skip


def _nearest_spelling(spec: str, known: Iterable[str]) -> str | None:
    """The likeliest of ``known``, all compared as FunctionGraph spells handlers."""
    plain = {_plain(each): each for each in known}
    found = nearest(_plain(spec), plain)
    return plain[found] if found else None


def _plain(spec: str) -> str:
    module, colon, function = spec.rpartition(":")
    if not colon or "." in function:  # of Java the class, wherever it lies
        return function
    for ending in ENDINGS:
        module = module.removesuffix(ending)
    return f"{module}.{function}"
