"""Places in files that a log or a stack names, and the command that opens one of them in a person's editor.

What a log says is data: a place is opened only when it is a regular file, it is one argument of a command that no shell
sees, and that argument is an absolute path, so no editor takes it for an option.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from fgtui.errors import UsageError
from fgtui.records import Record

CLOUD_ROOT = "/opt/function/code/"
"""Where the code lies in the cloud (runtime.md section 2.7)."""
PATH_CHARACTERS = 4096
"""A longer path is none."""
CLASS_CHARACTERS = 512
"""How far back the class of a Java frame is looked for."""

_SUFFIXES = frozenset(  # one word after the other: a list would take fifty lines
    """
    bash bat c cc cfg cjs conf cpp cs css cts go gradle groovy h hpp htm html ini java js json jsonl jsx kt kts lua md
    mjs mts php pl properties py pyi pyx rb rs scala sh sql swift toml ts tsx txt vue xml yaml yml
    """.split()  # noqa: SIM905
)
"""File endings that make ``name.ending:12`` a place; any other may be a host and its port."""
_JVM_SUFFIXES = (".java", ".kt", ".scala", ".groovy")
_JVM_FOLDERS = ("src/main/java", "src/main/kotlin", "src/test/java", "src", "base", "java", "")
_JVM_PARENTS = 4
"""How many folders above the classes the sources are looked for: Maven's are in ``target/classes``."""

# The vocabulary of editors, by the name of the program

_PLUS_LINE = {"vi", "vim", "nvim", "view", "gvim", "mvim", "nvi", "joe", "jed", "mg", "gedit", "pluma", "xed"}
_PLUS_COLON = {"emacs", "emacsclient", "kak", "micro"}
_PLUS_COMMA = {"nano", "pico", "rnano"}
_GOTO = {"code", "codium", "vscodium", "cursor", "windsurf", "positron"}
_COLONS = {"subl", "sublime_text", "zed", "zeditor", "zed-editor", "hx", "helix"}
_LINE_OPTION = {"kate", "idea", "pycharm", "webstorm", "phpstorm", "goland", "rider", "clion", "rubymine", "mate"}
_GRAPHICAL = (_GOTO | _LINE_OPTION | _COLONS | {"gvim", "mvim", "gedit", "pluma", "xed"}) - {"hx", "helix"}
_WAIT = {
    **dict.fromkeys(_GOTO | _COLONS | _LINE_OPTION | {"gedit", "pluma", "xed"}, "--wait"),
    "kate": "--block",
    "gvim": "--nofork",
    "mvim": "--nofork",
}
"""What keeps an editor with a window of its own from ending before the file is closed there."""
_WAITS = {"-w", "--wait", "--block", "-f", "--nofork"}
FALLBACKS = ("vim", "nano", "vi")
"""Looked for, in this order, when the environment names no editor."""
PAGERS = ("less", "more")
"""The same for pagers."""


class Place(Record):
    """A place in a file, as a line of text names it; ``path`` is what it says, whatever that is."""

    start: int
    """The first column of the line that belongs to it."""
    end: int
    """The column after the last one."""
    path: str
    line: int
    """From 1."""
    column: int | None = None
    package: str | None = None
    """Of a Java frame: the folders of its package, with slashes."""
    is_python: bool = False
    """Whether it is of a stack whose last line is where it happened."""


class EditorCommand(Record):
    """What opens a file at a line."""

    words: tuple[str, ...]
    """The program's path and its arguments."""
    is_graphical: bool
    """Whether the editor has a window of its own and leaves the terminal alone."""
    takes_line: bool = True
    """Whether it is an editor whose way to be given a line is known here."""

    @property
    def name(self) -> str:
        """The program as a person knows it."""
        return Path(self.words[0]).name


# Finding


def find_places(line: str) -> tuple[Place, ...]:
    """The places one line names, from left to right. Linear in the line's length, whatever it holds.

    Known forms: Python's ``File "index.py", line 12`` and ``(index.py, line 12)``, Node.js's ``(./index.js:17:11)`` and
    ``file:///index.mjs:3:7``, Java's ``com.x.Main.handle(Main.java:12)``, bash's ``bootstrap: line 3``, and anybody's
    ``src/index.py:12:7``.
    """
    if len(line) < 4 or not any(digit in line for digit in "123456789"):
        return ()
    return tuple(_places(line))


def _places(line: str) -> Iterator[Place]:
    for found in _pattern().finditer(line):
        kind = str(found.lastgroup).partition("_")[0]
        path, end = found[kind], found.end(f"{kind}_line")
        number = int(found[f"{kind}_line"])
        column: int | None = None
        package: str | None = None
        if kind in {"framed", "bare"} and found[f"{kind}_column"]:
            column, end = int(found[f"{kind}_column"]), found.end(f"{kind}_column")
        if kind in {"syntax", "bare"} and not _is_file_name(path, is_said=bool(found["bare_said"])):
            continue
        if kind == "bare" and path.endswith(_JVM_SUFFIXES) and "/" not in path:
            package = _package_before(line, found.start(kind))
        if number and not path.startswith("<"):  # <string> and <frozen …> are no files
            yield Place(found.start(kind), end, path, number, column, package, kind == "python")


@cache
def _pattern() -> re.Pattern[str]:
    """Every alternative begins at a sign that its own repetition excludes, so no part of a line is read twice."""
    edge = r"\s:\"'`()\[\]{}<>|,;="
    path = f"{{1,{PATH_CHARACTERS}}}"
    number = r"\d{1,9}"
    return re.compile(
        rf'(?<!\w)File\ \\?"(?P<python>[^"\n]{path}?)\\?",\ line\ (?P<python_line>{number})(?!\d)'
        rf"|\((?P<syntax>[^()\n]{path}?),\ line\ (?P<syntax_line>{number})\)"
        rf"|\((?P<framed>(?:file:/|\.{{0,2}}/)[^()\n]{path}?):(?P<framed_line>{number})(?::(?P<framed_column>{number}))?\)"
        rf"|(?<![^{edge}])(?<!:)(?P<bare>(?:file://)?[^{edge}]{path})"
        rf":(?P<bare_said>\ ?line\ )?(?P<bare_line>{number})(?::(?P<bare_column>{number}))?(?![\w.])"
    )


def _is_file_name(path: str, *, is_said: bool) -> bool:
    """Whether a bare word before a number is a file rather than a host, a time or a key; ``line`` says it is."""
    name = path.rpartition("/")[2]
    stem, dot, suffix = name.rpartition(".")
    if not dot or not stem:
        return is_said and path.startswith(("/", "./", "../"))
    if "/" in path:
        return suffix[:1].isalpha() and suffix.isalnum()
    return suffix.lower() in _SUFFIXES


def _package_before(line: str, start: int) -> str | None:
    """``com/x`` of ``com.x.Main.handle(`` before the column ``start``; ``None`` when no frame stands there."""
    if line[start - 1 : start] != "(":
        return None
    backwards = line[max(0, start - 1 - CLASS_CHARACTERS) : start - 1][::-1]
    name = re.match(r"[\w$<>]+\.[\w$.]+", backwards)
    if name is None:
        return None
    *folders, _class, _method = name[0][::-1].split(".")
    return "/".join(folders)


def innermost(places: Sequence[Place], is_own: Sequence[bool]) -> Place | None:
    """Where a stack says it happened: the frame nearest to the error in the person's own code, else of all."""
    if not places:
        return None
    is_last = places[0].is_python
    candidates = [place for place, own in zip(places, is_own, strict=True) if own] or list(places)
    return candidates[-1 if is_last else 0]


# Locating


def locate(place: Place, code_root: Path, folders: Sequence[Path] = ()) -> Path:
    """The file of ``place``, absolute. ``code_root`` is the target's; ``folders`` are where else relative paths begin.

    Raises ``UsageError`` when there is no such file here, or it is none to be edited.
    """
    odd = None
    for candidate in _candidates(place, code_root, folders):
        try:
            mode = candidate.stat().st_mode
        except (OSError, ValueError):  # ValueError: a NUL, or characters no file name has
            continue
        if stat.S_ISREG(mode):
            return candidate
        odd = candidate
    if odd is not None:
        raise UsageError("{file} is no regular file, so it is not opened", file=odd)
    if place.path.startswith(CLOUD_ROOT):
        raise UsageError(
            "{path} is in the cloud, and there is no such file in {folder}", path=place.path, folder=code_root
        )
    if place.package is not None:
        name = f"{place.package}/{place.path}".lstrip("/")
        raise UsageError("there is no source of {name} at or above {folder}", name=name, folder=code_root)
    raise UsageError("there is no file {path} here", path=place.path)


def is_own(place: Place, code_root: Path, folders: Sequence[Path] = ()) -> bool:
    """Whether ``place`` is in the person's code: it is here, and not below a folder of installed packages."""
    try:
        file = locate(place, code_root, folders)
    except UsageError:
        return False
    if {"site-packages", "node_modules"} & set(file.parts):
        return False
    return place.package is not None or file.resolve().is_relative_to(code_root.resolve())


def _candidates(place: Place, code_root: Path, folders: Sequence[Path]) -> Iterator[Path]:
    path = _from_url(place.path) if place.path.startswith("file:/") else place.path
    if path.startswith("/"):
        yield Path(path)
        if path.startswith(CLOUD_ROOT):
            yield code_root / path.removeprefix(CLOUD_ROOT)
    elif place.package is not None:
        below = Path(place.package, path)
        for base in dict.fromkeys((code_root, *code_root.parents[:_JVM_PARENTS], *folders)):
            for folder in _JVM_FOLDERS:
                yield base / folder / below
    else:
        for base in dict.fromkeys((code_root, *folders)):
            yield base / path


def _from_url(url: str) -> str:
    from urllib.parse import unquote

    path = url.removeprefix("file:")
    if path.startswith("//"):
        host, _, rest = path[2:].partition("/")
        path = f"/{rest}" if host in {"", "localhost"} else url
    return unquote(path, errors="surrogateescape")


# Opening


def editor_command(
    file: Path,
    line: int,
    column: int | None = None,
    environment: Mapping[str, str] = os.environ,
    *,
    waits: bool = False,
) -> EditorCommand:
    """What opens ``file``, an absolute path, at ``line``: ``$VISUAL``, ``$EDITOR``, or an editor that is found.

    With ``waits`` an editor with a window of its own does not end before the file is closed there. Raises
    ``UsageError`` when there is none.
    """
    from shutil import which

    words = _named(environment)
    path = environment.get("PATH")
    if words is None:
        program = next((found for name in FALLBACKS if (found := which(name, path=path))), None)
        if program is None:
            raise UsageError("no editor was found", hint="set EDITOR to the command of one")
        words = [program]
    elif (program := which(words[0], path=path)) is None:
        raise UsageError("the editor {name} was not found", name=words[0], hint="VISUAL, then EDITOR, names it")
    name = _editor_name(words[0])
    arguments = _arguments(name, str(file), line, column)
    is_graphical = name in _GRAPHICAL
    options = [_WAIT[name]] if waits and is_graphical and not _WAITS & {*words} else []
    return EditorCommand((program, *words[1:], *options, *arguments), is_graphical, arguments != [str(file)])


def pager_command(file: Path, environment: Mapping[str, str] = os.environ) -> EditorCommand:
    """What shows ``file``, an absolute path, page by page: ``$PAGER``, or a pager that is found.

    Raises ``UsageError`` when there is none.
    """
    from shutil import which

    path = environment.get("PATH")
    words = _words_of("PAGER", environment)
    if not words:
        program = next((found for name in PAGERS if (found := which(name, path=path))), None)
        if program is None:
            raise UsageError("no pager was found", hint="set PAGER to the command of one")
        words = [program]
    elif (program := which(words[0], path=path)) is None:
        raise UsageError("the pager {name} was not found", name=words[0], hint="PAGER names it")
    return EditorCommand((program, *words[1:], str(file)), is_graphical=False, takes_line=False)


def _named(environment: Mapping[str, str]) -> list[str] | None:
    """The command the environment names, as words; ``None`` when it names none."""
    return next((words for name in ("VISUAL", "EDITOR") if (words := _words_of(name, environment))), None)


def _words_of(variable: str, environment: Mapping[str, str]) -> list[str]:
    """The command a variable names, as words; none where it names none."""
    import shlex

    command = environment.get(variable, "")
    try:
        return shlex.split(command)
    except ValueError:
        raise UsageError(
            "{variable} is no command, since a quote is never closed: {command}", variable=variable, command=command
        ) from None


def _editor_name(word: str) -> str:
    """The editor a program is: ``vim`` for ``/usr/bin/vim.basic``, ``code`` for ``code-insiders``."""
    name = Path(word).name.lower().removesuffix(".exe")
    known = _PLUS_LINE | _PLUS_COLON | _PLUS_COMMA | _GOTO | _COLONS | _LINE_OPTION
    return name if name in known else re.split(r"[-._\d]", name, maxsplit=1)[0]


def _arguments(name: str, file: str, line: int, column: int | None) -> list[str]:
    """File and line as that editor wants them; the file alone for one nobody knows."""

    def at(between: str) -> str:
        return f"{line}" if column is None else f"{line}{between}{column}"

    if name in _PLUS_LINE:
        return [f"+{line}", file]
    if name in _PLUS_COLON:
        return [f"+{at(':')}", file]
    if name in _PLUS_COMMA:
        return [f"+{at(',')}", file]
    if name in _GOTO:
        return ["--goto", f"{file}:{at(':')}"]
    if name in _COLONS:
        return [f"{file}:{at(':')}"]
    if name in _LINE_OPTION:
        return ["--line", str(line), file]
    return [file]
