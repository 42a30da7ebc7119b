"""The figures people are told (reliability section 11). That each limit speaks is tested where it is kept."""

from __future__ import annotations

import pytest

from fgtui import words
from fgtui.cli import sources
from fgtui.events import codecs, packing, sizes, validation
from fgtui.invoke import logs, surroundings
from fgtui.sessions.interchange import json_lines as interchange
from fgtui.sessions.query import expressions as query
from fgtui.sessions.query import processes as query_processes
from fgtui.terminal import clipboard
from fgtui.tui.remembered import event_files

MIB, KIB = 1 << 20, 1 << 10


@pytest.mark.parametrize(
    ("limit", "figure"),
    [
        (sources.EVENT_LIMIT, 64 * MIB),
        (event_files.EVENT_LIMIT, 64 * MIB),
        (validation.EVENT_LIMIT, 64 * MIB),
        (sizes.SYNCHRONOUS_LIMIT, 6 * MIB),
        (sizes.ASYNCHRONOUS_LIMIT, 256 * KIB),
        ((logs.HEAD, logs.TAIL), (256 * KIB, 256 * KIB)),
        (surroundings.RESULT_LIMIT, 6_291_456),
        ((packing.INFLATE_LIMIT, codecs.LAYER_LIMIT), (16 * MIB, 5)),
        ((query.EXPRESSION_LIMIT, query_processes.TIME_LIMIT_S, query_processes.MEMORY_LIMIT_MB), (4 * KIB, 1.0, 256)),
        (interchange.LINE_LIMIT, 64 * MIB),
        (clipboard.OSC52_LIMIT, 74_994),
        (words.QUOTED_LIMIT, 200),
    ],
)
def test_a_limit_is_the_one_that_was_promised(limit: object, figure: object) -> None:
    assert limit == figure
