"""Builds catalogue, store and invoker from settings, each when it is first used: what a front end is handed.

Both front ends choose targets, ask for consent and record through here, so that they cannot differ.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fgtui import paths
from fgtui.errors import ConfigError, QueryError, StoreError, UsageError
from fgtui.records import Record, replace
from fgtui.targets.choosing import Targets
from fgtui.words import Phrase, english

if TYPE_CHECKING:  # what only annotations need would double the start of `fgtui triggers`
    from fgtui.config import Settings
    from fgtui.events.catalogue import Catalogue, Trigger
    from fgtui.events.model import Event
    from fgtui.invoke.invoker import Invoker
    from fgtui.invoke.model import Exchange, LocalTarget, Profile, RemoteTarget, Target
    from fgtui.invoke.outcome_words import Sayer
    from fgtui.invoke.service.client import ServiceClient
    from fgtui.invoke.service.profile_check import Step
    from fgtui.serve.recorder import Handled
    from fgtui.serve.serving import ServeOptions, Serving
    from fgtui.sessions.diff.changes import Change
    from fgtui.sessions.diff.comparison import Comparison
    from fgtui.sessions.diff.noise import Noise, SelectionNoise
    from fgtui.sessions.query.expressions import Query
    from fgtui.sessions.query.finding import Found
    from fgtui.sessions.query.processes import Processes
    from fgtui.sessions.recording import Recording
    from fgtui.sessions.redaction.own import OwnSecrets
    from fgtui.sessions.redaction.redactor import Redactor
    from fgtui.sessions.replay.caution import Caution
    from fgtui.sessions.replay.replaying import Selection
    from fgtui.sessions.replay.run import Replay, Run
    from fgtui.sessions.replay.supplying import Supplies
    from fgtui.sessions.store import SessionStore

_FOLDERS = frozenset({"PWD", "OLDPWD"})
"""Variables that a shell sets, and that are no passwords."""


class Recorded(Record):
    """One send: what was received, and what became of recording it."""

    exchange: Exchange
    """As received: shown until the next send, never written."""
    kept: Exchange | None
    """As written: redacted, with its session and number; ``None`` when it was not to be recorded or could not be."""
    problem: StoreError | None = None
    """Why it could not be recorded. The send has happened all the same."""


class Workspace:
    """Everything that belongs to one place of work. Threads may share it."""

    def __init__(self, settings: Settings, environment: Mapping[str, str], *, trust_project: bool = False) -> None:
        self.settings = settings
        self.environment = environment
        self._lock = threading.RLock()
        self.on_leave: Callable[[str], None] | None = None
        """Hears what a pre-stop function printed, on any thread."""
        self._processes_kept: Processes | None = None
        self._given: list[tuple[str, str]] = []
        """Variables that came with a target or an event rather than from the settings; their secrets are kept out of
        recordings.
        """
        self.targets = Targets(
            lambda: self.settings,
            environment,
            trust_project=trust_project,
            transport=lambda: self.invoker.transport,
            hear=self._hear,
        )
        """What can be sent to."""

    @property
    def catalogue(self) -> Catalogue:
        """The triggers known here."""
        with self._lock:
            return self._catalogue

    @property
    def store(self) -> SessionStore:
        """The recordings; nothing is made before the first one."""
        with self._lock:
            return self._store

    @property
    def redactor(self) -> Redactor:
        """The rules of redaction with no store's salt: what they make compares with nothing recorded."""
        with self._lock:
            return self._redactor

    @property
    def invoker(self) -> Invoker:
        """What sends, and keeps handlers warm."""
        with self._lock:
            return self._invoker

    @cached_property
    def _catalogue(self) -> Catalogue:
        from fgtui.events.catalogue import Catalogue

        return Catalogue(self._catalogue_folders)

    @property
    def _catalogue_folders(self) -> list[Path]:
        from fgtui.events.catalogue import samples_root

        return [samples_root(), *paths.event_folders(self.settings.project, self.environment)]

    @property
    def _processes(self) -> Processes:
        with self._lock:
            if self._processes_kept is None:
                from fgtui.sessions.query.processes import Processes

                self._processes_kept = Processes()
            return self._processes_kept

    @cached_property
    def _store(self) -> SessionStore:
        from fgtui.sessions.store import SessionStore

        return SessionStore(self.settings.store, self._redactor)

    @cached_property
    def _redactor(self) -> Redactor:
        from fgtui.sessions.redaction.redactor import Redactor

        return Redactor(self.settings.redaction_keys, known=self._resolved, also=self._own_secrets())

    @cached_property
    def _resolved(self) -> OwnSecrets:
        """Credentials that a profile's source has given, wherever they came from."""
        from fgtui.sessions.redaction.own import OwnSecrets

        return OwnSecrets()

    def _own_secrets(self) -> Iterator[str]:
        """Variables and keys of ours that are secrets by their name, or by that of the variable they refer to: never
        written, wherever the value turns up.
        """
        from fgtui.config import references, resolve
        from fgtui.invoke.credentials import USUAL_VARIABLES
        from fgtui.sessions.redaction.redactor import SHORTEST_KNOWN, is_secret_key

        named = [
            *(pair for profile in self.settings.profiles.values() for pair in profile.secrets()),
            *(pair for target in self.settings.targets.values() for pair in target.environment),
            *(("secret", reference) for _, reference in self.settings.replay_secrets),
        ]
        secrets = [value for name, value in self._given if is_secret_key(name)]
        secrets += [self.environment.get(name, "") for name in USUAL_VARIABLES]
        for name, value in named:
            secrets += [self.environment.get(each, "") for each in references(value) if is_secret_key(each)]
            if is_secret_key(name) and not value.startswith("${keyring:"):
                try:
                    secrets.append(resolve(value, self.environment, wanted_by=name))
                except ConfigError:
                    continue  # not set here, so it cannot turn up
        yield from (secret for secret in secrets if len(secret) >= SHORTEST_KNOWN)

    @cached_property
    def _invoker(self) -> Invoker:
        from fgtui.invoke.invoker import Invoker

        return Invoker(on_leave=self._left)

    def _left(self, target: LocalTarget, said: str) -> None:
        if self.on_leave is not None:
            self.on_leave(said)

    def renew_settings(self) -> None:
        """Take over what the files of settings say now of targets and replays. ConfigError where they cannot be read.

        What costs next to nothing while they stay as they were: looked at whenever something is compared or supplied.
        """
        from fgtui.config import renewed

        with self._lock:
            self.settings = renewed(self.settings, self.environment)

    # Targets

    def target(
        self, spec: str | None = None, *, environment: Sequence[tuple[str, str]] = (), **overrides: Any
    ) -> Target:
        """See ``Targets.choose``; the secrets among ``environment`` are kept out of recordings."""
        self._given += environment
        return self.targets.choose(spec, environment=environment, **overrides)

    def keep_out(self, names: Iterable[str]) -> None:
        """Keep the values of variables that an event refers to out of recordings, where their name means a secret.

        Before anything is recorded.
        """
        self._given += [(name, self.environment.get(name, "")) for name in names if name not in _FOLDERS]

    def _hear(self, secret: str) -> None:
        """Keep a secret that was resolved out of whatever is written from now on."""
        from fgtui.sessions.redaction.redactor import SHORTEST_KNOWN

        if len(secret) >= SHORTEST_KNOWN:
            with self._lock:
                self._resolved.add(secret)

    def service(self, target: RemoteTarget) -> ServiceClient:
        """What speaks to the service that holds ``target``, as the identity that calls it."""
        from fgtui.invoke.invoker import utc_now
        from fgtui.invoke.service.client import ServiceClient

        return ServiceClient(target.profile, self.invoker.transport, utc_now)

    def check_profile(self, name: str) -> Iterator[Step]:
        """Whether it would do: each step as it is done, over the network, without invoking anything."""
        from fgtui.invoke.invoker import utc_now
        from fgtui.invoke.service.profile_check import check

        profile, urn = self.targets.profile(name), self.targets.function_of(name)
        project = None if urn is None else urn.project_id
        return check(
            profile, transport=self.invoker.transport, environment=self.environment, now=utc_now, project_id=project
        )

    # Sending

    def send(
        self,
        event: Event,
        target: Target,
        *,
        session: str | None = "default",
        replay_of: str | None = None,
        on_log: Callable[[str], None] | None = None,
        on_attach: Callable[[str], None] | None = None,
        cancelled: threading.Event | None = None,
        is_last: bool = False,
        supplies: Supplies | None = None,
    ) -> Recorded:
        """Send ``event`` once, and record the exchange into ``session`` unless that is ``None``.

        ``supplies`` take the places of redacted values; what they supply is neither kept nor given back.

        After the last one the handlers end while the exchange is being recorded, and nobody waits for them later.
        ``UsageError``, before anything is sent, when ``session`` is no name for one.
        """
        if session is not None:
            from fgtui.sessions.store import check_name

            check_name(session)
            self.store.prepare()  # while an interpreter that was prepared starts
        supplied = None if supplies is None else supplies.of(event, self.trigger_of(event))
        exchange = self.invoker.invoke(
            event if supplied is None else supplied.event,
            target,
            replay_of=replay_of,
            on_log=on_log,
            on_attach=on_attach,
            cancelled=cancelled,
        )
        if supplied is not None and supplied.placeholders:
            redactor = self._salted_redactor(needs_store=False)
            exchange = redactor.supplied(supplied.placeholders).apply(replace(exchange, event=event))
        if is_last:
            self.invoker.retire()
        if session is None:
            return Recorded(exchange, None)
        try:
            return Recorded(exchange, self.store.append(session, exchange))
        except StoreError as error:
            return Recorded(exchange, None, error)

    def replay(
        self,
        selection: Selection,
        target: Target,
        replay: Replay,
        *,
        cancelled: threading.Event | None = None,
    ) -> Run:
        """A run that sends ``selection`` to ``target`` once it is iterated over.

        Before anything is sent, ``UsageError`` when ``replay.into`` is no name for a session, and ``StoreError`` when
        nothing can be recorded there.
        """
        from fgtui.sessions.replay.replaying import run

        return run(
            selection,
            target,
            replay if replay.comparison is not None else replace(replay, comparison=self.comparison()),
            redactor=self._salted_redactor(needs_store=replay.into is not None),
            store=self.store,
            invoker=self.invoker,
            trigger_of=self.trigger_of,
            cancelled=cancelled,
        )

    def _salted_redactor(self, *, needs_store: bool) -> Redactor:
        """The store's; where nothing has to be recorded, a store that cannot be read is no hindrance."""
        if needs_store:
            self.store.check()
        try:
            return self.store.redactor
        except StoreError:
            if needs_store:
                raise
            return self._redactor

    def replay_target(self, spec: str | None, selection: Selection, **more: Any) -> Target:
        """``spec``, else ``[replay] target``; ``more`` as in ``target``. What was recorded is named, never used."""
        chosen = spec if spec is not None else self.settings.replay_target
        if spec is None:
            self.targets.require_claimed("replay.target")
        if chosen is None:
            raise UsageError(
                "replay where? it was recorded at {target}",
                target=next(selection.rows()).target if selection.count else Phrase("no target"),
                hint="name one: --target {target}; or name one of [targets] as target in [replay] of fgtui.toml",
            )
        return self.target(chosen, **more)

    def caution(self, target: Target, count: int = 1) -> Caution:
        """What has to be asked before ``count`` events are sent to ``target`` (reliability, sections 7 and 8)."""
        from fgtui.invoke.model import HttpTarget, LocalTarget
        from fgtui.sessions.replay.caution import Caution

        if self.targets.is_guarded(target):
            return Caution.NAME
        if isinstance(target, HttpTarget):
            from fgtui.invoke.addresses import travels_in_clear

            if travels_in_clear(target.url):
                return Caution.YES
        return Caution.YES if count > 1 and not isinstance(target, LocalTarget) else Caution.NONE

    def replay_name(self, session: str, *, newest: bool = False) -> str:
        """A session that is not there yet, for the replay of ``session``; or the ``newest`` that is, if any."""
        from fgtui.sessions.replay.replaying import names_after

        taken = {each.name for each in self.store.sessions()}
        before = None
        for name in names_after(session):
            if name not in taken:
                return before if newest and before is not None else name
            before = name
        raise AssertionError

    def supplies(
        self,
        given: Iterable[str] = (),
        *,
        read_file: Callable[[str], str] = str,
        send_redacted: bool = False,
    ) -> Supplies:
        """Values for redacted places: ``given`` as ``--set`` takes them, then ``[replay.secrets]`` of the settings.

        What the project file names is withheld until somebody agreed to it. ConfigError where a file of settings has
        changed and cannot be read.
        """
        self.renew_settings()
        from fgtui.config import resolve, spell_key
        from fgtui.sessions.replay import supplying

        values = [supplying.given(text, self.environment, read_file) for text in given]
        claimed = {key for key, _ in self.settings.claims} if self.targets.needs_consent() else set()
        withheld = False
        for where, reference in self.settings.replay_secrets:
            name = spell_key("replay", "secrets", where)
            if name in claimed:
                withheld = True
                continue
            try:
                values.append(supplying.referred(where, resolve(reference, self.environment, wanted_by=name)))
            except ConfigError as problem:
                values.append(supplying.referred(where, problem=problem))
        return supplying.Supplies(tuple(values), send_redacted, withheld)

    def serve(
        self,
        target: Target,
        options: ServeOptions,
        *,
        on_recorded: Callable[[Handled], None],
        profile: Profile | None = None,
    ) -> Serving:
        """An endpoint on this machine for ``target``, which answers by now; who asked for it stops it.

        ``on_recorded`` hears of each request once it was answered and, if it is to be, recorded; on one thread. Where
        there is a ``profile``, only those who have its credentials may call the invocation API. ``UsageError`` where
        the address cannot be had, or a route, a name or the session be read.
        """
        from fgtui.served import serve
        from fgtui.sessions.recording_process import RecordingProcess

        recording = None
        if options.session is not None:
            recording = RecordingProcess(self.store, self.redactor, options.session)
        serving = serve(
            target,
            options,
            invoker=self.invoker,
            recording=recording,
            catalogue=self.catalogue,
            tell=on_recorded,
            profile=profile,
            why_not=self._why_not_served(target, options),
        )
        if recording is not None:
            recording.prepare()
        self.invoker.expect(serving.at_once)
        try:
            serving.start()
        except UsageError:
            serving.stop(0.0)
            raise
        return serving

    def _why_not_served(self, target: Target, options: ServeOptions) -> Callable[[], str | None] | None:
        """Says before each call whether the target has got a guard since it is served, which nobody was asked for."""
        from fgtui.invoke.model import LocalTarget

        if options.is_guarded or (isinstance(target, LocalTarget) and target.name is None):
            return None

        def why_not() -> str | None:
            with suppress(ConfigError):  # a file that is being written: what it said before counts
                self.renew_settings()
            if not self.targets.is_guarded(target):
                return None
            return english("{target} is guarded by now: serve it anew, with its name", target=target.spec)

        return why_not

    # Helpers for both front ends

    def trigger_of(self, event: Event) -> Trigger | None:
        """The trigger an event names, or ``None`` when this installation does not know it."""
        return self.catalogue.find(event.trigger)

    def exported(self, recorded: Recorded) -> dict[str, Any]:
        """The exchange as it may leave: as recorded, or redacted the same way when it was not recorded."""
        from fgtui.sessions.format import to_json

        return to_json(recorded.kept or self._redactor.apply(recorded.exchange))

    def report(
        self,
        exchange: Exchange,
        form: str = "markdown",
        *,
        original: Exchange | None = None,
        folder: str = ".",
        tell: Sayer | None = None,
    ) -> str:
        """``exchange`` in one of ``sessions.export.FORMATS``, redacted; see ``render`` there.

        ``original`` is what it repeats, looked for among the recordings where it is not given.
        """
        from fgtui.sessions.diff.changes import compare_outcomes
        from fgtui.sessions.export.forms import render
        from fgtui.targets.reaching import reach_of

        name = self.targets.word_for(exchange.target)
        changes: tuple[Change, ...] = ()
        if exchange.replay_of is not None and form == "markdown":
            original = original or self.store.find(exchange.replay_of)
            if original is not None:
                comparison, redactor = self.comparison(), self.store.redactor
                changes = compare_outcomes(original, exchange, comparison=comparison, redactor=redactor).changes
        return render(
            exchange,
            form,
            redactor=self.store.redactor,
            trigger=self.trigger_of(exchange.event),
            target_name=name,
            reach=reach_of(exchange.target, name, self.settings, self.environment),
            original=original,
            changes=changes,
            folder=folder,
            tell=tell,
        )

    def query_document(self, exchange: Exchange, *, decoded: bool = False) -> dict[str, Any]:
        """``exchange`` as queries see it (design, section 5)."""
        from fgtui.sessions.format import document

        return document(exchange, self.trigger_of(exchange.event), decoded=decoded)

    def find(
        self,
        recording: Recording,
        session: str,
        where: Query | None,
        *,
        project: Query | None = None,
        seqs: Sequence[int] | None = None,
        newest_first: bool = False,
        cancelled: threading.Event | None = None,
        on_error: Callable[[int, QueryError], None] | None = None,
        on_progress: Callable[[int], None] | None = None,
    ) -> Iterator[Found]:
        """The exchanges of a session for which ``where`` is true; see ``sessions.finding.find``."""
        from fgtui.sessions.query.finding import find

        return find(
            recording,
            session,
            where,
            project=project,
            seqs=seqs,
            newest_first=newest_first,
            roots=self._catalogue_folders,
            processes=self._processes,
            cancelled=cancelled,
            on_error=on_error,
            on_progress=on_progress,
        )

    def count(
        self,
        recording: Recording,
        session: str,
        where: Query | None,
        *,
        on_error: Callable[[int, QueryError], None] | None = None,
        on_progress: Callable[[int], None] | None = None,
    ) -> int:
        """How many ``find`` would give, at once where columns can say it."""
        from fgtui.sessions.query.finding import count

        return count(
            recording,
            session,
            where,
            roots=self._catalogue_folders,
            processes=self._processes,
            on_error=on_error,
            on_progress=on_progress,
        )

    def prepare_find(self) -> None:
        """Start the processes that try queries, while nobody waits yet; they stay until ``close``."""
        self._processes.prepare()

    def comparison(self, extra_ignore: Iterable[str] = (), *, tolerance: str | float | None = None) -> Comparison:
        """What is compared of outcomes here: ``[replay]`` of the settings, and what is given besides.

        ``UsageError`` for a rule or a tolerance that cannot be read, ``ConfigError`` for one of the settings.
        """
        from fgtui.sessions.diff.comparison import Comparison, parse_rule

        self.renew_settings()
        for index, rule in enumerate(self.settings.replay_ignore):
            try:
                parse_rule(rule)
            except UsageError as error:
                origins = (each.origin for each in self.settings.in_force if each.key == "replay.ignore")
                origin = next(origins, None)
                values = {**error.values, "origin": origin.phrase if origin else Phrase("settings"), "index": index}
                raise ConfigError(
                    "{origin}: replay.ignore[{index}]: {why}",
                    hint=error.hint,
                    why=Phrase(error.message, error.values),
                    **values,
                ) from error
        chosen = self.settings.replay_tolerance if tolerance is None else tolerance
        return Comparison.parse((*self.settings.replay_ignore, *extra_ignore), tolerance=chosen)

    def find_noise(
        self,
        exchange: Exchange,
        target: Target,
        *,
        comparison: Comparison | None = None,
        pause_s: float | None = None,
        cancelled: threading.Event | None = None,
    ) -> Noise:
        """Send the event of ``exchange`` to ``target`` twice, recording nothing, and compare the two answers.

        ``UsageError``, before anything is sent, when values of the event were redacted.
        """
        from fgtui.sessions.diff.changes import compare_outcomes
        from fgtui.sessions.diff.noise import PAUSE_S, check_complete, find_noise

        check_complete(exchange)
        redactor = self.store.redactor
        cancelled = cancelled or threading.Event()
        seconds = PAUSE_S if pause_s is None else pause_s
        return find_noise(
            lambda: self.invoker.invoke(exchange.event, target, cancelled=cancelled),
            lambda old, new: compare_outcomes(old, new, comparison=comparison, redactor=redactor).changes,
            lambda: cancelled.wait(seconds),
        )

    def find_noise_in(
        self,
        selection: Selection,
        target: Target,
        replay: Replay,
        *,
        cancelled: threading.Event,
        on_progress: Callable[[int], object],
    ) -> SelectionNoise:
        """The same for each of ``selection``; see ``sessions.replaying.find_noise``."""
        from fgtui.sessions.replay.replaying import find_noise

        return find_noise(
            selection,
            target,
            replay,
            redactor=self.redactor,
            invoker=self.invoker,
            trigger_of=self.trigger_of,
            cancelled=cancelled,
            on_progress=on_progress,
        )

    def literal_secrets(self) -> Iterator[str]:
        """Keys of the project file whose value is a secret written out rather than a reference."""
        from fgtui.sessions.redaction.redactor import is_secret_key

        for key, value in self.settings.claims:
            holds_one = ".environment." in key and is_secret_key(key.rsplit(".", 1)[1])
            if holds_one and value and "${env:" not in value:
                yield key

    def close(self, patience_s: float = 0.0) -> None:
        """Stop what is warm and close the recordings. No process is left; pre-stop functions have ``patience_s``."""
        with self._lock:
            if self._processes_kept is not None:
                self._processes_kept.close()
                self._processes_kept = None
            if "_invoker" in self.__dict__:
                self.__dict__.pop("_invoker").close(patience_s)
            if "_store" in self.__dict__:
                self.__dict__.pop("_store").close()


def open_workspace(
    settings: Settings, *, environment: Mapping[str, str] = os.environ, trust_project: bool = False
) -> Workspace:
    """A workspace for ``settings``; ``trust_project`` agrees to the project file this once."""
    return Workspace(settings, environment, trust_project=trust_project)
