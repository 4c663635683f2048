"""``check --since`` and ``--staged`` on real repositories: what a change brings, and nothing that was there before."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hermetic import commit_all, put, run_git
from pull_desk import PORT, QUAY, base, text
from typer.testing import CliRunner

from newsrepo.cli.main import app

BROKEN = text("The quay", "Nine days.").replace("2026-04-20", "never")
OLD_FAULT = "filters/lmn/old.yaml"
OLD = {OLD_FAULT: "title: Old\ntrust: {nobody: 1}\n"}


def run(root: Path, *args: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(app, ["-C", str(root), "check", *args])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.stdout, done.stderr


def found(root: Path, *args: str) -> dict[str, Any]:
    code, out, _ = run(root, *args, "--json")
    answer: dict[str, Any] = json.loads(out)
    assert code == int(answer["errors"] > 0)
    return answer


def near(answer: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(f["near"], f["rule"], f["path"]) for f in answer["findings"]]


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    """A base with a fault of old in it; ``work`` is checked out."""
    return base(tmp_path / "repo", OLD)


def write(root: Path, path: str, content: str | None) -> None:
    if content is None:
        (root / path).unlink()
    else:
        put(root, {path: content})


class TestSince:
    def test_what_was_there_before_is_counted(self, repo: Path) -> None:
        put(repo, {"articles/abc/2026/new/index.md": text("New")})
        commit_all(repo)
        assert run(repo)[0] == 1
        answer = found(repo, "--since", "main")
        assert (answer["errors"], answer["findings"]) == (0, [])
        since = answer["since"]
        assert (since["added"], since["changed"], since["removed"], since["owners"]) == (1, 0, 0, {"abc": 1})
        assert since["hidden"] == {"errors": 1, "warnings": 0, "notes": 0}
        code, out, err = run(repo, "--since", "main")
        assert (code, out) == (0, "")
        assert "all is well by a change of 1 record file (1 added)" in err
        assert "1 finding elsewhere, not of this change: `newsrepo check` tells all" in err

    def test_drafts_that_are_not_committed_count(self, repo: Path) -> None:
        put(repo, {QUAY: BROKEN})
        assert near(found(repo, "--since", "main")) == [("line", "bad-value", QUAY)]
        assert found(repo, "--since", "main", "--at", "HEAD")["findings"] == []

    def test_new_lines_come_before_the_others_of_a_file(self, repo: Path) -> None:
        run_git(repo, "checkout", "-q", "main")
        put(repo, {QUAY: text("The quay", "[x](article:abc/2026/gone)\n\nNine days.")})
        commit_all(repo)
        run_git(repo, "checkout", "-q", "-B", "work")
        put(
            repo,
            {
                QUAY: text(
                    "The quay", "[x](article:abc/2026/gone)\n\nNine days.\n\n[y](article:abc/2026/away)"
                )
            },
        )
        put(repo, {"articles/zzz/2026/last/index.md": BROKEN, "contingents/zzz.yaml": "name: Z\n"})
        answer = found(repo, "--since", "main")
        assert near(answer) == [
            ("line", "dangling-link", QUAY),
            ("line", "bad-value", "articles/zzz/2026/last/index.md"),
            ("file", "dangling-link", QUAY),
        ]
        assert "away" in answer["findings"][0]["message"]

    def test_a_touched_file_must_be_left_sound(self, repo: Path) -> None:
        put(repo, {OLD_FAULT: OLD[OLD_FAULT] + "limit: 3\n"})
        assert near(found(repo, "--since", "main")) == [("file", "unknown-contingent", OLD_FAULT)]

    @pytest.mark.parametrize(
        ("path", "content", "broken"),
        [
            (QUAY, None, {("dangling-id", "comments/lmn/2026/reply.md"), ("dangling-link", PORT)}),
            (PORT, None, {("unseen-record", "filters/abc/daily.yaml")}),  # lmn's home was never fetched
            ("contingents/lmn.yaml", None, {("missing-contingent", PORT)}),
            ("contingents/abc.yaml", None, {("unknown-contingent", "filters/abc/daily.yaml")}),
        ],
    )
    def test_what_breaks_elsewhere(
        self, repo: Path, path: str, content: str | None, broken: set[tuple[str, str]]
    ) -> None:
        write(repo, path, content)
        answer = found(repo, "--since", "main")
        elsewhere = {(rule, where) for how, rule, where in near(answer) if how == "elsewhere"}
        assert broken <= elsewhere
        assert OLD_FAULT not in {where for _, where in elsewhere}
        assert answer["since"]["whole"]
        assert "elsewhere, by this change" in run(repo, "--since", "main")[1]

    def test_an_axis_that_goes_breaks_ratings(self, tmp_path: Path) -> None:
        axis = "  line: {title: L, min: -2, max: 2, neutral: 0, low: left, high: right}\n"
        ratings = "ratings/lmn/bo/2026-04.yaml"
        root = base(tmp_path / "axes", {"contingents/abc.yaml": f"name: ABC\naxes:\n{axis}"})
        version = run_git(root, "rev-parse", f"HEAD:{QUAY}")
        rating = (
            f"- {{article: abc/2026/quay, version: {version}, date: 2026-04-21, values: {{abc/line: 2}}}}"
        )
        put(root, {ratings: f"ratings:\n{rating}\n"})
        commit_all(root)
        run_git(root, "branch", "-f", "main")
        put(root, {"contingents/abc.yaml": f"name: ABC\naxes:\n{axis.replace('max: 2', 'max: 1')}"})
        assert ("elsewhere", "rating-out-of-range", ratings) in near(found(root, "--since", "main"))
        put(root, {"contingents/abc.yaml": "name: ABC\n"})
        assert ("elsewhere", "unknown-axis", ratings) in near(found(root, "--since", "main"))

    def test_a_shortened_chain_of_credit_breaks_who_rests_on_it(self, tmp_path: Path) -> None:
        root = base(tmp_path / "chain")
        one = run_git(root, "rev-parse", f"HEAD:{QUAY}")
        credit = f"based_on:\n- {{article: abc/2026/quay, version: {one}, relation: translation}}\n"
        other = "articles/lmn/2026/kai/index.md"
        put(
            root,
            {
                other: text("Der Kai", more=credit),
                f"articles/lmn/2026/kai/sources/{one}.md": text("The quay", "Nine days."),
            },
        )
        commit_all(root)
        run_git(root, "branch", "-f", "main")
        put(root, {QUAY: text("The quay", "Ten days.")})
        answer = found(root, "--since", "main")
        assert ("elsewhere", "source-moved-on", other) in near(answer)
        assert not answer["since"]["whole"]

    def test_paths_narrow_what_is_told(self, repo: Path) -> None:
        put(repo, {QUAY: BROKEN, PORT: BROKEN})
        assert near(found(repo, "--since", "main", "articles/abc")) == [("line", "bad-value", QUAY)]

    def test_a_base_that_moved_on_is_not_undone(self, repo: Path) -> None:
        put(repo, {"articles/abc/2026/new/index.md": text("New")})
        commit_all(repo)
        run_git(repo, "checkout", "-q", "main")
        put(repo, {"articles/lmn/2026/late/index.md": text("Late")})
        commit_all(repo)
        run_git(repo, "checkout", "-q", "work")
        answer = found(repo, "--since", "main", "--author", "github:ann")
        assert (answer["findings"], answer["since"]["owners"]) == ([], {"abc": 1})

    def test_pins_are_those_of_now(self, repo: Path) -> None:
        """Who was struck from the book since, or came into it, is judged by the book as it is by now."""
        put(repo, {QUAY: text("The quay", "Ten days."), "articles/zoe/2026/pier/index.md": text("Pier")})
        put(repo, {"contingents/zoe.yaml": "name: Zoe, who claims an id that was given meanwhile\n"})
        commit_all(repo)
        run_git(repo, "checkout", "-q", "main")
        put(
            repo,
            {
                "contingents/abc.yaml": "name: ABC\nwriters: ['github:bo']\n",
                "contingents/zoe.yaml": "name: Zoe\n",
            },
        )
        commit_all(repo)
        run_git(repo, "checkout", "-q", "work")
        answer = found(repo, "--since", "main", "--author", "github:ann")
        assert {where for _, rule, where in near(answer) if rule == "edited-elsewhere"} == {
            QUAY,
            "articles/zoe/2026/pier/index.md",
            "contingents/zoe.yaml",
        }

    def test_a_request_cannot_name_its_own_author(self, repo: Path) -> None:
        put(repo, {"contingents/abc.yaml": "name: ABC\nwriters: ['github:zoe']\n", QUAY: text("Mine now")})
        commit_all(repo)
        answer = found(repo, "--since", "main", "--author", "github:zoe")
        assert [n for n in near(answer) if n[0] == "change"] == [
            ("change", "edited-elsewhere", QUAY),
            ("change", "edited-elsewhere", "contingents/abc.yaml"),
            ("change", "new-pins", "contingents/abc.yaml"),
        ]

    def test_a_ghost_cannot_be_claimed(self, tmp_path: Path) -> None:
        """Who owns paths without a file in the address book is somebody all the same."""
        root = base(tmp_path / "ghost", {"articles/ghost/2026/old/index.md": text("Old")})
        put(root, {"contingents/ghost.yaml": "name: Ghost\nwriters: ['github:zoe']\n"})
        answer = found(root, "--since", "main", "--author", "github:zoe")
        assert ("change", "edited-elsewhere", "contingents/ghost.yaml") in near(answer)

    def test_the_host_is_told_whose_files_these_are(self, repo: Path) -> None:
        put(
            repo,
            {
                QUAY: text("Q"),
                "contingents/abc.yaml": "name: A\n",
                "newsrepo.yaml": f"about: x\n{(repo / 'newsrepo.yaml').read_text()}",
            },
        )
        code, _, err = run(repo, "--since", "main", "--host")
        assert code == 0
        assert "brought by the host; record files by owner: the commons (1), abc (2)" in err
        assert found(repo, "--since", "main", "--host")["since"]["host"] is True

    def test_refused(self, repo: Path) -> None:
        assert run(repo, "--since", "")[0] == 2
        assert run(repo, "--since", "nowhere")[0] == 3
        assert run(repo, "--since", "--output=x")[0] == 2
        assert run(repo, "--since", "main", "nowhere")[0] == 2
        assert run(repo, "--since", "main", "README.md")[0] == 2
        assert run(repo, "--author", "ann")[0] == 2
        assert run(repo, "--host")[0] == 2
        assert run(repo, "--since", "main", "--author", "")[0] == 2
        assert run(repo, "--since", "main", "--only", "abc")[0] == 2
        assert run(repo, "--staged", "--at", "HEAD")[0] == 2

    def test_strangers_to_each_other(self, repo: Path) -> None:
        run_git(repo, "checkout", "-q", "--orphan", "apart")
        commit_all(repo)
        code, _, err = run(repo, "--since", "main")
        assert code == 3
        assert "no commit in common" in err

    def test_a_shallow_clone_says_so(self, repo: Path, tmp_path: Path) -> None:
        put(repo, {QUAY: text("Q")})
        commit_all(repo)
        run_git(repo, "checkout", "-q", "main")
        put(repo, {PORT: text("P")})
        commit_all(repo)
        run_git(tmp_path, "clone", "-q", "--depth=1", "--no-single-branch", f"file://{repo}", "shallow")
        run_git(tmp_path / "shallow", "checkout", "-q", "work")
        code, _, err = run(tmp_path / "shallow", "--since", "origin/main")
        assert code == 3
        assert "fetch-depth: 0" in err


class TestStaged:
    def test_only_what_is_staged(self, repo: Path) -> None:
        put(repo, {QUAY: BROKEN})
        assert run(repo, "--staged")[0] == 0
        run_git(repo, "add", "-A")
        put(repo, {QUAY: text("Mended, and not staged")})
        assert near(found(repo, "--staged")) == [("line", "bad-value", QUAY)]

    def test_the_first_commit(self, tmp_path: Path) -> None:
        root = base(tmp_path / "first", OLD)
        run_git(root, "checkout", "-q", "--orphan", "new")
        answer = found(root, "--staged")
        assert answer["since"]["base"] is None
        assert [n[1:] for n in near(answer)] == [("unknown-contingent", OLD_FAULT)]

    def test_an_author_too(self, repo: Path) -> None:
        put(repo, {QUAY: text("Q")})
        run_git(repo, "add", "-A")
        assert run(repo, "--staged", "--author", "github:ann")[0] == 0
        assert run(repo, "--staged", "--author", "github:zoe")[0] == 1


def changes() -> Iterator[tuple[str, dict[str, str | None]]]:
    version = "ce013625030ba8dba906f756967f9e9ca394464a"
    derived = f"based_on:\n- {{article: abc/2026/quay, version: {version}, relation: rewrite}}\n"
    yield "an article", {"articles/abc/2026/new/index.md": text("New")}
    yield "a revision", {QUAY: text("The quay", "Ten days.")}
    yield "a broken revision", {QUAY: BROKEN}
    yield "a derived work", {"articles/lmn/2026/kay/index.md": text("Kay", more=derived)}
    yield "a twin text", {"articles/lmn/2026/kay/index.md": text("The quay", "Nine days.")}
    yield (
        "an earlier twin",
        {"articles/abc/2026/a/index.md": text("The port", "See [the quay](article:abc/2026/quay).")},
    )
    yield (
        "a circle",
        {
            QUAY: text("Q", more=derived.replace("abc/2026/quay", "lmn/2026/port")),
            PORT: text("P", more=derived),
        },
    )
    yield (
        "a comment",
        {"comments/abc/2026/c.md": "---\non: abc/2026/none\ndate: 2026-04-21\nlang: en\n---\n\nX.\n"},
    )
    yield "a filter", {"filters/abc/daily.yaml": "title: D\ntrust: {abc: 1}\nselect: in:abc/other\n"}
    yield "a newcomer", {"contingents/zoe.yaml": "name: Zoe\nvouches: {none: 1}\n"}
    yield (
        "a question",
        {
            "challenges/abc/why/challenge.md": "---\ntitle: Why\nto: [lmn]\ndate: 2026-04-21\nlang: en\n---\n\nWhy?\n"
        },
    )
    yield "a picture", {"articles/abc/2026/quay/pic.png": "no picture"}
    yield "a source", {f"articles/lmn/2026/port/sources/{version}.md": "x"}
    yield "junk", {"articles/abc/2026/quay/junk.txt": "x", "articles/ABC/x": "y"}
    yield "one gone", {PORT: None}
    yield "a moved one", {PORT: None, "articles/lmn/2026/harbour/index.md": text("The port")}
    yield "a charter", {"newsrepo.yaml": "name: X\n"}
    yield "nothing", {}


@pytest.mark.parametrize("files", [pytest.param(files, id=name) for name, files in changes()])
def test_looking_near_finds_what_looking_everywhere_finds(
    repo: Path, files: dict[str, str | None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files that are left out because a change cannot have broken them are rightly left out."""
    for path, content in files.items():
        write(repo, path, content)
    told = near(found(repo, "--since", "main"))
    everywhere: Callable[..., tuple[str, ...]] = lambda *_: ()  # noqa: E731
    monkeypatch.setattr("newsrepo.porcelain.pull.reach", everywhere)
    assert near(found(repo, "--since", "main")) == told
