"""Makes the store of format 2 that is kept for good: ``python -m tests.sessions.make_format_2``.

What format 2 added: a search index with its reach, and an index of what has notes or tags. Its exchanges are those of
format 1, and enough others that they are in the search index. Lines of exchanges are still of format 1.
"""

from __future__ import annotations

from pathlib import Path

from fgtui.invoke.model import Exchange
from fgtui.sessions.model import MARK
from fgtui.sessions.redaction.redactor import Redactor
from fgtui.sessions.storage.journal import JournalMode
from fgtui.sessions.store import SessionStore
from tests.factories import MOMENT, an_exchange
from tests.sessions.make_format_1 import SESSION, exchanges

FOLDER = Path(__file__).parents[1] / "data" / "format-2"
STORE = FOLDER / "sessions.db"
INDEXED = "indexed"
COUNT = 300


def indexed() -> list[Exchange]:
    """What is recorded in bulk, and so is in the search index, but for the last few."""
    return [
        an_exchange(f'{{"n": {number}}}', number=number, logs=f"第{number}次上传失败") for number in range(1, COUNT + 1)
    ]


def main() -> None:
    """Write the file anew."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    STORE.unlink(missing_ok=True)
    with SessionStore(
        STORE, Redactor(), clock=lambda: MOMENT, journal=JournalMode(wal=False, reason="portable")
    ) as store:
        for exchange in exchanges():
            store.append(SESSION, exchange)
        for _ in store.append_many(INDEXED, indexed()):
            pass
        store.annotate(INDEXED, [3], note="seen on 星期五", add_tags=[MARK])
        store.create("empty")
    Path(f"{STORE}-journal").unlink(missing_ok=True)


if __name__ == "__main__":
    main()
