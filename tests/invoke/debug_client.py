"""A debugger of a few lines: the Debug Adapter Protocol, as editors speak it, over a socket."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any

from tests.invoke.harness import GUARD_S


class DebugClient:
    """Attaches to ``address``. Every wait ends with an error after the tests' hang guard."""

    def __init__(self, address: str) -> None:
        host, port = address.rsplit(":", 1)
        self._socket = socket.create_connection((host, int(port)), timeout=GUARD_S)
        self._stream = self._socket.makefile("rb")
        self._sent = 0
        self._events: list[dict[str, Any]] = []

    def close(self) -> None:
        self._stream.close()
        self._socket.close()

    def attach(self, file: Path, lines: list[int]) -> list[bool]:
        """Set breakpoints and let the program go on; which of the breakpoints are verified."""
        self.ask("initialize", adapterID="fgtui", linesStartAt1=True, pathFormat="path")
        attaching = self.send("attach", justMyCode=True)
        self.event("initialized")
        breakpoints = [{"line": line} for line in lines]
        answer = self.ask("setBreakpoints", source={"path": str(file)}, breakpoints=breakpoints)
        self.ask("configurationDone")
        self.answer(attaching)
        return [each["verified"] for each in answer["breakpoints"]]

    def stopped_at(self) -> tuple[int, str, int]:
        """Wait for a stop: its thread, its function's name and its line."""
        thread = self.event("stopped")["threadId"]
        frame = self.frame(thread)
        return thread, frame["name"], frame["line"]

    def frame(self, thread: int) -> Any:
        return self.ask("stackTrace", threadId=thread)["stackFrames"][0]

    def value(self, thread: int, expression: str) -> str:
        frame = self.frame(thread)
        return str(self.ask("evaluate", expression=expression, frameId=frame["id"], context="repl")["result"])

    def go_on(self, thread: int) -> None:
        self.ask("continue", threadId=thread)

    # Messages

    def ask(self, command: str, **arguments: Any) -> Any:
        return self.answer(self.send(command, **arguments))

    def send(self, command: str, **arguments: Any) -> int:
        self._sent += 1
        message = {"seq": self._sent, "type": "request", "command": command, "arguments": arguments}
        content = json.dumps(message).encode()
        self._socket.sendall(b"Content-Length: %d\r\n\r\n" % len(content) + content)
        return self._sent

    def answer(self, sent: int) -> Any:
        while True:
            message = self._receive()
            if message["type"] == "response" and message["request_seq"] == sent:
                assert message["success"], message
                return message.get("body", {})
            if message["type"] == "event":
                self._events.append(message)

    def event(self, name: str) -> Any:
        while True:
            for message in self._events:
                if message["event"] == name:
                    self._events.remove(message)
                    return message.get("body", {})
            message = self._receive()
            if message["type"] == "event":
                self._events.append(message)

    def _receive(self) -> dict[str, Any]:
        size = 0
        while (line := self._stream.readline().strip()) or not size:
            if line.lower().startswith(b"content-length:"):
                size = int(line.split(b":")[1])
            elif not line and not size:
                raise AssertionError("the debug adapter closed the connection")
        found: dict[str, Any] = json.loads(self._stream.read(size))
        return found
