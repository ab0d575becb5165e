"""The web view: look, search and compare in a browser. On Datasette, with pages of its own.

    server      a socket, uvicorn, an end by Ctrl-C
    application Datasette around one archive, read-only
    plugin      what Datasette asks: routes, permissions, errors
    views       one function per address: reads in a thread, then renders a template
    selection   the query string of a search, both ways
    cache        what is kept between requests; columns, the facts that facets count
    cities  compare                                 each city; a subject across them
    results  start  release  people  changes        what the pages show, read from the archive
    files                                           a search as CSV, or as an Atom feed
    captures                                        pages, pictures, files as they were received
    language  words  marking                        German and English; escaped text
    headers                                         Content-Security-Policy and similar

Everything but `server`, `application`, `plugin` and `views` works without Datasette.
"""
