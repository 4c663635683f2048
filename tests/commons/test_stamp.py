"""The stamp of what raters say: what changes it, and that the same stamp never stands for two things."""

import random
from collections.abc import Mapping

from support import article, commons

from newsrepo.commons import Commons, Index
from newsrepo.gitstore.snapshot import blob_id
from newsrepo.ids import ContingentId

HEARD = frozenset({ContingentId("abc")})
FIRST = {"abc/2026/once": "One.", "abc/2026/twice": "One."}
OLD, OTHER = blob_id(article(body="One.").encode()), "1" * 40
RATED = {
    "abc/ann": [("abc/2026/once", OLD, 1), ("abc/2026/twice", OLD, 2)],
    "abc/bob": [("abc/2026/twice", OTHER, 4), ("abc/2026/twice", OLD, 3)],
    "xyz/eve": [("abc/2026/once", OLD, 5), ("abc/2026/once", OTHER, 0)],
}
Rated = Mapping[str, list[tuple[str, str, int]]]


def world(bodies: Mapping[str, str], rated: Rated, index: Index | None = None) -> Commons:
    files = {f"articles/{name}/index.md": article(body=body) for name, body in bodies.items()}
    for rater, given in rated.items():
        rows = "".join(
            f"  - {{article: {name}, version: {version}, date: 2026-05-0{1 + n}, values: {{newsworthy: {value}}}}}\n"
            for n, (name, version, value) in enumerate(given)
        )
        files[f"ratings/{rater}/2026-05.yaml"] = f"ratings:\n{rows}"
    return commons(files, index=index)


def test_what_changes_what_is_said_changes_the_stamp_and_hardly_anything_else_does() -> None:
    def stamp(bodies: Mapping[str, str], rated: Rated = RATED) -> str:
        return world(bodies, rated).ratings.stamp(HEARD)

    before = stamp(FIRST)
    assert stamp({**FIRST, "abc/2026/once": "Two."}) == before  # each of them rated it once
    assert stamp(FIRST, {**RATED, "xyz/eve": []}) == before
    assert stamp({**FIRST, "abc/2026/twice": "Two."}) != before  # which of both counts may be another now
    assert stamp({**FIRST, "abc/2026/new": "One."}) != before
    assert stamp({"abc/2026/twice": "One."}) != before
    assert stamp(FIRST, {**RATED, "abc/ann": [("abc/2026/once", OLD, 2)]}) != before


def test_the_same_stamp_never_stands_for_two_things_said() -> None:
    chance = random.Random(5)
    index = Index.memory()  # one for all: what it keeps from one world must not speak in another
    names = ["abc/2026/once", "abc/2026/twice", "abc/2026/never"]
    versions = [blob_id(article(body=body).encode()) for body in ("One.", "Two.")]
    said: dict[str, object] = {}
    worlds = 120
    for _ in range(worlds):
        bodies = {name: chance.choice(["One.", "Two."]) for name in names if chance.random() < 0.9}
        given = [
            (name, version, 1 + 2 * versions.index(version))
            for name in names[:2]
            for version in versions[: chance.choice([1, 2]) if name == names[1] else 1]
        ]
        view = world(bodies, {"abc/ann": given}, index)
        spoken = [(rater, sorted(says)) for rater, says in view.ratings.spoken()]
        assert said.setdefault(view.ratings.stamp(HEARD), spoken) == spoken
    assert 1 < len(said) < worlds
