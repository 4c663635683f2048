"""What tools made is listed apart, with what made it, and made again by other versions alone."""

from datetime import date
from pathlib import Path

from newsrepo.editions.manifest import Derived, Manifest, read_manifest
from newsrepo.editions.page import Page
from newsrepo.editions.publish import Memory, publish


def put(out: Path, memory: Path, *tools: str) -> tuple[str, ...]:
    """Publish a page and a picture that ``tools`` make; the paths written."""
    pages = [
        Page("a.html", b"1", (), lambda _: b"words"),
        Page("a.webp", b"2", (), lambda _: " ".join(tools).encode(), tools),
    ]
    head = Manifest(generator="newsrepo test", filter=None, filter_version=None, today=date(2026, 1, 2),
                    sources=(), content="c", files={})  # fmt: skip
    made = {page.path: page.derived for page in pages if page.derived}
    return publish(
        pages,
        out,
        texts=lambda _: iter(()),
        manifest=lambda files: head.listing(files, made).encode(),
        memory=Memory(memory),
    ).written


def test_another_version_of_a_tool_makes_its_files_again_and_no_other(tmp_path: Path) -> None:
    out, memory = tmp_path / "out", tmp_path / "memory"
    assert put(out, memory, "pillow 11") == ("a.html", "a.webp")
    assert put(out, memory, "pillow 11") == ()
    assert put(out, memory, "pillow 12") == ("a.webp",)
    manifest = read_manifest(out)
    assert manifest is not None
    assert list(manifest.files) == ["a.html"]
    assert manifest.derived == {"a.webp": Derived(manifest.hashes["a.webp"], ("pillow 12",))}
