"""``check``, ``find`` and ``show``: what is printed, to whom, and which exit code it gets."""

import csv
import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.conftest import STRIKE, Run
from tests.conftest import commit_all, put, run_git

ID = "abc/2026/dock-strike"
PATH = f"articles/{ID}/index.md"

HOSTILE_TITLES = {
    "closing tag": "[/foo]",
    "link": "[link=https://e.example]x[/link] :warning:",
    "formula": '=HYPERLINK("https://e.example")',
    "command": "::error::pwned",
}


def with_title(title: str) -> str:
    quoted = json.dumps(title, ensure_ascii=False)
    return STRIKE.replace("title: The dock strike ends", f"title: {quoted}")


class TestCheck:
    def test_all_is_well(self, commons: Path, run: Run) -> None:
        result = run("check", cwd=commons)
        assert (result.exit_code, result.stdout) == (0, "")
        assert result.stderr == "all is well in 5 files\n"

    def test_nothing_to_check_is_not_all_is_well(self, commons: Path, run: Run, make_repo: object) -> None:
        (commons / "comments").mkdir()
        put(commons, {"README.md": "x"})
        result = run("check", "articles", cwd=commons)
        assert result.stderr == "all is well in 1 file\n"

    def test_findings_have_place_reason_way_out_and_a_count(self, commons: Path, run: Run) -> None:
        put(commons, {PATH: STRIKE.replace("topics:", "topic:").replace("2026-05-03", "2026-02-30")})
        result = run("check", cwd=commons)
        assert result.exit_code == 1
        lines = result.stdout.splitlines()
        assert lines[0].startswith(f"{PATH}:3:7: ")
        assert lines[1].startswith("  hint: ")
        assert any(line.startswith(f"{PATH}:8:1: unknown-key: ") for line in lines)
        assert result.stderr.endswith(" errors in 5 files\n")

    def test_all_of_a_thousand_faults_are_shown_in_order(self, commons: Path, run: Run) -> None:
        bad = "---\ntitle: T\ndate: 2026-13-01\nlang: en\nlicense: CC0-1.0\n---\nText.\n"
        put(commons, {f"articles/abc/2026/n{n}/index.md": bad for n in range(1000)})
        result = run("check", cwd=commons)
        found = [line for line in result.stdout.splitlines() if not line.startswith("  ")]
        paths = [line.partition(":")[0] for line in found]
        assert len(found) == 1000
        assert paths == sorted(paths)
        assert result.stderr == "1000 errors in 1005 files\n"

    @pytest.mark.parametrize(
        "name", ["a\x1b[2Jb", "a\nb", "a\u202eb", "a\x9bb", "a\rb", "::error::x", "[/x]", "-x"]
    )
    @pytest.mark.parametrize("form", ["text", "json", "github"])
    def test_hostile_file_names_are_shown_as_text(
        self, commons: Path, run: Run, name: str, form: str
    ) -> None:
        put(commons, {f"articles/abc/2026/{name}/index.md": STRIKE, f"contingents/{name}.yaml": "name: X\n"})
        result = run("check", "--format", form, cwd=commons)
        assert result.exit_code == 1
        assert not {"\x1b", "\u202e", "\x9b", "\r"} & set(result.output)
        if form == "text":
            found = [line for line in result.stdout.split("\n")[:-1] if not line.startswith("  ")]
            assert all(re.match(r"(articles|contingents)/.*:1:1: [a-z-]+: ", line) for line in found)
            assert result.stderr.startswith(f"{len(found)} error")
        elif form == "github":
            assert all(line.startswith("::error file=") for line in result.stdout.split("\n")[:-1])
        else:
            assert len(json.loads(result.stdout)["findings"]) >= 2

    def test_json(self, commons: Path, run: Run) -> None:
        put(commons, {PATH: STRIKE.replace("2026-05-03", "2026-02-30")})
        result = run("check", "--format", "json", cwd=commons)
        answer = json.loads(result.stdout)
        assert result.exit_code == 1
        assert list(answer) == [
            "version",
            "verb",
            "source",
            "files",
            "errors",
            "warnings",
            "notes",
            "findings",
        ]
        assert (answer["version"], answer["verb"], answer["errors"]) == (1, "check", 1)
        (finding,) = answer["findings"]
        assert list(finding) == ["rule", "severity", "path", "line", "col", "source", "message", "hint"]
        assert (finding["path"], finding["line"], finding["col"]) == (PATH, 3, 7)
        assert run("check", "--json", cwd=commons).stdout == result.stdout

    def test_annotations_are_one_line_each(self, commons: Path, run: Run) -> None:
        put(commons, {PATH: STRIKE.replace("topics:", '"::error::pwned,a:b%":')})
        result = run("check", "--format", "github", cwd=commons)
        lines = result.stdout.splitlines()
        assert lines
        assert all(line.startswith(f"::error file={PATH},line=") for line in lines)

    def test_paths_narrow_what_is_told(self, commons: Path, run: Run) -> None:
        put(commons, {PATH: STRIKE.replace("2026-05-03", "never"), "filters/abc/x.yaml": "nonsense: 1\n"})
        whole = run("check", cwd=commons).stdout
        part = run("check", "articles", cwd=commons).stdout
        assert "filters/abc/x.yaml" in whole
        assert "filters/abc/x.yaml" not in part
        assert PATH in part
        assert run("check", "contingents", "newsrepo.yaml", cwd=commons).exit_code == 0

    @pytest.mark.parametrize("path", ["nowhere", "../x", "/etc", "articles/abc/2026/none"])
    def test_paths_that_name_nothing(self, commons: Path, run: Run, path: str) -> None:
        assert run("check", path, cwd=commons).exit_code == 2

    def test_a_ref_and_the_staging_area(self, commons: Path, run: Run) -> None:
        put(commons, {PATH: STRIKE.replace("2026-05-03", "never")})
        assert run("check", cwd=commons).exit_code == 1
        assert run("check", "--at", "HEAD", cwd=commons).exit_code == 0
        assert run("check", "--staged", cwd=commons).exit_code == 0
        run_git(commons, "add", "-A")
        assert run("check", "--staged", cwd=commons).exit_code == 1
        assert run("check", "--staged", "--at", "HEAD", cwd=commons).exit_code == 2
        assert run("check", "--at", "nowhere", cwd=commons).exit_code == 3
        assert run("check", "--at", "--output=x", cwd=commons).exit_code == 2
        assert not (commons / "x").exists()

    def test_a_version_in_history_is_known(self, commons: Path, run: Run) -> None:
        assert (
            run("new", "comment", "--on", ID, "--text", "x", "--today", "2026-05-10", cwd=commons).exit_code
            == 0
        )
        put(commons, {PATH: STRIKE + "\nRevised.\n"})
        assert run("check", cwd=commons).exit_code == 0

    def test_a_version_that_nobody_has_is_not(self, commons: Path, run: Run, tmp_path: Path) -> None:
        run("new", "comment", "--on", ID, "--text", "x", "--today", "2026-05-10", cwd=commons)
        path = commons / "comments/abc/2026/on-dock-strike.md"
        version = path.read_text().split("version: ")[1].split("\n")[0]
        path.write_text(path.read_text().replace(version, "0" * 40))
        result = run("check", cwd=commons)
        assert result.exit_code == 1
        assert "dangling-version" in result.stdout
        commit_all(commons)
        put(commons, {PATH: STRIKE + "\nRevised.\n"})
        commit_all(commons)
        shallow = tmp_path / "shallow"
        run_git(tmp_path, "clone", "-q", "--depth", "1", f"file://{commons}", str(shallow))
        result = run("check", cwd=shallow)
        assert result.exit_code == 0
        assert "shallow-history (note): " in result.stdout
        assert "git fetch --unshallow" in result.stdout

    def test_an_empty_repository_and_a_detached_head(
        self, make_repo: object, commons: Path, run: Run
    ) -> None:
        bare_bones = make_repo({}, commit=False)
        result = run("check", cwd=bare_bones)
        assert result.exit_code in (0, 1)
        assert "Traceback" not in result.output
        run_git(commons, "checkout", "-q", "--detach")
        assert run("check", cwd=commons).exit_code == 0

    def test_quiet_says_no_words(self, commons: Path, run: Run) -> None:
        assert run("check", "--quiet", cwd=commons).stderr == ""


class TestFind:
    def test_lines_for_scripts(self, commons: Path, run: Run) -> None:
        result = run("find", "cranes", cwd=commons)
        assert result.stdout == f"{ID}\t2026-05-03\tThe dock strike ends\n"
        assert result.stderr == "1 match in 1 article\n"

    def test_no_match_is_an_answer(self, commons: Path, run: Run) -> None:
        result = run("find", "zeppelin", cwd=commons)
        assert (result.exit_code, result.stdout, result.stderr) == (1, "", "no match in 1 article\n")

    def test_an_empty_commons_is_another(self, empty: Path, run: Run) -> None:
        result = run("find", "zeppelin", cwd=empty)
        assert result.exit_code == 1
        assert result.stderr == "nothing to search: there are no articles here\n"

    def test_json(self, commons: Path, run: Run) -> None:
        answer = json.loads(run("find", "topic:labour", "--json", cwd=commons).stdout)
        version = answer["works"][0].pop("version")
        assert len(version) == 40
        assert answer == {
            "version": 1,
            "verb": "find",
            "query": "topic:labour",
            "filter": None,
            "total": 1,
            "works": [
                {
                    "id": ID,
                    "path": PATH,
                    "source": "",
                    "title": "The dock strike ends",
                    "date": "2026-05-03",
                    "authors": [{"name": "Ann Lee"}],
                    "lang": "en",
                    "summary": "After nine days the cranes move again.",
                    "topics": ["labour"],
                    "places": ["Harbour Quay"],
                    "license": "CC0-1.0",
                    "status": "usable",
                    "words": answer["works"][0]["words"],
                    "based_on": [],
                }
            ],
        }

    def test_through_a_filter(self, commons: Path, run: Run) -> None:
        run("rate", ID, "newsworthy=5", "--rater", "ann", "--today", "2026-05-10", cwd=commons)
        found = run("find", "newsworthy>=3", "--filter", "abc/daily", "--today", "2026-05-11", cwd=commons)
        assert found.stdout.startswith(ID)
        missing = run("find", "--filter", "abc/dailly", cwd=commons)
        assert missing.exit_code == 2
        assert "did you mean 'abc/daily'?" in missing.stderr

    def test_a_rater_not_trusted_silences_nobody_else(self, commons: Path, run: Run) -> None:
        """Bob rated the earlier version, Ann the current one; the filter hears all of abc but Ann."""
        day = ("--today", "2026-05-11")
        put(commons, {"filters/abc/others.yaml": "title: Others\ntrust: {abc: 0.3, abc/ann: 0}\n"})
        run("rate", ID, "newsworthy=5", "--rater", "bob", *day, cwd=commons)
        commit_all(commons)
        put(commons, {PATH: STRIKE.replace("nine days.", "ten days.")})
        commit_all(commons)
        run("rate", ID, "newsworthy=0", "--rater", "ann", *day, cwd=commons)
        found = run("find", "newsworthy>=2", "--filter", "abc/others", *day, cwd=commons)
        assert (found.exit_code, found.stdout.startswith(ID)) == (0, True), found.output
        alike = run("find", "newsworthy>=2", *day, cwd=commons)
        assert (alike.exit_code, alike.stdout) == (1, "")

    def test_limit_says_how_many_there_are(self, commons: Path, run: Run) -> None:
        put(commons, {f"articles/abc/2026/n{n}/index.md": STRIKE for n in range(4)})
        result = run("find", "cranes", "--limit", "2", cwd=commons)
        assert len(result.stdout.splitlines()) == 2
        assert result.stderr == "5 matches in 5 articles, the first 2 shown\n"

    @pytest.mark.parametrize(
        "query",
        [
            "titel:x",
            "newsworthy>=",
            "(",
            '"open',
            "topic:",
            "-",
            "\x1b[2J:x",
            "by:me",
            "in:abc/no",
            "acurate>1",
        ],
    )
    def test_faults_point_at_their_column(self, commons: Path, run: Run, query: str) -> None:
        result = run("find", "--", query, cwd=commons)
        assert result.exit_code == 2
        assert "at column" in result.stderr
        assert "^" in result.stderr
        assert "\x1b" not in result.output

    def test_a_query_may_begin_with_a_hyphen(self, commons: Path, run: Run) -> None:
        result = run("find", "--", "-is:withdrawn", cwd=commons)
        assert result.stdout.startswith(ID)
        assert run("find", "-is:withdrawn", "--limit", "9", cwd=commons).stdout == result.stdout
        assert run("find", "cranes", "-is:withdrawn", "-q", cwd=commons).stdout == result.stdout
        assert run("find", "-topic:labour", cwd=commons).exit_code == 1

    @pytest.mark.parametrize("title", HOSTILE_TITLES.values(), ids=list(HOSTILE_TITLES))
    def test_hostile_titles_are_printed_as_they_are(self, commons: Path, run: Run, title: str) -> None:
        put(commons, {PATH: with_title(title)})
        assert run("find", cwd=commons).stdout == f"{ID}\t2026-05-03\t{title}\n"
        assert json.loads(run("find", "--json", cwd=commons).stdout)["works"][0]["title"] == title
        rows = list(csv.DictReader(io.StringIO(run("find", "--csv", cwd=commons).stdout)))
        assert rows[0]["title"] == (f"'{title}' "[:-2] if title.startswith("=") else title)
        shown = run("show", ID, cwd=commons)
        assert shown.exit_code == 0
        assert shown.stdout.splitlines()[0] == title

    def test_in_ci_a_title_is_no_command(
        self, commons: Path, run: Run, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("GITHUB_ACTIONS", "true")
        put(commons, {PATH: with_title("::error::pwned")})
        for verb in (["find"], ["show", ID], ["find", "--json"], ["find", "--csv"], ["check"]):
            for line in run(*verb, cwd=commons).stdout.splitlines():
                assert not line.lstrip().startswith("::")


class TestShow:
    def test_article(self, commons: Path, run: Run) -> None:
        run(
            "rate",
            ID,
            "newsworthy=5",
            "--rater",
            "ann",
            "--today",
            "2026-05-10",
            "--note",
            "Yes.",
            cwd=commons,
        )
        run("new", "comment", "--on", ID, "--text", "x", "--today", "2026-05-10", cwd=commons)
        version = run_git(commons, "rev-parse", f"HEAD:{PATH}")
        assert (
            run("show", ID, cwd=commons).stdout
            == f"""\
The dock strike ends
Ann Lee · 2026-05-03 · en · CC0-1.0
{ID}@{version[:8]}
#labour Harbour Quay

After nine days the cranes move again.

The cranes moved again on Sunday.

They had stood still for nine days.

comment  comment:abc/2026/on-dock-strike
 rating  newsworthy 5 by abc/ann on 2026-05-10: Yes.
"""
        )

    def test_json_and_raw(self, commons: Path, run: Run) -> None:
        answer = json.loads(run("show", ID, "--json", cwd=commons).stdout)
        assert list(answer) == [
            "version", "verb", "kind", "id", "path", "source", "record_version", "past", "record", "findings", "ratings",
            "comments", "derived",
        ]  # fmt: skip
        assert answer["record"]["title"] == "The dock strike ends"
        assert answer["record"]["date"] == "2026-05-03"
        assert run("show", ID, "--raw", cwd=commons).stdout_bytes == STRIKE.encode()
        assert run("show", ID, "--raw", "--json", cwd=commons).exit_code == 2

    @pytest.mark.parametrize(
        "name",
        [
            "abc",
            "contingent:abc",
            "abc/daily",
            "filter:abc/daily",
            "newsrepo.yaml",
            "statements/roll.yaml",
            PATH,
        ],
    )
    def test_other_records(self, commons: Path, run: Run, name: str) -> None:
        result = run("show", name, cwd=commons)
        assert result.exit_code == 0
        assert result.stdout
        assert run("show", name, "--json", cwd=commons).exit_code == 0

    @pytest.mark.parametrize(
        "name", ["nobody", "abc/2026/none", "filter:abc/none", "x:y", "../etc", "", "\x1b", "comment:a"]
    )
    def test_what_is_not_there(self, commons: Path, run: Run, name: str) -> None:
        result = run("show", name, cwd=commons)
        assert result.exit_code == 2
        assert "no such record" in result.stderr or "no such article: 'abc/2026/none'" in result.stderr
        assert "\x1b" not in result.stderr

    def test_an_earlier_version(self, commons: Path, run: Run) -> None:
        old = run_git(commons, "rev-parse", f"HEAD:{PATH}")
        put(commons, {PATH: STRIKE + "\nRevised.\n"})
        assert "Revised" in run("show", ID, cwd=commons).stdout
        assert "Revised" not in run("show", f"{ID}@{old}", cwd=commons).stdout
        short = run("show", f"{ID}@{old[:8]}", cwd=commons)
        assert (short.exit_code, "Revised" in short.stdout) == (0, False)
        assert f"{ID}@{old[:8]}, not the text that stands now" in short.stdout
        never = run("show", f"{ID}@{'0' * 40}", cwd=commons)
        assert (never.exit_code, "was ever seen here" in never.stderr) == (2, True)
        assert run("show", f"{ID}@{old[:7]}", cwd=commons).exit_code == 2
        assert run("show", f"abc@{old[:8]}", cwd=commons).exit_code == 2

    def test_a_file_with_faults_shows_them(self, commons: Path, run: Run) -> None:
        put(commons, {PATH: STRIKE.replace("2026-05-03", "never")})
        result = run("show", ID, cwd=commons)
        assert f"{PATH}:3:7: " in result.stdout


def newsrepo(*args: str) -> list[str]:
    return [sys.executable, "-c", "from newsrepo.cli.main import run; run()", *args]


class TestPipes:
    def test_a_reader_that_goes_away_leaves_no_traceback(self, commons: Path) -> None:
        put(commons, {f"articles/abc/2026/n{n}/index.md": STRIKE for n in range(3000)})
        for verb in (["find"], ["find", "--json"], ["find", "--csv"]):
            process = subprocess.Popen(
                newsrepo("-C", str(commons), *verb), stdout=subprocess.PIPE, stderr=subprocess.PIPE
            )
            assert process.stdout is not None
            assert process.stderr is not None
            process.stdout.read(10)
            process.stdout.close()
            said = process.stderr.read().decode()
            process.stderr.close()
            assert process.wait() == 0
            assert "Traceback" not in said
            assert "Broken" not in said

    def test_a_full_disk_is_said(self, commons: Path) -> None:
        if not os.path.exists("/dev/full"):
            pytest.skip("this system has no /dev/full")
        with open("/dev/full", "wb") as full:
            done = subprocess.run(
                newsrepo("-C", str(commons), "show", ID), stdout=full, stderr=subprocess.PIPE, check=False
            )
        assert done.returncode == 3
        assert b"No space left" in done.stderr
        assert b"Traceback" not in done.stderr

    def test_a_locale_that_cannot_say_it(self, commons: Path) -> None:
        put(commons, {PATH: with_title("Łódź 日本")})
        env = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
        done = subprocess.run(newsrepo("-C", str(commons), "find"), capture_output=True, env=env, check=False)
        assert done.returncode == 0
        assert b"Traceback" not in done.stderr


def test_a_damaged_index_is_made_anew_with_a_warning(run: Run, commons: Path) -> None:
    before = run("find", "strike", "--json", cwd=commons)
    for file in (commons / ".git/newsrepo").glob("index.sqlite3*"):
        file.unlink()
    (commons / ".git/newsrepo/index.sqlite3").write_bytes(b"no index of any version")
    after = run("find", "strike", "--json", cwd=commons)
    assert (after.exit_code, after.stdout) == (0, before.stdout)
    assert after.stderr.startswith("warning: the index file was damaged, and has been made anew\n  hint: ")
    assert "warning" not in run("find", "strike", cwd=commons).output
