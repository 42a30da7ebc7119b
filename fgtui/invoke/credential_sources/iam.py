"""Tokens from IAM: a user's password becomes a token for one project (runtime.md section 8.7)."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fgtui.errors import ConfigError
from fgtui.invoke.credential_sources import checked
from fgtui.invoke.credential_sources.kept import Fetched, Hears, KeptSource, Patience
from fgtui.invoke.credential_sources.references import KEYRING_LIMIT_S, Reference
from fgtui.invoke.credentials import Credentials, Token
from fgtui.invoke.headers import header_of
from fgtui.invoke.http.errors import BrokenError, LateError, StoppedError
from fgtui.invoke.service.client import USER_AGENT
from fgtui.invoke.service.errors import error_of
from fgtui.records import Record
from fgtui.words import Phrase

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fgtui.invoke.http.transport import Reply, Transport

PATH = "/v3/auth/tokens"
ASSUMED_LIFE = timedelta(hours=1)
"""Of a token that does not say how long it lives; IAM's live 24 hours."""
_QUOTED = 3
"""Times that JSON may stand in JSON."""
_UNSCOPED = "name the profile's project, or a function by its whole URN"


class User(Record):
    """Who asks for tokens, and what they are to be good for: a project, or else the region's own."""

    name: str
    domain: str
    password: Reference
    project_id: str | None = None
    region: str | None = None


class IamTokens(KeptSource):
    """A user's tokens, each kept until shortly before it expires."""

    _limit_s = KEYRING_LIMIT_S  # the password may be there

    def __init__(
        self,
        user: User,
        endpoint: str,
        environment: Mapping[str, str],
        *,
        transport: Callable[[], Transport],
        now: Callable[[], datetime],
        hears: Hears,
        ca_file: Path | None = None,
    ) -> None:
        super().__init__(now=now, hears=hears)
        self._user = user
        self._endpoint = endpoint
        self._environment = environment
        self._transport = transport
        self._ca_file = ca_file

    def _describe(self, credentials: Credentials | None) -> Phrase:
        host = self._endpoint.partition("://")[2]
        return Phrase("user {name} of {domain}, by {host}", name=self._user.name, domain=self._user.domain, host=host)

    def _fetch(self, patience: Patience) -> Fetched:
        password = self._user.password.resolved(self._environment, patience)
        if not password:
            raise ConfigError("{wanted_by} is empty", wanted_by=self._user.password.wanted_by)
        self._hears(password)
        reply = self._ask(json.dumps(_request(self._user, password)).encode(), patience)
        if reply.status != 201:
            raise self._refused(reply, password)
        token = header_of(reply.headers, "x-subject-token")
        if not token:
            raise self._error("IAM at {endpoint} answered without a token", hint="is it IAM? see iam_endpoint")
        return Fetched(Token(checked.text(token, place=Phrase("the token from IAM"))), _expiry(reply.body, self._now()))

    def _ask(self, body: bytes, patience: Patience) -> Reply:
        """Nothing that goes wrong here has run anything."""
        try:
            return self._transport().send(
                "POST",
                self._endpoint + PATH,
                [("Content-Type", "application/json"), ("User-Agent", USER_AGENT)],
                body,
                timeout_s=patience.left_s,
                cancelled=patience.cancelled,
                ca_file=self._ca_file,
            )
        except StoppedError:
            raise StoppedError from None
        except BrokenError as error:
            raise BrokenError(Phrase("IAM at {endpoint}: {why}", endpoint=self._endpoint, why=error.phrase)) from None
        except LateError:
            patience.check()
            if patience.is_callers:
                raise LateError from None
            raise self._error(
                "IAM at {endpoint} did not answer in time", hint="try again, or see iam_endpoint"
            ) from None

    def _refused(self, reply: Reply, password: str) -> ConfigError:
        if 300 <= reply.status < 400:
            return self._error(
                "IAM at {endpoint} sends elsewhere (status {status}); passwords follow no redirect",
                status=reply.status,
                hint="name the right address as iam_endpoint",
            )
        body = _without(password, reply.body.decode("utf-8", "surrogateescape"))  # before anything is cut off
        said = _without(password, error_of(reply.status, body.encode("utf-8", "surrogateescape")).message)
        if reply.status in {400, 401, 403, 404}:
            return self._error(
                "IAM at {endpoint} gives {user} of {domain} no token (status {status}): {said}",
                user=self._user.name,
                domain=self._user.domain,
                status=reply.status,
                said=said,
                hint="check iam_user, iam_domain, what {wanted_by} refers to, and the project",
                wanted_by=self._user.password.wanted_by,
            )
        return self._error(
            "IAM at {endpoint} gave no token (status {status}): {said}",
            status=reply.status,
            said=said,
            hint="try again later, or see iam_endpoint",
        )

    def _error(self, message: str, *, hint: str, **values: object) -> ConfigError:
        return ConfigError(message, hint=hint, endpoint=self._endpoint, **values)


def _without(password: str, text: str) -> str:
    """``text`` that repeats no password, not even in JSON that stands in JSON, as what quotes a request has it."""
    spellings = {password}
    for _ in range(_QUOTED):
        spellings |= {json.dumps(each, ensure_ascii=is_ascii)[1:-1] for each in spellings for is_ascii in (True, False)}
    for spelling in sorted(spellings, key=len, reverse=True):
        text = text.replace(spelling, "…")
    return text


def _request(user: User, password: str) -> dict[str, Any]:
    named = {"name": user.name, "password": password, "domain": {"name": user.domain}}
    if user.project_id is not None:
        project = {"id": user.project_id}
    elif user.region is not None:
        project = {"name": user.region}  # each region has a project of its name
    else:
        raise ConfigError("a token is for one project, and nothing says for which", hint=_UNSCOPED)
    identity = {"methods": ["password"], "password": {"user": named}}
    return {"auth": {"identity": identity, "scope": {"project": project}}}


def _expiry(body: bytes, now: datetime) -> datetime:
    try:
        said = datetime.fromisoformat(json.loads(body)["token"]["expires_at"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return now + ASSUMED_LIFE
    return said if said.tzinfo is not None else said.replace(tzinfo=UTC)
