"""What a terminal can show whose characters are not all of Unicode: its locale says so (``zh_CN.GBK``)."""

from __future__ import annotations

from collections.abc import Mapping

STAND_INS = {
    "✓": "+", "✗": "x", "▸": ">", "▾": "v", "●": "*", "○": "o", "·": "-", "•": "*", "…": "...", "‹": "<", "›": ">",
    "→": "->", "←": "<-", "↑": "^", "↓": "v", "⇢": "=>", "⇄": "<->", "↵": "<-'", "─": "-", "│": "|", "×": "x",
    "≠": "!=", "≤": "<=", "≥": ">=", "–": "-", "—": "--", "“": '"', "”": '"', "‘": "'", "’": "'", "█": "#", "°": " deg",
}  # fmt: skip
"""What signs of ours are where the terminal has no such sign; they mean the same."""
UNICODE = frozenset(("", "utf-8", "utf8", "ascii", "us-ascii", "ansi-x3.4-1968"))
"""Names of what is UTF-8, or taken for it: ASCII says nothing of a terminal."""


def other_charset(encoding: str | None) -> str:
    """The name of a terminal's charset, by the encoding of a text stream; empty where it is UTF-8 as far as known."""
    name = (encoding or "").lower().replace("_", "-")
    return "" if name in UNICODE else name.upper()


def in_charset(text: str, charset: str, *, foreign: bool = False) -> bytes:
    r"""``text`` for a terminal; what it lacks is a sign like it, and the escape ``\uXXXX`` in ``foreign`` text."""
    try:
        return text.encode(charset)
    except UnicodeEncodeError:
        return b"".join(_shown(sign, charset, foreign=foreign) for sign in text)


def _shown(sign: str, charset: str, *, foreign: bool) -> bytes:
    try:
        return sign.encode(charset)
    except UnicodeEncodeError:
        if not foreign and sign in STAND_INS:
            return STAND_INS[sign].encode("ascii")
        return sign.encode("ascii", "backslashreplace")


def way_to_utf8(environment: Mapping[str, str]) -> str:
    """The command that has a shell's programs write UTF-8, in the language they have now."""
    name = next((each for each in ("LC_ALL", "LC_CTYPE", "LANG") if environment.get(each)), "LANG")
    language = environment.get(name, "").partition(".")[0].partition("@")[0]
    return " ".join(("export", f"{name}={language or 'C'}.UTF-8"))
