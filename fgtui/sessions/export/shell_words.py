"""Words and bytes as text for a POSIX shell: what is pasted into sh, bash or zsh is what was meant, and nothing runs.

Single quotes keep everything but themselves. What a terminal, a line editor or a person's eye could take for something
else (control characters, tabs, direction marks) and bytes that are no text go through ``printf``'s octal escapes or
base64, so that no pasted key press is among them. A placeholder of a redacted value becomes a variable that has to be
set: the command refuses in words rather than send it.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping

from fgtui.regex import regex
from fgtui.terminal.display import is_displayable

LONGEST_ARGUMENT = 100_000
"""Bytes in one word of a program's arguments; Linux takes 131,072. ``printf`` is no program and takes any length."""
_LONGEST_WORD = 50_000
"""Characters in one word; bash takes ten seconds over four million with quotes among them."""
_PLACEHOLDER_SIZE = 23
_PLAIN = regex(r"[A-Za-z0-9_./:,+@%][A-Za-z0-9_./:,+@%=-]*")
_TAB = "\t"
_OCTAL_SHARE = 8
"""Where more than one byte in so many needs an escape, base64 is shorter and no harder to read."""

Holes = Mapping[str, str]
"""Placeholders and the variables that stand for their values."""
NO_HOLES: Holes = {}


def word(text: str) -> str:
    """``text`` as one word, quoted only where it has to be. It has no NUL, which no argument can hold."""
    return text if _PLAIN.fullmatch(text) else quoted(text)


def quoted(text: str, holes: Holes = NO_HOLES) -> str:
    """``text`` in single quotes; between them the variables of ``holes``, in double ones."""
    return "".join(
        variable(piece) if is_hole else "'" + piece.replace("'", "'\\''") + "'"
        for piece, is_hole in _pieces(text, holes)
    )


def variable(name: str, otherwise: str = "") -> str:
    """The value of a variable; where it is not set the shell says so, with ``otherwise``, and runs nothing."""
    return f'"${{{name}:?{otherwise}}}"'


def fits_argument(text: str) -> bool:
    """Whether ``text`` can stand as an argument as it is: short enough, and nothing in it acts when it is pasted."""
    return _is_harmless(text) and len(as_bytes(text)) <= LONGEST_ARGUMENT


def as_bytes(text: str) -> bytes:
    """As a program is given ``text``; a half of a character that none can be given is kept as it would be spelled."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


def printed(content: bytes, holes: Holes = NO_HOLES) -> str:
    """A command that prints exactly ``content``, with the values of ``holes`` in their places."""
    text = content.decode("utf-8", "surrogateescape")
    if len(text) <= _LONGEST_WORD:
        return _printed(text, holes)
    return "{\n" + "".join(f"{_printed(part, holes)}\n" for part in _parts(text)) + "}"


def _parts(text: str) -> Iterator[str]:
    """Pieces a shell reads fast, none of which ends inside a placeholder."""
    start = 0
    while start < len(text):
        end = start + _LONGEST_WORD
        opened = text.rfind("<", end - _PLACEHOLDER_SIZE, end)
        if opened >= 0 and end < len(text):
            end = opened
        yield text[start:end]
        start = end


def _printed(text: str, holes: Holes) -> str:
    if _is_harmless(text) and not any(placeholder in text for placeholder in holes):
        return f"printf '%s' {quoted(text)}"
    content = as_bytes(text)
    pieces = list(_pieces(text, holes))
    written = "".join("%s" if is_hole else _format(piece) for piece, is_hole in pieces)
    if not any(is_hole for _, is_hole in pieces) and written.count("\\") > len(content) // _OCTAL_SHARE + 8:
        return f"printf '%s' '{base64.b64encode(content).decode()}' | base64 -d"
    if written.startswith("-"):  # an option to some
        written = f"\\055{written[1:]}"
    arguments = [variable(piece) for piece, is_hole in pieces if is_hole]
    return " ".join(["printf", quoted(written), *arguments])


def here_document(command: str, text: str) -> str | None:
    """``command`` with ``text`` as its input, for people to read; ``None`` where only ``printed`` is exact."""
    if not text.endswith("\n") or not _is_harmless(text):
        return None
    end = "EOF"
    lines = set(text.split("\n"))
    while end in lines:
        end += "F"
    return f"{command} <<'{end}'\n{text}{end}"


def _is_harmless(text: str) -> bool:
    return _TAB not in text and is_displayable(text)


def _pieces(text: str, holes: Holes) -> Iterator[tuple[str, bool]]:
    """What stands between the placeholders, which is never nothing, and the variables in their places."""
    if not holes:
        yield text, False
        return
    position = 0
    for found in re.finditer("|".join(map(re.escape, holes)), text):
        if found.start() > position:
            yield text[position : found.start()], False
        yield holes[found[0]], True
        position = found.end()
    if position < len(text) or not text:
        yield text[position:], False


def _format(text: str) -> str:
    r"""``text`` as a format of ``printf``: ``%`` doubled, ``\`` too, what is not harmless in octal."""
    escapes = {ord(sign): _octal(sign) for sign in set(text) if not _is_harmless(sign)}
    return text.translate({ord("\\"): "\\\\", ord("%"): "%%", **escapes})


def _octal(sign: str) -> str:
    return "".join(f"\\{byte:03o}" for byte in as_bytes(sign))
