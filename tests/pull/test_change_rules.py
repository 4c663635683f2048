"""The rules about changes as values: who owns what, what may not vanish, what changes alone."""

from collections.abc import Iterator

from msgspec.structs import replace

from newsrepo.checks import CHANGE_RULES, pinned
from newsrepo.checks.changes import Author, Change, Changeset, Described, change
from newsrepo.ids import ContingentId, Oid
from newsrepo.records.types import Contingent
from newsrepo.signing.keys import parse_key

OLD, NEW = Oid("1" * 40), Oid("2" * 40)
QUAY = "articles/abc/2026/quay/index.md"
BALLOT = "statements/abc/peace/ballots/lmn/1.yaml"
ROLL = "statements/roll.yaml"


def added(path: str) -> Change:
    return change(path, None, NEW)


def edited(path: str) -> Change:
    return change(path, OLD, NEW)


def removed(path: str) -> Change:
    return change(path, OLD, None)


def names(*ids: str) -> frozenset[ContingentId]:
    return frozenset(map(ContingentId, ids))


def told(changeset: Changeset) -> list[tuple[str, str]]:
    def find() -> Iterator[tuple[str, str]]:
        for rule in CHANGE_RULES:
            for fault in rule.find(changeset):
                assert not (set(fault.message) | set(fault.hint)) & set("\n\x1b")
                yield fault.rule or rule.id, fault.path

    return sorted(find())


def by(
    *changes: Change,
    who: str = "",
    host: bool = False,
    voting: bool = False,
    enacted: frozenset[Oid] = frozenset(),
) -> list[tuple[str, str]]:
    """What is told when somebody who writes for ``who`` brings this to a branch with abc, lmn and xyz (homed)."""
    author = Author("ann", names(*who.split()), host)
    return told(Changeset(changes, author, names("abc", "lmn", "xyz"), names("abc", "lmn"), enacted, voting))


class TestOwners:
    def test_ones_own_folder(self) -> None:
        assert by(edited(QUAY), added("articles/abc/2026/new/index.md"), who="abc") == []

    def test_anothers_folder(self) -> None:
        for touch in (edited, added):
            assert by(touch(QUAY), who="lmn") == [("edited-elsewhere", QUAY)]
        assert by(removed(QUAY), who="lmn") == [("edited-elsewhere", QUAY), ("vanished-id", QUAY)]

    def test_a_stranger_adds_nothing_to_anothers_folder(self) -> None:
        for path in (
            "articles/abc/2026/new/index.md",
            "articles/abc/2026/quay/pic.png",
            "contingents/abc.yaml.sig",
            "ratings/abc/ann/2026-05.yaml",
            "filters/abc/x.yaml",
            "articles/abc/stray",
            "articles/abc/2026/quay/.gitkeep",
            "statements/zoe/x/ballots/abc/1.yaml",
            "challenges/zoe/x/answers/lmn.md",
        ):
            assert by(added(path)) == [("edited-elsewhere", path)]

    def test_anothers_ballot(self) -> None:
        assert by(edited(BALLOT), who="abc") == [("edited-elsewhere", BALLOT), ("rewritten-vote", BALLOT)]
        assert by(added(BALLOT), who="abc") == [("edited-elsewhere", BALLOT)]
        assert by(added(BALLOT), who="lmn") == []

    def test_a_newcomer_adds_what_is_new(self) -> None:
        assert (
            by(
                added("contingents/zoe.yaml"),
                added("articles/zoe/2026/pier/index.md"),
                added("challenges/abc/why/answers/zoe.md"),
                added("comments/zoe/2026/word.md"),
            )
            == []
        )

    def test_who_writes_for_somebody_may_bring_a_newcomer(self) -> None:
        assert by(added("contingents/zoe.yaml"), who="abc") == []

    def test_answers_are_of_who_answers(self) -> None:
        answer = "challenges/abc/why/answers/lmn.md"
        assert by(added(answer), who="lmn") == []
        assert by(added(answer), who="abc") == [("edited-elsewhere", answer)]

    def test_several_owners_need_the_host(self) -> None:
        both = (edited(QUAY), edited("articles/lmn/2026/port/index.md"))
        assert by(*both, who="abc lmn") == [("several-owners", both[1].path)]
        assert by(*both, who="abc lmn", host=True) == []
        assert by(*both, host=True) == []

    def test_a_host_writes_for_the_hosted_alone(self) -> None:
        homed = "articles/xyz/2026/own/index.md"
        assert by(edited(homed), host=True) == [("edited-elsewhere", homed)]
        assert by(edited(homed), host=True, who="xyz") == []

    def test_what_the_commons_owns(self) -> None:
        for path in ("newsrepo.yaml", ROLL):
            assert by(edited(path), who="abc") == [("edited-elsewhere", path)]
            assert by(edited(path), host=True) == []

    def test_junk_outside_every_folder_is_nobodys(self) -> None:
        assert by(removed("articles/stray"), removed("comments/Ünicode/x")) == []

    def test_nobody_named_nobody_judged(self) -> None:
        assert told(Changeset((edited(QUAY), edited("newsrepo.yaml")))) == []


class TestVanishing:
    def test_what_was_public_stays(self) -> None:
        for path in (
            QUAY,
            "comments/abc/2026/word.md",
            "challenges/abc/why/challenge.md",
            "challenges/abc/why/answers/lmn.md",
            "statements/abc/peace/statement.md",
            "statements/abc/peace/opening.yaml",
            "statements/abc/peace/dissents/lmn.md",
            BALLOT,
        ):
            assert told(Changeset((removed(path),))) == [("vanished-id", path)]

    def test_what_has_no_word_of_its_own_may_go(self) -> None:
        gone = (
            "filters/abc/x.yaml",
            "articles/abc/2026/quay/pic.png",
            "ratings/abc/ann/2026-05.yaml",
            "articles/x",
        )
        assert told(Changeset(tuple(map(removed, gone)))) == []

    def test_a_move_leaves_a_stone(self) -> None:
        moved = "articles/abc/2026/kay/index.md"
        assert told(Changeset((added(moved), removed(QUAY)))) == [("vanished-id", QUAY)]
        assert told(Changeset((added(moved), edited(QUAY)))) == []

    def test_what_was_signed_stays_as_it_was(self) -> None:
        closing = "statements/abc/peace/closings/lmn/1.yaml"
        for path in (BALLOT, closing, "statements/abc/peace/opening.yaml"):
            assert told(Changeset((edited(path),))) == [("rewritten-vote", path)]
            assert told(Changeset((added(path),))) == []


class TestAgreed:
    def test_votes_and_roll_apart(self) -> None:
        for path in ("newsrepo.yaml", ROLL):
            assert told(Changeset((edited(path), added(BALLOT)))) == [("mixed-change", path)]
            assert told(Changeset((edited(path), added(f"{BALLOT}.sig")))) == [("mixed-change", path)]
            assert told(Changeset((edited(path), added("articles/abc/2026/x/index.md")))) == []
            assert told(Changeset((edited(path), added("contingents/zoe.yaml.sig")))) == []

    def test_a_first_roll_may_come_with_a_first_statement(self) -> None:
        assert told(Changeset((added(ROLL), added("statements/abc/peace/statement.md")))) == []

    def test_who_votes_must_have_agreed(self) -> None:
        for path in ("newsrepo.yaml", ROLL):
            assert told(Changeset((edited(path),), voting=True)) == [("unenacted-change", path)]
            assert told(Changeset((removed(path),), voting=True)) == [("unenacted-change", path)]
            assert told(Changeset((edited(path),), voting=True, enacted=frozenset([NEW]))) == []
            assert told(Changeset((edited(path),), voting=True, enacted=frozenset([OLD]))) == [
                ("unenacted-change", path)
            ]

    def test_the_host_too(self) -> None:
        assert by(edited(ROLL), host=True, voting=True) == [("unenacted-change", ROLL)]


class TestPins:
    KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFfC1HrnTm2zFrjNjcGfYAB4OhIjG2bDBmJOWWjJnCuU"

    def said(self, before: Contingent | None, after: Contingent, *, named: bool = True) -> list[str]:
        path = "contingents/zoe.yaml"
        file = Described(path, ContingentId("zoe"), before, after)
        changeset = Changeset((change(path, None, NEW),), Author("zoe") if named else None, described=(file,))
        return [fault.message for fault in pinned.RULE.find(changeset)]

    def test_a_newcomer_is_shown(self) -> None:
        zoe = Contingent(name="Zoe", home="https://f.example/zoe/news", keys=(self.KEY,), writers=("zoe",))
        pins = f"home 'https://f.example/zoe/news'; keys {parse_key(self.KEY).fingerprint}; writers 'zoe'"
        assert self.said(None, zoe) == [f"merging this admits zoe: {pins}"]
        assert self.said(None, Contingent(name="Zoe")) == [
            "merging this admits zoe: no home, keys or writers"
        ]

    def test_only_what_changes(self) -> None:
        old = Contingent(name="Zoe", home="https://f.example/zoe/news", writers=("zoe",))
        assert self.said(old, replace(old, about="More.")) == []
        assert self.said(old, replace(old, home=None)) == ["merging this pins for zoe: no home"]
        assert self.said(old, replace(old, branch="news")) == [
            "merging this pins for zoe: home 'https://f.example/zoe/news' (branch 'news')"
        ]
        many = replace(old, writers=tuple(f"w{n}" for n in range(9)))
        (said,) = self.said(old, many)
        assert said.endswith("writers 'w0', 'w1', 'w2', 'w3', 'w4' and 4 more")

    def test_a_key_that_is_none(self) -> None:
        odd = Contingent(name="Zoe", keys=("ssh-ed25519 AAAA",))
        assert self.said(None, odd) == ["merging this admits zoe: keys one that is not accepted"]

    def test_nobody_asks_nobody_is_told(self) -> None:
        assert self.said(None, Contingent(name="Zoe"), named=False) == []
