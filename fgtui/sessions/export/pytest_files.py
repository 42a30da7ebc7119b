"""Exchanges as a test file for pytest that a team can own: one case for each, named after its number and trigger.

The file leans on ``fgtui.testing`` alone. What is new each time goes into its list ``IGNORE``; a redacted value is
supplied by ``[replay.secrets]`` of the settings, and refused in words while it is not.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from fgtui.invoke.model import Exchange, Returned
from fgtui.invoke.outcome_words import was_taken
from fgtui.regex import regex
from fgtui.sessions.diff.compared import outcome_document
from fgtui.sessions.export.python_text import UnspellableError, comment, content_literal, literal, text_literal

if TYPE_CHECKING:
    from fgtui.sessions.redaction.redactor import Redactor

_NOT_IN_IDS = regex(r"[^A-Za-z0-9_.-]+")

_HEAD = '''\
"""Recorded exchanges as tests: each event is sent again, and the outcome compared with the recorded one.

Made by fgtui; yours to change. Run it with pytest where fgtui is installed.
"""

from contextlib import ExitStack
from pathlib import Path

import pytest

from fgtui.testing import Handler

'''
_TAIL = '''\
]


@pytest.fixture(scope="module")
def handlers():
    """Handlers by their target, each started once."""
    with ExitStack() as stack:
        started = {}

        def handler(target):
            if target not in started:
                started[target] = stack.enter_context(Handler(target, folder=FOLDER, ignore=IGNORE))
            return started[target]

        yield handler


@pytest.mark.parametrize(("target", "sent", "expected"), EXCHANGES)
def test_the_answer_is_as_recorded(handlers, target, sent, expected):
    handlers(target).check(expected=expected, **sent)
'''


def pytest_file(
    exchanges: Iterable[Exchange],
    *,
    redactor: Redactor,
    target: str | None = None,
    folder: PurePosixPath | str = ".",
    ignore: Iterable[str] = (),
) -> Iterator[str]:
    """The text of a test file, in pieces as exchanges come.

    ``target`` is what all events go to, instead of what each was recorded with; ``folder`` leads from the file's own
    folder to the one that targets are spelled from; ``ignore`` are paths that are new each time.
    """
    yield _HEAD
    first = None
    for exchange in exchanges:
        kept = redactor.apply(exchange)
        if first is None:
            first = target if target is not None else kept.target.spec
            yield from _settings(kept, first, str(folder), list(ignore))
        yield _case(kept, target if target is not None else kept.target.spec, first)
    if first is None:
        yield from _settings(None, target or "src/index.handler", str(folder), list(ignore))
    yield _TAIL


def expected(exchange: Exchange) -> dict[str, object]:
    """The members of the outcome that a test compares: what there is, and of an answer its result."""
    members = outcome_document(exchange)["outcome"]
    if not isinstance(exchange.outcome, Returned) or was_taken(exchange.outcome, exchange.target.kind):
        del members["result"]  # the error says it, without the stack; of what ran later nobody has seen one
    return {name: value for name, value in members.items() if name == "result" or (value is not None and value != {})}


def _settings(exchange: Exchange | None, target: str, folder: str, ignore: list[str]) -> Iterator[str]:
    yield f"HANDLER = {text_literal(target)}\n"
    leads = "" if folder in ("", ".") else f" / {text_literal(folder)}"
    yield f"FOLDER = Path(__file__).resolve().parent{leads}  # where targets are spelled from\n"
    yield f'IGNORE = {literal(list(ignore))}  # what is new each time: "outcome.result.requestId"\n\n'
    if exchange is not None and exchange.session:
        yield f"# the session {comment(exchange.session)}\n"
    yield "EXCHANGES = [\n"


def _case(exchange: Exchange, target: str, first: str) -> str:
    event = exchange.event
    lines = [
        "    pytest.param(\n",
        f"        {'HANDLER' if target == first else text_literal(target)},\n",
        "        {\n",
        f'            "trigger": {text_literal(event.trigger)},\n',
        f'            "event": {content_literal(event.wire, 12)},\n',
    ]
    if event.redacted:
        lines.append(f'            "redacted": {literal(list(event.redacted), 12)},\n')
    lines += ["        },\n", _expectation(exchange), f'        id="{_id(exchange)}",\n', "    ),\n"]
    return "".join(lines)


def _expectation(exchange: Exchange) -> str:
    members = expected(exchange)
    try:
        return f"        {literal(members, 8)},\n"
    except UnspellableError:
        members.pop("result", None)
        return (
            f"        {literal(members, 8)},  # the result is nested too deeply, or too large a number, to stand here\n"
        )


def _id(exchange: Exchange) -> str:
    words = (str(exchange.seq or exchange.id), exchange.event.trigger, exchange.outcome.kind)
    return "-".join(_NOT_IN_IDS.sub("_", word)[:80] for word in words)
