from scraper.public import Archive as Archive
from scraper.public import Change as Change
from scraper.public import Hit as Hit
from scraper.public import Rows as Rows
from scraper.public import StoredArticle as StoredArticle
from scraper.public import StoredQuote as StoredQuote
from scraper.public import parse as parse

__version__: str
