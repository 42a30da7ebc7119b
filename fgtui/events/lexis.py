"""The tokens of JSON and of what people write instead, as regular expressions.

Every one is linear on any input: repeats are possessive or bounded by their first character, and none nests.
"""

from __future__ import annotations

import re

from fgtui.regex import regex

SPACE = "[ \t\n\r]*+"
_PLAIN = r'[^"\\\x00-\x1f]*+'
_SIMPLE = f'"{_PLAIN}"'
_ESCAPED = rf'"{_PLAIN}(?:\\["\\/bfnrtu]{_PLAIN})++"'  # what follows \u is checked apart
_SMALL_NUMBER = r"-?(?:0|[1-9][0-9]{0,299}+)(?:\.[0-9]++)?+"  # no exponent: surely within a double's range
_ELEMENT = (
    rf"(?:({_SIMPLE}|{_SMALL_NUMBER}|true|false|null){SPACE}([,}}\]])"
    rf"|({_ESCAPED}){SPACE}([,}}\]])"
    r"|([{\[]))"
)

MEMBER = regex(f"{SPACE}({_SIMPLE}){SPACE}:{SPACE}{_ELEMENT}")
"""A member of an object that is strict JSON, up to the separator after it or the bracket that opens its value."""
ITEM = regex(f"{SPACE}(){_ELEMENT}")
"""The same for an item of an array, with the same group numbers."""
PLAIN_THEN_SEPARATOR, ESCAPED_THEN_SEPARATOR, OPENING = 3, 5, 6
SEPARATOR = regex(rf"{SPACE}([,}}\]])")

WHITESPACE = regex(SPACE)
STRICT_STRING = regex(rf'"{_PLAIN}(?:\\["\\/bfnrtu]{_PLAIN})*+"')
STRICT_NUMBER = regex(r"-?(?:0|[1-9][0-9]*+)(?:\.[0-9]++)?+(?:[eE][+-]?+[0-9]++)?+")
BAD_UNICODE_ESCAPE = regex(r"(?<!\\)(?:\\\\)*+\\u(?![0-9a-fA-F]{4})")
LINE_STRING = regex(r'"[^"\\\r\n]*+(?:\\[^\r\n][^"\\\r\n]*+)*+("?)')
"""A string as far as its line goes; the group is empty when it is not closed there."""
CLOSED_LATER = regex(r'[^"\\]*+(?:\\.[^"\\]*+){0,8}+"(?=\s*+(?:[,}\]:：，]|\Z))', re.DOTALL)
"""From a line break inside a string: a close further down after which something sensible follows."""
ESCAPE = regex(r"\\(?:u([0-9a-fA-F]{4})|.)", re.DOTALL)
FLAW = regex(r'\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}|(u[0-9a-fA-F]{0,3}|.|$))|([\x00-\x1f]++)', re.DOTALL)
"""Every escape and every run of control characters; a group is set where it is wrong."""
SURROGATE = regex("[\ud800-\udfff]++")

TYPOGRAPHIC_STRING = regex("[“”„‟＂][^“”„‟＂\"\r\n]*+[“”„‟＂\"]?|[‘’‚‛＇][^‘’‚‛＇'\r\n]*+[‘’‚‛＇']?")
APOSTROPHE_STRING = regex(r"'[^'\\\r\n]*+(?:\\[^\r\n][^'\\\r\n]*+)*+'?|`[^`\r\n]*+`?")
_SIGNS = "\\s,:;=\\[\\]{}()\"'`|/#“”„‟＂‘’‚‛＇…⋯，：；、｛｝［］（）【】\u200b\u2060\ufeff"
WORD = regex(rf"(?!\.\.\.)(?=[^{_SIGNS}])[^.{_SIGNS}]*+(?:\.(?!\.\.)[^.{_SIGNS}]*+)*+")
"""A run of characters that belong together without quotes: a number, ``true``, ``httpStatusCode``, ``+1``."""
PHRASE = regex('[^\\s,，；;"{}\\[\\]…]++(?:[ \t]++(?!//|/\\*|#|\\.\\.\\.)[^\\s,，；;"{}\\[\\]…]++)*+')
"""What a person most likely meant as text without quotes: words up to the next sign of JSON or the line's end."""
ALTERNATIVE = regex("[ \t]*+(?:\\|\\|?|/(?![/*]))[ \t]*+(?=[^\\s,:;\\[\\]{}()|/#])")
NAME_AHEAD = regex(
    f"(?:{LINE_STRING.pattern}|{TYPOGRAPHIC_STRING.pattern}|{APOSTROPHE_STRING.pattern}|{WORD.pattern})[ \t]*+[:：=]"
)
ELISION = regex(r"(?:\.{3}|[…⋯])[.…⋯]*+")
TYPOGRAPHIC_CLOSE = regex(r"[“”„‟＂](?=\s*+[,}\]:，：])")
INNER_QUOTES = regex(r'(?:[^\r\n,"]{0,500}+"){1,8}?(?=[ \t]*+(?:[,}\]\r\n]|\Z))')
"""The rest of a string in which quotation marks were not escaped, from behind the first of them."""
LINE_COMMENT = regex(r"(?://|#)[^\r\n]*+")
ODD_SPACE = regex("[\x0b\x0c\x1c-\x1f\x85\xa0\u1680\u2000-\u200b\u2028\u2029\u202f\u205f\u2060\u3000\ufeff]++")
JUNK_SIGN = regex("[^\\w\\s,:\\[\\]{}\"“”„‟＂‘’‚‛＇'`…⋯，：｛｝［］【】#.+-]")
JUNK = regex(f"{JUNK_SIGN.pattern}++")
COMMAS = regex("[,，](?:[ \t\n\r]*+[,，])*+")
COMMA_OR_COMMENT = regex(r"//[^\r\n]*+|#[^\r\n]*+|/\*[^*]*+(?:\*(?!/)[^*]*+)*+\*/|([,，])")

UNQUOTED_LINE = regex(r"(?<![^\r\n])[ \t]*+[^\s>]")
QUOTE_MARKS = regex(r"(?<![^\r\n])[ \t]*+>(?:[ \t]*+>)*+")

CLOSER = {"{": "}", "[": "]", "｛": "}", "［": "]", "【": "]"}
ASCII = {"，": ",", "：": ":", "｛": "{", "｝": "}", "［": "[", "］": "]", "【": "[", "】": "]", "；": ";", "、": ","}
"""What is meant by signs typed with a Chinese keyboard."""
RARE = regex("[\x00-\x1f\ud800-\udfff]")
"""What else a string literal must escape, besides quotation marks, backslashes and line feeds."""
ANYTHING = regex(".", re.DOTALL)

_SHORT = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
_SHORT_ESCAPES = {ord(character): f"\\{letter}" for letter, character in _SHORT.items()}


_QUOTATION_MARKS = "\"'`“”„‟＂‘’‚‛＇"
_LONG = 2000
"""Characters from which on importing the standard parser pays."""


def escape(code: int) -> str:
    """The shortest JSON escape of a character of the basic plane."""
    return _SHORT_ESCAPES.get(code) or f"\\u{code:04x}"


def length_closed(literal: str) -> int:
    """The length of a string literal; where its last quotation mark was forgotten, without the signs at its end.

    Those are the comma and the brackets that follow the string, and nobody forgot them.
    """
    if literal[-1] in _QUOTATION_MARKS and len(literal) > 1:
        return len(literal)
    return max(1, len(literal.rstrip(" \t,，}]｝］】")))


def half_width(text: str) -> str:
    """``text`` with the letters, digits and signs of a Chinese keyboard's full width as ASCII."""
    return text if text.isascii() else text.translate(_HALF_WIDTH)


_HALF_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}


def named(word: str) -> str:
    """The name that stands there without quotes: without the corner brackets that Chinese puts round one."""
    return word[1:-1] if word[:1] + word[-1:] in {"「」", "『』"} else word


def is_string(literal: str) -> bool:
    """Whether it is one string as JSON has it."""
    if STRICT_STRING.fullmatch(literal) is None:
        return False
    return BAD_UNICODE_ESCAPE.search(literal) is None and SURROGATE.search(literal) is None


def unquote(literal: str) -> str:
    """What a string literal says, leniently: any quotes at its ends go, and what is no escape stays as it is."""
    text = literal
    if len(literal) > _LONG and literal.startswith('"'):
        import json

        try:
            return str(json.loads(literal))
        except ValueError:
            pass
    if text[:1] in _QUOTATION_MARKS:
        text = text[1:]
        if text[-1:] in _QUOTATION_MARKS:
            text = text[:-1]
    return unescape(text)


def unescape(text: str) -> str:
    """``text`` without its escapes; a pair of surrogate escapes is one character, half a pair stays half."""
    return _ESCAPES.sub(_character, text) if "\\" in text else text


_ESCAPES = regex(
    r"\\(?:u(?P<high>[dD][89abAB][0-9a-fA-F]{2})\\u(?P<low>[dD][c-fC-F][0-9a-fA-F]{2})|u(?P<code>[0-9a-fA-F]{4})"
    r'|(?P<sign>["\\/])|(?P<letter>[bfnrt]))'
)


def _character(match: re.Match[str]) -> str:
    kind = match.lastgroup
    if kind == "sign":
        return match["sign"]
    if kind == "letter":
        return _SHORT[match["letter"]]
    if kind == "code":
        return chr(int(match["code"], 16))
    return chr(0x10000 + ((int(match["high"], 16) - 0xD800) << 10) + int(match["low"], 16) - 0xDC00)
