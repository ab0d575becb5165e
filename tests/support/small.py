"""A newsroom of a few pages on loopback, each of which a test can put, move, take off or spoil."""

from __future__ import annotations

import json
import zlib

from scraper.demo.render import render_article
from scraper.records import Article, Block, Section, article_text
from tests.support.loopback import Answer, Ask, Loopback

ORIGIN = "https://www.dortmund.de"
FOLDER = "/newsroom/nachrichten/"
SEARCH = "/api/search/proxy/search"


def page(path: str, text: str = "Es geht los.", **fields) -> bytes:
    """An article page in the site's markup."""
    sections = (Section(None, (Block("paragraph", text),)),)
    made = Article(
        url=ORIGIN + path,
        site="dortmund",
        title=fields.pop("title", f"Überschrift von {path.rpartition('/')[2]}"),
        published=fields.pop("published", "2026-10-01T10:00:00+02:00"),
        published_raw="Do 1. Oktober 2026 10:00 Uhr",
        sections=sections,
        text=article_text(None, sections),
        **fields,
    )
    return render_article(made, navigation=b"[]")


class Small:
    """Serves `pages`, lists all articles among them, and knows nothing else.

    Attributes:
        pages: body or whole answer by path.
        moved: target path by path, answered with 301.
        validators: whether pages come with an ETag, and requests that name it get a 304.
        always_304: whether any request that names an ETag gets a 304, edited or not.
    """

    def __init__(self, server: Loopback) -> None:
        self.server = server
        self.url = server.url
        self.pages: dict[str, bytes | Answer] = {}
        self.moved: dict[str, str] = {}
        self.validators = False
        self.always_304 = False
        self.asked: list[tuple[str, int]] = []
        """Path and status of everything but robots.txt."""
        server.script = self._answer

    def put(self, *names: str, **fields) -> None:
        """Put articles online."""
        for name in names:
            self.pages[FOLDER + name] = page(FOLDER + name, **fields)

    def articles(self) -> list[str]:
        """Paths of the articles that are online."""
        return [path for path in self.pages if path.startswith(FOLDER)]

    def fetched(self) -> list[tuple[str, int]]:
        """Articles asked for since the last call, and the status of each answer."""
        found = [(p.removeprefix(FOLDER), s) for p, s in self.asked if p.startswith(FOLDER)]
        self.asked.clear()
        return found

    def _answer(self, ask: Ask) -> Answer:
        answer = self._find(ask)
        self.asked.append((ask.path, answer.status))
        return answer

    def _find(self, ask: Ask) -> Answer:
        if ask.path == SEARCH:
            wanted = json.loads(ask.body)
            end = wanted["from"] + wanted["size"]
            hits = [{"_source": {"website_url": path}} for path in self.articles()]
            found = {"hits": {"total": len(hits), "hits": hits[wanted["from"] : end]}}
            return Answer(200, {"Content-Type": "application/json"}, json.dumps(found).encode())
        if ask.path == "/newsroom/":
            links = "".join(f'<a href="{path}">mehr</a>' for path in self.articles()[:20])
            return self._html(f"<html><main>{links}</main></html>".encode())
        if ask.path in self.moved:
            return Answer(301, {"Location": self.moved[ask.path]})
        found = self.pages.get(ask.path)
        if found is None:
            return Answer(404, {"Content-Type": "text/plain"}, b"Nicht gefunden")
        if isinstance(found, Answer):
            return found
        tag = f'"{zlib.crc32(found):08x}"'
        named = ask.headers.get("if-none-match")
        if self.validators and named and (named == tag or self.always_304):
            return Answer(304, {"ETag": tag})
        return self._html(found, {"ETag": tag} if self.validators else {})

    def _html(self, body: bytes, headers: dict[str, str] | None = None) -> Answer:
        return Answer(200, {"Content-Type": "text/html; charset=utf-8", **(headers or {})}, body)
