"""The finished pages, as files: what they load, what they hold, how heavy they are."""

import gzip
import html
import re
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from playbook.authoring.master import find_masters
from playbook.site.edition import TEACHING, Edition
from playbook.site.overview import called_parts

pytestmark = pytest.mark.slow

#: Attributes through which a page makes the browser load something.
LOADS = {
    "script": "src",
    "img": "src",
    "iframe": "src",
    "source": "src",
    "video": "src",
    "audio": "src",
    "embed": "src",
    "object": "data",
    "link": "href",
}
#: Links in the head that load nothing.
QUIET_LINKS = {"canonical", "index", "search", "next", "prev", "author", "copyright", "alternate"}


class Page(HTMLParser):
    """The tags of a page that matter here."""

    def __init__(self, path: Path):
        super().__init__()
        self.path, self.tags = path, []
        self.text = path.read_text(encoding="utf-8")
        self.feed(self.text)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def loads(self):
        for tag, attrs in self.tags:
            if tag == "link" and attrs.get("rel") in QUIET_LINKS:
                continue
            if tag in LOADS and attrs.get(LOADS[tag]):
                yield attrs[LOADS[tag]]

    def links(self):
        yield from self.loads()
        yield from (attrs["href"] for tag, attrs in self.tags if tag == "a" and attrs.get("href"))


@pytest.fixture(scope="module", name="site_folder")
def every_page(instructors_folder) -> Path:
    """The edition that holds every page."""
    return instructors_folder


@pytest.fixture(scope="module")
def pages(site_folder) -> list[Page]:
    """Every page of the book; the browser edition's own pages have tests of their own."""
    paths = [*site_folder.glob("*.html"), *(site_folder / "book").rglob("*.html")]
    assert paths
    return [Page(path) for path in sorted(paths)]


def test_no_page_loads_anything_from_elsewhere(pages):
    for page in pages:
        elsewhere = [url for url in page.loads() if re.match(r"(?:[a-z]+:)?//", url)]
        assert not elsewhere, f"{page.path.name}: {elsewhere}"


def test_no_style_sheet_loads_anything_from_elsewhere(site_folder):
    for path in (site_folder / "_static").rglob("*.css"):
        found = re.findall(
            r"@import[^;]*|url\(\s*['\"]?(?:https?:)?//[^)]*\)", path.read_text(encoding="utf-8")
        )
        assert not [url for url in found if "//" in url], path.name


def test_no_script_on_a_page_names_another_host(pages):
    for page in pages:
        for script in re.findall(r"<script[^>]*>(.*?)</script>", page.text, re.DOTALL):
            assert not re.search(r"https?://(?!www\.w3\.org)", script), f"{page.path.name}: {script[:120]}"


def test_every_link_within_the_site_leads_somewhere(pages, site_folder):
    for page in pages:
        for url in page.links():
            target = urlsplit(url)
            if target.scheme or target.netloc or not target.path:
                continue
            path = (page.path.parent / unquote(target.path)).resolve()
            assert path.is_relative_to(site_folder.resolve()), f"{page.path.name}: {url}"
            assert path.is_file() or (path / "index.html").is_file(), f"{page.path.name}: {url}"


def test_every_picture_has_an_alternative_text(pages):
    for page in pages:
        for tag, attrs in page.tags:
            if tag == "img":
                alt = (attrs.get("alt") or "").strip()
                assert alt, f"{page.path.name}: {attrs.get('src')}"
                assert not re.search(r"\.(png|svg|jpe?g|gif)$", alt), f"{page.path.name}: {alt}"


def test_pages_tell_their_language_and_start_with_one_heading(pages):
    for page in pages:
        assert any(tag == "html" and attrs.get("lang") == "en" for tag, attrs in page.tags), page.path.name
        # The theme has a second heading, for print only, outside the article.
        article = page.text[max(page.text.find("<article"), 0) :]
        headings = article.count("<h1")
        assert headings == 1, f"{page.path.name}: {headings} headings of the first order"


def test_pages_ship_no_source(site_folder):
    assert not (site_folder / "_sources").exists()
    assert not list((site_folder / "book").rglob("*.md"))


def test_a_page_weighs_less_than_a_megabyte_zipped(pages, site_folder):
    for page in pages:
        files = {page.path}
        for url in page.loads():
            if not urlsplit(url).scheme:
                files.add((page.path.parent / unquote(urlsplit(url).path)).resolve())
        weight = sum(_sent(path) for path in files if path.is_file())
        assert weight < 1_000_000, f"{page.path.name}: {weight:,} bytes"


def _sent(path: Path) -> int:
    """Bytes on the wire: text is zipped, pictures are already."""
    data = path.read_bytes()
    return len(data) if path.suffix in (".png", ".woff2", ".jpg") else len(gzip.compress(data))


def test_every_icon_on_a_page_has_its_sign_in_the_style_sheet(pages, site_folder):
    style = (site_folder / "_static" / "course.css").read_text(encoding="utf-8")
    for page in pages:
        assert "fontawesome.js" not in page.text, page.path.name
        for tag, attrs in page.tags:
            names = (attrs.get("class") or "").split()
            if tag == "i" and "fa-solid" in names:
                icons = [
                    name for name in names if name.startswith("fa-") and name not in ("fa-solid", "fa-lg")
                ]
                assert any(f"i.{icon}::before" in style for icon in icons), f"{page.path.name}: {icons}"


def test_the_first_page_lists_every_chapter_with_its_decision_and_minutes(root, site_folder):
    index = (site_folder / "book" / "index.html").read_text(encoding="utf-8")
    rows = [re.sub(r"<[^>]+>|\s+", " ", row) for row in re.findall(r"<tr.*?</tr>", index, re.DOTALL)]
    for master in find_masters(root / "exercises"):
        header = master.header
        told = (header.chapter, header.title, header.decision)
        minutes = (f"{header.read_minutes} min", f"{header.do_minutes} min")
        words = " ".join(" ".join(map(str, (*told, *minutes))).split())
        assert any(words == " ".join(html.unescape(row).split()) for row in rows), words


def test_trainees_find_no_page_that_only_instructors_read(site):
    folder = site.folders[Edition.TRAINEES]
    assert (site.folders[Edition.INSTRUCTORS] / TEACHING / "data.html").is_file()
    assert not (folder / TEACHING).exists()
    for path in [*folder.glob("*.html"), *(folder / "book").rglob("*.html"), folder / "searchindex.js"]:
        assert "instructor/" not in path.read_text(encoding="utf-8"), path


def test_the_first_page_tells_the_parts_how_long_they_take_and_the_short_way(site_folder, root):
    text = re.sub(r"<[^>]+>", "", (site_folder / "book" / "index.html").read_text(encoding="utf-8"))
    text = html.unescape(text)
    headers = [master.header for master in find_masters(root / "exercises")]
    called = called_parts()
    assert [text.index(called[part]) for part in dict.fromkeys(one.part for one in headers)] == sorted(
        text.index(called[part]) for part in {one.part for one in headers}
    )
    minutes = sum(one.read_minutes + one.do_minutes for one in headers)
    assert f"All chapters: {round(minutes / 30) / 2:g} hours" in text
    assert "Chapters 0, 1, 3, 5, 7" in text
