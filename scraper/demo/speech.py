"""What people say in the replica's releases, and the constructions that quote them.

Slots besides those of `scraper.demo.sentences`: `{name} {surname} {office}` the speaker, `{short}`
the office as it stands before the name, `{er_sie}` the pronoun, `{w}` words, `{v}` second words,
`{q}` a question, `{f}` a fragment.
"""

from __future__ import annotations

SPOKEN = (  # what people say; the end mark is set by the construction
    "Das ist ein guter Tag für {district}",
    "Wir haben lange auf diesen Moment gewartet",
    "Hier entsteht ein Ort, an dem sich alle wohlfühlen können",
    "Ohne die vielen Ehrenamtlichen wäre das nicht möglich gewesen",
    "Mir ist wichtig, dass wir niemanden zurücklassen",
    "Jeder Euro, den wir hier ausgeben, kommt bei den Familien an",
    "Uns war klar: So wie früher geht es nicht weiter",
    "Der Zeitplan ist ehrgeizig, aber wir schaffen das",
    "Die Kinder fragen jeden Tag, wann es endlich losgeht",
    "Damit machen wir die Stadt ein Stück grüner, sicherer und lebenswerter",
    "Ich danke allen, die mit angepackt haben",
    "Schon jetzt ist zu sehen, wie viel Energie in diesem Viertel steckt",
    "Jetzt greift ein Rad ins andere",
    "Wir stellen die Weichen für die nächsten {number} Jahre",
    "Solche Projekte gelingen nur, wenn Verwaltung und Nachbarschaft an einem Strang ziehen",
    "Für mich heißt Großstadt auch: kurze Wege und offene Türen",
    "Der Grundsatz ‚Erst fragen, dann bauen‘ hat sich bewährt",
    "Wer einmal hier war, kommt wieder",
)

FRAGMENTS = (
    "ein starkes Zeichen für den Zusammenhalt",
    "weit mehr als ein Bauprojekt",
    "eine Einladung an alle",
    "der schönste Arbeitsplatz der Stadt",
)

STATEMENTS = (  # around a quotation: {w} words, {v} second words, {q} a question, {f} a fragment
    "„{w}“, sagt {name}, {office}.",
    "„{w}“, so {name}, {office}.",
    "{Short} {name} betont: „{w}.“",
    "{Name}, {office}, sagt: „{w}. {v}.“",
    "„{w}“, sagte {name}. „{v}.“",
    "„{w}“, erklärt {short} {name}, „{v_small}.“",
    "Für {name}, {office}, ist das „{f}“.",
    '"{w}", sagt {name}, {office}.',
    "„{w}!“, freut sich {short} {name}.",
    "„{q}?“, fragt {name}, {office}. Die Antwort gibt der Plan, der seit {month} vorliegt.",
    "„{w}. {v}“, ergänzt {name}.",
    "„{w}“, heißt es dazu aus dem Rathaus.",
    "{Name} ist überzeugt: „{w}.“",
    "Das bestätigt auch {name}, {office}: „{w}. {v}.“",
    "„{w}“, unterstreicht {name} ({office}).",
)
PRONOUN_STATEMENTS = (
    "„{w}“, sagt {er_sie}.",
    "„{w}. {v}“, so {surname} weiter.",
    "{Er_sie} fügt hinzu: „{w}.“",
)
QUESTIONS = (
    "Wie wollen wir in zehn Jahren leben",
    "Wem gehört eigentlich die Straße",
    "Was brauchen Kinder, um gut anzukommen",
)

BLOCK_WORDS = (
    "Dieser Ort baut Brücken. Auf dass hier noch viele Freundschaften entstehen.",
    "Wer heute in Bildung investiert, spart morgen. Davon bin ich fest überzeugt.",
    "Dortmund kann Großes leisten, wenn alle mitmachen. Das haben die letzten Wochen gezeigt.",
    "Ich wünsche mir, dass sich jede und jeder hier willkommen fühlt.",
    "Der Rat hat mit großer Mehrheit gesagt: „Wir fangen an.“ Und genau das tun wir jetzt.",
)
