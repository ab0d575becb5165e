"""More stand-ins: newsrooms whose further pages or releases are found in less common ways."""

from __future__ import annotations

import json
from html import escape

from tests.support.loopback import Answer, Ask
from tests.support.standins import StandIn, Typo3, _figure, _frame


class Typo3CheckSums(Typo3):
    """TYPO3 whose addresses of further pages have a check sum each, and no link called next."""

    def answer(self, path: str, query: dict[str, str]) -> str | None:
        number = query.get("tx_news_pi1[currentPage]", "1")
        if path == self.page and number != "1" and query.get("cHash") != self._sum(number):
            return None
        body = super().answer(path, query)
        for n in "1234":
            wrong = f"currentPage%5D={n}"
            body = body and body.replace(f"{wrong}'", wrong)
            body = body and body.replace(f'{wrong}"', f'{wrong}&amp;cHash={self._sum(n)}"')
        return body

    @staticmethod
    def _sum(number: str) -> str:
        return f"{int(number) * 7919:032x}"


class WordPress(StandIn):
    """WordPress: a list without further pages, and the REST interface, which refuses the last."""

    page = "/presse/"

    def _script(self, ask: Ask) -> Answer:
        answer = super()._script(ask)
        if answer.body == b"[]":
            return Answer(400, {"Content-Type": "application/json"}, b'{"code": "no such page"}')
        return answer

    def answer(self, path: str, query: dict[str, str]) -> str | None:
        head = '<link rel="https://api.w.org/" href="/wp-json/"><link href="/wp-content/a.css">'
        if path in {"/", self.page}:
            items = "".join(
                f'<article class="post"><h2><a href="/{r.day:%Y/%m}/{r.slug}/">{r.title}</a></h2>'
                f"<time>{r.day:%d.%m.%Y}</time></article>"
                for r in self.releases[:4]
            )
            return _frame("Presse", f"<h1>Presse</h1>{items}", head)
        if path == "/wp-json/wp/v2/posts":
            first = (int(query["page"]) - 1) * 10
            posts = [
                {"link": f"{self.url}/{r.day:%Y/%m}/{r.slug}/", "date": f"{r.day}T10:00:00"}
                for r in self.releases[first : first + 10]
            ]
            return json.dumps(posts)
        for r in self.releases:
            if path == f"/{r.day:%Y/%m}/{r.slug}/":
                text = "".join(f"<p>{escape(each)}</p>" for each in r.paragraphs)
                main = f"""<h1 class="wp-block-post-title">{r.title}</h1>
<time class="entry-date" datetime="{r.day}">{r.day:%d.%m.%Y}</time>
<div class="entry-content">{_figure(r, ' class="wp-block-image"')}{text}</div>"""
                return _frame(r.title, main, head, ' class="single-post"')
        return None


class Months(StandIn):
    """A page for each month, and nothing that names them all."""

    page = "/aktuelles/"

    def answer(self, path: str, query: dict[str, str]) -> str | None:
        months = dict.fromkeys(f"{r.day:%Y/%m}" for r in self.releases)
        links = "".join(f'<a href="/aktuelles/{m}/">{m[5:]}/{m[:4]}</a>' for m in months)
        within = path.removeprefix(self.page).strip("/")
        shown = [r for r in self.releases if f"{r.day:%Y/%m}" == within]
        if path in {"/", self.page}:
            shown = self.releases[:4]
        if shown:
            items = "".join(
                f'<section class="meldung"><h2><a href="/aktuelles/{r.day:%Y/%m}/{r.slug}">'
                f"{r.title}</a></h2><p>{r.day:%d.%m.%Y}</p></section>"
                for r in shown
            )
            return _frame("Aktuelles", f"<h1>Aktuelles</h1>{items}<aside>{links}</aside>")
        return None


FURTHER = {"typo3 check sums": Typo3CheckSums, "wordpress": WordPress}
