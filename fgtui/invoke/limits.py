"""What a function may be given, and what one call of it may ask for (runtime.md section 8.8)."""

from __future__ import annotations

LEAST_TIMEOUT_S, MOST_TIMEOUT_S = 0.01, 259_200
"""Seconds. The least is fgtui's own, for tests of what a timeout does."""
LEAST_MEMORY_MB, MOST_MEMORY_MB = 32, 10_240
"""The least is fgtui's own: a handler on this machine needs none of the platform's sizes."""
MEMORY_SIZES = (128, 256, 512, 768, 1024, 1280, 1536, 1792, 2048, 2560, 3072, 3584, 4096, 8192, MOST_MEMORY_MB)
"""MB that one call of a deployed function may ask for."""
