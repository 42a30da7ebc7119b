"""Writes gettext catalogues: always the same bytes for the same entries, in lines a diff can show."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

_HEADER = """\
Project-Id-Version: fgtui
Language: {language}
MIME-Version: 1.0
Content-Type: text/plain; charset=UTF-8
Content-Transfer-Encoding: 8bit
Plural-Forms: nplurals=1; plural=0;
"""
_HOLE = re.compile(r"\{[^{}]*\}")


class Entry(NamedTuple):
    """One sentence of a catalogue."""

    sentence: str
    said: str
    """``""``: nobody has translated it."""
    files: tuple[str, ...]


def write_catalogue(language: str, entries: Iterable[Entry]) -> str:
    """The text of a catalogue with ``entries`` in their order."""
    blocks = [f'msgid ""\nmsgstr {_quoted(_HEADER.format(language=language))}\n']
    for entry in entries:
        lines = [f"#: {' '.join(entry.files)}"]
        if _HOLE.search(entry.sentence):
            lines.append("#, python-brace-format")
        lines += [f"msgid {_quoted(entry.sentence)}", f"msgstr {_quoted(entry.said)}"]
        blocks.append("\n".join(lines) + "\n")
    return "\n".join(blocks)


def _quoted(text: str) -> str:
    """In quotes, a line of text on a line of its own."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t")
    lines = escaped.split("\n")
    pieces = [f'"{line}\\n"' for line in lines[:-1]] + ([f'"{lines[-1]}"'] if lines[-1] else [])
    return pieces[0] if len(pieces) == 1 else "\n".join(['""', *pieces])
