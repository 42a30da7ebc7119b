"""The triggers this installation knows: packaged folders first, a person's own after them (design, section 3).

The only reader of trigger folders. A folder that cannot be read is named in ``Catalogue.problems`` and left out;
the others stand. Rules, schemas and templates are read when somebody asks for them: listing triggers is a start-up
path.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from fgtui.errors import EventError, FgtuiError, UsageError
from fgtui.events.tables import TRIGGER_FILE, Table
from fgtui.records import Record
from fgtui.words import Names, Phrase, nearest

if TYPE_CHECKING:
    from fgtui.events.model import JsonSchema
    from fgtui.events.rules import Rules

Mode = Literal["synchronous", "asynchronous", "either"]
"""How FunctionGraph calls a function for a trigger; ``either`` where it can be chosen or the sources disagree."""
MODES: tuple[Mode, ...] = ("synchronous", "asynchronous", "either")

DEFAULT = "default"
SCHEMA_FILE = "schema.json"
BLANK = "blank"
"""The trigger of every event that no other one recognises."""

RULE_TABLES = ("recognise", "fresh", "event_types", "base64_flags", "carries")
"""The tables of a trigger.toml that ``fgtui.events.rules`` reads; they come last in the file."""

_TRIGGER_LIMIT = 256 * 1024
_SCHEMA_LIMIT = 4 * 1024 * 1024
_TEMPLATE_LIMIT = 64 * 1024 * 1024
"""Bytes. An event has at most 64 MiB (reliability: limits)."""
_FOLDER_LIMIT = 1000
"""Entries looked at in one folder; with more it is not somebody's collection of triggers."""
_NAME_LIMIT = 64
_OWN_ORDER = 1000
"""Where a person's triggers stand unless they say otherwise: after the packaged ones."""


class Template(Record):
    """A named, read-only starting event of a trigger; the first is ``default``."""

    trigger: str
    name: str
    title: str
    title_zh: str
    file: Path
    source: str
    """Where the event was published, or what it was inferred from."""
    date: str
    """Of that edition or capture as far as it is known: ``2021``, ``2021-09``, ``2021-11-18``; else empty."""

    @property
    def text(self) -> str:
        """The event, read anew each time; EventError names the file."""
        from fgtui.events.text import read_bytes

        return read_bytes(_read(_inside(self.file), _TEMPLATE_LIMIT), str(self.file))


class Details:
    """The part of a trigger folder that is read when first asked for, and then kept."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @cached_property
    def rules(self) -> Rules:
        """What trigger.toml says about telling and renewing events; EventError says what is wrong with it."""
        from fgtui.events.rules import read_rules

        return read_rules(Table(_parse(self._folder / TRIGGER_FILE)))

    @cached_property
    def schema(self) -> tuple[JsonSchema, EventError | None]:
        """The schema, or an empty one and why."""
        file = self._folder / SCHEMA_FILE
        if not os.path.lexists(file):
            return {}, None
        try:
            return _schema(file), None
        except EventError as error:
            return {}, error


class Trigger(Record):
    """A kind of event source: its names, how it calls, how to tell its events, and what they look like."""

    key: str
    name: str
    name_zh: str
    mode: Mode
    summary: str
    """What fires it."""
    summary_zh: str
    documentation: str
    """The official page, by title and page id."""
    templates: tuple[Template, ...]
    """``default`` first."""
    folder: Path
    builtin: bool
    order: int
    codes: tuple[str, ...]
    """Its trigger types in the management API."""
    details: Details

    def template(self, name: str = DEFAULT) -> Template:
        """The template called ``name``; UsageError names the nearest one."""
        for template in self.templates:
            if template.name == name:
                return template
        names = [template.name for template in self.templates]
        raise UsageError(
            "{trigger} has no template {name}",
            hint="did you mean {nearest}?" if nearest(name, names) else "its templates: {templates}",
            trigger=self.key,
            name=name,
            nearest=nearest(name, names),
            templates=Names(names),
        )

    @property
    def schema(self) -> JsonSchema:
        """Its JSON Schema; empty where there is none or it is broken."""
        return self.details.schema[0]

    @property
    def schema_problem(self) -> EventError | None:
        """Why its schema file says nothing, where it is there and does not."""
        return self.details.schema[1]

    @property
    def rules(self) -> Rules:
        """How to tell, renew and repeat its events."""
        return self.details.rules


class Catalogue:
    """All triggers of some folders of trigger folders; a later folder's trigger replaces an earlier one of its key.

    A person's own folders are read at once. Of the packaged ones, which come before them, a single trigger is read
    alone until somebody asks for all.
    """

    def __init__(self, roots: Sequence[Path]) -> None:
        packaged = samples_root()
        self._packaged = [packaged / "events"] if packaged in roots else []
        self._known: dict[str, Trigger] = {}
        """Packaged triggers that were read."""
        self._all_known = False
        self._own: dict[str, Trigger] = {}
        problems: list[Phrase] = []
        for folder in _all_trigger_folders([root for root in roots if root != packaged], problems):
            self._add(folder, self._own, problems, builtin=False)
        self.own_problems: tuple[Phrase, ...] = tuple(problems)
        """A person's folders that are left out, in words."""

    @property
    def triggers(self) -> tuple[Trigger, ...]:
        """Every trigger, in the catalogue's order."""
        return self._everything[0]

    @property
    def problems(self) -> tuple[Phrase, ...]:
        """Folders that are left out, in words."""
        return self._everything[1]

    @cached_property
    def _everything(self) -> tuple[tuple[Trigger, ...], tuple[Phrase, ...]]:
        problems: list[Phrase] = []
        for folder in _all_trigger_folders(self._packaged, problems):
            if folder.name not in self._known:
                self._add(folder, self._known, problems, builtin=True)
        self._all_known = True
        triggers = {**self._known, **self._own}.values()
        return tuple(sorted(triggers, key=lambda each: (each.order, each.key))), (*problems, *self.own_problems)

    def _add(self, folder: Path, to: dict[str, Trigger], problems: list[Phrase], *, builtin: bool) -> None:
        try:
            trigger = _trigger(folder, builtin=builtin)
        except FgtuiError as error:
            why = Phrase(error.message, error.values)
            problems.append(Phrase("{folder}: {reason}", folder=str(folder), reason=why))
        else:
            to[trigger.key] = trigger

    def find(self, key: str) -> Trigger | None:
        """The trigger called ``key``, if there is one."""
        if not (self._all_known or key in self._own or key in self._known):
            for folder in _all_trigger_folders(self._packaged, []):
                if folder.name == key:
                    self._add(folder, self._known, [], builtin=True)
        return self._own.get(key) or self._known.get(key)

    def get(self, key: str) -> Trigger:
        """The trigger called ``key``; UsageError names the nearest one."""
        found = self.find(key)
        if found is not None:
            return found
        keys = [trigger.key for trigger in self.triggers]
        raise UsageError(
            "no trigger is called {key}",
            hint="did you mean {nearest}?" if nearest(key, keys) else "the triggers: {triggers}",
            key=key,
            nearest=nearest(key, keys),
            triggers=Names(keys),
        )


def samples_root() -> Path:
    """The folder of packaged samples: inside an installed package, else the checkout's ``samples/``."""
    package = Path(__file__).parent.parent
    packaged = package / "_samples"
    return packaged if packaged.is_dir() else package.parent / "samples"


# Folders and files. A name found on disk is a key or a title, never a way to somewhere else.


def _all_trigger_folders(folders: Sequence[Path], problems: list[Phrase]) -> Iterator[Path]:
    return chain.from_iterable(_trigger_folders(folder, problems) for folder in folders)


def _trigger_folders(folder: Path, problems: list[Phrase]) -> Iterator[Path]:
    """The folders in ``folder`` that could be triggers, by name; a folder that is not there has none."""
    try:
        entries = _entries(folder)
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        problems.append(Phrase("{folder}: {reason}", folder=str(folder), reason=error.strerror or str(error)))
        return
    if len(entries) > _FOLDER_LIMIT:
        message = "{folder}: only {limit} of its entries were looked at"
        problems.append(Phrase(message, folder=str(folder), limit=_FOLDER_LIMIT))
    for entry in entries[:_FOLDER_LIMIT]:
        if entry.name.startswith(".") or not entry.is_dir():
            continue  # notes, swap files and the like
        if not _is_name(entry.name):
            message = "{folder}: a trigger's name is made of letters, digits, - and _, at most {limit} of them"
            problems.append(Phrase(message, folder=entry.path, limit=_NAME_LIMIT))
        elif entry.is_symlink() and _leads_out(entry.path):
            problems.append(Phrase("{folder}: it is a link that leads elsewhere", folder=entry.path))
        else:
            yield folder / entry.name


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    """What is in ``folder``, by name; one more than the limit at most."""
    with os.scandir(folder) as entries:
        found = [entry for _, entry in zip(range(_FOLDER_LIMIT + 1), entries, strict=False)]
    return sorted(found, key=lambda entry: entry.name)


def _is_name(name: str) -> bool:
    return 0 < len(name) <= _NAME_LIMIT and name.replace("-", "").replace("_", "").isalnum()


def _leads_out(path: str) -> bool:
    """Whether ``path``, every link followed, stands no longer in its folder."""
    return os.path.dirname(os.path.realpath(path)) != os.path.realpath(os.path.dirname(path))  # noqa: PTH120


def _inside(file: Path) -> Path:
    """``file``; EventError where it is a link out of its folder."""
    if file.is_symlink() and _leads_out(str(file)):
        raise EventError("{file} is a link that leads elsewhere", file=file.name)
    return file


def _read(file: Path, limit: int) -> bytes:
    """The bytes of a regular file; EventError says in words why not. Never waits for a pipe or device."""
    try:
        descriptor = os.open(file, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as stream:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise EventError("{file} is no regular file", file=str(file))
            data = stream.read(limit + 1)
    except OSError as error:
        raise EventError(
            "{file} cannot be read: {reason}", file=str(file), reason=error.strerror or str(error)
        ) from error
    if len(data) > limit:
        raise EventError("{file} is larger than {limit} bytes", file=str(file), limit=limit)
    return data


def _schema(file: Path) -> JsonSchema:
    from fgtui.events.text import read_bytes, scan

    document = scan(read_bytes(_read(_inside(file), _SCHEMA_LIMIT), str(file)))
    try:
        document.wire()
    except EventError as error:
        raise EventError(
            "{place}: {reason}",
            line=error.line,
            column=error.column,
            place=f"{file}:{error.line}:{error.column}",
            reason=Phrase(error.message, error.values),
        ) from error
    schema = document.value()
    if not isinstance(schema, dict):
        raise EventError("{file} is no JSON Schema: its outermost value is no object", file=str(file))
    return schema


# trigger.toml


def _trigger(folder: Path, *, builtin: bool) -> Trigger:
    """The trigger of one folder; EventError says what is wrong with it."""
    file = folder / TRIGGER_FILE
    table = Table(_parse(file, names_only=builtin))
    key = table.text("key", folder.name)
    if key != folder.name:
        raise EventError("its key is {key}, which is not the folder's name", key=key)
    name = table.text("name", key)
    summary = table.text("summary")
    trigger = Trigger(
        key=key,
        name=name,
        name_zh=table.text("name_zh", name),
        mode=_mode(table.text("mode", "either")),
        summary=summary,
        summary_zh=table.text("summary_zh", summary),
        documentation=table.text("documentation"),
        templates=_templates(key, folder, table.table("templates")),
        folder=folder,
        builtin=builtin,
        order=table.number("order", _OWN_ORDER),
        codes=table.texts("codes"),
        details=Details(folder),
    )
    if not builtin:  # of the packaged ones the tests know
        for name_of_table in RULE_TABLES:
            table.table(name_of_table)
        table.all_known()
        _ = trigger.rules
    return trigger


def _parse(file: Path, *, names_only: bool = False) -> dict[str, object]:
    """The tables of a trigger.toml; ``names_only`` leaves out ``RULE_TABLES``, half of the work."""
    import tomllib

    data = _read(_inside(file), _TRIGGER_LIMIT)
    try:
        text = data.decode()
        for name in RULE_TABLES if names_only else ():
            text = text.partition(f"\n[{name}]")[0]
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # no UTF-8, no TOML, or nested beyond reason
        raise EventError("{file} is no TOML: {reason}", file=file.name, reason=str(error)) from error


def _mode(text: str) -> Mode:
    for mode in MODES:
        if mode == text:
            return mode
    raise EventError("its mode is {mode}, which is none of {modes}", mode=text, modes=Names(MODES))


def _templates(key: str, folder: Path, told: Table) -> tuple[Template, ...]:
    """The events of ``folder``: ``default``, then those that ``[templates]`` tells of, then the others by name."""
    entries = {
        entry.name.removesuffix(".json"): entry
        for entry in _entries(folder)
        if entry.name.endswith(".json") and entry.name != SCHEMA_FILE and not entry.name.startswith(".")
    }
    for name in (DEFAULT, *told):
        if name not in entries:
            raise EventError("it has no {file}", file=f"{name}.json")
    return tuple(
        _template(key, name, entries[name], folder, told.table(name))
        for name in dict.fromkeys((DEFAULT, *told, *entries))
    )


def _template(key: str, name: str, entry: os.DirEntry[str], folder: Path, about: Table) -> Template:
    if not _is_name(name):
        message = "a template's name is made of letters, digits, - and _, at most {limit} of them; not {name}"
        raise EventError(message, name=name, limit=_NAME_LIMIT)
    if entry.is_symlink():
        _inside(folder / entry.name)
    if not entry.is_file():
        raise EventError("{file} is no regular file", file=entry.name)
    title = about.text("title", name)
    template = Template(
        trigger=key,
        name=name,
        title=title,
        title_zh=about.text("title_zh", title),
        file=folder / entry.name,
        source=about.text("source"),
        date=about.text("date"),
    )
    about.all_known()
    return template
