"""``rewrite``, ``diff`` and ``versions`` from the command line, on real repositories."""

import io
import json
import re
from pathlib import Path

import pytest

from newsrepo import records
from newsrepo.cli.present import diff as present
from newsrepo.cli.present.out import Out
from newsrepo.gitstore.snapshot import blob_id
from newsrepo.ids import Kind
from newsrepo.porcelain.diff import diff
from newsrepo.porcelain.workspace import Workspace
from newsrepo.records import types as t
from tests.cli.conftest import STRIKE, Run
from tests.conftest import commit_all, put, run_git

ID = "abc/2026/dock-strike"
PATH = f"articles/{ID}/index.md"
OLD = blob_id(STRIKE.encode())
REVISED = STRIKE.replace("nine days.\n", "ten whole days.\n").replace("ends\n", "has ended\n")
NEW = blob_id(REVISED.encode())
LMN = "name: LMN of the docks\n"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c626001000000ffff03000006000557bfabd40000000049454e44ae426082"
)


@pytest.fixture
def revised(commons: Path) -> Path:
    """A commons whose article was revised, with a second contingent in it."""
    put(commons, {PATH: REVISED, "contingents/lmn.yaml": LMN})
    commit_all(commons, GIT_COMMITTER_DATE="2026-05-11T12:00:00Z", GIT_AUTHOR_NAME="Bo \x1b[31m")
    return commons


def rewrite(root: Path, run: Run, *args: str, what: str = ID, who: str = "lmn") -> tuple[str, t.Article]:
    result = run(
        "rewrite",
        what,
        "--as",
        who,
        "--today",
        "2026-05-12",
        "--changes",
        "The strikers' side.",
        *args,
        cwd=root,
    )
    assert result.exit_code == 0, result.output
    path = result.stdout.strip()
    parsed = records.parse(Kind.ARTICLE, (root / path).read_bytes(), path)
    assert parsed.findings == ()
    assert isinstance(parsed.record, t.Article)
    return path, parsed.record


def sound(root: Path, run: Run) -> bool:
    result = run("check", "--json", cwd=root)
    found = [f for f in json.loads(result.stdout)["findings"] if f["severity"] == "error"]
    assert found == []
    return True


class TestRewrite:
    def test_what_it_carries(self, revised: Path, run: Run) -> None:
        path, made = rewrite(revised, run, "--author", "Mo", "--title", "We won")
        assert path == "articles/lmn/2026/we-won/index.md"
        assert made.based_on == (
            t.Derivation(article=ID, version=NEW, relation=t.Relation.REWRITE, changes="The strikers' side."),
        )
        assert (made.title, made.authors) == ("We won", (t.Author(name="Mo"),))
        assert (made.topics, made.places, made.license, made.lang) == (
            ("labour",), ("Harbour Quay",), "CC0-1.0", "en",
        )  # fmt: skip
        assert made.credits == (t.Credit(name="Ann Lee", license="CC0-1.0", what=ID),)
        assert made.body.startswith("The cranes moved again")
        assert (revised / f"articles/lmn/2026/we-won/sources/{NEW}.md").read_text() == REVISED
        assert sound(revised, run)

    def test_an_earlier_version(self, revised: Path, run: Run) -> None:
        path, made = rewrite(revised, run, what=f"{ID}@{OLD[:8]}")
        assert made.based_on[0].version == OLD
        assert "nine days" in made.body
        assert (revised / path).with_name("sources").joinpath(f"{OLD}.md").read_text() == STRIKE
        assert sound(revised, run)

    def test_a_chain_keeps_every_link(self, revised: Path, run: Run) -> None:
        rewrite(revised, run, "--author", "Mo")
        path, made = rewrite(
            revised, run, "--relation", "translation", "--lang", "fr", what="lmn/2026/dock-strike", who="abc"
        )
        assert path == "articles/abc/2026/dock-strike-fr/index.md"
        assert made.lang == "fr"
        assert [(c.name, c.what) for c in made.credits] == [("Ann Lee", ID), ("Mo", "lmn/2026/dock-strike")]
        path, made = rewrite(revised, run, "--relation", "quote", what="abc/2026/dock-strike-fr")
        assert [c.what for c in made.credits] == [ID, "lmn/2026/dock-strike"]
        assert made.body.startswith("> The cranes moved again on Sunday.\n>\n> They")
        kept = {p.name for p in (revised / path).with_name("sources").iterdir()}
        assert f"{NEW}.md" in kept
        assert len(kept) == 3
        assert sound(revised, run)

    @pytest.mark.parametrize("relation", t.Relation)
    def test_every_relation_passes_check(self, revised: Path, run: Run, relation: str) -> None:
        rewrite(revised, run, "--relation", relation, "--lang", "de" if relation == "translation" else "en")
        assert sound(revised, run)

    def test_pictures_come_along_as_far_as_they_are_there(self, revised: Path, run: Run) -> None:
        import hashlib

        sha = hashlib.sha256(PNG).hexdigest()
        media = "".join(
            f"  - {{file: {name}, sha256: {sha}, alt: Quay, creator: Cy, license: CC0-1.0}}\n"
            for name in ("here.png", "gone.png")
        )
        text = STRIKE.replace("license: CC0-1.0\n", f"license: CC0-1.0\nmedia:\n{media}")
        put(
            revised,
            {
                PATH: f"{text}\n![Cranes](here.png)\n\n![A *quay*](gone.png)\n",
                f"articles/{ID}/here.png": PNG,
            },
        )
        path, made = rewrite(revised, run)
        assert [m.file for m in made.media] == ["here.png"]
        assert (revised / path).with_name("here.png").read_bytes() == PNG
        assert made.body.endswith("![Cranes](here.png)\n\nA *quay*\n")
        (revised / PATH).unlink()

    def test_nothing_is_written_over(self, revised: Path, run: Run) -> None:
        path, _ = rewrite(revised, run)
        before = (revised / path).read_bytes()
        again = run("rewrite", ID, "--as", "lmn", "--today", "2026-05-12", "--changes", "x", cwd=revised)
        assert again.exit_code == 2
        assert "already there" in again.stderr
        assert (revised / path).read_bytes() == before

    @pytest.mark.parametrize(
        ("args", "said"),
        [
            ((ID,), "--changes is missing"),
            ((ID, "--relation", "theft"), "no such relation"),
            ((ID, "--relation", "translation"), "--lang is missing"),
            ((ID, "--relation", "translation", "--lang", "en"), "needs another language"),
            (("abc/2026/dock-strik", "--changes", "x"), "did you mean 'abc/2026/dock-strike'?"),
            (("../x", "--changes", "x"), "article id"),
            ((f"{ID}@{'0' * 40}", "--changes", "x"), "was ever seen here"),
            ((f"{ID}@{OLD[:7]}", "--changes", "x"), "not a version"),
            ((ID, "--changes", "x", "--slug", "../x"), "--slug"),
            ((ID, "--changes", "x\u202e"), "U+202E"),
            ((ID, "--changes", "x", "--title", "日本"), "--slug SLUG"),
        ],
        ids=repr,
    )
    def test_what_is_refused(self, revised: Path, run: Run, args: tuple[str, ...], said: str) -> None:
        result = run("rewrite", *args, "--as", "lmn", cwd=revised)
        assert result.exit_code == 2
        assert said in result.stderr, result.stderr
        assert not (revised / "articles/lmn").exists()

    @pytest.mark.parametrize(
        ("before", "after", "said"),
        [
            ("license: CC0-1.0", "license: CC-BY-NC-4.0", "has the licence CC-BY-NC-4.0"),
            ("license: CC0-1.0\n", "", "has no licence"),
            ("license: CC0-1.0", "license: CC0-1.0\nstatus: withdrawn", "was withdrawn"),
            ("date: 2026-05-03", "date: soon", "holds faults"),
        ],
    )
    def test_what_nobody_may_build_on(
        self, revised: Path, run: Run, before: str, after: str, said: str
    ) -> None:
        put(revised, {PATH: STRIKE.replace(before, after)})
        result = run("rewrite", ID, "--as", "lmn", "--changes", "x", cwd=revised)
        assert (result.exit_code, said in result.stderr) == (2, True), result.stderr


class TestDiff:
    def test_marks_in_a_pipe(self, revised: Path, run: Run) -> None:
        result = run("diff", f"{ID}@{OLD[:8]}", ID, cwd=revised)
        assert result.exit_code == 0
        assert result.stdout == (
            f"--- {ID}@{OLD[:8]}  The dock strike ends\n"
            f"+++ {ID}@{NEW[:8]}  The dock strike has ended\n"
            "~ title: [-The dock strike ends-]{+The dock strike has ended+}\n"
            "  (1 unchanged)\n"
            "~ They had stood still for [-nine-]{+ten whole+} days.\n"
        )
        assert result.stderr == "passages: 1 same, 1 changed; words: 1 dropped, 2 added\n"

    @pytest.mark.parametrize("color", [True, False])
    def test_on_a_terminal(self, revised: Path, color: bool) -> None:
        class Terminal(io.StringIO):
            def isatty(self) -> bool:
                return True

        put(revised, {PATH: REVISED.replace("cranes", "[red]cranes[/red]")})
        shown = Terminal()
        out = Out(shown, io.StringIO(), color=color)
        present.as_text(out, diff(Workspace.discover(revised), f"{ID}@{OLD}", ID))
        text = shown.getvalue()
        assert ("\x1b[31m" in text) is color
        plain = re.sub(r"\x1b\[[0-9;]*m", "", text)
        assert "[red]cranes[/red]" in plain
        assert "[-nine-]{+ten whole+}" in plain

    def test_json(self, revised: Path, run: Run) -> None:
        answer = json.loads(run("diff", f"{ID}@{OLD}", ID, "--json", cwd=revised).stdout)
        assert (answer["old"]["article_version"], answer["new"]["article_version"]) == (OLD, NEW)
        assert [f["name"] for f in answer["fields"]] == ["title"]
        assert [p["fate"] for p in answer["passages"]] == ["same", "changed"]
        assert (answer["words_dropped"], answer["words_added"], answer["same"]) == (1, 2, False)

    def test_the_same(self, revised: Path, run: Run) -> None:
        result = run("diff", ID, ID, cwd=revised)
        assert "the same version" in result.stderr
        assert json.loads(run("diff", ID, ID, "--json", cwd=revised).stdout)["same"] is True

    def test_two_languages_stand_beside_each_other(self, revised: Path, run: Run) -> None:
        rewrite(revised, run, "--relation", "translation", "--lang", "ar")
        result = run("diff", ID, "lmn/2026/dock-strike-ar", cwd=revised)
        assert "in two languages (en and ar)" in result.stderr
        page = run("diff", ID, "lmn/2026/dock-strike-ar", "--html", "-", cwd=revised).stdout
        assert 'lang="ar" dir="rtl"' in page
        assert "Beside each other" in page

    def test_the_page_needs_nothing_and_runs_nothing(self, revised: Path, run: Run) -> None:
        hostile = "<script>alert(1)</script> ![x](https://t.example/p.gif) {{ 7*7 }} \\</style>"
        put(revised, {PATH: f"{REVISED}\n{hostile}\n"})
        page = run("diff", f"{ID}@{OLD}", ID, "--html", "-", cwd=revised).stdout
        assert "<del>nine</del>" in page
        assert "<ins>ten whole</ins>" in page
        assert "<script" not in page
        assert page.count("</style>") == 1
        assert not re.search(r"(?:src|href)=\"(?!#main)", page)
        assert "default-src 'none'; style-src 'sha256-" in page
        assert page == run("diff", f"{ID}@{OLD}", ID, "--html", "-", cwd=revised).stdout

    def test_the_page_is_written_over_its_like_only(self, revised: Path, run: Run) -> None:
        for _ in range(2):
            result = run("diff", f"{ID}@{OLD}", ID, "--html", "page.html", cwd=revised)
            assert (result.exit_code, result.stdout) == (0, "")
        put(revised, {"mine.html": "mine"})
        result = run("diff", f"{ID}@{OLD}", ID, "--html", "mine.html", cwd=revised)
        assert result.exit_code == 2
        assert (revised / "mine.html").read_text() == "mine"

    def test_a_text_that_holds_faults_is_compared_all_the_same(self, revised: Path, run: Run) -> None:
        put(revised, {PATH: REVISED.replace("date: 2026-05-03", "date: \x1b[2J")})
        result = run("diff", f"{ID}@{OLD}", ID, cwd=revised)
        assert "[-nine-]{+ten whole+}" in result.stdout
        assert "\x1b" not in result.output

    def test_unknown_not_in_view_and_shallow_are_told_apart(
        self, revised: Path, tmp_path: Path, run: Run
    ) -> None:
        nowhere = "1" * 40
        unknown = run("diff", f"{ID}@{nowhere}", ID, cwd=revised)
        assert (unknown.exit_code, "was ever seen here" in unknown.stderr) == (2, True)
        other = blob_id((revised / "newsrepo.yaml").read_bytes())
        assert run("diff", f"{ID}@{other}", ID, cwd=revised).exit_code == 2
        text = STRIKE.replace(
            "license:", f"based_on:\n  - {{article: {ID}, version: {nowhere}, relation: rewrite}}\nlicense:"
        )
        put(revised, {"articles/lmn/2026/mine/index.md": text})
        unseen = run("diff", f"{ID}@{nowhere[:8]}", ID, cwd=revised)
        assert unseen.exit_code == 3
        assert (
            "is named by articles/lmn/2026/mine/index.md, but never stood in abc's history" in unseen.stderr
        )
        run_git(tmp_path, "clone", "-q", "--depth=1", revised.as_uri(), "shallow")
        shallow = run("diff", f"{ID}@{OLD}", ID, cwd=tmp_path / "shallow")
        assert shallow.exit_code == 3
        assert "shallow clone" in shallow.stderr
        assert "git fetch --unshallow" in shallow.stderr

    def test_a_kept_source_stands_for_lost_history(self, revised: Path, tmp_path: Path, run: Run) -> None:
        rewrite(revised, run, what=f"{ID}@{OLD}")
        commit_all(revised)
        run_git(tmp_path, "clone", "-q", "--depth=1", revised.as_uri(), "shallow")
        result = run("diff", f"{ID}@{OLD[:8]}", ID, cwd=tmp_path / "shallow")
        assert result.exit_code == 0
        assert "[-nine-]{+ten whole+}" in result.stdout


class TestVersions:
    def test_works_and_their_revisions(self, revised: Path, run: Run) -> None:
        run("rate", f"{ID}@{OLD}", "newsworthy=4", "--rater", "ann", "--as", "abc", cwd=revised)
        rewrite(revised, run, what=f"{ID}@{OLD}")
        result = run("versions", "lmn/2026/dock-strike", cwd=revised)
        assert result.exit_code == 0
        assert "\x1b" not in result.output
        lines = [" ".join(line.split()) for line in result.stdout.splitlines()]
        assert lines[0] == f"{ID} The dock strike has ended en"
        assert lines[1].startswith(f"{OLD[:8]} 2026-05-10 Ann Author")
        assert lines[2].startswith(f"* {NEW[:8]} 2026-05-11 Bo")
        assert lines[2].endswith("+2 -1 words; 1 passage; title")
        assert lines[4] == "lmn/2026/dock-strike The dock strike ends en"
        assert lines[5] == f"rewrite of {ID}@{OLD[:8]}, which has moved on"
        assert "not committed" in lines[6]
        assert result.stderr == "2 works, 3 versions\n"

    def test_json(self, revised: Path, run: Run) -> None:
        rated = run("rate", ID, "newsworthy=4", "--rater", "ann", "--as", "abc", cwd=revised)
        assert rated.exit_code == 0, rated.output
        answer = json.loads(run("versions", ID, "--json", cwd=revised).stdout)
        assert (answer["root"], answer["history_complete"]) == (ID, True)
        (work,) = answer["works"]
        first, second = work["revisions"]
        assert (first["article_version"], first["current"], first["change"]) == (OLD, False, None)
        assert second["change"] == {"words_dropped": 1, "words_added": 2, "passages": 1, "fields": ["title"]}
        assert second["committed"] == "2026-05-11T12:00:00Z"
        assert second["ratings"] == [
            {"axis": "newsworthy", "mean": {"num": 4, "den": 1}, "raters": 1, "contingents": 1}
        ]

    def test_a_shallow_clone_says_so(self, revised: Path, tmp_path: Path, run: Run) -> None:
        run_git(tmp_path, "clone", "-q", "--depth=1", revised.as_uri(), "shallow")
        result = run("versions", ID, cwd=tmp_path / "shallow")
        assert "history is cut off here" in result.stdout
        assert "this clone is shallow, so there may be earlier ones" in result.stderr
        answer = json.loads(run("versions", ID, "--json", cwd=tmp_path / "shallow").stdout)
        assert answer["history_complete"] is False

    def test_a_removed_article_keeps_its_versions(self, revised: Path, run: Run) -> None:
        run_git(revised, "rm", "-q", PATH)
        commit_all(revised)
        result = run("versions", ID, cwd=revised)
        assert result.exit_code == 0
        assert [line.split()[0] for line in result.stdout.splitlines()] == [ID, OLD[:8], NEW[:8], "removed"]
        gone = run("diff", ID, ID, cwd=revised)
        assert (gone.exit_code, "is no longer there" in gone.stderr) == (2, True)
        assert run("diff", f"{ID}@{OLD[:8]}", f"{ID}@{NEW[:8]}", cwd=revised).exit_code == 0

    def test_an_article_that_never_was(self, revised: Path, run: Run) -> None:
        result = run("versions", "abc/2026/dock-strik", cwd=revised)
        assert (result.exit_code, "did you mean" in result.stderr) == (2, True)

    def test_in_a_repository_without_a_commit(self, empty: Path, run: Run) -> None:
        put(empty, {PATH: STRIKE})
        result = run("versions", ID, cwd=empty)
        assert "not committed" in result.stdout
        assert result.stderr == "1 work, 1 version\n"
