"""What the platform tells a function about itself: variables and numbers, the same for every runtime.

Facts: runtime.md sections 2.5, 2.7 and 2.8.
"""

from __future__ import annotations

import math

from fgtui.invoke.model import LocalTarget

RESULT_LIMIT = 6_291_456
"""Bytes of a result (runtime.md section 8.8)."""
PROJECT_ID = "0" * 32
"""A handler on this machine belongs to no project; the shape is right, so that code which builds addresses works."""
PACKAGE = "default"
VERSION = "latest"
RESERVED = frozenset({
    "RUNTIME_PROJECT_ID", "RUNTIME_FUNC_NAME", "RUNTIME_FUNC_VERSION", "RUNTIME_PACKAGE", "RUNTIME_HANDLER",
    "RUNTIME_TIMEOUT", "RUNTIME_USERDATA", "RUNTIME_CPU", "RUNTIME_MEMORY", "RUNTIME_MAX_RESP_BODY_SIZE",
    "RUNTIME_INITIALIZER_HANDLER", "RUNTIME_INITIALIZER_TIMEOUT", "RUNTIME_ROOT", "RUNTIME_CODE_ROOT",
    "RUNTIME_LOG_DIR", "RUNTIME_API_ADDR",
    "RUNTIME_ALIAS", "RUNTIME_PRESTOP_HANDLER", "RUNTIME_MAX_REQUEST_BODY_SIZE", "RUNTIME_MAX_STATE_SIZE",
})  # fmt: skip
"""Names that user variables must not use (runtime.md section 2.7); others that begin like them are free."""


def cpu_millicores(memory_mb: int) -> int:
    """The share of a processor that goes with a memory setting."""
    return memory_mb * 100 // 128 + 200


def function_name(target: LocalTarget) -> str:
    """The name a function of this target would have: its name in ``fgtui.toml``, else its folder's."""
    return target.name or target.code_root.name or "function"


def handler_spelling(target: LocalTarget, function: str | None = None) -> str:
    """``src/index.handler``, as FunctionGraph spells it; ``bootstrap`` where a program answers for itself."""
    function = function or target.function
    return f"{target.module}.{function}" if function else target.module


def platform_variables(target: LocalTarget) -> dict[str, str]:
    """The ``RUNTIME_*`` variables. User variables must not use these names, so they win."""
    seconds = str(math.ceil(target.timeout_s))
    variables = {
        "RUNTIME_PROJECT_ID": PROJECT_ID,
        "RUNTIME_FUNC_NAME": function_name(target),
        "RUNTIME_FUNC_VERSION": VERSION,
        "RUNTIME_PACKAGE": PACKAGE,
        "RUNTIME_HANDLER": handler_spelling(target),
        "RUNTIME_TIMEOUT": seconds,
        "RUNTIME_USERDATA": _user_data(target),
        "RUNTIME_CPU": str(cpu_millicores(target.memory_mb)),
        "RUNTIME_MEMORY": str(target.memory_mb),
        "RUNTIME_MAX_RESP_BODY_SIZE": str(RESULT_LIMIT),
        "RUNTIME_ROOT": "/home/snuser/runtime",
        "RUNTIME_CODE_ROOT": str(target.code_root),
        "RUNTIME_LOG_DIR": "/home/snuser/log",
    }
    if target.initializer is not None:
        variables["RUNTIME_INITIALIZER_HANDLER"] = _other_spelling(target, target.initializer)
        variables["RUNTIME_INITIALIZER_TIMEOUT"] = seconds
    if target.pre_stop is not None:
        variables["RUNTIME_PRESTOP_HANDLER"] = _other_spelling(target, target.pre_stop)
    return variables


def _user_data(target: LocalTarget) -> str:
    if not target.environment:
        return "{}"
    import json

    return json.dumps(dict(target.environment))


def _other_spelling(target: LocalTarget, spelling: str) -> str:
    """An initializer's or pre-stop's: in the handler's own file, but of Java in any class."""
    return spelling if target.family == "java" else handler_spelling(target, function_of(spelling))


def environment(target: LocalTarget) -> dict[str, str]:
    """Everything set for the handler beyond what fgtui itself was started with.

    User variables are in the process environment as well as in ``getUserData``. Documents promise only the latter, the
    open-source runtime does both, and a handler that reads ``os.environ`` should not fail here and work there.
    """
    return {**dict(target.environment), **platform_variables(target)}


def function_of(spelling: str) -> str:
    """The function in ``index.initializer``, ``index.py:initializer`` or ``initializer``."""
    return spelling.replace(":", ".").rpartition(".")[2]
