"""A FunctionGraph handler to try things with: it looks at the event and gives a short answer. Copy it as a start.

Handler ``index.handler``, initializer ``index.initializer``. It needs nothing but Python 3.6 or later.
"""

import base64
import json
from urllib.parse import unquote_plus

LEVELS = {
    "INF": "INFO",
    "INFO": "INFO",
    "WRN": "WARN",
    "WARN": "WARN",
    "WARNING": "WARN",
    "ERR": "ERROR",
    "ERROR": "ERROR",
}


def initializer(context):
    """Runs once for each instance, before the first event: the place for clients and configuration."""
    context.getLogger().info("%s starts with %s MB", context.getFunctionName(), context.getMemorySize())


def handler(event, context):
    """Takes any trigger's event; what it returns becomes the answer, as JSON."""
    logger = context.getLogger()
    if not isinstance(event, dict):
        return {"received": type(event).__name__}
    for name, belongs, answer in TRIGGERS:
        if belongs(event):
            logger.info("an event of %s", name)
            return answer(event, logger)
    logger.info("an event with the keys: %s", ", ".join(map(str, event)))
    return summary(event, logger)


# API Gateway: the answer has to have this form, or the caller gets an error


def answer_request(event, logger):
    body = event.get("body") or ""
    if body and event.get("isBase64Encoded"):
        body = base64.b64decode(body).decode("utf-8", "replace")
    logger.info("%s %s, %d characters of body", event.get("httpMethod", "-"), event.get("path", "-"), len(body))
    answer = {
        "path": event.get("path"),
        "query": event.get("queryStringParameters") or {},
        "body": json_or_text(body),
    }
    return {
        "statusCode": 200,
        "headers": {"Content-Type": "application/json"},
        "body": json.dumps(answer),
        "isBase64Encoded": False,
    }


# Object Storage Service: keys are URL-encoded, in S3 spelling or in OBS's own


def list_objects(event, logger):
    objects = []
    for record in event["Records"]:
        place = record.get("s3") or record.get("obs") or {}
        found = {
            "event": record.get("eventName"),
            "bucket": place.get("bucket", {}).get("name"),
            "key": unquote_plus(place.get("object", {}).get("key", "")),
        }
        logger.info("%(event)s %(bucket)s/%(key)s", found)
        objects.append(found)
    return {"trigger": "obs", "objects": objects}


# Log Tank Service: base64 around JSON, in which the lines may be JSON text once more


def count_lines(event, logger):
    data = json.loads(base64.b64decode(event["lts"]["data"]).decode("utf-8"))
    lines = [opened(line) for line in opened(data.get("logs", []))]
    counts = {}
    for line in lines:
        level = level_of(line.get("message", "") if isinstance(line, dict) else str(line))
        counts[level] = counts.get(level, 0) + 1
    logger.info("%d lines of log group %s", len(lines), data.get("log_group_id", "-"))
    return {"trigger": "lts", "lines": len(lines), "levels": counts}


def level_of(message):
    for word in message.replace("[", " ").replace("]", " ").split():
        if word.upper() in LEVELS:
            return LEVELS[word.upper()]
    return "OTHER"


# The other triggers


def read_stream(event, logger):
    records = event["Message"].get("records", [])
    texts = [base64.b64decode(record["data"]).decode("utf-8", "replace") for record in records if record.get("data")]
    logger.info("%d records of %s", len(records), event["ShardID"])
    return {"trigger": "dis", "records": texts}


def read_notifications(event, logger):
    notifications = [record["smn"] for record in event["record"] if "smn" in record]
    return {
        "trigger": "smn",
        "messages": [{"subject": each.get("subject"), "message": each.get("message")} for each in notifications],
    }


def name_trigger(event, logger):
    return dict(summary(event, logger), trigger=event["trigger_type"].lower())


def summary(event, logger):
    return {"keys": {str(key): type(value).__name__ for key, value in event.items()}}


def has(key, kind=object):
    return lambda event: isinstance(event.get(key), kind)


def is_from_storage(event):
    records = event.get("Records")
    return bool(records) and isinstance(records, list) and ("s3" in records[0] or "obs" in records[0])


def is_request(event):
    return "httpMethod" in event or (
        isinstance(event.get("headers"), dict) and ("requestContext" in event or "user_data" in event)
    )


TRIGGERS = [
    ("LTS", has("lts", dict), count_lines),
    ("SMN", has("record", list), read_notifications),
    ("OBS", is_from_storage, list_objects),
    ("DIS", lambda event: "ShardID" in event and isinstance(event.get("Message"), dict), read_stream),
    ("API Gateway", is_request, answer_request),
    ("a timer or a queue", has("trigger_type", str), name_trigger),
]


def json_or_text(text):
    try:
        return json.loads(text)
    except ValueError:
        return text


def opened(value):
    """A value, or the value in a JSON text."""
    return json_or_text(value) if isinstance(value, str) else value
