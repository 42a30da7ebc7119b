"""What may have been meant by an expression that is true for no exchange, told from its tree alone.

Only what cannot be otherwise is said: a key that no exchange has, a word that stands where a text was meant.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fgtui.sessions.query.tree import SEQUENCES, Tree, is_shallow, path_of
from fgtui.words import Names, nearest, say

if TYPE_CHECKING:
    from fgtui.sessions.query.expressions import Query

KEYS = {
    "": frozenset({
        "format", "id", "session", "seq", "started_at", "event", "target", "outcome", "replay_of", "note", "tags",
    }),
    "event": frozenset({"trigger", "template", "wire", "wire_base64", "redacted", "body", "decoded"}),
    "target": frozenset({"kind", "spec", "runtime", "code_sha256"}),
    "outcome": frozenset({
        "kind", "body", "body_base64", "status_code", "headers", "error", "redacted", "logs", "logs_truncated",
        "request_id", "duration_ms", "init_ms", "memory_mb", "cold_start", "result",
    }),
}  # fmt: skip
"""The keys there can be in an exchange as queries see it, and in its objects whose keys are always the same."""


def advice(query: Query) -> str:
    """One sentence, or nothing where nothing is known."""
    return next(_told(query.tree), "") if is_shallow(query.tree) else ""


def _told(tree: Tree) -> Iterator[str]:
    """What is to be said of ``tree`` and of what is below it, as long as that is about the exchange itself."""
    kind, children = tree["type"], tree["children"]
    if kind == "comparator":
        yield from (words for child in children for words in _of_bare_word(child, children))
    path = path_of(tree)
    if path is not None:
        yield from _of_path(path)
    elif kind in SEQUENCES or "projection" in kind or kind == "flatten":
        yield from _told(children[0])  # what follows is about something else
    elif kind != "expref":
        yield from (words for child in children if isinstance(child, dict) for words in _told(child))


def _of_bare_word(tree: Tree, compared: list[Tree]) -> Iterator[str]:
    """A single name that no exchange has, compared with anything else: a text without its quotation marks."""
    path = path_of(tree)
    if path is not None and len(path) == 1 and path[0] not in KEYS[""] and tree is not compared[0]:
        yield say("text is written '{word}', a bare {word} is a key", word=path[0])


def _of_path(path: tuple[str, ...]) -> Iterator[str]:
    parent = path[0] if len(path) > 1 and path[0] in KEYS else ""
    name = path[1] if parent else path[0] if path else ""
    if not name or name in KEYS[parent]:
        return
    whole = f"{parent}.{name}" if parent else name
    close = nearest(name, sorted(KEYS[parent]))
    if close:
        yield say("exchanges have no {name}; did you mean {close}?", name=whole, close=close)
    elif parent:
        keys = Names(sorted(KEYS[parent]))
        yield say("exchanges have no {name}; {parent} has {keys}", name=whole, parent=parent, keys=keys)
    else:
        yield say("exchanges have no {name}; events are in event.body, answers in outcome.result", name=whole)
