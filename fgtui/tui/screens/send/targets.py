"""Choosing where events go: the dialog, the yes to what a project names, and the limits."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, NamedTuple

from fgtui.errors import ConsentError, FgtuiError, UsageError
from fgtui.invoke.limits import (
    LEAST_MEMORY_MB,
    LEAST_TIMEOUT_S,
    MEMORY_SIZES,
    MOST_MEMORY_MB,
    MOST_TIMEOUT_S,
)
from fgtui.invoke.model import LocalTarget, RemoteTarget
from fgtui.invoke.urns import looks_like_urn, may_be_short
from fgtui.records import replace
from fgtui.terminal.display import displayable_line
from fgtui.tui.actions import keys_in
from fgtui.tui.target_words import choice_words, expected_words, profile_words, spec_words, words_of
from fgtui.tui.widgets.target_bar import TargetWords
from fgtui.words import Names, Phrase, say, sentence

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fgtui.invoke.model import Target, TargetSummary
    from fgtui.tui.screens.dialogs import Choice
    from fgtui.tui.screens.workbench import WorkbenchScreen

BUNDLED_NAME = sentence("bundled handler")


class Chosen(NamedTuple):
    """A target as a person chose it: spelled, or ``None`` for the one that is chosen by itself."""

    spec: str | None
    runtime: str | None = None
    """What is to run it, where its spelling leaves that open."""
    profile: str | None = None
    """What reaches it, of a deployed function that names none itself."""


class TargetChoice:
    """The target in force and how it came to be."""

    def __init__(self, screen: WorkbenchScreen, profile: str | None = None) -> None:
        """``profile`` reaches deployed functions that name none."""
        self._screen = screen
        self._profile = profile
        self._workspace = screen.workspace
        self.spec: str | None = None
        self._runtime: str | None = None
        self._through: str | None = None
        """The profile that a person has chosen for this target."""
        self.target: Target | None = None
        self._limits: dict[str, Any] = {}
        self._error: FgtuiError | None = None
        self._used = ""
        """What was remembered last as used."""

    def announce(self, spec: str | None) -> None:
        """Say what ``spec`` will be, from the settings alone, so that the first frame need not look for its file."""
        self.spec = spec
        self._screen.event_pane.aim(spec, self._default_name() or None)
        if self._workspace.targets.uses_sample(spec):
            words = TargetWords(say(BUNDLED_NAME), "python", 128, 3.0)
        else:
            words = expected_words(spec or self._default_name(), self._workspace.settings)
        self._screen.target_bar.target = words

    def _default_name(self) -> str:
        """The target that is in force where nobody has named one."""
        settings = self._workspace.settings
        only = next(iter(settings.targets)) if len(settings.targets) == 1 else ""
        return settings.default_target or only

    def choose(self, spec: str | None, runtime: str | None = None, profile: str | None = None) -> bool:
        """Make ``spec`` the target, if it can be; the top line says why not. Reads small files only."""
        self.spec, self._runtime, self._through = spec, runtime, profile
        self._screen.event_pane.aim(spec, self._default_name() or None)
        try:
            self.target = self._look_for(self._chosen(), **self._limits)
            self._error = None
        except FgtuiError as error:
            self.target, self._error = None, error
        bar = self._screen.target_bar
        bar.target = None if self.target is None else self._words(self.target)
        bar.trouble = "" if self._error is None else self._trouble(self._error)
        return self.target is not None

    def _look_for(self, chosen: Chosen, **limits: Any) -> Target:
        """The target as it is now. Raises ``FgtuiError``."""
        profile = chosen.profile or self._profile if self._names_no_profile(chosen) else None
        return self._workspace.target(chosen.spec, runtime=chosen.runtime, profile=profile, **limits)

    def _chosen(self) -> Chosen:
        return Chosen(self.spec, self._runtime, self._through)

    def _names_no_profile(self, chosen: Chosen) -> bool:
        """Whether it is a deployed function that does not say which profile reaches it."""
        name = chosen.spec or self._default_name()
        declared = self._workspace.settings.targets.get(name)
        if declared is None:
            return looks_like_urn(name) or (self._profile is not None and may_be_short(name))
        return declared.urn is not None and declared.profile is None

    def _lacks_profile(self, chosen: Chosen) -> bool:
        """Whether a person has to say which profile reaches it: there are several, and nobody has named one."""
        is_open = chosen.profile is None and self._profile is None and self._names_no_profile(chosen)
        return is_open and len(self._workspace.settings.profiles) > 1

    def _words(self, target: Target) -> TargetWords:
        return words_of(target, say(BUNDLED_NAME) if self._workspace.targets.uses_sample(self.spec) else None)

    def learn(self, sent: Target, summary: TargetSummary) -> None:
        """Say which version ran a target, or as whom it was called, if it is still the one in force."""
        bar = self._screen.target_bar
        if isinstance(self.target, RemoteTarget):
            bar.target = self._words(self.target)
        same = replace(sent, debug_port=None) if isinstance(sent, LocalTarget) else sent
        if summary.runtime and bar.target is not None and same == self.target:
            bar.target = bar.target._replace(runtime=summary.runtime)

    def profile_for(self, summary: TargetSummary) -> str:
        """The name of the profile that calls what is shown: that of the target in force, where it is the same."""
        target = self.target
        if isinstance(target, RemoteTarget) and target.spec == summary.spec:
            return target.profile.name
        return self._workspace.targets.profile_for(summary)

    def _trouble(self, error: FgtuiError) -> str:
        if isinstance(error, ConsentError):
            return say("the project's target waits for your yes: {key}", keys_in(self._screen.app, key="choose-target"))
        if self._lacks_profile(self._chosen()):
            return say("which profile reaches it? {key}", keys_in(self._screen.app, key="choose-target"))
        return say(error.message, error.values)

    def used(self) -> None:
        """Remember the target in force as the one that was used last."""
        spec = self.spec or self._default_name()
        if spec and spec != self._used and (self.spec is not None or not self._workspace.targets.uses_sample(None)):
            self._used = spec
            self._screen.recent.note_target(spec)

    def ready(self) -> Target | None:
        """The target to send to; without one, ask for what is missing and return ``None``."""
        if self.target is None and self._error is None:
            self._choose_again()  # a key came before the first frame was done
        elif (self.target is None or isinstance(self.target, RemoteTarget)) and not self._is_renewed():
            return None
        if self.target is None:
            if isinstance(self._error, ConsentError):
                self.ask_consent()
            elif self._lacks_profile(self._chosen()):
                self._ask_profile(self._chosen())
            elif self._error is not None:
                self._screen.say_error(self._error)
        return self.target

    def _is_renewed(self) -> bool:
        """Take over what the settings say now: which target it is, as whom it is called, whether it is guarded.

        Whether they could be read.
        """
        before = self._workspace.settings
        try:
            self._workspace.renew_settings()
        except FgtuiError as error:
            self._screen.say_error(error)
            return False
        if self.target is None or self._workspace.settings is not before:
            self._choose_again()  # what was wrong may have been put right
        return True

    def _choose_again(self) -> bool:
        """Look once more at the target in force, which may be within other limits or consented to by now."""
        return self.choose(*self._chosen())

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
        recent = self._screen.recent.read().targets
        known = _recent_first(self._known(recent), recent)

        def free(text: str) -> Choice[Chosen]:
            return Choice(Chosen(text.strip()), text.strip(), "● " + say("as typed"))

        placeholder = say("src/index.handler, a URL or a URN")
        chooser = Chooser[Chosen](say("Target"), known, placeholder=placeholder, free=free, refuse=self._refusal)
        await self._screen.app.push_screen(chooser, self._picked)

        def look() -> list[Choice[Chosen]]:
            from fgtui.invoke.discovery import discover

            offered = {choice.value for choice in known}
            found = [choice for spec in discover(folder) for choice in self._found(spec)]
            there = [choice for choice in found if choice.value not in offered]
            return _recent_first([*(self._looked_at(choice) for choice in known), *there], recent)

        self._screen.in_thread(look, chooser.offer, group="discover")

    def _refusal(self, choice: Choice[Chosen]) -> str:
        """Why a target cannot be chosen; nothing where it can, or where a yes is missing that is asked for."""
        from fgtui.tui.screens.dialogs import error_words

        if self._is_in_force(choice.value):
            return ""
        try:
            if self._lacks_profile(choice.value):
                self._check_urn(choice.value)
                return ""
            self._look_for(choice.value)
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
            return [Choice(Chosen(spec), spec, f"● {self._about(spec)}{say('found here')}")]
        found = say("found here")
        chosen = [Chosen(spec, None if family == "custom" else family) for family in SERVERS]
        return [
            Choice(each, spec, f"● {each.runtime or 'custom'} · {found}", is_current=self._is_in_force(each))
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
        if declared is None:
            return choice
        try:
            words = words_of(self._look_for(choice.value))
        except FgtuiError:
            return choice  # choosing it says why
        return changed(choice, detail=choice_words(words, declared.handler or ""))

    def _known(self, recent: Sequence[str]) -> list[Choice[Chosen]]:
        from fgtui.tui.screens.dialogs import Choice

        choices: list[Choice[Chosen]] = []
        for name, target in self._workspace.settings.targets.items():
            words = choice_words(expected_words(name, self._workspace.settings), target.handler or "")
            choices.append(Choice(Chosen(name), name, words, is_current=self._is_in_force(Chosen(name))))
        if self._workspace.targets.uses_sample(None):
            words = "● " + say("answers every trigger's sample")
            choices.append(Choice(Chosen(None), say(BUNDLED_NAME), words, is_current=self._is_in_force(Chosen(None))))
        named = {choice.value.spec for choice in choices} | {self.spec}
        typed = (spec for spec in recent if spec not in named and ("://" in spec or looks_like_urn(spec)))
        choices += [Choice(Chosen(spec), spec, "● " + say("as typed")) for spec in typed]
        if self.spec is not None and not any(choice.is_current for choice in choices):
            chosen = self._chosen()
            words = f"● {self._runtime} · {say('as chosen')}" if self._runtime else "● " + say("as chosen")
            choices.append(Choice(chosen, self.spec, words, is_current=True))
        return choices

    def _is_in_force(self, chosen: Chosen) -> bool:
        """Whether it names the target in force, which may be the settings' default without having been named."""
        if self.target is None or chosen.spec == self.spec:
            return chosen == self._chosen()
        return self.spec is None and chosen.spec == self.target.name

    def _picked(self, choice: Choice[Chosen] | None) -> None:
        if choice is None or (self.target is not None and self._is_in_force(choice.value)):
            return
        if self._lacks_profile(choice.value):
            self._ask_profile(choice.value)
            return
        before = self._chosen()
        self._limits = {}
        if self.choose(*choice.value):
            if choice.value.spec is not None:
                self._screen.recent.note_target(choice.value.spec)
            if self._screen.served is not None:
                self._screen.serves.target_changed()
            return
        error = self._error
        if isinstance(error, ConsentError):
            self.ask_consent()
        elif error is not None:
            self._screen.say_error(error)
            self.choose(*before)

    # ── which profile ───────────────────────────────────────────────────────────────────────────────────────────────
    @staticmethod
    def _check_urn(chosen: Chosen) -> None:
        """Raises ``TargetError`` for a URN that no profile would make complete."""
        from fgtui.invoke.urns import parse

        if chosen.spec is not None and looks_like_urn(chosen.spec):
            parse(chosen.spec)

    def _ask_profile(self, chosen: Chosen) -> None:
        """Ask which of the settings' profiles reaches a function, and make it the target."""
        from fgtui.tui.screens.dialogs import Choice, Chooser

        profiles = self._workspace.settings.profiles.values()
        choices = [Choice(chosen._replace(profile=each.name), each.name, profile_words(each)) for each in profiles]
        text = say("{function} names no profile.", function=spec_words(chosen.spec or self._default_name()))
        self._screen.app.push_screen(
            Chooser[Chosen](say("Which profile reaches it?"), choices, text=text, refuse=self._refusal), self._picked
        )

    # ── consent ─────────────────────────────────────────────────────────────────────────────────────────────────────
    def ask_consent(self) -> None:
        """Show what the project names and ask for a yes, once per content (reliability, section 8)."""
        from fgtui.trust import as_lines
        from fgtui.tui.screens.dialogs import Question

        settings = self._workspace.settings
        claims = "\n".join(as_lines(settings.claims))
        text = (
            displayable_line(str(settings.project))
            + "/fgtui.toml\n"
            + say(
                "names what shall run here and with which variables,\n"
                "where calls go, and with whose credentials.\n"
                "Agree only to what you would do yourself."
            )
            + f"\n\n{claims}"
        )
        question = Question(say("May this project do this?"), text, yes=say("Yes, it may"))
        self._screen.app.push_screen(question, self._answered)

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
            self._screen.say("agreed, and nothing sent yet; fgtui trust --revoke takes it back")
        elif self._lacks_profile(self._chosen()):
            self._ask_profile(self._chosen())
        elif self._error is not None:
            self._screen.say_error(self._error)

    # ── limits ──────────────────────────────────────────────────────────────────────────────────────────────────────
    async def ask_limits(self) -> None:
        """Ask for timeout and memory."""
        target = self.target
        if target is None:
            self.ready()
            return
        from fgtui.tui.screens.dialogs import Prompt

        if isinstance(target, RemoteTarget):
            memory = "" if target.memory_mb is None else f" {target.memory_mb}"
            hint = say("seconds for the whole call; then MB, only of a function with dynamic memory")
        elif isinstance(target, LocalTarget):
            memory, hint = f" {target.memory_mb}", say("seconds, then MB")
        else:
            memory, hint = f" {target.memory_mb}", say("seconds, then MB, which only its headers tell")
        prompt = Prompt(
            say("Limits of the target"),
            f"{target.timeout_s:g}{memory}",
            hint=f"{hint}\n{say('They hold until another target is chosen.')}",
            check=self._parse_limits,
        )
        await self._screen.app.push_screen(prompt, self._limited)

    def _parse_limits(self, text: str) -> dict[str, float | int]:
        return (parse_remote_limits if isinstance(self.target, RemoteTarget) else parse_limits)(text)

    def _limited(self, answer: str | None) -> None:
        if answer is not None:
            self._limits = self._parse_limits(answer)
            self._choose_again()


def parse_limits(text: str) -> dict[str, float | int]:
    """``3 128`` as settings of a target; ``UsageError`` says what is wrong."""
    words = text.replace(",", " ").split()
    try:
        seconds, memory = float(words[0]), int(words[1])
    except (IndexError, ValueError):
        raise UsageError("two numbers are wanted: seconds and MB, as in 3 128") from None
    if len(words) > 2 or not _is_timeout(seconds) or not LEAST_MEMORY_MB <= memory <= MOST_MEMORY_MB:
        memories = Phrase("{least} to {most} MB", least=LEAST_MEMORY_MB, most=MOST_MEMORY_MB)
        raise UsageError("the timeout is {timeouts}, the memory {memories}", timeouts=_TIMEOUTS, memories=memories)
    return {"timeout_s": seconds, "memory_mb": memory}


def parse_remote_limits(text: str) -> dict[str, float | int]:
    """``120``, or ``120 512`` for a function whose memory each call may ask for (runtime.md section 8.2).

    ``UsageError`` says what is wrong.
    """
    words = text.replace(",", " ").split()
    try:
        seconds, memory = float(words[0]), int(words[1]) if words[1:] else None
    except (IndexError, ValueError):
        raise UsageError("seconds are wanted, and MB where each call may ask for them, as in 120 or 120 512") from None
    if len(words) > 2 or not _is_timeout(seconds):
        raise UsageError("the timeout is {timeouts}, and nothing stands behind the memory", timeouts=_TIMEOUTS)
    if memory is None:
        return {"timeout_s": seconds}
    if memory not in MEMORY_SIZES:
        raise UsageError("FunctionGraph has {sizes} MB", sizes=Names(map(str, MEMORY_SIZES)))
    return {"timeout_s": seconds, "memory_mb": memory}


_TIMEOUTS = Phrase("{least} to {most} seconds", least=LEAST_TIMEOUT_S, most=MOST_TIMEOUT_S)


def _is_timeout(seconds: float) -> bool:
    return LEAST_TIMEOUT_S <= seconds <= MOST_TIMEOUT_S


def _recent_first(choices: Sequence[Choice[Chosen]], recent: Sequence[str]) -> list[Choice[Chosen]]:
    """Those that were used last, newest first and marked so, then the others as they stand."""
    from dataclasses import replace as changed

    mark = say("recent")
    order = {spec: at for at, spec in enumerate(recent)}
    found: list[Choice[Chosen]] = []
    for choice in choices:
        is_marked = choice.value.spec not in order or choice.detail.endswith(mark)
        found.append(choice if is_marked else changed(choice, detail=f"{choice.detail} · {mark}".removeprefix(" · ")))
    return sorted(found, key=lambda choice: order.get(choice.value.spec or "", len(order)))
