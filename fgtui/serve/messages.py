"""A request as it came and a response as it goes, whoever reads and answers it."""

from __future__ import annotations

from fgtui.records import Record


class Incoming(Record, uncompared=("headers", "body")):
    """One whole request. Headers and body may hold secrets: they are left out of its representation."""

    method: str
    """In capitals."""
    path: str
    """As it was sent, percent-encoded, and without the query: ``/orders/a%20b``."""
    query: str
    """As it was sent, without the ``?``."""
    headers: tuple[tuple[str, str], ...]
    """In order, with lower-case names and the characters of Latin-1; a name may stand there more than once."""
    body: bytes = b""
    client: str = ""
    """The address it came from, without a port."""


class Outgoing(Record):
    """One whole response; lengths, dates and connections are the server's business."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    """In order; values hold the characters of Latin-1. A name may stand there more than once."""
    body: bytes = b""


def json_answer(status: int, value: object, *headers: tuple[str, str]) -> Outgoing:
    """``value`` as a JSON body, in ASCII, as the service writes it."""
    import json

    body = json.dumps(value, separators=(",", ":")).encode()
    return Outgoing(status, (("content-type", "application/json"), *headers), body)


def service_error(status: int, code: str, message: str, *headers: tuple[str, str]) -> Outgoing:
    """An error in the service's shape (runtime.md section 8.6)."""
    return json_answer(status, {"error_code": code, "error_msg": message}, *headers)


def no_such_method(method: str, *known: str) -> Outgoing:
    """The service's answer where only the methods ``known`` mean something."""
    words = f"{method[:20]} means nothing here; {', '.join(known)} {'does' if len(known) == 1 else 'do'}"
    return service_error(405, "FSS.0405", words, ("allow", ", ".join(known)))


class RefusedError(Exception):
    """Carries the service's answer to a request it does not grant."""

    def __init__(self, answer: Outgoing) -> None:
        super().__init__(answer.status)
        self.answer = answer
