"""Reads gettext catalogues (PO) as they lie: a small strict reader of what the extractor and Poedit write.

Strict means that a file with anything unexpected in it gives nothing at all, and a finding that names the line: half a
catalogue would be worse than English. A start in Chinese waits for this, so entries are cut out of the text, which lie
between empty lines, and looked at sign by sign only where one holds more than a line of plain text.
"""

from __future__ import annotations

import os
from contextlib import suppress
from typing import Any

from fgtui.records import Record

READ_IN_ORDER = ("cli", "rest", "events", "sessions", "invoke", "tui", "fields")
"""The catalogues, from those that nearly everything says something of to those of the workbench alone."""
ROOT = os.path.dirname(__file__)  # noqa: PTH120 - pathlib is not worth its import to a short verb


class Finding(Record):
    """Why a catalogue is not used."""

    file: str
    line: int
    """From 1; 0 where the whole file is meant."""
    why: str
    """An English sentence without holes, a key of ``say``."""


class Read(Record):
    """What a folder of catalogues holds."""

    sentences: dict[str, str]
    findings: tuple[Finding, ...]


class Catalogues(dict[str, str]):
    """Sentence → translation, by ``get``: each catalogue is read when a sentence is in none of those before it.

    A short verb says little, and finds it in the first one.
    """

    def __init__(self, language: str, root: str = ROOT) -> None:
        super().__init__()
        self._language = language
        self._root = root
        self._left = list(READ_IN_ORDER)

    def get(self, key: str, default: Any = None, /) -> Any:
        """The translation, else ``default``."""
        for area in tuple(self._left):
            if key in self:
                break
            with suppress(CatalogueError):
                file = os.path.join(self._root, self._language, f"{area}.po")  # noqa: PTH118
                self.update(_translated(read_file(file, self._language)))
            with suppress(ValueError):  # another thread has read it too
                self._left.remove(area)
        return super().get(key, default)


class CatalogueError(Exception):
    """A file that is no catalogue of the language asked for."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(f"{finding.file}:{finding.line}: {finding.why}")
        self.finding = finding


def read_folder(language: str, root: str = ROOT) -> Read:
    """Every ``*.po`` of a language's folder as one, without what nobody has translated; no folder is empty."""
    folder = os.path.join(root, language)  # noqa: PTH118
    sentences: dict[str, str] = {}
    findings: list[Finding] = []
    try:
        names = sorted(name for name in os.listdir(folder) if name.endswith(".po"))  # noqa: PTH208
    except OSError:
        names = []
    for name in names:
        try:
            found = read_file(os.path.join(folder, name), language)  # noqa: PTH118
        except CatalogueError as error:
            findings.append(error.finding)
        else:
            sentences |= _translated(found)
    return Read(sentences, tuple(findings))


def read_file(file: str | os.PathLike[str], language: str) -> dict[str, str]:
    """Sentence → translation in the file's order, ``""`` for none yet or a fuzzy one. Raises ``CatalogueError``."""
    name = os.fspath(file)
    try:
        with open(file, "rb") as stream:  # noqa: PTH123
            text = stream.read().decode("utf-8-sig").replace("\r\n", "\n")
    except OSError:
        raise CatalogueError(Finding(name, 0, "it cannot be read")) from None
    except UnicodeDecodeError:
        raise CatalogueError(Finding(name, 0, "it is not UTF-8")) from None
    found: dict[str, str] = {}
    header = None
    for block in text.strip("\n").split("\n\n"):
        comments, _, rest = block.partition("\nmsgid ") if block[:1] == "#" else ("", "", block.removeprefix("msgid "))
        sentence, divides, said = rest.partition("\nmsgstr ")
        if not divides:
            if block and not _are_comments(block):
                raise _error(name, text, block, "this is no entry of a catalogue")
            continue
        if comments and not _are_comments(comments):
            raise _error(name, text, block, "this is no entry of a catalogue")
        if rest.count('"') == 4 and "\\" not in rest and sentence[-1:] == said[-1:] == said[:1] == sentence[:1] == '"':
            plain: str | None = sentence[1:-1]  # nearly all entries: a line each, and nothing special in it
            translation: str | None = said[1:-1]
        else:
            plain, translation = _plain(sentence), _plain(said)
        if plain is None or translation is None:
            raise _error(name, text, block, "a text of this entry is not in quotes, or has a sign too many")
        if plain in found or (not plain and header is not None):
            raise _error(name, text, block, "this sentence is here twice")
        if not plain:
            header = translation
        else:
            found[plain] = "" if "fuzzy" in comments and "#, " in comments else translation
    if header is None or f"Language: {language}\n" not in header:
        raise CatalogueError(Finding(name, 0, "its header names another language, or none"))
    return found


def _translated(found: dict[str, str]) -> dict[str, str]:
    return {sentence: said for sentence, said in found.items() if said}


def _are_comments(lines: str) -> bool:
    return lines[:1] == "#" and lines.count("\n#") == lines.count("\n")


def _plain(quoted: str) -> str | None:
    """What stands in quotes, in one line or several; ``None`` where that is not all there is."""
    text = ""
    for line in quoted.split("\n"):
        inner = line[1:-1]
        rest = inner.replace("\\\\", "").replace('\\"', "").replace("\\n", "").replace("\\t", "")
        if len(line) < 2 or line[0] != '"' or line[-1] != '"' or '"' in rest or "\\" in rest:
            return None
        pieces = inner.split("\\\\") if "\\" in inner else [inner]
        text += "\\".join(piece.replace('\\"', '"').replace("\\n", "\n").replace("\\t", "\t") for piece in pieces)
    return text


def _error(file: str, text: str, block: str, why: str) -> CatalogueError:
    return CatalogueError(Finding(file, text.count("\n", 0, text.index(block)) + 1, why))
