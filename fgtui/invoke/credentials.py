"""Who calls a deployed function: what a signature or a token is made from, and where that comes from.

Values exist only in memory, for one call; representations leave them out. Facts: runtime.md section 8.7.
"""

from __future__ import annotations

import threading
from typing import Protocol

from fgtui.records import Record
from fgtui.words import Phrase

USUAL_VARIABLES = ("HUAWEICLOUD_SDK_AK", "HUAWEICLOUD_SDK_SK", "HUAWEICLOUD_SDK_SECURITY_TOKEN")
"""Where the official SDK looks for keys first."""


class Keys(Record, uncompared=("secret_key", "security_token")):
    """Keys that sign: permanent ones, or temporary ones with their security token."""

    access_key: str
    secret_key: str
    security_token: str | None = None


class Token(Record, uncompared=("value",)):
    """What ``X-Auth-Token`` carries instead of a signature."""

    value: str


Credentials = Keys | Token


class CredentialSource(Protocol):
    """Where credentials come from. Safe for threads."""

    @property
    def identity(self) -> Phrase:
        """Whose they are and where they come from, in words that hold no secret: shown wherever a call may start.

        Runs nothing and never raises; it can say more once credentials were got.
        """

    def get(self, *, timeout_s: float | None = None, cancelled: threading.Event | None = None) -> Credentials:
        """Them, for the next call; what has to be fetched is kept until it expires, and fetched once for all threads.

        ``timeout_s``: how long the caller can wait, where that is less than the source's own limit.
        ``ConfigError`` in words where they cannot be had; ``LateError`` and ``StoppedError`` of ``invoke.http``
        (nothing was invoked) when the time is over or ``cancelled`` is set.
        """

    def forget(self, refused: Credentials) -> None:
        """Fetch anew next time, because a service has refused ``refused``; the call itself is not repeated."""
