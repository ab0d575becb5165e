"""The page `report.html` of a package: what it holds and how to check it, in German and English.

Self-contained: no script, nothing from elsewhere. Archived text is escaped, and no address is a
link, so that nothing leaves the reader's machine.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from scraper import __version__

if TYPE_CHECKING:
    from collections.abc import Iterable

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse; width: 100% } th, td { border: 1px solid #999; padding: .3rem;
text-align: left; vertical-align: top; overflow-wrap: anywhere } code { overflow-wrap: anywhere }
ins { background: #cfc } del { background: #fcc } i { color: #555 } pre { background: #eee;
padding: .6rem; white-space: pre-wrap }
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_HEAD = (
    '<!DOCTYPE html>\n<html lang="de">\n<head>\n<meta charset="utf-8">\n'
    f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
    '<meta name="viewport" content="width=device-width">\n'
    "<title>Beleg · Evidence</title>\n<style>{style}</style>\n</head>\n<body>\n"
)
_ABOUT = """
<section lang="de"><h2>Was ist das?</h2>
<p>Diese Datei belegt, was unter den genannten Adressen zu den genannten Zeiten zu sehen war. Sie
enthält jede Antwort des Servers, wie sie kam (Ordner <code>archive</code>, WARC 1.1), mit den
Bildern und Anhängen, die aufbewahrt wurden. Zeiten stehen in UTC. Die SHA-256 einer Aufnahme ist
die ihres Inhalts ohne Übertragungskodierung.</p></section>
<section lang="en"><h2>What is this?</h2>
<p>This file shows what was to be seen at the addresses named here, at the times named here. It
holds every answer of the server as it came (folder <code>archive</code>, WARC 1.1), with the
pictures and attachments that were kept. Times are UTC. The SHA-256 of a capture is that of its
content without the coding it was sent in.</p></section>
"""
_CHECK = """
<section lang="de"><h2>Prüfen ohne dieses Programm</h2><p>Die Datei ist ein ZIP nach WACZ 1.1.
ReplayWeb.page und pywb zeigen die Seiten, <code>wacz validate</code> prüft die Prüfsummen. Von
Hand:</p></section>
<section lang="en"><h2>Checking it without this program</h2><p>The file is a ZIP by WACZ 1.1.
ReplayWeb.page and pywb show the pages, <code>wacz validate</code> checks the digests. By
hand:</p></section>
<pre>unzip FILE.wacz -d evidence &amp;&amp; cd evidence
cat datapackage-digest.json          # "hash" = sha256 of datapackage.json:
sha256sum datapackage.json
sha256sum archive/* indexes/* pages/* report/*   # "hash" of each in datapackage.json
# RFC 3161, if "timestamps" are in datapackage-digest.json; CA.pem is the authority's certificate:
python3 -c "import base64,json; d=json.load(open('datapackage-digest.json')); \
open('token.tsr','wb').write(base64.b64decode(d['timestamps'][0]['token']))"
openssl ts -reply -in token.tsr -text
openssl ts -verify -in token.tsr -data datapackage.json -CAfile CA.pem</pre>
"""


def report(releases: list[dict[str, Any]], created: str, chain: str | None) -> str:
    """The page as HTML.

    Args:
        releases: of each `history`, `citation` and `quotes` as those functions say, and
            `captures` (rows).
        created: when the package is made.
        chain: digest of the newest link of the archive's chain of runs.
    """
    parts = [_HEAD.replace("{style}", _STYLE), "<h1>Beleg · Evidence</h1>", _ABOUT]
    parts += [_release(release) for release in releases]
    parts.append("<h2>Herkunft · Provenance</h2>")
    parts.append(
        _table(
            ("", ""),
            [
                ("Programm · software", f"newsroom-archive {__version__}"),
                ("Erstellt · created", created),
                ("Kette der Läufe · chain of runs", chain or "–"),
            ],
        )
    )
    return "\n".join([*parts, _CHECK, "</body>\n</html>\n"])


def _release(release: dict[str, Any]) -> str:
    cited, past = release["citation"], release["history"]
    rows = [
        ("Adresse · address", cited["url"]),
        ("Herausgeber · publisher", ", ".join(filter(None, (cited["city"], cited["office"])))),
        ("Datum · date", cited["day"] or "–"),
        ("Online", "ja · yes" if past["online"] else f"nein · no ({past['gone_at'] or '–'})"),
        ("Zuerst, zuletzt · first, last seen", f"{past['first_seen']}, {past['last_seen']}"),
        ("Zitieren · cite", cited["text"]),
    ]
    quotes = "".join(
        f'<li id="{escape(quote["anchor"])}">{escape(quote["text"])}</li>'
        for quote in release["quotes"]
    )
    return "\n".join(
        [
            f"<h2>{escape(cited['title'])}</h2>",
            _table(("", ""), rows),
            "<h3>Aufnahmen · Captures</h3>",
            _table(
                ("Nr. · no.", "Zeit · time", "Adresse · address", "HTTP", "Bytes", "SHA-256"),
                (
                    (row["id"], row["fetched_at"], row["url"], row["status"], row["size"],
                     row["sha256"])
                    for row in release["captures"]
                ),
            ),
            "<h3>Ereignisse · Events</h3>",
            _table(
                ("Zeit · time", "Ereignis · event", "", "Aufnahme · capture"),
                (
                    (event["at"], event["kind"], event["detail"] or "", _capture(event))
                    for event in past["events"]
                ),
            ),
            "<h3>Fassungen · Versions</h3>",
            *map(_version, past["versions"]),
            f"<h3>Zitate · Quotations</h3>\n<ol>{quotes}</ol>" if quotes else "",
        ]
    )  # fmt: skip


def _capture(row: dict[str, Any]) -> str:
    return str(row["evidence"]["capture_id"]) if row["evidence"] else "–"


def _version(version: dict[str, Any]) -> str:
    changes = "".join(
        f"<li><b>{escape(change['field'])}</b>: {_words(change['words'])}</li>"
        for change in version["changes"]
    )
    return (
        f"<p><b>{version['number']}.</b> {escape(version['first_seen'])} – "
        f"{escape(version['last_seen'])}, Aufnahme · capture {_capture(version)}, "
        f"<i>gelesen von · read by {escape(version['parser'])}</i></p>"
        f"{f'<ul>{changes}</ul>' if changes else ''}"
    )


def _words(pieces: Iterable[Any]) -> str:
    marks = {"insert": "ins", "delete": "del"}
    shown = []
    for piece in pieces:
        text, mark = escape(piece["text"]), marks.get(piece["kind"])
        shown.append(f"<{mark}>{text}</{mark}>" if mark else text)
    return "".join(shown)


def _table(heads: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> str:
    head = "".join(f"<th>{escape(name)}</th>" for name in heads) if any(heads) else ""
    body = "\n".join(
        "<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>" for row in rows
    )
    return f"<table>{f'<tr>{head}</tr>' if head else ''}\n{body}\n</table>"
