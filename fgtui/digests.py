"""Two functions of ``hashlib`` without importing it: that loads OpenSSL, which takes longer than all a send digests."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hashlib import blake2b, sha256

__all__ = ["blake2b", "sha256"]


def _function(name: str, module: str) -> Any:
    """The interpreter's own implementation; whoever builds Python may leave it out."""
    try:
        return getattr(import_module(module), name)
    except (ImportError, AttributeError):
        return getattr(import_module("hashlib"), name)


if not TYPE_CHECKING:
    blake2b = _function("blake2b", "_blake2")
    sha256 = _function("sha256", "_sha2" if sys.version_info >= (3, 12) else "_sha256")
