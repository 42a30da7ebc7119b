"""Keeping house among recordings: rename, merge and delete sessions, retention, room given back to the disk."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, TypedDict

from fgtui.errors import UsageError
from fgtui.tui.screens.dialogs import Choice, Chooser, Prompt, Question
from fgtui.words import counted, plural, say

if TYPE_CHECKING:
    from fgtui.sessions.model import Pruned
    from fgtui.tui.screens.workbench import WorkbenchScreen

TYPED_FROM = 1_000
"""Exchanges of a session from which on its name has to be typed before it is deleted."""


class Limits(TypedDict, total=False):
    """What is kept; no limits keep all."""

    older_than: datetime
    max_bytes: int


class Housekeeping:
    """Asks what is to be done, says with numbers what it would cost, and does it in a thread."""

    def __init__(self, screen: WorkbenchScreen) -> None:
        self._screen = screen
        self._store = screen.workspace.store

    # ── names ───────────────────────────────────────────────────────────────────────────────────────────────────────
    def rename(self) -> None:
        """Give the session that is shown another name."""
        screen, store, old = self._screen, self._store, self._screen.session

        def check(name: str) -> None:
            from fgtui.sessions.store import check_name

            check_name(name.strip())

        def renamed(new: str) -> None:
            screen.say("{old} is {new} now", old=old, new=new)
            screen.set_session(new)

        def answered(name: str | None) -> None:
            if name is not None and (new := name.strip()) != old:
                screen.in_thread(lambda: store.rename(old, new), lambda _: renamed(new), group="sessions")

        screen.app.push_screen(Prompt(say("Rename {old}", old=old), old, check=check), answered)

    def merge(self) -> None:
        """Copy the exchanges of the session that is shown to the end of another."""
        source = self._screen.session

        def picked(choice: Choice[str] | None) -> None:
            if choice is not None:
                into = choice.value
                self._screen.in_thread(
                    lambda: (self._store.count(source), self._store.count(into)),
                    lambda counts: self._ask_to_merge(source, into, *counts),
                    group="sessions",
                )

        def free(text: str) -> Choice[str]:
            return Choice(text.strip(), text.strip(), say("a new session"))

        chooser = Chooser[str](
            say("Append the exchanges of {source} to", source=source), (), placeholder=say("a name"), free=free
        )
        self._screen.app.push_screen(chooser, picked)
        self._offer_sessions(chooser, without=source)

    def _ask_to_merge(self, source: str, into: str, count: int, there: int) -> None:
        """Name both: what is appended cannot be told from what was there."""
        words = say(
            plural(
                count,
                "The exchange of {source} is appended to {into}, which has {there}. {source} stays as it is; "
                "the appending cannot be undone.",
                "The {count} exchanges of {source} are appended to {into}, which has {there}. {source} stays as it is; "
                "the appending cannot be undone.",
            ),
            source=source,
            into=into,
            count=f"{count:,}",
            there=f"{there:,}",
        )

        def answered(agreed: bool | None) -> None:
            if agreed:
                self._merge(source, into)

        self._screen.app.push_screen(Question(say("Append the exchanges?"), words, yes=say("Append them")), answered)

    def _merge(self, source: str, into: str) -> None:
        store = self._store

        def merged(count: int) -> None:
            sentence = plural(count, "1 exchange appended to {into}", "{count} exchanges appended to {into}")
            self._screen.say(sentence, count=f"{count:,}", into=into)
            self._screen.set_session(into)

        self._screen.in_thread(lambda: store.merge([source], into), merged, group="merge")

    def delete(self) -> None:
        """Delete a session for good."""

        def picked(choice: Choice[str] | None) -> None:
            if choice is not None:
                name = choice.value
                self._screen.in_thread(
                    lambda: self._store.count(name), partial(self._ask_to_delete, name), group="sessions"
                )

        chooser = Chooser[str](say("Delete a session"), (), placeholder=say("which one"))
        self._screen.app.push_screen(chooser, picked)
        self._offer_sessions(chooser)

    def _ask_to_delete(self, name: str, count: int) -> None:
        sentence = plural(
            count,
            "{name} with its 1 exchange is deleted, for good.",
            "{name} with its {count} exchanges is deleted, for good.",
        )
        words = say(sentence, name=name, count=f"{count:,}")

        def answered(agreed: object) -> None:
            if agreed:
                self._screen.in_thread(lambda: self._store.delete(name), partial(self._deleted, name), group="delete")

        if count >= TYPED_FROM:
            prompt = Prompt(say("Type its name to delete it"), hint=words, check=partial(_same_name, name))
            self._screen.app.push_screen(prompt, answered)
        else:
            self._screen.app.push_screen(Question(say("Delete the session?"), words, yes=say("Delete it")), answered)

    def _deleted(self, name: str, count: int) -> None:
        sentence = plural(count, "deleted {name} with 1 exchange", "deleted {name} with {count} exchanges")
        self._screen.say(sentence, name=name, count=f"{count:,}")
        if self._screen.session == name:
            self._screen.set_session("default")

    def _offer_sessions(self, chooser: Chooser[str], without: str | None = None) -> None:
        current = self._screen.session

        def read() -> list[Choice[str]]:
            return [
                Choice(
                    each.name,
                    each.name,
                    say(plural(each.count, "1 exchange", "{count} exchanges"), count=f"{each.count:,}"),
                    is_current=each.name == current,
                )
                for each in self._store.sessions()
                if each.name != without
            ]

        self._screen.in_thread(read, chooser.offer, group="sessions")

    # ── retention ───────────────────────────────────────────────────────────────────────────────────────────────────
    def prune(self) -> None:
        """Ask how much is to be kept, say what that would delete, and delete it."""

        def answered(text: str | None) -> None:
            if text is not None:
                self._foresee(limits_of(text, now=datetime.now(UTC)))

        hint = say("an age, a size or both, as in 30d, 500MB or 90d 2GB; marked exchanges stay, whatever their age")
        check = partial(limits_of, now=datetime.now(UTC))
        title = say("Keep recordings up to which age or size?")
        self._screen.app.push_screen(Prompt(title, hint=hint, check=check), answered)

    def vacuum(self) -> None:
        """Make the file as small as it can be, without deleting anything."""
        self._prune({})

    def _foresee(self, limits: Limits) -> None:
        def asked(would: Pruned) -> None:
            if not would.exchanges:
                self._screen.say("all that is recorded is within these limits; nothing is deleted")
                return
            words = say(
                "{exchanges} of {sessions} would be deleted, for good. The file has {before}, and about {after} then.",
                _numbers(would),
            )

            def answered(agreed: bool | None) -> None:
                if agreed:
                    self._prune(limits)

            question = Question(say("Delete what is too old or too much?"), words, yes=say("Delete it"))
            self._screen.app.push_screen(question, answered)

        self._screen.in_thread(lambda: self._store.prune(**limits, dry_run=True), asked, group="prune")

    def _prune(self, limits: Limits) -> None:
        def pruned(done: Pruned) -> None:
            sentence = (
                "{exchanges} of {sessions} deleted; the file has {after} now, {before} before"
                if done.exchanges
                else "the file has {after} now, {before} before"
            )
            self._screen.say("{said}", said=say(sentence, _numbers(done)))
            if done.exchanges:
                self._screen.set_session(self._screen.session)

        self._screen.say("making the recordings smaller…")
        self._screen.in_thread(lambda: self._store.prune(**limits), pruned, group="prune")


def limits_of(text: str, *, now: datetime) -> Limits:
    """``30d 2GB`` as what ``SessionStore.prune`` takes. UsageError for what is neither an age nor a size."""
    from fgtui.sessions.storage.quantities import age, size

    limits: Limits = {}
    for word in text.replace(",", " ").split():
        if word[-1].lower() == "b":
            limits["max_bytes"] = size(word)
        else:
            limits["older_than"] = now - age(word)
    if not limits:
        raise UsageError("an age or a size is wanted, as in 30d or 500MB")
    return limits


def _numbers(pruned: Pruned) -> dict[str, object]:
    from fgtui.invoke.outcome_words import size

    return {
        "exchanges": counted(pruned.exchanges, "1 exchange", "{count} exchanges"),
        "sessions": counted(pruned.sessions, "1 session", "{count} sessions"),
        "before": size(pruned.bytes_before),
        "after": size(pruned.bytes_after),
    }


def _same_name(name: str, typed: str) -> None:
    if typed.strip() != name:
        raise UsageError("that is not its name, {name}", name=name)
