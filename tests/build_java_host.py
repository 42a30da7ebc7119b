"""Builds ``fgtui/invoke/hosts/java_host.jar`` from the sources beside it: ``python tests/build_java_host.py``.

The same sources and the same ``javac`` give the same bytes: entries are sorted and carry one fixed time. The manifest
names the compiler and the sources' hash, by which the tests tell that the jar is theirs where there is no such compiler.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

HOSTS = Path(__file__).resolve().parents[1] / "fgtui" / "invoke" / "hosts"
SOURCES = HOSTS / "java"
JAR = HOSTS / "java_host.jar"
TIME = (1980, 1, 1, 0, 0, 0)
OPTIONS = (
    "--release",
    "11",
    "-g:source,lines",
    "-XDstringConcat=inline",  # by a bootstrap method it would cost each start some 20 ms
    "-Xlint:all",
    "-Werror",
)


def sources() -> list[Path]:
    """The files of the host, sorted."""
    return sorted(SOURCES.rglob("*.java"))


def source_hash() -> str:
    """SHA-256 over names and contents of the sources."""
    digest = hashlib.sha256()
    for file in sources():
        digest.update(file.relative_to(SOURCES).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def compiler(javac: str) -> str:
    """``javac 17``: releases of one version compile alike."""
    asked = subprocess.run([javac, "-version"], check=True, capture_output=True, text=True)
    name, version = asked.stdout.split()
    return f"{name} {version.split('.')[0]}"


def manifest(javac: str) -> str:
    """The manifest of the jar; its lines are short enough for the format."""
    digest = source_hash()
    lines = (
        "Manifest-Version: 1.0",
        f"Compiler: {compiler(javac)}",
        f"Sources-SHA-256: {digest[:32]}",
        f" {digest[32:]}",
    )
    return "".join(f"{line}\r\n" for line in (*lines, ""))


def build(jar: Path, javac: str = "javac") -> None:
    """Compile the sources and pack them into ``jar``. Raises ``CalledProcessError`` with what the compiler said."""
    with tempfile.TemporaryDirectory() as folder:
        command = [javac, *OPTIONS, "-encoding", "UTF-8", "-d", folder, *map(str, sources())]
        subprocess.run(command, check=True, capture_output=True, text=True)
        with zipfile.ZipFile(jar, "w") as archive:
            _add(archive, "META-INF/MANIFEST.MF", manifest(javac).encode())
            for file in sorted(Path(folder).rglob("*.class")):
                _add(archive, file.relative_to(folder).as_posix(), file.read_bytes())


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    """Stored, not deflated: quicker to load, and the same bytes with every zlib."""
    entry = zipfile.ZipInfo(name, TIME)
    entry.external_attr = 0o644 << 16
    entry.create_system = 3
    archive.writestr(entry, content)


if __name__ == "__main__":
    if shutil.which("javac") is None:
        sys.exit("no javac on PATH")
    try:
        build(JAR)
    except subprocess.CalledProcessError as error:
        sys.exit(error.stderr or error.stdout)
    print(f"{JAR} ({JAR.stat().st_size:,} bytes)")
