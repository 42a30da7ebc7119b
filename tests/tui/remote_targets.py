"""Deployed functions and endpoints as targets, without anybody to answer there."""

from __future__ import annotations

from fgtui.invoke.credentials import Keys
from fgtui.invoke.model import Profile, RemoteTarget
from fgtui.invoke.urns import Urn

PROJECT = "0123456789abcdef0123456789abcdef"


class Someone:
    """A source of keys that says whose they are."""

    def __init__(self, identity: str = "keys of the environment (AKEX…)") -> None:
        self.identity = identity

    def get(self) -> Keys:
        return Keys("AKEXAMPLE", "not-a-secret")


def a_remote_target(
    *,
    name: str | None = "production",
    package: str = "default",
    version: str = "latest",
    guard: bool = False,
    endpoint: str = "https://functiongraph.cn-north-4.myhuaweicloud.com",
    identity: str = "keys of the environment (AKEX…)",
) -> RemoteTarget:
    urn = Urn("cn-north-4", PROJECT, package, "thumbnail", version)
    profile = Profile("prod", endpoint, None, Someone(identity), guard)
    return RemoteTarget(str(urn), urn, profile, name=name)
