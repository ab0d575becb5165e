"""Each rule of indirect speech finds its own example; what only looks like it is none."""

import pytest

from scraper.quotes.indirect import read_indirect
from scraper.quotes.indirect_rules import RULES
from scraper.quotes.reading import read
from scraper.quotes.spans import find_spans


def find(text):
    return read_indirect(read(text, find_spans(text)), ())


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_finds_its_example(rule):
    (found,) = find(f"Am Montag schneite es. {rule.example} Um acht war Schluss.")
    assert found.rule == rule.id
    assert found.voice.name


def test_the_identifiers_are_distinct():
    assert len({rule.id for rule in RULES}) == len(RULES)


@pytest.mark.parametrize(
    "text",
    [
        "Es darf laut gesungen werden.",
        "Laut Hausordnung sind Hunde verboten.",
        "Laut Fahrplan hält der Zug stündlich.",
        "Die Straße ist gesperrt, so dass niemand durchkommt.",
        "Der Asphalt ist so alt, dass er bricht.",
        "Wie viele andere Städte spart auch Neuhagen.",
        "Die Zahlen machen deutlich, dass das Angebot gebraucht wird.",
        "Schilder weisen darauf hin, dass gebaut wird.",
        "Die Plakette erinnert daran, dass er hier geboren wurde.",
        "Stadtrat Ole Brodersen sagte seine Teilnahme ab.",
        "Kämmerin Jana Moll erklärte das Fest für eröffnet.",
        "Besucher werden gebeten, rechtzeitig zu kommen.",
        "Kämmerin Jana Moll, Sprecherin des Chors, bittet die Gäste um Geduld.",
        "Kämmerin Jana Moll dankte allen und wünschte frohe Tage.",
        "Für Kinder ist der Eintritt frei.",
        "Für Kämmerin Jana Moll ist es bereits der dritte Titel.",
        "Nach dem Regen schien die Sonne.",
        "Sie hatte Tränen in den Augen.",
        "Näheres finden Sie hier, wo die Karten liegen.",
        "Ob das Messer benutzt wird, weiß Kämmerin Jana Moll nicht.",
    ],
)
def test_what_looks_like_it(text):
    assert find(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Man nehme ein Pfund Äpfel und etwas Zimt.",
        "Es sei denn, es regnet.",
        "Allen Helfern sei gedankt.",
        "Es sah aus, als sei ein Sturm durch den Park gezogen.",
        "Es klang, als ob er lache.",
        "Es lebe der Chor.",
        "Alles wird gehäckselt, sei es Eiche oder Linde.",
        "Der Zaun ist hoch, damit niemand zu Schaden komme.",
        "Die Frage, ob die Brücke zu retten sei, beschäftigt die Fachleute.",
        "Hätten Sie es gewusst?",
        "Ohne Gurt wäre der Fahrer verletzt worden.",
        "Schreiben Sie an presse@stadt.example heute.",
        "Ich habe lange gewartet.",
        "Das ist eine sichere und reiche Stadt mit einer treue Seele.",
        "Emma fragte, ob er gelogen habe.",
        "Die Jungen dürften im Juli flügge sein.",
        "Kämmerin Jana Moll lobte die Helfer, ohne die nichts möglich wäre.",
        "Gebaut wird im Herbst, sodass im Mai gefeiert werden könnte.",
        "Wir fordern die Verwaltung auf, ein Konzept vorzulegen.",
    ],
)
def test_the_subjunctives_of_the_writer(text):
    assert find(text) == []


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Das Geld reiche nicht, sagte Kämmerin Jana Moll.", "Jana Moll"),
        ("Das Geld reicht nicht, räumte Kämmerin Jana Moll ein.", "Jana Moll"),
        ("Das Geld fehlt, hat Kämmerin Jana Moll beobachtet.", "Jana Moll"),
        ("Die Feuerwehr rät, Fenster geschlossen zu halten.", "Feuerwehr"),
        ("Die Feuerwehr ruft dazu auf, Fenster zuzumachen.", "Feuerwehr"),
        ("Kämmerin Jana Moll erzählte, wie der Pegel stieg.", "Jana Moll"),
        ("Kämmerin Jana Moll meint, das ist zu schaffen.", "Jana Moll"),
        ("Das Geld, so Kämmerin Jana Moll, reicht.", "Jana Moll"),
        ("Nach eigenen Angaben war die Stadt Neuhagen informiert.", "Stadt Neuhagen"),
        ("Aus Sicht der Feuerwehr ist der Weg zu eng.", "Feuerwehr"),
        ("Nach Berechnungen des Statistikamts wuchs die Stadt.", "Statistikamt"),
        ("Kämmerin Jana Moll hält davon wenig.", "Jana Moll"),
        ("Der Krisenstab teilte mit, dass der Pegel fällt.", "Krisenstab"),
        ("Kämmerin Jana Moll und Stadtrat Ole Brodersen betonten, dass es eilt.", None),
        ("Ein Landwirt meldete, dass Rauch aufsteige.", None),
        ("Kämmerin Jana Moll: Das Geld sei da.", "Jana Moll"),
        ("Das sei rechtens, entschied die Feuerwehr.", "Feuerwehr"),
        ("Das sei rechtens, heißt es aus Mainz.", None),
        ("Laut Angaben der Feuerwehr war der Weg frei.", "Feuerwehr"),
        ("Nach Polizeiangaben war der Weg frei.", "Polizei"),
        ("Der Weg sei frei, wie Jana Moll, Leiterin des Amts, berichtet.", "Jana Moll"),
        ("Die Polizei rät davon ab, die Tür zu öffnen und bittet darum, zu warten.", "Polizei"),
        ("Man könne warten, lautete die Empfehlung der Feuerwehr.", "Feuerwehr"),
        ("Der Lehrerverband begrüsst, dass gebaut wird.", "Lehrerverband"),
        ("Das Finanzamt weist darauf hin: Belege werden nur selten verlangt.", "Finanzamt"),
        ("Dass es gelingt, davon zeigt sich Kämmerin Jana Moll überzeugt.", "Jana Moll"),
    ],
)
def test_who_speaks(text, speaker):
    (found,) = find(text)
    assert found.voice.name == speaker
