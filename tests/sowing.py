"""A real blog in which a second contingent's posts are partly taken from the first, and what should be found."""

import os
import random
import tarfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from copyists import KINDS, verbatim
from msgspec import Struct

from newsrepo.credit.folding import words
from newsrepo.credit.reuse import Found, Reuse
from newsrepo.credit.winnowing import RUN
from newsrepo.gitstore.snapshot import MemorySnapshot
from newsrepo.ids import ArticleId, ContingentId
from newsrepo.importers.markdown import Options, import_site
from newsrepo.records import body_text

CORPORA = Path(os.environ.get("NEWSREPO_CORPORA", Path(__file__).parents[1].parent / "shared" / "corpora"))
ARCHIVE = CORPORA / "18f-blog" / "18f-blog.tar.gz"
NEEDS = f"no {ARCHIVE.name}: set NEWSREPO_CORPORA to the folder of the corpora"

CHARTER = """\
name: The Commons
licenses: [CC0-1.0]
axes:
  newsworthy: {title: Newsworthy, min: 0, max: 5, neutral: 2, low: nobody need know, high: all must know}
rule: {ratio: 2/3, of: cast, compare: at-least, quorum: {ratio: 1/2, compare: more-than}}
"""


class Sown(Struct, frozen=True):
    """One text that was taken from another: in which way, and how many of its words stand in runs of at least
    ``RUN`` words of that one (by trying every run)."""

    kind: str
    source: ArticleId
    copy: ArticleId
    words: int
    verbatim: int


class Field(Struct, frozen=True):
    """A commons with sown copies. ``words`` counts the words of all articles."""

    snapshot: MemorySnapshot
    sown: tuple[Sown, ...]
    words: int


def bodies(folder: Path, most: int = 10_000) -> list[str]:
    """The posts of the blog, as they come in by import; ``folder`` is where it is unpacked."""
    with tarfile.open(ARCHIVE) as archive:
        # Python before 3.11.4 has no filters.
        archive.extractall(folder, **({"filter": "data"} if hasattr(tarfile, "data_filter") else {}))
    options = Options(license="CC0-1.0", lang="en", url="https://18f.gsa.gov")
    found = import_site(folder / "18f-blog", ContingentId("gov"), options).files
    texts = [body_text(found[path]) or "" for path in sorted(found) if path.endswith("/index.md")]
    return [text for text in texts if len(text.split()) >= 100][:most]


def sow(texts: Sequence[str], each: int, seed: int = 18) -> Field:
    """Half of the texts are contingent ``gov``'s, half ``rival``'s; ``each`` of these of every kind are taken
    from one of ``gov``'s, every one from another."""
    chance = random.Random(seed)
    half = len(texts) // 2
    own, others = list(texts[:half]), list(texts[half : 2 * half])
    kinds = [kind for kind in KINDS for _ in range(each)]
    taken = chance.sample(range(half), len(kinds))
    places = chance.sample(range(half), len(kinds))
    sown = []
    for kind, source, at in zip(kinds, taken, places, strict=True):
        others[at] = KINDS[kind](own[source], others[at], chance)
        one, other = words(own[source]), words(others[at])
        held = verbatim(other, one, RUN)
        sown.append(Sown(kind, _id("gov", source), _id("rival", at), len(other), held))
    files = {"newsrepo.yaml": CHARTER.encode()}
    for owner, bodies_ in (("gov", own), ("rival", others)):
        files[f"contingents/{owner}.yaml"] = f"name: {owner}\n".encode()
        for number, body in enumerate(bodies_):
            head = f"---\ntitle: Post {number}\ndate: 2024-05-01\nlang: en\nlicense: CC0-1.0\n---\n\n"
            files[f"articles/{_id(owner, number)}/index.md"] = f"{head}{body}".encode()
    return Field(MemorySnapshot(files), tuple(sown), sum(len(words(text)) for text in (*own, *others)))


def _id(owner: str, number: int) -> ArticleId:
    return ArticleId(f"{owner}/2024/post-{number:03}")


def harvest(found: Found) -> Mapping[tuple[ArticleId, ArticleId], Reuse]:
    """What was found, by pair."""
    return {(pair.one.work, pair.other.work): pair for pair in found.pairs}
