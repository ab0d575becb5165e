"""Each rule decides its own example, and no other one's; patterns mean what they say."""

import pytest

from scraper.quotes import trace
from scraper.quotes.context import context
from scraper.quotes.mentions import enter_people, list_mentions
from scraper.quotes.people import Register
from scraper.quotes.resolve import Resolver
from scraper.quotes.rules.catalogue import SPEAKERS, SPEECH
from scraper.quotes.rules.pattern import Pattern
from scraper.quotes.rules.scene import Scene
from scraper.quotes.spans import find_spans
from scraper.quotes.tokens import tokenize

SPEECH_RULES = [rule for table in SPEECH for rule in table.rules]
SPEAKER_RULES = [rule for table in SPEAKERS for rule in table.rules]
RULES = SPEECH_RULES + SPEAKER_RULES


def decided(rule):
    """The rules that decided the quoted string of a rule's example: speech, and speaker."""
    one = trace(rule.example)[rule.decides]
    return one.speech_rule, one.speaker_rule


@pytest.mark.parametrize("rule", SPEECH_RULES, ids=lambda rule: rule.id)
def test_a_rule_of_speech_decides_its_own_example(rule):
    assert decided(rule)[0] == rule.id
    one = trace(rule.example)[rule.decides]
    assert (one.quote is None) == (rule.yields is None)


@pytest.mark.parametrize("rule", SPEAKER_RULES, ids=lambda rule: rule.id)
def test_a_rule_of_speakers_decides_its_own_example(rule):
    assert decided(rule)[1] == rule.id


def test_no_rule_decides_the_example_of_another_one_of_its_kind():
    speech = {rule.id: decided(rule)[0] for rule in SPEECH_RULES}
    speakers = {rule.id: decided(rule)[1] for rule in SPEAKER_RULES}
    for rules in (speech, speakers):
        assert all(own == by for own, by in rules.items())
        assert len(set(rules.values())) == len(rules)


def test_names_of_rules_are_unique_and_say_their_table():
    names = [rule.id for rule in RULES]
    assert len(set(names)) == len(names)
    for table in (*SPEECH, *SPEAKERS):
        assert len({rule.id.partition(".")[0] for rule in table.rules}) == 1


def scene(text):
    tokens = tokenize(text, find_spans(text))
    register = Register()
    list_mentions(tokens, register, enter_people(tokens, register))
    return Scene(tokens, register, Resolver(tokens, register), context(tokens, 0), [])


SAID = "„Wir bauen das Bad“, sagt Rektorin Anna Moll."
LED = "Gestern rief Rektorin Anna Moll: „Wir bauen das Bad“"


@pytest.mark.parametrize(
    ("pattern", "text", "kept"),
    [
        ("Q", SAID, []),
        ("^ Q , sagt|sagte", SAID, []),
        ("Q , so", SAID, None),
        ("Q @PAUSE? so? @VERB @WHO", SAID, ["Rektorin"]),
        ("Q !@DASH", SAID, []),
        ("Q !,", SAID, None),
        ("Q … @SUBJECT . $", SAID, ["Rektorin"]),
        ("Q … @PAPER", SAID, None),
        ("^ @CAPITAL @VERB @NAME : Q", LED, ["Rektorin"]),
        ("^ … : Q", LED, []),
        ("@NUMBER … Q", LED, None),
        ("^ Q", LED, None),
        (": Q $", LED, []),
        ("@LOWER @NAME ,? : Q", LED, ["Rektorin"]),
    ],
)
def test_what_a_pattern_fits(pattern, text, kept):
    found = Pattern(pattern).match(scene(text))
    words = scene(text).tokens.words
    assert (found and [words[mention.first] for mention in found]) == kept or found == kept


def test_a_pattern_with_an_unknown_class_is_refused():
    with pytest.raises(ValueError, match="@NOTHING is no class"):
        Pattern("Q @NOTHING")
    with pytest.raises(ValueError, match="Q"):
        Pattern("no quotation here")


@pytest.mark.parametrize(
    ("pattern", "words"),
    [("Q , so|wie", {"so", "wie"}), ("Q @PAUSE? so? heißt", {"so", "heißt"}), ("Q !so", None)],
)
def test_rules_are_found_by_the_word_behind_the_quotation(pattern, words):
    assert Pattern(pattern).first_words() == words
