"""One group of a statistics as text: its figures, its invocations over time, its durations as a histogram."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from fgtui.terminal.charts import bar, shows_blocks, sparkline
from fgtui.tui.styles.inks import Piece
from fgtui.tui.widgets.text_view import Shown, shown
from fgtui.words import plural, say

if TYPE_CHECKING:
    from fgtui.sessions.statistics import Bin, Group, Series

LABEL = 11
"""Cells of what stands before a figure."""
WIDEST_BAR = 60


def group_text(group: Group, width: int) -> Shown:
    """All there is to say of a group, in lines of ``width`` cells as far as that can be."""
    blocks = shows_blocks()
    lines: list[tuple[str, str]] = [(group.name or say("all exchanges"), "strong"), *_counts(group), *_durations(group)]
    if group.series is not None:
        lines += [("", ""), *_over_time(group.series, width, blocks=blocks)]
    if group.histogram:
        lines += [("", ""), *_histogram(group.histogram, width, blocks=blocks)]

    def paint(index: int, line: str, start: int, end: int) -> Sequence[Piece]:
        ink = lines[index][1]
        if ink != "figures":
            return ((line[start:end], ink),)
        split = min(max(LABEL, start), end)
        return ((line[start:split], "muted"), (line[split:end], ""))

    return shown("\n".join(" ".join(text.split("\n")) for text, _ in lines), paint)


def _labelled(label: str, text: str) -> tuple[str, str]:
    return f"{label:<{LABEL}}{text}", "figures"


def _counts(group: Group) -> list[tuple[str, str]]:
    count = group.invocations
    parts = [say(plural(count, "1 invocation", "{count} invocations"), count=f"{count:,}")]
    parts += [say("{count} errors ({percent:.1f} %)", count=f"{group.errors:,}", percent=group.fail_percent)]
    more = (
        (group.rejections, "{count} rejected"),
        (group.throttled, "{count} throttled"),
        (group.timeouts, "{count} timed out"),
        (group.cancelled, "{count} cancelled"),
        (group.never_sent, "{count} never sent"),
    )
    parts += [say(words, count=f"{number:,}") for number, words in more if number]
    lines = [_labelled("counts", " · ".join(parts))]
    if group.outcomes:
        from fgtui.invoke.outcome_words import kind_words

        kinds = [f"{kind_words(kind).sign} {kind_words(kind).words} {number:,}" for kind, number in group.outcomes]
        lines.append(_labelled("outcomes", "  ".join(kinds)))
    others = []
    if group.concurrency > 1:
        others.append(say("{count} at once", count=f"{group.concurrency:,}"))
    if group.cold_starts is not None:
        others.append(say("{count} cold starts", count=f"{group.cold_starts:,}"))
    if group.average_init_ms is not None:
        others.append(say("{ms:,.1f} ms to start", ms=group.average_init_ms))
    if group.max_memory_mb is not None:
        others.append(say("{mb:,.1f} MB at most", mb=group.max_memory_mb))
    if others:
        lines.append(_labelled("more", " · ".join(others)))
    return lines


def _durations(group: Group) -> list[tuple[str, str]]:
    if group.min_ms is None:
        return []
    named = (("min", group.min_ms), ("avg", group.average_ms), ("max", group.max_ms))
    ranks = (("p50", group.p50_ms), ("p90", group.p90_ms), ("p95", group.p95_ms), ("p99", group.p99_ms))
    return [
        _labelled(label, "  ".join(f"{name} {value:,.1f}" for name, value in figures if value is not None))
        for label, figures in (("ms", named), ("percentile", ranks))
    ]


def _over_time(series: Series, width: int, *, blocks: bool) -> list[tuple[str, str]]:
    room = max(1, width - LABEL)
    counts, errors = series.counts[-room:], series.errors[-room:]
    lines = [(f"{say('over time'):<{LABEL}}{sparkline(counts, blocks=blocks)}", "figures")]
    if any(errors):
        lines.append((f"{say('errors'):<{LABEL}}{sparkline(errors, blocks=blocks)}", "bad"))
    said = say(
        "from {start}, {bucket} each, at most {most}",
        start=f"{series.start.astimezone():%m-%d %H:%M:%S}",
        bucket=_span(series.bucket_s),
        most=f"{max(counts):,}",
    )
    return [*lines, (" " * LABEL + said, "muted")]


def _histogram(bins: Sequence[Bin], width: int, *, blocks: bool) -> list[tuple[str, str]]:
    names = [f"{_edge(each.from_ms)}-{_edge(each.to_ms)}" if each.to_ms else f"{_edge(each.from_ms)}-" for each in bins]
    cells = max(LABEL, *(len(name) + 1 for name in names))
    figures = max(len(f"{each.count:,}") for each in bins)
    room = max(4, min(WIDEST_BAR, width - cells - figures - 2))
    most = max(each.count for each in bins)
    lines = [(say("ms"), "muted")]
    for name, each in zip(names, bins, strict=True):
        drawn = bar(each.count, most, room, blocks=blocks)
        lines.append((f"{name:<{cells}}{each.count:>{figures},} {drawn}", "figures"))
    return lines


def _edge(ms: float) -> str:
    return f"{ms:,.0f}" if ms >= 1 or not ms else f"{ms:g}"


def _span(seconds: float) -> str:
    """A bucket as a person says it: ``5 s``, ``20 ms``, ``2 h``."""
    for unit, size in (("d", 86_400), ("h", 3600), ("min", 60)):
        if seconds >= size and seconds % size == 0:
            return f"{seconds / size:g} {unit}"
    return f"{seconds:g} s" if seconds >= 1 else f"{seconds * 1000:g} ms"
