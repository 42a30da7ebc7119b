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


_ALL = ".*"
"""Every literal that is not handed to somebody who says it."""

EXEMPT = (
    Exemption("fgtui/locale/e*", "a tool of translators"),
    Exemption("fgtui/locale/writing.py", "the form of catalogues"),
    Exemption("fgtui/invoke/hosts/*", "runs beside the handler; its words are logs, which are recorded in English"),
    Exemption("fgtui/sessions/query/host.py", "a program of its own; it answers with ids, not with words"),
    Exemption("fgtui/sessions/query/processes.py", "patterns of what the library says", r"In function .*"),
    Exemption("fgtui/cli/reference.py", "the README, which is English"),
    Exemption("fgtui/cli/completion_scripts.py", "programs for shells"),
    Exemption("fgtui/testing.py", "what a test that fails says, where pytest says the rest in English", _ALL),
    Exemption("fgtui/records.py", "a defect of ours, for whoever reads its traceback", _ALL),
    Exemption("fgtui/words.py", "how a Phrase looks to a programmer", _ALL),
    Exemption("fgtui/tui/app.py", "the file of defects, for whoever mends them", r".*fgtui .*"),
    # what the cloud says, word for word, and what programs that call the local endpoint are answered
    Exemption("fgtui/invoke/gateway.py", "what API Gateway would say; it is recorded", _ALL),
    Exemption("fgtui/invoke/platform_log.py", "FunctionGraph's log; it is recorded", _ALL),
    Exemption(
        "fgtui/invoke/service/outcomes.py",
        "FunctionGraph's own messages, and what is recorded",
        r"[a-z ]+(, error)?: |response body size |fgtui: .*|\{…\} within .*|the endpoint points .*|no connection .*",
    ),
    Exemption(
        "fgtui/invoke/outcome_words.py",
        "the beginning of a message of FunctionGraph's",
        r"function result is invalid, error: ",
    ),
    Exemption("fgtui/invoke/service/invoke_summary.py", "FunctionGraph's log", _ALL),
    Exemption("fgtui/invoke/http_target.py", "what FunctionGraph would say; it is recorded", _ALL),
    Exemption("fgtui/invoke/conversation.py", "a line of the log, which is recorded", _ALL),
    Exemption(
        "fgtui/invoke/local.py", "lines of the log, which is recorded", r"fgtui: .*|; it said.*|exit code .*|signal .*"
    ),
    Exemption("fgtui/invoke/logs.py", "a line of the log, which is recorded", _ALL),
    Exemption("fgtui/invoke/service/async_calls.py", "lines of the log, and how it ended; both are recorded", _ALL),
    Exemption("fgtui/invoke/http/messages.py", "beside h11's own words of what is no HTTP", _ALL),
    Exemption(
        "fgtui/invoke/http/exchange.py", "beside h11's own words of what is no HTTP", r"it (has more|switches) .*"
    ),
    Exemption("fgtui/served.py", "the answer to a program that calls the local endpoint", r"the credentials of .*"),
    Exemption("fgtui/invoke/signing.py", "the answer to whoever signed a request wrongly", _ALL),
    *(
        Exemption(f"fgtui/serve/{name}.py", "the answer to a program that calls the local endpoint", _ALL)
        for name in (
            *("answers", "app", "async_calls", "calls", "connections", "gateway_side", "guarding", "invocation_api"),
            *("messages", "stored_events"),
        )
    ),
    # other languages than people's
    Exemption("fgtui/invoke/child.py", "a program in Python", _ALL),
    Exemption("fgtui/sessions/child_processes.py", "a program in Python", _ALL),
    Exemption("fgtui/terminal/clipboard.py", "a program in Python", r"\nimport .*"),
    Exemption("fgtui/terminal/editor.py", "suffixes of files", r"\s+bash .*"),
    Exemption("fgtui/sessions/export/pytest_files.py", "a program in Python; what it says is exported", _ALL),
    Exemption("fgtui/sessions/export/python_programs.py", "a program in Python; what it says is exported", _ALL),
    Exemption("fgtui/sessions/export/shell_words.py", "commands of a shell", _ALL),
    Exemption("fgtui/sessions/export/http_calls.py", "comments of what is exported", _ALL),
    Exemption("fgtui/sessions/diff/noise.py", "TOML", r"ignore = .*"),
    Exemption("fgtui/sessions/*", "beside the standard library's own words of what is no JSON", r"\{…\} is not JSON"),
    Exemption("fgtui/sessions/export/commands.py", "commands of a shell; their comments are exported", _ALL),
    Exemption("fgtui/sessions/replay/junit.py", "a file for programs", _ALL),
    Exemption("fgtui/sessions/interchange/har.py", "a file for programs", _ALL),
    Exemption("fgtui/sessions/redaction/text.py", "a pattern", r".*\(\?.*"),
    Exemption("fgtui/sessions/storage/*", "SQL", r"[\s(]*([A-Z]{2,}|instr|id,|packed,|key|\{…\}).*"),
    Exemption("fgtui/sessions/query/columns.py", "SQL", _ALL),
    Exemption("fgtui/sessions/search/index.py", "SQL", r" ?(SELECT|AND) .*"),
    Exemption("fgtui/sessions/model.py", "JMESPath", r"contains.*"),
    Exemption("fgtui/tui/screens/session/replaying.py", "JMESPath", r"contains.*"),
    Exemption("fgtui/tui/widgets/log_lines.py", "FunctionGraph's log, shortened", _ALL),
    Exemption("fgtui/events/times.py", "forms of time that services write", _ALL),
    Exemption("fgtui/events/identifiers.py", "kinds of ids that are told to nobody", _ALL),
    Exemption("fgtui/toml_lines.py", "TOML", _ALL),
    Exemption("fgtui/tui/*", "names of keys and of inks", r"((\S*\+\S+|f[0-9]+)( |$))+|underlined [a-z]+"),
    Exemption("*", "signs of units, the same in every language", r"(\{…\})+ (ms|MB|KB|s)[ {…}]*"),
    Exemption(
        "*",
        "options, commands and headers as they are typed",
        r"--upgrade fgtui|(\{…\} )?--[a-z]+ \{…\}|cd \{…\}"
        r"|\s*\[[a-z.]+\]: \{…\}|(sha256|fgtui|chmod g?o?u?[=+]w?|AK|Basic|underlined) \{…\}.*"
        r"|fgtui (show|connects to) .*|\{…\} -m pip install .*",
    ),
)
