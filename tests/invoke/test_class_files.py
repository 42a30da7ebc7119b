"""What a class file declares, read from its bytes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgtui.invoke.class_files import Method, read_class
from tests.invoke.java_code import compiled, needs_jdk

SOURCE = """
package com.demo;
public class Main implements Runnable {
    static final long WIDE = 12345678901L; static final double ALSO = 1.5; final String text = "überall";
    public void run() { Runnable r = () -> System.out.println(text); r.run(); }
    protected int add(int one, long[] many) { return one; }
}
"""


@needs_jdk
def test_a_compiled_class_names_its_methods(tmp_path: Path) -> None:
    compiled({"com/demo/Main.java": SOURCE}, tmp_path)
    data = (tmp_path / "com/demo/Main.class").read_bytes()
    found = read_class(data)
    assert (found.name, found.is_public) == ("com.demo.Main", True)
    assert Method("run", "()V", is_public=True) in found.methods
    assert Method("add", "(I[J)I", is_public=False) in found.methods
    for end in range(0, len(data) - 20, 7):
        cut = data[:end]
        try:
            read_class(cut)
        except ValueError:
            continue


@pytest.mark.parametrize(
    "data", [b"", b"\xca\xfe\xba\xbe", b"PK\x03\x04", b"\xca\xfe\xba\xbe\0\0\0\x34\0\x03\x01\0\x01"]
)
def test_what_is_no_class_is_a_value_error(data: bytes) -> None:
    with pytest.raises(ValueError, match="no class file"):
        read_class(data)


@given(st.binary(max_size=200))
def test_no_bytes_do_any_harm(rest: bytes) -> None:
    try:
        read_class(b"\xca\xfe\xba\xbe\0\0\0\x34" + rest)
    except ValueError as error:
        assert "no class file" in str(error)  # noqa: PT017
