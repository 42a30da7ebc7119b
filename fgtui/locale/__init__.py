"""The words of other languages: catalogues a translator can edit, and what reads and renews them.

``zh_CN/AREA.po`` are plain gettext files (Poedit opens them), read as they are; ``python -m fgtui.locale.extract``
renews them from the source. Nothing here is imported while English is spoken.
"""

from __future__ import annotations

from collections.abc import Mapping

FOLDERS = {"zh": "zh_CN"}
"""Where the catalogues of a language lie, beside this file."""


def read_catalogue(language: str) -> Mapping[str, str]:
    """English sentence → the same in ``language``, as far as somebody has translated it.

    A file that is missing, damaged or of another language gives nothing: its sentences are said in English, and
    ``fgtui doctor`` says why.
    """
    from fgtui.locale.reading import Catalogues

    return Catalogues(FOLDERS[language]) if language in FOLDERS else {}
