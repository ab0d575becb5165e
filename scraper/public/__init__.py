"""The Python interface: an archive as researchers read it, and the parser on its own.

`from scraper import Archive, parse` gives these names; `docs/python.md` shows them at work. All
else in the package is internal and may change.
"""

from scraper.public.archive import Archive
from scraper.public.parsing import parse
from scraper.public.records import Change, Hit, StoredArticle, StoredQuote
from scraper.public.rows import Rows

__all__ = ["Archive", "Change", "Hit", "Rows", "StoredArticle", "StoredQuote", "parse"]
