"""Explains the field at the cursor and edits its decoded value: path, type, meaning, encoding, allowed values."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Static

from fgtui.errors import FgtuiError
from fgtui.events.model import Path
from fgtui.terminal.display import displayable, displayable_line
from fgtui.tui.actions import Where, bindings, keys_in
from fgtui.tui.styles.inks import Piece, cut, cut_left, draw, inks_of
from fgtui.tui.text.document import START, EventDocument, Location, Moment
from fgtui.tui.text_work import is_short
from fgtui.tui.widgets.code_area import CodeArea
from fgtui.tui.widgets.text_view import wrapped
from fgtui.words import Names, Phrase, folded, say, sentence, translated

if TYPE_CHECKING:
    from fgtui.events.codecs import Layer
    from fgtui.events.fields import Place

HEX_BYTES = 4096
"""Bytes of what is no text that are shown."""
ALLOWED_SHOWN = 12
QUOTED = 200
"""Characters of what was typed that are said where it cannot be written."""
TYPES = {
    "object": sentence("object"),
    "array": sentence("array"),
    "string": sentence("string"),
    "number": sentence("number"),
    "integer": sentence("integer"),
    "boolean": sentence("boolean"),
}
"""What a schema calls a type, as it is said; ``null`` is written so in every language."""
KEYS = "Enter writes it, {restore} restores it"
KEYS_FOR_LINES = "{count:,} lines: {write} writes them, {restore} restores them"


class FieldPane(Vertical):
    """Shows one ``Place``. What is typed is posted as ``Applied`` on Enter (F9 in several lines) or on leaving."""

    DEFAULT_CSS = """
    FieldPane {
        width: 1fr;
        height: 7;
        background: $surface;
        &.-tall:focus-within { height: 14; }
        & #about { height: auto; max-height: 2; padding: 0 1; color: $foreground; }
        & #allowed { height: 1; padding: 0 1; color: $foreground 70%; text-wrap: nowrap; text-overflow: ellipsis; }
        &:focus-within #about { max-height: 5; }
        &:focus-within #allowed { height: auto; max-height: 4; text-wrap: wrap; }
        & #value { height: 1fr; min-height: 1; padding: 0 1; }
        & #label { width: auto; padding: 0 2 0 0; color: $foreground-muted; }
        & #value CodeArea { height: auto; max-height: 100%; width: 1fr; }
        & #note { height: auto; max-height: 3; padding: 0 1; color: $foreground-muted; text-style: italic; }
        & #note.-failed { color: $text-error; text-style: bold; }
        &.-editable #value CodeArea { background: $panel; }
        &.-empty #value, &.-container #value, &.-empty #note { display: none; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.FIELD)]

    class Typed(Message):
        """What is typed is another text now; it is not written yet."""

    @dataclass
    class Applied(Message):
        """The field at ``path`` is to read ``text`` (see ``Place.text``)."""

        path: Path
        text: str
        pane: FieldPane

        @property
        def control(self) -> FieldPane:
            """The sender."""
            return self.pane

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's own name
        super().__init__(id=id, classes=classes)
        self.place: Place | None = None
        self.area = CodeArea(highlight=False)
        self.area.show_gutter = False
        self.area.submits = True
        self.area.wraps = True
        self._head = FieldHead()
        self._about = Paragraph(id="about")
        self._allowed = Static(id="allowed", markup=False)
        self._label = Static(id="label", markup=False)
        self._advised = Paragraph(id="note")
        self._shown = ""
        self._shown_as: Moment | None = None
        """The text that shows it: what has not been touched need not be compared."""

    def compose(self) -> ComposeResult:
        """What the field is, what it means, what it holds."""
        yield self._head
        yield self._about
        yield self._allowed
        with Horizontal(id="value"):
            yield self._label
            yield self.area
        yield self._advised

    @property
    def is_changed(self) -> bool:
        """Whether something was typed that is not written yet."""
        document = self.area.document
        if self.place is None or self.area.read_only or document.moment == self._shown_as:
            return False
        return document.length != len(self._shown) or document.text != self._shown

    def show(self, place: Place | None) -> None:
        """Explain ``place``. What was typed for another one is written first; for the same one it stays."""
        if self.is_changed and place is not None and self.place is not None and place.path == self.place.path:
            self.place = place
            return
        unwritten = self._write_before_leaving()
        same = place is not None and self.place is not None and place.path == self.place.path
        cursor = self.area.cursor if same else START
        self.place = place
        self._refresh_place(cursor)
        if unwritten:
            self._note(unwritten, failed=True)

    def _write_before_leaving(self) -> str:
        """Have what was typed written; in words what was typed where and cannot be."""
        if self.is_changed:
            self.action_write()
        if not self.is_changed or self.place is None:
            return ""
        from fgtui.events.text import format_path

        return say(
            "{path} stays as it was: {text} is no JSON value",
            path=format_path(self.place.path),
            text=self.area.document.text[:QUOTED],
        )

    def action_write(self) -> None:
        """Ask for what was typed to be written; say why not when it is no value."""
        place, text = self.place, self.area.document.text
        if place is None or not self.is_changed:
            return
        if not place.is_text and is_short(len(text)) and (why := why_no_json(text)):
            self._note(why, failed=True)  # a long text is refused by whoever writes it, in a process
            return
        self._shown, self._shown_as = text, self.area.document.moment
        self.post_message(self.Applied(place.path, text, self))

    def action_restore(self) -> None:
        """Throw away what was typed; with nothing typed, Esc is for others."""
        if not self.is_changed:
            from textual.actions import SkipAction

            raise SkipAction
        self._open(self._shown)
        self._note(self._advice())
        self.post_message(self.Typed())

    def fail(self, error: FgtuiError) -> None:
        """Say why what was typed could not be written; it stays as it was typed, not written yet."""
        if self.place is not None:
            self._shown, self._shown_as = self.place.text, None
        self._note(say(error.message, error.values), failed=True)

    def _refresh_place(self, cursor: Location) -> None:
        place = self.place
        self.set_class(place is None, "-empty")
        self.set_class(place is not None and _is_container(place), "-container")
        self._head.place = place
        self._allowed.update(Content(displayable("" if place is None else _allowed(place))))
        self._allowed.display = place is not None and bool(place.info.allowed)
        if place is None:
            _say(self._about, say("Put the cursor on a value to see what it means."))
            return
        _say(self._about, translated(place.info.description.strip()))
        if _is_container(place):
            self.area.read_only = True
            self._open("")
            self._note(self._advice())
            return
        is_hex = _bytes_of(place) is not None
        self.area.read_only = is_hex or not place.editable
        self.area.highlight = not is_hex and (not place.is_text or (place.opened and place.layers[-1].holds_json))
        self.area.shows_breaks = not is_hex and not self.area.highlight
        self.set_class(not self.area.read_only, "-editable")
        self._label.update(Content(_label(place)))
        self._open(hex_dump(_bytes_of(place) or b"") if is_hex else place.text, cursor)
        self._note(self._advice())

    def _open(self, text: str, cursor: Location = START) -> None:
        self._shown = text
        self.set_class("\n" in text, "-tall")
        self.area.open(EventDocument(text), cursor)
        self._shown_as = self.area.document.moment

    def _note(self, words: str, *, failed: bool = False) -> None:
        _say(self._advised, f"✗ {words}" if failed else words)
        self._advised.set_class(failed, "-failed")

    def _advice(self) -> str:
        place = self.place
        if place is None:
            return ""
        raw = _bytes_of(place)
        if raw is not None:
            if len(raw) <= HEX_BYTES:
                return say("{count:,} bytes that are no text", count=len(raw))
            return say(
                "{count:,} bytes that are no text; the first {shown:,} are shown", count=len(raw), shown=HEX_BYTES
            )
        if place.editable and self.area.has_focus and not _is_container(place):
            count = len(self.area.document.lines)
            keys = keys_in(self.app, write="write-field", restore="restore-field")
            return say(KEYS_FOR_LINES, keys, count=count) if count > 1 else say(KEYS, keys)
        if place.reason:
            return say(place.reason.message, place.reason.values)
        return say("its members are edited in the text") if _is_container(place) else ""

    @on(CodeArea.Edited)
    def _edited(self, message: CodeArea.Edited) -> None:
        message.stop()
        self.post_message(self.Typed())
        self._note(self._advice())

    @on(CodeArea.Moved)
    @on(CodeArea.Scrolled)
    def _moved(self, message: Message) -> None:
        message.stop()

    @on(CodeArea.Submitted)
    def _submitted(self, message: CodeArea.Submitted) -> None:
        message.stop()
        self.action_write()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Say which keys write and restore."""
        self._note(self._advice())

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        """Write what was typed: leaving a field is no way to lose it."""
        self.action_write()
        if not self.is_changed:
            self._note(self._advice())


class Paragraph(Widget):
    """Raw text, wrapped between words; what there is no room for is cut with an ellipsis."""

    DEFAULT_CSS = """
    Paragraph { width: 1fr; height: auto; }
    """

    words: reactive[str] = reactive("", layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """The lines that all of it needs."""
        return len(self._lines(width))

    def render_line(self, y: int) -> Strip:
        """One line of it."""
        width, height = self.content_size
        lines = self._lines(width)
        text = lines[y] if y < len(lines) else ""
        if y + 1 == height < len(lines):
            text = f"{text} …" if cell_len(text) + 2 <= width else cut(f"{text}  ", width)
        return draw([(text, "")], width, inks_of(self.app), self.rich_style)

    def _lines(self, width: int) -> list[str]:
        lines = displayable(self.words).expandtabs(8).split("\n")
        return [line[start:end].rstrip() for line in lines for start, end in wrapped(line, max(width, 1))]


class FieldHead(Widget):
    """One line: the path, the type, the codecs."""

    DEFAULT_CSS = """
    FieldHead { height: 1; width: 1fr; padding: 0 1; background: $surface; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._place: Place | None = None

    @property
    def place(self) -> Place | None:
        """The field that is named."""
        return self._place

    @place.setter
    def place(self, place: Place | None) -> None:
        self._place = place
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """Draw the line. What does not fit beside the path, or beside half a line of it, is left out, the last first.

        A path that is too long loses its start, which says the least.
        """
        width = self.content_size.width
        if self._place is None:
            return draw([(say("no field here"), "muted")], width, inks_of(self.app), self.rich_style)
        after = _kinds(self._place)
        least = min(cell_len(_path_in(self._place.path, width)), width // 2)
        while (room := width - sum(cell_len(displayable_line(text)) for text, _ in after)) < least and after:
            after.pop()
        return draw([(_path_in(self._place.path, room), "accent"), *after], width, inks_of(self.app), self.rich_style)


def _say(part: Paragraph, words: str) -> None:
    part.words = words
    part.display = bool(words)


def _path_in(path: Path, room: int) -> str:
    from fgtui.events.text import format_path

    text = displayable_line(format_path(path)) or say("the whole event")
    return cut_left(text, max(room, 8))


def _kinds(place: Place) -> list[Piece]:
    pieces: list[Piece] = [("  " + _type(place.info.type), "muted")] if place.info.type else []
    if chain := codec_chain(place):
        pieces.append((f"  {chain}", "literal"))
    if around := codecs_around(place):
        pieces.append(("  " + say("in {codecs}", codecs=around), "muted"))
    if place.info.required:
        pieces.append(("  " + say("required"), "muted"))
    if not place.info.known:
        pieces.append(("  " + say("not in the schema"), "muted"))
    return pieces


def _type(words: str) -> str:
    """The types that a schema allows, ``object or string``, as a person calls them."""
    return say(folded([Phrase(TYPES.get(name, name)) for name in words.split(" or ")], "{these} or {this}"))


def codec_chain(place: Place) -> str:
    """How the field is encoded, in words, outermost first: ``base64 → gzip → JSON``; empty when it is not."""
    return _chain(place.layers[-1]) if place.opened else ""


def codecs_around(place: Place) -> str:
    """The encoded strings the field lies in, outermost first: ``base64 → JSON → JSON``; empty for none."""
    around = place.layers[:-1] if place.opened else place.layers
    return " → ".join(_chain(layer) for layer in around)


def _chain(layer: Layer) -> str:
    from fgtui.events.codecs import JSON_CODECS
    from fgtui.events.hints import summarise

    inside = "JSON" if layer.holds_json and not JSON_CODECS.intersection(layer.codecs) else ""
    return summarise(layer.codecs, say("bytes") if layer.text is None else inside)


def _allowed(place: Place) -> str:
    allowed = place.info.allowed
    if not allowed:
        return ""
    values = Names(json.dumps(value, ensure_ascii=False) for value in allowed[:ALLOWED_SHOWN])
    more = len(allowed) - ALLOWED_SHOWN
    sentence = "one of {values} and {more} more" if more > 0 else "one of {values}"
    return say(sentence, values=values, more=more)


def _is_container(place: Place) -> bool:
    """Whether the field is an object or a list of the text itself, and no string that holds one."""
    return place.kind.is_container


def _label(place: Place) -> str:
    return say("decoded") if place.opened else say("value")


def _bytes_of(place: Place) -> bytes | None:
    """What the field holds when that is no text."""
    return place.layers[-1].raw if place.opened and place.layers[-1].text is None else None


def hex_dump(raw: bytes, limit: int = HEX_BYTES) -> str:
    """Sixteen bytes a line: offset, hexadecimal, what of it is ASCII."""
    lines = []
    for offset in range(0, min(len(raw), limit), 16):
        row = raw[offset : offset + 16]
        letters = "".join(chr(byte) if 0x20 <= byte < 0x7F else "." for byte in row)
        lines.append(f"{offset:08x}  {row.hex(' '):47}  {letters}")
    return "\n".join(lines)


def why_no_json(text: str) -> str:
    """Why ``text`` cannot stand as a value; empty when it can."""
    from fgtui.events.text import scan, strict_problems

    problems = strict_problems(scan(text))
    return say(problems[0].message, problems[0].values) if problems else ""
