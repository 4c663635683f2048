"""What a clone knows of each home: written whole, read strictly, and never believed when it is damaged."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsrepo.errors import UnableError
from newsrepo.gitstore.ledger import Ledger, Rewrite, Seen, Trouble, load, save
from newsrepo.ids import Oid

ONE, TWO = Oid("1" * 40), Oid("2" * 40)
FULL = Seen(
    url="https://example.org/abc/news",
    branch="main",
    keys=("ssh-ed25519 AAAA ann",),
    accepted=(ONE, TWO),
    commit=ONE,
    tree=TWO,
    committed=1_777_622_400,
    fetched_at="2026-05-01T08:00:00Z",
    tried_at="2026-05-02T08:00:00Z",
    trouble=(Trouble("fetch-timeout", "it took too long", "try again"),),
    rewritten=(Rewrite(TWO, ONE, "2026-05-01T08:00:00Z"),),
)


def test_there_and_back(tmp_path: Path) -> None:
    file = tmp_path / "homes.json"
    assert load(file) == Ledger()
    save(file, Ledger({"lmn": Seen("/srv/lmn", ""), "abc": FULL}))
    found = load(file)
    assert found == Ledger({"abc": FULL, "lmn": Seen("/srv/lmn", "")})
    assert list(found.homes) == ["abc", "lmn"]
    before = file.read_bytes()
    save(file, found)
    assert file.read_bytes() == before


def test_every_byte_counts(tmp_path: Path) -> None:
    """Whatever is changed is noticed, or says the same as before."""
    file = tmp_path / "homes.json"
    save(file, Ledger({"abc": FULL}))
    whole, was = file.read_bytes(), load(file)
    for n in range(len(whole)):
        file.write_bytes(whole[:n] + bytes([whole[n] ^ 1]) + whole[n + 1 :])
        found = load_or_later(file)
        assert found in (was, Ledger(damaged=True), None), n
    for n in range(0, len(whole) - 2, 7):
        file.write_bytes(whole[:n])
        assert load(file) == Ledger(damaged=True)


def load_or_later(file: Path) -> Ledger | None:
    """None where it seems to have been written by a later version."""
    try:
        return load(file)
    except UnableError:
        return None


@given(st.binary(max_size=200))
@settings(deadline=None, max_examples=100)
def test_any_bytes(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    file = tmp_path_factory.mktemp("ledger") / "homes.json"
    file.write_bytes(data)
    assert load_or_later(file) in (Ledger(damaged=True), None)


def test_a_later_format_is_not_overwritten(tmp_path: Path) -> None:
    file = tmp_path / "homes.json"
    file.write_text('{"format": 2, "anything": []}')
    with pytest.raises(UnableError, match="later newsrepo"):
        load(file)


def test_what_is_no_file(tmp_path: Path) -> None:
    (tmp_path / "homes.json").mkdir()
    with pytest.raises(UnableError):
        load(tmp_path / "homes.json")


@pytest.mark.parametrize(
    "wrong",
    [
        {"../x": FULL},
        {"abc": Seen("u", "", commit=ONE)},
        {"abc": Seen("u", "", tree=ONE)},
        {"abc": Seen("u", "", accepted=("x",))},
        {"abc": Seen("u", "", fetched_at="yesterday")},
        {"abc": Seen("u", "", rewritten=(Rewrite(ONE, Oid("x"), "2026-05-01T08:00:00Z"),))},
    ],
)
def test_what_would_not_be_believed_is_not_written(wrong: dict[str, Seen], tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not fit"):
        save(tmp_path / "homes.json", Ledger(wrong))
    assert list(tmp_path.iterdir()) == []
