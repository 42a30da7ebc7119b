"""An HTTP function: a small API that greets and keeps notes in memory. Copy it as a start.

    GET  /hello?name=Ada             200 {"greeting": "Hello, Ada!"}, below any other path too
    POST /notes {"text": "buy milk"} 201 {"count": 1, "request": …}
    GET  /notes?contains=milk        200 ["buy milk"]

It needs nothing but Python 3.7 or later. In the cloud the port is 8000; fgtui names another in PORT when that is taken.
"""

import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

notes = []  # as long as the instance lives


class Api(BaseHTTPRequestHandler):
    def do_GET(self):
        url = urlsplit(self.path)
        query = parse_qs(url.query)
        if url.path == "/notes":
            word = query.get("contains", [""])[0]
            self.answer(200, [note for note in notes if word in note])
        elif url.path.endswith("/hello"):
            self.answer(200, {"greeting": f"Hello, {query.get('name', ['world'])[0]}!"})
        else:
            self.answer(404, {"error": "there is nothing at " + url.path})

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if urlsplit(self.path).path != "/notes":
            self.answer(404, {"error": "there is nothing at " + self.path})
            return
        try:
            notes.append(str(json.loads(body)["text"]))
        except (ValueError, KeyError, TypeError):
            self.answer(400, {"error": 'send JSON such as {"text": "buy milk"}'})
        else:
            self.answer(201, {"count": len(notes), "request": self.headers.get("X-CFF-Request-Id")})

    def answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "8000"))), Api).serve_forever()
