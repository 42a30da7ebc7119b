"""The workbench looks as its pictures show it: each scene is played anew and compared with ``screenshots/SCENE*.svg``.

Under the Textual version the pictures were taken with, every word, place and colour has to agree; under another minor
version, whose own shades and scroll bars may differ, every word.
"""

from __future__ import annotations

import re
import subprocess
import sys
from difflib import unified_diff
from pathlib import Path

import pytest
from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from screenshots.picture import Look, made_with, svg_lines, textual_version, words
from screenshots.scenes import SCENES, Scene, take

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "screenshots"
TAKE_AGAIN = "if that is how it should look, take the picture again: python screenshots/take.py {name}"
BOLD = Style(bold=True)
PAGE = Look("#d4d9e2", "#14171c")


def the_scene(name: str) -> Scene:
    return next(scene for scene in SCENES if scene.name == name)


def the_picture(name: str) -> str:
    return (PICTURES / f"{name}.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
async def test_a_scene_looks_as_in_its_pictures(scene: Scene) -> None:
    for name, now in (await take(scene)).items():
        kept = the_picture(name)
        is_comparable = made_with(kept) == textual_version()
        before, after = (svg.split("\n") if is_comparable else words(svg) for svg in (kept, now))
        if before != after:
            changes = list(unified_diff(before, after, "the picture", "now", lineterm="", n=0))
            pytest.fail(
                f"{name}.svg shows something else; {TAKE_AGAIN.format(name=scene.name)}\n" + "\n".join(changes[:40]),
                pytrace=False,
            )


async def test_two_takes_are_the_same_bytes_whatever_the_terminal_and_the_locale(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plain = await take(the_scene("column"))
    for name, value in {
        "TZ": "Asia/Shanghai",
        "LANG": "zh_CN.UTF-8",
        "NO_COLOR": "1",
        "COLORTERM": "",
        "COLORFGBG": "0;15",
        "TERM": "dumb",
    }.items():
        monkeypatch.setenv(name, value)
    assert await take(the_scene("column")) == plain


def test_every_scene_has_its_pictures_and_every_picture_a_scene() -> None:
    assert {file.stem for file in PICTURES.glob("*.svg")} == {name for scene in SCENES for name in scene.pictures}


def test_a_scene_says_the_same_in_every_theme() -> None:
    for scene in SCENES:
        assert len({tuple(words(the_picture(name))) for name in scene.pictures}) == 1, scene.name


def test_the_readme_shows_every_scene_in_the_theme_of_its_reader() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = re.findall(r'(?:srcset="screenshots/([\w-]+)\.svg"><img .*)?src="screenshots/([\w-]+)\.svg"', readme)
    pictures = sorted((scene.name + "-light" if len(scene.themes) > 1 else "", scene.name) for scene in SCENES)
    assert sorted(shown) == pictures


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_a_picture_tells_nothing_of_the_machine_and_fetches_nothing(scene: Scene) -> None:
    for picture in map(the_picture, scene.pictures):
        addresses = set(re.findall(r"\w+://[^\s\"'<]*", picture))
        assert addresses <= {"http://www.w3.org/2000/svg"}
        for trace in ("/work", "/root", "/tmp", "/home", "/var", "/Users", str(Path.home())):
            assert trace not in picture


def test_the_script_names_the_scenes_when_it_does_not_know_one(tmp_path: Path) -> None:
    script = [sys.executable, str(PICTURES / "take.py"), "workbnech"]
    ended = subprocess.run(script, cwd=tmp_path, capture_output=True, text=True)
    assert ended.returncode == 2
    assert "no such scene: workbnech; there are workbench, decoded, form" in ended.stdout


# ── how a screen becomes a picture ───────────────────────────────────────────────────────────────────────────────────
def drawn(*segments: Segment) -> str:
    return "\n".join(svg_lines([Strip(segments)], PAGE))


def x_of(text: str, svg: str) -> float:
    found = re.search(rf'<text x="([\d.]+)"[^>]*>{re.escape(text)}</text>', svg)
    assert found is not None, svg
    return float(found[1])


def test_a_word_behind_wide_characters_stands_where_a_terminal_puts_it() -> None:
    assert x_of("|", drawn(Segment("照片|"))) == x_of("|", drawn(Segment("abcd", BOLD), Segment("|")))


def test_a_wide_character_stands_in_the_middle_of_its_two_cells() -> None:
    assert x_of("片", drawn(Segment("照片"))) == x_of("|", drawn(Segment("abc", BOLD), Segment("|")))


def test_signs_that_look_like_markup_are_drawn() -> None:
    assert words(drawn(Segment('[/red] <b> & "x"'))) == ["[/red] &lt;b&gt; &amp; &quot;x&quot;"]


def test_another_colour_is_another_picture() -> None:
    assert drawn(Segment("send", Style(color="#83b5d4"))) != drawn(Segment("send", Style(color="#83b5d5")))
    assert drawn(Segment(" ", Style(bgcolor="#1d222a"))) != drawn(Segment(" ", Style(bgcolor="#1d222b")))


def test_a_reversed_cell_has_its_colours_the_other_way_round() -> None:
    svg = drawn(Segment("x", Style(reverse=True)))
    assert f'fill="{PAGE.ink}"' in svg.split("\n")[0]
    assert f'fill="{PAGE.paper}"' in svg.split("\n")[1]
