"""The function of a small picture shop, to try fgtui with: it answers some events, and fails at others for good reasons.

Handler ``orders.handler``. Change it while the workbench runs: the next send runs the changed code.
"""

import base64
import json
import time
from urllib.parse import unquote_plus

PRICES = {"print": 4.5, "poster": 12, "mug": 9.9}
ENDINGS = (".jpg", ".jpeg", ".png")


def handler(event, context):
    """Orders come through API Gateway, pictures from a bucket, what goes wrong from the log service."""
    logger = context.getLogger()
    if "httpMethod" in event:
        return order(event, logger)
    if "Records" in event:
        thumbnails = []
        for record in event["Records"]:
            thumbnails.append(thumbnail(record, logger))
        return thumbnails
    if "lts" in event:
        return alarms(event["lts"], logger)
    raise ValueError("nothing here handles an event with " + ", ".join(sorted(event)))


def order(event, logger):
    """POST /orders with {"item": "mug", "count": 2}. Large orders wait for the warehouse, longer than we may."""
    body = event.get("body") or "{}"
    if event.get("isBase64Encoded"):
        body = base64.b64decode(body).decode("utf-8")
    try:
        wanted = json.loads(body)
    except ValueError:
        logger.error("the body is no JSON: %r", body)
        return answer(400, {"error": "an order is JSON"})
    count = wanted.get("count", 1)
    price = PRICES[wanted["item"]] * count
    if count > 100:
        logger.warn("%d pieces: asking the warehouse", count)
        time.sleep(30)
    logger.info("%d × %s for %s", count, wanted["item"], price)
    return answer(201, {"item": wanted["item"], "count": count, "price": price})


def answer(status, body):
    """What API Gateway takes as the answer to a request."""
    return {
        "statusCode": status,
        "headers": {"Content-Type": "application/json"},
        "body": json.dumps(body),
        "isBase64Encoded": False,
    }


def thumbnail(record, logger):
    """A picture landed in the bucket; keys are URL-encoded in its events."""
    key = unquote_plus(record["s3"]["object"]["key"])
    if not key.lower().endswith(ENDINGS):
        raise ValueError(key + " is no picture")
    logger.info("thumbnail of %s", key)
    return {"picture": key, "thumbnail": "thumbnails/" + key}


def alarms(lts, logger):
    """Lines of log, as JSON in base64: which of them are errors."""
    logs = opened(json.loads(base64.b64decode(lts["data"]))["logs"])
    lines = [opened(line) for line in logs]
    errors = [line["message"] for line in lines if "ERR" in line["message"]]
    logger.info("%d lines, %d errors", len(lines), len(errors))
    return {"lines": len(lines), "errors": errors}


def opened(value):
    """Real events carry JSON in strings, several layers deep."""
    return json.loads(value) if isinstance(value, str) else value
