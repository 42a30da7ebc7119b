"""Values for what was redacted: by path, by name, inside encoded strings; and when an event is refused."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from hypothesis import given as given_
from hypothesis import settings
from hypothesis import strategies as st

from fgtui.errors import ConfigError, FgtuiError, UsageError
from fgtui.events.catalogue import Catalogue, samples_root
from fgtui.events.model import Event
from fgtui.events.model import Path as Path_
from fgtui.events.path import parse_path
from fgtui.sessions.redaction.redactor import Redactor
from fgtui.sessions.replay.supplying import Supplies, Supply, given, is_redacted, referred
from tests.factories import an_event, an_exchange

RULES = Redactor(salt=b"s" * 16)


def recorded(value: object, trigger: str = "blank") -> Event:
    """``value`` as an event of a recording: without its secrets."""
    return RULES.apply(an_exchange(an_event(json.dumps(value), trigger))).event


def sent(event: Event, *supplies: Supply) -> object:
    return json.loads(Supplies(supplies).of(event).event.wire)


def assigned(text: str, **environment: str) -> Supply:
    return given(text, environment, lambda name: Path(name).read_text())


def test_an_event_without_secrets_is_sent_as_it_is() -> None:
    event = recorded({"key": "value"})
    assert Supplies().of(event).event is event


def test_each_value_is_supplied_by_its_path() -> None:
    event = recorded({"headers": {"X-Auth-Token": "hunter22"}, "items": [{"password": "geheim1"}]})
    assert event.redacted == ('headers."X-Auth-Token"', "items[0].password")
    assert sent(event, assigned("headers.X-Auth-Token=one"), assigned('items[0].password="2"')) == {
        "headers": {"X-Auth-Token": "one"},
        "items": [{"password": "2"}],
    }


def test_a_reference_serves_every_place_of_its_name_or_of_its_pattern() -> None:
    event = recorded({"a": {"Token": "hunter22"}, "items": [{"password": "geheim1"}, {"password": "geheim2"}]})
    assert sent(event, referred("token", "t"), referred("items[*].password", "p")) == {
        "a": {"Token": "t"},
        "items": [{"password": "p"}, {"password": "p"}],
    }


def test_no_representation_holds_a_value_that_is_supplied() -> None:
    supplies = Supplies((assigned("token=hunter22"), referred("token", "hunter22")))
    assert "hunter22" not in repr(supplies)


def test_what_a_person_gives_goes_before_the_settings() -> None:
    event = recorded({"token": "hunter22"})
    assert sent(event, assigned("token=mine"), referred("token", "theirs")) == {"token": "mine"}


def test_only_the_secret_in_a_text_is_replaced_and_the_rest_stays() -> None:
    event = recorded({"url": "https://me:hunter22@host/path"})
    assert event.redacted == ("url",)
    assert sent(event, referred("url", "neu")) == {"url": "https://me:neu@host/path"}


def test_values_inside_encoded_strings_go_back_as_they_were_encoded() -> None:
    inner = base64.b64encode(b'{"password": "hunter22", "n": 1.10}').decode()
    event = recorded({"records": [{"data": inner}]})
    assert event.redacted == ("records[0].data.password",)
    value = sent(event, referred("password", "neu"))
    assert isinstance(value, dict)
    assert base64.b64decode(value["records"][0]["data"]) == b'{"password": "neu", "n": 1.10}'


def test_values_inside_what_a_trigger_declares_as_encoded_are_reached() -> None:
    logs = json.dumps([{"message": "m", "token": "hunter22"}])
    data = base64.b64encode(json.dumps({"logs": logs}).encode()).decode()
    event = recorded({"lts": {"data": data}}, "lts")
    trigger = Catalogue([samples_root()]).find("lts")
    supplied = Supplies((referred("token", "neu"),)).of(event, trigger)
    (path,) = event.redacted
    assert b"redacted" not in base64.b64decode(json.loads(supplied.event.wire)["lts"]["data"])
    assert path.endswith("logs[0].token")


SECRETS = st.dictionaries(
    st.sampled_from(("token", "password", "X-Auth-Token", "key", "a b", "数")),
    st.recursive(
        st.text(max_size=12) | st.integers() | st.none(),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(("secret", "n")), inner, max_size=2)
        ),
        max_leaves=6,
    ),
)


@settings(max_examples=60)
@given_(SECRETS)
def test_what_was_redacted_comes_back_whole_when_each_value_is_supplied(value: dict[str, object]) -> None:
    event = recorded(value)

    def at(path: Path_) -> object:
        found: object = value
        for step in path:
            found = found[step]
        return found

    paths = [parse_path(place) for place in event.redacted]
    supplies = [Supply(path, json.dumps(at(path)), is_json=True) for path in paths]
    assert sent(event, *supplies) == value


def test_the_answer_gets_the_placeholder_back_wherever_it_repeats_the_value() -> None:
    event = recorded({"token": "hunter22"})
    placeholder = json.loads(event.wire)["token"]
    supplied = Supplies((referred("token", "swordfish"),)).of(event)
    echoed = base64.b64encode(b'{"was": "swordfish"}').decode()
    new = an_exchange(supplied.event, body=json.dumps({"token": "swordfish", "x": echoed}), logs="got swordfish")
    outcome = RULES.supplied(supplied.placeholders).apply(new).outcome
    answered = json.loads(outcome.body)
    assert answered["token"] == placeholder
    assert json.loads(base64.b64decode(answered["x"])) == {"was": placeholder}
    assert outcome.logs == f"got {placeholder}"


@pytest.mark.parametrize("supply", ["password=sword fish", "settings"])
def test_what_was_supplied_once_serves_the_places_that_repeat_it(supply: str) -> None:
    event = recorded(
        {"password": "Horse-Staple77", "note": "see Horse-Staple77", "token": "other one", "x": "other one"}
    )
    assert event.redacted == ("password", "token", "note", "x")
    one = referred("password", "sword fish") if supply == "settings" else assigned(supply)
    assert sent(event, one, assigned("token=other")) == {
        "password": "sword fish",
        "note": "see sword fish",
        "token": "other",
        "x": "other",
    }
    with pytest.raises(UsageError, match=r"recorded: token, x$"):
        sent(event, one)


@pytest.mark.parametrize(
    ("value", "supplies", "words"),
    [
        ({"token": "hunter22"}, [], "redacted when it was recorded: token"),
        ({"a": {"token": "hunter22"}}, [assigned("token=x")], "redacted when it was recorded: a.token"),
        (
            {"token": "hunter22", "password": "geheim1"},
            [referred("token", "x")],
            "redacted when it was recorded: password",
        ),
        (
            {"a": {"token": "aaaaaa1"}, "b": {"token": "aaaaaa2"}, "c": {"token": "a" * 9}, "d": {"token": "b" * 9}},
            [],
            "redacted when it was recorded: a.token, b.token, c.token, …",
        ),
        ("password=hunter22 token=geheim99", [referred("top", "x")], "redacted when it was recorded: the whole event"),
    ],
    ids=["none", "other-path", "one-of-two", "many", "no-object"],
)
def test_an_event_is_refused_while_a_value_is_missing(value: object, supplies: list[Supply], words: str) -> None:
    with pytest.raises(UsageError) as error:
        Supplies(tuple(supplies)).of(recorded(value))
    assert str(error.value) == words


def test_one_value_does_not_stand_in_for_two_secrets_of_a_text() -> None:
    event = recorded({"note": "password=hunter22 token=geheim99"})
    with pytest.raises(UsageError, match="2 secrets were redacted in note"):
        Supplies((referred("note", "x"),)).of(event)


def test_an_event_that_is_no_json_is_refused_in_words() -> None:
    event = RULES.apply(an_exchange("password=hunter22")).event
    with pytest.raises(UsageError, match=r"^redacted when it was recorded: the whole event$"):
        Supplies((assigned("a=b"), referred("a", "b"))).of(event)


def test_a_variable_that_is_not_set_is_told_only_where_it_is_needed() -> None:
    supplies = Supplies((referred("token", problem=ConfigError("TOKEN is not set")),))
    supplies.of(recorded({"key": 1}))
    with pytest.raises(FgtuiError, match="TOKEN is not set"):
        supplies.of(recorded({"token": "hunter22"}))


def test_placeholders_are_sent_only_when_that_is_asked_for() -> None:
    event = recorded({"token": "hunter22"})
    assert Supplies(sends_placeholders=True).of(event).event is event


@pytest.mark.parametrize("layer", [lambda text: text, lambda text: base64.b64encode(text.encode()).decode()])
@pytest.mark.parametrize("before", ["", "x", "xy"])
def test_a_placeholder_that_no_list_names_is_found(layer, before: str) -> None:
    held = layer(json.dumps({"a": before, "secret": "<redacted:0123456789ab>"}))
    event = an_event(json.dumps({"data": held}))
    assert event.redacted == ()
    assert is_redacted(event)
    with pytest.raises(UsageError):
        Supplies().of(event)


def test_a_word_that_only_looks_like_a_placeholder_is_none() -> None:
    assert not is_redacted(an_event('{"note": "was redacted: all of it"}'))


def test_values_may_come_from_the_environment_or_a_file_so_that_no_command_line_has_them(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("from a file")
    event = recorded({"token": "hunter22", "password": "geheim1"})
    supplies = assigned(f"token=@{tmp_path}/token"), assigned("password={{env:PASSWORD}}", PASSWORD="set")
    assert sent(event, *supplies) == {"token": "from a file", "password": "set"}


def test_a_place_of_the_settings_that_is_none_is_refused() -> None:
    with pytest.raises(ConfigError, match=r"replay\.secrets: a\.\.b is no path"):
        referred("a..b", "x")


def test_what_nobody_agreed_to_is_named_as_the_way_out() -> None:
    with pytest.raises(UsageError) as error:
        Supplies(withheld=True).of(recorded({"token": "hunter22"}))
    assert error.value.hint == "fgtui.toml names values nobody agreed to: fgtui trust"


def test_an_event_that_says_it_was_redacted_is_refused_whatever_stands_there_now() -> None:
    event = an_event('{"token": "somebody wrote this"}', redacted=("token",))
    with pytest.raises(UsageError, match="redacted when it was recorded: token"):
        Supplies().of(event)


def test_a_placeholder_that_no_list_names_is_not_sent_unawares() -> None:
    placeholder = Redactor().placeholder("hunter22")
    event = an_event(json.dumps({"token": placeholder, "other": f"as {placeholder} said"}), redacted=("token",))
    with pytest.raises(UsageError, match="redacted when it was recorded"):
        Supplies((assigned("token=mine"),)).of(event)


@pytest.mark.parametrize(
    ("supply", "value"),
    [
        ("token=a new secret", "a new secret"),
        ('token="a new \\"secret\\""', 'a new "secret"'),
        ("token:=12345678", "12345678"),
    ],
)
def test_a_value_that_was_set_is_known_by_the_placeholder_it_took_the_place_of(supply: str, value: str) -> None:
    placeholder = Redactor().placeholder("hunter22")
    event = an_event(json.dumps({"token": placeholder}), redacted=("token",))
    assert dict(Supplies((assigned(supply),)).of(event).placeholders) == {value: placeholder}
    assert dict(Supplies((referred("token", value),)).of(event).placeholders) == {value: placeholder}
