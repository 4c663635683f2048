"""A rewritten by B, B translated by C, C quoted by D, each in a fork of their own: credit holds to the end."""

import json
import shutil
from pathlib import Path

import pytest
from hermetic import commit_all, run_git
from network import Member, Network, newsrepo, text
from support import CHARTER, article

A, B, C, D = "abc/2026/first", "lmn/2026/port", "xyz/2026/hafen", "qrs/2026/docks"
WORDS = {
    A: "The cranes stood still for nine days.",
    B: "The cranes stood still for ten days.",
    C: "Zehn Tage standen die Kräne still.",
    D: "So they wrote.",
}


def index(name: str) -> str:
    return f"articles/{name}/index.md"


def derive(network: Network, name: str, source: str, *options: str) -> None:
    """Let the owner of ``name`` sync, start a work based on ``source``, put own words in it and publish it."""
    who, _, slug = name.split("/")
    member = network[who]
    book = {f"contingents/{other.id}.yaml": other.page for other in network.members.values()}
    run_git(member.work, "config", "newsrepo.contingent", who)
    member.publish(dict(book))
    assert newsrepo(member.work, "sync", "--allow-local").exit_code == 0
    made = newsrepo(
        member.work,
        "--today",
        "2026-04-02",
        "rewrite",
        source,
        "--slug",
        slug,
        "--changes",
        "New words.",
        *options,
    )
    assert made.exit_code == 0, made.output
    path = member.work / index(name)
    head, _, body = path.read_text().rpartition("---\n")
    quoted = body if "quote" in options else ""
    path.write_text(f"{head}---\n{quoted}\n{WORDS[name]}\n")
    member.publish({})


@pytest.fixture
def chain(network: Network) -> Network:
    """The four of them, and a reader who has synced."""
    network.charter = CHARTER.replace("[CC0-1.0]", "[CC0-1.0, CC-BY-SA-4.0]")
    network.join("abc", "lmn", "qrs", "xyz")
    network["abc"].publish({index(A): text("The dock strike ends", WORDS[A])})
    derive(network, B, A)
    derive(network, C, B, "--relation", "translation", "--lang", "de")
    derive(network, D, C, "--relation", "quote")
    network.sync()
    return network


def answer(network: Network, *args: str, clone: Path | None = None) -> dict:
    return json.loads(newsrepo(clone or network.clone, *args, "--json").stdout)


def told(network: Network, *rules: str) -> list[tuple[str, str]]:
    """The findings of these rules, by rule and path."""
    found = answer(network, "check")["findings"]
    return [(f["rule"], f["path"]) for f in found if f["rule"] in rules]


CREDIT = (
    "dropped-credit",
    "dropped-author",
    "unkept-source",
    "dangling-version",
    "dangling-id",
    "wrong-version",
)


def test_the_whole_chain_is_sound_and_drawn_with_the_ref_of_each(chain: Network) -> None:
    assert told(chain, *CREDIT) == []
    drawn = answer(chain, "credits", D)["based_on"]
    assert [(line["relation"], line["article"], line["contingent"], line["authors"]) for line in drawn] == [
        ("quote", C, "xyz", []),
        ("translation", B, "lmn", []),
        ("rewrite", A, "abc", ["Ann Lee"]),
    ]
    assert [line["ref"].partition("@")[0] for line in drawn] == ["xyz", "lmn", "abc"]


def test_a_credit_dropped_is_found_and_named_at_the_end_of_the_chain(chain: Network) -> None:
    sources = sorted((chain["qrs"].work / f"articles/{D}/sources").iterdir())
    keep = chain.version(C)
    for source in sources:
        if source.stem != keep:
            source.unlink()
    chain["qrs"].publish({})
    chain.sync()
    found = [f for f in answer(chain, "check")["findings"] if f["rule"] == "dropped-credit"]
    (lost,) = found
    assert (lost["path"], lost["source"].partition("@")[0]) == (index(D), "qrs")
    assert lost["message"] == f"{A} is not credited, though this is based on it through {C} and {B}"
    # They mend it where they are, and only what is theirs.
    mended = newsrepo(chain["qrs"].work, "check", "--fix")
    assert mended.exit_code in (0, 1), mended.output
    chain["qrs"].publish({})
    chain.sync()
    assert told(chain, "dropped-credit") == []


def test_versions_diff_and_the_page_of_the_story_show_all_of_them(chain: Network) -> None:
    chain["abc"].publish({index(A): text("The dock strike ends", "It took eleven days.")})
    chain.sync()
    story = answer(chain, "versions", C)
    assert [(work["id"], work["depth"], len(work["revisions"])) for work in story["works"]] == [
        (A, 0, 3),
        (B, 1, 1),
        (C, 2, 1),
    ]
    assert story["history_complete"]
    old = story["works"][0]["revisions"][1]["article_version"]
    compared = chain.run("diff", f"{A}@{old[:10]}", B)
    assert "[-nine-]{+ten+}" in compared.stdout
    out = chain.base / "site"
    built = chain.run("--today", "2026-06-01", "build", "rdr/all", "--output", str(out))
    assert built.exit_code == 0, built.output
    page = (out / f"stories/{A}.html").read_text()
    for name in (A, B, C):
        assert f'href="../../../articles/{name}.html"' in page
    assert "<del>nine</del>" in page
    assert WORDS[C] in page
    credit = (out / f"articles/{D}.html").read_text()
    assert f"cited/{A}/{old}.html" in credit
    assert "nine days" in (out / f"cited/{A}/{old}.html").read_text()
    changed = (out / f"revisions/{A}.html").read_text()
    assert "eleven days" in changed
    assert changed.count('class="compared"') == 2


def test_a_licence_that_does_not_allow_it_is_refused(chain: Network) -> None:
    shared = article("Shared alike", more="authors: [Ann Lee]\nlicense: CC-BY-SA-4.0\n")
    chain["abc"].publish({index("abc/2026/alike"): shared, index("abc/2026/none"): article("Nobody may")})
    member = chain["lmn"]
    assert newsrepo(member.work, "sync", "--allow-local").exit_code == 0
    refused = newsrepo(member.work, "rewrite", "abc/2026/none", "--changes", "x")
    assert refused.exit_code == 2
    assert "has no licence, so it may not be rewritten here" in refused.stderr
    made = newsrepo(member.work, "rewrite", "abc/2026/alike", "--changes", "x", "--slug", "freed")
    assert made.exit_code == 0, made.output
    (path,) = member.work.glob("articles/lmn/*/freed/index.md")
    path.write_text(path.read_text().replace("\nlicense: CC-BY-SA-4.0\n", "\nlicense: CC0-1.0\n", 1))
    member.publish({})
    chain.sync()
    assert told(chain, "license-not-allowed") == [("license-not-allowed", str(path.relative_to(member.work)))]


def gone(chain: Network, *, after: bool) -> str:
    """A's home rewrites its history without the article and goes away; the version that was cited."""
    version = chain.version(A)
    abc: Member = chain["abc"]
    run_git(abc.work, "checkout", "--quiet", "--orphan", "new")
    shutil.rmtree(abc.work / f"articles/{A}")
    commit_all(abc.work)
    abc.push(abc.place, force=True)
    if after:
        chain.sync(code=1)
    shutil.rmtree(abc.path)
    return version


def test_after_the_first_fork_is_rewritten_and_gone_every_citation_still_shows_its_text(
    chain: Network,
) -> None:
    version = gone(chain, after=True)
    chain.sync(code=1)
    assert A not in chain.titles()
    assert told(chain, "dropped-credit", "dangling-version", "unkept-source") == []
    drawn = answer(chain, "credits", D)["based_on"]
    assert (drawn[2]["article"], drawn[2]["title"], drawn[2]["text_in_view"]) == (
        A,
        "The dock strike ends",
        True,
    )
    assert "[-nine-]{+ten+}" in chain.run("diff", f"{A}@{version}", B).stdout
    out = chain.base / "site"
    assert chain.run("--today", "2026-06-01", "build", "rdr/all", "--output", str(out)).exit_code == 0
    for name in (B, C, D):
        assert f"cited/{A}/{version}.html" in (out / f"articles/{name}.html").read_text()
    assert WORDS[A] in (out / f"cited/{A}/{version}.html").read_text()


def test_who_never_saw_the_first_fork_reads_the_citation_all_the_same(chain: Network) -> None:
    version = gone(chain, after=False)
    late = chain.base / "late"
    run_git(chain.base, "clone", "--quiet", str(chain.clone), "late")
    run_git(late, "config", "newsrepo.contingent", "rdr")
    assert newsrepo(late, "sync", "--allow-local").exit_code == 1
    assert "[-nine-]{+ten+}" in newsrepo(late, "diff", f"{A}@{version}", B).stdout
    drawn = answer(chain, "credits", D, clone=late)["based_on"]
    assert [(line["article"], line["text_in_view"]) for line in drawn] == [(C, True), (B, True), (A, True)]
    listed = answer(chain, "versions", A, clone=late)
    (row,) = listed["works"][0]["revisions"]
    assert (row["article_version"], row["text_in_view"]) == (version, True)


def test_a_shallow_clone_answers_alike_about_everybody_else(chain: Network) -> None:
    shallow = chain.base / "shallow"
    run_git(chain.base, "clone", "--quiet", "--depth", "1", f"file://{chain.clone}", "shallow")
    run_git(shallow, "config", "newsrepo.contingent", "rdr")
    assert newsrepo(shallow, "sync", "--allow-local").exit_code == 0
    for verb in (["credits", D], ["credits", A, "--json"], ["versions", B], ["diff", A, B]):
        here, there = chain.run(*verb), newsrepo(shallow, *verb)
        assert (here.exit_code, here.stdout) == (there.exit_code, there.stdout)
    pages = []
    for clone in (chain.clone, shallow):
        out = chain.base / f"site-of-{clone.name}"
        assert (
            newsrepo(clone, "--today", "2026-06-01", "build", "rdr/all", "--output", str(out)).exit_code == 0
        )
        found = {str(path.relative_to(out)): path.read_bytes() for path in out.rglob("*") if path.is_file()}
        said = found.pop("about.html")
        pages.append((json.loads(found.pop("manifest.json"))["unverifiable"], found))
        assert (b"shallow clone" in said) is (clone == shallow)
    assert pages[0] == ("", pages[1][1])
    assert pages[1][0] == "made from a shallow clone"


def test_a_shallow_clone_of_ones_own_says_what_is_not_in_view(chain: Network) -> None:
    """The owner's own history is cut off: earlier texts may exist, and nobody here can tell."""
    old = chain.version(A)
    chain["abc"].publish({index(A): text("The dock strike ends", "It took eleven days.")})
    shallow = chain.base / "shallow"
    run_git(chain.base, "clone", "--quiet", "--depth", "1", f"file://{chain['abc'].path}", "shallow")
    run_git(shallow, "config", "newsrepo.contingent", "abc")
    listed = answer(chain, "versions", A, clone=shallow)
    assert not listed["history_complete"]
    assert listed["works"][0]["revisions"][0]["history_ends_here"]
    asked = newsrepo(shallow, "diff", f"{A}@{old[:10]}", A)
    assert asked.exit_code == 3
    assert "is in this shallow clone" in asked.stderr
    run_git(chain["abc"].work, "config", "newsrepo.contingent", "abc")
    whole = newsrepo(chain["abc"].work, "diff", f"{A}@{'1' * 40}", A)
    assert (whole.exit_code, "was ever seen here" in whole.stderr) == (2, True), whole.stderr


def test_of_a_home_that_was_never_reached_nobody_here_can_tell(chain: Network) -> None:
    """What is cited from there is not called missing, and what is kept of it is believed."""
    never = "1" * 40
    based = f"based_on:\n  - article: {{}}\n    version: {never}\n    relation: quote\n"
    more = "authors: [Bo]\nlicense: CC0-1.0\n"
    chain["lmn"].publish(
        {
            index("lmn/2026/one"): article("One", more=more + based.format(A)),
            index("lmn/2026/two"): article("Two", more=more + based.format("abc/2026/unheard")),
        }
    )
    chain["abc"].path.rename(chain.base / "away")
    late = chain.base / "late"
    run_git(chain.base, "clone", "--quiet", str(chain.clone), "late")
    run_git(late, "config", "newsrepo.contingent", "rdr")
    assert newsrepo(late, "sync", "--allow-local").exit_code == 1
    found = [
        f
        for f in answer(chain, "check", clone=late)["findings"]
        if f["rule"] in ("dangling-id", "unseen-record")
    ]
    assert [f["path"] for f in found] == [index("lmn/2026/one"), index("lmn/2026/two")]
    assert all(f["severity"] != "error" and "home was never" in f["message"] for f in found)
    asked = newsrepo(late, "diff", f"{A}@{never}", B)
    assert asked.exit_code == 3
    assert "abc's home was never reached" in asked.stderr
