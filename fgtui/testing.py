"""What test files lean on: recorded events are sent to a handler again, and how they end is compared.

``fgtui export SESSION -o test_x.py`` writes such files. Nothing is recorded here, and pytest is not needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from fgtui.errors import FgtuiError, StoreError, UsageError
from fgtui.records import NOTHING, replace
from fgtui.words import say

if TYPE_CHECKING:
    from fgtui.invoke.model import Exchange, Target
    from fgtui.sessions.diff.changes import Change

__all__ = ["Handler"]


class Handler:
    """A function under test, warm from its first event until ``close``; a context manager.

    ``target`` is spelled as after ``--target`` and read in ``folder``; without one it is ``[replay] target`` of the
    ``fgtui.toml`` found from there, whose ``ignore``, ``tolerance`` and ``secrets`` count too. ``settings`` are
    ``timeout_s``, ``memory_mb``, ``initializer`` and ``runtime``, of a deployed function ``profile``. A guarded one is
    called only after ``yes_really``. What ``fgtui.toml`` names as program, variable or
    value wants the consent that ``fgtui trust`` gives, or ``FGTUI_TRUST``, or ``trust_project``. Raises ``FgtuiError``
    in words, which say the way out too.
    """

    def __init__(
        self,
        target: str | None = None,
        *,
        folder: str | Path = ".",
        ignore: Iterable[str] = (),
        tolerance: str | float | None = None,
        environment: Mapping[str, str] = NOTHING,
        trust_project: bool = False,
        yes_really: bool = False,
        **settings: Any,
    ) -> None:
        from fgtui.config import load
        from fgtui.workspace import open_workspace

        __tracebackhide__ = True  # pytest shows the test's own line
        try:
            self._workspace = open_workspace(load(Path(folder)), trust_project=trust_project)
            self._target = self._chosen(target, environment=tuple(environment.items()), **settings)
            if not yes_really:
                self._check_unguarded()
            self._comparison = self._workspace.comparison(ignore, tolerance=tolerance)
            self._supplies = self._workspace.supplies()
        except FgtuiError as error:
            raise _with_way_out(error) from None
        try:
            self._redactor = self._workspace.store.redactor
        except StoreError:  # it only makes placeholders
            self._redactor = self._workspace.redactor

    def _chosen(self, target: str | None, **settings: Any) -> Target:
        chosen = target if target is not None else self._workspace.settings.replay_target
        if chosen is None:
            raise UsageError("which handler? there is no [replay] target in the settings", hint="name one")
        return self._workspace.target(chosen, **settings)

    def _check_unguarded(self) -> None:
        from fgtui.sessions.replay.caution import Caution

        if self._workspace.caution(self._target) is Caution.NAME:
            raise UsageError(
                "{target} is guarded, and nobody is there to be asked for its name",
                target=self._target.name or self._target.spec,
                hint="name another target, or agree to every event: Handler(…, yes_really=True)",
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop the handler and all it has started."""
        self._workspace.close()

    def check(
        self,
        event: str | bytes,
        expected: Mapping[str, object],
        *,
        trigger: str = "blank",
        redacted: Sequence[str] = (),
    ) -> None:
        """Send ``event``, exactly, and raise ``AssertionError`` with what differs and the end of the log.

        ``expected`` holds the members of an outcome that are compared: ``kind``, ``result`` (the answer's JSON value,
        its text where it is none), ``error``, ``status_code``, ``headers`` with names in lower case. ``redacted`` are
        the places whose values were replaced when it was recorded; without values for them it is refused.
        """
        __tracebackhide__ = True  # pytest shows the test's own line
        new = self._sent(event, trigger, tuple(redacted))
        changes = self._changes(dict(expected), new)
        if changes:
            raise AssertionError(_complaint(changes, new))

    def _sent(self, event: str | bytes, trigger: str, redacted: tuple[str, ...]) -> Exchange:
        from fgtui.events.model import Event

        __tracebackhide__ = True
        wire = event.encode("utf-8", "surrogateescape") if isinstance(event, str) else event
        recorded = Event(trigger, wire, redacted=redacted)
        try:
            supplied = self._supplies.of(recorded, self._workspace.trigger_of(recorded))
        except FgtuiError as error:
            hint = error.hint if self._supplies.withheld else "supply each value: [replay.secrets] of fgtui.toml"
            raise AssertionError(f"not sent: {say(error.message, error.values)}\n{hint}") from None
        new = self._workspace.invoker.invoke(supplied.event, self._target)
        return self._redactor.supplied(supplied.placeholders).apply(replace(new, event=recorded))

    def _changes(self, expected: dict[str, object], new: Exchange) -> Sequence[Change]:
        from fgtui.sessions.diff.changes import diff
        from fgtui.sessions.diff.compared import outcome_document

        members = outcome_document(new)["outcome"]
        if unknown := [name for name in expected if name not in members]:
            raise UsageError(
                "an outcome has no {unknown}; it has {known}", unknown=", ".join(unknown), known=", ".join(members)
            )
        actual = {name: members[name] for name in expected}
        return diff(
            {"outcome": expected},
            {"outcome": actual},
            self._comparison,
            same=self._redactor.takes_as_equal,
            opens=True,
        )


def _with_way_out(error: FgtuiError) -> FgtuiError:
    """``error`` when its text is all that is seen of it."""
    said = say(error.message, error.values)
    return type(error)("{said}", hint=error.hint, said=f"{said}\n{error.hint}" if error.hint else said)


def _complaint(changes: Sequence[Change], new: Exchange) -> str:
    """What differs, how it ended, and the last the handler said; safe for any terminal."""
    from fgtui.invoke.outcome_words import headline
    from fgtui.sessions.diff.change_words import change_line
    from fgtui.sessions.replay.junit import CHANGES_LISTED, log_end
    from fgtui.terminal.display import displayable, displayable_line

    lines = [headline(new.outcome), *(change_line(change) for change in changes[:CHANGES_LISTED])]
    if len(changes) > CHANGES_LISTED:
        lines.append(f"… {len(changes) - CHANGES_LISTED:,} more")
    said = "\n".join(map(displayable_line, lines))
    logs = log_end(new.outcome.logs)
    return f"{said}\n\nlog:\n{displayable(logs)}" if logs else said
