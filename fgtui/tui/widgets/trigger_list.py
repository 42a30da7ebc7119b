"""The catalogue's triggers and their templates, with a filter over names and keys in both languages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from rich.cells import cell_len
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.geometry import Size
from textual.message import Message

from fgtui.terminal.display import displayable_line
from fgtui.tui.actions import Where, bindings
from fgtui.tui.styles.inks import Piece, fit
from fgtui.tui.widgets.row_list import RowList
from fgtui.words import say, spoken

if TYPE_CHECKING:
    from fgtui.events.catalogue import Template, Trigger
    from fgtui.tui.widgets.line_input import LineInput

KEY_WIDTH = 5
"""Cells that the keys get at least; a longer one stands before its own name only."""
NAME_WIDTH = 12
"""Cells that stay for the names before the keys get more: six Chinese characters say what most names say."""
SHORTEST_NAME = 8
"""Cells below which a cut name says nothing."""
WIDTHS = ((180, 38), (140, 32), (0, 25))
"""From how many columns of the screen on the list wants to be how wide, where it may choose."""


class Entry(NamedTuple):
    """One row: a heading, a trigger, or one of its templates."""

    trigger: Trigger | None = None
    template: Template | None = None
    heading: str = ""


class TriggerRows(RowList):
    """The rows; the list around them owns the filter."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.TRIGGERS)]
    head_lines = 1

    def __init__(self) -> None:
        super().__init__()
        self.entries: list[Entry] = []
        self._lengths: list[tuple[int, int]] = []
        """Of each trigger's key and name, in cells."""
        self._columns: dict[int, int] = {}
        """Cells for the keys by the width of a row."""
        self.open: set[str] = set()
        self.filter = ""
        self.current = ("", "")
        self._chinese = spoken() == "zh"

    def row_count(self) -> int:
        """How many rows are left by the filter."""
        return len(self.entries)

    def head(self, line: int, width: int) -> Sequence[Piece]:
        """The filter in force, or how to get one."""
        return ((f" / {self.filter or say('filter')}", ""),)

    def row(self, index: int, width: int) -> Sequence[Piece]:
        """A heading, a trigger or a template; the one in the editor carries a sign."""
        entry = self.entries[index]
        if entry.trigger is None:
            return ((f" {entry.heading}", "muted"),)
        trigger, template = entry.trigger, entry.template
        if template is not None:
            sign = "▸" if self.current == (trigger.key, template.name) else " "
            title = template.title_zh if self._chinese and template.title_zh else template.title
            return ((f"  {sign}", "accent"), (title or template.name, "muted"))
        sign = "▸" if self.current[0] == trigger.key else " "
        key = trigger.key.upper()
        name = self._name_of(trigger)
        column = self._key_column(width)
        if cell_len(displayable_line(key)) <= column:
            return ((sign, "accent"), (fit(key, column) + " ", ""), (name, "muted"))
        left = width - cell_len(displayable_line(key)) - 2
        if left < min(SHORTEST_NAME, cell_len(displayable_line(name))):  # such a key says as much as the name
            return ((sign, "accent"), (key, ""))
        return ((sign, "accent"), (f"{key} ", ""), (name, "muted"))

    def measure(self, triggers: Sequence[Trigger]) -> None:
        """Know how long keys and names are, for the column between them."""
        self._lengths = [
            (cell_len(displayable_line(each.key)), cell_len(displayable_line(self._name_of(each)))) for each in triggers
        ]
        self._columns.clear()

    def _name_of(self, trigger: Trigger) -> str:
        if not (self._chinese and trigger.name_zh):
            return trigger.name
        key = f" {trigger.key.upper()}"  # which stands beside it
        return trigger.name_zh[: -len(key)] if trigger.name_zh.upper().endswith(key) else trigger.name_zh

    def _key_column(self, width: int) -> int:
        """Cells for the keys: with few names cut, and few that stand beside a longer key; room for names is left."""
        if width not in self._columns:
            most = max(KEY_WIDTH, width - NAME_WIDTH - 2)
            fitting = {KEY_WIDTH, *(key for key, _ in self._lengths if KEY_WIDTH < key <= most)}

            def cost(column: int) -> int:
                return sum(2 * (max(key, column) + name + 2 > width) + (key > column) for key, name in self._lengths)

            self._columns[width] = min(fitting, key=lambda column: (cost(column), -column))
        return self._columns[width]

    def empty(self) -> Sequence[Sequence[Piece]]:
        """What stands there when the filter leaves nothing."""
        return ((), ((f" {say('nothing matches')}", "muted"),))

    def entry(self) -> Entry | None:
        """What is under the cursor."""
        return self.entries[self.cursor] if self.cursor < len(self.entries) else None

    def row_chosen(self, index: int) -> None:
        """Ask for a template in the editor."""
        entry = self.entries[index]
        if entry.trigger is not None:
            template = entry.template or entry.trigger.templates[0]
            self.post_message(TriggerList.Chosen(entry.trigger, template))

    def action_choose_trigger(self) -> None:
        """Ask for the template under the cursor."""
        self.action_choose()

    def action_show_templates(self) -> None:
        """Show the templates below the trigger under the cursor, or hide them."""
        entry = self.entry()
        if entry is not None and entry.trigger is not None:
            self.action_open_or_close(entry.trigger.key not in self.open)

    def action_open_or_close(self, wanted: bool) -> None:
        """Show or hide the templates of the trigger under the cursor."""
        entry = self.entry()
        if entry is not None and entry.trigger is not None:
            self.post_message(TriggerList.Opened(entry.trigger.key, wanted))


class TriggerList(Vertical):
    """Triggers in catalogue order, a person's own ones last, each with its templates folded away."""

    DEFAULT_CSS = """
    TriggerList { height: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.TRIGGERS, around_list=True)]

    @dataclass
    class Chosen(Message):
        """A person wants this template in the editor."""

        trigger: Trigger
        template: Template

    @dataclass
    class Opened(Message):
        """A trigger's templates are to be shown or hidden."""

        key: str
        wanted: bool

    def __init__(self, triggers: Sequence[Trigger], *, id: str | None = None) -> None:  # noqa: A002 Textual's name
        super().__init__(id=id)
        self._triggers = tuple(triggers)
        self.rows = TriggerRows()
        """The list inside."""
        self.rows.measure(triggers)

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """The width it wants where the layout leaves it the choice: names in full cost the others too much."""
        return next(width for least, width in WIDTHS if viewport.width >= least)

    def compose(self) -> ComposeResult:
        """The rows; the filter's line comes when it is wanted."""
        yield self.rows

    def on_mount(self) -> None:
        """Arrange the rows."""
        self._arrange()

    def mark(self, trigger: str, template: str) -> None:
        """Put the sign beside what is in the editor, and the cursor with it."""
        rows = self.rows
        rows.current = (trigger, template)
        for index, entry in enumerate(rows.entries):
            if entry.trigger is not None and entry.trigger.key == trigger and entry.template is None:
                rows.rows_changed(cursor=index)
                return
        rows.rows_changed()

    def filter(self, text: str) -> None:
        """Leave only triggers whose key or name, in either language, or whose templates hold ``text``."""
        self.rows.filter = text
        self._arrange()

    def _arrange(self) -> None:
        rows = self.rows
        at = rows.entry()
        rows.entries = list(self._entries(rows.filter.casefold().strip(), rows.open))
        cursor = rows.entries.index(at) if at in rows.entries else 0
        rows.rows_changed(cursor=cursor)

    def _entries(self, wanted: str, opened: set[str]) -> Iterator[Entry]:
        yield from self._section([trigger for trigger in self._triggers if trigger.builtin], wanted, opened)
        mine = list(self._section([trigger for trigger in self._triggers if not trigger.builtin], wanted, opened))
        if mine:
            yield Entry(heading=say("Mine"))
            yield from mine

    def _section(self, triggers: Sequence[Trigger], wanted: str, opened: set[str]) -> Iterator[Entry]:
        for trigger in triggers:
            if wanted and not _matches(trigger, wanted):
                continue
            yield Entry(trigger)
            if trigger.key in opened:
                yield from (Entry(trigger, template) for template in trigger.templates)

    @on(Opened)
    def _open_or_close(self, event: Opened) -> None:
        event.stop()
        opened = self.rows.open
        (opened.add if event.wanted else opened.discard)(event.key)
        self._arrange()
        rows = self.rows
        entry = rows.entry()
        if not event.wanted and (entry is None or entry.trigger is None or entry.trigger.key != event.key):
            self.mark_cursor(event.key)

    def mark_cursor(self, key: str) -> None:
        """Put the cursor on a trigger."""
        for index, entry in enumerate(self.rows.entries):
            if entry.trigger is not None and entry.trigger.key == key:
                self.rows.cursor = index
                return

    def open_also(self, keys: Iterable[str]) -> None:
        """Show the templates of triggers too; keys of none are passed over."""
        known = {trigger.key for trigger in self._triggers}
        wanted = known.intersection(keys) - self.rows.open
        if wanted:
            self.rows.open |= wanted
            self._arrange()

    async def action_filter_triggers(self) -> None:
        """Bring the line to type a filter in."""
        from fgtui.tui.widgets.line_input import LineInput

        if not self.query(LineInput):
            self.rows.head_lines = 0
            line = LineInput(self.rows.filter, placeholder=say("name or key"))
            await self.mount(line, before=self.rows)
            self.screen.set_focus(line)

    def on_line_input_typed(self, event: LineInput.Typed) -> None:
        """Filter as it is typed, the cursor on the first match."""
        event.stop()
        self.filter(event.value)
        rows = self.rows
        rows.cursor = next((index for index, entry in enumerate(rows.entries) if entry.trigger is not None), 0)

    def on_line_input_done(self, event: LineInput.Done) -> None:
        """Open the only match, go to the matches, or drop the filter; without a match, go on typing."""
        event.stop()
        wanted = event.value.casefold().strip()
        left = [trigger for trigger in self._triggers if not wanted or _matches(trigger, wanted)]
        if event.agreed and not left:
            return
        if event.by_enter and wanted and len(left) == 1:
            self._close_filter(keep=False)
            self.mark_cursor(left[0].key)
            self.post_message(self.Chosen(left[0], _template_meant(left[0], wanted)))
            return
        self._close_filter(keep=event.agreed)

    def _close_filter(self, *, keep: bool) -> None:
        self.query("LineInput").remove()
        rows = self.rows
        rows.head_lines = 1
        if not keep:
            rows.filter = ""
        self._arrange()
        rows.focus()


def _matches(trigger: Trigger, wanted: str) -> bool:
    return _is_named(trigger, wanted) or any(_is_template_named(each, wanted) for each in trigger.templates)


def _is_named(trigger: Trigger, wanted: str) -> bool:
    return any(wanted in name.casefold() for name in (trigger.key, trigger.name, trigger.name_zh))


def _is_template_named(template: Template, wanted: str) -> bool:
    return any(wanted in name.casefold() for name in (template.name, template.title, template.title_zh))


def _template_meant(trigger: Trigger, wanted: str) -> Template:
    """The template by whose name ``trigger`` was found; its first, where it was found by its own."""
    if _is_named(trigger, wanted):
        return trigger.templates[0]
    return next(each for each in trigger.templates if _is_template_named(each, wanted))
