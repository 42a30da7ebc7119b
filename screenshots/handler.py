"""The handler of the pictures: thumbnails of new photos, a page for the gateway, a count of log lines."""

import base64
import json
from typing import Any
from urllib.parse import unquote_plus

SMALLEST = 32


def handler(event: dict[str, Any], context: Any) -> Any:
    """Answer any event that comes along."""
    logger = context.getLogger()
    if "lts" in event:
        return count_lines(event["lts"], logger)
    if "httpMethod" in event:
        return page(event, logger)
    if "Records" in event:
        check(event["Records"])
        return [thumbnail(record["s3"], logger) for record in event["Records"]]
    logger.info("nothing to do for %s", event.get("trigger_type", "an event"))
    return {"skipped": event.get("trigger_type")}


def count_lines(lts: dict[str, str], logger: Any) -> dict[str, Any]:
    """Count the lines of a log, and repeat its warnings."""
    data = json.loads(base64.b64decode(lts["data"]))
    lines = [json.loads(line) for line in data["logs"]]
    warnings = [line for line in lines if "[WRN]" in line["message"]]
    for line in warnings:
        logger.warning("%s line %d: %s", line["path"], line["line_no"], line["message"].strip())
    return {"lines": len(lines), "warnings": len(warnings), "hosts": sorted({line["host_name"] for line in lines})}


def page(request: dict[str, Any], logger: Any) -> dict[str, Any]:
    """Greet whoever calls; what ``/raw`` gets is no answer the gateway would pass on."""
    logger.info("%s %s", request["httpMethod"], request["path"])
    greeting = {"hello": (request.get("queryStringParameters") or {}).get("name")}
    if request["path"].endswith("/raw"):
        return greeting
    return {"statusCode": 200, "headers": {}, "body": json.dumps(greeting), "isBase64Encoded": False}


def thumbnail(s3: dict[str, Any], logger: Any) -> dict[str, Any]:
    """Say which thumbnail belongs to a photo."""
    key = unquote_plus(s3["object"]["key"])
    logger.info("thumbnail of %s/%s", s3["bucket"]["name"], key)
    return {
        "source": key,
        "thumbnail": key.replace("photos/", "small/"),
        "width": 320,
        "quality": 80,
    }


def check(records: list[dict[str, Any]]) -> None:
    """Refuse what is too small to be a photo."""
    for record in records:
        size = record["s3"]["object"].get("size", 0)
        if size < SMALLEST:
            raise ValueError(f"{size} bytes are no photo")
