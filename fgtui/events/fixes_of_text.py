"""Fixes for what the scanner finds: text that departs from JSON."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

from fgtui.events import lexis
from fgtui.events.mending import Fix, Ground, Splice
from fgtui.events.model import Path, Problem
from fgtui.events.sample_values import declared, sample_content
from fgtui.events.splices import removal
from fgtui.events.text import Document, Kind, Node, is_json, quote
from fgtui.records import NOTHING
from fgtui.regex import regex
from fgtui.words import sentence

_LITERALS = frozenset({"true", "false", "null", "none"})
_UNESCAPED_QUOTE = regex(r'(\\.)|(")', re.DOTALL)
_BLANKS = regex(r"[ \t]*+")
_HEX_ESCAPE = regex(r"\\x([0-9a-fA-F]{2})")
_INVISIBLE = "\u200b\u2060\ufeff"
_OPTIONS = 8
"""Values that are offered for one place."""


def _replaced(problem: Problem, text: str, words: str, /, *, is_certain: bool = True, **values: object) -> Fix:
    return Fix(words, (Splice(problem.start, problem.end, text),), is_certain, values)


# Left out of the wire text anyway


def _mark(ground: Ground, problem: Problem) -> Iterator[Fix]:
    yield _replaced(problem, "", "take the byte-order mark out")


def _trailing_comma(ground: Ground, problem: Problem) -> Iterator[Fix]:
    yield _replaced(problem, "", "take the comma out")


def _comment(ground: Ground, problem: Problem) -> Iterator[Fix]:
    start, end = _with_margin(ground.document, problem.start, problem.end)
    yield Fix("take the comment out", (Splice(start, end, ""),), True, NOTHING)


def _with_margin(document: Document, start: int, end: int) -> tuple[int, int]:
    """The span with the blanks before it, and with its whole line where nothing else is on that."""
    text = document.text
    after = _BLANKS.match(text, end)
    assert after is not None
    at_end = after.end() == len(text) or text[after.end()] in "\r\n"
    if not at_end:
        return start, end
    line = document.line_start(start)
    behind = _behind(text, start, line, " \t".__contains__)
    if behind > line:
        return behind, end
    if text.startswith("\r\n", after.end()):
        return line, after.end() + 2
    return line, min(after.end() + 1, len(text))


def _behind(text: str, pos: int, least: int, is_blank: Callable[[str], bool]) -> int:
    """Behind the last sign before ``pos`` that is not blank; ``least`` where there is none from there on."""
    while pos > least and is_blank(text[pos - 1]):
        pos -= 1
    return pos


def _elision(ground: Ground, problem: Problem) -> Iterator[Fix]:
    """The dots, and the comma that was there only for them."""
    text, commas = ground.document.text, ground.lone_commas
    before = _behind(text, problem.start, 0, str.isspace) - 1
    after = lexis.WHITESPACE.match(text, problem.end)
    assert after is not None
    start, end = problem.start, problem.end
    if after.end() in commas:
        end = after.end() + 1
        blanks = _BLANKS.match(text, end)
        assert blanks is not None
        if blanks.end() < len(text) and text[blanks.end()] not in "\r\n":
            end = blanks.end()
    elif before in commas:
        start = before
    yield Fix("take the elision out", (Splice(*_with_margin(ground.document, start, end), ""),), is_certain=True)


def _quote_marks(ground: Ground, problem: Problem) -> Iterator[Fix]:
    text = ground.document.text
    spans = ((mark.start(), mark.end()) for mark in lexis.QUOTE_MARKS.finditer(text, problem.start))
    splices = tuple(Splice(start, end + text.startswith(" ", end), "") for start, end in spans)
    yield Fix("take the quote marks out", splices, is_certain=True)


def _odd_space(ground: Ground, problem: Problem) -> Iterator[Fix]:
    spaces = ground.document.text[problem.start : problem.end]
    yield _replaced(problem, "".join("" if each in _INVISIBLE else " " for each in spaces), "put plain spaces there")


# What can only have been meant


def _ascii_sign(ground: Ground, problem: Problem) -> Iterator[Fix]:
    sign = ground.document.text[problem.start : problem.end]
    meant = str(problem.values.get("meant") or lexis.ASCII.get(sign, sign))
    yield _replaced(problem, meant, "type {meant} instead", meant=meant)


def _meant_word(ground: Ground, problem: Problem) -> Iterator[Fix]:
    meant = str(problem.values.get("meant") or "")
    word = ground.document.text[problem.start : problem.end]
    certain = problem.code == "bad-number" or lexis.half_width(word).lower() in _LITERALS
    yield _replaced(problem, meant, "write {meant}", is_certain=certain, meant=meant)
    if not certain:
        yield _replaced(problem, quote(word), "write it as text: {text}", is_certain=False, text=quote(word))


def _bare_word(ground: Ground, problem: Problem) -> Iterator[Fix]:
    text = quote(ground.document.text[problem.start : problem.end])
    if ground.document.text.startswith('"', problem.end):  # only the first of its quotation marks is missing
        yield Fix('type " before it', (Splice(problem.start, problem.end + 1, text),))
    yield _replaced(problem, text, "write it as text: {text}", is_certain=False, text=text)


def _not_a_number(ground: Ground, problem: Problem) -> Iterator[Fix]:
    yield _replaced(problem, "null", "write null", is_certain=False)
    text = quote(ground.document.text[problem.start : problem.end])
    yield _replaced(problem, text, "write it as text: {text}", is_certain=False, text=text)


def _unquoted_name(ground: Ground, problem: Problem) -> Iterator[Fix]:
    name = quote(lexis.named(ground.document.text[problem.start : problem.end]))
    yield _replaced(problem, name, "write {name}", name=name)


def _other_quotes(ground: Ground, problem: Problem) -> Iterator[Fix]:
    written = ground.document.text[problem.start : problem.end]
    if len(written) == 1:  # the one that closes what a straight one has opened
        yield _replaced(problem, '"', sentence('type " instead'))
        return
    is_closed = written[-1] in "\"'`“”„‟＂‘’‚‛＇"
    inside = written[1:-1] if is_closed else written[1:]
    for sign in "'`‘’“”":
        inside = inside.replace(f"\\{sign}", sign)
    kept = '"' + _UNESCAPED_QUOTE.sub(lambda found: found[1] or '\\"', inside) + '"'
    literal = kept if lexis.is_string(kept) else quote(lexis.unescape(inside))
    yield _replaced(problem, literal, 'type " at both ends', is_certain=is_closed)


def _missing_colon(ground: Ground, problem: Problem) -> Iterator[Fix]:
    is_spaced = ground.document.text[problem.start : problem.start + 1].isspace()
    yield _replaced(problem, ":" if is_spaced else ": ", sentence("type :"))


def _missing_comma(ground: Ground, problem: Problem) -> Iterator[Fix]:
    yield _replaced(problem, ",", sentence("type ,"))


def _unexpected_bracket(ground: Ground, problem: Problem) -> Iterator[Fix]:
    yield _replaced(problem, "", "take it out")


def _control_characters(ground: Ground, problem: Problem) -> Iterator[Fix]:
    """Those of the whole string: a pasted one may have a line break in every line."""
    start, end = _literal_around(ground, problem)
    text = ground.document.text
    splices = [
        Splice(match.start(), match.end(), "".join(lexis.escape(ord(sign)) for sign in match[2]))
        for match in lexis.FLAW.finditer(text, start + 1, end)
        if match[2]
    ]
    if splices:
        yield Fix("escape the control characters of this string", tuple(splices), is_certain=True)


def _surrogates(ground: Ground, problem: Problem) -> Iterator[Fix]:
    signs = ground.document.text[problem.start : problem.end]
    yield _replaced(problem, "".join(lexis.escape(ord(sign)) for sign in signs), "escape it")


def _literal_around(ground: Ground, problem: Problem) -> tuple[int, int]:
    node = ground.document.node_at(problem.start)
    if node is None:
        return problem.start - 1, problem.end
    if node.key_start <= problem.start < node.key_end:
        return node.key_start, node.key_end
    return node.start, node.end


def _bad_escape(ground: Ground, problem: Problem) -> Iterator[Fix]:
    written = ground.document.text[problem.start : problem.end]
    if written == "\\'":
        yield _replaced(problem, "'", "take the backslash out")
        return
    code = _HEX_ESCAPE.match(ground.document.text, problem.start)
    if code:
        splice = Splice(problem.start, code.end(), f"\\u00{code[1]}")
        yield Fix("write {escape}", (splice,), values={"escape": splice.text})
    yield _replaced(problem, "\\" + written, "write \\\\ for a backslash", is_certain=False)


# What a person may have meant


def _alternatives(ground: Ground, problem: Problem) -> Iterator[Fix]:
    for option in list(_options(ground.document.text[problem.start : problem.end]))[:_OPTIONS]:
        literal = option if is_json(option) else quote(lexis.unquote(option))
        yield _replaced(problem, literal, "write {value}", is_certain=False, value=literal)


def _options(choice: str) -> Iterator[str]:
    start = pos = 0
    while pos < len(choice):
        for pattern in (lexis.LINE_STRING, lexis.TYPOGRAPHIC_STRING, lexis.APOSTROPHE_STRING, lexis.WORD):
            if match := pattern.match(choice, pos):
                pos = match.end()
                break
        else:
            pos += 1
        separator = lexis.ALTERNATIVE.match(choice, pos)
        if separator:
            yield choice[start:pos]
            start = pos = separator.end()
    yield choice[start:]


def _value(ground: Ground, problem: Problem) -> Iterator[Fix]:
    """A value where none is: what the schema gives for the place, else null."""
    blanks = _BLANKS.match(ground.document.text, problem.end)
    assert blanks is not None
    for literal in _values_for(ground, problem.path):
        if problem.code == "name-without-value":
            instead = f": {literal}"
        elif problem.code == "missing-value":
            instead = f" {literal}"
        else:
            instead = literal
        end = problem.end if problem.code == "elided-value" else blanks.end()
        yield Fix("write {value}", (Splice(problem.start, end, instead),), values={"value": literal})


def _values_for(ground: Ground, path: Path) -> list[str]:
    from fgtui.events.schema import reader
    from fgtui.events.scopes import scope_of

    scope = scope_of(ground.trigger, reader(ground.document))
    info = scope.info(path)
    if info.encoding is not None:
        return ['""', "null"]
    return list(dict.fromkeys([*declared(info)[:_OPTIONS], sample_content(scope, path), "null"]))


def _empty_text(ground: Ground, problem: Problem) -> Iterator[Fix]:
    start = 1 if ground.document.text.startswith("\ufeff") else 0
    yield Fix("type an empty object", (Splice(start, start, "{}"),))


def _extra_text(ground: Ground, problem: Problem) -> Iterator[Fix]:
    document = ground.document
    end = _other_place(ground, problem)
    if document.text[problem.start : problem.start + 1] in {",", "，"} and end is not None:
        yield Fix("take out the bracket that closed it too early", (Splice(end - 1, end, ""),))
    start = len(document.text[: problem.start].rstrip())
    yield Fix("take out what comes after the value", (Splice(start, problem.end, ""),))


def _mismatched(ground: Ground, problem: Problem) -> Iterator[Fix]:
    closer = str(problem.values.get("closer") or "")
    yield Fix("type {closer} before it", (Splice(problem.start, problem.start, closer),), values={"closer": closer})
    yield _replaced(problem, closer, "type {closer} instead", is_certain=False, closer=closer)
    yield _replaced(problem, "", "take it out", is_certain=False)


def _missing_item(ground: Ground, problem: Problem) -> Iterator[Fix]:
    commas = lexis.COMMAS.match(ground.document.text, problem.start)
    end = commas.end() if commas else problem.end
    node = ground.document.node_at(problem.start)
    in_object = node is not None and node.kind is Kind.OBJECT
    yield Fix("take the comma out", (Splice(problem.start, end, ""),), is_certain=in_object)
    if not in_object:
        yield Fix("write null before it", (Splice(problem.start, problem.start, "null"),))


def _duplicate(ground: Ground, problem: Problem) -> Iterator[Fix]:
    document = ground.document
    later = _named_at(ground, problem.start)
    other = _other_place(ground, problem)
    first = None if other is None else _named_at(ground, other)
    same = later is not None and first is not None and _is_same(document, later, first)
    ways: list[Fix] = []
    if first is not None:
        ways.append(_removed(document, first, "take the first one out, which readers overlook", is_certain=same))
    if later is not None:
        ways.append(_removed(document, later, "take this one out", is_certain=same))
    yield from reversed(ways) if same else ways  # of three that are the same, the second and the third can go at once


def _is_same(document: Document, one: Node, other: Node) -> bool:
    return one.end - one.start == other.end - other.start and document.literal(one) == document.literal(other)


def _removed(document: Document, node: Node, words: str, *, is_certain: bool) -> Fix:
    return Fix(words, tuple(Splice(start, end, "") for start, end in removal(document, node)), is_certain)


def _other_place(ground: Ground, problem: Problem) -> int | None:
    """The second place that the problem's sentence names."""
    line, column = problem.values.get("other_line"), problem.values.get("other_column")
    return ground.document.offset(line, column) if isinstance(line, int) and isinstance(column, int) else None


def _named_at(ground: Ground, start: int) -> Node | None:
    found = ground.document.nodes_between(start, start + 1)
    return next((node for node in found if node.key_start == start), None)


def _unclosed_string(ground: Ground, problem: Problem) -> Iterator[Fix]:
    yield Fix('type " at its end', (Splice(problem.end, problem.end, '"'),))


def _unclosed_comment(ground: Ground, problem: Problem) -> Iterator[Fix]:
    text = ground.document.text
    line_end = next((at for at in range(problem.start, len(text)) if text[at] in "\r\n"), len(text))
    yield Fix("close it at the end of its line", (Splice(line_end, line_end, " */"),))
    yield Fix("close it at the end", (Splice(len(text), len(text), " */"),))
    yield Fix("take out the signs that begin it", (Splice(problem.start, problem.end, ""),))


def _unclosed_brackets(ground: Ground, problem: Problem) -> Iterator[Fix]:
    """What is still open, closed at the end: line by line, as it was opened."""
    document = ground.document
    text, tree = document.text, document.tree
    node = document.node_at(problem.start)
    end = len(text.rstrip())
    line = document.line_start(end)
    line_break = "\r\n" if "\r\n" in text else "\n"
    in_comment = any(tree.blanks[at] < end <= tree.blanks[at + 1] for at in range(0, len(tree.blanks), 2))
    pieces: list[str] = []
    while node is not None:
        if node.start < line or (in_comment and not pieces):
            line = document.line_start(node.start)
            margin = _BLANKS.match(text, line, node.start)
            assert margin is not None
            pieces.append(f"{line_break}{margin[0]}")
        pieces.append(lexis.CLOSER[text[node.start]])
        node = document.parent(node)
    yield Fix("close what is open at the end", (Splice(end, end, "".join(pieces)),))


def _text_after_string(ground: Ground, problem: Problem) -> Iterator[Fix]:
    document = ground.document
    node = document.node_at(problem.start - 1)
    if node is not None and node.start < problem.start < node.end:
        inside = document.text[node.start + 1 : node.end - 1]
        literal = '"' + _UNESCAPED_QUOTE.sub(lambda found: found[1] or '\\"', inside) + '"'
        yield Fix("escape the quotation marks inside it", (Splice(node.start, node.end, literal),))
    yield _replaced(problem, "", "take it out", is_certain=False)


def _unexpected_text(ground: Ground, problem: Problem) -> Iterator[Fix]:
    yield _replaced(problem, "", "take it out", is_certain=False)


FIXES_OF_TEXT: dict[str, Callable[[Ground, Problem], Iterable[Fix]]] = {
    "alternatives": _alternatives,
    "bad-escape": _bad_escape,
    "bad-number": _meant_word,
    "bad-word": _meant_word,
    "bare-word": _bare_word,
    "byte-order-mark": _mark,
    "comment": _comment,
    "control-character": _control_characters,
    "duplicate-key": _duplicate,
    "elided-value": _value,
    "elision": _elision,
    "empty-text": _empty_text,
    "extra-text": _extra_text,
    "full-width-bracket": _ascii_sign,
    "full-width-sign": _ascii_sign,
    "mismatched-bracket": _mismatched,
    "missing-colon": _missing_colon,
    "missing-comma": _missing_comma,
    "missing-item": _missing_item,
    "missing-value": _value,
    "name-without-value": _value,
    "not-a-number": _not_a_number,
    "not-a-separator": _ascii_sign,
    "odd-space": _odd_space,
    "quote-marks": _quote_marks,
    "single-quotes": _other_quotes,
    "surrogate-character": _surrogates,
    "text-after-string": _text_after_string,
    "trailing-comma": _trailing_comma,
    "typographic-quotes": _other_quotes,
    "unclosed-bracket": _unclosed_brackets,
    "unclosed-brackets": _unclosed_brackets,
    "unclosed-comment": _unclosed_comment,
    "unclosed-string": _unclosed_string,
    "unexpected-bracket": _unexpected_bracket,
    "unexpected-text": _unexpected_text,
    "unquoted-name": _unquoted_name,
}
"""What makes the fixes of each code that the scanner gives."""
