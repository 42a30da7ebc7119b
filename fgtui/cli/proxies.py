"""The variables that name proxies, as they may be shown."""

from __future__ import annotations

from collections.abc import Mapping

VARIABLES = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy")


def proxies_set(environment: Mapping[str, str]) -> dict[str, str]:
    """Those that are set, without names and passwords."""
    return {name: _without_password(environment[name]) for name in VARIABLES if environment.get(name)}


def _without_password(url: str) -> str:
    before, sign, host = url.rpartition("@")
    if not sign:
        return url
    scheme, slashes, _ = before.partition("://")
    return f"{scheme}{slashes}…@{host}" if slashes else f"…@{host}"
