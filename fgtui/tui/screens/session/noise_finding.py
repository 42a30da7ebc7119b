"""Sends an event twice, and shows what differs by itself: the rules that a comparison passes it over by."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.content import Content

from fgtui.errors import FgtuiError
from fgtui.sessions.diff.change_words import change_line
from fgtui.terminal.display import displayable_line
from fgtui.tui.actions import Where, bindings, key_of, keys_in
from fgtui.tui.screens.modal import Modal
from fgtui.tui.styles.inks import Piece
from fgtui.tui.target_words import called
from fgtui.tui.widgets.text_view import Shown, TextView, shown
from fgtui.words import plural, say

if TYPE_CHECKING:
    from fgtui.invoke.model import Exchange
    from fgtui.sessions.diff.noise import Noise
    from fgtui.tui.screens.workbench import WorkbenchScreen
    from fgtui.tui.screens.working import Progress, Worked


class NoiseScreen(Modal[None]):
    """What was found. ``copy`` takes a text out of the workbench."""

    DEFAULT_CSS = """
    NoiseScreen { align: center middle; background: $background 60%; }
    NoiseScreen > #frame {
        width: 100; max-width: 100%; height: 70%;
        border: round $border; border-title-color: $border; border-subtitle-color: $foreground-muted;
        background: $surface; padding: 0 1;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.NOISE)]

    def __init__(self, name: str, noise: Noise, copy: Callable[[str], None]) -> None:
        super().__init__()
        self._name = name
        self._noise = noise
        self._copy = copy

    def compose(self) -> ComposeResult:
        """The rules, each with an example."""
        with Vertical(id="frame") as frame:
            frame.border_title = Content(displayable_line(say("{name} sent twice", name=self._name)))
            keys = keys_in(self.app, copy="noise-copy", close="noise-close")
            frame.border_subtitle = Content(say("{copy} copies for fgtui.toml · {close} closes", keys))
            yield TextView()

    def on_mount(self) -> None:
        """Show them."""
        view = self.query_one(TextView)
        view.focus()
        view.show(noise_text(self._noise))

    def action_copy(self) -> None:
        """Copy the rules as the settings take them."""
        if self._noise.rules:
            self._copy(f"[replay]\n{self._noise.toml()}\n")

    def action_close(self) -> None:
        """Go back."""
        self.dismiss()


def noise_text(noise: Noise) -> Shown:
    """The rules as the settings take them, then what each passes over."""
    if not noise.rules:
        return shown(say("the same answer twice: there is nothing to ignore besides what is ignored already"))
    count = sum(proposal.count for proposal in noise.proposals)
    words = plural(
        count,
        "1 difference between two answers to one event. To ignore it, in fgtui.toml:",
        "{count} differences between two answers to one event. To ignore them, in fgtui.toml:",
    )
    head = [say(words, count=f"{count:,}"), "", "[replay]", noise.toml(), ""]
    rules = [
        f"{proposal.rule} × {proposal.count:,}" if proposal.count > 1 else proposal.rule for proposal in noise.proposals
    ]
    lines = list(head)
    for rule, proposal in zip(rules, noise.proposals, strict=True):
        lines += [displayable_line(rule), f"  {displayable_line(change_line(proposal.example))}"]

    def paint(index: int, line: str, start: int, end: int) -> Sequence[Piece]:
        is_rule = index in (2, 3) or (index >= len(head) and not line.startswith(" "))
        return ((line[start:end], "strong" if is_rule else "" if index == 0 else "muted"),)

    return shown("\n".join(lines), paint, wraps=True)


class NoiseFinding:
    """Sends twice at the target that is chosen now; nothing is recorded."""

    def __init__(self, screen: WorkbenchScreen) -> None:
        self._screen = screen

    def ask(self, exchange: Exchange) -> None:
        """Find what differs between two answers to the event of ``exchange``."""
        from fgtui.sessions.diff.noise import check_complete
        from fgtui.tui.screens.send.guarding import when_agreed
        from fgtui.tui.screens.working import WorkScreen

        screen = self._screen
        if screen.under_way:
            key = key_of("cancel", screen.keymap)
            screen.say("something is being sent; {key} cancels it", severity="warning", key=key)
            return
        try:
            check_complete(exchange)
            comparison = screen.workspace.comparison()
        except FgtuiError as error:
            screen.say_error(error)
            return
        target = screen.targets.ready()
        if target is None:
            return

        def work(progress: Progress) -> Noise:
            progress.tell(say("sending twice to {target}", target=called(target)))
            return screen.workspace.find_noise(exchange, target, comparison=comparison, cancelled=progress.cancelled)

        name = f"{exchange.session} #{exchange.seq}"

        def done(worked: Worked[Noise] | None) -> None:
            self._show(name, worked)

        def start() -> None:
            screen.app.push_screen(WorkScreen(say("What differs by itself in {name}", name=name), work), done)

        when_agreed(
            screen,
            target,
            start,
            caution=screen.workspace.caution(target, 2),
            question=say("Send it twice?"),
            summary=say("The event of {name} goes to {target} twice.", name=name, target=called(target)),
        )

    def _show(self, name: str, worked: Worked[Noise] | None) -> None:
        screen = self._screen
        if worked is None or worked.is_cancelled:
            return
        if worked.error is not None:
            screen.say_error(worked.error)
        elif worked.answer is not None:
            noise = worked.answer

            def copy(text: str) -> None:
                screen.copying.copy_text(text, say("rules"))

            screen.app.push_screen(NoiseScreen(name, noise, copy))
