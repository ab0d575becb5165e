"""What the replica's releases are about: subjects, things with their German cases, and places."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

DISTRICTS = (
    "Innenstadt-West",
    "Innenstadt-Nord",
    "Innenstadt-Ost",
    "Eving",
    "Scharnhorst",
    "Brackel",
    "Aplerbeck",
    "Hörde",
    "Hombruch",
    "Lütgendortmund",
    "Huckarde",
    "Mengede",
)
"""The twelve city districts, as the tags spell them."""

Kind = Literal["building", "event", "service", "notice"]

_ARTICLES = {
    "m": ("der", "den", "dem", "des"),
    "f": ("die", "die", "der", "der"),
    "n": ("das", "das", "dem", "des"),
}
_WEAK = {"m": ("e", "en", "en", "en"), "f": ("e", "e", "en", "en"), "n": ("e", "e", "en", "en")}
_STRONG = {"m": "er", "f": "e", "n": "es"}


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing with an adjective and a place, in its four cases."""

    gender: str
    """`m`, `f` or `n`."""
    noun: str
    """The noun in the nominative."""
    genitive: str
    """The noun in the genitive."""
    adjective: str
    """Stem of the adjective: `neu`."""
    place: str
    """Where it is: `am Lindenhof`."""

    def case(self, number: int) -> str:
        """With article and adjective; 0 nominative, 1 accusative, 2 dative, 3 genitive."""
        noun = self.genitive if number == 3 else self.noun
        article, ending = _ARTICLES[self.gender][number], _WEAK[self.gender][number]
        return f"{article} {self.adjective}{ending} {noun} {self.place}"

    def short(self, number: int) -> str:
        """With the article alone."""
        noun = self.genitive if number == 3 else self.noun
        return f"{_ARTICLES[self.gender][number]} {noun}"

    def headline(self) -> str:
        """Without an article, as headlines have it: `Neue Grundschule am Lindenhof`."""
        return f"{self.adjective.capitalize()}{_STRONG[self.gender]} {self.noun} {self.place}"

    def pronoun(self) -> str:
        """`er`, `sie` or `es`."""
        return {"m": "er", "f": "sie", "n": "es"}[self.gender]


@dataclass(frozen=True, slots=True)
class Subject:
    """A field of city life."""

    kind: Kind
    """Which sentences fit."""
    kickers: tuple[str, ...]
    """Toplines."""
    tags: tuple[str, ...]
    """Subject headings of the site."""
    adjectives: tuple[str, ...]
    """Stems that fit every noun."""
    nouns: tuple[tuple[str, str, str], ...]
    """Gender, nominative, genitive."""
    folder: str
    """Where the site keeps pages about it."""


def _nouns(words: str) -> tuple[tuple[str, str, str], ...]:
    """Read `f Schule, m Park Parks`: without a genitive it is the nominative."""
    parts = [word.split() for word in words.split(",")]
    return tuple((part[0], part[1], part[-1]) for part in parts)


SUBJECTS = (
    Subject(
        "building",
        ("Bildung", "Schule", "Schulbau"),
        ("Schule & Bildung", "Bauen & Wohnen"),
        ("neu", "saniert", "erweitert", "barrierefrei", "modern"),
        _nouns(
            "f Grundschule, f Gesamtschule, n Gymnasium Gymnasiums, f Turnhalle, f Schulmensa,"
            " n Berufskolleg Berufskollegs, f Förderschule, m Schulhof Schulhofs,"
            " m Erweiterungsbau Erweiterungsbaus"
        ),
        "/themen/bildung/schulen/",
    ),
    Subject(
        "building",
        ("Familie", "Kinder", "Kita"),
        ("Kinder, Jugendliche & Familie",),
        ("neu", "zweizügig", "naturnah", "hell", "vergrößert"),
        _nouns(
            "f Kindertagesstätte, f FABIDO-Kita, m Waldkindergarten Waldkindergartens,"
            " m Bewegungsraum Bewegungsraums, n Familienzentrum Familienzentrums,"
            " f Großtagespflege, f Jugendfreizeitstätte"
        ),
        "/themen/bildung/fabido/",
    ),
    Subject(
        "building",
        ("Mobilität", "Verkehr", "Stadtbahn"),
        ("Verkehr & Mobilität",),
        ("neu", "ausgebaut", "barrierefrei", "verbreitert", "geplant"),
        _nouns(
            "f Straßenbahnhaltestelle, m Radweg Radwegs, f Fußgängerbrücke, f Fahrradstraße,"
            " m Kreisverkehr Kreisverkehrs, f Ampelanlage, n Parkhaus Parkhauses,"
            " m Radschnellweg Radschnellwegs, f Lärmschutzwand"
        ),
        "/themen/mobilitaet/",
    ),
    Subject(
        "building",
        ("Stadtgrün", "Umwelt", "Natur"),
        ("Umwelt & Klima", "Freizeit & Erholung"),
        ("neu", "umgestaltet", "großzügig", "schattig", "naturnah"),
        _nouns(
            "m Spielplatz Spielplatzes, m Stadtgarten Stadtgartens, f Streuobstwiese,"
            " m Grünzug Grünzugs, n Regenrückhaltebecken Regenrückhaltebeckens,"
            " m Wasserspielplatz Wasserspielplatzes, f Blühwiese, n Arboretum Arboretums"
        ),
        "/themen/umwelt/",
    ),
    Subject(
        "building",
        ("Sport", "Bäder", "Sportstätten"),
        ("Sport & Freizeit",),
        ("neu", "saniert", "beheizt", "modern", "wettkampftauglich"),
        _nouns(
            "f Dreifachsporthalle, n Hallenbad Hallenbads, m Kunstrasenplatz Kunstrasenplatzes,"
            " f Eissporthalle, n Freibad Freibads, f Kletterhalle, f Laufbahn,"
            " n Vereinsheim Vereinsheims, f Skateanlage"
        ),
        "/themen/sport/",
    ),
    Subject(
        "building",
        ("Wohnen", "Stadtentwicklung", "Quartiersentwicklung"),
        ("Bauen & Wohnen", "Stadtentwicklung"),
        ("neu", "geplant", "klimafreundlich", "gefördert", "durchmischt"),
        _nouns(
            "n Wohnquartier Wohnquartiers, n Mehrgenerationenhaus Mehrgenerationenhauses,"
            " n Begegnungszentrum Begegnungszentrums, m Marktplatz Marktplatzes,"
            " f Nachbarschaftswerkstatt, n Baugebiet Baugebiets, n Ärztehaus Ärztehauses"
        ),
        "/themen/bauen-und-wohnen/",
    ),
    Subject(
        "event",
        ("Kultur", "Museen", "Bühne"),
        ("Kultur & Kunst",),
        ("neu", "groß", "vielfältig", "außergewöhnlich", "preisgekrönt"),
        _nouns(
            "f Ausstellung, f Lesung, n Sommerkonzert Sommerkonzerts, n Theaterfest Theaterfests,"
            " f Museumsnacht, f Klanginstallation, n Literaturfest Literaturfests,"
            " f Fotoausstellung, m Poetry-Slam Poetry-Slams"
        ),
        "/themen/kultur/",
    ),
    Subject(
        "event",
        ("Freizeit", "Feste", "Stadtteilleben"),
        ("Freizeit & Erholung", "Feste & Märkte"),
        ("beliebt", "groß", "bunt", "fünftägig", "kostenlos"),
        _nouns(
            "n Stadtteilfest Stadtteilfests, m Flohmarkt Flohmarkts, n Straßenfest Straßenfests,"
            " m Feierabendmarkt Feierabendmarkts, n Lichterfest Lichterfests,"
            " m Familientag Familientags, n Erntedankfest Erntedankfests, f Radtour"
        ),
        "/dortmund-erleben/",
    ),
    Subject(
        "event",
        ("Internationales", "Europa", "Partnerstädte"),
        ("Internationales", "Europa"),
        ("gemeinsam", "feierlich", "mehrtägig", "international", "herzlich"),
        _nouns(
            "f Jugendbegegnung, m Festakt Festakts, m Bürgerempfang Bürgerempfangs,"
            " f Partnerschaftswoche, n Jubiläumsjahr Jubiläumsjahrs, f Delegationsreise,"
            " m Schüleraustausch Schüleraustauschs"
        ),
        "/rathaus/internationales/",
    ),
    Subject(
        "service",
        ("Klima", "Energie", "Umwelt"),
        ("Umwelt & Klima",),
        ("kostenlos", "neu", "persönlich", "städtisch", "mobil"),
        _nouns(
            "f Energieberatung, n Förderprogramm Förderprogramms, f Hitzeschutzberatung,"
            " n Solarkataster Solarkatasters, f Reparaturwerkstatt, m Klimafonds Klimafonds,"
            " f Gewässerpatenschaft"
        ),
        "/themen/klima/",
    ),
    Subject(
        "service",
        ("Service", "Verwaltung", "Digitales"),
        ("Bürgerservice", "Digitales"),
        ("neu", "digital", "mehrsprachig", "erweitert", "städtisch"),
        _nouns(
            "m Bürgerdienst Bürgerdiensts, n Serviceportal Serviceportals, f Terminvergabe,"
            " f Dortmund-App, f Servicestelle, m Mängelmelder Mängelmelders,"
            " n Onlineformular Onlineformulars, f Bürgersprechstunde"
        ),
        "/services/",
    ),
    Subject(
        "service",
        ("Gesundheit", "Soziales", "Pflege"),
        ("Gesundheit & Soziales",),
        ("kostenlos", "neu", "offen", "vertraulich", "wohnortnah"),
        _nouns(
            "f Beratungsstelle, f Impfaktion, m Pflegestützpunkt Pflegestützpunkts,"
            " f Selbsthilfebörse, f Schuldnerberatung, n Elterncafé Elterncafés,"
            " f Wohnungslosenhilfe, m Besuchsdienst Besuchsdiensts"
        ),
        "/themen/gesundheit/",
    ),
    Subject(
        "service",
        ("Wirtschaft", "Wissenschaft", "Arbeit"),
        ("Wirtschaft & Wissenschaft",),
        ("neu", "regional", "gefördert", "offen", "zweitägig"),
        _nouns(
            "n Gründungszentrum Gründungszentrums, f Ausbildungsmesse,"
            " n Innovationslabor Innovationslabors, f Fachkräfteinitiative,"
            " m Wissenschaftstag Wissenschaftstags, n Technologieforum Technologieforums"
        ),
        "/themen/wirtschaft/",
    ),
    Subject(
        "notice",
        ("Baustelle", "Verkehrshinweis", "Stadtentwässerung"),
        ("Verkehr & Mobilität", "Baustellen"),
        ("kurzfristig", "halbseitig", "nächtlich", "mehrwöchig", "notwendig"),
        _nouns(
            "f Vollsperrung, f Kanalsanierung, f Umleitung, f Fahrbahnerneuerung,"
            " f Tagesbaustelle, f Brückenprüfung, f Gleiserneuerung"
        ),
        "/themen/mobilitaet/baustellen/",
    ),
)

PLACES = (
    "am Lindenhof",
    "an der Kaiserbuche",
    "im Sonnenquartier",
    "auf der Fuchshöhe",
    "an der Märkischen Allee",
    "am Mühlenteich",
    "in der Glückaufsiedlung",
    "am Weißdornweg",
    "an der Großen Heide",
    "am Zechenbahnhof",
    "im Röhrichtpark",
    "an der Schäferstraße",
    "am Kupferplatz",
    "in der Gartenstadt Nord",
    "am Alten Stellwerk",
    "an der Brückstiege",
    "im Emschertal",
    "am Füchtenbusch",
)
"""Invented places in the city, with their preposition."""

MOTTOS = (
    "Grüne Höfe",
    "Stadt für alle",
    "Dortmund blüht auf",
    "Gemeinsam größer",
    "Lauter leise Töne",
    "Nächster Halt: Zukunft",
    "Süße Früchte",
    "Kommen Sie näher",
    "Wir gehören dazu",
    "Über den Fluss",
)
"""Names of programmes and series, which releases set in quotation marks."""
