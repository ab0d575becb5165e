"""Whether a crawl still finds what it used to find.

`observed` reads an archive into plain data; `shares` (fields that have become rare), `rhythm` (a
silence that is too long) and `maintext` (text that the parser misses) judge it and are pure;
`checkup` puts them together and into words, `verdict` adds a page that shows it.
"""
