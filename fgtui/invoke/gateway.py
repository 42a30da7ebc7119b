"""What API Gateway accepts as a function's answer (runtime.md section 9)."""

from __future__ import annotations

_SHAPE = '{"statusCode":200,"isBase64Encoded":false,"headers":{},"body":""}'
_QUOTED = 200
"""Characters of the answer that a refusal quotes; the gateway quotes all of it."""


def refusal(body: bytes) -> str | None:
    """The error the gateway's caller would see instead of this answer, or ``None`` when it passes.

    Members that are missing count as empty, but ``statusCode`` has to be there; header values may be anything.
    """
    import json

    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return _wrong_type(body)
    if not isinstance(answer, dict) or not _fits(answer):
        return _wrong_type(body)
    if not answer.get("statusCode"):
        return _error("'statusCode' of APIG trigger invocation result not specified, statusCode can not be 0")
    return None


def _fits(answer: dict[str, object]) -> bool:
    kinds = {"statusCode": int, "headers": dict, "body": str, "isBase64Encoded": bool}
    return all(type(answer.get(name)) in {kind, type(None)} for name, kind in kinds.items())


def _wrong_type(body: bytes) -> str:
    shown = body[: 4 * _QUOTED].decode("utf-8", "replace")
    if len(shown) > _QUOTED:
        shown = shown[: _QUOTED - 1] + "…"
    return _error(f"invalid type of APIG trigger invocation result:[{shown}], type format must be: {_SHAPE}")


def _error(message: str) -> str:
    import json

    return json.dumps({"error_code": "FSS.1206", "error_msg": message}, ensure_ascii=False, separators=(",", ":"))
