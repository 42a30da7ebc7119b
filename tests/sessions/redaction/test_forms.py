"""Secrets behind a name in the ways of command lines, XML, pairs and YAML, through the Redactor."""

from __future__ import annotations

import pytest

from fgtui.sessions.redaction.forms import may_name
from tests.sessions.redaction.test_text import redacted


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("run --password abc --user x", "run --password # --user x"),
        ("--password 'a b' x", "--password '#' x"),
        ("--secret-key abc", "--secret-key #"),
        ("<password>abc</password><user>u</user>", "<password>#</password><user>u</user>"),
        ('<ns:password a="b">abc</ns:password>', '<ns:password a="b">#</ns:password>'),
        ("<password><![CDATA[a]<b]]></password>", "<password><![CDATA[#]]></password>"),
        ("<password><![CDATA[cut", "<password><![CDATA[#"),
        ('<entry key="db.password">abc</entry>', '<entry key="db.password">#</entry>'),
        ('<add key="ApiToken" value="abc"/>', '<add key="ApiToken" value="#"/>'),
        ("{'name': 'X-Auth-Token', 'value': 'abc'}", "{'name': 'X-Auth-Token', 'value': '#'}"),
        ("{'value': 'abc', 'name': 'X-Auth-Token'}", "{'value': '#', 'name': 'X-Auth-Token'}"),
        (r"[{\"name\": \"sk\", \"value\": \"abc\"}]", r"[{\"name\": \"sk\", \"value\": \"#\"}]"),
        ("{name=X-Auth-Token, value=abc}", "{name=X-Auth-Token, value=#}"),
        ("- name: DB_PASSWORD\n  value: abc\n- name: X\n  value: y", "- name: DB_PASSWORD\n  value: #\n- name: X\n  value: y"),
        ("[('Host', 'x'), ('X-Auth-Token', 'abc')]", "[('Host', 'x'), ('X-Auth-Token', '#')]"),
        ("[(b'cookie', b'abc')]", "[(b'cookie', b'#')]"),
        ("curl -u user:pass https://x", "curl -u user:# https://x"),
        ("curl -X POST --user 'us er:pa ss' -H 'X-Auth-Token: abc'", "curl -X POST --user 'us er:#' -H 'X-Auth-Token: #'"),
        ("machine h login u password p\n", "machine h login u password #\n"),
        ("password: |\n  abc\n\n  def\nnext: x", "password: |\n  #\n\n  #\nnext: x"),
        ("a:\n  passwords:\n    - abc\n    - def\n  y: z", "a:\n  passwords:\n    - #\n    - #\n  y: z"),
    ],
)  # fmt: skip
def test_a_value_behind_its_name_goes_and_the_rest_stays(text: str, kept: str) -> None:
    assert redacted(text) == kept
    assert may_name(text)
