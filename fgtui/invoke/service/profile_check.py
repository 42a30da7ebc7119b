"""Whether a profile would do, step by step, without invoking anything: one request that lists at most one function.

Facts: runtime.md sections 8.6 and 8.7.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from ssl import SSLError
from typing import Literal
from urllib.parse import quote

from fgtui.errors import ConfigError
from fgtui.invoke.headers import header_of
from fgtui.invoke.http.errors import BrokenError, UnansweredError
from fgtui.invoke.http.proxies import proxy_for
from fgtui.invoke.http.transport import Reply, Transport
from fgtui.invoke.json_objects import json_object
from fgtui.invoke.model import Profile
from fgtui.invoke.service.client import USER_AGENT, ServiceClient
from fgtui.invoke.service.errors import error_of, meaning
from fgtui.invoke.signing import ALLOWED_SKEW
from fgtui.records import Record
from fgtui.words import say, spell_seconds

LIMIT_S = 15.0
"""For getting credentials, and then for the request."""
NOTICED_SKEW = timedelta(minutes=1)
UNNOTICED_S = 2
"""A date has whole seconds, and travels."""
LISTING = "functiongraph:function:list"
"""What listing functions takes, as IAM calls it."""

NO_PROJECT = "0" * 32
"""In the path of a request that only looks who answers. At ``/`` the local endpoint would take it for one of API
Gateway's, and a handler would run."""

State = Literal["ok", "warn", "missing"]


class Step(Record):
    """One step on the way, and how it went, in words."""

    what: str
    """``credentials``, ``proxy``, ``endpoint``, ``tls``, ``clock``, ``accepted``, ``project``, ``permission``."""
    state: State
    finding: str
    way_out: str = ""


def check(
    profile: Profile,
    *,
    transport: Transport,
    environment: Mapping[str, str],
    now: Callable[[], datetime],
    project_id: str | None = None,
) -> Iterator[Step]:
    """Each step as it is done. ``project_id`` is that of a function, for a profile that names none."""
    found = _credentials(profile)
    yield found
    yield _proxy(profile, environment)
    project = profile.project_id or project_id
    is_signed = found.state == "ok" and project is not None
    asked_at = now()
    try:
        reply = _ask(profile, transport, now, project, is_signed=is_signed)
    except UnansweredError as error:
        yield from _unreached(profile, error)
        return
    endpoint = _endpoint(profile, reply)
    yield endpoint
    yield _tls(profile)
    clock = _clock(reply, asked_at + (now() - asked_at) / 2)
    yield clock
    if found.state != "ok":
        yield Step("accepted", "warn", "not tried: there are no credentials")
    elif project is None:
        yield Step("project", "warn", "none is named, so nothing could be asked of it", _NAME_PROJECT)
    elif endpoint.state == "ok":
        yield from _answered(reply, project, is_late=clock.state == "missing")


_NAME_PROJECT = 'project = "…" in the profile, or a target with its URN'


def _credentials(profile: Profile) -> Step:
    source = profile.credentials
    try:
        source.get(timeout_s=LIMIT_S)
    except ConfigError as error:
        hint = say(error.hint, error.values) if error.hint else ""
        return Step("credentials", "missing", say(error.message, error.values), hint)
    except UnansweredError as error:
        return Step("credentials", "missing", f"{source.identity}: {_why(error)}")
    return Step("credentials", "ok", source.identity)


def _proxy(profile: Profile, environment: Mapping[str, str]) -> Step:
    try:
        proxy = proxy_for(profile.endpoint, environment)
    except ValueError as error:
        return Step("proxy", "missing", f"{error} holds no address of a proxy", "spell it http://HOST:PORT")
    if proxy is None:
        return Step("proxy", "ok", "none on this way")
    return Step("proxy", "ok", f"{proxy}, by {proxy.variable}")


def _ask(
    profile: Profile, transport: Transport, now: Callable[[], datetime], project: str | None, *, is_signed: bool
) -> Reply:
    """The one request: signed where that can tell something, else what shows no more than who answers."""
    path = f"/v2/{quote(project or NO_PROJECT, safe='')}/fgs/functions"
    if is_signed and project is not None:
        return ServiceClient(profile, transport, now).call(
            "GET",
            path,
            query=(("maxitems", "1"),),
            headers=(("X-Project-Id", project),),
            timeout_s=LIMIT_S,
        )
    url = f"{profile.endpoint.rstrip('/')}{path}?maxitems=1"
    return transport.send("GET", url, (("User-Agent", USER_AGENT),), b"", timeout_s=LIMIT_S, ca_file=profile.ca_file)


def _unreached(profile: Profile, error: UnansweredError) -> Iterator[Step]:
    """Where the way ends: at the certificate, or before."""
    if isinstance(error.__cause__, SSLError):
        yield Step("endpoint", "ok", f"{profile.endpoint} is there")
        yield Step("tls", "missing", error.message)
    else:
        yield Step("endpoint", "missing", _why(error), "is it spelled right, and is there a network, or a proxy?")


def _why(error: UnansweredError) -> str:
    return error.message if isinstance(error, BrokenError) else f"{error.message or 'no answer'} within {LIMIT_S:g} s"


def _endpoint(profile: Profile, reply: Reply) -> Step:
    if 300 <= reply.status < 400:
        means = meaning(str(reply.status), reply.status)
        return Step("endpoint", "missing", f"{profile.endpoint}: {means.what}", means.hint)
    if (reply.status < 300 and not _is_functions(reply)) or _is_not_known(reply):
        return Step("endpoint", "missing", f"{profile.endpoint} answers, but as no FunctionGraph does", _IS_IT_RIGHT)
    return Step("endpoint", "ok", f"{profile.endpoint} answers")


_IS_IT_RIGHT = "its address is https://functiongraph.REGION.myhuaweicloud.com"


def _is_functions(reply: Reply) -> bool:
    found = json_object(reply.body) or {}
    return "functions" in found or "versions" in found


def _is_not_known(reply: Reply) -> bool:
    """Whether nobody there has heard of the path, in no words of the service's."""
    return reply.status in _UNKNOWN and error_of(reply.status, reply.body).code == str(reply.status)


_UNKNOWN = frozenset({404, 405})


def _tls(profile: Profile) -> Step:
    if not profile.endpoint.startswith("https://"):
        return Step("tls", "ok", "none, and none needed: it is this machine")
    own = "" if profile.ca_file is None else f" or of {profile.ca_file}"
    return Step("tls", "ok", f"its certificate is vouched for by an authority of this system{own}")


def _clock(reply: Reply, here: datetime) -> Step:
    date = header_of(reply.headers, "date") or ""
    try:
        there = parsedate_to_datetime(date).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        return Step("clock", "warn", "the answer does not say what time it is there")
    skew = here - there
    if abs(skew) <= timedelta(seconds=UNNOTICED_S):
        return Step("clock", "ok", "as there")
    words = f"{spell_seconds(abs(skew.total_seconds()))} {'ahead' if skew > timedelta() else 'behind'}"
    if abs(skew) >= ALLOWED_SKEW:
        limit = spell_seconds(ALLOWED_SKEW.total_seconds())
        return Step("clock", "missing", f"{words}; signatures are taken up to {limit}", "set this machine's clock")
    return Step("clock", "warn" if abs(skew) >= NOTICED_SKEW else "ok", words)


def _answered(reply: Reply, project: str, *, is_late: bool) -> Iterator[Step]:
    """What the answer to a signed request says of who asks, and of the project."""
    if reply.status < 300:
        yield Step("accepted", "ok", "the service knows who calls")
        yield Step("project", "ok", project)
        yield Step("permission", "ok", f"functions can be listed ({LISTING})")
        return
    error = error_of(reply.status, reply.body)
    said = say("{code} {message}", code=error.code, message=error.message)
    match reply.status:
        case 401:
            clock = (
                "set this machine's clock first" if is_late else "are the keys, or the token, whole and still valid?"
            )
            yield Step("accepted", "missing", said, clock)
        case 403:
            yield Step("accepted", "ok", "the service knows who calls")
            yield Step("permission", "missing", f"{said}, in project {project}", _ASK_FOR)
        case 400 | 404:
            yield Step("accepted", "ok", "the service knows who calls")
            yield Step("project", "missing", f"{project}: {said}", "is it the id of a project in this region?")
        case _:
            means = meaning(error.code, reply.status)
            yield Step("accepted", "warn", f"not told: {said}", means.hint)


_ASK_FOR = (
    f"is the project theirs, and may they list its functions ({LISTING})? a call takes functiongraph:function:invoke"
)
