"""Invented people who speak in the replica's releases, and the offices they hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scraper.demo.chance import SeededRandom

_WOMEN = (
    "Almut Anneliese Ayşe Beeke Britta Cordula Dörte Edda Elif Friederike Gesine Gökçe Heidrun Imke"
    " Insa Jördis Käthe Leonie Magdalena Maren Nadine Oda Paulina Rosalie Sigrid Svenja Tomke Ulla"
    " Verena Wiebke Zeynep"
).split()
_MEN = (
    "Albrecht Benno Carsten Cem Detlef Eike Folkert Gerrit Götz Hauke Ingolf Jannis Jürgen Konrad"
    " Lennart Malte Mirosław Niklas Ole Piotr Quirin Reinhold Sönke Tarik Tjark Ulf Veit Wendelin"
    " Yannick"
).split()
_FAMILIES = (
    "Abendroth Brinkschröder Çelikkaya Dünnebacke Eickelpasch Feldhöfer Großekämper Hülsenbrink"
    " Immenkötter Jägermann Kesselböhm Lüttringhoff Möllenkamp Nüßgens Ostheider Pöppelmann"
    " Quakenbrügge Rüschenschmidt Schürholtz Sülzbrück Tönnesmeier Überhorst Vogelsänger Wißmöller"
    " Yıldırımoğlu Zurhöven Kowalczewski Straßenmeyer Lindgrün Weißenfelder Böckstiegeler Ahlswede"
).split()

_OFFICES = (  # (behind a man's name, before it), (behind a woman's name, before it)
    (
        ("Oberbürgermeister der Stadt Dortmund", "Oberbürgermeister"),
        ("Oberbürgermeisterin der Stadt Dortmund", "Oberbürgermeisterin"),
    ),
    (
        ("Bürgermeister der Stadt Dortmund", "Bürgermeister"),
        ("Bürgermeisterin der Stadt Dortmund", "Bürgermeisterin"),
    ),
    (
        ("Stadtdirektor und Kämmerer", "Stadtdirektor"),
        ("Stadtdirektorin und Kämmerin", "Stadtdirektorin"),
    ),
    (
        ("Leiter des Grünflächenamts", "Amtsleiter"),
        ("Leiterin des Grünflächenamts", "Amtsleiterin"),
    ),
    (
        ("Leiter des Tiefbauamts", "Amtsleiter"),
        ("Leiterin des Tiefbauamts", "Amtsleiterin"),
    ),
    (
        ("Geschäftsführer von FABIDO", "Geschäftsführer"),
        ("Geschäftsführerin von FABIDO", "Geschäftsführerin"),
    ),
    (
        ("Sprecher der Feuerwehr Dortmund", "Feuerwehrsprecher"),
        ("Sprecherin der Feuerwehr Dortmund", "Feuerwehrsprecherin"),
    ),
    (
        ("Direktor der Stadtbibliothek", "Bibliotheksdirektor"),
        ("Direktorin der Stadtbibliothek", "Bibliotheksdirektorin"),
    ),
    (
        ("Projektleiter im Amt für Stadterneuerung", "Projektleiter"),
        ("Projektleiterin im Amt für Stadterneuerung", "Projektleiterin"),
    ),
    (
        ("Dezernent für Schule, Jugend und Familie", "Schuldezernent"),
        ("Dezernentin für Schule, Jugend und Familie", "Schuldezernentin"),
    ),
    (
        ("Dezernent für Umwelt, Planen und Wohnen", "Planungsdezernent"),
        ("Dezernentin für Umwelt, Planen und Wohnen", "Planungsdezernentin"),
    ),
    (
        ("Vorstandsvorsitzender der Stadtwerke", "Stadtwerke-Chef"),
        ("Vorstandsvorsitzende der Stadtwerke", "Stadtwerke-Chefin"),
    ),
    (
        ("Vorsitzender des Fördervereins", "Vereinsvorsitzender"),
        ("Vorsitzende des Fördervereins", "Vereinsvorsitzende"),
    ),
    (("Schulleiter", "Schulleiter"), ("Schulleiterin", "Schulleiterin")),
    (("Kita-Leiter", "Kita-Leiter"), ("Kita-Leiterin", "Kita-Leiterin")),
    (
        ("Klimaschutzmanager", "Klimaschutzmanager"),
        ("Klimaschutzmanagerin", "Klimaschutzmanagerin"),
    ),
    (
        ("Bezirksbürgermeister", "Bezirksbürgermeister"),
        ("Bezirksbürgermeisterin", "Bezirksbürgermeisterin"),
    ),
    (
        ("Quartiersmanager", "Quartiersmanager"),
        ("Quartiersmanagerin", "Quartiersmanagerin"),
    ),
)
_PHOTOGRAPHERS = ("Jördis Wißmöller", "Ole Feldhöfer", "Tarik Lindgrün", "Käthe Überhorst")
_STOCK = (
    ("Adobe Stock", "Pixelwiese"),
    ("Adobe Stock", "nordlicht.example"),
    ("iStock", "Grünspan"),
    ("Pixabay", "Möwenblick"),
)
_OWNERS = ("Sportwelt Dortmund", "Lüttringhoff Architekten, Münster", "Stadtwerke", "Zoo Dortmund")


@dataclass(frozen=True, slots=True)
class Speaker:
    """Somebody a release quotes."""

    name: str
    """First name and family name, at times with a title: `Dr. Imke Nüßgens`."""
    surname: str
    """Family name alone."""
    office: str
    """Office as it stands behind the name."""
    short_office: str
    """Office as it stands before the name."""
    woman: bool
    """Whether "sie" or "er" means this person."""


def invent_speaker(dice: SeededRandom) -> Speaker:
    """A person with an office."""
    woman = dice.chance(0.5)
    surname = dice.pick(_FAMILIES)
    if dice.chance(0.08):
        other = dice.pick(_FAMILIES)
        surname = surname if other == surname else f"{surname}-{other}"
    name = f"{dice.pick(_WOMEN if woman else _MEN)} {surname}"
    if dice.chance(0.1):
        name = "Dr. " + name
    office, short_office = dice.pick(_OFFICES)[woman]
    return Speaker(name, surname, office, short_office, woman)


def invent_credit(dice: SeededRandom) -> tuple[str, ...]:
    """The parts of a picture's credit, in every form the site prints."""
    throw = dice.fraction()
    if throw < 0.5:
        return ("Stadt Dortmund", dice.pick(_PHOTOGRAPHERS))
    if throw < 0.65:
        return dice.pick(_STOCK)
    if throw < 0.8:
        return (dice.pick(_OWNERS),)
    return ("Stadt Dortmund",) if throw < 0.9 else (dice.pick(_PHOTOGRAPHERS),)
