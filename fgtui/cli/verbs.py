"""Every verb once: its name, its module and what it does. Feeds dispatch, help, completion and the README."""

from __future__ import annotations

VERBS: dict[str, str] = {
    "triggers": "the catalogue: key, names, invocation mode, templates",
    "event": "print an event",
    "decode": "wire text → decoded form",
    "encode": "decoded form → wire text",
    "wrap": "an event inside another: OBS in SMN, in Kafka, in EventGrid",
    "unwrap": "the event that an event carries, character by character",
    "format": "lenient text in, strict JSON out, numbers and strings as written",
    "validate": "problems with line, column, path and severity",
    "send": "send one event to a handler and record the exchange",
    "sessions": "list, create, rename, delete, and merge (copy into another) sessions",
    "show": "what was recorded",
    "query": "exchanges for which a JMESPath expression is true, or what it makes of them",
    "search": "full text over every recording, decoded payloads included",
    "report": "a bug report, or the exchange as curl, fgtui, Python, pytest or JSON",
    "stats": "invocations, errors, rejections, durations over recordings, as the service counts them",
    "diff": "structural differences between two exchanges, or between two sessions in pairs",
    "note": "print or write the note of an exchange",
    "tag": "print or change the tags of exchanges, marks among them",
    "vacuum": "delete what is too old or too much, and make the store small again",
    "replay": "send recorded events again in order, compare, tally; resumable",
    "serve": "a local endpoint that speaks the invocation API and the gateway's HTTP; records what callers send",
    "export": "write a session to a file to share: JSON Lines, HAR, or tests for pytest",
    "import": "take in JSON Lines, HAR, plain events and folders of them; nothing twice",
    "remote-events": "the console's saved test events of a deployed function: list, fetch, put, compare, delete",
    "trust": "consent to what this project's file names",
    "config": "the settings in force and where each comes from",
    "doctor": "what works on this machine, and the way out where something does not",
    "demo": "a tour: the workbench, or commands, on a small project with recordings",
    "completions": "shell completion for bash, zsh or fish",
    "help": "help on a verb or a topic",
}
"""In the order people meet them. The module is ``fgtui.cli.commands.VERB``, see ``MODULES``."""
MODULES = {"import": "import_", "remote-events": "remote_events"}
"""Those of verbs that are no names of modules."""
