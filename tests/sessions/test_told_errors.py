from __future__ import annotations

from pathlib import Path
from typing import Any

from fgtui.errors import StoreError, UsageError
from fgtui.sessions import strict_json
from fgtui.sessions.told_errors import packed, unpacked
from fgtui.words import Phrase


def test_an_error_says_the_same_on_the_other_side_and_can_be_translated_there() -> None:
    inner = UsageError("{count} are {what}", count=3, what=Phrase("too many"))
    error = StoreError("{file}: {why}; {how}", file=Path("/x"), why=inner, how=Phrase("{a} of {b}", a=1.5, b="y"))
    carried: Any = strict_json.read(strict_json.write(packed(error.values)))
    values: dict[str, Any] = unpacked(carried)
    assert str(StoreError(error.message, **values)) == str(error) == "/x: 3 are too many; 1.5 of y"
    assert values["why"] == Phrase("{count} are {what}", count=3, what=Phrase("too many"))
