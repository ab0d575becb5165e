"""One test per construction: the words, the speaker, the office, or nothing."""

import json
from pathlib import Path

import pytest

from scraper.quotes import Person, find_quotes, with_quotes
from scraper.records import Article, Image, Quote

REAL = Path(__file__).parents[3] / "shared" / "real" / "dortmund"


def said(text, **beside):
    return [(q.text, q.speaker, q.role) for q in find_quotes(text, **beside)]


def speakers(text, **beside):
    return [(q.speaker, q.role) for q in find_quotes(text, **beside)]


MOLL = ("Jana Moll", "Baudezernentin")


@pytest.mark.parametrize(
    "tag",
    [
        "sagt Baudezernentin Jana Moll",
        "so Baudezernentin Dr. Jana Moll",
        "freut sich Baudezernentin Jana Moll",
        "fügt Baudezernentin Jana Moll hinzu",
        "ist sich Baudezernentin Jana Moll sicher",
        "begründet die Baudezernentin Prof. Dr. Jana Moll den Schritt",
        "teilt die neue Baudezernentin Jana Moll mit",
        "veranschaulicht Jana Moll (Baudezernentin)",
        "meint Jana Moll, Baudezernentin",
        "sagt die Baudezernentin, Jana Moll",
        "sagte am Freitag Baudezernentin Jana Moll",
    ],
)
def test_the_speaker_follows(tag):
    assert said(f"„Wir bauen hier bis zum Herbst“, {tag}.") == [
        ("Wir bauen hier bis zum Herbst", *MOLL)
    ]


@pytest.mark.parametrize(
    "lead",
    [
        "Baudezernentin Jana Moll betonte:",
        "Baudezernentin Jana Moll:",
        "Dazu Baudezernentin Jana Moll (SPD):",
        "Baudezernentin Jana Moll macht keinen Hehl daraus:",
        "Jana Moll, Baudezernentin, zeigt sich überzeugt:",
        "Baudezernentin Jana Moll kam. Sie sagte:",
        "Baudezernentin Jana Moll hörte zu. Ihre Antwort:",
    ],
)
def test_the_speaker_leads_in(lead):
    assert said(f"{lead} „Wir bauen bis zum Herbst.“") == [("Wir bauen bis zum Herbst.", *MOLL)]


def test_a_split_quotation_has_one_speaker():
    text = "„Wir bauen bis zum Herbst“, sagt Baudezernentin Jana Moll, „und dann ist Ruhe.“"
    assert said(text) == [("Wir bauen bis zum Herbst", *MOLL), ("und dann ist Ruhe.", *MOLL)]


def test_the_second_half_may_be_a_sentence_of_its_own():
    text = "„Wir bauen bis zum Herbst“, sagt Baudezernentin Jana Moll. „Dann ist wieder Ruhe.“"
    assert speakers(text) == [MOLL, MOLL]


def test_the_sentence_before_tells_the_speaker():
    assert speakers("Baudezernentin Jana Moll freut das. „Endlich geht es hier voran.“") == [MOLL]


def test_the_paragraph_before_tells_the_speaker():
    text = "Baudezernentin Jana Moll kam.\n\nEs regnete.\n\n„Endlich geht es hier voran.“"
    assert speakers(text) == [MOLL]


def test_the_headline_tells_the_speaker():
    text = "„Ich gehe mit einem lachenden Auge.“ Nach elf Jahren ist Schluss."
    assert speakers(text) == [(None, None)]
    assert speakers(text, headline="Baudezernentin Jana Moll hört auf") == [MOLL]


def test_nothing_is_quoted_from_the_headline():
    text = "„Wir bauen bis zum Herbst“, sagt Moll."
    quotes = find_quotes(text, headline="Baudezernentin Jana Moll: „Das wird ein gutes Jahr“")
    assert [(q.speaker, text[q.start : q.end]) for q in quotes] == [
        ("Jana Moll", "Wir bauen bis zum Herbst")
    ]


def test_a_signature_tells_the_speaker():
    text = "„Wir bauen bis zum Herbst.“\n\nDr. Jana Moll, Leiterin des Bauamts\n\nMehr dazu später."
    assert speakers(text) == [("Jana Moll", "Leiterin des Bauamts")]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("„Die Gleise sind wieder frei“, teilten die Verkehrsbetriebe mit.", "Verkehrsbetriebe"),
        ("„Die Gleise sind wieder frei“, warnt die Stadt Hagen.", "Stadt Hagen"),
        ("„Der Entwurf überzeugt uns alle“, urteilte die Jury.", "Jury"),
        ("„Der Rat möge das beschließen“, heißt es in der Vorlage.", "Vorlage"),
        ("In dem Antrag heißt es: „Der Rat möge das beschließen.“", "Antrag"),
        ("„Der Entwurf überzeugt uns“, heißt es in der Begründung der Jury.", "Jury"),
    ],
)
def test_an_organisation_or_a_paper_speaks(text, speaker):
    assert speakers(text) == [(speaker, None)]


@pytest.mark.parametrize(
    ("tag", "role"),
    [
        ("berichtet eine Anwohnerin", "Anwohnerin"),
        ("rät ein Polizeisprecher", "Polizeisprecher"),
        ("erzählt ein Vertreter des Investors", "Vertreter des Investors"),
        ("sagt die Schulleiterin", "Schulleiterin"),
    ],
)
def test_only_the_office_is_known(tag, role):
    assert speakers(f"„Das gab es hier noch nie“, {tag}.") == [(None, role)]


def test_nobody_is_known():
    assert speakers("„Das gab es hier noch nie“, war überall zu hören.") == [(None, None)]
    assert (
        speakers("„Das gab es noch nie.“ „Wer zahlt das alles?“ Die Meinungen sind geteilt.")
        == [(None, None)] * 2
    )


def test_a_surname_becomes_the_full_name():
    text = "Baudezernentin Jana Moll kam. Kurt Lau, Leiter des Bauhofs, ging. "
    assert speakers(text + "„Das geht so nicht weiter“, sagt Moll.") == [MOLL]


def test_a_noble_name_keeps_its_particles():
    text = "Stadtförster Egon von der Heydt pflanzt. „Das wächst hier gut“, sagt von der Heydt."
    assert speakers(text) == [("Egon von der Heydt", "Stadtförster")]


def test_two_of_one_surname_are_nobody():
    text = (
        "Rektorin Julia Krämer und Hausmeister Jo Krämer kamen. „Das gab es noch nie“, so Krämer."
    )
    assert speakers(text) == [(None, None)]


def test_two_of_one_surname_differ_by_office():
    text = "Rektorin Julia Krämer und Förster Jo Krämer kamen. „Das gab es nie“, so die Rektorin."
    assert speakers(text) == [("Julia Krämer", "Rektorin")]


def test_an_office_becomes_the_full_name():
    text = "Oberbürgermeister Kurt Lau kam mit Kämmerin Jana Moll. "
    assert (
        speakers(text + "„Das gab es noch nie“, sagte der Oberbürgermeister.")[0][0] == "Kurt Lau"
    )
    assert speakers(text + "„Das gab es noch nie“, sagte die Kämmerin.")[0][0] == "Jana Moll"
    assert speakers(text + "„Das gab es noch nie“, sagte der OB.")[0][0] == "Kurt Lau"


def test_an_office_that_two_hold_is_nobody():
    text = (
        "Stadtrat Kurt Lau und Stadtrat Emil Moll kamen. „Das gab es noch nie“, rief der Stadtrat."
    )
    assert speakers(text)[0][0] != "Kurt Lau"
    assert speakers(text)[0][0] != "Emil Moll"


def test_a_pronoun_goes_by_gender():
    text = "Kämmerin Jana Moll lobte Förster Kurt Lau. „Das gab es noch nie“, sagte {}."
    assert speakers(text.format("sie")) == [("Jana Moll", "Kämmerin")]
    assert speakers(text.format("er")) == [("Kurt Lau", "Förster")]


def test_a_pronoun_without_anybody_is_nobody():
    assert speakers("Kämmerin Jana Moll kam. „Das gab es noch nie“, sagte er.") == [(None, None)]


def test_an_office_told_one_sentence_later():
    text = "„Das gab es noch nie“, sagt Jana Moll. Die Försterin hat lange gewartet."
    assert speakers(text) == [("Jana Moll", "Försterin")]


@pytest.mark.parametrize(
    "text",
    [
        "Kämmerin Jana Moll sprach von einem „Meilenstein für die ganze Region“.",
        "Kämmerin Jana Moll nannte den Entwurf „gut gemeint und schlecht gerechnet“.",
        "Kämmerin Jana Moll kam. Der Entwurf sei „gut gemeint und schlecht gerechnet“.",
        "Der Entwurf, so Kämmerin Jana Moll, ist „gut gemeint und schlecht gerechnet“.",
        "Man plane „gut gemeint und schlecht gerechnet“, so Kämmerin Jana Moll.",
    ],
)
def test_a_fragment_of_reported_speech(text):
    assert speakers(text) == [("Jana Moll", "Kämmerin")]


@pytest.mark.parametrize(
    "text",
    [
        "Das Projekt „Wir bauen uns eine Stadt“ beginnt am Montag.",
        "Unter dem Motto „Eine Stadt für alle Menschen“ lädt Kämmerin Jana Moll ein.",
        "„Ich bin dann mal ganz still“ – so heißt das neue Stück.",
        "„Eine Stadt hält den Atem an“ – unter diesem Titel läuft die Schau.",
        "„Eine Stadt hält den Atem an“ heißt die Schau von Jana Moll.",
        "„Morgenstund hat Gold im Mund“, heißt es ja so schön.",
        "Der sogenannte „Tag der offenen Tür im Rathaus“ fällt aus.",
        "Jana Moll liest aus ihrem Buch: „Als die Ruhr noch schwarz war“.",
        "Auf der Tafel steht: „Bitte den Rasen nicht betreten.“",
        "Kämmerin Jana Moll eröffnet die Ausstellung „Zwischen den Stühlen sitzen wir gut“.",
        "Die Ergebnisse waren „angekommen“, berichtete auch Jana Moll.",
        "Zu sehen sind „Der alte Mann am Meer“, „Die Frau am Fluss“ und „Das Kind am See“.",
        "Neujahrsempfang: „Mut steht uns allen gut“",
    ],
)
def test_names_titles_and_sayings_are_no_speech(text):
    assert said(text) == []


def test_offsets_are_exact_and_in_order():
    text = "»Wir bauen bis zum Herbst«, sagt Jana Moll. »Dann ist hier wieder Ruhe.«"
    quotes = find_quotes(text)
    assert [text[q.start : q.end] for q in quotes] == [q.text for q in quotes]
    assert len(quotes) == 2


def test_captions_and_known_people_tell_full_names():
    text = "„Wir bauen bis zum Herbst“, sagt Moll."
    assert speakers(text)[0][0] != "Jana Moll"
    assert speakers(text, captions=["Kämmerin Jana Moll (links) im Rathaus"]) == [
        ("Jana Moll", "Kämmerin")
    ]
    assert speakers(text, known=[Person("Jana Moll", "Kämmerin")]) == [("Jana Moll", "Kämmerin")]


def test_with_quotes_keeps_blocks_behind_the_prose():
    block = Quote("Wir bauen bis zum Herbst", "Jana Moll", "Kämmerin", "block")
    stale = Quote("Alt", None, None, "prose", 0, 3)
    article = Article(
        "https://example.org/a", "dortmund", title="Neue Brücke",
        text="„Wir bauen bis zum Herbst“, sagt Moll. „Das wird gut werden“, sagt Lau.",
        images=(Image("https://example.org/b.jpg", caption="Förster Kurt Lau"), Image("c.jpg")),
        quotes=(stale, block),
    )  # fmt: skip
    found = with_quotes(article).quotes
    assert [(q.speaker, q.role, q.kind) for q in found] == [
        ("Jana Moll", "Kämmerin", "prose"),
        ("Kurt Lau", "Förster", "prose"),
        ("Jana Moll", "Kämmerin", "block"),
    ]
    assert found[-1] is block
    assert with_quotes(with_quotes(article)) == with_quotes(article)


def test_with_quotes_has_indirect_speech_in_the_order_of_the_text():
    block = Quote("Wir bauen", "Jana Moll", "Kämmerin", "block")
    text = "Das Geld sei da, sagte Moll. „Wir bauen bald das Bad“, sagte Moll. Es werde groß."
    article = Article("https://example.org/a", "dortmund", title="Bad", text=text, quotes=(block,))
    found = with_quotes(article).quotes
    assert [(quote.text, quote.kind) for quote in found] == [
        ("Das Geld sei da, sagte Moll.", "indirect"),
        ("Wir bauen bald das Bad", "prose"),
        ("Es werde groß.", "indirect"),
        ("Wir bauen", "block"),
    ]
    assert {quote.speaker for quote in found} == {"Jana Moll"}
    assert with_quotes(with_quotes(article)) == with_quotes(article)


def test_the_shape_of_the_real_page():
    (quote,) = find_quotes(
        "Endspurt auf vier Baustellen: „Jetzt wird es ernst. Wir streichen und räumen ein. Am "
        "Ende soll alles an seinem Platz stehen“, sagt Jan Moll, Geschäftsführer von KITABAU."
    )
    assert quote.text.startswith("Jetzt wird es ernst.")
    assert quote.text.endswith("alles an seinem Platz stehen")
    assert (quote.speaker, quote.role) == ("Jan Moll", "Geschäftsführer von KITABAU")


@pytest.mark.skipif(not REAL.exists(), reason="the saved pages are not part of the repository")
def test_the_saved_page():
    for path in REAL.glob("*.expected.json"):
        expected = json.loads(path.read_text(encoding="utf-8"))
        text = "\n\n".join(p["text"] for p in expected["paragraphs"])
        found = find_quotes(text, headline=expected["title"])
        assert [(q.text, q.speaker, q.role) for q in found] == [
            (q["text"], q["speaker"], q["role"]) for q in expected["quotes"]
        ]
