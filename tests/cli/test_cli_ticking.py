"""A bar that is told seldom is shown again and again in between, and no more once the work is over."""

import threading

from newsrepo.cli.present.ticking import PAUSE, ticking


def test_what_was_told_last_is_repeated_until_the_end() -> None:
    said: list[tuple[int, int]] = []
    enough = threading.Event()

    def update(done: int, total: int) -> None:
        said.append((done, total))
        if len(said) > 2:
            enough.set()

    with ticking(update) as told:
        assert told is not None
        told(1, 3)
        assert enough.wait(50 * PAUSE)
    assert set(said) == {(1, 3)}
    number = len(said)
    assert not threading.Event().wait(3 * PAUSE)
    assert len(said) == number


def test_nothing_is_said_before_anything_is_known_or_where_nobody_looks() -> None:
    said: list[tuple[int, int]] = []
    with ticking(lambda *what: said.append(what)):
        threading.Event().wait(3 * PAUSE)
    assert said == []
    with ticking(None) as told:
        assert told is None
