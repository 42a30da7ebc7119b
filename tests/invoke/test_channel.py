from __future__ import annotations

import os
import sys
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fgtui.invoke.channel import ANSWER_LIMIT, DisturbedError, Receiver, Sender, new_nonce, sections

NONCE = bytes(range(16))


def frame(content: bytes, nonce: bytes = NONCE) -> bytes:
    return nonce + len(content).to_bytes(8, "big") + content + nonce


class Pipe:
    def __init__(self) -> None:
        self.out, self.into = os.pipe()
        os.set_blocking(self.out, False)
        os.set_blocking(self.into, False)
        self.receiver = Receiver(self.out)

    def hear(self, *pieces: bytes) -> list[bytes | None]:
        answers = []
        for piece in pieces:
            os.write(self.into, piece)
            answers.append(self.receiver.receive(NONCE))
        return answers

    def close(self) -> None:
        os.close(self.out)
        os.close(self.into)


@pytest.fixture
def pipe() -> Iterator[Pipe]:
    pipe = Pipe()
    yield pipe
    pipe.close()


def test_an_answer_in_one_piece(pipe: Pipe) -> None:
    assert pipe.hear(frame(b"content")) == [b"content"]


def test_an_answer_byte_by_byte(pipe: Pipe) -> None:
    *before, last = pipe.hear(*(bytes([byte]) for byte in frame(b"content")))
    assert last == b"content"
    assert set(before) == {None}


def test_two_answers_at_once(pipe: Pipe) -> None:
    assert pipe.hear(frame(b"first") + frame(b"second")) == [b"first"]
    assert pipe.receiver.held(NONCE) == b"second"
    assert pipe.receiver.held(NONCE) is None


def test_nothing_there_is_no_answer(pipe: Pipe) -> None:
    assert pipe.receiver.receive(NONCE) is None


def test_a_frame_with_another_nonce_is_none(pipe: Pipe) -> None:
    assert pipe.hear(frame(b"forged", new_nonce()), frame(b"true")) == [None, b"true"]


@given(st.binary(max_size=200))
def test_garbage_before_an_answer_is_skipped(garbage: bytes) -> None:
    pipe = Pipe()
    try:
        assert pipe.hear(garbage + frame(b"true"))[-1] == b"true"
    finally:
        pipe.close()


def test_endless_garbage_is_not_kept(pipe: Pipe) -> None:
    pipe.hear(*[os.urandom(60_000) for _ in range(50)])
    assert len(pipe.receiver._buffer) < 16


@given(st.integers(0, 40 + 4), st.binary(min_size=1, max_size=40))
def test_an_answer_with_something_in_its_middle_is_disturbed_or_whole(at: int, garbage: bytes) -> None:
    whole = frame(b"true")
    pipe = Pipe()
    try:
        heard = pipe.hear(whole[:at] + garbage + whole[at:] + bytes(64))
    except DisturbedError:
        return
    finally:
        pipe.close()
    assert heard in ([b"true"], [None])


def test_a_length_nobody_sends_is_a_disturbance(pipe: Pipe) -> None:
    with pytest.raises(DisturbedError):
        pipe.hear(NONCE + (ANSWER_LIMIT + 1).to_bytes(8, "big"))


def test_a_message_longer_than_the_pipe_goes_out_in_pieces(pipe: Pipe) -> None:
    sender = Sender(pipe.into)
    parts = (b"ab", b"", b"x" * 300_000)
    sender.start(NONCE, *parts)
    assert not sender.is_done
    received = b""
    while not sender.is_done:
        received += os.read(pipe.out, 1 << 20)
        sender.go_on()
    received += os.read(pipe.out, 1 << 20)
    assert received == NONCE + (300_002).to_bytes(8, "big") + b"".join(parts)


def test_a_full_pipe_takes_nothing_at_first(pipe: Pipe) -> None:
    with pytest.raises(BlockingIOError):
        while True:
            os.write(pipe.into, bytes(65536))
    sender = Sender(pipe.into)
    sender.start(NONCE, b"later")
    sender.go_on()
    assert not sender.is_done


def test_nobody_to_read_is_an_error() -> None:
    out, into = os.pipe()
    os.close(out)
    try:
        with pytest.raises(BrokenPipeError):
            Sender(into).start(NONCE, b"x")
    finally:
        os.close(into)


@given(st.lists(st.binary(max_size=50)))
def test_sections_come_apart_as_they_were_put_together(parts: list[bytes]) -> None:
    content = b"k" + b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    assert sections(content) == parts


def test_sections_that_do_not_add_up_are_a_disturbance() -> None:
    with pytest.raises(DisturbedError):
        sections(b"k\x00\x00\x00\x09short")


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells what is left in a pipe")
@pytest.mark.parametrize("size", [0, 10, 1_000_000], ids=["empty", "short", "longer than the pipe holds"])
def test_a_message_is_unread_until_somebody_has_read_of_it(pipe: Pipe, size: int) -> None:
    sender = Sender(pipe.into)
    sender.start(NONCE, b"x" * size)
    assert sender.is_unread()
    os.read(pipe.out, 1)
    assert not sender.is_unread()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells what is left in a pipe")
def test_a_message_to_nobody_is_unread() -> None:
    out, into = os.pipe()
    os.close(out)
    sender = Sender(into)
    with pytest.raises(BrokenPipeError):
        sender.start(NONCE, b"event")
    assert sender.is_unread()
    os.close(into)
