"""The floors: the least any program could do for the same job."""

from __future__ import annotations

import sqlite3
import sys
from pathlib import Path

PYTHON_PASS = (sys.executable, "-c", "pass")

PLAIN_TEXT_AREA = """
import sqlite3
import sys
from pathlib import Path
from textual.app import App
from textual.widgets import TextArea
class Plain(App):
    def compose(self):
        yield TextArea(open(sys.argv[1], encoding="utf-8").read(), show_line_numbers=True)
Plain().run()
"""

PIPE_WORKER = """
import json, os, sys
read, write, loads, dumps = os.read, os.write, json.loads, json.dumps
def handler(event):
    return {"ok": True}
while True:
    size = read(0, 8)
    if not size:
        break
    event = loads(read(0, int(size)))
    answer = dumps(handler(event)).encode()
    write(1, b"%8d" % len(answer) + answer)
"""
"""Reads a length and an event, parses, calls, serialises, answers."""

BARE_SERVER = """
import asyncio, socket, uvicorn
async def answer(scope, receive, send):
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"12")]})
    await send({"type": "http.response.body", "body": b'{"ok": true}'})
listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
listening.bind(("127.0.0.1", 0))
print(listening.getsockname()[1], flush=True)
server = uvicorn.Server(uvicorn.Config(answer, http="h11", ws="none", lifespan="off", loop="asyncio", log_level="critical"))
asyncio.run(server.serve([listening]))
"""
"""An ASGI server with an application that answers at once; prints its port."""

NODE_PIPE_WORKER = """
const fs = require("fs");
const handler = (event) => ({ ok: true });
const head = Buffer.alloc(8);
const room = Buffer.alloc(65536);
while (fs.readSync(0, head, 0, 8) === 8) {
  const size = Number(head.toString("latin1"));
  let held = 0;
  while (held < size) held += fs.readSync(0, room, held, size - held);
  const answer = Buffer.from(JSON.stringify(handler(JSON.parse(room.toString("utf8", 0, size)))));
  fs.writeSync(1, Buffer.concat([Buffer.from(String(answer.length).padStart(8)), answer]));
}
"""
"""The same under Node.js, with reads that wait: the quickest it has."""


def bare_table(file: Path, journal_mode: str) -> sqlite3.Connection:
    """A database with one table and the same guarantees as ours: FULL, secure deletion, the same journal."""
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute(f"PRAGMA journal_mode={journal_mode}")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("PRAGMA secure_delete=ON")
    connection.execute("CREATE TABLE kept (id INTEGER PRIMARY KEY, name TEXT, body BLOB)")
    return connection


def bare_commit(connection: sqlite3.Connection, number: int, body: bytes) -> None:
    """One row in one durable transaction."""
    connection.execute("BEGIN IMMEDIATE")
    connection.execute("INSERT INTO kept (name, body) VALUES (?, ?)", (f"name-{number}", body))
    connection.execute("COMMIT")
