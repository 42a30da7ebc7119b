"""Exchanges in other forms, to be handed on: a bug report, the exchange itself, commands and programs that repeat it.

Whatever leaves here is redacted by today's rules, also what was recorded under older ones. Each form has a module.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from fgtui.errors import UsageError

if TYPE_CHECKING:
    from fgtui.events.catalogue import Trigger
    from fgtui.invoke.model import Exchange
    from fgtui.invoke.outcome_words import Sayer
    from fgtui.sessions.diff.changes import Change
    from fgtui.sessions.export.http_calls import Reach
    from fgtui.sessions.redaction.redactor import Redactor

FORMATS = ("markdown", "json", "curl", "cli", "python", "pytest")


def render(
    exchange: Exchange,
    form: str,
    *,
    redactor: Redactor,
    trigger: Trigger | None = None,
    target_name: str | None = None,
    original: Exchange | None = None,
    changes: Sequence[Change] = (),
    folder: str = ".",
    reach: Reach | None = None,
    tell: Sayer | None = None,
) -> str:
    """The complete text of ``exchange`` in ``form``, one of ``FORMATS``; ends with a newline.

    ``trigger`` says what is encoded in the event; ``target_name`` is what the settings call its target, and empty where
    no word is needed for it. Of a replay ``original`` is what it repeats, and ``changes`` what came out differently; of
    a test file ``folder`` leads from its own folder to the one that targets are spelled from. ``reach`` is how a
    deployed function is reached here. A bug report is in words of ``tell``, by default ``say``; what programs read
    is in English. UsageError where the exchange has no such form.
    """
    from fgtui.sessions.export.http_calls import HERE

    reach = reach or HERE
    exchange = redactor.apply(exchange)
    if form == "json":
        import json

        from fgtui.sessions import strict_json
        from fgtui.sessions.format import to_json

        return strict_json.escape(json.dumps(to_json(exchange), ensure_ascii=False, indent=2)) + "\n"
    secrets = redactor.preview(exchange.event.text)
    match form:
        case "markdown":
            from fgtui.sessions.export.reports import markdown
            from fgtui.words import say

            return markdown(
                exchange,
                trigger=trigger,
                target_name=target_name,
                original=original and redactor.apply(original),
                changes=changes,
                findings=redactor.preview(exchange),
                secrets=secrets,
                reach=reach,
                tell=tell or say,
            )
        case "cli":
            from fgtui.sessions.export.commands import cli

            return cli(exchange, secrets, trigger=trigger, target_name=target_name, reach=reach) + "\n"
        case "curl":
            from fgtui.sessions.export.commands import curl

            return curl(exchange, secrets, reach=reach) + "\n"
        case "python":
            from fgtui.sessions.export.python_programs import program

            return program(exchange, secrets, reach=reach)
        case "pytest":
            return "".join(pytest_file([exchange], redactor=redactor, target=target_name or None, folder=folder))
    raise UsageError("there is no format {form!r}", form=form)


def pytest_file(
    exchanges: Iterable[Exchange],
    *,
    redactor: Redactor,
    target: str | None = None,
    folder: str = ".",
    ignore: Iterable[str] = (),
) -> Iterator[str]:
    """A test file for pytest with a case for each exchange, in pieces; see ``sessions.pytest_files``.

    ``target`` is what all events go to, instead of what each was recorded with; ``folder`` leads from the file's own
    folder to the one that targets are spelled from; ``ignore`` are paths that are new each time.
    """
    from fgtui.sessions.export import pytest_files

    return pytest_files.pytest_file(exchanges, redactor=redactor, target=target, folder=folder, ignore=ignore)
