"""Finds every secret of a text, through JSON strings, base64 and gzip, as edits that leave all other characters.

JSON is walked by its tokens rather than by ``events.text.scan``: a record is redacted on every send, and the places
of values that stay are not needed.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from fgtui.errors import EventError
from fgtui.events.codecs import LAYER_LIMIT
from fgtui.events.lexis import unescape
from fgtui.events.model import Path
from fgtui.events.packing import (
    GZIP_MAGIC,
    Budget,
    base64_codec,
    base64_decode,
    base64_encode,
    gzip_like,
    inflate,
    text_or_none,
    wrapped_like,
)
from fgtui.events.text import format_path, is_json, parse_path, quote
from fgtui.regex import regex
from fgtui.sessions.redaction import text as secret_text
from fgtui.sessions.redaction.forms import may_name
from fgtui.sessions.redaction.keys import NO_KEYS, SecretKeys, is_about, may_count
from fgtui.sessions.redaction.literals import LIMIT, Literals, is_telling, told_by
from fgtui.sessions.redaction.text import (
    BASE64_RUN,
    NOTHING,
    PLACEHOLDER,
    RESUME_TOKEN,
    SHORTEST_RUN,
    Gate,
    Span,
    credential_like,
    hides,
    may_be_base64,
    may_be_shaped,
    may_name_secret,
)

_PATH_LIMIT = 1000
"""Paths listed for one event or outcome; more would say no more."""
_PATH_DEPTH = 200
"""Steps of a listed path."""
_PASSES = 9
"""More than any text but a made-up one needs."""
_REMEMBERED = 512
_REMEMBERED_SIZE = 16_384
"""Bytes, and characters of what is inside."""
_OPENED_LIMIT = 1_048_576
"""Characters."""
_SHORTEST = 5
"""Characters of the shortest text that says a secret: ``ak=xy``."""

_TOKEN = regex(r'"((?:[^"\\]++|\\.)*+)"(\s*+:)?|([{\[])|([}\]])|([^\s,:"{}\[\]]++)', re.DOTALL)
_STRING, _NAME, _OPEN, _CLOSE = range(1, 5)
_ESCAPE = regex(r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)", re.DOTALL)
_NAMING = ("name", "key", "header", "field")
_VALUES = ("value", "values")
_PAIRS = regex(r"\[\s*+\[")
_FLAT = frozenset({"rawheaders", "rawtrailers"})
"""In lower case: lists in which names and values take turns, as Node has them."""
_HARMLESS = frozenset({"null", "true", "false"})
_RESUME_KEY = regex(r"resume[_-]?token", re.IGNORECASE)
_RESUME_HEX = regex(r"82[0-9A-Fa-f]{30,}+")

_BASE64_LINES = regex(
    r"[A-Za-z0-9+/]{16,128}+\r?\n(?:[A-Za-z0-9+/]{1,128}+\r?\n)*+[A-Za-z0-9+/]{1,128}+={0,2}(?:\r?\n)?"
)


class Edit(NamedTuple):
    """``text`` in place of the characters from ``start`` to ``end``."""

    start: int
    end: int
    text: str
    path: Path | None
    """Whose value it is; ``None`` for an encoded string, whose own secrets have been listed, and beyond the limit."""


Clean = dict[bytes, tuple[str, ...]]
PathOf = Callable[[], Path | None]
"""Asked only where something is replaced: most values stay."""


class Rules(NamedTuple):
    """What counts as a secret, and what takes its place."""

    keys: SecretKeys
    known: Literals | None
    placeholder: Callable[[str], str]


class SecretWalk:
    """One pass over an event or an outcome: collects the paths, and bounds what is inflated.

    ``clean`` remembers contents in which these rules find nothing, and what was opened in each.
    """

    def __init__(self, rules: Rules, clean: Clean | None = None) -> None:
        self._rules = rules
        self._clean = clean
        self.told: dict[str, str] = {}
        """Secrets that may stand elsewhere too, where nothing gives them away, and what took their place here."""
        self.opened: list[str] = []
        """The texts that stand inside of others: in strings with escapes, in base64, compressed …"""
        self._room = _OPENED_LIMIT
        self._paths: dict[Path, None] = {}
        self._asked = 0
        self._again = False
        """A secret ended by the rules for text, so what is left beside it may be, or be part of, another."""
        self._budget = Budget()

    @property
    def has_opened_all(self) -> bool:
        """… unless they were too many to keep."""
        return self._room >= 0

    @property
    def found(self) -> bool:
        """Whether anything was replaced."""
        return bool(self._paths)

    def paths(self, earlier: Sequence[str] = ()) -> tuple[str, ...]:
        """The places whose values were replaced, ``earlier`` ones first; the root is the empty path."""
        return tuple(dict.fromkeys((*map(self._renamed, earlier), *map(format_path, self._paths))))

    def _renamed(self, path: str) -> str:
        """``path`` when what is known was replaced in its names too."""
        if self._rules.known is None or not self._rules.known.are_in(path):
            return path
        try:
            return format_path(
                tuple(self._struck(step) if isinstance(step, str) else step for step in parse_path(path))
            )
        except EventError:
            return self._struck(path)

    def _struck(self, name: str) -> str:
        """``name`` without what is known."""
        known = self._rules.known
        if known is None or (len(name) < SHORTEST_RUN and not known.are_in(name)):
            return name
        return SecretWalk(Rules(NO_KEYS, known, self._rules.placeholder)).text(name, ())

    def content(self, content: bytes, path: Path) -> bytes:
        """``content`` without its secrets: text, or compressed text; the same object when it has none."""
        if self._clean is None:
            return self._content(content, path)
        if (opened := self._clean.get(content)) is not None:
            self.opened += opened
            return content
        before, room = len(self.opened), self._room
        kept = self._content(content, path)
        if kept is content and len(content) <= _REMEMBERED_SIZE and room - self._room <= _REMEMBERED_SIZE:
            if len(self._clean) >= _REMEMBERED:
                self._clean.clear()
            self._clean[content] = tuple(self.opened[before:])
        return kept

    def _content(self, content: bytes, path: Path) -> bytes:
        if content.startswith(GZIP_MAGIC):
            return self._repacked(content, lambda: path, 0) or content
        text = content.decode("utf-8", "surrogateescape")
        kept = self.text(text, path)
        return content if kept is text else kept.encode("utf-8", "surrogateescape")

    def text(self, text: str, path: Path) -> str:
        """``text`` without its secrets; the same object when it has none."""
        for _ in range(_PASSES):
            self._again = False
            text = self._applied(text, self._edits(text, lambda: path, 0))
            if not self._again:
                break
        return text

    def value(self, name: str, value: str, path: Path) -> str:
        """The text under ``name`` without its secrets."""
        if name not in self._rules.keys:
            return self.text(value, path)
        if not hides(value):
            return value
        self._note(path)
        return self._hidden(value, tells=not is_about(name))

    def name(self, name: str, path: Path) -> str:
        """A name, of a header at ``path``, without what is known; the same object when it holds none."""
        known = self._rules.known
        if known is None or not known.are_in(name):
            return name
        kept = self._struck(name)
        self._note((*path, kept))
        return kept

    def _hidden(self, secret: str, *, tells: bool, in_text: bool = False) -> str:
        """What takes the place of ``secret``; one that ``tells`` may be elsewhere too."""
        placeholder = self._rules.placeholder(secret)
        if tells and len(self.told) < LIMIT:
            if is_telling(secret):
                self.told[secret] = placeholder
            for part in told_by(secret, in_text=in_text):
                if is_telling(part):
                    self.told.setdefault(part, self._rules.placeholder(part))
        return placeholder

    def _applied(self, text: str, edits: list[Edit]) -> str:
        if not edits:
            return text
        pieces: list[str] = []
        position = 0
        for edit in edits:
            pieces += text[position : edit.start], edit.text
            position = edit.end
            self._note(edit.path)
        pieces.append(text[position:])
        return "".join(pieces)

    def _note(self, path: Path | None) -> None:
        if path is not None:
            self._paths[path] = None

    def _edits(self, text: str, path: PathOf, depth: int) -> list[Edit]:
        gate = secret_text.gate(text, self._rules.keys)
        if gate.closed and self._holds_no_known(text):
            return []
        if not _holds_json(text):
            return self._in_text(text, path, depth, gate)
        if self._is_known(text):
            return [Edit(0, len(text), f'"{self._rules.placeholder(text)}"', path())]
        return self._in_json(text, path, depth, gate)

    def _is_known(self, text: str) -> bool:
        """Whether a text, which may be JSON itself, is known as a whole."""
        return self._rules.known is not None and text in self._rules.known

    def _holds_no_known(self, text: str) -> bool:
        """Whether a text that holds no layer holds no literal of ours either; escapes may hide one."""
        known = self._rules.known
        return known is None or not known.may_be_in(text)

    # JSON

    def _in_json(self, text: str, base: PathOf, depth: int, gate: Gate) -> list[Edit]:
        keys, known, _ = self._rules
        pairs = _secret_pairs(text, keys) if gate.names else frozenset()
        edits: list[Edit] = []
        steps: list[str | int] = []
        frames = [_Frame(is_object=True, secret=False, named=False, pair=False, flat=False)]
        secret = False
        before = ""

        def path() -> Path | None:
            if self._asked >= _PATH_LIMIT or (above := base()) is None:
                return None
            self._asked += 1
            below = (unescape(step) if isinstance(step, str) else step for step in steps[:_PATH_DEPTH])
            return (*above, *below)[:_PATH_DEPTH]

        for token in _TOKEN.finditer(text):
            kind = token.lastindex
            frame = frames[-1]
            if kind == _NAME:
                if steps:
                    steps[-1] = token[1]
                if gate.names:
                    name = unescape(token[1])
                    secret = name in keys or (frame.pair and name.lower().endswith(_VALUES))
                if known is not None and ("\\" in token[1] or len(token[1]) >= SHORTEST_RUN or known.are_in(token[1])):
                    if steps:
                        steps[-1] = quote(self._struck(unescape(token[1])))[1:-1]  # as the place is called from now on
                    edits += self._in_string(token[1], token.start(1), path, depth, NOTHING)
                continue
            if kind == _CLOSE:
                if len(frames) > 1:
                    frames.pop()
                    steps.pop()
                continue
            if not frame.is_object and steps:
                steps[-1] += 1  # type: ignore[operator]  # an array's step is its index
                secret = frame.named or (frame.pair and steps[-1] == 1) or (frame.flat and before in keys)
            named = secret
            hidden = frame.secret or named
            secret = False
            if kind == _OPEN:
                hidden = hidden and not (_names_token(steps) and RESUME_TOKEN.match(text, token.start()))
                is_object = token[3] == "{"
                is_flat = bool(gate.names and not is_object and steps) and str(steps[-1]).lower() in _FLAT
                frames.append(_Frame(is_object, hidden, hidden and named, token.start() in pairs, is_flat))
                before = ""
                steps.append("" if is_object else -1)
            elif kind == _STRING:
                content = token[1]
                if frame.flat:
                    before = unescape(content) if steps[-1] % 2 == 0 else ""
                if not hidden:
                    if len(content) >= _SHORTEST:
                        edits += self._in_string(content, token.start(1), path, depth, gate)
                elif hides(said := unescape(content)) and not _resumes(steps, said):
                    instead = self._hidden(said, tells=named and not _is_about(steps))
                    edits.append(Edit(*token.span(1), instead, path()))
            elif hidden and token[0] not in _HARMLESS and not _counts(steps):
                instead = self._hidden(token[0], tells=named and not _is_about(steps))
                edits.append(Edit(*token.span(), f'"{instead}"', path()))
            elif known is not None and known.are_in(token[0]):
                edits.append(Edit(*token.span(), f'"{self._rules.placeholder(token[0])}"', path()))
        return edits

    def _in_string(self, content: str, start: int, path: PathOf, depth: int, gate: Gate) -> Iterator[Edit]:
        """Edits in the text that a string literal stands for, moved to the literal."""
        said = content
        moved = _Moved(start)
        if "\\" in content:
            said = self._open(moved.unescaped(content))
        elif self._surely_clean(content, gate):
            return
        if said[:1] in _JSON_STARTS and depth < LAYER_LIMIT and not self._is_known(said) and _holds_json(said):
            found = self._in_json(said, path, depth + 1, gate)
        else:
            found = self._in_text(said, path, depth, gate)
        for edit in found:
            yield Edit(moved.place(edit.start), moved.place(edit.end), quote(edit.text)[1:-1], edit.path)

    def _surely_clean(self, said: str, gate: Gate) -> bool:
        """Whether a text that nothing in ``gate`` speaks of can be passed by: most values are so."""
        return (
            not (gate.names and may_name(said) and may_name_secret(said, self._rules.keys))
            and said[:1] not in _JSON_STARTS
            and (len(said) < SHORTEST_RUN or BASE64_RUN.search(said) is None)
            and not (gate.shapes and may_be_shaped(said, gate.shapes))
            and (self._rules.known is None or not self._rules.known.are_in(said))
        )

    # Other text

    def _in_text(self, text: str, path: PathOf, depth: int, gate: Gate) -> list[Edit]:
        keys, known, _ = self._rules
        spans: list[Span] = list(secret_text.shaped(text, gate.shapes))
        islands: list[tuple[Span, list[Edit]]] = []
        if gate.names and may_name(text) and may_name_secret(text, keys):
            spans += secret_text.named(text, keys)
            islands = list(self._islands(text, path, depth, gate))
        if known is not None:
            spans += known.spans(text)
            if not islands and "\\" in text and known.may_be_in(text):
                islands = list(self._islands(text, path, depth, gate))
        edits = [Edit(start, end, "", path()) for start, end in spans if not self._is_done(text, start, end)]
        if depth < LAYER_LIMIT and len(text) >= SHORTEST_RUN:
            edits += self._in_base64(text, path, depth)
        if islands:
            edits = _over_islands(edits, islands)
        return self._merged(text, edits) if edits else edits

    def _is_done(self, text: str, start: int, end: int) -> bool:
        return PLACEHOLDER.fullmatch(text, start, end) is not None

    def _merged(self, text: str, edits: list[Edit]) -> list[Edit]:
        """In order; what overlaps becomes one, and what has no text yet gets its placeholder."""
        merged: list[Edit] = []
        for edit in sorted(edits, key=lambda each: (each.start, -each.end)):
            if merged and edit.start <= merged[-1].end:
                last = merged[-1]
                merged[-1] = Edit(last.start, max(last.end, edit.end), "", last.path or edit.path)
            else:
                merged.append(edit)
        self._again = True
        return [edit if edit.text else edit._replace(text=self._behind(text[edit.start : edit.end])) for edit in merged]

    def _behind(self, secret: str) -> str:
        """What takes the place of a secret in text, which tells only when it does not look like a word."""
        return self._hidden(secret, tells=credential_like(secret), in_text=True)

    def _islands(self, text: str, path: PathOf, depth: int, gate: Gate) -> Iterator[tuple[Span, list[Edit]]]:
        """JSON between other text, with its edits."""
        for start, end in _json_in(text) if '"' in text else ():
            inside = self._in_json(text[start:end], lambda: None, depth, gate)
            yield (start, end), [Edit(edit.start + start, edit.end + start, edit.text, path()) for edit in inside]

    # Layers

    def _in_base64(self, text: str, path: PathOf, depth: int) -> Iterator[Edit]:
        if _BASE64_LINES.fullmatch(text):
            kept = self._reencoded(text, path, depth)
            if kept is not None:
                yield Edit(0, len(text), kept, None)
            return
        for run in BASE64_RUN.finditer(text):
            if may_be_base64(run[0]):
                kept = self._reencoded(run[0], path, depth)
                if kept is not None:
                    yield Edit(*run.span(), kept, None)

    def _reencoded(self, encoded: str, path: PathOf, depth: int) -> str | None:
        """Base64 of the same spelling without the secrets inside; ``None`` when there are none."""
        raw, codec = base64_decode(encoded), base64_codec(encoded)
        if raw is None or codec is None:
            return None
        kept = self._layer(raw, path, depth + 1)
        return wrapped_like(encoded, base64_encode(kept, codec)) if kept is not None else None

    def _layer(self, raw: bytes, path: PathOf, depth: int) -> bytes | None:
        if raw.startswith(GZIP_MAGIC):
            return self._repacked(raw, path, depth)
        text = text_or_none(raw)
        edits = self._edits(self._open(text), path, depth) if text else []
        return self._applied(text, edits).encode() if text and edits else None

    def _open(self, text: str) -> str:
        self._room -= len(text)
        if self._room >= 0:
            self.opened.append(text)
        return text

    def _repacked(self, raw: bytes, path: PathOf, depth: int) -> bytes | None:
        """Gzip without the secrets inside; ``None`` when there are none, it is broken, or holds only gzip again."""
        content = inflate(raw, self._budget)
        if content is None or content.startswith(GZIP_MAGIC):
            return None
        kept = self._layer(content, path, depth)
        return gzip_like(raw, kept) if kept is not None else None


class _Frame(NamedTuple):
    """An open object or array of the walk."""

    is_object: bool
    secret: bool
    """Everything inside is."""
    named: bool
    """It stands under a name that means so itself, rather than inside of what does."""
    pair: bool
    """It says by its ``name``, or its first item, that its ``value``, or its second, is secret."""
    flat: bool
    """Every second of its items is the name of the next."""


class _Moved:
    """From offsets in what a string literal says to offsets in the text that holds the literal."""

    def __init__(self, start: int) -> None:
        self._said = [0]
        self._written = [start]

    def unescaped(self, content: str) -> str:
        """What the literal ``content`` says."""
        start = self._written[0]
        pieces: list[str] = []
        length = position = 0
        for escape in _ESCAPE.finditer(content):
            sign = unescape(escape[0])
            pieces += content[position : escape.start()], sign
            length += escape.start() - position + len(sign)
            position = escape.end()
            self._said.append(length)
            self._written.append(start + position)
        pieces.append(content[position:])
        return "".join(pieces)

    def place(self, offset: int) -> int:
        """Where the character at ``offset`` is written."""
        index = bisect_right(self._said, offset) - 1
        return self._written[index] + offset - self._said[index]


_JSON_STARTS = ("{", "[", '"', " ", "\n", "\t", "\r")
_LINE = regex(r"[^\n]++")
_OPENING = regex(r"[{\[]")
_CLOSING = {"{": "}", "[": "]"}


_DECODER = json.JSONDecoder(parse_int=str, parse_float=str)
_PATIENCE = 4
"""How often over a text is read in vain for JSON of several lines."""
_COUNTING = 256
"""Characters that are passed, when an error counts the lines before it, in the time one is read."""


def _json_in(text: str) -> Iterator[Span]:
    """Where JSON stands on a line of its own, at the end of one, or from there over several, as logs print it."""
    past = 0
    patience = _PATIENCE * len(text)
    for line in _LINE.finditer(text):
        if line.start() < past:
            continue
        span = _on_line(text, line)
        if span is None and patience > 0 and (written := line[0].rstrip())[-1:] in _CLOSING:
            start = line.start() + len(written) - 1
            end, is_whole = _read_json(text, start)
            patience -= 0 if is_whole else end - start + end // _COUNTING
            span = (start, end) if is_whole else None
        if span is not None:
            past = span[1]
            yield span


def _on_line(text: str, line: re.Match[str]) -> Span | None:
    for opening in _OPENING.findall(line[0])[:2]:
        start = text.index(opening, line.start())
        end = text.rfind(_CLOSING[opening], start, line.end()) + 1
        if end and _holds_json(text[start:end]):
            return start, end
    return None


def _read_json(text: str, start: int) -> tuple[int, bool]:
    """Where the JSON that begins at ``start`` ends, or how far it was read when it is none."""
    try:
        return _DECODER.raw_decode(text, start)[1], True
    except json.JSONDecodeError as error:
        return error.pos, False
    except RecursionError:
        return len(text), False


def _holds_json(text: str) -> bool:
    """Whether ``text`` is JSON with anything inside."""
    if text.lstrip(" \t\r\n")[:1] not in {"{", "[", '"'}:
        return False
    try:
        json.loads(text)
    except json.JSONDecodeError:
        return False
    except (RecursionError, ValueError):
        return is_json(text)
    return True


def _secret_pairs(text: str, keys: SecretKeys) -> frozenset[int]:
    """Offsets of the objects ``{"name": NAME, "value": …}`` and lists ``[NAME, …]`` whose NAME is secret."""
    if '"' not in text or not ("alue" in text or "ALUE" in text or _PAIRS.search(text)):
        return frozenset()
    found: set[int] = set()
    open_at: list[int] = []
    due = False
    for token in _TOKEN.finditer(text):
        kind = token.lastindex
        if kind == _NAME:
            due = unescape(token[1]).lower().endswith(_NAMING)
        elif kind == _CLOSE:
            if open_at:
                open_at.pop()
            due = False
        elif kind == _OPEN:
            in_list = bool(open_at) and text[open_at[-1]] == "["
            open_at.append(token.start())
            due = in_list and token[3] == "["
        else:
            if due and kind == _STRING and open_at and unescape(token[1]) in keys:
                found.add(open_at[-1])
            due = False
    return frozenset(found)


def _counts(steps: list[str | int]) -> bool:
    """Whether a number stands where tokens are counted."""
    return may_count(next((step for step in reversed(steps) if isinstance(step, str)), ""))


def _is_about(steps: list[str | int]) -> bool:
    return is_about(next((step for step in reversed(steps) if isinstance(step, str)), ""))


def _names_token(steps: list[str | int]) -> bool:
    return bool(steps) and str(steps[-1]).lower().endswith("token")


def _resumes(steps: list[str | int], value: str) -> bool:
    """Whether the value under ``token`` is a change stream's place rather than a secret."""
    if not _names_token(steps):
        return False
    if RESUME_TOKEN.fullmatch(value.strip()):
        return True
    return _RESUME_KEY.search(str(steps[-1])) is not None and _RESUME_HEX.fullmatch(value) is not None


def _over_islands(edits: list[Edit], islands: list[tuple[Span, list[Edit]]]) -> list[Edit]:
    """``edits``, and inside JSON instead of them those of its own walk, unless one of them reaches across its ends."""
    edits = sorted(edits, key=lambda edit: edit.start)
    kept: list[Edit] = []
    at = reach = 0
    for (start, end), inside in islands:
        before = at
        while at < len(edits) and edits[at].start < start:
            reach = max(reach, edits[at].end)
            at += 1
        kept += edits[before:at]
        first = at
        while at < len(edits) and edits[at].start < end:
            at += 1
        own = edits[first:at]
        if reach <= start and all(_within(edit, start, end) for edit in own):
            kept += inside
        else:
            kept += own
            reach = max(reach, *(edit.end for edit in own)) if own else reach
    return kept + edits[at:]


def _within(edit: Edit, start: int, end: int) -> bool:
    return start <= edit.start and edit.end <= end and (edit.start, edit.end) != (start, end)
