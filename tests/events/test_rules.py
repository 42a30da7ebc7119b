"""The names of what can happen, and what a person means by another spelling of one."""

from __future__ import annotations

import pytest

from fgtui.events.catalogue import Catalogue, samples_root
from fgtui.events.rules import EventTypes
from fgtui.events.schema import describe

CATALOGUE = Catalogue([samples_root()])

CREATED = tuple(f"ObjectCreated:{each}" for each in ("Put", "Post", "Copy", "CompleteMultipartUpload"))
REMOVED = ("ObjectRemoved:Delete", "ObjectRemoved:DeleteMarkerCreated")


def obs_types() -> EventTypes:
    types = CATALOGUE.get("obs").rules.event_types
    assert types is not None
    return types


def test_obs_event_types_stand_in_groups_that_exclude_their_members() -> None:
    types = obs_types()
    assert dict(types.groups) == {
        "ObjectCreated": ("Put", "Post", "Copy", "CompleteMultipartUpload"),
        "ObjectRemoved": ("Delete", "DeleteMarkerCreated"),
    }
    assert types.names == CREATED + REMOVED


@pytest.mark.parametrize(("key", "path"), [("obs", ("Records", 0, "eventName")), ("eventgrid", ("data", "eventName"))])
def test_the_field_says_which_names_there_are_and_what_excludes_what(key: str, path: tuple[str | int, ...]) -> None:
    siblings = {("source",): "HC.OBS.DWR"}
    info = describe(CATALOGUE.get(key).schema, path, siblings.get)
    assert info.allowed == obs_types().names
    assert all(
        meaning.endswith(("Belongs to ObjectCreated.", "Belongs to ObjectRemoved.")) for meaning in info.meanings
    )
    assert "may select none of Put, Post, Copy and CompleteMultipartUpload" in info.description
    assert "neither Delete nor DeleteMarkerCreated" in info.description


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("ObjectCreated", CREATED),
        ("s3:ObjectCreated:*", CREATED),
        ("ObjectRemoved:", REMOVED),
        ("s3:ObjectRemoved:Delete", REMOVED[:1]),
        ("Put", CREATED[:1]),
        ("objectcreated:put", CREATED[:1]),
        ("ObjectCreated:PUT", CREATED[:1]),
        ("ObjectCreated:Delete", ()),
        ("", ()),
        ("s3:", ()),
    ],
)
def test_another_spelling_means_the_names_it_stands_for(name: str, meant: tuple[str, ...]) -> None:
    assert obs_types().meant_by(name) == meant
