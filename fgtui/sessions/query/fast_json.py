"""The JSON of recorded texts, read by a faster parser wherever that gives exactly what ``strict_json`` gives.

msgspec keeps integers of any length, rounds and spells as Python does, and lets the last of duplicate members count. It
refuses what it cannot keep so (half a surrogate pair, a number no double holds, great depth, other bytes than UTF-8)
and, of course, what is no JSON: all that is read once more by ``strict_json``, which decides.
"""

from __future__ import annotations

from collections.abc import Callable

from fgtui.sessions import strict_json


def content_value(content: bytes) -> object:
    """What queries see of a wire text or an answer: its value where it is JSON, null where it is empty, else text."""
    return strict_json.read_or_text(content.decode("utf-8", "surrogateescape"))


def fast_content_value() -> Callable[[bytes], object]:
    """A quicker ``content_value``. Worth its import, which takes as long as reading some thousand exchanges."""
    import msgspec

    decode = msgspec.json.Decoder().decode
    refusals = (msgspec.MsgspecError, ValueError, RecursionError)

    def value(content: bytes) -> object:
        try:
            return decode(content)
        except refusals:
            return content_value(content)

    return value
