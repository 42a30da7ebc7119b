"""FunctionGraph's own metrics over recordings: invocations, errors, rejections, durations, concurrency, cold starts.

fgtui stats orders                                          all exchanges
fgtui stats orders "event.trigger == 'obs'"                 those of a query
fgtui stats orders --by trigger                             or target, outcome, status, template
fgtui stats orders --by 'event.body.Records[0].eventName'   or any JMESPath expression

See: fgtui help statistics.
"""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Iterator, Sequence
from itertools import tee
from typing import TYPE_CHECKING

from fgtui.cli.choosing import Choosing
from fgtui.cli.console import Console
from fgtui.cli.exit_codes import ExitCode
from fgtui.cli.expressions import compiled
from fgtui.cli.output import display_width, padded
from fgtui.cli.parsing import Parser
from fgtui.cli.recordings import local_time
from fgtui.errors import StoreError, UsageError
from fgtui.words import Phrase, clauses, labelled, listed, plural, say, with_aside

if TYPE_CHECKING:
    from fgtui.invoke.model import Exchange
    from fgtui.sessions.query.expressions import Query
    from fgtui.sessions.statistics import Bin, Group, Series

GROUPS_SHOWN = 50
NAME_SHOWN = 40
"""Characters of a group's name."""
BAR_WIDTH = 40
HEADER = (
    Phrase("invocations"), Phrase("errors"), Phrase("fail %"), Phrase("rejected"), Phrase("timeouts"), Phrase("avg ms"),
    Phrase("min ms"), Phrase("max ms"), Phrase("p50"), Phrase("p90"), Phrase("p95"), Phrase("p99"), Phrase("at once"),
)  # fmt: skip


def add_arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    parser.add_argument("source", metavar="SESSION|FILE", help="a session, or a .jsonl file")
    parser.add_argument("expression", metavar="EXPR", nargs="?", help="only exchanges for which this is true")
    parser.add_argument("--where", metavar="EXPR", help="the same")
    parser.add_argument("--by", metavar="EXPR", help="group by a column's name, or by what this is of each exchange")
    parser.add_json("one JSON document")
    parser.add_store()
    parser.offers |= {"source": "sessions", "by": ("trigger", "target", "outcome", "status", "template")}


def run(arguments: Namespace, console: Console) -> int:
    """Count, and print what was counted."""
    from fgtui.sessions.statistics import COLUMNS, statistics

    if arguments.expression is not None and arguments.where is not None:
        raise UsageError("EXPR and --where are the same; one of them is enough")
    text = arguments.expression if arguments.where is None else arguments.where
    where = None if text is None else compiled(console, text)
    by = None if arguments.by is None or arguments.by in COLUMNS else compiled(console, arguments.by)
    if (where is None and text is not None) or (by is None and arguments.by not in (None, *COLUMNS)):
        return ExitCode.USAGE
    problems: list[StoreError] = []
    workspace = console.workspace(arguments)
    try:
        choosing = Choosing(console, workspace, arguments.source)
        keyed = _until_it_breaks_off(_keyed(choosing, arguments, where, by), problems)
        exchanges, keys = tee(keyed)  # they are asked in turn, so one of them waits at most
        groups = statistics((exchange for exchange, _ in exchanges), (key for _, key in keys))
        choosing.end()
    finally:
        workspace.close()
    if arguments.json:
        from fgtui.sessions.statistics import to_json

        console.output.document(
            {"session": arguments.source, "where": text, "by": arguments.by, "groups": list(map(to_json, groups))}
        )
    elif not groups:
        _say_nothing(console, arguments.source, is_chosen=text is not None or by is not None)
    elif arguments.by is None:
        _print_whole(console, groups[0])
    else:
        _print_groups(console, groups, arguments.by)
    if problems:
        console.output.flush()
        raise problems[0]
    return ExitCode.OK


def _until_it_breaks_off(
    keyed: Iterator[tuple[Exchange, str]], problems: list[StoreError]
) -> Iterator[tuple[Exchange, str]]:
    """What can be read counts; why it is not all goes to ``problems``."""
    try:
        yield from keyed
    except StoreError as error:
        problems.append(error)


def _keyed(
    choosing: Choosing, arguments: Namespace, where: Query | None, by: Query | None
) -> Iterator[tuple[Exchange, str]]:
    """The exchanges that count, each with what it is grouped by: ``by`` of it, or the column that is named."""
    from fgtui.sessions.statistics import column_key, group_name

    if by is None:
        for exchange in choosing.exchanges(where):
            yield exchange, "" if arguments.by is None else column_key(exchange, arguments.by)
        return
    names: dict[int, str] = {}

    def numbers() -> Iterator[int]:
        for found in choosing.found(where, by):
            names[found.seq] = group_name(found.value)
            yield found.seq

    for exchange in choosing.recording.exchanges(arguments.source, numbers()):
        yield exchange, names.pop(exchange.seq)


def _say_nothing(console: Console, name: str, *, is_chosen: bool) -> None:
    if not is_chosen:
        console.diagnostics.note("{name} is empty: there is nothing to count", name=name)
    else:
        console.diagnostics.note("no exchange of {name} matches: there is nothing to count", name=name)


# One group, in lines


def _print_whole(console: Console, group: Group) -> None:
    from fgtui.terminal.charts import shows_blocks

    blocks = shows_blocks(console.environment)
    output = console.output
    for label, text in (*_counts(group), *_durations(group), *_starts(group)):
        output.line(f"{padded(label, 11)} {text}")
    if group.series is not None:
        output.line()
        for line in _over_time(group.series, blocks=blocks):
            output.line(line)
    if group.histogram:
        output.line()
        for line in _histogram(group.histogram, blocks=blocks):
            output.line(line)


def _counts(group: Group) -> Iterator[tuple[str, str]]:
    from fgtui.invoke.outcome_words import kind_words

    yield say("invocations"), f"{group.invocations:,}"
    parts = [
        f"{count:,} {kind_words(kind).words}"
        for kind, count in group.outcomes
        if kind not in ("returned", "rejected", "unreachable", "cancelled")
    ]
    errors = f"{group.errors:,}"
    if group.errors:
        errors = with_aside(errors, f"{group.fail_percent:.2f} %")
        errors = labelled(errors, listed(parts)) if parts else errors
    yield say("errors"), errors
    if group.system_errors:
        yield "", say("{count} of them the service's, not the function's", count=f"{group.system_errors:,}")
    rejections = [f"{group.rejections:,}"]
    if group.throttled:
        rejections.append(say("{count} of them throttled (429)", count=f"{group.throttled:,}"))
    yield say("rejections"), clauses(rejections)
    if group.unreachable:
        yield say("unreachable"), say("{count}, and no invocations", count=f"{group.unreachable:,}")
    if group.cancelled:
        yield say("cancelled"), f"{group.cancelled:,}"
    if group.never_sent:
        yield say("never sent"), say("{count} imported, and no invocations", count=f"{group.never_sent:,}")
    if group.invocations:
        yield say("at once"), say("at most {count}", count=f"{group.concurrency:,}")


def _durations(group: Group) -> Iterator[tuple[str, str]]:
    ms = ((say("average"), group.average_ms), (say("min"), group.min_ms), (say("max"), group.max_ms))
    ranks = (("p50", group.p50_ms), ("p90", group.p90_ms), ("p95", group.p95_ms), ("p99", group.p99_ms))
    for label, values in ((say("duration"), ms), (say("percentiles"), ranks)):
        words = [f"{name} {_milliseconds(value)}" for name, value in values if value is not None]
        if words:
            yield label, " · ".join(words)


def _starts(group: Group) -> Iterator[tuple[str, str]]:
    if group.cold_starts is not None:
        words = [f"{group.cold_starts:,}"]
        if group.average_init_ms is not None and group.max_init_ms is not None:
            words += [
                f"{say('average')} {_milliseconds(group.average_init_ms)}",
                f"{say('max')} {_milliseconds(group.max_init_ms)}",
            ]
        yield say("cold starts"), " · ".join(words)
    if group.max_memory_mb is not None:
        yield say("memory"), say("at most {count} MB", count=f"{group.max_memory_mb:,.1f}")


def _over_time(series: Series, *, blocks: bool) -> Iterator[str]:
    from fgtui.terminal.charts import sparkline

    for label, counts in ((say("over time"), series.counts), (say("errors"), series.errors)):
        if any(counts):
            yield f"{padded(label, 11)} {sparkline(counts, blocks=blocks)}".rstrip()
    yield " " * 12 + say(
        "from {start}, {width} a column, at most {most}",
        start=local_time(series.start),
        width=_seconds(series.bucket_s),
        most=f"{max(series.counts):,}",
    )


def _histogram(bins: Sequence[Bin], *, blocks: bool) -> Iterator[str]:
    from fgtui.terminal.charts import bar

    names = [_range(each) for each in bins]
    counts = [f"{each.count:,}" for each in bins]
    most, widest = max(each.count for each in bins), max(map(display_width, names))
    for name, count, each in zip(names, counts, bins, strict=True):
        drawn = bar(each.count, most, BAR_WIDTH, blocks=blocks)
        line = f"{' ' * (widest - display_width(name))}{name} ms  {count:>{max(map(len, counts))}}  {drawn}"
        yield line.rstrip()


def _range(each: Bin) -> str:
    if each.to_ms is None:
        return say("{least} and more", least=f"{each.from_ms:,g}")
    return say("{least} to {most}", least=f"{each.from_ms:,g}", most=f"{each.to_ms:,g}")


def _milliseconds(value: float) -> str:
    from fgtui.invoke.outcome_words import milliseconds

    return milliseconds(value)


def _seconds(value: float) -> str:
    for unit, size in (("d", 86_400), ("h", 3600), ("min", 60)):
        if value >= size and value % size == 0:
            return f"{value / size:g} {unit}"
    return f"{value:g} s" if value >= 1 else f"{value * 1000:g} ms"


# Many groups, a row each


def _print_groups(console: Console, groups: Sequence[Group], by: str) -> None:
    from fgtui.sessions.statistics import COLUMNS, NOT_SET
    from fgtui.terminal.charts import shows_blocks

    blocks = shows_blocks(console.environment)
    header = (by if len(by) <= NAME_SHOWN else f"{by[: NAME_SHOWN - 1]}…", *map(say, HEADER), say("over time"))
    rows = [_row(group, blocks=blocks) for group in groups[:GROUPS_SHOWN]]
    console.output.table(header, rows, right=frozenset(range(1, len(HEADER) + 1)))
    left_out = len(groups) - GROUPS_SHOWN
    if left_out > 0:
        console.diagnostics.note(
            plural(
                left_out,
                "1 more group, the largest of {size}; --json has them all",
                "{count} more groups, the largest of {size}; --json has them all",
            ),
            count=f"{left_out:,}",
            size=f"{groups[GROUPS_SHOWN].invocations:,}",
        )
    if [group.name for group in groups] == [NOT_SET] and by not in COLUMNS:
        console.diagnostics.note("{by} is null for every exchange; see: fgtui help statistics", by=by)


def _row(group: Group, *, blocks: bool) -> tuple[str, ...]:
    from fgtui.terminal.charts import sparkline

    counts = (group.invocations, group.errors)
    figures = (
        group.average_ms, group.min_ms, group.max_ms, group.p50_ms, group.p90_ms, group.p95_ms, group.p99_ms,
    )  # fmt: skip
    return (
        group.name if len(group.name) <= NAME_SHOWN else f"{group.name[: NAME_SHOWN - 1]}…",
        *(f"{count:,}" for count in counts),
        f"{group.fail_percent:.2f}",
        f"{group.rejections:,}",
        f"{group.timeouts:,}",
        *("" if figure is None else f"{figure:.1f}" for figure in figures),
        f"{group.concurrency:,}",
        "" if group.series is None else sparkline(group.series.counts, blocks=blocks).rstrip(),
    )
