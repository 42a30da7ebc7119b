"""Words: how a text is taken apart for the index, and how what a person looks for is compared with it.

Case does not matter. A word is a run of letters and digits; everything else, ``_`` too, stands between two. Chinese,
Japanese and Korean have no such runs, so theirs are kept as overlapping pairs, ``上传失败`` as ``上传 传失 失败``, and
the last character alone: a word of any length is found inside a sentence. Both the index and a scan compare with
``Wanted``: the index only says where it is worth looking.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from itertools import pairwise

from fgtui.errors import UsageError
from fgtui.records import Record
from fgtui.regex import regex

LONGEST = 40
"""Characters of a longer word that the index keeps."""
TEXT_LIMIT = 4096
"""Characters of what is looked for."""

_PAIRED = "々〇\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff66-\uff9d\U00020000-\U000323af"
_LETTER = rf"[^\W_{_PAIRED}]"
_WORD = regex(rf"{_LETTER}++")
_RUN = regex(rf"[{_PAIRED}]++")
_ASCII_WORDS = bytes(
    byte | 0x20 if chr(byte).isupper() else byte if chr(byte).isalnum() else 0x20 for byte in range(128)
).ljust(256)
_PIECE = regex(r'["“”]([^"“”]*+)["“”]?|([^\s"“”]++)')
"""A phrase, in the quotation marks of an input method too, or a word."""
_PART = regex(r"(\s++)|(\S)")


def fold(text: str) -> str:
    """``text`` without regard to case, character by character: places in it stay where they are."""
    if text.isascii():
        return text.lower()
    folded = text.casefold()
    return folded if len(folded) == len(text) else "".join(map(_fold_one, text))


def _fold_one(character: str) -> str:
    folded = character.casefold()
    return folded if len(folded) == 1 else character


def words_of(text: str) -> set[str]:
    """What the index keeps of ``text``."""
    if text.isascii():
        return _cut(set(text.encode().translate(_ASCII_WORDS).decode().split()))
    folded = fold(text)
    words = _cut(set(_WORD.findall(folded)))
    for run in _RUN.findall(folded):
        words.update(map("".join, pairwise(run)), run[-1])
    return words


def _cut(words: set[str]) -> set[str]:
    return {word[:LONGEST] for word in words} if words and max(map(len, words)) > LONGEST else words


class Term(Record):
    """One thing that has to be there: a word, a beginning (``time*``) or a phrase."""

    literal: str
    """Stands as it is in every folded text that has it: a quick look before the pattern's."""
    pattern: re.Pattern[str]
    """Finds it in folded text, inside longer words too."""
    starts_word: bool
    """No letter may stand before it."""
    ends_word: bool
    """No letter may stand behind it."""
    words: frozenset[str]
    """Each of them is in ``words_of`` a text that has the term."""
    beginnings: frozenset[str]
    """With each of them a word begins that is in ``words_of`` such a text."""

    def is_in(self, folded: str) -> bool:
        """Whether it is in a folded text."""
        return self.literal in folded and self.first(folded) is not None

    def first(self, folded: str) -> tuple[int, int] | None:
        """Where it is in a folded text for the first time."""
        return next(self.spans(folded), None)

    def spans(self, folded: str, start: int = 0, end: int = sys.maxsize) -> Iterator[tuple[int, int]]:
        """Where it is in ``folded`` between two places, apart from each other."""
        while found := self.pattern.search(folded, start, end):
            at, start = found.span()
            if (self.starts_word and at and _is_letter(folded[at - 1])) or (
                self.ends_word and start < len(folded) and _is_letter(folded[start])
            ):
                start = at + 1
            else:
                yield at, start


def _is_letter(character: str) -> bool:
    return _WORD.match(character) is not None


class Wanted(Record):
    """What a person looks for: every term has to be found, each in some text of an exchange."""

    terms: tuple[Term, ...]

    @classmethod
    def parse(cls, text: str) -> Wanted:
        """Words, ``begin*`` and ``"exact phrases"``. UsageError when there is nothing in it to look for."""
        if len(text) > TEXT_LIMIT:
            raise UsageError(
                "a search takes at most {limit} characters, not {count}", limit=TEXT_LIMIT, count=len(text)
            )
        pieces = dict.fromkeys(
            (fold(piece[1] or piece[2]).strip(), piece[2] is None)
            for piece in _PIECE.finditer(text)
            if (piece[1] or piece[2] or "").strip()
        )
        terms = [_term(piece, is_phrase=is_phrase) for piece, is_phrase in pieces]
        if not any(term.words or term.beginnings for term in terms):
            raise UsageError("there is nothing to look for in {text!r}: it has no letter and no digit", text=text)
        return cls(tuple(terms))


def _term(text: str, *, is_phrase: bool) -> Term:
    """``text`` is folded. Punctuation is taken as it is written; blanks between words stand for whatever separates."""
    bare = text if is_phrase else text.rstrip("*") or text
    is_beginning = bare is not text and _is_letter(bare[-1])
    words = {word.group()[:LONGEST]: word.end() for word in _WORD.finditer(bare)}
    beginnings = {word for word, end in words.items() if is_beginning and end == len(bare)}
    pairs: set[str] = set()
    for run in _RUN.findall(bare):
        pairs.update(map("".join, pairwise(run)))
        if len(run) == 1:
            beginnings.add(run)
    return Term(
        literal=max(bare.split(), key=len),
        pattern=re.compile(_pattern(bare)),
        starts_word=_is_letter(bare[0]),
        ends_word=_is_letter(bare[-1]) and not is_beginning,
        words=frozenset((words.keys() - beginnings) | pairs),
        beginnings=frozenset(beginnings),
    )


def _pattern(text: str) -> str:
    """Each gap ends where what follows begins, so that nothing is tried twice."""
    pieces: list[str] = []
    for part in _PART.finditer(text):
        if part[2]:
            pieces.append(re.escape(part[2]))
        else:
            between_letters = text[part.start() - 1].isalnum() and text[part.end()].isalnum()
            pieces.append(r"[\W_]++" if between_letters else r"\s++")
    return "".join(pieces)
