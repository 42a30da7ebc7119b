"""Reads JSON text, strict or not, into a flat tree of spans: one pass, no recursion, no exception.

Two paths through the same grammar. The fast one takes a whole member or item in one match as long as the text is
strict; wherever it does not match, the slow one takes a single step, names what is wrong, and hands back.
"""

from __future__ import annotations

import re
import sys

from fgtui.events import lexis
from fgtui.events.tree import Tree

GIVE_UP = 1000
"""Errors after which the rest is not read: it is not JSON, and a person will not read a thousand findings."""


def read(text: str) -> Tree:
    """The tree of ``text``."""
    return _Scanner(text).scan()


class _Scanner:
    """One scan. Between steps: where ``frame`` is open, either an element is ``due`` or a separator is."""

    def __init__(self, text: str) -> None:
        self.tree = tree = Tree(text)
        self.findings = tree.findings
        self.frame = -1
        """The open container; -1 around the root."""
        self.names: dict[str, int] | None = None
        """First offset of each member name of the open object, quotes included; None in an array."""
        self.count = 0
        """Items of the open array so far."""
        self.closer = ""
        self.stack: list[dict[str, int] | None] = []
        """The ``names`` of the containers around the open one; None too where one pop can tell them."""
        self.ordinals: list[int] = []
        """Where in ``tree.containers`` each open container is."""
        self.open_objects = 0
        self.due = True
        self.done = False
        self.comma = -1
        """The comma before the element that is due."""
        self.elided = 0
        """Since that comma: 0 nothing, 1 an elision, 2 an elision and its comma."""
        self.surrogates = not text.isascii() and lexis.SURROGATE.search(text) is not None

    # -- the loop ----------------------------------------------------------------------------------------------------

    def scan(self) -> Tree:
        pos = self._prologue()
        while not self.done:
            pos = self._fast(pos)
            if not self.done:
                pos = self._element(pos) if self.due else self._separator(pos)
            if self.findings.errors >= GIVE_UP:
                self._close_all(pos)
        return self.tree

    def _fast(self, pos: int) -> int:
        """Strict text from ``pos``, as far as it goes; the state is left where it ends."""
        tree = self.tree
        text = tree.text
        add_start, add_end, add_parent = tree.starts.append, tree.ends.append, tree.parents.append
        add_key_start, add_key_end = tree.key_starts.append, tree.key_ends.append
        member, item, separator = lexis.MEMBER.match, lexis.ITEM.match, lexis.SEPARATOR.match
        frame, names, count, closer, due = self.frame, self.names, self.count, self.closer, self.due
        comma = self.comma
        if (frame < 0 and tree.starts) or (due and self.elided):
            return pos
        check = self.surrogates
        while True:
            if due:
                match = item(text, pos) if names is None else member(text, pos)
                if match is None:
                    break
                which = match.lastindex
                if which == lexis.PLAIN_THEN_SEPARATOR:
                    start, end = match.span(2)
                    if check and lexis.SURROGATE.search(text, pos, end):
                        break
                elif which == lexis.ESCAPED_THEN_SEPARATOR:
                    start, end = match.span(4)
                    if (check and lexis.SURROGATE.search(text, pos, end)) or not self._is_sound(start, end):
                        break
                else:
                    start, end = match.span(6)
                if names is None:
                    add_key_start(-1)
                    add_key_end(count)
                    count += 1
                else:
                    key_start, key_end = match.span(1)
                    add_key_start(key_start)
                    add_key_end(key_end)
                    name = match[1]
                    first = names.setdefault(name, key_start)
                    if first != key_start:
                        self._duplicate(name, first, key_start, key_end)
                add_start(start)
                add_end(end)
                add_parent(frame)
                pos = match.end()
                if which == lexis.OPENING:
                    self.frame, self.names, self.count, self.closer = frame, names, count, closer
                    self._push(text[start])
                    frame, names, count, closer = self.frame, self.names, 0, self.closer
                    comma = -1
                    continue
                pos -= 1
                due = False
            match = separator(text, pos)
            if match is None:
                break
            sign = match[1]
            if sign == "," and frame >= 0:
                comma = match.start(1)
                pos = match.end()
                due = True
            elif sign == closer:
                pos = match.end()
                self.frame, self.names, self.count, self.closer = frame, names, count, closer
                self._pop(pos)
                frame, names, count, closer = self.frame, self.names, self.count, self.closer
                if frame < 0:
                    break
            else:
                break
        self.frame, self.names, self.count, self.closer, self.due = frame, names, count, closer, due
        self.comma = comma
        return pos

    # -- containers --------------------------------------------------------------------------------------------------

    def _push(self, bracket: str) -> None:
        """The last value added is a container: open it."""
        names = self.names
        # One name needs no keeping: it is that of the child that is being opened, and _pop can read it again.
        self.stack.append(names if names is not None and len(names) > 1 else None)
        tree = self.tree
        self.ordinals.append(len(tree.containers))
        self.frame = len(tree.starts) - 1
        tree.containers.append(self.frame)
        tree.afters.append(0)
        if bracket == "{":
            self.names, self.closer = {}, "}"
            self.open_objects += 1
        else:
            self.names, self.closer = None, "]"
        self.count = 0
        self.comma = -1
        self.elided = 0
        self.due = True
        tree.depth = max(tree.depth, len(self.stack))

    def _pop(self, end: int) -> None:
        """Close the open container at ``end``; a separator is due in the one around it."""
        tree = self.tree
        child = self.frame
        tree.ends[child] = end
        tree.afters[self.ordinals.pop()] = len(tree.starts)
        if self.closer == "}":
            self.open_objects -= 1
        names = self.stack.pop()
        self.frame = frame = tree.parents[child]
        self.due = False
        if frame < 0:
            self.names, self.closer, self.count = None, "", 1
        elif tree.text[tree.starts[frame]] in "{｛":
            if names is None:
                start, end = tree.key_starts[child], tree.key_ends[child]
                names = {} if start < 0 else {self._quoted(start, end): start}
            self.names, self.closer = names, "}"
        else:
            self.names, self.closer, self.count = None, "]", tree.key_ends[child] + 1

    def _close_all(self, pos: int) -> None:
        """The text ends at ``pos``, or is given up there."""
        tree = self.tree
        while self.frame >= 0:
            self._pop(pos)
        self.done = True
        if not tree.starts and not self.findings.errors:
            self.findings.error(
                "empty-text", "there is no value here; an event is one JSON value", pos, pos, -1,
                hint="type {{}} for an empty object",
            )  # fmt: skip

    def _end(self, pos: int) -> int:
        """The text ends inside ``frame``."""
        still_open = len(self.stack)
        if still_open:
            start = self.tree.starts[self.frame]
            hint = "type {closer} at the end" if still_open == 1 else "{count} brackets are still open at the end"
            self.findings.error(
                "unclosed-bracket", "{bracket} is never closed", start, start + 1, self.frame, hint=hint,
                bracket=self.tree.text[start], closer=self.closer, count=still_open,
            )  # fmt: skip
        self._close_all(pos)
        return pos

    def _close(self, pos: int) -> int:
        """A closing bracket at ``pos``: it closes what is open, or something further out, or is taken for a slip."""
        tree, findings = self.tree, self.findings
        written = tree.text[pos]
        bracket = lexis.ASCII.get(written, written)
        if bracket != written:
            self._full_width_bracket(pos, bracket)
        if bracket != self.closer:
            opened = tree.starts[self.frame]
            findings.error(
                "mismatched-bracket", "{found} cannot close the {bracket} opened at {other_line}:{other_column}",
                pos, pos + 1, self.frame, hint="{closer} is missing before it, or meant here", other=opened,
                found=bracket, bracket=tree.text[opened], closer=self.closer,
            )  # fmt: skip
            fits_further_out = self.open_objects if bracket == "}" else len(self.stack) > self.open_objects
            while fits_further_out and bracket != self.closer:
                self._pop(pos)
        self._pop(pos + 1)
        return pos + 1

    def _full_width_bracket(self, pos: int, bracket: str) -> None:
        self.findings.error(
            "full-width-bracket", "{sign} is a full-width bracket", pos, pos + 1, self.frame,
            hint="type {ascii} instead", sign=self.tree.text[pos], ascii=bracket,
        )  # fmt: skip

    # -- between the tokens ------------------------------------------------------------------------------------------

    def _prologue(self) -> int:
        tree, findings = self.tree, self.findings
        pos = 0
        if tree.text.startswith("\ufeff"):
            findings.warning("byte-order-mark", "the text begins with a byte-order mark; it is left out", 0, 1, -1)
            pos = 1
        if tree.text[pos : pos + 256].lstrip(" \t\r\n").startswith(">"):
            body = tree.text[pos:]
            if lexis.UNQUOTED_LINE.search(body) is None:
                self._blank_quote_marks(pos, body)
        return pos

    def _blank_quote_marks(self, pos: int, body: str) -> None:
        """Every line begins with ``>``, as Markdown quotes do."""
        tree = self.tree
        marks = list(lexis.QUOTE_MARKS.finditer(body))
        for mark in marks:
            tree.blanks.extend((pos + mark.start(), pos + mark.end()))
        start, end = pos + marks[0].start(), pos + marks[0].end()
        tree.text = tree.text[:pos] + lexis.QUOTE_MARKS.sub(lambda mark: " " * len(mark[0]), body)
        self.findings.warning(
            "quote-marks", "every line begins with >, as in a quotation; the marks are left out", start, end, -1
        )

    def _blank(self, start: int, end: int) -> None:
        self.tree.blanks.extend((start, end))

    def _skip(self, pos: int, *, elisions: bool = False) -> int:
        """Past whitespace and what people put between tokens; each such thing is blanked and named."""
        text = self.tree.text
        space = lexis.WHITESPACE.match
        while True:
            blank = space(text, pos)
            assert blank is not None
            pos = blank.end()
            sign = text[pos : pos + 1]
            if sign in ("/", "#"):
                end = self._comment(pos)
            elif elisions and (match := lexis.ELISION.match(text, pos)):
                end = match.end()
                self.elided = 1
                self.findings.warning(
                    "elision", "content was elided here ({sign}); it is left out", pos, end, self.frame, sign=match[0]
                )
            elif match := lexis.ODD_SPACE.match(text, pos):
                end = match.end()
                self.findings.warning(
                    "odd-space", "U+{code:04X} is no space that JSON knows; a space is sent instead", pos, end,
                    self.frame, code=ord(sign),
                )  # fmt: skip
            else:
                return pos
            if end == pos:
                return pos
            self._blank(pos, end)
            pos = end

    def _comment(self, pos: int) -> int:
        """The end of the comment at ``pos``; ``pos`` when there is none."""
        text, findings = self.tree.text, self.findings
        if text.startswith("/*", pos):
            end = text.find("*/", pos + 2) + 2
            if end < 2:
                end = len(text)
                findings.error(
                    "unclosed-comment", "the comment that begins here is never closed", pos, pos + 2, self.frame,
                    hint="type */ at its end",
                )  # fmt: skip
                return end
        elif match := lexis.LINE_COMMENT.match(text, pos):
            end = match.end()
        else:
            return pos
        findings.warning("comment", "a comment is not JSON; it is left out", pos, end, self.frame)
        return end

    # -- an element is due -------------------------------------------------------------------------------------------

    def _element(self, pos: int) -> int:
        """One element, or whatever stands in its place."""
        text = self.tree.text
        pos = self._skip(pos, elisions=True)
        sign = text[pos : pos + 1]
        if not sign:
            return self._end(pos)
        if sign in ",，":
            return self._lone_comma(pos)
        if sign in "}]｝］】":
            return self._end_of_elements(pos)
        self.elided = 0
        if self.names is not None:
            return self._member(pos)
        return self._value(pos, -1, self.count)

    def _lone_comma(self, pos: int) -> int:
        match = lexis.COMMAS.match(self.tree.text, pos)
        assert match is not None
        if self.elided == 1:
            self.elided = 2
            self._blank(pos, pos + 1)
            return pos + 1
        self.findings.error(
            "missing-value", "a value is missing before this comma", pos, pos + 1, self.frame,
            hint="type a value, or take the comma out",
        )  # fmt: skip
        self.comma = match.end() - 1
        return match.end()

    def _end_of_elements(self, pos: int) -> int:
        """A closing bracket where an element was due; a comma before it is left out."""
        if self.frame < 0:
            self._closes_nothing(pos)
            return pos + 1
        if self.comma >= 0:
            self._blank(self.comma, self.comma + 1)
            if not self.elided:
                self.findings.warning(
                    "trailing-comma", "a comma before {bracket} is not JSON; it is left out",
                    self.comma, self.comma + 1, self.frame, bracket=self.tree.text[pos],
                )  # fmt: skip
        self.elided = 0
        self.due = False
        return self._close(pos)

    def _closes_nothing(self, pos: int) -> None:
        self.findings.error(
            "unexpected-bracket", "{bracket} closes nothing", pos, pos + 1, -1, bracket=self.tree.text[pos]
        )

    def _member(self, pos: int) -> int:
        """A member from its name on."""
        text, findings = self.tree.text, self.findings
        sign = text[pos]
        if sign in "{[｛［【:：":
            findings.error(
                "missing-name", "a member name is missing before {sign}", pos, pos + 1, self.frame,
                hint='type a name in double quotes and a colon: "name": …', sign=sign,
            )  # fmt: skip
            return self._colon(pos, -1, -1)
        node = self.frame
        if sign == '"':
            end = self._string(pos, node)
        elif match := lexis.TYPOGRAPHIC_STRING.match(text, pos):
            end = match.end()
            self._typographic(pos, end, node)
        elif match := lexis.APOSTROPHE_STRING.match(text, pos):
            end = match.end()
            self._apostrophes(pos, end, node)
        elif match := lexis.WORD.match(text, pos):
            end = match.end()
            if lexis.NAME_AHEAD.match(text, pos) is None:
                self._unexpected(pos, end)
                self.comma = -1
                return end
            findings.error(
                "unquoted-name",
                "the member name {name} has no quotes",
                pos,
                end,
                node,
                hint='write "{name}"',
                name=match[0],
            )
        else:
            self.comma = -1
            return self._junk(pos)
        return self._colon(end, pos, end)

    def _colon(self, pos: int, key_start: int, key_end: int) -> int:
        """From after a member's name to the end of its value."""
        text, findings = self.tree.text, self.findings
        after_name = pos
        pos = self._skip(pos)
        sign = text[pos : pos + 1]
        if sign in (":", "："):
            pos += 1
            if sign == "：":
                self._full_width_sign(pos - 1, ":")
        elif sign == "=":
            pos += 2 if text.startswith("=>", pos) else 1
            findings.error(
                "missing-colon", "{sign} cannot stand between a name and its value", pos - 1, pos, self.frame,
                hint="type : instead", sign=sign,
            )  # fmt: skip
        elif key_start >= 0:
            findings.error(
                "missing-colon", "a colon and a value are missing after this name"
                if sign in ("", ",", "，", "}", "]") else "a colon is missing after this name",
                after_name, after_name, self.frame, hint="type : and a value",
            )  # fmt: skip
            if sign in ("", ",", "，", "}", "]"):
                self._add(after_name, after_name, key_start, key_end, invalid=True)
                return pos
        return self._value(pos, key_start, key_end)

    def _full_width_sign(self, pos: int, ascii_sign: str) -> None:
        self.tree.signs.append(pos)
        self.findings.warning(
            "full-width-sign", "{sign} is a full-width sign; {ascii} is sent instead", pos, pos + 1, self.frame,
            sign=self.tree.text[pos], ascii=ascii_sign,
        )  # fmt: skip

    def _value(self, pos: int, key_start: int, key_end: int) -> int:
        """A value, whatever it looks like. ``key_end`` is the index where ``key_start`` is -1."""
        text, findings = self.tree.text, self.findings
        after_colon = pos
        pos = self._skip(pos)
        sign = text[pos : pos + 1]
        if sign in ("", ",", "，", "}", "]", "｝", "］", "】"):
            node = self._add(after_colon, after_colon, key_start, key_end, invalid=True)
            findings.error(
                "missing-value", "a value is missing here", after_colon, after_colon, node, hint="type a value"
            )
            return pos
        if sign in "{[｛［【":
            self._add(pos, -1, key_start, key_end)
            bracket = lexis.ASCII.get(sign, sign)
            self._push(bracket)
            if bracket != sign:
                self._full_width_bracket(pos, bracket)
            return pos + 1
        node = len(self.tree.starts)
        invalid = True
        if sign == '"':
            invalid = False
            end = self._string(pos, node)
        elif match := lexis.ELISION.match(text, pos):
            end = match.end()
            findings.error(
                "elided-value", "a value was elided here ({sign}); it cannot be guessed", pos, end, node,
                hint="type the value", sign=match[0],
            )  # fmt: skip
        elif match := lexis.TYPOGRAPHIC_STRING.match(text, pos):
            end = match.end()
            self._typographic(pos, end, node)
        elif match := lexis.APOSTROPHE_STRING.match(text, pos):
            end = match.end()
            self._apostrophes(pos, end, node)
        elif match := lexis.WORD.match(text, pos):
            end = match.end()
            if lexis.ALTERNATIVE.match(text, end) is None:
                invalid = not self._word(match[0], pos, end, node)
        else:
            end = self._junk(pos)
        if lexis.ALTERNATIVE.match(text, end):
            end = self._alternatives(pos, end, node)
            invalid = True
        self._add(pos, end, key_start, key_end, invalid=invalid)
        return end

    def _add(self, start: int, end: int, key_start: int, key_end: int, *, invalid: bool = False) -> int:
        """Add a value to the tree; a separator is due after it."""
        tree = self.tree
        node = len(tree.starts)
        tree.starts.append(start)
        tree.ends.append(end)
        tree.key_starts.append(key_start)
        tree.key_ends.append(key_end)
        tree.parents.append(self.frame)
        if invalid:
            tree.invalid.add(node)
        if self.names is None:
            self.count += 1
        elif key_start >= 0:
            name = self._quoted(key_start, key_end)
            first = self.names.setdefault(name, key_start)
            if first != key_start:
                self._duplicate(name, first, key_start, key_end)
        self.due = False
        return node

    def _quoted(self, start: int, end: int) -> str:
        """The member name at ``start`` between quotes and without escapes: what duplicates are told by."""
        name = self.tree.text[start:end]
        if "\\" not in name and name.startswith('"'):
            return name
        self.tree.escaped_names = True
        return '"' + lexis.unquote(name) + '"'

    def _duplicate(self, name: str, first: int, start: int, end: int) -> None:
        self.findings.warning(
            "duplicate-key", 'duplicate key "{key}" (first at {other_line}:{other_column}); both are sent',
            start, end, len(self.tree.starts), hint="", other=first, key=name[1:-1],
        )  # fmt: skip

    # -- a separator is due ------------------------------------------------------------------------------------------

    def _separator(self, pos: int) -> int:
        """A comma, a closing bracket, or whatever stands in their place."""
        text, findings = self.tree.text, self.findings
        end_of_value = pos
        self.elided = 0
        pos = self._skip(pos, elisions=True)
        self.elided = 0
        sign = text[pos : pos + 1]
        if self.frame < 0:
            return self._extra(pos)
        if not sign:
            return self._end(pos)
        if sign in "}]｝］】":
            return self._close(pos)
        if sign in ",，":
            if sign == "，":
                self._full_width_sign(pos, ",")
        elif sign in ";；、:：=":
            findings.error(
                "missing-comma", "{sign} cannot stand after a value", pos, pos + 1, self.frame, hint="type , instead",
                sign=sign,
            )  # fmt: skip
        elif self.names is None or sign in "{[｛［【" or lexis.NAME_AHEAD.match(text, pos):
            if self.names is None and lexis.JUNK.match(text, pos):
                return self._junk(pos)
            findings.error(
                "missing-comma", "a comma is missing after this value", end_of_value, end_of_value, self.frame,
                hint="type ,",
            )  # fmt: skip
            self.comma = -1
            self.due = True
            return pos
        else:
            return self._stray(pos)
        self.comma = pos
        self.due = True
        return pos + 1

    def _stray(self, pos: int) -> int:
        """Something that can neither follow a value nor begin a member."""
        text = self.tree.text
        for pattern in (lexis.LINE_STRING, lexis.TYPOGRAPHIC_STRING, lexis.APOSTROPHE_STRING, lexis.WORD):
            if match := pattern.match(text, pos):
                self._unexpected(pos, match.end())
                return match.end()
        return self._junk(pos)

    def _extra(self, pos: int) -> int:
        """Something after the root value."""
        tree = self.tree
        text = tree.text
        if pos >= len(text):
            self.done = True
            return pos
        if text[pos] in "}]｝］】":
            self._closes_nothing(pos)
            return pos + 1
        self.findings.error(
            "extra-text", "the value ended at {other_line}:{other_column}; this text comes after it",
            pos, len(text), -1, hint="one event is one JSON value", other=tree.ends[0],
        )  # fmt: skip
        comma = text[pos] in ",，"
        if comma and text[tree.starts[0]] == "{" and lexis.NAME_AHEAD.match(text, self._skip(pos + 1)):
            self._reopen()
            self.comma = pos
            return pos + 1
        self.done = True
        return pos

    def _reopen(self) -> None:
        """More members follow the root object: most likely a bracket closed it too early."""
        self.stack.append(None)
        self.ordinals.append(0)
        self.frame = 0
        self.names, self.closer = {}, "}"
        self.open_objects += 1
        self.due = True

    # -- what is wrong with a token ----------------------------------------------------------------------------------

    def _unexpected(self, start: int, end: int) -> None:
        self.findings.error(
            "unexpected-text", "{text} is unexpected here", start, end, self.frame, text=self.tree.text[start:end][:200]
        )

    def _junk(self, pos: int) -> int:
        """Signs that begin nothing."""
        match = lexis.JUNK.match(self.tree.text, pos)
        end = match.end() if match else pos + 1
        self._unexpected(pos, end)
        return end

    def _string(self, pos: int, node: int) -> int:
        """The end of the string that opens at ``pos``."""
        text, findings = self.tree.text, self.findings
        match = lexis.STRICT_STRING.match(text, pos)
        if match is not None and self._is_sound(pos, match.end()):
            if self.surrogates:
                self._name_surrogates(pos, match.end(), node)
            return match.end()
        match = lexis.LINE_STRING.match(text, pos)
        assert match is not None
        end = match.end()
        if not match[1]:
            later = lexis.CLOSED_LATER.match(text, end)
            if later is None:
                end = pos + max(1, len(match[0].rstrip(" \t,，}]")))
                findings.error(
                    "unclosed-string", "the string that begins here is never closed", pos, end, node,
                    hint='type " at its end',
                )  # fmt: skip
            else:
                end = later.end()
        self._name_flaws(pos + 1, end, node)
        if self.surrogates:
            self._name_surrogates(pos, end, node)
        return end

    def _is_sound(self, start: int, end: int) -> bool:
        r"""Whether each ``\u`` of a string whose other escapes are right has its digits; names lone surrogates."""
        text = self.tree.text
        if text.find("\\u", start, end) < 0:
            return True
        if lexis.BAD_UNICODE_ESCAPE.search(text, start, end):
            return False
        if text.find("\\ud", start, end) >= 0 or text.find("\\uD", start, end) >= 0:
            self._name_lone_escapes(start, end)
        return True

    def _name_lone_escapes(self, start: int, end: int) -> None:
        waiting: re.Match[str] | None = None
        for match in lexis.ESCAPE.finditer(self.tree.text, start, end):
            code = int(match[1], 16) if match[1] else 0
            if 0xDC00 <= code < 0xE000 and waiting is not None and waiting.end() == match.start():
                waiting = None
                continue
            if waiting is not None:
                self._lone(waiting)
            waiting = match if 0xD800 <= code < 0xDC00 else None
            if 0xDC00 <= code < 0xE000:
                self._lone(match)
        if waiting is not None:
            self._lone(waiting)

    def _lone(self, match: re.Match[str]) -> None:
        self.findings.info(
            "lone-surrogate", "{escape} is half of a surrogate pair; it is sent as written",
            match.start(), match.end(), len(self.tree.starts), escape=match[0],
        )  # fmt: skip

    def _name_surrogates(self, start: int, end: int, node: int) -> None:
        for match in lexis.SURROGATE.finditer(self.tree.text, start, end):
            self.findings.error(
                "surrogate-character", "U+{code:04X} is half of a surrogate pair and has no UTF-8 form",
                match.start(), match.end(), node, hint="write \\u{code:04x}", code=ord(match[0][0]),
            )  # fmt: skip

    def _name_flaws(self, start: int, end: int, node: int) -> None:
        """Wrong escapes and control characters of a string."""
        for match in lexis.FLAW.finditer(self.tree.text, start, end):
            if match[2]:
                code = ord(match[2][0])
                self.findings.error(
                    "control-character", "U+{code:04X} cannot stand unescaped in a string",
                    match.start(), match.end(), node, hint="write {escape}", code=code, escape=lexis.escape(code),
                )  # fmt: skip
            elif match[1] is not None:
                self.findings.error(
                    "bad-escape", "{escape} is no escape that JSON knows", match.start(), match.end(), node,
                    hint="write \\\\ for a backslash", escape=match[0],
                )  # fmt: skip

    def _typographic(self, start: int, end: int, node: int) -> None:
        self.findings.error(
            "typographic-quotes", "{sign} is a typographic quotation mark", start, end, node,
            hint='type " at both ends instead', sign=self.tree.text[start],
        )  # fmt: skip

    def _apostrophes(self, start: int, end: int, node: int) -> None:
        self.findings.error(
            "single-quotes", "a string needs double quotes, not {sign}", start, end, node,
            hint='type " at both ends instead', sign=self.tree.text[start],
        )  # fmt: skip

    def _alternatives(self, start: int, end: int, node: int) -> int:
        """Several values where one is due: ``true|false``. They become one invalid value."""
        text = self.tree.text
        options = [text[start:end]]
        while separator := lexis.ALTERNATIVE.match(text, end):
            option = next(
                match
                for pattern in (lexis.LINE_STRING, lexis.TYPOGRAPHIC_STRING, lexis.APOSTROPHE_STRING, lexis.ANY_WORD)
                if (match := pattern.match(text, separator.end()))
            )
            options.append(option[0])
            end = option.end()
        self.findings.error(
            "alternatives", "{text} is a choice of values; which one is meant cannot be guessed", start, end, node,
            hint="write one of them, for example {example}", text=text[start:end],
            example="true" if "true" in options else options[0],
        )  # fmt: skip
        return end

    def _word(self, word: str, start: int, end: int, node: int) -> bool:
        """Name what is wrong with a value without quotes; whether it is a value."""
        if word in ("true", "false", "null"):
            return True
        if lexis.STRICT_NUMBER.fullmatch(word):
            self._name_range(word, start, end, node)
            return True
        code, message, hint, meant = lexis.describe_word(word)
        self.findings.error(code, message, start, end, node, hint=hint, word=word, meant=meant)
        return False

    def _name_range(self, number: str, start: int, end: int, node: int) -> None:
        """What a double makes of ``number``, where that is infinite or zero."""
        digits = number.lstrip("-")
        if digits.isdecimal():
            limit = sys.get_int_max_str_digits()
            if limit and len(digits) > limit:
                self.tree.exact_numbers = False
        fate = lexis.fate_as_double(number)
        if fate:
            self.tree.exact_numbers = False
            self.findings.info(
                "number-range", "{number} is too large for a double; it is sent as written"
                if fate > 0 else "{number} is too small for a double; it is sent as written",
                start, end, node, number=number,
            )  # fmt: skip
