"""Cited versions that are nowhere at hand: asked for by id, from the owner first, then from whoever cites them."""

from hermetic import run_git
from network import Network, text
from support import article, commons

from newsrepo.gitstore.snapshot import blob_id
from newsrepo.ids import ContingentId, Oid
from newsrepo.porcelain.citing import Cited, cited


def rewrite(of: str, version: str) -> str:
    return article(
        "Rewritten",
        more=f"authors: [Ann Lee]\nlicense: CC0-1.0\nbased_on:\n  - article: {of}\n    version: {version}\n    relation: rewrite\n",
    )


def test_who_cites_what():
    old, older = "1" * 40, "2" * 40
    view = commons(
        {
            "contingents/abc.yaml": "name: A\n",
            "articles/abc/2026/a/index.md": article("A"),
            "articles/lmn/2026/b/index.md": rewrite("abc/2026/a", old),
            "articles/xyz/2026/c/index.md": rewrite("abc/2026/a", old),
            "articles/xyz/2026/d/index.md": rewrite("abc/2026/a", blob_id(article("A").encode())),
            "comments/abc/2026/x.md": f"---\non: xyz/2026/c\nversion: {older}\ndate: 2026-05-03\nlang: en\n---\n\nHm.\n",
        }
    )
    abc, lmn, xyz = map(ContingentId, ("abc", "lmn", "xyz"))
    assert cited(view.works, view.remarks) == (
        Cited(Oid(old), abc, (lmn, xyz)),
        Cited(Oid(older), xyz, (abc,)),
    )
    assert Cited(Oid(old), abc, (lmn, abc, xyz)).ask == (abc, lmn, xyz)


def forget(network: Network) -> str:
    """abc publishes a text, lmn cites it, abc rewrites its history without it; the version."""
    network.join("abc", "lmn")
    abc = network["abc"]
    lost = text("The first of abc", "What was said at first.")
    abc.publish({"articles/abc/2026/first/index.md": lost})
    version = blob_id(lost.encode())
    network["lmn"].publish({"articles/lmn/2026/again/index.md": rewrite("abc/2026/first", version)})
    run_git(abc.work, "reset", "--quiet", "--soft", "HEAD~1")
    abc.publish({"articles/abc/2026/first/index.md": text("The first of abc", "Never said.")}, force=True)
    return version


def test_a_version_that_its_owner_dropped_is_fetched_by_id(network: Network):
    version = forget(network)
    network.sync()
    assert network.last["cited"] == {"fetched": [version], "missing": []}
    store = network.clone / ".git/newsrepo/homes.git"
    assert "What was said at first." in run_git(store, "cat-file", "blob", version)
    network.sync()
    assert network.last["cited"] == {"fetched": [], "missing": []}


def test_who_cites_it_is_asked_when_its_owner_lacks_it(network: Network):
    version = forget(network)
    for bare in (network["abc"].path,):
        run_git(bare, "reflog", "expire", "--expire=now", "--all")
        run_git(bare, "gc", "--quiet", "--prune=now")
    lmn = network["lmn"]
    (lmn.work / "kept").write_text(text("The first of abc", "What was said at first."))
    run_git(lmn.work, "hash-object", "-w", "kept")
    (lmn.work / "kept").unlink()
    run_git(lmn.path, "fetch", "--quiet", str(lmn.work), version)
    network.sync()
    assert network.last["cited"] == {"fetched": [version], "missing": []}


def test_what_nobody_has_is_told(network: Network):
    version = forget(network)
    run_git(network["abc"].path, "gc", "--quiet", "--prune=now")
    network.sync()
    assert network.last["cited"] == {"fetched": [], "missing": [version]}
    said = network.run("sync", "--allow-local")
    assert said.exit_code == 0
    assert "1 cited version not to be had" in said.stderr
