"""Sentence patterns of the replica's releases.

Slots: `{nom} {acc} {dat} {gen}` the thing with adjective and place, `{s_nom}` … the thing alone,
`{er}` its pronoun (all with a capital for the start of a sentence), `{amt}` an office in the
nominative, `{leute}` a group (plural, nominative or accusative), `{place} {district} {motto}
{number} {big} {percent} {million} {day} {date} {month} {year} {time}`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scraper.demo.subjects import Kind

TITLES: Mapping[Kind, tuple[str, ...]] = {
    "building": (
        "{headline}: Bauarbeiten beginnen im {month}",
        "Stadt investiert {million} Mio. Euro in {acc}",
        "„{motto}“: {S_nom} in {district} nimmt Gestalt an",
        "Richtfest in {district}: {S_nom} {place} wächst",
        "Rat macht den Weg frei für {acc}",
        "{headline} öffnet früher als geplant",
        "{district} 2.0: Neue Pläne für {acc}",
        "Bund fördert {acc} mit {million} Mio. Euro",
        "Größer, heller, schöner: {S_nom} {place} ist fertig",
        "Straßenbahn, Schule, Grün: Wie es {place} weitergeht",
    ),
    "event": (
        "{headline} lockt Tausende nach {district}",
        "„{motto}“ – {s_nom} startet am {date}",
        "{S_nom} {place}: Das Programm steht fest",
        "Vorhang auf für {acc}",
        "Mitmachen erwünscht: {S_nom} sucht helfende Hände",
        "Mehr als {big} Gäste feiern „{motto}“",
        "{headline}: Jetzt anmelden!",
        "Fröhliche Gesichter, volle Straßen: {S_nom} {place}",
    ),
    "service": (
        "{headline} hilft jetzt noch schneller",
        "Einfacher geht's nicht: {S_nom} ist gestartet",
        "„{motto}“: So funktioniert {s_nom}",
        "Neu in {district}: {S_nom} öffnet am {date}",
        "{big} Anfragen in {year}: {S_nom} zieht Bilanz",
        "{S_nom} 3.0: Was sich für Bürger*innen ändert",
        "Noch Fragen? {S_nom} {place} gibt Antworten",
    ),
    "notice": (
        "{headline} dauert bis {date}",
        "{S_nom} {place}: Hier wird es ab {day} eng",
        "Achtung, Autofahrende: {headline}",
        "{headline}: Busse fahren anders",
        "{number} Tage Geduld: {S_nom} in {district}",
    ),
}

TOPLINES = (
    "Verwaltungsvorstand informiert über {acc} und die nächsten Schritte in {district}",
    "Gemeinsame Mitteilung der Stadt Dortmund und ihrer Partner zum Projekt „{motto}“",
    "Ergebnisse aus der Sitzung der Bezirksvertretung {district} vom {date} {year}",
)

LEADS: Mapping[Kind, tuple[str, ...]] = {
    "building": (
        "Gute Nachrichten für {district}: {Nom} kommt und kostet {million} Millionen Euro.",
        "Es ist ein großer Schritt für den Stadtteil: Im {month} beginnen die Arbeiten für {acc}.",
        "Lange wurde geplant, jetzt wird gebaut. {Nom} soll bis Jahresende fertig sein.",
        "Die Stadt Dortmund baut aus. Mit {dat} entstehen {number} zusätzliche Plätze.",
    ),
    "event": (
        "{Nom} lädt ein: Am {date} gibt es ab {time} Musik, Gespräche und viel Überraschendes.",
        "Zum {number}. Mal wird am {date} in {district} gefeiert. Der Eintritt ist frei.",
        "Wer Lust auf Neues hat, ist hier richtig: {Nom} bringt die Menschen zusammen.",
    ),
    "service": (
        "{Nom} macht es leichter: Anliegen lassen sich jetzt in wenigen Minuten erledigen.",
        "Mehr Zeit für das Wesentliche: {Nom} ist ab dem {date} für alle da.",
        "Wer Unterstützung sucht, findet sie künftig ganz in der Nähe: {place} in {district}.",
    ),
    "notice": (
        "Ab {day}, {date}, müssen sich Autofahrende {place} auf Einschränkungen einstellen.",
        "{Nom} beginnt am {date} und dauert voraussichtlich {number} Tage.",
    ),
}

BODIES: Mapping[Kind, tuple[str, ...]] = {
    "building": (
        "{Nom} kostet rund {million} Millionen Euro.",
        "{Er} bietet künftig Platz für {number} Kinder und Jugendliche.",
        "Die Bauarbeiten beginnen im {month} und dauern voraussichtlich bis {month2} {year}.",
        "Noch stehen dort Bagger und Kräne, doch schon im {month} soll der Rohbau fertig sein.",
        "Das Land Nordrhein-Westfalen übernimmt {percent} Prozent der Kosten.",
        "Auf dem Dach erzeugt eine Photovoltaikanlage genug Strom für {number} Haushalte.",
        "Für {acc} werden {big} Quadratmeter Fläche entsiegelt.",
        "Auch das Schulbauprogramm kommt voran: {number} Klassenräume sind im Bau.",
        "Das Gelände liegt nur wenige Schritte von der Straßenbahn entfernt.",
        "Während der Bauzeit bleibt der Zugang zu {dat} jederzeit möglich.",
        "Die Pläne für {acc} stammen aus einem Wettbewerb unter {number} Büros.",
        "Regenwasser versickert vor Ort und entlastet so die Kanalisation.",
        "Besonderen Wert legen die Planer*innen auf kurze Wege und viel Tageslicht.",
        "Weil der Baugrund Schwierigkeiten machte, verschiebt sich die Eröffnung um zwei Monate.",
        "Insgesamt {number} Bäume werden neu gepflanzt, darunter Ahorn, Linde und Esche.",
        "Der Entwurf {gen} sieht eine Fassade aus hellem Klinker vor.",
        "Anwohner*innen wurden bereits im {month} in einer Versammlung informiert.",
        "Die Kosten liegen damit um {percent} Prozent über der ersten Schätzung.",
        "Ein Fußgängerüberweg und neue Fahrradbügel machen den Weg zu {dat} sicherer.",
        "Zum Einsatz kommt vor allem Holz aus der Region.",
        "Sobald {s_nom} fertig ist, ziehen auch zwei Vereine ein.",
        "Die alten Gebäude aus den 1970er-Jahren genügten den Anforderungen längst nicht mehr.",
        "Dass {s_nom} so schnell wächst, liegt auch an der Modulbauweise.",
        "Der erste Spatenstich für {acc} liegt erst {number} Wochen zurück.",
    ),
    "event": (
        "{Nom} beginnt am {date} um {time}.",
        "Auf drei Bühnen treten insgesamt {number} Gruppen auf.",
        "Der Eintritt ist frei, eine Anmeldung ist nicht erforderlich.",
        "Im vergangenen Jahr kamen mehr als {big} Besucher*innen.",
        "Für Kinder gibt es eine Rallye, bei der kleine Preise winken.",
        "Wer mit der Stadtbahn anreist, steigt am besten in {district} aus.",
        "Der Workshop am Nachmittag richtet sich an alle, die selbst etwas ausprobieren möchten.",
        "Bei schlechtem Wetter zieht {s_nom} in die Halle nebenan um.",
        "An {number} Ständen bieten Händler*innen Süßes, Herzhaftes und Selbstgemachtes an.",
        "Zum Abschluss spielt eine Band, die in Dortmund längst kein Geheimtipp mehr ist.",
        "{Nom} findet bereits zum {number}. Mal statt.",
        "Vorbereitet wurde {s_nom} von {number} Ehrenamtlichen.",
        "Das Programm reicht von Straßentheater bis Kammermusik.",
        "Auch die Partnerstadt schickt eine Delegation mit {number} Gästen.",
        "Ab {time} führt ein Spaziergang durch das Quartier.",
        "Die Straße bleibt dafür von {day} bis Sonntag für Autos gesperrt.",
        "Gebärdensprachdolmetscher*innen begleiten das Programm auf der großen Bühne.",
        "Unter dem Motto „{motto}“ zeigen Schulklassen, was sie erarbeitet haben.",
        "Getränke gibt es ausschließlich in Mehrwegbechern.",
        "Karten sind zum Preis von {number} Euro an der Abendkasse erhältlich.",
        "Die Fotos {gen} hängen noch bis zum {date} in der Bibliothek.",
    ),
    "service": (
        "{Nom} ist montags bis freitags ab {time} erreichbar.",
        "Im vergangenen Jahr nutzten {big} Menschen das Angebot.",
        "Ein Termin lässt sich online in wenigen Schritten buchen.",
        "Die Beratung ist kostenlos und auf Wunsch anonym.",
        "Neu ist, dass sich Unterlagen nun auch digital einreichen lassen.",
        "Im Schnitt vergehen von der Anfrage bis zur Antwort nur noch {number} Stunden.",
        "Mit {dat} reagiert die Stadt auf die gestiegene Nachfrage.",
        "Die Mitarbeiter*innen sprechen zusammen elf Sprachen.",
        "Wer keinen Computer hat, kann weiterhin anrufen oder vorbeikommen.",
        "Gefördert wird {s_nom} mit {million} Millionen Euro vom Land.",
        "Mitzubringen sind lediglich der Personalausweis und ein aktueller Bescheid.",
        "Rund {percent} Prozent der Anfragen betreffen den Stadtbezirk {district}.",
        "Außerdem gibt es {place} künftig eine Sprechstunde für Gehörlose.",
        "Einen Zuschuss erhält, wer seinen Antrag bis zum {date} stellt.",
        "Das Team {gen} wächst im {month} um drei Kolleg*innen.",
        "Grundlage ist ein Beschluss, den der Rat im {month} gefasst hat.",
        "Für Unternehmen gibt es einen eigenen Zugang.",
        "Ob Heizung, Dämmung oder Dachbegrünung: Alle Fragen sind willkommen.",
        "Die Öffnungszeiten werden ab {month} verlängert.",
        "Wie gut {s_nom} ankommt, zeigt eine Umfrage unter {big} Haushalten.",
    ),
    "notice": (
        "{Nom} beginnt am {day}, {date}, um {time}.",
        "Grund sind Schäden an einer Wasserleitung aus dem Jahr 1958.",
        "Der Verkehr wird mit einer Ampel an der Baustelle vorbeigeführt.",
        "Für den Radverkehr ist eine Umleitung ausgeschildert.",
        "Die Buslinie {number} fährt eine andere Strecke, mehrere Haltestellen entfallen.",
        "Zu Fuß bleiben alle Häuser erreichbar.",
        "Die Arbeiten kosten etwa {big} Euro.",
        "Rettungsfahrzeuge können die Stelle jederzeit passieren.",
        "Bei Frost oder Dauerregen verschieben sich die Arbeiten.",
        "Anlieger*innen erhalten die genauen Zeiten per Hauswurfsendung.",
        "Parkplätze fallen auf einer Länge von {number} Metern weg.",
        "Danach wird die Fahrbahndecke auf ganzer Breite erneuert.",
        "Mit Verzögerungen ist vor allem im Berufsverkehr zu rechnen.",
    ),
}

GENERAL = (
    "{Amt} begleitet das Vorhaben von Anfang an.",
    "{Leute} haben sich lange dafür eingesetzt.",
    "Der Rat der Stadt entscheidet darüber voraussichtlich in seiner Sitzung am {date}.",
    "Die Bezirksvertretung {district} hat einstimmig zugestimmt.",
    "Damit geht ein Wunsch in Erfüllung, den {leute} seit vielen Jahren äußern.",
    "Im Haushalt sind dafür {million} Millionen Euro eingeplant.",
    "{Amt} rechnet damit, dass die Nachfrage weiter steigt.",
    "Das Projekt ist Teil des Programms „{motto}“, an dem sich {number} Einrichtungen beteiligen.",
    "Weitere Informationen veröffentlicht die Stadt, sobald die Einzelheiten feststehen.",
    "Dortmund wächst: Allein {year} sind mehr als {big} Menschen zugezogen.",
    "Auch {leute} konnten ihre Ideen einbringen.",
    "Was {district} besonders macht, ist die Mischung aus Alt und Neu.",
    "{Amt} hat dazu {number} Rückmeldungen ausgewertet.",
    "Nach Angaben der Stadt ist das ein Plus von {percent} Prozent gegenüber dem Vorjahr.",
    "Möglich wurde das durch die enge Zusammenarbeit von Verwaltung, Vereinen und Wirtschaft.",
    "Bis dahin gilt die bisherige Regelung weiter.",
    "In den Gesprächen ging es vor allem um Sicherheit, Sauberkeit und bezahlbaren Wohnraum.",
    "Schritt für Schritt soll so ein Ort entstehen, an dem sich {leute} gern aufhalten.",
)

SUBHEADINGS = ("{district} in Zahlen", "Zeitplan", "Anfahrt", "Gut zu wissen")

HEADINGS = (
    "So geht es weiter",
    "Was sich {place} ändert",
    "Zahlen und Fakten",
    "Ein Gewinn für {district}",
    "Viel Platz für neue Ideen",
    "{million} Millionen Euro für den Stadtteil",
    "„{motto}“ zeigt Wirkung",
    "Bürger*innen gestalten mit",
    "Hintergrund: {S_nom}",
    "Wer macht mit?",
)

OFFICES = (
    "das Tiefbauamt",
    "das Stadtplanungsamt",
    "die Wirtschaftsförderung",
    "das Jugendamt",
    "die Stadtentwässerung",
    "das Grünflächenamt",
    "der Fachbereich Schule",
    "die Feuerwehr",
)
GROUPS = (
    "Eltern",
    "Anwohner*innen",
    "Vereine",
    "Schüler*innen",
    "Jugendliche",
    "Händler*innen",
    "ältere Menschen",
    "Studierende",
)
ITEMS = (
    "{day}, {date}, {time}: Führung mit {number} Plätzen",
    "{day}, {date}, {time}: Gespräch über „{motto}“",
    "{number} neue Fahrradbügel {place}",
    "{big} Quadratmeter Grün statt Asphalt",
    "barrierefreie Wege zu {dat}",
    "{percent} Prozent weniger Lärm",
    "Sprechstunde in {district} ab {time}",
    "Sitzbänke, Trinkbrunnen und Sonnensegel",
)
ALT_TEXTS = (
    "Visualisierung: {headline}",
    "Mehrere Kinder laufen über einen Schulhof.",
    "Zwei Frauen und ein Mann halten einen Spaten in der Hand.",
    "Luftbild von {district} mit viel Grün",
    "Ein Mann erklärt einer Gruppe einen Bauplan.",
    "Blick auf die Straße {place}",
    "Menschen sitzen an langen Tischen unter bunten Wimpeln.",
)
CAPTIONS = (
    "So soll {s_nom} {place} aussehen.",
    "Beim Rundgang durch {district} wurde viel diskutiert.",
    "Rund {number} Gäste kamen zur Eröffnung.",
    "Noch ist hier eine Baustelle: Im {month} soll alles fertig sein.",
    "{Leute} haben am Modell mitgebaut.",
)
LINK_SENTENCES = (
    ("Alle Termine stehen auf der {link}.", "Seite der Stadt Dortmund"),
    ("Fragen beantwortet das {link}.", "Serviceportal"),
    ("Wie die Förderung funktioniert, erklärt der {link}.", "Überblick über alle Programme"),
    ("Anmelden können sich {leute} über das {link}.", "Onlineformular der Stadt"),
)
EXTERNAL_SITES = (
    ("https://www.radrevier.example/", "Radrevier Ruhr"),
    ("https://www.land.example/foerderung?programm=staedtebau&jahr=2025", "Städtebauförderung"),
    ("https://www.partnerstadt.example/de/", "Seite der Partnerstadt"),
)
DOWNLOADS = ("Lageplan", "Programmheft", "Faktenblatt", "Pressemitteilung", "Umleitungsplan")
"""Names of attached files."""
DOWNLOAD_PAGES = {
    "lageplan": (
        "Legende: Baufeld, Feuerwehrzufahrt, Flurstücksgrenzen. Maßstab 1 : 500.",
        "Leitungsbestand: Fernwärme und Trinkwasser liegen unter dem Gehweg.",
    ),
    "programmheft": (
        "Programmübersicht: Einlass eine Stunde vor Beginn, Garderobe im Untergeschoss.",
        "Barrierefreiheit: Rollstuhlplätze und Gebärdensprachdolmetscher auf Anfrage.",
    ),
    "faktenblatt": ("Zahlen und Fakten: Bauzeit, Quadratmeter, Fördermittel des Landes.",),
    "umleitungsplan": (
        "Umleitungsstrecke: Die Haltestellen werden in Fahrtrichtung Innenstadt verlegt.",
    ),
}
"""What stands on the further pages of each, in no release."""
