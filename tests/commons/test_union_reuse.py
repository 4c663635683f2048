"""What two homes share without credit is told with the ref that each of the two texts was read from."""

from support import article, files
from union_world import World

from newsrepo.checks import run
from newsrepo.commons import Index, open_commons

PASSAGE = (
    "Dockers said on Monday that they would not load another ship until the company had paid the wages it "
    "owes them since March, and the port stood still."
)


def test_both_places_name_their_refs():
    book = {f"contingents/{c}.yaml": f"name: {c}\nhome: https://{c}.example/news\n" for c in ("lmn", "xyz")}
    quay = {"articles/lmn/2026/quay/index.md": article(body=PASSAGE, date="2026-05-01")}
    port = {"articles/xyz/2026/port/index.md": article(body=f"Now: {PASSAGE}", date="2026-05-02")}
    world = World(files(book), {"lmn": files(quay), "xyz": files(port)})
    view = open_commons(world.union(), Index.memory())
    (finding,) = [f for f in run(view) if f.rule == "uncredited-reuse"]
    lmn, xyz = (view.works[id_].source for id_ in ("lmn/2026/quay", "xyz/2026/port"))
    assert str(finding.location) == f"{xyz}:articles/xyz/2026/port/index.md:7:6"
    assert f"; there at {lmn}:articles/lmn/2026/quay/index.md:7:1. " in finding.message
    assert lmn.startswith("lmn@")
    assert xyz.startswith("xyz@")
