"""Dortmund: www.dortmund.de, the relaunched site of 2023 and the one before.

Facts read off pages saved in 2024, 2025 and on 2026-10-04; of the older site only its address, the
line with the date and the words before credits are known, so its markup is read by shape. The
server answers a client without its cookie with a redirect to the same URL; `scraper.fetch` handles
that for every site. The city has switched its RSS feeds off.
"""

from datetime import date

from scraper.sites.base import Layout, Site

_WEB_COMPONENTS = Layout(
    name="dtm-2023",
    content="main",
    introduction="#Einleitungstext",
    title="#Einleitungstext h1",
    kicker=".heading__topline",
    # Its attribute `datetime` holds the time of day alone; date and time stand in the text.
    published="#Einleitungstext time",
    lead="p[slot=teaser]",
    caption="[slot=text]",
    credit="[slot=licence]",
    tags="dtm-category-badge-list a",
    related="dtm-teaserslider#more-news dtm-teaser",
    card="dtm-teaser",
    related_title="[slot=headline]",
    related_date="[slot=date]",
    video="dtm-video",
    video_attributes=("video-url", "video-title"),
    content_id=("dtm-bookmark-button[bookmark-id]", "bookmark-id"),
    page_id=("meta[name=pageId]", "content"),
    foreign_elements=frozenset(
        {
            "dtm-teaserslider",
            "dtm-teaser",
            "dtm-category-badge-list",
            "dtm-bookmark-button",
            "dtm-back-link",
            "dtm-breadcrumb",
            "dtm-sender-identifier",
            "dtm-share",
            "dtm-social-share",
        }
    ),
    foreign_slots=frozenset({"privacySettingsContent", "detailsLink", "mainheadline"}),
    end_headings=frozenset(
        {"Weitere Nachrichten", "Weitere Meldungen", "Mehr Nachrichten", "Alle Nachrichten"}
    ),
    link_slots=frozenset({"cta"}),
)

_NEWS_PORTAL = Layout(
    name="nachrichtenportal",
    until=date(2023, 12, 31),  # relaunched in the course of the year
    header_words="Nachricht vom",
    portal_headings=frozenset(
        {
            "Nachrichtenportal",
            "Medienportal",
            "Alle Nachrichten",
            "Nachrichten",
            "Leben in Dortmund",
        }
    ),
    end_headings=_WEB_COMPONENTS.end_headings,
    frame_lines=frozenset(
        {"drucken", "seite drucken", "seite empfehlen", "weiterempfehlen", "teilen", "nach oben"}
        | {
            "zum seitenanfang",
            "zurück",
            "zurück zur übersicht",
            "zur übersicht",
            "alle nachrichten",
        }
    ),
    tags="a[rel~=tag]",
)

DORTMUND = Site(
    key="dortmund",
    name="Stadt Dortmund",
    origin="https://www.dortmund.de",
    aliases=frozenset({"dortmund.de", "application.dortmund.de"}),
    zone="Europe/Berlin",
    sections=(
        "/newsroom/nachrichten-dortmund.de/",
        "/newsroom/nachrichten/",  # the address of 2023
        "/newsroom/presse-mitteilungen/",
    ),
    newsroom_path="/newsroom/",
    search_path="/api/search/proxy/search",
    sitemap_path="/sitemap.xml",
    layouts=(_WEB_COMPONENTS, _NEWS_PORTAL),
    title_suffixes=(" | dortmund.de", " | Stadt Dortmund"),
    # The twelve Stadtbezirke.
    districts=frozenset(
        {
            "Aplerbeck",
            "Brackel",
            "Eving",
            "Hombruch",
            "Huckarde",
            "Hörde",
            "Innenstadt-Nord",
            "Innenstadt-Ost",
            "Innenstadt-West",
            "Lütgendortmund",
            "Mengede",
            "Scharnhorst",
        }
    ),
    district_parent="Stadtbezirke",
    attachment_headings=frozenset({"Anhänge", "Anhang"}),
    credit_labels=("Bild", "Foto", "Grafik", "Quelle", "Copyright"),
    generic_images=("/technisches/", "/assets-v2/"),
    retired_pages=(
        ("/de/leben_in_dortmund/nachrichtenportal/alle_nachrichten/nachricht.jsp", "nid"),
    ),
)
