"""A text in another language gives no quotations; a foreign sentence in a German one does."""

import pytest

from scraper.quotes import find_quotes, trace
from scraper.quotes.language import is_german, language_of

TEXTS = {
    "de": "Die Stadt hat am Montag mit dem Bau der neuen Brücke begonnen, und alle sind froh.",
    "en": "The city has started to build the new bridge, and all of them are happy.",
    "fr": "La ville a commencé les travaux du pont, et tous sont très contents.",
    "it": "La città ha iniziato i lavori del ponte, che sono più lunghi e non finiti.",
    "es": "La ciudad ha empezado las obras del puente, y todos están muy contentos.",
    "nl": "De stad heeft het werk aan de brug gestart, en wij zijn blij met het plan.",
    "pl": "Miasto już się cieszy, że budowa mostu jest gotowa, oraz dla ludzi.",
    "tr": "Şehir yeni köprü için çok para harcadı ve bu bir başarı olarak var.",
    "uk": "Місто будує міст, який вже є, та це не для всіх, але також про людей.",
    "ru": "Город строит мост, который уже есть, и это не для всех, но также для нас.",
}
ENGLISH = "Mayor Anna Moll said the plan was good for them. “We are happy with that,” said Moll."
FRENCH = "« Nous sommes très contents de ce pont », dit la maire Anna Moll, et les gens sont là."
GERMAN = "Rektorin Anna Moll ist mit dem Bau der Brücke zufrieden. „Wir sind sehr froh“, sagt sie."


@pytest.mark.parametrize(("tag", "text"), TEXTS.items())
def test_the_language_is_told_by_its_function_words(tag, text):
    assert language_of(text) == tag
    assert is_german(text) == (tag == "de")


@pytest.mark.parametrize(
    "text", ["", "Anna Moll", "42 %", "OK, Google", "Moin Lüüd, wo geiht dat?"]
)
def test_too_few_words_tell_no_language(text):
    assert language_of(text) is None
    assert is_german(text)


@pytest.mark.parametrize("text", [ENGLISH, FRENCH, f"{ENGLISH}\n\n“That is it,” said Moll."])
def test_other_languages_give_no_quotations(text):
    assert find_quotes(text) == ()


@pytest.mark.parametrize("foreign", [ENGLISH, FRENCH])
def test_a_foreign_paragraph_in_a_german_text_is_passed_over(foreign):
    for text in (f"{GERMAN}\n\n{foreign}", f"{foreign}\n\n{GERMAN}"):
        (quote,) = find_quotes(text, headline="Das „Haus“ ist da")
        assert (quote.text, quote.speaker) == ("Wir sind sehr froh", "Anna Moll")
        assert text[quote.start : quote.end] == quote.text


def test_an_english_sentence_may_be_quoted():
    text = "„We are happy with all that you have done for them“, sagt Rektorin Anna Moll."
    assert [quote.speaker for quote in find_quotes(text)] == ["Anna Moll"]


def test_no_rule_is_named_for_what_is_passed_over():
    assert [(one.quote, one.speech_rule) for one in trace(ENGLISH)] == [(None, None)]
