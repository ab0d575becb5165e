"""Crawling a newsroom: ask the listings, fetch what is new or due, store what it means.

`start` puts a crawl together from `options`; `crawl` drives it: `listings` asks what there is,
`page` takes one page from its address into the archive, `moves` tells which release an address
has, `pictures` keeps the pictures. `report` and `log` say what a run did.
"""
