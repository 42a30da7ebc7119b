"""Everything fgtui itself could not do, as exceptions.

::

    FgtuiError
    ├── UsageError      a command or a value that means nothing here
    ├── EventError      text that is no event, a path that leads nowhere
    ├── ConfigError     a file of settings that cannot be read as one
    ├── ConsentError    a project wants to run something nobody agreed to
    ├── TargetError     a target that cannot be found, spelled or started
    ├── CallError       the service said no, or nobody answered, where no event was sent
    ├── QueryError      an expression that does not compile or went too far
    └── StoreError      recordings that could not be read or written

What a handler does wrong is never one of these: that is an outcome. Exit codes belong to the command line.
"""

from __future__ import annotations


class FgtuiError(Exception):
    """A sentence with holes, the values that fill them, and the way out.

    ``message`` and ``hint`` are English sentences with ``{named}`` holes; they double as the keys of a translation, so
    the front ends turn them into words with ``fgtui.words.say``. ``str()`` gives the English.
    """

    def __init__(self, message: str, *, hint: str = "", **values: object) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.values = values

    def __str__(self) -> str:
        return self.message.format_map(self.values)


class UsageError(FgtuiError):
    """A command, flag or value that means nothing here."""


class EventError(FgtuiError):
    """Text that is no event, or a path that leads nowhere in one. ``line`` and ``column`` count from 1 where known."""

    def __init__(
        self, message: str, *, hint: str = "", line: int | None = None, column: int | None = None, **values: object
    ) -> None:
        super().__init__(message, hint=hint, **values)
        self.line = line
        self.column = column
        self.name = ""
        """The file or flag it is about, filled in by whoever knows."""


class ConfigError(FgtuiError):
    """A settings file that cannot be read as one; the message names file and line."""


class ConsentError(FgtuiError):
    """A project file names a program, environment or endpoint that nobody has agreed to."""


class TargetError(FgtuiError):
    """A target that cannot be found, spelled or started."""


class CallError(FgtuiError):
    """The service said no to a call that is no invocation, or no whole answer came."""

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        was_answered: bool = True,
        may_have_run: bool = False,
        **values: object,
    ) -> None:
        super().__init__(message, hint=hint, **values)
        self.was_answered = was_answered
        self.may_have_run = may_have_run
        """What was asked for may have been done all the same."""


class QueryError(FgtuiError):
    """An expression that does not compile, or whose evaluation was stopped. ``column`` counts from 1 where known."""

    def __init__(self, message: str, *, hint: str = "", column: int | None = None, **values: object) -> None:
        super().__init__(message, hint=hint, **values)
        self.column = column


class StoreError(FgtuiError):
    """Recordings that could not be read or written."""
