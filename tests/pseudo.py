"""A language nobody speaks, in which every letter of a sentence has an accent: what is drawn without one was not said.

Every sentence is as wide as in English, so nothing moves and nothing is cut that was not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from fgtui import locale
from fgtui.locale.reading import read_file

CATALOGUES = Path(locale.__file__).parent / "zh_CN"
_PLAIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_ACCENTED = "ÀƁĆĎÉƑĜĤÍĴĶĹṀŃÓƤɊŔŚŤÚṼŴẊÝŹàƀćďéƒĝĥíĵķĺṁńóƥɋŕśťúṽŵẋýź"
ACCENTS = str.maketrans(_PLAIN, _ACCENTED)
_AS_TYPED = re.compile(r"^fgtui [a-z-]+$|[{}\"]")
"""Command lines and JSON, which are the same in every language."""
_HOLE = re.compile(r"(\{\{|\}\}|\{[^{}]*\})")


def accented(sentence: str) -> str:
    """``sentence`` with an accent on every letter outside its holes."""
    pieces = _HOLE.split(sentence)
    return "".join(piece if _HOLE.fullmatch(piece) else piece.translate(ACCENTS) for piece in pieces)


class Pseudo(Mapping[str, str]):
    """The whole language, as ``fgtui.words.speak`` takes it."""

    def __getitem__(self, sentence: str) -> str:
        return accented(sentence)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 1


def sentences() -> frozenset[str]:
    """Every sentence of the catalogues."""
    return frozenset(sentence for file in CATALOGUES.glob("*.po") for sentence in read_file(file, CATALOGUES.name))


def unsaid(drawn: str, known: frozenset[str]) -> list[str]:
    """What of ``drawn`` is English of the catalogue: its pieces of two words and more between the holes."""
    pieces = {piece.strip(" .,:;…()") for sentence in known for piece in _HOLE.split(sentence)}
    wanted = sorted(piece for piece in pieces if re.search(r"[A-Za-z]{2}.* .*[A-Za-z]{2}", piece))
    return [piece for piece in wanted if piece in drawn and not _AS_TYPED.search(piece)]
