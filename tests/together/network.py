"""A network of contingents on bare repositories behind a real git server, and a reader who syncs with them."""

import json
import re
from pathlib import Path

from hermetic import commit_all, put, run_git
from servers import Server
from signers import Signer
from support import CHARTER, article
from typer.testing import CliRunner, Result

from newsrepo.cli.main import app
from newsrepo.signing import CONTINGENT

READER = "rdr"


def newsrepo(where: Path, *args: str, typed: str | None = None) -> Result:
    """Run one command in this process; a traceback fails the test."""
    result = CliRunner().invoke(app, ["-C", str(where), *args], input=typed)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert "Traceback" not in result.output
    return result


def described(name: str, home: str = "", *keys: str, branch: str = "", more: str = "") -> str:
    """A contingent's file."""
    lines = [f"name: {name}"]
    lines += [f"home: {home}"] if home else []
    lines += [f"branch: {branch}"] if branch else []
    lines += ["keys:", *(f"  - {key}" for key in keys)] if keys else []
    return "\n".join(lines) + "\n" + more


def text(title: str, body: str = "Some words.") -> str:
    return article(title, body, more="authors: [Ann Lee]\nlicense: CC0-1.0\n")


class Member:
    """A contingent: its bare home behind the server, and the clone it works in."""

    def __init__(
        self,
        network: "Network",
        who: str,
        *,
        signed: bool = True,
        server: Server | None = None,
        root: Path | None = None,
    ) -> None:
        self.network = network
        self.server = server or network.server
        self.root = root or network.root
        self.id = who
        self.signer = Signer(who)
        self.keys = (self.signer.line,) if signed else ()
        self.name = who.title()
        self.place = f"{who}.git"
        self.bare(self.place)
        self.work = network.base / "work" / who
        self.work.mkdir(parents=True)
        run_git(self.work, "init", "--quiet", "--initial-branch=main", "--template=")
        self.page = described(self.name, self.home, *self.keys)
        self.publish(
            {
                "newsrepo.yaml": network.charter,
                f"contingents/{who}.yaml": self.page,
                f"articles/{who}/2026/first/index.md": text(f"The first of {who}", f"Words of {who}."),
                f"filters/{who}/all.yaml": f"title: All by {who}\nselect: 'by:{who}'\n",
            }
        )

    @property
    def home(self) -> str:
        return self.server.url(self.place)

    @property
    def path(self) -> Path:
        """Its bare repository."""
        return self.root / self.place

    def bare(self, place: str) -> None:
        path = self.root / place
        path.mkdir(parents=True)
        run_git(path, "init", "--quiet", "--bare", "--initial-branch=main", "--template=")

    def publish(self, files: dict[str, str | bytes], *, to: str = "", force: bool = False) -> str:
        """Write, commit and push."""
        put(self.work, files)
        commit = commit_all(self.work)
        self.push(to or self.place, force=force)
        return commit

    def push(self, place: str, *, force: bool = False) -> None:
        more = ("--force",) if force else ()
        run_git(self.work, "push", "--quiet", *more, str(self.root / place), "HEAD:refs/heads/main")

    def describe(self, page: str, *, by: Signer | None = None, to: str = "", force: bool = False) -> str:
        """Publish another file of itself, signed or not."""
        files: dict[str, str | bytes] = {f"contingents/{self.id}.yaml": page}
        signature = self.work / f"contingents/{self.id}.yaml.sig"
        signature.unlink(missing_ok=True)
        if by is not None:
            files[f"contingents/{self.id}.yaml.sig"] = by.sign(page.encode(), CONTINGENT)
        return self.publish(files, to=to, force=force)


class Network:
    """Everybody, and the reader's clone with an address book of them all."""

    def __init__(self, base: Path, server: Server, root: Path) -> None:
        self.base = base
        self.server = server
        self.root = root
        self.charter = CHARTER
        self.members: dict[str, Member] = {}
        self.clone = base / "clone"
        self.clone.mkdir(parents=True)
        run_git(self.clone, "init", "--quiet", "--initial-branch=main", "--template=")
        run_git(self.clone, "config", "newsrepo.contingent", READER)
        put(self.clone, {
            "newsrepo.yaml": self.charter,
            f"contingents/{READER}.yaml": described("The reader"),
            f"articles/{READER}/2026/own/index.md": text("The reader's own"),
            f"filters/{READER}/all.yaml": "title: Everything\nselect: ''\n",
        })  # fmt: skip
        commit_all(self.clone)

    def join(
        self, *ids: str, signed: bool = True, server: Server | None = None, root: Path | None = None
    ) -> None:
        """New contingents, whom the reader pins; behind the network's server unless another is given."""
        for who in ids:
            member = self.members[who] = Member(self, who, signed=signed, server=server, root=root)
            self.pin(who, member.page)
        commit_all(self.clone)

    def pin(self, who: str, page: str) -> None:
        """Put a contingent's file into the reader's address book."""
        put(self.clone, {f"contingents/{who}.yaml": page})

    def __getitem__(self, who: str) -> Member:
        return self.members[who]

    def run(self, *args: str, typed: str | None = None) -> Result:
        return newsrepo(self.clone, *args, typed=typed)

    def sync(self, *args: str, code: int = 0) -> dict[str, dict]:
        """Sync; what it says of each home."""
        result = self.run("sync", "--allow-local", "--json", "--timeout", "20", *args)
        assert result.exit_code == code, result.output
        said = json.loads(result.stdout)
        self.last = said
        return {home["contingent"]: home for home in said["homes"]}

    def titles(self) -> dict[str, str]:
        """Every article in view with the ref that it came from."""
        said = json.loads(self.run("find", "", "--json").stdout)
        return {work["id"]: work.get("source", "") for work in said["works"]}

    def version(self, article: str) -> str:
        said = json.loads(self.run("find", "", "--json").stdout)
        return next(work["version"] for work in said["works"] if work["id"] == article)


def rules(home: dict) -> list[str]:
    return [one["rule"] for one in home["trouble"]]


def own_state(clone: Path) -> dict[str, str]:
    """All that is the user's: branches, HEAD, index, status, and every file of the working tree."""
    refs = run_git(clone, "for-each-ref")
    head = (clone / ".git/HEAD").read_text()
    index = (clone / ".git/index").read_bytes().hex()
    config = (clone / ".git/config").read_text()
    files = {
        str(path.relative_to(clone)): path.read_bytes().hex()
        for path in sorted(clone.rglob("*"))
        if path.is_file() and not re.match(r"\.git/", str(path.relative_to(clone)) + "/")
    }
    files = {name: data for name, data in files.items() if not name.startswith(".git/")}
    objects = sorted(str(p.relative_to(clone)) for p in (clone / ".git/objects").rglob("*") if p.is_file())
    return {"refs": refs, "head": head, "index": index, "config": config, "objects": repr(objects), **files}
