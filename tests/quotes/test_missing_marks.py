"""A quotation whose closing or opening mark is missing never takes narration with it."""

import pytest

from scraper.quotes import find_quotes, unpaired
from scraper.quotes.spans import find_spans

KOCH = "Bürgermeister Arne Kock kam zum Deich. "
SAID = "Ohne euch stünde hier das Wasser."


def found(text):
    return [(quote.text, quote.speaker) for quote in find_quotes(text)]


@pytest.mark.parametrize(
    "narration",
    [
        "Besonders hob Kock die Nachtwache hervor.",
        "Bürgermeister Kock dankte auch den Bäckereien.",
        "Er dankte auch den Bäckereien.",
        "Der Bürgermeister verwies auf die Kosten.",
        "Die Feuerwehr löschte am Abend den Brand.",
        "Am Montag wurde die Mole gesperrt.",
        "Stadträtin Ida Lenz war anderer Meinung.",
        "Auch Pressesprecherin Lenz war dabei.",
    ],
)
@pytest.mark.parametrize(
    "rest", ["", " Dann war Schluss.", " „Bis zum nächsten Jahr hier am Deich“, sagte Kock."]
)
def test_a_missing_closing_mark_ends_before_the_narration(narration, rest):
    words, speaker = found(f"{KOCH}„{SAID} {narration}{rest}")[0]
    assert words == SAID
    assert speaker in {"Arne Kock", None}


@pytest.mark.parametrize("tag", [", lobte Kock", ", sagte er", " – so der Bürgermeister"])
def test_a_missing_closing_mark_ends_before_the_speech_tag(tag):
    assert found(f"{KOCH}„Ohne euch stünde hier das Wasser{tag}. Dann war Schluss.")[0] == (
        SAID[:-1],
        "Arne Kock",
    )


def test_several_sentences_of_the_speaker_are_kept():
    text = f"{KOCH}„{SAID} Der Deich hält. Wir sind stolz auf euch. Kock gab jedem die Hand."
    assert found(text)[0][0] == f"{SAID} Der Deich hält. Wir sind stolz auf euch."


def test_a_quotation_that_goes_on_in_the_next_paragraph_is_whole():
    text = (
        f"{KOCH}Er rief: „{SAID} Er hält, der Deich.\n\n„Und er wird halten.“\n\nDann gab es Brot."
    )
    assert found(text)[0] == (f"{SAID} Er hält, der Deich.", "Arne Kock")


def test_narration_behind_a_missing_mark_names_nobody_as_the_speaker():
    assert found(f"„{SAID} Stadträtin Ida Lenz war anderer Meinung.") == [(SAID, None)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Der Bau ist fertig. Jetzt kommt der Garten dran“, freut sich X.", None),
        (f"{KOCH}Jetzt kommt der Garten dran“, freut sich X.", "Jetzt kommt der Garten dran"),
        (
            "Am Montag wurde gefeiert. Jetzt kommt der Garten dran“, so X.",
            "Jetzt kommt der Garten dran",
        ),
        (
            "„Das war ein Fest“, so X. Jetzt kommt der Garten dran“, ergänzt X.",
            "Jetzt kommt der Garten dran",
        ),
    ],
)
def test_a_missing_opening_mark(text, words):
    text = text.replace("X", "Rektorin Anna Moll")
    wanted = words or text[: text.index("“")]
    assert (wanted, "Anna Moll") in found(text)


@pytest.mark.parametrize(
    "text",
    [
        "Das Projekt heißt Brücke“ und ist neu.",
        "Rektorin Anna Moll kam zum Fest“, und alle waren da.",
        "Ein Bildschirm mit 24“, sagt man, ist groß genug für Rektorin Anna Moll.",
    ],
)
def test_a_stray_closing_mark_quotes_nobody(text):
    assert [words for words, speaker in found(text) if speaker] == []


@pytest.mark.parametrize(
    ("opener", "closer"),
    [("« ", " »"), ("» ", " «"), ('" ', ' "'), ("'", "'"), ("‘", "’"), ("’", "’"), ("“", "„")],
)
def test_blanks_inside_and_single_and_reversed_marks(opener, closer):
    text = f"{opener}Wir bauen das Bad im Mai neu{closer}, sagt Rektorin Anna Moll."
    text += " Gut geht's Max' Rad."
    assert found(text) == [("Wir bauen das Bad im Mai neu", "Anna Moll")]


@pytest.mark.parametrize(
    "text", ["Start » Rathaus » Presse » Das ist neu.", "Hans' Rad und Max' Auto.", '24 " breit.']
)
def test_arrows_apostrophes_and_inches_are_no_marks(text):
    assert find_spans(text) == []


def test_only_so_many_missing_marks_are_looked_for(monkeypatch):
    asked = []
    monkeypatch.setattr(unpaired, "_first_tag", lambda *_: asked.append(1))
    find_spans("„Das geht. Kock kam und ging. " * 500 + "Das geht“, sagt Kock. " * 500)
    assert 0 < len(asked) <= 50


def test_words_behind_a_lead_in_need_no_opening_mark():
    assert found(f"Bürgermeister Arne Kock sagte: {SAID}“ Danach gab es Tee.") == [
        (SAID, "Arne Kock")
    ]
    assert found(f"Es fehlt nur eins: {SAID}“ Danach gab es Tee.") == []
