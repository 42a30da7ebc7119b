"""How large an event may be for the service to take it (events.md, Limits; runtime.md section 8.8)."""

from __future__ import annotations

SYNCHRONOUS_LIMIT = 6 * 1024 * 1024
"""Bytes of wire text in a synchronous call …"""
ASYNCHRONOUS_LIMIT = 256 * 1024
"""… and in an asynchronous one."""
