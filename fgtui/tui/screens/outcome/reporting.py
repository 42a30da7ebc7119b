"""Reports: shows what will leave, in which form, and what was replaced in it; then copies it or writes it to a file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content

from fgtui.terminal.display import displayable_line
from fgtui.tui.actions import Where, bindings, keys_in
from fgtui.tui.screens.modal import Modal
from fgtui.tui.screens.saving import file_stem
from fgtui.tui.styles.inks import Piece
from fgtui.tui.threads import in_thread
from fgtui.tui.widgets.tab_strip import TabStrip
from fgtui.tui.widgets.text_view import Shown, TextView, muted, plain, shown
from fgtui.words import plural, say

if TYPE_CHECKING:
    from fgtui.errors import FgtuiError
    from fgtui.invoke.model import Exchange
    from fgtui.sessions.redaction.places import Finding
    from fgtui.tui.screens.workbench import WorkbenchScreen
    from fgtui.workspace import Workspace


class Form(NamedTuple):
    """One form of a report."""

    format: str
    """Its name among ``sessions.export.FORMATS``."""
    letter: str
    title: str
    what: str
    """What has been copied then, in words."""
    suffix: str
    """How a file of it usually ends."""


FORMS = (
    Form("markdown", "m", "Markdown", "bug report", ".md"),
    Form("json", "J", "JSON", "exchange", ".json"),
    Form("curl", "c", "curl", "curl command", ".sh"),
    Form("cli", "f", "fgtui", "command line", ".sh"),
    Form("python", "p", "Python", "Python", ".py"),
    Form("pytest", "t", "test", "test", "_test.py"),
)


class Report(NamedTuple):
    """One form of the report, made: its text and how that is drawn."""

    text: str
    drawn: Shown


class ReportScreen(Modal[None]):
    """Shows one exchange's report, form by form, and what was replaced in it.

    ``copy`` and ``save`` take a text out of the workbench; they are told which form it has.
    """

    DEFAULT_CSS = """
    ReportScreen { align: center middle; background: $background 60%; }
    ReportScreen > #frame {
        width: 100; max-width: 100%; height: 94%;
        border: round $border; border-title-color: $border; border-subtitle-color: $foreground-muted;
        background: $surface; padding: 0 1;
    }
    ReportScreen #replaced { height: auto; max-height: 6; border-top: solid $border-blurred; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.REPORT)]

    def __init__(
        self,
        workspace: Workspace,
        exchange: Exchange,
        copy: Callable[[str, Form], None],
        save: Callable[[str, Form], None],
    ) -> None:
        super().__init__()
        self._workspace = workspace
        self._exchange = exchange
        self._copy = copy
        self._save = save
        self._at = 0
        self._made: dict[int, Report] = {}
        self._tabs = TabStrip([f"{form.letter} {say(form.title)}" for form in FORMS])
        self._text = TextView()
        self._replaced = TextView(id="replaced")
        self._is_turned = False
        self._waiting: Callable[[str, Form], None] | None = None
        """What a person wants done with the form that is still being made."""

    def compose(self) -> ComposeResult:
        """The forms, the text, what was replaced in it."""
        with Vertical(id="frame") as frame:
            exchange = self._exchange
            title = say(
                "Report {session} #{number}: what will leave" if exchange.seq else "Report: what will leave",
                session=exchange.session,
                number=exchange.seq,
            )
            frame.border_title = Content(displayable_line(title))
            keys = keys_in(self.app, copy="report-copy", save="report-save", leave="report-close")
            frame.border_subtitle = Content(say("{copy} copies, {save} saves, {leave} leaves", keys))
            yield self._tabs
            yield self._text
            yield self._replaced

    def on_mount(self) -> None:
        """Make the first form."""
        self._text.focus()
        workspace, exchange = self._workspace, self._exchange
        in_thread(
            self,
            lambda: replaced_text(workspace.store.redactor.preview(exchange)),
            self._show_replaced,
            self._fail,
            group="preview",
        )
        self.action_show(0)

    # ── forms ───────────────────────────────────────────────────────────────────────────────────────────────────────
    def action_show(self, at: int) -> None:
        """Show another form, made when it is first wanted."""
        self._at = self._tabs.chosen = at
        self._waiting = None
        self._is_turned = False
        if at in self._made:
            self._draw()
            return
        self._text.show(shown(say("making it…"), muted))
        workspace, exchange, form = self._workspace, self._exchange, FORMS[at]

        def make() -> Report:
            text = workspace.report(exchange, form.format)
            return Report(text, shown(text, _markdown if form.format == "markdown" else plain))

        def made(report: Report) -> None:
            self._made[at] = report
            self._draw()
            if at == self._at and self._waiting is not None:
                self._hand_out(self._waiting)

        in_thread(
            self,
            make,
            made,
            self._fail,
            group="report",
        )

    def _show_replaced(self, text: Shown) -> None:
        self._replaced.show(text)
        self._replaced.refresh(layout=True)

    def _fail(self, error: FgtuiError) -> None:
        self._text.show(shown(f"✗ {say(error.message, error.values)}", muted))

    def _draw(self) -> None:
        report = self._made.get(self._at)
        if report is not None:
            self._text.show(report.drawn, turned=self._is_turned)

    def action_step(self, step: int) -> None:
        """Show the next form, or the one before."""
        self.action_show((self._at + step) % len(FORMS))

    @on(TabStrip.Picked)
    def _pick(self, event: TabStrip.Picked) -> None:
        event.stop()
        self.action_show(event.index)

    def action_wrap(self) -> None:
        """Let long lines go on in the next row, or cut them at the edge."""
        self._is_turned = not self._is_turned
        self._text.turn(turned=self._is_turned)

    # ── out of the workbench ────────────────────────────────────────────────────────────────────────────────────────
    def action_copy(self) -> None:
        """Have the text put on the clipboard."""
        self._hand_out(self._copy)

    def action_save(self) -> None:
        """Have the text written to a file."""
        self._hand_out(self._save)

    def _hand_out(self, use: Callable[[str, Form], None]) -> None:
        report = self._made.get(self._at)
        self._waiting = use if report is None else None
        if report is not None:
            use(report.text, FORMS[self._at])

    def action_close(self) -> None:
        """Go back."""
        self.dismiss()


def replaced_text(findings: Sequence[Finding]) -> Shown:
    """What secrets were replaced, a line each."""
    if not findings:
        return shown(say("Nothing in it looks like a secret, so nothing is replaced."), muted)
    count = len(findings)
    head = say(plural(count, "1 value is replaced:", "{count} values are replaced:"), count=count)
    places = [f"  {each.path or say('(all)')}  {each.words}" for each in findings]
    return shown("\n".join([head, *places]), _first_strong)


def _first_strong(index: int, line: str, start: int, end: int) -> Sequence[Piece]:
    return ((line[start:end], "" if index else "strong"),)


def _markdown(index: int, line: str, start: int, end: int) -> Sequence[Piece]:
    """Headings stand out, and the lines around code stand back."""
    ink = "strong" if line.startswith("#") else "muted" if line.startswith("```") else ""
    return ((line[start:end], ink),)


class Reporting:
    """Opens reports and takes them out of the workbench."""

    def __init__(self, screen: WorkbenchScreen) -> None:
        self._screen = screen

    def ask(self, exchange: Exchange) -> None:
        """Show the report of an exchange, as its record is or would be redacted."""
        screen = self._screen
        redactor = screen.workspace.store.redactor

        def copy(text: str, form: Form) -> None:
            screen.copying.copy_text(text, say(form.what))

        def save(text: str, form: Form) -> None:
            name = f"{file_stem(exchange.session)}-{exchange.seq}" if exchange.seq else "report"
            screen.saving.ask(say("Save the {what}", what=say(form.what)), f"{name}{form.suffix}", text)

        def open_report(redacted: Exchange) -> None:
            screen.app.push_screen(ReportScreen(screen.workspace, redacted, copy, save))

        if exchange.seq:
            open_report(exchange)
        else:
            screen.in_thread(lambda: redactor.apply(exchange), open_report, group="report")
