"""The Markdown importer on small sites of every kind; the real corpus has a module of its own."""

import os
from hashlib import sha256
from pathlib import Path

import pytest

from newsrepo.errors import UsageError
from newsrepo.ids import ContingentId, Kind
from newsrepo.importers.markdown import Imported, Options, import_site
from newsrepo.location import Severity
from newsrepo.records import parse
from newsrepo.records import types as t
from newsrepo.records.markup import problems

OWNER = ContingentId("abc")
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x02\x00\x00\x00\x02\x08\x02\x00\x00\x00"


def bring(root: Path, files: dict[str, str | bytes], **options: str) -> Imported:
    for name, data in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)
    return import_site(root, OWNER, Options(**{"license": "CC0-1.0", "lang": "en", **options}))


def article(imported: Imported, slug: str) -> t.Article:
    path = f"articles/abc/{slug}/index.md"
    parsed = parse(Kind.ARTICLE, imported.files[path], path)
    assert parsed.findings == ()
    assert isinstance(parsed.record, t.Article)
    return parsed.record


def rules(imported: Imported) -> list[str]:
    return [finding.rule for finding in imported.findings]


def test_an_empty_folder_gives_nothing(tmp_path: Path) -> None:
    imported = bring(tmp_path, {})
    assert (dict(imported.files), imported.findings, dict(imported.counts)) == ({}, (), {})


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not a folder"):
        import_site(tmp_path / "none", OWNER, Options())


@pytest.mark.parametrize("options", [{"url": "ftp://x"}, {"url": "x"}, {"lang": "!!"}])
def test_options_that_mean_nothing_are_refused(tmp_path: Path, options: dict[str, str]) -> None:
    with pytest.raises(UsageError):
        import_site(tmp_path, OWNER, Options(**options))


JEKYLL = """---
layout: post
title: "Dock: the *strike*"
date: 2016-04-01 21:30:00 -0400
author: [ann, Bob B]
tags: [Labour History, fec.gov]
category: news
excerpt: "A **short** [word](/x)."
redirect_from: /old/
---
See [the other]({{ site.baseurl }}{% post_url 2015-01-02-other %}) and [again]({{ "/2015/01/02/other/" | relative_url }}).

![A quay](/img/quay.png "Title") ![gone](/img/gone.jpg)

{% highlight ruby %}
puts "{{ x }}"
{% endhighlight %}
{% include share.html %}
"""


def jekyll(tmp_path: Path, **options: str) -> Imported:
    return bring(
        tmp_path,
        {
            "_config.yml": "title: The Dock\nurl: https://dock.example\npermalink: pretty\n",
            "_data/authors.yml": "ann:\n  name: Ann Arbor\n",
            "_posts/2016-04-02-strike.md": JEKYLL,
            "_posts/2015-01-02-other.markdown": "---\ntitle: Other\n---\nBack to [it](../../../../news/2016/04/01/strike/#top).\n",
            "_includes/share.html": "<b>x</b>",
            "about.md": "---\ntitle: About\n---\nno date\n",
            "img/quay.png": PNG,
        },
        **options,
    )


def test_jekyll(tmp_path: Path) -> None:
    imported = jekyll(tmp_path)
    made = article(imported, "2016/strike")
    assert made.title == "Dock: the *strike*"
    assert str(made.date) == "2016-04-02T01:30:00Z"
    assert [a.name for a in made.authors] == ["Ann Arbor", "Bob B"]
    assert made.topics == ("labour-history", "fec-gov", "news")
    assert made.summary == "A short word."
    assert made.license == "CC0-1.0"
    assert made.status is t.Status.USABLE
    assert made.credits == (
        t.Credit(
            name="The Dock", url="https://dock.example/news/2016/04/02/strike/", what="first published here"
        ),
    )
    assert made.media == (t.Media(file="quay.png", sha256=sha256(PNG).hexdigest(), alt="A quay"),)
    assert imported.files["articles/abc/2016/strike/quay.png"] == PNG
    assert made.body == (
        "See [the other](article:abc/2015/other) and [again](article:abc/2015/other).\n"
        "\n"
        '![A quay](quay.png "Title") ![gone](gone.jpg)\n'
        "\n"
        '```ruby\nputs "{{ x }}"\n```\n'
    )
    assert article(imported, "2015/other").body == "Back to [it](article:abc/2016/strike).\n"


def test_what_is_left_out_is_told_with_its_place(tmp_path: Path) -> None:
    imported = jekyll(tmp_path)
    told = {(f.rule, str(f.location)) for f in imported.findings}
    assert ("import-missing-picture", "_posts/2016-04-02-strike.md:13:34") in told
    assert ("import-template", "_posts/2016-04-02-strike.md:18:1") in told
    assert ("import-undated", "about.md:1:1") in told
    assert [f.order for f in imported.findings] == sorted(f.order for f in imported.findings)


def test_without_a_licence_none_is_claimed_and_all_is_withheld(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("---\ntitle: A\ndate: 2020-01-01\n---\nx\n")
    imported = import_site(tmp_path, OWNER, Options())
    made = article(imported, "2020/a")
    assert made.license is None
    assert made.status is t.Status.WITHHELD
    assert made.lang == "und"
    assert {"import-unlicensed", "import-language", "import-address"} <= set(rules(imported))
    assert b"CC0" not in imported.files["articles/abc/2020/a/index.md"]


def test_the_same_folder_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = jekyll(tmp_path / "a"), jekyll(tmp_path / "b")
    assert dict(first.files) == dict(second.files)
    assert first.findings == second.findings
    assert list(first.files) == sorted(first.files)


def test_hugo(tmp_path: Path) -> None:
    imported = bring(
        tmp_path,
        {
            "hugo.toml": 'baseURL = "https://h.example/"\nlanguageCode = "en-us"\ntitle = "H"\n',
            "content/posts/first/index.md": (
                "+++\ntitle = 'First'\ndate = 2021-02-03T04:05:06Z\ntags = ['a b']\n"
                "[cover]\nimage = 'pic.png'\nalt = 'Alt'\n+++\n"
                '{{< youtube abcdef123 >}}\n\n{{< figure src="pic.png" alt="Alt" caption="Cap" >}}\n\n'
                '[x]({{< ref "second.md" >}}) {{< strange >}}\n'
            ),
            "content/posts/first/pic.png": PNG,
            "content/posts/second.md": '{"title": "Second", "date": "2021-02-04", "draft": true}\n\nBody\n',
            "content/posts/_index.md": "---\ntitle: List\ndate: 2020-01-01\n---\n",
        },
        lang="de",
    )
    made = article(imported, "2021/first")
    assert made.body == (
        "[Video on YouTube](https://www.youtube.com/watch?v=abcdef123)\n\n![Alt](pic.png)\n\nCap\n\n"
        "[x](article:abc/2021/second)\n"
    )
    assert made.lang == "de"
    assert made.credits[0].url == "https://h.example/posts/first/"
    assert article(imported, "2021/second").status is t.Status.WITHHELD
    assert sorted(rules(imported)) == ["import-draft", "import-template"]


def test_eleventy_addresses_are_inferred_from_the_links_between_posts(tmp_path: Path) -> None:
    posts = {
        f"content/posts/2020-0{n}-01-post-{n}.md": f"---\ntitle: P{n}\n---\n[n]({{{{ '/2020/0{n % 3 + 1}/01/post-{n % 3 + 1}/' | url }}}})\n"
        for n in (1, 2, 3)
    }
    imported = bring(tmp_path, posts, url="https://e.example/")
    assert article(imported, "2020/post-1").body == "[n](article:abc/2020/post-2)\n"
    assert article(imported, "2020/post-1").credits[0].url == "https://e.example/2020/01/01/post-1/"
    assert article(imported, "2020/post-1").credits[0].name == "e.example"


HTML = [
    ("<p>Hello <b>you</b></p>", "Hello **you**"),
    ("a<br>b", "a\\\nb"),
    ("a<br />\nb", "a\\\nb"),
    ("a\n<br>\n\nb", "a\n\nb"),
    ("<div class='x'>\n\n*m* and [l](https://e.example)\n\n</div>", "*m* and [l](https://e.example)"),
    ("<table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr></table>", "| A | B |\n| --- | --- |\n| 1 | 2 |"),
    (
        '<iframe src="//player.example/v/1" title="Talk"></iframe>',
        "[Talk](https://player.example/v/1)",
    ),
    ("x <span style='color:red'>red</span> y", "x red y"),
    ("x <a href='https://e.example/a(b)'>t</a>", "x [t](https://e.example/a%28b%29)"),
    ("`<b>` and\n\n```\n<script>x</script>\n```", "`<b>` and\n\n```\n<script>x</script>\n```"),
    ("git checkout <branch>", "git checkout &lt;branch>"),
    ("2 < 3 and <https://e.example>", "2 < 3 and <https://e.example>"),
    ("a <!-- hidden --> b", "a  b"),
    ("- item\n\n  <div>in</div>\n", "- item\n\n  in"),
    ("> <p>quoted</p>", "> quoted"),
    ("text </div> more", "text  more"),
    ("<dl><dt>T</dt><dd>D</dd></dl>", "**T**\n\nD"),
    ("<script>alert(1)</script>\n\nok", "ok"),
    ('<a href="javascript:alert(1)">x</a>', "x"),
    ("[x](javascript:alert(1))", "x"),
    ("[x](//e.example/y)", "[x](https://e.example/y)"),
    ("[x](#part)", "x"),
    ("[a][1] b\n\n[1]: /nowhere\n", "a b"),
    ("![r](https://far.example/p.png)", "[r](https://far.example/p.png)"),
    ("[![r](https://far.example/p.png)](https://e.example)", "[r](https://e.example)"),
    ("Para\n{: .lead}\n\n# H {#id}", "Para\n\n# H"),
]  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), HTML)
def test_raw_html_becomes_markdown(tmp_path: Path, source: str, expected: str) -> None:
    imported = bring(tmp_path, {"a.md": f"---\ntitle: A\ndate: 2020-01-01\n---\n{source}\n"})
    body = article(imported, "2020/a").body
    assert body.strip() == expected
    assert [p.rule for p in problems(body, frozenset())] == []


def test_template_calls_in_code_stay_and_are_told(tmp_path: Path) -> None:
    text = "---\ntitle: A\ndate: 2020-01-01\n---\n`{{ x }}` {% raw %}`{{ y }}`{% endraw %} {{ z }}.\n"
    imported = bring(tmp_path, {"a.md": text}, url="https://e.example")
    assert article(imported, "2020/a").body == "`{{ x }}` `{{ y }}` .\n"
    assert [str(f.location) for f in imported.findings] == ["a.md:5:2", "a.md:5:42"]


def test_an_alt_text_may_hold_quotation_marks(tmp_path: Path) -> None:
    text = '---\ntitle: A\ndate: 2020-01-01\n---\n{% image "p.png" "He said "no" twice" %}\n\n{% img "p.png" "wide" "Alt" %}\n'
    imported = bring(tmp_path, {"a.md": text, "p.png": PNG})
    assert article(imported, "2020/a").body == '![He said "no" twice](p.png)\n\n![Alt](p.png)\n'
    assert article(imported, "2020/a").media[0].alt == 'He said "no" twice'


def test_taken_slugs_are_numbered_in_order_of_path_and_told(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        f"{folder}/2020-01-0{n}-Same Title.md": f"---\ntitle: {folder}{n}\n---\n"
        for folder in "ba"
        for n in (1, 2)
    }
    imported = bring(tmp_path, files)
    titles = [article(imported, f"2020/same-title{end}").title for end in ("", "-2", "-3", "-4")]
    assert titles == ["a1", "a2", "b1", "b2"]
    assert rules(imported).count("import-slug-taken") == 3


def test_names_that_are_no_ascii_get_a_stable_slug(tmp_path: Path) -> None:
    imported = bring(tmp_path, {"2020-01-01-日本.md": "---\ntitle: 日本\ntags: [日本, Ärger]\n---\n"})
    (path,) = imported.files
    assert path.startswith("articles/abc/2020/untitled-")
    assert b"- arger" in imported.files[path]
    assert "import-topic" in rules(imported)


UNREADABLE = [
    ("---\ntitle: A\n", "no end marker", 1),
    ("---\ntitle: [\n---\n", "YAML", 3),
    ("---\na: &a [x]\nb: *a\n---\n", "aliases", 3),
    ("---\n- a\n---\n", "key: value", 2),
    ("---\n" + "[" * 200 + "\n---\n", "nested", 2),
    ("---\nx: " + "[" * 60_000 + "\n---\n", "nested", 2),
    ("---\nx: " + "y" * 70_000 + "\n---\n", "64 KiB", 1),
    ("+++\ntitle = \n+++\n", "TOML", 2),
    ("+++\nx = " + "[" * 50_000 + "\n+++\n", "TOML", 2),
    ("+++\nx = " + "9" * 5000 + "\n+++\n", "", 2),
    ("---\n? {a: b}\n: c\n---\n", "plain word", 2),
]


@pytest.mark.parametrize(("text", "fact", "line"), UNREADABLE)
def test_front_matter_that_cannot_be_read_is_told_and_the_rest_goes_on(
    tmp_path: Path, text: str, fact: str, line: int
) -> None:
    imported = bring(tmp_path, {"a.md": text, "b.md": "---\ntitle: B\ndate: 2020-01-01\n---\n"})
    (finding,) = [f for f in imported.findings if f.rule == "import-unreadable"]
    assert fact in finding.message
    assert (finding.location.path, finding.severity) == ("a.md", Severity.ERROR)
    if fact:
        assert finding.location.line == line
    assert list(imported.files) == ["articles/abc/2020/b/index.md"]


def test_yaml_values_are_texts_never_guessed(tmp_path: Path) -> None:
    text = "---\ntitle: no\nauthor: 012\ntags: [yes, 1.0]\ndate: 2020-01-01\nslug: on\n---\n"
    made = article(bring(tmp_path, {"a.md": text}), "2020/on")
    assert (made.title, made.authors[0].name, made.topics) == ("no", "012", ("yes", "1-0"))


def test_bytes_that_may_not_stand_are_mended_and_told(tmp_path: Path) -> None:
    data = "\ufeff---\r\ntitle: Ta\u0308g\r\ndate: 2020-01-01\r\n---\r\nx\u202ey\x00\r\n".encode()
    imported = bring(tmp_path, {"a.md": data})
    made = article(imported, "2020/a")
    assert (made.title, made.body) == ("Täg", "xy\n")
    assert rules(imported).count("import-text-mended") == 1


def test_not_utf_8_is_told(tmp_path: Path) -> None:
    imported = bring(
        tmp_path, {"a.md": b"---\ntitle: \xff\n---\n", "b.md": "---\nx: 1\n---\n".encode("utf-16")}
    )
    assert rules(imported) == ["import-unreadable", "import-unreadable"]


def test_links_and_special_files_are_never_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.md"
    secret.write_text("---\ntitle: Secret\ndate: 2020-01-01\n---\n")
    (tmp_path / "outside.png").write_bytes(PNG)
    site = tmp_path / "site"
    site.mkdir()
    (site / "link.md").symlink_to(secret)
    (site / "up").symlink_to(tmp_path, target_is_directory=True)
    os.mkfifo(site / "pipe.md")
    text = "---\ntitle: A\ndate: 2020-01-01\n---\n![a](../outside.png) ![b](/../outside.png) ![c](up/outside.png)\n"
    imported = bring(site, {"a.md": text})
    assert list(imported.files) == ["articles/abc/2020/a/index.md"]
    assert rules(imported).count("import-skipped-file") == 3
    assert rules(imported).count("import-missing-picture") == 3


def test_pictures_that_are_none_stay_behind(tmp_path: Path) -> None:
    text = "---\ntitle: A\ndate: 2020-01-01\n---\n![one](a.svg) ![two](b.png)\n"
    imported = bring(tmp_path, {"a.md": text, "a.svg": "<svg/>", "b.png": "<html>"})
    assert article(imported, "2020/a").body == "one two\n"
    assert rules(imported).count("import-unsupported-picture") == 2


def test_a_picture_above_the_limit_stays_behind(tmp_path: Path) -> None:
    (tmp_path / "p.png").write_bytes(PNG + b"x" * 1000)
    (tmp_path / "a.md").write_text("---\ntitle: A\ndate: 2020-01-01\nimage: p.png\n---\n")
    imported = import_site(tmp_path, OWNER, Options(license="CC0-1.0", lang="en", media_limit=100))
    assert "import-unsupported-picture" in rules(imported)
    assert list(imported.files) == ["articles/abc/2020/a/index.md"]


def test_a_missing_lead_picture_stands_in_the_text_so_that_check_finds_it(tmp_path: Path) -> None:
    text = "---\ntitle: A\ndate: 2020-01-01\nimage: /img/Lead Pic.JPG\nimage_alt: Alt\n---\nBody\n"
    imported = bring(tmp_path, {"a.md": text})
    assert article(imported, "2020/a").body == "![Alt](lead-pic.jpg)\n\nBody\n"
    (finding,) = [f for f in imported.findings if f.rule == "import-missing-picture"]
    assert str(finding.location) == "a.md:4:1"


def test_a_lead_picture_that_the_text_shows_too_stands_and_is_told_there_alone(tmp_path: Path) -> None:
    text = "---\ntitle: A\ndate: 2020-01-01\nimage: /p.jpg\n---\nBody\n\n![one](/p.jpg) ![two](/p.jpg)\n"
    imported = bring(tmp_path, {"a.md": text})
    assert article(imported, "2020/a").body == "Body\n\n![one](p.jpg) ![two](p.jpg)\n"
    missing = [str(f.location) for f in imported.findings if f.rule == "import-missing-picture"]
    assert missing == ["a.md:8:1", "a.md:8:16"]
    assert imported.counts["missing pictures"] == 2


def test_a_lead_picture_that_the_text_only_links_to_stands_above_it(tmp_path: Path) -> None:
    text = "---\ntitle: A\ndate: 2020-01-01\nimage: p.png\n---\nSee [it](p.png).\n"
    imported = bring(tmp_path, {"a.md": text, "p.png": PNG})
    assert article(imported, "2020/a").body.startswith("![](p.png)\n\nSee ")


def test_two_pictures_of_one_name_stay_apart(tmp_path: Path) -> None:
    text = "---\ntitle: A\ndate: 2020-01-01\n---\n![x](a/p.png) ![y](b/p.png) ![x](/a/p.png)\n"
    imported = bring(tmp_path, {"a.md": text, "a/p.png": PNG, "b/p.png": PNG + b"2"})
    assert article(imported, "2020/a").body == "![x](p.png) ![y](p-2.png) ![x](p.png)\n"


def test_unmapped_keys_are_counted(tmp_path: Path) -> None:
    imported = bring(tmp_path, {"a.md": "---\ntitle: A\ndate: 2020-01-01\nlayout: x\nweight: 3\n---\n"})
    assert imported.counts["key:layout"] == imported.counts["key:weight"] == 1


HOSTILE = [
    "<div>" * 20_000,
    "<b>" * 20_000 + "x",
    "<a href='" * 20_000,
    "{{ " * 20_000,
    "{% for x %}" * 10_000,
    "{% raw %}" * 10_000,
    "{{ 'a' | b | c }}" * 5_000,
    "[" * 20_000,
    "![" * 20_000,
    "[x](" * 10_000,
    ">" * 5_000 + "x",
    "> " * 2_000 + "<b>x</b>",
    "<!--" * 20_000,
    "{{< highlight x >}}" * 5_000,
    "<table>" + "<tr><td>" * 2_000,
    "- " * 2_000 + "<p>x</p>",
    "{:" * 20_000,
    "*a" * 20_000,
]


@pytest.mark.parametrize("source", HOSTILE, ids=lambda s: s[:12].strip())
def test_hostile_texts_end_soon_and_come_out_sound_or_refused(tmp_path: Path, source: str) -> None:
    imported = bring(tmp_path, {"a.md": f"---\ntitle: A\ndate: 2020-01-01\n---\n{source}\n"})
    assert imported.counts.get("articles", 0) + imported.counts.get("refused", 0) == 1
    for data in imported.files.values():
        body = data.decode().split("---\n", 2)[2]
        assert "raw-html" not in [p.rule for p in problems(body, frozenset())]
