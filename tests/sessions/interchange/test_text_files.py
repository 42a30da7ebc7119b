from __future__ import annotations

from pathlib import Path

import pytest

from fgtui.errors import StoreError, UsageError
from fgtui.sessions.interchange import text_files
from fgtui.sessions.interchange.text_files import opened, text_pieces

TEXT = "订单 \U0001f600 é\r\n" * 9


@pytest.mark.parametrize(
    ("mark", "encoding"), [("", "utf-8"), ("\ufeff", "utf-8"), ("\ufeff", "utf-16-le"), ("\ufeff", "utf-16-be")]
)
@pytest.mark.parametrize("size", [1, 7, 1000])
def test_text_comes_whole_wherever_the_pieces_end(
    tmp_path: Path, mark: str, encoding: str, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "x"
    file.write_bytes((mark + TEXT).encode(encoding))
    monkeypatch.setattr(text_files, "PIECE", max(size, 4))
    assert "".join(text_pieces(file)) == TEXT


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"ab\xffcd", "is not UTF-8 at offset 2"),
        (b"abcd\xe8\xae", "is not UTF-8 at offset 4"),
        (b"\xef\xbb\xbfabcd\xe8", "is not UTF-8 at offset 7"),
        (b"\xff\xfea\0b", "is not UTF-16 at offset 4"),
        (b"\xfe\xff\0a\xd8\0\0a", "is not UTF-16 at offset 4"),
        (b"\xff\xfe\0\0a\0\0\0", "is UTF-32"),
    ],
)
def test_bytes_that_are_no_text_are_told_with_their_place(
    tmp_path: Path, data: bytes, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "x"
    file.write_bytes(data)
    for size in (4, 100):
        monkeypatch.setattr(text_files, "PIECE", size)
        with pytest.raises(StoreError, match=said):
            list(text_pieces(file))


def test_a_device_is_not_read() -> None:
    with pytest.raises(UsageError, match="/dev/zero is no regular file"), opened(Path("/dev/zero")):
        pass
