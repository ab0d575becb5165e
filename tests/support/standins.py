"""Stand-ins for newsrooms on common systems, on loopback, each with releases of its own words.

They answer as the systems do, with what stands around a release: navigation, teasers of others,
footers. None of them is a page of a real city.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from email.utils import format_datetime
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from tests.support.loopback import Answer, Loopback

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.support.loopback import Ask

_PLACES = (
    "Lindenhof Marktgasse Hafenbad Kirchplatz Nordpark Steinbruch Ostwall Mühlenweg Seeufer "
    "Rathausplatz Bergschule Auenwald Stadtgarten Werkhof Brunnental Gleisdreieck Südtor "
    "Weinberg Fischmarkt Altstadtring Tiergarten Kanalufer Sportzentrum Festwiese Rosengarten"
).split()
_LAST = date(2026, 9, 28)


@dataclass(frozen=True)
class Release:
    """What a stand-in publishes."""

    number: int
    title: str
    day: date
    paragraphs: tuple[str, ...]
    quotation: str
    speaker: str
    caption: str
    credit: str

    @property
    def slug(self) -> str:
        """The last part of its address."""
        return self.title.lower().replace(" ", "-").replace("ü", "ue").replace("ä", "ae")


def releases(count: int = 25) -> list[Release]:
    """Releases, the newest first."""
    made = []
    for number in range(count):
        place = _PLACES[number % len(_PLACES)]
        words = f"Wir haben am {place} drei Jahre lang auf diesen Tag gewartet, jetzt ist er da."
        speaker = "Miriam Okonkwo" if number % 2 else "Jens Abelmann"
        made.append(
            Release(
                number=4000 - 7 * number,
                title=f"Bauarbeiten am Standort {place} beginnen im Herbst",
                day=_LAST - timedelta(days=3 * number),
                paragraphs=(
                    (
                        f"Am Standort {place} rollen ab der kommenden Woche die Bagger. Das hat "
                        "der Bauausschuss in seiner jüngsten Sitzung einstimmig beschlossen, "
                        "nachdem die Mittel im Haushalt bereitgestellt worden waren."
                    ),
                    f"„{words}“, sagte Oberbürgermeisterin {speaker}."
                    if number % 2
                    else f"„{words}“, sagte Baudezernent {speaker}.",
                    (
                        "Die Arbeiten dauern voraussichtlich neun Monate. Anwohnerinnen und "
                        "Anwohner erhalten rechtzeitig ein Schreiben mit allen Einzelheiten."
                    ),
                ),
                quotation=words,
                speaker=speaker,
                caption=f"Der Standort {place} vor dem Beginn der Arbeiten",
                credit=f"Stadt Musterheim / Foto Nr. {number}",
            )
        )
    return made


class StandIn:
    """A newsroom of a kind on a loopback server.

    Attributes:
        releases: what it publishes, the newest first.
        page: path of its page of press releases.
    """

    page = "/"

    def __init__(self, server: Loopback, count: int = 25) -> None:
        self.server = server
        self.releases = releases(count)
        self.url = server.url
        server.script = self._script

    def _script(self, ask: Ask) -> Answer:
        parts = urlsplit(ask.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        body = self.answer(parts.path, query)
        if body is None:
            return Answer(404, {"Content-Type": "text/html"}, b"<h1>Nicht gefunden</h1>")
        kind = "text/html; charset=utf-8"
        if body.lstrip().startswith("<?xml"):
            kind = "application/xml"
        elif body.lstrip()[:1] in {"{", "["}:
            kind = "application/json"
        return Answer(200, {"Content-Type": kind}, body.encode())

    def answer(self, path: str, query: dict[str, str]) -> str | None:
        """The body of an answer; None for a 404."""
        raise LookupError(path)


def _frame(title: str, main: str, head: str = "", body: str = "") -> str:
    links = "".join(
        f'<li><a href="/{n}/">{n.title()}</a></li>' for n in ("rathaus", "kultur", "amt")
    )
    return f"""<!DOCTYPE html><html lang="de"><head><meta charset="utf-8">
<title>{title} | Stadt Musterheim</title>{head}</head><body{body}>
<header><nav><ul>{links}</ul></nav></header><main>{main}</main>
<footer><ul><li><a href="/impressum/">Impressum</a></li><li><a href="/datenschutz/">Datenschutz</a>
</li></ul><p>Stadt Musterheim, Rathausplatz 1</p></footer></body></html>"""


def _figure(release: Release, css: str = "") -> str:
    return f"""<figure{css}>
<img src="/bilder/{release.number}.jpg" alt="" width="800" height="500">
<figcaption>{release.caption} <span class="copyright">{release.credit}</span></figcaption>
</figure>"""


class Typo3(StandIn):
    """TYPO3 with the extension `news`: RSS of the newest ten, and a list with pages."""

    page = "/presse/"
    size = 8

    def answer(self, path: str, query: dict[str, str]) -> str | None:
        if path == "/presse/":
            return self._list(int(query.get("tx_news_pi1[currentPage]", "1")))
        if path == "/presse/rss.xml":
            return self._feed()
        if path == "/":
            link = '<h1>Willkommen</h1><a href="/presse/">Pressemitteilungen</a>'
            return _frame("Start", link, self._generator())
        for release in self.releases:
            if path == f"/presse/detail/{release.slug}":
                return self._detail(release)
        return None

    @staticmethod
    def _generator() -> str:
        feed = '<link rel="alternate" type="application/rss+xml" href="/presse/rss.xml">'
        return '<meta name="generator" content="TYPO3 CMS">' + feed

    def _list(self, page: int) -> str | None:
        shown = self.releases[(page - 1) * self.size : page * self.size]
        if not shown:
            return None
        items = "".join(
            f"""<div class="article articletype-0"><h3><a href="/presse/detail/{r.slug}"
title="{r.title}">{r.title}</a></h3><time datetime="{r.day}">{r.day:%d.%m.%Y}</time>
<div class="teaser-text"><p>{r.paragraphs[0][:60]} …</p></div></div>"""
            for r in shown
        )
        pages = -(-len(self.releases) // self.size)
        links = "".join(
            f'<li><a href="/presse/?tx_news_pi1%5BcurrentPage%5D={n}">{n}</a></li>'
            for n in range(1, pages + 1)
        )
        items += f'<ul class="f3-widget-paginator">{links}</ul>'
        main = f'<h1>Presse</h1><div class="news-list-view">{items}</div>'
        return _frame("Presse", main, self._generator())

    def _feed(self) -> str:
        items = "".join(
            f"<item><title>{r.title}</title><link>{self.url}/presse/detail/{r.slug}</link><pubDate>"
            f"{format_datetime(datetime.combine(r.day, time(8, 30), UTC))}</pubDate></item>"
            for r in self.releases[:10]
        )
        head = '<?xml version="1.0"?><rss version="2.0"><channel><title>Presse</title>'
        return f"{head}{items}</channel></rss>"

    def _detail(self, release: Release) -> str:
        text = "".join(f"<p>{escape(each)}</p>" for each in release.paragraphs)
        main = f"""<div class="news news-single"><div class="article">
<h1 itemprop="headline">{release.title}</h1>
<time itemprop="datePublished" datetime="{release.day}">{release.day:%d.%m.%Y}</time>
<div class="news-img-wrap">{_figure(release, ' class="mediaelement-image"')}</div>
<div class="news-text-wrap" itemprop="articleBody">{text}</div>
<div class="news-backlink-wrap"><a href="/presse/">Zurück</a></div></div></div>"""
        return _frame(release.title, main, self._generator())


class Typo3Numbers(Typo3):
    """The same without speaking addresses: releases are numbers in the query, with a check sum."""

    def answer(self, path: str, query: dict[str, str]) -> str | None:
        if path == "/presse/detail":
            for release in self.releases:
                if query.get("tx_news_pi1[news]") == str(release.number):
                    return self._detail(release)
            return None
        body = super().answer(path, query)
        for release in self.releases if body else ():
            number = f"?tx_news_pi1%5Bnews%5D={release.number}&amp;cHash={release.number:032x}"
            body = (body or "").replace(
                f'/presse/detail/{release.slug}"', f'/presse/detail{number}"'
            )
            body = body.replace(f"/presse/detail/{release.slug}<", f"/presse/detail{number}<")
        return body


class Drupal(StandIn):
    """Drupal: a list with pages counted from 0, slugs at the root, times that mean nothing."""

    page = "/pressemitteilungen"
    size = 10

    def answer(self, path: str, query: dict[str, str]) -> str | None:
        if path == self.page:
            return self._list(int(query.get("page", "0")))
        if path == "/":
            link = f'<h1>Start</h1><a href="{self.page}">Presse</a>'
            return self._page("Start", link, "page")
        if path.strip("/") in {"rathaus", "kultur", "amt", "impressum", "datenschutz"}:
            return self._page(path.strip("/"), f"<h1>{path}</h1><p>Über uns.</p>", "page")
        for release in self.releases:
            if path == f"/{release.slug}":
                return self._detail(release)
        return None

    @staticmethod
    def _page(title: str, main: str, kind: str) -> str:
        head = '<meta name="Generator" content="Drupal 10 (https://www.drupal.org)">'
        return _frame(title, main, head, f' class="path-node page-node-type-{kind}"')

    def _list(self, page: int) -> str:
        shown = self.releases[page * self.size : (page + 1) * self.size]
        rows = "".join(
            f"""<div class="views-row"><article class="node node--type-pressemitteilung
node--view-mode-teaser"><h2><a href="/{r.slug}" rel="bookmark">{r.title}</a></h2>
<time datetime="{r.day}T12:00:00Z">{r.day:%d.%m.%Y}</time></article></div>"""
            for r in shown
        )
        more = (page + 1) * self.size < len(self.releases)
        pager = f'<li class="pager__item"><a href="?page={page + 1}" rel="next">Weiter</a></li>'
        main = f'<h1>Presse</h1><div class="view-content">{rows or "Nichts."}</div>'
        return self._page(
            "Presse", main + f'<ul class="pager">{pager if more else ""}</ul>', "list"
        )

    def _detail(self, release: Release) -> str:
        text = "".join(f"<p>{escape(each)}</p>" for each in release.paragraphs)
        main = f"""<div class="block-page-title-block"><h1>{release.title}</h1></div>
<article class="node node--type-pressemitteilung node--view-mode-full"><div class="node__content">
<time datetime="{release.day}T12:00:00Z">{release.day:%d.%m.%Y}</time>
<div class="field--name-field-bild">{_figure(release)}</div>
<div class="field--name-body">{text}</div></div></article>"""
        return self._page(release.title, main, "pressemitteilung")


class Query(StandIn):
    """A system whose releases differ in a parameter alone, and are all in the sitemap."""

    page = "/aktuelles/"

    def answer(self, path: str, query: dict[str, str]) -> str | None:
        if path == "/aktuelles/":
            items = "".join(
                f'<li class="meldung"><a href="/pm.php?lang=de&amp;id={r.number}">{r.title}</a> '
                f"<span>{r.day:%d.%m.%Y}</span></li>"
                for r in self.releases[:5]
            )
            return _frame("Aktuelles", f'<h1>Aktuelles</h1><ul class="liste">{items}</ul>')
        if path == "/sitemap.xml":
            others = "".join(f"<url><loc>{self.url}/{n}/</loc></url>" for n in ("rathaus", "amt"))
            mine = "".join(
                f"<url><loc>{self.url}/pm.php?id={r.number}</loc></url>" for r in self.releases
            )
            return f'<?xml version="1.0"?><urlset>{others}{mine}</urlset>'
        for release in self.releases:
            if path == "/pm.php" and query.get("id") == str(release.number):
                return self._detail(release)
        link = '<h1>Start</h1><a href="/aktuelles/">Aktuelles</a>'
        return _frame("Start", link) if path == "/" else None

    @staticmethod
    def _detail(release: Release) -> str:
        text = "".join(f"<p>{escape(each)}</p>" for each in release.paragraphs)
        head = f'<meta property="article:published_time" content="{release.day}">'
        main = f"""<article><h1>{release.title}</h1><p class="datum">{release.day:%d.%m.%Y}</p>
{_figure(release)}<div class="text">{text}</div></article>"""
        return _frame(release.title, main, head)


class Interface(StandIn):
    """A JSON interface: a list with pages, an item for each release, and no page in HTML."""

    page = "/api/items"
    size = 10

    def answer(self, path: str, query: dict[str, str]) -> str | None:
        if path == "/api/items":
            first = (int(query.get("page", "1")) - 1) * self.size
            shown = self.releases[first : first + self.size]
            data = [
                {"id": r.number, "title": r.title, "release_date": f"{r.day} 12:28:43"}
                for r in shown
            ]
            return json.dumps({"data": data, "total": len(self.releases)})
        for release in self.releases:
            if path == f"/api/item/{release.number}":
                return self._item(release)
        return None

    @staticmethod
    def _item(release: Release) -> str:
        media = {
            "url": f"/bilder/{release.number}.jpg",
            "description": release.caption,
            "copyright": release.credit,
            "type": "image/jpeg",
        }
        return json.dumps(
            {
                "id": release.number,
                "title": release.title,
                "release_date": f"{release.day} 12:28:43",
                "html": "".join(f"<p>{escape(each)}</p>\n" for each in release.paragraphs),
                "media": [media],
            }
        )

    def file(self) -> str:
        """A file of facts for it."""
        return f"""name = "Stadt Musterheim"
url = "{self.url}"
[article]
path = '^/presse$'
fragment = '/item/\\d+'
template = "{self.url}/presse#/item/{{id}}"
[[sources]]
method = "json"
url = "/api/items?page={{page}}"
complete = true
items = "data"
item_id = "id"
item_url = "/api/item/{{id}}"
date = ["json:release_date"]
[layout]
body_json = ["json:html"]
title = ["json:title"]
published = [{{ json = "release_date", clock = "local" }}]
page_id = ["json:id"]
[layout.pictures]
items = "media"
src = ["json:url"]
caption = ["json:description"]
credit = ["json:copyright"]
"""


KINDS: dict[str, Callable[[Loopback], StandIn]] = {
    "typo3": Typo3,
    "typo3 numbers": Typo3Numbers,
    "drupal": Drupal,
    "query": Query,
}
