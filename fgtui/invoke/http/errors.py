"""How a request over HTTP ends when no whole answer comes, and what one call may use up until then."""

from __future__ import annotations

import threading
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fgtui.words import Phrase

Headers = Sequence[tuple[str, str]]


class UnansweredError(Exception):
    """What the three below have in common. Never raised by itself."""

    def __init__(self, message: str | Phrase = "", *, may_have_run: bool = False, headers: Headers = ()) -> None:
        super().__init__(message)
        self.message = str(message)
        """In English, as it is recorded."""
        self.phrase = message
        """As it is said."""
        self.may_have_run = may_have_run
        """Some of the request had left."""
        self.headers = tuple(headers)
        """Of the answer, as far as it came: the request id may be among them."""


class BrokenError(UnansweredError):
    """No whole answer came, and why, in words."""


class UnusableError(BrokenError):
    """An answer came that nothing can be made of: no HTTP, more than is taken, not what its headers say."""


class LateError(UnansweredError):
    """The deadline passed before the whole answer was there. The message, if any, says what had not come by then."""


class StoppedError(UnansweredError):
    """A person stopped it, or everything is being closed."""


class Call:
    """One request's deadline, whoever may stop it, and what has become of it."""

    def __init__(self, timeout_s: float, *flags: threading.Event | None) -> None:
        self._late_at = time.monotonic() + timeout_s
        self._flags = [flag for flag in flags if flag is not None]
        self.may_have_run = False
        self.headers: Headers = ()

    @property
    def left_s(self) -> float:
        """Seconds up to the deadline."""
        return self._late_at - time.monotonic()

    def check(self) -> None:
        """Raise ``StoppedError`` or ``LateError``, when it is time."""
        for flag in self._flags:
            if flag.is_set():
                raise StoppedError(may_have_run=self.may_have_run, headers=self.headers)
        if self.left_s <= 0:
            raise LateError(may_have_run=self.may_have_run, headers=self.headers)

    def broken(self, message: str | Phrase) -> BrokenError:
        """``message``, and what is known of the call so far."""
        return BrokenError(message, may_have_run=self.may_have_run, headers=self.headers)

    def unusable(self, message: str | Phrase) -> UnusableError:
        """The same of an answer that is there."""
        return UnusableError(message, may_have_run=self.may_have_run, headers=self.headers)
