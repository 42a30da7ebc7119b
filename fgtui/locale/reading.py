"""Reads gettext catalogues (PO) as they lie: a small strict reader of what the extractor and Poedit write.

Strict means that a file with anything unexpected in it gives nothing at all and a finding that names the line:
half a catalogue would be worse than English. Plural forms, contexts and obsolete entries (``#~``) are comments to us or
refused; the extractor writes none.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent

_ENTRY = re.compile(
    r"""(?:[^\S\n]*(?:\#[^\n]*)?\n)*        # comments and empty lines
        (?:msgid[ ]("(?:[^"\\\n]|\\.)*"(?:\n"(?:[^"\\\n]|\\.)*")*)\n
        msgstr[ ]("(?:[^"\\\n]|\\.)*"(?:\n"(?:[^"\\\n]|\\.)*")*)(?:\n|\Z)
        |\Z)""",
    re.VERBOSE,
)
_JOINT = '"\n"'
_ESCAPE = re.compile(r"\\(.)")
_MEANT = {"n": "\n", "t": "\t", '"': '"', "\\": "\\"}


class Finding(NamedTuple):
    """Why a catalogue is not used."""

    file: Path
    line: int
    """From 1; 0 where the whole file is meant."""
    why: str
    """An English sentence without holes, a key of ``say``."""


class Read(NamedTuple):
    """What a folder of catalogues holds."""

    sentences: dict[str, str]
    findings: tuple[Finding, ...]


def read_folder(name: str, root: Path = ROOT) -> Read:
    """Every ``*.po`` of a language's folder as one; a folder that is not there is empty."""
    sentences: dict[str, str] = {}
    findings: list[Finding] = []
    for file in sorted((root / name).glob("*.po")):
        try:
            sentences |= {sentence: said for sentence, said in read_file(file, name).items() if said}
        except CatalogueError as error:
            findings.append(error.finding)
    return Read(sentences, tuple(findings))


class CatalogueError(Exception):
    """A file that is no catalogue of the language asked for."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(f"{finding.file}:{finding.line}: {finding.why}")
        self.finding = finding


def read_file(file: Path, language: str) -> dict[str, str]:
    """Sentence → translation, ``""`` for none yet, in the file's order. Raises ``CatalogueError``."""
    try:
        text = file.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except OSError:
        raise CatalogueError(Finding(file, 0, "it cannot be read")) from None
    except UnicodeDecodeError:
        raise CatalogueError(Finding(file, 0, "it is not UTF-8")) from None
    found: dict[str, str] = {}
    at = 0
    while at < len(text):
        entry = _ENTRY.match(text, at)
        if entry is None:
            raise CatalogueError(Finding(file, text.count("\n", 0, at) + 1, "no entry of a catalogue is here or below"))
        at = entry.end()
        if entry[1] is not None:
            sentence = _plain(entry[1])
            if sentence in found:
                raise CatalogueError(Finding(file, text.count("\n", 0, at), "this sentence is here twice"))
            found[sentence] = _plain(entry[2])
    header = found.pop("", "")
    if f"Language: {language}\n" not in header:
        raise CatalogueError(Finding(file, 0, "its header names another language, or none"))
    return found


def _plain(quoted: str) -> str:
    text = quoted[1:-1]
    if _JOINT in text:
        text = text.replace(_JOINT, "")
    return _ESCAPE.sub(lambda escape: _MEANT.get(escape[1], escape[0]), text) if "\\" in text else text
