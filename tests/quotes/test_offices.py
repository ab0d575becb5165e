"""Offices, titles and places of Germany, Austria and Switzerland around a name."""

import pytest

from scraper.quotes import find_quotes

WORDS = "Wir packen das jetzt gemeinsam an"
CITIES = """
Berlin Hamburg München Köln Frankfurt Düsseldorf Stuttgart Leipzig Dortmund Bremen Essen
Dresden Nürnberg Hannover Duisburg Wuppertal Bochum Bielefeld Bonn Mannheim Karlsruhe Münster
Augsburg Wiesbaden Mönchengladbach Gelsenkirchen Aachen Braunschweig Chemnitz Kiel Halle
Magdeburg Freiburg Krefeld Mainz Lübeck Erfurt Oberhausen Rostock Kassel Hagen Potsdam
Saarbrücken Hamm Ludwigshafen Oldenburg Mülheim Osnabrück Leverkusen Darmstadt Heidelberg
Solingen Herne Regensburg Neuss Paderborn Ingolstadt Offenbach Fürth Würzburg Ulm Heilbronn
Pforzheim Wolfsburg Göttingen Bottrop Reutlingen Koblenz Erlangen Bremerhaven Remscheid
Bergisch_Gladbach Recklinghausen Jena Trier Salzgitter Moers Siegen Hildesheim Cottbus
Kaiserslautern Gütersloh Witten Hanau Schwerin Ludwigsburg Esslingen Iserlohn Düren Tübingen
Zwickau Gera Flensburg Gießen Ratingen Lünen Villingen-Schwenningen Konstanz Marl Worms Minden
Bad_Elster St._Gallen Linz Graz Bregenz Luzern Winterthur Basel Wels Castrop-Rauxel
"""
MEN = """
Landesrat Agrarlandesrat Landeshauptmann Landeshauptmann-Stellvertreter Vizebürgermeister
Finanzstadtrat Bezirkshauptmann Bezirksvorsteher Bezirksrat Gemeinderat Klubobmann Bundesrat
Nationalrat Volksanwalt Magistratsdirektor Landesfeuerwehrkommandant Regierungsrat Ständerat
Staatsrat Kantonsrat Grossrat Landammann Stadtammann Gemeindeammann Landesstatthalter
Regierungsstatthalter Stadtpräsident Gemeindepräsident Staatsschreiber Landschreiber
Säckelmeister Friedensrichter Sicherheitsdirektor Energiedirektor Kantonsarzt Ortschef
Bezirkschef Stadtchef
"""
WOMEN = """
Landesrätin Soziallandesrätin Landeshauptfrau Landeshauptfrau-Stellvertreterin
Vizebürgermeisterin Wohnbaustadträtin Bezirkshauptfrau Bezirksvorsteherin Gemeinderätin
Klubobfrau Bundesrätin Nationalrätin Patientenanwältin Primaria Landesbäuerin Regierungsrätin
Ständerätin Grossrätin Stadtpräsidentin Gemeindepräsidentin Bildungsdirektorin Kantonsärztin
Oberamtfrau Ortschefin
"""
TITLES = """
Mag. Mag.a Mag.ª MMag. MMag.a DI DIin DI(FH) Dipl.-Ing.in Dr.in Dr.ⁱⁿ DDr. Prof.in Univ.-Prof.
KommR HR Hofrat LAbg. lic. Dipl.-Kfm. Ing.in ÖkR OSR Dkfm. Prim.
"""
SHORT = "Bgm. Bgm.in Vbgm. Vizebgm. LR LRin LH LH-Stv. StR StRin GR BM BV NR Abg. OB OBM RR StS"


def speakers(text):
    return [(quote.speaker, quote.role) for quote in find_quotes(text)]


def genitive(city):
    city = city.replace("_", " ")
    return city + ("’" if city[-1] in "sxz" else "s")


@pytest.mark.parametrize("city", CITIES.split())
def test_a_place_in_the_genitive_stands_before_the_office(city):
    whose = genitive(city)
    anna = ("Anna Moll", "Kämmerin")
    for text in (
        f"„{WORDS}“, sagt {whose} Kämmerin Anna Moll.",
        f"„{WORDS}“, rechnet {whose} Kämmerin Anna Moll am Montag vor.",
        f"„{WORDS}“, so {whose} neue Kämmerin Anna Moll.",
        f"{whose} Kämmerin Anna Moll sagt: „{WORDS}.“",
        f"Kämmerin Anna Moll kam. „{WORDS}“, sagte {whose} Kämmerin.",
    ):
        assert speakers(text) == [anna], text


def test_a_group_stands_before_the_office():
    assert speakers(f"„{WORDS}“, fordert Bürgerforum Stadtrat Jan Moll.") == [
        ("Jan Moll", "Stadtrat")
    ]


def test_an_office_that_is_a_surname_stays_one():
    assert speakers(f"„{WORDS}“, sagt Xiomara Förster.") == [("Xiomara Förster", None)]


@pytest.mark.parametrize(
    ("office", "name", "article"),
    [(office, "Reto Egger", "der") for office in MEN.split()]
    + [(office, "Anna Egger", "die") for office in WOMEN.split()],
)
def test_offices_of_austria_and_switzerland(office, name, article):
    assert speakers(f"„{WORDS}“, sagt {office} {name} am Montag.") == [(name, office)]
    assert speakers(f"„{WORDS}“, so {office} {name}.") == [(name, office)]
    assert speakers(f"{office} {name} betont: „{WORDS}.“") == [(name, office)]
    assert speakers(f"{office} {name} kam. „{WORDS}“, sagte {article} {office}.") == [
        (name, office)
    ]


@pytest.mark.parametrize("title", TITLES.split())
def test_titles_belong_to_neither_name_nor_office(title):
    assert speakers(f"„{WORDS}“, so Stadtrat {title} Jan Auer.") == [("Jan Auer", "Stadtrat")]
    assert speakers(f"„{WORDS}“, sagt {title} Lisbeth Auer.") == [("Lisbeth Auer", None)]


@pytest.mark.parametrize("office", SHORT.split())
def test_abbreviated_offices(office):
    assert speakers(f"„{WORDS}“, sagt {office} Jan Auer.") == [("Jan Auer", office)]
    assert speakers(f"„{WORDS}“, so {office} Mag. Jan Auer beim Fest.") == [("Jan Auer", office)]


def test_an_office_in_the_genitive_is_the_same_office():
    text = "Stadtammann Reto Egger kam. Das Fest des Stadtammanns war schön. "
    text += f"„{WORDS}“, so der Stadtammann."
    assert speakers(text) == [("Reto Egger", "Stadtammann")]


def test_degrees_behind_a_name_are_no_office():
    assert speakers(f"„{WORDS}“, sagt Anna Moll, MSc, Leiterin des Bauhofs.") == [
        ("Anna Moll", "Leiterin des Bauhofs")
    ]
    assert speakers(f"„{WORDS}“, so Stadtrat Jan Moll, BA MA.") == [("Jan Moll", "Stadtrat")]


def test_a_council_speaks_for_itself_where_no_member_is_named():
    assert speakers(f"„{WORDS}“, teilt der Stadtrat mit.") == [("Stadtrat", None)]


def test_the_people_of_a_place_stand_before_the_office():
    text = f"Bürgermeister Jan Moll kam. „{WORDS}“, so der Linzer Stadtchef."
    assert speakers(text) == [("Jan Moll", "Bürgermeister")]
