"""The mood of a verb by its form: what shows a subjunctive, and what only looks like one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scraper.quotes.indirect_mood import FIRST, NONE, OPEN, SECOND, first_subjunctive, mood


@pytest.mark.parametrize(
    "word",
    "sei seien habe werde könne müsse dürfe solle wolle gebe gehe komme stehe lasse wisse "
    "tue brauche reiche bleibe liege finde halte ändere verbessere sammle sammele "
    "informiere finanziere öffne arbeite leiste bereitstelle anbiete hinweise aufnehme "
    "stattfinde zurückgehe verschlinge bereue entstehe aufwachse übernehme widerspreche "
    "zusammenarbeite".split(),
)
def test_a_first_subjunctive(word):
    assert mood(word) == FIRST


@pytest.mark.parametrize(
    "word",
    "wäre wären hätte hätten würde würden könnte könnten müsste müssten käme kämen gäbe "
    "gäben ginge fände fänden stünde stünden läge lägen nähme bräuchte bräuchten wüsste "
    "wüssten ließe bliebe hielte fiele liefe spräche träfe bekäme verlöre böte zöge flöge "
    "flössen säßen bestünde entstünden verschwänden brächte dächte trüge trügen hinge "
    "hülfe".split(),
)
def test_a_second_subjunctive(word):
    assert mood(word) == SECOND


@pytest.mark.parametrize(
    "word", "blieben gingen liefen fielen fehlten brauchten sollte sollten wollte dürfte".split()
)
def test_a_form_that_may_be_a_preterite(word):
    assert mood(word) == OPEN


@pytest.mark.parametrize(
    "word",
    "heute ohne eine seine keine alle viele gerne beinahe neue große kleine lange gute "
    "reine volle geringe vornehme gewisse zufolge anstelle infrage zutage zuliebe "
    "teilweise beispielsweise führen lügen gehen haben kam kamst gesagt sagte achtes "
    "zweite geht ist war".split(),
)
def test_what_only_looks_like_one(word):
    assert mood(word) == NONE


def test_the_first_subjunctive_is_formed_from_the_infinitive():
    assert first_subjunctive("reichen") == ["reiche"]
    assert first_subjunctive("ändern")[0] == "ändere"
    assert first_subjunctive("sammeln") == ["sammle", "sammele"]
    assert first_subjunctive("sein") == ["sei"]
    assert first_subjunctive("tun") == ["tue"]


@given(st.text(max_size=80))
def test_any_word_has_a_mood(word):
    assert mood(word) in {NONE, FIRST, SECOND, OPEN}
