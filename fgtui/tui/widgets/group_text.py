"""One group of a statistics as text: its figures, its invocations over time, its durations as a histogram."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from fgtui.terminal.charts import bar, shows_blocks, sparkline
from fgtui.tui.styles.inks import Piece, pad
from fgtui.tui.widgets.text_view import Shown, shown
from fgtui.words import plural, say, sentence

if TYPE_CHECKING:
    from fgtui.sessions.statistics import Bin, Group, Series

LABEL = 11
"""Cells of what stands before a figure."""
WIDEST_BAR = 60


Line = Sequence[Piece]


def group_text(group: Group, width: int) -> Shown:
    """All there is to say of a group, in lines of ``width`` cells as far as that can be."""
    blocks = shows_blocks()
    name = " ".join(group.name.split()) or say("all exchanges")
    lines: list[Line] = [((name, "strong"),), *_counts(group), *_durations(group)]
    if group.series is not None:
        lines += [(("", ""),), *_over_time(group.series, width, blocks=blocks)]
    if group.histogram:
        lines += [(("", ""),), *_histogram(group.histogram, width, blocks=blocks)]

    def paint(index: int, line: str, start: int, end: int) -> Line:
        at, drawn = 0, []
        for text, ink in lines[index]:
            drawn.append((text[max(start - at, 0) : max(end - at, 0)], ink))
            at += len(text)
        return drawn

    return shown("\n".join("".join(text for text, _ in line) for line in lines), paint)


def _labelled(label: str, text: str, ink: str = "") -> Line:
    return (pad(label, LABEL), "muted"), (text, ink)


def _counts(group: Group) -> list[Line]:
    count, errors = group.invocations, group.errors
    parts = [
        say(plural(count, "1 invocation", "{count} invocations"), count=f"{count:,}"),
        say(
            plural(errors, "1 error ({percent:.1f} %)", "{count} errors ({percent:.1f} %)"),
            count=f"{errors:,}",
            percent=group.fail_percent,
        ),
    ]
    more = (
        (group.rejections, sentence("{count} rejected")),
        (group.throttled, sentence("{count} throttled")),
        (group.unreachable, sentence("{count} unreachable")),
        (group.timeouts, sentence("{count} timed out")),
        (group.cancelled, sentence("{count} cancelled")),
        (group.never_sent, sentence("{count} never sent")),
    )
    parts += [say(words, count=f"{number:,}") for number, words in more if number]
    lines = [_labelled(say("counts"), " · ".join(parts))]
    if group.outcomes:
        from fgtui.invoke.outcome_words import kind_words

        kinds = [f"{kind_words(kind).sign} {kind_words(kind).words} {number:,}" for kind, number in group.outcomes]
        lines.append(_labelled(say("outcomes"), "  ".join(kinds)))
    if others := _others(group):
        lines.append(_labelled(say("more"), " · ".join(others)))
    return lines


def _others(group: Group) -> list[str]:
    """What is known of some exchanges only."""
    said = []
    if group.concurrency > 1:
        said.append(say("{count} at once", count=f"{group.concurrency:,}"))
    if group.cold_starts is not None:
        said.append(
            say(plural(group.cold_starts, "1 cold start", "{count} cold starts"), count=f"{group.cold_starts:,}")
        )
    if group.average_init_ms is not None:
        said.append(say("{ms:,.1f} ms to start", ms=group.average_init_ms))
    if group.max_memory_mb is not None:
        said.append(say("{mb:,.1f} MB at most", mb=group.max_memory_mb))
    return said


def _durations(group: Group) -> list[Line]:
    if group.min_ms is None:
        return []
    named = ((say("min"), group.min_ms), (say("avg"), group.average_ms), (say("max"), group.max_ms))
    ranks = (("p50", group.p50_ms), ("p90", group.p90_ms), ("p95", group.p95_ms), ("p99", group.p99_ms))
    return [
        _labelled(label, "  ".join(f"{name} {value:,.1f}" for name, value in figures if value is not None))
        for label, figures in ((say("ms"), named), (say("percentile"), ranks))
    ]


def _over_time(series: Series, width: int, *, blocks: bool) -> list[Line]:
    room = max(1, width - LABEL)
    counts, errors = series.counts[-room:], series.errors[-room:]
    lines = [_labelled(say("over time"), sparkline(counts, blocks=blocks), "accent")]
    if any(errors):
        lines.append(_labelled(say("errors"), sparkline(errors, blocks=blocks), "bad"))
    words = say(
        "from {start}, {bucket} each, at most {most}",
        start=f"{series.start.astimezone():%m-%d %H:%M:%S}",
        bucket=_span(series.bucket_s),
        most=f"{max(counts):,}",
    )
    return [*lines, _labelled("", words, "muted")]


def _histogram(bins: Sequence[Bin], width: int, *, blocks: bool) -> list[Line]:
    names = [f"{_edge(each.from_ms)}-{'' if each.to_ms is None else _edge(each.to_ms)}" for each in bins]
    cells = max(LABEL, *(len(name) + 1 for name in names))
    figures = max(len(f"{each.count:,}") for each in bins)
    room = max(4, min(WIDEST_BAR, width - cells - figures - 2))
    most = max(each.count for each in bins)
    lines: list[Line] = [((say("ms"), "muted"),)]
    for name, each in zip(names, bins, strict=True):
        drawn = bar(each.count, most, room, blocks=blocks)
        lines.append(((f"{name:<{cells}}", "muted"), (f"{each.count:>{figures},} ", ""), (drawn, "accent")))
    return lines


def _edge(ms: float) -> str:
    return f"{ms:,.0f}" if ms >= 1 or not ms else f"{ms:g}"


def _span(seconds: float) -> str:
    """A bucket as a person says it: ``5 s``, ``20 ms``, ``2 h``."""
    for words, size in (
        (sentence("{count} d"), 86_400),
        (sentence("{count} h"), 3600),
        (sentence("{count} min"), 60),
    ):
        if seconds >= size and seconds % size == 0:
            return say(words, count=f"{seconds / size:g}")
    return f"{seconds:g} s" if seconds >= 1 else f"{seconds * 1000:g} ms"
