"""JMESPath expressions as a person types them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fgtui.cli.console import Console
from fgtui.errors import QueryError

if TYPE_CHECKING:
    from fgtui.sessions.query.expressions import Query


def compiled(console: Console, text: str) -> Query | None:
    """``text`` as a query; ``None`` once it is said, with a mark below the place, what is wrong."""
    from fgtui.sessions.query.expressions import Query

    try:
        return Query.compile(text)
    except QueryError as error:
        console.diagnostics.error(error)
        if error.column is not None:
            console.diagnostics.caret(text, error.column)
        return None


def warn_untried(console: Console, count: int, first: QueryError | None) -> None:
    """Say how many exchanges an expression could not be tried on, and why not on the first of them."""
    from fgtui.words import plural

    if count:
        console.diagnostics.warn(
            plural(
                count,
                "1 exchange could not be tried; the first: {why}",
                "{count} exchanges could not be tried; the first: {why}",
            ),
            count=count,
            why=first,
        )
