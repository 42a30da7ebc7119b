"""A container event function: says which new objects of a bucket (OBS) need a thumbnail. Copy it as a start.

POST /init prepares the instance, POST /invoke is sent each event and answers with the result; for events of other
triggers that is a summary. It needs nothing but Python 3.7 or later.
"""

import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import PurePosixPath
from urllib.parse import unquote_plus

endings = set()


class Function(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == "/init":
            endings.update(os.environ.get("IMAGE_ENDINGS", ".png .jpg .jpeg .gif .webp").split())
            self.answer(200, "ready")
        elif self.path == "/invoke":
            try:
                self.answer(200, result(json.loads(body)))
            except (KeyError, TypeError, ValueError) as error:  # any status but 2xx: the function has failed
                self.answer(400, {"errorType": type(error).__name__, "errorMessage": f"no OBS event: {error}"})
        else:
            self.answer(404, "there is nothing at " + self.path)

    def answer(self, status, value):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def result(event):
    """Thumbnails for the storage's events; of others the members, with their types."""
    if not isinstance(event, dict):
        return {"received": type(event).__name__}
    if "Records" in event:
        return thumbnails(event)
    return {"keys": {key: type(value).__name__ for key, value in event.items()}}


def thumbnails(event):
    """Source and destination of each image among the objects that were created."""
    wanted = []
    for record in event["Records"]:
        place = record.get("s3") or record["obs"]  # S3 spelling, or OBS's own
        key = unquote_plus(place["object"]["key"])
        is_image = PurePosixPath(key).suffix.lower() in endings and not key.startswith("thumbnails/")
        if is_image and "ObjectCreated" in record["eventName"]:
            wanted.append({"bucket": place["bucket"]["name"], "from": key, "to": "thumbnails/" + key})
    print(f"{len(wanted)} of {len(event['Records'])} objects need a thumbnail")
    return {"thumbnails": wanted}


address = os.environ.get("HOST", "127.0.0.1"), int(os.environ.get("PORT", "8000"))
ThreadingHTTPServer(address, Function).serve_forever()
