from __future__ import annotations

import hashlib
import subprocess
import sys

from hypothesis import given
from hypothesis import strategies as st

from fgtui.digests import blake2b, sha256


@given(data=st.binary(), key=st.binary(max_size=64), size=st.integers(1, 64))
def test_digests_are_those_of_hashlib(data: bytes, key: bytes, size: int) -> None:
    assert sha256(data).hexdigest() == hashlib.sha256(data).hexdigest()
    ours, theirs = (make(data, key=key, digest_size=size) for make in (blake2b, hashlib.blake2b))
    assert ours.hexdigest() == theirs.hexdigest()


def test_an_interpreter_without_an_implementation_of_its_own_takes_that_of_hashlib() -> None:
    code = (
        "import sys; sys.modules.update(_sha2=None, _sha256=None)\n"
        "from fgtui.digests import sha256; print(sha256(b'a').hexdigest()[:4])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert ran.stdout == "ca97\n", ran.stderr
