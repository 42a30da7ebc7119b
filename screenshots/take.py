"""Takes the pictures: ``python screenshots/take.py [SCENE…]`` plays scenes in the real workbench.

Of each it writes SCENE.svg, in the dark theme, and SCENE-light.svg.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))  # run as a script, from anywhere

from screenshots.scenes import SCENES, Scene, take  # noqa: E402


def main(names: list[str]) -> int:
    """Take the scenes of these names, or all of them; 2 when there is none of such a name."""
    unknown = set(names) - {scene.name for scene in SCENES}
    if unknown:
        print(f"no such scene: {', '.join(sorted(unknown))}; there are {', '.join(scene.name for scene in SCENES)}")
        return 2
    for scene in SCENES:
        if not names or scene.name in names:
            write(scene)
    return 0


def write(scene: Scene) -> None:
    """Write a scene's pictures, and say whether they have changed."""
    for name, now in asyncio.run(take(scene)).items():
        file = HERE / f"{name}.svg"
        before = file.read_text(encoding="utf-8") if file.is_file() else None
        file.write_text(now, encoding="utf-8")
        print(f"{file.name}: {'new' if before is None else 'as before' if before == now else 'changed'}", flush=True)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
