"""HTTP as the invocation API needs it: one request, one answer, never a retry, no redirect followed.

Promises: reliability section 7. Nothing here knows what is asked of whom.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

import urllib3

from fgtui.records import Record

Headers = Sequence[tuple[str, str]]


class Reply(Record):
    """What came back, whatever its status."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


class BrokenError(Exception):
    """No whole answer came, and why, in words; ``may_have_run`` when some of the request had left."""

    def __init__(self, message: str, *, may_have_run: bool, headers: Headers = ()) -> None:
        super().__init__(message)
        self.message = message
        self.may_have_run = may_have_run
        self.headers = tuple(headers)
        """Of the answer, as far as it came: the request id may be among them."""


class LateError(Exception):
    """The deadline passed before the whole answer was there."""


class StoppedError(Exception):
    """A person stopped it, or everything is being closed."""


class Transport:
    """Sends requests over connections that are kept. Safe for threads."""

    def __init__(self) -> None:
        self._pool = urllib3.PoolManager(retries=False)

    def send(
        self,
        method: str,
        url: str,
        headers: Headers,
        body: bytes,
        *,
        timeout_s: float,
        cancelled: threading.Event | None = None,
        ca_file: Path | None = None,
    ) -> Reply:
        """Send one request, once, and read the answer whole.

        Raises ``BrokenError``, ``LateError``, ``StoppedError``.
        """
        try:
            reply = self._pool.request(
                method,
                url,
                headers=urllib3.HTTPHeaderDict(headers),
                body=body,
                timeout=timeout_s,
                redirect=False,
                decode_content=False,
            )
        except urllib3.exceptions.TimeoutError as error:
            raise LateError from error
        except urllib3.exceptions.HTTPError as error:
            raise BrokenError(str(error), may_have_run=True) from error
        return Reply(reply.status, tuple(reply.headers.items()), reply.data)

    def close(self) -> None:
        """Stop everything that is under way, as ``StoppedError``, and close what is kept."""
        self._pool.clear()
