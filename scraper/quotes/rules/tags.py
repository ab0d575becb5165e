"""Rules for speech tags behind a quoted string: a verb, or `so`, with somebody who speaks.

Asked for a string that opens its sentence and is followed by a comma, a dash, `so` or a verb.
"""

from __future__ import annotations

from scraper.quotes import lexicon
from scraper.quotes.context import is_proverb, names_words_all, points_back
from scraper.quotes.rules.rule import SpeechRule, Table
from scraper.quotes.rules.scene import DASHES, Scene
from scraper.quotes.tokens import CAPITAL, LOWER, QUOTE

_HEARSAY = frozenset(
    {"ja", "schön", "bekanntlich", "nämlich", "gern", "gerne", "oft", "landläufig"}
)
_WORKS = frozenset(
    "Seite Strophe Kapitel Roman Gedicht Lied Refrain Vers Bibel Koran Grundgesetz".split()
)
_PAPERS = ("mail", "mails", "brief", "briefe", "briefen", "gästebuch", "gästebuchs", "kommentar")


def is_tagged(scene: Scene) -> bool:
    """Whether what follows the quoted string can be a speech tag at all."""
    tokens, after = scene.tokens, scene.here.token + 1
    word = tokens.words[after]
    if word == "," or word in DASHES:
        return not (word == "," and tokens.kinds[after + 1] == QUOTE)
    if tokens.kinds[after] != LOWER:
        return False
    says = word in lexicon.SPEECH_VERBS and word not in lexicon.NAMING_VERBS
    if word in lexicon.IS_CALLED and tokens.words[after + 1] == "es":
        return True
    return word == "so" or (says and (scene.here.complete or scene.soon(after + 1)))


def _is_phrase(scene: Scene) -> bool:
    return scene.here.words > 3


def _points_back(scene: Scene) -> bool:
    return _is_phrase(scene) and points_back(scene.tag)


def _parts_with_dash(scene: Scene) -> bool:
    """`Q – so Moll` is a tag, `Q – unter diesem Titel` and `Q – so heißt das Stück` are none."""
    tag = scene.tag
    hearsay = tag[:1] and tag[0] in lexicon.IS_CALLED and tag[1:2] == ["es"]
    if hearsay or tag[:1] in (["so"], ["sagt"], ["sagte"]):
        return False
    if {"heißt", "heisst", "lautet"} & set(tag[:4]):
        return True
    word = scene.tokens.words[scene.at]
    says = word in lexicon.SPEECH_VERBS and word not in lexicon.NAMING_VERBS
    if says and _is_phrase(scene) and scene.soon(scene.at + 1):
        return False
    return scene.tokens.kinds[scene.at] != CAPITAL


def _is_hearsay(scene: Scene) -> bool:
    """`Q, heißt es in der Vorlage` is speech, `Q, heißt es ja so schön` is a saying."""
    tag = scene.tag[scene.tag[:1] == ["so"] :]
    if "es" not in tag[:4] or is_proverb(tag) or scene.here.words < 3 or _WORKS & set(tag[:8]):
        return False
    bodies = any(
        m.kind == "organisation" for m in scene.register.between(scene.at, scene.here.last)
    )
    return bodies or not _HEARSAY & set(tag)


def _was_said(scene: Scene) -> bool:
    """Hearsay in the perfect tense: `Q, hat es geheißen`."""
    return "es" in scene.tag and scene.tag[-2:-1] in (["geheißen"], ["geheissen"])


def _is_said_by_all(scene: Scene) -> bool:
    return _was_said(scene) and _is_hearsay(scene)


def _names_a_work(scene: Scene) -> bool:
    verb = scene.tokens.words[scene.at + 1]
    return verb in lexicon.NAMING_VERBS or bool({"Titel", "Motto"} & set(scene.tag))


def _is_unknown_voice(scene: Scene) -> bool:
    """`so der Festwirt`, whoever that is; not `so der Titel`."""
    noun = next((word for word in scene.tag[1:4] if word[:1].isupper()), "")
    return scene.here.words > 4 and not lexicon.is_naming_noun(noun)


def _is_spoken_soon(scene: Scene) -> bool:
    return scene.soon(scene.at + 1)


def _is_named(scene: Scene) -> bool:
    """A name, and nothing else up to the next mark: `Q, Anna Moll`."""
    words = scene.tokens.words
    near = scene.register.between(scene.at, scene.at + 3)
    named = any(m.kind == "name" and words[m.last] in {".", "", ",", ":"} for m in near)
    return named and _is_phrase(scene)


def _opens_a_clause(scene: Scene) -> bool:
    at = scene.at
    word = scene.tokens.words[at]
    opener = scene.tokens.kinds[at] != LOWER or word in lexicon.CLAUSE_OPENERS
    return opener or is_proverb(scene.tag)


def _is_in_a_letter(scene: Scene) -> bool:
    """`Q, steht in einem der Briefe`, not `Q, steht auf dem Schild`."""
    tag = scene.tag
    return (
        scene.here.words > 5
        and {"in", "im"} & set(tag[:3]) != set()
        and any(
            word[:1].isupper()
            and (lexicon.organisation_kind(word) == "paper" or word.lower().endswith(_PAPERS))
            for word in tag[:8]
        )
    )


def _is_in_that_letter(scene: Scene) -> bool:
    """`Im Gästebuch finden sich Grüße. Q, steht dort.`: a letter of the sentence before."""
    first = scene.here.first
    if first == 0 or scene.here.words < 6:
        return False
    before = scene.tokens.words[scene.tokens.sentence(first - 1)[0] : first]
    return any(word[:1].isupper() and word.lower().endswith(_PAPERS) for word in before)


def _is_recited(scene: Scene) -> bool:
    """`„Wir hätten gern einen Park“, trug Moll vor`: no title says `wir`."""
    words = set(scene.tokens.quoted(scene.here.number).lower().split())
    return bool(words & {"ich", "wir", "uns", "mir", "mich"}) and "vor" in scene.tag[2:]


def _is_no_verb(scene: Scene) -> bool:
    word = scene.tokens.words[scene.at]
    return word not in lexicon.SPEECH_VERBS and lexicon.is_function_word(word)


def _is_creed(scene: Scene) -> bool:
    announced = any(word[:1].isupper() and names_words_all(word) for word in scene.tag[1:5])
    return announced and _is_phrase(scene)


def _is_no_speech(scene: Scene) -> bool:
    word = scene.tokens.words[scene.at]
    known = word in lexicon.SPEECH_VERBS
    return word in lexicon.NAMING_VERBS or (scene.here.words < 3 and not known)


def _is_verb_of_speech(scene: Scene) -> bool:
    return scene.tokens.words[scene.at] in lexicon.SPEECH_VERBS


def _is_heard(scene: Scene) -> bool:
    return _is_phrase(scene) and bool({"hören", "lesen"} & set(scene.tag))


TAGS: Table[SpeechRule] = Table(
    SpeechRule(
        "tag.advertised",
        "„Nur wer mitmacht, kann meckern“ – mit diesem Satz wirbt die Stadt um Wahlhelfer.",
        "^ Q @PAUSE? mit|unter @THESE @SAYING wirbt|warb|werben|warben",
        None,
    ),
    SpeechRule(
        "tag.if-somebody-had-it",
        "„Ein Bad für alle am Fluss“, wenn es nach Rektorin Anna Moll geht.",
        "^ Q , wenn|geht es nach @PERSON",
        "after",
        _is_phrase,
    ),
    SpeechRule(
        "tag.these-words",
        "„Jetzt gehört das Bad euch“, mit diesen Worten schickte Rektorin Anna Moll alle hinein.",
        "^ Q @PAUSE? mit @THESE @SAYING",
        "after",
        _is_phrase,
    ),
    SpeechRule(
        "tag.dash-these-words",
        "„Jetzt gehört das Bad euch“ – so lautet das Fazit von Rektorin Anna Moll.",
        "^ Q @DASH",
        "after",
        _points_back,
    ),
    SpeechRule(
        "tag.so-ran",
        "„Jetzt gehört das Bad euch“ – so lauteten die Worte von Rektorin Anna Moll.",
        "^ Q @PAUSE? so lautet|lautete|lauteten @ARTICLE? @LOWER? @SAYING",
        "after",
        _is_phrase,
    ),
    SpeechRule(
        "tag.that-says",
        "„Das Bad muss im Mai öffnen“, das fordert Rektorin Anna Moll.",
        "^ Q @PAUSE das|dies @SAYS … @SUBJECT",
        "after",
        _is_phrase,
    ),
    SpeechRule(
        "tag.dash-convinced",
        "„Das Bad am Fluss wird ein Erfolg“ – davon ist Rektorin Anna Moll überzeugt.",
        "^ Q @PAUSE davon|da? ist|sind|war|waren … überzeugt|sicher|gewiss|zuversichtlich @STOP",
        "after",
        _is_phrase,
    ),
    SpeechRule(
        "tag.dash-mood",
        "„Das Bad am Fluss wird ein Erfolg“ – Rektorin Anna Moll ist sich da sicher.",
        "^ Q @DASH @PERSON ist|sind|war|gibt|gab|zeigt|zeigte|bleibt … @MOOD @STOP",
        "after",
        _is_phrase,
    ),
    SpeechRule(
        "tag.dash-clause",
        "„Das Boot am Fluss“ – unter diesem Titel liest Anna Moll.",
        "^ Q @DASH",
        None,
        _parts_with_dash,
    ),
    SpeechRule(
        "tag.it-says",
        "„Das Bad wird im Mai gebaut“, heißt es in der Vorlage.",
        "^ Q @PAUSE? so? heißt|hieß|heisst|hiess",
        "after",
        _is_hearsay,
    ),
    SpeechRule(
        "tag.it-was-said",
        "„Das Bad wird im Mai gebaut“, hat es am Montag geheißen.",
        "^ Q @PAUSE? hat|hatte|habe",
        "after",
        _is_said_by_all,
    ),
    SpeechRule(
        "tag.proverb",
        "„Wer rastet, der rostet“, heißt es ja so schön.",
        "^ Q @PAUSE? so? heißt|hieß|heisst|hiess",
        None,
    ),
    SpeechRule(
        "tag.so-named",
        "„Das Boot am Fluss“, so lautet der Titel des Abends von Anna Moll.",
        "^ Q @PAUSE? so|wie",
        None,
        _names_a_work,
    ),
    SpeechRule(
        "tag.so-own-rule",
        "Rektorin Anna Moll kam. „Erst lesen, dann reden“, so ihre Faustregel.",
        "^ Q @PAUSE? so|wie @OWN @CAPITAL",
        "after",
    ),
    SpeechRule(
        "tag.so",
        "„Das Bad wird im Mai gebaut“, so Rektorin Anna Moll.",
        "^ Q @PAUSE? so|wie",
        "after",
        _is_spoken_soon,
    ),
    SpeechRule(
        "tag.so-both",
        "Rektorin Anna Moll und Förster Karl Brandt kamen. „Ein guter Tag für uns“, so beide.",
        "^ Q @PAUSE? so beide|alle|viele|einige|manche",
        "after",
    ),
    SpeechRule(
        "tag.both-say",
        "Rektorin Anna Moll und Förster Karl Brandt kamen. „Ein guter Tag für uns“, finden beide.",
        "^ Q , @LOWER beide",
        "after",
        _is_phrase,
    ),
    SpeechRule(
        "tag.both-agree",
        "Rektorin Anna Moll und Förster Jan Brandt kamen. „Ein guter Tag“, waren sich beide einig.",
        "^ Q , sind|waren sich die? beide|beiden|alle einig",
        "after",
    ),
    SpeechRule(
        "tag.so-paper",
        "„Das Bad wird im Mai gebaut“, so die Beschlussvorlage vom Mai.",
        "^ Q @PAUSE? so @ARTICLE? @LOWER? @PAPER",
        "after",
        _is_phrase,
    ),
    SpeechRule(
        "tag.so-unknown",
        "„Das Bad wird im Mai gebaut“, so die Xyra am Montag.",
        "^ Q @PAUSE so der|die|das|ein|eine @LOWER? @CAPITAL",
        "after",
        _is_unknown_voice,
    ),
    SpeechRule(
        "tag.so-nobody", "„Das Bad am Fluss“, so schön wie nie.", "^ Q @PAUSE? so|wie", None
    ),
    SpeechRule(
        "tag.name-alone",
        "„Das Bad wird im Mai gebaut“, Anna Moll.",
        "^ Q @PAUSE? @PHRASE",
        "after",
        _is_named,
    ),
    SpeechRule(
        "tag.noun",
        "„Das Bad am Fluss“, die neue Ausstellung, beginnt.",
        "^ Q @PAUSE? @PHRASE",
        None,
    ),
    SpeechRule(
        "tag.clause",
        "„Das Bad am Fluss“, und niemand weiß davon.",
        "^ Q @PAUSE?",
        None,
        _opens_a_clause,
    ),
    SpeechRule(
        "tag.letter",
        "„Ihr habt uns das Fest gerettet“, steht in einem der Briefe.",
        "^ Q @PAUSE? steht|stand",
        "after",
        _is_in_a_letter,
    ),
    SpeechRule(
        "tag.that-letter",
        "Im Gästebuch finden sich Grüße. „Ihr habt uns das Fest gerettet“, steht dort.",
        "^ Q @PAUSE? steht|stand dort|da|darin",
        "after",
        _is_in_that_letter,
    ),
    SpeechRule(
        "tag.inscription", "„Betreten verboten“, steht am Tor.", "^ Q @PAUSE? steht|stand", None
    ),
    SpeechRule(
        "tag.conjunction", "„Das Bad am Fluss“, bevor es schloss.", "^ Q @PAUSE?", None, _is_no_verb
    ),
    SpeechRule(
        "tag.creed",
        "Rektorin Anna Moll kam. „Erst lesen, dann reden“, lautet ihre Devise.",
        "^ Q @PAUSE? lautet|lautete",
        "after",
        _is_creed,
    ),
    SpeechRule(
        "tag.named", "„Das Bad am Fluss“, lautet der Titel.", "^ Q @PAUSE? lautet|lautete", None
    ),
    SpeechRule(
        "tag.recited",
        "„Wir hätten gern einen Park“, trug Anna Moll vor.",
        "^ Q @PAUSE? trug|trägt|trugen",
        "after",
        _is_recited,
    ),
    SpeechRule(
        "tag.naming-verb",
        "„Das Bad am Fluss“, trägt Anna Moll vor.",
        "^ Q @PAUSE?",
        None,
        _is_no_speech,
    ),
    SpeechRule(
        "tag.advert",
        "„Das Bad am Fluss“, verspricht die Werbung.",
        "^ Q @PAUSE? @VERB @ARTICLE @CAPITAL",
        None,
        lambda scene: scene.tokens.words[scene.at + 2] in {"Werbung", "Reklame", "Aufschrift"},
    ),
    SpeechRule(
        "tag.verb",
        "„Das Bad wird im Mai gebaut“, sagt Rektorin Anna Moll.",
        "^ Q @PAUSE?",
        "after",
        _is_verb_of_speech,
    ),
    SpeechRule(
        "tag.other-verb",
        "„Das Bad wird im Mai gebaut“, überrascht Rektorin Anna Moll alle.",
        "^ Q @PAUSE?",
        "after",
        _is_spoken_soon,
    ),
    SpeechRule(
        "tag.came-from",
        "„Und was macht der Bär dann?“, kam es aus der letzten Reihe.",
        "^ Q @PAUSE kam|kommt|klang|klingt|scholl es",
        "after",
        _is_phrase,
    ),
    SpeechRule(
        "tag.heard",
        "„Das wird ja auch Zeit“, war beim Rundgang zu hören.",
        "^ Q @PAUSE?",
        "after",
        _is_heard,
    ),
    SpeechRule("tag.no-speaker", "„Das Bad am Fluss“, gebaut im Mai.", "^ Q @PAUSE?", None),
)
