"""Turns sentences with holes into what a person reads, in the language the front end chose.

A sentence stands in English where it is said, as in gettext, and is its own key: the code reads like the screen, and
a translator's catalogue (``fgtui/locale``) is extracted from the calls. ``say`` is for people; ``english`` is for what
is recorded, exported as data or read by programs; a ``Phrase`` leaves it to whoever says it. Nothing here escapes:
``terminal.display`` does, last of all.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache

from fgtui.errors import FgtuiError
from fgtui.regex import regex

QUOTED_LIMIT = 200
"""Characters of foreign text quoted in a message (reliability: limits)."""
LANGUAGES = ("en", "zh")
"""The languages there are words in, as ``--lang`` and ``FGTUI_LANG`` name them."""

_BRACES = regex(r"\{\{|\}\}|\{[^{}]*\}|[{}]")
_spoken = "en"
_translations: Mapping[str, str] | None = {}
"""English sentence → what is said; ``None`` until the first sentence asks for the catalogue."""


class Phrase:
    """A sentence that is a value of another one, or waits to be said: turned to words in the language of its sayer.

    ``str()`` gives the English.
    """

    __slots__ = ("sentence", "values")

    def __init__(self, sentence: str, values: Mapping[str, object] | None = None, /, **more: object) -> None:
        self.sentence = sentence
        self.values: Mapping[str, object] = {**(values or {}), **more}

    def __str__(self) -> str:
        return english(self.sentence, self.values)

    def __repr__(self) -> str:
        return f"Phrase({self.sentence!r}, {self.values!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Phrase) and (self.sentence, self.values) == (other.sentence, other.values)

    def __hash__(self) -> int:
        return hash(self.sentence)


class Uncut(str):
    """Text that stands in a sentence whole, since whoever made it has limited it already."""

    __slots__ = ()


class Names(str):
    """Names one after the other, ``a, b, c``; in a sentence that is said as the language lists them."""

    __slots__ = ("parts",)
    parts: tuple[str, ...]

    def __new__(cls, parts: Iterable[str]) -> Names:  # noqa: PYI034 - for Self every command would import typing
        """Of ``parts``, in their order."""
        names = tuple(parts)
        made = super().__new__(cls, ", ".join(names))
        made.parts = names
        return made

    def listed(self, between: str) -> str:
        """With ``between`` between them; those beyond ``QUOTED_LIMIT`` characters are left out, not cut."""
        text = between.join(self.parts)
        if len(text) <= QUOTED_LIMIT:
            return text
        end = text.rfind(between, 0, QUOTED_LIMIT - 1)
        return text[: QUOTED_LIMIT - 1 if end < 0 else end + len(between)] + "…"


def speak(language: str, translations: Mapping[str, str] | None = None) -> None:
    """Say everything in ``language`` from now on, in this process: a front end's business, once, before it speaks.

    ``translations`` (English sentence → what is said) take the place of the catalogue's.
    """
    global _spoken, _translations  # noqa: PLW0603 - the one choice of a process that every sentence depends on
    _spoken = language
    _translations = {} if translations is None and language == "en" else translations


def spoken() -> str:
    """The language in force: ``"en"`` or ``"zh"``."""
    return _spoken


def say(sentence: str | Phrase, values: Mapping[str, object] | None = None, /, **more: object) -> str:
    """``sentence`` in the person's language, its holes filled; what is no number is cut at ``QUOTED_LIMIT`` characters.

    What no catalogue has is said in English, and so is a translation whose holes are wrong.
    """
    if isinstance(sentence, Phrase):
        return say(sentence.sentence, sentence.values)
    filled = {name: _said(value) for name, value in {**(values or {}), **more}.items()}
    translated = _translation(sentence)
    if translated is not sentence:
        try:
            return translated.format_map(filled)
        except (LookupError, ValueError, AttributeError):  # a slip in both languages
            pass
    return sentence.format_map(filled)


def english(sentence: str | Phrase, values: Mapping[str, object] | None = None, /, **more: object) -> str:
    """As ``say``, in English whoever reads it: for what is recorded, exported as data, or read by a program."""
    if isinstance(sentence, Phrase):
        return english(sentence.sentence, sentence.values)
    return sentence.format_map({name: _cut(value) for name, value in {**(values or {}), **more}.items()})


def listed(parts: Iterable[str], tell: Callable[[str], str] | None = None) -> str:
    """``parts``, each said already by ``tell``, one after the other in a sentence: ``a, b, c``."""
    return (say(", ") if tell is None else tell(", ")).join(parts)


def clauses(parts: Iterable[str], tell: Callable[..., str] | None = None) -> str:
    """``parts``, each said already, as clauses of one sentence rather than names in a list, which Chinese divides
    otherwise.
    """
    first, *more = parts
    for part in more:
        first = (tell or say)(sentence("{clauses}, {clause}"), clauses=Uncut(first), clause=Uncut(part))
    return first


def with_aside(words: str, aside: str) -> str:
    """``words (aside)``, both said already, in the language's own parentheses."""
    return say("{words} ({aside})", words=Uncut(words), aside=Uncut(aside))


def labelled(label: str, words: str) -> str:
    """``label: words``, both said already, with the language's own colon."""
    return say("{label}: {words}", label=Uncut(label), words=Uncut(words))


def folded(parts: Sequence[str | Phrase], sentence: str) -> str | Phrase:
    """``parts`` in the holes ``{these}`` and ``{this}`` of ``sentence``, again and again: ``a or b or c``."""
    these: str | Phrase = parts[0] if parts else ""
    for this in parts[1:]:
        these = Phrase(sentence, these=these, this=this)
    return these


def sentence(text: str) -> str:
    """``text``: marks a word or a sentence that stands in a table and is said later, so that catalogues have it."""
    return text


REASONS_OF_THE_SYSTEM = frozenset({
    sentence("Address already in use"),
    sentence("Argument list too long"),
    sentence("Broken pipe"),
    sentence("Cannot allocate memory"),
    sentence("Cannot assign requested address"),
    sentence("Connection refused"),
    sentence("Connection reset by peer"),
    sentence("Connection timed out"),
    sentence("Device or resource busy"),
    sentence("Directory not empty"),
    sentence("Disk quota exceeded"),
    sentence("Exec format error"),
    sentence("File exists"),
    sentence("File name too long"),
    sentence("File too large"),
    sentence("Input/output error"),
    sentence("Invalid argument"),
    sentence("Is a directory"),
    sentence("Name or service not known"),
    sentence("Network is unreachable"),
    sentence("No route to host"),
    sentence("No space left on device"),
    sentence("No such file or directory"),
    sentence("Not a directory"),
    sentence("Operation not permitted"),
    sentence("Permission denied"),
    sentence("Read-only file system"),
    sentence("Resource temporarily unavailable"),
    sentence("Temporary failure in name resolution"),
    sentence("Text file busy"),
    sentence("Too many levels of symbolic links"),
    sentence("Too many open files"),
})  # fmt: skip
"""What the operating system says of an error, as far as it is usual."""


def translated(text: str) -> str:
    """A text without holes in the person's language, paragraph by paragraph, braces and all: help, or a description."""
    if _spoken == "en":
        return text
    return "\n\n".join(_translation(paragraph) for paragraph in text.split("\n\n"))


def say_error(error: FgtuiError) -> str:
    """What ``error`` says, without its hint."""
    return say(error.message, error.values)


def _translation(sentence: str) -> str:
    global _translations  # noqa: PLW0603 - read when it is first wanted
    if _translations is None:
        from fgtui.locale import read_catalogue

        _translations = read_catalogue(_spoken)
    said = _translations.get(sentence, sentence)
    return said if said is sentence or _is_sound(sentence, said) else sentence


def _of_the_system(reason: str) -> str:
    """``OSError.strerror`` in the person's language where it is one of the usual; sentences of ours begin it small."""
    reason = reason[:1].upper() + reason[1:]
    return _translation(reason) if reason in REASONS_OF_THE_SYSTEM else ""


@cache
def _is_sound(sentence: str, said: str) -> bool:
    """Whether a translation has no holes but its sentence's, each as it is there, and nothing that cannot be seen.

    Any other hole could ask for the inside of a value, or for a gigabyte of padding.
    """
    holes = {"{{", "}}", *_BRACES.findall(sentence)}
    return said.replace("\n", "").isprintable() and holes.issuperset(_BRACES.findall(said))


def _said(value: object) -> object:
    """A value as it stands in a sentence of ``say``; what the operating system says in English has its translation."""
    if type(value) is str and _spoken != "en" and (said := _of_the_system(value)):
        return said
    if isinstance(value, Phrase):
        return say(value.sentence, value.values)
    if isinstance(value, Names):
        return value.listed(_translation(", "))
    return _cut(say_error(value) if isinstance(value, FgtuiError) else value)


def _cut(value: object) -> object:
    if isinstance(value, int | float):
        return value
    if isinstance(value, Uncut):
        return str(value)
    if isinstance(value, Names):
        return value.listed(", ")
    if isinstance(value, Phrase):
        return str(value)
    text = str(value)  # a path or a library's exception quotes foreign text too
    return text if len(text) <= QUOTED_LIMIT else text[: QUOTED_LIMIT - 1] + "…"


def plural(count: int, one: str, many: str) -> str:
    """``one`` or ``many``, as ``count`` asks for."""
    return one if count == 1 else many


def counted(count: int, one: str, many: str) -> Phrase:
    """``one`` or ``many`` as a phrase, in whose hole ``{count}`` the number stands with its thousands marked."""
    return Phrase(plural(count, one, many), count=f"{count:,}")


def spell_seconds(seconds: float) -> Phrase:
    """``8 s``, ``3 min 20 s``, ``2 h 5 min``."""
    whole = max(1, round(seconds))
    if whole < 60:
        return Phrase("{seconds} s", seconds=whole)
    if whole < 3600:
        return Phrase("{minutes} min {seconds} s", minutes=whole // 60, seconds=whole % 60)
    return Phrase("{hours} h {minutes} min", hours=whole // 3600, minutes=whole % 3600 // 60)


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name a person most likely meant by ``name``, or ``None`` when none is near."""
    from difflib import get_close_matches

    by_lower = {each.lower(): each for each in known}
    wanted = name.lower()[:QUOTED_LIMIT]
    found = get_close_matches(wanted, list(by_lower), n=5, cutoff=0.6)
    return by_lower[min(found, key=lambda each: _slips(wanted, each))] if found else None


def _slips(one: str, other: str) -> int:
    """How many slips of a finger lie between: a letter more, less or another, or two swapped."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for at, letter in enumerate(one, 1):
        row = [at]
        for to, against in enumerate(other, 1):
            row.append(min(last[to] + 1, row[-1] + 1, last[to - 1] + (letter != against)))
            if at > 1 and to > 1 and letter == other[to - 2] and one[at - 2] == against:
                row[to] = min(row[to], before[to - 2] + 1)
        before, last = last, row
    return last[-1]


def language_named(word: str) -> str | None:
    """``"en"`` or ``"zh"`` for any spelling of it (``zh_CN.UTF-8``, ``zh-Hans``, ``Chinese``); ``None`` for others."""
    lowered = word.strip().lower()
    if lowered.startswith(("zh", "chinese", "中文", "简体")):
        return "zh"
    return "en" if lowered.startswith("en") else None


def language(environment: Mapping[str, str] = os.environ) -> str:
    """``"zh"`` or ``"en"``: ``FGTUI_LANG``, else what the locale variables say; English for whatever is neither."""
    for name in ("FGTUI_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = environment.get(name)
        if value:
            return language_named(value) or "en"
    return "en"
