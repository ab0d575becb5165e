"""Rules for who speaks when the quotation is part of a sentence: `Moll nannte es Q`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scraper.quotes import lexicon
from scraper.quotes.clauses import nearest_subject, tag_behind
from scraper.quotes.context import quotes_a_paper
from scraper.quotes.focus import body_meant, focus, is_source, reporting_body
from scraper.quotes.resolve import first_subject
from scraper.quotes.rules.after import kept, paper
from scraper.quotes.rules.rule import NOBODY, SpeakerRule, Table
from scraper.quotes.sources import earlier_paper, institution
from scraper.quotes.tokens import BREAK, CAPITAL

if TYPE_CHECKING:
    from scraper.quotes.people import Mention
    from scraper.quotes.rules.scene import Scene


_POSSESSIVES = frozenset({"Sein", "Seine", "Ihr", "Ihre"})


def _mentions(scene: Scene) -> list[Mention]:
    return [m for m in scene.around() if not m.paper]


def _ahead(scene: Scene) -> list[Mention]:
    return [m for m in _mentions(scene) if m.first < scene.here.token]


def _people(scene: Scene) -> list[Mention]:
    return [m for m in _ahead(scene) if m.kind != "organisation"]


def _so(scene: Scene, _kept: list[Mention]) -> Mention | None:
    words, first = scene.tokens.words, scene.here.first
    for mention in _mentions(scene):
        lead = words[max(first, mention.first - 3) : mention.first]
        if words[mention.first - 1] == "so":
            return mention
        if "so" in lead and words[mention.first - len(lead)] in {",", "so"}:
            return mention
    return None


def _as_told(scene: Scene, _kept: list[Mention]) -> Mention | None:
    words = scene.tokens.words
    for mention in _mentions(scene):
        told = set(words[mention.last : mention.last + 2]) & lexicon.SPEECH_VERBS
        if words[mention.first - 2 : mention.first] == [",", "wie"] and told:
            return mention
    return None


def _held_as(scene: Scene, _kept: list[Mention]) -> Mention | None:
    """`Moll gilt als Q`: nobody tells who says so."""
    passive = {"gilt", "galt", "gelten", "galten"}
    if scene.tag[:1] and scene.tag[0].startswith(("ge", "kritisiert", "abgetan", "verspottet")):
        passive |= {"wird", "wurde", "wurden", "werden"}  # `wurde als Q gewertet`
    return NOBODY if passive & set(scene.lead) else None


def _in_passive(scene: Scene, mentions: list[Mention]) -> Mention | None:
    return mentions[0] if lexicon.FRAGMENT_VERBS & set(scene.tag) else None


def _told_behind(scene: Scene, _kept: list[Mention]) -> Mention | None:
    """`Moll habe Q gearbeitet, sagte Lau`, `Das sei Q, sagt Lau`: the tag behind tells who."""
    words, token = scene.tokens.words, scene.here.token
    if lexicon.SPEECH_VERBS & set(scene.lead):
        return None
    direct = words[token + 1] == "," and words[token + 2] in lexicon.SPEECH_VERBS
    if not (direct or lexicon.REPORT_VERBS & set(scene.lead)):
        return None
    found = tag_behind(scene, _mentions(scene), token)
    own = words[token - 2].lower()
    if found and own in {"sein", "ihr"} and scene.tokens.kinds[token - 1] == CAPITAL:
        # `Unvergessen sei sein Satz Q, sagte sie`
        gender = "m" if own == "sein" else "f"
        other = scene.resolver.gender(found) not in {gender, None}
        return (scene.resolver.of_gender(gender, scene.here.first) or NOBODY) if other else found
    body = body_meant(scene, found) if found and found.kind == "pronoun" else None
    return body or found


def _said_of(scene: Scene, _kept: list[Mention]) -> Mention | None:
    """`Moll würdigte die Malerin. Sie habe Q`: the subjunctive goes on with what Moll says."""
    people, words = _people(scene), scene.tokens.words
    if len(people) != 1 or people[0].oblique or lexicon.SPEECH_VERBS & set(scene.lead):
        return None
    verbs = {words[people[0].first - 1], words[people[0].last]}
    is_so = people[0].kind == "pronoun" and scene.lead[-1] in {"war", "ist"}
    if not (is_so or verbs & lexicon.REPORT_VERBS):
        return None
    if scene.tokens.kinds[scene.here.first - 1] == BREAK or scene.lead[-1:] == [","]:
        return None  # `Moll habe ihr zugesagt, Q`
    found = focus(scene)
    if found is None or found.kind in {"pronoun", "organisation"} or found.oblique:
        return None
    first, last = scene.tokens.sentence(found.first)
    near = scene.tokens.sentences[scene.here.first] - scene.tokens.sentences[found.first] == 1
    return found if near and lexicon.SPEECH_VERBS & set(scene.tokens.words[first:last]) else None


def _subject(scene: Scene, _kept: list[Mention]) -> Mention | None:
    found = nearest_subject(scene, _people(scene), scene.here.token)
    body = body_meant(scene, found) if found and found.kind == "pronoun" else None
    return body or found


def _owned(scene: Scene, _kept: list[Mention]) -> Mention | None:
    """The owner of the words: `mit seinem Satz Q`."""
    token = scene.here.token
    owner = scene.tokens.words[token - 2].lower()
    if not owner.startswith(("sein", "ihr")) or scene.tokens.kinds[token - 1] != CAPITAL:
        return None
    if _people(scene):
        return None
    gender = "m" if owner.startswith("sein") else "f"
    return scene.resolver.of_gender(gender, scene.here.first) or NOBODY


def _tag_behind(scene: Scene, _kept: list[Mention]) -> Mention | None:
    if _people(scene):
        return None
    return tag_behind(scene, _mentions(scene), scene.here.token)


def _reported(scene: Scene, _kept: list[Mention]) -> Mention | None:
    if not lexicon.REPORT_VERBS & set(scene.lead):
        return None
    return reporting_body(scene) or focus(scene) or NOBODY


def _body(scene: Scene, _kept: list[Mention]) -> Mention | None:
    bodies = [m for m in _ahead(scene) if m.kind == "organisation"]
    tells = lexicon.FRAGMENT_VERBS | lexicon.SPEECH_VERBS
    if not bodies or not any(w.lower() in tells for w in scene.sentence):
        return None
    return first_subject(bodies, strict=True) or bodies[-1]


def _source(scene: Scene, _kept: list[Mention]) -> Mention | None:
    """`Nach Angaben der Polizei war der Fahrer Q`: the body, not whoever is told of."""
    if _people(scene) and lexicon.SPEECH_VERBS & set(scene.lead):
        return None
    bodies = [m for m in _ahead(scene) if m.kind == "organisation"]
    return next((m for m in bodies if is_source(scene, m)), None)


def _source_named(scene: Scene, _kept: list[Mention]) -> Mention | None:
    """The person of `Nach Angaben von Moll` where no verb of saying has another subject."""
    if lexicon.SPEECH_VERBS & set(scene.lead):
        return None
    sources = [m for m in _people(scene) if m.kind != "pronoun" and is_source(scene, m)]
    return sources[0] if len(sources) == 1 else None


def _inserted(scene: Scene, _kept: list[Mention]) -> Mention | None:
    """`Er habe, räumte Moll ein, Q`: a speech tag between two commas."""
    words = scene.tokens.words
    for mention in _people(scene):
        verb = mention.first - 1 - (words[mention.first - 1] == "sich")
        if words[verb] in lexicon.SPEECH_VERBS and words[verb - 1] == "," and not mention.oblique:
            closed = words[mention.last] == ","  # not `Moll, der Laudator, nannte sie Q`
            if mention.kind == "pronoun" and words[scene.here.first] in _POSSESSIVES:
                # `Sein Sohn, verriet er, lade Q`
                return scene.resolver.of_gender(mention.gender or "", scene.here.first) or NOBODY
            return mention if closed or mention.kind != "pronoun" else None
    return None


def _paper_says(scene: Scene, _kept: list[Mention]) -> Mention | None:
    """`In der Begründung heißt es, Moll schreibe Q`: the paper, whoever it tells of."""
    papers = [m for m in scene.ahead() if m.paper]
    words = scene.tokens.words
    if not papers or not quotes_a_paper(scene.lead):
        return None
    called = next(
        (i for i in range(papers[0].last, scene.here.token) if words[i] in lexicon.IS_CALLED), -1
    )
    return institution(scene.register.between(scene.here.first, called)) if called > 0 else None


def _told_in_paper(scene: Scene, _kept: list[Mention]) -> Mention | None:
    """`Im Bericht ist von Q die Rede`: the paper itself."""
    papers = [m for m in scene.ahead() if m.paper]
    if scene.lead[:1] == ["Darin"] and {"Rede", "heißt", "steht"} & set(scene.sentence):
        return earlier_paper(scene, scene.here.first)
    return papers[0] if papers and scene.tag[:2] == ["die", "Rede"] else None


def _turned_round(scene: Scene, mentions: list[Mention]) -> Mention | None:
    """`Kritik übt die Opposition: Von einem Q spricht Moll`: the subject stands behind."""
    verb = scene.tokens.words[scene.here.token + 1]
    return mentions[0] if verb in lexicon.FRAGMENT_VERBS | lexicon.SPEECH_VERBS else None


def _last_named(scene: Scene, _kept: list[Mention]) -> Mention | None:
    people = _people(scene)
    return people[-1] if people else None


def _named_behind(scene: Scene, _kept: list[Mention]) -> Mention | None:
    behind = (m for m in _mentions(scene) if m.first > scene.here.token and not m.oblique)
    return next(behind, None)


def _unknown_subject(scene: Scene, _kept: list[Mention]) -> Mention | None:
    """`Das Haus hält das für Q`: somebody no list knows, not who was spoken of before."""
    verbs = (lexicon.FRAGMENT_VERBS | lexicon.SPEECH_VERBS) & set(scene.lead[2:6])
    return NOBODY if verbs and not _mentions(scene) else None


def _spoken_of(scene: Scene, _kept: list[Mention]) -> Mention | None:
    if _mentions(scene):
        return None
    first = scene.tokens.sentence(max(scene.here.first - 1, 0))[0]
    juries = [m for m in scene.register.between(first, scene.here.first) if m.label == "Jury"]
    return juries[0] if juries and not juries[0].oblique else focus(scene)


PART: Table[SpeakerRule] = Table(
    SpeakerRule(
        "part.as-called",
        "Der „Flickenteppich alter Rohre“, wie Rektorin Anna Moll das Netz nannte, bleibt.",
        "Q , wie @PERSON … @CALLS",
        kept,
    ),
    SpeakerRule(
        "part.paper",
        "Geplant war „ein Bad, das im Winter öffnet“, so die Beschlussvorlage vom Mai.",
        "Q , so @ARTICLE? @LOWER? @PAPER",
        paper,
    ),
    SpeakerRule(
        "part.paper-behind",
        "Wer sich bewirbt, sollte „gut zu Fuß und wach“ sein, heißt es in der Ausschreibung.",
        "Q … , heißt|hieß es in|im|bei|von|vom @ARTICLE? @LOWER? @SOURCE",
        paper,
    ),
    SpeakerRule(
        "part.paper-ahead",
        "Wie es in der Begründung heißt, sei das Buch „ein Ereignis für alle“.",
        "^ Wie es in|im @ARTICLE? @LOWER? @PAPER … Q",
        paper,
    ),
    SpeakerRule("part.so", "Das Bad, so Rektorin Anna Moll, sei „schöner als je zuvor“.", "Q", _so),
    SpeakerRule(
        "part.as-told",
        "Das Bad sei, wie Rektorin Anna Moll betonte, „schöner als je zuvor“.",
        "Q",
        _as_told,
    ),
    SpeakerRule(
        "part.source-named",
        "Der Bau endet bald. Nach Angaben von Rektorin Anna Moll ist er „schöner als je zuvor“.",
        "Q",
        _source_named,
    ),
    SpeakerRule(
        "part.source",
        "Nach Angaben der Feuerwehr war Rektorin Anna Moll „munter wie nie zuvor“.",
        "Q",
        _source,
    ),
    SpeakerRule(
        "part.paper-says",
        "In der Begründung heißt es, Rektorin Anna Moll schreibe „schöner als je zuvor“.",
        "Q",
        _paper_says,
    ),
    SpeakerRule(
        "part.inserted",
        "Sie habe, räumte Rektorin Anna Moll ein, das Bad „schöner als je zuvor“ gefunden.",
        "Q",
        _inserted,
    ),
    SpeakerRule(
        "part.told-in-paper",
        "Im Bericht der Stadt ist von „erheblichen Mängeln am Bad“ die Rede.",
        "Q",
        _told_in_paper,
    ),
    SpeakerRule(
        "part.for-somebody",
        "Försterin Ida Lau ist für Rektorin Anna Moll „die Seele des ganzen Dorfes“.",
        "ist|war|bleibt|sind|waren für @PERSON @LOWER? Q",
        kept,
    ),
    SpeakerRule(
        "part.passive",
        "Försterin Ida Lau wurde von Rektorin Anna Moll als „Seele des ganzen Dorfes“ gelobt.",
        "wird|wurde|werden|wurden von|vom @PERSON … Q",
        _in_passive,
    ),
    SpeakerRule(
        "part.held-as",
        "Rektorin Anna Moll gilt als „die Seele des ganzen Dorfes“.",
        "als Q",
        _held_as,
    ),
    SpeakerRule(
        "part.told-behind",
        "Förster Jan Brandt habe „mit Hochdruck und auch nachts“ gesägt, sagte Rektorin Anna Moll.",
        "Q",
        _told_behind,
    ),
    SpeakerRule(
        "part.said-of",
        "Gestern lobte Rektorin Anna Moll die Malerin Lau. Sie habe „alle zum Staunen gebracht“.",
        "Q",
        _said_of,
    ),
    SpeakerRule(
        "part.subject", "Rektorin Anna Moll nannte das Bad „schöner als je zuvor“.", "Q", _subject
    ),
    SpeakerRule(
        "part.owned",
        "Rektorin Anna Moll kam. Bekannt wurde ihr Satz „schöner als je zuvor“.",
        "Q",
        _owned,
    ),
    SpeakerRule(
        "part.tag-behind",
        "Das Bad bleibt „schöner als je zuvor“ im Mai, räumte Rektorin Anna Moll ein.",
        "Q",
        _tag_behind,
    ),
    SpeakerRule(
        "part.reported",
        "Rektorin Anna Moll kam. Das Bad sei „schöner als je zuvor“.",
        "Q",
        _reported,
    ),
    SpeakerRule(
        "part.turned-round",
        "Lob kam von der Stadt: Von einem „Signal für alle im Dorf“ sprach Rektorin Anna Moll.",
        "Von|von @ARTICLE? @LOWER? Q @LOWER @PERSON",
        _turned_round,
    ),
    SpeakerRule("part.body", "Die Feuerwehr nannte das Eis „dünner als je zuvor“.", "Q", _body),
    SpeakerRule(
        "part.last-named",
        "Beim Rundgang mit Anna Moll war das Bad „schöner als je zuvor“.",
        "Q",
        _last_named,
    ),
    SpeakerRule(
        "part.named-behind",
        "Als „schöner als je zuvor“ empfand Rektorin Anna Moll das Bad.",
        "Q",
        _named_behind,
    ),
    SpeakerRule(
        "part.unknown",
        "Rektorin Anna Moll kam. Das Xyr hält das für „schöner als je zuvor“.",
        "^ Der|Die|Das @CAPITAL … Q",
        _unknown_subject,
    ),
    SpeakerRule(
        "part.spoken-of",
        "Rektorin Anna Moll kam. Besonders wurde das Bad „schöner als je zuvor“.",
        "Q",
        _spoken_of,
    ),
)
"""The construction `fragment`."""
