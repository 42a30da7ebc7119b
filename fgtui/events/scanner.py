"""Reads JSON text, strict or not, into a flat tree of spans: one pass, no recursion, no exception.

Two paths through the same grammar. The fast one takes a whole member or item in one match as long as the text is
strict; wherever it does not match, the slow one takes a single step, names what is wrong, and hands back.
"""

from __future__ import annotations

from fgtui.events import lexis
from fgtui.events.literals import Literals
from fgtui.events.tree import Tree

GIVE_UP = 1000
"""Errors after which the rest is not read: it is not JSON, and nobody reads a thousand findings."""
_FURTHER_OUT = 1000
"""Levels searched for the bracket that a mismatched one may close."""
_OPENERS = ("{", "[", "｛", "［", "【")
_CLOSERS = ("}", "]", "｝", "］", "】")
_COMMAS = (",", "，")
_ENDS = ("", *_COMMAS, *_CLOSERS)
"""Where no value begins."""


def read(text: str, *, thorough: bool = False) -> Tree:
    """The tree of ``text``; see ``text.scan``."""
    tree = Tree(text, thorough=thorough)
    start = _prologue(tree)
    _Scanner(tree).scan(start)
    return tree


def _prologue(tree: Tree) -> int:
    """Where reading begins: behind a byte-order mark, and with the quote marks of Markdown blanked."""
    text = tree.text
    pos = 0
    if text.startswith("\ufeff"):
        tree.findings.tell("byte-order-mark", 0, 1, -1)
        pos = 1
    if not text[pos : pos + 256].lstrip(" \t\r\n").startswith(">"):
        return pos
    body = text[pos:]
    if lexis.UNQUOTED_LINE.search(body) is None:
        marks = [(pos + mark.start(), pos + mark.end()) for mark in lexis.QUOTE_MARKS.finditer(body)]
        for start, end in marks:
            tree.blank(start, end)
        tree.text = text[:pos] + lexis.QUOTE_MARKS.sub(lambda mark: " " * len(mark[0]), body)
        tree.findings.tell("quote-marks", *marks[0], -1)
    return pos


class _Scanner:
    """One scan. Between two steps, in the open container, either an element is ``due`` or a separator is."""

    def __init__(self, tree: Tree) -> None:
        self.tree = tree
        self.text = tree.text
        self.findings = tree.findings
        self.literals = Literals(tree)
        self.frame = -1
        """The open container; -1 around the root."""
        self.names: dict[str, int] | None = None
        """First offset of each member name of the open object, quotes included; None in an array."""
        self.count = 0
        """Items of the open array so far."""
        self.closer = ""
        self.stack: list[dict[str, int] | None] = []
        """The ``names`` of the containers around the open one; None for an array, and where ``pop`` can tell them."""
        self.due = True
        self.done = False
        self.comma = -1
        """The comma before the element that is due."""
        self.elided = 0
        """Since that comma: 0 nothing, 1 an elision, 2 an elision and its comma."""

    # -- the loop ----------------------------------------------------------------------------------------------------

    def scan(self, pos: int) -> None:
        while not self.done:
            if not (self.elided and self.due) and (self.frame >= 0 or not self.tree.starts):
                pos = self._fast(pos)
            pos = self._element(pos) if self.due else self._separator(pos)
            if self.findings.errors >= GIVE_UP and not self.done:
                self._give_up(pos)

    def _give_up(self, pos: int) -> None:
        """Read no further, but where all is wanted that can be understood."""
        if not self.findings.is_thorough or self.findings.muddles >= GIVE_UP:
            self.findings.unread = len(self.text) - pos
            self._close_all(pos)

    def _fast(self, pos: int) -> int:
        """Strict text from ``pos``, as far as it goes; the state is left where it ends."""
        tree, text, literals = self.tree, self.text, self.literals
        starts, ends, parents, key_ends = tree.starts, tree.ends, tree.parents, tree.key_ends
        add_start, add_end, add_parent = starts.append, ends.append, parents.append
        add_key_start, add_key_end = tree.key_starts.append, key_ends.append
        match_member, match_item, match_separator = lexis.MEMBER.match, lexis.ITEM.match, lexis.SEPARATOR.match
        stack, surrogates = self.stack, literals.surrogates
        frame, names, count, closer = self.frame, self.names, self.count, self.closer
        due, comma = self.due, self.comma
        while True:
            if due:
                match = match_item(text, pos) if names is None else match_member(text, pos)
                if match is None or (surrogates and literals.has_surrogates(pos, match.end())):
                    break
                which = match.lastindex
                if which == lexis.PLAIN_THEN_SEPARATOR:
                    start, end = match.span(2)
                elif which == lexis.OPENING:
                    start, end = match.span(6)
                else:
                    start, end = match.span(4)
                    if not literals.is_sound(start, end):
                        break
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
                    stack.append(names if names is not None and len(names) > 1 else None)
                    frame = len(starts) - 1
                    names, closer = ({}, "}") if match[6] == "{" else (None, "]")
                    count = 0
                    comma = -1
                    continue
                pos -= 1
                due = False
            match = match_separator(text, pos)
            if match is None:
                break
            sign = match[1]
            if sign == closer:
                pos = match.end()
                self.frame, self.closer = frame, closer
                self._pop(pos)
                frame, names, count, closer = self.frame, self.names, self.count, self.closer
                if frame < 0:
                    break
            elif sign == "," and frame >= 0:
                pos = match.end()
                comma = pos - 1
                due = True
            else:
                break
        self.frame, self.names, self.count, self.closer = frame, names, count, closer
        self.due, self.comma = due, comma
        return pos

    # -- containers --------------------------------------------------------------------------------------------------

    def _push(self, bracket: str) -> None:
        """Open the value that was added last."""
        names = self.names
        # A single name is that of the child being opened, and _pop reads it again: deep texts need no dictionaries.
        self.stack.append(names if names is not None and len(names) > 1 else None)
        self.frame = len(self.tree.starts) - 1
        self.names, self.closer = ({}, "}") if bracket == "{" else (None, "]")
        self.count = 0
        self.comma = -1
        self.due = True

    def _pop(self, end: int) -> None:
        """Close the open container at ``end``; a separator is due in the one around it."""
        tree = self.tree
        child = self.frame
        tree.ends[child] = end
        names = self.stack.pop()
        self.frame = frame = tree.parents[child]
        self.due = False
        if frame < 0:
            self.names, self.closer = None, ""
        elif self.text[tree.starts[frame]] in "{｛":
            if names is None:
                start = tree.key_starts[child]
                names = {self._quoted(start, tree.key_ends[child]): start} if start >= 0 else {}
            self.names, self.closer = names, "}"
        else:
            self.names, self.closer, self.count = None, "]", tree.key_ends[child] + 1

    def _close(self, pos: int) -> int:
        """A closing bracket at ``pos``: it closes what is open, or something further out, or is taken for a slip."""
        written = self.text[pos]
        bracket = lexis.ASCII.get(written, written)
        if bracket != written:
            self._full_width_bracket(pos, bracket)
        if bracket != self.closer:
            opened = self.tree.starts[self.frame]
            values = {"found": bracket, "bracket": self.text[opened], "closer": self.closer}
            self.findings.tell("mismatched-bracket", pos, pos + 1, self.frame, opened, **values)
            for _ in range(self._levels_to(bracket)):
                self._pop(pos)
        self._pop(pos + 1)
        return pos + 1

    def _levels_to(self, closer: str) -> int:
        """How many containers are to be closed before ``closer`` fits; none when it fits nowhere near."""
        frame = self.frame
        for level in range(_FURTHER_OUT):
            if frame < 0:
                break
            if lexis.CLOSER[self.text[self.tree.starts[frame]]] == closer:
                return level
            frame = self.tree.parents[frame]
        return 0

    def _end(self, pos: int) -> int:
        """The end of the text."""
        still_open = len(self.stack)
        if still_open:
            start = self.tree.starts[self.frame]
            code = "unclosed-bracket" if still_open == 1 else "unclosed-brackets"
            values = {"bracket": self.text[start], "closer": self.closer, "count": still_open}
            self.findings.tell(code, start, start + 1, self.frame, **values)
        self._close_all(pos)
        return pos

    def _close_all(self, pos: int) -> None:
        while self.frame >= 0:
            self._pop(pos)
        self.done = True
        if not self.tree.starts and not self.findings.errors:
            self.findings.tell("empty-text", pos, pos, -1)

    # -- between the tokens ------------------------------------------------------------------------------------------

    def _skip(self, pos: int, *, elisions: bool = False) -> int:
        """Past whitespace and what people put between tokens; each such thing is blanked and named."""
        text, findings = self.text, self.findings
        while True:
            space = lexis.WHITESPACE.match(text, pos)
            assert space is not None  # it may be empty
            pos = end = space.end()
            if text.startswith(("/", "#"), pos):
                end = self._comment(pos)
            elif elisions and (match := lexis.ELISION.match(text, pos)):
                end = match.end()
                self.elided = 1
                findings.tell("elision", pos, end, self.frame, sign=match[0][:6])
            elif match := lexis.ODD_SPACE.match(text, pos):
                end = match.end()
                findings.tell("odd-space", pos, end, self.frame, code=ord(text[pos]))
            if end == pos:
                return pos
            self.tree.blank(pos, end)
            pos = end

    def _comment(self, pos: int) -> int:
        """The end of the comment at ``pos``; ``pos`` when there is none."""
        if self.text.startswith("/*", pos):
            end = self.text.find("*/", pos + 2) + 2
            if end < 2:
                self.findings.tell("unclosed-comment", pos, pos + 2, self.frame)
                return len(self.text)
        elif match := lexis.LINE_COMMENT.match(self.text, pos):
            end = match.end()
        else:
            return pos
        self.findings.tell("comment", pos, end, self.frame)
        return end

    # -- an element is due -------------------------------------------------------------------------------------------

    def _element(self, pos: int) -> int:
        """One element, or whatever stands in its place."""
        before = len(self.tree.blanks)
        pos = self._skip(pos, elisions=True)
        if len(self.tree.blanks) > before and not self.elided:
            return pos  # behind a comment, strict text may go on
        sign = self.text[pos : pos + 1]
        if not sign:
            return self._end(pos)
        if sign in _COMMAS:
            return self._lone_comma(pos)
        if sign in _CLOSERS:
            return self._end_of_elements(pos)
        self.elided = 0
        return self._member(pos) if self.names is not None else self._value(pos, -1, self.count)

    def _lone_comma(self, pos: int) -> int:
        """A comma with nothing before it: part of an elision, or the mark of a missing value."""
        if self.elided == 1:
            self.elided = 2
            self.tree.blank(pos, pos + 1)
            return pos + 1
        commas = lexis.COMMAS.match(self.text, pos)
        assert commas is not None
        self.findings.tell("missing-item", pos, pos + 1, self.frame)
        self.comma = -1
        return commas.end()

    def _end_of_elements(self, pos: int) -> int:
        """A closing bracket where an element was due; a comma before it is left out."""
        if self.frame < 0:
            return self._closes_nothing(pos)
        if self.comma >= 0:
            self.tree.blank(self.comma, self.comma + 1)
            if not self.elided:
                self.findings.tell("trailing-comma", self.comma, self.comma + 1, self.frame, bracket=self.text[pos])
        self.elided = 0
        return self._close(pos)

    def _member(self, pos: int) -> int:
        """A member from its name on."""
        text = self.text
        sign = text[pos]
        if sign in _OPENERS or sign in ":：=":
            self.findings.tell("missing-name", pos, pos + 1, self.frame, sign=sign)
            return self._colon(pos, -1, -1)
        end = self.literals.quoted(pos, self.frame)
        if end == pos:
            word = lexis.WORD.match(text, pos)
            if word is None or lexis.NAME_AHEAD.match(text, pos) is None:
                self.comma = -1
                return self._unexpected(pos, word.end() if word else self._end_of_junk(pos))
            end = word.end()
            self.findings.tell("unquoted-name", pos, end, self.frame, name=lexis.named(word[0])[:200])
        return self._colon(end, pos, end)

    def _colon(self, pos: int, key_start: int, key_end: int) -> int:
        """From after a member's name to the end of its value."""
        end_of_name = pos
        pos = self._skip(pos)
        sign = self.text[pos : pos + 1]
        if sign == ":":
            pos += 1
            if self.text.startswith(":", pos):
                pos = self._unexpected(pos, pos + 1)
        elif sign == "：":
            pos = self._full_width_sign(pos)
        elif sign == "=":
            end = pos + (2 if self.text.startswith("=>", pos) else 1)
            self.findings.tell("not-a-separator", pos, end, self.frame, sign=self.text[pos:end], meant=":")
            pos = end
        elif key_start >= 0 and sign in _ENDS:
            node = self._add(end_of_name, end_of_name, key_start, key_end, invalid=True)
            self.findings.tell("name-without-value", end_of_name, end_of_name, node)
            return pos
        elif key_start >= 0:
            if mark := self.literals.typographic_close(key_start, key_end):
                return self._colon(mark, key_start, mark)
            self.findings.tell("missing-colon", end_of_name, end_of_name, self.frame)
        return self._value(pos, key_start, key_end)

    def _value(self, pos: int, key_start: int, key_end: int) -> int:
        """A value, whatever it looks like. ``key_end`` is the index where ``key_start`` is -1."""
        text, literals = self.text, self.literals
        due_at = pos
        pos = self._skip(pos)
        sign = text[pos : pos + 1]
        if sign in _ENDS:
            node = self._add(due_at, due_at, key_start, key_end, invalid=True)
            self.findings.tell("missing-value", due_at, due_at, node)
            return pos
        if sign in _OPENERS:
            self._add(pos, pos, key_start, key_end)
            bracket = lexis.ASCII.get(sign, sign)
            self._push(bracket)
            if bracket != sign:
                self._full_width_bracket(pos, bracket)
            return pos + 1
        node = len(self.tree.starts)
        end = literals.quoted(pos, node)
        valid = end > pos and sign == '"'
        if end > pos:
            pass
        elif match := lexis.ELISION.match(text, pos):
            end = match.end()
            self.findings.tell("elided-value", pos, end, node, sign=match[0][:6])
        elif match := lexis.WORD.match(text, pos):
            end, valid = match.end(), False
            if lexis.ALTERNATIVE.match(text, end) is None:
                end, valid = literals.word(match[0], pos, node)
        else:
            end = self._unexpected(pos, self._end_of_junk(pos))
        end_of_first, end = end, literals.alternatives(pos, end, node)
        self._add(pos, end, key_start, key_end, invalid=not valid or end > end_of_first)
        return end

    def _add(self, start: int, end: int, key_start: int, key_end: int, *, invalid: bool = False) -> int:
        """Add a value to the tree; a separator is due after it."""
        tree = self.tree
        node = len(tree.starts)
        if self.names is None:
            self.count += 1
        elif key_start >= 0:
            name = self._quoted(key_start, key_end)
            first = self.names.setdefault(name, key_start)
            if first != key_start:
                self._duplicate(name, first, key_start, key_end)
        tree.starts.append(start)
        tree.ends.append(end)
        tree.key_starts.append(key_start)
        tree.key_ends.append(key_end)
        tree.parents.append(self.frame)
        if invalid:
            tree.invalid.add(node)
        self.due = False
        return node

    def _quoted(self, start: int, end: int) -> str:
        """The member name at ``start`` between double quotes and without escapes: what duplicates are told by."""
        name = self.text[start:end]
        if "\\" not in name and name.startswith('"') and name.endswith('"') and len(name) > 1:
            return name
        self.tree.plain_names = False
        return f'"{lexis.unquote(name)}"'

    def _duplicate(self, name: str, first: int, start: int, end: int) -> None:
        """Tell of a name that occurred before; its value is the next in the tree."""
        self.findings.tell("duplicate-key", start, end, len(self.tree.starts), first, key=name[1:-1][:200])

    # -- a separator is due ------------------------------------------------------------------------------------------

    def _separator(self, pos: int) -> int:
        """A comma, a closing bracket, or whatever stands in their place."""
        text = self.text
        end_of_value = pos
        pos = self._skip(pos, elisions=True)
        self.elided = 0
        sign = text[pos : pos + 1]
        if self.frame < 0:
            return self._behind_root(pos)
        if not sign:
            return self._end(pos)
        if sign in _CLOSERS:
            return self._close(pos)
        if sign in _COMMAS or sign in ";；、:：=":
            if sign == "，":
                self._full_width_sign(pos)
            elif sign != ",":
                self.findings.tell("not-a-separator", pos, pos + 1, self.frame, sign=sign, meant=",")
            self.comma = pos
            self.due = True
            return pos + 1
        if text.startswith('"', end_of_value - 1) and self.tree.ends[-1] == end_of_value:
            if mark := self.literals.typographic_close(self.tree.starts[-1], end_of_value):
                self.tree.ends[-1] = mark
                return mark
            if pos == end_of_value and text[pos] not in "{[":
                return self._text_after_string(pos)
        if self._begins_element(pos):
            self.findings.tell("missing-comma", end_of_value, end_of_value, self.frame)
            self.comma = -1
            self.due = True
            return pos
        return self._unexpected(pos, self._end_of_stray(pos))

    def _text_after_string(self, pos: int) -> int:
        """Something that touches the end of a string: most likely the rest of it."""
        rest = lexis.INNER_QUOTES.match(self.text, pos)
        if rest is not None:
            end = self.tree.ends[-1] = rest.end()
        else:
            end = self._end_of_stray(pos)
        self.findings.tell(
            "text-after-string", pos, end, len(self.tree.starts) - 1, text=self.text[pos : min(end, pos + 200)]
        )
        return end

    def _begins_element(self, pos: int) -> bool:
        if self.text.startswith(_OPENERS, pos):
            return True
        if self.names is None:
            return lexis.JUNK_SIGN.match(self.text, pos) is None
        return lexis.NAME_AHEAD.match(self.text, pos) is not None

    def _behind_root(self, pos: int) -> int:
        """The end of the text, or something after its value."""
        if pos >= len(self.text):
            self.done = True
            return pos
        if self.text.startswith(_CLOSERS, pos):
            return self._closes_nothing(pos)
        tree = self.tree
        self.findings.tell("extra-text", pos, len(self.text), -1, tree.ends[0])
        if self.text.startswith(_COMMAS, pos) and tree.is_object(0):
            next_pos = self._skip(pos + 1)
            if lexis.NAME_AHEAD.match(self.text, next_pos):
                self._reopen_root(pos)
                return next_pos
        self.done = True
        return pos

    def _reopen_root(self, comma: int) -> None:
        """More members follow the root object: most likely a bracket closed it too early."""
        self.stack.append(None)
        self.frame = 0
        self.names, self.closer = {}, "}"
        self.comma = comma
        self.due = True

    # -- shared complaints -------------------------------------------------------------------------------------------

    def _closes_nothing(self, pos: int) -> int:
        self.findings.tell("unexpected-bracket", pos, pos + 1, -1, bracket=self.text[pos])
        return pos + 1

    def _full_width_bracket(self, pos: int, bracket: str) -> None:
        self.findings.tell("full-width-bracket", pos, pos + 1, self.frame, sign=self.text[pos], ascii=bracket)

    def _full_width_sign(self, pos: int) -> int:
        sign = self.text[pos]
        self.tree.signs.append(pos)
        self.findings.tell("full-width-sign", pos, pos + 1, self.frame, sign=sign, ascii=lexis.ASCII[sign])
        return pos + 1

    def _unexpected(self, start: int, end: int) -> int:
        self.findings.tell("unexpected-text", start, end, self.frame, text=self.text[start : min(end, start + 200)])
        return end

    def _end_of_junk(self, pos: int) -> int:
        """Past signs that begin nothing."""
        match = lexis.JUNK.match(self.text, pos)
        return match.end() if match else pos + 1

    def _end_of_stray(self, pos: int) -> int:
        """Past a token that can neither follow a value nor begin a member."""
        for pattern in (lexis.LINE_STRING, lexis.TYPOGRAPHIC_STRING, lexis.APOSTROPHE_STRING, lexis.WORD):
            if match := pattern.match(self.text, pos):
                return pos + lexis.length_closed(match[0])
        return self._end_of_junk(pos)
