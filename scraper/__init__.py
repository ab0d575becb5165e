"""An archive of what cities announce.

The pipeline, in order; each word is a package of that name:

    discovery → fetch → warc → markup → parse → quotes → decide → archive

`discovery` reads listings and names candidates, `fetch` gets their pages politely, `warc` keeps
the bytes on disk, where the archive refers to them, `markup` makes a tree that is safe to read,
`parse` makes a record of it, `quotes` finds who said what in its text (`extract` is these three as
one function), `decide` tells new from changed, `archive` stores it. `crawl` drives this,
`importing` takes pages from elsewhere, `sites` holds the facts of each city, `platforms` what many
sites share. From the archive come search, `export`, `watch`, `browse`, `health` and `doctor`; `cli`
and `console` are the command, `demo` is a newsroom to try it on.

Imports point downwards only; the contract stands in `pyproject.toml`.
"""

__version__ = "0.1.0"

__all__ = [
    "Archive",
    "Change",
    "Hit",
    "Rows",
    "StoredArticle",
    "StoredQuote",
    "__version__",
    "parse",
]
"""The Python interface; all else is internal. `__init__.pyi` has its types."""


def __getattr__(name: str) -> object:
    """The public names, imported when they are asked for: a command must start quickly."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module("scraper.public"), name)
