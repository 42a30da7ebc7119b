"""What can be wrong with JSON text, in words: for each code its weight, a sentence and the way out.

Sentences and hints have ``{named}`` holes; ``{other_line}:{other_column}`` is a second place in the text.
"""

from __future__ import annotations

from typing import NamedTuple

from fgtui.events.model import Severity
from fgtui.words import sentence


class Flaw(NamedTuple):
    """One way to depart from JSON, or to puzzle its readers."""

    severity: Severity
    message: str
    hint: str = ""


BENIGN = frozenset({"duplicate-key", "lone-surrogate", "number-overflow", "number-underflow"})
"""Codes of what RFC 8259 allows and people should know of; every other finding is a departure from JSON."""

MUDDLES = frozenset({"mismatched-bracket", "text-after-string", "unexpected-text"})
"""Codes of errors behind which nobody can be sure any more where a value begins and ends."""

_ERRORS = {
    "alternatives": (
        "{text} is a choice of values; which one is meant cannot be guessed",
        "write one of them, for example {example}",
    ),
    "bad-escape": ("{escape} is no escape that JSON knows", "write \\\\ for a backslash"),
    "bad-number": ("{word} is no JSON number", "write {meant}"),
    "bad-word": ("{word} is no JSON value", "write {meant}"),
    "bare-word": ("{word} is no JSON value", 'if it is text, write "{word}"'),
    "control-character": ("U+{code:04X} cannot stand unescaped in a string", "write {escape}"),
    "elided-value": ("a value was elided here ({sign}); it cannot be guessed", "type the value"),
    "empty-text": ("there is no value here; an event is one JSON value", "type {{}} for an empty object"),
    "extra-text": (
        "the value ended at {other_line}:{other_column}; this text comes after it",
        "one event is one JSON value",
    ),
    "full-width-bracket": ("{sign} is a full-width bracket", "type {ascii} instead"),
    "mismatched-bracket": (
        "{found} cannot close the {bracket} opened at {other_line}:{other_column}",
        "{closer} is missing before it, or meant here",
    ),
    "missing-colon": ("a colon is missing after this name", sentence("type :")),
    "missing-comma": ("a comma is missing after this value", sentence("type ,")),
    "missing-item": ("a value is missing before this comma", "type a value, or take the comma out"),
    "missing-name": ("a member name is missing before {sign}", 'type a name in double quotes and a colon: "name": …'),
    "missing-value": ("a value is missing here", "type a value"),
    "name-without-value": ("a colon and a value are missing after this name", "type : and a value"),
    "not-a-number": ("{word} is no JSON number", "write null, or a number"),
    "not-a-separator": ("{sign} cannot stand here", "type {meant} instead"),
    "single-quotes": ("a string needs double quotes, not {sign}", 'type " at both ends instead'),
    "surrogate-character": ("U+{code:04X} is half of a surrogate pair and has no UTF-8 form", "write {escape}"),
    "text-after-string": ("the string ended before {text}", 'inside a string, a quotation mark is written \\"'),
    "typographic-quotes": ("{sign} is a typographic quotation mark", 'type " at both ends instead'),
    "unclosed-bracket": ("{bracket} is never closed", "type {closer} at the end"),
    "unclosed-brackets": ("{bracket} is never closed", "{count} brackets are still open at the end"),
    "unclosed-comment": ("the comment that begins here is never closed", "type */ at its end"),
    "unclosed-string": ("the string that begins here is never closed", 'type " at its end'),
    "unexpected-bracket": ("{bracket} closes nothing", "take it out"),
    "unexpected-text": ("{text} is unexpected here", ""),
    "unquoted-name": ("the member name {name} has no quotes", sentence('write "{name}"')),
}
_WARNINGS = {
    "byte-order-mark": "the text begins with a byte-order mark; it is left out",
    "comment": "a comment is not JSON; it is left out",
    "duplicate-key": 'duplicate key "{key}" (first at {other_line}:{other_column}); both are sent',
    "elision": "content was elided here ({sign}); it is left out",
    "full-width-sign": "{sign} is a full-width sign; {ascii} is sent instead",
    "odd-space": "U+{code:04X} is no space that JSON knows; a space is sent instead",
    "quote-marks": "every line begins with >, as in a quotation; the marks are left out",
    "trailing-comma": "a comma before {bracket} is not JSON; it is left out",
}
_NOTES = {
    "lone-surrogate": "{escape} is half of a surrogate pair; it is sent as written",
    "number-overflow": "{number} is too large for a double; it is sent as written",
    "number-underflow": "{number} is too small for a double; it is sent as written",
}
FLAWS: dict[str, Flaw] = {
    **{code: Flaw(Severity.ERROR, *words) for code, words in _ERRORS.items()},
    **{code: Flaw(Severity.WARNING, words) for code, words in _WARNINGS.items()},
    **{code: Flaw(Severity.INFO, words) for code, words in _NOTES.items()},
}
