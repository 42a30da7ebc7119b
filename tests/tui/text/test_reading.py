"""The process that reads long texts: answers, passes on what is raised, and ends when nobody wants to know any more."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator

import pytest

from fgtui.errors import EventError
from fgtui.tui.text.analysis import analyse, strict_text
from fgtui.tui.text.document import Form
from fgtui.tui.text.reading import ReadingDroppedError, ReadingProcess, ReadingStoppedError
from fgtui.tui.text.reading_host import NICENESS, explain_last, read

TEXT = '{\n  "data": "PEJ1ZmZlcj48L0J1ZmZlcj4=",\n  "b": 1.50\n}'


@pytest.fixture
def process() -> Iterator[ReadingProcess]:
    process = ReadingProcess()
    yield process
    process.stop()


def test_what_is_read_there_is_what_would_be_read_here(process: ReadingProcess) -> None:
    found = process.ask(read, 7, Form.WIRE, TEXT, None, None)
    here = analyse(7, Form.WIRE, TEXT, None, None)
    assert found.analysis.problems == here.problems
    assert found.analysis.document.text is TEXT  # it is not sent back
    assert found.analysis.version == 7
    assert list(found.starts or ()) == [0, 2, 40, 52]
    explained = process.ask(explain_last, 7, None, TEXT.index("PEJ1"), range(4))
    assert explained is not None
    assert explained.place is not None
    assert explained.place.text == "<Buffer></Buffer>"
    assert "<Buffer>" in explained.hints[1][0].text


def test_nothing_is_explained_of_a_text_that_is_not_the_one_read_last(process: ReadingProcess) -> None:
    assert process.ask(explain_last, 0, None, 0, range(1)) is None
    process.ask(read, 1, Form.WIRE, TEXT, None, None)
    assert process.ask(explain_last, 2, None, 0, range(1)) is None


def test_what_is_raised_there_is_raised_here_with_its_place(process: ReadingProcess) -> None:
    with pytest.raises(EventError) as caught:
        process.ask(strict_text, '{\n "a" 1}', Form.WIRE)
    assert (caught.value.line, str(caught.value)) == (2, str(caught.value))
    assert process.ask(strict_text, "[1] // one", Form.WIRE).rstrip() == "[1]"


def test_it_gives_way_to_the_keys(process: ReadingProcess) -> None:
    assert process.ask(os.nice, 0) >= NICENESS


def test_stopping_tells_whoever_waits(process: ReadingProcess) -> None:
    process.ask(os.getpid)
    told: list[BaseException] = []

    def wait() -> None:
        try:
            process.ask(time.sleep, 60)
        except ReadingStoppedError as error:
            told.append(error)

    waiting = threading.Thread(target=wait)
    waiting.start()
    while not process._turn.locked():
        pass
    process.stop()
    waiting.join(10)
    assert len(told) == 1
    assert process.is_stopped
    with pytest.raises(ReadingStoppedError):
        process.ask(os.getpid)


def test_a_question_that_is_dropped_leaves_the_process_for_the_next_one(process: ReadingProcess) -> None:
    pid = process.ask(os.getpid)
    process.drop()
    told: list[BaseException] = []

    def wait() -> None:
        try:
            process.ask(time.sleep, 60)
        except ReadingDroppedError as error:
            told.append(error)

    waiting = threading.Thread(target=wait)
    waiting.start()
    while waiting.is_alive():  # the first may come before it has begun
        process.drop()
        waiting.join(0.01)
    assert len(told) == 1
    assert process.ask(os.getpid) == pid


def test_one_that_dies_says_so_and_the_next_question_starts_another(process: ReadingProcess) -> None:
    first = process.ask(os.getpid)
    with pytest.raises(ReadingStoppedError):
        process.ask(os._exit, 1)
    assert not process.is_stopped
    assert process.ask(os.getpid) != first


def test_none_is_left_behind(process: ReadingProcess) -> None:
    pid = process.ask(os.getpid)
    process.stop()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_none_is_left_behind_where_another_question_waited_for_its_turn(process: ReadingProcess) -> None:
    pid = process.ask(os.getpid)
    told: list[BaseException] = []

    def wait() -> None:
        try:
            process.ask(os.getpid)
        except ReadingStoppedError as error:
            told.append(error)

    waiting = threading.Thread(target=wait)
    with process._turn:  # of a question that has just been answered
        waiting.start()
        process.stop()
    waiting.join(10)
    assert len(told) == 1
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_long_text_goes_there_and_comes_back(process: ReadingProcess) -> None:
    text = '["' + "中\ud800" * 100_000 + '"]'
    assert process.ask(read, 1, Form.WIRE, text, None, None).analysis.document.text == text
