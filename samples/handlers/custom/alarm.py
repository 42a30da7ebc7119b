"""A custom runtime that raises an alarm when a batch of logs (LTS) holds errors. Copy it as a start.

It asks the runtime API for an event, answers it, and asks again. Events of other triggers are answered with a summary.
It needs nothing but Python 3.6 or later.
"""

import base64
import json
import os
import re
from http.client import HTTPConnection

PATH = "/v1/runtime/invocation/"
LIMIT = int(os.environ.get("ALARM_AFTER", "1"))  # a variable of the function: lines with errors it takes
ERROR = re.compile(r"\b(ERR|ERROR|FATAL)\b", re.IGNORECASE)


def main():
    api = HTTPConnection(os.environ["RUNTIME_API_ADDR"])
    while True:
        event, headers = call(api, "GET", "request")  # waits until there is one
        request_id = headers["X-Cff-Request-Id"]
        try:
            call(api, "POST", "response/" + request_id, check(json.loads(event)))
        except (KeyError, TypeError, ValueError) as error:
            said = {"errorType": type(error).__name__, "errorMessage": f"no LTS event: {error}"}
            call(api, "POST", "error/" + request_id, said)


def call(api, method, path, value=None):
    api.request(method, PATH + path, None if value is None else json.dumps(value))
    reply = api.getresponse()
    return reply.read(), reply.headers


def check(event):
    """Whether the batch needs an alarm, and why."""
    if not isinstance(event, dict) or "lts" not in event:
        return summary(event)
    data = json.loads(base64.b64decode(event["lts"]["data"]))
    lines = [message_of(line) for line in opened(data["logs"])]
    errors = [line for line in lines if ERROR.search(line)]
    print(f"{len(errors)} of {len(lines)} lines are errors")
    return {"alarm": len(errors) >= LIMIT, "lines": len(lines), "errors": errors}


def summary(event):
    """The members of an event of another trigger, with their types."""
    if not isinstance(event, dict):
        return {"received": type(event).__name__}
    return {"keys": {key: type(value).__name__ for key, value in event.items()}}


def message_of(line):
    line = opened(line)
    return str(line.get("message", "")) if isinstance(line, dict) else str(line)


def opened(value):
    """A value, or the one in a JSON text: logs come both ways."""
    try:
        return json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return value


main()
