"""How many records the event has: more with identifiers of their own, or fewer; the size is told before."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from fgtui.errors import FgtuiError, UsageError
from fgtui.events.catalogue import Trigger
from fgtui.events.fresh import Records, records_in, with_records
from fgtui.events.sizes import ASYNCHRONOUS_LIMIT, SYNCHRONOUS_LIMIT
from fgtui.invoke.ids import request_id
from fgtui.terminal.display import displayable
from fgtui.tui.actions import Where, bindings, keys_in
from fgtui.tui.screens.dialogs import FRAME, error_words
from fgtui.tui.screens.modal import Modal
from fgtui.tui.text.document import Form
from fgtui.tui.threads import in_thread
from fgtui.tui.widgets.safe_input import SafeInput
from fgtui.words import plural, say

if TYPE_CHECKING:
    from fgtui.tui.screens.event.crafting import EventCrafting

MOST_RECORDS = 10_000


class Multiplying:
    """The question, and what is done with its answer; made when it is first wanted."""

    def __init__(self, pane: EventCrafting) -> None:
        self._pane = pane

    async def ask(self) -> None:
        """Ask how many; say why where the event has none."""
        editor = self._pane.editor
        trigger, snapshot, form = editor.trigger, editor.document.snapshot(), editor.form
        if trigger is None:
            self._fail(UsageError("fgtui does not know where this event has its records", hint="send it several times"))
            return

        def read() -> Records:
            return records_in(_wire(snapshot.take(), form), trigger)

        def offer(records: Records) -> None:
            self._pane.app.push_screen(RecordsScreen(records, trigger), picked)

        def picked(count: int | None) -> None:
            if count is not None:
                self._make(trigger, count)

        in_thread(self._pane, read, offer, self._fail, group="records")

    def _make(self, trigger: Trigger, count: int) -> None:
        editor = self._pane.editor
        moment, snapshot, form = editor.document.moment, editor.document.snapshot(), editor.form

        def make() -> str:
            from fgtui.tui.text.analysis import turned

            new = with_records(_wire(snapshot.take(), form), trigger, count, new_id=request_id)
            return new if form is Form.WIRE else turned(new, Form.WIRE, trigger)

        def show(new: str) -> None:
            if editor.document.moment == moment:
                editor.area.replace_all(new)
            else:
                self._fail(UsageError("the text has changed meanwhile; nothing was done"))

        in_thread(self._pane, make, show, self._fail, group="records")

    def _fail(self, error: FgtuiError) -> None:
        self._pane.notify(displayable(error_words(error)), severity="warning", markup=False)


def _wire(text: str, form: Form) -> str:
    from fgtui.events.fields import encode

    return encode(text) if form is Form.DECODED else text


class RecordsScreen(Modal[int | None]):
    """A number, and what the event comes to with it."""

    DEFAULT_CSS = (
        FRAME.format(name="RecordsScreen")
        + """
    RecordsScreen Input, RecordsScreen Input:focus { border: none; height: 1; padding: 0; background: $panel; }
    RecordsScreen Static { height: auto; margin-top: 1; color: $foreground; }
    RecordsScreen Static.-failed { color: $error; }
    """
    )
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.PROMPT)]

    def __init__(self, records: Records, trigger: Trigger) -> None:
        super().__init__()
        self._records = records
        self._trigger = trigger
        self._line = SafeInput(str(records.count), compact=True, type="integer")
        self._about = Static(markup=False)

    def compose(self) -> ComposeResult:
        """The line, and what it comes to."""
        with Vertical(id="frame") as frame:
            frame.border_title = Content(say("How many records?"))
            keys = keys_in(self.app, leave="prompt-leave")
            frame.border_subtitle = Content(say("Enter agrees, {leave} leaves", keys))
            yield self._line
            yield self._about

    def on_mount(self) -> None:
        """Tell what there is."""
        self._line.focus()
        self._line.action_select_all()
        self._tell()

    def _count(self) -> int | None:
        typed = self._line.value.strip()
        count = int(typed) if typed.isdecimal() and len(typed) < 10 else 0
        return count if 1 <= count <= MOST_RECORDS else None

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self._tell()

    def _tell(self) -> None:
        there, count = self._records.count, self._count()
        words = [say(plural(there, "The event has 1 record.", "The event has {count:,} records."), count=there)]
        if count is None:
            words.append(say("✗ a number from 1 to {most:,}", most=MOST_RECORDS))
        else:
            size = self._records.size(count)
            words.append(
                say(plural(count, "With 1 it comes to about {size}.", "With {count:,} it comes to about {size}."),
                    count=count, size=_spelled(size))
            )  # fmt: skip
            words += [say(sentence) for limit, sentence in self._limits() if size > limit]
            if count > there:
                words.append(say("Each new one gets identifiers of its own."))
        self._about.set_class(count is None, "-failed")
        self._about.update(Content(displayable("\n".join(words))))

    def _limits(self) -> list[tuple[int, str]]:
        limits = [(SYNCHRONOUS_LIMIT, "! FunctionGraph takes at most 6 MiB; a handler on this machine still gets it.")]
        if self._trigger.mode != "synchronous":
            limits.insert(0, (ASYNCHRONOUS_LIMIT, "! Called asynchronously, FunctionGraph takes at most 256 KiB."))
        return limits

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if (count := self._count()) is not None:
            self.dismiss(count)

    def action_give_up(self) -> None:
        """Leave all as it is."""
        self.dismiss(None)


def _spelled(size: int) -> str:
    if size < 1024:
        return say("{count} bytes", count=size)
    if size < 1024 * 1024:
        return say("{count:.0f} KiB", count=size / 1024)
    return say("{count:.1f} MiB", count=size / 1024 / 1024)
