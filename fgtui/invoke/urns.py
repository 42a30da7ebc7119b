"""URNs of deployed functions (runtime.md section 8.5)."""

from __future__ import annotations

from fgtui.records import Record

LATEST = "latest"
DEFAULT_PACKAGE = "default"


class Urn(Record):
    """``urn:fss:<region>:<project>:function:<package>:<name>[:<version>|:!<alias>]``, complete."""

    region: str
    project_id: str
    package: str
    function: str
    version: str = LATEST
    """``latest``, a published name, or ``!`` and an alias."""

    def __str__(self) -> str:
        return f"urn:fss:{self.region}:{self.project_id}:function:{self.package}:{self.function}:{self.version}"
