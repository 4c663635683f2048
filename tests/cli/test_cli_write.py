"""``init``, ``new`` and ``rate`` from the command line."""

import json
from pathlib import Path

import pytest

from newsrepo import records
from newsrepo.gitstore.snapshot import blob_id
from newsrepo.ids import Kind
from newsrepo.records import types as t
from tests.cli.conftest import Run
from tests.conftest import put, run_git

STRIKE = "abc/2026/dock-strike"
MONTH = "ratings/abc/ann/2026-05.yaml"


def ratings(root: Path, path: str = MONTH) -> tuple[t.Rating, ...]:
    data = (root / path).read_bytes()
    parsed = records.parse(Kind.RATINGS, data, path)
    assert parsed.findings == ()
    assert isinstance(parsed.record, t.Ratings)
    assert records.write(parsed.record) == data
    return parsed.record.ratings


class TestInit:
    def test_answers_in_json(self, tmp_path: Path, run: Run) -> None:
        result = run(
            "init",
            str(tmp_path / "x"),
            "--name",
            "N",
            "--contingent",
            "abc",
            "--contingent-name",
            "A",
            "--json",
        )
        answer = json.loads(result.stdout)
        assert list(answer) == ["version", "verb", "root", "genesis", "contingent", "written", "kept"]
        assert len(answer["genesis"]) == 64
        assert "newsrepo build abc/daily" in result.stderr

    def test_asks_nobody_without_a_terminal(self, tmp_path: Path, run: Run) -> None:
        result = run("init", str(tmp_path / "x"))
        assert result.exit_code == 2
        assert "--name is missing" in result.stderr
        assert not (tmp_path / "x").exists()

    @pytest.mark.parametrize("id_", ["../x", "CON", "con", "a b", "\x1b[2J", "abc/ann", "-x"])
    def test_refuses_ids_that_are_none(self, tmp_path: Path, run: Run, id_: str) -> None:
        result = run(
            "init", str(tmp_path / "x"), "--name", "N", f"--contingent={id_}", "--contingent-name", "A"
        )
        assert result.exit_code == 2
        assert "\x1b" not in result.stderr
        assert not (tmp_path / "x").exists()

    def test_says_what_it_left_alone(self, tmp_path: Path, run: Run) -> None:
        put(tmp_path / "x", {".gitignore": "mine\n"})
        result = run(
            "init", str(tmp_path / "x"), "--name", "N", "--contingent", "abc", "--contingent-name", "A"
        )
        assert result.exit_code == 0
        assert ".gitignore was there and is left as it is" in result.stderr
        assert ".gitignore" not in result.stdout.split()

    def test_pin(self, empty: Path, run: Run) -> None:
        before = run_git(empty, "config", "newsrepo.genesis")
        again = run("init", str(empty), "--pin")
        assert (again.stdout, again.exit_code) == (f"{before}\n", 0)
        assert "nothing to do" in again.stderr
        charter = empty / "newsrepo.yaml"
        charter.write_text(charter.read_text().replace("Harbour", "Harbor"))
        changed = json.loads(run("init", "--pin", "--json", cwd=empty).stdout)
        assert changed["before"] == before != changed["genesis"]
        assert run_git(empty, "config", "newsrepo.genesis") == changed["genesis"]
        charter.write_text("name: [\n")
        assert run("init", "--pin", cwd=empty).exit_code == 3
        assert run_git(empty, "config", "newsrepo.genesis") == changed["genesis"]

    def test_a_second_init_is_refused(self, empty: Path, run: Run) -> None:
        result = run("init", str(empty), "--name", "N", "--contingent", "abc", "--contingent-name", "A")
        assert result.exit_code == 2
        assert "newsrepo.yaml" in result.stderr


class TestNew:
    def test_article(self, empty: Path, run: Run) -> None:
        result = run(
            "new", "article", "--title", "Łódź: “no”", "--topic", "labour", "--author", "Ann", "--place",
            "Łódź",
            "--today", "2026-05-03", "--text", "Words.", cwd=empty,
        )  # fmt: skip
        path = "articles/abc/2026/lodz-no/index.md"
        assert (result.exit_code, result.stdout) == (0, f"{path}\n")
        parsed = records.parse(Kind.ARTICLE, (empty / path).read_bytes(), path)
        assert parsed.findings == ()
        assert isinstance(parsed.record, t.Article)
        assert parsed.record.body == "Words.\n"
        assert str(parsed.record.date) == "2026-05-03"
        assert parsed.record.lang == "en"
        assert parsed.record.license == "CC0-1.0"

    def test_article_from_standard_input(self, empty: Path, run: Run) -> None:
        result = run("new", "article", "--title", "T", "--body", "-", cwd=empty, typed="Line\r\n\r\nNext\n")
        assert (empty / result.stdout.strip()).read_text().endswith("---\n\nLine\n\nNext\n")

    def test_an_article_is_never_written_over_another(self, commons: Path, run: Run) -> None:
        before = (commons / "articles" / STRIKE / "index.md").read_bytes()
        result = run(
            "new", "article", "--title", "T", "--slug", "dock-strike", "--today", "2026-01-01", cwd=commons
        )
        assert result.exit_code == 2
        assert "already there" in result.stderr
        assert (commons / "articles" / STRIKE / "index.md").read_bytes() == before

    @pytest.mark.parametrize(
        "args",
        [
            ("--title", "日本語"),
            ("--title", "T", "--slug", "../x"),
            ("--title", "T", "--slug", "CON"),
            ("--title", "a\x1b]8;;https://e\x07"),
            ("--title", "a\u202eb"),
            ("--title", "T", "--topic", "Not A Slug"),
            ("--title", "T", "--lang", "x y"),
            ("--title", "x" * 400),
            ("--title", "T", "--as", "../../x"),
            ("--title", "T", "--text", "x", "--body", "-"),
            ("--title", "T", "--body", "-"),
        ],
        ids=repr,
    )
    def test_what_the_format_refuses_is_not_written(
        self, empty: Path, run: Run, args: tuple[str, ...]
    ) -> None:
        result = run("new", "article", *args, cwd=empty, typed="bad \x00 text")
        assert result.exit_code == 2
        assert result.stderr.startswith("error: ")
        assert not {"\x1b", "\u202e", "\x07"} & set(result.output)
        assert not (empty / "articles").exists()

    def test_a_slug_is_asked_for_where_none_can_be_made(self, empty: Path, run: Run) -> None:
        result = run("new", "article", "--title", "日本語", cwd=empty)
        assert "--slug" in result.stderr
        made = run("new", "article", "--title", "日本語", "--slug", "nihongo", "--lang", "ja", cwd=empty)
        assert made.exit_code == 0

    def test_comment_names_the_version_that_stands_now(self, commons: Path, run: Run) -> None:
        args = (
            "new",
            "comment",
            "--on",
            STRIKE,
            "--text",
            "Who paid?",
            "--kind",
            "question",
            "--today",
            "2026-05-09",
        )
        first = run(*args, cwd=commons)
        second = run(*args, cwd=commons)
        assert first.stdout == "comments/abc/2026/on-dock-strike.md\n"
        assert second.stdout == "comments/abc/2026/on-dock-strike-2.md\n"
        data = (commons / first.stdout.strip()).read_bytes()
        comment = records.parse(Kind.COMMENT, data, first.stdout.strip()).record
        assert isinstance(comment, t.Comment)
        assert comment.version == blob_id((commons / "articles" / STRIKE / "index.md").read_bytes())
        assert comment.kind is t.CommentKind.QUESTION

    def test_comment_takes_its_record_as_the_id_too(self, commons: Path, run: Run) -> None:
        made = run("new", "comment", STRIKE, "--text", "x", cwd=commons)
        assert (made.exit_code, made.stdout) == (0, "comments/abc/2026/on-dock-strike.md\n")
        same = run("new", "comment", STRIKE, "--on", STRIKE, "--text", "x", cwd=commons)
        assert same.exit_code == 0
        two = run("new", "comment", STRIKE, "--on", "abc/2026/other", "--text", "x", cwd=commons)
        assert two.exit_code == 2
        assert "two records" in two.stderr
        none = run("new", "comment", "--text", "x", cwd=commons)
        assert none.exit_code == 2
        assert "ID is missing" in none.stderr

    @pytest.mark.parametrize(
        "on", ["abc/2026/dock-strik", "nowhere", "abc/2026/dock-strike@00000000", "filter:abc/nope"]
    )
    def test_comment_on_nothing(self, commons: Path, run: Run, on: str) -> None:
        result = run("new", "comment", "--on", on, "--text", "x", cwd=commons)
        assert result.exit_code == 2
        assert "hint: " in result.stderr
        assert not (commons / "comments").exists()

    def test_reply_to_nothing(self, commons: Path, run: Run) -> None:
        args = ("new", "comment", "--on", STRIKE, "--text", "x", "--reply-to")
        assert "no such comment" in run(*args, "comment:abc/2026/nope", cwd=commons).stderr
        assert run(*args[:-1], cwd=commons).exit_code == 0
        assert run(*args, "comment:abc/2026/on-dock-strike", cwd=commons).exit_code == 0
        assert run("check", cwd=commons).exit_code == 0

    def test_contingent_and_filter(self, commons: Path, run: Run) -> None:
        made = run(
            "new", "contingent", "lmn", "--name", "LMN", "--home", "https://example.org/lmn/news", cwd=commons
        )
        assert made.stdout == "contingents/lmn.yaml\n"
        made = run(
            "new", "filter", "weekend", "--title", "Weekend", "--trust", "abc", "--trust", "lmn/ann=0.5",
            "--select", "newsworthy>=3", "--limit", "7", cwd=commons,
        )  # fmt: skip
        assert made.stdout == "filters/abc/weekend.yaml\n"
        record = records.parse(Kind.FILTER, (commons / made.stdout.strip()).read_bytes(), "f").record
        assert isinstance(record, t.Filter)
        assert {who: str(w) for who, w in record.trust.items()} == {"abc": "1", "lmn/ann": "0.5"}
        assert record.limit == 7

    @pytest.mark.parametrize(
        ("args", "said"),
        [
            (("--select", "newsworthy>="), "in the query at column"),
            (("--trust", "lmn=2"), "not between 0 and 1"),
            (("--trust", "Lmn"), "error: "),
            (("--trust", "lmn/ann"), "hint: write its file first: newsrepo new contingent lmn"),
            (("--select", "-newsworty>=3"), "\n  -newsworty>=3\n   ^\n  hint: did you mean 'newsworthy'?"),
        ],
    )
    def test_filters_that_could_not_work_are_not_written(
        self, commons: Path, run: Run, args: tuple[str, ...], said: str
    ) -> None:
        result = run("new", "filter", "x", "--title", "X", *args, cwd=commons)
        assert result.exit_code == 2
        assert said in result.stderr
        assert not (commons / "filters/abc/x.yaml").exists()

    def test_whose_clone_it_is(self, commons: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        def owner(*args: str) -> str:
            result = run("new", "article", "--title", f"T{len(list(commons.rglob('*')))}", *args, cwd=commons)
            return result.stdout.split("/")[1] if result.exit_code == 0 else result.stderr

        put(commons, {"contingents/env.yaml": "name: Env\n", "contingents/opt.yaml": "name: Opt\n"})
        assert owner() == "abc"
        monkeypatch.setenv("NEWSREPO_CONTINGENT", "env")
        assert owner() == "env"
        assert owner("--as", "opt") == "opt"
        assert "no such contingent: 'nobody'\n  hint: write its file first" in owner("--as", "nobody")
        assert not (commons / "articles/nobody").exists()
        monkeypatch.delenv("NEWSREPO_CONTINGENT")
        run_git(commons, "config", "--unset", "newsrepo.contingent")
        assert "cannot tell which contingent" in owner()
        put(commons, {"contingents/lmn.yaml": "name: LMN\nhome: https://example.org/lmn/news\n"})
        run_git(commons, "remote", "add", "origin", "git@example.org:lmn/news.git")
        assert owner() == "lmn"


class TestRate:
    def rate(self, run: Run, root: Path, *args: str, day: str = "2026-05-10") -> str:
        result = run("rate", STRIKE, *args, "--rater", "ann", "--today", day, cwd=root)
        assert result.exit_code == 0, result.output
        return result.stdout

    def test_one_rating_is_one_canonical_line(self, commons: Path, run: Run) -> None:
        assert self.rate(run, commons, "newsworthy=4", "accurate=0", "--note", "Checked.") == f"{MONTH}\n"
        version = blob_id((commons / "articles" / STRIKE / "index.md").read_bytes())
        assert (commons / MONTH).read_text() == (
            f"ratings:\n  - {{article: {STRIKE}, version: {version}, date: 2026-05-10, "
            "values: {accurate: 0, newsworthy: 4}, note: Checked.}\n"
        )

    def test_the_same_day_replaces_what_is_given_anew(self, commons: Path, run: Run) -> None:
        self.rate(run, commons, "newsworthy=4", "accurate=1", "--note", "First.")
        self.rate(run, commons, "newsworthy=2")
        (rating,) = ratings(commons)
        assert rating.values == {"accurate": 1, "newsworthy": 2}
        assert rating.note == "First."

    def test_a_later_day_writes_the_other_axes_again(self, commons: Path, run: Run) -> None:
        self.rate(run, commons, "newsworthy=4", "accurate=1")
        self.rate(run, commons, "accurate=5", day="2026-05-11")
        assert [(str(r.date), r.values) for r in ratings(commons)] == [
            ("2026-05-10", {"accurate": 1, "newsworthy": 4}),
            ("2026-05-11", {"accurate": 5, "newsworthy": 4}),
        ]

    def test_a_value_is_taken_back(self, commons: Path, run: Run) -> None:
        self.rate(run, commons, "newsworthy=4", "accurate=1")
        self.rate(run, commons, "accurate=")
        (rating,) = ratings(commons)
        assert rating.values == {"newsworthy": 4}
        last = run("rate", STRIKE, "newsworthy=", "--rater", "ann", "--today", "2026-05-10", cwd=commons)
        assert last.exit_code == 2
        assert "without a value" in last.stderr

    def test_a_draft_is_rated_as_it_lies_on_disk(self, commons: Path, run: Run) -> None:
        path = commons / "articles" / STRIKE / "index.md"
        path.write_text(path.read_text() + "\nMore.\n")
        self.rate(run, commons, "newsworthy=4")
        assert ratings(commons)[0].version == blob_id(path.read_bytes())

    def test_order_is_by_article(self, commons: Path, run: Run) -> None:
        put(commons, {"articles/abc/2026/a/index.md": "---\ntitle: A\ndate: 2026-05-01\nlang: en\n---\nA.\n"})
        self.rate(run, commons, "newsworthy=4")
        assert (
            run(
                "rate",
                "abc/2026/a",
                "newsworthy=1",
                "--rater",
                "abc/ann",
                "--today",
                "2026-05-31",
                cwd=commons,
            ).exit_code
            == 0
        )
        assert [r.article for r in ratings(commons)] == ["abc/2026/a", STRIKE]

    @pytest.mark.parametrize(
        ("args", "said"),
        [
            ((STRIKE, "newsworth=4"), "did you mean 'newsworthy'?"),
            ((STRIKE, "newsworthy=6"), "not a whole number from 0 to 5"),
            ((STRIKE, "newsworthy=-1"), "Nobody outside the room"),
            ((STRIKE, "newsworthy=3.5"), "not a whole number"),
            ((STRIKE, "newsworthy=\u0663"), "not a whole number"),
            ((STRIKE, "newsworthy=" + "9" * 5000), "not a whole number"),
            ((STRIKE, "newsworthy"), "AXIS=NUMBER"),
            ((STRIKE, "newsworthy=1", "newsworthy=2"), "given twice"),
            (("abc/2026/dock-strik", "newsworthy=1"), "did you mean 'abc/2026/dock-strike'?"),
            ((f"{STRIKE}@00000000", "newsworthy=1"), "not the version that stands now"),
            ((STRIKE, "newsworthy=1", "--rater", "a/b/c"), "is not of the form"),
            ((STRIKE, "newsworthy=1", "--note", "a\x1b[2J"), "error: "),
        ],
        ids=lambda value: "",
    )
    def test_what_cannot_be_meant_is_refused(
        self, commons: Path, run: Run, args: tuple[str, ...], said: str
    ) -> None:
        rater = () if "--rater" in args else ("--rater", "ann")
        result = run("rate", *args, *rater, cwd=commons)
        assert result.exit_code == 2
        assert said in result.stderr
        assert not {"\x1b"} & set(result.output)
        assert not (commons / "ratings").exists()

    def test_a_month_with_faults_is_left_alone(self, commons: Path, run: Run) -> None:
        put(commons, {MONTH: "ratings:\n  - {article: x}\n"})
        result = run("rate", STRIKE, "newsworthy=4", "--rater", "ann", "--today", "2026-05-10", cwd=commons)
        assert result.exit_code == 3
        assert f"{MONTH}:2:" in result.stderr
        assert (commons / MONTH).read_text() == "ratings:\n  - {article: x}\n"

    def test_who_rates(self, commons: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
        def rater(*args: str) -> str:
            result = run(
                "rate", STRIKE, "newsworthy=1", *args, "--json", "--today", "2026-05-10", cwd=commons
            )
            return str(json.loads(result.stdout)["rater"]) if result.exit_code == 0 else result.stderr

        assert "cannot tell who rates" in rater()
        run_git(commons, "config", "newsrepo.rater", "bob")
        assert rater() == "abc/bob"
        monkeypatch.setenv("NEWSREPO_RATER", "lmn/cat")
        assert rater() == "lmn/cat"
        assert rater("--rater", "dan") == "abc/dan"
        assert "is not of contingent 'xyz'" in rater("--rater", "abc/dan", "--as", "xyz")

    def test_json_answer(self, commons: Path, run: Run) -> None:
        result = run(
            "rate", STRIKE, "newsworthy=4", "--rater", "ann", "--today", "2026-05-10", "--json", cwd=commons
        )
        version = blob_id((commons / "articles" / STRIKE / "index.md").read_bytes())
        assert json.loads(result.stdout) == {
            "version": 1,
            "verb": "rate",
            "rater": "abc/ann",
            "article": STRIKE,
            "title": "The dock strike ends",
            "date": "2026-05-10",
            "values": {"newsworthy": 4},
            "note": "",
            "path": MONTH,
            "article_version": version,
        }
