"""The catalogue reads what people put there, and names what it cannot read."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from fgtui.errors import EventError, UsageError
from fgtui.events.catalogue import Catalogue, samples_root
from fgtui.events.recognition import recognise
from fgtui.events.schema import describe, reader
from fgtui.events.text import scan
from fgtui.events.validation import validate
from fgtui.words import say
from tests.events.own_triggers import a_trigger_folder, an_own_trigger

PACKAGED = Catalogue([samples_root()])


def test_an_own_folder_is_all_it_takes_to_add_a_trigger(tmp_path: Path) -> None:
    """Names, templates, recognition, fields and validation come from the folder; no code changes."""
    a_trigger_folder(
        tmp_path,
        toml="""
            name = "Nightly import"
            name_zh = "夜间导入"
            mode = "asynchronous"
            summary = "The scheduler starts an import."
            [templates.full]
            title = "All tables"
            [recognise]
            any = [{ equals = { kind = "nightly" } }]
        """,
        schema={
            "type": "object",
            "properties": {"kind": {"const": "nightly"}, "tables": {"type": "integer", "description": "How many."}},
            "additionalProperties": False,
        },
        events={"default": '{"kind": "nightly"}', "full": '{"kind": "nightly", "tables": 40}', "odd": "{}"},
    )
    catalogue = Catalogue([samples_root(), tmp_path])
    trigger = catalogue.get("nightly-import")
    assert (trigger.name, trigger.name_zh, trigger.mode, trigger.builtin) == (
        "Nightly import",
        "夜间导入",
        "asynchronous",
        False,
    )
    assert [(each.name, each.title) for each in trigger.templates] == [
        ("default", "default"),
        ("full", "All tables"),
        ("odd", "odd"),
    ]
    full = scan(trigger.template("full").text)
    assert recognise(full, catalogue) == "nightly-import"
    assert describe(trigger.schema, ("tables",), reader(full)).description == "How many."
    assert validate(full, trigger) == ()
    (problem,) = validate(scan('{"kind": "nightly", "tables": "forty"}'), trigger)
    assert (problem.code, problem.path) == ("schema-type", ("tables",))
    assert catalogue.triggers[-1] is trigger
    assert catalogue.problems == ()


def test_a_folder_with_an_event_and_an_empty_file_is_enough(tmp_path: Path) -> None:
    trigger = an_own_trigger(tmp_path)
    assert (trigger.name, trigger.mode, trigger.schema) == ("nightly-import", "either", {})
    assert trigger.template().text == '{"job": "import"}'


def test_a_later_folder_wins(tmp_path: Path) -> None:
    a_trigger_folder(tmp_path / "mine", "timer", toml='name = "My timer"\norder = 2')
    a_trigger_folder(tmp_path / "project", "timer", toml='name = "The project\'s timer"')
    catalogue = Catalogue([samples_root(), tmp_path / "mine", tmp_path / "project"])
    assert catalogue.get("timer").name == "The project's timer"
    assert len(catalogue.triggers) == len(PACKAGED.triggers)


def test_a_folder_that_is_not_there_has_no_triggers(tmp_path: Path) -> None:
    catalogue = Catalogue([tmp_path / "nowhere"])
    assert (catalogue.triggers, catalogue.problems) == ((), ())


def test_one_packaged_trigger_is_read_without_the_others() -> None:
    code = """
import sys
from fgtui.events.catalogue import Catalogue, samples_root
read = []
sys.addaudithook(lambda event, about: read.append(str(about[0])) if event == "open" else None)
catalogue = Catalogue([samples_root()])
trigger = catalogue.get("obs")
print(len([file for file in read if file.endswith("trigger.toml")]))
print(next(each for each in catalogue.triggers if each.key == "obs") is trigger)
"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert ran.stdout.split() == ["1", "True"], ran.stderr


@pytest.mark.parametrize("key", ["", ".", "..", "obs/../obs", "OBS", "README.md"])
def test_only_a_key_finds_a_trigger(key: str) -> None:
    assert Catalogue([samples_root()]).find(key) is None


def test_an_unknown_trigger_is_answered_with_the_nearest_name() -> None:
    with pytest.raises(UsageError) as caught:
        PACKAGED.get("kafak")
    assert str(caught.value) == "no trigger is called kafak"
    assert say(caught.value.hint, caught.value.values) == "did you mean kafka?"


def test_an_unknown_trigger_that_resembles_none_is_answered_with_all_of_them() -> None:
    with pytest.raises(UsageError) as caught:
        PACKAGED.get("???")
    assert "smn, dms, apig" in say(caught.value.hint, caught.value.values)


def test_an_unknown_template_is_answered_with_the_nearest_name() -> None:
    with pytest.raises(UsageError) as caught:
        PACKAGED.get("apig").template("plain")
    assert str(caught.value) == "apig has no template plain"
    assert say(caught.value.hint, caught.value.values) == "did you mean plain-body?"


BROKEN = {
    "not-toml": ("name = ", "trigger.toml is no TOML: Invalid value"),
    "nested": ("a = " + "[" * 5000, "trigger.toml is no TOML: "),
    "no-text": ("name = 5", "name in trigger.toml must be text"),
    "no-mode": ('mode = "sometimes"', "its mode is sometimes, which is none of synchronous, asynchronous, either"),
    "no-number": ("order = true", "order in trigger.toml must be a whole number"),
    "near-key": ('nam = "x"', "unknown key nam in trigger.toml; did you mean name?"),
    "far-key": ('zzzzzz = "x"', "unknown key zzzzzz in trigger.toml"),
    "other-key": ('key = "other"', "its key is other, which is not the folder's name"),
    "no-table": ("templates = 5", "templates in trigger.toml must be a table"),
    "no-file": ("[templates.gone]\ntitle = 'x'", "it has no gone.json"),
    "template-key": (
        "[templates.default]\nttile = 'x'",
        "unknown key ttile in [templates.default]; did you mean title?",
    ),
    "no-rules": ("[recognise]\norder = 1", "any in [recognise] must be a list of tables, at least one"),
    "no-rule": ("[recognise]\nany = [{}]", "a rule of [recognise.any] asks for nothing"),
    "no-path": ("[recognise]\nany = [{ has = ['a..b'] }]", "a..b is no path: nothing can be read at character 2"),
    "no-type": ("[recognise]\nany = [{ types = { a = 'list' } }]", "a in [recognise.any.types] is list; it is one of"),
    "no-scalar": ("[recognise]\nany = [{ equals = { a = [1] } }]", "a in [recognise.any.equals] must be text, a whole"),
    "no-list": ("[fresh]\nids = 'id'", "ids in [fresh] must be a list of texts"),
    "fresh-key": ("[fresh]\nid = ['id']", "unknown key id in [fresh]; did you mean ids?"),
    "no-flag": ("[base64_flags]\nbody = 1", "body in [base64_flags] must be text"),
    "no-groups": ("[event_types]\ngroups = { a = 'b' }", "a in [event_types.groups] must be a list of texts"),
}


@pytest.mark.parametrize(("toml", "words"), BROKEN.values(), ids=BROKEN)
def test_a_broken_folder_is_named_in_words_and_the_others_stand(tmp_path: Path, toml: str, words: str) -> None:
    folder = a_trigger_folder(tmp_path, "broken", toml=toml)
    a_trigger_folder(tmp_path, "sound")
    catalogue = Catalogue([tmp_path])
    assert [trigger.key for trigger in catalogue.triggers] == ["sound"]
    (problem,) = map(str, catalogue.problems)
    assert problem.startswith(f"{folder}: {words}")


def test_a_broken_folder_does_not_hide_the_packaged_trigger_of_its_name(tmp_path: Path) -> None:
    a_trigger_folder(tmp_path, "obs", toml="order = []")
    catalogue = Catalogue([samples_root(), tmp_path])
    assert catalogue.get("obs").builtin
    assert len(catalogue.problems) == 1


@pytest.mark.parametrize("missing", ["trigger.toml", "default.json"])
def test_a_folder_without_what_it_needs_is_named(tmp_path: Path, missing: str) -> None:
    folder = a_trigger_folder(tmp_path)
    (folder / missing).unlink()
    (problem,) = map(str, Catalogue([tmp_path]).problems)
    assert missing in problem


def test_bytes_that_are_no_text_are_named(tmp_path: Path) -> None:
    folder = a_trigger_folder(tmp_path)
    (folder / "trigger.toml").write_bytes(b"name = '\xff'")
    (problem,) = map(str, Catalogue([tmp_path]).problems)
    assert "trigger.toml is no TOML" in problem


def test_a_file_too_large_to_be_one_is_not_read(tmp_path: Path) -> None:
    a_trigger_folder(tmp_path, toml="# " + "x" * 300_000)
    (problem,) = map(str, Catalogue([tmp_path]).problems)
    assert "larger than 262144 bytes" in problem


@pytest.mark.parametrize("name", ["two words", "a.b", "semi;colon", "x" * 65, "\u202e"])
def test_a_name_that_could_mislead_is_no_key(tmp_path: Path, name: str) -> None:
    a_trigger_folder(tmp_path, name)
    catalogue = Catalogue([tmp_path])
    assert catalogue.triggers == ()
    assert "a trigger's name is made of letters" in str(catalogue.problems[0])


def test_names_in_any_script_will_do(tmp_path: Path) -> None:
    a_trigger_folder(tmp_path, "夜间导入_2")
    assert [trigger.key for trigger in Catalogue([tmp_path]).triggers] == ["夜间导入_2"]


def test_a_template_is_named_as_a_trigger_is(tmp_path: Path) -> None:
    a_trigger_folder(tmp_path, events={"default": "{}", "a b": "{}"})
    assert "not a b" in str(Catalogue([tmp_path]).problems[0])


def test_hidden_files_and_notes_are_passed_over(tmp_path: Path) -> None:
    folder = a_trigger_folder(tmp_path)
    (folder / ".default.json.swp.json").write_text("")
    (folder / "notes.txt").write_text("")
    (tmp_path / ".git").mkdir()
    (tmp_path / "README.md").write_text("")
    catalogue = Catalogue([tmp_path])
    assert catalogue.problems == ()
    assert [each.name for each in catalogue.get("nightly-import").templates] == ["default"]


def test_a_folder_that_is_a_link_elsewhere_is_left_out(tmp_path: Path) -> None:
    elsewhere = a_trigger_folder(tmp_path / "elsewhere")
    (tmp_path / "events").mkdir()
    (tmp_path / "events" / "linked").symlink_to(elsewhere)
    catalogue = Catalogue([tmp_path / "events"])
    assert catalogue.triggers == ()
    assert "a link that leads elsewhere" in str(catalogue.problems[0])


@pytest.mark.parametrize("name", ["trigger.toml", "default.json", "other.json"])
def test_a_file_that_is_a_link_elsewhere_is_not_read(tmp_path: Path, name: str) -> None:
    folder = a_trigger_folder(tmp_path / "events")
    secret = tmp_path / "secret"
    secret.write_text("{}")
    (folder / name).unlink(missing_ok=True)
    (folder / name).symlink_to(secret)
    catalogue = Catalogue([tmp_path / "events"])
    assert catalogue.triggers == ()
    assert f"{name} is a link that leads elsewhere" in str(catalogue.problems[0])


def test_a_schema_that_is_a_link_elsewhere_is_not_read(tmp_path: Path) -> None:
    folder = a_trigger_folder(tmp_path / "events")
    (folder / "schema.json").symlink_to("/etc/hostname")
    trigger = Catalogue([tmp_path / "events"]).get("nightly-import")
    assert trigger.schema == {}
    assert str(trigger.schema_problem) == "schema.json is a link that leads elsewhere"


def test_a_template_that_became_a_link_elsewhere_is_not_read(tmp_path: Path) -> None:
    trigger = an_own_trigger(tmp_path / "events")
    (tmp_path / "secret").write_text("{}")
    trigger.template().file.unlink()
    trigger.template().file.symlink_to(tmp_path / "secret")
    with pytest.raises(EventError, match="leads elsewhere"):
        _ = trigger.template().text


def test_links_within_a_folder_are_followed(tmp_path: Path) -> None:
    folder = a_trigger_folder(tmp_path)
    (folder / "same.json").symlink_to("default.json")
    (tmp_path / "again").symlink_to(folder)
    catalogue = Catalogue([tmp_path])
    assert [trigger.key for trigger in catalogue.triggers] == ["again", "nightly-import"]
    assert catalogue.get("nightly-import").template("same").text == '{"job": "import"}'


@pytest.mark.parametrize("name", ["trigger.toml", "default.json"])
def test_a_pipe_is_no_file_and_is_not_waited_for(tmp_path: Path, name: str) -> None:
    folder = a_trigger_folder(tmp_path)
    (folder / name).unlink()
    os.mkfifo(folder / name)
    (problem,) = map(str, Catalogue([tmp_path]).problems)
    assert "is no regular file" in problem


def test_a_template_that_is_gone_says_so(tmp_path: Path) -> None:
    template = an_own_trigger(tmp_path).template()
    template.file.unlink()
    with pytest.raises(EventError) as caught:
        _ = template.text
    assert str(caught.value) == f"{template.file} cannot be read: No such file or directory"


def test_a_template_is_read_when_asked_and_as_it_is_then(tmp_path: Path) -> None:
    template = an_own_trigger(tmp_path).template()
    template.file.write_text('{"job": "export"}')
    assert template.text == '{"job": "export"}'


def test_a_template_that_is_no_text_names_its_file(tmp_path: Path) -> None:
    template = an_own_trigger(tmp_path).template()
    template.file.write_bytes(b'{"a": "\xff"}')
    with pytest.raises(EventError, match=r"default\.json is not UTF-8"):
        _ = template.text


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        pytest.param("{", "schema.json:1:1: ", id="no-json"),
        pytest.param('{\n  "type": tru}', "schema.json:2:11: ", id="names-the-place"),
        pytest.param("[]", "schema.json is no JSON Schema: its outermost value is no object", id="a-list"),
        pytest.param("", "schema.json:1:1: ", id="empty"),
    ],
)
def test_a_broken_schema_is_an_empty_one_that_says_why(tmp_path: Path, schema: str, words: str) -> None:
    trigger = an_own_trigger(tmp_path, schema)
    assert trigger.schema == {}
    assert words in str(trigger.schema_problem)


def test_a_schema_nested_without_end_is_an_answer(tmp_path: Path) -> None:
    trigger = an_own_trigger(tmp_path, '{"a":' * 50_000 + "1" + "}" * 50_000)
    assert "a" in trigger.schema
    assert trigger.schema_problem is None


def test_a_root_that_cannot_be_listed_is_named(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    catalogue = Catalogue([tmp_path / "loop"])
    assert tuple(map(str, catalogue.problems)) == (f"{tmp_path / 'loop'}: Too many levels of symbolic links",)


def test_listing_triggers_reads_no_schema_and_imports_no_parser_of_json() -> None:
    script = """if True:
        import sys
        from fgtui.events.catalogue import Catalogue, samples_root
        for trigger in Catalogue([samples_root()]).triggers:
            trigger.name, trigger.mode, [template.title for template in trigger.templates]
        slow = {"json", "dataclasses", "inspect", "jsonschema_rs", "fgtui.events.text", "fgtui.events.rules"}
        print(sorted(slow & set(sys.modules)))
    """
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
