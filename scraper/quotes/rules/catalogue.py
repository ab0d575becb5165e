"""All tables of rules, by what they decide."""

from __future__ import annotations

from scraper.quotes.rules.after import AFTER
from scraper.quotes.rules.alone import ALONE, BRACKET, SIGNED
from scraper.quotes.rules.before import BEFORE
from scraper.quotes.rules.colon import COLON
from scraper.quotes.rules.inside import INSIDE
from scraper.quotes.rules.joined import JOINED
from scraper.quotes.rules.opening import OPENING
from scraper.quotes.rules.part import PART
from scraper.quotes.rules.tags import TAGS

SPEECH = (JOINED, OPENING, TAGS, COLON, INSIDE)
"""Tables that tell whether a quoted string is speech."""
SPEAKERS = (AFTER, BEFORE, PART, ALONE, SIGNED, BRACKET)
"""Tables that tell who says it."""
