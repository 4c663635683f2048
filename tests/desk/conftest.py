"""A small commons for the desk, and a way to sit down at it, press keys, and read the screen."""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from newsrepo.desk.app import Desk
from newsrepo.desk.lines import plain
from newsrepo.desk.office import Office
from newsrepo.desk.widgets import Bar, Page, Rows
from newsrepo.porcelain.workspace import Workspace
from tests.conftest import commit_all, put, run_git
from tests.support import article, files

TODAY = date(2026, 6, 1)
STRIKE = "abc/2026/strike"
QUAY = "lmn/2026/quay"
MONTH = "ratings/abc/ann/2026-06.yaml"

_STRIKE = article("The strike ends", "The cranes moved again.\n\nThey had stood for nine days.")


def content(strike: str) -> dict[str, bytes]:
    """The files; ``strike`` is the blob id of the strike's text, which the rewrite is based on."""
    based = f"based_on:\n- article: {STRIKE}\n  version: {strike}\n  relation: rewrite\n  changes: shorter\n"
    return files(
        {
            "contingents/abc.yaml": "name: ABC\n",
            "contingents/lmn.yaml": "name: LMN\npromises: [answers]\n",
            f"articles/{STRIKE}/index.md": _STRIKE,
            "articles/lmn/2026/strike-in-brief/index.md": article(
                "The strike in brief", "The cranes moved.\n\nThey had stood for nine days.", more=based
            ),
            f"articles/lmn/2026/strike-in-brief/sources/{strike}.md": _STRIKE,
            f"articles/{QUAY}/index.md": article(
                "The quay", "Text [red]of[/red] &#x202e; it.", date="2026-05-20"
            ),
            "comments/lmn/2026/word.md": f"---\non: {STRIKE}\ndate: 2026-05-04\nlang: en\n---\n\nWell said.\n",
            "filters/abc/daily.yaml": "title: Daily\ntrust: {abc: 1, lmn: 1}\nselect: 'newsworthy>=2'\n"
            "order: {newsworthy: 1}\n",
            "ratings/lmn/bob/2026-05.yaml": f"ratings:\n  - {{article: {STRIKE}, version: {strike}, "
            "date: 2026-05-04, values: {newsworthy: 4}}\n",
            "challenges/abc/cost/challenge.md": "---\ntitle: What did it cost?\nto: [lmn]\ndate: 2026-05-01\n"
            "due: 2026-05-10\nlang: en\n---\n\nPlease say.\n",
        }
    )


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory, empty_repository: Path) -> Path:
    from newsrepo.gitstore.snapshot import blob_id

    root = tmp_path_factory.mktemp("desk") / "commons"
    run_git(root.parent, "clone", "--quiet", str(empty_repository), str(root))
    put(root, content(blob_id(_STRIKE.encode())))
    commit_all(root)
    Workspace.discover(root).here.works  # noqa: B018 - which makes the index once for all tests
    return root


@pytest.fixture
def commons(template: Path, tmp_path: Path) -> Path:
    import shutil

    return Path(shutil.copytree(template, tmp_path / "commons", symlinks=True))


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError(f"the desk reached for the network: {args}")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


class Sitting:
    """Somebody at the desk."""

    def __init__(self, desk: Desk, pilot: Pilot[None]) -> None:
        self.desk = desk
        self.pilot = pilot

    async def press(self, *keys: str) -> None:
        """Press keys, each once what the one before it asked for is there."""
        for key in keys:
            await self.pilot.press(key)
            await self.settle()

    async def type(self, text: str) -> None:
        for char in text:
            await self.pilot.press("space" if char == " " else char)

    async def settle(self) -> None:
        await self.pilot.pause()
        while self.desk.waiting or not self.desk.screen.is_mounted:
            await asyncio.sleep(0.002)
            await self.pilot.pause()

    @property
    def text(self) -> str:
        """What stands in the body of the screen, a line a line."""
        screen = self.desk.screen
        for page in screen.query(Page):
            return "\n".join(map(plain, page.lines))
        rows = screen.query_one(Rows)
        return "\n".join(f"{row.mark} {row.title} {row.who} {row.day}" for row in rows.rows) or rows.empty

    @property
    def word(self) -> str:
        return plain(self.desk.board.query_one("#word", Bar).line)


Script = Callable[[Sitting], Awaitable[Any]]


def sit(
    root: Path,
    script: Script,
    *,
    rater: str = "abc/ann",
    size: tuple[int, int] = (80, 24),
    program: Sequence[str] = ("newsrepo",),
    command: Callable[[Sequence[str]], int] = lambda _: 0,
) -> Desk:
    """Sit down, do what the script says, and leave."""

    async def sitting() -> Desk:
        office = Office(lambda: Workspace.discover(root, rater=rater), TODAY)
        desk = Desk(office, office.quick.ask(office.begin), program=program, command=command)
        desk.animation_level = "none"
        async with desk.run_test(size=size) as pilot:
            here = Sitting(desk, pilot)
            await here.settle()
            await script(here)
        office.quick.finish()
        office.long.finish()
        return desk

    return asyncio.run(sitting())
