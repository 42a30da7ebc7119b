"""Where a region's services are, and which addresses credentials may be sent to (runtime.md section 8.1)."""

from __future__ import annotations

from fgtui.errors import TargetError
from fgtui.invoke.addresses import checked, parts_of, shown, travels_in_clear
from fgtui.regex import regex

HUAWEI_CLOUD = (
    "ae-ad-1", "af-south-1", "ap-southeast-1", "ap-southeast-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5",
    "cn-east-2", "cn-east-3", "cn-east-4", "cn-north-1", "cn-north-4", "cn-north-9", "cn-north-11", "cn-south-1",
    "cn-south-4", "cn-southwest-2", "cn-southwest-3", "eu-west-101", "la-north-2", "la-south-2", "me-east-1",
    "my-kualalumpur-1", "na-mexico-1", "ru-moscow-1", "sa-brazil-1", "tr-west-1",
)  # fmt: skip
OPEN_TELEKOM_CLOUD = ("eu-de", "eu-nl")
HOW_TO_SPELL = "spell it https://functiongraph.REGION.myhuaweicloud.com; plain http is for this machine"

_SERVICE = "https://functiongraph."
_OF_A_REGION = regex(r"https://functiongraph\.([a-z0-9-]{1,60})\.(?:myhuaweicloud\.com|otc\.t-systems\.com)")


def of_region(region: str) -> str | None:
    """The endpoint of FunctionGraph in ``region``; ``None`` where nobody has said which: a host is never guessed."""
    if region in HUAWEI_CLOUD:
        return f"{_SERVICE}{region}.myhuaweicloud.com"
    if region in OPEN_TELEKOM_CLOUD:
        return f"{_SERVICE}{region}.otc.t-systems.com"
    return None


def iam_beside(endpoint: str) -> str | None:
    """Where tokens for ``endpoint`` are issued: ``iam`` in place of ``functiongraph``; ``None`` of other names."""
    return f"https://iam.{endpoint.removeprefix(_SERVICE)}" if endpoint.startswith(_SERVICE) else None


def region_of(endpoint: str) -> str | None:
    """The region whose endpoint this is, one that came after this list included; ``None`` of other people's hosts."""
    found = _OF_A_REGION.fullmatch(endpoint)
    return None if found is None else found[1]


def endpoint(spec: str) -> str:
    """``https://host[:port]`` of what a person spelled. ``TargetError`` where credentials must not be sent."""
    if not spec.lower().startswith(("https://", "http://")):
        raise TargetError("{spec} is no endpoint", spec=shown(spec), hint=HOW_TO_SPELL)
    url = checked(spec)
    parts = parts_of(url)
    if parts.path not in {"", "/"} or "?" in url:
        raise TargetError("{spec} is more than an endpoint: leave out what follows the host", spec=shown(spec))
    if travels_in_clear(url):
        raise TargetError(
            "{spec} would carry credentials in clear; they travel over https only", spec=shown(spec), hint=HOW_TO_SPELL
        )
    return parts.origin
