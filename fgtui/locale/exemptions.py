"""Literals that read like sentences and are said to nobody, or to nobody in their language, each with its reason."""

from __future__ import annotations

import re
from typing import NamedTuple


class Exemption(NamedTuple):
    """What is no sentence of ours."""

    file: str
    """A pattern of file names, from the checkout."""
    reason: str
    texts: str = ""
    """A regular expression that the whole literal matches; all of the file without one."""

    def holds(self, text: str) -> bool:
        """Whether ``text``, or with ``""`` the file as a whole, is exempt."""
        return not self.texts if not text else bool(not self.texts or re.fullmatch(self.texts, text, re.DOTALL))


EXEMPT = (
    Exemption("fgtui/locale/*", "a tool of translators and its reasons; findings are English ids said by doctor"),
    Exemption("fgtui/invoke/hosts/*", "runs beside the handler; its words are logs, recorded in English"),
    Exemption("fgtui/cli/reference.py", "the README, which is English"),
    Exemption("fgtui/cli/completion_scripts.py", "programs for shells"),
    Exemption(
        "fgtui/sessions/storage/*",
        "SQL",
        r"\s*(SELECT|INSERT|UPDATE|DELETE|CREATE|WITH|PRAGMA|ALTER|DROP|BEGIN|VACUUM|ATTACH|DETACH|FROM|WHERE|AND|ORDER|INDEX|LEFT|EXISTS)\b.*",
    ),
)
