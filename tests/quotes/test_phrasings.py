"""The range of phrasings in press releases: tags, lead-ins, offices, the sentences around."""

import pytest

from scraper.quotes import find_quotes

WORDS = "Das ist ein gutes Zeichen für uns alle"
MOLL = ("Anna Moll", "Rektorin")
BRANDT = ("Karl Brandt", "Förster")
NOBODY = (None, None)

TAGS = """
zeigt sich X erfreut
ist X begeistert
bringt es X auf den Punkt
so X abschließend
gab X zu bedenken
blickt X voraus
macht X Mut
heißt es von X
ließ X mitteilen
hatte X gesagt
hat X angekündigt
möchte X wissen
will X wissen
kommt X ins Schwärmen
war von X zu hören
nimmt X den Faden auf
stimmt X zu
weiß X zu berichten
sagte am Rande der Feier auch X
so X gegenüber der Presse
so X mit einem Augenzwinkern
berichtet stolz X
sagt dazu X
sagt X, die seit 20 Jahren dabei ist
wie X betont
betont X nachdrücklich
freut sich auch X
wandte sich X an die Gäste
rief X in die Menge
kann sich X vorstellen
wünscht sich X
meinte X lachend
sind sich X und ihr Team einig
so X weiter
so das Fazit von X
so die Einschätzung von X
begrüßte X die Gäste
dankte X den Helfern
überreichte X den Preis mit den Worten
fragt X
resümiert X zufrieden
erklärt X auf Anfrage
gibt X die Richtung vor
fasst X zusammen
ordnet X ein
skizziert X den Plan
stellt X in Aussicht
schwärmt X von der Aussicht
bekräftigt X ihre Haltung
warb X um Verständnis
hob X hervor
so X zu den Gründen
verspricht X den Eltern
lobt X die Kooperation mit dem Verein
nennt X als Grund
zeigte sich X bei der Vorstellung des Berichts überzeugt
unterstrich in diesem Zusammenhang X
freute sich nach der Wahl eine sichtlich bewegte X
hofft X
ärgert sich X
seufzt X
grinst X
winkt X ab
lässt X keinen Zweifel
setzt X nach
schiebt X hinterher
ergänzt X schmunzelnd
kontert X
legt X nach
rechnet X vor
erinnert X
gratuliert X
verkündet X
tröstet X
""".strip().splitlines()

LEADS = """
X sagt
X zeigt sich erfreut
X ist begeistert
X bringt es auf den Punkt
Das Fazit von X
Das Fazit von X lautet
X dazu
Dazu X
Dazu erklärt X
Dazu sagt X
X weiter
X mit Blick auf die Zukunft
Zur Begründung sagte X
X richtete einen Appell an alle
Auch X freut sich über das Ergebnis
Für X steht fest
X ist überzeugt
X hofft auf viele Gäste
Besonders stolz ist X
X brachte ihre Freude zum Ausdruck
In ihrer Rede sagte X
Beim Festakt dankte X den Gästen
Lob kommt von X
Lob kam auch von X
X fasst den Abend so zusammen
X nennt den Grund
Nicht ohne Stolz verkündet X
„Ja“, ruft X und ergänzt
X, die das Projekt leitet, sagt
Anlässlich der Eröffnung erklärte X
So sieht es auch X
X ruft alle auf
X wird deutlich
X wünscht sich
X freut sich, dass der Plan gelungen ist
X stellte fest
X zieht eine positive Bilanz
X hat eine klare Haltung
Gegenüber der Presse sagte X
X blickt zurück
Wichtig ist X vor allem eines
X kennt das Problem
""".strip().splitlines()

OFFICES_BEHIND = """
1. Vorsitzende
2. Vorsitzende des Fördervereins
Leiterin der Kita „Sonnenschein“
Inhaberin der Bäckerei Möller
Trainerin der U 15
Mitglied im Beirat
Professorin für Städtebau an der Hochschule Bochum
Studentin im fünften Semester
Projektleiterin bei der Autobahn GmbH
Leiterin Stadtgrün
Oberärztin am Klinikum Nord
Schülerin der 9b
stellvertretende Leiterin des Jugendamts
Ortsbeauftragte des THW
Leiterin des Amts für Wirtschaft, Kultur und Tourismus
Direktorin des Museums und Kuratorin der Ausstellung
Mutter von drei Kindern
Sprecherin der Stadt
Vorsitzende des Vereins Kunst im Turm
Leiterin der Abteilung Straßenbau im Tiefbauamt
Beauftragte für Menschen mit Behinderung
Pressesprecherin der Polizei Münster
Gründerin und Leiterin des Chors
Dozentin an der VHS
Wirtin im Goldenen Hirsch
Köchin der Mensa am Campus
Enkelin des Stifters
Restauratorin aus Halle
Bürgermeisterin von Nieder-Olm
Chefin der Tourismus-Information
Teamleiterin Ausländerbehörde
Fachbereichsleiterin Bildung und Sport
Präsidentin der Industrie- und Handelskammer
Vizepräsidentin des Landtags
Klimaschutzbeauftragte
Biologin beim Landesamt für Umwelt
Vorsitzende der Freunde des Botanischen Gartens
Leiterin der Stabsstelle Digitales
Hausärztin in dritter Generation
Kapitänin der Mannschaft
Bewohnerin der ersten Stunde
Archäologin beim Landschaftsverband
Elternvertreterin
Marktbeschickerin
Zugbegleiterin
Imkerin im Nebenerwerb
Bademeisterin
Kassiererin des Vereins
Türmerin von St. Lamberti
Rangerin im Nationalpark
Logopädin
Geschichtslehrerin am Goethe-Gymnasium
Lokführerin bei der Nordbahn
Ausbilderin bei den Stadtwerken
Kommandantin der Feuerwehr
Choreografin
Bühnenbildnerin
Seniorin aus dem Nordviertel
Auszubildende zur Gärtnerin
Ehrenvorsitzende
Altbürgermeisterin
Superintendentin des Kirchenkreises
Landesvorsitzende des BUND
Hydrologin
Kantorin an St. Marien
Stadtverordnetenvorsteherin
Flüchtlingskoordinatorin
Zooinspektorin
Tierpflegerin im Elefantenhaus
Verbandsvorsteherin des Zweckverbands
Kreishandwerksmeisterin
Vizebürgermeisterin
Digitalisierungschefin
Rathauschefin
Weinkönigin
Kreisbrandmeisterin
Pflegedirektorin
Konzertpianistin
Kabarettistin
Fernfahrerin
Wünschelrutengängerin
Kioskbesitzerin
Nachtwächterin
""".strip().splitlines()

OFFICES_BEFORE = """
Baudezernentin
Erste Beigeordnete
Technische Beigeordnete
Zweite Vorsitzende
stellvertretende Bürgermeisterin
Senatorin für Kultur
Leiterin der Bücherei
Geschäftsführerin der Stiftung
Bürgermeisterin der Stadt Ulm
Amtsleiterin Stadtgrün
Kreisrätin
Bezirksbürgermeisterin
Vizepräsidentin
Dezernentin für Schule und Sport
Stadträtin für Soziales
Fachbereichsleiterin Bildung
Projektleiterin
Polizeihauptkommissarin
Oberstudiendirektorin
Pfarrerin
Standortleiterin
Diplom-Biologin
IT-Chefin
Vorstandsmitglied
Ratsfrau
Kita-Leiterin
Bundestagsabgeordnete
Staatssekretärin im Umweltministerium
Pressesprecherin der Stadt
Kulturreferentin
Bäckermeisterin
Ministerialdirigentin
Generalmusikdirektorin
Referatsleiterin
Präsidentin der Handwerkskammer
Vorsitzende
Fraktionschefin
Museumspädagogin
Landschaftsarchitektin
Marktleiterin
Klinikdirektorin
Einrichtungsleiterin
Kreisjugendwartin
Kirchenmusikdirektorin
Ministerin
Bürgermeister-Stellvertreterin
Gleichstellungsbeauftragte der Stadt
Rektorin der Grundschule
Prorektorin
Co-Leiterin
Ortsvorsteherin
Zoodirektorin
""".strip().splitlines()


def who(text):
    found = find_quotes(text.replace("Q", WORDS, 1))
    found = [q for q in found if q.text.rstrip(".,!?") in {WORDS, WORDS.removeprefix("Das ist ")}]
    return (found[-1].speaker, found[-1].role) if found else "not found"


@pytest.mark.parametrize("tag", TAGS)
def test_a_tag_behind(tag):
    text = f"„Q“, {tag.replace('X', 'Bürgermeisterin Anna Moll')}."
    assert who(text) == ("Anna Moll", "Bürgermeisterin")


@pytest.mark.parametrize("lead", LEADS)
@pytest.mark.parametrize(
    ("person", "expected"),
    [
        ("Bürgermeisterin Anna Moll", ("Anna Moll", "Bürgermeisterin")),
        ("Xilia Brokk, Leiterin des Museums,", ("Xilia Brokk", "Leiterin des Museums")),
    ],
)
def test_a_lead_in(lead, person, expected):
    text = f"{lead.replace('X', person)}: „Q.“"
    assert who(text.replace(",:", ":").replace(",,", ",")) == expected


@pytest.mark.parametrize("office", OFFICES_BEHIND)
@pytest.mark.parametrize(
    "text",
    [
        "„Q“, sagt Anna Moll, {}.",
        "Anna Moll, {}, freut sich: „Q.“",
        "„Q“, betont Anna Moll ({}).",
        "Anna Moll, {}, freut sich. „Q.“",
    ],
)
def test_an_office_behind_the_name(text, office):
    assert who(text.format(office)) == ("Anna Moll", office)


@pytest.mark.parametrize("office", OFFICES_BEFORE)
@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("„Q“, sagt {} Anna Moll.", "Anna Moll"),
        ("{} Anna Moll freut sich: „Q.“", "Anna Moll"),
        ("„Q“, so die {} Dr. Anna Moll gestern.", "Anna Moll"),
        ("„Q“, sagt {} Xilia Brokk.", "Xilia Brokk"),
        ("Auch {} Xilia Brokk kam. „Q“, sagte sie.", "Xilia Brokk"),
        ("„Q“, sagt die {}, Anna Moll, am Montag.", "Anna Moll"),
    ],
)
def test_an_office_before_the_name(text, office, name):
    assert who(text.format(office)) == (name, office)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{R} ist zufrieden. „Q.“", MOLL),
        ("{R} und {F} sind zufrieden. „Q.“", NOBODY),
        ("Zufrieden ist {R}. „Q.“", MOLL),
        ("{R} traf {F}. „Q.“", MOLL),
        ("{F} kam. Ihm dankte {R}. „Q.“", MOLL),
        ("{F} kam. {R} überreichte ihm eine Urkunde. „Q“, sagte er.", BRANDT),
        ("{F} kam. {R} überreichte ihm eine Urkunde. „Q“, sagte sie.", MOLL),
        ("{F} kam. {R} überreichte ihm eine Urkunde. „Q“, freute sich der Förster.", BRANDT),
        ("{F} kam. {R} überreichte ihm eine Urkunde. „Q“, freute sich Brandt.", BRANDT),
        ("{F} kam. „Wir haben viel zu tun“, sagte er. {R} nickte. „Q.“", MOLL),
        ("{F} kam. „Wir haben viel zu tun“, sagte er. Es regnete. „Q.“", BRANDT),
        ("{F} kam. „Wir haben viel zu tun“, sagte er.\n\n„Q.“", BRANDT),
        ("„Wir haben viel zu tun“, sagte {F}.\n\n„Q“, ergänzte {R}.", MOLL),
        ("„Wir haben viel zu tun“, sagte {F}. Auch {R} freut sich. „Q.“", MOLL),
        ("„Wir haben viel zu tun“, sagte {F}. {R} pflichtet ihm bei: „Q.“", MOLL),
        ("„Wir haben viel zu tun“, sagte {F}. {R} sieht das ähnlich. „Q.“", MOLL),
        ("{R} lobte die Arbeit von {F}. „Q.“", MOLL),
        ("{R} kam. Ihre Bilanz: „Q.“", MOLL),
        ("{R} kam. {F} ging. Ihr Wunsch für die Zukunft: „Q.“", MOLL),
        ("{R} kam. {F} ging. Sein Rat: „Q.“", BRANDT),
        ("{R} kam. Die Sorge der Eltern kann sie verstehen: „Q.“", MOLL),
        ("{R} kam. Sie ergänzte: „Q.“", MOLL),
        ("{R} kam. Auf die Frage nach den Kosten antwortete sie: „Q.“", MOLL),
        ("{R} kam. Dabei betonte sie: „Q.“", MOLL),
        ("{R} kam. Es sei „ein gutes Zeichen für uns alle“.", MOLL),
        ("{R} kam und nannte das Ergebnis „ein gutes Zeichen für uns alle“.", MOLL),
        ("{R} kam. Das Ergebnis nannte sie „ein gutes Zeichen für uns alle“.", MOLL),
        ("Für {R} ist das Ergebnis „ein gutes Zeichen für uns alle“.", MOLL),
        ("Das Ergebnis ist laut {R} „ein gutes Zeichen für uns alle“.", MOLL),
        ("Nach Ansicht von {R} ist das „ein gutes Zeichen für uns alle“.", MOLL),
        ("{R} kam. „Q“, so die Schulleiterin.", MOLL),
        ("{R} kam. „Q“, so eine Schülerin.", (None, "Schülerin")),
        ("{R} kam. „Q“, sagt der zwölfjährige Ben Kurz.", ("Ben Kurz", None)),
        ("{R} kam. „Q“, sagt Schüler Ben (12).", ("Ben", "Schüler")),
        ("{R} kam. „Q“, sagt die Stadtverwaltung.", ("Stadtverwaltung", None)),
        ("{R} kam. „Q“, hieß es von Seiten der Stadtverwaltung.", ("Stadtverwaltung", None)),
        ("{R} kam. „Q“, teilt der Verein mit.", ("Verein", None)),
        ("Anna Moll ist seit 2019 Rektorin. „Q“, sagt sie.", MOLL),
        ("Neue Rektorin ist Anna Moll. „Q“, sagt sie.", MOLL),
        ("Die neue Rektorin heißt Anna Moll. „Q“, sagt sie.", MOLL),
        ("Anna Moll ist die neue Rektorin. „Q“, sagt sie.", MOLL),
        ("Anna Moll wird Rektorin. „Q“, sagt sie.", MOLL),
        ("Rektorin ist seit August Anna Moll. „Q“, sagt sie.", MOLL),
        ("Als Rektorin begrüßt Anna Moll die Kinder. „Q“, sagt sie.", MOLL),
        ("Frau Moll ist Rektorin. „Q“, sagt Anna Moll.", MOLL),
        ("Rektorin Moll kam. „Q“, sagt Anna Moll.", MOLL),
        ("{R} sagte: „Wir haben viel zu tun.“ Und weiter: „Q.“", MOLL),
        ("„Q“ – Anna Moll, Rektorin", MOLL),
        ("„Q.“ (Anna Moll, Rektorin)", MOLL),
        ("Anna Moll (Rektorin): „Q.“", MOLL),
        ("{R}\n\n„Q.“", MOLL),
        ("So formulierte es {R}: „Q.“", MOLL),
        ("„Q!“, rief {R}.", MOLL),
        ("„Q?“, fragte {R}.", MOLL),
        ("„Q!“ rief {R}.", MOLL),
        ("„Q,“ sagte {R}.", MOLL),
        ("„Q.“, sagte {R}.", MOLL),
        ("„Q“ sagte {R}.", MOLL),
        ("„Q“, sagte {R} und {F} nickte.", MOLL),
        ("Es war {R}, die sagte: „Q.“", MOLL),
        ("{R} traf {F}, der betonte: „Q.“", BRANDT),
        ("Während {R} noch zögerte, sagte {F}: „Q.“", BRANDT),
        ("{R} zögerte, doch {F} sagte: „Q.“", BRANDT),
        ("{R} sagte, „Q“.", MOLL),
        ("{R} freut sich über den Preis: „Q.“", MOLL),
        ("{R} ist mit {F} einig: „Q.“", MOLL),
        (
            "Die Rektorin der Schule am See, Anna Moll, kam. „Q“, sagte sie.",
            ("Anna Moll", "Rektorin der Schule am See"),
        ),
        ("Anna Moll leitet die Schule. „Q“, sagt die Rektorin.", MOLL),
        ("{R} kam. „Q“, sagt die 54-Jährige.", MOLL),
        ("{R} kam. „Q“, sagt die Pädagogin.", MOLL),
        ("In einem Brief an die Eltern schreibt {R}: „Q.“", MOLL),
        ("Die Stadt schreibt in einer Mitteilung: „Q.“", ("Stadt", None)),
        ("Im Bericht heißt es dazu: „Q.“", ("Bericht", None)),
        ("Wörtlich heißt es in der Satzung: „Q.“", ("Satzung", None)),
        ("„Q“, schreibt die Jury in ihrer Begründung.", ("Jury", None)),
        ("Die Jury begründet das so: „Q.“", ("Jury", None)),
    ],
)
def test_the_sentences_around(text, expected):
    text = text.replace("{R}", "Rektorin Anna Moll").replace("{F}", "Förster Karl Brandt")
    assert who(text) == expected
