"""Pages of the documentation, played: what they tell to type is typed, and what is printed is set beside what they say.

A page is played from top to bottom in a folder of its own: a fence with a file name is written as that file, a
``console`` fence is typed line by line. ``newsrepo`` runs in this process, which is quicker than one for each line.
"""

import os
import re
import shlex
import shutil
import subprocess
from pathlib import Path

from hermetic import commit_all, put, run_git
from typer.testing import CliRunner

from newsrepo.cli.main import app
from newsrepo.gitstore.snapshot import RECORD_ROOTS

PROJECT = Path(__file__).parents[1]
DOCS = PROJECT / "docs"
DAY = "2026-11-20"
_FENCE = re.compile(r"^```(\w+)(?: (\S+))?\n(.*?)^```\n", re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(r"^\$ ((?:.*\\\n)*.*)$", re.MULTILINE)
_VARYING = re.compile(
    r"\b[0-9a-f]{8,64}\b|SHA256:[\w+/]{43}|(?<=list )[0-9a-f]{12}\b|\b\d+ (?=pages|files|written)"
)
"""Ids of commits, fingerprints of keys, hashes of what holds them; how many pages an edition has."""


def same(told: str, real: str) -> bool:
    """What the page tells is what is printed: ids aside, and a line ``…`` stands for any lines."""
    parts = _VARYING.sub("#", told).split("\n…\n")
    return bool(re.fullmatch("\n(?:.*\n)*?".join(map(re.escape, parts)), _VARYING.sub("#", real)))


class Play:
    """One page, typed in a folder of its own."""

    def __init__(self, page: Path, base: Path, where: Path) -> None:
        self.page, self.base, self.where = page, base, where

    def run(self) -> None:
        text = self.page.read_text("utf-8")
        written, at, commands = "", 0, 0
        for fence in _FENCE.finditer(text):
            kind, name, body = fence.groups()
            if kind == "console":
                commands += 1
                said = (
                    "".join(f"{self._typed(command)}\n" for command in _COMMAND.findall(body)).rstrip() + "\n"
                )
                if not same(body, said):
                    assert os.environ.get("UPDATE_GOLDENS"), (
                        f"{self.page.name} has:\n{body}\nbut it is:\n{said}"
                    )
                    written += text[at : fence.start(3)] + said
                    at = fence.end(3)
            elif name:
                put(self.where, {name: body})
        assert commands
        if written:
            self.page.write_text(written + text[at:], encoding="utf-8")

    def _typed(self, command: str) -> str:
        """The line, and what is printed after it. Nobody is here to be asked, so what asks is told ``--yes``."""
        words = [os.path.expanduser(word) for word in shlex.split(command.replace("\\\n", " "))]
        os.chdir(self.where)
        if words[0] == "cd":
            self.where = (self.where / words[1]).resolve()
            return f"$ {command}"
        if words[0] == "newsrepo":
            done = CliRunner().invoke(app, ["--today", DAY, *words[1:], *["--yes"] * ("close" in words)])
            if done.exception is not None and not isinstance(done.exception, SystemExit):
                raise done.exception
            said = done.output
        else:
            said = subprocess.run(
                words, cwd=self.where, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=True
            ).stdout
        said = said.replace(str(self.base), "/home/ann").expandtabs(1).rstrip()
        return f"$ {command}\n{said}\n" if said else f"$ {command}"


WORDPRESS = """\
<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
  xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/1.2/">
<channel>
<title>Harbour blog</title><link>https://blog.example</link><language>en</language>
<wp:wxr_version>1.2</wp:wxr_version><wp:base_site_url>https://blog.example</wp:base_site_url>
<wp:author><wp:author_login>lea</wp:author_login><wp:author_display_name>Lea Moor</wp:author_display_name></wp:author>
<item>
<title>The cranes stand still</title><link>https://blog.example/2016/04/cranes/</link>
<dc:creator>lea</dc:creator><content:encoded><![CDATA[<p>Nobody moves a <em>crane</em> today.</p>]]></content:encoded>
<wp:post_id>7</wp:post_id><wp:post_date_gmt>2016-04-01 08:00:00</wp:post_date_gmt>
<wp:post_name>cranes</wp:post_name><wp:status>publish</wp:status><wp:post_type>post</wp:post_type>
<category domain="post_tag" nicename="strikes">strikes</category>
<wp:comment><wp:comment_id>1</wp:comment_id><wp:comment_author>Ann</wp:comment_author>
<wp:comment_date_gmt>2016-04-02 09:00:00</wp:comment_date_gmt><wp:comment_content>Not one.</wp:comment_content>
<wp:comment_approved>1</wp:comment_approved></wp:comment>
</item>
</channel>
</rss>
"""
"""A blog of one post and one comment, as WordPress exports it."""


def surroundings(base: Path) -> dict[str, str | None]:
    """What the environment is, or lacks, while a page is played in ``base``.

    Nobody's settings, every commit of one day, and ``https://github.com/`` is a folder.
    """
    gone = ("NEWSREPO_CONTINGENT", "NEWSREPO_RATER", "GITHUB_ACTIONS", "EDITOR", "VISUAL", "SSH_AUTH_SOCK")
    return {
        **dict.fromkeys(gone),
        "COLUMNS": "100",
        "NO_COLOR": "1",
        "HOME": str(base),
        "GIT_AUTHOR_DATE": f"{DAY}T08:00:00Z",
        "GIT_COMMITTER_DATE": f"{DAY}T08:00:00Z",
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.{base.as_uri()}/forge/.insteadOf",
        "GIT_CONFIG_VALUE_0": "https://github.com/",
    }


def harbour(base: Path) -> Path:
    """A new commons of one contingent, committed."""
    root = base / "news"
    done = CliRunner().invoke(
        app,
        [
            "init",
            str(root),
            "--name",
            "Harbour Commons",
            "--contingent",
            "abc",
            "--contingent-name",
            "ABC Press",
        ],
    )
    assert done.exit_code == 0, done.output
    commit_all(root, "Start the commons")
    return root


def contributors(base: Path) -> Path:
    """The branch in which somebody's forge proposes a change."""
    root = harbour(base)
    run_git(root, "update-ref", "refs/remotes/origin/main", "HEAD")
    return root


def contingents(base: Path) -> Path:
    """A fork of a commons, on a forge; and what an old site exported."""
    root = harbour(base)
    (base / "forge/lmn").mkdir(parents=True)
    run_git(base, "clone", "-q", "--bare", str(root), "forge/lmn/news.git")
    (base / "harbour-blog.xml").write_text(WORDPRESS, encoding="utf-8")
    shutil.rmtree(root)
    return base


def editors(base: Path) -> Path:
    """The sample commons."""
    root = base / "newsrepo"
    for name in RECORD_ROOTS:
        source = PROJECT / name
        shutil.copytree(source, root / name) if source.is_dir() else shutil.copy(source, root / name)
    run_git(root, "init", "-q", "-b", "main", "--template=")
    commit_all(root, "The sample")
    run_git(root, "config", "newsrepo.contingent", "lamp")
    return root


def publishers(base: Path) -> Path:
    """An empty folder."""
    return base


def tellers(base: Path) -> Path:
    """A commons of two voters, who are tellers both; one vote is open, and both have voted."""
    root = harbour(base)
    (base / ".ssh").mkdir()
    for who in ("abc", "lmn"):
        subprocess.run(
            ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", who, "-f", base / f".ssh/{who}"], check=True
        )
    voters = "".join(
        f"- {{voter: {who}, votes: 1, keys: [{(base / f'.ssh/{who}.pub').read_text().strip()}]}}\n"
        for who in ("abc", "lmn")
    )
    put(
        root,
        {"statements/roll.yaml": f"voters:\n{voters}", "contingents/lmn.yaml": "name: LMN of the docks\n"},
    )
    (base / "peace.md").write_text("Let the ships in.\n")
    peace = "abc/peace-in-the-port"
    for *words, key in (
        ["init", "--pin", ""],
        ["statement", "new", "--title", "Peace in the port", "--body", str(base / "peace.md"), ""],
        ["statement", "open", peace, "--closes", "2026-06-30", "abc"],
        ["statement", "vote", peace, "yes", "abc"],
        ["--as", "lmn", "statement", "vote", peace, "yes", "lmn"],
    ):
        signed = ["--yes", "--key", str(base / f".ssh/{key}")] if key else []
        done = CliRunner().invoke(app, ["-C", str(root), "--today", "2026-06-20", *words, *signed])
        assert done.exit_code == 0, done.output
    commit_all(root, "A vote")
    return root


def leaving(base: Path) -> Path:
    """A commons with an article in it."""
    root = harbour(base)
    article = ["new", "article", "--title", "The cranes move again", "--text", "They had stood still."]
    done = CliRunner().invoke(app, ["-C", str(root), "--today", DAY, *article])
    assert done.exit_code == 0, done.output
    commit_all(root, "A story")
    return root
