"""The floors: the least any program could do for the same job."""

from __future__ import annotations

import sys

PYTHON_PASS = (sys.executable, "-c", "pass")

PLAIN_TEXT_AREA = """
import sys
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
