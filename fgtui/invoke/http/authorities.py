"""Certificates of authorities that are trusted besides the system's: what a ``ca_file`` of the settings names."""

from __future__ import annotations

import ssl
from pathlib import Path

from fgtui.files import open_regular
from fgtui.invoke.http.connection_words import no_certificates, unreadable_certificates
from fgtui.words import Phrase

MOST_TRUSTED = 8 * 1024 * 1024
"""Bytes of a file of certificates; those of all the world's authorities take a quarter of one million."""


def trust(context: ssl.SSLContext, file: Path) -> Phrase | None:
    """Let ``context`` trust the authorities of ``file`` too; why that cannot be."""
    try:
        context.load_verify_locations(cadata=_regular_content(file).decode("ascii"))
    except (ssl.SSLError, ValueError):  # ValueError: other characters, too many of them, or nothing at all
        return no_certificates(file)
    except OSError as error:
        return unreadable_certificates(file, error)
    return None


def why_not(file: Path) -> Phrase | None:
    """Why the authorities of ``file`` cannot be trusted; ``None`` where they can."""
    return trust(ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT), file)


def _regular_content(file: Path) -> bytes:
    """Of a file that nobody has to write to first. ``OSError``, and ``ValueError`` for more than authorities take."""
    stream = open_regular(file)
    if stream is None:
        raise OSError(0, "is a directory" if file.is_dir() else "is no regular file")
    with stream:
        content = stream.read(MOST_TRUSTED + 1)
    if len(content) > MOST_TRUSTED:
        raise ValueError
    return content
