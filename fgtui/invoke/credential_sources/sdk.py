"""Where the official SDK looks for keys: its variables, then its file of credentials."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from fgtui.errors import ConfigError
from fgtui.files import open_regular
from fgtui.invoke.credential_sources import checked
from fgtui.invoke.credential_sources.kept import Fetched, Hears, KeptSource, Patience
from fgtui.invoke.credential_sources.references import Reference, ReferredKeys
from fgtui.invoke.credentials import USUAL_VARIABLES, Credentials, CredentialSource, Keys
from fgtui.words import Phrase

ACCESS_KEY, SECRET_KEY, SECURITY_TOKEN = USUAL_VARIABLES
PROJECT = "HUAWEICLOUD_SDK_PROJECT_ID"
FILE = "HUAWEICLOUD_SDK_CREDENTIALS_FILE"
SECTION = "basic"
FILE_LIMIT = 1 << 16
"""Bytes."""
_SHAPE = "it holds a line [basic], then ak = … and sk = …, of temporary keys security_token = … too"
_WHERE_ELSE = (
    "export HUAWEICLOUD_SDK_AK=… and HUAWEICLOUD_SDK_SK=…, or name the keys of a profile as references "
    "(fgtui help profiles)"
)


def usual_source(
    environment: Mapping[str, str], *, now: Callable[[], datetime], hears: Hears
) -> tuple[CredentialSource, str | None]:
    """Where the SDK would take keys from here, and the project it would take with them."""
    if environment.get(ACCESS_KEY) or environment.get(SECRET_KEY):
        keys = [Reference(Phrase("the call"), name) for name in (ACCESS_KEY, SECRET_KEY, SECURITY_TOKEN)]
        token = keys[2] if environment.get(SECURITY_TOKEN) else None
        source = ReferredKeys(keys[0], keys[1], token, environment, now=now, hears=hears)
        return source, environment.get(PROJECT) or None
    file = FileKeys(usual_file(environment), now=now, hears=hears, is_usual=True)
    return file, file.project()


def usual_file(environment: Mapping[str, str]) -> Path:
    """The SDK's file of credentials."""
    named = environment.get(FILE)
    return Path(named) if named else Path(environment.get("HOME") or "~").expanduser() / ".huaweicloud" / "credentials"


class FileKeys(KeptSource):
    """Keys in a file as the SDK reads it, read again when it changes."""

    def __init__(self, file: Path, *, now: Callable[[], datetime], hears: Hears, is_usual: bool = False) -> None:
        super().__init__(now=now, hears=hears)
        self._file = file
        self._is_usual = is_usual
        """Looked into because nothing else was named."""
        self._stamp: tuple[int, ...] = ()

    def project(self) -> str | None:
        """The project id that the file names besides, if it can be read."""
        try:
            return self._section().get("project_id") or None
        except ConfigError:
            return None

    def _fetch(self, patience: Patience) -> Fetched:
        stamp = self._stamped()  # before it is read
        section = self._section()
        access_key, secret_key = (self._value(section, name) for name in ("ak", "sk"))
        token = self._value(section, "security_token") if section.get("security_token") else None
        self._stamp = stamp
        return Fetched(Keys(access_key, secret_key, token))

    def _has_changed(self) -> bool:
        return self._stamped() != self._stamp

    def _describe(self, credentials: Credentials | None) -> Phrase:
        who: str | Phrase
        if credentials is None:
            if self._is_usual and not os.path.lexists(self._file):
                sentence = "nobody: {variable} is not set, and there is no {place}"
                return Phrase(sentence, variable=ACCESS_KEY, place=self._file)
            try:
                access_key = self._section().get("ak", "")
            except ConfigError:
                return Phrase("AK from {place}, which gives none", place=self._file)
            who = checked.short(access_key)
        else:
            who = checked.whose(credentials)
        can_be_read = self._mode() & 0o044
        return Phrase(
            "{who} from {place} (others can read it: chmod 600)" if can_be_read else "{who} from {place}",
            who=who,
            place=self._file,
        )

    def _value(self, section: Mapping[str, str], name: str) -> str:
        if name not in section:
            raise self._error(
                "no {name} in [{section}] (it names an identity provider, which is not supported here)"
                if "idp_id" in section
                else "no {name} in [{section}]",
                name=name,
                section=SECTION,
            )
        return checked.text(section[name], place=f"{self._file}: {name}")

    def _section(self) -> dict[str, str]:
        """``[basic]``. What the parser says is never repeated: it quotes lines."""
        import configparser

        parser = configparser.ConfigParser()
        try:
            parser.read_string(self._text())
            return dict(parser.items(SECTION))
        except configparser.NoSectionError:
            raise self._error("no section [{section}]", section=SECTION) from None
        except configparser.InterpolationError:
            raise self._error("a % of a value is spelled %%") from None
        except configparser.Error as error:
            found = getattr(error, "errors", None)
            line = found[0][0] if found else getattr(error, "lineno", 1)
            raise self._error("line {line} is not of the form name = value, or is there twice", line=line) from None

    def _text(self) -> str:
        try:
            stream = open_regular(self._file)
            if stream is None:
                raise self._error("not a regular file")
            with stream:
                if os.fstat(stream.fileno()).st_mode & 0o002:
                    raise self._error(
                        "everybody can write it; the keys of somebody else could be in it",
                        hint="chmod 600 {file}, and look whose keys it holds",
                    )
                data = stream.read(FILE_LIMIT + 1)
            if len(data) > FILE_LIMIT:
                raise self._error("larger than 64 KiB; credentials are not")
            return data.decode("utf-8-sig")
        except FileNotFoundError:
            if self._is_usual:
                raise ConfigError(
                    "nobody to call as: {variable} is not set, and there is no {file}",
                    variable=ACCESS_KEY,
                    file=str(self._file),
                    hint=_WHERE_ELSE,
                ) from None
            raise self._error("there is no such file") from None
        except UnicodeDecodeError as error:
            raise self._error("not UTF-8 at byte {offset}", offset=error.start) from None
        except (OSError, ValueError) as error:
            why = getattr(error, "strerror", None)
            raise self._error("{why}", why=why) if why else self._error("no name for a file") from None

    def _error(self, what: str, *, hint: str = "", **values: object) -> ConfigError:
        file = str(self._file)
        return ConfigError("{file}: {what}", file=file, what=Phrase(what, values), hint=hint or _SHAPE)

    def _stamped(self) -> tuple[int, ...]:
        try:
            found = self._file.stat()
        except (OSError, ValueError):
            return ()
        return found.st_mtime_ns, found.st_size, found.st_ino

    def _mode(self) -> int:
        try:
            return self._file.stat().st_mode
        except (OSError, ValueError):
            return 0
