"""An archive of what cities announce.

The pipeline, in order; each word is a module or a package of that name:

    discovery → fetch → Capture → parse → quotes → decide → archive

`discovery` reads listings and names candidates, `fetch` gets their pages politely, a `Capture`
holds the bytes, which are on disk in a `warc` file before anything reads them, `parse` makes a
record of a capture, `quotes` finds who said what in its text, `decide` tells new from changed,
`archive` stores it. `crawl` drives this, `sites` holds the facts of each city, and from the archive
come search, `export` and the rest.
"""

__version__ = "0.1.0"
