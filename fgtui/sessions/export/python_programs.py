"""An exchange as a small Python program that needs nothing but Python: it calls the handler, or posts the event."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from fgtui.invoke.model import Exchange
from fgtui.regex import regex
from fgtui.sessions.export.commands import WHY_REDACTED, contents, hides_more, variables, with_escaped
from fgtui.sessions.export.http_calls import ADDRESS, HERE, TOKEN, Reach, http_call
from fgtui.sessions.export.python_text import bytes_literal, content_literal, literal, text_literal
from fgtui.sessions.export.shell_words import Holes

if TYPE_CHECKING:
    from fgtui.sessions.redaction.places import Finding

_MODULE = regex(r"(?:.*/)?[^/]*[^/.]")
_SUPPLIED = '''\


def supplied(text):
    """text with the values that were redacted in place of their placeholders."""
    missing = sorted({name for name in SECRETS.values() if name not in os.environ})
    if missing:
        sys.exit("set these variables first, to what was redacted: " + ", ".join(missing))
    for placeholder, name in SECRETS.items():
        text = text.replace(placeholder, @VALUE@)
    return text
'''
_CALL = '''\


class Logger:
    def __getattr__(self, level):
        return lambda message, *values: print(level.upper(), message % values if values else message, file=sys.stderr)


class Context:
    """As much of FunctionGraph's context as most handlers ask for; everything else is empty."""

    def __getattr__(self, name):
        return lambda *_: ""

    def getRequestID(self):
        return "00000000-0000-0000-0000-000000000000"

    def getRemainingTimeInMilliSeconds(self):
        return 3000

    def getMemorySize(self):
        return 128

    def getUserData(self, key, default=None):
        return os.environ.get(key, default)

    def getLogger(self):
        return Logger()


def loaded():
    """The handler's function."""
    file = next((Path(name) for name in FILES if Path(name).is_file()), None)
    if file is None:
        sys.exit(f"there is no {FILES[0]} here; run this in the folder that the handler is spelled from")
    sys.path[:0] = [str(Path.cwd()), str(file.parent.resolve())]
    spec = importlib.util.spec_from_file_location(file.stem, file)
    module = importlib.util.module_from_spec(spec)
    sys.modules[file.stem] = module
    spec.loader.exec_module(module)
    return getattr(module, FUNCTION)


for stream in (sys.stdout, sys.stderr):
    stream.reconfigure(errors="backslashreplace")  # halves of characters are data
answer = loaded()(json.loads(@EVENT@), Context())
print(json.dumps(answer, ensure_ascii=sys.stdout.encoding.lower() != "utf-8", default=str))
'''
_FILL = """\


ADDRESS, PATH = supplied(ADDRESS), supplied(PATH)
HEADERS = [(name, supplied(value)) for name, value in HEADERS]
BODY = supplied(BODY.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")
"""
_GUARD = """

if not os.environ.get("SEND_REDACTED"):
    sys.exit("set SEND_REDACTED: @WHY@")
"""
_SEND = '''\


def send():
    """The status and body of the answer."""
    parts = urlsplit(ADDRESS)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        sys.exit("set FGTUI_URL to @ADDRESS@")
    user, _, host = parts.netloc.rpartition("@")
    path = (parts.path.rstrip("/") + PATH if PATH else parts.path or "/") + ("?" + parts.query if parts.query else "")
    connection = getattr(http.client, parts.scheme.upper() + "Connection")(host, timeout=900)
    has_host = any(name.lower() == "host" for name, _ in HEADERS)
    connection.putrequest(METHOD, path, skip_host=has_host, skip_accept_encoding=True)
    for name, value in HEADERS:
        connection.putheader(name, value.encode())
    if user:
        connection.putheader("Authorization", b"Basic " + base64.b64encode(unquote(user).encode()))
    connection.putheader("Content-Length", str(len(BODY)))
    connection.endheaders(BODY or None)
    response = connection.getresponse()
    return response.status, response.read()


status, answer = send()
print(status, file=sys.stderr)
sys.stdout.buffer.write(answer)
'''


def program(exchange: Exchange, secrets: Sequence[Finding], *, reach: Reach = HERE) -> str:
    """The text of the program; ``secrets`` are the event's."""
    names = variables(secrets)
    handler = _handler(exchange)
    return _http_program(exchange, names, reach) if handler is None else _local_program(exchange, names, *handler)


def _local_program(exchange: Exchange, names: dict[str, str], files: list[str], function: str) -> str:
    event = "supplied(EVENT)" if names else "EVENT"
    return "".join(
        [
            '"""Calls a Python handler with a recorded event, in the folder that the handler is spelled from."""\n\n',
            "import importlib.util\nimport json\nimport os\nimport sys\nfrom pathlib import Path\n\n",
            f"FILES = {literal(files)}\n",
            f"FUNCTION = {text_literal(function)}\n",
            f"EVENT = {content_literal(exchange.event.wire)}\n",
            _supplied(names, "json.dumps(os.environ[name])[1:-1]", [exchange.event.wire]),
            _CALL.replace("@EVENT@", event),
        ]
    )


def _handler(exchange: Exchange) -> tuple[list[str], str] | None:
    """The files a Python handler may be in, and its function; ``None`` for another target, or no JSON event."""
    target = exchange.target
    if target.kind != "local" or not (target.runtime or "python").lower().startswith("python"):
        return None
    module, colon, function = target.spec.rpartition(":")
    if not colon:
        module, _, function = target.spec.rpartition(".")
    module = module.removesuffix(".py")
    if not function.isidentifier() or not _MODULE.fullmatch(module) or not _is_json(exchange.event.wire):
        return None
    folder, slash, name = module.rpartition("/")
    return list(dict.fromkeys([f"{module}.py", f"{folder}{slash}{name.replace('.', '/')}.py"])), function


def _is_json(wire: bytes) -> bool:
    import json

    try:
        json.loads(wire.decode())
    except (ValueError, RecursionError):
        return False
    return True


def _http_program(exchange: Exchange, names: dict[str, str], reach: Reach) -> str:
    call = http_call(exchange, reach)
    address = text_literal(call.address) if call.address else f'os.environ.get("{ADDRESS}", "")'
    headers = "".join(f"    ({text_literal(name)}, {text_literal(value)}),\n" for name, value in call.headers if value)
    if call.needs_token:
        headers += f'    ("X-Auth-Token", os.environ.get("{TOKEN}") or sys.exit("set {TOKEN} to a token of IAM")),\n'
    holes = with_escaped(names) if names else names
    return "".join(
        [
            '"""Sends a recorded event over HTTP and prints the answer."""\n\n',
            "import base64\nimport http.client\nimport os\nimport sys\nfrom urllib.parse import unquote, urlsplit\n\n",
            f"ADDRESS = {address}\n",
            f"METHOD = {text_literal(call.method)}\n",
            f"PATH = {text_literal(call.path)}\n",
            f"HEADERS = [\n{headers}]\n",
            f"BODY = {bytes_literal(call.body)}\n",
            _supplied(holes, "os.environ[name]", contents(call)),
            _FILL if names else "",
            _SEND.replace("@ADDRESS@", call.where),
        ]
    )


def _supplied(names: Holes, value: str, texts: Iterable[bytes]) -> str:
    """What puts the redacted values back; nothing where there are none."""
    if not names:
        return ""
    guard = _GUARD.replace("@WHY@", WHY_REDACTED) if hides_more(texts, names) else ""
    return f"SECRETS = {literal(dict(names))}\n" + _SUPPLIED.replace("@VALUE@", value) + guard
