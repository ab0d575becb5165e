from __future__ import annotations

import pytest

from scraper.archive.search.compounds import is_related
from scraper.archive.search.query import parse_query
from scraper.errors import UsageError


@pytest.mark.parametrize(
    ("typed", "expression"),
    [
        ("Häuser", '(("haus"))'),
        ("Häuser Straßen", '(("haus")) AND (("strass"))'),
        ('"neue Häuser"', '(("neu haus"))'),
        ("„neue Häuser“", '(("neu haus"))'),
        ('"neue Häuser', '(("neu")) AND (("haus"))'),
        ("Haus -Straße", '((("haus"))) NOT (("strass"))'),
        ('Haus -"neue Straße"', '((("haus"))) NOT (("neu strass"))'),
        ("Haus OR Straße", '(("haus") OR ("strass"))'),
        ("Rat Haus OR Straße", '(("rat")) AND (("haus") OR ("strass"))'),
        ("OR Haus OR", '(("haus"))'),
        ("title:Haus", '(title : ("haus"))'),
        ("Titel: Haus", '(title : ("haus"))'),
        ("Häus*", '(("haus" * OR "haus"))'),
        ("Poetry-Slam", '(("potry slam" OR "potryslam"))'),
        ("3,5 Mio", '(("3 5")) AND (("mio"))'),
        ("12.500", '(("12500"))'),
        ("12 500 Bäume", '(("12500")) AND (("baum"))'),
        ('"12 500 Bäume"', '(("12500 baum"))'),
        ("2026 500", '(("2026")) AND (("500"))'),
        ("Neubauten", '(("neubau"))'),
        ("das Haus in der Straße", '(("haus")) AND (("strass"))'),
        ("der die das", '(("der")) AND (("die")) AND (("das"))'),
        ("Haus haus HAUS", '(("haus"))'),
        ("- Haus –", '(("haus"))'),
        ("Bürger*innen", '(("burg"))'),
        ("Stau B 1", '(("stau")) AND (("b1"))'),
        ("Stau -b 1", '((("stau"))) NOT (("b1"))'),
    ],
)
def test_what_a_query_means(typed, expression):
    assert parse_query(typed).expression() == expression


@pytest.mark.parametrize(
    "typed", ["", "  ", '"', "-", "OR", "***", "-Haus", "title:", "a" * 2_001, "\0", "(){}[]^:;"]
)
def test_what_cannot_be_looked_for_is_said(typed):
    with pytest.raises(UsageError):
        parse_query(typed)


def test_too_many_words_are_said():
    with pytest.raises(UsageError, match="100 different words"):
        parse_query(" ".join(f"wort{number}" for number in range(100)))


@pytest.mark.parametrize(
    ("stem", "word", "whole", "expected"),
    [
        ("schul", "schule", "grundschul", True),
        ("schulbau", "schulbau", "schulbauprogramm", True),
        ("schul", "schule", "schulbau", True),
        ("feu", "feuer", "feuerwehr", True),
        ("feu", "feuer", "feucht", False),
        ("amt", "amt", "gesamt", False),
        ("amt", "amt", "grunflachenamt", True),
        ("bild", "bild", "bildung", False),
        ("sperr", "sperren", "sperrung", True),
        ("pflanz", "pflanzen", "gepflanzt", True),
        ("pflanzt", "pflanzt", "pflanz", True),
        ("gesperrt", "gesperrt", "sperrung", True),
        ("pflanzung", "pflanzung", "baumpflanz", True),
        ("schul", "schule", "schul", False),
    ],
)
def test_what_is_akin(stem, word, whole, expected):
    assert is_related(stem, word, whole) is expected
