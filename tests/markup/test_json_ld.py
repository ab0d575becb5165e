"""JSON-LD as carelessly as pages write it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.markup.json_ld import loads
from tests.support.release import URL, page, read

CHANGED = "2025-07-09T08:00:00+02:00"
NEWS = f'{{"@type":"NewsArticle","dateModified":"{CHANGED}"}}'


def script(text, kind="application/ld+json"):
    return f'<script type="{kind}">{text}</script>'


FORMS = {
    "plain": NEWS,
    "list": f'[{{"@type":"WebSite"}},{NEWS}]',
    "graph": f'{{"@context":"https://schema.org","@graph":[{{"@type":"WebPage"}},{NEWS}]}}',
    "graph in a list": f'[{{"@graph":[{{"@type":"Organization"}},{NEWS}]}}]',
    "graph of one": f'{{"@graph":{NEWS}}}',
    "main entity": f'{{"@type":"WebPage","mainEntity":{NEWS}}}',
    "types": NEWS.replace('"NewsArticle"', '["WebPage","NewsArticle"]'),
    "type with address": NEWS.replace("NewsArticle", "http://schema.org/NewsArticle"),
    "trailing comma": NEWS.replace("}", ",\n}"),
    "trailing comma in a graph": f'{{"@graph":[{NEWS}, ],}}',
    "cdata": f"<![CDATA[{NEWS}]]>",
    "cdata in comments": f"//<![CDATA[\n{NEWS}\n//]]>",
    "cdata in comments on one line": f"// <![CDATA[ {NEWS} //]]>",
    "cdata in block comments": f"/*<![CDATA[*/{NEWS}/*]]>*/",
    "html comment": f"<!--\n{NEWS}\n-->",
    "comments": f"/* Artikel */ {NEWS[:-1]} // Ende, }}\n}}",
    "line break in a string": NEWS.replace("{", '{"headline":"Neuer\n Park\t",', 1),
    "entities": NEWS.replace('"', "&quot;"),
    "entities in a value": NEWS.replace("+", "&#43;"),
    "semicolon": f"{NEWS};",
    "two values": f'{{"@type":"Organization"}}\n{NEWS}',
    "something behind it": f"{NEWS} var x = 1;",
    "backslashes": NEWS.replace("{", '{"headline":"C:\\Pfad \\x \\u12",', 1),
    "type in lower case": NEWS.replace("NewsArticle", "newsarticle"),
    "byte order mark": f"\ufeff{NEWS}",
    "typed value": NEWS.replace(f'"{CHANGED}"', f'{{"@type":"DateTime","@value":"{CHANGED}"}}'),
    "list of values": NEWS.replace(f'"{CHANGED}"', f'["{CHANGED}"]'),
    "marks that look like comments": NEWS.replace(
        "{", '{"headline":"a // b, } /* c","url":"https://www.dortmund.de/x,]",', 1
    ).replace("}", ",}"),
}


@pytest.mark.parametrize("form", FORMS)
def test_each_form_is_read(form):
    assert read(page("<p>Text.</p>", head=script(FORMS[form]))).modified == CHANGED


@pytest.mark.parametrize(
    "kind", ["Application/LD+JSON", " application/ld+json ", "application/ld+json; charset=utf-8"]
)
def test_the_kind_of_script_in_any_spelling(kind):
    assert read(page("<p>Text.</p>", head=script(NEWS, kind))).modified == CHANGED


def test_blocks_add_to_each_other():
    blocks = [
        script('{"@type":"BreadcrumbList"}'),
        script("{broken"),
        script('{"@type":"Article","datePublished":"2025-07-07","description":"Gr&uuml;n"}'),
        script(NEWS),
    ]
    article = read(page("<p>Text.</p>", head="".join(blocks)))
    assert (article.modified, article.description) == (CHANGED, "Grün")


def test_other_articles_say_nothing_about_this_one():
    blocks = (
        f'{{"@type":"Article","url":"{URL}","datePublished":"2025-07-07"}}',
        f'{{"@type":"NewsArticle","url":"{URL}/anders","dateModified":"{CHANGED}"}}',
        f'{{"@type":"ItemList","itemListElement":[{NEWS}]}}',
    )
    head = "".join(map(script, blocks))
    assert read(page("<p>Text.</p>", head=head)).modified is None


def test_the_page_may_be_named_by_one_block_only():
    blocks = (
        '{"@type":"Article","datePublished":"2025-07-07"}',
        f'{{"@type":"NewsArticle","mainEntityOfPage":"{URL}","dateModified":"{CHANGED}"}}',
    )
    head = f'<link rel="canonical" href="{URL}">' + "".join(map(script, blocks))
    assert read(page("<p>Text.</p>", head=head)).modified == CHANGED


@given(st.text(st.sampled_from('{}[]",:\\/*<!->CDAT&; \n1e'), max_size=80))
def test_any_text_is_json_or_nothing(text):
    loads(text)


@pytest.mark.parametrize("piece", ["/*", '"', '\\"', "//", "<!--", ",", "[", "/* *", '"\\', ", "])
def test_a_long_block_is_read(piece):
    assert loads(piece * 100_000) is None
