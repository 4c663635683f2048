"""All verbs on the union of real repositories: which ref each thing comes from, and whose fault is whose."""

import json
import shutil
from pathlib import Path

import pytest
from hermetic import commit_all, put, run_git
from network import Network, described, newsrepo, text

BROKEN = "---\ntitle: broken\n"


def label(network: Network, who: str) -> str:
    return f"{who}@{run_git(network[who].path, 'rev-parse', 'HEAD')[:8]}"


def site(root: Path) -> dict[str, bytes]:
    return {str(p.relative_to(root)): p.read_bytes() for p in sorted(root.rglob("*")) if p.is_file()}


@pytest.fixture
def met(network: Network) -> Network:
    network.join("abc", "lmn")
    network.sync()
    return network


def test_find_and_show_say_which_ref_things_come_from(met: Network):
    abc = label(met, "abc")
    assert met.titles()["abc/2026/first"] == abc
    assert met.titles()["rdr/2026/own"] == ""
    lines = met.run("find").stdout.splitlines()
    assert next(line for line in lines if line.startswith("abc/")).endswith(f"\t{abc}")
    assert f" from {abc}" in met.run("show", "abc/2026/first").stdout
    assert json.loads(met.run("show", "abc/2026/first", "--json").stdout)["source"] == abc
    assert met.run("show", "abc/2026/first", "--raw").stdout.endswith("Words of abc.\n")
    assert met.run("show", "abc", "--json").stdout.count(abc) == 1
    own = json.loads(met.run("show", "rdr/2026/own", "--json").stdout)
    assert own["source"] == ""


def test_only_and_at_narrow_the_union(met: Network):
    def ids(*options: str) -> set[str]:
        return {work["id"] for work in json.loads(met.run("find", "--json", *options).stdout)["works"]}

    assert ids("--only", "abc") == {"abc/2026/first"}
    assert ids("--only", "rdr") == {"rdr/2026/own"}
    assert ids("--at", "abc") == {"abc/2026/first"}
    assert ids("--at", label(met, "lmn")) == {"lmn/2026/first"}
    assert ids("--at", "HEAD") == {"rdr/2026/own"}
    old = label(met, "abc")
    met["abc"].publish({"articles/abc/2026/second/index.md": text("The second")})
    met.sync()
    assert ids("--at", "abc") == {"abc/2026/first", "abc/2026/second"}
    assert ids("--at", old) == {"abc/2026/first"}  # every tip ever seen is kept
    wrong = met.run("find", "--only", "lmm")
    assert (wrong.exit_code, "did you mean 'lmn'?" in wrong.stderr) == (2, True)
    assert met.run("find", "--only", "abc", "--at", "HEAD").exit_code == 2
    assert met.run("find", "--at", "nobody").exit_code == 3


def test_only_works_before_anything_was_fetched(network: Network):
    network.join("abc")
    said = json.loads(network.run("find", "--only", "rdr", "--json").stdout)
    assert [work["id"] for work in said["works"]] == ["rdr/2026/own"]


def test_others_faults_are_named_and_left_to_them(met: Network):
    met["abc"].publish(
        {"articles/abc/2026/broken/index.md": BROKEN, "articles/lmn/2026/edited/index.md": BROKEN}
    )
    met.sync()
    done = met.run("check")
    assert done.exit_code == 0, done.output
    assert f"{label(met, 'abc')}:articles/abc/2026/broken/index.md:1:1: unclosed-front-matter" in done.stdout
    assert "theirs to mend" in done.stderr
    assert "edited" not in done.stdout  # what abc holds of lmn's is nobody's word
    said = json.loads(met.run("check", "--json").stdout)
    assert (said["errors"], said["others"]["errors"]) == (0, 1)
    assert met.run("check", "--only", "abc").exit_code == 1
    assert met.run("check", "--only", "lmn").exit_code == 0
    assert met.run("check", "articles/abc").exit_code == 0
    put(met.clone, {"articles/rdr/2026/broken/index.md": BROKEN})
    ours = met.run("check")
    assert ours.exit_code == 1
    assert ours.stdout.splitlines()[0].startswith("articles/rdr/2026/broken/index.md:1:1: ")


def test_what_one_contingent_says_is_checked_in_view_of_all_others(met: Network):
    good = text("Points on", "See [there](article:lmn/2026/first) and [here](article:rdr/2026/own).")
    met["abc"].publish({"articles/abc/2026/points/index.md": good})
    met.sync()
    assert met.run("check", "--only", "abc").exit_code == 0
    assert "dangling" not in met.run("check", "--only", "abc").stdout
    put(met.clone, {"articles/rdr/2026/broken/index.md": BROKEN})
    assert met.run("check", "--only", "rdr").exit_code == 1
    alone = met.run("check", "--only", "abc", "--json")
    assert alone.exit_code == 0
    assert json.loads(alone.stdout)["files"] == 4  # abc's own: two articles, a filter, itself
    assert met.run("check", "--only", "nobody").exit_code == 2
    for other in (["--staged"], ["--at", "HEAD"], ["--since", "HEAD"]):
        assert met.run("check", "--only", "abc", *other).exit_code == 2


def test_what_its_home_dropped_can_still_be_read(met: Network):
    old, version = label(met, "abc"), met.version("abc/2026/first")
    (met["abc"].work / "articles/abc/2026/first/index.md").unlink()
    met["abc"].publish({})
    met.sync()
    assert "removed" in met.run("versions", "abc/2026/first").stdout
    for verb in ("show", "credits", "rewrite"):
        gone = met.run(verb, "abc/2026/first")
        assert gone.exit_code == 2, gone.output
        assert "is no longer there" in gone.stderr or "home no longer has it" in gone.stderr
    assert "Words of abc." in met.run("show", "abc/2026/first", "--at", old).stdout
    shown = met.run("show", f"abc/2026/first@{version[:8]}")
    assert (shown.exit_code, "Words of abc." in shown.stdout) == (0, True), shown.output
    assert "not the text that stands now" in shown.stdout
    assert json.loads(met.run("show", f"abc/2026/first@{version}", "--json").stdout)["past"] is True


def test_what_a_home_rewrote_away_can_still_be_read(met: Network):
    old, version = label(met, "abc"), met.version("abc/2026/first")
    put(met["abc"].work, {"articles/abc/2026/other/index.md": text("Another")})
    (met["abc"].work / "articles/abc/2026/first/index.md").unlink()
    run_git(met["abc"].work, "checkout", "--quiet", "--orphan", "anew")
    met["abc"].publish({}, force=True)
    met.sync(code=1)
    gone = met.run("show", "abc/2026/first")
    assert (gone.exit_code, f"--at {old}" in gone.stderr) == (2, True), gone.output
    assert "Words of abc." in met.run("show", f"abc/2026/first@{version[:8]}").stdout
    assert met.run("diff", f"abc/2026/first@{version[:8]}", "abc/2026/other").exit_code == 0


def test_two_front_pages_of_different_homes_are_compared(met: Network):
    for who, query in (("abc", "-lmn"), ("lmn", "-abc")):
        met[who].publish({f"filters/{who}/daily.yaml": f"title: Daily\nselect: {query}\n"})
    met.sync()
    fronts = "--today", "2026-06-01", "compare", "abc/daily"
    answer = json.loads(met.run(*fronts, "lmn/daily", "--json").stdout)
    stories = {
        group: [row["story"] for row in answer[group]] for group in ("both", "only_first", "only_second")
    }
    assert stories == {
        "both": ["rdr/2026/own"],
        "only_first": ["abc/2026/first"],
        "only_second": ["lmn/2026/first"],
    }
    assert met.run(*fronts, "lmn/daily", "--at", "HEAD").exit_code == 2
    assert met.run(*fronts, "abc/daily", "--at", "abc").stdout.startswith("both\tabc/2026/first\t")


def test_an_edition_is_of_all_tips_and_of_nothing_else(met: Network, tmp_path: Path):
    first = met.run("build", "rdr/all", "--today", "2026-06-01", "--json")
    assert first.exit_code == 0, first.output
    (edition,) = json.loads(first.stdout)["editions"]
    assert (edition["source"], edition["items"]) == ("", 3)
    assert edition["tips"] == [label(met, "abc"), label(met, "lmn")]
    out = met.clone / "site/rdr/all"
    manifest = json.loads((out / "manifest.json").read_text())
    assert [source["ref"] for source in manifest["sources"]] == ["HEAD", *edition["tips"]]
    assert manifest["sources"][1] == {
        "ref": label(met, "abc"),
        "commit": run_git(met["abc"].path, "rev-parse", "HEAD"),
        "tree": run_git(met["abc"].path, "rev-parse", "HEAD^{tree}"),
    }
    assert not manifest["unverifiable"]
    twin = tmp_path / "twin"
    run_git(tmp_path, "clone", "--quiet", str(met.clone), str(twin))
    run_git(twin, "config", "newsrepo.contingent", "rdr")
    assert newsrepo(twin, "sync", "--allow-local").exit_code == 0
    assert newsrepo(twin, "build", "rdr/all", "--today", "2026-06-01").exit_code == 0
    assert site(twin / "site/rdr/all") == site(out)


def test_a_build_of_an_unchanged_union_does_nothing_and_a_new_tip_is_built(met: Network):
    import os
    import time

    for path in met.clone.rglob("*"):  # files just written might change within the clock's tick
        os.utime(path, (time.time() - 60,) * 2, follow_symlinks=False)
    time.sleep(0.05)
    met.run("build", "rdr/all", "--today", "2026-06-01")
    again = json.loads(met.run("build", "rdr/all", "--today", "2026-06-01", "--json").stdout)
    assert again["nothing_to_do"]
    met.sync()
    assert json.loads(met.run("build", "rdr/all", "--today", "2026-06-01", "--json").stdout)["nothing_to_do"]
    met["abc"].publish({"articles/abc/2026/second/index.md": text("The second")})
    met.sync()
    after = json.loads(met.run("build", "rdr/all", "--today", "2026-06-01", "--json").stdout)
    assert not after["nothing_to_do"]
    assert after["editions"][0]["items"] == 4


def test_a_fork_full_of_faults_stops_no_build(met: Network):
    met["abc"].publish(
        {
            "articles/abc/2026/broken/index.md": BROKEN,
            "contingents/abc.yaml": "name: [\n",
            "filters/abc/all.yaml": "title: All\nselect: 'nonsense>'\n",
            "filters/abc/no.yaml": "no filter\n",
            "newsrepo.yaml": "no charter\n",
            "ratings/abc/ann/2026-05.yaml": "ratings: what\n",
        }
    )
    met.sync(code=1)
    done = met.run("build", "--all", "--json")
    assert done.exit_code == 0, done.output
    said = json.loads(done.stdout)
    assert {e["filter"] for e in said["editions"]} == {"rdr/all", "lmn/all"}
    assert {f["filter"]: f["source"] for f in said["failed"]} == dict.fromkeys(
        ("abc/all", "abc/no"), label(met, "abc")
    )
    warned = {w["rule"]: w["source"] for e in said["editions"] for w in e["warnings"]}
    assert warned["unreadable-files"] == label(met, "abc")


def test_what_is_written_here_rests_on_what_stands_there(met: Network):
    options = ("--title", "Our view", "--author", "Ann", "--changes", "All of it.")
    done = met.run("rewrite", "abc/2026/first", "--as", "rdr", *options)
    assert done.exit_code == 0, done.output
    (made,) = (met.clone / "articles/rdr").glob("*/our-view/index.md")
    assert "article: abc/2026/first" in made.read_text()
    assert "Words of abc." in made.read_text()
    assert (
        met.run("rate", "abc/2026/first", "newsworthy=4", "--as", "rdr", "--rater", "rdr/ann").exit_code == 0
    )
    shown = json.loads(met.run("show", "abc/2026/first", "--json").stdout)
    assert [(r["rater"], r["value"], r["source"]) for r in shown["ratings"]] == [("rdr/ann", 4, "")]
    assert [d["article"] for d in shown["derived"]] == [f"rdr/{made.parts[-3]}/our-view"]
    commit_all(met.clone)
    for verb in ("versions", "credits"):
        told = met.run(verb, "abc/2026/first")
        assert told.exit_code == 0, told.output
        assert "our-view" in told.stdout


def test_a_home_never_reached_is_shown_by_the_copy_here_and_said_to_be(met: Network):
    met.pin("xyz", described("Xyz", met.server.url("nowhere.git")))
    put(met.clone, {"articles/xyz/2026/copy/index.md": text("A copy of theirs")})
    assert met.titles()["xyz/2026/copy"] == ""
    assert "contingents/xyz.yaml:1:1: never-reached (note)" in met.run("check").stdout


def test_a_contingent_who_leaves_the_address_book_is_out_of_view(met: Network):
    (met.clone / "contingents/abc.yaml").unlink()
    assert set(met.titles()) == {"lmn/2026/first", "rdr/2026/own"}


def test_a_lost_store_is_said_to_be_lost(met: Network):
    shutil.rmtree(met.clone / ".git/newsrepo/homes.git")
    assert set(met.titles()) == {"rdr/2026/own"}
    done = met.run("check")
    assert done.exit_code == 0
    assert "the store of what was fetched is gone" in done.stderr
    (met.clone / ".git/newsrepo/homes.json").write_text("{}")
    assert set(met.titles()) == {"rdr/2026/own"}
    assert "was damaged: nobody's home but this one is in view" in met.run("find").stderr
    met.sync()
    assert set(met.titles()) == {"abc/2026/first", "lmn/2026/first", "rdr/2026/own"}
