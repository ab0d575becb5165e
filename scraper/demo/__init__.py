"""A replica of the newsroom: invented releases, in the site's markup, served on loopback.

`newsroom` invents records, `render` turns a record into a page, `server` serves them with the
site's habits and, on request, with its faults. Tests, benchmarks and `newsroom demo` live on it.
"""
