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
from fgtui.invoke.service.errors import error_of, meaning, profile_word
from fgtui.invoke.signing import ALLOWED_SKEW
from fgtui.records import Record
from fgtui.words import Phrase, spell_seconds

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
    finding: str | Phrase
    way_out: str | Phrase = ""


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
        yield Step("accepted", "warn", Phrase("not tried: there are no credentials"))
    elif project is None:
        yield Step("project", "warn", Phrase("none is named, so nothing could be asked of it"), _NAME_PROJECT)
    elif endpoint.state == "ok":
        yield from _answered(reply, project, profile.name, is_late=clock.state == "missing")


_NAME_PROJECT = Phrase('project = "…" in the profile, or a target with its URN')


def _credentials(profile: Profile) -> Step:
    source = profile.credentials
    try:
        source.get(timeout_s=LIMIT_S)
    except ConfigError as error:
        hint = Phrase(error.hint, error.values) if error.hint else ""
        return Step("credentials", "missing", Phrase(error.message, error.values), hint)
    except UnansweredError as error:
        return Step("credentials", "missing", Phrase("{who}: {why}", who=source.identity, why=_why(error)))
    return Step("credentials", "ok", source.identity)


def _proxy(profile: Profile, environment: Mapping[str, str]) -> Step:
    try:
        proxy = proxy_for(profile.endpoint, environment)
    except ValueError as error:
        words = Phrase("{variable} holds no address of a proxy", variable=error)
        return Step("proxy", "missing", words, Phrase("spell it http://HOST:PORT"))
    if proxy is None:
        return Step("proxy", "ok", Phrase("none on this way"))
    return Step("proxy", "ok", Phrase("{proxy}, by {variable}", proxy=proxy, variable=proxy.variable))


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
        yield Step("endpoint", "ok", Phrase("{endpoint} is there", endpoint=profile.endpoint))
        yield Step("tls", "missing", error.phrase)
    else:
        yield Step(
            "endpoint", "missing", _why(error), Phrase("is it spelled right, and is there a network, or a proxy?")
        )


def _why(error: UnansweredError) -> str | Phrase:
    if isinstance(error, BrokenError):
        return error.phrase
    return Phrase("{what} within {limit:g} s", what=error.phrase or Phrase("no answer"), limit=LIMIT_S)


def _endpoint(profile: Profile, reply: Reply) -> Step:
    if 300 <= reply.status < 400:
        means = meaning(str(reply.status), reply.status)
        words = Phrase("{endpoint}: {what}", endpoint=profile.endpoint, what=Phrase(means.what))
        return Step("endpoint", "missing", words, Phrase(means.hint))
    if (reply.status < 300 and not _is_functions(reply)) or _is_not_known(reply):
        words = Phrase("{endpoint} answers, but as no FunctionGraph does", endpoint=profile.endpoint)
        return Step("endpoint", "missing", words, _IS_IT_RIGHT)
    return Step("endpoint", "ok", Phrase("{endpoint} answers", endpoint=profile.endpoint))


_IS_IT_RIGHT = Phrase("its address is https://functiongraph.REGION.myhuaweicloud.com")


def _is_functions(reply: Reply) -> bool:
    found = json_object(reply.body) or {}
    return "functions" in found or "versions" in found


def _is_not_known(reply: Reply) -> bool:
    """Whether nobody there has heard of the path, in no words of the service's."""
    return reply.status in _UNKNOWN and error_of(reply.status, reply.body).code == str(reply.status)


_UNKNOWN = frozenset({404, 405})


def _tls(profile: Profile) -> Step:
    if not profile.endpoint.startswith("https://"):
        return Step("tls", "ok", Phrase("none, and none needed: it is this machine"))
    return Step(
        "tls",
        "ok",
        Phrase("its certificate is vouched for by an authority of this system")
        if profile.ca_file is None
        else Phrase("its certificate is vouched for by an authority of this system or of {file}", file=profile.ca_file),
    )


def _clock(reply: Reply, here: datetime) -> Step:
    date = header_of(reply.headers, "date") or ""
    try:
        there = parsedate_to_datetime(date).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        return Step("clock", "warn", Phrase("the answer does not say what time it is there"))
    skew = here - there
    if abs(skew) <= timedelta(seconds=UNNOTICED_S):
        return Step("clock", "ok", Phrase("as there"))
    apart = spell_seconds(abs(skew.total_seconds()))
    words = Phrase("{time} ahead" if skew > timedelta() else "{time} behind", time=apart)
    if abs(skew) >= ALLOWED_SKEW:
        limit = spell_seconds(ALLOWED_SKEW.total_seconds())
        words = Phrase("{words}; signatures are taken up to {limit}", words=words, limit=limit)
        return Step("clock", "missing", words, Phrase("set this machine's clock"))
    return Step("clock", "warn" if abs(skew) >= NOTICED_SKEW else "ok", words)


def _answered(reply: Reply, project: str, profile: str, *, is_late: bool) -> Iterator[Step]:
    """What the answer to a signed request says of who asks, and of the project."""
    if reply.status < 300:
        yield Step("accepted", "ok", _KNOWN)
        yield Step("project", "ok", project)
        yield Step("permission", "ok", Phrase("functions can be listed ({permission})", permission=LISTING))
        return
    error = error_of(reply.status, reply.body)
    said = Phrase("{code} {message}", code=error.code, message=error.message)
    match reply.status:
        case 401:
            way_out = Phrase(
                "set this machine's clock first" if is_late else "are the keys, or the token, whole and still valid?"
            )
            yield Step("accepted", "missing", said, way_out)
        case 403:
            yield Step("accepted", "ok", _KNOWN)
            words = Phrase("{said}, in project {project}", said=said, project=project)
            yield Step("permission", "missing", words, _ASK_FOR)
        case 400 | 404:
            yield Step("accepted", "ok", _KNOWN)
            words = Phrase("{project}: {said}", project=project, said=said)
            yield Step("project", "missing", words, Phrase("is it the id of a project in this region?"))
        case _:
            means = meaning(error.code, reply.status)
            hint = Phrase(means.hint, profile=profile_word(profile)) if means.hint else ""
            yield Step("accepted", "warn", Phrase("not told: {said}", said=said), hint)


_KNOWN = Phrase("the service knows who calls")
_ASK_FOR = Phrase(
    "is the project theirs, and may they list its functions ({permission})? a call takes functiongraph:function:invoke",
    permission=LISTING,
)
