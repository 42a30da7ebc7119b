"""Choosing where events go: the dialog, the yes to what a project names, and the limits."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from fgtui.errors import ConsentError, FgtuiError, UsageError
from fgtui.invoke.model import LocalTarget, RemoteTarget, summary_of
from fgtui.records import replace
from fgtui.terminal.display import displayable_line
from fgtui.tui.widgets.target_bar import TargetWords
from fgtui.words import say

if TYPE_CHECKING:
    from fgtui.config import TargetSettings
    from fgtui.invoke.model import Family, Target, TargetSummary
    from fgtui.tui.screens.dialogs import Choice
    from fgtui.tui.screens.workbench import WorkbenchScreen

BUNDLED_NAME = "bundled handler"


class Chosen(NamedTuple):
    """A target as a person chose it: spelled, or ``None`` for the one that is chosen by itself."""

    spec: str | None
    runtime: str | None = None
    """What is to run it, where its spelling leaves that open."""


class TargetChoice:
    """The target in force and how it came to be."""

    def __init__(self, screen: WorkbenchScreen) -> None:
        self._screen = screen
        self._workspace = screen.workspace
        self.spec: str | None = None
        self._runtime: str | None = None
        self.target: Target | None = None
        self._limits: dict[str, Any] = {}
        self._error: FgtuiError | None = None

    def announce(self, spec: str | None) -> None:
        """Say what ``spec`` will be, from the settings alone, so that the first frame need not look for its file."""
        self.spec = spec
        self._screen.event_pane.target_spec = spec
        if self._workspace.uses_sample(spec):
            words = TargetWords(BUNDLED_NAME, "python", 128, 3.0)
        else:
            words = self._expected(spec or "", self._workspace.settings.targets.get(spec or ""))
        self._screen.target_bar.target = words

    def _expected(self, spec: str, declared: TargetSettings | None) -> TargetWords:
        """What a target will be, by its spelling and what is declared of it."""
        from fgtui.invoke.runtime_names import usual_limits
        from fgtui.invoke.targets import family_by_spelling

        handler = spec if declared is None else declared.handler or ""
        folder = self._workspace.settings.folder if declared is None else declared.folder
        runtime = None if declared is None else declared.runtime
        family: Family
        try:
            family = family_by_spelling(handler, folder, runtime)
        except FgtuiError:
            family = "python"  # what is wrong with it is said when it is looked for
        limits = usual_limits(family)
        if runtime is None:
            runtime = "" if family == "python" else family  # which only a look at the files would tell from Node.js
        if declared is None:
            return TargetWords(spec, runtime, limits.memory_mb, limits.timeout_s)
        return TargetWords(
            declared.name,
            runtime,
            declared.memory_mb or limits.memory_mb,
            declared.timeout_s or limits.timeout_s,
        )

    def choose(self, spec: str | None, runtime: str | None = None) -> bool:
        """Make ``spec`` the target, if it can be; the top line says why not. Reads small files only."""
        self.spec, self._runtime = spec, runtime
        self._screen.event_pane.target_spec = spec
        try:
            self.target = self._workspace.target(spec, runtime=runtime, **self._limits)
            self._error = None
        except FgtuiError as error:
            self.target, self._error = None, error
        bar = self._screen.target_bar
        bar.target = None if self.target is None else self._words(self.target)
        bar.trouble = "" if self._error is None else self._trouble(self._error)
        return self.target is not None

    def _words(self, target: Target) -> TargetWords:
        name = BUNDLED_NAME if self._workspace.uses_sample(self.spec) else target.name or target.spec
        runtime = "" if isinstance(target, RemoteTarget) else target.runtime
        return TargetWords(name, runtime, target.memory_mb, target.timeout_s, summary_of(target).kind)

    def learn(self, sent: Target, summary: TargetSummary) -> None:
        """Say which version ran a target, if it is still the one in force."""
        bar = self._screen.target_bar
        same = replace(sent, debug_port=None) if isinstance(sent, LocalTarget) else sent
        if summary.runtime and bar.target is not None and same == self.target:
            bar.target = bar.target._replace(runtime=summary.runtime)

    def _trouble(self, error: FgtuiError) -> str:
        if isinstance(error, ConsentError):
            return say("the project's target waits for your yes: F4")
        return say(error.message, error.values)

    def ready(self) -> Target | None:
        """The target to send to; without one, ask for what is missing and return ``None``."""
        if self.target is None and self._error is None:
            self._choose_again()  # a key came before the first frame was done
        if self.target is None:
            if isinstance(self._error, ConsentError):
                self.ask_consent()
            elif self._error is not None:
                self._screen.say_error(self._error)
        return self.target

    def _choose_again(self) -> bool:
        """Look once more at the target in force, which may be within other limits or consented to by now."""
        return self.choose(self.spec, self._runtime)

    # ── the dialog ──────────────────────────────────────────────────────────────────────────────────────────────────
    async def ask(self) -> None:
        """Offer the project's targets and the bundled handler at once, the folder's handlers when they are found."""
        from fgtui.tui.screens.dialogs import Choice, Chooser

        try:
            self._workspace.renew_settings()
        except FgtuiError as error:
            self._screen.say_error(error)
            return
        folder = self._workspace.settings.folder
        known = self._known()

        def free(text: str) -> Choice[Chosen]:
            return Choice(Chosen(text.strip()), text.strip(), "● as typed")

        placeholder = "a name, or a handler: src/index.handler"
        chooser = Chooser[Chosen]("Target", known, placeholder=placeholder, free=free, refuse=self._refusal)
        await self._screen.app.push_screen(chooser, self._picked)

        def look() -> list[Choice[Chosen]]:
            from fgtui.invoke.discovery import discover

            offered = {choice.value for choice in known}
            found = [choice for spec in discover(folder) for choice in self._found(spec)]
            there = [choice for choice in found if choice.value not in offered]
            return [*(self._looked_at(choice) for choice in known), *there]

        self._screen.in_thread(look, chooser.offer, group="discover")

    def _refusal(self, choice: Choice[Chosen]) -> str:
        """Why a target cannot be chosen; nothing where it can, or where a yes is missing that is asked for."""
        from fgtui.tui.screens.dialogs import error_words

        if self._is_in_force(choice.value):
            return ""
        try:
            self._workspace.target(choice.value.spec, runtime=choice.value.runtime)
        except ConsentError:
            return ""
        except FgtuiError as error:
            return error_words(error)
        return ""

    def _found(self, spec: str) -> list[Choice[Chosen]]:
        """The choices a handler stands for that was found: a bootstrap may be one of three things."""
        from fgtui.invoke.runtime_names import SERVERS
        from fgtui.tui.screens.dialogs import Choice

        if spec.rpartition("/")[2] != "bootstrap":
            return [Choice(Chosen(spec), spec, f"● {self._about(spec)}found here")]
        chosen = [Chosen(spec, None if family == "custom" else family) for family in SERVERS]
        return [
            Choice(each, spec, f"● {each.runtime or 'custom'} · found here", is_current=self._is_in_force(each))
            for each in chosen
        ]

    def _about(self, spec: str) -> str:
        """What runs a handler that was found; off the screen's thread, since it looks at files."""
        try:
            target = self._workspace.target(spec)
        except FgtuiError:
            return ""
        return f"{target.runtime} · " if isinstance(target, LocalTarget) else ""

    def _looked_at(self, choice: Choice[Chosen]) -> Choice[Chosen]:
        """A declared target with what its files tell of it."""
        from dataclasses import replace as changed

        declared = self._workspace.settings.targets.get(choice.value.spec or "")
        if declared is None or declared.handler is None:
            return choice
        try:
            words = self._words(self._workspace.target(declared.name))
        except FgtuiError:
            return choice  # choosing it says why
        return changed(choice, detail=_detail(declared, words))

    def _known(self) -> list[Choice[Chosen]]:
        from fgtui.tui.screens.dialogs import Choice

        choices: list[Choice[Chosen]] = []
        for name, target in self._workspace.settings.targets.items():
            kind = (
                f"✗ {target.urn}: not in this version"
                if target.handler is None
                else _detail(target, self._expected(name, target))
            )
            choices.append(Choice(Chosen(name), name, kind, is_current=self._is_in_force(Chosen(name))))
        if self._workspace.uses_sample(None):
            words = "● answers every trigger's sample"
            choices.append(Choice(Chosen(None), BUNDLED_NAME, words, is_current=self._is_in_force(Chosen(None))))
        if self.spec is not None and not any(choice.is_current for choice in choices):
            chosen = Chosen(self.spec, self._runtime)
            words = f"● {self._runtime} · as chosen" if self._runtime else "● as chosen"
            choices.append(Choice(chosen, self.spec, words, is_current=True))
        return choices

    def _is_in_force(self, chosen: Chosen) -> bool:
        """Whether it names the target in force, which may be the settings' default without having been named."""
        if self.target is None or chosen.spec == self.spec:
            return chosen == Chosen(self.spec, self._runtime)
        return self.spec is None and chosen.spec == self.target.name

    def _picked(self, choice: Choice[Chosen] | None) -> None:
        if choice is None or (self.target is not None and self._is_in_force(choice.value)):
            return
        before = self.spec, self._runtime
        self._limits = {}
        if self.choose(*choice.value):
            return
        error = self._error
        if isinstance(error, ConsentError):
            self.ask_consent()
        elif error is not None:
            self._screen.say_error(error)
            self.choose(*before)

    # ── consent ─────────────────────────────────────────────────────────────────────────────────────────────────────
    def ask_consent(self) -> None:
        """Show what the project names and ask for a yes, once per content (reliability, section 8)."""
        from fgtui.trust import as_lines
        from fgtui.tui.screens.dialogs import Question

        settings = self._workspace.settings
        claims = "\n".join(as_lines(settings.claims))
        text = (
            f"{displayable_line(str(settings.project))}/fgtui.toml\n"
            "names what shall run here, and with which variables.\n"
            f"Agree only to what you would run yourself.\n\n{claims}"
        )
        self._screen.app.push_screen(Question("May this project run this?", text, yes="Yes, it may"), self._answered)

    def _answered(self, agreed: bool | None) -> None:
        if not agreed or self._workspace.settings.project is None:
            return
        from fgtui.trust import Consents

        consents = Consents(self._workspace.environment)
        try:
            consents.give(self._workspace.settings.project, self._workspace.settings.claims, now=datetime.now(UTC))
        except FgtuiError as error:
            self._screen.say_error(error)
            return
        if self._choose_again():
            self._screen.say("agreed; fgtui trust --revoke takes it back")

    # ── limits ──────────────────────────────────────────────────────────────────────────────────────────────────────
    async def ask_limits(self) -> None:
        """Ask for timeout and memory."""
        target = self.target
        if target is None:
            self.ready()
            return
        from fgtui.tui.screens.dialogs import Prompt

        prompt = Prompt(
            "Limits of the target",
            f"{target.timeout_s:g} {target.memory_mb}",
            hint="seconds, then MB; they hold until another target is chosen",
            check=parse_limits,
        )
        await self._screen.app.push_screen(prompt, self._limited)

    def _limited(self, answer: str | None) -> None:
        if answer is not None:
            self._limits = parse_limits(answer)
            self._choose_again()


def _declared_words(declared: TargetSettings) -> TargetWords:
    """What the settings alone say of a target; which runtime its file is for shows when it is looked for."""
    from fgtui.invoke.runtime_names import family_of, usual_limits

    try:
        usual = usual_limits(family_of(declared.runtime or "python"))
    except FgtuiError:  # a runtime that does not run here: choosing it says so
        usual = usual_limits("python")
    memory, seconds = declared.memory_mb or usual.memory_mb, declared.timeout_s or usual.timeout_s
    return TargetWords(declared.name, declared.runtime or "python", memory, seconds)


def _detail(target: TargetSettings, words: TargetWords) -> str:
    """A target of the settings: its handler, what runs it, and within which limits."""
    runtime = f"{words.runtime} " if words.runtime else ""
    return f"● {target.handler} · {runtime}{words.memory_mb} MB {words.timeout_s:g} s"


def parse_limits(text: str) -> dict[str, float | int]:
    """``3 128`` as settings of a target; ``UsageError`` says what is wrong."""
    words = text.replace(",", " ").split()
    try:
        seconds, memory = float(words[0]), int(words[1])
    except (IndexError, ValueError):
        raise UsageError("two numbers are wanted: seconds and MB, as in 3 128") from None
    if len(words) > 2 or not 0.01 <= seconds <= 259_200 or not 32 <= memory <= 10_240:
        raise UsageError("the timeout is 0.01 to 259200 seconds, the memory 32 to 10240 MB")
    return {"timeout_s": seconds, "memory_mb": memory}
