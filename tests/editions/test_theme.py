"""What the theme may and may not hold, and that its colours read."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsrepo.editions import names
from newsrepo.editions.style import DARK, LIGHT, squeezed, style_sheet
from newsrepo.editions.theme import TOP, default_theme, find_templates, safe_url
from newsrepo.records import types as t
from newsrepo.records.colours import Colour, contrast, luminance, parse_colour
from newsrepo.records.rules import broken_rules
from newsrepo.records.scalars import Moment

TEMPLATES = sorted(find_templates().glob("*.html"), key=lambda p: p.name)
STYLE = (find_templates() / "style.css").read_text()


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: p.name)
def test_templates_declare_nothing_safe_and_quote_every_attribute(path: object) -> None:
    source = path.read_text()
    assert not re.search(r"\|\s*safe\b(?!_url)", source)
    allowed = {
        "article_head.html": '<script type="application/ld+json">{{ data }}</script>',  # browsers do not run it
        "search_script.html": '<script type="module" src="{{ top }}search/search.js"></script>',
    }
    assert "<script" not in source.replace(allowed.get(path.name, "\0"), "")
    # A picture that stands alone, as an image does, brings its own sheet: nothing in it comes from outside.
    assert path.name == "opinion_picture.html" or "<style" not in source
    assert "style=" not in source
    assert not re.search(r"\bon[a-z]+=", source)
    assert not re.search(r"=\s*\{\{", source), "an attribute without quotes"
    assert "autoescape" not in source
    assert "'{{" not in source


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: p.name)
def test_addresses_are_our_own_or_pass_the_filter(path: object) -> None:
    source = path.read_text()
    for address in re.findall(r'(?:href|src|poster)="([^"]*)"', source):
        own = address.startswith(("{{ top }}", "#")) or re.fullmatch(r"[a-z]+\.(?:xhtml|css)", address)
        listed = re.fullmatch(r"\{\{ [eh]\.href \}\}", address)  # made from our own ids on the root page
        assert own or listed or "| safe_url }}" in address, address


def test_the_sheet_fetches_nothing_and_stays_small() -> None:
    assert "@import" not in STYLE
    assert "url(" not in STYLE
    assert len(style_sheet(STYLE, t.Theme())) < 22_000
    assert not re.search(r"\b(?:margin|padding|border)-(?:left|right)\b", STYLE)
    assert not re.search(r"(?<!-)\b(?:left|right)\s*:", STYLE)


def test_squeezing_leaves_every_declaration() -> None:
    small = squeezed(STYLE)
    assert len(small) < len(STYLE)
    assert small.count("{") == STYLE.count("{")
    words = re.sub(r"/\*.*?\*/", "", STYLE, flags=re.DOTALL)
    assert re.sub(r"[\s;]", "", small) == re.sub(r"[\s;]", "", words)


def _tokens(block: str) -> dict[str, Colour]:
    return {k: parse_colour(v) for k, v in re.findall(r"--([a-z]+): (#[0-9a-f]{6});", block)}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_reads_on_its_ground(scheme: str) -> None:
    blocks = re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)
    colours = _tokens(blocks[0 if scheme == "light" else 1])
    assert colours["ground"] == (LIGHT if scheme == "light" else DARK)
    for ground in ("ground", "panel"):
        for ink in ("ink", "soft"):
            assert contrast(colours[ink], colours[ground]) >= 4.5, (ink, ground)


@settings(max_examples=100, deadline=None)
@given(st.tuples(*[st.integers(0, 255)] * 3))
def test_any_accent_becomes_readable_on_ground_and_panel(colour: Colour) -> None:
    sheet = style_sheet("", t.Theme(accent=_hex(colour))).decode()
    for scheme, ground in (("light", LIGHT), ("dark", DARK)):
        (made,) = re.findall(rf"--accent-{scheme}:(#\w+)", sheet)
        (panel,) = re.findall(rf"--ground: {_hex(ground)};.*?--panel: (#\w+);", STYLE, re.DOTALL)
        assert contrast(parse_colour(made), ground) >= 4.5
        assert contrast(parse_colour(made), parse_colour(panel)) >= 4.5


def _hex(colour: Colour) -> str:
    return "#" + "".join(f"{value:02x}" for value in colour)


@settings(max_examples=100, deadline=None)
@given(st.tuples(*[st.tuples(*[st.integers(0, 255)] * 3)] * 3), st.sampled_from(["light", "dark"]))
def test_colours_that_pass_the_rule_make_all_text_readable(colours: tuple[Colour, ...], scheme: str) -> None:
    ground, ink, accent = map(_hex, colours)
    theme = t.Theme(accent=accent, **{scheme: t.Pair(ground=ground, ink=ink)})
    broken = broken_rules(t.Filter(title="F", edition=t.Edition(theme=theme)))
    dark_on_light = (scheme == "light") == (luminance(colours[0]) > luminance(colours[1]))
    if contrast(colours[0], colours[1]) < 4.5:
        assert [(b.rule, b.keys) for b in broken] == [("low-contrast", ("edition", "theme", scheme, "ink"))]
        return
    if broken:
        assert not dark_on_light
        return
    sheet = style_sheet("", theme).decode()
    block = sheet.partition("@media screen{" if scheme == "light" else "dark){")[2].partition("}")[0]
    made = {name: parse_colour(value) for name, value in re.findall(r"--([a-z]+):(#[0-9a-f]{6})", block)}
    made["accent"] = parse_colour(re.findall(rf"--accent-{scheme}:(#[0-9a-f]{{6}})", sheet)[0])
    for text in ("ink", "soft", "accent"):
        for below in ("ground", "panel"):
            assert contrast(made[text], made[below]) >= 4.5, (text, below, made)


def test_contrast_is_that_of_the_standard() -> None:
    assert round(contrast((0, 0, 0), (255, 255, 255)), 2) == 21
    assert round(contrast((0x77, 0x77, 0x77), (255, 255, 255)), 2) == 4.48


def test_the_settings_of_a_filter_reach_the_sheet() -> None:
    plain = style_sheet(STYLE, t.Theme())
    assert style_sheet(STYLE, t.Theme(accent="#00ff00")) != plain
    assert b"system-ui" in style_sheet(STYLE, t.Theme(face=t.Face.SANS)).splitlines()[0]


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        " javascript:alert(1)",
        "JAVASCRIPT:x",
        "data:text/html,x",
        "//host/x",
        "https://a b",
        'https://a"b',
        "https://a<b",
        "https://",
        "",
        "\\\\host",
        "x:y",
        "/root",
        "vbscript:x",
    ],
)
def test_addresses_that_are_refused(address: str) -> None:
    assert safe_url(address) == "#"


@pytest.mark.parametrize(
    "address",
    [
        "https://e.example/a?b=c&d=%20#e",
        "http://e.example",
        "mailto:a@b.example",
        "../x/y.html",
        f"{TOP}index.html",
        "#a-b",
    ],
)
def test_addresses_that_pass(address: str) -> None:
    assert safe_url(address) == address


def test_a_missing_value_is_a_fault_not_a_blank() -> None:
    import jinja2

    with pytest.raises(jinja2.UndefinedError):
        default_theme().html("item")


def test_values_are_escaped() -> None:
    html = default_theme().html("root_foot", name='<b>"&', home="javascript:x")
    assert "&lt;b&gt;" in html
    assert 'href="#"' in html


# --- names --------------------------------------------------------------------------------------------


def test_slugs() -> None:
    assert names.slug("Port Ness") == names.slug("port  ness") == "port-ness"
    assert names.slug("Ana") == "ana"
    assert names.slug("Aña").startswith("ana-")
    assert names.slug("李") != names.slug("王")
    assert re.fullmatch(r"x-[0-9a-f]{6}", names.slug("李"))
    assert names.slug("index") != "index"
    assert names.slug("...") != ""


@given(st.text(min_size=1, max_size=300))
def test_slugs_are_file_names(name: str) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", names.slug(name))
    assert len(names.slug(name)) <= 90


@pytest.mark.parametrize(
    ("lang", "way"),
    [
        ("ar", "rtl"),
        ("he-IL", "rtl"),
        ("az-Arab", "rtl"),
        ("en", "ltr"),
        ("ku-Latn", "ltr"),
        ("ar-Latn", "ltr"),
    ],
)
def test_directions(lang: str, way: str) -> None:
    assert names.direction(lang) == way


@pytest.mark.parametrize(
    ("num", "den", "text"),
    [
        (0, 1, "0"),
        (5, 2, "2.5"),
        (-4, 3, "\u22121.33"),
        (1, 200, "0"),
        (3, 200, "0.02"),
        (-1, 200, "0"),
        (415, 100, "4.15"),
        (7, 1, "7"),
    ],
)
def test_numbers_are_rounded_half_to_even(num: int, den: int, text: str) -> None:
    assert names.decimal_text(num, den) == text


def test_dates_and_durations() -> None:
    assert names.moment_text(Moment.parse("2026-05-03")) == "3 May 2026"
    assert names.moment_text(Moment.parse("2026-05-03T09:05:00+02:00")) == "3 May 2026, 07:05 UTC"
    assert names.stamp(Moment.parse("2026-05-03")) == "2026-05-03T00:00:00Z"
    assert (names.duration_text(59), names.duration_text(754), names.duration_text(3605)) == (
        "0:59",
        "12:34",
        "1:00:05",
    )
