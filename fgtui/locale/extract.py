"""Renews the catalogues from the source: ``python -m fgtui.locale.extract`` in the checkout, ``--check`` to look only.

Collected is what is handed to those who say it (``say``, ``Phrase``, errors, ``add_argument``…), what stands in tables
that are said later, the descriptions of fields, and every other literal that reads like a sentence, unless
``exemptions`` says why it is none. Translations are kept, new sentences come without one, gone ones go.
"""

from __future__ import annotations

import ast
import json
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatch
from pathlib import Path
from typing import NamedTuple

from fgtui.locale.exemptions import EXEMPT, Exemption
from fgtui.locale.reading import ROOT, CatalogueError, read_file
from fgtui.locale.writing import Entry, write_catalogue

FOLDER = Path(ROOT)
CHECKOUT = FOLDER.parent.parent
AREAS: Mapping[str, tuple[str, ...]] = {
    "cli": ("fgtui/cli/*", "fgtui/__main__.py"),
    "tui": ("fgtui/tui/*",),
    "events": ("fgtui/events/*",),
    "invoke": ("fgtui/invoke/*", "fgtui/targets/*", "fgtui/serve/*", "fgtui/served.py"),
    "sessions": ("fgtui/sessions/*",),
    "rest": ("fgtui/*",),
    "fields": ("samples/*",),
}
"""Catalogue → the files whose sentences it holds, the first that fits. What several areas say stands in the first."""
SPOKEN: Mapping[str, tuple[int | str, ...]] = {
    "say": (0,),
    "Phrase": (0,),
    "sentence": (0,),
    "translated": (0,),
    "plural": (1, 2),
    "counted": (1, 2),
    "folded": (1,),
    "_wrong": (1,),
    "note": (0,),
    "warn": (0,),
    "progress": (0,),
    "ask": (0,),
    "ask_for": (1,),
    "add_argument": ("help",),
    "add_json": (0,),
    "add_concurrency": (0,),
    "Parser": (1, "epilog"),
    "Problem": ("message", "hint"),
    "Reason": (0,),
    "Action": (1, 4, "words", "label"),
    "_plain": (1, "label"),
    "Offer": (2, 3),
    "Form": (2, 3),
    "Column": (0,),
    "Figure": (0,),
    "KindWords": (1,),
    "Pane": (0, 1),
    "Setting": ("description",),
}
"""Callee → its arguments that are sentences, by place or name. Children of ``FgtuiError`` are known by their names."""
PAIRS = {"KEYS"}
"""Names of tables whose rows end with a sentence."""
STYLES = {"DEFAULT_CSS", "CSS", "FRAME"}
"""Names of style sheets."""
UNSPOKEN = {"english", "regex", "compile", "TypeVar", "NewType", "getattr", "setattr", "cast"}
"""Callees whose arguments are no sentences of ours, or never translated."""
TEXT_METHODS = {
    "startswith", "endswith", "removeprefix", "removesuffix", "split", "rsplit", "partition", "rpartition", "replace",
    "strip", "lstrip", "rstrip", "count", "find", "index", "strftime", "encode", "decode", "execute", "executemany",
    "query", "query_one", "query_exactly_one", "match", "fullmatch", "search", "sub", "finditer",
}  # fmt: skip
"""Of texts, databases, widgets and patterns: what they are given is no sentence."""
FOREIGN_ERRORS = {"ValueError", "TypeError", "OSError", "KeyError", "RuntimeError", "AssertionError", "LookupError"}
"""Whose words reach nobody: somebody of ours catches them and says it in a sentence."""
VERBS = "fgtui/cli/commands/[a-z]*.py"
"""Whose first docstring is the verb's help."""

_READS_LIKE_A_SENTENCE = re.compile(r"[A-Za-z{}'’)]{2,}[,;:…]? (?:[a-z]{2,}|a [a-z]|[{(]\w)")
_WORD = re.compile(r"[A-Za-z]{2,}")
_HOLE = re.compile(r"\{[^{}]*\}")
_SAYS_SOMETHING = re.compile(r"[A-Za-z]{2}|[:;,.?!(]|• [a-z]\b")
"""A word, a unit behind a hole (``•`` here), or a sign that another language may write otherwise."""
_CODE = re.compile(r"[A-Z][\w.]*")
"""The first word of somebody else's error: ``FSS.0400``, ``InvalidEvent``."""


class Found(NamedTuple):
    """A sentence and where it stands."""

    sentence: str
    file: str
    line: int


class Built(NamedTuple):
    """A sentence made by an f-string, which no catalogue can have."""

    text: str
    file: str
    line: int


class Extracted(NamedTuple):
    """What the source says."""

    found: tuple[Found, ...]
    built: tuple[Built, ...]
    unused: tuple[Exemption, ...]
    """Exemptions nothing needs any more."""


def extract(checkout: Path = CHECKOUT) -> Extracted:
    """Read the whole source below ``checkout``."""
    found: list[Found] = []
    built: list[Built] = []
    used: set[Exemption] = set()
    for file in sorted((checkout / "fgtui").rglob("*.py")):
        name = file.relative_to(checkout).as_posix()
        seeker = _Seeker(name, used)
        if not seeker.is_exempt(""):
            seeker.read(file.read_text("utf-8"))
            found += seeker.found
            built += seeker.built
    found += _of_samples(checkout)
    return Extracted(tuple(found), tuple(built), tuple(each for each in EXEMPT if each not in used))


class _Seeker:
    """Looks through one module."""

    def __init__(self, name: str, used: set[Exemption]) -> None:
        self.name = name
        self.found: list[Found] = []
        self.built: list[Built] = []
        self._used = used
        self._seen: set[ast.AST] = set()

    def is_exempt(self, text: str) -> bool:
        """Whether ``text``, or with ``""`` all of the module, is no sentence of ours."""
        for each in EXEMPT:
            if fnmatch(self.name, each.file) and each.holds(text):
                self._used.add(each)
                return True
        return False

    def read(self, source: str) -> None:
        tree = ast.parse(source)
        for node in ast.walk(tree):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef | ast.If):
                self._pass_docstrings(node)
        if fnmatch(self.name, VERBS) and (about := ast.get_docstring(tree)):
            self._add_text(about, 1)
        self._visit(tree)
        self.found.sort(key=lambda each: each.line)

    def _pass_docstrings(
        self, node: ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef | ast.If
    ) -> None:
        """Docstrings of things and, as is the custom here, of assigned names."""
        for statement in node.body:
            if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
                self._seen.add(statement.value)

    def _visit(self, node: ast.AST) -> None:
        if node in self._seen:
            return
        self._seen.add(node)
        match node:
            case ast.Call():
                self._visit_call(node)
            case ast.Constant(value=str(text)):
                if _READS_LIKE_A_SENTENCE.search(text) and not self.is_exempt(text):
                    self._add_text(text, node.lineno)
                return
            case ast.JoinedStr():
                self._visit_joined(node)
            case ast.Dict(keys=keys):
                self._pass(key for key in keys if isinstance(key, ast.Constant))
            case ast.Compare():
                self._pass([node.left, *node.comparators])
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if name in STYLES:
                self._pass([value])
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Tuple(elts=rows)) if name in PAIRS:
                self._take_last(rows)
            case ast.AnnAssign(target=target, value=value):
                self._pass([node.annotation])
                if isinstance(target, ast.Name) and target.id in PAIRS and isinstance(value, ast.Tuple):
                    self._take_last(value.elts)
            case ast.arg() if node.annotation:
                self._pass([node.annotation])
            case ast.FunctionDef() | ast.AsyncFunctionDef() if node.returns:
                self._pass([node.returns])
            case _:
                pass
        for child in ast.iter_child_nodes(node):
            self._visit(child)

    def _visit_call(self, node: ast.Call) -> None:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if (
            name in UNSPOKEN
            or name in FOREIGN_ERRORS
            or (isinstance(node.func, ast.Attribute) and name in TEXT_METHODS)
        ):
            self._pass(node.args)
            return
        wanted = SPOKEN.get(name, ())
        if name.endswith("Error"):
            wanted = (0, "hint")
            if node.args and isinstance(node.args[0], ast.Constant) and _CODE.fullmatch(str(node.args[0].value)):
                wanted = ("hint",)
        for place in wanted:
            arguments = (
                node.args[place : place + 1]
                if isinstance(place, int)
                else [each.value for each in node.keywords if each.arg == place]
            )
            for argument in arguments:
                self._take(argument, whole=name not in ("translated", "Parser"))

    def _take(self, node: ast.expr, *, whole: bool) -> None:
        """Add what ``node`` may be, if it is a literal or a choice of them."""
        match node:
            case ast.Constant(value=str(text)):
                self._seen.add(node)
                if not _SAYS_SOMETHING.search(_HOLE.sub("•", text)):
                    return
                if whole:
                    self.found.append(Found(text, self.name, node.lineno))
                else:
                    self._add_text(text, node.lineno)
            case ast.IfExp():
                self._take(node.body, whole=whole)
                self._take(node.orelse, whole=whole)
            case ast.BoolOp():
                for value in node.values:
                    self._take(value, whole=whole)
            case ast.JoinedStr() if node not in self._seen:
                self._seen.add(node)
                self._visit_joined(node, spoken=True)
            case _:
                pass

    def _take_last(self, rows: Iterable[ast.expr]) -> None:
        for row in rows:
            if isinstance(row, ast.Tuple) and row.elts:
                self._take(row.elts[-1], whole=True)

    def _visit_joined(self, node: ast.JoinedStr, *, spoken: bool = False) -> None:
        for part in node.values:
            if isinstance(part, ast.Constant):
                self._seen.add(part)
        skeleton = "".join(str(part.value) if isinstance(part, ast.Constant) else "{…}" for part in node.values)
        words = "".join(str(part.value) for part in node.values if isinstance(part, ast.Constant))
        is_sentence = _WORD.search(words) and (spoken or " " in words)
        if is_sentence and not self.is_exempt(skeleton):
            self.built.append(Built(skeleton, self.name, node.lineno))

    def _pass(self, nodes: Iterable[ast.AST]) -> None:
        for node in nodes:
            for each in ast.walk(node):
                if isinstance(each, ast.Constant | ast.JoinedStr):
                    self._seen.add(each)

    def _add_text(self, text: str, line: int) -> None:
        """What ``translated`` looks up: paragraphs."""
        self.found += [Found(each, self.name, line) for each in text.split("\n\n") if _WORD.search(each)]


def _of_samples(checkout: Path) -> Iterator[Found]:
    """Descriptions of fields, and names of triggers and templates that have none in Chinese beside them."""
    for file in sorted((checkout / "samples" / "events").glob("*/schema.json")):
        name = file.relative_to(checkout).as_posix()
        for text in _descriptions(json.loads(file.read_text("utf-8"))):
            yield Found(text, name, 0)
    for file in sorted((checkout / "samples" / "events").glob("*/trigger.toml")):
        name = file.relative_to(checkout).as_posix()
        about = tomllib.loads(file.read_text("utf-8"))
        for table in (about, *about.get("templates", {}).values()):
            for key in ("name", "title", "summary"):
                if key in table and f"{key}_zh" not in table:
                    yield Found(table[key], name, 0)


def _descriptions(schema: object) -> Iterator[str]:
    if isinstance(schema, dict):
        for key, value in schema.items():
            if key in ("description", "title") and isinstance(value, str):
                yield value
            else:
                yield from _descriptions(value)
    elif isinstance(schema, list):
        for each in schema:
            yield from _descriptions(each)


def entries(found: Iterable[Found]) -> dict[str, dict[str, Entry]]:
    """Area → sentence → its entry without a translation, in the order of the source."""
    places: dict[str, list[str]] = {}
    for each in found:
        files = places.setdefault(each.sentence, [])
        if each.file not in files:
            files.append(each.file)
    made: dict[str, dict[str, Entry]] = {area: {} for area in AREAS}
    for sentence, files in places.items():
        area = min((area_of(file) for file in files), key=list(AREAS).index)
        made[area][sentence] = Entry(sentence, "", tuple(files))
    return made


def area_of(file: str) -> str:
    """The catalogue that holds what ``file`` says."""
    return next(area for area, patterns in AREAS.items() if any(fnmatch(file, pattern) for pattern in patterns))


def merged(folder: Path, extracted: Extracted) -> dict[str, str]:
    """Area → the text of its renewed catalogue, with the translations ``folder`` has. Raises ``CatalogueError``."""
    known: dict[str, str] = {}
    for file in sorted(folder.glob("*.po")):
        known |= {sentence: said for sentence, said in read_file(file, folder.name).items() if said}
    return {
        area: write_catalogue(
            folder.name, [entry._replace(said=known.get(sentence, "")) for sentence, entry in table.items()]
        )
        for area, table in entries(extracted.found).items()
    }


def missing(folder: Path, areas: Iterable[str] = AREAS) -> dict[str, tuple[str, ...]]:
    """Area → the sentences of its catalogue that nobody has translated. Raises ``CatalogueError``."""
    return {
        area: tuple(s for s, said in read_file(folder / f"{area}.po", folder.name).items() if not said)
        for area in areas
    }


def main(words: list[str]) -> int:
    """Renew the catalogues, or with ``--check`` say what they lack; 1 when something is to be done."""
    extracted = extract()
    code = 0
    for folder in (path for path in sorted(FOLDER.iterdir()) if path.is_dir() and not path.name.startswith("_")):
        try:
            texts = merged(folder, extracted)
        except CatalogueError as error:
            print(error)  # noqa: T201 - a tool of the checkout, not of the program
            return 2
        for area, text in texts.items():
            file = folder / f"{area}.po"
            is_new = not file.is_file() or file.read_text("utf-8") != text
            if "--check" not in words:
                file.write_text(text, "utf-8")
            elif is_new:
                print(f"{file}: not renewed")  # noqa: T201
                code = 1
        for area, lacking in missing(folder).items():
            print(f"{folder.name}/{area}.po: {len(lacking)} to translate")  # noqa: T201
            code = code or int("--check" in words and bool(lacking))
            if "--check" in words:
                print("".join(f"  {sentence!r}\n" for sentence in lacking), end="")  # noqa: T201
    for built in extracted.built:
        print(f"{built.file}:{built.line}: made of pieces: {built.text!r}")  # noqa: T201
    for exemption in extracted.unused:
        print(f"an exemption nothing needs: {exemption}")  # noqa: T201
    return code


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
